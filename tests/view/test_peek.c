/* The part of a text that the cursor is in. */
#include "../../src/view/peek.h"

#include <setjmp.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* "|" is the cursor. */
static void part(const char *text, const char *want, const char *name)
{
    const char *bar = strchr(text, '|');
    size_t at = (size_t)(bar - text), n = strlen(text) - 1;
    char *plain = fst_asprintf("%.*s%s", (int)at, text, bar + 1), *what;
    char *sql = peek_query_at(plain, n, at, &what);
    assert_string_equal(sql, want);
    assert_string_equal(what, name);
    free(sql);
    free(what);
    free(plain);
}

static void test_view_peek__a_cte_comes_with_those_before_it(void **state)
{
    (void)state;
    part("WITH a AS (SELECT 1| AS x), b AS (SELECT x FROM a) SELECT * FROM b",
         "WITH a AS (SELECT 1 AS x) SELECT * FROM a", "the CTE a");
    part("WITH a AS (SELECT 1 AS x), b AS (SELECT x FR|OM a) SELECT * FROM b",
         "WITH a AS (SELECT 1 AS x), b AS (SELECT x FROM a) SELECT * FROM b", "the CTE b");
    part("WITH a AS (SELECT sum(|1) AS x) SELECT * FROM a",
         "WITH a AS (SELECT sum(1) AS x) SELECT * FROM a", "the CTE a");
}

static void test_view_peek__a_subquery_comes_with_all_ctes(void **state)
{
    (void)state;
    part("SELECT * FROM (SELECT 1 |AS x) t", " SELECT 1 AS x", "the subquery");
    part("WITH a AS (SELECT 1 AS x) SELECT * FROM (SELECT * FROM |a) t",
         "WITH a AS (SELECT 1 AS x) SELECT * FROM a", "the subquery");
}

static void test_view_peek__elsewhere_it_is_the_text(void **state)
{
    (void)state;
    part("SELECT count(|1) FROM t", "SELECT count(1) FROM t", "the text");
    part("|WITH a AS (SELECT 1) SELECT * FROM a", "WITH a AS (SELECT 1) SELECT * FROM a",
         "the text");
    part("SELECT '(SELECT |1)'", "SELECT '(SELECT 1)'", "the text");
    part("SELECT ((((|", "SELECT ((((", "the text");
    part("|", "", "the text");
}

/* Parentheses that are never closed, or too deep, end somewhere all the same. */
static void test_view_peek__what_is_not_whole_is_cut_at_the_end(void **state)
{
    char deep[2001];
    char *what;
    (void)state;
    part("WITH a AS (SELECT 1|", "WITH a AS (SELECT 1) SELECT * FROM a", "the CTE a");
    for (size_t i = 0; i < 2000; i++)
        deep[i] = i % 2 ? ' ' : '(';
    deep[2000] = '\0';
    char *sql = peek_query_at(deep, 2000, 1500, &what);
    assert_string_equal(what, "the text");
    free(sql);
    free(what);
}

static void statement(const char *text, const char *want)
{
    const char *bar = strchr(text, '|');
    size_t at = (size_t)(bar - text);
    char *plain = fst_asprintf("%.*s%s", (int)at, text, bar + 1);
    struct fst_str s = peek_statement(plain, strlen(plain), at);
    char *got = fst_strndup(s.p, s.n);
    assert_string_equal(got, want);
    free(got);
    free(plain);
}

static void test_view_peek__semicolons_part_statements(void **state)
{
    (void)state;
    statement("SELECT 1|; SELECT 2", "SELECT 1");
    statement("SELECT 1;| SELECT 2", " SELECT 2");
    statement("SELECT ';|'; SELECT 2", "SELECT ';'");
    statement("SELECT 1; -- a; b\nSELECT |2;", " -- a; b\nSELECT 2");
    statement("|", "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_view_peek__a_cte_comes_with_those_before_it),
        cmocka_unit_test(test_view_peek__a_subquery_comes_with_all_ctes),
        cmocka_unit_test(test_view_peek__elsewhere_it_is_the_text),
        cmocka_unit_test(test_view_peek__what_is_not_whole_is_cut_at_the_end),
        cmocka_unit_test(test_view_peek__semicolons_part_statements),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
