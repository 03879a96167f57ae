/* JSON: lines and arrays in, both out. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "formats.h"

/* The schema, then rows: values split by '|', rows by ';', NULL as ~; or the error. */
static char *read_with(const char *text, size_t n, struct fst_read_options options)
{
    struct fst_error err = {0};
    struct fst_reader *r = NULL;
    struct fst_buf out = FST_BUF_TEXT;
    enum fst_status status =
        fst_format_jsonl.open(fst_bytes_of_memory("f.jsonl", text, n), &options, &r, &err);
    for (size_t i = 0; status == FST_OK && i < r->schema->n; i++) {
        fst_buf_printf(&out, "%s:", r->schema->fields[i].name);
        fst_type_text(&out, &r->schema->fields[i].type);
        fst_buf_addc(&out, ' ');
    }
    while (status == FST_OK) {
        struct fst_frame *f;
        status = fst_reader_next(r, 3, &f, &err);
        if (status != FST_OK || !f)
            break;
        for (size_t row = 0; row < f->n_rows; row++) {
            for (size_t i = 0; i < f->n_columns; i++) {
                fst_buf_adds(&out, i ? "|" : "");
                if (!fst_cell_text(&out, &f->columns[i], row, FST_CELL_PLAIN))
                    fst_buf_addc(&out, '~');
            }
            fst_buf_addc(&out, ';');
        }
        fst_frame_unref(f);
    }
    if (status != FST_OK)
        fst_buf_printf(&out, "%s: %s", fst_status_name(status), err.text);
    fst_reader_close(r);
    return fst_buf_take(&out);
}

static void check(const char *text, const char *expected)
{
    char *got = read_with(text, strlen(text), (struct fst_read_options){0});
    assert_string_equal(got, expected);
    free(got);
}

static void test_data_json__types_come_from_the_values(void **state)
{
    (void)state;
    check("{\"a\":1,\"b\":\"x\",\"c\":true,\"d\":1.5,\"e\":null}\n{\"f\":99999999999999999999}\n",
          "a:bigint b:string c:boolean d:double e:string f:decimal(20,0) "
          "1|x|true|1.5|~|~;~|~|~|~|~|99999999999999999999;");
}

static void test_data_json__types_widen(void **state)
{
    (void)state;
    check("{\"a\":1}\n{\"a\":1.5}\n", "a:double 1.0;1.5;");
    check("{\"a\":1}\n{\"a\":\"x\"}\n", "a:string 1;x;");
    check("{\"a\":1}\n{\"a\":99999999999999999999}\n", "a:decimal(20,0) 1;99999999999999999999;");
    check("{\"a\":true}\n{\"a\":1}\n", "a:string true;1;");
    check("{\"a\":null}\n{\"a\":1}\n", "a:bigint ~;1;");
}

static void test_data_json__integers_stay_exact(void **state)
{
    (void)state;
    check("{\"a\":9007199254740993}\n", "a:bigint 9007199254740993;");
}

static void test_data_json__nested_values_are_structs_and_arrays(void **state)
{
    (void)state;
    check("{\"a\":{\"b\":[1,2],\"c\":{\"d\":\"x\"}}}\n",
          "a:struct<b:array<bigint>,c:struct<d:string>> {\"b\":[1,2],\"c\":{\"d\":\"x\"}};");
}

static void test_data_json__arrays_are_read_too(void **state)
{
    (void)state;
    check(" [ {\"a\": \"x,]\\\"}\"}\n, {\"a\": [1]} ]\n", "a:string x,]\"};[1];");
    check("[]", "");
    check("", "");
    check("\n\n", "");
    check("[{\"a\":1},",
          "a:bigint 1;malformed: f.jsonl:1: the array does not end; is the file cut off?");
}

