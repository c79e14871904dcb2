#include "conformance/record.h"

#include <string.h>

#include "base/buf.h"
#include "base/json.h"
#include "base/wall.h"

static const int64_t MS = 1000000;

/* ---- collecting ---- */

static const char *device_of(const struct evidence *evidence, const char *serial)
{
	size_t i;
	json_t *line;
	json_array_foreach (evidence->truth, i, line)
		if (!strcmp(json_text_of(line, "serial", ""), serial))
			return json_text_of(line, "device", NULL);
	return NULL;
}

/* A stamp far from the run is as good as none: no arithmetic on what came from outside overflows.
 */
static int64_t acquired_of(const struct judge *judge, const json_t *record)
{
	static const int64_t far = INT64_C(400) * 24 * 3600 * 1000 * MS;
	int64_t wall, ns;
	const char *text = binding_acquired(judge->binding, record);

	if (!text || !wall_parse(text, &wall) ||
	    __builtin_sub_overflow(wall, judge->evidence->wall_ns, &ns) || ns > far || ns < -far)
		return INT64_MIN;
	return ns;
}

static const char *or_empty(const char *text)
{
	return text ? text : "";
}

static void add_upload(const struct judge *judge, size_t line, struct records *records)
{
	const json_t *observation = judge_line(judge, line);
	const json_t *upload = json_object_get(observation, "body");
	const json_t *list = binding_records(judge->binding, upload);
	size_t i;
	json_t *record;

	json_array_foreach (list, i, record) {
		const char *serial = or_empty(binding_serial(judge->binding, record));
		records->items =
			alloc_grow(records->items, records->count + 1, sizeof(*records->items));
		records->items[records->count++] = (struct record){
			.line = line,
			.upload = upload,
			.record = record,
			.device = device_of(judge->evidence, serial),
			.serial = serial,
			.id = or_empty(binding_record_id(judge->binding, record)),
			.collection = or_empty(binding_collection(judge->binding, upload)),
			.acquired_ns = acquired_of(judge, record),
			.stored_ns = json_int_of(observation, "ns", 0),
		};
	}
}

void records_collect(const struct judge *judge, struct records *records)
{
	static const struct match stored = { .kind = "upload.stored" };

	*records = (struct records){ 0 };
	for (size_t i = judge_find(judge, &stored, NULL, 0); i != SIZE_MAX;
	     i = judge_find(judge, &stored, NULL, i + 1))
		add_upload(judge, i, records);
}

void records_done(struct records *records)
{
	free(records->items);
	*records = (struct records){ 0 };
}

/* ---- truth: of the agent ---- */

static bool one_of(const json_t *value, const char *const *words)
{
	for (size_t i = 0; words[i]; i++)
		if (json_is_string(value) && !strcmp(json_string_value(value), words[i]))
			return true;
	return false;
}

/* The agent's version must be the one it registered with: there is no other source of truth. */
static bool version_true(const struct judge *judge, const json_t *value)
{
	static const struct match registered = { .kind = "agent.registered" };
	size_t at = judge_find(judge, &registered, NULL, 0);
	if (at == SIZE_MAX || !json_is_string(value) || !*json_string_value(value))
		return false;
	return json_equal(value, json_at(judge_line(judge, at), "/body/agent/version"));
}

/* Sent: not before what it carries was acquired, not after it was stored. */
static bool sent_true(const struct judge *judge, const struct record *record, const json_t *value)
{
	int64_t wall, ns;
	if (!json_is_string(value) || !wall_parse(json_string_value(value), &wall) ||
	    __builtin_sub_overflow(wall, judge->evidence->wall_ns, &ns) ||
	    record->acquired_ns == INT64_MIN)
		return false;
	return ns + MS >= record->acquired_ns && ns <= record->stored_ns + RECORD_SLACK_MS * MS;
}

