/* Work under a spark-submit that plays what it is told: how it ends, what is known of it, and that
 * its log is whole, whoever follows it. */
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
#include "firesteel/io.h"
#include "submit.h"

#define OPERATION "11111111-2222-4333-8444-555555555555"
#define REPORT "echo '@@FST "
enum { PATIENCE_US = 20 * 1000 * 1000 };

static const struct fst_engine *const engine = &fst_engine_submit;

struct fixture {
    struct fst_arena *a;
    char dir[64];
    char *folder;
    struct fst_session *s;
    struct fst_work w;
    struct fst_buf handle;
    struct fst_problem problem;
    struct fst_error err;
    struct fst_progress p;
};

static char *path_of(struct fixture *f, const char *name)
{
    return fst_arena_printf(f->a, "%s/%s", f->dir, name);
}

static void put(struct fixture *f, const char *name, const char *text, int mode)
{
    char *path = path_of(f, name);
    char *folder = fst_arena_strdup(f->a, path);
    *strrchr(folder, '/') = 0;
    assert_int_equal(fst_mkdirs(folder, 0755, NULL), FST_OK);
    assert_int_equal(fst_file_write(path, text, strlen(text), 0644, NULL), FST_OK);
    assert_int_equal(chmod(path, (mode_t)mode), 0);
}

static struct fst_session *open_session(struct fixture *f, const char *more)
{
    struct fst_session *s = NULL;
    struct fst_doc *doc;
    char *json = fst_arena_printf(
        f->a, "{\"java_home\": \"%s/java\", \"spark_home\": \"%s/spark\"%s}", f->dir, f->dir, more);
    assert_int_equal(fst_json_parse(f->a, "o", json, strlen(json), NULL, &doc, NULL), FST_OK);
    assert_int_equal(engine->open(doc, &s, &f->err), FST_OK);
    return s;
}

static int set_up(void **state)
{
    struct fixture *f = fst_alloc(sizeof *f);
    f->a = fst_arena_new();
    f->handle = FST_BUF_TEXT;
    strcpy(f->dir, "/tmp/fst-submit-XXXXXX");
    *state = f;
    if (!mkdtemp(f->dir))
        return -1;
    put(f, "java/bin/java", "#!/bin/sh\necho 'openjdk 17.0.1 2024-01-01'\n", 0755);
    put(f, "spark/jars/spark-core_2.13-4.3.0.jar", "", 0644);
    f->folder = path_of(f, "run");
    assert_int_equal(fst_mkdirs(f->folder, 0700, NULL), FST_OK);
    f->w = (struct fst_work){.sql = "SELECT 1 / 0",
                             .folder = f->folder,
                             .output_uri = "/nowhere/out",
                             .operation_id = OPERATION,
                             .name = "x.v1"};
    f->s = open_session(f, "");
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;
    engine->close(f->s);
    fst_remove_tree(f->dir, NULL);
    fst_buf_done(&f->handle);
    fst_arena_free(f->a);
    free(f);
    return 0;
}

/* What spark-submit does; $dir is the test's folder. */
static void play(struct fixture *f, const char *script)
{
    put(f, "spark/bin/spark-submit",
        fst_arena_printf(f->a, "#!/bin/sh\ndir=%s\n%s", f->dir, script), 0755);
}

static void submit(struct fixture *f)
{
    assert_int_equal(engine->submit(f->s, &f->w, &f->handle, &f->problem, &f->err), FST_OK);
}

static enum fst_status follow(struct fixture *f)
{
    int64_t until = fst_monotonic_us() + PATIENCE_US;
    enum fst_status status;
    do {
        status = engine->poll(f->s, 200, &f->p, &f->problem, &f->err);
        assert_true(fst_monotonic_us() < until);
    } while (status == FST_OK && f->p.state <= FST_RUN_RUNNING);
    return status;
}

static void follow_until(struct fixture *f, bool (*is_so)(const struct fixture *f))
{
    int64_t until = fst_monotonic_us() + PATIENCE_US;
    while (!is_so(f)) {
        assert_int_equal(engine->poll(f->s, 50, &f->p, &f->problem, &f->err), FST_OK);
        assert_true(f->p.state <= FST_RUN_RUNNING);
        assert_true(fst_monotonic_us() < until);
    }
}

