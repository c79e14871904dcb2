/* tls_pipe.h: bytes between OpenSSL and us, without a copy of our own.
 *
 * What OpenSSL reads is lent to it where it stands; what it writes is kept until it is fetched. A
 * memory BIO of OpenSSL does the same, and costs a busy front a tenth of its time. */
#ifndef SIM_CLOUD_TLS_PIPE_H
#define SIM_CLOUD_TLS_PIPE_H

#include <openssl/bio.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/cloud/spare.h"

/* For both directions. spare is borrowed until BIO_free, which an SSL calls. */
BIO *tls_pipe_new(struct spare *spare);

/* What OpenSSL reads from now on; borrowed until the next call. NULL, 0: nothing. */
void tls_pipe_lend(BIO *pipe, const uint8_t *data, size_t size);
size_t tls_pipe_left(BIO *pipe); /* of it */

/* What OpenSSL wrote; NULL: nothing. Valid until the next write. */
const uint8_t *tls_pipe_data(BIO *pipe, size_t *size);
void tls_pipe_clear(BIO *pipe); /* it was fetched */

#endif
