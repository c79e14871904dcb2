#include "sim/cloud/store.h"

#include <errno.h>
#include <sqlite3.h>

#include "base/cleanup.h"
#include "base/file.h"
#include "base/json.h"
#include "base/test.h"
#include "base/wall.h"
#include "sim/cloud/store_schema.h"

static struct store *store;
static struct error err;

static void setup(const char *path)
{
	store = store_new(path, &err);
	ck_assert_msg(store, "%s", err.text);
	ck_assert_int_eq(store_add_agent(store, "a", "one", "dc", &err), 0);
	ck_assert_int_eq(store_add_agent(store, "b", "two", "es", &err), 0);
}

static int upload(const char *agent, const char *key, const char *record, char id[40])
{
	AUTO_JSON json_t *body =
		json_pack("{s:{s:s}, s:[{s:s, s:s, s:s}]}", "agent", "id", agent, "records",
			  "record", record, "serial", "s", "acquired", "2026-11-22T10:15:30Z");
	struct store_upload row = { agent, key, body };
	return store_upload(store, &row, id, &err);
}

START_TEST(an_upload_is_stored_once)
{
	char first[40], again[40];

	setup(":memory:");
	ck_assert_int_eq(upload("a", "k1", "r1", first), 1);
	ck_assert_int_eq(upload("a", "k1", "r1", again), 0);
	ck_assert_str_eq(first, again);
	ck_assert_int_eq(store_count(store, "uploads"), 1);
	ck_assert_int_eq(store_count(store, "records"), 1);
	store_free(store);
}
END_TEST

START_TEST(a_key_belongs_to_one_body_and_a_record_to_one_upload)
{
	char id[40];

	setup(":memory:");
	ck_assert_int_eq(upload("a", "k1", "r1", id), 1);
	ck_assert_int_eq(upload("a", "k1", "r2", id), -EEXIST);
	ck_assert_int_eq(upload("a", "k2", "r1", id), -EBUSY);
	/* What was refused left nothing behind. */
	ck_assert_int_eq(store_count(store, "uploads"), 1);
	ck_assert_int_eq(store_count(store, "records"), 1);
	/* Keys are the agent's own. */
	ck_assert_int_eq(upload("b", "k1", "r3", id), 1);
	store_free(store);
}
END_TEST

START_TEST(a_secret_opens_only_its_own_agent)
{
	char type[16];

	setup(":memory:");
	ck_assert(store_login(store, "a", "one"));
	ck_assert(!store_login(store, "a", "two"));
	ck_assert(!store_login(store, "a", ""));
	ck_assert(!store_login(store, "c", "one"));
	ck_assert(store_agent_type(store, "b", type));
	ck_assert_str_eq(type, "es");
	ck_assert_int_eq(store_add_agent(store, "a", "three", "dc", &err), 0);
	ck_assert(!store_login(store, "a", "one"));
	ck_assert(store_login(store, "a", "three"));
	store_free(store);
}
END_TEST

START_TEST(registration_is_first_once)
{
	AUTO_JSON json_t *body = json_object();

	setup(":memory:");
	ck_assert(!store_registered(store, "a"));
	ck_assert_int_eq(store_register(store, "a", body, &err), 1);
	ck_assert_int_eq(store_register(store, "a", body, &err), 0);
	ck_assert(store_registered(store, "a"));
	ck_assert(!store_registered(store, "b"));
	store_free(store);
}
END_TEST

START_TEST(charges_are_of_one_user_and_can_be_taken_away)
{
	static const char *const two[] = { "s1", "s2", NULL }, *const none[] = { NULL };

	setup(":memory:");
	ck_assert_int_eq(store_add_user(store, "", "sam", two, &err), 0);
	ck_assert_int_eq(store_add_user(store, "", "eve", none, &err), 0);
	ck_assert(store_in_charge(store, "sam", "s2"));
	ck_assert(!store_in_charge(store, "eve", "s2"));
	ck_assert(store_has_user(store, "eve") && !store_has_user(store, "bob"));
	ck_assert_int_eq(store_add_user(store, "", "sam", none, &err), 0);
	ck_assert(!store_in_charge(store, "sam", "s2"));
	store_free(store);
}
END_TEST

