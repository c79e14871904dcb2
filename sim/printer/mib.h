/* mib.h: what a printer answers by SNMP: a sorted list of OID and value.
 *
 * A list is filled by the mib_*.c files from a device's state, sorted once, and then only searched;
 * the device makes a new one when its state has changed. Cells and their bytes live in the list. */
#ifndef SIM_PRINTER_MIB_H
#define SIM_PRINTER_MIB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

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

/* Values that move with time, not with state: computed when read. */
enum mib_live {
	MIB_FIXED,
	MIB_UPTIME, /* ticks since the printer was switched on */
	MIB_CLOCK,  /* the device's clock, DateAndTime of 11 octets */
	MIB_STATUS, /* the status block: carries the seconds a cleaning still takes */
};

struct mib_entry {
	const uint32_t *oid;
	uint16_t oid_count;
	uint16_t object_count; /* how much of oid names the object; the rest is the instance */
	uint8_t type;          /* enum mib_type */
	uint8_t live;          /* enum mib_live */
	uint32_t size;
	int64_t number;       /* numbers and addresses (host order) */
	const uint8_t *bytes; /* octets; for MIB_OID uint32_t sub-identifiers, size in bytes */
};

struct mib *mib_new(void);
void mib_free(struct mib *mib); /* NULL is fine */

/* Filling. oid is dotted text that this program wrote: anything else is a bug. */
void mib_number(struct mib *mib, const char *oid, enum mib_type type, int64_t value);
void mib_text(struct mib *mib, const char *oid, const char *text);
void mib_octets(struct mib *mib, const char *oid, const void *data, size_t size);
void mib_oid(struct mib *mib, const char *oid, const char *value);
void mib_live(struct mib *mib, const char *oid, enum mib_type type, enum mib_live live);

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
void row_oid(const struct mib_row *row, uint32_t column, const struct oid *value);

/* Any cell, with the OID as an array, of which the last sub-identifiers are the instance. */
void mib_put(struct mib *mib, const struct oid *oid, size_t instance, enum mib_type type,
	     int64_t number, const void *data, size_t size);

/* Drops what keep refuses; keep may change an entry's type. Before mib_finish, or after. */
void mib_filter(struct mib *mib, bool (*keep)(struct mib_entry *entry, const void *arg),
		const void *arg);

/* Takes over what common has and mib lacks (a device's own value wins), then sorts. common must
 * live as long as mib; may be NULL. */
void mib_finish(struct mib *mib, const struct mib *common);

/* Searching a finished list. */
const struct mib_entry *mib_find(const struct mib *mib, const uint32_t *oid, size_t count);
/* The first entry behind oid (or at it, if inclusive); NULL at the end. */
const struct mib_entry *mib_next(const struct mib *mib, const uint32_t *oid, size_t count,
				 bool inclusive);
/* Whether oid names an instance, present or not, of an object that the list has: noSuchInstance
 * against noSuchObject (RFC 3416, 4.2.1). */
bool mib_has_object(const struct mib *mib, const uint32_t *oid, size_t count);
struct oid mib_oid_value(const struct mib_entry *entry); /* of a MIB_OID cell */
size_t mib_count(const struct mib *mib);
const struct mib_entry *mib_entry(const struct mib *mib, size_t i);

/* The whole of a device; one file each. */
void mib_add_system(struct mib *mib, const struct device *device);
void mib_add_printer(struct mib *mib, const struct device *device);
void mib_add_epson(struct mib *mib, const struct device *device);
void mib_add_extension(struct mib *mib, const struct device *device);

#endif
