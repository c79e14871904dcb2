#include "base/verb.h"

#include <string.h>

#include "base/json.h"
#include "base/test.h"

struct row {
	struct verb verb;
	int more; /* what a room keeps behind the verb */
};

static const char *const colours[] = { "cyan", "black", NULL };
static const struct parameter taken[] = {
	{ "level", PARAMETER_INT, true, 0, 100, NULL, "percent" },
	{ "ratio", PARAMETER_NUMBER, false, 0, 1, NULL, NULL },
	{ "loud", PARAMETER_BOOL, false, 0, 0, NULL, NULL },
	{ "note", PARAMETER_TEXT, false, 0, 0, NULL, NULL },
	{ "colour", PARAMETER_NAME, false, 0, 0, colours, NULL },
	{ "value", PARAMETER_SCALAR, false, -5, 5, NULL, NULL },
	{ "cost", PARAMETER_AMOUNTS, false, 1, 9, NULL, NULL },
	{ "for", PARAMETER_DURATION, false, 1, 60000, NULL, NULL },
	{ .name = NULL },
};
static const struct row rows[] = {
	{ { "spill", "spills ink", taken }, 1 },
	{ { "dry", "dries up", NULL }, 2 },
};
static const struct verb_list list = VERB_LIST(rows);

START_TEST(a_verb_is_found_by_place_and_by_name)
{
	ck_assert_ptr_eq(verb_at(&list, 1), &rows[1].verb);
	ck_assert_ptr_null(verb_at(&list, 2));
	ck_assert_ptr_eq(verb_find(&list, "dry"), &rows[1].verb);
	ck_assert_ptr_null(verb_find(&list, "dryer"));
	ck_assert_str_eq(verb_nearest(&list, "spil"), "spill");
	ck_assert_ptr_null(verb_nearest(&list, "evaporate"));
}
END_TEST

static int check(const char *text, const char **guilty, struct error *err)
{
	AUTO_JSON json_t *parameters = text ? json_read_text(text, strlen(text), "row", err) : NULL;
	static char kept[64];
	int status = verb_check(&rows[0].verb, parameters, guilty, err);
	if (*guilty) { /* it may live in parameters */
		snprintf(kept, sizeof(kept), "%s", *guilty);
		*guilty = kept;
	}
	return status;
}

START_TEST(what_fits_is_taken)
{
	static const char *const fits[] = {
		"{\"level\":0}",
		"{\"level\":100,\"ratio\":0.5,\"loud\":false,\"note\":\"\",\"colour\":\"cyan\"}",
		"{\"level\":1,\"ratio\":1,\"value\":\"any\",\"cost\":{\"C\":1,\"K\":9}}",
		"{\"level\":1,\"value\":-5,\"cost\":9}",
		"{\"level\":1,\"for\":\"1m\"}",
	};
	for (size_t i = 0; i < sizeof(fits) / sizeof(fits[0]); i++) {
		const char *guilty;
		struct error err = { 0 };
		ck_assert_msg(check(fits[i], &guilty, &err) == 0, "%s: %s", fits[i], err.text);
		ck_assert_ptr_null(guilty);
	}
	ck_assert_int_eq(verb_check(&rows[1].verb, NULL, NULL, NULL), 0);
}
END_TEST

START_TEST(what_does_not_fit_is_named_with_what_was_expected)
{
	static const struct {
		const char *text, *guilty, *words;
	} wrong[] = {
		{ NULL, NULL, "spill: found level none, expected a whole number from 0 to 100" },
		{ "[]", NULL, "expected parameters as name: value" },
		{ "{\"level\":101}", "level", "found level 101, expected a whole number" },
		{ "{\"level\":-1}", "level", "from 0 to 100" },
		{ "{\"level\":1.5}", "level", "found level 1.5" },
		{ "{\"level\":1,\"ratio\":1.1}", "ratio", "a number from 0 to 1" },
		{ "{\"level\":1,\"loud\":1}", "loud", "true or false" },
		{ "{\"level\":1,\"note\":1}", "note", "a text" },
		{ "{\"level\":1,\"colour\":\"blak\"}", "colour",
		  "expected cyan or black: did you mean black?" },
		{ "{\"level\":1,\"value\":6}", "value", "a text or a whole number from -5 to 5" },
		{ "{\"level\":1,\"cost\":{\"C\":10}}", "cost", "an object name: whole number" },
		{ "{\"level\":1,\"for\":5}", "for", "a duration such as 250ms" },
		{ "{\"level\":1,\"for\":\"soon\"}", "for", "a duration" },
		{ "{\"level\":1,\"for\":\"2m\"}", "for", "from 1 to 60000 ms" },
		{ "{\"level\":1,\"levle\":2}", "levle", "did you mean 'level'?" },
	};
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		const char *guilty;
		struct error err = { 0 };
		ck_assert_int_lt(check(wrong[i].text, &guilty, &err), 0);
		ck_assert_msg(strstr(err.text, wrong[i].words) != NULL, "%s", err.text);
		ck_assert_pstr_eq(guilty, wrong[i].guilty);
	}
}
END_TEST

START_TEST(a_verb_without_parameters_takes_none)
{
	AUTO_JSON json_t *one = json_pack("{s:i}", "level", 1);
	struct error err = { 0 };
	ck_assert_int_lt(verb_check(&rows[1].verb, one, NULL, &err), 0);
	ck_assert_str_eq(err.text, "dry: found parameter 'level', expected none");
}
END_TEST

START_TEST(a_duration_is_read_in_milliseconds)
{
	AUTO_JSON json_t *given = json_pack("{s:s}", "for", "1.5s");
	ck_assert_int_eq(verb_duration(given, "for", 7), 1500);
	ck_assert_int_eq(verb_duration(given, "from", 7), 7);
	ck_assert_int_eq(verb_duration(NULL, "for", 7), 7);
}
END_TEST

START_TEST(a_verb_describes_itself)
{
	AUTO_JSON json_t *spill = verb_describe(&rows[0].verb);
	ck_assert_str_eq(json_text_of(spill, "help", ""), "spills ink");
	ck_assert_uint_eq(json_array_size(json_object_get(spill, "parameters")), 8);
	ck_assert_str_eq(json_text_of(json_at(spill, "/parameters/0"), "help", ""), "percent");
	ck_assert_int_eq(json_int_of(json_at(spill, "/parameters/0"), "max", 0), 100);
	ck_assert_str_eq(json_string_value(json_at(spill, "/parameters/4/names/1")), "black");
}
END_TEST

TEST_MAIN("base.verb", a_verb_is_found_by_place_and_by_name, what_fits_is_taken,
	  what_does_not_fit_is_named_with_what_was_expected, a_verb_without_parameters_takes_none,
	  a_duration_is_read_in_milliseconds, a_verb_describes_itself)
