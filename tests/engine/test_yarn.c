/* YARN's side of an application: where it is by Hadoop's configuration, and spark-submit in cluster
 * mode under a resource manager and a node that are played. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "engines.h"
#include "fake_http.h"
#include "yarn.h"

enum { PATIENCE_US = 20 * 1000 * 1000 };

static int start(void **state)
{
    (void)state;
    unsetenv("HADOOP_CONF_DIR");
    unsetenv("YARN_CONF_DIR");
    return fake_start(state);
}

static void put(const char *name, const char *text, int mode)
{
    char *path = fst_arena_printf(fake.a, "%s/%s", fake.folder, name);
    char *folder = fst_arena_strdup(fake.a, path);
    *strrchr(folder, '/') = 0;
    assert_int_equal(fst_mkdirs(folder, 0755, NULL), FST_OK);
    assert_int_equal(fst_file_write(path, text, strlen(text), 0644, NULL), FST_OK);
    assert_int_equal(chmod(path, (mode_t)mode), 0);
}

static int set_up(void **state)
{
    (void)state;
    fake_begin(&fst_engine_submit, NULL);
    put("java/bin/java", "#!/bin/sh\necho 'openjdk 17.0.1 2024-01-01'\n", 0755);
    put("spark/jars/spark-core_2.13-4.3.0.jar", "", 0644);
    put("run/x", "", 0644);
    fake.w.folder = fst_arena_printf(fake.a, "%s/run", fake.folder);
    fake.s = fake_session(fst_arena_printf(
        fake.a,
        "{'java_home': '%s/java', 'spark_home': '%s/spark', 'master': 'yarn', 'deploy_mode': "
        "'cluster', 'hadoop_conf_dir': '/etc/hadoop', 'resource_manager': 'http://127.0.0.1:%d/'}",
        fake.folder, fake.folder, fake.port));
    return 0;
}

/* ---- Hadoop's configuration ------------------------------------------------------------------ */

static void test_yarn_place__is_what_the_configuration_says(void **state)
{
    (void)state;
#define P(name, value) "<property><name>" name "</name><value>" value "</value></property>\n"
    static const struct {
        const char *site, *first, *second;
    } rows[] = {
        {P("yarn.resourcemanager.hostname", "rm.example"), "http://rm.example:8088", NULL},
        {P("yarn.resourcemanager.webapp.address", "rm:1234"), "http://rm:1234", NULL},
        {P("yarn.resourcemanager.webapp.address", "${yarn.resourcemanager.hostname}:8088")
             P("yarn.resourcemanager.hostname", "a&amp;b"),
         "http://a&b:8088", NULL},
        {P("yarn.resourcemanager.webapp.address", "0.0.0.0:8088"), "http://127.0.0.1:8088", NULL},
        {P("yarn.resourcemanager.hostname", "old") P("yarn.resourcemanager.hostname", "new"),
         "http://new:8088", NULL},
        {P("yarn.http.policy", "HTTPS_ONLY") P("yarn.resourcemanager.hostname", "rm"),
         "https://rm:8090", NULL},
        {P("yarn.resourcemanager.ha.enabled", "true") P("yarn.resourcemanager.ha.rm-ids", "r1, r2")
             P("yarn.resourcemanager.hostname.r1", "one")
                 P("yarn.resourcemanager.webapp.address.r2", "two:99"),
         "http://one:8088", "http://two:99"},
        {"<!-- " P("yarn.resourcemanager.hostname",
                   "no") " -->"
                         "<property>\n <name> yarn.resourcemanager.hostname\n</name> "
                         "<final>true</final>\n"
                         "<value>\n yes </value>\n</property>",
         "http://yes:8088", NULL},
    };
    for (size_t i = 0; i < FST_COUNT(rows); i++) {
        struct yarn_place p;
        put("conf/yarn-site.xml",
            fst_arena_printf(fake.a, "<configuration>%s</configuration>", rows[i].site), 0644);
        char *dir = fst_arena_printf(fake.a, "%s/conf", fake.folder);
        if (yarn_place_find(fake.a, dir, NULL, &p, &fake.err) != FST_OK)
            fail_msg("row %zu: %s", i, fake.err.text);
        assert_string_equal(p.urls[0], rows[i].first);
        assert_int_equal(p.n, rows[i].second ? 2 : 1);
        if (rows[i].second)
            assert_string_equal(p.urls[1], rows[i].second);
    }
}

