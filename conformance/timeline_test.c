#include "conformance/timeline.h"

#include "base/test.h"
#include "conformance/judge_fixture.h"

#define SEEN SCENE_ONE("- seen: {for: certificate.sent}\n    requirement: TLS-2\n")

static const json_t *lane(const json_t *timeline, const char *name)
{
	size_t i;
	json_t *at;
	json_array_foreach (json_object_get(timeline, "lanes"), i, at)
		if (!strcmp(json_text_of(at, "name", ""), name))
			return json_object_get(at, "marks");
	ck_abort_msg("no lane %s", name);
}

START_TEST(what_happened_stands_in_its_lane_with_its_time_and_line)
{
	struct scene s;
	scene_init(&s, SEEN);
	scene_line(&s, 250, "printer.action", "{'device':'lobby','action':'jam'}");
	scene_line(&s, 300, "upload.stored", "{'collection':'event','devices':['lobby','attic']}");
	scene_line(&s, 400, "snmp.request", "{'device':'lobby'}");
	scene_end(&s, 900);
	AUTO_JSON json_t *timeline = timeline_of(&s.evidence);
	ck_assert_double_eq_tol(json_real_value(json_object_get(timeline, "seconds")), 0.9, 1e-9);
	const json_t *jam = json_array_get(lane(timeline, "printers"), 0);
	ck_assert_str_eq(json_text_of(jam, "text", ""), "lobby jam");
	ck_assert_str_eq(json_text_of(jam, "kind", ""), "state");
	ck_assert_int_eq(json_int_of(jam, "line", 0), 2);
	ck_assert_double_eq_tol(json_real_value(json_object_get(jam, "at")), 0.25, 1e-9);
	const json_t *upload = json_array_get(lane(timeline, "cloud"), 0);
	ck_assert_str_eq(json_text_of(upload, "text", ""), "upload event lobby attic");
	ck_assert_uint_eq(json_array_size(lane(timeline, "printers")), 1);
	ck_assert_uint_eq(json_array_size(lane(timeline, "wire")), 0);
	scene_done(&s);
}
END_TEST

START_TEST(a_lane_is_cut_before_it_gets_unreadable)
{
	struct scene s;
	scene_init(&s, SEEN);
	for (int i = 0; i < 1000; i++)
		scene_line(&s, i, "upload.duplicate", "{}");
	scene_end(&s, 1000);
	AUTO_JSON json_t *timeline = timeline_of(&s.evidence);
	ck_assert_uint_eq(json_array_size(lane(timeline, "cloud")), 60);
	scene_done(&s);
}
END_TEST

TEST_MAIN("conformance.timeline", what_happened_stands_in_its_lane_with_its_time_and_line,
	  a_lane_is_cut_before_it_gets_unreadable)
