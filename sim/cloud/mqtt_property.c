#include "sim/cloud/mqtt_property.h"

#include <string.h>

#include "base/cleanup.h"
#include "sim/cloud/mqtt.h"
#include "sim/cloud/mqtt_wire.h"

enum { ID_MAX = 268435455 };

#define IN(type) (1u << MQTT_##type)
enum {
	WILL = 1u << MQTT_PROPERTIES_OF_WILL,
	MESSAGE = IN(PUBLISH) | WILL,
	OPENING = IN(CONNECT) | IN(CONNACK),
	ANSWERS = IN(CONNACK) | IN(PUBACK) | IN(PUBREC) | IN(PUBREL) | IN(PUBCOMP) | IN(SUBACK) |
		  IN(UNSUBACK) | IN(DISCONNECT) | IN(AUTH),
	ANY = ANSWERS | MESSAGE | IN(CONNECT) | IN(SUBSCRIBE) | IN(UNSUBSCRIBE),
};

/* Table 2-4 */
static const struct mqtt_property_kind kinds[] = {
	{ MQTT_PAYLOAD_FORMAT, "payloadFormatIndicator", MQTT_BYTE, MESSAGE, false, 0, 1 },
	{ MQTT_MESSAGE_EXPIRY, "messageExpiryInterval", MQTT_FOUR_BYTES, MESSAGE },
	{ MQTT_CONTENT_TYPE, "contentType", MQTT_TEXT, MESSAGE },
	{ MQTT_RESPONSE_TOPIC, "responseTopic", MQTT_TEXT, MESSAGE },
	{ MQTT_CORRELATION_DATA, "correlationData", MQTT_BINARY, MESSAGE },
	{ MQTT_SUBSCRIPTION_ID, "subscriptionIdentifier", MQTT_VARIABLE,
	  IN(PUBLISH) | IN(SUBSCRIBE), false, 1, ID_MAX },
	{ MQTT_SESSION_EXPIRY, "sessionExpiryInterval", MQTT_FOUR_BYTES, OPENING | IN(DISCONNECT) },
	{ MQTT_ASSIGNED_CLIENT, "assignedClientIdentifier", MQTT_TEXT, IN(CONNACK) },
	{ MQTT_SERVER_KEEP_ALIVE, "serverKeepAlive", MQTT_TWO_BYTES, IN(CONNACK) },
	{ MQTT_AUTH_METHOD, "authenticationMethod", MQTT_TEXT, OPENING | IN(AUTH) },
	{ MQTT_AUTH_DATA, "authenticationData", MQTT_BINARY, OPENING | IN(AUTH) },
	{ MQTT_REQUEST_PROBLEM, "requestProblemInformation", MQTT_BYTE, IN(CONNECT), false, 0, 1 },
	{ MQTT_WILL_DELAY, "willDelayInterval", MQTT_FOUR_BYTES, WILL },
	{ MQTT_REQUEST_RESPONSE, "requestResponseInformation", MQTT_BYTE, IN(CONNECT), false, 0,
	  1 },
	{ MQTT_RESPONSE_INFORMATION, "responseInformation", MQTT_TEXT, IN(CONNACK) },
	{ MQTT_SERVER_REFERENCE, "serverReference", MQTT_TEXT, IN(CONNACK) | IN(DISCONNECT) },
	{ MQTT_REASON_STRING, "reasonString", MQTT_TEXT, ANSWERS },
	{ MQTT_RECEIVE_MAXIMUM, "receiveMaximum", MQTT_TWO_BYTES, OPENING, false, 1, UINT16_MAX },
	{ MQTT_ALIAS_MAXIMUM, "topicAliasMaximum", MQTT_TWO_BYTES, OPENING },
	{ MQTT_TOPIC_ALIAS, "topicAlias", MQTT_TWO_BYTES, IN(PUBLISH) },
	{ MQTT_MAXIMUM_QOS, "maximumQos", MQTT_BYTE, IN(CONNACK), false, 0, 1 },
	{ MQTT_RETAIN_AVAILABLE, "retainAvailable", MQTT_BYTE, IN(CONNACK), false, 0, 1 },
	{ MQTT_USER_PROPERTY, "userProperty", MQTT_PAIR, ANY, true },
	{ MQTT_MAXIMUM_PACKET, "maximumPacketSize", MQTT_FOUR_BYTES, OPENING, false, 1,
	  UINT32_MAX },
	{ MQTT_WILDCARD_AVAILABLE, "wildcardSubscriptionAvailable", MQTT_BYTE, IN(CONNACK), false,
	  0, 1 },
	{ MQTT_IDS_AVAILABLE, "subscriptionIdentifierAvailable", MQTT_BYTE, IN(CONNACK), false, 0,
	  1 },
	{ MQTT_SHARED_AVAILABLE, "sharedSubscriptionAvailable", MQTT_BYTE, IN(CONNACK), false, 0,
	  1 },
};

const struct mqtt_property_kind *mqtt_property_kind_at(size_t i)
{
	return i < COUNT_OF(kinds) ? &kinds[i] : NULL;
}

const struct mqtt_property_kind *mqtt_property_kind(uint8_t id)
{
	for (size_t i = 0; i < COUNT_OF(kinds); i++)
		if (kinds[i].id == id)
			return &kinds[i];
	return NULL;
}

const struct mqtt_property *mqtt_property_find(const struct mqtt_properties *properties,
					       enum mqtt_property_id id)
{
	for (size_t i = 0; i < properties->count; i++)
		if (properties->items[i].id == id)
			return &properties->items[i];
	return NULL;
}

uint32_t mqtt_property_number(const struct mqtt_properties *properties, enum mqtt_property_id id,
			      uint32_t absent)
{
	const struct mqtt_property *property = mqtt_property_find(properties, id);
	return property ? property->number : absent;
}

