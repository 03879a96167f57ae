/* Putting and finding: what may change, what may not, and what is said when something is missing.
 */
#include "catalogs.h"

static void test_catalog_resources__give_back_what_was_put(void **state)
{
    struct fst_resource *r = fst_resource_new(FST_SOURCE, "tx", "v1"), *got;
    struct fixture f;

    (void)state;
    open_catalog(&f);
    r->path = "/data/tx.parquet";
    r->owner = "ann";
    r->description = "line one\nline \"two\"";
    r->created_us = 42;
    fst_resource_add_tag(r, "gold");
    fst_resource_add_tag(r, "ä:b");
    fst_resource_set_property(r, "team", "risk & fraud");
    assert_int_equal(
        fst_resource_read_spec(r, "{\"path\":\"/d\",\"options\":{\"header\":true}}", &f.err),
        FST_OK);
    assert_int_equal(fst_catalog_put(f.c, r, NULL, 0, &f.err), FST_OK);
    assert_int_equal(fst_catalog_find(f.c, FST_SOURCE, "tx", NULL, &got, &f.err), FST_OK);
    assert_true(fst_resource_same(r, got));
    assert_int_equal(got->id, r->id);
    assert_int_equal(got->created_us, 42);
    assert_true(got->is_default);
    assert_string_equal(got->description, r->description);
    assert_string_equal(got->owner, "ann");
    assert_int_equal(got->n_tags, 2);
    assert_string_equal(got->tags[1], "ä:b");
    assert_string_equal(got->properties[0].value, "risk & fraud");
    fst_resource_free(r);
    fst_resource_free(got);
    close_catalog(&f);
}

static void test_catalog_resources__newest_variant_is_the_default(void **state)
{
    struct fst_resource *got;
    struct fixture f;

    (void)state;
    open_catalog(&f);
    put_source(&f, "tx", "v2");
    put_source(&f, "tx", "v1");
    put_source(&f, "tx", "v2");
    assert_int_equal(fst_catalog_find(f.c, FST_SOURCE, "tx", NULL, &got, &f.err), FST_OK);
    assert_string_equal(got->variant, "v1");
    fst_resource_free(got);
    close_catalog(&f);
}

static void test_catalog_resources__unite_tags_and_refuse_another_definition(void **state)
{
    struct fst_resource *r, *got;
    struct fixture f;

    (void)state;
    open_catalog(&f);
    put_sql(&f, "spend", "v1", "SELECT 1", 0, 0);
    r = fst_resource_new(FST_TRANSFORMATION, "spend", "v1");
    r->sql = "SELECT   1";
    fst_resource_add_tag(r, "new");
    fst_resource_set_property(r, "k", "v");
    assert_int_equal(fst_catalog_put(f.c, r, NULL, 0, &f.err), FST_OK);
    r->sql = "SELECT 2";
    assert_int_equal(fst_catalog_put(f.c, r, NULL, 0, &f.err), FST_ECONFLICT);
    assert_int_equal(fst_catalog_get(f.c, r->id, &got, &f.err), FST_OK);
    assert_string_equal(got->tags[0], "new");
    assert_string_equal(got->properties[0].key, "k");
    fst_resource_free(r);
    fst_resource_free(got);
    close_catalog(&f);
}

static void test_catalog_resources__provider_may_change_its_definition(void **state)
{
    struct fst_resource *r = fst_resource_new(FST_PROVIDER, "spark", NULL), *got;
    struct fixture f;

    (void)state;
    open_catalog(&f);
    r->engine = "local";
    assert_int_equal(fst_catalog_put(f.c, r, NULL, 0, &f.err), FST_OK);
    r->engine = "connect";
    assert_int_equal(fst_catalog_put(f.c, r, NULL, 0, &f.err), FST_OK);
    assert_int_equal(fst_catalog_find(f.c, FST_PROVIDER, "spark", NULL, &got, &f.err), FST_OK);
    assert_string_equal(got->engine, "connect");
    fst_resource_free(r);
    fst_resource_free(got);
    close_catalog(&f);
}

