/* walker.h: walks a real printer by SNMP v1, v2c or v3. The harness's only client of net-snmp.
 *
 * Blocks while it waits: a recording is one conversation and nothing else. */
#ifndef CONFORMANCE_WALKER_H
#define CONFORMANCE_WALKER_H

#include "base/error.h"
#include "sim/printer/mib.h"

struct walker; /* opaque */

struct walker_options {
	const char *peer;                          /* "printer.example:161" */
	const char *version;                       /* "1", "2c", "3" */
	const char *community;                     /* v1, v2c */
	const char *user;                          /* v3, with what follows; NULL means: without */
	const char *auth_protocol, *auth_password; /* MD5, SHA, SHA-256 …; 8 characters or more */
	const char *priv_protocol, *priv_password; /* DES, AES */
	int64_t timeout_ms;                        /* for one try */
	int64_t retries;
};

struct walker *walker_open(const struct walker_options *options, struct error *err);
void walker_close(struct walker *walker); /* NULL is fine */

/* Puts what follows *at into rows (not finished) and moves *at to the last. Returns how many, 0 at
 * the end, negative errno: -ETIMEDOUT, -EACCES, -EPROTO. *left_out counts values of a type that
 * SNMPv1 lacks. */
int walker_next(struct walker *walker, struct oid *at, struct mib *rows, size_t *left_out,
		struct error *err);

#endif
