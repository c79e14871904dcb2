/* lines.h: the status of a label printer that speaks ESC/Label: lines of text where others have the
 * block of st2.h. Pure: bytes in, the same values out. */
#ifndef AGENTS_DC_LINES_H
#define AGENTS_DC_LINES_H

#include "agents/dc/st2.h"

/* False if it is not lines and nothing else, or has no status. */
bool lines_parse(const uint8_t *data, size_t size, struct st2 *st2);

#endif
