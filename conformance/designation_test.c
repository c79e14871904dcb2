#include "conformance/designation.h"

#include "base/test.h"
#include "conformance/judge_fixture.h"

enum { LOBBY = 0x0a10000a, ATTIC = 0x0a10000c };

#define SCENE                                                                                      \
	"format: ecsp-scenario/1\nid: t.scene\ntitle: t\npurpose: p\nagent: dc\n"                  \
	"printers:\n"                                                                              \
	"  - {name: lobby, profile: sc-t-24, address: 10.16.0.10}\n"                               \
	"  - {name: decoy, profile: sc-t-24, address: 10.16.0.11, decoy: true}\n"                  \
	"  - {name: attic, profile: sc-t-24, address: 10.16.0.12, admitted: true}\n"               \
	"steps: [{observe: {for: 1s}}]\n"                                                          \
	"expect: [{seen: {for: upload.stored}, requirement: SND-1}]\n"

/* A document that is handed out, and what holds from then on. */
struct sent {
	int64_t ms;
	const char *agent, *text;
};

static bool is_open(const struct designation *designation, uint32_t address, int64_t ms)
{
	int64_t wall = SCENE_WALL + ms * SCENE_MS;
	bool listed = false;

	for (size_t i = 0; i < designation->count; i++)
		listed = listed || designation->designated[i] == address;
	for (size_t i = 0; i < designation->closed_count; i++) {
		const struct wire_span *span = &designation->closed[i];
		if (span->address == address && wall >= span->from && wall < span->until)
			return false;
	}
	return listed;
}

static void make(struct designation *designation, const struct sent *sent)
{
	struct scene scene;

	scene_init(&scene, SCENE);
	for (; sent->text; sent++)
		scene_add(&scene, sent->ms, "configuration.sent",
			  json_pack("{s:s,s:s}", "agent", sent->agent ? sent->agent : "dc-1",
				    "text", sent->text));
	scene.evidence.start = json_array_get(scene.evidence.journal, 0);
	struct judge judge = { .evidence = &scene.evidence };
	designation_init(designation, &judge);
	scene_done(&scene);
}

#define ALL_CHANGE "{\"version\":2,\"designated\":[\"10.16.0.11\",\"10.16.0.12\"]}"

static const struct row {
	const char *name;
	struct sent sent[4];
	struct {
		uint32_t address;
		int64_t ms;
		bool open;
	} at[6]; /* ends with address 0 */
} rows[] = {
	{ "nothing was sent",
	  { { 0 } },
	  { { LOBBY, 0, true }, { LOBBY, 9000, true }, { ATTIC, 9000, false } } },
	{ "one out, one in, a decoy named",
	  { { 1000, NULL, ALL_CHANGE } },
	  { { LOBBY, 2999, true },
	    { LOBBY, 3000, false },
	    { ATTIC, 999, false },
	    { ATTIC, 1000, true },
	    { LOBBY + 1, 5000, false } } },
	{ "in again within the grace",
	  { { 1000, NULL, ALL_CHANGE },
	    { 2500, NULL, "{\"version\":3,\"designated\":[\"10.16.0.10\"]}" } },
	  { { LOBBY, 3500, true }, { ATTIC, 4499, true }, { ATTIC, 4500, false } } },
	{ "in again later",
	  { { 1000, NULL, ALL_CHANGE },
	    { 5000, NULL, "{\"version\":3,\"designated\":[\"10.16.0.10\"]}" } },
	  { { LOBBY, 4000, false }, { LOBBY, 5000, true } } },
	{ "older",
	  { { 1000, NULL, ALL_CHANGE },
	    { 2000, NULL, "{\"version\":2,\"designated\":[\"10.16.0.10\"]}" } },
	  { { LOBBY, 9000, false }, { ATTIC, 9000, true } } },
	{ "malformed",
	  { { 1000, NULL, "{\"version\":2,\"designated\":[]" } },
	  { { LOBBY, 9000, true } } },
	{ "not about printers", { { 1000, NULL, "{\"version\":2}" } }, { { LOBBY, 9000, true } } },
	{ "another agent's", { { 1000, "dc-2", ALL_CHANGE } }, { { LOBBY, 9000, true } } },
};

START_TEST(a_printer_may_be_asked_when_it_was_designated_and_admitted)
{
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct designation designation;
		make(&designation, rows[i].sent);
		for (size_t k = 0; rows[i].at[k].address; k++)
			ck_assert_msg(is_open(&designation, rows[i].at[k].address,
					      rows[i].at[k].ms) == rows[i].at[k].open,
				      "%s, look %zu", rows[i].name, k);
		designation_done(&designation);
	}
}
END_TEST

TEST_MAIN("conformance.designation", a_printer_may_be_asked_when_it_was_designated_and_admitted)
