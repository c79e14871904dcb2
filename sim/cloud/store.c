#include "sim/cloud/store.h"

#include <errno.h>
#include <sqlite3.h>
#include <string.h>

#include "base/buf.h"
#include "base/cleanup.h"
#include "base/digest.h"
#include "base/json.h"
#include "base/wall.h"
#include "sim/cloud/store_inside.h"
#include "sim/cloud/store_schema.h"
#include "sim/cloud/token.h"

static const char *const queries[QUERY_COUNT] = {
	[BEGIN] = "BEGIN IMMEDIATE",
	[COMMIT] = "COMMIT",
	[ROLLBACK] = "ROLLBACK",
	[ADD_AGENT] = "INSERT INTO agents (id, salt, proof, type) VALUES (?, ?, ?, ?)"
		      " ON CONFLICT (id) DO UPDATE SET salt = excluded.salt,"
		      " proof = excluded.proof, type = excluded.type, old_proof = NULL",
	[GET_PROOF] = "SELECT salt, proof, old_salt, old_proof, old_until FROM agents"
		      " WHERE id = ? AND NOT revoked",
	[GET_TYPE] = "SELECT type FROM agents WHERE id = ?",
	[GET_REGISTRATION] = "SELECT 1 FROM agents WHERE id = ? AND registration IS NOT NULL",
	[SET_REGISTRATION] = "UPDATE agents SET registration = ? WHERE id = ?",
	[GET_UPLOAD] = "SELECT id, digest FROM uploads WHERE agent = ? AND key = ?",
	[ADD_UPLOAD] = "INSERT INTO uploads (id, agent, key, digest, body) VALUES (?, ?, ?, ?, ?)",
	[ADD_RECORD] = "INSERT INTO records (tenant, record, upload, serial, acquired)"
		       " SELECT tenant, ?, ?, ?, ? FROM agents WHERE id = ?",
	[ADD_USER] = "INSERT OR REPLACE INTO users (handle, sealed) VALUES (?, ?)",
	[GET_USER] = "SELECT sealed FROM users WHERE handle = ?",
	[ADD_COMMAND] = "INSERT INTO commands (id, user, agent, serial, operation, body)"
			" VALUES (?, ?, ?, ?, ?, ?)",
	[GET_COMMAND] = "SELECT 1 FROM commands WHERE id = ? AND agent = ?",
	[ADD_RESULT] = "INSERT OR IGNORE INTO results (command, body) VALUES (?, ?)",
	[GET_RESULT] = "SELECT 1 FROM results WHERE command = ? AND body = ?",
	[ROTATE] = "UPDATE agents SET old_salt = salt, old_proof = proof, old_until = ?,"
		   " salt = ?, proof = ? WHERE id = ?",
	[REVOKE] = "UPDATE agents SET revoked = ? WHERE id = ?",
	[SET_TENANT] = "UPDATE agents SET tenant = ? WHERE id = ?",
	[GET_TENANT] = "SELECT tenant FROM agents WHERE id = ?",
	[NOTE] = "INSERT INTO audit (time, who, what, about, outcome) VALUES (?, ?, ?, ?, ?)",
	[CONFIGURE] = "INSERT INTO configurations (agent, body, sound) VALUES (?, ?, ?)",
	[GET_SOUND] = "SELECT body FROM configurations WHERE agent = ? AND sound"
		      " ORDER BY json_extract(body, '$.version') DESC, n DESC LIMIT 1",
	[GET_CONFIGURATION] = "SELECT n, body FROM configurations WHERE agent = ?"
			      " ORDER BY n DESC LIMIT 1",
	[ADD_APPLIED] = "INSERT INTO applied (agent, body) VALUES (?, ?)",
	[GET_APPLIED] = "SELECT body FROM applied WHERE agent = ? ORDER BY n DESC LIMIT 1",
};

struct store {
	sqlite3 *db;
	struct seal seal; /* of users: USR-2 */
	sqlite3_stmt *statements[QUERY_COUNT];
};

_Static_assert(STORE_ROW == SQLITE_ROW && STORE_DONE == SQLITE_DONE, "as SQLite has them");

int store_error(const struct store *store, struct error *err)
{
	return error_set(err, EIO, "store: %s", sqlite3_errmsg(store->db));
}

struct seal *store_seal(struct store *store)
{
	return &store->seal;
}

int64_t store_changes(const struct store *store)
{
	return sqlite3_changes(store->db);
}

static sqlite3_stmt *prepare(struct store *store, enum query query)
{
	sqlite3_stmt **statement = &store->statements[query];
	if (!*statement)
		sqlite3_prepare_v3(store->db, queries[query], -1, SQLITE_PREPARE_PERSISTENT,
				   statement, NULL);
	return *statement;
}

int store_run(struct store *store, enum query query, const char *const *texts, int count)
{
	sqlite3_stmt *statement = prepare(store, query);
	if (!statement)
		return SQLITE_ERROR;
	for (int i = 0; i < count; i++)
		sqlite3_bind_text(statement, i + 1, texts[i], -1, SQLITE_TRANSIENT);
	int status = sqlite3_step(statement);
	if (status == SQLITE_ROW)
		return status;
	int why = sqlite3_reset(statement);
	return status == SQLITE_DONE ? status : why;
}

