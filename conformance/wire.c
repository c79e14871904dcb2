#include "conformance/wire.h"

#include <stdarg.h>
#include <string.h>

#include "base/buf.h"
#include "base/cleanup.h"
#include "base/ipv4.h"
#include "conformance/wire_check.h"

static const char *const encryption[] = { "GEN-2", "SND-4", "REM-8", NULL };
static const char *const versions[] = { "TLS-1", NULL };

const struct wire_rule wire_rules[] = {
	{ "declared-ports", "The agent sends to the declared ports of the declared parties only",
	  NULL, NULL, wire_check_ports },
	{ "designated-only", "The agent speaks to no printer that is not designated", "COL-6", NULL,
	  wire_check_designated },
	{ "tls-only", "Every byte to the cloud lies in TLS, from the first to the last", "TLS-1",
	  encryption, wire_check_tls },
	{ "tls-version", "TLS 1.2 is the lowest version that the agent offers or accepts", "GEN-2",
	  versions, wire_check_versions },
	{ "no-inbound-accept", "The agent accepts no connection from outside", NULL, NULL,
	  wire_check_inbound },
	{ "other-protocols", "The agent sends IPv4, ARP and ICMP errors, nothing else", NULL, NULL,
	  wire_check_protocols },
	{ NULL },
};

static const struct wire_party parties[] = {
	[WIRE_DC] = { "DC Agent", "NET-2", "NET-3", "NET-1", "NET-4" },
	[WIRE_ES] = { "ES Agent", "NET-5", "NET-6", NULL, NULL },
	[WIRE_MOBILE] = { "mobile application", "NET-7", NULL, NULL, NULL },
	[WIRE_PC] = { "PC application", "NET-8", NULL, NULL, NULL },
};

const struct wire_party *wire_party(const struct wire_check *check)
{
	return &parties[check->policy->agent];
}

/* RFC 1157, RFC 3416, RFC 3412: a BER SEQUENCE that begins with the version, 0, 1 or 3. */
static bool speaks_snmp(const uint8_t *data, size_t size)
{
	size_t at = 2;
	if (size < 8 || data[0] != 0x30)
		return false;
	if (data[1] & 0x80)
		at += data[1] & 0x7f;
	return at + 3 <= size && data[at] == 2 && data[at + 1] == 1 && data[at + 2] <= 3;
}

static bool speaks_enpc(const uint8_t *data, size_t size)
{
	return size >= 14 && !memcmp(data, "EPSON", 5) && data[5] >= 'A' && data[5] <= 'Z';
}

/* A broadcast reaches printers that are not designated: it may ask who is there, nothing more. */
bool wire_is_probe(const uint8_t *data, size_t size)
{
	return speaks_enpc(data, size) && data[5] == 'P';
}

/* The end of a name of labels without compression; 0 if it is none. */
static size_t end_of_name(const uint8_t *data, size_t size, size_t at)
{
	while (at < size && data[at]) {
		if (data[at] > 63)
			return 0;
		at += 1u + data[at];
	}
	return at < size ? at + 1 : 0;
}

/* RFC 1035, 4.1: a plain query with one question; RFC 6891: perhaps an OPT record of some bytes. */
bool wire_speaks_dns(const uint8_t *data, size_t size)
{
	if (size < 12 || data[2] & 0xf8 || get_be16(data + 4) != 1 || get_be16(data + 6) ||
	    get_be16(data + 8) || get_be16(data + 10) > 1)
		return false;
	size_t end = end_of_name(data, size, 12);
	size_t extra = get_be16(data + 10) ? 11 + 64 : 0;
	return end && end + 4 <= size && size - end - 4 <= extra;
}

bool wire_service(const struct wire_check *check, uint16_t port, struct wire_service *service)
{
	const struct wire_party *party = wire_party(check);
	const struct wire_service services[] = {
		{ PORT_SNMP, "SNMP", speaks_snmp, party->snmp },
		{ PORT_ENPC, "ENPC", speaks_enpc, party->enpc },
	};
	for (size_t i = 0; i < COUNT_OF(services); i++) {
		if (services[i].port == port && services[i].requirement) {
			*service = services[i];
			return true;
		}
	}
	return false;
}

