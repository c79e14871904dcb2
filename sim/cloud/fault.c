#include "sim/cloud/fault.h"

#include <errno.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/form.h"
#include "base/json.h"
#include "sim/cloud/cloud.h"

const struct verb_list *const cloud_faults[] = { &fault_tls_kinds, &fault_http_kinds,
						 &fault_mqtt_kinds, NULL };

int fault_word(const json_t *parameters, const char *key, const char *const *names)
{
	const char *word = json_text_of(parameters, key, names[0]);
	int i = 0;
	while (names[i + 1] && strcmp(names[i], word))
		i++;
	return i;
}

static const struct fault_kind *find(const char *name)
{
	const struct verb *verb = NULL;
	for (size_t i = 0; cloud_faults[i] && !verb; i++)
		verb = verb_find(cloud_faults[i], name);
	return (const struct fault_kind *)verb;
}

static const char *nearest(const char *word)
{
	const char *names[COUNT_OF(cloud_faults)] = { NULL };
	size_t count = 0;
	for (size_t i = 0; cloud_faults[i]; i++) {
		const char *near = verb_nearest(cloud_faults[i], word);
		if (near)
			names[count++] = near;
	}
	return form_nearest(word, names);
}

int fault_set(struct fault *fault, const char *name, const json_t *parameters, struct error *err)
{
	const struct fault_kind *kind = find(name);

	if (!kind) {
		const char *near = nearest(name);
		return error_set(err, EINVAL, "found no fault \"%s\"%s%s", name,
				 near ? "; did you mean " : "", near ? near : "");
	}
	int status = verb_check(&kind->verb, parameters, NULL, err);
	if (status < 0)
		return status;
	if (kind->arm)
		kind->arm(fault, kind, true, parameters);
	else
		kind->set(fault, parameters);
	return 0;
}

bool fault_clear(struct fault *fault, const char *name)
{
	if (!name) {
		*fault = (struct fault){ 0 };
		return true;
	}
	const struct fault_kind *kind = find(name);
	if (kind && kind->arm)
		kind->arm(fault, kind, false, NULL);
	else if (kind)
		kind->clear(fault);
	return kind;
}
