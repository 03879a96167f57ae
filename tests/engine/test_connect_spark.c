/* Against a real Spark Connect server of this host: $FIRESTEEL_SPARK_URL (sc://127.0.0.1:PORT),
 * which tests/tools/spark-server.sh starts. Without it nothing is tested here. The work that is
 * killed in the middle is submitted by this same program, started again with other arguments. */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "connect.h"
#include "engines.h"

#define SLOW_ROWS(n, ms)                                                                           \
    "SELECT id, reflect('java.lang.Thread', 'sleep', " #ms "L) AS slept\nFROM range(0, " #n        \
    ", 1, " #n ")"

struct fixture {
    struct fst_arena *arena;
    struct fst_session *s;
    char dir[64];
};

static struct fst_session *open_session(struct fst_arena *a)
{
    struct fst_doc *doc;
    struct fst_session *s = NULL;
    char *json = fst_arena_printf(a, "{\"url\": \"%s\"}", getenv("FIRESTEEL_SPARK_URL"));
    struct fst_error err = {.text = ""};
    if (fst_json_parse(a, "options", json, strlen(json), NULL, &doc, &err) != FST_OK ||
        fst_engine_connect.open(doc, &s, &err) != FST_OK)
        fprintf(stderr, "%s\n", err.text);
    return s;
}

static int set_up(void **state)
{
    struct fixture *f = fst_alloc(sizeof(*f));
    f->arena = fst_arena_new();
    f->s = open_session(f->arena);
    strcpy(f->dir, "/tmp/fst-connect-XXXXXX");
    *state = f;
    return f->s && mkdtemp(f->dir) ? 0 : -1;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;
    fst_engine_connect.close(f->s);
    fst_remove_tree(f->dir, NULL);
    fst_arena_free(f->arena);
    free(f);
    return 0;
}

static char *place(const struct fixture *f, const char *name)
{
    return fst_arena_printf(f->arena, "%s/%s", f->dir, name);
}

/* Rows as text: cells by |, rows by line ends. Arena-owned. */
static char *rows_of(struct fixture *f, const struct fst_work *w, uint64_t limit)
{
    struct fst_reader *r = NULL;
    struct fst_problem problem = {.line = 0};
    struct fst_error err = {.text = ""};
    struct fst_buf text = FST_BUF_TEXT;
    if (fst_engine_connect.query(f->s, w, limit, &r, &problem, &err) != FST_OK)
        fail_msg("%s", err.text);
    struct fst_frame *frame;
    while (fst_reader_next(r, 3, &frame, &err) == FST_OK && frame) {
        assert_true(frame->n_rows <= 3);
        for (size_t row = 0; row < frame->n_rows; row++) {
            for (size_t c = 0; c < frame->n_columns; c++) {
                fst_buf_adds(&text, c ? "|" : "");
                if (!fst_cell_text(&text, &frame->columns[c], row, FST_CELL_PLAIN))
                    fst_buf_adds(&text, "NULL");
            }
            fst_buf_adds(&text, "\n");
        }
        fst_frame_unref(frame);
    }
    fst_reader_close(r);
    char *out = fst_arena_strdup(f->arena, fst_buf_text(&text));
    fst_buf_done(&text);
    return out;
}

static enum fst_run_state run_to_end(struct fst_session *s, struct fst_progress *last,
                                     struct fst_problem *problem, struct fst_error *err)
{
    int64_t until = fst_monotonic_us() + 120 * (int64_t)1000000;
    do {
        if (fst_engine_connect.poll(s, 200, last, problem, err) != FST_OK)
            fail_msg("%s", err->text);
    } while (last->state < FST_RUN_READY && fst_monotonic_us() < until);
    return last->state;
}

/* Rows 0..n-1 with name and half as parquet at `name`; its path. */
static char *make_table(struct fixture *f, const char *name, int n)
{
    char *out = place(f, name), id[37];
    struct fst_session *s = open_session(f->arena);
    struct fst_buf handle = FST_BUF_TEXT;
    struct fst_progress last;
    struct fst_problem problem;
    struct fst_error err = {.text = ""};
    fst_uuid4(id);
    const struct fst_work w = {
        .sql = fst_arena_printf(f->arena,
                                "SELECT id, concat('n', id) AS name, id / 2.0D AS half "
                                "FROM range(0, %d, 1, 1)",
                                n),
        .output_uri = out,
        .operation_id = id};
    if (fst_engine_connect.submit(s, &w, &handle, &problem, &err) != FST_OK ||
        run_to_end(s, &last, &problem, &err) != FST_RUN_READY)
        fail_msg("%s", err.text);
    fst_engine_connect.close(s);
    fst_buf_done(&handle);
    return out;
}

