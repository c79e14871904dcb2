#include "conformance/wire.h"

#include "base/cleanup.h"
#include "base/test.h"
#include "conformance/capture_fixture.h"

static const uint32_t designated[] = { FIXTURE_PRINTER };
static const uint32_t printers[] = { FIXTURE_PRINTER, FIXTURE_STRANGER };
static const uint16_t modern[] = { 0x0304, 0x0303 };
static const char get_request[] = "\x30\x26\x02\x01\x01\x04\x06public\xa0\x19";
static const char probe[] = "EPSONP\x00\xff\x00\x00\x00\x00\x00\x00";
static const char query[] = "EPSONQ\x02\x00\x00\x10\x00\x00\x00\x00";
static const char question[] = "\x12\x34\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00"
			       "\x03"
			       "api\x04"
			       "ecsp\x07"
			       "example\x00\x00\x01\x00\x01";

struct outcome {
	struct wire_facts facts;
	struct wire_breach breaches[64];
	size_t count;
};

static void keep(void *arg, const struct wire_breach *breach)
{
	struct outcome *outcome = arg;
	if (outcome->count < COUNT_OF(outcome->breaches))
		outcome->breaches[outcome->count++] = *breach;
}

static struct wire_policy policy_of(enum wire_agent agent, bool discovery)
{
	return (struct wire_policy){ .agent = agent,
				     .resolver = FIXTURE_RESOLVER,
				     .broadcast = FIXTURE_NET_ALL,
				     .cloud_net = 0xc6336400u,
				     .cloud_mask = 0xffffff00u,
				     .designated = designated,
				     .designated_count = 1,
				     .printers = printers,
				     .printer_count = 2,
				     .discovery = discovery };
}

static struct outcome judge(struct buf *file, const struct wire_policy *policy)
{
	struct outcome outcome = { 0 };
	struct capture capture;
	struct error err = { 0 };
	ck_assert_msg(!capture_init(&capture, file->data, file->size, &err), "%s", err.text);
	struct flow_table *flows = flow_table_new(&capture);
	wire_check(&capture, flows, policy, &outcome.facts, keep, &outcome);
	flow_table_free(flows);
	capture_done(&capture);
	buf_done(file);
	return outcome;
}

static void udp(struct buf *file, uint32_t to, uint16_t port, const char *data, size_t size)
{
	struct fixture_ends ends = { true, to, 50000, port };
	fixture_udp(file, &ends, data, size);
}

/* A connection to port 443 of the cloud: hello (legacy, versions), answer, some data. */
struct tls_scene {
	uint16_t legacy;
	uint16_t versions[4];
	size_t count;
	uint16_t answer; /* 0: none */
	const char *then;
	size_t then_size;
};

static void connect_tls(struct buf *file, uint16_t port, const struct tls_scene *scene)
{
	struct buf up, down;
	struct fixture_ends ends = { true, FIXTURE_CLOUD, port, 443 };
	buf_init(&up, 8192);
	buf_init(&down, 8192);
	fixture_client_hello(&up, scene->legacy, scene->versions, scene->count);
	buf_add(&up, scene->then, scene->then_size);
	if (scene->answer)
		fixture_server_hello(&down, scene->answer < 0x0303 ? scene->answer : 0x0303,
				     scene->answer > 0x0303 ? scene->answer : 0);
	fixture_connection(file, &ends, &up, &down);
	buf_done(&up);
	buf_done(&down);
}

#define RECORD                                                                                     \
	"\x17\x03\x03\x00\x04"                                                                     \
	"abcd"
static const struct tls_scene good = { 0x0303, { 0x0304, 0x0303 }, 2, 0x0304, RECORD, 9 };

static void raw(struct buf *file, uint16_t type, uint8_t protocol, uint32_t to, const char *data,
		size_t size)
{
	struct buf frame;
	struct fixture_ends ends = { true, to, 0, 0 };
	fixture_ipv4(&frame, &ends, protocol, size);
	put_be16(frame.data + 12, type);
	buf_add(&frame, data, size);
	fixture_packet(file, 0, true, frame.data, frame.size);
	buf_done(&frame);
}

static void stream(struct buf *file, uint32_t to, uint16_t port, const char *text)
{
	struct buf up, down;
	struct fixture_ends ends = { true, to, 41000, port };
	buf_init(&up, 8192);
	buf_init(&down, 8192);
	buf_add_text(&up, text);
	fixture_connection(file, &ends, &up, &down);
	buf_done(&up);
	buf_done(&down);
}

