/* Batches of a Livy server that is played: every state, and answers of every bad kind. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "engines.h"
#include "fake_http.h"

#define CREATED "{'on': 'POST /batches', 'status': 201, 'body': {'id': 4, 'state': 'starting'}}"
#define STATE(state) "{'on': 'GET /batches/4/state', 'body': {'id': 4, 'state': '" state "'}}"
#define LOG(lines)                                                                                 \
    "{'on': 'GET /batches/4/log', 'body': {'id': 4, 'from': 0, 'total': 9, 'log': ['stdout: "      \
    "', " lines "'\\nstderr: ', 'warn']}}"
#define EVENT(name) "\\u0022event\\u0022:\\u0022" name "\\u0022"
#define REPORT(fields) "'@@FST {" fields "}', "
#define SESSION                                                                                    \
    REPORT(EVENT("start") ",\\u0022v\\u0022:1")                                                    \
    REPORT(EVENT("session") ",\\u0022app\\u0022:\\u0022local-1\\u0022,\\u0022spark\\u0022:"        \
                            "\\u00224.3.0\\u0022")
#define END(rc) REPORT(EVENT("end") ",\\u0022rc\\u0022:" rc)
#define GOOD SESSION REPORT(EVENT("result") ",\\u0022rows\\u0022:7") END("0")
#define BAD                                                                                        \
    SESSION REPORT(EVENT("error") ",\\u0022cond\\u0022:\\u0022DIVIDE_BY_ZERO\\u0022,"              \
                                  "\\u0022msg\\u0022:\\u0022Division by zero\\u0022") END("1")

static char *options;

static int set_up(void **state)
{
    (void)state;
    options = fst_asprintf("{'url': 'http://127.0.0.1:%d/', 'driver_memory': '1g', "
                           "'num_executors': 3, 'proxy_user': 'ann', 'user': 'me', 'password': "
                           "'secretword', 'python': '/opt/py', 'jars': '/a.jar,s3a://b/c.jar'}",
                           fake.port);
    fake_begin(&fst_engine_livy, options);
    return 0;
}

static int tear_down(void **state)
{
    free(options);
    return fake_end(state);
}

static void script(const char *rules)
{
    fake_script(fst_arena_printf(fake.a, "[%s%s%s]", CREATED, *rules ? ", " : "", rules));
}

static void submit(const char *rules)
{
    script(rules);
    assert_int_equal(fake_submit(), FST_OK);
    assert_string_equal(fst_buf_text(&fake.handle), "4");
}

static void test_livy_submit__sends_the_driver_with_a_name_of_ours(void **state)
{
    (void)state;
    submit("");
    const char *asked = fake_asked();
    assert_has(asked, "POST /batches Basic bWU6c2VjcmV0d29yZA== {");
    assert_has(asked, fst_arena_printf(fake.a, "\"file\":\"file://%s/driver.py\"", fake.folder));
    assert_has(asked, fst_arena_printf(fake.a, "\"args\":[\"%s/driver-job.json\"]", fake.folder));
    assert_has(asked, "\"name\":\"firesteel-" OPERATION "\"");
    assert_has(asked, "\"numExecutors\":3");
    assert_has(asked, "\"proxyUser\":\"ann\"");
    assert_has(asked, "\"jars\":[\"file:///a.jar\",\"s3a://b/c.jar\"]");
    assert_null(strstr(asked, "pyFiles"));
    assert_has(asked, "\"spark.pyspark.python\":\"/opt/py\"");
}

static void test_livy_command__shows_the_request_and_no_secret(void **state)
{
    (void)state;
    struct fst_buf out = FST_BUF_TEXT;
    assert_int_equal(fake.engine->command(fake.s, &fake.w, &out, &fake.err), FST_OK);
    assert_has(fst_buf_text(&out), "POST http://127.0.0.1:");
    assert_null(strstr(fst_buf_text(&out), "secretword"));
    assert_null(strstr(fst_buf_text(&out), "bWU6"));
    fst_buf_done(&out);
}

static void test_livy_submit__refusals_and_odd_answers_are_errors(void **state)
{
    (void)state;
    static const struct {
        const char *rule, *says;
        enum fst_status status;
    } rows[] = {
        {"'status': 400, 'body': {'msg': 'requirement failed: Local path /x/driver.py cannot be "
         "added to user sessions.'}",
         "livy.file.local-dir-whitelist", FST_EINVAL},
        {"'status': 400, 'body': {'msg': 'Duplicate session name'}", "Duplicate", FST_EINVAL},
        {"'status': 401, 'body': ''", "HTTP 401", FST_EAUTH},
        {"'status': 403, 'body': '<html>Forbidden'", "HTTP 403", FST_EDENIED},
        {"'status': 200, 'body': '<html>login'", "HTTP 200", FST_EREMOTE},
        {"'status': 201, 'body': '{\\u0022id'", "HTTP 201", FST_EREMOTE},
        {"'status': 201, 'body': {'state': 'starting'}", "HTTP 201", FST_EREMOTE},
        {"'status': 500, 'body': {'msg': 'boom'}", "boom", FST_EREMOTE},
    };
    for (size_t i = 0; i < FST_COUNT(rows); i++) {
        fake_script(fst_arena_printf(fake.a, "[{'on': 'POST ', %s}]", rows[i].rule));
        fake.err.text[0] = 0;
        if (fake_submit() != rows[i].status)
            fail_msg("row %zu: %d %s", i, (int)fake.err.status, fake.err.text);
        assert_has(fake.err.text, rows[i].says);
        assert_int_equal(fake.handle.n, 0);
    }
}

static void test_livy_submit__an_answer_that_never_came_is_looked_for(void **state)
{
    (void)state;
    fake_script("[{'on': 'POST ', 'close': true}, {'on': 'GET /batches?', 'body': {'total': 2, "
                "'sessions': [{'id': 3, 'name': null}, {'id': 5, 'name': 'firesteel-" OPERATION
                "'}]}}]");
    assert_int_equal(fake_submit(), FST_OK);
    assert_string_equal(fst_buf_text(&fake.handle), "5");
}

static void test_livy_poll__every_state(void **state)
{
    (void)state;
    static const struct {
        const char *rules, *says;
        enum fst_run_state is;
    } rows[] = {
        {STATE("not_started") ", " LOG(""), "", FST_RUN_PENDING},
        {STATE("starting") ", " LOG(""), "", FST_RUN_PENDING},
        {STATE("recovering") ", " LOG(SESSION), "", FST_RUN_RUNNING},
        {STATE("running") ", " LOG(SESSION), "", FST_RUN_RUNNING},
        {STATE("something_new") ", " LOG(SESSION), "", FST_RUN_RUNNING},
        {STATE("success") ", " LOG(GOOD), "", FST_RUN_READY},
        {STATE("dead") ", " LOG(BAD), "Division by zero", FST_RUN_FAILED},
        {STATE("error") ", " LOG(SESSION), "last word", FST_RUN_FAILED},
        {STATE("killed") ", " LOG(SESSION), "", FST_RUN_CANCELLED},
        /* Livy lost it, after the output was whole */
        {STATE("dead") ", " LOG(GOOD), "", FST_RUN_READY},
        {"{'on': 'GET /batches/4', 'status': 404, 'body': {'msg': 'Session 4 not found.'}}",
         "does not know batch 4", FST_RUN_LOST},
    };
    for (size_t i = 0; i < FST_COUNT(rows); i++) {
        submit(rows[i].rules);
        fake.err.text[0] = 0;
        fake_poll();
        if (fake.p.state != rows[i].is)
            fail_msg("row %zu: state %d %s", i, (int)fake.p.state, fake.err.text);
        assert_has(fake.err.text, rows[i].says);
        tear_down(state);
        set_up(state);
    }
}

