/* draft.h: an SNMP answer taken apart, to be changed and written again. */
#ifndef SIM_PRINTER_DRAFT_H
#define SIM_PRINTER_DRAFT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "sim/printer/snmp_message.h"

struct varbind {
	struct span name; /* content of the OID */
	uint8_t tag;
	struct span value; /* content */
};

struct draft {
	struct snmp_message asked;   /* the request, with its own varbinds */
	struct snmp_message message; /* the answer; its varbinds are read into the next two */
	struct varbind varbinds[SNMP_VARBINDS_MAX];
	size_t count;
	uint8_t *room; /* for what is new */
	size_t used;
};

/* False, and nothing to undo, if either is no whole v1 or v2c message. Points into both. */
bool draft_init(struct draft *draft, struct span request, struct span answer);
void draft_done(struct draft *draft);

/* The message again, in its shortest encoding. */
void draft_write(struct draft *draft, struct buf *out);

/* Bytes that live as long as the draft. All of them together: at most DRAFT_ROOM. */
enum { DRAFT_ROOM = 1 << 18 };
uint8_t *draft_room(struct draft *draft, size_t size);
struct span draft_number(struct draft *draft, int64_t number);
struct span draft_name(struct draft *draft, const struct oid *oid);

bool varbind_read(struct span varbind, struct varbind *out);
/* Named by top or below it; NULL is above all. */
bool varbind_below(const struct varbind *varbind, const struct oid *top);

#endif
