#include "conformance/canary.h"

#include "base/cleanup.h"
#include "base/test.h"
#include "conformance/capture_fixture.h"

#define MARK "Quarterly-Report-7f3a.pdf"

static const struct canary_mark marks[] = {
	{ MARK, "document name" },
	{ "owner-Åsa-41d9", "owner" },
};

struct outcome {
	struct canary_hit hits[32];
	size_t count;
};

static void keep(void *arg, const struct canary_hit *hit)
{
	struct outcome *outcome = arg;
	if (outcome->count < COUNT_OF(outcome->hits))
		outcome->hits[outcome->count++] = *hit;
}

static struct outcome search(const void *data, size_t size)
{
	struct outcome outcome = { 0 };
	struct canary *canary = canary_new(marks, COUNT_OF(marks), NULL);
	ck_assert(canary_search(canary, data, size, keep, &outcome));
	canary_free(canary);
	return outcome;
}

struct row {
	const char *name, *bytes;
	size_t size;
	const char *encoding;
};

/* The bytes were made by other programs: Python's base64, gzip, zlib and urllib. */
#define ROW(name, bytes, encoding)                                                                 \
	{                                                                                          \
		name, bytes, sizeof(bytes) - 1, encoding                                           \
	}
/* clang-format off */
static const struct row rows[] = {
	ROW("as it is", "{\x22" "x\x22" ":\x22" "Quarterly-Report-7f3a.pdf\x22" "}", "plain"),
	ROW("other case", "xQUARTERLY-REPORT-7F3A.PDFy", "plain"),
	ROW("reversed", "..fdp.a3f7-tropeR-ylretrauQ..", "reversed"),
	ROW("UTF-16LE", "abQ\x00" "u\x00" "a\x00" "r\x00" "t\x00" "e\x00" "r\x00" "l\x00" "y\x00" "-\x00" "R\x00" "e\x00" "p\x00" "o\x00" "r\x00" "t\x00" "-\x00" "7\x00" "f\x00" "3\x00" "a\x00" ".\x00" "p\x00" "d\x00" "f\x00" "\xff" "\xff", "UTF-16LE"),
	ROW("UTF-16LE odd", "abcQ\x00" "u\x00" "a\x00" "r\x00" "t\x00" "e\x00" "r\x00" "l\x00" "y\x00" "-\x00" "R\x00" "e\x00" "p\x00" "o\x00" "r\x00" "t\x00" "-\x00" "7\x00" "f\x00" "3\x00" "a\x00" ".\x00" "p\x00" "d\x00" "f\x00", "UTF-16LE"),
	ROW("UTF-16BE", "\xff" "\x00" "Q\x00" "u\x00" "a\x00" "r\x00" "t\x00" "e\x00" "r\x00" "l\x00" "y\x00" "-\x00" "R\x00" "e\x00" "p\x00" "o\x00" "r\x00" "t\x00" "-\x00" "7\x00" "f\x00" "3\x00" "a\x00" ".\x00" "p\x00" "d\x00" "f", "UTF-16BE"),
	ROW("base64 at 0", "\x22" "UXVhcnRlcmx5LVJlcG9ydC03ZjNhLnBkZno=\x22", "base64"),
	ROW("base64 at 1", "\x22" "YVF1YXJ0ZXJseS1SZXBvcnQtN2YzYS5wZGZ6\x22", "base64"),
	ROW("base64 at 2", "\x22" "YWJRdWFydGVybHktUmVwb3J0LTdmM2EucGRmeg==\x22", "base64"),
	ROW("base64 glued", "key9UXVhcnRlcmx5LVJlcG9ydC03ZjNhLnBkZg==", "base64"),
	ROW("base64 shifted", "keyedUXVhcnRlcmx5LVJlcG9ydC03ZjNhLnBkZg==", "base64"),
	ROW("base64 url-safe", "-__-UXVhcnRlcmx5LVJlcG9ydC03ZjNhLnBkZg==", "base64"),
	ROW("base64 wrapped", "UXVhcnRlcmx5LVJl\x0d" "\x0a" "cG9ydC03ZjNhLnBkZg==", "base64"),
	ROW("base64 other case", "cVVBUlRFUkxZLXJFUE9SVC03RjNBLlBERg==", "base64"),
	ROW("base32", "(KF2WC4TUMVZGY6JNKJSXA33SOQWTOZRTMEXHAZDG)", "base32"),
	ROW("hex lower", "=517561727465726c792d5265706f72742d376633612e706466", "hex"),
	ROW("hex upper odd", "F517561727465726C792D5265706F72742D376633612E706466", "hex"),
	ROW("percent", "%51%75%61%72%74%65%72%6C%79%2D%52%65%70%6F%72%74%2D%37%66%33%61%2E%70%64%66", "percent-encoding"),
	ROW("percent in part", "a=Quarterly%2dReport%2d7f3a.pdf", "percent-encoding"),
	ROW("JSON u", "\x22" "\x5c" "u0051\x5c" "u0075\x5c" "u0061\x5c" "u0072\x5c" "u0074\x5c" "u0065\x5c" "u0072\x5c" "u006c\x5c" "u0079\x5c" "u002d\x5c" "u0052\x5c" "u0065\x5c" "u0070\x5c" "u006f\x5c" "u0072\x5c" "u0074\x5c" "u002d\x5c" "u0037\x5c" "u0066\x5c" "u0033\x5c" "u0061\x5c" "u002e\x5c" "u0070\x5c" "u0064\x5c" "u0066\x22", "JSON escapes"),
	ROW("gzip", "HTTP\x0d" "\x0a" "\x0d" "\x0a" "\x1f" "\x8b" "\x08" "\x00" "\x00" "\x00" "\x00" "\x00" "\x02" "\x03" "KJM\xcb" "/JU\x08" ",M,*I-\xca" "\xa9" "\xd4" "\x0d" "J-\xc8" "/*\xd1" "5O3N\xd4" "+HISHL\x03" "\x8a" "\x03" "\x00" "b+\x19" "Q&\x00" "\x00" "\x00", "gzip"),
	ROW("zlib", "headx\x9c" "\x0b" ",M,*I-\xca" "\xa9" "\xd4" "\x0d" "J-\xc8" "/*\xd1" "5O3N\xd4" "+HI\x0b" "\xc4" "%\x01" "\x00" "\xe0" "3\x12" "q", "zlib"),
	ROW("deflate", "POST / HTTP/1.1\x0d" "\x0a" "\x0d" "\x0a" "\xab" "VJT\xb2" "R\x0a" ",M,*I-\xca" "\xa9" "\xd4" "\x0d" "J-\xc8" "/*\xd1" "5O3N\xd4" "+HIS\xaa" "\x05" "\x00", "deflate"),
	ROW("chunks", "POST / HTTP/1.1\x0d" "\x0a" "Transfer-Encoding: chunked\x0d" "\x0a" "\x0d" "\x0a" "5\x0d" "\x0a" "Quart\x0d" "\x0a" "14\x0d" "\x0a" "erly-Report-7f3a.pdf\x0d" "\x0a" "0\x0d" "\x0a" "\x0d" "\x0a", "chunks"),
	ROW("gzip in base64", "{\x22" "b\x22" ":\x22" "H4sIAAAAAAACAwssTSwqSS3KqdQNSi3ILyrRNU8zTtQrSEkDAKYWHH8ZAAAA\x22" "}", "base64, gzip"),
	ROW("UTF-16 in base64", "UQB1AGEAcgB0AGUAcgBsAHkALQBSAGUAcABvAHIAdAAtADcAZgAzAGEALgBwAGQAZgA=", "base64, UTF-16LE"),
	ROW("base64 in percent", "%50z8+UX%56hcnRl%63mx5LV%4AlcG9y%64C03Zj%4EhLnBk%5AmE=", "percent-encoding, base64"),
	ROW("reversed in base64", "ZmRwLmEzZjctdHJvcGVSLXlscmV0cmF1UQ==", "base64, reversed"),
	ROW("base64 thrice", "VlZoV2FHTnVVbXhqYlhnMVRGWktiR05IT1hsa1F6QXpXbXBPYUV4dVFtdGFaejA5", "base64, base64, base64"),
	ROW("gzip in chunks", "x: y\x0d" "\x0a" "\x0d" "\x0a" "8\x0d" "\x0a" "\x1f" "\x8b" "\x08" "\x00" "\x00" "\x00" "\x00" "\x00" "\x0d" "\x0a" "28\x0d" "\x0a" "\x02" "\x03" "\x0b" ",M,*I-\xca" "\xa9" "\xd4" "\x0d" "J-\xc8" "/*\xd1" "5O3N\xd4" "+HI\x0b" "$Y\x02" "\x00" "\xf4" "\x19" "3\xd7" "K\x00" "\x00" "\x00" "\x0d" "\x0a" "0\x0d" "\x0a" "\x0d" "\x0a", "chunks, gzip"),
};
/* clang-format on */