static void test_data_json__bad_records_are_noted_with_their_line(void **state)
{
    (void)state;
    struct fst_read_notes notes = {0};
    const char text[] = "{\"a\":1}\n{\"a\":\n{\"a\":3}\n7\n";
    char *got = read_with(text, strlen(text), (struct fst_read_options){.notes = &notes});
    assert_string_equal(got, "_corrupt_record:string a:bigint ~|1;{\"a\":|~;~|3;7|~;");
    assert_int_equal(notes.bad_records, 2);
    assert_string_equal(notes.first_bad, "f.jsonl:2: it ends in the middle");
    free(got);
}

static void test_data_json__types_may_be_of_the_head_only(void **state)
{
    (void)state;
    struct fst_read_notes notes = {0};
    struct fst_buf text = FST_BUF_TEXT;
    for (int i = 0; i < 1000; i++)
        fst_buf_adds(&text, "{\"a\":1}\n");
    fst_buf_adds(&text, "{\"a\":\"late\"}\n");
    struct fst_read_options options = {.notes = &notes, .infer_bytes = 4000, .offset_rows = 999};
    char *got = read_with(fst_buf_text(&text), text.n, options);
    assert_string_equal(got, "a:bigint 1;~;");
    assert_true(notes.types_from_head);
    assert_int_equal(notes.bad_records, 1);
    assert_string_equal(notes.first_bad, "f.jsonl:1001: a value is not of its column's type");
    free(got);
    got = read_with(fst_buf_text(&text), text.n, (struct fst_read_options){.offset_rows = 999});
    assert_string_equal(got, "a:string 1;late;");
    free(got);
    fst_buf_done(&text);
}

static void test_data_json__hostile_records_are_bad_records(void **state)
{
    (void)state;
    struct fst_buf text = FST_BUF_TEXT;
    struct fst_read_notes notes = {0};
    fst_buf_adds(&text, "{\"a\":1}\n{\"b\":");
    fst_buf_repeat(&text, '[', 100000);
    fst_buf_adds(&text, "\n{\"c\":[");
    for (int i = 0; i < 300000; i++)
        fst_buf_adds(&text, "1,");
    fst_buf_adds(&text, "1]}\n{\"a\":2}\n");
    const char *const columns[] = {"a"};
    char *got =
        read_with(fst_buf_text(&text), text.n,
                  (struct fst_read_options){.notes = &notes, .columns = columns, .n_columns = 1});
    assert_string_equal(got, "a:bigint 1;~;~;2;");
    assert_int_equal(notes.bad_records, 2);
    assert_string_equal(notes.first_bad, "f.jsonl:2: nested over 200 deep");
    free(got);
    fst_buf_clear(&text);
    for (int i = 0; i < 30000; i++)
        fst_buf_printf(&text, "{\"k%d\":1}\n", i);
    got = read_with(fst_buf_text(&text), text.n, (struct fst_read_options){0});
    assert_non_null(strstr(got, "f.jsonl:20481: the records have too many different fields"));
    free(got);
    fst_buf_done(&text);
}

static void test_data_json__a_given_schema_makes_misfits_null(void **state)
{
    (void)state;
    struct fst_schema *s = fst_schema_new();
    struct fst_type number = fst_type(FST_INT), date = fst_type(FST_DATE);
    fst_schema_add(s, "b", &number, true);
    fst_schema_add(s, "a", &date, true);
    const char text[] = "{\"a\":\"2024-03-01\",\"b\":1,\"c\":2}\n{\"a\":\"x\",\"b\":\"1\"}\n";
    char *got = read_with(text, strlen(text), (struct fst_read_options){.schema = s});
    assert_string_equal(got, "b:int a:date 1|2024-03-01;~|~;");
    free(got);
    fst_schema_free(s);
}

static void test_data_json__columns_and_offset(void **state)
{
    (void)state;
    const char *const columns[] = {"b", "a"};
    const char text[] = "{\"a\":1,\"b\":2}\n{\"a\":3,\"b\":4}\n{\"a\":5}\n";
    char *got =
        read_with(text, strlen(text),
                  (struct fst_read_options){.columns = columns, .n_columns = 2, .offset_rows = 1});
    assert_string_equal(got, "b:bigint a:bigint 4|3;~|5;");
    free(got);
}

