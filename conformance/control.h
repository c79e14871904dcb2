/* control.h: the unix socket by which a living fleet is asked: one JSON line in, one JSON line out,
 * again and again. Answered or refused, never hanging: lines, answers, connections and silence are
 * limited. */
#ifndef CONFORMANCE_CONTROL_H
#define CONFORMANCE_CONTROL_H

#include <jansson.h>

#include "base/error.h"
#include "base/loop.h"
#include "conformance/request.h"

struct control; /* opaque */

/* $ECSP_CONTROL, $XDG_RUNTIME_DIR/ecsp.sock, or a name in /tmp that belongs to this user. Caller
 * frees. */
char *control_default_path(void);

/* Listens at path, which only this user may use. A socket that a fleet no longer alive left there
 * is replaced; -EADDRINUSE while one is alive. to is borrowed, and looked at when asked. */
struct control *control_new(struct loop *loop, const char *path, const struct request_to *to,
			    struct error *err);
void control_free(struct control *control); /* removes the socket file; NULL is fine */

/* Asks the fleet at path and waits at most 30 s. NULL with a sentence when nobody answers or the
 * answer is a refusal. Caller owns the answer. */
json_t *control_ask(const char *path, const json_t *request, struct error *err);

/* "name=value" words as an object: values that are JSON keep their type, others are texts. Caller
 * owns; NULL on a mistake. */
json_t *control_pairs(char *const *words, int count, struct error *err);

#endif
