/* panel.h: the device's own panel, spoken to over its unix socket: JSON lines, answers by id,
 * changes unasked. Connects again by itself. docs/printer-extension.md says what can be asked. */
#ifndef AGENTS_ES_PANEL_H
#define AGENTS_ES_PANEL_H

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/loop.h"

struct panel; /* opaque */

enum { PANEL_LINE_MAX = 1 << 20, PANEL_ASKED_MAX = 64 };

struct panel_options {
	struct loop *loop;  /* borrowed */
	const char *path;   /* borrowed until panel_free */
	int64_t timeout_ms; /* for one answer */
	int64_t backoff_min_ms, backoff_max_ms;
	void (*up)(void *arg);
	void (*changed)(void *arg, const cJSON *event); /* a line with "event" */
	void *arg;
};

struct panel *panel_new(const struct panel_options *options);
void panel_free(struct panel *panel); /* not inside a call back; who asked gets NULL */

/* answer NULL: none in time, or the connection broke. Borrowed. */
typedef void panel_done(void *arg, const cJSON *answer);

/* Sends {"id":…, verb: what}; takes over what. done comes later, never from inside. */
void panel_ask(struct panel *panel, const char *verb, cJSON *what, panel_done *done, void *arg);

#endif