static void test_yarn_place__odd_files_name_no_manager(void **state)
{
    (void)state;
    static const char *const sites[] = {
        "",
        "<property>",
        "<!-- <property><name>yarn.resourcemanager.hostname</name><value>x</value></property>",
        P("yarn.resourcemanager.hostname", ""),
        P("yarn.resourcemanager.hostname", "a b"),
        P("yarn.resourcemanager.webapp.address", "${yarn.resourcemanager.hostname}:8088"),
        P("yarn.resourcemanager.hostname", "${a}") P("a", "${b}") P("b", "${a}"),
        "<property><name>yarn.resourcemanager.hostname</name></property><value>x</value>",
        "\x01\xff<property><value><name></property></value>",
    };
    struct yarn_place p;
    char *dir = fst_arena_printf(fake.a, "%s/conf", fake.folder);
    for (size_t i = 0; i < FST_COUNT(sites); i++) {
        put("conf/yarn-site.xml", sites[i], 0644);
        if (yarn_place_find(fake.a, dir, NULL, &p, &fake.err) == FST_OK)
            fail_msg("row %zu: %s", i, p.urls[0]);
    }
    assert_int_equal(yarn_place_find(fake.a, fake.folder, NULL, &p, &fake.err), FST_ENOTFOUND);
    assert_int_equal(yarn_place_find(fake.a, NULL, NULL, &p, &fake.err), FST_EINVAL);
    assert_int_equal(yarn_place_find(fake.a, NULL, "a b", &p, &fake.err), FST_EINVAL);
    assert_int_equal(yarn_place_find(fake.a, NULL, "rm:1, https://rm2:2/", &p, &fake.err), FST_OK);
    assert_string_equal(p.urls[0], "http://rm:1");
    assert_string_equal(p.urls[1], "https://rm2:2");
}

static void test_yarn_app__a_manager_that_stands_by_is_passed_over(void **state)
{
    (void)state;
    struct yarn_place p = {.n = 2, .user = "me"};
    struct yarn_app app;
    p.urls[0] = fst_arena_printf(fake.a, "http://127.0.0.1:%d/one", fake.port);
    p.urls[1] = fst_arena_printf(fake.a, "http://127.0.0.1:%d/two", fake.port);
    fake_script("[{'on': 'GET /one', 'status': 307, 'headers': {'Location': 'http://x/'}}, {'on': "
                "'GET /two/ws/v1/cluster/apps/a_1?user.name=me', 'body': {'app': {'id': 'a_1', "
                "'state': 'RUNNING'}}}]");
    assert_int_equal(yarn_app_ask(&p, "a_1", &app, &fake.err), FST_OK);
    assert_int_equal(p.active, 1);
    yarn_app_done(&app);
    fake_script("[{'on': 'GET ', 'body': 'This is standby RM. The redirect url is: /'}]");
    assert_int_equal(yarn_app_ask(&p, "a_1", &app, &fake.err), FST_ENET);
    assert_has(fake.err.text, "stands by");
}

static void test_yarn_log__any_byte_can_be_read_on_from(void **state)
{
    (void)state;
    struct yarn_place p = {.user = "me"};
    struct yarn_app app = {.id = "a_1"};
    char *text = fst_arena_alloc(fake.a, 100001);
    for (size_t i = 0; i < 100000; i++)
        text[i] = i % 50 == 49 ? '~' : (char)('a' + i / 50 % 26);
    fake_script(fst_arena_printf(fake.a, "[{'on': 'GET /n/logs/stdout', 'yarn_log': '%s'}]", text));
    snprintf(app.log_url, sizeof app.log_url, "http://127.0.0.1:%d/n/logs", fake.port);
    static const struct {
        uint64_t from;
        size_t cap, n;
    } rows[] = {{0, 1000000, 100000}, {0, 10, 10},    {50, 999, 999},      {99990, 100, 10},
                {100000, 100, 0},     {200000, 9, 0}, {8191, 70000, 70000}};
    for (size_t i = 0; i < FST_COUNT(rows); i++) {
        struct fst_buf out = FST_BUF_TEXT;
        assert_int_equal(
            yarn_log_read(&p, &app, "stdout", rows[i].from, rows[i].cap, &out, &fake.err), FST_OK);
        assert_int_equal(out.n, rows[i].n);
        assert_true(out.n == 0 || memcmp(out.p, text + rows[i].from, out.n) == 0);
        fst_buf_done(&out);
    }
}

