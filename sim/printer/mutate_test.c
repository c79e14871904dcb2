#include "sim/printer/mutate.h"

#include <string.h>

#include "base/cleanup.h"
#include "base/test.h"
#include "sim/printer/snmp_message.h"

/* A v2c answer with three varbinds. */
static const char answer[] = "\x30\x47\x02\x01\x01\x04\x06public\xa2\x3a\x02\x02\x12\x34\x02\x01"
			     "\x00\x02\x01\x00\x30\x2e"
			     "\x30\x0d\x06\x08\x2b\x06\x01\x02\x01\x01\x07\x00\x02\x01\x48"
			     "\x30\x0e\x06\x08\x2b\x06\x01\x02\x01\x01\x03\x00\x43\x02\x10\x00"
			     "\x30\x0d\x06\x08\x2b\x06\x01\x02\x01\x01\x05\x00\x04\x01x";
enum { ANSWER = sizeof(answer) - 1, SEEDS = 4000, MAX = 65507 };

typedef bool mutator(struct buf *bytes, uint64_t seed, struct buf *did);

static void fill(struct buf *bytes, const void *data, size_t size, size_t max)
{
	buf_init(bytes, max);
	buf_add(bytes, data, size);
}

static void check_repeats(mutator *mutate)
{
	for (uint64_t seed = 0; seed < SEEDS; seed++) {
		struct buf one, two, did_one, did_two;
		fill(&one, answer, ANSWER, MAX);
		fill(&two, answer, ANSWER, MAX);
		buf_init(&did_one, 256);
		buf_init(&did_two, 256);
		ck_assert(mutate(&one, seed, &did_one));
		ck_assert(mutate(&two, seed, &did_two));
		ck_assert_uint_eq(one.size, two.size);
		ck_assert(!one.size || !memcmp(one.data, two.data, one.size));
		ck_assert(one.size != ANSWER || memcmp(one.data, answer, ANSWER) != 0);
		ck_assert_str_eq(buf_text(&did_one), buf_text(&did_two));
		ck_assert_uint_gt(did_one.size, 0);
		buf_done(&one);
		buf_done(&two);
		buf_done(&did_one);
		buf_done(&did_two);
	}
}

START_TEST(the_same_seed_gives_the_same_damage_and_never_none)
{
	check_repeats(mutate_ber);
	check_repeats(mutate_bytes);
}
END_TEST

/* How many of the damaged are still a message, and how many of those have another number of
 * varbinds. */
START_TEST(damage_gets_past_the_first_check_often_enough)
{
	struct snmp_message message;
	int whole = 0, others = 0;

	ck_assert(snmp_message_parse((const uint8_t *)answer, ANSWER, &message));
	for (uint64_t seed = 0; seed < SEEDS; seed++) {
		struct buf bytes, did;
		fill(&bytes, answer, ANSWER, MAX);
		buf_init(&did, 256);
		ck_assert(mutate_ber(&bytes, seed, &did));
		if (snmp_message_parse(bytes.data, bytes.size, &message)) {
			whole++;
			others += message.varbind_count != 3;
		}
		buf_done(&bytes);
		buf_done(&did);
	}
	ck_assert_int_gt(whole, SEEDS / 4);
	ck_assert_int_lt(whole, SEEDS * 3 / 4);
	ck_assert_int_gt(others, SEEDS / 50);
}
END_TEST

START_TEST(every_kind_of_change_comes)
{
	static const char *const kinds[] = { "taken out", "doubled", "swapped",   "filled with",
					     "tag at",    "length",  "flipped",   "made",
					     "bytes at",  "put in",  "cut off at" };
	for (size_t i = 0; i < COUNT_OF(kinds); i++) {
		bool seen = false;
		for (uint64_t seed = 0; seed < SEEDS && !seen; seed++) {
			struct buf bytes, did;
			fill(&bytes, answer, ANSWER, MAX);
			buf_init(&did, 256);
			mutate_ber(&bytes, seed, &did);
			seen = strstr(buf_text(&did), kinds[i]) != NULL;
			buf_done(&bytes);
			buf_done(&did);
		}
		ck_assert_msg(seen, "%s", kinds[i]);
	}
}
END_TEST

START_TEST(a_buffer_that_is_full_is_damaged_within_its_bounds)
{
	for (uint64_t seed = 0; seed < SEEDS; seed++) {
		struct buf bytes, did;
		fill(&bytes, answer, ANSWER, ANSWER);
		buf_init(&did, 256);
		ck_assert(mutate_ber(&bytes, seed, &did));
		ck_assert_uint_le(bytes.size, ANSWER);
		ck_assert(!bytes.failed);
		buf_done(&bytes);
		buf_done(&did);
	}
}
END_TEST

START_TEST(nothing_cannot_be_damaged)
{
	struct buf bytes, did;
	buf_init(&bytes, MAX);
	buf_init(&did, 256);
	ck_assert(!mutate_ber(&bytes, 1, &did));
	ck_assert(!mutate_bytes(&bytes, 1, &did));
	ck_assert_uint_eq(did.size, 0);
}
END_TEST

TEST_MAIN("sim.printer.mutate", the_same_seed_gives_the_same_damage_and_never_none,
	  damage_gets_past_the_first_check_often_enough, every_kind_of_change_comes,
	  a_buffer_that_is_full_is_damaged_within_its_bounds, nothing_cannot_be_damaged)
