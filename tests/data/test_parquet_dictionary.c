/* When a written column has a dictionary, and that its values come back either way. */
#include "parquet_support.h"

enum { ROWS = 30000 };

static int64_t unique(size_t i)
{
    return (int64_t)(i * 2654435761u);
}
static int64_t in_circles(size_t i) /* no value twice on the first pages */
{
    return (int64_t)(i % 10000 * 7919);
}
static int64_t few(size_t i)
{
    return (int64_t)(i % 5);
}
static int64_t few_then_unique(size_t i)
{
    return i < ROWS / 2 ? few(i) : unique(i);
}
static int64_t nothing(size_t i)
{
    (void)i;
    return -1;
}

static const struct shape {
    int64_t (*make)(size_t i);
    const char *encodings;
} shapes[] = {{unique, "PLAIN, RLE"},
              {in_circles, "PLAIN, RLE, RLE_DICTIONARY"},
              {few, "PLAIN, RLE, RLE_DICTIONARY"},
              {few_then_unique, "PLAIN, RLE, RLE_DICTIONARY"},
              {nothing, "PLAIN, RLE"}};

/* Each shape as numbers, and as texts; every eleventh is NULL. */
static struct fst_frame *all_shapes(size_t n)
{
    struct fst_schema *schema = fst_schema_new();
    struct fst_type number = fst_type(FST_LONG), text = fst_type(FST_STRING);
    for (size_t k = 0; k < 2 * FST_COUNT(shapes); k++) {
        char name[8];
        snprintf(name, sizeof(name), "c%zu", k);
        fst_schema_add(schema, name, k % 2 ? &text : &number, true);
    }
    struct fst_builder *b = fst_builder_new(schema);
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < 2 * FST_COUNT(shapes); k++) {
            int64_t v = shapes[k / 2].make(i);
            char words[64];
            if (v < 0 || i % 11 == 10)
                fst_builder_null(b, k);
            else if (k % 2)
                fst_builder_bytes(b, k, words,
                                  (size_t)snprintf(words, sizeof(words),
                                                   "value number %lld of these", (long long)v));
            else
                fst_builder_int(b, k, v);
        }
    return fst_builder_finish(b, n);
}

static struct fst_buf written(struct fst_frame *f, const struct fst_write_options *options)
{
    struct fst_buf out = FST_BUF((size_t)256 << 20);
    struct fst_error err = {0};
    if (rewrite(fst_reader_of_frame(f), options, &out, &err) != FST_OK)
        fail_msg("%s", err.text);
    return out;
}

static void check_values(struct fst_frame *f, const struct fst_write_options *options)
{
    struct fst_buf file = written(f, options), expected = FST_BUF((size_t)256 << 20);
    dump_head(&expected, f->schema);
    dump_frame(&expected, f);
    char *text = dump(fst_bytes_of_memory("memory", file.p, file.n), NULL, 5000, SIZE_MAX);
    assert_true(strcmp(text, fst_buf_text(&expected)) == 0);
    free(text);
    fst_buf_done(&expected);
    fst_buf_done(&file);
}

static void test_data_parquet_dictionary__is_there_where_values_repeat(void **state)
{
    (void)state;
    struct fst_frame *f = all_shapes(ROWS);
    struct fst_buf file = written(f, &(struct fst_write_options){.page_rows = 2000});
    struct fst_bytes *bytes = fst_bytes_of_memory("memory", file.p, file.n);
    struct fst_file_info info;
    assert_int_equal(fst_format_parquet.info(bytes, &info, NULL), FST_OK);
    for (size_t k = 0; k < info.n_columns; k++)
        assert_string_equal(info.columns[k].encodings, shapes[k / 2].encodings);
    fst_file_info_done(&info);
    fst_bytes_close(bytes);
    fst_buf_done(&file);
    fst_frame_unref(f);
}

static void test_data_parquet_dictionary__values_come_back_with_and_without(void **state)
{
    (void)state;
    static const struct fst_write_options options[] = {
        {0},
        {.page_rows = 700},
        {.page_rows = 1, .row_group_rows = 50},
        {.page_bytes = 300, .codec = FST_CODEC_SNAPPY},
        {.row_group_bytes = 20000, .codec = FST_CODEC_ZSTD},
        {.no_dictionary = true, .page_rows = 999}};
    struct fst_frame *f = all_shapes(ROWS);
    struct fst_frame *small = fst_frame_slice(f, ROWS / 2 - 1000, 2000);
    for (size_t i = 0; i < FST_COUNT(options); i++)
        check_values(options[i].page_rows == 1 ? small : f, &options[i]);
    fst_frame_unref(small);
    fst_frame_unref(f);
}

/* Rows of groups; a hundred columns of numbers that repeat. */
static void test_data_parquet_dictionary__numbers_count_as_much_as_they_take(void **state)
{
    (void)state;
    enum { COLUMNS = 100, MANY = 9000 };
    struct fst_schema *schema = fst_schema_new();
    struct fst_type number = fst_type(FST_LONG);
    for (size_t k = 0; k < COLUMNS; k++) {
        char name[8];
        snprintf(name, sizeof(name), "c%zu", k);
        fst_schema_add(schema, name, &number, false);
    }
    struct fst_builder *b = fst_builder_new(schema);
    for (size_t i = 0; i < MANY; i++)
        for (size_t k = 0; k < COLUMNS; k++)
            fst_builder_int(b, k, (int64_t)(i % 16));
    struct fst_frame *f = fst_builder_finish(b, MANY);
    /* Half a byte a value: 450 kB of them. */
    struct fst_buf file = written(f, &(struct fst_write_options){.row_group_bytes = 3000000});
    struct fst_bytes *bytes = fst_bytes_of_memory("memory", file.p, file.n);
    struct fst_file_info info;
    assert_int_equal(fst_format_parquet.info(bytes, &info, NULL), FST_OK);
    assert_int_equal(info.row_groups, 1);
    fst_file_info_done(&info);
    fst_bytes_close(bytes);
    fst_buf_done(&file);
    fst_frame_unref(f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_data_parquet_dictionary__is_there_where_values_repeat),
        cmocka_unit_test(test_data_parquet_dictionary__values_come_back_with_and_without),
        cmocka_unit_test(test_data_parquet_dictionary__numbers_count_as_much_as_they_take),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