static void test_engine_connect__ping_tells_the_version(void **state)
{
    struct fixture *f = *state;
    struct fst_buf line = FST_BUF_TEXT;
    assert_int_equal(fst_engine_connect.ping(f->s, &line, NULL), FST_OK);
    assert_non_null(strstr(fst_buf_text(&line), "Spark "));
    fst_buf_done(&line);
}

static void test_engine_connect__check_gives_the_schema_over_bound_inputs(void **state)
{
    struct fixture *f = *state;
    char *path = make_table(f, "t", 3);
    const struct fst_input inputs[] = {
        {.name = "{people.v1}", .uri = path, .format = "parquet"},
        {.name = "{sums.v1}", .query = "SELECT name, sum(half) AS s FROM `{people.v1}` GROUP BY 1"},
    };
    const struct fst_work w = {.sql = "SELECT p.id, s.s, CAST(1.5 AS DECIMAL(10,2)) AS d\n"
                                      "FROM `{people.v1}` p JOIN `{sums.v1}` s ON p.name = s.name",
                               .inputs = inputs,
                               .n_inputs = 2};
    struct fst_schema *schema = NULL;
    struct fst_problem problem;
    struct fst_error err = {.text = ""};
    if (fst_engine_connect.check(f->s, &w, &schema, &problem, &err) != FST_OK)
        fail_msg("%s", err.text);
    struct fst_buf text = FST_BUF_TEXT;
    assert_true(connect_schema_ddl(schema, &text));
    assert_string_equal(fst_buf_text(&text), "`id` bigint, `s` double, `d` decimal(10,2)");
    fst_buf_done(&text);
    fst_schema_free(schema);
}

static void check_fails(struct fixture *f, const struct fst_work *w, struct fst_problem *problem,
                        struct fst_error *err)
{
    struct fst_schema *schema = NULL;
    *problem = (struct fst_problem){.line = 0};
    assert_int_equal(fst_engine_connect.check(f->s, w, &schema, problem, err), FST_EINVAL);
}

static void test_engine_connect__check_errors_have_their_place(void **state)
{
    struct fixture *f = *state;
    static const struct {
        const char *sql, *condition;
        uint32_t line, col, len;
    } rows[] = {
        {"SELEC 1", "PARSE_SYNTAX_ERROR", 1, 1, 5},
        {"SELECT\n  nocol, id FROM `{t.v}`", "UNRESOLVED_COLUMN.WITH_SUGGESTION", 2, 3, 5},
        {"SELECT '\xf0\x9f\x90\x98', nocol FROM `{t.v}`", "UNRESOLVED_COLUMN.WITH_SUGGESTION", 1,
         13, 5},
        {"SELECT *\r\nFROM nosuch", "TABLE_OR_VIEW_NOT_FOUND", 2, 6, 6},
        {"", "PARSE_EMPTY_STATEMENT", 1, 1, 1},
    };
    const struct fst_input in = {.name = "{t.v}", .uri = make_table(f, "t", 1)};
    for (size_t i = 0; i < FST_COUNT(rows); i++) {
        const struct fst_work w = {.sql = rows[i].sql, .inputs = &in, .n_inputs = 1};
        struct fst_problem p;
        struct fst_error err;
        check_fails(f, &w, &p, &err);
        assert_string_equal(p.condition, rows[i].condition);
        assert_int_equal(p.line, rows[i].line);
        assert_int_equal(p.col, rows[i].col);
        assert_int_equal(p.len, rows[i].len);
        assert_null(strstr(p.message, "\n+-"));
    }
}

