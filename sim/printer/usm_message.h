/* usm_message.h: SNMPv3 messages as bytes (RFC 3412, 6; RFC 3414, 2.4): where the parts of one
 * stand, and the putting together of another. What they mean is in usm.h. Copies nothing. */
#ifndef SIM_PRINTER_USM_MESSAGE_H
#define SIM_PRINTER_USM_MESSAGE_H

#include <stdbool.h>
#include <stdint.h>

#include "sim/printer/ber.h"
#include "sim/printer/usm_user.h"

/* msgFlags */
enum { V3_AUTH = 1, V3_PRIV = 2, V3_REPORTABLE = 4 };

enum {
	V3_USM = 3,         /* msgSecurityModel */
	V3_SIZE_MIN = 484,  /* of what anybody must take: RFC 3412, 6 */
	V3_ENGINE_MAX = 32, /* bytes of an engine id: RFC 3411, 5 */
	V3_AROUND = 256,    /* room for all that may stand before the PDU of one of ours */
};

struct v3_message {
	struct span whole;
	int64_t id, max_size, model;
	uint8_t flags;
	struct span parameters; /* content of msgSecurityParameters */
	bool encrypted;
	struct span data; /* what encrypts a scopedPDU; or the scopedPDU, tag and all */
};

/* False if it is not a whole version 3 message with numbers in their ranges. */
bool v3_message_parse(const uint8_t *data, size_t size, struct v3_message *message);

struct v3_parameters {
	struct span engine, user, mac, salt;
	int64_t boots, time;
};

bool v3_parameters_parse(struct span parameters, struct v3_parameters *out);

struct v3_scoped {
	struct span engine, context;
	uint8_t tag;     /* of the PDU */
	struct span pdu; /* tag and all */
};

/* What stands behind it is padding. */
bool v3_scoped_parse(struct span data, struct v3_scoped *out);

/* What is put around a PDU. */
struct v3_envelope {
	int64_t id;
	uint8_t flags;
	struct span engine, user; /* authoritative engine, of at most V3_ENGINE_MAX bytes */
	uint32_t boots, time;
	struct span context_engine;
	const struct usm_mac *mac; /* NULL without V3_AUTH */
	size_t mac_size;
	struct usm_cipher *cipher; /* NULL without V3_PRIV */
	const uint8_t *key;        /* of the cipher */
	uint8_t salt[USM_SALT];
};

/* The PDU has V3_AROUND bytes of room before it, which the message fills from behind, and
 * USM_PAD_MAX behind it. */
struct span v3_message_seal(const struct v3_envelope *envelope, uint8_t *pdu, size_t size);

#endif
