/* store_inside.h: how the files of the store ask SQLite, without each knowing it. */
#ifndef SIM_CLOUD_STORE_INSIDE_H
#define SIM_CLOUD_STORE_INSIDE_H

#include "sim/cloud/seal.h"
#include "sim/cloud/store.h"

enum query {
	BEGIN,
	COMMIT,
	ROLLBACK,
	ADD_AGENT,
	GET_PROOF,
	GET_TYPE,
	GET_REGISTRATION,
	SET_REGISTRATION,
	GET_UPLOAD,
	ADD_UPLOAD,
	ADD_RECORD,
	ADD_USER,
	GET_USER,
	ADD_COMMAND,
	GET_COMMAND,
	ADD_RESULT,
	GET_RESULT,
	ROTATE,
	REVOKE,
	SET_TENANT,
	GET_TENANT,
	NOTE,
	CONFIGURE,
	GET_CONFIGURATION,
	GET_SOUND,
	ADD_APPLIED,
	GET_APPLIED,
	QUERY_COUNT
};

enum { STORE_ROW = 100, STORE_DONE = 101 };

/* Binds count texts (NULL: SQL NULL) and steps once. STORE_ROW leaves the row readable until
 * store_release; every other outcome has released already. */
int store_run(struct store *store, enum query query, const char *const *texts, int count);

#define RUN(store, query, ...)                                                                     \
	store_run(store, query, (const char *const[]){ __VA_ARGS__ },                              \
		  (int)(sizeof((const char *const[]){ __VA_ARGS__ }) / sizeof(const char *)))

const char *store_column(struct store *store, enum query query, int index); /* "" of SQL NULL */
void store_release(struct store *store, enum query query);
bool store_exists(struct store *store, enum query query, const char *first, const char *second);

int store_error(const struct store *store, struct error *err); /* what SQLite complained of */
int64_t store_changes(const struct store *store);              /* rows of the last statement */
struct seal *store_seal(struct store *store);

#endif
