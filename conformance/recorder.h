/* recorder.h: a real printer recorded into a profile, step by step, so that it can be resumed.
 *
 * The rows stand in OUT.part as they come, readable for its owner only; the profile is made of
 * them at the end, and OUT.part goes. */
#ifndef CONFORMANCE_RECORDER_H
#define CONFORMANCE_RECORDER_H

#include "conformance/walker.h"

struct recorder {
	const char *host;
	uint16_t snmp_port, enpc_port; /* enpc_port 0: not asked */
	struct walker_options walker;  /* peer is set by the recorder */
	const char *out;               /* the profile */
	const char *name;              /* NULL: from the model */
	bool resume, keep_identity;
	void (*progress)(size_t rows, const struct oid *at); /* after every answer; may be NULL */
};

/* The number of rows, or negative errno; OUT.part then stays for resume. */
int recorder_run(const struct recorder *recorder, struct error *err);

#endif
