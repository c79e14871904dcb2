#include "conformance/fleetfile.h"

#include <string.h>

#include "base/buf.h"
#include "base/cleanup.h"
#include "base/json.h"
#include "base/test.h"

#define HEAD          "format: ecsp-fleet/1\n"
#define PRINTER(text) HEAD "printers:\n  - {" text "}\n"
#define LIFE(text)    PRINTER("name: lobby, profile: sc-t-24, address: 10.16.0.10, " text)
#define LOBBY         "name: lobby, profile: sc-t-24, address: 10.16.0.10"

static struct fleetfile *parse(const char *text)
{
	struct error err = { 0 };
	struct fleetfile *file = fleetfile_parse(text, strlen(text), "f.yaml", &err);
	ck_assert_msg(file != NULL, "%s", error_text(&err));
	return file;
}

START_TEST(a_group_is_numbered_behind_names_and_serials)
{
	struct fleetfile *file = parse(PRINTER(LOBBY ", count: 3, serial: XT"));
	const struct fleet_group *group = fleetfile_group(file, 0);
	AUTO_FREE char *name = fleet_group_name(group, 2);
	AUTO_FREE char *serial = fleet_group_serial(group, 2);

	ck_assert_uint_eq(fleet_group_size(group), 3);
	ck_assert_str_eq(name, "lobby-3");
	ck_assert_str_eq(serial, "XT00003");
	fleetfile_free(file);
}
END_TEST

START_TEST(a_single_printer_keeps_its_name_and_serial)
{
	struct fleetfile *file = parse(PRINTER(LOBBY ", serial: XT"));
	const struct fleet_group *group = fleetfile_group(file, 0);
	AUTO_FREE char *name = fleet_group_name(group, 0);
	AUTO_FREE char *serial = fleet_group_serial(group, 0);

	ck_assert_uint_eq(fleet_group_size(group), 1);
	ck_assert_str_eq(name, "lobby");
	ck_assert_str_eq(serial, "XT");
	ck_assert(file->cloud);
	fleetfile_free(file);
}
END_TEST

START_TEST(the_agent_of_a_panel_is_named_after_the_printer_and_its_secret_follows_from_the_seed)
{
	struct fleetfile *file = parse("seed: 1\n" PRINTER(LOBBY ", count: 3, panel: true"));
	struct fleetfile *other = parse("seed: 2\n" PRINTER(LOBBY ", count: 3, panel: true"));
	const struct fleet_group *group = fleetfile_group(file, 0);
	AUTO_FREE char *id = fleet_group_agent(group, 2);
	AUTO_FREE char *secret = fleet_group_secret(file, group, 2);
	AUTO_FREE char *again = fleet_group_secret(file, group, 2);
	AUTO_FREE char *next = fleet_group_secret(file, group, 1);
	AUTO_FREE char *else_where = fleet_group_secret(other, fleetfile_group(other, 0), 2);

	ck_assert(group->panel);
	ck_assert_str_eq(id, "es-lobby-3");
	ck_assert_str_eq(secret, again);
	ck_assert_str_ne(secret, next);
	ck_assert_str_ne(secret, else_where);
	fleetfile_free(file);
	fleetfile_free(other);
}
END_TEST

START_TEST(a_profile_is_a_known_name_or_a_file_beside_the_fleet)
{
	struct error err = { 0 };
	const char *text = PRINTER("name: a, profile: profiles/sc-p-12.yaml, address: 10.16.0.1");
	struct fleetfile *file =
		fleetfile_parse(text, strlen(text), "sim/printer/fleet.yaml", &err);

	ck_assert_msg(file != NULL, "%s", error_text(&err));
	AUTO_FREE char *path = fleetfile_profile_path(file, fleetfile_group(file, 0));
	ck_assert_msg(strstr(path, "sim/printer/") && strstr(path, "profiles/sc-p-12.yaml"), "%s",
		      path);
	fleetfile_free(file);
}
END_TEST

