/* CSV: the odd cases were read with Spark 4 and are what it gives. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "formats.h"

/* Rows as text: values split by '|', rows by ';', NULL as ~; the schema in front when wanted. */
static char *read_with(const struct fst_format *format, const char *text, size_t n,
                       const char *json_options, struct fst_read_options options, bool types)
{
    struct fst_arena *arena = fst_arena_new();
    struct fst_doc *doc = NULL;
    struct fst_error err = {0};
    struct fst_reader *r = NULL;
    struct fst_buf out = FST_BUF_TEXT;
    assert_int_equal(
        fst_json_parse(arena, "options", json_options, strlen(json_options), NULL, &doc, NULL),
        FST_OK);
    options.format = doc;
    enum fst_status status =
        format->open(fst_bytes_of_memory("f.csv", text, n), &options, &r, &err);
    for (size_t i = 0; status == FST_OK && types && i < r->schema->n; i++) {
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
    fst_arena_free(arena);
    return fst_buf_take(&out);
}

static void check(const char *text, const char *json_options, const char *expected)
{
    char *got = read_with(&fst_format_csv, text, strlen(text), json_options,
                          (struct fst_read_options){0}, false);
    assert_string_equal(got, expected);
    free(got);
}

static void check_types(const char *text, const char *json_options, const char *expected)
{
    char *got = read_with(&fst_format_csv, text, strlen(text), json_options,
                          (struct fst_read_options){0}, true);
    assert_string_equal(got, expected);
    free(got);
}

static void test_data_csv__quotes_and_escapes_are_as_in_spark(void **state)
{
    (void)state;
    static const struct {
        const char *line, *rows;
    } cases[] = {
        {"a,\"b\",c\n", "a|b|c;"},
        {"\"a\"\"b\",c\n", "\"a\"\"b\"|c;"},
        {"\"a\\\"b\",c\n", "a\"b|c;"},
        {"\"a\\\\\",c\n", "a\\|c;"},
        {"\"a\\xb\",c\n", "a\\xb|c;"},
        {"a\"b,c\n", "a\"b|c;"},
        {"\"a\"b,c\n", "\"a\"b|c;"},
        {"\"a\" ,c\n", "a|c;"},
        {" \"a\",c\n", " \"a\"|c;"},
        {"\"a,b\",c\n", "a,b|c;"},
        {"\"\",x\n", "~|x;"},
        {",x\n", "~|x;"},
        {"\"a\\\\b\",c\n", "a\\b|c;"},
        {"a\\\"b,c\n", "a\\\"b|c;"},
        {"\"a\"b\",c\n", "\"a\"b\"|c;"},
        {"\"a\"\"\",c\n", "a\"\"|c;"},
        {"a\\,b,c\n", "a\\|b|c;"},
        {"\"a\\,b\",c\n", "a\\,b|c;"},
        {" a , b \n", " a | b ;"},
        {"\"abc", "abc;"},
        {"\"a\" x,c\n", "\"a\" x|c;"},
        {"\"a\"  \n", "a;"},
        {"\"\"\"\"\n", "\"\";"},
        {"\"\\\"\",c\n", "\"|c;"},
        {"\\,c\n", "\\|c;"},
        {"\"a\"b\"c,d\n", "\"a\"b\"c|d;"},
        {"\"a,b\"c,d\n", "\"a,b\"c|d;"},
        {"' ',x\n", "' '|x;"},
        {"\"\"\"a\"\"\",c\n", "\"\"\"a\"\"\"|c;"},
    };
    for (size_t i = 0; i < FST_COUNT(cases); i++)
        check(cases[i].line, "{}", cases[i].rows);
}

static void test_data_csv__line_ends_blank_lines_and_short_rows(void **state)
{
    (void)state;
    check("a,b\n1\n1,2,3\n\n  \n,\n", "{}", "a|b;1|~;1|2;~|~;");
    check("x\r\ny\r\n", "{}", "x;y;");
    check("x\ry\n", "{}", "x;y;");
    check("\"a\r\nb\",c\r\n", "{\"multiLine\":true}", "a\nb|c;");
    check("", "{}", "");
    check("last,line", "{}", "last|line;");
}

static void test_data_csv__values_end_with_their_line_unless_told(void **state)
{
    (void)state;
    check("\"a\nb\",c\n", "{}", "a;b\";");
    check("\"a\nb\",c\n", "{\"multiLine\":false}", "a;b\";");
}

static void test_data_csv__header_names_are_as_in_spark(void **state)
{
    (void)state;
    check_types("a,a,,A\n1,2,3,4\n", "{\"header\":true}",
                "a0:string a1:string _c2:string A3:string 1|2|3|4;");
    check_types("\xEF\xBB\xBF"
                "a,b\n1,2\n",
                "{\"header\":\"true\"}", "a:string b:string 1|2;");
    check_types("1,2\n", "{}", "_c0:string _c1:string 1|2;");
}

static void test_data_csv__options(void **state)
{
    (void)state;
    check("a||b\n", "{\"sep\":\"||\"}", "a|b;");
    check("a\tb\n", "{\"delimiter\":\"\\\\t\"}", "a|b;");
    check("a;\"b\"\"c\"\n", "{\"sep\":\";\",\"escape\":\"\\\"\"}", "a|b\"c;");
    check("NA,\"NA\",\"\"\n", "{\"nullValue\":\"NA\"}", "~|~|;");
    check("'a,b',c\n", "{\"quote\":\"'\"}", "a,b|c;");
    check("a\n", "{\"dateFormat\":\"QQ\"}",
          "not supported: csv option dateFormat: \"QQ\": one of its letters is not supported here");
    check("a\n", "{\"maxColumns\":\"5\"}",
          "not supported: csv option maxColumns is not supported here; leave it out, or let Spark "
          "read it");
    check("\xE9\xFF,\x80\n", "{\"encoding\":\"ISO-8859-1\"}", "\xC3\xA9\xC3\xBF|\xC2\x80;");
    check("a\n", "{\"encoding\":\"UTF-16\"}",
          "not supported: csv option encoding: only UTF-8 and ISO-8859-1 are supported, not "
          "\"UTF-16\"");
    check("a\n", "{\"header\":\"maybe\"}",
          "wrong use: csv option header: \"maybe\" is not true or false");
}

static void guess_is(const char *text, const char *expected)
{
    struct fst_arena *arena = fst_arena_new();
    struct fst_buf out = FST_BUF_TEXT;
    fst_doc_to_json(&out, fst_csv_guess(arena, &fst_format_csv, text, strlen(text)));
    assert_string_equal(fst_buf_text(&out), expected);
    fst_buf_done(&out);
    fst_arena_free(arena);
}

static void test_data_csv__how_a_file_is_written_is_guessed(void **state)
{
    (void)state;
    guess_is("a,b\n1,2\n", "{\"sep\":\",\",\"header\":true,\"inferSchema\":true}");
    guess_is("1,2\n3,4\n", "{\"sep\":\",\",\"header\":false,\"inferSchema\":true}");
    guess_is("name;amount\nx;1,5\ny;2,5\n", "{\"sep\":\";\",\"header\":true,\"inferSchema\":true}");
    guess_is("a\tb c\n1\tx, y, z\n", "{\"sep\":\"\\t\",\"header\":true,\"inferSchema\":true}");
    guess_is("a|b\nx|y\n", "{\"sep\":\"|\",\"header\":true,\"inferSchema\":true}");
    guess_is("x,y\nx,z\ny,y\n", "{\"sep\":\",\",\"header\":false,\"inferSchema\":true}");
    guess_is("a\n1\n", "{\"sep\":\",\",\"header\":true,\"inferSchema\":true}");
    guess_is("a,b\n\"x \"\"q\"\" y\",2\n\"l\nm\",3\n",
             "{\"sep\":\",\",\"header\":true,\"inferSchema\":true,\"multiLine\":true,"
             "\"escape\":\"\\\"\"}");
    guess_is("a,b\nc\"\",\"\"\n", "{\"sep\":\",\",\"header\":true,\"inferSchema\":true,"
                                  "\"escape\":\"\\\"\"}");
    guess_is("a,b\n\xE9t\xE9 x,1\n", "{\"sep\":\",\",\"header\":true,\"inferSchema\":true,"
                                     "\"encoding\":\"ISO-8859-1\"}");
    guess_is("", "{\"sep\":\",\",\"header\":false,\"inferSchema\":true}");
    guess_is("\"", "{\"sep\":\",\",\"header\":false,\"inferSchema\":true}");
}

static void test_data_csv__bad_records_are_noted_with_line_and_reason(void **state)
{
    (void)state;
    struct fst_read_notes notes = {0};
    const char text[] = "a,b\n1,x\n2\nthree,\"y\ny\"\n4,z,z\n";
    char *got = read_with(&fst_format_csv, text, strlen(text),
                          "{\"header\":true,\"inferSchema\":true,\"multiLine\":true}",
                          (struct fst_read_options){.notes = &notes, .infer_bytes = 1}, true);
    assert_string_equal(got, "a:string b:string 1|x;2|~;three|y\ny;4|z;");
    assert_int_equal(notes.bad_records, 2);
    assert_string_equal(notes.first_bad, "f.csv:3: 1 value, not 2");
    assert_true(notes.types_from_head);
    free(got);
    notes = (struct fst_read_notes){0};
    got =
        read_with(&fst_format_csv, "n\n1\nx\x1b\n3\n", 10, "{\"header\":true,\"inferSchema\":true}",
                  (struct fst_read_options){.notes = &notes, .infer_bytes = 3}, true);
    assert_string_equal(got, "n:int 1;~;3;");
    assert_string_equal(notes.first_bad, "f.csv:3: column n: x\\e is not a int");
    free(got);
}

static void check_infer(const char *value, const char *type, const char *text)
{
    char *file = fst_asprintf("x|y\n%s|z\n", value);
    char *expected = fst_asprintf("x:%s y:string %s|z;", type, text);
    check_types(file, "{\"sep\":\"|\",\"header\":true,\"inferSchema\":true}", expected);
    free(expected);
    free(file);
}

static void test_data_csv__types_are_inferred_as_in_spark(void **state)
{
    (void)state;
    check_infer("+1", "int", "1");
    check_infer(" 1", "double", "1.0");
    check_infer("2147483648", "bigint", "2147483648");
    check_infer("9223372036854775808", "decimal(19,0)", "9223372036854775808");
    check_infer("1e3", "double", "1000.0");
    check_infer("1E400", "double", "Infinity");
    check_infer("1d", "double", "1.0");
    check_infer("0x1p3", "double", "8.0");
    check_infer("5.", "decimal(1,0)", "5");
    check_infer("-Inf", "double", "-Infinity");
    check_infer("inf", "string", "inf");
    check_infer("TRUE", "boolean", "true");
    check_infer("t", "string", "t");
    check_infer("2024-03", "timestamp", "2024-03-01 00:00:00");
    check_infer("2024-03-01", "date", "2024-03-01");
    check_infer("2024-3-1", "timestamp", "2024-03-01 00:00:00");
    check_infer("2024-03-01T", "string", "2024-03-01T");
    check_infer("2024-03-01 ", "timestamp", "2024-03-01 00:00:00");
    check_infer("2024-03-01T12:00:00.123456789", "timestamp", "2024-03-01 12:00:00.123456");
    check_infer("2024-03-01 12:00:00+02:00", "timestamp", "2024-03-01 10:00:00");
    check_infer("2024-03-01 12:00:00 UTC", "timestamp", "2024-03-01 12:00:00");
    check_infer("2024-03-01T12:00:00.5+0530", "timestamp", "2024-03-01 06:30:00.5");
    check_infer("2024-03-01 24:00:00", "string", "2024-03-01 24:00:00");
    check_infer("2024-02-30", "string", "2024-02-30");
    check_infer("12345678901234567890123456789012345678", "decimal(38,0)",
                "12345678901234567890123456789012345678");
    check_infer("123456789012345678901234567890123456789", "double", "1.2345678901234568E38");
    check_infer("", "string", "~");
}

static void check_pair(const char *a, const char *b, const char *type)
{
    char *file = fst_asprintf("x\n%s\n%s\n", a, b);
    char *got =
        read_with(&fst_format_csv, file, strlen(file), "{\"header\":true,\"inferSchema\":true}",
                  (struct fst_read_options){0}, true);
    char *expected = fst_asprintf("x:%s ", type);
    assert_memory_equal(got, expected, strlen(expected));
    free(expected);
    free(got);
    free(file);
}

static void test_data_csv__types_widen_as_in_spark(void **state)
{
    (void)state;
    check_pair("1", "1.5", "double");
    check_pair("2024-03-01", "2024-03-01 12:00:00", "timestamp");
    check_pair("2024-03-01 12:00:00", "2024-03-01", "timestamp");
    check_pair("1", "2024-03-01", "string");
    check_pair("1", "99999999999999999999", "decimal(20,0)");
    check_pair("99999999999999999999", "1.5", "double");
    check_pair("2147483648", "1.5", "double");
    check_pair("true", "x", "string");
    check_pair("1", "true", "string");
    check_pair("2024-03-01", "true", "string");
}

static void check_typed(const char *type, const char *value, const char *expected)
{
    struct fst_schema *s = fst_schema_new();
    struct fst_type t, text = fst_type(FST_STRING);
    assert_int_equal(fst_type_parse(s->arena, type, &t, NULL), FST_OK);
    fst_schema_add(s, "x", &t, true);
    fst_schema_add(s, "y", &text, true);
    char *file = fst_asprintf("%s|z\n", value);
    char *rows = fst_asprintf("%s|z;", expected);
    char *got = read_with(&fst_format_csv, file, strlen(file), "{\"sep\":\"|\"}",
                          (struct fst_read_options){.schema = s}, false);
    assert_string_equal(got, rows);
    free(got);
    free(rows);
    free(file);
    fst_schema_free(s);
}

static void test_data_csv__values_of_a_given_schema_are_as_in_spark(void **state)
{
    (void)state;
    check_typed("int", "+1", "1");
    check_typed("int", " 1", "~");
    check_typed("int", "99999999999", "~");
    check_typed("tinyint", "128", "~");
    check_typed("decimal(5,2)", "1.235", "1.24");
    check_typed("decimal(5,2)", "-1.235", "-1.24");
    check_typed("decimal(5,2)", "1e2", "100.00");
    check_typed("decimal(5,2)", "12345", "~");
    check_typed("decimal(5,2)", "999.999", "~");
    check_typed("decimal(5,2)", "0.0000001", "0.00");
    check_typed("double", " 1 ", "1.0");
    check_typed("double", "nan", "~");
    check_typed("float", "1.1", "1.1");
    check_typed("boolean", "t", "~");
    check_typed("date", "2024", "2024-01-01");
    check_typed("date", "2024-03-01 12:00:00", "2024-03-01");
    check_typed("date", "2024-03-01x", "~");
    check_typed("timestamp", "2024", "2024-01-01 00:00:00");
    check_typed("timestamp", "x", "~");
    check_typed("timestamp_ntz", "2024-03-01 12:00:00", "2024-03-01 12:00:00");
    check_typed("timestamp_ntz", "2024-03-01 12:00:00+01:00", "~");
}

static void test_data_csv__wanted_columns_come_in_their_order_after_the_offset(void **state)
{
    (void)state;
    const char *const columns[] = {"c", "a"};
    const char text[] = "a,b,c\n1,2,3\n4,5,6\n7,8,9\n";
    struct fst_read_options options = {.columns = columns, .n_columns = 2, .offset_rows = 1};
    char *got = read_with(&fst_format_csv, text, strlen(text), "{\"header\":true}", options, true);
    assert_string_equal(got, "c:string a:string 6|4;9|7;");
    free(got);
}

static void test_data_csv__an_unknown_column_is_named_with_its_nearest(void **state)
{
    (void)state;
    const char *const columns[] = {"amuont"};
    struct fst_read_options options = {.columns = columns, .n_columns = 1};
    char *got = read_with(&fst_format_csv, "amount\n1\n", 9, "{\"header\":true}", options, false);
    assert_string_equal(got, "not found: f.csv: no column \"amuont\"; did you mean \"amount\"?");
    free(got);
}

static void test_data_csv__an_open_quote_is_an_error_with_its_line(void **state)
{
    (void)state;
    size_t n = (9 << 20) + 8;
    char *text = malloc(n);
    memset(text, 'x', n);
    memcpy(text, "a\nb\n\"", 5);
    char *got = read_with(&fst_format_csv, text, n, "{}", (struct fst_read_options){0}, false);
    assert_non_null(strstr(got, "f.csv:3: a record is longer than 8 MB"));
    free(got);
    memset(text, 'x', n);
    got = read_with(&fst_format_csv, text, n, "{}", (struct fst_read_options){0}, false);
    assert_non_null(strstr(got, "f.csv:1: a record is longer than 8 MB"));
    free(got);
    memset(text, ',', n);
    got = read_with(&fst_format_csv, text, n, "{}", (struct fst_read_options){0}, false);
    assert_non_null(strstr(got, "f.csv:1: more than 20480 columns"));
    free(got);
    free(text);
}

static void test_data_csv__utf16_is_refused(void **state)
{
    (void)state;
    char *got = read_with(&fst_format_csv,
                          "\xFF\xFE"
                          "a\0",
                          4, "{}", (struct fst_read_options){0}, false);
    assert_non_null(strstr(got, "UTF-16"));
    free(got);
}

static bool yes(void *arg)
{
    (void)arg;
    return true;
}

static void test_data_csv__reading_stops_when_cancelled(void **state)
{
    (void)state;
    struct fst_read_options options = {.cancelled = yes};
    char *got = read_with(&fst_format_csv, "a\nb\n", 4, "{}", options, false);
    assert_string_equal(got, "cancelled: f.csv: cancelled");
    free(got);
}

/* ---- Writing --------------------------------------------------------------------------------- */

static bool to_buf(void *arg, const void *p, size_t n)
{
    fst_buf_add(arg, p, n);
    return true;
}

static bool to_nowhere(void *arg, const void *p, size_t n)
{
    (void)arg, (void)p, (void)n;
    return false;
}

static struct fst_frame *texts(const char *const *values, size_t n)
{
    struct fst_schema *s = fst_schema_new();
    struct fst_type text = fst_type(FST_STRING);
    fst_schema_add(s, "a", &text, true);
    fst_schema_add(s, "b,c", &text, true);
    struct fst_builder *b = fst_builder_new(s);
    for (size_t i = 0; i < n; i++)
        if (values[i])
            fst_builder_bytes(b, i % 2, values[i], strlen(values[i]));
        else
            fst_builder_null(b, i % 2);
    return fst_builder_finish(b, n / 2);
}

static void test_data_csv__written_text_reads_back(void **state)
{
    (void)state;
    const char *const values[] = {"x", NULL, "", "q\"q", "a,b", "l1\nl2", " s ", "\\"};
    struct fst_frame *f = texts(values, 8);
    struct fst_buf out = FST_BUF_TEXT;
    struct fst_writer *w;
    assert_int_equal(fst_format_csv.create(f->schema,
                                           (struct fst_sink){.write = to_buf, .arg = &out}, NULL,
                                           &w, NULL),
                     FST_OK);
    assert_int_equal(fst_writer_write(w, f, NULL), FST_OK);
    assert_int_equal(fst_writer_finish(w, NULL), FST_OK);
    assert_int_equal(w->rows, 4);
    fst_writer_free(w);

    assert_string_equal(fst_buf_text(&out), "a,\"b,c\"\nx,\n\"\",\"q\"\"q\"\n\"a,b\",\"l1\nl2\"\n"
                                            "\" s \",\\\n");
    char *got =
        read_with(&fst_format_csv, fst_buf_text(&out), out.n,
                  "{\"header\":true,\"multiLine\":true,\"escape\":\"\\\"\",\"nullValue\":\"~~\"}",
                  (struct fst_read_options){0}, false);
    assert_string_equal(got, "x|~;|q\"q;a,b|l1\nl2; s |\\;");
    free(got);
    fst_buf_done(&out);
    fst_frame_unref(f);
}

static void test_data_csv__a_sink_that_stops_is_an_error(void **state)
{
    (void)state;
    const char *const values[] = {"x", "y"};
    struct fst_frame *f = texts(values, 2);
    struct fst_writer *w;
    fst_format_csv.create(f->schema, (struct fst_sink){.write = to_nowhere, .arg = NULL}, NULL, &w,
                          NULL);
    assert_int_not_equal(fst_writer_write(w, f, NULL), FST_OK);
    fst_writer_free(w);
    fst_frame_unref(f);
}

/* ---- Damage ---------------------------------------------------------------------------------- */

static uint32_t next_random(uint32_t *seed)
{
    *seed = *seed * 1664525u + 1013904223u;
    return *seed >> 8;
}

static void test_data_csv__damaged_files_do_not_crash(void **state)
{
    (void)state;
    const char text[] = "id,name,when\n1,\"a \\\"b\\\" c\",2024-03-01\n2,\"x\ny\",\n\"\"\"\",'q',"
                        "1e400\r\n3,\\,99999999999999999999\n";
    char copy[sizeof(text)];
    uint32_t seed = 7;
    for (size_t i = 0; i < 3000; i++) {
        size_t n = i < sizeof(text) ? i : sizeof(text) - 1;
        memcpy(copy, text, sizeof(text));
        for (size_t j = 0; i >= sizeof(text) && j < 4; j++)
            copy[next_random(&seed) % n] = "\"\\,\n\r \0x9"[next_random(&seed) % 9];
        free(read_with(&fst_format_csv, copy, n, "{\"header\":true,\"inferSchema\":true}",
                       (struct fst_read_options){0}, true));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_data_csv__quotes_and_escapes_are_as_in_spark),
        cmocka_unit_test(test_data_csv__line_ends_blank_lines_and_short_rows),
        cmocka_unit_test(test_data_csv__values_end_with_their_line_unless_told),
        cmocka_unit_test(test_data_csv__header_names_are_as_in_spark),
        cmocka_unit_test(test_data_csv__options),
        cmocka_unit_test(test_data_csv__how_a_file_is_written_is_guessed),
        cmocka_unit_test(test_data_csv__bad_records_are_noted_with_line_and_reason),
        cmocka_unit_test(test_data_csv__types_are_inferred_as_in_spark),
        cmocka_unit_test(test_data_csv__types_widen_as_in_spark),
        cmocka_unit_test(test_data_csv__values_of_a_given_schema_are_as_in_spark),
        cmocka_unit_test(test_data_csv__wanted_columns_come_in_their_order_after_the_offset),
        cmocka_unit_test(test_data_csv__an_unknown_column_is_named_with_its_nearest),
        cmocka_unit_test(test_data_csv__an_open_quote_is_an_error_with_its_line),
        cmocka_unit_test(test_data_csv__utf16_is_refused),
        cmocka_unit_test(test_data_csv__reading_stops_when_cancelled),
        cmocka_unit_test(test_data_csv__written_text_reads_back),
        cmocka_unit_test(test_data_csv__a_sink_that_stops_is_an_error),
        cmocka_unit_test(test_data_csv__damaged_files_do_not_crash),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
