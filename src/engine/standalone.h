/* A standalone cluster as the files of its engine see it: standalone.c is the row of the table and
 * the request, standalone_master.c whom to ask, standalone_run.c the work. */
#ifndef ENGINE_STANDALONE_H
#define ENGINE_STANDALONE_H

#include "driver.h"
#include "rest.h"
#include "spark.h"
#include "spark_conf.h"

#define STANDALONE_LOG "log4j2.properties"

enum { STANDALONE_MAX_MASTERS = 8 };

/* A master; http://host:port, without a slash at the end. */
struct standalone_place {
    const char *rest, *ui;
};
struct standalone_run;
struct fst_session {
    struct fst_arena *arena;
    const struct fst_doc *options;
    const char *master; /* spark://host:port[,host:port...] */
    struct standalone_place places[STANDALONE_MAX_MASTERS];
    size_t n_places, active; /* the one that answered last */
    bool is_loopback;
    struct standalone_run *run;
};
/* The create request for the work, its files in `folder`. `masked`: secrets as ***. */
enum fst_status standalone_request(const struct fst_session *s, const struct fst_work *w,
                                   const char *folder, bool masked, struct fst_buf *json,
                                   struct fst_error *err);
/* Where driver.py and its job lie: seen by this host and the workers. The arena's. */
const char *standalone_folder(const struct fst_session *s, const struct fst_work *w);
/* ---- The masters (standalone_master.c) ---- */
enum fst_status standalone_find_places(struct fst_session *s, struct fst_error *err);
const struct standalone_place *standalone_place(const struct fst_session *s); /* for people */
/* The answer of the submission server of the master that is alive. It may be asked twice. */
enum fst_status standalone_ask(struct fst_session *s, const char *method, const char *body,
                               const char *path, struct rest_answer *out, struct fst_error *err);
/* The same with POST, for what must not be done twice. */
enum fst_status standalone_ask_once(struct fst_session *s, const char *body, const char *path,
                                    struct rest_answer *out, struct fst_error *err);
/* The master's own view, parsed; free the answer. */
enum fst_status standalone_master(struct fst_session *s, struct rest_answer *out,
                                  struct fst_error *err);
/* Cores that an application has at the master; -1 = not known. */
int64_t standalone_app_cores(struct fst_session *s, const char *app_id);

/* ---- Work (standalone_run.c) ---- */
enum fst_status standalone_submit(struct fst_session *s, const struct fst_work *w,
                                  struct fst_buf *handle, struct fst_problem *problem,
                                  struct fst_error *err);
enum fst_status standalone_reattach(struct fst_session *s, const struct fst_work *w,
                                    const char *handle, struct fst_error *err);
enum fst_status standalone_poll(struct fst_session *s, int wait_ms, struct fst_progress *out,
                                struct fst_problem *problem, struct fst_error *err);
enum fst_status standalone_cancel(struct fst_session *s, struct fst_error *err);
enum fst_status standalone_log(struct fst_session *s, struct fst_buf *cursor, struct fst_buf *out,
                               struct fst_error *err);
enum fst_status standalone_profile(struct fst_session *s, struct fst_profile **out,
                                   struct fst_error *err);
enum fst_status standalone_outcome(struct fst_session *s, struct fst_outcome *out,
                                   struct fst_error *err);
void standalone_run_free(struct standalone_run *run);

#endif
