#include "base/cleanup.h"
#include "sim/cloud/mqtt.h"
#include "sim/cloud/mqtt_wire.h"
#include "sim/cloud/topic.h"

enum {
	CONNECT_RESERVED = 1,
	CONNECT_CLEAN = 2,
	CONNECT_WILL = 4,
	CONNECT_WILL_QOS = 0x18,
	CONNECT_WILL_RETAIN = 0x20,
	CONNECT_PASSWORD = 0x40,
	CONNECT_USER = 0x80,
	OPTION_NO_LOCAL = 4,
	OPTION_AS_PUBLISHED = 8,
	OPTIONS_RESERVED_311 = 0xfc,
	OPTIONS_RESERVED_5 = 0xc0,
};

struct reading {
	struct mqtt_cursor cursor;
	uint8_t level;
	struct mqtt_packet *packet;
};

static void fail(struct reading *reading, enum mqtt_breach breach)
{
	mqtt_cursor_fail(&reading->cursor, breach);
}

static void read_properties(struct reading *reading)
{
	if (reading->level == MQTT_5)
		mqtt_take_properties(&reading->cursor, reading->packet->type,
				     &reading->packet->properties);
}

/* ---- CONNECT ---- */

static void judge_flags(struct reading *reading, uint8_t flags)
{
	if (flags & CONNECT_RESERVED)
		fail(reading, MQTT_CONNECT_RESERVED);
	else if (!(flags & CONNECT_WILL) && flags & (CONNECT_WILL_QOS | CONNECT_WILL_RETAIN))
		fail(reading, MQTT_WILL_FLAGS);
	else if ((flags & CONNECT_WILL_QOS) == CONNECT_WILL_QOS)
		fail(reading, MQTT_WILL_QOS);
	else if (reading->level == MQTT_311 && flags & CONNECT_PASSWORD && !(flags & CONNECT_USER))
		fail(reading, MQTT_PASSWORD_ALONE);
}

static void read_will(struct reading *reading, uint8_t flags)
{
	struct mqtt_cursor *cursor = &reading->cursor;
	struct mqtt_will *will = &reading->packet->connect.will;

	will->qos = (uint8_t)(flags >> 3 & 3);
	will->retain = flags & CONNECT_WILL_RETAIN;
	if (reading->level == MQTT_5)
		mqtt_take_properties(cursor, MQTT_PROPERTIES_OF_WILL, &will->properties);
	will->topic = mqtt_take_text(cursor);
	will->message = mqtt_take_binary(cursor);
	if (cursor->breach)
		return;
	if (!will->topic.size)
		fail(reading, MQTT_TOPIC_EMPTY);
	else if (!topic_is_name(will->topic))
		fail(reading, MQTT_TOPIC_WILDCARD);
}

static void read_connect(struct reading *reading)
{
	struct mqtt_cursor *cursor = &reading->cursor;
	struct mqtt_connect *connect = &reading->packet->connect;

	connect->protocol = mqtt_take_text(cursor);
	connect->level = reading->level = mqtt_take_u8(cursor);
	/* Another protocol may look otherwise from here on; it only needs to be answered. */
	if (!mqtt_is(connect->protocol, "MQTT") ||
	    (connect->level != MQTT_311 && connect->level != MQTT_5)) {
		cursor->left = 0;
		return;
	}
	uint8_t flags = mqtt_take_u8(cursor);
	connect->clean = flags & CONNECT_CLEAN;
	connect->has_will = flags & CONNECT_WILL;
	connect->has_user = flags & CONNECT_USER;
	connect->has_password = flags & CONNECT_PASSWORD;
	connect->keep_alive = mqtt_take_u16(cursor);
	judge_flags(reading, flags);
	read_properties(reading);
	connect->client = mqtt_take_text(cursor);
	if (connect->has_will)
		read_will(reading, flags);
	if (connect->has_user)
		connect->user = mqtt_take_text(cursor);
	if (connect->has_password)
		connect->password = mqtt_take_binary(cursor);
}

/* ---- the others ---- */

static void read_reason(struct reading *reading)
{
	reading->packet->reason = mqtt_take_u8(&reading->cursor);
	if (!mqtt_reason_fits(reading->packet->reason, reading->packet->type))
		fail(reading, MQTT_REASON_BAD);
}

