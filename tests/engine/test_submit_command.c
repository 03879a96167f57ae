/* The command of spark-submit for each master and mode; what is a secret is nowhere in it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "engines.h"
#include "submit.h"

#define OPERATION "11111111-2222-4333-8444-555555555555"

struct fixture {
    struct fst_arena *a;
    char dir[64];
    struct fst_error err;
    struct submit_plan plan;
};

static void put(struct fixture *f, const char *name, const char *text, int mode)
{
    char *path = fst_arena_printf(f->a, "%s/%s", f->dir, name);
    char *folder = fst_arena_strdup(f->a, path);
    *strrchr(folder, '/') = 0;
    assert_int_equal(fst_mkdirs(folder, 0755, NULL), FST_OK);
    assert_int_equal(fst_file_write(path, text, strlen(text), 0644, NULL), FST_OK);
    assert_int_equal(chmod(path, (mode_t)mode), 0);
}

static int set_up(void **state)
{
    struct fixture *f = fst_alloc(sizeof *f);
    f->a = fst_arena_new();
    strcpy(f->dir, "/tmp/fst-command-XXXXXX");
    *state = f;
    if (!mkdtemp(f->dir))
        return -1;
    put(f, "java/bin/java", "#!/bin/sh\necho 'openjdk 17.0.1 2024-01-01'\n", 0755);
    put(f, "spark/bin/spark-submit", "#!/bin/sh\n", 0755);
    put(f, "spark/jars/spark-core_2.13-4.3.0.jar", "", 0644);
    unsetenv("HADOOP_CONF_DIR");
    unsetenv("YARN_CONF_DIR");
    unsetenv("SPARK_SUBMIT_OPTS");
    unsetenv("SPARK_CONF_DIR");
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;
    fst_remove_tree(f->dir, NULL);
    fst_arena_free(f->a);
    free(f);
    return 0;
}

static struct fst_doc *parse(struct fixture *f, const char *json)
{
    struct fst_doc *doc;
    assert_int_equal(fst_json_parse(f->a, "o", json, strlen(json), NULL, &doc, NULL), FST_OK);
    return doc;
}

static struct fst_session *open_with(struct fixture *f, const char *more)
{
    struct fst_session *s = NULL;
    const struct fst_doc *doc = parse(
        f, fst_arena_printf(f->a, "{\"java_home\": \"%s/java\", \"spark_home\": \"%s/spark\"%s}",
                            f->dir, f->dir, more));
    assert_int_equal(fst_engine_submit.open(doc, &s, &f->err), FST_OK);
    return s;
}

static struct fst_work sql_work(struct fixture *f)
{
    return (struct fst_work){.sql = "SELECT 1",
                             .folder = f->dir,
                             .output_uri = "/data/out",
                             .operation_id = OPERATION,
                             .name = "Monthly Spend.v3"};
}

static enum fst_status plan(struct fixture *f, const char *options, const struct fst_work *w,
                            bool masked)
{
    struct fst_session *s = open_with(f, options);
    enum fst_status status = submit_plan_make(s, w, masked, f->a, &f->plan, &f->err);
    fst_engine_submit.close(s);
    return status;
}

/* Words joined by blanks, with one before and one after. */
static const char *words(struct fixture *f, char *const *list)
{
    struct fst_buf out = FST_BUF_TEXT;
    fst_buf_addc(&out, ' ');
    for (; *list; list++)
        fst_buf_printf(&out, "%s ", *list);
    const char *text = fst_arena_strdup(f->a, fst_buf_text(&out));
    fst_buf_done(&out);
    return text;
}

static void assert_has(const char *text, const char *part)
{
    if (!strstr(text, part))
        fail_msg("no <%s> in <%s>", part, text);
}