static void test_yarn_log__what_is_no_log_is_not_taken(void **state)
{
    (void)state;
    struct yarn_place p = {.user = "me"};
    struct yarn_app app = {.id = "a_1"};
    snprintf(app.log_url, sizeof app.log_url, "http://127.0.0.1:%d/n/logs", fake.port);
    static const struct {
        const char *rule;
        enum fst_status status;
    } rows[] = {
        {"'status': 404, 'body': 'HTTP 404 Not Found'", FST_ENOTFOUND},
        {"'status': 307, 'headers': {'Location': 'http://history/'}", FST_ENOTFOUND},
        {"'status': 500, 'body': 'x'", FST_ENET},
        {"'status': 401, 'body': 'x'", FST_EAUTH},
        {"'close': true", FST_ENET},
        {"'body': '<html>login</html>'", FST_OK},
        {"'body': 'Container: x\\nLogLength:9999999999999999999999\\nLogContents:\\nabc'",
         FST_EFORMAT},
        {"'body': 'Container: x\\nLogLength:-5\\nLogContents:\\nabc'", FST_EFORMAT},
        {"'body': 'Container: x\\nLogContents:\\nabc'", FST_EFORMAT},
        {"'yarn_log': ''", FST_OK},
    };
    for (size_t i = 0; i < FST_COUNT(rows); i++) {
        struct fst_buf out = FST_BUF_TEXT;
        fake_script(fst_arena_printf(fake.a, "[{'on': 'GET /n', %s}]", rows[i].rule));
        if (yarn_log_read(&p, &app, "stdout", 0, 1000, &out, &fake.err) != rows[i].status)
            fail_msg("row %zu: %d %s", i, (int)fake.err.status, fake.err.text);
        assert_int_equal(out.n, 0);
        fst_buf_done(&out);
    }
}

/* ---- Work ------------------------------------------------------------------------------------ */

#define APPS(fields)                                                                               \
    "{'on': 'GET /ws/v1/cluster/apps', 'body': {'apps': {'app': [{" fields "}]}, 'app': {" fields  \
    "}}}"
#define APP(state, final)                                                                          \
    "'id': 'application_1_1', 'startedTime': 1, 'state': '" state "', 'finalStatus': '" final      \
    "', 'amContainerLogs': 'http://127.0.0.1:%d/node/containerlogs/container_1/me'"
#define OUT(text)                                                                                  \
    "{'on': 'GET /ws/v1/node/containers/container_1/logs/stdout', 'yarn_log': '" text "'}"
#define ERR(text)                                                                                  \
    "{'on': 'GET /ws/v1/node/containers/container_1/logs/stderr', 'yarn_log': '" text "'}"
#define METRICS                                                                                    \
    "{'on': 'GET /ws/v1/cluster/metrics', 'body': {'clusterMetrics': {'availableMB': 100, "        \
    "'availableVirtualCores': 2, 'activeNodes': 3}}}"
#define NONE "{'on': 'GET /ws/v1/cluster/apps', 'body': {'apps': {}}}"
#define EVENT(name) "\\u0022event\\u0022:\\u0022" name "\\u0022"
#define REPORT(fields) "@@FST {" fields "}\\n"
#define SESSION                                                                                    \
    REPORT(EVENT("start") ",\\u0022v\\u0022:1")                                                    \
    REPORT(EVENT(                                                                                  \
        "session") ",\\u0022app\\u0022:\\u0022a\\u0022,\\u0022spark\\u0022:\\u00224.3.0\\u0022")
