/* Lists, search, neighbourhoods and runs. */
#include "catalogs.h"

static size_t listed(struct fixture *f, struct fst_list_query q, int64_t *total)
{
    struct fst_items items;

    if (fst_catalog_list(f->c, &q, &items, &f->err) != FST_OK)
        fail_msg("%s", f->err.text);
    size_t n = items.n;
    *total = items.total;
    fst_items_done(&items);
    return n;
}

static void test_catalog_lists__default_variants_filtered_paged_and_counted(void **state)
{
    struct fixture f;
    int64_t total;

    (void)state;
    open_catalog(&f);
    int64_t a = put_source(&f, "alpha_100", "v1");
    put_source(&f, "beta", "v1");
    put_source(&f, "beta", "v2");
    put_feature(&f, "gamma", a);
    assert_int_equal(
        fst_catalog_set_tags(f.c, a, (const char *const[]){"Gold"}, 1, NULL, 0, &f.err), FST_OK);
    assert_int_equal(listed(&f, (struct fst_list_query){.kind = FST_SOURCE}, &total), 2);
    assert_int_equal(listed(&f, (struct fst_list_query){.kind = -1, .all_variants = true}, &total),
                     4);
    assert_int_equal(listed(&f, (struct fst_list_query){.kind = -1, .limit = 1}, &total), 1);
    assert_int_equal(total, 3);
    assert_int_equal(listed(&f, (struct fst_list_query){.kind = -1, .filter = "GOLD"}, &total), 1);
    assert_int_equal(listed(&f, (struct fst_list_query){.kind = -1, .filter = "_"}, &total), 1);
    assert_int_equal(listed(&f, (struct fst_list_query){.kind = -1, .filter = "%"}, &total), 0);
    assert_int_equal(listed(&f, (struct fst_list_query){.kind = -1, .tag = "Gold"}, &total), 1);
    assert_int_equal(listed(&f, (struct fst_list_query){.kind = -1, .offset = 2}, &total), 1);
    assert_int_equal(total, 3);
    close_catalog(&f);
}

static void test_catalog_lists__archived_ones_only_when_asked_for(void **state)
{
    struct fixture f;
    int64_t total;

    (void)state;
    open_catalog(&f);
    int64_t a = put_source(&f, "a", "v1");
    assert_int_equal(fst_catalog_archive(f.c, a, &f.err), FST_OK);
    assert_int_equal(listed(&f, (struct fst_list_query){.kind = -1}, &total), 0);
    assert_int_equal(listed(&f, (struct fst_list_query){.kind = -1, .archived = true}, &total), 1);
    close_catalog(&f);
}

static void found(struct fixture *f, const char *text, const char *expected)
{
    struct fst_buf names = FST_BUF_TEXT;
    struct fst_items items;

    if (fst_catalog_search(f->c, text, 50, &items, &f->err) != FST_OK)
        fail_msg("%s", f->err.text);
    for (size_t i = 0; i < items.n; i++)
        fst_buf_printf(&names, "%s%s.%s", i ? " " : "", items.items[i].name,
                       items.items[i].variant);
    assert_string_equal(fst_buf_text(&names), expected);
    assert_int_equal(items.total, items.n);
    fst_items_done(&items);
    fst_buf_done(&names);
}

static void test_catalog_search__names_first_then_words_anywhere(void **state)
{
    struct fixture f;

    (void)state;
    open_catalog(&f);
    put_sql(&f, "monthly", "v1", "SELECT spend FROM x", 0, 0);
    put_sql(&f, "avg_spend", "v1", "SELECT 1", 0, 0);
    put_sql(&f, "spend", "v1", "SELECT 2", 0, 0);
    put_sql(&f, "spend", "v2", "SELECT 3", 0, 0);
    found(&f, "spend", "spend.v2 spend.v1 avg_spend.v1 monthly.v1");
    found(&f, "sp", "spend.v2 spend.v1 avg_spend.v1 monthly.v1");
    found(&f, "avg sp", "avg_spend.v1");
    found(&f, "SELECT spend", "spend.v2 spend.v1 avg_spend.v1 monthly.v1");
    found(&f, "nothing", "");
    close_catalog(&f);
}

