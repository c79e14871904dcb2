#include "agents/common/config.h"

#include <errno.h>
#include <math.h>

#include "base/buf.h"
#include "base/cleanup.h"
#include "base/ipv4.h"

enum { TEXT_MAX = 4096 };

enum key_type { KEY_TEXT, KEY_NUMBER, KEY_BOOL, KEY_ADDRESSES, KEY_SNMP };

struct key {
	const char *name;        /* in the file */
	const char *environment; /* NULL: only in the file */
	enum key_type type;
	size_t offset;
	int64_t least, most; /* numbers */
};

#define AT(member) offsetof(struct config, member)

static const int64_t day_ms = 86400000;

static const struct key keys[] = {
	{ "api", "ECSP_API", KEY_TEXT, AT(api), 0, 0 },
	{ "mqtt", "ECSP_MQTT", KEY_TEXT, AT(mqtt), 0, 0 },
	{ "ca", "ECSP_CA", KEY_TEXT, AT(ca), 0, 0 },
	{ "id", "ECSP_ID", KEY_TEXT, AT(id), 0, 0 },
	{ "secret", "ECSP_SECRET", KEY_TEXT, AT(secret), 0, 0 },
	{ "state", "ECSP_STATE", KEY_TEXT, AT(state), 0, 0 },
	{ "community", "ECSP_COMMUNITY", KEY_TEXT, AT(community), 0, 0 },
	{ "panel", "ECSP_PANEL", KEY_TEXT, AT(panel), 0, 0 },
	{ "targets", "ECSP_TARGETS", KEY_ADDRESSES, AT(targets), 0, 0 },
	{ "admitted", "ECSP_ADMITTED", KEY_ADDRESSES, AT(admitted), 0, 0 },
	{ "intervalMs", NULL, KEY_NUMBER, AT(interval_ms), 100, 7 * day_ms },
	{ "pollMs", NULL, KEY_NUMBER, AT(poll_ms), 50, day_ms },
	{ "timeoutMs", NULL, KEY_NUMBER, AT(timeout_ms), 10, 60000 },
	{ "retries", NULL, KEY_NUMBER, AT(retries), 0, 10 },
	{ "httpTimeoutMs", NULL, KEY_NUMBER, AT(http_timeout_ms), 100, 600000 },
	{ "backoffMinMs", NULL, KEY_NUMBER, AT(backoff_min_ms), 1, day_ms },
	{ "backoffMaxMs", NULL, KEY_NUMBER, AT(backoff_max_ms), 1, day_ms },
	{ "mqttVersion", "ECSP_MQTT_VERSION", KEY_TEXT, AT(mqtt_version), 0, 0 },
	{ "keepAliveS", NULL, KEY_NUMBER, AT(keep_alive_s), 1, 65535 },
	{ "configurationMs", NULL, KEY_NUMBER, AT(configuration_ms), 100, 7 * day_ms },
	{ "queueMax", NULL, KEY_NUMBER, AT(queue_max), 1, 1000000 },
	{ "uploadMax", NULL, KEY_NUMBER, AT(upload_max), 1, 64 },
	{ "replayMs", NULL, KEY_NUMBER, AT(replay_ms), 0, 60000 },
	{ "snmpVersion", NULL, KEY_NUMBER, AT(snmp_version), 1, 2 },
	{ "discover", NULL, KEY_BOOL, AT(discover), 0, 0 },
	{ "sandbox", NULL, KEY_BOOL, AT(sandbox), 0, 0 },
	{ "snmp", NULL, KEY_SNMP, AT(snmp), 0, 0 },
};

static void *member(struct config *config, const struct key *key)
{
	return (char *)config + key->offset;
}

static void set_text(struct config *config, const struct key *key, const char *text)
{
	char **place = member(config, key);
	free(*place);
	*place = alloc_text(text);
}

/* Targets, or admitted ones. */
struct addresses {
	const char *name;
	uint32_t **list;
	size_t *count;
};

static struct addresses addresses_of(struct config *config, const struct key *key)
{
	if (key->offset == AT(targets))
		return (struct addresses){ key->name, &config->targets, &config->target_count };
	return (struct addresses){ key->name, &config->admitted, &config->admitted_count };
}

static int add_address(const struct addresses *to, const char *text, struct error *err)
{
	uint32_t address;

	if (!ipv4_parse(text, &address))
		return error_set(err, EINVAL, "%s: found \"%s\", expected an IPv4 address",
				 to->name, text);
	for (size_t i = 0; i < *to->count; i++)
		if ((*to->list)[i] == address)
			return 0;
	if (*to->count == CONFIG_TARGETS_MAX)
		return error_set(err, EINVAL, "%s: more than %d addresses", to->name,
				 CONFIG_TARGETS_MAX);
	*to->list = alloc_grow(*to->list, *to->count + 1, sizeof(uint32_t));
	(*to->list)[(*to->count)++] = address;
	return 0;
}

