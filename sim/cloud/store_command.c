/* Support users, what they ask for, and what came of it. */
#include <errno.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/json.h"
#include "sim/cloud/store_inside.h"

int store_add_user(struct store *store, const char *tenant, const char *user,
		   const char *const *serials, struct error *err)
{
	AUTO_JSON json_t *list = json_array();
	char handle[DIGEST_TEXT_MAX];

	for (; serials && *serials; serials++)
		json_array_append_new(list, json_string(*serials));
	AUTO_JSON json_t *about =
		json_pack("{s:s, s:s, s:O}", "tenant", tenant, "user", user, "serials", list);
	if (!about)
		return error_set(err, EINVAL, "store: a user's name that is no UTF-8");
	AUTO_FREE char *text = json_text(about);
	AUTO_FREE char *sealed = seal_close(store_seal(store), text);
	seal_handle(store_seal(store), user, handle);
	if (RUN(store, ADD_USER, handle, sealed) != STORE_DONE)
		return store_error(store, err);
	return 0;
}

/* What is known of a user; the caller owns it. NULL: no such user. */
static json_t *get_user(struct store *store, const char *user)
{
	char handle[DIGEST_TEXT_MAX];

	seal_handle(store_seal(store), user, handle);
	if (RUN(store, GET_USER, handle) != STORE_ROW)
		return NULL;
	AUTO_FREE char *text = seal_open(store_seal(store), store_column(store, GET_USER, 0));
	store_release(store, GET_USER);
	return text ? json_read_text(text, strlen(text), "user", NULL) : NULL;
}

bool store_has_user(struct store *store, const char *user)
{
	AUTO_JSON json_t *about = get_user(store, user);
	return about;
}

bool store_same_tenant(struct store *store, const char *user, const char *agent)
{
	AUTO_JSON json_t *about = get_user(store, user);
	AUTO_FREE char *tenant = store_tenant(store, agent);

	return about && tenant && !strcmp(json_text_of(about, "tenant", ""), tenant);
}

bool store_in_charge(struct store *store, const char *user, const char *serial)
{
	AUTO_JSON json_t *about = get_user(store, user);
	size_t i;
	json_t *one;

	json_array_foreach (json_object_get(about, "serials"), i, one)
		if (!strcmp(json_string_value(one), serial))
			return true;
	return false;
}

int store_command(struct store *store, const struct store_command *command, struct error *err)
{
	AUTO_FREE char *text = json_text(command->body);
	if (RUN(store, ADD_COMMAND, command->id, command->user, command->agent, command->serial,
		command->operation, text) != STORE_DONE)
		return store_error(store, err);
	return 0;
}

int store_result(struct store *store, const char *agent, const char *command, const json_t *body,
		 struct error *err)
{
	AUTO_FREE char *text = json_text(body);

	if (!store_exists(store, GET_COMMAND, command, agent))
		return error_set(err, ENOENT, "no command %.64s for this agent", command);
	if (RUN(store, ADD_RESULT, command, text) != STORE_DONE)
		return store_error(store, err);
	if (store_changes(store) > 0)
		return 1;
	if (!store_exists(store, GET_RESULT, command, text))
		return error_set(err, EEXIST, "this command has another result already");
	return 0;
}
