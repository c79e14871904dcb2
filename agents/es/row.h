/* row.h: rows of the panel as rows of a record: the members that are named, if they are all there
 * and of their type; no others. */
#ifndef AGENTS_ES_ROW_H
#define AGENTS_ES_ROW_H

#include <cjson/cJSON.h>
#include <stdbool.h>

struct row_member {
	const char *name; /* NULL ends the list */
	bool number;      /* else text */
	const char *from; /* name on the panel, NULL: the same */
};

/* An array for the record, or NULL if there is none on the panel. Caller deletes. */
cJSON *row_list(const cJSON *rows, const struct row_member *members);

/* Adds a member if the panel has it. Returns whether. */
bool row_add(cJSON *row, const cJSON *from, const struct row_member *member);

/* D23 (jobs.c). */
cJSON *row_jobs(const cJSON *device);

/* D17 (supplies.c): from the panel's supplies, already in slot order. */
cJSON *row_consumables(const cJSON *supplies);

#endif
