/* wire.h: the standing rules that the agent's packets must keep, and what the packets prove.
 *
 * Every rule is a row of wire_rules: it looks at the whole capture and tells each breach once per
 * destination. A capture without a breach proves nothing by itself: facts say what was seen, so
 * that an agent which sent nothing is inconclusive and not right. Only the agent is judged; what
 * the simulated cloud or a printer sends is never its breach. */
#ifndef CONFORMANCE_WIRE_H
#define CONFORMANCE_WIRE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "conformance/capture.h"
#include "conformance/flow.h"

enum wire_agent { WIRE_DC, WIRE_ES, WIRE_MOBILE, WIRE_PC };

/* A time in which a printer must not be asked although it is designated at another; wall clock in
 * ns, from included, until not. */
struct wire_span {
	uint32_t address;
	int64_t from, until;
};

/* Addresses in host byte order; arrays are borrowed. */
struct wire_policy {
	enum wire_agent agent; /* which of NET-1..8 apply */
	uint32_t resolver;
	uint32_t broadcast; /* of the agent's net; 255.255.255.255 is always one */
	uint32_t cloud_net, cloud_mask;
	const uint32_t *designated; /* printers that the agent may speak to, now or then */
	size_t designated_count;
	const struct wire_span *closed; /* when it may not */
	size_t closed_count;
	const uint32_t *printers; /* all printers of the world, designated or not */
	size_t printer_count;
	bool discovery; /* the scenario says that the agent discovers: ENPC probes by broadcast */
};

enum { WIRE_VERSIONS_MAX = 16, WIRE_BREACHES_MAX = 50 };

/* Numbers of frames are 0 where there is none. Bytes are those of TCP or UDP payload. */
struct wire_facts {
	uint64_t frames, frames_from_agent;
	uint64_t first_frame; /* from the agent */

	/* TCP to port 443 of the cloud. */
	uint64_t connections;                   /* SYN sent */
	uint64_t tls_connections;               /* of them, ClientHello sent */
	uint64_t first_connection, first_hello; /* frames */
	uint64_t bytes;                         /* from the agent, inside TLS records */
	uint64_t bytes_outside;                 /* from the agent, not TLS */
	uint64_t bytes_unseen; /* from the agent, missing in the capture: the rules are blind there
				*/
	uint64_t unfinished;   /* connections that ended inside the first hello */
	uint64_t server_clear; /* connections where the cloud's side was not TLS (its fault) */
	uint16_t offered[WIRE_VERSIONS_MAX]; /* by any hello, ascending */
	size_t offered_count;
	uint16_t negotiated[WIRE_VERSIONS_MAX]; /* ascending */
	size_t negotiated_count;
	uint64_t refused_versions; /* answers below TLS 1.2 that the agent turned down */

	/* Datagrams from the agent. */
	uint64_t snmp, enpc, dns; /* SNMP and ENPC to designated printers, DNS to the resolver */
	uint64_t probes;          /* ENPC probes by broadcast */
	uint64_t first_snmp, first_enpc, first_dns, first_probe;

	uint64_t breaches; /* all, also those beyond WIRE_BREACHES_MAX of a rule */
};

struct wire_check; /* one run of the rules */

struct wire_rule {
	const char *name;        /* "tls-only" */
	const char *title;       /* what must hold, a sentence */
	const char *requirement; /* NULL: the agent's own row of NET-1..8 */
	const char *const
		*also; /* further clauses that the rule stands for, NULL-terminated, or NULL */
	void (*check)(struct wire_check *check);
};

extern const struct wire_rule wire_rules[]; /* ends with name NULL */

struct wire_breach {
	const struct wire_rule *rule;
	const char *requirement; /* "TLS-1" */
	uint64_t frame;          /* the guilty one */
	char text[320];          /* a sentence */
	char expected[128];
	char found[160];
};

typedef void wire_sink(void *arg, const struct wire_breach *breach);

/* Flows of the same capture, so that the caller may use them too. The sink gets at most
 * WIRE_BREACHES_MAX breaches of a rule, each of another destination or connection. */
void wire_check(const struct capture *capture, const struct flow_table *flows,
		const struct wire_policy *policy, struct wire_facts *facts, wire_sink *sink,
		void *arg);

#endif
