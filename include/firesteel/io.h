/* io: what waits? HTTP, gRPC, child processes, secrets, and the pool of workers.
 *
 * Calls here block unless they say otherwise; they belong on workers and in agents, never on the UI
 * thread. Nothing here knows what a table is. */
#ifndef FIRESTEEL_IO_H
#define FIRESTEEL_IO_H

#include <sys/types.h>

#include "firesteel/base.h"

/* ---- HTTP ------------------------------------------------------------------------------------ */

struct fst_http_header {
    const char *name, *value;
};
/* Asked while waiting, at least every 100 ms; true ends the call with FST_ECANCELLED. */
typedef bool (*fst_cancelled_fn)(void *arg);

/* Connections kept open between exchanges. One exchange at a time uses them: a second one at the
 * same moment has a connection of its own. */
struct fst_http_client;
struct fst_http_client *fst_http_client_new(void);
void fst_http_client_free(struct fst_http_client *c);

struct fst_http_request {
    struct fst_http_client *client; /* NULL = a connection of its own */
    const char *method;             /* NULL = GET */
    const char *url;
    const struct fst_http_header *headers;
    size_t n_headers;
    const void *body;
    size_t body_len;
    bool http2_prior_knowledge; /* h2c without an upgrade, as gRPC servers want it */
    const char *ca_file;        /* PEM of the authorities to trust over TLS; NULL = the system's */
    long connect_timeout_ms;    /* 0 = 5000 */
    long timeout_ms;            /* of the whole; 0 = none (streams) */
    long idle_timeout_ms;       /* no byte for so long; 0 = none */
    size_t max_body;            /* bytes; 0 = 16 MB; over it is FST_ENOMEM */
    /* Body bytes as they come; false stops the call with FST_ECANCELLED. NULL = collect in the
     * response. */
    bool (*on_body)(void *arg, const void *p, size_t n);
    void *arg;
    fst_cancelled_fn cancelled;
    void *cancel_arg;
};
struct fst_http_response {
    long status;
    struct fst_arena *arena;         /* owns the headers */
    struct fst_http_header *headers; /* header and trailer lines in order, names in lower case */
    size_t n_headers;
    struct fst_buf body;
};
/* Why TLS did not come about, in an error's `code`: above every errno. FST_EAUTH for the first
 * three, which do not get better by trying again. */
enum fst_tls_fault {
    FST_TLS_UNTRUSTED = 1001, /* no authority that is trusted here signed the certificate */
    FST_TLS_OTHER_HOST,       /* it is for another host */
    FST_TLS_EXPIRED,
    FST_TLS_CA_FILE,    /* ca_file cannot be used; FST_EINVAL */
    FST_TLS_NOT_SPOKEN, /* a plain server, or one of other versions; FST_ENET */
};
/* One exchange. FST_OK for every HTTP status; errors are those of the line (FST_ENET,
 * FST_ETIMEOUT, FST_EAUTH), with errno or a fst_tls_fault in `code` when there is one
 * (ECONNREFUSED). libcurl is loaded at the first call that needs it; plain HTTP/2 to this host does
 * not. */
enum fst_status fst_http(const struct fst_http_request *rq, struct fst_http_response *rs,
                         struct fst_error *err);
const char *fst_http_header_get(const struct fst_http_response *rs, const char *name); /* or NULL */
void fst_http_response_done(struct fst_http_response *rs);
/* Many exchanges, at most `parallel` at once. Each has its own outcome in errs[i].status; status
 * and headers of a response are there also when its body was stopped or too large. All `n`
 * responses are to be done with. An answer that is not FST_OK: nothing was sent. The first
 * request's `cancelled` speaks for all. In `on_body` the response's status and headers are known.
 */
enum fst_status fst_http_wave(struct fst_http_client *client, const struct fst_http_request *rqs,
                              struct fst_http_response *rss, struct fst_error *errs, size_t n,
                              size_t parallel, struct fst_error *err);

/* ---- Objects behind HTTP ------------------------------------------------------------------- */

/* How an S3 is spoken to. NULL = from the environment, as AWS's tools have it. */
struct fst_s3_options {
    const char *endpoint; /* URL; NULL = AWS's own */
    const char *region;
    const char *profile;                                 /* of ~/.aws */
    const char *access_key, *secret_key, *session_token; /* values: see fst_s3_new */
    const char *role_arn, *external_id;                  /* a role to take over */
    const char *ca_file;
    bool anonymous;
    int path_style; /* 1 yes, 0 no, -1 as fits */
};
/* A client for one account, shared by threads and counted. Options are copied; what is secret is
 * wiped at the end. No network here: what is wrong shows at the first request. */
