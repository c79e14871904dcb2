#include "conformance/canary_decode.h"

#include <string.h>

#include "base/buf.h"
#include "base/cleanup.h"

/* A shorter run cannot hold the shortest mark. */
enum { MARK_MIN = 8 };

bool canary_text_add(struct canary_text *text, uint8_t byte, uint32_t origin)
{
	if (text->size == text->max) {
		text->full = true;
		return false;
	}
	if (text->size == text->capacity) {
		text->capacity = text->capacity ? text->capacity * 2 : 256;
		text->data = alloc_grow(text->data, text->capacity, 1);
		text->origin = alloc_grow(text->origin, text->capacity, sizeof(*text->origin));
	}
	text->data[text->size] = byte;
	text->origin[text->size++] = origin;
	return true;
}

struct decoding {
	const struct canary_view *view;
	canary_reading *reading;
	void *arg;
	struct canary_text text;
};

/* Hands on what is written and begins anew. */
static void emit(struct decoding *d, const char *encoding)
{
	if (d->text.size >= MARK_MIN)
		d->reading(d->arg, encoding,
			   &(struct canary_view){ d->text.data, d->text.origin, d->text.size });
	d->text.size = 0;
}

/* Alphabets whose digits are groups of bits (RFC 4648). A run may begin with digits of something
 * else, so each phase of a group is tried. */
struct radix {
	const char *name;
	int8_t (*digit)(uint8_t c);
	unsigned bits, phases;
};

static int8_t digit_hex(uint8_t c)
{
	if (c >= '0' && c <= '9')
		return (int8_t)(c - '0');
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? (int8_t)(c - 'a' + 10) : -1;
}

static int8_t digit_base32(uint8_t c)
{
	if (c >= '2' && c <= '7')
		return (int8_t)(c - '2' + 26);
	c |= 0x20;
	return c >= 'a' && c <= 'z' ? (int8_t)(c - 'a') : -1;
}

static int8_t digit_base64(uint8_t c)
{
	if (c >= 'A' && c <= 'Z')
		return (int8_t)(c - 'A');
	if (c >= 'a' && c <= 'z')
		return (int8_t)(c - 'a' + 26);
	if (c >= '0' && c <= '9')
		return (int8_t)(c - '0' + 52);
	if (c == '+' || c == '-')
		return 62;
	return c == '/' || c == '_' ? 63 : -1;
}

static const struct radix radixes[] = {
	{ "base64", digit_base64, 6, 4 },
	{ "base32", digit_base32, 5, 8 },
	{ "hex", digit_hex, 4, 2 },
};

/* Lines may be wrapped (RFC 2045). */
static bool is_wrap(uint8_t c)
{
	return c == '\r' || c == '\n';
}

static void decode_run(struct decoding *d, const struct radix *radix, size_t from, size_t to)
{
	for (unsigned phase = 0; phase < radix->phases; phase++) {
		unsigned skip = phase, have = 0;
		uint32_t value = 0;
		for (size_t i = from; i < to; i++) {
			uint8_t c = d->view->data[i];
			if (is_wrap(c))
				continue;
			if (skip) {
				skip--;
				continue;
			}
			value = value << radix->bits | (uint8_t)radix->digit(c);
			have += radix->bits;
			if (have < 8)
				continue;
			have -= 8;
			canary_text_add(&d->text, (uint8_t)(value >> have),
					canary_origin(d->view, i));
		}
		emit(d, radix->name);
	}
}

static void decode_radixes(struct decoding *d)
{
	const uint8_t *data = d->view->data;
	for (size_t r = 0; r < COUNT_OF(radixes); r++) {
		size_t digits = 0, begin = 0;
		for (size_t i = 0; i <= d->view->size; i++) {
			bool digit = i < d->view->size && radixes[r].digit(data[i]) >= 0;
			if (digit) {
				if (!digits)
					begin = i;
				digits++;
			} else if (i == d->view->size || !is_wrap(data[i])) {
				if (digits * radixes[r].bits >= MARK_MIN * 8)
					decode_run(d, &radixes[r], begin, i);
				digits = 0;
			}
		}
	}
}

