#include "sim/printer/mib.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "sim/printer/ber.h"
#include "sim/printer/mib_list.h"

enum { CHUNK_SIZE = 16384 };

struct mib *mib_new(void)
{
	return alloc_zero(1, sizeof(struct mib));
}

void mib_free(struct mib *mib)
{
	if (!mib)
		return;
	while (mib->chunks) {
		struct chunk *next = mib->chunks->next;
		free(mib->chunks);
		mib->chunks = next;
	}
	free(mib->own);
	free(mib->list);
	free(mib->slots);
	free(mib->stream);
	free(mib->starts);
	free(mib);
}

/* ---- filling ---- */

/* Room that never moves, filled with data unless that is NULL. */
static void *keep(struct mib *mib, const void *data, size_t size)
{
	size_t room = (size + 7) & ~(size_t)7;
	if (!mib->chunks || mib->chunks->size - mib->chunks->used < room) {
		size_t want = room > CHUNK_SIZE ? room : CHUNK_SIZE;
		struct chunk *chunk = alloc_zero(1, sizeof(*chunk) + want);
		chunk->size = want;
		chunk->next = mib->chunks;
		mib->chunks = chunk;
	}
	uint8_t *at = mib->chunks->data + mib->chunks->used;
	mib->chunks->used += room;
	if (data && size)
		memcpy(at, data, size);
	return at;
}

static struct mib_entry *grow(struct mib *mib)
{
	if (mib->own_count == mib->own_capacity) {
		mib->own_capacity = mib->own_capacity ? mib->own_capacity * 2 : 512;
		mib->own = alloc_grow(mib->own, mib->own_capacity, sizeof(*mib->own));
	}
	return &mib->own[mib->own_count++];
}

void mib_put(struct mib *mib, const struct oid *oid, size_t instance, enum mib_type type,
	     int64_t number, const void *data, size_t size)
{
	struct mib_entry entry = {
		.oid = keep(mib, oid->id, oid->count * sizeof(uint32_t)),
		.oid_count = (uint16_t)oid->count,
		.object_count = (uint16_t)(oid->count - instance),
		.type = (uint8_t)type,
		.number = number,
		.size = (uint32_t)size,
		.bytes = data ? keep(mib, data, size) : NULL,
	};
	*grow(mib) = entry;
}

/* ---- encoding ---- */

static void encode(struct mib *mib, struct mib_entry *entry)
{
	size_t count = entry->oid_count - (entry->index ? MIB_INDEX_IDS : 0u);
	size_t name = ber_oid_size(entry->oid, count), value = mib_value_size(entry);
	size_t content = ber_header_size(name) + name + ber_header_size(value) + value;

	entry->name_size = (uint32_t)name;
	if (entry->live || entry->index || !mib_is_encodable(entry)) {
		uint8_t *at = keep(mib, NULL, name);
		ber_put_oid(at, entry->oid, count);
		entry->name = at;
		return;
	}
	entry->varbind_size = (uint32_t)(ber_header_size(content) + content);
	uint8_t *at = keep(mib, NULL, entry->varbind_size);
	entry->varbind = at;
	at = ber_put_header(at, BER_SEQUENCE, content);
	at = ber_put_header(at, BER_OID, name);
	entry->name = at;
	mib_put_value(ber_put_oid(at, entry->oid, count), entry);
}

/* ---- finishing ---- */

static int compare_entries(const void *a, const void *b)
{
	const struct mib_entry *x = *(const struct mib_entry *const *)a;
	const struct mib_entry *y = *(const struct mib_entry *const *)b;
	return oid_compare(x->oid, x->oid_count, y->oid, y->oid_count);
}

static void sort(struct mib *mib)
{
	if (mib->count)
		qsort(mib->list, mib->count, sizeof(*mib->list), compare_entries);
}

static bool is_zero(const uint32_t *id)
{
	return !id[0] && !id[1] && !id[2] && !id[3];
}

/* With another address an indexed entry could stand on the other side of a neighbour of the same
 * column, but for the one at 0.0.0.0, which is always the first. */
static bool may_move(const struct mib_entry *entry, const struct mib_entry *neighbour)
{
	size_t column = entry->oid_count - (size_t)MIB_INDEX_IDS;
	return neighbour->oid_count >= column &&
	       !memcmp(entry->oid, neighbour->oid, column * sizeof(*entry->oid)) &&
	       !(neighbour->oid_count == entry->oid_count && is_zero(neighbour->oid + column));
}

