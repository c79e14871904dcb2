#include "conformance/selftest.h"

#include <errno.h>

#include "base/buf.h"
#include "base/form.h"

const char *const selftest_verdicts[] = { "fail", "warn", NULL };

static const struct field mutant_fields[] = {
	{ "name", FIELD_TEXT, offsetof(struct mutant, name), .required = true },
	{ "agent", FIELD_ENUM, offsetof(struct mutant, agent), .names = agent_names,
	  .required = true },
	{ "program", FIELD_TEXT, offsetof(struct mutant, program), .required = true },
	{ "scenario", FIELD_TEXT, offsetof(struct mutant, scenario), .required = true },
	{ "requirement", FIELD_TEXT, offsetof(struct mutant, requirement), .required = true },
	{ "also", FIELD_TEXTS, offsetof(struct mutant, also), .min = 1,
	  .help = "further clauses that must be failed" },
	{ "because", FIELD_TEXT, offsetof(struct mutant, because),
	  .help = "words of the reason, where several rules could fail it" },
	{ "verdict", FIELD_ENUM, offsetof(struct mutant, verdict), .names = selftest_verdicts },
	{ "does", FIELD_TEXT, offsetof(struct mutant, does), .required = true },
	{ .name = NULL },
};
static const struct form mutant_form = { "a faulty agent", sizeof(struct mutant), mutant_fields };
static const struct field matrix_fields[] = {
	{ "faults", FIELD_LIST, offsetof(struct matrix, mutants), .form = &mutant_form,
	  .required = true, .min = 1 },
	{ .name = NULL },
};
static const struct form matrix_form = { "the faulty agents", sizeof(struct matrix),
					 matrix_fields };

struct matrix *matrix_load(const char *path, struct error *err)
{
	struct yaml *root = yaml_read(path, err);
	if (!root)
		return NULL;
	struct matrix *matrix = alloc_zero(1, sizeof(*matrix));
	int status = form_load(&matrix_form, root, matrix, err);
	yaml_free(root);
	if (status == 0)
		return matrix;
	matrix_free(matrix);
	return NULL;
}

void matrix_free(struct matrix *matrix)
{
	if (!matrix)
		return;
	form_done(&matrix_form, matrix);
	free(matrix);
}
