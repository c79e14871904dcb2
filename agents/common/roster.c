#include "agents/common/roster.h"

#include <errno.h>
#include <math.h>
#include <string.h>

#include "base/buf.h"
#include "base/cleanup.h"
#include "base/file.h"

enum { FILE_MAX = 4 << 20, START_OVER_MS = 5000, START_OVER_MAX_MS = 3600000, TEXT_MAX = 4096 };

#define GET cJSON_GetObjectItemCaseSensitive

static const char *const file_keys[] = { "instances", "startOverMs", NULL };
/* The library of TLS holds whole processes to the names of their servers: all instances share them.
 */
static const char *const shared_keys[] = { "api", "mqtt", "sandbox", NULL };
static const char *const instance_keys[] = { "count", "first", NULL };

/* A whole number of the object, or otherwise if it has none. */
static int number_of(const cJSON *object, const char *name, int64_t otherwise, int64_t most,
		     int64_t *number, struct error *err)
{
	const cJSON *value = GET(object, name);

	*number = otherwise;
	if (!value)
		return 0;
	if (!cJSON_IsNumber(value) || !(value->valuedouble >= 0) ||
	    value->valuedouble > (double)most || value->valuedouble != floor(value->valuedouble))
		return error_set(err, EINVAL, "%s: expected a whole number from 0 to %lld", name,
				 (long long)most);
	*number = (int64_t)value->valuedouble;
	return 0;
}

/* ---- what an instance has of its own ---- */

/* "es-####" of number 7 is "es-0007"; each row of # is the number. NULL: too long. Caller frees. */
static char *numbered(const char *text, int64_t number)
{
	struct buf out;

	buf_init(&out, TEXT_MAX);
	while (*text) {
		size_t plain = strcspn(text, "#");
		buf_add(&out, text, plain);
		text += plain;
		size_t digits = strspn(text, "#");
		if (digits)
			buf_printf(&out, "%0*lld", digits < 20 ? (int)digits : 20,
				   (long long)number);
		text += digits;
	}
	return buf_steal(&out);
}

/* In all texts, those of lists and of what lies in them too; no deeper than cJSON reads. False: one
 * is too long. */
static bool number_texts(cJSON *json, int64_t number)
{
	cJSON *item;

	cJSON_ArrayForEach(item, json)
	{
		AUTO_FREE char *text =
			cJSON_IsString(item) ? numbered(item->valuestring, number) : NULL;
		if (cJSON_IsString(item) && (!text || !cJSON_SetValuestring(item, text)))
			return false;
		if (!number_texts(item, number))
			return false;
	}
	return true;
}

/* The instance as the template says. NULL: a text that is too long. Caller deletes. */
static cJSON *own_keys(const cJSON *template, bool many, int64_t number)
{
	cJSON *own = cJSON_Duplicate(template, true);

	if (many && !number_texts(own, number)) {
		cJSON_Delete(own);
		return NULL;
	}
	return own;
}

static int check_own(const cJSON *own, struct error *err)
{
	for (const char *const *name = shared_keys; *name; name++)
		if (GET(own, *name))
			return error_set(err, EINVAL, "%s: all instances have the same", *name);
	if (!GET(own, "id"))
		return error_set(err, EINVAL, "id is missing");
	return 0;
}

static int read_common(struct config *config, const cJSON *file, struct error *err)
{
	int status = config_take(config, file, file_keys, err);

	return status < 0 ? status : config_environment(config, err);
}

/* Each has a folder of its own, in the common one unless it names another. */
static void give_folder(struct config *config, const cJSON *own)
{
	if (GET(own, "state"))
		return;
	char *folder = file_join(config->state, config->id);
	free(config->state);
	config->state = folder;
}

static int add_one(struct roster *roster, const cJSON *file, const cJSON *own,
		   const struct config_needs *needs, struct error *err)
{
	if (roster->count == ROSTER_MAX)
		return error_set(err, EINVAL, "more than %d", ROSTER_MAX);
	roster->configs = alloc_grow(roster->configs, roster->count + 1, sizeof(*roster->configs));
	struct config *config = &roster->configs[roster->count++];
	config_defaults(config);
	int status = read_common(config, file, err);
	if (status == 0 && own)
		status = check_own(own, err);
	if (status == 0 && own)
		status = config_take(config, own, instance_keys, err);
	if (status == 0)
		status = config_check(config, needs, err);
	if (status == 0 && own)
		give_folder(config, own);
	return status;
}

