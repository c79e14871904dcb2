#include "conformance/import_find.h"

#include <ctype.h>
#include <string.h>

#include "base/buf.h"

const struct mib_entry *find_cell(const struct mib *walk, const char *oid, uint32_t row)
{
	struct oid at;
	oid_parse(oid, &at);
	if (row)
		oid_add(&at, row);
	return mib_find(walk, at.id, at.count);
}

char *find_text(const struct mib *walk, const char *oid, uint32_t row)
{
	const struct mib_entry *entry = find_cell(walk, oid, row);
	struct buf text;

	if (!entry || entry->type != MIB_OCTETS)
		return NULL;
	buf_init(&text, 4096);
	for (size_t i = 0; i < entry->size; i++)
		if (isprint(entry->bytes[i]))
			buf_add_u8(&text, entry->bytes[i]);
	if (text.size)
		return buf_steal(&text);
	buf_done(&text);
	return NULL;
}

char *find_text_or(const struct mib *walk, const char *oid, uint32_t row, const char *fallback)
{
	char *text = find_text(walk, oid, row);
	return text ? text : alloc_text(fallback);
}

int64_t find_number(const struct mib *walk, const char *oid, uint32_t row, int64_t fallback)
{
	const struct mib_entry *entry = find_cell(walk, oid, row);
	if (!entry || entry->type == MIB_OCTETS || entry->type == MIB_OID)
		return fallback;
	return entry->number;
}

const struct mib_entry *find_next(const struct mib *walk, const char *column,
				  const struct mib_entry *last)
{
	struct oid top;

	oid_parse(column, &top);
	const struct mib_entry *entry = last ? mib_next(walk, last->oid, last->oid_count, false)
					     : mib_next(walk, top.id, top.count, false);
	return entry && oid_below(entry->oid, entry->oid_count, &top) ? entry : NULL;
}

uint32_t row_of(const struct mib_entry *entry)
{
	return entry->oid[entry->oid_count - 1];
}

uint32_t find_row_named(const struct mib *walk, const char *column, const char *text)
{
	for (const struct mib_entry *entry = find_next(walk, column, NULL); entry;
	     entry = find_next(walk, column, entry))
		if (entry->type == MIB_OCTETS && entry->size == strlen(text) &&
		    !memcmp(entry->bytes, text, entry->size))
			return row_of(entry);
	return 0;
}

uint32_t find_row_numbered(const struct mib *walk, const char *column, int64_t number)
{
	for (const struct mib_entry *entry = find_next(walk, column, NULL); entry;
	     entry = find_next(walk, column, entry))
		if (entry->type == MIB_INTEGER && entry->number == number)
			return row_of(entry);
	return 0;
}
