#include "conformance/import.h"

#include <string.h>

#include "base/file.h"
#include "base/test.h"
#include "conformance/serve_fixture.h"
#include "sim/printer/device.h"
#include "sim/printer/frozen.h"

/* A made-up printer that numbers its rows unlike any of ours: the box before the inks, levels out
 * of 2000, area before length, the serial number first among the versions. Every type is there. */
static const char odd_printer[] =
	"1.3.6.1.2.1.1.1.0|4|Norvin \"network\" card\n"
	"1.3.6.1.2.1.1.2.0|6|1.3.6.1.4.1.1248.1.1.2.1.3.5.69.69.80.83.50\n"
	"1.3.6.1.2.1.1.3.0|67|366052940\n"
	"1.3.6.1.2.1.1.5.0|4|EPSON29F16F\n"
	"1.3.6.1.2.1.2.2.1.2.1|4|NIC 1\n"
	"1.3.6.1.2.1.2.2.1.5.1|66|1000000000\n"
	"1.3.6.1.2.1.2.2.1.6.1|4x|64eb8c29f16f\n"
	"1.3.6.1.2.1.2.2.1.10.1|65|4294967295\n"
	"1.3.6.1.2.1.4.20.1.1.198.51.100.20|64|198.51.100.20\n"
	"1.3.6.1.2.1.25.3.2.1.5.1|2|2\n"
	"1.3.6.1.2.1.43.5.1.1.16.1|4|CW-X100\n"
	"1.3.6.1.2.1.43.5.1.1.17.1|4|ABCD012345\n"
	"1.3.6.1.2.1.43.8.2.1.2.1.1|2|6\n"
	"1.3.6.1.2.1.43.8.2.1.13.1.1|4|Roll: \"one\"\n"
	"1.3.6.1.2.1.43.11.1.1.4.1.3|2|4\n"
	"1.3.6.1.2.1.43.11.1.1.4.1.7|2|3\n"
	"1.3.6.1.2.1.43.11.1.1.4.1.9|2|3\n"
	"1.3.6.1.2.1.43.11.1.1.6.1.3|4|Waste\n"
	"1.3.6.1.2.1.43.11.1.1.6.1.7|4|Cyan tank\n"
	"1.3.6.1.2.1.43.11.1.1.6.1.9|4|Black tank\n"
	"1.3.6.1.2.1.43.11.1.1.8.1.7|2|2000\n"
	"1.3.6.1.2.1.43.11.1.1.8.1.9|2|2000\n"
	"1.3.6.1.2.1.43.11.1.1.9.1.3|2|-2\n"
	"1.3.6.1.2.1.43.11.1.1.9.1.7|66|500\n"
	"1.3.6.1.2.1.43.11.1.1.9.1.9|66|1400\n"
	"1.3.6.1.2.1.43.18.1.1.8.1.276|4x|49646c65e4\n"
	"1.3.6.1.4.1.1248.1.2.2.1.1.1.5.1|4|ABCD012345\n"
	"1.3.6.1.4.1.1248.1.2.2.2.1.1.2.1.1|4|ABCD012345\n"
	"1.3.6.1.4.1.1248.1.2.2.2.1.1.2.1.2|4|1.2.PACK\n"
	"1.3.6.1.4.1.1248.1.2.2.2.1.1.3.1.1|4|Serial No\n"
	"1.3.6.1.4.1.1248.1.2.2.2.1.1.3.1.2|4|FW Package\n"
	"1.3.6.1.4.1.1248.1.2.2.27.5.1.3.1.1|2|17\n"
	"1.3.6.1.4.1.1248.1.2.2.27.5.1.3.1.2|2|14\n"
	"1.3.6.1.4.1.1248.1.2.2.27.5.1.4.1.1|2|222\n"
	"1.3.6.1.4.1.1248.1.2.2.27.5.1.4.1.2|2|111\n"
	"1.3.6.1.4.1.1248.1.2.2.28.1.1.3.1.7|2|5\n"
	"1.3.6.1.4.1.1248.1.2.2.30.1.1.2.1.1|2|7\n"
	"1.3.6.1.4.1.1248.1.2.2.30.1.1.4.1.1|4|Cyan\n";