static void read_connack(struct reading *reading)
{
	struct mqtt_packet *packet = reading->packet;
	uint8_t flags = mqtt_take_u8(&reading->cursor);

	packet->session_present = flags & 1;
	if (flags & 0xfe)
		fail(reading, MQTT_CONNACK_FLAGS);
	if (reading->level == MQTT_5) {
		read_reason(reading);
	} else {
		packet->reason = mqtt_take_u8(&reading->cursor);
		if (packet->reason > MQTT_NOT_AUTHORISED)
			fail(reading, MQTT_REASON_BAD);
	}
	if (packet->session_present && packet->reason)
		fail(reading, MQTT_CONNACK_PRESENT);
	read_properties(reading);
}

static void read_id(struct reading *reading)
{
	reading->packet->id = mqtt_take_u16(&reading->cursor);
	if (!reading->packet->id)
		fail(reading, MQTT_ID_ZERO);
}

static void judge_publish(struct reading *reading)
{
	const struct mqtt_packet *packet = reading->packet;
	bool alias = mqtt_property_find(&packet->properties, MQTT_TOPIC_ALIAS) != NULL;

	if (packet->qos > 2)
		fail(reading, MQTT_QOS_3);
	else if (packet->dup && !packet->qos)
		fail(reading, MQTT_DUP_QOS_0);
	else if (!packet->topic.size && !alias && !reading->cursor.breach)
		fail(reading, MQTT_TOPIC_EMPTY);
	else if (packet->topic.size && !topic_is_name(packet->topic))
		fail(reading, MQTT_TOPIC_WILDCARD);
}

static void read_publish(struct reading *reading)
{
	struct mqtt_packet *packet = reading->packet;

	if (packet->qos > 2)
		fail(reading, MQTT_QOS_3);
	packet->topic = mqtt_take_text(&reading->cursor);
	if (packet->qos)
		read_id(reading);
	read_properties(reading);
	packet->payload = mqtt_take(&reading->cursor, reading->cursor.left);
	judge_publish(reading);
}

/* 3.4.2.1: both reason and properties may be left out. */
static void read_reason_if_there(struct reading *reading)
{
	if (reading->level != MQTT_5 || !reading->cursor.left)
		return;
	read_reason(reading);
	if (reading->cursor.left)
		read_properties(reading);
}

static void read_ack(struct reading *reading)
{
	read_id(reading);
	read_reason_if_there(reading);
}

static void read_options(struct reading *reading, struct mqtt_filter *filter)
{
	uint8_t options = mqtt_take_u8(&reading->cursor);
	uint8_t reserved = reading->level == MQTT_5 ? OPTIONS_RESERVED_5 : OPTIONS_RESERVED_311;

	filter->qos = options & 3;
	filter->no_local = options & OPTION_NO_LOCAL;
	filter->as_published = options & OPTION_AS_PUBLISHED;
	filter->retain_handling = (uint8_t)(options >> 4 & 3);
	if (options & reserved || filter->qos > 2)
		fail(reading, MQTT_OPTIONS_RESERVED);
	else if (filter->retain_handling > 2)
		fail(reading, MQTT_OPTIONS_RETAIN);
	else if (filter->no_local && topic_is_shared(filter->topic))
		fail(reading, MQTT_OPTIONS_SHARED);
}

static void read_filter(struct reading *reading)
{
	struct mqtt_packet *packet = reading->packet;

	if (packet->filter_count == MQTT_FILTERS_MAX) {
		fail(reading, MQTT_FILTERS_MANY);
		return;
	}
	struct mqtt_filter *filter = &packet->filters[packet->filter_count++];
	filter->topic = mqtt_take_text(&reading->cursor);
	if (reading->cursor.breach)
		return;
	if (!filter->topic.size)
		fail(reading, MQTT_FILTER_EMPTY);
	else if (!topic_is_filter(filter->topic))
		fail(reading, MQTT_FILTER_WILDCARD);
	else if (packet->type == MQTT_SUBSCRIBE)
		read_options(reading, filter);
}

static void read_filters(struct reading *reading)
{
	struct mqtt_packet *packet = reading->packet;

	read_id(reading);
	read_properties(reading);
	while (reading->cursor.left)
		read_filter(reading);
	if (!packet->filter_count)
		fail(reading, packet->type == MQTT_SUBSCRIBE ? MQTT_SUBSCRIBE_EMPTY
							     : MQTT_UNSUBSCRIBE_EMPTY);
}

