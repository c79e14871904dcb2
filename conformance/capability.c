#include "conformance/capability.h"

#include <string.h>

#include "base/buf.h"
#include "base/cleanup.h"
#include "base/json.h"

/* How an agent is seen to have one: an observation, with a number in a field if one is named. */
static const struct capability {
	const char *name;
	const char *kind, *field;
	int64_t number;
	const char *unseen; /* what is said of one that was never seen to have it */
} capabilities[] = {
	{ "configuration", "configuration.sent", NULL, 0,
	  "the agent never asked for its configuration" },
	{ "mqtt5", "mqtt.connect", "version", 5, "the agent never spoke MQTT 5.0" },
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
	AUTO_FREE char *reason =
		alloc_printf("%s; a manifest can say that it lacks that", capability->unseen);
	add(judge, VERDICT_INCONCLUSIVE, reason, SIZE_MAX);
}

/* The line that shows it, or SIZE_MAX. */
static size_t find_shown(const struct judge *judge, const struct capability *capability)
{
	size_t line;
	json_t *seen;

	json_array_foreach (judge->evidence->journal, line, seen)
		if (!strcmp(json_text_of(seen, "kind", ""), capability->kind) &&
		    (!capability->field ||
		     json_int_of(seen, capability->field, -1) == capability->number))
			return line;
	return SIZE_MAX;
}

bool capability_is_given(struct judge *judge)
{
	const struct capability *capability = find(judge->evidence->scenario->needs);
	const json_t *lacks = json_object_get(judge->evidence->start, "lacks");

	if (!capability)
		return true;
	const char *why = json_text_of(lacks, capability->name, NULL);
	size_t shown = find_shown(judge, capability);
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
