/* request.h: what can be asked of a living fleet, and the answer: JSON in, JSON out, no sockets.
 *
 *	{"ask": "set", "name": "lobby-3", "values": {"ink.K": 8}}
 *	{"ask": "do", "name": "lobby-*", "action": "jam", "parameters": {}}
 *	{"ask": "fault", "name": "lobby-3", "fault": "printer.delay", "parameters": {"ms": 500}}
 *	{"ask": "clear", "name": "lobby-3"}
 *	{"ask": "state", "name": "lobby-3"}
 *	{"ask": "about"}
 *
 * name is a printer's, a pattern of names (fnmatch), or "cloud" for its faults and actions. The
 * answer is {"printers": [...]} with names (state: with the truth about each; cloud: with what the
 * action made, such as the id of a command; its state: census.h), or {"error": "..."}. about:
 *{"about": {"pid": 4711, "network": true, "environment": {"ECSP_API": "https://…"}}}; network: it
 *has one of its own. */
#ifndef CONFORMANCE_REQUEST_H
#define CONFORMANCE_REQUEST_H

#include <jansson.h>
#include <stddef.h>

#include "conformance/live.h"

struct cloud;

struct request_to {
	struct live *live;
	struct cloud *cloud;   /* NULL: this world has none */
	struct census *census; /* of the cloud; NULL: nobody counts */
	json_t *about;         /* NULL: it is not to be entered */
};

enum { REQUEST_MAX = 65536 }; /* bytes of a request's text */

/* Caller owns the answer. Never NULL. */
json_t *request_answer(const struct request_to *to, const char *text, size_t size);

#endif
