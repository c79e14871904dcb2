/* cert_raw.h: a certificate and its key as bytes, for what OpenSSL's handshake will not do. */
#ifndef SIM_CLOUD_CERT_RAW_H
#define SIM_CLOUD_CERT_RAW_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "sim/cloud/cert_make.h"

enum { CERT_POINT_SIZE = 65 };

/* Appends the DER. False if OpenSSL refuses. */
bool cert_der(const struct cert_pair *pair, struct buf *out);

/* The public key as an uncompressed point; false if it is not on the curve P-256. */
bool cert_point(const struct cert_pair *pair, uint8_t point[CERT_POINT_SIZE]);

/* Appends the signature over data, with SHA-256 or SHA-1. False if OpenSSL refuses. */
bool cert_sign(const struct cert_pair *pair, bool sha1, const uint8_t *data, size_t size,
	       struct buf *out);

#endif
