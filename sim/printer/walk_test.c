#include "sim/printer/walk.h"

#include <string.h>

#include "base/cleanup.h"
#include "base/test.h"

/* What a text reads as, written as .snmprec; NULL if it is refused. Caller frees. */
static char *read_as(const char *text, struct walk_count *count, struct error *err)
{
	struct mib *walk = walk_parse(text, strlen(text), "walk.txt", count, err);
	struct buf out;

	if (!walk)
		return NULL;
	buf_init(&out, 1 << 20);
	for (size_t i = 0; i < mib_count(walk); i++)
		walk_write(mib_entry(walk, i), &out);
	mib_free(walk);
	return buf_steal(&out);
}

static void check_reads(const char *text, const char *expected)
{
	struct error err = { 0 };
	AUTO_FREE char *got = read_as(text, NULL, &err);
	ck_assert_msg(got != NULL, "%s: %s", text, error_text(&err));
	ck_assert_str_eq(got, expected);
}

START_TEST(snmprec_is_read_and_written_the_same)
{
	static const char walk[] = "1.3.6.1.2.1.1.1.0|4|A printer | with \"marks\"\n"
				   "1.3.6.1.2.1.1.2.0|6|1.3.6.1.4.1.1248.1\n"
				   "1.3.6.1.2.1.1.3.0|67|4294967295\n"
				   "1.3.6.1.2.1.1.4.0|4|\n"
				   "1.3.6.1.2.1.2.2.1.5.1|66|100000000\n"
				   "1.3.6.1.2.1.2.2.1.6.1|4x|f8d027a00001\n"
				   "1.3.6.1.2.1.2.2.1.10.1|65|614430322\n"
				   "1.3.6.1.2.1.2.2.1.22.1|6|0.0\n"
				   "1.3.6.1.2.1.4.20.1.1.192.0.2.9|64|192.0.2.9\n"
				   "1.3.6.1.2.1.43.8.2.1.9.1.1|2|-2\n";
	check_reads(walk, walk);
}
END_TEST

START_TEST(each_form_of_snmpwalk_is_read)
{
	static const struct {
		const char *said, *row;
	} rows[] = {
		{ "STRING: \"a \\\"b\\\" c\\\\\"", "4|a \"b\" c\\" },
		{ "STRING: without quotes", "4|without quotes" },
		{ "STRING: \"two\nlines\"", "4x|74776f0a6c696e6573" },
		{ "\"\"", "4|" },
		{ "STRING: \"\"", "4|" },
		{ "Hex-STRING: 00 FF 10 \n41 42", "4x|00ff104142" },
		{ "STRING: f8:d0:27:a0:0:1", "4x|f8d027a00001" },
		{ "STRING: 2026-1-28,14:25:29.0,+0:0", "4x|07ea011c0e191d002b0000" },
		{ "STRING: 2026-1-28,14:25:29.5", "4x|07ea011c0e191d05" },
		{ "STRING: 2026-1-28", "4|2026-1-28" },
		{ "INTEGER: -3", "2|-3" },
		{ "INTEGER: up(1)", "2|1" },
		{ "INTEGER: 1024 KBytes", "2|1024" },
		{ "OID: .1.3.6.1", "6|1.3.6.1" },
		{ "Timeticks: (366052940) 42 days, 8:48:49.40", "67|366052940" },
		{ "Counter32: 7", "65|7" },
		{ "Gauge32: 8", "66|8" },
		{ "Unsigned32: 8", "66|8" },
		{ "IpAddress: 192.0.2.9", "64|192.0.2.9" },
		{ "Wrong Type (should be OCTET STRING): INTEGER: 5", "2|5" },
	};
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		AUTO_FREE char *text = alloc_printf(".1.3.6.9 = %s\n.1.3.6.10 = INTEGER: 1\r\n"
						    ".1.3.6.11 = No more variables left in this "
						    "MIB View (It is past the end of the MIB "
						    "tree)\n",
						    rows[i].said);
		AUTO_FREE char *expected = alloc_printf("1.3.6.9|%s\n1.3.6.10|2|1\n", rows[i].row);
		check_reads(text, expected);
	}
}
END_TEST

