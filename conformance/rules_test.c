/* The standing rules: each kept, breached and not shown. */
#include "base/test.h"
#include "conformance/judge_fixture.h"

#define QUIET SCENE_ONE("- seen: {for: upload.stored}\n    requirement: SND-1\n")
#define MARK  "mark-0123456789abcdef"

enum { IDLE = 1, NO_EXIT = 2, NO_LOOK = 4, NO_MARK = 8, NO_UPLOAD = 16 };

struct row {
	const char *name, *rule, *requirement;
	const char *kind, *fields; /* one more observation, NULL: none */
	unsigned flags;
	enum verdict verdict;
	const char *reason;
};

static const struct row rows[] = {
	{ "kept", "no-listener", "NET-2", NULL, NULL, 0, VERDICT_PASS, "no socket was opened" },
	{ "listens", "no-listener", "NET-2", "socket.listen", "{'protocol':'tcp','port':8080}", 0,
	  VERDICT_FAIL, "listens on tcp port 8080" },
	{ "bound UDP", "no-listener", "NET-2", "socket.bind", "{'protocol':'udp','port':161}", 0,
	  VERDICT_FAIL, "bound udp port 161" },
	{ "bound UDP-Lite", "no-listener", "NET-2", "socket.bind",
	  "{'protocol':'udplite','port':4444}", 0, VERDICT_FAIL, "bound udplite port 4444" },
	{ "bound any port", "no-listener", "NET-2", "socket.bind", "{'protocol':'udp','port':0}", 0,
	  VERDICT_PASS, "no socket was opened" },
	{ "still there", "no-listener", "NET-2", "world.sockets",
	  "{'listening':[{'protocol':'tcp','address':'0.0.0.0','port':22}]}", 0, VERDICT_FAIL,
	  "was there at the end" },
	{ "idle", "no-listener", "NET-2", NULL, NULL, IDLE, VERDICT_INCONCLUSIVE,
	  "not seen at work" },
	{ "not looked", "no-listener", "NET-2", NULL, NULL, NO_LOOK, VERDICT_INCONCLUSIVE,
	  "last look" },

	{ "kept", "no-print-data", "COL-7", NULL, NULL, 0, VERDICT_PASS, "none of 1 marks" },
	{ "nothing sent", "no-print-data", "COL-7", NULL, NULL, NO_UPLOAD, VERDICT_INCONCLUSIVE,
	  "nothing was uploaded" },
	{ "nothing planted", "no-print-data", "COL-7", NULL, NULL, NO_MARK, VERDICT_INCONCLUSIVE,
	  "no mark was planted" },

	{ "kept", "json", "SND-3", NULL, NULL, 0, VERDICT_PASS, "all 1 uploads" },
	{ "refused", "json", "SND-3", "upload.refused", "{'status':400,'why':'/records: empty'}", 0,
	  VERDICT_FAIL, "/records: empty" },
	{ "none", "json", "SND-3", NULL, NULL, NO_UPLOAD, VERDICT_INCONCLUSIVE,
	  "nothing was uploaded" },

	{ "ended", "life", "OWN-1", NULL, NULL, 0, VERDICT_PASS, "when it was told to" },
	{ "killed", "life", "OWN-1", "agent.killed", "{'why':'deadline'}", 0, VERDICT_FAIL,
	  "had to be ended: deadline" },
	{ "crashed", "life", "OWN-1", "agent.exit",
	  "{'signal':'SIGSEGV','asked':false,'crashed':true}", 0, VERDICT_FAIL, "SIGSEGV" },
	{ "ended by itself", "life", "OWN-1", "agent.exit",
	  "{'code':0,'asked':false,'crashed':false}", 0, VERDICT_FAIL,
	  "ended by itself with exit code 0" },
	{ "ended ill", "life", "OWN-1", "agent.exit", "{'code':7,'asked':true,'crashed':false}", 0,
	  VERDICT_FAIL, "as it was told, but with exit code 7" },
	{ "left something", "life", "OWN-1", "agent.left", "{'count':2,'name':'sh'}", 0,
	  VERDICT_WARN, "left 2 processes behind: sh, …" },
	{ "never ended", "life", "OWN-1", NULL, NULL, NO_EXIT, VERDICT_INCONCLUSIVE,
	  "not seen at work and ending" },
	{ "idle", "life", "OWN-1", NULL, NULL, IDLE, VERDICT_INCONCLUSIVE, "not seen at work" },

	{ "clean", "evidence-untouched", "OWN-2", NULL, NULL, 0, VERDICT_PASS,
	  "no file was changed or opened for writing" },
	{ "wrote configuration", "evidence-untouched", "OWN-2", "file.write",
	  "{'path':'/etc/passwd'}", 0, VERDICT_FAIL, "tried to change /etc/passwd" },
	{ "wrote evidence", "evidence-untouched", "OWN-2", "file.write",
	  "{'path':'/srv/run/journal.jsonl'}", 0, VERDICT_FAIL, "journal.jsonl" },
	{ "wrote a cache", "evidence-untouched", "OWN-2", "file.write",
	  "{'path':'/var/cache/fonts'}", 0, VERDICT_WARN, "/var/cache/fonts" },
	{ "not looked", "evidence-untouched", "OWN-2", NULL, NULL, NO_LOOK, VERDICT_INCONCLUSIVE,
	  "the watch on its files is missing" },
	{ "idle", "evidence-untouched", "OWN-2", NULL, NULL, IDLE, VERDICT_INCONCLUSIVE,
	  "not seen at work" },

	{ "clean", "secrets-kept", "OWN-5", NULL, NULL, 0, VERDICT_PASS,
	  "no password and no print data" },
	{ "logged", "secrets-kept", "OWN-5", "secret.left",
	  "{'what':'its password','password':true,'encoding':'base64'}", 0, VERDICT_FAIL,
	  "the agent's log holds its password (base64)" },
	{ "kept for itself", "secrets-kept", "OWN-5", "secret.left",
	  "{'what':'its password','password':true,'path':'/var/lib/ecsp-agent/login',"
	  "'mode':'0600'}",
	  0, VERDICT_PASS, "no password and no print data" },
	{ "for others to read", "secrets-kept", "OWN-5", "secret.left",
	  "{'what':'its password','password':true,'path':'/var/lib/ecsp-agent/login',"
	  "'mode':'0640'}",
	  0, VERDICT_FAIL, "others may read (mode 0640)" },
	{ "left behind", "secrets-kept", "OWN-5", "secret.left",
	  "{'what':'its password','password':true,'path':'/tmp/x','mode':'0600'}", 0, VERDICT_FAIL,
	  "outside its state folder, in /tmp/x" },
	{ "kept print data", "secrets-kept", "OWN-5", "secret.left",
	  "{'what':'the owner of a job','password':false,"
	  "'path':'/var/lib/ecsp-agent/cache','mode':'0600'}",
	  0, VERDICT_FAIL, "left the owner of a job in the file" },
	{ "half looked through", "secrets-kept", "OWN-5", "world.left", "{'files':3,'whole':false}",
	  0, VERDICT_INCONCLUSIVE, "not looked through wholly" },
	{ "not looked", "secrets-kept", "OWN-5", NULL, NULL, NO_LOOK, VERDICT_INCONCLUSIVE,
	  "not looked through wholly" },
	{ "idle", "secrets-kept", "OWN-5", NULL, NULL, IDLE, VERDICT_INCONCLUSIVE,
	  "not seen at work" },

	{ "tried", "designated-only", "COL-6", NULL, NULL, 0, VERDICT_PASS, "SNMP" },
	{ "idle", "designated-only", "COL-6", NULL, NULL, IDLE, VERDICT_INCONCLUSIVE,
	  "did nothing" },
	{ "tried", "tls-only", "TLS-1", NULL, NULL, 0, VERDICT_PASS, "bytes inside TLS" },
	{ "idle", "tls-only", "TLS-1", NULL, NULL, IDLE, VERDICT_INCONCLUSIVE, "did nothing" },
	{ "tried", "tls-version", "GEN-2", NULL, NULL, 0, VERDICT_PASS, "bytes inside TLS" },
	{ "idle", "tls-version", "GEN-2", NULL, NULL, IDLE, VERDICT_INCONCLUSIVE, "did nothing" },
};

