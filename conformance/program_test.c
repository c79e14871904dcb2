#include "conformance/program.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "base/buf.h"
#include "base/cleanup.h"
#include "base/file.h"
#include "base/test.h"
#include "conformance/data.h"
#include "conformance/manifest.h"

static char folder[] = "/tmp/program-test-XXXXXX";

static void put(const char *name, const char *text, mode_t mode)
{
	AUTO_FREE char *path = file_join(folder, name);
	ck_assert_int_eq(file_write(path, text, strlen(text), NULL), 0);
	ck_assert_int_eq(chmod(path, mode), 0);
}

static void drop(const char *name)
{
	AUTO_FREE char *path = file_join(folder, name);
	remove(path);
}

static void setup(void)
{
	ck_assert_ptr_nonnull(mkdtemp(folder));
	put("agent", "#!/bin/sh\n", 0755);
	put("plain", "#!/bin/sh\n", 0644);
}

static void teardown(void)
{
	drop("agent");
	drop("plain");
	drop("agent.yaml");
	remove(folder);
	memcpy(folder + sizeof(folder) - 7, "XXXXXX", 6);
}

static int init(struct program *program, const char *format, struct error *err)
{
	AUTO_FREE char *text = alloc_printf("%s/%s", folder, format);
	*err = (struct error){ 0 };
	return program_init(program, AGENT_DC, text, NULL, err);
}

START_TEST(a_command_is_split_into_words_and_no_shell_sees_it)
{
	struct program p;
	struct error err;
	setup();
	ck_assert_msg(!init(&p, "agent  -v '--name=a b' \"$HOME;rm\"  x'y z'", &err), "%s",
		      err.text);
	AUTO_FREE char *path = file_join(folder, "agent");
	ck_assert_str_eq(p.argv[0], path);
	ck_assert_str_eq(p.argv[1], "-v");
	ck_assert_str_eq(p.argv[2], "--name=a b");
	ck_assert_str_eq(p.argv[3], "$HOME;rm");
	ck_assert_str_eq(p.argv[4], "xy z");
	ck_assert_ptr_null(p.argv[5]);
	ck_assert_str_eq(p.folders[0], folder);
	ck_assert_ptr_null(p.folders[1]);
	ck_assert_ptr_null(p.binding);
	program_done(&p);
	teardown();
}
END_TEST

START_TEST(a_file_among_the_words_is_made_absolute_and_visible)
{
	struct program p;
	struct error err = { 0 };
	setup();
	AUTO_FREE char *text =
		alloc_printf("sh %s/../%s/plain /nowhere -plain", folder, folder + 5);
	AUTO_FREE char *plain = file_join(folder, "plain");
	ck_assert_msg(!program_init(&p, AGENT_DC, text, NULL, &err), "%s", err.text);
	ck_assert_str_eq(p.argv[1], plain);
	ck_assert_str_eq(p.argv[2], "/nowhere");
	ck_assert_str_eq(p.argv[3], "-plain");
	ck_assert_str_eq(p.folders[1], folder);
	ck_assert_uint_eq(p.file_count, 0);
	program_done(&p);
	teardown();
}
END_TEST

START_TEST(a_file_in_a_folder_that_the_world_replaces_is_taken_along)
{
	char path[] = "/tmp/program-test-file-XXXXXX";
	struct program p;
	struct error err = { 0 };
	int file = mkstemp(path);
	ck_assert_int_ge(file, 0);
	ck_assert_int_eq(write(file, "data", 4), 4);
	close(file);
	AUTO_FREE char *text = alloc_printf("sh %s", path);
	ck_assert_msg(!program_init(&p, AGENT_DC, text, NULL, &err), "%s", err.text);
	ck_assert_uint_eq(p.file_count, 1);
	ck_assert_str_eq(p.files[0].path, path);
	ck_assert_uint_eq(p.files[0].size, 4);
	ck_assert_str_eq(p.files[0].data, "data");
	program_done(&p);
	ck_assert_int_eq(program_init(&p, AGENT_DC, path, NULL, &err),
			 -EACCES); /* not executable */
	program_done(&p);
	ck_assert_int_eq(chmod(path, 0755), 0);
	ck_assert_int_eq(program_init(&p, AGENT_DC, path, NULL, &err), -EACCES);
	ck_assert_ptr_nonnull(strstr(err.text, "lies directly in /tmp"));
	program_done(&p);
	remove(path);
}
END_TEST

START_TEST(a_program_without_a_slash_is_found_in_the_path)
{
	struct program p;
	struct error err = { 0 };
	ck_assert_msg(!program_init(&p, AGENT_DC, "sh -c true", NULL, &err), "%s", err.text);
	ck_assert_int_eq(p.argv[0][0], '/');
	program_done(&p);
}
END_TEST

