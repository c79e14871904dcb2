#include "conformance/cloud_action.h"

#include <errno.h>
#include <string.h>

#include "base/buf.h"
#include "base/cleanup.h"
#include "base/json.h"
#include "conformance/living_cloud.h"
#include "sim/cloud/cloud.h"

enum {
	EXPIRES_MS = 60000,
	EXPIRES_MAX_MS = 3600000,
	PER_MS = 60000,
	REQUESTS_MAX = 1000000,
	WEEK_MS = 604800000
};

/* One thing that is to be done. */
struct errand {
	struct cloud *cloud;
	const char *agent;        /* the one that is meant; "" where none is */
	const json_t *parameters; /* checked */
	json_t *rows;             /* NULL: nobody wants to know what was made */
};

struct action {
	struct verb verb;
	int (*run)(const struct errand *errand, struct error *err);
};

static int run_command(const struct errand *errand, struct error *err)
{
	char id[40];
	const json_t *parameters = errand->parameters;
	struct command command = {
		.user = json_text_of(parameters, "user", LIVING_SUPPORT_USER),
		.agent = errand->agent,
		.serial = json_text_of(parameters, "serial", ""),
		.operation = json_text_of(parameters, "operation", "status"),
		.expires_in_ms = json_int_of(parameters, "expiresMs", EXPIRES_MS),
		.unchecked = json_is_true(json_object_get(parameters, "unchecked")),
	};
	int status = cloud_command(errand->cloud, &command, id, err);
	if (status == 0 && errand->rows)
		json_array_append_new(errand->rows, json_string(id));
	return status;
}

static int run_rotate(const struct errand *errand, struct error *err)
{
	return cloud_rotate(errand->cloud, errand->agent,
			    json_text_of(errand->parameters, "secret", ""),
			    verb_duration(errand->parameters, "overlap", 0), err);
}

static int run_revoke(const struct errand *errand, struct error *err)
{
	return cloud_revoke(errand->cloud, errand->agent, true, err);
}

static int run_restore(const struct errand *errand, struct error *err)
{
	return cloud_revoke(errand->cloud, errand->agent, false, err);
}

static const char *const listeners[] = { "https", "mqtt", NULL };

static int run_renew(const struct errand *errand, struct error *err)
{
	return cloud_renew(errand->cloud, json_text_of(errand->parameters, "listener", ""),
			   json_is_true(json_object_get(errand->parameters, "former")), err);
}

static int run_limit(const struct errand *errand, struct error *err)
{
	(void)err;
	cloud_limit(errand->cloud, json_int_of(errand->parameters, "requests", 0),
		    verb_duration(errand->parameters, "per", PER_MS));
	return 0;
}

static void add_number(json_t *change, const char *name, int64_t value)
{
	if (value)
		json_object_set_new(change, name, json_integer(value));
}

static int run_configure(const struct errand *errand, struct error *err)
{
	const json_t *parameters = errand->parameters;
	const char *document = json_text_of(parameters, "document", NULL);
	AUTO_JSON json_t *change = json_object();

	if (document)
		return cloud_configure_as_told(errand->cloud, errand->agent, document, err);
	add_number(change, "intervalMs", verb_duration(parameters, "interval", 0));
	add_number(change, "pollMs", verb_duration(parameters, "poll", 0));
	add_number(change, "version", json_int_of(parameters, "version", 0));
	return cloud_configure(errand->cloud, errand->agent, change, err);
}

/* COL-6: the words of the list are judged as addresses by the service. */
static int run_designate(const struct errand *errand, struct error *err)
{
	AUTO_FREE char *copy = alloc_text(json_text_of(errand->parameters, "targets", ""));
	json_t *designated = json_array();
	AUTO_JSON json_t *change = json_pack("{s:o}", "designated", designated);
	char *rest = copy;

	for (char *word; (word = strsep(&rest, " "));)
		if (*word)
			json_array_append_new(designated, json_string(word));
	return cloud_configure(errand->cloud, errand->agent, change, err);
}

#define AGENT                                                                                      \
	{                                                                                          \
		"agent", PARAMETER_TEXT,                                                           \
			.help = "id of the agent; of a scenario: its own, unless said"             \
	}

static const struct parameter command_parameters[] = {
	AGENT,
	{ "serial", PARAMETER_TEXT, .required = true, .help = "of the device" },
	{ "operation", PARAMETER_TEXT, .help = "status, clean or diagnose; default status" },
	{ "user", PARAMETER_TEXT, .help = "support user; default " LIVING_SUPPORT_USER },
	{ "expiresMs", PARAMETER_INT, .min = -EXPIRES_MAX_MS, .max = EXPIRES_MAX_MS,
	  .help = "from now on; negative: expired already; default 60000" },
	{ "unchecked", PARAMETER_BOOL,
	  .help = "the service lets it through although it should not" },
	{ .name = NULL },
};