static void test_engine_connect__an_error_inside_an_input_names_the_input(void **state)
{
    struct fixture *f = *state;
    const struct fst_input inputs[] = {
        {.name = "{a.v}", .query = "SELECT 1 AS x"},
        {.name = "{b.v}", .query = "SELECT\n oops FROM `{a.v}`"},
    };
    const struct fst_work w = {.sql = "SELECT * FROM `{b.v}`", .inputs = inputs, .n_inputs = 2};
    struct fst_problem p;
    struct fst_error err;
    check_fails(f, &w, &p, &err);
    assert_int_equal(p.line, 0);
    assert_non_null(strstr(err.text, "{b.v}"));
}

static void test_engine_connect__rows_of_many_types_are_sparks(void **state)
{
    struct fixture *f = *state;
    const struct fst_work w = {
        .sql = "SELECT true, 1Y, -2S, 3, 4L, CAST(1.5 AS FLOAT), 1e300D, 12.34BD, "
               "CAST('-0.0000000001' AS DECIMAL(38,10)), 'a\\nb', X'00FF', DATE'2024-02-29', "
               "TIMESTAMP'2024-02-29 12:00:00.5', TIMESTAMP_NTZ'1969-12-31 23:59:59.999999', "
               "CAST(NULL AS INT), CAST('NaN' AS DOUBLE)",
        .time_zone = "Europe/Berlin"};
    assert_string_equal(rows_of(f, &w, 0),
                        "true|1|-2|3|4|1.5|1.0E300|12.34|-0.0000000001|a\nb|00ff|2024-02-29|"
                        "2024-02-29 11:00:00.5|1969-12-31 23:59:59.999999|NULL|NaN\n");
}

static void test_engine_connect__nested_rows_come_as_json(void **state)
{
    struct fixture *f = *state;
    const struct fst_work w = {
        .sql = "SELECT array(1, NULL, 3), map('k', 1.5D), named_struct('a', 1, 'b', array('x')), "
               "CAST(NULL AS ARRAY<INT>)"};
    assert_string_equal(rows_of(f, &w, 0), "[1,null,3]|{\"k\":1.5}|{\"a\":1,\"b\":[\"x\"]}|NULL\n");
}

static void test_engine_connect__query_reads_inputs_under_a_limit(void **state)
{
    struct fixture *f = *state;
    struct fst_schema *schema = fst_schema_new();
    struct fst_type bigint = fst_type(FST_LONG), text = fst_type(FST_STRING);
    fst_schema_add(schema, "id", &bigint, true);
    fst_schema_add(schema, "name", &text, true);
    const struct fst_input in = {
        .name = "{t.v}", .uri = make_table(f, "a b", 10), .schema = schema};
    const struct fst_work w = {
        .sql = "SELECT * FROM `{t.v}` ORDER BY id", .inputs = &in, .n_inputs = 1};
    assert_string_equal(rows_of(f, &w, 4), "0|n0\n1|n1\n2|n2\n3|n3\n");
    fst_schema_free(schema);
}

static void test_engine_connect__csv_is_read_by_its_options(void **state)
{
    struct fixture *f = *state;
    static const char csv[] = "id,name\n1,\"a,b\"\n2,\n";
    char *path = place(f, "t.csv");
    assert_int_equal(fst_file_write(path, csv, sizeof(csv) - 1, 0644, NULL), FST_OK);
    static const char json[] = "{\"header\": true, \"inferSchema\": \"true\"}";
    struct fst_doc *options;
    assert_int_equal(fst_json_parse(f->arena, "o", json, sizeof(json) - 1, NULL, &options, NULL),
                     FST_OK);
    const struct fst_input in = {.name = "{t.v}", .uri = path, .format = "csv", .options = options};
    const struct fst_work w = {
        .sql = "SELECT id + 1, name FROM `{t.v}`", .inputs = &in, .n_inputs = 1};
    assert_string_equal(rows_of(f, &w, 0), "2|a,b\n3|NULL\n");
}

static void test_engine_connect__an_empty_result_has_columns(void **state)
{
    struct fixture *f = *state;
    const struct fst_work w = {.sql = "SELECT 1 AS a, 'x' AS b WHERE false"};
    struct fst_reader *r;
    assert_int_equal(fst_engine_connect.query(f->s, &w, 10, &r, NULL, NULL), FST_OK);
    assert_int_equal(r->schema->n, 2);
    assert_string_equal(r->schema->fields[1].name, "b");
    fst_reader_close(r);
}

