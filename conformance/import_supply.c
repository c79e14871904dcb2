#include "conformance/import_supply.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "base/cleanup.h"
#include "conformance/import_find.h"

#define EPSON "1.3.6.1.4.1.1248.1.2.2."
#define PRT   "1.3.6.1.2.1.43."

/* Microlitres, where a walk does not say: a common size of such printers. */
enum { CAPACITY = 350000, ROLL_WIDTH = 6096, ROLL_MM = 50000 };
enum { INKS = 16, BOXES = 4, LOW = 10 };

/* ---- the status block ---- */

static const uint8_t *block_field(const struct mib *walk, uint8_t type, size_t *size)
{
	static const char head[] = "@BDC ST2\r\n";
	const struct mib_entry *block = find_cell(walk, EPSON "1.1.1.4.1", 0);
	size_t at = strlen(head) + 2;

	if (!block || block->type != MIB_OCTETS || block->size < at ||
	    memcmp(block->bytes, head, strlen(head)) != 0)
		return NULL;
	for (; at + 2 <= block->size && at + 2 + block->bytes[at + 1] <= block->size;
	     at += 2 + (size_t)block->bytes[at + 1]) {
		*size = block->bytes[at + 1];
		if (block->bytes[at] == type)
			return block->bytes + at + 2;
	}
	return NULL;
}

/* Slot and colour of the i-th ink record; counted on where the block has none. */
static void ink_codes(const struct mib *walk, size_t i, unsigned *slot, unsigned *code)
{
	size_t size;
	const uint8_t *field = block_field(walk, 0x0f, &size);

	*slot = (unsigned)i + 1;
	*code = (unsigned)i & 0xff;
	if (!field || !size || field[0] < 3 || 1 + (i + 1) * field[0] > size)
		return;
	*slot = field[1 + i * field[0]];
	*code = field[2 + i * field[0]];
}

/* ---- colours ---- */

static const struct {
	const char *words, *color;
} colors[] = {
	{ "black", "K" },
	{ "photo black", "PK" },
	{ "matte black", "MK" },
	{ "cyan", "C" },
	{ "magenta", "M" },
	{ "vivid magenta", "M" },
	{ "yellow", "Y" },
	{ "light cyan", "LC" },
	{ "light magenta", "LM" },
	{ "vivid light magenta", "LM" },
	{ "gray", "GY" },
	{ "dark gray", "DG" },
	{ "light gray", "LK" },
	{ "light black", "LK" },
	{ "light light gray", "LLK" },
	{ "light light black", "LLK" },
	{ "orange", "OR" },
	{ "green", "GR" },
	{ "violet", "V" },
	{ "red", "R" },
	{ "blue", "B" },
	{ "white", "W" },
};

/* Initials, for a colour that is not in the table. */
static void color_of(const char *words, char color[8])
{
	size_t size = 0;

	for (size_t i = 0; i < COUNT_OF(colors); i++) {
		if (!strcasecmp(colors[i].words, words)) {
			memcpy(color, colors[i].color, strlen(colors[i].color) + 1);
			return;
		}
	}
	for (size_t i = 0; words[i] && size < 6; i++)
		if (isalpha((unsigned char)words[i]) && (i == 0 || words[i - 1] == ' '))
			color[size++] = (char)toupper((unsigned char)words[i]);
	if (!size)
		color[size++] = 'X';
	color[size] = '\0';
}

static char *words_of(const struct mib *walk, uint32_t row)
{
	uint32_t channel = find_row_numbered(walk, EPSON "30.1.1.2.1", row);
	char *words = channel ? find_text(walk, EPSON "30.1.1.4.1", channel) : NULL;
	uint32_t colorant = (uint32_t)find_number(walk, PRT "11.1.1.3.1", row, 0);

	if (!words && colorant)
		words = find_text(walk, PRT "12.1.1.4.1", colorant);
	if (!words)
		words = alloc_text("Ink");
	words[0] = (char)toupper((unsigned char)words[0]);
	return words;
}

/* ---- supplies ---- */

