/* binding.h: where the guideline's items stand in an agent's payloads. Data, not code, so that a
 * vendor writes another without touching the judge. The reference binding: ecsp/bindings. */
#ifndef CONFORMANCE_BINDING_H
#define CONFORMANCE_BINDING_H

#include <jansson.h>

#include "base/error.h"

struct binding; /* opaque */

struct binding *binding_load(const char *path, struct error *err);
void binding_free(struct binding *binding);

/* The records of an upload body, borrowed; NULL if there are none. */
const json_t *binding_records(const struct binding *binding, const json_t *upload);

/* The value of an item in one record of an upload; borrowed, NULL if it is not there. */
const json_t *binding_item(const struct binding *binding, const char *item, const json_t *upload,
			   const json_t *record);

/* Texts of a record; NULL if absent. */
const char *binding_serial(const struct binding *binding, const json_t *record);
const char *binding_acquired(const struct binding *binding, const json_t *record);
const char *binding_record_id(const struct binding *binding, const json_t *record);
const char *binding_collection(const struct binding *binding, const json_t *upload);

#endif
