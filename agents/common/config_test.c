#include "agents/common/config.h"

#include <string.h>

#include "base/test.h"

static struct config config;

static int parse(const char *text, struct error *err)
{
	static const char *const no_others[] = { NULL };
	cJSON *file = cJSON_ParseWithOpts(text, NULL, true);
	int status;

	config_defaults(&config);
	status = config_take(&config, file, no_others, err);
	cJSON_Delete(file);
	return status;
}

static void refuses(const char *text, const char *key)
{
	struct error err = { 0 };

	ck_assert_int_lt(parse(text, &err), 0);
	ck_assert_msg(strstr(err.text, key) != NULL, "\"%s\" does not name %s", err.text, key);
	config_done(&config);
}

static int load(const struct config_needs *needs, struct error *err)
{
	config_defaults(&config);
	int status = config_environment(&config, err);
	if (status == 0)
		status = config_check(&config, needs, err);
	config_done(&config);
	return status;
}

static void set_all(void)
{
	setenv("ECSP_API", "https://api.ecsp.example", 1);
	setenv("ECSP_MQTT", "mqtts://mqtt.ecsp.example:443", 1);
	setenv("ECSP_CA", "/dev/null", 1);
	setenv("ECSP_ID", "dc-0001", 1);
	setenv("ECSP_SECRET", "s", 1);
	setenv("ECSP_STATE", "/tmp", 1);
	setenv("ECSP_TARGETS", "10.16.0.10 10.16.0.11 10.16.0.10", 1);
	setenv("ECSP_COMMUNITY", "public", 1);
}

START_TEST(a_file_sets_what_it_names_and_leaves_the_rest)
{
	ck_assert_int_eq(parse("{\"intervalMs\":5000,\"discover\":true,"
			       "\"targets\":[\"10.16.0.10\"]}",
			       NULL),
			 0);
	ck_assert_int_eq(config.interval_ms, 5000);
	ck_assert_int_eq(config.poll_ms, 5000);
	ck_assert(config.discover);
	ck_assert_uint_eq(config.targets[0], 0x0a10000a);
	config_done(&config);
}
END_TEST

START_TEST(an_error_names_the_key)
{
	refuses("{\"intervalMs\":\"soon\"}", "intervalMs");
	refuses("{\"intervalMs\":0.5}", "intervalMs");
	refuses("{\"pollMs\":-1}", "pollMs");
	refuses("{\"targets\":\"10.16.0.10\"}", "targets");
	refuses("{\"targets\":[\"printer\"]}", "targets");
	refuses("{\"api\":7}", "api");
	refuses("{\"intervalms\":7}", "intervalms");
	refuses("{\"discover\":1}", "discover");
}
END_TEST

START_TEST(every_key_that_is_needed_is_asked_for)
{
	static const char *const names[][2] = {
		{ "ECSP_API", "api" },         { "ECSP_MQTT", "mqtt" },
		{ "ECSP_CA", "ca" },           { "ECSP_ID", "id" },
		{ "ECSP_SECRET", "secret" },   { "ECSP_STATE", "state" },
		{ "ECSP_TARGETS", "targets" }, { "ECSP_COMMUNITY", "community" },
	};
	const struct config_needs needs = { .targets = true };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		struct error err = { 0 };
		set_all();
		ck_assert_int_eq(load(&needs, &err), 0);
		unsetenv(names[i][0]);
		ck_assert_int_lt(load(&needs, &err), 0);
		ck_assert_ptr_nonnull(strstr(err.text, names[i][1]));
	}
}
END_TEST

START_TEST(only_encrypted_urls_are_taken)
{
	const struct config_needs needs = { .targets = true };
	struct error err = { 0 };

	set_all();
	setenv("ECSP_API", "http://api.ecsp.example", 1);
	ck_assert_int_lt(load(&needs, &err), 0);
	ck_assert_ptr_nonnull(strstr(err.text, "api"));
	set_all();
	setenv("ECSP_MQTT", "mqtt://mqtt.ecsp.example", 1);
	ck_assert_int_lt(load(&needs, &err), 0);
	ck_assert_ptr_nonnull(strstr(err.text, "mqtt"));
}
END_TEST

START_TEST(only_the_two_versions_of_mqtt_are_taken)
{
	const struct config_needs needs = { .targets = true };
	struct error err = { 0 };

	set_all();
	setenv("ECSP_MQTT_VERSION", "5.0", 1);
	ck_assert_int_eq(load(&needs, &err), 0);
	setenv("ECSP_MQTT_VERSION", "5", 1);
	ck_assert_int_lt(load(&needs, &err), 0);
	ck_assert_ptr_nonnull(strstr(err.text, "mqttVersion"));
	unsetenv("ECSP_MQTT_VERSION");
}
END_TEST

START_TEST(an_error_never_shows_the_secret)
{
	const struct config_needs needs = { .targets = true };
	struct error err = { 0 };

	set_all();
	setenv("ECSP_SECRET", "hunter2", 1);
	setenv("ECSP_TARGETS", "nonsense", 1);
	ck_assert_int_lt(load(&needs, &err), 0);
	ck_assert_ptr_null(strstr(err.text, "hunter2"));
}
END_TEST

TEST_MAIN("agents.common.config", a_file_sets_what_it_names_and_leaves_the_rest,
	  an_error_names_the_key, every_key_that_is_needed_is_asked_for,
	  only_encrypted_urls_are_taken, only_the_two_versions_of_mqtt_are_taken,
	  an_error_never_shows_the_secret)
