/* requirement.h: the clauses of the guideline and its data items, as data. */
#ifndef CONFORMANCE_REQUIREMENT_H
#define CONFORMANCE_REQUIREMENT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "base/form.h"

enum level { LEVEL_MUST, LEVEL_SHOULD, LEVEL_MAY };
extern const char *const level_names[];

enum agent_kind { AGENT_DC, AGENT_ES, AGENT_MOBILE, AGENT_PC, AGENT_KINDS };
extern const char *const agent_names[]; /* "dc", "es", "mobile", "pc" */

struct requirement {
	char *id;     /* "COL-6" */
	int level;    /* enum level */
	int64_t page; /* of the guideline; 0: a rule of ours, not of the guideline */
	char *text;
	char *untested; /* why no scenario can show it, NULL if one can */
};

struct item {
	char *id; /* "D03" */
	char *category;
	char *name;
	struct form_list agents; /* char *: kinds that report it */
	struct form_list
		optional; /* char *: kinds that may lack it; absent is then not applicable */
	char *why;        /* why those may lack it */
};

struct catalogue {
	struct form_list requirements; /* struct requirement: the 44 clauses, then our own rules */
	struct form_list items;        /* struct item: all 44 */
};

struct catalogue *catalogue_load(const char *path, struct error *err);
void catalogue_free(struct catalogue *catalogue);

size_t catalogue_requirements(const struct catalogue *catalogue);
const struct requirement *catalogue_requirement(const struct catalogue *catalogue, size_t index);
const struct requirement *catalogue_find(const struct catalogue *catalogue, const char *id);
const struct item *catalogue_find_item(const struct catalogue *catalogue, const char *id);
size_t catalogue_items(const struct catalogue *catalogue);
const struct item *catalogue_item(const struct catalogue *catalogue, size_t index);
bool item_of(const struct item *item, enum agent_kind kind);       /* reported by this kind */
bool item_optional(const struct item *item, enum agent_kind kind); /* this kind may lack it */

#endif
