/* PySpark functions, tables, explanations and profiles, against a real Spark Connect server of this
 * host: $FIRESTEEL_SPARK_URL. Without it nothing is tested here. The Python that makes the plans of
 * functions is $FIRESTEEL_PYTHON. */
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "connect.h"
#include "connect_run.h"
#include "engines.h"
#include "spark_rest.h"

struct fixture {
    struct fst_arena *arena;
    struct fst_session *s;
    char dir[64];
    struct fst_input inputs[2]; /* left: id, name of 0..9; right: id, score of 5..14 */
    struct fst_problem problem;
    struct fst_error err;
};

static struct fst_session *open_session(struct fst_arena *a, const char *more)
{
    struct fst_doc *doc;
    struct fst_session *s = NULL;
    char *json =
        fst_arena_printf(a, "{\"url\": \"%s\"%s}", getenv("FIRESTEEL_SPARK_URL"), more ? more : "");
    struct fst_error err = {.text = ""};
    if (fst_json_parse(a, "options", json, strlen(json), NULL, &doc, &err) != FST_OK ||
        fst_engine_connect.open(doc, &s, &err) != FST_OK)
        fprintf(stderr, "%s\n", err.text);
    return s;
}

static char *place(const struct fixture *f, const char *name)
{
    return fst_arena_printf(f->arena, "%s/%s", f->dir, name);
}

/* Rows as text: cells by |, rows by blanks. Arena-owned. */
static char *rows_of(struct fixture *f, const struct fst_work *w, uint64_t limit)
{
    struct fst_reader *r = NULL;
    struct fst_frame *frame;
    struct fst_buf text = FST_BUF_TEXT;
    if (fst_engine_connect.query(f->s, w, limit, &r, &f->problem, &f->err) != FST_OK)
        fail_msg("%s", f->err.text);
    while (fst_reader_next(r, 100, &frame, &f->err) == FST_OK && frame) {
        for (size_t row = 0; row < frame->n_rows; row++)
            for (size_t c = 0; c < frame->n_columns; c++) {
                fst_buf_adds(&text, c ? "|" : text.n ? " " : "");
                if (!fst_cell_text(&text, &frame->columns[c], row, FST_CELL_PLAIN))
                    fst_buf_adds(&text, "NULL");
            }
        fst_frame_unref(frame);
    }
    fst_reader_close(r);
    char *out = fst_arena_strdup(f->arena, fst_buf_text(&text));
    fst_buf_done(&text);
    return out;
}

static enum fst_run_state run_to_end(struct fixture *f, struct fst_session *s,
                                     struct fst_progress *last)
{
    int64_t until = fst_monotonic_us() + 120 * (int64_t)1000000;
    do {
        if (fst_engine_connect.poll(s, 200, last, &f->problem, &f->err) != FST_OK)
            fail_msg("%s", f->err.text);
    } while (last->state < FST_RUN_READY && fst_monotonic_us() < until);
    return last->state;
}

/* The work as a run of its own, to its end. */
static void run(struct fixture *f, struct fst_work w, const char *output)
{
    char id[37];
    struct fst_progress last;
    struct fst_session *s = open_session(f->arena, NULL);
    struct fst_buf handle = FST_BUF_TEXT;
    fst_uuid4(id);
    w.output_uri = output;
    w.operation_id = id;
    if (fst_engine_connect.submit(s, &w, &handle, &f->problem, &f->err) != FST_OK ||
        run_to_end(f, s, &last) != FST_RUN_READY)
        fail_msg("%s", f->err.text);
    fst_engine_connect.close(s);
    fst_buf_done(&handle);
}

static int set_up(void **state)
{
    struct fixture *f = fst_alloc(sizeof(*f));
    f->arena = fst_arena_new();
    f->s = open_session(f->arena, NULL);
    strcpy(f->dir, "/tmp/fst-extras-XXXXXX");
    *state = f;
    if (!f->s || !mkdtemp(f->dir))
        return -1;
    f->inputs[0] = (struct fst_input){.name = "{left.v1}", .uri = place(f, "left")};
    f->inputs[1] = (struct fst_input){.name = "{right.v1}", .uri = place(f, "right")};
    return 0;
}