static bool is_running(const struct fixture *f)
{
    return f->p.state == FST_RUN_RUNNING;
}

static void make_gate(struct fixture *f)
{
    assert_int_equal(mkfifo(path_of(f, "gate"), 0600), 0);
}

static void open_gate(struct fixture *f)
{
    FILE *gate = fopen(path_of(f, "gate"), "w");
    assert_non_null(gate);
    fputs("go\n", gate);
    fclose(gate);
}

#define SESSION                                                                                    \
    REPORT "{\"event\":\"start\",\"v\":1}'\n" REPORT                                               \
           "{\"event\":\"session\",\"app\":\"local-1\",\"spark\":\"4.3.0\"}'\n"
#define RESULT                                                                                     \
    REPORT "{\"event\":\"schema\",\"fields\":[{\"name\":\"a\",\"type\":\"int\"}]}'\n" REPORT       \
           "{\"event\":\"result\",\"rows\":5,\"bytes\":100,\"files\":1}'\n"
#define END(rc) REPORT "{\"event\":\"end\",\"rc\":" rc "}'\n"
#define WAIT "read word < $dir/gate\n"

static void test_submit__good_work_is_ready_with_its_outcome(void **state)
{
    struct fixture *f = *state;
    struct fst_outcome o;
    play(f, SESSION RESULT END("0"));
    submit(f);
    assert_int_equal(follow(f), FST_OK);
    assert_int_equal(f->p.state, FST_RUN_READY);
    assert_int_equal(engine->outcome(f->s, &o, &f->err), FST_OK);
    assert_int_equal(o.rows, 5);
    assert_int_equal(o.bytes, 100);
    assert_int_equal(o.schema->n, 1);
    fst_schema_free(o.schema);
}

static void test_submit__gives_the_command_its_own_folder_and_files(void **state)
{
    struct fixture *f = *state;
    char *text;
    size_t n;
    struct stat st;
    play(f, "pwd > $dir/seen; for w; do echo \"$w\"; done >> $dir/seen\n" SESSION RESULT END("0"));
    submit(f);
    assert_int_equal(follow(f), FST_OK);
    assert_int_equal(fst_file_read(path_of(f, "seen"), 1 << 20, &text, &n, NULL), FST_OK);
    assert_int_equal(strncmp(text, f->folder, strlen(f->folder)), 0);
    assert_non_null(strstr(text, "/run/driver.py\n"));
    assert_non_null(strstr(text, "/run/driver-job.json\n"));
    free(text);
    static const char *const files[] = {"run/driver-job.json", "run/driver.out", "run/driver.err",
                                        "run/driver.exit"};
    for (size_t i = 0; i < FST_COUNT(files); i++) {
        assert_int_equal(stat(path_of(f, files[i]), &st), 0);
        assert_int_equal(st.st_mode & 077, 0);
    }
}

static void test_submit__secrets_are_gone_once_they_were_read(void **state)
{
    struct fixture *f = *state;
    char *text;
    size_t n;
    make_gate(f);
    setenv("FST_TEST_SECRET", "s3cret", 1);
    engine->close(f->s);
    f->s = open_session(f, ", \"conf\": {\"spark.x.password\": \"env:FST_TEST_SECRET\"}");
    play(f, "cp $dir/run/driver.properties $dir/seen\n" SESSION WAIT RESULT END("0"));
    submit(f);
    follow_until(f, is_running);
    assert_false(fst_path_exists(path_of(f, "run/driver.properties")));
    assert_int_equal(fst_file_read(path_of(f, "seen"), 4096, &text, &n, NULL), FST_OK);
    assert_string_equal(text, "spark.x.password=s3cret\n");
    free(text);
    open_gate(f);
    assert_int_equal(follow(f), FST_OK);
}

static void test_submit__error_of_the_driver_has_its_place(void **state)
{
    struct fixture *f = *state;
    play(f, SESSION REPORT
         "{\"event\":\"error\",\"cls\":\"SparkArithmeticException\",\"cond\":\"DIVIDE_BY_ZERO\","
         "\"sqlstate\":\"22012\",\"msg\":\"[DIVIDE_BY_ZERO] Division by zero.\",\"ctx\":[{"
         "\"start\":7,\"stop\":11}],\"line\":0}'\n" END("1") "exit 1\n");
    submit(f);
    assert_int_equal(follow(f), FST_EREMOTE);
    assert_int_equal(f->p.state, FST_RUN_FAILED);
    assert_int_equal(f->problem.line, 1);
    assert_int_equal(f->problem.col, 8);
    assert_int_equal(f->problem.len, 5);
    assert_string_equal(f->problem.condition, "DIVIDE_BY_ZERO");
}

