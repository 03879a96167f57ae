/* What a log says line by line: levels, folded traces, filters, times, and what goes when it is
 * long. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "log.h"

#define MINUTE INT64_C(60000000)

static const char trace[] = "26/11/28 10:00:00 INFO A: begins\n"
                            "26/11/28 10:00:01 ERROR B: broke\n"
                            "java.lang.RuntimeException: outer\n"
                            "\tat a.B.c(B.java:1)\n"
                            "\tat a.B.d(B.java:2)\n"
                            "Caused by: java.io.IOException: the disk is full\n"
                            "\tat e.F.g(F.java:3)\n"
                            "\t... 7 more\n"
                            "26/11/28 10:00:02 WARN C: after\n";

static struct log *opened(const char *text)
{
    struct log *l = fst_alloc(sizeof *l);
    log_open(l, 64 << 20);
    log_add(l, text, strlen(text));
    return l;
}

static void closed(struct log *l)
{
    log_close(l);
    free(l);
}

static enum fst_role role_of_line(const char *text)
{
    struct log *l = opened(text);
    enum fst_role role = log_draw_row(l, 0).role;
    closed(l);
    return role;
}

static void test_view_log__levels_are_words_of_their_own(void **state)
{
    (void)state;
    assert_int_equal(role_of_line("26/11/28 10:00:00 ERROR X: y"), FST_ROLE_ERROR);
    assert_int_equal(role_of_line("10:00:00 FAILED"), FST_ROLE_ERROR);
    assert_int_equal(role_of_line("[WARN] y"), FST_ROLE_WARN);
    assert_int_equal(role_of_line("26/11/28 10:00:00 INFO X: no ERROR here"), FST_ROLE_TEXT);
    assert_int_equal(role_of_line("DEBUG y"), FST_ROLE_DIM);
    assert_int_equal(role_of_line("NOTERROR y"), FST_ROLE_TEXT);
    assert_int_equal(role_of_line("an error in small letters"), FST_ROLE_TEXT);
}

static void test_view_log__a_trace_is_a_row_with_its_root_cause(void **state)
{
    struct log *l = opened(trace);
    (void)state;
    assert_int_equal(l->n_rows, 4);
    struct fst_pager_line row = log_draw_row(l, 2);
    assert_non_null(memmem(row.p, row.n, "java.io.IOException: the disk is full", 37));
    assert_non_null(memmem(row.p, row.n, "[6 lines]", 9));
    assert_true(log_is_error(l, 2));
    l->lines[l->rows[2].head].open = true;
    log_build(l);
    assert_int_equal(l->n_rows, 4 + 6);
    assert_int_equal(log_row_of(l, 8), 9);
    closed(l);
}

static void test_view_log__a_line_that_comes_in_pieces_is_one(void **state)
{
    struct log *l = opened("26/11/28 10:00:00 INFO A: be");
    (void)state;
    assert_int_equal(l->n_rows, 1);
    log_add(l, "gins\nnext", 9);
    assert_int_equal(l->n_rows, 2);
    struct fst_pager_line row = log_draw_row(l, 0);
    assert_int_equal(row.n, strlen("26/11/28 10:00:00 INFO A: begins"));
    closed(l);
}

static void test_view_log__a_filter_finds_inside_of_traces(void **state)
{
    struct log *l = opened(trace);
    (void)state;
    log_set_filter(l, "F.java");
    assert_int_equal(l->n_rows, 1); /* the trace that has it */
    log_set_filter(l, "!INFO");
    assert_int_equal(l->n_rows, 3);
    static const char more[] = "26/11/28 10:00:03 INFO D: more\n26/11/28 10:00:04 WARN D: shown\n";
    log_add(l, more, sizeof more - 1);
    assert_int_equal(l->n_rows, 4);
    l->everything = true;
    log_build(l);
    assert_int_equal(l->n_rows, 6);
    log_set_filter(l, "");
    assert_int_equal(l->n_rows, 6);
    closed(l);
}

static void test_view_log__the_older_half_goes_when_it_is_long(void **state)
{
    struct log *l = opened("");
    char line[64];
    (void)state;
    size_t gone = 0, most = 0;
    for (int i = 0; i < 100000; i++) {
        int n = snprintf(line, sizeof line, "26/11/28 10:00:00 INFO A: line %06d\n", i);
        fst_buf_add(&l->text, line, (size_t)n); /* scanned with the next piece */
        if (i % 1000 == 999) {
            log_add(l, "", 0);
            gone += log_drop(l, 1 << 20);
            most = l->text.cap > most ? l->text.cap : most;
            assert_int_equal(gone + l->n_lines, (size_t)i + 1);
        }
    }
    assert_true(gone > 50000 && most < 4u << 20);
    assert_true(l->cap < 100000 && l->rows_cap < 100000);
    struct fst_pager_line last = log_draw_row(l, l->n_rows - 1);
    assert_non_null(memmem(last.p, last.n, "line 099999", 11));
    struct fst_pager_line first = log_draw_row(l, 0);
    snprintf(line, sizeof line, "line %06zu", gone);
    assert_non_null(memmem(first.p, first.n, line, 11));
    closed(l);
}