START_TEST(a_result_is_taken_once_and_from_its_agent)
{
	AUTO_JSON json_t *body = json_object();
	struct store_command command = { "c1", "sam", "a", "s", "status", body };

	setup(":memory:");
	ck_assert_int_eq(store_command(store, &command, &err), 0);
	ck_assert_int_eq(store_result(store, "b", "c1", body, &err), -ENOENT);
	ck_assert_int_eq(store_result(store, "a", "c2", body, &err), -ENOENT);
	ck_assert_int_eq(store_result(store, "a", "c1", body, &err), 1);
	ck_assert_int_eq(store_result(store, "a", "c1", body, &err), 0);
	json_object_set_new(body, "outcome", json_string("failed"));
	ck_assert_int_eq(store_result(store, "a", "c1", body, &err), -EEXIST);
	store_free(store);
}
END_TEST

START_TEST(what_was_acknowledged_is_there_after_a_restart)
{
	char folder[] = "/tmp/store-test-XXXXXX", id[40], again[40];

	ck_assert_ptr_nonnull(mkdtemp(folder));
	AUTO_FREE char *path = file_join(folder, "store.db");
	setup(path);
	ck_assert_int_eq(upload("a", "k1", "r1", id), 1);
	store_free(store);
	setup(path);
	ck_assert_int_eq(upload("a", "k1", "r1", again), 0);
	ck_assert_str_eq(id, again);
	store_free(store);
	unlink(path);
	ck_assert_int_eq(rmdir(folder), 0);
}
END_TEST

START_TEST(nothing_of_a_user_is_readable_in_the_file)
{
	static const char *const serials[] = { "X8G9000415", NULL };
	char folder[] = "/tmp/store-test-XXXXXX";
	size_t size;

	ck_assert_ptr_nonnull(mkdtemp(folder));
	AUTO_FREE char *path = file_join(folder, "store.db");
	setup(path);
	ck_assert_int_eq(store_add_user(store, "", "samantha", serials, &err), 0);
	ck_assert(store_in_charge(store, "samantha", "X8G9000415"));
	store_free(store); /* the last one to close writes all into the one file */
	AUTO_FREE char *bytes = file_read(path, 1 << 24, &size, &err);
	ck_assert_msg(bytes, "%s", err.text);
	ck_assert_ptr_nonnull(memmem(bytes, size, "CREATE TABLE users", 18));
	ck_assert_ptr_null(memmem(bytes, size, "samantha", 8));
	ck_assert_ptr_null(memmem(bytes, size, "X8G9000415", 10));
	unlink(path);
	ck_assert_int_eq(rmdir(folder), 0);
}
END_TEST

START_TEST(a_store_that_cannot_be_opened_says_why)
{
	ck_assert_ptr_null(store_new("/nonexistent/store.db", &err));
	ck_assert_ptr_nonnull(strstr(err.text, "unable to open"));
}
END_TEST

START_TEST(tenants_have_records_and_users_of_their_own)
{
	static const char *const serials[] = { "s", NULL };
	char id[40];

	setup(":memory:");
	ck_assert_int_eq(store_set_tenant(store, "b", "other", &err), 0);
	ck_assert_int_eq(upload("a", "k1", "r1", id), 1);
	/* Whether a name is known elsewhere must not show. */
	ck_assert_int_eq(upload("b", "k1", "r1", id), 1);
	ck_assert_int_eq(upload("b", "k2", "r1", id), -EBUSY);
	ck_assert_int_eq(store_add_user(store, "other", "eve", serials, &err), 0);
	ck_assert(store_same_tenant(store, "eve", "b"));
	ck_assert(!store_same_tenant(store, "eve", "a"));
	ck_assert(!store_same_tenant(store, "nobody", "a"));
	ck_assert_int_eq(store_set_tenant(store, "z", "other", &err), -ENOENT);
	store_free(store);
}
END_TEST

