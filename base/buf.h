/* buf.h: bytes that grow to a ceiling.
 *
 * Every buffer is made with the size at which growing is an error, so no input can fill memory.
 * A failed append sets `failed` and leaves the content as it was; check once at the end. Growing
 * beyond the ceiling is an outside matter and fails; running out of memory ends the program. */
#ifndef BASE_BUF_H
#define BASE_BUF_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct buf {
	uint8_t *data; /* owned; always followed by a NUL that is not counted, once not empty */
	size_t size;
	size_t capacity;
	size_t max;
	bool failed;
};

void buf_init(struct buf *buf, size_t max);
void buf_done(struct buf *buf);  /* frees; buf may be reused after buf_init */
void buf_clear(struct buf *buf); /* size 0, memory kept, failed reset */

bool buf_add(struct buf *buf, const void *data, size_t size);
bool buf_add_text(struct buf *buf, const char *text);
bool buf_add_u8(struct buf *buf, uint8_t value);
bool buf_add_be16(struct buf *buf, uint16_t value);
bool buf_add_be32(struct buf *buf, uint32_t value);
bool buf_add_le16(struct buf *buf, uint16_t value);
bool buf_add_le32(struct buf *buf, uint32_t value);
bool buf_add_zero(struct buf *buf, size_t count);
bool buf_printf(struct buf *buf, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Removes count bytes from the front (count <= size). */
void buf_drop(struct buf *buf, size_t count);

/* The content as text; never NULL. Valid until the next change. */
const char *buf_text(const struct buf *buf);

/* Hands the content over as a NUL-terminated string that the caller frees; buf is empty after. */
char *buf_steal(struct buf *buf);

/* Allocation that ends the program when memory is out: nothing sensible can go on. */
void *alloc_zero(size_t count, size_t size);
void *alloc_grow(void *pointer, size_t count, size_t size);
char *alloc_text(const char *text);               /* NULL gives NULL */
char *alloc_bytes(const void *data, size_t size); /* adds a NUL */
char *alloc_printf(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Big- and little-endian reads; the caller has checked the bounds. */
static inline uint16_t get_be16(const uint8_t *p)
{
	return (uint16_t)(p[0] << 8 | p[1]);
}

static inline uint32_t get_be32(const uint8_t *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

static inline uint16_t get_le16(const uint8_t *p)
{
	return (uint16_t)(p[1] << 8 | p[0]);
}

static inline uint32_t get_le32(const uint8_t *p)
{
	return (uint32_t)p[3] << 24 | (uint32_t)p[2] << 16 | (uint32_t)p[1] << 8 | p[0];
}

static inline void put_be16(uint8_t *p, uint16_t value)
{
	p[0] = (uint8_t)(value >> 8);
	p[1] = (uint8_t)value;
}

static inline void put_be32(uint8_t *p, uint32_t value)
{
	put_be16(p, (uint16_t)(value >> 16));
	put_be16(p + 2, (uint16_t)value);
}

#endif