static void test_livy_poll__a_server_that_is_away_is_no_failure(void **state)
{
    (void)state;
    static const char *const rules[] = {
        "'status': 500, 'body': 'x'",
        "'status': 503, 'body': '<html>'",
        "'body': '<html>proxy</html>'",
        "'body': '{\\u0022sta'",
        "'body': []",
        "'close': true",
        "'status': 429, 'body': ''",
        "'status': 404, 'body': '<html>not here</html>'",
    };
    submit("");
    for (size_t i = 0; i < FST_COUNT(rules); i++) {
        script(fst_arena_printf(fake.a, "{'on': 'GET /batches/4', %s}", rules[i]));
        fake.p.state = FST_RUN_RUNNING;
        enum fst_status status = fake_poll();
        if ((status != FST_ENET && status != FST_ETIMEOUT) || fake.p.state > FST_RUN_RUNNING)
            fail_msg("rule %zu: %d %s", i, (int)fake.p.state, fake.err.text);
    }
    script(STATE("success") ", " LOG(GOOD));
    assert_int_equal(fake_poll(), FST_OK);
    assert_int_equal(fake.p.state, FST_RUN_READY);
}

static void test_livy_cancel__takes_the_wish_or_says_why_not(void **state)
{
    (void)state;
    submit("{'on': 'DELETE /batches/4', 'status': 403, 'body': {'msg': 'not yours'}, 'times': 1}, "
           "{'on': 'DELETE /batches/4', 'body': {'msg': 'deleted'}}, {'on': 'GET /batches/4', "
           "'status': 404, 'body': {'msg': 'Session 4 not found.'}}");
    assert_int_equal(fake.engine->cancel(fake.s, &fake.err), FST_EDENIED);
    assert_has(fake.err.text, "not yours");
    assert_int_equal(fake.engine->cancel(fake.s, &fake.err), FST_OK);
    assert_int_equal(fake_poll(), FST_OK);
    assert_int_equal(fake.p.state, FST_RUN_CANCELLED);
}

