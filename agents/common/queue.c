#include "agents/common/queue.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "agents/common/flight.h"
#include "agents/common/spool.h"
#include "agents/common/upload.h"
#include "base/buf.h"
#include "base/cleanup.h"
#include "base/file.h"
#include "ecsp/ecsp.h"

enum { NAME_MAX_SIZE = 48, REJECTED_MAX = 1000 };

static const char dropped_name[] = "dropped";
/* What can be missed most comes first; what must not wait comes last. */
static const char *const collections[] = { ECSP_SCHEDULED, ECSP_EVENT, ECSP_COMMAND };

struct entry {
	uint64_t id;
	int collection; /* index of collections */
	char *held;     /* its text while the disk does not take it; NULL: it is a file */
};

struct queue {
	char *records, *uploads, *rejected; /* folders */
	struct entry *entries;              /* oldest first */
	size_t count, most, held;
	uint64_t next_id, dropped;
	size_t alone; /* so many uploads of one record come next */
	struct flight flight;
	bool refused; /* settled flight: its records are not forgotten but put aside */
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

static void append(struct queue *queue, const struct entry *entry)
{
	queue->entries = alloc_grow(queue->entries, queue->count + 1, sizeof(*entry));
	queue->entries[queue->count++] = *entry;
	queue->held += entry->held != NULL;
}

static void forget(struct queue *queue, size_t index)
{
	queue->held -= queue->entries[index].held != NULL;
	free(queue->entries[index].held);
	queue->count--;
	memmove(&queue->entries[index], &queue->entries[index + 1],
		(queue->count - index) * sizeof(queue->entries[0]));
}

static size_t find(const struct queue *queue, uint64_t id)
{
	size_t at = 0;

	while (at < queue->count && queue->entries[at].id != id)
		at++;
	return at;
}

/* ---- room ---- */

/* The record that can be missed most: the oldest scheduled, else the oldest. */
static size_t least_needed(const struct queue *queue)
{
	size_t any = queue->count;

	for (size_t i = queue->count; i-- > 0;)
		if (!flight_holds(&queue->flight, queue->entries[i].id))
			any = i;
	for (size_t i = 0; i < queue->count; i++)
		if (queue->entries[i].collection == 0 &&
		    !flight_holds(&queue->flight, queue->entries[i].id))
			return i;
	return any;
}

static bool drop_one(struct queue *queue, size_t *dropped)
{
	char name[NAME_MAX_SIZE];
	size_t index = least_needed(queue);

	if (index == queue->count)
		return false;
	if (!queue->entries[index].held)
		spool_remove(queue->records, entry_name(&queue->entries[index], name), NULL);
	forget(queue, index);
	++*dropped;
	return true;
}

static void count_dropped(struct queue *queue, size_t dropped)
{
	char text[24];

	if (!dropped)
		return;
	queue->dropped += dropped;
	snprintf(text, sizeof(text), "%" PRIu64, queue->dropped);
	/* Of a full disk the count is told all the same; only a restart would forget it. */
	spool_write(queue->uploads, dropped_name, text, NULL);
}

/* What was held in memory goes to the disk as soon as it takes it. */
static void write_held(struct queue *queue)
{
	char name[NAME_MAX_SIZE];

	for (size_t i = 0; i < queue->count && queue->held; i++) {
		struct entry *entry = &queue->entries[i];
		if (!entry->held || flight_holds(&queue->flight, entry->id))
			continue;
		if (spool_write(queue->records, entry_name(entry, name), entry->held, NULL) < 0)
			return;
		free(entry->held);
		entry->held = NULL;
		queue->held--;
	}
}

static int collection_index(const char *collection)
{
	for (size_t i = 0; i < COUNT_OF(collections); i++)
		if (strcmp(collections[i], collection) == 0)
			return (int)i;
	return 0;
}

/* On disk, or for a while in memory. */
static int keep(struct queue *queue, struct entry *entry, char *text, size_t *dropped,
		struct error *err)
{
	char name[NAME_MAX_SIZE];

