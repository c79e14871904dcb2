#include "conformance/scenario.h"

#include <string.h>

#include "base/buf.h"
#include "base/cleanup.h"
#include "base/json.h"
#include "base/test.h"
#include "conformance/data.h"
#include "conformance/expect.h"
#include "conformance/step.h"

#define HEAD                                                                                       \
	"format: ecsp-scenario/1\n"                                                                \
	"id: t.case\n"                                                                             \
	"title: a case\n"                                                                          \
	"purpose: to be loaded\n"                                                                  \
	"agent: dc\n"
#define PRINTERS                                                                                   \
	"printers:\n"                                                                              \
	"  - {name: lobby, profile: sc-t-24, address: 10.16.0.10}\n"
#define STEPS                                                                                      \
	"steps:\n"                                                                                 \
	"  - observe: {for: 1s}\n"                                                                 \
	"    label: begin\n"
#define EXPECT                                                                                     \
	"expect:\n"                                                                                \
	"  - seen: {for: upload.stored}\n"                                                         \
	"    requirement: SND-1\n"
#define STEP(text)   HEAD PRINTERS "steps:\n  - " text "\n" EXPECT
#define WANT(text)   HEAD PRINTERS STEPS "expect:\n  - " text "\n"
#define DEVICE(text) HEAD "printers:\n  - " text "\n" STEPS EXPECT

static struct catalogue *catalogue(void)
{
	struct error err = { 0 };
	AUTO_FREE char *path = data_path("conformance/requirements.yaml");
	struct catalogue *loaded = catalogue_load(path, &err);
	ck_assert_msg(loaded != NULL, "%s", error_text(&err));
	return loaded;
}

struct mistake {
	const char *text, *error;
};

