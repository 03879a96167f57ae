/* The functions behind the local engine's SQL, asked one by one. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "local_fn.h"

static sqlite3 *db;
static struct local_env env;

static int open_db(void **state)
{
    (void)state;
    struct fst_error err;
    assert_int_equal(sqlite3_open(":memory:", &db), SQLITE_OK);
    return local_register(db, &env, &err) == FST_OK ? 0 : -1;
}

static int close_db(void **state)
{
    (void)state;
    return sqlite3_close(db) == SQLITE_OK ? 0 : -1;
}

/* The text of the first value, "NULL", or the error. */
static char *ask(const char *sql)
{
    static char out[2000];
    sqlite3_stmt *stmt;
    if (sqlite3_prepare_v2(db, sql, -1, &stmt, NULL) != SQLITE_OK)
        fail_msg("%s: %s", sql, sqlite3_errmsg(db));
    int rc = sqlite3_step(stmt);
    const char *text =
        rc == SQLITE_ROW ? (const char *)sqlite3_column_text(stmt, 0) : sqlite3_errmsg(db);
    snprintf(out, sizeof out, "%s", text ? text : "NULL");
    sqlite3_finalize(stmt);
    return out;
}

#define assert_starts(text, head) assert_memory_equal(text, head, strlen(head))

static void test_local_fn__arithmetic_overflows_with_sparks_condition(void **state)
{
    (void)state;
    assert_string_equal(ask("SELECT add_int(2147483646, 1)"), "2147483647");
    assert_starts(ask("SELECT add_int(2147483647, 1)"), "[ARITHMETIC_OVERFLOW] integer overflow");
    assert_starts(ask("SELECT multiply_byte(16, 8)"), "[BINARY_ARITHMETIC_OVERFLOW]");
    assert_starts(ask("SELECT negate_long(-9223372036854775807 - 1)"), "[ARITHMETIC_OVERFLOW]");
    assert_starts(ask("SELECT div_long(1, 0)"), "[DIVIDE_BY_ZERO]");
    assert_string_equal(ask("SELECT pmod_int(-7, 3)"), "2");
    assert_string_equal(ask("SELECT add_int(NULL, 1)"), "NULL");
}

static void test_local_fn__decimals_divide_beyond_128_bits(void **state)
{
    (void)state;
    assert_string_equal(ask("SELECT decimal_to_text(divide_decimal(text_to_decimal('1', 38, 0, 0), "
                            "text_to_decimal('3', 38, 0, 0), 0, 0, 38, 37), 37)"),
                        "0.3333333333333333333333333333333333333");
    assert_string_equal(
        ask("SELECT decimal_to_text(multiply_decimal("
            "text_to_decimal('0.5', 38, 38, 0), "
            "text_to_decimal('0.33333333333333333333333333333333333333', 38, 38, 0), "
            "38, 38, 38, 37), 37)"),
        "0.1666666666666666666666666666666666667");
    assert_starts(ask("SELECT add_decimal(text_to_decimal("
                      "'99999999999999999999999999999999999999', 38, 0, 0), "
                      "text_to_decimal('1', 1, 0, 0), 0, 0, 38, 0)"),
                  "[NUMERIC_VALUE_OUT_OF_RANGE.WITH_SUGGESTION]");
}

static void test_local_fn__division_of_wide_integers_is_exact(void **state)
{
    (void)state;
    struct local_wide a = local_wide_of(local_pow10(37)), b = local_wide_of(7), rest;
    a = local_wide_shift(&a, 60);
    struct local_wide q = local_wide_div(&a, &b, &rest);
    struct local_wide back = local_wide_mul(&q, &b);
    back = local_wide_add(&back, &rest);
    assert_memory_equal(&back, &a, sizeof a);
    assert_int_equal(local_wide_digits(&q), 97);
}