static void test_catalog_search__follows_changes_and_survives_odd_input(void **state)
{
    struct fixture f;

    (void)state;
    open_catalog(&f);
    int64_t a = put_source(&f, "a", "v1");
    fst_catalog_set_tags(f.c, a, (const char *const[]){"gold"}, 1, NULL, 0, &f.err);
    found(&f, "gold", "a.v1");
    fst_catalog_set_tags(f.c, a, NULL, 0, (const char *const[]){"gold"}, 1, &f.err);
    found(&f, "gold", "");
    fst_catalog_set_property(f.c, a, "team", "risk", &f.err);
    found(&f, "risk", "a.v1");
    found(&f, "\"* OR - NEAR( ) ^ {", "");
    found(&f, "name : a", "");
    found(&f, "", "");
    found(&f, "\xff\xfe", "");
    assert_int_equal(fst_catalog_archive(f.c, a, &f.err), FST_OK);
    found(&f, "risk", "");
    close_catalog(&f);
}

static void test_catalog_edges__walk_up_and_down_to_a_depth(void **state)
{
    struct fst_neighbourhood n;
    struct fixture f;

    (void)state;
    open_catalog(&f);
    struct fst_resource *r = fst_resource_new(FST_PROVIDER, "local", NULL);
    r->engine = "local";
    int64_t p = put(&f, r, NULL, 0, 0);
    r = fst_resource_new(FST_SOURCE, "tx", "v1");
    r->path = "/x";
    int64_t a = put(&f, r, "provider", p, 0);
    int64_t b = put_sql(&f, "b", "v1", "SELECT 1", a, 0);
    int64_t c = put_sql(&f, "c", "v1", "SELECT 2", a, b);
    int64_t d = put_sql(&f, "d", "v1", "SELECT 3", b, c);
    assert_int_equal(fst_catalog_neighbourhood(f.c, b, true, true, 0, false, &n, &f.err), FST_OK);
    assert_int_equal(n.nodes.n, 4);
    assert_int_equal(n.n_edges, 5);
    fst_neighbourhood_done(&n);
    assert_int_equal(fst_catalog_neighbourhood(f.c, d, true, false, 1, false, &n, &f.err), FST_OK);
    assert_int_equal(n.nodes.n, 3);
    fst_neighbourhood_done(&n);
    assert_int_equal(fst_catalog_neighbourhood(f.c, a, true, false, 0, true, &n, &f.err), FST_OK);
    assert_int_equal(n.nodes.n, 2);
    assert_string_equal(n.edges[0].role, "provider");
    fst_neighbourhood_done(&n);
    assert_int_equal(fst_catalog_neighbourhood(f.c, p, false, true, 0, false, &n, &f.err), FST_OK);
    assert_int_equal(n.nodes.n, 5);
    fst_neighbourhood_done(&n);
    assert_int_equal(fst_catalog_neighbourhood(f.c, 99, true, true, 0, false, &n, &f.err),
                     FST_ENOTFOUND);
    close_catalog(&f);
}

static void test_catalog_runs__are_found_by_part_of_their_id(void **state)
{
    struct fst_run_record *r;
    struct fixture f;

    (void)state;
    open_catalog(&f);
    int64_t a = put_source(&f, "tx", "v1"), b = put_sql(&f, "b", "v1", "SELECT 1", a, 0);
    ran(&f, b, "20260102-030405-ab12", 10, "tx.v1", "");
    ran(&f, b, "20260102-030405-cd34", 20, "tx.v1", "");
    assert_int_equal(fst_catalog_get_run(f.c, "ab12", &r, &f.err), FST_OK);
    assert_string_equal(r->id, "20260102-030405-ab12");
    assert_string_equal(r->name, "b");
    assert_int_equal(r->rows, 7);
    assert_string_equal(r->inputs[0].label, "tx.v1");
    assert_string_equal(r->inputs[0].uri, "/somewhere");
    fst_run_record_free(r);
    assert_int_equal(fst_catalog_get_run(f.c, "2026", &r, &f.err), FST_EINVAL);
    assert_int_equal(fst_catalog_get_run(f.c, "zz", &r, &f.err), FST_ENOTFOUND);
    assert_int_equal(fst_catalog_get_run(f.c, "", &r, &f.err), FST_ENOTFOUND);
    assert_null(r);
    close_catalog(&f);
}

