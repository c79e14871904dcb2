#include "base/digest.h"

#include <openssl/evp.h>
#include <string.h>

#include "base/cleanup.h"

const char *digest_sha256(const void *data, size_t size, char text[DIGEST_TEXT_MAX])
{
	unsigned char hash[EVP_MAX_MD_SIZE];
	unsigned int length = 0;

	if (EVP_Digest(data, size, hash, &length, EVP_sha256(), NULL) != 1 || length != 32)
		abort(); /* SHA-256 is always there */
	for (unsigned i = 0; i < length; i++)
		snprintf(text + 2 * i, 3, "%02x", hash[i]);
	return text;
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
