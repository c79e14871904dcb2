#include "sim/cloud/mqtt.h"

#include <errno.h>

enum {
	LENGTH_BYTES_MAX = 4,
	CONNECT_RESERVED = 1,
	CONNECT_CLEAN = 2,
	CONNECT_WILL = 4,
	CONNECT_WILL_QOS = 0x18,
	CONNECT_WILL_RETAIN = 0x20,
	CONNECT_PASSWORD = 0x40,
	CONNECT_USER = 0x80,
};

struct cursor {
	const uint8_t *at;
	size_t left;
	bool bad; /* ran out, or text that is none */
};

static struct mqtt_bytes take(struct cursor *cursor, size_t size)
{
	struct mqtt_bytes bytes = { cursor->at, size };
	if (size > cursor->left) {
		cursor->bad = true;
		return (struct mqtt_bytes){ cursor->at, 0 };
	}
	cursor->at += size;
	cursor->left -= size;
	return bytes;
}

static uint8_t take_u8(struct cursor *cursor)
{
	struct mqtt_bytes bytes = take(cursor, 1);
	return bytes.size ? bytes.data[0] : 0;
}

static uint16_t take_u16(struct cursor *cursor)
{
	struct mqtt_bytes bytes = take(cursor, 2);
	return bytes.size ? get_be16(bytes.data) : 0;
}

static struct mqtt_bytes take_binary(struct cursor *cursor)
{
	return take(cursor, take_u16(cursor));
}

/* Length of the UTF-8 sequence that lead begins and the least value it may stand for; 0: none. */
static size_t sequence(uint8_t lead, uint32_t *least, uint32_t *bits)
{
	static const struct {
		uint8_t mask, lead;
		uint32_t least;
	} shapes[] = {
		{ 0x80, 0, 1 }, /* [MQTT-1.5.3-2]: no U+0000 */
		{ 0xe0, 0xc0, 0x80 },
		{ 0xf0, 0xe0, 0x800 },
		{ 0xf8, 0xf0, 0x10000 },
	};

	for (size_t i = 0; i < sizeof(shapes) / sizeof(shapes[0]); i++)
		if ((lead & shapes[i].mask) == shapes[i].lead) {
			*least = shapes[i].least;
			*bits = lead & (uint8_t)~shapes[i].mask;
			return i + 1;
		}
	return 0;
}

/* [MQTT-1.5.3-1] */
static bool is_utf8(struct mqtt_bytes text)
{
	for (size_t i = 0; i < text.size;) {
		uint32_t least, value;
		size_t length = sequence(text.data[i], &least, &value);
		if (!length || length > text.size - i)
			return false;
		for (size_t k = 1; k < length; k++) {
			if ((text.data[i + k] & 0xc0) != 0x80)
				return false;
			value = value << 6 | (text.data[i + k] & 0x3f);
		}
		if (value < least || value > 0x10ffff || (value >= 0xd800 && value <= 0xdfff))
			return false;
		i += length;
	}
	return true;
}

static struct mqtt_bytes take_text(struct cursor *cursor)
{
	struct mqtt_bytes text = take_binary(cursor);
	if (!is_utf8(text))
		cursor->bad = true;
	return text;
}

/* Reads the remaining length; returns how many bytes it took, 0: more needed, -EPROTO. */
static int read_length(const uint8_t *data, size_t size, size_t *length)
{
	*length = 0;
	for (int i = 0; i < LENGTH_BYTES_MAX; i++) {
		if ((size_t)i + 1 >= size)
			return 0;
		*length |= (size_t)(data[1 + i] & 0x7f) << (7 * i);
		if (!(data[1 + i] & 0x80))
			return i + 1;
	}
	return -EPROTO;
}

long mqtt_size(const uint8_t *data, size_t size)
{
	size_t length;
	int bytes = read_length(data, size, &length);

	if (bytes <= 0)
		return bytes;
	if (length > MQTT_PACKET_MAX)
		return -EMSGSIZE;
	return (long)(1 + (size_t)bytes + length);
}

static const char *read_connect_payload(struct cursor *cursor, uint8_t flags,
					struct mqtt_connect *connect)
{
	connect->client = take_text(cursor);
	if (connect->has_will) {
		connect->will_topic = take_text(cursor);
		connect->will_message = take_binary(cursor);
	}
	if (flags & CONNECT_USER)
		connect->user = take_text(cursor);
	if (flags & CONNECT_PASSWORD)
		connect->password = take_binary(cursor);
	return NULL;
}

