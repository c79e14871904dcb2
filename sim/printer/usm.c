#include "sim/printer/usm.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"

enum { TIME_WINDOW_S = 150, BOOTS_LAST = INT32_MAX };

#define OID_OF(bytes)                                                                              \
	{                                                                                          \
		(const uint8_t *)(bytes), sizeof(bytes) - 1                                        \
	}
#define USM_STATS "\x2b\x06\x01\x06\x03\x0f\x01\x01" /* 1.3.6.1.6.3.15.1.1 */
#define MPD_STATS "\x2b\x06\x01\x06\x03\x0b\x02\x01" /* 1.3.6.1.6.3.11.2.1 */

const struct usm_counter usm_counters[USM_FAULTS] = {
	[USM_UNSUPPORTED_LEVEL] = { "usmStatsUnsupportedSecLevels", OID_OF(USM_STATS "\1\0"), true,
				    "1.3.6.1.6.3.15.1.1.1.0" },
	[USM_NOT_IN_TIME] = { "usmStatsNotInTimeWindows", OID_OF(USM_STATS "\2\0"), true,
			      "1.3.6.1.6.3.15.1.1.2.0" },
	[USM_UNKNOWN_USER] = { "usmStatsUnknownUserNames", OID_OF(USM_STATS "\3\0"), true,
			       "1.3.6.1.6.3.15.1.1.3.0" },
	[USM_UNKNOWN_ENGINE] = { "usmStatsUnknownEngineIDs", OID_OF(USM_STATS "\4\0"), true,
				 "1.3.6.1.6.3.15.1.1.4.0" },
	[USM_WRONG_DIGEST] = { "usmStatsWrongDigests", OID_OF(USM_STATS "\5\0"), true,
			       "1.3.6.1.6.3.15.1.1.5.0" },
	[USM_DECRYPTION] = { "usmStatsDecryptionErrors", OID_OF(USM_STATS "\6\0"), true,
			     "1.3.6.1.6.3.15.1.1.6.0" },
	[USM_UNKNOWN_MODEL] = { "snmpUnknownSecurityModels", OID_OF(MPD_STATS "\1\0"), false,
				"1.3.6.1.6.3.11.2.1.1.0" },
	[USM_INVALID_MESSAGE] = { "snmpInvalidMsgs", OID_OF(MPD_STATS "\2\0"), false,
				  "1.3.6.1.6.3.11.2.1.2.0" },
	[USM_UNKNOWN_PDU] = { "snmpUnknownPDUHandlers", OID_OF(MPD_STATS "\3\0"), true,
			      "1.3.6.1.6.3.11.2.1.3.0" },
	[USM_UNKNOWN_CONTEXT] = { "snmpUnknownContexts",
				  OID_OF("\x2b\x06\x01\x06\x03\x0c\x01\x05\0"), true,
				  "1.3.6.1.6.3.12.1.5.0" },
	[USM_ASN_PARSE] = { "snmpInASNParseErrs", OID_OF("\x2b\x06\x01\x02\x01\x0b\x06\0"), false,
			    "1.3.6.1.2.1.11.6.0" },
};

struct usm *usm_new(const struct usm_users *users, uint64_t first_salt)
{
	struct usm *usm = alloc_zero(1, sizeof(*usm) + users->count * sizeof(struct usm_keys *));
	usm->users = users;
	usm->salts = first_salt;
	return usm;
}

void usm_free(struct usm *usm)
{
	if (!usm)
		return;
	for (size_t i = 0; i < usm->users->count; i++) {
		if (usm->keys[i])
			usm_mac_free(usm->keys[i]->mac);
		free(usm->keys[i]);
	}
	free(usm);
}

/* ---- keys ---- */

static const struct usm_keys *keys_of(struct usm *usm, size_t index, struct span engine)
{
	const struct usm_user *user = &usm->users->user[index];
	uint8_t local[USM_KEY_MAX];

	if (usm->keys[index])
		return usm->keys[index];
	struct usm_keys *keys = alloc_zero(1, sizeof(*keys));
	if (user->auth) {
		usm_key_localize(user->auth, user->auth_key, engine, local);
		keys->mac = usm_mac_new(user->auth, local);
	}
	if (user->priv) {
		usm_key_localize(user->auth, user->priv_key, engine, keys->priv);
		usm_key_extend(user->auth, user->priv, keys->priv);
	}
	return usm->keys[index] = keys;
}

/* ---- in ---- */

static enum usm_level level_of(uint8_t flags)
{
	if (flags & V3_PRIV)
		return USM_AUTH_PRIV;
	return flags & V3_AUTH ? USM_AUTH_NO_PRIV : USM_NO_AUTH;
}

static bool is_reached(const struct usm_user *user, enum usm_level level)
{
	return level == USM_NO_AUTH || (user->auth && (level == USM_AUTH_NO_PRIV || user->priv));
}

