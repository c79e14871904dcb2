/* lateness.h: how late the harness itself was. On a machine that is too busy, what the agent did is
 * noticed later than it was done, and what it was to be told is told later; the journal says when,
 * so that a verdict about time can give way where the time was ours. */
#ifndef CONFORMANCE_LATENESS_H
#define CONFORMANCE_LATENESS_H

#include "base/loop.h"
#include "conformance/judge.h"
#include "sim/tap.h"

struct lateness; /* opaque */

/* Looks at its own timer all the time and tells of each delay worth telling, as "world.late" with
 * its ms. Both are borrowed until lateness_free. */
struct lateness *lateness_new(struct loop *loop, struct tap *tap);
/* An agent starts: before that, a world may take its time. */
void lateness_begin(struct lateness *lateness);
void lateness_free(struct lateness *lateness); /* NULL is fine */

/* The longest delay that touches the window, in nanoseconds; 0: the harness was in time. */
int64_t lateness_in(const struct judge *judge, const struct window *window);

/* A failure that is one by so many nanoseconds only: no longer one, if the harness was as late in
 * that window. Verdict and reason are changed then. */
void lateness_excuse(const struct judge *judge, const struct window *window, int64_t by_ns,
		     struct finding *finding);

#endif
