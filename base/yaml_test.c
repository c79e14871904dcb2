#include "base/yaml.h"

#include <string.h>

#include "base/test.h"

static struct yaml *parse(const char *text, struct error *err)
{
	return yaml_parse(text, strlen(text), "x.yaml", err);
}

START_TEST(every_value_remembers_where_it_stood)
{
	struct error err;
	struct yaml *root = parse("a: 1\nb:\n  - x\n  - {c: '2'}\n", &err);
	ck_assert_msg(root != NULL, "%s", error_text(&err));
	const struct yaml *c = yaml_get(yaml_get(root, "b")->items[1], "c");
	ck_assert_str_eq(c->text, "2");
	ck_assert(c->quoted);
	ck_assert_int_eq(c->line, 4);
	ck_assert_int_eq(c->column, 9);
	yaml_free(root);
}
END_TEST

START_TEST(what_has_no_text_has_the_place_of_what_stands_before_it)
{
	struct error err;
	struct yaml *root = parse("a:\nb:\n  - x\n  -\n  - []\nc: {}\n", &err);
	ck_assert_msg(root != NULL, "%s", error_text(&err));
	const struct yaml *b = yaml_get(root, "b");
	ck_assert_int_eq(yaml_get(root, "a")->line, 1);
	ck_assert_int_eq(b->items[1]->line, 3);
	ck_assert_int_eq(b->items[2]->line, 3);
	ck_assert_int_eq(yaml_get(root, "c")->line, 6);
	ck_assert_int_eq(yaml_get(root, "c")->key_column, 1);
	yaml_free(root);
	root = parse("- \n- \n", &err);
	ck_assert_int_eq(root->line, 1);
	ck_assert_int_eq(root->items[1]->column, 1);
	yaml_free(root);
}
END_TEST

START_TEST(mistakes_are_named_with_their_place)
{
	static const struct {
		const char *text, *want;
	} rows[] = {
		{ "a: 1\na: 2\n", "x.yaml:2:1: found 'a' a second time" },
		{ "a: [1, 2\nb: 3\n", "x.yaml:" },
		{ "a: &x 1\nb: *x\n", "x.yaml:2:" },
		{ "a: &x 1\nb:\n  - *x\n", "x.yaml:3:6: found an alias" },
		{ "", "x.yaml:1:1: found no" },
		{ "a: 1\nb: \xcd\n", "x.yaml:2:4: found byte cd, expected text in UTF-8" },
		{ "%\xcd\xcd%", "x.yaml:1:2: found byte cd, expected text in UTF-8" },
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct error err = { 0 };
		ck_assert_ptr_null(parse(rows[i].text, &err));
		ck_assert_msg(!strncmp(error_text(&err), rows[i].want, strlen(rows[i].want)),
			      "row %zu: %s", i, error_text(&err));
	}
}
END_TEST

START_TEST(a_bomb_of_aliases_is_refused)
{
	struct error err;
	ck_assert_ptr_null(parse("a: &a [1,1,1]\nb: &b [*a,*a,*a]\nc: [*b,*b,*b]\n", &err));
}
END_TEST

TEST_MAIN("base.yaml", every_value_remembers_where_it_stood,
	  what_has_no_text_has_the_place_of_what_stands_before_it,
	  mistakes_are_named_with_their_place, a_bomb_of_aliases_is_refused)
