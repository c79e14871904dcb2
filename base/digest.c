#include "base/digest.h"

#include <openssl/evp.h>
#include <string.h>

#include "base/cleanup.h"

enum { DIGEST_SIZE = 32 };

struct digest {
	EVP_MD_CTX *context;
};

/* SHA-256 is always there, and memory that is out ends the program anyway. */
static void must(int status)
{
	if (status != 1)
		abort();
}

struct digest *digest_new(void)
{
	struct digest *digest = alloc_zero(1, sizeof(*digest));
	digest->context = EVP_MD_CTX_new();
	must(digest->context && EVP_DigestInit_ex(digest->context, EVP_sha256(), NULL));
	return digest;
}

void digest_free(struct digest *digest)
{
	if (!digest)
		return;
	EVP_MD_CTX_free(digest->context);
	free(digest);
}

void digest_add(struct digest *digest, const void *data, size_t size)
{
	must(EVP_DigestUpdate(digest->context, data, size));
}

static const char *write_hex(const unsigned char *hash, char text[DIGEST_TEXT_MAX])
{
	for (unsigned i = 0; i < DIGEST_SIZE; i++)
		snprintf(text + 2 * i, 3, "%02x", hash[i]);
	return text;
}

const char *digest_text(const struct digest *digest, char text[DIGEST_TEXT_MAX])
{
	unsigned char hash[EVP_MAX_MD_SIZE];
	EVP_MD_CTX *copy = EVP_MD_CTX_new();

	must(copy && EVP_MD_CTX_copy_ex(copy, digest->context) &&
	     EVP_DigestFinal_ex(copy, hash, NULL));
	EVP_MD_CTX_free(copy);
	return write_hex(hash, text);
}

const char *digest_sha256(const void *data, size_t size, char text[DIGEST_TEXT_MAX])
{
	unsigned char hash[EVP_MAX_MD_SIZE];

	must(EVP_Digest(data, size, hash, NULL, EVP_sha256(), NULL));
	return write_hex(hash, text);
}

char *base64_encode(const void *data, size_t size)
{
	unsigned char *text = alloc_zero((size + 2) / 3 * 4 + 1, 1);
	EVP_EncodeBlock(text, data, (int)size);
	return (char *)text;
}

bool base64_decode(const char *text, size_t size, struct buf *out)
{
	if (size % 4 || size > INT32_MAX)
		return false;
	if (!size)
		return true;
	AUTO_FREE unsigned char *bytes = alloc_zero(size, 1);
	int got = EVP_DecodeBlock(bytes, (const unsigned char *)text, (int)size);
	if (got < 0)
		return false;
	int padding = (text[size - 1] == '=') + (text[size - 2] == '=');
	return buf_add(out, bytes, (size_t)(got - padding));
}

uint64_t mix64(uint64_t value)
{
	value += 0x9e3779b97f4a7c15u;
	value = (value ^ value >> 30) * 0xbf58476d1ce4e5b9u;
	value = (value ^ value >> 27) * 0x94d049bb133111ebu;
	return value ^ value >> 31;
}
