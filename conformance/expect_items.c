/* items: every item that this kind of agent reports is in every record, and true. One finding an
 * item, so that the coverage matrix rests on evidence. */
#include <string.h>

#include "base/buf.h"
#include "base/cleanup.h"
#include "base/json.h"
#include "conformance/expect.h"
#include "conformance/names.h"
#include "conformance/record.h"

struct items {
	struct form_list only;    /* ids; empty: all of the agent's kind */
	struct form_list devices; /* names; empty: every designated printer */
	struct form_list faulty;  /* names of printers that cannot be read wholly */
};

static const struct field items_fields[] = {
	{ "only", FIELD_TEXTS, offsetof(struct items, only), .min = 1,
	  .help = "item ids; default: all" },
	{ "devices", FIELD_TEXTS, offsetof(struct items, devices), .min = 1,
	  .help = "printers that must be reported; default: all that are designated" },
	{ "faulty", FIELD_TEXTS, offsetof(struct items, faulty), .min = 1,
	  .help = "printers that tell nonsense: what is sent of them may lack items" },
	{ .name = NULL },
};
static const struct form items_form = { "items", sizeof(struct items), items_fields };

static bool listed(const struct form_list *list, const char *name)
{
	for (size_t i = 0; i < list->count; i++)
		if (!strcmp(((char **)list->items)[i], name))
			return true;
	return list->count == 0;
}

static char *shown(const json_t *value)
{
	if (!value)
		return alloc_text("nothing");
	char *text = json_text(value);
	if (strlen(text) > 300)
		memcpy(text + 297, "...", 4);
	return text;
}

static void say(struct judge *judge, const struct expectation *expectation, struct finding *finding,
		enum verdict verdict, const char *reason)
{
	finding->verdict = verdict;
	finding->reason = reason;
	judge_add_each(judge, expectation, finding);
}

/* Nobody can report what a printer does not tell, but nor may anything be made up for it. */
static bool may_lack(const struct items *items, const struct record *record)
{
	return items->faulty.count && record->device && listed(&items->faulty, record->device);
}

/* The first record in which the item is untrue; NULL if it is true in all. */
static const struct record *first_untrue(const struct judge *judge, const struct items *items,
					 const struct records *records, const char *id)
{
	for (size_t i = 0; i < records->count; i++) {
		const struct record *record = &records->items[i];
		const json_t *value =
			binding_item(judge->binding, id, record->upload, record->record);
		if (!value && may_lack(items, record))
			continue;
		if (!record_item_true(judge, record, id, value))
			return record;
	}
	return NULL;
}

static void untrue(struct judge *judge, const struct expectation *expectation,
		   struct finding *finding, const struct record *record, const char *id)
{
	const json_t *value = binding_item(judge->binding, id, record->upload, record->record);
	AUTO_FREE char *found = shown(value);
	const json_t *truth = record_truth(judge, record, id);
	/* Clocks and words from a list have no single true value to show. */
	AUTO_FREE char *expected = truth ? shown(truth) : alloc_text("a value that was true then");
	AUTO_FREE char *reason = alloc_printf(
		"%s of %s %s", id, record->device ? record->device : record->serial,
		value ? "is not what the device was when it was read" : "was not sent");
	judge_refer(finding, false, record->line + 1);
	finding->found = found;
	finding->expected = expected;
	say(judge, expectation, finding, VERDICT_FAIL, reason);
}

/* In how many records the item is; line: where it is first. */
static size_t times_sent(const struct judge *judge, const struct records *records, const char *id,
			 size_t *line)
{
	size_t times = 0;
	for (size_t i = 0; i < records->count; i++) {
		if (!binding_item(judge->binding, id, records->items[i].upload,
				  records->items[i].record))
			continue;
		if (!times++)
			*line = records->items[i].line;
	}
	return times;
}

/* An item that the maker declares absent: then it must be absent. */
static void judge_lacking(struct judge *judge, const struct expectation *expectation,
			  struct finding *finding, const struct records *records, const char *why)
{
	size_t line = 0;

	if (times_sent(judge, records, finding->item, &line)) {
		judge_refer(finding, false, line + 1);
		say(judge, expectation, finding, VERDICT_FAIL,
		    "the item is declared not to be there, and is sent all the same");
		return;
	}
	AUTO_FREE char *reason = alloc_printf("declared by its maker: %s", why);
	say(judge, expectation, finding, VERDICT_NOT_APPLICABLE, reason);
}

