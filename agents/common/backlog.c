#include "agents/common/backlog.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "base/cleanup.h"

enum { GONE_MAX = ENTRY_BODY_MAX, MOVED_AT_ONCE = 64 };

/* ---- the list ---- */

/* Where id is or would be: ids grow. */
static size_t place_of(const struct backlog *backlog, uint64_t id)
{
	size_t low = 0, high = backlog->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (backlog->items[middle].id < id)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

size_t backlog_find(const struct backlog *backlog, uint64_t id)
{
	size_t at = place_of(backlog, id);

	return at < backlog->count && backlog->items[at].id == id ? at : backlog->count;
}

static struct item *insert(struct backlog *backlog, size_t at, uint64_t id, int collection)
{
	backlog->items = alloc_grow(backlog->items, backlog->count + 1, sizeof(struct item));
	struct item *item = &backlog->items[at];
	memmove(item + 1, item, (backlog->count - at) * sizeof(*item));
	backlog->count++;
	*item = (struct item){ .id = id, .collection = collection };
	return item;
}

void backlog_add(struct backlog *backlog, int collection, char *text)
{
	insert(backlog, backlog->count, backlog->next_id++, collection)->text = text;
}

static void take_out(struct backlog *backlog, size_t index)
{
	struct item *item = &backlog->items[index];

	backlog->held -= item->text && item->tried;
	free(item->text);
	backlog->count--;
	memmove(item, item + 1, (backlog->count - index) * sizeof(*item));
}

void backlog_forget(struct backlog *backlog, size_t index)
{
	struct item *item = &backlog->items[index];

	if (item->place.segment || item->doubtful)
		buf_printf(&backlog->gone, "%" PRIu64 " ", item->id);
	tape_release(backlog->tape, &item->place);
	take_out(backlog, index);
}

bool backlog_ready(const struct backlog *backlog, const struct item *item)
{
	return !item->text || (item->tried && !(item->doubtful && tape_doubtful(backlog->tape)));
}

char *backlog_read(struct backlog *backlog, size_t index, struct error *err)
{
	struct item *item = &backlog->items[index];
	struct entry entry;
	AUTO_FREE char *data = NULL;

	if (item->text)
		return alloc_text(item->text);
	int status = tape_read(backlog->tape, &item->place, &entry, &data, err);
	if (status == -EBADMSG)
		backlog_forget(backlog, index);
	return status == 0 ? alloc_bytes(entry.body, entry.size) : NULL;
}

void backlog_note(struct backlog *backlog, const char *note)
{
	backlog->note_gone |= backlog->note_place.segment != 0;
	tape_release(backlog->tape, &backlog->note_place);
	backlog->note_place = (struct tape_place){ 0 };
	free(backlog->note);
	backlog->note = alloc_text(note);
}

/* ---- to disk ---- */

bool backlog_settled(const struct backlog *backlog)
{
	return !backlog->gone.size && !backlog->note_gone;
}

static bool has_small(const struct backlog *backlog)
{
	return !backlog_settled(backlog) || (backlog->note && !backlog->note_place.segment);
}

bool backlog_written(const struct backlog *backlog)
{
	for (size_t i = backlog->count; i-- > 0;)
		if (backlog->items[i].text && !backlog->items[i].flying)
			return false;
	return !has_small(backlog) && backlog->dropped == backlog->dropped_told;
}

static void plan_nothing(struct backlog *backlog)
{
	for (size_t i = 0; i < backlog->count; i++)
		backlog->items[i].next = (struct tape_place){ 0 };
	backlog->note_next = (struct tape_place){ 0 };
}

static void add_small(struct backlog *backlog)
{
	const struct entry gone = { ENTRY_GONE, backlog->note_gone, backlog->dropped,
				    buf_text(&backlog->gone), backlog->gone.size };
	struct tape_place nowhere;

	if (!backlog_settled(backlog) || backlog->dropped != backlog->dropped_told)
		tape_add(backlog->tape, &gone, &nowhere);
	if (!backlog->note || backlog->note_place.segment)
		return;
	const struct entry note = { .kind = ENTRY_FLIGHT,
				    .body = backlog->note,
				    .size = strlen(backlog->note) };
	tape_add(backlog->tape, &note, &backlog->note_next);
}

static void add_records(struct backlog *backlog)
{
	for (size_t i = 0; i < backlog->count; i++) {
		struct item *item = &backlog->items[i];
		if (!item->text || item->flying)
			continue;
		const struct entry entry = { ENTRY_RECORD, item->id, (uint64_t)item->collection,
					     item->text, strlen(item->text) };
		if (!tape_add(backlog->tape, &entry, &item->next))
			return;
	}
}

/* What is left in the oldest segment, so that it can go. */
static void add_moved(struct backlog *backlog)
{
	const uint64_t segment = tape_crowded(backlog->tape);
	size_t moved = 0;

	if (!segment)
		return;
	for (size_t i = 0; i < backlog->count && moved < MOVED_AT_ONCE; i++) {
		struct item *item = &backlog->items[i];
		struct entry entry;
		if (item->text || item->place.segment != segment)
			continue;
		/* A damaged one is found again, and said, by backlog_read. */
		AUTO_FREE char *data = NULL;
		if (tape_read(backlog->tape, &item->place, &entry, &data, NULL) < 0 ||
		    !tape_add(backlog->tape, &entry, &item->next))
			return;
		moved++;
	}
}

static void was_written(struct backlog *backlog)
{
	for (size_t i = 0; i < backlog->count; i++) {
		struct item *item = &backlog->items[i];
		if (!item->next.segment)
			continue;
		tape_release(backlog->tape, &item->place);
		item->place = item->next;
		tape_hold(backlog->tape, &item->place);
		backlog->held -= item->text && item->tried;
		free(item->text);
		item->text = NULL;
	}
	if (backlog->note_next.segment) {
		backlog->note_place = backlog->note_next;
		tape_hold(backlog->tape, &backlog->note_place);
	}
	buf_clear(&backlog->gone);
	backlog->note_gone = false;
	backlog->dropped_told = backlog->dropped;
	plan_nothing(backlog);
	tape_trim(backlog->tape);
}

static void was_not_written(struct backlog *backlog)
{
	for (size_t i = 0; i < backlog->count; i++) {
		struct item *item = &backlog->items[i];
		if (item->next.segment && item->text)
			item->doubtful = tape_doubtful(backlog->tape);
		if (!item->text || item->flying || item->tried)
			continue;
		item->tried = true;
		backlog->held++;
	}
	plan_nothing(backlog);
}

static int write_batch(struct backlog *backlog, bool small, struct error *err)
{
	const struct entry begin = { ENTRY_BEGIN, backlog->next_id, backlog->dropped, "", 0 };
	int status = tape_begin(backlog->tape, &begin, small, err);

	if (status < 0)
		return status;
	plan_nothing(backlog);
	add_small(backlog);
	if (!small) {
		add_records(backlog);
		add_moved(backlog);
	}
	status = tape_commit(backlog->tape, err);
	if (status == 0)
		was_written(backlog);
	return status;
}

int backlog_commit(struct backlog *backlog, struct error *err)
{
	if (backlog_written(backlog))
		return 0;
	int status = write_batch(backlog, false, err);
	/* What says that something is gone makes room on a disk that is full. */
	if (status == -ENOSPC && has_small(backlog) && write_batch(backlog, true, NULL) == 0)
		status = backlog_written(backlog) ? 0 : write_batch(backlog, false, err);
	if (status < 0)
		was_not_written(backlog);
	return status;
}

/* ---- from disk ---- */

static void forget_known(struct backlog *backlog, uint64_t id)
{
	size_t at = backlog_find(backlog, id);

	if (at < backlog->count)
		take_out(backlog, at);
}

static void saw_gone(struct backlog *backlog, const struct entry *entry)
{
	AUTO_FREE char *ids = alloc_bytes(entry->body, entry->size);
	char *rest = ids;

	for (char *word; (word = strsep(&rest, " "));)
		if (*word)
			forget_known(backlog, strtoull(word, NULL, 10));
	if (!entry->id)
		return;
	free(backlog->note);
	backlog->note = NULL;
}

static void saw_record(struct backlog *backlog, const struct entry *entry,
		       const struct tape_place *place)
{
	size_t at = place_of(backlog, entry->id);

	if (at == backlog->count || backlog->items[at].id != entry->id)
		insert(backlog, at, entry->id, (int)entry->number);
	backlog->items[at].place = *place;
	if (entry->id >= backlog->next_id)
		backlog->next_id = entry->id + 1;
}

static void seen(void *arg, const struct entry *entry, const struct tape_place *place)
{
	struct backlog *backlog = arg;

	switch (entry->kind) {
	case ENTRY_BEGIN:
		if (entry->id > backlog->next_id)
			backlog->next_id = entry->id;
		break;
	case ENTRY_RECORD:
		saw_record(backlog, entry, place);
		return;
	case ENTRY_FLIGHT:
		free(backlog->note);
		backlog->note = alloc_bytes(entry->body, entry->size);
		backlog->note_place = *place;
		return;
	case ENTRY_GONE:
		saw_gone(backlog, entry);
		break;
	case ENTRY_KINDS:
		return;
	}
	if (entry->number > backlog->dropped)
		backlog->dropped = entry->number;
}

/* ---- life ---- */

struct backlog *backlog_new(const char *folder, const char *aside, struct error *err)
{
	struct backlog *backlog = alloc_zero(1, sizeof(*backlog));

	backlog->next_id = 1;
	buf_init(&backlog->gone, GONE_MAX);
	backlog->tape = tape_new(
		&(struct tape_options){
			.folder = folder, .aside = aside, .seen = seen, .arg = backlog },
		err);
	if (!backlog->tape) {
		backlog_free(backlog);
		return NULL;
	}
	/* Only now: what was needed at first may not be at the end. */
	for (size_t i = 0; i < backlog->count; i++)
		tape_hold(backlog->tape, &backlog->items[i].place);
	if (backlog->note)
		tape_hold(backlog->tape, &backlog->note_place);
	else
		backlog->note_place = (struct tape_place){ 0 };
	backlog->dropped_told = backlog->dropped;
	return backlog;
}

void backlog_free(struct backlog *backlog)
{
	if (!backlog)
		return;
	while (backlog->count)
		take_out(backlog, backlog->count - 1);
	free(backlog->items);
	free(backlog->note);
	buf_done(&backlog->gone);
	tape_free(backlog->tape);
	free(backlog);
}
