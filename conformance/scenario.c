#include "conformance/scenario.h"

#include <ctype.h>
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/cleanup.h"
#include "conformance/capability.h"
#include "conformance/data.h"
#include "conformance/expect.h"
#include "conformance/names.h"
#include "conformance/step.h"

static const struct field printer_fields[] = {
	{ "name", FIELD_TEXT, offsetof(struct printer_spec, name), .required = true,
	  .help = "what the scenario calls it" },
	{ "profile", FIELD_TEXT, offsetof(struct printer_spec, profile), .required = true,
	  .help = "printer model, see ecsp list profiles" },
	{ "address", FIELD_IPV4, offsetof(struct printer_spec, address), .required = true,
	  .help = "10.16.0.0 to 10.31.255.255" },
	{ "decoy", FIELD_BOOL, offsetof(struct printer_spec, decoy),
	  .help = "true: on the network but not designated" },
	{ "admitted", FIELD_BOOL, offsetof(struct printer_spec, admitted),
	  .help = "true: not designated, but the service may designate it" },
	{ "serial", FIELD_TEXT, offsetof(struct printer_spec, serial) },
	{ "community", FIELD_TEXT, offsetof(struct printer_spec, community) },
	LIFEPLAN_FIELDS(struct printer_spec, life),
	SNMP_ACCESS_FIELDS(struct printer_spec, access),
	{ .name = NULL },
};
static const struct form printer_form = { "a printer", sizeof(struct printer_spec),
					  printer_fields };

static const char *const formats[] = { "ecsp-scenario/1", NULL };

static const struct field scenario_fields[] = {
	{ "format", FIELD_TEXT, offsetof(struct scenario, format), .required = true,
	  .help = "ecsp-scenario/1" },
	{ "id", FIELD_TEXT, offsetof(struct scenario, id), .required = true,
	  .help = "lower-case letters, digits, dots and dashes" },
	{ "title", FIELD_TEXT, offsetof(struct scenario, title), .required = true },
	{ "purpose", FIELD_TEXT, offsetof(struct scenario, purpose), .required = true },
	{ "agent", FIELD_ENUM, offsetof(struct scenario, agent), .names = agent_names,
	  .required = true },
	{ "deadline", FIELD_DURATION, offsetof(struct scenario, deadline_ms), .max = 3600000 },
	{ "region", FIELD_TEXT, offsetof(struct scenario, region),
	  .help = "of the cloud, where the agent's account is: eu or cn" },
	{ "needs", FIELD_TEXT, offsetof(struct scenario, needs),
	  .help = "what an agent may lack: configuration" },
	{ "discovers", FIELD_BOOL, offsetof(struct scenario, discovers),
	  .help = "broadcast ENPC probes are allowed" },
	{ "printers", FIELD_LIST, offsetof(struct scenario, printers), .form = &printer_form,
	  .required = true, .min = 1 },
	{ "crowd", FIELD_INT, offsetof(struct scenario, crowd), .min = 2, .max = 60,
	  .help = "how many agents the program stands for, in one process" },
	{ "config", FIELD_NODE, offsetof(struct scenario, config),
	  .help = "more configuration for the agent" },
	{ "steps", FIELD_NODE, offsetof(struct scenario, steps_node), .required = true },
	{ "expect", FIELD_NODE, offsetof(struct scenario, expect_node), .required = true },
	{ "twin", FIELD_NODE, offsetof(struct scenario, twin_node),
	  .help = "the same with the defect repaired: steps and expect" },
	{ .name = NULL },
};
static const struct form scenario_form = { "a scenario", sizeof(struct scenario), scenario_fields };

/* ---- steps and expectations: a map with one kind and what all kinds share ---- */

static const struct step_kind *find_step(const char *name)
{
	for (size_t i = 0; step_kinds[i]; i++)
		if (!strcmp(step_kinds[i]->name, name))
			return step_kinds[i];
	return NULL;
}