/* With the two inputs in place. */
static int set_up_data(void **state)
{
    if (set_up(state) != 0)
        return -1;
    struct fixture *f = *state;
    run(f, (struct fst_work){.sql = "SELECT id, concat('n', id) AS name FROM range(0, 10, 1, 1)"},
        f->inputs[0].uri);
    run(f, (struct fst_work){.sql = "SELECT id, id * 10 AS score FROM range(5, 15, 1, 1)"},
        f->inputs[1].uri);
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;
    fst_engine_connect.close(f->s);
    fst_remove_tree(f->dir, NULL);
    fst_arena_free(f->arena);
    free(f);
    return 0;
}

static struct fst_work function(const struct fixture *f, const char *source, size_t n_inputs)
{
    return (struct fst_work){.python = source, .inputs = f->inputs, .n_inputs = n_inputs};
}

/* ---- Functions: what they give --------------------------------------------------------------- */

static const char joined[] = "from pyspark.sql import functions as F\n"
                             "\n"
                             "@F.udf('string')\n"
                             "def shout(text):\n"
                             "    return text.upper() + '!'\n"
                             "\n"
                             "def features(left, right):\n"
                             "    both = left.join(right, 'id')\n"
                             "    print('columns', both.columns)\n"
                             "    return both.select('id', shout('name').alias('loud'), 'score')"
                             ".orderBy('id')\n";

static void test_connect_function__check_gives_the_schema_of_what_it_returns(void **state)
{
    struct fixture *f = *state;
    struct fst_schema *schema = NULL;
    const struct fst_work w = function(f, joined, 2);
    if (fst_engine_connect.check(f->s, &w, &schema, &f->problem, &f->err) != FST_OK)
        fail_msg("%s", f->err.text);
    assert_int_equal(schema->n, 3);
    assert_string_equal(schema->fields[1].name, "loud");
    assert_int_equal(schema->fields[1].type.kind, FST_STRING);
    assert_int_equal(schema->fields[2].type.kind, FST_LONG);
    fst_schema_free(schema);
}

static void test_connect_function__query_runs_its_functions_over_inputs_in_order(void **state)
{
    struct fixture *f = *state;
    const struct fst_work w = function(f, joined, 2);
    assert_string_equal(rows_of(f, &w, 3), "5|N5!|50 6|N6!|60 7|N7!|70");
}

static void test_connect_function__inputs_may_be_queries_and_have_settings_of_spark(void **state)
{
    struct fixture *f = *state;
    f->inputs[1] =
        (struct fst_input){.name = "{made.v1}",
                           .query = "SELECT max(id) AS top, current_timezone() AS zone FROM "
                                    "`{left.v1}`"};
    struct fst_work w = function(f, "def f(left, made):\n    return made\n", 2);
    w.time_zone = "Europe/Prague";
    assert_string_equal(rows_of(f, &w, 10), "9|Europe/Prague");
}

static void test_connect_function__data_of_its_own_stays_with_the_session(void **state)
{
    struct fixture *f = *state;
    /* Over spark.sql.session.localRelationCacheThreshold, so it goes to the session's artifacts. */
    const struct fst_work w =
        function(f,
                 "def f():\n"
                 "    rows = [(i, 'x' * 100) for i in range(30000)]\n"
                 "    return spark.createDataFrame(rows, 'a int, b string').selectExpr("
                 "'count(*)', 'sum(length(b))')\n",
                 0);
    assert_string_equal(rows_of(f, &w, 10), "30000|3000000");
}

/* ---- Functions: what is wrong with them ------------------------------------------------------ */

static void assert_refused(struct fixture *f, const char *source, size_t n_inputs, unsigned line,
                           unsigned col, const char *condition, const char *text)
{
    struct fst_schema *schema = NULL;
    const struct fst_work w = function(f, source, n_inputs);
    f->problem = (struct fst_problem){.line = 0};
    assert_int_equal(fst_engine_connect.check(f->s, &w, &schema, &f->problem, &f->err), FST_EINVAL);
    assert_null(schema);
    assert_string_equal(f->problem.condition, condition);
    if (!strstr(f->problem.message, text))
        fail_msg("\"%s\" is not in \"%s\"", text, f->problem.message);
    assert_int_equal(f->problem.line, line);
    assert_int_equal(f->problem.col, col);
    assert_true(f->problem.len >= 1);
}

static void test_connect_function__error_of_python_has_its_place_in_the_source(void **state)
{
    struct fixture *f = *state;
    assert_refused(f,
                   "def helper(x):\n"
                   "    return len('č'), [][x]\n"
                   "\n"
                   "def f(left):\n"
                   "    return helper(3)\n",
                   1, 2, 22, "IndexError", "list index out of range");
    assert_int_equal(f->problem.len, 5);
}

