#include "agents/dc/value.h"

#include <string.h>

#include "base/test.h"

static struct snmp_value bytes(const char *text)
{
	return (struct snmp_value){ .kind = SNMP_BYTES,
				    .data = (const uint8_t *)text,
				    .size = strlen(text) };
}

static void gives(enum column_kind kind, struct snmp_value value, const char *expected)
{
	cJSON *json = value_json(kind, &value);
	char *text = json ? cJSON_PrintUnformatted(json) : NULL;

	if (expected)
		ck_assert_str_eq(text, expected);
	else
		ck_assert_ptr_null(text);
	free(text);
	cJSON_Delete(json);
}

START_TEST(a_value_of_the_right_type_is_taken)
{
	gives(COLUMN_TEXT, bytes("SC-T3405"), "\"SC-T3405\"");
	gives(COLUMN_TIME, bytes("2026-11-22T12:15:30+02:00"), "\"2026-11-22T10:15:30Z\"");
	gives(COLUMN_MAKER, bytes("CMD:X;MFG:EPSON;MDL:Y;"), "\"EPSON\"");
	gives(COLUMN_SETTING, bytes(""), "\"\"");
	gives(COLUMN_SETTING, (struct snmp_value){ .kind = SNMP_NUMBER, .number = -3 }, "-3");
	gives(COLUMN_NUMBER, (struct snmp_value){ .kind = SNMP_NUMBER, .number = 4294967295 },
	      "4294967295");
}
END_TEST

START_TEST(a_value_of_another_type_is_left_out)
{
	gives(COLUMN_TEXT, (struct snmp_value){ .kind = SNMP_NUMBER, .number = 5 }, NULL);
	gives(COLUMN_NUMBER, bytes("5"), NULL);
	gives(COLUMN_NUMBER, (struct snmp_value){ .kind = SNMP_NUMBER, .number = -2 }, NULL);
	gives(COLUMN_NUMBER, (struct snmp_value){ .kind = SNMP_NOTHING }, NULL);
	gives(COLUMN_TIME, bytes("yesterday"), NULL);
	gives(COLUMN_CLOCK, bytes("short"), NULL);
	gives(COLUMN_MAKER, bytes("MDL:Y;"), NULL);
	gives(COLUMN_TEXT, bytes(""), NULL);
}
END_TEST

TEST_MAIN("agents.dc.value", a_value_of_the_right_type_is_taken,
	  a_value_of_another_type_is_left_out)
