#include "sim/printer/dice.h"

#include "base/digest.h"

enum { FRACTION_BITS = 16 };

uint64_t dice_key(uint64_t seed, const char *name)
{
	uint64_t key = mix64(seed);

	for (; *name; name++)
		key = mix64(key ^ (unsigned char)*name);
	return key;
}

struct dice dice_for(uint64_t key, uint64_t purpose, uint64_t number)
{
	return (struct dice){ mix64(key ^ mix64(purpose << 48 ^ number)) };
}

uint64_t dice_throw(struct dice *dice)
{
	return mix64(dice->state++);
}

int64_t dice_between(struct dice *dice, int64_t low, int64_t high)
{
	return low + (int64_t)(dice_throw(dice) % (uint64_t)(high - low + 1));
}

bool dice_chance(struct dice *dice, int64_t per_thousand)
{
	return dice_between(dice, 0, 999) < per_thousand;
}

int64_t dice_curve(struct dice *dice, const curve points)
{
	int64_t at = dice_between(dice, 0, ((CURVE_POINTS - 1) << FRACTION_BITS) - 1);
	int64_t point = at >> FRACTION_BITS, part = at & ((1 << FRACTION_BITS) - 1);

	return points[point] + (((points[point + 1] - points[point]) * part) >> FRACTION_BITS);
}
