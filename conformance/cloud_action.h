/* cloud_action.h: what can be asked of a cloud while it works: a remote command, what its operator
 * does with an agent's account, a fault. Living worlds and scenarios do it by the same table. */
#ifndef CONFORMANCE_CLOUD_ACTION_H
#define CONFORMANCE_CLOUD_ACTION_H

#include <jansson.h>

#include "base/error.h"
#include "base/verb.h"

struct cloud;

extern const struct verb_list cloud_actions;

/* Does one of them; parameters were checked. agent: who is meant where the parameters name none;
 * NULL: then one must be named. What the action made, the id of a command, is added to rows (may be
 * NULL). */
int cloud_action_do(struct cloud *cloud, const char *agent, const char *name,
		    const json_t *parameters, json_t *rows, struct error *err);

/* Carries out a request for "cloud" (see request.h): do, fault or clear. */
int cloud_action_ask(struct cloud *cloud, const json_t *request, json_t *rows, struct error *err);

#endif
