#include "sim/cloud/fault_http.h"

#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/json.h"
#include "base/wall.h"
#include "ecsp/ecsp.h"
#include "sim/cloud/listener.h"
#include "sim/cloud/service.h"

/* Faults of the HTTP side. */

enum {
	COUNT_MAX = 1000000,
	SECONDS_MAX = 1000000000,
	MS_MAX = 600000,
	SIZE_MAX_HERE = 4 << 20,
	HEADERS_MAX = 10000,
	BOMB_MAX = 1024, /* MiB */
	ENDLESS_PIECE = 22,
};

enum pace {
	PACE_NOW,     /* all at once */
	PACE_LATE,    /* all, after `number` ms */
	PACE_HEAD,    /* one byte every `number` ms */
	PACE_BODY,    /* the head now, then one byte every `number` ms */
	PACE_ENDLESS, /* the head now, then the last chunk for ever */
	PACE_CUT,     /* only the first `number` bytes */
};

struct http_fault {
	struct fault_kind kind;
	enum http_moment moment;
	struct mangle mangle; /* form NULL: written as it should be */
	enum pace pace;
	bool reused;        /* MOMENT_COMING: only when the connection was used before */
	const char *number; /* parameter */
	int64_t number_unless_said, count_unless_said;
	/* MOMENT_INSTEAD; NULL: nothing is answered. */
	void (*answer)(const struct fault_answer *armed, const struct http_request *request,
		       struct http_response *response);
	void (*read)(struct fault_answer *armed, const json_t *parameters); /* more; may be NULL */
};

static void arm(struct fault *fault, const struct fault_kind *kind, bool on,
		const json_t *parameters);

static void read_status(struct fault_answer *armed, const json_t *parameters)
{
	int64_t seconds = json_int_of(parameters, "retryAfter", 0);

	armed->status = json_int_of(parameters, "status", 503);
	if (seconds)
		snprintf(armed->text, sizeof(armed->text), "%lld", (long long)seconds);
	else
		snprintf(armed->text, sizeof(armed->text), "%s",
			 json_text_of(parameters, "retryAfterText", ""));
}

static void answer_status(const struct fault_answer *armed, const struct http_request *request,
			  struct http_response *response)
{
	char date[HTTP_DATE_MAX];
	const char *after = armed->text;

	(void)request;
	service_refuse(response, (int)armed->status, "cloud.http-status");
	if (armed->has_number)
		after = http_date(wall_now() + armed->number * 1000000000, date);
	if (*after)
		json_object_set_new(response->headers, "Retry-After", json_string(after));
}

static const char *const destinations[] = { "http",    "other-host", "loop",
					    "nowhere", "nonsense",   NULL };
enum destination { TO_HTTP, TO_OTHER_HOST, TO_LOOP, TO_NOWHERE, TO_NONSENSE };

static void read_redirect(struct fault_answer *armed, const json_t *parameters)
{
	armed->status = json_int_of(parameters, "status", 307);
	armed->number = fault_word(parameters, "to", destinations);
}

static char *location_of(enum destination to, const char *host, const char *path)
{
	switch (to) {
	case TO_HTTP:
		return alloc_printf("http://%s%s", host, path);
	case TO_OTHER_HOST:
		return alloc_printf("https://" LISTENER_SERVICE "%s", path);
	case TO_LOOP:
		return alloc_printf("https://%s%s", host, path);
	case TO_NONSENSE:
		return alloc_text("https://[::");
	case TO_NOWHERE:
		break;
	}
	return NULL;
}

static void answer_redirect(const struct fault_answer *armed, const struct http_request *request,
			    struct http_response *response)
{
	const char *host = http_header(request, "host");
	AUTO_FREE char *location =
		location_of((enum destination)armed->number, host ? host : LISTENER_API,
			    buf_text(&request->path));

	service_refuse(response, (int)armed->status, "cloud.http-redirect");
	if (location)
		json_object_set_new(response->headers, "Location",
				    json_lossy_text(location, strlen(location)));
}

static const char portal[] = "<!doctype html><title>Welcome</title>"
			     "<p>Please accept our terms to use this network.</p>\n";

static void answer_portal(const struct fault_answer *armed, const struct http_request *request,
			  struct http_response *response)
{
	(void)armed;
	(void)request;
	response->status = 200;
	response->headers = json_pack("{s:s}", "Content-Type", "text/html; charset=utf-8");
	response->body = alloc_text(portal);
	response->body_size = strlen(portal);
}

