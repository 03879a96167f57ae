/* Parts: many files as one table. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "formats.h"
#include "merge.h"

/* Files held in memory; how often each was opened. */
struct files {
    const char *const *texts;
    int opened[8];
};

static enum fst_status open_text(void *arg, size_t i, struct fst_bytes **out, struct fst_error *err)
{
    struct files *files = arg;
    char name[16];
    files->opened[i]++;
    if (!files->texts[i])
        return fst_fail(err, FST_ENOTFOUND, "f%zu: it is gone", i);
    snprintf(name, sizeof(name), "f%zu", i);
    *out = fst_bytes_of_memory(name, files->texts[i], strlen(files->texts[i]));
    return FST_OK;
}

static void add_rows(struct fst_buf *out, struct fst_frame *f)
{
    for (size_t row = 0; row < f->n_rows; row++) {
        for (size_t i = 0; i < f->n_columns; i++) {
            fst_buf_adds(out, i ? "|" : "");
            if (!fst_cell_text(out, &f->columns[i], row, FST_CELL_PLAIN))
                fst_buf_addc(out, '~');
        }
        fst_buf_addc(out, ';');
    }
    fst_frame_unref(f);
}

/* name:type of the columns, rows; or the error. */
static char *read_parts(const struct fst_format *format, const struct fst_parts *parts,
                        const struct fst_read_options *options)
{
    struct fst_buf out = FST_BUF_TEXT;
    struct fst_reader *r = NULL;
    struct fst_error err = {0};
    enum fst_status status = fst_parts_open(format, parts, options, &r, &err);
    for (size_t i = 0; status == FST_OK && i < r->schema->n; i++) {
        fst_buf_printf(&out, "%s:", r->schema->fields[i].name);
        fst_type_text(&out, &r->schema->fields[i].type);
        fst_buf_addc(&out, ' ');
    }
    while (status == FST_OK) {
        struct fst_frame *f;
        status = fst_reader_next(r, 2, &f, &err);
        if (status != FST_OK || !f)
            break;
        add_rows(&out, f);
    }
    if (status != FST_OK)
        fst_buf_printf(&out, "%s: %s", fst_status_name(status), err.text);
    fst_reader_close(r);
    return fst_buf_take(&out);
}

static void check(const char *const *texts, size_t n, const struct fst_read_options *options,
                  const char *expected)
{
    struct files files = {.texts = texts};
    struct fst_part part[8];
    for (size_t i = 0; i < n; i++)
        part[i] = (struct fst_part){.name = i == 0 ? "f0" : i == 1 ? "f1" : "f2", .rows = -1};
    struct fst_parts parts = {.parts = part, .n = n, .open = open_text, .arg = &files};
    char *got = read_parts(&fst_format_jsonl, &parts, options);
    assert_string_equal(got, expected);
    free(got);
}

static void test_data_parts__rows_follow_each_other(void **state)
{
    (void)state;
    const char *const texts[] = {"{\"a\":1}\n{\"a\":2}\n{\"a\":3}\n", "{\"a\":4}\n", "{\"a\":5}\n"};
    check(texts, 3, NULL, "a:bigint 1;2;3;4;5;");
}

static void test_data_parts__columns_are_matched_by_name(void **state)
{
    (void)state;
    const char *const texts[] = {"{\"a\":1,\"b\":\"x\"}\n", "{\"b\":\"y\",\"c\":0,\"a\":2}\n",
                                 "{\"b\":\"z\"}\n"};
    check(texts, 3, NULL, "a:bigint b:string 1|x;2|y;~|z;");
}

static void test_data_parts__types_widen(void **state)
{
    (void)state;
    const char *const texts[] = {"{\"a\":99999999999999999999999}\n", "{\"a\":null}\n",
                                 "{\"a\":99999999999999999999}\n"};
    check(texts, 3, NULL, "a:decimal(23,0) 99999999999999999999999;~;99999999999999999999;");
}