START_TEST(what_a_right_dc_agent_does_breaks_no_rule_and_is_counted)
{
	struct buf file;
	struct wire_policy policy = policy_of(WIRE_DC, true);
	fixture_init(&file);
	raw(&file, 0x0806, 0, FIXTURE_GATEWAY, "", 0);
	udp(&file, FIXTURE_RESOLVER, 53, question, sizeof(question) - 1);
	udp(&file, UINT32_MAX, 3289, probe, 14);
	udp(&file, FIXTURE_NET_ALL, 3289, probe, 14);
	udp(&file, FIXTURE_PRINTER, 161, get_request, sizeof(get_request) - 1);
	udp(&file, FIXTURE_PRINTER, 161, get_request, sizeof(get_request) - 1);
	udp(&file, FIXTURE_PRINTER, 3289, query, 14);
	raw(&file, 0x0800, 1, FIXTURE_STRANGER, "\x03\x03\0\0\0\0\0\0", 8);
	connect_tls(&file, 40000, &good);
	struct outcome o = judge(&file, &policy);
	ck_assert_msg(o.count == 0, "%s", o.breaches[0].text);
	ck_assert_uint_eq(o.facts.breaches, 0);
	ck_assert_uint_eq(o.facts.frames, 12);
	ck_assert_uint_eq(o.facts.frames_from_agent, 10);
	ck_assert_uint_eq(o.facts.first_frame, 1);
	ck_assert_uint_eq(o.facts.dns, 1);
	ck_assert_uint_eq(o.facts.probes, 2);
	ck_assert_uint_eq(o.facts.first_probe, 3);
	ck_assert_uint_eq(o.facts.snmp, 2);
	ck_assert_uint_eq(o.facts.first_snmp, 5);
	ck_assert_uint_eq(o.facts.enpc, 1);
	ck_assert_uint_eq(o.facts.connections, 1);
	ck_assert_uint_eq(o.facts.tls_connections, 1);
	ck_assert_uint_eq(o.facts.first_connection, 9);
	ck_assert_uint_eq(o.facts.first_hello, 11);
	ck_assert_uint_gt(o.facts.bytes, 90);
	ck_assert_uint_eq(o.facts.bytes_outside, 0);
	ck_assert_uint_eq(o.facts.offered_count, 2);
	ck_assert_uint_eq(o.facts.offered[0], 0x0303);
	ck_assert_uint_eq(o.facts.negotiated_count, 1);
	ck_assert_uint_eq(o.facts.negotiated[0], 0x0304);
}
END_TEST

START_TEST(an_agent_that_sent_nothing_has_no_facts)
{
	struct buf file;
	struct wire_policy policy = policy_of(WIRE_DC, false);
	struct fixture_ends in = { false, FIXTURE_PRINTER, 50000, 161 };
	fixture_init(&file);
	fixture_udp(&file, &in, "late", 4);
	struct outcome o = judge(&file, &policy);
	ck_assert_uint_eq(o.count, 0);
	ck_assert_uint_eq(o.facts.frames, 1);
	ck_assert_uint_eq(o.facts.frames_from_agent, 0);
	ck_assert_uint_eq(o.facts.connections, 0);
	ck_assert_uint_eq(o.facts.bytes, 0);
}
END_TEST

/* Each row sends one thing after four frames of nothing wrong, and names the breach it must be. */
struct row {
	const char *name;
	enum wire_agent agent;
	bool discovery;
	void (*send)(struct buf *file);
	const char *rule; /* NULL: none */
	const char *requirement;
	uint64_t frame;
};

