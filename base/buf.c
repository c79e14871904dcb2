#include "base/buf.h"

#include <string.h>

static void out_of_memory(void)
{
	fputs("out of memory\n", stderr);
	abort();
}

void *alloc_zero(size_t count, size_t size)
{
	void *pointer = calloc(count ? count : 1, size ? size : 1);
	if (!pointer)
		out_of_memory();
	return pointer;
}

void *alloc_grow(void *pointer, size_t count, size_t size)
{
	void *grown = reallocarray(pointer, count ? count : 1, size ? size : 1);
	if (!grown)
		out_of_memory();
	return grown;
}

char *alloc_bytes(const void *data, size_t size)
{
	char *copy = alloc_zero(size + 1, 1);
	if (size)
		memcpy(copy, data, size);
	return copy;
}

char *alloc_text(const char *text)
{
	return text ? alloc_bytes(text, strlen(text)) : NULL;
}

char *alloc_printf(const char *format, ...)
{
	char *text = NULL;
	va_list args;
	va_start(args, format);
	if (vasprintf(&text, format, args) < 0)
		out_of_memory();
	va_end(args);
	return text;
}

void buf_init(struct buf *buf, size_t max)
{
	*buf = (struct buf){ .max = max };
}

void buf_done(struct buf *buf)
{
	free(buf->data);
	*buf = (struct buf){ .max = buf->max };
}

void buf_clear(struct buf *buf)
{
	buf->size = 0;
	buf->failed = false;
	if (buf->data)
		buf->data[0] = 0;
}

/* Makes room for `more` bytes and the NUL; false at the ceiling. */
static bool reserve(struct buf *buf, size_t more)
{
	if (more > buf->max || buf->size > buf->max - more) {
		buf->failed = true;
		return false;
	}
	size_t needed = buf->size + more + 1;
	if (needed > buf->capacity) {
		size_t capacity = buf->capacity ? buf->capacity : 64;
		while (capacity < needed)
			capacity *= 2;
		buf->data = alloc_grow(buf->data, capacity, 1);
		buf->capacity = capacity;
	}
	return true;
}

bool buf_add(struct buf *buf, const void *data, size_t size)
{
	if (!reserve(buf, size))
		return false;
	if (size)
		memcpy(buf->data + buf->size, data, size);
	buf->size += size;
	buf->data[buf->size] = 0;
	return true;
}

bool buf_add_text(struct buf *buf, const char *text)
{
	return buf_add(buf, text, strlen(text));
}

bool buf_add_u8(struct buf *buf, uint8_t value)
{
	return buf_add(buf, &value, 1);
}

bool buf_add_be16(struct buf *buf, uint16_t value)
{
	uint8_t bytes[2];
	put_be16(bytes, value);
	return buf_add(buf, bytes, sizeof(bytes));
}

bool buf_add_be32(struct buf *buf, uint32_t value)
{
	uint8_t bytes[4];
	put_be32(bytes, value);
	return buf_add(buf, bytes, sizeof(bytes));
}

bool buf_add_le16(struct buf *buf, uint16_t value)
{
	uint8_t bytes[2] = { (uint8_t)value, (uint8_t)(value >> 8) };
	return buf_add(buf, bytes, sizeof(bytes));
}

bool buf_add_le32(struct buf *buf, uint32_t value)
{
	return buf_add_le16(buf, (uint16_t)value) && buf_add_le16(buf, (uint16_t)(value >> 16));
}

bool buf_add_zero(struct buf *buf, size_t count)
{
	if (!reserve(buf, count))
		return false;
	memset(buf->data + buf->size, 0, count + 1);
	buf->size += count;
	return true;
}

bool buf_printf(struct buf *buf, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	char *text = NULL;
	int size = vasprintf(&text, format, args);
	va_end(args);
	if (size < 0)
		out_of_memory();
	bool added = buf_add(buf, text, (size_t)size);
	free(text);
	return added;
}

void buf_drop(struct buf *buf, size_t count)
{
	if (count >= buf->size) {
		buf->size = 0;
	} else {
		memmove(buf->data, buf->data + count, buf->size - count);
		buf->size -= count;
	}
	if (buf->data)
		buf->data[buf->size] = 0;
}

const char *buf_text(const struct buf *buf)
{
	return buf->data ? (const char *)buf->data : "";
}

char *buf_steal(struct buf *buf)
{
	char *text = buf->data ? (char *)buf->data : alloc_zero(1, 1);
	*buf = (struct buf){ .max = buf->max };
	return text;
}
