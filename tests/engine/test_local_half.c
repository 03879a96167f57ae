/* Groups that two threads fill, a half of the rows each: what one thread says, the rounding of
 * doubles aside. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "local_answer.h"

static const struct fst_engine *engine;
static struct fst_session *session;
static char folder[64];
static char *rows; /* 20,000 of them */

static enum fst_status write_rows(struct fst_error *err)
{
    struct fst_buf handle = FST_BUF(200);
    struct fst_problem problem;
    struct fst_progress p = {.state = FST_RUN_RUNNING};
    struct fst_session *s;
    struct fst_work w = {.sql = "SELECT id, id % 7 AS k, CAST(id % 100 AS DECIMAL(10, 2)) AS m, "
                                "CASE WHEN id = 0 THEN 1e16D WHEN id < 10000 THEN 0D "
                                "WHEN id < 19000 THEN 1D END AS d, "
                                "concat('text number ', id % 11) AS t FROM range(20000)",
                         .output_uri = rows,
                         .operation_id = "00000000-0000-4000-8000-000000000001"};
    FST_TRY(engine->open(NULL, &s, err));
    FST_TRY(engine->submit(s, &w, &handle, &problem, err));
    for (int i = 0; i < 600 && p.state == FST_RUN_RUNNING; i++)
        FST_TRY(engine->poll(s, 100, &p, &problem, err));
    engine->close(s);
    fst_buf_done(&handle);
    return p.state == FST_RUN_READY ? FST_OK : FST_EIO;
}

static int open_session(void **state)
{
    (void)state;
    struct fst_error err = {0};
    snprintf(folder, sizeof folder, "/tmp/firesteel-half-XXXXXX");
    if (!mkdtemp(folder))
        return -1;
    rows = fst_path_join(folder, "rows");
    engine = fst_engine_named("local");
    if (write_rows(&err) == FST_OK && engine->open(NULL, &session, &err) == FST_OK)
        return 0;
    print_message("%s\n", err.text);
    return -1;
}

static int close_session(void **state)
{
    (void)state;
    engine->close(session);
    free(rows);
    return fst_remove_tree(folder, NULL) == FST_OK ? 0 : -1;
}

static bool (*cancelled)(void *);

/* Ordered: groups come as one thread met them. */
static char *said(const char *sql, uint64_t half_rows, uint64_t memory_bytes)
{
    struct fst_input input = {.name = "t", .uri = rows, .format = "parquet"};
    struct fst_work work = {.sql = sql,
                            .inputs = &input,
                            .n_inputs = 1,
                            .half_rows = half_rows,
                            .memory_bytes = memory_bytes,
                            .cancelled = cancelled};
    struct fst_problem problem = {0};
    struct fst_error err = {0};
    struct fst_reader *r = NULL;
    struct fst_buf out = FST_BUF_TEXT;
    enum fst_status status = engine->query(session, &work, 0, &r, &problem, &err);
    if (status == FST_OK) {
        add_head(&out, r->schema);
        status = add_rows(&out, r, true, &err);
    }
    if (status != FST_OK)
        fst_buf_printf(&out, "status %d: %s", status, err.text);
    fst_reader_close(r);
    return fst_buf_take(&out);
}

static void same_within(uint64_t memory_bytes, const char *sql, const char *holds)
{
    char *alone = said(sql, UINT64_MAX, memory_bytes), *halved = said(sql, 2, memory_bytes);
    assert_string_equal(halved, alone);
    if (!strstr(alone, holds))
        fail_msg("%s\nis not in\n%s", holds, alone);
    free(alone);
    free(halved);
}

static void same(const char *sql, const char *holds)
{
    same_within(0, sql, holds);
}

static void test_local_half__groups_are_those_of_one_thread(void **state)
{
    (void)state;
    same("SELECT k, count(*), sum(id), sum(m), avg(m), min(t), max(t), min(d), max(id) FROM t "
         "GROUP BY k",
         "2857\t28570000\t141400.00");
    same("SELECT t, k, count(d), avg(id), try_sum(id) FROM t GROUP BY ALL", "text number 10\t");
    same("SELECT upper(t) AS u, max(concat(t, k)) FROM t WHERE id % 3 = 1 GROUP BY 1", "NUMBER 7");
    same("SELECT d, count(*) FROM (SELECT id, d FROM t WHERE id > 9000) GROUP BY d", "\\N\t1000");
    same("SELECT id DIV 1000 AS b, min(m) FROM t GROUP BY b HAVING max(id) > 5000", "19\t0.00");
}

