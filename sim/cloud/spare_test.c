#include "sim/cloud/spare.h"

#include "base/test.h"

static struct spare spare;
static struct buf first, second;

static void begin(void)
{
	buf_init(&first, SPARE_MAX);
	buf_init(&second, SPARE_MAX);
}

static void end(void)
{
	buf_done(&first);
	buf_done(&second);
	spare_done(&spare);
}

static void fill(struct buf *buf, size_t size)
{
	ck_assert(buf_add_zero(buf, size));
}

START_TEST(what_one_gives_back_the_next_one_gets)
{
	begin();
	fill(&first, 100);
	const uint8_t *memory = first.data;
	spare_take(&spare, &first);
	ck_assert_ptr_null(first.data);
	spare_lend(&spare, &second);
	ck_assert_ptr_eq(second.data, memory);
	ck_assert_uint_eq(second.size, 0);
	spare_lend(&spare, &first); /* lent out: it makes its own */
	ck_assert_ptr_null(first.data);
	end();
}
END_TEST

START_TEST(a_buffer_in_use_is_left_alone)
{
	begin();
	fill(&first, 100);
	spare_take(&spare, &first);
	fill(&second, 7);
	spare_lend(&spare, &second);
	ck_assert_uint_eq(second.size, 7);
	ck_assert_ptr_nonnull(spare.data);
	end();
}
END_TEST

START_TEST(no_more_than_one_is_kept_and_none_that_is_large)
{
	begin();
	buf_init(&first, 4 * SPARE_MAX);
	fill(&first, 2 * SPARE_MAX);
	spare_take(&spare, &first);
	ck_assert_ptr_null(spare.data);
	ck_assert_uint_eq(first.max, 4 * SPARE_MAX);
	fill(&first, 10);
	fill(&second, 10);
	spare_take(&spare, &first);
	const uint8_t *kept = spare.data;
	spare_take(&spare, &second);
	ck_assert_ptr_eq(spare.data, kept);
	end();
}
END_TEST

START_TEST(a_ceiling_is_not_passed_by_what_is_lent)
{
	begin();
	fill(&first, 1000);
	spare_take(&spare, &first);
	buf_init(&second, 64);
	spare_lend(&spare, &second);
	ck_assert_uint_eq(second.capacity, 0);
	end();
}
END_TEST

TEST_MAIN("sim.cloud.spare", what_one_gives_back_the_next_one_gets, a_buffer_in_use_is_left_alone,
	  no_more_than_one_is_kept_and_none_that_is_large, a_ceiling_is_not_passed_by_what_is_lent)
