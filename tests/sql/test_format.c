/* Laying SQL out: what comes out says the same, and stays as it is when it is done again. */
#include "firesteel/sql.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static char *format(const char *text)
{
    struct fst_buf out = FST_BUF(1 << 20);
    if (!fst_sql_format(text, strlen(text), &out))
        fail_msg("not laid out: %s", text);
    return fst_buf_take(&out);
}

static void gives(const char *text, const char *expected)
{
    char *got = format(text);
    assert_string_equal(got, expected);
    free(got);
}

static void test_sql_format__puts_clauses_on_lines(void **state)
{
    (void)state;
    gives("select a,b from t left join u on t.id=u.id where a in (select x from y) group by a,b\n",
          "SELECT a, b\nFROM t\nLEFT JOIN u ON t.id=u.id\nWHERE a IN (SELECT x FROM y)\n"
          "GROUP BY a, b\n");
    gives("select 1 union all select 2", "SELECT 1\nUNION ALL\nSELECT 2");
}

static void test_sql_format__lists_and_conditions_that_are_long_stand_below_each_other(void **state)
{
    (void)state;
    gives("select aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa, bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb, "
          "cccccccccccccccccccc from t",
          "SELECT aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa,\n"
          "       bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb,\n"
          "       cccccccccccccccccccc\nFROM t");
    gives("select 1 from t where aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa between 1 and 2 and "
          "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb or cccccccccc",
          "SELECT 1\nFROM t\nWHERE aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa BETWEEN 1 AND 2\n"
          "  AND bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb\n  OR cccccccccc");
}

static void test_sql_format__keeps_comments_where_they_are(void **state)
{
    (void)state;
    gives("-- one\nselect a, -- two\n  b /* three */ from t\n-- four\nwhere x",
          "-- one\nSELECT a, -- two\n       b /* three */\nFROM t\n-- four\nWHERE x");
}

static void test_sql_format__leaves_names_as_they_are(void **state)
{
    (void)state;
    gives("select t.order, 1 group, 2 as from, day, `select` from t",
          "SELECT t.order, 1 group, 2 AS from, day, `select`\nFROM t");
    gives("select extract(day FROM d), 'select  from' FROM t",
          "SELECT extract(day FROM d), 'select  from'\nFROM t");
}

static void test_sql_format__leaves_what_is_not_closed(void **state)
{
    struct fst_buf out = FST_BUF(1000);
    (void)state;
    assert_false(fst_sql_format("select 'a", 9, &out));
    assert_false(fst_sql_format("select (a", 9, &out));
    assert_false(fst_sql_format("select a)", 9, &out));
    assert_false(fst_sql_format(" ", 1, &out));
    fst_buf_done(&out);
}

static bool check_one(const char *text, size_t n)
{
    struct fst_buf once = FST_BUF(1 << 20);
    bool done = fst_sql_format(text, n, &once);
    if (done) {
        char *twice = format(fst_buf_text(&once));
        assert_string_equal(twice, fst_buf_text(&once));
        free(twice);
    }
    fst_buf_done(&once);
    return done;
}

static char *read_all(const char *path, size_t *n)
{
    struct fst_error err;
    char *text;
    if (fst_file_read(path, 4 << 20, &text, n, &err) != FST_OK)
        fail_msg("%s", err.text);
    return text;
}

static size_t check_statements(const char *path)
{
    struct fst_arena *a = fst_arena_new();
    struct fst_statement *all;
    size_t n, count;
    char *text = read_all(path, &n);
    count = fst_sql_split(a, text, n, &all);
    for (size_t i = 0; i < count; i++)
        if (!check_one(text + all[i].offset, all[i].len))
            fail_msg("not laid out: %.*s", (int)all[i].len, text + all[i].offset);
    free(text);
    fst_arena_free(a);
    return count;
}

static void test_sql_format__done_twice_is_done_once(void **state)
{
    static const char *const files[] = {"arrays", "cleaning", "core", "dates", "edges", "everyday"};
    size_t n = 0;
    (void)state;
    for (size_t i = 0; i < FST_COUNT(files); i++) {
        char *path = fst_asprintf("tests/engine/corpus/%s.sql", files[i]);
        n += check_statements(path);
        free(path);
    }
    assert_true(n > 300);
}

static void test_sql_format__one_statement_a_line_too(void **state)
{
    size_t n, done = 0, count = 0;
    char *text = read_all("tests/sql/names.sql", &n), *rest;
    (void)state;
    for (char *line = strtok_r(text, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest)) {
        done += check_one(line, strlen(line));
        count++;
    }
    assert_true(count - done < 50); /* that are not closed, on purpose */
    assert_true(count > 1000);
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sql_format__puts_clauses_on_lines),
        cmocka_unit_test(
            test_sql_format__lists_and_conditions_that_are_long_stand_below_each_other),
        cmocka_unit_test(test_sql_format__keeps_comments_where_they_are),
        cmocka_unit_test(test_sql_format__leaves_names_as_they_are),
        cmocka_unit_test(test_sql_format__leaves_what_is_not_closed),
        cmocka_unit_test(test_sql_format__done_twice_is_done_once),
        cmocka_unit_test(test_sql_format__one_statement_a_line_too),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
