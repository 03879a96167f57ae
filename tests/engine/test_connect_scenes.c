/* What a real server does not do on demand, against one that plays scenes (fake_connect.py):
 * streams that break, a Spark 3.5, and who it is told that we are. */
#include "spark_fixture.h"

static const struct fst_work rows = {.sql = "SELECT id FROM t"};

static bool has_grpc(void)
{
    const char *python = getenv("FIRESTEEL_PYTHON");
    char *found = fst_find_program(python && access(python, X_OK) == 0 ? python : "python3");
    char *argv[] = {found, "-c", "import grpc, pyarrow", NULL};
    struct fst_buf out = FST_BUF_TEXT;
    int status = 1;
    bool ok = found && fst_run(argv, 60000, 1000, &out, &status, NULL) == FST_OK && status == 0;
    fst_buf_done(&out);
    free(found);
    return ok;
}

static int set_up_scene(void **state)
{
    setenv("FIRESTEEL_SPARK_URL", "sc://127.0.0.1:1", 1);
    return set_up(state);
}

static struct fst_session *play(struct fixture *f, const char *scene, const char *parameters)
{
    int port = start_server(f, "tests/engine/fake_connect.py", scene, NULL, NULL, NULL);
    return open_at(f->arena, fst_arena_printf(f->arena, "sc://127.0.0.1:%d%s", port, parameters),
                   "");
}

/* What it heard after its port, lines by ", ". */
static char *heard(struct fixture *f)
{
    char *text = strchr(server_said(f), '\n');
    struct fst_buf out = FST_BUF_TEXT;
    for (char *p = text ? text + 1 : NULL; p && *p; p = strchr(p, '\n') + 1)
        fst_buf_printf(&out, "%s%.*s", out.n ? ", " : "", (int)strcspn(p, "\n"), p);
    char *said = fst_arena_strdup(f->arena, fst_buf_text(&out));
    fst_buf_done(&out);
    return said;
}

static void gives_all(struct fixture *f, const char *scene, const char *parameters,
                      const struct fst_work *w, const char *calls)
{
    struct fst_session *s = play(f, scene, parameters);
    assert_string_equal(rows_in(f, s, w, 10), "1\n2\n3\n4\n");
    fst_engine_connect.close(s);
    assert_string_equal(heard(f), calls);
}

/* Two rows, and then an error instead of the rest. */
static void breaks(struct fixture *f, const char *scene, const char *words)
{
    struct fst_session *s = play(f, scene, "");
    struct fst_reader *r = NULL;
    struct fst_frame *frame;
    struct fst_error err = {.text = ""};
    enum fst_status status = fst_engine_connect.query(s, &rows, 10, &r, NULL, &err);
    assert_int_equal(status, FST_OK);
    for (int row = 0; (status = fst_reader_next(r, 1, &frame, &err)) == FST_OK; row++) {
        assert_non_null(frame);
        assert_true(row < 2);
        fst_frame_unref(frame);
    }
    assert_int_equal(status, FST_ENET);
    if (!strstr(err.text, words))
        fail_msg("\"%s\" does not say \"%s\"", err.text, words);
    fst_reader_close(r);
    fst_engine_connect.close(s);
}

static void test_engine_connect__user_headers_and_token_reach_the_server(void **state)
{
    gives_all(*state, "who", "/;user_id=ann;x-team=features%20one;token=of-a-test-only", &rows,
              "ExecutePlan -, ann features one Bearer of-a-test-only, ReleaseExecute -");
}

static void test_engine_connect__what_never_arrived_is_sent_again(void **state)
{
    gives_all(*state, "never-arrived", "", &rows,
              "ExecutePlan -, ReattachExecute -, ExecutePlan -, ReleaseExecute -");
}

static void test_engine_connect__a_broken_stream_goes_on_after_the_last_response(void **state)
{
    gives_all(*state, "broken", "", &rows, "ExecutePlan -, ReattachExecute r2, ReleaseExecute -");
}

static void test_engine_connect__a_stream_that_ends_early_is_taken_up(void **state)
{
    gives_all(*state, "two-minutes", "", &rows,
              "ExecutePlan -, ReattachExecute r2, ReattachExecute r3, ReattachExecute r4, "
              "ReleaseExecute -");
}

static void test_engine_connect__rows_that_the_server_dropped_are_an_error(void **state)
{
    breaks(*state, "dropped", "ask again");
}

static void test_engine_connect__rows_of_a_server_started_anew_do_not_begin_again(void **state)
{
    breaks(*state, "restarted", "ask again");
}

static void test_engine_connect__a_spark_that_cannot_bind_inputs_gets_views(void **state)
{
    const struct fst_input in = {.name = "{t.v1}", .uri = "/t"};
    const struct fst_work w = {.sql = "SELECT id FROM `{t.v1}`", .inputs = &in, .n_inputs = 1};
    gives_all(*state, "old", "", &w,
              "ExecutePlan -, ReleaseExecute -, ExecutePlan -, view, ExecutePlan -, rows, "
              "ReleaseExecute -, ExecutePlan -, drop");
}

#define SCENE_TEST(name) cmocka_unit_test_setup_teardown(name, set_up_scene, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        SCENE_TEST(test_engine_connect__user_headers_and_token_reach_the_server),
        SCENE_TEST(test_engine_connect__what_never_arrived_is_sent_again),
        SCENE_TEST(test_engine_connect__a_broken_stream_goes_on_after_the_last_response),
        SCENE_TEST(test_engine_connect__a_stream_that_ends_early_is_taken_up),
        SCENE_TEST(test_engine_connect__rows_that_the_server_dropped_are_an_error),
        SCENE_TEST(test_engine_connect__rows_of_a_server_started_anew_do_not_begin_again),
        SCENE_TEST(test_engine_connect__a_spark_that_cannot_bind_inputs_gets_views),
    };
    if (!has_grpc()) {
        printf("SKIP test_connect_scenes: Python has no grpcio and pyarrow\n");
        return 0;
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}
