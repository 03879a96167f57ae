/* The web interface of Spark, played by a small server in Python: it answers well or badly by the
 * first word of the path, and tells what it was asked for. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "spark_rest.h"
#include "test_server.h"

static const char server_py[] =
    "import http.server, json\n"
    "asked = []\n"
    "def job(id, execution, op):\n"
    "    return {'jobId': id, 'stageIds': [id], 'jobTags': ['spark-session-x-execution-root-id-%d' "
    "% execution,\n"
    "            'SparkConnect_OperationTag_User_a_Session_b_Operation_' + op]}\n"
    "class H(http.server.BaseHTTPRequestHandler):\n"
    "    def log_message(self, *a): pass\n"
    "    def do_GET(self):\n"
    "        _, mode, *rest = self.path.split('/')\n"
    "        what = '/'.join(rest)\n"
    "        if mode != 'asked': asked.append(what)\n"
    "        body = self.answer(mode, what)\n"
    "        self.send_response(200 if body is not None else 500)\n"
    "        self.end_headers()\n"
    "        self.wfile.write((body or '').encode())\n"
    "    def answer(self, mode, what):\n"
    "        name = what.split('?')[0].removeprefix('1/')\n"
    "        if mode == 'asked':\n"
    "            text = '\\n'.join(asked)\n"
    "            asked.clear()\n"
    "            return text\n"
    "        if mode == 'garbage': return '[{\"jobId\": '\n"
    "        if mode == 'map': return '{}'\n"
    "        if mode == 'bare' and name not in ('jobs', 'stages'): return None\n"
    "        if name == 'jobs' and mode == 'two':\n"
    "            return json.dumps([job(2, 7, 'op1'), job(1, 4, 'op1'), job(0, 1, 'xop1x')])\n"
    "        if name == 'jobs': return json.dumps([job(1, 4, 'op1'), job(0, 3, 'op2')])\n"
    "        if name == 'stages' and mode == 'large' and 'withSummaries' in what:\n"
    "            return ' ' * (33 << 20) + '[]'\n"
    "        if name == 'stages': return '[{\"stageId\": 1}]'\n"
    "        if name == 'allexecutors': return '[]'\n"
    "        if name.startswith('sql/'): return '{\"id\": %s}' % name[4:]\n"
    "        if name == 'sql': return '[{\"id\": 4}, {\"id\": 7}]'\n"
    "        return '{\"name\": \"%s\"}' % name\n"
    "s = http.server.ThreadingHTTPServer(('127.0.0.1', 0), H)\n"
    "print(s.server_address[1], flush=True)\n"
    "s.serve_forever()\n";

static int start_server(void **state)
{
    static struct test_server s;
    *state = &s;
    return test_server_start(&s, (const char *const[]){"-c", server_py});
}

static int stop_server(void **state)
{
    test_server_stop(*state);
    return 0;
}

static struct spark_rest *open_rest(void **state, const char *mode, const char *attempt,
                                    const char *tag)
{
    char *base = fst_asprintf("http://127.0.0.1:%d/%s", ((struct test_server *)*state)->port, mode);
    struct spark_rest *r = spark_rest_new(base, attempt, tag);
    free(base);
    return r;
}

static void assert_asked(void **state, const char *wanted)
{
    char *url = fst_asprintf("http://127.0.0.1:%d/asked", ((struct test_server *)*state)->port);
    const struct fst_http_request rq = {.url = url};
    struct fst_http_response rs;
    assert_int_equal(fst_http(&rq, &rs, NULL), FST_OK);
    assert_string_equal(fst_buf_text(&rs.body), wanted);
    fst_http_response_done(&rs);
    free(url);
}

#define STAGES "stages?withSummaries=true&quantiles=0,0.25,0.5,0.75,0.95,1"

static void test_spark_rest__asks_five_times_and_once_for_what_stays(void **state)
{
    struct spark_rest *r = open_rest(state, "good", NULL, "op1");
    struct fst_profile_rest docs;
    struct fst_error err = {.text = ""};
    assert_int_equal(spark_rest_fetch(r, NULL, NULL, &docs, &err), FST_OK);
    assert_asked(state, "jobs\n" STAGES
                        "\nallexecutors\nsql/4?details=true&planDescription=false\nenvironment");
    assert_int_equal(docs.jobs->n, 2);
    assert_int_equal(docs.stages->n, 1);
    assert_int_equal(docs.sql->kind, FST_DOC_LIST);
    assert_string_equal(fst_doc_string(&docs.sql->items[0], "id", ""), "4");
    assert_string_equal(fst_doc_string(docs.environment, "name", ""), "environment");
    assert_string_equal(docs.tag, "op1");
    assert_int_equal(spark_rest_fetch(r, NULL, NULL, &docs, &err), FST_OK);
    assert_asked(state,
                 "jobs\n" STAGES "\nallexecutors\nsql/4?details=true&planDescription=false\n");
    assert_non_null(docs.application);
    assert_string_equal(fst_doc_string(docs.environment, "name", ""), "environment");
    assert_int_equal(spark_rest_fetch(r, NULL, NULL, &docs, &err), FST_OK);
    assert_asked(state, "jobs\n" STAGES "\nallexecutors\nsql/4?details=true&planDescription=false");
    spark_rest_free(r);
}

static void test_spark_rest__asks_for_the_executions_of_its_own_jobs(void **state)
{
    struct spark_rest *r = open_rest(state, "two", "1", "op1");
    struct fst_profile_rest docs;
    assert_int_equal(spark_rest_fetch(r, NULL, NULL, &docs, NULL), FST_OK);
    assert_asked(state, "1/jobs\n1/" STAGES "\n1/allexecutors\n1/sql?details=true&planDescription="
                        "false&offset=4&length=4\n1/environment");
    spark_rest_free(r);
    r = open_rest(state, "two", NULL, NULL);
    assert_int_equal(spark_rest_fetch(r, NULL, NULL, &docs, NULL), FST_OK);
    assert_asked(state, "jobs\n" STAGES "\nallexecutors\nsql?details=true&planDescription=false&"
                        "offset=0&length=64\nenvironment");
    spark_rest_free(r);
}

static void test_spark_rest__work_without_jobs_is_not_found(void **state)
{
    struct spark_rest *r = open_rest(state, "good", NULL, "op3");
    struct fst_profile_rest docs;
    assert_int_equal(spark_rest_fetch(r, NULL, NULL, &docs, NULL), FST_ENOTFOUND);
    assert_asked(state, "jobs");
    spark_rest_free(r);
}

static void test_spark_rest__stages_come_without_spreads_when_they_are_too_much(void **state)
{
    struct spark_rest *r = open_rest(state, "large", NULL, "op1");
    struct fst_profile_rest docs;
    for (int i = 0; i < 2; i++) {
        assert_int_equal(spark_rest_fetch(r, NULL, NULL, &docs, NULL), FST_OK);
        assert_int_equal(docs.stages->n, 1);
    }
    assert_asked(state, "jobs\n" STAGES "\nstages\nallexecutors\nsql/4?details=true&"
                        "planDescription=false\nenvironment\njobs\nstages\nallexecutors\n"
                        "sql/4?details=true&planDescription=false\n");
    spark_rest_free(r);
}

static void test_spark_rest__what_is_not_there_is_done_without(void **state)
{
    struct spark_rest *r = open_rest(state, "bare", NULL, "op1");
    struct fst_profile_rest docs;
    assert_int_equal(spark_rest_fetch(r, NULL, NULL, &docs, NULL), FST_OK);
    assert_int_equal(docs.stages->n, 1);
    assert_null(docs.executors);
    assert_null(docs.sql);
    assert_null(docs.environment);
    spark_rest_free(r);
}

static void test_spark_rest__other_answers_are_errors(void **state)
{
    struct fst_profile_rest docs;
    struct fst_error err = {.text = ""};
    struct spark_rest *r = open_rest(state, "garbage", NULL, "op1");
    assert_int_equal(spark_rest_fetch(r, NULL, NULL, &docs, &err), FST_EFORMAT);
    spark_rest_free(r);
    r = open_rest(state, "map", NULL, NULL);
    assert_int_equal(spark_rest_fetch(r, NULL, NULL, &docs, &err), FST_EFORMAT);
    assert_non_null(strstr(err.text, "is no list"));
    spark_rest_free(r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_spark_rest__asks_five_times_and_once_for_what_stays),
        cmocka_unit_test(test_spark_rest__asks_for_the_executions_of_its_own_jobs),
        cmocka_unit_test(test_spark_rest__work_without_jobs_is_not_found),
        cmocka_unit_test(test_spark_rest__stages_come_without_spreads_when_they_are_too_much),
        cmocka_unit_test(test_spark_rest__what_is_not_there_is_done_without),
        cmocka_unit_test(test_spark_rest__other_answers_are_errors),
    };
    return cmocka_run_group_tests(tests, start_server, stop_server);
}
