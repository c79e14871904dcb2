#include "sim/printer/usm_answer.h"

#include <string.h>

#include "base/cleanup.h"
#include "base/digest.h"
#include "base/json.h"
#include "sim/printer/device.h"
#include "sim/printer/snmp_tell.h"

enum {
	NS_PER_S = 1000000000,
	SMALL = 2048,      /* messages of this size are opened on the stack */
	MAKER = 1248,      /* Epson's enterprise number */
	ENGINE_BY_MAC = 3, /* format octet: RFC 3411, 5, SnmpEngineID */
	AUTHORIZATION_ERROR = 16,
	VERSION_2C = 1,
};

/* ---- the engine ---- */

struct usm_engine usm_engine_of(const struct device *device, uint8_t bytes[USM_ENGINE_SIZE])
{
	int64_t boots = device->boots;
	uint64_t up = loop_now(device->host->loop) - device->engine_since;

	put_be32(bytes, 0x80000000u | MAKER);
	bytes[4] = ENGINE_BY_MAC;
	memcpy(bytes + 5, device->mac, sizeof(device->mac));
	/* RFC 3414, 2.2.2: neither 0 nor, while keys are to be used, the last number. */
	boots = boots < 1 ? 1 : boots >= INT32_MAX ? INT32_MAX - 1 : boots;
	return (struct usm_engine){ .id = { bytes, USM_ENGINE_SIZE },
				    .boots = (uint32_t)boots,
				    .time = (uint32_t)(up / NS_PER_S) };
}

struct usm *usm_of(struct device *device)
{
	if (!device->usm)
		device->usm = usm_new(device->users, mix64(device->host->seed ^ device->address));
	return device->usm;
}

bool usm_is_asked(const struct device *device, const struct datagram *in)
{
	return device->users && snmp_message_version(in->data, in->size) == 3;
}

/* One message being answered. */
struct exchange {
	struct device *device;
	const struct datagram *in;
	struct usm_engine engine;
	struct v3_message message;
	struct usm_session session;
	struct v3_scoped scoped;
	uint8_t *room;
	struct span *answer;
};

static bool is_request(uint8_t pdu)
{
	return pdu == PDU_GET || pdu == PDU_GETNEXT || pdu == PDU_GETBULK || pdu == PDU_SET;
}

/* RFC 3412, 6.4: who sends one of these waits for an answer. */
static bool is_confirmed(uint8_t pdu)
{
	return is_request(pdu) || pdu == PDU_INFORM;
}

/* ---- reports ---- */

/* RFC 3412, 7.1, 3 c: that of the request if it can be read, else 0. */
static int64_t request_id(const struct exchange *exchange)
{
	struct span scoped = exchange->session.data, pdu, id;
	struct v3_scoped found;
	uint8_t tag;

	if (!scoped.size && !exchange->message.encrypted)
		scoped = exchange->message.data;
	if (!scoped.size || !v3_scoped_parse(scoped, &found) || !ber_take(&found.pdu, &tag, &pdu) ||
	    !ber_take_tag(&pdu, BER_INTEGER, &id) || id.size > 4)
		return 0;
	return ber_integer(id);
}

static void report(const struct exchange *exchange, enum usm_fault fault)
{
	struct device *device = exchange->device;
	/* RFC 3414, 3.2, 7 a: where the time is told, it is told under the key. */
	const enum usm_level level = fault == USM_NOT_IN_TIME ? USM_AUTH_NO_PRIV : USM_NO_AUTH;
	struct v3_envelope envelope =
		usm_envelope(device->usm, &exchange->engine, &exchange->session, level);
	uint8_t *end = exchange->room + FASTPATH_ROOM - FASTPATH_TAIL;
	uint8_t *at = ber_push_number(end, MIB_COUNTER, device->usm->counts[fault]);

	envelope.id = exchange->message.id;
	at = ber_push_bytes(at, BER_OID, usm_counters[fault].oid);
	at = ber_push(at, BER_SEQUENCE, (size_t)(end - at));
	at = ber_push(at, BER_SEQUENCE, (size_t)(end - at));
	at = ber_push_number(at, BER_INTEGER, 0);
	at = ber_push_number(at, BER_INTEGER, 0);
	at = ber_push_number(at, BER_INTEGER, request_id(exchange));
	at = ber_push(at, PDU_REPORT, (size_t)(end - at));
	*exchange->answer = v3_message_seal(&envelope, at, (size_t)(end - at));
}

