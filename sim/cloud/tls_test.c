/* The TLS front as programs see it that nobody here wrote: curl and openssl (OpenSSL), gnutls-cli
 * (GnuTLS, which shares no code with our side). */
#include "sim/cloud/cert_kind.h"
#include "sim/cloud/cloud_fixture.h"
#include "sim/cloud/forge.h"
#include "sim/cloud/warp.h"

/* Exit codes of curl(1). */
enum {
	TAKEN = 0,
	SLOW = 28,
	HANDSHAKE = 35,
	CUT = 18,
	BROKEN = 56,
	CERTIFICATE = 60,
};

/* ---- clients ---- */

static int gnutls(const char *priority)
{
	AUTO_FREE char *ca = path_of("ca.pem");
	const char *words[] = { "gnutls-cli",
				"--x509cafile",
				ca,
				"--port",
				port_text,
				"--sni-hostname",
				"api.ecsp.example",
				"--verify-hostname",
				"api.ecsp.example",
				"--alpn",
				"http/1.1",
				"--priority",
				priority ? priority : "NORMAL:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2",
				"127.0.0.1",
				NULL };
	struct child child;

	start(&child, words);
	return finish(&child);
}

static int s_client(const char *const *more)
{
	AUTO_FREE char *ca = path_of("ca.pem");
	AUTO_FREE char *address = alloc_printf("127.0.0.1:%s", port_text);
	const char *words[ARGS_MAX] = { "openssl",
					"s_client",
					"-connect",
					address,
					"-servername",
					"api.ecsp.example",
					"-CAfile",
					ca,
					"-verify_return_error" };
	size_t count = 9;
	struct child child;

	while (*more)
		words[count++] = *more++;
	start(&child, words);
	return finish(&child);
}

#define S_CLIENT(...) s_client((const char *const[]){ __VA_ARGS__, NULL })

/* For the HTTPS listener; single quotes stand for double ones. */
static json_t *parameters_of(const char *parameters)
{
	AUTO_FREE char *text = alloc_text(parameters);
	for (char *at = text; *at; at++)
		*at = *at == '\'' ? '"' : *at;
	json_t *object = json_loads(text, 0, NULL);
	ck_assert_msg(object, "%s", parameters);
	json_object_set_new(object, "listener", json_string("https"));
	return object;
}

/* ---- certificates ---- */

/* Where a client of other people is of another mind than the rule: it takes what it should not. */
static const struct {
	const char *kind;
	bool curl, gnutls;
} lenient[] = {
	{ "common-name-only", true, true }, /* RFC 9525 6.3 forbids what RFC 2818 3.1 allowed */
	{ "rsa-1024", false, true },
};

static bool forgives(const char *kind, bool is_curl)
{
	for (size_t i = 0; i < COUNT_OF(lenient); i++)
		if (!strcmp(lenient[i].kind, kind))
			return is_curl ? lenient[i].curl : lenient[i].gnutls;
	return false;
}

static void expect_worth(const struct cert_kind *kind, bool is_curl)
{
	int reached = count_of("fault.reached");
	int code = is_curl ? CURL(url("/v1/certificate")) : gnutls(NULL);
	bool taken = kind->worth == CERT_SOUND || forgives(kind->name, is_curl);
	AUTO_FREE char *shown = alloc_printf("https:%s", kind->name);

	if (kind->worth != CERT_OPEN)
		ck_assert_msg(taken == (code == 0), "%s: %s ended with %d", kind->name,
			      is_curl ? "curl" : "gnutls-cli", code);
	ck_assert_msg(count_of("fault.reached") == reached + 1, "%s is not told", kind->name);
	expect("fault.reached", "done", shown);
}

START_TEST(every_kind_of_certificate_is_taken_or_refused_as_it_deserves)
{
	setup();
	for (size_t i = 1; i < cert_kind_count; i++) {
		arm("cloud.certificate",
		    json_pack("{s:s, s:s}", "listener", "https", "kind", cert_kinds[i].name));
		expect_worth(&cert_kinds[i], true);
		expect_worth(&cert_kinds[i], false);
	}
	teardown();
}
END_TEST

