#include "sim/cloud/service.h"

#include <errno.h>
#include <string.h>
#include <strings.h>

#include "base/cleanup.h"
#include "base/digest.h"
#include "base/json.h"
#include "ecsp/ecsp.h"
#include "sim/cloud/region.h"
#include "sim/cloud/service_inside.h"

enum { SECRET_MAX = 256, KEY_MAX = 200 };

bool service_is_name(const char *text)
{
	size_t size = strlen(text);
	return size && size < SERVICE_NAME_MAX &&
	       strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-") ==
		       size;
}

/* RFC 7617. False if there are no sound credentials. */
static bool read_basic(const struct http_request *request, char user[SERVICE_NAME_MAX],
		       char secret[SECRET_MAX])
{
	const char *value = http_header(request, "authorization");
	struct buf plain;
	bool sound = false;

	if (!value || strncasecmp(value, "Basic ", 6))
		return false;
	value += 6;
	value += strspn(value, " ");
	buf_init(&plain, SERVICE_NAME_MAX + SECRET_MAX);
	if (base64_decode(value, strlen(value), &plain) &&
	    !memchr(buf_text(&plain), 0, plain.size)) {
		const char *text = buf_text(&plain);
		const char *colon = strchr(text, ':');
		if (colon && colon - text < SERVICE_NAME_MAX && strlen(colon + 1) < SECRET_MAX) {
			snprintf(user, SERVICE_NAME_MAX, "%.*s", (int)(colon - text), text);
			snprintf(secret, SECRET_MAX, "%s", colon + 1);
			sound = service_is_name(user);
		}
	}
	buf_done(&plain);
	return sound;
}

void service_user(const struct http_request *request, char user[SERVICE_NAME_MAX])
{
	char secret[SECRET_MAX];
	if (!read_basic(request, user, secret))
		user[0] = 0;
}

void service_answer_json(struct http_response *response, int status, json_t *body)
{
	response->status = status;
	response->headers = json_pack("{s:s}", "Content-Type", "application/json");
	response->body = json_text(body);
	response->body_size = strlen(response->body);
	json_decref(body);
}

static const char *word_of(int status)
{
	static const struct {
		int status;
		const char *word;
	} rows[] = {
		{ 400, "malformed" },       { 401, "unauthorized" }, { 403, "forbidden" },
		{ 404, "not-found" },       { 405, "method" },       { 409, "conflict" },
		{ 411, "length-required" }, { 413, "too-large" },    { 414, "too-large" },
		{ 415, "not-json" },        { 421, "misdirected" },  { 422, "known" },
		{ 429, "too-many" },        { 431, "too-large" },    { 503, "unavailable" },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++)
		if (rows[i].status == status)
			return rows[i].word;
	return status < 500 ? "refused" : "failed";
}

void service_refuse(struct http_response *response, int status, const char *detail)
{
	service_answer_json(response, status,
			    json_pack("{s:s, s:o}", "error", word_of(status), "detail",
				      json_lossy_text(detail, strlen(detail))));
}

static void tell_upload_refused(struct visit *visit, int status, const char *why)
{
	tap_seen(visit->service->tap, "upload.refused",
		 json_pack("{s:s, s:I, s:i, s:o}", "agent", visit->agent, "connection",
			   (json_int_t)visit->connection, "status", status, "why",
			   json_lossy_text(why, strlen(why))));
}

/* 401 names how to log in (RFC 9110 11.6.1). */
void service_turn_down(struct visit *visit, const struct route *route, int status, const char *why)
{
	service_refuse(visit->response, status, why);
	if (status == 401)
		json_object_set_new(visit->response->headers, "WWW-Authenticate",
				    json_string("Basic realm=\"ecsp\""));
	if (status == 401 || status == 403)
		service_note(visit->service, visit->user, "enter", buf_text(&visit->request->path),
			     why);
	if (route && route->refused)
		route->refused(visit, status, why);
}

static void answer_certificate(struct visit *visit)
{
	struct http_response *response = visit->response;

	response->status = 200;
	response->headers = json_pack("{s:s}", "Content-Type", "application/x-pem-file");
	response->body = alloc_text(visit->service->certificate);
	response->body_size = strlen(response->body);
	tap_seen(visit->service->tap, "certificate.sent",
		 json_pack("{s:I}", "connection", (json_int_t)visit->connection));
}

static void answer_registration(struct visit *visit);
static void answer_upload(struct visit *visit);

static const struct route route_certificate = { "GET", ECSP_PATH_CERTIFICATE, false,
						answer_certificate, NULL };
static const struct route route_registration = { "PUT", "", true, answer_registration, NULL };
static const struct route route_upload = { "POST", ECSP_PATH_RECORDS, true, answer_upload,
					   tell_upload_refused };
