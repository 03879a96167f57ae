/* State and staleness: each fact that makes something stale, and each that ends it. */
#include "catalogs.h"

#define DAY INT64_C(86400000000)

static void look(struct fixture *f, int64_t id, enum fst_state state, int64_t modified)
{
    if (fst_catalog_set_source_state(f->c, id, state, modified, NULL, &f->err) != FST_OK)
        fail_msg("%s", f->err.text);
}

static void test_catalog_status__never_run_is_stale_once_its_inputs_are_there(void **state)
{
    struct fixture f;

    (void)state;
    open_catalog(&f);
    int64_t tx = put_source(&f, "tx", "v1");
    int64_t spend = put_sql(&f, "spend", "v1", "SELECT 1", tx, 0);
    int64_t next = put_sql(&f, "next", "v1", "SELECT 2", spend, 0);
    assert_false(item(&f, spend).stale);
    look(&f, tx, FST_STATE_READY, DAY);
    assert_true(item(&f, spend).stale);
    assert_false(item(&f, next).stale);
    ran(&f, spend, "r1", 2 * DAY, "tx.v1", "");
    assert_false(item(&f, spend).stale);
    assert_true(item(&f, next).stale);
    look(&f, tx, FST_STATE_FAILED, 0);
    assert_false(item(&f, spend).stale);
    close_catalog(&f);
}

static void test_catalog_status__newer_source_makes_stale_until_run_again(void **state)
{
    struct fixture f;

    (void)state;
    open_catalog(&f);
    int64_t tx = put_source(&f, "tx", "v1");
    int64_t spend = put_sql(&f, "spend", "v1", "SELECT 1", tx, 0);
    look(&f, tx, FST_STATE_READY, DAY);
    ran(&f, spend, "r1", 2 * DAY, "tx.v1", "");
    look(&f, tx, FST_STATE_READY, 3 * DAY);
    assert_true(item(&f, spend).stale);
    ran(&f, spend, "r2", 4 * DAY, "tx.v1", "");
    assert_false(item(&f, spend).stale);
    close_catalog(&f);
}

static void test_catalog_status__a_changed_source_makes_stale_whatever_the_clock_said(void **state)
{
    struct fixture f;

    (void)state;
    open_catalog(&f);
    int64_t tx = put_source(&f, "tx", "v1");
    int64_t spend = put_sql(&f, "spend", "v1", "SELECT 1", tx, 0);
    look(&f, tx, FST_STATE_READY, 2 * DAY);
    ran(&f, spend, "s1", 9 * DAY, "tx.v1", ""); /* our clock was ahead of the files' */
    assert_false(item(&f, spend).stale);
    look(&f, tx, FST_STATE_READY, 3 * DAY);
    assert_true(item(&f, spend).stale);
    ran(&f, spend, "s2", 1 * DAY, "tx.v1", ""); /* and now it is behind */
    assert_false(item(&f, spend).stale);
    close_catalog(&f);
}

static void test_catalog_status__newer_input_run_makes_stale_one_step_down(void **state)
{
    struct fixture f;

    (void)state;
    open_catalog(&f);
    int64_t a = put_sql(&f, "a", "v1", "SELECT 1", 0, 0);
    int64_t b = put_sql(&f, "b", "v1", "SELECT 2", a, 0);
    int64_t c = put_sql(&f, "c", "v1", "SELECT 3", b, 0);
    ran(&f, a, "a1", 1 * DAY, NULL, NULL);
    ran(&f, b, "b1", 2 * DAY, "a.v1", "a1");
    ran(&f, c, "c1", 3 * DAY, "b.v1", "b1");
    ran(&f, a, "a2", 4 * DAY, NULL, NULL);
    assert_true(item(&f, b).stale);
    assert_false(item(&f, c).stale);
    ran(&f, b, "b2", 5 * DAY, "a.v1", "a2");
    assert_false(item(&f, b).stale);
    assert_true(item(&f, c).stale);
    close_catalog(&f);
}

static void test_catalog_status__what_counts_is_the_run_that_was_read(void **state)
{
    struct fixture f;

    (void)state;
    open_catalog(&f);
    int64_t a = put_sql(&f, "a", "v1", "SELECT 1", 0, 0);
    int64_t b = put_sql(&f, "b", "v1", "SELECT 2", a, 0);
    ran(&f, a, "a1", 1 * DAY, NULL, NULL);
    ran(&f, a, "a2", 2 * DAY, NULL, NULL);
    ran(&f, b, "b1", 3 * DAY, "a.v1", "a1");
    assert_true(item(&f, b).stale);
    close_catalog(&f);
}

static void test_catalog_status__newest_run_is_the_state_and_a_failed_one_keeps_the_output(void **s)
{
    struct fst_run_record failed = {.id = "a2", .state = FST_STATE_FAILED, .created_us = 2 * DAY};
    struct fst_run_record *ready;
    struct fixture f;

    (void)s;
    open_catalog(&f);
    int64_t a = put_sql(&f, "a", "v1", "SELECT 1", 0, 0);
    ran(&f, a, "a1", 1 * DAY, NULL, NULL);
    failed.resource_id = a;
    assert_int_equal(fst_catalog_add_run(f.c, &failed, &f.err), FST_OK);
    assert_int_equal(item(&f, a).state, FST_STATE_FAILED);
    assert_int_equal(item(&f, a).ran_us, 1 * DAY + 2);
    assert_false(item(&f, a).stale);
    assert_int_equal(fst_catalog_ready_run(f.c, a, &ready, &f.err), FST_OK);
    assert_string_equal(ready->id, "a1");
    fst_run_record_free(ready);
    close_catalog(&f);
}

