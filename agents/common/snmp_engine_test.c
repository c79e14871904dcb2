#include "agents/common/snmp_engine.h"

#include <string.h>

#include "base/cleanup.h"
#include "base/test.h"

/* A report as net-snmp sends it: usmStatsUnknownEngineIDs. */
static const uint8_t report[] = {
	0x30, 0x66, 0x02, 0x01, 0x03, 0x30, 0x11, 0x02, 0x04, 0x01, 0x02, 0x03, 0x04, 0x02, 0x03,
	0x00, 0xff, 0xe3, 0x04, 0x01, 0x00, 0x02, 0x01, 0x03, 0x04, 0x1c, 0x30, 0x1a, 0x04, 0x0b,
	0x80, 0x00, 0x04, 0xe0, 0x03, 0x02, 0x00, 0x10, 0x00, 0x00, 0x10, 0x02, 0x01, 0x05, 0x02,
	0x02, 0x0e, 0x10, 0x04, 0x00, 0x04, 0x00, 0x04, 0x00, 0x30, 0x30, 0x04, 0x0b, 0x80, 0x00,
	0x04, 0xe0, 0x03, 0x02, 0x00, 0x10, 0x00, 0x00, 0x10, 0x04, 0x00, 0xa8, 0x1f, 0x02, 0x04,
	0x01, 0x02, 0x03, 0x04, 0x02, 0x01, 0x00, 0x02, 0x01, 0x00, 0x30, 0x11, 0x30, 0x0f, 0x06,
	0x0a, 0x2b, 0x06, 0x01, 0x06, 0x03, 0x0f, 0x01, 0x01, 0x04, 0x00, 0x41, 0x01, 0x01,
};
static const int32_t number = 0x01020304;

START_TEST(the_request_has_its_number_twice_and_the_length_it_says)
{
	uint8_t bytes[SNMP_ENGINE_ASK_MAX];
	size_t size = snmp_engine_ask(number, bytes);

	ck_assert_uint_eq(size, bytes[1] + 2u);
	ck_assert_mem_eq(bytes + 9, "\x01\x02\x03\x04", 4);
	ck_assert_mem_eq(bytes + 52, "\x01\x02\x03\x04", 4);
	ck_assert_uint_eq(bytes[50], 0x02);
	ck_assert_uint_eq(bytes[51], 4);
	/* A request is no answer to itself. */
	struct snmp_engine engine;
	ck_assert(!snmp_engine_read(bytes, size, number, &engine));
}
END_TEST

START_TEST(a_report_tells_the_engine)
{
	struct snmp_engine engine;

	ck_assert(snmp_engine_read(report, sizeof(report), number, &engine));
	ck_assert_uint_eq(engine.size, 11);
	ck_assert_mem_eq(engine.id, report + 30, 11);
	ck_assert_int_eq(engine.boots, 5);
	ck_assert_int_eq(engine.time, 3600);
}
END_TEST

START_TEST(an_answer_to_another_question_is_none)
{
	struct snmp_engine engine;

	ck_assert(!snmp_engine_read(report, sizeof(report), number + 1, &engine));
}
END_TEST

START_TEST(whatever_is_cut_or_changed_is_read_within_its_bounds)
{
	struct snmp_engine engine;
	uint8_t changed[sizeof(report)];

	for (size_t size = 0; size < sizeof(report); size++)
		ck_assert(!snmp_engine_read(report, size, number, &engine));
	for (size_t i = 0; i < sizeof(report); i++) {
		memcpy(changed, report, sizeof(report));
		changed[i] = 0xff;
		if (snmp_engine_read(changed, sizeof(changed), number, &engine))
			ck_assert_uint_le(engine.size, SNMP_ENGINE_MAX);
	}
}
END_TEST

START_TEST(an_engine_id_has_5_to_32_bytes)
{
	struct snmp_engine engine;
	uint8_t changed[sizeof(report)];

	memcpy(changed, report, sizeof(report));
	changed[29] = 4;
	ck_assert(!snmp_engine_read(changed, sizeof(changed), number, &engine));
}
END_TEST

TEST_MAIN("agents.common.snmp_engine", the_request_has_its_number_twice_and_the_length_it_says,
	  a_report_tells_the_engine, an_answer_to_another_question_is_none,
	  whatever_is_cut_or_changed_is_read_within_its_bounds, an_engine_id_has_5_to_32_bytes)
