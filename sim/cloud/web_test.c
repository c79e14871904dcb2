/* The cloud's HTTP as curl sees it: its faults one by one, then its virtues. */
#include "sim/cloud/cloud_fixture.h"

/* Exit codes of curl(1) that say what it thinks of an answer. */
enum {
	TAKEN = 0,
	NO_HTTP = 1, /* takes it for HTTP/0.9, or for a version that it does not know */
	STRANGE = 8,
	CUT = 18,
	MEMORY = 27, /* a line longer than it keeps */
	SLOW = 28,
	EMPTY = 52,
	BROKEN = 56,
	CODING = 61,
};

/* What curl makes of a fault: its exit code and a text that its output must hold. */
struct row {
	const char *fault, *parameters;
	int code;
	const char *output;
	const char *word; /* one more for curl; NULL: none */
};

#define STATUS   "cloud.http-status"
#define REDIRECT "cloud.http-redirect"

static const struct row rows[] = {
	{ STATUS, NULL, TAKEN, "HTTP/1.1 503 Service Unavailable\r\n" },
	{ STATUS, "{\"status\":204}", TAKEN, "HTTP/1.1 204 No Content\r\n" },
	{ STATUS, "{\"status\":425}", TAKEN, "HTTP/1.1 425 Too Early\r\n" },
	{ STATUS, "{\"status\":999}", TAKEN, "HTTP/1.1 999 \r\n" },
	{ STATUS, "{\"retryAfter\":7}", TAKEN, "Retry-After: 7\r\n" },
	{ STATUS, "{\"retryAfterDate\":-100000000}", TAKEN, " 2023 " },
	{ STATUS, "{\"retryAfterText\":\"-3\"}", TAKEN, "Retry-After: -3\r\n" },
	{ STATUS, "{\"retryAfterText\":\"soon\"}", TAKEN, "Retry-After: soon\r\n" },
	{ REDIRECT, NULL, TAKEN, "Location: http://api.ecsp.example:" },
	{ REDIRECT, "{\"to\":\"other-host\",\"status\":302}", TAKEN,
	  "Location: https://service.ecsp.example/v1/certificate\r\n" },
	{ REDIRECT, "{\"to\":\"loop\"}", 47, "Location: https://api.ecsp.example:", "-L" },
	{ REDIRECT, "{\"to\":\"nowhere\"}", TAKEN, "HTTP/1.1 307 Temporary Redirect\r\n", "-L" },
	{ REDIRECT, "{\"to\":\"nonsense\"}", 3, "Location: https://[::\r\n", "-L" },
	{ "cloud.http-portal", NULL, TAKEN, "Please accept our terms" },
	{ "cloud.revoked", "{\"path\":\"/\"}", TAKEN, "HTTP/1.1 401 Unauthorized\r\n" },
	{ "cloud.http-silent", NULL, SLOW, "" },
	{ "cloud.http-reset-request", "{\"after\":30}", BROKEN, "" },
	{ "cloud.http-reset-answer", "{\"after\":12}", BROKEN, "" },
	{ "cloud.http-reset-answer", "{\"after\":350}", BROKEN, "200 OK" },
	{ "cloud.http-late", "{\"by\":\"5s\"}", SLOW, "" },
	{ "cloud.http-late", "{\"by\":\"2ms\"}", TAKEN, "END CERTIFICATE" },
	{ "cloud.http-slow-head", NULL, SLOW, "" },
	{ "cloud.http-slow-body", NULL, SLOW, "HTTP/1.1 200 OK" },
	{ "cloud.http-slow-body", "{\"every\":\"1ms\"}", SLOW, "\r\n\r\n-----BEGIN" },
	{ "cloud.http-endless", NULL, SLOW, "                                " },
	{ "cloud.http-large-body", "{\"size\":500000}", TAKEN, "                           " },
	{ "cloud.http-large-header", NULL, MEMORY, "HTTP/1.1 200 OK" },
	{ "cloud.http-many-headers", NULL, TAKEN, "X-Filler-999: 1\r\n" },
	{ "cloud.http-bomb", "{\"mebibytes\":1}", TAKEN, "      ", "--compressed" },
	{ "cloud.http-continue", "{\"times\":2}", TAKEN,
	  "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK" },
	{ "cloud.http-early-hints", NULL, TAKEN, "Link: </style.css>\r\n\r\nHTTP/1.1 200" },
	{ "cloud.http-short-body", NULL, CUT, "END CERTIFICATE" },
	{ "cloud.http-half-body", NULL, CUT, "BEGIN CERTIFICATE" },
	/* It forgives the missing close_notify where no length was said. */
	{ "cloud.http-cut-body", NULL, TAKEN, "BEGIN CERTIFICATE" },
	{ "cloud.http-half-chunk", NULL, CUT, "BEGIN CERTIFICATE" },
	{ "cloud.http-no-last-chunk", NULL, CUT, "END CERTIFICATE" },
	{ "cloud.http-no-length", NULL, TAKEN, "END CERTIFICATE" },
	{ "cloud.http-no-body", NULL, TAKEN, "Content-Length: 0\r\n" },
	{ "cloud.http-two-answers", NULL, TAKEN, "END CERTIFICATE" },
	{ "cloud.http-empty", NULL, EMPTY, "" },
	{ "cloud.http-noise", NULL, NO_HTTP, "" },
	{ "cloud.http-bad-status-line", NULL, NO_HTTP, "" },
	{ "cloud.http-no-status", NULL, NO_HTTP, "" },
	{ "cloud.http-bad-version", NULL, NO_HTTP, "" },
	{ "cloud.http-bare-lf", NULL, TAKEN, "HTTP/1.1 200 OK\n" },
	{ "cloud.http-two-lengths", NULL, TAKEN, "Content-Length: 7\r\nContent-Length: 14" },
	{ "cloud.http-length-twice", NULL, TAKEN, "Content-Length: 14" },
	{ "cloud.http-negative-length", NULL, STRANGE, "" },
	{ "cloud.http-length-and-chunks", NULL, TAKEN, "Content-Length: 7\r\nTransfer-Encoding" },
	{ "cloud.http-bad-chunk", NULL, BROKEN, "" },
	{ "cloud.http-huge-chunk", NULL, BROKEN, "" },
	{ "cloud.http-bad-coding", NULL, CODING, "" },
	{ "cloud.http-nul", NULL, STRANGE, "" },
	{ "cloud.http-no-colon", NULL, STRANGE, "" },
	{ "cloud.http-space-before-colon", NULL, TAKEN, "X-Trace : a\r\n" },
	{ "cloud.http-folded-header", NULL, TAKEN, "X-Trace: a" },
	{ "cloud.http-html", NULL, TAKEN, "text/html" },
	{ "cloud.http-wrong-type", NULL, TAKEN, "Content-Type: text/plain\r\n" },
	{ "cloud.http-no-type", NULL, TAKEN, "END CERTIFICATE" },
	{ "cloud.http-broken-json", NULL, TAKEN, "\r\n\r\n{\"upload\":\"8b0c" },
	{ "cloud.http-other-json", NULL, TAKEN, "\"many\"" },
	{ "cloud.http-doubled-json", NULL, TAKEN, "1e999" },
	{ "cloud.http-deep-json", NULL, TAKEN, "[[[[[[[[" },
	{ "cloud.http-bad-utf8", NULL, TAKEN, "\xc3\x28\xff" },
	{ "cloud.http-gzip", NULL, TAKEN, "END CERTIFICATE", "--compressed" },
	{ "cloud.http-half-gzip", NULL, TAKEN, "BEGIN CERT", "--compressed" },
	{ "cloud.http-false-gzip", NULL, CODING, "", "--compressed" },
	{ "cloud.http-unknown-encoding", NULL, CODING, "", "--compressed" },
};