static void test_data_parts__a_type_that_does_not_fit_names_the_files(void **state)
{
    (void)state;
    const char *const texts[] = {"{\"a\":1}\n", "{\"a\":\"x\"}\n"};
    check(texts, 2, NULL,
          "a:bigint 1;malformed: f1: column a is string here and bigint in f0; files of one table "
          "must agree");
}

static void test_data_parts__wanted_columns_that_a_later_file_lacks_are_null(void **state)
{
    (void)state;
    const char *const texts[] = {"{\"a\":1,\"b\":2,\"c\":3}\n", "{\"b\":5}\n",
                                 "{\"x\":6}\n{\"x\":7}\n"};
    const char *const columns[] = {"c", "b"};
    struct fst_read_options options = {.columns = columns, .n_columns = 2};
    check(texts, 3, &options, "c:bigint b:bigint 3|2;~|5;~|~;~|~;");
}

static void test_data_parts__a_wanted_column_that_the_first_file_lacks_is_an_error(void **state)
{
    (void)state;
    const char *const texts[] = {"{\"a\":1}\n"};
    const char *const columns[] = {"zz"};
    struct fst_read_options options = {.columns = columns, .n_columns = 1};
    check(texts, 1, &options, "not found: f0: no column \"zz\"");
}

static void check_merged(const char *const *texts, size_t n, const struct fst_read_options *options,
                         const char *expected)
{
    struct files files = {.texts = texts};
    struct fst_part part[8];
    for (size_t i = 0; i < n; i++)
        part[i] = (struct fst_part){.name = i == 0 ? "f0" : i == 1 ? "f1" : "f2", .rows = -1};
    struct fst_parts parts = {.parts = part, .n = n, .merge = true, .open = open_text};
    parts.arg = &files;
    char *got = read_parts(&fst_format_jsonl, &parts, options);
    assert_string_equal(got, expected);
    free(got);
}

static void test_data_parts__merged_columns_are_those_of_all_files(void **state)
{
    (void)state;
    const char *const texts[] = {"{\"a\":1}\n", "{\"A\":2,\"c\":\"x\"}\n", "{\"d\":true}\n"};
    check_merged(texts, 3, NULL, "a:bigint c:string d:boolean 1|~|~;2|x|~;~|~|true;");
    const char *const columns[] = {"d", "c"};
    struct fst_read_options options = {.columns = columns, .n_columns = 2, .offset_rows = 1};
    check_merged(texts, 3, &options, "d:boolean c:string ~|x;true|~;");
}

static void test_data_parts__what_cannot_be_merged_names_both_files(void **state)
{
    (void)state;
    const char *const texts[] = {"{\"b\":1}\n", "{\"a\":1}\n", "{\"a\":\"x\"}\n"};
    check_merged(texts, 3, NULL,
                 "malformed: f2: column a is string here and bigint in f1; mergeSchema cannot "
                 "unite them");
}

/* As Spark 4.3 does with parquet files. */
static void test_data_parts__types_merge_as_in_spark(void **state)
{
    static const struct {
        const char *a, *b, *merged;
    } cases[] = {
        {"int", "int", "int"},
        {"int", "bigint", NULL},
        {"bigint", "int", NULL},
        {"int", "double", NULL},
        {"float", "double", NULL},
        {"tinyint", "smallint", NULL},
        {"int", "string", NULL},
        {"decimal(5,2)", "decimal(9,2)", "decimal(9,2)"},
        {"decimal(5,2)", "decimal(9,3)", NULL},
        {"date", "timestamp", NULL},
        {"date", "timestamp_ntz", NULL},
        {"struct<x:int,y:string>", "struct<x:int,z:bigint>", "struct<x:int,y:string,z:bigint>"},
        {"struct<x:int>", "struct<x:bigint>", NULL},
        {"array<int>", "array<bigint>", NULL},
        {"array<struct<x:int>>", "array<struct<y:int>>", "array<struct<x:int,y:int>>"},
        {"map<string,int>", "map<string,bigint>", NULL},
    };
    (void)state;
    for (size_t i = 0; i < FST_COUNT(cases); i++) {
        struct fst_arena *arena = fst_arena_new();
        struct fst_type a, b, merged;
        assert_int_equal(fst_type_parse(arena, cases[i].a, &a, NULL), FST_OK);
        assert_int_equal(fst_type_parse(arena, cases[i].b, &b, NULL), FST_OK);
        bool fits = fst_merge_types(arena, &a, &b, &merged);
        assert_int_equal(fits, cases[i].merged != NULL);
        struct fst_buf text = FST_BUF_TEXT;
        if (fits) {
            fst_type_text(&text, &merged);
            assert_string_equal(fst_buf_text(&text), cases[i].merged);
        }
        fst_buf_done(&text);
        fst_arena_free(arena);
    }
}