/* A reader leaves pages out then; one half may have no rows. */
static void test_local_half__conditions_may_leave_a_half_out(void **state)
{
    (void)state;
    same("SELECT k, count(*) FROM t WHERE id < 700 GROUP BY k", "100");
    same("SELECT k, count(*) FROM t WHERE id >= 19300 GROUP BY k", "100");
    same("SELECT k, count(*) FROM t WHERE id BETWEEN 9999 AND 10000 GROUP BY k", "1");
    same("SELECT k, count(*) FROM t WHERE id = 9999 OR id = 10000 GROUP BY k", "1");
    same("SELECT k, count(*) FROM t WHERE id < 0 GROUP BY k", "count(1)");
    same("SELECT a.k, a.n, b.n FROM (SELECT k, count(*) AS n FROM t WHERE id > 0 GROUP BY k) a "
         "JOIN (SELECT k, sum(id) AS n FROM t GROUP BY k) b ON a.k = b.k ORDER BY 1",
         "2856");
}

/* Only so can it be told that there are two threads at all. */
static void test_local_half__doubles_are_added_half_by_half(void **state)
{
    (void)state;
    static const char sql[] = "SELECT sum(d) = 1e16D FROM t GROUP BY id < 0";
    char *alone = said(sql, UINT64_MAX, 0), *halved = said(sql, 2, 0),
         *small = said(sql, 2, 8 << 20);
    assert_non_null(strstr(alone, "\ntrue\n"));
    assert_non_null(strstr(halved, "\nfalse\n"));
    assert_string_equal(small, alone); /* no room for a second table there */
    free(alone);
    free(halved);
    free(small);
}

static void test_local_half__the_first_error_is_the_one_that_counts(void **state)
{
    (void)state;
    same("SELECT k, sum(1 / (id - 15000)) FROM t GROUP BY k", "DIVIDE_BY_ZERO");
    same("SELECT k, sum(1 / (id - 5)) FROM t GROUP BY k", "DIVIDE_BY_ZERO");
    same("SELECT k, sum(CASE id WHEN 9998 THEN CAST(t AS INT) WHEN 10001 THEN 1 / (id - 10001) "
         "ELSE 1 END) FROM t GROUP BY k",
         "CAST_INVALID_INPUT");
}

static void test_local_half__what_fits_only_after_the_first_half_is_added_alone(void **state)
{
    (void)state;
    same("SELECT sum(CASE WHEN id = 1 THEN -9000000000000000000 WHEN id > 19997 THEN "
         "7500000000000000000 ELSE 0 END) AS s FROM t GROUP BY id < 0",
         "6000000000000000000");
    same("SELECT sum(CASE WHEN id IN (1, 19999) THEN 7500000000000000000 ELSE 0 END) AS s FROM t "
         "GROUP BY id < 0",
         "ARITHMETIC_OVERFLOW");
}

static void test_local_half__many_groups_are_made_alone(void **state)
{
    (void)state;
    static const char many[] = "SELECT count(*), sum(length(w)) FROM (SELECT repeat(id, 100) AS w, "
                               "count(*) FROM t GROUP BY w)";
    same(many, "20000\t8889000");
    same_within(24 << 20, many, "20000\t8889000");
    same_within(2 << 20, many, "20000\t8889000");
}

static bool third_time(void *arg)
{
    static int asked;
    (void)arg;
    return ++asked >= 3;
}

static void test_local_half__cancelling_stops_both(void **state)
{
    (void)state;
    cancelled = third_time;
    char *text = said("SELECT k, sum(length(repeat(t, 100000))) FROM t GROUP BY k", 2, 0);
    cancelled = NULL;
    assert_non_null(strstr(text, "cancelled"));
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_local_half__groups_are_those_of_one_thread),
        cmocka_unit_test(test_local_half__conditions_may_leave_a_half_out),
        cmocka_unit_test(test_local_half__doubles_are_added_half_by_half),
        cmocka_unit_test(test_local_half__the_first_error_is_the_one_that_counts),
        cmocka_unit_test(test_local_half__what_fits_only_after_the_first_half_is_added_alone),
        cmocka_unit_test(test_local_half__many_groups_are_made_alone),
        cmocka_unit_test(test_local_half__cancelling_stops_both),
    };
    return cmocka_run_group_tests(tests, open_session, close_session);
}
