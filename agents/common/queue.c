#include "agents/common/queue.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "agents/common/backlog.h"
#include "agents/common/flight.h"
#include "agents/common/spool.h"
#include "agents/common/upload.h"
#include "agents/common/urgency.h"
#include "base/buf.h"
#include "base/cleanup.h"
#include "base/file.h"

enum { REJECTED_MAX = 1000, NOWHERE = -1 };

struct queue {
	char *rejected; /* folder */
	struct queue_limits limits;
	struct backlog *backlog;
	struct flight flight;
	bool in_memory; /* the flight: its records are not on disk, and no note of it is */
	bool out;       /* the flight was given to the caller */
	bool refused;   /* it is answered, but not put aside yet */
	bool landed;    /* one before it is answered, which the disk may not know yet */
	size_t alone;   /* so many uploads of one record come next */
};

/* ---- room ---- */

/* The record that can be missed most: the oldest scheduled, else the oldest; held: of those that
 * are held in memory. */
static size_t least_needed(const struct queue *queue, bool held)
{
	const struct backlog *backlog = queue->backlog;
	size_t any = backlog->count;

	for (size_t i = 0; i < backlog->count; i++) {
		const struct item *item = &backlog->items[i];
		if ((held && (!item->text || !item->tried)) ||
		    flight_holds(&queue->flight, item->id))
			continue;
		if (urgency_waits(item->collection))
			return i;
		if (any == backlog->count)
			any = i;
	}
	return any;
}

static bool drop_one(struct queue *queue, bool held)
{
	size_t index = least_needed(queue, held);

	if (index == queue->backlog->count)
		return false;
	backlog_forget(queue->backlog, index);
	queue->backlog->dropped++;
	return true;
}

int queue_add(struct queue *queue, const char *collection, const cJSON *record, uint64_t *id,
	      struct error *err)
{
	AUTO_FREE char *text = cJSON_PrintUnformatted(record);

	if (!text)
		return error_set(err, ENOMEM, "record: cannot be written as JSON");
	if (strlen(text) > ENTRY_BODY_MAX)
		return error_set(err, EFBIG, "record: %zu bytes are too many", strlen(text));
	while (queue->backlog->count >= queue->limits.records && drop_one(queue, false))
		;
	if (id)
		*id = queue->backlog->next_id;
	backlog_add(queue->backlog, urgency_of(collection), text);
	text = NULL;
	return 0;
}

/* A full disk gives room back a segment at a time, so as many go as one upload would take. */
static int make_room(struct queue *queue, int status)
{
	if (status == -ENOSPC && queue->backlog->held > QUEUE_HELD_MAX) {
		for (int i = 0; i < QUEUE_UPLOAD_MAX && drop_one(queue, false); i++)
			;
		status = backlog_commit(queue->backlog, NULL);
	}
	while (queue->backlog->held > QUEUE_HELD_MAX && drop_one(queue, true))
		;
	return status;
}

int queue_commit(struct queue *queue, struct error *err)
{
	int status = backlog_commit(queue->backlog, err);

	return status < 0 ? make_room(queue, status) : 0;
}

bool queue_written(const struct queue *queue)
{
	return backlog_written(queue->backlog);
}

size_t queue_count(const struct queue *queue)
{
	return queue->backlog->count;
}

uint64_t queue_dropped(const struct queue *queue)
{
	return queue->backlog->dropped;
}

/* ---- the upload under way ---- */

/* The first of the most urgent collection; count: nothing can be sent now. */
static size_t most_urgent(const struct backlog *backlog)
{
	size_t best = backlog->count;
	int urgency = NOWHERE;

	for (size_t i = 0; i < backlog->count; i++) {
		const struct item *item = &backlog->items[i];
		if (!urgency_before(item->collection, urgency) || !backlog_ready(backlog, item))
			continue;
		best = i;
		urgency = item->collection;
	}
	return best;
}

/* Takes records of one collection, oldest first, as many as fit. What is held in memory never
 * shares an upload with what is on disk: after a crash it is gone, and the same upload could not
 * be made again. */
static void gather(struct queue *queue, size_t at, struct upload_body *body, struct error *err)
{
	struct backlog *backlog = queue->backlog;
	const int collection = backlog->items[at].collection;
	const size_t most = queue->alone ? 1 : queue->limits.upload;
	struct flight *flight = &queue->flight;

	while (at < backlog->count && flight->upload.count < most) {
		struct item *item = &backlog->items[at];
		if (item->collection != collection) {
			at++;
			continue;
		}
		if (!backlog_ready(backlog, item) || (item->text != NULL) != queue->in_memory)
			return;
		const size_t before = backlog->count;
		const uint64_t id = item->id;
		AUTO_FREE char *text = backlog_read(backlog, at, err);
		if (!text && backlog->count < before)
			continue;
		if (!text || (flight->upload.count && body->size + strlen(text) > QUEUE_BODY_MAX))
			return;
		upload_body_add(body, text);
		flight_add(flight, id);
		backlog->items[at++].flying = true;
	}
}