static void test_submit_command__names_everything_of_a_local_run(void **state)
{
    struct fixture *f = *state;
    const struct fst_work w = sql_work(f);
    assert_int_equal(plan(f,
                          ", \"master\": \"local[2]\", \"driver_memory\": \"1g\", \"jars\": "
                          "[\"/a.jar\", \"/b.jar\"], \"conf\": {\"spark.x\": \"a b\"}, \"ui\": "
                          "false",
                          &w, false),
                     FST_OK);
    const char *argv = words(f, f->plan.argv), *env = words(f, f->plan.env);
    assert_has(argv, "/spark/bin/spark-submit --master local[2] --name Monthly Spend.v3 ");
    assert_has(argv, " --driver-memory 1g ");
    assert_has(argv, " --jars /a.jar,/b.jar ");
    assert_has(argv, " --conf spark.x=a b ");
    assert_has(argv, " --conf spark.ui.enabled=false ");
    assert_has(argv, "/driver.py ");
    assert_has(argv, "/driver-job.json ");
    assert_null(strstr(argv, "--deploy-mode"));
    assert_null(f->plan.properties);
    assert_has(env, " SPARK_LOCAL_IP=127.0.0.1 ");
    assert_has(env, "log4j2.properties\" ");
    assert_has(env, " PYSPARK_DRIVER_PYTHON ");
}

static void test_submit_command__work_settings_win_over_the_providers(void **state)
{
    struct fixture *f = *state;
    struct fst_work w = sql_work(f);
    w.conf = parse(f, "{\"spark.sql.shuffle.partitions\": 7}");
    assert_int_equal(plan(f, ", \"conf\": {\"spark.sql.shuffle.partitions\": 200}", &w, false),
                     FST_OK);
    const char *argv = words(f, f->plan.argv);
    assert_has(argv, " --conf spark.sql.shuffle.partitions=7 ");
    assert_null(strstr(argv, "=200 "));
}

static void test_submit_command__secrets_go_by_a_file_and_never_by_arguments(void **state)
{
    struct fixture *f = *state;
    const struct fst_work w = sql_work(f);
    setenv("FST_TEST_SECRET", "s3cret\\value", 1);
    const char *options =
        ", \"conf\": {\"spark.hadoop.fs.s3a.secret.key\": \"env:FST_TEST_SECRET\","
        " \"spark.any.thing\": \"env:FST_TEST_SECRET\","
        " \"spark.my.password\": \"plain-word\","
        " \"spark.eventLog.dir\": \"file:/var/log/spark\"},"
        " \"env\": {\"MY_KEY\": \"env:FST_TEST_SECRET\"}";
    assert_int_equal(plan(f, options, &w, false), FST_OK);
    const char *argv = words(f, f->plan.argv), *env = words(f, f->plan.env);
    assert_null(strstr(argv, "s3cret"));
    assert_null(strstr(argv, "plain-word"));
    assert_null(strstr(argv, "FST_TEST_SECRET"));
    assert_has(argv, " --properties-file ");
    assert_has(argv, " --load-spark-defaults ");
    assert_has(argv, " --conf spark.eventLog.dir=file:/var/log/spark ");
    assert_has(f->plan.properties, "spark.hadoop.fs.s3a.secret.key=s3cret\\\\value\n");
    assert_has(f->plan.properties, "spark.any.thing=s3cret\\\\value\n");
    assert_has(f->plan.properties, "spark.my.password=plain-word\n");
    assert_has(env, " MY_KEY=s3cret\\value ");
}

static void test_submit_command__secrets_are_masked_for_people(void **state)
{
    struct fixture *f = *state;
    struct fst_work w = sql_work(f);
    struct fst_buf out = FST_BUF_TEXT;
    setenv("FST_TEST_SECRET", "s3cret", 1);
    w.conf = parse(f, "{\"spark.db.password\": \"file:/run/secrets/db\"}");
    struct fst_session *s =
        open_with(f, ", \"conf\": {\"spark.hadoop.fs.s3a.secret.key\": \"env:FST_TEST_SECRET\"},"
                     " \"env\": {\"TOKEN\": \"env:FST_TEST_SECRET\"}");
    assert_int_equal(fst_engine_submit.command(s, &w, &out, &f->err), FST_OK);
    assert_null(strstr(fst_buf_text(&out), "s3cret"));
    assert_null(strstr(fst_buf_text(&out), "/run/secrets/db"));
    assert_has(fst_buf_text(&out), "'TOKEN=***'");
    assert_has(fst_buf_text(&out), "spark.hadoop.fs.s3a.secret.key=***\n");
    assert_has(fst_buf_text(&out), "spark.db.password=***\n");
    assert_has(fst_buf_text(&out), "--master 'local[*]' \\\n");
    fst_engine_submit.close(s);
    fst_buf_done(&out);
}