struct shelf {
	char path[32];
	struct mib *walk;
	struct profile *profile;
	struct loop *loop;
	struct fleet *fleet;
	struct device *device;
};

static struct shelf *shelf_new(const char *text)
{
	struct shelf *shelf = alloc_zero(1, sizeof(*shelf));
	struct error err = { 0 };
	AUTO_FREE char *written = NULL;

	snprintf(shelf->path, sizeof(shelf->path), "/tmp/shelf-XXXXXX");
	int fd = mkstemp(shelf->path);
	ck_assert_int_ge(fd, 0);
	close(fd);
	shelf->walk = walk_parse(text, strlen(text), "walk", NULL, &err);
	ck_assert_msg(shelf->walk != NULL, "%s", error_text(&err));
	const struct import import = { shelf->walk, NULL, "a test", NULL };
	int status = import_write(&import, shelf->path, &written, &err);
	ck_assert_msg(status == 0, "%s", error_text(&err));
	shelf->profile = profile_load(shelf->path, &err);
	shelf->loop = loop_new();
	shelf->fleet = fleet_new(&(struct fleet_options){ .loop = shelf->loop });
	shelf->device =
		fleet_add(shelf->fleet,
			  &(struct device_options){
				  .name = "odd", .profile = shelf->profile, .address = 0x0a000009 },
			  &err);
	ck_assert_msg(shelf->device != NULL, "%s", error_text(&err));
	return shelf;
}

static void shelf_free(struct shelf *shelf)
{
	unlink(shelf->path);
	fleet_free(shelf->fleet);
	profile_free(shelf->profile);
	loop_free(shelf->loop);
	mib_free(shelf->walk);
	free(shelf);
}

static const struct mib_entry *cell(struct shelf *shelf, const char *name)
{
	struct oid oid;
	oid_parse(name, &oid);
	return mib_find(device_mib(shelf->device), oid.id, oid.count);
}

static void check_number(struct shelf *shelf, const char *name, int64_t number)
{
	const struct mib_entry *entry = cell(shelf, name);
	ck_assert_msg(entry != NULL, "%s is missing", name);
	ck_assert_msg(entry->number == number, "%s is %lld", name, (long long)entry->number);
}

START_TEST(frozen_snmpwalk_gives_back_every_row)
{
	struct shelf *shelf = shelf_new(odd_printer);
	struct serve serve = serve_start(shelf->path, true);
	struct mib *served = serve_walk(&serve);

	serve_stop(&serve);
	ck_assert_ptr_nonnull(served);
	ck_assert_uint_eq(serve_missing(shelf->walk, served, NULL), 0);
	ck_assert_uint_eq(mib_count(served), mib_count(shelf->walk));
	mib_free(served);
	shelf_free(shelf);
}
END_TEST

START_TEST(live_only_what_the_state_owns_differs)
{
	struct shelf *shelf = shelf_new(odd_printer);
	const struct mib *live = device_mib(shelf->device);

	ck_assert_uint_eq(serve_missing(shelf->walk, live, frozen_owns), 0);
	ck_assert_uint_eq(serve_missing(live, shelf->walk, frozen_owns), 0);
	ck_assert_ptr_null(cell(shelf, "1.3.6.1.2.1.4.20.1.1.198.51.100.20"));
	ck_assert_ptr_null(cell(shelf, "1.3.6.1.2.1.43.18.1.1.8.1.276"));
	ck_assert_ptr_nonnull(cell(shelf, "1.3.6.1.2.1.43.18.1.1.8.1.1"));
	shelf_free(shelf);
}
END_TEST

START_TEST(the_state_begins_as_the_printer_was)
{
	struct shelf *shelf = shelf_new(odd_printer);
	const struct profile *profile = shelf->profile;

	ck_assert_str_eq(profile->name, "cw-x100");
	ck_assert_str_eq(profile->model, "CW-X100");
	ck_assert_str_eq(profile->serial_prefix, "ABCD");
	ck_assert_str_eq(profile->firmware.package, "1.2.PACK");
	ck_assert_uint_eq(profile->inks.count, 2);
	ck_assert_str_eq(profile_ink(profile, 0)->color, "C");
	ck_assert_str_eq(profile_ink(profile, 0)->name, "Cyan tank");
	ck_assert_int_eq(ink_level(shelf->device, 0), 25);
	ck_assert_int_eq(ink_level(shelf->device, 1), 70);
	ck_assert_int_eq(profile_ink(profile, 0)->replaced, 5);
	ck_assert_int_eq(shelf->device->counters.length_mm, 111);
	ck_assert_int_eq(shelf->device->counters.square_cm, 222);
	shelf_free(shelf);
}
END_TEST

