#include "sim/cloud/gzip.h"

#include <string.h>
#include <zlib.h>

#include "base/test.h"

enum { WITH_GZIP_HEAD = 15 + 16, PIECE = 65536 };

/* Unpacks with zlib's own reader; every byte must be a space if only_spaces. Returns the size. */
static size_t unpack(const struct buf *packed, uint8_t *out, bool only_spaces)
{
	z_stream stream = { .next_in = packed->data, .avail_in = (uInt)packed->size };
	static uint8_t spaces[PIECE];
	int status = Z_OK;

	memset(spaces, ' ', sizeof(spaces));
	ck_assert_int_eq(inflateInit2(&stream, WITH_GZIP_HEAD), Z_OK);
	while (status == Z_OK) {
		stream.next_out = out;
		stream.avail_out = PIECE;
		status = inflate(&stream, Z_NO_FLUSH);
		size_t size = PIECE - stream.avail_out;
		if (only_spaces)
			ck_assert_mem_eq(out, spaces, size);
	}
	ck_assert_int_eq(status, Z_STREAM_END);
	ck_assert_uint_eq(stream.avail_in, 0);
	size_t size = stream.total_out;
	inflateEnd(&stream);
	return size;
}

START_TEST(what_is_packed_unpacks)
{
	static uint8_t plain[PIECE];
	struct buf packed;

	buf_init(&packed, PIECE);
	gzip_pack("{\"upload\":\"1\"}", 14, &packed);
	ck_assert_uint_eq(unpack(&packed, plain, false), 14);
	ck_assert_mem_eq(plain, "{\"upload\":\"1\"}", 14);
	buf_done(&packed);
}
END_TEST

START_TEST(a_bomb_is_sound_and_a_thousand_times_its_size)
{
	static uint8_t plain[PIECE];
	struct buf packed;

	buf_init(&packed, 1 << 20);
	gzip_bomb(10, &packed);
	ck_assert_uint_lt(packed.size, (10 << 20) / 500);
	ck_assert_uint_eq(unpack(&packed, plain, true), 10 << 20);
	buf_done(&packed);
}
END_TEST

TEST_MAIN("sim.cloud.gzip", what_is_packed_unpacks, a_bomb_is_sound_and_a_thousand_times_its_size)
