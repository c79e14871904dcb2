/* cert.h: the certificates of one run, made by it, so none can run out in a fixture.
 *
 * Two authorities: "web" signs the HTTPS names, "device" signs the MQTT name; an agent that trusts
 * the wrong one for a channel is found out. Beside each good leaf stand those of cert_kind.h, which
 * are made when first asked for: most runs need none of them. */
#ifndef SIM_CLOUD_CERT_H
#define SIM_CLOUD_CERT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "sim/cloud/cert_kind.h"
#include "sim/cloud/cert_make.h"
#include "sim/cloud/listener.h"

struct ssl_st;
struct ssl_ctx_st;
struct stack_st_X509;

/* What a connection is shown. */
struct cert_shown {
	const struct cert_kind *kind;
	struct cert_pair leaf;
	struct stack_st_X509 *others; /* what is sent behind the leaf, in this order */
	uint8_t *staple;              /* OCSP response; NULL: none */
	size_t staple_size;
	/* What tls.ready calls it: "https", "mqtt", "https:expired"; renewed: "mqtt.1", "mqtt.2".
	 */
	char name[64];
};

struct cert_set {
	struct cert_pair authorities[LISTENER_COUNT];
	struct cert_pair unknown; /* the authority nobody knows; made when first needed */
	struct cert_pair old;     /* trusted beside the web authority, but its time has passed */
	struct cert_pair next;    /* trusted beside the web authority, whose successor it will be */
	struct cert_pair former[LISTENER_COUNT]; /* what was renewed; none yet: no certificate */
	unsigned renewals[LISTENER_COUNT];
	struct cert_shown *shown[LISTENER_COUNT]; /* cert_kind_count each */
	struct cert_shown **retired;              /* shown before a renewal; still borrowed */
	size_t retired_count;
	char *web_pem;  /* the web authority, the next and the old one: as bundles have them */
	char *mqtt_pem; /* the good MQTT leaf, then its authority: GET /v1/certificate (REM-1) */
};

/* NULL only if OpenSSL refuses to work. */
struct cert_set *cert_set_new(struct error *err);
void cert_set_free(struct cert_set *set);

/* kind is a row of cert_kinds. NULL only if OpenSSL refuses. Borrowed until cert_set_free; its
 * content changes when a fresh kind is asked for again. */
const struct cert_shown *cert_show(struct cert_set *set, enum listener listener, size_t kind,
				   struct error *err);

/* From now on the listener's certificates are of another authority. MQTT: a new one, which mqtt_pem
 * holds. HTTPS: the first time the next one of web_pem, afterwards a new leaf of it, as web_pem
 * does not change. former: of the one that was renewed, as a thief of its key would go on, and
 * mqtt_pem stays; -ENOENT where nothing was renewed. What was shown before stays borrowed. */
int cert_renew(struct cert_set *set, enum listener listener, bool former, struct error *err);

/* Has the connection show it. Staples are the front's business. */
int cert_use(const struct cert_shown *shown, struct ssl_st *ssl, struct error *err);

/* Has every connection of a context show it. Only of worth: the context stays as strict as it is.
 */
int cert_use_for_all(const struct cert_shown *shown, struct ssl_ctx_st *context, struct error *err);

#endif
