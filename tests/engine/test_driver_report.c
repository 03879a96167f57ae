/* Reports of the driver: what they add up to, and that nothing in a stream can do harm. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "driver.h"

static const char story[] =
    "hello\n"
    "@@FST {\"event\":\"start\",\"v\":1,\"pid\":7,\"python\":\"3.11.7\"}\n"
    "@@FST {\"event\":\"session\",\"app\":\"local-1\",\"ui\":null,\"spark\":\"4.3.0\"}\n"
    "@@FST {\"event\":\"inputs\",\"n\":1}\n"
    "@@FST "
    "{\"event\":\"schema\",\"fields\":[{\"name\":\"k\",\"type\":\"bigint\",\"nullable\":false},"
    "{\"name\":\"s\",\"type\":\"struct<a:int,`b c`:string>\",\"nullable\":true}]}\n"
    "@@FST {\"event\":\"progress\",\"stages\":[[3,0,1,4,2,0]]}\n"
    "a word of the work's own\n"
    "@@FST {\"event\":\"progress\",\"stages\":[[4,0,2,8,2,1]]}\n"
    "@@FST {\"event\":\"result\",\"rows\":12,\"bytes\":770,\"files\":2}\n"
    "@@FST {\"event\":\"answer\",\"what\":\"ties\",\"n\":5}\n"
    "@@FST {\"event\":\"end\",\"rc\":0}\n"
    "goodbye";
static const char story_log[] = "hello\na word of the work's own\nties: 5\ngoodbye\n";

struct fixture {
    struct driver_report r;
    struct driver_stream s;
    struct fst_buf log;
};

static void begin(struct fixture *f, const char *text)
{
    *f = (struct fixture){.log = FST_BUF_TEXT};
    driver_report_init(&f->r, text);
}

static void finish(struct fixture *f)
{
    driver_stream_done(&f->s);
    driver_report_done(&f->r);
    fst_buf_done(&f->log);
}

static void feed(struct fixture *f, const char *text)
{
    driver_feed(&f->r, &f->s, text, strlen(text), &f->log);
}

static void check_story(const struct fixture *f)
{
    const struct driver_report *r = &f->r;
    assert_true(r->started && r->has_session && r->written && r->ended);
    assert_false(r->cancelled);
    assert_string_equal(r->app_id, "local-1");
    assert_null(r->ui);
    assert_string_equal(r->spark_version, "4.3.0");
    assert_string_equal(r->python_version, "3.11.7");
    assert_int_equal(r->progress.state, FST_RUN_READY);
    assert_int_equal(r->progress.rows, 12);
    assert_int_equal(r->progress.stages_total, 2);
    assert_int_equal(r->progress.tasks_total, 12);
    assert_int_equal(r->outcome.rows, 12);
    assert_int_equal(r->outcome.bytes, 770);
    assert_int_equal(r->outcome.files, 2);
    assert_int_equal(r->outcome.schema->n, 2);
    assert_int_equal(r->outcome.schema->fields[0].type.kind, FST_LONG);
    assert_false(r->outcome.schema->fields[0].nullable);
    assert_int_equal(r->outcome.schema->fields[1].type.kind, FST_STRUCT);
    assert_int_equal(r->error.status, FST_OK);
}

static void test_driver_report__tells_how_good_work_went(void **state)
{
    (void)state;
    struct fixture f;
    begin(&f, "SELECT 1");
    feed(&f, story);
    driver_feed_end(&f.r, &f.s, &f.log);
    check_story(&f);
    assert_string_equal(fst_buf_text(&f.log), story_log);
    finish(&f);
}

static void test_driver_report__is_the_same_byte_by_byte(void **state)
{
    (void)state;
    struct fixture f;
    begin(&f, NULL);
    for (const char *p = story; *p; p++)
        driver_feed(&f.r, &f.s, p, 1, &f.log);
    driver_feed_end(&f.r, &f.s, &f.log);
    check_story(&f);
    assert_string_equal(fst_buf_text(&f.log), story_log);
    finish(&f);
}

static void test_driver_report__shows_progress_of_the_stage_that_runs(void **state)
{
    (void)state;
    struct fixture f;
    begin(&f, NULL);
    feed(&f, "@@FST {\"event\":\"session\",\"app\":\"a\"}\n"
             "@@FST {\"event\":\"progress\",\"stages\":[[3,0,1,4,2,0]]}\n");
    assert_int_equal(f.r.progress.state, FST_RUN_RUNNING);
    assert_string_equal(f.r.progress.detail, "stage 3: 1/4 tasks");
    feed(&f, "@@FST {\"event\":\"progress\",\"stages\":[[4,0,2,8,2,1]]}\n");
    assert_string_equal(f.r.progress.detail, "stage 4: 2/8 tasks, 1 failed");
    assert_int_equal(f.r.progress.tasks_done, 6);
    assert_int_equal(f.r.progress.stages_done, 1);
    finish(&f);
}

static void test_driver_report__tells_that_a_cluster_has_no_room_yet(void **state)
{
    (void)state;
    struct fixture f;
    begin(&f, NULL);
    feed(&f, "@@FST {\"event\":\"session\",\"app\":\"a\"}\n"
             "@@FST {\"event\":\"progress\",\"executors\":0,\"stages\":[[3,0,0,4,0,0]]}\n");
    assert_string_equal(f.r.progress.detail,
                        "no executors yet: waiting for resources of the cluster");
    feed(&f, "@@FST {\"event\":\"progress\",\"executors\":1,\"stages\":[]}\n");
    assert_string_equal(f.r.progress.detail, "");
    feed(&f, "@@FST {\"event\":\"progress\",\"executors\":1,\"stages\":[[3,0,1,4,2,0]]}\n");
    assert_string_equal(f.r.progress.detail, "stage 3: 1/4 tasks");
    finish(&f);
}

/* Wherever a reader stopped, the next one goes on without a loss and without a repetition. */
static void test_driver_report__log_goes_on_from_any_byte(void **state)
{
    (void)state;
    size_t n = strlen(story);
    for (size_t cut = 0; cut <= n; cut++) {
        struct fst_buf log = FST_BUF_TEXT;
        struct driver_stream first = driver_stream_at(0);
        driver_feed(NULL, &first, story, cut, &log);
        struct driver_stream second = driver_stream_at(first.shown);
        driver_feed(NULL, &second, story + first.shown, n - first.shown, &log);
        driver_feed_end(NULL, &second, &log);
        assert_string_equal(fst_buf_text(&log), story_log);
        assert_int_equal(second.shown, n);
        driver_stream_done(&first);
        driver_stream_done(&second);
        fst_buf_done(&log);
    }
}