static void last_look(struct scene *scene, unsigned flags)
{
	if (!(flags & NO_EXIT))
		scene_line(scene, 800, "agent.exit", "{'code':0,'asked':true,'crashed':false}");
	if (!(flags & NO_LOOK)) {
		scene_line(scene, 800, "world.sockets", "{'listening':[],'missed':0}");
		scene_line(scene, 800, "world.files", "{}");
		scene_line(scene, 800, "world.left", "{'files':3,'whole':true}");
	}
	scene_line(scene, 800, "world.counters",
		   "{'kernelFrames':9,'recordedFrames':9,'dropped':0}");
	scene_line(scene, 800, "end", "{'reason':'steps done'}");
}

static void begin(struct scene *scene, unsigned flags)
{
	scene_init(scene, QUIET);
	scene_truth(scene, 0, "{}");
	if (!(flags & NO_MARK))
		scene_line(scene, 0, "mark", "{'text':'" MARK "','what':'the owner of a job'}");
	if (flags & IDLE)
		return;
	scene_works(scene, 100);
	scene_wire(scene);
	if (!(flags & NO_UPLOAD))
		scene_upload(scene,
			     &(struct scene_record){ .acquired = 150, .stored = 200, .id = "r" });
}

START_TEST(each_standing_rule_is_kept_breached_or_not_shown)
{
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		const json_t *finding = NULL;
		struct scene s;
		AUTO_FREE char *name = alloc_printf("%s: %s", rows[i].rule, rows[i].name);
		begin(&s, rows[i].flags);
		if (rows[i].kind)
			scene_line(&s, 300, rows[i].kind, rows[i].fields);
		last_look(&s, rows[i].flags);
		scene_judge(&s);
		scene_says_of(&s, name, rows[i].rule, rows[i].verdict, rows[i].reason);
		scene_verdict(&s, rows[i].rule, rows[i].requirement, &finding);
		ck_assert_msg(finding != NULL, "%s", name);
		ck_assert(json_is_true(json_object_get(finding, "standing")));
		scene_done(&s);
	}
}
END_TEST