static void test_data_parts__hollow_files_are_passed_over(void **state)
{
    (void)state;
    const char *const texts[] = {"", "{\"a\":1}\n", ""};
    const char *const columns[] = {"a"};
    struct fst_read_options options = {.columns = columns, .n_columns = 1};
    check(texts, 3, NULL, "a:bigint 1;");
    check(texts, 3, &options, "a:bigint 1;");
}

static void test_data_parts__offsets_go_across_files(void **state)
{
    (void)state;
    const char *const texts[] = {"{\"a\":1}\n{\"a\":2}\n{\"a\":3}\n", "{\"a\":4}\n{\"a\":5}\n",
                                 "{\"a\":6}\n"};
    const char *const expected[] = {"1;2;3;4;5;6;", "2;3;4;5;6;", "3;4;5;6;", "4;5;6;",
                                    "5;6;",         "6;",         "",         ""};
    for (size_t known = 0; known < 2; known++)
        for (size_t offset = 0; offset < 8; offset++) {
            struct files files = {.texts = texts};
            struct fst_part part[] = {{"f0", known ? 3 : -1, NULL},
                                      {"f1", known ? 2 : -1, NULL},
                                      {"f2", known ? 1 : -1, NULL}};
            struct fst_parts parts = {.parts = part, .n = 3, .open = open_text, .arg = &files};
            struct fst_read_options options = {.offset_rows = offset};
            char *got = read_parts(&fst_format_jsonl, &parts, &options);
            assert_string_equal(got + strlen("a:bigint "), expected[offset]);
            assert_int_equal(files.opened[1], known && (offset >= 5) ? 0 : 1);
            free(got);
        }
}

static void test_data_parts__files_are_opened_when_it_is_their_turn(void **state)
{
    (void)state;
    const char *const texts[] = {"{\"a\":1}\n{\"a\":2}\n", "{\"a\":3}\n"};
    struct files files = {.texts = texts};
    struct fst_part part[] = {{"f0", -1, NULL}, {"f1", -1, NULL}};
    struct fst_parts parts = {.parts = part, .n = 2, .open = open_text, .arg = &files};
    struct fst_reader *r;
    struct fst_frame *f;
    assert_int_equal(fst_parts_open(&fst_format_jsonl, &parts, NULL, &r, NULL), FST_OK);
    assert_int_equal(fst_reader_next(r, 2, &f, NULL), FST_OK);
    assert_int_equal(f->n_rows, 2);
    assert_int_equal(files.opened[1], 0);
    fst_frame_unref(f);
    fst_reader_close(r);
}

static void test_data_parts__a_file_that_is_gone_is_an_error(void **state)
{
    (void)state;
    const char *const texts[] = {"{\"a\":1}\n", NULL};
    check(texts, 2, NULL, "a:bigint 1;not found: f1: it is gone");
    check(NULL, 0, NULL, "not found: there are no files to read");
}

/* ---- Partitions ------------------------------------------------------------------------------ */

static char *read_partitioned(const char *const *values, size_t n,
                              const struct fst_read_options *options)
{
    const char *const texts[] = {"{\"a\":1}\n{\"a\":2}\n", "{\"a\":3}\n", "{\"a\":4}\n"};
    const char *const names[] = {"k"};
    struct files files = {.texts = texts};
    struct fst_part part[3];
    for (size_t i = 0; i < n; i++)
        part[i] = (struct fst_part){"f", -1, &values[i]};
    struct fst_parts parts = {.parts = part,
                              .n = n,
                              .partition_names = names,
                              .n_partition = 1,
                              .open = open_text,
                              .arg = &files};
    return read_parts(&fst_format_jsonl, &parts, options);
}