static void test_driver_report__knows_all_and_tells_only_what_is_new(void **state)
{
    (void)state;
    struct fixture f;
    begin(&f, NULL);
    f.s.shown = strlen("hello\n");
    feed(&f, story);
    driver_feed_end(&f.r, &f.s, &f.log);
    check_story(&f);
    assert_string_equal(fst_buf_text(&f.log), story_log + strlen("hello\n"));
    finish(&f);
}

static void test_driver_report__is_found_behind_an_open_line(void **state)
{
    (void)state;
    struct fixture f;
    begin(&f, NULL);
    feed(&f, "no end here@@FST {\"event\":\"result\",\"rows\":3,\"bytes\":1,\"files\":1}\r\n");
    assert_true(f.r.written);
    assert_int_equal(f.r.outcome.rows, 3);
    assert_string_equal(fst_buf_text(&f.log), "no end here\n");
    finish(&f);
}

static void test_driver_report__what_is_none_is_a_line_of_the_log(void **state)
{
    (void)state;
    static const char *const lines[] = {
        "@@FST \n",
        "@@FST {\n",
        "@@FST [1,2]\n",
        "@@FST {\"no\":\"event\"}\n",
        "@@FST {\"event\":7\n",
        "@@FST {\"event\":\"end\",\"event\":\"end\",\"rc\":0}\n",
        "@@FST nothing\n",
    };
    struct fixture f;
    struct fst_buf all = FST_BUF_TEXT;
    begin(&f, NULL);
    for (size_t i = 0; i < FST_COUNT(lines); i++) {
        feed(&f, lines[i]);
        fst_buf_adds(&all, lines[i]);
    }
    assert_string_equal(fst_buf_text(&f.log), fst_buf_text(&all));
    assert_false(f.r.started || f.r.ended);
    fst_buf_done(&all);
    finish(&f);
}