static void test_catalog_resources__sources_and_transformations_share_their_names(void **state)
{
    struct fst_resource *r = fst_resource_new(FST_TRANSFORMATION, "tx", "v9");
    struct fixture f;

    (void)state;
    open_catalog(&f);
    put_source(&f, "tx", "v1");
    r->sql = "SELECT 1";
    assert_int_equal(fst_catalog_put(f.c, r, NULL, 0, &f.err), FST_ECONFLICT);
    assert_non_null(strstr(f.err.text, "source called \"tx\""));
    fst_resource_free(r);
    put_feature(&f, "tx", 1);
    close_catalog(&f);
}

static void test_catalog_resources__missing_ones_name_near_misses(void **state)
{
    struct fst_resource *got;
    struct fixture f;

    (void)state;
    open_catalog(&f);
    put_source(&f, "transactions", "v1");
    put_source(&f, "transactions", "v2");
    assert_int_equal(fst_catalog_find(f.c, FST_SOURCE, "transaction", NULL, &got, &f.err),
                     FST_ENOTFOUND);
    assert_non_null(strstr(f.err.text, "did you mean \"transactions\""));
    assert_int_equal(fst_catalog_find(f.c, FST_SOURCE, "transactions", "v3", &got, &f.err),
                     FST_ENOTFOUND);
    assert_non_null(strstr(f.err.text, "it has v2, v1"));
    assert_null(got);
    close_catalog(&f);
}

static void test_catalog_resources__resolve_asks_when_several_kinds_have_the_name(void **state)
{
    struct fst_target t = {.name = "age"};
    struct fst_resource *got;
    struct fixture f;

    (void)state;
    open_catalog(&f);
    put_source(&f, "age", "raw");
    put_feature(&f, "age", 1);
    assert_int_equal(fst_catalog_resolve(f.c, &t, &got, &f.err), FST_EINVAL);
    assert_non_null(strstr(f.err.text, "source/age or feature/age"));
    t.variant = "v1";
    assert_int_equal(fst_catalog_resolve(f.c, &t, &got, &f.err), FST_OK);
    assert_int_equal(got->kind, FST_FEATURE);
    fst_resource_free(got);
    t = (struct fst_target){.name = "age", .kind = "source"};
    assert_int_equal(fst_catalog_resolve(f.c, &t, &got, &f.err), FST_OK);
    assert_int_equal(got->kind, FST_SOURCE);
    fst_resource_free(got);
    close_catalog(&f);
}

static void test_catalog_resources__archive_is_refused_while_something_stands_on_it(void **state)
{
    struct fst_resource *got;
    struct fixture f;

    (void)state;
    open_catalog(&f);
    int64_t old = put_source(&f, "tx", "v1"), new = put_source(&f, "tx", "v2");
    put_sql(&f, "spend", "v1", "SELECT 1", new, 0);
    assert_int_equal(fst_catalog_archive(f.c, new, &f.err), FST_ECONFLICT);
    assert_non_null(strstr(f.err.text, "transformation spend.v1"));
    assert_int_equal(fst_catalog_archive(f.c, old, &f.err), FST_OK);
    assert_int_equal(fst_catalog_find(f.c, FST_SOURCE, "tx", "v1", &got, &f.err), FST_ENOTFOUND);
    close_catalog(&f);
}

static void test_catalog_resources__archiving_the_default_makes_the_one_before_it_default(void **s)
{
    struct fst_resource *got;
    struct fst_counts counts;
    struct fixture f;

    (void)s;
    open_catalog(&f);
    int64_t old = put_source(&f, "tx", "v1"), new = put_source(&f, "tx", "v2");
    assert_int_equal(fst_catalog_archive(f.c, new, &f.err), FST_OK);
    assert_int_equal(fst_catalog_find(f.c, FST_SOURCE, "tx", NULL, &got, &f.err), FST_OK);
    assert_int_equal(got->id, old);
    fst_resource_free(got);
    assert_int_equal(fst_catalog_archive(f.c, old, &f.err), FST_OK);
    assert_int_equal(fst_catalog_find(f.c, FST_SOURCE, "tx", NULL, &got, &f.err), FST_ENOTFOUND);
    assert_int_equal(fst_catalog_counts(f.c, &counts, &f.err), FST_OK);
    assert_int_equal(counts.names[FST_SOURCE], 0);
    put_source(&f, "tx", "v1");
    assert_int_equal(fst_catalog_find(f.c, FST_SOURCE, "tx", NULL, &got, &f.err), FST_OK);
    assert_int_equal(got->id, old);
    fst_resource_free(got);
    close_catalog(&f);
}

