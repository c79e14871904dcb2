#include "agents/common/queue.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "agents/common/spool.h"
#include "agents/common/text.h"
#include "agents/common/upload.h"
#include "base/buf.h"
#include "base/cleanup.h"
#include "base/file.h"
#include "ecsp/ecsp.h"

enum { NAME_MAX_SIZE = 48, REJECTED_MAX = 1000 };

static const char upload_name[] = "upload.json";
static const char *const collections[] = { ECSP_SCHEDULED, ECSP_EVENT, ECSP_COMMAND };

struct entry {
	uint64_t id;
	int collection; /* index of collections */
};

struct flight {
	struct queue_upload upload;
	char *key, *body;
	uint64_t *ids;
};

struct queue {
	char *records, *uploads, *rejected; /* folders */
	struct entry *entries;              /* oldest first */
	size_t count, most;
	uint64_t next_id;
	struct flight flight; /* key NULL: none under way */
};

static const char *entry_name(const struct entry *entry, char name[NAME_MAX_SIZE])
{
	snprintf(name, NAME_MAX_SIZE, "%020" PRIu64 ".%s", entry->id,
		 collections[entry->collection]);
	return name;
}

static bool entry_parse(const char *name, struct entry *entry)
{
	char *end;

	errno = 0;
	entry->id = strtoull(name, &end, 10);
	if (errno || end != name + 20 || *end != '.')
		return false;
	for (size_t i = 0; i < COUNT_OF(collections); i++) {
		entry->collection = (int)i;
		if (strcmp(end + 1, collections[i]) == 0)
			return true;
	}
	return false;
}

static void forget(struct queue *queue, size_t index)
{
	queue->count--;
	memmove(&queue->entries[index], &queue->entries[index + 1],
		(queue->count - index) * sizeof(queue->entries[0]));
}

static bool in_flight(const struct queue *queue, uint64_t id)
{
	for (size_t i = 0; i < queue->flight.upload.count; i++)
		if (queue->flight.ids[i] == id)
			return true;
	return false;
}

static size_t find(const struct queue *queue, uint64_t id)
{
	size_t at = 0;

	while (at < queue->count && queue->entries[at].id != id)
		at++;
	return at;
}

/* The record that can be missed most: the oldest scheduled, else the oldest. */
static size_t least_needed(const struct queue *queue)
{
	size_t any = queue->count;

	for (size_t i = queue->count; i-- > 0;)
		if (!in_flight(queue, queue->entries[i].id))
			any = i;
	for (size_t i = 0; i < queue->count; i++)
		if (queue->entries[i].collection == 0 && !in_flight(queue, queue->entries[i].id))
			return i;
	return any;
}

static bool drop_one(struct queue *queue, size_t *dropped)
{
	char name[NAME_MAX_SIZE];
	size_t index = least_needed(queue);

	if (index == queue->count)
		return false;
	spool_remove(queue->records, entry_name(&queue->entries[index], name), NULL);
	forget(queue, index);
	++*dropped;
	return true;
}

static int collection_index(const char *collection)
{
	for (size_t i = 0; i < COUNT_OF(collections); i++)
		if (strcmp(collections[i], collection) == 0)
			return (int)i;
	return 0;
}

int queue_add(struct queue *queue, const char *collection, const cJSON *record, uint64_t *id,
	      size_t *dropped, struct error *err)
{
	char name[NAME_MAX_SIZE];
	AUTO_FREE char *text = cJSON_PrintUnformatted(record);
	struct entry entry = { queue->next_id, collection_index(collection) };

	*dropped = 0;
	if (!text)
		return error_set(err, ENOMEM, "record: cannot be written as JSON");
	while (queue->count >= queue->most && drop_one(queue, dropped))
		;
	int status = spool_write(queue->records, entry_name(&entry, name), text, err);
	while (status == -ENOSPC && drop_one(queue, dropped))
		status = spool_write(queue->records, name, text, err);
	if (status < 0)
		return status;
	queue->next_id++;
	queue->entries = alloc_grow(queue->entries, queue->count + 1, sizeof(entry));
	queue->entries[queue->count++] = entry;
	if (id)
		*id = entry.id;
	return 0;
}

size_t queue_count(const struct queue *queue)
{
	return queue->count;
}

