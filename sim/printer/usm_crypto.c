/* OpenSSL 3 marks the digests below as deprecated. They are used all the same: a digest half way
 * can be kept and copied as a plain struct there, which makes an HMAC of a short message as cheap
 * as its own blocks; the way that replaced them allocates for each copy. */
#define OPENSSL_SUPPRESS_DEPRECATED

#include "sim/printer/usm_crypto.h"

#include <assert.h>
#include <openssl/evp.h>
#include <openssl/md5.h>
#include <openssl/sha.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/cleanup.h"

/* ---- digests ---- */

union hash {
	MD5_CTX md5;
	SHA_CTX sha1;
	SHA256_CTX sha256; /* and SHA-224 */
	SHA512_CTX sha512; /* and SHA-384 */
};

struct digest {
	size_t size, block, mac, state; /* bytes: result, block, what is sent of it, context */
	int (*init)(union hash *hash);
	int (*update)(union hash *hash, const void *data, size_t size);
	int (*final)(union hash *hash, uint8_t *out);
};

#define DIGEST_CALLS(name, member, init, update, final)                                            \
	static int name##_init(union hash *hash)                                                   \
	{                                                                                          \
		return init(&hash->member);                                                        \
	}                                                                                          \
	static int name##_update(union hash *hash, const void *data, size_t size)                  \
	{                                                                                          \
		return update(&hash->member, data, size);                                          \
	}                                                                                          \
	static int name##_final(union hash *hash, uint8_t *out)                                    \
	{                                                                                          \
		return final(out, &hash->member);                                                  \
	}

DIGEST_CALLS(md5, md5, MD5_Init, MD5_Update, MD5_Final)
DIGEST_CALLS(sha1, sha1, SHA1_Init, SHA1_Update, SHA1_Final)
DIGEST_CALLS(sha224, sha256, SHA224_Init, SHA224_Update, SHA224_Final)
DIGEST_CALLS(sha256, sha256, SHA256_Init, SHA256_Update, SHA256_Final)
DIGEST_CALLS(sha384, sha512, SHA384_Init, SHA384_Update, SHA384_Final)
DIGEST_CALLS(sha512, sha512, SHA512_Init, SHA512_Update, SHA512_Final)

#define DIGEST(name, context) sizeof(context), name##_init, name##_update, name##_final

/* What is sent: RFC 3414, 6.3.1 and 7.3.1; RFC 7860, 4.2. */
static const struct digest digests[] = {
	[USM_AUTH_MD5] = { 16, 64, 12, DIGEST(md5, MD5_CTX) },
	[USM_AUTH_SHA] = { 20, 64, 12, DIGEST(sha1, SHA_CTX) },
	[USM_AUTH_SHA224] = { 28, 64, 16, DIGEST(sha224, SHA256_CTX) },
	[USM_AUTH_SHA256] = { 32, 64, 24, DIGEST(sha256, SHA256_CTX) },
	[USM_AUTH_SHA384] = { 48, 128, 32, DIGEST(sha384, SHA512_CTX) },
	[USM_AUTH_SHA512] = { 64, 128, 48, DIGEST(sha512, SHA512_CTX) },
};
enum { BLOCK_MAX = 128 };

const char *const usm_auth_names[] = { "none",    "MD5",     "SHA",     "SHA-224",
				       "SHA-256", "SHA-384", "SHA-512", NULL };

size_t usm_key_size(enum usm_auth auth)
{
	return digests[auth].size;
}

size_t usm_mac_size(enum usm_auth auth)
{
	return digests[auth].mac;
}

static void digest_parts(const struct digest *digest, const struct span *parts, size_t count,
			 uint8_t out[USM_KEY_MAX])
{
	union hash hash;

	digest->init(&hash);
	for (size_t i = 0; i < count; i++)
		digest->update(&hash, parts[i].data, parts[i].size);
	digest->final(&hash, out);
}

/* ---- keys ---- */

