/* tls_link.h: inside of one TLS connection, for tls.c and tls_link.c only. */
#ifndef SIM_CLOUD_TLS_LINK_H
#define SIM_CLOUD_TLS_LINK_H

#include <openssl/ssl.h>

#include "sim/cloud/stream.h"
#include "sim/cloud/tls.h"

enum { LINK_WITNESS_MAX = 8 };

enum link_state {
	LINK_HELLO,  /* collecting the ClientHello */
	LINK_SHAKE,  /* OpenSSL shakes hands */
	LINK_READY,  /* plaintext flows */
	LINK_FORGED, /* a forged ServerHello is out; waiting for what the client makes of it */
	LINK_MUTE,   /* reads and never answers */
	LINK_FINISH, /* all said; waiting for the client's end */
	LINK_ENDED,  /* closed; memory lives until the front reaps it */
};

/* A fault that counts as having reached the agent only after the kernel took the bytes and, where
 * reaction is set, the agent did something about them. */
struct link_witness {
	const char *fault;
	json_t *fields;
	uint64_t at; /* of stream.queued */
	bool reaction;
};

struct tls_link {
	struct tls *tls;
	struct tls_link *next, **back; /* list of the front */
	struct tls_peer peer;
	enum link_state state;
	enum listener listener;
	struct stream stream;
	struct timer *deadline;
	struct buf hello_bytes;
	struct hello hello;
	SSL *ssl;
	BIO *from_agent, *to_agent;     /* owned by ssl */
	const struct cert_shown *shown; /* NULL: no certificate chosen yet */
	int alert;                      /* last one the client sent, -1: none */
	bool notified;                  /* the client sent close_notify */
	bool was_ready, had_data;
	struct link_witness witnesses[LINK_WITNESS_MAX];
	size_t witness_count;
	void *user;
};

struct tls {
	struct tls_options options;
	SSL_CTX *context, *old_context; /* old: TLS 1.1 only, for cloud.tls11 */
	struct tls_listener *listeners;
	struct tls_link *links, *graveyard;
	size_t link_count;
	uint64_t last_connection;
	struct timer *reaper;
};

struct tls_link *tls_link_new(struct tls *tls, int fd, const struct tls_peer *peer);
void tls_link_free(struct tls_link *link);

/* Closes and hands the link to the reaper. reset: with RST. */
void tls_link_end(struct tls_link *link, bool reset, const char *why);
void tls_link_mute(struct tls_link *link);

/* Called by OpenSSL through tls.c. */
void tls_link_alerted(struct tls_link *link, int description);

/* tls.c: the link has ended and may be freed soon. */
void tls_bury(struct tls *tls, struct tls_link *link);

#endif
