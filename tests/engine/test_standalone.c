/* Work on a standalone cluster that is played: every state, and answers of every bad kind. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "engines.h"
#include "fake_http.h"

#define CREATED                                                                                    \
    "{'on': 'POST /v1/submissions/create', 'body': {'success': true, 'submissionId': 'driver-1'}}"
#define MASTER                                                                                     \
    "{'on': 'GET /json/', 'body': {'cores': 4, 'coresused': 1, 'memory': 4096, 'memoryused': "     \
    "512, "                                                                                        \
    "'aliveworkers': 2, 'workers': [{'id': 'w-1', 'webuiaddress': 'http://127.0.0.1:%d'}], "       \
    "'activeapps': [{'id': 'app-1', 'cores': 0}], 'activedrivers': [], 'completeddrivers': []}}"
#define STATUS(state)                                                                              \
    "{'on': 'GET /v1/submissions/status/driver-1', 'body': {'success': true, 'driverState': "      \
    "'" state "', 'workerId': 'w-1'}}"
#define OUT(text)                                                                                  \
    "{'on': 'GET /log/?driverId=driver-1&logType=stdout', 'standalone_log': '" text "'}"
#define ERR(text)                                                                                  \
    "{'on': 'GET /log/?driverId=driver-1&logType=stderr', 'standalone_log': '" text "'}"
#define REPORT(fields) "@@FST {" fields "}\\n"
#define SESSION                                                                                    \
    REPORT("\\u0022event\\u0022:\\u0022start\\u0022,\\u0022v\\u0022:1")                            \
    REPORT("\\u0022event\\u0022:\\u0022session\\u0022,\\u0022app\\u0022:\\u0022app-1\\u0022,"      \
           "\\u0022spark\\u0022:\\u00224.3.0\\u0022")
#define GOOD                                                                                       \
    SESSION REPORT("\\u0022event\\u0022:\\u0022result\\u0022,\\u0022rows\\u0022:7")                \
        REPORT("\\u0022event\\u0022:\\u0022end\\u0022,\\u0022rc\\u0022:0")
#define BAD                                                                                        \
    SESSION REPORT(                                                                                \
        "\\u0022event\\u0022:\\u0022error\\u0022,\\u0022cond\\u0022:"                              \
        "\\u0022DIVIDE_BY_ZERO\\u0022,\\u0022msg\\u0022:\\u0022Division by zero\\u0022")           \
        REPORT("\\u0022event\\u0022:\\u0022end\\u0022,\\u0022rc\\u0022:1")

static int set_up(void **state)
{
    (void)state;
    char *options =
        fst_asprintf("{'master': 'spark://127.0.0.1:1', 'rest': 'http://127.0.0.1:%d/', "
                     "'ui': 'http://127.0.0.1:%d', 'driver_memory': '64g', 'python': "
                     "'/opt/py', 'executor_memory': '2g', 'cores_max': 3}",
                     fake.port, fake.port);
    fake_begin(&fst_engine_standalone, options);
    free(options);
    return 0;
}

/* Rules after CREATED and the master. */
static void script(const char *rules)
{
    char *master = fst_asprintf(MASTER, fake.port);
    char *all = fst_asprintf("[%s, %s%s%s]", CREATED, master, *rules ? ", " : "", rules);
    fake_script(all);
    free(master);
    free(all);
}

static void submit(const char *rules)
{
    script(rules);
    assert_int_equal(fake_submit(), FST_OK);
    assert_string_equal(fst_buf_text(&fake.handle), "driver-1");
}

