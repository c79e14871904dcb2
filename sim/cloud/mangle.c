#include "sim/cloud/mangle.h"

#include <stdio.h>
#include <string.h>

#include "sim/cloud/gzip.h"

/* The parts that marks stand for. */
struct parts {
	const struct mangle *mangle;
	const struct http_response *response;
	struct buf body;
	size_t size;
};

void mangled_init(struct mangled *mangled)
{
	*mangled = (struct mangled){ .after = AFTER_KEEP };
	buf_init(&mangled->bytes, MANGLE_BYTES_MAX);
}

void mangled_done(struct mangled *mangled)
{
	buf_done(&mangled->bytes);
}

static void write_body(const struct mangle *mangle, const struct http_response *response,
		       size_t size, struct buf *out)
{
	const char *body = mangle->body ? mangle->body : response->body;
	size_t length = mangle->body ? strlen(mangle->body) : response->body_size;

	switch (mangle->coding) {
	case CODING_NONE:
		for (unsigned i = 0; i < (mangle->repeat ? mangle->repeat : 1); i++)
			buf_add(out, body, length);
		break;
	case CODING_GZIP:
		gzip_pack(body, length, out);
		break;
	case CODING_BOMB:
		gzip_bomb((unsigned)size, out);
		break;
	}
}

static void write_filler(size_t size, struct buf *out)
{
	char spaces[1024];

	memset(spaces, ' ', sizeof(spaces));
	for (; size > sizeof(spaces); size -= sizeof(spaces))
		buf_add(out, spaces, sizeof(spaces));
	buf_add(out, spaces, size);
}

static void write_type(const struct http_response *response, struct buf *out)
{
	const char *type = json_string_value(json_object_get(response->headers, "Content-Type"));
	if (type)
		buf_printf(out, "Content-Type: %s\r\n", type);
}

static void write_part(char mark, const struct parts *parts, struct buf *out)
{
	switch (mark) {
	case 'S':
		http_write_status(parts->response->status, out);
		break;
	case 'H':
		http_write_headers(parts->response->headers, "Content-Type", out);
		break;
	case 'C':
		write_type(parts->response, out);
		break;
	case 'L':
		buf_printf(out, "%zu", parts->body.size);
		break;
	case 'X':
		buf_printf(out, "%zx", parts->body.size);
		break;
	case 'x':
		buf_printf(out, "%zx", parts->size);
		break;
	case 'B':
		buf_add(out, parts->body.data, parts->body.size);
		break;
	case 'b':
		buf_add(out, parts->body.data, parts->body.size / 2);
		break;
	case 'N':
		buf_add_u8(out, 0);
		break;
	case 'F':
		write_filler(parts->size, out);
		break;
	case 'M':
		for (size_t i = 0; i < parts->size; i++)
			buf_printf(out, "X-Filler-%zu: 1\r\n", i);
		break;
	case 'I':
		for (size_t i = 0; i < parts->size; i++)
			buf_add_text(out, parts->mangle->before);
		break;
	default:
		buf_add_u8(out, (uint8_t)mark);
	}
}

/* Drops every CR of the head, which ends with the first empty line. */
static void bare_lines(struct buf *bytes)
{
	const char *end = strstr(buf_text(bytes), "\r\n\r\n");
	size_t head = end ? (size_t)(end - buf_text(bytes)) + 4 : bytes->size, kept = 0;

	for (size_t i = 0; i < bytes->size; i++)
		if (i >= head || bytes->data[i] != '\r')
			bytes->data[kept++] = bytes->data[i];
	bytes->size = kept;
	bytes->data[kept] = 0;
}

void mangle_write(const struct mangle *mangle, const struct http_response *response, size_t size,
		  struct mangled *mangled)
{
	struct parts parts = { mangle, response, .size = size };
	struct buf *out = &mangled->bytes;

	buf_init(&parts.body, MANGLE_BYTES_MAX);
	write_body(mangle, response, size, &parts.body);
	for (const char *at = mangle->form; *at; at++) {
		if (*at == '$')
			write_part(*++at, &parts, out);
		else
			buf_add_u8(out, (uint8_t)*at);
	}
	buf_done(&parts.body);
	if (mangle->bare_lf)
		bare_lines(out);
	mangled->at_once = out->size;
	mangled->after = mangle->after;
}
