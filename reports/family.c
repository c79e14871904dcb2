#include "reports/family.h"

#include <string.h>

#include "base/json.h"

size_t family_size(const char *id)
{
	const char *dot = strrchr(id, '.');
	return dot ? (size_t)(dot - id) : strlen(id);
}

static bool is_of(const char *id, const char *name)
{
	return family_size(id) == strlen(name) && !strncmp(id, name, strlen(name));
}

json_t *family_list(const json_t *scenarios)
{
	json_t *names = json_array();
	size_t i, k;
	json_t *scenario, *name;

	json_array_foreach (scenarios, i, scenario) {
		const char *id = json_text_of(scenario, "id", "");
		bool there = false;
		json_array_foreach (names, k, name)
			there |= is_of(id, json_string_value(name));
		if (!there)
			json_array_append_new(names, json_stringn(id, family_size(id)));
	}
	return names;
}

void family_init(struct family *family, const char *name, const json_t *briefs)
{
	size_t i;
	json_t *brief;

	*family = (struct family){ .worst = VERDICT_NOT_TESTED };
	json_array_foreach (briefs, i, brief) {
		const char *id = json_text_of(brief, "id", "");
		enum verdict verdict = verdict_of(json_text_of(brief, "verdict", ""));
		if (!is_of(id, name) || verdict == VERDICT_COUNT)
			continue;
		if (!family->all++ || verdict < family->worst) {
			family->worst = verdict;
			family->id = id;
		}
		family->count[verdict]++;
	}
}

void family_words(const struct family *family, struct buf *out)
{
	const char *between = "";
	for (size_t i = VERDICT_COUNT; i-- > 0;) {
		if (!family->count[i])
			continue;
		buf_printf(out, "%s%zu %s", between, family->count[i], verdict_kinds[i].name);
		between = ", ";
	}
}
