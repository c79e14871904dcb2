#include <glob.h>

#include "sim/printer/panel.h"
#include "sim/printer/testbed.h"
#include "sim/printer/truth.h"

/* D01 to D23 of the guideline, over every profile: in the state, by SNMP, on the panel. What no
 * real printer exposes stands in the extension, and only there. */

enum { NO_SUCH_OBJECT = 0x80 }; /* RFC 3416: and two more above */

enum shown { BY_ANY, BY_EPSON, BY_EXTENSION, BY_NOBODY };

#define E "1.3.6.1.4.1.1248.1.2.2."
#define X "1.3.6.1.4.1.32473.1."
#define P "1.3.6.1.2.1.43."

static const struct row {
	const char *id, *name;
	enum shown shown;
	const char *oid;    /* something at or below it carries the item */
	const char *panel;  /* where the panel has it */
	const char *reason; /* why it is in neither the standard's tree nor Epson's; NULL: it is */
} rows[] = {
	{ "D01", "Manufacturer name", BY_ANY, "1.3.6.1.2.1.25.3.2.1.3", "/maker", NULL },
	{ "D02", "Model name", BY_ANY, P "5.1.1.16", "/model", NULL },
	{ "D03", "Serial number", BY_ANY, P "5.1.1.17", "/serial", NULL },
	{ "D04", "Region code", BY_EXTENSION, X "1.1", "/region", "RID of the id is unproven" },
	{ "D05", "Country code", BY_EXTENSION, X "1.2", "/country",
	  "prtLocalization has the panel's languages" },
	{ "D06", "Time", BY_ANY, "1.3.6.1.2.1.25.1.2", "/clock", NULL },
	{ "D07", "Acquired date", BY_NOBODY, NULL, NULL, "the agent's own clock" },
	{ "D08", "Firmware version", BY_EPSON, E "2.1.1.2", "/firmware", NULL },
	{ "D09", "Printer Status", BY_ANY, "1.3.6.1.2.1.25.3.5.1.1", "/state/status", NULL },
	{ "D10", "Error/warning code", BY_EPSON, E "1.1.1.4", "/state/warnings", NULL },
	{ "D11", "Status/Error/Warning history", BY_EXTENSION, X "3.1.1.4", "/log/0",
	  "prtAlert has what holds now" },
	{ "D12", "Operation panel setting", BY_EXTENSION, X "2.1.1.2", "/settings/panel",
	  "meanings of Epson's numbers are not public" },
	{ "D13", "Printer setting", BY_EXTENSION, X "2.2.1.2", "/settings/printer",
	  "meanings of Epson's numbers are not public" },
	{ "D14", "Maintenance setting", BY_EXTENSION, X "2.3.1.2", "/settings/maintenance",
	  "none located" },
	{ "D15", "Media setting", BY_EXTENSION, X "2.4.1.2", "/settings/media",
	  "field 3F has width and type alone" },
	{ "D16", "Network setting", BY_EXTENSION, X "2.5.1.2", "/settings/network",
	  "as one group; single values stand in MIB-II" },
	{ "D17", "Consumable parts information", BY_ANY, P "11.1.1.9", "/supplies/0", NULL },
	{ "D18", "Cleaning history", BY_EXTENSION, X "3.2.1.3", "/cleaningLog/0",
	  "only a running cleaning shows" },
	{ "D19", "Maintenance history", BY_EXTENSION, X "3.3.1.3", "/maintenanceLog/0",
	  "only counts of replacements show" },
	{ "D20", "Cumulative ink usage", BY_EXTENSION, X "4.1.2", "/supplies/0/usedMicrolitres",
	  "a level times a count is a guess" },
	{ "D21", "Cumulative printing time", BY_EXTENSION, X "1.3", "/counters/printingSeconds",
	  "none located" },
	{ "D22", "Cumulative printing area", BY_EPSON, E "27.5.1.4.1.2", "/counters/areaSquareCm",
	  NULL },
	{ "D23", "Job history", BY_EXTENSION, X "3.4.1.7", "/jobLog/0",
	  "only the running job's name shows" },
};

static bool is_shown(const struct profile *profile, const struct row *row)
{
	switch (row->shown) {
	case BY_ANY:
		return true;
	case BY_EPSON:
		return profile->epson;
	case BY_EXTENSION:
		return profile->extension;
	case BY_NOBODY:
		break;
	}
	return false;
}

