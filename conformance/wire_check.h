/* wire_check.h: what the rules of wire.h share; for wire*.c alone. */
#ifndef CONFORMANCE_WIRE_CHECK_H
#define CONFORMANCE_WIRE_CHECK_H

#include "conformance/packet.h"
#include "conformance/tlsrecord.h"
#include "conformance/wire.h"

enum { PORT_DNS = 53, PORT_SNMP = 161, PORT_HTTPS = 443, PORT_ENPC = 3289 };

/* Both sides of a TCP connection as TLS. */
struct tls_view {
	struct tls_stream client, server;
};

/* What a breach is about. Told once a rule. */
struct wire_matter {
	uint32_t peer;
	int protocol; /* of IPv4; an ethertype if it is none */
	int port;     /* or whatever tells matters of one peer apart */
};

struct wire_check {
	const struct capture *capture;
	const struct flow_table *flows;
	const struct wire_policy *policy;
	struct wire_facts *facts;
	const struct tls_view *views; /* by index of the flow; zero where nothing was sent */
	wire_sink *sink;
	void *arg;

	const struct wire_rule *rule; /* that is being checked */
	struct wire_matter told[WIRE_BREACHES_MAX];
	size_t told_count;
};

/* The agent's row of NET-1..8 and its name. enpc and snmp are NULL where the table has no row. */
struct wire_party {
	const char *name, *https, *mqtt, *snmp, *enpc;
};
const struct wire_party *wire_party(const struct wire_check *check);

/* A service that is declared for UDP to printers. */
struct wire_service {
	uint16_t port;
	const char *name;
	bool (*speaks)(const uint8_t *data, size_t size);
	const char *requirement;
};
/* The one at this port that the agent's table declares, NULL if there is none. */
bool wire_service(const struct wire_check *check, uint16_t port, struct wire_service *service);

bool wire_is_designated(const struct wire_check *check, uint32_t address);
bool wire_is_stranger(const struct wire_check *check,
		      uint32_t address); /* a printer, not designated */
bool wire_is_broadcast(const struct wire_check *check, uint32_t address);
bool wire_is_cloud_flow(const struct wire_check *check, const struct flow *flow); /* TCP 443 */
bool wire_is_dns_flow(const struct wire_check *check, const struct flow *flow);
bool wire_is_probe(const uint8_t *data, size_t size); /* ENPC "who is there" */
bool wire_speaks_dns(const uint8_t *data, size_t size);

/* "TCP 10.16.0.9:9100 (raw printing)" */
struct wire_place {
	char text[80];
};
struct wire_place wire_place(int protocol, uint32_t address, uint16_t port);

/* Tells a breach of the rule in hand; requirement NULL: that of the rule or the agent's row for
 * HTTPS. The text becomes "<what>: <found>, expected <expected>". */
struct wire_finding {
	struct wire_matter matter;
	const char *requirement;
	uint64_t frame;
	const char *what, *expected;
};
void wire_tell(struct wire_check *check, const struct wire_finding *finding, const char *found, ...)
	__attribute__((format(printf, 3, 4)));

void wire_check_ports(struct wire_check *check);
void wire_check_designated(struct wire_check *check);
void wire_check_inbound(struct wire_check *check);
void wire_check_protocols(struct wire_check *check);
void wire_check_tls(struct wire_check *check);
void wire_check_versions(struct wire_check *check);

#endif
