/* What the files of the connect engine share: the server it talks to, one session there, calls, and
 * errors made readable. */
#ifndef ENGINE_CONNECT_H
#define ENGINE_CONNECT_H

#include "firesteel/engine.h"
#include "firesteel/io.h"
#include "pb.h"

#define CONNECT_DEFAULT_URL "sc://127.0.0.1:15002"
enum { CONNECT_DEFAULT_PORT = 15002 };

/* ---- Where: sc://host:port/;key=value (connect_url.c) ---- */
struct connect_target {
    char *host;      /* without brackets */
    char *authority; /* host:port as sent */
    int port;
    bool tls, is_loopback;
    int use_ssl;        /* as the url says; -1 = it does not */
    char *token, *user; /* NULL = not said */
    char *ca_file;      /* NULL = the system's */
    struct fst_http_header *headers;
    size_t n_headers;
};
/* Everything is owned by the arena. */
enum fst_status connect_url_parse(struct fst_arena *a, const char *url, struct connect_target *out,
                                  struct fst_error *err);

/* Whether TLS is spoken: as the url says, else when a token goes to another host. */
enum fst_status connect_decide_tls(struct connect_target *t, struct fst_error *err);

/* %XX to bytes; what is no escape, and %00, stays. */
void connect_percent_decode(struct fst_buf *out, const char *p, size_t n);

/* ---- A session ---- */
struct connect_run;
enum connect_binding { /* how a text gets its inputs */
                       CONNECT_BIND_UNKNOWN,
                       CONNECT_BIND_PLAN,
                       CONNECT_BIND_VIEWS, /* Spark before 4.0 */
};
struct fst_session {
    struct fst_arena *arena;
    struct connect_target target;
    struct fst_grpc_channel channel;
    char id[37];             /* of the server's session for checks and queries; "" = none yet */
    char zone[64];           /* the time zone that session has */
    bool lasting;            /* the session outlives us: close leaves it open */
    _Atomic bool answered;   /* the server has said something to us */
    _Atomic bool no_status;  /* it has no GetStatus: Spark before 4.2 */
    _Atomic int binding;     /* enum connect_binding */
    char name[112];          /* of the lasting one, for the next process */
    struct connect_run *run; /* submitted work */
    char *python;            /* that makes the plans of functions; NULL = not said */
    struct fst_buf relation; /* the newest plan that it made */
};

/* ---- Errors (connect_error.c) ---- */
/* An error as the server said it. Owned texts. */
struct connect_failure {
    int grpc;
    char *message;
    char condition[96], sqlstate[8], error_id[64];
};
void connect_failure_read(const struct fst_grpc_result *result, struct connect_failure *out);
void connect_failure_done(struct connect_failure *f);
bool connect_failure_is(const struct connect_failure *f, const char *condition_prefix);
/* The place by the message alone, when it is the parser's. */
bool connect_place_of_parser(const char *message, const char *sql, struct fst_problem *out);
/* What an error stands on, the root cause first, with where it was thrown; at most some tens of
 * lines. (connect_cause.c) */
void connect_causes_of_details(const void *p, size_t n, struct fst_buf *out);
/* The place by the contexts in an answer of FetchErrorDetails; takes condition and state, too.
 * Without a text it is the place of a call in Python. */
bool connect_place_of_details(const void *p, size_t n, const char *sql, struct fst_problem *out);
/* The place by what analysis and runtime errors say in their text. */
bool connect_place_of_message(const char *message, const char *sql, struct fst_problem *out);
/* The place of code points [start, stop] of the text. */
void connect_place_of_range(const char *sql, uint64_t start, uint64_t stop,
                            struct fst_problem *out);
/* The message for people: without condition, state, position and dumps. */
void connect_message_clean(const char *message, char *out, size_t cap);
/* Status and text of `err` for a problem. `running` = the text was right, the work failed. */
enum fst_status connect_fail(const struct connect_failure *f, const struct fst_problem *problem,
                             bool running, struct fst_error *err);

/* ---- Calls (connect_rpc.c) ---- */
struct connect_call {
    struct fst_session *s;
    const char *session_id;
    const char *user; /* NULL = the target's */
    const char *sql;  /* the text sent: places in errors point into it; may be NULL */
    bool python;      /* places are those of a Python source */
    bool running;     /* errors are those of work, not of a text */
    fst_cancelled_fn cancelled;
    void *cancel_arg;
    long timeout_ms;             /* 0 = none */
    struct fst_problem *problem; /* may be NULL */
    struct fst_buf *causes;      /* gets what an error stands on, for a log; may be NULL */
    bool session_gone;           /* out: the server does not know this session (any more) */
    char condition[96];          /* out: of the error */
};
/* A request with session and user in it. */
void connect_request(const struct connect_call *c, struct fst_buf *out);
/* One message back, into `reply` (a buffer of the caller's). */
enum fst_status connect_unary(struct connect_call *c, const char *method,
                              const struct fst_buf *request, struct fst_buf *reply,
                              struct fst_error *err);
