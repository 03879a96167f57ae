/* Footers of several files together, and how much their bounds are worth. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <math.h>

#include "formats.h"
#include "frame.h"

static bool to_buf(void *arg, const void *p, size_t n)
{
    fst_buf_add(arg, p, n);
    return true;
}

/* A table of one column, written as a file, and what it says of itself added to the others. */
static struct fst_builder *table(const char *name, struct fst_type type)
{
    struct fst_schema *schema = fst_schema_new();
    fst_schema_add(schema, name, &type, true);
    return fst_builder_new(schema);
}

static void add_file(struct fst_footers *f, struct fst_builder *b, size_t rows)
{
    struct fst_frame *frame = fst_builder_finish(b, rows);
    struct fst_buf file = FST_BUF_TEXT;
    struct fst_writer *w;
    struct fst_file_info info;
    assert_int_equal(fst_format_parquet.create(frame->schema,
                                               (struct fst_sink){.write = to_buf, .arg = &file},
                                               NULL, &w, NULL),
                     FST_OK);
    assert_int_equal(fst_writer_write(w, frame, NULL), FST_OK);
    assert_int_equal(fst_writer_finish(w, NULL), FST_OK);
    fst_writer_free(w);
    struct fst_bytes *bytes = fst_bytes_of_memory("a file", file.p, file.n);
    assert_int_equal(fst_format_parquet.info(bytes, &info, NULL), FST_OK);
    fst_footers_add(f, &info);
    fst_file_info_done(&info);
    fst_bytes_close(bytes);
    fst_buf_done(&file);
    fst_frame_unref(frame);
}

static void add_ints(struct fst_footers *f, const char *name, enum fst_kind kind, int64_t first,
                     size_t n)
{
    struct fst_builder *b = table(name, fst_type(kind));
    for (size_t i = 0; i < n; i++)
        fst_builder_int(b, 0, first + (int64_t)i);
    add_file(f, b, n);
}

static void add_text(struct fst_footers *f, const char *text)
{
    struct fst_builder *b = table("s", fst_type(FST_STRING));
    fst_builder_bytes(b, 0, text, strlen(text));
    add_file(f, b, 1);
}

static void check(const struct fst_footers *f, size_t col, enum fst_figure_id id, enum fst_how how,
                  const char *text)
{
    struct fst_arena *a = fst_arena_new();
    struct fst_column_stats is;
    fst_footers_get(f, col, a, &is);
    assert_int_equal(is.figures[id].how, how);
    if (how != FST_NOT_SAID)
        assert_string_equal(is.figures[id].text, text);
    fst_arena_free(a);
}

static void test_data_footers__ends_are_those_of_all_files(void **state)
{
    (void)state;
    struct fst_footers f = {0};
    add_ints(&f, "n", FST_INT, 10, 5);
    add_ints(&f, "n", FST_LONG, -3, 2);
    add_ints(&f, "n", FST_SHORT, 0, 100);
    assert_int_equal(f.files, 3);
    assert_int_equal(f.n_columns, 1);
    check(&f, 0, FST_FIGURE_ROWS, FST_EXACT, "107");
    check(&f, 0, FST_FIGURE_NULLS, FST_EXACT, "0");
    check(&f, 0, FST_FIGURE_MIN, FST_EXACT, "-3");
    check(&f, 0, FST_FIGURE_MAX, FST_EXACT, "99");
    fst_footers_done(&f);
}

static void test_data_footers__a_file_without_the_column_has_nulls(void **state)
{
    (void)state;
    struct fst_footers f = {0};
    add_ints(&f, "n", FST_INT, 1, 5);
    add_ints(&f, "m", FST_INT, 7, 3);
    assert_int_equal(f.n_columns, 2);
    check(&f, 0, FST_FIGURE_NULLS, FST_EXACT, "3");
    check(&f, 1, FST_FIGURE_NULLS, FST_EXACT, "5");
    check(&f, 1, FST_FIGURE_MIN, FST_EXACT, "7");
    fst_footers_done(&f);
}

static void test_data_footers__a_bad_file_is_counted_beside_the_others(void **state)
{
    (void)state;
    struct fst_footers f = {0};
    fst_footers_add_bad(&f, "x.parquet", "no end");
    add_ints(&f, "n", FST_INT, 1, 5);
    for (size_t i = 0; i < 2 * FST_BAD_FOOTERS; i++)
        fst_footers_add_bad(&f, "y.parquet", "no end");
    assert_int_equal(f.files, 1);
    assert_int_equal(f.n_bad, 1 + 2 * FST_BAD_FOOTERS);
    assert_string_equal(f.bad[0].name, "x.parquet");
    assert_string_equal(f.bad[FST_BAD_FOOTERS - 1].why, "no end");
    check(&f, 0, FST_FIGURE_MAX, FST_EXACT, "5");
    fst_footers_done(&f);
}

