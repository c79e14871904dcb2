/* witness.h: what must have happened for an expectation to show anything: a fault that reached the
 * agent, by its name, or an observation: {for: http.response, where: {status: 401}}. */
#ifndef CONFORMANCE_WITNESS_H
#define CONFORMANCE_WITNESS_H

#include "base/error.h"
#include "base/yaml.h"
#include "conformance/judge.h"
#include "conformance/scenario.h"

/* node NULL: there is nothing to complain of. */
int witness_check(const struct scope *scope, const struct yaml *node, struct error *err);

/* The journal line that bears witness; SIZE_MAX: there is none. An observation counts within the
 * window only. */
size_t witness_find(const struct judge *judge, const struct yaml *node,
		    const struct window *window);

#endif
