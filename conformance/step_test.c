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

/* The parameters that a verb cannot do without, as a scenario gives them: "a: 1, b: x". */
static char *least(const struct verb *verb)
{
	char *text = alloc_text("");
	for (const struct parameter *p = verb->parameters; p && p->name; p++) {
		if (!p->required)
			continue;
		AUTO_FREE char *before = text;
		AUTO_FREE char *number = alloc_printf("%lld", (long long)(p->min > 1 ? p->min : 1));
		/* In quotes: "1.3" is a name, 1.3 a number. */
		AUTO_FREE char *name = alloc_printf("'%s'", p->names ? p->names[0] : "");
		const char *value = p->names                    ? name
				    : p->type == PARAMETER_TEXT ? "words"
				    : p->type == PARAMETER_BOOL ? "true"
								: number;
		text = alloc_printf("%s%s%s: %s", before, *before ? ", " : "", p->name, value);
	}
	return text;
}

static char *step_of(const char *kind, const char *more, const struct verb *verb)
{
	AUTO_FREE char *with = least(verb);
	return *with ? alloc_printf("%s: {%s%s, with: {%s}}", kind, more, verb->name, with)
		     : alloc_printf("%s: {%s%s}", kind, more, verb->name);
}

START_TEST(every_action_of_a_printer_can_be_named)
{
	for (size_t i = 0; i < device_actions.count; i++) {
		const struct verb *verb = verb_at(&device_actions, i);
		AUTO_FREE char *step = step_of("printer", "device: lobby, do: ", verb);
		ck_assert_msg(loads(step), "%s", step);
	}
	ck_assert(!loads("printer: {device: lobby, do: explode}"));
	ck_assert(!loads("printer: {do: jam}"));
	ck_assert(!loads("printer: {device: lobby, do: ink, with: {color: K}}"));
}
END_TEST

START_TEST(every_fault_can_be_armed_and_cleared_and_printer_faults_need_a_printer)
{
	const struct verb *verb;
	for (size_t i = 0; (verb = faults_at(i)); i++) {
		bool of_printer = !strncmp(verb->name, "printer.", 8);
		AUTO_FREE char *fault = step_of("fault", "name: ", verb);
		AUTO_FREE char *placed = step_of("fault", "device: lobby, name: ", verb);
		AUTO_FREE char *clear =
			alloc_printf("clear: {name: %s, device: lobby}", verb->name);
		ck_assert_msg(loads(fault) == !of_printer, "%s", fault);
		ck_assert_msg(loads(placed), "%s", placed);
		ck_assert_msg(loads(clear), "%s", clear);
	}
	ck_assert(!loads("fault: {name: cloud.rain}"));
	ck_assert(!loads("fault: {name: printer.silent, device: attic}"));
	ck_assert(!loads("clear: {name: printer.delay, device: lobby, with: {ms: 1}}"));
}
END_TEST

START_TEST(a_wrong_parameter_is_named_where_it_stands)
{
	static const struct {
		const char *step, *words;
	} wrong[] = {
		{ "fault: {name: printer.delay, device: lobby, with: {ms: 0}}",
		  "printer.delay: found ms 0, expected a whole number from 1 to 600000" },
		{ "fault: {name: printer.delay, device: lobby}", "found ms none" },
		{ "fault: {name: cloud.down, with: {mode: silnt}}", "did you mean silent?" },
		{ "printer: {device: lobby, do: ink, with: {colour: K, level: 1}}",
		  "did you mean 'color'?" },
	};
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		struct error err = { 0 };
		ck_assert_ptr_null(load(wrong[i].step, &err));
		ck_assert_msg(strstr(err.text, wrong[i].words) != NULL, "%s", err.text);
		ck_assert_int_eq(err.line, 8);
	}
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
	{ "cloud: {do: revoke}", true },
	{ "cloud: {do: revoke, with: {agent: other}}", true },
	{ "cloud: {do: rotate, with: {secret: x, overlap: 5s}}", true },
	{ "cloud: {do: rotate}", false },
	{ "cloud: {do: limit, with: {requests: many}}", false },
	{ "cloud: {do: explode}", false },
	{ "cloud: {do: command, with: {serial: X1}}", false },
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
	  a_wrong_parameter_is_named_where_it_stands, a_step_says_all_that_it_must_and_nothing_else)