static bool may_report(const struct exchange *exchange, enum usm_fault fault)
{
	bool known = exchange->scoped.tag != 0;

	return usm_counters[fault].reported &&
	       (known ? is_confirmed(exchange->scoped.tag)
		      : (exchange->message.flags & V3_REPORTABLE) != 0);
}

/* Counts, tells, and reports if that is what is done about it. */
static bool complain(const struct exchange *exchange, enum usm_fault fault)
{
	const struct span user = exchange->session.parameters.user;
	const char *name = usm_counters[fault].name;

	exchange->device->usm->counts[fault]++;
	if (!may_report(exchange, fault)) {
		device_seen(exchange->device, "snmp.ignored", json_pack("{s:s}", "why", name));
		return false;
	}
	device_seen(exchange->device, "snmp.report",
		    json_pack("{s:s,s:I,s:o}", "counter", name, "count",
			      (json_int_t)exchange->device->usm->counts[fault], "user",
			      json_lossy_text(user.data, user.size)));
	report(exchange, fault);
	return true;
}

/* ---- answers ---- */

/* The PDU of a message in v2c form goes out under the sender's own level. */
static bool send_pdu(const struct exchange *exchange, struct span inner)
{
	struct span body, skipped;

	if (!ber_take_tag(&inner, BER_SEQUENCE, &body) ||
	    !ber_take_tag(&body, BER_INTEGER, &skipped) ||
	    !ber_take_tag(&body, BER_OCTETS, &skipped))
		return false;
	struct v3_envelope envelope = usm_envelope(exchange->device->usm, &exchange->engine,
						   &exchange->session, exchange->session.level);
	envelope.id = exchange->message.id;
	*exchange->answer = v3_message_seal(&envelope, (uint8_t *)body.data, body.size);
	return true;
}

/* In front of the PDU, over what stood there: it is read already, and was longer. */
static struct span to_v2c(struct span pdu)
{
	const uint8_t *end = pdu.data + pdu.size;
	uint8_t *at = (uint8_t *)pdu.data;

	at = ber_push_bytes(at, BER_OCTETS, (struct span){ NULL, 0 });
	at = ber_push_number(at, BER_INTEGER, VERSION_2C);
	at = ber_push(at, BER_SEQUENCE, (size_t)(end - at));
	return (struct span){ at, (size_t)(end - at) };
}

/* What is left for an answer in v2c form of what the asker takes, and of one frame. */
static size_t inner_room(const struct exchange *exchange)
{
	size_t most = (size_t)exchange->message.max_size;
	return (most < SNMP_ANSWER_MAX ? most : SNMP_ANSWER_MAX) - V3_AROUND;
}

static bool answer_slowly(const struct exchange *exchange, const struct datagram *in,
			  const struct snmp_caller *by)
{
	struct buf out;
	bool answered = false;

	buf_init(&out, SNMP_ANSWER_MAX);
	snmp_answer(exchange->device, in, by, &out);
	if (out.size) {
		uint8_t *start = exchange->room + FASTPATH_HEAD;
		memcpy(start, out.data, out.size);
		snmp_tell_response(exchange->device, out.data, out.size);
		answered = send_pdu(exchange, (struct span){ start, out.size });
	}
	buf_done(&out);
	return answered;
}

