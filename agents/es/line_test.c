#include "agents/es/line.h"

#include <string.h>

#include "base/cleanup.h"
#include "base/test.h"

static cJSON *record_of(const char *text)
{
	cJSON *device = line_parse(text, strlen(text));

	ck_assert_ptr_nonnull(device);
	cJSON *record = line_record(device);
	cJSON_Delete(device);
	return record;
}

static void gives(const char *text, const char *expected)
{
	cJSON *record = record_of(text);
	AUTO_FREE char *json = cJSON_PrintUnformatted(record);

	ck_assert_str_eq(json, expected);
	cJSON_Delete(record);
}

START_TEST(members_get_the_names_of_the_contract)
{
	gives("{\"maker\":\"EPSON\",\"clock\":\"2026-11-22T10:15:30Z\","
	      "\"state\":{\"status\":0,\"error\":4,\"warnings\":[22,16]},"
	      "\"counters\":{\"printingSeconds\":5,\"areaSquareCm\":7,\"lengthMm\":9}}",
	      "{\"manufacturer\":\"EPSON\",\"time\":\"2026-11-22T10:15:30Z\","
	      "\"codes\":[\"E04\",\"W10\",\"W16\"],\"status\":\"error\","
	      "\"printingSeconds\":5,\"printedSquareCm\":7}");
}
END_TEST

START_TEST(print_data_stays_on_the_panel)
{
	cJSON *record = record_of(
		"{\"state\":{\"status\":3,\"job\":{\"document\":\"MARK\",\"owner\":\"MARK\"}},"
		"\"jobLog\":[{\"number\":1,\"started\":\"s\",\"ended\":\"e\",\"lengthMm\":1,"
		"\"squareCm\":2,\"microlitres\":3,\"result\":\"ok\",\"document\":\"MARK\","
		"\"owner\":\"MARK\"}]}");
	AUTO_FREE char *json = cJSON_PrintUnformatted(record);

	ck_assert_ptr_nonnull(strstr(json, "\"result\":\"ok\""));
	ck_assert_ptr_null(strstr(json, "MARK"));
	cJSON_Delete(record);
}
END_TEST

START_TEST(supplies_come_in_slot_order)
{
	gives("{\"supplies\":[{\"slot\":2,\"name\":\"Box\",\"class\":\"box\",\"percent\":60,"
	      "\"installed\":1},{\"slot\":1,\"name\":\"Black\",\"class\":\"ink\",\"color\":\"K\","
	      "\"percent\":80,\"installed\":2,\"usedMicrolitres\":9}]}",
	      "{\"consumables\":[{\"name\":\"Black\",\"kind\":\"ink\",\"replaced\":2,\"level\":80,"
	      "\"color\":\"K\"},{\"name\":\"Box\",\"kind\":\"box\",\"replaced\":1,\"level\":60}],"
	      "\"inkUsage\":[{\"color\":\"K\",\"microlitres\":9}]}");
}
END_TEST

START_TEST(what_is_missing_or_of_another_type_is_left_out)
{
	gives("{\"maker\":7,\"state\":{\"status\":\"idle\"},\"settings\":[],\"log\":[{\"number\":1}"
	      "],"
	      "\"counters\":{\"printingSeconds\":-1}}",
	      "{\"history\":[]}");
	gives("{}", "{}");
}
END_TEST

START_TEST(a_line_is_one_json_object)
{
	static const char *const texts[] = { "", "[]", "{", "{} {}", "null" };

	for (size_t i = 0; i < COUNT_OF(texts); i++)
		ck_assert_ptr_null(line_parse(texts[i], strlen(texts[i])));
	ck_assert_ptr_null(line_parse("{}\0x", 4));
}
END_TEST

TEST_MAIN("agents.es.line", members_get_the_names_of_the_contract, print_data_stays_on_the_panel,
	  supplies_come_in_slot_order, what_is_missing_or_of_another_type_is_left_out,
	  a_line_is_one_json_object)
