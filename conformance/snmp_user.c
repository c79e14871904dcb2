#include "conformance/snmp_user.h"

#include <assert.h>

#include "base/buf.h"
#include "base/cleanup.h"

static const struct field user_fields[] = {
	{ "user", FIELD_TEXT, offsetof(struct snmp_user, name), .required = true,
	  .help = "1 to 32 characters" },
	{ "level", FIELD_ENUM, offsetof(struct snmp_user, level), .required = true,
	  .names = usm_level_names, .help = "what a request must have at least to be answered" },
	{ "auth", FIELD_ENUM, offsetof(struct snmp_user, auth), .names = usm_auth_names },
	{ "authPassphrase", FIELD_TEXT, offsetof(struct snmp_user, auth_passphrase),
	  .help = "at least 8 characters" },
	{ "priv", FIELD_ENUM, offsetof(struct snmp_user, priv), .names = usm_priv_names },
	{ "privPassphrase", FIELD_TEXT, offsetof(struct snmp_user, priv_passphrase),
	  .help = "at least 8 characters" },
	{ .name = NULL },
};
const struct form snmp_user_form = { "a user of SNMPv3", sizeof(struct snmp_user), user_fields };

/* Caller frees the array; the texts stay the list's. */
static struct usm_user_options *options_of(const struct snmp_access *access)
{
	const struct snmp_user *users = access->users.items;
	struct usm_user_options *options = alloc_zero(access->users.count + 1, sizeof(*options));

	for (size_t i = 0; i < access->users.count; i++)
		options[i] = (struct usm_user_options){
			.name = users[i].name,
			.auth = (enum usm_auth)users[i].auth,
			.priv = (enum usm_priv)users[i].priv,
			.auth_passphrase = users[i].auth_passphrase,
			.priv_passphrase = users[i].priv_passphrase,
			.level = (enum usm_level)users[i].level,
		};
	return options;
}

int snmp_access_check(const struct snmp_access *access, const struct yaml *printer,
		      struct error *err)
{
	AUTO_FREE struct usm_user_options *options = options_of(access);
	const struct yaml *list = yaml_get(printer, "snmpv3");
	struct error why = { 0 };
	size_t guilty;

	if (access->v3_only && !access->users.count)
		return yaml_error(yaml_get(printer, "v3only"), err,
				  "found v3only without users, expected snmpv3 with one at least");
	if (usm_users_check(options, access->users.count, &guilty, &why) == 0)
		return 0;
	return yaml_error(list->items[guilty], err, "%s", error_text(&why));
}

struct usm_users *snmp_access_users(const struct snmp_access *access)
{
	AUTO_FREE struct usm_user_options *options = options_of(access);
	struct error err;

	if (!access->users.count)
		return NULL;
	struct usm_users *users = usm_users_new(options, access->users.count, &err);
	assert(users);
	return users;
}
