/* Against a real spark-submit, local[2]: with FIRESTEEL_SPARK_TESTS=1 and a Java and a Spark that
 * are found as the engine finds them. A Spark starts for each case, so each case shows much. */
#include <setjmp.h>
#include <signal.h>
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

enum { PATIENCE_US = 120 * 1000 * 1000 };
#define FAST                                                                                       \
    "\"master\": \"local[2]\", \"driver_memory\": \"600m\", \"conf\": "                            \
    "{\"spark.driver.extraJavaOptions\": \"-XX:TieredStopAtLevel=1 -XX:+UseSerialGC\", "           \
    "\"spark.sql.shuffle.partitions\": \"2\"}"

static const struct fst_engine *const engine = &fst_engine_submit;

struct fixture {
    struct fst_arena *a;
    char dir[64];
    struct fst_session *s;
    struct fst_work w;
    struct fst_input inputs[2];
    struct fst_buf handle, cursor, log;
    struct fst_problem problem;
    struct fst_error err;
    struct fst_progress p;
};

static char *path_of(struct fixture *f, const char *name)
{
    return fst_arena_printf(f->a, "%s/%s", f->dir, name);
}

static void open_session(struct fixture *f, const char *options)
{
    struct fst_doc *doc;
    char *json = fst_arena_printf(f->a, "{%s}", options);
    assert_int_equal(fst_json_parse(f->a, "o", json, strlen(json), NULL, &doc, NULL), FST_OK);
    assert_int_equal(engine->open(doc, &f->s, &f->err), FST_OK);
}

static int set_up(void **state)
{
    struct fixture *f = fst_alloc(sizeof *f);
    f->a = fst_arena_new();
    f->handle = f->cursor = f->log = FST_BUF_TEXT;
    strcpy(f->dir, "/tmp/fst-spark-XXXXXX");
    *state = f;
    if (!mkdtemp(f->dir))
        return -1;
    f->inputs[0] = (struct fst_input){.name = "{numbers.v1}", .query = "SELECT id FROM range(10)"};
    f->inputs[1] = (struct fst_input){
        .name = "{more.v1}", .query = "SELECT id * 2 AS id FROM `{numbers.v1}` WHERE id > 4"};
    f->w = (struct fst_work){.folder = path_of(f, "run"),
                             .inputs = f->inputs,
                             .n_inputs = 2,
                             .output_uri = path_of(f, "out"),
                             .operation_id = "11111111-2222-4333-8444-555555555555",
                             .name = "live.v1"};
    return fst_mkdirs(f->w.folder, 0700, NULL) == FST_OK ? 0 : -1;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;
    engine->close(f->s);
    fst_remove_tree(f->dir, NULL);
    fst_buf_done(&f->handle);
    fst_buf_done(&f->cursor);
    fst_buf_done(&f->log);
    fst_arena_free(f->a);
    free(f);
    return 0;
}

static void submit(struct fixture *f, const char *options)
{
    open_session(f, options);
    enum fst_status status = engine->submit(f->s, &f->w, &f->handle, &f->problem, &f->err);
    if (status != FST_OK)
        fail_msg("%s", f->err.text);
}

static enum fst_status follow(struct fixture *f)
{
    int64_t until = fst_monotonic_us() + PATIENCE_US;
    enum fst_status status;
    do {
        status = engine->poll(f->s, 500, &f->p, &f->problem, &f->err);
        assert_true(fst_monotonic_us() < until);
    } while (status == FST_OK && f->p.state <= FST_RUN_RUNNING);
    assert_int_equal(engine->log(f->s, &f->cursor, &f->log, NULL), FST_OK);
    return status;
}

static void follow_to_tasks(struct fixture *f)
{
    int64_t until = fst_monotonic_us() + PATIENCE_US;
    do {
        if (engine->poll(f->s, 200, &f->p, &f->problem, &f->err) != FST_OK)
            fail_msg("%s", f->err.text);
        assert_true(f->p.state <= FST_RUN_RUNNING);
        assert_true(fst_monotonic_us() < until);
    } while (f->p.tasks_total <= 0);
}

static void assert_ready(struct fixture *f, int64_t rows)
{
    struct fst_outcome o;
    if (follow(f) != FST_OK || f->p.state != FST_RUN_READY)
        fail_msg("state %d: %s\n%s", f->p.state, f->err.text, fst_buf_text(&f->log));
    assert_int_equal(engine->outcome(f->s, &o, &f->err), FST_OK);
    assert_int_equal(o.rows, rows);
    fst_schema_free(o.schema);
}

static void assert_no_output(struct fixture *f)
{
    assert_false(fst_path_exists(path_of(f, "out/_SUCCESS")));
}

