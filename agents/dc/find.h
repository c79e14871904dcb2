/* find.h: which printer a command is for (REM-4). */
#ifndef AGENTS_DC_FIND_H
#define AGENTS_DC_FIND_H

#include <stddef.h>

#include "agents/dc/printer.h"

/* The designated printer that gave this serial number, NULL if none did. */
struct printer *find_printer(struct printer *const *printers, size_t count, const char *serial);

#endif
