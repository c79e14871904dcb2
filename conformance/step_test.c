#include "conformance/step.h"

#include <string.h>

#include "base/buf.h"
#include "base/cleanup.h"
#include "base/test.h"
#include "conformance/faults.h"
#include "sim/printer/fleet.h"

#define HEAD                                                                                       \
	"format: ecsp-scenario/1\nid: t\ntitle: t\npurpose: p\nagent: dc\n"                        \
	"printers: [{name: lobby, profile: sc-t-24, address: 10.16.0.10}]\n"
#define TAIL "expect:\n  - seen: {for: upload.stored}\n    requirement: SND-1\n"

static struct scenario *load(const char *step, struct error *err)
{
	AUTO_FREE char *text = alloc_printf("%ssteps:\n  - %s\n%s", HEAD, step, TAIL);
	*err = (struct error){ 0 };
	return scenario_parse(text, strlen(text), "t.yaml", NULL, err);
}

static bool loads(const char *step)
{
	struct error err;
	struct scenario *scenario = load(step, &err);
	scenario_free(scenario);
	return scenario != NULL;
}

START_TEST(every_kind_of_step_can_be_run_and_explains_itself)
{
	for (size_t i = 0; step_kinds[i]; i++) {
		ck_assert(step_kinds[i]->run != NULL);
		ck_assert_ptr_nonnull(step_kinds[i]->form);
		ck_assert(*step_kinds[i]->help);
		for (size_t k = 0; k < i; k++)
			ck_assert_str_ne(step_kinds[i]->name, step_kinds[k]->name);
	}
}
END_TEST

START_TEST(every_action_of_a_printer_can_be_named)
{
	for (size_t i = 0; device_actions[i]; i++) {
		AUTO_FREE char *step =
			alloc_printf("printer: {device: lobby, do: %s}", device_actions[i]);
		ck_assert_msg(loads(step), "%s", step);
	}
	ck_assert(!loads("printer: {device: lobby, do: explode}"));
	ck_assert(!loads("printer: {do: jam}"));
}
END_TEST

START_TEST(every_fault_can_be_armed_and_cleared_and_printer_faults_need_a_printer)
{
	for (size_t i = 0; faults_at(i); i++) {
		bool of_printer = !strncmp(faults_at(i), "printer.", 8);
		AUTO_FREE char *fault = alloc_printf("fault: {name: %s}", faults_at(i));
		AUTO_FREE char *clear =
			alloc_printf("clear: {name: %s, device: lobby}", faults_at(i));
		ck_assert_msg(loads(fault) == !of_printer, "%s", fault);
		ck_assert_msg(loads(clear), "%s", clear);
	}
	ck_assert(!loads("fault: {name: cloud.rain}"));
	ck_assert(!loads("fault: {name: printer.silent, device: attic}"));
}
END_TEST

static const struct {
	const char *step;
	bool sound;
} rows[] = {
	{ "wait: {for: upload.stored, within: 5s}", true },
	{ "wait: {for: upload.stored, within: 5s, count: 3, where: {a: 1}}", true },
	{ "wait: {for: upload.stored, within: 5s, count: 0}", false },
	{ "wait: {for: upload.stored, within: 2h}", false },
	{ "wait: {within: 5s}", false },
	{ "observe: {for: 100ms}", true },
	{ "observe: {for: 5}", false },
	{ "observe: {}", false },
	{ "command: {device: lobby, operation: clean, user: other, expires: 5s}", true },
	{ "command: {device: lobby, operation: clean, expired: true, unchecked: true}", true },
	{ "command: {device: lobby, operation: clean, expired: yes}", false },
	{ "command: {device: attic, operation: clean}", false },
	{ "command: {device: lobby}", false },
	{ "agent: {do: kill}", true },
	{ "agent: {do: stop}", true },
	{ "agent: {do: start}", true },
	{ "agent: {do: restart}", false },
	{ "agent: kill", false },
};

START_TEST(a_step_says_all_that_it_must_and_nothing_else)
{
	for (size_t i = 0; i < COUNT_OF(rows); i++)
		ck_assert_msg(loads(rows[i].step) == rows[i].sound, "%s", rows[i].step);
}
END_TEST

TEST_MAIN("conformance.step", every_kind_of_step_can_be_run_and_explains_itself,
	  every_action_of_a_printer_can_be_named,
	  every_fault_can_be_armed_and_cleared_and_printer_faults_need_a_printer,
	  a_step_says_all_that_it_must_and_nothing_else)