static const struct expect_kind *find_expect(const char *name)
{
	for (size_t i = 0; expect_kinds[i]; i++)
		if (!strcmp(expect_kinds[i]->name, name))
			return expect_kinds[i];
	return NULL;
}

static int unknown_kind(const struct yaml *node, const char *what, const char *const *names,
			struct error *err)
{
	struct buf all;
	buf_init(&all, 4096);
	for (size_t i = 0; names[i]; i++)
		buf_printf(&all, "%s%s", i ? ", " : "", names[i]);
	const char *near = node->key ? form_nearest(node->key, names) : NULL;
	yaml_key_error(node, err, "found '%s', expected %s: %s%s%s%s", node->key ? node->key : "",
		       what, buf_text(&all), near ? "; did you mean '" : "", near ? near : "",
		       near ? "'?" : "");
	buf_done(&all);
	return -EINVAL;
}

static int load_step(struct step *step, const struct yaml *node, struct error *err)
{
	const struct yaml *body = NULL;

	step->node = node;
	if (node->kind != YAML_MAP)
		return yaml_error(
			node, err,
			"found no map, expected a step such as '- wait: {for: upload.stored}'");
	for (size_t i = 0; i < node->count; i++) {
		const struct yaml *item = node->items[i];
		const struct step_kind *kind = find_step(item->key);
		if (!strcmp(item->key, "label") && item->kind == YAML_SCALAR) {
			free(step->label);
			step->label = alloc_text(item->text);
		} else if (!kind) {
			const char *names[32] = { "label" };
			for (size_t k = 0; step_kinds[k] && k < 30; k++)
				names[k + 1] = step_kinds[k]->name;
			return unknown_kind(item, "a step", names, err);
		} else if (body) {
			return yaml_key_error(
				item, err, "found '%s' beside '%s', expected one step in an entry",
				item->key, body->key);
		} else {
			body = item;
			step->kind = kind;
		}
	}
	if (!body)
		return yaml_error(node, err, "found no step in the entry");
	step->arguments = alloc_zero(1, step->kind->form->size);
	return form_load(step->kind->form, body, step->arguments, err);
}

static int load_requirements(struct expectation *expectation, const struct yaml *node,
			     struct error *err)
{
	bool list = node->kind == YAML_LIST;
	size_t count = list ? node->count : 1;
	char **ids = alloc_zero(count, sizeof(*ids));

	expectation->requirements = (struct form_list){ ids, count };
	for (size_t i = 0; i < count; i++) {
		const struct yaml *item = list ? node->items[i] : node;
		if (item->kind != YAML_SCALAR || !*item->text)
			return yaml_error(item, err,
					  "found no requirement id, expected one such as COL-6");
		ids[i] = alloc_text(item->text);
	}
	return 0;
}

static int load_expectation(struct expectation *expectation, const struct yaml *node,
			    struct error *err)
{
	const struct yaml *body = NULL;
	int status = 0;

	expectation->node = node;
	if (node->kind != YAML_MAP)
		return yaml_error(node, err,
				  "found no map, expected an expectation such as '- seen: {...}'");
	for (size_t i = 0; i < node->count && status == 0; i++) {
		const struct yaml *item = node->items[i];
		const struct expect_kind *kind = find_expect(item->key);
		if (!strcmp(item->key, "requirement")) {
			status = load_requirements(expectation, item, err);
		} else if (!kind) {
			const char *names[32] = { "requirement" };
			for (size_t k = 0; expect_kinds[k] && k < 30; k++)
				names[k + 1] = expect_kinds[k]->name;
			return unknown_kind(item, "an expectation", names, err);
		} else if (body) {
			return yaml_key_error(
				item, err,
				"found '%s' beside '%s', expected one expectation in an entry",
				item->key, body->key);
		} else {
			body = item;
			expectation->kind = kind;
		}
	}
	if (status < 0)
		return status;
	if (!body)
		return yaml_error(node, err, "found no expectation in the entry");
	if (!expectation->requirements.count)
		return yaml_error(node, err,
				  "found no 'requirement', expected the id of what this shows");
	expectation->arguments = alloc_zero(1, expectation->kind->form->size);
	return form_load(expectation->kind->form, body, expectation->arguments, err);
}