static void test_submit__crash_is_told_by_its_innermost_cause(void **state)
{
    struct fixture *f = *state;
    play(f, SESSION "cat >&2 <<'END'\n"
                    "Exception in thread \"main\" org.apache.spark.SparkException: outer\n"
                    "\tat a.b.C(C.scala:1)\n"
                    "Caused by: java.io.IOException: middle\n"
                    "\tat a.b.C(C.scala:2)\n"
                    "Caused by: java.net.ConnectException: Connection refused: /1.2.3.4:6443\n"
                    "\tat a.b.C(C.scala:3)\n"
                    "END\nexit 1\n");
    submit(f);
    assert_int_equal(follow(f), FST_EREMOTE);
    assert_int_equal(f->p.state, FST_RUN_FAILED);
    assert_string_equal(f->err.text,
                        "spark-submit ended with exit code 1: "
                        "java.net.ConnectException: Connection refused: /1.2.3.4:6443");
}

static void test_submit__java_is_not_asked_for_its_version_each_time(void **state)
{
    struct fixture *f = *state;
    put(f, "java/bin/java", fst_arena_printf(f->a, "#!/bin/sh\n: >%s/asked\n", f->dir), 0755);
    play(f, "exit 1\n");
    submit(f);
    follow(f);
    assert_false(fst_path_exists(path_of(f, "asked")));
}

static void test_submit__a_java_that_is_too_old_is_named_by_its_own_words(void **state)
{
    struct fixture *f = *state;
    play(f, "echo 'Error: A JNI error has occurred, please check your installation' >&2\n"
            "echo 'Exception in thread \"main\" java.lang.UnsupportedClassVersionError: "
            "org/apache/spark/launcher/Main has been compiled by a more recent version' >&2\n"
            "echo '\tat java.lang.ClassLoader.defineClass1(Native Method)' >&2\nexit 1\n");
    submit(f);
    assert_int_equal(follow(f), FST_EREMOTE);
    assert_non_null(strstr(f->err.text, "UnsupportedClassVersionError")); /* a remedy's word */
}

static void test_submit__heap_that_was_too_small_is_named(void **state)
{
    struct fixture *f = *state;
    play(f, SESSION REPORT "{\"event\":\"progress\",\"stages\":[[1,0,0,2,2,0]]}'\n"
                           "echo 'java.lang.OutOfMemoryError: Java heap space' >&2\nexit 52\n");
    submit(f);
    assert_int_equal(follow(f), FST_EREMOTE);
    assert_non_null(strstr(f->err.text, "driver_memory"));
    assert_non_null(strstr(f->err.text, "Java heap space"));
}

static void test_submit__what_a_driver_without_memory_says_is_not_the_reason(void **state)
{
    struct fixture *f = *state;
    play(f, SESSION REPORT
         "{\"event\":\"error\",\"cls\":\"SparkException\",\"cond\":\"\","
         "\"msg\":\"You hit a bug in Spark\"}'\n" END(
             "1") "echo 'java.lang.OutOfMemoryError: Java heap space' >&2\nexit 52\n");
    submit(f);
    assert_int_equal(follow(f), FST_EREMOTE);
    assert_non_null(strstr(f->err.text, "driver_memory"));
    assert_null(strstr(f->err.text, "bug in Spark"));
}

static void test_submit__killed_driver_has_failed(void **state)
{
    struct fixture *f = *state;
    play(f, SESSION "kill -9 $$\n");
    submit(f);
    assert_int_equal(follow(f), FST_EREMOTE);
    assert_int_equal(f->p.state, FST_RUN_FAILED);
    assert_non_null(strstr(f->err.text, "signal 9"));
}

static void test_submit__what_was_written_whole_is_ready_though_the_end_was_bad(void **state)
{
    struct fixture *f = *state;
    play(f, SESSION RESULT "exit 1\n");
    submit(f);
    assert_int_equal(follow(f), FST_OK);
    assert_int_equal(f->p.state, FST_RUN_READY);
}

