/* A run as the two files see it that handle it: connect_run.c hands it over and holds its stream,
 * connect_watch.c finds it again, follows it and ends it. */
#ifndef ENGINE_CONNECT_RUN_H
#define ENGINE_CONNECT_RUN_H

#include <pthread.h>
#include <stdatomic.h>

#include "connect.h"

enum connect_phase {
    CONNECT_STREAMING, /* a thread holds the stream and tells the news */
    CONNECT_DETACHED,  /* nobody tells: ask */
    CONNECT_ENDED,
};

struct connect_run {
    struct fst_session *s;
    char operation[37], session[37];
    char *user, *sql;
    bool python;             /* the work is a function, sql is NULL */
    char *success;           /* path of _SUCCESS here, or NULL */
    char *ui;                /* of the server, or NULL */
    struct spark_rest *rest; /* what was asked of it; or NULL */
    bool ui_asked, cancel_asked;
    bool is_late; /* the server knows its end, the stream does not */
    int64_t last_call_us, silent_since_us, last_status_us, last_ui_us;
    struct fst_buf request;
    pthread_t thread;
    bool has_thread;
    _Atomic bool drop; /* let go of the stream */

    pthread_mutex_t lock; /* what follows is shared with the thread */
    pthread_cond_t news;
    enum connect_phase phase;
    bool complete;    /* result_complete came */
    uint64_t version; /* of the progress */
    struct fst_progress progress;
    struct fst_problem problem;
    struct fst_error err;
    struct fst_buf causes; /* what a failure stands on: the run's own log */
};

struct connect_run *connect_run_new(struct fst_session *s, const struct fst_work *w,
                                    const char *session, const char *user, const char *operation);
struct connect_call connect_run_call(const struct connect_run *run);
/* With the lock. */
void connect_run_end(struct connect_run *run, enum fst_run_state state);
bool connect_run_has_success(const struct connect_run *run);
enum connect_phase connect_run_phase(struct connect_run *run);
/* Where the server's web interface answers; borrowed, or NULL. */
const char *connect_run_ui(struct connect_run *run);
/* Wait for something newer than `version`; true when there is. */
bool connect_run_wait_news(struct connect_run *run, uint64_t version, int64_t wait_ms);

#endif
