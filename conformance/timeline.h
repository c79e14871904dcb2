/* timeline.h: what happened when, for people: lanes of marks drawn from the evidence. */
#ifndef CONFORMANCE_TIMELINE_H
#define CONFORMANCE_TIMELINE_H

#include <jansson.h>

#include "conformance/evidence.h"

/* {"seconds", "lanes":[{"name","marks":[{"at","until","text","kind","line"}]}]}; caller owns. */
json_t *timeline_of(const struct evidence *evidence);

#endif
