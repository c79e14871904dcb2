/* history.h: the newest 16 entries of a log, each with a running number that never restarts. */
#ifndef SIM_PRINTER_HISTORY_H
#define SIM_PRINTER_HISTORY_H

#include <stddef.h>
#include <stdint.h>

enum { HISTORY_MAX = 16 };

/* One shape for all four logs; what a log does not have stays zero. Times are the device's clock,
 * nanoseconds since 1970. Texts are owned by the history. */
struct record {
	int64_t number;
	int64_t time, ended;
	char *kind; /* event: status, error, warning; cleaning: auto, manual, remote; maintenance:
		       the part; job: result */
	char *code; /* events: status word, Exx, Wxx */
	int64_t length_mm, square_cm, microlitres;
	char *document, *owner; /* print data */
};

struct history {
	struct record rows[HISTORY_MAX]; /* oldest first */
	size_t count;
	int64_t last_number;
};

/* Copies the texts and gives the entry its number. */
void history_add(struct history *history, const struct record *record);
/* Fills an empty history with a copy. */
void history_copy(struct history *history, const struct history *from);
void history_done(struct history *history);

#endif