/* ---- the upload under way ---- */

static void flight_done(struct queue *queue)
{
	free(queue->flight.key);
	free(queue->flight.body);
	free(queue->flight.ids);
	queue->flight = (struct flight){ 0 };
}

static void flight_add(struct flight *flight, uint64_t id)
{
	flight->ids = alloc_grow(flight->ids, flight->upload.count + 1, sizeof(uint64_t));
	flight->ids[flight->upload.count++] = id;
	flight->upload.ids = flight->ids;
}

/* A damaged record cannot be sent; it is put aside so that it stands in nobody's way. */
static char *read_record(struct queue *queue, size_t index, struct error *err)
{
	char name[NAME_MAX_SIZE];

	entry_name(&queue->entries[index], name);
	char *text = spool_read(queue->records, name, err);
	if (!text) {
		spool_move(queue->records, name, queue->rejected, NULL);
		forget(queue, index);
	}
	return text;
}

/* Takes records of one type from the front, as many as fit. */
static void gather(struct queue *queue, struct upload_body *body, struct error *err)
{
	int collection = queue->entries[0].collection;
	size_t at = 0;

	while (at < queue->count && queue->flight.upload.count < QUEUE_UPLOAD_MAX &&
	       queue->entries[at].collection == collection) {
		AUTO_FREE char *text = read_record(queue, at, err);
		if (!text)
			continue;
		if (at && body->size + strlen(text) > QUEUE_BODY_MAX)
			break;
		upload_body_add(body, text);
		flight_add(&queue->flight, queue->entries[at].id);
		at++;
	}
}

static int keep_flight(struct queue *queue, const char *agent, struct error *err)
{
	char number[24];
	cJSON *json = cJSON_CreateObject();
	cJSON *ids = cJSON_AddArrayToObject(json, "ids");

	cJSON_AddStringToObject(json, "key", queue->flight.key);
	cJSON_AddStringToObject(json, "agent", agent);
	for (size_t i = 0; i < queue->flight.upload.count; i++) {
		snprintf(number, sizeof(number), "%" PRIu64, queue->flight.ids[i]);
		cJSON_AddItemToArray(ids, cJSON_CreateString(number));
	}
	AUTO_FREE char *text = cJSON_PrintUnformatted(json);
	cJSON_Delete(json);
	return spool_write(queue->uploads, upload_name, text, err);
}

static void flight_ready(struct flight *flight, struct upload_body *body)
{
	flight->body = upload_body_finish(body);
	flight->upload.key = flight->key;
	flight->upload.body = flight->body;
}

const struct queue_upload *queue_next(struct queue *queue, const cJSON *identity, struct error *err)
{
	char key[TEXT_UUID_MAX];
	struct upload_body body;

	while (!queue->flight.key && queue->count) {
		AUTO_FREE char *agent =
			upload_agent(identity, collections[queue->entries[0].collection]);
		upload_body_init(&body, agent);
		gather(queue, &body, err);
		if (!queue->flight.upload.count) {
			upload_body_done(&body);
			continue; /* all damaged: those are gone from the list now */
		}
		queue->flight.key = alloc_text(text_uuid(key));
		flight_ready(&queue->flight, &body);
		/* When the disk is full the upload still goes out: only its answer makes room. */
		keep_flight(queue, agent, err);
	}
	return queue->flight.key ? &queue->flight.upload : NULL;
}

void queue_delivered(struct queue *queue, struct error *err)
{
	char name[NAME_MAX_SIZE];

	for (size_t i = 0; i < queue->flight.upload.count; i++) {
		size_t index = find(queue, queue->flight.ids[i]);
		if (index == queue->count)
			continue;
		spool_remove(queue->records, entry_name(&queue->entries[index], name), err);
		forget(queue, index);
	}
	/* Last: while it stands, a missing record means that the upload was delivered. */
	spool_remove(queue->uploads, upload_name, err);
	flight_done(queue);
}

/* What nobody looks at must not fill the disk either. */
static void prune_rejected(struct queue *queue)
{
	char **names;
	size_t count;

	spool_list(queue->rejected, &names, &count, NULL);
	for (size_t i = 0; i < count; i++) {
		if (i + REJECTED_MAX < count)
			spool_remove(queue->rejected, names[i], NULL);
		free(names[i]);
	}
	free(names);
}