static void read_revoked(struct fault_answer *armed, const json_t *parameters)
{
	if (!json_object_get(parameters, "path"))
		snprintf(armed->path, sizeof(armed->path), ECSP_PATH_AGENTS);
}

static void answer_revoked(const struct fault_answer *armed, const struct http_request *request,
			   struct http_response *response)
{
	(void)armed;
	(void)request;
	service_refuse(response, 401, "the credentials were revoked");
	json_object_set_new(response->headers, "WWW-Authenticate",
			    json_string("Basic realm=\"ecsp\""));
}

#define COUNT                                                                                      \
	{                                                                                          \
		"count", PARAMETER_INT, false, 1, COUNT_MAX, NULL, "requests; default: all"        \
	}
#define PATH                                                                                       \
	{                                                                                          \
		"path", PARAMETER_TEXT, false, 0, 0, NULL, "only paths that begin so"              \
	}
#define LAST                                                                                       \
	{                                                                                          \
		.name = NULL                                                                       \
	}

static const struct parameter of_status[] = {
	{ "status", PARAMETER_INT, false, 200, 999, NULL, "default 503" },
	{ "retryAfter", PARAMETER_INT, false, 0, SECONDS_MAX, NULL, "seconds; 0: no header" },
	{ "retryAfterDate", PARAMETER_INT, false, -SECONDS_MAX, SECONDS_MAX, NULL,
	  "as a date so many seconds from then, negative: past" },
	{ "retryAfterText", PARAMETER_TEXT, false, 0, 0, NULL, "as this text, whatever it is" },
	COUNT,
	PATH,
	LAST,
};
static const struct parameter of_redirect[] = {
	{ "to", PARAMETER_NAME, false, 0, 0, destinations, "default http, without TLS" },
	{ "status", PARAMETER_INT, false, 300, 399, NULL, "default 307" },
	COUNT,
	PATH,
	LAST,
};
static const struct parameter of_close[] = {
	{ "count", PARAMETER_INT, false, 1, COUNT_MAX, NULL, "uploads; default 1" },
	{ "at", PARAMETER_INT, false, 1, COUNT_MAX, NULL,
	  "the first of them; default 1, the next" },
	LAST,
};
static const struct parameter of_answer[] = { COUNT, PATH, LAST };
static const struct parameter of_pace[] = {
	{ "every", PARAMETER_DURATION, false, 1, MS_MAX, NULL, "time between two pieces" },
	COUNT,
	PATH,
	LAST,
};
static const struct parameter of_delay[] = {
	{ "by", PARAMETER_DURATION, false, 1, MS_MAX, NULL, "default 1s" },
	COUNT,
	PATH,
	LAST,
};
static const struct parameter of_size[] = {
	{ "size", PARAMETER_INT, false, 1, SIZE_MAX_HERE, NULL, "bytes; default 1 MiB" },
	COUNT,
	PATH,
	LAST,
};
static const struct parameter of_lines[] = {
	{ "lines", PARAMETER_INT, false, 1, HEADERS_MAX, NULL, "default 1000" },
	COUNT,
	PATH,
	LAST,
};
static const struct parameter of_bomb[] = {
	{ "mebibytes", PARAMETER_INT, false, 1, BOMB_MAX, NULL, "unpacked; default 100" },
	COUNT,
	PATH,
	LAST,
};
static const struct parameter of_times[] = {
	{ "times", PARAMETER_INT, false, 1, COUNT_MAX / 100, NULL, "default 1" },
	COUNT,
	PATH,
	LAST,
};
static const struct parameter of_bytes[] = {
	{ "after", PARAMETER_INT, false, 0, SIZE_MAX_HERE, NULL, "bytes" },
	COUNT,
	PATH,
	LAST,
};

#define VERB(name, help, parameters) .kind = { .verb = { name, help, parameters }, .arm = arm }

/* An answer of the service, written by a form. */
#define FORM(name, help, end, ...)                                                                 \
	{                                                                                          \
		VERB("cloud.http-" name, help, of_answer), .moment = MOMENT_ANSWER, .mangle = {    \
			.after = (end),                                                            \
			.form = __VA_ARGS__                                                        \
		}                                                                                  \
	}

