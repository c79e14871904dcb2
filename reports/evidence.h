/* evidence.h: how a place in the evidence is written: "dc.items/journal.jsonl line 12". */
#ifndef REPORTS_EVIDENCE_H
#define REPORTS_EVIDENCE_H

#include <jansson.h>

#include "base/buf.h"

enum { EVIDENCE_TEXT_MAX = 1 << 16 };

/* folder is put before the file; NULL when the file is named from the top of the evidence. */
void evidence_path(const json_t *evidence, const char *folder, struct buf *out);

/* The path, then " line N" or " frame N". */
void evidence_text(const json_t *evidence, const char *folder, struct buf *out);

/* What comes after the path alone: " line N", " frame N" or nothing. */
void evidence_spot(const json_t *evidence, struct buf *out);

#endif
