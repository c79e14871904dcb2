/* The service as curl and mosquitto see it: who may, how often, and that an answer is kept. */
#include <stdlib.h>

#include "sim/cloud/cloud_fixture.h"
#include "sim/cloud/store.h"

static void register_with(const char *secret, const char *status)
{
	AUTO_FREE char *login = alloc_printf("dc-0001:%s", secret);

	ck_assert_int_eq(CURL("-u", login, "-H", "Content-Type: application/json", "-X", "PUT",
			      "-d", registration, "-w", "\n%{http_code}",
			      url("/v1/agents/dc-0001")),
			 0);
	ck_assert_msg(strstr(output, status), "%s: %s, expected %s", secret, output, status);
}

START_TEST(a_rotated_secret_has_its_overlap)
{
	setup();
	register_with("secret", "\n201");
	ck_assert_int_eq(cloud_rotate(cloud, "dc-0001", "second", 60000, &err), 0);
	register_with("secret", "\n200");
	register_with("second", "\n200");
	ck_assert_int_eq(cloud_rotate(cloud, "dc-0001", "third", 0, &err), 0);
	register_with("second", "\n401");
	register_with("third", "\n200");
	ck_assert_int_lt(cloud_rotate(cloud, "dc-0001", "", 0, &err), 0);
	teardown();
}
END_TEST

START_TEST(a_revoked_agent_is_not_let_in_until_it_is_reinstated)
{
	setup();
	ck_assert_int_eq(cloud_revoke(cloud, "dc-0001", true, &err), 0);
	register_with("secret", "\n401");
	ck_assert_int_eq(cloud_revoke(cloud, "dc-0001", false, &err), 0);
	register_with("secret", "\n201");
	ck_assert_int_lt(cloud_revoke(cloud, "nobody", true, &err), 0);
	teardown();
}
END_TEST

START_TEST(an_agent_that_asks_too_often_is_told_when_to_come_back)
{
	setup();
	cloud_limit(cloud, 2, 3600000);
	register_with("secret", "\n201");
	register_with("secret", "\n200");
	ck_assert_int_eq(CURL("-i", "-u", "dc-0001:secret", "-X", "PUT", url("/v1/agents/dc-0001")),
			 0);
	ck_assert_ptr_nonnull(strstr(output, "HTTP/1.1 429 Too Many Requests\r\n"));
	const char *after = strstr(output, "Retry-After: ");
	ck_assert_ptr_nonnull(after);
	int seconds = atoi(after + strlen("Retry-After: "));
	ck_assert(seconds > 3500 && seconds <= 3600);
	/* The others have their own count, and what takes no login has none. */
	ck_assert_int_eq(cloud_add_agent(cloud, "dc-0002", "other", "dc", &err), 0);
	ck_assert_int_eq(CURL("-o", "/dev/null", "-w", "%{http_code}", "-u", "dc-0002:other", "-X",
			      "PUT", url("/v1/agents/dc-0002")),
			 0);
	ck_assert_str_eq(output, "411");
	ck_assert_int_eq(CURL(url("/v1/certificate")), 0);
	ck_assert_ptr_nonnull(strstr(output, "BEGIN CERTIFICATE"));
	cloud_limit(cloud, 0, 0);
	register_with("secret", "\n200");
	teardown();
}
END_TEST

START_TEST(a_support_user_of_one_tenant_finds_no_agent_of_another)
{
	static const char *const serials[] = { "X8G9000415", NULL };
	struct command command = {
		.user = "eve", .agent = "dc-0001", .serial = "X8G9000415", .operation = "status"
	};
	char id[40];

	setup();
	ck_assert_int_eq(cloud_add_tenant_user(cloud, "other", "eve", serials, &err), 0);
	ck_assert_int_lt(cloud_command(cloud, &command, id, &err), 0);
	expect("command.refused", "why", "no such agent");
	ck_assert_int_eq(cloud_set_tenant(cloud, "dc-0001", "other", &err), 0);
	cloud_command(cloud, &command, id, &err); /* not subscribed, but sent on its way */
	expect("command.sent", "user", "eve");
	teardown();
}
END_TEST

