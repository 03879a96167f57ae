/* The calendar, timestamps as text, and spans, sizes and counts for people. */
#include "firesteel/base.h"

#include <setjmp.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define DAY_US INT64_C(86400000000)

static void is_written(void (*write)(struct fst_buf *, int64_t), int64_t v, const char *expected)
{
    struct fst_buf out = FST_BUF_TEXT;
    write(&out, v);
    assert_string_equal(fst_buf_text(&out), expected);
    fst_buf_done(&out);
}

static bool parses(const char *text, int64_t *us)
{
    size_t n = strlen(text);
    char *exact = malloc(n ? n : 1); /* no NUL, so that a read past the end is seen */
    memcpy(exact, text, n);
    bool good = fst_timestamp_parse_iso(exact, n, us);
    free(exact);
    return good;
}

static void test_base_time__counts_days_both_ways_over_all_eras(void **state)
{
    int64_t year;
    int month, day;

    (void)state;
    assert_int_equal(fst_days_from_civil(1970, 1, 1), 0);
    assert_int_equal(fst_days_from_civil(2000, 2, 29), 11016);
    assert_int_equal(fst_days_from_civil(1969, 12, 31), -1);
    assert_int_equal(fst_days_from_civil(1, 1, 1), -719162);
    for (int64_t days = -1000000; days < 3000000; days += 7) {
        fst_civil_from_days(days, &year, &month, &day);
        assert_in_range(month, 1, 12);
        assert_in_range(day, 1, 31);
        assert_int_equal(fst_days_from_civil(year, month, day), days);
    }
}

static void test_base_time__writes_timestamps_as_spark_shows_them(void **state)
{
    (void)state;
    is_written(fst_timestamp_text, 0, "1970-01-01 00:00:00");
    is_written(fst_timestamp_text, 500000, "1970-01-01 00:00:00.5");
    is_written(fst_timestamp_text, -1, "1969-12-31 23:59:59.999999");
    is_written(fst_timestamp_text, DAY_US - 10, "1970-01-01 23:59:59.99999");
    is_written(fst_timestamp_iso, -DAY_US, "1969-12-31T00:00:00Z");
    is_written(fst_timestamp_text, INT64_MAX, "+294247-01-10 04:00:54.775807");
    is_written(fst_timestamp_text, INT64_MIN, "-290308-12-21 19:59:05.224192");
    is_written(fst_date_text, INT32_MAX, "+5881580-07-11");
    is_written(fst_date_text, -719163, "0000-12-31");
}

static void test_base_time__reads_iso_timestamps(void **state)
{
    static const struct {
        const char *text;
        int64_t us;
    } all[] = {
        {"1970-01-02", DAY_US},
        {"1970-01-01T00:00:01Z", 1000000},
        {"1970-01-01 00:00:00.5", 500000},
        {"1970-01-01T00:00:00.1234567Z", 123456},
        {"1970-01-01T02:00:00+02:00", 0},
        {"1970-01-01T00:00:00-00:30", INT64_C(1800000000)},
        {"1969-12-31T23:59:59.999999Z", -1},
        {"2024-02-29", INT64_C(19782) * DAY_US},
    };
    int64_t us;

    (void)state;
    for (size_t i = 0; i < FST_COUNT(all); i++) {
        us = 7;
        assert_true(parses(all[i].text, &us));
        assert_int_equal(us, all[i].us);
    }
}

static void test_base_time__refuses_what_is_no_instant(void **state)
{
    static const char *const all[] = {
        "",
        "2024",
        "2024-13-01",
        "2023-02-29",
        "2024-00-10",
        "2024-1-1",
        "2024-01-01T",
        "2024-01-01T24:00:00",
        "2024-01-01T12:60:00",
        "2024-01-01T-1:00:00",
        "2024-01-01T12:00:00.",
        "2024-01-01T12:00:00Zx",
        "2024-01-01T12:00:00+2",
        "2147483647-01-01",
        " 2024-01-01",
        "2024-01-01 12:00:00 ",
    };
    int64_t us;

    (void)state;
    for (size_t i = 0; i < FST_COUNT(all); i++)
        if (parses(all[i], &us))
            fail_msg("%s was read", all[i]);
}

static void test_base_time__takes_a_pinned_now(void **state)
{
    (void)state;
    setenv("FIRESTEEL_NOW", "1970-01-02T00:00:00Z", 1);
    assert_int_equal(fst_now_us(), DAY_US);
    unsetenv("FIRESTEEL_NOW");
    assert_true(fst_now_us() > INT64_C(1600000000000000));
    int64_t before = fst_monotonic_us();
    assert_true(fst_monotonic_us() >= before);
}

static void test_base_time__writes_spans_for_people(void **state)
{
    (void)state;
    is_written(fst_duration_text, 350000, "350ms");
    is_written(fst_duration_text, 4250000, "4.2s");
    is_written(fst_duration_text, 59999999, "59s");
    is_written(fst_duration_text, INT64_C(192000000), "3m12s");
    is_written(fst_duration_text, INT64_C(7500000000), "2h05m");
    is_written(fst_duration_text, INT64_C(7200000000), "2h");
    is_written(fst_duration_text, 3 * DAY_US + INT64_C(14400000000), "3d4h");
    is_written(fst_duration_text, -5, "0ms");
}

static void size_text(struct fst_buf *out, int64_t n)
{
    fst_size_text(out, (uint64_t)n);
}

static void test_base_time__writes_sizes_and_counts_for_people(void **state)
{
    (void)state;
    is_written(size_text, 812, "812 B");
    is_written(size_text, 1400000, "1.4 MB");
    is_written(size_text, 999, "999 B");
    is_written(size_text, 999999, "1.0 MB");
    is_written(size_text, 25400000, "25 MB");
    is_written(fst_count_text, 0, "0");
    is_written(fst_count_text, 999, "999");
    is_written(fst_count_text, 1234567, "1,234,567");
    is_written(fst_count_text, -123456, "-123,456");
    is_written(fst_count_text, INT64_MIN, "-9,223,372,036,854,775,808");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_base_time__counts_days_both_ways_over_all_eras),
        cmocka_unit_test(test_base_time__writes_timestamps_as_spark_shows_them),
        cmocka_unit_test(test_base_time__reads_iso_timestamps),
        cmocka_unit_test(test_base_time__refuses_what_is_no_instant),
        cmocka_unit_test(test_base_time__takes_a_pinned_now),
        cmocka_unit_test(test_base_time__writes_spans_for_people),
        cmocka_unit_test(test_base_time__writes_sizes_and_counts_for_people),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
