#include "agents/common/setup_document.h"

#include <string.h>

#include "base/cleanup.h"
#include "base/test.h"

START_TEST(a_document_is_read_whole)
{
	static const char text[] = "{\"version\":7,\"intervalMs\":60000,\"pollMs\":5000,"
				   "\"designated\":[\"10.16.0.10\",\"10.16.0.11\",\"10.16.0.10\"]}";
	struct setup_document document;
	struct error err = { 0 };

	ck_assert_int_eq(setup_read(&document, text, strlen(text), &err), 0);
	ck_assert_int_eq(document.version, 7);
	ck_assert_int_eq(document.interval_ms, 60000);
	ck_assert_int_eq(document.poll_ms, 5000);
	ck_assert(document.designates);
	ck_assert_uint_eq(document.count, 2);
	ck_assert_uint_eq(document.designated[1], 0x0a10000b);
	setup_document_done(&document);
}
END_TEST

static const struct {
	const char *text;
	bool sound;
} rows[] = {
	{ "{\"version\":1}", true },
	{ "{\"version\":2147483647,\"designated\":[]}", true },
	{ "", false },
	{ "null", false },
	{ "[]", false },
	{ "{\"version\":1", false },
	{ "{\"version\":1} {}", false },
	{ "{}", false },
	{ "{\"version\":0}", false },
	{ "{\"version\":1.5}", false },
	{ "{\"version\":\"1\"}", false },
	{ "{\"version\":1e300}", false },
	{ "{\"version\":1,\"version\":2}", false },
	{ "{\"version\":1,\"intervalMs\":99}", false },
	{ "{\"version\":1,\"intervalMs\":604800001}", false },
	{ "{\"version\":1,\"pollMs\":null}", false },
	{ "{\"version\":1,\"community\":\"private\"}", false },
	{ "{\"version\":1,\"designated\":\"10.16.0.10\"}", false },
	{ "{\"version\":1,\"designated\":[\"10.16.0.256\"]}", false },
	{ "{\"version\":1,\"designated\":[10]}", false },
	{ "{\"version\":1,\"designated\":[],\"designated\":[]}", false },
};

START_TEST(what_is_not_declared_is_refused_as_a_whole)
{
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct setup_document document;
		struct error err = { 0 };
		int status = setup_read(&document, rows[i].text, strlen(rows[i].text), &err);
		ck_assert_msg((status == 0) == rows[i].sound, "%s: %s", rows[i].text, err.text);
		ck_assert(rows[i].sound || err.text[0]);
		setup_document_done(&document);
	}
}
END_TEST

START_TEST(nothing_hides_behind_a_nul)
{
	static const char text[] = "{\"version\":1}\0{";
	struct setup_document document;
	struct error err = { 0 };

	ck_assert_int_lt(setup_read(&document, text, sizeof(text) - 1, &err), 0);
	setup_document_done(&document);
}
END_TEST

START_TEST(newer_is_a_higher_version)
{
	const struct setup_document four = { .version = 4 }, five = { .version = 5 };

	ck_assert(setup_is_newer(&five, &four));
	ck_assert(!setup_is_newer(&four, &four));
	ck_assert(!setup_is_newer(&four, &five));
	ck_assert(setup_is_newer(&four, NULL));
}
END_TEST

TEST_MAIN("agents.setup_document", a_document_is_read_whole,
	  what_is_not_declared_is_refused_as_a_whole, nothing_hides_behind_a_nul,
	  newer_is_a_higher_version)
