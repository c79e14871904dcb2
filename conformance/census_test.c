#include "conformance/census.h"

#include <string.h>

#include "base/cleanup.h"
#include "base/json.h"
#include "base/test.h"
#include "sim/cloud/cloud.h"

static size_t passed_on;

static void listen_too(struct tap *tap, const char *kind, json_t *fields)
{
	(void)tap;
	(void)kind;
	passed_on++;
	json_decref(fields);
}

static void tell(struct census *census, const char *kind, const char *agent, size_t records)
{
	json_t *rows = json_array();

	for (size_t i = 0; i < records; i++)
		json_array_append_new(rows, json_object());
	tap_seen(census_tap(census), kind,
		 json_pack("{s:s,s:{s:o}}", "agent", agent, "body", "records", rows));
}

START_TEST(it_counts_who_came_and_names_who_did_not)
{
	struct tap next = { listen_too };
	struct loop *loop = loop_new();
	struct error err = { 0 };
	struct cloud *cloud =
		cloud_new(&(struct cloud_options){ .loop = loop, .store_path = ":memory:" }, &err);
	struct census *census = census_new(&next);

	ck_assert_msg(cloud != NULL, "%s", error_text(&err));
	census_expect(census, "es-1");
	census_expect(census, "es-2");
	census_expect(census, "es-3");
	tell(census, "agent.registered", "es-1", 0);
	tell(census, "agent.registered", "es-1", 0);
	tell(census, "agent.registered", "es-2", 0);
	tell(census, "upload.stored", "es-1", 2);
	tell(census, "upload.stored", "es-1", 3);
	tell(census, "upload.duplicate", "es-1", 3);
	tell(census, "upload.refused", "es-2", 0);
	tell(census, "mqtt.connect", "es-2", 0);
	AUTO_JSON json_t *report = census_report(census, cloud);
	AUTO_JSON json_t *expected =
		json_pack("{s:s,s:i,s:i,s:i,s:i,s:i,s:i,s:i,s:i,s:[s,s]}", "name", "cloud",
			  "agents", 3, "registered", 2, "connected", 0, "reporting", 1, "uploads",
			  2, "records", 5, "duplicates", 1, "refused", 1, "silent", "es-2", "es-3");
	AUTO_FREE char *said = json_text(report);
	ck_assert_msg(json_equal(report, expected), "%s", said);
	ck_assert_uint_eq(passed_on, 8);
	cloud_free(cloud);
	census_free(census);
	loop_free(loop);
}
END_TEST

START_TEST(it_names_ten_at_most)
{
	struct loop *loop = loop_new();
	struct error err = { 0 };
	struct cloud *cloud =
		cloud_new(&(struct cloud_options){ .loop = loop, .store_path = ":memory:" }, &err);
	struct census *census = census_new(NULL);

	ck_assert_msg(cloud != NULL, "%s", error_text(&err));
	for (int i = 0; i < 12; i++) {
		char id[16];
		snprintf(id, sizeof(id), "es-%d", i);
		census_expect(census, id);
	}
	AUTO_JSON json_t *report = census_report(census, cloud);
	ck_assert_uint_eq(json_array_size(json_object_get(report, "silent")), 10);
	ck_assert_int_eq(json_int_of(report, "agents", 0), 12);
	cloud_free(cloud);
	census_free(census);
	loop_free(loop);
}
END_TEST

TEST_MAIN("conformance.census", it_counts_who_came_and_names_who_did_not, it_names_ten_at_most)
