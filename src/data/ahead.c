/* ahead: a reader that reads on while the frames it gave are worked on.
 *
 * A thread of its own fills some places with the frames that come next, so that decoding and what
 * is done with the rows take turns no more. It begins with the third frame: most who look at rows
 * want no more than the first ones. */
#include "ahead.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

enum { PLACES = 4, ALONE = 2, LOOK_MS = 20 };

struct place {
    struct fst_frame *frame; /* NULL = the end, or an error */
    uint64_t *numbers;
    size_t cap;
    bool has_numbers;
    enum fst_status status;
    struct fst_error err;
};

struct ahead {
    struct fst_reader base;
    struct fst_reader *inner;
    bool (*cancelled)(void *);
    void *arg;
    unsigned given; /* frames */
    size_t max_rows;
    uint64_t *numbers; /* of the frame that came last */
    size_t cap;
    bool has_thread;
    pthread_t thread;
    atomic_bool stop;

    /* under the lock, but for the place that the thread fills: the one behind those that are full
     */
    pthread_mutex_t lock;
    pthread_cond_t news;
    struct place places[PLACES];
    size_t first, n;
};

bool ahead_is_stopped(void *ahead)
{
    struct ahead *a = ahead;
    return a->has_thread ? atomic_load(&a->stop) : a->cancelled && a->cancelled(a->arg);
}

/* ---- The thread ------------------------------------------------------------------------------ */

static void read_into(struct ahead *a, struct place *p)
{
    p->frame = NULL;
    p->status = fst_reader_next(a->inner, a->max_rows, &p->frame, &p->err);
    size_t n = p->frame ? p->frame->n_rows : 0;
    p->has_numbers = n && a->inner->numbers;
    if (!p->has_numbers)
        return;
    if (p->cap < n)
        fst_grow(&p->numbers, &p->cap, n, sizeof *p->numbers);
    memcpy(p->numbers, a->inner->numbers, n * sizeof *p->numbers);
}

/* The next place to fill, or NULL at the end. */
static struct place *free_place(struct ahead *a)
{
    pthread_mutex_lock(&a->lock);
    while (a->n == PLACES && !atomic_load(&a->stop))
        pthread_cond_wait(&a->news, &a->lock);
    struct place *p = atomic_load(&a->stop) ? NULL : &a->places[(a->first + a->n) % PLACES];
    pthread_mutex_unlock(&a->lock);
    return p;
}

static void *main_of(void *arg)
{
    struct ahead *a = arg;
    bool goes_on = true;
    for (struct place *p; goes_on && (p = free_place(a));) {
        read_into(a, p);
        goes_on = p->frame;
        pthread_mutex_lock(&a->lock);
        a->n++;
        pthread_cond_broadcast(&a->news);
        pthread_mutex_unlock(&a->lock);
    }
    return NULL;
}

static void start(struct ahead *a)
{
    a->has_thread = true;
    if (!fst_thread_start(&a->thread, 0, main_of, a)) {
        a->has_thread = false;
        a->given = 0; /* tried again later */
    }
}

/* ---- The caller ------------------------------------------------------------------------------ */

static void stop(struct ahead *a)
{
    pthread_mutex_lock(&a->lock);
    atomic_store(&a->stop, true);
    pthread_cond_broadcast(&a->news);
    pthread_mutex_unlock(&a->lock);
}

/* False when it was cancelled meanwhile. */
static bool wait_for_one(struct ahead *a)
{
    bool cancelled = false;
    pthread_mutex_lock(&a->lock);
    while (a->n == 0 && !cancelled) {
        struct timespec until = fst_monotonic_in(LOOK_MS);
        pthread_cond_timedwait(&a->news, &a->lock, &until);
        cancelled = a->n == 0 && a->cancelled && a->cancelled(a->arg);
    }
    pthread_mutex_unlock(&a->lock);
    return !cancelled;
}

static void take_numbers(struct ahead *a, struct place *p)
{
    uint64_t *numbers = a->numbers;
    size_t cap = a->cap;
    a->numbers = p->numbers;
    a->cap = p->cap;
    p->numbers = numbers;
    p->cap = cap;
    a->base.numbers = p->has_numbers ? a->numbers : NULL;
}

/* The place of an end or an error stays: it is the answer to whoever asks again. */
static enum fst_status take(struct ahead *a, struct fst_frame **out, struct fst_error *err)
{
    struct place *p = &a->places[a->first];
    *out = p->frame;
    if (!p->frame) {
        if (err && p->status != FST_OK)
            *err = p->err;
        return p->status;
    }
    take_numbers(a, p);
    p->frame = NULL;
    pthread_mutex_lock(&a->lock);
    a->first = (a->first + 1) % PLACES;
    a->n--;
    pthread_cond_broadcast(&a->news);
    pthread_mutex_unlock(&a->lock);
    return FST_OK;
}

static enum fst_status next(struct fst_reader *r, size_t max_rows, struct fst_frame **out,
                            struct fst_error *err)
{
    struct ahead *a = (struct ahead *)r;
    if (!a->has_thread && a->given++ >= ALONE) {
        a->max_rows = max_rows;
        start(a);
    }
    if (!a->has_thread) {
        enum fst_status status = fst_reader_next(a->inner, max_rows, out, err);
        r->numbers = a->inner->numbers;
        return status;
    }
    if (wait_for_one(a))
        return take(a, out, err);
    stop(a);
    *out = NULL;
    return fst_fail(err, FST_ECANCELLED, "cancelled");
}

static void close_ahead(struct fst_reader *r)
{
    struct ahead *a = (struct ahead *)r;
    if (a->has_thread) {
        stop(a);
        pthread_join(a->thread, NULL);
    }
    for (size_t i = 0; i < PLACES; i++) {
        fst_frame_unref(a->places[i].frame);
        free(a->places[i].numbers);
    }
    fst_reader_close(a->inner);
    pthread_cond_destroy(&a->news);
    pthread_mutex_destroy(&a->lock);
    free(a->numbers);
    free(a);
}

static int64_t total(struct fst_reader *r)
{
    return r->total_rows; /* the thread has the other reader */
}

struct fst_reader *ahead_new(bool (*cancelled)(void *), void *arg)
{
    static const struct fst_reader_ops ops = {.next = next, .close = close_ahead, .total = total};
    struct ahead *a = fst_alloc(sizeof *a);
    a->base.ops = &ops;
    a->base.total_rows = -1;
    a->cancelled = cancelled;
    a->arg = arg;
    pthread_mutex_init(&a->lock, NULL);
    pthread_condattr_t attr;
    pthread_condattr_init(&attr);
    pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
    pthread_cond_init(&a->news, &attr);
    pthread_condattr_destroy(&attr);
    return &a->base;
}

void ahead_begin(struct fst_reader *ahead, struct fst_reader *inner)
{
    struct ahead *a = (struct ahead *)ahead;
    a->inner = inner;
    a->base.schema = inner->schema;
    a->base.total_rows = inner->total_rows;
}