static void test_standalone_submit__sends_all_of_spark_submit_as_arguments(void **state)
{
    (void)state;
    submit("");
    const char *asked = fake_asked();
    assert_has(asked, "POST /v1/submissions/create {\"action\":\"CreateSubmissionRequest\"");
    assert_has(asked, "\"mainClass\":\"org.apache.spark.deploy.SparkSubmit\"");
    assert_has(asked, "\"appArgs\":[\"--master\",\"spark://127.0.0.1:1\"");
    assert_has(asked, "\"spark.executor.memory=2g\"");
    assert_has(asked, "\"spark.cores.max=3\"");
    assert_has(asked, "\"spark.firesteel.operation=" OPERATION "\"");
    assert_has(asked, "\"PYSPARK_PYTHON\":\"/opt/py\"");
    assert_has(asked, "\"spark.driver.memory\":\"64g\"");
    assert_has(asked, fst_arena_printf(fake.a, "\"%s/driver.py\",\"%s/driver-job.json\"]",
                                       fake.folder, fake.folder));
}

static void test_standalone_submit__a_refusal_is_one_sentence_without_a_stack(void **state)
{
    (void)state;
    fake_script("[{'on': 'POST ', 'status': 400, 'body': {'action': 'ErrorResponse', 'message': "
                "'Validation of message CreateSubmissionRequest failed!\\n\\tat org.apache.x'}}]");
    assert_int_equal(fake_submit(), FST_EINVAL);
    assert_has(fake.err.text, "Validation of message CreateSubmissionRequest failed!");
    assert_null(strstr(fake.err.text, "org.apache.x"));
    assert_int_equal(fake.handle.n, 0);
}

static void test_standalone_submit__odd_answers_are_errors(void **state)
{
    (void)state;
    static const struct {
        const char *rule, *says;
        enum fst_status status;
    } rows[] = {
        {"'status': 405, 'body': '<html>no</html>'", "HTTP 405", FST_EREMOTE},
        {"'body': '{\\u0022success\\u0022: true'", "HTTP 200", FST_EREMOTE},
        {"'body': {'success': false, 'message': 'standby'}", "standby", FST_EREMOTE},
        {"'body': {'success': true}", "HTTP 200", FST_EREMOTE},
        {"'status': 468, 'body': {'message': 'version'}", "version", FST_EUNSUPPORTED},
        {"'status': 503, 'body': ''", "HTTP 503", FST_ENET},
        {"'close': true", "submission server", FST_ENET},
        {"'body': {'success': true, 'submissionId': '../../x?y'}", "odd", FST_EREMOTE},
    };
    for (size_t i = 0; i < FST_COUNT(rows); i++) {
        fake_script(fst_arena_printf(fake.a, "[{'on': 'POST ', %s}]", rows[i].rule));
        if (fake_submit() != rows[i].status)
            fail_msg("row %zu: %d %s", i, (int)fake.err.status, fake.err.text);
        assert_has(fake.err.text, rows[i].says);
    }
}

#define STANDS_BY(what)                                                                            \
    "'body': {'success': false, 'message': 'Exception from the cluster:\\njava.lang.Exception: "   \
    "Current state is not alive: STANDBY. Can only " what " in ALIVE state.'}}"
#define MASTER_OF(path, state)                                                                     \
    "{'on': 'GET " path "/json/', 'body': {'status': '" state "', 'aliveworkers': 7, 'workers': "  \
    "[]}}"

static struct fst_session *session_of_two(void)
{
    char *text = fst_asprintf("{'master': 'spark://127.0.0.1:1,127.0.0.1:2', "
                              "'rest': 'http://127.0.0.1:%d/a,http://127.0.0.1:%d/b/', "
                              "'ui': 'http://127.0.0.1:%d/a,http://127.0.0.1:%d/b/'}",
                              fake.port, fake.port, fake.port, fake.port);
    struct fst_session *s = fake_session(text);
    free(text);
    return s;
}

static void test_standalone_submit__the_master_that_is_alive_is_asked(void **state)
{
    (void)state;
    fake.engine->close(fake.s);
    fake.s = session_of_two();
    fake_script("[{'on': 'GET /a/v1/', " STANDS_BY(
        "request driver status") ", "
                                 "{'on': 'POST /a/', " STANDS_BY(
                                     "accept driver submissions") ", "
                                                                  "{'on': 'GET "
                                                                  "/b/v1/submissions/status/none', "
                                                                  "'body': {'success': false}}, "
                                                                  "{'on': 'POST "
                                                                  "/b/v1/submissions/create', "
                                                                  "'body': {'success': true, "
                                                                  "'submissionId': 'driver-1'}}]");
    if (fake_submit() != FST_OK)
        fail_msg("%s", fake.err.text);
    assert_string_equal(fst_buf_text(&fake.handle), "driver-1");
    assert_null(strstr(fake_asked(), "POST /a/"));
}

