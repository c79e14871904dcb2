#include "sim/cloud/fault.h"

#include <errno.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/form.h"
#include "base/json.h"
#include "sim/cloud/cloud.h"

enum { COUNT_MAX = 1000000, SECONDS_MAX = 1000000000 };

struct kind {
	const char *const *parameters; /* NULL-terminated */
	int (*set)(struct fault *fault, const json_t *parameters, struct error *err);
	void (*clear)(struct fault *fault);
};

static int index_of(const char *word, const char *const *names)
{
	for (int i = 0; names[i]; i++)
		if (!strcmp(word, names[i]))
			return i;
	return -1;
}

/* The place of a text parameter among names, or -EINVAL with a sentence. */
static int read_name(const json_t *parameters, const char *key, const char *const *names,
		     struct error *err)
{
	const char *word = json_text_of(parameters, key, "");
	int index = index_of(word, names);
	if (index >= 0)
		return index;
	const char *near = form_nearest(word, names);
	return error_set(err, EINVAL, "%s: found \"%s\", expected one of %s …%s%s", key, word,
			 names[0], near ? "; did you mean " : "", near ? near : "");
}

static int read_number(const json_t *parameters, const char *key, int64_t least, int64_t most,
		       int64_t *number, struct error *err)
{
	const json_t *value = json_object_get(parameters, key);
	if (!value)
		return 0;
	if (!json_is_integer(value) || json_integer_value(value) < least ||
	    json_integer_value(value) > most)
		return error_set(err, EINVAL, "%s: expected a whole number from %lld to %lld", key,
				 (long long)least, (long long)most);
	*number = json_integer_value(value);
	return 0;
}

static int set_certificate(struct fault *fault, const json_t *parameters, struct error *err)
{
	int listener = read_name(parameters, "listener", listener_names, err);
	if (listener < 0)
		return listener;
	/* "good" is no fault. */
	int kind = read_name(parameters, "kind", cert_kind_names + 1, err);
	if (kind < 0)
		return kind;
	fault->certificate[listener] = (enum cert_kind)(kind + 1);
	return 0;
}

static void clear_certificate(struct fault *fault)
{
	memset(fault->certificate, 0, sizeof(fault->certificate));
}

static int set_tls11(struct fault *fault, const json_t *parameters, struct error *err)
{
	int listener = read_name(parameters, "listener", listener_names, err);
	if (listener < 0)
		return listener;
	fault->tls11[listener] = true;
	return 0;
}

static void clear_tls11(struct fault *fault)
{
	memset(fault->tls11, 0, sizeof(fault->tls11));
}

static int set_down(struct fault *fault, const json_t *parameters, struct error *err)
{
	static const char *const modes[] = { "reset", "silent", NULL };
	int mode = 0;

	if (json_object_get(parameters, "mode"))
		mode = read_name(parameters, "mode", modes, err);
	if (mode < 0)
		return mode;
	fault->down = mode ? DOWN_SILENT : DOWN_RESET;
	return 0;
}

static void clear_down(struct fault *fault)
{
	fault->down = DOWN_NOT;
}

static void clear_http(struct fault *fault)
{
	memset(&fault->http, 0, sizeof(fault->http));
}

static int set_http(struct fault *fault, const json_t *parameters, struct error *err)
{
	int64_t status = 503;
	const json_t *path = json_object_get(parameters, "path");

	clear_http(fault);
	if (read_number(parameters, "status", 200, 599, &status, err) ||
	    read_number(parameters, "retryAfter", 0, SECONDS_MAX, &fault->http.retry_after, err) ||
	    read_number(parameters, "count", 1, COUNT_MAX, &fault->http.left, err))
		return -EINVAL;
	if (path && (!json_is_string(path) || json_string_length(path) >= FAULT_PATH_MAX))
		return error_set(err, EINVAL, "path: expected a text of less than %d bytes",
				 FAULT_PATH_MAX);
	if (path)
		snprintf(fault->http.path, sizeof(fault->http.path), "%s", json_string_value(path));
	fault->http.status = (int)status;
	fault->http.counted = fault->http.left > 0;
	return 0;
}

static int set_count(int64_t *count, int64_t without, const json_t *parameters, struct error *err)
{
	*count = without;
	return read_number(parameters, "count", 1, COUNT_MAX, count, err);
}

static int set_close(struct fault *fault, const json_t *parameters, struct error *err)
{
	return set_count(&fault->close_after_store, 1, parameters, err);
}

static void clear_close(struct fault *fault)
{
	fault->close_after_store = 0;
}

static int set_no_connack(struct fault *fault, const json_t *parameters, struct error *err)
{
	return set_count(&fault->no_connack, COUNT_MAX, parameters, err);
}

static void clear_no_connack(struct fault *fault)
{
	fault->no_connack = 0;
}

static int set_duplicate(struct fault *fault, const json_t *parameters, struct error *err)
{
	return set_count(&fault->duplicate_command, 1, parameters, err);
}

static void clear_duplicate(struct fault *fault)
{
	fault->duplicate_command = 0;
}

const char *const cloud_faults[] = {
	"cloud.certificate",
	"cloud.tls11",
	"cloud.down",
	"cloud.http-status",
	"cloud.close-after-store",
	"cloud.no-connack",
	"cloud.duplicate-command",
	NULL,
};

static const char *const listener_kind[] = { "listener", "kind", NULL };
static const char *const only_listener[] = { "listener", NULL };
static const char *const only_mode[] = { "mode", NULL };
static const char *const only_count[] = { "count", NULL };
static const char *const of_http[] = { "status", "retryAfter", "count", "path", NULL };

/* In the order of cloud_faults. */
static const struct kind kinds[] = {
	{ listener_kind, set_certificate, clear_certificate },
	{ only_listener, set_tls11, clear_tls11 },
	{ only_mode, set_down, clear_down },
	{ of_http, set_http, clear_http },
	{ only_count, set_close, clear_close },
	{ only_count, set_no_connack, clear_no_connack },
	{ only_count, set_duplicate, clear_duplicate },
};
_Static_assert(COUNT_OF(kinds) + 1 == COUNT_OF(cloud_faults), "a fault without a name");

static int check_parameters(const struct kind *kind, const json_t *parameters, struct error *err)
{
	const char *key;
	json_t *value;

	if (parameters && !json_is_object(parameters))
		return error_set(err, EINVAL, "expected parameters as an object");
	json_object_foreach ((json_t *)parameters, key, value)
		if (index_of(key, kind->parameters) < 0)
			return error_set(err, EINVAL, "found parameter \"%s\", expected %s …", key,
					 kind->parameters[0]);
	return 0;
}

int fault_set(struct fault *fault, const char *name, const json_t *parameters, struct error *err)
{
	int index = index_of(name, cloud_faults);
	if (index < 0) {
		const char *near = form_nearest(name, cloud_faults);
		return error_set(err, EINVAL, "found no fault \"%s\"%s%s", name,
				 near ? "; did you mean " : "", near ? near : "");
	}
	struct fault next = *fault;
	int status = check_parameters(&kinds[index], parameters, err);
	if (!status)
		status = kinds[index].set(&next, parameters, err);
	if (status) {
		error_wrap(err, "%s", name);
		return status;
	}
	*fault = next;
	return 0;
}

bool fault_clear(struct fault *fault, const char *name)
{
	if (!name) {
		*fault = (struct fault){ 0 };
		return true;
	}
	int index = index_of(name, cloud_faults);
	if (index >= 0)
		kinds[index].clear(fault);
	return index >= 0;
}
