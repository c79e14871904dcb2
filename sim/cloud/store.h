/* store.h: what the cloud keeps: agents, uploads, records, commands, results, support users. The
 * only user of SQLite here.
 *
 * What a call stored is committed when it returns, so an answer may follow. */
#ifndef SIM_CLOUD_STORE_H
#define SIM_CLOUD_STORE_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"

struct store; /* opaque */

struct store *store_new(const char *path, struct error *err);
void store_free(struct store *store);

/* All return 0 or a negative errno with a sentence, and what else stands beside them. */

int store_add_agent(struct store *store, const char *id, const char *secret, const char *type,
		    struct error *err); /* a known id gets the new secret and type */

/* Is that the agent's secret, or its former one in the time that both hold? Compared without
 * telling by time where it differs. A revoked agent has none. */
bool store_login(struct store *store, const char *id, const char *secret);
bool store_agent_type(struct store *store, const char *id, char type[16]);

/* A new secret; the old one holds until then (wall clock). */
int store_rotate(struct store *store, const char *id, const char *secret, int64_t old_until_ns,
		 struct error *err);
int store_revoke(struct store *store, const char *id, bool revoked, struct error *err);

/* Agents are in the tenant "" unless said. */
int store_set_tenant(struct store *store, const char *id, const char *tenant, struct error *err);
char *store_tenant(struct store *store, const char *id); /* caller frees; NULL: no such agent */

/* One line of the audit log, which only grows: who did what to whom, and how it went. */
struct store_note {
	const char *who, *what, *about, *outcome;
};
int store_note(struct store *store, const struct store_note *note, struct error *err);

/* 1 the first time, 0 after. */
int store_register(struct store *store, const char *agent, const json_t *body, struct error *err);
bool store_registered(struct store *store, const char *agent);

struct store_upload {
	const char *agent, *key;
	const json_t *body; /* checked by message.h */
};
/* 1: stored; 0: the same key and body are known; -EEXIST: the key is known with another body;
 * -EBUSY: a record of it is known from another upload of the tenant. id out: name of the upload. */
int store_upload(struct store *store, const struct store_upload *upload, char id[40],
		 struct error *err);

int64_t store_count(struct store *store, const char *table); /* rows; -1: no such table */

/* What is known of users is sealed with a key of this run: they are added again after a restart. A
 * known user gets the new serials. */
int store_add_user(struct store *store, const char *tenant, const char *user,
		   const char *const *serials, struct error *err);
bool store_has_user(struct store *store, const char *user);
bool store_same_tenant(struct store *store, const char *user, const char *agent);
bool store_in_charge(struct store *store, const char *user, const char *serial);

struct store_command {
	const char *id, *user, *agent, *serial, *operation;
	const json_t *body;
};
int store_command(struct store *store, const struct store_command *command, struct error *err);

/* 1: stored; 0: this result was stored before; -EEXIST: the command has another result already;
 * -ENOENT: no such command for this agent. */
int store_result(struct store *store, const char *agent, const char *command, const json_t *body,
		 struct error *err);

/* What an agent is to do: the newest document counts, whatever stands in it. */
enum { STORE_TAG_MAX = 24 };
int store_configure(struct store *store, const char *agent, const char *document, bool sound,
		    struct error *err);
/* Of those that were sound the one of the highest version; caller owns; NULL: none. */
json_t *store_sound_configuration(struct store *store, const char *agent);
/* Caller frees; NULL: none was ever set. tag out: another for each document, "" for none. */
char *store_configuration(struct store *store, const char *agent, char tag[STORE_TAG_MAX]);

/* What the agent said of it. */
int store_applied(struct store *store, const char *agent, const json_t *body, struct error *err);
json_t *store_last_applied(struct store *store, const char *agent); /* caller owns; NULL: none */

#endif