static void test_driver_report__wrong_types_are_not_believed(void **state)
{
    (void)state;
    struct fixture f;
    begin(&f, "SELECT 1");
    feed(&f, "@@FST {\"event\":\"session\",\"app\":{},\"ui\":[],\"spark\":4}\n"
             "@@FST {\"event\":\"schema\",\"fields\":{\"a\":1}}\n"
             "@@FST {\"event\":\"schema\",\"fields\":[1,{},{\"name\":2},{\"name\":\"x\",\"type\":"
             "\"nonsense<\"}]}\n"
             "@@FST {\"event\":\"progress\",\"stages\":7}\n"
             "@@FST {\"event\":\"progress\",\"stages\":[1,[],[1,2,3],[-1,0,9e99,\"x\",null,{}],"
             "[1,0,99999999999999,5,1,0]]}\n"
             "@@FST {\"event\":\"rest\",\"stages\":1,\"jobs\":\"x\"}\n"
             "@@FST {\"event\":\"result\",\"rows\":\"many\",\"bytes\":1.5,\"files\":null}\n"
             "@@FST {\"event\":\"answer\"}\n"
             "@@FST {\"event\":\"error\",\"cond\":[],\"ctx\":{},\"chain\":7,\"line\":\"x\"}\n"
             "@@FST {\"event\":\"end\",\"rc\":\"zero\"}\n");
    assert_null(f.r.app_id);
    assert_int_equal(f.r.outcome.rows, -1);
    assert_int_equal(f.r.outcome.schema->n, 1);
    assert_int_equal(f.r.outcome.schema->fields[0].type.kind, FST_UNKNOWN);
    assert_int_equal(f.r.progress.tasks_done, 5);
    assert_int_equal(f.r.rc, 1);
    assert_int_equal(f.r.progress.state, FST_RUN_FAILED);
    finish(&f);
}

static void test_driver_report__the_first_word_counts(void **state)
{
    (void)state;
    struct fixture f;
    begin(&f, NULL);
    feed(&f, "@@FST {\"event\":\"session\",\"app\":\"one\",\"spark\":\"4\"}\n"
             "@@FST {\"event\":\"session\",\"app\":\"two\",\"spark\":\"5\"}\n"
             "@@FST {\"event\":\"schema\",\"fields\":[{\"name\":\"a\",\"type\":\"int\"}]}\n"
             "@@FST {\"event\":\"schema\",\"fields\":[{\"name\":\"b\",\"type\":\"int\"}]}\n"
             "@@FST {\"event\":\"error\",\"cls\":\"X\",\"msg\":\"first\"}\n"
             "@@FST {\"event\":\"error\",\"cls\":\"X\",\"msg\":\"second\"}\n"
             "@@FST {\"event\":\"end\",\"rc\":3}\n"
             "@@FST {\"event\":\"end\",\"rc\":0}\n");
    assert_string_equal(f.r.app_id, "one");
    assert_int_equal(f.r.outcome.schema->n, 1);
    assert_string_equal(f.r.problem.message, "first");
    assert_int_equal(f.r.rc, 3);
    assert_int_equal(f.r.progress.state, FST_RUN_FAILED);
    finish(&f);
}

static void test_driver_report__schema_comes_in_parts(void **state)
{
    (void)state;
    struct fixture f;
    begin(&f, NULL);
    feed(&f, "@@FST {\"event\":\"schema\",\"fields\":[{\"name\":\"a\",\"type\":\"int\"}],"
             "\"more\":true}\n");
    assert_false(f.r.has_schema);
    feed(&f, "@@FST {\"event\":\"schema\",\"fields\":[{\"name\":\"b\",\"type\":\"date\"}]}\n");
    assert_true(f.r.has_schema);
    assert_int_equal(f.r.outcome.schema->n, 2);
    assert_string_equal(f.r.outcome.schema->fields[1].name, "b");
    finish(&f);
}

