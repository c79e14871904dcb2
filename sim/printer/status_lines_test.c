#include "sim/printer/st2.h"
#include "sim/printer/testbed.h"

static const char *block_of(struct bed *bed, struct buf *block)
{
	buf_clear(block);
	st2_build(bed->device, block);
	return buf_text(block);
}

START_TEST(a_label_printer_says_its_status_in_lines)
{
	/* The recorded order, with this profile's values: 86, 41, 38, 47 and 50 percent. */
	static const char idle[] =
		"\x02^S(SMA,S,IL\x03\r\n\x02^S(SEA,E,NE\x03\r\n\x02WN\x03\r\n\x02^S(CLM,P,"
		"ER\x03\r\n"
		"\x02^S(IMF,V,TS21L1\x03\r\n\x02MN,32\x03\r\n\x02IQ,56,29,26,2F\x03\r\n"
		"\x02^S(IMP,S,XL6510000A\x03\r\n\x02^S(SPA,P,F\x03\r\n\x02^S(SPA,S,F\x03\r\n"
		"\x02^S(SPA,O,NW\x03\r\n\x02^S(SEA,F,0000\x03\r\n";
	struct bed *bed = bed_new("cw-label");
	struct buf block;

	buf_init(&block, ST2_MAX);
	ck_assert_str_eq(block_of(bed, &block), idle);
	buf_done(&block);
	bed_free(bed);
}
END_TEST

START_TEST(the_lines_follow_the_state)
{
	struct bed *bed = bed_new("cw-label");
	struct error err;
	struct buf block;
	json_t *ink = json_pack("{s:s,s:i}", "color", "C", "level", 1);

	buf_init(&block, ST2_MAX);
	ck_assert_int_eq(device_do(bed->device, "ink", ink, &err), 0);
	ck_assert_ptr_nonnull(strstr(block_of(bed, &block), "\x02WN,IC1\x03"));
	ck_assert_ptr_nonnull(strstr(block_of(bed, &block), "\x02IQ,56,01,26,2F\x03"));
	ck_assert_int_eq(device_do(bed->device, "jam", NULL, &err), 0);
	ck_assert_ptr_nonnull(strstr(block_of(bed, &block), "\x02^S(SMA,S,ER\x03"));
	ck_assert_ptr_nonnull(strstr(block_of(bed, &block), "\x02^S(SEA,E,04\x03"));
	json_decref(ink);
	buf_done(&block);
	bed_free(bed);
}
END_TEST

START_TEST(the_lines_warn_of_what_the_status_warns_of)
{
	struct bed *bed = bed_new("cw-label");
	struct error err;
	struct buf block;
	json_t *ink = json_pack("{s:s,s:i}", "color", "C", "level", 0);
	json_t *box = json_pack("{s:i,s:i}", "box", 1, "level", 5);

	buf_init(&block, ST2_MAX);
	ck_assert_int_eq(device_do(bed->device, "box", box, &err), 0);
	ck_assert_ptr_nonnull(strstr(block_of(bed, &block), "\x02WN,MB1\x03"));
	/* An ink that is out is an error, and low no more. */
	ck_assert_int_eq(device_do(bed->device, "ink", ink, &err), 0);
	ck_assert_ptr_nonnull(strstr(block_of(bed, &block), "\x02^S(SEA,E,05\x03"));
	ck_assert_ptr_nonnull(strstr(block_of(bed, &block), "\x02WN,MB1\x03"));
	json_decref(ink);
	json_decref(box);
	buf_done(&block);
	bed_free(bed);
}
END_TEST

TEST_MAIN("sim.printer.status_lines", a_label_printer_says_its_status_in_lines,
	  the_lines_warn_of_what_the_status_warns_of, the_lines_follow_the_state)