const char *store_column(struct store *store, enum query query, int index)
{
	const char *text = (const char *)sqlite3_column_text(store->statements[query], index);
	return text ? text : "";
}

void store_release(struct store *store, enum query query)
{
	sqlite3_reset(store->statements[query]);
}

bool store_exists(struct store *store, enum query query, const char *first, const char *second)
{
	const char *texts[] = { first, second };
	bool found = store_run(store, query, texts, second ? 2 : 1) == SQLITE_ROW;
	if (found)
		store_release(store, query);
	return found;
}

static int begin(struct store *store, struct error *err)
{
	return store_run(store, BEGIN, NULL, 0) == SQLITE_DONE ? 0 : store_error(store, err);
}

/* Commits what went well (status >= 0) and takes back what did not. */
static int end(struct store *store, int status, struct error *err)
{
	if (status >= 0 && store_run(store, COMMIT, NULL, 0) == SQLITE_DONE)
		return status;
	if (status >= 0)
		status = store_error(store, err);
	store_run(store, ROLLBACK, NULL, 0);
	return status;
}

static int version_of(struct store *store)
{
	sqlite3_stmt *statement;
	int version = -1;

	sqlite3_prepare_v2(store->db, "PRAGMA user_version", -1, &statement, NULL);
	if (sqlite3_step(statement) == SQLITE_ROW)
		version = sqlite3_column_int(statement, 0);
	sqlite3_finalize(statement);
	return version;
}

static int migrate(struct store *store, struct error *err)
{
	int version = version_of(store);

	if (version < 0 || version > (int)store_version)
		return error_set(err, EINVAL, "store: version %d, expected at most %zu", version,
				 store_version);
	for (; version < (int)store_version; version++) {
		AUTO_FREE char *step = alloc_printf("BEGIN IMMEDIATE;%s PRAGMA user_version = %d;"
						    "COMMIT;",
						    store_migrations[version], version + 1);
		if (sqlite3_exec(store->db, step, NULL, NULL, NULL) != SQLITE_OK)
			return store_error(store, err);
	}
	return 0;
}

struct store *store_new(const char *path, struct error *err)
{
	struct store *store = alloc_zero(1, sizeof(*store));
	seal_init(&store->seal);
	/* A crash of the harness ends the run, so NORMAL is enough; foreign keys are off unless
	 * asked for. */
	static const char settings[] = "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;"
				       "PRAGMA foreign_keys = ON;";

	if (sqlite3_open(path, &store->db) != SQLITE_OK ||
	    sqlite3_exec(store->db, settings, NULL, NULL, NULL) != SQLITE_OK) {
		store_error(store, err);
		store_free(store);
		return NULL;
	}
	if (migrate(store, err)) {
		store_free(store);
		return NULL;
	}
	return store;
}

void store_free(struct store *store)
{
	if (!store)
		return;
	for (int i = 0; i < QUERY_COUNT; i++)
		sqlite3_finalize(store->statements[i]);
	sqlite3_close(store->db);
	seal_done(&store->seal);
	free(store);
}

static void prove(const char *salt, const char *secret, char proof[DIGEST_TEXT_MAX])
{
	AUTO_FREE char *both = alloc_printf("%s:%s", salt, secret);
	digest_sha256(both, strlen(both), proof);
}

int store_add_agent(struct store *store, const char *id, const char *secret, const char *type,
		    struct error *err)
{
	char salt[TOKEN_MAX], proof[DIGEST_TEXT_MAX];

	token_make(salt);
	prove(salt, secret, proof);
	if (RUN(store, ADD_AGENT, id, salt, proof, type) != SQLITE_DONE)
		return store_error(store, err);
	return 0;
}

/* Is that the secret whose proof stands in the columns from `first` on? */
static bool is_proof(struct store *store, int first, const char *secret)
{
	char proof[DIGEST_TEXT_MAX];

	prove(store_column(store, GET_PROOF, first), secret, proof);
	return token_same(store_column(store, GET_PROOF, first + 1), proof);
}

bool store_login(struct store *store, const char *id, const char *secret)
{
	char now[WALL_TEXT_MAX];

	if (RUN(store, GET_PROOF, id) != SQLITE_ROW)
		return false;
	bool same = is_proof(store, 0, secret);
	/* Times of one form compare as texts. */
	if (!same && strcmp(store_column(store, GET_PROOF, 4), wall_format(wall_now(), now)) > 0)
		same = is_proof(store, 2, secret);
	store_release(store, GET_PROOF);
	return same;
}

/* Of an update of one agent. */
static int updated(struct store *store, int status, const char *id, struct error *err)
{
	if (status != SQLITE_DONE)
		return store_error(store, err);
	return sqlite3_changes(store->db) ? 0 : error_set(err, ENOENT, "store: no agent %.64s", id);
}

