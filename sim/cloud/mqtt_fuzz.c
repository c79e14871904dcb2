#include "sim/cloud/mqtt.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct mqtt_packet packet;
	long need = mqtt_size(data, size);

	if (need <= 0 || (size_t)need > size || mqtt_read(data, (size_t)need, &packet))
		return 0;
	/* What was read lies inside the packet. */
	const struct mqtt_bytes parts[] = { packet.topic, packet.payload, packet.connect.client,
					    packet.connect.password };
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
		if (parts[i].size &&
		    (parts[i].data < data || parts[i].data + parts[i].size > data + need))
			abort();
	if (packet.type == MQTT_PUBLISH) {
		struct buf out;
		buf_init(&out, MQTT_PACKET_MAX + 16);
		mqtt_write(&packet, &out);
		struct mqtt_packet again;
		if (mqtt_read(out.data, out.size, &again) || again.id != packet.id)
			abort();
		buf_done(&out);
	}
	return 0;
}
