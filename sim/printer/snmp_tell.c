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

/* By what right it was asked: a community, or a user and how the message was protected. */
static void add_credentials(json_t *fields, const struct snmp_told *told)
{
	const struct snmp_caller *by = told->by;

	if (!by) {
		json_object_set_new(fields, "version", json_string(told->version ? "2c" : "1"));
		json_object_set_new(fields, "community",
				    json_lossy_text(told->community.data, told->community.size));
		return;
	}
	json_object_set_new(fields, "version", json_string("3"));
	json_object_set_new(fields, "user", json_lossy_text(by->user.data, by->user.size));
	json_object_set_new(fields, "level", json_string(by->level));
}

void snmp_tell_request(struct device *device, const struct datagram *in,
		       const struct snmp_told *told)
{
	char from[IPV4_TEXT_MAX], to[IPV4_TEXT_MAX];
	json_t *fields = json_pack("{s:s,s:s}", "from", ipv4_format(in->from, from), "to",
				   ipv4_format(in->to, to));

	add_credentials(fields, told);
	json_object_set_new(fields, "pdu", json_string(pdu_name(told->pdu)));
	json_object_set_new(fields, "request", json_integer(told->request));
	json_object_set_new(fields, "oids", told->oids);
	device_seen(device, "snmp.request", fields);
}

void snmp_tell_response(struct device *device, const uint8_t *data, size_t size)
{
	struct snmp_message message;

	if (!device->host->tap || !snmp_message_parse(data, size, &message))
		return;
	device_seen(device, "snmp.response",
		    json_pack("{s:I,s:I,s:I,s:o}", "request",
			      (json_int_t)ber_integer(message.request), "errorStatus",
			      (json_int_t)ber_integer(message.error_status), "errorIndex",
			      (json_int_t)ber_integer(message.error_index), "oids",
			      snmp_message_oids(&message)));
}
