/* cloud_action.h: what can be asked of the cloud of a living world: a remote command, a fault. */
#ifndef CONFORMANCE_CLOUD_ACTION_H
#define CONFORMANCE_CLOUD_ACTION_H

#include <jansson.h>

#include "base/error.h"
#include "base/verb.h"

struct cloud;

extern const struct verb_list cloud_actions;

/* Carries out a request for "cloud" (see request.h): do, fault or clear. What the action made, the
 * id of a command, is added to rows. */
int cloud_action_ask(struct cloud *cloud, const json_t *request, json_t *rows, struct error *err);

#endif