static void test_standalone_poll__goes_on_with_the_next_master(void **state)
{
    (void)state;
    fake.engine->close(fake.s);
    fake.s = session_of_two();
    assert_int_equal(fake.engine->reattach(fake.s, &fake.w, "driver-1", &fake.err), FST_OK);
    fake_script("[{'on': 'GET /a/', 'close': true}, " MASTER_OF(
        "/b", "ALIVE") ", "
                       "{'on': 'GET /b/v1/submissions/status/driver-1', 'body': {'success': true, "
                       "'driverState': 'SUBMITTED'}}]");
    if (fake_poll() != FST_OK)
        fail_msg("%s", fake.err.text);
    assert_int_equal(fake.p.state, FST_RUN_PENDING);
    assert_has(fake.p.detail, "7 workers");
    fake_script("[" MASTER_OF("/a", "ALIVE") ", " MASTER_OF(
        "/b",
        "STANDBY") ", {'on': 'GET /b/', " STANDS_BY("request driver status") ", "
                                                                             "{'on': 'GET "
                                                                             "/a/v1/submissions/"
                                                                             "status/driver-1', "
                                                                             "'body': {'success': "
                                                                             "true, "
                                                                             "'driverState': "
                                                                             "'RUNNING'}}]");
    assert_int_equal(fake_poll(), FST_OK);
    fake_script("[]");
    assert_int_equal(fake_poll(), FST_ENET);
}

static void test_standalone_poll__tells_what_is_free_while_it_waits(void **state)
{
    (void)state;
    submit("{'on': 'GET /v1/', 'body': {'success': true, 'driverState': 'SUBMITTED'}}");
    assert_int_equal(fake_poll(), FST_OK);
    assert_int_equal(fake.p.state, FST_RUN_PENDING);
    assert_has(fake.p.detail, "waiting for resources");
    assert_has(fake.p.detail, "64g");
    assert_has(fake.p.detail, "3 cores");
    assert_has(fake.p.detail, "3584 MB");
}

static void test_standalone_poll__says_that_there_are_no_executors(void **state)
{
    (void)state;
    submit(STATUS("RUNNING") ", " OUT(SESSION));
    assert_int_equal(fake_poll(), FST_OK);
    assert_int_equal(fake.p.state, FST_RUN_RUNNING);
    assert_has(fake.p.detail, "no executors");
}

static void test_standalone_poll__every_end(void **state)
{
    (void)state;
    static const struct {
        const char *rules, *says;
        enum fst_run_state is;
    } rows[] = {
        {STATUS("FINISHED") ", " OUT(GOOD), "", FST_RUN_READY},
        {STATUS("FINISHED") ", " OUT(SESSION), "last word", FST_RUN_FAILED},
        {STATUS("FAILED") ", " OUT(BAD), "Division by zero", FST_RUN_FAILED},
        {STATUS("FAILED") ", " OUT("Traceback\\n"), "last word", FST_RUN_FAILED},
        {STATUS("KILLED") ", " OUT(SESSION), "", FST_RUN_CANCELLED},
        {STATUS("ERROR") ", " OUT(SESSION), "worker died", FST_RUN_FAILED},
        /* the worker died, after the output was whole */
        {STATUS("ERROR") ", " OUT(GOOD), "", FST_RUN_READY},
        {"{'on': 'GET /v1/', 'body': {'success': false}}", "does not know", FST_RUN_LOST},
    };
    for (size_t i = 0; i < FST_COUNT(rows); i++) {
        submit(rows[i].rules);
        fake.err.text[0] = 0;
        fake_poll();
        if (fake.p.state != rows[i].is)
            fail_msg("row %zu: state %d %s", i, (int)fake.p.state, fake.err.text);
        assert_has(fake.err.text, rows[i].says);
        fake_end(state);
        set_up(state);
    }
}

