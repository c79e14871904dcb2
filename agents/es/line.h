/* line.h: one line of the panel, and the device in it as a record. Pure. */
#ifndef AGENTS_ES_LINE_H
#define AGENTS_ES_LINE_H

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* NULL if it is not one JSON object. Caller deletes. */
cJSON *line_parse(const char *text, size_t size);
bool line_id(const cJSON *line, double *id);

enum { LINE_WARNINGS_MAX = 64 };

struct line_status {
	int status; /* -1: not there */
	int error;  /* -1: none */
	uint8_t warnings[LINE_WARNINGS_MAX];
	size_t warning_count;
};

/* Of "state" in a device, or of an event. False if there is no status. */
bool line_status(const cJSON *state, struct line_status *status);
bool line_status_equal(const struct line_status *a, const struct line_status *b);

/* Everything of the device but A- items, "record" and "acquired". Caller deletes. */
cJSON *line_record(const cJSON *device);

#endif
