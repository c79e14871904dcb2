/* spoil.h: a remote command that is not as the contract says. Pure: bytes in, bytes out. */
#ifndef SIM_CLOUD_SPOIL_H
#define SIM_CLOUD_SPOIL_H

#include <jansson.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

struct spoil_kind {
	const char *name, *help;
	const char *text;             /* stands for the command; NULL: it is changed */
	void (*change)(json_t *body); /* NULL: its end is missing */
	const char *before;           /* text put before the first member's comma; NULL: none */
};

extern const struct spoil_kind spoil_kinds[];
extern const char *const spoil_names[]; /* in the order of the rows; NULL-terminated */

enum { SPOIL_DEPTH = 20000, SPOIL_SIZE_MAX = 1 << 16 };

/* Appends to out what is sent instead of the command, which is a JSON object. */
void spoil_command(const struct spoil_kind *kind, const uint8_t *command, size_t size,
		   struct buf *out);

#endif
