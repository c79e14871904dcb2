#include "base/test.h"
#include "conformance/judge_fixture.h"

/* What was on disk before 2000 ms must have arrived. */
#define KEPT(min) SCENE_ONE("- kept: {until: over, min: " #min "}\n    requirement: OWN-3\n")

struct row {
	const char *name;
	const char *files[4];    /* ids that lie on disk at 1500 ms */
	const char *uploads[4];  /* ids that were stored */
	const char *late, *text; /* on disk at 2500 ms; another content of a file */
	const char *history;     /* D11 of the truth; NULL: none */
	const char *sent;        /* "history" of each record; NULL: none */
	bool no_fault, stops;
	enum verdict verdict;
	const char *reason;
};

static const struct row rows[] = {
	{ "all arrived",
	  { "a", "b" },
	  { "a", "b", "c" },
	  .verdict = VERDICT_PASS,
	  .reason = "2 records lay" },
	{ "lost", { "a", "b" }, { "a" }, .verdict = VERDICT_FAIL, .reason = "record b was on" },
	{ "twice",
	  { "a", "b" },
	  { "a", "b", "a" },
	  .verdict = VERDICT_FAIL,
	  .reason = "stored twice" },
	{ "after the window",
	  { "a", "b" },
	  { "a", "b" },
	  .late = "z",
	  .verdict = VERDICT_PASS,
	  .reason = "2 records lay" },
	{ "too little was seen",
	  { "a" },
	  { "a", "b" },
	  .verdict = VERDICT_INCONCLUSIVE,
	  .reason = "1 records were seen" },
	{ "half a record is none",
	  { "a", "b" },
	  { "a", "b" },
	  .text = "{'path':'/x','text':'abcd\\n{\\'record\\':\\'h\\''}",
	  .verdict = VERDICT_PASS,
	  .reason = "2 records lay" },
	{ "every line of a file counts",
	  { "a", "b" },
	  { "a", "b" },
	  .text = "{'path':'/x','text':'{\\'record\\':\\'a\\'}\\n{\\'record\\':\\'h\\'}\\n'}",
	  .verdict = VERDICT_FAIL,
	  .reason = "record h was on" },
	{ "the history arrived",
	  { "a", "b" },
	  { "a", "b" },
	  .history = "{'D11':[{'number':1}]}",
	  .sent = "{'history':[{'number':1},{'number':2}]}",
	  .verdict = VERDICT_PASS,
	  .reason = "2 records lay" },
	{ "a row of the history is lost",
	  { "a", "b" },
	  { "a", "b" },
	  .history = "{'D11':[{'number':1},{'number':2}]}",
	  .sent = "{'history':[{'number':1}]}",
	  .verdict = VERDICT_FAIL,
	  .reason = "D11 of lobby is in no record: {\"number\":2}" },
	{ "no fault",
	  { "a", "b" },
	  { "a", "b" },
	  .no_fault = true,
	  .verdict = VERDICT_INCONCLUSIVE,
	  .reason = "never reached the agent" },
	{ "not reached",
	  { "a", "b" },
	  { "a", "b" },
	  .stops = true,
	  .verdict = VERDICT_INCONCLUSIVE,
	  .reason = "before the step" },
};

/* The fixture writes " as '; inside a text both are needed. */
static void add_file(struct scene *scene, int64_t ms, const char *fields)
{
	struct buf text;

	buf_init(&text, 4096);
	for (const char *at = fields; *at; at++) {
		if (at[0] == '\\' && at[1] == '\'') {
			buf_add_text(&text, "\\\"");
			at++;
		} else {
			buf_add_u8(&text, *at == '\'' ? '"' : (uint8_t)*at);
		}
	}
	struct error err = { 0 };
	json_t *json = json_read_text(buf_text(&text), text.size, "file", &err);
	ck_assert_msg(json != NULL, "%s: %s", fields, err.text);
	buf_done(&text);
	scene_add(scene, ms, "storage.file", json);
}

static void add_record_file(struct scene *scene, int64_t ms, const char *id)
{
	AUTO_FREE char *text = alloc_printf("sum\n{\"record\":\"%s\"}", id);

	scene_add(scene, ms, "storage.file",
		  json_pack("{s:s,s:s}", "path", "/var/lib/ecsp-agent/records/1", "text", text));
}

static void play(struct scene *scene, const struct row *row)
{
	scene_init(scene, KEPT(2));
	scene_truth(scene, 0, row->history ? row->history : "{}");
	scene_works(scene, 100);
	scene_step(scene, 1000, "begin");
	scene_line(scene, 1050, "fault.armed", "{'fault':'storage.kill'}");
	if (!row->no_fault)
		scene_reached(scene, 1100, "storage.kill");
	for (size_t i = 0; i < COUNT_OF(row->files) && row->files[i]; i++)
		add_record_file(scene, 1500, row->files[i]);
	if (row->text)
		add_file(scene, 1600, row->text);
	if (!row->stops)
		scene_step(scene, 2000, "over");
	if (row->late)
		add_record_file(scene, 2500, row->late);
	for (size_t i = 0; i < COUNT_OF(row->uploads) && row->uploads[i]; i++)
		scene_upload(scene, &(struct scene_record){ .acquired = 1200,
							    .stored = 2600,
							    .id = row->uploads[i],
							    .more = row->sent });
	scene_end(scene, 3000);
	scene_judge(scene);
}

START_TEST(what_lay_on_disk_and_in_histories_must_have_arrived_once)
{
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct scene s;
		play(&s, &rows[i]);
		scene_says_of(&s, rows[i].name, "kept", rows[i].verdict, rows[i].reason);
		scene_done(&s);
	}
}
END_TEST

START_TEST(the_moment_at_which_a_lost_record_was_seen_is_the_evidence)
{
	struct scene s;
	play(&s, &rows[1]);
	/* start, three of work, begin, armed, reached, then the files of a and b */
	ck_assert_int_eq(scene_refers(&s, "kept", "line", 0), 9);
	scene_done(&s);
}
END_TEST

TEST_MAIN("conformance.expect_kept", what_lay_on_disk_and_in_histories_must_have_arrived_once,
	  the_moment_at_which_a_lost_record_was_seen_is_the_evidence)