static int set_addresses_text(const struct addresses *to, const char *text, struct error *err)
{
	AUTO_FREE char *copy = alloc_text(text);
	char *rest = copy;

	*to->count = 0;
	for (char *word; (word = strsep(&rest, " \t\n"));) {
		int status = *word ? add_address(to, word, err) : 0;
		if (status < 0)
			return status;
	}
	return 0;
}

static int set_addresses_json(const struct addresses *to, const cJSON *value, struct error *err)
{
	const cJSON *item;

	if (!cJSON_IsArray(value))
		return error_set(err, EINVAL, "%s: expected an array of addresses", to->name);
	*to->count = 0;
	cJSON_ArrayForEach(item, value)
	{
		if (!cJSON_IsString(item))
			return error_set(err, EINVAL, "%s: expected an array of addresses",
					 to->name);
		int status = add_address(to, item->valuestring, err);
		if (status < 0)
			return status;
	}
	return 0;
}

static int set_number(struct config *config, const struct key *key, const cJSON *value,
		      struct error *err)
{
	double number = cJSON_IsNumber(value) ? value->valuedouble : NAN;

	if (!(number >= (double)key->least && number <= (double)key->most) ||
	    number != floor(number))
		return error_set(err, EINVAL, "%s: expected a whole number from %lld to %lld",
				 key->name, (long long)key->least, (long long)key->most);
	*(int64_t *)member(config, key) = (int64_t)number;
	return 0;
}

static int set_snmp(struct config *config, const cJSON *value, struct error *err)
{
	const cJSON *item;

	if (!cJSON_IsArray(value))
		return error_set(err, EINVAL, "snmp: expected an array");
	cJSON_ArrayForEach(item, value)
	{
		if (config->snmp_count == CONFIG_TARGETS_MAX)
			return error_set(err, EINVAL, "snmp: more than %d entries",
					 CONFIG_TARGETS_MAX);
		config->snmp =
			alloc_grow(config->snmp, config->snmp_count + 1, sizeof(*config->snmp));
		int status = snmp_login_parse(&config->snmp[config->snmp_count++], item, err);
		if (status < 0) {
			error_wrap(err, "snmp[%zu]", config->snmp_count - 1);
			return status;
		}
	}
	return 0;
}

static bool names(const struct snmp_login *login, uint32_t address)
{
	for (size_t i = 0; i < login->target_count; i++)
		if (login->targets[i] == address)
			return true;
	return false;
}

const struct snmp_login *config_login(const struct config *config, uint32_t address)
{
	const struct snmp_login *general = NULL;

	for (size_t i = 0; i < config->snmp_count; i++) {
		const struct snmp_login *login = &config->snmp[i];
		if (names(login, address))
			return login;
		if (!login->target_count && !general)
			general = login;
	}
	return general;
}

static int set_json(struct config *config, const struct key *key, const cJSON *value,
		    struct error *err)
{
	struct addresses to = addresses_of(config, key);

	switch (key->type) {
	case KEY_TEXT:
		if (!cJSON_IsString(value) || strlen(value->valuestring) > TEXT_MAX)
			return error_set(err, EINVAL, "%s: expected a text of at most %d bytes",
					 key->name, TEXT_MAX);
		set_text(config, key, value->valuestring);
		return 0;
	case KEY_NUMBER:
		return set_number(config, key, value, err);
	case KEY_BOOL:
		if (!cJSON_IsBool(value))
			return error_set(err, EINVAL, "%s: expected true or false", key->name);
		*(bool *)member(config, key) = cJSON_IsTrue(value);
		return 0;
	case KEY_ADDRESSES:
		return set_addresses_json(&to, value, err);
	case KEY_SNMP:
		return set_snmp(config, value, err);
	}
	return 0;
}

static const struct key *find_key(const char *name)
{
	for (size_t i = 0; i < COUNT_OF(keys); i++)
		if (strcmp(keys[i].name, name) == 0)
			return &keys[i];
	return NULL;
}

static bool is_among(const char *const *names, const char *name)
{
	for (; *names; names++)
		if (strcmp(*names, name) == 0)
			return true;
	return false;
}

int config_take(struct config *config, const cJSON *object, const char *const *except,
		struct error *err)
{
	const cJSON *item;

	cJSON_ArrayForEach(item, object)
	{
		const struct key *key = find_key(item->string);
		if (is_among(except, item->string))
			continue;
		int status = key ? set_json(config, key, item, err)
				 : error_set(err, EINVAL, "%s: there is no such key", item->string);
		if (status < 0)
			return status;
	}
	return 0;
}

