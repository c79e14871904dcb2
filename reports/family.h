/* family.h: scenarios whose ids are alike but for the last part: "dc.tls" of
 * "dc.tls.https-expired".
 *
 * A matrix of some dozen scenarios can be read; of a hundred it cannot, and families stand in their
 * place. */
#ifndef REPORTS_FAMILY_H
#define REPORTS_FAMILY_H

#include <jansson.h>
#include <stddef.h>

#include "base/buf.h"
#include "reports/verdict.h"

/* Bytes of an id that belong to its family. */
size_t family_size(const char *id);

/* The families of scenarios[], each once, in the order in which they come. Caller owns. */
json_t *family_list(const json_t *scenarios);

/* How the scenarios of one family went. */
struct family {
	size_t count[VERDICT_COUNT], all;
	enum verdict worst; /* VERDICT_NOT_TESTED if all is 0 */
	const char *id;     /* of the first that went so; borrowed, NULL if all is 0 */
};

/* briefs: array of {id, verdict}. */
void family_init(struct family *family, const char *name, const json_t *briefs);

/* "9 pass, 1 fail" */
void family_words(const struct family *family, struct buf *out);

#endif