/* ---- faults ---- */

struct row {
	const char *fault, *parameters;
	int code;             /* curl's */
	const char *reaction; /* to curl, as the cloud tells it; NULL: this fault asks for none */
	int gnutls;           /* exit code of gnutls-cli; NOT_RUN */
};

enum { NOT_RUN = -1 };

#define VERSION "cloud.tls-version"
#define FORGED  "cloud.tls-forged"
#define SUITE   "cloud.tls-suite"
#define RETRY   "cloud.tls-retry"
#define RECORDS "cloud.tls-records"
#define ALERT   "cloud.tls-alert"
#define ALPN    "cloud.tls-alpn"
#define ASK     "cloud.tls-client-certificate"
#define CUT_OFF "cloud.tls-truncate"
#define READY   "completed the handshake"
#define ILLEGAL "alert illegal_parameter"
#define STRAY   "alert unexpected_message"
#define ANY     ""

/* clang-format off */
static const struct row rows[] = {
	{ VERSION, "{'version':'tls1.3'}", TAKEN, READY, 0 },
	{ VERSION, "{'version':'tls1.2'}", TAKEN, READY, 0 },
	{ VERSION, "{'version':'tls1.1'}", HANDSHAKE, ANY, 1 },
	{ VERSION, "{'version':'tls1.0'}", HANDSHAKE, ANY, 1 },
	{ VERSION, "{'version':'ssl3'}", HANDSHAKE, "alert protocol_version", 1 },
	{ "cloud.tls11", "{}", HANDSHAKE, ANY, 1 },
	{ FORGED, "{'kind':'sound'}", HANDSHAKE, "the client went on", 1 },
	{ FORGED, "{'kind':'downgrade-mark'}", HANDSHAKE, ILLEGAL, 1 },
	{ FORGED, "{'kind':'unoffered-suite'}", HANDSHAKE, ILLEGAL, 1 },
	{ FORGED, "{'kind':'unoffered-group'}", HANDSHAKE, ILLEGAL, 1 },
	{ FORGED, "{'kind':'unsolicited-extension'}", HANDSHAKE, "alert unsupported_extension", 1 },
	{ FORGED, "{'kind':'unknown-extension'}", HANDSHAKE, "the client went on", 1 },
	{ FORGED, "{'kind':'heartbeat'}", HANDSHAKE, "the client went on", 1 },
	{ FORGED, "{'kind':'compression'}", HANDSHAKE, ILLEGAL, 1 },
	{ FORGED, "{'kind':'hello-twice'}", HANDSHAKE, STRAY, 1 },
	{ FORGED, "{'kind':'no-key-exchange'}", HANDSHAKE, STRAY, 1 },
	{ FORGED, "{'kind':'wrong-order'}", HANDSHAKE, STRAY, 1 },
	{ FORGED, "{'kind':'bad-point'}", HANDSHAKE, ILLEGAL, 1 },
	{ FORGED, "{'kind':'bad-key-signature'}", HANDSHAKE, "alert decrypt_error", 1 },
	{ FORGED, "{'kind':'sha1-key-signature'}", HANDSHAKE, "alert handshake_failure", 1 },
	{ SUITE, "{'suite':'static-rsa'}", TAKEN, READY, 0 },
	{ SUITE, "{'suite':'static-rsa-cbc'}", TAKEN, READY, 0 },
	{ SUITE, "{'suite':'cbc'}", TAKEN, READY, 0 },
	{ SUITE, "{'suite':'no-encryption'}", HANDSHAKE, ILLEGAL, 1 },
	{ SUITE, "{'suite':'anonymous'}", HANDSHAKE, ILLEGAL, 1 },
	{ SUITE, "{'suite':'3des'}", HANDSHAKE, ILLEGAL, 1 },
	{ SUITE, "{'suite':'rc4'}", HANDSHAKE, ILLEGAL, 1 },
	{ SUITE, "{'suite':'export'}", HANDSHAKE, ILLEGAL, 1 },
	{ RETRY, "{'kind':'once'}", TAKEN, READY, 0 },
	{ RETRY, "{'kind':'twice'}", HANDSHAKE, STRAY, 1 },
	{ RETRY, "{'kind':'shared-group'}", HANDSHAKE, ILLEGAL, 1 },
	{ RETRY, "{'kind':'unoffered-group'}", HANDSHAKE, ILLEGAL, 1 },
	{ RECORDS, "{'kind':'fragmented'}", TAKEN, READY, 0 },
	{ RECORDS, "{'kind':'fragmented','amount':100}", TAKEN, READY, 0 },
	{ RECORDS, "{'kind':'empty-handshake'}", TAKEN, READY, 1 },
	{ RECORDS, "{'kind':'empty-handshake','amount':100}", HANDSHAKE, STRAY, 1 },
	{ RECORDS, "{'kind':'unknown-type'}", HANDSHAKE, STRAY, 1 },
	{ RECORDS, "{'kind':'unknown-type-data'}", BROKEN, STRAY, NOT_RUN },
	{ RECORDS, "{'kind':'heartbeat'}", HANDSHAKE, STRAY, 1 },
	{ RECORDS, "{'kind':'hello-request'}", TAKEN, READY, 1 },
	{ RECORDS, "{'kind':'warnings'}", TAKEN, READY, 0 },
	{ RECORDS, "{'kind':'warnings','amount':100}", HANDSHAKE, STRAY, 1 },
	{ RECORDS, "{'kind':'early-data'}", HANDSHAKE, "alert bad_record_mac", 1 },
	{ RECORDS, "{'kind':'hello-twice'}", HANDSHAKE, STRAY, 1 },
	{ RECORDS, "{'kind':'oversized'}", HANDSHAKE, "alert record_overflow", 1 },
	{ RECORDS, "{'kind':'wrong-version'}", HANDSHAKE, ANY, 1 },
	{ RECORDS, "{'kind':'bad-tag-handshake'}", HANDSHAKE, "alert bad_record_mac", 1 },
	{ RECORDS, "{'kind':'bad-tag'}", BROKEN, "alert bad_record_mac", NOT_RUN },
	{ RECORDS, "{'kind':'plain-http'}", HANDSHAKE, ANY, 1 },
	{ RECORDS, "{'kind':'garbage'}", HANDSHAKE, ANY, 1 },
	{ ALERT, "{'step':'hello'}", HANDSHAKE, NULL, 1 },
	{ ALERT, "{'step':'hello','alert':'handshake_failure'}", HANDSHAKE, NULL, 1 },
	{ ALERT, "{'step':'server-hello'}", HANDSHAKE, NULL, 1 },
	{ ALERT, "{'step':'certificate'}", HANDSHAKE, NULL, 1 },
	{ ALERT, "{'step':'key-exchange'}", HANDSHAKE, NULL, 1 },
	{ ALERT, "{'step':'hello-done'}", HANDSHAKE, NULL, 1 },
	{ ALERT, "{'step':'finished'}", HANDSHAKE, NULL, 1 },
	{ ALERT, "{'step':'data'}", BROKEN, NULL, NOT_RUN },
	{ ALPN, "{'protocol':'http/1.1'}", TAKEN, READY, 0 },
	{ ALPN, "{'protocol':'unknown'}", HANDSHAKE, "alert decode_error", 0 },
	{ ALPN, "{'protocol':'mqtt'}", HANDSHAKE, "alert decode_error", 0 },
	{ ALPN, "{'protocol':'h2'}", 52, READY, 0 },
	{ ASK, "{'mode':'optional'}", TAKEN, READY, 0 },
	{ ASK, "{'mode':'required'}", BROKEN, ANY, 1 },
	{ CUT_OFF, "{'after':400}", CUT, NULL, NOT_RUN },
	{ CUT_OFF, "{'after':400,'end':'reset'}", BROKEN, NULL, NOT_RUN },
	{ "cloud.tls-slow", "{'ms':1,'bytes':20}", TAKEN, READY, 0 },
	{ "cloud.tls-slow", "{'ms':20}", SLOW, ANY, NOT_RUN },
	{ "cloud.tls-silent", "{}", SLOW, ANY, NOT_RUN },
};
/* clang-format on */

