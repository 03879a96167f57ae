/* Resources: canonical specs that read back, equality, copies that stand alone, dependencies. */
#include "firesteel/model.h"

#include <setjmp.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct fst_resource *transformation(const char *sql)
{
    struct fst_resource *r = fst_resource_new(FST_TRANSFORMATION, "spend", "v1");
    r->sql = fst_arena_strdup(r->arena, sql);
    return r;
}

static struct fst_resource *training_set(void)
{
    struct fst_resource *r = fst_resource_new(FST_TRAINING_SET, "fraud", "v1");
    static struct fst_ref features[] = {{"avg", "v1"}, {"age", "v2"}};
    static struct fst_lag lags[] = {{{"avg", "v1"}, INT64_C(86400000000), "yesterday"}};

    r->label = (struct fst_ref){"is_fraud", "v1"};
    r->features = features;
    r->n_features = 2;
    r->lags = lags;
    r->n_lags = 1;
    r->provider = "spark";
    return r;
}

static void same_sql(const char *a, const char *b, bool expected)
{
    struct fst_resource *x = transformation(a), *y = transformation(b);
    char hx[65], hy[65];

    fst_resource_hash(x, hx);
    fst_resource_hash(y, hy);
    assert_int_equal(fst_resource_same(x, y), expected);
    assert_int_equal(strcmp(hx, hy) == 0, expected);
    fst_resource_free(x);
    fst_resource_free(y);
}

static void test_model_resource__compares_sql_with_white_space_collapsed(void **state)
{
    (void)state;
    same_sql("SELECT  a\n  FROM t\n", "SELECT a FROM t", true);
    same_sql("SELECT 'a  b'", "SELECT 'a b'", false);
    same_sql("SELECT `a  b`", "SELECT `a b`", false);
    same_sql("SELECT 1 -- x\n , 2", "SELECT 1 -- x , 2", false);
    same_sql("SELECT 'it''s', 'a\\'  b'", "SELECT  'it''s', 'a\\'  b'", true);
    same_sql("SELECT a", "select a", false);
}

static void test_model_resource__spec_reads_back_as_the_same(void **state)
{
    struct fst_resource *a = training_set();
    struct fst_resource *b = fst_resource_new(FST_TRAINING_SET, "fraud", "v1");
    char *spec = fst_resource_spec(a);

    (void)state;
    assert_string_equal(spec, "{\"provider\":\"spark\",\"label\":\"is_fraud.v1\","
                              "\"features\":[\"avg.v1\",\"age.v2\"],\"lags\":[{\"feature\":"
                              "\"avg.v1\",\"lag\":\"1d\",\"name\":\"yesterday\"}]}");
    assert_int_equal(fst_resource_read_spec(b, spec, NULL), FST_OK);
    assert_true(fst_resource_same(a, b));
    free(spec);
    fst_resource_free(a);
    fst_resource_free(b);
}

static void test_model_resource__spec_sorts_the_keys_of_options(void **state)
{
    struct fst_resource *a = fst_resource_new(FST_SOURCE, "t", "v1");
    struct fst_resource *b = fst_resource_new(FST_SOURCE, "t", "v2");

    (void)state;
    assert_int_equal(
        fst_resource_read_spec(a, "{\"path\":\"/x\",\"options\":{\"b\":1,\"a\":{\"d\":2,\"c\":3}}}",
                               NULL),
        FST_OK);
    assert_int_equal(
        fst_resource_read_spec(b, "{\"options\":{\"a\":{\"c\":3,\"d\":2},\"b\":1},\"path\":\"/x\"}",
                               NULL),
        FST_OK);
    assert_true(fst_resource_same(a, b));
    fst_resource_free(a);
    fst_resource_free(b);
}

static void test_model_resource__spec_refuses_unknown_fields_and_wrong_types(void **state)
{
    struct fst_resource *r = fst_resource_new(FST_SOURCE, "t", "v1");
    struct fst_error err;

    (void)state;
    assert_int_equal(fst_resource_read_spec(r, "{\"sql\":\"x\"}", &err), FST_EFORMAT);
    assert_int_equal(fst_resource_read_spec(r, "{\"path\":[]}", &err), FST_EFORMAT);
    assert_int_equal(fst_resource_read_spec(r, "[]", &err), FST_EFORMAT);
    assert_int_equal(fst_resource_read_spec(r, "{", &err), FST_EFORMAT);
    fst_resource_free(r);
}

static void test_model_resource__copy_outlives_the_original(void **state)
{
    struct fst_resource *a = training_set(), *b;
    char *before, *after;

    (void)state;
    fst_resource_add_tag(a, "x");
    fst_resource_set_property(a, "team", "risk");
    a->description = fst_arena_strdup(a->arena, "what it is");
    before = fst_resource_spec(a);
    b = fst_resource_copy(a);
    fst_resource_free(a);
    after = fst_resource_spec(b);
    assert_string_equal(before, after);
    assert_string_equal(b->tags[0], "x");
    assert_string_equal(b->properties[0].value, "risk");
    assert_string_equal(b->description, "what it is");
    assert_string_equal(fst_resource_label(b), "fraud.v1");
    free(before);
    free(after);
    fst_resource_free(b);
}