/* The MAC is that of the message with zeros in its place. */
static bool is_authentic(const struct v3_message *message, const struct usm_session *session)
{
	static const uint8_t zeros[USM_MAC_MAX];
	const struct span whole = message->whole, mac = session->parameters.mac;
	const size_t before = (size_t)(mac.data - whole.data);
	const struct span parts[] = { { whole.data, before },
				      { zeros, mac.size },
				      { mac.data + mac.size, whole.size - before - mac.size } };
	uint8_t digest[USM_MAC_MAX];

	if (mac.size != usm_mac_size(session->user->auth))
		return false;
	usm_mac_make(session->keys->mac, parts, 3, digest);
	return !memcmp(digest, mac.data, mac.size);
}

/* RFC 3414, 3.2, 7 a: of the authoritative engine. */
static bool is_fresh(const struct usm_engine *engine, const struct v3_parameters *parameters)
{
	int64_t late = (int64_t)engine->time - parameters->time;
	return engine->boots != BOOTS_LAST && parameters->boots == engine->boots &&
	       late <= TIME_WINDOW_S && late >= -TIME_WINDOW_S;
}

/* Another key gives noise, which looks like this about once in sixteen million messages. */
static bool looks_clear(struct span text)
{
	struct span body, engine;

	return ber_take_tag(&text, BER_SEQUENCE, &body) && text.size <= USM_PAD_MAX &&
	       ber_take_tag(&body, BER_OCTETS, &engine);
}

static bool decrypt(const struct v3_message *message, uint8_t *plain, struct usm_session *session)
{
	const struct v3_parameters *parameters = &session->parameters;
	struct usm_nonce nonce = { .key = session->keys->priv,
				   .boots = (uint32_t)parameters->boots,
				   .time = (uint32_t)parameters->time };

	if (parameters->salt.size != USM_SALT)
		return false;
	memcpy(nonce.salt, parameters->salt.data, USM_SALT);
	if (!usm_decrypt(session->user->cipher, &nonce, message->data, plain))
		return false;
	const struct span text = { plain, message->data.size };
	if (!looks_clear(text))
		return false;
	session->data = text;
	return true;
}

static enum usm_fault check(struct usm *usm, const struct usm_engine *engine,
			    const struct v3_message *message, struct usm_session *session)
{
	const struct v3_parameters *parameters = &session->parameters;

	if (parameters->engine.size != engine->id.size ||
	    memcmp(parameters->engine.data, engine->id.data, engine->id.size) != 0)
		return USM_UNKNOWN_ENGINE;
	size_t index = usm_users_find(usm->users, parameters->user);
	if (index == usm->users->count)
		return USM_UNKNOWN_USER;
	session->user = &usm->users->user[index];
	if (!is_reached(session->user, session->level))
		return USM_UNSUPPORTED_LEVEL;
	session->keys = keys_of(usm, index, engine->id);
	if (session->level == USM_NO_AUTH)
		return USM_FINE;
	if (!is_authentic(message, session))
		return USM_WRONG_DIGEST;
	return is_fresh(engine, parameters) ? USM_FINE : USM_NOT_IN_TIME;
}

enum usm_fault usm_open(struct usm *usm, const struct usm_engine *engine,
			const struct v3_message *message, uint8_t *plain,
			struct usm_session *session)
{
	*session = (struct usm_session){ .level = level_of(message->flags) };
	if (message->model != V3_USM)
		return USM_UNKNOWN_MODEL;
	if ((message->flags & (V3_AUTH | V3_PRIV)) == V3_PRIV)
		return USM_INVALID_MESSAGE;
	if (!v3_parameters_parse(message->parameters, &session->parameters))
		return USM_ASN_PARSE;
	enum usm_fault fault = check(usm, engine, message, session);
	if (fault != USM_FINE)
		return fault;
	if (message->encrypted)
		return decrypt(message, plain, session) ? USM_FINE : USM_DECRYPTION;
	memcpy(plain, message->data.data, message->data.size);
	session->data = (struct span){ plain, message->data.size };
	return USM_FINE;
}

/* ---- out ---- */

struct usm_session usm_session_of(struct usm *usm, size_t index, const struct usm_engine *engine)
{
	const struct usm_user *user = &usm->users->user[index];

	return (struct usm_session){
		.user = user,
		.keys = keys_of(usm, index, engine->id),
		.parameters.user = { (const uint8_t *)user->name, user->name_size },
	};
}

struct v3_envelope usm_envelope(struct usm *usm, const struct usm_engine *engine,
				const struct usm_session *session, enum usm_level level)
{
	struct v3_envelope envelope = { .engine = engine->id,
					.user = session->parameters.user,
					.boots = engine->boots,
					.time = engine->time,
					.context_engine = engine->id };

	if (level >= USM_AUTH_NO_PRIV) {
		envelope.flags = V3_AUTH;
		envelope.mac = session->keys->mac;
		envelope.mac_size = usm_mac_size(session->user->auth);
	}
	if (level == USM_AUTH_PRIV) {
		envelope.flags |= V3_PRIV;
		envelope.cipher = session->user->cipher;
		envelope.key = session->keys->priv;
		usm->salts++;
		/* DES: boots, then a number; AES: any number that does not come again. */
		put_be32(envelope.salt, session->user->priv == USM_PRIV_DES
						? engine->boots
						: (uint32_t)(usm->salts >> 32));
		put_be32(envelope.salt + 4, (uint32_t)usm->salts);
	}
	return envelope;
}