static void test_driver_report__error_has_its_place_in_the_text(void **state)
{
    (void)state;
    struct fixture f;
    begin(&f, "SELECT 'ü',\n  cuont(*) FROM t");
    feed(&f,
         "@@FST {\"event\":\"error\",\"cls\":\"AnalysisException\",\"cond\":"
         "\"UNRESOLVED_ROUTINE\",\"sqlstate\":\"42883\",\"msg\":\"[UNRESOLVED_ROUTINE] Cannot "
         "resolve routine `cuont` on search path. SQLSTATE: 42883; line 2 pos 2\",\"params\":{},"
         "\"ctx\":[{\"start\":14,\"stop\":21}],\"line\":0,\"chain\":[\"root\",\"outer\"]}\n");
    assert_int_equal(f.r.problem.line, 2);
    assert_int_equal(f.r.problem.col, 3);
    assert_int_equal(f.r.problem.len, 8);
    assert_string_equal(f.r.problem.condition, "UNRESOLVED_ROUTINE");
    assert_string_equal(f.r.problem.sqlstate, "42883");
    assert_string_equal(f.r.problem.message, "Cannot resolve routine `cuont` on search path.");
    assert_int_equal(f.r.error.status, FST_EINVAL);
    assert_string_equal(fst_buf_text(&f.log), "root cause: root\n  led to: outer\n");
    finish(&f);
}

static void test_driver_report__error_in_python_has_its_line(void **state)
{
    (void)state;
    struct fixture f;
    begin(&f, "def f(a):\n    return a.nothing()  \n");
    feed(&f, "@@FST {\"event\":\"error\",\"cls\":\"AttributeError\",\"cond\":\"\",\"msg\":\"no "
             "nothing\",\"line\":2,\"chain\":[\"AttributeError: no nothing\"]}\n");
    assert_int_equal(f.r.problem.line, 2);
    assert_int_equal(f.r.problem.col, 5);
    assert_int_equal(f.r.problem.len, strlen("return a.nothing()"));
    assert_non_null(strstr(f.r.error.text, "AttributeError: no nothing"));
    finish(&f);
}

static void test_driver_report__without_a_condition_the_root_cause_speaks(void **state)
{
    (void)state;
    struct fixture f;
    begin(&f, "SELECT 1/0");
    feed(&f,
         "@@FST {\"event\":\"error\",\"cls\":\"Py4JJavaError\",\"cond\":\"\",\"msg\":\"An error "
         "occurred while calling o45.save\",\"chain\":[\"org.apache.spark."
         "SparkArithmeticException: [DIVIDE_BY_ZERO] Division by zero. SQLSTATE: 22012\","
         "\"org.apache.spark.SparkException: Job aborted.\"]}\n");
    assert_string_equal(f.r.problem.condition, "DIVIDE_BY_ZERO");
    assert_string_equal(f.r.problem.message, "Division by zero.");
    assert_int_equal(f.r.error.status, FST_EREMOTE);
    finish(&f);
}

static void test_driver_report__figures_become_a_profile(void **state)
{
    (void)state;
    struct fixture f;
    begin(&f, NULL);
    feed(&f, "@@FST {\"event\":\"rest\",\"application\":{\"id\":\"local-1\",\"name\":\"n\"},"
             "\"jobs\":[{\"jobId\":0,\"stageIds\":[4]}],\"stages\":[{\"stageId\":4,\"attemptId\":0,"
             "\"status\":\"COMPLETE\",\"name\":\"save\",\"numTasks\":8,\"numCompleteTasks\":8,"
             "\"executorRunTime\":1500}],\"executors\":[],\"sql\":[],\"environment\":"
             "{\"sparkProperties\":[[\"spark.sql.shuffle.partitions\",\"2\"]]}}\n"
             "@@FST {\"event\":\"rest\",\"stages\":7}\n");
    assert_non_null(f.r.profile);
    assert_string_equal(f.r.profile->source, "driver");
    assert_int_equal(f.r.profile->n_stages, 1);
    assert_int_equal(f.r.profile->stages[0].tasks, 8);
    assert_int_equal(f.r.profile->stages[0].run_us, 1500000);
    finish(&f);
}

