/* manifest.h: what the maker of an agent says of it in a file: how it is started, which binding
 * reads its payloads, which items it cannot have and why. */
#ifndef CONFORMANCE_MANIFEST_H
#define CONFORMANCE_MANIFEST_H

#include <jansson.h>

#include "base/error.h"
#include "base/yaml.h"
#include "conformance/requirement.h"

struct manifest {
	char *format, *command;
	char *binding; /* path relative to the manifest, or absolute; NULL: the reference */
	int kind;      /* enum agent_kind */
	const struct yaml *lacks_node;
	json_t *lacks;     /* item id: why; owned */
	struct yaml *root; /* owned */
};

/* catalogue may be NULL: then the ids of items are not checked. On error manifest_done is still
 * due.
 */
int manifest_init(struct manifest *manifest, const char *path, const struct catalogue *catalogue,
		  struct error *err);
void manifest_done(struct manifest *manifest);

#endif
