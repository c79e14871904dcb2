#include "agents/common/tls_staple.h"

#include <errno.h>
#include <openssl/ocsp.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <stdbool.h>

#include "base/cleanup.h"

enum {
	REFUSED = 0, /* alert bad_certificate_status_response */
	ACCEPTED = 1,
	CLOCKS_DIFFER_S = 300,
	STATUS_REQUEST = 5, /* RFC 7633: the TLS extension that must be answered */
};

static bool demands_staple(X509 *leaf)
{
	TLS_FEATURE *features = X509_get_ext_d2i(leaf, NID_tlsfeature, NULL, NULL);
	bool demands = false;

	for (int i = 0; i < sk_ASN1_INTEGER_num(features); i++)
		demands |= ASN1_INTEGER_get(sk_ASN1_INTEGER_value(features, i)) == STATUS_REQUEST;
	TLS_FEATURE_free(features);
	return demands;
}

/* A responder names the certificate by hashes of his choice. */
static bool says_good(OCSP_BASICRESP *response, X509 *leaf, X509 *issuer)
{
	const EVP_MD *const hashes[] = { EVP_sha1(), EVP_sha256() };

	for (size_t i = 0; i < COUNT_OF(hashes); i++) {
		OCSP_CERTID *id = OCSP_cert_to_id(hashes[i], leaf, issuer);
		ASN1_GENERALIZEDTIME *from = NULL, *to = NULL;
		int status = -1;
		int found =
			id && OCSP_resp_find_status(response, id, &status, NULL, NULL, &from, &to);
		OCSP_CERTID_free(id);
		if (found)
			return status == V_OCSP_CERTSTATUS_GOOD &&
			       OCSP_check_validity(from, to, CLOCKS_DIFFER_S, -1) == 1;
	}
	return false;
}

/* The issuer stands in the chain that was just verified, so his own signature needs no more. */
static bool is_signed(OCSP_BASICRESP *response, X509 *issuer, X509_STORE *trusted)
{
	STACK_OF(X509) *signers = sk_X509_new_null();
	bool ok = signers && sk_X509_push(signers, issuer) > 0 &&
		  OCSP_basic_verify(response, signers, trusted, OCSP_TRUSTOTHER) == 1;

	sk_X509_free(signers);
	return ok;
}

static bool is_good(SSL *ssl, const unsigned char *der, long size)
{
	STACK_OF(X509) *chain = SSL_get0_verified_chain(ssl);
	int count = sk_X509_num(chain);
	X509 *leaf = count > 0 ? sk_X509_value(chain, 0) : NULL;
	X509 *issuer = count > 0 ? sk_X509_value(chain, count > 1 ? 1 : 0) : NULL;
	OCSP_RESPONSE *response = d2i_OCSP_RESPONSE(NULL, &der, size);
	OCSP_BASICRESP *basic =
		response && OCSP_response_status(response) == OCSP_RESPONSE_STATUS_SUCCESSFUL
			? OCSP_response_get1_basic(response)
			: NULL;
	bool good = leaf && basic &&
		    is_signed(basic, issuer, SSL_CTX_get_cert_store(SSL_get_SSL_CTX(ssl))) &&
		    says_good(basic, leaf, issuer);

	OCSP_BASICRESP_free(basic);
	OCSP_RESPONSE_free(response);
	return good;
}

static int judge(SSL *ssl, void *arg)
{
	const unsigned char *der = NULL;
	long size = SSL_get_tlsext_status_ocsp_resp(ssl, &der);
	X509 *leaf = SSL_get0_peer_certificate(ssl);

	(void)arg;
	/* A resumed session shows no certificate; it was judged when it began. Who does not look at
	 * certificates need not look at what is said of them. */
	if (SSL_session_reused(ssl) || SSL_get_verify_mode(ssl) == SSL_VERIFY_NONE)
		return ACCEPTED;
	if (!der || size <= 0)
		return leaf && demands_staple(leaf) ? REFUSED : ACCEPTED;
	return is_good(ssl, der, size) ? ACCEPTED : REFUSED;
}

/* OpenSSL calls this for each connection that is made (CRYPTO_get_ex_new_index(3)). Whether it
 * copies the type from the context before or after depends on its version, so both are told. */
static void on_connection(void *parent, void *data, CRYPTO_EX_DATA *all, int index, long number,
			  void *arg)
{
	SSL *ssl = parent;
	SSL_CTX *context = SSL_get_SSL_CTX(ssl);

	(void)data;
	(void)all;
	(void)index;
	(void)number;
	(void)arg;
	SSL_CTX_set_tlsext_status_type(context, TLSEXT_STATUSTYPE_ocsp);
	SSL_CTX_set_tlsext_status_cb(context, judge);
	SSL_set_tlsext_status_type(ssl, TLSEXT_STATUSTYPE_ocsp);
}

int tls_staple_ask(struct error *err)
{
	if (SSL_get_ex_new_index(0, NULL, on_connection, NULL, NULL) < 0)
		return error_set(err, EIO,
				 "TLS library: cannot ask for the status of certificates");
	return 0;
}