static int load_part(struct part *part, const struct yaml *steps, const struct yaml *expect,
		     struct error *err)
{
	if (steps->kind != YAML_LIST)
		return yaml_error(steps, err, "found no list, expected steps");
	if (expect->kind != YAML_LIST || !expect->count)
		return yaml_error(expect, err, "found no list, expected at least one expectation");
	part->steps = alloc_zero(steps->count, sizeof(*part->steps));
	part->expectations = alloc_zero(expect->count, sizeof(*part->expectations));
	for (size_t i = 0; i < steps->count; i++) {
		part->step_count = i + 1;
		int status = load_step(&part->steps[i], steps->items[i], err);
		if (status < 0)
			return status;
	}
	for (size_t i = 0; i < expect->count; i++) {
		part->expectation_count = i + 1;
		int status = load_expectation(&part->expectations[i], expect->items[i], err);
		if (status < 0)
			return status;
	}
	return 0;
}

static int load_twin(struct scenario *scenario, struct error *err)
{
	const struct yaml *twin = scenario->twin_node;
	const struct yaml *steps = yaml_get(twin, "steps");
	const struct yaml *expect = yaml_get(twin, "expect");

	scenario->has_twin = true;
	if (!steps || !expect || twin->count != 2)
		return yaml_error(twin, err,
				  "found something else, expected 'steps' and 'expect' in a twin");
	return load_part(&scenario->twin, steps, expect, err);
}

/* ---- what the forms cannot say ---- */

static bool id_is_sound(const char *id)
{
	for (const char *at = id; *at; at++)
		if (!islower((unsigned char)*at) && !isdigit((unsigned char)*at) && *at != '.' &&
		    *at != '-')
			return false;
	return islower((unsigned char)id[0]) && strlen(id) <= 100 && !strstr(id, "..");
}

static int finish_lives(const struct scenario *scenario, struct error *err)
{
	const struct yaml *list = yaml_get(scenario->root, "printers");
	int status = 0;

	for (size_t i = 0; i < scenario->printers.count && status == 0; i++) {
		struct printer_spec *spec = (struct printer_spec *)scenario_printer(scenario, i);
		status = lifeplan_finish(&spec->life, list->items[i], err);
	}
	return status;
}

static int check_printers(const struct scenario *scenario, struct error *err)
{
	const struct yaml *list = yaml_get(scenario->root, "printers");

	for (size_t i = 0; i < scenario->printers.count; i++) {
		const struct printer_spec *spec = scenario_printer(scenario, i);
		const struct yaml *node = list->items[i];
		if (spec->address >> 20 != 0x0a1)
			return yaml_error(
				yaml_get(node, "address"), err,
				"found '%s', expected an address from 10.16.0.0 to 10.31.255.255",
				yaml_get(node, "address")->text);
		if (strspn(spec->profile, "abcdefghijklmnopqrstuvwxyz0123456789-") !=
		    strlen(spec->profile))
			return yaml_error(
				yaml_get(node, "profile"), err,
				"found '%s', expected the name of a profile, such as sc-t-24",
				spec->profile);
		if (spec->decoy && spec->admitted)
			return yaml_error(yaml_get(node, "admitted"), err,
					  "found 'admitted' beside 'decoy', expected one of them");
		if (snmp_access_check(&spec->access, node, err) < 0)
			return -EINVAL;
		for (size_t k = 0; k < i; k++) {
			const struct printer_spec *other = scenario_printer(scenario, k);
			if (!strcmp(other->name, spec->name) || other->address == spec->address)
				return yaml_error(
					node, err,
					"found '%s' a second time, expected own name and address",
					spec->name);
		}
	}
	return finish_lives(scenario, err);
}

