/* profile.h: what a printer model is: identity, supplies, settings, values at start; const once
 * loaded. One YAML file per model under sim/printer/profiles. */
#ifndef SIM_PRINTER_PROFILE_H
#define SIM_PRINTER_PROFILE_H

#include <jansson.h>
#include <stdbool.h>

#include "base/error.h"

struct profile; /* opaque outside sim/printer */

struct profile *profile_load(const char *path, struct error *err);
void profile_free(struct profile *profile);
const char *profile_name(const struct profile *profile);
bool profile_recorded(const struct profile *profile); /* made from a walk: may be served frozen */
json_t *profile_schema(void); /* JSON Schema of a profile file; caller owns */

#endif
