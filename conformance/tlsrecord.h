/* tlsrecord.h: is this byte stream TLS from the first byte to the last, and what do its hellos say.
 *
 * Works on one direction of a connection as it was on the wire, without any key. Pure and total. */
#ifndef CONFORMANCE_TLSRECORD_H
#define CONFORMANCE_TLSRECORD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { TLS_1_2 = 0x0303, TLS_1_3 = 0x0304 };
enum { TLS_VERSIONS_MAX = 16, TLS_ALPN_MAX = 8, TLS_NAME_MAX = 256, TLS_ALPN_NAME_MAX = 32 };

struct tls_client_hello {
	uint16_t legacy_version;
	bool has_versions;                   /* supported_versions was there (RFC 8446, 4.2.1) */
	uint16_t versions[TLS_VERSIONS_MAX]; /* of it, without GREASE (RFC 8701) */
	size_t version_count;
	size_t suite_count;     /* without GREASE */
	char sni[TLS_NAME_MAX]; /* empty: none; unprintable bytes are '?' */
	char alpn[TLS_ALPN_MAX][TLS_ALPN_NAME_MAX];
	size_t alpn_count;
};

struct tls_alert {
	bool seen;
	size_t offset;
	uint8_t level, description;
};

struct tls_stream {
	/* Bytes inside records, headers included: equal to the size of the stream if it is TLS. */
	size_t inside;
	const char *why; /* NULL: all bytes are TLS; else what is wrong with the byte at `inside` */
	bool cut;        /* the stream ends inside a record */
	size_t records;
	size_t others; /* records after the first hello that are no alert in clear */

	bool has_client_hello;
	size_t client_hello_end; /* offset behind its last record */
	struct tls_client_hello client;
	bool has_server_hello;
	uint16_t
		server_version; /* negotiated: supported_versions of the answer, else its version */
	struct tls_alert alert; /* first alert in clear */
};

/* data is what one side sent, from its first byte. */
void tls_stream_read(struct tls_stream *stream, const uint8_t *data, size_t size);

/* Lowest version the hello offers. */
uint16_t tls_lowest_offer(const struct tls_client_hello *hello);

/* "TLS 1.2"; unknown ones as "0x0305". Valid until the next call in this thread. */
const char *tls_version_name(uint16_t version);

#endif