/* 80 MB of text: by files without a limit, through a short queue with one. */
static size_t count_rows(struct fixture *f, const struct fst_work *w, uint64_t limit)
{
    struct fst_reader *r;
    struct fst_frame *frame;
    struct fst_error err = {0};
    size_t n = 0;
    if (fst_engine_connect.query(f->s, w, limit, &r, NULL, &err) != FST_OK)
        fail_msg("%s", err.text);
    while (fst_reader_next(r, 4096, &frame, &err) == FST_OK && frame) {
        n += frame->n_rows;
        fst_frame_unref(frame);
    }
    assert_int_equal(err.status, FST_OK);
    fst_reader_close(r);
    return n;
}

static void test_engine_connect__a_large_result_comes_whole_both_ways(void **state)
{
    struct fixture *f = *state;
    const struct fst_work w = {.sql = "SELECT repeat('x', 1000) AS x FROM range(0, 80000, 1, 16)"};
    assert_int_equal(count_rows(f, &w, 0), 80000);
    assert_int_equal(count_rows(f, &w, 79999), 79999);
}

static void test_engine_connect__a_reader_closed_early_ends_the_query(void **state)
{
    struct fixture *f = *state;
    const struct fst_work w = {
        .sql = "SELECT id, repeat('x', 1000) AS x FROM range(0, 800000, 1, 64)"};
    struct fst_reader *r;
    struct fst_frame *frame;
    struct fst_error err = {0};
    int64_t began = fst_monotonic_us();
    assert_int_equal(fst_engine_connect.query(f->s, &w, 700000, &r, NULL, &err), FST_OK);
    assert_int_equal(fst_reader_next(r, 10, &frame, &err), FST_OK);
    assert_int_equal(frame->n_rows, 10);
    fst_frame_unref(frame);
    fst_reader_close(r);
    assert_true(fst_monotonic_us() - began < 30000000);
}

static void test_engine_connect__errors_of_work_have_their_range(void **state)
{
    struct fixture *f = *state;
    const struct fst_work w = {.sql = "SELECT id,\n  id/(id-5) AS x\nFROM range(10)"};
    struct fst_reader *r;
    struct fst_problem p = {.line = 0};
    struct fst_error err;
    assert_int_equal(fst_engine_connect.query(f->s, &w, 0, &r, &p, &err), FST_EREMOTE);
    assert_string_equal(p.condition, "DIVIDE_BY_ZERO");
    assert_string_equal(p.sqlstate, "22012");
    assert_int_equal(p.line, 2);
    assert_int_equal(p.col, 3);
    assert_int_equal(p.len, 9);
}

static void test_engine_connect__a_session_that_the_server_closed_is_made_anew(void **state)
{
    struct fixture *f = *state;
    const struct fst_work w = {.sql = "SELECT 1"};
    assert_string_equal(rows_of(f, &w, 0), "1\n");
    struct connect_call c = {.s = f->s, .session_id = f->s->id};
    assert_int_equal(connect_release_session(&c, NULL), FST_OK);
    assert_string_equal(rows_of(f, &w, 0), "1\n");
}

static bool after_a_second(void *since)
{
    return fst_monotonic_us() - *(int64_t *)since > 1000000;
}

static void test_engine_connect__a_query_is_cancelled_at_the_server_too(void **state)
{
    struct fixture *f = *state;
    int64_t since = fst_monotonic_us();
    const struct fst_work slow = {
        .sql = SLOW_ROWS(2, 60000), .cancelled = after_a_second, .cancel_arg = &since};
    struct fst_reader *r;
    assert_int_equal(fst_engine_connect.query(f->s, &slow, 0, &r, NULL, NULL), FST_ECANCELLED);
    const struct fst_work next = {.sql = "SELECT 2"}; /* waits for a slot if it was not */
    assert_string_equal(rows_of(f, &next, 0), "2\n");
    assert_true(fst_monotonic_us() - since < 20000000);
}

static void test_engine_connect__explain_shows_the_plan(void **state)
{
    struct fixture *f = *state;
    const struct fst_work w = {.sql = "SELECT sum(id) FROM range(10)"};
    struct fst_buf out = FST_BUF_TEXT;
    assert_int_equal(fst_engine_connect.explain(f->s, &w, &out, NULL, NULL), FST_OK);
    assert_non_null(strstr(fst_buf_text(&out), "Physical Plan"));
    fst_buf_done(&out);
}

