/* Numbers as Java prints them, exact decimals, integers from text. */
#include "firesteel/base.h"

#include <float.h>
#include <math.h>
#include <setjmp.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void is_double(double v, const char *expected)
{
    struct fst_buf out = FST_BUF_TEXT;
    fst_double_java(&out, v);
    assert_string_equal(fst_buf_text(&out), expected);
    fst_buf_done(&out);
}

static void is_float(float v, const char *expected)
{
    struct fst_buf out = FST_BUF_TEXT;
    fst_float_java(&out, v);
    assert_string_equal(fst_buf_text(&out), expected);
    fst_buf_done(&out);
}

static void test_base_number__lays_doubles_out_as_java_does(void **state)
{
    (void)state;
    is_double(0, "0.0");
    is_double(-0.0, "-0.0");
    is_double(1, "1.0");
    is_double(-1234.5, "-1234.5");
    is_double(9999999, "9999999.0");
    is_double(1e7, "1.0E7");
    is_double(12345678.9, "1.23456789E7");
    is_double(0.001, "0.001");
    is_double(0.00099, "9.9E-4");
    is_double(0.1 + 0.2, "0.30000000000000004");
    is_double(NAN, "NaN");
    is_double(-INFINITY, "-Infinity");
}

static void test_base_number__prints_the_digits_of_java_17(void **state)
{
    (void)state;
    is_double(DBL_MAX, "1.7976931348623157E308");
    is_double(DBL_MIN, "2.2250738585072014E-308");
    is_double(5e-324, "4.9E-324"); /* two digits at least, and the nearest of those */
    is_double(2e23, "1.9999999999999998E23");
    is_double(1e23, "9.999999999999999E22");
    is_double(0x1p-44, "5.6843418860808015E-14");
    is_double(0x1p-31, "4.6566128730773926E-10");
    is_double(2.82879384806159e17, "2.82879384806159008E17");
    is_double(1.38736413503775411e18, "1.38736413503775411E18");
    is_double(9007199254740993.0, "9.007199254740992E15");
    is_float(0.1f, "0.1");
    is_float(16777216.0f, "1.6777216E7");
    is_float(123456789.0f, "1.23456792E8");
    is_float(2.8147498e14f, "2.81474977E14");
    is_float(1e10f, "1.0E10");
    is_float(FLT_MAX, "3.4028235E38");
    is_float(1.4e-45f, "1.4E-45");
}

static void test_base_number__loses_no_double(void **state)
{
    uint64_t bits = 88172645463325252u;

    (void)state;
    for (int i = 0; i < 20000; i++) {
        double v;
        struct fst_buf out = FST_BUF_TEXT;
        bits ^= bits << 13, bits ^= bits >> 7, bits ^= bits << 17;
        memcpy(&v, &bits, sizeof v);
        fst_double_java(&out, v);
        if (!isnan(v) && strtod(fst_buf_text(&out), NULL) != v)
            fail_msg("%s is not %a", fst_buf_text(&out), v);
        fst_buf_done(&out);
    }
}

/* By trying: 17 digits at most, the first that read back. */
static void by_trying(char *text, size_t size, double v, bool is_float)
{
    for (int precision = 1; precision <= 16; precision++) {
        snprintf(text, size, "%.*e", precision, v);
        if (is_float ? strtof(text, NULL) == (float)v : strtod(text, NULL) == v)
            return;
    }
}

static void test_base_number__is_as_short_as_trying_makes_it(void **state)
{
    uint64_t bits = 88172645463325252u;

    (void)state;
    for (int i = 0; i < 100000; i++) {
        char text[40];
        struct fst_buf out = FST_BUF_TEXT;
        bits ^= bits << 13, bits ^= bits >> 7, bits ^= bits << 17;
        bool is_float = i % 4 == 0;
        double v = ldexp((double)(bits >> 11) + 1, (int)(bits % 92) - 122);
        if (i % 3 == 0) /* few digits, as people write them */
            v = (double)(bits % 1000000) / 1000.0 + 0.001;
        v = is_float ? fmin((double)(float)v, 0x1p24) : v; /* beyond it is not */
        if (is_float)
            fst_float_java(&out, (float)v);
        else
            fst_double_java(&out, v);
        by_trying(text, sizeof text, v, is_float);
        double ours = strtod(fst_buf_text(&out), NULL), tried = strtod(text, NULL);
        bool reads_back = is_float ? (float)ours == (float)v : ours == v;
        if (!reads_back || ours != tried)
            fail_msg("%s is not %s", fst_buf_text(&out), text);
        fst_buf_done(&out);
    }
}