static const char *read_connect(struct cursor *cursor, struct mqtt_packet *packet)
{
	struct mqtt_connect *connect = &packet->connect;

	connect->protocol = take_text(cursor);
	connect->level = take_u8(cursor);
	/* Another protocol may look otherwise from here on; it only needs to be answered. */
	if (cursor->bad || !mqtt_is(connect->protocol, "MQTT") || connect->level != 4) {
		cursor->left = 0;
		return cursor->bad ? "CONNECT cut short" : NULL;
	}
	uint8_t flags = take_u8(cursor);
	connect->clean = flags & CONNECT_CLEAN;
	connect->has_will = flags & CONNECT_WILL;
	connect->has_user = flags & CONNECT_USER;
	connect->has_password = flags & CONNECT_PASSWORD;
	connect->keep_alive = take_u16(cursor);
	if (flags & CONNECT_RESERVED)
		return "reserved CONNECT flag [MQTT-3.1.2-3]";
	if (!connect->has_will && flags & (CONNECT_WILL_QOS | CONNECT_WILL_RETAIN))
		return "will flags without a will [MQTT-3.1.2-13]";
	if ((flags & CONNECT_WILL_QOS) == CONNECT_WILL_QOS)
		return "will QoS 3 [MQTT-3.1.2-14]";
	if (connect->has_password && !connect->has_user)
		return "password without user [MQTT-3.1.2-22]";
	return read_connect_payload(cursor, flags, connect);
}

static const char *read_publish(struct cursor *cursor, struct mqtt_packet *packet)
{
	if (packet->qos > 2)
		return "QoS 3 [MQTT-3.3.1-4]";
	if (packet->dup && !packet->qos)
		return "DUP with QoS 0 [MQTT-3.3.1-2]";
	packet->topic = take_text(cursor);
	if (!packet->topic.size)
		return "empty topic [MQTT-4.7.3-1]";
	if (memchr(packet->topic.data, '#', packet->topic.size) ||
	    memchr(packet->topic.data, '+', packet->topic.size))
		return "wildcard in a topic name [MQTT-3.3.2-2]";
	if (packet->qos) {
		packet->id = take_u16(cursor);
		if (!packet->id)
			return "packet identifier 0 [MQTT-2.3.1-1]";
	}
	packet->payload = take(cursor, cursor->left);
	return NULL;
}

static const char *read_id(struct cursor *cursor, struct mqtt_packet *packet)
{
	packet->id = take_u16(cursor);
	return packet->id ? NULL : "packet identifier 0 [MQTT-2.3.1-1]";
}

static const char *read_filters(struct cursor *cursor, struct mqtt_packet *packet)
{
	const char *why = read_id(cursor, packet);

	while (!why && !cursor->bad && cursor->left) {
		if (packet->filter_count == MQTT_FILTERS_MAX)
			return "too many topic filters";
		struct mqtt_filter *filter = &packet->filters[packet->filter_count++];
		filter->topic = take_text(cursor);
		if (!filter->topic.size)
			return "empty topic filter [MQTT-4.7.3-1]";
		if (packet->type == MQTT_SUBSCRIBE)
			filter->qos = take_u8(cursor);
		if (filter->qos > 2)
			return "QoS above 2 or reserved bits [MQTT-3-8.3-4]";
	}
	if (!why && !packet->filter_count)
		return "no topic filter [MQTT-3.8.3-3]";
	return why;
}

static const char *read_nothing(struct cursor *cursor, struct mqtt_packet *packet)
{
	(void)cursor;
	(void)packet;
	return NULL;
}

/* What a client may send; flags are the low bits that must stand in the first byte. */
static const struct kind {
	const char *name;
	uint8_t flags;
	const char *(*read)(struct cursor *cursor, struct mqtt_packet *packet);
} kinds[16] = {
	[MQTT_CONNECT] = { "connect", 0, read_connect },
	[MQTT_CONNACK] = { "connack", 0, NULL },
	[MQTT_PUBLISH] = { "publish", 0, read_publish },
	[MQTT_PUBACK] = { "puback", 0, read_id },
	[MQTT_PUBREC] = { "pubrec", 0, read_id },
	[MQTT_PUBREL] = { "pubrel", 2, read_id },
	[MQTT_PUBCOMP] = { "pubcomp", 0, read_id },
	[MQTT_SUBSCRIBE] = { "subscribe", 2, read_filters },
	[MQTT_SUBACK] = { "suback", 0, NULL },
	[MQTT_UNSUBSCRIBE] = { "unsubscribe", 2, read_filters },
	[MQTT_UNSUBACK] = { "unsuback", 0, NULL },
	[MQTT_PINGREQ] = { "pingreq", 0, read_nothing },
	[MQTT_PINGRESP] = { "pingresp", 0, NULL },
	[MQTT_DISCONNECT] = { "disconnect", 0, read_nothing },
};

