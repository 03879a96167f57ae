/* Snappy, LZ4 and the libraries' codecs, in pieces of any size. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "codec.h"

/* Inflate with `in_step` bytes of input and `out_step` of room at a time; the status at the end. */
static enum fst_status inflate_in(int64_t codec, const void *p, size_t n, size_t in_step,
                                  size_t out_step, uint8_t *out, size_t cap, size_t *made)
{
    struct fst_inflate *z = fst_inflate_new(codec);
    size_t at = 0, offered = 0;
    enum fst_status status = FST_OK;
    for (*made = 0; status == FST_OK && *made < cap;) {
        struct fst_codec_io io = {.in = (const uint8_t *)p + at,
                                  .in_n = offered,
                                  .out = out,
                                  .out_at = *made,
                                  .out_cap = cap - *made < out_step ? cap : *made + out_step};
        status = fst_inflate_run(z, &io);
        bool stuck = io.out_at == *made && io.in_n == offered;
        at += offered - io.in_n;
        offered = io.in_n;
        *made = io.out_at;
        if (stuck && at + offered == n)
            break;
        if (stuck || offered == 0)
            offered = n - at < offered + in_step ? n - at : offered + in_step;
    }
    fst_inflate_free(z);
    return status;
}

static void check(int64_t codec, const void *p, size_t n, const void *expected, size_t n_expected)
{
    static const size_t steps[][2] = {{1, 1}, {1, 1000}, {7, 3}, {1 << 20, 1 << 20}};
    uint8_t *out = malloc(n_expected + 1);
    for (size_t i = 0; i < FST_COUNT(steps); i++) {
        size_t made;
        assert_int_equal(inflate_in(codec, p, n, steps[i][0], steps[i][1], out, n_expected, &made),
                         FST_OK);
        assert_int_equal(made, n_expected);
        assert_memory_equal(out, expected, n_expected);
    }
    free(out);
}

static void check_status(int64_t codec, const void *p, size_t n, enum fst_status expected)
{
    uint8_t out[4096];
    size_t made;
    assert_int_equal(inflate_in(codec, p, n, 1, sizeof(out), out, sizeof(out), &made), expected);
}

static void test_data_snappy__reads_literals_and_every_kind_of_copy(void **state)
{
    (void)state;
    /* "abcd", then copies with offsets of 1, 2 and 4 bytes, the last over itself */
    static const char packed[] = "\x13\x0C"
                                 "abcd"
                                 "\x01\x04"
                                 "\x0E\x04\x00"
                                 "\x1B\x01\x00\x00\x00";
    check(FST_PARQUET_SNAPPY, packed, sizeof(packed) - 1, "abcdabcdabcdddddddd", 19);
}

static void test_data_snappy__a_copy_from_before_the_start_is_damage(void **state)
{
    (void)state;
    check_status(FST_PARQUET_SNAPPY,
                 "\x08\x00"
                 "a\x01\x02",
                 5, FST_EFORMAT);
    check_status(FST_PARQUET_SNAPPY,
                 "\x08\x00"
                 "a\x01\x00",
                 5, FST_EFORMAT);
    check_status(FST_PARQUET_SNAPPY, "\xFF\xFF\xFF\xFF\xFF\xFF", 6, FST_EFORMAT);
}

static void test_data_lz4__reads_blocks_bare_and_framed(void **state)
{
    (void)state;
    /* 4 literals and a copy of 15 + 4 + 1 bytes at offset 4, then 5 literals */
    static const char block[] = "\x4F"
                                "abcd"
                                "\x04\x00\x01\x50"
                                "12345";
    static const char expected[] = "abcdabcdabcdabcdabcdabcd12345";
    check(FST_PARQUET_LZ4, block, sizeof(block) - 1, expected, 29);
    check(FST_PARQUET_LZ4_HADOOP, block, sizeof(block) - 1, expected, 29);

    char framed[64] = "\0\0\0\x1D\0\0\0\x0E";
    memcpy(framed + 8, block, sizeof(block) - 1);
    check(FST_PARQUET_LZ4_HADOOP, framed, 8 + sizeof(block) - 1, expected, 29);
}

static void test_data_lz4__a_copy_from_before_the_start_is_damage(void **state)
{
    (void)state;
    check_status(FST_PARQUET_LZ4,
                 "\x10"
                 "a\x02\x00",
                 4, FST_EFORMAT);
    check_status(FST_PARQUET_LZ4,
                 "\x10"
                 "a\x00\x00",
                 4, FST_EFORMAT);
}

