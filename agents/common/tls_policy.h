/* tls_policy.h: what both encrypted channels insist on (TLS-1, TLS-2). Plain data, so that the
 * adapters of curl and paho do the same and it can be read in one place. */
#ifndef AGENTS_COMMON_TLS_POLICY_H
#define AGENTS_COMMON_TLS_POLICY_H

#include <stdbool.h>

struct tls_policy {
	bool check_certificate; /* must lead to the trusted file */
	bool check_name;        /* must be made for the host that was asked for */
};

struct tls_floor {
	const char *min_protocol; /* as OpenSSL's configuration spells it: "TLSv1.2" */
	const char *ciphers;      /* OpenSSL cipher list for TLS 1.2 */
	/* Keys and signatures of certificates: OpenSSL's security level, 2 is 112 bits. */
	int level;
	/* Names as RFC 9525 has them: subjectAltName alone, a wildcard is a whole label. What curl
	 * and paho look at by themselves is older and takes more. */
	bool strict_names;
	bool staples; /* tls_staple.h */
};

extern const struct tls_policy tls_https;
extern const struct tls_policy tls_mqtt;
extern const struct tls_floor tls_floor; /* of the whole process */

#endif
