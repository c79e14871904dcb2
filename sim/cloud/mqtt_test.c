#include "sim/cloud/mqtt.h"

#include <errno.h>

#include "base/cleanup.h"
#include "base/test.h"

static size_t from_hex(const char *hex, uint8_t *bytes, size_t max)
{
	size_t size = 0;
	unsigned value;

	for (; *hex; hex += 2) {
		while (*hex == ' ')
			hex++;
		ck_assert_uint_lt(size, max);
		ck_assert_int_eq(sscanf(hex, "%2x", &value), 1);
		bytes[size++] = (uint8_t)value;
	}
	return size;
}

#define HEAD   "00044d515454 04"
#define HEAD_5 "00044d515454 05"

struct row {
	const char *hex;
	enum mqtt_type type;
	enum mqtt_breach breach;
};

static const struct row rows_311[] = {
	/* CONNECT: client "a", clean session 0, no login */
	{ "10 0d" HEAD "00 003c 0001 61", MQTT_CONNECT, 0 },
	{ "10 13" HEAD "c0 003c 0001 61 0001 62 0001 63", MQTT_CONNECT, 0 },
	/* another protocol: to be answered with code 1 */
	{ "10 0e 0006 4d514973 6470 03 02 003c 0000", MQTT_CONNECT, 0 },
	{ "11 0d" HEAD "00 003c 0001 61", 0, MQTT_FLAGS_RESERVED },
	{ "10 0d" HEAD "01 003c 0001 61", 0, MQTT_CONNECT_RESERVED },
	{ "10 0d" HEAD "08 003c 0001 61", 0, MQTT_WILL_FLAGS },
	{ "10 13" HEAD "1c 003c 0001 61 0001 62 0001 63", 0, MQTT_WILL_QOS },
	{ "10 10" HEAD "40 003c 0001 61 0001 62", 0, MQTT_PASSWORD_ALONE },
	{ "10 0d" HEAD "00 003c 0002 61", 0, MQTT_CUT_SHORT },
	{ "10 0e" HEAD "00 003c 0001 61 00", 0, MQTT_LEFT_OVER },
	{ "10 0d" HEAD "00 003c 0001 00", 0, MQTT_TEXT_NUL },
	{ "10 0f" HEAD "00 003c 0003 eda080", 0, MQTT_TEXT_BAD }, /* a surrogate */
	{ "10 0e" HEAD "00 003c 0002 c0af", 0, MQTT_TEXT_BAD },   /* overlong */
	{ "10 13" HEAD "04 003c 0001 61 0001 23 0001 63", 0, MQTT_TOPIC_WILDCARD },
	{ "10 00", 0, MQTT_CUT_SHORT },
	/* CONNACK */
	{ "20 02 0100", MQTT_CONNACK, 0 },
	{ "20 02 0005", MQTT_CONNACK, 0 },
	{ "20 02 0006", 0, MQTT_REASON_BAD },
	{ "20 02 0200", 0, MQTT_CONNACK_FLAGS },
	{ "20 02 0105", 0, MQTT_CONNACK_PRESENT },
	/* PUBLISH */
	{ "30 05 0001 74 6162", MQTT_PUBLISH, 0 },
	{ "30 8500 0001 74 6162", MQTT_PUBLISH, 0 }, /* a length in two bytes is no breach here */
	{ "32 07 0001 74 000a 6162", MQTT_PUBLISH, 0 },
	{ "3a 05 0001 74 000a", MQTT_PUBLISH, 0 }, /* DUP, no payload */
	{ "36 05 0001 74 000a", 0, MQTT_QOS_3 },
	{ "38 03 0001 74", 0, MQTT_DUP_QOS_0 },
	{ "32 05 0001 74 0000", 0, MQTT_ID_ZERO },
	{ "30 03 0001 23", 0, MQTT_TOPIC_WILDCARD },
	{ "30 03 0001 2b", 0, MQTT_TOPIC_WILDCARD },
	{ "30 02 0000", 0, MQTT_TOPIC_EMPTY },
	/* acknowledgements */
	{ "40 02 0001", MQTT_PUBACK, 0 },
	{ "42 02 0001", 0, MQTT_FLAGS_RESERVED },
	{ "40 02 0000", 0, MQTT_ID_ZERO },
	{ "40 03 0001 00", 0, MQTT_LEFT_OVER },
	{ "62 02 0001", MQTT_PUBREL, 0 },
	{ "60 02 0001", 0, MQTT_FLAGS_RESERVED },
	/* SUBSCRIBE to UNSUBACK */
	{ "82 06 0001 0001 74 01", MQTT_SUBSCRIBE, 0 },
	{ "80 06 0001 0001 74 01", 0, MQTT_FLAGS_RESERVED },
	{ "82 06 0001 0001 74 03", 0, MQTT_OPTIONS_RESERVED },
	{ "82 06 0001 0001 74 04", 0, MQTT_OPTIONS_RESERVED },
	{ "82 02 0001", 0, MQTT_SUBSCRIBE_EMPTY },
	{ "82 05 0001 0001 74", 0, MQTT_CUT_SHORT },
	{ "82 05 0001 0000 01", 0, MQTT_FILTER_EMPTY },
	{ "82 07 0001 0002 7423 01", 0, MQTT_FILTER_WILDCARD },
	{ "90 04 0001 01 80", MQTT_SUBACK, 0 },
	{ "90 03 0001 03", 0, MQTT_GRANTED_BAD },
	{ "90 02 0001", 0, MQTT_CUT_SHORT },
	{ "a2 05 0001 0001 74", MQTT_UNSUBSCRIBE, 0 },
	{ "a2 02 0001", 0, MQTT_UNSUBSCRIBE_EMPTY },
	{ "b0 02 0001", MQTT_UNSUBACK, 0 },
	{ "c0 00", MQTT_PINGREQ, 0 },
	{ "c0 01 00", 0, MQTT_LEFT_OVER },
	{ "d0 00", MQTT_PINGRESP, 0 },
	{ "e0 00", MQTT_DISCONNECT, 0 },
	{ "e0 01 00", 0, MQTT_LEFT_OVER },
	{ "00 00", 0, MQTT_TYPE_RESERVED },
	{ "f0 00", 0, MQTT_TYPE_RESERVED },
};

