/* Plans: what is new, equal, reused, changed or forbidden; pinning; order; what does not fit. */
#include "definitions.h"

static const char base[] =
    "entities: [{name: user}, {name: shop}]\n"
    "sources: [{name: tx, variant: v1, path: /tx}]\n"
    "transformations: [{name: spend, variant: v1, sql: 'SELECT 1 FROM {{tx}}'}]\n"
    "features:\n"
    "  - {name: avg, variant: v1, entity: user, from: spend, entity_column: id,\n"
    "     value_column: v}\n"
    "labels:\n"
    "  - {name: bad, variant: v1, entity: user, from: tx, entity_column: id,\n"
    "     value_column: b}\n"
    "training_sets: [{name: set, variant: v1, label: bad, features: [avg]}]\n";

/* "NEW tx.v1, EQUAL user": the rows of a plan. */
static void planned(struct fixture *f, const char *text, const char *expected)
{
    static const char *const changes[] = {"NEW", "EQUAL", "REUSED", "UPDATED", "FORBIDDEN"};
    struct fst_buf out = FST_BUF_TEXT;
    struct fst_definitions d;
    struct fst_plan plan;

    if (plan_text(f, text, NOON, &d, &plan) != FST_OK)
        fail_msg("%s", f->err.text);
    for (size_t i = 0; i < plan.n; i++)
        fst_buf_printf(&out, "%s%s %s", i ? ", " : "", changes[plan.rows[i].change],
                       fst_resource_label(plan.rows[i].resource));
    assert_string_equal(fst_buf_text(&out), expected);
    fst_plan_done(&plan);
    fst_definitions_done(&d);
    fst_buf_done(&out);
}

static void test_define_plan__new_then_equal(void **state)
{
    struct fixture f;

    (void)state;
    open_catalog(&f);
    planned(&f, base,
            "NEW user, NEW shop, NEW tx.v1, NEW spend.v1, NEW avg.v1, NEW bad.v1, NEW set.v1");
    apply_text(&f, base, NOON);
    planned(&f, base,
            "EQUAL user, EQUAL shop, EQUAL tx.v1, EQUAL spend.v1, EQUAL avg.v1, EQUAL bad.v1, "
            "EQUAL set.v1");
    close_catalog(&f);
}

static void test_define_plan__order_follows_what_stands_on_what(void **state)
{
    struct fixture f;

    (void)state;
    open_catalog(&f);
    planned(&f,
            "transformations:\n"
            "  - {name: c, variant: v1, sql: 'SELECT * FROM {{b}} JOIN {{a}}'}\n"
            "  - {name: b, variant: v1, sql: 'SELECT * FROM {{a.v1}}'}\n"
            "sources: [{name: a, variant: v1, path: /a}]\n",
            "NEW a.v1, NEW b.v1, NEW c.v1");
    close_catalog(&f);
}

static void test_define_plan__pins_references_visibly(void **state)
{
    struct fst_resource *r;
    struct fixture f;

    (void)state;
    open_catalog(&f);
    apply_text(&f, base, NOON);
    apply_text(&f,
               "transformations:\n"
               "  - {name: q, variant: v1, sql: \"SELECT '{{tx}}' -- {{tx}}\\n FROM {{ tx }}, "
               "{{tx.v1}}, {{spend}}\"}\n",
               NOON);
    assert_int_equal(fst_catalog_find(f.c, FST_TRANSFORMATION, "q", NULL, &r, &f.err), FST_OK);
    assert_string_equal(r->sql,
                        "SELECT '{{tx}}' -- {{tx}}\n FROM {{tx.v1}}, {{tx.v1}}, {{spend.v1}}");
    fst_resource_free(r);
    assert_int_equal(fst_catalog_find(f.c, FST_TRAINING_SET, "set", NULL, &r, &f.err), FST_OK);
    assert_string_equal(r->features[0].variant, "v1");
    assert_string_equal(r->label.variant, "v1");
    fst_resource_free(r);
    close_catalog(&f);
}

