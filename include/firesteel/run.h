/* run: how does a run live? Submitting, the agent, events, log, reattaching, cancelling; and the
 * servers that we started on this host.
 *
 * A run's folder: job.json (what runs; no secrets), events (JSON lines, the truth about the run),
 * log (text), profile.json (its stages), lock (held by the living agent); engines keep files of
 * their own there. The catalog's row is an index of it. */
#ifndef FIRESTEEL_RUN_H
#define FIRESTEEL_RUN_H

#include <sys/types.h>

#include "firesteel/base.h"
#include "firesteel/bind.h"
#include "firesteel/catalog.h"
#include "firesteel/profile.h"

struct fst_run_place {
    const char *catalog_path; /* passed to the agent */
    const char *runs_dir;     /* folder of run folders */
    const char *program;      /* our own binary */
    bool allow_cmd;           /* cmd: secrets may be run */
    int64_t patience_us;      /* how long a silent cluster is waited for; 0 = 5 minutes */
};

/* Write the run (folder, job.json, catalog row CREATED), start its agent, and return at once. `id`
 * gets the run's id (owned). */
enum fst_status fst_run_start(const struct fst_run_place *place, struct fst_catalog *c,
                              const struct fst_resource *r, const struct fst_bound *bound,
                              int attempt, char **id, struct fst_error *err);
/* A run that could not be started, FAILED with `why`, so that whoever looks later sees it: a step
 * of a chain has nobody to tell. *id is owned. */
enum fst_status fst_run_refused(const struct fst_run_place *place, struct fst_catalog *c,
                                const struct fst_resource *r, const char *provider, const char *why,
                                char **id, struct fst_error *err);
/* What `firesteel agent RUN` does: take the lock, submit or reattach, follow to the end. Returns OK
 * also when the run failed; the run's state tells. */
enum fst_status fst_run_agent(const struct fst_run_place *place, const char *id,
                              struct fst_error *err);
/* Find unfinished runs of this host that no agent holds, and start agents for them. How many. */
size_t fst_run_revive(const struct fst_run_place *place, struct fst_catalog *c);
/* Does an agent hold the run's lock? */
bool fst_run_is_held(const struct fst_run_place *place, const char *id);
/* Look again for a run that was LOST: a new agent asks the engine. */
enum fst_status fst_run_look_again(const struct fst_run_place *place, struct fst_catalog *c,
                                   const char *id, struct fst_error *err);
/* Wish for the end: noted in the catalog, and a signal to the agent if it is here. */
enum fst_status fst_run_cancel(const struct fst_run_place *place, struct fst_catalog *c,
                               const char *id, struct fst_error *err);

/* What the events say, folded. */
struct fst_run_view {
    enum fst_state state;
    struct fst_progress progress;
    int64_t updated_us;
    char error[2048];
    struct fst_problem problem;
    uint64_t offset; /* how far the events were read: pass the same struct again for news only */
};
enum fst_status fst_run_read_events(const struct fst_run_place *place, const char *id,
                                    struct fst_run_view *view, struct fst_error *err);
/* Append what the log has from *offset on (at most `max` bytes), advancing *offset. */
enum fst_status fst_run_read_log(const struct fst_run_place *place, const char *id,
                                 uint64_t *offset, size_t max, struct fst_buf *out,
                                 struct fst_error *err);
/* Where the last `keep` bytes of a log begin, at the start of a line; 0 when it has no more. */
uint64_t fst_run_log_end(const struct fst_run_place *place, const char *id, uint64_t keep);

/* ---- Chains: several runs, one after the other -------------------------------------------------
 *
 * A chain has a process of its own that starts the next run when the one before has ended. What
 * stands on a run that failed is left out, the others go on; a chain that is made for one resource
 * ends when that cannot be made any more. It keeps a file (chains/<id>): what is to run, what was
 * started or left out, how it ended. A chain whose process died is taken up again by
 * fst_run_revive, where it stopped. */
struct fst_chain {
    struct fst_arena *arena;
    const char *target, *provider; /* provider NULL = each its own */
    int64_t *resources;            /* ids, in order */
    const char **runs;             /* started for each; NULL = not yet */
    const char **left_out; /* of each: the label of what failed above it; NULL = it is not */
    size_t n;
    int64_t made_for; /* the resource that all of it is for; 0 = each is wanted for itself */
    bool cancelled;   /* somebody wished for its end */
    bool ended;
    struct fst_error end;       /* status FST_OK: all are READY */
    int64_t began_us, ended_us; /* 0 = not known */
};
/* Write down its target, provider, resources and what it is made for, and start its process. `id`
 * is owned. */