static void send_http(struct buf *f)
{
	stream(f, FIXTURE_CLOUD, 80, "");
}
static void send_clear_443(struct buf *f)
{
	stream(f, FIXTURE_CLOUD, 443, "GET / HTTP/1.1\r\n\r\n");
}
static void send_silent_443(struct buf *f)
{
	stream(f, FIXTURE_CLOUD, 443, "");
}
static void send_443_elsewhere(struct buf *f)
{
	stream(f, 0x0a200001, 443, "");
}
static void send_mqtt_8883(struct buf *f)
{
	stream(f, FIXTURE_CLOUD, 8883, "");
}
static void send_print_job(struct buf *f)
{
	stream(f, FIXTURE_PRINTER, 9100, "");
}
static void send_dns_tcp(struct buf *f)
{
	stream(f, FIXTURE_RESOLVER, 53, "\x01\x02");
}
static void send_dns_elsewhere(struct buf *f)
{
	udp(f, 0x08080808, 53, question, sizeof(question) - 1);
}
static void send_not_dns(struct buf *f)
{
	udp(f, FIXTURE_RESOLVER, 53, "hello", 5);
}
static void send_quic(struct buf *f)
{
	udp(f, FIXTURE_CLOUD, 443, "\xc0", 1);
}
static void send_mdns(struct buf *f)
{
	udp(f, 0xe00000fb, 5353, question, sizeof(question) - 1);
}
static void send_trap(struct buf *f)
{
	udp(f, FIXTURE_PRINTER, 162, get_request, sizeof(get_request) - 1);
}
static void send_snmp(struct buf *f)
{
	udp(f, FIXTURE_PRINTER, 161, get_request, sizeof(get_request) - 1);
}
static void send_not_snmp(struct buf *f)
{
	udp(f, FIXTURE_PRINTER, 161, "GET / HTTP/1.1", 14);
}
static void send_not_enpc(struct buf *f)
{
	udp(f, FIXTURE_PRINTER, 3289, "epsonQ__________", 16);
}
static void send_snmp_stranger(struct buf *f)
{
	udp(f, FIXTURE_STRANGER, 161, get_request, sizeof(get_request) - 1);
}
static void send_snmp_absent(struct buf *f)
{
	udp(f, 0x0a100063, 161, get_request, sizeof(get_request) - 1);
}
static void send_enpc_stranger(struct buf *f)
{
	udp(f, FIXTURE_STRANGER, 3289, probe, 14);
}
static void send_probe(struct buf *f)
{
	udp(f, UINT32_MAX, 3289, probe, 14);
}
static void send_query_all(struct buf *f)
{
	udp(f, UINT32_MAX, 3289, query, 14);
}
static void send_snmp_all(struct buf *f)
{
	udp(f, FIXTURE_NET_ALL, 161, get_request, sizeof(get_request) - 1);
}
static void send_ping_stranger(struct buf *f)
{
	raw(f, 0x0800, 1, FIXTURE_STRANGER, "\x08\0\0\0\0\0\0\0", 8);
}
static void send_ping(struct buf *f)
{
	raw(f, 0x0800, 1, FIXTURE_PRINTER, "\x08\0\0\0\0\0\0\0", 8);
}
static void send_unreachable(struct buf *f)
{
	raw(f, 0x0800, 1, FIXTURE_STRANGER, "\x03\x03\0\0\0\0\0\0", 8);
}
static void send_ipv6(struct buf *f)
{
	raw(f, 0x86dd, 58, 0, "", 0);
}
static void send_igmp(struct buf *f)
{
	raw(f, 0x0800, 2, 0xe0000016, "\x22\0\0\0\0\0\0\0", 8);
}
static void send_cut(struct buf *f)
{
	raw(f, 0x0800, 17, FIXTURE_PRINTER, "\x00", 1);
}
static void send_fragment(struct buf *f)
{
	struct buf frame;
	struct fixture_ends ends = { true, FIXTURE_PRINTER, 0, 0 };
	fixture_ipv4(&frame, &ends, 17, 8);
	put_be16(frame.data + 20, 5);
	buf_add_zero(&frame, 8);
	fixture_packet(f, 0, true, frame.data, frame.size);
	buf_done(&frame);
}
static void be_asked(struct buf *f, uint8_t flags)
{
	struct fixture_ends in = { false, FIXTURE_GATEWAY, 8080, 33333 }, out = in;
	out.from_agent = true;
	fixture_tcp(f, &in, FIXTURE_SYN, 1, "", 0);
	fixture_tcp(f, &out, flags, 1, "", 0);
}
static void send_accept(struct buf *f)
{
	be_asked(f, FIXTURE_SYN | FIXTURE_ACK);
}
static void send_refusal(struct buf *f)
{
	be_asked(f, FIXTURE_RST | FIXTURE_ACK);
}
static void send_hello(struct buf *f, const struct tls_scene *scene)
{
	connect_tls(f, 41000, scene);
}
static void send_tls_then_clear(struct buf *f)
{
	send_hello(f, &(struct tls_scene){ 0x0303, { 0x0303 }, 1, 0x0303, RECORD "GET /", 14 });
}
static void send_old_legacy(struct buf *f)
{
	send_hello(f, &(struct tls_scene){ 0x0302, { 0 }, 0, 0, "", 0 });
}
static void send_old_offer(struct buf *f)
{
	send_hello(f, &(struct tls_scene){ 0x0303, { 0x0304, 0x0303, 0x0301 }, 3, 0, "", 0 });
}
static void send_odd_legacy(struct buf *f)
{
	send_hello(f, &(struct tls_scene){ 0x0304, { 0x0304 }, 1, 0, "", 0 });
}
static void send_tls12(struct buf *f)
{
	send_hello(f, &(struct tls_scene){ 0x0303, { 0 }, 0, 0x0303, RECORD, 9 });
}
static void send_old_accepted(struct buf *f)
{
	send_hello(f, &(struct tls_scene){ 0x0303, { 0x0303 }, 1, 0x0302, RECORD, 9 });
}
static void send_old_refused(struct buf *f)
{
	send_hello(f, &(struct tls_scene){
			      0x0303, { 0x0303 }, 1, 0x0302, "\x15\x03\x03\x00\x02\x02\x46", 7 });
}
static void send_other_retransmit(struct buf *f)
{
	struct fixture_ends ends = { true, FIXTURE_CLOUD, 41000, 443 };
	send_hello(f, &good);
	fixture_tcp(f, &ends, FIXTURE_ACK, 1000, "secret in clear", 15);
}
static void send_server_clear(struct buf *f)
{
	struct fixture_ends ends = { false, FIXTURE_CLOUD, 41000, 443 };
	send_hello(f, &(struct tls_scene){ 0x0303, { 0x0303 }, 1, 0, "", 0 });
	fixture_tcp(f, &ends, FIXTURE_ACK, 5000, "HTTP/1.1 400\r\n", 14);
}

