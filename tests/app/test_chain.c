/* Chains that are there: which they are, how far each is, and the wish that one ends. Their files
 * are written by hand and of another host, so that no process takes them up. */
#include "workspace.h"

#include <setjmp.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static int64_t one, two, three;

static int64_t id_of(const char *name)
{
    struct fst_catalog *c;
    struct fst_resource *r;
    assert_int_equal(fst_app_take(app, &c, &err), FST_OK);
    assert_int_equal(fst_catalog_find(c, FST_TRANSFORMATION, name, "v1", &r, &err), FST_OK);
    fst_app_give(app, c);
    int64_t id = r->id;
    fst_resource_free(r);
    return id;
}

static int make_workspace(void **state)
{
    if (workspace_make(state) != 0 ||
        workspace_define("transformations:\n  - {name: one, variant: v1, sql: SELECT 1 AS x}\n"
                         "  - {name: two, variant: v1, sql: \"SELECT x FROM {{one.v1}}\"}\n"
                         "  - {name: three, variant: v1, sql: SELECT 3 AS x}\n") != 0)
        return -1;
    one = id_of("one");
    two = id_of("two");
    three = id_of("three");
    return 0;
}

/* The file of a chain: of `one` and `two`, and what `more` says of them. */
static void write_chain(const char *id, const char *more)
{
    char *folder = fst_path_join(fst_app_run_place(app)->runs_dir, "chains");
    char *path = fst_path_join(folder, id);
    char *text = fst_asprintf("{\"target\":\"transformation/two.v1\",\"host\":\"elsewhere\","
                              "\"began\":5,\"resources\":[%lld,%lld]}\n%s",
                              (long long)one, (long long)two, more);
    assert_int_equal(fst_mkdirs(folder, 0700, &err), FST_OK);
    assert_int_equal(fst_file_write(path, text, strlen(text), 0600, &err), FST_OK);
    free(text);
    free(path);
    free(folder);
}

static char *refused_run(int64_t of)
{
    struct fst_catalog *c;
    struct fst_resource *r;
    char *id;
    assert_int_equal(fst_app_take(app, &c, &err), FST_OK);
    assert_int_equal(fst_catalog_get(c, of, &r, &err), FST_OK);
    assert_int_equal(fst_run_refused(fst_app_run_place(app), c, r, NULL, "no", &id, &err), FST_OK);
    fst_resource_free(r);
    fst_app_give(app, c);
    return id;
}

static void test_app_chains__are_listed_newest_first(void **state)
{
    struct fst_chain_rows rows;
    (void)state;
    write_chain("20260101-000000-aaaa", "{\"end\":0,\"error\":\"\",\"at\":7}\n");
    write_chain("20260103-000000-cccc", "");
    write_chain("20260102-000000-bbbb", "{\"end\":1,\"error\":\"two.v1 is FAILED\",\"at\":9}\n");
    assert_int_equal(fst_app_chains(app, 0, 2, &rows, &err), FST_OK);
    assert_int_equal(rows.total, 3);
    assert_int_equal(rows.n, 2);
    assert_string_equal(rows.rows[0].id, "20260103-000000-cccc");
    assert_int_equal(rows.rows[0].state, FST_STATE_RUNNING);
    assert_string_equal(rows.rows[0].target, "two.v1");
    assert_null(rows.rows[0].error);
    assert_int_equal(rows.rows[1].state, FST_STATE_FAILED);
    assert_string_equal(rows.rows[1].error, "two.v1 is FAILED");
    assert_int_equal(rows.rows[1].began_us, 5);
    assert_int_equal(rows.rows[1].ended_us, 9);
    fst_chain_rows_done(&rows);
}

static void test_app_chains__are_those_of_a_resource(void **state)
{
    struct fst_chain_rows rows;
    (void)state;
    write_chain("20260101-000000-aaaa", "");
    assert_int_equal(fst_app_chains(app, two, 0, &rows, &err), FST_OK);
    assert_int_equal(rows.total, 1);
    fst_chain_rows_done(&rows);
    assert_int_equal(fst_app_chains(app, two + 100, 0, &rows, &err), FST_OK);
    assert_int_equal(rows.total, 0);
    fst_chain_rows_done(&rows);
}

