/* living_panels.h: the panels of a living world's printers, each on a unix socket of its own, and
 * the file that lets one process of ES Agents stand beside all of them. */
#ifndef CONFORMANCE_LIVING_PANELS_H
#define CONFORMANCE_LIVING_PANELS_H

#include "base/error.h"
#include "conformance/live.h"

struct living_panels; /* opaque */

struct living_panels_options {
	const struct fleetfile *file; /* borrowed, as all here */
	const struct live *live;
	const char *folder; /* path; holds the panels, agents.json, and the agents' own folders */
	const char *api, *mqtt, *ca; /* as the agents are told; api NULL: no cloud, no file */
};

/* Opens nothing and returns an object all the same if no group has panels. */
struct living_panels *living_panels_new(const struct living_panels_options *options,
					struct error *err);
/* Before the printers end. Removes what it made, but not the agents' folders. NULL is fine. */
void living_panels_free(struct living_panels *self);

size_t living_panels_count(const struct living_panels *self);
/* The agents' configuration, NULL if there is none. Borrowed. */
const char *living_panels_config(const struct living_panels *self);

#endif