static void test_connect_function__error_of_syntax_has_its_place_in_the_source(void **state)
{
    struct fixture *f = *state;
    assert_refused(f, "def f(left):\n    return left.select('id'\n", 1, 2, 23, "SyntaxError",
                   "never closed");
}

static void test_connect_function__error_of_analysis_has_its_line(void **state)
{
    struct fixture *f = *state;
    assert_refused(f, "def f(left):\n    bad = left.select('nocol')\n    return bad\n", 1, 2, 1,
                   "UNRESOLVED_COLUMN.WITH_SUGGESTION", "nocol");
}

static void test_connect_function__error_of_analysis_inside_the_function_has_its_line(void **state)
{
    struct fixture *f = *state;
    assert_refused(f,
                   "def f(left):\n    bad = left.select('nocol')\n    bad.schema\n    return bad\n",
                   1, 3, 5, "UNRESOLVED_COLUMN.WITH_SUGGESTION", "nocol");
}

static void test_connect_function__result_must_be_a_frame(void **state)
{
    struct fixture *f = *state;
    assert_refused(f, "def f(left):\n    left.count()\n", 1, 1, 1, "NOT_A_DATAFRAME",
                   "f returns nothing");
    assert_refused(f, "def f(left):\n    return left.toPandas()\n", 1, 1, 1, "NOT_A_DATAFRAME",
                   "DataFrame; it must return a Spark DataFrame");
}

static void test_connect_function__takes_as_many_arguments_as_there_are_inputs(void **state)
{
    struct fixture *f = *state;
    assert_refused(f, "x = 1\ndef f(left):\n    return left\n", 2, 2, 1, "WRONG_ARGUMENTS",
                   "f is called with 2 inputs ({left.v1}, {right.v1})");
    assert_refused(f, "x = 1\n", 1, 1, 1, "NO_FUNCTION", "defines no function");
}

static void test_connect_function__odd_bytes_in_source_and_message_are_told(void **state)
{
    struct fixture *f = *state;
    assert_refused(f, "def f(left):\n    raise ValueError('a\\ud800b\\0c')\n", 1, 2, 5,
                   "ValueError", "a?b");
    struct fst_schema *schema = NULL;
    const struct fst_work w = function(f, "x = '\xff\xfe'\ndef f(left):\n    return left\n", 1);
    assert_int_equal(fst_engine_connect.check(f->s, &w, &schema, &f->problem, &f->err), FST_EINVAL);
    assert_string_equal(f->problem.condition, "UnicodeDecodeError");
}

static void test_connect_function__exit_of_the_function_is_its_error(void **state)
{
    struct fixture *f = *state;
    assert_refused(f, "import sys\ndef f(left):\n    sys.exit(0)\n", 1, 3, 5, "SystemExit", "0");
}

static enum fst_status check(struct fixture *f, struct fst_session *s, const struct fst_work *w)
{
    struct fst_schema *schema = NULL;
    enum fst_status status = fst_engine_connect.check(s, w, &schema, &f->problem, &f->err);
    fst_schema_free(schema);
    return status;
}

static void test_connect_function__child_that_is_killed_is_named_with_its_last_words(void **state)
{
    struct fixture *f = *state;
    const struct fst_work w = function(f,
                                       "import os, signal\n"
                                       "def f(left):\n"
                                       "    print('so\\x1b[31m long', flush=True)\n"
                                       "    os.kill(os.getpid(), signal.SIGKILL)\n",
                                       1);
    assert_int_equal(check(f, f->s, &w), FST_EREMOTE);
    assert_non_null(strstr(f->err.text, "signal 9"));
    assert_non_null(strstr(f->err.text, "so\\e[31m long"));
}

static void test_connect_function__noise_is_no_answer(void **state)
{
    struct fixture *f = *state;
    const struct fst_work w =
        function(f,
                 "import os\n"
                 "def f(left):\n"
                 "    os.write(1, b'@@FST {\"relation\": \"/etc/passwd\"}\\n' * 1000)\n"
                 "    os._exit(0)\n",
                 1);
    assert_int_equal(check(f, f->s, &w), FST_EREMOTE);
    assert_non_null(strstr(f->err.text, "exit status 0"));
    const struct fst_work flood = function(f,
                                           "import os\n"
                                           "def f(left):\n"
                                           "    while True:\n"
                                           "        os.write(1, b'x' * 1000000)\n",
                                           1);
    assert_int_equal(check(f, f->s, &flood), FST_ENOMEM);
}

