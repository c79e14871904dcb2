#include "conformance/census.h"

#include <string.h>

#include "base/buf.h"
#include "base/cleanup.h"
#include "base/json.h"
#include "sim/cloud/cloud.h"

enum { SILENT_MAX = 10 };

struct census {
	struct tap tap; /* first */
	struct tap *next;
	json_t *expected, *registered, *reporting; /* objects: agent id: true */
	json_int_t uploads, records, duplicates, refused;
};

static void note(json_t *agents, const json_t *fields)
{
	const char *agent = json_text_of(fields, "agent", NULL);

	if (agent)
		json_object_set_new(agents, agent, json_true());
}

static void on_registered(struct census *census, const json_t *fields)
{
	note(census->registered, fields);
}

static void on_stored(struct census *census, const json_t *fields)
{
	note(census->reporting, fields);
	census->uploads++;
	census->records += (json_int_t)json_array_size(json_at(fields, "/body/records"));
}

static void on_duplicate(struct census *census, const json_t *fields)
{
	(void)fields;
	census->duplicates++;
}

static void on_refused(struct census *census, const json_t *fields)
{
	(void)fields;
	census->refused++;
}

static void seen(struct tap *tap, const char *kind, json_t *fields)
{
	static const struct {
		const char *kind;
		void (*count)(struct census *census, const json_t *fields);
	} rows[] = {
		{ "agent.registered", on_registered },
		{ "upload.stored", on_stored },
		{ "upload.duplicate", on_duplicate },
		{ "upload.refused", on_refused },
	};
	struct census *census = (struct census *)tap;

	for (size_t i = 0; i < COUNT_OF(rows); i++)
		if (!strcmp(rows[i].kind, kind))
			rows[i].count(census, fields);
	tap_seen(census->next, kind, fields);
}

struct census *census_new(struct tap *next)
{
	struct census *census = alloc_zero(1, sizeof(*census));

	census->tap.seen = seen;
	census->next = next;
	census->expected = json_object();
	census->registered = json_object();
	census->reporting = json_object();
	return census;
}

void census_free(struct census *census)
{
	if (!census)
		return;
	json_decref(census->expected);
	json_decref(census->registered);
	json_decref(census->reporting);
	free(census);
}

struct tap *census_tap(struct census *census)
{
	return &census->tap;
}

void census_expect(struct census *census, const char *agent)
{
	json_object_set_new(census->expected, agent, json_true());
}

json_t *census_report(const struct census *census, const struct cloud *cloud)
{
	json_t *silent = json_array(), *one;
	json_int_t connected = 0;
	const char *agent;

	json_object_foreach (census->expected, agent, one) {
		connected += cloud_subscribed(cloud, agent);
		if (!json_object_get(census->reporting, agent) &&
		    json_array_size(silent) < SILENT_MAX)
			json_array_append_new(silent, json_string(agent));
	}
	return json_pack("{s:s,s:I,s:I,s:I,s:I,s:I,s:I,s:I,s:I,s:o}", "name", "cloud", "agents",
			 (json_int_t)json_object_size(census->expected), "registered",
			 (json_int_t)json_object_size(census->registered), "connected", connected,
			 "reporting", (json_int_t)json_object_size(census->reporting), "uploads",
			 census->uploads, "records", census->records, "duplicates",
			 census->duplicates, "refused", census->refused, "silent", silent);
}
