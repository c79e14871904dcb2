#include "agents/dc/lines.h"

#include <string.h>

#include "base/cleanup.h"

/* Field 01 of the status block, which has numbers for what the lines have words for. */
enum { ERROR = 0x00, BUSY = 0x02, INK_LOW = 0x10, BOX_NEARLY_FULL = 0x20 };

struct word {
	const char *text;
	uint8_t code;
};

static const struct word states[] = {
	{ "ER", ERROR }, { "BU", BUSY }, { "PR", 0x03 }, { "IL", 0x04 },
	{ "PA", 0x05 },  { "CL", 0x07 }, { "SL", 0x09 },
};

/* The i-th ink of the line IQ, which names no colours, is the i-th of these. */
static const struct word warnings[] = {
	{ "IK1", INK_LOW },     { "IC1", INK_LOW + 1 },     { "IM1", INK_LOW + 2 },
	{ "IY1", INK_LOW + 3 }, { "MB1", BOX_NEARLY_FULL },
};

static const struct word *find_word(const struct word *words, size_t count, const char *text,
				    size_t size)
{
	for (size_t i = 0; i < count; i++)
		if (strlen(words[i].text) == size && memcmp(words[i].text, text, size) == 0)
			return &words[i];
	return NULL;
}

static int digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* What is busy with something we have no word for is busy. */
static void take_state(struct st2 *st2, const char *text, size_t size)
{
	const struct word *word = find_word(states, COUNT_OF(states), text, size);

	if (st2->status < 0)
		st2->status = word ? word->code : BUSY;
}

/* Two hexadecimal digits; "NE" is none. */
static void take_error(struct st2 *st2, const char *text, size_t size)
{
	if (size == 2 && digit(text[0]) >= 0 && digit(text[1]) >= 0)
		st2->error = digit(text[0]) * 16 + digit(text[1]);
}

static void take_warnings(struct st2 *st2, const char *text, size_t size)
{
	for (size_t at = 0; at < size;) {
		const char *comma = memchr(text + at, ',', size - at);
		size_t end = comma ? (size_t)(comma - text) : size;
		const struct word *word =
			find_word(warnings, COUNT_OF(warnings), text + at, end - at);
		if (word && st2->warning_count < ST2_WARNINGS_MAX)
			st2->warnings[st2->warning_count++] = word->code;
		at = end + 1;
	}
}

static void take_line(struct st2 *st2, const char *text, size_t size)
{
	static const struct {
		const char *begins;
		void (*take)(struct st2 *st2, const char *text, size_t size);
	} rows[] = {
		{ "^S(SMA,S,", take_state },
		{ "^S(SEA,E,", take_error },
		{ "WN,", take_warnings },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		size_t begin = strlen(rows[i].begins);
		if (size >= begin && memcmp(text, rows[i].begins, begin) == 0)
			rows[i].take(st2, text + begin, size - begin);
	}
}

/* Each line is STX text ETX CR LF. */
bool lines_parse(const uint8_t *data, size_t size, struct st2 *st2)
{
	static const uint8_t end[] = "\x03\r\n";
	enum { END_SIZE = sizeof(end) - 1 };

	*st2 = (struct st2){ .status = -1, .error = -1 };
	for (size_t at = 0; at < size;) {
		const uint8_t *stop =
			data[at] == 0x02 ? memmem(data + at, size - at, end, END_SIZE) : NULL;
		if (!stop)
			return false;
		take_line(st2, (const char *)data + at + 1, (size_t)(stop - data) - at - 1);
		at = (size_t)(stop - data) + END_SIZE;
	}
	/* As of the block: an error without the error status is left over from before. */
	if (st2->status != ERROR)
		st2->error = -1;
	return st2->status >= 0;
}
