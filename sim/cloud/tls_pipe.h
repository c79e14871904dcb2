/* tls_pipe.h: bytes between OpenSSL and us: what one side writes the other reads, in order.
 *
 * A memory BIO of OpenSSL does the same, and costs a busy front a tenth of its time. */
#ifndef SIM_CLOUD_TLS_PIPE_H
#define SIM_CLOUD_TLS_PIPE_H

#include <openssl/bio.h>
#include <stddef.h>
#include <stdint.h>

BIO *tls_pipe_new(void); /* BIO_free frees it, as an SSL does */

/* What was written and not read. Valid until the next write. */
const uint8_t *tls_pipe_data(BIO *pipe, size_t *size);
void tls_pipe_clear(BIO *pipe);

#endif
