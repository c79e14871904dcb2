#include "conformance/sweep.h"

#include <string.h>

#include "base/buf.h"
#include "base/cleanup.h"
#include "base/test.h"

#define TOP                                                                                        \
	"format: ecsp-scenario/1\n"                                                                \
	"id: t.sweep\n"                                                                            \
	"title: a sweep\n"                                                                         \
	"purpose: to be swept\n"                                                                   \
	"agent: dc\n"                                                                              \
	"printers:\n"                                                                              \
	"  - {name: lobby, profile: sc-t-24, address: 10.16.0.10}\n"                               \
	"steps:\n"
#define END                                                                                        \
	"  - observe: {for: 1s}\n"                                                                 \
	"    label: over\n"                                                                        \
	"expect:\n"                                                                                \
	"  - kept: {until: over}\n"                                                                \
	"    requirement: OWN-3\n"

static char *swept(const char *text, const struct sweep_fault *fault, int64_t at, struct error *err)
{
	struct scenario *scenario = scenario_parse(text, strlen(text), "x.yaml", NULL, err);

	ck_assert_msg(scenario != NULL, "%s", error_text(err));
	char *out = sweep_text(scenario, text, fault, at, err);
	scenario_free(scenario);
	return out;
}

static const struct sweep_fault *find(const char *name)
{
	const struct sweep_fault *fault = sweep_faults;

	while (strcmp(fault->name, name) != 0)
		fault++;
	return fault;
}

START_TEST(a_point_is_the_scenario_with_its_storage_fault_elsewhere)
{
	static const char text[] = TOP "  - fault: {name: storage.kill, with: {at: 3}}\n" END;
	static const struct {
		const char *fault, *step;
	} points[] = {
		{ NULL, "  - fault: {name: storage.watch}\n" },
		{ "kill", "  - fault: {name: storage.kill, with: {at: 17}}\n" },
		{ "eio", "  - fault: {name: storage.eio, with: {at: 17}}\n" },
		{ "ack", "  - fault: {name: storage.watch}\n"
			 "  - fault: {name: cloud.close-after-store, with: {at: 17}}\n" },
	};
	struct error err = { 0 };

	for (size_t i = 0; i < COUNT_OF(points); i++) {
		AUTO_FREE char *expected = alloc_printf("%s%s%s", TOP, points[i].step, END);
		AUTO_FREE char *found =
			swept(text, points[i].fault ? find(points[i].fault) : NULL, 17, &err);
		ck_assert_str_eq(found, expected);
		/* and it can be loaded */
		struct scenario *scenario =
			scenario_parse(found, strlen(found), "y.yaml", NULL, &err);
		ck_assert_msg(scenario != NULL, "%s", error_text(&err));
		scenario_free(scenario);
	}
}
END_TEST

START_TEST(a_scenario_without_a_storage_fault_on_one_line_cannot_be_swept)
{
	static const char *const texts[] = {
		TOP END,
		TOP "  - fault: {name: cloud.down}\n" END,
		TOP "  - fault:\n      name: storage.kill\n      with: {at: 3}\n" END,
		TOP "  - fault: {name: storage.kill,\n             with: {at: 3}}\n" END,
	};

	for (size_t i = 0; i < COUNT_OF(texts); i++) {
		struct error err = { 0 };
		AUTO_FREE char *found = swept(texts[i], find("kill"), 1, &err);
		ck_assert_msg(!found, "%zu: %s", i, found);
		ck_assert_ptr_nonnull(strstr(err.text, "on a line of its own"));
	}
}
END_TEST

START_TEST(places_are_spread_from_the_first_to_the_last)
{
	ck_assert_int_eq(sweep_place(300, 300, 0), 1);
	ck_assert_int_eq(sweep_place(300, 300, 137), 138);
	ck_assert_int_eq(sweep_place(300, 300, 299), 300);
	ck_assert_int_eq(sweep_place(300, 3, 0), 1);
	ck_assert_int_eq(sweep_place(300, 3, 1), 150);
	ck_assert_int_eq(sweep_place(300, 3, 2), 300);
	ck_assert_int_eq(sweep_place(300, 1, 0), 150);
	ck_assert_int_eq(sweep_place(1, 1, 0), 1);
}
END_TEST

TEST_MAIN("conformance.sweep", a_point_is_the_scenario_with_its_storage_fault_elsewhere,
	  a_scenario_without_a_storage_fault_on_one_line_cannot_be_swept,
	  places_are_spread_from_the_first_to_the_last)
