#include "sim/printer/usm_message.h"

#include <string.h>

#include "base/cleanup.h"
#include "sim/printer/snmp.h"

enum { VERSION_3 = 3 };

/* ---- reading ---- */

/* INTEGER (least..2147483647) */
static bool take_number(struct span *in, int64_t least, int64_t *number)
{
	struct span content;

	if (!ber_take_tag(in, BER_INTEGER, &content) || !content.size || content.size > 5)
		return false;
	*number = ber_integer(content);
	return *number >= least && *number <= INT32_MAX;
}

static bool take_header(struct span *in, struct v3_message *message)
{
	struct span header, flags;

	if (!ber_take_tag(in, BER_SEQUENCE, &header) || !take_number(&header, 0, &message->id) ||
	    !take_number(&header, V3_SIZE_MIN, &message->max_size) ||
	    !ber_take_tag(&header, BER_OCTETS, &flags) || flags.size != 1 ||
	    !take_number(&header, 1, &message->model))
		return false;
	message->flags = flags.data[0];
	return true;
}

bool v3_message_parse(const uint8_t *data, size_t size, struct v3_message *message)
{
	struct span in = { data, size }, body;
	int64_t version;
	uint8_t tag;

	*message = (struct v3_message){ .whole = { data, size } };
	if (!ber_take_tag(&in, BER_SEQUENCE, &body) || in.size ||
	    !take_number(&body, VERSION_3, &version) || version != VERSION_3 ||
	    !take_header(&body, message) || !ber_take_tag(&body, BER_OCTETS, &message->parameters))
		return false;
	const uint8_t *start = body.data;
	if (!ber_take(&body, &tag, &message->data) || body.size)
		return false;
	message->encrypted = message->flags & V3_PRIV;
	if (!message->encrypted)
		message->data = (struct span){ start, (size_t)(body.data - start) };
	return tag == (message->encrypted ? BER_OCTETS : BER_SEQUENCE);
}

bool v3_parameters_parse(struct span parameters, struct v3_parameters *out)
{
	struct span body;

	return ber_take_tag(&parameters, BER_SEQUENCE, &body) && !parameters.size &&
	       ber_take_tag(&body, BER_OCTETS, &out->engine) &&
	       take_number(&body, 0, &out->boots) && take_number(&body, 0, &out->time) &&
	       ber_take_tag(&body, BER_OCTETS, &out->user) && out->user.size <= USM_NAME_MAX &&
	       ber_take_tag(&body, BER_OCTETS, &out->mac) &&
	       ber_take_tag(&body, BER_OCTETS, &out->salt) && !body.size;
}

bool v3_scoped_parse(struct span data, struct v3_scoped *out)
{
	struct span body, content;

	if (!ber_take_tag(&data, BER_SEQUENCE, &body) ||
	    !ber_take_tag(&body, BER_OCTETS, &out->engine) ||
	    !ber_take_tag(&body, BER_OCTETS, &out->context))
		return false;
	out->pdu = body;
	return ber_take(&body, &out->tag, &content) && !body.size;
}

/* ---- writing ---- */

/* The parameters of the security model; where the MAC will stand is filled with zeros (RFC 3414,
 * 6.3.1) and returned in mac. */
static uint8_t *push_parameters(uint8_t *at, const struct v3_envelope *envelope, uint8_t **mac)
{
	static const uint8_t zeros[USM_MAC_MAX];
	const uint8_t *end = at;

	at = ber_push_bytes(at, BER_OCTETS,
			    (struct span){ envelope->salt, envelope->cipher ? USM_SALT : 0 });
	*mac = at - envelope->mac_size;
	at = ber_push_bytes(at, BER_OCTETS, (struct span){ zeros, envelope->mac_size });
	at = ber_push_bytes(at, BER_OCTETS, envelope->user);
	at = ber_push_number(at, BER_INTEGER, envelope->time);
	at = ber_push_number(at, BER_INTEGER, envelope->boots);
	at = ber_push_bytes(at, BER_OCTETS, envelope->engine);
	at = ber_push(at, BER_SEQUENCE, (size_t)(end - at));
	return ber_push(at, BER_OCTETS, (size_t)(end - at));
}

static uint8_t *push_header(uint8_t *at, const struct v3_envelope *envelope)
{
	const uint8_t *end = at;

	at = ber_push_number(at, BER_INTEGER, V3_USM);
	at = ber_push_bytes(at, BER_OCTETS, (struct span){ &envelope->flags, 1 });
	at = ber_push_number(at, BER_INTEGER, SNMP_REQUEST_MAX);
	at = ber_push_number(at, BER_INTEGER, envelope->id);
	at = ber_push(at, BER_SEQUENCE, (size_t)(end - at));
	return ber_push_number(at, BER_INTEGER, VERSION_3);
}

static uint8_t *encrypt(const struct v3_envelope *envelope, uint8_t *text, uint8_t **end)
{
	struct usm_nonce nonce = { .key = envelope->key,
				   .boots = envelope->boots,
				   .time = envelope->time };

	memcpy(nonce.salt, envelope->salt, USM_SALT);
	size_t size = usm_encrypt(envelope->cipher, &nonce, text, (size_t)(*end - text));
	*end = text + size;
	return ber_push(text, BER_OCTETS, size);
}

struct span v3_message_seal(const struct v3_envelope *envelope, uint8_t *pdu, size_t size)
{
	uint8_t *end = pdu + size, *mac;
	uint8_t *at = ber_push_bytes(pdu, BER_OCTETS, (struct span){ NULL, 0 }); /* contextName */

	at = ber_push_bytes(at, BER_OCTETS, envelope->context_engine);
	at = ber_push(at, BER_SEQUENCE, (size_t)(end - at));
	if (envelope->cipher)
		at = encrypt(envelope, at, &end);
	at = push_parameters(at, envelope, &mac);
	at = push_header(at, envelope);
	at = ber_push(at, BER_SEQUENCE, (size_t)(end - at));
	const struct span whole = { at, (size_t)(end - at) };
	if (envelope->mac) {
		uint8_t digest[USM_MAC_MAX];
		usm_mac_make(envelope->mac, &whole, 1, digest);
		memcpy(mac, digest, envelope->mac_size);
	}
	return whole;
}