static const struct row rows_5[] = {
	{ "10 0e" HEAD_5 "02 003c 00 0001 61", MQTT_CONNECT, 0 },
	{ "10 13" HEAD_5 "02 003c 05 11 0000000a 0001 61", MQTT_CONNECT, 0 },
	{ "10 11" HEAD_5 "40 003c 00 0001 61 0001 62", MQTT_CONNECT, 0 }, /* password alone */
	{ "10 14" HEAD_5 "02 003c 06 21 0001 21 0001 0001 61", 0, MQTT_PROPERTY_TWICE },
	{ "10 11" HEAD_5 "02 003c 03 21 0000 0001 61", 0, MQTT_PROPERTY_VALUE },
	{ "10 10" HEAD_5 "02 003c 02 17 02 0001 61", 0, MQTT_PROPERTY_VALUE },
	{ "10 10" HEAD_5 "02 003c 02 24 01 0001 61", 0, MQTT_PROPERTY_PLACE },
	{ "10 10" HEAD_5 "02 003c 02 7f 01 0001 61", 0, MQTT_PROPERTY_UNKNOWN },
	{ "10 12" HEAD_5 "02 003c 04 16 0001 00 0001 61", 0, MQTT_AUTH_ALONE },
	{ "10 10" HEAD_5 "02 003c 03 21 0001 61 62", 0, MQTT_CUT_SHORT },
	/* a will with a delay of 1 s */
	{ "10 1a" HEAD_5 "06 003c 00 0001 61 05 18 00000001 0001 74 0001 6d", MQTT_CONNECT, 0 },
	{ "20 03 01 00 00", MQTT_CONNACK, 0 },
	{ "20 03 00 86 00", MQTT_CONNACK, 0 },
	{ "20 03 00 01 00", 0, MQTT_REASON_BAD },
	{ "20 05 00 00 02 24 02", 0, MQTT_PROPERTY_VALUE },
	{ "30 04 0001 74 00", MQTT_PUBLISH, 0 },
	{ "30 8400 0001 74 00", 0, MQTT_LENGTH_PADDED },
	{ "30 06 0000 03 23 0001", MQTT_PUBLISH, 0 }, /* alias for a topic */
	{ "30 06 0000 03 23 0000", MQTT_PUBLISH, 0 }, /* alias 0 is the server's to refuse */
	{ "30 03 0000 00", 0, MQTT_TOPIC_EMPTY },
	{ "30 08 0001 74 04 0b 01 0b 02", MQTT_PUBLISH, 0 }, /* two subscriptions matched */
	{ "30 09 0001 74 05 0b 81808080", 0, MQTT_LENGTH_ENDLESS },
	{ "40 02 0001", MQTT_PUBACK, 0 },
	{ "40 03 0001 87", MQTT_PUBACK, 0 },
	{ "40 03 0001 92", 0, MQTT_REASON_BAD },
	{ "62 03 0001 92", MQTT_PUBREL, 0 },
	{ "82 07 0001 00 0001 74 2d", MQTT_SUBSCRIBE, 0 },
	{ "82 07 0001 00 0001 74 35", 0, MQTT_OPTIONS_RETAIN },
	{ "82 07 0001 00 0001 74 41", 0, MQTT_OPTIONS_RESERVED },
	{ "82 0f 0001 00 0009 2473686172652f612f 05", 0, MQTT_FILTER_WILDCARD },
	{ "82 10 0001 00 000a 2473686172652f612f74 05", 0, MQTT_OPTIONS_SHARED },
	{ "82 10 0001 00 000a 2473686172652f612f74 01", MQTT_SUBSCRIBE, 0 },
	{ "82 0b 0001 04 0b 01 0b 02 0001 74 01", 0, MQTT_PROPERTY_TWICE },
	{ "90 04 0001 00 9e", MQTT_SUBACK, 0 },
	{ "b0 04 0001 00 11", MQTT_UNSUBACK, 0 },
	{ "e0 01 04", MQTT_DISCONNECT, 0 },
	{ "e0 07 00 05 11 00000000", MQTT_DISCONNECT, 0 },
	{ "e0 01 86", 0, MQTT_REASON_BAD },
	{ "f0 00", MQTT_AUTH, 0 },
	{ "f0 01 19", MQTT_AUTH, 0 },
};

