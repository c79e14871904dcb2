#include "agents/common/snmp_login.h"

#include <string.h>

#include "agents/common/config.h"
#include "base/cleanup.h"
#include "base/test.h"

#define FULL                                                                                       \
	"\"user\":\"u\",\"level\":\"authPriv\",\"auth\":\"SHA-256\",\"authPassphrase\":"           \
	"\"authentic-1\",\"priv\":\"AES-128\",\"privPassphrase\":\"concealed-1\""

static int parse(const char *text, struct snmp_login *login, struct error *err)
{
	cJSON *json = cJSON_Parse(text);

	ck_assert_msg(json != NULL, "%s", text);
	int status = snmp_login_parse(login, json, err);
	cJSON_Delete(json);
	return status;
}

START_TEST(a_user_of_version_3_has_level_protocols_and_passphrases)
{
	struct snmp_login login;
	struct error err = { 0 };

	ck_assert_msg(parse("{\"version\":3,\"targets\":[\"10.0.0.9\"]," FULL "}", &login, &err) ==
			      0,
		      "%s", err.text);
	ck_assert_int_eq(login.version, 3);
	ck_assert_int_eq(login.level, SNMP_AUTH_PRIV);
	ck_assert_uint_eq(login.target_count, 1);
	ck_assert_uint_eq(login.targets[0], 0x0a000009);
	ck_assert_str_eq(login.priv, "AES-128");
	ck_assert_ptr_null(login.community);
	snmp_login_done(&login);
}
END_TEST

START_TEST(what_does_not_fit_together_is_refused_by_name_and_without_the_secret)
{
	static const struct {
		const char *text, *reason;
	} rows[] = {
		{ "{\"version\":3}", "user" },
		{ "{\"version\":4}", "version" },
		{ "{\"version\":2}", "community" },
		{ "{\"version\":2,\"community\":\"c\",\"user\":\"u\"}", "user" },
		{ "{\"version\":3,\"community\":\"public\"," FULL "}", "community" },
		{ "{\"version\":3,\"user\":\"u\",\"level\":\"authNoPriv\"}", "auth" },
		{ "{\"version\":3,\"user\":\"u\",\"level\":\"authNoPriv\",\"auth\":\"SHA\","
		  "\"authPassphrase\":\"hush\"}",
		  "authPassphrase" },
		{ "{\"version\":3,\"user\":\"u\",\"auth\":\"SHA\","
		  "\"authPassphrase\":\"hush-hush-hush\"}",
		  "neither" },
		{ "{\"version\":3,\"user\":\"u\",\"level\":\"authNoPriv\",\"auth\":\"ROT13\","
		  "\"authPassphrase\":\"hush-hush-hush\"}",
		  "ROT13" },
		{ "{\"version\":3,\"user\":\"u\",\"levels\":1}", "levels" },
		{ "{\"version\":3,\"user\":\"u\",\"targets\":[\"printer\"]}", "targets" },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct snmp_login login;
		struct error err = { 0 };
		ck_assert_msg(parse(rows[i].text, &login, &err) < 0, "%s", rows[i].text);
		ck_assert_msg(strstr(err.text, rows[i].reason) != NULL, "%s: %s", rows[i].text,
			      err.text);
		ck_assert_msg(!strstr(err.text, "hush"), "%s", err.text);
		snmp_login_done(&login);
	}
}
END_TEST

START_TEST(a_printer_is_asked_as_its_own_entry_says_else_as_the_general_one)
{
	static const char text[] =
		"{\"snmp\":[{\"version\":3," FULL "},{\"targets\":[\"10.0.0.9\"],\"version\":1,"
		"\"community\":\"old\"}]}";
	static const char *const no_others[] = { NULL };
	struct config config;
	struct error err = { 0 };
	cJSON *file = cJSON_Parse(text);

	config_defaults(&config);
	ck_assert_ptr_null(config_login(&config, 0x0a000009));
	ck_assert_msg(config_take(&config, file, no_others, &err) == 0, "%s", err.text);
	cJSON_Delete(file);
	ck_assert_int_eq(config_login(&config, 0x0a000009)->version, 1);
	ck_assert_int_eq(config_login(&config, 0x0a000008)->version, 3);
	config_done(&config);
}
END_TEST

TEST_MAIN("agents.common.snmp_login", a_user_of_version_3_has_level_protocols_and_passphrases,
	  what_does_not_fit_together_is_refused_by_name_and_without_the_secret,
	  a_printer_is_asked_as_its_own_entry_says_else_as_the_general_one)
