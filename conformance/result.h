/* result.h: results of scenarios put together: coverage, summary, the run's result.json. */
#ifndef CONFORMANCE_RESULT_H
#define CONFORMANCE_RESULT_H

#include <jansson.h>

#include "conformance/requirement.h"

/* scenarios: array of scenario results. run: the "run" member (references stolen: neither). Makes
 * the document of reports/result.schema.json. Caller owns. */
json_t *result_document(const json_t *scenarios, const json_t *run,
			const struct catalogue *catalogue);

/* Leaves out findings below the level and judges the scenario by the rest. */
void result_keep_level(json_t *scenario, enum level lowest);

/* Exit code by the worst that happened: 0, 1, 3 or 4. */
int result_exit_code(const json_t *scenarios);

#endif
