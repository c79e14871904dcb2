/* The whole cloud on a loopback port, driven by real clients: curl, mosquitto, openssl. */
#include "sim/cloud/cloud_fixture.h"

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
	/* Who did not get in brought nothing that could be refused. */
	ck_assert_int_eq(count_of("upload.refused"), 2);
	expect("upload.refused", "why", "the agent is not registered");
	expect_status("GET", records, "dc-0001:secret", "405");
	expect_status("POST", "/v1/else", "dc-0001:secret", "404");
	expect_status("PUT", "/v1/agents/dc-0001", "dc-0001:secret", "400");
	expect_status("POST", "/v1/agents/dc-0001/records/x", "dc-0001:secret", "404");
	ck_assert_int_eq(count_of("upload.stored"), 0);
	teardown();
}
END_TEST

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

/* mosquitto has no way to map a name, so it comes by address: the web certificate, and no check
 * of the name. ALPN alone says MQTT. */
static void start_subscriber(struct child *child, const char *count)
{
	AUTO_FREE char *ca = path_of("ca.pem");
	const char *words[] = { "mosquitto_sub",
				"-h",
				"127.0.0.1",
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
				"127.0.0.1",
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
	expect("command.result-duplicate", "outcome", "done");
	AUTO_FREE char *other =
		alloc_printf("{\"command\":\"%s\",\"serial\":\"X8G9000415\",\"outcome\":\"failed\","
			     "\"reason\":\"busy\",\"time\":\"2026-11-22T10:20:02Z\"}",
			     json_text_of(last("command.sent"), "command", ""));
	ck_assert_int_eq(publish_result(topic, other), 0);
	expect("command.result-refused", "why", "this command has another result already");
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
