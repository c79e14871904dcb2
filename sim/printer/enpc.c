#include "sim/printer/enpc.h"

#include <string.h>

bool enpc_parse(const uint8_t *data, size_t size, struct enpc_request *request)
{
	if (size < ENPC_HEADER || memcmp(data, "EPSON", 5) || !memchr("PQC", data[5], 3))
		return false;
	*request = (struct enpc_request){
		.letter = (char)data[5],
		.type = data[6],
		.number = data[7],
		.function = get_be16(data + 8),
	};
	return true;
}

void enpc_reply(struct buf *out, const struct enpc_request *request, uint16_t result,
		const void *payload, size_t size)
{
	buf_add_text(out, "EPSON");
	buf_add_u8(out, (uint8_t)(request->letter | 0x20)); /* lower case */
	buf_add_u8(out, request->type);
	buf_add_u8(out, request->number);
	buf_add_be16(out, request->function);
	buf_add_be16(out, result);
	buf_add_be16(out, (uint16_t)size);
	buf_add(out, payload, size);
}

void enpc_interface_name(const uint8_t mac[6], char name[ENPC_NAME_MAX])
{
	snprintf(name, ENPC_NAME_MAX, "EP%02X%02X%02XENSN3", mac[3], mac[4], mac[5]);
}

static void put_padded(struct buf *out, const char *text, size_t room)
{
	size_t size = strnlen(text, room - 1);
	buf_add(out, text, size);
	buf_add_zero(out, room - size);
}

void enpc_put_interface(struct buf *out, const struct enpc_identity *identity)
{
	/* Meaning unknown; as recorded. */
	static const uint8_t before[8] = { 0x00, 0x01, 0xff, 0xff, 0x15, 0x00, 0x02, 0x00 };
	static const uint8_t behind[8] = { 0, 0, 0, 1, 0, 0, 0, 1 };
	char name[ENPC_NAME_MAX];

	enpc_interface_name(identity->mac, name);
	put_padded(out, name, ENPC_NAME_MAX);
	buf_add(out, before, sizeof(before));
	buf_add(out, identity->mac, 6);
	buf_add(out, behind, sizeof(behind));
}

void enpc_put_probe(struct buf *out, const struct enpc_identity *identity)
{
	enpc_put_interface(out, identity);
	buf_add_be32(out, identity->address);
	buf_add_be32(out, identity->netmask);
}

void enpc_put_address(struct buf *out, const struct enpc_identity *identity)
{
	buf_add_u8(out, 0x01);
	buf_add(out, identity->mac, 6);
	buf_add_be16(out, 0x0014); /* as recorded from a manually configured interface */
	buf_add_be32(out, identity->address);
	buf_add_be32(out, identity->netmask);
	buf_add_be32(out, identity->gateway);
	buf_add_be16(out, 0x801c);
}

void enpc_put_printer(struct buf *out, const struct enpc_identity *identity)
{
	size_t size = strlen(identity->device_id);

	buf_add(out, (const uint8_t[3]){ 0x03, 0x00, 0x00 }, 3);
	buf_add_be16(out, (uint16_t)(size + 2)); /* IEEE 1284: the length counts itself */
	buf_add(out, identity->device_id, size);
	buf_add(out, identity->model, strlen(identity->model) + 1);
}

void enpc_put_names(struct buf *out, const struct enpc_identity *identity)
{
	char name[ENPC_NAME_MAX];

	enpc_interface_name(identity->mac, name);
	buf_add(out, identity->mac, 6);
	put_padded(out, name, ENPC_NAME_MAX);
	buf_add_zero(out, 4);
	put_padded(out, identity->model, ENPC_MODEL_MAX);
}