static void test_driver_report__cancelled_is_said(void **state)
{
    (void)state;
    struct fixture f;
    begin(&f, NULL);
    feed(&f, "@@FST {\"event\":\"cancelled\"}\n@@FST {\"event\":\"end\",\"rc\":143}\n");
    assert_true(f.r.cancelled);
    assert_int_equal(f.r.progress.state, FST_RUN_CANCELLED);
    finish(&f);
}

static void test_driver_report__an_endless_line_does_not_grow_memory(void **state)
{
    (void)state;
    struct fixture f;
    char *piece = fst_alloc(DRIVER_MAX_LINE / 2);
    memset(piece, 'x', DRIVER_MAX_LINE / 2);
    begin(&f, NULL);
    for (int i = 0; i < 9; i++)
        driver_feed(&f.r, &f.s, piece, DRIVER_MAX_LINE / 2, NULL);
    assert_true(f.s.part.n < DRIVER_MAX_LINE);
    feed(&f, "\n@@FST {\"event\":\"start\"}\n");
    assert_true(f.r.started);
    free(piece);
    finish(&f);
}

/* Nothing that is cut, doubled or overwritten in a stream does more than tell something wrong. */
static void test_driver_report__survives_damage_of_every_kind(void **state)
{
    (void)state;
    uint32_t seed = 12345;
    const char *more = getenv("FIRESTEEL_FUZZ");
    long rounds = 2000 * (more ? strtol(more, NULL, 10) : 1);
    size_t n = strlen(story);
    char *bytes = fst_alloc(n);
    for (long round = 0; round < rounds; round++) {
        struct fixture f;
        begin(&f, "SELECT 1");
        memcpy(bytes, story, n);
        for (int k = 0; k < 6; k++) {
            seed = seed * 1664525u + 1013904223u;
            bytes[seed % n] = (char)(seed >> 24);
        }
        driver_feed(&f.r, &f.s, bytes, n, &f.log);
        driver_feed_end(&f.r, &f.s, &f.log);
        assert_int_equal(f.s.fed, n);
        finish(&f);
    }
    free(bytes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_driver_report__tells_how_good_work_went),
        cmocka_unit_test(test_driver_report__is_the_same_byte_by_byte),
        cmocka_unit_test(test_driver_report__shows_progress_of_the_stage_that_runs),
        cmocka_unit_test(test_driver_report__tells_that_a_cluster_has_no_room_yet),
        cmocka_unit_test(test_driver_report__log_goes_on_from_any_byte),
        cmocka_unit_test(test_driver_report__knows_all_and_tells_only_what_is_new),
        cmocka_unit_test(test_driver_report__is_found_behind_an_open_line),
        cmocka_unit_test(test_driver_report__what_is_none_is_a_line_of_the_log),
        cmocka_unit_test(test_driver_report__wrong_types_are_not_believed),
        cmocka_unit_test(test_driver_report__the_first_word_counts),
        cmocka_unit_test(test_driver_report__schema_comes_in_parts),
        cmocka_unit_test(test_driver_report__error_has_its_place_in_the_text),
        cmocka_unit_test(test_driver_report__error_in_python_has_its_line),
        cmocka_unit_test(test_driver_report__without_a_condition_the_root_cause_speaks),
        cmocka_unit_test(test_driver_report__figures_become_a_profile),
        cmocka_unit_test(test_driver_report__cancelled_is_said),
        cmocka_unit_test(test_driver_report__an_endless_line_does_not_grow_memory),
        cmocka_unit_test(test_driver_report__survives_damage_of_every_kind),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