/* Half text that repeats, half noise. */
static uint8_t *sample(size_t n)
{
    uint8_t *p = malloc(n);
    uint64_t seed = 88172645463325252u;
    for (size_t i = 0; i < n; i++) {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        p[i] = i / 5000 % 2 ? (uint8_t)seed : (uint8_t) "firesteel, flint and tinder; "[i % 29];
    }
    return p;
}

static void test_data_codec__what_is_compressed_comes_back(void **state)
{
    (void)state;
    static const size_t sizes[] = {1, 2, 59, 60, 61, 300, 65536, 65537, 200000};
    for (int codec = FST_CODEC_SNAPPY; codec <= FST_CODEC_ZSTD; codec++)
        for (size_t i = 0; i < FST_COUNT(sizes); i++) {
            uint8_t *p = sample(sizes[i]);
            struct fst_buf packed = FST_BUF_TEXT;
            struct fst_compressor *z = fst_compressor_new((enum fst_codec)codec, 0);
            assert_true(fst_compressor_run(z, &packed, p, sizes[i]));
            fst_compressor_free(z);
            check(fst_codec_number((enum fst_codec)codec), packed.p, packed.n, p, sizes[i]);
            fst_buf_done(&packed);
            free(p);
        }
}

/* Words that come again after every distance, for every length. */
static void test_data_snappy__copies_of_all_lengths_and_distances_come_back(void **state)
{
    (void)state;
    static const size_t distances[] = {1, 2, 7, 8, 100, 2047, 2048, 2049, 40000};
    enum { MOST = 140, N = 60000 };
    uint8_t *p = malloc(N);
    for (size_t i = 0; i < FST_COUNT(distances); i++)
        for (size_t length = 4; length < MOST; length += length < 80 ? 1 : 7) {
            uint32_t seed = 7;
            for (size_t k = 0; k < N; k++)
                p[k] = (uint8_t)((seed = seed * 1664525 + 1013904223) >> 24);
            size_t at = distances[i] + 300;
            for (size_t k = 0; k < length; k++)
                p[at + k] = p[at + k - distances[i]];
            struct fst_buf packed = FST_BUF_TEXT;
            fst_snappy_compress(&packed, p, at + length + 50);
            uint8_t *out = malloc(N);
            size_t made;
            assert_int_equal(inflate_in(FST_PARQUET_SNAPPY, packed.p, packed.n, 1 << 20, 1 << 20,
                                        out, at + length + 50, &made),
                             FST_OK);
            assert_memory_equal(out, p, at + length + 50);
            free(out);
            fst_buf_done(&packed);
        }
    free(p);
}

static void test_data_snappy__near_copies_take_two_bytes(void **state)
{
    (void)state;
    int64_t numbers[10000];
    for (int64_t i = 0; i < 10000; i++)
        numbers[i] = 1000000 + i;
    struct fst_buf packed = FST_BUF_TEXT;
    fst_snappy_compress(&packed, numbers, sizeof(numbers));
    assert_true(packed.n <
                sizeof(numbers) * 52 / 100); /* a literal of one byte and a copy of seven */
    fst_buf_done(&packed);
}

static void test_data_codec__several_gzip_members_are_one_page(void **state)
{
    (void)state;
    struct fst_buf packed = FST_BUF_TEXT;
    struct fst_compressor *z = fst_compressor_new(FST_CODEC_GZIP, 0);
    assert_true(fst_compressor_run(z, &packed, "first ", 6));
    assert_true(fst_compressor_run(z, &packed, "second", 6));
    fst_compressor_free(z);
    check(FST_PARQUET_GZIP, packed.p, packed.n, "first second", 12);
    fst_buf_done(&packed);
}

static void test_data_codec__damage_is_seen(void **state)
{
    (void)state;
    check_status(FST_PARQUET_ZSTD, "not a frame", 11, FST_EFORMAT);
    check_status(FST_PARQUET_GZIP, "not a member", 12, FST_EFORMAT);
    check_status(FST_PARQUET_BROTLI, "\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF", 8, FST_EFORMAT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_data_snappy__reads_literals_and_every_kind_of_copy),
        cmocka_unit_test(test_data_snappy__a_copy_from_before_the_start_is_damage),
        cmocka_unit_test(test_data_lz4__reads_blocks_bare_and_framed),
        cmocka_unit_test(test_data_lz4__a_copy_from_before_the_start_is_damage),
        cmocka_unit_test(test_data_codec__what_is_compressed_comes_back),
        cmocka_unit_test(test_data_snappy__copies_of_all_lengths_and_distances_come_back),
        cmocka_unit_test(test_data_snappy__near_copies_take_two_bytes),
        cmocka_unit_test(test_data_codec__several_gzip_members_are_one_page),
        cmocka_unit_test(test_data_codec__damage_is_seen),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