static void test_submit__a_spark_that_does_not_start_says_why(void **state)
{
    struct fixture *f = *state;
    play(f, "echo 'Error: Could not parse Master URL: xyz' >&2\nexit 1\n");
    submit(f);
    assert_int_equal(follow(f), FST_EREMOTE);
    assert_non_null(strstr(f->err.text, "Could not parse Master URL"));
}

static void test_submit__program_is_judged_by_its_exit_code(void **state)
{
    struct fixture *f = *state;
    const char *const args[] = {"a b", "$HOME"};
    const struct fst_program program = {.file = path_of(f, "job.py"), .args = args, .n_args = 2};
    char *text;
    size_t n;
    put(f, "job.py", "pass\n", 0644);
    f->w.sql = NULL;
    f->w.program = &program;
    play(f, "while [ $# -gt 2 ]; do shift; done; echo \"$1|$2\" > $dir/seen\n"
            "echo 'Traceback (most recent call last):'\necho 'ValueError: of mine'\nexit 3\n");
    submit(f);
    assert_int_equal(follow(f), FST_EREMOTE);
    assert_int_equal(f->p.state, FST_RUN_FAILED);
    assert_string_equal(f->err.text, "spark-submit ended with exit code 3: ValueError: of mine");
    assert_int_equal(fst_file_read(path_of(f, "seen"), 4096, &text, &n, NULL), FST_OK);
    assert_string_equal(text, "a b|$HOME\n");
    free(text);
}

static void test_submit__program_that_ends_well_is_ready(void **state)
{
    struct fixture *f = *state;
    const struct fst_program program = {.file = path_of(f, "job.py")};
    put(f, "job.py", "pass\n", 0644);
    f->w.sql = NULL;
    f->w.program = &program;
    play(f, "echo done\n");
    submit(f);
    assert_int_equal(follow(f), FST_OK);
    assert_int_equal(f->p.state, FST_RUN_READY);
}

static void test_submit__cancel_is_obeyed_by_the_driver(void **state)
{
    struct fixture *f = *state;
    make_gate(f);
    play(f, "trap '"
            "echo \"@@FST {\\\"event\\\":\\\"cancelled\\\"}\"; "
            "echo \"@@FST {\\\"event\\\":\\\"end\\\",\\\"rc\\\":143}\"; exit 143' TERM\n" SESSION
            "while :; do read word < $dir/gate; done\n");
    submit(f);
    follow_until(f, is_running);
    assert_int_equal(engine->cancel(f->s, &f->err), FST_OK);
    assert_int_equal(follow(f), FST_OK);
    assert_int_equal(f->p.state, FST_RUN_CANCELLED);
    char *text;
    size_t n;
    assert_int_equal(fst_file_read(path_of(f, "run/driver.exit"), 64, &text, &n, NULL), FST_OK);
    assert_string_equal(text, "143\n");
    free(text);
}

static void test_submit__does_not_start_twice_from_one_folder(void **state)
{
    struct fixture *f = *state;
    play(f, SESSION RESULT END("0"));
    submit(f);
    assert_int_equal(follow(f), FST_OK);
    assert_int_equal(engine->submit(f->s, &f->w, &f->handle, &f->problem, &f->err), FST_ECONFLICT);
}

/* ---- Found again ----------------------------------------------------------------------------- */

static void take_over(struct fixture *f, const char *handle)
{
    engine->close(f->s);
    f->s = open_session(f, "");
    assert_int_equal(engine->reattach(f->s, &f->w, handle, &f->err), FST_OK);
}

static void add_log(struct fixture *f, struct fst_buf *cursor, struct fst_buf *log)
{
    assert_int_equal(engine->log(f->s, cursor, log, &f->err), FST_OK);
}

