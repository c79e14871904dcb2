#include "conformance/faults.h"

#include <string.h>

#include "base/cleanup.h"
#include "base/form.h"
#include "base/json.h"
#include "conformance/match.h"
#include "sim/cloud/cloud.h"
#include "sim/printer/fleet.h"
#include "sim/world/world.h"

enum { NAMES_MAX = 512 };

static const struct verb *nth_of(const struct verb_list *list, size_t *index)
{
	const struct verb *verb = verb_at(list, *index);
	if (!verb)
		*index -= list->count;
	return verb;
}

const struct verb *faults_at(size_t index)
{
	const struct verb *verb = nth_of(&device_faults, &index);

	for (size_t i = 0; !verb && cloud_faults[i]; i++)
		verb = nth_of(cloud_faults[i], &index);
	if (!verb)
		verb = nth_of(&world_faults, &index);
	if (!verb)
		verb = nth_of(&dns_faults, &index);
	return verb ? verb : nth_of(&storage_faults, &index);
}

const struct verb *faults_find(const char *name)
{
	const struct verb *verb;
	for (size_t i = 0; (verb = faults_at(i)); i++)
		if (!strcmp(verb->name, name))
			return verb;
	return NULL;
}

const char *faults_nearest(const char *name)
{
	const char *names[NAMES_MAX] = { NULL };
	for (size_t i = 0; i < NAMES_MAX - 1 && faults_at(i); i++)
		names[i] = faults_at(i)->name;
	return form_nearest(name, names);
}

int verb_check_yaml(const struct verb *verb, const struct yaml *with, const struct yaml *place,
		    struct error *err)
{
	AUTO_JSON json_t *parameters = with ? match_json(with) : NULL;
	struct error wrong;
	const char *guilty;

	if (verb_check(verb, parameters, &guilty, &wrong) == 0)
		return 0;
	const struct yaml *at = guilty ? yaml_get(with, guilty) : NULL;
	return yaml_error(at ? at : place, err, "%s", wrong.text);
}
