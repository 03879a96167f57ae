/* A few threads that do what would make the screen wait.
 *
 * Jobs cross to a worker whole and come back whole: what is finished (and what a worker posts in
 * the middle) queues in one list, in order, and an eventfd wakes the delivering thread, which is
 * the only one that runs `done`. Threads are started when there is work and nobody idle. */
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "firesteel/io.h"

#define STACK_BYTES ((size_t)2 << 20)

/* A finished job, or a post from the middle of one. */
struct delivery {
    struct delivery *next;
    struct fst_job *job;
    void (*post)(void *arg);
    void *arg;
};

struct worker {
    struct fst_pool *pool;
    pthread_t thread;
    struct fst_job *job; /* being done now */
};

struct fst_pool {
    pthread_mutex_t lock;
    pthread_cond_t work;
    struct fst_job *first, **last;
    struct delivery *out_first, **out_last;
    int n_max, n_started, n_idle;
    int n_queued; /* more than the idle ones can take = another thread */
    bool ending;
    int fd;
    struct worker workers[];
};

static void wake(int fd)
{
    uint64_t one = 1;
    while (write(fd, &one, sizeof(one)) < 0 && errno == EINTR)
        ;
}

static void deliver_later(struct fst_pool *p, struct delivery what)
{
    struct delivery *d = fst_alloc(sizeof(*d));
    *d = what;
    pthread_mutex_lock(&p->lock);
    *p->out_last = d;
    p->out_last = &d->next;
    pthread_mutex_unlock(&p->lock);
    wake(p->fd);
}

/* Called with the lock; NULL = the pool ends. */
static struct fst_job *next_job(struct fst_pool *p)
{
    while (!p->first && !p->ending) {
        p->n_idle++;
        pthread_cond_wait(&p->work, &p->lock);
        p->n_idle--;
    }
    struct fst_job *job = p->first;
    if (!job)
        return NULL;
    p->n_queued--;
    if (!(p->first = job->next))
        p->last = &p->first;
    return job;
}

static void *worker_main(void *arg)
{
    struct worker *w = arg;
    struct fst_pool *p = w->pool;
    for (;;) {
        pthread_mutex_lock(&p->lock);
        struct fst_job *job = w->job = next_job(p);
        pthread_mutex_unlock(&p->lock);
        if (!job)
            return NULL;
        if (!atomic_load(&job->cancelled))
            job->work(job);
        pthread_mutex_lock(&p->lock);
        w->job = NULL;
        pthread_mutex_unlock(&p->lock);
        deliver_later(p, (struct delivery){.job = job});
    }
}

/* With the lock. Signals belong to the thread that delivers. When no thread can be had, those that
 * run take the job; without any the job waits for the next try. */
static void start_worker(struct fst_pool *p)
{
    struct worker *w = &p->workers[p->n_started];
    *w = (struct worker){.pool = p};
    if (fst_thread_start(&w->thread, STACK_BYTES, worker_main, w))
        p->n_started++;
}

struct fst_pool *fst_pool_new(int n_workers)
{
    int n = n_workers > 0 ? n_workers : 1;
    struct fst_pool *p = fst_alloc(sizeof(*p) + (size_t)n * sizeof(p->workers[0]));
    pthread_mutex_init(&p->lock, NULL);
    pthread_cond_init(&p->work, NULL);
    p->last = &p->first;
    p->out_last = &p->out_first;
    p->n_max = n;
    p->fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    return p;
}

void fst_pool_submit(struct fst_pool *p, struct fst_job *job)
{
    pthread_mutex_lock(&p->lock);
    job->next = NULL;
    job->pool = p;
    *p->last = job;
    p->last = &job->next;
    p->n_queued++;
    if (p->n_queued > p->n_idle && p->n_started < p->n_max)
        start_worker(p);
    pthread_cond_signal(&p->work);
    pthread_mutex_unlock(&p->lock);
}

/* Whether the job still waited. */
static bool leave_queue(struct fst_pool *p, const struct fst_job *job)
{
    pthread_mutex_lock(&p->lock);
    struct fst_job **at = &p->first;
    while (*at && *at != job)
        at = &(*at)->next;
    bool has_waited = *at;
    if (has_waited) {
        p->n_queued--;
        if (!(*at = job->next))
            p->last = at;
    }
    pthread_mutex_unlock(&p->lock);
    return has_waited;
}

void fst_job_cancel(struct fst_job *job)
{
    atomic_store(&job->cancelled, true);
    if (job->pool && leave_queue(job->pool, job))
        deliver_later(job->pool, (struct delivery){.job = job});
}

bool fst_job_cancelled(void *job)
{
    return atomic_load(&((struct fst_job *)job)->cancelled);
}

int fst_pool_fd(const struct fst_pool *p)
{
    return p->fd;
}

void fst_pool_post(struct fst_pool *p, void (*post)(void *arg), void *arg)
{
    deliver_later(p, (struct delivery){.post = post, .arg = arg});
}

/* Only what was there at the beginning: a `done` that submits again cannot keep us here. */
size_t fst_pool_deliver(struct fst_pool *p)
{
    uint64_t count;
    ssize_t ignored = read(p->fd, &count, sizeof(count));
    (void)ignored;
    pthread_mutex_lock(&p->lock);
    struct delivery *d = p->out_first;
    p->out_first = NULL;
    p->out_last = &p->out_first;
    pthread_mutex_unlock(&p->lock);
    size_t n = 0;
    while (d) {
        struct delivery *next = d->next;
        if (d->job)
            d->job->done(d->job);
        else
            d->post(d->arg);
        free(d);
        d = next;
        n++;
    }
    return n;
}

static void cancel_all(struct fst_pool *p)
{
    for (struct fst_job *job = p->first; job; job = job->next)
        atomic_store(&job->cancelled, true);
    for (int i = 0; i < p->n_started; i++)
        if (p->workers[i].job)
            atomic_store(&p->workers[i].job->cancelled, true);
}

void fst_pool_free(struct fst_pool *p)
{
    if (!p)
        return;
    pthread_mutex_lock(&p->lock);
    p->ending = true;
    cancel_all(p);
    pthread_cond_broadcast(&p->work);
    pthread_mutex_unlock(&p->lock);
    for (int i = 0; i < p->n_started; i++)
        pthread_join(p->workers[i].thread, NULL);
    do
        while (p->first) /* no worker will take it any more */
            fst_job_cancel(p->first);
    while (fst_pool_deliver(p) > 0);
    close(p->fd);
    pthread_cond_destroy(&p->work);
    pthread_mutex_destroy(&p->lock);
    free(p);
}
