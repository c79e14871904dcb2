/* tls_staple.h: asks every server of this process for the status of its certificate (OCSP stapling,
 * RFC 6066 8) and ends the handshake when the answer is not "good".
 *
 * Neither curl nor paho can be told to: curl knows only "a staple or nothing", paho nothing at all.
 * So it is done where OpenSSL itself makes a connection, for both alike.
 *
 * No staple is no reason, unless the certificate demands one (RFC 7633): most servers have none.
 * One that is there has to be whole, signed by the issuer or by whom he names, of today, about this
 * certificate, and good. */
#ifndef AGENTS_COMMON_TLS_STAPLE_H
#define AGENTS_COMMON_TLS_STAPLE_H

#include "base/error.h"

/* For all connections made afterwards; once a process. */
int tls_staple_ask(struct error *err);

#endif
