/* verdict.h: what the cloud's answer to an upload means for its records. */
#ifndef AGENTS_COMMON_VERDICT_H
#define AGENTS_COMMON_VERDICT_H

#include <stddef.h>

enum verdict {
	VERDICT_STORED, /* the cloud has them */
	VERDICT_AGAIN,  /* the same upload again, later */
	VERDICT_LOGIN,  /* it does not let us in: they wait until it has */
	VERDICT_NEVER,  /* it will never take them */
};

/* status 0: no answer. body: the answer's text; records: how many were sent. */
enum verdict verdict_of(int status, const char *body, size_t records);

#endif