START_TEST(a_mistake_is_told_with_its_place)
{
	static const struct {
		const char *text;
		int line, column;
		const char *words;
	} rows[] = {
		{ "", 1, 1, "no row" },
		{ "# a comment\n\n", 2, 1, "no row" },
		{ "hello\n", 1, 1, "OID|tag|value" },
		{ "1.3.6.1|2|1\n1.3.x|2|1\n", 2, 1, "'1.3.x', expected a dotted OID" },
		{ "1.3.6.1|2|many\n", 1, 11, "'many', expected a whole number of 32 bits" },
		{ "1.3.6.1|2|2147483648\n", 1, 11, "32 bits" },
		{ "1.3.6.1|65|-1\n", 1, 12, "0 to 4294967295" },
		{ "1.3.6.1|4x|0g\n", 1, 12, "hex digits" },
		{ "1.3.6.1|4x|012\n", 1, 12, "hex digits" },
		{ "1.3.6.1|9|1\n", 1, 9, "'9', expected a tag" },
		{ "1.3.6.1|2:numeric|1\n", 1, 9, "expected a tag" },
		{ "1.3.6.1|64|1.2.3\n", 1, 12, "an IPv4 address" },
		{ "1.3.6.1|6|1..3\n", 1, 11, "a dotted OID" },
		{ "1.3.6.1|2|1\n1.3.6.2|2|1\n1.3.6.1|2|2\n", 3, 1, "1.3.6.1 twice" },
		{ ".1.3.6.1 = FLOAT: 1\n", 1, 12, "'FLOAT: 1', expected a type" },
		{ ".1.3.6.1 = INTEGER: 1\niso.3.6.2 = INTEGER: 1\n", 2, 1, "a dotted OID" },
		{ ".1.3.6.1 = STRING: \"no end\n", 1, 1, "ends with a quote" },
		{ ".1.3.6.1 = Hex-STRING: 0 1\n", 1, 24, "hex digits" },
		{ ".1.3.6.1 = INTEGER: \n", 1, 21, "32 bits" },
	};
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct error err = { 0 };
		AUTO_FREE char *got = read_as(rows[i].text, NULL, &err);
		ck_assert_msg(!got, "%s was read", rows[i].text);
		ck_assert_msg(strstr(err.text, rows[i].words) != NULL, "%s: %s", rows[i].text,
			      err.text);
		ck_assert_str_eq(err.file, "walk.txt");
		ck_assert_msg(err.line == rows[i].line && err.column == rows[i].column,
			      "%s: at %d:%d", rows[i].text, err.line, err.column);
	}
}
END_TEST

START_TEST(what_snmp_v1_lacks_is_left_out_and_counted)
{
	struct walk_count count;
	struct error err = { 0 };
	AUTO_FREE char *rec = read_as("1.3.6.1|2|1\n1.3.6.2|70|9\n1.3.6.3|5|\n", &count, &err);
	ck_assert_str_eq(rec, "1.3.6.1|2|1\n");
	ck_assert_uint_eq(count.left_out, 2);
	ck_assert_int_eq(count.first_left_out, 2);
	AUTO_FREE char *walk =
		read_as(".1.3.6.1 = INTEGER: 1\n.1.3.6.2 = Counter64: 9\n", &count, &err);
	ck_assert_str_eq(walk, "1.3.6.1|2|1\n");
	ck_assert_uint_eq(count.left_out, 1);
}
END_TEST

START_TEST(a_walk_out_of_order_is_put_in_order)
{
	check_reads("1.3.6.2.1|2|3\n1.3.6.1.10|2|2\n1.3.6.1.9|2|1\n",
		    "1.3.6.1.9|2|1\n1.3.6.1.10|2|2\n1.3.6.2.1|2|3\n");
}
END_TEST

START_TEST(too_many_rows_are_refused)
{
	struct error err = { 0 };
	struct buf text;

	buf_init(&text, 1 << 20);
	for (int i = 0; i <= WALK_ROWS_MAX; i++)
		buf_printf(&text, "1.3.6.%d|2|1\n", i + 1);
	ck_assert_ptr_null(walk_parse(buf_text(&text), text.size, "walk.txt", NULL, &err));
	ck_assert_int_eq(err.line, WALK_ROWS_MAX + 1);
	buf_done(&text);
}
END_TEST

TEST_MAIN("sim.printer.walk", snmprec_is_read_and_written_the_same, each_form_of_snmpwalk_is_read,
	  a_mistake_is_told_with_its_place, what_snmp_v1_lacks_is_left_out_and_counted,
	  a_walk_out_of_order_is_put_in_order, too_many_rows_are_refused)
