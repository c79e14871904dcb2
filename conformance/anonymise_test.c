#include "conformance/anonymise.h"

#include <string.h>

#include "base/cleanup.h"
#include "base/test.h"
#include "conformance/network_map.h"
#include "sim/printer/walk.h"

static struct mib *read_text(const char *text)
{
	struct error err = { 0 };
	struct mib *walk = walk_parse(text, strlen(text), "walk", NULL, &err);
	ck_assert_msg(walk != NULL, "%s", error_text(&err));
	return walk;
}

/* The walk as it is without what tells whose it was. Caller frees. */
static char *cleaned(const char *text)
{
	struct mib *walk = read_text(text);
	struct anonymous *anonymous = anonymous_new(walk);
	struct mib *other = anonymous_walk(anonymous, walk);
	struct buf out;

	buf_init(&out, 1 << 20);
	for (size_t i = 0; i < mib_count(other); i++)
		walk_write(mib_entry(other, i), &out);
	anonymous_free(anonymous);
	mib_free(other);
	mib_free(walk);
	return buf_steal(&out);
}

static void check_lacks(const char *text, const char *const *words, size_t count)
{
	for (size_t i = 0; i < count; i++)
		ck_assert_msg(!strcasestr(text, words[i]), "found %s in\n%s", words[i], text);
}

static void check_has(const char *text, const char *words)
{
	ck_assert_msg(strstr(text, words) != NULL, "no %s in\n%s", words, text);
}

START_TEST(a_serial_number_goes_wherever_it_stands)
{
	static const char *const gone[] = { "W2AP010552", "57324150303130353532",
					    "573241503031303552", "5732415030313035" };
	AUTO_FREE char *text =
		cleaned("1.3.6.1.2.1.43.5.1.1.17.1|4|W2AP010552\n"
			"1.3.6.1.4.1.1248.1.2.2.2.1.1.2.1.2|4|W2AP010552\n"
			"1.3.6.1.4.1.1248.1.2.2.1.1.1.1.1|4|MFG:EPSON;SN:573241503031303552;\n"
			"1.3.6.1.4.1.1248.1.2.2.1.1.1.4.1|4x|"
			"40424443205354320d0a0c00400a57324150303130353532\n");
	check_lacks(text, gone, COUNT_OF(gone));
	check_has(text, "1.3.6.1.2.1.43.5.1.1.17.1|4|XSIM000001");
	/* Eight characters in hex and the rest, as the rule for device ids is. */
	check_has(text, "SN:5853494D3030303001;");
	/* The block is as long as before. */
	check_has(text, "40424443205354320d0a0c00400a5853494d303030303031");
}
END_TEST

START_TEST(a_serial_number_is_learnt_from_the_status_block_alone)
{
	static const char *const gone[] = { "57324150303130353532" };
	AUTO_FREE char *text = cleaned("1.3.6.1.4.1.1248.1.2.2.1.1.1.4.1|4x|"
				       "40424443205354320d0a0c00400a57324150303130353532\n");
	check_lacks(text, gone, COUNT_OF(gone));
}
END_TEST

START_TEST(a_mac_address_goes_in_every_form)
{
	static const char *const gone[] = { "5C698E", "389d925c698e", "38:9D:92",
					    "35004300360039003800450" };
	AUTO_FREE char *text = cleaned("1.3.6.1.2.1.2.2.1.6.1|4x|389d925c698e\n"
				       "1.3.6.1.2.1.1.5.0|4|EPSON5C698E\n"
				       "1.3.6.1.4.1.1248.1.1.3.1.1.1.0|4|EP5C698EENSN3\n"
				       "1.3.6.1.4.1.1248.1.1.3.1.25.9.0|4|38:9d:92:5c:69:8e\n"
				       "1.3.6.1.4.1.1248.1.1.3.1.26.3.1.3.1|4x|"
				       "3500430036003900380045000000\n");
	check_lacks(text, gone, COUNT_OF(gone));
	/* What was made of the address still fits it. */
	check_has(text, "1.3.6.1.2.1.2.2.1.6.1|4x|020000a00001");
	check_has(text, "1.3.6.1.2.1.1.5.0|4|EPSONA00001");
	check_has(text, "|4|EPA00001ENSN3");
}
END_TEST

START_TEST(names_that_were_typed_in_go_and_the_makers_words_stay)
{
	static const char *const gone[] = { "Keller", "Building 7", "print-shop", "s3cret" };
	AUTO_FREE char *text = cleaned("1.3.6.1.2.1.1.1.0|4|EPSON Built-in Print Server\n"
				       "1.3.6.1.2.1.1.4.0|4|EPSON\n"
				       "1.3.6.1.2.1.1.5.0|4|print-shop\n"
				       "1.3.6.1.2.1.1.6.0|4|Keller, Building 7\n"
				       "1.3.6.1.4.1.1248.1.1.3.1.2.1.0|4|s3cret\n"
				       "1.3.6.1.4.1.1248.1.1.3.1.4.9.0|4|ipp://PRINT-SHOP/ipp\n"
				       "1.3.6.1.4.1.1248.1.1.3.1.5.1.0|4|abc\n");
	check_lacks(text, gone, COUNT_OF(gone));
	check_has(text, "1.3.6.1.2.1.1.1.0|4|EPSON Built-in Print Server");
	check_has(text, "1.3.6.1.2.1.1.4.0|4|anony\n");
	check_has(text, "1.3.6.1.4.1.1248.1.1.3.1.5.1.0|4|ano\n");
}
END_TEST