static const struct mistake mistakes[] = {
	/* the whole */
	{ "format: ecsp-scenario/2\nid: t\ntitle: t\npurpose: t\nagent: dc\n" PRINTERS STEPS EXPECT,
	  "x.yaml:1:9: found 'ecsp-scenario/2', expected ecsp-scenario/1" },
	{ "format: ecsp-scenario/1\nid: T.Case\ntitle: t\npurpose: t\nagent: dc\n" PRINTERS STEPS
		  EXPECT,
	  "x.yaml:2:5: found 'T.Case', expected lower-case letters, digits, dots and dashes" },
	{ "format: ecsp-scenario/1\nid: ../t\ntitle: t\npurpose: t\nagent: dc\n" PRINTERS STEPS
		  EXPECT,
	  "x.yaml:2:5: found '../t', expected lower-case letters, digits, dots and dashes" },
	{ "format: ecsp-scenario/1\nid: t..t\ntitle: t\npurpose: t\nagent: dc\n" PRINTERS STEPS
		  EXPECT,
	  "x.yaml:2:5: found 't..t', expected lower-case letters, digits, dots and dashes" },
	{ "format: ecsp-scenario/1\nid: t\ntitle: t\npurpose: t\nagent: fax\n" PRINTERS STEPS
		  EXPECT,
	  "x.yaml:5:8: found 'fax', expected dc, es, mobile or pc" },
	{ HEAD PRINTERS STEPS EXPECT "deadlin: 5s\n",
	  "x.yaml:14:1: found 'deadlin', expected one of the known names: did you mean "
	  "'deadline'?" },
	{ HEAD PRINTERS STEPS EXPECT "deadline: 5\n",
	  "x.yaml:14:11: found '5', expected a duration such as 250ms, 5s or 2m" },
	{ HEAD PRINTERS STEPS, "x.yaml:1:1: found no 'expect', expected it in a scenario" },
	{ HEAD PRINTERS STEPS "expect: []\n",
	  "x.yaml:11:1: found no list, expected at least one expectation" },
	{ HEAD "printers: []\n" STEPS EXPECT, "x.yaml:6:1: found 0 items, expected 1 to 1000000" },
	{ HEAD PRINTERS "steps: none\n" EXPECT, "x.yaml:8:8: found no list, expected steps" },
	{ HEAD PRINTERS STEPS EXPECT "twin: {steps: []}\n",
	  "x.yaml:14:8: found something else, expected 'steps' and 'expect' in a twin" },
	/* printers */
	{ DEVICE("{name: lobby, profile: sc-t-24, address: 192.168.0.1}"),
	  "x.yaml:7:46: found '192.168.0.1', expected an address from 10.16.0.0 to "
	  "10.31.255.255" },
	{ DEVICE("{name: lobby, profile: sc-t-24, address: 10.16.0}"),
	  "x.yaml:7:46: found '10.16.0', expected an IPv4 address such as 10.16.0.10" },
	{ DEVICE("{name: lobby, profile: sc-t-24, address: 10.16.0.1}\n"
		 "  - {name: lobby, profile: sc-t-24, address: 10.16.0.2}"),
	  "x.yaml:8:6: found 'lobby' a second time, expected own name and address" },
	{ DEVICE("{name: lobby, profile: sc-t-24, address: 10.16.0.1}\n"
		 "  - {name: other, profile: sc-t-24, address: 10.16.0.1}"),
	  "x.yaml:8:6: found 'other' a second time, expected own name and address" },
	{ DEVICE("{name: lobby, profile: sc-t-24, address: 10.16.0.1, decoy: true, "
		 "admitted: true}"),
	  "x.yaml:7:80: found 'admitted' beside 'decoy', expected one of them" },
	{ HEAD "region: mars\n" PRINTERS STEPS EXPECT,
	  "x.yaml:6:9: found region 'mars', expected eu or cn" },
	{ HEAD "needs: patience\n" PRINTERS STEPS EXPECT,
	  "x.yaml:6:8: found 'patience', expected configuration or mqtt5" },
	/* steps */
	{ STEP("observ: {for: 1s}"),
	  "x.yaml:9:5: found 'observ', expected a step: label, wait, observe, printer, fault, "
	  "clear, command, cloud, agent; did you mean 'observe'?" },
	{ STEP("observe: {for: 1s}\n    agent: {do: stop}"),
	  "x.yaml:10:5: found 'agent' beside 'observe', expected one step in an entry" },
	{ STEP("label: here"), "x.yaml:9:5: found no step in the entry" },
	{ STEP("observe"),
	  "x.yaml:9:5: found no map, expected a step such as '- wait: {for: upload.stored}'" },
	{ STEP("wait: {for: upload.stored, withn: 1s}"),
	  "x.yaml:9:32: found 'withn', expected one of the known names: did you mean 'within'?" },
	{ STEP("wait: {for: upload.stored}"),
	  "x.yaml:9:12: found no 'within', expected it in a wait" },
	{ STEP("printer: {device: loby, do: jam}"),
	  "x.yaml:9:23: found device 'loby', expected a printer of the scenario" },
	{ STEP("printer: {device: lobby, do: jamm}"),
	  "x.yaml:9:34: found action 'jamm', expected one that 'ecsp list actions' shows: did you "
	  "mean 'jam'?" },
	{ STEP("agent: {do: dance}"), "x.yaml:9:17: found 'dance', expected kill, stop or start" },
	{ STEP("fault: {name: cloud.dwon}"),
	  "x.yaml:9:19: found fault 'cloud.dwon', expected one that 'ecsp list faults' shows: did "
	  "you mean 'cloud.down'?" },
	{ STEP("fault: {name: printer.silent}"),
	  "x.yaml:9:19: found no 'device', expected the printer that is to be faulty" },
	{ STEP("wait: {for: upload.stored, within: 1s, since: latr}"),
	  "x.yaml:9:51: found since 'latr', expected the label of an earlier step" },
	{ STEP("wait: {for: upload.stored, within: 1s, since: me}\n    label: me"),
	  "x.yaml:9:51: found since 'me', expected the label of an earlier step" },
	{ STEP("wait: {for: fault.reached, where: {fault: cloud.dwon}, within: 1s}"),
	  "x.yaml:9:47: found fault 'cloud.dwon', expected one that 'ecsp list faults' shows: did "
	  "you mean 'cloud.down'?" },
	{ STEP("wait: {for: upload.store, within: 1s}"),
	  "x.yaml:9:17: found 'upload.store', expected a kind of observation that docs/evidence.md "
	  "shows: did you mean 'upload.stored'?" },
	{ STEP("wait: {for: fault.reached, where: {fault: [cloud.down, x]}, within: 1s}"),
	  "x.yaml:9:60: found fault 'x', expected one that 'ecsp list faults' shows" },
	{ STEP("command: {device: lobby, operation: reboot}"),
	  "x.yaml:9:41: found 'reboot', expected status, clean or diagnose" },
	{ STEP("command: {device: attic, operation: status}"),
	  "x.yaml:9:23: found device 'attic', expected a printer of the scenario" },
	/* expectations */
	{ WANT("sen: {for: upload.stored}\n    requirement: SND-1"),
	  "x.yaml:12:5: found 'sen', expected an expectation: requirement, seen, never, items, "
	  "upload, complete, backoff, final, kept, spread; did you mean 'seen'?" },
	{ WANT("seen: {for: upload.stored}\n    final: {witness: x}\n    requirement: SND-1"),
	  "x.yaml:13:5: found 'final' beside 'seen', expected one expectation in an entry" },
	{ WANT("seen: {for: upload.stored}"),
	  "x.yaml:12:5: found no 'requirement', expected the id of what this shows" },
	{ WANT("requirement: SND-1"), "x.yaml:12:5: found no expectation in the entry" },
	{ WANT("seen: {for: upload.stored}\n    requirement: SND-99"),
	  "x.yaml:13:18: found requirement 'SND-99', expected an id that 'ecsp list requirements' "
	  "shows" },
	{ WANT("seen: {for: upload.stored}\n    requirement: [SND-1, SND-99]"),
	  "x.yaml:13:26: found requirement 'SND-99', expected an id that 'ecsp list requirements' "
	  "shows" },
	{ WANT("never: {for: upload.stored}\n    requirement: SND-1"),
	  "x.yaml:12:5: found no 'witness', expected what must have happened for 'never' to show "
	  "anything" },
	{ WANT("seen: {for: upload.stored, since: beginn}\n    requirement: SND-1"),
	  "x.yaml:12:39: found since 'beginn', expected the label of a step" },
	{ WANT("seen: {for: upload.stored, until: end}\n    requirement: SND-1"),
	  "x.yaml:12:39: found until 'end', expected the label of a step" },
	{ WANT("upload: {device: attic}\n    requirement: SND-1"),
	  "x.yaml:12:22: found device 'attic', expected a printer of the scenario" },
	{ WANT("items: {devices: [lobby, attic]}\n    requirement: SND-1"),
	  "x.yaml:12:30: found device 'attic', expected a printer of the scenario" },
	{ WANT("items: {only: [D01, D77]}\n    requirement: SND-1"),
	  "x.yaml:12:25: found item 'D77', expected an id that 'ecsp list items' shows" },
	{ WANT("items: {only: [M01]}\n    requirement: SND-1"),
	  "x.yaml:12:20: found item 'M01', expected one that this kind of agent reports" },
	{ WANT("upload: {device: lobby, where: {D9: idle}}\n    requirement: SND-1"),
	  "x.yaml:12:37: found item 'D9', expected an id that 'ecsp list items' shows" },
	{ WANT("upload: {device: lobby, where: D09}\n    requirement: SND-1"),
	  "x.yaml:12:36: found no map, expected item id: value" },
	{ WANT("upload: {device: lobby, since: x}\n    requirement: SND-1"),
	  "x.yaml:12:36: found since 'x', expected the label of a step" },
	{ WANT("upload: {device: lobby, none: true, witness: cloud.down}\n    requirement: SND-1"),
	  "x.yaml:12:50: found the witness 'cloud.down', expected a fault that a step here arms" },
	{ WANT("complete: {device: attic, since: begin, until: begin, gap: 1s, min: 1, "
	       "witness: cloud.down}\n    requirement: SND-1"),
	  "x.yaml:12:24: found device 'attic', expected a printer of the scenario" },
	{ WANT("complete: {device: lobby, since: begin, until: x, gap: 1s, min: 1, "
	       "witness: cloud.down}\n    requirement: SND-1"),
	  "x.yaml:12:52: found until 'x', expected the label of a step" },
	{ WANT("backoff: {for: http.request, since: x, until: begin, max: 1, "
	       "witness: cloud.down}\n    requirement: SND-1"),
	  "x.yaml:12:41: found since 'x', expected the label of a step" },
	{ WANT("backoff: {for: http.request, since: begin, until: begin, max: 1, "
	       "witness: cloud.dwn}\n    requirement: SND-1"),
	  "x.yaml:12:79: found fault 'cloud.dwn', expected one that 'ecsp list faults' shows: did "
	  "you mean 'cloud.down'?" },
	{ WANT("backoff: {for: http.request, since: begin, until: begin, max: 1, "
	       "witness: {where: {status: 401}}}\n    requirement: SND-1"),
	  "x.yaml:12:80: found no 'for', expected it in a condition" },
	{ WANT("backoff: {for: http.request, since: begin, until: begin, max: 1, "
	       "witness: [cloud.down]}\n    requirement: SND-1"),
	  "x.yaml:12:80: found a list, expected a condition (name: value)" },
	{ WANT("final: {witness: cloud.http-status}\n    requirement: SND-1"),
	  "x.yaml:12:22: found the witness 'cloud.http-status', expected a fault that a step here "
	  "arms" },
	{ WANT("never: {for: upload.stored, witness: {for: fault.reached, where: {fault: x}}}\n"
	       "    requirement: SND-1"),
	  "x.yaml:12:78: found fault 'x', expected one that 'ecsp list faults' shows" },
	/* the twin has labels of its own */
	{ HEAD PRINTERS STEPS EXPECT
	  "twin:\n  steps: []\n  expect:\n"
	  "    - {seen: {for: upload.stored, since: begin}, requirement: SND-1}\n",
	  "x.yaml:17:42: found since 'begin', expected the label of a step" },
};