static bool may_grant(const struct reading *reading, uint8_t code)
{
	if (reading->level == MQTT_5)
		return mqtt_reason_fits(code, reading->packet->type);
	return code <= 2 || code == MQTT_SUBSCRIPTION_REFUSED;
}

/* SUBACK and the UNSUBACK of 5.0 */
static void read_codes(struct reading *reading)
{
	struct mqtt_packet *packet = reading->packet;

	read_id(reading);
	read_properties(reading);
	while (reading->cursor.left) {
		uint8_t code = mqtt_take_u8(&reading->cursor);
		if (packet->filter_count == MQTT_FILTERS_MAX)
			fail(reading, MQTT_FILTERS_MANY);
		else if (!may_grant(reading, code))
			fail(reading, MQTT_GRANTED_BAD);
		else
			packet->filters[packet->filter_count++].reason = code;
	}
	if (!packet->filter_count)
		fail(reading, MQTT_CUT_SHORT);
}

static void read_unsuback(struct reading *reading)
{
	if (reading->level == MQTT_5)
		read_codes(reading);
	else
		read_id(reading);
}

static void read_nothing(struct reading *reading)
{
	(void)reading;
}

/* flags are the low bits that must stand in the first byte. */
static const struct kind {
	uint8_t flags;
	void (*read)(struct reading *reading);
} kinds[16] = {
	[MQTT_CONNECT] = { 0, read_connect },      [MQTT_CONNACK] = { 0, read_connack },
	[MQTT_PUBLISH] = { 0, read_publish },      [MQTT_PUBACK] = { 0, read_ack },
	[MQTT_PUBREC] = { 0, read_ack },           [MQTT_PUBREL] = { 2, read_ack },
	[MQTT_PUBCOMP] = { 0, read_ack },          [MQTT_SUBSCRIBE] = { 2, read_filters },
	[MQTT_SUBACK] = { 0, read_codes },         [MQTT_UNSUBSCRIBE] = { 2, read_filters },
	[MQTT_UNSUBACK] = { 0, read_unsuback },    [MQTT_PINGREQ] = { 0, read_nothing },
	[MQTT_PINGRESP] = { 0, read_nothing },     [MQTT_DISCONNECT] = { 0, read_reason_if_there },
	[MQTT_AUTH] = { 0, read_reason_if_there },
};

/* The bits of the first byte; false: there is no such packet. */
static bool read_head(struct reading *reading, uint8_t first)
{
	struct mqtt_packet *packet = reading->packet;
	const struct kind *kind = &kinds[first >> 4];

	packet->type = (enum mqtt_type)(first >> 4);
	if (!kind->read || (packet->type == MQTT_AUTH && reading->level != MQTT_5)) {
		fail(reading, MQTT_TYPE_RESERVED);
		return false;
	}
	if (packet->type == MQTT_PUBLISH) {
		packet->dup = first & 8;
		packet->qos = (first >> 1) & 3;
		packet->retain = first & 1;
	} else if ((first & 15) != kind->flags) {
		fail(reading, MQTT_FLAGS_RESERVED);
	}
	return true;
}

enum mqtt_breach mqtt_read(const uint8_t *data, size_t size, uint8_t level,
			   struct mqtt_packet *packet)
{
	struct reading reading = { { data + 1, size - 1, MQTT_SOUND }, level, packet };

	*packet = (struct mqtt_packet){ 0 };
	if (!size)
		return MQTT_CUT_SHORT;
	size_t length = mqtt_take_variable(&reading.cursor);
	if (reading.cursor.breach == MQTT_LENGTH_PADDED && level != MQTT_5) {
		/* 3.1.1 does not ask for the fewest bytes. */
		long whole = mqtt_size(data, size);
		size_t left = whole == (long)size ? (size_t)(data + size - reading.cursor.at) : 0;
		reading.cursor = (struct mqtt_cursor){ reading.cursor.at, left, MQTT_SOUND };
		length = left;
	}
	if (reading.cursor.breach)
		return reading.cursor.breach;
	if (length != reading.cursor.left)
		return length > reading.cursor.left ? MQTT_CUT_SHORT : MQTT_LEFT_OVER;
	if (read_head(&reading, data[0]) && !reading.cursor.breach)
		kinds[packet->type].read(&reading);
	if (!reading.cursor.breach && reading.cursor.left)
		return MQTT_LEFT_OVER;
	return reading.cursor.breach;
}
