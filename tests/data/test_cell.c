/* Cells: every kind as text and as JSON. Expected texts were taken from Spark. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "firesteel/data.h"

/* A column of one value, outside any frame. */
static struct fst_column one(enum fst_kind kind, const void *value)
{
    return (struct fst_column){.type = fst_type(kind), .n = 1, .values = value};
}

static void check(const struct fst_column *c, const char *text, const char *json)
{
    struct fst_buf out = FST_BUF_TEXT;
    assert_true(fst_cell_text(&out, c, 0, FST_CELL_PLAIN));
    assert_string_equal(fst_buf_text(&out), text);
    fst_buf_clear(&out);
    fst_cell_json(&out, c, 0);
    assert_string_equal(fst_buf_text(&out), json);
    fst_buf_done(&out);
}

static void check_int(enum fst_kind kind, int64_t v, const char *text, const char *json)
{
    int32_t v32 = (int32_t)v;
    bool narrow = kind == FST_INT || kind == FST_DATE || kind == FST_INTERVAL_YM;
    struct fst_column c = one(kind, narrow ? (const void *)&v32 : (const void *)&v);
    check(&c, text, json);
}

static void test_data_cell__integers_and_booleans(void **state)
{
    (void)state;
    uint8_t yes = 1;
    struct fst_column c = one(FST_BOOLEAN, &yes);
    check(&c, "true", "true");
    check_int(FST_LONG, INT64_MIN, "-9223372036854775808", "-9223372036854775808");
    check_int(FST_INT, 7, "7", "7");
}

static void test_data_cell__doubles_are_java_and_not_numbers_are_quoted(void **state)
{
    (void)state;
    double values[] = {1e7, NAN, -INFINITY, 0.1};
    const char *text[] = {"1.0E7", "NaN", "-Infinity", "0.1"};
    const char *json[] = {"1.0E7", "\"NaN\"", "\"-Infinity\"", "0.1"};
    for (size_t i = 0; i < 4; i++) {
        struct fst_column c = one(FST_DOUBLE, &values[i]);
        check(&c, text[i], json[i]);
    }
    float f = 1.1f;
    struct fst_column c = one(FST_FLOAT, &f);
    check(&c, "1.1", "1.1");
}

static void test_data_cell__decimals_are_exact(void **state)
{
    (void)state;
    __int128 v = -123456789012345678;
    struct fst_column c = one(FST_DECIMAL, &v);
    c.type = fst_type_decimal(38, 4);
    check(&c, "-12345678901234.5678", "-12345678901234.5678");
}

static void test_data_cell__dates_and_times(void **state)
{
    (void)state;
    check_int(FST_DATE, 19783, "2024-03-01", "\"2024-03-01\"");
    check_int(FST_TIMESTAMP, 1709294400500000, "2024-03-01 12:00:00.5",
              "\"2024-03-01T12:00:00.5Z\"");
    check_int(FST_TIMESTAMP_NTZ, 1709294400000000, "2024-03-01 12:00:00",
              "\"2024-03-01T12:00:00\"");
    check_int(FST_TIME, 3661000100, "01:01:01.0001", "\"01:01:01.0001\"");
    check_int(FST_TIME, -3661000000, "-01:01:01", "\"-01:01:01\""); /* no clock shows these */
    check_int(FST_TIME, 1000LL * 3600 * 1000000, "1000:00:00", "\"1000:00:00\"");
}

static void test_data_cell__intervals(void **state)
{
    (void)state;
    check_int(FST_INTERVAL_YM, -14, "INTERVAL '-1-2' YEAR TO MONTH",
              "\"INTERVAL '-1-2' YEAR TO MONTH\"");
    check_int(FST_INTERVAL_DT, 93784005000, "INTERVAL '1 02:03:04.005' DAY TO SECOND",
              "\"INTERVAL '1 02:03:04.005' DAY TO SECOND\"");
    check_int(FST_INTERVAL_DT, INT64_MIN, "INTERVAL '-106751991 04:00:54.775808' DAY TO SECOND",
              "\"INTERVAL '-106751991 04:00:54.775808' DAY TO SECOND\"");
}

