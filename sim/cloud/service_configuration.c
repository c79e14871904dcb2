/* What agents are to do: set by the operator, fetched and reported back by the agent. */
#include <errno.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/json.h"
#include "ecsp/ecsp.h"
#include "sim/cloud/service_inside.h"

/* RFC 9110 13.1.2: a list of tags, weak or strong, or "*". Ours are numbers, so a quoted one is
 * found in no other. */
static bool is_known(const struct http_request *request, const char *quoted)
{
	const char *value = http_header(request, "if-none-match");
	return value && (!strcmp(value, "*") || strstr(value, quoted));
}

static void answer_configuration(struct visit *visit)
{
	struct http_response *response = visit->response;
	char tag[STORE_TAG_MAX];
	AUTO_FREE char *document = store_configuration(visit->service->store, visit->user, tag);
	AUTO_FREE char *quoted = alloc_printf("\"%s\"", tag);

	if (!document) {
		service_turn_down(visit, NULL, 404, "nothing is configured");
		return;
	}
	response->headers =
		json_pack("{s:s, s:s}", "ETag", quoted, "Content-Type", "application/json");
	if (is_known(visit->request, quoted)) {
		json_object_del(response->headers, "Content-Type");
		response->status = 304;
		return;
	}
	response->status = 200;
	response->body = alloc_text(document);
	response->body_size = strlen(document);
	tap_seen(visit->service->tap, "configuration.sent",
		 json_pack("{s:s, s:I, s:s, s:o}", "agent", visit->user, "connection",
			   (json_int_t)visit->connection, "tag", tag, "text",
			   json_lossy_text(document, strlen(document))));
}

static void answer_applied(struct visit *visit)
{
	struct service *service = visit->service;
	AUTO_JSON json_t *body =
		service_read_message(visit, &service_route_applied, MESSAGE_APPLIED);
	struct error err = { 0 };

	if (!body)
		return;
	if (store_applied(service->store, visit->user, body, &err)) {
		service_turn_down(visit, &service_route_applied, 500, error_text(&err));
		return;
	}
	json_t *fields = json_pack("{s:s, s:I}", "agent", visit->user, "connection",
				   (json_int_t)visit->connection);
	json_object_update(fields, body);
	tap_seen(service->tap, "configuration.reported", fields);
	service_note(service, visit->user, "configure", visit->user,
		     json_text_of(body, "outcome", ""));
	service_answer_json(visit->response, 200, json_pack("{s:s}", "agent", visit->user));
}

const struct route service_route_configuration = { "GET", ECSP_PATH_CONFIGURATION, true,
						   answer_configuration, NULL };
const struct route service_route_applied = { "PUT", ECSP_PATH_APPLIED, true, answer_applied, NULL };

/* ---- the operator ---- */

static int set(struct service *service, const char *agent, const char *document, bool sound,
	       struct error *err)
{
	char type[16], tag[STORE_TAG_MAX];
	int status = store_agent_type(service->store, agent, type)
			     ? store_configure(service->store, agent, document, sound, err)
			     : error_set(err, ENOENT, "store: no agent %.64s", agent);

	service_note(service, "operator", "configure", agent, status ? "failed" : "done");
	if (status)
		return status;
	free(store_configuration(service->store, agent, tag));
	tap_seen(service->tap, "configuration.set",
		 json_pack("{s:s, s:s, s:o}", "agent", agent, "tag", tag, "text",
			   json_lossy_text(document, strlen(document))));
	return 0;
}

int service_configure_as_told(struct service *service, const char *agent, const char *document,
			      struct error *err)
{
	AUTO_JSON json_t *sound =
		message_read(MESSAGE_CONFIGURATION, document, strlen(document), NULL);
	return set(service, agent, document, sound, err);
}

int service_configure(struct service *service, const char *agent, const json_t *change,
		      struct error *err)
{
	AUTO_JSON json_t *before = store_sound_configuration(service->store, agent);
	AUTO_JSON json_t *document = before ? json_deep_copy(before) : json_object();
	char type[16];

	if (!store_agent_type(service->store, agent, type))
		return error_set(err, ENOENT, "store: no agent %.64s", agent);
	if (json_object_get(change, "designated") && strcmp(type, "dc"))
		return error_set(err, EINVAL,
				 "agent %s has no device list (COL-6): it is no DC Agent", agent);
	json_object_set_new(document, "version",
			    json_integer(json_int_of(document, "version", 0) + 1));
	json_object_update(document, (json_t *)change);
	int status = message_check(MESSAGE_CONFIGURATION, document, err);
	if (status)
		return status;
	AUTO_FREE char *text = json_text(document);
	return set(service, agent, text, true, err);
}
