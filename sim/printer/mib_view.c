#include <string.h>

#include "sim/printer/mib_list.h"

/* A list as the printer at one address shows it, searched by numbers. */

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
