#include "sim/cloud/mqtt.h"

#include <errno.h>

#include "base/cleanup.h"

enum { LENGTH_BYTES_MAX = 4 };

long mqtt_size(const uint8_t *data, size_t size)
{
	size_t length = 0;

	for (size_t i = 0; i < LENGTH_BYTES_MAX; i++) {
		if (i + 1 >= size)
			return 0;
		length |= (size_t)(data[1 + i] & 0x7f) << (7 * i);
		if (data[1 + i] & 0x80)
			continue;
		return length > MQTT_PACKET_MAX ? -EMSGSIZE : (long)(2 + i + length);
	}
	return -EPROTO;
}

static const struct {
	const char *name;
	bool from_client;
} types[16] = {
	[0] = { "reserved", false },
	[MQTT_CONNECT] = { "connect", true },
	[MQTT_CONNACK] = { "connack", false },
	[MQTT_PUBLISH] = { "publish", true },
	[MQTT_PUBACK] = { "puback", true },
	[MQTT_PUBREC] = { "pubrec", true },
	[MQTT_PUBREL] = { "pubrel", true },
	[MQTT_PUBCOMP] = { "pubcomp", true },
	[MQTT_SUBSCRIBE] = { "subscribe", true },
	[MQTT_SUBACK] = { "suback", false },
	[MQTT_UNSUBSCRIBE] = { "unsubscribe", true },
	[MQTT_UNSUBACK] = { "unsuback", false },
	[MQTT_PINGREQ] = { "pingreq", true },
	[MQTT_PINGRESP] = { "pingresp", false },
	[MQTT_DISCONNECT] = { "disconnect", true },
	[MQTT_AUTH] = { "auth", true },
};

bool mqtt_is_from_client(enum mqtt_type type)
{
	return types[type & 15].from_client;
}

const char *mqtt_type_name(enum mqtt_type type)
{
	return types[type & 15].name;
}

bool mqtt_is(struct mqtt_bytes bytes, const char *text)
{
	return bytes.size == strlen(text) && !memcmp(bytes.data, text, bytes.size);
}
