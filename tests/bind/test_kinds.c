/* Functions, tables, programs and settings: bound for engines that take them, refused elsewhere
 * with the providers that would do. The table of engines is this file's own. */
#include "firesteel/bind.h"

#include <setjmp.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static const struct fst_engine plain = {.name = "local", .is_local_host = true};
static const struct fst_engine able = {
    .name = "able", .takes_python = true, .takes_programs = true, .takes_tables = true};
const struct fst_engine *const fst_engines[] = {&plain, &able, NULL};

const struct fst_engine *fst_engine_named(const char *name)
{
    for (size_t i = 0; name && fst_engines[i]; i++)
        if (strcmp(fst_engines[i]->name, name) == 0)
            return fst_engines[i];
    return NULL;
}

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

/* A resource from its spec; the id when it is put. */
static struct fst_resource *made(enum fst_resource_kind kind, const char *name, const char *spec)
{
    struct fst_resource *r = fst_resource_new(kind, name, "v1");
    if (fst_resource_read_spec(r, spec, &err) != FST_OK)
        fail_msg("%s", err.text);
    return r;
}

static struct fst_resource *found(enum fst_resource_kind kind, const char *name)
{
    struct fst_resource *r;
    if (fst_catalog_find(catalog, kind, name, "v1", &r, &err) != FST_OK)
        fail_msg("%s", err.text);
    return r;
}

static void ran(int64_t id, const char *run_id)
{
    struct fst_run_record r = {.id = run_id,
                               .resource_id = id,
                               .state = FST_STATE_READY,
                               .created_us = 1,
                               .output = "s3a://b/x",
                               .rows = -1};
    assert_int_equal(fst_catalog_add_run(catalog, &r, &err), FST_OK);
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
    if (fst_file_write(csv, "id,v\n1,2.5\n", 11, 0644, NULL) != FST_OK ||
        fst_catalog_open(path, FST_CATALOG_CREATE, &catalog, &err) != FST_OK)
        return -1;
    cx = (struct fst_bind_context){.catalog = catalog, .output_base = folder};
    struct fst_resource *file = fst_resource_new(FST_SOURCE, "file", "v1");
    file->path = csv;
    file->format = "csv";
    put(file);
    put(made(FST_SOURCE, "lake", "{\"table\":\"db.t\"}"));
    return 0;
}

static int close_catalog(void **state)
{
    (void)state;
    fst_catalog_close(catalog);
    return fst_remove_tree(folder, NULL) == FST_OK ? 0 : -1;
}

static void put_able(void)
{
    struct fst_resource *p = fst_resource_new(FST_PROVIDER, "big", "");
    p->engine = "able";
    put(p);
}

static void put_function(const char *name, const char *inputs)
{
    char spec[512];
    snprintf(spec, sizeof spec,
             "{\"inputs\":[%s],\"python\":\"def f(a, b): return a\",\"conf\":"
             "{\"spark.x\":\"env:X\"},\"max_job_duration\":\"30m\"}",
             inputs);
    put(made(FST_TRANSFORMATION, name, spec));
}

static enum fst_status bind(const char *name, enum fst_resource_kind kind, const char *provider,
                            enum fst_bind_mode mode, struct fst_bound *b)
{
    struct fst_resource *r = found(kind, name);
    enum fst_status status = fst_bind_resource(&cx, r, provider, mode, b, NULL, &err);
    fst_resource_free(r);
    return status;
}

static void says(const char *part)
{
    if (!strstr(err.text, part))
        fail_msg("%s", err.text);
}

static void test_bind_resource__a_function_gets_its_inputs_in_order(void **state)
{
    struct fst_bound b;

    (void)state;
    put_able();
    put_function("f", "\"lake.v1\",\"file.v1\"");
    if (bind("f", FST_TRANSFORMATION, "big", FST_BIND_RUN, &b) != FST_OK)
        fail_msg("%s", err.text);
    assert_null(b.work.sql);
    assert_string_equal(b.work.python, "def f(a, b): return a");
    assert_int_equal(b.work.n_inputs, 2);
    assert_string_equal(b.work.inputs[0].name, "lake.v1");
    assert_string_equal(b.work.inputs[0].table, "db.t");
    assert_null(b.work.inputs[0].uri);
    assert_string_equal(b.work.inputs[1].name, "file.v1");
    assert_string_equal(b.work.inputs[1].uri, csv);
    assert_string_equal(fst_doc_string(b.work.conf, "spark.x", ""), "env:X");
    assert_int_equal(b.max_duration_us, INT64_C(1800000000));
    assert_string_equal(b.reads[0].label, "lake.v1");
    fst_bound_done(&b);
}

