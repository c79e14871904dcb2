#include "conformance/chance.h"

#include <math.h>

static double log_choose(size_t count, size_t of)
{
	return lgamma((double)count + 1) - lgamma((double)of + 1) -
	       lgamma((double)(count - of) + 1);
}

double chance_binomial(size_t count, double chance, size_t least)
{
	double sum = 0;

	if (least == 0 || chance >= 1)
		return least <= count ? 1 : 0;
	if (chance <= 0)
		return 0;
	for (size_t k = least; k <= count; k++)
		sum += exp(log_choose(count, k) + (double)k * log(chance) +
			   (double)(count - k) * log1p(-chance));
	return sum < 1 ? sum : 1;
}

/* A densest window can be moved until a moment stands at its beginning: so it is enough to ask, for
 * each of them, how many of the others follow within the width (Bonferroni). */
size_t chance_crowd(size_t count, double share, double doubt)
{
	size_t least = 1;

	while (least <= count &&
	       (double)count * chance_binomial(count - 1, share, least - 1) >= doubt)
		least++;
	return least;
}

size_t chance_densest(const int64_t *sorted, size_t count, int64_t width, size_t *first)
{
	size_t most = 0, end = 0;

	for (size_t i = 0; i < count; i++) {
		while (end < count && sorted[end] - sorted[i] <= width)
			end++;
		if (end - i > most) {
			most = end - i;
			*first = i;
		}
	}
	return most;
}
