/* store_schema.h: how the store's tables came to be, step by step. */
#ifndef SIM_CLOUD_STORE_SCHEMA_H
#define SIM_CLOUD_STORE_SCHEMA_H

#include <stddef.h>

/* Step i leads from version i to i + 1 (PRAGMA user_version). Steps are only ever added. */
extern const char *const store_migrations[];
extern const size_t store_version; /* how many */

#endif
