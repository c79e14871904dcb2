/* snmp_access.h: who may ask a printer by SNMPv3, and whom it tells unasked, as a fleet and a
 * scenario write it down. */
#ifndef CONFORMANCE_SNMP_ACCESS_H
#define CONFORMANCE_SNMP_ACCESS_H

#include <stdbool.h>

#include "base/form.h"
#include "sim/printer/trap.h"
#include "sim/printer/usm_user.h"

struct snmp_user {
	char *name;
	int level;      /* enum usm_level */
	int auth, priv; /* enum usm_auth, usm_priv */
	char *auth_passphrase, *priv_passphrase;
};

struct snmp_trap {
	uint32_t to;         /* host order */
	int64_t port;        /* 0: 162 */
	int version, alerts; /* enum trap_version, trap_alerts */
	bool inform;
	char *community, *user;
	int64_t wait_ms, retries; /* 0: as trap.h has it */
};

/* What a group of printers of a fleet and a printer of a scenario have in common. */
struct snmp_access {
	struct form_list users; /* struct snmp_user */
	bool v3_only;           /* the community opens nothing */
	struct form_list traps; /* struct snmp_trap */
};

extern const struct form snmp_user_form, snmp_trap_form;

/* Rows of a form, for the member access of what. */
#define SNMP_ACCESS_FIELDS(what, access)                                                           \
	{ "snmpv3",                                                                                \
	  FIELD_LIST,                                                                              \
	  offsetof(what, access.users),                                                            \
	  .form = &snmp_user_form,                                                                 \
	  .max = USM_USERS_MAX,                                                                    \
	  .help = "who may ask by SNMPv3" },                                                       \
		{ "v3only", FIELD_BOOL, offsetof(what, access.v3_only),                            \
		  .help = "true: SNMP v1 and v2c are not answered" },                              \
	{                                                                                          \
		"traps", FIELD_LIST, offsetof(what, access.traps),                                 \
			.form = &snmp_trap_form, .max = TRAP_DESTINATIONS_MAX,                     \
			.help = "whom it tells when it is switched on and when something is wrong" \
	}

/* What the form cannot say; printer is the map that has "snmpv3". */
int snmp_access_check(const struct snmp_access *access, const struct yaml *printer,
		      struct error *err);

/* Keys and all, of users that were checked; NULL if there are none. Caller owns. */
struct usm_users *snmp_access_users(const struct snmp_access *access);

/* Destinations with their defaults; texts stay the access's. NULL if there are none. Caller owns.
 */
struct trap_plan *snmp_access_traps(const struct snmp_access *access);

#endif
