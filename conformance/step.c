#include "conformance/step.h"

#include <errno.h>
#include <string.h>

#include "base/buf.h"
#include "conformance/cloud_action.h"
#include "conformance/faults.h"
#include "conformance/names.h"
#include "conformance/testbed.h"
#include "ecsp/ecsp.h"
#include "sim/printer/fleet.h"

/* A word that no list has; lists: what ecsp list calls them. */
static int unknown(const struct yaml *node, const char *what, const char *lists, const char *near,
		   struct error *err)
{
	return yaml_error(node, err, "found %s '%s', expected one that 'ecsp list %s' shows%s%s%s",
			  what, node->text, lists, near ? ": did you mean '" : "", near ? near : "",
			  near ? "'?" : "");
}

/* ---- wait ---- */

struct wait {
	char *kind;
	const struct yaml *where;
	char *since;
	int64_t count, within_ms;
};

static const struct field wait_fields[] = {
	{ "for", FIELD_TEXT, offsetof(struct wait, kind), .required = true,
	  .help = "kind of observation, see docs/evidence.md" },
	{ "where", FIELD_NODE, offsetof(struct wait, where), .help = "fields it must have" },
	{ "count", FIELD_INT, offsetof(struct wait, count), .min = 1, .max = 1000000 },
	{ "since", FIELD_TEXT, offsetof(struct wait, since),
	  .help = "label of an earlier step; default: the start of the run" },
	{ "within", FIELD_DURATION, offsetof(struct wait, within_ms), .required = true,
	  .max = 3600000 },
	{ .name = NULL },
};
static const struct form wait_form = { "a wait", sizeof(struct wait), wait_fields };

/* The label must be an earlier step's: of a later one nothing can have been seen. */
static int check_wait(const struct scope *scope, const struct step *step, struct error *err)
{
	const struct yaml *body = names_of_step(step);
	int status = names_condition(body, err);
	return status < 0 ? status : names_label(scope, step, yaml_get(body, "since"), err);
}

static int run_wait(struct testbed *testbed, const struct step *step, struct error *err)
{
	const struct wait *wait = step->arguments;
	struct match match = { wait->kind, wait->where };
	(void)err;
	return testbed_wait(testbed, &match, wait->count ? wait->count : 1, wait->since,
			    wait->within_ms);
}

static const struct step_kind step_wait = {
	.name = "wait",
	.help = "until something was observed; if it is not in time the run ends there",
	.form = &wait_form,
	.check = check_wait,
	.run = run_wait,
};

/* ---- observe ---- */

struct observe {
	int64_t for_ms;
};

static const struct field observe_fields[] = {
	{ "for", FIELD_DURATION, offsetof(struct observe, for_ms), .required = true,
	  .max = 3600000 },
	{ .name = NULL },
};
static const struct form observe_form = { "an observation window", sizeof(struct observe),
					  observe_fields };

static int run_observe(struct testbed *testbed, const struct step *step, struct error *err)
{
	const struct observe *observe = step->arguments;
	(void)err;
	return testbed_observe(testbed, observe->for_ms);
}

static const struct step_kind step_observe = {
	.name = "observe",
	.help = "let the world go on for a while, for expectations about what must not happen",
	.form = &observe_form,
	.run = run_observe,
};

/* ---- printer ---- */

struct printer {
	char *device, *action;
	const struct yaml *with;
};

static const struct field printer_fields[] = {
	{ "device", FIELD_TEXT, offsetof(struct printer, device), .required = true },
	{ "do", FIELD_TEXT, offsetof(struct printer, action), .required = true,
	  .help = "job, clean, jam, open-cover, ink, …" },
	{ "with", FIELD_NODE, offsetof(struct printer, with), .help = "parameters of the action" },
	{ .name = NULL },
};
static const struct form printer_form = { "a printer action", sizeof(struct printer),
					  printer_fields };

