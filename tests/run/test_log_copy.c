/* The engine's log in ours: every byte once, whoever dies in between. */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "run.h"

static char folder[64], log_path[128], events_path[128];
static const char *all; /* what the engine has to tell */
static size_t piece;    /* so many bytes at a time */

static enum fst_status fake_log(struct fst_session *s, struct fst_buf *cursor, struct fst_buf *out,
                                struct fst_error *err)
{
    (void)s, (void)err;
    size_t at = (size_t)strtoul(fst_buf_text(cursor), NULL, 10), left = strlen(all) - at;
    size_t n = left < piece ? left : piece;
    fst_buf_add(out, all + at, n);
    fst_buf_clear(cursor);
    fst_buf_printf(cursor, "%zu", at + n);
    return FST_OK;
}
static const struct fst_engine fake = {.name = "fake", .log = fake_log};

static int setup(void **state)
{
    (void)state;
    strcpy(folder, "/tmp/fst-log-XXXXXX");
    assert_non_null(mkdtemp(folder));
    snprintf(log_path, sizeof log_path, "%s/log", folder);
    snprintf(events_path, sizeof events_path, "%s/events", folder);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    unlink(log_path);
    unlink(events_path);
    rmdir(folder);
    return 0;
}

/* As an agent does: take over what the events tell, copy `times` pieces, go. */
static void agent_copies(int times)
{
    struct fst_history h;
    struct fst_events e;
    struct fst_log_copy copy;
    int fd = open(log_path, O_RDWR | O_CREAT | O_APPEND, 0600);
    assert_int_equal(fst__events_history(events_path, &h, NULL), FST_OK);
    assert_int_equal(fst__events_open(&e, events_path, NULL), FST_OK);
    fst__log_copy_begin(&copy, fd, &h);
    for (int i = 0; i < times; i++)
        fst__log_copy_some(&copy, &e, &fake, NULL);
    fst__log_copy_done(&copy);
    fst__events_close(&e);
    fst__history_done(&h);
    close(fd);
}

static void expect_log(const char *text)
{
    char *got;
    size_t n;
    assert_int_equal(fst_file_read(log_path, 1 << 20, &got, &n, NULL), FST_OK);
    assert_string_equal(got, text);
    free(got);
}

static void test_log_copy__goes_on_where_another_agent_stopped(void **state)
{
    (void)state;
    all = "one\ntwo\nthree\n";
    piece = 4;
    agent_copies(2);
    expect_log("one\ntwo\n");
    agent_copies(9);
    expect_log(all);
}

static void test_log_copy__tells_a_piece_that_was_cut_off_once(void **state)
{
    (void)state;
    all = "one\ntwo\nthree\n";
    piece = 8;
    agent_copies(1);
    assert_int_equal(truncate(log_path, 5), 0); /* died in the middle of writing it */
    agent_copies(9);
    expect_log(all);
}

static void test_log_copy__fetches_again_what_was_announced_and_never_written(void **state)
{
    (void)state;
    all = "one\ntwo\n";
    piece = 4;
    agent_copies(2);
    assert_int_equal(truncate(log_path, 4), 0);
    agent_copies(2);
    expect_log(all);
}

static void test_log_copy__asks_for_nothing_where_an_engine_has_no_log(void **state)
{
    (void)state;
    struct fst_history h = {0};
    struct fst_log_copy copy;
    struct fst_events e = {.fd = -1};
    const struct fst_engine silent = {.name = "silent"};
    fst__log_copy_begin(&copy, STDERR_FILENO, &h);
    assert_false(fst__log_copy_some(&copy, &e, &silent, NULL));
    fst__log_copy_done(&copy);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_log_copy__goes_on_where_another_agent_stopped, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(test_log_copy__tells_a_piece_that_was_cut_off_once, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(
            test_log_copy__fetches_again_what_was_announced_and_never_written, setup, teardown),
        cmocka_unit_test(test_log_copy__asks_for_nothing_where_an_engine_has_no_log),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
