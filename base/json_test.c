#include "base/json.h"

#include <string.h>

#include "base/cleanup.h"
#include "base/test.h"

START_TEST(sloppy_json_is_refused)
{
	static const char *const wrong[] = { "{\"a\":1,\"a\":2}", "[01]", "{} x",
					     "\"\xff\"",          "[1,]", "" };
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		struct error err;
		ck_assert_ptr_null(json_read_text(wrong[i], strlen(wrong[i]), "x", &err));
		ck_assert_str_eq(err.file, "x");
	}
}
END_TEST

START_TEST(a_pointer_finds_its_value)
{
	AUTO_JSON json_t *json = json_pack("{s:[i,{s:s}]}", "a/b", 1, "c~", "x");
	ck_assert_str_eq(json_string_value(json_at(json, "/a~1b/1/c~0")), "x");
	ck_assert_ptr_eq(json_at(json, ""), json);
	ck_assert_ptr_null(json_at(json, "/a~1b/2"));
	ck_assert_ptr_null(json_at(json, "/a~1b/x"));
	ck_assert_ptr_null(json_at(json, "a"));
}
END_TEST

START_TEST(bytes_that_are_no_text_are_marked)
{
	AUTO_JSON json_t *json = json_lossy_text("a\xff\xc3\xa4\xc0\x80", 6);
	ck_assert_str_eq(json_string_value(json), "a\xef\xbf\xbd\xc3\xa4\xef\xbf\xbd\xef\xbf\xbd");
}
END_TEST

TEST_MAIN("base.json", sloppy_json_is_refused, a_pointer_finds_its_value,
	  bytes_that_are_no_text_are_marked)
