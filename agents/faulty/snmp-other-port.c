/* snmp-other-port: tries printers at a port that is not declared. Stands before snmp_peer_new. */
#include "agents/faulty/stray.h"

struct snmp_peer *__wrap_snmp_peer_new(const struct snmp_options *options, struct error *err)
{
	return stray_send(options, 1161, "hello", 5, err);
}
