/* Plans in words, from plans as Spark 4.3 and 3.5 gave them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "connect.h"

static const char *const versions[] = {"43", "35"};

static char *plan_text(const char *version, const char *name, size_t *n)
{
    char *path = fst_asprintf("tests/engine/data/explain_%s_%s.txt", version, name);
    char *text;
    struct fst_error err = {.text = ""};
    if (fst_file_read(path, 1 << 20, &text, n, &err) != FST_OK)
        fail_msg("%s", err.text);
    free(path);
    return text;
}

static char *words_of(const char *version, const char *name)
{
    struct fst_buf out = FST_BUF_TEXT;
    size_t n;
    char *text = plan_text(version, name, &n);
    connect_explain_plan(&out, text, n);
    free(text);
    return fst_buf_take(&out);
}

/* Of both versions. */
static void assert_says(const char *name, const char *wanted)
{
    for (size_t i = 0; i < FST_COUNT(versions); i++) {
        char *words = words_of(versions[i], name);
        if (!strstr(words, wanted))
            fail_msg("\"%s\" is not in\n%s", wanted, words);
        free(words);
    }
}

static void test_connect_explain__a_plan_is_a_tree_of_words(void **state)
{
    (void)state;
    for (size_t i = 0; i < FST_COUNT(versions); i++) {
        char *words = words_of(versions[i], "broadcast_aggregate");
        assert_string_equal(
            words,
            "sort by total DESC NULLS LAST, the whole\n"
            "  shuffle by ranges of total DESC NULLS LAST into 200 partitions\n"
            "    aggregate, final, grouped by region, month: sum(amount), count(1)\n"
            "      shuffle by region, month into 200 partitions\n"
            "        aggregate in part, before the shuffle, grouped by region, month: sum(amount), "
            "count(1)\n"
            "          columns amount, month, region\n"
            "            broadcast hash join, inner, the right side is broadcast, on customer_id = "
            "customer_id\n"
            "              keep rows where (isnotnull(amount) AND (amount > 5.0)) AND "
            "isnotnull(customer_id)\n"
            "                read parquet file:/data/tx\n"
            "                    columns read: customer_id bigint, amount double\n"
            "                    partitions: isnotnull(month), (month = 2024-01)\n"
            "                    filters pushed to the files: IsNotNull(amount), "
            "GreaterThan(amount,5.0), IsNotNull(customer_id)\n"
            "                    filters left: (isnotnull(amount) AND (amount > 5.0)) AND "
            "isnotnull(customer_id)\n"
            "              broadcast to every executor\n"
            "                columns customer_id, region\n"
            "                  keep rows where (isnotnull(name) AND Contains(name, 1)) AND "
            "isnotnull(customer_id)\n"
            "                    read parquet file:/data/cust\n"
            "                        columns read: customer_id bigint, name string, region bigint\n"
            "                        filters pushed to the files: IsNotNull(name), "
            "StringContains(name,1), IsNotNull(customer_id)\n"
            "                        filters left: (isnotnull(name) AND Contains(name, 1)) AND "
            "isnotnull(customer_id)\n"
            "Spark may change this while it runs (adaptive execution): joins, numbers of "
            "partitions.\n");
        free(words);
    }
}

static void test_connect_explain__joins_tell_kind_keys_and_condition(void **state)
{
    (void)state;
    assert_says("sort_merge", "sort-merge join, left outer, on id = id, where amount < amount\n");
    assert_says("sort_merge", "    sort by id ASC NULLS FIRST, within each partition\n"
                              "      shuffle by id into 200 partitions\n");
    assert_says("odd",
                "nested loop join with a broadcast side, cross, the right side is broadcast\n");
    assert_says("subquery", "broadcast hash join, left semi, the right side is broadcast");
}

static void test_connect_explain__windows_limits_and_generators_are_said(void **state)
{
    (void)state;
    assert_says("window", "window over rows with the same customer_id, in order of amount DESC "
                          "NULLS LAST: row_number() AS rn\n");
    assert_says("odd", "at most 5 rows\n");
    assert_says("odd", "several rows out of each: explode([1,2])\n");
    assert_says("odd", "shuffle evenly into 7 partitions (asked for by the text)\n");
    assert_says("odd", "Range: Range (0, 10, step=1"); /* as it is */
}

