/* From references and a catalog to bound work; secrets only when a session is opened. */
#include "firesteel/bind.h"

#include <setjmp.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static char folder[64], csv[128];
static struct fst_catalog *catalog;
static struct fst_bind_context cx;
static struct fst_error err;

static int64_t put(struct fst_resource *r)
{
    if (fst_catalog_put(catalog, r, NULL, 0, &err) != FST_OK)
        fail_msg("%s", err.text);
    int64_t id = r->id;
    fst_resource_free(r);
    return id;
}

static int64_t put_sql(const char *name, const char *sql)
{
    struct fst_resource *r = fst_resource_new(FST_TRANSFORMATION, name, "v1");
    r->sql = sql;
    return put(r);
}

static void put_source(const char *name, const char *path)
{
    struct fst_resource *r = fst_resource_new(FST_SOURCE, name, "v1");
    r->path = path;
    r->format = "csv";
    put(r);
}

static int open_catalog(void **state)
{
    char path[128];
    (void)state;
    snprintf(folder, sizeof folder, "/tmp/firesteel-test-XXXXXX");
    if (!mkdtemp(folder))
        return -1;
    snprintf(path, sizeof path, "%s/catalog.db", folder);
    snprintf(csv, sizeof csv, "%s/t.csv", folder);
    if (fst_file_write(csv, "id,at,v\n1,2024-01-01,2.5\n", 25, 0644, NULL) != FST_OK ||
        fst_catalog_open(path, FST_CATALOG_CREATE, &catalog, &err) != FST_OK)
        return -1;
    cx = (struct fst_bind_context){.catalog = catalog, .output_base = folder};
    put_source("t", csv);
    return 0;
}

static int close_catalog(void **state)
{
    (void)state;
    fst_catalog_close(catalog);
    return fst_remove_tree(folder, NULL) == FST_OK ? 0 : -1;
}

static void test_bind_text__puts_places_and_schemas_for_references(void **state)
{
    struct fst_bound b;

    (void)state;
    if (fst_bind_text(&cx, "SELECT * FROM {{t.v1}} JOIN {{ t.v1 }} -- {{x}}", NULL, FST_BIND_RUN,
                      &b, NULL, &err) != FST_OK)
        fail_msg("%s", err.text);
    assert_string_equal(b.work.inputs[0].uri, csv);
    assert_string_equal(b.work.inputs[0].format, "csv");
    assert_int_equal(b.work.inputs[0].schema->n, 3);
    assert_string_equal(b.reads[0].label, "t.v1");
    assert_string_equal(b.work.time_zone, "UTC");
    assert_int_equal(strlen(b.work.sql), strlen("SELECT * FROM {{t.v1}} JOIN {{ t.v1 }} -- {{x}}"));
    assert_non_null(strstr(b.work.sql, "`{t.v1}`"));
    fst_bound_done(&b);
}

static void problem_of(const char *text, enum fst_status status, uint32_t line, uint32_t col)
{
    struct fst_problem problem = {0};
    struct fst_bound b;
    assert_int_equal(fst_bind_text(&cx, text, NULL, FST_BIND_RUN, &b, &problem, &err), status);
    assert_int_equal(problem.line, line);
    assert_int_equal(problem.col, col);
    assert_null(b.arena);
}

static void test_bind_text__says_where_a_reference_is_wrong(void **state)
{
    (void)state;
    problem_of("SELECT 'ö',\n * FROM {{tt.v1}}", FST_ENOTFOUND, 2, 9);
    assert_non_null(strstr(err.text, "t")); /* the near miss */
    problem_of("SELECT * FROM {{t.v9}}", FST_ENOTFOUND, 1, 15);
    problem_of("SELECT 1,\n{{t.v1", FST_EFORMAT, 2, 1);
    put_sql("never", "SELECT * FROM {{t.v1}}");
    problem_of("FROM {{t.v1}}, {{never.v1}}", FST_ENOTFOUND, 1, 16);
    assert_non_null(strstr(err.text, "firesteel run never.v1"));
}

static void test_bind_text__names_the_source_that_is_gone(void **state)
{
    (void)state;
    unlink(csv);
    problem_of("SELECT * FROM {{t.v1}}", FST_ENOTFOUND, 1, 15);
    assert_non_null(strstr(err.text, "t.v1"));
    assert_non_null(strstr(err.text, csv));
}

static void test_bind_text__checks_what_never_ran_by_its_own_text(void **state)
{
    struct fst_bound b;

    (void)state;
    put_sql("a", "SELECT id FROM {{t.v1}}");
    put_sql("b", "SELECT id FROM {{a.v1}}");
    if (fst_bind_text(&cx, "FROM {{b.v1}}", NULL, FST_BIND_CHECK, &b, NULL, &err) != FST_OK)
        fail_msg("%s", err.text);
    assert_int_equal(b.work.n_inputs, 3);
    assert_string_equal(b.work.inputs[0].name, "{t.v1}");
    assert_string_equal(b.work.inputs[1].query, "SELECT id FROM `{t.v1}`");
    assert_string_equal(b.work.inputs[2].name, "{b.v1}");
    fst_bound_done(&b);
}

