/* fault.h: every deliberate fault of the cloud in one struct. All zero: it behaves.
 *
 * Read at the point of sending, in the front, the web and the broker's link; never in the rules of
 * the service. */
#ifndef SIM_CLOUD_FAULT_H
#define SIM_CLOUD_FAULT_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "base/verb.h"
#include "sim/cloud/cert_kind.h"
#include "sim/cloud/fault_mqtt.h"
#include "sim/cloud/listener.h"

enum fault_down { DOWN_NOT, DOWN_RESET, DOWN_SILENT };
enum { FAULT_PATH_MAX = 256, FAULT_HTTP_MAX = 64 };

enum fault_ask { ASK_NOT, ASK_OPTIONAL, ASK_REQUIRED };

/* Where a fatal alert comes, in the order of a handshake. */
enum fault_step {
	STEP_NONE,
	STEP_HELLO, /* instead of an answer to the ClientHello */
	STEP_SERVER_HELLO,
	STEP_CERTIFICATE,
	STEP_KEY_EXCHANGE,
	STEP_HELLO_DONE,
	STEP_FINISHED, /* instead of the server's */
	STEP_DATA,     /* instead of the first answer, encrypted: always bad_record_mac */
};

/* HelloRetryRequest (RFC 8446 4.1.4). */
enum fault_retry {
	RETRY_NOT,
	RETRY_ONCE, /* allowed */
	RETRY_TWICE,
	RETRY_SHARED,  /* for a group that a key was sent for already */
	RETRY_UNKNOWN, /* for a group that was not offered */
};

/* One face of the TLS front. */
struct fault_front {
	size_t certificate; /* row of cert_kinds: what is shown in the handshake */
	bool tls11;         /* the answer to a ClientHello is a ServerHello of TLS 1.1 */
	uint16_t version;   /* no other is spoken; below TLS 1.2 the ServerHello is forged */
	size_t suite;       /* row of forge_suites and 1: is chosen whatever was offered */
	size_t forged;      /* row of forge_kinds and 1: the first flight breaks a rule */
	enum fault_retry retry;
	struct {
		size_t kind; /* row of warp_kinds and 1 */
		int amount;
	} records;
	struct {
		enum fault_step step;
		uint8_t number;
	} alert;
	struct {
		int64_t ms;    /* pause before each piece; 0: none */
		int64_t bytes; /* of a piece */
	} slow;
	bool silent; /* the ClientHello is read and never answered */
	struct {
		bool armed, reset;
		int64_t after; /* bytes of plaintext that still go out */
	} truncate;
	char alpn[32];      /* the protocol that is chosen whatever was offered */
	enum fault_ask ask; /* for a certificate of the client */
};

struct fault_tls {
	struct fault_front front[LISTENER_COUNT];
	/* Connections are accepted, then reset at once; or never answered. Connections that are
	 * up when the fault comes suffer the same. */
	enum fault_down down;
};

/* One fault of HTTP, armed: a row of fault_http.c says what it does. */
struct fault_answer {
	bool on;
	bool counted; /* only `left` more times */
	int64_t left;
	int64_t skips;             /* so many are let by before the first */
	char path[FAULT_PATH_MAX]; /* only requests whose path begins so; empty: all */
	int64_t status;
	int64_t number; /* size, milliseconds, bytes: what the row measures by */
	bool has_number;
	char text[PARAMETER_TEXT_MAX + 1];
};

struct fault_http {
	struct fault_answer answers[FAULT_HTTP_MAX]; /* in the order of the rows */
};

struct fault {
	struct fault_tls tls;
	struct fault_http http;
	struct fault_mqtt mqtt;
};

/* One deliberate fault: how it is set, from parameters that were checked, and cleared. */
struct fault_kind {
	struct verb verb;
	void (*set)(struct fault *fault, const json_t *parameters);
	void (*clear)(struct fault *fault);
	/* Instead of both, where rows differ in data alone. on false: cleared, no parameters. */
	void (*arm)(struct fault *fault, const struct fault_kind *kind, bool on,
		    const json_t *parameters);
};

/* One list of struct fault_kind for each layer. */
extern const struct verb_list fault_tls_kinds, fault_http_kinds, fault_mqtt_kinds;

/* The place of a word in a NULL-terminated list that holds it. */
int fault_word(const json_t *parameters, const char *key, const char *const *names);

/* parameters: object or NULL. An unknown fault, parameter or value is refused and changes nothing.
 */
int fault_set(struct fault *fault, const char *name, const json_t *parameters, struct error *err);

/* NULL: all. Returns false if there is no such fault. */
bool fault_clear(struct fault *fault, const char *name);

#endif
