#include "conformance/testbed_parts.h"

#include <errno.h>
#include <string.h>

#include "base/buf.h"
#include "base/cleanup.h"
#include "base/digest.h"
#include "base/json.h"
#include "conformance/cloud_action.h"

char *testbed_plant(struct testbed *testbed, const char *what, const char *device)
{
	uint64_t number =
		mix64(testbed->options.seed ^ journal_count(testbed->journal) * 2654435761u);
	char *text = alloc_printf("mark-%016llx", (unsigned long long)number);
	AUTO_FREE char *told = alloc_printf("%s of %s", what, device);
	journal_add(testbed->journal, "mark", json_pack("{s:s,s:s}", "text", text, "what", told));
	return text;
}

int testbed_printer(struct testbed *testbed, const char *device, const char *action,
		    const struct yaml *with, struct error *err)
{
	AUTO_JSON json_t *parameters = with ? match_json(with) : json_object();

	if (!strcmp(action, "job")) {
		AUTO_FREE char *document = testbed_plant(testbed, "the document name", device);
		AUTO_FREE char *owner = testbed_plant(testbed, "the job owner", device);
		json_object_set_new(parameters, "document", json_string(document));
		json_object_set_new(parameters, "owner", json_string(owner));
	}
	return device_do(fleet_device(testbed->fleet, device), action, parameters, err);
}

int testbed_fault(struct testbed *testbed, const char *device, const char *fault,
		  const struct yaml *with, struct error *err)
{
	AUTO_JSON json_t *parameters = with ? match_json(with) : json_object();

	journal_add(testbed->journal, "fault.armed",
		    json_pack("{s:s,s:s*,s:O}", "fault", fault, "device", device, "parameters",
			      parameters));
	if (verb_find(&device_faults, fault))
		return device_fault(fleet_device(testbed->fleet, device), fault, parameters, err);
	if (world_has_fault(fault))
		return world_fault(testbed->world, fault, parameters, err);
	return cloud_fault(testbed->cloud, fault, parameters, err);
}

int testbed_clear(struct testbed *testbed, const char *device, const char *fault, struct error *err)
{
	(void)err;
	journal_add(testbed->journal, "fault.cleared",
		    json_pack("{s:s,s:s*}", "fault", fault, "device", device));
	if (verb_find(&device_faults, fault))
		device_fault_clear(fleet_device(testbed->fleet, device), fault);
	else if (world_has_fault(fault))
		world_fault_clear(testbed->world, fault);
	else
		cloud_fault_clear(testbed->cloud, fault);
	return 0;
}

int testbed_command(struct testbed *testbed, const struct testbed_command *asked, struct error *err)
{
	char id[40];
	struct command command = {
		.user = asked->user,
		.agent = testbed->id,
		.serial = device_serial(fleet_device(testbed->fleet, asked->device)),
		.operation = asked->operation,
		.expires_in_ms = asked->expires_ms,
		.unchecked = asked->unchecked,
	};
	if (!testbed_is_designated(testbed, asked->device))
		journal_add(testbed->journal, "mark.told",
			    json_pack("{s:s}", "text", command.serial));
	int status = cloud_command(testbed->cloud, &command, id, err);
	if (status == -ENOTCONN) {
		json_t *why = json_pack("{s:s,s:s,s:s}", "command", id, "agent", testbed->id, "why",
					"the agent has no session with a subscription");
		journal_add(testbed->journal, "command.refused", why);
		return 0;
	}
	/* That the service refuses a user is an observation, not a failure of the harness. */
	return status == -EACCES || status == -EPERM ? 0 : status;
}

/* What the operator gives the account, the customer gives the agent: from its next start on. */
static void give_secret(struct testbed *testbed, const char *secret)
{
	free(testbed->secret);
	testbed->secret = alloc_text(secret);
	journal_add(testbed->journal, "secret.given", json_pack("{s:s}", "secret", secret));
}

int testbed_cloud(struct testbed *testbed, const char *action, const struct yaml *with,
		  struct error *err)
{
	AUTO_JSON json_t *parameters = with ? match_json(with) : json_object();
	const char *agent = json_text_of(parameters, "agent", testbed->id);
	int status = cloud_action_do(testbed->cloud, agent, action, parameters, NULL, err);

	if (status == 0 && !strcmp(action, "rotate") && !strcmp(agent, testbed->id))
		give_secret(testbed, json_text_of(parameters, "secret", ""));
	return status;
}
