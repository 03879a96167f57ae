/* Conditions on values and on bounds, by Spark's order. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "filter.h"

static struct fst_test made(enum fst_condition_op op, struct fst_type values,
                            struct fst_literal *literals, size_t n, struct fst_type column,
                            struct fst_arena *arena)
{
    struct fst_test t;
    struct fst_condition c = {"x", op, values, literals, n};
    assert_true(fst_test_make(&t, &c, &column, arena));
    return t;
}

static void test_filter__nan_is_the_greatest_and_equals_itself(void **state)
{
    struct fst_arena *a = *state;
    const double v[] = {1, NAN, -0.0, INFINITY, -INFINITY};
    struct fst_type d = fst_type(FST_DOUBLE);
    struct fst_literal nan = {.d = NAN}, zero = {.d = 0};
    uint8_t pass[5] = {1, 1, 1, 1, 1};
    struct fst_test t = made(FST_IS_EQ, d, &nan, 1, d, a);
    fst_test_reals(&t, v, 5, pass);
    assert_memory_equal(pass, ((uint8_t[]){0, 1, 0, 0, 0}), 5);

    memset(pass, 1, 5);
    t = made(FST_IS_GT, d, &zero, 1, d, a);
    fst_test_reals(&t, v, 5, pass);
    assert_memory_equal(pass, ((uint8_t[]){1, 1, 0, 1, 0}), 5);

    memset(pass, 1, 5);
    t = made(FST_IS_EQ, d, &zero, 1, d, a);
    fst_test_reals(&t, v, 5, pass);
    assert_memory_equal(pass, ((uint8_t[]){0, 0, 1, 0, 0}), 5);
}

static void test_filter__whole_numbers_are_compared_to_their_ends(void **state)
{
    struct fst_arena *a = *state;
    const int64_t v[] = {INT64_MIN, -1, 0, 1, INT64_MAX};
    struct fst_type l = fst_type(FST_LONG);
    struct fst_literal least = {.n = INT64_MIN}, most = {.n = INT64_MAX};
    uint8_t pass[5] = {1, 1, 1, 1, 1};
    struct fst_test t = made(FST_IS_LT, l, &least, 1, l, a);
    fst_test_ints(&t, v, 5, pass);
    assert_memory_equal(pass, ((uint8_t[]){0, 0, 0, 0, 0}), 5);

    memset(pass, 1, 5);
    t = made(FST_IS_GE, l, &most, 1, l, a);
    fst_test_ints(&t, v, 5, pass);
    assert_memory_equal(pass, ((uint8_t[]){0, 0, 0, 0, 1}), 5);

    memset(pass, 1, 5);
    t = made(FST_IS_IN, l, (struct fst_literal[]){{.n = 1}, {.n = INT64_MIN}}, 2, l, a);
    fst_test_ints(&t, v, 5, pass);
    assert_memory_equal(pass, ((uint8_t[]){1, 0, 0, 1, 0}), 5);
}

static void test_filter__texts_are_compared_by_unsigned_bytes(void **state)
{
    struct fst_arena *a = *state;
    const struct fst_str v[] = {{"", 0}, {"a", 1}, {"ab", 2}, {"\xC3\xA9", 2}};
    struct fst_type s = fst_type(FST_STRING);
    struct fst_literal ab = {.s = {"ab", 2}};
    uint8_t pass[4] = {1, 1, 1, 1};
    struct fst_test t = made(FST_IS_GT, s, &ab, 1, s, a);
    fst_test_texts(&t, v, 4, pass);
    assert_memory_equal(pass, ((uint8_t[]){0, 0, 0, 1}), 4);

    memset(pass, 1, 4);
    t = made(FST_IS_LE, s, &ab, 1, s, a);
    fst_test_texts(&t, v, 4, pass);
    assert_memory_equal(pass, ((uint8_t[]){1, 1, 1, 0}), 4);
}

static struct fst_frame *longs(size_t n, const int64_t *v, int null_at)
{
    struct fst_schema *s = fst_schema_new();
    struct fst_type l = fst_type(FST_LONG);
    fst_schema_add(s, "x", &l, true);
    struct fst_builder *b = fst_builder_new(s);
    for (size_t i = 0; i < n; i++)
        if ((int)i == null_at)
            fst_builder_null(b, 0);
        else
            fst_builder_int(b, 0, v[i]);
    return fst_builder_finish(b, n);
}

static void test_filter__a_null_meets_is_null_only(void **state)
{
    struct fst_arena *a = *state;
    struct fst_frame *f = longs(3, (const int64_t[]){0, 0, 7}, 1);
    struct fst_type l = fst_type(FST_LONG);
    struct fst_literal zero = {.n = 0};
    uint8_t pass[3] = {1, 1, 1};
    struct fst_test t = made(FST_IS_LE, l, &zero, 1, l, a);
    fst_test_column(&t, &f->columns[0], pass);
    assert_memory_equal(pass, ((uint8_t[]){1, 0, 0}), 3);

    memset(pass, 1, 3);
    t = made(FST_IS_NULL, l, NULL, 0, l, a);
    fst_test_column(&t, &f->columns[0], pass);
    assert_memory_equal(pass, ((uint8_t[]){0, 1, 0}), 3);

    memset(pass, 1, 3);
    t = made(FST_IS_NOT_NULL, l, NULL, 0, l, a);
    fst_test_column(&t, &f->columns[0], pass);
    assert_memory_equal(pass, ((uint8_t[]){1, 0, 1}), 3);
    fst_frame_unref(f);
}

static void test_filter__bounds_rule_out_only_what_cannot_be(void **state)
{
    struct fst_arena *a = *state;
    struct fst_frame *min = longs(2, (const int64_t[]){10, 0}, 1);
    struct fst_frame *max = longs(2, (const int64_t[]){20, 20}, -1);
    const struct fst_column *low = min->columns, *high = max->columns;
    struct fst_type l = fst_type(FST_LONG);
    struct fst_literal v[] = {{.n = 9}, {.n = 10}, {.n = 20}, {.n = 21}};
    struct fst_test t = made(FST_IS_EQ, l, &v[0], 1, l, a);
    assert_false(fst_test_may(&t, low, high, 0, true, true));
    assert_true(fst_test_may(&t, low, high, 1, true, true)); /* no least is known */
    t = made(FST_IS_LE, l, &v[1], 1, l, a);
    assert_true(fst_test_may(&t, low, high, 0, false, true));
    t = made(FST_IS_LT, l, &v[1], 1, l, a);
    assert_false(fst_test_may(&t, low, high, 0, false, true));
    t = made(FST_IS_IN, l, (struct fst_literal[]){v[0], v[3]}, 2, l, a);
    assert_false(fst_test_may(&t, low, high, 0, false, true));
    t = made(FST_IS_NULL, l, NULL, 0, l, a);
    assert_false(fst_test_may(&t, low, high, 0, false, true));
    assert_true(fst_test_may(&t, low, high, 0, true, false));
    fst_frame_unref(min);
    fst_frame_unref(max);
}

