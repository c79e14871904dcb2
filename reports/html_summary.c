#include "reports/html.h"

#include <inttypes.h>

#include "base/json.h"

/* Best first, as the bar is read from the left. */
static const enum verdict order[] = { VERDICT_PASS,   VERDICT_WARN,  VERDICT_INCONCLUSIVE,
				      VERDICT_FAIL,   VERDICT_ERROR, VERDICT_NOT_APPLICABLE,
				      VERDICT_NOT_RUN };
enum { ORDER_COUNT = sizeof(order) / sizeof(order[0]), SENTENCE_MAX = 4096 };

static void add_bar(struct markup *m, const struct tally *tally)
{
	size_t all = tally->ran + tally->count[VERDICT_NOT_RUN];
	size_t before = 0;
	markup_begin(m, "svg");
	markup_attr(m, "class", "bar");
	markup_attr(m, "aria-hidden", "true"); /* the list beneath says the same */
	for (size_t i = 0; i < ORDER_COUNT; i++) {
		size_t count = tally->count[order[i]];
		if (!count)
			continue;
		markup_begin(m, "rect");
		markup_attrf(m, "class", "fill-%s", verdict_kinds[order[i]].key);
		markup_attrf(m, "x", "%.3f%%", 100.0 * (double)before / (double)all);
		markup_attrf(m, "width", "%.3f%%", 100.0 * (double)count / (double)all);
		markup_attr(m, "height", "100%");
		markup_end(m);
		before += count;
	}
	markup_end(m);
}

static void add_counts(struct markup *m, const struct tally *tally)
{
	markup_begin(m, "ul");
	markup_attr(m, "class", "counts");
	for (size_t i = 0; i < ORDER_COUNT; i++) {
		size_t count = tally->count[order[i]];
		markup_begin(m, "li");
		markup_attrf(m, "class", "v-%s%s", verdict_kinds[order[i]].key,
			     count ? "" : " none");
		html_symbol(m, order[i]);
		markup_begin(m, "b");
		markup_textf(m, "%zu", count);
		markup_end(m);
		markup_text(m, " ");
		markup_text(m, verdict_kinds[order[i]].name);
		markup_end(m);
	}
	markup_end(m);
}

static void add_meter(struct markup *m, const char *href, const char *what, size_t part, size_t all)
{
	double share = all ? 100.0 * (double)part / (double)all : 0;
	markup_begin(m, "a");
	markup_attr(m, "href", href);
	markup_attr(m, "class", "meter");
	markup_begin(m, "span");
	markup_begin(m, "b");
	markup_textf(m, "%zu", part);
	markup_end(m);
	markup_textf(m, " of %zu %s tested", all, what);
	markup_end(m);
	markup_begin(m, "svg");
	markup_attr(m, "aria-hidden", "true");
	markup_begin(m, "rect");
	markup_attrf(m, "width", "%.3f%%", share);
	markup_attr(m, "height", "100%");
	markup_end(m);
	markup_end(m);
	markup_end(m);
}

static void add_facts(struct markup *m, const json_t *result)
{
	const json_t *run = json_object_get(result, "run");
	markup_begin(m, "p");
	markup_attr(m, "class", "facts");
	markup_text(m, json_text_of(run, "started", ""));
	markup_text(m, " · seed ");
	markup_textf(m, "%" PRId64, json_int_of(run, "seed", 0));
	const char *version = json_text_of(json_object_get(run, "versions"), "ecsp", NULL);
	if (version)
		markup_textf(m, " · ecsp %s", version);
	markup_end(m);
}

void html_summary(struct markup *m, const json_t *result, const struct tally *tally)
{
	struct buf sentence;
	buf_init(&sentence, SENTENCE_MAX);
	tally_sentence(tally, result, &sentence);
	markup_begin(m, "header");
	markup_attr(m, "id", "summary");
	markup_element(m, "p", "kicker", "ECSP conformance report");
	markup_begin(m, "h1");
	markup_attrf(m, "class", "v-%s", verdict_kinds[tally->worst].key);
	html_symbol(m, tally->worst);
	markup_text(m, tally_headline(tally));
	markup_end(m);
	markup_element(m, "p", "lead", buf_text(&sentence));
	add_facts(m, result);
	add_bar(m, tally);
	add_counts(m, tally);
	markup_begin(m, "div");
	markup_attr(m, "class", "meters");
	add_meter(m, "#requirements", "requirements", tally->requirements_tested,
		  tally->requirements);
	add_meter(m, "#items", "data items", tally->items_tested, tally->items);
	markup_end(m);
	markup_end(m);
	buf_done(&sentence);
}
