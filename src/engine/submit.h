/* What the files of the submit engine share: where it submits to, the command for it, and work that
 * runs. */
#ifndef ENGINE_SUBMIT_H
#define ENGINE_SUBMIT_H

#include "driver.h"
#include "firesteel/engine.h"
#include "spark.h"
#include "spark_conf.h"
#include "yarn.h"

enum submit_kind { SUBMIT_LOCAL, SUBMIT_STANDALONE, SUBMIT_YARN, SUBMIT_K8S };

struct submit_run;
struct fst_session {
    struct fst_arena *arena;
    const struct fst_doc *options;
    const char *master;
    enum submit_kind kind;
    bool cluster_mode;      /* the driver runs on the cluster: its output is not ours */
    struct submit_run *run; /* submitted work */
};
const char *submit_option(const struct fst_session *s, const char *name); /* or NULL */

/* ---- The command (submit_command.c; for people: submit_show.c) ---- */
struct submit_plan {
    char **argv; /* NULL-ended */
    char **env;  /* as of fst_spawn */
    const char *properties_path;
    const char *properties; /* text of the settings that are secrets; NULL = there are none */
    const char *log_path, *log_config;
};
/* `masked`: for people. Secrets stay unresolved and are shown as ***, and nothing is written. */
enum fst_status submit_plan_make(const struct fst_session *s, const struct fst_work *w, bool masked,
                                 struct fst_arena *a, struct submit_plan *out,
                                 struct fst_error *err);
/* The command that ends the operation on Kubernetes. */
enum fst_status submit_kill_plan(const struct fst_session *s, const char *operation_id,
                                 struct fst_arena *a, struct submit_plan *out,
                                 struct fst_error *err);
void submit_plan_wipe(struct submit_plan *p); /* what it knows of secrets */
enum fst_status submit_command(struct fst_session *s, const struct fst_work *w, struct fst_buf *out,
                               struct fst_error *err);
/* Hadoop's configuration folder: the option, else $HADOOP_CONF_DIR, else $YARN_CONF_DIR; or NULL.
 */
const char *submit_hadoop_conf(const struct fst_doc *options);

/* ---- Work (submit_run.c, submit_watch.c, submit_end.c, submit_log.c) ---- */
void submit_run_free(struct submit_run *run);
enum fst_status submit_submit(struct fst_session *s, const struct fst_work *w,
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
/* What a dead process said last, for people: the innermost cause in it, else its last line with an
 * error, else its last line. `p` is the end of its output. */
void submit_last_words(const char *p, size_t n, char *out, size_t cap);

/* ---- An application on YARN whose driver is there, too (submit_yarn.c) ---- */
struct submit_yarn {
    struct fst_arena *arena;
    struct yarn_place place;
    char *tag;
    struct yarn_app app;    /* id "" = not found yet */
    enum fst_status status; /* of the last question: FST_ENOTFOUND = there is none */
    struct fst_error err;
    enum fst_status log_status;
    bool has_answered, kill_wanted;
    struct driver_stream out; /* its stdout, for the report */
    int64_t asked_us, killed_us, over_us, log_us;
    int64_t away_until_us; /* the node did not answer: it is left alone until then */
    char room[120];        /* what is free on the cluster */
};
/* What is known of the spark-submit that waits for it here. */
struct submit_waiter {
    bool is_gone, is_program, cancelling;
    int exit_code; /* -1 = not known */
    int64_t gone_us;
};
struct submit_yarn *submit_yarn_new(const struct fst_session *s, const char *operation_id);
void submit_yarn_free(struct submit_yarn *y);
/* Ask for news, not oftener than is good, and read the driver's reports. */
void submit_yarn_look(struct submit_yarn *y, struct driver_report *r);
/* Is it decided by what YARN says? If so, *status tells how; if not, and FST_OK, it goes on as
 * `out` says; if false and *status is FST_ENOTFOUND, only spark-submit can tell. */
bool submit_yarn_judge(struct submit_yarn *y, const struct submit_waiter *w,
                       const struct driver_report *r, struct fst_progress *out,
                       struct fst_problem *problem, enum fst_status *status, struct fst_error *err);
/* FST_OK: it is being ended, now or as soon as it is there. */
enum fst_status submit_yarn_kill(struct submit_yarn *y, struct fst_error *err);
/* The next bytes of the driver's "stdout" or "stderr" into `into`; 0 = none (yet). */
size_t submit_yarn_read(struct submit_yarn *y, const char *file, uint64_t from, char *into,
                        size_t cap);

extern const struct fst_server_ops submit_server; /* submit_doctor.c */

#endif
