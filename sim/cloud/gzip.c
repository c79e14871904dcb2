#include "sim/cloud/gzip.h"

#include <stdlib.h>
#include <string.h>
#include <zlib.h>

enum { PIECE = 1 << 20, RAW_DEFLATE = -15, MEMORY_LEVEL = 8 };

/* Deflates and appends; flush: Z_FULL_FLUSH ends at a byte and forgets what was before. */
static void deflate_all(const void *data, size_t size, int flush, struct buf *out)
{
	z_stream stream = { .next_in = (Bytef *)data, .avail_in = (uInt)size };
	Bytef bytes[16384];

	if (deflateInit2(&stream, Z_BEST_COMPRESSION, Z_DEFLATED, RAW_DEFLATE, MEMORY_LEVEL,
			 Z_DEFAULT_STRATEGY) != Z_OK)
		abort(); /* out of memory */
	do {
		stream.next_out = bytes;
		stream.avail_out = sizeof(bytes);
		deflate(&stream, flush);
		buf_add(out, bytes, sizeof(bytes) - stream.avail_out);
	} while (!stream.avail_out);
	deflateEnd(&stream);
}

static void begin(struct buf *out)
{
	/* RFC 1952 2.3: deflate, no flags, no time, best compression, Unix */
	static const uint8_t head[] = { 0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 2, 3 };
	buf_add(out, head, sizeof(head));
}

static void end(uLong crc, size_t size, struct buf *out)
{
	buf_add_le32(out, (uint32_t)crc);
	buf_add_le32(out, (uint32_t)size);
}

void gzip_pack(const void *data, size_t size, struct buf *out)
{
	begin(out);
	deflate_all(data, size, Z_FINISH, out);
	end(crc32(0, data, (uInt)size), size, out);
}

void gzip_bomb(unsigned mebibytes, struct buf *out)
{
	uint8_t *spaces = alloc_zero(1, PIECE);
	struct buf piece;
	uLong crc = crc32(0, NULL, 0);

	memset(spaces, ' ', PIECE);
	buf_init(&piece, PIECE);
	deflate_all(spaces, PIECE, Z_FULL_FLUSH, &piece);
	uLong crc_of_piece = crc32(0, spaces, PIECE);
	begin(out);
	for (unsigned i = 0; i < mebibytes; i++) {
		buf_add(out, piece.data, piece.size);
		crc = crc32_combine(crc, crc_of_piece, PIECE);
	}
	deflate_all("", 0, Z_FINISH, out);
	end(crc, (size_t)mebibytes * PIECE, out);
	buf_done(&piece);
	free(spaces);
}
