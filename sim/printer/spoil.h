/* spoil.h: answers made wrong on purpose: functions of bytes, without time and without sockets.
 *
 * Each returns whether it could: an answer that it cannot be applied to stays as it was, byte for
 * byte, so that nobody is told of a wrong that did not happen. Some change an SNMP message taken
 * apart (draft.h), the others a whole datagram. fault_kinds.c has them all in a table. */
#ifndef SIM_PRINTER_SPOIL_H
#define SIM_PRINTER_SPOIL_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "sim/printer/ber.h"
#include "sim/printer/oid.h"

struct draft;

enum { SPOIL_DATAGRAM_MAX = 65507 }; /* what UDP over IPv4 can carry */

/* One answer on its way out, and how it goes. */
struct answer {
	struct buf bytes;
	struct buf earlier; /* an older answer to the same question, which goes first; or empty */
	uint32_t from;      /* host order */
	uint16_t from_port;
	uint64_t delay_ms;
	int64_t copies;    /* beside the first */
	uint64_t apart_ms; /* from one copy to the next */
	bool lost;         /* never sent */
};

/* What a fault was armed with, and what it works on. */
struct spoiling {
	const json_t *with; /* parameters as verb_check let them through */
	struct span request;
	bool snmp;               /* else ENPC */
	const struct oid *below; /* only varbinds that are named so; NULL: any */
	uint64_t number;         /* how many answers the fault has looked at before this one */
	struct buf *did;         /* what was done, in words; to be appended to */
};

typedef bool spoil_draft(const struct spoiling *spoiling, struct draft *draft);
typedef bool spoil_answer(const struct spoiling *spoiling, struct answer *answer);

/* The list of varbinds: spoil_list.c. */
spoil_draft spoil_missing, spoil_extra, spoil_reordered, spoil_renamed, spoil_none;
/* The values of varbinds: spoil_value.c. */
extern const char *const spoil_types[]; /* for spoil_type */
spoil_draft spoil_type, spoil_negative, spoil_oversized, spoil_nested;
/* What walks live on: spoil_walk.c. */
extern const char *const spoil_directions[]; /* for spoil_non_increasing */
spoil_draft spoil_non_increasing, spoil_endless;
/* The head of a message: spoil_head.c. */
extern const char *const spoil_pdus[]; /* for spoil_pdu */
spoil_draft spoil_error_status, spoil_too_big, spoil_request_id, spoil_community, spoil_version,
	spoil_pdu;
/* The encoding of a message: spoil_encoding.c. */
extern const char *const spoil_places[]; /* for spoil_huge_length */
spoil_answer spoil_malformed, spoil_overlong, spoil_indefinite, spoil_huge_length;
/* ENPC: spoil_enpc.c. */
spoil_answer spoil_enpc_magic, spoil_enpc_letter, spoil_enpc_device, spoil_enpc_function,
	spoil_enpc_length, spoil_enpc_error, spoil_enpc_oversized;
/* Bytes of any datagram: spoil_bytes.c. */
spoil_answer spoil_truncated, spoil_trailing, spoil_empty, spoil_garbage, spoil_mutated;
/* How it is sent: spoil_sending.c. */
spoil_answer spoil_address, spoil_port, spoil_copies, spoil_delay, spoil_lost;

#endif