START_TEST(a_mark_is_found_through_the_usual_encodings)
{
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct outcome o = search(rows[i].bytes, rows[i].size);
		ck_assert_msg(o.count == 1, "%s: %zu hits", rows[i].name, o.count);
		ck_assert_ptr_eq(o.hits[0].mark, &marks[0]);
		ck_assert_msg(!strcmp(o.hits[0].encoding, rows[i].encoding), "%s: found %s",
			      rows[i].name, o.hits[0].encoding);
	}
}
END_TEST

START_TEST(bytes_without_a_mark_are_clean)
{
	uint8_t noise[20000];
	uint32_t state = 1;
	for (size_t i = 0; i < sizeof(noise); i++) {
		state = state * 1664525u + 1013904223u;
		noise[i] = (uint8_t)(state >> 24);
	}
	ck_assert_uint_eq(search(noise, sizeof(noise)).count, 0);
	ck_assert_uint_eq(search("Quarterly-Report-7f3b.pdf", 25).count, 0);
	ck_assert_uint_eq(search("Quarterly-Report-7f3a.pd", 24).count, 0);
	ck_assert_uint_eq(search("", 0).count, 0);
}
END_TEST

START_TEST(the_offset_is_where_the_encoded_mark_begins)
{
	struct outcome o = search("0123456789\"UXVhcnRlcmx5LVJlcG9ydC03ZjNhLnBkZg==", 47);
	ck_assert_uint_eq(o.count, 1);
	ck_assert_uint_ge(o.hits[0].offset, 11);
	ck_assert_uint_le(o.hits[0].offset, 12);
	o = search("....%51uarterly%2DReport-7f3a.pdf", 33);
	ck_assert_uint_eq(o.hits[0].offset, 4);
}
END_TEST

