/* setup.h: how the service set the agent up (ecsp/README.md, configuration): kept on disk, told
 * back. The agent's own configuration is the limit of it: docs/decisions/0011. */
#ifndef AGENTS_COMMON_SETUP_H
#define AGENTS_COMMON_SETUP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "agents/common/config.h"
#include "agents/common/setup_document.h"

enum { SETUP_TAG_MAX = 64 };

struct setup; /* opaque */

/* What was remembered in own->state is there again; damaged: nothing was. own is borrowed. */
struct setup *setup_new(const struct config *own);
void setup_free(struct setup *setup);

/* Of the document that was looked at last, whatever became of it; "" for none. */
const char *setup_tag(const struct setup *setup);

/* A document came. True: it counts from now on. */
bool setup_take(struct setup *setup, const char *tag, const char *text, size_t size);

/* The configuration that counts: the agent's own, and what the service may change of it. Its
 * targets are its own memory, everything else is borrowed from own; zeroed or made by this before.
 */
void setup_apply(const struct setup *setup, struct config *effective);

/* What the service was not told yet, as JSON; NULL: nothing. Borrowed until the next call. */
const char *setup_report(struct setup *setup);
void setup_reported(struct setup *setup);

#endif
