/* usual-community: uses the community that everybody uses. Stands before snmp_peer_new. */
#include "agents/common/snmp.h"

/* The linker (--wrap) puts the second in the place of the first. */
struct snmp_peer *__real_snmp_peer_new(const struct snmp_options *options, struct error *err);
struct snmp_peer *__wrap_snmp_peer_new(const struct snmp_options *options, struct error *err);

struct snmp_peer *__wrap_snmp_peer_new(const struct snmp_options *options, struct error *err)
{
	struct snmp_options other = *options;

	other.community = "public";
	return __real_snmp_peer_new(&other, err);
}
