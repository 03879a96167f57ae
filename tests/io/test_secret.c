#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "firesteel/io.h"

static void resolves_to(const char *reference, const char *wanted)
{
    char *value = NULL;
    assert_int_equal(fst_secret_resolve(reference, true, &value, NULL), FST_OK);
    assert_string_equal(value, wanted);
    free(value);
}

static void is_refused(const char *reference, enum fst_status status, const char *says)
{
    char *value = NULL;
    struct fst_error err = {.status = FST_OK};
    assert_int_equal(fst_secret_resolve(reference, true, &value, &err), status);
    assert_int_equal(err.status, status);
    assert_non_null(strstr(err.text, says));
    assert_null(value);
}

static void test_io_secret__reads_the_environment(void **state)
{
    (void)state;
    setenv("FST_TEST_TOKEN", "t0k=n", 1);
    resolves_to("env:FST_TEST_TOKEN", "t0k=n");
    setenv("FST_TEST_TOKEN", "", 1);
    is_refused("env:FST_TEST_TOKEN", FST_EAUTH, "FST_TEST_TOKEN");
    is_refused("env:FST_TEST_NOT_SET", FST_EAUTH, "FST_TEST_NOT_SET");
}

static void test_io_secret__reads_a_file_without_its_last_line_end(void **state)
{
    (void)state;
    char path[] = "/tmp/fst-secret-XXXXXX";
    int fd = mkstemp(path);
    assert_int_equal(write(fd, "two\nlines\n", 10), 10);
    char *reference = fst_asprintf("file:%s", path);
    resolves_to(reference, "two\nlines");
    assert_int_equal(ftruncate(fd, 0), 0);
    is_refused(reference, FST_EAUTH, "empty");
    close(fd);
    unlink(path);
    is_refused(reference, FST_EAUTH, path);
    free(reference);
}

static void test_io_secret__runs_a_command_without_a_shell(void **state)
{
    (void)state;
    resolves_to("cmd:printf '%s' \"a  $HOME;b\"", "a  $HOME;b");
    is_refused("cmd:false", FST_EAUTH, "status 1");
    is_refused("cmd:   ", FST_EAUTH, "no command");
    char *value = NULL;
    assert_int_equal(fst_secret_resolve("cmd:echo x", false, &value, NULL), FST_EDENIED);
}

static void test_io_secret__tells_references_from_values(void **state)
{
    (void)state;
    assert_true(fst_secret_is_reference("env:X"));
    assert_true(fst_secret_is_reference("profile:dev"));
    assert_false(fst_secret_is_reference("hunter2"));
    char *value = NULL;
    struct fst_error err = {.status = FST_OK};
    assert_int_equal(fst_secret_resolve("hunter2", true, &value, &err), FST_EINVAL);
    assert_null(strstr(err.text, "hunter2")); /* it may be the secret itself */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_io_secret__reads_the_environment),
        cmocka_unit_test(test_io_secret__reads_a_file_without_its_last_line_end),
        cmocka_unit_test(test_io_secret__runs_a_command_without_a_shell),
        cmocka_unit_test(test_io_secret__tells_references_from_values),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
