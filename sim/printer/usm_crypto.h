/* usm_crypto.h: digests, keys and ciphers of the User-based Security Model: RFC 3414 (MD5, SHA-1,
 * DES), RFC 7860 (SHA-2), RFC 3826 (AES-128) and, as net-snmp has it, AES-192 and AES-256 by
 * draft-blumenthal-aes-usm-04. Bytes only; the one user of OpenSSL in this room. */
#ifndef SIM_PRINTER_USM_CRYPTO_H
#define SIM_PRINTER_USM_CRYPTO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/printer/ber.h"

enum usm_auth {
	USM_AUTH_NONE,
	USM_AUTH_MD5,
	USM_AUTH_SHA,
	USM_AUTH_SHA224,
	USM_AUTH_SHA256,
	USM_AUTH_SHA384,
	USM_AUTH_SHA512,
};
enum usm_priv { USM_PRIV_NONE, USM_PRIV_DES, USM_PRIV_AES128, USM_PRIV_AES192, USM_PRIV_AES256 };

/* As net-snmp's options -a and -x name them; indexed by the enums, NULL-terminated. */
extern const char *const usm_auth_names[]; /* none, MD5, SHA … */
extern const char *const usm_priv_names[]; /* none, DES, AES-128 … */

enum {
	USM_KEY_MAX = 64, /* of the longest digest */
	USM_MAC_MAX = 48, /* what a message carries of it */
	USM_SALT = 8,     /* msgPrivacyParameters, of all ciphers */
	USM_PAD_MAX = 7,  /* what a cipher may add to a text */
};

size_t usm_key_size(enum usm_auth auth); /* of the digest and so of its keys; 0 for none */
size_t usm_mac_size(enum usm_auth auth);

/* The key of a user from a passphrase (RFC 3414, A.2): a digest of a mebibyte, so milliseconds. The
 * passphrase is not empty. */
void usm_key_make(enum usm_auth auth, const char *passphrase, uint8_t key[USM_KEY_MAX]);
/* The same for one engine (RFC 3414, 2.6). */
void usm_key_localize(enum usm_auth auth, const uint8_t key[USM_KEY_MAX], struct span engine,
		      uint8_t local[USM_KEY_MAX]);
/* A localised key made as long as a cipher takes it; DES: key and pre-IV. */
void usm_key_extend(enum usm_auth auth, enum usm_priv priv, uint8_t local[USM_KEY_MAX]);

/* HMAC with a localised key, begun: a digest that has read the key's two pads. */
struct usm_mac; /* opaque */
struct usm_mac *usm_mac_new(enum usm_auth auth, const uint8_t local[USM_KEY_MAX]);
void usm_mac_free(struct usm_mac *mac); /* NULL is fine */
/* Of some bytes one behind another, cut to usm_mac_size. */
void usm_mac_make(const struct usm_mac *mac, const struct span *parts, size_t count,
		  uint8_t out[USM_MAC_MAX]);

/* A cipher that can be used again and again with other keys. */
struct usm_cipher;                                     /* opaque */
struct usm_cipher *usm_cipher_new(enum usm_priv priv); /* not none */
void usm_cipher_free(struct usm_cipher *cipher);       /* NULL is fine */

/* Which key, and what makes the initial vector (RFC 3414, 8.1.1.1; RFC 3826, 3.1.2.1). */
struct usm_nonce {
	const uint8_t *key; /* extended */
	uint32_t boots, time;
	uint8_t salt[USM_SALT]; /* as in the message */
};

/* In place; text has room for USM_PAD_MAX bytes more. Returns the new size. */
size_t usm_encrypt(struct usm_cipher *cipher, const struct usm_nonce *nonce, uint8_t *text,
		   size_t size);
/* text has room for as many bytes. False: no text of this cipher (RFC 3414, 8.1.1.3). */
bool usm_decrypt(struct usm_cipher *cipher, const struct usm_nonce *nonce, struct span secret,
		 uint8_t *text);

#endif
