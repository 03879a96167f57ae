/* Rows far down by the index of pages, and indexes that do not tell the truth. */
#include "parquet_support.h"

enum { ROWS = 200000 };

static struct fst_frame *numbers(size_t n)
{
    struct fst_schema *s = fst_schema_new();
    struct fst_type kinds[] = {fst_type(FST_LONG), fst_type(FST_STRING), fst_type(FST_DOUBLE)};
    static const char *const names[] = {"id", "name", "maybe"};
    for (size_t i = 0; i < FST_COUNT(kinds); i++)
        fst_schema_add(s, names[i], &kinds[i], true);
    struct fst_builder *b = fst_builder_new(s);
    for (size_t i = 0; i < n; i++) {
        char text[64];
        fst_builder_int(b, 0, (int64_t)i);
        fst_builder_bytes(b, 1, text, (size_t)snprintf(text, sizeof(text), "%zu is its row", i));
        if (i % 3 == 1)
            fst_builder_null(b, 2);
        else
            fst_builder_double(b, 2, (double)i / 2);
    }
    return fst_builder_finish(b, n);
}

static struct fst_buf a_file(void)
{
    struct fst_buf out = FST_BUF((size_t)256 << 20);
    struct fst_frame *f = numbers(ROWS);
    struct fst_write_options options = {.codec = FST_CODEC_NONE};
    assert_int_equal(rewrite(fst_reader_of_frame(f), &options, &out, NULL), FST_OK);
    fst_frame_unref(f);
    return out;
}

/* Two rows from `at` on. */
static char *rows_at(const struct fst_buf *file, uint64_t at, uint64_t *cost)
{
    struct fst_bytes *bytes = fst_bytes_of_memory("f.parquet", file->p, file->n);
    struct fst_reader *r = NULL;
    struct fst_buf out = FST_BUF((size_t)1 << 20);
    struct fst_error err = {0};
    struct fst_frame *f = NULL;
    struct fst_read_options options = {.offset_rows = at};
    enum fst_status status = fst_format_parquet.open(bytes, &options, &r, &err);
    if (status == FST_OK)
        status = fst_reader_next(r, 2, &f, &err);
    if (status != FST_OK)
        fst_buf_printf(&out, "error: %s", err.text);
    if (f)
        dump_frame(&out, f);
    *cost = r ? bytes->bytes_read : 0;
    fst_frame_unref(f);
    fst_reader_close(r);
    return fst_buf_take(&out);
}

static char *expected_at(uint64_t at)
{
    struct fst_buf out = FST_BUF_TEXT;
    for (uint64_t i = at; i < at + 2 && i < ROWS; i++) {
        fst_buf_printf(&out, "[%llu,\"%llu is its row\",", (unsigned long long)i,
                       (unsigned long long)i);
        if (i % 3 == 1)
            fst_buf_adds(&out, "null]\n");
        else
            fst_buf_printf(&out, "%llu.%c]\n", (unsigned long long)i / 2, i % 2 ? '5' : '0');
    }
    return fst_buf_take(&out);
}

static void test_data_parquet_index__any_row_costs_its_pages(void **state)
{
    (void)state;
    struct fst_buf file = a_file();
    for (uint64_t at = 0; at < ROWS; at += at < 3000 ? 997 : 13337) {
        uint64_t cost;
        char *text = rows_at(&file, at, &cost), *expected = expected_at(at);
        assert_string_equal(text, expected);
        assert_true(cost < file.n / 3);
        free(text);
        free(expected);
    }
    fst_buf_done(&file);
}

static uint64_t footer_of(const struct fst_buf *file)
{
    const uint8_t *end = (const uint8_t *)file->p + file->n - 8;
    return file->n - 8 - (end[0] | (uint64_t)end[1] << 8 | (uint64_t)end[2] << 16);
}

/* Whatever a byte of an index says, rows are those of the file, or there is an error. */
static void test_data_parquet_index__a_lie_is_not_followed(void **state)
{
    (void)state;
    struct fst_buf file = a_file();
    uint64_t footer = footer_of(&file), from = footer - 4000, cost;
    uint32_t random = 1;
    for (size_t i = 0; i < 1500; i++) {
        random = random * 1664525 + 1013904223;
        uint64_t place = from + (random >> 8) % (footer - from);
        uint64_t at = (random >> 4) * 7919ull % ROWS;
        char before = file.p[place];
        file.p[place] = (char)(before ^ (1 << (random >> 29)));
        char *text = rows_at(&file, at, &cost), *expected = expected_at(at);
        if (strncmp(text, "error", 5) != 0 && !strstr(text, "unreadable"))
            assert_string_equal(text, expected);
        free(text);
        free(expected);
        file.p[place] = before;
    }
    fst_buf_done(&file);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_data_parquet_index__any_row_costs_its_pages),
        cmocka_unit_test(test_data_parquet_index__a_lie_is_not_followed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
