/* html_sign.c: what identifies the run, and the lines where a person puts a name to it. */
#include "reports/html.h"

#include <inttypes.h>

#include "base/cleanup.h"
#include "base/digest.h"
#include "base/json.h"

static void begin_row(struct markup *m, const char *name)
{
	markup_begin(m, "tr");
	html_head_text(m, "row", NULL, name);
	markup_begin(m, "td");
}

static void end_row(struct markup *m)
{
	markup_end(m);
	markup_end(m);
}

static void add_row(struct markup *m, const char *name, const char *value)
{
	begin_row(m, name);
	markup_text(m, value);
	end_row(m);
}

static void add_map(struct markup *m, const char *name, const json_t *map)
{
	const char *key, *before = "";
	json_t *value;
	begin_row(m, name);
	json_object_foreach ((json_t *)map, key, value) {
		markup_text(m, before);
		markup_textf(m, "%s ", key);
		markup_element(m, "code", NULL, json_string_value(value));
		before = " · ";
	}
	end_row(m);
}

static void add_arguments(struct markup *m, const json_t *arguments)
{
	size_t i;
	json_t *argument;
	begin_row(m, "Arguments");
	if (!json_array_size(arguments))
		markup_text(m, "none");
	json_array_foreach (arguments, i, argument) {
		markup_text(m, i ? " " : "");
		markup_element(m, "code", NULL, json_string_value(argument));
	}
	end_row(m);
}

/* The digest of result.json as json_write_file writes it, so that `sha256sum result.json` ties the
 * paper to the file. */
static void add_digest(struct markup *m, const json_t *result)
{
	char digest[DIGEST_TEXT_MAX];
	AUTO_FREE char *text = json_dumps(result, JSON_INDENT(1));
	AUTO_FREE char *line = alloc_printf("%s\n", text ? text : "");
	begin_row(m, "SHA-256 of result.json");
	markup_element(m, "code", "digest", digest_sha256(line, strlen(line), digest));
	end_row(m);
}

static void add_run(struct markup *m, const json_t *result)
{
	const json_t *run = json_object_get(result, "run");
	struct buf seconds;
	buf_init(&seconds, TALLY_SECONDS_MAX);
	tally_seconds(json_number_value(json_object_get(run, "seconds")), &seconds);
	markup_begin(m, "table");
	markup_attr(m, "class", "plain run");
	markup_element(m, "caption", "hidden", "What identifies this run");
	markup_begin(m, "tbody");
	add_digest(m, result);
	add_row(m, "Started", json_text_of(run, "started", ""));
	add_row(m, "Took", buf_text(&seconds));
	begin_row(m, "Seed");
	markup_textf(m, "%" PRId64, json_int_of(run, "seed", 0));
	end_row(m);
	add_arguments(m, json_object_get(run, "arguments"));
	add_map(m, "Versions", json_object_get(run, "versions"));
	add_map(m, "Host", json_object_get(run, "host"));
	markup_end(m);
	markup_end(m);
	buf_done(&seconds);
}

static void add_line(struct markup *m, const char *name)
{
	markup_begin(m, "div");
	markup_element(m, "span", "rule", "");
	markup_element(m, "span", NULL, name);
	markup_end(m);
}

static void add_signature(struct markup *m, const struct tally *tally)
{
	static const char *const lines[] = { "Name", "Function", "Place and date", "Signature" };
	markup_begin(m, "div");
	markup_attr(m, "class", "signature");
	markup_begin(m, "p");
	markup_text(m, "I have read this report. Its verdict is ");
	markup_element(m, "b", NULL, tally_headline(tally));
	markup_textf(m, ", with %zu of %zu requirements and %zu of %zu data items tested.",
		     tally->requirements_tested, tally->requirements, tally->items_tested,
		     tally->items);
	markup_end(m);
	markup_begin(m, "div");
	markup_attr(m, "class", "lines");
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
		add_line(m, lines[i]);
	markup_end(m);
	markup_end(m);
}

void html_sign(struct markup *m, const json_t *result, const struct tally *tally)
{
	html_section(m, "run", "Run and signature", NULL);
	add_run(m, result);
	add_signature(m, tally);
	markup_end(m);
}