static const struct route *const routes[] = { &route_certificate,     &route_registration,
					      &route_upload,          &service_route_configuration,
					      &service_route_applied, NULL };

/* Only application/json, parameters aside. */
static bool is_json(const struct http_request *request)
{
	const char *type = http_header(request, "content-type");
	static const char json[] = "application/json";

	if (!type || strncasecmp(type, json, sizeof(json) - 1))
		return false;
	type += sizeof(json) - 1;
	type += strspn(type, " \t");
	return !*type || *type == ';';
}

json_t *service_read_message(struct visit *visit, const struct route *route, enum message_kind kind)
{
	const struct buf *bytes = &visit->request->body;
	struct error err = { 0 };

	if (!visit->request->has_body) {
		service_turn_down(visit, route, 411, "found no Content-Length");
		return NULL;
	}
	if (!is_json(visit->request)) {
		service_turn_down(visit, route, 415, "expected application/json");
		return NULL;
	}
	json_t *body = message_read(kind, buf_text(bytes), bytes->size, &err);
	if (!body) {
		service_turn_down(visit, route, 400, error_text(&err));
		return NULL;
	}
	return body;
}

/* About this agent and its type? */
static json_t *read_own(struct visit *visit, const struct route *route, enum message_kind kind)
{
	json_t *body = service_read_message(visit, route, kind);
	const json_t *agent = json_object_get(body, "agent");
	const char *why = NULL;
	char type[16] = "";

	if (!body)
		return NULL;
	store_agent_type(visit->service->store, visit->user, type);
	if (strcmp(json_text_of(agent, "id", ""), visit->user))
		why = "/agent/id (A01): not the agent that logged in";
	else if (strcmp(json_text_of(agent, "type", ""), type))
		why = "/agent/type (A02): not the type of this agent";
	if (!why)
		return body;
	service_turn_down(visit, route, 400, why);
	json_decref(body);
	return NULL;
}

static void answer_registration(struct visit *visit)
{
	struct service *service = visit->service;
	AUTO_JSON json_t *body = read_own(visit, &route_registration, MESSAGE_REGISTRATION);
	struct error err = { 0 };

	if (!body)
		return;
	int first = store_register(service->store, visit->user, body, &err);
	if (first < 0) {
		service_turn_down(visit, &route_registration, 500, error_text(&err));
		return;
	}
	tap_seen(service->tap, "agent.registered",
		 json_pack("{s:s, s:b, s:I, s:O}", "agent", visit->user, "first", first,
			   "connection", (json_int_t)visit->connection, "body", body));
	service_note(service, visit->user, "register", visit->user, first ? "first" : "again");
	service_answer_json(visit->response, first ? 201 : 200,
			    json_pack("{s:s}", "agent", visit->user));
}

static bool is_key(const char *key)
{
	size_t size = key ? strlen(key) : 0;
	for (size_t i = 0; i < size; i++)
		if (key[i] < 0x21 || key[i] > 0x7e)
			return false;
	return size && size <= KEY_MAX;
}

static void acknowledge(struct visit *visit, const char *key, const char *id, bool first,
			json_t *body)
{
	struct tap *tap = visit->service->tap;
	size_t count = json_array_size(json_object_get(body, "records"));
	json_t *fields = json_pack("{s:s, s:s, s:I}", "agent", visit->user, "key", key,
				   "connection", (json_int_t)visit->connection);

	if (first) {
		json_object_set(fields, "body", body);
		tap_seen(tap, "upload.stored", fields);
	} else {
		tap_seen(tap, "upload.duplicate", fields);
	}
	service_note(visit->service, visit->user, "upload", id, first ? "stored" : "known");
	visit->stored = true;
	service_answer_json(visit->response, first ? 201 : 200,
			    json_pack("{s:s, s:I}", "upload", id, "records", (json_int_t)count));
}

static void answer_upload(struct visit *visit)
{
	struct service *service = visit->service;
	const char *key = http_header(visit->request, "idempotency-key");
	struct error err = { 0 };
	char id[40];

	if (!is_key(key)) {
		service_turn_down(visit, &route_upload, 400,
				  "Idempotency-Key: expected 1 to 200 visible ASCII characters");
		return;
	}
	AUTO_JSON json_t *body = read_own(visit, &route_upload, MESSAGE_UPLOAD);
	if (!body)
		return;
	if (!store_registered(service->store, visit->user)) {
		service_turn_down(visit, &route_upload, 409, "the agent is not registered");
		return;
	}
	struct store_upload upload = { .agent = visit->user, .key = key, .body = body };
	int status = store_upload(service->store, &upload, id, &err);
	if (status >= 0)
		acknowledge(visit, key, id, status, body);
	else
		service_turn_down(visit, &route_upload,
				  status == -EEXIST || status == -EBUSY ? 422 : 500,
				  error_text(&err));
}