static void is_decimal(const char *text, int scale, const char *expected)
{
    struct fst_buf out = FST_BUF_TEXT;
    __int128 v = 0;
    assert_true(fst_decimal_parse(text, strlen(text), scale, &v));
    fst_decimal_text(&out, v, scale);
    assert_string_equal(fst_buf_text(&out), expected);
    fst_buf_done(&out);
}

static bool parses(const char *text, int scale)
{
    __int128 v;
    return fst_decimal_parse(text, strlen(text), scale, &v);
}

static void test_base_number__keeps_decimals_exact(void **state)
{
    (void)state;
    is_decimal("0", 0, "0");
    is_decimal("-0.05", 2, "-0.05");
    is_decimal("1.5", 3, "1.500");
    is_decimal("+.5", 1, "0.5");
    is_decimal("1.500", 1, "1.5"); /* nothing is lost */
    is_decimal("-99999999999999999999999999999999999999", 0,
               "-99999999999999999999999999999999999999");
    is_decimal("0.00000000000000000000000000000000000001", 38,
               "0.00000000000000000000000000000000000001");
    is_decimal("000000000000000000000000000000000000000000001", 0, "1");
}

static void test_base_number__refuses_what_is_no_decimal_or_would_be_cut(void **state)
{
    static const char *const all[] = {"",
                                      "-",
                                      ".",
                                      "1.2.3",
                                      "1e3",
                                      " 1",
                                      "1 ",
                                      "--1",
                                      "1.255",
                                      "x",
                                      "100000000000000000000000000000000000000"};

    (void)state;
    for (size_t i = 0; i < FST_COUNT(all); i++)
        assert_false(parses(all[i], 2));
    assert_false(parses("9999999999999999999999999999999999999", 2)); /* 37 + 2 digits */
    assert_false(fst_decimal_parse(NULL, 0, 0, &(__int128){0}));
}

static void test_base_number__writes_any_128_bits(void **state)
{
    struct fst_buf out = FST_BUF_TEXT;

    (void)state;
    fst_decimal_text(&out, (__int128)((unsigned __int128)1 << 127), 0);
    assert_string_equal(fst_buf_text(&out), "-170141183460469231731687303715884105728");
    fst_buf_done(&out);
}

static bool integer(const char *text, int64_t expected)
{
    int64_t v = 0;
    return fst_parse_int64(text, strlen(text), &v) && v == expected;
}

static void test_base_number__reads_all_of_64_bits_and_no_more(void **state)
{
    static const char *const bad[] = {"",
                                      "-",
                                      "+",
                                      "9223372036854775808",
                                      "1x",
                                      " 1",
                                      "0x10",
                                      "-9223372036854775809",
                                      "--1",
                                      "1.0",
                                      "99999999999999999999999"};
    int64_t v;

    (void)state;
    assert_true(integer("9223372036854775807", INT64_MAX));
    assert_true(integer("-9223372036854775808", INT64_MIN));
    assert_true(integer("+007", 7));
    assert_true(integer("-0", 0));
    for (size_t i = 0; i < FST_COUNT(bad); i++)
        assert_false(fst_parse_int64(bad[i], strlen(bad[i]), &v));
    assert_false(fst_parse_int64("12345", 0, &v));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_base_number__lays_doubles_out_as_java_does),
        cmocka_unit_test(test_base_number__prints_the_digits_of_java_17),
        cmocka_unit_test(test_base_number__loses_no_double),
        cmocka_unit_test(test_base_number__is_as_short_as_trying_makes_it),
        cmocka_unit_test(test_base_number__keeps_decimals_exact),
        cmocka_unit_test(test_base_number__refuses_what_is_no_decimal_or_would_be_cut),
        cmocka_unit_test(test_base_number__writes_any_128_bits),
        cmocka_unit_test(test_base_number__reads_all_of_64_bits_and_no_more),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