static void test_define_plan__a_name_means_the_definition_beside_it_first(void **state)
{
    struct fst_resource *r;
    struct fixture f;

    (void)state;
    open_catalog(&f);
    apply_text(&f, base, NOON);
    apply_text(&f, "sources: [{name: tx, variant: v2, path: /tx2}]\n", NOON);
    planned(&f, base,
            "EQUAL user, EQUAL shop, EQUAL tx.v1, EQUAL spend.v1, EQUAL avg.v1, EQUAL bad.v1, "
            "EQUAL set.v1");
    apply_text(&f, "transformations: [{name: q, sql: 'SELECT * FROM {{tx}}'}]\n", NOON);
    assert_int_equal(fst_catalog_find(f.c, FST_TRANSFORMATION, "q", NULL, &r, &f.err), FST_OK);
    assert_string_equal(r->sql, "SELECT * FROM {{tx.v2}}");
    fst_resource_free(r);
    close_catalog(&f);
}

static void test_define_plan__no_variant_is_the_time_and_an_equal_one_is_reused(void **state)
{
    static const char text[] = "transformations: [{name: q, sql: 'SELECT   1'}]\n";
    struct fixture f;

    (void)state;
    open_catalog(&f);
    planned(&f, text, "NEW q.2026-01-02t12-00-00");
    apply_text(&f, "transformations: [{name: q, sql: 'SELECT 1'}]\n", NOON - 5000000);
    planned(&f, text, "REUSED q.2026-01-02t11-59-55");
    apply_text(&f, text, NOON);
    apply_text(&f, "transformations: [{name: q, sql: 'SELECT 2'}]\n", NOON);
    planned(&f, "transformations: [{name: q, sql: 'SELECT 3'}]\n", "NEW q.2026-01-02t12-00-00-2");
    close_catalog(&f);
}

static void test_define_plan__a_definition_never_changes_under_its_variant(void **state)
{
    struct fst_definitions d;
    struct fst_plan plan;
    struct fixture f;

    (void)state;
    open_catalog(&f);
    apply_text(&f, base, NOON);
    assert_int_equal(plan_text(&f,
                               "transformations: [{name: spend, variant: v1, sql: 'SELECT 2 FROM "
                               "{{tx}}'}]\nentities: [{name: car}]\n",
                               NOON, &d, &plan),
                     FST_OK);
    assert_true(plan.forbidden);
    assert_string_equal(plan.rows[0].diff, "@@ -1,4 +1,4 @@\n"
                                           " transformations:\n"
                                           "   - name: spend\n"
                                           "     variant: v1\n"
                                           "-    sql: \"SELECT 1 FROM {{tx.v1}}\"\n"
                                           "+    sql: \"SELECT 2 FROM {{tx.v1}}\"\n");
    assert_int_equal(plan.rows[0].n_downstream, 2);
    assert_int_equal(fst_define_apply(&plan, f.c, &f.err), FST_ECONFLICT);
    assert_non_null(strstr(f.err.text, "+    sql: \"SELECT 2"));
    struct fst_resource *none;
    assert_int_equal(fst_catalog_find(f.c, FST_ENTITY, "car", NULL, &none, &f.err), FST_ENOTFOUND);
    fst_plan_done(&plan);
    fst_definitions_done(&d);
    close_catalog(&f);
}

static void test_define_plan__tags_and_providers_are_updated(void **state)
{
    struct fixture f;

    (void)state;
    open_catalog(&f);
    apply_text(&f, "providers: [{name: p, engine: local}]\n", NOON);
    apply_text(&f, "sources: [{name: tx, variant: v1, path: /tx, provider: p, tags: [a]}]\n", NOON);
    planned(&f, "sources: [{name: tx, variant: v1, path: /tx, provider: p}]\n", "EQUAL tx.v1");
    planned(&f, "sources: [{name: tx, variant: v1, path: /tx, provider: p, tags: [b]}]\n",
            "UPDATED tx.v1");
    planned(&f, "providers: [{name: p, engine: connect}]\n", "UPDATED p");
    close_catalog(&f);
}

