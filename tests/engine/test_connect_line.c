/* Lines that break in the middle of rows, work that others stop, and what a failure leaves in the
 * log: against a real Spark Connect server ($FIRESTEEL_SPARK_URL), of any version. */
#include "connect_run.h"
#include "spark_fixture.h"

#define TEN_COLUMNS                                                                                \
    "SELECT id, id * 2 AS a, id * 3 AS b, id / 3.0D AS c, CAST(id AS INT) AS d, "                  \
    "concat('name', id) AS e, repeat('x', 10) AS f, DATE'2024-01-01' AS g, "                       \
    "TIMESTAMP'2024-01-01 00:00:00' AS h, id % 2 = 0 AS i FROM range(0, 200000, 1, 8)"
#define SLOW_ROWS                                                                                  \
    "SELECT id, reflect('java.lang.Thread', 'sleep', 500L) AS slept FROM range(0, 60, 1, 60)"
enum { ROWS = 200000 };

static struct fst_reader *ask(struct fst_session *s, const struct fst_work *w, uint64_t limit)
{
    struct fst_reader *r = NULL;
    struct fst_error err = {.text = ""};
    if (fst_engine_connect.query(s, w, limit, &r, NULL, &err) != FST_OK)
        fail_msg("%s", err.text);
    return r;
}

/* FNV-1a over all cells in their order; column `id` must count from 0 without a gap. */
static enum fst_status sum_up(struct fst_reader *r, uint64_t *sum, int64_t *rows,
                              struct fst_error *err)
{
    struct fst_frame *frame;
    struct fst_buf text = FST_BUF_TEXT;
    enum fst_status status;
    *sum = 14695981039346656037u;
    while ((status = fst_reader_next(r, 5000, &frame, err)) == FST_OK && frame) {
        for (size_t i = 0; i < frame->n_rows; i++, ++*rows) {
            assert_int_equal(fst_column_int(&frame->columns[0], i), *rows);
            fst_buf_clear(&text);
            add_row(&text, frame, i);
            for (size_t k = 0; k < text.n; k++)
                *sum = (*sum ^ (unsigned char)text.p[k]) * 1099511628211u;
        }
        fst_frame_unref(frame);
    }
    fst_buf_done(&text);
    return status;
}

static size_t cuts_of(struct fixture *f)
{
    size_t n = 0;
    for (const char *p = strstr(server_said(f), "cut\n"); p; p = strstr(p + 4, "cut\n"))
        n++;
    return n;
}

/* A session through a proxy that ends each connection after so many bytes. */
static struct fst_session *open_cut(struct fixture *f, const char *bytes)
{
    const char *url = getenv("FIRESTEEL_SPARK_URL");
    const char *rest = strstr(url, "/;") ? strstr(url, "/;") : "";
    int port = start_proxy(f, url, "--cut", bytes, NULL);
    return open_at(f->arena, fst_arena_printf(f->arena, "sc://127.0.0.1:%d%s", port, rest), "");
}

static void test_engine_connect__a_line_cut_again_and_again_loses_and_doubles_no_row(void **state)
{
    struct fixture *f = *state;
    const struct fst_work w = {.sql = TEN_COLUMNS};
    struct fst_session *s = open_cut(f, "1700003");
    struct fst_error err = {.text = ""};
    uint64_t whole, pieces;
    int64_t rows = 0, again = 0;
    struct fst_reader *r = ask(f->s, &w, ROWS);
    assert_int_equal(sum_up(r, &whole, &rows, &err), FST_OK);
    fst_reader_close(r);
    assert_int_equal(rows, ROWS);
    r = ask(s, &w, ROWS);
    if (sum_up(r, &pieces, &again, &err) != FST_OK)
        fail_msg("%s", err.text);
    fst_reader_close(r);
    fst_engine_connect.close(s);
    assert_int_equal(again, ROWS);
    assert_true(whole == pieces);
    assert_true(cuts_of(f) >= 5);
}