static void test_standalone_poll__a_master_that_is_away_is_no_failure(void **state)
{
    (void)state;
    static const char *const rules[] = {
        "{'on': 'GET /v1/', 'status': 500, 'body': 'x'}",
        "{'on': 'GET /v1/', 'status': 503, 'body': '<html>'}",
        "{'on': 'GET /v1/', 'body': '<html>proxy</html>'}",
        "{'on': 'GET /v1/', 'body': '{\\u0022driverSt'}",
        "{'on': 'GET /v1/', 'body': []}",
        "{'on': 'GET /v1/', 'status': 404, 'body': {'message': 'no such page'}}",
        "{'on': 'GET /v1/', 'close': true}",
    };
    submit("");
    for (size_t i = 0; i < FST_COUNT(rules); i++) {
        script(rules[i]);
        fake.p.state = FST_RUN_RUNNING;
        if (fake_poll() != FST_ENET || fake.p.state > FST_RUN_RUNNING)
            fail_msg("rule %zu: %d %s", i, (int)fake.p.state, fake.err.text);
    }
    script(STATUS("FINISHED") ", " OUT(GOOD));
    assert_int_equal(fake_poll(), FST_OK);
    assert_int_equal(fake.p.state, FST_RUN_READY);
}

static void test_standalone_cancel__takes_the_wish_or_says_why_not(void **state)
{
    (void)state;
    submit("{'on': 'POST /v1/submissions/kill/driver-1', 'body': {'success': false, 'message': "
           "'has already finished or does not exist'}, 'times': 1}, "
           "{'on': 'POST /v1/submissions/kill/driver-1', 'status': 403, 'body': '', 'times': 1}, "
           "{'on': 'POST /v1/submissions/kill/driver-1', 'body': {'success': true}}, " STATUS(
               "KILLED") ", " OUT(SESSION));
    assert_int_not_equal(fake.engine->cancel(fake.s, &fake.err), FST_OK);
    assert_has(fake.err.text, "has already finished");
    assert_int_equal(fake.engine->cancel(fake.s, &fake.err), FST_EDENIED);
    assert_int_equal(fake.engine->cancel(fake.s, &fake.err), FST_OK);
    fake_poll();
    assert_int_equal(fake.p.state, FST_RUN_CANCELLED);
}

static void test_standalone_log__continues_in_another_session_without_gap_or_repeat(void **state)
{
    (void)state;
    struct fst_buf cursor = FST_BUF(4096);
    submit(STATUS("RUNNING") ", " OUT("one\\ntwo\\nhal") ", " ERR("warn\\n"));
    fake_poll();
    assert_string_equal(fake_log(fake.s, &cursor), "warn\none\ntwo\n");
    fake.engine->close(fake.s);
    fake.s = NULL;
    char *options = fst_asprintf("{'master': 'spark://127.0.0.1:1', 'rest': 'http://127.0.0.1:%d', "
                                 "'ui': 'http://127.0.0.1:%d'}",
                                 fake.port, fake.port);
    fake.s = fake_session(options);
    free(options);
    assert_int_equal(fake.engine->reattach(fake.s, &fake.w, "driver-1", &fake.err), FST_OK);
    script(STATUS("FINISHED") ", " OUT("one\\ntwo\\nhalf\\n" GOOD "end") ", " ERR("warn\\n"));
    fake_poll();
    assert_int_equal(fake.p.state, FST_RUN_READY);
    assert_string_equal(fake_log(fake.s, &cursor), "half\nend\n");
    assert_string_equal(fake_log(fake.s, &cursor), "");
    fst_buf_done(&cursor);
}

