#include "sim/printer/trade.h"

#include <string.h>

#include "base/cleanup.h"
#include "sim/printer/device.h"
#include "sim/printer/dice.h"

enum {
	NAMES_MAX = 5,
	PREPARING_MS = 12000,
	CHANGED = 600, /* of 1,000 chances to put in something else */
};

struct media {
	const char *type; /* NULL ends the list */
	int type_id;
	int width_percent; /* of the profile's roll */
};

struct trade {
	const char *roll; /* type of the roll; NULL: any other */
	curve length_mm;
	curve width_percent; /* of the roll */
	curve coverage;      /* microlitres a square decimetre, of all inks together */
	curve speed;         /* cm² a second */
	int64_t black_only;  /* of 1,000 jobs */
	const char *documents[NAMES_MAX], *ending, *owners[NAMES_MAX];
	struct media media[NAMES_MAX]; /* besides the profile's own roll */
};

/* Beliefs, not measurements: sheets of A3 to A0 for plans, runs of many metres for cloth; ink and
 * speed as data sheets give them for such printers. */
static const struct trade trades[] = {
	{ "vinyl",
	  { 300, 900, 1500, 2200, 3200, 4500, 6500, 10000, 30000 },
	  { 30, 55, 70, 80, 88, 92, 95, 98, 99 },
	  { 30, 50, 62, 72, 80, 88, 98, 115, 160 },
	  { 25, 38, 46, 52, 60, 68, 76, 90, 140 },
	  10,
	  { "banner", "window", "vehicle-side", "poster", "floor" },
	  "tif",
	  { "prepress", "a.moreau", "t.lind", "night-shift", "sales" },
	  { { "banner", 34, 100 }, { "vinyl", 33, 84 }, { "canvas", 36, 66 } } },
	{ "transfer-paper",
	  { 1000, 4000, 9000, 15000, 22000, 32000, 45000, 60000, 95000 },
	  { 60, 80, 88, 92, 95, 97, 98, 99, 99 },
	  { 35, 50, 60, 68, 75, 82, 92, 105, 140 },
	  { 60, 90, 110, 125, 137, 150, 165, 190, 260 },
	  5,
	  { "pattern", "jersey", "flag", "curtain", "sample" },
	  "tif",
	  { "design", "production", "k.sato", "samples", "sport" },
	  { { "transfer-paper", 47, 82 }, { "transfer-thin", 48, 100 } } },
	{ "labels",
	  { 80, 600, 1500, 3000, 5000, 7500, 11000, 18000, 40000 },
	  { 60, 85, 92, 95, 97, 98, 99, 100, 100 },
	  { 2, 6, 9, 12, 15, 18, 23, 32, 80 },
	  { 60, 90, 110, 130, 150, 170, 190, 220, 300 },
	  60,
	  { "jar-front", "pallet", "drum-ghs", "jar-back", "shelf" },
	  "prn",
	  { "packing", "warehouse", "line-2", "line-3", "lab" },
	  { { "labels", 60, 50 }, { "labels-film", 61, 100 }, { "tags", 62, 75 } } },
	{ "photo-satin",
	  { 150, 300, 450, 610, 800, 1000, 1300, 1800, 5000 },
	  { 25, 40, 52, 60, 70, 80, 88, 94, 99 },
	  { 60, 90, 105, 116, 126, 136, 148, 165, 220 },
	  { 15, 24, 32, 40, 48, 55, 63, 74, 110 },
	  30,
	  { "portrait", "proof", "exhibition", "landscape", "contact" },
	  "tif",
	  { "studio", "l.brandt", "archive", "gallery", "proofing" },
	  { { "photo-gloss", 38, 100 }, { "fine-art", 43, 55 }, { "proof-matte", 41, 55 } } },
	{ NULL,
	  { 297, 420, 594, 841, 841, 1189, 1189, 1500, 4200 },
	  { 35, 48, 68, 97, 97, 98, 98, 99, 99 },
	  { 8, 22, 38, 55, 75, 98, 120, 145, 260 },
	  { 40, 60, 75, 88, 100, 110, 120, 135, 180 },
	  350,
	  { "site-plan", "section", "elevation", "gis-sheet", "wiring" },
	  "pdf",
	  { "a.keller", "m.roth", "planning", "j.novak", "survey" },
	  { { "coated", 1, 100 }, { "film", 5, 100 }, { "plain", 0, 69 } } },
};

static const struct trade *trade_of(const struct device *device)
{
	const struct trade *trade = trades;

	while (trade->roll && strcmp(trade->roll, device->profile->roll.type) != 0)
		trade++;
	return trade;
}

/* Each job has colours of its own: every ink gets a share by chance, or black takes nearly all. */
static json_t *share_out(const struct device *device, const struct trade *trade,
			 int64_t microlitres, struct dice *dice)
{
	const struct profile *profile = device->profile;
	int64_t parts[INKS_MAX], whole = 0;
	bool black_only = dice_chance(dice, trade->black_only);
	json_t *inks = json_object();

	for (size_t i = 0; i < profile->inks.count; i++) {
		bool black = strchr(profile_ink(profile, i)->color, 'K') != NULL;
		parts[i] = black_only ? (black ? 200 : 1) : dice_between(dice, 4, 100);
		whole += parts[i];
	}
	for (size_t i = 0; i < profile->inks.count; i++)
		json_object_set_new(inks, profile_ink(profile, i)->color,
				    json_integer(microlitres * parts[i] / whole));
	return inks;
}

static json_t *document(const struct trade *trade, struct dice *dice)
{
	const char *name = trade->documents[dice_between(dice, 0, NAMES_MAX - 1)];
	return json_sprintf("%s-%d.%s", name, (int)dice_between(dice, 1, 400), trade->ending);
}

json_t *trade_job(const struct device *device, struct dice *dice)
{
	const struct trade *trade = trade_of(device);
	int64_t length = dice_curve(dice, trade->length_mm);
	int64_t width =
		device->roll.width_tenth_mm / 10 * dice_curve(dice, trade->width_percent) / 100;
	int64_t area = length * width / 100;
	int64_t ms = PREPARING_MS + area * 1000 / dice_curve(dice, trade->speed);
	json_t *inks =
		share_out(device, trade, area * dice_curve(dice, trade->coverage) / 100, dice);
	json_t *name = document(trade, dice);

	return json_pack("{s:f,s:I,s:I,s:o,s:o,s:s}", "seconds", (double)ms / 1000, "lengthMm",
			 (json_int_t)length, "squareCm", (json_int_t)area, "microlitres", inks,
			 "document", name, "owner",
			 trade->owners[dice_between(dice, 0, NAMES_MAX - 1)]);
}

json_t *trade_roll(const struct device *device, struct dice *dice)
{
	const struct roll_model *usual = &device->profile->roll;
	const struct media *media = trade_of(device)->media;
	int64_t count = 0;

	while (count < NAMES_MAX && media[count].type)
		count++;
	int64_t chosen = dice_between(dice, 0, count);
	bool other = chosen < count && dice_chance(dice, CHANGED);
	return json_pack("{s:s,s:I,s:I}", "type", other ? media[chosen].type : usual->type,
			 "typeId", (json_int_t)(other ? media[chosen].type_id : usual->type_id),
			 "widthTenthMm",
			 (json_int_t)(usual->width_tenth_mm *
				      (other ? media[chosen].width_percent : 100) / 100));
}
