/* outfolder.h: the folder that a run writes to: emptied when it is ours, refused when it is not. */
#ifndef CONFORMANCE_OUTFOLDER_H
#define CONFORMANCE_OUTFOLDER_H

#include <jansson.h>

#include "base/error.h"

/* Makes it or empties it; marks it as ours. Returns its absolute path (caller frees) or NULL:
 * -EEXIST in effect, with a sentence, for a folder that holds something else. */
char *outfolder_prepare(const char *path, struct error *err);

/* A folder below it with all that it holds, following no links. 0 or negative with err. */
int outfolder_remove(const char *path, struct error *err);

/* result.json, report.html, junit.xml, coverage.csv. */
int outfolder_write(const char *path, const json_t *result, struct error *err);

#endif