static void test_filter__decimals_are_compared_in_the_columns_scale(void **state)
{
    struct fst_arena *a = *state;
    struct fst_literal v = {.n = 15}, odd = {.n = 1555};
    struct fst_type column = fst_type_decimal(10, 2);
    struct fst_test t = made(FST_IS_EQ, fst_type_decimal(3, 1), &v, 1, column, a);
    assert_true(t.least == 150 && t.most == 150);
    struct fst_condition c = {"x", FST_IS_EQ, fst_type_decimal(5, 3), &odd, 1};
    assert_false(fst_test_make(&t, &c, &column, a));
}

static void test_filter__other_kinds_are_not_compared(void **state)
{
    struct fst_arena *a = *state;
    struct fst_test t;
    struct fst_literal v = {.n = 1};
    struct fst_condition c = {"x", FST_IS_EQ, fst_type(FST_INT), &v, 1};
    struct fst_type d = fst_type(FST_DOUBLE), day = fst_type(FST_DATE);
    assert_false(fst_test_make(&t, &c, &d, a));
    assert_false(fst_test_make(&t, &c, &day, a));
}

static int set_up(void **state)
{
    *state = fst_arena_new();
    return 0;
}

static int tear_down(void **state)
{
    fst_arena_free(*state);
    return 0;
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_filter__nan_is_the_greatest_and_equals_itself),
        TEST(test_filter__whole_numbers_are_compared_to_their_ends),
        TEST(test_filter__texts_are_compared_by_unsigned_bytes),
        TEST(test_filter__a_null_meets_is_null_only),
        TEST(test_filter__bounds_rule_out_only_what_cannot_be),
        TEST(test_filter__decimals_are_compared_in_the_columns_scale),
        TEST(test_filter__other_kinds_are_not_compared),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