#define HEAD    "$S$H$C"
#define LENGTH  "Content-Length: $L\r\n"
#define CHUNKED "Transfer-Encoding: chunked\r\n"
#define GZIP    "Content-Encoding: gzip\r\n"
#define BODY    "\r\n$B"

#define REVOKED "cloud.revoked"
#define HTTP2   "cloud.http2"

static const struct http_fault rows[] = {
	{ VERB(HTTP2, "offers HTTP/2 by ALPN, which it does not do unless asked", NULL),
	  .moment = MOMENT_NONE },

	/* instead of the service */
	{ VERB("cloud.http-status", "answers with a status before anything is stored", of_status),
	  .moment = MOMENT_INSTEAD, .number = "retryAfterDate", .answer = answer_status,
	  .read = read_status },
	{ VERB("cloud.http-redirect", "sends the client elsewhere; nothing is stored", of_redirect),
	  .moment = MOMENT_INSTEAD, .answer = answer_redirect, .read = read_redirect },
	{ VERB("cloud.http-portal", "answers 200 with the page of a captive portal", of_answer),
	  .moment = MOMENT_INSTEAD, .answer = answer_portal },
	{ VERB("cloud.http-silent", "reads a request and never answers", of_answer),
	  .moment = MOMENT_INSTEAD, .mangle = { .form = "", .after = AFTER_SILENCE } },

	{ VERB(REVOKED, "the agent's credentials hold no more, by HTTPS and by MQTT", of_answer),
	  .moment = MOMENT_INSTEAD, .answer = answer_revoked, .read = read_revoked },

	/* the connection */
	{ VERB("cloud.close-after-store", "stores an upload and resets instead of an answer",
	       of_close),
	  .moment = MOMENT_STORED, .mangle = { .form = "", .after = AFTER_RESET },
	  .count_unless_said = 1 },
	{ VERB("cloud.http-reset-request", "resets after so many bytes of a request", of_bytes),
	  .moment = MOMENT_COMING, .mangle = { .form = "", .after = AFTER_RESET },
	  .number = "after", .number_unless_said = 1 },
	{ VERB("cloud.http-reset-answer", "resets after so many bytes of an answer", of_bytes),
	  .moment = MOMENT_ANSWER, .mangle = { .form = HEAD LENGTH BODY, .after = AFTER_RESET },
	  .pace = PACE_CUT, .number = "after", .number_unless_said = 20 },
	{ VERB("cloud.http-stale", "ends a used connection under the next request", of_answer),
	  .moment = MOMENT_COMING, .mangle = { .form = "", .after = AFTER_CLOSE }, .reused = true },

	/* how fast */
	{ VERB("cloud.http-late", "answers late", of_delay), .moment = MOMENT_ANSWER,
	  .mangle = { .form = HEAD LENGTH BODY }, .pace = PACE_LATE, .number = "by",
	  .number_unless_said = 1000 },
	{ VERB("cloud.http-slow-head", "answers byte for byte", of_pace), .moment = MOMENT_ANSWER,
	  .mangle = { .form = HEAD LENGTH BODY }, .pace = PACE_HEAD, .number = "every",
	  .number_unless_said = 100 },
	{ VERB("cloud.http-slow-body", "sends the body byte for byte", of_pace),
	  .moment = MOMENT_ANSWER, .mangle = { .form = HEAD LENGTH BODY }, .pace = PACE_BODY,
	  .number = "every", .number_unless_said = 100 },
	{ VERB("cloud.http-endless", "sends a body that never ends", of_pace),
	  .moment = MOMENT_ANSWER,
	  .mangle = { .form = HEAD CHUNKED "\r\n10\r\n                \r\n" }, .pace = PACE_ENDLESS,
	  .number = "every", .number_unless_said = 10 },

	/* how much */
	{ VERB("cloud.http-large-body", "sends a body with so many spaces behind", of_size),
	  .moment = MOMENT_ANSWER,
	  .mangle = { .form = HEAD CHUNKED "\r\n$X\r\n$B\r\n$x\r\n$F\r\n"
					   "0\r\n\r\n" },
	  .number = "size", .number_unless_said = 1 << 20 },
	{ VERB("cloud.http-large-header", "sends a header line with so many spaces", of_size),
	  .moment = MOMENT_ANSWER, .mangle = { .form = HEAD "X-Filler: a$Fb\r\n" LENGTH BODY },
	  .number = "size", .number_unless_said = 1 << 20 },
	{ VERB("cloud.http-many-headers", "sends so many header lines", of_lines),
	  .moment = MOMENT_ANSWER, .mangle = { .form = HEAD "$M" LENGTH BODY }, .number = "lines",
	  .number_unless_said = 1000 },
	{ VERB("cloud.http-bomb", "sends a small gzip that unpacks to much", of_bomb),
	  .moment = MOMENT_ANSWER,
	  .mangle = { .form = HEAD GZIP LENGTH BODY, .coding = CODING_BOMB }, .number = "mebibytes",
	  .number_unless_said = 100 },
	{ VERB("cloud.http-continue", "sends 100 Continue unasked, then the answer", of_times),
	  .moment = MOMENT_ANSWER,
	  .mangle = { .form = "$I" HEAD LENGTH BODY, .before = "HTTP/1.1 100 Continue\r\n\r\n" },
	  .number = "times", .number_unless_said = 1 },
	{ VERB("cloud.http-early-hints", "sends 103 Early Hints, then the answer", of_times),
	  .moment = MOMENT_ANSWER,
	  .mangle = { .form = "$I" HEAD LENGTH BODY,
		      .before = "HTTP/1.1 103 Early Hints\r\nLink: </style.css>\r\n\r\n" },
	  .number = "times", .number_unless_said = 1 },

	/* where the body ends */
	FORM("short-body", "gives a length that is never reached", AFTER_CLOSE,
	     HEAD "Content-Length: 100000\r\n" BODY),
	FORM("half-body", "ends the connection in the middle of the body", AFTER_CLOSE,
	     HEAD LENGTH "\r\n$b"),
	FORM("cut-body", "ends TCP in the middle of the body, without close_notify", AFTER_CUT,
	     HEAD "\r\n$b"),
	FORM("half-chunk", "ends the connection in the middle of a chunk", AFTER_CLOSE,
	     HEAD CHUNKED "\r\n$X\r\n$b"),
	FORM("no-last-chunk", "sends chunks and never the last", AFTER_CLOSE,
	     HEAD CHUNKED "\r\n$X\r\n$B\r\n"),
	FORM("no-length", "sends a body that ends with the connection", AFTER_CLOSE,
	     HEAD "Connection: close\r\n" BODY),
	FORM("no-body", "sends an answer without its body", AFTER_KEEP,
	     HEAD "Content-Length: 0\r\n\r\n"),
	FORM("two-answers", "sends a second answer that nobody asked for", AFTER_KEEP,
	     HEAD LENGTH BODY "HTTP/1.1 500 Internal Server Error\r\nContent-Length: 0\r\n\r\n"),

	/* against the grammar (RFC 9112) */
	FORM("empty", "closes instead of an answer", AFTER_CLOSE, ""),
	FORM("noise", "answers with bytes that are no HTTP", AFTER_CLOSE,
	     "220 mail.example ESMTP$N\x7f\xff\r\n\r\n"),
	FORM("bad-status-line", "sends a status line in another order", AFTER_CLOSE,
	     "HTTP/1.1 OK 200\r\n$H$C" LENGTH BODY),
	FORM("no-status", "sends a status line without a number", AFTER_CLOSE,
	     "HTTP/1.1\r\n$H$C" LENGTH BODY),
	FORM("bad-version", "sends a status line of HTTP/7.3", AFTER_CLOSE,
	     "HTTP/7.3 201 Created\r\n$H$C" LENGTH BODY),
	FORM("bare-lf", "ends every line of the head with LF alone", AFTER_KEEP, HEAD LENGTH BODY,
	     .bare_lf = true),
	FORM("two-lengths", "gives two lengths that differ", AFTER_CLOSE,
	     HEAD "Content-Length: 7\r\n" LENGTH BODY),
	FORM("length-twice", "gives the same length twice", AFTER_KEEP, HEAD LENGTH LENGTH BODY),
	FORM("negative-length", "gives a length below zero", AFTER_CLOSE,
	     HEAD "Content-Length: -1\r\n" BODY),
	FORM("length-and-chunks", "gives a length and sends chunks", AFTER_CLOSE,
	     HEAD "Content-Length: 7\r\n" CHUNKED "\r\n$X\r\n$B\r\n0\r\n\r\n"),
	FORM("bad-chunk", "sends a chunk whose size is no number", AFTER_CLOSE,
	     HEAD CHUNKED "\r\nxyz\r\n$B\r\n0\r\n\r\n"),
	FORM("huge-chunk", "sends a chunk whose size no register holds", AFTER_CLOSE,
	     HEAD CHUNKED "\r\nfffffffffffffffff\r\n$B\r\n0\r\n\r\n"),
	FORM("bad-coding", "names a transfer coding that does not exist", AFTER_CLOSE,
	     HEAD "Transfer-Encoding: sorted\r\n" BODY),
	FORM("nul", "sends a header with a zero in it", AFTER_CLOSE,
	     HEAD "X-Trace: a$Nb\r\n" LENGTH BODY),
	FORM("no-colon", "sends a header line without a colon", AFTER_CLOSE,
	     HEAD "this is no header\r\n" LENGTH BODY),
	FORM("space-before-colon", "sends a space between a header's name and the colon",
	     AFTER_CLOSE, HEAD "X-Trace : a\r\n" LENGTH BODY),
	FORM("folded-header", "sends a header over two lines", AFTER_CLOSE,
	     HEAD "X-Trace: a\r\n b\r\n" LENGTH BODY),

	/* what the body is */
	FORM("html", "sends a page instead of JSON, and says so", AFTER_KEEP,
	     "$S$HContent-Type: text/html\r\n" LENGTH BODY, .body = portal),
	FORM("wrong-type", "says that the JSON is plain text", AFTER_KEEP,
	     "$S$HContent-Type: text/plain\r\n" LENGTH BODY),
	FORM("no-type", "does not say what the body is", AFTER_KEEP, "$S$H" LENGTH BODY),
	FORM("broken-json", "sends JSON that stops in the middle", AFTER_KEEP, HEAD LENGTH BODY,
	     .body = "{\"upload\":\"8b0c"),
	FORM("other-json", "sends JSON with the wrong types", AFTER_KEEP, HEAD LENGTH BODY,
	     .body = "{\"upload\":7,\"records\":\"many\",\"agent\":[]}"),
	FORM("doubled-json", "sends JSON with a member twice", AFTER_KEEP, HEAD LENGTH BODY,
	     .body = "{\"upload\":\"a\",\"upload\":\"b\",\"records\":0,\"records\":1e999}"),
	FORM("deep-json", "sends JSON of 20,000 lists in each other", AFTER_KEEP, HEAD LENGTH BODY,
	     .body = "[", .repeat = 20000),
	FORM("bad-utf8", "sends JSON with bytes that are no UTF-8", AFTER_KEEP, HEAD LENGTH BODY,
	     .body = "{\"upload\":\"\xc3\x28\xff\",\"records\":1}"),
	FORM("gzip", "sends the body in gzip, asked or not", AFTER_KEEP, HEAD GZIP LENGTH BODY,
	     .coding = CODING_GZIP),
	FORM("half-gzip", "sends a gzip that stops in the middle", AFTER_CLOSE,
	     HEAD GZIP "Connection: close\r\n\r\n$b", .coding = CODING_GZIP),
	FORM("false-gzip", "says that the plain body is gzip", AFTER_KEEP, HEAD GZIP LENGTH BODY),
	FORM("unknown-encoding", "names an encoding that does not exist", AFTER_KEEP,
	     HEAD "Content-Encoding: sorted\r\n" LENGTH BODY),
};
_Static_assert(COUNT_OF(rows) <= FAULT_HTTP_MAX, "more rows than struct fault has room for");