static int check_printer(const struct scope *scope, const struct step *step, struct error *err)
{
	const struct printer *printer = step->arguments;
	const struct yaml *name = yaml_get(names_of_step(step), "do");
	const struct verb *action = verb_find(&device_actions, printer->action);
	int status = names_device(scope, yaml_get(names_of_step(step), "device"), err);
	if (status < 0)
		return status;
	if (!action)
		return unknown(name, "action", "actions",
			       verb_nearest(&device_actions, printer->action), err);
	return verb_check_yaml(action, printer->with, name, err);
}

static int run_printer(struct testbed *testbed, const struct step *step, struct error *err)
{
	const struct printer *printer = step->arguments;
	return testbed_printer(testbed, printer->device, printer->action, printer->with, err);
}

static const struct step_kind step_printer = {
	.name = "printer",
	.help = "something happens at a printer",
	.form = &printer_form,
	.check = check_printer,
	.run = run_printer,
};

/* ---- fault and clear ---- */

struct fault {
	char *name, *device;
	const struct yaml *with;
};

static const struct field fault_fields[] = {
	{ "name", FIELD_TEXT, offsetof(struct fault, name), .required = true,
	  .help = "see ecsp list faults" },
	{ "device", FIELD_TEXT, offsetof(struct fault, device), .help = "for printer faults" },
	{ "with", FIELD_NODE, offsetof(struct fault, with), .help = "parameters of the fault" },
	{ .name = NULL },
};
static const struct form fault_form = { "a fault", sizeof(struct fault), fault_fields };

static int check_fault_name(const struct scope *scope, const struct step *step, struct error *err)
{
	const struct fault *fault = step->arguments;
	const struct yaml *name = yaml_get(names_of_step(step), "name");
	int status = names_device(scope, yaml_get(names_of_step(step), "device"), err);
	if (status == 0 && !faults_find(fault->name))
		return unknown(name, "fault", "faults", faults_nearest(fault->name), err);
	if (status == 0 && !strncmp(fault->name, "printer.", 8) && !fault->device)
		return yaml_error(name, err,
				  "found no 'device', expected the printer that is to be faulty");
	return status;
}

static int check_fault(const struct scope *scope, const struct step *step, struct error *err)
{
	const struct fault *fault = step->arguments;
	int status = check_fault_name(scope, step, err);
	return status < 0 ? status
			  : verb_check_yaml(faults_find(fault->name), fault->with,
					    yaml_get(names_of_step(step), "name"), err);
}

static int check_clear(const struct scope *scope, const struct step *step, struct error *err)
{
	const struct fault *fault = step->arguments;
	int status = check_fault_name(scope, step, err);
	if (status == 0 && fault->with)
		return yaml_error(fault->with, err,
				  "found parameters, expected none: a fault ends as a whole");
	return status;
}

static int run_fault(struct testbed *testbed, const struct step *step, struct error *err)
{
	const struct fault *fault = step->arguments;
	return testbed_fault(testbed, fault->device, fault->name, fault->with, err);
}

static int run_clear(struct testbed *testbed, const struct step *step, struct error *err)
{
	const struct fault *fault = step->arguments;
	return testbed_clear(testbed, fault->device, fault->name, err);
}

static const struct step_kind step_fault = {
	.name = "fault",
	.help = "a simulator misbehaves on purpose from here on",
	.form = &fault_form,
	.check = check_fault,
	.run = run_fault,
};

static const struct step_kind step_clear = {
	.name = "clear",
	.help = "a fault ends",
	.form = &fault_form,
	.check = check_clear,
	.run = run_clear,
};

/* ---- command ---- */

struct command {
	char *user, *device;
	int operation; /* of operations */
	int64_t expires_ms;
	bool expired, unchecked;
};

static const char *const operations[] = { ECSP_OP_STATUS, ECSP_OP_CLEAN, ECSP_OP_DIAGNOSE, NULL };

