#include "base/json.h"
#include "sim/cloud/post_inside.h"

static json_t *text(struct mqtt_bytes bytes)
{
	return json_lossy_text(bytes.data, bytes.size);
}

static json_t *body(struct mqtt_bytes payload)
{
	json_t *value = json_read_text((const char *)payload.data, payload.size, "payload", NULL);
	return value ? value : text(payload);
}

/* ---- properties ---- */

static json_t *property_value(const struct mqtt_property_kind *kind,
			      const struct mqtt_property *property)
{
	switch (kind->type) {
	case MQTT_TEXT:
		return text(property->text);
	case MQTT_BINARY:
		return json_hex(property->text.data, property->text.size);
	case MQTT_PAIR:
		return json_pack("[o, o]", text(property->name), text(property->text));
	case MQTT_BYTE:
	case MQTT_TWO_BYTES:
	case MQTT_FOUR_BYTES:
	case MQTT_VARIABLE:
		break;
	}
	return json_integer(property->number);
}

/* By their names in the standard; user properties as a list of pairs. */
static void add_properties(json_t *fields, const struct mqtt_properties *properties)
{
	json_t *all = json_object();

	for (size_t i = 0; i < properties->count; i++) {
		const struct mqtt_property *property = &properties->items[i];
		const struct mqtt_property_kind *kind = mqtt_property_kind(property->id);
		json_t *value = property_value(kind, property);
		if (!kind->many) {
			json_object_set_new(all, kind->name, value);
			continue;
		}
		if (!json_object_get(all, kind->name))
			json_object_set_new(all, kind->name, json_array());
		json_array_append_new(json_object_get(all, kind->name), value);
	}
	if (json_object_size(all))
		json_object_set(fields, "properties", all);
	json_decref(all);
}

/* ---- packets ---- */

static json_t *filters(const struct mqtt_packet *packet, bool granted)
{
	json_t *list = json_array();
	for (size_t i = 0; i < packet->filter_count; i++)
		json_array_append_new(
			list,
			json_pack("{s:o, s:i}", "topic", text(packet->filters[i].topic), "qos",
				  granted ? packet->filters[i].reason : packet->filters[i].qos));
	return list;
}

static json_t *connect_fields(const struct mqtt_connect *connect)
{
	return json_pack("{s:o, s:o, s:b, s:i, s:i, s:b}", "client", text(connect->client), "user",
			 connect->has_user ? text(connect->user) : json_null(), "clean",
			 connect->clean, "keepAlive", connect->keep_alive, "version",
			 connect->level, "will", connect->has_will);
}

static json_t *publish_fields(const struct mqtt_packet *packet, bool from_agent)
{
	return json_pack("{s:s, s:o, s:i, s:i, s:b, s:b, s:o}", "from",
			 from_agent ? "agent" : "cloud", "topic", text(packet->topic), "qos",
			 packet->qos, "packet", packet->id, "dup", packet->dup, "retain",
			 packet->retain, "body", body(packet->payload));
}

static json_t *subscribe_fields(const struct mqtt_packet *packet)
{
	bool granted = packet->type == MQTT_SUBACK || packet->type == MQTT_UNSUBACK;
	const struct mqtt_filter *first = &packet->filters[0];

	return json_pack("{s:o, s:i, s:i, s:o}", "topic", text(first->topic), "qos",
			 granted ? first->reason : first->qos, "packet", packet->id, "filters",
			 filters(packet, granted));
}

static json_t *ack_fields(const struct mqtt_packet *packet, bool from_agent)
{
	json_t *fields = json_pack("{s:s, s:i}", "from", from_agent ? "agent" : "cloud", "packet",
				   packet->id);
	if (packet->reason)
		json_object_set_new(fields, "reason", json_integer(packet->reason));
	return fields;
}

static json_t *packet_fields(const struct mqtt_packet *packet, bool from_agent)
{
	switch (packet->type) {
	case MQTT_CONNECT:
		return connect_fields(&packet->connect);
	case MQTT_CONNACK:
		return json_pack("{s:i, s:b}", "code", packet->reason, "sessionPresent",
				 packet->session_present);
	case MQTT_PUBLISH:
		return publish_fields(packet, from_agent);
	case MQTT_SUBSCRIBE:
	case MQTT_UNSUBSCRIBE:
	case MQTT_SUBACK:
	case MQTT_UNSUBACK:
		return subscribe_fields(packet);
	case MQTT_PUBACK:
	case MQTT_PUBREC:
	case MQTT_PUBREL:
	case MQTT_PUBCOMP:
		return ack_fields(packet, from_agent);
	case MQTT_DISCONNECT:
	case MQTT_AUTH:
		return json_pack("{s:s, s:i}", "from", from_agent ? "agent" : "cloud", "reason",
				 packet->reason);
	case MQTT_PINGREQ:
	case MQTT_PINGRESP:
		break;
	}
	return json_object();
}

void post_tell(const struct post *post, const struct mqtt_packet *packet, bool from_agent)
{
	char kind[32];

	if (!post->talk->tap) /* a body that nobody wants need not be read */
		return;
	json_t *fields = packet_fields(packet, from_agent);

	add_properties(fields, &packet->properties);
	snprintf(kind, sizeof(kind), "mqtt.%s", mqtt_type_name(packet->type));
	talk_seen(post->talk, post->link, kind, fields);
}
