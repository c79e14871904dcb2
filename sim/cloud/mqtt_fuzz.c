#include "sim/cloud/mqtt.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void expect_inside(struct mqtt_bytes part, const uint8_t *data, long size)
{
	if (part.size && (part.data < data || part.data + part.size > data + size))
		abort();
}

/* The first byte chooses the protocol level of the connection. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct mqtt_packet packet, again;

	if (!size)
		return 0;
	uint8_t level = data[0] & 1 ? MQTT_5 : MQTT_311;
	long need = mqtt_size(++data, --size);
	if (need <= 0 || (size_t)need > size || mqtt_read(data, (size_t)need, level, &packet))
		return 0;
	expect_inside(packet.topic, data, need);
	expect_inside(packet.payload, data, need);
	expect_inside(packet.connect.client, data, need);
	expect_inside(packet.connect.password, data, need);
	if (packet.type == MQTT_CONNECT)
		level = packet.connect.level;
	if (level != MQTT_311 && level != MQTT_5)
		return 0; /* read no further than its level */
	struct buf first, second;
	buf_init(&first, 2 * MQTT_PACKET_MAX);
	buf_init(&second, 2 * MQTT_PACKET_MAX);
	mqtt_write(&packet, level, &first);
	if (mqtt_read(first.data, first.size, level, &again))
		abort();
	mqtt_write(&again, level, &second);
	if (first.size != second.size || memcmp(first.data, second.data, first.size))
		abort();
	buf_done(&first);
	buf_done(&second);
	return 0;
}
