/* mib.h: what a printer answers by SNMP: a sorted list of OID and value.
 *
 * A list is filled by the mib_*.c files from a device's state, sorted once, and then only searched;
 * the device makes a new one when its state has changed. What makes one printer another, its
 * address above all, stands in no list but is put in when read, so printers can share a list, and
 * lists can share entries. Entries and their bytes live in the list that was filled with them. */
#ifndef SIM_PRINTER_MIB_H
#define SIM_PRINTER_MIB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/printer/ber.h"
#include "sim/printer/oid.h"

struct device;
struct mib;

/* ASN.1 tags of SNMP (RFC 2578). */
enum mib_type {
	MIB_INTEGER = 0x02,
	MIB_OCTETS = 0x04,
	MIB_OID = 0x06,
	MIB_ADDRESS = 0x40,
	MIB_COUNTER = 0x41,
	MIB_GAUGE = 0x42,
	MIB_TICKS = 0x43,
};

/* Values that are computed when read: see live.h. */
enum mib_live {
	MIB_FIXED,
	/* They move with time, not with state. */
	MIB_UPTIME, /* ticks since the printer was switched on */
	MIB_CLOCK,  /* the device's clock, DateAndTime of 11 octets */
	MIB_STATUS, /* the status block: carries the seconds a cleaning still takes */
	MIB_ENGINE_BOOTS,
	MIB_ENGINE_TIME,
	MIB_V3_COUNT, /* number: enum usm_fault */
	/* They tell one printer from another. */
	MIB_HOSTNAME,
	MIB_SERIAL,
	MIB_COMMUNITY,
	MIB_DEVICE_ID,
	MIB_MAC, /* 6 octets */
	MIB_MAC_TEXT,
	MIB_CARD_NAME, /* of its network card, as ENPC tells it */
	MIB_ADDRESS_TEXT,
	MIB_LPR, /* URIs of its ports */
	MIB_IPP,
	MIB_ENGINE_ID,
	MIB_OWN_ADDRESS,
	MIB_OWN_NETWORK, /* the address without its host part */
};

/* What the last four sub-identifiers are. */
enum mib_index { INDEX_FIXED, INDEX_OWN_ADDRESS, INDEX_OWN_NETWORK };

struct mib_entry {
	const uint32_t *oid; /* as of the printer that the list was made for: see mib_name */
	uint16_t oid_count;
	uint16_t object_count; /* how much of oid names the object; the rest is the instance */
	uint8_t type;          /* enum mib_type */
	uint8_t live;          /* enum mib_live */
	uint8_t index;         /* enum mib_index */
	uint32_t size;
	int64_t number;       /* numbers and addresses (host order) */
	const uint8_t *bytes; /* octets; for MIB_OID uint32_t sub-identifiers, size in bytes */
	/* BER, made by mib_finish: content of the name; where index is not fixed, without its last
	 * four sub-identifiers. The whole varbind, NULL where something has to be put in. */
	const uint8_t *name, *varbind;
	uint32_t name_size, varbind_size;
};

struct mib *mib_new(void);
void mib_free(struct mib *mib); /* NULL is fine */

/* Filling. oid is dotted text that this program wrote: anything else is a bug. */
void mib_number(struct mib *mib, const char *oid, enum mib_type type, int64_t value);
void mib_text(struct mib *mib, const char *oid, const char *text);
void mib_octets(struct mib *mib, const char *oid, const void *data, size_t size);
void mib_oid(struct mib *mib, const char *oid, const char *value);
void mib_live(struct mib *mib, const char *oid, enum mib_type type, enum mib_live live);
/* What the entry that was put last is: computed when read; indexed by the printer's own address or
 * network. */
void mib_computed(struct mib *mib, enum mib_live live);
void mib_indexed(struct mib *mib, enum mib_index index);

/* A conceptual row: cells are entry.column.index. */
struct mib_row {
	struct mib *mib;
	struct oid entry, index;
};

