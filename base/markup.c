#include "base/markup.h"

#include <assert.h>
#include <jansson.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/json.h"

/* HTML elements that have no end tag. */
static const char *const voids[] = { "br", "hr", "img", "input", "link", "meta", "col", NULL };

static bool is_void(const char *name)
{
	for (size_t i = 0; voids[i]; i++)
		if (!strcmp(voids[i], name))
			return true;
	return false;
}

void markup_init(struct markup *markup, struct buf *out, bool html)
{
	*markup = (struct markup){ .out = out, .html = html };
}

static void new_line(struct markup *markup)
{
	if (!markup->indent || !markup->out->size)
		return;
	buf_add_u8(markup->out, '\n');
	for (int i = 0; i < markup->depth; i++)
		buf_add_text(markup->out, "  ");
}

static void close_tag(struct markup *markup)
{
	if (markup->tag_open)
		buf_add_u8(markup->out, '>');
	markup->tag_open = false;
}

void markup_begin(struct markup *markup, const char *name)
{
	assert(markup->depth < MARKUP_DEPTH_MAX);
	close_tag(markup);
	new_line(markup);
	buf_add_u8(markup->out, '<');
	buf_add_text(markup->out, name);
	markup->names[markup->depth++] = name;
	markup->tag_open = true;
	markup->had_child = false;
}

/* U+202A to U+202E and U+2066 to U+2069 turn the direction of writing: "gnp.exe" shows as
 * "exe.png". */
static bool turns_direction(const char *at)
{
	const unsigned char *byte = (const unsigned char *)at;
	return (!strncmp(at, "\xe2\x80", 2) && byte[2] >= 0xaa && byte[2] <= 0xae) ||
	       (!strncmp(at, "\xe2\x81", 2) && byte[2] >= 0xa6 && byte[2] <= 0xa9);
}

/* Characters that XML 1.0 cannot hold even as references become U+FFFD. */
static void escape(struct buf *out, const char *text)
{
	json_t *clean = json_lossy_text(text, strlen(text));
	for (const char *at = json_string_value(clean); *at; at++) {
		switch (*at) {
		case '&':
			buf_add_text(out, "&amp;");
			break;
		case '<':
			buf_add_text(out, "&lt;");
			break;
		case '>':
			buf_add_text(out, "&gt;");
			break;
		case '"':
			buf_add_text(out, "&quot;");
			break;
		case '\'':
			buf_add_text(out, "&#39;");
			break;
		default:
			if ((unsigned char)*at < 0x20 && *at != '\t' && *at != '\n')
				buf_add_text(out, "\xef\xbf\xbd");
			else if (!strncmp(at, "\xef\xbf\xbe", 3) ||
				 !strncmp(at, "\xef\xbf\xbf", 3) || turns_direction(at)) {
				buf_add_text(out, "\xef\xbf\xbd");
				at += 2;
			} else
				buf_add_u8(out, (uint8_t)*at);
		}
	}
	json_decref(clean);
}

void markup_attr(struct markup *markup, const char *name, const char *value)
{
	assert(markup->tag_open);
	buf_add_u8(markup->out, ' ');
	buf_add_text(markup->out, name);
	buf_add_text(markup->out, "=\"");
	escape(markup->out, value);
	buf_add_u8(markup->out, '"');
}

static char *format_text(const char *format, va_list args)
{
	char *text = NULL;
	if (vasprintf(&text, format, args) < 0)
		abort();
	return text;
}

void markup_attrf(struct markup *markup, const char *name, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	AUTO_FREE char *text = format_text(format, args);
	va_end(args);
	markup_attr(markup, name, text);
}

void markup_text(struct markup *markup, const char *text)
{
	close_tag(markup);
	escape(markup->out, text);
}

void markup_textf(struct markup *markup, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	AUTO_FREE char *text = format_text(format, args);
	va_end(args);
	markup_text(markup, text);
}

void markup_raw(struct markup *markup, const char *text)
{
	close_tag(markup);
	buf_add_text(markup->out, text);
}

void markup_end(struct markup *markup)
{
	assert(markup->depth > 0);
	const char *name = markup->names[--markup->depth];
	if (markup->tag_open && markup->html && is_void(name)) {
		buf_add_u8(markup->out, '>');
	} else if (markup->tag_open && !markup->html) {
		buf_add_text(markup->out, "/>");
	} else {
		close_tag(markup);
		if (markup->had_child)
			new_line(markup);
		buf_add_text(markup->out, "</");
		buf_add_text(markup->out, name);
		buf_add_u8(markup->out, '>');
	}
	markup->tag_open = false;
	markup->had_child = true;
}

void markup_element(struct markup *markup, const char *name, const char *class, const char *text)
{
	markup_begin(markup, name);
	if (class)
		markup_attr(markup, "class", class);
	markup_text(markup, text);
	markup_end(markup);
}
