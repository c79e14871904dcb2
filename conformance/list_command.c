/* ecsp list: what there is. */
#include <errno.h>
#include <string.h>

#include "base/buf.h"
#include "base/cleanup.h"
#include "base/json.h"
#include "conformance/cloud_action.h"
#include "conformance/command.h"
#include "conformance/data.h"
#include "conformance/faults.h"
#include "conformance/options.h"
#include "conformance/program.h"
#include "conformance/suite.h"
#include "sim/printer/fleet.h"

/* Every list is an array of objects; the first two members are what the plain form shows. */
typedef json_t *list_fn(const struct catalogue *catalogue, struct error *err);

static json_t *list_requirements(const struct catalogue *catalogue, struct error *err)
{
	json_t *rows = json_array();
	(void)err;
	for (size_t i = 0; i < catalogue_requirements(catalogue); i++) {
		const struct requirement *row = catalogue_requirement(catalogue, i);
		json_array_append_new(rows,
				      json_pack("{s:s,s:s,s:s,s:I,s:s*}", "id", row->id, "text",
						row->text, "level", level_names[row->level], "page",
						(json_int_t)row->page, "untested", row->untested));
	}
	return rows;
}

static json_t *texts(const struct form_list *list)
{
	json_t *array = json_array();
	for (size_t i = 0; i < list->count; i++)
		json_array_append_new(array, json_string(((char **)list->items)[i]));
	return array;
}

static json_t *list_items(const struct catalogue *catalogue, struct error *err)
{
	json_t *rows = json_array();
	(void)err;
	for (size_t i = 0; i < catalogue_items(catalogue); i++) {
		const struct item *row = catalogue_item(catalogue, i);
		json_array_append_new(rows, json_pack("{s:s,s:s,s:s,s:o}", "id", row->id, "name",
						      row->name, "category", row->category,
						      "agents", texts(&row->agents)));
	}
	return rows;
}

static json_t *list_scenarios(const struct catalogue *catalogue, struct error *err)
{
	struct suite suite = { 0 };
	AUTO_FREE char *folder = data_path("scenarios");
	json_t *rows = NULL;

	if (suite_add(&suite, folder, catalogue, err) == 0 && suite_finish(&suite, err) == 0) {
		rows = json_array();
		for (size_t i = 0; i < suite.count; i++) {
			const struct scenario *row = suite.entries[i].scenario;
			json_array_append_new(rows, json_pack("{s:s,s:s,s:s,s:s}", "id", row->id,
							      "title", row->title, "agent",
							      agent_names[row->agent], "file",
							      suite.entries[i].path));
		}
	}
	suite_done(&suite);
	return rows;
}

static json_t *profile_row(const char *path)
{
	struct error err = { 0 };
	const char *slash = strrchr(path, '/');
	AUTO_FREE char *name = alloc_bytes(slash + 1, strlen(slash + 1) - 5);
	struct yaml *root = yaml_read(path, &err);
	const struct yaml *node = yaml_get(root, "model");
	json_t *row = json_pack("{s:s,s:s,s:s}", "id", name, "model",
				node && node->kind == YAML_SCALAR ? node->text : "", "file", path);
	yaml_free(root);
	return row;
}

static json_t *list_profiles(const struct catalogue *catalogue, struct error *err)
{
	AUTO_FREE char *folder = data_path("sim/printer/profiles");
	char **paths;
	size_t count;
	(void)catalogue;
	int status = suite_files(folder, &paths, &count, err);
	json_t *rows = status == 0 ? json_array() : NULL;

	for (size_t i = 0; i < count; i++) {
		if (rows)
			json_array_append_new(rows, profile_row(paths[i]));
		free(paths[i]);
	}
	free(paths);
	return rows;
}

/* What --json says of a verb; in plain lines: its name and what it does. */
static json_t *verb_row(const struct verb *verb)
{
	json_t *row = json_pack("{s:s}", "id", verb->name);
	AUTO_JSON json_t *described = verb_describe(verb);
	json_object_del(described, "name");
	json_object_update(row, described);
	return row;
}

