#include "sim/printer/usm_crypto.h"

#include <string.h>

#include "base/cleanup.h"
#include "base/test.h"

static void expect_hex(const uint8_t *bytes, size_t size, const char *hex)
{
	char text[2 * USM_KEY_MAX + 1] = "";

	for (size_t i = 0; i < size; i++)
		snprintf(text + 2 * i, 3, "%02x", bytes[i]);
	ck_assert_str_eq(text, hex);
}

/* RFC 3414, A.3.1 and A.3.2. */
START_TEST(keys_are_those_of_the_standard)
{
	static const uint8_t id[12] = { [11] = 2 };
	static const struct {
		enum usm_auth auth;
		const char *key, *local;
	} rows[] = {
		{ USM_AUTH_MD5, "9faf3283884e92834ebc9847d8edd963",
		  "526f5eed9fcce26f8964c2930787d82b" },
		{ USM_AUTH_SHA, "9fb5cc0381497b3793528939ff788d5d79145211",
		  "6695febc9288e36282235fc7151f128497b38f3f" },
	};
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		uint8_t key[USM_KEY_MAX], local[USM_KEY_MAX];
		size_t size = usm_key_size(rows[i].auth);
		usm_key_make(rows[i].auth, "maplesyrup", key);
		expect_hex(key, size, rows[i].key);
		usm_key_localize(rows[i].auth, key, (struct span){ id, sizeof(id) }, local);
		expect_hex(local, size, rows[i].local);
	}
}
END_TEST

/* RFC 2202 and RFC 4231, first cases: a shorter key is one with zeros behind it. */
START_TEST(digests_of_messages_are_those_of_the_standards)
{
	static const struct {
		enum usm_auth auth;
		size_t key;
		const char *hex;
	} rows[] = {
		{ USM_AUTH_MD5, 16, "9294727a3638bb1c13f48ef8" },
		{ USM_AUTH_SHA, 20, "b617318655057264e28bc0b6" },
		{ USM_AUTH_SHA224, 20, "896fb1128abbdf196832107cd49df33f" },
		{ USM_AUTH_SHA256, 20, "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da7" },
		{ USM_AUTH_SHA384, 20,
		  "afd03944d84895626b0825f4ab46907f15f9dadbe4101ec682aa034c7cebc59c" },
		{ USM_AUTH_SHA512, 20,
		  "87aa7cdea5ef619d4ff0b4241a1d6cb02379f4e2ce4ec2787ad0b30545e17cde"
		  "daa833b7d6b8a702038b274eaea3f4e4" },
	};
	static const uint8_t text[] = "Hi There";
	const struct span parts[] = { { text, 3 }, { text + 3, 0 }, { text + 3, 5 } };

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		uint8_t key[USM_KEY_MAX] = { 0 }, out[USM_MAC_MAX];
		memset(key, 0x0b, rows[i].key);
		struct usm_mac *mac = usm_mac_new(rows[i].auth, key);
		for (int again = 0; again < 2; again++) {
			usm_mac_make(mac, parts, COUNT_OF(parts), out);
			expect_hex(out, usm_mac_size(rows[i].auth), rows[i].hex);
		}
		usm_mac_free(mac);
	}
}
END_TEST

/* NIST SP 800-38A, F.3.13: CFB128 with AES-128; boots, time and salt are its initial vector. */
START_TEST(aes_is_that_of_the_standard)
{
	static const uint8_t key[16] = { 0x2b, 0x7e, 0x15, 0x16, 0x28, 0xae, 0xd2, 0xa6,
					 0xab, 0xf7, 0x15, 0x88, 0x09, 0xcf, 0x4f, 0x3c };
	const struct usm_nonce nonce = { .key = key,
					 .boots = 0x00010203,
					 .time = 0x04050607,
					 .salt = { 8, 9, 10, 11, 12, 13, 14, 15 } };
	uint8_t text[16] = { 0x6b, 0xc1, 0xbe, 0xe2, 0x2e, 0x40, 0x9f, 0x96,
			     0xe9, 0x3d, 0x7e, 0x11, 0x73, 0x93, 0x17, 0x2a };
	struct usm_cipher *cipher = usm_cipher_new(USM_PRIV_AES128);

	ck_assert_uint_eq(usm_encrypt(cipher, &nonce, text, sizeof(text)), sizeof(text));
	expect_hex(text, sizeof(text), "3b3fd92eb72dad20333449f8e83cfb4a");
	usm_cipher_free(cipher);
}
END_TEST

/* FIPS 81's first block: DES of "Now is t" with 0123456789abcdef. */
START_TEST(des_is_that_of_the_standard)
{
	static const uint8_t key[16] = { 0x01, 0x23, 0x45, 0x67, 0x89, 0xab, 0xcd, 0xef };
	const struct usm_nonce nonce = { .key = key };
	uint8_t text[8] = "Now is t";
	struct usm_cipher *cipher = usm_cipher_new(USM_PRIV_DES);

	ck_assert_uint_eq(usm_encrypt(cipher, &nonce, text, sizeof(text)), sizeof(text));
	expect_hex(text, sizeof(text), "3fa40e8a984d4815");
	usm_cipher_free(cipher);
}
END_TEST

START_TEST(what_was_encrypted_is_decrypted_with_the_same_nonce_only)
{
	static const char plain[] = "nineteen characters";
	enum { SIZE = sizeof(plain) - 1 };
	uint8_t key[USM_KEY_MAX];

	usm_key_make(USM_AUTH_MD5, "a passphrase", key);
	for (int priv = USM_PRIV_DES; usm_priv_names[priv]; priv++) {
		uint8_t text[SIZE + USM_PAD_MAX], back[SIZE + USM_PAD_MAX];
		struct usm_cipher *cipher = usm_cipher_new((enum usm_priv)priv);
		struct usm_nonce nonce = { .key = key, .boots = 3, .time = 77, .salt = "salty--" };
		usm_key_extend(USM_AUTH_MD5, (enum usm_priv)priv, key);
		memcpy(text, plain, SIZE);
		size_t size = usm_encrypt(cipher, &nonce, text, SIZE);
		const struct span secret = { text, size };
		ck_assert_uint_eq(size, priv == USM_PRIV_DES ? 24 : SIZE);
		ck_assert(usm_decrypt(cipher, &nonce, secret, back));
		ck_assert_mem_eq(back, plain, SIZE);
		nonce.salt[0] ^= 1;
		ck_assert(usm_decrypt(cipher, &nonce, secret, back));
		ck_assert_mem_ne(back, plain, SIZE);
		usm_cipher_free(cipher);
	}
}
END_TEST

START_TEST(a_secret_that_is_no_whole_block_is_refused)
{
	static const uint8_t key[16] = { 1 };
	uint8_t text[16] = { 0 };
	struct usm_cipher *cipher = usm_cipher_new(USM_PRIV_DES);
	const struct usm_nonce nonce = { .key = key };

	ck_assert(!usm_decrypt(cipher, &nonce, (struct span){ text, 15 }, text));
	ck_assert(!usm_decrypt(cipher, &nonce, (struct span){ text, 0 }, text));
	ck_assert(usm_decrypt(cipher, &nonce, (struct span){ text, 16 }, text));
	usm_cipher_free(cipher);
}
END_TEST

TEST_MAIN("sim.printer.usm_crypto", keys_are_those_of_the_standard,
	  digests_of_messages_are_those_of_the_standards, aes_is_that_of_the_standard,
	  des_is_that_of_the_standard, what_was_encrypted_is_decrypted_with_the_same_nonce_only,
	  a_secret_that_is_no_whole_block_is_refused)