static bool has_address(const uint32_t *list, size_t count, uint32_t address)
{
	for (size_t i = 0; i < count; i++)
		if (list[i] == address)
			return true;
	return false;
}

bool wire_is_designated(const struct wire_check *check, uint32_t address)
{
	return has_address(check->policy->designated, check->policy->designated_count, address);
}

bool wire_is_stranger(const struct wire_check *check, uint32_t address)
{
	return !wire_is_designated(check, address) &&
	       has_address(check->policy->printers, check->policy->printer_count, address);
}

bool wire_is_broadcast(const struct wire_check *check, uint32_t address)
{
	return address == UINT32_MAX ||
	       (check->policy->broadcast && address == check->policy->broadcast);
}

bool wire_is_cloud_flow(const struct wire_check *check, const struct flow *flow)
{
	const struct wire_policy *policy = check->policy;
	return flow->protocol == FLOW_TCP && flow->peer_port == PORT_HTTPS &&
	       (flow->peer & policy->cloud_mask) == policy->cloud_net;
}

/* Resolvers are asked over TCP too when an answer is long (RFC 7766). */
bool wire_is_dns_flow(const struct wire_check *check, const struct flow *flow)
{
	return flow->peer_port == PORT_DNS && flow->peer == check->policy->resolver;
}

static const char *service_name(uint16_t port)
{
	static const struct {
		uint16_t port;
		const char *name;
	} names[] = {
		{ 53, "DNS" },
		{ 80, "HTTP" },
		{ 123, "NTP" },
		{ 161, "SNMP" },
		{ 162, "SNMP trap" },
		{ 443, "HTTPS" },
		{ 515, "LPD" },
		{ 1883, "MQTT" },
		{ 3289, "ENPC" },
		{ 5353, "mDNS" },
		{ 5355, "LLMNR" },
		{ 8883, "MQTT over SSL" },
		{ 9100, "raw printing" },
	};
	for (size_t i = 0; i < COUNT_OF(names); i++)
		if (names[i].port == port)
			return names[i].name;
	return NULL;
}

struct wire_place wire_place(int protocol, uint32_t address, uint16_t port)
{
	struct wire_place place;
	char text[IPV4_TEXT_MAX];
	const char *name = service_name(port);
	ipv4_format(address, text);
	if (protocol != PACKET_TCP && protocol != PACKET_UDP)
		snprintf(place.text, sizeof(place.text), "IP protocol %d to %s", protocol, text);
	else
		snprintf(place.text, sizeof(place.text), "%s %s:%u%s%s%s",
			 protocol == PACKET_TCP ? "TCP" : "UDP", text, port, name ? " (" : "",
			 name ? name : "", name ? ")" : "");
	return place;
}

/* Remembers the matter; false when it was told before or enough is told. */
static bool is_news(struct wire_check *check, const struct wire_matter *matter)
{
	for (size_t i = 0; i < check->told_count; i++) {
		const struct wire_matter *told = &check->told[i];
		if (told->peer == matter->peer && told->port == matter->port &&
		    told->protocol == matter->protocol)
			return false;
	}
	check->facts->breaches++;
	if (check->told_count == WIRE_BREACHES_MAX)
		return false;
	check->told[check->told_count++] = *matter;
	return true;
}

void wire_tell(struct wire_check *check, const struct wire_finding *finding, const char *found, ...)
{
	if (!is_news(check, &finding->matter))
		return;
	const char *requirement =
		finding->requirement ? finding->requirement : check->rule->requirement;
	struct wire_breach breach = { .rule = check->rule,
				      .requirement =
					      requirement ? requirement : wire_party(check)->https,
				      .frame = finding->frame };
	va_list args;
	va_start(args, found);
	vsnprintf(breach.found, sizeof(breach.found), found, args);
	va_end(args);
	snprintf(breach.expected, sizeof(breach.expected), "%s", finding->expected);
	snprintf(breach.text, sizeof(breach.text), "%s: found %s, expected %s", finding->what,
		 breach.found, breach.expected);
	check->sink(check->arg, &breach);
}

static void count(uint64_t *counter, uint64_t *first, uint64_t frame)
{
	++*counter;
	if (!*first)
		*first = frame;
}

