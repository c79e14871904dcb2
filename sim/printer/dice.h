/* dice.h: chance that a seed decides. Each throw is named by what it is for, so what happens to one
 * printer depends neither on the others nor on the order they are asked in. Whole numbers only: the
 * same on every machine. */
#ifndef SIM_PRINTER_DICE_H
#define SIM_PRINTER_DICE_H

#include <stdbool.h>
#include <stdint.h>

struct dice {
	uint64_t state;
};

/* Nine values a distribution passes through: 0 %, 12.5 %, 25 % … 100 % of what happens is at most
 * that; straight lines between. */
enum { CURVE_POINTS = 9 };
typedef int64_t curve[CURVE_POINTS];

uint64_t dice_key(uint64_t seed, const char *name); /* of one printer */

/* A row of throws for one purpose: the number-th of its kind. */
struct dice dice_for(uint64_t key, uint64_t purpose, uint64_t number);

uint64_t dice_throw(struct dice *dice);
int64_t dice_between(struct dice *dice, int64_t low, int64_t high); /* both included */
bool dice_chance(struct dice *dice, int64_t per_thousand);
int64_t dice_curve(struct dice *dice, const curve points);

#endif
