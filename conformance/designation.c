#include "conformance/designation.h"

#include <string.h>

#include "base/buf.h"
#include "base/cleanup.h"
#include "base/ipv4.h"
#include "base/json.h"
#include "sim/cloud/message.h"

/* One printer over time. */
struct watch {
	bool open, ever;
	int64_t closed_from; /* wall clock; while not open */
};

struct watches {
	const struct scenario *scenario;
	struct watch *rows; /* one a printer of the scenario */
	struct designation *out;
};

static void close_span(struct watches *watches, size_t printer, int64_t until)
{
	struct designation *out = watches->out;
	struct watch *row = &watches->rows[printer];

	if (until <= row->closed_from)
		return;
	out->closed = alloc_grow(out->closed, out->closed_count + 1, sizeof(*out->closed));
	out->closed[out->closed_count++] =
		(struct wire_span){ scenario_printer(watches->scenario, printer)->address,
				    row->closed_from, until };
}

static bool names_address(const json_t *list, uint32_t address)
{
	char text[IPV4_TEXT_MAX];
	size_t i;
	json_t *item;

	ipv4_format(address, text);
	json_array_foreach (list, i, item)
		if (!strcmp(json_string_value(item), text))
			return true;
	return false;
}

static void apply(struct watches *watches, const json_t *designated, int64_t wall_ns)
{
	for (size_t i = 0; i < watches->scenario->printers.count; i++) {
		const struct printer_spec *printer = scenario_printer(watches->scenario, i);
		struct watch *row = &watches->rows[i];
		bool open = !printer->decoy && names_address(designated, printer->address);
		if (open && !row->open)
			close_span(watches, i, wall_ns);
		if (!open && row->open)
			row->closed_from = wall_ns + (int64_t)DESIGNATION_GRACE_MS * 1000000;
		row->open = open;
		row->ever = row->ever || open;
	}
}

/* The document of a line; NULL: it changes nothing for the agent. Caller owns. */
static json_t *document_of(const json_t *line, const char *agent, int64_t *version)
{
	const char *text = json_text_of(line, "text", "");
	json_t *document = !strcmp(json_text_of(line, "agent", ""), agent)
				   ? message_read(MESSAGE_CONFIGURATION, text, strlen(text), NULL)
				   : NULL;
	if (document && json_int_of(document, "version", 0) > *version) {
		*version = json_int_of(document, "version", 0);
		return document;
	}
	json_decref(document);
	return NULL;
}

static void begin(struct watches *watches)
{
	for (size_t i = 0; i < watches->scenario->printers.count; i++) {
		const struct printer_spec *printer = scenario_printer(watches->scenario, i);
		bool open = !printer->decoy && !printer->admitted;
		watches->rows[i] = (struct watch){ open, open, INT64_MIN };
	}
}

static void finish(struct watches *watches)
{
	struct designation *out = watches->out;
	size_t count = watches->scenario->printers.count;

	out->designated = alloc_zero(count, sizeof(*out->designated));
	for (size_t i = 0; i < count; i++) {
		if (!watches->rows[i].ever)
			continue;
		out->designated[out->count++] = scenario_printer(watches->scenario, i)->address;
		if (!watches->rows[i].open)
			close_span(watches, i, INT64_MAX);
	}
}

void designation_init(struct designation *designation, const struct judge *judge)
{
	static const struct match sent = { .kind = "configuration.sent" };
	const struct scenario *scenario = judge->evidence->scenario;
	const char *agent = json_text_of(judge->evidence->start, "agentId", "");
	AUTO_FREE struct watch *rows = alloc_zero(scenario->printers.count, sizeof(*rows));
	struct watches watches = { scenario, rows, designation };
	int64_t version = 0;

	*designation = (struct designation){ 0 };
	begin(&watches);
	for (size_t i = judge_find(judge, &sent, NULL, 0); i != SIZE_MAX;
	     i = judge_find(judge, &sent, NULL, i + 1)) {
		const json_t *line = judge_line(judge, i);
		AUTO_JSON json_t *document = document_of(line, agent, &version);
		const json_t *designated = json_object_get(document, "designated");
		if (designated)
			apply(&watches, designated,
			      judge->evidence->wall_ns + json_int_of(line, "ns", 0));
	}
	finish(&watches);
}

void designation_done(struct designation *designation)
{
	free(designation->designated);
	free(designation->closed);
	*designation = (struct designation){ 0 };
}