static int64_t time_of(const char *text, int64_t before)
{
    int64_t us = -1;
    return log_time_of(text, strlen(text), before, &us) ? us : -1;
}

static int64_t iso(const char *text)
{
    int64_t us = -1;
    assert_true(fst_timestamp_parse_iso(text, strlen(text), &us));
    return us;
}

static void test_view_log__times_of_lines_are_read(void **state)
{
    int64_t ten = iso("2026-11-28T10:00:05Z");
    (void)state;
    assert_int_equal(time_of("26/11/28 10:00:05 INFO X: y", 0), ten);
    assert_int_equal(time_of("2026-11-28 10:00:05,250 y", 0), ten + 250000);
    assert_int_equal(time_of("[2026-11-28T10:00:05.5Z] y", 0), ten + 500000);
    assert_int_equal(time_of("WARN 2026-11-28 10:00:05 y", 0), ten);
    assert_int_equal(time_of("10:00:05 RUNNING", iso("2026-11-28T09:59:00Z")), ten);
    assert_int_equal(time_of("00:00:05 x", iso("2026-11-27T23:59:00Z")),
                     iso("2026-11-28T00:00:05Z"));
    assert_int_equal(time_of("java.lang.X: y", ten), -1);
    assert_int_equal(time_of("\tat a.B(B.java:12)", ten), -1);
    assert_int_equal(time_of("2026-13-41 10:00:05", 0), -1);
    assert_int_equal(time_of("at 99:00:05", 0), -1);
    assert_int_equal(time_of("", 0), -1);
    assert_int_equal(time_of("26/11/28 10:0", 0), -1);
}

static void test_view_log__typed_times_are_understood(void **state)
{
    int64_t newest = iso("2026-11-28T10:30:00Z");
    struct log_time t;
    (void)state;
    assert_true(log_time_parse("5m", newest, &t) && t.last_us == 5 * MINUTE);
    assert_true(log_time_parse("last 1h", newest, &t) && t.last_us == 60 * MINUTE);
    assert_true(log_time_parse("", newest, &t) && !t.last_us && !t.from_us && !t.to_us);
    assert_true(log_time_parse("10:00..10:05", newest, &t));
    assert_int_equal(t.from_us, iso("2026-11-28T10:00:00Z"));
    assert_int_equal(t.to_us, iso("2026-11-28T10:05:00Z"));
    assert_true(log_time_parse("23:50..", newest, &t));
    assert_int_equal(t.from_us, iso("2026-11-27T23:50:00Z"));
    assert_true(log_time_parse("..2026-11-28 09:00:30", newest, &t));
    assert_int_equal(t.to_us, iso("2026-11-28T09:00:30Z"));
    assert_true(log_time_parse("2026-11-27..", newest, &t));
    static const char *const wrong[] = {"..",      "5",     "m",      "-5m",
                                        "5 weeks", "10:00", "10..11", "x..y"};
    for (size_t i = 0; i < FST_COUNT(wrong); i++)
        if (log_time_parse(wrong[i], newest, &t))
            fail_msg("%s is taken for a time", wrong[i]);
}

static void test_view_log__lines_without_a_time_go_with_the_line_before(void **state)
{
    struct log *l = opened(trace);
    const char more[] = "26/11/28 10:20:00 INFO late\nand its second line\n";
    (void)state;
    log_add(l, more, strlen(more));
    l->time = (struct log_time){.last_us = 5 * MINUTE};
    log_build(l);
    assert_int_equal(l->n_rows, 2);
    l->time = (struct log_time){.to_us = iso("2026-11-28T10:00:01Z")};
    log_build(l);
    assert_int_equal(l->n_rows, 3); /* begins, broke, and its trace */
    const char newer[] = "26/11/28 10:40:00 INFO newest\n";
    l->time = (struct log_time){.last_us = 5 * MINUTE};
    log_add(l, newer, strlen(newer));
    assert_int_equal(l->n_rows, 1); /* it goes along */
    closed(l);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_view_log__levels_are_words_of_their_own),
        cmocka_unit_test(test_view_log__a_trace_is_a_row_with_its_root_cause),
        cmocka_unit_test(test_view_log__a_line_that_comes_in_pieces_is_one),
        cmocka_unit_test(test_view_log__a_filter_finds_inside_of_traces),
        cmocka_unit_test(test_view_log__the_older_half_goes_when_it_is_long),
        cmocka_unit_test(test_view_log__times_of_lines_are_read),
        cmocka_unit_test(test_view_log__typed_times_are_understood),
        cmocka_unit_test(test_view_log__lines_without_a_time_go_with_the_line_before),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