static void test_data_parts__partition_columns_come_last(void **state)
{
    (void)state;
    const char *const values[] = {"7", NULL, "x y"};
    char *got = read_partitioned(values, 3, NULL);
    assert_string_equal(got, "a:bigint k:string 1|7;2|7;3|~;4|x y;");
    free(got);
}

static void test_data_parts__partition_columns_alone_have_all_rows(void **state)
{
    (void)state;
    const char *const values[] = {"7", "8"};
    const char *const columns[] = {"k"};
    struct fst_read_options options = {.columns = columns, .n_columns = 1};
    char *got = read_partitioned(values, 2, &options);
    assert_string_equal(got, "k:int 7;7;8;");
    free(got);
}

static void test_data_parts__partition_columns_win_over_the_files(void **state)
{
    (void)state;
    const char *const texts[] = {"{\"k\":1,\"a\":2}\n"};
    const char *const names[] = {"k"};
    const char *const values[] = {"2024-03-01"};
    struct files files = {.texts = texts};
    struct fst_part part = {"f", -1, values};
    struct fst_parts parts = {.parts = &part,
                              .n = 1,
                              .partition_names = names,
                              .n_partition = 1,
                              .open = open_text,
                              .arg = &files};
    char *got = read_parts(&fst_format_jsonl, &parts, NULL);
    assert_string_equal(got, "a:bigint k:date 2|2024-03-01;");
    free(got);
}

static void check_partition(const char *a, const char *b, const char *expected)
{
    const char *const values[] = {a, b};
    const char *const columns[] = {"k"};
    struct fst_read_options options = {.columns = columns, .n_columns = 1};
    char *got = read_partitioned(values, 2, &options);
    assert_string_equal(got, expected);
    free(got);
}

static void test_data_parts__partition_types_are_as_in_spark(void **state)
{
    (void)state;
    check_partition("08", "1", "k:int 8;8;1;");
    check_partition("1", "2147483648", "k:bigint 1;1;2147483648;");
    check_partition("1", "1.5", "k:double 1.0;1.0;1.5;");
    check_partition("2147483648", "1.5", "k:string 2147483648;2147483648;1.5;");
    check_partition("99999999999999999999", "1",
                    "k:decimal(20,0) 99999999999999999999;99999999999999999999;1;");
    check_partition("99999999999999999999", "1.5",
                    "k:string 99999999999999999999;99999999999999999999;1.5;");
    check_partition("1e3", "1", "k:decimal(10,0) 1000;1000;1;");
    check_partition("2024-3-1", "2024-03-01", "k:string 2024-3-1;2024-3-1;2024-03-01;");
    check_partition("2024-03-01", "2024-03-01 12:00:00",
                    "k:timestamp 2024-03-01 00:00:00;2024-03-01 00:00:00;2024-03-01 12:00:00;");
    check_partition("2024-03-01T12:00:00", "2024-03-01T12:00:00",
                    "k:string 2024-03-01T12:00:00;2024-03-01T12:00:00;2024-03-01T12:00:00;");
    check_partition("true", "true", "k:string true;true;true;");
    check_partition(NULL, NULL, "k:void ~;~;~;");
    check_partition("1", NULL, "k:int 1;1;~;");
}

/* Rows of four files that meet k = 9, each behind its number: "number:a". Also which were opened.
 */