static void expect_rows(const struct row *rows, size_t count, uint8_t level)
{
	for (size_t i = 0; i < count; i++) {
		uint8_t bytes[64];
		char text[MQTT_BREACH_TEXT_MAX];
		size_t size = from_hex(rows[i].hex, bytes, sizeof(bytes));
		struct mqtt_packet packet;

		ck_assert_msg(mqtt_size(bytes, size) == (long)size, "%s: not its size",
			      rows[i].hex);
		enum mqtt_breach breach = mqtt_read(bytes, size, level, &packet);
		ck_assert_msg(breach == rows[i].breach, "%s: %s", rows[i].hex,
			      mqtt_breach_text(breach, level, text));
		if (!breach)
			ck_assert_msg(packet.type == rows[i].type, "%s", rows[i].hex);
	}
}

START_TEST(packets_of_3_1_1_are_read_or_refused_row_by_row)
{
	expect_rows(rows_311, COUNT_OF(rows_311), MQTT_311);
}
END_TEST

START_TEST(packets_of_5_are_read_or_refused_row_by_row)
{
	expect_rows(rows_5, COUNT_OF(rows_5), MQTT_5);
}
END_TEST

START_TEST(a_connect_gives_its_parts)
{
	uint8_t bytes[64];
	size_t size = from_hex("10 1f" HEAD "ce 003c 0001 61 0002 7774 0002 776d 0003 757372"
			       "0003 707764",
			       bytes, sizeof(bytes));
	struct mqtt_packet packet;

	ck_assert_int_eq(mqtt_read(bytes, size, 0, &packet), MQTT_SOUND);
	ck_assert(packet.connect.clean && packet.connect.has_will);
	ck_assert_uint_eq(packet.connect.keep_alive, 60);
	ck_assert(mqtt_is(packet.connect.client, "a"));
	ck_assert(mqtt_is(packet.connect.will.topic, "wt"));
	ck_assert(mqtt_is(packet.connect.will.message, "wm"));
	ck_assert_uint_eq(packet.connect.will.qos, 1);
	ck_assert(mqtt_is(packet.connect.user, "usr"));
	ck_assert(mqtt_is(packet.connect.password, "pwd"));
}
END_TEST

START_TEST(the_size_is_told_as_soon_as_it_can_be)
{
	static const uint8_t two[] = { 0x30, 0x80, 0x01 };
	static const uint8_t endless[] = { 0x30, 0xff, 0xff, 0xff, 0xff, 0x01 };
	static const uint8_t huge[] = { 0x30, 0xff, 0xff, 0xff, 0x7f };

	ck_assert_int_eq(mqtt_size(two, 1), 0);
	ck_assert_int_eq(mqtt_size(two, 2), 0);
	ck_assert_int_eq(mqtt_size(two, 3), 131);
	ck_assert_int_eq(mqtt_size(endless, sizeof(endless)), -EPROTO);
	ck_assert_int_eq(mqtt_size(huge, sizeof(huge)), -EMSGSIZE);
}
END_TEST

