#include "conformance/launch.h"

#include <string.h>

#include "base/buf.h"
#include "base/cleanup.h"
#include "base/ipv4.h"
#include "base/json.h"
#include "conformance/match.h"
#include "sim/cloud/cloud.h"

#define CONFIG_PATH "/run/ecsp/config.json"
#define CA_PATH     "/run/ecsp/ca.pem"

/* Names come from the world's resolver alone: no daemon of the machine is asked. */
#define RESOLV_CONF   "nameserver 10.0.0.53\noptions timeout:1 attempts:2\n"
#define HOSTS         "127.0.0.1 localhost\n10.0.0.5 " LAUNCH_HOST "\n"
#define NSSWITCH_CONF "passwd: files\ngroup: files\nhosts: files dns\n"

enum {
	OUTPUT_MAX = 8 << 20, /* bytes of the agent's log */
	STATE_MAX = 32 << 20, /* bytes of its folder */
};

char *launch_crowd_id(const char *id, int64_t number)
{
	return alloc_printf("%s-%02lld", id, (long long)number);
}

char *launch_crowd_secret(const char *secret, int64_t number)
{
	return alloc_printf("%s-%lld", secret, (long long)number);
}

bool launch_is_own(const struct scenario *scenario, const char *id, const char *text, size_t size)
{
	if (strlen(id) == size && !memcmp(id, text, size))
		return true;
	for (int64_t i = 1; i <= scenario->crowd; i++) {
		AUTO_FREE char *one = launch_crowd_id(id, i);
		if (strlen(one) == size && !memcmp(one, text, size))
			return true;
	}
	return false;
}

/* All start at once, as a fleet does when the power comes back; each has a login of its own. */
static void add_crowd(const struct launch *launch, json_t *config)
{
	json_t *instances = json_array();

	for (int64_t i = 1; i <= launch->scenario->crowd; i++) {
		AUTO_FREE char *id = launch_crowd_id(launch->id, i);
		AUTO_FREE char *secret = launch_crowd_secret(launch->secret, i);
		json_array_append_new(instances,
				      json_pack("{s:s,s:s}", "id", id, "secret", secret));
	}
	json_object_set_new(config, "instances", instances);
	json_object_set_new(config, "startOverMs", json_integer(0));
}

/* The printers that are designated, or only admitted; the key is left out where none is admitted.
 */
static void add_addresses(json_t *config, const char *key, const struct scenario *scenario,
			  bool admitted)
{
	json_t *list = json_array();

	for (size_t i = 0; i < scenario->printers.count; i++) {
		char text[IPV4_TEXT_MAX];
		const struct printer_spec *printer = scenario_printer(scenario, i);
		if (!printer->decoy && printer->admitted == admitted)
			json_array_append_new(list,
					      json_string(ipv4_format(printer->address, text)));
	}
	if (json_array_size(list) || !admitted)
		json_object_set(config, key, list);
	json_decref(list);
}

/* Quick by default: a run must not take minutes. Every knob is one a customer has. */
static json_t *configuration(const struct launch *launch)
{
	AUTO_FREE char *api_host = region_host("api", launch->scenario->region);
	AUTO_FREE char *mqtt_host = region_host("mqtt", launch->scenario->region);
	AUTO_FREE char *api = alloc_printf("https://%s", api_host);
	AUTO_FREE char *mqtt = alloc_printf("mqtts://%s:443", mqtt_host);
	json_t *config =
		json_pack("{s:s,s:s,s:s,s:s,s:s,s:s,s:i,s:i,s:i,s:i,s:i,s:i,s:i,s:i}", "api", api,
			  "mqtt", mqtt, "ca", CA_PATH, "id", launch->id, "secret", launch->secret,
			  "state", WORLD_STATE_FOLDER, "intervalMs", 1000, "pollMs", 200,
			  "timeoutMs", 400, "retries", 1, "httpTimeoutMs", 2000, "backoffMinMs",
			  100, "backoffMaxMs", 1000, "keepAliveS", 10);

	if (launch->scenario->agent == AGENT_DC) {
		add_addresses(config, "targets", launch->scenario, false);
		add_addresses(config, "admitted", launch->scenario, true);
		json_object_set_new(config, "community", json_string(LAUNCH_COMMUNITY));
	} else {
		json_object_set_new(config, "panel", json_string(LAUNCH_PANEL));
	}
	if (launch->scenario->crowd)
		add_crowd(launch, config);
	if (launch->scenario->config) {
		AUTO_JSON json_t *more = match_json(launch->scenario->config);
		json_object_update(config, more);
	}
	return config;
}

