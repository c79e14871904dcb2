#include "conformance/names.h"

#include <string.h>

#include "base/buf.h"
#include "base/form.h"
#include "conformance/expect.h"
#include "conformance/faults.h"
#include "conformance/observation.h"
#include "conformance/step.h"
#include "sim/cloud/cloud.h"

const struct yaml *names_of_step(const struct step *step)
{
	return yaml_get(step->node, step->kind->name);
}

const struct yaml *names_of_expectation(const struct expectation *expectation)
{
	return yaml_get(expectation->node, expectation->kind->name);
}

/* ---- labels ---- */

int names_label(const struct scope *scope, const struct step *before, const struct yaml *node,
		struct error *err)
{
	const struct part *part = scope->part;

	for (size_t i = 0; node && i < part->step_count && &part->steps[i] != before; i++)
		if (part->steps[i].label && !strcmp(part->steps[i].label, node->text))
			return 0;
	return !node ? 0
		     : yaml_error(node, err, "found %s '%s', expected the label of %s step",
				  node->key, node->text, before ? "an earlier" : "a");
}

/* ---- printers ---- */

int names_device(const struct scope *scope, const struct yaml *node, struct error *err)
{
	if (!node || scenario_find_printer(scope->scenario, node->text))
		return 0;
	return yaml_error(node, err, "found device '%s', expected a printer of the scenario",
			  node->text);
}

int names_devices(const struct scope *scope, const struct yaml *list, struct error *err)
{
	int status = 0;
	for (size_t i = 0; list && i < list->count && status == 0; i++)
		status = names_device(scope, list->items[i], err);
	return status;
}

/* ---- regions ---- */

int names_region(const struct yaml *node, struct error *err)
{
	for (const char *const *name = region_names; *name; name++)
		if (!strcmp(*name, node->text))
			return 0;
	return yaml_error(node, err, "found region '%s', expected eu or cn", node->text);
}

/* ---- faults ---- */

static int known_fault(const struct yaml *node, struct error *err)
{
	if (faults_find(node->text))
		return 0;
	const char *near = faults_nearest(node->text);
	return yaml_error(
		node, err, "found fault '%s', expected one that 'ecsp list faults' shows%s%s%s",
		node->text, near ? ": did you mean '" : "", near ? near : "", near ? "'?" : "");
}

int names_witness(const struct scope *scope, const struct yaml *node, struct error *err)
{
	int status = node ? known_fault(node, err) : 0;

	if (!node || status < 0)
		return status;
	for (size_t i = 0; i < scope->part->step_count; i++) {
		const struct yaml *fault = yaml_get(scope->part->steps[i].node, "fault");
		const struct yaml *name = fault ? yaml_get(fault, "name") : NULL;
		if (name && !strcmp(name->text, node->text))
			return 0;
	}
	return yaml_error(node, err,
			  "found the witness '%s', expected a fault that a step here arms",
			  node->text);
}

static int known_kind(const struct yaml *node, struct error *err)
{
	if (observation_is_known(node->text))
		return 0;
	const char *near = observation_nearest(node->text);
	return yaml_error(
		node, err,
		"found '%s', expected a kind of observation that docs/evidence.md shows%s%s%s",
		node->text, near ? ": did you mean '" : "", near ? near : "", near ? "'?" : "");
}

int names_condition(const struct yaml *body, struct error *err)
{
	const struct yaml *kind = yaml_get(body, "for");
	const struct yaml *where = yaml_get(body, "where");
	const struct yaml *fault = where ? yaml_get(where, "fault") : NULL;
	int status = kind ? known_kind(kind, err) : 0;

	if (!kind || status < 0 || !fault || strncmp(kind->text, "fault.", 6) != 0)
		return status;
	if (fault->kind == YAML_SCALAR)
		return strcmp(fault->text, "*") != 0 ? known_fault(fault, err) : 0;
	for (size_t i = 0; i < fault->count && status == 0; i++)
		if (fault->items[i]->kind == YAML_SCALAR)
			status = known_fault(fault->items[i], err);
	return status;
}

/* ---- items ---- */

static int wrong_item(const struct yaml *node, const char *id, const char *expected,
		      struct error *err)
{
	return node->key ? yaml_key_error(node, err, "found item '%s', expected %s", id, expected)
			 : yaml_error(node, err, "found item '%s', expected %s", id, expected);
}

int names_item(const struct scope *scope, const struct yaml *node, struct error *err)
{
	const char *id = node->key ? node->key : node->text;
	enum agent_kind kind = (enum agent_kind)scope->scenario->agent;

	if (!scope->catalogue)
		return 0;
	const struct item *item = catalogue_find_item(scope->catalogue, id);
	if (!item)
		return wrong_item(node, id, "an id that 'ecsp list items' shows", err);
	if (!item_of(item, kind))
		return wrong_item(node, id, "one that this kind of agent reports", err);
	return 0;
}

int names_items(const struct scope *scope, const struct yaml *list, struct error *err)
{
	int status = 0;
	for (size_t i = 0; list && i < list->count && status == 0; i++)
		status = names_item(scope, list->items[i], err);
	return status;
}