const char *mqtt_read(const uint8_t *data, size_t size, struct mqtt_packet *packet)
{
	size_t length;
	int bytes = read_length(data, size, &length);

	*packet = (struct mqtt_packet){ 0 };
	if (bytes <= 0 || size != 1 + (size_t)bytes + length)
		return "not one whole packet";
	const struct kind *kind = &kinds[data[0] >> 4];
	if (!kind->read)
		return "a packet type that no client sends";
	packet->type = (enum mqtt_type)(data[0] >> 4);
	if (packet->type == MQTT_PUBLISH) {
		packet->dup = data[0] & 8;
		packet->qos = (data[0] >> 1) & 3;
		packet->retain = data[0] & 1;
	} else if ((data[0] & 15) != kind->flags) {
		return "reserved flags [MQTT-2.2.2-2]";
	}
	struct cursor cursor = { data + 1 + bytes, length, false };
	const char *why = kind->read(&cursor, packet);
	if (why)
		return why;
	if (cursor.bad)
		return "cut short, or text that is no UTF-8";
	return cursor.left ? "bytes after the end" : NULL;
}

static void add_length(struct buf *out, size_t length)
{
	do {
		uint8_t byte = length & 0x7f;
		length >>= 7;
		buf_add_u8(out, length ? byte | 0x80 : byte);
	} while (length);
}

static void begin(struct buf *out, enum mqtt_type type, unsigned flags, size_t length)
{
	buf_add_u8(out, (uint8_t)((unsigned)type << 4 | flags));
	add_length(out, length);
}

static void write_publish(const struct mqtt_packet *packet, struct buf *out)
{
	unsigned flags = (unsigned)packet->dup << 3 | (unsigned)packet->qos << 1 | packet->retain;
	size_t id_size = packet->qos ? 2 : 0;

	begin(out, MQTT_PUBLISH, flags, 2 + packet->topic.size + id_size + packet->payload.size);
	buf_add_be16(out, (uint16_t)packet->topic.size);
	buf_add(out, packet->topic.data, packet->topic.size);
	if (packet->qos)
		buf_add_be16(out, packet->id);
	buf_add(out, packet->payload.data, packet->payload.size);
}

static void write_suback(const struct mqtt_packet *packet, struct buf *out)
{
	begin(out, MQTT_SUBACK, 0, 2 + packet->filter_count);
	buf_add_be16(out, packet->id);
	for (size_t i = 0; i < packet->filter_count; i++)
		buf_add_u8(out, packet->filters[i].qos);
}

void mqtt_write(const struct mqtt_packet *packet, struct buf *out)
{
	switch (packet->type) {
	case MQTT_CONNACK:
		begin(out, MQTT_CONNACK, 0, 2);
		buf_add_u8(out, packet->session_present);
		buf_add_u8(out, packet->code);
		break;
	case MQTT_PUBLISH:
		write_publish(packet, out);
		break;
	case MQTT_PUBACK:
	case MQTT_UNSUBACK:
		begin(out, packet->type, 0, 2);
		buf_add_be16(out, packet->id);
		break;
	case MQTT_SUBACK:
		write_suback(packet, out);
		break;
	case MQTT_PINGRESP:
		begin(out, MQTT_PINGRESP, 0, 0);
		break;
	case MQTT_CONNECT:
	case MQTT_PUBREC:
	case MQTT_PUBREL:
	case MQTT_PUBCOMP:
	case MQTT_SUBSCRIBE:
	case MQTT_UNSUBSCRIBE:
	case MQTT_PINGREQ:
	case MQTT_DISCONNECT:
		abort(); /* a server without QoS 2 never says these */
	}
}

const char *mqtt_type_name(enum mqtt_type type)
{
	const char *name = kinds[type & 15].name;
	return name ? name : "reserved";
}

bool mqtt_is(struct mqtt_bytes bytes, const char *text)
{
	return bytes.size == strlen(text) && !memcmp(bytes.data, text, bytes.size);
}
