/* resolver.h: the world's name server as a function of bytes: the cloud's names, one address each.
 */
#ifndef SIM_WORLD_RESOLVER_H
#define SIM_WORLD_RESOLVER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { RESOLVER_NAME_MAX = 256, RESOLVER_ANSWER_MAX = 12 + 255 + 4 + 16 };

struct resolver_seen {
	char name[RESOLVER_NAME_MAX]; /* labels with points between, any bytes but NUL */
	uint16_t type;                /* 1 A, 28 AAAA ... */
	bool answered;
	uint32_t address; /* if answered */
};

/* Answers a query (RFC 1035): A for the names of the world, no error and nothing for their other
 * types, NXDOMAIN for any other name. Returns the answer's size, at most RESOLVER_ANSWER_MAX, or 0
 * when the bytes are no query at all. seen->name is empty when there was no readable question. */
size_t resolver_answer(const uint8_t *query, size_t size, uint8_t *out, struct resolver_seen *seen);

/* "A", "AAAA" ... or NULL. */
const char *resolver_type(uint16_t type);

#endif
