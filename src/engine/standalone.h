/* A standalone cluster as the files of its engine see it: standalone.c is the row of the table and
 * the request, standalone_run.c the work. */
#ifndef ENGINE_STANDALONE_H
#define ENGINE_STANDALONE_H

#include "driver.h"
#include "rest.h"
#include "spark.h"
#include "spark_conf.h"

#define STANDALONE_LOG "log4j2.properties"

struct standalone_run;
struct fst_session {
    struct fst_arena *arena;
    const struct fst_doc *options;
    const char *master;    /* spark://host:port */
    const char *rest, *ui; /* http://host:port, without a slash at the end */
    bool is_loopback;
    struct standalone_run *run;
};
/* The create request for the work, its files in `folder`. `masked`: secrets as ***. */
enum fst_status standalone_request(const struct fst_session *s, const struct fst_work *w,
                                   const char *folder, bool masked, struct fst_buf *json,
                                   struct fst_error *err);
/* Where driver.py and its job lie: seen by this host and the workers. The arena's. */
const char *standalone_folder(const struct fst_session *s, const struct fst_work *w);
/* The master's own view, parsed; free the answer. */
enum fst_status standalone_master(const struct fst_session *s, struct rest_answer *out,
                                  struct fst_error *err);
/* Cores that an application has at the master; -1 = not known. */
int64_t standalone_app_cores(const struct fst_session *s, const char *app_id);

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
