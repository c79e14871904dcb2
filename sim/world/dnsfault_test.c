#include "sim/world/dnsfault.h"

#include <errno.h>

#include "base/buf.h"
#include "base/cleanup.h"
#include "base/json.h"
#include "base/test.h"
#include "sim/world/world.h"

enum { QUESTION = 12 + 18 + 4, TRUTH = QUESTION + 16 };

/* A, class IN, of api.ecsp.example. */
static const uint8_t query[QUESTION] = "\x12\x34\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00\x03"
				       "api\x04"
				       "ecsp\x07"
				       "example\x00\x00\x01\x00\x01";

static json_t *told;
static struct dnsfault *fault;
static uint8_t answer[RESOLVER_ANSWER_MAX];
static struct resolver_seen seen;

static void on_tap(struct tap *tap, const char *kind, json_t *fields)
{
	(void)tap;
	ck_assert_str_eq(kind, "fault.reached");
	json_decref(told);
	told = fields;
}

static struct tap tap = { .seen = on_tap };

static size_t ask(void)
{
	size_t size = resolver_answer(query, sizeof(query), answer, &seen);

	ck_assert_uint_eq(size, TRUTH);
	size = dnsfault_bend(fault, answer, size, &seen);
	dnsfault_tell(fault, &seen);
	return size;
}

static void arm(json_t *parameters)
{
	struct error err;

	if (!fault)
		fault = dnsfault_new(&tap);
	ck_assert_int_eq(dnsfault_set(fault, parameters, &err), 0);
	json_decref(parameters);
}

static void done(void)
{
	dnsfault_free(fault);
	fault = NULL;
	json_decref(told);
	told = NULL;
}

static bool is_told(void)
{
	bool is = told != NULL;

	json_decref(told);
	told = NULL;
	return is;
}

START_TEST(each_kind_says_what_it_should_and_is_told)
{
	static const struct {
		const char *kind;
		size_t size;
		uint8_t code, truncated;
		uint16_t rows;
	} rows[] = {
		{ "nxdomain", QUESTION, 3, 0, 0 },  { "servfail", QUESTION, 2, 0, 0 },
		{ "refused", QUESTION, 5, 0, 0 },   { "empty", QUESTION, 0, 0, 0 },
		{ "truncated", QUESTION, 0, 2, 0 }, { "cut", TRUTH - 7, 0, 0, 1 },
		{ "other-id", TRUTH, 0, 0, 1 },     { "other-name", TRUTH, 0, 0, 1 },
		{ "loopback", TRUTH, 0, 0, 1 },     { "silent", 0, 0, 0, 0 },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		arm(json_pack("{s:s}", "kind", rows[i].kind));
		ck_assert_msg(ask() == rows[i].size, "%s", rows[i].kind);
		ck_assert_msg((answer[3] & 15) == rows[i].code, "%s", rows[i].kind);
		ck_assert_msg((answer[2] & 2) == rows[i].truncated, "%s", rows[i].kind);
		ck_assert_msg(get_be16(answer + 6) == rows[i].rows, "%s", rows[i].kind);
		ck_assert_msg((get_be16(answer) == 0x1234) != !strcmp(rows[i].kind, "other-id"),
			      "%s", rows[i].kind);
		ck_assert_msg((answer[13] == 'a') != !strcmp(rows[i].kind, "other-name"), "%s",
			      rows[i].kind);
		ck_assert_msg(seen.answered == !strcmp(rows[i].kind, "loopback"), "%s",
			      rows[i].kind);
		ck_assert_str_eq(json_text_of(told, "name", ""), "api.ecsp.example");
		ck_assert(is_told());
	}
	arm(json_pack("{s:s}", "kind", "loopback"));
	ask();
	ck_assert_uint_eq(get_be32(answer + TRUTH - 4), 0x7f000001);
	ck_assert_uint_eq(seen.address, 0x7f000001);
	done();
}
END_TEST

START_TEST(only_so_often_and_only_for_a_name)
{
	arm(json_pack("{s:s, s:i, s:s}", "kind", "nxdomain", "count", 2, "name",
		      "API.ecsp.example"));
	ck_assert_uint_eq(ask(), QUESTION);
	ck_assert_uint_eq(ask(), QUESTION);
	ck_assert(is_told());
	ck_assert_uint_eq(ask(), TRUTH);
	arm(json_pack("{s:s, s:s}", "kind", "nxdomain", "name", "mqtt.ecsp.example"));
	ck_assert_uint_eq(ask(), TRUTH);
	ck_assert(!is_told());
	done();
}
END_TEST

START_TEST(cleared_it_tells_the_truth_again)
{
	arm(json_pack("{s:s}", "kind", "silent"));
	dnsfault_clear(fault, "wire.loss");
	ck_assert_uint_eq(ask(), 0);
	dnsfault_clear(fault, "dns.answer");
	is_told();
	ck_assert_uint_eq(ask(), TRUTH);
	ck_assert(!is_told());
	done();
}
END_TEST

START_TEST(an_unknown_kind_is_refused_by_name)
{
	struct error err;
	AUTO_JSON json_t *wrong = json_pack("{s:s}", "kind", "nxdomian");

	fault = dnsfault_new(&tap);
	ck_assert_int_eq(dnsfault_set(fault, wrong, &err), -EINVAL);
	ck_assert_msg(strstr(err.text, "nxdomian"), "%s", err.text);
	ck_assert_uint_eq(ask(), TRUTH);
	done();
}
END_TEST

TEST_MAIN("sim.world.dnsfault", each_kind_says_what_it_should_and_is_told,
	  only_so_often_and_only_for_a_name, cleared_it_tells_the_truth_again,
	  an_unknown_kind_is_refused_by_name)
