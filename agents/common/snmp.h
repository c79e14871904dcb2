/* snmp.h: SNMP questions to one printer, answered on the loop. The only user of net-snmp.
 *
 * GET and GETBULK (GETNEXT for v1) only: an agent changes nothing (there is no SET here). */
#ifndef AGENTS_COMMON_SNMP_H
#define AGENTS_COMMON_SNMP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/loop.h"

enum { SNMP_IDS_MAX = 32, SNMP_GET_MAX = 16 };

struct snmp_oid {
	uint32_t ids[SNMP_IDS_MAX];
	size_t size;
};

#define SNMP_OID(...)                                                                              \
	((struct snmp_oid){ { __VA_ARGS__ },                                                       \
			    sizeof((uint32_t[]){ __VA_ARGS__ }) / sizeof(uint32_t) })

void snmp_oid_add(struct snmp_oid *oid, uint32_t id);
bool snmp_oid_equal(const struct snmp_oid *a, const struct snmp_oid *b);
/* Is oid below prefix? */
bool snmp_oid_below(const struct snmp_oid *oid, const struct snmp_oid *prefix);

enum snmp_kind { SNMP_NOTHING, SNMP_NUMBER, SNMP_BYTES, SNMP_OTHER };

struct snmp_value {
	struct snmp_oid oid;
	enum snmp_kind kind; /* SNMP_NOTHING: no such object, instance or end of the tree */
	int64_t number;
	const uint8_t *data; /* borrowed for the call back */
	size_t size;
};

struct snmp_peer; /* opaque: one printer */
struct snmp_user; /* snmp_user.h */

struct snmp_options {
	struct loop *loop; /* borrowed */
	uint32_t address;  /* host order */
	const char *community;
	int version; /* 1, 2 (v2c) or 3 */
	/* Version 3: borrowed until snmp_peer_free; else NULL. */
	const struct snmp_user *user;
	int64_t timeout_ms, retries;
};

/* status: 0, -ETIMEDOUT, -EACCES (a version 3 engine refused us), -EMSGSIZE (the answer would be
 * too big), -EBADMSG (not an answer to this).
 */
typedef void snmp_done(void *arg, int status, const struct snmp_value *values, size_t count);

struct snmp_peer *snmp_peer_new(const struct snmp_options *options, struct error *err);
void snmp_peer_free(struct snmp_peer *session); /* not inside done; unanswered: no call back */

/* count <= SNMP_GET_MAX. values come in the order of oids, one for each. 0 or negative errno. */
int snmp_get(struct snmp_peer *session, const struct snmp_oid *oids, size_t count, snmp_done *done,
	     void *arg);

/* What follows after, at most `most` values (one for v1). */
int snmp_next(struct snmp_peer *session, const struct snmp_oid *after, int most, snmp_done *done,
	      void *arg);

#endif
