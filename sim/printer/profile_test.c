#include "sim/printer/profile.h"

#include <unistd.h>

#include "base/file.h"
#include "sim/printer/testbed.h"

/* Loads a shipped profile with one text replaced; returns the error, empty if it loaded. */
static struct error load_changed(const char *from, const char *to)
{
	struct error err = { 0 }, ignored;
	char path[] = "/tmp/profile-XXXXXX";
	size_t size;
	struct buf text;
	AUTO_FREE char *whole =
		file_read("sim/printer/profiles/sc-t-24.yaml", 1 << 20, &size, &err);
	char *at = strstr(whole, from);

	ck_assert_ptr_nonnull(at);
	buf_init(&text, 1 << 20);
	buf_add(&text, whole, (size_t)(at - whole));
	buf_add_text(&text, to);
	buf_add_text(&text, at + strlen(from));
	int fd = mkstemp(path);
	ck_assert_int_ge(fd, 0);
	close(fd);
	ck_assert_int_ge(file_write(path, text.data, text.size, &ignored), 0);
	profile_free(profile_load(path, &err));
	unlink(path);
	buf_done(&text);
	return err;
}

START_TEST(the_shipped_profiles_load)
{
	static const char *const names[] = { "sc-t-24", "sc-p-12",  "sc-s-64",
					     "sc-f-44", "cw-label", "decoy" };
	for (size_t i = 0; i < COUNT_OF(names); i++) {
		struct bed *bed = bed_new(names[i]);
		ck_assert_str_eq(profile_name(bed->profile), names[i]);
		bed_free(bed);
	}
}
END_TEST

START_TEST(a_mistake_is_told_with_its_line)
{
	static const struct {
		const char *from, *to, *words;
	} rows[] = {
		{ "serialPrefix: XT24", "serialPrefix: X", "four characters" },
		{ "serialPrefix: XT24", "serialPrefx: XT24", "serialPrefix" },
		{ "level: 83", "level: 101", "0 to 100" },
		{ "type: counter, values: [614430322]", "type: counter, values: [many]", "many" },
		{ "type: counter, values: [614430322]", "type: countr, values: [1]", "counter" },
		{ "oid: 1.3.6.1.2.1.4.1.0", "oid: 1.3.6.x", "1.3.6.x" },
		{ "values: [1.3.6.1.2.1.25.2.1.2]", "values: []", "dotted OID" },
		{ "brightness: 5", "brightness: [5]", "a text or a whole number" },
	};
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct error err = load_changed(rows[i].from, rows[i].to);
		ck_assert_msg(strstr(err.text, rows[i].words) != NULL, "%s: '%s'", rows[i].to,
			      err.text);
		ck_assert_int_gt(err.line, 0);
	}
}
END_TEST

START_TEST(the_schema_comes_from_the_same_tables)
{
	json_t *schema = profile_schema();
	ck_assert_ptr_nonnull(json_at(schema, "/properties/inks/items/properties/level/maximum"));
	json_decref(schema);
}
END_TEST

START_TEST(a_second_printer_needs_its_own_name_and_address)
{
	struct bed *bed = bed_new("sc-t-24");
	struct error err = { 0 };
	struct device_options options = { .name = "lobby",
					  .profile = bed->profile,
					  .address = BED_ADDRESS + 1,
					  .serial = "X8G9000415" };
	ck_assert_ptr_null(fleet_add(bed->fleet, &options, &err));
	ck_assert_ptr_nonnull(strstr(err.text, "two printers named"));
	options.name = "hall";
	options.address = BED_ADDRESS;
	ck_assert_ptr_null(fleet_add(bed->fleet, &options, &err));
	options.address = BED_ADDRESS - 1;
	struct device *device = fleet_add(bed->fleet, &options, &err);
	ck_assert_ptr_eq(fleet_device(bed->fleet, "hall"), device);
	ck_assert_ptr_eq(fleet_at(bed->fleet, BED_ADDRESS - 1), device);
	ck_assert_ptr_eq(fleet_at(bed->fleet, BED_ADDRESS), bed->device);
	ck_assert_ptr_null(fleet_device(bed->fleet, "cellar"));
	ck_assert_ptr_null(fleet_at(bed->fleet, BED_ADDRESS + 1));
	/* As published: eight characters in hex, the rest as it is. */
	struct buf device_id;
	buf_init(&device_id, 4096);
	device_id_write(device, &device_id);
	ck_assert_ptr_nonnull(strstr(buf_text(&device_id), "SN:583847393030303415;"));
	buf_done(&device_id);
	bed_free(bed);
}
END_TEST

TEST_MAIN("sim.printer.profile", the_shipped_profiles_load, a_mistake_is_told_with_its_line,
	  the_schema_comes_from_the_same_tables, a_second_printer_needs_its_own_name_and_address)