static bool to_buf(void *arg, const void *p, size_t n)
{
    fst_buf_add(arg, p, n);
    return true;
}

static void check_written(const struct fst_format *format, size_t n_rows, const char *expected)
{
    struct fst_schema *s = fst_schema_new();
    struct fst_type text = fst_type(FST_STRING), number = fst_type(FST_LONG);
    fst_schema_add(s, "a\"b", &text, true);
    fst_schema_add(s, "n", &number, true);
    struct fst_builder *b = fst_builder_new(s);
    for (size_t i = 0; i < n_rows; i++) {
        fst_builder_bytes(b, 0, "x\ny", 3);
        fst_builder_null(b, 1);
    }
    struct fst_frame *f = fst_builder_finish(b, n_rows);
    struct fst_buf out = FST_BUF_TEXT;
    struct fst_writer *w;
    format->create(f->schema, (struct fst_sink){.write = to_buf, .arg = &out}, NULL, &w, NULL);
    assert_int_equal(fst_writer_write(w, f, NULL), FST_OK);
    assert_int_equal(fst_writer_finish(w, NULL), FST_OK);
    fst_writer_free(w);
    assert_string_equal(fst_buf_text(&out), expected);
    fst_buf_done(&out);
    fst_frame_unref(f);
}

static void test_data_json__rows_are_written_as_lines_and_as_an_array(void **state)
{
    (void)state;
    check_written(&fst_format_jsonl, 2,
                  "{\"a\\\"b\":\"x\\ny\",\"n\":null}\n{\"a\\\"b\":\"x\\ny\",\"n\":null}\n");
    check_written(&fst_format_json, 2,
                  "[\n{\"a\\\"b\":\"x\\ny\",\"n\":null},\n{\"a\\\"b\":\"x\\ny\",\"n\":null}\n]\n");
    check_written(&fst_format_json, 0, "[]\n");
    check_written(&fst_format_jsonl, 0, "");
}

static void test_data_json__damaged_files_do_not_crash(void **state)
{
    (void)state;
    const char text[] = "[{\"a\":1,\"b\":[{}],\"c\":\"\\u0041\"},\n{\"a\":1e5,\"b\":null}]\n";
    char copy[sizeof(text)];
    uint32_t seed = 3;
    for (size_t i = 0; i < 2000; i++) {
        size_t n = i < sizeof(text) ? i : sizeof(text) - 1;
        memcpy(copy, text, sizeof(text));
        for (size_t j = 0; i >= sizeof(text) && j < 3; j++) {
            seed = seed * 1664525u + 1013904223u;
            copy[(seed >> 8) % n] = "[]{}\",:\\\n\xFF"[(seed >> 20) % 10];
        }
        free(read_with(copy, n, (struct fst_read_options){0}));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_data_json__types_come_from_the_values),
        cmocka_unit_test(test_data_json__types_widen),
        cmocka_unit_test(test_data_json__integers_stay_exact),
        cmocka_unit_test(test_data_json__nested_values_are_structs_and_arrays),
        cmocka_unit_test(test_data_json__arrays_are_read_too),
        cmocka_unit_test(test_data_json__bad_records_are_noted_with_their_line),
        cmocka_unit_test(test_data_json__types_may_be_of_the_head_only),
        cmocka_unit_test(test_data_json__hostile_records_are_bad_records),
        cmocka_unit_test(test_data_json__a_given_schema_makes_misfits_null),
        cmocka_unit_test(test_data_json__columns_and_offset),
        cmocka_unit_test(test_data_json__rows_are_written_as_lines_and_as_an_array),
        cmocka_unit_test(test_data_json__damaged_files_do_not_crash),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
