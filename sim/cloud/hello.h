/* hello.h: a ClientHello read from raw bytes, and the forged answer of an old server.
 *
 * Read by ourselves and not by OpenSSL, because what a client offers must be known even where
 * OpenSSL would refuse the hello, and before a certificate is chosen. */
#ifndef SIM_CLOUD_HELLO_H
#define SIM_CLOUD_HELLO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

enum {
	HELLO_MAX = 32768, /* bytes of a hello with its record headers; more is refused */
	HELLO_SUITES_MAX = 128,
	HELLO_VERSIONS_MAX = 16,
	HELLO_ALPN_MAX = 8,
	HELLO_TEXT_MAX = 256,
};

enum { TLS_1_1 = 0x0302, TLS_1_2 = 0x0303, TLS_1_3 = 0x0304 };

struct hello {
	uint16_t legacy_version;
	uint8_t session[32];
	size_t session_size;
	uint16_t suites[HELLO_SUITES_MAX]; /* what does not fit is left out */
	size_t suite_count;
	uint16_t versions[HELLO_VERSIONS_MAX]; /* supported_versions, or the legacy version */
	size_t version_count;
	bool listed;              /* by supported_versions; else only the highest is known */
	char sni[HELLO_TEXT_MAX]; /* empty if none was sent */
	char alpn[HELLO_ALPN_MAX][HELLO_TEXT_MAX];
	size_t alpn_count;
};

/* 1: read; 0: more bytes are needed; -EPROTO: not a ClientHello. */
int hello_read(struct hello *hello, const uint8_t *data, size_t size);

/* Is the version offered, or may it be: a hello without a list only says the highest. */
bool hello_offers(const struct hello *hello, uint16_t version);

/* Appends a record with a ServerHello that chooses `version` and a suite of the client's list. */
void hello_forge_answer(const struct hello *hello, uint16_t version, struct buf *out);

#endif