enum fst_status fst_chain_start(const struct fst_run_place *place, const struct fst_chain *chain,
                                char **id, struct fst_error *err);
enum fst_status fst_chain_read(const struct fst_run_place *place, const char *id,
                               struct fst_chain *out, struct fst_error *err);
void fst_chain_done(struct fst_chain *c);
/* The place of the run that was started last, from 1; 0 = none was. */
size_t fst_chain_started(const struct fst_chain *c);
/* How many of its runs are READY. */
size_t fst_chain_ready(const struct fst_chain *chain, struct fst_catalog *c);
/* RUNNING until it has ended; then READY, FAILED or CANCELLED. */
enum fst_state fst_chain_state(const struct fst_chain *c);
/* Ids of all that are kept (a week after their end), the newest first. Memory is the arena's. */
const char **fst_chain_ids(const struct fst_run_place *place, struct fst_arena *a, size_t *n);
/* The one whose id is `part`, or begins or ends so. *id is owned. */
enum fst_status fst_chain_find(const struct fst_run_place *place, const char *part, char **id,
                               struct fst_error *err);
/* Wish for its end: the run under way is cancelled, and no further one is started. */
enum fst_status fst_chain_cancel(const struct fst_run_place *place, struct fst_catalog *c,
                                 const char *id, struct fst_error *err);
/* Be its process: a descriptor to close at the end, or -1 when somebody else is. */
int fst_chain_take(const struct fst_run_place *place, const char *id);
enum fst_status fst_chain_note_run(const struct fst_run_place *place, const char *id,
                                   int64_t resource, const char *run_id, struct fst_error *err);
enum fst_status fst_chain_note_left_out(const struct fst_run_place *place, const char *id,
                                        int64_t resource, const char *because,
                                        struct fst_error *err);
enum fst_status fst_chain_note_end(const struct fst_run_place *place, const char *id,
                                   const struct fst_error *end, struct fst_error *err);

/* The chain that started a run, the newest that did; FST_ENOTFOUND when it is in none. */
enum fst_status fst_chain_of_run(const struct fst_run_place *place, const char *run_id, char **id,
                                 struct fst_error *err);

/* What a run was sent with, from its job file: settings ("spark.sql.shuffle.partitions"),
 * options ("options.x"), its SQL, where its inputs were ("input name.variant"). */
struct fst_run_fact {
    const char *name, *value;
};
struct fst_run_facts {
    struct fst_arena *arena;
    struct fst_run_fact *items;
    size_t n;
};
enum fst_status fst_run_read_facts(const struct fst_run_place *place, const char *id,
                                   struct fst_run_facts *out, struct fst_error *err);
const char *fst_run_fact(const struct fst_run_facts *f, const char *name); /* NULL = not there */
void fst_run_facts_done(struct fst_run_facts *f);

/* profile.json of a run: how it spent its time so far. FST_ENOTFOUND when nothing was told. */
enum fst_status fst_run_read_profile(const struct fst_run_place *place, const char *id,
                                     struct fst_profile **out, struct fst_error *err);

/* ---- Servers that we started
 * --------------------------------------------------------------------- */

struct fst_server {
    pid_t pid;
    uint64_t start_time;
    int port;
    int64_t since_us;
    char log[512];
};
/* Start the provider's server on this host and wait until it is ready (or `cancelled`); remembered
 * in the catalog. `say` gets a line now and then. */
enum fst_status fst_server_start(const struct fst_run_place *place, struct fst_catalog *c,
                                 const char *provider, const struct fst_engine *engine,
                                 const struct fst_doc *options,
                                 void (*say)(void *arg, const char *line), void *arg,
                                 bool (*cancelled)(void *), struct fst_error *err);
/* FST_ENOTFOUND when we have none running. */
enum fst_status fst_server_find(struct fst_catalog *c, const char *provider, struct fst_server *out,
                                struct fst_error *err);
/* Stop just that one: SIGTERM, then SIGKILL after 10 s. */
enum fst_status fst_server_stop(struct fst_catalog *c, const char *provider, struct fst_error *err);

#endif