/* "10.16.0.10 10.16.0.11" of the targets. */
static char *words_of(const json_t *list)
{
	struct buf text;
	size_t i;
	json_t *item;

	buf_init(&text, 1 << 20);
	json_array_foreach (list, i, item)
		buf_printf(&text, "%s%s", i ? " " : "", json_string_value(item));
	return buf_steal(&text);
}

static void add_variable(char ***list, size_t *count, const char *name, const char *value)
{
	*list = alloc_grow(*list, *count + 2, sizeof(**list));
	(*list)[(*count)++] = alloc_printf("%s=%s", name, value);
	(*list)[*count] = NULL;
}

static char **environment(const json_t *config)
{
	static const struct {
		const char *name, *key;
	} lists[] = { { "ECSP_TARGETS", "targets" }, { "ECSP_ADMITTED", "admitted" } }, rows[] = {
		{ "ECSP_API", "api" },
		{ "ECSP_MQTT", "mqtt" },
		{ "ECSP_CA", "ca" },
		{ "ECSP_ID", "id" },
		{ "ECSP_SECRET", "secret" },
		{ "ECSP_COMMUNITY", "community" },
		{ "ECSP_STATE", "state" },
		{ "ECSP_PANEL", "panel" },
		{ "ECSP_MQTT_VERSION", "mqttVersion" },
	};
	char **list = NULL;
	size_t count = 0;

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		const char *value = json_text_of(config, rows[i].key, NULL);
		if (value)
			add_variable(&list, &count, rows[i].name, value);
	}
	for (size_t i = 0; i < COUNT_OF(lists); i++) {
		const json_t *addresses = json_object_get(config, lists[i].key);
		AUTO_FREE char *words = addresses ? words_of(addresses) : NULL;
		if (words)
			add_variable(&list, &count, lists[i].name, words);
	}
	add_variable(&list, &count, "ECSP_CONFIG", CONFIG_PATH);
	add_variable(&list, &count, "PATH", "/usr/local/bin:/usr/bin:/bin");
	add_variable(&list, &count, "HOME", WORLD_STATE_FOLDER);
	add_variable(&list, &count, "TMPDIR", "/tmp");
	add_variable(&list, &count, "LANG", "C.UTF-8");
	add_variable(&list, &count, "SSL_CERT_FILE", CA_PATH);
	/* Agents built with AddressSanitizer: its leak checker needs ptrace, which the world
	 * refuses. */
	add_variable(&list, &count, "ASAN_OPTIONS", "detect_leaks=0");
	return list;
}

/* Ours and those that it was given on its command line. */
static struct world_file *all_files(const struct world_file *own, size_t own_count,
				    const struct program *program, size_t *count)
{
	struct world_file *files = alloc_zero(own_count + program->file_count, sizeof(*files));

	memcpy(files, own, own_count * sizeof(*files));
	for (size_t i = 0; i < program->file_count; i++) {
		const struct program_file *file = &program->files[i];
		files[own_count + i] = (struct world_file){ file->path, file->data, file->size };
	}
	*count = own_count + program->file_count;
	return files;
}

int launch_agent(const struct launch *launch, struct world *world, struct error *err)
{
	AUTO_JSON json_t *config = configuration(launch);
	AUTO_FREE char *text = json_text(config);
	const char *ca = launch->authority;
	const struct world_file own[] = {
		{ CONFIG_PATH, text, strlen(text) },
		{ CA_PATH, ca, strlen(ca) },
		{ "/etc/ssl/certs/ca-certificates.crt", ca, strlen(ca) },
		{ "/etc/resolv.conf", RESOLV_CONF, sizeof(RESOLV_CONF) - 1 },
		{ "/etc/hosts", HOSTS, sizeof(HOSTS) - 1 },
		{ "/etc/nsswitch.conf", NSSWITCH_CONF, sizeof(NSSWITCH_CONF) - 1 },
	};
	size_t count;
	AUTO_FREE struct world_file *files = all_files(own, COUNT_OF(own), launch->program, &count);
	char **variables = environment(config);
	struct world_program program = {
		.argv = (const char *const *)launch->program->argv,
		.environment = (const char *const *)variables,
		.files = files,
		.file_count = count,
		.hostname = LAUNCH_HOST,
		.output_fd = launch->output,
		.output_max = OUTPUT_MAX,
		.state_max = STATE_MAX,
	};
	int status = world_start(world, &program, err);
	for (size_t i = 0; variables[i]; i++)
		free(variables[i]);
	free(variables);
	return status;
}
