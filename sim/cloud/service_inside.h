/* service_inside.h: one request on its way through the rules; for service*.c alone. */
#ifndef SIM_CLOUD_SERVICE_INSIDE_H
#define SIM_CLOUD_SERVICE_INSIDE_H

#include "sim/cloud/message.h"
#include "sim/cloud/service.h"

struct visit {
	struct service *service;
	uint64_t connection;
	const struct http_request *request;
	struct http_response *response;
	char agent[SERVICE_NAME_MAX]; /* named by the path */
	char user[SERVICE_NAME_MAX];  /* logged in */
	bool stored;
};

struct route {
	const char *method;
	const char *tail; /* after /v1/agents/{agent}, or the whole path */
	bool of_agent;
	void (*answer)(struct visit *visit);
	/* Tells why a visit is refused; NULL: the response says enough. */
	void (*refused)(struct visit *visit, int status, const char *why);
};

/* body is taken over. */
void service_answer_json(struct http_response *response, int status, json_t *body);

/* route NULL: the refusal is not about what the visit brings. */
void service_turn_down(struct visit *visit, const struct route *route, int status, const char *why);

/* The body of a message, checked; caller owns. NULL: refused already. */
json_t *service_read_message(struct visit *visit, const struct route *route,
			     enum message_kind kind);

extern const struct route service_route_configuration, service_route_applied;

#endif
