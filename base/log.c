#include "base/log.h"

#include <ctype.h>
#include <stdarg.h>

#include "base/cleanup.h"
#include "base/wall.h"

static enum log_level least = LOG_LEVEL_INFO;

static const char *const *whose;

void log_set_owner(const char *const *owner)
{
	whose = owner;
}

void log_set_level(enum log_level level)
{
	least = level;
}

void log_line(enum log_level level, const char *object, const char *format, ...)
{
	static const char *const names[] = { "debug", "info", "warn", "error" };
	char stamp[WALL_TEXT_MAX];
	char *text = NULL;

	if (level < least)
		return;
	va_list args;
	va_start(args, format);
	int size = vasprintf(&text, format, args);
	va_end(args);
	if (size < 0)
		return;
	/* What came from outside must not forge lines or drive a terminal. */
	for (char *at = text; *at; at++)
		if (iscntrl((unsigned char)*at))
			*at = ' ';
	const char *owner = whose ? *whose : NULL;
	fprintf(stderr, "%s %s %s%s%s: %s\n", wall_format(wall_now(), stamp), names[level],
		owner ? owner : "", owner ? " " : "", object, text);
	free(text);
}
