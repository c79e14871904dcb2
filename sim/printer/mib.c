#include "sim/printer/mib.h"

#include <assert.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"

enum { CHUNK_SIZE = 16384 };

/* Bytes that never move, so entries can point at them. */
struct chunk {
	struct chunk *next;
	size_t used, size;
	uint8_t data[];
};

struct mib {
	struct chunk *chunks;
	struct mib_entry *entries;
	size_t count, capacity;
};

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
	free(mib->entries);
	free(mib);
}

/* ---- filling ---- */

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
	if (size)
		memcpy(at, data, size);
	return at;
}

static struct mib_entry *grow(struct mib *mib)
{
	if (mib->count == mib->capacity) {
		mib->capacity = mib->capacity ? mib->capacity * 2 : 512;
		mib->entries = alloc_grow(mib->entries, mib->capacity, sizeof(*mib->entries));
	}
	return &mib->entries[mib->count++];
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

static struct oid own_oid(const char *text)
{
	struct oid oid;
	bool valid = oid_parse(text, &oid);
	assert(valid);
	(void)valid;
	return oid;
}

void mib_number(struct mib *mib, const char *oid, enum mib_type type, int64_t value)
{
	struct oid at = own_oid(oid);
	mib_put(mib, &at, 1, type, value, NULL, 0);
}

void mib_octets(struct mib *mib, const char *oid, const void *data, size_t size)
{
	struct oid at = own_oid(oid);
	mib_put(mib, &at, 1, MIB_OCTETS, 0, data, size);
}

void mib_text(struct mib *mib, const char *oid, const char *text)
{
	mib_octets(mib, oid, text, strlen(text));
}

void mib_oid(struct mib *mib, const char *oid, const char *value)
{
	struct oid at = own_oid(oid), to = own_oid(value);
	mib_put(mib, &at, 1, MIB_OID, 0, to.id, to.count * sizeof(uint32_t));
}

void mib_live(struct mib *mib, const char *oid, enum mib_type type, enum mib_live live)
{
	mib_number(mib, oid, type, 0);
	mib->entries[mib->count - 1].live = (uint8_t)live;
}

struct mib_row mib_row(struct mib *mib, const char *entry, size_t count, ...)
{
	struct mib_row row = { .mib = mib, .entry = own_oid(entry) };
	va_list arguments;

	va_start(arguments, count);
	for (size_t i = 0; i < count; i++)
		oid_add(&row.index, va_arg(arguments, unsigned));
	va_end(arguments);
	return row;
}

static void put_cell(const struct mib_row *row, uint32_t column, enum mib_type type, int64_t number,
		     const void *data, size_t size)
{
	struct oid oid = row->entry;
	oid_add(&oid, column);
	for (size_t i = 0; i < row->index.count; i++)
		oid_add(&oid, row->index.id[i]);
	mib_put(row->mib, &oid, row->index.count, type, number, data, size);
}

void row_number(const struct mib_row *row, uint32_t column, enum mib_type type, int64_t value)
{
	put_cell(row, column, type, value, NULL, 0);
}

void row_numbers(const struct mib_row *row, uint32_t first_column, const int *values, size_t count)
{
	for (size_t i = 0; i < count; i++)
		row_number(row, first_column + (uint32_t)i, MIB_INTEGER, values[i]);
}

void row_octets(const struct mib_row *row, uint32_t column, const void *data, size_t size)
{
	put_cell(row, column, MIB_OCTETS, 0, data, size);
}

void row_text(const struct mib_row *row, uint32_t column, const char *text)
{
	row_octets(row, column, text, strlen(text));
}

void row_oid(const struct mib_row *row, uint32_t column, const struct oid *value)
{
	put_cell(row, column, MIB_OID, 0, value->id, value->count * sizeof(uint32_t));
}

void mib_filter(struct mib *mib, bool (*keep_it)(struct mib_entry *entry, const void *arg),
		const void *arg)
{
	size_t kept = 0;
	for (size_t i = 0; i < mib->count; i++)
		if (keep_it(&mib->entries[i], arg))
			mib->entries[kept++] = mib->entries[i];
	mib->count = kept;
}

static int compare_entries(const void *a, const void *b)
{
	const struct mib_entry *x = a, *y = b;
	return oid_compare(x->oid, x->oid_count, y->oid, y->oid_count);
}

void mib_finish(struct mib *mib, const struct mib *common)
{
	size_t own = mib->count;

	if (own)
		qsort(mib->entries, own, sizeof(*mib->entries), compare_entries);
	for (size_t i = 0; common && i < common->count; i++) {
		const struct mib_entry *entry = &common->entries[i];
		if (!own || !bsearch(entry, mib->entries, own, sizeof(*entry), compare_entries))
			*grow(mib) = *entry;
	}
	if (mib->count > own)
		qsort(mib->entries, mib->count, sizeof(*mib->entries), compare_entries);
}

/* ---- searching ---- */

/* Index of the first entry that is not before oid. */
static size_t lower_bound(const struct mib *mib, const uint32_t *oid, size_t count)
{
	size_t low = 0, high = mib->count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		const struct mib_entry *entry = &mib->entries[middle];
		if (oid_compare(entry->oid, entry->oid_count, oid, count) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static bool stands_at(const struct mib *mib, size_t at, const uint32_t *oid, size_t count)
{
	return at < mib->count &&
	       !oid_compare(mib->entries[at].oid, mib->entries[at].oid_count, oid, count);
}

const struct mib_entry *mib_find(const struct mib *mib, const uint32_t *oid, size_t count)
{
	size_t at = lower_bound(mib, oid, count);
	return stands_at(mib, at, oid, count) ? &mib->entries[at] : NULL;
}

const struct mib_entry *mib_next(const struct mib *mib, const uint32_t *oid, size_t count,
				 bool inclusive)
{
	size_t at = lower_bound(mib, oid, count);
	if (!inclusive && stands_at(mib, at, oid, count))
		at++;
	return at < mib->count ? &mib->entries[at] : NULL;
}

static bool is_instance_of(const struct mib_entry *entry, const uint32_t *oid, size_t count)
{
	return count > entry->object_count &&
	       !memcmp(entry->oid, oid, entry->object_count * sizeof(*oid));
}

bool mib_has_object(const struct mib *mib, const uint32_t *oid, size_t count)
{
	/* In a sorted list one of the two neighbours shares the longest prefix. */
	size_t at = lower_bound(mib, oid, count);
	return (at < mib->count && is_instance_of(&mib->entries[at], oid, count)) ||
	       (at > 0 && is_instance_of(&mib->entries[at - 1], oid, count));
}

struct oid mib_oid_value(const struct mib_entry *entry)
{
	struct oid oid = { .count = entry->size / sizeof(uint32_t) };
	if (oid.count > OID_MAX)
		oid.count = OID_MAX;
	memcpy(oid.id, entry->bytes, oid.count * sizeof(uint32_t));
	return oid;
}

size_t mib_count(const struct mib *mib)
{
	return mib->count;
}

const struct mib_entry *mib_entry(const struct mib *mib, size_t i)
{
	return &mib->entries[i];
}
