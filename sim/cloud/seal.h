/* seal.h: texts encrypted and signed for one run: AES-256-GCM under a key that is never written.
 *
 * USR-2: the information of users is encrypted and stored in the database. */
#ifndef SIM_CLOUD_SEAL_H
#define SIM_CLOUD_SEAL_H

#include <stdint.h>

#include "base/digest.h"

enum { SEAL_KEY_SIZE = 32 };

struct seal {
	uint8_t key[SEAL_KEY_SIZE];
};

void seal_init(struct seal *seal); /* a new key */
void seal_done(struct seal *seal); /* wipes it */

/* A name to look up by that does not show the text. Returns handle. */
const char *seal_handle(const struct seal *seal, const char *text, char handle[DIGEST_TEXT_MAX]);

char *seal_close(const struct seal *seal, const char *text); /* caller frees */

/* NULL if it was not sealed with this key, or was touched. Caller frees. */
char *seal_open(const struct seal *seal, const char *sealed);

#endif
