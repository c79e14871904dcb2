#include "sim/cloud/seal.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>
#include <string.h>

#include "base/buf.h"
#include "base/cleanup.h"

enum { NONCE_SIZE = 12, TAG_SIZE = 16, HEAD_SIZE = NONCE_SIZE + TAG_SIZE, SEALED_MAX = 1 << 24 };

/* OpenSSL fails here only when out of memory or entropy. */
static void must(int status)
{
	if (status != 1)
		abort();
}

void seal_init(struct seal *seal)
{
	must(RAND_bytes(seal->key, sizeof(seal->key)));
}

void seal_done(struct seal *seal)
{
	OPENSSL_cleanse(seal->key, sizeof(seal->key));
}

const char *seal_handle(const struct seal *seal, const char *text, char handle[DIGEST_TEXT_MAX])
{
	uint8_t code[EVP_MAX_MD_SIZE];
	unsigned size;

	must(HMAC(EVP_sha256(), seal->key, sizeof(seal->key), (const uint8_t *)text, strlen(text),
		  code, &size) != NULL);
	return digest_sha256(code, size, handle);
}

char *seal_close(const struct seal *seal, const char *text)
{
	size_t size = strlen(text);
	AUTO_FREE uint8_t *sealed = alloc_zero(HEAD_SIZE + size, 1);
	EVP_CIPHER_CTX *context = EVP_CIPHER_CTX_new();
	int done;

	if (size > SEALED_MAX || !context)
		abort();
	must(RAND_bytes(sealed, NONCE_SIZE));
	must(EVP_EncryptInit_ex(context, EVP_aes_256_gcm(), NULL, seal->key, sealed));
	must(EVP_EncryptUpdate(context, sealed + HEAD_SIZE, &done, (const uint8_t *)text,
			       (int)size));
	must(EVP_EncryptFinal_ex(context, sealed + HEAD_SIZE + done, &done));
	must(EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_GCM_GET_TAG, TAG_SIZE, sealed + NONCE_SIZE));
	EVP_CIPHER_CTX_free(context);
	return base64_encode(sealed, HEAD_SIZE + size);
}

static char *decrypt(const struct seal *seal, uint8_t *sealed, size_t size)
{
	char *text = alloc_zero(size + 1, 1);
	EVP_CIPHER_CTX *context = EVP_CIPHER_CTX_new();
	int done, rest;
	bool opened =
		context &&
		EVP_DecryptInit_ex(context, EVP_aes_256_gcm(), NULL, seal->key, sealed) == 1 &&
		EVP_DecryptUpdate(context, (uint8_t *)text, &done, sealed + HEAD_SIZE, (int)size) ==
			1 &&
		EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_GCM_SET_TAG, TAG_SIZE, sealed + NONCE_SIZE) ==
			1 &&
		EVP_DecryptFinal_ex(context, (uint8_t *)text + done, &rest) == 1;

	EVP_CIPHER_CTX_free(context);
	if (opened)
		return text;
	free(text);
	return NULL;
}

char *seal_open(const struct seal *seal, const char *sealed)
{
	struct buf bytes;
	char *text = NULL;

	buf_init(&bytes, SEALED_MAX);
	if (base64_decode(sealed, strlen(sealed), &bytes) && bytes.size >= HEAD_SIZE)
		text = decrypt(seal, bytes.data, bytes.size - HEAD_SIZE);
	buf_done(&bytes);
	return text;
}