START_TEST(a_secret_can_be_rotated_and_revoked)
{
	int64_t now = wall_now();

	setup(":memory:");
	ck_assert_int_eq(store_rotate(store, "a", "new", now + 60000000000, &err), 0);
	ck_assert(store_login(store, "a", "new"));
	ck_assert(store_login(store, "a", "one"));
	ck_assert_int_eq(store_rotate(store, "a", "newer", now - 1000000, &err), 0);
	ck_assert(store_login(store, "a", "newer"));
	ck_assert(!store_login(store, "a", "new"));
	ck_assert(!store_login(store, "a", "one"));
	ck_assert_int_eq(store_revoke(store, "a", true, &err), 0);
	ck_assert(!store_login(store, "a", "newer"));
	ck_assert(store_login(store, "b", "two"));
	ck_assert_int_eq(store_revoke(store, "a", false, &err), 0);
	ck_assert(store_login(store, "a", "newer"));
	ck_assert_int_eq(store_revoke(store, "z", true, &err), -ENOENT);
	store_free(store);
}
END_TEST

static int sql(sqlite3 *db, const char *text)
{
	return sqlite3_exec(db, text, NULL, NULL, NULL);
}

START_TEST(the_audit_log_only_grows)
{
	char path[] = "/tmp/store-test-XXXXXX";
	sqlite3 *db;

	close(mkstemp(path));
	setup(path);
	const struct store_note note = { "a", "upload", "u1", "stored" };
	ck_assert_int_eq(store_note(store, &note, &err), 0);
	ck_assert_int_eq(store_note(store, &note, &err), 0);
	store_free(store);
	ck_assert_int_eq(sqlite3_open(path, &db), SQLITE_OK);
	ck_assert_int_eq(sql(db, "DELETE FROM audit"), SQLITE_CONSTRAINT);
	ck_assert_int_eq(sql(db, "UPDATE audit SET who = 'b'"), SQLITE_CONSTRAINT);
	sqlite3_close(db);
	setup(path);
	ck_assert_int_eq(store_count(store, "audit"), 2);
	store_free(store);
	unlink(path);
}
END_TEST

START_TEST(a_store_of_the_first_version_is_brought_up_to_date)
{
	char path[] = "/tmp/store-test-XXXXXX";
	char id[40];
	sqlite3 *db;

	close(mkstemp(path));
	ck_assert_int_eq(sqlite3_open(path, &db), SQLITE_OK);
	ck_assert_int_eq(sql(db, store_migrations[0]), SQLITE_OK);
	ck_assert_int_eq(
		sql(db, "PRAGMA user_version = 1;"
			"INSERT INTO agents (id, salt, proof, type) VALUES ('a', '', '', 'dc');"
			"INSERT INTO uploads VALUES ('u', 'a', 'k0', 'd', '{}');"
			"INSERT INTO records VALUES ('r1', 'u', 's', 't');"),
		SQLITE_OK);
	sqlite3_close(db);
	setup(path);
	ck_assert_int_eq(store_count(store, "records"), 1);
	ck_assert_int_eq(upload("a", "k1", "r1", id), -EBUSY);
	ck_assert_int_eq(upload("a", "k1", "r2", id), 1);
	store_free(store);
	unlink(path);
}
END_TEST

TEST_MAIN("sim.cloud.store", an_upload_is_stored_once,
	  a_key_belongs_to_one_body_and_a_record_to_one_upload, a_secret_opens_only_its_own_agent,
	  registration_is_first_once, charges_are_of_one_user_and_can_be_taken_away,
	  a_result_is_taken_once_and_from_its_agent, what_was_acknowledged_is_there_after_a_restart,
	  nothing_of_a_user_is_readable_in_the_file, a_store_that_cannot_be_opened_says_why,
	  tenants_have_records_and_users_of_their_own, a_secret_can_be_rotated_and_revoked,
	  the_audit_log_only_grows, a_store_of_the_first_version_is_brought_up_to_date)