static void test_connect_explain__subqueries_are_said_once_with_their_host(void **state)
{
    (void)state;
    assert_says("subquery", "subquery of the Filter:\n"
                            "  aggregate, final, all rows as one group: avg(region)\n"
                            "    shuffle into one partition\n");
    char *words = words_of("43", "subquery");
    const char *first = strstr(words, "subquery of the");
    assert_null(strstr(first + 1, "subquery of the"));
    free(words);
}

static void assert_words(const char *plan, const char *wanted)
{
    struct fst_buf out = FST_BUF_TEXT;
    connect_explain_plan(&out, plan, strlen(plan));
    assert_string_equal(fst_buf_text(&out), wanted);
    fst_buf_done(&out);
}

static void test_connect_explain__what_is_not_known_is_shown_as_it_is(void **state)
{
    (void)state;
    assert_words("", "");
    assert_words("Spark says something else\n", "");
    assert_words("== Physical Plan ==\n* Frobnicate Hard (2)\n+- * ColumnarToRow (1)\n\n\n"
                 "(2) Frobnicate [codegen id : 1]\nArguments: [a#1, b#22L], `c#`, x = #9\n",
                 "Frobnicate Hard: [a, b], `c#`, x = #9\n");
    assert_words("== Physical Plan ==\nSort (1)\n", "sort by , within each partition\n");
    assert_words("== Physical Plan ==\nReusedExchange (1)\n\n(1) ReusedExchange [Reuses operator "
                 "id: 1]\nOutput: []\n",
                 "the same again as an exchange above or below, not done twice: ReusedExchange\n");
}

/* Cut anywhere and with bytes changed: never a step outside, for which the sanitizers look. */
static void test_connect_explain__damaged_plans_do_no_harm(void **state)
{
    (void)state;
    static const char *const names[] = {"broadcast_aggregate", "odd", "window", "subquery"};
    static const char odd[] = "()[],:#\n <>";
    for (size_t k = 0; k < FST_COUNT(names); k++) {
        size_t n;
        char *text = plan_text("43", names[k], &n);
        for (size_t i = 0; i < n; i += 3) {
            struct fst_buf out = FST_BUF_TEXT;
            char *cut = malloc(i + 1), was = text[i];
            memcpy(cut, text, i);
            connect_explain_plan(&out, cut, i);
            fst_buf_clear(&out);
            text[i] = odd[i % (sizeof(odd) - 1)];
            connect_explain_plan(&out, text, n);
            text[i] = was;
            free(cut);
            fst_buf_done(&out);
        }
        free(text);
    }
}

static void test_connect_explain__size_is_bounded(void **state)
{
    (void)state;
    struct fst_buf plan = FST_BUF_TEXT, out = FST_BUF_TEXT;
    fst_buf_adds(&plan, "== Physical Plan ==\n");
    for (int i = 0; i < 20000; i++)
        fst_buf_printf(&plan, "Union (%d)\n", i);
    connect_explain_plan(&out, plan.p, plan.n);
    size_t lines = 0;
    for (const char *p = fst_buf_text(&out); (p = strchr(p, '\n')); p++)
        lines++;
    assert_int_equal(lines, 4096);
    fst_buf_clear(&plan);
    fst_buf_clear(&out);
    fst_buf_adds(&plan, "== Physical Plan ==\nFilter (1)\n\n(1) Filter\nCondition : ");
    fst_buf_repeat(&plan, 'x', 100000);
    connect_explain_plan(&out, plan.p, plan.n);
    assert_true(out.n < 1000);
    assert_non_null(strstr(fst_buf_text(&out), "x…\n"));
    fst_buf_done(&plan);
    fst_buf_done(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_connect_explain__a_plan_is_a_tree_of_words),
        cmocka_unit_test(test_connect_explain__joins_tell_kind_keys_and_condition),
        cmocka_unit_test(test_connect_explain__windows_limits_and_generators_are_said),
        cmocka_unit_test(test_connect_explain__subqueries_are_said_once_with_their_host),
        cmocka_unit_test(test_connect_explain__what_is_not_known_is_shown_as_it_is),
        cmocka_unit_test(test_connect_explain__damaged_plans_do_no_harm),
        cmocka_unit_test(test_connect_explain__size_is_bounded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
