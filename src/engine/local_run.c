/* Submitted work: rows to one parquet file, complete or invisible.
 *
 * The file is written under a hidden name, synced, renamed; _SUCCESS comes last. A thread does it,
 * because one step of SQLite (a sort, a group) can take longer than a poll may wait; the job and
 * the files belong to that thread until it is joined, the progress to whoever holds the lock. */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "firesteel/store.h"
#include "local_job.h"

enum { ROWS_A_FRAME = 8192 };

struct local_run {
    struct local_job *job;
    char *folder, *hidden, *final, *success;
    bool made_folder;
    int fd;
    struct fst_writer *writer;
    pthread_t thread;
    bool has_thread;
    pthread_mutex_t lock; /* of what follows */
    pthread_cond_t ended;
    struct fst_progress progress;
    struct fst_problem problem;
    struct fst_error error;
};

static bool write_all(void *arg, const void *p, size_t n)
{
    const struct local_run *run = arg;
    for (const char *at = p; n > 0;) {
        ssize_t wrote = write(run->fd, at, n);
        if (wrote < 0 && errno == EINTR)
            continue;
        if (wrote <= 0)
            return false;
        at += wrote;
        n -= (size_t)wrote;
    }
    return true;
}

/* Made by us, or not at all: of two that want it one gets it. */
static enum fst_status make_folder(struct local_run *run, struct fst_error *err)
{
    char *above = fst_strdup(run->folder), *slash = strrchr(above, '/');
    enum fst_status status = FST_OK;
    if (slash && slash > above) {
        *slash = '\0';
        status = fst_mkdirs(above, 0755, err);
    }
    free(above);
    FST_TRY(status);
    run->made_folder = mkdir(run->folder, 0755) == 0;
    if (!run->made_folder && errno == EEXIST)
        return fst_fail(err, FST_ECONFLICT, "%s: it is there already; a run never writes over data",
                        run->folder);
    return run->made_folder ? FST_OK : fst_fail_errno(err, "making the folder %s", run->folder);
}

static enum fst_status begin(struct local_run *run, const struct fst_work *w, struct fst_error *err)
{
    const struct fst_format *format = fst_format_named("parquet");
    if (w->output_format && strcmp(w->output_format, "parquet") != 0)
        return fst_fail(err, FST_EUNSUPPORTED, "the local engine writes parquet, not %s",
                        w->output_format);
    if (!format || !format->create)
        return fst_fail(err, FST_EUNSUPPORTED, "parquet cannot be written here");
    FST_TRY(local_reaches(w->output_uri, err));
    run->folder = fst_store_local_path(w->output_uri);
    char *name = fst_asprintf("part-00000-%s.zstd.parquet", w->operation_id);
    char *hidden = fst_asprintf(".%s.tmp", name);
    run->final = fst_path_join(run->folder, name);
    run->hidden = fst_path_join(run->folder, hidden);
    run->success = fst_path_join(run->folder, "_SUCCESS");
    free(name);
    free(hidden);
    FST_TRY(make_folder(run, err));
    run->fd = open(run->hidden, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
    if (run->fd < 0)
        return fst_fail_errno(err, "creating %s", run->hidden);
    struct fst_sink sink = {write_all, run};
    return format->create(run->job->schema, sink,
                          &(struct fst_write_options){.codec = FST_CODEC_ZSTD}, &run->writer, err);
}

static enum fst_status sync_folder(const char *folder, struct fst_error *err)
{
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool ok = fd >= 0 && fsync(fd) == 0;
    enum fst_status status = ok ? FST_OK : fst_fail_errno(err, "syncing %s", folder);
    if (fd >= 0)
        close(fd);
    return status;
}

/* A writer does not know its file. */
static enum fst_status told_where(const struct local_run *run, enum fst_status status,
                                  struct fst_error *err)
{
    if (status != FST_OK)
        fst_while(err, "output %s", run->folder);
    return status;
}

static enum fst_status finish(struct local_run *run, struct fst_error *err)
{
    FST_TRY(told_where(run, fst_writer_finish(run->writer, err), err));
    if (fsync(run->fd) != 0)
        return fst_fail_errno(err, "syncing %s", run->hidden);
    int fd = run->fd;
    run->fd = -1;
    if (close(fd) != 0)
        return fst_fail_errno(err, "closing %s", run->hidden);
    if (rename(run->hidden, run->final) != 0)
        return fst_fail_errno(err, "renaming %s", run->hidden);
    FST_TRY(sync_folder(run->folder, err));
    FST_TRY(fst_file_write(run->success, "", 0, 0644, err));
    return sync_folder(run->folder, err);
}

/* Nothing of a run that did not end well stays. */
static void remove_output(struct local_run *run)
{
    if (run->fd >= 0)
        close(run->fd);
    run->fd = -1;
    if (run->made_folder)
        fst_remove_tree(run->folder, NULL);
    run->made_folder = false;
}

static enum fst_status write_rows(struct local_run *run, bool *done, struct fst_problem *problem,
                                  struct fst_error *err)
{
    struct fst_frame *frame;
    FST_TRY(local_job_rows(run->job, ROWS_A_FRAME, &frame, done, problem, err));
    if (!frame)
        return FST_OK;
    enum fst_status status = told_where(run, fst_writer_write(run->writer, frame, err), err);
    pthread_mutex_lock(&run->lock);
    run->progress.rows += (int64_t)frame->n_rows;
    pthread_mutex_unlock(&run->lock);
    fst_frame_unref(frame);
    return status;
}

static void *work(void *arg)
{
    struct local_run *run = arg;
    struct fst_problem problem = {0};
    struct fst_error err = {0};
    enum fst_status status = FST_OK;
    for (bool done = false; status == FST_OK && !done;)
        status = write_rows(run, &done, &problem, &err);
    if (status == FST_OK && atomic_load(&run->job->stop))
        status = fst_fail(&err, FST_ECANCELLED, "cancelled");
    if (status == FST_OK)
        status = finish(run, &err);
    if (status != FST_OK)
        remove_output(run);
    run->made_folder = false;
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
    run->fd = -1;
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

static struct timespec in_ms(int ms)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    int64_t ns = t.tv_nsec + (int64_t)ms * 1000000;
    return (struct timespec){t.tv_sec + (time_t)(ns / 1000000000), (long)(ns % 1000000000)};
}

enum fst_status local_run_poll(struct local_run *run, int wait_ms, struct fst_progress *out,
                               struct fst_problem *problem, struct fst_error *err)
{
    struct timespec until = in_ms(wait_ms);
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
    fst_writer_free(run->writer);
    remove_output(run);
    local_job_free(run->job);
    free(run->folder);
    free(run->hidden);
    free(run->final);
    free(run->success);
    pthread_cond_destroy(&run->ended);
    pthread_mutex_destroy(&run->lock);
    free(run);
}
