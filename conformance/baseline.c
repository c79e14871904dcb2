#include "conformance/baseline.h"

#include <errno.h>
#include <string.h>

#include "base/buf.h"
#include "base/cleanup.h"
#include "base/form.h"
#include "base/json.h"
#include "base/wall.h"
#include "conformance/verdict.h"

struct known {
	char *scenario, *verdict, *reason, *owner, *until;
};

struct baseline {
	char *format;
	struct form_list expected;
};

static const struct field known_fields[] = {
	{ "scenario", FIELD_TEXT, offsetof(struct known, scenario), .required = true },
	{ "verdict", FIELD_TEXT, offsetof(struct known, verdict), .required = true },
	{ "reason", FIELD_TEXT, offsetof(struct known, reason), .required = true },
	{ "owner", FIELD_TEXT, offsetof(struct known, owner), .required = true },
	{ "until", FIELD_TEXT, offsetof(struct known, until), .required = true,
	  .help = "YYYY-MM-DD" },
	{ .name = NULL },
};
static const struct form known_form = { "an expected verdict", sizeof(struct known), known_fields };
static const struct field baseline_fields[] = {
	{ "format", FIELD_TEXT, offsetof(struct baseline, format), .required = true },
	{ "expected", FIELD_LIST, offsetof(struct baseline, expected), .form = &known_form,
	  .required = true },
	{ .name = NULL },
};
static const struct form baseline_form = { "a baseline", sizeof(struct baseline), baseline_fields };

/* The day after `until` has not begun yet. */
static bool is_current(const char *until, bool *valid)
{
	int64_t ns;
	AUTO_FREE char *stamp = alloc_printf("%sT23:59:59Z", until);
	*valid = wall_parse(stamp, &ns);
	return *valid && wall_now() <= ns;
}

static json_t *find(json_t *scenarios, const char *id)
{
	size_t i;
	json_t *scenario;
	json_array_foreach (scenarios, i, scenario)
		if (!strcmp(json_text_of(scenario, "id", ""), id))
			return scenario;
	return NULL;
}

static int apply_one(const struct known *known, const struct yaml *node, json_t *scenarios,
		     bool *drift, struct error *err)
{
	bool valid;
	bool current = is_current(known->until, &valid);
	json_t *scenario = find(scenarios, known->scenario);

	if (!valid)
		return yaml_error(node, err, "found until '%s', expected a day such as 2026-12-31",
				  known->until);
	if (verdict_parse(known->verdict) == VERDICT_COUNT)
		return yaml_error(node, err, "found verdict '%s', expected one such as fail",
				  known->verdict);
	if (!scenario || !current ||
	    strcmp(json_text_of(scenario, "verdict", ""), known->verdict) != 0)
		*drift = true; /* an expectation that does not come true hides nothing */
	else
		json_object_set_new(scenario, "verdict", json_string("pass"));
	return 0;
}

int baseline_apply(const char *path, json_t *scenarios, bool *drift, struct error *err)
{
	struct baseline baseline = { 0 };
	struct yaml *root = yaml_read(path, err);
	int status = root ? form_load(&baseline_form, root, &baseline, err) : -EINVAL;

	if (status == 0 && strcmp(baseline.format, "ecsp-baseline/1") != 0)
		status = yaml_error(yaml_get(root, "format"), err,
				    "found '%s', expected ecsp-baseline/1", baseline.format);
	for (size_t i = 0; status == 0 && i < baseline.expected.count; i++)
		status = apply_one((const struct known *)baseline.expected.items + i,
				   yaml_get(root, "expected")->items[i], scenarios, drift, err);
	form_done(&baseline_form, &baseline);
	yaml_free(root);
	return status;
}
