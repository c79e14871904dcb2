/* enpc-gibberish: speaks something else at ENPC's port. Stands before snmp_peer_new. */
#include "agents/faulty/stray.h"

struct snmp_peer *__wrap_snmp_peer_new(const struct snmp_options *options, struct error *err)
{
	return stray_send(options, 3289, "hello", 5, err);
}
