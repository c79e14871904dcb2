#include <stdio.h>

#include "base/json.h"
#include "sim/cloud/fault.h"

/* Faults of the HTTP side. */

enum { COUNT_MAX = 1000000, SECONDS_MAX = 1000000000 };

static void clear_status(struct fault *fault)
{
	int64_t close_after_store = fault->http.close_after_store;
	fault->http = (struct fault_http){ .close_after_store = close_after_store };
}

static void set_status(struct fault *fault, const json_t *parameters)
{
	struct fault_http *http = &fault->http;

	clear_status(fault);
	http->status = (int)json_int_of(parameters, "status", 503);
	http->retry_after = json_int_of(parameters, "retryAfter", 0);
	http->left = json_int_of(parameters, "count", 0);
	http->counted = http->left > 0;
	snprintf(http->path, sizeof(http->path), "%s", json_text_of(parameters, "path", ""));
}

static void set_close(struct fault *fault, const json_t *parameters)
{
	fault->http.close_after_store = json_int_of(parameters, "count", 1);
}

static void clear_close(struct fault *fault)
{
	fault->http.close_after_store = 0;
}

static const struct parameter of_status[] = {
	{ "status", PARAMETER_INT, false, 200, 599, NULL, "default 503" },
	{ "retryAfter", PARAMETER_INT, false, 0, SECONDS_MAX, NULL, "seconds; 0: no header" },
	{ "count", PARAMETER_INT, false, 1, COUNT_MAX, NULL, "requests; default: all" },
	{ "path", PARAMETER_TEXT, false, 0, 0, NULL, "only paths that begin so" },
	{ .name = NULL },
};
static const struct parameter of_close[] = {
	{ "count", PARAMETER_INT, false, 1, COUNT_MAX, NULL, "uploads; default 1" },
	{ .name = NULL },
};

static const struct fault_kind kinds[] = {
	{ { "cloud.http-status", "answers with a status before anything is stored", of_status },
	  set_status,
	  clear_status },
	{ { "cloud.close-after-store", "stores an upload and resets instead of an answer",
	    of_close },
	  set_close,
	  clear_close },
};

const struct verb_list fault_http_kinds = VERB_LIST(kinds);