/* Messages to `on_message`. FST_OK when the stream ended well. */
enum fst_status connect_stream(struct connect_call *c, const char *method,
                               const struct fst_buf *request,
                               bool (*on_message)(void *arg, const void *p, size_t n), void *arg,
                               struct fst_error *err);
/* Config.set of pairs "key", "value", ..., NULL. */
enum fst_status connect_config_set(struct connect_call *c, const char *const *pairs,
                                   struct fst_error *err);
/* Config.get_option; *out owned or NULL when it is not set. */
enum fst_status connect_config_get(struct connect_call *c, const char *key, char **out,
                                   struct fst_error *err);
enum fst_status connect_release_session(struct connect_call *c, struct fst_error *err);
enum connect_state { /* as GetStatus numbers them */
                     CONNECT_UNKNOWN = 1,
                     CONNECT_RUNNING = 2,
                     CONNECT_TERMINATING = 3,
                     CONNECT_SUCCEEDED = 4,
                     CONNECT_FAILED = 5,
                     CONNECT_CANCELLED = 6,
};
enum fst_status connect_get_status(struct connect_call *c, const char *operation, int *state,
                                   struct fst_error *err);
/* The operation; when it is not known, what runs in its session under our tag. */
enum fst_status connect_interrupt(struct connect_call *c, const char *operation, bool *found,
                                  struct fst_error *err);
/* Also stops an operation that runs. Only for reattachable ones. */
void connect_release_execute(struct connect_call *c, const char *operation);
enum fst_status connect_version(struct connect_call *c, char **out, struct fst_error *err);

/* What to do about a line that is not there; what it is for us, mostly `status`. (connect_line.c)
 */
enum fst_status connect_line_remedy(const struct connect_call *c, enum fst_status status,
                                    struct fst_error *err);

/* ---- Types and plans ---- */
/* The columns of a DataType message. What we have no kind for becomes FST_UNKNOWN.
 * (connect_type.c) */
enum fst_status connect_schema_read(struct pb type, struct fst_schema **out, struct fst_error *err);
/* "`a` bigint, `b` string"; false when a type cannot be said. */
bool connect_schema_ddl(const struct fst_schema *schema, struct fst_buf *out);
/* The work's text over its inputs as a Relation in `field`, under a Limit when limit > 0. Of a
 * function the plan is `made`, by connect_python_prepare. (connect_plan.c) */
enum fst_status connect_plan_write(struct fst_buf *out, uint32_t field, const struct fst_work *w,
                                   const struct fst_buf *made, uint64_t limit,
                                   struct fst_error *err);
/* The first `n` inputs and the query of the one after as a Relation. */
enum fst_status connect_plan_input(struct fst_buf *out, uint32_t field, const struct fst_work *w,
                                   size_t n, struct fst_error *err);
/* The input alone, as the inside of a Relation. */
enum fst_status connect_plan_source(struct fst_buf *out, const struct fst_work *w, size_t n,
                                    struct fst_error *err);

/* ---- PySpark functions: plans made by a Python of this host (connect_python.c) ---- */
#define CONNECT_PYTHON_NAME "<transformation>" /* the source's file name in what Python says */
/* Make s->relation of w->python, as a client of the session for questions, or of the run's own.
 * Nothing to do for other work. */
enum fst_status connect_python_prepare(struct fst_session *s, const struct fst_work *w,
                                       struct fst_problem *problem, struct fst_error *err);
enum fst_status connect_python_prepare_run(struct fst_session *s, const struct fst_work *w,
                                           struct fst_problem *problem, struct fst_error *err);
/* The place in the source that an error of Spark names, the innermost one; and of a traceback only
 * the words after it. */
bool connect_python_place(const char *message, struct fst_problem *out);
/* The Python that a server of ours should run functions with; NULL = as it finds one itself. */
const char *connect_python_of_workers(const struct fst_doc *options);
/* One line: is there a Python that can do it? */
void connect_python_doctor(const struct fst_doc *options,
                           void (*say)(void *arg, bool ok, const char *what, const char *remedy),
                           void *arg);

/* A child that runs to its end, within limits (connect_child.c). */
struct connect_child {
    char *const *argv, *const *env;
    const char *cwd, *output; /* the file that takes what it says */
    size_t max_output;
    long timeout_ms;
    fst_cancelled_fn cancelled;
    void *cancel_arg;
};
/* FST_OK when it ended by itself; `ended` is as waitpid tells it. */
enum fst_status connect_child_run(const struct connect_child *c, int *ended, struct fst_error *err);
/* The last line of a file, escaped; "" when there is none. */
void connect_child_last_words(const char *path, struct fst_buf *out);

