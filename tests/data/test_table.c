/* Tables for people: alignment, widths, cuts. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "firesteel/data.h"

static bool to_buf(void *arg, const void *p, size_t n)
{
    fst_buf_add(arg, p, n);
    return true;
}

/* A column of numbers and columns of text; `texts` row by row, NULL entries are NULLs. */
static struct fst_frame *frame_of(size_t n_texts, const char *const *texts, size_t n_rows)
{
    struct fst_schema *s = fst_schema_new();
    struct fst_type number = fst_type(FST_LONG), text = fst_type(FST_STRING);
    fst_schema_add(s, "id", &number, true);
    for (size_t i = 0; i < n_texts; i++) {
        char name[32];
        snprintf(name, sizeof(name), "name%zu", i);
        fst_schema_add(s, name, &text, true);
    }
    struct fst_builder *b = fst_builder_new(s);
    for (size_t row = 0; row < n_rows; row++) {
        fst_builder_int(b, 0, (int64_t)row * 10);
        for (size_t i = 0; i < n_texts; i++, texts++)
            if (*texts)
                fst_builder_bytes(b, i + 1, *texts, strlen(*texts));
            else
                fst_builder_null(b, i + 1);
    }
    return fst_builder_finish(b, n_rows);
}

static char *table_of(struct fst_frame *f, size_t cols, bool ascii)
{
    struct fst_buf out = FST_BUF_TEXT;
    struct fst_writer *w;
    assert_int_equal(fst_table_writer(f->schema, (struct fst_sink){.write = to_buf, .arg = &out},
                                      cols, ascii, &w, NULL),
                     FST_OK);
    assert_int_equal(fst_writer_write(w, f, NULL), FST_OK);
    assert_int_equal(fst_writer_finish(w, NULL), FST_OK);
    fst_writer_free(w);
    fst_frame_unref(f);
    return fst_buf_take(&out);
}

static void test_data_table__numbers_stand_right_and_null_is_a_word(void **state)
{
    (void)state;
    const char *const texts[] = {"a", NULL};
    char *got = table_of(frame_of(1, texts, 2), 0, false);
    assert_string_equal(got, "id | name0\n"
                             "---+------\n"
                             " 0 | a\n"
                             "10 | NULL\n");
    free(got);
}

static void test_data_table__wide_characters_keep_the_columns_aligned(void **state)
{
    (void)state;
    const char *const texts[] = {"日本", "x", "abcd", "y"};
    char *got = table_of(frame_of(2, texts, 2), 0, false);
    assert_string_equal(got, "id | name0 | name1\n"
                             "---+-------+------\n"
                             " 0 | 日本  | x\n"
                             "10 | abcd  | y\n");
    free(got);
}

static void test_data_table__the_widest_column_gives_way(void **state)
{
    (void)state;
    const char *const texts[] = {"abcdefghijklmnopqrstuvwxyz", "short"};
    char *got = table_of(frame_of(2, texts, 1), 24, false);
    assert_string_equal(got, "id | name0       | name1\n"
                             "---+-------------+------\n"
                             " 0 | abcdefghij… | short\n");
    free(got);
}

static void test_data_table__columns_that_do_not_fit_are_said_to_be_left_out(void **state)
{
    (void)state;
    const char *const texts[] = {"aaaaaaaaaa", "bbbbbbbbbb", "cccccccccc", "dddddddddd"};
    char *got = table_of(frame_of(4, texts, 1), 20, true);
    for (char *line = strtok(got, "\n"); line; line = strtok(NULL, "\n"))
        assert_true(strlen(line) <= 20 && (strchr(line, '~') || strchr(line, '+')));
    free(got);
}

static void test_data_table__one_column_of_room_is_enough(void **state)
{
    (void)state;
    const char *const texts[] = {"aaaaaaaaaa", "bbbbbbbbbb"};
    for (size_t cols = 1; cols < 30; cols++)
        free(table_of(frame_of(2, texts, 1), cols, false));
}

static void test_data_table__terminal_codes_are_shown_not_obeyed(void **state)
{
    (void)state;
    const char *const texts[] = {"a\033[2Jb\nc"};
    char *got = table_of(frame_of(1, texts, 1), 0, false);
    assert_null(strchr(got, '\033'));
    assert_int_equal(strchr(strchr(strchr(got, '\n') + 1, '\n') + 1, '\n')[1], '\0');
    free(got);
}

static void test_data_table__rows_after_the_fit_keep_its_widths(void **state)
{
    (void)state;
    const char **texts = malloc(700 * sizeof(*texts));
    for (size_t i = 0; i < 700; i++)
        texts[i] = i < 600 ? "abcdef" : "abcdefghijkl";
    char *got = table_of(frame_of(1, texts, 700), 0, true);
    assert_non_null(strstr(got, "6990 | abcde~\n"));
    free(got);
    free(texts);
}

static void test_data_table__no_rows_still_have_a_header(void **state)
{
    (void)state;
    char *got = table_of(frame_of(1, NULL, 0), 80, false);
    assert_string_equal(got, "id | name0\n---+------\n");
    free(got);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_data_table__numbers_stand_right_and_null_is_a_word),
        cmocka_unit_test(test_data_table__wide_characters_keep_the_columns_aligned),
        cmocka_unit_test(test_data_table__the_widest_column_gives_way),
        cmocka_unit_test(test_data_table__columns_that_do_not_fit_are_said_to_be_left_out),
        cmocka_unit_test(test_data_table__one_column_of_room_is_enough),
        cmocka_unit_test(test_data_table__terminal_codes_are_shown_not_obeyed),
        cmocka_unit_test(test_data_table__rows_after_the_fit_keep_its_widths),
        cmocka_unit_test(test_data_table__no_rows_still_have_a_header),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
