/* The agent as its files see it: agent.c begins (submits or finds again), follow.c watches,
 * ending.c writes down what became of it, log.c carries the engine's log over. */
#ifndef FIRESTEEL_RUN_AGENT_H
#define FIRESTEEL_RUN_AGENT_H

#include "run.h"

struct fst__agent {
    const struct fst_run_place *place;
    struct fst_catalog *catalog;
    struct fst_run_record *run;
    struct fst_job_file job;
    struct fst_events events;
    struct fst_session *session;
    const struct fst_engine *engine;
    char *folder;
    int lock;
    bool cancel_sent, deadline_passed;
    int64_t cancel_us, looked_us; /* monotonic: last try to cancel, last look for the wish */
    int64_t unreachable_us;       /* since when; 0 = it answers */
    int64_t progress_us, profile_us;
    int64_t running_us;       /* monotonic, when it began to run; may lie before our own birth */
    struct fst_server server; /* of ours, that the work is on; pid 0 = none */
    struct fst_progress last;
    struct fst_log_copy log;
};

/* One line of the run's log, with the time of day. stdout is the log. */
void fst__say(const char *fmt, ...) FST_PRINTF(1, 2);

/* What the work is on was started by us on this host, and its process is not there any more. */
bool fst__agent_server_is_gone(const struct fst__agent *g);
/* LOST, with what is known: also that a wish to cancel was never brought. */
void fst__agent_end_lost(struct fst__agent *g, const char *why);

void fst__agent_enter(struct fst__agent *g, enum fst_state state);
/* A final state with its reason; tries for a while when the disk is full. */
void fst__agent_end(struct fst__agent *g, enum fst_state state, const char *error,
                    const struct fst_problem *problem);
void fst__agent_end_failed(struct fst__agent *g, const struct fst_problem *problem,
                           const struct fst_error *err);
void fst__agent_end_ready(struct fst__agent *g, const struct fst_progress *p);
void fst__agent_write_row(struct fst__agent *g);
int64_t fst__count_rows(const char *uri);
/* Keep how the work spends its time with the run. */
void fst__agent_keep_profile(struct fst__agent *g);
/* To the end. */
void fst__agent_follow(struct fst__agent *g);

#endif
