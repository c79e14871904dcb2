/* ignores-revocation: asks nobody whether a certificate is still good. Replaces
 * agents/common/tls_policy.c. */
#include "agents/common/tls_policy.h"

const struct tls_policy tls_https = { .check_certificate = true, .check_name = true };
const struct tls_policy tls_mqtt = { .check_certificate = true, .check_name = true };
const struct tls_floor tls_floor = { .min_protocol = "TLSv1.2",
				     .ciphers = "ECDHE+AESGCM:ECDHE+CHACHA20",
				     .level = 2,
				     .strict_names = true,
				     .staples = false };
