#include "sim/cloud/mqtt.h"
#include "sim/cloud/mqtt_wire.h"

struct writing {
	const struct mqtt_packet *packet;
	uint8_t level;
	struct buf *out;
};

static void write_properties(const struct writing *writing)
{
	if (writing->level == MQTT_5)
		mqtt_add_properties(writing->out, &writing->packet->properties);
}

static uint8_t connect_flags(const struct mqtt_connect *connect)
{
	unsigned flags = (unsigned)connect->clean << 1 | (unsigned)connect->has_will << 2 |
			 (unsigned)connect->has_password << 6 | (unsigned)connect->has_user << 7;
	if (connect->has_will)
		flags |= (unsigned)connect->will.qos << 3 | (unsigned)connect->will.retain << 5;
	return (uint8_t)flags;
}

static void write_connect(const struct writing *writing)
{
	const struct mqtt_connect *connect = &writing->packet->connect;
	struct buf *out = writing->out;

	mqtt_add_binary(out, connect->protocol);
	buf_add_u8(out, writing->level);
	buf_add_u8(out, connect_flags(connect));
	buf_add_be16(out, connect->keep_alive);
	write_properties(writing);
	mqtt_add_binary(out, connect->client);
	if (connect->has_will) {
		if (writing->level == MQTT_5)
			mqtt_add_properties(out, &connect->will.properties);
		mqtt_add_binary(out, connect->will.topic);
		mqtt_add_binary(out, connect->will.message);
	}
	if (connect->has_user)
		mqtt_add_binary(out, connect->user);
	if (connect->has_password)
		mqtt_add_binary(out, connect->password);
}

static void write_connack(const struct writing *writing)
{
	buf_add_u8(writing->out, writing->packet->session_present);
	buf_add_u8(writing->out, writing->packet->reason);
	write_properties(writing);
}

static void write_publish(const struct writing *writing)
{
	const struct mqtt_packet *packet = writing->packet;

	mqtt_add_binary(writing->out, packet->topic);
	if (packet->qos)
		buf_add_be16(writing->out, packet->id);
	write_properties(writing);
	buf_add(writing->out, packet->payload.data, packet->payload.size);
}

/* 3.4.2.1: what says nothing is left out. */
static void write_reason(const struct writing *writing)
{
	const struct mqtt_packet *packet = writing->packet;

	if (writing->level != MQTT_5 || (!packet->reason && !packet->properties.count))
		return;
	buf_add_u8(writing->out, packet->reason);
	if (packet->properties.count)
		write_properties(writing);
}

static void write_ack(const struct writing *writing)
{
	buf_add_be16(writing->out, writing->packet->id);
	write_reason(writing);
}

static uint8_t options_of(const struct mqtt_filter *filter, uint8_t level)
{
	if (level != MQTT_5)
		return filter->qos;
	return (uint8_t)(filter->qos | (unsigned)filter->no_local << 2 |
			 (unsigned)filter->as_published << 3 | filter->retain_handling << 4);
}

static void write_filters(const struct writing *writing)
{
	const struct mqtt_packet *packet = writing->packet;

	buf_add_be16(writing->out, packet->id);
	write_properties(writing);
	for (size_t i = 0; i < packet->filter_count; i++) {
		mqtt_add_binary(writing->out, packet->filters[i].topic);
		if (packet->type == MQTT_SUBSCRIBE)
			buf_add_u8(writing->out, options_of(&packet->filters[i], writing->level));
	}
}

/* An UNSUBACK of 3.1.1 has the identifier alone. */
static void write_codes(const struct writing *writing)
{
	const struct mqtt_packet *packet = writing->packet;
	bool codes = packet->type == MQTT_SUBACK || writing->level == MQTT_5;

	buf_add_be16(writing->out, packet->id);
	write_properties(writing);
	for (size_t i = 0; codes && i < packet->filter_count; i++)
		buf_add_u8(writing->out, packet->filters[i].reason);
}

static void write_nothing(const struct writing *writing)
{
	(void)writing;
}

static void (*const writers[16])(const struct writing *writing) = {
	[MQTT_CONNECT] = write_connect,  [MQTT_CONNACK] = write_connack,
	[MQTT_PUBLISH] = write_publish,  [MQTT_PUBACK] = write_ack,
	[MQTT_PUBREC] = write_ack,       [MQTT_PUBREL] = write_ack,
	[MQTT_PUBCOMP] = write_ack,      [MQTT_SUBSCRIBE] = write_filters,
	[MQTT_SUBACK] = write_codes,     [MQTT_UNSUBSCRIBE] = write_filters,
	[MQTT_UNSUBACK] = write_codes,   [MQTT_PINGREQ] = write_nothing,
	[MQTT_PINGRESP] = write_nothing, [MQTT_DISCONNECT] = write_reason,
	[MQTT_AUTH] = write_reason,
};

static unsigned flags_of(const struct mqtt_packet *packet)
{
	if (packet->type == MQTT_PUBLISH)
		return (unsigned)packet->dup << 3 | (unsigned)packet->qos << 1 | packet->retain;
	bool marked = packet->type == MQTT_PUBREL || packet->type == MQTT_SUBSCRIBE ||
		      packet->type == MQTT_UNSUBSCRIBE;
	return marked ? 2 : 0; /* [MQTT-2.2.2-1], [MQTT-2.1.3-1] */
}

/* The length stands before what it counts: room is made for it afterwards. */
static void put_length(struct buf *out, size_t at)
{
	uint8_t bytes[8];
	struct buf length = { .data = bytes, .capacity = sizeof(bytes), .max = sizeof(bytes) - 1 };
	size_t size = out->size - at;

	mqtt_add_variable(&length, (uint32_t)size);
	if (!buf_add_zero(out, length.size))
		return;
	memmove(out->data + at + length.size, out->data + at, size);
	memcpy(out->data + at, bytes, length.size);
}

void mqtt_write(const struct mqtt_packet *packet, uint8_t level, struct buf *out)
{
	buf_add_u8(out, (uint8_t)((unsigned)packet->type << 4 | flags_of(packet)));
	size_t at = out->size;
	writers[packet->type & 15](&(struct writing){ packet, level, out });
	put_length(out, at);
}
