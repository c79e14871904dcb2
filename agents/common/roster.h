/* roster.h: all the agents of one process, from environment and one JSON file: one, or the many
 * that the file's "instances" names; docs/agent-contract.md. */
#ifndef AGENTS_COMMON_ROSTER_H
#define AGENTS_COMMON_ROSTER_H

#include "agents/common/config.h"

enum { ROSTER_MAX = 10000 };

struct roster {
	struct config *configs; /* owned */
	size_t count;           /* 1 to ROSTER_MAX */
	bool many;              /* told by "instances", even if it names one */
	int64_t start_over_ms;  /* the first starts at once, the last after this */
};

/* path: the file of --config, or NULL for ECSP_CONFIG. Where both name a thing, the environment
 * wins over the file, and what an instance has of its own over both. Errors name the key. Call
 * roster_done in any case. */
int roster_load(struct roster *roster, const char *path, const struct config_needs *needs,
		struct error *err);

/* The same from the file's text; name is its name in errors. */
int roster_parse(struct roster *roster, const char *text, const char *name,
		 const struct config_needs *needs, struct error *err);
void roster_done(struct roster *roster);

#endif
