/* console.h: the table that ends a run on a terminal. */
#ifndef REPORTS_CONSOLE_H
#define REPORTS_CONSOLE_H

#include <jansson.h>
#include <stdbool.h>

#include "base/buf.h"

/* Appends the table, ended by a line break. result has passed report_check. colour: with SGR
 * sequences (the caller honours NO_COLOR). width: columns, from 40; 0 means that no line is cut or
 * wrapped, for logs. Nothing that an agent wrote reaches the terminal as a control sequence. */
void report_console(const json_t *result, struct buf *out, bool colour, unsigned width);

#endif
