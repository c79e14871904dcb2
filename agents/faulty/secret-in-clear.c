/* secret-in-clear: uses its password where it should use a community. Stands before
 * snmp_peer_new. */
#include "agents/common/snmp.h"

#include <stdio.h>
#include <stdlib.h>

/* The linker (--wrap) puts the second in the place of the first. */
struct snmp_peer *__real_snmp_peer_new(const struct snmp_options *options, struct error *err);
struct snmp_peer *__wrap_snmp_peer_new(const struct snmp_options *options, struct error *err);

static char secret[256];

/* Before main, which wipes it from the environment. */
static void __attribute__((constructor)) remember(void)
{
	const char *text = getenv("ECSP_SECRET");

	snprintf(secret, sizeof(secret), "%s", text ? text : "");
}

struct snmp_peer *__wrap_snmp_peer_new(const struct snmp_options *options, struct error *err)
{
	struct snmp_options other = *options;

	other.community = secret;
	return __real_snmp_peer_new(&other, err);
}
