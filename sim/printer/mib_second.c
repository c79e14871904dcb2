#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "sim/printer/device.h"

/* The second device of a printer's network card, 1248.1.8.2: the unit itself, hrDevice 2. What is
 * known of it is a walk of an idle printer; numbers whose meaning nobody has published stand here
 * as they were found there. */

#define SECOND "1.3.6.1.4.1.1248.1.8.2."

enum { DEVICE = 2 };

static void add_unit(struct mib *mib, const struct device *device)
{
	static const uint8_t abilities[] = { 0x9c, 0, 0, 0 };
	struct mib_row row = mib_row(mib, SECOND "1.1.1", 1, DEVICE);

	row_text(&row, 2, device->profile->model);
	row_number(&row, 3, MIB_INTEGER, 3);
	row_number(&row, 5, MIB_INTEGER, 1);
	row_octets(&row, 7, abilities, sizeof(abilities));
	row_octets(&row, 8, abilities, sizeof(abilities));
}

/* Languages, countries and character sets are those of prtLocalizationTable. */
static void add_languages(struct mib *mib, const struct device *device)
{
	static const char *const columns[] = { "1.3.6.1.2.1.43.7.1.1.2.1",
					       "1.3.6.1.2.1.43.7.1.1.3.1",
					       "1.3.6.1.2.1.43.7.1.1.4.1" };
	enum { LANGUAGE = 2, CHARACTERS = 4 };
	const struct row_model *rows = device->profile->rows.items;

	for (size_t i = 0; i < device->profile->rows.count; i++) {
		for (uint32_t c = LANGUAGE; c <= CHARACTERS; c++) {
			if (strcmp(rows[i].oid, columns[c - LANGUAGE]) != 0)
				continue;
			char *const *values = rows[i].values.items;
			for (size_t n = 0; n < rows[i].values.count; n++) {
				struct mib_row row =
					mib_row(mib, SECOND "2.1.1", 2, DEVICE, (unsigned)n + 1);
				if (c == CHARACTERS)
					row_number(&row, c, MIB_INTEGER, atoi(values[n]));
				else
					row_text(&row, c, values[n]);
			}
		}
	}
}

static void add_settings(struct mib *mib)
{
	static const uint8_t choices[] = { 0x70, 0, 0, 0 }, none[] = { 0, 0, 0, 0 };
	static const int timers[][4] = { { 3, 10, 0, 5 }, { 5, 10, 0, 5 } };
	struct mib_row row = mib_row(mib, SECOND "3.1.1", 1, DEVICE);

	row_octets(&row, 14, choices, sizeof(choices));
	row_octets(&row, 15, none, sizeof(none));
	row_number(&row, 17, MIB_INTEGER, 1);
	row_number(&row, 26, MIB_INTEGER, 0);
	row_number(&row, 27, MIB_INTEGER, 1);
	for (unsigned n = 0; n < COUNT_OF(timers); n++) {
		struct mib_row timer = mib_row(mib, SECOND "3.2.1", 2, DEVICE, n + 1);
		row_numbers(&timer, 2, timers[n], COUNT_OF(timers[n]));
	}
}

static void add_state(struct mib *mib)
{
	static const int nothing[] = { 301, 0, 0 };
	struct mib_row row = mib_row(mib, SECOND "4.1.1", 2, DEVICE, 3u);

	row_numbers(&row, 2, nothing, COUNT_OF(nothing));
}

/* No server for mail is set up; the ports are those of SMTP and POP3. */
static void add_mail(struct mib *mib)
{
	static const unsigned texts[] = { 2, 4, 5, 7 };
	static const struct {
		unsigned column;
		int value;
	} numbers[] = {
		{ 1, 3 }, { 6, 25 }, { 8, 110 }, { 9, 0 }, { 10, 1 }, { 11, 1 }, { 12, 255 }
	};
	struct mib_row row = mib_row(mib, SECOND "6.1.1", 1, DEVICE);

	for (size_t i = 0; i < COUNT_OF(texts); i++)
		row_text(&row, texts[i], "");
	for (size_t i = 0; i < COUNT_OF(numbers); i++)
		row_number(&row, numbers[i].column, MIB_INTEGER, numbers[i].value);
}

static void add_energy(struct mib *mib)
{
	static const int limits[] = { 1, 0, 3000, 60000 };
	struct mib_row row = mib_row(mib, SECOND "19.1.1", 2, DEVICE, 1u);

	row_numbers(&row, 1, limits, COUNT_OF(limits));
}

void mib_add_second(struct mib *mib, const struct device *device)
{
	add_unit(mib, device);
	add_languages(mib, device);
	add_settings(mib);
	add_state(mib);
	add_mail(mib);
	add_energy(mib);
}
