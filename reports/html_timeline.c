/* html_timeline.c: lanes over time, as SVG.
 *
 * Places are percent, sizes of letters are not: the drawing stretches with the page while its words
 * stay readable. Where words go is decided for the least width that the style sheet allows; a word
 * that finds no free track is left out of the drawing, never out of the table beneath it. */
#include "reports/html.h"

#include <math.h>

#include "base/cleanup.h"
#include "base/json.h"
#include "reports/evidence.h"

enum {
	WIDTH = 860,     /* pixels, as min-width of .marks */
	LETTER = 6,      /* pixels, a little more than the average letter takes */
	GAP = 8,         /* pixels between what stands on one track */
	TRACK = 18,      /* pixels */
	PADDING = 5,     /* pixels above and below the tracks of a lane */
	AXIS = 22,       /* pixels */
	TRACKS_MAX = 7,  /* a lane */
	DRAWN_MAX = 400, /* marks a lane */
	LETTERS_MAX = 48,
};

/* A mark and where it stands. */
struct spot {
	const json_t *mark;
	double from, until; /* pixels of WIDTH */
	int track;
	bool labelled;
	bool leftward; /* the words stand before the tick */
};

struct lane {
	const char *name;
	struct spot *spots; /* owned */
	size_t count;
	int tracks;
	int top, height;
};

static double seconds_of(const json_t *object, const char *key, double fallback)
{
	const json_t *value = json_object_get(object, key);
	return json_is_number(value) ? json_number_value(value) : fallback;
}

static bool is_kind(const json_t *mark, const char *kind)
{
	return !strcmp(json_text_of(mark, "kind", ""), kind);
}

/* Code points, cut at LETTERS_MAX; *cut is the byte where a cut text ends. */
static size_t letters(const char *text, size_t *cut)
{
	size_t count = 0, at = 0;
	for (; text[at]; at++) {
		if (((unsigned char)text[at] & 0xc0) == 0x80)
			continue;
		if (count == LETTERS_MAX)
			break;
		count++;
	}
	*cut = at;
	return count;
}

static double words_width(const json_t *mark)
{
	size_t cut;
	return (double)letters(json_text_of(mark, "text", ""), &cut) * LETTER + GAP;
}

static int earlier(const void *left, const void *right)
{
	const struct spot *a = left, *b = right;
	return a->from < b->from ? -1 : a->from > b->from;
}

/* Finds a track where [left, right] is free; -1 if none. */
static int take_track(double ends[TRACKS_MAX], double left, double right)
{
	for (int track = 0; track < TRACKS_MAX; track++) {
		if (left < ends[track])
			continue;
		ends[track] = right + GAP;
		return track;
	}
	return -1;
}

static void place_spot(struct spot *spot, double ends[TRACKS_MAX])
{
	double width = words_width(spot->mark);
	double left = spot->from, right = fmax(spot->until, spot->from + width);
	if (right > WIDTH) {
		spot->leftward = true;
		right = spot->until;
		left = fmax(0, spot->from - width);
	}
	spot->track = take_track(ends, left, right);
	spot->labelled = spot->track >= 0;
	if (!spot->labelled)
		spot->track = 0;
}

static void place_lane(struct lane *lane, const json_t *json, double seconds)
{
	double ends[TRACKS_MAX] = { 0 };
	const json_t *marks = json_object_get(json, "marks");
	size_t size = json_array_size(marks);
	lane->name = json_text_of(json, "name", "");
	lane->count = size < DRAWN_MAX ? size : DRAWN_MAX;
	lane->spots = alloc_zero(lane->count + 1, sizeof(*lane->spots));
	for (size_t i = 0; i < lane->count; i++) {
		const json_t *mark = json_array_get(marks, i);
		double at = seconds_of(mark, "at", 0);
		double until = seconds_of(mark, "until", at);
		lane->spots[i].mark = mark;
		lane->spots[i].from = fmin(at / seconds, 1) * WIDTH;
		lane->spots[i].until = fmin(fmax(until, at) / seconds, 1) * WIDTH;
	}
	qsort(lane->spots, lane->count, sizeof(*lane->spots), earlier);
	for (size_t i = 0; i < lane->count; i++) {
		place_spot(&lane->spots[i], ends);
		if (lane->spots[i].track >= lane->tracks)
			lane->tracks = lane->spots[i].track + 1;
	}
	lane->height = (lane->tracks ? lane->tracks : 1) * TRACK + 2 * PADDING;
}

