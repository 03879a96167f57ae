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
    struct fst_question *questions;
    size_t n_questions;
    int attempt;
    int64_t max_duration_us; /* 0 = no limit */
};
enum fst_status fst__job_write(const char *path, const struct fst_bound *bound, const char *label,
                               int attempt, struct fst_error *err);
enum fst_status fst__job_read(const char *path, struct fst_job_file *out, struct fst_error *err);
void fst__job_done(struct fst_job_file *job);
/* "schema": [{name, type}]; nothing for NULL. */
void fst__schema_write(struct fst_json_writer *w, const struct fst_schema *schema);

/* runs_dir/id[/name]; owned. */
char *fst__run_path(const struct fst_run_place *place, const char *id, const char *name);

/* Processes for chains that lost theirs. How many. */
size_t fst__chains_revive(const struct fst_run_place *place);

/* 20260102-030405-ab12: sorts by time; the end keeps two of one second apart. */
void fst__new_id(char out[32]);

/* This program once more, detached: `verb id`, its words to `log`. */
enum fst_status fst__spawn_self(const struct fst_run_place *place, const char *verb, const char *id,
                                const char *log, struct fst_error *err);
enum fst_status fst__agent_spawn(const struct fst_run_place *place, const char *id,
                                 struct fst_error *err);

/* Events: one JSON line each, appended whole. */
struct fst_events {
    int fd;
    bool torn; /* the file does not end with a whole line */
};
enum fst_status fst__events_open(struct fst_events *e, const char *path, struct fst_error *err);
void fst__events_close(struct fst_events *e);
/* Each returns false when the line could not be written whole (a full disk). */
bool fst__event_state(struct fst_events *e, enum fst_state state);
bool fst__event_progress(struct fst_events *e, const struct fst_progress *p);
bool fst__event_submitting(struct fst_events *e, const char *operation_id);
bool fst__event_submitted(struct fst_events *e, const char *handle);
bool fst__event_failed(struct fst_events *e, enum fst_state state, const char *error,
                       const struct fst_problem *problem);
bool fst__event_note(struct fst_events *e, const char *text);
/* What was written, by the engine's own count. */
bool fst__event_outcome(struct fst_events *e, const struct fst_outcome *o);
/* A piece of the engine's log of `n` bytes is about to be appended to ours at `at`. */
bool fst__event_log(struct fst_events *e, const char *before, const char *after, int64_t at,
                    int64_t n);

/* What an agent needs to know of the one before it. */
struct fst_history {
    bool submitting, submitted;
    char *handle; /* owned */
    struct fst_run_view view;
    int64_t started_us, finished_us;
    int64_t
        running_mono_us; /* of this host's clock since boot, when it began to run; 0 = not yet */
    int64_t rows;        /* told by the engine at the end; -1 unknown */
    char *log_before, *log_after; /* cursors around the last piece of log; owned, or NULL */
    int64_t log_at, log_n;
};

/* The engine's log on its way into ours. */
struct fst_log_copy {
    int fd;
    struct fst_buf cursor;
    bool broken;
};
void fst__log_copy_begin(struct fst_log_copy *l, int fd, const struct fst_history *h);
/* Once; true when something came: there may be more. */
bool fst__log_copy_some(struct fst_log_copy *l, struct fst_events *events,
                        const struct fst_engine *engine, struct fst_session *session);
void fst__log_copy_done(struct fst_log_copy *l);
enum fst_status fst__events_history(const char *path, struct fst_history *out,
                                    struct fst_error *err);
void fst__history_done(struct fst_history *h);
enum fst_status fst__events_fold(const char *path, struct fst_run_view *view,
                                 struct fst_history *history, struct fst_error *err);

#endif
