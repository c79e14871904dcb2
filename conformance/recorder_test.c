#include "conformance/recorder.h"

#include <errno.h>
#include <sys/stat.h>

#include "base/file.h"
#include "base/test.h"
#include "conformance/anonymise.h"
#include "conformance/import.h"
#include "conformance/serve_fixture.h"
#include "sim/printer/frozen.h"

struct studio {
	char folder[32];
	char *out, *part;
	struct serve serve;
	struct recorder recorder;
	struct error err;
};

static struct studio *studio_new(const char *profile, bool frozen)
{
	struct studio *studio = alloc_zero(1, sizeof(*studio));

	snprintf(studio->folder, sizeof(studio->folder), "/tmp/studio-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(studio->folder));
	studio->out = file_join(studio->folder, "out.yaml");
	studio->part = alloc_printf("%s.part", studio->out);
	studio->serve = serve_start(profile, frozen);
	studio->recorder = (struct recorder){
		.host = "127.0.0.1",
		.snmp_port = studio->serve.snmp_port,
		.enpc_port = studio->serve.enpc_port,
		.walker = { .version = "2c", .community = "public", .timeout_ms = 5000 },
		.out = studio->out,
		.name = "recorded",
		.keep_identity = true,
	};
	return studio;
}

static void studio_free(struct studio *studio)
{
	serve_stop(&studio->serve);
	unlink(studio->out);
	unlink(studio->part);
	rmdir(studio->folder);
	free(studio->out);
	free(studio->part);
	free(studio);
}

static void record(struct studio *studio)
{
	int rows = recorder_run(&studio->recorder, &studio->err);
	ck_assert_msg(rows > 300, "%d: %s", rows, error_text(&studio->err));
	ck_assert_int_ne(access(studio->part, F_OK), 0);
}

/* Served frozen, what was recorded is what the printer said; only time has moved on. */
static bool moves(const uint32_t *oid, size_t count)
{
	static const char *const clocks[] = { "1.3.6.1.2.1.1.3", "1.3.6.1.2.1.25.1.1",
					      "1.3.6.1.2.1.25.1.2",
					      "1.3.6.1.4.1.1248.1.2.2.3.1.1.11" };
	struct oid top;
	for (size_t i = 0; i < COUNT_OF(clocks); i++)
		if (oid_parse(clocks[i], &top) && oid_below(oid, count, &top))
			return true;
	return false;
}

static void check_same(const struct studio *studio)
{
	struct serve again = serve_start(studio->out, true);
	struct mib *first = serve_walk(&studio->serve), *second = serve_walk(&again);

	serve_stop(&again);
	ck_assert(first && second);
	ck_assert_uint_eq(mib_count(first), mib_count(second));
	ck_assert_uint_eq(serve_missing(first, second, moves), 0);
	mib_free(first);
	mib_free(second);
}

START_TEST(what_is_recorded_is_served_again)
{
	static const char *const versions[] = { "1", "2c" };
	struct studio *studio = studio_new("sim/printer/profiles/sc-t-24.yaml", false);

	studio->recorder.walker.version = versions[_i];
	record(studio);
	check_same(studio);
	studio_free(studio);
}
END_TEST

START_TEST(an_interrupted_recording_goes_on_where_it_ended)
{
	struct studio *studio = studio_new("sim/printer/profiles/sc-t-24.yaml", false);
	struct error err;

	/* Its last row was being written. */
	ck_assert_int_eq(file_write(studio->part,
				    "1.3.6.1.2.1.1.1.0|4|kept\n1.3.6.1.2.1.1.2.0|6|1.3", 47, &err),
			 0);
	ck_assert_int_eq(recorder_run(&studio->recorder, &studio->err), -EEXIST);
	ck_assert_ptr_nonnull(strstr(studio->err.text, "--resume"));
	studio->recorder.resume = true;
	record(studio);
	AUTO_FREE char *text = file_read(studio->out, 1 << 22, NULL, &err);
	ck_assert_ptr_nonnull(strstr(text, "oid: 1.3.6.1.2.1.1.1.0, type: text, value: \"kept\""));
	ck_assert_ptr_nonnull(strstr(text, "oid: 1.3.6.1.2.1.1.2.0, type: oid, value: \"1.3.6"));
	studio_free(studio);
}
END_TEST

START_TEST(who_it_was_is_nowhere_in_the_file)
{
	struct studio *studio = studio_new("sim/printer/profiles/sc-t-24.yaml", false);
	/* As device.c derives them from the address 127.0.0.1. */
	static const char *const told[] = {
		"XT24000001", "585432343030303030", "02007f000001", "127.0.0.1", "7F000001",
	};
	struct error err;

	record(studio);
	AUTO_FREE char *open_text = file_read(studio->out, 1 << 22, NULL, &err);
	studio->recorder.keep_identity = false;
	record(studio);
	AUTO_FREE char *text = file_read(studio->out, 1 << 22, NULL, &err);
	ck_assert_ptr_nonnull(strstr(open_text, told[0]));
	ck_assert_ptr_nonnull(strstr(open_text, told[2]));
	ck_assert_ptr_null(strstr(text, told[0]));
	ck_assert_ptr_null(strstr(text, told[2]));
	ck_assert_ptr_nonnull(strstr(text, "XSIM000001"));
	ck_assert_ptr_nonnull(strstr(text, "function: \"02-0000\""));
	studio_free(studio);
}
END_TEST

START_TEST(a_frozen_printer_repeats_the_recorded_enpc_replies)
{
	struct studio *studio = studio_new("sim/printer/profiles/sc-t-24.yaml", false);
	struct error err;

	record(studio);
	AUTO_FREE char *first = file_read(studio->out, 1 << 22, NULL, &err);
	struct serve again = serve_start(studio->out, true);
	studio->recorder.snmp_port = again.snmp_port;
	studio->recorder.enpc_port = again.enpc_port;
	record(studio);
	serve_stop(&again);
	AUTO_FREE char *second = file_read(studio->out, 1 << 22, NULL, &err);
	const char *a = strstr(first, "enpc:"), *b = strstr(second, "enpc:");
	ck_assert(a && b);
	/* Three replies; the interface's name holds an address that no second printer derives. */
	ck_assert_ptr_nonnull(strstr(a, "00-0010"));
	ck_assert(!memcmp(a, b, (size_t)(strstr(a, "\nrows:") - a)));
	studio_free(studio);
}
END_TEST

START_TEST(a_printer_that_does_not_answer_is_told)
{
	struct studio *studio = studio_new("sim/printer/profiles/sc-t-24.yaml", false);

	studio->recorder.walker.community = "secret";
	studio->recorder.walker.timeout_ms = 50;
	ck_assert_int_eq(recorder_run(&studio->recorder, &studio->err), -ETIMEDOUT);
	ck_assert_ptr_nonnull(strstr(studio->err.text, "no answer"));
	ck_assert_int_ne(access(studio->part, F_OK), 0); /* nothing to go on with */
	studio_free(studio);
}
END_TEST

START_TEST(what_version_3_lacks_is_told)
{
	static const struct {
		struct walker_options walker;
		const char *words;
	} rows[] = {
		{ { .version = "4" }, "1, 2c or 3" },
		{ { .version = "3" }, "a user" },
		{ { .version = "3", .user = "u", .auth_protocol = "ROT13" }, "ROT13" },
		{ { .version = "3", .user = "u", .priv_protocol = "AES" }, "none" },
		{ { .version = "3", .user = "u", .auth_protocol = "SHA", .auth_password = "short" },
		  "at least 8" },
		{ { .version = "3",
		    .user = "u",
		    .auth_protocol = "SHA",
		    .auth_password = "longenough",
		    .priv_protocol = "XOR" },
		  "XOR" },
	};
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct walker_options options = rows[i].walker;
		struct error err = { 0 };
		options.peer = "udp:127.0.0.1:9";
		options.timeout_ms = 50;
		ck_assert_ptr_null(walker_open(&options, &err));
		ck_assert_msg(strstr(err.text, rows[i].words) != NULL, "%s", err.text);
	}
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("conformance.recorder");
	TCase *tcase = tcase_create("conformance.recorder");
	tcase_set_timeout(tcase, 30);
	tcase_add_loop_test(tcase, what_is_recorded_is_served_again, 0, 2);
	tcase_add_test(tcase, an_interrupted_recording_goes_on_where_it_ended);
	tcase_add_test(tcase, who_it_was_is_nowhere_in_the_file);
	tcase_add_test(tcase, a_frozen_printer_repeats_the_recorded_enpc_replies);
	tcase_add_test(tcase, a_printer_that_does_not_answer_is_told);
	tcase_add_test(tcase, what_version_3_lacks_is_told);
	suite_add_tcase(suite, tcase);
	SRunner *runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	int failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