static void add_utf8(struct canary_text *text, uint32_t code, uint32_t origin)
{
	if (code < 0x80) {
		canary_text_add(text, (uint8_t)code, origin);
		return;
	}
	int more = code < 0x800 ? 1 : code < 0x10000 ? 2 : 3;
	static const uint8_t lead[] = { 0, 0xc0, 0xe0, 0xf0 };
	canary_text_add(text, (uint8_t)(lead[more] | code >> (6 * more)), origin);
	while (more--)
		canary_text_add(text, (uint8_t)(0x80 | (code >> (6 * more) & 0x3f)), origin);
}

/* Runs of 16-bit units below 0x3000: the scripts of Europe; bytes of other things seldom look so.
 */
static void decode_utf16(struct decoding *d, size_t parity, bool big, const char *name)
{
	const struct canary_view *view = d->view;
	for (size_t i = parity; i + 1 < view->size; i += 2) {
		const uint8_t *p = view->data + i;
		uint32_t unit = big ? get_be16(p) : get_le16(p);
		if (unit && unit < 0x3000)
			add_utf8(&d->text, unit, canary_origin(view, i));
		else
			emit(d, name);
	}
	emit(d, name);
}

static void decode_wide(struct decoding *d)
{
	for (size_t parity = 0; parity < 2; parity++) {
		decode_utf16(d, parity, false, "UTF-16LE");
		decode_utf16(d, parity, true, "UTF-16BE");
	}
}

static bool read_hex(const uint8_t *p, size_t digits, uint32_t *value)
{
	*value = 0;
	for (size_t i = 0; i < digits; i++) {
		int8_t digit = digit_hex(p[i]);
		if (digit < 0)
			return false;
		*value = *value << 4 | (uint8_t)digit;
	}
	return true;
}

/* RFC 3986; form: '+' is a blank (HTML forms). Bytes that are no escape stay. */
static bool decode_percent(struct decoding *d, bool form)
{
	const struct canary_view *view = d->view;
	bool found = false;
	for (size_t i = 0; i < view->size; i++) {
		uint8_t c = view->data[i];
		uint32_t origin = canary_origin(view, i), value;
		if (c == '%' && view->size - i > 2 && read_hex(view->data + i + 1, 2, &value)) {
			canary_text_add(&d->text, (uint8_t)value, origin);
			i += 2;
			found = true;
		} else if (form && c == '+') {
			canary_text_add(&d->text, ' ', origin);
			found = true;
		} else {
			canary_text_add(&d->text, c, origin);
		}
	}
	return found;
}

/* A surrogate pair written as two escapes (RFC 8259, 7). */
static size_t read_unicode(const uint8_t *p, size_t left, uint32_t *code)
{
	uint32_t low;
	if (left < 6 || !read_hex(p + 2, 4, code))
		return 0;
	if (*code >> 10 == 0x36 && left >= 12 && p[6] == '\\' && p[7] == 'u' &&
	    read_hex(p + 8, 4, &low) && low >> 10 == 0x37) {
		*code = 0x10000 + ((*code & 0x3ff) << 10) + (low & 0x3ff);
		return 12;
	}
	return 6;
}

/* One escape at p, which is a backslash; returns how many bytes it took, 0 if it is none. */
static size_t add_escape(struct canary_text *text, const uint8_t *p, size_t left, uint32_t origin)
{
	static const char letters[] = "\"\\/bfnrt", meanings[] = "\"\\/\b\f\n\r\t";
	uint32_t code;
	if (left < 2)
		return 0;
	if (p[1] == 'u') {
		size_t used = read_unicode(p, left, &code);
		if (used)
			add_utf8(text, code, origin);
		return used;
	}
	if (p[1] == 'x' && left >= 4 && read_hex(p + 2, 2, &code)) {
		canary_text_add(text, (uint8_t)code, origin);
		return 4;
	}
	const char *letter = p[1] ? strchr(letters, p[1]) : NULL;
	if (!letter)
		return 0;
	canary_text_add(text, (uint8_t)meanings[letter - letters], origin);
	return 2;
}

