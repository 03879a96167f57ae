/* Statistics: exact where they say so, near where they say how near, whatever the values. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <math.h>

#include "frame.h"
#include "stats.h"

/* One column, row by row, then its figures. */
struct one {
    struct fst_schema *schema;
    struct fst_builder *b;
    size_t rows;
    struct fst_stats *stats;
    struct fst_arena *arena;
    struct fst_column_stats is;
};

static struct one one_of(struct fst_type type)
{
    struct one o = {.schema = fst_schema_new(), .arena = fst_arena_new()};
    fst_schema_add(o.schema, "c", &type, true);
    o.stats = fst_stats_new(o.schema);
    o.b = fst_builder_new(fst_schema_copy(o.schema));
    return o;
}

/* What was built so far goes in as a frame of its own. */
static void feed(struct one *o)
{
    struct fst_frame *f = fst_builder_finish(o->b, fst_builder_rows(o->b));
    fst_stats_add(o->stats, f);
    fst_frame_unref(f);
    o->b = fst_builder_new(fst_schema_copy(o->schema));
}

static void answer(struct one *o)
{
    feed(o);
    fst_stats_get(o->stats, 0, o->arena, &o->is);
}

static void done(struct one *o)
{
    fst_builder_free(o->b);
    fst_stats_free(o->stats);
    fst_schema_free(o->schema);
    fst_arena_free(o->arena);
}

static void check(const struct one *o, enum fst_figure_id id, enum fst_how how, const char *text)
{
    assert_int_equal(o->is.figures[id].how, how);
    if (text)
        assert_string_equal(o->is.figures[id].text, text);
}

static void test_data_stats__an_empty_column_has_rows_and_nulls_only(void **state)
{
    (void)state;
    struct one o = one_of(fst_type(FST_LONG));
    answer(&o);
    check(&o, FST_FIGURE_ROWS, FST_EXACT, "0");
    check(&o, FST_FIGURE_NULLS, FST_EXACT, "0");
    check(&o, FST_FIGURE_DISTINCT, FST_EXACT, "0");
    check(&o, FST_FIGURE_MIN, FST_NOT_SAID, NULL);
    check(&o, FST_FIGURE_MEAN, FST_NOT_SAID, NULL);
    check(&o, FST_FIGURE_P50, FST_NOT_SAID, NULL);
    assert_int_equal(o.is.n_top, 0);
    done(&o);
}

static void test_data_stats__nulls_are_no_values(void **state)
{
    (void)state;
    struct one o = one_of(fst_type(FST_DOUBLE));
    for (int i = 0; i < 3000; i++)
        fst_builder_null(o.b, 0);
    answer(&o);
    check(&o, FST_FIGURE_ROWS, FST_EXACT, "3000");
    check(&o, FST_FIGURE_NULLS, FST_EXACT, "3000");
    check(&o, FST_FIGURE_NANS, FST_EXACT, "0");
    check(&o, FST_FIGURE_MAX, FST_NOT_SAID, NULL);
    check(&o, FST_FIGURE_DISTINCT, FST_EXACT, "0");
    done(&o);
}

static void test_data_stats__the_greatest_integers_are_summed_without_loss(void **state)
{
    (void)state;
    struct one o = one_of(fst_type(FST_LONG));
    for (int i = 0; i < 5; i++)
        fst_builder_int(o.b, 0, INT64_MAX);
    for (int i = 0; i < 5; i++)
        fst_builder_int(o.b, 0, INT64_MIN);
    fst_builder_int(o.b, 0, 6);
    answer(&o);
    check(&o, FST_FIGURE_MIN, FST_EXACT, "-9223372036854775808");
    check(&o, FST_FIGURE_MAX, FST_EXACT, "9223372036854775807");
    assert_string_equal(o.is.figures[FST_FIGURE_MEAN].text, "0.09090909090909091"); /* 1 / 11 */
    check(&o, FST_FIGURE_DISTINCT, FST_EXACT, "3");
    done(&o);
}