static void expect_bytes(const struct mqtt_packet *packet, uint8_t level, const char *hex)
{
	uint8_t bytes[64];
	size_t size = from_hex(hex, bytes, sizeof(bytes));
	struct buf out;

	buf_init(&out, 4096);
	mqtt_write(packet, level, &out);
	ck_assert_uint_eq(out.size, size);
	ck_assert_mem_eq(out.data, bytes, size);
	buf_done(&out);
}

START_TEST(a_server_says_what_the_standards_say)
{
	struct mqtt_packet publish = {
		.type = MQTT_PUBLISH,
		.qos = 1,
		.dup = true,
		.id = 10,
		.topic = { (const uint8_t *)"t", 1 },
		.payload = { (const uint8_t *)"ab", 2 },
	};
	struct mqtt_packet suback = { .type = MQTT_SUBACK, .id = 7, .filter_count = 2 };
	struct mqtt_packet refused = { .type = MQTT_CONNACK, .reason = 5 };
	struct mqtt_packet over = { .type = MQTT_DISCONNECT, .reason = MQTT_TAKEN_OVER };

	suback.filters[0].reason = 1;
	suback.filters[1].reason = MQTT_SUBSCRIPTION_REFUSED;
	expect_bytes(&publish, MQTT_311, "3a 07 0001 74 000a 6162");
	expect_bytes(&publish, MQTT_5, "3a 08 0001 74 000a 00 6162");
	expect_bytes(&suback, MQTT_311, "90 04 0007 01 80");
	expect_bytes(&suback, MQTT_5, "90 05 0007 00 01 80");
	expect_bytes(&(struct mqtt_packet){ .type = MQTT_CONNACK, .session_present = true },
		     MQTT_311, "20 02 01 00");
	expect_bytes(&refused, MQTT_311, "20 02 00 05");
	expect_bytes(&(struct mqtt_packet){ .type = MQTT_PUBACK, .id = 258 }, MQTT_5, "40 02 0102");
	expect_bytes(&(struct mqtt_packet){ .type = MQTT_UNSUBACK, .id = 1 }, MQTT_311,
		     "b0 02 0001");
	expect_bytes(&(struct mqtt_packet){ .type = MQTT_PINGRESP }, MQTT_311, "d0 00");
	expect_bytes(&over, MQTT_5, "e0 01 8e");
	mqtt_property_add_text(&over.properties, MQTT_REASON_STRING, "x");
	expect_bytes(&over, MQTT_5, "e0 06 8e 04 1f 0001 78");
}
END_TEST

/* ---- what is written is read as it was ---- */

static uint64_t dice_state;

static uint32_t dice(uint32_t sides)
{
	dice_state ^= dice_state << 13;
	dice_state ^= dice_state >> 7;
	dice_state ^= dice_state << 17;
	return (uint32_t)(dice_state >> 20) % sides;
}

static struct mqtt_bytes any_text(void)
{
	static const char *const texts[] = { "a",     "a/b",    "temperature/läb",
					     "x/y/z", "🖨/1", "ecsp/v1/agents/dc-0001/results" };
	const char *text = texts[dice(COUNT_OF(texts))];
	return (struct mqtt_bytes){ (const uint8_t *)text, strlen(text) };
}

static struct mqtt_bytes any_payload(void)
{
	static uint8_t payload[20000];
	return (struct mqtt_bytes){ payload, dice(4) ? dice(100) : dice(sizeof(payload)) };
}

static uint32_t any_number(const struct mqtt_property_kind *kind)
{
	static const uint32_t highest[] = { [MQTT_BYTE] = 0xff,
					    [MQTT_TWO_BYTES] = 0xffff,
					    [MQTT_FOUR_BYTES] = 0xffffffff,
					    [MQTT_VARIABLE] = 268435455,
					    [MQTT_TEXT] = 0,
					    [MQTT_BINARY] = 0,
					    [MQTT_PAIR] = 0 };
	uint32_t max = kind->max ? kind->max : highest[kind->type];
	return max ? kind->min + dice(max - kind->min) : 0;
}

static void add_any_properties(struct mqtt_properties *properties, unsigned type)
{
	const struct mqtt_property_kind *kind;

	for (size_t i = 0; (kind = mqtt_property_kind_at(i)); i++) {
		if (!(kind->packets >> type & 1) || dice(3) || kind->id == MQTT_AUTH_DATA)
			continue;
		struct mqtt_property property = { .id = kind->id, .number = any_number(kind) };
		if (kind->type >= MQTT_TEXT)
			property.text = any_text();
		if (kind->type == MQTT_PAIR)
			property.name = any_text();
		mqtt_property_add(properties, property);
		if (kind->many)
			mqtt_property_add(properties, property);
	}
}

