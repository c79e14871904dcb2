#include "sim/printer/truth.h"

#include "sim/printer/testbed.h"

#define E "1.3.6.1.4.1.1248.1.2.2."
#define X "1.3.6.1.4.1.32473.1."

/* What an agent finds by SNMP, as docs/printer-extension.md sends it there, is the truth. */

static void expect_same(struct bed *bed, const char *oid, const char *item)
{
	const json_t *truth = bed_item(bed, item);
	ck_assert_msg(truth != NULL, "%s is missing", item);
	if (json_is_integer(truth))
		ck_assert_msg(bed_get_number(bed, oid) == json_integer_value(truth), "%s", item);
	else
		bed_expect_text(bed, oid, json_string_value(truth));
}

START_TEST(scalars_stand_where_the_table_says)
{
	static const char *const rows[][2] = {
		{ E "1.1.1.2.1", "/D02" },   { "1.3.6.1.2.1.43.5.1.1.16.1", "/D02" },
		{ E "1.1.1.5.1", "/D03" },   { "1.3.6.1.2.1.43.5.1.1.17.1", "/D03" },
		{ X "1.1.0", "/D04" },       { X "1.2.0", "/D05" },
		{ E "2.1.1.2.1.4", "/D08" }, { E "28.1.1.9.1.1", "/D01" },
		{ X "1.3.0", "/D21" },       { E "27.5.1.4.1.2", "/D22" },
		{ X "1.4.0", "/D22" },       { "1.3.6.1.2.1.1.5.0", "/D16/hostname" },
	};
	struct bed *bed = bed_new("sc-t-24");
	for (size_t i = 0; i < COUNT_OF(rows); i++)
		expect_same(bed, rows[i][0], rows[i][1]);
	bed_free(bed);
}
END_TEST

START_TEST(every_setting_of_every_group_agrees)
{
	struct bed *bed = bed_new("sc-t-24");
	for (int group = 1; group <= 5; group++) {
		char item[8], oid[80];
		snprintf(item, sizeof(item), "/D%02d", 11 + group);
		const json_t *settings = bed_item(bed, item);
		ck_assert_uint_ge(json_object_size(settings), 3);
		for (size_t n = 1; n <= json_object_size(settings); n++) {
			snprintf(oid, sizeof(oid), X "2.%d.1.1.%zu", group, n);
			AUTO_FREE char *name = bed_get_text(bed, oid);
			char path[64];
			snprintf(path, sizeof(path), "%s/%s", item, name);
			snprintf(oid, sizeof(oid), X "2.%d.1.2.%zu", group, n);
			expect_same(bed, oid, path);
		}
	}
	bed_free(bed);
}
END_TEST

static void expect_rows(struct bed *bed, const char *item, const char *const *members,
			const char *table)
{
	size_t count = json_array_size(bed_item(bed, item));
	ck_assert_uint_gt(count, 0);
	for (size_t row = 0; row < count; row++) {
		for (size_t column = 0; members[column]; column++) {
			char oid[80], path[64];
			if (!*members[column])
				continue;
			snprintf(oid, sizeof(oid), "%s.%zu.%zu", table, column + 1, row + 1);
			snprintf(path, sizeof(path), "%s/%zu/%s", item, row, members[column]);
			expect_same(bed, oid, path);
		}
	}
}

START_TEST(every_row_of_every_table_agrees)
{
	static const char *const events[] = { "number", "time", "kind", "code", NULL };
	static const char *const cleanings[] = { "number", "time", "kind", NULL };
	static const char *const maintenances[] = { "number", "time", "part", NULL };
	static const char *const jobs[] = { "number",   "started",     "ended",  "lengthMm",
					    "squareCm", "microlitres", "result", NULL };
	static const char *const usage[] = { "color", "microlitres", NULL };
	struct bed *bed = bed_new("sc-p-12");
	expect_rows(bed, "/D11", events, X "3.1.1");
	expect_rows(bed, "/D18", cleanings, X "3.2.1");
	expect_rows(bed, "/D19", maintenances, X "3.3.1");
	expect_rows(bed, "/D23", jobs, X "3.4.1");
	expect_rows(bed, "/D20", usage, X "4.1");
	bed_free(bed);
}
END_TEST

START_TEST(consumables_agree_with_both_trees)
{
	struct bed *bed = bed_new("sc-p-12");
	for (size_t n = 1; n <= json_array_size(bed_item(bed, "/D17")); n++) {
		static const char *const rows[][2] = {
			{ "1.3.6.1.2.1.43.11.1.1.6.1", "name" },
			{ "1.3.6.1.2.1.43.11.1.1.9.1", "level" },
			{ E "28.1.1.2.1", "level" },
			{ E "28.1.1.3.1", "replaced" },
		};
		for (size_t i = 0; i < COUNT_OF(rows); i++) {
			char oid[80], path[64];
			snprintf(oid, sizeof(oid), "%s.%zu", rows[i][0], n);
			snprintf(path, sizeof(path), "/D17/%zu/%s", n - 1, rows[i][1]);
			expect_same(bed, oid, path);
		}
	}
	bed_free(bed);
}
END_TEST

START_TEST(a_printer_without_the_extension_has_fewer_items)
{
	struct bed *bed = bed_new("decoy");
	ck_assert_str_eq(bed_text(bed, "/D02"), "Norvin PlotJet 36");
	ck_assert_ptr_null(bed_item(bed, "/D04"));
	ck_assert_ptr_null(bed_item(bed, "/D10"));
	ck_assert_int_eq(bed_hex(bed, BED_ADDRESS, 3289, "4550534f4e5000ff000000000000"), 0);
	bed_free(bed);
}
END_TEST

START_TEST(each_change_is_told_once_with_address_and_offset)
{
	struct bed *bed = bed_new("sc-t-24");
	ck_assert_uint_eq(json_array_size(bed->truths), 1);
	const json_t *first = json_array_get(bed->truths, 0);
	ck_assert_str_eq(json_text_of(first, "device", ""), "lobby");
	ck_assert_str_eq(json_text_of(first, "address", ""), "10.16.0.10");
	ck_assert_str_eq(json_text_of(first, "serial", ""), "XT2410000A");
	ck_assert_int_eq(json_int_of(first, "clockOffsetMs", 0), -43000);
	bed_do(bed, "jam", NULL);
	ck_assert_uint_eq(json_array_size(bed->truths), 2);
	bed_free(bed);
}
END_TEST

TEST_MAIN("sim.printer.truth", scalars_stand_where_the_table_says,
	  every_setting_of_every_group_agrees, every_row_of_every_table_agrees,
	  consumables_agree_with_both_trees, a_printer_without_the_extension_has_fewer_items,
	  each_change_is_told_once_with_address_and_offset)