/* ---- configuration ---- */

#define CONFIGURATION "/v1/agents/dc-0001/configuration"

static void configure(const char *text)
{
	AUTO_JSON json_t *change = json_loads(text, 0, NULL);
	ck_assert_msg(!cloud_configure(cloud, "dc-0001", change, &err), "%s", err.text);
}

static void fetch(const char *known)
{
	ck_assert_int_eq(CURL("-i", LOGIN, "-H", known, url(CONFIGURATION)), 0);
}

START_TEST(an_agent_fetches_what_it_is_to_do_once)
{
	setup();
	fetch("X-None: 1");
	ck_assert_ptr_nonnull(strstr(output, "HTTP/1.1 404 "));
	register_with("secret", "\n201");
	configure("{\"intervalMs\":5000}");
	configure("{\"designated\":[\"10.16.0.10\"]}");
	fetch("X-None: 1");
	ck_assert_ptr_nonnull(strstr(output, "\r\nETag: \"2\"\r\n"));
	ck_assert_ptr_nonnull(strstr(output, "\r\nECSP-Configuration: 2\r\n"));
	ck_assert_ptr_nonnull(strstr(output, "{\"version\":2,\"intervalMs\":5000,"
					     "\"designated\":[\"10.16.0.10\"]}"));
	expect("configuration.sent", "tag", "2");
	fetch("If-None-Match: W/\"1\", \"2\"");
	ck_assert_ptr_nonnull(strstr(output, "HTTP/1.1 304 "));
	ck_assert_int_eq(count_of("configuration.sent"), 1);
	fetch("If-None-Match: \"1\"");
	ck_assert_ptr_nonnull(strstr(output, "HTTP/1.1 200 "));
	teardown();
}
END_TEST

static void report(const char *body, const char *status)
{
	ck_assert_int_eq(CURL(LOGIN, "-H", "Content-Type: application/json", "-X", "PUT", "-d",
			      body, "-w", "\n%{http_code}", url(CONFIGURATION "/applied")),
			 0);
	ck_assert_msg(strstr(output, status), "%s: %s", body, output);
}

START_TEST(what_an_agent_made_of_it_is_stored)
{
	setup();
	report("{\"version\":2,\"outcome\":\"applied\",\"notAdmitted\":[\"10.16.0.9\"]}", "\n200");
	expect("configuration.reported", "outcome", "applied");
	report("{\"outcome\":\"refused\"}", "\n400");
	ck_assert_int_eq(count_of("configuration.reported"), 1);
	teardown();
}
END_TEST

START_TEST(the_version_grows_whatever_was_said_between)
{
	AUTO_JSON json_t *designation = json_pack("{s:[s]}", "designated", "10.16.0.10");
	AUTO_JSON json_t *nonsense = json_pack("{s:i}", "intervalMs", 1);

	setup();
	configure("{\"version\":5}");
	ck_assert_int_eq(cloud_configure_as_told(cloud, "dc-0001", "{\"version\":9,", &err), 0);
	ck_assert_int_eq(cloud_configure_as_told(cloud, "dc-0001", "{\"version\":3}", &err), 0);
	configure("{\"pollMs\":100}");
	fetch("X-None: 1");
	ck_assert_ptr_nonnull(strstr(output, "{\"version\":6,\"pollMs\":100}"));
	ck_assert_int_lt(cloud_configure(cloud, "dc-0001", nonsense, &err), 0);
	ck_assert_int_lt(cloud_configure(cloud, "nobody", designation, &err), 0);
	ck_assert_int_eq(cloud_add_agent(cloud, "es-0001", "x", "es", &err), 0);
	ck_assert_int_lt(cloud_configure(cloud, "es-0001", designation, &err), 0);
	teardown();
}
END_TEST