static void test_data_stats__decimals_of_38_digits_have_an_exact_mean(void **state)
{
    (void)state;
    struct one o = one_of(fst_type_decimal(38, 2));
    __int128 most = 0;
    for (int i = 0; i < 38; i++)
        most = most * 10 + 9;
    for (int i = 0; i < 300; i++)
        fst_builder_decimal(o.b, 0, most);
    fst_builder_decimal(o.b, 0, -most);
    fst_builder_decimal(o.b, 0, most);
    answer(&o);
    /* 300/302 of 999999999999999999999999999999999999.99 */
    check(&o, FST_FIGURE_MEAN, FST_EXACT, "993377483443708609271523178807947019.857616");
    check(&o, FST_FIGURE_MIN, FST_EXACT, "-999999999999999999999999999999999999.99");
    done(&o);
}

static void test_data_stats__negative_means_round_away_from_zero(void **state)
{
    (void)state;
    struct fst_sum sum = {0};
    struct fst_buf text = FST_BUF(64);
    fst_sum_add(&sum, -1);
    fst_sum_mean_text(&text, &sum, 20000, 0);
    assert_string_equal(fst_buf_text(&text), "-0.0001");
    fst_buf_clear(&text);
    fst_sum_mean_text(&text, &sum, 20001, 0);
    assert_string_equal(fst_buf_text(&text), "0.0000");
    fst_buf_done(&text);
}

static void test_data_stats__nan_is_the_greatest_and_zeros_are_one(void **state)
{
    (void)state;
    struct one o = one_of(fst_type(FST_DOUBLE));
    const double values[] = {0.0, -0.0, NAN, -NAN, 2, 4, -INFINITY};
    for (size_t i = 0; i < FST_COUNT(values); i++)
        fst_builder_double(o.b, 0, values[i]);
    answer(&o);
    check(&o, FST_FIGURE_NANS, FST_EXACT, "2");
    check(&o, FST_FIGURE_MIN, FST_EXACT, "-Infinity");
    check(&o, FST_FIGURE_MAX, FST_EXACT, "NaN");
    check(&o, FST_FIGURE_DISTINCT, FST_EXACT, "5");
    check(&o, FST_FIGURE_P50, FST_EXACT, "2.0");
    check(&o, FST_FIGURE_P95, FST_EXACT, "NaN");
    check(&o, FST_FIGURE_MEAN, FST_EXACT, "-Infinity");
    assert_string_equal(o.is.figures[FST_FIGURE_MAX].json, "\"NaN\"");
    done(&o);
}

static void test_data_stats__small_doubles_are_not_lost_beside_large_ones(void **state)
{
    (void)state;
    struct one o = one_of(fst_type(FST_DOUBLE));
    fst_builder_double(o.b, 0, 1e16);
    for (int i = 0; i < 8; i++)
        fst_builder_double(o.b, 0, 1);
    fst_builder_double(o.b, 0, -1e16);
    answer(&o);
    check(&o, FST_FIGURE_MEAN, FST_EXACT, "0.8");
    done(&o);
}

static void test_data_stats__the_deviation_is_that_of_a_sample(void **state)
{
    (void)state;
    struct one o = one_of(fst_type(FST_INT));
    for (int i = 0; i < 100000; i++) {
        fst_builder_int(o.b, 0, 1000000000 + i % 2);
        if (i % 7000 == 0)
            feed(&o);
    }
    answer(&o);
    double truth = sqrt(0.25 * 100000 / 99999);
    double got = strtod(o.is.figures[FST_FIGURE_STDDEV].text, NULL);
    assert_true(fabs(got - truth) < 1e-12);
    done(&o);
}

static void test_data_stats__floats_stay_floats(void **state)
{
    (void)state;
    struct one o = one_of(fst_type(FST_FLOAT));
    fst_builder_double(o.b, 0, 0.1);
    fst_builder_double(o.b, 0, 0.3);
    answer(&o);
    check(&o, FST_FIGURE_MIN, FST_EXACT, "0.1");
    check(&o, FST_FIGURE_MAX, FST_EXACT, "0.3");
    done(&o);
}

