#include "conformance/replay.h"

#include <string.h>

#include "base/cleanup.h"
#include "base/json.h"
#include "base/test.h"

static const int64_t MONDAY = 1767571200000000000; /* 2026-01-05T00:00:00Z */

#define HEAD "format: ecsp-fleet/1\ncloud: false\nprinters:\n"
#define LOBBY                                                                                      \
	"  - {name: lobby, profile: sc-t-24, address: 10.16.0.1, count: 3, serial: XT,"            \
	" day: {jobsPerDay: 20}}\n"
#define STUDIO                                                                                     \
	"  - {name: studio, profile: sc-p-12, address: 10.17.0.1, count: 2, serial: XP,"           \
	" day: {jobsPerDay: 15, nights: sleep}}\n"

/* The ledger of a day; its digest in sha256. Caller frees. */
static char *replay(const char *text, int64_t seed, char sha256[DIGEST_TEXT_MAX])
{
	struct error err = { 0 };
	struct fleetfile *file = fleetfile_parse(text, strlen(text), "fleet.yaml", &err);
	ck_assert_msg(file != NULL, "%s", error_text(&err));
	file->seed = seed;
	char *lines = NULL;
	size_t size;
	FILE *ledger = open_memstream(&lines, &size);
	struct replay_result result;
	const struct replay_options options = {
		.file = file, .start = MONDAY, .hours = 24, .ledger = ledger
	};
	ck_assert_msg(replay_run(&options, &result, &err) == 0, "%s", error_text(&err));
	fclose(ledger);
	fleetfile_free(file);
	char whole[DIGEST_TEXT_MAX];
	ck_assert_str_eq(result.sha256, digest_sha256(lines, size, whole));
	memcpy(sha256, whole, sizeof(whole));
	return lines;
}

/* The lines of one printer, in their order. Caller frees. */
static char *lines_of(const char *ledger, const char *name)
{
	AUTO_FREE char *mark = alloc_printf("\"device\":\"%s\"", name);
	struct buf out;

	buf_init(&out, 64 << 20);
	while (*ledger) {
		const char *end = strchr(ledger, '\n') + 1;
		const char *found = strstr(ledger, mark);
		if (found && found < end)
			buf_add(&out, ledger, (size_t)(end - ledger));
		ledger = end;
	}
	ck_assert_uint_gt(out.size, 10000);
	return buf_steal(&out);
}

START_TEST(two_runs_from_one_seed_have_one_digest)
{
	char one[DIGEST_TEXT_MAX], again[DIGEST_TEXT_MAX], other[DIGEST_TEXT_MAX];
	free(replay(HEAD LOBBY STUDIO, 1, one));
	free(replay(HEAD LOBBY STUDIO, 1, again));
	free(replay(HEAD LOBBY STUDIO, 2, other));
	ck_assert_str_eq(one, again);
	ck_assert_str_ne(one, other);
}
END_TEST

START_TEST(order_and_number_of_printers_do_not_change_what_one_does)
{
	static const char *const names[] = { "lobby-1", "lobby-3" };
	char sum[DIGEST_TEXT_MAX];
	AUTO_FREE char *alone = replay(HEAD LOBBY, 1, sum);
	AUTO_FREE char *first = replay(HEAD LOBBY STUDIO, 1, sum);
	AUTO_FREE char *last = replay(HEAD STUDIO LOBBY, 1, sum);
	for (size_t i = 0; i < COUNT_OF(names); i++) {
		AUTO_FREE char *a = lines_of(alone, names[i]);
		AUTO_FREE char *b = lines_of(first, names[i]);
		AUTO_FREE char *c = lines_of(last, names[i]);
		ck_assert_str_eq(a, b);
		ck_assert_str_eq(a, c);
	}
}
END_TEST

START_TEST(a_line_is_json_with_time_and_printer)
{
	char sum[DIGEST_TEXT_MAX];
	struct error err = { 0 };
	AUTO_FREE char *ledger = replay(HEAD LOBBY, 1, sum);
	AUTO_JSON json_t *line = json_read_text(ledger, strcspn(ledger, "\n"), "ledger", &err);
	ck_assert_msg(line != NULL, "%s", error_text(&err));
	ck_assert_str_eq(json_text_of(line, "time", ""), "2026-01-05T00:00:00.000Z");
	ck_assert_str_eq(json_text_of(line, "device", ""), "lobby-1");
	ck_assert_str_eq(json_text_of(json_object_get(line, "items"), "D03", ""), "XT00001");
}
END_TEST

START_TEST(days_that_cannot_be_are_refused_at_their_place)
{
	struct error err = { 0 };
	const char *text = HEAD "  - {name: a, profile: sc-t-24, address: 10.16.0.1,\n"
				"     day: {jobsPerDay: 5, hours: 18:00-08:00}}\n";
	ck_assert_ptr_null(fleetfile_parse(text, strlen(text), "fleet.yaml", &err));
	ck_assert_msg(strstr(error_text(&err), "fleet.yaml:5:34: found hours '18:00-08:00'") !=
			      NULL,
		      "%s", error_text(&err));
}
END_TEST

TEST_MAIN("conformance.replay", two_runs_from_one_seed_have_one_digest,
	  order_and_number_of_printers_do_not_change_what_one_does,
	  a_line_is_json_with_time_and_printer, days_that_cannot_be_are_refused_at_their_place)
