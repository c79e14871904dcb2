#include "conformance/witness.h"

#include "base/form.h"
#include "conformance/names.h"

struct condition {
	char *kind;
	const struct yaml *where;
};

static const struct field condition_fields[] = {
	{ "for", FIELD_TEXT, offsetof(struct condition, kind), .required = true },
	{ "where", FIELD_NODE, offsetof(struct condition, where) },
	{ .name = NULL },
};
static const struct form condition_form = { "a condition", sizeof(struct condition),
					    condition_fields };

int witness_check(const struct scope *scope, const struct yaml *node, struct error *err)
{
	struct condition condition = { 0 };

	if (!node || node->kind == YAML_SCALAR)
		return names_witness(scope, node, err);
	int status = form_load(&condition_form, node, &condition, err);
	form_done(&condition_form, &condition);
	return status < 0 ? status : names_condition(node, err);
}

size_t witness_find(const struct judge *judge, const struct yaml *node, const struct window *window)
{
	if (node->kind == YAML_SCALAR)
		return judge_fault_reached(judge, node->text);
	struct match match = { yaml_get(node, "for")->text, yaml_get(node, "where") };
	return judge_find(judge, &match, window, 0);
}
