/* The whole cloud on a loopback port, driven by real clients: curl, mosquitto, openssl. */
#include "sim/cloud/cloud.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <spawn.h>
#include <sys/pidfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "base/cleanup.h"
#include "base/file.h"
#include "base/json.h"
#include "base/test.h"

enum { ARGS_MAX = 40, OUTPUT_MAX = 1 << 20, WAIT_MS = 20000 };

extern char **environ;

static struct loop *loop;
static struct cloud *cloud;
static json_t *journal; /* rows of [kind, fields] */
static struct buf spoken;
static char folder[64], base[64], resolve[64], port_text[8];
static char *output;
static struct error err;

static void seen(struct tap *tap, const char *kind, json_t *fields)
{
	(void)tap;
	ck_assert_msg(fields, "%s without fields", kind);
	json_array_append_new(journal, json_pack("[s, o]", kind, fields));
}

static struct tap tap = { seen };

static void hear(void *arg, const struct plaintext *piece)
{
	(void)arg;
	buf_printf(&spoken, "%s %s %.*s\n", piece->protocol, piece->from_agent ? "agent" : "cloud",
		   piece->size > 20 ? 20 : (int)piece->size, (const char *)piece->data);
}

static int count_of(const char *kind)
{
	int count = 0;
	size_t i;
	json_t *row;

	json_array_foreach (journal, i, row)
		count += !strcmp(json_string_value(json_array_get(row, 0)), kind);
	return count;
}

/* Fields of the last observation of this kind. */
static json_t *last(const char *kind)
{
	for (size_t i = json_array_size(journal); i-- > 0;) {
		json_t *row = json_array_get(journal, i);
		if (!strcmp(json_string_value(json_array_get(row, 0)), kind))
			return json_array_get(row, 1);
	}
	ck_abort_msg("no %s", kind);
}

static void expect(const char *kind, const char *field, const char *value)
{
	ck_assert_str_eq(json_text_of(last(kind), field, "(no such text)"), value);
}

static char *path_of(const char *name)
{
	return file_join(folder, name);
}

static void write_file(const char *name, const char *text)
{
	AUTO_FREE char *path = path_of(name);
	ck_assert_int_eq(file_write(path, text, strlen(text), &err), 0);
}