static bool decode_json(struct decoding *d)
{
	const struct canary_view *view = d->view;
	bool found = false;
	for (size_t i = 0; i < view->size;) {
		uint32_t origin = canary_origin(view, i);
		size_t used = view->data[i] == '\\'
				      ? add_escape(&d->text, view->data + i, view->size - i, origin)
				      : 0;
		found |= used > 0;
		if (!used) {
			canary_text_add(&d->text, view->data[i], origin);
			used = 1;
		}
		i += used;
	}
	return found;
}

static void decode_escapes(struct decoding *d)
{
	bool escaped = decode_percent(d, false);
	if (!escaped)
		d->text.size = 0;
	emit(d, "percent-encoding");
	if (!decode_percent(d, true) || (escaped && !memchr(d->view->data, '+', d->view->size)))
		d->text.size = 0;
	emit(d, "form encoding");
	if (!decode_json(d))
		d->text.size = 0;
	emit(d, "JSON escapes");
}

/* RFC 9112, 7.1: the chunks of a body joined. */
static void join_chunks(struct decoding *d, size_t at)
{
	const struct canary_view *view = d->view;
	for (;;) {
		size_t digits = 0, size = 0;
		while (at < view->size && digits < 8 && digit_hex(view->data[at]) >= 0) {
			size = size << 4 | (size_t)digit_hex(view->data[at++]);
			digits++;
		}
		const uint8_t *line =
			at < view->size ? memchr(view->data + at, '\n', view->size - at) : NULL;
		if (!digits || !size || !line)
			break;
		at = (size_t)(line - view->data) + 1;
		for (; size && at < view->size; size--, at++)
			canary_text_add(&d->text, view->data[at], canary_origin(view, at));
		at += 2;
	}
	emit(d, "chunks");
}

static void try_inflate(struct decoding *d, int window, size_t at, const char *name)
{
	canary_inflate(window, d->view->data + at, d->view->size - at, canary_origin(d->view, at),
		       &d->text);
	emit(d, name);
}

/* RFC 1950: low four bits 8, the first two bytes a multiple of 31, no preset dictionary. */
static bool is_zlib(const uint8_t *p)
{
	return (p[0] & 0x8f) == 8 && get_be16(p) % 31 == 0 && !(p[1] & 0x20);
}

/* Raw deflate has no mark of its own, so it is tried where a body begins. */
static void decode_bodies(struct decoding *d)
{
	const uint8_t *data = d->view->data;
	size_t size = d->view->size;
	if (size)
		try_inflate(d, -15, 0, "deflate");
	for (size_t i = 0; i + 4 <= size; i++) {
		if (data[i] == 0x1f && data[i + 1] == 0x8b && data[i + 2] == 8)
			try_inflate(d, 31, i, "gzip");
		else if (is_zlib(data + i))
			try_inflate(d, 15, i, "zlib");
		else if (!memcmp(data + i, "\r\n\r\n", 4) && i + 4 < size) {
			try_inflate(d, -15, i + 4, "deflate");
			join_chunks(d, i + 4);
		}
	}
}

bool canary_decode(const struct canary_view *view, size_t max, canary_reading *reading, void *arg)
{
	struct decoding d = {
		.view = view, .reading = reading, .arg = arg, .text = { .max = max }
	};
	if (view->size < MARK_MIN)
		return true;
	decode_radixes(&d);
	decode_wide(&d);
	decode_escapes(&d);
	decode_bodies(&d);
	free(d.text.data);
	free(d.text.origin);
	return !d.text.full;
}
