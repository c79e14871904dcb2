/* cloud.h: the simulated ECSP server: HTTPS and MQTT behind one TLS port, correct by default and
 * faulty on request. Needs a listening socket and a loop; knows nothing of printers. */
#ifndef SIM_CLOUD_CLOUD_H
#define SIM_CLOUD_CLOUD_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/loop.h"
#include "base/verb.h"
#include "sim/tap.h"

struct cloud; /* opaque */

/* One piece of plaintext as the cloud read or wrote it inside TLS. */
struct plaintext {
	const char *protocol; /* "http", "http2" or "mqtt" */
	bool from_agent;
	uint32_t agent_address, cloud_address; /* host order */
	uint16_t agent_port, cloud_port;
	const uint8_t *data; /* borrowed */
	size_t size;
};

struct cloud_options {
	struct loop *loop;      /* borrowed */
	struct tap *tap;        /* tls.*, http.*, mqtt.*, upload.*, command.*, fault.reached */
	const char *store_path; /* SQLite file; ":memory:" allowed */
	/* Of region_names; each has the file store_path.NAME beside the one of the rest. NULL:
	 * there are no regions. */
	const char *const *regions;
	uint64_t request_ms; /* in which an HTTP request must be complete; 0: 30 s */
	void (*plaintext)(void *arg, const struct plaintext *piece); /* may be NULL */
	void (*secret)(void *arg, const char *keylog_line); /* NSS key log line; may be NULL */
	void *arg;
};

struct cloud *cloud_new(const struct cloud_options *options, struct error *err);
void cloud_free(struct cloud *cloud);

/* Regions that a cloud can have, NULL-terminated: "eu" answers as api.eu.ecsp.example. */
extern const char *const region_names[];
/* "api.eu.ecsp.example" of "api" and "eu"; region NULL or "": "api.ecsp.example". Caller frees. */
char *region_host(const char *label, const char *region);

/* Serves a bound, listening TCP socket (taken over, made non-blocking). */
int cloud_listen(struct cloud *cloud, int fd, struct error *err);

/* PEM of the authority that signed the HTTPS names: what goes into ECSP_CA. Borrowed. MQTT names
 * are signed by another authority, which GET /v1/certificate hands out. */
const char *cloud_ca(const struct cloud *cloud);

/* Who may log in. type: "dc", "es", "mobile", "pc". */
int cloud_add_agent(struct cloud *cloud, const char *id, const char *secret, const char *type,
		    struct error *err);

/* The same in a region of this cloud ("": in none). What an agent brings and what is done about it
 * stays there. -EEXIST: the id is one of another region. */
int cloud_add_region_agent(struct cloud *cloud, const char *region, const char *id,
			   const char *secret, const char *type, struct error *err);
int cloud_add_region_user(struct cloud *cloud, const char *region, const char *user,
			  const char *const *serials, struct error *err);

/* A support user and the serials in his charge (REM-5, REM-6); NULL-terminated. */
int cloud_add_support_user(struct cloud *cloud, const char *user, const char *const *serials,
			   struct error *err);

/* Tenants see nothing of each other. What was added otherwise is in the tenant "". */
int cloud_set_tenant(struct cloud *cloud, const char *agent, const char *tenant, struct error *err);
int cloud_add_tenant_user(struct cloud *cloud, const char *tenant, const char *user,
			  const char *const *serials, struct error *err);

/* A new secret; the old one holds so long beside it. With 0 the agent's MQTT connection ends. */
int cloud_rotate(struct cloud *cloud, const char *agent, const char *secret, int64_t overlap_ms,
		 struct error *err);

/* revoked: no secret of the agent holds, and its MQTT connection ends; false: they hold again. */
int cloud_revoke(struct cloud *cloud, const char *agent, bool revoked, struct error *err);

/* What an agent is to do (ecsp/README.md, configuration): members that change; the rest stays. */
int cloud_configure(struct cloud *cloud, const char *agent, const json_t *change,
		    struct error *err);
/* The bytes as they stand, sound or not. */
int cloud_configure_as_told(struct cloud *cloud, const char *agent, const char *document,
			    struct error *err);

/* The listener ("https", "mqtt") gets a certificate of another authority, which the agent can know:
 * ECSP_CA holds it beside the first, GET /v1/certificate hands it out from now on. former: it shows
 * the one that was renewed, as a thief of its key would, and the handout stays. The front starts
 * again: connections are reset. */
int cloud_renew(struct cloud *cloud, const char *listener, bool former, struct error *err);

/* So many HTTP requests of each agent in so long a time; more are answered 429 with Retry-After. 0:
 * no limit. */
void cloud_limit(struct cloud *cloud, int64_t requests, int64_t per_ms);

/* A logged-in support user asks for an operation; passed to the agent by MQTT. The service refuses
 * what the user may not do ("command.refused"). unchecked: skip that check, so that an agent's own
 * refusal can be tested. id out: the command id, at most 40 bytes with NUL. */
struct command {
	const char *user, *agent, *serial, *operation;
	int64_t expires_in_ms; /* may be negative: already expired */
	bool unchecked;
};
int cloud_command(struct cloud *cloud, const struct command *command, char id[40],
		  struct error *err);

/* Deliberate faults by name with parameters as a JSON object. Default none.
 * "fault.reached" {fault, connection, …} goes to the tap when one really reached the agent. */
int cloud_fault(struct cloud *cloud, const char *fault, const json_t *parameters,
		struct error *err);
void cloud_fault_clear(struct cloud *cloud, const char *fault); /* NULL: all */
extern const struct verb_list *const cloud_faults[]; /* NULL-terminated: one list a layer */

/* Is the agent connected by MQTT and subscribed to its commands? */
bool cloud_subscribed(const struct cloud *cloud, const char *agent);

#endif
