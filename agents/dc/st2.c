#include "agents/dc/st2.h"

#include <string.h>

#include "base/buf.h"

static const char magic[] = "@BDC ST2\r\n";

enum { MAGIC_SIZE = sizeof(magic) - 1, STATUS = 0x01, ERROR = 0x02, WARNINGS = 0x04 };

static void take_field(struct st2 *st2, uint8_t type, const uint8_t *data, size_t size)
{
	if (type == STATUS && size == 1)
		st2->status = data[0];
	if (type == ERROR && size == 1)
		st2->error = data[0];
	if (type == WARNINGS && size <= ST2_WARNINGS_MAX) {
		memcpy(st2->warnings, data, size);
		st2->warning_count = size;
	}
}

bool st2_parse(const uint8_t *data, size_t size, struct st2 *st2)
{
	*st2 = (struct st2){ .status = -1, .error = -1 };
	if (size < MAGIC_SIZE + 2 || memcmp(data, magic, MAGIC_SIZE) != 0)
		return false;
	size_t length = get_le16(data + MAGIC_SIZE);
	data += MAGIC_SIZE + 2;
	if (length > size - MAGIC_SIZE - 2)
		return false;
	for (size_t at = 0; at < length;) {
		if (length - at < 2 || data[at + 1] > length - at - 2)
			return false;
		take_field(st2, data[at], data + at + 2, data[at + 1]);
		at += 2u + data[at + 1];
	}
	/* An error value without the error status is left over from before. */
	if (st2->status != 0)
		st2->error = -1;
	return st2->status >= 0;
}

bool st2_equal(const struct st2 *a, const struct st2 *b)
{
	return a->status == b->status && a->error == b->error &&
	       a->warning_count == b->warning_count &&
	       memcmp(a->warnings, b->warnings, a->warning_count) == 0;
}
