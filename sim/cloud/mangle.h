/* mangle.h: answers written otherwise than HTTP/1.1 wants them. Bytes alone: what is to be sent,
 * how fast, and how the connection goes on after it. */
#ifndef SIM_CLOUD_MANGLE_H
#define SIM_CLOUD_MANGLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "sim/cloud/http.h"

enum { MANGLE_BYTES_MAX = 6 << 20 }; /* below what a stream queues */

enum mangle_after {
	AFTER_KEEP,    /* the connection goes on */
	AFTER_CLOSE,   /* close_notify and FIN */
	AFTER_CUT,     /* FIN without close_notify, as by somebody on the way (RFC 8446 6.1) */
	AFTER_RESET,   /* RST */
	AFTER_SILENCE, /* stays open, and nothing more is said */
};

enum mangle_coding { CODING_NONE, CODING_GZIP, CODING_BOMB };

/* One way to write an answer, as a text with marks for its parts:
 *
 *	$S status line    $H header lines but the type    $C line of the type    $L length
 *	$X length in hex  $B body    $b half of the body    $N a byte of zero    $F spaces, `size`
 *of them $M header lines, `size` of them    $I `before`, `size` times    $x `size` in hex
 */
struct mangle {
	const char *form;
	const char *body; /* instead of the service's; NULL: that */
	unsigned repeat;  /* the body so many times; 0: once */
	enum mangle_coding coding;
	const char *before;
	bool bare_lf; /* every line of the head ends with LF alone */
	enum mangle_after after;
};

struct mangled {
	struct buf bytes;
	size_t at_once;    /* so many bytes now, */
	size_t piece;      /* then pieces of this size, */
	uint64_t every_ms; /* one each time; 0: all now */
	bool endless;      /* the last piece comes for ever */
	enum mangle_after after;
};

void mangled_init(struct mangled *mangled);
void mangled_done(struct mangled *mangled);

/* size: what $F, $M, $I and a bomb (MiB) are measured by. */
void mangle_write(const struct mangle *mangle, const struct http_response *response, size_t size,
		  struct mangled *mangled);

#endif
