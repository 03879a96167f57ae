#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "firesteel/io.h"

static void test_io_process__takes_output_and_exit_status(void **state)
{
    (void)state;
    char *argv[] = {"sh", "-c", "echo hello; exit 3", NULL};
    struct fst_buf out;
    int code = 0;
    assert_int_equal(fst_run(argv, 10000, 1000, &out, &code, NULL), FST_OK);
    assert_string_equal(fst_buf_text(&out), "hello\n");
    assert_int_equal(code, 3);
    fst_buf_done(&out);
}

static void test_io_process__stops_what_takes_too_long_with_its_children(void **state)
{
    (void)state;
    char *argv[] = {"sh", "-c", "sleep 60 & sleep 60", NULL};
    struct fst_buf out;
    struct fst_error err;
    int code = 0;
    int64_t before = fst_monotonic_us();
    assert_int_equal(fst_run(argv, 100, 1000, &out, &code, &err), FST_ETIMEOUT);
    assert_true(fst_monotonic_us() - before < 10000000);
}

static void test_io_process__bounds_what_a_command_says(void **state)
{
    (void)state;
    char *argv[] = {"sh", "-c", "yes", NULL};
    struct fst_buf out;
    int code = 0;
    assert_int_equal(fst_run(argv, 10000, 5000, &out, &code, NULL), FST_ENOMEM);
}

static void test_io_process__names_a_program_that_is_not_there(void **state)
{
    (void)state;
    char *argv[] = {"no-such-program-here", NULL};
    struct fst_buf out;
    struct fst_error err;
    int code = 0;
    assert_int_equal(fst_run(argv, 1000, 1000, &out, &code, &err), FST_ENOTFOUND);
    assert_non_null(strstr(err.text, "no-such-program-here"));
}

/* The child lists its own descriptors: 0, 1, 2, and the one that reads the list. */
static void test_io_process__children_inherit_no_other_descriptor(void **state)
{
    (void)state;
    int open_here = open("/dev/null", O_RDONLY);
    int high = fcntl(open_here, F_DUPFD, 57);
    char *argv[] = {"sh", "-c", "test -e /proc/self/fd/57 && echo inherited || echo clean", NULL};
    struct fst_buf out;
    int code;
    assert_int_equal(fst_run(argv, 10000, 1000, &out, &code, NULL), FST_OK);
    assert_string_equal(fst_buf_text(&out), "clean\n");
    fst_buf_done(&out);
    close(high);
    close(open_here);
}

static void test_io_process__detached_child_has_own_session_and_settings(void **state)
{
    (void)state;
    char path[] = "/tmp/fst-spawn-XXXXXX";
    close(mkstemp(path));
    setenv("FST_TEST_GONE", "x", 1);
    char *argv[] = {"sh", "-c", "echo $FST_TEST_SET:$FST_TEST_GONE:$(pwd)", NULL};
    char *env[] = {"FST_TEST_SET=yes", "FST_TEST_GONE", NULL};
    struct fst_spawn s = {.argv = argv, .env = env, .cwd = "/", .output = path, .detached = true};
    pid_t pid;
    assert_int_equal(fst_spawn(&s, &pid, NULL), FST_OK);
    waitpid(pid, NULL, 0);
    char *text;
    size_t n;
    assert_int_equal(fst_file_read(path, 1000, &text, &n, NULL), FST_OK);
    assert_string_equal(text, "yes::/\n");
    free(text);
    unlink(path);
}

static void test_io_process__knows_who_lives_by_id_and_start(void **state)
{
    (void)state;
    char *argv[] = {"sleep", "60", NULL};
    struct fst_spawn s = {.argv = argv, .detached = true};
    pid_t pid;
    assert_int_equal(fst_spawn(&s, &pid, NULL), FST_OK);
    uint64_t started = fst_process_start_time(pid);
    assert_true(started > 0);
    assert_int_equal(getsid(pid), pid);
    assert_true(fst_process_alive(pid, started));
    assert_false(fst_process_alive(pid, started + 1));
    kill(pid, SIGKILL);
    siginfo_t info;
    waitid(P_PID, (id_t)pid, &info, WEXITED | WNOWAIT);
    assert_false(fst_process_alive(pid, started)); /* a zombie does not live */
    waitpid(pid, NULL, 0);
    assert_int_equal(fst_process_start_time(pid), 0);
}

static void test_io_process__tells_a_taken_port(void **state)
{
    (void)state;
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t n = sizeof(at);
    assert_int_equal(bind(fd, (struct sockaddr *)&at, n), 0);
    assert_int_equal(listen(fd, 1), 0);
    getsockname(fd, (struct sockaddr *)&at, &n);
    assert_false(fst_port_is_free(ntohs(at.sin_port)));
    close(fd);
    assert_true(fst_port_is_free(ntohs(at.sin_port)));
}

static void test_io_process__finds_programs_in_path(void **state)
{
    (void)state;
    char *sh = fst_find_program("sh");
    assert_non_null(sh);
    assert_int_equal(sh[0], '/');
    free(sh);
    assert_null(fst_find_program("no-such-program-here"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_io_process__takes_output_and_exit_status),
        cmocka_unit_test(test_io_process__stops_what_takes_too_long_with_its_children),
        cmocka_unit_test(test_io_process__bounds_what_a_command_says),
        cmocka_unit_test(test_io_process__names_a_program_that_is_not_there),
        cmocka_unit_test(test_io_process__children_inherit_no_other_descriptor),
        cmocka_unit_test(test_io_process__detached_child_has_own_session_and_settings),
        cmocka_unit_test(test_io_process__knows_who_lives_by_id_and_start),
        cmocka_unit_test(test_io_process__tells_a_taken_port),
        cmocka_unit_test(test_io_process__finds_programs_in_path),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