static void test_bind_text__ends_at_texts_that_stand_on_themselves(void **state)
{
    struct fst_bound b;

    (void)state;
    put_sql("x", "SELECT * FROM {{y.v1}}");
    put_sql("y", "SELECT * FROM {{x.v1}}");
    assert_int_equal(fst_bind_text(&cx, "FROM {{x.v1}}", NULL, FST_BIND_CHECK, &b, NULL, &err),
                     FST_EINVAL);
}

static void test_bind_text__refuses_providers_and_engines_that_are_not_there(void **state)
{
    struct fst_resource *p = fst_resource_new(FST_PROVIDER, "odd", "");
    struct fst_bound b;

    (void)state;
    p->engine = "steam";
    put(p);
    assert_int_equal(fst_bind_text(&cx, "SELECT 1", "nope", FST_BIND_RUN, &b, NULL, &err),
                     FST_ENOTFOUND);
    assert_int_equal(fst_bind_text(&cx, "SELECT 1", "odd", FST_BIND_RUN, &b, NULL, &err),
                     FST_EUNSUPPORTED);
    assert_non_null(strstr(err.text, "steam"));
}

static void test_bind_resource__has_nothing_to_run_in_a_source(void **state)
{
    struct fst_resource *r = fst_resource_new(FST_SOURCE, "t", "v1");
    struct fst_bound b;

    (void)state;
    assert_int_equal(fst_bind_resource(&cx, r, NULL, FST_BIND_RUN, &b, NULL, &err), FST_EINVAL);
    fst_resource_free(r);
}

/* ---- Opening --------------------------------------------------------------------------------- */

static char opened_with[256];

static enum fst_status fake_open(const struct fst_doc *options, struct fst_session **out,
                                 struct fst_error *e)
{
    struct fst_buf json = FST_BUF(sizeof opened_with - 1);
    (void)e;
    *out = NULL;
    fst_doc_to_json(&json, options);
    strcpy(opened_with, fst_buf_text(&json));
    fst_buf_done(&json);
    return FST_OK;
}

static enum fst_status open_fake(const char *options)
{
    static const struct fst_option rows[] = {{"token", "secret", NULL, false, ""},
                                             {"url", "string", NULL, false, ""}};
    static const struct fst_engine engine = {
        .name = "fake", .options = rows, .n_options = FST_COUNT(rows), .open = fake_open};
    struct fst_arena *a = fst_arena_new();
    struct fst_session *session;
    struct fst_doc *doc;
    opened_with[0] = '\0';
    assert_int_equal(fst_json_parse(a, "o", options, strlen(options), NULL, &doc, NULL), FST_OK);
    enum fst_status status = fst_bind_open(&cx, &engine, doc, &session, &err);
    fst_arena_free(a);
    return status;
}

static void test_bind_open__resolves_secrets_and_nothing_else(void **state)
{
    (void)state;
    setenv("FST_TEST_TOKEN", "sword\"fish", 1);
    assert_int_equal(open_fake("{\"url\":\"env:FST_TEST_TOKEN\",\"token\":\"env:FST_TEST_TOKEN\","
                               "\"n\":[1]}"),
                     FST_OK);
    assert_string_equal(opened_with,
                        "{\"url\":\"env:FST_TEST_TOKEN\",\"token\":\"sword\\\"fish\",\"n\":[1]}");
    unsetenv("FST_TEST_TOKEN");
    assert_int_equal(open_fake("{\"token\":\"env:FST_TEST_TOKEN\"}"), FST_EAUTH);
    assert_non_null(strstr(err.text, "FST_TEST_TOKEN"));
    assert_string_equal(opened_with, "");
}

static void test_bind_open__refuses_commands_of_others_and_secrets_that_are_no_text(void **state)
{
    (void)state;
    assert_int_not_equal(open_fake("{\"token\":\"cmd:echo x\"}"), FST_OK);
    assert_int_not_equal(open_fake("{\"token\":[\"env:HOME\"]}"), FST_OK);
    assert_int_not_equal(open_fake("{\"token\":null}"), FST_OK);
    assert_string_equal(opened_with, "");
}

int main(void)
{
#define IN_CATALOG(test) cmocka_unit_test_setup_teardown(test, open_catalog, close_catalog)
    const struct CMUnitTest tests[] = {
        IN_CATALOG(test_bind_text__puts_places_and_schemas_for_references),
        IN_CATALOG(test_bind_text__says_where_a_reference_is_wrong),
        IN_CATALOG(test_bind_text__names_the_source_that_is_gone),
        IN_CATALOG(test_bind_text__checks_what_never_ran_by_its_own_text),
        IN_CATALOG(test_bind_text__ends_at_texts_that_stand_on_themselves),
        IN_CATALOG(test_bind_text__refuses_providers_and_engines_that_are_not_there),
        IN_CATALOG(test_bind_resource__has_nothing_to_run_in_a_source),
        IN_CATALOG(test_bind_open__resolves_secrets_and_nothing_else),
        IN_CATALOG(test_bind_open__refuses_commands_of_others_and_secrets_that_are_no_text),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