static void test_define_plan__an_equal_text_keeps_its_white_space(void **state)
{
    struct fst_resource *r;
    struct fixture f;

    (void)state;
    open_catalog(&f);
    apply_text(&f, "transformations: [{name: q, variant: v1, sql: \"SELECT\\n1\"}]\n", NOON);
    apply_text(&f, "transformations: [{name: q, variant: v1, sql: SELECT 1, tags: [x]}]\n", NOON);
    assert_int_equal(fst_catalog_find(f.c, FST_TRANSFORMATION, "q", NULL, &r, &f.err), FST_OK);
    assert_string_equal(r->sql, "SELECT\n1");
    assert_int_equal(r->n_tags, 1);
    fst_resource_free(r);
    close_catalog(&f);
}

static void test_define_plan__circles_are_named(void **state)
{
    struct fixture f;
    const char *text;

    (void)state;
    open_catalog(&f);
    text = plan_error(&f,
                      "transformations:\n"
                      "  - {name: x, variant: v1, sql: 'SELECT * FROM {{a}}'}\n"
                      "  - {name: a, variant: v1, sql: 'SELECT * FROM {{b.v1}}'}\n"
                      "  - {name: b, variant: v1, sql: 'SELECT * FROM {{a}}'}\n",
                      FST_EINVAL);
    assert_non_null(strstr(text, "a.v1 stands on b.v1 stands on a.v1"));
    assert_null(strstr(text, "x.v1"));
    plan_error(&f, "transformations: [{name: x, sql: 'SELECT * FROM {{x}}'}]\n", FST_EINVAL);
    close_catalog(&f);
}

static void test_define_plan__what_is_missing_or_does_not_fit_is_refused(void **state)
{
    struct fixture f;
    const char *text;

    (void)state;
    open_catalog(&f);
    apply_text(&f, base, NOON);
    text = plan_error(&f, "transformations: [{name: q, sql: 'SELECT * FROM {{tz}}'}]\n",
                      FST_ENOTFOUND);
    assert_non_null(strstr(text, "transformation q: no source or transformation is called \"tz\""));
    assert_non_null(strstr(text, "did you mean \"tx\""));
    text = plan_error(&f, "transformations: [{name: q, sql: 'SELECT * FROM {{spend.v9}}'}]\n",
                      FST_ENOTFOUND);
    assert_non_null(strstr(text, "it has v1"));
    text = plan_error(&f, "transformations: [{name: q, sql: 'SELECT * FROM {{tx'}]\n", FST_EFORMAT);
    assert_non_null(strstr(text, "transformation q"));
    plan_error(&f, "transformations: [{name: q, provider: gone, sql: SELECT 1}]\n", FST_ENOTFOUND);
    text = plan_error(&f,
                      "features: [{name: size, entity: shop, from: tx, entity_column: a,"
                      " value_column: b}]\n"
                      "training_sets: [{name: s, label: bad, features: [avg, size]}]\n",
                      FST_EINVAL);
    assert_non_null(strstr(text, "entity shop"));
    plan_error(&f, "training_sets: [{name: s, label: avg, features: [avg]}]\n", FST_ENOTFOUND);
    close_catalog(&f);
}

static void test_define_plan__names_are_unique_and_shared_by_sources_and_transformations(void **s)
{
    struct fixture f;

    (void)s;
    open_catalog(&f);
    apply_text(&f, base, NOON);
    plan_error(&f, "sources: [{name: a, path: /a}, {name: a, path: /b}]\n", FST_EINVAL);
    plan_error(&f, "sources: [{name: a, variant: v, path: /a}, {name: a, variant: v, path: /a}]\n",
               FST_EINVAL);
    plan_error(&f, "sources: [{name: a, path: /a}]\ntransformations: [{name: a, sql: SELECT 1}]\n",
               FST_EINVAL);
    plan_error(&f, "sources: [{name: spend, path: /a}]\n", FST_ECONFLICT);
    planned(&f,
            "features: [{name: tx, variant: v1, entity: user, from: tx.v1, entity_column: a,"
            " value_column: b}]\n",
            "NEW tx.v1");
    close_catalog(&f);
}

