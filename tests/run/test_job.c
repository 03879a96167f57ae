/* job.json there and back, and who is revived. */
#include "run.h"

#include <setjmp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static char folder[64], path[128];

static int make_folder(void **state)
{
    (void)state;
    snprintf(folder, sizeof folder, "/tmp/firesteel-test-XXXXXX");
    if (!mkdtemp(folder))
        return -1;
    snprintf(path, sizeof path, "%s/job.json", folder);
    return 0;
}

static int remove_folder(void **state)
{
    (void)state;
    return fst_remove_tree(folder, NULL) == FST_OK ? 0 : -1;
}

static struct fst_doc *options(struct fst_arena *a, const char *json)
{
    struct fst_doc *doc;
    assert_int_equal(fst_json_parse(a, "options", json, strlen(json), NULL, &doc, NULL), FST_OK);
    return doc;
}

static void write_job(struct fst_arena *a, struct fst_schema *schema)
{
    static struct fst_question questions[] = {{"ties: %s", "SELECT 1"}};
    struct fst_input inputs[] = {
        {.name = "a b.v1",
         .uri = "/d/x.csv",
         .format = "csv",
         .options = options(a, "{\"sep\":\";\",\"n\":1.10}"),
         .schema = schema},
        {.name = "t", .uri = "s3a://b/k", .format = "parquet"},
    };
    struct fst_bound bound = {
        .provider = "spark",
        .engine = &(struct fst_engine){.name = "spark-connect"},
        .options = options(a, "{\"token\":{\"secret\":\"env:TOKEN\"}}"),
        .work = {.sql = "SELECT '\xC3\xA4\n' FROM `t`",
                 .inputs = inputs,
                 .n_inputs = 2,
                 .output_uri = "file:///o",
                 .operation_id = "op",
                 .time_zone = "Europe/Berlin"},
        .questions = questions,
        .n_questions = 1,
    };
    assert_int_equal(fst__job_write(path, &bound, "x.v1", 3, NULL), FST_OK);
}

static void test_run_job__reads_back_what_was_bound(void **state)
{
    struct fst_arena *a = fst_arena_new();
    struct fst_schema *schema = fst_schema_new();
    struct fst_type t;
    struct fst_job_file job;
    struct fst_buf json = FST_BUF_TEXT;

    (void)state;
    assert_int_equal(fst_type_parse(a, "struct<`a b`:array<decimal(10,2)>>", &t, NULL), FST_OK);
    fst_schema_add(schema, "", &t, true);
    write_job(a, schema);
    fst_schema_free(schema);
    fst_arena_free(a);
    assert_int_equal(fst__job_read(path, &job, NULL), FST_OK);
    assert_string_equal(job.label, "x.v1");
    assert_string_equal(job.engine, "spark-connect");
    assert_string_equal(job.work.sql, "SELECT '\xC3\xA4\n' FROM `t`");
    assert_string_equal(job.work.time_zone, "Europe/Berlin");
    assert_int_equal(job.attempt, 3);
    assert_int_equal(job.work.n_inputs, 2);
    assert_string_equal(job.work.inputs[0].name, "a b.v1");
    fst_doc_to_json(&json, job.work.inputs[0].options);
    assert_string_equal(fst_buf_text(&json), "{\"sep\":\";\",\"n\":1.10}");
    fst_buf_clear(&json);
    fst_type_text(&json, &job.work.inputs[0].schema->fields[0].type);
    assert_string_equal(fst_buf_text(&json), "struct<`a b`:array<decimal(10,2)>>");
    assert_null(job.work.inputs[1].schema);
    assert_string_equal(job.questions[0].what, "ties: %s");
    fst_buf_done(&json);
    fst__job_done(&job);
}