static void test_catalog_runs__a_final_state_is_never_left_except_lost(void **state)
{
    struct fst_run_record run = {.id = "r1", .state = FST_STATE_CREATED, .created_us = 1};
    struct fst_run_record *r;
    struct fixture f;

    (void)state;
    open_catalog(&f);
    run.resource_id = put_sql(&f, "b", "v1", "SELECT 1", 0, 0);
    assert_int_equal(fst_catalog_add_run(f.c, &run, &f.err), FST_OK);
    assert_int_equal(fst_catalog_add_run(f.c, &run, &f.err), FST_ECONFLICT);
    run.state = FST_STATE_LOST;
    assert_int_equal(fst_catalog_update_run(f.c, &run, &f.err), FST_OK);
    run.state = FST_STATE_RUNNING;
    assert_int_equal(fst_catalog_update_run(f.c, &run, &f.err), FST_OK);
    assert_int_equal(fst_catalog_want_cancel(f.c, "r1", &f.err), FST_OK);
    assert_int_equal(fst_catalog_get_run(f.c, "r1", &r, &f.err), FST_OK);
    assert_true(r->cancel_wanted);
    fst_run_record_free(r);
    run.state = FST_STATE_CANCELLED;
    assert_int_equal(fst_catalog_update_run(f.c, &run, &f.err), FST_OK);
    run.state = FST_STATE_READY;
    assert_int_equal(fst_catalog_update_run(f.c, &run, &f.err), FST_ECONFLICT);
    assert_int_equal(fst_catalog_want_cancel(f.c, "r1", &f.err), FST_ECONFLICT);
    close_catalog(&f);
}

static void test_catalog_runs__list_newest_first_and_unfinished(void **state)
{
    struct fst_run_record run = {.id = "r3", .state = FST_STATE_RUNNING, .created_us = 30};
    struct fst_runs runs;
    struct fixture f;

    (void)state;
    open_catalog(&f);
    int64_t b = put_sql(&f, "b", "v1", "SELECT 1", 0, 0);
    ran(&f, b, "r2", 20, NULL, NULL);
    ran(&f, b, "r1", 10, NULL, NULL); /* the clock was set back in between */
    run.resource_id = b;
    assert_int_equal(fst_catalog_add_run(f.c, &run, &f.err), FST_OK);
    assert_int_equal(
        fst_catalog_runs(f.c, &(struct fst_run_query){.limit = 2, .resource_id = b}, &runs, &f.err),
        FST_OK);
    assert_int_equal(runs.n, 2);
    assert_int_equal(runs.total, 3);
    assert_string_equal(runs.runs[0]->id, "r3");
    assert_string_equal(runs.runs[1]->id, "r1");
    fst_runs_done(&runs);
    assert_int_equal(
        fst_catalog_runs(f.c, &(struct fst_run_query){.unfinished = true}, &runs, &f.err), FST_OK);
    assert_int_equal(runs.n, 1);
    fst_runs_done(&runs);
    close_catalog(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_catalog_lists__default_variants_filtered_paged_and_counted),
        cmocka_unit_test(test_catalog_lists__archived_ones_only_when_asked_for),
        cmocka_unit_test(test_catalog_search__names_first_then_words_anywhere),
        cmocka_unit_test(test_catalog_search__follows_changes_and_survives_odd_input),
        cmocka_unit_test(test_catalog_edges__walk_up_and_down_to_a_depth),
        cmocka_unit_test(test_catalog_runs__are_found_by_part_of_their_id),
        cmocka_unit_test(test_catalog_runs__a_final_state_is_never_left_except_lost),
        cmocka_unit_test(test_catalog_runs__list_newest_first_and_unfinished),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
