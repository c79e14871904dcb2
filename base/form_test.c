#include "base/form.h"

#include <string.h>

#include "base/test.h"

struct ink {
	char *color;
	int64_t level;
};

struct thing {
	char *name;
	int64_t wait_ms;
	int mode;
	uint32_t address;
	bool on;
	struct form_list inks, tags;
};

static const char *const modes[] = { "slow", "fast", NULL };
static const struct field ink_fields[] = {
	{ "color", FIELD_TEXT, offsetof(struct ink, color), .required = true },
	{ "level", FIELD_INT, offsetof(struct ink, level), .max = 100 },
	{ .name = NULL },
};
static const struct form ink_form = { "an ink", sizeof(struct ink), ink_fields };
static const struct field fields[] = {
	{ "name", FIELD_TEXT, offsetof(struct thing, name), .required = true },
	{ "wait", FIELD_DURATION, offsetof(struct thing, wait_ms), .max = 60000 },
	{ "mode", FIELD_ENUM, offsetof(struct thing, mode), .names = modes },
	{ "address", FIELD_IPV4, offsetof(struct thing, address) },
	{ "on", FIELD_BOOL, offsetof(struct thing, on) },
	{ "inks", FIELD_LIST, offsetof(struct thing, inks), .form = &ink_form, .max = 4 },
	{ "tags", FIELD_TEXTS, offsetof(struct thing, tags) },
	{ .name = NULL },
};
static const struct form form = { "a thing", sizeof(struct thing), fields };

static int load(const char *text, struct thing *thing, struct error *err)
{
	*thing = (struct thing){ 0 };
	struct yaml *root = yaml_parse(text, strlen(text), "t.yaml", err);
	ck_assert_ptr_nonnull(root);
	int status = form_load(&form, root, thing, err);
	yaml_free(root);
	return status;
}

START_TEST(a_whole_map_is_loaded)
{
	struct thing thing;
	struct error err = { 0 };
	ck_assert_msg(load("name: n\nwait: 1.5s\nmode: fast\naddress: 10.16.0.1\non: true\n"
			   "inks: [{color: K, level: 7}, {color: C}]\ntags: [a, b]\n",
			   &thing, &err) == 0,
		      "%s", error_text(&err));
	ck_assert_int_eq(thing.wait_ms, 1500);
	ck_assert_int_eq(thing.mode, 1);
	ck_assert_uint_eq(thing.address, 0x0a100001);
	ck_assert_uint_eq(thing.inks.count, 2);
	ck_assert_int_eq(((struct ink *)thing.inks.items)[0].level, 7);
	ck_assert_str_eq(((char **)thing.tags.items)[1], "b");
	form_done(&form, &thing);
}
END_TEST

START_TEST(mistakes_say_what_was_found_and_what_was_expected)
{
	static const struct {
		const char *text, *want;
	} rows[] = {
		{ "nme: n\n", "t.yaml:1:1: found 'nme', expected one of the known names: did you "
			      "mean 'name'?" },
		{ "mode: fast\n", "t.yaml:1:1: found no 'name', expected it in a thing" },
		{ "name: n\nmode: fats\n", "t.yaml:2:7: found 'fats', expected one of the known "
					   "names: did you mean 'fast'?" },
		{ "name: n\nwait: 5\n",
		  "t.yaml:2:7: found '5', expected a duration such as 250ms, 5s or 2m" },
		{ "name: n\nwait: 2m\n", "t.yaml:2:7: found '2m', expected at most 60000 ms" },
		{ "name: n\ninks: [{color: K, level: 101}]\n",
		  "t.yaml:2:26: found 101, expected a number from 0 to 100" },
		{ "name: n\ninks: 3\n", "t.yaml:2:7: found '3', expected a list" },
		{ "name: n\non: maybe\n", "t.yaml:2:5: found 'maybe', expected true or false" },
		{ "name: [a]\n", "t.yaml:1:8: found a list, expected a text" },
		{ "name:\n", "t.yaml:1:1: found nothing, expected a text" },
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct thing thing;
		struct error err = { 0 };
		ck_assert_int_lt(load(rows[i].text, &thing, &err), 0);
		ck_assert_str_eq(error_text(&err), rows[i].want);
		form_done(&form, &thing);
	}
}
END_TEST

START_TEST(the_schema_names_every_field)
{
	json_t *schema = form_schema(&form);
	ck_assert_uint_eq(json_object_size(json_object_get(schema, "properties")), 7);
	ck_assert_str_eq(json_string_value(json_array_get(json_object_get(schema, "required"), 0)),
			 "name");
	json_decref(schema);
}
END_TEST

TEST_MAIN("base.form", a_whole_map_is_loaded, mistakes_say_what_was_found_and_what_was_expected,
	  the_schema_names_every_field)