struct fst_s3;
struct fst_s3 *fst_s3_new(const struct fst_s3_options *o);
struct fst_s3 *fst_s3_ref(struct fst_s3 *s3);
void fst_s3_unref(struct fst_s3 *s3); /* NULL is fine */

struct fst_s3_entry {
    const char *key; /* raw bytes, ended by a NUL */
    uint64_t size;
    int64_t modified_us;
};
struct fst_s3_listing {
    struct fst_arena *arena;
    struct fst_s3_entry *entries;
    size_t n;
    const char **prefixes; /* with a delimiter: the folders */
    size_t n_prefixes;
    bool may_cut; /* set before: more than `max` is no error but `cut` */
    bool cut;
};
/* Keys that begin with `prefix`, in S3's order, over as many pages as there are; more than `max` is
 * FST_ENOMEM, but a `max` of 1 asks only whether there is one. `delimiter` may be NULL. */
enum fst_status fst_s3_list(struct fst_s3 *s3, const char *bucket, const char *prefix,
                            const char *delimiter, size_t max, struct fst_s3_listing *out,
                            struct fst_error *err);
void fst_s3_listing_done(struct fst_s3_listing *l);
/* An object that is written from front to back: in one request when it is small, else in parts of 8
 * MB, a few of which are on their way while the next one is filled. Nobody sees it before it is
 * finished; one that is freed before takes back what it sent. */
struct fst_s3_upload;
struct fst_s3_upload *fst_s3_upload_new(struct fst_s3 *s3, const char *bucket, const char *key);
enum fst_status fst_s3_upload_write(struct fst_s3_upload *u, const void *p, size_t n,
                                    struct fst_error *err);
enum fst_status fst_s3_upload_finish(struct fst_s3_upload *u, struct fst_error *err);
void fst_s3_upload_free(struct fst_s3_upload *u); /* NULL is fine */
/* That one is not there is no error. */
enum fst_status fst_s3_delete(struct fst_s3 *s3, const char *bucket, const char *key,
                              struct fst_error *err);
/* One object, whole, in the same way. */
enum fst_status fst_s3_put(struct fst_s3 *s3, const char *bucket, const char *key, const void *p,
                           size_t n, struct fst_error *err);

/* One object that is read: a URL, or a key of a bucket. It is the object as it was at the first
 * answer: once it changed, reading is FST_ECONFLICT. */
struct fst_object {
    struct fst_s3 *s3; /* NULL = `url` */
    const char *bucket, *key;
    char *url;        /* owned; follows redirections */
    const char *name; /* for error texts; without a query */
    uint64_t size;    /* once has_size */
    bool has_size, no_ranges, no_suffix;
    int64_t modified_us; /* 0 unknown */
    char etag[256];      /* "" = none told */
    struct fst_http_client *client;
    uint64_t requests, waves, bytes; /* so far */
};
struct fst_get {
    uint64_t from;
    size_t len;
    bool suffix; /* the last `len` bytes; `from` is set */
    void *into;
    size_t got; /* less than len at the end of the object */
};
/* All pieces at once, sixteen requests at a time; what may get better is tried again. A server
 * without ranges is FST_EUNSUPPORTED and `no_ranges`; one without ranges from the end, which also
 * may be an empty object, is FST_EUNSUPPORTED and `no_suffix`. */
enum fst_status fst_object_get(struct fst_object *o, struct fst_get *gets, size_t n,
                               struct fst_error *err);
/* gets[i] of os[i], in the same way; objects of one client. Those with `got` are there also when
 * others failed. */
enum fst_status fst_objects_get(struct fst_object *const *os, struct fst_get *gets, size_t n,
                                struct fst_error *err);
/* Size and etag, by HEAD, or where that is not answered by a range of one byte. */
enum fst_status fst_object_head(struct fst_object *o, struct fst_error *err);
/* The object in one piece of at most `cap` bytes. */
enum fst_status fst_object_whole(struct fst_object *o, size_t cap, struct fst_buf *out,
                                 struct fst_error *err);

/* ---- gRPC over HTTP/2 -------------------------------------------------------------------- */

