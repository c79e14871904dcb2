#include "base/utf8.h"

#include "base/cleanup.h"

size_t utf8_length(const uint8_t *bytes, size_t size)
{
	static const struct {
		uint8_t mask, lead, size;
		uint32_t least;
	} shapes[] = { { 0x80, 0, 1, 0 },
		       { 0xe0, 0xc0, 2, 0x80 },
		       { 0xf0, 0xe0, 3, 0x800 },
		       { 0xf8, 0xf0, 4, 0x10000 } };

	for (size_t i = 0; i < COUNT_OF(shapes); i++) {
		if ((bytes[0] & shapes[i].mask) != shapes[i].lead)
			continue;
		if (size < shapes[i].size)
			return 0;
		uint32_t point = bytes[0] & (uint8_t)~shapes[i].mask;
		for (size_t k = 1; k < shapes[i].size; k++) {
			if ((bytes[k] & 0xc0) != 0x80)
				return 0;
			point = point << 6 | (bytes[k] & 0x3fu);
		}
		if (point < shapes[i].least || point > 0x10ffff ||
		    (point >= 0xd800 && point <= 0xdfff))
			return 0;
		return shapes[i].size;
	}
	return 0;
}
