#include "conformance/tlsrecord.h"

#include "base/test.h"
#include "conformance/capture_fixture.h"

static const uint16_t modern[] = { 0x0304, 0x0303 };

START_TEST(a_hello_tells_versions_name_and_protocols)
{
	struct buf bytes;
	struct tls_stream stream;
	static const uint16_t versions[] = { 0x7a7a, 0x0304, 0x0303 };
	buf_init(&bytes, 4096);
	fixture_client_hello(&bytes, 0x0303, versions, 3);
	size_t hello = bytes.size;
	fixture_record(&bytes, 20, "\x01", 1);
	fixture_record(&bytes, 23, "secret bytes", 12);
	tls_stream_read(&stream, bytes.data, bytes.size);
	ck_assert_ptr_null(stream.why);
	ck_assert_uint_eq(stream.inside, bytes.size);
	ck_assert_uint_eq(stream.records, 3);
	ck_assert_uint_eq(stream.others, 2);
	ck_assert(stream.has_client_hello);
	ck_assert_uint_eq(stream.client_hello_end, hello);
	ck_assert_uint_eq(stream.client.legacy_version, 0x0303);
	ck_assert(stream.client.has_versions);
	ck_assert_uint_eq(stream.client.version_count, 2); /* GREASE is no offer */
	ck_assert_uint_eq(tls_lowest_offer(&stream.client), 0x0303);
	ck_assert_str_eq(stream.client.sni, "api.ecsp.example");
	ck_assert_uint_eq(stream.client.alpn_count, 1);
	ck_assert_str_eq(stream.client.alpn[0], "mqtt");
	ck_assert_uint_eq(stream.client.suite_count, 2);
	buf_done(&bytes);
}
END_TEST

START_TEST(a_hello_spread_over_records_is_read)
{
	struct buf whole, split;
	struct tls_stream stream;
	buf_init(&whole, 4096);
	buf_init(&split, 4096);
	fixture_client_hello(&whole, 0x0303, modern, 2);
	for (size_t i = 5; i < whole.size; i++)
		fixture_record(&split, 22, whole.data + i, 1);
	tls_stream_read(&stream, split.data, split.size);
	ck_assert_ptr_null(stream.why);
	ck_assert(stream.has_client_hello);
	ck_assert_str_eq(stream.client.sni, "api.ecsp.example");
	ck_assert_uint_eq(stream.client_hello_end, split.size);
	buf_done(&whole);
	buf_done(&split);
}
END_TEST

START_TEST(an_answer_of_tls_1_3_is_known_by_its_extension)
{
	struct buf bytes;
	struct tls_stream stream;
	buf_init(&bytes, 4096);
	fixture_server_hello(&bytes, 0x0303, 0x0304);
	tls_stream_read(&stream, bytes.data, bytes.size);
	ck_assert(stream.has_server_hello);
	ck_assert_uint_eq(stream.server_version, 0x0304);
	buf_clear(&bytes);
	fixture_server_hello(&bytes, 0x0302, 0);
	tls_stream_read(&stream, bytes.data, bytes.size);
	ck_assert_uint_eq(stream.server_version, 0x0302);
	buf_done(&bytes);
}
END_TEST

START_TEST(an_alert_in_clear_is_read_and_is_no_other_record)
{
	struct buf bytes;
	struct tls_stream stream;
	buf_init(&bytes, 4096);
	fixture_client_hello(&bytes, 0x0303, modern, 2);
	size_t at = bytes.size;
	fixture_record(&bytes, 21, "\x02\x46", 2);
	tls_stream_read(&stream, bytes.data, bytes.size);
	ck_assert(stream.alert.seen);
	ck_assert_uint_eq(stream.alert.offset, at);
	ck_assert_uint_eq(stream.alert.level, 2);
	ck_assert_uint_eq(stream.alert.description, 70);
	ck_assert_uint_eq(stream.others, 0);
	buf_done(&bytes);
}
END_TEST

struct row {
	const char *bytes; /* after a hello if hello is set */
	size_t size;
	bool hello;
	size_t inside; /* counted from the bytes above; where TLS ends */
};

