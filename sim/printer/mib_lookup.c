#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "sim/printer/ber.h"
#include "sim/printer/mib_list.h"

/* Where a name in BER stands in a list, and the bytes of what follows: what makes it fast. */

/* ---- names ---- */

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

void mib_lookup_names(struct mib *mib, bool beginnings)
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

void mib_lookup_runs(struct mib *mib)
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