static void test_submit__another_session_goes_on_and_no_byte_of_the_log_is_lost(void **state)
{
    struct fixture *f = *state;
    struct fst_buf cursor = FST_BUF_TEXT, log = FST_BUF_TEXT;
    make_gate(f);
    play(f, "echo one\n" SESSION "printf 'half '\n" WAIT "echo whole\n" RESULT
            "echo two >&2\n" END("0") "printf last\n");
    submit(f);
    follow_until(f, is_running);
    add_log(f, &cursor, &log);
    assert_string_equal(fst_buf_text(&log), "one\n");
    take_over(f, fst_buf_text(&f->handle));
    add_log(f, &cursor, &log);
    open_gate(f);
    assert_int_equal(follow(f), FST_OK);
    assert_int_equal(f->p.state, FST_RUN_READY);
    assert_int_equal(f->p.rows, 5);
    add_log(f, &cursor, &log);
    add_log(f, &cursor, &log);
    assert_string_equal(fst_buf_text(&log), "one\nhalf whole\nlast\ntwo\n");
    fst_buf_done(&cursor);
    fst_buf_done(&log);
}

static void test_submit__work_is_found_without_a_handle(void **state)
{
    struct fixture *f = *state;
    make_gate(f);
    play(f, SESSION WAIT RESULT END("0"));
    submit(f);
    follow_until(f, is_running);
    take_over(f, "");
    follow_until(f, is_running);
    open_gate(f);
    assert_int_equal(follow(f), FST_OK);
    assert_int_equal(f->p.state, FST_RUN_READY);
}

static void test_submit__what_ended_meanwhile_is_known(void **state)
{
    struct fixture *f = *state;
    play(f, SESSION RESULT END("0"));
    submit(f);
    assert_int_equal(follow(f), FST_OK);
    take_over(f, fst_buf_text(&f->handle));
    assert_int_equal(follow(f), FST_OK);
    assert_int_equal(f->p.state, FST_RUN_READY);
}

static void test_submit__what_was_never_started_is_not_found(void **state)
{
    struct fixture *f = *state;
    assert_int_equal(engine->reattach(f->s, &f->w, "", &f->err), FST_ENOTFOUND);
    assert_int_equal(engine->reattach(f->s, &f->w, "{\"pid\":\"x\"}", &f->err), FST_ENOTFOUND);
}

static pid_t pid_of_handle(struct fixture *f)
{
    int64_t pid = 0;
    struct fst_doc *doc;
    assert_int_equal(fst_json_parse(f->a, "h", f->handle.p, f->handle.n, NULL, &doc, NULL), FST_OK);
    assert_true(fst_doc_int(fst_doc_get(doc, "pid"), &pid) && pid > 1);
    return (pid_t)pid;
}

static void test_submit__goes_on_though_the_shell_above_it_was_killed(void **state)
{
    struct fixture *f = *state;
    make_gate(f);
    play(f, SESSION WAIT RESULT END("0"));
    submit(f);
    follow_until(f, is_running);
    assert_int_equal(kill(pid_of_handle(f), SIGKILL), 0);
    take_over(f, fst_buf_text(&f->handle));
    follow_until(f, is_running);
    open_gate(f);
    assert_int_equal(follow(f), FST_OK);
    assert_int_equal(f->p.state, FST_RUN_READY);
    assert_false(fst_path_exists(path_of(f, "run/driver.exit")));
}

static void test_submit__everything_killed_has_failed(void **state)
{
    struct fixture *f = *state;
    make_gate(f);
    play(f, SESSION WAIT);
    submit(f);
    follow_until(f, is_running);
    assert_int_equal(kill(-pid_of_handle(f), SIGKILL), 0);
    assert_int_equal(follow(f), FST_EREMOTE);
    assert_int_equal(f->p.state, FST_RUN_FAILED);
    assert_non_null(strstr(f->err.text, "left no exit code"));
}

static void test_submit__a_program_without_an_exit_code_is_lost(void **state)
{
    struct fixture *f = *state;
    const struct fst_program program = {.file = path_of(f, "job.py")};
    put(f, "job.py", "pass\n", 0644);
    make_gate(f);
    f->w.sql = NULL;
    f->w.program = &program;
    play(f, "echo up\n" WAIT);
    submit(f);
    follow_until(f, is_running);
    assert_int_equal(kill(-pid_of_handle(f), SIGKILL), 0);
    follow(f);
    assert_int_equal(f->p.state, FST_RUN_LOST);
}

static void test_submit__a_stranger_with_our_process_id_is_not_taken_for_it(void **state)
{
    struct fixture *f = *state;
    put(f, "run/driver.pid", fst_arena_printf(f->a, "%d\n", (int)getpid()), 0600);
    assert_int_equal(engine->reattach(f->s, &f->w, "", &f->err), FST_OK);
    follow(f);
    assert_int_equal(f->p.state, FST_RUN_FAILED);
    assert_int_equal(engine->cancel(f->s, &f->err), FST_OK); /* and we live */
}

