/* tls_library.h: sets the floor for every TLS connection of this process.
 *
 * paho ignores the version that it is told, so the floor is put where OpenSSL itself looks: its
 * configuration, built in memory. The machine's openssl.cnf and OPENSSL_CONF are not read, so they
 * can neither lower nor widen it. */
#ifndef AGENTS_COMMON_TLS_LIBRARY_H
#define AGENTS_COMMON_TLS_LIBRARY_H

#include "agents/common/tls_policy.h"
#include "base/error.h"

/* Before the first use of curl or paho. urls: of all servers that there are, NULL-terminated; a
 * certificate has to be made for the host of one of them. */
int tls_library_init(const struct tls_floor *floor, const char *const *urls, struct error *err);

#endif