int scenario_profiles(const struct scenario *scenario, struct error *err)
{
	const struct yaml *list = yaml_get(scenario->root, "printers");

	for (size_t i = 0; i < scenario->printers.count; i++) {
		const struct printer_spec *spec = scenario_printer(scenario, i);
		const char *profile = spec->profile;
		AUTO_FREE char *name = alloc_printf("sim/printer/profiles/%s.yaml", profile);
		AUTO_FREE char *path = data_path(name);
		if (access(path, R_OK) < 0)
			return yaml_error(yaml_get(list->items[i], "profile"), err,
					  "found profile '%s', expected one that "
					  "'ecsp list profiles' shows",
					  profile);
		if (lifeplan_fits(&spec->life, list->items[i], path, err) < 0)
			return -EINVAL;
	}
	return 0;
}

static int check_requirements(const struct expectation *expectation,
			      const struct catalogue *catalogue, struct error *err)
{
	const struct yaml *node = yaml_get(expectation->node, "requirement");

	for (size_t i = 0; catalogue && i < expectation->requirements.count; i++) {
		const char *id = ((char **)expectation->requirements.items)[i];
		if (!catalogue_find(catalogue, id))
			return yaml_error(node->kind == YAML_LIST ? node->items[i] : node, err,
					  "found requirement '%s', expected an id that "
					  "'ecsp list requirements' shows",
					  id);
	}
	return 0;
}

static int check_part(const struct scope *scope, struct error *err)
{
	const struct part *part = scope->part;
	int status = 0;

	for (size_t i = 0; i < part->step_count && status == 0; i++)
		if (part->steps[i].kind->check)
			status = part->steps[i].kind->check(scope, &part->steps[i], err);
	for (size_t i = 0; i < part->expectation_count && status == 0; i++) {
		const struct expectation *expectation = &part->expectations[i];
		status = check_requirements(expectation, scope->catalogue, err);
		if (status == 0 && expectation->kind->check)
			status = expectation->kind->check(scope, expectation, err);
	}
	return status;
}

static int load(struct scenario *scenario, const struct catalogue *catalogue, struct error *err)
{
	int status = form_load(&scenario_form, scenario->root, scenario, err);
	if (status < 0)
		return status;
	if (strcmp(scenario->format, formats[0]) != 0)
		return yaml_error(yaml_get(scenario->root, "format"), err,
				  "found '%s', expected %s", scenario->format, formats[0]);
	if (!id_is_sound(scenario->id))
		return yaml_error(
			yaml_get(scenario->root, "id"), err,
			"found '%s', expected lower-case letters, digits, dots and dashes",
			scenario->id);
	if (scenario->region && names_region(yaml_get(scenario->root, "region"), err) < 0)
		return -EINVAL;
	if (scenario->needs && !capability_is_known(scenario->needs))
		return yaml_error(yaml_get(scenario->root, "needs"), err,
				  "found '%s', expected configuration or mqtt5", scenario->needs);
	if (!scenario->deadline_ms)
		scenario->deadline_ms = 30000;
	status = check_printers(scenario, err);
	if (status == 0)
		status = load_part(&scenario->main, scenario->steps_node, scenario->expect_node,
				   err);
	if (status == 0 && scenario->twin_node)
		status = load_twin(scenario, err);
	const struct scope parts[] = { { scenario, &scenario->main, catalogue },
				       { scenario, &scenario->twin, catalogue } };
	for (size_t i = 0; i < COUNT_OF(parts) && status == 0; i++)
		status = check_part(&parts[i], err);
	return status;
}

static struct scenario *from_root(struct yaml *root, const struct catalogue *catalogue,
				  struct error *err)
{
	if (!root)
		return NULL;
	struct scenario *scenario = alloc_zero(1, sizeof(*scenario));
	scenario->root = root;
	if (load(scenario, catalogue, err) == 0)
		return scenario;
	scenario_free(scenario);
	return NULL;
}