static void test_catalog_resources__find_equal_ignores_white_space_and_other_names(void **state)
{
    struct fst_resource *r = fst_resource_new(FST_TRANSFORMATION, "spend", "later"), *got;
    struct fixture f;

    (void)state;
    open_catalog(&f);
    int64_t id = put_sql(&f, "spend", "v1", "SELECT a\nFROM t", 0, 0);
    put_sql(&f, "other", "v1", "SELECT a FROM t", 0, 0);
    r->sql = "SELECT a FROM t";
    assert_int_equal(fst_catalog_find_equal(f.c, r, &got, &f.err), FST_OK);
    assert_int_equal(got->id, id);
    fst_resource_free(got);
    r->sql = "SELECT b FROM t";
    assert_int_equal(fst_catalog_find_equal(f.c, r, &got, &f.err), FST_ENOTFOUND);
    fst_resource_free(r);
    close_catalog(&f);
}

static void test_catalog_resources__rollback_leaves_nothing_behind(void **state)
{
    struct fst_resource *got;
    struct fixture f;

    (void)state;
    open_catalog(&f);
    assert_int_equal(fst_catalog_begin(f.c, &f.err), FST_OK);
    put_source(&f, "tx", "v1");
    fst_catalog_rollback(f.c);
    fst_catalog_rollback(f.c);
    assert_int_equal(fst_catalog_find(f.c, FST_SOURCE, "tx", NULL, &got, &f.err), FST_ENOTFOUND);
    close_catalog(&f);
}

static void test_catalog_resources__edges_must_exist_and_a_failed_put_writes_nothing(void **state)
{
    struct fst_resource *r = fst_resource_new(FST_SOURCE, "tx", "v1"), *got;
    struct fst_edge_in edge = {99, "provider"};
    struct fixture f;

    (void)state;
    open_catalog(&f);
    r->path = "/x";
    assert_int_equal(fst_catalog_begin(f.c, &f.err), FST_OK);
    assert_int_equal(fst_catalog_put(f.c, r, &edge, 1, &f.err), FST_ENOTFOUND);
    put_source(&f, "other", "v1");
    assert_int_equal(fst_catalog_commit(f.c, &f.err), FST_OK);
    assert_int_equal(fst_catalog_find(f.c, FST_SOURCE, "tx", NULL, &got, &f.err), FST_ENOTFOUND);
    assert_int_equal(fst_catalog_find(f.c, FST_SOURCE, "other", NULL, &got, &f.err), FST_OK);
    fst_resource_free(got);
    fst_resource_free(r);
    close_catalog(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_catalog_resources__give_back_what_was_put),
        cmocka_unit_test(test_catalog_resources__newest_variant_is_the_default),
        cmocka_unit_test(test_catalog_resources__unite_tags_and_refuse_another_definition),
        cmocka_unit_test(test_catalog_resources__provider_may_change_its_definition),
        cmocka_unit_test(test_catalog_resources__sources_and_transformations_share_their_names),
        cmocka_unit_test(test_catalog_resources__missing_ones_name_near_misses),
        cmocka_unit_test(test_catalog_resources__resolve_asks_when_several_kinds_have_the_name),
        cmocka_unit_test(test_catalog_resources__archive_is_refused_while_something_stands_on_it),
        cmocka_unit_test(
            test_catalog_resources__archiving_the_default_makes_the_one_before_it_default),
        cmocka_unit_test(test_catalog_resources__find_equal_ignores_white_space_and_other_names),
        cmocka_unit_test(test_catalog_resources__rollback_leaves_nothing_behind),
        cmocka_unit_test(test_catalog_resources__edges_must_exist_and_a_failed_put_writes_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