static void test_submit_command__job_description_has_no_secrets(void **state)
{
    struct fixture *f = *state;
    struct fst_work w = sql_work(f);
    struct fst_buf json = FST_BUF_TEXT;
    w.conf = parse(f, "{\"spark.db.password\": \"x1\", \"spark.a\": \"env:B\", \"spark.c\": 5}");
    assert_int_equal(driver_job_write(&w, &json, &f->err), FST_OK);
    assert_has(fst_buf_text(&json), "\"conf\":{\"spark.c\":\"5\"}");
    assert_null(strstr(fst_buf_text(&json), "env:B"));
    fst_buf_done(&json);
}

static void test_submit_command__an_empty_secret_is_named(void **state)
{
    struct fixture *f = *state;
    const struct fst_work w = sql_work(f);
    unsetenv("FST_TEST_NONE");
    assert_int_equal(plan(f, ", \"conf\": {\"spark.x.token\": \"env:FST_TEST_NONE\"}", &w, false),
                     FST_EAUTH);
    assert_has(f->err.text, "spark.x.token");
    assert_has(f->err.text, "FST_TEST_NONE");
}

static void test_submit_command__old_spark_gets_its_defaults_in_the_same_file(void **state)
{
    struct fixture *f = *state;
    const struct fst_work w = sql_work(f);
    char *jar = fst_arena_printf(f->a, "%s/spark/jars/spark-core_2.13-4.3.0.jar", f->dir);
    assert_int_equal(unlink(jar), 0);
    put(f, "spark/jars/spark-core_2.12-3.5.9.jar", "", 0644);
    put(f, "spark/conf/spark-defaults.conf", "spark.default.one 1", 0644);
    assert_int_equal(plan(f, ", \"conf\": {\"spark.x.password\": \"y\"}", &w, false), FST_OK);
    assert_null(strstr(words(f, f->plan.argv), "--load-spark-defaults"));
    assert_string_equal(f->plan.properties, "spark.default.one 1\nspark.x.password=y\n");
}

static void test_submit_command__standalone_client_mode(void **state)
{
    struct fixture *f = *state;
    const struct fst_work w = sql_work(f);
    assert_int_equal(plan(f,
                          ", \"master\": \"spark://h:7077\", \"executor_memory\": \"2g\", "
                          "\"total_executor_cores\": 4",
                          &w, false),
                     FST_OK);
    const char *argv = words(f, f->plan.argv);
    assert_has(argv, " --master spark://h:7077 ");
    assert_has(argv, " --executor-memory 2g --total-executor-cores 4 ");
    assert_null(strstr(words(f, f->plan.env), "SPARK_LOCAL_IP"));
}

static void test_submit_command__standalone_cluster_mode_is_refused_for_python(void **state)
{
    struct fixture *f = *state;
    struct fst_work w = sql_work(f);
    const char *options = ", \"master\": \"spark://h:7077\", \"deploy_mode\": \"cluster\"";
    assert_int_equal(plan(f, options, &w, false), FST_EUNSUPPORTED);
    const char *const args[] = {"one", "two words"};
    const struct fst_program jar = {
        .file = "s3a://b/x.jar", .class_ = "a.B", .args = args, .n_args = 2};
    w.sql = NULL;
    w.program = &jar;
    assert_int_equal(plan(f, options, &w, false), FST_OK);
    assert_has(words(f, f->plan.argv), " --class a.B s3a://b/x.jar one two words ");
    assert_has(words(f, f->plan.argv), " --deploy-mode cluster ");
}

static void test_submit_command__yarn_needs_to_know_its_cluster(void **state)
{
    struct fixture *f = *state;
    const struct fst_work w = sql_work(f);
    assert_int_equal(plan(f, ", \"master\": \"yarn\"", &w, false), FST_EINVAL);
    assert_has(f->err.text, "hadoop_conf_dir");
}