static uint8_t any_reason(enum mqtt_type type)
{
	uint8_t reason;
	do
		reason = (uint8_t)dice(256);
	while (!mqtt_reason_fits(reason, type));
	return reason;
}

static void make_connect(struct mqtt_packet *packet, uint8_t level)
{
	packet->connect = (struct mqtt_connect){
		.protocol = { (const uint8_t *)"MQTT", 4 },
		.level = level,
		.clean = dice(2),
		.has_will = dice(2),
		.has_user = dice(2),
		.keep_alive = (uint16_t)dice(65536),
		.client = any_text(),
	};
	packet->connect.has_password =
		packet->connect.has_user || level == MQTT_5 ? dice(2) : false;
	if (packet->connect.has_user)
		packet->connect.user = any_text();
	if (packet->connect.has_password)
		packet->connect.password = any_text();
	if (!packet->connect.has_will)
		return;
	packet->connect.will = (struct mqtt_will){
		any_text(), any_text(), (uint8_t)dice(3), dice(2), { .count = 0 }
	};
	if (level == MQTT_5)
		add_any_properties(&packet->connect.will.properties, MQTT_PROPERTIES_OF_WILL);
}

static void make_filters(struct mqtt_packet *packet, uint8_t level)
{
	packet->filter_count = 1 + dice(4);
	for (size_t i = 0; i < packet->filter_count; i++) {
		struct mqtt_filter *filter = &packet->filters[i];
		filter->topic = any_text();
		filter->qos = (uint8_t)dice(3);
		filter->no_local = dice(2);
		filter->as_published = dice(2);
		filter->retain_handling = (uint8_t)dice(3);
		filter->reason = (uint8_t)dice(3);
		if (level == MQTT_5 &&
		    (packet->type == MQTT_SUBACK || packet->type == MQTT_UNSUBACK))
			filter->reason = any_reason(packet->type);
	}
}

static struct mqtt_packet any_packet(uint8_t level)
{
	struct mqtt_packet packet = {
		.type = (enum mqtt_type)(1 + dice(level == MQTT_5 ? 15 : 14)),
		.id = (uint16_t)(1 + dice(65535)),
	};

	if (packet.type == MQTT_CONNECT)
		make_connect(&packet, level);
	if (packet.type >= MQTT_SUBSCRIBE && packet.type <= MQTT_UNSUBACK)
		make_filters(&packet, level);
	if (packet.type == MQTT_PUBLISH) {
		packet.qos = (uint8_t)dice(3);
		packet.dup = packet.qos && dice(2);
		packet.retain = dice(2);
		packet.topic = any_text();
		packet.payload = any_payload();
	}
	if (packet.type == MQTT_CONNACK && level == MQTT_311)
		packet.reason = (uint8_t)dice(6);
	else if (mqtt_reason_fits(MQTT_SUCCESS, packet.type))
		packet.reason = any_reason(packet.type);
	packet.session_present = packet.type == MQTT_CONNACK && !packet.reason && dice(2);
	if (level == MQTT_5)
		add_any_properties(&packet.properties, packet.type);
	return packet;
}

static void write_read_write(uint8_t level, int round)
{
	struct mqtt_packet packet = any_packet(level), read;
	struct buf first, second;
	char text[MQTT_BREACH_TEXT_MAX];

	buf_init(&first, MQTT_PACKET_MAX);
	buf_init(&second, MQTT_PACKET_MAX);
	mqtt_write(&packet, level, &first);
	ck_assert_int_eq(mqtt_size(first.data, first.size), (long)first.size);
	enum mqtt_breach breach = mqtt_read(first.data, first.size, level, &read);
	ck_assert_msg(!breach, "round %d, %s of %u: %s", round, mqtt_type_name(packet.type), level,
		      mqtt_breach_text(breach, level, text));
	mqtt_write(&read, level, &second);
	ck_assert_msg(first.size == second.size && !memcmp(first.data, second.data, first.size),
		      "round %d, %s of %u is not what it was", round, mqtt_type_name(packet.type),
		      level);
	buf_done(&first);
	buf_done(&second);
}