static void test_livy_log__continues_in_another_session_without_gap_or_repeat(void **state)
{
    (void)state;
    struct fst_buf cursor = FST_BUF(4096);
    submit(STATE("running") ", " LOG("'one', 'two', 'three', 'four', 'five', "));
    fake_poll();
    assert_string_equal(fake_log(fake.s, &cursor), "one\ntwo\nthree\nfour\nfive\n");
    fake.engine->close(fake.s);
    fake.s = fake_session(options);
    assert_int_equal(fake.engine->reattach(fake.s, &fake.w, "4", &fake.err), FST_OK);
    /* the first lines are gone from the list */
    script(STATE("running") ", " LOG("'three', 'four', 'five', 'six', "));
    fake_poll();
    assert_string_equal(fake_log(fake.s, &cursor), "six\n");
    assert_string_equal(fake_log(fake.s, &cursor), "");
    script(STATE("success") ", " LOG("'five', 'six', " GOOD "'seven', "));
    fake_poll();
    assert_string_equal(fake_log(fake.s, &cursor), "seven\nwarn\n");
    assert_string_equal(fake_log(fake.s, &cursor), "");
    fst_buf_done(&cursor);
}

static void test_livy_log__says_when_lines_were_gone(void **state)
{
    (void)state;
    struct fst_buf cursor = FST_BUF(4096);
    submit(STATE("running") ", " LOG("'one', 'two', "));
    fake_poll();
    assert_string_equal(fake_log(fake.s, &cursor), "one\ntwo\n");
    script(STATE("running") ", " LOG("'eight', 'nine', "));
    const char *more = fake_log(fake.s, &cursor);
    assert_has(more, "lines were gone");
    assert_has(more, "eight\nnine\n");
    fst_buf_done(&cursor);
}

static void test_livy_reattach__finds_the_batch_by_its_name(void **state)
{
    (void)state;
    fake_script("[{'on': 'GET /batches?', 'body': {'total': 2, 'sessions': [{'id': 3, 'name': "
                "'x'}, {'id': 4, 'name': 'firesteel-" OPERATION
                "'}]}}, " STATE("running") ", " LOG(SESSION) "]");
    assert_int_equal(fake.engine->reattach(fake.s, &fake.w, "", &fake.err), FST_OK);
    assert_int_equal(fake_poll(), FST_OK);
    assert_int_equal(fake.p.state, FST_RUN_RUNNING);
}