static void test_submit_command__yarn_cluster_mode_sends_the_job(void **state)
{
    struct fixture *f = *state;
    const struct fst_work w = sql_work(f);
    assert_int_equal(plan(f,
                          ", \"master\": \"yarn\", \"deploy_mode\": \"cluster\", "
                          "\"hadoop_conf_dir\": \"/etc/hadoop\", \"queue\": \"q\", \"python\": "
                          "\"/opt/py\", \"files\": \"/x.txt\"",
                          &w, false),
                     FST_OK);
    const char *argv = words(f, f->plan.argv);
    assert_has(argv, " --deploy-mode cluster ");
    assert_has(argv, " --queue q ");
    assert_has(argv, " --conf spark.yarn.tags=firesteel-" OPERATION " ");
    assert_has(argv, " --conf spark.yarn.maxAppAttempts=1 ");
    assert_has(argv, " --conf spark.yarn.appMasterEnv.PYSPARK_PYTHON=/opt/py ");
    assert_has(argv,
               fst_arena_printf(
                   f->a, " --files /x.txt,file://%s/driver-job.json,file://%s/log4j2.properties ",
                   f->dir, f->dir));
    assert_has(argv, fst_arena_printf(f->a, " file://%s/driver.py driver-job.json ", f->dir));
    assert_has(words(f, f->plan.env), " HADOOP_CONF_DIR=/etc/hadoop ");
}

static void test_submit_command__kubernetes_needs_a_way_for_the_driver(void **state)
{
    struct fixture *f = *state;
    const struct fst_work w = sql_work(f);
    assert_int_equal(
        plan(f, ", \"master\": \"k8s://https://h:6443\", \"deploy_mode\": \"cluster\"", &w, false),
        FST_EINVAL);
    assert_has(f->err.text, "image");
    assert_int_equal(plan(f,
                          ", \"master\": \"k8s://https://h:6443\", \"deploy_mode\": \"cluster\", "
                          "\"image\": \"spark:4\"",
                          &w, false),
                     FST_EINVAL);
    assert_has(f->err.text, "driver_file");
    assert_has(f->err.text, "upload_path");
}

static void test_submit_command__kubernetes_cluster_mode(void **state)
{
    struct fixture *f = *state;
    const struct fst_work w = sql_work(f);
    const char *base = ", \"master\": \"k8s://https://h:6443\", \"deploy_mode\": \"cluster\", "
                       "\"image\": \"spark:4\", \"namespace\": \"ns\", \"service_account\": \"sa\"";
    assert_int_equal(
        plan(f, fst_arena_printf(f->a, "%s, \"upload_path\": \"s3a://b/up\"", base), &w, false),
        FST_OK);
    const char *argv = words(f, f->plan.argv);
    assert_has(argv, " --name monthly-spend-v3 ");
    assert_has(argv, " --conf spark.kubernetes.namespace=ns ");
    assert_has(argv, " --conf spark.kubernetes.container.image=spark:4 ");
    assert_has(argv, " --conf spark.kubernetes.authenticate.driver.serviceAccountName=sa ");
    assert_has(argv, " --conf spark.kubernetes.driver.label.firesteel-run=" OPERATION " ");
    assert_has(argv, " --conf spark.kubernetes.submission.waitAppCompletion=true ");
    assert_has(argv, " --files ");
    assert_has(argv, "/driver.py ");
    assert_int_equal(
        plan(f, fst_arena_printf(f->a, "%s, \"driver_file\": \"local:///opt/driver.py\"", base), &w,
             false),
        FST_OK);
    argv = words(f, f->plan.argv);
    assert_has(argv, " local:///opt/driver.py hex:7b22"); /* {" */
    assert_null(strstr(argv, " --files "));
}

static void test_submit_command__kill_names_the_pod(void **state)
{
    struct fixture *f = *state;
    struct fst_session *s = open_with(f, ", \"master\": \"k8s://https://h:6443\", \"deploy_mode\": "
                                         "\"cluster\", \"namespace\": \"ns\"");
    struct submit_plan kill;
    assert_int_equal(submit_kill_plan(s, OPERATION, f->a, &kill, &f->err), FST_OK);
    assert_has(words(f, kill.argv),
               " --master k8s://https://h:6443 --kill ns:firesteel-" OPERATION "-driver ");
    fst_engine_submit.close(s);
}

static void test_submit_command__a_missing_program_is_said(void **state)
{
    struct fixture *f = *state;
    const struct fst_program none = {.file = "/nowhere/job.py"};
    const struct fst_work w = {.program = &none, .folder = f->dir, .operation_id = OPERATION};
    assert_int_equal(plan(f, "", &w, false), FST_ENOTFOUND);
    assert_has(f->err.text, "/nowhere/job.py");
}

