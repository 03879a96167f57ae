#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "firesteel/io.h"

struct task {
    struct fst_job job;
    _Atomic int *worked;
    int *done;
    struct fst_pool *pool;
    struct task *peer; /* must be running at the same time */
    _Atomic bool running;
};

static void count_done(struct fst_job *job)
{
    (*((struct task *)job)->done)++;
}

static void count_work(struct fst_job *job)
{
    struct task *t = (struct task *)job;
    (*t->worked)++;
}

static void wait_and_deliver(struct fst_pool *pool, const int *counter, int wanted)
{
    while (*counter < wanted) {
        struct pollfd p = {.fd = fst_pool_fd(pool), .events = POLLIN};
        assert_int_equal(poll(&p, 1, 10000), 1);
        fst_pool_deliver(pool);
    }
}

static void test_io_pool__does_every_job_and_delivers_it_once(void **state)
{
    (void)state;
    enum { N = 200 };
    _Atomic int worked = 0;
    int done = 0;
    struct task tasks[N];
    struct fst_pool *pool = fst_pool_new(3);
    for (int i = 0; i < N; i++) {
        tasks[i] = (struct task){
            .job = {.work = count_work, .done = count_done}, .worked = &worked, .done = &done};
        fst_pool_submit(pool, &tasks[i].job);
    }
    wait_and_deliver(pool, &done, N);
    fst_pool_free(pool);
    assert_int_equal(worked, N);
    assert_int_equal(done, N);
}

static void meet_peer(struct fst_job *job)
{
    struct task *t = (struct task *)job;
    t->running = true;
    int64_t until = fst_monotonic_us() + 10000000;
    while (!t->peer->running && fst_monotonic_us() < until)
        ;
    if (t->peer->running)
        (*t->worked)++;
}

static void test_io_pool__runs_two_jobs_at_the_same_time(void **state)
{
    (void)state;
    _Atomic int met = 0;
    int done = 0;
    struct task a = {.job = {.work = meet_peer, .done = count_done}, .worked = &met, .done = &done};
    struct task b = a;
    a.peer = &b;
    b.peer = &a;
    struct fst_pool *pool = fst_pool_new(2);
    fst_pool_submit(pool, &a.job);
    fst_pool_submit(pool, &b.job);
    wait_and_deliver(pool, &done, 2);
    fst_pool_free(pool);
    assert_int_equal(met, 2);
}

static void wait_for_cancel(struct fst_job *job)
{
    struct task *t = (struct task *)job;
    t->running = true;
    while (!fst_job_cancelled(job))
        ;
    (*t->worked)++;
}

static void test_io_pool__what_waits_is_delivered_when_it_is_cancelled(void **state)
{
    (void)state;
    _Atomic int stopped = 0, worked = 0;
    int done = 0;
    struct task busy = {
        .job = {.work = wait_for_cancel, .done = count_done}, .worked = &stopped, .done = &done};
    struct task waiting[3];
    struct fst_pool *pool = fst_pool_new(1);
    fst_pool_submit(pool, &busy.job);
    for (int i = 0; i < 3; i++) {
        waiting[i] = (struct task){
            .job = {.work = count_work, .done = count_done}, .worked = &worked, .done = &done};
        fst_pool_submit(pool, &waiting[i].job);
    }
    fst_job_cancel(&waiting[2].job);
    fst_job_cancel(&waiting[0].job);
    wait_and_deliver(pool, &done, 2);
    assert_int_equal(stopped, 0);
    struct task later = waiting[2];
    later.job = (struct fst_job){.work = count_work, .done = count_done};
    fst_pool_submit(pool, &later.job); /* the queue has an end still */
    fst_job_cancel(&busy.job);
    wait_and_deliver(pool, &done, 5);
    fst_pool_free(pool);
    assert_int_equal(worked, 2);
}

static void test_io_pool__freeing_cancels_what_runs_and_skips_what_waits(void **state)
{
    (void)state;
    _Atomic int stopped = 0, worked = 0;
    int done = 0;
    struct task runs = {
        .job = {.work = wait_for_cancel, .done = count_done}, .worked = &stopped, .done = &done};
    struct task waits = {
        .job = {.work = count_work, .done = count_done}, .worked = &worked, .done = &done};
    struct fst_pool *pool = fst_pool_new(1);
    fst_pool_submit(pool, &runs.job);
    while (!runs.running)
        ;
    fst_pool_submit(pool, &waits.job);
    fst_pool_free(pool);
    assert_int_equal(stopped, 1);
    assert_int_equal(worked, 0);
    assert_int_equal(done, 2);
}

struct note {
    int order;
    int *next;
};

static void take_note(void *arg)
{
    struct note *n = arg;
    n->order = (*n->next)++;
}

struct poster {
    struct task task;
    struct note note;
};

static void post_in_the_middle(struct fst_job *job)
{
    struct poster *p = (struct poster *)job;
    fst_pool_post(p->task.pool, take_note, &p->note);
}

static void note_done(struct fst_job *job)
{
    struct poster *p = (struct poster *)job;
    *p->task.done = (*p->note.next)++;
}

static void test_io_pool__delivers_posts_before_the_end_of_their_job(void **state)
{
    (void)state;
    int next = 1, done = 0;
    struct fst_pool *pool = fst_pool_new(1);
    struct poster p = {.task = {.job = {.work = post_in_the_middle, .done = note_done},
                                .done = &done,
                                .pool = pool},
                       .note = {.next = &next}};
    fst_pool_submit(pool, &p.task.job);
    wait_and_deliver(pool, &done, 1);
    fst_pool_free(pool);
    assert_int_equal(p.note.order, 1);
    assert_int_equal(done, 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_io_pool__does_every_job_and_delivers_it_once),
        cmocka_unit_test(test_io_pool__runs_two_jobs_at_the_same_time),
        cmocka_unit_test(test_io_pool__what_waits_is_delivered_when_it_is_cancelled),
        cmocka_unit_test(test_io_pool__freeing_cancels_what_runs_and_skips_what_waits),
        cmocka_unit_test(test_io_pool__delivers_posts_before_the_end_of_their_job),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
