#include <string.h>

#include "base/buf.h"
#include "sim/printer/ber.h"
#include "sim/printer/mib.h"

/* A value of a list in BER. */

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
