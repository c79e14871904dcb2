/* expect.h: what a scenario can expect. A kind is one file expect_NAME.c and one line in expect.c.
 */
#ifndef CONFORMANCE_EXPECT_H
#define CONFORMANCE_EXPECT_H

#include "base/form.h"
#include "conformance/judge.h"
#include "conformance/scenario.h"

struct expect_kind {
	const char *name; /* as in YAML */
	const char *help;
	const struct form *form;
	int (*check)(const struct scope *scope, const struct expectation *expectation,
		     struct error *err); /* may be NULL */
	void (*judge)(struct judge *judge, const struct expectation *expectation);
};

extern const struct expect_kind *const expect_kinds[]; /* NULL-terminated */

extern const struct expect_kind expect_seen, expect_never, expect_items, expect_upload,
	expect_complete, expect_backoff, expect_final, expect_kept, expect_spread;

#endif