#define END(rc) REPORT(EVENT("end") ",\\u0022rc\\u0022:" rc)
#define GOOD SESSION REPORT(EVENT("result") ",\\u0022rows\\u0022:7") END("0")
#define BAD                                                                                        \
    SESSION REPORT(EVENT("error") ",\\u0022cond\\u0022:\\u0022DIVIDE_BY_ZERO\\u0022,"              \
                                  "\\u0022msg\\u0022:\\u0022Division by zero\\u0022") END("1")

/* %d in the rules is the server's port. */
static void script(const char *rules)
{
    struct fst_buf out = FST_BUF_TEXT;
    for (const char *p = rules; *p; p++) {
        if (p[0] == '%' && p[1] == 'd') {
            fst_buf_printf(&out, "%d", fake.port);
            p++;
        } else {
            fst_buf_addc(&out, *p);
        }
    }
    fake_script(fst_arena_printf(fake.a, "[%s]", fst_buf_text(&out)));
    fst_buf_done(&out);
}

/* spark-submit says something and waits until the test is over, or ends at once. */
static void submit(const char *rules, const char *spark_submit)
{
    script(rules);
    put("spark/bin/spark-submit", fst_arena_printf(fake.a, "#!/bin/sh\n%s\n", spark_submit), 0755);
    if (fake_submit() != FST_OK)
        fail_msg("%s", fake.err.text);
}

static void follow_until(bool (*is_so)(void))
{
    int64_t until = fst_monotonic_us() + PATIENCE_US;
    do {
        fake.engine->poll(fake.s, 100, &fake.p, &fake.problem, &fake.err);
        if (fst_monotonic_us() > until)
            fail_msg("state %d, %s, %s", (int)fake.p.state, fake.p.detail, fake.err.text);
    } while (!is_so());
}

static bool is_over(void)
{
    return fake.p.state > FST_RUN_RUNNING;
}

static bool is_running(void)
{
    return fake.p.state == FST_RUN_RUNNING;
}

static bool says_waiting(void)
{
    return strstr(fake.p.detail, "waiting for resources: 100 MB and 2 cores are free on 3 nodes");
}

static bool says_no_executors(void)
{
    return is_running() && strstr(fake.p.detail, "no executors yet: 100 MB");
}

#define WAITS "exec sleep 30"

static void test_submit_yarn__tells_what_is_free_while_it_waits(void **state)
{
    (void)state;
    submit(APPS(APP("ACCEPTED", "UNDEFINED")) ", " METRICS, WAITS);
    follow_until(says_waiting);
    assert_int_equal(fake.p.state, FST_RUN_PENDING);
    script(APPS(APP("RUNNING", "UNDEFINED") ", 'runningContainers': 1") ", " METRICS
                                                                        ", " OUT(SESSION));
    follow_until(says_no_executors);
    assert_has(fake_asked(), "GET /ws/v1/cluster/apps/application_1_1?user.name=");
    script(APPS(APP("KILLED", "KILLED")));
    follow_until(is_over);
    assert_int_equal(fake.p.state, FST_RUN_CANCELLED);
}

static void test_submit_yarn__every_end(void **state)
{
    (void)state;
    static const struct {
        const char *rules, *says;
        enum fst_run_state is;
    } rows[] = {
        {APPS(APP("FINISHED", "SUCCEEDED")) ", " OUT(GOOD), "", FST_RUN_READY},
        /* the node has gone, and its log */
        {APPS(APP("FINISHED", "SUCCEEDED")), "", FST_RUN_READY},
        {APPS(APP("FINISHED", "FAILED")) ", " OUT(BAD), "Division by zero", FST_RUN_FAILED},
        {APPS(APP("FAILED", "FAILED") ", 'diagnostics': 'User class threw\\nCaused by: "
                                      "java.lang.Bad: why\\n'"),
         "java.lang.Bad: why", FST_RUN_FAILED},
        {APPS(APP("FAILED", "FAILED") ", 'diagnostics': 'x\\u001b[31m Error: red\\n'"),
         "\\e[31m Error: red", FST_RUN_FAILED},
        {APPS(APP("FAILED", "FAILED")), "see its log", FST_RUN_FAILED},
        {APPS(APP("KILLED", "KILLED")) ", " OUT(SESSION), "", FST_RUN_CANCELLED},
        /* ended after the output was whole */
        {APPS(APP("KILLED", "KILLED")) ", " OUT(GOOD), "", FST_RUN_READY},
    };
    for (size_t i = 0; i < FST_COUNT(rows); i++) {
        submit(rows[i].rules, "exit 1");
        fake.err.text[0] = 0;
        follow_until(is_over);
        if (fake.p.state != rows[i].is)
            fail_msg("row %zu: state %d %s", i, (int)fake.p.state, fake.err.text);
        assert_has(fake.err.text, rows[i].says);
        fake_end(state);
        set_up(state);
    }
}

