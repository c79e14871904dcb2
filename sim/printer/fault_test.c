#include "sim/printer/fault.h"

#include "sim/printer/testbed.h"

static const struct ask two = { .version = 1,
				.pdu = 0xa0,
				.oids = { "1.3.6.1.2.1.1.5.0", "1.3.6.1.2.1.1.7.0" } };

static void arm(struct bed *bed, const char *fault, json_t *with)
{
	struct error err = { 0 };
	ck_assert_msg(device_fault(bed->device, fault, with, &err) >= 0, "%s", error_text(&err));
	json_decref(with);
}

static void expect_reached(const struct bed *bed, const char *fault)
{
	const json_t *reached = bed_find(bed, "fault.reached");
	ck_assert_str_eq(json_text_of(reached, "fault", ""), fault);
	ck_assert_str_eq(json_text_of(reached, "device", ""), "lobby");
	ck_assert_int_eq(json_int_of(reached, "count", 0), 1);
}

START_TEST(a_silent_printer_swallows_every_request)
{
	struct bed *bed = bed_new("sc-t-24");
	struct snmp_message answer;
	arm(bed, "printer.silent", NULL);
	ck_assert_ptr_null(bed_find(bed, "fault.reached"));
	ck_assert(!bed_ask(bed, &two, &answer));
	expect_reached(bed, "printer.silent");
	ck_assert_int_eq(bed_hex(bed, BED_ADDRESS, 3289, "4550534f4e5000ff000000000000"), 0);
	device_fault_clear(bed->device, NULL);
	ck_assert(bed_ask(bed, &two, &answer));
	bed_free(bed);
}
END_TEST

static bool has_answer(void *arg)
{
	return ((struct bed *)arg)->answers > 0;
}

START_TEST(a_delayed_answer_comes_later_and_unharmed)
{
	struct bed *bed = bed_new("sc-t-24");
	struct snmp_message answer;
	arm(bed, "printer.delay", json_pack("{s:i}", "ms", 30));
	ck_assert(!bed_ask(bed, &two, &answer));
	ck_assert_int_eq(bed->answers, 0);
	expect_reached(bed, "printer.delay");
	ck_assert(loop_run_until(bed->loop, has_answer, bed, 5000));
	ck_assert(snmp_message_parse(bed->answer.data, bed->answer.size, &answer));
	ck_assert_int_eq(ber_integer(answer.request), 0x1234);
	ck_assert(!bed_ask(bed, &two, &answer)); /* one more waits while the fleet ends */
	bed_free(bed);
}
END_TEST

/* ---- how answers are sent ---- */

START_TEST(an_answer_comes_from_elsewhere)
{
	struct bed *bed = bed_new("sc-t-24");
	struct snmp_message answer;
	arm(bed, "printer.wrong-address", NULL);
	ck_assert(bed_ask(bed, &two, &answer));
	ck_assert_uint_eq(bed->from.from, BED_ADDRESS ^ 1);
	ck_assert_uint_eq(bed->from.from_port, 161);
	expect_reached(bed, "printer.wrong-address");
	arm(bed, "printer.wrong-address", json_pack("{s:s}", "address", "10.16.9.9"));
	arm(bed, "printer.wrong-port", json_pack("{s:i}", "port", 7));
	ck_assert_int_eq(bed_hex(bed, BED_ADDRESS, 3289, "4550534f4e5000ff000000000000"), 1);
	ck_assert_uint_eq(bed->from.from, 0x0a100909);
	ck_assert_uint_eq(bed->from.from_port, 7);
	ck_assert_uint_eq(bed->from.to, BED_AGENT);
	ck_assert_uint_eq(bed->from.to_port, BED_PORT);
	bed_free(bed);
}
END_TEST

START_TEST(an_answer_comes_more_than_once)
{
	struct bed *bed = bed_new("sc-t-24");
	struct snmp_message answer;
	arm(bed, "printer.duplicate", json_pack("{s:i}", "copies", 4));
	ck_assert(!bed_ask(bed, &two, &answer));
	ck_assert_int_eq(bed->answers, 5);
	expect_reached(bed, "printer.duplicate");
	arm(bed, "printer.duplicate", json_pack("{s:i}", "apartMs", 20));
	ck_assert(bed_ask(bed, &two, &answer));
	bed->answers = 0;
	ck_assert(loop_run_until(bed->loop, has_answer, bed, 5000));
	ck_assert(snmp_message_parse(bed->answer.data, bed->answer.size, &answer));
	bed_free(bed);
}
END_TEST

