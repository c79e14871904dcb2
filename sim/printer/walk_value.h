/* walk_value.h: the words of a walk: pieces of a line, and the values they stand for. */
#ifndef SIM_PRINTER_WALK_VALUE_H
#define SIM_PRINTER_WALK_VALUE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "sim/printer/mib.h"

/* Part of a text that does not end in NUL; borrowed. */
struct piece {
	const char *data;
	size_t size;
};

bool piece_is(struct piece piece, const char *text);
bool piece_starts(struct piece piece, const char *text);
/* Splits at the first mark: head before it, rest behind it. False, nothing changed, without one. */
bool piece_cut(struct piece *rest, const char *mark, struct piece *head);
struct piece piece_word(struct piece piece);        /* up to the first blank */
struct piece piece_in_brackets(struct piece piece); /* "up(1)": "1"; the piece itself without any */
bool piece_oid(struct piece piece, struct oid *oid); /* with or without a dot in front */
bool piece_hex(struct piece piece, struct buf *out); /* pairs, blanks between them or not */

struct walk_value {
	enum mib_type type;
	int64_t number;
	struct oid oid;
	struct buf bytes;
};

void walk_value_init(struct walk_value *value);
void walk_value_done(struct walk_value *value);

/* Reads text as a value of this type. NULL, or what was expected instead. */
const char *walk_value_read(struct walk_value *value, enum mib_type type, bool hex,
			    struct piece text);

/* Octets that snmpwalk wrote by their DISPLAY-HINT (RFC 2579): a physical address, a DateAndTime.
 * False if text is neither. */
bool walk_value_hinted(struct piece text, struct walk_value *value);

#endif