struct mib_row mib_row(struct mib *mib, const char *entry, size_t count, ...); /* count unsigned */
void row_number(const struct mib_row *row, uint32_t column, enum mib_type type, int64_t value);
void row_numbers(const struct mib_row *row, uint32_t first_column, const int *values, size_t count);
void row_text(const struct mib_row *row, uint32_t column, const char *text);
void row_octets(const struct mib_row *row, uint32_t column, const void *data, size_t size);
void row_live(const struct mib_row *row, uint32_t column, enum mib_type type, enum mib_live live);
void row_oid(const struct mib_row *row, uint32_t column, const struct oid *value);

/* Any cell, with the OID as an array, of which the last sub-identifiers are the instance. */
void mib_put(struct mib *mib, const struct oid *oid, size_t instance, enum mib_type type,
	     int64_t number, const void *data, size_t size);

/* Drops what keep refuses; keep may change an entry's type. Before mib_finish, or after. */
void mib_filter(struct mib *mib, bool (*keep)(struct mib_entry *entry, const void *arg),
		const void *arg);

/* Takes over what common has and mib lacks (a device's own value wins), then sorts and encodes.
 * common must live as long as mib; may be NULL. */
void mib_finish(struct mib *mib, const struct mib *common);

/* A finished list with the same entries that keeps only what other lacks and refers to the rest;
 * other must live as long. Frees mib. Caller owns. */
struct mib *mib_without(struct mib *mib, const struct mib *other);

/* A value, tag and all, of an entry that is not live, or was read (live.h), one that
 * SNMP can carry. */
bool mib_is_encodable(const struct mib_entry *entry);
size_t mib_value_size(const struct mib_entry *entry); /* of the content alone */
uint8_t *mib_put_value(uint8_t *at, const struct mib_entry *entry);

/* Whether a printer with another address would have the same entries in the same order. */
bool mib_is_shareable(const struct mib *mib);

/* Searching the list itself, names taken as of the printer that it was made for. The first entry
 * behind oid (or at it, if inclusive); NULL at the end. */
const struct mib_entry *mib_next(const struct mib *mib, const uint32_t *oid, size_t count,
				 bool inclusive);
const struct mib_entry *mib_find(const struct mib *mib, const uint32_t *oid, size_t count);

/* A finished list as one printer has it. */
struct mib_view {
	const struct mib *mib;
	uint32_t address, network; /* host order */
};
struct mib_view mib_view(const struct mib *mib, uint32_t address, uint32_t netmask);

/* Searching: positions from 0 to mib_count(), which is the end. */
size_t mib_lower_bound(const struct mib_view *view, const uint32_t *oid, size_t count);
bool mib_stands_at(const struct mib_view *view, size_t at, const uint32_t *oid, size_t count);
/* Whether oid, whose lower bound is at, names an instance, present or not, of an object that the
 * list has: noSuchInstance against noSuchObject (RFC 3416, 4.2.1). */
bool mib_has_object(const struct mib_view *view, size_t at, const uint32_t *oid, size_t count);
/* The position of an entry by the content of its name in BER; not exact: the lower bound of a name
 * that others begin with. mib_count() if it is not known this way: search then. */
size_t mib_position(const struct mib *mib, const uint8_t *name, size_t size, bool *exact);

struct oid mib_oid_value(const struct mib_entry *entry); /* of a MIB_OID cell */
/* How many entries from position at on stand encoded one behind another, at most count of them and
 * room bytes; 0 where the first has to be computed. run is where. */
size_t mib_run(const struct mib *mib, size_t at, size_t count, size_t room, struct span *run);

size_t mib_count(const struct mib *mib);
const struct mib_entry *mib_entry(const struct mib *mib, size_t i);
struct oid mib_name(const struct mib_view *view, const struct mib_entry *entry);
/* The last four sub-identifiers of an entry whose index is not fixed. */
enum { MIB_INDEX_IDS = 4 };
void mib_index(const struct mib_view *view, const struct mib_entry *entry,
	       uint32_t index[MIB_INDEX_IDS]);

/* The whole of a device; one file each. */
void mib_add_system(struct mib *mib, const struct device *device);
void mib_add_printer(struct mib *mib, const struct device *device);
void mib_add_epson(struct mib *mib, const struct device *device);
void mib_add_second(struct mib *mib, const struct device *device);
void mib_add_extension(struct mib *mib, const struct device *device);
void mib_add_engine(struct mib *mib, const struct device *device);

#endif
