#include "agents/common/http.h"

#include <arpa/inet.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>

#include "agents/common/fixture.h"
#include "agents/common/tls_library.h"
#include "base/cleanup.h"
#include "base/file.h"
#include "base/test.h"

enum { REQUEST_MAX = 65536, TIMEOUT_MS = 1500 };

/* A server of one connection after another, in a process of its own: the agent's way of using
 * OpenSSL is for a whole process. It answers each request with the same bytes, or with none. */
static struct {
	pid_t pid;
	uint16_t port;
	char *folder, *ca, *seen; /* seen: the last request as it came */
} server;

static struct loop *loop;
static struct http *http;
static struct http_answer last; /* without its body */
static char *body;
static int answers;

static X509 *certificate(EVP_PKEY *key, const char *name)
{
	X509 *x509 = X509_new();
	X509_NAME *subject = X509_get_subject_name(x509);
	X509V3_CTX context;

	X509_set_version(x509, 2);
	ASN1_INTEGER_set(X509_get_serialNumber(x509), 1);
	X509_gmtime_adj(X509_getm_notBefore(x509), -3600);
	X509_gmtime_adj(X509_getm_notAfter(x509), 3600);
	X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_ASC, (const uint8_t *)"test", -1, -1, 0);
	X509_set_issuer_name(x509, subject);
	X509_set_pubkey(x509, key);
	X509V3_set_ctx(&context, x509, x509, NULL, NULL, 0);
	X509_EXTENSION *names = X509V3_EXT_nconf_nid(NULL, &context, NID_subject_alt_name, name);
	X509_add_ext(x509, names, -1);
	X509_EXTENSION_free(names);
	ck_assert_int_gt(X509_sign(x509, key, EVP_sha256()), 0);
	return x509;
}

