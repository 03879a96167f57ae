#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "connect.h"
#include "spark.h"

static void place_is(const struct fst_problem *p, uint32_t line, uint32_t col, uint32_t len)
{
    assert_int_equal(p->line, line);
    assert_int_equal(p->col, col);
    assert_int_equal(p->len, len);
}

static void cleans_to(const char *message, const char *wanted)
{
    char out[1024];
    connect_message_clean(message, out, sizeof(out));
    assert_string_equal(out, wanted);
}

static const char syntax_error[] =
    "\n[PARSE_SYNTAX_ERROR] Syntax error at or near 'SELEC'. SQLSTATE: 42601 (line 1, pos 0)\n\n"
    "== SQL ==\nSELEC 1\n^^^\n";
static const char unknown_column[] =
    "[UNRESOLVED_COLUMN.WITH_SUGGESTION] A column, variable, or function parameter with name "
    "`nocol` cannot be resolved. Did you mean one of the following? [`b`, `id`]. SQLSTATE: 42703; "
    "line 2 pos 2;\n'Project ['nocol]\n+- SubqueryAlias `{tx.k}`\n";
static const char divide_by_zero[] =
    "[DIVIDE_BY_ZERO] Division by zero. Use `try_divide` to tolerate divisor being 0 and return "
    "NULL instead. If necessary set \"spark.sql.ansi.enabled\" to \"false\" to bypass this error. "
    "SQLSTATE: 22012\n== SQL (line 2, position 3) ==\n  id/(id-5) AS x\n  ^^^^^^^^^\n";

static void test_engine_connect_error__parser_places_take_the_token(void **state)
{
    (void)state;
    struct fst_problem p = {.line = 0};
    assert_true(connect_place_of_parser(syntax_error, "SELEC 1", &p));
    place_is(&p, 1, 1, 5);
    cleans_to(syntax_error, "Syntax error at or near 'SELEC'.");
}

static void test_engine_connect_error__reads_the_parsers_place_of_3_5(void **state)
{
    (void)state;
    struct fst_problem p = {.line = 0};
    const char *m = "\n[PARSE_SYNTAX_ERROR] Syntax error at or near 'x'.(line 2, pos 11)\n\n== SQL "
                    "==\nSELECT 1\nFROM t WHER x\n";
    assert_true(connect_place_of_parser(m, "SELECT 1\nFROM t WHER x", &p));
    place_is(&p, 2, 12, 1);
    cleans_to(m, "Syntax error at or near 'x'.");
}

static void test_engine_connect_error__analysis_places_count_from_zero(void **state)
{
    (void)state;
    struct fst_problem p = {.line = 0};
    assert_false(connect_place_of_parser(unknown_column, "SELECT\n  nocol FROM t", &p));
    assert_true(connect_place_of_message(unknown_column, "SELECT\n  nocol FROM t", &p));
    place_is(&p, 2, 3, 5);
    cleans_to(unknown_column,
              "A column, variable, or function parameter with name `nocol` cannot be resolved. Did "
              "you mean one of the following? [`b`, `id`].");
}

static void test_engine_connect_error__runtime_places_count_from_one(void **state)
{
    (void)state;
    struct fst_problem p = {.line = 0};
    assert_true(connect_place_of_message(divide_by_zero, "SELECT\n  id/(id-5) AS x", &p));
    place_is(&p, 2, 3, 9);
    cleans_to(divide_by_zero, "Division by zero. Use `try_divide` to tolerate divisor being 0 and "
                              "return NULL instead. If necessary set \"spark.sql.ansi.enabled\" to "
                              "\"false\" to bypass this error.");
}

static void test_engine_connect_error__words_of_users_are_no_places(void **state)
{
    (void)state;
    struct fst_problem p = {.line = 0};
    const char *m = "[USER_RAISED_EXCEPTION] see (line 7, pos 3) of the manual SQLSTATE: P0001";
    assert_false(connect_place_of_parser(m, "SELECT 1", &p));
    assert_false(connect_place_of_message(m, "SELECT 1", &p));
    assert_false(connect_place_of_message("; line x pos 1", "SELECT 1", &p));
    assert_false(connect_place_of_message("; line 99999999999999999999 pos 1", "SELECT 1", &p));
    assert_int_equal(p.line, 0);
}

/* FetchErrorDetails with one error and one context. */
static void write_details(struct fst_buf *b, uint64_t start, uint64_t stop, const char *object_type)
{
    pb_uint(b, 1, 0);
    size_t error = pb_open(b, 2), throwable = pb_open(b, 5);
    pb_text(b, 1, "DIVIDE_BY_ZERO");
    size_t context = pb_open(b, 3);
    pb_text(b, 1, object_type);
    if (start)
        pb_uint(b, 3, start);
    pb_uint(b, 4, stop);
    pb_text(b, 5, "id/(id-5)");
    pb_close(b, context);
    pb_text(b, 4, "22012");
    pb_close(b, throwable);
    pb_close(b, error);
}

