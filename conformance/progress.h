/* progress.h: one line that changes on a terminal, plain lines elsewhere. */
#ifndef CONFORMANCE_PROGRESS_H
#define CONFORMANCE_PROGRESS_H

#include <stdbool.h>
#include <stddef.h>

struct progress {
	bool terminal;
	bool open; /* a line that is to be wiped stands there */
};

void progress_init(struct progress *progress);
void progress_line(struct progress *progress, const char *verdict, const char *id, size_t done,
		   size_t count);
void progress_done(struct progress *progress);

bool progress_color(void);     /* standard output is a terminal and NO_COLOR is not set */
unsigned progress_width(void); /* columns of standard output; 0 when it is no terminal */

#endif
