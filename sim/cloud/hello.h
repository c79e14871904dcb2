/* hello.h: a ClientHello read from raw bytes.
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
	HELLO_EXTENSIONS_MAX = 64,
	HELLO_GROUPS_MAX = 32,
	HELLO_TEXT_MAX = 256,
	HELLO_PRINT_MAX = 2048,
};

enum { SSL_3_0 = 0x0300, TLS_1_0, TLS_1_1, TLS_1_2, TLS_1_3 };

/* Extensions by number (RFC 8446 4.2, RFC 5746, RFC 7627). */
enum {
	EXTENSION_SNI = 0,
	EXTENSION_GROUPS = 10,
	EXTENSION_FORMATS = 11,
	EXTENSION_HEARTBEAT = 15,
	EXTENSION_ALPN = 16,
	EXTENSION_MASTER_SECRET = 23,
	EXTENSION_VERSIONS = 43,
	EXTENSION_SHARES = 51,
	EXTENSION_RENEGOTIATION = 0xff01,
};

struct hello {
	uint16_t legacy_version;
	uint8_t random[32];
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
	/* In the client's order, as numbers; what does not fit is left out. */
	uint16_t extensions[HELLO_EXTENSIONS_MAX];
	size_t extension_count;
	uint16_t groups[HELLO_GROUPS_MAX]; /* curves and the like it knows */
	size_t group_count;
	uint16_t shares[HELLO_GROUPS_MAX]; /* those it sent a key for */
	size_t share_count;
	uint8_t formats[8]; /* of points */
	size_t format_count;
};

/* 1: read; 0: more bytes are needed; -EPROTO: not a ClientHello. */
int hello_read(struct hello *hello, const uint8_t *data, size_t size);

/* Is the version offered, or may it be: a hello without a list only says the highest. */
bool hello_offers(const struct hello *hello, uint16_t version);

bool hello_offers_suite(const struct hello *hello, uint16_t suite);
bool hello_offers_group(const struct hello *hello, uint16_t group);
bool hello_has_share(const struct hello *hello, uint16_t group);
bool hello_has_extension(const struct hello *hello, uint16_t extension);

/* What the client offers as one line: "version,suites,extensions,groups,formats", numbers in
 * decimal with a dash between, without those that RFC 8701 has clients invent. The form is that of
 * JA3, so that its MD5 can be compared with what other programs call the client's fingerprint. */
const char *hello_print(const struct hello *hello, char text[HELLO_PRINT_MAX]);

#endif