int store_rotate(struct store *store, const char *id, const char *secret, int64_t old_until_ns,
		 struct error *err)
{
	char salt[TOKEN_MAX], proof[DIGEST_TEXT_MAX], until[WALL_TEXT_MAX];

	token_make(salt);
	prove(salt, secret, proof);
	wall_format(old_until_ns, until);
	return updated(store, RUN(store, ROTATE, until, salt, proof, id), id, err);
}

int store_revoke(struct store *store, const char *id, bool revoked, struct error *err)
{
	return updated(store, RUN(store, REVOKE, revoked ? "1" : "0", id), id, err);
}

int store_set_tenant(struct store *store, const char *id, const char *tenant, struct error *err)
{
	return updated(store, RUN(store, SET_TENANT, tenant, id), id, err);
}

char *store_tenant(struct store *store, const char *id)
{
	if (RUN(store, GET_TENANT, id) != SQLITE_ROW)
		return NULL;
	char *tenant = alloc_text(store_column(store, GET_TENANT, 0));
	store_release(store, GET_TENANT);
	return tenant;
}

int store_note(struct store *store, const struct store_note *note, struct error *err)
{
	char now[WALL_TEXT_MAX];
	int status = RUN(store, NOTE, wall_format(wall_now(), now), note->who, note->what,
			 note->about, note->outcome);
	return status == SQLITE_DONE ? 0 : store_error(store, err);
}

bool store_agent_type(struct store *store, const char *id, char type[16])
{
	if (RUN(store, GET_TYPE, id) != SQLITE_ROW)
		return false;
	snprintf(type, 16, "%s", store_column(store, GET_TYPE, 0));
	store_release(store, GET_TYPE);
	return true;
}

bool store_registered(struct store *store, const char *agent)
{
	return store_exists(store, GET_REGISTRATION, agent, NULL);
}

int store_register(struct store *store, const char *agent, const json_t *body, struct error *err)
{
	AUTO_FREE char *text = json_text(body);
	bool first = !store_registered(store, agent);

	if (RUN(store, SET_REGISTRATION, text, agent) != SQLITE_DONE)
		return store_error(store, err);
	return first;
}

struct new_upload {
	const char *id, *agent;
};

static int add_records(struct store *store, const struct new_upload *upload, const json_t *records,
		       struct error *err)
{
	size_t i;
	json_t *record;

	json_array_foreach (records, i, record) {
		const char *id = json_text_of(record, "record", "");
		int status =
			RUN(store, ADD_RECORD, id, upload->id, json_text_of(record, "serial", ""),
			    json_text_of(record, "acquired", ""), upload->agent);
		if (status == SQLITE_CONSTRAINT)
			return error_set(err, EBUSY, "/records/%zu/record: %.64s is known already",
					 i, id);
		if (status != SQLITE_DONE)
			return store_error(store, err);
	}
	return 0;
}

/* The same members in another order are the same body. */
static char *canonical(const json_t *body)
{
	return json_dumps(body, JSON_COMPACT | JSON_SORT_KEYS);
}

/* 0: known with this body; 1: not known. */
static int look_up(struct store *store, const struct store_upload *upload, const char *digest,
		   char id[40], struct error *err)
{
	int status = RUN(store, GET_UPLOAD, upload->agent, upload->key);
	if (status != SQLITE_ROW)
		return status == SQLITE_DONE ? 1 : store_error(store, err);
	snprintf(id, 40, "%s", store_column(store, GET_UPLOAD, 0));
	bool same = !strcmp(store_column(store, GET_UPLOAD, 1), digest);
	store_release(store, GET_UPLOAD);
	return same ? 0 : error_set(err, EEXIST, "the key is known with another body");
}

int store_upload(struct store *store, const struct store_upload *upload, char id[40],
		 struct error *err)
{
	AUTO_FREE char *text = canonical(upload->body);
	char digest[DIGEST_TEXT_MAX];

	digest_sha256(text, strlen(text), digest);
	int status = look_up(store, upload, digest, id, err);
	if (status <= 0)
		return status;
	token_make(id);
	status = begin(store, err);
	if (status)
		return status;
	if (RUN(store, ADD_UPLOAD, id, upload->agent, upload->key, digest, text) != SQLITE_DONE)
		status = store_error(store, err);
	else
		status = add_records(store, &(struct new_upload){ id, upload->agent },
				     json_object_get(upload->body, "records"), err);
	return end(store, status ? status : 1, err);
}

int64_t store_count(struct store *store, const char *table)
{
	char *text = sqlite3_mprintf("SELECT count(*) FROM \"%w\"", table);
	sqlite3_stmt *statement = NULL;
	int64_t count = -1;

	sqlite3_prepare_v2(store->db, text, -1, &statement, NULL);
	if (statement && sqlite3_step(statement) == SQLITE_ROW)
		count = sqlite3_column_int64(statement, 0);
	sqlite3_finalize(statement);
	sqlite3_free(text);
	return count;
}