/* ---- The server's web interface, for work that nobody listens to (connect_ui.c) ---- */
/* Where it answers for this application, owned; NULL when it does not. */
char *connect_ui_find(struct connect_call *c);
/* Tasks and stages of the operation's jobs; false when it knows none. */
bool connect_ui_progress(const char *ui, const char *operation, struct fst_progress *out);
/* Why it failed, owned; NULL when that is not known. */
char *connect_ui_error(const char *ui, const char *operation, const char *session);

/* ---- What Spark means to do (connect_explain.c) ---- */
/* Spark's formatted plan in words: a line an operator. */
void connect_explain_plan(struct fst_buf *out, const char *text, size_t n);

/* Spark tells a place, not which text it is a place in: find the input whose query it is. */
void connect_blame_input(struct fst_session *s, const struct fst_work *w,
                         struct fst_problem *problem, struct fst_error *err);
/* Has the text inputs that are bound to it? */
bool connect_has_bound(const struct fst_work *w);
/* Which way the server takes them, by its version, unless it is known. (connect_view.c) */
enum fst_status connect_learn_binding(struct connect_call *c, struct fst_error *err);
/* Make the inputs temporary views where plans cannot bind them; `bound` is what is left to send. */
enum fst_status connect_bind_views(struct connect_call *c, const struct fst_work *w,
                                   struct fst_work *bound, struct fst_error *err);
/* Those that were made for `bound`. */
void connect_drop_views(const struct connect_call *c, const struct fst_work *w,
                        const struct fst_work *bound);
/* Would all of its columns come back from files as they are? Asks the analyzer. */
enum fst_status connect_fits_files(struct fst_session *s, const struct fst_work *w, bool *fits,
                                   struct fst_problem *problem, struct fst_error *err);
/* All rows, by way of files that the executors write (connect_files.c). */
enum fst_status connect_query_files(struct fst_session *s, const struct fst_work *w,
                                    struct fst_reader **out, struct fst_problem *problem,
                                    struct fst_error *err);

/* ---- The slots ---- */
/* A question to AnalyzePlan about the work: field 4 its schema, 5 how it runs (in that mode). The
 * reply is the caller's. */
enum fst_status connect_analyze(struct fst_session *s, const struct fst_work *w, uint32_t field,
                                int mode, struct fst_buf *reply, struct fst_problem *problem,
                                struct fst_error *err);
enum fst_status connect_check(struct fst_session *s, const struct fst_work *w,
                              struct fst_schema **out, struct fst_problem *problem,
                              struct fst_error *err);
enum fst_status connect_explain(struct fst_session *s, const struct fst_work *w,
                                struct fst_buf *out, struct fst_problem *problem,
                                struct fst_error *err);
enum fst_status connect_query(struct fst_session *s, const struct fst_work *w, uint64_t limit,
                              struct fst_reader **out, struct fst_problem *problem,
                              struct fst_error *err);
/* Do `ask` in a live session with the work's settings in it; once more in a new one when the server
 * has closed ours. */
typedef enum fst_status connect_ask_fn(struct connect_call *c, const struct fst_work *w, void *arg,
                                       struct fst_error *err);
enum fst_status connect_in_session(struct fst_session *s, const struct fst_work *w,
                                   struct fst_problem *problem, connect_ask_fn *ask, void *arg,
                                   struct fst_error *err);
enum fst_status connect_submit(struct fst_session *s, const struct fst_work *w,
                               struct fst_buf *handle, struct fst_problem *problem,
                               struct fst_error *err);
enum fst_status connect_reattach(struct fst_session *s, const struct fst_work *w,
                                 const char *handle, struct fst_error *err);
enum fst_status connect_poll(struct fst_session *s, int wait_ms, struct fst_progress *out,
                             struct fst_problem *problem, struct fst_error *err);
enum fst_status connect_cancel(struct fst_session *s, struct fst_error *err);
enum fst_status connect_log(struct fst_session *s, struct fst_buf *cursor, struct fst_buf *out,
                            struct fst_error *err);
enum fst_status connect_profile(struct fst_session *s, struct fst_profile **out,
                                struct fst_error *err);
/* Let go of the work; it goes on at the server. */
void connect_run_free(struct connect_run *run);
/* Path of a file here that the server sees, too: owned; NULL when it is none. */
char *connect_local_path(const struct fst_session *s, const char *uri);

extern const struct fst_server_ops connect_server;

#endif
