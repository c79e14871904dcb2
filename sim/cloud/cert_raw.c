#include "sim/cloud/cert_raw.h"

#include <openssl/evp.h>
#include <openssl/x509.h>

enum { SIGNATURE_MAX = 1024 };

bool cert_der(const struct cert_pair *pair, struct buf *out)
{
	unsigned char *bytes = NULL;
	int size = i2d_X509(pair->x509, &bytes);
	bool added = size > 0 && buf_add(out, bytes, (size_t)size);

	OPENSSL_free(bytes);
	return added;
}

bool cert_point(const struct cert_pair *pair, uint8_t point[CERT_POINT_SIZE])
{
	unsigned char *bytes = NULL;
	bool fits = EVP_PKEY_is_a(pair->key, "EC") &&
		    EVP_PKEY_get1_encoded_public_key(pair->key, &bytes) == CERT_POINT_SIZE;

	if (fits)
		memcpy(point, bytes, CERT_POINT_SIZE);
	OPENSSL_free(bytes);
	return fits;
}

bool cert_sign(const struct cert_pair *pair, bool sha1, const uint8_t *data, size_t size,
	       struct buf *out)
{
	EVP_MD_CTX *context = EVP_MD_CTX_new();
	uint8_t signature[SIGNATURE_MAX];
	size_t count = sizeof(signature);
	bool made = context &&
		    EVP_DigestSignInit(context, NULL, sha1 ? EVP_sha1() : EVP_sha256(), NULL,
				       pair->key) == 1 &&
		    EVP_DigestSign(context, signature, &count, data, size) == 1 &&
		    buf_add(out, signature, count);
	EVP_MD_CTX_free(context);
	return made;
}
