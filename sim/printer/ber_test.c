#include "sim/printer/ber.h"

#include <string.h>

#include "base/cleanup.h"
#include "base/test.h"

static struct span span_of(const uint8_t *data, size_t size)
{
	return (struct span){ data, size };
}

START_TEST(lengths_of_every_form_are_taken_and_the_indefinite_one_is_not)
{
	static const uint8_t good[] = { 0x04, 0x01, 'a',  0x04, 0x81, 0x01, 'b',  0x04,
					0x84, 0x00, 0x00, 0x00, 0x01, 'c',  0x05, 0x00 };
	static const uint8_t bad[][6] = { { 0x04, 0x80, 0x00, 0x00 },
					  { 0x04, 0x05, 'a' },
					  { 0x04, 0x85, 0, 0, 0, 0 },
					  { 0x04, 0x84, 0xff, 0xff, 0xff, 0xff } };
	struct span in = span_of(good, sizeof(good)), content;
	uint8_t tag;

	for (const char *letter = "abc"; *letter; letter++) {
		ck_assert(ber_take_tag(&in, BER_OCTETS, &content));
		ck_assert_uint_eq(content.size, 1);
		ck_assert_int_eq(content.data[0], *letter);
	}
	ck_assert(ber_take(&in, &tag, &content));
	ck_assert_int_eq(tag, BER_NULL);
	ck_assert_uint_eq(content.size + in.size, 0);
	ck_assert(!ber_take(&in, &tag, &content));
	for (size_t i = 0; i < COUNT_OF(bad); i++) {
		in = span_of(bad[i], sizeof(bad[i]));
		in.size = i == 1 ? 3 : in.size;
		ck_assert_msg(!ber_take(&in, &tag, &content), "%zu was taken", i);
	}
}
END_TEST

START_TEST(numbers_take_the_fewest_bytes_and_come_back)
{
	static const struct {
		int64_t number;
		size_t size;
	} rows[] = { { 0, 1 },          { 127, 1 },       { 128, 2 },       { -128, 1 },
		     { -129, 2 },       { 32767, 2 },     { INT32_MAX, 4 }, { INT32_MIN, 4 },
		     { UINT32_MAX, 5 }, { INT64_MAX, 8 }, { INT64_MIN, 8 } };
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		uint8_t bytes[BER_NUMBER_MAX];
		size_t size = (size_t)(ber_put_number(bytes, rows[i].number) - bytes);
		ck_assert_uint_eq(size, rows[i].size);
		ck_assert_uint_eq(ber_number_size(rows[i].number), size);
		ck_assert_int_eq(ber_integer(span_of(bytes, size)), rows[i].number);
	}
}
END_TEST

START_TEST(oids_come_back_and_the_first_two_numbers_share_one)
{
	static const char *const texts[] = { "0.0", "1.3", "1.3.6.1.4.1.1248.1",
					     "2.999.4294967295" };
	for (size_t i = 0; i < COUNT_OF(texts); i++) {
		char text[OID_TEXT_MAX];
		uint8_t bytes[64];
		struct oid oid, again;
		ck_assert(oid_parse(texts[i], &oid));
		size_t size = (size_t)(ber_put_oid(bytes, oid.id, oid.count) - bytes);
		ck_assert_uint_eq(ber_oid_size(oid.id, oid.count), size);
		ck_assert(ber_oid(span_of(bytes, size), &again));
		ck_assert_str_eq(oid_format(again.id, again.count, text), texts[i]);
	}
}
END_TEST

START_TEST(oids_that_are_cut_padded_or_beyond_32_bits_are_refused)
{
	static const struct {
		uint8_t bytes[8];
		size_t size;
	} rows[] = { { { 0 }, 0 },
		     { { 0x2b, 0x86 }, 2 },
		     { { 0x2b, 0x80, 0x01 }, 3 },
		     { { 0x2b, 0x90, 0x80, 0x80, 0x80, 0x00 }, 6 } };
	struct oid oid;
	for (size_t i = 0; i < COUNT_OF(rows); i++)
		ck_assert_msg(!ber_oid(span_of(rows[i].bytes, rows[i].size), &oid), "%zu", i);
}
END_TEST

START_TEST(headers_count_with_the_fewest_bytes)
{
	static const size_t sizes[] = { 0, 127, 128, 255, 256, 65535, 65536 };
	static const size_t expected[] = { 2, 2, 3, 3, 4, 4, 5 };
	for (size_t i = 0; i < COUNT_OF(sizes); i++) {
		uint8_t bytes[8];
		ck_assert_uint_eq(ber_header_size(sizes[i]), expected[i]);
		ck_assert_ptr_eq(ber_put_header(bytes, BER_OCTETS, sizes[i]), bytes + expected[i]);
	}
}
END_TEST

TEST_MAIN("sim.printer.ber", lengths_of_every_form_are_taken_and_the_indefinite_one_is_not,
	  numbers_take_the_fewest_bytes_and_come_back,
	  oids_come_back_and_the_first_two_numbers_share_one,
	  oids_that_are_cut_padded_or_beyond_32_bits_are_refused,
	  headers_count_with_the_fewest_bytes)