static int add_group(struct roster *roster, const cJSON *file, const cJSON *template,
		     const struct config_needs *needs, struct error *err)
{
	bool many = GET(template, "count") != NULL;
	int64_t count, first;
	int status = number_of(template, "count", 1, ROSTER_MAX, &count, err);

	if (status == 0)
		status = number_of(template, "first", 1, INT32_MAX, &first, err);
	for (int64_t i = 0; status == 0 && i < count; i++) {
		cJSON *own = own_keys(template, many, first + i);
		status = own ? add_one(roster, file, own, needs, err)
			     : error_set(err, EINVAL, "a text of more than %d bytes", TEXT_MAX);
		cJSON_Delete(own);
	}
	return status;
}

static int add_instances(struct roster *roster, const cJSON *file, const cJSON *instances,
			 const struct config_needs *needs, struct error *err)
{
	const cJSON *item;
	size_t at = 0;

	if (!cJSON_IsArray(instances))
		return error_set(err, EINVAL, "instances: expected an array");
	cJSON_ArrayForEach(item, instances)
	{
		int status = cJSON_IsObject(item) ? add_group(roster, file, item, needs, err)
						  : error_set(err, EINVAL, "expected an object");
		if (status < 0) {
			error_wrap(err, "instances[%zu]", at);
			return status;
		}
		at++;
	}
	return roster->count ? 0 : error_set(err, EINVAL, "instances: expected at least one");
}

/* ---- all of them ---- */

static int compare(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Two with one name, or in one folder, would take each other for themselves. */
static int check_distinct(const struct roster *roster, size_t offset, const char *key,
			  struct error *err)
{
	AUTO_FREE const char **texts = alloc_zero(roster->count, sizeof(*texts));

	for (size_t i = 0; i < roster->count; i++)
		texts[i] = *(char *const *)((const char *)&roster->configs[i] + offset);
	qsort(texts, roster->count, sizeof(*texts), compare);
	for (size_t i = 1; i < roster->count; i++)
		if (strcmp(texts[i - 1], texts[i]) == 0)
			return error_set(err, EINVAL, "instances: found %s \"%s\" twice", key,
					 texts[i]);
	return 0;
}

static int take(struct roster *roster, const cJSON *file, const struct config_needs *needs,
		struct error *err)
{
	const cJSON *instances = GET(file, "instances");

	roster->many = instances != NULL;
	if (!instances)
		return add_one(roster, file, NULL, needs, err);
	int status = number_of(file, "startOverMs", START_OVER_MS, START_OVER_MAX_MS,
			       &roster->start_over_ms, err);
	if (status == 0)
		status = add_instances(roster, file, instances, needs, err);
	if (status == 0)
		status = check_distinct(roster, offsetof(struct config, id), "id", err);
	if (status == 0)
		status = check_distinct(roster, offsetof(struct config, state), "state", err);
	return status;
}

int roster_parse(struct roster *roster, const char *text, const char *name,
		 const struct config_needs *needs, struct error *err)
{
	cJSON *file = cJSON_ParseWithOpts(text, NULL, true);
	int status = cJSON_IsObject(file) ? 0 : -EINVAL;

	*roster = (struct roster){ 0 };
	if (status < 0)
		error_set(err, EINVAL, "expected one JSON object");
	else
		status = take(roster, file, needs, err);
	cJSON_Delete(file);
	if (status < 0 && name)
		error_wrap(err, "%s", name);
	return status;
}

int roster_load(struct roster *roster, const char *path, const struct config_needs *needs,
		struct error *err)
{
	*roster = (struct roster){ 0 };
	if (!path)
		path = getenv("ECSP_CONFIG");
	if (!path || !*path)
		return roster_parse(roster, "{}", NULL, needs, err);
	size_t size;
	AUTO_FREE char *text = file_read(path, FILE_MAX, &size, err);
	if (!text) {
		error_wrap(err, "ECSP_CONFIG");
		return -EINVAL;
	}
	if (strlen(text) != size)
		return error_set(err, EINVAL, "%s: found a NUL, expected JSON", path);
	return roster_parse(roster, text, path, needs, err);
}

void roster_done(struct roster *roster)
{
	for (size_t i = 0; i < roster->count; i++)
		config_done(&roster->configs[i]);
	free(roster->configs);
	*roster = (struct roster){ 0 };
}
