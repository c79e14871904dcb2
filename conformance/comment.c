#include "conformance/comment.h"

#include <errno.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/file.h"
#include "conformance/pcapng.h"

enum { TEXT_MAX = 65535, FILE_MAX = 1 << 30, GROWTH_MAX = 64 << 20 };

/* All comments for a frame; empty when there are none. */
static void join(struct buf *text, const struct comment *comments, size_t count, uint64_t frame)
{
	buf_clear(text);
	for (size_t i = 0; i < count; i++) {
		if (comments[i].frame != frame)
			continue;
		if (text->size)
			buf_add_u8(text, '\n');
		buf_add_text(text, comments[i].text);
	}
	/* Cut between characters: a UTF-8 character begins with no byte 10xxxxxx. */
	if (text->size > TEXT_MAX) {
		size_t size = TEXT_MAX;
		while (size && (text->data[size] & 0xc0) == 0x80)
			size--;
		text->size = size;
	}
}

static void add_option(struct buf *out, unsigned code, const uint8_t *data, size_t size)
{
	buf_add_le16(out, (uint16_t)code);
	buf_add_le16(out, (uint16_t)size);
	buf_add(out, data, size);
	buf_add_zero(out, pcapng_padded(size) - size);
}

static int rewrite_packet(const struct pcapng_block *block, const struct buf *text, struct buf *out,
			  struct error *err)
{
	struct pcapng_packet packet;
	struct pcapng_option option;
	size_t begin = out->size;
	int more;
	if (pcapng_packet_read(block, &packet, err))
		return -EINVAL;
	size_t at = packet.options;
	buf_add_le32(out, PCAPNG_PACKET);
	buf_add_le32(out, 0); /* the length is known at the end */
	buf_add(out, block->body, packet.options);
	add_option(out, PCAPNG_OPTION_COMMENT, text->data, text->size);
	while ((more = pcapng_option_next(block, &at, &option, err)) > 0)
		if (option.code != PCAPNG_OPTION_COMMENT)
			add_option(out, option.code, option.data, option.size);
	if (more)
		return more;
	buf_add_le32(out, PCAPNG_OPTION_END);
	uint32_t length = (uint32_t)(out->size - begin + 4);
	buf_add_le32(out, length);
	for (int i = 0; i < 4 && !out->failed; i++)
		out->data[begin + 4 + (size_t)i] = (uint8_t)(length >> (8 * i));
	return 0;
}

static int check_frames(const struct comment *comments, size_t count, uint64_t packets,
			struct error *err)
{
	for (size_t i = 0; i < count; i++)
		if (!comments[i].frame || comments[i].frame > packets)
			return error_set(
				err, EINVAL,
				"capture: found a comment for frame %llu, expected 1 to %llu",
				(unsigned long long)comments[i].frame, (unsigned long long)packets);
	return 0;
}

/* A section that tells its length has to tell the new one; -1 says "not told". */
static void renew_length(const uint8_t *data, struct buf *out, size_t begin)
{
	uint64_t length = (uint64_t)get_le32(data + 20) << 32 | get_le32(data + 16);
	size_t header = get_le32(data + 4);
	if (length == UINT64_MAX)
		return;
	length = out->size - begin - header;
	for (size_t i = 0; i < 8; i++)
		out->data[begin + 16 + i] = (uint8_t)(length >> (8 * i));
}

int comment_apply(const uint8_t *data, size_t size, const struct comment *comments, size_t count,
		  struct buf *out, struct error *err)
{
	struct pcapng_reader reader = { .data = data, .size = size };
	struct pcapng_block block;
	struct buf text;
	size_t begin = out->size;
	uint64_t packets = 0;
	int status;
	buf_init(&text, GROWTH_MAX);
	while ((status = pcapng_next(&reader, &block, err)) > 0) {
		if (block.type == PCAPNG_PACKET)
			join(&text, comments, count, ++packets);
		else
			buf_clear(&text);
		if (!text.size)
			buf_add(out, data + block.offset, reader.offset - block.offset);
		else if (rewrite_packet(&block, &text, out, err))
			break;
	}
	buf_done(&text);
	if (!status)
		status = check_frames(comments, count, packets, err);
	if (!status && out->failed)
		status = error_set(err, EFBIG, "capture: too large with its comments");
	if (!status)
		renew_length(data, out, begin);
	return status > 0 ? -EINVAL : status;
}

int comment_file(const char *path, const struct comment *comments, size_t count, struct error *err)
{
	size_t size = 0;
	AUTO_FREE char *data = file_read(path, FILE_MAX, &size, err);
	struct buf out;
	if (!data)
		return -EINVAL;
	buf_init(&out, size + GROWTH_MAX);
	int status = comment_apply((const uint8_t *)data, size, comments, count, &out, err);
	if (!status)
		status = file_write(path, out.data, out.size, err);
	buf_done(&out);
	return status;
}