/* Faults that strike where these rows do not come: each has a test of its own. */
static const char *const others[] = { "cloud.close-after-store", "cloud.http-stale" };

static void expect_row(const struct row *row)
{
	json_t *parameters = row->parameters ? json_loads(row->parameters, 0, NULL) : NULL;
	int reached = count_of("fault.reached");

	arm(row->fault, parameters);
	int code = CURL("-i", "-m", "0.3", "--max-redirs", "3", url("/v1/certificate"), row->word);
	ck_assert_msg(code == row->code, "%s: curl ended with %d, expected %d", row->fault, code,
		      row->code);
	ck_assert_msg(output && strstr(output, row->output), "%s: curl got \"%.400s\"", row->fault,
		      output);
	ck_assert_msg(count_of("fault.reached") > reached, "%s is not told", row->fault);
	expect("fault.reached", "fault", row->fault);
	cloud_fault_clear(cloud, row->fault);
}

START_TEST(each_fault_is_seen_by_curl_and_told)
{
	setup();
	for (size_t i = 0; i < COUNT_OF(rows); i++)
		expect_row(&rows[i]);
	ck_assert_int_eq(CURL(url("/v1/certificate")), 0);
	teardown();
}
END_TEST

static bool is_tried(const char *fault)
{
	for (size_t i = 0; i < COUNT_OF(rows); i++)
		if (!strcmp(rows[i].fault, fault))
			return true;
	for (size_t i = 0; i < COUNT_OF(others); i++)
		if (!strcmp(others[i], fault))
			return true;
	return false;
}

