/* What must run again: in order, at once also where there are more ways than anybody can walk. */
#include "workspace.h"

#include <setjmp.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define DIAMONDS 30

/* t0 <- a0, b0 <- t1 <- ...: 2^30 ways from the first to the last. */
static void write_diamonds(struct fst_buf *out)
{
    fst_buf_adds(out, "entities: [{name: user}]\nsources:\n  - {name: src, variant: v1, path: "
                      "src.csv, format: csv}\ntransformations:\n"
                      "  - {name: t0, variant: v1, sql: \"SELECT 1 AS x FROM {{src.v1}}\"}\n");
    for (int i = 0; i < DIAMONDS; i++)
        fst_buf_printf(
            out,
            "  - {name: a%d, variant: v1, sql: \"SELECT x FROM {{t%d.v1}}\"}\n"
            "  - {name: b%d, variant: v1, sql: \"SELECT x FROM {{t%d.v1}}\"}\n"
            "  - {name: t%d, variant: v1, sql: \"SELECT l.x FROM {{a%d.v1}} l JOIN {{b%d.v1}} r ON "
            "l.x = r.x\"}\n",
            i, i, i, i, i + 1, i, i);
    fst_buf_printf(out,
                   "features:\n  - {name: f, variant: v1, entity: user, from: t%d.v1, "
                   "entity_column: x, value_column: x}\n",
                   DIAMONDS);
}

static int make_workspace(void **state)
{
    struct fst_buf yaml = FST_BUF_TEXT;
    if (workspace_make(state) != 0)
        return -1;
    fst_file_write("src.csv", "x\n1\n", 4, 0644, NULL);
    write_diamonds(&yaml);
    int failed = workspace_define(fst_buf_text(&yaml));
    fst_buf_done(&yaml);
    return failed;
}

static size_t place_in(const struct fst_impact *m, const char *label)
{
    size_t i = 0;
    while (i < m->n && strcmp(m->items[i].label, label) != 0)
        i++;
    return i;
}

static void what_stands_on_it_is_in_dependency_order(void **state)
{
    (void)state;
    struct fst_impact m;
    assert_int_equal(fst_app_impact(app, "source/src.v1", &m, &err), FST_OK);
    assert_int_equal(m.n, 3 * DIAMONDS + 3);
    assert_int_equal(m.n_runs, 3 * DIAMONDS + 1);
    assert_int_equal(m.n_unknown, m.n_runs);
    for (int i = 0; i < DIAMONDS; i++) {
        char a[16], b[16], before[16], after[16];
        snprintf(a, sizeof a, "a%d.v1", i);
        snprintf(b, sizeof b, "b%d.v1", i);
        snprintf(before, sizeof before, "t%d.v1", i);
        snprintf(after, sizeof after, "t%d.v1", i + 1);
        assert_true(place_in(&m, before) < place_in(&m, a));
        assert_true(place_in(&m, before) < place_in(&m, b));
        assert_true(place_in(&m, a) < place_in(&m, after));
        assert_true(place_in(&m, b) < place_in(&m, after));
    }
    fst_impact_done(&m);
}

static void each_says_why_and_who_reads_it(void **state)
{
    (void)state;
    struct fst_impact m;
    assert_int_equal(fst_app_impact(app, "t29", &m, &err), FST_OK);
    assert_int_equal(m.n, 5);
    assert_string_equal(m.items[0].why, "changes itself; never ran");
    const struct fst_impact_node *last = &m.items[place_in(&m, "t30.v1")];
    assert_non_null(strstr(last->why, "stands on a29.v1, b29.v1"));
    assert_string_equal(last->readers, "f.v1");
    assert_int_equal(strlen(last->hash), 64);
    assert_false(m.items[place_in(&m, "f.v1")].runs);
    fst_impact_done(&m);
}

static void a_chain_of_diamonds_takes_no_time(void **state)
{
    (void)state;
    int64_t best = INT64_MAX;
    for (int i = 0; i < 5; i++) {
        struct fst_labels plan;
        int64_t began = fst_monotonic_us();
        assert_int_equal(fst_app_run_plan(app, "t0", false, true, &plan, &err), FST_OK);
        int64_t took = fst_monotonic_us() - began;
        best = took < best ? took : best;
        assert_int_equal(plan.n, 3 * DIAMONDS + 1);
        fst_labels_free(&plan);
    }
    print_message("planned in %lld us\n", (long long)best);
    assert_true(best < 100000); /* all ways would be 2^30 */
}

static void what_it_needs_and_what_stands_on_it_are_one_plan(void **state)
{
    (void)state;
    struct fst_labels plan;
    assert_int_equal(fst_app_run_plan(app, "a29", true, true, &plan, &err), FST_OK);
    assert_int_equal(plan.n, 3 * 29 + 3);
    assert_string_equal(plan.labels[0], "t0.v1");
    assert_string_equal(plan.labels[plan.n - 1], "t30.v1");
    fst_labels_free(&plan);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_stands_on_it_is_in_dependency_order),
        cmocka_unit_test(each_says_why_and_who_reads_it),
        cmocka_unit_test(a_chain_of_diamonds_takes_no_time),
        cmocka_unit_test(what_it_needs_and_what_stands_on_it_are_one_plan),
    };
    return cmocka_run_group_tests(tests, make_workspace, workspace_remove);
}
