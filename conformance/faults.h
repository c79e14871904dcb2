/* faults.h: every deliberate fault that a scenario can name, from all simulators. */
#ifndef CONFORMANCE_FAULTS_H
#define CONFORMANCE_FAULTS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/verb.h"
#include "base/yaml.h"

const struct verb *faults_find(const char *name); /* NULL: unknown */
const char *faults_nearest(const char *name);     /* NULL if none is near */
const struct verb *faults_at(size_t index);       /* NULL behind the last */

/* Holds what stands in a file under `with` (NULL: nothing does) to what the verb takes. place is
 * where a parameter that is missing is missed. */
int verb_check_yaml(const struct verb *verb, const struct yaml *with, const struct yaml *place,
		    struct error *err);

#endif
