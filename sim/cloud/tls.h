/* tls.h: the TLS front: accepts connections, shakes hands, and passes plaintext up.
 *
 * Correct by default; the handshake faults of fault.h are read here. Every connection has a number,
 * and what happens to it goes to the tap: tls.hello, then tls.ready or tls.failed, tls.application
 * at the first byte of plaintext, tls.closed. */
#ifndef SIM_CLOUD_TLS_H
#define SIM_CLOUD_TLS_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/loop.h"
#include "sim/cloud/cert.h"
#include "sim/cloud/fault.h"
#include "sim/cloud/hello.h"
#include "sim/tap.h"

enum { TLS_LINKS_MAX = 16384, TLS_HANDSHAKE_MS = 10000, TLS_LINGER_MS = 2000 };

struct tls;      /* the front; opaque */
struct tls_link; /* one connection; opaque */

enum tls_protocol {
	TLS_PROTOCOL_UNKNOWN,
	TLS_PROTOCOL_HTTP,
	TLS_PROTOCOL_HTTP2,
	TLS_PROTOCOL_MQTT,
};

struct tls_peer {
	uint64_t connection;                   /* running number from 1 */
	uint32_t agent_address, cloud_address; /* host order */
	uint16_t agent_port, cloud_port;
	/* By ALPN, else by the first byte of plaintext. */
	enum tls_protocol protocol;
	const char *sni; /* empty: none sent; as long as the link lives */
};

struct tls_events {
	/* Plaintext, in order. The link may be written to, closed or reset in here. */
	void (*data)(void *arg, struct tls_link *link, const uint8_t *data, size_t size);
	/* Once for every link that had data, never inside another call; the link is gone after. */
	void (*closed)(void *arg, struct tls_link *link);
};

struct tls_options {
	struct loop *loop; /* borrowed, like all here */
	struct tap *tap;
	struct cert_set *certs;
	struct fault *fault;
	void (*secret)(void *arg, const char *keylog_line); /* may be NULL */
	void *secret_arg;
	const struct tls_events *events;
	void *arg;
};

struct tls *tls_new(const struct tls_options *options, struct error *err);
void tls_free(struct tls *tls);

/* Takes over a listening socket. */
int tls_listen(struct tls *tls, int fd, struct error *err);

/* fault.down changed: connections that are up feel it. */
void tls_down_changed(struct tls *tls);

/* As a server that is started again: connections are reset, no session is resumed, certificates are
 * looked at anew. why is for the journal. */
void tls_restart(struct tls *tls, const char *why);

const struct tls_peer *tls_link_peer(const struct tls_link *link);
void *tls_link_user(const struct tls_link *link); /* NULL until set */
void tls_link_set_user(struct tls_link *link, void *user);

void tls_link_write(struct tls_link *link, const void *data, size_t size);
void tls_link_close(struct tls_link *link); /* close_notify and FIN after what is queued */
void tls_link_cut(struct tls_link *link);   /* FIN after what is queued, without close_notify */
void tls_link_reset(struct tls_link *link); /* RST now */

/* Ends the link when this is not called again within ms (0: no limit). */
void tls_link_limit(struct tls_link *link, uint64_t ms);

/* fault.reached, as soon as the kernel has taken all that was written so far. fields are taken
 * over; connection is added. */
void tls_link_witness(struct tls_link *link, const char *fault, json_t *fields);

#endif