static void test_data_stats__few_values_are_known_exactly(void **state)
{
    (void)state;
    struct one o = one_of(fst_type(FST_DATE));
    for (int i = 0; i < 40000; i++)
        fst_builder_int(o.b, 0, i % 4 == 0 ? 0 : i % 4000);
    answer(&o);
    check(&o, FST_FIGURE_DISTINCT, FST_EXACT, "3001");
    assert_int_equal(o.is.n_top, FST_TOP_VALUES);
    assert_string_equal(o.is.top[0].text, "1970-01-01");
    assert_int_equal(o.is.top[0].count, 10000);
    assert_int_equal(o.is.top[0].at_most, 10000);
    assert_string_equal(o.is.top[1].text, "1970-01-02"); /* of equals the least first */
    check(&o, FST_FIGURE_P25, FST_EXACT, "1970-01-01");
    done(&o);
}

static void test_data_stats__many_values_are_estimated_within_what_is_said(void **state)
{
    (void)state;
    struct one o = one_of(fst_type(FST_LONG));
    const int n = 500000;
    for (int i = 0; i < n; i++)
        fst_builder_int(o.b, 0, i % 5 == 0 ? -1 : (int64_t)i * 48271 % 500009);
    answer(&o);
    double distinct = strtod(o.is.figures[FST_FIGURE_DISTINCT].text, NULL);
    check(&o, FST_FIGURE_DISTINCT, FST_APPROXIMATE, NULL);
    assert_string_equal(o.is.figures[FST_FIGURE_DISTINCT].error, "1.6 %");
    assert_true(fabs(distinct / 400001 - 1) < 2 * FST_DISTINCT_ERROR);
    double median = strtod(o.is.figures[FST_FIGURE_P50].text, NULL);
    check(&o, FST_FIGURE_P50, FST_APPROXIMATE, NULL);
    /* A fifth lies at -1, so the middle is where 3 of 8 of the others are below. */
    assert_true(fabs(median / 500009 - 0.375) < 0.01);
    check(&o, FST_FIGURE_P5, FST_APPROXIMATE, "-1");
    assert_int_equal(o.is.n_top, 1);
    assert_string_equal(o.is.top[0].text, "-1");
    assert_true(o.is.top[0].count <= 100000 && o.is.top[0].at_most >= 100000);
    done(&o);
}

static void test_data_stats__a_column_of_keys_has_no_frequent_values(void **state)
{
    (void)state;
    struct one few = one_of(fst_type(FST_LONG)), many = one_of(fst_type(FST_LONG));
    for (int i = 0; i < 100; i++)
        fst_builder_int(few.b, 0, i);
    for (int i = 0; i < 100000; i++)
        fst_builder_int(many.b, 0, i);
    answer(&few);
    answer(&many);
    assert_int_equal(few.is.n_top, 0);
    assert_int_equal(many.is.n_top, 0);
    done(&few);
    done(&many);
}

static void add_text(struct one *o, const char *text)
{
    fst_builder_bytes(o->b, 0, text, strlen(text));
}

static void test_data_stats__text_has_lengths_in_characters(void **state)
{
    (void)state;
    struct one o = one_of(fst_type(FST_STRING));
    add_text(&o, "");
    add_text(&o, "æøå");
    add_text(&o, "z");
    add_text(&o, "😀😀");
    answer(&o);
    check(&o, FST_FIGURE_MIN, FST_EXACT, "");
    check(&o, FST_FIGURE_MAX, FST_EXACT, "😀😀"); /* by bytes, unsigned */
    check(&o, FST_FIGURE_MIN_LENGTH, FST_EXACT, "0");
    check(&o, FST_FIGURE_MAX_LENGTH, FST_EXACT, "3");
    check(&o, FST_FIGURE_MEAN_LENGTH, FST_EXACT, "1.5");
    check(&o, FST_FIGURE_P50, FST_NOT_SAID, NULL);
    done(&o);
}

static void test_data_stats__ends_of_very_long_text_are_bounds(void **state)
{
    (void)state;
    struct one o = one_of(fst_type(FST_STRING));
    char *text = fst_alloc(10001);
    memset(text, 'x', 10000);
    add_text(&o, text);
    add_text(&o, "y");
    answer(&o);
    check(&o, FST_FIGURE_MIN, FST_BOUND, NULL);
    assert_int_equal(strlen(o.is.figures[FST_FIGURE_MIN].text), 4095);
    check(&o, FST_FIGURE_MAX, FST_EXACT, "y");
    check(&o, FST_FIGURE_MAX_LENGTH, FST_EXACT, "10000");
    assert_int_equal(o.is.n_top, 2);
    assert_true(o.is.top[0].is_cut);
    free(text);
    done(&o);
}

