#include "reports/columns.h"

#include <string.h>

#include "base/cleanup.h"

struct range {
	uint32_t first, last;
};

static const struct range wide[] = {
	{ 0x1100, 0x115f }, { 0x2e80, 0xa4cf },   { 0xac00, 0xd7a3 },
	{ 0xf900, 0xfaff }, { 0xfe30, 0xfe6f },   { 0xff00, 0xff60 },
	{ 0xffe0, 0xffe6 }, { 0x1f300, 0x1faff }, { 0x20000, 0x3fffd },
};
static const struct range narrow[] = {
	/* no column of their own */
	{ 0x0300, 0x036f },
	{ 0x200b, 0x200f },
	{ 0x20d0, 0x20ff },
	{ 0xfe00, 0xfe0f },
};
static const struct range harmful[] = {
	{ 0x0000, 0x001f },
	{ 0x007f, 0x009f },
	{ 0x2028, 0x202e },
	{ 0x2066, 0x2069 },
};

static bool is_in(uint32_t point, const struct range *ranges, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (point >= ranges[i].first && point <= ranges[i].last)
			return true;
	return false;
}

/* Bytes of the character at text, whose code point goes to *point. Anything broken counts as one
 * byte and as U+FFFD: texts come from a JSON reader, which has refused it before. */
static size_t decode(const char *text, uint32_t *point)
{
	const unsigned char *at = (const unsigned char *)text;
	size_t more = *at < 0x80 ? 0 : *at >= 0xf0 ? 3 : *at >= 0xe0 ? 2 : *at >= 0xc0 ? 1 : 4;
	if (more > 3) {
		*point = 0xfffd;
		return 1;
	}
	*point = more ? *at & (0x3fu >> more) : *at;
	for (size_t i = 1; i <= more; i++) {
		if ((at[i] & 0xc0) != 0x80) {
			*point = 0xfffd;
			return 1;
		}
		*point = *point << 6 | (at[i] & 0x3fu);
	}
	return more + 1;
}

static size_t width_of(uint32_t point)
{
	if (is_in(point, narrow, COUNT_OF(narrow)))
		return 0;
	return is_in(point, wide, COUNT_OF(wide)) ? 2 : 1;
}

void columns_clean(const char *text, struct buf *out)
{
	uint32_t point;
	for (size_t size; *text; text += size) {
		size = decode(text, &point);
		if (*text == '\n' || *text == '\t' || *text == '\r')
			buf_add_u8(out, ' ');
		else if (point == 0xfffd || is_in(point, harmful, COUNT_OF(harmful)))
			buf_add_text(out, "\xef\xbf\xbd");
		else
			buf_add(out, text, size);
	}
}

size_t columns_of(const char *clean)
{
	size_t width = 0;
	uint32_t point;
	while (*clean) {
		clean += decode(clean, &point);
		width += width_of(point);
	}
	return width;
}

/* Bytes of as many characters as fit into width columns; *used of them. */
static size_t fitting(const char *clean, size_t width, size_t *used)
{
	size_t at = 0;
	*used = 0;
	while (clean[at]) {
		uint32_t point;
		size_t size = decode(clean + at, &point);
		if (*used + width_of(point) > width)
			break;
		*used += width_of(point);
		at += size;
	}
	return at;
}

static void add_spaces(struct buf *out, size_t count)
{
	while (count--)
		buf_add_u8(out, ' ');
}

void columns_pad(const char *clean, size_t width, struct buf *out)
{
	size_t used;
	bool cut = columns_of(clean) > width;
	buf_add(out, clean, fitting(clean, cut ? width - 1 : width, &used));
	if (cut)
		buf_add_text(out, "…");
	add_spaces(out, width - used - (cut ? 1 : 0));
}

void columns_wrap(const char *clean, size_t width, size_t indent, struct buf *out)
{
	while (width && columns_of(clean) > width) {
		size_t used, end = fitting(clean, width, &used);
		size_t space = end;
		while (space && clean[space] != ' ')
			space--;
		if (!end) /* a wide character in a column of one: nothing fits, nothing is lost */
			break;
		buf_add(out, clean, space ? space : end);
		buf_add_u8(out, '\n');
		add_spaces(out, indent);
		clean += space ? space + 1 : end;
	}
	buf_add_text(out, clean);
	buf_add_u8(out, '\n');
}