static void test_define_plan__stores_what_stands_on_what(void **state)
{
    struct fst_neighbourhood n;
    struct fst_resource *r;
    struct fixture f;

    (void)state;
    open_catalog(&f);
    apply_text(&f, base, NOON);
    assert_int_equal(fst_catalog_find(f.c, FST_TRAINING_SET, "set", NULL, &r, &f.err), FST_OK);
    assert_int_equal(fst_catalog_neighbourhood(f.c, r->id, true, false, 0, true, &n, &f.err),
                     FST_OK);
    assert_int_equal(n.nodes.n, 6);
    assert_int_equal(n.n_edges, 7);
    fst_neighbourhood_done(&n);
    fst_resource_free(r);
    close_catalog(&f);
}

static void test_define_plan__the_order_of_options_changes_nothing(void **state)
{
    struct fixture f;
    struct fst_definitions d;
    struct fst_plan plan;
    static const char text[] = "providers:\n  - {name: p, engine: connect, options: {port: 7, "
                               "master: 'local[2]', conf: {spark.b: '1', spark.a: '2'}}}\n";
    (void)state;
    open_catalog(&f);
    apply_text(&f, text, NOON);
    assert_int_equal(plan_text(&f, text, NOON, &d, &plan), FST_OK);
    assert_int_equal(plan.rows[0].change, FST_CHANGE_EQUAL);
    fst_plan_done(&plan);
    fst_definitions_done(&d);
    close_catalog(&f);
}

static void test_define_plan__pins_the_inputs_of_functions_and_jobs(void **state)
{
    struct fixture f;
    struct fst_definitions d;
    struct fst_plan plan;
    static const char text[] =
        "jobs:\n  - {name: j, variant: v1, file: /j.py, inputs: [f]}\n"
        "transformations:\n  - {name: f, variant: v1, inputs: [t], python: 'def f(t): return t'}\n"
        "sources:\n  - {name: t, variant: v7, table: db.t}\n";
    static const char spaced[] =
        "transformations:\n  - name: f\n    variant: v1\n    inputs: [t.v7]\n"
        "    python: |\n      def f(t): return t  \n\n";

    (void)state;
    open_catalog(&f);
    apply_text(&f, text, NOON);
    assert_int_equal(plan_text(&f, text, NOON, &d, &plan), FST_OK);
    for (size_t i = 0; i < plan.n; i++)
        assert_int_equal(plan.rows[i].change, FST_CHANGE_EQUAL);
    assert_string_equal(plan.rows[1].resource->inputs[0].variant, "v7");
    assert_string_equal(plan.rows[2].resource->inputs[0].variant, "v1");
    fst_plan_done(&plan);
    fst_definitions_done(&d);
    assert_int_equal(plan_text(&f, spaced, NOON, &d, &plan), FST_OK);
    assert_int_equal(plan.rows[0].change, FST_CHANGE_EQUAL);
    fst_plan_done(&plan);
    fst_definitions_done(&d);
    assert_non_null(
        strstr(plan_error(&f, "jobs:\n  - {name: k, file: /j.py, inputs: [nix]}\n", FST_ENOTFOUND),
               "nix"));
    close_catalog(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_define_plan__new_then_equal),
        cmocka_unit_test(test_define_plan__order_follows_what_stands_on_what),
        cmocka_unit_test(test_define_plan__pins_references_visibly),
        cmocka_unit_test(test_define_plan__a_name_means_the_definition_beside_it_first),
        cmocka_unit_test(test_define_plan__no_variant_is_the_time_and_an_equal_one_is_reused),
        cmocka_unit_test(test_define_plan__a_definition_never_changes_under_its_variant),
        cmocka_unit_test(test_define_plan__tags_and_providers_are_updated),
        cmocka_unit_test(test_define_plan__an_equal_text_keeps_its_white_space),
        cmocka_unit_test(test_define_plan__the_order_of_options_changes_nothing),
        cmocka_unit_test(test_define_plan__pins_the_inputs_of_functions_and_jobs),
        cmocka_unit_test(test_define_plan__circles_are_named),
        cmocka_unit_test(test_define_plan__what_is_missing_or_does_not_fit_is_refused),
        cmocka_unit_test(
            test_define_plan__names_are_unique_and_shared_by_sources_and_transformations),
        cmocka_unit_test(test_define_plan__stores_what_stands_on_what),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
