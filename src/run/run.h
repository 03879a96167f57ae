/* Inside of run: the folder of a run and the files in it. */
#ifndef FIRESTEEL_RUN_PRIVATE_H
#define FIRESTEEL_RUN_PRIVATE_H

#include "firesteel/run.h"

/* What job.json holds: bound work without secrets. Memory is the arena's. */
struct fst_job_file {
    struct fst_arena *arena;
    const char *label, *provider, *engine;
    struct fst_doc *options;
    struct fst_work work;
    struct fst_bind_question *questions;
    size_t n_questions;
    int attempt;
    int64_t max_duration_us; /* 0 = none was written */
};
enum fst_status fst__job_write(const char *path, const struct fst_bound *bound, const char *label,
                               int attempt, struct fst_error *err);
enum fst_status fst__job_read(const char *path, struct fst_job_file *out, struct fst_error *err);
void fst__job_done(struct fst_job_file *job);

/* runs_dir/id[/name]; owned. */
char *fst__run_path(const struct fst_run_place *place, const char *id, const char *name);

/* The lock of a run's folder. Held as long as the descriptor is open; -1 when somebody else has it.
 */
int fst__lock_take(const char *path);
bool fst__lock_is_held(const char *path);

enum fst_status fst__agent_spawn(const struct fst_run_place *place, const char *id,
                                 struct fst_error *err);

/* Events: one JSON line each, appended whole. */
struct fst_events {
    int fd;
    bool torn; /* the file does not end with a whole line */
};
enum fst_status fst__events_open(struct fst_events *e, const char *path, struct fst_error *err);
void fst__events_close(struct fst_events *e);
void fst__event_state(struct fst_events *e, enum fst_state state);
void fst__event_progress(struct fst_events *e, const struct fst_progress *p);
void fst__event_submitting(struct fst_events *e, const char *operation_id);
void fst__event_submitted(struct fst_events *e, const char *handle);
void fst__event_failed(struct fst_events *e, enum fst_state state, const char *error,
                       const struct fst_problem *problem);
void fst__event_note(struct fst_events *e, const char *text);

/* What an agent needs to know of the one before it. */
struct fst_history {
    bool submitting, submitted;
    char *handle; /* owned */
    struct fst_run_view view;
    int64_t started_us, finished_us;
};
enum fst_status fst__events_history(const char *path, struct fst_history *out,
                                    struct fst_error *err);
void fst__history_done(struct fst_history *h);
enum fst_status fst__events_fold(const char *path, struct fst_run_view *view,
                                 struct fst_history *history, struct fst_error *err);

#endif