const struct verb_list fault_http_kinds = VERB_LIST(rows);

static void arm(struct fault *fault, const struct fault_kind *kind, bool on,
		const json_t *parameters)
{
	const struct http_fault *row = (const struct http_fault *)kind;
	struct fault_answer *armed = &fault->http.answers[row - rows];

	*armed = (struct fault_answer){ .on = on };
	if (!on)
		return;
	armed->left = json_int_of(parameters, "count", row->count_unless_said);
	armed->counted = armed->left > 0;
	armed->skips = json_int_of(parameters, "at", 1) - 1;
	snprintf(armed->path, sizeof(armed->path), "%s", json_text_of(parameters, "path", ""));
	if (row->number) {
		const json_t *value = json_object_get(parameters, row->number);
		int64_t unless_said = row->number_unless_said;
		armed->has_number = value;
		armed->number = json_is_string(value)
					? verb_duration(parameters, row->number, unless_said)
					: json_int_of(parameters, row->number, unless_said);
	}
	if (row->read)
		row->read(armed, parameters);
}

static bool is_due(const struct http_fault *row, const struct fault_answer *armed,
		   const struct http_point *point)
{
	if (!armed->on || (armed->counted && !armed->left) || row->moment != point->moment ||
	    (row->reused && !point->reused) || (point->only_plain && row->mangle.form))
		return false;
	if (row->moment == MOMENT_COMING && point->bytes < (uint64_t)armed->number)
		return false;
	return !strncmp(point->path, armed->path, strlen(armed->path));
}