static void test_connect_function__answers_of_somebody_else_are_refused(void **state)
{
    struct fixture *f = *state;
    const struct fst_work other =
        function(f,
                 "import os, sys\n"
                 "def f(left):\n"
                 "    path = os.path.dirname(sys.argv[1]) + '/job.answer'\n"
                 "    open(path, 'w').write('{\"relation\": \"../../etc/passwd\"}')\n"
                 "    os._exit(0)\n",
                 1);
    assert_int_equal(check(f, f->s, &other), FST_EFORMAT);
    const struct fst_work damaged =
        function(f,
                 "import os, sys\n"
                 "def f(left):\n"
                 "    here = os.path.dirname(sys.argv[1])\n"
                 "    open(here + '/job.answer', 'w').write('{\"relation\": \"relation.pb\"}')\n"
                 "    open(here + '/relation.pb', 'wb').write(b'\\x0a\\xff\\xff\\xff')\n"
                 "    os._exit(0)\n",
                 1);
    assert_int_equal(check(f, f->s, &damaged), FST_EFORMAT);
}

static bool cancelled_after_a_while(void *arg)
{
    int *asked = arg;
    return ++*asked > 30;
}

static void test_connect_function__cancel_ends_the_child(void **state)
{
    struct fixture *f = *state;
    int asked = 0;
    struct fst_work w = function(f, "import signal\ndef f(left):\n    signal.pause()\n", 1);
    w.cancelled = cancelled_after_a_while;
    w.cancel_arg = &asked;
    assert_int_equal(check(f, f->s, &w), FST_ECANCELLED);
}

static void test_connect_function__child_dies_with_whoever_waits_for_it(void **state)
{
    struct fixture *f = *state;
    char *mark = place(f, "pid");
    const struct fst_work w = function(f,
                                       fst_arena_printf(f->arena,
                                                        "import os, signal\n"
                                                        "def f(left):\n"
                                                        "    with open('%s.part', 'w') as out:\n"
                                                        "        out.write(str(os.getpid()))\n"
                                                        "    os.rename('%s.part', '%s')\n"
                                                        "    signal.pause()\n",
                                                        mark, mark, mark),
                                       1);
    pid_t waiting = fork();
    if (waiting == 0) {
        check(f, f->s, &w);
        _exit(0);
    }
    int64_t until = fst_monotonic_us() + 60 * (int64_t)1000000;
    while (!fst_path_exists(mark) && fst_monotonic_us() < until)
        poll(NULL, 0, 20);
    char *text;
    size_t n;
    assert_int_equal(fst_file_read(mark, 100, &text, &n, NULL), FST_OK);
    pid_t child = (pid_t)strtol(text, NULL, 10);
    free(text);
    uint64_t born = fst_process_start_time(child);
    assert_true(born != 0);
    kill(waiting, SIGKILL);
    waitpid(waiting, NULL, 0);
    while (fst_process_alive(child, born) && fst_monotonic_us() < until)
        poll(NULL, 0, 20);
    assert_false(fst_process_alive(child, born));
}

static void test_connect_function__missing_packages_are_named_with_the_remedy(void **state)
{
    struct fixture *f = *state;
    char *package = place(f, "grpc");
    char *init = fst_arena_printf(f->arena, "%s/__init__.py", package);
    static const char missing[] = "raise ModuleNotFoundError(\"No module named 'grpc'\")\n";
    assert_int_equal(fst_mkdirs(package, 0700, NULL), FST_OK);
    assert_int_equal(fst_file_write(init, missing, sizeof(missing) - 1, 0600, NULL), FST_OK);
    const struct fst_work w = function(f, "def f(left):\n    return left\n", 1);
    setenv("PYTHONPATH", f->dir, 1);
    enum fst_status status = check(f, f->s, &w);
    unsetenv("PYTHONPATH");
    assert_int_equal(status, FST_EUNSUPPORTED);
    assert_non_null(strstr(f->err.text, "No module named 'grpc'"));
    assert_non_null(strstr(f->err.text, "-m pip install grpcio"));
}