static const json_t *agent_truth(const struct judge *judge, const char *item)
{
	static const struct {
		const char *item, *pointer;
	} rows[] = {
		{ "A01", "/agentId" },     { "A02", "/agent" },        { "A06", "/host/name" },
		{ "A07", "/host/system" }, { "A08", "/host/release" },
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (!strcmp(rows[i].item, item))
			return json_at(judge->evidence->start, rows[i].pointer);
	return NULL;
}

static bool agent_item_true(const struct judge *judge, const struct record *record,
			    const char *item, const json_t *value)
{
	static const char *const collections[] = { "scheduled", "event", "command", NULL };
	static const char *const products[] = { "workstation", "server", NULL };

	if (!strcmp(item, "A03"))
		return version_true(judge, value);
	if (!strcmp(item, "A04"))
		return one_of(value, collections);
	if (!strcmp(item, "A05"))
		return sent_true(judge, record, value);
	if (!strcmp(item, "A09"))
		return one_of(value, products);
	return value && json_equal(value, agent_truth(judge, item));
}

/* ---- truth: of the device ---- */

/* Ledger lines of the record's device are valid from their ns to the next one of that device. */
static const json_t *ledger_at(const struct judge *judge, const struct record *record, int64_t ns)
{
	const json_t *valid = NULL;
	size_t i;
	json_t *line;

	json_array_foreach (judge->evidence->truth, i, line) {
		if (!record->device ||
		    strcmp(json_text_of(line, "device", ""), record->device) != 0)
			continue;
		if (valid && json_int_of(line, "ns", 0) > ns)
			break;
		valid = line;
	}
	return valid;
}

static bool clock_true(const struct judge *judge, const struct record *record, const json_t *value)
{
	int64_t wall;
	const json_t *line = ledger_at(judge, record, record->acquired_ns);
	if (!line || !json_is_string(value) || !wall_parse(json_string_value(value), &wall))
		return false;
	int64_t offset = json_int_of(line, "clockOffsetMs", 0) * MS;
	int64_t truth = judge->evidence->wall_ns + record->acquired_ns + offset;
	int64_t difference;
	if (__builtin_sub_overflow(wall, truth, &difference))
		return false;
	/* whole seconds on top of the slack */
	return difference >= -(RECORD_SLACK_MS + 1000) * MS && difference <= RECORD_SLACK_MS * MS;
}

/* A stamp is true when the device was really asked at about that time. */
static bool acquired_true(const struct judge *judge, const struct record *record)
{
	static const char *const kinds[] = { "snmp.request", "panel.request", "enpc.request" };
	struct window window = { record->acquired_ns - RECORD_SLACK_MS * MS,
				 record->acquired_ns + RECORD_SLACK_MS * MS };

	if (record->acquired_ns == INT64_MIN ||
	    record->acquired_ns > record->stored_ns + RECORD_SLACK_MS * MS)
		return false;
	for (size_t k = 0; k < sizeof(kinds) / sizeof(kinds[0]); k++) {
		struct match asked = { .kind = kinds[k] };
		for (size_t i = judge_find(judge, &asked, &window, 0); i != SIZE_MAX;
		     i = judge_find(judge, &asked, &window, i + 1)) {
			const char *device = json_text_of(judge_line(judge, i), "device", "");
			if (record->device && !strcmp(device, record->device))
				return true;
		}
	}
	return false;
}

static bool equal_or_absent(const json_t *value, const json_t *truth)
{
	if (!value || !truth || json_is_null(truth))
		return !value && (!truth || json_is_null(truth));
	return json_equal(value, truth);
}

static bool device_item_true(const struct judge *judge, const struct record *record,
			     const char *item, const json_t *value)
{
	int64_t from = record->acquired_ns - RECORD_SLACK_MS * MS;
	int64_t until = record->acquired_ns + RECORD_SLACK_MS * MS;
	const json_t *held = ledger_at(judge, record, from);
	size_t i;
	json_t *line;

	if (held && equal_or_absent(value, json_object_get(json_object_get(held, "items"), item)))
		return true;
	json_array_foreach (judge->evidence->truth, i, line) {
		int64_t ns = json_int_of(line, "ns", 0);
		if (ns < from || ns > until || !record->device ||
		    strcmp(json_text_of(line, "device", ""), record->device) != 0)
			continue;
		if (equal_or_absent(value, json_object_get(json_object_get(line, "items"), item)))
			return true;
	}
	return false;
}

bool record_item_true(const struct judge *judge, const struct record *record, const char *item,
		      const json_t *value)
{
	if (item[0] == 'A')
		return agent_item_true(judge, record, item, value);
	if (!record->device || record->acquired_ns == INT64_MIN)
		return false;
	if (!strcmp(item, "D06"))
		return clock_true(judge, record, value);
	if (!strcmp(item, "D07"))
		return value && acquired_true(judge, record);
	return device_item_true(judge, record, item, value);
}

const json_t *record_truth(const struct judge *judge, const struct record *record, const char *item)
{
	if (item[0] == 'A')
		return agent_truth(judge, item);
	const json_t *line = ledger_at(judge, record, record->acquired_ns);
	return json_object_get(json_object_get(line, "items"), item);
}