static void add_ready_run(int64_t of, char *id)
{
    struct fst_catalog *c;
    const struct fst_run_record run = {
        .id = id, .resource_id = of, .provider = "local", .state = FST_STATE_READY};
    assert_int_equal(fst_app_take(app, &c, &err), FST_OK);
    assert_int_equal(fst_catalog_add_run(c, &run, &err), FST_OK);
    fst_app_give(app, c);
}

static void test_app_chains__say_how_far_they_are(void **state)
{
    struct fst_chain_rows rows;
    char *failed = refused_run(two), ready[] = "20260101-000000-good";
    add_ready_run(one, ready);
    char *lines = fst_asprintf("{\"resource\":%lld,\"run\":\"20260101-000000-good\"}\n"
                               "{\"resource\":%lld,\"run\":\"%s\"}\n",
                               (long long)one, (long long)two, failed);
    (void)state;
    write_chain("20260101-000000-aaaa", lines);
    assert_int_equal(fst_app_chains(app, 0, 0, &rows, &err), FST_OK);
    assert_int_equal(rows.rows[0].done, 1);
    assert_int_equal(rows.rows[0].n, 2);
    assert_null(rows.rows[0].now);
    fst_chain_rows_done(&rows);
    free(lines);
    free(failed);
}

/* What is no chain is left out; one that was written before times were kept has none. */
static void test_app_chains__odd_files_are_left_out(void **state)
{
    struct fst_chain_rows rows;
    (void)state;
    write_chain("20260101-000000-aaaa", "{\"end\":\"x\",\"error\":3}\nno JSON\n{\"run\":7}\n[]\n{");
    char *folder = fst_path_join(fst_app_run_place(app)->runs_dir, "chains");
    static const char *const odd[] = {"", "no JSON\n", "{\"resources\":3}\n",
                                      "{\"resources\":[]}\n"};
    for (size_t i = 0; i < FST_COUNT(odd); i++) {
        char *path = fst_asprintf("%s/2026010%zu-000000-oddd", folder, i);
        assert_int_equal(fst_file_write(path, odd[i], strlen(odd[i]), 0600, &err), FST_OK);
        free(path);
    }
    assert_int_equal(fst_app_chains(app, 0, 0, &rows, &err), FST_OK);
    assert_int_equal(rows.n, 1);
    assert_int_equal(rows.rows[0].ended_us, 0);
    fst_chain_rows_done(&rows);
    free(folder);
}

static void is_chain(const char *id, enum fst_state state, bool cancelled, const char *text)
{
    struct fst_chain chain;
    assert_int_equal(fst_chain_read(fst_app_run_place(app), id, &chain, &err), FST_OK);
    assert_int_equal(fst_chain_state(&chain), state);
    assert_int_equal(chain.cancelled, cancelled);
    assert_string_equal(chain.end.text, text);
    fst_chain_done(&chain);
}

static void test_app_chain__after_a_wish_no_step_is_started(void **state)
{
    struct fst_runs runs;
    struct fst_catalog *c;
    struct fst_run_query all = {0};
    (void)state;
    write_chain("20260101-000000-aaaa", "");
    assert_int_equal(fst_app_cancel_chain(app, "20260101-000000-aaaa", &err), FST_OK);
    is_chain("20260101-000000-aaaa", FST_STATE_RUNNING, true, "");
    assert_int_equal(fst_app_chain(app, "20260101-000000-aaaa", &err), FST_OK);
    is_chain("20260101-000000-aaaa", FST_STATE_CANCELLED, true, "cancelled before one.v1");
    assert_int_equal(fst_app_take(app, &c, &err), FST_OK);
    assert_int_equal(fst_catalog_runs(c, &all, &runs, &err), FST_OK);
    assert_int_equal(runs.total, 0);
    fst_runs_done(&runs);
    fst_app_give(app, c);
}

static void test_app_chain__what_has_ended_is_not_cancelled(void **state)
{
    (void)state;
    write_chain("20260101-000000-aaaa", "{\"end\":0,\"error\":\"\"}\n");
    assert_int_equal(fst_app_cancel_chain(app, "aaaa", &err), FST_EINVAL);
    assert_string_equal(err.text, "chain 20260101-000000-aaaa has ended already: READY");
    is_chain("20260101-000000-aaaa", FST_STATE_READY, false, "");
}