/* False: nothing can be sent now. */
static bool begin_flight(struct queue *queue, const cJSON *identity, struct error *err)
{
	struct upload_body body;
	struct backlog *backlog = queue->backlog;
	const size_t before = backlog->count, first = most_urgent(backlog);

	if (first == backlog->count)
		return false;
	queue->in_memory = backlog->items[first].text != NULL;
	AUTO_FREE char *agent = upload_agent(
		identity, urgency_collection(backlog->items[first].collection), backlog->dropped);
	upload_body_init(&body, agent);
	gather(queue, first, &body, err);
	if (!queue->flight.upload.count) { /* damaged ones are gone from the list now */
		upload_body_done(&body);
		return backlog->count < before;
	}
	flight_ready(&queue->flight, &body);
	if (queue->in_memory)
		return true;
	AUTO_FREE char *note = flight_note(&queue->flight, agent);
	backlog_note(backlog, note);
	return true;
}

static bool find_flight(struct queue *queue, const cJSON *identity, struct error *err)
{
	while (!queue->flight.key && begin_flight(queue, identity, err))
		;
	return queue->flight.key;
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

static int put_aside(struct queue *queue, struct error *err)
{
	AUTO_FREE char *name = alloc_printf("%020" PRIu64 ".json", queue->flight.ids[0]);
	int status = spool_write(queue->rejected, name, queue->flight.body, err);

	if (status < 0)
		return status;
	prune_rejected(queue);
	queue->refused = false;
	return 0;
}

static void land(struct queue *queue, bool gone)
{
	struct backlog *backlog = queue->backlog;

	for (size_t i = 0; i < queue->flight.upload.count; i++) {
		size_t index = backlog_find(backlog, queue->flight.ids[i]);
		if (index == backlog->count)
			continue;
		backlog->items[index].flying = false;
		if (gone)
			backlog_forget(backlog, index);
	}
	backlog_note(backlog, NULL);
	flight_done(&queue->flight);
	queue->out = false;
	queue->landed = true;
}

static void forget_flight(struct queue *queue)
{
	land(queue, true);
	if (queue->alone)
		queue->alone--;
}

void queue_delivered(struct queue *queue)
{
	forget_flight(queue);
}

void queue_rejected(struct queue *queue, struct error *err)
{
	queue->refused = true;
	if (put_aside(queue, err) < 0)
		return;
	forget_flight(queue);
	queue_commit(queue, err);
}

bool queue_split(struct queue *queue)
{
	size_t count = queue->flight.upload.count;

	if (count < 2)
		return false;
	land(queue, false);
	queue->alone = count;
	return true;
}

bool queue_urgent(const struct queue *queue)
{
	size_t first = most_urgent(queue->backlog);

	return first < queue->backlog->count &&
	       !urgency_waits(queue->backlog->items[first].collection);
}

const struct queue_upload *queue_next(struct queue *queue, const cJSON *identity, struct error *err)
{
	if (queue->out && !queue->refused)
		return &queue->flight.upload;
	if (queue->refused) {
		if (put_aside(queue, err) < 0)
			return NULL;
		forget_flight(queue);
	}
	/* What was delivered and could come back is sent twice after a crash: first that. What is
	 * on its way, and can be, is written with it. */
	if (!find_flight(queue, identity, err) && !queue_written(queue)) {
		queue_commit(queue, err);
		find_flight(queue, identity, err);
	}
	if (!queue_written(queue))
		queue_commit(queue, err);
	queue->landed &= !backlog_settled(queue->backlog);
	if (!queue->flight.key || queue->landed)
		return NULL;
	queue->out = true;
	return &queue->flight.upload;
}

/* ---- what an earlier run left ---- */

static bool rebuild_flight(struct queue *queue, const char *agent)
{
	struct upload_body body;
	struct backlog *backlog = queue->backlog;

	upload_body_init(&body, agent);
	for (size_t i = 0; i < queue->flight.upload.count; i++) {
		size_t index = backlog_find(backlog, queue->flight.ids[i]);
		AUTO_FREE char *text =
			index < backlog->count ? backlog_read(backlog, index, NULL) : NULL;
		if (!text) {
			upload_body_done(&body);
			return false;
		}
		backlog->items[index].flying = true;
		upload_body_add(&body, text);
	}
	flight_ready(&queue->flight, &body);
	return true;
}

/* A note whose records are not all there is of no use: what is there goes in another upload. */
static void load_flight(struct queue *queue)
{
	if (!queue->backlog->note)
		return;
	AUTO_FREE char *agent = flight_read(&queue->flight, queue->backlog->note);
	if (!agent || !rebuild_flight(queue, agent))
		land(queue, false);
}

struct queue *queue_new(const char *state, const struct queue_limits *limits, struct error *err)
{
	struct queue *queue = alloc_zero(1, sizeof(*queue));
	AUTO_FREE char *folder = file_join(state, "queue");

	queue->limits = *limits;
	queue->rejected = file_join(state, "rejected");
	queue->backlog = backlog_new(folder, queue->rejected, err);
	if (!queue->backlog) {
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
	flight_done(&queue->flight);
	backlog_free(queue->backlog);
	free(queue->rejected);
	free(queue);
}
