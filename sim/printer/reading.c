#include "sim/printer/reading.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/cleanup.h"
#include "sim/printer/device.h"

struct quantity {
	const char *group, *name; /* name NULL: find says which part */
	bool (*find)(const struct profile *profile, const char *name, size_t *part);
	int64_t (*read)(const struct device *device, size_t part);
};

static int64_t read_ink(const struct device *device, size_t ink)
{
	return ink_level(device, ink);
}

static int64_t read_box(const struct device *device, size_t box)
{
	return box_level(device, box);
}

#define COUNTER(field)                                                                             \
	static int64_t read_##field(const struct device *device, size_t part)                      \
	{                                                                                          \
		(void)part;                                                                        \
		return device->counters.field;                                                     \
	}
COUNTER(square_cm)
COUNTER(length_mm)
COUNTER(printing_seconds)
COUNTER(sheets)
COUNTER(cuts)
COUNTER(sheets_since_on)

static int64_t read_roll(const struct device *device, size_t part)
{
	(void)part;
	return device->roll_mm;
}

/* "black" and "black-ink" mean "Black Ink Cartridge". */
static bool begins_like(const char *name, const char *word)
{
	for (; *word; name++, word++) {
		char c = *name == ' ' ? '-' : (char)tolower((unsigned char)*name);
		if (c != tolower((unsigned char)*word))
			return false;
	}
	return !*name || *name == ' ';
}

static bool find_ink(const struct profile *profile, const char *name, size_t *part)
{
	for (*part = 0; *part < profile->inks.count; (*part)++) {
		const struct ink_model *ink = profile_ink(profile, *part);
		if (!strcasecmp(ink->color, name) || begins_like(ink->name, name))
			return true;
	}
	return false;
}

static bool find_named_box(const struct profile *profile, const char *name, size_t *part)
{
	for (*part = 0; *part < profile->boxes.count; (*part)++)
		if (begins_like(profile_box(profile, *part)->name, name))
			return true;
	return false;
}

static bool find_box(const struct profile *profile, const char *name, size_t *part)
{
	char *end;
	unsigned long number = strtoul(name, &end, 10);

	*part = number - 1;
	return !*end && number >= 1 && number <= profile->boxes.count;
}

static const struct quantity quantities[] = {
	{ "ink", NULL, find_ink, read_ink },
	{ "supply", NULL, find_ink, read_ink },
	{ "supply", NULL, find_named_box, read_box },
	{ "box", NULL, find_box, read_box },
	{ "roll", "remainingMm", NULL, read_roll },
	{ "counter", "squareCm", NULL, read_square_cm },
	{ "counter", "lengthMm", NULL, read_length_mm },
	{ "counter", "printingSeconds", NULL, read_printing_seconds },
	{ "counter", "sheets", NULL, read_sheets },
	{ "counter", "cuts", NULL, read_cuts },
	{ "counter", "sheetsSinceOn", NULL, read_sheets_since_on },
};

static bool is_it(const struct quantity *quantity, const struct profile *profile, const char *name,
		  size_t *part)
{
	size_t size = strlen(quantity->group);

	if (strncmp(name, quantity->group, size) != 0 || name[size] != '.')
		return false;
	name += size + 1;
	return quantity->find ? quantity->find(profile, name, part) : !strcmp(quantity->name, name);
}

int reading_find(const struct profile *profile, const char *name, struct reading *reading,
		 struct error *err)
{
	*reading = (struct reading){ 0 };
	for (size_t i = 0; i < COUNT_OF(quantities); i++) {
		if (is_it(&quantities[i], profile, name, &reading->part)) {
			reading->quantity = &quantities[i];
			return 0;
		}
	}
	return error_set(err, EINVAL,
			 "found '%s', expected ink.COLOR, supply.NAME or box.NUMBER of a %s, "
			 "roll.remainingMm, or counter.NAME",
			 name, profile->name);
}

int64_t reading_value(const struct device *device, const struct reading *reading)
{
	return reading->quantity->read(device, reading->part);
}