static bool is_net(void)
{
    return fake.err.status == FST_ENET;
}

static void test_submit_yarn__a_manager_that_is_away_is_no_failure(void **state)
{
    (void)state;
    static const char *const rules[] = {
        "'status': 500, 'body': 'x'",
        "'status': 503, 'body': '<html>'",
        "'body': '<html>'",
        "'body': '{\\u0022app'",
        "'body': []",
        "'body': {'apps': {'app': [{'id': '../x', 'state': 'FINISHED'}]}, 'app': {}}",
        "'close': true"};
    submit(APPS(APP("RUNNING", "UNDEFINED")) ", " OUT(SESSION), "exit 1");
    follow_until(is_running);
    for (size_t i = 0; i < FST_COUNT(rules); i++) {
        script(fst_arena_printf(fake.a, "{'on': 'GET /ws/v1/cluster/apps', %s}", rules[i]));
        fake.err = (struct fst_error){0};
        follow_until(is_net);
        assert_false(is_over());
    }
    script(APPS(APP("FINISHED", "SUCCEEDED")) ", " OUT(GOOD));
    follow_until(is_over);
    assert_int_equal(fake.p.state, FST_RUN_READY);
}

static size_t count(const char *text, const char *word)
{
    size_t n = 0;
    for (const char *p = text; (p = strstr(p, word)); p++)
        n++;
    return n;
}

static void test_submit_yarn__a_node_out_of_reach_is_left_alone_for_a_while(void **state)
{
    (void)state;
    struct fst_buf cursor = FST_BUF(4096);
    submit(APPS(APP("RUNNING", "UNDEFINED")) ", {'on': 'GET /ws/v1/node', 'close': true}", WAITS);
    for (int64_t until = fst_monotonic_us() + PATIENCE_US;
         count(fake_asked(), "/ws/v1/cluster/apps") < 3;) {
        assert_int_equal(fake_poll(), FST_OK);
        fake_log(fake.s, &cursor);
        assert_true(fst_monotonic_us() < until);
    }
    assert_int_equal(fake.p.state, FST_RUN_RUNNING);
    assert_int_equal(count(fake_asked(), "/ws/v1/node"), 1);
    fst_buf_done(&cursor);
    script(APPS(APP("KILLED", "KILLED")));
    follow_until(is_over);
}

static void test_submit_yarn__without_an_answer_spark_submit_decides(void **state)
{
    (void)state;
    submit("{'on': 'GET ', 'status': 401, 'body': ''}", "echo 'Error: no queue' >&2; exit 1");
    follow_until(is_over);
    assert_int_equal(fake.p.state, FST_RUN_FAILED);
    assert_has(fake.err.text, "Error: no queue");
}

static void test_submit_yarn__an_application_that_never_came_is_spark_submits_failure(void **state)
{
    (void)state;
    submit(NONE, "echo 'Exception: HDFS is away' >&2; exit 1");
    follow_until(is_over);
    assert_int_equal(fake.p.state, FST_RUN_FAILED);
    assert_has(fake.err.text, "HDFS is away");
}