static void set_percent(struct markup *m, const char *name, double pixels)
{
	markup_attrf(m, name, "%.2f%%", pixels * 100 / WIDTH);
}

static void add_words(struct markup *m, const struct spot *spot, int y)
{
	const char *text = json_text_of(spot->mark, "text", "");
	size_t cut;
	letters(text, &cut);
	AUTO_FREE char *words = alloc_bytes(text, cut);
	markup_begin(m, "text");
	set_percent(m, "x", spot->from);
	markup_attrf(m, "y", "%d", y + TRACK - 6);
	markup_attr(m, "dx", spot->leftward ? "-5" : "5");
	if (spot->leftward)
		markup_attr(m, "text-anchor", "end");
	markup_textf(m, "%s%s", words, text[cut] ? "…" : "");
	markup_end(m);
}

static void add_spot(struct markup *m, const struct spot *spot, int top)
{
	int y = top + PADDING + spot->track * TRACK;
	bool state = is_kind(spot->mark, "state") || spot->until - spot->from >= 1;
	markup_begin(m, "g");
	markup_attrf(m, "class", "mark %s", json_text_of(spot->mark, "kind", ""));
	markup_begin(m, "title");
	markup_textf(m, "%.3f s %s", seconds_of(spot->mark, "at", 0),
		     json_text_of(spot->mark, "text", ""));
	markup_end(m);
	if (state) {
		markup_begin(m, "rect");
		set_percent(m, "x", spot->from);
		set_percent(m, "width", fmax(spot->until - spot->from, 1));
		markup_attrf(m, "y", "%d", y + 1);
		markup_attrf(m, "height", "%d", TRACK - 3);
		markup_attr(m, "rx", "2");
		markup_end(m);
	}
	markup_begin(m, "line");
	set_percent(m, "x1", spot->from);
	set_percent(m, "x2", spot->from);
	markup_attrf(m, "y1", "%d", y + 1);
	markup_attrf(m, "y2", "%d", y + TRACK - 2);
	markup_end(m);
	if (spot->labelled)
		add_words(m, spot, y);
	markup_end(m);
}

/* 1, 2 or 5 times a power of ten, so that about eight fit. */
static double tick_step(double seconds)
{
	double power = pow(10, floor(log10(seconds / 8)));
	double ratio = seconds / 8 / power;
	if (ratio <= 1)
		return power;
	return ratio <= 2 ? 2 * power : ratio <= 5 ? 5 * power : 10 * power;
}

static void add_axis(struct markup *m, double seconds, int height)
{
	double step = tick_step(seconds);
	for (int i = 0; i * step <= seconds * 1.0001; i++) {
		double x = i * step / seconds * WIDTH;
		markup_begin(m, "line");
		markup_attr(m, "class", "grid");
		set_percent(m, "x1", x);
		set_percent(m, "x2", x);
		markup_attr(m, "y1", "0");
		markup_attrf(m, "y2", "%d", height);
		markup_end(m);
		markup_begin(m, "text");
		markup_attr(m, "class", "axis");
		set_percent(m, "x", x);
		markup_attrf(m, "y", "%d", height + AXIS - 8);
		markup_attr(m, "text-anchor", !i ? "start" : x > WIDTH - 40 ? "end" : "middle");
		markup_textf(m, "%g s", i * step);
		markup_end(m);
	}
}

static void add_bands(struct markup *m, const struct lane *lanes, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		markup_begin(m, "rect");
		markup_attrf(m, "class", "band %s", i % 2 ? "odd" : "even");
		markup_attr(m, "width", "100%");
		markup_attrf(m, "y", "%d", lanes[i].top);
		markup_attrf(m, "height", "%d", lanes[i].height);
		markup_end(m);
	}
}

