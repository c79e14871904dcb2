/* text.h: words that came from outside, made fit for JSON; and times as the contract wants them. */
#ifndef AGENTS_COMMON_TEXT_H
#define AGENTS_COMMON_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { TEXT_MAX = 1024, TEXT_UUID_MAX = 37, TEXT_TIME_MAX = 32 };

/* Valid UTF-8: what is not becomes U+FFFD, control characters go, spaces and NULs at the end go.
 * Reads no more than TEXT_MAX bytes. Caller frees. */
char *text_clean(const void *bytes, size_t size);

/* A random UUID (RFC 9562, version 4). Returns text. */
const char *text_uuid(char text[TEXT_UUID_MAX]);

/* "2026-11-22T10:15:30Z"; seconds are cut, not rounded. Returns text. */
const char *text_seconds(int64_t ns, char text[TEXT_TIME_MAX]);

/* DateAndTime of 8 or 11 octets (RFC 2579) to UTC; without an offset it is taken as UTC. */
bool text_date_and_time(const uint8_t *data, size_t size, int64_t *ns);

#endif