static void expect_told(const struct row *row, int reached)
{
	const char *reaction = json_text_of(last("fault.reached"), "reaction", NULL);

	ck_assert_msg(count_of("fault.reached") == reached + 1, "%s %s is not told", row->fault,
		      row->parameters);
	expect("fault.reached", "fault", row->fault);
	ck_assert_msg(!reaction == !row->reaction, "%s %s: reaction %s", row->fault,
		      row->parameters, reaction);
}

static void expect_curl(const struct row *row)
{
	int reached = count_of("fault.reached");
	int code = CURL("-m", row->code == SLOW ? "0.5" : "10", url("/v1/certificate"));

	ck_assert_msg(code == row->code, "%s %s: curl ended with %d, expected %d", row->fault,
		      row->parameters, code, row->code);
	expect_told(row, reached);
	if (row->reaction && *row->reaction)
		ck_assert_msg(
			!strcmp(json_text_of(last("fault.reached"), "reaction", ""), row->reaction),
			"%s %s: curl's reaction was %s", row->fault, row->parameters,
			json_text_of(last("fault.reached"), "reaction", ""));
}

static void expect_gnutls(const struct row *row)
{
	int reached = count_of("fault.reached");
	int code = gnutls(NULL);

	ck_assert_msg(code == row->gnutls, "%s %s: gnutls-cli ended with %d", row->fault,
		      row->parameters, code);
	expect_told(row, reached);
}