static void test_data_footers__files_without_values_change_no_end(void **state)
{
    (void)state;
    struct fst_footers f = {0};
    struct fst_builder *nulls = table("n", fst_type(FST_INT));
    fst_builder_null(nulls, 0);
    add_file(&f, nulls, 1);
    check(&f, 0, FST_FIGURE_MIN, FST_NOT_SAID, NULL);
    add_ints(&f, "n", FST_INT, 1, 5);
    add_file(&f, table("n", fst_type(FST_INT)), 0);
    check(&f, 0, FST_FIGURE_NULLS, FST_EXACT, "1");
    check(&f, 0, FST_FIGURE_MIN, FST_EXACT, "1");
    check(&f, 0, FST_FIGURE_MAX, FST_EXACT, "5");
    fst_footers_done(&f);
}

static void test_data_footers__what_cannot_be_compared_is_not_said(void **state)
{
    (void)state;
    struct fst_footers f = {0};
    add_ints(&f, "n", FST_INT, 1, 5);
    add_ints(&f, "n", FST_DATE, 1, 5);
    add_ints(&f, "n", FST_INT, 1, 5);
    check(&f, 0, FST_FIGURE_ROWS, FST_EXACT, "15");
    check(&f, 0, FST_FIGURE_MIN, FST_NOT_SAID, NULL);
    fst_footers_done(&f);
}

static void test_data_footers__long_text_is_a_bound_until_a_value_is_further_out(void **state)
{
    (void)state;
    struct fst_footers f = {0};
    char text[100] = {0};
    memset(text, 'm', 99);
    add_text(&f, text);
    check(&f, 0, FST_FIGURE_MIN, FST_BOUND,
          "mmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmm");
    add_text(&f, "a");
    check(&f, 0, FST_FIGURE_MIN, FST_EXACT, "a");
    check(&f, 0, FST_FIGURE_MAX, FST_BOUND,
          "mmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmn");
    fst_footers_done(&f);
}

static void test_data_footers__nan_is_said_to_be_left_out(void **state)
{
    (void)state;
    struct fst_footers f = {0};
    struct fst_arena *a = fst_arena_new();
    struct fst_column_stats is;
    struct fst_builder *b = table("x", fst_type(FST_DOUBLE));
    fst_builder_double(b, 0, 1);
    fst_builder_double(b, 0, NAN);
    add_file(&f, b, 2);
    fst_footers_get(&f, 0, a, &is);
    assert_string_equal(is.figures[FST_FIGURE_MAX].text, "1.0");
    assert_string_equal(is.figures[FST_FIGURE_MAX].error, "NaN is not counted");
    fst_arena_free(a);
    fst_footers_done(&f);
}

static void test_data_footers__words_come_once(void **state)
{
    (void)state;
    struct fst_footers f = {0};
    add_text(&f, "a");
    add_text(&f, "b");
    assert_null(strstr(f.writers, ";"));
    assert_string_equal(f.sorted, "not said");
    assert_string_equal(f.columns[0].info.codec, "ZSTD");
    assert_int_equal(f.columns[0].info.chunks, 2);
    assert_int_equal(f.columns[0].info.offset_indexes, 2);
    fst_footers_done(&f);
}

static void test_data_footers__the_order_of_rows_is_told(void **state)
{
    (void)state;
    const struct fst_sorted_column sorted[] = {{"n", true, false}};
    const struct fst_write_options options = {.sorted = sorted, .n_sorted = 1};
    struct fst_builder *b = table("n", fst_type(FST_INT));
    fst_builder_int(b, 0, 1);
    struct fst_frame *frame = fst_builder_finish(b, 1);
    struct fst_buf file = FST_BUF_TEXT;
    struct fst_writer *w;
    struct fst_file_info info;
    fst_format_parquet.create(frame->schema, (struct fst_sink){.write = to_buf, .arg = &file},
                              &options, &w, NULL);
    fst_writer_write(w, frame, NULL);
    fst_writer_finish(w, NULL);
    fst_writer_free(w);
    struct fst_bytes *bytes = fst_bytes_of_memory("a file", file.p, file.n);
    assert_int_equal(fst_format_parquet.info(bytes, &info, NULL), FST_OK);
    assert_string_equal(info.sorted, "n DESC NULLS LAST");
    assert_int_equal(info.n_lines, 1);
    assert_string_equal(info.lines[0].repetition, "optional");
    assert_string_equal(info.lines[0].physical, "INT32");
    assert_string_equal(info.lines[0].type, "int");
    fst_file_info_done(&info);
    fst_bytes_close(bytes);
    fst_buf_done(&file);
    fst_frame_unref(frame);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_data_footers__ends_are_those_of_all_files),
        cmocka_unit_test(test_data_footers__a_file_without_the_column_has_nulls),
        cmocka_unit_test(test_data_footers__a_bad_file_is_counted_beside_the_others),
        cmocka_unit_test(test_data_footers__files_without_values_change_no_end),
        cmocka_unit_test(test_data_footers__what_cannot_be_compared_is_not_said),
        cmocka_unit_test(test_data_footers__long_text_is_a_bound_until_a_value_is_further_out),
        cmocka_unit_test(test_data_footers__nan_is_said_to_be_left_out),
        cmocka_unit_test(test_data_footers__words_come_once),
        cmocka_unit_test(test_data_footers__the_order_of_rows_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
