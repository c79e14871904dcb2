#include "sim/printer/st2.h"

#include "sim/printer/testbed.h"

static void expect_block(struct bed *bed, const char *hex)
{
	struct buf block;
	uint8_t bytes[ST2_MAX];
	size_t size = bed_bytes(hex, bytes, sizeof(bytes));

	buf_init(&block, ST2_MAX);
	st2_build(bed->device, &block);
	ck_assert_uint_eq(block.size, size);
	ck_assert_mem_eq(block.data, bytes, size);
	buf_done(&block);
}

/* Header, then the fields of an idle four-ink printer in the order recorded. */
START_TEST(an_idle_printer_says_so)
{
	struct bed *bed = bed_new("sc-t-24");
	expect_block(bed, "40424443205354320d0a 5c00 010104 0d0143 0e010f"
			  "0f11 04 05035332 04024732 03014032 01002f32 130101"
			  "190c 0000000000 756e6b6e6f776e 2103 00a40b 2404 00000000 2804 08000000"
			  "3902 0000 3f0c 0203000063 00 d017 0000 0001 400a 58543234313030303041");
	bed_free(bed);
}
END_TEST

START_TEST(an_error_stands_in_field_02_and_warnings_in_04)
{
	struct bed *bed = bed_new("sc-t-24");
	bed_do(bed, "ink", json_pack("{s:s,s:i}", "color", "Y", "level", 1));
	bed_do(bed, "box", json_pack("{s:i}", "level", 5));
	bed_do(bed, "open-cover", NULL);
	expect_block(bed, "40424443205354320d0a 6300 010100 020102 0402 1020 0d0105 0e010f"
			  "0f11 04 05030132 04024732 03014032 01002f32 130101"
			  "190c 0000000000 756e6b6e6f776e 2103 00a40b 2404 00000000 2804 08000000"
			  "3902 0000 3f0c 0203000063 00 d017 0000 0001 400a 58543234313030303041");
	bed_free(bed);
}
END_TEST

START_TEST(a_job_shows_its_name_cut_at_37_characters)
{
	struct bed *bed = bed_new("sc-t-24");
	struct buf block;
	bed_do(bed, "job",
	       json_pack("{s:i,s:s}", "seconds", 100, "document",
			 "0123456789012345678901234567890123456789"));
	buf_init(&block, ST2_MAX);
	st2_build(bed->device, &block);
	ck_assert_ptr_nonnull(memmem(block.data, block.size,
				     "\x19\x2a\0\0\0\0\0"
				     "0123456789012345678901234567890123456\x21",
				     7 + 37 + 1));
	buf_done(&block);
	bed_free(bed);
}
END_TEST

START_TEST(a_cleaning_counts_down)
{
	struct bed *bed = bed_new("sc-t-24");
	struct buf block;
	bed_do(bed, "clean", json_pack("{s:i}", "ms", 299500));
	buf_init(&block, ST2_MAX);
	st2_build(bed->device, &block);
	ck_assert_mem_eq(block.data + 12, "\x01\x01\x07\x0c\x02\x2c\x01", 7); /* 300 s */
	buf_done(&block);
	bed_free(bed);
}
END_TEST

TEST_MAIN("sim.printer.st2", an_idle_printer_says_so,
	  an_error_stands_in_field_02_and_warnings_in_04, a_job_shows_its_name_cut_at_37_characters,
	  a_cleaning_counts_down)