static const struct row rows[] = {
	{ "HTTP on 80", WIRE_DC, false, send_http, "declared-ports", "NET-2", 5 },
	{ "HTTP on 80, ES", WIRE_ES, false, send_http, "declared-ports", "NET-5", 5 },
	{ "HTTP on 80, mobile", WIRE_MOBILE, false, send_http, "declared-ports", "NET-7", 5 },
	{ "HTTP on 80, PC", WIRE_PC, false, send_http, "declared-ports", "NET-8", 5 },
	{ "443 elsewhere", WIRE_DC, false, send_443_elsewhere, "declared-ports", "NET-2", 5 },
	{ "MQTT at its own port", WIRE_DC, false, send_mqtt_8883, "declared-ports", "NET-3", 5 },
	{ "of an ES Agent", WIRE_ES, false, send_mqtt_8883, "declared-ports", "NET-6", 5 },
	{ "of who has none", WIRE_PC, false, send_mqtt_8883, "declared-ports", "NET-8", 5 },
	{ "a print job", WIRE_DC, false, send_print_job, "declared-ports", "NET-2", 5 },
	{ "DNS over TCP", WIRE_DC, false, send_dns_tcp, NULL, NULL, 0 },
	{ "another resolver", WIRE_DC, false, send_dns_elsewhere, "declared-ports", "NET-1", 5 },
	{ "no DNS on 53", WIRE_DC, false, send_not_dns, "declared-ports", "NET-2", 5 },
	{ "QUIC", WIRE_ES, false, send_quic, "declared-ports", "NET-5", 5 },
	{ "mDNS", WIRE_DC, true, send_mdns, "declared-ports", "NET-1", 5 },
	{ "an SNMP trap", WIRE_DC, false, send_trap, "declared-ports", "NET-1", 5 },
	{ "SNMP by DC", WIRE_DC, false, send_snmp, NULL, NULL, 0 },
	{ "SNMP by ES", WIRE_ES, false, send_snmp, "declared-ports", "NET-5", 5 },
	{ "HTTP on 161", WIRE_DC, false, send_not_snmp, "declared-ports", "NET-1", 5 },
	{ "no ENPC on 3289", WIRE_DC, false, send_not_enpc, "declared-ports", "NET-4", 5 },
	{ "lost fragment", WIRE_DC, false, send_fragment, "declared-ports", "NET-2", 5 },
	{ "SNMP to a stranger", WIRE_DC, true, send_snmp_stranger, "designated-only", "COL-6", 5 },
	{ "SNMP to nobody", WIRE_DC, true, send_snmp_absent, "designated-only", "COL-6", 5 },
	{ "ENPC to a stranger", WIRE_DC, true, send_enpc_stranger, "designated-only", "COL-6", 5 },
	{ "probe, discovering", WIRE_DC, true, send_probe, NULL, NULL, 0 },
	{ "probe, not discovering", WIRE_DC, false, send_probe, "designated-only", "COL-6", 5 },
	{ "query to all", WIRE_DC, true, send_query_all, "designated-only", "COL-6", 5 },
	{ "SNMP to all", WIRE_DC, true, send_snmp_all, "designated-only", "COL-6", 5 },
	{ "ping a stranger", WIRE_DC, true, send_ping_stranger, "designated-only", "COL-6", 5 },
	{ "ping", WIRE_DC, true, send_ping, "other-protocols", "NET-2", 5 },
	{ "ICMP error", WIRE_DC, false, send_unreachable, NULL, NULL, 0 },
	{ "IPv6", WIRE_DC, false, send_ipv6, "other-protocols", "NET-2", 5 },
	{ "IGMP", WIRE_DC, false, send_igmp, "other-protocols", "NET-2", 5 },
	{ "malformed", WIRE_DC, false, send_cut, "other-protocols", "NET-2", 5 },
	{ "accepting", WIRE_DC, false, send_accept, "no-inbound-accept", "NET-2", 6 },
	{ "refusing", WIRE_DC, false, send_refusal, NULL, NULL, 0 },
	{ "clear text on 443", WIRE_DC, false, send_clear_443, "tls-only", "TLS-1", 7 },
	{ "SYN alone", WIRE_DC, false, send_silent_443, NULL, NULL, 0 },
	{ "clear after TLS", WIRE_DC, false, send_tls_then_clear, "tls-only", "TLS-1", 7 },
	{ "other retransmit", WIRE_DC, false, send_other_retransmit, "tls-only", "TLS-1", 9 },
	{ "clear server", WIRE_DC, false, send_server_clear, NULL, NULL, 0 },
	{ "old legacy version", WIRE_DC, false, send_old_legacy, "tls-version", "GEN-2", 7 },
	{ "old version offered", WIRE_DC, false, send_old_offer, "tls-version", "GEN-2", 7 },
	{ "odd legacy version", WIRE_DC, false, send_odd_legacy, "tls-version", "GEN-2", 7 },
	{ "TLS 1.2", WIRE_DC, false, send_tls12, NULL, NULL, 0 },
	{ "old version accepted", WIRE_DC, false, send_old_accepted, "tls-version", "GEN-2", 7 },
	{ "old version refused", WIRE_DC, false, send_old_refused, NULL, NULL, 0 },
};