static void write_work(struct fst_arena *a, struct fst_work work)
{
    struct fst_bound bound = {.provider = "spark",
                              .engine = &(struct fst_engine){.name = "spark-submit"},
                              .work = work,
                              .max_duration_us = INT64_C(1800000000)};
    bound.work.operation_id = "op";
    bound.work.conf = options(a, "{\"spark.secret.key\":\"env:TOKEN\"}");
    assert_int_equal(fst__job_write(path, &bound, "x.v1", 1, NULL), FST_OK);
}

static void test_run_job__reads_back_functions_and_programs(void **state)
{
    static const char code[] = "def f(a):\n\treturn a  # \xC3\xA9 \"\\\n";
    static const char *const args[] = {"--x", "", "a\nb"};
    struct fst_input table = {.name = "t.v1", .table = "db.`a b`"};
    struct fst_program program = {"/p.jar", "org.A", args, 3};
    struct fst_arena *a = fst_arena_new();
    struct fst_job_file job;

    (void)state;
    setenv("TOKEN", "swordfish", 1);
    write_work(
        a, (struct fst_work){.python = code, .inputs = &table, .n_inputs = 1, .output_uri = "/o"});
    assert_int_equal(fst__job_read(path, &job, NULL), FST_OK);
    assert_string_equal(job.work.python, code);
    assert_null(job.work.sql);
    assert_null(job.work.program);
    assert_string_equal(job.work.inputs[0].table, "db.`a b`");
    assert_null(job.work.inputs[0].uri);
    assert_string_equal(fst_doc_string(job.work.conf, "spark.secret.key", ""), "env:TOKEN");
    assert_int_equal(job.max_duration_us, INT64_C(1800000000));
    fst__job_done(&job);
    write_work(a, (struct fst_work){.program = &program});
    assert_int_equal(fst__job_read(path, &job, NULL), FST_OK);
    assert_string_equal(job.work.program->file, "/p.jar");
    assert_string_equal(job.work.program->class_, "org.A");
    assert_int_equal(job.work.program->n_args, 3);
    assert_string_equal(job.work.program->args[2], "a\nb");
    assert_null(job.work.output_uri);
    fst__job_done(&job);
    fst_arena_free(a);
}

static void test_run_job__is_for_its_owner_and_keeps_references_to_secrets(void **state)
{
    struct fst_arena *a = fst_arena_new();
    struct fst_job_file job;
    struct stat st;

    (void)state;
    setenv("TOKEN", "swordfish", 1);
    write_job(a, NULL);
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    assert_int_equal(fst__job_read(path, &job, NULL), FST_OK);
    const struct fst_doc *token = fst_doc_get(job.options, "token");
    assert_string_equal(fst_doc_string(token, "secret", ""), "env:TOKEN");
    fst__job_done(&job);
    fst_arena_free(a);
}

static void test_run_job__says_what_is_wrong_with_a_file_and_which(void **state)
{
    static const char *const bad[] = {
        "",
        "[]",
        "{\"sql\":\"x\"}",
        "{\"sql\":\"x\",\"python\":\"y\",\"output\":\"y\",\"operation_id\":\"z\"}",
        "{\"python\":\"y\",\"operation_id\":\"z\"}",
        "{\"program\":{\"args\":[]},\"operation_id\":\"z\"}",
        "{\"sql\":\"x\",\"output\":\"y\",\"operation_id\":\"z\",\"inputs\":[{\"schema\":[{}]}]}",
        "{\"sql\":\"x\",\"output\":\"y\",\"operation_id\":\"z\",\"inputs\":[{\"schema\":"
        "[{\"name\":\"a\",\"type\":\"decimal(\"}]}]}",
    };
    struct fst_job_file job;
    struct fst_error err;

    (void)state;
    for (size_t i = 0; i < FST_COUNT(bad); i++) {
        assert_int_equal(fst_file_write(path, bad[i], strlen(bad[i]), 0600, NULL), FST_OK);
        assert_int_equal(fst__job_read(path, &job, &err), FST_EFORMAT);
        assert_non_null(strstr(err.text, path));
    }
    unlink(path);
    assert_int_equal(fst__job_read(path, &job, &err), FST_ENOTFOUND);
}