static void test_engine_connect_error__contexts_give_ranges_in_code_points(void **state)
{
    (void)state;
    struct fst_buf b = FST_BUF_TEXT;
    struct fst_problem p = {.line = 0};
    write_details(&b, 13, 21, NULL);
    assert_true(
        connect_place_of_details(b.p, b.n, "SELECT '\xf0\x9f\x90\x98',\n id/(id-5) AS x", &p));
    place_is(&p, 2, 2, 9);
    assert_string_equal(p.condition, "DIVIDE_BY_ZERO");
    assert_string_equal(p.sqlstate, "22012");
    fst_buf_done(&b);
}

static void test_engine_connect_error__contexts_may_begin_at_zero_and_lie(void **state)
{
    (void)state;
    struct fst_buf b = FST_BUF_TEXT;
    struct fst_problem p = {.line = 0};
    write_details(&b, 0, 1000, NULL);
    assert_true(connect_place_of_details(b.p, b.n, "a/0", &p));
    place_is(&p, 1, 1, 3);
    fst_buf_clear(&b);
    p = (struct fst_problem){.line = 0};
    write_details(&b, 5000, 6000, NULL);
    assert_false(connect_place_of_details(b.p, b.n, "a/0", &p));
    fst_buf_clear(&b);
    write_details(&b, 0, 2, "VIEW"); /* a place in another text */
    assert_false(connect_place_of_details(b.p, b.n, "a/0", &p));
    fst_buf_done(&b);
}

static void test_engine_connect_error__tracebacks_name_the_innermost_line(void **state)
{
    (void)state;
    struct fst_problem p = {.line = 0};
    assert_true(connect_python_place("An exception was thrown: Traceback (most recent call last):\n"
                                     "  File \"<transformation>\", line 7, in f\n"
                                     "    g(1)\n"
                                     "  File \"<transformation>\", line 3, in g\n"
                                     "    return 1 // 0\n"
                                     "           ^^^^^^\n"
                                     "ZeroDivisionError: integer division by zero\n\nmore",
                                     &p));
    place_is(&p, 3, 1, 1);
    assert_string_equal(p.message, "ZeroDivisionError: integer division by zero");
    assert_true(connect_python_place("\"select\" was called from\n<transformation>:12\n", &p));
    place_is(&p, 12, 1, 1);
    p = (struct fst_problem){.line = 0};
    assert_false(connect_python_place("<transformation>", &p));
    assert_false(connect_python_place("<transformation>:0", &p));
    assert_false(connect_python_place("<transformation>\", line x", &p));
    assert_false(connect_python_place("<transformation>:99999999999999999999", &p));
    assert_int_equal(p.line, 0);
}

static void test_engine_connect_error__contexts_without_a_text_are_calls(void **state)
{
    (void)state;
    struct fst_buf b = FST_BUF_TEXT;
    struct fst_problem p = {.line = 0};
    size_t error = pb_open(&b, 2), throwable = pb_open(&b, 5), context = pb_open(&b, 3);
    pb_text(&b, 5, "col");
    pb_text(&b, 6, "<transformation>:6");
    pb_uint(&b, 10, 1);
    pb_close(&b, context);
    pb_close(&b, throwable);
    pb_close(&b, error);
    assert_false(connect_place_of_details(b.p, b.n, "SELECT 1", &p));
    assert_true(connect_place_of_details(b.p, b.n, NULL, &p));
    place_is(&p, 6, 1, 1);
    fst_buf_clear(&b);
    error = pb_open(&b, 2);
    pb_text(&b, 2,
            "Traceback (most recent call last):\n  File \"<transformation>\", line 4, in f\n"
            "ValueError: no\n");
    pb_close(&b, error);
    assert_true(connect_place_of_details(b.p, b.n, NULL, &p));
    place_is(&p, 4, 1, 1);
    assert_string_equal(p.message, "ValueError: no");
    fst_buf_done(&b);
}

static void add_metadata(struct fst_buf *b, const char *key, const char *value)
{
    pb_entry(b, 3, key, value);
}

