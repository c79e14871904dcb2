/* forge.h: first answers of a server that breaks a rule, written byte by byte.
 *
 * OpenSSL does not misbehave on request. What a server says in TLS 1.2 up to ServerHelloDone, and
 * in TLS 1.3 with a HelloRetryRequest, is plain, so it can be written here: whole, correct but for
 * one thing. A client that overlooks the thing goes on with its own next message, and so is found
 * out. No key is ever agreed on. Pure: bytes in, bytes out. */
#ifndef SIM_CLOUD_FORGE_H
#define SIM_CLOUD_FORGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "sim/cloud/hello.h"

/* What only the owner of a certificate has. Its key is on the curve P-256. */
struct forge_identity {
	const uint8_t *certificate; /* DER; borrowed */
	size_t certificate_size;    /* 0: the list is empty */
	const uint8_t *point;       /* 65 bytes: any point of the curve serves as key share */
	/* Appends the ECDSA signature (DER) of data; false if OpenSSL refuses. */
	bool (*sign)(void *arg, bool sha1, const uint8_t *data, size_t size, struct buf *out);
	void *arg;
};

/* A flight of TLS 1.2 and what is wrong with it. */
struct forge_kind {
	const char *name, *help;
	uint16_t suite; /* 0: a sound one of the client's; 0xffff: a sound one it did not offer */
	uint16_t group; /* of the key share; 0: P-256 */
	uint16_t extension; /* one that the client did not ask for; 0: none */
	bool deflate;
	bool sentinel; /* the random says that TLS 1.3 was possible (RFC 8446 4.1.3) */
	bool hello_twice;
	bool no_key_exchange;
	bool key_exchange_first; /* before the certificate */
	bool bad_point;
	bool bad_signature;
	bool sha1; /* the signature's hash */
};

extern const struct forge_kind forge_kinds[];
extern const char *const forge_names[]; /* in the order of the rows; NULL-terminated */

/* Suites that nobody should take, by name. */
struct forge_suite {
	const char *name, *help;
	uint16_t number;
	const char *openssl; /* as OpenSSL calls it, if it can do it in earnest; else NULL */
	bool rsa;            /* needs an RSA certificate */
};

extern const struct forge_suite forge_suites[];
extern const char *const forge_suite_names[];

/* Can a flight reach this client: does it speak TLS 1.2 with a suite and the curve of ours? */
bool forge_fits(const struct hello *hello);

/* Appends the flight. suite: instead of the kind's; 0: the kind's. False if signing failed. */
bool forge_flight(const struct forge_kind *kind, uint16_t suite, const struct hello *hello,
		  const struct forge_identity *identity, struct buf *out);

/* Appends a ServerHello of an old version (up to TLS 1.1) with a suite of the client's list. */
void forge_old_hello(const struct hello *hello, uint16_t version, struct buf *out);

/* Appends a HelloRetryRequest for the group (RFC 8446 4.1.4). */
void forge_retry(const struct hello *hello, uint16_t group, struct buf *out);

/* A group that the client knows but sent no key for, one that it sent one for, one that it does not
 * know; 0: there is none. */
uint16_t forge_group_to_ask(const struct hello *hello);
uint16_t forge_group_shared(const struct hello *hello);
uint16_t forge_group_unknown(const struct hello *hello);

/* Appends an alert, fatal, in the clear. */
void forge_alert(uint8_t description, struct buf *out);

#endif