START_TEST(any_packet_is_read_as_it_was_written)
{
	dice_state = 88172645463325252u;
	for (int round = 0; round < 4000; round++)
		write_read_write(round & 1 ? MQTT_5 : MQTT_311, round);
}
END_TEST

/* Whatever bytes are cut off or turned over, reading ends with a verdict and inside the packet. */
START_TEST(a_damaged_packet_is_read_within_its_bounds)
{
	dice_state = 362436069u;
	for (int round = 0; round < 4000; round++) {
		uint8_t level = round & 1 ? MQTT_5 : MQTT_311;
		struct mqtt_packet packet = any_packet(level), read;
		struct buf out;

		packet.payload.size = packet.payload.size > 50 ? 50 : packet.payload.size;
		buf_init(&out, MQTT_PACKET_MAX);
		mqtt_write(&packet, level, &out);
		out.data[dice((uint32_t)out.size)] ^= (uint8_t)(1 + dice(255));
		size_t size = 1 + dice((uint32_t)out.size);
		AUTO_FREE uint8_t *exact = (uint8_t *)alloc_bytes(out.data, size);
		if (!mqtt_read(exact, size, level, &read) && read.payload.size)
			ck_assert(read.payload.data >= exact &&
				  read.payload.data + read.payload.size <= exact + size);
		buf_done(&out);
	}
}
END_TEST

/* ---- tables ---- */

START_TEST(every_breach_of_the_codec_is_provoked_by_a_row)
{
	/* Found by who frames the packets, or by limits that no row of 64 bytes reaches. */
	static const enum mqtt_breach elsewhere[] = { MQTT_TOO_LARGE, MQTT_WRONG_SIDE,
						      MQTT_FILTERS_MANY, MQTT_PROPERTIES_MANY };
	bool seen[MQTT_BREACH_COUNT] = { [MQTT_SOUND] = true };

	for (size_t i = 0; i < COUNT_OF(elsewhere); i++)
		seen[elsewhere[i]] = true;
	for (size_t i = 0; i < COUNT_OF(rows_311); i++)
		seen[rows_311[i].breach] = true;
	for (size_t i = 0; i < COUNT_OF(rows_5); i++)
		seen[rows_5[i].breach] = true;
	for (size_t i = 0; i < MQTT_BREACH_COUNT; i++) {
		char text[MQTT_BREACH_TEXT_MAX];
		ck_assert_msg(seen[i], "no row breaks: %s",
			      mqtt_breach_text((enum mqtt_breach)i, MQTT_5, text));
	}
}
END_TEST

START_TEST(a_breach_cites_the_standard_that_it_breaks)
{
	char text[MQTT_BREACH_TEXT_MAX];

	ck_assert_str_eq(mqtt_breach_text(MQTT_ID_ZERO, MQTT_311, text),
			 "packet identifier 0 [MQTT-2.3.1-1]");
	ck_assert_str_eq(mqtt_breach_text(MQTT_ID_ZERO, MQTT_5, text),
			 "packet identifier 0 [MQTT-2.2.1-3]");
	ck_assert_uint_eq(mqtt_breach_reason(MQTT_ID_ZERO), MQTT_PROTOCOL_ERROR);
}
END_TEST

START_TEST(a_reason_has_a_name_and_its_packets)
{
	ck_assert_str_eq(mqtt_reason_name(MQTT_QUOTA_EXCEEDED), "quota-exceeded");
	ck_assert_int_eq(mqtt_reason_find("session-taken-over"), MQTT_TAKEN_OVER);
	ck_assert_int_eq(mqtt_reason_find("quota"), -1);
	ck_assert(mqtt_reason_fits(MQTT_TAKEN_OVER, MQTT_DISCONNECT));
	ck_assert(!mqtt_reason_fits(MQTT_TAKEN_OVER, MQTT_CONNACK));
	ck_assert(!mqtt_reason_fits(0x7f, MQTT_CONNACK));
	ck_assert_ptr_null(mqtt_reason_name(0x7f));
}
END_TEST

TEST_MAIN("sim.cloud.mqtt", packets_of_3_1_1_are_read_or_refused_row_by_row,
	  packets_of_5_are_read_or_refused_row_by_row, a_connect_gives_its_parts,
	  the_size_is_told_as_soon_as_it_can_be, a_server_says_what_the_standards_say,
	  any_packet_is_read_as_it_was_written, a_damaged_packet_is_read_within_its_bounds,
	  every_breach_of_the_codec_is_provoked_by_a_row,
	  a_breach_cites_the_standard_that_it_breaks, a_reason_has_a_name_and_its_packets)
