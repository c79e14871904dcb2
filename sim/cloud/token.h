/* token.h: names nobody can guess, and comparing without telling where two differ. */
#ifndef SIM_CLOUD_TOKEN_H
#define SIM_CLOUD_TOKEN_H

#include <stdbool.h>

enum { TOKEN_MAX = 33 };

const char *token_make(char text[TOKEN_MAX]); /* 128 random bits in hex; returns text */
bool token_same(const char *one, const char *other);

#endif
