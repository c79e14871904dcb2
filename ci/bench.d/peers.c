#include "ci/bench.d/peers.h"

#include <string.h>
#include <time.h>

#include "base/buf.h"
#include "sim/printer/usm.h"

struct peer {
	uint8_t id[V3_ENGINE_MAX];
	size_t id_size;
	int64_t boots, time;
	time_t heard; /* when it told its time */
	struct usm *usm;
};

struct peers {
	struct usm_users *users;
	struct peer *all;
};

struct usm_users *peers_user(void)
{
	static const struct usm_user_options user = { .name = PEERS_USER,
						      .auth = USM_AUTH_SHA256,
						      .priv = USM_PRIV_AES128,
						      .auth_passphrase = PEERS_AUTH_WORD,
						      .priv_passphrase = PEERS_PRIV_WORD,
						      .level = USM_AUTH_PRIV };
	return usm_users_new(&user, 1, NULL);
}

struct peers *peers_new(size_t count)
{
	struct peers *peers = alloc_zero(1, sizeof(*peers));

	peers->users = peers_user();
	peers->all = alloc_zero(count, sizeof(*peers->all));
	return peers;
}

static time_t now(void)
{
	struct timespec at;
	clock_gettime(CLOCK_MONOTONIC, &at);
	return at.tv_sec;
}

/* Seals what stands in the middle of a room, and brings it to its front. */
static size_t seal(const struct v3_envelope *envelope, const uint8_t *pdu, size_t size,
		   uint32_t request, uint8_t *out)
{
	uint8_t room[V3_AROUND + 256 + USM_PAD_MAX];

	memcpy(room + V3_AROUND, pdu, size);
	put_be32(room + V3_AROUND + 4, request);
	const struct span whole = v3_message_seal(envelope, room + V3_AROUND, size);
	memcpy(out, whole.data, whole.size);
	return whole.size;
}

size_t peers_ask_who(uint32_t id, uint8_t *out)
{
	static const uint8_t pdu[] = "\xa0\x0e\x02\x04____\x02\x01\x00\x02\x01\x00\x30";
	const struct v3_envelope envelope = { .id = id, .flags = V3_REPORTABLE };
	return seal(&envelope, pdu, sizeof(pdu), id, out);
}

bool peers_learn(struct peers *peers, size_t index, const uint8_t *data, size_t size)
{
	struct peer *peer = &peers->all[index];
	struct v3_message message;
	struct v3_parameters told;

	if (!v3_message_parse(data, size, &message) ||
	    !v3_parameters_parse(message.parameters, &told) || told.engine.size > V3_ENGINE_MAX)
		return false;
	memcpy(peer->id, told.engine.data, told.engine.size);
	peer->id_size = told.engine.size;
	peer->boots = told.boots;
	peer->time = told.time;
	peer->heard = now();
	if (!peer->usm)
		peer->usm = usm_new(peers->users, 1);
	return true;
}

size_t peers_put(struct peers *peers, size_t index, uint32_t id, const uint8_t *pdu,
		 size_t pdu_size, uint8_t *out)
{
	struct peer *peer = &peers->all[index];
	const struct usm_engine engine = { { peer->id, peer->id_size },
					   (uint32_t)peer->boots,
					   (uint32_t)(peer->time + now() - peer->heard) };
	const struct usm_session session = usm_session_of(peer->usm, 0, &engine);
	struct v3_envelope envelope = usm_envelope(peer->usm, &engine, &session, USM_AUTH_PRIV);

	envelope.id = id;
	envelope.flags |= V3_REPORTABLE;
	return seal(&envelope, pdu, pdu_size, id, out);
}

bool peers_read_id(const uint8_t *data, size_t size, bool to_who, uint32_t *id)
{
	struct v3_message message;

	if (!v3_message_parse(data, size, &message) || (!to_who && !message.encrypted))
		return false;
	*id = (uint32_t)message.id;
	return true;
}