/* The server ends the session, and all it keeps for it, while rows are on the way. */
static void test_engine_connect__rows_that_are_gone_are_an_error_and_never_begin_again(void **state)
{
    struct fixture *f = *state;
    const struct fst_work w = {
        .sql = "SELECT id, repeat('x', 100000), reflect('java.lang.Thread', 'sleep', 200L) "
               "FROM range(0, 80, 1, 8)"};
    struct fst_session *s = open_cut(f, "3000001");
    struct fst_session *other = open_at(f->arena, getenv("FIRESTEEL_SPARK_URL"), "");
    struct fst_error err = {.text = ""};
    struct fst_reader *r = ask(s, &w, 80);
    uint64_t sum;
    int64_t rows = 0;
    struct connect_call c = {.s = other, .session_id = s->id};
    enum fst_status released = connect_release_session(&c, &err);
    if (released == FST_EUNSUPPORTED) { /* Spark before 4.0 */
        fst_reader_close(r);
        fst_engine_connect.close(other);
        fst_engine_connect.close(s);
        skip();
    }
    assert_int_equal(released, FST_OK);
    assert_int_not_equal(sum_up(r, &sum, &rows, &err), FST_OK);
    assert_true(rows < 80);
    /* by what reaches us first: the line's end, or the server's word on the work */
    if (!strstr(err.text, "ask again") && !strstr(err.text, "OPERATION_CANCELED"))
        fail_msg("%s", err.text);
    fst_reader_close(r);
    const struct fst_work one = {.sql = "SELECT 1"};
    assert_string_equal(rows_in(f, s, &one, 1), "1\n"); /* in a session made anew */
    fst_engine_connect.close(other);
    fst_engine_connect.close(s);
}

static enum fst_run_state to_end(struct fixture *f, struct fst_problem *problem,
                                 struct fst_error *err)
{
    struct fst_progress p;
    int64_t until = fst_monotonic_us() + 60 * (int64_t)1000000;
    do
        assert_int_equal(fst_engine_connect.poll(f->s, 200, &p, problem, err), FST_OK);
    while (p.state < FST_RUN_READY && fst_monotonic_us() < until);
    return p.state;
}

static void submit(struct fixture *f, const char *sql)
{
    static char id[37];
    static int outputs;
    struct fst_buf handle = FST_BUF_TEXT;
    struct fst_error err = {.text = ""};
    fst_uuid4(id);
    const struct fst_work w = {.sql = sql,
                               .output_uri =
                                   fst_arena_printf(f->arena, "%s/out%d", f->dir, outputs++),
                               .operation_id = id};
    if (fst_engine_connect.submit(f->s, &w, &handle, NULL, &err) != FST_OK)
        fail_msg("%s", err.text);
    fst_buf_done(&handle);
}

/* Interrupted by somebody who knows the session and not the operation, after so many seconds: how
 * it ended in 20. */
static enum fst_run_state interrupt_unknown(struct fixture *f, struct fst_session *other, int after)
{
    struct fst_problem problem;
    struct fst_error err = {.text = ""};
    char unknown[37];
    bool found = false, ever = false;
    fst_uuid4(unknown);
    submit(f, SLOW_ROWS);
    struct connect_call c = {.s = other, .session_id = f->s->run->session};
    struct fst_progress p = {.state = FST_RUN_PENDING};
    int64_t from = fst_monotonic_us() + after * (int64_t)1000000;
    while (p.state < FST_RUN_READY && fst_monotonic_us() < from)
        assert_int_equal(fst_engine_connect.poll(f->s, 200, &p, &problem, &err), FST_OK);
    int64_t until = from + 20 * (int64_t)1000000;
    while (p.state < FST_RUN_READY && fst_monotonic_us() < until) { /* it may not have begun yet */
        assert_int_equal(connect_interrupt(&c, unknown, &found, &err), FST_OK);
        ever |= found;
        assert_int_equal(fst_engine_connect.poll(f->s, 200, &p, &problem, &err), FST_OK);
    }
    assert_true(ever);
    if (p.state == FST_RUN_CANCELLED) {
        assert_int_equal(connect_interrupt(&c, unknown, &found, &err), FST_OK);
        assert_false(found); /* nothing is left to hit */
    }
    return p.state;
}

/* Spark before 4.2 may swallow an interrupt that comes while work is being planned, and takes no
 * second one: such work goes on to its end. Where planning takes long a later one is needed. */