static int listen_anywhere(uint16_t *port)
{
	struct sockaddr_in address = { .sin_family = AF_INET,
				       .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t size = sizeof(address);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	ck_assert_int_eq(bind(fd, (const struct sockaddr *)&address, size), 0);
	ck_assert_int_eq(listen(fd, 8), 0);
	ck_assert_int_eq(getsockname(fd, (struct sockaddr *)&address, &size), 0);
	*port = ntohs(address.sin_port);
	return fd;
}

/* Up to the end of the head, and of a body as long as it says. */
static size_t read_request(SSL *ssl, char *request)
{
	size_t used = 0;

	for (;;) {
		int got = SSL_read(ssl, request + used, (int)(REQUEST_MAX - 1 - used));
		if (got <= 0)
			return 0;
		used += (size_t)got;
		request[used] = 0;
		const char *head = strstr(request, "\r\n\r\n");
		const char *length = strcasestr(request, "\r\nContent-Length:");
		size_t more = length ? strtoul(length + 17, NULL, 10) : 0;
		if (head && used >= (size_t)(head + 4 - request) + more)
			return used;
	}
}

static _Noreturn void serve(int listener, SSL_CTX *context, const char *answer)
{
	static char request[REQUEST_MAX];

	for (;;) {
		int fd = accept(listener, NULL, NULL);
		SSL *ssl = SSL_new(context);
		SSL_set_fd(ssl, fd);
		size_t size = SSL_accept(ssl) == 1 ? read_request(ssl, request) : 0;
		if (size)
			file_write(server.seen, request, size, NULL);
		if (size && *answer)
			SSL_write(ssl, answer, (int)strlen(answer));
		if (*answer)
			SSL_shutdown(ssl);
		else
			pause();
		SSL_free(ssl);
		close(fd);
	}
}

static void start_server(const char *name, const char *answer)
{
	EVP_PKEY *key = EVP_EC_gen("P-256");
	X509 *x509 = certificate(key, name);
	SSL_CTX *context = SSL_CTX_new(TLS_server_method());
	int listener = listen_anywhere(&server.port);

	server.folder = fixture_folder();
	server.ca = file_join(server.folder, "ca.pem");
	server.seen = file_join(server.folder, "seen");
	FILE *file = fopen(server.ca, "we");
	PEM_write_X509(file, x509);
	fclose(file);
	SSL_CTX_use_certificate(context, x509);
	SSL_CTX_use_PrivateKey(context, key);
	server.pid = fork();
	if (server.pid == 0)
		serve(listener, context, answer);
	close(listener);
	SSL_CTX_free(context);
	X509_free(x509);
	EVP_PKEY_free(key);
}

static void start(const char *name, const char *answer)
{
	static const char *const urls[] = { "https://127.0.0.1", NULL };
	struct error err = { 0 };

	start_server(name, answer);
	ck_assert_int_eq(tls_library_init(&tls_floor, urls, &err), 0);
	loop = loop_new();
	http = http_new(&(struct http_options){ .loop = loop,
						.ca = server.ca,
						.user = "dc-0001",
						.password = "open sesame",
						.timeout_ms = TIMEOUT_MS },
			&err);
	ck_assert_ptr_nonnull(http);
	answers = 0;
}

static void stop(void)
{
	http_free(http);
	loop_free(loop);
	kill(server.pid, SIGKILL);
	waitpid(server.pid, NULL, 0);
	fixture_folder_done(server.folder);
	free(server.ca);
	free(server.seen);
	free(body);
	body = NULL;
}

static void on_answer(void *arg, const struct http_answer *answer)
{
	struct buf copy = answer->body;

	(void)arg;
	last = *answer;
	free(body);
	body = alloc_text(buf_text(&copy));
	answers++;
}

static bool is_answered(void *arg)
{
	(void)arg;
	return answers > 0;
}

/* Asks for a path, and waits for what comes of it. */
static void ask(struct http_request request)
{
	AUTO_FREE char *url = alloc_printf("https://127.0.0.1:%u/v1/x", server.port);

	request.url = url;
	answers = 0;
	http_send(http, &request, on_answer, NULL);
	ck_assert_int_eq(answers, 0);
	ck_assert(http_busy(http));
	ck_assert(loop_run_until(loop, is_answered, NULL, 4 * TIMEOUT_MS));
	ck_assert(!http_busy(http));
}

static char *seen(void)
{
	return file_read(server.seen, REQUEST_MAX, NULL, NULL);
}

#define OK(more) "HTTP/1.1 200 OK\r\nConnection: close\r\n" more

START_TEST(an_answer_comes_with_its_status_and_body)
{
	start("IP:127.0.0.1", OK("Content-Length: 5\r\n\r\nhello"));
	ask((struct http_request){ .method = "GET" });
	ck_assert_int_eq(last.status, 200);
	ck_assert_str_eq(body, "hello");
	ck_assert_int_eq(last.retry_after_ms, 0);
	stop();
}
END_TEST

START_TEST(the_login_goes_out_only_where_it_is_asked_for)
{
	start("IP:127.0.0.1", OK("Content-Length: 0\r\n\r\n"));
	ask((struct http_request){ .method = "GET" });
	AUTO_FREE char *without = seen();
	ck_assert_ptr_null(strcasestr(without, "authorization"));
	ask((struct http_request){
		.method = "POST", .body = "{}", .idempotency_key = "k-1", .login = true });
	AUTO_FREE char *with = seen();
	ck_assert_ptr_nonnull(strstr(with, "Authorization: Basic ZGMtMDAwMTpvcGVuIHNlc2FtZQ=="));
	ck_assert_ptr_nonnull(strstr(with, "Idempotency-Key: k-1"));
	ck_assert_ptr_nonnull(strstr(with, "Content-Type: application/json"));
	ck_assert_ptr_nonnull(strstr(with, "\r\n\r\n{}"));
	ck_assert_ptr_null(strcasestr(with, "\r\nExpect"));
	stop();
}
END_TEST

START_TEST(a_time_to_come_back_is_read)
{
	start("IP:127.0.0.1", "HTTP/1.1 503 Later\r\nRetry-After: 7\r\nConnection: close\r\n"
			      "Content-Length: 0\r\n\r\n");
	ask((struct http_request){ .method = "GET" });
	ck_assert_int_eq(last.status, 503);
	ck_assert_int_eq(last.retry_after_ms, 7000);
	stop();
}
END_TEST

START_TEST(a_redirect_is_an_answer_and_not_followed)
{
	start("IP:127.0.0.1", "HTTP/1.1 302 Elsewhere\r\nLocation: https://127.0.0.1:1/\r\n"
			      "Connection: close\r\nContent-Length: 0\r\n\r\n");
	ask((struct http_request){ .method = "GET", .login = true });
	ck_assert_int_eq(last.status, 302);
	stop();
}
END_TEST

START_TEST(an_answer_that_ends_early_is_none)
{
	start("IP:127.0.0.1", OK("Content-Length: 500\r\n\r\nhalf of it"));
	ask((struct http_request){ .method = "GET" });
	ck_assert_int_eq(last.status, 0);
	ck_assert_ptr_nonnull(last.why);
	stop();
}
END_TEST

START_TEST(what_is_no_http_is_no_answer)
{
	start("IP:127.0.0.1", "220 mail.example ESMTP\r\n");
	ask((struct http_request){ .method = "GET" });
	ck_assert_int_eq(last.status, 0);
	stop();
}
END_TEST

START_TEST(a_server_that_never_answers_is_given_up)
{
	start("IP:127.0.0.1", "");
	ask((struct http_request){ .method = "GET" });
	ck_assert_int_eq(last.status, 0);
	stop();
}
END_TEST

START_TEST(a_body_without_end_is_given_up)
{
	AUTO_FREE char *much = alloc_zero(1, HTTP_ANSWER_MAX + 200);
	int head = snprintf(much, 100, OK("\r\n"));

	memset(much + head, 'x', HTTP_ANSWER_MAX + 1);
	start("IP:127.0.0.1", much);
	ask((struct http_request){ .method = "GET" });
	ck_assert_int_eq(last.status, 0);
	stop();
}
END_TEST

START_TEST(a_certificate_for_another_host_gets_no_request)
{
	start("IP:127.0.0.2", OK("Content-Length: 0\r\n\r\n"));
	ask((struct http_request){ .method = "GET", .login = true });
	ck_assert_int_eq(last.status, 0);
	ck_assert_ptr_null(seen());
	stop();
}
END_TEST

START_TEST(a_certificate_that_only_the_environment_trusts_gets_no_request)
{
	start("IP:127.0.0.1", OK("Content-Length: 0\r\n\r\n"));
	AUTO_FREE char *trusted = alloc_text(server.ca);
	AUTO_FREE char *other = file_join(server.folder, "other.pem");
	EVP_PKEY *key = EVP_EC_gen("P-256");
	X509 *x509 = certificate(key, "IP:127.0.0.1");
	FILE *file = fopen(other, "we");
	PEM_write_X509(file, x509);
	fclose(file);
	X509_free(x509);
	EVP_PKEY_free(key);
	setenv("SSL_CERT_FILE", trusted, 1);
	setenv("SSL_CERT_DIR", server.folder, 1);
	setenv("CURL_CA_BUNDLE", trusted, 1);
	struct http *strict = http_new(&(struct http_options){ .loop = loop,
							       .ca = other,
							       .user = "u",
							       .password = "p",
							       .timeout_ms = TIMEOUT_MS },
				       NULL);
	http_free(http);
	http = strict;
	ask((struct http_request){ .method = "GET" });
	ck_assert_int_eq(last.status, 0);
	ck_assert_ptr_null(seen());
	stop();
}
END_TEST

START_TEST(what_is_under_way_at_the_end_says_nothing)
{
	start("IP:127.0.0.1", "");
	AUTO_FREE char *url = alloc_printf("https://127.0.0.1:%u/", server.port);
	http_send(http, &(struct http_request){ .method = "GET", .url = url }, on_answer, NULL);
	loop_turn(loop, true);
	stop();
	ck_assert_int_eq(answers, 0);
}
END_TEST

TEST_MAIN("agents.common.http", an_answer_comes_with_its_status_and_body,
	  the_login_goes_out_only_where_it_is_asked_for, a_time_to_come_back_is_read,
	  a_redirect_is_an_answer_and_not_followed, an_answer_that_ends_early_is_none,
	  what_is_no_http_is_no_answer, a_server_that_never_answers_is_given_up,
	  a_body_without_end_is_given_up, a_certificate_for_another_host_gets_no_request,
	  a_certificate_that_only_the_environment_trusts_gets_no_request,
	  what_is_under_way_at_the_end_says_nothing)