static void test_submit_yarn__cancel_ends_the_application(void **state)
{
    (void)state;
    submit(APPS(APP("RUNNING", "UNDEFINED")) ", " OUT(
               SESSION) ", {'on': 'PUT /ws/v1/cluster/apps/"
                        "application_1_1/state?user.name=', 'status': 403, 'body': "
                        "{'RemoteException': "
                        "{'message': 'not yours'}}}",
           WAITS);
    follow_until(is_running);
    assert_int_equal(fake.engine->cancel(fake.s, &fake.err), FST_EDENIED);
    assert_has(fake.err.text, "not yours");
    script(APPS(APP("RUNNING", "UNDEFINED")) ", " OUT(SESSION) ", {'on': 'PUT ', 'status': 202, "
                                                               "'body': {'state': 'RUNNING'}}");
    assert_int_equal(fake.engine->cancel(fake.s, &fake.err), FST_OK);
    assert_has(fake_asked(), "{\"state\":\"KILLED\"}");
    script(APPS(APP("KILLED", "KILLED")));
    follow_until(is_over);
    assert_int_equal(fake.p.state, FST_RUN_CANCELLED);
}

static void test_submit_yarn__cancel_before_it_is_there_ends_it_when_it_comes(void **state)
{
    (void)state;
    submit(NONE, WAITS);
    assert_int_equal(fake.engine->cancel(fake.s, &fake.err), FST_OK);
    script(APPS(APP("ACCEPTED", "UNDEFINED")) ", {'on': 'PUT ', 'status': 202, 'body': {}}");
    for (int64_t until = fst_monotonic_us() + PATIENCE_US; !strstr(fake_asked(), "PUT ");) {
        fake_poll();
        assert_true(fst_monotonic_us() < until);
    }
    script(APPS(APP("KILLED", "KILLED")));
    follow_until(is_over);
    assert_int_equal(fake.p.state, FST_RUN_CANCELLED);
}

static void test_submit_yarn__log_continues_in_another_session_without_gap_or_repeat(void **state)
{
    (void)state;
    struct fst_buf cursor = FST_BUF(4096);
    submit(APPS(APP("RUNNING", "UNDEFINED")) ", " OUT("one\\ntw") ", " ERR("warn\\n"),
           "echo launched >&2; exit 0");
    follow_until(is_running);
    const char *first = fake_log(fake.s, &cursor);
    assert_has(first, "launched\n");
    assert_has(first, "warn\none\n");
    assert_null(strstr(first, "tw"));
    fake.engine->close(fake.s);
    fake.s = fake_session(fst_arena_printf(
        fake.a,
        "{'master': 'yarn', 'deploy_mode': 'cluster', 'resource_manager': 'http://127.0.0.1:%d'}",
        fake.port));
    assert_int_equal(fake.engine->reattach(fake.s, &fake.w, fst_buf_text(&fake.handle), &fake.err),
                     FST_OK);
    script(APPS(APP("FINISHED", "SUCCEEDED")) ", " OUT("one\\ntwo\\n" GOOD
                                                       "end") ", " ERR("warn\\nlate\\n"));
    follow_until(is_over);
    assert_int_equal(fake.p.state, FST_RUN_READY);
    assert_string_equal(fake_log(fake.s, &cursor), "late\ntwo\nend\n");
    assert_string_equal(fake_log(fake.s, &cursor), "");
    fst_buf_done(&cursor);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, fake_end)
int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_yarn_place__is_what_the_configuration_says),
        TEST(test_yarn_place__odd_files_name_no_manager),
        TEST(test_yarn_app__a_manager_that_stands_by_is_passed_over),
        TEST(test_yarn_log__any_byte_can_be_read_on_from),
        TEST(test_yarn_log__what_is_no_log_is_not_taken),
        TEST(test_submit_yarn__tells_what_is_free_while_it_waits),
        TEST(test_submit_yarn__every_end),
        TEST(test_submit_yarn__a_manager_that_is_away_is_no_failure),
        TEST(test_submit_yarn__a_node_out_of_reach_is_left_alone_for_a_while),
        TEST(test_submit_yarn__without_an_answer_spark_submit_decides),
        TEST(test_submit_yarn__an_application_that_never_came_is_spark_submits_failure),
        TEST(test_submit_yarn__cancel_ends_the_application),
        TEST(test_submit_yarn__cancel_before_it_is_there_ends_it_when_it_comes),
        TEST(test_submit_yarn__log_continues_in_another_session_without_gap_or_repeat),
    };
    return cmocka_run_group_tests(tests, start, fake_stop);
}