START_TEST(letters_beyond_ascii_are_found_as_units_and_escapes)
{
	static const char wide[] = "o\0w\0n\0e\0r\0-\0\xc5\0s\0a\0-\0"
				   "4\0"
				   "1\0d\0"
				   "9\0";
	ck_assert_uint_eq(search(wide, sizeof(wide) - 1).count, 1);
	ck_assert_uint_eq(search("\"owner-\\u00c5sa-41d9\"", 22).count, 1);
	ck_assert_uint_eq(search("owner-%C3%85sa-41d9", 19).count, 1);
}
END_TEST

START_TEST(marks_that_turn_up_by_chance_are_refused)
{
	static const struct canary_mark shorter[] = { { "seven77", "owner" } };
	struct error err = { 0 };
	ck_assert_ptr_null(canary_new(shorter, 1, &err));
	ck_assert_ptr_nonnull(strstr(err.text, "seven77"));
	ck_assert_ptr_nonnull(strstr(err.text, "of 7 bytes, expected 8"));
}
END_TEST

static struct outcome search_file(struct buf *file)
{
	struct outcome outcome = { 0 };
	struct capture capture;
	struct canary *canary = canary_new(marks, COUNT_OF(marks), NULL);
	ck_assert(!capture_init(&capture, file->data, file->size, NULL));
	struct flow_table *flows = flow_table_new(&capture);
	ck_assert(canary_search_capture(canary, &capture, flows, keep, &outcome));
	flow_table_free(flows);
	capture_done(&capture);
	canary_free(canary);
	buf_done(file);
	return outcome;
}

START_TEST(a_mark_split_over_plaintext_pieces_is_found_in_its_connection)
{
	struct buf file;
	fixture_init(&file);
	fixture_piece(&file, "http", true, 40000, "name=Quarterly-", 15);
	fixture_piece(&file, "http", true, 40001, "other connection", 16);
	fixture_piece(&file, "http", false, 40000, "the answer", 10);
	fixture_piece(&file, "http", true, 40000, "Report-7f3a.pdf;", 16);
	struct outcome o = search_file(&file);
	ck_assert_uint_eq(o.count, 1);
	ck_assert_uint_eq(o.hits[0].frame, 1);
	ck_assert_uint_eq(o.hits[0].offset, 5);
	ck_assert_str_eq(o.hits[0].where, "http 10.0.0.5:40000 > 198.51.100.10:443");
}
END_TEST

