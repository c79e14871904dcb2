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

#define CONNECT_HEAD "00044d515454 04"

struct row {
	const char *hex;
	enum mqtt_type type; /* 0: malformed */
};

static const struct row rows[] = {
	/* CONNECT: client "a", clean session 0, no login */
	{ "10 0d" CONNECT_HEAD "00 003c 0001 61", MQTT_CONNECT },
	{ "10 13" CONNECT_HEAD "c0 003c 0001 61 0001 62 0001 63", MQTT_CONNECT },
	/* another protocol: to be answered with code 1 */
	{ "10 0e 0006 4d514973 6470 03 02 003c 0000", MQTT_CONNECT },
	{ "10 0d 00044d515454 05 00 003c 0001 61", MQTT_CONNECT },
	{ "11 0d" CONNECT_HEAD "00 003c 0001 61", 0 },                 /* reserved header flag */
	{ "10 0d" CONNECT_HEAD "01 003c 0001 61", 0 },                 /* reserved connect flag */
	{ "10 0d" CONNECT_HEAD "08 003c 0001 61", 0 },                 /* will QoS without a will */
	{ "10 13" CONNECT_HEAD "1c 003c 0001 61 0001 62 0001 63", 0 }, /* will QoS 3 */
	{ "10 10" CONNECT_HEAD "40 003c 0001 61 0001 62", 0 },         /* password without user */
	{ "10 0d" CONNECT_HEAD "00 003c 0002 61", 0 },                 /* client id cut short */
	{ "10 0e" CONNECT_HEAD "00 003c 0001 61 00", 0 },              /* bytes after the end */
	{ "10 0d" CONNECT_HEAD "00 003c 0001 00", 0 },                 /* NUL in text */
	{ "10 0f" CONNECT_HEAD "00 003c 0003 eda080", 0 },             /* a surrogate */
	{ "10 0e" CONNECT_HEAD "00 003c 0002 c0af", 0 },               /* overlong */
	{ "10 00", 0 },
	/* PUBLISH */
	{ "30 05 0001 74 6162", MQTT_PUBLISH },
	{ "32 07 0001 74 000a 6162", MQTT_PUBLISH },
	{ "3a 05 0001 74 000a", MQTT_PUBLISH }, /* DUP, no payload */
	{ "36 05 0001 74 000a", 0 },            /* QoS 3 */
	{ "38 03 0001 74", 0 },                 /* DUP with QoS 0 */
	{ "32 05 0001 74 0000", 0 },            /* identifier 0 */
	{ "30 03 0001 23", 0 },                 /* # */
	{ "30 03 0001 2b", 0 },                 /* + */
	{ "30 02 0000", 0 },                    /* no topic */
	/* acknowledgements */
	{ "40 02 0001", MQTT_PUBACK },
	{ "42 02 0001", 0 },
	{ "40 02 0000", 0 },
	{ "40 03 0001 00", 0 },
	{ "62 02 0001", MQTT_PUBREL },
	{ "60 02 0001", 0 },
	/* SUBSCRIBE, UNSUBSCRIBE */
	{ "82 06 0001 0001 74 01", MQTT_SUBSCRIBE },
	{ "80 06 0001 0001 74 01", 0 },
	{ "82 06 0001 0001 74 03", 0 },
	{ "82 02 0001", 0 },
	{ "82 05 0001 0001 74", 0 },
	{ "a2 05 0001 0001 74", MQTT_UNSUBSCRIBE },
	{ "c0 00", MQTT_PINGREQ },
	{ "c0 01 00", 0 },
	{ "e0 00", MQTT_DISCONNECT },
	/* what only a server says, and what nobody says */
	{ "20 02 0000", 0 },
	{ "90 03 0001 01", 0 },
	{ "d0 00", 0 },
	{ "00 00", 0 },
	{ "f0 00", 0 },
};

START_TEST(packets_are_read_or_refused_row_by_row)
{
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		uint8_t bytes[64];
		size_t size = from_hex(rows[i].hex, bytes, sizeof(bytes));
		struct mqtt_packet packet;

		ck_assert_msg(mqtt_size(bytes, size) == (long)size, "row %zu", i);
		const char *why = mqtt_read(bytes, size, &packet);
		ck_assert_msg(!why == (rows[i].type != 0), "row %zu (%s): %s", i, rows[i].hex,
			      why ? why : "accepted");
		if (!why)
			ck_assert_msg(packet.type == rows[i].type, "row %zu", i);
	}
}
END_TEST

START_TEST(a_connect_gives_its_parts)
{
	uint8_t bytes[64];
	size_t size =
		from_hex("10 1f" CONNECT_HEAD "ce 003c 0001 61 0002 7774 0002 776d 0003 757372"
			 "0003 707764",
			 bytes, sizeof(bytes));
	struct mqtt_packet packet;

	ck_assert_ptr_null(mqtt_read(bytes, size, &packet));
	ck_assert(packet.connect.clean && packet.connect.has_will);
	ck_assert_uint_eq(packet.connect.keep_alive, 60);
	ck_assert(mqtt_is(packet.connect.client, "a"));
	ck_assert(mqtt_is(packet.connect.will_topic, "wt"));
	ck_assert(mqtt_is(packet.connect.will_message, "wm"));
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

static void expect_bytes(const struct mqtt_packet *packet, const char *hex)
{
	uint8_t bytes[64];
	size_t size = from_hex(hex, bytes, sizeof(bytes));
	struct buf out;

	buf_init(&out, 4096);
	mqtt_write(packet, &out);
	ck_assert_uint_eq(out.size, size);
	ck_assert_mem_eq(out.data, bytes, size);
	buf_done(&out);
}

START_TEST(a_server_says_what_the_standard_says)
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

	suback.filters[0].qos = 1;
	suback.filters[1].qos = MQTT_SUBSCRIPTION_REFUSED;
	expect_bytes(&publish, "3a 07 0001 74 000a 6162");
	expect_bytes(&suback, "90 04 0007 01 80");
	expect_bytes(&(struct mqtt_packet){ .type = MQTT_CONNACK, .session_present = true },
		     "20 02 01 00");
	expect_bytes(&(struct mqtt_packet){ .type = MQTT_CONNACK, .code = 5 }, "20 02 00 05");
	expect_bytes(&(struct mqtt_packet){ .type = MQTT_PUBACK, .id = 258 }, "40 02 0102");
	expect_bytes(&(struct mqtt_packet){ .type = MQTT_UNSUBACK, .id = 1 }, "b0 02 0001");
	expect_bytes(&(struct mqtt_packet){ .type = MQTT_PINGRESP }, "d0 00");
}
END_TEST

START_TEST(a_long_payload_has_a_long_length)
{
	static uint8_t payload[200];
	struct mqtt_packet publish = {
		.type = MQTT_PUBLISH,
		.topic = { (const uint8_t *)"t", 1 },
		.payload = { payload, sizeof(payload) },
	};
	struct buf out;

	buf_init(&out, 4096);
	mqtt_write(&publish, &out);
	ck_assert_uint_eq(out.size, 1 + 2 + 3 + sizeof(payload));
	ck_assert_int_eq(mqtt_size(out.data, out.size), (long)out.size);
	buf_done(&out);
}
END_TEST

TEST_MAIN("sim.cloud.mqtt", packets_are_read_or_refused_row_by_row, a_connect_gives_its_parts,
	  the_size_is_told_as_soon_as_it_can_be, a_server_says_what_the_standard_says,
	  a_long_payload_has_a_long_length)
