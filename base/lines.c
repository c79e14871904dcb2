#include "base/lines.h"

#include <string.h>

void lines_init(struct lines *lines, size_t line_max)
{
	*lines = (struct lines){ .line_max = line_max };
	buf_init(&lines->buf, line_max + LINES_PIECE_MAX);
}

void lines_done(struct lines *lines)
{
	buf_done(&lines->buf);
}

bool lines_add(struct lines *lines, const void *data, size_t size)
{
	buf_drop(&lines->buf, lines->at);
	lines->looked -= lines->at;
	lines->at = 0;
	return buf_add(&lines->buf, data, size);
}

enum lines_next lines_next(struct lines *lines, const char **line, size_t *size)
{
	const struct buf *buf = &lines->buf;
	size_t left = buf->size - lines->looked;
	const uint8_t *from = left ? buf->data + lines->looked : NULL;
	const uint8_t *end = left ? memchr(from, '\n', left) : NULL;

	lines->looked = end ? (size_t)(end - buf->data) : buf->size;
	*size = lines->looked - lines->at;
	if (*size > lines->line_max)
		return LINES_TOO_LONG;
	if (!end)
		return LINES_NONE;
	*line = (const char *)buf->data + lines->at;
	lines->at = ++lines->looked;
	return LINES_ONE;
}
