#include "sim/printer/fuzzbed.h"
#include "sim/printer/snmp_message.h"

/* Any bytes as a message: what was read can be written and read again. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct snmp_message message, again;
	struct buf out;

	if (size > 4096 || !snmp_message_parse(data, size, &message))
		return 0;
	json_decref(snmp_message_oids(&message));
	buf_init(&out, 65535);
	snmp_message_rebuild(&message, message.varbind_count, &out);
	if (!snmp_message_parse(out.data, out.size, &again) ||
	    again.varbind_count != message.varbind_count)
		abort();
	buf_done(&out);
	return 0;
}