void queue_rejected(struct queue *queue, struct error *err)
{
	char name[NAME_MAX_SIZE];

	for (size_t i = 0; i < queue->flight.upload.count; i++) {
		size_t index = find(queue, queue->flight.ids[i]);
		if (index == queue->count)
			continue;
		spool_move(queue->records, entry_name(&queue->entries[index], name),
			   queue->rejected, err);
		forget(queue, index);
	}
	spool_remove(queue->uploads, upload_name, err);
	flight_done(queue);
	prune_rejected(queue);
}

/* ---- what an earlier run left ---- */

static int load_entries(struct queue *queue, struct error *err)
{
	char **names;
	size_t count;
	int status = spool_list(queue->records, &names, &count, err);

	for (size_t i = 0; i < count; i++) {
		struct entry entry;
		if (entry_parse(names[i], &entry)) {
			queue->entries =
				alloc_grow(queue->entries, queue->count + 1, sizeof(entry));
			queue->entries[queue->count++] = entry;
			queue->next_id = entry.id + 1;
		}
		free(names[i]);
	}
	free(names);
	return status;
}

/* Fills flight from the file's JSON. False if it is not what we write. */
static bool parse_flight(struct queue *queue, const cJSON *json, const char **agent)
{
	const cJSON *key = cJSON_GetObjectItemCaseSensitive(json, "key");
	const cJSON *said = cJSON_GetObjectItemCaseSensitive(json, "agent");
	const cJSON *ids = cJSON_GetObjectItemCaseSensitive(json, "ids");
	const cJSON *id;

	if (!cJSON_IsString(key) || !cJSON_IsString(said) || !cJSON_IsArray(ids))
		return false;
	cJSON_ArrayForEach(id, ids)
	{
		if (!cJSON_IsString(id) || queue->flight.upload.count == QUEUE_UPLOAD_MAX)
			return false;
		flight_add(&queue->flight, strtoull(id->valuestring, NULL, 10));
	}
	queue->flight.key = alloc_text(key->valuestring);
	*agent = said->valuestring;
	return queue->flight.upload.count > 0;
}

static bool rebuild_flight(struct queue *queue, const char *agent)
{
	struct upload_body body;

	upload_body_init(&body, agent);
	for (size_t i = 0; i < queue->flight.upload.count; i++) {
		size_t index = find(queue, queue->flight.ids[i]);
		AUTO_FREE char *text =
			index < queue->count ? read_record(queue, index, NULL) : NULL;
		if (!text) {
			upload_body_done(&body);
			return false;
		}
		upload_body_add(&body, text);
	}
	flight_ready(&queue->flight, &body);
	return true;
}

static void load_flight(struct queue *queue)
{
	const char *agent = NULL;
	AUTO_FREE char *text = spool_read(queue->uploads, upload_name, NULL);
	cJSON *json = text ? cJSON_Parse(text) : NULL;

	if (json && parse_flight(queue, json, &agent)) {
		/* A record is missing only when the cloud had acknowledged all of them. */
		if (!rebuild_flight(queue, agent))
			queue_delivered(queue, NULL);
	} else {
		flight_done(queue);
		spool_remove(queue->uploads, upload_name, NULL);
	}
	cJSON_Delete(json);
}

struct queue *queue_new(const char *state, size_t most, struct error *err)
{
	struct queue *queue = alloc_zero(1, sizeof(*queue));

	queue->most = most;
	queue->next_id = 1;
	queue->records = file_join(state, "records");
	queue->uploads = file_join(state, "uploads");
	queue->rejected = file_join(state, "rejected");
	if (file_make_folders(queue->records, err) < 0 ||
	    file_make_folders(queue->uploads, err) < 0 ||
	    file_make_folders(queue->rejected, err) < 0 || load_entries(queue, err) < 0) {
		queue_free(queue);
		return NULL;
	}
	load_flight(queue);
	return queue;
}

void queue_free(struct queue *queue)
{
	if (!queue)
		return;
	flight_done(queue);
	free(queue->entries);
	free(queue->records);
	free(queue->uploads);
	free(queue->rejected);
	free(queue);
}
