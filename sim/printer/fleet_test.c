#include "sim/printer/fleet.h"

#include "sim/printer/live.h"
#include "sim/printer/testbed.h"

/* Fleets: what printers share, and that nobody can tell. */

enum { MANY = 5000 };

static struct device *add(struct bed *bed, const char *name, uint32_t address)
{
	struct error err = { 0 };
	struct device *device =
		fleet_add(bed->fleet,
			  &(struct device_options){
				  .name = name, .profile = bed->profile, .address = address },
			  &err);
	ck_assert_msg(device != NULL, "%s", error_text(&err));
	return device;
}

/* All rows of a printer as text; caller frees. */
static char *rows_of(struct device *device)
{
	const struct mib_view view = device_view(device);
	char text[OID_TEXT_MAX];
	struct buf rows, scratch;

	buf_init(&rows, 1 << 20);
	buf_init(&scratch, LIVE_MAX);
	for (size_t i = 0; i < mib_count(view.mib); i++) {
		const struct mib_entry *entry = mib_entry(view.mib, i);
		const struct oid name = mib_name(&view, entry);
		const struct mib_entry read = live_read(device, entry, &scratch);
		buf_printf(&rows, "%s %d %lld ", oid_format(name.id, name.count, text), read.type,
			   (long long)(entry->live == MIB_UPTIME ? 0 : read.number));
		for (size_t j = 0; entry->live != MIB_CLOCK && j < read.size; j++)
			buf_printf(&rows, read.bytes[j] < ' ' ? "\\%02x" : "%c", read.bytes[j]);
		buf_add_u8(&rows, '\n');
	}
	buf_done(&scratch);
	return buf_steal(&rows);
}

START_TEST(a_printer_that_shares_has_the_rows_it_would_have_alone)
{
	const uint32_t address = 0xc0a80163;
	struct bed *bed = bed_new("sc-t-24");
	device_mib(bed->device); /* made for this one, with another address */
	struct device *second = add(bed, "second", address);
	AUTO_FREE char *shared = rows_of(second);

	ck_assert_ptr_eq(device_mib(second), device_mib(bed->device));
	device_changed(second);
	ck_assert_ptr_ne(device_mib(second), device_mib(bed->device));
	AUTO_FREE char *own = rows_of(second);
	ck_assert_str_eq(shared, own);
	ck_assert_ptr_nonnull(strstr(own, "1.3.6.1.2.1.4.20.1.1.192.168.1.99 "));
	bed_free(bed);
}
END_TEST

START_TEST(what_happens_to_one_printer_shows_at_no_other)
{
	struct bed *bed = bed_new("sc-t-24");
	struct device *second = add(bed, "second", BED_ADDRESS + 1);
	AUTO_FREE char *before = rows_of(second);

	bed_do(bed, "open-cover", NULL);
	bed_do(bed, "setting",
	       json_pack("{s:s,s:s,s:i}", "group", "printer", "name", "sleepMinutes", "value", 77));
	AUTO_FREE char *after = rows_of(second);
	AUTO_FREE char *other = rows_of(bed->device);
	ck_assert_str_eq(before, after);
	ck_assert_ptr_nonnull(strstr(other, "Cover open"));
	bed_free(bed);
}
END_TEST

START_TEST(a_printer_is_small_until_something_happens_to_it)
{
	ck_assert_uint_le(sizeof(struct device), 896); /* of the 1 KiB that it may take */
}
END_TEST

START_TEST(printers_of_a_large_fleet_are_found_by_name_and_address_in_any_order)
{
	struct bed *bed = bed_new("decoy");
	char name[32];

	for (uint32_t i = 0; i < MANY; i++) {
		snprintf(name, sizeof(name), "printer-%u", i);
		add(bed, name, 0x0b000000 + i * 7919 % MANY);
	}
	for (uint32_t i = 0; i < MANY; i++) {
		snprintf(name, sizeof(name), "printer-%u", i);
		struct device *device = fleet_device(bed->fleet, name);
		ck_assert_ptr_nonnull(device);
		ck_assert_ptr_eq(fleet_at(bed->fleet, 0x0b000000 + i * 7919 % MANY), device);
	}
	ck_assert_ptr_null(fleet_at(bed->fleet, 0x0b000000 + MANY));
	ck_assert_ptr_null(fleet_device(bed->fleet, "printer-5000"));
	bed_free(bed);
}
END_TEST

START_TEST(a_broadcast_is_answered_in_the_order_of_addresses)
{
	struct bed *bed = bed_new("decoy");

	add(bed, "last", BED_ADDRESS + 9);
	add(bed, "first", BED_ADDRESS - 9);
	ck_assert_int_eq(bed_hex(bed, 0xffffffff, 161,
				 "3029 020101 0406 7075626c6963 a01c 020412340000 020100 020100"
				 "300e 300c 0608 2b06010201010100 0500"),
			 3);
	ck_assert_uint_eq(bed->from.from, BED_ADDRESS + 9);
	bed_free(bed);
}
END_TEST

TEST_MAIN("sim.printer.fleet", a_printer_that_shares_has_the_rows_it_would_have_alone,
	  what_happens_to_one_printer_shows_at_no_other,
	  a_printer_is_small_until_something_happens_to_it,
	  printers_of_a_large_fleet_are_found_by_name_and_address_in_any_order,
	  a_broadcast_is_answered_in_the_order_of_addresses)
