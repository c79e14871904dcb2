/* digest.h: SHA-256, base64 and seeded numbers. The only user of OpenSSL's digests here. */
#ifndef BASE_DIGEST_H
#define BASE_DIGEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

enum { DIGEST_TEXT_MAX = 65 };

/* Lower-case hex of SHA-256. Returns text. */
const char *digest_sha256(const void *data, size_t size, char text[DIGEST_TEXT_MAX]);

/* The same of what comes bit by bit. */
struct digest; /* opaque */
struct digest *digest_new(void);
void digest_free(struct digest *digest); /* NULL is fine */
void digest_add(struct digest *digest, const void *data, size_t size);
const char *digest_text(const struct digest *digest, char text[DIGEST_TEXT_MAX]); /* so far */

char *base64_encode(const void *data, size_t size);                 /* caller frees */
bool base64_decode(const char *text, size_t size, struct buf *out); /* false if malformed */

/* Mixes 64 bits (splitmix64): decisions that depend on a seed and nothing else. */
uint64_t mix64(uint64_t value);

#endif