static void begin_listening(void)
{
	struct sockaddr_in here = { .sin_family = AF_INET,
				    .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t size = sizeof(here);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	ck_assert_int_eq(bind(fd, (struct sockaddr *)&here, sizeof(here)), 0);
	ck_assert_int_eq(listen(fd, 16), 0);
	getsockname(fd, (struct sockaddr *)&here, &size);
	snprintf(port_text, sizeof(port_text), "%u", ntohs(here.sin_port));
	snprintf(base, sizeof(base), "https://api.ecsp.example:%s", port_text);
	snprintf(resolve, sizeof(resolve), "api.ecsp.example:%s:127.0.0.1", port_text);
	ck_assert_int_eq(cloud_listen(cloud, fd, &err), 0);
}

static void setup(void)
{
	static const char *const serials[] = { "X8G9000415", NULL };
	struct cloud_options options = { .tap = &tap, .store_path = ":memory:", .plaintext = hear };

	loop = options.loop = loop_new();
	journal = json_array();
	buf_init(&spoken, OUTPUT_MAX);
	snprintf(folder, sizeof(folder), "/tmp/cloud-test-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(folder));
	cloud = cloud_new(&options, &err);
	ck_assert_msg(cloud, "%s", err.text);
	begin_listening();
	ck_assert_int_eq(cloud_add_agent(cloud, "dc-0001", "secret", "dc", &err), 0);
	ck_assert_int_eq(cloud_add_support_user(cloud, "sam", serials, &err), 0);
	write_file("ca.pem", cloud_ca(cloud));
}

static void teardown(void)
{
	static const char *const names[] = { "ca.pem", "out", "down.pem" };

	cloud_free(cloud);
	loop_free(loop);
	json_decref(journal);
	buf_done(&spoken);
	free(output);
	output = NULL;
	for (size_t i = 0; i < COUNT_OF(names); i++) {
		AUTO_FREE char *path = path_of(names[i]);
		unlink(path);
	}
	rmdir(folder);
}

struct child {
	pid_t pid;
	int fd;
	struct watch *watch;
	bool ended;
};

static void child_ended(void *arg, unsigned events)
{
	struct child *child = arg;
	(void)events;
	child->ended = true;
	watch_set(child->watch, 0);
}

static void start(struct child *child, const char *const *words)
{
	AUTO_FREE char *out = path_of("out");
	posix_spawn_file_actions_t actions;

	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_addopen(&actions, 1, out, O_WRONLY | O_CREAT | O_TRUNC, 0600);
	posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
	int status =
		posix_spawnp(&child->pid, words[0], &actions, NULL, (char *const *)words, environ);
	ck_assert_msg(!status, "%s cannot be run: this test needs it", words[0]);
	posix_spawn_file_actions_destroy(&actions);
	child->fd = pidfd_open(child->pid, 0);
	child->ended = false;
	child->watch = watch_new(loop, child->fd, LOOP_READ, child_ended, child);
}

static bool is_over(void *arg)
{
	return ((struct child *)arg)->ended;
}

/* Exit code; what it printed is in output. */
static int finish(struct child *child)
{
	AUTO_FREE char *out = path_of("out");
	int status;

	if (!loop_run_until(loop, is_over, child, WAIT_MS))
		kill(child->pid, SIGKILL);
	waitpid(child->pid, &status, 0);
	watch_free(child->watch);
	close(child->fd);
	free(output);
	output = file_read(out, OUTPUT_MAX, NULL, &err);
	ck_assert_msg(WIFEXITED(status), "a client did not end by itself");
	return WEXITSTATUS(status);
}

/* curl with the words every call has, then those given (NULL-terminated). */
static int curl(const char *const *more)
{
	AUTO_FREE char *ca = path_of("ca.pem");
	const char *words[ARGS_MAX] = { "curl", "-sS",       "-m",    "10",        "--cacert",
					ca,     "--resolve", resolve, "--noproxy", "*" };
	size_t count = 10;
	struct child child;

	while (*more)
		words[count++] = *more++;
	start(&child, words);
	return finish(&child);
}

#define CURL(...) curl((const char *const[]){ __VA_ARGS__, NULL })
#define LOGIN     "-u", "dc-0001:secret", "-H", "Content-Type: application/json"

static const char *url(const char *path)
{
	static char text[160];
	snprintf(text, sizeof(text), "%s%s", base, path);
	return text;
}

static const char registration[] = "@ecsp/examples/valid/registration.full.json";
static const char upload[] = "@ecsp/examples/valid/upload.full.json";

static void sign_on(void)
{
	ck_assert_int_eq(CURL(LOGIN, "-X", "PUT", "-d", registration, url("/v1/agents/dc-0001")),
			 0);
	ck_assert_str_eq(output, "{\"agent\":\"dc-0001\"}");
}

static int send_upload(const char *key)
{
	char header[64];
	snprintf(header, sizeof(header), "Idempotency-Key: %s", key);
	return CURL(LOGIN, "-H", header, "-d", upload, "-w", " %{http_code}",
		    url("/v1/agents/dc-0001/records"));
}

START_TEST(curl_registers_and_uploads_once)
{
	setup();
	sign_on();
	ck_assert_int_eq(json_is_true(json_object_get(last("agent.registered"), "first")), 1);
	ck_assert_int_eq(send_upload("k1"), 0);
	ck_assert_ptr_nonnull(strstr(output, " 201"));
	ck_assert_int_eq(send_upload("k1"), 0);
	ck_assert_ptr_nonnull(strstr(output, " 200"));
	ck_assert_int_eq(count_of("upload.stored"), 1);
	ck_assert_int_eq(count_of("upload.duplicate"), 1);
	ck_assert_str_eq(
		json_string_value(json_at(last("upload.stored"), "/body/records/0/firmware")),
		"16.52.EQ22M3.FY19");
	ck_assert_ptr_nonnull(strstr(buf_text(&spoken), "http agent PUT /v1/agents/dc-00"));
	ck_assert_ptr_nonnull(strstr(buf_text(&spoken), "http cloud HTTP/1.1 201 Created"));
	teardown();
}
END_TEST

static void expect_version(const char *most, const char *version)
{
	setup();
	ck_assert_int_eq(CURL("--tlsv1.2", "--tls-max", most, url("/v1/certificate")), 0);
	ck_assert_ptr_nonnull(strstr(output, "BEGIN CERTIFICATE"));
	expect("tls.ready", "version", version);
	expect("tls.ready", "alpn", "http/1.1");
	expect("tls.ready", "certificate", "https");
	expect("tls.hello", "sni", "api.ecsp.example");
	ck_assert_int_eq(count_of("certificate.sent"), 1);
	ck_assert_int_eq(count_of("fault.reached"), 0);
	teardown();
}

START_TEST(tls_1_2_and_1_3_are_spoken)
{
	expect_version("1.2", "TLSv1.2");
	expect_version("1.3", "TLSv1.3");
}
END_TEST

static void expect_status(const char *method, const char *path, const char *login,
			  const char *status)
{
	ck_assert_int_eq(CURL("-X", method, "-u", login, "-H", "Content-Type: application/json",
			      "-H", "Idempotency-Key: k", "-d", upload, "-o", "/dev/null", "-w",
			      "%{http_code}", url(path)),
			 0);
	ck_assert_msg(!strcmp(output, status), "%s %s as %s: %s, expected %s", method, path, login,
		      output, status);
}

START_TEST(each_refusal_has_its_status)
{
	static const char records[] = "/v1/agents/dc-0001/records";

	setup();
	expect_status("POST", records, "dc-0001:wrong", "401");
	expect_status("POST", records, "nobody:secret", "401");
	expect_status("POST", "/v1/agents/dc-0002/records", "dc-0001:secret", "403");
	expect_status("POST", records, "dc-0001:secret", "409"); /* not registered */
	ck_assert_int_eq(count_of("upload.refused"), 4);
	expect("upload.refused", "why", "the agent is not registered");
	expect_status("GET", records, "dc-0001:secret", "405");
	expect_status("POST", "/v1/else", "dc-0001:secret", "404");
	expect_status("PUT", "/v1/agents/dc-0001", "dc-0001:secret", "400");
	expect_status("POST", "/v1/agents/dc-0001/records/x", "dc-0001:secret", "404");
	ck_assert_int_eq(count_of("upload.stored"), 0);
	teardown();
}
END_TEST

static void arm(const char *fault, json_t *parameters)
{
	AUTO_JSON json_t *owned = parameters;
	ck_assert_msg(!cloud_fault(cloud, fault, owned, &err), "%s", err.text);
}

/* curl's 60: the peer's certificate cannot be authenticated. */
static void expect_bad_certificate(const char *kind)
{
	char shown[40];

	setup();
	snprintf(shown, sizeof(shown), "https:%s", kind);
	arm("cloud.certificate", json_pack("{s:s, s:s}", "listener", "https", "kind", kind));
	ck_assert_int_eq(CURL(url("/v1/certificate")), 60);
	ck_assert_int_eq(count_of("fault.reached"), 1);
	expect("fault.reached", "fault", "cloud.certificate");
	expect("fault.reached", "done", shown);
	ck_assert_int_eq(count_of("tls.application"), 0);
	/* A client that does not look gives itself away. */
	ck_assert_int_eq(CURL("-k", url("/v1/certificate")), 0);
	expect("fault.reached", "reaction", "completed the handshake");
	ck_assert_int_eq(count_of("tls.application"), 1);
	cloud_fault_clear(cloud, "cloud.certificate");
	ck_assert_int_eq(CURL(url("/v1/certificate")), 0);
	ck_assert_int_eq(count_of("fault.reached"), 2);
	teardown();
}

START_TEST(each_bad_certificate_is_shown_and_witnessed)
{
	static const char *const kinds[] = { "expired", "not-yet-valid", "self-signed",
					     "wrong-host", "untrusted" };
	for (size_t i = 0; i < COUNT_OF(kinds); i++)
		expect_bad_certificate(kinds[i]);
}
END_TEST

START_TEST(a_refused_certificate_is_told_by_its_alert)
{
	setup();
	arm("cloud.certificate", json_pack("{s:s, s:s}", "listener", "https", "kind", "expired"));
	ck_assert_int_eq(CURL(url("/v1/certificate")), 60);
	expect("tls.failed", "alert", "certificate_expired");
	expect("tls.failed", "certificate", "https:expired");
	expect("fault.reached", "reaction", "alert certificate_expired");
	teardown();
}
END_TEST

START_TEST(a_fault_of_the_other_listener_is_not_felt)
{
	setup();
	arm("cloud.certificate", json_pack("{s:s, s:s}", "listener", "mqtt", "kind", "expired"));
	arm("cloud.tls11", json_pack("{s:s}", "listener", "mqtt"));
	ck_assert_int_eq(CURL(url("/v1/certificate")), 0);
	ck_assert_int_eq(count_of("fault.reached"), 0);
	teardown();
}
END_TEST

/* Exit code of openssl shaking hands as an agent does for MQTT. */
static int shake_for_mqtt(void)
{
	AUTO_FREE char *trusted = path_of("down.pem");
	char address[32];
	const char *words[] = { "openssl",
				"s_client",
				"-connect",
				address,
				"-servername",
				"mqtt.ecsp.example",
				"-alpn",
				"mqtt",
				"-verify_hostname",
				"mqtt.ecsp.example",
				"-min_protocol",
				"TLSv1.2",
				"-verify_return_error",
				"-CAfile",
				trusted,
				NULL };
	struct child child;

	snprintf(address, sizeof(address), "127.0.0.1:%s", port_text);
	start(&child, words);
	return finish(&child);
}

START_TEST(mqtt_trusts_what_was_downloaded_and_has_faults_of_its_own)
{
	setup();
	AUTO_FREE char *trusted = path_of("down.pem");
	ck_assert_int_eq(CURL("-o", trusted, url("/v1/certificate")), 0);
	ck_assert_int_eq(shake_for_mqtt(), 0);
	expect("tls.ready", "certificate", "mqtt");
	expect("tls.ready", "alpn", "mqtt");
	arm("cloud.certificate", json_pack("{s:s, s:s}", "listener", "mqtt", "kind", "untrusted"));
	ck_assert_int_ne(shake_for_mqtt(), 0);
	expect("fault.reached", "done", "mqtt:untrusted");
	expect("tls.failed", "alert", "unknown_ca");
	cloud_fault_clear(cloud, NULL);
	arm("cloud.tls11", json_pack("{s:s}", "listener", "mqtt"));
	ck_assert_int_ne(shake_for_mqtt(), 0);
	expect("fault.reached", "fault", "cloud.tls11");
	expect("fault.reached", "reaction", "alert protocol_version");
	teardown();
}
END_TEST

START_TEST(tls_1_1_is_forged_for_those_who_do_not_offer_it_and_real_for_those_who_do)
{
	setup();
	arm("cloud.tls11", json_pack("{s:s}", "listener", "https"));
	ck_assert_int_eq(CURL("--tlsv1.2", url("/v1/certificate")), 35);
	expect("fault.reached", "done", "forged ServerHello 0302");
	expect("fault.reached", "reaction", "alert protocol_version");
	ck_assert_int_eq(CURL("--tlsv1.1", "--tls-max", "1.1", "--ciphers", "DEFAULT@SECLEVEL=0",
			      url("/v1/certificate")),
			 0);
	expect("fault.reached", "done", "TLS 1.1");
	expect("tls.ready", "version", "TLSv1.1");
	ck_assert_int_eq(count_of("tls.application"), 1);
	teardown();
}
END_TEST

START_TEST(tls_1_1_is_refused_without_the_fault)
{
	setup();
	ck_assert_int_eq(CURL("--tlsv1.1", "--tls-max", "1.1", "--ciphers", "DEFAULT@SECLEVEL=0",
			      url("/v1/certificate")),
			 35);
	ck_assert_int_eq(count_of("tls.failed"), 1);
	teardown();
}
END_TEST

START_TEST(a_cloud_that_is_down_resets_or_stays_silent)
{
	setup();
	arm("cloud.down", NULL);
	ck_assert_int_ne(CURL(url("/v1/certificate")), 0);
	expect("fault.reached", "done", "reset after accept");
	arm("cloud.down", json_pack("{s:s}", "mode", "silent"));
	ck_assert_int_eq(CURL("-m", "1", url("/v1/certificate")), 28);
	expect("fault.reached", "done", "never answered");
	expect("fault.reached", "reaction", "sent bytes");
	cloud_fault_clear(cloud, NULL);
	ck_assert_int_eq(CURL(url("/v1/certificate")), 0);
	teardown();
}
END_TEST

START_TEST(a_status_fault_is_answered_so_often_and_no_more)
{
	setup();
	arm("cloud.http-status",
	    json_pack("{s:i, s:i, s:i}", "status", 503, "retryAfter", 7, "count", 1));
	ck_assert_int_eq(CURL("-i", url("/v1/certificate")), 0);
	ck_assert_ptr_nonnull(strstr(output, "HTTP/1.1 503"));
	ck_assert_ptr_nonnull(strstr(output, "Retry-After: 7\r\n"));
	ck_assert_int_eq(CURL("-i", url("/v1/certificate")), 0);
	ck_assert_ptr_nonnull(strstr(output, "HTTP/1.1 200"));
	ck_assert_int_eq(count_of("fault.reached"), 1);
	teardown();
}
END_TEST

START_TEST(an_upload_stored_but_not_answered_is_known_when_it_comes_again)
{
	setup();
	sign_on();
	arm("cloud.close-after-store", NULL);
	ck_assert_int_ne(send_upload("k1"), 0);
	expect("fault.reached", "fault", "cloud.close-after-store");
	ck_assert_int_eq(send_upload("k1"), 0);
	ck_assert_ptr_nonnull(strstr(output, " 200"));
	ck_assert_int_eq(count_of("upload.stored"), 1);
	teardown();
}
END_TEST

/* mosquitto has no way to map a name, so it comes as localhost: the web certificate, and no check
 * of the name. ALPN alone says MQTT. */
static void start_subscriber(struct child *child, const char *count)
{
	AUTO_FREE char *ca = path_of("ca.pem");
	const char *words[] = { "mosquitto_sub",
				"-h",
				"localhost",
				"-p",
				port_text,
				"--cafile",
				ca,
				"--insecure",
				"--tls-alpn",
				"mqtt",
				"-i",
				"dc-0001",
				"-u",
				"dc-0001",
				"-P",
				"secret",
				"-c",
				"-q",
				"1",
				"-t",
				"ecsp/v1/agents/dc-0001/commands",
				"-C",
				count,
				"-W",
				"10",
				NULL };
	start(child, words);
}

static bool is_subscribed(void *arg)
{
	return cloud_subscribed(arg, "dc-0001");
}

static void command_all(const char *count)
{
	struct command command = { .user = "sam",
				   .agent = "dc-0001",
				   .serial = "X8G9000415",
				   .operation = "status",
				   .expires_in_ms = 60000 };
	struct child child;
	char id[40];

	start_subscriber(&child, count);
	ck_assert(loop_run_until(loop, is_subscribed, cloud, WAIT_MS));
	ck_assert_msg(!cloud_command(cloud, &command, id, &err), "%s", err.text);
	ck_assert_int_eq(finish(&child), 0);
	ck_assert_ptr_nonnull(strstr(output, id));
}

START_TEST(mosquitto_receives_a_command)
{
	setup();
	command_all("1");
	expect("tls.ready", "alpn", "mqtt");
	expect("command.sent", "user", "sam");
	ck_assert_int_eq(count_of("mqtt.connect"), 1);
	ck_assert_int_eq(count_of("mqtt.puback"), 1);
	ck_assert_ptr_nonnull(strstr(buf_text(&spoken), "mqtt cloud "));
	teardown();
}
END_TEST

START_TEST(a_duplicate_command_is_delivered_twice)
{
	setup();
	arm("cloud.duplicate-command", NULL);
	command_all("2");
	expect("fault.reached", "fault", "cloud.duplicate-command");
	teardown();
}
END_TEST

static int publish_result(const char *topic, const char *text)
{
	AUTO_FREE char *ca = path_of("ca.pem");
	const char *words[] = { "mosquitto_pub",
				"-h",
				"localhost",
				"-p",
				port_text,
				"--cafile",
				ca,
				"--insecure",
				"-i",
				"dc-0001",
				"-u",
				"dc-0001",
				"-P",
				"secret",
				"-q",
				"1",
				"-t",
				topic,
				"-m",
				text,
				NULL };
	struct child child;

	start(&child, words);
	return finish(&child);
}

START_TEST(a_result_is_taken_only_for_a_command_of_this_agent)
{
	static const char topic[] = "ecsp/v1/agents/dc-0001/results";

	setup();
	command_all("1");
	AUTO_FREE char *result =
		alloc_printf("{\"command\":\"%s\",\"serial\":\"X8G9000415\",\"outcome\":\"done\","
			     "\"time\":\"2026-11-22T10:20:01Z\"}",
			     json_text_of(last("command.sent"), "command", ""));
	ck_assert_int_eq(publish_result(topic, result), 0);
	expect("command.result", "outcome", "done");
	ck_assert_int_eq(publish_result(topic, result), 0);
	expect("command.result-refused", "why", "this command has a result already");
	ck_assert_int_eq(publish_result(topic, "{\"command\":\"x\"}"), 0);
	ck_assert_int_eq(count_of("command.result"), 1);
	ck_assert_int_eq(count_of("command.result-refused"), 2);
	teardown();
}
END_TEST

START_TEST(a_connect_may_stay_unanswered)
{
	struct child child;

	setup();
	arm("cloud.no-connack", NULL);
	start_subscriber(&child, "1");
	while (!count_of("fault.reached"))
		loop_turn(loop, true);
	kill(child.pid, SIGTERM);
	ck_assert(loop_run_until(loop, is_over, &child, WAIT_MS));
	waitpid(child.pid, NULL, 0);
	watch_free(child.watch);
	close(child.fd);
	ck_assert_int_eq(count_of("mqtt.connect"), 1);
	ck_assert_int_eq(count_of("mqtt.connack"), 0);
	expect("fault.reached", "fault", "cloud.no-connack");
	teardown();
}
END_TEST

static void expect_command_refused(const struct command *command, const char *why)
{
	char id[40];
	ck_assert_int_ne(cloud_command(cloud, command, id, &err), 0);
	expect("command.refused", "why", why);
}

START_TEST(a_support_user_commands_what_is_in_his_charge_and_nothing_else)
{
	struct command command = {
		.user = "root", .agent = "dc-0001", .serial = "X8G9000415", .operation = "status"
	};

	setup();
	expect_command_refused(&command, "no support user who is logged in (REM-5)");
	command.user = "sam";
	command.serial = "X8G9000999";
	expect_command_refused(&command, "a device not in his charge (REM-6)");
	command.serial = "X8G9000415";
	command.operation = "reboot";
	expect_command_refused(&command, "no such operation (REM-3)");
	ck_assert_int_eq(count_of("command.sent"), 0);
	teardown();
}
END_TEST

START_TEST(an_unknown_alpn_is_refused)
{
	const char *words[] = { "openssl", "s_client", "-connect", NULL, "-alpn", "h2", NULL };
	char address[32];
	struct child child;

	setup();
	snprintf(address, sizeof(address), "127.0.0.1:%s", port_text);
	words[3] = address;
	start(&child, words);
	ck_assert_int_ne(finish(&child), 0);
	expect("tls.failed", "why", "no application protocol");
	teardown();
}
END_TEST

TEST_MAIN("sim.cloud.cloud", curl_registers_and_uploads_once, tls_1_2_and_1_3_are_spoken,
	  each_refusal_has_its_status, each_bad_certificate_is_shown_and_witnessed,
	  a_refused_certificate_is_told_by_its_alert, a_fault_of_the_other_listener_is_not_felt,
	  mqtt_trusts_what_was_downloaded_and_has_faults_of_its_own,
	  tls_1_1_is_forged_for_those_who_do_not_offer_it_and_real_for_those_who_do,
	  tls_1_1_is_refused_without_the_fault, a_cloud_that_is_down_resets_or_stays_silent,
	  a_status_fault_is_answered_so_often_and_no_more,
	  an_upload_stored_but_not_answered_is_known_when_it_comes_again,
	  mosquitto_receives_a_command, a_duplicate_command_is_delivered_twice,
	  a_result_is_taken_only_for_a_command_of_this_agent, a_connect_may_stay_unanswered,
	  a_support_user_commands_what_is_in_his_charge_and_nothing_else,
	  an_unknown_alpn_is_refused)