/* ---- Runs ------------------------------------------------------------------------------------ */

static struct fst_work slow_run(struct fixture *f, const char *sql, char id[37])
{
    fst_uuid4(id);
    return (struct fst_work){.sql = sql, .output_uri = place(f, "out"), .operation_id = id};
}

static void test_engine_connect__a_run_tells_its_progress(void **state)
{
    struct fixture *f = *state;
    char id[37];
    const struct fst_work w = slow_run(f, SLOW_ROWS(12, 300), id);
    struct fst_buf handle = FST_BUF_TEXT;
    struct fst_progress p = {.state = FST_RUN_PENDING};
    struct fst_problem problem;
    struct fst_error err = {.text = ""};
    if (fst_engine_connect.submit(f->s, &w, &handle, &problem, &err) != FST_OK)
        fail_msg("%s", err.text);
    bool saw_part = false;
    while (p.state < FST_RUN_READY) {
        assert_int_equal(fst_engine_connect.poll(f->s, 500, &p, &problem, &err), FST_OK);
        saw_part |= p.state == FST_RUN_RUNNING && p.tasks_done > 0 && p.tasks_done < 12 &&
                    p.tasks_total == 12;
    }
    assert_int_equal(p.state, FST_RUN_READY);
    assert_true(saw_part);
    assert_true(fst_path_exists(place(f, "out/_SUCCESS")));
    fst_buf_done(&handle);
}

/* Work that fails at once may do so within submit. */
static void fails(struct fixture *f, const struct fst_work *w, struct fst_problem *problem,
                  struct fst_error *err)
{
    struct fst_buf handle = FST_BUF_TEXT;
    struct fst_progress last;
    if (fst_engine_connect.submit(f->s, w, &handle, problem, err) == FST_OK)
        assert_int_equal(run_to_end(f->s, &last, problem, err), FST_RUN_FAILED);
    fst_buf_done(&handle);
}

static void test_engine_connect__a_run_that_fails_says_where(void **state)
{
    struct fixture *f = *state;
    char id[37];
    const struct fst_work w = slow_run(f, "SELECT id,\n  id/(id-5) AS x\nFROM range(10)", id);
    struct fst_problem problem = {.line = 0};
    struct fst_error err = {.text = ""};
    fails(f, &w, &problem, &err);
    assert_int_equal(err.status, FST_EREMOTE);
    assert_string_equal(problem.condition, "DIVIDE_BY_ZERO");
    assert_int_equal(problem.line, 2);
}

static void test_engine_connect__an_output_that_exists_is_never_overwritten(void **state)
{
    struct fixture *f = *state;
    char id[37];
    make_table(f, "out", 5);
    const struct fst_work w = slow_run(f, "SELECT 1 AS one", id);
    struct fst_problem problem = {.line = 0};
    struct fst_error err = {.text = ""};
    fails(f, &w, &problem, &err);
    assert_string_equal(problem.condition, "PATH_ALREADY_EXISTS");
}

static void test_engine_connect__a_cancelled_run_is_cancelled_and_not_failed(void **state)
{
    struct fixture *f = *state;
    char id[37];
    const struct fst_work w = slow_run(f, SLOW_ROWS(40, 500), id);
    struct fst_buf handle = FST_BUF_TEXT;
    struct fst_progress last;
    struct fst_problem problem;
    struct fst_error err = {.text = ""};
    assert_int_equal(fst_engine_connect.submit(f->s, &w, &handle, &problem, &err), FST_OK);
    assert_int_equal(fst_engine_connect.cancel(f->s, &err), FST_OK);
    assert_int_equal(run_to_end(f->s, &last, &problem, &err), FST_RUN_CANCELLED);
    fst_buf_done(&handle);
}