START_TEST(no_fault_is_left_untried)
{
	for (size_t i = 0; cloud_faults[i]; i++)
		for (size_t k = 0; verb_at(cloud_faults[i], k); k++) {
			const char *name = verb_at(cloud_faults[i], k)->name;
			ck_assert_msg(strncmp(name, "cloud.http-", 11) || is_tried(name), "%s",
				      name);
		}
}
END_TEST

START_TEST(a_fault_keeps_to_its_path_and_count)
{
	setup();
	arm("cloud.http-portal", json_pack("{s:s, s:i}", "path", "/v1/agents/", "count", 1));
	ck_assert_int_eq(CURL(url("/v1/certificate")), 0);
	ck_assert_ptr_nonnull(strstr(output, "BEGIN CERTIFICATE"));
	ck_assert_int_eq(count_of("fault.reached"), 0);
	ck_assert_int_eq(CURL(url("/v1/agents/dc-0001")), 0);
	ck_assert_ptr_nonnull(strstr(output, "accept our terms"));
	ck_assert_int_eq(CURL(url("/v1/agents/dc-0001")), 0);
	ck_assert_ptr_null(strstr(output, "accept our terms"));
	ck_assert_int_eq(count_of("fault.reached"), 1);
	teardown();
}
END_TEST

/* curl sends the request again on a new connection when a used one ends under it. */
START_TEST(a_used_connection_may_end_under_the_next_request)
{
	setup();
	arm("cloud.http-stale", json_pack("{s:i}", "count", 1));
	ck_assert_int_eq(CURL(url("/v1/certificate"), url("/v1/certificate")), 0);
	ck_assert_int_eq(count_of("fault.reached"), 1);
	expect("fault.reached", "fault", "cloud.http-stale");
	ck_assert_int_eq(count_of("tls.ready"), 2);
	ck_assert_int_eq(count_of("certificate.sent"), 2);
	teardown();
}
END_TEST

START_TEST(an_answer_that_was_spoilt_was_stored_all_the_same)
{
	setup();
	sign_on();
	arm("cloud.http-half-body", json_pack("{s:i}", "count", 1));
	ck_assert_int_eq(send_upload("k1"), CUT);
	ck_assert_int_eq(send_upload("k1"), 0);
	ck_assert_ptr_nonnull(strstr(output, " 200"));
	ck_assert_int_eq(count_of("upload.stored"), 1);
	ck_assert_int_eq(count_of("upload.duplicate"), 1);
	teardown();
}
END_TEST

START_TEST(what_is_answered_instead_of_the_service_stores_nothing)
{
	static const char *const faults[] = { "cloud.http-portal", "cloud.http-redirect",
					      "cloud.http-status" };

	setup();
	sign_on();
	for (size_t i = 0; i < COUNT_OF(faults); i++) {
		arm(faults[i], json_pack("{s:i}", "count", 1));
		ck_assert_int_eq(send_upload("k1"), 0);
	}
	ck_assert_int_eq(count_of("fault.reached"), (int)COUNT_OF(faults));
	ck_assert_int_eq(count_of("upload.stored"), 0);
	teardown();
}
END_TEST

