/* faults.h: every deliberate fault that a scenario can name, from all simulators. */
#ifndef CONFORMANCE_FAULTS_H
#define CONFORMANCE_FAULTS_H

#include <stdbool.h>
#include <stddef.h>

bool faults_known(const char *name);
const char *faults_nearest(const char *name); /* NULL if none is near */
const char *faults_at(size_t index);          /* NULL behind the last */

#endif