START_TEST(each_fault_is_seen_and_told)
{
	setup();
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		arm(rows[i].fault, parameters_of(rows[i].parameters));
		expect_curl(&rows[i]);
		if (rows[i].gnutls != NOT_RUN)
			expect_gnutls(&rows[i]);
		cloud_fault_clear(cloud, rows[i].fault);
	}
	ck_assert_int_eq(CURL(url("/v1/certificate")), 0);
	teardown();
}
END_TEST

/* Every value that a fault of the front can be armed with stands in a row. */
static bool is_exempt(const char *fault, const char *value)
{
	return (!strcmp(fault, RECORDS) && !strcmp(value, "joined")) || /* its own test */
	       !strcmp(value, "fin") ||                                 /* the default */
	       !strcmp(value, "spdy/3");                                /* as "unknown" */
}

static bool is_tried(const char *fault, const char *value)
{
	AUTO_FREE char *quoted = alloc_printf("'%s'", value);

	for (size_t i = 0; i < COUNT_OF(rows); i++)
		if (!strcmp(rows[i].fault, fault) && strstr(rows[i].parameters, quoted))
			return true;
	return false;
}

START_TEST(no_kind_is_left_untried)
{
	static const char *const apart[] = { "listener", "alert" };
	const struct verb *verb;

	for (size_t i = 0; (verb = verb_at(cloud_faults[0], i)); i++) {
		if (!strcmp(verb->name, "cloud.certificate") || !strcmp(verb->name, "cloud.down"))
			continue; /* the test above, and cloud_test.c */
		for (const struct parameter *p = verb->parameters; p->name; p++)
			for (size_t k = 0; p->names && k < 100 && p->names[k]; k++)
				ck_assert_msg(!strcmp(p->name, apart[0]) ||
						      !strcmp(p->name, apart[1]) ||
						      is_exempt(verb->name, p->names[k]) ||
						      is_tried(verb->name, p->names[k]),
					      "%s %s", verb->name, p->names[k]);
	}
}
END_TEST

/* ---- the front behaves ---- */

/* TLS 1.2: what is sent in the clear is more than one message. */
START_TEST(messages_may_share_a_record)
{
	setup();
	arm("cloud.tls-records", json_pack("{s:s, s:s}", "listener", "https", "kind", "joined"));
	ck_assert_int_eq(CURL("--tls-max", "1.2", url("/v1/certificate")), 0);
	expect("fault.reached", "done", "joined");
	expect("tls.ready", "version", "TLSv1.2");
	teardown();
}
END_TEST