/* A bed_ask whose request-id is another. */
static int ask_as(struct bed *bed, const struct ask *ask, uint8_t id)
{
	struct buf request;

	buf_init(&request, 8192);
	bed_encode(ask, &request);
	uint8_t *at = memmem(request.data, request.size, "\x02\x02\x12\x34", 4);
	at[3] = id;
	int answers = bed_send(bed, BED_ADDRESS, 161, request.data, request.size);
	buf_done(&request);
	return answers;
}

static const struct ask other = { .version = 1, .pdu = 0xa0, .oids = { "1.3.6.1.2.1.1.7.0" } };

START_TEST(a_late_answer_comes_before_that_to_the_retry)
{
	struct bed *bed = bed_new("sc-t-24");
	struct snmp_message answer;
	arm(bed, "printer.late-answer", NULL);
	ck_assert_int_eq(ask_as(bed, &two, 1), 0);
	ck_assert_int_eq(ask_as(bed, &other, 2), 0); /* another question is no retry */
	ck_assert_ptr_null(bed_find(bed, "fault.reached"));
	ck_assert_int_eq(ask_as(bed, &two, 3), 2);
	ck_assert(snmp_message_parse(bed->answer.data, bed->answer.size, &answer));
	ck_assert_int_eq(ber_integer(answer.request), 0x1203); /* the last of the two */
	const json_t *response = bed_find(bed, "snmp.response");
	ck_assert_int_eq(json_int_of(response, "request", 0), 0x1203);
	expect_reached(bed, "printer.late-answer");
	ck_assert_int_eq(ask_as(bed, &two, 4), 0); /* and from the start */
	bed_free(bed);
}
END_TEST

START_TEST(the_late_answer_is_the_one_to_the_first_try)
{
	struct bed *bed = bed_new("sc-t-24");
	arm(bed, "printer.late-answer", NULL);
	ck_assert_int_eq(ask_as(bed, &two, 1), 0);
	json_array_clear(bed->seen);
	ck_assert_int_eq(ask_as(bed, &two, 3), 2);
	int64_t ids[2] = { 0, 0 };
	size_t i, count = 0;
	json_t *seen;
	json_array_foreach (bed->seen, i, seen)
		if (!strcmp(json_text_of(seen, "kind", ""), "snmp.response") && count < 2)
			ids[count++] = json_int_of(seen, "request", 0);
	ck_assert_int_eq(ids[0], 0x1201);
	ck_assert_int_eq(ids[1], 0x1203);
	bed_free(bed);
}
END_TEST

START_TEST(answers_that_nobody_asks_for_again_are_forgotten)
{
	struct bed *bed = bed_new("sc-t-24");
	arm(bed, "printer.late-answer", json_pack("{s:s}", "protocol", "enpc"));
	for (int i = 0; i < 70; i++) { /* more than are kept; each another question */
		AUTO_FREE char *hex = alloc_printf("4550534f4e5102%02x000100000000", i);
		ck_assert_int_eq(bed_hex(bed, BED_ADDRESS, 3289, hex), 0);
	}
	ck_assert_int_eq(bed_hex(bed, BED_ADDRESS, 3289, "4550534f4e510200000100000000"), 0);
	ck_assert_int_eq(bed_hex(bed, BED_ADDRESS, 3289, "4550534f4e510245000100000000"), 2);
	struct snmp_message answer;
	ck_assert(bed_ask(bed, &two, &answer));
	bed_free(bed);
}
END_TEST

START_TEST(what_was_asked_is_done_though_the_answer_is_lost)
{
	struct bed *bed = bed_new("sc-t-24");
	arm(bed, "printer.answer-lost", NULL);
	ck_assert_int_eq(bed_hex(bed, BED_ADDRESS, 3289, "4550534f4e430200002000000000"), 0);
	ck_assert_int_eq(bed->device->activity, ACTIVITY_CLEANING);
	expect_reached(bed, "printer.answer-lost");
	ck_assert_ptr_nonnull(bed_find(bed, "enpc.request"));
	bed_free(bed);
}
END_TEST

/* ---- when, how often, to what ---- */

static int answers_of(struct bed *bed, const struct ask *ask, int asked)
{
	struct snmp_message answer;
	int answers = 0;
	for (int i = 0; i < asked; i++)
		answers += bed_ask(bed, ask, &answer);
	return answers;
}

START_TEST(a_fault_ends_after_so_many_answers)
{
	struct bed *bed = bed_new("sc-t-24");
	arm(bed, "printer.silent", json_pack("{s:i}", "count", 2));
	ck_assert_int_eq(answers_of(bed, &two, 5), 3);
	arm(bed, "printer.silent", json_pack("{s:i}", "count", 2)); /* anew */
	ck_assert_int_eq(answers_of(bed, &two, 5), 3);
	bed_free(bed);
}
END_TEST

