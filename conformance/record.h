/* record.h: the records that the cloud stored, as the binding reads them, and what the printers
 * really were at the time. */
#ifndef CONFORMANCE_RECORD_H
#define CONFORMANCE_RECORD_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "conformance/judge.h"

struct record {
	size_t line;          /* journal index of the upload */
	const json_t *upload; /* body */
	const json_t *record; /* borrowed */
	const char *device;   /* scenario's name, NULL if the serial is nobody's */
	const char *serial;   /* "" if the record has none */
	const char *id;       /* "" if it has none */
	const char *collection;
	int64_t acquired_ns; /* since the start, by the agent's stamp; INT64_MIN if it has none */
	int64_t stored_ns;   /* since the start */
};

struct records {
	struct record *items; /* owned, in the order in which they were stored */
	size_t count;
};

void records_collect(const struct judge *judge, struct records *records);
void records_done(struct records *records);

/* How long a reading may take: what the printer was at any moment this close to the stamp counts.
 */
enum { RECORD_SLACK_MS = 1000 };

/* Was value true of the device at some moment within the slack of acquired_ns? NULL for "not
 * there". D06 and D07 follow from clocks and are compared with the slack. */
bool record_item_true(const struct judge *judge, const struct record *record, const char *item,
		      const json_t *value);

/* The truth at the moment of the stamp, for people. Borrowed, NULL if the ledger has none. */
const json_t *record_truth(const struct judge *judge, const struct record *record,
			   const char *item);

#endif
