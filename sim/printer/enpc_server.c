#include "sim/printer/enpc_server.h"
#include "base/buf.h"

#include <string.h>

#include "base/cleanup.h"
#include "base/ipv4.h"
#include "sim/printer/behaviour.h"
#include "sim/printer/device.h"
#include "sim/printer/enpc.h"
#include "sim/printer/frozen.h"
#include "sim/printer/st2.h"

/* One function of the protocol: fills the payload, returns the result code. */
struct function {
	char letter;
	uint8_t type;
	uint16_t number;
	uint16_t (*run)(struct device *device, struct buf *payload);
};

static struct enpc_identity identity_of(const struct device *device)
{
	struct enpc_identity identity = { .address = device->address,
					  .netmask = device->profile->netmask,
					  .gateway = device->profile->gateway,
					  .model = device->profile->model };
	memcpy(identity.mac, device->mac, sizeof(identity.mac));
	return identity;
}

static uint16_t probe(struct device *device, struct buf *payload)
{
	struct enpc_identity identity = identity_of(device);
	enpc_put_probe(payload, &identity);
	return ENPC_OK;
}

static uint16_t interface(struct device *device, struct buf *payload)
{
	struct enpc_identity identity = identity_of(device);
	enpc_put_interface(payload, &identity);
	return ENPC_OK;
}

static uint16_t address(struct device *device, struct buf *payload)
{
	struct enpc_identity identity = identity_of(device);
	enpc_put_address(payload, &identity);
	return ENPC_OK;
}

static uint16_t printer(struct device *device, struct buf *payload)
{
	struct enpc_identity identity = identity_of(device);
	struct buf device_id;

	buf_init(&device_id, ENPC_PACKET_MAX);
	device_id_write(device, &device_id);
	identity.device_id = buf_text(&device_id);
	enpc_put_printer(payload, &identity);
	buf_done(&device_id);
	return ENPC_OK;
}

static uint16_t names(struct device *device, struct buf *payload)
{
	struct enpc_identity identity = identity_of(device);
	enpc_put_names(payload, &identity);
	return ENPC_OK;
}

/* Extension: the status block as the control channel sends it, with a 00 in front. */
static uint16_t status(struct device *device, struct buf *payload)
{
	buf_add_u8(payload, 0x00);
	st2_build(device, payload);
	return ENPC_OK;
}

static uint16_t clean(struct device *device, struct buf *payload)
{
	static const char *const words[] = { "started", "busy", "error" };
	enum refusal refusal = behaviour_clean(device, "remote", CLEANING_MS);

	behaviour_operated(device, "clean", "enpc", words[refusal]);
	buf_add_u8(payload, (uint8_t)refusal); /* 01 busy, 02 error state */
	return refusal == REFUSED_NOT ? ENPC_OK : ENPC_REFUSED;
}

static uint16_t diagnose(struct device *device, struct buf *payload)
{
	if (!device->profile->self_diagnosis) {
		behaviour_operated(device, "diagnose", "enpc", "unsupported");
		return ENPC_NO_FUNCTION;
	}
	behaviour_operated(device, "diagnose", "enpc", device->diagnosis);
	buf_add_text(payload, device->diagnosis);
	return ENPC_OK;
}

static const struct function functions[] = {
	{ 'P', ENPC_INTERFACE, 0x0000, probe },   { 'Q', ENPC_INTERFACE, 0x0000, interface },
	{ 'Q', ENPC_INTERFACE, 0x0010, address }, { 'Q', ENPC_PRINTER, 0x0000, printer },
	{ 'Q', ENPC_PRINTER, 0x0001, names },     { 'Q', ENPC_PRINTER, 0x0010, status },
	{ 'C', ENPC_PRINTER, 0x0020, clean },     { 'C', ENPC_PRINTER, 0x0021, diagnose },
};

static const struct function *find(const struct enpc_request *request)
{
	for (size_t i = 0; i < COUNT_OF(functions); i++)
		if (functions[i].letter == request->letter && functions[i].type == request->type &&
		    functions[i].number == request->function)
			return &functions[i];
	return NULL;
}

static bool has_device(const struct enpc_request *request)
{
	return request->type == ENPC_INTERFACE || request->type == ENPC_PRINTER;
}

static json_t *observation(const struct datagram *in, const struct enpc_request *request)
{
	char from[IPV4_TEXT_MAX], to[IPV4_TEXT_MAX];
	return json_pack("{s:s,s:s,s:s%,s:o,s:b}", "from", ipv4_format(in->from, from), "to",
			 ipv4_format(in->to, to), "packet", &request->letter, (size_t)1, "function",
			 json_sprintf("%02X-%04X", request->type, request->function), "broadcast",
			 (in->to & 0xffffff) == 0xffffff);
}

void enpc_answer(struct device *device, const struct datagram *in, struct buf *out)
{
	struct enpc_request request;
	struct buf payload;
	uint16_t result;

	if (!enpc_parse(in->data, in->size, &request))
		return;
	json_t *seen = observation(in, &request);
	device_seen(device, "enpc.request", json_copy(seen));
	buf_init(&payload, ENPC_PACKET_MAX - ENPC_HEADER);
	const struct function *function = find(&request);
	if (device->frozen && frozen_enpc(device, &request, &payload))
		result = ENPC_OK;
	else if (function)
		result = function->run(device, &payload);
	else
		result = has_device(&request) ? ENPC_NO_FUNCTION : ENPC_NO_DEVICE;
	if (function && result == ENPC_NO_FUNCTION)
		buf_clear(&payload);
	enpc_reply(out, &request, result, payload.data, payload.size);
	buf_done(&payload);
	json_object_set_new(seen, "result", json_sprintf("%04X", result));
	device_seen(device, "enpc.reply", seen);
}