/* What is wrong, and where and how that is told. */
static const struct mistake {
	const char *text, *said;
} mistakes[] = {
	{ "format: ecsp-fleet/2\nprinters: [{" LOBBY "}]\n", "f.yaml:1:9: found format" },
	{ HEAD "printers: []\ncloud: false\n", "found neither printers nor a cloud" },
	{ HEAD "agents: [{id: dc-1, secret: x, type: dc, region: mars}]\n",
	  "found region 'mars', expected eu or cn" },
	{ PRINTER("name: lobby, profile: sc-t-24"), "address" },
	{ PRINTER("name: a b, profile: sc-t-24, address: 10.16.0.1, panel: true"),
	  "f.yaml:3:12: found 'a b'" },
	{ PRINTER(LOBBY ", counts: 2"), "did you mean 'count'" },
	{ PRINTER(LOBBY ", count: 0"), "found 0, expected a number from 1" },
	{ PRINTER(LOBBY ", count: 100001"), "found 100001" },
	{ PRINTER("name: a, profile: sc-t-24, address: 192.168.0.1"), "found addresses outside" },
	{ PRINTER("name: a, profile: sc-t-24, address: 10.31.255.255, count: 2"),
	  "found addresses outside" },
	{ PRINTER("name: a, profile: sc-t-99, address: 10.16.0.1"), "found 'sc-t-99'" },
	{ HEAD "printers:\n  - {" LOBBY ", count: 5}\n  - {name: b, profile: sc-t-24, address: "
	       "10.16.0.14}\n",
	  "found addresses that printers 'lobby' have" },
	{ HEAD "printers:\n  - {" LOBBY "}\n  - {name: lobby, profile: sc-t-24, address: "
	       "10.16.1.1}\n",
	  "found two printers named 'lobby'" },
	{ PRINTER(LOBBY ", inks: 5"), "expected colour: percent" },
	{ PRINTER(LOBBY ", settings: {panel: 5}"), "expected name: value" },
	{ PRINTER(LOBBY ", actions: {do: jam}"), "found no list" },
	{ PRINTER(LOBBY ", actions: [{jam: 1}]"), "found no action" },
	{ PRINTER(LOBBY ", actions: [{do: jamm}]"), "found action 'jamm', expected jam" },
	{ PRINTER(LOBBY ", actions: [{do: open-cover, cover: 99}]"), "f.yaml:3:92: " },
	{ PRINTER(LOBBY ", actions: [{do: ink, color: K}]"), "level" },
	{ PRINTER(LOBBY ", v3only: true"), "found v3only without users" },
	{ PRINTER(LOBBY ", snmpv3: [{user: a}]"), "level" },
	{ PRINTER(LOBBY ", snmpv3: [{user: a, level: authpriv}]"), "did you mean 'authPriv'" },
	{ PRINTER(LOBBY ", snmpv3: [{user: a, level: noAuthNoPriv}, {user: a, level: authPriv}]"),
	  "f.yaml:3:100: found level authPriv for user 'a', whose protocols reach noAuthNoPriv" },
	{ PRINTER(LOBBY
		  ", snmpv3: [{user: a, level: authNoPriv, auth: SHA, authPassphrase: short}]"),
	  "found 5 characters in the passphrase for auth of user 'a', expected at least 8" },
	{ PRINTER(LOBBY ", traps: [{to: 10.16.9.9, version: v3, user: a}]"),
	  "f.yaml:3:67: found user 'a', expected one of snmpv3" },
	{ PRINTER(LOBBY ", traps: [{to: 10.16.9.9, version: v1, inform: true}]"), "expected v2c" },
	{ PRINTER(LOBBY ", day: {hours: 08:00-18:00}"), "jobsPerDay" },
	{ LIFE("timeline: [{at: noon, do: jam}]"), "f.yaml:3:74: found 'noon'" },
	{ LIFE("timeline: [{at: 24:00, do: jam}]"), "found '24:00'" },
	{ LIFE("timeline: [{at: 08:60, do: jam}]"), "found '08:60'" },
	{ LIFE("timeline: [{at: 1s, do: jamm}]"),
	  "f.yaml:3:82: found action 'jamm', expected jam" },
	{ LIFE("timeline: [{at: 1s}]"), "found neither, expected one of do and fault" },
	{ LIFE("timeline: [{at: 1s, do: jam, fault: none}]"), "found both" },
	{ LIFE("timeline: [{at: 1s, fault: printer.silence}]"), "expected printer.silent" },
	{ LIFE("timeline: [{at: 1s, fault: none, with: {ms: 1}}]"), "expected none" },
	{ LIFE("timeline: [{at: 08:00, every: 1h, do: jam}]"), "f.yaml:3:88: found every" },
	{ LIFE("timeline: [{at: 1s, do: ink, with: {color: K, level: 101}}]"), "f.yaml:3:111: " },
	{ LIFE("triggers: [{when: {}, do: jam}]"), "exactly one of polls, item and state" },
	{ LIFE("triggers: [{when: {polls: 1, state: error}, do: jam}]"), "exactly one" },
	{ LIFE("triggers: [{when: {item: ink.K}, do: jam}]"), "one of below and above" },
	{ LIFE("triggers: [{when: {below: 8}, do: jam}]"), "beside an item" },
	{ LIFE("triggers: [{when: {item: ink.K, below: 8, above: 1}, do: jam}]"), "found both" },
	{ LIFE("triggers: [{when: {state: broken}, do: jam}]"), "f.yaml:3:84: " },
	{ LIFE("triggers: [{when: {item: supply.pink, below: 8}, do: jam}]"),
	  "f.yaml:3:83: found 'supply.pink'" },
};