START_TEST(a_mistake_is_told_with_its_place_and_what_was_expected)
{
	struct catalogue *known = catalogue();
	for (size_t i = 0; i < COUNT_OF(mistakes); i++) {
		struct error err = { 0 };
		const char *text = mistakes[i].text;
		struct scenario *scenario =
			scenario_parse(text, strlen(text), "x.yaml", known, &err);
		ck_assert_msg(scenario == NULL, "loaded: %s", mistakes[i].error);
		ck_assert_str_eq(error_text(&err), mistakes[i].error);
	}
	catalogue_free(known);
}
END_TEST

static const char whole[] = HEAD
	"deadline: 12s\n"
	"discovers: true\n"
	"config: {intervalMs: 500}\n"
	"printers:\n"
	"  - {name: lobby, profile: sc-t-24, address: 10.16.0.10, serial: X1, community: ours}\n"
	"  - {name: next, profile: sc-t-24, address: 10.31.255.255, decoy: true}\n" STEPS EXPECT
	"  - never: {for: tls.application, witness: {for: fault.reached}}\n"
	"    requirement: [TLS-2, GEN-2]\n"
	"twin:\n"
	"  steps:\n"
	"    - wait: {for: upload.stored, within: 5s}\n"
	"  expect:\n"
	"    - seen: {for: upload.stored}\n"
	"      requirement: SND-1\n";