static char *read_nines(const int64_t rows[4], bool no_numbers, uint64_t offset, int opened[8])
{
    static const char *const texts[] = {"{\"a\":1}\n{\"a\":2}\n", "{\"a\":3}\n", "{\"a\":4}\n",
                                        "{\"a\":5}\n{\"a\":6}\n"};
    static const char *const values[] = {"7", "9", NULL, "9"}, *const names[] = {"k"};
    struct files files = {.texts = texts};
    struct fst_part part[4];
    for (size_t i = 0; i < 4; i++)
        part[i] = (struct fst_part){"f", rows[i], &values[i]};
    struct fst_parts parts = {.parts = part,
                              .n = 4,
                              .partition_names = names,
                              .n_partition = 1,
                              .open = open_text,
                              .arg = &files};
    struct fst_literal nine = {.n = 9};
    struct fst_condition c = {"k", FST_IS_EQ, fst_type(FST_INT), &nine, 1};
    struct fst_read_options options = {
        .conditions = &c, .n_conditions = 1, .no_numbers = no_numbers, .offset_rows = offset};
    struct fst_buf out = FST_BUF_TEXT;
    struct fst_reader *r;
    struct fst_frame *f;
    assert_int_equal(fst_parts_open(&fst_format_jsonl, &parts, &options, &r, NULL), FST_OK);
    while (fst_reader_next(r, 2, &f, NULL) == FST_OK && f) {
        for (size_t i = 0; i < f->n_rows; i++)
            fst_buf_printf(&out, "%llu:%lld ", (unsigned long long)r->numbers[i],
                           (long long)fst_column_int(&f->columns[0], i));
        fst_frame_unref(f);
    }
    fst_reader_close(r);
    memcpy(opened, files.opened, sizeof(files.opened));
    return fst_buf_take(&out);
}

static void test_data_parts__files_are_left_out_by_their_paths(void **state)
{
    (void)state;
    int opened[8];
    char *got = read_nines((const int64_t[]){2, 1, 1, 2}, false, 0, opened);
    assert_string_equal(got, "2:3 4:5 5:6 ");
    assert_int_equal(opened[2], 0);
    free(got);
    got = read_nines((const int64_t[]){2, 1, 1, 2}, false, 5, opened);
    assert_string_equal(got, "5:6 ");
    free(got);
}

static void test_data_parts__a_file_of_unknown_length_is_left_out_when_nobody_counts(void **state)
{
    (void)state;
    int opened[8];
    char *got = read_nines((const int64_t[]){-1, -1, -1, -1}, true, 0, opened);
    assert_non_null(strstr(got, ":3 "));
    assert_null(strstr(got, ":4 "));
    assert_int_equal(opened[2], 0);
    free(got);
    got = read_nines((const int64_t[]){-1, -1, -1, -1}, false, 0, opened);
    assert_string_equal(got,
                        "0:1 1:2 2:3 3:4 4:5 5:6 "); /* read, so that rows keep their numbers */
    free(got);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_data_parts__rows_follow_each_other),
        cmocka_unit_test(test_data_parts__columns_are_matched_by_name),
        cmocka_unit_test(test_data_parts__types_widen),
        cmocka_unit_test(test_data_parts__a_type_that_does_not_fit_names_the_files),
        cmocka_unit_test(test_data_parts__wanted_columns_that_a_later_file_lacks_are_null),
        cmocka_unit_test(test_data_parts__a_wanted_column_that_the_first_file_lacks_is_an_error),
        cmocka_unit_test(test_data_parts__merged_columns_are_those_of_all_files),
        cmocka_unit_test(test_data_parts__what_cannot_be_merged_names_both_files),
        cmocka_unit_test(test_data_parts__types_merge_as_in_spark),
        cmocka_unit_test(test_data_parts__hollow_files_are_passed_over),
        cmocka_unit_test(test_data_parts__offsets_go_across_files),
        cmocka_unit_test(test_data_parts__files_are_opened_when_it_is_their_turn),
        cmocka_unit_test(test_data_parts__a_file_that_is_gone_is_an_error),
        cmocka_unit_test(test_data_parts__partition_columns_come_last),
        cmocka_unit_test(test_data_parts__partition_columns_alone_have_all_rows),
        cmocka_unit_test(test_data_parts__partition_columns_win_over_the_files),
        cmocka_unit_test(test_data_parts__partition_types_are_as_in_spark),
        cmocka_unit_test(test_data_parts__files_are_left_out_by_their_paths),
        cmocka_unit_test(test_data_parts__a_file_of_unknown_length_is_left_out_when_nobody_counts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
