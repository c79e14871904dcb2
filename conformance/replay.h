/* replay.h: a fleet's days in virtual time: no network, no waiting, and from one seed the same each
 * time. What its printers were, when, goes into a ledger whose digest tells two runs apart. */
#ifndef CONFORMANCE_REPLAY_H
#define CONFORMANCE_REPLAY_H

#include <stdint.h>
#include <stdio.h>

#include "base/digest.h"
#include "base/error.h"
#include "conformance/fleetfile.h"

struct replay_options {
	const struct fleetfile *file; /* borrowed */
	int64_t start;                /* calendar at the beginning, ns since 1970 */
	int64_t hours;
	FILE *ledger; /* borrowed; NULL: only the digest */
};

struct replay_result {
	size_t printers;
	uint64_t lines;
	char sha256[DIGEST_TEXT_MAX]; /* of all lines */
};

/* A line a change: {time, device, items: what is new}; docs/fleet-format.md. 0 or a negative errno.
 */
int replay_run(const struct replay_options *options, struct replay_result *result,
	       struct error *err);

#endif