START_TEST(what_cannot_be_started_is_told_apart)
{
	static const struct {
		const char *text;
		int status;
	} rows[] = {
		{ "nothing", -ENOENT },
		{ "plain", -EACCES },
		{ ".", -EACCES },
		{ "agent 'open", -EINVAL },
	};
	setup();
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct program p;
		struct error err;
		ck_assert_msg(init(&p, rows[i].text, &err) == rows[i].status, "%s: %s",
			      rows[i].text, err.text);
		ck_assert(*err.text);
		program_done(&p);
	}
	struct program p;
	struct error err = { 0 };
	ck_assert_int_eq(program_init(&p, AGENT_DC, "  ", NULL, &err), -EINVAL);
	program_done(&p);
	ck_assert_int_eq(program_init(&p, AGENT_DC, "no-such-program-anywhere", NULL, &err),
			 -ENOENT);
	program_done(&p);
	teardown();
}
END_TEST

#define MANIFEST(more) "format: ecsp-agent/1\nkind: dc\n" more

START_TEST(a_manifest_says_how_the_program_is_started_and_read)
{
	struct program p;
	struct error err;
	setup();
	put("agent.yaml",
	    MANIFEST("command: ./agent --quiet plain\nbinding: other.yaml\n"
		     "lacks: {A06: there is no PC, configuration: none}\n"),
	    0644);
	ck_assert_msg(!init(&p, "agent.yaml", &err), "%s", error_text(&err));
	AUTO_FREE char *path = file_join(folder, "agent");
	AUTO_FREE char *binding = file_join(folder, "other.yaml");
	ck_assert_str_eq(p.argv[0], path);
	AUTO_FREE char *plain = file_join(folder, "plain");
	ck_assert_str_eq(p.argv[1], "--quiet");
	ck_assert_str_eq(p.argv[2], plain);
	ck_assert_str_eq(json_string_value(json_object_get(p.lacks, "A06")), "there is no PC");
	ck_assert_str_eq(p.binding, binding);
	program_done(&p);
	teardown();
}
END_TEST

START_TEST(a_mistake_in_a_manifest_is_told)
{
	static const struct {
		const char *text;
		int status;
	} rows[] = {
		{ "format: ecsp-agent/2\nkind: dc\ncommand: ./agent\n", -EINVAL },
		{ "format: ecsp-agent/1\nkind: es\ncommand: ./agent\n", -EINVAL },
		{ MANIFEST(""), -EINVAL },
		{ MANIFEST("command: ./agent\nbindng: x\n"), -EINVAL },
		{ MANIFEST("command: ./agent\nlacks: [A06]\n"), -EINVAL },
		{ MANIFEST("command: ./agent\nlacks: {A06: }\n"), -EINVAL },
		{ MANIFEST("command: ./nothing\n"), -ENOENT },
		{ MANIFEST("command: ./plain\n"), -EACCES },
	};
	setup();
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct program p;
		struct error err;
		put("agent.yaml", rows[i].text, 0644);
		ck_assert_msg(init(&p, "agent.yaml", &err) == rows[i].status, "%s: %s",
			      rows[i].text, error_text(&err));
		program_done(&p);
	}
	teardown();
}
END_TEST

/* catalogue NULL in the rows above: nothing is known of items. */
START_TEST(an_item_that_a_manifest_lacks_is_one_that_the_agent_could_have)
{
	static const struct {
		const char *lacks, *error;
	} rows[] = {
		{ "{A06: why}", NULL },
		{ "{A6: why}",
		  ":4:9: found item 'A6', expected an id that 'ecsp list items' shows" },
		{ "{A06: why, M01: why}",
		  ":4:19: found item 'M01', expected one that this kind of agent reports" },
		{ "{A06: ''}", ":4:14: found no reason, expected why A06 cannot be there" },
	};
	struct error err = { 0 };
	AUTO_FREE char *known = data_path("conformance/requirements.yaml");
	struct catalogue *catalogue = catalogue_load(known, &err);
	setup();
	AUTO_FREE char *path = file_join(folder, "agent.yaml");
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct manifest manifest;
		AUTO_FREE char *text =
			alloc_printf(MANIFEST("command: ./agent\nlacks: %s\n"), rows[i].lacks);
		put("agent.yaml", text, 0644);
		int status = manifest_init(&manifest, path, catalogue, &err);
		ck_assert_int_eq(status, rows[i].error ? -EINVAL : 0);
		if (rows[i].error)
			ck_assert_str_eq(strchr(error_text(&err), ':'), rows[i].error);
		manifest_done(&manifest);
	}
	catalogue_free(catalogue);
	teardown();
}
END_TEST

TEST_MAIN("conformance.program", an_item_that_a_manifest_lacks_is_one_that_the_agent_could_have,
	  a_command_is_split_into_words_and_no_shell_sees_it,
	  a_file_among_the_words_is_made_absolute_and_visible,
	  a_file_in_a_folder_that_the_world_replaces_is_taken_along,
	  a_program_without_a_slash_is_found_in_the_path, what_cannot_be_started_is_told_apart,
	  a_manifest_says_how_the_program_is_started_and_read, a_mistake_in_a_manifest_is_told)
