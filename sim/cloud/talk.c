#include "sim/cloud/talk.h"

void talk_plain(const struct talk *talk, const struct tls_link *link, bool from_agent,
		const void *data, size_t size)
{
	static const char *const names[] = { "http", "http", "http2", "mqtt" };
	const struct tls_peer *peer = tls_link_peer(link);

	if (!talk->plaintext || !size)
		return;
	struct plaintext piece = {
		.protocol = names[peer->protocol],
		.from_agent = from_agent,
		.agent_address = peer->agent_address,
		.cloud_address = peer->cloud_address,
		.agent_port = peer->agent_port,
		.cloud_port = peer->cloud_port,
		.data = data,
		.size = size,
	};
	talk->plaintext(talk->arg, &piece);
}

void talk_write(const struct talk *talk, struct tls_link *link, const void *data, size_t size)
{
	talk_plain(talk, link, false, data, size);
	tls_link_write(link, data, size);
}

void talk_seen(const struct talk *talk, const struct tls_link *link, const char *kind,
	       json_t *fields)
{
	uint64_t connection = tls_link_peer(link)->connection;
	json_object_set_new(fields, "connection", json_integer((json_int_t)connection));
	tap_seen(talk->tap, kind, fields);
}
