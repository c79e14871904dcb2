/* retry_after.h: the header Retry-After (RFC 9110, 10.2.3): seconds, or a date. */
#ifndef AGENTS_COMMON_RETRY_AFTER_H
#define AGENTS_COMMON_RETRY_AFTER_H

#include <stdint.h>

enum { RETRY_AFTER_MAX_MS = 86400000 };

/* Milliseconds from now, 0 to RETRY_AFTER_MAX_MS; 0 also where it says nothing that can be read. */
int64_t retry_after_ms(const char *value, int64_t now_ns);

#endif