/* Splits /v1/agents/{agent}tail. False if the path is none of these. */
static bool split_path(const char *path, char agent[SERVICE_NAME_MAX], const char **tail)
{
	size_t prefix = strlen(ECSP_PATH_AGENTS);

	if (strncmp(path, ECSP_PATH_AGENTS, prefix))
		return false;
	path += prefix;
	size_t size = strcspn(path, "/");
	if (size >= SERVICE_NAME_MAX)
		return false;
	snprintf(agent, SERVICE_NAME_MAX, "%.*s", (int)size, path);
	*tail = path + size;
	return service_is_name(agent);
}

/* RFC 9112 3.2.2: a target may be absolute; no resource here has a query. Caller frees. */
static char *path_of(const char *target)
{
	const char *path = target;

	if (!strncasecmp(path, "https://", 8))
		path += 8 + strcspn(path + 8, "/?");
	return alloc_bytes(path, strcspn(path, "?"));
}

/* The route of a path, whatever the method. */
static const struct route *find_route(const char *target, char agent[SERVICE_NAME_MAX])
{
	AUTO_FREE char *path = path_of(target);
	const char *tail = path;
	bool of_agent = split_path(path, agent, &tail);

	for (const struct route *const *route = routes; *route; route++)
		if ((*route)->of_agent == of_agent && !strcmp((*route)->tail, tail))
			return *route;
	return NULL;
}

/* HEAD is answered as GET (RFC 9110 9.3.2); the body is left out when written. */
static bool is_method(const struct route *route, const char *method)
{
	return !strcmp(route->method, method) ||
	       (!strcmp(route->method, "GET") && !strcmp(method, "HEAD"));
}

static bool log_in(struct visit *visit, const struct route *route)
{
	char secret[SECRET_MAX];

	if (!read_basic(visit->request, visit->user, secret) ||
	    !store_login(visit->service->store, visit->user, secret)) {
		service_turn_down(visit, NULL, 401,
				  "no or wrong login"); /* not about what it brings */
		return false;
	}
	if (strcmp(visit->user, visit->agent)) {
		service_turn_down(visit, route, 403, "another agent's resource");
		return false;
	}
	return true;
}

/* RFC 6585 4. Returns true if the agent may go on. */
static bool is_within_limit(struct visit *visit)
{
	int64_t wait_ms = service_wait_ms(visit->service, visit->user);

	if (!wait_ms)
		return true;
	AUTO_FREE char *seconds = alloc_printf("%lld", (long long)(wait_ms + 999) / 1000);
	service_turn_down(visit, NULL, 429, "too many requests");
	json_object_set_new(visit->response->headers, "Retry-After", json_string(seconds));
	return false;
}

/* Each answer to an agent says which configuration is the newest: so it need not ask. */
static void tell_configuration(struct visit *visit)
{
	char tag[STORE_TAG_MAX];
	AUTO_FREE char *document = store_configuration(visit->service->store, visit->user, tag);

	if (document && visit->response->status < 400)
		json_object_set_new(visit->response->headers, ECSP_HEADER_CONFIGURATION,
				    json_string(tag));
}

static void answer_agent(struct visit *visit, const struct route *route)
{
	if (route->of_agent && (!log_in(visit, route) || !is_within_limit(visit)))
		return;
	route->answer(visit);
	if (route->of_agent)
		tell_configuration(visit);
}

/* RFC 9110 15.5.20: a connection to one region's server is none to another's. */
static bool is_our_host(const struct service *service, const struct http_request *request)
{
	const char *host = http_header(request, "host");
	const char *region = host ? region_of_host(host) : NULL;

	return !region || !strcmp(region, service->region ? service->region : "");
}

bool service_answer(struct service *service, uint64_t connection,
		    const struct http_request *request, struct http_response *response)
{
	struct visit visit = {
		.service = service,
		.connection = connection,
		.request = request,
		.response = response,
	};
	const struct route *route = find_route(buf_text(&request->path), visit.agent);

	if (!is_our_host(service, request)) {
		service_turn_down(&visit, NULL, 421, "another region's server is asked for");
	} else if (!route) {
		service_turn_down(&visit, NULL, 404, "no such resource");
	} else if (!is_method(route, request->method)) {
		service_turn_down(&visit, NULL, 405, "another method is expected");
		json_object_set_new(
			response->headers, "Allow",
			json_string(strcmp(route->method, "GET") ? route->method : "GET, HEAD"));
	} else {
		answer_agent(&visit, route);
	}
	return visit.stored;
}