static void test_local_fn__casts_refuse_what_does_not_read(void **state)
{
    (void)state;
    assert_string_equal(ask("SELECT text_to_int(' 12 ', 0)"), "12");
    assert_starts(ask("SELECT text_to_int('12a', 0)"), "[CAST_INVALID_INPUT] The value '12a'");
    assert_string_equal(ask("SELECT text_to_int('12a', 1)"), "NULL");
    assert_starts(ask("SELECT real_to_int(1e20, 0, 0)"), "[CAST_OVERFLOW] The value 1.0E20D");
    assert_string_equal(ask("SELECT double_to_text(1e7)"), "1.0E7");
}

static void test_local_fn__a_moving_frame_adds_anew(void **state)
{
    (void)state;
    assert_string_equal(
        ask("SELECT group_concat(double_to_text(s)) FROM (SELECT sum_double_moving(column1) OVER "
            "(ORDER BY column2 ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) AS s "
            "FROM (VALUES (1e300, 1), (1.5, 2), (2.5, 3)))"),
        "1.0E300,1.0E300,4.0");
}

static void test_local_fn__java_patterns_that_differ_are_named(void **state)
{
    (void)state;
    char why[160];
    assert_true(local_regex_ok(fst_str("^[a-z]+(\\d{2,3})?$"), why, sizeof why));
    assert_false(local_regex_ok(fst_str("[a-z&&[^b]]"), why, sizeof why));
    assert_string_equal(why, "an intersection of classes (&&)");
    assert_false(local_regex_ok(fst_str("a{"), why, sizeof why));
    assert_false(local_regex_ok(fst_str("\\p{L}"), why, sizeof why));
    assert_false(local_regex_ok(fst_str("("), why, sizeof why));
}

static void test_local_fn__a_pattern_that_explodes_is_stopped(void **state)
{
    (void)state;
    assert_starts(ask("SELECT text_rlike('aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!', "
                      "'^(a|aa|a)+$')"),
                  "[UNSUPPORTED_FEATURE]");
}

static void test_local_fn__zones_go_forward_in_gaps_and_early_in_overlaps(void **state)
{
    (void)state;
    struct local_zone *zone;
    struct fst_error err;
    if (local_zone_open("Europe/Berlin", &zone, &err) != FST_OK) {
        print_message("SKIP: this host has no time zones\n");
        skip();
    }
    int64_t gap = fst_days_from_civil(2024, 3, 31) * LOCAL_DAY_US + INT64_C(9000000000);
    assert_int_equal(local_zone_to_local(zone, local_zone_to_utc(zone, gap)),
                     gap + INT64_C(3600000000));
    int64_t twice = fst_days_from_civil(2024, 10, 27) * LOCAL_DAY_US + INT64_C(9000000000);
    assert_int_equal(local_zone_to_utc(zone, twice), twice - INT64_C(7200000000));
    int64_t future = fst_days_from_civil(2300, 7, 1) * LOCAL_DAY_US;
    assert_int_equal(local_zone_to_local(zone, future), future + INT64_C(7200000000));
    local_zone_free(zone);
}

static void test_local_fn__mathematics_is_javas_to_the_last_bit(void **state)
{
    (void)state;
    assert_string_equal(ask("SELECT double_to_text(fd_exp(1.0))"), "2.7182818284590455");
    assert_string_equal(ask("SELECT double_to_text(fd_pow(2.0, 0.3))"), "1.2311444133449163");
    assert_string_equal(ask("SELECT fd_log(0.0)"), "NULL");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_local_fn__arithmetic_overflows_with_sparks_condition),
        cmocka_unit_test(test_local_fn__decimals_divide_beyond_128_bits),
        cmocka_unit_test(test_local_fn__division_of_wide_integers_is_exact),
        cmocka_unit_test(test_local_fn__casts_refuse_what_does_not_read),
        cmocka_unit_test(test_local_fn__a_moving_frame_adds_anew),
        cmocka_unit_test(test_local_fn__java_patterns_that_differ_are_named),
        cmocka_unit_test(test_local_fn__a_pattern_that_explodes_is_stopped),
        cmocka_unit_test(test_local_fn__zones_go_forward_in_gaps_and_early_in_overlaps),
        cmocka_unit_test(test_local_fn__mathematics_is_javas_to_the_last_bit),
    };
    return cmocka_run_group_tests(tests, open_db, close_db);
}
