#include "sim/cloud/spoil.h"

#include "base/cleanup.h"
#include "base/json.h"
#include "base/test.h"

static const char command[] =
	"{\"command\": \"c-1\", \"operation\": \"clean\", \"serial\": \"X1\", "
	"\"issued\": \"2026-01-05T08:00:00Z\", "
	"\"expires\": \"2026-01-05T08:01:00Z\"}";

/* What comes out; NULL: it is no JSON of ours. */
static json_t *spoilt(const char *name, struct buf *out)
{
	size_t i = 0;

	while (strcmp(spoil_kinds[i].name, name) != 0)
		i++;
	buf_init(out, SPOIL_SIZE_MAX);
	spoil_command(&spoil_kinds[i], (const uint8_t *)command, strlen(command), out);
	return json_read_text(buf_text(out), out->size, "command", NULL);
}

START_TEST(every_kind_changes_the_command)
{
	for (size_t i = 0; spoil_names[i]; i++) {
		struct buf out;
		ck_assert_str_eq(spoil_names[i], spoil_kinds[i].name);
		json_decref(spoilt(spoil_names[i], &out));
		ck_assert_msg(!out.failed, "%s", spoil_names[i]);
		ck_assert_msg(strcmp(buf_text(&out), command) != 0, "%s", spoil_names[i]);
		buf_done(&out);
	}
}
END_TEST

START_TEST(what_is_not_spoilt_stays)
{
	struct buf out;
	AUTO_JSON json_t *body = spoilt("no-expiry", &out);

	ck_assert_str_eq(json_text_of(body, "operation", ""), "clean");
	ck_assert_str_eq(json_text_of(body, "serial", ""), "X1");
	ck_assert_ptr_null(json_object_get(body, "expires"));
	buf_done(&out);
}
END_TEST

START_TEST(a_zero_is_written_as_json_does)
{
	struct buf out;
	AUTO_JSON json_t *body = spoilt("nul", &out);

	ck_assert_ptr_nonnull(strstr(buf_text(&out), "clean\\u0000ed"));
	buf_done(&out);
}
END_TEST

TEST_MAIN("sim.cloud.spoil", every_kind_changes_the_command, what_is_not_spoilt_stays,
	  a_zero_is_written_as_json_does)