START_TEST(a_suite_that_is_offered_is_chosen_in_earnest)
{
	static const char *const suites[][2] = { { "no-encryption", "ECDHE-ECDSA-NULL-SHA" },
						 { "anonymous", "AECDH-AES128-SHA" } };
	setup();
	for (size_t i = 0; i < COUNT_OF(suites); i++) {
		AUTO_FREE char *list = alloc_printf("%s:@SECLEVEL=0", suites[i][1]);
		arm("cloud.tls-suite",
		    json_pack("{s:s, s:s}", "listener", "https", "suite", suites[i][0]));
		ck_assert_int_eq(S_CLIENT("-tls1_2", "-cipher", list), 0);
		expect("tls.ready", "suite", suites[i][1]);
		expect("fault.reached", "reaction", "completed the handshake");
	}
	teardown();
}
END_TEST

static void expect_status(const char *kind, int code)
{
	arm("cloud.certificate", json_pack("{s:s, s:s}", "listener", "https", "kind", kind));
	ck_assert_int_eq(CURL("--cert-status", url("/v1/certificate")), code);
}

START_TEST(whoever_asks_gets_an_ocsp_response)
{
	setup();
	ck_assert_int_eq(S_CLIENT("-status"), 0);
	ck_assert_ptr_nonnull(strstr(output, "Cert Status: good"));
	expect_status("chain", 0);
	expect_status("must-staple", 0);
	expect_status("revoked", 91);
	expect_status("stale-staple", 91);
	expect_status("foreign-staple", 91);
	expect_status("no-staple", 91);
	teardown();
}
END_TEST

/* In TLS 1.3, by curl, which keeps tickets as long as it runs. */
START_TEST(sessions_are_resumed_by_tickets)
{
	setup();
	ck_assert_int_eq(
		CURL("-H", "Connection: close", url("/v1/certificate"), url("/v1/certificate")), 0);
	ck_assert_int_eq(count_of("tls.ready"), 2);
	ck_assert(json_is_true(json_object_get(last("tls.ready"), "resumed")));
	teardown();
}
END_TEST

/* In TLS 1.2, by openssl. */
START_TEST(under_a_fault_no_session_is_resumed)
{
	setup();
	AUTO_FREE char *session = path_of("down.pem");
	ck_assert_int_eq(S_CLIENT("-tls1_2", "-sess_out", session), 0);
	ck_assert_int_eq(S_CLIENT("-tls1_2", "-sess_in", session), 0);
	ck_assert(json_is_true(json_object_get(last("tls.ready"), "resumed")));
	arm("cloud.certificate", json_pack("{s:s, s:s}", "listener", "https", "kind", "expired"));
	ck_assert_int_ne(S_CLIENT("-tls1_2", "-sess_in", session), 0);
	expect("tls.failed", "alert", "certificate_expired");
	teardown();
}
END_TEST

/* Makes a key and a certificate of a client's own in one file. */
static void make_client_certificate(const char *path)
{
	const char *words[] = { "openssl",
				"req",
				"-x509",
				"-newkey",
				"ec",
				"-pkeyopt",
				"ec_paramgen_curve:P-256",
				"-nodes",
				"-subj",
				"/CN=dc-0001",
				"-keyout",
				path,
				"-out",
				"-",
				NULL };
	struct child child;

	start(&child, words);
	ck_assert_int_eq(finish(&child), 0);
	AUTO_FREE char *key = file_read(path, OUTPUT_MAX, NULL, &err);
	AUTO_FREE char *both = alloc_printf("%s%s", key, output);
	ck_assert_int_eq(file_write(path, both, strlen(both), &err), 0);
}

