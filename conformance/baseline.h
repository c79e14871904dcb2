/* baseline.h: verdicts that are known and accepted for a while, each with a reason and an owner.
 *
 *	format: ecsp-baseline/1
 *	expected:
 *	  - {scenario: dc.http.backoff, verdict: fail, reason: "…", owner: "…", until: 2026-12-31}
 */
#ifndef CONFORMANCE_BASELINE_H
#define CONFORMANCE_BASELINE_H

#include <jansson.h>
#include <stdbool.h>

#include "base/error.h"

/* Scenarios that ended as expected count as passed from here on. *drift: one ended otherwise, did
 * not run, or its date has passed. -EINVAL for a mistake in the file. */
int baseline_apply(const char *path, json_t *scenarios, bool *drift, struct error *err);

#endif
