/* tls_link.h: inside of one TLS connection, for the files of the front only: tls.c listens,
 * tls_greet.c answers the ClientHello, tls_link.c carries bytes, tls_tell.c says what was seen. */
#ifndef SIM_CLOUD_TLS_LINK_H
#define SIM_CLOUD_TLS_LINK_H

#include <openssl/ssl.h>

#include "sim/cloud/stream.h"
#include "sim/cloud/tls.h"
#include "sim/cloud/tls_pipe.h"
#include "sim/cloud/warp.h"

enum { LINK_WITNESS_MAX = 8, LINK_FORGED_WAIT_MS = 3000 };

enum link_state {
	LINK_HELLO,  /* collecting the ClientHello */
	LINK_SHAKE,  /* OpenSSL shakes hands */
	LINK_READY,  /* plaintext flows */
	LINK_FORGED, /* a forged answer is out; waiting for what the client makes of it */
	LINK_MUTE,   /* reads and never answers */
	LINK_FINISH, /* all said; waiting for the client's end */
	LINK_ENDED,  /* closed; memory lives until the front reaps it */
};

/* A fault that counts as having reached the agent only after the kernel took the bytes and, where
 * reaction is set, the agent did something about them. */
struct link_witness {
	const char *fault;
	json_t *fields;
	uint64_t at; /* of all bytes ever sent */
	bool reaction;
};

/* Sends in small pieces with a pause before each; ms 0: does not. */
struct link_drip {
	int64_t ms, bytes;
	struct buf queue;
	struct timer *timer; /* NULL until it is needed */
	bool finishing;      /* FIN after the queue */
};

/* What a handshake takes, and a fault afterwards. */
struct link_care {
	struct buf hello_bytes;
	struct hello hello;
	struct fault_front front; /* the faults at the time of the hello */
	struct warp warp;
	struct link_drip drip;
	bool retried; /* the second HelloRetryRequest is out */
	struct link_witness witnesses[LINK_WITNESS_MAX];
	size_t witness_count;
};

struct tls_link {
	struct tls *tls;
	struct tls_link *next, **back; /* list of the front */
	struct tls_peer peer;
	char *sni; /* what peer says; NULL: none */
	enum link_state state;
	enum listener listener;
	struct stream stream;
	struct timer *deadline; /* NULL: none */
	struct link_care *care; /* NULL: the handshake is over and nothing is wrong */
	SSL *ssl;
	struct tls_pipe pipe;
	const struct cert_shown *shown; /* NULL: no certificate chosen yet */
	int alert;                      /* last one the client sent, -1: none */
	bool notified;                  /* the client sent close_notify */
	bool was_ready, had_data;
	int64_t plain_left; /* until it is truncated; -1: not counting */
	void *user;
};

struct tls {
	struct tls_options options;
	SSL_CTX *context, *old_context; /* old: TLS 1.0 and 1.1, for faults */
	struct tls_listener *listeners;
	struct tls_link *links, *graveyard;
	size_t link_count;
	uint64_t last_connection;
	struct timer *reaper;
	BIO *pipe;                            /* of all links */
	struct spare pipe_spare, queue_spare; /* of all links */
	/* What a link without a fault begins with: the good certificate is in it already. */
	SSL_CTX *good[LISTENER_COUNT];
};

/* Was no fault armed when it said hello? */
bool tls_link_is_good(const struct tls_link *link);

/* Made anew where it is gone. */
struct link_care *tls_link_care(struct tls_link *link);

struct tls_link *tls_link_new(struct tls *tls, int fd, const struct tls_peer *peer);
void tls_link_free(struct tls_link *link);

/* Closes and hands the link to the reaper. reset: with RST. */
void tls_link_end(struct tls_link *link, bool reset, const char *why);

/* Never answers any more. fault: whose witness it is. */
void tls_link_mute(struct tls_link *link, const char *fault);

/* Sends bytes as they are. */
void tls_link_send(struct tls_link *link, const void *data, size_t size);

/* FIN after what is queued; the client has some time to end. */
void tls_link_finish(struct tls_link *link);

/* Ends the link then, unless another deadline is set (0: none). */
void tls_link_expire(struct tls_link *link, uint64_t ms);

/* Lets OpenSSL go on with these bytes of the client. */
void tls_link_progress(struct tls_link *link, const uint8_t *data, size_t size);

/* Called by OpenSSL through tls.c. */
void tls_link_alerted(struct tls_link *link, int description);

/* ---- tls_greet.c ---- */

/* The hello is complete: chooses the certificate and the faults, then lets OpenSSL have it. */
void tls_greet(struct tls_link *link);

/* What a client sends after a forged answer: plain records still. */
void tls_greet_reaction(struct tls_link *link, const uint8_t *data, size_t size);

/* ---- tls_tell.c ---- */

void tls_tell(const struct tls_link *link, const char *kind, json_t *fields);
void tls_tell_hello(const struct tls_link *link);
void tls_tell_ready(struct tls_link *link);

/* reacted: it was the client's doing, so it is what the client made of a fault. */
void tls_tell_failed(struct tls_link *link, const char *why, bool reacted);
void tls_tell_closed(struct tls_link *link, const char *why);

/* A fault is on its way; fields are taken over. */
void tls_expect(struct tls_link *link, const char *fault, json_t *fields, bool reaction);

/* Journals what has now reached the agent. reaction NULL: only that the kernel took more. */
void tls_settle(struct tls_link *link, const char *reaction);

/* ---- tls.c ---- */

/* With the good certificate of a listener loaded; NULL: OpenSSL does not take it. */
SSL_CTX *tls_good_context(struct tls *tls, enum listener listener, struct error *err);

/* The link has ended and may be freed soon. */
void tls_bury(struct tls *tls, struct tls_link *link);

#endif
