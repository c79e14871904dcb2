/* import.h: a printer profile made from a walk: all its rows, and the state it was in.
 *
 * What a walk does not show, such as the size of a cartridge, gets a plain default, marked
 * synthetic in the file. */
#ifndef CONFORMANCE_IMPORT_H
#define CONFORMANCE_IMPORT_H

#include <jansson.h>

#include "base/buf.h"
#include "base/error.h"
#include "sim/printer/mib.h"

struct import {
	const struct mib *walk;
	const char *name;   /* NULL: from the model */
	const char *source; /* what it was made from: a file's name, an address */
	const json_t *enpc; /* object: "02-0000": payload in hex; may be NULL */
};

/* Takes out who the printer is, of the walk and of the replies of UDP 3289 (may be NULL), and says
 * on standard output how much that was. */
void import_anonymise(struct mib **walk, json_t *enpc);

/* The profile as YAML, a file that profile_load takes. */
void import_profile(const struct import *import, struct buf *out);

/* Writes it, and loads it once to see that it is sound. path NULL: NAME.yaml. The path that was
 * written goes to *written, caller frees. */
int import_write(const struct import *import, const char *path, char **written, struct error *err);

#endif