static bool has_breach(const struct outcome *o, const struct row *row)
{
	for (size_t i = 0; i < o->count; i++)
		if (!strcmp(o->breaches[i].rule->name, row->rule) &&
		    !strcmp(o->breaches[i].requirement, row->requirement) &&
		    o->breaches[i].frame == row->frame)
			return true;
	return false;
}

START_TEST(each_rule_finds_its_breach_and_nothing_else)
{
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		const struct row *row = &rows[i];
		struct wire_policy policy = policy_of(row->agent, row->discovery);
		struct buf file;
		fixture_init(&file);
		connect_tls(&file, 40000, &good);
		row->send(&file);
		struct outcome o = judge(&file, &policy);
		if (!row->rule)
			ck_assert_msg(!o.count, "%s: %s", row->name, o.breaches[0].text);
		else
			ck_assert_msg(has_breach(&o, row), "%s: %s frame %d: %s", row->name,
				      o.count ? o.breaches[0].rule->name : "none",
				      o.count ? (int)o.breaches[0].frame : 0,
				      o.count ? o.breaches[0].text : "");
		/* A ping to a stranger is wrong twice: whom it is for, and what it is. */
		size_t most = row->send == send_ping_stranger ? 2 : 1;
		ck_assert_msg(o.count <= most, "%s: also %s", row->name, o.breaches[1].text);
	}
}
END_TEST

START_TEST(a_breach_says_what_was_found_and_expected)
{
	struct buf file;
	struct wire_policy policy = policy_of(WIRE_DC, false);
	fixture_init(&file);
	send_print_job(&file);
	struct outcome o = judge(&file, &policy);
	ck_assert_uint_eq(o.count, 1);
	ck_assert_str_eq(o.breaches[0].found, "TCP 10.16.0.10:9100 (raw printing)");
	ck_assert_str_eq(o.breaches[0].expected, "TCP 443 of the cloud");
	ck_assert_ptr_nonnull(strstr(o.breaches[0].text, "found TCP 10.16.0.10:9100"));
}
END_TEST

