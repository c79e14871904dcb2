#include "sim/cloud/fault.h"

#include "base/cleanup.h"
#include "base/json.h"
#include "base/test.h"
#include "sim/cloud/cloud.h"

static int set(struct fault *fault, const char *name, const char *parameters, struct error *err)
{
	AUTO_JSON json_t *json = parameters ? json_loads(parameters, 0, NULL) : NULL;
	return fault_set(fault, name, json, err);
}

struct row {
	const char *name, *parameters;
};

/* What a fault cannot do without, with the first value that each may have. */
static json_t *parameters_of(const struct verb *verb)
{
	json_t *object = json_object();

	for (const struct parameter *p = verb->parameters; p && p->name; p++) {
		if (!p->required)
			continue;
		json_object_set_new(object, p->name,
				    p->names ? json_string(p->names[0]) : json_integer(p->min));
	}
	return object;
}

static void expect_set_and_cleared(const struct verb *verb)
{
	static const struct fault none;
	AUTO_JSON json_t *parameters = parameters_of(verb);
	const char *name = verb->name;
	struct fault fault = { 0 };
	struct error err;

	ck_assert_msg(!fault_set(&fault, name, parameters, &err), "%s", err.text);
	ck_assert_mem_ne(&fault, &none, sizeof(none));
	ck_assert(fault_clear(&fault, name));
	ck_assert_mem_eq(&fault, &none, sizeof(none));
}

START_TEST(every_fault_can_be_set_and_cleared)
{
	size_t count = 0;

	for (size_t i = 0; cloud_faults[i]; i++)
		for (size_t k = 0; verb_at(cloud_faults[i], k); k++, count++)
			expect_set_and_cleared(verb_at(cloud_faults[i], k));
	ck_assert_uint_ge(count, 7);
}
END_TEST

START_TEST(wrong_words_are_refused_and_change_nothing)
{
	static const struct row rows[] = {
		{ "cloud.certificat", NULL },
		{ "cloud.certificate", NULL },
		{ "cloud.certificate", "{\"listener\":\"https\",\"kind\":\"good\"}" },
		{ "cloud.certificate", "{\"listener\":\"http\",\"kind\":\"expired\"}" },
		{ "cloud.tls11", "{\"listener\":\"https\",\"kind\":\"expired\"}" },
		{ "cloud.down", "{\"mode\":\"loud\"}" },
		{ "cloud.http-status", "{\"status\":\"503\"}" },
		{ "cloud.http-status", "{\"status\":99}" },
		{ "cloud.http-status", "{\"count\":0}" },
		{ "cloud.http-status", "{\"path\":1}" },
		{ "cloud.close-after-store", "{\"times\":1}" },
		{ "cloud.no-connack", "[]" },
		{ "cloud.mqtt-withhold", NULL },
		{ "cloud.mqtt-withhold", "{\"packet\":\"connect\"}" },
		{ "cloud.mqtt-refuse", "{\"reason\":\"success\"}" },
		{ "cloud.mqtt-malformed", "{\"kind\":\"bad\"}" },
		{ "cloud.mqtt-oversize", "{\"bytes\":0}" },
	};
	static const struct fault none;

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct fault fault = { 0 };
		struct error err = { 0 };
		ck_assert_msg(set(&fault, rows[i].name, rows[i].parameters, &err) < 0, "row %zu",
			      i);
		ck_assert_str_ne(err.text, "");
		ck_assert_mem_eq(&fault, &none, sizeof(none));
	}
	ck_assert(!fault_clear(&(struct fault){ 0 }, "cloud.nothing"));
}
END_TEST

START_TEST(a_misspelt_fault_is_guessed)
{
	struct fault fault = { 0 };
	struct error err;
	set(&fault, "cloud.no-conack", NULL, &err);
	ck_assert_ptr_nonnull(strstr(err.text, "did you mean cloud.no-connack"));
}
END_TEST

TEST_MAIN("sim.cloud.fault", every_fault_can_be_set_and_cleared,
	  wrong_words_are_refused_and_change_nothing, a_misspelt_fault_is_guessed)