static void test_submit__log_comes_in_pieces_that_fit(void **state)
{
    struct fixture *f = *state;
    struct fst_buf cursor = FST_BUF_TEXT, all = FST_BUF_TEXT;
    size_t lines = 0;
    play(f, "i=0; while [ $i -lt 20000 ]; do echo \"line $i of the log\"; i=$((i+1)); done\n"
            "head -c 300000 /dev/zero | tr '\\0' x; echo\n" SESSION RESULT END("0"));
    submit(f);
    assert_int_equal(follow(f), FST_OK);
    for (;;) {
        struct fst_buf piece = FST_BUF((size_t)200 * 1024);
        char *before = fst_strdup(fst_buf_text(&cursor));
        add_log(f, &cursor, &piece);
        assert_false(piece.over);
        bool moved = strcmp(before, fst_buf_text(&cursor)) != 0;
        free(before);
        fst_buf_add(&all, fst_buf_text(&piece), piece.n);
        fst_buf_done(&piece);
        if (!moved)
            break;
    }
    for (const char *p = fst_buf_text(&all); (p = strstr(p, "of the log\n")); p++)
        lines++;
    assert_int_equal(lines, 20000);
    size_t x = 0;
    for (const char *p = fst_buf_text(&all); *p; p++)
        x += *p == 'x';
    assert_int_equal(x, 300000);
    assert_null(strstr(fst_buf_text(&all), "@@FST"));
    fst_buf_done(&cursor);
    fst_buf_done(&all);
}

static void test_submit__last_words_are_chosen(void **state)
{
    (void)state;
    static const struct {
        const char *text, *words;
    } rows[] = {
        {"", ""},
        {"only this\n\n", "only this"},
        {"a\n2026 ERROR Client: no pods\nb\n", "2026 ERROR Client: no pods"},
        {"Caused by: x\nCaused by: y.Z: no\n\tat a.Error(b)\n", "y.Z: no"},
        {"java.lang.Exception: e\n\tat Exception\n", "java.lang.Exception: e"},
    };
    for (size_t i = 0; i < FST_COUNT(rows); i++) {
        char words[64];
        submit_last_words(rows[i].text, strlen(rows[i].text), words, sizeof words);
        assert_string_equal(words, rows[i].words);
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_submit__good_work_is_ready_with_its_outcome),
        TEST(test_submit__gives_the_command_its_own_folder_and_files),
        TEST(test_submit__secrets_are_gone_once_they_were_read),
        TEST(test_submit__error_of_the_driver_has_its_place),
        TEST(test_submit__crash_is_told_by_its_innermost_cause),
        TEST(test_submit__java_is_not_asked_for_its_version_each_time),
        TEST(test_submit__a_java_that_is_too_old_is_named_by_its_own_words),
        TEST(test_submit__heap_that_was_too_small_is_named),
        TEST(test_submit__what_a_driver_without_memory_says_is_not_the_reason),
        TEST(test_submit__killed_driver_has_failed),
        TEST(test_submit__what_was_written_whole_is_ready_though_the_end_was_bad),
        TEST(test_submit__a_spark_that_does_not_start_says_why),
        TEST(test_submit__program_is_judged_by_its_exit_code),
        TEST(test_submit__program_that_ends_well_is_ready),
        TEST(test_submit__cancel_is_obeyed_by_the_driver),
        TEST(test_submit__does_not_start_twice_from_one_folder),
        TEST(test_submit__another_session_goes_on_and_no_byte_of_the_log_is_lost),
        TEST(test_submit__work_is_found_without_a_handle),
        TEST(test_submit__what_ended_meanwhile_is_known),
        TEST(test_submit__what_was_never_started_is_not_found),
        TEST(test_submit__goes_on_though_the_shell_above_it_was_killed),
        TEST(test_submit__everything_killed_has_failed),
        TEST(test_submit__a_program_without_an_exit_code_is_lost),
        TEST(test_submit__a_stranger_with_our_process_id_is_not_taken_for_it),
        TEST(test_submit__log_comes_in_pieces_that_fit),
        TEST(test_submit__last_words_are_chosen),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
