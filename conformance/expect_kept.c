/* kept: what the agent had on its disk, and what the printers' histories hold, stands in the cloud
 * exactly once, whatever happened to its storage.
 *
 * A record counts as kept from the moment at which it lay whole in the state folder, under a name
 * that does not begin with a dot, between two calls of the agent: as a line that is JSON and has a
 * record's id where the binding says. */
#include <inttypes.h>
#include <string.h>

#include "base/buf.h"
#include "base/cleanup.h"
#include "base/json.h"
#include "conformance/expect.h"
#include "conformance/record.h"

/* The histories: rows that a printer adds and never changes. */
static const char *const histories[] = { "D11", "D18", "D19", "D23" };

struct kept {
	char *until; /* label: what was kept before must have arrived */
	int64_t min; /* records that were kept */
};

static const struct field kept_fields[] = {
	{ "until", FIELD_TEXT, offsetof(struct kept, until), .required = true,
	  .help = "label of a step: what was on disk before it must have arrived" },
	{ "min", FIELD_INT, offsetof(struct kept, min), .min = 1, .max = 1000000,
	  .help = "records that were seen on disk, else nothing is shown; default 1" },
	{ .name = NULL },
};
static const struct form kept_form = { "what was kept", sizeof(struct kept), kept_fields };

struct look {
	struct judge *judge;
	struct window window;
	struct records records; /* that the cloud stored */
	json_t *ids;            /* id: journal index, of records that lay on disk */
	json_t *stored;         /* id: journal index of the upload */
};

/* ---- what lay on disk ---- */

static void take_line(struct look *look, const char *line, size_t size, size_t index)
{
	struct error ignored;
	AUTO_JSON json_t *record =
		size && line[0] == '{' ? json_read_text(line, size, "line", &ignored) : NULL;
	const char *id = record ? binding_record_id(look->judge->binding, record) : NULL;

	if (id && !json_object_get(look->ids, id))
		json_object_set_new(look->ids, id, json_integer((json_int_t)index));
}

static void take_files(struct look *look)
{
	static const struct match file = { .kind = "storage.file" };

	for (size_t i = judge_find(look->judge, &file, &look->window, 0); i != SIZE_MAX;
	     i = judge_find(look->judge, &file, &look->window, i + 1)) {
		const char *text = json_text_of(judge_line(look->judge, i), "text", "");
		while (*text) {
			size_t size = strcspn(text, "\n");
			take_line(look, text, size, i);
			text += size + (text[size] == '\n');
		}
	}
}

/* ---- findings ---- */

static void say(struct look *look, const struct expectation *expectation, enum verdict verdict,
		const char *reason, size_t line)
{
	struct finding finding = { .rule = "kept", .verdict = verdict, .reason = reason };

	if (line != SIZE_MAX)
		judge_refer(&finding, false, line + 1);
	judge_add_each(look->judge, expectation, &finding);
}

/* The storing of the second of two with one id; SIZE_MAX: each is there once. */
static size_t stored_twice(struct look *look)
{
	for (size_t i = 0; i < look->records.count; i++) {
		const struct record *record = &look->records.items[i];
		if (json_object_get(look->stored, record->id))
			return record->line;
		json_object_set_new(look->stored, record->id,
				    json_integer((json_int_t)record->line));
	}
	return SIZE_MAX;
}

static size_t lost_record(const struct look *look, const char **lost)
{
	const char *id;
	json_t *line;

	json_object_foreach (look->ids, id, line) {
		if (json_object_get(look->stored, id))
			continue;
		*lost = id;
		return (size_t)json_integer_value(line);
	}
	return SIZE_MAX;
}

/* What the device was last, before the window's end. */
static const json_t *last_truth(const struct look *look, const char *device)
{
	const json_t *last = NULL;
	size_t i;
	json_t *line;

	json_array_foreach (look->judge->evidence->truth, i, line)
		if (!strcmp(json_text_of(line, "device", ""), device) &&
		    json_int_of(line, "ns", 0) < look->window.until)
			last = json_object_get(line, "items");
	return last;
}

static bool holds(const json_t *rows, const json_t *row)
{
	size_t i;
	json_t *other;

	json_array_foreach (rows, i, other)
		if (json_equal(other, row))
			return true;
	return false;
}