const struct http_fault *fault_http_due(struct fault *fault, const struct http_point *point)
{
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct fault_answer *armed = &fault->http.answers[i];
		if (!is_due(&rows[i], armed, point))
			continue;
		if (armed->skips) {
			armed->skips--;
			continue;
		}
		if (armed->counted)
			armed->left--;
		return &rows[i];
	}
	return NULL;
}

void fault_http_answer(const struct fault *fault, const struct http_fault *row,
		       const struct http_request *request, struct http_response *response)
{
	if (row->answer)
		row->answer(&fault->http.answers[row - rows], request, response);
}

static void set_pace(const struct http_fault *row, size_t number, struct mangled *mangled)
{
	const char *end = strstr(buf_text(&mangled->bytes), "\r\n\r\n");
	size_t head = end ? (size_t)(end - buf_text(&mangled->bytes)) + 4 : 0;

	mangled->every_ms = number;
	mangled->piece = 1;
	switch (row->pace) {
	case PACE_NOW:
		break;
	case PACE_LATE:
		mangled->at_once = 0;
		mangled->piece = mangled->bytes.size;
		break;
	case PACE_HEAD:
		mangled->at_once = 1;
		break;
	case PACE_BODY:
		mangled->at_once = head;
		break;
	case PACE_ENDLESS:
		mangled->at_once = head;
		mangled->piece = ENDLESS_PIECE;
		mangled->endless = true;
		break;
	case PACE_CUT:
		if (number < mangled->bytes.size)
			mangled->bytes.size = mangled->at_once = number;
		break;
	}
}

