/* upload: a record with certain values reached the cloud in time; or none did (max: 0). */
#include <inttypes.h>
#include <string.h>

#include "base/buf.h"
#include "base/cleanup.h"
#include "base/json.h"
#include "conformance/expect.h"
#include "conformance/lateness.h"
#include "conformance/names.h"
#include "conformance/record.h"

enum { CLOCK_SLACK_MS = 20 };

struct upload {
	char *device;
	char *collection;
	const struct yaml *where; /* item id: value */
	char *since, *until;      /* labels; compared with the time of acquisition */
	int64_t within_ms;        /* from since until it is stored */
	int64_t min;
	bool none;     /* expected not to happen */
	char *witness; /* with none: a fault that must have been reached */
};

static const struct field upload_fields[] = {
	{ "device", FIELD_TEXT, offsetof(struct upload, device), .required = true },
	{ "collection", FIELD_TEXT, offsetof(struct upload, collection),
	  .help = "scheduled, event or command" },
	{ "where", FIELD_NODE, offsetof(struct upload, where),
	  .help = "item id: value, such as D09: cleaning" },
	{ "since", FIELD_TEXT, offsetof(struct upload, since),
	  .help = "acquired after this step began" },
	{ "until", FIELD_TEXT, offsetof(struct upload, until),
	  .help = "acquired before this step began" },
	{ "within", FIELD_DURATION, offsetof(struct upload, within_ms), .max = 3600000 },
	{ "min", FIELD_INT, offsetof(struct upload, min), .min = 1, .max = 1000000 },
	{ "none", FIELD_BOOL, offsetof(struct upload, none),
	  .help = "true: there must be no such record" },
	{ "witness", FIELD_TEXT, offsetof(struct upload, witness),
	  .help = "with none: fault that must have been reached" },
	{ .name = NULL },
};
static const struct form upload_form = { "an upload", sizeof(struct upload), upload_fields };

static bool values_match(const struct judge *judge, const struct yaml *where,
			 const struct record *record)
{
	for (size_t i = 0; where && i < where->count; i++) {
		const json_t *value = binding_item(judge->binding, where->items[i]->key,
						   record->upload, record->record);
		if (!match_value(where->items[i], value))
			return false;
	}
	return true;
}

static bool is_meant(const struct judge *judge, const struct upload *upload,
		     const struct record *record, const struct window *window)
{
	/* The stamp has milliseconds, and comes from another clock than the steps' times. */
	int64_t early = upload->none ? 0 : CLOCK_SLACK_MS * INT64_C(1000000);
	return record->device && !strcmp(record->device, upload->device) &&
	       (!upload->collection || !strcmp(record->collection, upload->collection)) &&
	       record->acquired_ns + early >= window->from &&
	       record->acquired_ns <= window->until && values_match(judge, upload->where, record);
}

static int64_t limit_of(const struct upload *upload, const struct window *window)
{
	return upload->within_ms ? window->from + upload->within_ms * 1000000 : INT64_MAX;
}

/* How many came in time; *missed_by: how much later there were enough, INT64_MAX: never. */
static int64_t count_meant(struct judge *judge, const struct upload *upload,
			   const struct window *window, struct finding *finding, int64_t *missed_by)
{
	const int64_t min = upload->min ? upload->min : 1, limit = limit_of(upload, window);
	struct records records;
	int64_t count = 0, late = 0;

	*missed_by = INT64_MAX;
	records_collect(judge, &records);
	for (size_t i = 0; i < records.count; i++) {
		const struct record *record = &records.items[i];
		if (!is_meant(judge, upload, record, window))
			continue;
		if (record->stored_ns > limit) {
			if (count + ++late == min)
				*missed_by = record->stored_ns - limit;
			continue;
		}
		judge_refer(finding, false, record->line + 1);
		count++;
	}
	records_done(&records);
	return count;
}

static char *describe(const struct upload *upload)
{
	AUTO_JSON json_t *where = upload->where ? match_json(upload->where) : json_object();
	AUTO_FREE char *values = json_text(where);
	const char *collection = upload->collection ? upload->collection : "";
	return alloc_printf("%s %s%srecord of %s%s%s",
			    *collection && strchr("aeiou", *collection) ? "an" : "a", collection,
			    *collection ? " " : "", upload->device, upload->where ? " with " : "",
			    upload->where ? values : "");
}

static const char *why_open(struct judge *judge, const struct upload *upload, struct window *window)
{
	if (!judge_window(judge, upload->since, upload->until, window))
		return "the run ended before the step that this is about, or no time lies between "
		       "the two";
	if (!judge->activity.collections && !judge->activity.connections)
		return "the agent showed no activity at all";
	if (!upload->witness)
		return upload->none && !judge->activity.uploads ? "nothing at all was uploaded"
								: NULL;
	if (judge_fault_reached(judge, upload->witness) != SIZE_MAX)
		return NULL;
	return "the fault never reached the agent, so nothing is shown";
}

static void judge_upload(struct judge *judge, const struct expectation *expectation)
{
	const struct upload *upload = expectation->arguments;
	struct finding finding = { .rule = "upload", .verdict = VERDICT_INCONCLUSIVE };
	struct window window;
	const char *open = why_open(judge, upload, &window);
	int64_t missed_by = INT64_MAX;
	int64_t count = open ? 0 : count_meant(judge, upload, &window, &finding, &missed_by);
	bool good = upload->none ? count == 0 : count >= (upload->min ? upload->min : 1);
	AUTO_FREE char *wanted = describe(upload);
	AUTO_FREE char *expected = alloc_printf("%s%s", upload->none ? "never " : "", wanted);
	AUTO_FREE char *found = alloc_printf("%" PRId64 " such records", count);
	AUTO_FREE char *reason =
		open ? alloc_text(open)
		     : alloc_printf("%s %s", wanted,
				    count && upload->none ? "arrived, and must not"
				    : upload->none ? "did not arrive, although the case was put"
				    : good         ? "arrived"
						   : "did not arrive in time or not often enough");
	if (!open)
		finding.verdict = good ? VERDICT_PASS : VERDICT_FAIL;
	finding.reason = reason;
	finding.expected = expected;
	finding.found = found;
	struct window in_time = { window.from, limit_of(upload, &window) };
	if (!upload->none)
		lateness_excuse(judge, &in_time, missed_by, &finding);
	judge_add_each(judge, expectation, &finding);
}

static int check_upload(const struct scope *scope, const struct expectation *expectation,
			struct error *err)
{
	const struct yaml *body = names_of_expectation(expectation);
	const struct yaml *where = yaml_get(body, "where");
	int status = names_device(scope, yaml_get(body, "device"), err);

	if (status == 0 && where && where->kind != YAML_MAP)
		return yaml_error(where, err, "found no map, expected item id: value");
	if (status == 0)
		status = names_items(scope, where, err);
	if (status == 0)
		status = names_label(scope, NULL, yaml_get(body, "since"), err);
	if (status == 0)
		status = names_label(scope, NULL, yaml_get(body, "until"), err);
	return status < 0 ? status : names_witness(scope, yaml_get(body, "witness"), err);
}

const struct expect_kind expect_upload = {
	.name = "upload",
	.help = "a record with certain values reached the cloud in time, or none did",
	.form = &upload_form,
	.check = check_upload,
	.judge = judge_upload,
};
