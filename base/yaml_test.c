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

START_TEST(mistakes_are_named_with_their_place)
{
	static const struct {
		const char *text, *want;
	} rows[] = {
		{ "a: 1\na: 2\n", "x.yaml:2:1: found 'a' a second time" },
		{ "a: [1, 2\nb: 3\n", "x.yaml:" },
		{ "a: &x 1\nb: *x\n", "x.yaml:2:" },
		{ "", "x.yaml:1:1: found no" },
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

TEST_MAIN("base.yaml", every_value_remembers_where_it_stood, mistakes_are_named_with_their_place,
	  a_bomb_of_aliases_is_refused)