static void test_connect_function__missing_python_is_named_with_the_remedy(void **state)
{
    struct fixture *f = *state;
    struct fst_session *s = open_session(f->arena, ", \"python\": \"/no/such/python\"");
    const struct fst_work w = function(f, "def f(left):\n    return left\n", 1);
    assert_int_equal(check(f, s, &w), FST_ENOTFOUND);
    assert_non_null(strstr(f->err.text, "/no/such/python"));
    assert_non_null(strstr(f->err.text, "pyspark[connect]"));
    fst_engine_connect.close(s);
}

static void collect(void *arg, bool ok, const char *what, const char *remedy)
{
    fst_buf_printf(arg, "%s %s (%s)\n", ok ? "ok" : "no", what, remedy ? remedy : "");
}

static void test_connect_function__doctor_names_the_python(void **state)
{
    struct fixture *f = *state;
    struct fst_buf said = FST_BUF_TEXT;
    struct fst_doc *none;
    connect_python_doctor(NULL, collect, &said);
    assert_non_null(strstr(fst_buf_text(&said), "ok Python 3."));
    assert_non_null(strstr(fst_buf_text(&said), "with pyspark"));
    fst_buf_clear(&said);
    static const char json[] = "{\"python\": \"/no/such/python\"}";
    assert_int_equal(fst_json_parse(f->arena, "options", json, sizeof(json) - 1, NULL, &none, NULL),
                     FST_OK);
    connect_python_doctor(none, collect, &said);
    assert_non_null(strstr(fst_buf_text(&said), "no no Python that works at /no/such/python"));
    fst_buf_done(&said);
}

/* ---- Functions: runs ------------------------------------------------------------------------- */

static void test_connect_function__run_writes_what_it_returns(void **state)
{
    struct fixture *f = *state;
    struct fst_work w = function(f, joined, 2);
    w.folder = f->dir;
    run(f, w, place(f, "out"));
    assert_true(fst_path_exists(place(f, "function/python.out")));
    f->inputs[0].uri = place(f, "out");
    const struct fst_work back = {.sql = "SELECT count(*), min(loud), max(score) FROM `{left.v1}`",
                                  .inputs = f->inputs,
                                  .n_inputs = 1};
    assert_string_equal(rows_of(f, &back, 0), "5|N5!|90");
}

static const char slow[] = "from pyspark.sql import functions as F\n"
                           "import time\n"
                           "def wait(x):\n"
                           "    time.sleep(0.4)\n"
                           "    return x + 1\n"
                           "def f(left):\n"
                           "    return left.repartition(10).select(F.udf(wait, 'long')('id').alias("
                           "'next'))\n";

static void test_connect_function__run_outlives_its_session_and_is_found_again(void **state)
{
    struct fixture *f = *state;
    char id[37];
    struct fst_progress last;
    struct fst_work w = function(f, slow, 1);
    struct fst_buf handle = FST_BUF_TEXT;
    struct fst_session *first = open_session(f->arena, NULL);
    fst_uuid4(id);
    w.operation_id = id;
    w.output_uri = place(f, "out");
    if (fst_engine_connect.submit(first, &w, &handle, &f->problem, &f->err) != FST_OK)
        fail_msg("%s", f->err.text);
    assert_int_equal(fst_engine_connect.poll(first, 0, &last, &f->problem, &f->err), FST_OK);
    assert_true(last.state < FST_RUN_READY);
    fst_engine_connect.close(first);
    if (fst_engine_connect.reattach(f->s, &w, fst_buf_text(&handle), &f->err) != FST_OK)
        fail_msg("%s", f->err.text);
    assert_int_equal(run_to_end(f, f->s, &last), FST_RUN_READY);
    f->inputs[0].uri = w.output_uri;
    const struct fst_work back = {
        .sql = "SELECT count(*), sum(next) FROM `{left.v1}`", .inputs = f->inputs, .n_inputs = 1};
    assert_string_equal(rows_of(f, &back, 0), "10|55");
    fst_buf_done(&handle);
}

static void test_connect_function__run_that_fails_names_the_line(void **state)
{
    struct fixture *f = *state;
    char id[37];
    struct fst_progress last;
    struct fst_work w = function(f,
                                 "from pyspark.sql import functions as F\n"
                                 "@F.udf('long')\n"
                                 "def part(x):\n"
                                 "    return 10 // (x - 3)\n"
                                 "def f(left):\n"
                                 "    return left.select(part('id'))\n",
                                 1);
    struct fst_buf handle = FST_BUF_TEXT;
    fst_uuid4(id);
    w.operation_id = id;
    w.output_uri = place(f, "out");
    enum fst_status status = fst_engine_connect.submit(f->s, &w, &handle, &f->problem, &f->err);
    if (status == FST_OK)
        assert_int_equal(run_to_end(f, f->s, &last), FST_RUN_FAILED);
    assert_int_equal(f->err.status, FST_EREMOTE);
    assert_int_equal(f->problem.line, 4);
    assert_non_null(strstr(f->problem.message, "ZeroDivisionError"));
    fst_buf_done(&handle);
}