START_TEST(a_mark_split_over_segments_is_found_and_told_once_a_place)
{
	struct buf file;
	struct fixture_ends ends = { true, FIXTURE_CLOUD, 40000, 443 };
	fixture_init(&file);
	fixture_tcp(&file, &ends, FIXTURE_SYN, 999, "", 0);
	fixture_tcp(&file, &ends, FIXTURE_ACK, 1010, "Report-7f3a.pdf", 15);
	fixture_tcp(&file, &ends, FIXTURE_ACK, 1000, "Quarterly-", 10);
	struct outcome o = search_file(&file);
	ck_assert_uint_eq(o.count, 1);
	ck_assert_uint_eq(o.hits[0].frame, 3);
	ck_assert_str_eq(o.hits[0].where, "TCP 10.0.0.5:40000 > 198.51.100.10:443");
}
END_TEST

START_TEST(datagrams_and_odd_frames_of_the_agent_are_searched_too)
{
	struct buf file;
	struct fixture_ends ends = { true, FIXTURE_PRINTER, 50000, 161 };
	fixture_init(&file);
	fixture_udp(&file, &ends, "x" MARK, sizeof(MARK));
	fixture_packet(&file, 0, true, "______________" MARK, sizeof(MARK) + 13);
	struct outcome o = search_file(&file);
	ck_assert_uint_eq(o.count, 3);
	ck_assert_str_eq(o.hits[0].where, "UDP 10.0.0.5:50000 > 10.16.0.10:161");
	ck_assert_uint_eq(o.hits[0].frame, 1);
	ck_assert_str_eq(o.hits[2].where, "frame");
	ck_assert_uint_eq(o.hits[2].frame, 2);
}
END_TEST

START_TEST(what_others_send_to_the_agent_is_not_searched)
{
	struct buf file;
	struct fixture_ends in = { false, FIXTURE_PRINTER, 50000, 161 };
	fixture_init(&file);
	fixture_udp(&file, &in, MARK, sizeof(MARK) - 1);
	fixture_piece(&file, "http", false, 40000, MARK, sizeof(MARK) - 1);
	ck_assert_uint_eq(search_file(&file).count, 0);
}
END_TEST

START_TEST(a_bomb_stops_the_search_and_that_is_told)
{
	/* 17 MiB of zeros, by gzip twice. A mark behind them would not be seen. */
	static const char bomb[] =
		"\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\x03\xed\xdb\x3b\x0e\x01\x61\x14\x05\xe0\x7f"
		"\xcc\x14\x1e\x09\x7a\x05\x4b\x50\x6a\x24\x34\x6a\x8d\x5a\x2c\x40\xad\x43\x22\x2a"
		"\x05\x8d\x75\x58\x83\x1d\xe8\x44\x67\x01\x22\xa2\x50\x89\xc7\xd8\x84\x64\xf2\x7d"
		"\xd5\xad\x4f\x79\x72\x6e\x7d\x95\x0f\xa9\x5c\x7c\xd9\x47\xd1\xf7\x98\x6f\x5e\xbb"
		"\x6b\xbe\x18\x00\x00\x00\x80\x8c\x9b\x9f\x16\x71\x5a\x06\x84\xc6\xfb\xd8\xeb\x0f"
		"\x00\x00\x00\x80\xac\x1b\x55\xca\xc9\xaf\x14\x78\x0e\x6b\x5d\x71\x00\x00\x00\x40"
		"\xe6\x2d\xdb\xad\xea\x6f\x21\x70\x9f\x8d\x13\x71\x00\x00\x00\x40\xe6\x6d\x1f\xe7"
		"\x4d\x5a\x05\x74\x0e\xef\xe3\xb4\x19\xfb\x9a\x80\x7f\xb8\x25\xa5\xc2\x64\x1d\x42"
		"\x35\xfa\x00\xc4\x70\x7a\xbb\xce\x43\x00\x00";
	struct canary *canary = canary_new(marks, COUNT_OF(marks), NULL);
	struct outcome o = { 0 };
	ck_assert(!canary_search(canary, bomb, sizeof(bomb) - 1, keep, &o));
	ck_assert_uint_eq(o.count, 0);
	canary_free(canary);
}
END_TEST

TEST_MAIN("conformance.canary", a_mark_is_found_through_the_usual_encodings,
	  bytes_without_a_mark_are_clean, the_offset_is_where_the_encoded_mark_begins,
	  letters_beyond_ascii_are_found_as_units_and_escapes,
	  marks_that_turn_up_by_chance_are_refused,
	  a_mark_split_over_plaintext_pieces_is_found_in_its_connection,
	  a_mark_split_over_segments_is_found_and_told_once_a_place,
	  datagrams_and_odd_frames_of_the_agent_are_searched_too,
	  what_others_send_to_the_agent_is_not_searched, a_bomb_stops_the_search_and_that_is_told)
