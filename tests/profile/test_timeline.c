/* Stages on the clock: what is critical, what grows, and that bars stay in their cells. */
#include "firesteel/profile.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define S 1000000LL

static struct fst_stage stage(int64_t id, const char *state, int64_t from, int64_t to)
{
    return (struct fst_stage){.id = id, .state = state, .submitted_us = from, .completed_us = to};
}

/* Two sources side by side, the slower one is waited for; one is skipped, one waits. */
static struct fst_profile *diamond(bool finished)
{
    struct fst_profile *p = fst_profile_new("rest");
    p->started_us = 100 * S;
    p->ended_us = finished ? 200 * S : 0;
    p->finished = finished;
    p->stages = fst_arena_alloc(p->arena, 5 * sizeof *p->stages);
    p->n_stages = 5;
    p->stages[0] = stage(0, "COMPLETE", 100 * S, 110 * S);
    p->stages[1] = stage(1, "COMPLETE", 100 * S, 150 * S);
    p->stages[2] = stage(2, "SKIPPED", 0, 0);
    p->stages[3] = stage(3, finished ? "COMPLETE" : "ACTIVE", 151 * S, finished ? 200 * S : 0);
    p->stages[4] = stage(4, "PENDING", 0, 0);
    return p;
}

static void test_profile_timeline__marks_what_was_waited_for(void **state)
{
    struct fst_profile *p = diamond(true);
    struct fst_timeline t;
    (void)state;
    fst_timeline_of(p, 0, p->arena, &t);
    assert_int_equal(t.n, 3);
    assert_int_equal(t.from_us, 100 * S);
    assert_int_equal(t.to_us, 200 * S);
    assert_false(t.bars[0].critical);
    assert_true(t.bars[1].critical);
    assert_true(t.bars[2].critical);
    assert_int_equal(t.bars[2].stage->id, 3);
    fst_profile_free(p);
}

static void test_profile_timeline__a_running_stage_grows(void **state)
{
    struct fst_profile *p = diamond(false);
    struct fst_timeline t;
    (void)state;
    fst_timeline_of(p, 160 * S, p->arena, &t);
    assert_true(t.bars[2].running);
    assert_int_equal(t.bars[2].to_us, 160 * S);
    fst_timeline_of(p, 190 * S, p->arena, &t);
    assert_int_equal(t.bars[2].to_us, 190 * S);
    assert_int_equal(t.to_us, 190 * S);
    fst_timeline_of(p, 10 * S, p->arena, &t); /* a clock that is behind */
    assert_true(t.bars[2].to_us >= t.bars[2].from_us);
    fst_profile_free(p);
}

static void test_profile_timeline__a_bar_stays_in_its_cells(void **state)
{
    int at, n;
    (void)state;
    fst_timeline_cells(0, 100, 0, 100, 50, &at, &n);
    assert_int_equal(at, 0);
    assert_int_equal(n, 50);
    fst_timeline_cells(100, 100, 0, 100, 50, &at, &n);
    assert_int_equal(at, 49);
    assert_int_equal(n, 1);
    for (int64_t from = -20; from < 120; from += 7)
        for (int64_t to = -30; to < 130; to += 9)
            for (int width = 1; width < 40; width += 13) {
                fst_timeline_cells(from, to, 0, 100, width, &at, &n);
                assert_true(at >= 0 && n >= 1 && at + n <= width);
            }
    fst_timeline_cells(5, 9, 7, 7, 10, &at, &n);
    assert_true(at >= 0 && at + n <= 10);
}

static void test_profile_timeline__nothing_began(void **state)
{
    struct fst_profile *p = fst_profile_new("driver");
    struct fst_timeline t;
    (void)state;
    fst_timeline_of(p, 5, p->arena, &t);
    assert_int_equal(t.n, 0);
    fst_profile_free(p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_profile_timeline__marks_what_was_waited_for),
        cmocka_unit_test(test_profile_timeline__a_running_stage_grows),
        cmocka_unit_test(test_profile_timeline__a_bar_stays_in_its_cells),
        cmocka_unit_test(test_profile_timeline__nothing_began),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
