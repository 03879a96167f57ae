/* Sketches: how far their answers are from the truth, and what they never get wrong. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <math.h>

#include "sketch.h"

static uint64_t next(uint64_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return *state;
}

/* ---- Distinct ---- */

static double estimate_of(uint64_t n, uint64_t first)
{
    struct fst_distinct *d = fst_alloc(sizeof(*d));
    for (uint64_t i = 0; i < n; i++)
        fst_distinct_add(d, fst_hash_key((__int128)(first + i)));
    double estimate = fst_distinct_estimate(d);
    free(d);
    return estimate;
}

static void test_sketch_distinct__nothing_is_zero(void **state)
{
    (void)state;
    assert_true(estimate_of(0, 0) == 0);
}

/* 19 of 20 are within the error that is said; of 40 counts, of small and large numbers, 6 may be
 * outside (which a right sketch does in 1 of 100 cases; the numbers are fixed) and none far. */
static void test_sketch_distinct__is_as_near_as_it_says(void **state)
{
    (void)state;
    int outside = 0;
    for (uint64_t i = 0; i < 40; i++) {
        uint64_t n = (uint64_t)(5000 * pow(1.15, (double)i));
        double off = fabs(estimate_of(n, i << 40) - (double)n) / (double)n;
        assert_true(off < 2.5 * FST_DISTINCT_ERROR);
        outside += off > FST_DISTINCT_ERROR;
    }
    assert_true(outside <= 6);
}

static void test_sketch_distinct__hashes_of_text_spread_as_well(void **state)
{
    (void)state;
    struct fst_distinct *d = fst_alloc(sizeof(*d));
    char text[64];
    for (int i = 0; i < 200000; i++)
        fst_distinct_add(
            d,
            fst_hash_bytes(text, (size_t)snprintf(text, sizeof(text), "a long prefix, %d", i), 0));
    assert_true(fabs(fst_distinct_estimate(d) - 200000) < 200000 * 2 * FST_DISTINCT_ERROR);
    free(d);
}

static void test_sketch_hash__every_byte_counts(void **state)
{
    (void)state;
    char text[80] = {0};
    for (size_t n = 1; n < sizeof(text); n++) {
        uint64_t plain = fst_hash_bytes(text, n, 0);
        assert_int_not_equal(plain, fst_hash_bytes(text, n - 1, 0));
        for (size_t i = 0; i < n; i++) {
            text[i] = 1;
            assert_int_not_equal(plain, fst_hash_bytes(text, n, 0));
            text[i] = 0;
        }
    }
}

/* ---- Quantiles ---- */

static const double shares[] = {0, 0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99, 1};

static void check_ranks(struct fst_quantiles *q, int64_t n, double room)
{
    __int128 keys[FST_COUNT(shares)];
    assert_true(fst_quantiles_get(q, shares, keys, FST_COUNT(shares)));
    for (size_t i = 0; i < FST_COUNT(shares); i++)
        assert_true(fabs((double)keys[i] / (double)n - shares[i]) <= room);
    fst_quantiles_done(q);
}

static void test_sketch_quantiles__sorted_values_are_found(void **state)
{
    (void)state;
    struct fst_quantiles q = {0};
    for (int64_t i = 0; i < 3000000; i++)
        fst_quantiles_add(&q, i);
    check_ranks(&q, 3000000, FST_QUANTILE_ERROR);
}

static void test_sketch_quantiles__shuffled_values_are_found(void **state)
{
    (void)state;
    struct fst_quantiles q = {0};
    for (int64_t i = 0; i < 1000003; i++)
        fst_quantiles_add(&q, i * 7919 % 1000003);
    check_ranks(&q, 1000003, FST_QUANTILE_ERROR);
}

static void test_sketch_quantiles__few_values_are_exact(void **state)
{
    (void)state;
    struct fst_quantiles q = {0};
    for (int64_t i = 0; i < 1000; i++)
        fst_quantiles_add(&q, 999 - i);
    check_ranks(&q, 1000, 0.0011);
}

static void test_sketch_quantiles__a_weight_is_as_good_as_many(void **state)
{
    (void)state;
    struct fst_quantiles q = {0};
    for (int64_t i = 0; i < 1000; i++)
        fst_quantiles_add_many(&q, i, 12345);
    check_ranks(&q, 1000, FST_QUANTILE_ERROR + 0.0011);
}

static void test_sketch_quantiles__memory_stays_flat(void **state)
{
    (void)state;
    struct fst_quantiles q = {0};
    size_t room = 0;
    for (int64_t i = 0; i < 5000000; i++)
        fst_quantiles_add(&q, i ^ 0x155555);
    for (size_t i = 0; i < q.n_levels; i++)
        room += q.levels[i].cap * sizeof(__int128);
    assert_true(room < 600000);
    fst_quantiles_done(&q);
}

static void test_sketch_quantiles__nothing_has_none(void **state)
{
    (void)state;
    struct fst_quantiles q = {0};
    __int128 key;
    assert_false(fst_quantiles_get(&q, shares, &key, 1));
    fst_quantiles_done(&q);
}