struct fst_grpc_channel {
    const char *authority; /* host:port */
    bool tls;
    const char *token;   /* bearer token; NULL = none */
    const char *ca_file; /* as of a request */
    const struct fst_http_header *headers;
    size_t n_headers;
    struct fst_http_client *client; /* NULL = a connection for each call */
};
struct fst_grpc_result {
    int status;             /* gRPC status code; 0 is OK */
    char *message;          /* decoded grpc-message; owned */
    struct fst_buf details; /* decoded grpc-status-details-bin */
};
void fst_grpc_result_done(struct fst_grpc_result *r);
/* One call: request message in, each response message to `on_message` (false stops). FST_OK when
 * the line held, whatever the gRPC status in `result`. Each message at most max_message bytes (0 =
 * 256 MB). */
enum fst_status fst_grpc_call(const struct fst_grpc_channel *ch, const char *path,
                              const void *request, size_t request_len,
                              bool (*on_message)(void *arg, const void *p, size_t n), void *arg,
                              fst_cancelled_fn cancelled, void *cancel_arg, long timeout_ms,
                              size_t max_message, struct fst_grpc_result *result,
                              struct fst_error *err);

/* ---- Processes --------------------------------------------------------------------------- */

struct fst_spawn {
    char *const *argv;  /* NULL-ended; argv[0] is looked up in PATH */
    char *const *env;   /* NAME=value to set, NAME to unset; NULL-ended; NULL = ours as it is */
    const char *cwd;    /* NULL = ours */
    const char *output; /* file that stdout and stderr are appended to; NULL = /dev/null */
    bool detached;      /* own session; survives us; stdin is /dev/null */
};
enum fst_status fst_spawn(const struct fst_spawn *s, pid_t *pid, struct fst_error *err);
/* Run to the end and take stdout (at most cap bytes) and the exit status. FST_ETIMEOUT kills it. */
enum fst_status fst_run(char *const *argv, long timeout_ms, size_t cap, struct fst_buf *out,
                        int *exit_status, struct fst_error *err);
bool fst_process_alive(pid_t pid, uint64_t start_time); /* start_time 0 = do not compare */
uint64_t fst_process_start_time(pid_t pid);             /* clock ticks since boot; 0 when gone */
bool fst_port_is_free(int port);                        /* on 127.0.0.1 */
/* A path in PATH, or NULL. Owned. */
char *fst_find_program(const char *name);

/* ---- Secrets ------------------------------------------------------------------------------- */

/* Is `text` a reference (env:NAME, file:PATH, cmd:ARGV, profile:NAME)? */
bool fst_secret_is_reference(const char *text);
/* The value of a reference; the caller wipes and frees it. FST_EAUTH names what is empty or
 * missing. `allow_cmd` false refuses cmd: (a workspace of another user). */
enum fst_status fst_secret_resolve(const char *reference, bool allow_cmd, char **out,
                                   struct fst_error *err);

/* ---- Workers ------------------------------------------------------------------------------- */

struct fst_pool;
/* A job: `work` runs on a worker and owns what it touches; `done` runs on the thread that calls
 * fst_pool_deliver, exactly once, also when the job was cancelled before it began. The job is freed
 * by `done`'s owner, not by the pool. */
struct fst_job {
    void (*work)(struct fst_job *job);
    void (*done)(struct fst_job *job);
    const char *what;       /* for people: "checking" */
    _Atomic bool cancelled; /* set by fst_job_cancel; work asks fst_job_cancelled */
    struct fst_job *next;   /* private, as is the next */
    struct fst_pool *pool;
};
struct fst_pool *fst_pool_new(int n_workers); /* threads start with the first job */
void fst_pool_submit(struct fst_pool *p, struct fst_job *job);
/* What runs is told; what still waits for a worker is delivered without one. Same thread as submit.
 */
void fst_job_cancel(struct fst_job *job);
bool fst_job_cancelled(void *job); /* as an fst_cancelled_fn */
/* Readable (poll) when finished jobs wait for fst_pool_deliver. */
int fst_pool_fd(const struct fst_pool *p);
size_t fst_pool_deliver(struct fst_pool *p); /* how many */
/* Let a worker wake the delivering thread with a message in the middle of its work: `post` runs
 * there. */
void fst_pool_post(struct fst_pool *p, void (*post)(void *arg), void *arg);
/* Cancel everything, wait for workers, deliver the rest. */
void fst_pool_free(struct fst_pool *p);

#endif