/* ---- Explanations ---------------------------------------------------------------------------- */

static char *explanation(struct fixture *f, const struct fst_work *w)
{
    struct fst_buf out = FST_BUF_TEXT;
    if (fst_engine_connect.explain(f->s, w, &out, &f->problem, &f->err) != FST_OK)
        fail_msg("%s", f->err.text);
    char *text = fst_arena_strdup(f->arena, fst_buf_text(&out));
    fst_buf_done(&out);
    return text;
}

static void assert_in_order(const char *text, const char *const *wanted)
{
    const char *p = text;
    for (size_t i = 0; wanted[i]; i++) {
        p = strstr(p, wanted[i]);
        if (!p)
            fail_msg("\"%s\" is not there, or not in its place:\n%s", wanted[i], text);
    }
}

static void test_connect_explain__begins_in_words_and_ends_as_spark_says_it(void **state)
{
    struct fixture *f = *state;
    static const char sql[] = "SELECT l.name, r.score FROM `{left.v1}` l JOIN `{right.v1}` r ON "
                              "l.id = r.id WHERE r.score > 70";
    const struct fst_work w = {.sql = sql, .inputs = f->inputs, .n_inputs = 2};
    const char *const wanted[] = {"broadcast hash join, inner, the ",
                                  "filters pushed to the files: ",
                                  "GreaterThan(score,70)",
                                  "== The text that was sent ==\n",
                                  sql,
                                  "\nwith\n{left.v1}: /",
                                  "/left, parquet\n{right.v1}: /",
                                  "== As Spark says it ==\n",
                                  "== Parsed Logical Plan ==",
                                  "== Physical Plan ==",
                                  NULL};
    assert_in_order(explanation(f, &w), wanted);
    const struct fst_work bad = {
        .sql = "SELECT nocol FROM `{left.v1}`", .inputs = f->inputs, .n_inputs = 1};
    struct fst_buf out = FST_BUF_TEXT;
    assert_int_equal(fst_engine_connect.explain(f->s, &bad, &out, &f->problem, &f->err),
                     FST_EINVAL);
    assert_int_equal(f->problem.col, 8);
    assert_int_equal(out.n, 0);
}

static void test_connect_explain__a_function_is_explained_like_a_text(void **state)
{
    struct fixture *f = *state;
    const struct fst_work w = function(f, joined, 2);
    const char *const wanted[] = {"sort by id ASC NULLS FIRST, the whole",
                                  "Python functions: shout(name)",
                                  "join, inner",
                                  "== The text that was sent ==\nfrom pyspark",
                                  "== As Spark says it ==\n",
                                  NULL};
    assert_in_order(explanation(f, &w), wanted);
}

/* ---- Tables ---------------------------------------------------------------------------------- */

static void test_connect_table__is_an_input_by_its_name_in_the_catalog(void **state)
{
    struct fixture *f = *state;
    char *db = fst_arena_printf(f->arena, "fst_extras_%d", (int)getpid());
    const char *const make[] = {
        fst_arena_printf(f->arena, "DROP DATABASE IF EXISTS %s CASCADE", db),
        fst_arena_printf(f->arena, "CREATE DATABASE %s", db),
        fst_arena_printf(f->arena, "CREATE TABLE %s.plain AS SELECT 1 AS a, 'x' AS b", db),
        fst_arena_printf(f->arena, "CREATE TABLE %s.`odd_name` AS SELECT 2 AS c", db),
    };
    for (size_t i = 0; i < FST_COUNT(make); i++)
        rows_of(f, &(struct fst_work){.sql = make[i]}, 0);
    const struct fst_input in[] = {
        {.name = "{t.v1}", .table = fst_arena_printf(f->arena, "%s.plain", db)},
        {.name = "{u.v1}", .table = fst_arena_printf(f->arena, "`%s`.`odd_name`", db)},
    };
    const struct fst_work sql = {
        .sql = "SELECT a, b, c FROM `{t.v1}`, `{u.v1}`", .inputs = in, .n_inputs = 2};
    assert_string_equal(rows_of(f, &sql, 0), "1|x|2");
    const struct fst_work python = {
        .python = "def f(t, u):\n    return u.join(t)\n", .inputs = in, .n_inputs = 2};
    assert_string_equal(rows_of(f, &python, 10), "2|1|x");
    const struct fst_input none = {.name = "{t.v1}", .table = "no_such_db.no_table"};
    const struct fst_work bad = {.sql = "SELECT 1 FROM `{t.v1}`", .inputs = &none, .n_inputs = 1};
    assert_int_equal(check(f, f->s, &bad), FST_EINVAL);
    assert_string_equal(f->problem.condition, "TABLE_OR_VIEW_NOT_FOUND");
    rows_of(f, &(struct fst_work){.sql = make[0]}, 0);
}