/* The other process: submit, leave the handle in a file, and wait to be killed. */
static int submit_and_wait(const char *out, const char *id, const char *sql,
                           const char *handle_file)
{
    struct fst_arena *a = fst_arena_new();
    struct fst_session *s = open_session(a);
    struct fst_buf handle = FST_BUF_TEXT;
    struct fst_progress p;
    struct fst_problem problem;
    struct fst_error err = {.text = ""};
    const struct fst_work w = {.sql = sql, .output_uri = out, .operation_id = id};
    if (!s || fst_engine_connect.submit(s, &w, &handle, &problem, &err) != FST_OK)
        return 1;
    do
        fst_engine_connect.poll(s, 200, &p, &problem, &err);
    while (p.tasks_done < 1 && p.state < FST_RUN_READY);
    fst_file_write(handle_file, handle.p, handle.n, 0600, NULL);
    for (;;)
        pause();
}

/* Kill the submitter once its work has begun; the handle it left. */
static char *kill_submitter(struct fixture *f, const char *sql, const char *id)
{
    char *handle = place(f, "handle"), *text = NULL;
    char *argv[] = {"/proc/self/exe", "submit", place(f, "out"), (char *)id, (char *)sql,
                    handle,           NULL};
    struct fst_spawn spawn = {.argv = argv, .detached = true};
    pid_t pid;
    size_t n;
    assert_int_equal(fst_spawn(&spawn, &pid, NULL), FST_OK);
    while (!fst_path_exists(handle))
        assert_true(fst_process_alive(pid, 0));
    kill(pid, SIGKILL);
    waitpid(pid, NULL, 0);
    assert_int_equal(fst_file_read(handle, 4096, &text, &n, NULL), FST_OK);
    return text;
}

static void found_again(struct fixture *f, const char *sql, bool with_handle,
                        enum fst_run_state wanted, struct fst_problem *problem)
{
    char id[37];
    const struct fst_work w = slow_run(f, sql, id);
    char *handle = kill_submitter(f, sql, id);
    struct fst_progress last;
    struct fst_error err = {.text = ""};
    assert_false(fst_path_exists(place(f, "out/_SUCCESS")));
    if (fst_engine_connect.reattach(f->s, &w, with_handle ? handle : "", &err) != FST_OK)
        fail_msg("%s", err.text);
    /* the server's page of jobs may be a moment behind its status */
    do {
        assert_int_equal(fst_engine_connect.poll(f->s, 1000, &last, problem, &err), FST_OK);
        assert_int_equal(last.state, FST_RUN_RUNNING);
    } while (last.tasks_total < 1);
    assert_int_equal(run_to_end(f->s, &last, problem, &err), wanted);
    free(handle);
}

static void test_engine_connect__work_of_a_killed_client_is_found_again_and_ends_ready(void **state)
{
    struct fixture *f = *state;
    struct fst_problem problem;
    found_again(f, SLOW_ROWS(20, 500), true, FST_RUN_READY, &problem);
    assert_true(fst_path_exists(place(f, "out/_SUCCESS")));
    const struct fst_input in = {.name = "{o.v}", .uri = place(f, "out")};
    const struct fst_work count = {
        .sql = "SELECT count(*) FROM `{o.v}`", .inputs = &in, .n_inputs = 1};
    assert_string_equal(rows_of(f, &count, 0), "20\n");
}

static void test_engine_connect__it_is_found_without_a_handle_too(void **state)
{
    struct fst_problem problem;
    found_again(*state, SLOW_ROWS(10, 500), false, FST_RUN_READY, &problem);
}

static void test_engine_connect__work_that_fails_alone_says_why_to_who_comes_later(void **state)
{
    struct fst_problem problem = {.line = 0};
    found_again(*state,
                "SELECT\n  id/(id - 11) AS x, reflect('java.lang.Thread', 'sleep', 400L) AS s\n"
                "FROM range(0, 12, 1, 12)",
                true, FST_RUN_FAILED, &problem);
    assert_string_equal(problem.condition, "DIVIDE_BY_ZERO");
    assert_int_equal(problem.line, 2);
    assert_int_equal(problem.col, 3);
}

