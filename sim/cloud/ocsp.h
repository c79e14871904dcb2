/* ocsp.h: the OCSP response that is stapled to a handshake (RFC 6960, RFC 6066 8).
 *
 * There is no responder to ask: an agent may reach the declared ports only, and none of them is
 * plain HTTP. So no certificate names one either. */
#ifndef SIM_CLOUD_OCSP_H
#define SIM_CLOUD_OCSP_H

#include <stddef.h>
#include <stdint.h>

#include "sim/cloud/cert_make.h"

struct ocsp_plan {
	const struct cert_pair *leaf, *issuer; /* whose response; who issued it */
	const struct cert_pair *signer;        /* issuer, or a stranger */
	bool revoked;
	long from, to; /* thisUpdate and nextUpdate, seconds from now */
};

/* DER out: the caller frees. */
int ocsp_make(const struct ocsp_plan *plan, uint8_t **der, size_t *size, struct error *err);

#endif
