/* cert_make.h: one certificate and its key from a plan. */
#ifndef SIM_CLOUD_CERT_MAKE_H
#define SIM_CLOUD_CERT_MAKE_H

#include "base/error.h"
#include "sim/cloud/cert_kind.h"

/* OpenSSL's X509, EVP_PKEY and STACK_OF(X509), by the names its own typedefs stand for. */
struct x509_st;
struct evp_pkey_st;

struct cert_pair {
	struct x509_st *x509;
	struct evp_pkey_st *key;
};

/* plan leaves nothing to a default; label is what @ in its names stands for. issuer NULL: signs
 * itself. A key that is there already is used. Released by cert_pair_done, also after an error. */
int cert_make(struct cert_pair *pair, const struct cert_plan *plan, const char *label,
	      const struct cert_pair *issuer, struct error *err);
void cert_pair_done(struct cert_pair *pair);

/* -EIO with OpenSSL's own reason. */
int cert_error(struct error *err, const char *what);

#endif
