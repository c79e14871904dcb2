#include "sim/cloud/hello.h"

#include <errno.h>

#include "base/test.h"

/* A ClientHello with SNI "a.b", ALPN "mqtt" and "h2", supported_versions 1.3 and 1.2. */
static const uint8_t body[] = {
	0x03, 0x03, /* legacy version */
	1,    2,    3,    4,    5,    6,    7,    8,    9,   10,  11,  12,  13,  14,  15, 16, 17,
	18,   19,   20,   21,   22,   23,   24,   25,   26,  27,  28,  29,  30,  31,  32, /* random
											   */
	2,    0xaa, 0xbb,                                                   /* session id */
	0,    6,    0x13, 0x01, 0xc0, 0x2b, 0xc0, 0x13,                     /* suites */
	1,    0,                                                            /* compression */
	0,    37,                                                           /* extensions */
	0,    0,    0,    8,    0,    6,    0,    0,    3,   'a', '.', 'b', /* server_name */
	0,    16,   0,    10,   0,    8,    4,    'm',  'q', 't', 't', 2,   'h', '2', /* ALPN */
	0,    43,   0,    5,    4,    3,    4,    3,    3, /* supported_versions */
	0xff,                                              /* short of an extension: left out */
	0,
};

/* Wraps the body into records of at most `piece` bytes. */
static size_t wrap(uint8_t *out, const uint8_t *content, size_t content_size, size_t piece)
{
	uint8_t message[512] = { 1, 0, 0, (uint8_t)content_size };
	size_t size = 0, total = content_size + 4;

	memcpy(message + 4, content, content_size);
	for (size_t i = 0; i < total; i += piece) {
		size_t here = total - i < piece ? total - i : piece;
		const uint8_t head[] = { 22, 3, 1, 0, (uint8_t)here };
		memcpy(out + size, head, sizeof(head));
		memcpy(out + size + 5, message + i, here);
		size += 5 + here;
	}
	return size;
}

static void expect_parts(const struct hello *hello)
{
	ck_assert_uint_eq(hello->legacy_version, TLS_1_2);
	ck_assert_str_eq(hello->sni, "a.b");
	ck_assert_uint_eq(hello->alpn_count, 2);
	ck_assert_str_eq(hello->alpn[0], "mqtt");
	ck_assert_str_eq(hello->alpn[1], "h2");
	ck_assert_uint_eq(hello->version_count, 2);
	ck_assert(hello_offers(hello, TLS_1_3) && hello_offers(hello, TLS_1_2));
	ck_assert(!hello_offers(hello, TLS_1_1));
	ck_assert_uint_eq(hello->suite_count, 3);
	ck_assert_uint_eq(hello->session_size, 2);
}

START_TEST(a_hello_gives_its_parts_however_it_is_split)
{
	static const size_t pieces[] = { 1, 2, 7, 50, 200 };
	uint8_t bytes[2048];
	struct hello hello;

	for (size_t i = 0; i < sizeof(pieces) / sizeof(pieces[0]); i++) {
		size_t size = wrap(bytes, body, sizeof(body), pieces[i]);
		for (size_t k = 0; k < size; k++)
			ck_assert_int_eq(hello_read(&hello, bytes, k), 0);
		ck_assert_int_eq(hello_read(&hello, bytes, size), 1);
		expect_parts(&hello);
	}
}
END_TEST

START_TEST(what_is_no_hello_is_refused_at_once)
{
	static const uint8_t http[] = "GET / HTTP/1.1";
	static const uint8_t alert[] = { 21, 3, 1, 0, 2, 2, 40 };
	static const uint8_t server[] = { 22, 3, 1, 0, 4, 2, 0, 0, 0 };
	static const uint8_t empty[] = { 22, 3, 1, 0, 0 };
	static const uint8_t cut[] = { 22, 3, 1, 0, 6, 1, 0, 0, 2, 3, 3 };
	struct hello hello;

	ck_assert_int_eq(hello_read(&hello, http, sizeof(http)), -EPROTO);
	ck_assert_int_eq(hello_read(&hello, alert, sizeof(alert)), -EPROTO);
	ck_assert_int_eq(hello_read(&hello, server, sizeof(server)), -EPROTO);
	ck_assert_int_eq(hello_read(&hello, empty, sizeof(empty)), -EPROTO);
	ck_assert_int_eq(hello_read(&hello, cut, sizeof(cut)), -EPROTO);
}
END_TEST

START_TEST(without_a_list_lower_versions_may_be_offered)
{
	uint8_t bytes[512];
	struct hello hello;
	size_t until_extensions = 2 + 32 + 3 + 8 + 2;
	size_t size = wrap(bytes, body, until_extensions, 400);

	ck_assert_int_eq(hello_read(&hello, bytes, size), 1);
	ck_assert(hello_offers(&hello, TLS_1_1));
	ck_assert(!hello_offers(&hello, TLS_1_3));
	ck_assert_str_eq(hello.sni, "");
}
END_TEST

START_TEST(what_it_knows_and_sends_keys_for_is_read)
{
	/* groups X25519 and P-256, a share for X25519, points uncompressed; a GREASE extension */
	static const uint8_t more[] = { 0x1a, 0x1a, 0,    0,    0,  10, 0, 6, 0, 4, 0,
					0x1d, 0,    0x17, 0,    51, 0,  8, 0, 6, 0, 0x1d,
					0,    2,    0xaa, 0xbb, 0,  11, 0, 2, 1, 0 };
	uint8_t bytes[512], content[256];
	char text[HELLO_PRINT_MAX];
	struct hello hello;
	size_t until_extensions = 2 + 32 + 3 + 8 + 2;

	memcpy(content, body, until_extensions);
	put_be16(content + until_extensions, sizeof(more));
	memcpy(content + until_extensions + 2, more, sizeof(more));
	size_t size = wrap(bytes, content, until_extensions + 2 + sizeof(more), 400);
	ck_assert_int_eq(hello_read(&hello, bytes, size), 1);
	ck_assert(hello_offers_group(&hello, 0x17) && !hello_offers_group(&hello, 0x18));
	ck_assert(hello_has_share(&hello, 0x1d) && !hello_has_share(&hello, 0x17));
	ck_assert(hello_has_extension(&hello, EXTENSION_SHARES));
	ck_assert(hello_offers_suite(&hello, 0xc02b) && !hello_offers_suite(&hello, 0xc02c));
	ck_assert_uint_eq(hello.random[31], 32);
	ck_assert_str_eq(hello_print(&hello, text), "771,4865-49195-49171,10-51-11,29-23,0");
}
END_TEST

TEST_MAIN("sim.cloud.hello", a_hello_gives_its_parts_however_it_is_split,
	  what_is_no_hello_is_refused_at_once, without_a_list_lower_versions_may_be_offered,
	  what_it_knows_and_sends_keys_for_is_read)
