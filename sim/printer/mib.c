#include "sim/printer/mib.h"

#include <assert.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "sim/printer/ber.h"

enum { CHUNK_SIZE = 16384 };

/* Bytes that never move, so entries can point at them. */
struct chunk {
	struct chunk *next;
	size_t used, size;
	uint8_t data[];
};

/* A name, or what names begin with: where it stands, or the first that begins so. */
struct slot {
	uint16_t position; /* + 1; 0: free */
	uint16_t size;     /* of the name in BER */
};

struct mib {
	struct chunk *chunks;
	struct mib_entry *own; /* in the order they were put; does not grow once finished */
	size_t own_count, own_capacity;
	const struct mib_entry **list; /* sorted: own ones, and those of lists it rests on */
	size_t count;
	struct slot *slots; /* by hash of the name, open addressing */
	size_t slot_mask, slots_used;
	uint8_t *stream;  /* all varbinds one behind another, but those that are computed; a list */
	uint32_t *starts; /* of their positions in it, and its end; both NULL in a list of one's own
			   */
	bool private;
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
	free(mib->own);
	free(mib->list);
	free(mib->slots);
	free(mib->stream);
	free(mib->starts);
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
	mib_computed(mib, live);
}

void mib_computed(struct mib *mib, enum mib_live live)
{
	mib->own[mib->own_count - 1].live = (uint8_t)live;
}