	entry_name(entry, name);
	int status = spool_write(queue->records, name, text, err);
	if (status < 0 && queue->held < QUEUE_HELD_MAX) {
		error_wrap(err, "kept in memory for now");
		entry->held = alloc_text(text);
		return 0;
	}
	while (status == -ENOSPC && drop_one(queue, dropped))
		status = spool_write(queue->records, name, text, err);
	return status;
}

int queue_add(struct queue *queue, const char *collection, const cJSON *record, uint64_t *id,
	      size_t *dropped, struct error *err)
{
	AUTO_FREE char *text = cJSON_PrintUnformatted(record);
	struct entry entry = { .id = queue->next_id, .collection = collection_index(collection) };

	*dropped = 0;
	if (!text)
		return error_set(err, ENOMEM, "record: cannot be written as JSON");
	while (queue->count >= queue->most && drop_one(queue, dropped))
		;
	write_held(queue);
	int status = keep(queue, &entry, text, dropped, err);
	count_dropped(queue, *dropped);
	if (status < 0)
		return status;
	queue->next_id++;
	append(queue, &entry);
	if (id)
		*id = entry.id;
	return 0;
}

size_t queue_count(const struct queue *queue)
{
	return queue->count;
}

uint64_t queue_dropped(const struct queue *queue)
{
	return queue->dropped;
}

/* ---- the upload under way ---- */

/* A damaged record cannot be sent; it is put aside so that it stands in nobody's way. One that can
 * neither be read nor put aside stays: the disk may be well again later. */
static char *read_record(struct queue *queue, size_t index, struct error *err)
{
	char name[NAME_MAX_SIZE];

	if (queue->entries[index].held)
		return alloc_text(queue->entries[index].held);
	entry_name(&queue->entries[index], name);
	char *text = spool_read(queue->records, name, err);
	if (!text && spool_move(queue->records, name, queue->rejected, NULL) == 0)
		forget(queue, index);
	return text;
}

/* The first of the most urgent collection. */
static size_t most_urgent(const struct queue *queue)
{
	size_t best = 0;

	for (size_t i = 1; i < queue->count; i++)
		if (queue->entries[i].collection > queue->entries[best].collection)
			best = i;
	return best;
}

/* Takes records of one collection, oldest first, as many as fit. What is held in memory never
 * shares an upload with files: after a crash it is gone, and the others would pass for delivered.
 */
static void gather(struct queue *queue, size_t at, struct upload_body *body, struct error *err)
{
	const int collection = queue->entries[at].collection;
	const bool held = queue->entries[at].held;
	const size_t most = queue->alone ? 1 : QUEUE_UPLOAD_MAX;
	struct flight *flight = &queue->flight;

	while (at < queue->count && flight->upload.count < most) {
		const struct entry *entry = &queue->entries[at];
		if (entry->collection != collection) {
			at++;
			continue;
		}
		if ((entry->held != NULL) != held)
			return;
		const size_t before = queue->count;
		AUTO_FREE char *text = read_record(queue, at, err);
		if (!text && queue->count < before)
			continue;
		if (!text)
			return;
		if (flight->upload.count && body->size + strlen(text) > QUEUE_BODY_MAX)
			return;
		upload_body_add(body, text);
		flight_add(flight, queue->entries[at].id);
		at++;
	}
}

/* False: nothing can be sent now. */
static bool begin_flight(struct queue *queue, const cJSON *identity, struct error *err)
{
	struct upload_body body;
	const size_t before = queue->count, first = most_urgent(queue);
	bool held = queue->entries[first].held;
	AUTO_FREE char *agent = upload_agent(
		identity, collections[queue->entries[first].collection], queue->dropped);

	upload_body_init(&body, agent);
	gather(queue, first, &body, err);
	if (!queue->flight.upload.count) { /* damaged ones are gone from the list now */
		upload_body_done(&body);
		return queue->count < before;
	}
	flight_ready(&queue->flight, &body);
	/* When the disk is full the upload still goes out: only its answer makes room. */
	if (!held)
		flight_keep(&queue->flight, queue->uploads, agent, err);
	return true;
}

static int remove_record(struct queue *queue, const struct entry *entry, struct error *err)
{
	char name[NAME_MAX_SIZE];

	if (entry->held)
		return 0;
	entry_name(entry, name);
	return queue->refused ? spool_move(queue->records, name, queue->rejected, err)
			      : spool_remove(queue->records, name, err);
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

/* Its files go. What fails is tried again before anything else is sent: a record that stayed would
 * come back after a restart and be sent twice. */
static int end_flight(struct queue *queue, struct error *err)
{
	struct flight *flight = &queue->flight;

	for (size_t i = 0; i < flight->upload.count; i++) {
		size_t index = find(queue, flight->ids[i]);
		if (index == queue->count)
			continue;
		int status = remove_record(queue, &queue->entries[index], err);
		if (status < 0)
			return status;
		forget(queue, index);
	}
	/* Last: while it stands, a missing record means that the upload was delivered. */
	int status = flight_forget(queue->uploads, err);
	if (status < 0)
		return status;
	if (queue->refused)
		prune_rejected(queue);
	if (queue->alone)
		queue->alone--;
	flight_done(flight);
	return 0;
}

static void settle(struct queue *queue, bool refused, struct error *err)
{
	queue->flight.settled = true;
	queue->refused = refused;
	end_flight(queue, err);
}

void queue_delivered(struct queue *queue, struct error *err)
{
	settle(queue, false, err);
}

void queue_rejected(struct queue *queue, struct error *err)
{
	settle(queue, true, err);
}

bool queue_split(struct queue *queue, struct error *err)
{
	size_t count = queue->flight.upload.count;

	if (count < 2)
		return false;
	queue->alone = count;
	flight_forget(queue->uploads, err);
	flight_done(&queue->flight);
	return true;
}

const struct queue_upload *queue_next(struct queue *queue, const cJSON *identity, struct error *err)
{
	if (queue->flight.settled && end_flight(queue, err) < 0)
		return NULL;
	if (!queue->flight.key)
		write_held(queue);
	while (!queue->flight.key && queue->count && begin_flight(queue, identity, err))
		;
	return queue->flight.key ? &queue->flight.upload : NULL;
}

/* ---- what an earlier run left ---- */

static int load_entries(struct queue *queue, struct error *err)
{
	char **names;
	size_t count;
	int status = spool_list(queue->records, &names, &count, err);

	for (size_t i = 0; i < count; i++) {
		struct entry entry = { 0 };
		if (entry_parse(names[i], &entry)) {
			append(queue, &entry);
			queue->next_id = entry.id + 1;
		}
		free(names[i]);
	}
	free(names);
	return status;
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
	AUTO_FREE char *agent = flight_load(&queue->flight, queue->uploads);

	/* A record is missing only when the cloud had acknowledged all of them. */
	if (agent && !rebuild_flight(queue, agent))
		settle(queue, false, NULL);
}

static void load_dropped(struct queue *queue)
{
	AUTO_FREE char *text = spool_read(queue->uploads, dropped_name, NULL);

	queue->dropped = text ? strtoull(text, NULL, 10) : 0;
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
	load_dropped(queue);
	load_flight(queue);
	return queue;
}

void queue_free(struct queue *queue)
{
	if (!queue)
		return;
	flight_done(&queue->flight);
	while (queue->count)
		forget(queue, queue->count - 1);
	free(queue->entries);
	free(queue->records);
	free(queue->uploads);
	free(queue->rejected);
	free(queue);
}
