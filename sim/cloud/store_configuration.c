/* What agents are to do, every document that was ever set, and what they said of it. */
#include <errno.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/json.h"
#include "sim/cloud/store_inside.h"

int store_configure(struct store *store, const char *agent, const char *document, bool sound,
		    struct error *err)
{
	if (RUN(store, CONFIGURE, agent, document, sound ? "1" : "0") != STORE_DONE)
		return store_error(store, err);
	return 0;
}

/* The JSON in the first column of a query about one agent. */
static json_t *get_json(struct store *store, enum query query, const char *agent)
{
	if (RUN(store, query, agent) != STORE_ROW)
		return NULL;
	const char *text = store_column(store, query, 0);
	json_t *body = json_read_text(text, strlen(text), "store", NULL);
	store_release(store, query);
	return body;
}

json_t *store_sound_configuration(struct store *store, const char *agent)
{
	return get_json(store, GET_SOUND, agent);
}

char *store_configuration(struct store *store, const char *agent, char tag[STORE_TAG_MAX])
{
	tag[0] = 0;
	if (RUN(store, GET_CONFIGURATION, agent) != STORE_ROW)
		return NULL;
	snprintf(tag, STORE_TAG_MAX, "%s", store_column(store, GET_CONFIGURATION, 0));
	char *document = alloc_text(store_column(store, GET_CONFIGURATION, 1));
	store_release(store, GET_CONFIGURATION);
	return document;
}

int store_applied(struct store *store, const char *agent, const json_t *body, struct error *err)
{
	AUTO_FREE char *text = json_text(body);
	return RUN(store, ADD_APPLIED, agent, text) == STORE_DONE ? 0 : store_error(store, err);
}

json_t *store_last_applied(struct store *store, const char *agent)
{
	return get_json(store, GET_APPLIED, agent);
}