START_TEST(bytes_of_http_are_answered_as_the_rfcs_say)
{
	struct child child;

	setup();
	AUTO_FREE char *ca = path_of("ca.pem");
	const char *words[] = { "python3", "sim/cloud/raw_client.py", port_text, ca, NULL };
	start(&child, words);
	int code = finish(&child);
	ck_assert_msg(!code, "%s", output);
	teardown();
}
END_TEST

START_TEST(curl_speaks_http_2_when_it_is_offered)
{
	setup();
	ck_assert_int_eq(CURL("--http2", "-w", " %{http_version}", url("/v1/certificate")), 0);
	ck_assert_ptr_nonnull(strstr(output, " 1.1"));
	arm("cloud.http2", NULL);
	ck_assert_int_eq(CURL("--http2", "-i", "-w", " %{http_version}", url("/v1/certificate"),
			      url("/v1/certificate")),
			 0);
	ck_assert_ptr_nonnull(strstr(output, "HTTP/2 200"));
	ck_assert_ptr_nonnull(strstr(output, "strict-transport-security: max-age="));
	ck_assert_ptr_nonnull(strstr(output, "END CERTIFICATE"));
	ck_assert_ptr_nonnull(strstr(output, " 2"));
	expect("tls.ready", "alpn", "h2");
	sign_on();
	expect("agent.registered", "agent", "dc-0001");
	ck_assert_int_eq(send_upload("k1"), 0);
	ck_assert_ptr_nonnull(strstr(output, " 201"));
	expect("http.request", "method", "POST");
	expect("http.request", "user", "dc-0001");
	ck_assert_ptr_nonnull(strstr(buf_text(&spoken), "http2 agent PRI * HTTP/2.0"));
	/* Who does not ask for it speaks as before. */
	ck_assert_int_eq(CURL("--http1.1", "-i", url("/v1/certificate")), 0);
	ck_assert_ptr_nonnull(strstr(output, "HTTP/1.1 200 OK"));
	teardown();
}
END_TEST

enum { HEADER_SIZE = 20000, BODY_SIZE = 2 << 20 };

static void expect_http2(const char *const *more, const char *text)
{
	const char *words[12] = { "--http2", "-i", url("/v1/certificate") };

	for (size_t i = 3; *more; i++)
		words[i] = *more++;
	int code = curl(words);
	ck_assert_msg(!code && strstr(output, text), "curl ended with %d: %s, expected %s", code,
		      output, text);
}

#define HTTP2(text, ...) expect_http2((const char *const[]){ __VA_ARGS__, NULL }, text)

START_TEST(http_2_has_limits_and_faults_too)
{
	static char header[HEADER_SIZE] = "X-A: ", body[BODY_SIZE];

	setup();
	arm("cloud.http2", NULL);
	memset(header + 5, 'a', sizeof(header) - 6);
	memset(body, ' ', sizeof(body) - 1);
	write_file("upload.json", body);
	AUTO_FREE char *file = path_of("upload.json");
	AUTO_FREE char *large = alloc_printf("@%s", file);
	HTTP2("HTTP/2 405", "-X", "DELETE");
	HTTP2("content-length: 1", "-I");
	HTTP2("HTTP/2 431", "-H", header);
	HTTP2("HTTP/2 413", "--data-binary", large);
	arm("cloud.http-status", json_pack("{s:i, s:i}", "status", 503, "retryAfter", 9));
	HTTP2("retry-after: 9", "-X", "GET");
	expect("fault.reached", "fault", "cloud.http-status");
	cloud_fault_clear(cloud, "cloud.http-status");
	/* Bytes of HTTP/1.1 mean nothing here, so nothing is told either. */
	int reached = count_of("fault.reached");
	arm("cloud.http-two-lengths", NULL);
	HTTP2("HTTP/2 200", "-X", "GET");
	ck_assert_int_eq(count_of("fault.reached"), reached);
	teardown();
}
END_TEST

TEST_MAIN("sim.cloud.web", each_fault_is_seen_by_curl_and_told, no_fault_is_left_untried,
	  a_fault_keeps_to_its_path_and_count, a_used_connection_may_end_under_the_next_request,
	  an_answer_that_was_spoilt_was_stored_all_the_same,
	  what_is_answered_instead_of_the_service_stores_nothing,
	  bytes_of_http_are_answered_as_the_rfcs_say, curl_speaks_http_2_when_it_is_offered,
	  http_2_has_limits_and_faults_too)
