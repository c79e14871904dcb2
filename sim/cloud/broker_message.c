#include "base/cleanup.h"
#include "sim/cloud/broker_inside.h"
#include "sim/cloud/mqtt_wire.h"

/* What a broker passes on unchanged [MQTT-3.3.2-4], [MQTT-3.3.2-15] to [MQTT-3.3.2-20]. The expiry
 * is counted down instead. */
static bool is_passed_on(uint8_t id)
{
	return id == MQTT_PAYLOAD_FORMAT || id == MQTT_CONTENT_TYPE || id == MQTT_RESPONSE_TOPIC ||
	       id == MQTT_CORRELATION_DATA || id == MQTT_USER_PROPERTY;
}

struct message *message_new(const char *topic, const struct mqtt_bytes payload,
			    const struct mqtt_properties *properties, uint64_t now_ms)
{
	struct message *message = alloc_zero(1, sizeof(*message));
	const struct mqtt_property *expiry = mqtt_property_find(properties, MQTT_MESSAGE_EXPIRY);
	struct mqtt_properties passed = { .count = 0 };
	struct buf encoded;

	for (size_t i = 0; i < properties->count; i++)
		if (is_passed_on(properties->items[i].id))
			mqtt_property_add(&passed, properties->items[i]);
	buf_init(&encoded, MQTT_PACKET_MAX);
	mqtt_add_properties(&encoded, &passed);
	*message = (struct message){
		.users = 1,
		.topic = alloc_text(topic),
		.data = alloc_bytes(payload.data, payload.size),
		.size = payload.size,
		.properties_size = encoded.size,
		.expires_ms = expiry ? now_ms + expiry->number * (uint64_t)1000 : UINT64_MAX,
	};
	message->properties = (uint8_t *)buf_steal(&encoded);
	return message;
}

struct message *message_share(struct message *message)
{
	message->users++;
	return message;
}

void message_drop(struct message *message)
{
	if (!message || --message->users)
		return;
	free(message->topic);
	free(message->data);
	free(message->properties);
	free(message);
}