static void test_engine_connect__found_work_can_be_cancelled_by_another(void **state)
{
    struct fixture *f = *state;
    char id[37];
    const struct fst_work w = slow_run(f, SLOW_ROWS(60, 500), id);
    char *handle = kill_submitter(f, w.sql, id);
    struct fst_session *other = open_session(f->arena);
    struct fst_progress last;
    struct fst_problem problem;
    struct fst_error err = {.text = ""};
    assert_int_equal(fst_engine_connect.reattach(f->s, &w, handle, &err), FST_OK);
    assert_int_equal(fst_engine_connect.reattach(other, &w, handle, &err), FST_OK);
    assert_int_equal(fst_engine_connect.cancel(other, &err), FST_OK);
    assert_int_equal(run_to_end(f->s, &last, &problem, &err), FST_RUN_CANCELLED);
    assert_int_equal(run_to_end(other, &last, &problem, &err), FST_RUN_CANCELLED);
    fst_engine_connect.close(other);
    free(handle);
}

static void test_engine_connect__what_nobody_knows_is_lost_unless_it_succeeded(void **state)
{
    struct fixture *f = *state;
    char id[37];
    struct fst_work w = slow_run(f, "SELECT 1", id);
    struct fst_progress last;
    struct fst_problem problem;
    struct fst_error err = {.text = ""};
    assert_int_equal(fst_engine_connect.reattach(f->s, &w, "", &err), FST_ENOTFOUND);
    assert_non_null(strstr(err.text, "LOST"));
    w.output_uri = make_table(f, "done", 1);
    assert_int_equal(fst_engine_connect.reattach(f->s, &w, "", &err), FST_OK);
    assert_int_equal(fst_engine_connect.poll(f->s, 0, &last, &problem, &err), FST_OK);
    assert_int_equal(last.state, FST_RUN_READY);
}

#define SPARK_TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        SPARK_TEST(test_engine_connect__ping_tells_the_version),
        SPARK_TEST(test_engine_connect__work_of_a_killed_client_is_found_again_and_ends_ready),
        SPARK_TEST(test_engine_connect__it_is_found_without_a_handle_too),
        SPARK_TEST(test_engine_connect__work_that_fails_alone_says_why_to_who_comes_later),
        SPARK_TEST(test_engine_connect__found_work_can_be_cancelled_by_another),
        SPARK_TEST(test_engine_connect__what_nobody_knows_is_lost_unless_it_succeeded),
        SPARK_TEST(test_engine_connect__check_gives_the_schema_over_bound_inputs),
        SPARK_TEST(test_engine_connect__check_errors_have_their_place),
        SPARK_TEST(test_engine_connect__an_error_inside_an_input_names_the_input),
        SPARK_TEST(test_engine_connect__rows_of_many_types_are_sparks),
        SPARK_TEST(test_engine_connect__nested_rows_come_as_json),
        SPARK_TEST(test_engine_connect__query_reads_inputs_under_a_limit),
        SPARK_TEST(test_engine_connect__csv_is_read_by_its_options),
        SPARK_TEST(test_engine_connect__an_empty_result_has_columns),
        SPARK_TEST(test_engine_connect__a_large_result_comes_whole_both_ways),
        SPARK_TEST(test_engine_connect__a_reader_closed_early_ends_the_query),
        SPARK_TEST(test_engine_connect__errors_of_work_have_their_range),
        SPARK_TEST(test_engine_connect__a_session_that_the_server_closed_is_made_anew),
        SPARK_TEST(test_engine_connect__a_query_is_cancelled_at_the_server_too),
        SPARK_TEST(test_engine_connect__explain_shows_the_plan),
        SPARK_TEST(test_engine_connect__a_run_tells_its_progress),
        SPARK_TEST(test_engine_connect__a_run_that_fails_says_where),
        SPARK_TEST(test_engine_connect__an_output_that_exists_is_never_overwritten),
        SPARK_TEST(test_engine_connect__a_cancelled_run_is_cancelled_and_not_failed),
    };
    if (argc == 6 && strcmp(argv[1], "submit") == 0)
        return submit_and_wait(argv[2], argv[3], argv[4], argv[5]);
    if (!getenv("FIRESTEEL_SPARK_URL")) {
        printf("SKIP test_connect_spark: FIRESTEEL_SPARK_URL names no server\n");
        return 0;
    }
    if (getenv("FIRESTEEL_TEST_ONLY"))
        cmocka_set_test_filter(getenv("FIRESTEEL_TEST_ONLY"));
    return cmocka_run_group_tests(tests, NULL, NULL);
}
