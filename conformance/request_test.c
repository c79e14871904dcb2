#include "conformance/request.h"

#include <string.h>

#include "base/buf.h"
#include "base/cleanup.h"
#include "base/json.h"
#include "base/test.h"

#define FLEET                                                                                      \
	"format: ecsp-fleet/1\n"                                                                   \
	"printers:\n"                                                                              \
	"  - {name: lobby, profile: sc-t-24, address: 10.16.0.10, count: 2, inks: {K: 33},\n"      \
	"     settings: {panel: {language: de}}, actions: [{do: open-cover, cover: 1}]}\n"         \
	"  - {name: decoy, profile: decoy, address: 10.16.1.10}\n"

struct bed {
	struct loop *loop;
	struct fleetfile *file;
	struct request_to to;
};

static struct bed bed_new(void)
{
	struct error err = { 0 };
	struct bed bed = { .loop = loop_new(),
			   .file = fleetfile_parse(FLEET, strlen(FLEET), "f.yaml", &err) };
	ck_assert_msg(bed.file != NULL, "%s", error_text(&err));
	bed.to.live = live_new(&(struct live_options){ .loop = bed.loop, .file = bed.file }, &err);
	ck_assert_msg(bed.to.live != NULL, "%s", error_text(&err));
	return bed;
}

static void bed_done(struct bed *bed)
{
	live_free(bed->to.live);
	fleetfile_free(bed->file);
	loop_free(bed->loop);
}

static json_t *ask(const struct bed *bed, const char *text)
{
	return request_answer(&bed->to, text, strlen(text));
}

static void expect_done(const struct bed *bed, const char *text)
{
	AUTO_JSON json_t *answer = ask(bed, text);
	ck_assert_msg(json_object_get(answer, "printers") != NULL, "%s: %s", text,
		      json_text_of(answer, "error", "?"));
}

/* A number of the truth about a printer. */
static int64_t truth(const struct bed *bed, const char *name, const char *pointer)
{
	AUTO_FREE char *text = alloc_printf("{\"ask\":\"state\",\"name\":\"%s\"}", name);
	AUTO_JSON json_t *answer = ask(bed, text);
	AUTO_FREE char *whole = alloc_printf("/printers/0%s", pointer);
	const json_t *value = json_at(answer, whole);
	ck_assert_msg(json_is_integer(value), "%s has no %s", name, pointer);
	return json_integer_value(value);
}

START_TEST(printers_are_at_the_start_what_the_file_says)
{
	struct bed bed = bed_new();
	AUTO_JSON json_t *answer = ask(&bed, "{\"ask\":\"state\",\"name\":\"lobby-2\"}");

	ck_assert_int_eq(truth(&bed, "lobby-2", "/items/D17/3/level"), 33);
	ck_assert_str_eq(json_string_value(json_at(answer, "/printers/0/address")), "10.16.0.11");
	ck_assert_str_eq(json_string_value(json_at(answer, "/printers/0/items/D12/language")),
			 "de");
	ck_assert_str_eq(json_string_value(json_at(answer, "/printers/0/items/D09")), "error");
	bed_done(&bed);
}
END_TEST

START_TEST(a_supply_is_meant_by_colour_or_by_name)
{
	struct bed bed = bed_new();

	expect_done(&bed, "{\"ask\":\"set\",\"name\":\"lobby-1\",\"values\":{\"ink.K\":8}}");
	ck_assert_int_eq(truth(&bed, "lobby-1", "/items/D17/3/level"), 8);
	expect_done(&bed, "{\"ask\":\"set\",\"name\":\"lobby-1\",\"values\":{\"supply.black\":9}}");
	ck_assert_int_eq(truth(&bed, "lobby-1", "/items/D17/3/level"), 9);
	expect_done(&bed, "{\"ask\":\"set\",\"name\":\"lobby-1\","
			  "\"values\":{\"supply.maintenance-box\":5,\"clock.offsetMs\":70}}");
	ck_assert_int_eq(truth(&bed, "lobby-1", "/items/D17/4/level"), 5);
	ck_assert_int_eq(truth(&bed, "lobby-1", "/clockOffsetMs"), 70);
	expect_done(&bed, "{\"ask\":\"set\",\"name\":\"lobby-1\",\"values\":{\"box.1\":6}}");
	ck_assert_int_eq(truth(&bed, "lobby-1", "/items/D17/4/level"), 6);
	ck_assert_int_eq(truth(&bed, "lobby-2", "/items/D17/3/level"), 33);
	bed_done(&bed);
}
END_TEST

