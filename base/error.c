#include "base/error.h"

#include <errno.h>
#include <string.h>

static void set_text(struct error *err, const char *format, va_list args)
{
	vsnprintf(err->text, sizeof(err->text), format, args);
}

int error_set(struct error *err, int code, const char *format, ...)
{
	if (err) {
		*err = (struct error){ 0 };
		va_list args;
		va_start(args, format);
		set_text(err, format, args);
		va_end(args);
	}
	return -code;
}

int error_at(struct error *err, const char *file, int line, int column, const char *format, ...)
{
	if (err) {
		*err = (struct error){ .line = line, .column = column };
		snprintf(err->file, sizeof(err->file), "%s", file);
		va_list args;
		va_start(args, format);
		set_text(err, format, args);
		va_end(args);
	}
	return -EINVAL;
}

void error_wrap(struct error *err, const char *format, ...)
{
	if (!err)
		return;
	char text[sizeof(err->text)];
	va_list args;
	va_start(args, format);
	int used = vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	if (used < 0 || (size_t)used >= sizeof(text) - 4)
		return;
	snprintf(text + used, sizeof(text) - (size_t)used, ": %.*s",
		 (int)(sizeof(text) - (size_t)used - 3), err->text);
	memcpy(err->text, text, sizeof(text));
}

const char *error_text(const struct error *err)
{
	static _Thread_local char text[sizeof(err->file) + sizeof(err->text) + 32];

	if (err->file[0] && err->line)
		snprintf(text, sizeof(text), "%s:%d:%d: %s", err->file, err->line, err->column,
			 err->text);
	else if (err->file[0])
		snprintf(text, sizeof(text), "%s: %s", err->file, err->text);
	else
		snprintf(text, sizeof(text), "%s", err->text);
	return text;
}
