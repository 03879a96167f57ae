/* seed: what random tests begin with. It differs from one day to the next, so that runs add up, and
 * is printed, so that a run can be made again. */
#ifndef FIRESTEEL_TESTS_SEED_H
#define FIRESTEEL_TESTS_SEED_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

/* Of this day, unless one is asked for. */
static uint64_t fuzz_seed(void)
{
    static uint64_t seed;
    const char *asked = getenv("FIRESTEEL_FUZZ_SEED");
    if (!seed) {
        seed = asked ? strtoull(asked, NULL, 10) : (uint64_t)(time(NULL) / 86400);
        printf("FIRESTEEL_FUZZ_SEED=%llu makes this run again\n", (unsigned long long)seed);
    }
    return seed;
}

#endif