START_TEST(many_breaches_are_told_once_a_destination_and_counted)
{
	struct buf file;
	struct wire_policy policy = policy_of(WIRE_DC, false);
	fixture_init(&file);
	for (uint32_t i = 0; i < 80; i++) {
		send_mdns(&file);
		udp(&file, 0x0a110000 + i, 161, get_request, sizeof(get_request) - 1);
	}
	struct outcome o = judge(&file, &policy);
	ck_assert_uint_eq(o.count, 1 + WIRE_BREACHES_MAX);
	ck_assert_uint_eq(o.facts.breaches, 1 + 80);
}
END_TEST

START_TEST(facts_tell_refused_versions_clear_servers_and_unseen_bytes)
{
	struct buf file;
	struct wire_policy policy = policy_of(WIRE_DC, false);
	struct fixture_ends ends = { true, FIXTURE_CLOUD, 42000, 443 };
	struct buf hello;
	buf_init(&hello, 4096);
	fixture_client_hello(&hello, 0x0303, modern, 2);
	fixture_init(&file);
	send_old_refused(&file);
	fixture_tcp(&file, &ends, FIXTURE_SYN, 999, "", 0);
	fixture_tcp(&file, &ends, FIXTURE_ACK, 1000, hello.data, hello.size);
	fixture_tcp(&file, &ends, FIXTURE_ACK, 1000 + (uint32_t)hello.size + 7, "lost", 4);
	ends.agent_port = 43000;
	fixture_tcp(&file, &ends, FIXTURE_SYN, 999, "", 0);
	fixture_tcp(&file, &ends, FIXTURE_ACK, 1000, hello.data, 20);
	ends = (struct fixture_ends){ false, FIXTURE_CLOUD, 42000, 443 };
	fixture_tcp(&file, &ends, FIXTURE_ACK, 1, "HTTP/1.1 400", 12);
	struct outcome o = judge(&file, &policy);
	ck_assert_msg(!o.count, "%s", o.breaches[0].text);
	ck_assert_uint_eq(o.facts.refused_versions, 1);
	ck_assert_uint_eq(o.facts.negotiated[0], 0x0302);
	ck_assert_uint_eq(o.facts.bytes_unseen, 7);
	ck_assert_uint_eq(o.facts.server_clear, 1);
	ck_assert_uint_eq(o.facts.connections, 3);
	ck_assert_uint_eq(o.facts.tls_connections, 2);
	ck_assert_uint_eq(o.facts.unfinished, 1);
	buf_done(&hello);
}
END_TEST

/* fixture_packet dates each frame a few bytes later than the one before. */
START_TEST(a_printer_is_left_alone_while_it_is_not_designated)
{
	static const struct {
		int64_t from, until;
		size_t breaches;
	} spans[] = { { INT64_MIN, INT64_MAX, 1 },
		      { INT64_MIN, 0, 0 },
		      { INT64_MAX, INT64_MAX, 0 } };

	for (size_t i = 0; i < COUNT_OF(spans); i++) {
		const struct wire_span closed = { FIXTURE_PRINTER, spans[i].from, spans[i].until };
		struct wire_policy policy = policy_of(WIRE_DC, false);
		struct buf file;
		policy.closed = &closed;
		policy.closed_count = 1;
		fixture_init(&file);
		udp(&file, FIXTURE_PRINTER, 161, get_request, sizeof(get_request) - 1);
		struct outcome outcome = judge(&file, &policy);
		ck_assert_uint_eq(outcome.count, spans[i].breaches);
		if (outcome.count)
			ck_assert_str_eq(outcome.breaches[0].requirement, "COL-6");
	}
}
END_TEST

TEST_MAIN("conformance.wire", what_a_right_dc_agent_does_breaks_no_rule_and_is_counted,
	  an_agent_that_sent_nothing_has_no_facts, each_rule_finds_its_breach_and_nothing_else,
	  a_breach_says_what_was_found_and_expected,
	  many_breaches_are_told_once_a_destination_and_counted,
	  facts_tell_refused_versions_clear_servers_and_unseen_bytes,
	  a_printer_is_left_alone_while_it_is_not_designated)
