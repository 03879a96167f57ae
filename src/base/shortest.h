/* The shortest digits of a double, quickly. */
#ifndef BASE_SHORTEST_H
#define BASE_SHORTEST_H

#include "firesteel/base.h"

/* *digits × 10^*exponent is the shortest decimal that reads back as `v`, the nearest of those.
 * `v` > 0 and finite. False where the quick way does not go: the very large and very small. */
bool shortest_of_double(double v, uint64_t *digits, int *exponent);
bool shortest_of_float(float v, uint64_t *digits, int *exponent);

#endif