/* The names stand in a drawing of their own, which stays when the marks are scrolled. */
static void add_names(struct markup *m, const struct lane *lanes, size_t count, int height)
{
	markup_begin(m, "svg");
	markup_attr(m, "class", "names");
	markup_attrf(m, "height", "%d", height + AXIS);
	markup_attr(m, "aria-hidden", "true");
	add_bands(m, lanes, count);
	for (size_t i = 0; i < count; i++) {
		markup_begin(m, "text");
		markup_attr(m, "x", "8");
		markup_attrf(m, "y", "%d", lanes[i].top + PADDING + TRACK - 6);
		markup_text(m, lanes[i].name);
		markup_end(m);
	}
	markup_end(m);
}

static void add_drawing(struct markup *m, const struct lane *lanes, size_t count, double seconds)
{
	int height = count ? lanes[count - 1].top + lanes[count - 1].height : 0;
	html_scroll(m, "timeline", "Timeline");
	add_names(m, lanes, count, height);
	markup_begin(m, "svg");
	markup_attr(m, "class", "marks");
	markup_attrf(m, "height", "%d", height + AXIS);
	markup_attr(m, "role", "img");
	markup_attr(m, "aria-label", "Timeline; the table below has the same marks");
	add_bands(m, lanes, count);
	add_axis(m, seconds, height);
	for (size_t i = 0; i < count; i++)
		for (size_t k = 0; k < lanes[i].count; k++)
			add_spot(m, &lanes[i].spots[k], lanes[i].top);
	markup_end(m);
	markup_end(m);
}

static void add_row(struct markup *m, const json_t *mark, const char *lane, const char *folder)
{
	const json_t *until = json_object_get(mark, "until");
	const json_t *line = json_object_get(mark, "line");
	markup_begin(m, "tr");
	markup_begin(m, "td");
	markup_attr(m, "class", "number");
	markup_textf(m, "%.3f", seconds_of(mark, "at", 0));
	if (until)
		markup_textf(m, "–%.3f", json_number_value(until));
	markup_end(m);
	html_cell(m, NULL, lane);
	html_cell(m, NULL, json_text_of(mark, "kind", ""));
	html_cell(m, NULL, json_text_of(mark, "text", ""));
	markup_begin(m, "td");
	if (line) {
		AUTO_JSON json_t *evidence = json_object();
		json_object_set_new(evidence, "file", json_string("journal.jsonl"));
		json_object_set(evidence, "line", (json_t *)line);
		html_evidence(m, evidence, folder);
	}
	markup_end(m);
	markup_end(m);
}

static void add_table(struct markup *m, const json_t *lanes, const char *folder)
{
	static const char *const heads[] = { "Seconds", "Lane", "Kind", "What", "Evidence" };
	size_t i, k;
	json_t *lane, *mark;
	markup_begin(m, "details");
	markup_attr(m, "class", "table-of-marks");
	markup_element(m, "summary", NULL, "The timeline as a table");
	html_scroll(m, "", "The timeline as a table");
	markup_begin(m, "table");
	markup_attr(m, "class", "plain");
	markup_begin(m, "thead");
	markup_begin(m, "tr");
	for (i = 0; i < COUNT_OF(heads); i++)
		html_head_text(m, "col", NULL, heads[i]);
	markup_end(m);
	markup_end(m);
	markup_begin(m, "tbody");
	json_array_foreach (lanes, i, lane)
		json_array_foreach (json_object_get(lane, "marks"), k, mark)
			add_row(m, mark, json_text_of(lane, "name", ""), folder);
	markup_end(m);
	markup_end(m);
	markup_end(m);
	markup_end(m);
}

void html_timeline(struct markup *m, const json_t *timeline, const char *folder)
{
	const json_t *rows = json_object_get(timeline, "lanes");
	size_t count = json_array_size(rows);
	/* A scenario that took no time has everything at its start. */
	double seconds = fmax(seconds_of(timeline, "seconds", 0), 0.001);
	struct lane *lanes = alloc_zero(count + 1, sizeof(*lanes));
	int top = 0;
	for (size_t i = 0; i < count; i++) {
		place_lane(&lanes[i], json_array_get(rows, i), seconds);
		lanes[i].top = top;
		top += lanes[i].height;
	}
	add_drawing(m, lanes, count, seconds);
	add_table(m, rows, folder);
	for (size_t i = 0; i < count; i++)
		free(lanes[i].spots);
	free(lanes);
}