START_TEST(a_fault_hits_each_nth_answer)
{
	struct bed *bed = bed_new("sc-t-24");
	arm(bed, "printer.truncated", json_pack("{s:i}", "every", 3));
	ck_assert_int_eq(answers_of(bed, &two, 2), 2);
	ck_assert_int_eq(answers_of(bed, &two, 1), 0);
	ck_assert_int_eq(answers_of(bed, &two, 6), 4);
	bed_free(bed);
}
END_TEST

static bool never(void *arg)
{
	(void)arg;
	return false;
}

START_TEST(a_fault_has_its_time)
{
	struct bed *bed = bed_new("sc-t-24");
	arm(bed, "printer.silent", json_pack("{s:s,s:s}", "from", "20ms", "for", "1h"));
	ck_assert_int_eq(answers_of(bed, &two, 1), 1);
	loop_run_until(bed->loop, never, NULL, 25);
	ck_assert_int_eq(answers_of(bed, &two, 1), 0);
	arm(bed, "printer.silent", json_pack("{s:s}", "for", "20ms"));
	ck_assert_int_eq(answers_of(bed, &two, 1), 0);
	loop_run_until(bed->loop, never, NULL, 25);
	ck_assert_int_eq(answers_of(bed, &two, 1), 1);
	bed_free(bed);
}
END_TEST

START_TEST(a_fault_meets_one_protocol)
{
	struct bed *bed = bed_new("sc-t-24");
	arm(bed, "printer.silent", json_pack("{s:s}", "protocol", "enpc"));
	ck_assert_int_eq(answers_of(bed, &two, 1), 1);
	ck_assert_int_eq(bed_hex(bed, BED_ADDRESS, 3289, "4550534f4e5000ff000000000000"), 0);
	arm(bed, "printer.silent", json_pack("{s:s}", "protocol", "snmp"));
	ck_assert_int_eq(answers_of(bed, &two, 1), 0);
	ck_assert_int_eq(bed_hex(bed, BED_ADDRESS, 3289, "4550534f4e5000ff000000000000"), 1);
	bed_free(bed);
}
END_TEST

START_TEST(a_fault_meets_what_is_named)
{
	static const struct ask before = { .version = 1,
					   .pdu = 0xa1,
					   .oids = { "1.3.6.1.2.1.1.6.0" } };
	static const struct ask longer = { .version = 1,
					   .pdu = 0xa0,
					   .oids = { "1.3.6.1.2.1.1.70.0" } };
	struct bed *bed = bed_new("sc-t-24");
	arm(bed, "printer.truncated", json_pack("{s:s}", "oid", "1.3.6.1.2.1.1.7"));
	ck_assert_int_eq(answers_of(bed, &two, 1), 0);
	ck_assert_int_eq(answers_of(bed, &other, 1), 0);
	ck_assert_int_eq(answers_of(bed, &before, 1), 0); /* its answer is named so */
	ck_assert_int_eq(answers_of(bed, &longer, 1), 1);
	ck_assert_int_eq(bed_hex(bed, BED_ADDRESS, 3289, "4550534f4e5000ff000000000000"), 1);
	ck_assert_uint_eq(bed->answer.size, 76);
	bed_free(bed);
}
END_TEST

/* ---- several at once ---- */

static char *answer_hex(struct bed *bed)
{
	struct snmp_message answer;
	bed_ask(bed, &two, &answer);
	json_t *hex = json_hex(bed->answer.data, bed->answer.size);
	char *text = alloc_text(json_string_value(hex));
	json_decref(hex);
	return text;
}

START_TEST(several_faults_are_applied_in_the_order_of_the_list)
{
	static const char *const order[] = {
		"printer.renamed-varbind",  "printer.extra-varbind",  "printer.reordered-varbinds",
		"printer.wrong-request-id", "printer.trailing-bytes", "printer.duplicate"
	};
	struct bed *bed = bed_new("sc-t-24");
	for (size_t i = 0; i < COUNT_OF(order); i++)
		arm(bed, order[i], NULL);
	AUTO_FREE char *forward = answer_hex(bed);
	ck_assert_int_eq(bed->answers, 2);
	size_t next = 0, i;
	json_t *seen;
	json_array_foreach (bed->seen, i, seen)
		if (!strcmp(json_text_of(seen, "kind", ""), "fault.reached"))
			ck_assert_str_eq(json_text_of(seen, "fault", ""), order[next++]);
	ck_assert_uint_eq(next, COUNT_OF(order));
	device_fault_clear(bed->device, NULL);
	for (i = COUNT_OF(order); i-- > 0;)
		arm(bed, order[i], NULL);
	AUTO_FREE char *backward = answer_hex(bed);
	ck_assert_str_eq(forward, backward);
	bed_free(bed);
}
END_TEST