START_TEST(a_jobs_name_goes_out_of_the_status_block)
{
	static const char *const gone[] = { "636f6e7472616374" };
	AUTO_FREE char *text = cleaned("1.3.6.1.4.1.1248.1.2.2.1.1.1.4.1|4x|"
				       "40424443205354320d0a0f00190d0000000000636f6e7472616374\n");
	check_lacks(text, gone, COUNT_OF(gone));
}
END_TEST

START_TEST(addresses_go_from_values_texts_and_indices)
{
	static const char *const gone[] = { "10.20.30", "10.20.31", "2a02:", "2a02" };
	AUTO_FREE char *text =
		cleaned("1.3.6.1.2.1.4.20.1.1.10.20.30.40|64|10.20.30.40\n"
			"1.3.6.1.2.1.4.20.1.3.10.20.30.40|64|255.255.255.0\n"
			"1.3.6.1.2.1.4.21.1.7.0.0.0.0|64|10.20.30.1\n"
			"1.3.6.1.2.1.4.22.1.3.1.10.20.31.9|64|10.20.31.9\n"
			"1.3.6.1.2.1.4.34.1.3.1.4.10.20.30.40|2|1\n"
			"1.3.6.1.4.1.1248.1.1.3.1.28.2.1.2.1|4x|2a020000000000000000000000000001\n"
			"1.3.6.1.4.1.2699.1.2.1.3.1.1.4.1.1|4|lpr://10.20.30.40:515/q\n"
			"1.3.6.1.4.1.2699.1.2.1.3.1.1.4.1.2|4|http://[2a02::1]:631/\n");
	check_lacks(text, gone, COUNT_OF(gone));
	/* One network stays one network, in the index as in the value. */
	check_has(text, "1.3.6.1.2.1.4.20.1.1.192.0.2.40|64|192.0.2.40");
	check_has(text, "1.3.6.1.2.1.4.20.1.3.192.0.2.40|64|255.255.255.0");
	check_has(text, "4.21.1.7.0.0.0.0|64|192.0.2.1\n");
	check_has(text, "1.3.6.1.2.1.4.22.1.3.1.198.51.100.9|64|198.51.100.9");
	check_has(text, "1.3.6.1.2.1.4.34.1.3.1.4.192.0.2.40|2|1");
	check_has(text, "lpr://192.0.2.40:515/q");
	check_has(text, "http://[2001:db8::1]:631/");
}
END_TEST

START_TEST(an_enpc_reply_goes_with_the_walk)
{
	static const uint8_t reply[23] = { 1, 0x38, 0x9d, 0x92, 0x5c, 0x69, 0x8e, 0,
					   4, 10,   20,   30,   40,   255,  255,  255,
					   0, 10,   20,   30,   1,    0x80, 0x7c };
	static const uint8_t expected[23] = { 1,  2,   0,   0,   0xa0, 0,   1, 0, 4, 192,  0,   2,
					      40, 255, 255, 255, 0,    192, 0, 2, 1, 0x80, 0x7c };
	struct mib *walk = read_text("1.3.6.1.2.1.4.20.1.1.10.20.30.40|64|10.20.30.40\n");
	struct anonymous *anonymous = anonymous_new(walk);
	struct buf payload;

	buf_init(&payload, 64);
	buf_add(&payload, reply, sizeof(reply));
	anonymous_enpc(anonymous, "00-0010", &payload);
	ck_assert_mem_eq(payload.data, expected, sizeof(expected));
	buf_clear(&payload);
	buf_add(&payload, reply, 3); /* a short one is left alone */
	anonymous_enpc(anonymous, "00-0010", &payload);
	ck_assert_mem_eq(payload.data, reply, 3);
	buf_done(&payload);
	anonymous_free(anonymous);
	mib_free(walk);
}
END_TEST

START_TEST(no_two_addresses_become_one)
{
	struct network_map map = { .count = 0 };
	uint32_t first = network_map_address(&map, 0xc0000209); /* of RFC 5737 already */
	uint32_t second = network_map_address(&map, 0x0a000009);

	ck_assert_uint_ne(first, second);
	for (uint32_t i = 0; i < 600; i++)
		network_map_address(&map, 0x0a010000 + (i << 8));
	ck_assert_uint_eq(network_map_address(&map, 0xc0000209), first);
	ck_assert_uint_eq(network_map_address(&map, 0x7f000001), 0x7f000001);
	ck_assert_uint_eq(network_map_address(&map, 0), 0);
}
END_TEST

TEST_MAIN("conformance.anonymise", a_serial_number_goes_wherever_it_stands,
	  a_serial_number_is_learnt_from_the_status_block_alone, a_mac_address_goes_in_every_form,
	  names_that_were_typed_in_go_and_the_makers_words_stay,
	  a_jobs_name_goes_out_of_the_status_block, addresses_go_from_values_texts_and_indices,
	  an_enpc_reply_goes_with_the_walk, no_two_addresses_become_one)