static int64_t between(int64_t value, int64_t min, int64_t max)
{
	return value < min ? min : value > max ? max : value;
}

/* Percent. A level of -2 (unknown) or -3 (some is left) becomes a half. */
static long long level_of(const struct mib *walk, uint32_t row)
{
	int64_t level = find_number(walk, EPSON "28.1.1.2.1", row, -2);
	int64_t max = find_number(walk, PRT "11.1.1.8.1", row, 100);

	if (level < 0) {
		level = find_number(walk, PRT "11.1.1.9.1", row, -2);
		level = level < 0 || max <= 0 ? 50 : level * 100 / max;
	}
	return (long long)between(level, 0, 100);
}

static void put_supply(struct buf *out, const struct mib *walk, uint32_t row)
{
	AUTO_FREE char *name = find_text_or(walk, PRT "11.1.1.6.1", row, "Supply");
	buf_add_text(out, "  - { name: ");
	import_quote(out, name);
	buf_printf(out, ", row: %u, capacity: %d, low: %lld, level: %lld, replaced: %lld", row,
		   CAPACITY,
		   (long long)between(find_number(walk, EPSON "50.1.1.4.1", row, LOW), 0, 100),
		   level_of(walk, row),
		   (long long)between(find_number(walk, EPSON "28.1.1.3.1", row, 1), 0, 100000));
}

static void put_ink(struct buf *out, const struct mib *walk, uint32_t row, size_t i)
{
	AUTO_FREE char *words = words_of(walk, row);
	uint32_t channel = find_row_numbered(walk, EPSON "30.1.1.2.1", row);
	int64_t rgb = channel ? find_number(walk, EPSON "30.1.1.5.1", channel, 0) : 0;
	unsigned slot, code;
	char color[8];

	ink_codes(walk, i, &slot, &code);
	color_of(words, color);
	put_supply(out, walk, row);
	buf_printf(out, ", color: %s, words: ", color);
	import_quote(out, words);
	buf_printf(out, ", slot: %u, code: %u, rgb: %lld, used: 0 }\n", slot, code,
		   (long long)between(rgb, 0, 0xffffff));
}

/* Class 3 is consumed, class 4 a receptacle (RFC 3805). */
static void put_class(struct buf *out, const struct mib *walk, int64_t class, size_t max)
{
	static const char column[] = PRT "11.1.1.4";
	size_t count = 0;

	for (const struct mib_entry *entry = find_next(walk, column, NULL); entry && count < max;
	     entry = find_next(walk, column, entry)) {
		uint32_t row = row_of(entry);
		if (entry->number != class || !row)
			continue;
		if (class == 3) {
			put_ink(out, walk, row, count);
		} else {
			put_supply(out, walk, row);
			buf_add_text(out, " }\n");
		}
		count++;
	}
}

static bool has_class(const struct mib *walk, int64_t class)
{
	return find_row_numbered(walk, PRT "11.1.1.4", class) != 0;
}

void import_supplies(struct buf *out, const struct mib *walk)
{
	if (has_class(walk, 3))
		buf_add_text(out, "inks: # capacity and used are synthetic\n");
	put_class(out, walk, 3, INKS);
	if (has_class(walk, 4))
		buf_add_text(out, "boxes: # capacity is synthetic\n");
	put_class(out, walk, 4, BOXES);
}

void import_roll(struct buf *out, const struct mib *walk)
{
	size_t size;
	const uint8_t *media = block_field(walk, 0x3f, &size);
	unsigned width = media && size >= 8 ? get_le16(media + 6) : 0, type = 0;
	long long left = ROLL_MM;

	if (width)
		type = media[3];
	const uint8_t *roll = block_field(walk, 0x21, &size);
	if (roll && size >= 3)
		left = get_le16(roll + 1) * 10LL;
	buf_printf(out,
		   "roll: { type: plain, typeId: %u, widthTenthMm: %u, lengthMm: %lld, "
		   "remainingMm: %lld } # lengths synthetic\n",
		   type, width ? width : ROLL_WIDTH, left > ROLL_MM ? left : ROLL_MM, left);
}