START_TEST(a_pattern_means_every_printer_that_fits)
{
	struct bed bed = bed_new();
	AUTO_JSON json_t *answer =
		ask(&bed, "{\"ask\":\"do\",\"name\":\"lobby-*\",\"action\":\"jam\"}");

	ck_assert_uint_eq(json_array_size(json_object_get(answer, "printers")), 2);
	ck_assert_str_eq(json_string_value(json_at(answer, "/printers/1")), "lobby-2");
	bed_done(&bed);
}
END_TEST

START_TEST(a_fault_is_armed_and_cleared)
{
	struct bed bed = bed_new();

	expect_done(&bed, "{\"ask\":\"fault\",\"name\":\"lobby-1\",\"fault\":\"printer.delay\","
			  "\"parameters\":{\"ms\":5}}");
	expect_done(&bed, "{\"ask\":\"clear\",\"name\":\"lobby-1\"}");
	bed_done(&bed);
}
END_TEST

/* A request, and what its refusal says. */
static const struct refusal {
	const char *text, *said;
} refusals[] = {
	{ "", "found no valid JSON" },
	{ "{", "found no valid JSON" },
	{ "[]", "expected set, do, fault, clear or state" },
	{ "5", "expected set, do, fault, clear or state" },
	{ "{\"ask\":5}", "expected set, do, fault, clear or state" },
	{ "{\"ask\":\"state\",\"name\":\"nobody\"}", "expected the name of a printer" },
	{ "{\"ask\":\"set\",\"name\":\"lobby-1\"}", "expected NAME=VALUE" },
	{ "{\"ask\":\"set\",\"name\":\"lobby-1\",\"values\":{\"ink\":5}}", "expected ink.COLOR" },
	{ "{\"ask\":\"set\",\"name\":\"lobby-1\",\"values\":{\"ink.K\":101}}", "from 0 to 100" },
	{ "{\"ask\":\"set\",\"name\":\"lobby-1\",\"values\":{\"ink.K\":\"x\"}}", "from 0 to 100" },
	{ "{\"ask\":\"set\",\"name\":\"lobby-1\",\"values\":{\"ink.Q\":1}}", "found supply 'Q'" },
	{ "{\"ask\":\"set\",\"name\":\"lobby-1\",\"values\":{\"supply.blac\":1}}",
	  "found supply 'blac'" },
	{ "{\"ask\":\"set\",\"name\":\"lobby-1\",\"values\":{\"box.x\":1}}", "box" },
	{ "{\"ask\":\"set\",\"name\":\"lobby-1\",\"values\":{\"setting.panel\":1}}",
	  "expected GROUP.NAME" },
	{ "{\"ask\":\"do\",\"name\":\"lobby-1\"}", "found action ''" },
	{ "{\"ask\":\"do\",\"name\":\"lobby-1\",\"action\":\"jam\",\"parameters\":5}",
	  "expected parameters" },
	{ "{\"ask\":\"fault\",\"name\":\"lobby-1\",\"fault\":\"x\"}", "fault" },
	{ "{\"ask\":\"fault\",\"name\":\"cloud\",\"fault\":\"x\"}", "found no cloud" },
	{ "{\"ask\":\"do\",\"name\":\"cloud\",\"action\":\"command\"}", "found no cloud" },
};

START_TEST(what_makes_no_sense_is_refused_with_a_sentence)
{
	struct bed bed = bed_new();

	for (size_t i = 0; i < COUNT_OF(refusals); i++) {
		AUTO_JSON json_t *answer = ask(&bed, refusals[i].text);
		const char *said = json_text_of(answer, "error", "nothing");
		ck_assert_msg(strstr(said, refusals[i].said), "%s: %s", refusals[i].text, said);
	}
	bed_done(&bed);
}
END_TEST

TEST_MAIN("conformance.request", printers_are_at_the_start_what_the_file_says,
	  a_supply_is_meant_by_colour_or_by_name, a_pattern_means_every_printer_that_fits,
	  a_fault_is_armed_and_cleared, what_makes_no_sense_is_refused_with_a_sentence)
