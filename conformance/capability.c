#include "conformance/capability.h"

#include <string.h>

#include "base/buf.h"
#include "base/cleanup.h"
#include "base/json.h"

/* How an agent is seen to have one. */
static const struct capability {
	const char *name;
	struct match shown; /* told by the service when the agent asks for it */
} capabilities[] = {
	{ "configuration", { .kind = "configuration.sent" } },
};

static const struct capability *find(const char *name)
{
	for (size_t i = 0; name && i < COUNT_OF(capabilities); i++)
		if (!strcmp(capabilities[i].name, name))
			return &capabilities[i];
	return NULL;
}

bool capability_is_known(const char *name)
{
	return find(name);
}

static void add(struct judge *judge, enum verdict verdict, const char *reason, size_t line)
{
	struct finding finding = { .rule = "needs", .verdict = verdict, .reason = reason };

	if (line != SIZE_MAX)
		judge_refer(&finding, false, line + 1);
	for (size_t i = 0; i < judge->evidence->part->expectation_count; i++)
		judge_add_each(judge, &judge->evidence->part->expectations[i], &finding);
}

/* Who is silent about it may be without it, or broken: that is not shown. */
static void unstated(struct judge *judge, const struct capability *capability)
{
	AUTO_FREE char *reason = alloc_printf(
		"the agent never asked for its %s; a manifest can say that it lacks that",
		capability->name);
	add(judge, VERDICT_INCONCLUSIVE, reason, SIZE_MAX);
}

bool capability_is_given(struct judge *judge)
{
	const struct capability *capability = find(judge->evidence->scenario->needs);
	const json_t *lacks = json_object_get(judge->evidence->start, "lacks");

	if (!capability)
		return true;
	const char *why = json_text_of(lacks, capability->name, NULL);
	size_t shown = judge_find(judge, &capability->shown, NULL, 0);
	if (why && shown != SIZE_MAX) {
		add(judge, VERDICT_FAIL, "the agent does what its manifest says it lacks", shown);
	} else if (why) {
		AUTO_FREE char *reason = alloc_printf("the agent lacks it: %s", why);
		add(judge, VERDICT_NOT_APPLICABLE, reason, SIZE_MAX);
	} else if (shown == SIZE_MAX) {
		unstated(judge, capability);
	}
	return !why && shown != SIZE_MAX;
}