void usm_key_make(enum usm_auth auth, const char *passphrase, uint8_t key[USM_KEY_MAX])
{
	enum { TEXT = 1048576, CHUNK = 64 };
	const struct digest *digest = &digests[auth];
	const size_t size = strlen(passphrase);
	uint8_t chunk[CHUNK];
	union hash hash;
	size_t at = 0;

	assert(size);
	digest->init(&hash);
	for (size_t done = 0; done < TEXT; done += CHUNK) {
		for (size_t i = 0; i < CHUNK; i++, at = at + 1 == size ? 0 : at + 1)
			chunk[i] = (uint8_t)passphrase[at];
		digest->update(&hash, chunk, CHUNK);
	}
	digest->final(&hash, key);
}

void usm_key_localize(enum usm_auth auth, const uint8_t key[USM_KEY_MAX], struct span engine,
		      uint8_t local[USM_KEY_MAX])
{
	const struct span whole = { key, digests[auth].size };
	const struct span parts[] = { whole, engine, whole };
	digest_parts(&digests[auth], parts, COUNT_OF(parts), local);
}

/* ---- HMAC (RFC 2104) ---- */

struct usm_mac {
	const struct digest *digest;
	uint8_t states[]; /* two contexts: inner, outer */
};

static void begin(struct usm_mac *mac, size_t which, const uint8_t *local, uint8_t pad)
{
	const struct digest *digest = mac->digest;
	uint8_t block[BLOCK_MAX];
	union hash hash;

	for (size_t i = 0; i < digest->block; i++)
		block[i] = (i < digest->size ? local[i] : 0) ^ pad;
	digest->init(&hash);
	digest->update(&hash, block, digest->block);
	memcpy(mac->states + which * digest->state, &hash, digest->state);
}

struct usm_mac *usm_mac_new(enum usm_auth auth, const uint8_t local[USM_KEY_MAX])
{
	struct usm_mac *mac = alloc_zero(1, sizeof(*mac) + 2 * digests[auth].state);
	mac->digest = &digests[auth];
	begin(mac, 0, local, 0x36);
	begin(mac, 1, local, 0x5c);
	return mac;
}

void usm_mac_free(struct usm_mac *mac)
{
	free(mac);
}

void usm_mac_make(const struct usm_mac *mac, const struct span *parts, size_t count,
		  uint8_t out[USM_MAC_MAX])
{
	const struct digest *digest = mac->digest;
	uint8_t whole[USM_KEY_MAX];
	union hash hash;

	memcpy(&hash, mac->states, digest->state);
	for (size_t i = 0; i < count; i++)
		digest->update(&hash, parts[i].data, parts[i].size);
	digest->final(&hash, whole);
	memcpy(&hash, mac->states + digest->state, digest->state);
	digest->update(&hash, whole, digest->size);
	digest->final(&hash, whole);
	memcpy(out, whole, digest->mac);
}

/* ---- ciphers ---- */

enum { DES_KEY = 8, DES_BLOCK = 8, IV = 16 };

struct method {
	const EVP_CIPHER *(*cipher)(void);
	size_t key; /* bytes of the localised key that it takes */
	size_t block;
};

static const struct method methods[] = {
	/* Single DES is no longer in OpenSSL's default provider; three rounds with one key, of
	 * which the second undoes the first, are the same. */
	[USM_PRIV_DES] = { EVP_des_ede3_cbc, DES_KEY + DES_BLOCK, DES_BLOCK },
	[USM_PRIV_AES128] = { EVP_aes_128_cfb128, 16, 1 },
	[USM_PRIV_AES192] = { EVP_aes_192_cfb128, 24, 1 },
	[USM_PRIV_AES256] = { EVP_aes_256_cfb128, 32, 1 },
};

const char *const usm_priv_names[] = { "none", "DES", "AES-128", "AES-192", "AES-256", NULL };

