#include "conformance/canary_decode.h"

#include <zlib.h>

bool canary_inflate(int window, const uint8_t *data, size_t size, uint32_t origin,
		    struct canary_text *text)
{
	z_stream stream = { .next_in = (z_const Bytef *)data,
			    .avail_in = size > UINT32_MAX ? UINT32_MAX : (uInt)size };
	uint8_t chunk[4096];
	size_t before = text->size;
	int status = Z_OK;
	if (inflateInit2(&stream, window) != Z_OK)
		return false;
	while (status == Z_OK && !text->full) {
		stream.next_out = chunk;
		stream.avail_out = sizeof(chunk);
		status = inflate(&stream, Z_NO_FLUSH);
		size_t count = sizeof(chunk) - stream.avail_out;
		for (size_t i = 0; i < count; i++)
			canary_text_add(text, chunk[i], origin);
		if (!count && !stream.avail_in)
			break;
	}
	inflateEnd(&stream);
	return text->size > before;
}