START_TEST(a_mistake_is_told_with_its_place)
{
	for (size_t i = 0; i < COUNT_OF(mistakes); i++) {
		struct error err = { 0 };
		const char *text = mistakes[i].text;
		ck_assert_ptr_null(fleetfile_parse(text, strlen(text), "f.yaml", &err));
		ck_assert_msg(strstr(error_text(&err), mistakes[i].said), "%s: %s", text,
			      error_text(&err));
		ck_assert_int_gt(err.line, 0);
	}
}
END_TEST

START_TEST(the_fleets_that_come_with_the_program_are_sound)
{
	static const char *const names[] = { "scenarios/fleets/office.yaml",
					     "scenarios/fleets/ten-thousand.yaml",
					     "scenarios/fleets/vault.yaml",
					     "scenarios/fleets/thousand-agents.yaml",
					     "scenarios/fleets/thousand-days.yaml" };
	for (size_t i = 0; i < COUNT_OF(names); i++) {
		struct error err = { 0 };
		struct fleetfile *file = fleetfile_load(names[i], &err);
		ck_assert_msg(file != NULL, "%s", error_text(&err));
		ck_assert(fleetfile_is(names[i]));
		fleetfile_free(file);
	}
	ck_assert(!fleetfile_is("scenarios/dc/items.yaml"));
	ck_assert(!fleetfile_is("no/such/file.yaml"));
}
END_TEST

START_TEST(editors_get_a_schema)
{
	AUTO_JSON json_t *schema = fleetfile_schema();
	ck_assert_ptr_nonnull(json_at(schema, "/properties/printers"));
}
END_TEST

TEST_MAIN("conformance.fleetfile", a_group_is_numbered_behind_names_and_serials,
	  a_single_printer_keeps_its_name_and_serial,
	  the_agent_of_a_panel_is_named_after_the_printer_and_its_secret_follows_from_the_seed,
	  a_profile_is_a_known_name_or_a_file_beside_the_fleet, a_mistake_is_told_with_its_place,
	  the_fleets_that_come_with_the_program_are_sound, editors_get_a_schema)
