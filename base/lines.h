/* lines.h: lines out of a stream that comes in pieces, none longer than a limit. */
#ifndef BASE_LINES_H
#define BASE_LINES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

enum { LINES_PIECE_MAX = 65536 }; /* bytes of one lines_add */

enum lines_next {
	LINES_NONE, /* no whole line is there */
	LINES_ONE,
	LINES_TOO_LONG, /* a line is over the limit, and there is no going on */
};

struct lines {
	struct buf buf;
	size_t at;     /* before it, all has been handed out */
	size_t looked; /* up to here there is no end of line */
	size_t line_max;
};

void lines_init(struct lines *lines, size_t line_max); /* bytes without the newline */
void lines_done(struct lines *lines);

/* False: there is no room, as whole lines have not been taken before. size <= LINES_PIECE_MAX. */
bool lines_add(struct lines *lines, const void *data, size_t size);

/* The next line, without its newline; borrowed until lines is touched again. */
enum lines_next lines_next(struct lines *lines, const char **line, size_t *size);

#endif
