#include "sim/cloud/token.h"

#include <stddef.h>
#include <stdint.h>
#include <sys/random.h>

const char *token_make(char text[TOKEN_MAX])
{
	uint8_t random[(TOKEN_MAX - 1) / 2];

	/* Up to 256 bytes getrandom(2) neither fails nor stops short, once the pool is ready. */
	if (getrandom(random, sizeof(random), 0) != (ssize_t)sizeof(random))
		abort();
	for (size_t i = 0; i < sizeof(random); i++)
		snprintf(text + 2 * i, 3, "%02x", random[i]);
	return text;
}

bool token_same(const char *one, const char *other)
{
	size_t size = strlen(one);
	unsigned different = 0;

	if (strlen(other) != size)
		return false;
	for (size_t i = 0; i < size; i++)
		different |= (unsigned)(one[i] ^ other[i]);
	return !different;
}
