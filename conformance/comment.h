/* comment.h: findings written onto the packets they are about, so that the capture opens with them
 * ("frame.comment" in Wireshark). */
#ifndef CONFORMANCE_COMMENT_H
#define CONFORMANCE_COMMENT_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/error.h"

struct comment {
	uint64_t frame;   /* number in the capture, from 1 */
	const char *text; /* borrowed; UTF-8, cut at 65535 bytes */
};

/* Appends to out the pcapng in data with each comment on its packet. Comments for one frame are
 * joined by a line break; what stood on that frame is replaced. All else stays byte for byte.
 * -EINVAL: data is damaged, or there is no such frame. */
int comment_apply(const uint8_t *data, size_t size, const struct comment *comments, size_t count,
		  struct buf *out, struct error *err);

/* The same for a file; a reader sees the old one or the new one. */
int comment_file(const char *path, const struct comment *comments, size_t count, struct error *err);

#endif
