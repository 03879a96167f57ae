/* Groups in memory that two threads fill, where their rows come one by one from one file.
 *
 * The statement's own connection begins with the first row, a second one, in a thread of its own,
 * at the half. Where the first comes to the half it asks whether the second has all the rest: then
 * it ends there, and the second's groups are added to its own. Otherwise (a value that cannot be
 * computed, groups that are many) it goes on as if it were alone, so that errors are those of one
 * scan. The two share nothing that changes but what the lock guards. */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "firesteel/store.h"
#include "local_job.h"
#include "local_temp.h"

/* Groups that take more memory cost as much to put together as was won. */
enum { HALF_ROWS = 250000, CAP_BYTES = 4 << 20, LOOK_MS = 20 };

struct local_half {
    struct local_job *job;
    const struct local_table_plan *plan;
    struct local_table *into; /* the step's */
    struct local_input *in;
    bool has_thread, is_left; /* rows were left to it */

    /* the thread's own */
    pthread_t thread;
    struct local_env env;
    struct local_memory memory;
    struct local_temp *temp;
    sqlite3 *db;
    sqlite3_stmt *fill;
    struct local_table *table;
    int unsure;

    atomic_bool stop;
    pthread_mutex_t lock; /* of what follows */
    pthread_cond_t ended;
    bool is_done, is_whole;
};

/* ---- Whether --------------------------------------------------------------------------------- */

static bool is_parted(const struct local_job *job, const struct local_input *in)
{
    for (size_t i = 0; i < job->statement.n_steps; i++) {
        const struct local_table_plan *memory = job->statement.steps[i].memory;
        if (memory && memory->parted == &in->source)
            return true;
    }
    return false;
}

static bool is_file_here(const struct local_input *in)
{
    char *path = fst_store_local_path(in->uri);
    bool is_here = path && in->format && strcasecmp(in->format, "parquet") == 0;
    free(path);
    return is_here;
}

void local_half_choose(const struct local_job *job, struct local_input *in)
{
    uint64_t least = job->half_rows;
    if (least == 0)
        least = sysconf(_SC_NPROCESSORS_ONLN) > 1 ? HALF_ROWS : UINT64_MAX;
    bool pays = in->rows > 1 && (uint64_t)in->rows >= least && !job->skipped && is_file_here(in);
    in->half = pays && is_parted(job, in) ? (uint64_t)in->rows / 2 : 0;
    in->reads_ahead = pays && !in->half;
}

/* ---- Its thread ------------------------------------------------------------------------------ */

static bool is_stopped(void *arg)
{
    return atomic_load(&((struct local_half *)arg)->stop);
}

static enum fst_status fill(struct local_half *h)
{
    struct fst_error *err = NULL; /* the other one will say it, if it has to be said */
    FST_TRY(local_database_open(h->temp, &h->env, &h->unsure, &h->db, err));
    FST_TRY(local_input_attach_rest(h->in, h->db, &h->env, err));
    FST_TRY(local_table_attach(h->db, h->plan, &h->env, &h->memory, &h->table, err));
    FST_TRY(local_prepare(h->db, &h->job->statement, h->plan->fill, &h->fill, err));
    return sqlite3_step(h->fill) == SQLITE_ROW && !local_table_is_over(h->table) &&
                   !local_table_is_doubtful(h->table)
               ? FST_OK
               : FST_EUNSUPPORTED;
}

static void *half_main(void *arg)
{
    struct local_half *h = arg;
    bool is_whole = fill(h) == FST_OK;
    pthread_mutex_lock(&h->lock);
    h->is_whole = is_whole;
    h->is_done = true;
    pthread_cond_broadcast(&h->ended);
    pthread_mutex_unlock(&h->lock);
    return NULL;
}

static bool start_thread(struct local_half *h)
{
    h->has_thread = fst_thread_start(&h->thread, 0, half_main, h);
    return h->has_thread;
}

/* ---- From outside ---------------------------------------------------------------------------- */

static struct local_half *half_new(struct local_job *job, size_t step, struct local_input *in)
{
    struct local_half *h = fst_alloc(sizeof *h);
    h->job = job;
    h->in = in;
    h->plan = job->statement.steps[step].memory;
    h->into = job->tables[step];
    h->memory.cap = CAP_BYTES;
    h->env = (struct local_env){.now_us = job->env.now_us,
                                .zone = job->env.zone,
                                .memory = &h->memory,
                                .cancelled = is_stopped,
                                .cancel_arg = h,
                                .lambdas = local_lambdas_new()};
    h->temp = local_temp_new(job->temp_bytes);
    pthread_mutex_init(&h->lock, NULL);
    pthread_condattr_t attr;
    pthread_condattr_init(&attr);
    pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
    pthread_cond_init(&h->ended, &attr);
    pthread_condattr_destroy(&attr);
    job->memory.used += CAP_BYTES;
    in->second = h;
    return h;
}

static struct local_input *input_of(struct local_job *job, const struct local_source *source)
{
    for (size_t i = 0; source && i < job->n_inputs; i++)
        if (&job->inputs[i].source == source)
            return &job->inputs[i];
    return NULL;
}

struct local_half *local_half_start(struct local_job *job, size_t step)
{
    struct local_input *in = input_of(job, job->statement.steps[step].memory->parted);
    bool has_room = (job->memory.cap - job->memory.used) / 4 > CAP_BYTES;
    if (!in || !in->half || !has_room)
        return NULL;
    struct local_half *h = half_new(job, step, in);
    if (start_thread(h))
        return h;
    local_half_free(h);
    return NULL;
}

bool local_half_is_whole(struct local_half *h)
{
    const struct local_env *env = &h->job->env;
    pthread_mutex_lock(&h->lock);
    while (!h->is_done && !env->cancelled(env->cancel_arg)) {
        struct timespec until = fst_monotonic_in(LOOK_MS);
        pthread_cond_timedwait(&h->ended, &h->lock, &until);
    }
    h->is_left = h->is_done && h->is_whole;
    pthread_mutex_unlock(&h->lock);
    return h->is_left;
}

void local_half_give(struct local_half *h)
{
    if (h->is_left)
        local_table_merge(h->into, h->table);
}

void local_half_free(struct local_half *h)
{
    if (!h)
        return;
    atomic_store(&h->stop, true);
    if (h->has_thread)
        pthread_join(h->thread, NULL);
    sqlite3_finalize(h->fill);
    local_lambdas_free(h->env.lambdas);
    sqlite3_close(h->db);
    local_table_free(h->table);
    local_temp_free(h->temp);
    pthread_cond_destroy(&h->ended);
    pthread_mutex_destroy(&h->lock);
    h->in->second = NULL;
    h->job->memory.used -= CAP_BYTES;
    free(h);
}
