/* gzip.h: bodies in gzip (RFC 1952), sound ones and bombs. The only user of zlib here. */
#ifndef SIM_CLOUD_GZIP_H
#define SIM_CLOUD_GZIP_H

#include <stddef.h>

#include "base/buf.h"

/* Appends the gzip of data. */
void gzip_pack(const void *data, size_t size, struct buf *out);

/* Appends one sound gzip stream that unpacks to so many MiB of spaces, about a thousandth of that
 * in size. It costs the packing of one MiB, whatever the number. */
void gzip_bomb(unsigned mebibytes, struct buf *out);

#endif
