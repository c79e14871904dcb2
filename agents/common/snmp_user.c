#include "agents/common/snmp_user.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <net-snmp/net-snmp-config.h>
#include <net-snmp/net-snmp-includes.h>

#include "base/buf.h"
#include "base/cleanup.h"

/* As a session takes them. */
struct key {
	const oid *protocol; /* NULL: none */
	size_t protocol_size;
	u_char bytes[USM_AUTH_KU_LEN];
	size_t size;
};

struct snmp_user {
	char *name;
	enum snmp_level level;
	struct key auth, priv;
};

/* As the configuration spells them, and net-snmp. */
static const struct {
	const char *name;
	int type;
} auths[] = {
	{ "MD5", NETSNMP_USMAUTH_HMACMD5 },
	{ "SHA", NETSNMP_USMAUTH_HMACSHA1 },
	{ "SHA-224", NETSNMP_USMAUTH_HMAC128SHA224 },
	{ "SHA-256", NETSNMP_USMAUTH_HMAC192SHA256 },
	{ "SHA-384", NETSNMP_USMAUTH_HMAC256SHA384 },
	{ "SHA-512", NETSNMP_USMAUTH_HMAC384SHA512 },
}, privs[] = {
	{ "DES", USM_CREATE_USER_PRIV_DES },
	{ "AES-128", USM_CREATE_USER_PRIV_AES },
	{ "AES-192", USM_CREATE_USER_PRIV_AES192 },
	{ "AES-256", USM_CREATE_USER_PRIV_AES256 },
};

static void start_library(void)
{
	static bool started;

	if (started)
		return;
	started = true;
	netsnmp_ds_set_string(NETSNMP_DS_LIBRARY_ID, NETSNMP_DS_LIB_APPTYPE, "ecsp-agent");
	sc_init();
	init_usm();
	/* What comes after the reading of configuration files, which are not read: a random first
	 * salt. */
	snmp_call_callbacks(SNMP_CALLBACK_LIBRARY, SNMP_CALLBACK_POST_READ_CONFIG, NULL);
	/* Without an engine id of our own no answer is believed. */
	setup_engineID(NULL, NULL);
}

static int make_key(struct key *key, const struct key *auth, const char *passphrase,
		    struct error *err)
{
	key->size = sizeof(key->bytes);
	if (!key->protocol ||
	    generate_Ku(auth->protocol, (u_int)auth->protocol_size, (const u_char *)passphrase,
			strlen(passphrase), key->bytes, &key->size) != SNMPERR_SUCCESS)
		return error_set(err, ENOTSUP, "snmp: this library has no such protocol");
	return 0;
}

static int set_auth(struct snmp_user *user, const struct snmp_login *login, struct error *err)
{
	for (size_t i = 0; i < COUNT_OF(auths); i++)
		if (strcmp(auths[i].name, login->auth) == 0)
			user->auth.protocol =
				sc_get_auth_oid(auths[i].type, &user->auth.protocol_size);
	return make_key(&user->auth, &user->auth, login->auth_passphrase, err);
}

static int set_priv(struct snmp_user *user, const struct snmp_login *login, struct error *err)
{
	for (size_t i = 0; i < COUNT_OF(privs); i++)
		if (strcmp(privs[i].name, login->priv) == 0)
			user->priv.protocol =
				sc_get_priv_oid(privs[i].type, &user->priv.protocol_size);
	/* RFC 3414, 2.6: the privacy key is made by the authentication's digest. */
	return make_key(&user->priv, &user->auth, login->priv_passphrase, err);
}

struct snmp_user *snmp_user_new(const struct snmp_login *login, struct error *err)
{
	struct snmp_user *user = alloc_zero(1, sizeof(*user));
	int status = 0;

	start_library();
	user->name = alloc_text(login->user);
	user->level = login->level;
	if (login->level != SNMP_NO_AUTH)
		status = set_auth(user, login, err);
	if (status == 0 && login->level == SNMP_AUTH_PRIV)
		status = set_priv(user, login, err);
	if (status == 0)
		return user;
	snmp_user_free(user);
	return NULL;
}

void snmp_user_free(struct snmp_user *user)
{
	if (!user)
		return;
	free(user->name);
	explicit_bzero(user, sizeof(*user));
	free(user);
}

void snmp_user_apply(const struct snmp_user *user, const struct snmp_engine *engine,
		     struct snmp_session *session)
{
	static const int levels[] = { SNMP_SEC_LEVEL_NOAUTH, SNMP_SEC_LEVEL_AUTHNOPRIV,
				      SNMP_SEC_LEVEL_AUTHPRIV };

	/* Right from the start; if it was a lie, the engine will not have us, and no more. */
	set_enginetime(engine->id, (u_int)engine->size, (u_int)engine->boots, (u_int)engine->time,
		       TRUE);
	session->version = SNMP_VERSION_3;
	session->flags |= SNMP_FLAGS_DONT_PROBE;
	session->securityModel = SNMP_SEC_MODEL_USM;
	/* The library copies what it is pointed to when it opens the session. */
	session->securityEngineID = (u_char *)(uintptr_t)engine->id;
	session->securityEngineIDLen = engine->size;
	session->contextEngineID = session->securityEngineID;
	session->contextEngineIDLen = engine->size;
	session->securityLevel = levels[user->level];
	session->securityName = user->name;
	session->securityNameLen = strlen(user->name);
	session->securityAuthProto = (oid *)(uintptr_t)user->auth.protocol;
	session->securityAuthProtoLen = user->auth.protocol_size;
	memcpy(session->securityAuthKey, user->auth.bytes, user->auth.size);
	session->securityAuthKeyLen = user->auth.size;
	session->securityPrivProto = (oid *)(uintptr_t)user->priv.protocol;
	session->securityPrivProtoLen = user->priv.protocol_size;
	memcpy(session->securityPrivKey, user->priv.bytes, user->priv.size);
	session->securityPrivKeyLen = user->priv.size;
}

void snmp_user_part(const struct snmp_user *user, const struct snmp_session *session)
{
	struct usmUser *keys = user ? usm_get_user(session->securityEngineID,
						   session->securityEngineIDLen, user->name)
				    : NULL;

	if (keys) {
		usm_remove_user(keys);
		usm_free_user(keys);
	}
}
