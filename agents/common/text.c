#include "agents/common/text.h"

#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "base/buf.h"
#include "base/wall.h"

/* Length of the UTF-8 sequence at data, 0 if it is not one (RFC 3629: no surrogates, no overlong
 * forms, nothing above U+10FFFF). */
static size_t sequence(const uint8_t *data, size_t size)
{
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	size_t length = data[0] < 0x80   ? 1
			: data[0] < 0xc2 ? 0
			: data[0] < 0xe0 ? 2
			: data[0] < 0xf0 ? 3
			: data[0] < 0xf5 ? 4
					 : 0;

	if (!length || length > size)
		return 0;
	uint32_t code = length == 1 ? data[0] : data[0] & (0x7fu >> length);
	for (size_t i = 1; i < length; i++) {
		if ((data[i] & 0xc0) != 0x80)
			return 0;
		code = code << 6 | (data[i] & 0x3f);
	}
	if (code < least[length] || code > 0x10ffff || (code >= 0xd800 && code < 0xe000))
		return 0;
	return length;
}

char *text_clean(const void *bytes, size_t size)
{
	const uint8_t *data = bytes;
	struct buf out;

	buf_init(&out, TEXT_MAX * 3 + 1);
	if (size > TEXT_MAX)
		size = TEXT_MAX;
	while (size && (data[size - 1] == 0 || data[size - 1] == ' '))
		size--;
	for (size_t at = 0; at < size;) {
		size_t length = sequence(data + at, size - at);
		if (!length)
			buf_add_text(&out, "\xef\xbf\xbd");
		else if (data[at] >= 0x20 && data[at] != 0x7f)
			buf_add(&out, data + at, length);
		at += length ? length : 1;
	}
	char *text = alloc_text(buf_text(&out));
	buf_done(&out);
	return text;
}

const char *text_uuid(char text[TEXT_UUID_MAX])
{
	uint8_t b[16];

	if (getrandom(b, sizeof(b), 0) != (ssize_t)sizeof(b))
		abort(); /* cannot fail for 16 bytes once the machine is up */
	b[6] = (uint8_t)((b[6] & 0x0f) | 0x40);
	b[8] = (uint8_t)((b[8] & 0x3f) | 0x80);
	snprintf(text, TEXT_UUID_MAX,
		 "%02x%02x%02x%02x-%02x%02x-%02x%02x-%02x%02x-%02x%02x%02x%02x%02x%02x", b[0], b[1],
		 b[2], b[3], b[4], b[5], b[6], b[7], b[8], b[9], b[10], b[11], b[12], b[13], b[14],
		 b[15]);
	return text;
}

const char *text_seconds(int64_t ns, char text[TEXT_TIME_MAX])
{
	char full[WALL_TEXT_MAX];

	/* "…:30.123Z" without its decimals */
	snprintf(text, TEXT_TIME_MAX, "%.19sZ", wall_format(ns, full));
	return text;
}

bool text_date_and_time(const uint8_t *data, size_t size, int64_t *ns)
{
	if (size != 8 && size != 11)
		return false;
	struct wall_fields fields = {
		.year = get_be16(data),
		.month = data[2],
		.day = data[3],
		.hour = data[4],
		.minute = data[5],
		.second = data[6],
		.decisecond = data[7],
	};
	if (fields.year < 1970 || fields.year > 2200 || fields.month < 1 || fields.month > 12 ||
	    fields.day < 1 || fields.day > 31 || fields.hour > 23 || fields.minute > 59 ||
	    fields.second > 60 || fields.decisecond > 9)
		return false;
	int64_t offset_s = size == 11 ? data[9] * 3600 + data[10] * 60 : 0;
	if (size == 11 && data[8] != '+' && data[8] != '-')
		return false;
	*ns = wall_from_fields(&fields) -
	      (size == 11 && data[8] == '-' ? -offset_s : offset_s) * 1000000000;
	return true;
}