static void add_run(struct fst_catalog *c, const char *id, const char *host, enum fst_state state)
{
    struct fst_run_record run = {.id = id,
                                 .name = "x",
                                 .variant = "v1",
                                 .kind = FST_TRANSFORMATION,
                                 .state = state,
                                 .attempt = 1,
                                 .provider = "",
                                 .engine = "local",
                                 .host = host,
                                 .user = "u",
                                 .created_us = 1,
                                 .output = "/o",
                                 .rows = -1};
    char *run_folder = fst_path_join(folder, id);
    struct fst_resource *r = fst_resource_new(FST_TRANSFORMATION, "x", "v1");
    struct fst_error err = {0};
    r->sql = "SELECT 1";
    if (fst_catalog_put(c, r, NULL, 0, &err) != FST_OK)
        fail_msg("%s", err.text);
    run.resource_id = r->id;
    assert_int_equal(fst_mkdirs(run_folder, 0700, NULL), FST_OK);
    if (fst_catalog_add_run(c, &run, &err) != FST_OK)
        fail_msg("%s", err.text);
    fst_resource_free(r);
    free(run_folder);
}

static void test_run_start__revives_only_unfinished_runs_of_this_host_that_nobody_holds(
    void **state)
{
    char catalog[128], lock[128], host[256] = "";
    struct fst_run_place place = {catalog, folder, "/bin/true", false};
    struct fst_catalog *c;

    (void)state;
    snprintf(catalog, sizeof catalog, "%s/catalog.db", folder);
    snprintf(lock, sizeof lock, "%s/20260101-000002-held/lock", folder);
    gethostname(host, sizeof host - 1);
    assert_int_equal(fst_catalog_open(catalog, FST_CATALOG_CREATE, &c, NULL), FST_OK);
    add_run(c, "20260101-000001-done", host, FST_STATE_READY);
    add_run(c, "20260101-000002-held", host, FST_STATE_RUNNING);
    add_run(c, "20260101-000003-away", "elsewhere.example", FST_STATE_RUNNING);
    int fd = fst_lock_take(lock);
    assert_true(fst_run_is_held(&place, "20260101-000002-held"));
    assert_int_equal(fst_run_revive(&place, c), 0);
    close(fd);
    assert_int_equal(fst_run_revive(&place, c), 1);
    fst_catalog_close(c);
}

static int by_text(const void *a, const void *b)
{
    return strcmp(a, b);
}

static void test_run_start__names_of_one_second_differ(void **state)
{
    (void)state;
    enum { N = 200 };
    static char names[N][32];
    int equal = 0;
    setenv("FIRESTEEL_NOW", "2026-01-02T03:04:05Z", 1);
    for (int round = 0; round < 100; round++) {
        for (int i = 0; i < N; i++)
            fst__new_id(names[i]);
        qsort(names, N, sizeof names[0], by_text);
        for (int i = 0; i + 1 < N; i++)
            equal += strcmp(names[i], names[i + 1]) == 0;
    }
    unsetenv("FIRESTEEL_NOW");
    assert_int_equal(strncmp(names[0], "20260102-030405-", 16), 0);
    assert_int_equal(strlen(names[0]), 20);
    assert_in_range(equal, 0, 10); /* of 36^4, about one is expected; of 16^4 it would be thirty */
}

int main(void)
{
#define IN_FOLDER(test) cmocka_unit_test_setup_teardown(test, make_folder, remove_folder)
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_run_start__names_of_one_second_differ),
        IN_FOLDER(test_run_job__reads_back_what_was_bound),
        IN_FOLDER(test_run_job__reads_back_functions_and_programs),
        IN_FOLDER(test_run_job__is_for_its_owner_and_keeps_references_to_secrets),
        IN_FOLDER(test_run_job__says_what_is_wrong_with_a_file_and_which),
        IN_FOLDER(test_run_start__revives_only_unfinished_runs_of_this_host_that_nobody_holds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