static void test_catalog_status__features_show_their_source_and_training_sets_look_through(void **s)
{
    struct fixture f;

    (void)s;
    open_catalog(&f);
    int64_t tx = put_source(&f, "tx", "v1");
    int64_t spend = put_sql(&f, "spend", "v1", "SELECT 1", tx, 0);
    int64_t feature = put_feature(&f, "avg", spend);
    struct fst_resource *r = fst_resource_new(FST_TRAINING_SET, "fraud", "v1");
    struct fst_ref refs[] = {{"avg", "v1"}};
    r->label = refs[0];
    r->features = refs;
    r->n_features = 1;
    int64_t set = put(&f, r, "feature", feature, 0);

    look(&f, tx, FST_STATE_READY, DAY);
    assert_true(item(&f, feature).stale);
    assert_false(item(&f, set).stale);
    ran(&f, spend, "s1", 2 * DAY, "tx.v1", "");
    assert_int_equal(item(&f, feature).state, FST_STATE_READY);
    assert_false(item(&f, feature).stale);
    assert_true(item(&f, set).stale);
    ran(&f, set, "t1", 3 * DAY, "spend.v1", "s1");
    assert_false(item(&f, set).stale);
    ran(&f, spend, "s2", 4 * DAY, "tx.v1", "");
    assert_true(item(&f, set).stale);
    int64_t late = put_feature(&f, "late", spend);
    assert_int_equal(item(&f, late).state, FST_STATE_READY);
    close_catalog(&f);
}

static void test_catalog_status__remembers_what_a_look_found(void **state)
{
    struct fst_source_look found;
    struct fixture f;

    (void)state;
    open_catalog(&f);
    int64_t tx = put_source(&f, "tx", "v1");
    assert_int_equal(item(&f, tx).state, FST_STATE_NONE);
    assert_int_equal(
        fst_catalog_set_source_state(f.c, tx, FST_STATE_FAILED, 0, "no such file", &f.err), FST_OK);
    assert_int_equal(item(&f, tx).state, FST_STATE_FAILED);
    assert_int_equal(fst_catalog_source_look(f.c, tx, &found, &f.err), FST_OK);
    assert_string_equal(found.error, "no such file");
    free(found.error);
    int64_t spend = put_sql(&f, "spend", "v1", "SELECT 1", tx, 0);
    assert_int_equal(fst_catalog_set_source_state(f.c, spend, FST_STATE_READY, 0, NULL, &f.err),
                     FST_EINVAL);
    close_catalog(&f);
}

static void test_catalog_status__a_job_is_stale_only_after_a_run_that_read_older_inputs(
    void **state)
{
    struct fst_resource *r = fst_resource_new(FST_JOB, "copy", "v1");
    struct fst_counts counts;
    struct fst_items found;
    struct fixture f;

    (void)state;
    open_catalog(&f);
    int64_t tx = put_source(&f, "tx", "v1");
    look(&f, tx, FST_STATE_READY, DAY);
    r->file = "/jobs/copy.py";
    int64_t job = put(&f, r, "input", tx, 0);
    assert_false(item(&f, job).stale);
    assert_int_equal(item(&f, job).state, FST_STATE_NONE);
    ran(&f, job, "r1", 2 * DAY, "tx.v1", "");
    assert_int_equal(item(&f, job).state, FST_STATE_READY);
    assert_int_equal(item(&f, job).kind, FST_JOB);
    look(&f, tx, FST_STATE_READY, 3 * DAY);
    assert_true(item(&f, job).stale);
    ran(&f, job, "r2", 4 * DAY, "tx.v1", "");
    assert_false(item(&f, job).stale);
    assert_int_equal(fst_catalog_counts(f.c, &counts, &f.err), FST_OK);
    assert_int_equal(counts.names[FST_JOB], 1);
    static const char *const words[] = {"cop", "jobs copy py"}; /* by name, by its file */
    for (size_t i = 0; i < FST_COUNT(words); i++) {
        assert_int_equal(fst_catalog_search(f.c, words[i], 10, &found, &f.err), FST_OK);
        assert_int_equal(found.n, 1);
        assert_int_equal(found.items[0].id, job);
        fst_items_done(&found);
    }
    close_catalog(&f);
}

