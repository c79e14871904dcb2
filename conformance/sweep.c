#include "conformance/sweep.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "base/buf.h"
#include "base/cleanup.h"
#include "base/file.h"
#include "base/json.h"
#include "conformance/evidence.h"
#include "conformance/step.h"

enum { JOURNAL_MAX = 256 << 20 };

const struct sweep_fault sweep_faults[] = {
	{ "kill", "storage.kill", "call", false },
	{ "cut", "storage.cut", "call", false },
	{ "enospc", "storage.enospc", "call", false },
	{ "eio", "storage.eio", "call", false },
	{ "ack", "cloud.close-after-store", "upload", true },
	{ NULL, NULL, NULL, false },
};

/* ---- a point as a scenario ---- */

/* Line (from 1) of the step that names a fault of the storage; 0: none. */
static int fault_line(const struct scenario *scenario)
{
	static const char prefix[] = "storage.";

	for (size_t i = 0; i < scenario->main.step_count; i++) {
		const struct yaml *node = yaml_get(scenario->main.steps[i].node, "fault");
		const struct yaml *name = node ? yaml_get(node, "name") : NULL;
		if (name && !strncmp(name->text, prefix, sizeof(prefix) - 1))
			return node->line;
	}
	return 0;
}

static const char *line_at(const char *text, int number)
{
	for (int i = 1; i < number && text; i++) {
		text = strchr(text, '\n');
		text = text ? text + 1 : NULL;
	}
	return text;
}

char *sweep_text(const struct scenario *scenario, const char *text, const struct sweep_fault *fault,
		 int64_t at, struct error *err)
{
	static const char begin[] = "- fault: {";
	int number = fault_line(scenario);
	const char *line = number ? line_at(text, number) : NULL;
	size_t size = line ? strcspn(line, "\r\n") : 0;
	size_t indent = line ? strspn(line, " ") : 0;

	if (!line || strncmp(line + indent, begin, sizeof(begin) - 1) != 0 ||
	    line[size - 1] != '}') {
		error_set(err, EINVAL,
			  "found no step '- fault: {name: storage.…}' on a line of its own, "
			  "expected one, which a sweep can put elsewhere");
		return NULL;
	}
	/* What counts uploads does not watch the disk by itself. */
	bool watches = !fault || fault->uploads;
	static const char watch[] = "- fault: {name: storage.watch}";
	AUTO_FREE char *strike =
		fault ? alloc_printf("- fault: {name: %s, with: {at: %" PRId64 "}}", fault->fault,
				     at)
		      : NULL;
	AUTO_FREE char *between = alloc_printf("\n%.*s", (int)indent, line);
	return alloc_printf("%.*s%s%s%s%s", (int)(line + indent - text), text, watches ? watch : "",
			    watches && strike ? between : "", strike ? strike : "", line + size);
}

int64_t sweep_place(int64_t count, int64_t points, int64_t i)
{
	return points < 2 ? (count + 1) / 2 : 1 + i * (count - 1) / (points - 1);
}

/* ---- what a run was ---- */

static void take(struct sweep_sight *sight, const json_t *line, const char *fault)
{
	const char *kind = json_text_of(line, "kind", "");

	if (!strcmp(kind, "storage.calls"))
		sight->calls += json_int_of(line, "count", 0);
	if (!strcmp(kind, "upload.stored"))
		sight->uploads++;
	if (strcmp(kind, "fault.reached") != 0 || sight->reached ||
	    strcmp(json_text_of(line, "fault", ""), fault) != 0)
		return;
	sight->reached = true;
	sight->call = alloc_text(json_text_of(line, "call", NULL));
	sight->path = alloc_text(json_text_of(line, "path", NULL));
}

void sweep_look(struct sweep_sight *sight, const char *folder, const char *fault)
{
	size_t size;
	struct error ignored;
	AUTO_FREE char *path = file_join(folder, EVIDENCE_JOURNAL);
	AUTO_FREE char *text = file_read(path, JOURNAL_MAX, &size, &ignored);

	*sight = (struct sweep_sight){ 0 };
	for (char *at = text; at && *at;) {
		size_t length = strcspn(at, "\n");
		AUTO_JSON json_t *line = json_read_text(at, length, EVIDENCE_JOURNAL, &ignored);
		take(sight, line, fault);
		at += length + (at[length] == '\n');
	}
}

void sweep_sight_done(struct sweep_sight *sight)
{
	free(sight->call);
	free(sight->path);
}