static bool arrived(const struct look *look, const char *device, const char *item,
		    const json_t *row)
{
	for (size_t i = look->records.count; i-- > 0;) {
		const struct record *record = &look->records.items[i];
		if (record->device && !strcmp(record->device, device) &&
		    holds(binding_item(look->judge->binding, item, record->upload, record->record),
			  row))
			return true;
	}
	return false;
}

/* Text: which row is missing; NULL: none. Caller frees. */
static char *lost_row(const struct look *look, const char *device)
{
	const json_t *truth = last_truth(look, device);

	for (size_t h = 0; h < COUNT_OF(histories); h++) {
		size_t i;
		json_t *row;
		json_array_foreach (json_object_get(truth, histories[h]), i, row) {
			if (arrived(look, device, histories[h], row))
				continue;
			AUTO_FREE char *text = json_text(row);
			return alloc_printf("%s of %s is in no record: %s", histories[h], device,
					    text);
		}
	}
	return NULL;
}

static char *lost_history(const struct look *look)
{
	const struct scenario *scenario = look->judge->evidence->scenario;
	char *lost = NULL;

	for (size_t p = 0; p < scenario->printers.count && !lost; p++)
		if (!scenario_printer(scenario, p)->decoy &&
		    !scenario_printer(scenario, p)->admitted)
			lost = lost_row(look, scenario_printer(scenario, p)->name);
	return lost;
}

static void judge_look(struct look *look, const struct expectation *expectation)
{
	const struct kept *kept = expectation->arguments;
	size_t count = json_object_size(look->ids), least = kept->min ? (size_t)kept->min : 1;
	const char *id = "";
	size_t twice = stored_twice(look), lost = lost_record(look, &id);
	AUTO_FREE char *row = lost_history(look);

	if (twice != SIZE_MAX) {
		say(look, expectation, VERDICT_FAIL, "a record is stored twice", twice);
	} else if (lost != SIZE_MAX) {
		AUTO_FREE char *reason =
			alloc_printf("record %s was on the agent's disk and never arrived", id);
		say(look, expectation, VERDICT_FAIL, reason, lost);
	} else if (row) {
		say(look, expectation, VERDICT_FAIL, row, SIZE_MAX);
	} else if (count < least) {
		AUTO_FREE char *reason = alloc_printf("%zu records were seen on the agent's disk, "
						      "expected %zu: nothing is shown",
						      count, least);
		say(look, expectation, VERDICT_INCONCLUSIVE, reason, SIZE_MAX);
	} else {
		AUTO_FREE char *reason = alloc_printf(
			"%zu records lay on the agent's disk, and each arrived once", count);
		say(look, expectation, VERDICT_PASS, reason, look->records.items[0].line);
	}
}

/* An armed fault that the agent never met: nothing is shown. */
static const char *unfelt(struct judge *judge)
{
	static const struct match armed = { .kind = "fault.armed" };

	for (size_t i = judge_find(judge, &armed, NULL, 0); i != SIZE_MAX;
	     i = judge_find(judge, &armed, NULL, i + 1)) {
		const char *fault = json_text_of(judge_line(judge, i), "fault", "");
		if (judge_fault_reached(judge, fault) == SIZE_MAX)
			return fault;
	}
	return NULL;
}

static void judge_kept(struct judge *judge, const struct expectation *expectation)
{
	const struct kept *kept = expectation->arguments;
	struct look look = { .judge = judge, .ids = json_object(), .stored = json_object() };
	const char *fault = unfelt(judge);

	records_collect(judge, &look.records);
	if (!judge_window(judge, NULL, kept->until, &look.window)) {
		say(&look, expectation, VERDICT_INCONCLUSIVE,
		    "the run ended before the step that this is about, or no time lies between the "
		    "two",
		    SIZE_MAX);
	} else if (fault) {
		AUTO_FREE char *reason = alloc_printf(
			"the fault %s never reached the agent, so nothing is shown", fault);
		say(&look, expectation, VERDICT_INCONCLUSIVE, reason, SIZE_MAX);
	} else {
		take_files(&look);
		judge_look(&look, expectation);
	}
	records_done(&look.records);
	json_decref(look.ids);
	json_decref(look.stored);
}

const struct expect_kind expect_kept = {
	.name = "kept",
	.help = "what was on the agent's disk and in the printers' histories arrived exactly once",
	.form = &kept_form,
	.judge = judge_kept,
};
