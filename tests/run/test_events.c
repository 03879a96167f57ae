/* Events: lines folded into a view, whatever was cut, torn or foreign; and the log. */
#include "agent.h"

#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

static char folder[64], path[128], log_path[128];
static struct fst_run_place place;

static int make_run(void **state)
{
    (void)state;
    snprintf(folder, sizeof folder, "/tmp/firesteel-test-XXXXXX");
    if (!mkdtemp(folder))
        return -1;
    snprintf(path, sizeof path, "%s/r1", folder);
    mkdir(path, 0700);
    snprintf(path, sizeof path, "%s/r1/events", folder);
    snprintf(log_path, sizeof log_path, "%s/r1/log", folder);
    place = (struct fst_run_place){.runs_dir = folder};
    return 0;
}

static int remove_run(void **state)
{
    (void)state;
    return fst_remove_tree(folder, NULL) == FST_OK ? 0 : -1;
}

static void append(const char *file, const char *text, size_t n)
{
    FILE *f = fopen(file, "a");
    assert_non_null(f);
    assert_int_equal(fwrite(text, 1, n, f), n);
    fclose(f);
}

static void line(const char *text)
{
    append(path, text, strlen(text));
}

static void fold(struct fst_run_view *view)
{
    struct fst_error err = {0};
    if (fst_run_read_events(&place, "r1", view, &err) != FST_OK)
        fail_msg("%s", err.text);
}

static struct fst_events writer(void)
{
    struct fst_events e;
    assert_int_equal(fst__events_open(&e, path, NULL), FST_OK);
    return e;
}

static void test_run_events__fold_into_what_the_writer_said(void **state)
{
    struct fst_problem problem = {
        .line = 3, .col = 7, .len = 4, .condition = "COLUMN", .sqlstate = "42703"};
    struct fst_progress p = {.tasks_done = 3, .tasks_total = 9, .rows = -1, .detail = "st\x1bge"};
    struct fst_run_view view = {0};
    struct fst_history history;
    struct fst_events e = writer();

    (void)state;
    fst__event_submitting(&e, "op");
    fst__event_submitted(&e, "handle\n\"1\"");
    fst__event_state(&e, FST_STATE_RUNNING);
    fst__event_progress(&e, &p);
    fst__event_note(&e, "x");
    fold(&view);
    assert_int_equal(view.state, FST_STATE_RUNNING);
    assert_int_equal(view.progress.tasks_total, 9);
    assert_int_equal(view.progress.rows, -1);
    assert_string_equal(view.progress.detail, "st\x1bge");
    fst__event_failed(&e, FST_STATE_FAILED, "no column\nat all", &problem);
    fst__events_close(&e);
    fold(&view);
    assert_int_equal(view.state, FST_STATE_FAILED);
    assert_string_equal(view.error, "no column\nat all");
    assert_int_equal(view.problem.col, 7);
    assert_string_equal(view.problem.sqlstate, "42703");
    assert_int_equal(fst__events_history(path, &history, NULL), FST_OK);
    assert_true(history.submitting && history.submitted);
    assert_string_equal(history.handle, "handle\n\"1\"");
    assert_true(history.started_us > 0 && history.finished_us >= history.started_us);
    fst__history_done(&history);
}

static void test_run_events__are_none_before_the_agent_wrote_any(void **state)
{
    struct fst_run_view view = {0};

    (void)state;
    fold(&view);
    assert_int_equal(view.state, FST_STATE_NONE);
    assert_int_equal(view.offset, 0);
}

static void test_run_events__leave_a_half_line_for_the_next_time(void **state)
{
    struct fst_run_view view = {0};

    (void)state;
    line("{\"t\":1,\"event\":\"state\",\"state\":\"RUNNING\"}\n{\"t\":2,\"event\":\"sta");
    fold(&view);
    assert_int_equal(view.state, FST_STATE_RUNNING);
    fold(&view);
    line("te\",\"state\":\"READY\"}\n");
    fold(&view);
    assert_int_equal(view.state, FST_STATE_READY);
    assert_int_equal(view.updated_us, 2);
}

static void test_run_events__survive_garbage_lines(void **state)
{
    static const char noise[] = "\0\xFF{\n\n[]\n7\nnull\n{\"event\":[1],\"t\":\"x\"}\n"
                                "{\"event\":\"state\",\"state\":\"SLEEPING\"}\n"
                                "{\"event\":\"progress\",\"rows\":1e400,\"detail\":{}}\n";
    struct fst_run_view view = {0};

    (void)state;
    line("{\"t\":1,\"event\":\"state\",\"state\":\"RUNNING\"}\n");
    append(path, noise, sizeof noise - 1);
    fold(&view);
    assert_int_equal(view.state, FST_STATE_RUNNING);
    assert_int_equal(view.progress.rows, -1);
    assert_int_equal(view.updated_us, 1);
}

static void test_run_events__pass_over_a_line_too_long_to_be_ours(void **state)
{
    size_t n = (size_t)3 << 20;
    char *junk = malloc(n);
    struct fst_run_view view = {0};

    (void)state;
    memset(junk, '{', n);
    append(path, junk, n);
    free(junk);
    line("\n{\"t\":5,\"event\":\"state\",\"state\":\"READY\"}\n");
    fold(&view);
    assert_int_equal(view.state, FST_STATE_READY);
}

