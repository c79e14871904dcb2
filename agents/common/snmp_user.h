/* snmp_user.h: a user of SNMPv3 with keys: the part of net-snmp that snmp.c needs for version 3.
 *
 * Keys are made of passphrases once, which takes milliseconds; for each engine they are only
 * localised. */
#ifndef AGENTS_COMMON_SNMP_USER_H
#define AGENTS_COMMON_SNMP_USER_H

#include "agents/common/snmp_engine.h"
#include "agents/common/snmp_login.h"
#include "base/error.h"

struct snmp_user;    /* opaque */
struct snmp_session; /* net-snmp's */

struct snmp_user *snmp_user_new(const struct snmp_login *login, struct error *err);
void snmp_user_free(struct snmp_user *user);

/* Fills in a session that is not open yet; user and engine are borrowed until it is. */
void snmp_user_apply(const struct snmp_user *user, const struct snmp_engine *engine,
		     struct snmp_session *session);

/* Before the session closes: its engine's keys go, too. user: NULL is fine. */
void snmp_user_part(const struct snmp_user *user, const struct snmp_session *session);

#endif