static void test_data_cell__binary_is_hex_in_text_and_base64_in_json(void **state)
{
    (void)state;
    const uint32_t offsets[] = {0, 4};
    struct fst_column c = one(FST_BINARY, "\x00\xff"
                                          "ab");
    c.offsets = offsets;
    check(&c, "00ff6162", "\"AP9hYg==\"");
}

static void test_data_cell__nested_values_are_json(void **state)
{
    (void)state;
    const int32_t keys[] = {1, 2}, values[] = {10, 20};
    const uint8_t valid = 1;
    struct fst_field fields[] = {{"k", fst_type(FST_INT), false}, {"v\"", fst_type(FST_INT), true}};
    struct fst_column pair[] = {
        {.type = fst_type(FST_INT), .n = 2, .values = keys},
        {.type = fst_type(FST_INT), .n = 2, .values = values, .valid = &valid}};
    const uint32_t offsets[] = {0, 2};
    struct fst_column map = {.type = {.kind = FST_MAP, .n_fields = 2, .fields = fields},
                             .n = 1,
                             .offsets = offsets,
                             .children = pair};
    check(&map, "{\"1\":10,\"2\":null}", "{\"1\":10,\"2\":null}");

    struct fst_column st = {
        .type = {.kind = FST_STRUCT, .n_fields = 2, .fields = fields}, .n = 2, .children = pair};
    check(&st, "{\"k\":1,\"v\\\"\":10}", "{\"k\":1,\"v\\\"\":10}");

    struct fst_column list = {.type = {.kind = FST_ARRAY, .n_fields = 1, .fields = fields},
                              .n = 1,
                              .offsets = offsets,
                              .children = pair};
    check(&list, "[1,2]", "[1,2]");
}

static void test_data_cell__the_screen_gets_no_control_characters(void **state)
{
    (void)state;
    const char text[] = "a\033[31m\n";
    const uint32_t offsets[] = {0, sizeof(text) - 1};
    struct fst_column c = one(FST_STRING, text);
    c.offsets = offsets;
    struct fst_buf out = FST_BUF_TEXT;
    fst_cell_text(&out, &c, 0, FST_CELL_SCREEN);

    assert_null(strchr(fst_buf_text(&out), '\033'));
    assert_null(strchr(fst_buf_text(&out), '\n'));
    assert_non_null(strstr(fst_buf_text(&out), "[31m"));
    fst_buf_done(&out);
}

static void test_data_cell__null_is_nothing_in_text_and_null_in_json(void **state)
{
    (void)state;
    const uint8_t valid = 0;
    const int32_t v = 0;
    struct fst_column c = one(FST_INT, &v);
    c.valid = &valid;
    struct fst_buf out = FST_BUF_TEXT;
    assert_false(fst_cell_text(&out, &c, 0, FST_CELL_PLAIN));
    assert_int_equal(out.n, 0);
    fst_cell_json(&out, &c, 0);
    assert_string_equal(fst_buf_text(&out), "null");
    fst_buf_done(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_data_cell__integers_and_booleans),
        cmocka_unit_test(test_data_cell__doubles_are_java_and_not_numbers_are_quoted),
        cmocka_unit_test(test_data_cell__decimals_are_exact),
        cmocka_unit_test(test_data_cell__dates_and_times),
        cmocka_unit_test(test_data_cell__intervals),
        cmocka_unit_test(test_data_cell__binary_is_hex_in_text_and_base64_in_json),
        cmocka_unit_test(test_data_cell__nested_values_are_json),
        cmocka_unit_test(test_data_cell__the_screen_gets_no_control_characters),
        cmocka_unit_test(test_data_cell__null_is_nothing_in_text_and_null_in_json),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
