/* status.h: the numbers of the status block in the contract's words: D09 and D10. */
#ifndef AGENTS_COMMON_STATUS_H
#define AGENTS_COMMON_STATUS_H

#include <cjson/cJSON.h>
#include <stddef.h>
#include <stdint.h>

const char *status_word(int status);

/* Adds "status" and "codes". error: -1 for none. */
void status_add(cJSON *record, int status, int error, const uint8_t *warnings, size_t count);

#endif