static void test_livy_reattach__what_nobody_knows_is_not_found(void **state)
{
    (void)state;
    static const struct {
        const char *rule;
        enum fst_status status;
    } rows[] = {
        {"'body': {'total': 0, 'sessions': []}", FST_ENOTFOUND},
        {"'close': true", FST_ENET},
        {"'status': 502, 'body': '<html>'", FST_ENET},
        {"'status': 401, 'body': ''", FST_EAUTH},
        {"'body': '<html>'", FST_ENET},
    };
    for (size_t i = 0; i < FST_COUNT(rows); i++) {
        fake_script(fst_arena_printf(fake.a, "[{'on': 'GET /batches?', %s}]", rows[i].rule));
        if (fake.engine->reattach(fake.s, &fake.w, "", &fake.err) != rows[i].status)
            fail_msg("row %zu: %d %s", i, (int)fake.err.status, fake.err.text);
    }
}

static void test_livy_open__sends_no_password_over_a_plain_line_to_another_host(void **state)
{
    (void)state;
    struct fst_session *s = NULL;
    struct fst_doc *doc;
    static const struct {
        const char *options;
        bool is_refused;
    } rows[] = {
        {"{'url': 'http://far.example:8998', 'token': 'x'}", true},
        {"{'url': 'http://127.0.0.1.far.example:8998', 'token': 'x'}", true},
        {"{'url': 'http://localhost.far.example:8998', 'token': 'x'}", true},
        {"{'url': 'https://far.example:8998', 'token': 'x'}", false},
        {"{'url': 'https://far.example', 'token': 'a\\nb: c'}", true},
        {"{'url': 'far.example:8998'}", true},
    };
    for (size_t i = 0; i < FST_COUNT(rows); i++) {
        char *json = fake_json(rows[i].options);
        assert_int_equal(fst_json_parse(fake.a, "o", json, strlen(json), NULL, &doc, NULL), FST_OK);
        bool refused = fake.engine->open(doc, &s, &fake.err) != FST_OK;
        if (refused != rows[i].is_refused)
            fail_msg("%s", rows[i].options);
        if (!refused)
            fake.engine->close(s);
    }
}

static void keep_line(void *arg, bool ok, const char *what, const char *remedy)
{
    fst_buf_printf(arg, "%s%s%s%s\n", ok ? "ok " : "bad ", what, remedy ? " -> " : "",
                   remedy ? remedy : "");
}

static void test_livy_doctor__tells_version_or_what_to_do(void **state)
{
    (void)state;
    static const struct {
        const char *rule, *says;
    } rows[] = {
        {"'body': {'version': '0.7.1'}", "ok Livy 0.7.1 at http"},
        {"'body': {'version': '0.7.1'}", "ok livy.file.local-dir-whitelist"},
        {"'status': 401, 'body': ''", "-> correct user and password"},
        {"'body': '<html>'", "-> start the Livy server"},
        {"'close': true", "-> start the Livy server"},
    };
    struct fst_doc *doc;
    char *json = fake_json(options);
    assert_int_equal(fst_json_parse(fake.a, "o", json, strlen(json), NULL, &doc, NULL), FST_OK);
    for (size_t i = 0; i < FST_COUNT(rows); i++) {
        struct fst_buf said = FST_BUF_TEXT;
        fake_script(fst_arena_printf(fake.a, "[{'on': 'GET /version', %s}]", rows[i].rule));
        fake.engine->server->doctor(doc, keep_line, &said);
        assert_has(fst_buf_text(&said), rows[i].says);
        fst_buf_done(&said);
    }
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_livy_submit__sends_the_driver_with_a_name_of_ours),
        TEST(test_livy_command__shows_the_request_and_no_secret),
        TEST(test_livy_submit__refusals_and_odd_answers_are_errors),
        TEST(test_livy_submit__an_answer_that_never_came_is_looked_for),
        TEST(test_livy_poll__every_state),
        TEST(test_livy_poll__a_server_that_is_away_is_no_failure),
        TEST(test_livy_cancel__takes_the_wish_or_says_why_not),
        TEST(test_livy_log__continues_in_another_session_without_gap_or_repeat),
        TEST(test_livy_log__says_when_lines_were_gone),
        TEST(test_livy_reattach__finds_the_batch_by_its_name),
        TEST(test_livy_reattach__what_nobody_knows_is_not_found),
        TEST(test_livy_doctor__tells_version_or_what_to_do),
        TEST(test_livy_open__sends_no_password_over_a_plain_line_to_another_host),
    };
    return cmocka_run_group_tests(tests, fake_start, fake_stop);
}
