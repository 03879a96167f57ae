/* What is remembered of queries that ran. */
#include "firesteel/app.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static char folder[64];
static struct fst_error err;

static int make_home(void **state)
{
    struct fst_app *a;
    snprintf(folder, sizeof folder, "/tmp/firesteel-test-XXXXXX");
    if (!mkdtemp(folder) || chdir(folder) != 0)
        return -1;
    unsetenv("FIRESTEEL_CATALOG");
    setenv("HOME", folder, 1);
    setenv("XDG_CONFIG_HOME", folder, 1);
    setenv("XDG_DATA_HOME", folder, 1);
    setenv("XDG_STATE_HOME", folder, 1);
    if (fst_app_init(folder, false, "firesteel", NULL, NULL, &err) != FST_OK ||
        fst_app_open(&(struct fst_app_options){0}, false, &a, &err) != FST_OK)
        return -1;
    *state = a;
    return 0;
}

static int remove_home(void **state)
{
    fst_app_close(*state);
    return chdir("/") == 0 && fst_remove_tree(folder, NULL) == FST_OK ? 0 : -1;
}

static void keep(struct fst_app *a, const char *sql, const char *error)
{
    struct fst_past_query q = {.at_us = 1000000,
                               .took_us = 2000,
                               .rows = error ? -1 : 3,
                               .more = !error,
                               .sql = sql,
                               .provider = "local",
                               .error = error};
    if (fst_app_keep_query(a, &q, &err) != FST_OK)
        fail_msg("%s", err.text);
}

static char *file_of(struct fst_app *a, const char *name)
{
    return fst_path_join(fst_app_state_dir(a), name);
}

static size_t count(struct fst_app *a, struct fst_arena *arena, struct fst_past_query **all)
{
    size_t n;
    if (fst_app_past_queries(a, arena, all, &n, &err) != FST_OK)
        fail_msg("%s", err.text);
    return n;
}

static void test_app_queries__come_back_the_newest_first(void **state)
{
    struct fst_arena *arena = fst_arena_new();
    struct fst_past_query *q;
    assert_int_equal(count(*state, arena, &q), 0);
    keep(*state, "SELECT 'é\n\"'", NULL);
    keep(*state, "SELECT x", "no column x\nat line 1");
    assert_int_equal(count(*state, arena, &q), 2);
    assert_string_equal(q[0].sql, "SELECT x");
    assert_string_equal(q[0].error, "no column x");
    assert_int_equal(q[0].rows, -1);
    assert_string_equal(q[1].sql, "SELECT 'é\n\"'");
    assert_null(q[1].error);
    assert_true(q[1].more && q[1].rows == 3 && q[1].took_us == 2000 && q[1].at_us == 1000000);
    fst_arena_free(arena);
}

static void test_app_queries__only_the_last_are_kept(void **state)
{
    struct fst_arena *arena = fst_arena_new();
    struct fst_past_query *q;
    char *path = file_of(*state, "queries");
    struct fst_buf lines = FST_BUF_TEXT;
    for (int i = 0; i < 600; i++)
        fst_buf_printf(&lines, "{\"sql\": \"SELECT %d\"}\n", i);
    assert_int_equal(fst_mkdirs(fst_app_state_dir(*state), 0700, &err), FST_OK);
    assert_int_equal(fst_file_write(path, fst_buf_text(&lines), lines.n, 0600, &err), FST_OK);
    keep(*state, "SELECT 600", NULL);
    assert_int_equal(count(*state, arena, &q), 500);
    assert_string_equal(q[0].sql, "SELECT 600");
    assert_string_equal(q[499].sql, "SELECT 101");
    fst_buf_done(&lines);
    free(path);
    fst_arena_free(arena);
}

static void test_app_queries__long_texts_are_left_out_and_the_file_stays_small(void **state)
{
    struct fst_arena *arena = fst_arena_new();
    struct fst_past_query *q;
    struct stat st;
    char *path = file_of(*state, "queries"), *text = fst_alloc(70001);
    memset(text, 'x', 70000);
    keep(*state, text, NULL);
    assert_int_equal(count(*state, arena, &q), 0);
    text[60000] = '\0';
    for (int i = 0; i < 80; i++)
        keep(*state, text, NULL);
    assert_int_equal(stat(path, &st), 0);
    assert_true(st.st_size <= 4 << 20 && st.st_size > 3 << 20);
    assert_int_equal(count(*state, arena, &q), st.st_size / 60000);
    free(text);
    free(path);
    fst_arena_free(arena);
}

static void test_app_queries__hide_secrets_and_are_nobody_elses(void **state)
{
    char *path = file_of(*state, "queries"), *text;
    struct stat st;
    size_t n;
    keep(*state, "SELECT 1 FROM csv.`s3://me:hunter2@b/x`", "no file s3://me:hunter2@b/x");
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    assert_int_equal(fst_file_read(path, 10000, &text, &n, &err), FST_OK);
    assert_non_null(strstr(text, "s3://***@b/x"));
    assert_null(strstr(text, "hunter2"));
    free(text);
    free(path);
}

static void test_app_queries__lines_of_another_hand_are_passed_over(void **state)
{
    static const char lines[] =
        "{\"sql\": \"SELECT 1\", \"at\": 5}\nnonsense\n[1]\n{\"sql\": 3}\n\n"
        "{\"sql\": \"\"}\n{\"at\": 1}\n{\"sql\": \"torn";
    struct fst_arena *arena = fst_arena_new();
    struct fst_past_query *q;
    char *path = file_of(*state, "queries");
    assert_int_equal(fst_mkdirs(fst_app_state_dir(*state), 0700, &err), FST_OK);
    assert_int_equal(fst_file_write(path, lines, sizeof lines - 1, 0600, &err), FST_OK);
    keep(*state, "SELECT 2", NULL);
    assert_int_equal(count(*state, arena, &q), 3);
    assert_string_equal(q[0].sql, "SELECT 2");
    assert_string_equal(q[1].sql, "3");
    assert_string_equal(q[2].sql, "SELECT 1");
    free(path);
    fst_arena_free(arena);
}

static void *keep_some(void *app)
{
    for (int i = 0; i < 40; i++)
        keep(app, "SELECT 1", NULL);
    return NULL;
}

static void test_app_queries__nothing_is_lost_of_several_who_write(void **state)
{
    struct fst_arena *arena = fst_arena_new();
    struct fst_past_query *q;
    pthread_t others[3];
    for (size_t i = 0; i < FST_COUNT(others); i++)
        assert_int_equal(pthread_create(&others[i], NULL, keep_some, *state), 0);
    for (size_t i = 0; i < FST_COUNT(others); i++)
        pthread_join(others[i], NULL);
    assert_int_equal(count(*state, arena, &q), 120);
    fst_arena_free(arena);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, make_home, remove_home)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_app_queries__come_back_the_newest_first),
        TEST(test_app_queries__only_the_last_are_kept),
        TEST(test_app_queries__long_texts_are_left_out_and_the_file_stays_small),
        TEST(test_app_queries__hide_secrets_and_are_nobody_elses),
        TEST(test_app_queries__lines_of_another_hand_are_passed_over),
        TEST(test_app_queries__nothing_is_lost_of_several_who_write),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