START_TEST(a_fault_is_cleared_by_name)
{
	struct bed *bed = bed_new("sc-t-24");
	struct snmp_message answer;
	arm(bed, "printer.extra-varbind", NULL);
	arm(bed, "printer.silent", NULL);
	arm(bed, "printer.wrong-request-id", NULL);
	device_fault_clear(bed->device, "printer.silent");
	device_fault_clear(bed->device, "printer.delay"); /* was not armed */
	ck_assert(bed_ask(bed, &two, &answer));
	ck_assert_int_ne(ber_integer(answer.request), 0x1234);
	ck_assert_uint_eq(answer.varbind_count, 3);
	device_fault_clear(bed->device, "printer.wrong-request-id");
	ck_assert(bed_ask(bed, &two, &answer));
	ck_assert_int_eq(ber_integer(answer.request), 0x1234);
	device_fault_clear(bed->device, NULL);
	ck_assert_ptr_null(bed->device->faults);
	bed_free(bed);
}
END_TEST

/* ---- faults off: the same bytes ---- */

/* What a fault cannot do without. */
static json_t *least(const struct verb *verb)
{
	json_t *with = json_object();
	for (const struct parameter *p = verb->parameters; p && p->name; p++)
		if (p->required)
			json_object_set_new(with, p->name, json_integer(p->min));
	return with;
}

/* All kinds of questions, and what came back for each, in hex. */
static char *all_answers(struct bed *bed)
{
	static const struct ask asks[] = {
		{ .version = 1, .pdu = 0xa0, .oids = { "1.3.6.1.2.1.1.5.0", "1.3.9.0" } },
		{ .version = 0, .pdu = 0xa1, .oids = { "1.3.6.1.2.1.43.11" } },
		{ .version = 1, .pdu = 0xa5, .third = 20, .oids = { "1.3.6.1.2.1.43.11" } },
		{ .version = 0, .pdu = 0xa0, .oids = { "1.3.9.0" } },
		{ .version = 1, .pdu = 0xa3, .oids = { "1.3.6.1.2.1.1.5.0" } },
	};
	struct buf all;

	buf_init(&all, 1 << 20);
	for (size_t i = 0; i < COUNT_OF(asks); i++) {
		struct snmp_message answer;
		bed_ask(bed, &asks[i], &answer);
		for (size_t k = 0; k < bed->answer.size; k++)
			buf_printf(&all, "%02x", bed->answer.data[k]);
		buf_printf(&all, " %d %x:%u;", bed->answers, bed->from.from, bed->from.from_port);
	}
	bed_hex(bed, BED_ADDRESS, 3289, "4550534f4e510200000100000000");
	for (size_t k = 0; k < bed->answer.size; k++)
		buf_printf(&all, "%02x", bed->answer.data[k]);
	return buf_steal(&all);
}

START_TEST(without_a_fault_that_is_due_every_byte_is_as_ever)
{
	struct bed *bed = bed_new("sc-t-24");
	AUTO_FREE char *before = all_answers(bed);
	for (size_t i = 0; i < device_faults.count; i++) {
		const struct verb *verb = verb_at(&device_faults, i);
		json_t *with = least(verb);
		json_object_set_new(with, "from", json_string("1h"));
		arm(bed, verb->name, with);
	}
	AUTO_FREE char *waiting = all_answers(bed);
	ck_assert_str_eq(before, waiting);
	device_fault_clear(bed->device, NULL);
	AUTO_FREE char *after = all_answers(bed);
	ck_assert_str_eq(before, after);
	ck_assert_ptr_null(bed_find(bed, "fault.reached"));
	bed_free(bed);
}
END_TEST

START_TEST(each_fault_leaves_no_trace_once_it_is_cleared)
{
	for (size_t i = 0; i < device_faults.count; i++) {
		const struct verb *verb = verb_at(&device_faults, i);
		struct bed *bed = bed_new("sc-t-24");
		AUTO_FREE char *before = all_answers(bed);
		arm(bed, verb->name, least(verb));
		AUTO_FREE char *spoilt = all_answers(bed);
		device_fault_clear(bed->device, verb->name);
		AUTO_FREE char *after = all_answers(bed);
		ck_assert_str_eq(before, after);
		/* A late answer that nobody asks for again is an answer that never comes. */
		ck_assert_msg(strcmp(before, spoilt) != 0, "%s", verb->name);
		ck_assert_msg(bed_find(bed, "fault.reached") || fault_kinds[i].late, "%s",
			      verb->name);
		bed_free(bed);
	}
}
END_TEST

