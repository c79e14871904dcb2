/* html.c: report.html, one file that opens offline: the page around its parts.
 *
 * The Content-Security-Policy lets nothing in but our own style sheet and script, by hash: whatever
 * an agent under test managed to write into the evidence stays text. */
#include "reports/html.h"

#include <errno.h>

#include "base/cleanup.h"
#include "base/digest.h"
#include "base/json.h"
#include "reports/asset.h"
#include "reports/report.h"

/* "sha256-…" of CSP: base64 of the digest's 32 bytes. */
static char *source_hash(const char *text)
{
	char hex[DIGEST_TEXT_MAX];
	uint8_t bytes[(DIGEST_TEXT_MAX - 1) / 2];
	digest_sha256(text, strlen(text), hex);
	for (size_t i = 0; i < sizeof(bytes); i++) {
		const char pair[] = { hex[2 * i], hex[2 * i + 1], 0 };
		bytes[i] = (uint8_t)strtoul(pair, NULL, 16);
	}
	AUTO_FREE char *text64 = base64_encode(bytes, sizeof(bytes));
	return alloc_printf("'sha256-%s'", text64);
}

static void add_meta(struct markup *m, const char *name, const char *content)
{
	markup_begin(m, "meta");
	markup_attr(m, "name", name);
	markup_attr(m, "content", content);
	markup_end(m);
}

static void add_policy(struct markup *m)
{
	AUTO_FREE char *style = source_hash(asset_style);
	AUTO_FREE char *script = source_hash(asset_script);
	markup_begin(m, "meta");
	markup_attr(m, "http-equiv", "Content-Security-Policy");
	markup_attrf(m, "content",
		     "default-src 'none'; style-src %s; script-src %s; base-uri 'none'; "
		     "form-action 'none'",
		     style, script);
	markup_end(m);
}

static void add_head(struct markup *m, const struct tally *tally)
{
	markup_begin(m, "head");
	markup_begin(m, "meta");
	markup_attr(m, "charset", "utf-8");
	markup_end(m);
	add_policy(m);
	add_meta(m, "viewport", "width=device-width, initial-scale=1");
	add_meta(m, "color-scheme", "light dark");
	add_meta(m, "referrer", "no-referrer");
	markup_begin(m, "title");
	markup_textf(m, "%s – ECSP conformance report", tally_headline(tally));
	markup_end(m);
	markup_begin(m, "style");
	markup_raw(m, asset_style);
	markup_end(m);
	markup_end(m);
}

static void add_entry(struct markup *m, const char *href, const char *text)
{
	markup_begin(m, "li");
	markup_begin(m, "a");
	markup_attr(m, "href", href);
	markup_text(m, text);
	markup_end(m);
	markup_end(m);
}

static void add_scenario_entries(struct markup *m, const json_t *result)
{
	size_t i;
	json_t *scenario;
	markup_begin(m, "ul");
	json_array_foreach (json_object_get(result, "scenarios"), i, scenario) {
		markup_begin(m, "li");
		html_mark(m, html_verdict(scenario));
		markup_text(m, " ");
		html_link(m, NULL, "s-", json_text_of(scenario, "id", ""));
		markup_end(m);
	}
	markup_end(m);
}

static void add_contents(struct markup *m, const json_t *result)
{
	markup_begin(m, "nav");
	markup_attr(m, "aria-label", "Contents");
	markup_begin(m, "ul");
	markup_attr(m, "class", "contents");
	add_entry(m, "#summary", "Summary");
	add_entry(m, "#trouble", "What failed and why");
	add_entry(m, "#requirements", "Requirements");
	add_entry(m, "#items", "Data items");
	markup_begin(m, "li");
	markup_begin(m, "a");
	markup_attr(m, "href", "#scenarios");
	markup_text(m, "Scenarios");
	markup_end(m);
	add_scenario_entries(m, result);
	markup_end(m);
	add_entry(m, "#not-run", "Not run");
	add_entry(m, "#run", "Run and signature");
	markup_end(m);
	markup_end(m);
}

static void add_main(struct markup *m, const json_t *result, const struct tally *tally)
{
	markup_begin(m, "main");
	markup_attr(m, "id", "main");
	html_summary(m, result, tally);
	html_trouble(m, result, tally);
	html_requirements(m, result);
	html_items(m, result);
	html_scenarios(m, result);
	html_not_run(m, result);
	html_sign(m, result, tally);
	markup_end(m);
}

static void add_body(struct markup *m, const json_t *result, const struct tally *tally)
{
	markup_begin(m, "body");
	markup_begin(m, "a");
	markup_attr(m, "class", "skip");
	markup_attr(m, "href", "#main");
	markup_text(m, "Skip to the report");
	markup_end(m);
	html_symbols(m);
	add_contents(m, result);
	add_main(m, result, tally);
	markup_begin(m, "script");
	markup_raw(m, asset_script);
	markup_end(m);
	markup_end(m);
}

int report_html(const json_t *result, struct buf *out, struct error *err)
{
	int rc = report_check(result, err);
	if (rc)
		return rc;
	struct tally tally;
	tally_init(&tally, result);
	struct markup m;
	markup_init(&m, out, true);
	markup_raw(&m, "<!DOCTYPE html>\n");
	markup_begin(&m, "html");
	markup_attr(&m, "lang", "en");
	add_head(&m, &tally);
	add_body(&m, result, &tally);
	markup_end(&m);
	buf_add_u8(out, '\n');
	if (out->failed)
		return error_set(err, EFBIG, "report.html would be larger than %zu bytes",
				 out->max);
	return 0;
}
