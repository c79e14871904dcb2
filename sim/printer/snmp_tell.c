#include "sim/printer/snmp_tell.h"

#include "base/cleanup.h"
#include "base/ipv4.h"
#include "base/json.h"
#include "sim/printer/device.h"

static const char *pdu_name(uint8_t pdu)
{
	static const char *const names[] = { "get",     "getnext", "response", "set",   "trap",
					     "getbulk", "inform",  "trap2",    "report" };
	size_t i = pdu - 0xa0u;
	return i < COUNT_OF(names) ? names[i] : "unknown";
}

void snmp_tell_request(struct device *device, const struct datagram *in,
		       const struct snmp_told *told)
{
	char from[IPV4_TEXT_MAX], to[IPV4_TEXT_MAX];

	device_seen(device, "snmp.request",
		    json_pack("{s:s,s:s,s:s,s:o,s:s,s:I,s:o}", "from", ipv4_format(in->from, from),
			      "to", ipv4_format(in->to, to), "version", told->version ? "2c" : "1",
			      "community",
			      json_lossy_text(told->community.data, told->community.size), "pdu",
			      pdu_name(told->pdu), "request", (json_int_t)told->request, "oids",
			      told->oids));
}