START_TEST(a_scenario_is_loaded_with_all_that_it_says)
{
	struct error err = { 0 };
	struct catalogue *known = catalogue();
	struct scenario *s = scenario_parse(whole, sizeof(whole) - 1, "x.yaml", known, &err);
	ck_assert_msg(s != NULL, "%s", error_text(&err));
	ck_assert_str_eq(s->id, "t.case");
	ck_assert_int_eq(s->agent, AGENT_DC);
	ck_assert_int_eq(s->deadline_ms, 12000);
	ck_assert(s->discovers);
	ck_assert_ptr_nonnull(s->config);
	ck_assert_uint_eq(s->printers.count, 2);
	ck_assert_uint_eq(scenario_find_printer(s, "lobby")->address, 0x0a10000a);
	ck_assert_str_eq(scenario_find_printer(s, "lobby")->community, "ours");
	ck_assert(scenario_find_printer(s, "next")->decoy);
	ck_assert_ptr_null(scenario_find_printer(s, "attic"));
	ck_assert_uint_eq(s->main.step_count, 1);
	ck_assert_str_eq(s->main.steps[0].label, "begin");
	ck_assert_str_eq(s->main.steps[0].kind->name, "observe");
	ck_assert_uint_eq(s->main.expectation_count, 2);
	ck_assert_ptr_eq(s->main.expectations[1].kind, &expect_never);
	ck_assert_uint_eq(s->main.expectations[1].requirements.count, 2);
	ck_assert(s->has_twin);
	ck_assert_uint_eq(s->twin.step_count, 1);
	ck_assert_uint_eq(s->twin.expectation_count, 1);
	scenario_free(s);
	catalogue_free(known);
}
END_TEST

START_TEST(what_is_not_said_has_its_default)
{
	static const char text[] = HEAD PRINTERS STEPS EXPECT;
	struct error err = { 0 };
	struct scenario *s = scenario_parse(text, sizeof(text) - 1, "x.yaml", NULL, &err);
	ck_assert_msg(s != NULL, "%s", error_text(&err));
	ck_assert_int_eq(s->deadline_ms, 30000);
	ck_assert(!s->discovers && !s->has_twin && !s->config);
	ck_assert(!scenario_find_printer(s, "lobby")->decoy);
	scenario_free(s);
}
END_TEST

START_TEST(the_schema_knows_every_step_and_every_expectation)
{
	AUTO_JSON json_t *schema = scenario_schema();
	ck_assert_ptr_nonnull(schema);
	for (size_t i = 0; step_kinds[i]; i++) {
		AUTO_FREE char *at =
			alloc_printf("/properties/steps/items/properties/%s", step_kinds[i]->name);
		ck_assert_msg(json_at(schema, at) != NULL, "%s", at);
	}
	for (size_t i = 0; expect_kinds[i]; i++) {
		AUTO_FREE char *at = alloc_printf("/properties/expect/items/properties/%s",
						  expect_kinds[i]->name);
		ck_assert_msg(json_at(schema, at) != NULL, "%s", at);
		AUTO_FREE char *twin =
			alloc_printf("/properties/twin/properties/expect/items/properties/%s",
				     expect_kinds[i]->name);
		ck_assert_msg(json_at(schema, twin) != NULL, "%s", twin);
	}
}
END_TEST

TEST_MAIN("conformance.scenario", a_mistake_is_told_with_its_place_and_what_was_expected,
	  a_scenario_is_loaded_with_all_that_it_says, what_is_not_said_has_its_default,
	  the_schema_knows_every_step_and_every_expectation)
