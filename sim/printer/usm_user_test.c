#include "sim/printer/usm_user.h"

#include <string.h>

#include "base/cleanup.h"
#include "base/test.h"

START_TEST(what_is_wrong_with_a_user_is_said)
{
	static const struct {
		struct usm_user_options user;
		const char *said;
	} rows[] = {
		{ { .name = "" }, "found user name ''" },
		{ { .name = "a name that is longer than thirty-two" }, "1 to 32 characters" },
		{ { .name = "x", .auth = USM_AUTH_MD5 },
		  "auth MD5 of user 'x' without passphrase" },
		{ { .name = "x", .auth = USM_AUTH_SHA, .auth_passphrase = "seven77" },
		  "found 7 characters in the passphrase for auth of user 'x', expected at least "
		  "8" },
		{ { .name = "x", .auth_passphrase = "12345678" }, "expected a protocol too" },
		{ { .name = "x", .priv = USM_PRIV_DES, .priv_passphrase = "12345678" },
		  "found DES without authentication" },
		{ { .name = "x",
		    .auth = USM_AUTH_SHA,
		    .auth_passphrase = "12345678",
		    .level = USM_AUTH_PRIV },
		  "found level authPriv for user 'x', whose protocols reach authNoPriv" },
	};
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct error err = { 0 };
		ck_assert_ptr_null(usm_users_new(&rows[i].user, 1, &err));
		ck_assert_msg(strstr(error_text(&err), rows[i].said) != NULL, "%s",
			      error_text(&err));
	}
}
END_TEST

START_TEST(names_are_used_once_and_found_whole)
{
	static const struct usm_user_options two[] = { { .name = "anna" }, { .name = "ann" } };
	static const struct usm_user_options same[] = { { .name = "ann" }, { .name = "ann" } };
	struct error err = { 0 };
	size_t guilty;
	struct usm_users *users = usm_users_new(two, 2, &err);

	ck_assert_uint_eq(usm_users_find(users, (struct span){ (const uint8_t *)"anna", 3 }), 1);
	ck_assert_uint_eq(usm_users_find(users, (struct span){ (const uint8_t *)"anna", 4 }), 0);
	ck_assert_uint_eq(usm_users_find(users, (struct span){ (const uint8_t *)"an", 2 }), 2);
	usm_users_free(users);
	ck_assert_int_lt(usm_users_check(same, 2, &guilty, &err), 0);
	ck_assert_uint_eq(guilty, 1);
	ck_assert_str_eq(error_text(&err), "found two users named 'ann'");
}
END_TEST

TEST_MAIN("sim.printer.usm_user", what_is_wrong_with_a_user_is_said,
	  names_are_used_once_and_found_whole)