void mqtt_property_add(struct mqtt_properties *properties, struct mqtt_property property)
{
	if (properties->count < MQTT_PROPERTIES_MAX)
		properties->items[properties->count++] = property;
}

void mqtt_property_add_number(struct mqtt_properties *properties, enum mqtt_property_id id,
			      uint32_t number)
{
	mqtt_property_add(properties,
			  (struct mqtt_property){ .id = (uint8_t)id, .number = number });
}

void mqtt_property_add_text(struct mqtt_properties *properties, enum mqtt_property_id id,
			    const char *text)
{
	struct mqtt_bytes bytes = { (const uint8_t *)text, strlen(text) };
	mqtt_property_add(properties, (struct mqtt_property){ .id = (uint8_t)id, .text = bytes });
}

/* ---- reading ---- */

static void take_value(struct mqtt_cursor *cursor, enum mqtt_property_type type,
		       struct mqtt_property *property)
{
	switch (type) {
	case MQTT_BYTE:
		property->number = mqtt_take_u8(cursor);
		break;
	case MQTT_TWO_BYTES:
		property->number = mqtt_take_u16(cursor);
		break;
	case MQTT_FOUR_BYTES:
		property->number = mqtt_take_u32(cursor);
		break;
	case MQTT_VARIABLE:
		property->number = mqtt_take_variable(cursor);
		break;
	case MQTT_TEXT:
		property->text = mqtt_take_text(cursor);
		break;
	case MQTT_BINARY:
		property->text = mqtt_take_binary(cursor);
		break;
	case MQTT_PAIR:
		property->name = mqtt_take_text(cursor);
		property->text = mqtt_take_text(cursor);
		break;
	}
}

/* May a second one stand there? A PUBLISH of a server has an identifier for each subscription that
 * matched (3.3.2.3.8). */
static bool may_repeat(const struct mqtt_property_kind *kind, unsigned type)
{
	return kind->many || (kind->id == MQTT_SUBSCRIPTION_ID && type == MQTT_PUBLISH);
}

static enum mqtt_breach judge(const struct mqtt_property_kind *kind, unsigned type,
			      const struct mqtt_property *property,
			      const struct mqtt_properties *before)
{
	if (!may_repeat(kind, type) &&
	    mqtt_property_find(before, (enum mqtt_property_id)property->id))
		return MQTT_PROPERTY_TWICE;
	if (property->number < kind->min || (kind->max && property->number > kind->max))
		return MQTT_PROPERTY_VALUE;
	return before->count == MQTT_PROPERTIES_MAX ? MQTT_PROPERTIES_MANY : MQTT_SOUND;
}

static void take_one(struct mqtt_cursor *cursor, unsigned type, struct mqtt_properties *properties)
{
	uint32_t id = mqtt_take_variable(cursor);
	const struct mqtt_property_kind *kind =
		id > UINT8_MAX ? NULL : mqtt_property_kind((uint8_t)id);
	struct mqtt_property property = { .id = (uint8_t)id };

	if (!kind || !(kind->packets >> type & 1)) {
		mqtt_cursor_fail(cursor, kind ? MQTT_PROPERTY_PLACE : MQTT_PROPERTY_UNKNOWN);
		return;
	}
	take_value(cursor, kind->type, &property);
	if (cursor->breach)
		return;
	enum mqtt_breach breach = judge(kind, type, &property, properties);
	if (breach)
		mqtt_cursor_fail(cursor, breach);
	else
		mqtt_property_add(properties, property);
}

void mqtt_take_properties(struct mqtt_cursor *cursor, unsigned type,
			  struct mqtt_properties *properties)
{
	size_t size = mqtt_take_variable(cursor);
	struct mqtt_bytes all = mqtt_take(cursor, size);
	struct mqtt_cursor inside = { all.data, all.size, cursor->breach };

	while (inside.left && !inside.breach)
		take_one(&inside, type, properties);
	if (inside.breach)
		mqtt_cursor_fail(cursor, inside.breach);
	else if (mqtt_property_find(properties, MQTT_AUTH_DATA) &&
		 !mqtt_property_find(properties, MQTT_AUTH_METHOD))
		mqtt_cursor_fail(cursor, MQTT_AUTH_ALONE);
}

/* ---- writing ---- */

static void add_value(struct buf *out, enum mqtt_property_type type,
		      const struct mqtt_property *property)
{
	switch (type) {
	case MQTT_BYTE:
		buf_add_u8(out, (uint8_t)property->number);
		break;
	case MQTT_TWO_BYTES:
		buf_add_be16(out, (uint16_t)property->number);
		break;
	case MQTT_FOUR_BYTES:
		buf_add_be32(out, property->number);
		break;
	case MQTT_VARIABLE:
		mqtt_add_variable(out, property->number);
		break;
	case MQTT_PAIR:
		mqtt_add_binary(out, property->name);
		mqtt_add_binary(out, property->text);
		break;
	case MQTT_TEXT:
	case MQTT_BINARY:
		mqtt_add_binary(out, property->text);
		break;
	}
}

void mqtt_add_properties(struct buf *out, const struct mqtt_properties *properties)
{
	struct buf all;

	if (!properties->count) {
		buf_add_u8(out, 0);
		return;
	}
	buf_init(&all, out->max);
	for (size_t i = 0; i < properties->count; i++) {
		const struct mqtt_property *property = &properties->items[i];
		buf_add_u8(&all, property->id);
		add_value(&all, mqtt_property_kind(property->id)->type, property);
	}
	mqtt_add_variable(out, (uint32_t)all.size);
	buf_add(out, all.data, all.size);
	buf_done(&all);
}