static void test_engine_connect_error__takes_condition_and_state_from_details(void **state)
{
    (void)state;
    struct fst_buf b = FST_BUF_TEXT;
    pb_uint(&b, 1, 13);
    size_t any = pb_open(&b, 3);
    pb_text(&b, 1, "type.googleapis.com/google.rpc.ErrorInfo");
    size_t info = pb_open(&b, 2);
    pb_text(&b, 1, "org.apache.spark.sql.AnalysisException");
    add_metadata(&b, "errorClass", "TABLE_OR_VIEW_NOT_FOUND");
    add_metadata(&b, "sqlState", "42P01");
    add_metadata(&b, "errorId", "5b5c1f0c-0000-0000-0000-000000000000");
    pb_close(&b, info);
    pb_close(&b, any);
    const struct fst_grpc_result result = {.status = 13, .message = "no table", .details = b};
    struct connect_failure f;
    connect_failure_read(&result, &f);
    assert_string_equal(f.condition, "TABLE_OR_VIEW_NOT_FOUND");
    assert_string_equal(f.sqlstate, "42P01");
    assert_string_equal(f.error_id, "5b5c1f0c-0000-0000-0000-000000000000");
    connect_failure_done(&f);
    fst_buf_done(&b);
}

static void test_engine_connect_error__takes_the_condition_from_the_message(void **state)
{
    (void)state;
    const struct fst_grpc_result result = {.status = 13, .message = (char *)syntax_error};
    struct connect_failure f;
    connect_failure_read(&result, &f);
    assert_string_equal(f.condition, "PARSE_SYNTAX_ERROR");
    connect_failure_done(&f);
}

static enum fst_status status_of(int grpc, const char *condition, const char *sqlstate,
                                 bool running)
{
    struct connect_failure f = {.grpc = grpc, .message = (char *)"m"};
    struct fst_problem p = {.line = 0};
    struct fst_error err;
    snprintf(f.condition, sizeof(f.condition), "%s", condition);
    snprintf(p.condition, sizeof(p.condition), "%s", condition);
    snprintf(p.sqlstate, sizeof(p.sqlstate), "%s", sqlstate);
    return connect_fail(&f, &p, running, &err);
}

static void test_engine_connect_error__statuses_steer(void **state)
{
    (void)state;
    assert_int_equal(status_of(13, "UNRESOLVED_COLUMN", "42703", false), FST_EINVAL);
    assert_int_equal(status_of(13, "UNRESOLVED_COLUMN", "42703", true), FST_EINVAL);
    assert_int_equal(status_of(13, "DIVIDE_BY_ZERO", "22012", true), FST_EREMOTE);
    assert_int_equal(status_of(13, "OPERATION_CANCELED", "HY008", true), FST_ECANCELLED);
    assert_int_equal(status_of(13, "INVALID_HANDLE.SESSION_CLOSED", "08003", false), FST_ENOTFOUND);
    assert_int_equal(status_of(13, "", "", true), FST_EREMOTE);
    assert_int_equal(status_of(16, "", "", false), FST_EAUTH);
    assert_int_equal(status_of(14, "", "", false), FST_ENET);
    assert_int_equal(status_of(12, "", "", false), FST_EUNSUPPORTED);
}

static void test_engine_connect_error__clean_cuts_at_a_whole_character(void **state)
{
    (void)state;
    char out[6];
    connect_message_clean("ab\xe6\x97\xa5\xe6\x97\xa5", out, sizeof(out));
    assert_string_equal(out, "ab\xe6\x97\xa5");
    connect_message_clean("a\xe6\x97\xa5\xe6\x97\xa5", out, sizeof(out));
    assert_string_equal(out, "a\xe6\x97\xa5");
    connect_message_clean("", out, sizeof(out));
    assert_string_equal(out, "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_engine_connect_error__parser_places_take_the_token),
        cmocka_unit_test(test_engine_connect_error__reads_the_parsers_place_of_3_5),
        cmocka_unit_test(test_engine_connect_error__analysis_places_count_from_zero),
        cmocka_unit_test(test_engine_connect_error__runtime_places_count_from_one),
        cmocka_unit_test(test_engine_connect_error__words_of_users_are_no_places),
        cmocka_unit_test(test_engine_connect_error__contexts_give_ranges_in_code_points),
        cmocka_unit_test(test_engine_connect_error__contexts_may_begin_at_zero_and_lie),
        cmocka_unit_test(test_engine_connect_error__tracebacks_name_the_innermost_line),
        cmocka_unit_test(test_engine_connect_error__contexts_without_a_text_are_calls),
        cmocka_unit_test(test_engine_connect_error__takes_condition_and_state_from_details),
        cmocka_unit_test(test_engine_connect_error__takes_the_condition_from_the_message),
        cmocka_unit_test(test_engine_connect_error__statuses_steer),
        cmocka_unit_test(test_engine_connect_error__clean_cuts_at_a_whole_character),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
