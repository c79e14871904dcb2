/* targets.h: the device list: who may be asked, and nobody else (COL-6, REM-4). */
#ifndef AGENTS_COMMON_TARGETS_H
#define AGENTS_COMMON_TARGETS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "agents/common/config.h"

/* The addresses to collect from; caller frees. */
uint32_t *targets_list(const struct config *config, size_t *count);

/* May the device that answered from this address be looked at? */
bool targets_designated(const struct config *config, uint32_t address);

#endif