static void test_bind_resource__a_job_notes_what_it_reads_and_gets_none_of_it(void **state)
{
    struct fst_bound b;

    (void)state;
    put_able();
    int64_t id = put(made(FST_TRANSFORMATION, "q", "{\"sql\":\"SELECT 1\"}"));
    put(made(FST_JOB, "j",
             "{\"file\":\"/a.jar\",\"class\":\"A\",\"args\":[\"x\",\"\"],\"inputs\":[\"q.v1\"]}"));
    assert_int_equal(bind("j", FST_JOB, "big", FST_BIND_RUN, &b), FST_ENOTFOUND);
    says("firesteel run q.v1");
    ran(id, "20260101-000001-aaaa");
    if (bind("j", FST_JOB, "big", FST_BIND_RUN, &b) != FST_OK)
        fail_msg("%s", err.text);
    assert_int_equal(b.work.n_inputs, 0);
    assert_int_equal(b.n_reads, 1);
    assert_string_equal(b.reads[0].run_id, "20260101-000001-aaaa");
    assert_string_equal(b.work.program->class_, "A");
    assert_int_equal(b.work.program->n_args, 2);
    assert_string_equal(b.work.program->args[0], "x");
    assert_int_equal(b.max_duration_us, INT64_C(172800000000)); /* 48 hours */
    fst_bound_done(&b);
}

static void test_bind_resource__refuses_with_the_providers_that_would_do(void **state)
{
    struct fst_bound b;

    (void)state;
    put_function("f", "\"file.v1\"");
    put(made(FST_JOB, "j", "{\"file\":\"/a.py\"}"));
    assert_int_equal(bind("f", FST_TRANSFORMATION, NULL, FST_BIND_RUN, &b), FST_EUNSUPPORTED);
    says("embedded engine does not run Python");
    says("engines that do: able");
    put_able();
    assert_int_equal(bind("f", FST_TRANSFORMATION, NULL, FST_BIND_CHECK, &b), FST_EUNSUPPORTED);
    says("providers that do: big");
    assert_int_equal(bind("j", FST_JOB, "local", FST_BIND_RUN, &b), FST_EUNSUPPORTED);
    says("programs");
    assert_int_equal(
        fst_bind_text(&cx, "SELECT * FROM {{lake.v1}}", NULL, FST_BIND_RUN, &b, NULL, &err),
        FST_EUNSUPPORTED);
    says("lake.v1 is the table db.t");
    says("big");
    assert_int_equal(
        fst_bind_text(&cx, "SELECT * FROM {{lake.v1}}", "big", FST_BIND_RUN, &b, NULL, &err),
        FST_OK);
    assert_string_equal(b.work.inputs[0].table, "db.t");
    fst_bound_done(&b);
}

static void test_bind_text__functions_and_sql_feed_each_other(void **state)
{
    struct fst_bound b;

    (void)state;
    put_able();
    put_function("f", "\"file.v1\"");
    put(made(FST_TRANSFORMATION, "q", "{\"sql\":\"SELECT * FROM {{f.v1}}\"}"));
    put_function("g", "\"q.v1\"");
    assert_int_equal(bind("q", FST_TRANSFORMATION, "big", FST_BIND_CHECK, &b), FST_EUNSUPPORTED);
    says("f.v1 is a Python function that never ran");
    says("firesteel run f.v1");
    assert_int_equal(bind("g", FST_TRANSFORMATION, "big", FST_BIND_CHECK, &b), FST_ENOTFOUND);
    says("firesteel run q.v1"); /* not its text: a function's inputs have rows */
    struct fst_resource *f = found(FST_TRANSFORMATION, "f"), *q = found(FST_TRANSFORMATION, "q");
    /* outputs of runs are parquet: elsewhere, where this program cannot look */
    struct fst_run_record r = {.state = FST_STATE_READY, .rows = -1, .output = "s3a://b/x"};
    r.id = "r-f";
    r.resource_id = f->id;
    assert_int_equal(fst_catalog_add_run(catalog, &r, &err), FST_OK);
    r.id = "r-q";
    r.resource_id = q->id;
    assert_int_equal(fst_catalog_add_run(catalog, &r, &err), FST_OK);
    static const char *const names[] = {"q", "g"};
    for (size_t i = 0; i < FST_COUNT(names); i++) {
        if (bind(names[i], FST_TRANSFORMATION, "big", FST_BIND_RUN, &b) != FST_OK)
            fail_msg("%s", err.text);
        assert_string_equal(b.work.inputs[0].uri, "s3a://b/x");
        assert_string_equal(b.work.inputs[0].name, i ? "q.v1" : "{f.v1}");
        fst_bound_done(&b);
    }
    fst_resource_free(f);
    fst_resource_free(q);
}

int main(void)
{
#define IN_CATALOG(test) cmocka_unit_test_setup_teardown(test, open_catalog, close_catalog)
    const struct CMUnitTest tests[] = {
        IN_CATALOG(test_bind_resource__a_function_gets_its_inputs_in_order),
        IN_CATALOG(test_bind_resource__a_job_notes_what_it_reads_and_gets_none_of_it),
        IN_CATALOG(test_bind_resource__refuses_with_the_providers_that_would_do),
        IN_CATALOG(test_bind_text__functions_and_sql_feed_each_other),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
