/* What the doctor sees of a workspace and of its providers. */
#include "firesteel/app.h"
#include "firesteel/define.h"

#include <setjmp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cmocka.h>

static char folder[64];
static struct fst_error err;

static int make_home(void **state)
{
    (void)state;
    snprintf(folder, sizeof folder, "/tmp/firesteel-test-XXXXXX");
    if (!mkdtemp(folder) || chdir(folder) != 0)
        return -1;
    unsetenv("FIRESTEEL_CATALOG");
    setenv("HOME", folder, 1);
    setenv("XDG_CONFIG_HOME", folder, 1);
    setenv("XDG_DATA_HOME", folder, 1);
    setenv("XDG_STATE_HOME", folder, 1);
    return fst_app_init(".", false, "firesteel", NULL, NULL, &err) == FST_OK ? 0 : -1;
}

static int remove_home(void **state)
{
    (void)state;
    unsetenv("TMPDIR");
    return chdir("/") == 0 && fst_remove_tree(folder, NULL) == FST_OK ? 0 : -1;
}

static void define(struct fst_app *a, const char *yaml)
{
    struct fst_definitions d = {0};
    struct fst_plan plan;
    struct fst_catalog *c;
    if (fst_define_read(&d, "test", folder, yaml, strlen(yaml), NULL, &err) != FST_OK ||
        fst_app_take(a, &c, &err) != FST_OK)
        fail_msg("%s", err.text);
    if (fst_define_plan(&d, c, fst_now_us(), &plan, &err) != FST_OK ||
        fst_define_apply(&plan, c, &err) != FST_OK)
        fail_msg("%s", err.text);
    fst_plan_done(&plan);
    fst_definitions_done(&d);
    fst_app_give(a, c);
}

static void collect(void *arg, bool ok, const char *what, const char *remedy)
{
    fst_buf_printf(arg, "%s %s|%s\n", ok ? "ok" : "no", what, remedy ? remedy : "");
}

/* Everything that the doctor says, as lines. */
static char *examine(const char *yaml)
{
    struct fst_app_options none = {0};
    struct fst_buf said = FST_BUF_TEXT;
    struct fst_app *a;
    if (fst_app_open(&none, false, &a, &err) != FST_OK)
        fail_msg("%s", err.text);
    if (yaml)
        define(a, yaml);
    fst_app_doctor(a, collect, &said);
    fst_app_close(a);
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
    snprintf(wanted, sizeof wanted, "ok %s/.firesteel", folder);
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
        cmocka_unit_test_setup_teardown(test_app_doctor__looks_at_folders, make_home, remove_home),
        cmocka_unit_test_setup_teardown(test_app_doctor__looks_at_the_limit_of_open_files,
                                        make_home, remove_home),
        cmocka_unit_test_setup_teardown(test_app_doctor__a_remote_spark_does_not_see_our_folders,
                                        make_home, remove_home),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
