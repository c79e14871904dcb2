#include "base/json.h"

#include <errno.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/file.h"
#include "base/utf8.h"

json_t *json_read_text(const char *text, size_t size, const char *name, struct error *err)
{
	json_error_t why;
	json_t *json = json_loadb(text, size, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &why);
	if (!json)
		error_at(err, name, why.line, why.column, "found no valid JSON: %s", why.text);
	return json;
}

json_t *json_read_file(const char *path, size_t max, struct error *err)
{
	size_t size;
	AUTO_FREE char *text = file_read(path, max, &size, err);
	return text ? json_read_text(text, size, path, err) : NULL;
}

char *json_text(const json_t *json)
{
	char *text = json_dumps(json, JSON_COMPACT | JSON_ENCODE_ANY);
	return text ? text : alloc_text("null");
}

int json_write_file(const char *path, const json_t *json, struct error *err)
{
	AUTO_FREE char *text = json_dumps(json, JSON_INDENT(1) | JSON_ENCODE_ANY);
	if (!text)
		return error_set(err, EINVAL, "cannot write %s: not printable as JSON", path);
	AUTO_FREE char *line = alloc_printf("%s\n", text);
	return file_write(path, line, strlen(line), err);
}

const char *json_text_of(const json_t *object, const char *key, const char *fallback)
{
	const char *text = json_string_value(json_object_get(object, key));
	return text ? text : fallback;
}

int64_t json_int_of(const json_t *object, const char *key, int64_t fallback)
{
	const json_t *value = json_object_get(object, key);
	return json_is_integer(value) ? json_integer_value(value) : fallback;
}

/* Undoes ~1 and ~0 of RFC 6901 in place. */
static void unescape(char *token)
{
	char *to = token;
	for (char *from = token; *from; from++) {
		if (from[0] == '~' && (from[1] == '0' || from[1] == '1')) {
			*to++ = from[1] == '0' ? '~' : '/';
			from++;
		} else {
			*to++ = *from;
		}
	}
	*to = 0;
}

static json_t *step(json_t *json, const char *token)
{
	if (json_is_object(json))
		return json_object_get(json, token);
	if (!json_is_array(json))
		return NULL;
	char *end;
	unsigned long index = strtoul(token, &end, 10);
	return *token && !*end ? json_array_get(json, index) : NULL;
}

json_t *json_at(const json_t *json, const char *pointer)
{
	AUTO_FREE char *copy = alloc_text(pointer);
	json_t *at = (json_t *)json;
	char *rest = copy;

	if (!*rest)
		return at;
	if (*rest != '/')
		return NULL;
	while (at && rest) {
		char *token = rest + 1;
		rest = strchr(token, '/');
		if (rest)
			*rest = 0;
		unescape(token);
		at = step(at, token);
		if (rest)
			*rest = '/';
	}
	return at;
}

json_t *json_lossy_text(const void *data, size_t size)
{
	const uint8_t *bytes = data;
	struct buf text;

	buf_init(&text, size * 3 + 1);
	for (size_t i = 0; i < size;) {
		size_t valid = utf8_length(bytes + i, size - i);
		if (valid && bytes[i])
			buf_add(&text, bytes + i, valid);
		else
			buf_add_text(&text, "\xef\xbf\xbd");
		i += valid ? valid : 1;
	}
	json_t *json = json_stringn(buf_text(&text), text.size);
	buf_done(&text);
	return json;
}

json_t *json_hex(const void *data, size_t size)
{
	static const char digits[] = "0123456789abcdef";
	const uint8_t *bytes = data;
	char *text = alloc_zero(size + 1, 2);

	for (size_t i = 0; i < size; i++) {
		text[2 * i] = digits[bytes[i] >> 4];
		text[2 * i + 1] = digits[bytes[i] & 15];
	}
	json_t *json = json_stringn(text, 2 * size);
	free(text);
	return json;
}