static void test_sketch_sort__sorts_what_is_in_any_order(void **state)
{
    (void)state;
    __int128 keys[1000], spare[1000];
    uint64_t random = 7;
    for (size_t n = 0; n < 1000; n += 37) {
        for (size_t i = 0; i < n; i++)
            keys[i] = (__int128)((unsigned __int128)next(&random) << (i % 3 * 32));
        fst_sort_keys(keys, n, spare);
        for (size_t i = 1; i < n; i++)
            assert_true(keys[i - 1] <= keys[i]);
    }
}

/* ---- Frequent ---- */

static void add(struct fst_frequent *f, int64_t v)
{
    uint64_t hash = fst_hash_key(v);
    if (!fst_frequent_key(f, hash, v)) {
        fst_frequent_purge(f);
        assert_true(fst_frequent_key(f, hash, v));
    }
}

static uint64_t count_of(const struct fst_frequent *f, int64_t v)
{
    for (size_t i = 0; i < f->n; i++)
        if (f->values[i].key == v)
            return f->values[i].count;
    return 0;
}

static void test_sketch_frequent__few_values_are_counted_exactly(void **state)
{
    (void)state;
    struct fst_frequent f = {0};
    for (int64_t i = 0; i < 50000; i++)
        add(&f, i % 4096);
    assert_int_equal(f.n, 4096);
    assert_int_equal(f.lost, 0);
    assert_int_equal(count_of(&f, 0), 13);
    assert_int_equal(count_of(&f, 4095), 12);
    fst_frequent_done(&f);
}

static void test_sketch_frequent__counts_are_off_by_what_was_lost_at_most(void **state)
{
    (void)state;
    struct fst_frequent f = {0};
    uint64_t truth[100] = {0}, random = 3, n = 1000000;
    for (uint64_t i = 0; i < n; i++) {
        uint64_t v = next(&random) % 400;
        if (v < 100)
            truth[v]++;
        add(&f, v < 100 ? (int64_t)v : (int64_t)(1000 + i));
    }
    assert_true(f.lost > 0 && f.lost < n / 1000);
    for (int64_t v = 0; v < 100; v++) {
        assert_true(count_of(&f, v) <= truth[v]);
        assert_true(count_of(&f, v) + f.lost >= truth[v]);
    }
    fst_frequent_done(&f);
}

static void test_sketch_frequent__long_text_is_told_apart_behind_what_is_kept(void **state)
{
    (void)state;
    struct fst_frequent f = {0};
    char text[300];
    memset(text, 'x', sizeof(text));
    for (int i = 0; i < 10; i++) {
        text[299] = (char)('a' + i % 2);
        assert_true(fst_frequent_text(&f, fst_hash_bytes(text, 300, 0), text, 300));
    }
    assert_int_equal(f.n, 2);
    assert_int_equal(f.values[0].count, 5);
    assert_int_equal(f.values[0].text.n, FST_FREQUENT_BYTES);
    assert_int_equal(f.values[0].text.whole, 300);
    fst_frequent_done(&f);
}

static void test_sketch_frequent__text_survives_the_forgetting_of_others(void **state)
{
    (void)state;
    struct fst_frequent f = {0};
    char text[32];
    for (int i = 0; i < 100000; i++) {
        size_t n = (size_t)snprintf(text, sizeof(text), i % 3 ? "%d" : "often", i);
        if (!fst_frequent_text(&f, fst_hash_bytes(text, n, 0), text, n))
            fst_frequent_purge(&f);
    }
    size_t found = 0;
    for (size_t i = 0; i < f.n; i++)
        if (f.values[i].text.n == 5 && memcmp(f.bytes + f.values[i].text.at, "often", 5) == 0)
            found = f.values[i].count;
    assert_true(found > 30000 && found <= 33334);
    fst_frequent_done(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sketch_distinct__nothing_is_zero),
        cmocka_unit_test(test_sketch_distinct__is_as_near_as_it_says),
        cmocka_unit_test(test_sketch_distinct__hashes_of_text_spread_as_well),
        cmocka_unit_test(test_sketch_hash__every_byte_counts),
        cmocka_unit_test(test_sketch_quantiles__sorted_values_are_found),
        cmocka_unit_test(test_sketch_quantiles__shuffled_values_are_found),
        cmocka_unit_test(test_sketch_quantiles__few_values_are_exact),
        cmocka_unit_test(test_sketch_quantiles__a_weight_is_as_good_as_many),
        cmocka_unit_test(test_sketch_quantiles__memory_stays_flat),
        cmocka_unit_test(test_sketch_quantiles__nothing_has_none),
        cmocka_unit_test(test_sketch_sort__sorts_what_is_in_any_order),
        cmocka_unit_test(test_sketch_frequent__few_values_are_counted_exactly),
        cmocka_unit_test(test_sketch_frequent__counts_are_off_by_what_was_lost_at_most),
        cmocka_unit_test(test_sketch_frequent__long_text_is_told_apart_behind_what_is_kept),
        cmocka_unit_test(test_sketch_frequent__text_survives_the_forgetting_of_others),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
