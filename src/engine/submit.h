/* spark-submit as the files of the engine see it: submit_command.c says what to run, submit_run.c
 * runs it and follows, submit.c is the row of the table. */
#ifndef ENGINE_SUBMIT_H
#define ENGINE_SUBMIT_H

#include "driver.h"
#include "spark.h"

#define SUBMIT_OUT "driver.out"
#define SUBMIT_ERR "driver.err"
#define SUBMIT_EXIT "exit"
#define SUBMIT_SECRETS "spark.conf"
#define SUBMIT_LOG4J "log4j2.properties"

struct submit_run;
struct fst_session {
    struct fst_arena *arena;
    struct fst_doc *options; /* a copy; references in maps are not resolved */
    const char *master;
    bool is_cluster_mode;
    struct submit_run *run;
};

/* What to run. `secrets` are lines of a properties file that is not to be shown. */
struct submit_command {
    struct fst_arena *arena;
    char **argv, **env;
    struct fst_buf secrets; /* key=value lines, real values */
    struct fst_buf masked;  /* the same with *** */
};
/* With `reveal` false no reference is resolved: for showing. `py` and `job` are the driver's files,
 * NULL for a program. */
enum fst_status submit_command_make(const struct fst_session *s, const struct fst_work *w,
                                    const char *py, const char *job, bool reveal,
                                    struct submit_command *out, struct fst_error *err);
void submit_command_done(struct submit_command *c);

enum fst_status submit_start(struct fst_session *s, const struct fst_work *w,
                             struct fst_buf *handle, struct fst_problem *problem,
                             struct fst_error *err);
enum fst_status submit_reattach(struct fst_session *s, const struct fst_work *w, const char *handle,
                                struct fst_error *err);
enum fst_status submit_poll(struct fst_session *s, int wait_ms, struct fst_progress *out,
                            struct fst_problem *problem, struct fst_error *err);
enum fst_status submit_cancel(struct fst_session *s, struct fst_error *err);
enum fst_status submit_log(struct fst_session *s, struct fst_buf *cursor, struct fst_buf *out,
                           struct fst_error *err);
enum fst_status submit_profile(struct fst_session *s, struct fst_profile **out,
                               struct fst_error *err);
enum fst_status submit_outcome(struct fst_session *s, struct fst_outcome *out,
                               struct fst_error *err);
void submit_run_free(struct submit_run *run);

#endif