static const struct field command_fields[] = {
	{ "user", FIELD_TEXT, offsetof(struct command, user),
	  .help = "support user; default: support" },
	{ "device", FIELD_TEXT, offsetof(struct command, device), .required = true },
	{ "operation", FIELD_ENUM, offsetof(struct command, operation), .names = operations,
	  .required = true },
	{ "expires", FIELD_DURATION, offsetof(struct command, expires_ms), .max = 3600000 },
	{ "expired", FIELD_BOOL, offsetof(struct command, expired),
	  .help = "true: it expired a minute ago" },
	{ "unchecked", FIELD_BOOL, offsetof(struct command, unchecked),
	  .help = "true: the service lets it through although it should not" },
	{ .name = NULL },
};
static const struct form command_form = { "a command", sizeof(struct command), command_fields };

static int check_command(const struct scope *scope, const struct step *step, struct error *err)
{
	return names_device(scope, yaml_get(names_of_step(step), "device"), err);
}

static int run_command(struct testbed *testbed, const struct step *step, struct error *err)
{
	const struct command *command = step->arguments;
	int64_t expires_ms = command->expires_ms ? command->expires_ms : 60000;
	struct testbed_command asked = {
		.user = command->user ? command->user : "support",
		.device = command->device,
		.operation = operations[command->operation],
		.expires_ms = command->expired ? -60000 : expires_ms,
		.unchecked = command->unchecked,
	};
	return testbed_command(testbed, &asked, err);
}

static const struct step_kind step_command = {
	.name = "command",
	.help = "a support user asks for a remote operation",
	.form = &command_form,
	.check = check_command,
	.run = run_command,
};

/* ---- cloud ---- */

struct cloud_deed {
	char *action;
	const struct yaml *with;
};

static const struct field cloud_fields[] = {
	{ "do", FIELD_TEXT, offsetof(struct cloud_deed, action), .required = true,
	  .help = "rotate, revoke, restore, limit, …" },
	{ "with", FIELD_NODE, offsetof(struct cloud_deed, with),
	  .help = "parameters of the action" },
	{ .name = NULL },
};
static const struct form cloud_form = { "what the cloud's operator does", sizeof(struct cloud_deed),
					cloud_fields };

static int check_cloud(const struct scope *scope, const struct step *step, struct error *err)
{
	const struct cloud_deed *deed = step->arguments;
	const struct yaml *name = yaml_get(names_of_step(step), "do");
	const struct verb *action = verb_find(&cloud_actions, deed->action);

	(void)scope;
	if (!strcmp(deed->action, "command"))
		return yaml_error(name, err, "found 'command', expected the step of that name");
	if (!action)
		return unknown(name, "action", "actions",
			       verb_nearest(&cloud_actions, deed->action), err);
	return verb_check_yaml(action, deed->with, name, err);
}

static int run_cloud(struct testbed *testbed, const struct step *step, struct error *err)
{
	const struct cloud_deed *deed = step->arguments;
	return testbed_cloud(testbed, deed->action, deed->with, err);
}

static const struct step_kind step_cloud = {
	.name = "cloud",
	.help = "the cloud's operator does something with the agent's account",
	.form = &cloud_form,
	.check = check_cloud,
	.run = run_cloud,
};

/* ---- agent ---- */

static const char *const agent_actions[] = { "kill", "stop", "start", NULL };

struct agent {
	int action; /* of agent_actions */
};

static const struct field agent_fields[] = {
	{ "do", FIELD_ENUM, offsetof(struct agent, action), .names = agent_actions,
	  .required = true },
	{ .name = NULL },
};
static const struct form agent_form = { "an agent action", sizeof(struct agent), agent_fields };

static int run_agent(struct testbed *testbed, const struct step *step, struct error *err)
{
	const struct agent *agent = step->arguments;
	return testbed_agent(testbed, agent_actions[agent->action], err);
}

static const struct step_kind step_agent = {
	.name = "agent",
	.help = "the agent's program is killed, stopped or started",
	.form = &agent_form,
	.run = run_agent,
};

const struct step_kind *const step_kinds[] = {
	&step_wait,    &step_observe, &step_printer, &step_fault, &step_clear,
	&step_command, &step_cloud,   &step_agent,   NULL,
};
