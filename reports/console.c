#include "reports/console.h"

#include "base/json.h"
#include "reports/columns.h"
#include "reports/evidence.h"
#include "reports/tally.h"

enum { VERDICT_WIDTH = sizeof("not applicable"), BEFORE_ID = 2 + VERDICT_WIDTH + 1 };
enum { TEXT_MAX = 1 << 24, ID_MAX = 30, SECONDS_WIDTH = 12, MARGIN = 4, LABEL = 10 };

/* What every line needs to know. */
struct screen {
	struct buf *out;
	bool colour;
	size_t width;
	size_t id_width;
};

static void add_coloured(const struct screen *screen, const char *sgr, const char *text)
{
	if (screen->colour)
		buf_printf(screen->out, "\033[%sm%s\033[0m", sgr, text);
	else
		buf_add_text(screen->out, text);
}

static void add_padded(const struct screen *screen, const char *sgr, const char *text, size_t width)
{
	struct buf clean, padded;
	buf_init(&clean, TEXT_MAX);
	buf_init(&padded, TEXT_MAX);
	columns_clean(text, &clean);
	columns_pad(buf_text(&clean), width, &padded);
	if (sgr)
		add_coloured(screen, sgr, buf_text(&padded));
	else
		buf_add(screen->out, padded.data, padded.size);
	buf_done(&padded);
	buf_done(&clean);
}

/* "    label     text", the text wrapped beneath itself. */
static void add_labelled(const struct screen *screen, const char *label, const char *text)
{
	struct buf clean;
	size_t indent = MARGIN + LABEL;
	if (!text)
		return;
	buf_init(&clean, TEXT_MAX);
	columns_clean(text, &clean);
	buf_printf(screen->out, "%*s", MARGIN, "");
	add_padded(screen, "2", label, LABEL);
	columns_wrap(buf_text(&clean), screen->width ? screen->width - indent : 0, indent,
		     screen->out);
	buf_done(&clean);
}

static void add_verdict(const struct screen *screen, enum verdict verdict)
{
	const struct verdict_kind *kind = &verdict_kinds[verdict];
	add_coloured(screen, kind->colour, kind->sign);
	buf_add_u8(screen->out, ' ');
	add_padded(screen, kind->colour, kind->name, VERDICT_WIDTH);
	buf_add_u8(screen->out, ' ');
}

static void add_finding(const struct screen *screen, const json_t *finding, const char *folder)
{
	size_t i;
	json_t *evidence;
	add_labelled(screen, json_text_of(finding, "requirement", "harness"),
		     json_text_of(finding, "reason", ""));
	add_labelled(screen, "expected", json_text_of(finding, "expected", NULL));
	add_labelled(screen, "found", json_text_of(finding, "found", NULL));
	json_array_foreach (json_object_get(finding, "evidence"), i, evidence) {
		struct buf place;
		buf_init(&place, EVIDENCE_TEXT_MAX);
		evidence_text(evidence, folder, &place);
		add_labelled(screen, i ? "" : "evidence", buf_text(&place));
		buf_done(&place);
	}
}

static void add_scenario(const struct screen *screen, const json_t *scenario)
{
	size_t taken = BEFORE_ID + screen->id_width + 1 + SECONDS_WIDTH;
	const char *title = json_text_of(scenario, "title", "");
	struct buf seconds;
	size_t i;
	json_t *finding;
	buf_init(&seconds, TEXT_MAX);
	tally_seconds(json_number_value(json_object_get(scenario, "seconds")), &seconds);
	add_verdict(screen, verdict_of(json_text_of(scenario, "verdict", NULL)));
	add_padded(screen, NULL, json_text_of(scenario, "id", ""), screen->id_width);
	buf_add_u8(screen->out, ' ');
	if (screen->width > taken)
		add_padded(screen, NULL, title, screen->width - taken);
	buf_printf(screen->out, "%*s\n", SECONDS_WIDTH, buf_text(&seconds));
	json_array_foreach (json_object_get(scenario, "findings"), i, finding)
		if (verdict_is_trouble(verdict_of(json_text_of(finding, "verdict", NULL))))
			add_finding(screen, finding, json_text_of(scenario, "folder", ""));
	buf_done(&seconds);
}

static void add_not_run(const struct screen *screen, const json_t *row)
{
	size_t taken = BEFORE_ID + screen->id_width + 1;
	struct buf clean;
	buf_init(&clean, TEXT_MAX);
	columns_clean(json_text_of(row, "reason", ""), &clean);
	add_verdict(screen, VERDICT_NOT_RUN);
	add_padded(screen, NULL, json_text_of(row, "id", ""), screen->id_width);
	buf_add_u8(screen->out, ' ');
	columns_wrap(buf_text(&clean), screen->width ? screen->width - taken : 0, taken,
		     screen->out);
	buf_done(&clean);
}

static void add_headline(const struct screen *screen, const json_t *result)
{
	struct tally tally;
	struct buf sentence;
	tally_init(&tally, result);
	buf_init(&sentence, TEXT_MAX);
	tally_sentence(&tally, result, &sentence);
	buf_add_u8(screen->out, '\n');
	add_coloured(screen, verdict_kinds[tally.worst].colour, tally_headline(&tally));
	buf_add_u8(screen->out, '\n');
	columns_wrap(buf_text(&sentence), screen->width, 0, screen->out);
	buf_done(&sentence);
}

static size_t widest_id(const json_t *rows, size_t width)
{
	size_t i;
	json_t *row;
	json_array_foreach (rows, i, row) {
		size_t size = columns_of(json_text_of(row, "id", ""));
		if (size > width)
			width = size;
	}
	return width;
}

void report_console(const json_t *result, struct buf *out, bool colour, unsigned width)
{
	const json_t *scenarios = json_object_get(result, "scenarios");
	const json_t *not_run = json_at(result, "/run/notRun");
	struct screen screen = { .out = out, .colour = colour, .width = width };
	size_t i;
	json_t *row;
	if (width && width < 40)
		screen.width = 40;
	screen.id_width = widest_id(not_run, widest_id(scenarios, 0));
	/* What is left beside verdict and seconds, at most ID_MAX. */
	size_t room = screen.width - (BEFORE_ID + 1 + SECONDS_WIDTH);
	if (screen.width && screen.id_width > room)
		screen.id_width = room;
	if (screen.width && screen.id_width > ID_MAX)
		screen.id_width = ID_MAX;
	json_array_foreach (scenarios, i, row)
		add_scenario(&screen, row);
	json_array_foreach (not_run, i, row)
		add_not_run(&screen, row);
	add_headline(&screen, result);
}
