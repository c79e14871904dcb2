/* snmp_login.h: how printers are asked by SNMP, as the configuration has it: version and community,
 * or a user of version 3. Plain data; nothing is ever tried that is not written here. */
#ifndef AGENTS_COMMON_SNMP_LOGIN_H
#define AGENTS_COMMON_SNMP_LOGIN_H

#include <cjson/cJSON.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

enum snmp_level { SNMP_NO_AUTH, SNMP_AUTH, SNMP_AUTH_PRIV };

enum { SNMP_PASSPHRASE_MIN = 8 /* RFC 3414, 11.2 */, SNMP_USER_MAX = 32 };

/* All texts owned; of a version that does not use them: NULL. */
struct snmp_login {
	int version;       /* 1, 2 (v2c) or 3 */
	uint32_t *targets; /* host order; owned */
	size_t target_count;
	char *community;
	char *user;
	enum snmp_level level;
	char *auth, *auth_passphrase; /* "SHA-256"; never logged */
	char *priv, *priv_passphrase; /* "AES-128" */
};

/* One entry of "snmp" in the file. Errors name the key, and never a passphrase. Call done in any
 * case. */
int snmp_login_parse(struct snmp_login *login, const cJSON *json, struct error *err);
void snmp_login_done(struct snmp_login *login);

#endif
