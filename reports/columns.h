/* columns.h: text in a terminal, measured in columns.
 *
 * Text is made harmless first: control characters, and those that turn the direction of writing,
 * become U+FFFD; line breaks and tabs become a space. */
#ifndef REPORTS_COLUMNS_H
#define REPORTS_COLUMNS_H

#include <stddef.h>

#include "base/buf.h"

void columns_clean(const char *text, struct buf *out);

size_t columns_of(const char *clean);

/* Appends at most width columns, filled up with spaces; what is cut ends with "…". */
void columns_pad(const char *clean, size_t width, struct buf *out);

/* Appends text broken between words (or inside one that is wider than width) into lines of width
 * columns, each but the first after indent spaces. width 0: one line. Ends with a line break. */
void columns_wrap(const char *clean, size_t width, size_t indent, struct buf *out);

#endif