static void test_run_events__of_a_new_agent_begin_after_the_torn_line_of_the_old_one(void **state)
{
    struct fst_run_view view = {0};

    (void)state;
    line("{\"t\":1,\"event\":\"sta");
    fold(&view);
    struct fst_events e = writer();
    fst__event_state(&e, FST_STATE_LOST);
    fst__events_close(&e);
    fold(&view);
    assert_int_equal(view.state, FST_STATE_LOST);
}

static void test_run_events__keep_the_state_when_its_error_is_endless(void **state)
{
    struct fst_run_view view = {0};
    size_t n = 600000;
    char *endless = malloc(n);
    struct fst_events e = writer();

    (void)state;
    memset(endless, '\x01', n);
    endless[n - 1] = '\0';
    fst__event_note(&e, endless);
    fst__event_failed(&e, FST_STATE_FAILED, endless, NULL);
    fst__events_close(&e);
    free(endless);
    fold(&view);
    assert_int_equal(view.state, FST_STATE_FAILED);
    assert_int_equal(strlen(view.error), sizeof view.error - 1);
}

static void test_run_log__is_read_on_from_where_one_was(void **state)
{
    struct fst_buf out = FST_BUF(10);
    uint64_t offset = 0;

    (void)state;
    assert_int_equal(fst_run_read_log(&place, "r1", &offset, 100, &out, NULL), FST_OK);
    append(log_path, "one\ntwo\n", 8);
    assert_int_equal(fst_run_read_log(&place, "r1", &offset, 4, &out, NULL), FST_OK);
    assert_string_equal(fst_buf_text(&out), "one\n");
    assert_int_equal(offset, 4);
    fst_run_read_log(&place, "r1", &offset, 100, &out, NULL);
    assert_string_equal(fst_buf_text(&out), "one\ntwo\n");
    append(log_path, "three", 5);
    fst_run_read_log(&place, "r1", &offset, 100, &out, NULL);
    assert_int_equal(offset, out.n); /* nothing is passed over for want of room */
    fst_buf_done(&out);
}

static void test_run_log__a_long_one_is_begun_near_its_end_at_a_line(void **state)
{
    (void)state;
    assert_int_equal(fst_run_log_end(&place, "nobody", 5), 0);
    append(log_path, "one\ntwo\nthree\n", 14);
    assert_int_equal(fst_run_log_end(&place, "r1", 14), 0);
    assert_int_equal(fst_run_log_end(&place, "r1", 12), 4); /* "e\ntwo..." begins within a line */
    assert_int_equal(fst_run_log_end(&place, "r1", 8), 8);
    append(log_path, "no end of line", 14);
    assert_int_equal(fst_run_log_end(&place, "r1", 3), 25);
}

/* A file that may not grow stands for a disk without room. */
static void say_in_little_room(void)
{
    struct rlimit all, little = {40, RLIM_INFINITY};
    int fd = open(log_path, O_WRONLY | O_CREAT | O_APPEND, 0600);
    getrlimit(RLIMIT_FSIZE, &all);
    little.rlim_max = all.rlim_max;
    signal(SIGXFSZ, SIG_IGN);
    if (fd < 0 || dup2(fd, STDOUT_FILENO) < 0 || setrlimit(RLIMIT_FSIZE, &little) != 0)
        _exit(1);
    fst__say("one, which is there");
    fst__say("two, of which a part is there");
    fst__say("three, which is not");
    setrlimit(RLIMIT_FSIZE, &all);
    fst__say("four");
    fst__say("five");
    _exit(0);
}

static void test_run_log__says_which_lines_a_full_disk_swallowed(void **state)
{
    (void)state;
    char *text;
    size_t n;
    int status;
    pid_t child = fork();
    if (child == 0)
        say_in_little_room();
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
    assert_int_equal(fst_file_read(log_path, 4096, &text, &n, NULL), FST_OK);
    const char *said = strstr(text, "\n(2 lines are missing here: the log could not be written)\n");
    assert_non_null(strstr(text, "one, which is there\n"));
    assert_non_null(said);
    assert_non_null(strstr(said, " four\n"));
    assert_non_null(strstr(said, " five\n"));
    assert_null(strstr(strstr(said, " four"), "missing"));
    free(text);
}

int main(void)
{
#define IN_RUN(test) cmocka_unit_test_setup_teardown(test, make_run, remove_run)
    const struct CMUnitTest tests[] = {
        IN_RUN(test_run_events__fold_into_what_the_writer_said),
        IN_RUN(test_run_events__are_none_before_the_agent_wrote_any),
        IN_RUN(test_run_events__leave_a_half_line_for_the_next_time),
        IN_RUN(test_run_events__survive_garbage_lines),
        IN_RUN(test_run_events__pass_over_a_line_too_long_to_be_ours),
        IN_RUN(test_run_events__of_a_new_agent_begin_after_the_torn_line_of_the_old_one),
        IN_RUN(test_run_events__keep_the_state_when_its_error_is_endless),
        IN_RUN(test_run_log__is_read_on_from_where_one_was),
        IN_RUN(test_run_log__a_long_one_is_begun_near_its_end_at_a_line),
        IN_RUN(test_run_log__says_which_lines_a_full_disk_swallowed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