START_TEST(the_state_shows_in_the_printers_own_rows)
{
	struct shelf *shelf = shelf_new(odd_printer);
	json_t *ink = json_pack("{s:s,s:i}", "color", "C", "level", 3);
	struct error err;

	ck_assert_int_eq(device_do(shelf->device, "ink", ink, &err), 0);
	shelf->device->counters.length_mm = 333;
	device_changed(shelf->device);
	check_number(shelf, "1.3.6.1.2.1.43.11.1.1.9.1.7", 3);
	check_number(shelf, "1.3.6.1.2.1.43.11.1.1.8.1.7", 100);
	ck_assert_int_eq(cell(shelf, "1.3.6.1.2.1.43.11.1.1.9.1.7")->type, MIB_GAUGE);
	check_number(shelf, "1.3.6.1.4.1.1248.1.2.2.27.5.1.4.1.2", 333);
	check_number(shelf, "1.3.6.1.4.1.1248.1.2.2.27.5.1.4.1.1", 222);
	check_number(shelf, "1.3.6.1.2.1.43.18.1.1.5.1.2", 7); /* the alert points at its supply */
	const struct mib_entry *serial = cell(shelf, "1.3.6.1.4.1.1248.1.2.2.2.1.1.2.1.1");
	ck_assert_ptr_nonnull(serial);
	ck_assert_int_eq(serial->live, MIB_SERIAL);
	/* A cell that this printer does not have is not made up. */
	ck_assert_ptr_null(cell(shelf, "1.3.6.1.4.1.1248.1.2.2.28.1.1.2.1.7"));
	json_decref(ink);
	shelf_free(shelf);
}
END_TEST

START_TEST(a_walk_of_one_row_is_a_printer_too)
{
	struct shelf *shelf = shelf_new("1.3.6.1.2.1.1.1.0|4|x: { y }, # [z]\n");
	ck_assert_uint_eq(shelf->profile->inks.count, 0);
	ck_assert_str_eq(shelf->profile->system_text, "x: { y }, # [z]");
	shelf_free(shelf);
}
END_TEST

START_TEST(a_printer_that_was_not_recorded_cannot_be_frozen)
{
	struct shelf *shelf = shelf_new("1.3.6.1.2.1.1.1.0|4|x\n");
	struct error err = { 0 };
	struct profile *ours = profile_load("sim/printer/profiles/sc-t-24.yaml", &err);

	ck_assert_ptr_null(fleet_add(
		shelf->fleet,
		&(struct device_options){
			.name = "ours", .profile = ours, .address = 0x0a00000a, .frozen = true },
		&err));
	ck_assert_ptr_nonnull(strstr(err.text, "recorded"));
	profile_free(ours);
	shelf_free(shelf);
}
END_TEST

START_TEST(the_docs_name_all_that_the_state_owns)
{
	struct error err = { 0 };
	AUTO_FREE char *page = file_read("docs/recording.md", 1 << 20, NULL, &err);

	ck_assert_msg(page != NULL, "%s", error_text(&err));
	for (size_t i = 0; frozen_owned[i].oid; i++) {
		AUTO_FREE char *row = alloc_printf("| `%s` | %s | %s |", frozen_owned[i].oid,
						   frozen_owned[i].table ? "table" : "cell",
						   frozen_owned[i].what);
		ck_assert_msg(strstr(page, row) != NULL, "no row %s", row);
	}
}
END_TEST

TEST_MAIN("conformance.import", the_docs_name_all_that_the_state_owns,
	  frozen_snmpwalk_gives_back_every_row, live_only_what_the_state_owns_differs,
	  the_state_begins_as_the_printer_was, the_state_shows_in_the_printers_own_rows,
	  a_walk_of_one_row_is_a_printer_too, a_printer_that_was_not_recorded_cannot_be_frozen)
