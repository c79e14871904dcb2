/* cert.h: the certificates of one run, made at its start, so none can run out in a fixture.
 *
 * Two authorities: "web" signs the HTTPS names, "device" signs the MQTT name; an agent that trusts
 * the wrong one for a channel is found out. Beside each good leaf stand the bad ones that a client
 * must refuse (TLS-2). */
#ifndef SIM_CLOUD_CERT_H
#define SIM_CLOUD_CERT_H

#include "base/error.h"
#include "sim/cloud/listener.h"

/* OpenSSL's X509, EVP_PKEY and SSL, by the names its own typedefs stand for. */
struct x509_st;
struct evp_pkey_st;
struct ssl_st;

enum cert_kind {
	CERT_GOOD,
	CERT_EXPIRED,
	CERT_NOT_YET_VALID,
	CERT_SELF_SIGNED,
	CERT_WRONG_HOST,
	CERT_UNTRUSTED, /* right name, signed by an authority nobody knows */
	CERT_KIND_COUNT
};

extern const char *const cert_kind_names[CERT_KIND_COUNT + 1]; /* NULL-terminated */

struct cert_leaf {
	struct x509_st *x509;
	struct evp_pkey_st *key;
	char name[40]; /* "https", "mqtt", "https:expired" …: what tls.ready calls it */
};

struct cert_set {
	struct cert_leaf authorities[LISTENER_COUNT];
	struct cert_leaf unknown; /* the authority nobody knows */
	struct cert_leaf leafs[LISTENER_COUNT][CERT_KIND_COUNT];
	char *web_pem;  /* the web authority */
	char *mqtt_pem; /* the good MQTT leaf, then its authority: GET /v1/certificate (REM-1) */
};

/* NULL only if OpenSSL refuses to work. */
struct cert_set *cert_set_new(struct error *err);
void cert_set_free(struct cert_set *set);

/* Has the connection show this leaf. */
int cert_use(const struct cert_leaf *leaf, struct ssl_st *ssl, struct error *err);

#endif