/* ---- what the wire shows ---- */

static void to_stranger(struct buf *capture)
{
	struct fixture_ends ends = { true, FIXTURE_STRANGER, 50001, 161 };
	static const char get[] = "\x30\x26\x02\x01\x01\x04\x06public\xa0\x19";
	fixture_udp(capture, &ends, get, sizeof(get) - 1);
}

static void in_clear(struct buf *capture)
{
	struct fixture_ends ends = { true, FIXTURE_CLOUD, 40001, 443 };
	fixture_tcp(capture, &ends, FIXTURE_SYN, 999, "", 0);
	fixture_tcp(capture, &ends, FIXTURE_ACK, 1000, "POST / HTTP/1.1\r\n", 17);
}

static void elsewhere(struct buf *capture)
{
	struct fixture_ends ends = { true, FIXTURE_CLOUD, 40001, 8443 };
	fixture_tcp(capture, &ends, FIXTURE_SYN, 999, "", 0);
}

static void with_mark(struct buf *capture)
{
	static const char text[] = "{\"owner\":\"" MARK "\"}";
	fixture_piece(capture, "http", true, 40000, text, sizeof(text) - 1);
}

static const struct {
	const char *rule;
	void (*send)(struct buf *capture);
	const char *words;
} breaches[] = {
	{ "designated-only", to_stranger, "10.16.0.11:161 (SNMP)" },
	{ "tls-only", in_clear, "no TLS record begins with it" },
	{ "declared-ports", elsewhere, "198.51.100.10:8443" },
	{ "no-print-data", with_mark, "the owner of a job (plain, http" },
};

START_TEST(a_breach_on_the_wire_names_its_frame)
{
	for (size_t i = 0; i < COUNT_OF(breaches); i++) {
		struct scene s;
		begin(&s, 0);
		breaches[i].send(&s.capture);
		last_look(&s, 0);
		scene_judge(&s);
		scene_says(&s, breaches[i].rule, VERDICT_FAIL, breaches[i].words);
		/* scene_wire makes the first five frames */
		ck_assert_msg(scene_refers(&s, breaches[i].rule, "frame", 0) >= 6, "%s",
			      breaches[i].rule);
		scene_done(&s);
	}
}
END_TEST

START_TEST(a_mark_that_the_cloud_itself_told_is_no_leak)
{
	struct scene s;
	begin(&s, 0);
	with_mark(&s.capture);
	scene_line(&s, 250, "mark.told", "{'text':'" MARK "'}");
	last_look(&s, 0);
	scene_judge(&s);
	scene_says(&s, "no-print-data", VERDICT_INCONCLUSIVE, "no mark was planted");
	scene_done(&s);
}
END_TEST

START_TEST(the_ports_that_were_used_are_shown_and_no_others)
{
	struct scene s;
	begin(&s, 0);
	scene_line(&s, 210, "http.request", "{'connection':1}");
	last_look(&s, 0);
	scene_judge(&s);
	ck_assert_int_eq(scene_verdict(&s, "declared-ports", "NET-1", NULL), VERDICT_PASS);
	ck_assert_int_eq(scene_verdict(&s, "declared-ports", "NET-2", NULL), VERDICT_PASS);
	ck_assert_int_eq(scene_verdict(&s, "declared-ports", "NET-3", NULL), VERDICT_COUNT);
	ck_assert_int_eq(scene_verdict(&s, "declared-ports", "NET-4", NULL), VERDICT_COUNT);
	scene_done(&s);
}
END_TEST

TEST_MAIN("conformance.rules", each_standing_rule_is_kept_breached_or_not_shown,
	  a_breach_on_the_wire_names_its_frame, a_mark_that_the_cloud_itself_told_is_no_leak,
	  the_ports_that_were_used_are_shown_and_no_others)
