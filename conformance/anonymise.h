/* anonymise.h: takes out of a walk what tells whose printer it was: serial numbers, MAC and IP
 * addresses, names and communities, wherever they stand, also inside other values.
 *
 * What is put instead has the same length and is the same everywhere; networks stay networks:
 * every /24 becomes one of RFC 5737 or RFC 2544, the last octet stays. */
#ifndef CONFORMANCE_ANONYMISE_H
#define CONFORMANCE_ANONYMISE_H

#include "base/buf.h"
#include "sim/printer/mib.h"

struct anonymous; /* opaque: what was found out about one printer */

struct anonymous_count {
	size_t serials, macs, networks, names; /* different ones */
};

/* Learns from the walk who the printer is. */
struct anonymous *anonymous_new(const struct mib *walk);
void anonymous_free(struct anonymous *anonymous); /* NULL is fine */

/* A new list; caller frees. */
struct mib *anonymous_walk(struct anonymous *anonymous, const struct mib *walk);
/* The same for the reply to an ENPC query of that printer ("00-0010"). */
void anonymous_enpc(struct anonymous *anonymous, const char *function, struct buf *payload);

struct anonymous_count anonymous_counts(const struct anonymous *anonymous);

#endif
