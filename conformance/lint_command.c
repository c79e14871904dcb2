/* ecsp lint: check files without running anything. */
#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "base/buf.h"
#include "base/cleanup.h"
#include "base/json.h"
#include "conformance/command.h"
#include "conformance/data.h"
#include "conformance/fleetfile.h"
#include "conformance/manifest.h"
#include "conformance/options.h"
#include "conformance/suite.h"
#include "sim/printer/profile.h"

static int check_fleet(const char *path, const struct catalogue *catalogue, struct error *err)
{
	struct fleetfile *loaded = fleetfile_load(path, err);
	(void)catalogue;
	fleetfile_free(loaded);
	return loaded ? 0 : -EINVAL;
}

static int check_profile(const char *path, const struct catalogue *catalogue, struct error *err)
{
	struct profile *loaded = profile_load(path, err);
	(void)catalogue;
	profile_free(loaded);
	return loaded ? 0 : -EINVAL;
}

static int check_manifest(const char *path, const struct catalogue *catalogue, struct error *err)
{
	struct manifest manifest;
	int status = manifest_init(&manifest, path, catalogue, err);
	manifest_done(&manifest);
	return status;
}

static int check_scenario(const char *path, const struct catalogue *catalogue, struct error *err)
{
	struct scenario *scenario = scenario_load(path, catalogue, err);
	int status = scenario ? scenario_profiles(scenario, err) : -EINVAL;
	scenario_free(scenario);
	return status;
}

typedef int check_fn(const char *path, const struct catalogue *catalogue, struct error *err);

/* What a file is, is told by what it holds: a file says its format. */
static int check_file(const char *path, const struct catalogue *catalogue, struct error *err)
{
	static const struct {
		const char *format;
		check_fn *check;
	} rows[] = { { "ecsp-fleet/", check_fleet },
		     { "ecsp-profile/", check_profile },
		     { "ecsp-agent/", check_manifest } };
	struct yaml *root = yaml_read(path, err);
	check_fn *check = check_scenario;

	if (!root)
		return -EINVAL;
	const struct yaml *format = yaml_get(root, "format");
	for (size_t i = 0; format && format->text && i < COUNT_OF(rows); i++)
		if (!strncmp(format->text, rows[i].format, strlen(rows[i].format)))
			check = rows[i].check;
	yaml_free(root);
	return check(path, catalogue, err);
}

static int complain(const struct error *err)
{
	fprintf(stderr, "%s\n", error_text(err));
	return 1;
}

static int lint_word(const char *word, const struct catalogue *catalogue, size_t *checked)
{
	struct error err = { 0 };
	struct stat status;
	int mistakes = 0;

	if (stat(word, &status) == 0 && S_ISDIR(status.st_mode)) {
		char **paths;
		size_t count;
		if (suite_files(word, &paths, &count, &err) < 0)
			mistakes += complain(&err);
		for (size_t i = 0; i < count; i++) {
			if (check_file(paths[i], catalogue, &err) < 0)
				mistakes += complain(&err);
			free(paths[i]);
		}
		free(paths);
		*checked += count;
		return mistakes;
	}
	++*checked;
	return check_file(word, catalogue, &err) < 0 ? complain(&err) : 0;
}

/* The same tables that check a file, for editors. */
static int print_schema(const char *name, struct error *err)
{
	static const struct {
		const char *name;
		json_t *(*schema)(void);
	} rows[] = { { "scenario", scenario_schema },
		     { "profile", profile_schema },
		     { "fleet", fleetfile_schema } };

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		if (strcmp(rows[i].name, name) != 0)
			continue;
		AUTO_JSON json_t *schema = rows[i].schema();
		AUTO_FREE char *text = json_dumps(schema, JSON_INDENT(1));
		puts(text);
		return EXIT_GOOD;
	}
	error_set(err, EINVAL, "found --schema '%s', expected scenario, profile or fleet", name);
	return command_usage(&cmd_lint, err);
}

static int run_lint(int argc, char **argv)
{
	const char *schema = NULL;
	const struct option_row rows[] = {
		{ "schema", OPTION_TEXT, &schema, "scenario|profile|fleet",
		  "print the JSON Schema of such a file instead" },
		{ NULL },
	};
	struct error err = { 0 };
	size_t checked = 0;
	int rest, mistakes = 0;
	bool help;

	if (options_parse(rows, argc, argv, &rest, &help, &err) < 0)
		return command_usage(&cmd_lint, &err);
	if (help)
		return command_help(&cmd_lint, rows);
	if (schema)
		return print_schema(schema, &err);
	AUTO_FREE char *path = data_path("conformance/requirements.yaml");
	struct catalogue *catalogue = catalogue_load(path, &err);
	if (!catalogue)
		return command_usage(&cmd_lint, &err);
	for (int i = 0; i < rest; i++)
		mistakes += lint_word(argv[1 + i], catalogue, &checked);
	catalogue_free(catalogue);
	if (!checked && !mistakes) {
		error_set(&err, ENOENT, "found no file to check");
		return command_usage(&cmd_lint, &err);
	}
	if (!mistakes)
		printf("%zu files are sound\n", checked);
	return mistakes ? EXIT_USAGE : EXIT_GOOD;
}

const struct command_row cmd_lint = {
	.name = "lint",
	.arguments = "FILE|DIR ...",
	.help = "check scenarios, fleets, profiles and agent manifests: file:line:column, what was "
		"found, what was "
		"expected",
	.run = run_lint,
};