static void find_moving(struct mib *mib)
{
	for (size_t i = 0; i < mib->count; i++) {
		const struct mib_entry *entry = mib->list[i];
		if (entry->index != INDEX_FIXED &&
		    ((i > 0 && may_move(entry, mib->list[i - 1])) ||
		     (i + 1 < mib->count && may_move(entry, mib->list[i + 1]))))
			mib->private = true;
	}
}

static void filter_list(struct mib *mib, bool (*keep_it)(struct mib_entry *entry, const void *arg),
			const void *arg)
{
	size_t kept = 0;
	for (size_t i = 0; i < mib->count; i++)
		if (keep_it((struct mib_entry *)mib->list[i], arg))
			mib->list[kept++] = mib->list[i];
	mib->count = kept;
	free(mib->slots);
	free(mib->stream);
	free(mib->starts);
	mib_lookup_names(mib, true);
	mib_lookup_runs(mib);
}

void mib_filter(struct mib *mib, bool (*keep_it)(struct mib_entry *entry, const void *arg),
		const void *arg)
{
	size_t kept = 0;

	if (mib->list) {
		filter_list(mib, keep_it, arg);
		return;
	}
	for (size_t i = 0; i < mib->own_count; i++)
		if (keep_it(&mib->own[i], arg))
			mib->own[kept++] = mib->own[i];
	mib->own_count = kept;
}

void mib_finish(struct mib *mib, const struct mib *common)
{
	size_t most = mib->own_count + (common ? common->count : 0);

	mib->list = alloc_zero(most + 1, sizeof(struct mib_entry *));
	for (size_t i = 0; i < mib->own_count; i++) {
		encode(mib, &mib->own[i]);
		mib->list[mib->count++] = &mib->own[i];
	}
	sort(mib);
	for (size_t i = 0; common && i < common->count; i++) {
		const struct mib_entry *entry = common->list[i];
		const struct mib_entry **same = bsearch(&entry, mib->list, mib->own_count,
							sizeof(*mib->list), compare_entries);
		if (!same)
			mib->list[mib->count++] = entry;
		else if ((*same)->index != INDEX_FIXED)
			mib->private = true; /* with another address it would not be the same */
	}
	sort(mib);
	find_moving(mib);
	mib_lookup_names(mib, true);
	mib_lookup_runs(mib);
}

static bool is_same(const struct mib_entry *a, const struct mib_entry *b)
{
	if (a->type != b->type || a->live != b->live || a->index != b->index ||
	    a->number != b->number || a->size != b->size || a->object_count != b->object_count)
		return false;
	return !a->size || !memcmp(a->bytes, b->bytes, a->size);
}

static void adopt(struct mib *mib, struct mib_entry entry)
{
	entry.oid = keep(mib, entry.oid, entry.oid_count * sizeof(*entry.oid));
	if (entry.bytes)
		entry.bytes = keep(mib, entry.bytes, entry.size);
	entry.varbind = NULL;
	*grow(mib) = entry;
}

struct mib *mib_without(struct mib *mib, const struct mib *other)
{
	struct mib *rest = mib_new();
	const struct mib_entry **shared = alloc_zero(mib->count + 1, sizeof(*shared));

	for (size_t i = 0; i < mib->count; i++) {
		const struct mib_entry *entry = mib->list[i];
		const struct mib_entry **same = bsearch(&entry, other->list, other->count,
							sizeof(*other->list), compare_entries);
		if (same && is_same(*same, entry))
			shared[rest->count++] = *same;
		else
			adopt(rest, *entry);
	}
	rest->list = alloc_grow(shared, rest->count + rest->own_count + 1, sizeof(*shared));
	rest->own = alloc_grow(rest->own, rest->own_count + 1, sizeof(*rest->own));
	for (size_t i = 0; i < rest->own_count; i++) {
		encode(rest, &rest->own[i]);
		rest->list[rest->count++] = &rest->own[i];
	}
	sort(rest);
	rest->private = true;
	mib_lookup_names(rest, false);
	mib_free(mib);
	return rest;
}

bool mib_is_shareable(const struct mib *mib)
{
	return !mib->private;
}