static void test_submit_command__unknown_masters_and_modes_are_refused(void **state)
{
    struct fixture *f = *state;
    struct fst_session *s;
    assert_int_equal(fst_engine_submit.open(parse(f, "{\"master\": \"mesos://x\"}"), &s, &f->err),
                     FST_EINVAL);
    assert_int_equal(
        fst_engine_submit.open(parse(f, "{\"deploy_mode\": \"cluster\"}"), &s, &f->err),
        FST_EINVAL);
    assert_int_equal(fst_engine_submit.open(parse(f, "{\"deploy_mode\": \"x\"}"), &s, &f->err),
                     FST_EINVAL);
}

static void test_submit_command__only_spark_settings_are_taken(void **state)
{
    struct fixture *f = *state;
    const struct fst_work w = sql_work(f);
    assert_int_equal(plan(f, ", \"conf\": {\"other.key\": \"1\"}", &w, false), FST_EINVAL);
    assert_int_equal(plan(f, ", \"conf\": {\"spark.a b\": \"1\"}", &w, false), FST_EINVAL);
    assert_int_equal(plan(f, ", \"conf\": {\"spark.a\": [1]}", &w, false), FST_EINVAL);
}

static void test_submit_reaches__files_only_where_the_workers_see_them(void **state)
{
    struct fixture *f = *state;
    const struct {
        const char *options, *uri;
        enum fst_status status;
    } rows[] = {
        {"", "/data/x", FST_OK},
        {"", "relative", FST_EINVAL},
        {", \"master\": \"spark://127.0.0.1:7077\"", "file:///data/x", FST_OK},
        {", \"master\": \"spark://other:7077\"", "/data/x", FST_EUNSUPPORTED},
        {", \"master\": \"spark://other:7077\"", "s3a://b/x", FST_OK},
        {", \"master\": \"spark://other:7077\", \"shared_files\": true", "/data/x", FST_OK},
        {", \"master\": \"yarn\"", "/data/x", FST_EUNSUPPORTED},
    };
    for (size_t i = 0; i < FST_COUNT(rows); i++) {
        struct fst_session *s = open_with(f, rows[i].options);
        assert_int_equal(fst_engine_submit.reaches(s, rows[i].uri, &f->err), rows[i].status);
        fst_engine_submit.close(s);
    }
}

static void test_submit_ping__reads_versions_without_starting_spark(void **state)
{
    struct fixture *f = *state;
    struct fst_buf line = FST_BUF_TEXT;
    struct fst_session *s = open_with(f, "");
    assert_int_equal(fst_engine_submit.ping(s, &line, &f->err), FST_OK);
    assert_string_equal(fst_buf_text(&line),
                        "spark-submit of Spark 4.3.0, Java 17, master local[*]");
    fst_engine_submit.close(s);
    fst_buf_done(&line);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_submit_command__names_everything_of_a_local_run),
        TEST(test_submit_command__work_settings_win_over_the_providers),
        TEST(test_submit_command__secrets_go_by_a_file_and_never_by_arguments),
        TEST(test_submit_command__secrets_are_masked_for_people),
        TEST(test_submit_command__job_description_has_no_secrets),
        TEST(test_submit_command__an_empty_secret_is_named),
        TEST(test_submit_command__old_spark_gets_its_defaults_in_the_same_file),
        TEST(test_submit_command__standalone_client_mode),
        TEST(test_submit_command__standalone_cluster_mode_is_refused_for_python),
        TEST(test_submit_command__yarn_needs_to_know_its_cluster),
        TEST(test_submit_command__yarn_cluster_mode_sends_the_job),
        TEST(test_submit_command__kubernetes_needs_a_way_for_the_driver),
        TEST(test_submit_command__kubernetes_cluster_mode),
        TEST(test_submit_command__kill_names_the_pod),
        TEST(test_submit_command__a_missing_program_is_said),
        TEST(test_submit_command__unknown_masters_and_modes_are_refused),
        TEST(test_submit_command__only_spark_settings_are_taken),
        TEST(test_submit_reaches__files_only_where_the_workers_see_them),
        TEST(test_submit_ping__reads_versions_without_starting_spark),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
