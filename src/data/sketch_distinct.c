/* sketch_distinct: HyperLogLog. Each hash belongs to one register, which keeps the longest run of
 * zeros that it saw; the estimate is Ertl's ("New cardinality estimation algorithms", 2017), which
 * needs no tables for small and large numbers. */
#include "sketch.h"

#include <math.h>

enum { RUN_MAX = 64 - FST_DISTINCT_BITS + 1 };

void fst_distinct_add(struct fst_distinct *d, uint64_t hash)
{
    size_t i = hash >> (64 - FST_DISTINCT_BITS);
    uint64_t rest = hash << FST_DISTINCT_BITS;
    uint8_t run = rest ? (uint8_t)(__builtin_clzll(rest) + 1) : RUN_MAX;
    if (run > d->registers[i])
        d->registers[i] = run;
}

/* Of the registers that are still empty. */
static double sigma(double x)
{
    double y = 1, z = x, before;
    if (x == 1)
        return INFINITY;
    do {
        x *= x;
        before = z;
        z += x * y;
        y += y;
    } while (z != before);
    return z;
}

/* Of those that are full. */
static double tau(double x)
{
    double y = 1, z = 1 - x, before;
    if (x == 0 || x == 1)
        return 0;
    do {
        x = sqrt(x);
        before = z;
        y *= 0.5;
        z -= (1 - x) * (1 - x) * y;
    } while (z != before);
    return z / 3;
}

double fst_distinct_estimate(const struct fst_distinct *d)
{
    const double m = FST_DISTINCT_REGISTERS;
    size_t counts[RUN_MAX + 1] = {0};
    for (size_t i = 0; i < FST_DISTINCT_REGISTERS; i++)
        counts[d->registers[i]]++;
    double z = m * tau(1 - (double)counts[RUN_MAX] / m);
    for (size_t k = RUN_MAX - 1; k >= 1; k--)
        z = 0.5 * (z + (double)counts[k]);
    z += m * sigma((double)counts[0] / m);
    return m * m / (2 * log(2) * z);
}