static void test_standalone_log__garbage_of_a_worker_is_not_taken(void **state)
{
    (void)state;
    struct fst_buf cursor = FST_BUF(4096);
    static const char *const bodies[] = {
        "Error: unknown", "==== Bytes 0-999999 of 999999 of /x ====\\nshort",
        "==== Bytes 5-9 of 9 of /x ====\\n1234", "==== Bytes 9-5 of 9 of /x ====\\n1234", ""};
    submit("");
    for (size_t i = 0; i < FST_COUNT(bodies); i++) {
        script(fst_arena_printf(fake.a, STATUS("RUNNING") ", {'on': 'GET /log/', 'body': '%s'}",
                                bodies[i]));
        assert_int_equal(fake_poll(), FST_OK);
        assert_string_equal(fake_log(fake.s, &cursor), "");
    }
    fst_buf_done(&cursor);
}

static void test_standalone_reattach__finds_the_driver_by_its_mark(void **state)
{
    (void)state;
    char *rules = fst_asprintf(
        "[{'on': 'GET /json/', 'body': {'workers': [{'id': 'w-1', 'webuiaddress': "
        "'http://127.0.0.1:%d'}], 'activedrivers': [{'id': 'driver-8', 'worker': 'w-1'}, "
        "{'id': 'driver-1', 'worker': 'w-1'}], 'completeddrivers': []}}, "
        "{'on': 'GET /log/?driverId=driver-1&', 'standalone_log': 'Launch Command: java --conf "
        "spark.firesteel.operation=" OPERATION " x\\n'}, {'on': 'GET /log/', 'standalone_log': "
        "'Launch Command: java\\n'}, " STATUS("RUNNING") "]",
        fake.port);
    fake_script(rules);
    free(rules);
    if (fake.engine->reattach(fake.s, &fake.w, "", &fake.err) != FST_OK)
        fail_msg("%s", fake.err.text);
    assert_int_equal(fake_poll(), FST_OK);
}

static void test_standalone_submit__an_answer_that_never_came_is_looked_for(void **state)
{
    (void)state;
    char *rules = fst_asprintf(
        "[{'on': 'POST ', 'close': true}, {'on': 'GET /json/', 'body': {'workers': [{'id': 'w-1', "
        "'webuiaddress': 'http://127.0.0.1:%d'}], 'activedrivers': [{'id': 'driver-1', 'worker': "
        "'w-1'}], 'completeddrivers': []}}, {'on': 'GET /log/', 'standalone_log': "
        "'spark.firesteel.operation=" OPERATION "\\n'}]",
        fake.port);
    fake_script(rules);
    free(rules);
    assert_int_equal(fake_submit(), FST_OK);
    assert_string_equal(fst_buf_text(&fake.handle), "driver-1");
}

static void test_standalone_reattach__what_nobody_knows_is_not_found(void **state)
{
    (void)state;
    script("");
    assert_int_equal(fake.engine->reattach(fake.s, &fake.w, "", &fake.err), FST_ENOTFOUND);
    fake_script("[{'on': 'GET /json/', 'close': true}]");
    assert_int_equal(fake.engine->reattach(fake.s, &fake.w, "", &fake.err), FST_ENET);
}

static void test_standalone_ping__tells_version_workers_and_what_is_free(void **state)
{
    (void)state;
    struct fst_buf line = FST_BUF(1024);
    script("{'on': 'GET /v1/', 'body': {'serverSparkVersion': '4.3.0', 'success': false}}");
    assert_int_equal(fake.engine->ping(fake.s, &line, &fake.err), FST_OK);
    assert_has(fst_buf_text(&line), "Spark 4.3.0");
    assert_has(fst_buf_text(&line), "2 workers, 3 of 4 cores");
    fake_script("[{'on': 'GET /v1/', 'body': '{}'}, {'on': 'GET /json/', 'body': '<html>'}]");
    assert_int_not_equal(fake.engine->ping(fake.s, &line, &fake.err), FST_OK);
    assert_has(fake.err.text, "no master of Spark");
    fst_buf_done(&line);
}

