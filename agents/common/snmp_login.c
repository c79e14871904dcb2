#include "agents/common/snmp_login.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/cleanup.h"
#include "base/ipv4.h"

static const char *const levels[] = { "noAuthNoPriv", "authNoPriv", "authPriv", NULL };
static const char *const auths[] = {
	"MD5", "SHA", "SHA-224", "SHA-256", "SHA-384", "SHA-512", NULL
};
static const char *const privs[] = { "DES", "AES-128", "AES-192", "AES-256", NULL };

static int index_of(const char *word, const char *const *words)
{
	for (int i = 0; words[i]; i++)
		if (strcmp(words[i], word) == 0)
			return i;
	return -1;
}

/* ---- members ---- */

static int take_version(struct snmp_login *login, const cJSON *value, struct error *err)
{
	const double number = cJSON_IsNumber(value) ? value->valuedouble : 0;

	login->version = number == 1 ? 1 : number == 2 ? 2 : number == 3 ? 3 : 0;
	return login->version ? 0 : error_set(err, EINVAL, "version: expected 1, 2 or 3");
}

static int take_targets(struct snmp_login *login, const cJSON *value, struct error *err)
{
	const cJSON *item;
	uint32_t address;

	if (!cJSON_IsArray(value))
		return error_set(err, EINVAL, "targets: expected an array of addresses");
	cJSON_ArrayForEach(item, value)
	{
		if (!cJSON_IsString(item) || !ipv4_parse(item->valuestring, &address))
			return error_set(err, EINVAL, "targets: expected IPv4 addresses");
		login->targets = alloc_grow(login->targets, login->target_count + 1,
					    sizeof(*login->targets));
		login->targets[login->target_count++] = address;
	}
	return 0;
}

static int take_level(struct snmp_login *login, const cJSON *value, struct error *err)
{
	int level = cJSON_IsString(value) ? index_of(value->valuestring, levels) : -1;

	if (level < 0)
		return error_set(err, EINVAL,
				 "level: expected noAuthNoPriv, authNoPriv or authPriv");
	login->level = (enum snmp_level)level;
	return 0;
}

static const struct member {
	const char *name;
	int (*take)(struct snmp_login *login, const cJSON *value, struct error *err);
	size_t offset;            /* of a text, when take is NULL */
	const char *const *words; /* NULL: any text */
} members[] = {
	{ "version", take_version, 0, NULL },
	{ "targets", take_targets, 0, NULL },
	{ "level", take_level, 0, NULL },
	{ "community", NULL, offsetof(struct snmp_login, community), NULL },
	{ "user", NULL, offsetof(struct snmp_login, user), NULL },
	{ "auth", NULL, offsetof(struct snmp_login, auth), auths },
	{ "authPassphrase", NULL, offsetof(struct snmp_login, auth_passphrase), NULL },
	{ "priv", NULL, offsetof(struct snmp_login, priv), privs },
	{ "privPassphrase", NULL, offsetof(struct snmp_login, priv_passphrase), NULL },
};

static int take_text(struct snmp_login *login, const struct member *member, const cJSON *value,
		     struct error *err)
{
	char **place = (char **)(void *)((char *)login + member->offset);

	if (!cJSON_IsString(value) || !*value->valuestring)
		return error_set(err, EINVAL, "%s: expected a text", member->name);
	if (member->words && index_of(value->valuestring, member->words) < 0)
		return error_set(err, EINVAL, "%s: found \"%s\", expected one of %s …",
				 member->name, value->valuestring, member->words[0]);
	free(*place);
	*place = alloc_text(value->valuestring);
	return 0;
}

static int take(struct snmp_login *login, const cJSON *value, struct error *err)
{
	for (size_t i = 0; i < COUNT_OF(members); i++) {
		const struct member *member = &members[i];
		if (strcmp(member->name, value->string) != 0)
			continue;
		return member->take ? member->take(login, value, err)
				    : take_text(login, member, value, err);
	}
	return error_set(err, EINVAL, "%s: there is no such key", value->string);
}

/* ---- the whole ---- */

static int check_secret(const char *name, bool needed, const char *protocol, const char *passphrase,
			struct error *err)
{
	if (needed != (protocol != NULL) || needed != (passphrase != NULL))
		return error_set(err, EINVAL, "%s, %sPassphrase: %s at this level", name, name,
				 needed ? "both are needed" : "neither is used");
	if (needed && strlen(passphrase) < SNMP_PASSPHRASE_MIN)
		return error_set(err, EINVAL, "%sPassphrase: expected %d characters at least", name,
				 SNMP_PASSPHRASE_MIN);
	return 0;
}

static int check(const struct snmp_login *login, struct error *err)
{
	if (login->version != 3) {
		if (login->user || login->auth || login->priv || login->auth_passphrase ||
		    login->priv_passphrase || login->level != SNMP_NO_AUTH)
			return error_set(err, EINVAL, "user: there is none before version 3");
		return login->community
			       ? 0
			       : error_set(err, EINVAL, "community: is needed before version 3");
	}
	if (login->community)
		return error_set(err, EINVAL, "community: version 3 has none");
	if (!login->user || strlen(login->user) > SNMP_USER_MAX)
		return error_set(err, EINVAL, "user: expected 1 to %d characters", SNMP_USER_MAX);
	int status = check_secret("auth", login->level != SNMP_NO_AUTH, login->auth,
				  login->auth_passphrase, err);
	return status < 0 ? status
			  : check_secret("priv", login->level == SNMP_AUTH_PRIV, login->priv,
					 login->priv_passphrase, err);
}

int snmp_login_parse(struct snmp_login *login, const cJSON *json, struct error *err)
{
	const cJSON *value;

	*login = (struct snmp_login){ .version = 2 };
	if (!cJSON_IsObject(json))
		return error_set(err, EINVAL, "expected an object");
	cJSON_ArrayForEach(value, json)
	{
		int status = take(login, value, err);
		if (status < 0)
			return status;
	}
	return check(login, err);
}

/* Secrets do not stay in memory that somebody else gets. */
static void free_secret(char *secret)
{
	if (secret)
		explicit_bzero(secret, strlen(secret));
	free(secret);
}

void snmp_login_done(struct snmp_login *login)
{
	free(login->targets);
	free(login->community);
	free(login->user);
	free(login->auth);
	free(login->priv);
	free_secret(login->auth_passphrase);
	free_secret(login->priv_passphrase);
	*login = (struct snmp_login){ 0 };
}