void config_defaults(struct config *config)
{
	*config = (struct config){
		.interval_ms = 60000,
		.poll_ms = 5000,
		.timeout_ms = 2000,
		.retries = 1,
		.http_timeout_ms = 10000,
		.backoff_min_ms = 1000,
		.backoff_max_ms = 60000,
		.keep_alive_s = 30,
		.queue_max = 10000,
		.upload_max = 64,
		.replay_ms = 200,
		.configuration_ms = 900000,
		.snmp_version = 2,
		.sandbox = true,
	};
}

int config_environment(struct config *config, struct error *err)
{
	for (size_t i = 0; i < COUNT_OF(keys); i++) {
		const char *text = keys[i].environment ? getenv(keys[i].environment) : NULL;
		struct addresses to = addresses_of(config, &keys[i]);
		int status = 0;
		if (!text || !*text)
			continue;
		if (keys[i].type == KEY_ADDRESSES)
			status = set_addresses_text(&to, text, err);
		else
			set_text(config, &keys[i], text);
		if (status < 0) {
			error_wrap(err, "%s", keys[i].environment);
			return status;
		}
	}
	return 0;
}

/* "scheme://host[:port]", nothing behind. */
static bool is_url(const char *url, const char *scheme)
{
	size_t size = strlen(scheme);

	if (strncmp(url, scheme, size) != 0 || !url[size])
		return false;
	return url[size + strspn(url + size, "abcdefghijklmnopqrstuvwxyz"
					     "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-:[]")] == 0;
}

static bool is_id(const char *id)
{
	size_t size = strlen(id);

	/* It names a folder, too: not this one, nor the one above. */
	return size && size <= 128 && id[0] != '.' &&
	       strspn(id, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-") ==
		       size;
}

static int missing(const char *key, const char *environment, struct error *err)
{
	return error_set(err, EINVAL, "%s is missing: set %s or \"%s\" in the file", key,
			 environment, key);
}

static bool all_have_logins(const struct config *config)
{
	for (size_t i = 0; i < config->target_count; i++)
		if (!config_login(config, config->targets[i]))
			return false;
	for (size_t i = 0; i < config->admitted_count; i++)
		if (!config_login(config, config->admitted[i]))
			return false;
	return true;
}

static bool is_mqtt_version(const char *text)
{
	return !text || strcmp(text, "3.1.1") == 0 || strcmp(text, "5.0") == 0;
}

int config_check(struct config *config, const struct config_needs *needs, struct error *err)
{
	static const char *const always[] = { "api", "mqtt", "ca", "id", "secret", "state" };

	for (size_t i = 0; i < COUNT_OF(always); i++) {
		const struct key *key = find_key(always[i]);
		const char *text = *(char **)member(config, key);
		if (!text || !*text)
			return missing(key->name, key->environment, err);
	}
	if (needs->targets && !config->target_count)
		return missing("targets", "ECSP_TARGETS", err);
	if (needs->targets && !config->community && !all_have_logins(config))
		return missing("community", "ECSP_COMMUNITY", err);
	if (needs->panel && !config->panel)
		return missing("panel", "ECSP_PANEL", err);
	size_t size = strlen(config->api);
	if (size && config->api[size - 1] == '/')
		config->api[size - 1] = 0;
	if (!is_url(config->api, "https://"))
		return error_set(err, EINVAL, "api: expected https://HOST[:PORT]");
	if (!is_url(config->mqtt, "mqtts://"))
		return error_set(err, EINVAL, "mqtt: expected mqtts://HOST[:PORT]");
	if (!is_mqtt_version(config->mqtt_version))
		return error_set(err, EINVAL, "mqttVersion: expected \"3.1.1\" or \"5.0\"");
	if (!is_id(config->id))
		return error_set(err, EINVAL,
				 "id: expected 1 to 128 letters, digits, . _ -, the first no .");
	if (access(config->ca, R_OK) < 0)
		return error_set(err, EINVAL, "ca: cannot read %s: %s", config->ca,
				 strerror(errno));
	if (config->backoff_max_ms < config->backoff_min_ms)
		return error_set(err, EINVAL, "backoffMaxMs: smaller than backoffMinMs");
	return 0;
}

void config_done(struct config *config)
{
	if (config->secret)
		explicit_bzero(config->secret, strlen(config->secret));
	for (size_t i = 0; i < COUNT_OF(keys); i++)
		if (keys[i].type == KEY_TEXT)
			free(*(char **)member(config, &keys[i]));
	free(config->targets);
	free(config->admitted);
	for (size_t i = 0; i < config->snmp_count; i++)
		snmp_login_done(&config->snmp[i]);
	free(config->snmp);
	*config = (struct config){ 0 };
}
