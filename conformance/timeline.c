#include "conformance/timeline.h"

#include <string.h>

#include "base/buf.h"
#include "base/cleanup.h"
#include "base/json.h"

enum { MARKS_MAX = 60 };

/* Which observations are worth a mark, in which lane, and which of their fields say most. */
static const struct row {
	const char *kind, *lane, *style;
	const char *text;
	const char *fields[3];
} rows[] = {
	{ "printer.action", "printers", "state", "", { "device", "action" } },
	{ "printer.operated",
	  "printers",
	  "state",
	  "operated:",
	  { "device", "operation", "result" } },
	{ "snmp.ignored", "printers", "fault", "SNMP not answered:", { "device", "why" } },
	{ "fault.armed", "wire", "fault", "fault", { "fault" } },
	{ "fault.reached", "wire", "fault", "reached the agent:", { "fault" } },
	{ "fault.cleared", "wire", "state", "cleared", { "fault" } },
	{ "tls.failed", "wire", "fault", "TLS refused:", { "alert", "certificate" } },
	{ "tls.ready", "wire", "event", "TLS", { "version", "alpn" } },
	{ "agent.start", "agent", "state", "started", { NULL } },
	{ "agent.exit", "agent", "state", "ended", { NULL } },
	{ "agent.killed", "agent", "fault", "was ended:", { "why" } },
	{ "socket.listen", "agent", "fault", "listens on", { "protocol", "port" } },
	{ "file.write", "agent", "fault", "wants to write", { "path" } },
	{ "step", "agent", "event", "step", { "label", "action" } },
	{ "certificate.sent", "cloud", "event", "certificate", { NULL } },
	{ "agent.registered", "cloud", "event", "registered", { NULL } },
	{ "upload.stored", "cloud", "event", "upload", { "collection", "devices" } },
	{ "upload.duplicate", "cloud", "event", "resend recognised", { NULL } },
	{ "upload.refused", "cloud", "fault", "upload refused:", { "why" } },
	{ "mqtt.connect", "cloud", "event", "MQTT", { "client" } },
	{ "command.sent", "cloud", "state", "command", { "operation" } },
	{ "command.result", "cloud", "event", "result", { "outcome", "reason" } },
};

static const char *const lanes[] = { "printers", "wire", "agent", "cloud" };

static const struct row *row_of(const json_t *line)
{
	const char *kind = json_text_of(line, "kind", "");
	for (size_t i = 0; i < COUNT_OF(rows); i++)
		if (!strcmp(rows[i].kind, kind))
			return &rows[i];
	return NULL;
}

static void add_value(struct buf *text, const json_t *value)
{
	size_t i;
	json_t *item;

	if (json_is_string(value))
		buf_printf(text, "%s%s", text->size ? " " : "", json_string_value(value));
	else if (json_is_integer(value))
		buf_printf(text, "%s%lld", text->size ? " " : "",
			   (long long)json_integer_value(value));
	json_array_foreach (value, i, item)
		add_value(text, item);
}

static json_t *mark_of(const struct row *row, const json_t *line, size_t number)
{
	struct buf text;
	buf_init(&text, 4096);
	buf_add_text(&text, row->text);
	for (size_t i = 0; i < COUNT_OF(row->fields) && row->fields[i]; i++)
		add_value(&text, json_object_get(line, row->fields[i]));
	json_t *mark =
		json_pack("{s:f,s:o,s:s,s:I}", "at", (double)json_int_of(line, "ns", 0) / 1e9,
			  "text", json_lossy_text(buf_text(&text), text.size), "kind", row->style,
			  "line", (json_int_t)number + 1);
	buf_done(&text);
	return mark;
}

json_t *timeline_of(const struct evidence *evidence)
{
	json_t *marks[COUNT_OF(lanes)];
	json_t *list = json_array();
	size_t count = json_array_size(evidence->journal);

	for (size_t lane = 0; lane < COUNT_OF(lanes); lane++) {
		marks[lane] = json_array();
		json_array_append_new(
			list, json_pack("{s:s,s:o}", "name", lanes[lane], "marks", marks[lane]));
	}
	for (size_t i = 0; i < count; i++) {
		const json_t *line = json_array_get(evidence->journal, i);
		const struct row *row = row_of(line);
		for (size_t lane = 0; row && lane < COUNT_OF(lanes); lane++)
			if (!strcmp(row->lane, lanes[lane]) &&
			    json_array_size(marks[lane]) < MARKS_MAX)
				json_array_append_new(marks[lane], mark_of(row, line, i));
	}
	const json_t *end = json_array_get(evidence->journal, count ? count - 1 : 0);
	return json_pack("{s:f,s:o}", "seconds", (double)json_int_of(end, "ns", 0) / 1e9, "lanes",
			 list);
}