static void test_app_chain__a_part_of_an_id_is_enough_when_it_is_of_one(void **state)
{
    (void)state;
    write_chain("20260101-000000-aaaa", "");
    write_chain("20260102-000000-aaaa", "");
    assert_int_equal(fst_app_cancel_chain(app, "aaaa", &err), FST_EINVAL);
    assert_non_null(
        strstr(err.text, "several chains begin or end with aaaa: 20260102-000000-aaaa"));
    assert_int_equal(fst_app_cancel_chain(app, "", &err), FST_ENOTFOUND);
    assert_int_equal(fst_app_cancel_chain(app, "../chains/20260101-000000-aaaa", &err),
                     FST_ENOTFOUND);
    assert_int_equal(fst_app_cancel_chain(app, "20260102", &err), FST_OK);
    is_chain("20260101-000000-aaaa", FST_STATE_RUNNING, false, "");
    is_chain("20260102-000000-aaaa", FST_STATE_RUNNING, true, "");
}

/* Of three steps, two of which failed: what more says, and the third step stands on the first. */
static void write_failed(const char *id, int64_t made_for)
{
    char *of_one = refused_run(one), *of_three = refused_run(three);
    char *more =
        fst_asprintf("{\"target\":\"x\",\"host\":\"elsewhere\",\"for\":%lld,\"resources\":[%lld,"
                     "%lld,%lld]}\n{\"resource\":%lld,\"run\":\"%s\"}\n"
                     "{\"resource\":%lld,\"run\":\"%s\"}\n",
                     (long long)made_for, (long long)one, (long long)two, (long long)three,
                     (long long)one, of_one, (long long)three, of_three);
    write_chain(id, more);
    free(more);
    free(of_one);
    free(of_three);
}

static void test_app_chain__what_stands_on_a_failed_run_is_left_out(void **state)
{
    struct fst_chain chain;
    (void)state;
    write_failed("20260101-000000-aaaa", 0);
    assert_int_equal(fst_app_chain(app, "20260101-000000-aaaa", &err), FST_OK);
    assert_int_equal(fst_chain_read(fst_app_run_place(app), "20260101-000000-aaaa", &chain, &err),
                     FST_OK);
    assert_int_equal(fst_chain_state(&chain), FST_STATE_FAILED);
    assert_non_null(strstr(chain.end.text, "2 runs failed, the first: one.v1 is FAILED"));
    assert_null(chain.left_out[0]);
    assert_string_equal(chain.left_out[1], "one.v1");
    assert_null(chain.runs[1]);
    assert_null(chain.left_out[2]);
    fst_chain_done(&chain);
}

static void test_app_chain__ends_when_what_it_is_for_cannot_be_made(void **state)
{
    struct fst_chain chain;
    (void)state;
    write_failed("20260101-000000-aaaa", two);
    assert_int_equal(fst_app_chain(app, "20260101-000000-aaaa", &err), FST_OK);
    assert_int_equal(fst_chain_read(fst_app_run_place(app), "20260101-000000-aaaa", &chain, &err),
                     FST_OK);
    assert_int_equal(strncmp(chain.end.text, "one.v1 is FAILED", 16), 0);
    assert_string_equal(chain.left_out[1], "one.v1");
    fst_chain_done(&chain);
}

#define IN_WORKSPACE(test) cmocka_unit_test_setup_teardown(test, make_workspace, workspace_remove)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_WORKSPACE(test_app_chains__are_listed_newest_first),
        IN_WORKSPACE(test_app_chains__are_those_of_a_resource),
        IN_WORKSPACE(test_app_chains__say_how_far_they_are),
        IN_WORKSPACE(test_app_chains__odd_files_are_left_out),
        IN_WORKSPACE(test_app_chain__after_a_wish_no_step_is_started),
        IN_WORKSPACE(test_app_chain__what_has_ended_is_not_cancelled),
        IN_WORKSPACE(test_app_chain__what_stands_on_a_failed_run_is_left_out),
        IN_WORKSPACE(test_app_chain__ends_when_what_it_is_for_cannot_be_made),
        IN_WORKSPACE(test_app_chain__a_part_of_an_id_is_enough_when_it_is_of_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
