#include "conformance/cloud_action.h"

#include <errno.h>
#include <string.h>

#include "base/json.h"
#include "conformance/living_cloud.h"
#include "sim/cloud/cloud.h"

enum { EXPIRES_MS = 60000, EXPIRES_MAX_MS = 3600000 };

struct action {
	struct verb verb;
	int (*run)(struct cloud *cloud, const json_t *parameters, json_t *rows, struct error *err);
};

static int run_command(struct cloud *cloud, const json_t *parameters, json_t *rows,
		       struct error *err)
{
	char id[40];
	struct command command = {
		.user = json_text_of(parameters, "user", LIVING_SUPPORT_USER),
		.agent = json_text_of(parameters, "agent", ""),
		.serial = json_text_of(parameters, "serial", ""),
		.operation = json_text_of(parameters, "operation", "status"),
		.expires_in_ms = json_int_of(parameters, "expiresMs", EXPIRES_MS),
		.unchecked = json_is_true(json_object_get(parameters, "unchecked")),
	};
	int status = cloud_command(cloud, &command, id, err);
	if (status == 0)
		json_array_append_new(rows, json_string(id));
	return status;
}

static const struct parameter command_parameters[] = {
	{ "agent", PARAMETER_TEXT, .required = true, .help = "id of the agent" },
	{ "serial", PARAMETER_TEXT, .required = true, .help = "of the device" },
	{ "operation", PARAMETER_TEXT, .help = "status, clean or diagnose; default status" },
	{ "user", PARAMETER_TEXT, .help = "support user; default " LIVING_SUPPORT_USER },
	{ "expiresMs", PARAMETER_INT, .min = -EXPIRES_MAX_MS, .max = EXPIRES_MAX_MS,
	  .help = "from now on; negative: expired already; default 60000" },
	{ "unchecked", PARAMETER_BOOL,
	  .help = "the service lets it through although it should not" },
	{ .name = NULL },
};

static const struct action actions[] = {
	{ { "command", "a support user asks for a remote operation", command_parameters },
	  run_command },
};

const struct verb_list cloud_actions = VERB_LIST(actions);

static int run_action(struct cloud *cloud, const json_t *request, json_t *rows, struct error *err)
{
	const char *name = json_text_of(request, "action", "");
	const json_t *parameters = json_object_get(request, "parameters");
	const struct action *action =
		(const struct action *)(const void *)verb_find(&cloud_actions, name);

	if (!action)
		return error_set(err, EINVAL, "cloud: found action '%s', expected command", name);
	int status = verb_check(&action->verb, parameters, NULL, err);
	return status < 0 ? status : action->run(cloud, parameters, rows, err);
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
