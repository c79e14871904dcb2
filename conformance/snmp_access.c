#include "conformance/snmp_access.h"

#include <assert.h>
#include <string.h>

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

static const struct field trap_fields[] = {
	{ "to", FIELD_IPV4, offsetof(struct snmp_trap, to), .required = true,
	  .help = "address of the receiver" },
	{ "port", FIELD_INT, offsetof(struct snmp_trap, port), .min = 1, .max = UINT16_MAX,
	  .help = "162 if absent" },
	{ "version", FIELD_ENUM, offsetof(struct snmp_trap, version), .required = true,
	  .names = trap_version_names },
	{ "community", FIELD_TEXT, offsetof(struct snmp_trap, community),
	  .help = "of v1 and v2c; public if absent" },
	{ "user", FIELD_TEXT, offsetof(struct snmp_trap, user), .help = "of v3: one of snmpv3" },
	{ "inform", FIELD_BOOL, offsetof(struct snmp_trap, inform),
	  .help = "true: until it is acknowledged" },
	{ "wait", FIELD_DURATION, offsetof(struct snmp_trap, wait_ms), .max = 3600000,
	  .help = "for an acknowledgement; 1s if absent" },
	{ "retries", FIELD_INT, offsetof(struct snmp_trap, retries), .min = 1, .max = 100,
	  .help = "of an inform; 3 if absent" },
	{ "alerts", FIELD_ENUM, offsetof(struct snmp_trap, alerts), .names = trap_alert_names,
	  .help = "all: of warnings too" },
	{ .name = NULL },
};
const struct form snmp_trap_form = { "a receiver of traps", sizeof(struct snmp_trap), trap_fields };

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

static int check_users(const struct snmp_access *access, const struct yaml *list, struct error *err)
{
	AUTO_FREE struct usm_user_options *options = options_of(access);
	struct error why = { 0 };
	size_t guilty;

	if (usm_users_check(options, access->users.count, &guilty, &why) == 0)
		return 0;
	return yaml_error(list->items[guilty], err, "%s", error_text(&why));
}

static bool has_user(const struct snmp_access *access, const char *name)
{
	const struct snmp_user *users = access->users.items;
	size_t i = 0;

	while (i < access->users.count && strcmp(users[i].name, name))
		i++;
	return i < access->users.count;
}

static int check_traps(const struct snmp_access *access, const struct yaml *list, struct error *err)
{
	AUTO_FREE struct trap_plan *plan = snmp_access_traps(access);
	struct error why = { 0 };

	for (size_t i = 0; plan && i < plan->count; i++) {
		const struct trap_destination *to = &plan->destinations[i];
		if (trap_destination_check(to, &why) < 0)
			return yaml_error(list->items[i], err, "%s", error_text(&why));
		if (to->user && !has_user(access, to->user))
			return yaml_error(list->items[i], err,
					  "found user '%s', expected one of snmpv3", to->user);
	}
	return 0;
}

int snmp_access_check(const struct snmp_access *access, const struct yaml *printer,
		      struct error *err)
{
	if (access->v3_only && !access->users.count)
		return yaml_error(yaml_get(printer, "v3only"), err,
				  "found v3only without users, expected snmpv3 with one at least");
	int status = check_users(access, yaml_get(printer, "snmpv3"), err);
	return status < 0 ? status : check_traps(access, yaml_get(printer, "traps"), err);
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

struct trap_plan *snmp_access_traps(const struct snmp_access *access)
{
	const struct snmp_trap *traps = access->traps.items;

	if (!access->traps.count)
		return NULL;
	struct trap_plan *plan = alloc_zero(1, sizeof(*plan));
	for (size_t i = 0; i < access->traps.count; i++)
		plan->destinations[plan->count++] = (struct trap_destination){
			.address = traps[i].to,
			.port = traps[i].port ? (uint16_t)traps[i].port : TRAP_PORT,
			.version = (enum trap_version)traps[i].version,
			.alerts = (enum trap_alerts)traps[i].alerts,
			.inform = traps[i].inform,
			.community = traps[i].community,
			.user = traps[i].user,
			.wait_ms = traps[i].wait_ms ? (uint64_t)traps[i].wait_ms : TRAP_WAIT_MS,
			.retries = traps[i].retries ? (unsigned)traps[i].retries : TRAP_RETRIES,
		};
	return plan;
}