/* ---- a cloud that is killed ---- */

enum { UPLOADS = 5, KILL_MS = 12 };

static _Noreturn void serve(void)
{
	for (;;)
		loop_turn(loop, true);
}

static void write_upload(int i)
{
	AUTO_FREE char *text =
		file_read("ecsp/examples/valid/upload.full.json", OUTPUT_MAX, NULL, &err);
	AUTO_JSON json_t *body = json_loads(text, 0, NULL);
	AUTO_FREE char *name = alloc_printf("record-%d", i);

	json_object_set_new(json_array_get(json_object_get(body, "records"), 0), "record",
			    json_string(name));
	AUTO_FREE char *changed = json_dumps(body, JSON_COMPACT);
	write_file("upload.json", changed);
}

/* Uploads so often, and once more while the cloud is killed. Returns how many were acknowledged. */
static int upload_until_killed(pid_t server)
{
	AUTO_FREE char *ca = path_of("ca.pem");
	AUTO_FREE char *file = path_of("upload.json");
	AUTO_FREE char *data = alloc_printf("@%s", file);
	int acknowledged = 0;

	for (int i = 0; i <= UPLOADS; i++) {
		char key[64];
		struct child child;
		write_upload(i);
		snprintf(key, sizeof(key), "Idempotency-Key: k%d", i);
		const char *words[] = { "curl",
					"-sS",
					"-m",
					"5",
					"--cacert",
					ca,
					"--resolve",
					resolve,
					"--noproxy",
					"*",
					LOGIN,
					"-H",
					key,
					"-d",
					data,
					"-w",
					" %{http_code}",
					url("/v1/agents/dc-0001/records"),
					NULL };
		start(&child, words);
		if (i == UPLOADS) {
			/* Somewhere between the first byte and the answer. */
			loop_run_until(loop, is_over, &child, KILL_MS);
			kill(server, SIGKILL);
		}
		if (!finish(&child) && strstr(output, " 201"))
			acknowledged++;
	}
	return acknowledged;
}

START_TEST(what_was_acknowledged_is_there_after_a_kill)
{
	setup();
	AUTO_FREE char *path = path_of("store");
	cloud_free(cloud);
	cloud = cloud_new(&(struct cloud_options){ .loop = loop, .tap = &tap, .store_path = path },
			  &err);
	ck_assert_msg(cloud, "%s", err.text);
	begin_listening();
	write_file("ca.pem", cloud_ca(cloud));
	ck_assert_int_eq(cloud_add_agent(cloud, "dc-0001", "secret", "dc", &err), 0);
	sign_on();
	pid_t server = fork();
	if (!server)
		serve();
	/* From here on the child alone serves; this side only waits for curl. */
	struct loop *before = loop;
	loop = loop_new();
	int acknowledged = upload_until_killed(server);
	waitpid(server, NULL, 0);
	struct store *store = store_new(path, &err);
	ck_assert_int_ge(acknowledged, UPLOADS);
	ck_assert_int_ge(store_count(store, "records"), acknowledged);
	ck_assert_int_le(store_count(store, "records"), acknowledged + 1);
	ck_assert_int_ge(store_count(store, "audit"), acknowledged);
	store_free(store);
	loop_free(loop);
	loop = before;
	teardown();
}
END_TEST

TEST_MAIN("sim.cloud.service", a_rotated_secret_has_its_overlap,
	  a_revoked_agent_is_not_let_in_until_it_is_reinstated,
	  an_agent_that_asks_too_often_is_told_when_to_come_back,
	  a_support_user_of_one_tenant_finds_no_agent_of_another,
	  an_agent_fetches_what_it_is_to_do_once, what_an_agent_made_of_it_is_stored,
	  the_version_grows_whatever_was_said_between, what_was_acknowledged_is_there_after_a_kill)
