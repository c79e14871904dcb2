/* The rules about encryption. */
#include "conformance/wire_check.h"

/* Each connection is a matter of its own: its index tells them apart. */
static struct wire_finding finding_of(const struct wire_check *check, size_t index)
{
	return (struct wire_finding){ .matter = { check->flows->flows[index].peer, PACKET_TCP,
						  (int)index } };
}

static void check_bytes(struct wire_check *check, size_t index)
{
	const struct flow *flow = &check->flows->flows[index];
	const struct tls_stream *client = &check->views[index].client;
	struct wire_place place = wire_place(PACKET_TCP, flow->peer, flow->peer_port);
	struct wire_finding finding = finding_of(check, index);
	if (client->why) {
		finding.frame = flow_frame_at(&flow->up, client->inside);
		finding.what = "bytes in clear";
		finding.expected = "TLS records only";
		wire_tell(check, &finding, "byte %zu to %s: %s", client->inside, place.text,
			  client->why);
	} else if (client->records && !client->has_client_hello && !client->cut) {
		finding.frame = flow_frame_at(&flow->up, 0);
		finding.what = "a connection without a handshake";
		finding.expected = "a ClientHello first";
		wire_tell(check, &finding, "%zu TLS records to %s and no ClientHello",
			  client->records, place.text);
	} else if (client->has_server_hello) {
		finding.frame = flow_frame_at(&flow->up, 0);
		finding.what = "a connection the wrong way round";
		finding.expected = "a ClientHello first";
		wire_tell(check, &finding, "ServerHello from the agent to %s", place.text);
	} else if (flow->up.conflict_frame) {
		finding.frame = flow->up.conflict_frame;
		finding.what = "bytes beside the encrypted stream";
		finding.expected = "a repeated segment that repeats its bytes";
		wire_tell(check, &finding, "a segment to %s sent again with other content",
			  place.text);
	}
}

/* GEN-2, TLS-1. A connection without data, refused or never answered, is no clear text. Questions
 * to the resolver are the one thing over TCP that is not for the cloud. */
void wire_check_tls(struct wire_check *check)
{
	for (size_t i = 0; i < check->flows->count; i++) {
		const struct flow *flow = &check->flows->flows[i];
		if (flow->protocol == FLOW_TCP && flow->up.size && !wire_is_dns_flow(check, flow) &&
		    !flow->accepted)
			check_bytes(check, i);
	}
}

/* RFC 8996 forbids TLS 1.0 and 1.1. RFC 8446, 4.1.2: who has supported_versions puts 0x0303 into
 * the old field. */
static void check_offer(struct wire_check *check, size_t index)
{
	const struct flow *flow = &check->flows->flows[index];
	const struct tls_client_hello *hello = &check->views[index].client.client;
	struct wire_finding finding = finding_of(check, index);
	uint16_t lowest = tls_lowest_offer(hello);
	finding.frame = flow_frame_at(&flow->up, check->views[index].client.client_hello_end - 1);
	finding.what = "an old version of TLS is offered";
	finding.expected = "TLS 1.2 or later";
	if (lowest < TLS_1_2)
		wire_tell(check, &finding, "%s in the ClientHello for %s", tls_version_name(lowest),
			  hello->sni[0] ? hello->sni : "no name");
	else if (hello->has_versions && hello->legacy_version != TLS_1_2) {
		finding.what = "a ClientHello against RFC 8446, 4.1.2";
		finding.expected = "legacy_version 0x0303";
		wire_tell(check, &finding, "legacy_version 0x%04x", hello->legacy_version);
	}
}

/* Turned down: nothing followed the hello but an alert in clear. */
static void check_agreed(struct wire_check *check, size_t index)
{
	const struct flow *flow = &check->flows->flows[index];
	const struct tls_view *view = &check->views[index];
	if (!view->server.has_server_hello || view->server.server_version >= TLS_1_2)
		return;
	if (!view->client.others) {
		check->facts->refused_versions++;
		return;
	}
	struct wire_finding finding = finding_of(check, index);
	finding.frame = flow_frame_at(&flow->up, view->client.client_hello_end);
	finding.what = "an old version of TLS is accepted";
	finding.expected = "an alert, or the end of the connection";
	wire_tell(check, &finding, "the handshake going on in %s",
		  tls_version_name(view->server.server_version));
}

void wire_check_versions(struct wire_check *check)
{
	for (size_t i = 0; i < check->flows->count; i++) {
		if (!check->views[i].client.has_client_hello)
			continue;
		check_offer(check, i);
		check_agreed(check, i);
	}
}
