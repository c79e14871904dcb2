#include "sim/printer/snmp_message.h"

#include "sim/printer/oid.h"

int64_t snmp_message_version(const uint8_t *data, size_t size)
{
	struct span in = { data, size }, body, version;
	if (!ber_take_tag(&in, BER_SEQUENCE, &body) || !ber_take_tag(&body, BER_INTEGER, &version))
		return -1;
	return ber_integer(version);
}

static bool take_varbinds(struct snmp_message *message)
{
	struct span list = message->list, varbind;
	while (list.size) {
		const uint8_t *start = list.data;
		if (!ber_take_tag(&list, BER_SEQUENCE, &varbind))
			return false;
		if (message->varbind_count < SNMP_VARBINDS_MAX)
			message->varbinds[message->varbind_count++] =
				(struct span){ start, (size_t)(list.data - start) };
	}
	return true;
}

bool snmp_message_parse(const uint8_t *data, size_t size, struct snmp_message *message)
{
	struct span in = { data, size }, body, version, pdu;

	*message = (struct snmp_message){ 0 };
	if (!ber_take_tag(&in, BER_SEQUENCE, &body) ||
	    !ber_take_tag(&body, BER_INTEGER, &version) ||
	    !ber_take_tag(&body, BER_OCTETS, &message->community) ||
	    !ber_take(&body, &message->pdu, &pdu))
		return false;
	message->version = ber_integer(version);
	return (message->version == 0 || message->version == 1) &&
	       ber_take_tag(&pdu, BER_INTEGER, &message->request) &&
	       ber_take_tag(&pdu, BER_INTEGER, &message->error_status) &&
	       ber_take_tag(&pdu, BER_INTEGER, &message->error_index) &&
	       ber_take_tag(&pdu, BER_SEQUENCE, &message->list) && take_varbinds(message);
}

/* X.690, 8.19: the first number holds two sub-identifiers. */
static struct oid read_oid(struct span span)
{
	struct oid oid = { .count = 0 };
	uint32_t id = 0;

	for (size_t i = 0; i < span.size; i++) {
		id = id << 7 | (span.data[i] & 0x7f);
		if (span.data[i] & 0x80)
			continue;
		if (!oid.count) {
			uint32_t top = id < 80 ? id / 40 : 2;
			oid_add(&oid, top);
			id -= top * 40;
		}
		oid_add(&oid, id);
		id = 0;
	}
	return oid;
}

json_t *snmp_message_oids(const struct snmp_message *message)
{
	char text[OID_TEXT_MAX];
	json_t *list = json_array();

	for (size_t i = 0; i < message->varbind_count; i++) {
		struct span varbind = message->varbinds[i], content, name;
		if (!ber_take_tag(&varbind, BER_SEQUENCE, &content) ||
		    !ber_take_tag(&content, BER_OID, &name))
			continue;
		struct oid oid = read_oid(name);
		json_array_append_new(list, json_string(oid_format(oid.id, oid.count, text)));
	}
	return list;
}

/* ---- writing ---- */

static void put(struct buf *out, uint8_t tag, const void *data, size_t size)
{
	uint8_t header[8];
	buf_add(out, header, (size_t)(ber_put_header(header, tag, size) - header));
	buf_add(out, data, size);
}

void snmp_message_rebuild(const struct snmp_message *message, size_t count, struct buf *out)
{
	struct buf list, pdu, body;
	const uint8_t version = (uint8_t)message->version;

	buf_init(&list, out->max);
	buf_init(&pdu, out->max);
	buf_init(&body, out->max);
	for (size_t i = 0; i < count && i < message->varbind_count; i++)
		buf_add(&list, message->varbinds[i].data, message->varbinds[i].size);
	put(&pdu, BER_INTEGER, message->request.data, message->request.size);
	put(&pdu, BER_INTEGER, message->error_status.data, message->error_status.size);
	put(&pdu, BER_INTEGER, message->error_index.data, message->error_index.size);
	put(&pdu, BER_SEQUENCE, list.data, list.size);
	put(&body, BER_INTEGER, &version, 1);
	put(&body, BER_OCTETS, message->community.data, message->community.size);
	put(&body, message->pdu, pdu.data, pdu.size);
	put(out, BER_SEQUENCE, body.data, body.size);
	buf_done(&list);
	buf_done(&pdu);
	buf_done(&body);
}

enum { TOO_BIG = 1 };

/* How many varbinds fit when headers and community take what they may take at most. */
static size_t fitting(const struct snmp_message *message, size_t size)
{
	size_t count = 0, used = SNMP_HEADERS + message->community.size;
	while (count < message->varbind_count && used + message->varbinds[count].size <= size)
		used += message->varbinds[count++].size;
	return count;
}

void snmp_message_shrink(const struct span *request, const struct span *answer, size_t size,
			 struct buf *out)
{
	static const uint8_t too_big = TOO_BIG, none = 0;
	struct snmp_message asked, full;

	if (!snmp_message_parse(request->data, request->size, &asked) ||
	    !snmp_message_parse(answer->data, answer->size, &full))
		return;
	size_t keep = fitting(&full, size);
	if (asked.pdu == PDU_GETBULK && keep) {
		snmp_message_rebuild(&full, keep, out);
		return;
	}
	asked.pdu = PDU_RESPONSE;
	asked.error_status = (struct span){ &too_big, 1 };
	asked.error_index = (struct span){ &none, 1 };
	snmp_message_rebuild(&asked, asked.version == 0 ? asked.varbind_count : 0, out);
}