/* ---- Profiles -------------------------------------------------------------------------------- */

/* Ids of the stages that ran for jobs of the operation, in `ids`; how many. */
static size_t stages_of(const struct fst_profile_rest *docs, int64_t ids[16])
{
    size_t n = 0;
    for (size_t i = 0; i < docs->jobs->n; i++) {
        const struct fst_doc *stages = fst_doc_get(&docs->jobs->items[i], "stageIds");
        if (!spark_rest_job_is_of(&docs->jobs->items[i], docs->tag))
            continue;
        for (size_t k = 0; stages && k < stages->n && n < 16; k++)
            assert_true(fst_doc_int(&stages->items[k], &ids[n++]));
    }
    return n;
}

static const struct fst_doc *stage_with(const struct fst_profile_rest *docs, int64_t id)
{
    int64_t v;
    for (size_t i = 0; i < docs->stages->n; i++)
        if (fst_doc_int(fst_doc_get(&docs->stages->items[i], "stageId"), &v) && v == id)
            return &docs->stages->items[i];
    return NULL;
}

static void test_connect_profile__has_the_stages_of_our_operation(void **state)
{
    struct fixture *f = *state;
    char id[37];
    struct fst_progress last;
    struct fst_buf handle = FST_BUF_TEXT;
    struct fst_profile_rest docs;
    fst_uuid4(id);
    /* A shuffle by group and one by order: three stages, whatever else is done. */
    const struct fst_work w = {
        .sql = "SELECT * FROM (SELECT id % 7 AS k, sum(id) AS s FROM range(0, 100000, 1, 4) GROUP "
               "BY 1) ORDER BY s",
        .operation_id = id,
        .output_uri = place(f, "out")};
    if (fst_engine_connect.submit(f->s, &w, &handle, &f->problem, &f->err) != FST_OK ||
        run_to_end(f, f->s, &last) != FST_RUN_READY)
        fail_msg("%s", f->err.text);
    struct spark_rest *rest = spark_rest_new(connect_run_ui(f->s->run), NULL, id);
    if (spark_rest_fetch(rest, NULL, NULL, &docs, &f->err) != FST_OK)
        fail_msg("%s", f->err.text);
    int64_t ids[16];
    size_t n = stages_of(&docs, ids), complete = 0;
    for (size_t i = 0; i < n; i++) {
        const struct fst_doc *stage = stage_with(&docs, ids[i]);
        if (!stage || strcmp(fst_doc_string(stage, "status", ""), "COMPLETE") != 0)
            continue;
        complete++;
        const struct fst_doc *spread = fst_doc_get(stage, "taskMetricsDistributions");
        assert_non_null(spread);
        assert_int_equal(fst_doc_get(spread, "executorRunTime")->n, FST_QUANTILES);
    }
    assert_true(complete >= 3);
    assert_true(docs.executors->kind == FST_DOC_LIST && docs.executors->n >= 1);
    assert_int_equal(docs.sql->n, 1);
    assert_non_null(fst_doc_get(&docs.sql->items[0], "nodes"));
    assert_non_null(fst_doc_get(docs.environment, "sparkProperties"));
    assert_string_equal(docs.tag, id);
    const struct fst_doc *environment = docs.environment;
    assert_null(docs.application);
    assert_int_equal(spark_rest_fetch(rest, NULL, NULL, &docs, &f->err), FST_OK);
    assert_ptr_equal(docs.environment, environment);
    assert_non_null(fst_doc_get(docs.application, "attempts"));
    spark_rest_free(rest);
    fst_buf_done(&handle);
}

