/* chance.h: how likely it is that moments thrown at random come as close together as they did. */
#ifndef CONFORMANCE_CHANCE_H
#define CONFORMANCE_CHANCE_H

#include <stddef.h>
#include <stdint.h>

/* That of count trials, each with the given chance (0 to 1), at least least succeed. */
double chance_binomial(size_t count, double chance, size_t least);

/* How many of count moments may lie in some window before that is no accident: the smallest number
 * that chance reaches with less than doubt (1e-6), wherever the window is put. share: the largest
 * part of all moments that is expected in one window (0 to 1). More than count: count is too few to
 * tell anything. */
size_t chance_crowd(size_t count, double share, double doubt);

/* The most of the moments, sorted, that lie in a window of width. first, if any did: the index at
 * which that window begins. */
size_t chance_densest(const int64_t *sorted, size_t count, int64_t width, size_t *first);

#endif