/* ---- chance ---- */

static char *mutated_answers(int seed, int rate)
{
	struct bed *bed = bed_new("sc-t-24");
	struct buf all;

	arm(bed, "printer.mutated",
	    json_pack("{s:i,s:i,s:i}", "seed", seed, "rate", rate, "changes", 3));
	buf_init(&all, 1 << 20);
	for (int i = 0; i < 100; i++) {
		AUTO_FREE char *hex = answer_hex(bed);
		buf_add_text(&all, hex);
	}
	bed_free(bed);
	return buf_steal(&all);
}

START_TEST(the_same_seed_gives_the_same_damage)
{
	AUTO_FREE char *one = mutated_answers(7, 50);
	AUTO_FREE char *again = mutated_answers(7, 50);
	AUTO_FREE char *another = mutated_answers(8, 50);
	ck_assert_str_eq(one, again);
	ck_assert_str_ne(one, another);
}
END_TEST

START_TEST(chance_keeps_to_its_rate)
{
	struct bed *bed = bed_new("sc-t-24");
	arm(bed, "printer.mutated", json_pack("{s:i}", "rate", 20));
	for (int i = 0; i < 1000; i++)
		free(answer_hex(bed));
	int64_t count = json_int_of(bed_find(bed, "fault.reached"), "count", 0);
	ck_assert_int_gt(count, 150);
	ck_assert_int_lt(count, 250);
	bed_free(bed);
}
END_TEST

START_TEST(a_mistake_in_a_fault_is_named)
{
	static const struct {
		const char *fault, *parameters, *words;
	} rows[] = {
		{ "printer.silnt", "{}", "printer.silent" },
		{ "printer.silent", "{\"ms\":1}", "found parameter 'ms'" },
		{ "printer.silent", "{\"oid\":\"1..3\"}", "found oid '1..3'" },
		{ "printer.silent", "{\"for\":\"0s\"}", "a duration" },
		{ "printer.wrong-address", "{\"address\":\"here\"}", "found address 'here'" },
		{ "printer.delay", "{}", "found ms none" },
		{ "printer.delay", "{\"ms\":0}", "from 1 to" },
		{ "printer.error-status", "{\"status\":19}", "1 to 18" },
		{ "printer.error-status", "{\"ms\":1}", "expected status" },
	};
	struct bed *bed = bed_new("sc-t-24");
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct error err = { 0 };
		json_t *with =
			json_read_text(rows[i].parameters, strlen(rows[i].parameters), "row", &err);
		ck_assert_int_lt(device_fault(bed->device, rows[i].fault, with, &err), 0);
		ck_assert_msg(strstr(err.text, rows[i].words) != NULL, "%s", err.text);
		json_decref(with);
	}
	ck_assert_ptr_null(bed->device->faults);
	bed_free(bed);
}
END_TEST

START_TEST(every_listed_fault_exists)
{
	struct bed *bed = bed_new("sc-t-24");
	for (size_t i = 0; i < device_faults.count; i++) {
		struct error err = { 0 };
		json_t *with = json_pack("{s:i}", "no such parameter", 1);
		device_fault(bed->device, verb_at(&device_faults, i)->name, with, &err);
		ck_assert_msg(strstr(err.text, "found parameter") != NULL, "%s", err.text);
		json_decref(with);
	}
	bed_free(bed);
}
END_TEST

TEST_MAIN("sim.printer.fault", a_silent_printer_swallows_every_request,
	  a_delayed_answer_comes_later_and_unharmed, an_answer_comes_from_elsewhere,
	  an_answer_comes_more_than_once, a_late_answer_comes_before_that_to_the_retry,
	  the_late_answer_is_the_one_to_the_first_try,
	  answers_that_nobody_asks_for_again_are_forgotten,
	  what_was_asked_is_done_though_the_answer_is_lost, a_fault_ends_after_so_many_answers,
	  a_fault_hits_each_nth_answer, a_fault_has_its_time, a_fault_meets_one_protocol,
	  a_fault_meets_what_is_named, several_faults_are_applied_in_the_order_of_the_list,
	  a_fault_is_cleared_by_name, without_a_fault_that_is_due_every_byte_is_as_ever,
	  each_fault_leaves_no_trace_once_it_is_cleared, the_same_seed_gives_the_same_damage,
	  chance_keeps_to_its_rate, a_mistake_in_a_fault_is_named, every_listed_fault_exists)
