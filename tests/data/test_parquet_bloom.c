/* Bloom filters: the hash, filters of the conformance set, filters that are damaged. */
#include "parquet_support.h"

#include "filter.h"
#include "parquet.h"

static void check_hash(const char *text, uint64_t expected)
{
    assert_int_equal(fst_xxh64(text, strlen(text)), expected);
}

static void test_data_parquet_bloom__the_hash_is_xxh64(void **state)
{
    (void)state;
    check_hash("", 0xEF46DB3751D8E999);
    check_hash("a", 0xD24EC4F1A98C6E5B);
    check_hash("abc", 0x44BC2CF5AD770999);
    check_hash("Nobody inspects the spammish repetition", 0xFBCEA83C8A378BF1);
    check_hash("The quick brown fox jumps over the lazy dog", 0x0B242D361FDA71BC);
}

/* A filter of one block in which one text is, as the format says. */
static struct fst_buf a_filter(const char *text)
{
    static const uint8_t head[] = {0x15, 0x40, 0x1C, 0x1C, 0, 0, 0x1C, 0x1C,
                                   0,    0,    0x1C, 0x1C, 0, 0, 0};
    static const uint32_t salts[8] = {0x47b6137bu, 0x44974d91u, 0x8824ad5bu, 0xa2b7289du,
                                      0x705495c7u, 0x2df1424bu, 0x9efc4947u, 0x5c6bfb31u};
    struct fst_buf out = FST_BUF(4096);
    fst_buf_repeat(&out, 'x', 4); /* no filter begins the file */
    fst_buf_add(&out, head, sizeof head);
    uint32_t hash = (uint32_t)fst_xxh64(text, strlen(text));
    for (size_t i = 0; i < 8; i++) {
        uint32_t word = 1u << ((hash * salts[i]) >> 27);
        fst_buf_add(&out, &word, sizeof word);
    }
    return out;
}

/* What a filter says of a text: 0 no, 1 maybe, -1 it is no filter. */
static int asked(const struct fst_buf *file, const char *text)
{
    struct fst_bytes *bytes = fst_bytes_of_memory("f", file->p, file->n);
    struct fst_pq_leaf leaf = {
        .physical = FST_PQ_BYTE_ARRAY, .type = fst_type(FST_STRING), .is_bytes = true};
    struct fst_literal value = {.s = fst_str(text)};
    struct fst_condition c = {"x", FST_IS_EQ, leaf.type, &value, 1};
    struct fst_pq_chunk chunk = {.bloom_at = 4};
    struct fst_arena *arena = fst_arena_new();
    struct fst_range range;
    struct fst_test test;
    bool is_filter, may;
    assert_true(fst_test_make(&test, &c, &leaf.type, arena));
    struct fst_pq_hashes *h = fst_pq_hashes_new(&leaf, &test, &c);
    assert_non_null(h);
    assert_true(fst_pq_bloom_range(&chunk, file->n, &range));
    range.into = fst_alloc(range.len);
    assert_int_equal(bytes->ops->read(bytes, &range, 1, NULL), FST_OK);
    assert_int_equal(fst_pq_bloom_may(h, bytes, &range, file->n, &is_filter, &may, NULL), FST_OK);
    assert_true(is_filter || may);
    free(range.into);
    free(h);
    fst_arena_free(arena);
    fst_bytes_close(bytes);
    return is_filter ? may : -1;
}

static void test_data_parquet_bloom__what_is_in_it_is_found_and_other_things_are_not(void **state)
{
    (void)state;
    struct fst_buf file = a_filter("here");
    assert_int_equal(asked(&file, "here"), 1);
    assert_int_equal(asked(&file, "there"), 0);
    assert_int_equal(asked(&file, "elsewhere"), 0);
    fst_buf_done(&file);
}

static void test_data_parquet_bloom__a_cut_filter_says_nothing(void **state)
{
    (void)state;
    struct fst_buf file = a_filter("here");
    size_t whole = file.n;
    for (file.n = 5; file.n < whole; file.n++)
        assert_int_equal(asked(&file, "there"), -1);
    fst_buf_done(&file);
}

/* Lengths, algorithms and hashes that are not what we know. */
static void test_data_parquet_bloom__a_filter_that_lies_says_nothing(void **state)
{
    (void)state;
    static const struct {
        size_t at;
        uint8_t byte;
    } lies[] = {{5, 0x3F}, {5, 0x00},  {5, 0x42},  {5, 0x7E},
                {7, 0x2C}, {11, 0x2C}, {15, 0x2C}, {4, 0x18}};
    for (size_t i = 0; i < FST_COUNT(lies); i++) {
        struct fst_buf file = a_filter("here");
        file.p[lies[i].at] = (char)lies[i].byte;
        assert_int_equal(asked(&file, "there"), -1);
        fst_buf_done(&file);
    }
}

static void test_data_parquet_bloom__any_damage_is_survived(void **state)
{
    (void)state;
    struct fst_buf file = a_filter("here");
    uint32_t random = 1;
    for (size_t i = 0; i < 5000; i++) {
        random = random * 1664525 + 1013904223;
        size_t at = 4 + (random >> 8) % (file.n - 4);
        char before = file.p[at];
        file.p[at] = (char)(random >> 24);
        asked(&file, "there");
        file.p[at] = before;
    }
    assert_int_equal(asked(&file, "here"), 1);
    fst_buf_done(&file);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_data_parquet_bloom__the_hash_is_xxh64),
        cmocka_unit_test(test_data_parquet_bloom__what_is_in_it_is_found_and_other_things_are_not),
        cmocka_unit_test(test_data_parquet_bloom__a_cut_filter_says_nothing),
        cmocka_unit_test(test_data_parquet_bloom__a_filter_that_lies_says_nothing),
        cmocka_unit_test(test_data_parquet_bloom__any_damage_is_survived),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
