/* markup.h: XML and HTML that is always escaped and always balanced.
 *
 *	markup_begin(m, "td"); markup_attr(m, "class", "fail"); markup_text(m, reason);
 *markup_end(m);
 *
 * Text is made valid first: broken UTF-8, characters XML does not allow and characters that turn
 *the direction of writing become U+FFFD. */
#ifndef BASE_MARKUP_H
#define BASE_MARKUP_H

#include <stdbool.h>

#include "base/buf.h"

enum { MARKUP_DEPTH_MAX = 64 };

struct markup {
	struct buf *out; /* borrowed */
	bool html;       /* void elements (br, img …) have no end tag, nothing self-closes */
	bool indent;     /* a line per element; for XML */
	bool tag_open;   /* attributes may still follow */
	bool had_child;
	int depth;
	const char *names[MARKUP_DEPTH_MAX]; /* borrowed: element names must outlive the element */
};

void markup_init(struct markup *markup, struct buf *out, bool html);
void markup_begin(struct markup *markup, const char *name);
void markup_attr(struct markup *markup, const char *name, const char *value);
void markup_attrf(struct markup *markup, const char *name, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
void markup_text(struct markup *markup, const char *text);
void markup_textf(struct markup *markup, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
/* Trusted content of our own (a style sheet, a script): copied as it is. */
void markup_raw(struct markup *markup, const char *text);
void markup_end(struct markup *markup);
/* begin + text + end; class may be NULL. */
void markup_element(struct markup *markup, const char *name, const char *class, const char *text);

#endif