static void test_data_stats__cuts_do_not_split_characters(void **state)
{
    (void)state;
    struct one o = one_of(fst_type(FST_STRING));
    char text[601];
    for (int i = 0; i < 300; i++)
        memcpy(text + 2 * i, "é", 2);
    fst_builder_bytes(o.b, 0, text + 0, 600);
    fst_builder_bytes(o.b, 0, "aé", 3);
    fst_builder_bytes(o.b, 0, "aé", 3);
    answer(&o);
    assert_true(fst_utf8_valid(o.is.top[1].text, strlen(o.is.top[1].text)));
    assert_string_equal(o.is.top[0].text, "aé");
    done(&o);
}

static void test_data_stats__lists_have_lengths(void **state)
{
    (void)state;
    struct fst_field element = {"element", fst_type(FST_INT), true};
    struct one o = one_of((struct fst_type){.kind = FST_ARRAY, .n_fields = 1, .fields = &element});
    size_t child = fst_builder_child(o.b, 0, 0);
    for (size_t n = 0; n < 4; n++) {
        fst_builder_slot(o.b, 0, true, n);
        for (size_t i = 0; i < n; i++)
            fst_builder_int(o.b, child, (int64_t)i);
    }
    fst_builder_slot(o.b, 0, false, 0);
    answer(&o);
    check(&o, FST_FIGURE_ROWS, FST_EXACT, "5");
    check(&o, FST_FIGURE_NULLS, FST_EXACT, "1");
    check(&o, FST_FIGURE_MIN_LENGTH, FST_EXACT, "0");
    check(&o, FST_FIGURE_MAX_LENGTH, FST_EXACT, "3");
    check(&o, FST_FIGURE_MEAN_LENGTH, FST_EXACT, "1.5");
    check(&o, FST_FIGURE_DISTINCT, FST_NOT_SAID, NULL);
    done(&o);
}

static void test_data_stats__an_unreadable_column_says_why(void **state)
{
    (void)state;
    struct one o = one_of(fst_type(FST_INT));
    fst_builder_unreadable(o.b, 0, "a damaged page");
    struct fst_frame *f = fst_builder_finish(o.b, 10);
    fst_stats_add(o.stats, f);
    fst_frame_unref(f);
    fst_stats_get(o.stats, 0, o.arena, &o.is);
    assert_string_equal(o.is.unreadable, "a damaged page");
    check(&o, FST_FIGURE_ROWS, FST_EXACT, "10");
    check(&o, FST_FIGURE_NULLS, FST_NOT_SAID, NULL);
    o.b = NULL;
    done(&o);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_data_stats__an_empty_column_has_rows_and_nulls_only),
        cmocka_unit_test(test_data_stats__nulls_are_no_values),
        cmocka_unit_test(test_data_stats__the_greatest_integers_are_summed_without_loss),
        cmocka_unit_test(test_data_stats__decimals_of_38_digits_have_an_exact_mean),
        cmocka_unit_test(test_data_stats__negative_means_round_away_from_zero),
        cmocka_unit_test(test_data_stats__nan_is_the_greatest_and_zeros_are_one),
        cmocka_unit_test(test_data_stats__small_doubles_are_not_lost_beside_large_ones),
        cmocka_unit_test(test_data_stats__the_deviation_is_that_of_a_sample),
        cmocka_unit_test(test_data_stats__floats_stay_floats),
        cmocka_unit_test(test_data_stats__few_values_are_known_exactly),
        cmocka_unit_test(test_data_stats__many_values_are_estimated_within_what_is_said),
        cmocka_unit_test(test_data_stats__a_column_of_keys_has_no_frequent_values),
        cmocka_unit_test(test_data_stats__text_has_lengths_in_characters),
        cmocka_unit_test(test_data_stats__ends_of_very_long_text_are_bounds),
        cmocka_unit_test(test_data_stats__cuts_do_not_split_characters),
        cmocka_unit_test(test_data_stats__lists_have_lengths),
        cmocka_unit_test(test_data_stats__an_unreadable_column_says_why),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