static void test_submit_spark__sql_is_written_and_answered(void **state)
{
    struct fixture *f = *state;
    struct fst_outcome o;
    const struct fst_question q = {.what = "above 12",
                                   .sql = "SELECT count(*) FROM `{more.v1}` WHERE id > 12"};
    f->w.sql = "SELECT id, count(*) AS n FROM `{more.v1}` GROUP BY id";
    f->w.questions = &q;
    f->w.n_questions = 1;
    submit(f, FAST);
    assert_ready(f, 5);
    assert_true(fst_path_exists(path_of(f, "out/_SUCCESS")));
    assert_true(f->p.tasks_total > 0 && f->p.tasks_done == f->p.tasks_total);
    assert_int_equal(engine->outcome(f->s, &o, &f->err), FST_OK);
    assert_int_equal(o.schema->n, 2);
    assert_string_equal(o.schema->fields[1].name, "n");
    assert_true(o.bytes > 0 && o.files > 0);
    fst_schema_free(o.schema);
    struct fst_profile *profile;
    assert_int_equal(engine->profile(f->s, &profile, &f->err), FST_OK);
    assert_true(profile->n_stages >= 2);
    assert_true(profile->stages[0].tasks > 0 && profile->stages[0].duration_us.at[0] >= 0);
    fst_profile_free(profile);
    assert_non_null(strstr(fst_buf_text(&f->log), "above 12: 3\n"));
    assert_null(strstr(fst_buf_text(&f->log), "@@FST"));
}

static void test_submit_spark__a_function_is_called_with_its_inputs(void **state)
{
    struct fixture *f = *state;
    f->w.python = "def join(a, b):\n    print('in the function')\n    return a.join(b, 'id')\n";
    submit(f, FAST ", \"ui\": false");
    assert_ready(f, 0); /* 0..9 with 10, 12, .. */
    assert_non_null(strstr(fst_buf_text(&f->log), "in the function\n"));
}

static void test_submit_spark__a_file_is_copied(void **state)
{
    struct fixture *f = *state;
    char *csv = path_of(f, "in put.tsv");
    static const char text[] = "1\tx\n2\ty\n";
    assert_int_equal(fst_file_write(csv, text, strlen(text), 0644, NULL), FST_OK);
    f->inputs[0] = (struct fst_input){.name = "t", .uri = csv, .format = "tsv"};
    f->w.n_inputs = 1;
    submit(f, FAST ", \"ui\": false");
    assert_ready(f, 2);
}

static void test_submit_spark__without_an_output_it_only_looks(void **state)
{
    struct fixture *f = *state;
    f->w.sql = "SELECT id, cuont(*) FROM `{more.v1}`";
    f->w.output_uri = NULL;
    submit(f, FAST ", \"ui\": false");
    assert_int_equal(follow(f), FST_EINVAL);
    assert_int_equal(f->p.state, FST_RUN_FAILED);
    assert_int_equal(f->problem.line, 1);
    assert_int_equal(f->problem.col, 12);
    assert_string_equal(f->problem.condition, "UNRESOLVED_ROUTINE");
    assert_no_output(f);
}

static void test_submit_spark__a_missing_input_is_named(void **state)
{
    struct fixture *f = *state;
    f->inputs[0] = (struct fst_input){.name = "t", .uri = path_of(f, "none.parquet")};
    f->w.n_inputs = 1;
    f->w.sql = "SELECT * FROM t";
    submit(f, FAST ", \"ui\": false");
    follow(f);
    assert_int_equal(f->p.state, FST_RUN_FAILED);
    assert_string_equal(f->problem.condition, "PATH_NOT_FOUND");
    assert_non_null(strstr(f->err.text, "none.parquet"));
}

static void test_submit_spark__an_error_in_the_data_has_its_place(void **state)
{
    struct fixture *f = *state;
    f->w.sql = "SELECT id,\n  1 / (id - 14) AS q\nFROM `{more.v1}`";
    submit(f, FAST ", \"ui\": false");
    follow(f);
    assert_int_equal(f->p.state, FST_RUN_FAILED);
    assert_string_equal(f->problem.condition, "DIVIDE_BY_ZERO");
    assert_int_equal(f->problem.line, 2);
    assert_int_equal(f->problem.col, 3);
    assert_non_null(strstr(fst_buf_text(&f->log), "root cause: "));
    assert_no_output(f);
}

static void test_submit_spark__a_heap_that_is_too_small_is_named(void **state)
{
    struct fixture *f = *state;
    f->w.sql = "SELECT size(collect_list(repeat(cast(id AS string), 2000))) FROM range(9000000)";
    submit(f, FAST ", \"ui\": false");
    follow(f);
    assert_int_equal(f->p.state, FST_RUN_FAILED);
    assert_non_null(strstr(f->err.text, "eap"));
    assert_no_output(f);
}

