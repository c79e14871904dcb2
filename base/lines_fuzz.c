#include <stdlib.h>
#include <string.h>

#include "base/lines.h"

/* The first byte says how long pieces are, the rest is the stream: however it is cut, the lines
 * are those between its newlines, and none is over the limit. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { LINE_MAX_HERE = 40 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *line;
	size_t length;
	struct lines lines;

	if (!size)
		return 0;
	const size_t piece = (size_t)data[0] + 1;
	const uint8_t *expected = data + 1, *at = data + 1, *end = data + size;
	enum lines_next next = LINES_NONE;
	lines_init(&lines, LINE_MAX_HERE);
	while (at < end && next != LINES_TOO_LONG) {
		size_t part = (size_t)(end - at) < piece ? (size_t)(end - at) : piece;
		if (!lines_add(&lines, at, part))
			abort();
		at += part;
		while ((next = lines_next(&lines, &line, &length)) == LINES_ONE) {
			if (length > LINE_MAX_HERE || memcmp(expected, line, length) ||
			    expected[length] != '\n')
				abort();
			expected += length + 1;
		}
	}
	const uint8_t *newline = memchr(expected, '\n', (size_t)(end - expected));
	size_t left = (size_t)((newline ? newline : end) - expected);
	if (next == LINES_NONE ? newline || left > LINE_MAX_HERE : left <= LINE_MAX_HERE)
		abort();
	lines_done(&lines);
	return 0;
}
