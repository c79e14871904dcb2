/* walk.h: an SNMP walk as text, read into a list: .snmprec files and the output of snmpwalk -On.
 *
 * Octets keep every byte. What the two forms cannot say without loss is refused, not guessed. */
#ifndef SIM_PRINTER_WALK_H
#define SIM_PRINTER_WALK_H

#include <stddef.h>

#include "base/buf.h"
#include "base/error.h"
#include "sim/printer/mib.h"

enum {
	WALK_FILE_MAX = 8 << 20,
	WALK_ROWS_MAX = 20000, /* as many as a profile may carry */
	WALK_VALUE_MAX = 65535,
};

struct walk_count {
	size_t rows;
	size_t left_out;    /* of a type that SNMPv1 lacks: Counter64, Opaque, NULL */
	int first_left_out; /* its line */
};

/* The rows in order, or NULL with file:line:column. Which form it is, the first row tells. file is
 * the name used in errors; count may be NULL. */
struct mib *walk_parse(const char *text, size_t size, const char *file, struct walk_count *count,
		       struct error *err);

/* One row as a line of .snmprec; octets in hex unless they are printable ASCII. */
void walk_write(const struct mib_entry *entry, struct buf *out);

#endif
