#include <assert.h>
#include <stdarg.h>
#include <string.h>

#include "sim/printer/mib_list.h"

/* Values and rows of tables by their names as text. */

static struct oid own_oid(const char *text)
{
	struct oid oid;
	bool valid = oid_parse(text, &oid);
	assert(valid);
	(void)valid;
	return oid;
}

/* RFC 2578: a Counter32 wraps around, a Gauge32 stays at its maximum; Integer32 has nothing for
 * what it cannot hold, so it stays as well. */
static int64_t fitted(enum mib_type type, int64_t value)
{
	switch (type) {
	case MIB_COUNTER:
	case MIB_TICKS:
		return value & UINT32_MAX;
	case MIB_GAUGE:
		return value > UINT32_MAX ? UINT32_MAX : value;
	case MIB_INTEGER:
		return value > INT32_MAX ? INT32_MAX : value;
	case MIB_ADDRESS:
	case MIB_OCTETS:
	case MIB_OID:
		break;
	}
	return value;
}

void mib_number(struct mib *mib, const char *oid, enum mib_type type, int64_t value)
{
	struct oid at = own_oid(oid);
	mib_put(mib, &at, 1, type, fitted(type, value), NULL, 0);
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
	mib_put(row->mib, &oid, row->index.count, type, fitted(type, number), data, size);
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
