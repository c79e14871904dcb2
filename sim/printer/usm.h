/* usm.h: what a v3 message means to one engine: who sent it, how well protected, and whether it is
 * fresh (RFC 3414, 3.2), with the counters that tell why not. No sockets, no printers. */
#ifndef SIM_PRINTER_USM_H
#define SIM_PRINTER_USM_H

#include "sim/printer/usm_message.h"
#include "sim/printer/usm_user.h"

/* What can be wrong, in the words of RFC 3414, 3412, 3413 and 3418. */
enum usm_fault {
	USM_UNSUPPORTED_LEVEL,
	USM_NOT_IN_TIME,
	USM_UNKNOWN_USER,
	USM_UNKNOWN_ENGINE,
	USM_WRONG_DIGEST,
	USM_DECRYPTION,
	USM_UNKNOWN_MODEL,
	USM_INVALID_MESSAGE,
	USM_UNKNOWN_PDU,
	USM_UNKNOWN_CONTEXT,
	USM_ASN_PARSE,
	USM_FAULTS,
	USM_FINE = USM_FAULTS,
};

struct usm_counter {
	const char *name;   /* "usmStatsWrongDigests" */
	struct span oid;    /* content of the instance's name */
	bool reported;      /* RFC 3412, 7.2: else the message is dropped in silence */
	const char *dotted; /* the same name as text */
};
extern const struct usm_counter usm_counters[USM_FAULTS];

/* The keys of one user, localised for one engine. */
struct usm_keys {
	struct usm_mac *mac;       /* NULL without authentication */
	uint8_t priv[USM_KEY_MAX]; /* extended */
};

/* What an engine remembers. Made when it is first asked. */
struct usm {
	const struct usm_users *users; /* borrowed */
	uint32_t counts[USM_FAULTS];
	uint64_t salts;          /* used so far: RFC 3414, 8.1.1.1 and RFC 3826, 3.1.2.1 */
	struct usm_keys *keys[]; /* one a user; NULL until the user is first heard */
};

struct usm *usm_new(const struct usm_users *users, uint64_t first_salt);
void usm_free(struct usm *usm); /* NULL is fine */

/* An engine at one moment. */
struct usm_engine {
	struct span id;
	uint32_t boots, time; /* snmpEngineBoots, snmpEngineTime in seconds */
};

/* A message that is what it claims to be, so far as it claims anything. */
struct usm_session {
	const struct usm_user *user; /* NULL: unknown */
	const struct usm_keys *keys;
	enum usm_level level;
	struct v3_parameters parameters;
	struct span data; /* the scopedPDU in clear, perhaps with padding behind it */
};

/* Checks and decrypts; plain has room for the whole message. USM_FINE or what is wrong; of the
 * session all that is known is filled in then. */
enum usm_fault usm_open(struct usm *usm, const struct usm_engine *engine,
			const struct v3_message *message, uint8_t *plain,
			struct usm_session *session);

/* For a message that the engine begins itself, in the name of a user. */
struct usm_session usm_session_of(struct usm *usm, size_t user, const struct usm_engine *engine);

/* What goes around a message of the session, at a level that its user reaches; id is left to the
 * caller. */
struct v3_envelope usm_envelope(struct usm *usm, const struct usm_engine *engine,
				const struct usm_session *session, enum usm_level level);

#endif