static void test_catalog_newer_inputs__names_each_once(void **state)
{
    struct fixture f;

    (void)state;
    open_catalog(&f);
    int64_t a = put_source(&f, "a", "v1"), b = put_source(&f, "b", "v1");
    int64_t t = put_sql(&f, "t", "v1", "SELECT 1", a, b);
    look(&f, a, FST_STATE_READY, DAY);
    look(&f, b, FST_STATE_READY, DAY);
    ran(&f, t, "r1", 2 * DAY, NULL, NULL);
    assert_null(fst_catalog_newer_inputs(f.c, t));
    look(&f, b, FST_STATE_READY, 3 * DAY);
    char *one = fst_catalog_newer_inputs(f.c, t);
    assert_string_equal(one, "b.v1");
    look(&f, a, FST_STATE_READY, 4 * DAY);
    char *both = fst_catalog_newer_inputs(f.c, t);
    assert_true(strcmp(both, "a.v1, b.v1") == 0 || strcmp(both, "b.v1, a.v1") == 0);
    free(one);
    free(both);
    close_catalog(&f);
}

static void test_catalog_newer_inputs__looks_through_features(void **state)
{
    struct fixture f;

    (void)state;
    open_catalog(&f);
    int64_t t = put_sql(&f, "t", "v1", "SELECT 1", 0, 0);
    int64_t one = put_feature(&f, "one", t), two = put_feature(&f, "two", t);
    struct fst_resource *r = fst_resource_new(FST_TRAINING_SET, "set", "v1");
    int64_t set = put(&f, r, "feature", one, two);
    ran(&f, t, "t1", DAY, NULL, NULL);
    ran(&f, set, "s1", 2 * DAY, NULL, NULL);
    ran(&f, t, "t2", 3 * DAY, NULL, NULL);
    assert_true(item(&f, set).stale);
    char *names = fst_catalog_newer_inputs(f.c, set);
    assert_string_equal(names, "t.v1");
    free(names);
    close_catalog(&f);
}

static void test_catalog_ran_before__is_the_variant_that_ran_last(void **state)
{
    struct fixture f;
    struct fst_resource *before;

    (void)state;
    open_catalog(&f);
    int64_t v1 = put_sql(&f, "t", "v1", "SELECT 1", 0, 0);
    int64_t v2 = put_sql(&f, "t", "v2", "SELECT 2", 0, 0);
    int64_t v3 = put_sql(&f, "t", "v3", "SELECT 3", 0, 0);
    put_sql(&f, "other", "v1", "SELECT 4", 0, 0);
    assert_int_equal(fst_catalog_ran_before(f.c, v3, &before, &f.err), FST_ENOTFOUND);
    ran(&f, v2, "r2", DAY, NULL, NULL);
    ran(&f, v1, "r1", 2 * DAY, NULL, NULL);
    assert_int_equal(fst_catalog_archive(f.c, v1, &f.err), FST_OK);
    assert_int_equal(fst_catalog_ran_before(f.c, v3, &before, &f.err), FST_OK);
    assert_int_equal(before->id, v1);
    fst_resource_free(before);
    assert_int_equal(fst_catalog_ran_before(f.c, v1, &before, &f.err), FST_OK);
    assert_int_equal(before->id, v2);
    fst_resource_free(before);
    close_catalog(&f);
}

static void test_catalog_whole__is_all_that_is_not_archived(void **state)
{
    struct fixture f;
    struct fst_neighbourhood n;

    (void)state;
    open_catalog(&f);
    put(&f, fst_resource_new(FST_ENTITY, "user", NULL), NULL, 0, 0);
    int64_t tx = put_source(&f, "tx", "v1");
    int64_t t = put_sql(&f, "t", "v1", "SELECT 1", tx, 0);
    int64_t gone = put_sql(&f, "gone", "v1", "SELECT 2", t, 0);
    assert_int_equal(fst_catalog_archive(f.c, gone, &f.err), FST_OK);
    assert_int_equal(fst_catalog_whole(f.c, &n, &f.err), FST_OK);
    assert_int_equal(n.nodes.n, 2);
    assert_int_equal(n.n_edges, 1);
    assert_int_equal(n.edges[0].from, tx);
    assert_int_equal(n.edges[0].to, t);
    fst_neighbourhood_done(&n);
    close_catalog(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(
            test_catalog_status__a_job_is_stale_only_after_a_run_that_read_older_inputs),
        cmocka_unit_test(test_catalog_status__never_run_is_stale_once_its_inputs_are_there),
        cmocka_unit_test(test_catalog_status__newer_source_makes_stale_until_run_again),
        cmocka_unit_test(test_catalog_status__a_changed_source_makes_stale_whatever_the_clock_said),
        cmocka_unit_test(test_catalog_status__newer_input_run_makes_stale_one_step_down),
        cmocka_unit_test(test_catalog_status__what_counts_is_the_run_that_was_read),
        cmocka_unit_test(
            test_catalog_status__newest_run_is_the_state_and_a_failed_one_keeps_the_output),
        cmocka_unit_test(
            test_catalog_status__features_show_their_source_and_training_sets_look_through),
        cmocka_unit_test(test_catalog_status__remembers_what_a_look_found),
        cmocka_unit_test(test_catalog_newer_inputs__names_each_once),
        cmocka_unit_test(test_catalog_newer_inputs__looks_through_features),
        cmocka_unit_test(test_catalog_ran_before__is_the_variant_that_ran_last),
        cmocka_unit_test(test_catalog_whole__is_all_that_is_not_archived),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
