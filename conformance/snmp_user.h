/* snmp_user.h: the users of SNMPv3 as a fleet and a scenario write them down. */
#ifndef CONFORMANCE_SNMP_USER_H
#define CONFORMANCE_SNMP_USER_H

#include <stdbool.h>

#include "base/form.h"
#include "sim/printer/usm_user.h"

struct snmp_user {
	char *name;
	int level;      /* enum usm_level */
	int auth, priv; /* enum usm_auth, usm_priv */
	char *auth_passphrase, *priv_passphrase;
};

/* What a group of printers of a fleet and a printer of a scenario have in common. */
struct snmp_access {
	struct form_list users; /* struct snmp_user */
	bool v3_only;           /* the community opens nothing */
};

extern const struct form snmp_user_form;

/* What the form cannot say; printer is the map that has "snmpv3". */
int snmp_access_check(const struct snmp_access *access, const struct yaml *printer,
		      struct error *err);

/* Keys and all, of users that were checked; NULL if there are none. Caller owns. */
struct usm_users *snmp_access_users(const struct snmp_access *access);

#endif