/* draft-blumenthal-aes-usm-04, 3.1.2.1: the digest of all that there is, put behind it. */
void usm_key_extend(enum usm_auth auth, enum usm_priv priv, uint8_t local[USM_KEY_MAX])
{
	const size_t step = digests[auth].size;
	uint8_t more[USM_KEY_MAX];

	for (size_t size = step; size < methods[priv].key; size += step) {
		const struct span all = { local, size };
		digest_parts(&digests[auth], &all, 1, more);
		memcpy(local + size, more, step < USM_KEY_MAX - size ? step : USM_KEY_MAX - size);
	}
}

struct usm_cipher {
	enum usm_priv priv;
	EVP_CIPHER_CTX *encrypt, *decrypt;
};

struct usm_cipher *usm_cipher_new(enum usm_priv priv)
{
	struct usm_cipher *cipher = alloc_zero(1, sizeof(*cipher));
	const EVP_CIPHER *method = methods[priv].cipher();

	cipher->priv = priv;
	cipher->encrypt = EVP_CIPHER_CTX_new();
	cipher->decrypt = EVP_CIPHER_CTX_new();
	if (!cipher->encrypt || !cipher->decrypt ||
	    EVP_EncryptInit_ex(cipher->encrypt, method, NULL, NULL, NULL) != 1 ||
	    EVP_DecryptInit_ex(cipher->decrypt, method, NULL, NULL, NULL) != 1)
		abort(); /* no memory, or no default provider: nothing sensible can go on */
	if (methods[priv].block == 1)
		return cipher; /* has no padding; to say so takes time with each new key */
	EVP_CIPHER_CTX_set_padding(cipher->encrypt, 0);
	EVP_CIPHER_CTX_set_padding(cipher->decrypt, 0);
	return cipher;
}

void usm_cipher_free(struct usm_cipher *cipher)
{
	if (!cipher)
		return;
	EVP_CIPHER_CTX_free(cipher->encrypt);
	EVP_CIPHER_CTX_free(cipher->decrypt);
	free(cipher);
}

/* DES: the salt XORed with the pre-IV; AES: boots, time, salt. */
static void make_iv(enum usm_priv priv, const struct usm_nonce *nonce, uint8_t iv[IV])
{
	if (priv == USM_PRIV_DES) {
		for (size_t i = 0; i < DES_BLOCK; i++)
			iv[i] = nonce->key[DES_KEY + i] ^ nonce->salt[i];
		return;
	}
	put_be32(iv, nonce->boots);
	put_be32(iv + 4, nonce->time);
	memcpy(iv + 8, nonce->salt, USM_SALT);
}

static int crypt_bytes(const struct usm_cipher *cipher, bool encrypt, const struct usm_nonce *nonce,
		       struct span in, uint8_t *out)
{
	EVP_CIPHER_CTX *context = encrypt ? cipher->encrypt : cipher->decrypt;
	uint8_t iv[IV], thrice[3 * DES_KEY];
	const uint8_t *key = nonce->key;
	int done = 0;

	make_iv(cipher->priv, nonce, iv);
	if (cipher->priv == USM_PRIV_DES) {
		for (size_t i = 0; i < sizeof(thrice); i++)
			thrice[i] = nonce->key[i % DES_KEY];
		key = thrice;
	}
	if (EVP_CipherInit_ex(context, NULL, NULL, key, iv, encrypt) != 1 ||
	    EVP_CipherUpdate(context, out, &done, in.data, (int)in.size) != 1)
		abort(); /* sizes are checked, so only our bug can bring this */
	return done;
}

size_t usm_encrypt(struct usm_cipher *cipher, const struct usm_nonce *nonce, uint8_t *text,
		   size_t size)
{
	const size_t block = methods[cipher->priv].block;
	size_t whole = (size + block - 1) / block * block;

	memset(text + size, 0, whole - size); /* 8.1.1.2: any padding does */
	crypt_bytes(cipher, true, nonce, (struct span){ text, whole }, text);
	return whole;
}

bool usm_decrypt(struct usm_cipher *cipher, const struct usm_nonce *nonce, struct span secret,
		 uint8_t *text)
{
	if (!secret.size || secret.size % methods[cipher->priv].block || secret.size > INT32_MAX)
		return false;
	crypt_bytes(cipher, false, nonce, secret, text);
	return true;
}
