#include "conformance/observation.h"

#include <string.h>

#include "base/buf.h"
#include "base/cleanup.h"
#include "base/file.h"
#include "base/test.h"

/* The text from "## Journal" to the next heading. Caller frees. */
static char *journal_chapter(void)
{
	AUTO_FREE char *text = file_read("docs/evidence.md", 1 << 20, NULL, NULL);
	ck_assert_ptr_nonnull(text);
	char *chapter = strstr(text, "\n## Journal\n");
	ck_assert_ptr_nonnull(chapter);
	char *end = strstr(chapter + 4, "\n## ");
	ck_assert_ptr_nonnull(end);
	return alloc_bytes(chapter, (size_t)(end - chapter));
}

/* Calls back for each word in backquotes in the first column of the table. */
static void each_documented(void (*kind)(const char *kind))
{
	AUTO_FREE char *chapter = journal_chapter();
	char *rest;

	for (char *line = strtok_r(chapter, "\n", &rest); line;
	     line = strtok_r(NULL, "\n", &rest)) {
		char *column = strchr(line, '|') == line ? line + 1 : NULL;
		char *end = column ? strchr(column, '|') : NULL, *word = NULL;
		if (!end)
			continue;
		*end = 0;
		for (char *at = strtok_r(column, "`", &word); at; at = strtok_r(NULL, "`", &word))
			if (strspn(at, " -") != strlen(at) && strcmp(at, " kind ") != 0)
				kind(at);
	}
}

static size_t documented;

static void must_be_known(const char *kind)
{
	ck_assert_msg(observation_is_known(kind), "docs/evidence.md has %s", kind);
	documented++;
}

START_TEST(every_kind_is_documented_and_nothing_else_is)
{
	size_t count = 0;

	each_documented(must_be_known);
	while (observation_kinds[count])
		count++;
	ck_assert_uint_eq(documented, count);
}
END_TEST

START_TEST(a_misspelt_kind_is_led_to_the_right_one)
{
	ck_assert(!observation_is_known("upload.store"));
	ck_assert_str_eq(observation_nearest("upload.store"), "upload.stored");
	ck_assert_ptr_null(observation_nearest("nothing.of.the.sort"));
}
END_TEST

TEST_MAIN("conformance.observation", every_kind_is_documented_and_nothing_else_is,
	  a_misspelt_kind_is_led_to_the_right_one)
