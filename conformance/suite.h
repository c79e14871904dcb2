/* suite.h: scenarios found by file, folder or id, in the order of their ids. */
#ifndef CONFORMANCE_SUITE_H
#define CONFORMANCE_SUITE_H

#include <stddef.h>

#include "conformance/scenario.h"

struct suite {
	struct suite_entry {
		char *path;
		struct scenario *scenario;
	} * entries;
	size_t count;
};

/* Adds every scenario that word means: a file, a folder (all *.yaml below it), or the id (or the
 * beginning of ids, "dc.tls") of scenarios that come with the program. -EINVAL: a mistake in a
 * file; -ENOENT: nothing is meant by it. */
int suite_add(struct suite *suite, const char *word, const struct catalogue *catalogue,
	      struct error *err);
/* Sorts, counts a file once that more than one word means, and refuses two files with one id. */
int suite_finish(struct suite *suite, struct error *err);
void suite_done(struct suite *suite);

/* Paths of all *.yaml below a folder, sorted; for lint. Caller frees each and the array. */
int suite_files(const char *folder, char ***paths, size_t *count, struct error *err);

#endif