/* Keeps a short ascending set. */
static void add_version(uint16_t *set, size_t *size, uint16_t version)
{
	size_t at = 0;
	while (at < *size && set[at] < version)
		at++;
	if ((at < *size && set[at] == version) || *size == WIRE_VERSIONS_MAX)
		return;
	memmove(set + at + 1, set + at, (*size - at) * sizeof(*set));
	set[at] = version;
	++*size;
}

static void count_tls(struct wire_facts *facts, const struct flow *flow,
		      const struct tls_view *view)
{
	const struct tls_stream *client = &view->client;
	if (flow->opened)
		count(&facts->connections, &facts->first_connection, flow->opened);
	facts->bytes += client->inside;
	facts->bytes_outside += flow->up.whole - client->inside;
	facts->bytes_unseen += flow->up.missing;
	facts->unfinished += client->cut && !client->has_client_hello;
	facts->server_clear += view->server.why != NULL;
	if (view->server.has_server_hello)
		add_version(facts->negotiated, &facts->negotiated_count,
			    view->server.server_version);
	if (!client->has_client_hello)
		return;
	count(&facts->tls_connections, &facts->first_hello, flow_frame_at(&flow->up, 0));
	if (!client->client.has_versions)
		add_version(facts->offered, &facts->offered_count, client->client.legacy_version);
	for (size_t i = 0; i < client->client.version_count; i++)
		add_version(facts->offered, &facts->offered_count, client->client.versions[i]);
}

static void count_datagrams(const struct wire_check *check, const struct flow *flow)
{
	struct wire_facts *facts = check->facts;
	for (size_t i = 0; i < flow->up.range_count; i++) {
		const struct flow_range *range = &flow->up.ranges[i];
		struct wire_service service;
		if (wire_is_dns_flow(check, flow))
			count(&facts->dns, &facts->first_dns, range->frame);
		else if (wire_is_broadcast(check, flow->peer) && flow->peer_port == PORT_ENPC)
			count(&facts->probes, &facts->first_probe, range->frame);
		else if (!wire_is_designated(check, flow->peer) ||
			 !wire_service(check, flow->peer_port, &service))
			continue;
		else if (service.port == PORT_SNMP)
			count(&facts->snmp, &facts->first_snmp, range->frame);
		else
			count(&facts->enpc, &facts->first_enpc, range->frame);
	}
}

static void count_facts(const struct wire_check *check)
{
	struct wire_facts *facts = check->facts;
	*facts = (struct wire_facts){ .frames = check->capture->frame_count };
	for (size_t i = 0; i < check->capture->frame_count; i++)
		if (check->capture->frames[i].from_agent)
			count(&facts->frames_from_agent, &facts->first_frame,
			      check->capture->frames[i].number);
	for (size_t i = 0; i < check->flows->count; i++) {
		const struct flow *flow = &check->flows->flows[i];
		if (wire_is_cloud_flow(check, flow))
			count_tls(facts, flow, &check->views[i]);
		else if (flow->protocol == FLOW_UDP)
			count_datagrams(check, flow);
	}
}

/* Behind a gap no record boundary is known, so only what lies before it is read. */
static struct tls_view *read_views(const struct flow_table *flows)
{
	struct tls_view *views = alloc_zero(flows->count, sizeof(*views));
	for (size_t i = 0; i < flows->count; i++) {
		const struct flow *flow = &flows->flows[i];
		if (flow->protocol != FLOW_TCP)
			continue;
		tls_stream_read(&views[i].client, flow->up.data, flow->up.whole);
		tls_stream_read(&views[i].server, flow->down.data, flow->down.whole);
	}
	return views;
}

void wire_check(const struct capture *capture, const struct flow_table *flows,
		const struct wire_policy *policy, struct wire_facts *facts, wire_sink *sink,
		void *arg)
{
	AUTO_FREE struct tls_view *views = read_views(flows);
	struct wire_check check = { .capture = capture,
				    .flows = flows,
				    .policy = policy,
				    .facts = facts,
				    .views = views,
				    .sink = sink,
				    .arg = arg };
	count_facts(&check);
	for (check.rule = wire_rules; check.rule->name; check.rule++) {
		check.told_count = 0;
		check.rule->check(&check);
	}
}
