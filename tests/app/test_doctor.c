/* What the doctor sees of a workspace and of its providers. */
#include "workspace.h"

#include <setjmp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include <cmocka.h>

static int remove_all(void **state)
{
    unsetenv("TMPDIR");
    return workspace_remove(state);
}

static void collect(void *arg, bool ok, const char *what, const char *remedy)
{
    fst_buf_printf(arg, "%s %s|%s\n", ok ? "ok" : "no", what, remedy ? remedy : "");
}

/* Everything that the doctor says, as lines. */
static char *examine(const char *yaml)
{
    struct fst_buf said = FST_BUF_TEXT;
    if (yaml)
        assert_int_equal(workspace_define(yaml), 0);
    fst_app_doctor(app, collect, &said);
    return fst_buf_take(&said);
}

static void says(char *text, const char *wanted)
{
    if (!strstr(text, wanted))
        fail_msg("no \"%s\" in\n%s", wanted, text);
    free(text);
}

static void test_app_doctor__looks_at_folders(void **state)
{
    (void)state;
    char wanted[200];
    snprintf(wanted, sizeof wanted, "ok %s/.firesteel", scratch);
    says(examine(NULL), wanted);
    says(examine(NULL), "free for runs and outputs");
    setenv("TMPDIR", "/nowhere/at/all", 1);
    says(examine(NULL), "no for temporary files of Spark: /nowhere/at/all is not there|");
}

static void test_app_doctor__looks_at_the_limit_of_open_files(void **state)
{
    (void)state;
    struct rlimit old, few;
    assert_int_equal(getrlimit(RLIMIT_NOFILE, &old), 0);
    few = old;
    few.rlim_cur = 200;
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &few), 0);
    char *text = examine(NULL);
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &old), 0);
    says(text, "no 200 open files allowed|raise the limit");
}

/* 0.0.0.0 is an address of this host that is not its loopback: nothing listens at port 1. */
static void test_app_doctor__a_remote_spark_does_not_see_our_folders(void **state)
{
    (void)state;
    char *text = examine("providers:\n  - name: far\n    engine: connect\n"
                         "    options: {url: \"sc://0.0.0.0:1\"}\n");
    assert_non_null(strstr(text, "no provider far cannot write to "));
    assert_null(strstr(text, "driver_memory"));
    says(text, "no provider far does not answer: ");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_app_doctor__looks_at_folders, workspace_make,
                                        remove_all),
        cmocka_unit_test_setup_teardown(test_app_doctor__looks_at_the_limit_of_open_files,
                                        workspace_make, remove_all),
        cmocka_unit_test_setup_teardown(test_app_doctor__a_remote_spark_does_not_see_our_folders,
                                        workspace_make, remove_all),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