#define ROW(text, hello, inside)                                                                   \
	{                                                                                          \
		text, sizeof(text) - 1, hello, inside                                              \
	}
static const struct row rows[] = {
	ROW("GET / HTTP/1.1\r\n", false, 0),
	ROW("\x10\x0c\x00\x04MQTT", false, 0),
	ROW("\x80\x2e\x01\x00\x02", false, 0),               /* SSL 2 */
	ROW("\x16\x03\x01\x00\x00", false, 0),               /* empty record */
	ROW("\x16\x02\x01\x00\x05xxxxx", false, 0),          /* no version */
	ROW("\x17\x03\x03\x00\x02xx", false, 0),             /* data before a hello */
	ROW("\x16\x03\x01\x00\x04\x04xxx", false, 0),        /* handshake that is no hello */
	ROW("\x16\x03\x01\x40\x00GET / HTTP/1.1", false, 0), /* clear text in a fake record */
	ROW("\x17\x03\x03\x00\x02xxGET /", true, 7),         /* clear text after a record */
	ROW("\x17\x03\x03\xff\xff", true, 0),                /* longer than a record may be */
	ROW("\x18\x03\x03\x00\x01x", true, 0),               /* heartbeat */
	ROW("\n", true, 0),
};

START_TEST(the_first_byte_that_is_not_tls_is_found)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct buf bytes;
		struct tls_stream stream;
		buf_init(&bytes, 4096);
		if (rows[i].hello)
			fixture_client_hello(&bytes, 0x0303, modern, 2);
		size_t before = bytes.size;
		buf_add(&bytes, rows[i].bytes, rows[i].size);
		tls_stream_read(&stream, bytes.data, bytes.size);
		ck_assert_msg(stream.why != NULL, "row %zu passed", i);
		ck_assert_msg(stream.inside == before + rows[i].inside, "row %zu: %zu", i,
			      stream.inside);
		ck_assert(!stream.cut);
		buf_done(&bytes);
	}
}
END_TEST

START_TEST(a_stream_that_ends_inside_a_record_is_cut_not_clear)
{
	struct buf bytes;
	buf_init(&bytes, 4096);
	fixture_client_hello(&bytes, 0x0303, modern, 2);
	size_t hello = bytes.size;
	fixture_record(&bytes, 23, "secret bytes", 12);
	for (size_t size = 1; size < bytes.size; size++) {
		struct tls_stream stream;
		tls_stream_read(&stream, bytes.data, size);
		ck_assert_ptr_null(stream.why);
		ck_assert_uint_eq(stream.inside, size);
		ck_assert_int_eq(stream.cut, size != hello);
		ck_assert_int_eq(stream.has_client_hello, size >= hello);
	}
	buf_done(&bytes);
}
END_TEST

START_TEST(an_old_version_among_the_offers_is_the_lowest)
{
	static const uint16_t versions[] = { 0x0304, 0x0302, 0x0303 };
	struct buf bytes;
	struct tls_stream stream;
	buf_init(&bytes, 4096);
	fixture_client_hello(&bytes, 0x0303, versions, 3);
	tls_stream_read(&stream, bytes.data, bytes.size);
	ck_assert_uint_eq(tls_lowest_offer(&stream.client), 0x0302);
	buf_clear(&bytes);
	fixture_client_hello(&bytes, 0x0301, NULL, 0);
	tls_stream_read(&stream, bytes.data, bytes.size);
	ck_assert(!stream.client.has_versions);
	ck_assert_uint_eq(tls_lowest_offer(&stream.client), 0x0301);
	ck_assert_str_eq(tls_version_name(0x0301), "TLS 1.0");
	ck_assert_str_eq(tls_version_name(0x0505), "0x0505");
	buf_done(&bytes);
}
END_TEST

TEST_MAIN("conformance.tlsrecord", a_hello_tells_versions_name_and_protocols,
	  a_hello_spread_over_records_is_read, an_answer_of_tls_1_3_is_known_by_its_extension,
	  an_alert_in_clear_is_read_and_is_no_other_record, the_first_byte_that_is_not_tls_is_found,
	  a_stream_that_ends_inside_a_record_is_cut_not_clear,
	  an_old_version_among_the_offers_is_the_lowest)