static void test_model_resource__tags_and_properties_stay_sorted_and_unique(void **state)
{
    struct fst_resource *r = fst_resource_new(FST_ENTITY, "user", NULL);

    (void)state;
    fst_resource_add_tag(r, "b");
    fst_resource_add_tag(r, "a");
    fst_resource_add_tag(r, "b");
    assert_int_equal(r->n_tags, 2);
    assert_string_equal(r->tags[0], "a");
    fst_resource_remove_tag(r, "a");
    assert_int_equal(r->n_tags, 1);
    fst_resource_set_property(r, "z", "1");
    fst_resource_set_property(r, "y", "2");
    fst_resource_set_property(r, "z", "3");
    assert_int_equal(r->n_properties, 2);
    assert_string_equal(r->properties[0].key, "y");
    assert_string_equal(r->properties[1].value, "3");
    fst_resource_set_property(r, "y", NULL);
    assert_int_equal(r->n_properties, 1);
    assert_string_equal(fst_resource_label(r), "user");
    fst_resource_free(r);
}

static void test_model_resource__dependencies_are_in_order_and_once(void **state)
{
    struct fst_resource *r = training_set();
    struct fst_dependency *d;

    (void)state;
    assert_int_equal(fst_resource_dependencies(r, &d), 4);
    assert_string_equal(d[0].role, "provider");
    assert_string_equal(d[1].ref.name, "is_fraud");
    assert_string_equal(d[2].ref.name, "avg");
    assert_string_equal(d[3].ref.variant, "v2");
    fst_resource_free(r);
}

static void same_code(const char *a, const char *b, bool expected)
{
    struct fst_resource *x = fst_resource_new(FST_TRANSFORMATION, "f", "v1");
    struct fst_resource *y = fst_resource_new(FST_TRANSFORMATION, "f", "v1");
    x->python = a;
    y->python = b;
    assert_int_equal(fst_resource_same(x, y), expected);
    fst_resource_free(x);
    fst_resource_free(y);
}

static void test_model_resource__compares_code_exactly_but_for_the_ends_of_lines(void **state)
{
    (void)state;
    same_code("def f(a):\n    return a\n", "def f(a):  \n    return a\r\n\n \n", true);
    same_code("def f(a):\n    return a", "def f(a):\n    return a\n", true);
    same_code("def f(a):\n    return a", "def f(a):\n  return a", false);
    same_code("def f(a):\n\n    return a", "def f(a):\n    return a", false);
    same_code("\ndef f(a): return a", "def f(a): return a", false);
    same_code("def f(a): return  a", "def f(a): return a", false);
}

/* `r` through its spec and back. */
static struct fst_resource *again(const struct fst_resource *r)
{
    struct fst_resource *copy = fst_resource_new(r->kind, r->name, r->variant);
    struct fst_error err = {0};
    char *spec = fst_resource_spec(r);
    if (fst_resource_read_spec(copy, spec, &err) != FST_OK)
        fail_msg("%s", err.text);
    assert_true(fst_resource_same(r, copy));
    free(spec);
    return copy;
}

static void test_model_resource__functions_and_jobs_read_back_and_copy(void **state)
{
    static const char code[] = "def f(a):  \n\treturn a \n";
    static struct fst_ref inputs[] = {{"tx", "v1"}, {"user", NULL}};
    static const char *args[] = {"--day", "2024-01-01", ""};
    struct fst_resource *f = fst_resource_new(FST_TRANSFORMATION, "f", "v1");
    struct fst_resource *j = fst_resource_new(FST_JOB, "j", "v1");

    (void)state;
    f->python = code;
    f->inputs = j->inputs = inputs;
    f->n_inputs = j->n_inputs = 2;
    f->max_job_duration_us = 90000000;
    assert_int_equal(
        fst_resource_read_spec(j, "{\"file\":\"/a.jar\",\"conf\":{\"spark.b\":\"env:X\"}}", NULL),
        FST_OK);
    j->class_ = "org.A";
    j->args = args;
    j->n_args = 3;
    struct fst_resource *f2 = again(f), *j2 = again(j), *j3 = fst_resource_copy(j2);
    assert_string_equal(f2->python, code); /* as it was written */
    assert_string_equal(f2->inputs[1].name, "user");
    assert_int_equal(f2->max_job_duration_us, 90000000);
    fst_resource_free(j2);
    assert_int_equal(j3->n_args, 3);
    assert_string_equal(j3->args[2], "");
    assert_string_equal(j3->class_, "org.A");
    assert_string_equal(fst_doc_string(j3->conf, "spark.b", ""), "env:X");
    struct fst_dependency *deps;
    assert_int_equal(fst_resource_dependencies(j3, &deps), 2);
    assert_string_equal(deps[0].ref.name, "tx");
    assert_string_equal(deps[0].role, "input");
    j3->args[0] = "--night";
    assert_false(fst_resource_same(j, j3));
    fst_resource_free(j3);
    fst_resource_free(f2);
    fst_resource_free(f);
    fst_resource_free(j);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_model_resource__compares_code_exactly_but_for_the_ends_of_lines),
        cmocka_unit_test(test_model_resource__functions_and_jobs_read_back_and_copy),
        cmocka_unit_test(test_model_resource__compares_sql_with_white_space_collapsed),
        cmocka_unit_test(test_model_resource__spec_reads_back_as_the_same),
        cmocka_unit_test(test_model_resource__spec_sorts_the_keys_of_options),
        cmocka_unit_test(test_model_resource__spec_refuses_unknown_fields_and_wrong_types),
        cmocka_unit_test(test_model_resource__copy_outlives_the_original),
        cmocka_unit_test(test_model_resource__tags_and_properties_stay_sorted_and_unique),
        cmocka_unit_test(test_model_resource__dependencies_are_in_order_and_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
