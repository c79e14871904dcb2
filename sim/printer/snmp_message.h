/* snmp_message.h: where the parts of an SNMP v1 or v2c message stand, so that an answer can be
 * observed, and spoilt on purpose. Reads BER; copies nothing. */
#ifndef SIM_PRINTER_SNMP_MESSAGE_H
#define SIM_PRINTER_SNMP_MESSAGE_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "sim/printer/ber.h"

enum {
	SNMP_VARBINDS_MAX = 256,
	SNMP_HEADERS = 64, /* what an answer has around its varbinds and community, at most */
};

enum {
	PDU_GET = 0xa0,
	PDU_GETNEXT = 0xa1,
	PDU_RESPONSE = 0xa2,
	PDU_SET = 0xa3,
	PDU_TRAP_V1 = 0xa4,
	PDU_GETBULK = 0xa5,
	PDU_INFORM = 0xa6,
	PDU_TRAP = 0xa7,
	PDU_REPORT = 0xa8,
};

struct snmp_message {
	int64_t version; /* 0 v1, 1 v2c */
	struct span community;
	uint8_t pdu; /* tag: 0xa0 get … 0xa5 getbulk */
	struct span request, error_status, error_index;
	struct span list;                        /* content of the variable-bindings */
	struct span varbinds[SNMP_VARBINDS_MAX]; /* each with its own header */
	size_t varbind_count;                    /* more than fit are counted no further */
};

/* False if it is not a whole, well-formed v1 or v2c message. The message points into data. */
bool snmp_message_parse(const uint8_t *data, size_t size, struct snmp_message *message);

/* Version number of anything that begins like an SNMP message, or -1. */
int64_t snmp_message_version(const uint8_t *data, size_t size);

/* Dotted OIDs of the varbinds. Caller owns. */
json_t *snmp_message_oids(const struct snmp_message *message);

/* The message again with only the first count varbinds. */
void snmp_message_rebuild(const struct snmp_message *message, size_t count, struct buf *out);

/* What an agent sends whose answer does not fit into size bytes: fewer varbinds to a GETBULK, else
 * error-status tooBig, with no varbinds in v2c (RFC 3416, 4.2.1) and the request's own in v1
 * (RFC 1157, 4.1.2). */
void snmp_message_shrink(const struct span *request, const struct span *answer, size_t size,
			 struct buf *out);

#endif