static const struct parameter rotate_parameters[] = {
	AGENT,
	{ "secret", PARAMETER_TEXT, .required = true, .help = "the new one" },
	{ "overlap", PARAMETER_DURATION, .max = EXPIRES_MAX_MS,
	  .help = "how long the old one holds beside it; default 0s" },
	{ .name = NULL },
};

static const struct parameter account_parameters[] = { AGENT, { .name = NULL } };

static const struct parameter renew_parameters[] = {
	{ "listener", PARAMETER_NAME, .required = true, .names = listeners,
	  .help = "which of the two names" },
	{ "former", PARAMETER_BOOL,
	  .help = "it shows the one from before again, and hands out the new one" },
	{ .name = NULL },
};

static const struct parameter limit_parameters[] = {
	{ "requests", PARAMETER_INT, .required = true, .max = REQUESTS_MAX,
	  .help = "HTTP requests of each agent; more are answered 429; 0: no limit" },
	{ "per", PARAMETER_DURATION, .min = 1, .max = EXPIRES_MAX_MS, .help = "default 1m" },
	{ .name = NULL },
};

static const struct parameter configure_parameters[] = {
	AGENT,
	{ "interval", PARAMETER_DURATION, .min = 1, .max = WEEK_MS,
	  .help = "how often each device is collected" },
	{ "poll", PARAMETER_DURATION, .min = 1, .max = WEEK_MS,
	  .help = "how often status is looked at" },
	{ "version", PARAMETER_INT, .min = 1, .max = INT32_MAX,
	  .help = "default: one more than before" },
	{ "document", PARAMETER_TEXT,
	  .help = "instead of all these: the bytes that the agent gets, sound or not" },
	{ .name = NULL },
};

static const struct parameter designate_parameters[] = {
	AGENT,
	{ "targets", PARAMETER_TEXT, .required = true,
	  .help = "addresses, space between; \"\": none" },
	{ .name = NULL },
};

static const struct action actions[] = {
	{ { "command", "a support user asks for a remote operation", command_parameters },
	  run_command },
	{ { "rotate", "the operator gives an agent's account a new secret", rotate_parameters },
	  run_rotate },
	{ { "revoke", "the operator takes an agent's credentials back", account_parameters },
	  run_revoke },
	{ { "restore", "revoked credentials hold again", account_parameters }, run_restore },
	{ { "renew", "a server gets a certificate of another authority and starts again",
	    renew_parameters },
	  run_renew },
	{ { "limit", "the operator limits how often agents may ask", limit_parameters },
	  run_limit },
	{ { "configure", "the operator sets how an agent works", configure_parameters },
	  run_configure },
	{ { "designate", "the operator sets which printers a DC Agent is to collect from",
	    designate_parameters },
	  run_designate },
};

const struct verb_list cloud_actions = VERB_LIST(actions);

static bool is_about_agent(const struct verb *verb)
{
	return verb->parameters && !strcmp(verb->parameters[0].name, "agent");
}

int cloud_action_do(struct cloud *cloud, const char *agent, const char *name,
		    const json_t *parameters, json_t *rows, struct error *err)
{
	const struct action *action =
		(const struct action *)(const void *)verb_find(&cloud_actions, name);
	struct errand errand = { cloud, json_text_of(parameters, "agent", agent ? agent : ""),
				 parameters, rows };

	if (!action)
		return error_set(err, EINVAL,
				 "cloud: found action '%s', expected one that 'ecsp list "
				 "actions' shows",
				 name);
	if (is_about_agent(&action->verb) && !*errand.agent)
		return error_set(err, EINVAL, "%s: found agent none, expected its id", name);
	return action->run(&errand, err);
}

static int run_action(struct cloud *cloud, const json_t *request, json_t *rows, struct error *err)
{
	const char *name = json_text_of(request, "action", "");
	const json_t *parameters = json_object_get(request, "parameters");
	const struct verb *verb = verb_find(&cloud_actions, name);
	int status = verb ? verb_check(verb, parameters, NULL, err) : 0;

	return status < 0 ? status : cloud_action_do(cloud, NULL, name, parameters, rows, err);
}

int cloud_action_ask(struct cloud *cloud, const json_t *request, json_t *rows, struct error *err)
{
	const char *ask = json_text_of(request, "ask", "");
	const char *fault = json_text_of(request, "fault", NULL);

	if (!strcmp(ask, "do"))
		return run_action(cloud, request, rows, err);
	if (!strcmp(ask, "fault"))
		return cloud_fault(cloud, fault ? fault : "",
				   json_object_get(request, "parameters"), err);
	if (strcmp(ask, "clear") != 0)
		return error_set(err, EINVAL, "found the cloud, expected a printer");
	cloud_fault_clear(cloud, fault);
	return 0;
}