static void test_engine_connect__work_of_another_name_is_interrupted_by_its_tag(void **state)
{
    struct fixture *f = *state;
    struct fst_session *other = open_at(f->arena, getenv("FIRESTEEL_SPARK_URL"), "");
    enum fst_run_state end = FST_RUN_RUNNING;
    for (int after = 0; end != FST_RUN_CANCELLED && after < 5; after++) {
        connect_run_free(f->s->run);
        f->s->run = NULL;
        end = interrupt_unknown(f, other, after);
    }
    assert_int_equal(end, FST_RUN_CANCELLED);
    fst_engine_connect.close(other);
}

/* From 4.0 on what the plan binds is Spark's own to forget, and it forgets plain names only. */
static void test_engine_connect__inputs_leave_no_views_of_ours_in_the_session(void **state)
{
    struct fixture *f = *state;
    const struct fst_input in[] = {{.name = "{nine.v1}", .query = "SELECT id FROM range(9)"},
                                   {.name = "even",
                                    .query = "SELECT id FROM `{nine.v1}` "
                                             "WHERE id % 2 = 0"}};
    const struct fst_work w = {
        .sql = "SELECT count(*), sum(id) FROM even", .inputs = in, .n_inputs = 2};
    const struct fst_work show = {.sql = "SHOW VIEWS"}, left = {.sql = "SELECT * FROM even"};
    struct fst_error err = {.text = ""};
    struct fst_schema *schema;
    assert_string_equal(rows_in(f, f->s, &w, 5), "5|20\n");
    assert_string_equal(rows_in(f, f->s, &w, 0), "5|20\n");
    assert_int_equal(fst_engine_connect.check(f->s, &w, &schema, NULL, &err), FST_OK);
    fst_schema_free(schema);
    if (f->s->binding != CONNECT_BIND_VIEWS)
        return;
    assert_string_equal(rows_in(f, f->s, &show, 10), "");
    assert_int_equal(fst_engine_connect.check(f->s, &left, &schema, NULL, &err), FST_EINVAL);
}

static void test_engine_connect__a_failure_leaves_its_parameters_in_the_log(void **state)
{
    struct fixture *f = *state;
    struct fst_buf cursor = FST_BUF_TEXT, log = FST_BUF_TEXT;
    struct fst_problem problem = {.line = 0};
    struct fst_error err = {.text = ""};
    submit(f, "SELECT CAST(concat('a', id) AS INT) AS n FROM range(1)");
    if (to_end(f, &problem, &err) == FST_RUN_READY)
        skip(); /* a Spark that is not strict by default */
    assert_int_equal(fst_engine_connect.log(f->s, &cursor, &log, &err), FST_OK);
    const char *text = fst_buf_text(&log);
    static const char *const words[] = {"root cause: ",
                                        "condition: CAST_INVALID_INPUT",
                                        "SQL state: 22018",
                                        "targetType = \"INT\"",
                                        "expression = 'a0'",
                                        "at: CAST(concat('a', id) AS INT)",
                                        "    at org.apache.spark",
                                        " more)"};
    for (size_t i = 0; i < FST_COUNT(words); i++)
        if (!strstr(text, words[i]))
            fail_msg("no \"%s\" in\n%s", words[i], text);
    fst_buf_done(&cursor);
    fst_buf_done(&log);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        SPARK_TEST(test_engine_connect__a_line_cut_again_and_again_loses_and_doubles_no_row),
        SPARK_TEST(test_engine_connect__rows_that_are_gone_are_an_error_and_never_begin_again),
        SPARK_TEST(test_engine_connect__work_of_another_name_is_interrupted_by_its_tag),
        SPARK_TEST(test_engine_connect__inputs_leave_no_views_of_ours_in_the_session),
        SPARK_TEST(test_engine_connect__a_failure_leaves_its_parameters_in_the_log),
    };
    if (!getenv("FIRESTEEL_SPARK_URL")) {
        printf("SKIP test_connect_line: FIRESTEEL_SPARK_URL names no server\n");
        return 0;
    }
    if (getenv("FIRESTEEL_TEST_ONLY"))
        cmocka_set_test_filter(getenv("FIRESTEEL_TEST_ONLY"));
    return cmocka_run_group_tests(tests, NULL, NULL);
}
