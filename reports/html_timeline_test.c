#include "base/test.h"

#include "base/json.h"
#include "reports/html.h"

enum { OUT_MAX = 1 << 20 };

static struct buf draw(json_t *timeline)
{
	struct buf out;
	struct markup m;
	ck_assert_ptr_nonnull(timeline);
	buf_init(&out, OUT_MAX);
	markup_init(&m, &out, true);
	html_timeline(&m, timeline, "dc.items");
	ck_assert(!out.failed);
	ck_assert_int_eq(m.depth, 0);
	json_decref(timeline);
	return out;
}

static json_t *one_lane(double seconds, json_t *marks)
{
	return json_pack("{s:f, s:[{s:s, s:o}]}", "seconds", seconds, "lanes", "name", "wire",
			 "marks", marks);
}

static json_t *mark(double at, const char *text)
{
	return json_pack("{s:f, s:s, s:s}", "at", at, "text", text, "kind", "event");
}

static size_t count_of(const struct buf *out, const char *text)
{
	size_t count = 0;
	for (const char *at = buf_text(out); (at = strstr(at, text)); at++)
		count++;
	return count;
}

START_TEST(words_that_find_no_room_are_left_to_the_table)
{
	json_t *marks = json_array();
	for (int i = 0; i < 100; i++)
		json_array_append_new(marks, mark(0.5, "crowd"));
	struct buf out = draw(one_lane(1, marks));
	ck_assert_uint_eq(count_of(&out, ">crowd</text>"), 7);
	ck_assert_uint_eq(count_of(&out, "<td>crowd</td>"), 100);
	buf_done(&out);
}
END_TEST

START_TEST(words_near_the_end_stand_before_their_mark)
{
	struct buf out = draw(one_lane(1, json_pack("[o]", mark(0.99, "upload stored"))));
	ck_assert_ptr_nonnull(
		strstr(buf_text(&out), "dx=\"-5\" text-anchor=\"end\">upload stored"));
	buf_done(&out);
}
END_TEST

START_TEST(words_that_follow_closely_go_one_track_lower)
{
	struct buf out = draw(one_lane(1, json_pack("[o, o, o]", mark(0.1, "first words"),
						    mark(0.11, "second"), mark(0.6, "third"))));
	ck_assert_ptr_nonnull(strstr(buf_text(&out), "x=\"10.00%\" y=\"17\""));
	ck_assert_ptr_nonnull(strstr(buf_text(&out), "x=\"11.00%\" y=\"35\""));
	ck_assert_ptr_nonnull(strstr(buf_text(&out), "x=\"60.00%\" y=\"17\""));
	buf_done(&out);
}
END_TEST

START_TEST(a_mark_after_the_end_stands_at_the_end)
{
	struct buf out = draw(one_lane(0, json_pack("[o]", mark(7, "late"))));
	ck_assert_ptr_nonnull(strstr(buf_text(&out), "x1=\"100.00%\""));
	buf_done(&out);
}
END_TEST

START_TEST(long_words_are_cut_between_characters)
{
	struct buf out = draw(one_lane(
		1, json_pack("[o]",
			     mark(0, "測測測測測測測測測測測測測測測測測測測測測測測測測測測測測"
				     "測測測測測測測測測測測測測測測測測測測測測測"))));
	ck_assert_ptr_nonnull(strstr(buf_text(&out), "測…</text>"));
	ck_assert_uint_eq(count_of(&out, "\ufffd"), 0);
	buf_done(&out);
}
END_TEST

TEST_MAIN("reports.html_timeline", words_that_find_no_room_are_left_to_the_table,
	  words_near_the_end_stand_before_their_mark, words_that_follow_closely_go_one_track_lower,
	  a_mark_after_the_end_stands_at_the_end, long_words_are_cut_between_characters)