static json_t *list_faults(const struct catalogue *catalogue, struct error *err)
{
	json_t *rows = json_array();
	const struct verb *verb;
	(void)catalogue;
	(void)err;
	for (size_t i = 0; (verb = faults_at(i)); i++) {
		const char *dot = strchr(verb->name, '.');
		AUTO_FREE char *where = alloc_bytes(verb->name, (size_t)(dot - verb->name));
		json_t *row = verb_row(verb);
		json_object_set_new(row, "where", json_string(where));
		json_array_append_new(rows, row);
	}
	return rows;
}

static json_t *list_actions(const struct catalogue *catalogue, struct error *err)
{
	json_t *rows = json_array();
	(void)catalogue;
	(void)err;
	for (size_t i = 0; i < device_actions.count; i++)
		json_array_append_new(rows, verb_row(verb_at(&device_actions, i)));
	for (size_t i = 0; i < cloud_actions.count; i++)
		json_array_append_new(rows, verb_row(verb_at(&cloud_actions, i)));
	return rows;
}

static json_t *list_agents(const struct catalogue *catalogue, struct error *err)
{
	json_t *rows = json_array();
	(void)catalogue;
	(void)err;
	for (int kind = 0; kind < AGENT_KINDS; kind++) {
		struct program program;
		struct error missing;
		bool there = program_init_bundled(&program, (enum agent_kind)kind, &missing) == 0;
		json_array_append_new(rows,
				      json_pack("{s:s,s:s,s:b}", "id", agent_names[kind], "program",
						there ? program.command : "none is bundled",
						"bundled", there));
		program_done(&program);
	}
	return rows;
}

static const struct {
	const char *name;
	list_fn *list;
} lists[] = {
	{ "requirements", list_requirements },
	{ "items", list_items },
	{ "scenarios", list_scenarios },
	{ "profiles", list_profiles },
	{ "faults", list_faults },
	{ "actions", list_actions },
	{ "agents", list_agents },
};

static void print_plain(const json_t *rows)
{
	size_t i;
	json_t *row;

	json_array_foreach (rows, i, row) {
		const char *key;
		json_t *value;
		int column = 0;
		json_object_foreach (row, key, value) {
			if (column++ < 2)
				printf(column == 1 ? "%-30s " : "%s", json_string_value(value));
		}
		putchar('\n');
	}
}

static int list(const char *name, bool as_json, struct error *err)
{
	AUTO_FREE char *path = data_path("conformance/requirements.yaml");
	struct catalogue *catalogue = catalogue_load(path, err);
	if (!catalogue)
		return -EINVAL;
	int status = error_set(err, EINVAL,
			       "found '%s', expected requirements, items, scenarios, profiles, "
			       "faults, actions or agents",
			       name);
	for (size_t i = 0; i < COUNT_OF(lists); i++) {
		if (strcmp(lists[i].name, name) != 0)
			continue;
		AUTO_JSON json_t *rows = lists[i].list(catalogue, err);
		status = rows ? 0 : -EINVAL;
		if (rows && as_json) {
			AUTO_FREE char *text = json_dumps(rows, JSON_INDENT(1));
			puts(text);
		} else if (rows) {
			print_plain(rows);
		}
	}
	catalogue_free(catalogue);
	return status;
}

static int run_list(int argc, char **argv)
{
	bool as_json = false, help;
	const struct option_row rows[] = {
		{ "json", OPTION_FLAG, &as_json, NULL,
		  "as a JSON array, with all there is to know" },
		{ NULL },
	};
	struct error err = { 0 };
	int rest;

	if (options_parse(rows, argc, argv, &rest, &help, &err) < 0)
		return command_usage(&cmd_list, &err);
	if (help)
		return command_help(&cmd_list, rows);
	if (rest != 1) {
		error_set(&err, EINVAL,
			  "found %d names, expected one of requirements, items, scenarios, "
			  "profiles, faults, actions, agents",
			  rest);
		return command_usage(&cmd_list, &err);
	}
	return list(argv[1], as_json, &err) < 0 ? command_usage(&cmd_list, &err) : EXIT_GOOD;
}

const struct command_row cmd_list = {
	.name = "list",
	.arguments = "requirements|items|scenarios|profiles|faults|actions|agents [--json]",
	.help = "what there is: ids and what they mean",
	.run = run_list,
};
