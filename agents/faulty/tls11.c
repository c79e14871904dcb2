/* tls11: offers TLS 1.1. Replaces agents/common/tls_policy.c. */
#include "agents/common/tls_policy.h"

const struct tls_policy tls_https = { .check_certificate = true, .check_name = true };
const struct tls_policy tls_mqtt = { .check_certificate = true, .check_name = true };
const struct tls_floor tls_floor = { .min_protocol = "TLSv1.1",
				     .ciphers = "DEFAULT:@SECLEVEL=0",
				     .level = 0,
				     .strict_names = true,
				     .staples = true };
