#include "sim/world/packet.h"

#include "base/buf.h"
#include "base/test.h"

static const struct packet_ends ends = {
	.from = 0x0a000005, .to = 0x0a100001, .from_port = 50000, .to_port = 161, .id = 7
};

START_TEST(a_written_datagram_is_read_back)
{
	uint8_t bytes[64];
	struct packet packet;
	size_t size = packet_udp(bytes, &ends, "hello", 5);

	ck_assert_uint_eq(size, 33);
	ck_assert(packet_parse(&packet, bytes, size));
	ck_assert_uint_eq(packet.from, ends.from);
	ck_assert_uint_eq(packet.to, ends.to);
	ck_assert_uint_eq(packet.from_port, 50000);
	ck_assert_uint_eq(packet.to_port, 161);
	ck_assert_uint_eq(packet.data_size, 5);
	ck_assert_mem_eq(packet.data, "hello", 5);
	ck_assert(packet_udp_sound(&packet));
}
END_TEST

/* The example of RFC 1071, 3. */
START_TEST(the_checksum_is_that_of_the_rfc)
{
	static const uint8_t bytes[] = { 0x00, 0x01, 0xf2, 0x03, 0xf4, 0xf5, 0xf6, 0xf7 };

	ck_assert_uint_eq(packet_checksum(packet_sum(0, bytes, sizeof(bytes))), 0x220d);
}
END_TEST

START_TEST(a_changed_byte_breaks_a_checksum)
{
	uint8_t bytes[64];
	struct packet packet;
	size_t size = packet_udp(bytes, &ends, "hello", 5);

	bytes[30] ^= 1;
	ck_assert(packet_parse(&packet, bytes, size));
	ck_assert(!packet_udp_sound(&packet));
	bytes[13] ^= 1;
	ck_assert(!packet_parse(&packet, bytes, size));
}
END_TEST

START_TEST(a_packet_cut_anywhere_is_refused)
{
	uint8_t bytes[64];
	struct packet packet;
	size_t size = packet_udp(bytes, &ends, "hello", 5);

	for (size_t cut = 0; cut < size; cut++)
		ck_assert(!packet_parse(&packet, bytes, cut));
}
END_TEST

START_TEST(a_refusal_quotes_the_packet)
{
	uint8_t bytes[64], out[PACKET_ICMP_MAX];
	struct packet packet, icmp;
	size_t size = packet_udp(bytes, &ends, "hello", 5);

	packet_parse(&packet, bytes, size);
	size_t used = packet_refuse(out, REFUSAL_HOST, 0x0a000001, &packet);
	ck_assert_uint_eq(used, 20 + 8 + 28);
	ck_assert(packet_parse(&icmp, out, used));
	ck_assert_uint_eq(icmp.to, ends.from);
	ck_assert_uint_eq(out[20], 3);
	ck_assert_uint_eq(out[21], 1);
	ck_assert_uint_eq(packet_checksum(packet_sum(0, out + 20, used - 20)), 0);
	ck_assert_mem_eq(out + 28, bytes, 28);
}
END_TEST

START_TEST(no_refusal_answers_an_error_or_a_multicast)
{
	uint8_t bytes[64], out[PACKET_ICMP_MAX], again[PACKET_ICMP_MAX];
	struct packet packet;
	struct packet_ends many = ends;

	many.to = 0xe00000fb;
	packet_parse(&packet, bytes, packet_udp(bytes, &many, "x", 1));
	ck_assert_uint_eq(packet_refuse(out, REFUSAL_PORT, 1, &packet), 0);
	packet_parse(&packet, bytes, packet_udp(bytes, &ends, "x", 1));
	size_t used = packet_refuse(out, REFUSAL_PORT, 1, &packet);
	ck_assert(packet_parse(&packet, out, used));
	ck_assert_uint_eq(packet_refuse(again, REFUSAL_PORT, 1, &packet), 0);
}
END_TEST

/* A SYN with sequence 1000, from 10.0.0.5:50000 to 198.51.100.10:80. */
static size_t write_syn(uint8_t *bytes)
{
	struct packet_ends tcp = ends;

	tcp.to = 0xc633640a;
	size_t size = packet_udp(bytes, &tcp, "0123456789ab", 12);
	bytes[9] = PACKET_TCP;
	put_be16(bytes + 22, 80);
	put_be32(bytes + 24, 1000);
	put_be32(bytes + 28, 0);
	bytes[32] = 5 << 4;
	bytes[33] = TCP_IS_SYN;
	put_be16(bytes + 10, 0);
	put_be16(bytes + 10, packet_checksum(packet_sum(0, bytes, 20)));
	return size;
}

START_TEST(a_reset_acknowledges_the_syn)
{
	uint8_t bytes[64], out[64];
	struct packet syn, reset;

	ck_assert(packet_parse(&syn, bytes, write_syn(bytes)));
	size_t used = packet_reset(out, &syn);
	ck_assert(packet_parse(&reset, out, used));
	ck_assert_uint_eq(reset.flags, TCP_IS_RST | TCP_IS_ACK);
	ck_assert_uint_eq(reset.acknowledged, 1001);
	ck_assert_uint_eq(reset.from_port, 80);
	ck_assert_uint_eq(packet_reset(bytes, &reset), 0);
}
END_TEST

struct pieces {
	struct buf payload;
	int count;
	bool more;
};

static void take_piece(void *arg, const uint8_t *bytes, size_t size)
{
	struct pieces *pieces = arg;
	struct packet packet;

	ck_assert(packet_parse(&packet, bytes, size));
	ck_assert_uint_le(size, PACKET_MTU);
	ck_assert_uint_eq(packet.offset, pieces->payload.size);
	buf_add(&pieces->payload, packet.payload, packet.payload_size);
	pieces->more = packet.more;
	pieces->count++;
}

START_TEST(a_large_packet_goes_in_pieces)
{
	static uint8_t data[4000], bytes[4100];
	struct pieces pieces = { .payload = { .max = 10000 } };

	data[3999] = 9;
	size_t size = packet_udp(bytes, &ends, data, sizeof(data));
	packet_fragments(bytes, size, PACKET_MTU, take_piece, &pieces);
	ck_assert_int_eq(pieces.count, 3);
	ck_assert(!pieces.more);
	ck_assert_uint_eq(pieces.payload.size, size - 20);
	ck_assert_mem_eq(pieces.payload.data, bytes + 20, size - 20);
	buf_done(&pieces.payload);
}
END_TEST

START_TEST(a_hop_keeps_the_checksum_right)
{
	uint8_t bytes[64];
	struct packet packet;
	size_t size = packet_udp(bytes, &ends, "hello", 5);

	packet_pass_hop(bytes);
	ck_assert(packet_parse(&packet, bytes, size));
	ck_assert_uint_eq(packet.ttl, 63);
}
END_TEST

TEST_MAIN("world.packet", a_written_datagram_is_read_back, the_checksum_is_that_of_the_rfc,
	  a_changed_byte_breaks_a_checksum, a_packet_cut_anywhere_is_refused,
	  a_refusal_quotes_the_packet, no_refusal_answers_an_error_or_a_multicast,
	  a_reset_acknowledges_the_syn, a_large_packet_goes_in_pieces,
	  a_hop_keeps_the_checksum_right)
