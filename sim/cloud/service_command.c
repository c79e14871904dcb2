#include "sim/cloud/service.h"

#include <errno.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/json.h"
#include "base/wall.h"
#include "ecsp/ecsp.h"
#include "sim/cloud/message.h"
#include "sim/cloud/token.h"

enum { COMMAND_TEXT_MAX = 64 };

static bool is_operation(const char *operation)
{
	static const char *const operations[] = { ECSP_OP_STATUS, ECSP_OP_CLEAN, ECSP_OP_DIAGNOSE };
	for (size_t i = 0; i < COUNT_OF(operations); i++)
		if (!strcmp(operation, operations[i]))
			return true;
	return false;
}

/* Why the service does not pass a command on, or NULL. */
static const char *find_refusal(struct service *service, const struct command *command)
{
	char type[16];

	if (!store_has_user(service->store, command->user))
		return "no support user who is logged in (REM-5)";
	if (!store_agent_type(service->store, command->agent, type) ||
	    !store_same_tenant(service->store, command->user, command->agent))
		return "no such agent";
	if (strlen(command->serial) > COMMAND_TEXT_MAX)
		return "no such serial";
	if (command->unchecked)
		return NULL;
	if (!is_operation(command->operation))
		return "no such operation (REM-3)";
	if (!store_in_charge(service->store, command->user, command->serial))
		return "a device not in his charge (REM-6)";
	return NULL;
}

static json_t *make_body(const struct command *command, const char *id)
{
	char issued[WALL_TEXT_MAX], expires[WALL_TEXT_MAX];
	int64_t now = wall_now();

	wall_format(now, issued);
	wall_format(now + command->expires_in_ms * 1000000, expires);
	return json_pack("{s:s, s:s, s:s, s:s, s:s}", "command", id, "operation",
			 command->operation, "serial", command->serial, "issued", issued, "expires",
			 expires);
}

static json_t *fields_of(const struct command *command, const char *id)
{
	return json_pack("{s:s, s:s, s:s, s:s, s:s}", "command", id, "user", command->user, "agent",
			 command->agent, "serial", command->serial, "operation",
			 command->operation);
}

int service_command(struct service *service, const struct command *command, char id[40],
		    json_t **body, struct error *err)
{
	token_make(id);
	const char *why = find_refusal(service, command);
	if (why) {
		json_t *fields = fields_of(command, id);
		json_object_set_new(fields, "why", json_string(why));
		tap_seen(service->tap, "command.refused", fields);
		service_note(service, command->user, "command", command->agent, "refused");
		return error_set(err, EPERM, "command: %s", why);
	}
	AUTO_JSON json_t *made = make_body(command, id);
	if (!made)
		return error_set(err, EINVAL, "command: text that is no UTF-8");
	struct store_command row = {
		.id = id,
		.user = command->user,
		.agent = command->agent,
		.serial = command->serial,
		.operation = command->operation,
		.body = made,
	};
	int status = store_command(service->store, &row, err);
	if (status)
		return status;
	json_t *fields = fields_of(command, id);
	json_object_set(fields, "expires", json_object_get(made, "expires"));
	tap_seen(service->tap, "command.sent", fields);
	service_note(service, command->user, "command", command->agent, command->operation);
	*body = json_incref(made);
	return 0;
}

/* What became of a result: the observation, and the word of the audit log (NULL: its outcome). */
struct fate {
	const char *kind, *note;
};
static const struct fate taken = { "command.result", NULL },
			 /* At least once is what QoS 1 gives. */
	known = { "command.result-duplicate", "known" },
			 refused = { "command.result-refused", "refused" };

static void tell_result(struct service *service, uint64_t connection, const char *agent,
			json_t *body, const struct fate *fate, const char *why)
{
	json_t *fields = json_pack("{s:s, s:I, s:O}", "agent", agent, "connection",
				   (json_int_t)connection, "body", body);
	static const char *const copied[] = { "command", "serial", "outcome", "reason" };

	for (size_t i = 0; i < COUNT_OF(copied); i++)
		if (json_object_get(body, copied[i]))
			json_object_set(fields, copied[i], json_object_get(body, copied[i]));
	if (why)
		json_object_set_new(fields, "why", json_lossy_text(why, strlen(why)));
	tap_seen(service->tap, fate->kind, fields);
	service_note(service, agent, "result", json_text_of(body, "command", ""),
		     fate->note ? fate->note : json_text_of(body, "outcome", ""));
}

void service_result(struct service *service, uint64_t connection, const char *agent,
		    const void *data, size_t size)
{
	struct error err = { 0 };
	AUTO_JSON json_t *body = message_read(MESSAGE_RESULT, data, size, &err);

	if (!body) {
		AUTO_JSON json_t *raw = json_lossy_text(data, size);
		tell_result(service, connection, agent, raw, &refused, error_text(&err));
		return;
	}
	int status =
		store_result(service->store, agent, json_text_of(body, "command", ""), body, &err);
	if (status < 0)
		tell_result(service, connection, agent, body, &refused, error_text(&err));
	else
		tell_result(service, connection, agent, body, status ? &taken : &known, NULL);
}