START_TEST(a_client_certificate_is_told_where_one_was_asked_for)
{
	setup();
	AUTO_FREE char *pem = path_of("down.pem");
	make_client_certificate(pem);
	ck_assert_int_eq(S_CLIENT("-alpn", "http/1.1", "-cert", pem), 0);
	ck_assert_ptr_null(json_object_get(last("tls.ready"), "clientCertificate"));
	ck_assert_int_eq(S_CLIENT("-alpn", "x-amzn-mqtt-ca"), 0);
	ck_assert(json_is_null(json_object_get(last("tls.ready"), "clientCertificate")));
	ck_assert_int_eq(S_CLIENT("-alpn", "x-amzn-mqtt-ca", "-cert", pem), 0);
	ck_assert_str_eq(
		json_string_value(json_at(last("tls.ready"), "/clientCertificate/subject")),
		"/CN=dc-0001");
	arm("cloud.tls-client-certificate",
	    json_pack("{s:s, s:s}", "listener", "https", "mode", "required"));
	ck_assert_int_eq(S_CLIENT("-tls1_2", "-cert", pem), 0);
	ck_assert_int_ne(S_CLIENT("-tls1_2"), 0);
	teardown();
}
END_TEST

/* Without ALPN the first byte tells: MQTT begins with CONNECT, 0x10; no HTTP method does. */
START_TEST(without_alpn_the_first_byte_tells_http)
{
	setup();
	ck_assert_int_eq(CURL("--no-alpn", url("/v1/certificate")), 0);
	ck_assert(json_is_null(json_object_get(last("tls.ready"), "alpn")));
	ck_assert_int_eq(count_of("certificate.sent"), 1);
	teardown();
}
END_TEST

START_TEST(a_hello_is_told_with_its_fingerprint)
{
	setup();
	ck_assert_int_eq(CURL(url("/v1/certificate")), 0);
	AUTO_FREE char *first = alloc_text(json_text_of(last("tls.hello"), "fingerprint", NULL));
	ck_assert_int_eq(strncmp(first, "771,", 4), 0);
	ck_assert_int_eq(CURL(url("/v1/certificate")), 0);
	expect("tls.hello", "fingerprint", first); /* the same program, the same print */
	ck_assert_int_eq(CURL("--ciphers", "ECDHE-ECDSA-AES128-GCM-SHA256", url("/v1/certificate")),
			 0);
	ck_assert_str_ne(json_text_of(last("tls.hello"), "fingerprint", ""), first);
	teardown();
}
END_TEST

static void expect_row_of(const char *page, const char *name, const char *help)
{
	AUTO_FREE char *row = alloc_printf("\n| `%s` | %s |", name, help);
	ck_assert_msg(strstr(page, row), "docs/tls.md has no row%s", row);
}

START_TEST(the_page_of_the_faults_is_complete)
{
	AUTO_FREE char *page = file_read("docs/tls.md", OUTPUT_MAX, NULL, &err);
	ck_assert_msg(page, "%s", err.text);
	for (size_t i = 1; i < cert_kind_count; i++)
		expect_row_of(page, cert_kinds[i].name, cert_kinds[i].help);
	for (size_t i = 0; forge_names[i]; i++)
		expect_row_of(page, forge_names[i], forge_kinds[i].help);
	for (size_t i = 0; forge_suite_names[i]; i++)
		expect_row_of(page, forge_suite_names[i], forge_suites[i].help);
	for (size_t i = 0; warp_names[i]; i++)
		expect_row_of(page, warp_names[i], warp_kinds[i].help);
	for (size_t i = 0; i < cloud_faults[0]->count; i++) {
		AUTO_FREE char *row = alloc_printf("\n| `%s` |", verb_at(cloud_faults[0], i)->name);
		ck_assert_msg(strstr(page, row), "docs/tls.md has no row%s", row);
	}
}
END_TEST

TEST_MAIN("sim.cloud.tls", every_kind_of_certificate_is_taken_or_refused_as_it_deserves,
	  each_fault_is_seen_and_told, no_kind_is_left_untried, messages_may_share_a_record,
	  a_suite_that_is_offered_is_chosen_in_earnest, whoever_asks_gets_an_ocsp_response,
	  sessions_are_resumed_by_tickets, under_a_fault_no_session_is_resumed,
	  the_page_of_the_faults_is_complete, a_client_certificate_is_told_where_one_was_asked_for,
	  without_alpn_the_first_byte_tells_http, a_hello_is_told_with_its_fingerprint)