/* In no record is the item untrue; where a printer has no such value, true is to send none. */
static void judge_true(struct judge *judge, const struct expectation *expectation,
		       struct finding *finding, const struct item *item,
		       const struct records *records)
{
	size_t line = records->items[0].line;
	size_t times = times_sent(judge, records, item->id, &line);
	AUTO_FREE char *reason =
		!times ? alloc_printf("no printer here tells %s (%s), and none was made up in %zu "
				      "records",
				      item->id, item->name, records->count)
		: times < records->count
			? alloc_printf("%s (%s) was sent and true in %zu of %zu records; the "
				       "printers of the others do not tell it",
				       item->id, item->name, times, records->count)
			: alloc_printf("%s (%s) was sent and true in all %zu records", item->id,
				       item->name, times);
	judge_refer(finding, false, line + 1);
	say(judge, expectation, finding, times ? VERDICT_PASS : VERDICT_NOT_APPLICABLE, reason);
}

static void judge_item(struct judge *judge, const struct expectation *expectation,
		       const struct item *item, const struct records *records)
{
	struct finding finding = { .rule = "items", .item = item->id };
	enum agent_kind kind = (enum agent_kind)judge->evidence->scenario->agent;
	size_t line = 0;

	const char *lacks =
		json_text_of(json_object_get(judge->evidence->start, "lacks"), item->id, NULL);
	if (lacks) {
		judge_lacking(judge, expectation, &finding, records, lacks);
		return;
	}
	if (item_optional(item, kind)) {
		bool sent = times_sent(judge, records, item->id, &line) > 0;
		judge_refer(&finding, false, line + 1);
		say(judge, expectation, &finding,
		    sent ? VERDICT_INCONCLUSIVE : VERDICT_NOT_APPLICABLE,
		    sent ? "the harness knows no truth for this item of this kind of agent"
			 : item->why);
		return;
	}
	const struct record *wrong = first_untrue(judge, expectation->arguments, records, item->id);
	if (wrong) {
		untrue(judge, expectation, &finding, wrong, item->id);
		return;
	}
	judge_true(judge, expectation, &finding, item, records);
}

/* Every printer that must be reported was: a missing one must not hide behind the others. */
static void judge_devices(struct judge *judge, const struct expectation *expectation,
			  const struct records *records)
{
	const struct items *items = expectation->arguments;
	const struct scenario *scenario = judge->evidence->scenario;

	for (size_t p = 0; p < scenario->printers.count; p++) {
		const struct printer_spec *printer = scenario_printer(scenario, p);
		bool reported = false;
		bool wanted = items->devices.count ? listed(&items->devices, printer->name)
						   : !printer->admitted;
		if (printer->decoy || !wanted)
			continue;
		for (size_t i = 0; i < records->count && !reported; i++)
			reported = records->items[i].device &&
				   !strcmp(records->items[i].device, printer->name);
		if (reported)
			continue;
		AUTO_FREE char *reason = alloc_printf("no record of %s arrived", printer->name);
		struct finding finding = { .rule = "items" };
		say(judge, expectation, &finding, VERDICT_FAIL, reason);
	}
}

static void judge_items(struct judge *judge, const struct expectation *expectation)
{
	const struct items *items = expectation->arguments;
	enum agent_kind kind = (enum agent_kind)judge->evidence->scenario->agent;
	struct records records;

	records_collect(judge, &records);
	if (!records.count) {
		bool idle = !judge->activity.collections && !judge->activity.connections;
		struct finding finding = { .rule = "items" };
		say(judge, expectation, &finding, idle ? VERDICT_INCONCLUSIVE : VERDICT_FAIL,
		    idle ? "the agent showed no activity at all"
			 : "no record arrived at the cloud");
		records_done(&records);
		return;
	}
	judge_devices(judge, expectation, &records);
	for (size_t i = 0; i < catalogue_items(judge->catalogue); i++) {
		const struct item *item = catalogue_item(judge->catalogue, i);
		if (item_of(item, kind) && listed(&items->only, item->id))
			judge_item(judge, expectation, item, &records);
	}
	records_done(&records);
}

static int check_items(const struct scope *scope, const struct expectation *expectation,
		       struct error *err)
{
	const struct yaml *body = names_of_expectation(expectation);
	int status = names_devices(scope, yaml_get(body, "devices"), err);
	if (status == 0)
		status = names_devices(scope, yaml_get(body, "faulty"), err);
	return status < 0 ? status : names_items(scope, yaml_get(body, "only"), err);
}

const struct expect_kind expect_items = {
	.name = "items",
	.help = "every data item of this kind of agent arrives and is true",
	.form = &items_form,
	.check = check_items,
	.judge = judge_items,
};