void mib_indexed(struct mib *mib, enum mib_index index)
{
	mib->own[mib->own_count - 1].index = (uint8_t)index;
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

void row_live(const struct mib_row *row, uint32_t column, enum mib_type type, enum mib_live live)
{
	put_cell(row, column, type, 0, NULL, 0);
	mib_computed(row->mib, live);
}

void row_oid(const struct mib_row *row, uint32_t column, const struct oid *value)
{
	put_cell(row, column, MIB_OID, 0, value->id, value->count * sizeof(uint32_t));
}

/* ---- encoding ---- */

/* A number that SNMP cannot carry in its type is left to net-snmp to make something of. */
bool mib_is_encodable(const struct mib_entry *entry)
{
	switch ((enum mib_type)entry->type) {
	case MIB_INTEGER:
		return entry->number >= INT32_MIN && entry->number <= INT32_MAX;
	case MIB_COUNTER:
	case MIB_GAUGE:
	case MIB_TICKS:
		return entry->number >= 0 && entry->number <= UINT32_MAX;
	case MIB_OCTETS:
	case MIB_ADDRESS:
		return true;
	case MIB_OID:
		return entry->size >= 2 * sizeof(uint32_t);
	}
	return false;
}

size_t mib_value_size(const struct mib_entry *entry)
{
	switch ((enum mib_type)entry->type) {
	case MIB_OCTETS:
		return entry->size;
	case MIB_OID:
		return ber_oid_size((const uint32_t *)(const void *)entry->bytes,
				    entry->size / sizeof(uint32_t));
	case MIB_ADDRESS:
		return 4;
	case MIB_INTEGER:
	case MIB_COUNTER:
	case MIB_GAUGE:
	case MIB_TICKS:
		break;
	}
	return ber_number_size(entry->number);
}

uint8_t *mib_put_value(uint8_t *at, const struct mib_entry *entry)
{
	at = ber_put_header(at, entry->type, mib_value_size(entry));
	switch ((enum mib_type)entry->type) {
	case MIB_OCTETS:
		if (entry->size)
			memcpy(at, entry->bytes, entry->size);
		return at + entry->size;
	case MIB_OID:
		return ber_put_oid(at, (const uint32_t *)(const void *)entry->bytes,
				   entry->size / sizeof(uint32_t));
	case MIB_ADDRESS:
		put_be32(at, (uint32_t)entry->number);
		return at + 4;
	case MIB_INTEGER:
	case MIB_COUNTER:
	case MIB_GAUGE:
	case MIB_TICKS:
		break;
	}
	return ber_put_number(at, entry->number);
}

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

/* ---- finding by name ---- */

static size_t hash(const uint8_t *name, size_t size)
{
	uint64_t sum = size, word;
	for (; size >= sizeof(word); name += sizeof(word), size -= sizeof(word)) {
		memcpy(&word, name, sizeof(word));
		sum = (sum ^ word) * 0x9e3779b97f4a7c15u;
		sum ^= sum >> 29;
	}
	word = 0;
	memcpy(&word, name, size);
	sum = (sum ^ word) * 0x9e3779b97f4a7c15u;
	return (size_t)(sum >> 32);
}

static struct slot *slot_of(const struct mib *mib, const uint8_t *name, size_t size)
{
	size_t at = hash(name, size) & mib->slot_mask;
	struct slot *slot = &mib->slots[at];

	while (slot->position && (slot->size != size ||
				  memcmp(mib->list[slot->position - 1]->name, name, size) != 0)) {
		at = (at + 1) & mib->slot_mask;
		slot = &mib->slots[at];
	}
	return slot;
}

static void put_slot(struct mib *mib, size_t position, size_t size)
{
	struct slot *slot = slot_of(mib, mib->list[position]->name, size);

	if (slot->position)
		return; /* an earlier one begins so */
	*slot = (struct slot){ (uint16_t)(position + 1), (uint16_t)size };
	mib->slots_used++;
}

/* Walks begin at what no entry is called, but many begin with: a table, a column. */
static void put_beginnings(struct mib *mib, size_t position)
{
	const struct mib_entry *entry = mib->list[position];

	for (size_t i = 1; i < entry->name_size; i++)
		if (!(entry->name[i - 1] & 0x80) && mib->slots_used < mib->slot_mask / 2)
			put_slot(mib, position, i);
}

static void fill_slots(struct mib *mib, bool beginnings)
{
	if (mib->count >= UINT16_MAX)
		return; /* positions would not fit: such a list is searched */
	for (mib->slot_mask = 15; mib->slot_mask < mib->count * (beginnings ? 4u : 2u);)
		mib->slot_mask = mib->slot_mask * 2 + 1;
	mib->slots = alloc_zero(mib->slot_mask + 1, sizeof(*mib->slots));
	mib->slots_used = 0;
	for (size_t i = 0; i < mib->count; i++)
		if (mib->list[i]->index == INDEX_FIXED && mib->list[i]->name_size <= UINT16_MAX)
			put_slot(mib, i, mib->list[i]->name_size);
	for (size_t i = 0; i < mib->count && beginnings; i++)
		put_beginnings(mib, i);
}

size_t mib_position(const struct mib *mib, const uint8_t *name, size_t size, bool *exact)
{
	const struct slot *slot = mib->slots ? slot_of(mib, name, size) : NULL;

	if (!slot || !slot->position)
		return mib->count;
	const struct mib_entry *entry = mib->list[slot->position - 1];
	*exact = entry->name_size == size && entry->index == INDEX_FIXED;
	return slot->position - 1u;
}

/* ---- runs ---- */

static void fill_stream(struct mib *mib)
{
	mib->starts = alloc_zero(mib->count + 1, sizeof(*mib->starts));
	for (size_t i = 0; i < mib->count; i++)
		mib->starts[i + 1] = mib->starts[i] + mib->list[i]->varbind_size;
	mib->stream = alloc_zero(1, mib->starts[mib->count] + 1u);
	for (size_t i = 0; i < mib->count; i++)
		if (mib->list[i]->varbind)
			memcpy(mib->stream + mib->starts[i], mib->list[i]->varbind,
			       mib->list[i]->varbind_size);
}

size_t mib_run(const struct mib *mib, size_t at, size_t count, size_t room, struct span *run)
{
	if (!mib->starts)
		return 0;
	const uint32_t *start = mib->starts + at;
	size_t most = mib->count - at < count ? mib->count - at : count, taken = 0;
	while (taken < most && start[taken + 1] > start[taken] && start[taken + 1] - *start <= room)
		taken++;
	*run = (struct span){ mib->stream + *start, start[taken] - *start };
	return taken;
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
	fill_slots(mib, true);
	fill_stream(mib);
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
	fill_slots(mib, true);
	fill_stream(mib);
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
	fill_slots(rest, false);
	mib_free(mib);
	return rest;
}

bool mib_is_shareable(const struct mib *mib)
{
	return !mib->private;
}

/* ---- searching ---- */

struct mib_view mib_view(const struct mib *mib, uint32_t address, uint32_t netmask)
{
	return (struct mib_view){ mib, address, address & netmask };
}

void mib_index(const struct mib_view *view, const struct mib_entry *entry,
	       uint32_t index[MIB_INDEX_IDS])
{
	uint32_t address = entry->index == INDEX_OWN_NETWORK ? view->network : view->address;
	for (int i = 0; i < MIB_INDEX_IDS; i++)
		index[i] = address >> (24 - 8 * i) & 255;
}

struct oid mib_name(const struct mib_view *view, const struct mib_entry *entry)
{
	struct oid name = { .count = entry->oid_count };
	memcpy(name.id, entry->oid, entry->oid_count * sizeof(*entry->oid));
	if (entry->index != INDEX_FIXED)
		mib_index(view, entry, name.id + name.count - MIB_INDEX_IDS);
	return name;
}

static int compare_name(const struct mib_view *view, const struct mib_entry *entry,
			const uint32_t *oid, size_t count)
{
	size_t column = entry->oid_count - (size_t)MIB_INDEX_IDS;
	uint32_t index[MIB_INDEX_IDS];

	if (entry->index == INDEX_FIXED)
		return oid_compare(entry->oid, entry->oid_count, oid, count);
	int order = oid_compare(entry->oid, column, oid, count < column ? count : column);
	if (order || count < column)
		return order;
	mib_index(view, entry, index);
	return oid_compare(index, MIB_INDEX_IDS, oid + column, count - column);
}

size_t mib_lower_bound(const struct mib_view *view, const uint32_t *oid, size_t count)
{
	size_t low = 0, high = view->mib->count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (compare_name(view, view->mib->list[middle], oid, count) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

bool mib_stands_at(const struct mib_view *view, size_t at, const uint32_t *oid, size_t count)
{
	return at < view->mib->count && !compare_name(view, view->mib->list[at], oid, count);
}

static bool is_instance_of(const struct mib_entry *entry, const uint32_t *oid, size_t count)
{
	return count > entry->object_count &&
	       !memcmp(entry->oid, oid, entry->object_count * sizeof(*oid));
}

bool mib_has_object(const struct mib_view *view, size_t at, const uint32_t *oid, size_t count)
{
	/* In a sorted list one of the two neighbours shares the longest prefix. */
	const struct mib *mib = view->mib;
	return (at < mib->count && is_instance_of(mib->list[at], oid, count)) ||
	       (at > 0 && is_instance_of(mib->list[at - 1], oid, count));
}

const struct mib_entry *mib_next(const struct mib *mib, const uint32_t *oid, size_t count,
				 bool inclusive)
{
	size_t low = 0, high = mib->count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		const struct mib_entry *entry = mib->list[middle];
		if (oid_compare(entry->oid, entry->oid_count, oid, count) < (inclusive ? 0 : 1))
			low = middle + 1;
		else
			high = middle;
	}
	return low < mib->count ? mib->list[low] : NULL;
}

const struct mib_entry *mib_find(const struct mib *mib, const uint32_t *oid, size_t count)
{
	const struct mib_entry *entry = mib_next(mib, oid, count, true);
	return entry && !oid_compare(entry->oid, entry->oid_count, oid, count) ? entry : NULL;
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
	return mib->list[i];
}