static void test_standalone_reaches__files_under_the_shared_folder_only(void **state)
{
    (void)state;
    struct fst_session *s =
        fake_session("{'master': 'spark://far.example:7077', 'shared_dir': '/mnt/shared'}");
    static const struct {
        const char *uri;
        enum fst_status is;
    } rows[] = {{"/mnt/shared/x", FST_OK},
                {"file:///mnt/shared/x", FST_OK},
                {"/mnt/sharedless/x", FST_EUNSUPPORTED},
                {"/data/x", FST_EUNSUPPORTED},
                {"/mnt/shared/../x", FST_EUNSUPPORTED},
                {"s3a://b/x", FST_OK}};
    for (size_t i = 0; i < FST_COUNT(rows); i++)
        if (fake.engine->reaches(s, rows[i].uri, &fake.err) != rows[i].is)
            fail_msg("%s", rows[i].uri);
    fake.engine->close(s);
    assert_int_equal(fake.engine->reaches(fake.s, "/data/x", &fake.err), FST_OK);
}

static void keep_line(void *arg, bool ok, const char *what, const char *remedy)
{
    fst_buf_printf(arg, "%s%s%s%s\n", ok ? "ok " : "bad ", what, remedy ? " -> " : "",
                   remedy ? remedy : "");
}

static void test_standalone_doctor__looks_for_workers_and_cores(void **state)
{
    (void)state;
    static const struct {
        const char *rule, *says;
    } rows[] = {
        {"'body': {'workers': [], 'aliveworkers': 0, 'cores': 0}", "bad 0 workers at spark://"},
        {"'body': {'workers': [], 'aliveworkers': 1, 'cores': 2, 'coresused': 1}",
         "bad 1 cores are free -> "},
        {"'body': {'workers': [], 'aliveworkers': 2, 'cores': 4, 'coresused': 1}",
         "ok 3 cores are free"},
        {"'body': '<html>'", "-> start the master"},
        {"'close': true", "-> start the master"},
    };
    struct fst_doc *doc;
    char *json = fst_arena_printf(
        fake.a, "{\"master\": \"spark://127.0.0.1:1\", \"ui\": \"http://127.0.0.1:%d\"}",
        fake.port);
    assert_int_equal(fst_json_parse(fake.a, "o", json, strlen(json), NULL, &doc, NULL), FST_OK);
    for (size_t i = 0; i < FST_COUNT(rows); i++) {
        struct fst_buf said = FST_BUF_TEXT;
        fake_script(fst_arena_printf(fake.a, "[{'on': 'GET /json/', %s}]", rows[i].rule));
        fake.engine->server->doctor(doc, keep_line, &said);
        assert_has(fst_buf_text(&said), rows[i].says);
        fst_buf_done(&said);
    }
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, fake_end)
int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_standalone_submit__sends_all_of_spark_submit_as_arguments),
        TEST(test_standalone_submit__a_refusal_is_one_sentence_without_a_stack),
        TEST(test_standalone_submit__odd_answers_are_errors),
        TEST(test_standalone_submit__the_master_that_is_alive_is_asked),
        TEST(test_standalone_poll__goes_on_with_the_next_master),
        TEST(test_standalone_poll__tells_what_is_free_while_it_waits),
        TEST(test_standalone_poll__says_that_there_are_no_executors),
        TEST(test_standalone_poll__every_end),
        TEST(test_standalone_poll__a_master_that_is_away_is_no_failure),
        TEST(test_standalone_cancel__takes_the_wish_or_says_why_not),
        TEST(test_standalone_log__continues_in_another_session_without_gap_or_repeat),
        TEST(test_standalone_log__garbage_of_a_worker_is_not_taken),
        TEST(test_standalone_reattach__finds_the_driver_by_its_mark),
        TEST(test_standalone_submit__an_answer_that_never_came_is_looked_for),
        TEST(test_standalone_reattach__what_nobody_knows_is_not_found),
        TEST(test_standalone_ping__tells_version_workers_and_what_is_free),
        TEST(test_standalone_doctor__looks_for_workers_and_cores),
        TEST(test_standalone_reaches__files_under_the_shared_folder_only),
    };
    return cmocka_run_group_tests(tests, fake_start, fake_stop);
}
