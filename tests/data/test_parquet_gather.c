/* Pieces of a far file: what is wanted is read once and in one wave, and windows take what is
 * there.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "parquet.h"

static uint8_t file[1000];
static struct fst_error err;

struct fixture {
    struct fst_bytes *bytes;
    struct fst_pq_budget budget;
    struct fst_pq_gather g;
};

static int setup(void **state)
{
    struct fixture *x = fst_alloc(sizeof *x);
    for (size_t i = 0; i < sizeof file; i++)
        file[i] = (uint8_t)(i * 7);
    x->bytes = fst_bytes_of_memory("file", file, sizeof file);
    x->budget.left = 10000;
    x->g = (struct fst_pq_gather){.bytes = x->bytes, .budget = &x->budget, .n_streams = 1};
    *state = x;
    return 0;
}

/* All memory is given back. */
static int teardown(void **state)
{
    struct fixture *x = *state;
    fst_pq_gather_done(&x->g);
    int status = x->budget.left == 10000 && x->g.held == 0 ? 0 : -1;
    fst_bytes_close(x->bytes);
    free(x);
    return status;
}

static bool read_all(struct fixture *x)
{
    bool any;
    assert_int_equal(fst_pq_gather_read(&x->g, &any, &err), FST_OK);
    return any;
}

/* Bytes that are got of [at, at + len), of which `must` are needed; 0 = refused. */
static size_t take(struct fixture *x, uint64_t at, size_t len, size_t must)
{
    uint8_t into[1000];
    struct fst_range range = {.offset = at, .len = len, .into = into};
    const struct fst_pq_window w = {.next = at, .end = at + 1000};
    if (fst_pq_gather_take(&x->g, &w, &range, must, &err) != FST_OK)
        return 0;
    assert_memory_equal(into, file + at, range.got);
    assert_int_equal(range.got, range.len);
    return range.got;
}

static void what_is_wanted_twice_is_read_once(void **state)
{
    struct fixture *x = *state;
    fst_pq_gather_want(&x->g, 100, 50);
    fst_pq_gather_want(&x->g, 300, 10);
    fst_pq_gather_want(&x->g, 120, 200);
    fst_pq_gather_want(&x->g, 90, 400);
    assert_true(read_all(x));
    assert_int_equal(x->bytes->bytes_read, 400);
    assert_int_equal(take(x, 90, 400, 400), 400);
    assert_false(read_all(x));
}

static void a_window_gets_less_when_that_is_enough(void **state)
{
    struct fixture *x = *state;
    fst_pq_gather_want(&x->g, 100, 50);
    read_all(x);
    assert_int_equal(take(x, 100, 200, 50), 50);
    assert_int_equal(take(x, 120, 200, 10), 30);
    assert_int_equal(take(x, 100, 200, 51), 0);
    assert_int_equal(take(x, 99, 10, 1), 0);
    assert_int_equal(take(x, 150, 10, 1), 0);
}

static void a_piece_ends_where_the_file_does(void **state)
{
    struct fixture *x = *state;
    fst_pq_gather_want(&x->g, 990, 50);
    fst_pq_gather_want(&x->g, 2000, 50);
    assert_true(read_all(x));
    assert_int_equal(take(x, 990, 50, 1), 10);
    assert_int_equal(take(x, 2000, 1, 1), 0);
}

static void a_trial_notes_the_first_thing_that_is_lacking(void **state)
{
    struct fixture *x = *state;
    x->g.trying = true;
    assert_int_equal(take(x, 100, 50, 20), 0);
    assert_true(x->g.lacks);
    assert_int_equal(take(x, 900, 50, 20), 0); /* after that nothing counts */
    x->g.trying = x->g.lacks = false;
    assert_true(read_all(x));
    assert_int_equal(take(x, 100, 50, 20), 50);
}

static void pieces_leave_half_of_the_memory(void **state)
{
    struct fixture *x = *state;
    x->budget.left = 600;
    fst_pq_gather_want(&x->g, 0, 200);
    fst_pq_gather_want(&x->g, 300, 200);
    read_all(x);
    assert_true(x->g.held <= 300);
    fst_pq_gather_forget(&x->g);
    assert_int_equal(x->budget.left, 600);
    x->budget.left = 10000;
}

int main(void)
{
#define WITH(test) cmocka_unit_test_setup_teardown(test, setup, teardown)
    const struct CMUnitTest tests[] = {
        WITH(what_is_wanted_twice_is_read_once),
        WITH(a_window_gets_less_when_that_is_enough),
        WITH(a_piece_ends_where_the_file_does),
        WITH(a_trial_notes_the_first_thing_that_is_lacking),
        WITH(pieces_leave_half_of_the_memory),
    };
    return cmocka_run_group_tests_name("parquet_gather", tests, NULL, NULL);
}