static void test_submit_spark__cancelling_ends_it_and_leaves_no_output(void **state)
{
    struct fixture *f = *state;
    f->w.sql = "SELECT sum(a.id * b.id) FROM range(1000000) a CROSS JOIN range(1000000) b";
    submit(f, FAST ", \"ui\": false");
    follow_to_tasks(f);
    assert_int_equal(engine->cancel(f->s, &f->err), FST_OK);
    follow(f);
    assert_int_equal(f->p.state, FST_RUN_CANCELLED);
    assert_no_output(f);
}

static void test_submit_spark__a_killed_driver_is_found_out_by_another_session(void **state)
{
    struct fixture *f = *state;
    struct fst_doc *doc;
    int64_t pid = 0;
    f->w.sql = "SELECT sum(a.id * b.id) FROM range(1000000) a CROSS JOIN range(1000000) b";
    submit(f, FAST ", \"ui\": false");
    follow_to_tasks(f);
    assert_int_equal(fst_json_parse(f->a, "h", f->handle.p, f->handle.n, NULL, &doc, NULL), FST_OK);
    assert_true(fst_doc_int(fst_doc_get(doc, "pid"), &pid) && pid > 1);
    assert_int_equal(kill((pid_t)-pid, SIGKILL), 0);
    engine->close(f->s);
    open_session(f, FAST);
    assert_int_equal(engine->reattach(f->s, &f->w, fst_buf_text(&f->handle), &f->err), FST_OK);
    follow(f);
    assert_int_equal(f->p.state, FST_RUN_FAILED);
    assert_no_output(f);
}

static void test_submit_spark__a_program_gets_its_words_and_gives_its_code(void **state)
{
    struct fixture *f = *state;
    const char *const args[] = {"a b", "$x"};
    const struct fst_program program = {.file = path_of(f, "job.py"), .args = args, .n_args = 2};
    static const char text[] = "import sys\nprint(sys.argv[1:])\nsys.exit(3)\n";
    assert_int_equal(fst_file_write(program.file, text, strlen(text), 0644, NULL), FST_OK);
    f->w.inputs = NULL;
    f->w.n_inputs = 0;
    f->w.output_uri = NULL;
    f->w.program = &program;
    submit(f, FAST);
    follow(f);
    assert_int_equal(f->p.state, FST_RUN_FAILED);
    assert_non_null(strstr(f->err.text, "exit code 3"));
    assert_non_null(strstr(fst_buf_text(&f->log), "['a b', '$x']\n"));
}

/* There is no cluster here: what is shown is that Spark takes the command and says why not. */
static void test_submit_spark__kubernetes_that_is_not_there_is_said(void **state)
{
    struct fixture *f = *state;
    f->w.sql = "SELECT 1 AS a";
    f->w.n_inputs = 0;
    submit(f, "\"master\": \"k8s://https://127.0.0.1:1\", \"deploy_mode\": \"cluster\", \"image\": "
              "\"spark:4\", \"driver_file\": \"local:///opt/driver.py\", \"conf\": "
              "{\"spark.kubernetes.submission.connectionTimeout\": \"2000\"}");
    follow(f);
    assert_int_equal(f->p.state, FST_RUN_FAILED);
    assert_non_null(strstr(f->err.text, "Connection refused"));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
int main(void)
{
    const char *wanted = getenv("FIRESTEEL_SPARK_TESTS");
    if (!wanted || strcmp(wanted, "1") != 0) {
        printf("SKIP test_submit_spark: FIRESTEEL_SPARK_TESTS is not 1\n");
        return 0;
    }
    const struct CMUnitTest tests[] = {
        TEST(test_submit_spark__sql_is_written_and_answered),
        TEST(test_submit_spark__a_function_is_called_with_its_inputs),
        TEST(test_submit_spark__a_file_is_copied),
        TEST(test_submit_spark__without_an_output_it_only_looks),
        TEST(test_submit_spark__a_missing_input_is_named),
        TEST(test_submit_spark__an_error_in_the_data_has_its_place),
        TEST(test_submit_spark__a_heap_that_is_too_small_is_named),
        TEST(test_submit_spark__cancelling_ends_it_and_leaves_no_output),
        TEST(test_submit_spark__a_killed_driver_is_found_out_by_another_session),
        TEST(test_submit_spark__a_program_gets_its_words_and_gives_its_code),
        TEST(test_submit_spark__kubernetes_that_is_not_there_is_said),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
