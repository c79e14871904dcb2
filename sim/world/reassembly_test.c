#include "sim/world/reassembly.h"

#include "base/test.h"

static const struct packet_ends ends = {
	.from = 0x0a000005, .to = 0x0a100001, .from_port = 50000, .to_port = 161, .id = 7
};

enum { DATA = 4000, PIECES_MAX = 8 };

struct pieces {
	uint8_t bytes[PIECES_MAX][PACKET_MTU];
	size_t size[PIECES_MAX];
	size_t count;
};

static void keep(void *arg, const uint8_t *bytes, size_t size)
{
	struct pieces *pieces = arg;

	memcpy(pieces->bytes[pieces->count], bytes, size);
	pieces->size[pieces->count++] = size;
}

static uint8_t data[DATA], whole[DATA + 28];

static void cut(struct pieces *pieces)
{
	for (size_t i = 0; i < DATA; i++)
		data[i] = (uint8_t)i;
	size_t size = packet_udp(whole, &ends, data, DATA);
	pieces->count = 0;
	packet_fragments(whole, size, PACKET_MTU, keep, pieces);
}

static const uint8_t *add(struct reassembly *reassembly, const struct pieces *pieces, size_t i,
			  uint64_t now, size_t *size)
{
	struct packet packet;

	ck_assert(packet_parse(&packet, pieces->bytes[i], pieces->size[i]));
	return reassembly_add(reassembly, &packet, now, size);
}

static void check_order(const size_t *order)
{
	struct reassembly *reassembly = reassembly_new();
	struct pieces pieces;
	struct packet packet;
	size_t size = 0;

	cut(&pieces);
	ck_assert_ptr_null(add(reassembly, &pieces, order[0], 0, &size));
	ck_assert_ptr_null(add(reassembly, &pieces, order[1], 0, &size));
	const uint8_t *joined = add(reassembly, &pieces, order[2], 0, &size);
	ck_assert_ptr_nonnull(joined);
	ck_assert(packet_parse(&packet, joined, size));
	ck_assert(packet_udp_sound(&packet));
	ck_assert_uint_eq(packet.data_size, DATA);
	ck_assert_mem_eq(packet.data, data, DATA);
	reassembly_free(reassembly);
}

START_TEST(pieces_join_in_any_order)
{
	static const size_t orders[][3] = { { 0, 1, 2 }, { 2, 1, 0 }, { 1, 2, 0 }, { 2, 0, 1 } };

	for (size_t i = 0; i < sizeof(orders) / sizeof(orders[0]); i++)
		check_order(orders[i]);
}
END_TEST

START_TEST(a_missing_piece_joins_nothing)
{
	struct reassembly *reassembly = reassembly_new();
	struct pieces pieces;
	size_t size;

	cut(&pieces);
	ck_assert_ptr_null(add(reassembly, &pieces, 0, 0, &size));
	ck_assert_ptr_null(add(reassembly, &pieces, 2, 0, &size));
	ck_assert_ptr_null(add(reassembly, &pieces, 2, 0, &size));
	reassembly_free(reassembly);
}
END_TEST

START_TEST(pieces_that_come_too_late_are_forgotten)
{
	struct reassembly *reassembly = reassembly_new();
	struct pieces pieces;
	size_t size;

	cut(&pieces);
	ck_assert_ptr_null(add(reassembly, &pieces, 0, 0, &size));
	ck_assert_ptr_null(add(reassembly, &pieces, 1, 0, &size));
	ck_assert_ptr_null(add(reassembly, &pieces, 2, 16000000000u, &size));
	reassembly_free(reassembly);
}
END_TEST

START_TEST(more_unfinished_packets_than_places_do_no_harm)
{
	struct reassembly *reassembly = reassembly_new();
	struct pieces pieces;
	struct packet packet;
	size_t size;

	cut(&pieces);
	for (unsigned i = 0; i < 100; i++) {
		ck_assert(packet_parse(&packet, pieces.bytes[0], pieces.size[0]));
		packet.id = (uint16_t)(1000 + i);
		ck_assert_ptr_null(reassembly_add(reassembly, &packet, i, &size));
	}
	for (size_t i = 0; i < 2; i++)
		ck_assert_ptr_null(add(reassembly, &pieces, i, 200, &size));
	ck_assert_ptr_nonnull(add(reassembly, &pieces, 2, 200, &size));
	reassembly_free(reassembly);
}
END_TEST

TEST_MAIN("world.reassembly", pieces_join_in_any_order, a_missing_piece_joins_nothing,
	  pieces_that_come_too_late_are_forgotten, more_unfinished_packets_than_places_do_no_harm)