static bool has_value(struct bed *bed, uint8_t pdu, const char *oid, struct snmp_message *answer)
{
	struct span value;

	ck_assert(bed_ask(bed, &(struct ask){ .version = 1, .pdu = pdu, .oids = { oid } }, answer));
	return bed_value(answer, 0, &value) < NO_SUCH_OBJECT;
}

/* Is something there, or does the walk find anything below? */
static bool answers(struct bed *bed, const char *oid)
{
	struct snmp_message answer;
	struct buf name;

	if (has_value(bed, 0xa0, oid, &answer))
		return true;
	if (!has_value(bed, 0xa1, oid, &answer))
		return false;
	buf_init(&name, 1024);
	bed_put_oid(&name, oid);
	/* Tag and length stand before the name: four octets as the testbed writes them, and in the
	 * answer two behind those of the whole varbind. */
	const uint8_t *whole = answer.varbinds[0].data;
	const uint8_t *found = whole + 2 + (whole[1] & 0x80 ? whole[1] & 0x7f : 0);
	bool below = found[1] >= name.size - 4 && !memcmp(found + 2, name.data + 4, name.size - 4);
	buf_done(&name);
	return below;
}

static json_t *panel_of(struct bed *bed)
{
	static const char line[] = "{\"id\":1,\"get\":\"device\"}";
	bool watch;
	json_t *answer = panel_answer(bed->device, line, sizeof(line) - 1, &watch);
	json_t *device = json_incref(json_object_get(answer, "device"));
	json_decref(answer);
	return device;
}

static void check_item(struct bed *bed, const struct row *row)
{
	const struct profile *profile = bed->profile;
	bool shown = is_shown(profile, row), in_state = shown && strcmp(row->id, "D06") != 0;
	AUTO_JSON json_t *truth = truth_items(bed->device), *panel = panel_of(bed);

	ck_assert_msg((json_object_get(truth, row->id) != NULL) == in_state,
		      "%s: %s %s is %s the state", profile->name, row->id, row->name,
		      in_state ? "not in" : "in");
	ck_assert_msg((row->oid && answers(bed, row->oid)) == shown, "%s: %s %s is %s %s",
		      profile->name, row->id, row->name, shown ? "not at" : "at", row->oid);
	ck_assert_msg(!row->panel || json_at(panel, row->panel), "%s: %s %s is not at %s",
		      profile->name, row->id, row->name, row->panel);
	ck_assert_msg((row->reason == NULL) == (row->shown < BY_EXTENSION),
		      "%s has no reason, or needs none", row->id);
}

/* Something of each kind happens, so that no history is empty. */
static void live_a_little(struct bed *bed)
{
	bed_do(bed, "job", json_pack("{s:i}", "seconds", 0));
	bed_wait_idle(bed);
	bed_do(bed, "clean", json_pack("{s:i}", "ms", 1));
	bed_wait_idle(bed);
	bed_do(bed, "repair", NULL);
}

static void check_profile(const char *path)
{
	const char *name = strrchr(path, '/') + 1;
	AUTO_FREE char *bare = alloc_bytes(name, strlen(name) - strlen(".yaml"));
	struct bed *bed = bed_new(bare);

	live_a_little(bed);
	for (size_t i = 0; i < COUNT_OF(rows); i++)
		check_item(bed, &rows[i]);
	bed_free(bed);
}

START_TEST(every_item_of_the_guideline_is_where_its_row_says_in_every_profile)
{
	glob_t found;
	size_t epson = 0;
	ck_assert_uint_eq(COUNT_OF(rows), 23);
	ck_assert_int_eq(glob("sim/printer/profiles/*.yaml", 0, NULL, &found), 0);
	ck_assert_uint_ge(found.gl_pathc, 5);
	for (size_t i = 0; i < found.gl_pathc; i++) {
		check_profile(found.gl_pathv[i]);
		epson += !strstr(found.gl_pathv[i], "decoy");
	}
	ck_assert_uint_ge(epson, 5);
	globfree(&found);
}
END_TEST

START_TEST(the_rows_are_the_items_of_the_guideline_in_their_order)
{
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		AUTO_FREE char *id = alloc_printf("D%02zu", i + 1);
		ck_assert_str_eq(rows[i].id, id);
	}
}
END_TEST

TEST_MAIN("sim.printer.items", every_item_of_the_guideline_is_where_its_row_says_in_every_profile,
	  the_rows_are_the_items_of_the_guideline_in_their_order)
