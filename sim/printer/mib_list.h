/* mib_list.h: what a list consists of; for the files that make it up (mib*.c) only. */
#ifndef SIM_PRINTER_MIB_LIST_H
#define SIM_PRINTER_MIB_LIST_H

#include "sim/printer/mib.h"

/* Bytes that never move, so entries can point at them. */
struct chunk {
	struct chunk *next;
	size_t used, size;
	uint8_t data[];
};

/* A name, or what names begin with: where it stands, or the first that begins so. */
struct slot {
	uint16_t position; /* + 1; 0: free */
	uint16_t size;     /* of the name in BER */
};

struct mib {
	struct chunk *chunks;
	struct mib_entry *own; /* in the order they were put; does not grow once finished */
	size_t own_count, own_capacity;
	const struct mib_entry **list; /* sorted: own ones, and those of lists it rests on */
	size_t count;
	struct slot *slots; /* by hash of the name, open addressing */
	size_t slot_mask, slots_used;
	uint8_t *stream;  /* all varbinds one behind another, but those that are computed; a list */
	uint32_t *starts; /* of their positions in it, and its end; both NULL in a list of one's own
			   */
	bool private;
};

/* Makes the list searchable by names in BER, whole ones and, if asked for, what they begin with. */
void mib_lookup_names(struct mib *mib, bool beginnings);

/* Lays the varbinds out one behind another. */
void mib_lookup_runs(struct mib *mib);

#endif