struct scenario *scenario_load(const char *path, const struct catalogue *catalogue,
			       struct error *err)
{
	return from_root(yaml_read(path, err), catalogue, err);
}

struct scenario *scenario_parse(const char *text, size_t size, const char *name,
				const struct catalogue *catalogue, struct error *err)
{
	return from_root(yaml_parse(text, size, name, err), catalogue, err);
}

static void part_done(struct part *part)
{
	for (size_t i = 0; i < part->step_count; i++) {
		struct step *step = &part->steps[i];
		if (step->arguments)
			form_done(step->kind->form, step->arguments);
		free(step->arguments);
		free(step->label);
	}
	for (size_t i = 0; i < part->expectation_count; i++) {
		struct expectation *expectation = &part->expectations[i];
		if (expectation->arguments)
			form_done(expectation->kind->form, expectation->arguments);
		free(expectation->arguments);
		for (size_t k = 0; k < expectation->requirements.count; k++)
			free(((char **)expectation->requirements.items)[k]);
		free(expectation->requirements.items);
	}
	free(part->steps);
	free(part->expectations);
}

void scenario_free(struct scenario *scenario)
{
	if (!scenario)
		return;
	part_done(&scenario->main);
	part_done(&scenario->twin);
	for (size_t i = 0; i < scenario->printers.count; i++)
		lifeplan_done(&((struct printer_spec *)scenario->printers.items + i)->life);
	form_done(&scenario_form, scenario);
	yaml_free(scenario->root);
	free(scenario);
}

const struct printer_spec *scenario_printer(const struct scenario *scenario, size_t index)
{
	return (const struct printer_spec *)scenario->printers.items + index;
}

const struct printer_spec *scenario_find_printer(const struct scenario *scenario, const char *name)
{
	for (size_t i = 0; i < scenario->printers.count; i++)
		if (!strcmp(scenario_printer(scenario, i)->name, name))
			return scenario_printer(scenario, i);
	return NULL;
}

/* ---- schema ---- */

static json_t *one_of(const char *also, json_t *(*nth)(size_t index, const char **name))
{
	json_t *properties = json_object();
	const char *name;
	json_t *schema;

	for (size_t i = 0; (schema = nth(i, &name)); i++)
		json_object_set_new(properties, name, schema);
	json_object_set_new(properties, also, json_object());
	return json_pack("{s:s,s:{s:s,s:o,s:b,s:i,s:i}}", "type", "array", "items", "type",
			 "object", "properties", properties, "additionalProperties", 0,
			 "minProperties", 1, "maxProperties", 2);
}

static json_t *nth_step(size_t index, const char **name)
{
	if (!step_kinds[index])
		return NULL;
	*name = step_kinds[index]->name;
	json_t *schema = form_schema(step_kinds[index]->form);
	json_object_set_new(schema, "description", json_string(step_kinds[index]->help));
	return schema;
}

static json_t *nth_expect(size_t index, const char **name)
{
	if (!expect_kinds[index])
		return NULL;
	*name = expect_kinds[index]->name;
	json_t *schema = form_schema(expect_kinds[index]->form);
	json_object_set_new(schema, "description", json_string(expect_kinds[index]->help));
	return schema;
}

json_t *scenario_schema(void)
{
	json_t *schema = form_schema(&scenario_form);
	json_t *properties = json_object_get(schema, "properties");

	json_object_set_new(schema, "$schema",
			    json_string("https://json-schema.org/draft/2020-12/schema"));
	json_object_set_new(properties, "steps", one_of("label", nth_step));
	json_object_set_new(properties, "expect", one_of("requirement", nth_expect));
	json_object_set_new(properties, "twin",
			    json_pack("{s:s,s:{s:o,s:o},s:[s,s],s:b}", "type", "object",
				      "properties", "steps", one_of("label", nth_step), "expect",
				      one_of("requirement", nth_expect), "required", "steps",
				      "expect", "additionalProperties", 0));
	return schema;
}