static struct snmp_caller caller_of(const struct exchange *exchange)
{
	return (struct snmp_caller){ .user = exchange->session.parameters.user,
				     .level = usm_level_names[exchange->session.level],
				     .room = inner_room(exchange) };
}

/* RFC 3413, 3.2: the request comes back with the error. Never shorter than what came, so it may not
 * fit, and is dropped then. */
static bool refuse(const struct exchange *exchange)
{
	static const uint8_t error = AUTHORIZATION_ERROR, none = 0;
	const struct span request = to_v2c(exchange->scoped.pdu);
	const struct snmp_caller by = caller_of(exchange);
	struct snmp_message message;
	struct buf out;

	if (!snmp_message_parse(request.data, request.size, &message))
		return complain(exchange, USM_ASN_PARSE);
	snmp_tell_request(exchange->device, exchange->in,
			  &(struct snmp_told){ .by = &by,
					       .pdu = message.pdu,
					       .request = ber_integer(message.request),
					       .oids = snmp_message_oids(&message) });
	message.pdu = PDU_RESPONSE;
	message.error_status = (struct span){ &error, 1 };
	message.error_index = (struct span){ &none, 1 };
	buf_init(&out, by.room);
	snmp_message_rebuild(&message, message.varbind_count, &out);
	const struct span answer = { exchange->room + FASTPATH_HEAD, out.failed ? 0 : out.size };
	memcpy(exchange->room + FASTPATH_HEAD, out.data, answer.size);
	buf_done(&out);
	snmp_tell_response(exchange->device, answer.data, answer.size);
	return send_pdu(exchange, answer);
}

static bool answer_inner(const struct exchange *exchange)
{
	const struct snmp_caller by = caller_of(exchange);
	const struct span request = to_v2c(exchange->scoped.pdu);
	struct datagram in = *exchange->in;
	struct span inner;

	in.data = request.data;
	in.size = request.size;
	if (!fastpath_answer(exchange->device, &in, &by, exchange->room, &inner))
		return answer_slowly(exchange, &in, &by);
	snmp_tell_response(exchange->device, inner.data, inner.size);
	return send_pdu(exchange, inner);
}

static bool is_own(struct span id, const struct usm_engine *engine)
{
	return id.size == engine->id.size && !memcmp(id.data, engine->id.data, id.size);
}

static bool answer_opened(struct exchange *exchange)
{
	struct v3_scoped *scoped = &exchange->scoped;

	if (!v3_scoped_parse(exchange->session.data, scoped)) {
		scoped->tag = 0;
		return complain(exchange, USM_ASN_PARSE);
	}
	if (!is_own(scoped->engine, &exchange->engine) || !is_request(scoped->tag))
		return complain(exchange, USM_UNKNOWN_PDU);
	if (scoped->context.size)
		return complain(exchange, USM_UNKNOWN_CONTEXT);
	if (exchange->session.level < exchange->session.user->level)
		return refuse(exchange);
	return answer_inner(exchange);
}

static bool answer_message(struct exchange *exchange, uint8_t *plain)
{
	enum usm_fault fault = usm_open(exchange->device->usm, &exchange->engine,
					&exchange->message, plain, &exchange->session);
	return fault == USM_FINE ? answer_opened(exchange) : complain(exchange, fault);
}

bool usm_answer(struct device *device, const struct datagram *in, uint8_t room[FASTPATH_ROOM],
		struct span *answer)
{
	struct exchange exchange = { .device = device, .in = in, .room = room, .answer = answer };
	uint8_t id[USM_ENGINE_SIZE], small[SMALL];

	exchange.engine = usm_engine_of(device, id);
	usm_of(device);
	if (!v3_message_parse(in->data, in->size, &exchange.message))
		return complain(&exchange, USM_ASN_PARSE);
	if (in->size <= SMALL)
		return answer_message(&exchange, small);
	AUTO_FREE uint8_t *large = alloc_zero(1, in->size);
	return answer_message(&exchange, large);
}
