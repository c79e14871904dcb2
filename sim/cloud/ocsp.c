#include "sim/cloud/ocsp.h"

#include <openssl/ocsp.h>

#include "base/buf.h"

enum { REVOKED_SECONDS_AGO = 3600 };

static bool add_status(OCSP_BASICRESP *response, const struct ocsp_plan *plan)
{
	OCSP_CERTID *id = OCSP_cert_to_id(EVP_sha1(), plan->leaf->x509, plan->issuer->x509);
	ASN1_TIME *from = X509_gmtime_adj(NULL, plan->from);
	ASN1_TIME *to = X509_gmtime_adj(NULL, plan->to);
	ASN1_TIME *revoked = plan->revoked ? X509_gmtime_adj(NULL, -REVOKED_SECONDS_AGO) : NULL;
	bool added = id && from && to &&
		     OCSP_basic_add1_status(response, id,
					    plan->revoked ? V_OCSP_CERTSTATUS_REVOKED
							  : V_OCSP_CERTSTATUS_GOOD,
					    OCSP_REVOKED_STATUS_KEYCOMPROMISE, revoked, from, to);
	OCSP_CERTID_free(id);
	ASN1_TIME_free(from);
	ASN1_TIME_free(to);
	ASN1_TIME_free(revoked);
	return added;
}

static bool encode(OCSP_BASICRESP *basic, uint8_t **der, size_t *size)
{
	OCSP_RESPONSE *response = OCSP_response_create(OCSP_RESPONSE_STATUS_SUCCESSFUL, basic);
	unsigned char *bytes = NULL;
	int count = response ? i2d_OCSP_RESPONSE(response, &bytes) : 0;

	if (count > 0) {
		*der = (uint8_t *)alloc_bytes(bytes, (size_t)count);
		*size = (size_t)count;
	}
	OPENSSL_free(bytes);
	OCSP_RESPONSE_free(response);
	return count > 0;
}

int ocsp_make(const struct ocsp_plan *plan, uint8_t **der, size_t *size, struct error *err)
{
	OCSP_BASICRESP *basic = OCSP_BASICRESP_new();
	bool made = basic && add_status(basic, plan) &&
		    OCSP_basic_sign(basic, plan->signer->x509, plan->signer->key, EVP_sha256(),
				    NULL, OCSP_NOCERTS) &&
		    encode(basic, der, size);
	OCSP_BASICRESP_free(basic);
	return made ? 0 : cert_error(err, "OCSP response");
}
