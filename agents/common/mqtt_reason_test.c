#include "agents/common/mqtt_reason.h"

#include <string.h>

#include "base/cleanup.h"
#include "base/test.h"

START_TEST(every_failure_of_the_standard_has_words_and_an_advice)
{
	for (unsigned reason = 0x80; reason <= 0xA2; reason++) {
		ck_assert_msg(strcmp(mqtt_reason_words((uint8_t)reason), mqtt_reason_words(0xFF)) !=
				      0,
			      "0x%02X has no words", reason);
		ck_assert_int_ne(mqtt_reason_advice((uint8_t)reason), MQTT_SILENCE);
	}
}
END_TEST

START_TEST(a_wrong_login_a_full_server_and_a_mistake_of_ours_are_three_things)
{
	static const struct {
		uint8_t reason;
		enum mqtt_advice advice;
	} rows[] = {
		{ 0x84, MQTT_HOPELESS }, { 0x86, MQTT_LOGIN },  { 0x87, MQTT_LOGIN },
		{ 0x88, MQTT_AGAIN },    { 0x89, MQTT_SLOWER }, { 0x97, MQTT_SLOWER },
		{ 0x9D, MQTT_HOPELESS }, { 0x9F, MQTT_SLOWER }, { 0x8B, MQTT_AGAIN },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++)
		ck_assert_int_eq(mqtt_reason_advice(rows[i].reason), rows[i].advice);
}
END_TEST

START_TEST(a_reason_that_there_is_not_is_tried_again)
{
	ck_assert_int_eq(mqtt_reason_advice(0xEE), MQTT_AGAIN);
	ck_assert_int_eq(mqtt_reason_advice(0x00), MQTT_SILENCE);
}
END_TEST

START_TEST(the_five_codes_of_3_1_1_are_the_reasons_they_became)
{
	static const uint8_t reasons[] = { 0x84, 0x85, 0x88, 0x86, 0x87 };

	for (int code = 1; code <= 5; code++)
		ck_assert_uint_eq(mqtt_reason_old(code), reasons[code - 1]);
	ck_assert_uint_eq(mqtt_reason_old(0), 0xFF);
	ck_assert_uint_eq(mqtt_reason_old(6), 0xFF);
}
END_TEST

TEST_MAIN("agents.common.mqtt_reason", every_failure_of_the_standard_has_words_and_an_advice,
	  a_wrong_login_a_full_server_and_a_mistake_of_ours_are_three_things,
	  a_reason_that_there_is_not_is_tried_again,
	  the_five_codes_of_3_1_1_are_the_reasons_they_became)