static bool always(void *arg)
{
    (void)arg;
    return true;
}

static void test_connect_profile__tells_when_there_is_nothing(void **state)
{
    struct fixture *f = *state;
    struct fst_profile_rest docs;
    struct fst_buf line = FST_BUF_TEXT;
    assert_int_equal(fst_engine_connect.ping(f->s, &line, &f->err), FST_OK);
    struct connect_call c = {.s = f->s, .session_id = f->s->id};
    char *ui = connect_ui_find(&c);
    struct spark_rest *rest = spark_rest_new(ui, NULL, "11111111-2222-3333-4444-555555555555");
    assert_int_equal(spark_rest_fetch(rest, NULL, NULL, &docs, &f->err), FST_ENOTFOUND);
    assert_int_equal(spark_rest_fetch(rest, always, NULL, &docs, &f->err), FST_ECANCELLED);
    spark_rest_free(rest);
    rest = spark_rest_new(fst_arena_printf(f->arena, "%sx", ui), NULL, NULL);
    assert_int_equal(spark_rest_fetch(rest, NULL, NULL, &docs, &f->err), FST_ENOTFOUND);
    spark_rest_free(rest);
    rest = spark_rest_new("http://127.0.0.1:1/api/v1/applications/x", NULL, NULL);
    assert_int_equal(spark_rest_fetch(rest, NULL, NULL, &docs, &f->err), FST_ENET);
    spark_rest_free(rest);
    free(ui);
    fst_buf_done(&line);
}

#define SPARK_TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
#define DATA_TEST(name) cmocka_unit_test_setup_teardown(name, set_up_data, tear_down)

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        DATA_TEST(test_connect_function__check_gives_the_schema_of_what_it_returns),
        DATA_TEST(test_connect_function__query_runs_its_functions_over_inputs_in_order),
        DATA_TEST(test_connect_function__inputs_may_be_queries_and_have_settings_of_spark),
        SPARK_TEST(test_connect_function__data_of_its_own_stays_with_the_session),
        DATA_TEST(test_connect_function__error_of_python_has_its_place_in_the_source),
        SPARK_TEST(test_connect_function__error_of_syntax_has_its_place_in_the_source),
        DATA_TEST(test_connect_function__error_of_analysis_has_its_line),
        DATA_TEST(test_connect_function__error_of_analysis_inside_the_function_has_its_line),
        DATA_TEST(test_connect_function__result_must_be_a_frame),
        SPARK_TEST(test_connect_function__takes_as_many_arguments_as_there_are_inputs),
        SPARK_TEST(test_connect_function__odd_bytes_in_source_and_message_are_told),
        SPARK_TEST(test_connect_function__exit_of_the_function_is_its_error),
        SPARK_TEST(test_connect_function__child_that_is_killed_is_named_with_its_last_words),
        SPARK_TEST(test_connect_function__noise_is_no_answer),
        SPARK_TEST(test_connect_function__answers_of_somebody_else_are_refused),
        SPARK_TEST(test_connect_function__cancel_ends_the_child),
        SPARK_TEST(test_connect_function__child_dies_with_whoever_waits_for_it),
        SPARK_TEST(test_connect_function__missing_packages_are_named_with_the_remedy),
        SPARK_TEST(test_connect_function__missing_python_is_named_with_the_remedy),
        SPARK_TEST(test_connect_function__doctor_names_the_python),
        DATA_TEST(test_connect_function__run_writes_what_it_returns),
        DATA_TEST(test_connect_function__run_outlives_its_session_and_is_found_again),
        DATA_TEST(test_connect_function__run_that_fails_names_the_line),
        DATA_TEST(test_connect_explain__begins_in_words_and_ends_as_spark_says_it),
        DATA_TEST(test_connect_explain__a_function_is_explained_like_a_text),
        SPARK_TEST(test_connect_table__is_an_input_by_its_name_in_the_catalog),
        SPARK_TEST(test_connect_profile__has_the_stages_of_our_operation),
        SPARK_TEST(test_connect_profile__tells_when_there_is_nothing),
    };
    if (!getenv("FIRESTEEL_SPARK_URL")) {
        printf("SKIP test_connect_extras: FIRESTEEL_SPARK_URL names no server\n");
        return 0;
    }
    cmocka_set_test_filter(argc > 1 ? argv[1] : NULL);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
