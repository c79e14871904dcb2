/* service.h: the rules of the ECSP server: who may do what, what is accepted, what is answered.
 * Structs in, structs out; knows neither sockets nor faults. */
#ifndef SIM_CLOUD_SERVICE_H
#define SIM_CLOUD_SERVICE_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "sim/cloud/cloud.h"
#include "sim/cloud/http.h"
#include "sim/cloud/store.h"
#include "sim/tap.h"

enum { SERVICE_NAME_MAX = 65 };

/* So many requests of one agent in so long a time; more are answered 429. */
struct service_limit {
	int64_t requests; /* 0: no limit */
	int64_t per_ms;
	int64_t began_ms; /* the window that is counted */
	json_t *used;     /* owned; agent: requests in it */
};

struct service {
	struct tap *tap; /* borrowed, as all here */
	struct store *store;
	const char *certificate; /* PEM answered to GET /v1/certificate */
	const char *region;      /* whose server this is; "" unless there are several */
	struct service_limit limit;
};

/* Agent ids become parts of paths and topics: letters, digits, dot, dash, underscore, 1 to 64. */
bool service_is_name(const char *text);

/* The user a request claims to be (Basic), "" if none. */
void service_user(const struct http_request *request, char user[SERVICE_NAME_MAX]);

/* Answers a request. Returns true when an upload was stored or found stored: then the answer is an
 * acknowledgement. */
bool service_answer(struct service *service, uint64_t connection,
		    const struct http_request *request, struct http_response *response);

/* An answer in the contract's words: {"error": …, "detail": …}. */
void service_refuse(struct http_response *response, int status, const char *detail);

/* requests 0: no limit, and nothing is held any more. */
void service_limit(struct service *service, int64_t requests, int64_t per_ms);

/* Counts a request of a user who logged in: 0, or how long until the next is taken. */
int64_t service_wait_ms(struct service *service, const char *user);

/* A new secret; the old one holds so long beside it. */
int service_rotate(struct service *service, const char *agent, const char *secret,
		   int64_t overlap_ms, struct error *err);

/* No secret of the agent holds any more; or again. */
int service_revoke(struct service *service, const char *agent, bool revoked, struct error *err);

/* Members of a configuration that are to be otherwise from now on; the rest stays, the version
 * grows by one unless the change says another. */
int service_configure(struct service *service, const char *agent, const json_t *change,
		      struct error *err);
/* The bytes as they stand, sound or not: what an agent makes of them is a test. */
int service_configure_as_told(struct service *service, const char *agent, const char *document,
			      struct error *err);

/* A line in the audit log; who is "" for strangers. */
void service_note(struct service *service, const char *who, const char *what, const char *about,
		  const char *outcome);

/* A support user asks. On success `body` is the command to publish (owned by the caller). */
int service_command(struct service *service, const struct command *command, char id[40],
		    json_t **body, struct error *err);

/* An agent's result arrived by MQTT; stored, or told to be refused. */
void service_result(struct service *service, uint64_t connection, const char *agent,
		    const void *data, size_t size);

#endif
