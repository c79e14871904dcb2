/* st2.h: Epson's status block "@BDC ST2": what of it an agent reports. Pure: bytes in, values out.
 * Field 19, the name of the job being printed, is print data and is never looked at (COL-7). */
#ifndef AGENTS_DC_ST2_H
#define AGENTS_DC_ST2_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { ST2_WARNINGS_MAX = 32 };

struct st2 {
	int status;                         /* field 01 */
	int error;                          /* field 02, -1 if there is none */
	uint8_t warnings[ST2_WARNINGS_MAX]; /* field 04 */
	size_t warning_count;
};

/* False if it is no status block, ends early, or has no status. */
bool st2_parse(const uint8_t *data, size_t size, struct st2 *st2);

/* Do they differ in what makes an event: status, error, warnings? */
bool st2_equal(const struct st2 *a, const struct st2 *b);

#endif