void fault_http_write(const struct fault *fault, const struct http_fault *row,
		      const struct http_response *response, struct mangled *mangled)
{
	size_t number = (size_t)fault->http.answers[row - rows].number;

	if (row->mangle.form) {
		mangle_write(&row->mangle, response, number, mangled);
	} else {
		http_write(response, false, &mangled->bytes);
		mangled->at_once = mangled->bytes.size;
		mangled->after = response->close ? AFTER_CLOSE : AFTER_KEEP;
	}
	set_pace(row, number, mangled);
}

bool fault_http_is_answer(const struct http_fault *row)
{
	const char *form = row->mangle.form;
	return row->moment != MOMENT_COMING && (!form || !strncmp(form, "$S", 2));
}

enum mangle_after fault_http_after(const struct http_fault *row)
{
	return row->mangle.after;
}

const char *fault_http_name(const struct http_fault *row)
{
	return row->kind.verb.name;
}

json_t *fault_http_done(const struct http_fault *row, const struct http_response *response)
{
	json_t *fields = json_pack("{s:s}", "does", row->kind.verb.help);
	const char *const copied[] = { "Retry-After", "Location" };

	if (response && response->status)
		json_object_set_new(fields, "done", json_integer(response->status));
	else
		json_object_set_new(fields, "done", json_string(row->kind.verb.help));
	for (size_t i = 0; response && i < COUNT_OF(copied); i++)
		if (json_object_get(response->headers, copied[i]))
			json_object_set(fields, copied[i],
					json_object_get(response->headers, copied[i]));
	return fields;
}

static bool is_on(const struct fault *fault, const char *name)
{
	const struct verb *verb = verb_find(&fault_http_kinds, name);
	return fault->http.answers[(const struct http_fault *)verb - rows].on;
}

bool fault_http_revoked(const struct fault *fault)
{
	return is_on(fault, REVOKED);
}

bool fault_http2(const struct fault *fault)
{
	return is_on(fault, HTTP2);
}
