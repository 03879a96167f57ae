/* Submitted work: rows to one parquet file, complete or invisible.
 *
 * A thread does it, because one step of SQLite (a sort, a group) can take longer than a poll may
 * wait; the job and the files belong to that thread until it is joined, the progress to whoever
 * holds the lock. */
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "firesteel/store.h"
#include "local_job.h"

struct local_run {
    struct local_job *job;
    char *place; /* of the output, for people */
    struct fst_output *output;
    struct fst_writer *writer;
    pthread_t thread;
    bool has_thread;
    pthread_mutex_t lock; /* of what follows */
    pthread_cond_t ended;
    struct fst_progress progress;
    struct fst_problem problem;
    struct fst_error error;
};

static enum fst_status begin(struct local_run *run, const struct fst_work *w, struct fst_error *err)
{
    const struct fst_format *format = fst_format_named("parquet");
    if (w->output_format && strcmp(w->output_format, "parquet") != 0)
        return fst_fail(err, FST_EUNSUPPORTED, "the local engine writes parquet, not %s",
                        w->output_format);
    if (!format || !format->create)
        return fst_fail(err, FST_EUNSUPPORTED, "parquet cannot be written here");
    FST_TRY(local_writes(w->output_uri, err));
    char *path = fst_store_local_path(w->output_uri);
    run->place = path ? path : fst_strdup(w->output_uri);
    FST_TRY(fst_output_open(w->output_uri, &run->output, err));
    char *name = fst_asprintf("%s.zstd.parquet", w->operation_id);
    struct fst_dataset_options options = {
        .format = format, .write = {.codec = FST_CODEC_ZSTD}, .name = name};
    enum fst_status status = fst_dataset_create(run->job->schema, fst_output_folder(run->output),
                                                &options, &run->writer, err);
    free(name);
    return status;
}

/* Nothing of a run that did not end well stays. */
static void remove_output(struct local_run *run)
{
    fst_writer_free(run->writer);
    fst_output_free(run->output);
    run->writer = NULL;
    run->output = NULL;
}

/* The rows of the job, as a reader. */
struct job_reader {
    struct fst_reader base;
    struct local_job *job;
    bool done;
    struct fst_problem problem;
};

static enum fst_status next_rows(struct fst_reader *base, size_t max_rows, struct fst_frame **out,
                                 struct fst_error *err)
{
    struct job_reader *r = (struct job_reader *)base;
    if (r->done)
        return FST_OK;
    return local_job_rows(r->job, max_rows, out, &r->done, &r->problem, err);
}

static bool count_rows(void *arg, const struct fst_frame *f)
{
    struct local_run *run = arg;
    pthread_mutex_lock(&run->lock);
    run->progress.rows += (int64_t)f->n_rows;
    pthread_mutex_unlock(&run->lock);
    return !atomic_load(&run->job->stop);
}

/* Write all rows; a writer does not know its file. */
static enum fst_status write_rows(struct local_run *run, struct fst_problem *problem,
                                  struct fst_error *err)
{
    static const struct fst_reader_ops ops = {.next = next_rows};
    struct job_reader reader = {.base = {&ops, run->job->schema, -1}, .job = run->job};
    struct fst_copy copy = {.tell = count_rows, .arg = run};
    enum fst_status status = fst_copy_rows(&reader.base, run->writer, &copy, err);
    *problem = reader.problem;
    if (status == FST_OK || !copy.is_writers)
        return status;
    fst_output_explain(run->output, err);
    fst_while(err, "output %s", run->place);
    return status;
}

static void *work(void *arg)
{
    struct local_run *run = arg;
    struct fst_problem problem = {0};
    struct fst_error err = {0};
    enum fst_status status = write_rows(run, &problem, &err);
    if (status == FST_OK && atomic_load(&run->job->stop))
        status = fst_fail(&err, FST_ECANCELLED, "cancelled");
    if (status == FST_OK)
        status = fst_output_commit(run->output, &err);
    remove_output(run);
    pthread_mutex_lock(&run->lock);
    run->progress.state = status == FST_OK           ? FST_RUN_READY
                          : status == FST_ECANCELLED ? FST_RUN_CANCELLED
                                                     : FST_RUN_FAILED;
    run->problem = problem;
    run->error = err;
    pthread_cond_broadcast(&run->ended);
    pthread_mutex_unlock(&run->lock);
    return NULL;
}

enum fst_status local_run_new(const struct fst_work *w, struct local_job *job,
                              struct local_run **out, struct fst_error *err)
{
    struct local_run *run = fst_alloc(sizeof *run);
    run->job = job;
    run->progress = (struct fst_progress){.state = FST_RUN_RUNNING,
                                          .tasks_done = -1,
                                          .tasks_total = -1,
                                          .stages_done = -1,
                                          .stages_total = -1,
                                          .bytes_read = -1,
                                          .bytes_written = -1};
    pthread_mutex_init(&run->lock, NULL);
    pthread_condattr_t attr;
    pthread_condattr_init(&attr);
    pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
    pthread_cond_init(&run->ended, &attr);
    pthread_condattr_destroy(&attr);
    enum fst_status status = begin(run, w, err);
    if (status == FST_OK)
        status = local_job_start(job, err);
    if (status == FST_OK && pthread_create(&run->thread, NULL, work, run) != 0)
        status = fst_fail(err, FST_ENOMEM, "no thread could be started for the run");
    run->has_thread = status == FST_OK;
    if (status != FST_OK) {
        local_run_free(run);
        return status;
    }
    *out = run;
    return FST_OK;
}

enum fst_status local_run_poll(struct local_run *run, int wait_ms, struct fst_progress *out,
                               struct fst_problem *problem, struct fst_error *err)
{
    struct timespec until = fst_monotonic_in(wait_ms);
    int rc = 0;
    pthread_mutex_lock(&run->lock);
    while (run->progress.state == FST_RUN_RUNNING && rc == 0)
        rc = pthread_cond_timedwait(&run->ended, &run->lock, &until);
    *out = run->progress;
    if (problem)
        *problem = run->problem;
    if (err && (out->state == FST_RUN_FAILED || out->state == FST_RUN_CANCELLED))
        *err = run->error;
    pthread_mutex_unlock(&run->lock);
    snprintf(out->detail, sizeof out->detail, "%lld rows", (long long)out->rows);
    return FST_OK;
}

void local_run_cancel(struct local_run *run)
{
    atomic_store(&run->job->stop, true);
}

void local_run_free(struct local_run *run)
{
    if (!run)
        return;
    local_run_cancel(run);
    if (run->has_thread)
        pthread_join(run->thread, NULL);
    remove_output(run);
    local_job_free(run->job);
    free(run->place);
    pthread_cond_destroy(&run->ended);
    pthread_mutex_destroy(&run->lock);
    free(run);
}
