/* Runs and packed groups: skipping comes to where reading comes to. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "parquet.h"

enum { WIDTH = 5, VALUES = 8 * 40 + 100 + 8 * 3 };

/* 40 packed groups, a run of 100, 3 packed groups; the value of place i is i % 31, and 7 in the
 * run. */
static size_t encode(uint8_t *out)
{
    size_t n = 0, place = 0;
    const size_t groups[] = {40, 3};
    for (size_t k = 0; k < 2; k++) {
        out[n++] = (uint8_t)(groups[k] << 1 | 1);
        for (size_t g = 0; g < groups[k]; g++, n += WIDTH)
            for (size_t i = 0; i < 8; i++, place++)
                for (size_t bit = 0; bit < WIDTH; bit++)
                    out[n + (i * WIDTH + bit) / 8] |=
                        (uint8_t)((place % 31 >> bit & 1) << (i * WIDTH + bit) % 8);
        if (k == 0) {
            out[n++] = (uint8_t)(200 & 0x7F) | 0x80;
            out[n++] = 200 >> 7;
            out[n++] = 7;
            place += 100;
        }
    }
    return n;
}

static uint32_t value_at(size_t place)
{
    return place >= 320 && place < 420 ? 7 : (uint32_t)(place % 31);
}

static void test_data_parquet_rle__skipping_comes_to_where_reading_comes_to(void **state)
{
    (void)state;
    uint8_t bytes[512] = {0};
    size_t n = encode(bytes);
    for (size_t first = 0; first < 20; first++)
        for (size_t skip = 0; first + skip < VALUES; skip++) {
            struct fst_pq_body body;
            struct fst_pq_rle rle;
            uint32_t out[20];
            fst_pq_body_of_memory(&body, bytes, n);
            assert_int_equal(fst_pq_rle_start(&rle, &body, WIDTH, NULL), FST_OK);
            assert_int_equal(fst_pq_rle_next(&rle, out, first, NULL), FST_OK);
            assert_int_equal(fst_pq_rle_skip(&rle, skip, NULL), FST_OK);
            assert_int_equal(fst_pq_rle_next(&rle, out, 1, NULL), FST_OK);
            assert_int_equal(out[0], value_at(first + skip));
        }
}

static void test_data_parquet_rle__skipping_over_the_end_is_damage(void **state)
{
    (void)state;
    uint8_t bytes[512] = {0};
    struct fst_pq_body body;
    struct fst_pq_rle rle;
    fst_pq_body_of_memory(&body, bytes, encode(bytes));
    fst_pq_rle_start(&rle, &body, WIDTH, NULL);
    assert_int_equal(fst_pq_rle_skip(&rle, VALUES + 1, NULL), FST_EFORMAT);

    const uint8_t lies[] = {0xFF, 0xFF, 0x7F, 1, 2, 3}; /* a million groups in three bytes */
    fst_pq_body_of_memory(&body, lies, sizeof(lies));
    fst_pq_rle_start(&rle, &body, WIDTH, NULL);
    assert_int_equal(fst_pq_rle_skip(&rle, 1000000, NULL), FST_EFORMAT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_data_parquet_rle__skipping_comes_to_where_reading_comes_to),
        cmocka_unit_test(test_data_parquet_rle__skipping_over_the_end_is_damage),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
