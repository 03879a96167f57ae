/* CSV and NDJSON: damaged text does no harm, and is read the same whatever is asked for at a time.
 */
#include "formats.h"
#include "fuzz.h"

enum { ROWS = 3000 };

/* All rows as lines; false where reading failed. */
static bool read_all(const struct fst_format *format, const struct fst_doc *options,
                     const uint8_t *p, size_t n, size_t at_once, struct fst_buf *out)
{
    struct fst_reader *r = NULL;
    struct fst_read_options read = {.format = options, .memory_cap = 4 << 20};
    if (format->open(fst_bytes_of_memory("fuzz", p, n), &read, &r, NULL) != FST_OK)
        return false;
    enum fst_status status = FST_OK;
    struct fst_frame *f = NULL;
    for (size_t rows = 0; rows < ROWS && status == FST_OK; rows += f->n_rows, fst_frame_unref(f)) {
        status = fst_reader_next(r, at_once, &f, NULL);
        if (status != FST_OK || !f)
            break;
        for (size_t row = 0; row < f->n_rows; row++)
            for (size_t i = 0; i < f->n_columns; i++) {
                fst_cell_text(out, &f->columns[i], row, FST_CELL_SCREEN);
                fst_buf_addc(out, i + 1 < f->n_columns ? '|' : '\n');
            }
    }
    fst_reader_close(r);
    return status == FST_OK;
}

static bool read_twice(const char *format_name, const char *json, const uint8_t *p, size_t n)
{
    const struct fst_format *format = fst_format_named(format_name);
    struct fst_arena *a = fst_arena_new();
    struct fst_doc *options = NULL;
    struct fst_buf few = FST_BUF_TEXT, many = FST_BUF_TEXT;
    assert_int_equal(fst_json_parse(a, "options", json, strlen(json), NULL, &options, NULL),
                     FST_OK);
    bool fine = read_all(format, options, p, n, ROWS, &many);
    assert_int_equal(read_all(format, options, p, n, 7, &few), fine);
    if (fine)
        assert_string_equal(fst_buf_text(&few), fst_buf_text(&many));
    for (size_t i = 0; i < many.n; i++) /* nothing that a terminal obeys */
        assert_false((unsigned char)many.p[i] < ' ' && many.p[i] != '\n');
    fst_buf_done(&few);
    fst_buf_done(&many);
    fst_arena_free(a);
    return fine;
}

static bool fuzz_csv(const uint8_t *p, size_t n)
{
    return read_twice("csv", "{\"header\": \"true\", \"inferSchema\": \"true\"}", p, n);
}

static bool fuzz_csv_lines(const uint8_t *p, size_t n)
{
    return read_twice("csv", "{\"header\": \"true\", \"multiLine\": \"true\"}", p, n);
}

static bool fuzz_ndjson(const uint8_t *p, size_t n)
{
    return read_twice("jsonl", "{}", p, n);
}

static void test_data_text_fuzz__damaged_csv_does_no_harm(void **state)
{
    (void)state;
    run_folder(fuzz_csv, "tests/fuzz/corpus/csv", 3);
    run_folder(fuzz_csv_lines, "tests/fuzz/corpus/csv", 3);
}

static void test_data_text_fuzz__damaged_ndjson_does_no_harm(void **state)
{
    (void)state;
    run_folder(fuzz_ndjson, "tests/fuzz/corpus/ndjson", 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_data_text_fuzz__damaged_csv_does_no_harm),
        cmocka_unit_test(test_data_text_fuzz__damaged_ndjson_does_no_harm),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
