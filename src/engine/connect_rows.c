/* Rows of a query, as they come.
 *
 * A thread holds the stream and puts frames into a short queue; the reader takes them out. When the
 * queue is full the thread waits, and with it, by the flow control of HTTP/2, the server: our
 * memory does not grow with the result. The operation is reattachable, because the server ends
 * every stream after two minutes, and a broken line is no reason to begin again: the responses
 * after the last one that came are asked for, so that no row is lost or comes twice. Waits between
 * attempts are those of Spark's own clients. */
#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "connect.h"

enum {
    QUEUE_BYTES = 4 << 20,   /* Arrow bytes of the frames that wait; one batch always fits */
    MAX_STREAMS = 100000,    /* of two minutes each */
    MAX_ATTEMPTS = 15,       /* broken lines in a row */
    FIRST_WAIT_MS = 50,      /* then four times as long each time, */
    LONGEST_WAIT_MS = 60000, /* up to a minute, */
    JITTER_MS = 500,         /* and from two seconds on not all at the same moment */
    JITTER_FROM_MS = 2000,
    REFUSED_ATTEMPTS = 5, /* on this host: then the server is gone, and the operation with it */
    STACK_BYTES = 1 << 20,
    ARROW_BATCH = 2,
    RESULT_COMPLETE = 14,
};

struct queued {
    struct fst_frame *frame;
    size_t bytes;
};

struct rows {
    struct fst_reader reader;
    struct fst_session *s;
    const struct fst_work *work;
    uint64_t limit;
    pthread_t thread;
    _Atomic bool closing;

    /* the thread's own */
    size_t received; /* responses: is there progress between two broken lines? */
    char operation[37];
    char *last_id; /* of the last response */
    bool complete;
    enum fst_status decoding;
    struct fst_error decoding_error;

    pthread_mutex_t lock; /* what follows is shared */
    pthread_cond_t news;
    struct fst_schema *schema;
    struct queued *queue;
    size_t n, cap, bytes;
    bool over;
    enum fst_status status;
    struct fst_problem problem;
    struct fst_error err;
    bool told; /* the error was handed out */

    struct fst_frame *current; /* the reader's: being handed out in pieces */
    size_t current_row;
};

/* ---- The thread: what comes ------------------------------------------------------------------ */

static bool is_cancelled(void *arg)
{
    struct rows *r = arg;
    return atomic_load(&r->closing) ||
           (r->work->cancelled && r->work->cancelled(r->work->cancel_arg));
}

/* Waits for room. */
static void put(struct rows *r, struct fst_frame *f, size_t bytes)
{
    pthread_mutex_lock(&r->lock);
    while (r->n > 0 && r->bytes + bytes > QUEUE_BYTES && !atomic_load(&r->closing))
        pthread_cond_wait(&r->news, &r->lock);
    fst_grow(&r->queue, &r->cap, r->n + 1, sizeof(*r->queue));
    r->queue[r->n++] = (struct queued){f, bytes};
    r->bytes += bytes;
    pthread_cond_broadcast(&r->news);
    pthread_mutex_unlock(&r->lock);
}

/* ArrowBatch { row_count = 1, data = 2 } */
static enum fst_status take_batch(struct rows *r, struct pb batch)
{
    struct pb_field data;
    struct fst_frame **frames = NULL;
    struct fst_error *err = &r->decoding_error;
    size_t n = 0;
    if (!pb_find(batch, 2, &data) || data.wire != 2)
        return fst_fail(err, FST_EFORMAT, "Spark sent a batch without data");
    FST_TRY(fst_arrow_decode(data.p, data.n, &frames, &n, err));
    for (size_t i = 0; i < n; i++)
        put(r, frames[i], data.n / n);
    free(frames);
    return FST_OK;
}

static enum fst_status take_schema(struct rows *r, struct pb type)
{
    struct fst_schema *schema = NULL;
    FST_TRY(connect_schema_read(type, &schema, &r->decoding_error));
    pthread_mutex_lock(&r->lock);
    bool first = !r->schema;
    if (first)
        r->schema = schema;
    pthread_cond_broadcast(&r->news);
    pthread_mutex_unlock(&r->lock);
    if (!first)
        fst_schema_free(schema);
    return FST_OK;
}

/* The id comes in the same response as what it names: a response that did not come whole is asked
 * for again. */
static enum fst_status take_response(struct rows *r, struct pb m)
{
    struct pb_field f;
    enum fst_status status = FST_OK;
    char *id = NULL;
    while (status == FST_OK && pb_next(&m, &f)) {
        if (f.number == ARROW_BATCH) {
            status = take_batch(r, pb_inside(&f));
        } else if (f.number == 7) {
            status = take_schema(r, pb_inside(&f));
        } else if (f.number == 13) {
            free(id);
            id = pb_strdup(&f);
        } else if (f.number == RESULT_COMPLETE) {
            r->complete = true;
        }
    }
    if (id) {
        free(r->last_id);
        r->last_id = id;
    }
    r->received++;
    return status == FST_OK && m.bad
               ? fst_fail(&r->decoding_error, FST_EFORMAT, "Spark's answer is damaged")
               : status;
}

static bool on_response(void *arg, const void *p, size_t n)
{
    struct rows *r = arg;
    r->decoding = take_response(r, pb_reader(p, n));
    return r->decoding == FST_OK;
}

/* ---- The thread: asking ---------------------------------------------------------------------- */

/* ExecutePlanRequest { plan = 3 { root = 1 }, request_options = 5 { reattach = 1 { true } },
 * operation_id = 6, tags = 7 } */
static enum fst_status execute_request(const struct connect_call *c, struct rows *r,
                                       const struct fst_work *w, struct fst_buf *request,
                                       struct fst_error *err)
{
    fst_buf_clear(request);
    connect_request(c, request);
    size_t plan = pb_open(request, 3);
    FST_TRY(connect_plan_write(request, 1, w, &c->s->relation, r->limit, err));
    pb_close(request, plan);
    pb_text(request, 4, "firesteel");
    size_t options = pb_open(request, 5);
    size_t reattach = pb_open(request, 1);
    pb_uint(request, 1, 1);
    pb_close(request, reattach);
    pb_close(request, options);
    pb_text(request, 6, r->operation);
    pb_text(request, 7, "firesteel");
    return FST_OK;
}

static void reattach_request(const struct connect_call *c, const struct rows *r,
                             struct fst_buf *request)
{
    fst_buf_clear(request);
    connect_request(c, request);
    pb_text(request, 3, r->operation);
    pb_text(request, 5, r->last_id);
}

static int wait_ms(int attempt)
{
    int64_t ms = FIRST_WAIT_MS;
    for (int i = 1; i < attempt && ms < LONGEST_WAIT_MS; i++)
        ms *= 4;
    ms = ms < LONGEST_WAIT_MS ? ms : LONGEST_WAIT_MS;
    return (int)(ms + (ms >= JITTER_FROM_MS ? fst_monotonic_us() % JITTER_MS : 0));
}

static void wait_cancellable(struct rows *r, int ms)
{
    for (int waited = 0; waited < ms && !is_cancelled(r); waited += 50)
        fst_pause_ms(50);
}

/* Is it worth coming back for the rest? */
static bool comes_again(const struct connect_call *c, enum fst_status status, int attempt,
                        const struct fst_error *err)
{
    bool refused = err->code == ECONNREFUSED && c->s->target.is_loopback;
    if (status == FST_OK)
        return true; /* the server ended the stream, as it does */
    if (attempt > (refused ? REFUSED_ATTEMPTS : MAX_ATTEMPTS))
        return false;
    return err->retry || status == FST_ENET ||
           strcmp(c->condition, "INVALID_CURSOR.DISCONNECTED") == 0;
}

static bool is_unknown_operation(const struct connect_call *c)
{
    return strcmp(c->condition, "INVALID_HANDLE.OPERATION_NOT_FOUND") == 0;
}

/* One stream after another until the server says that it was all. What the server never got is sent
 * again; what it has is only come back for. */
static enum fst_status read_streams(struct connect_call *c, struct rows *r,
                                    const struct fst_work *w, struct fst_buf *request,
                                    struct fst_error *err)
{
    const char *method = "ExecutePlan";
    int attempt = 0;
    for (int i = 0; i < MAX_STREAMS; i++) {
        size_t before = r->received;
        enum fst_status status = connect_stream(c, method, request, on_response, r, err);
        if (r->decoding != FST_OK) {
            *err = r->decoding_error;
            return r->decoding;
        }
        if ((status == FST_OK && r->complete) || c->session_gone || is_cancelled(r))
            return status == FST_OK && !r->complete ? FST_ECANCELLED : status;
        attempt = r->received > before || status == FST_OK ? 1 : attempt + 1;
        if (strcmp(method, "ReattachExecute") == 0 && is_unknown_operation(c) && !r->received) {
            method = "ExecutePlan";
            FST_TRY(execute_request(c, r, w, request, err));
            continue;
        }
        if (!comes_again(c, status, attempt, err) || (!r->received && attempt > 2))
            return status;
        if (status != FST_OK)
            wait_cancellable(r, wait_ms(attempt));
        reattach_request(c, r, request);
        method = "ReattachExecute";
    }
    return fst_fail(err, FST_ETIMEOUT, "Spark's stream of rows does not come to its end");
}

/* What was on the way when the line broke is kept for a while only. To begin again would give the
 * first rows twice. */
static enum fst_status say_lost(struct connect_call *c, const struct rows *r,
                                enum fst_status status, struct fst_error *err)
{
    static const char *const conditions[] = {"INVALID_CURSOR.POSITION_NOT_", "INVALID_HANDLE."};
    bool lost = c->session_gone;
    for (size_t i = 0; i < FST_COUNT(conditions); i++)
        lost |= strncmp(c->condition, conditions[i], strlen(conditions[i])) == 0;
    if (status == FST_OK || !lost || !r->received)
        return status;
    c->session_gone = false;
    return fst_fail(err, FST_ENET,
                    "the line broke in the middle of the rows, and Spark at %s does not keep the "
                    "rest any more (%s): ask again",
                    c->s->target.authority, c->condition);
}

static enum fst_status fetch(struct connect_call *c, const struct fst_work *w, void *arg,
                             struct fst_error *err)
{
    struct rows *r = arg;
    struct fst_error why = {.status = FST_OK};
    struct fst_buf request = FST_BUF_TEXT;
    fst_uuid4(r->operation);
    c->running = true;
    c->cancelled = is_cancelled;
    c->cancel_arg = r;
    enum fst_status status = execute_request(c, r, w, &request, &why);
    if (status == FST_OK) {
        status = read_streams(c, r, w, &request, &why);
        status = say_lost(c, r, status, &why);
        if (status == FST_OK || !c->session_gone) { /* also ends what goes on without us */
            pthread_mutex_lock(&r->lock);
            r->over = status == FST_OK;
            pthread_cond_broadcast(&r->news);
            pthread_mutex_unlock(&r->lock);
            connect_release_execute(c, r->operation);
        }
    }
    if (status != FST_OK && err)
        *err = why;
    fst_buf_done(&request);
    return status;
}

static void *rows_main(void *arg)
{
    struct rows *r = arg;
    struct fst_problem problem = {.line = 0};
    struct fst_error err = {.status = FST_OK};
    enum fst_status status = connect_in_session(r->s, r->work, &problem, fetch, r, &err);
    pthread_mutex_lock(&r->lock);
    r->status = status;
    r->problem = problem;
    r->err = err;
    r->over = true;
    pthread_cond_broadcast(&r->news);
    pthread_mutex_unlock(&r->lock);
    return NULL;
}

/* ---- The reader ------------------------------------------------------------------------------ */

static enum fst_status take_queued(struct rows *r, struct fst_error *err)
{
    enum fst_status status = FST_OK;
    pthread_mutex_lock(&r->lock);
    while (r->n == 0 && !r->over)
        pthread_cond_wait(&r->news, &r->lock);
    if (r->n > 0) {
        r->current = r->queue[0].frame;
        r->current_row = 0;
        r->bytes -= r->queue[0].bytes;
        memmove(r->queue, r->queue + 1, --r->n * sizeof(*r->queue));
        pthread_cond_broadcast(&r->news);
    } else if (r->status != FST_OK) {
        status = r->status;
        if (err)
            *err = r->err;
    }
    pthread_mutex_unlock(&r->lock);
    return status;
}

static enum fst_status rows_next(struct fst_reader *reader, size_t max_rows, struct fst_frame **out,
                                 struct fst_error *err)
{
    struct rows *r = (struct rows *)reader;
    *out = NULL;
    while (!r->current || r->current_row >= r->current->n_rows) {
        fst_frame_unref(r->current);
        r->current = NULL;
        FST_TRY(take_queued(r, err));
        if (!r->current)
            return FST_OK;
    }
    size_t left = r->current->n_rows - r->current_row, n = left < max_rows ? left : max_rows;
    if (n == r->current->n_rows) {
        *out = r->current; /* whole: handed over */
        r->current = NULL;
        return FST_OK;
    }
    if (n > 0)
        *out = fst_frame_slice(r->current, r->current_row, n);
    r->current_row += n;
    return FST_OK;
}

static void rows_free(struct rows *r)
{
    for (size_t i = 0; i < r->n; i++)
        fst_frame_unref(r->queue[i].frame);
    free(r->queue);
    fst_frame_unref(r->current);
    fst_schema_free(r->schema);
    free(r->last_id);
    pthread_cond_destroy(&r->news);
    pthread_mutex_destroy(&r->lock);
    free(r);
}

static void rows_close(struct fst_reader *reader)
{
    struct rows *r = (struct rows *)reader;
    pthread_mutex_lock(&r->lock);
    if (!r->over)
        atomic_store(&r->closing, true);
    pthread_cond_broadcast(&r->news);
    pthread_mutex_unlock(&r->lock);
    pthread_join(r->thread, NULL);
    rows_free(r);
}

static const struct fst_reader_ops rows_ops = {rows_next, rows_close};

/* ---- Asking ---------------------------------------------------------------------------------- */

static bool start_thread(struct rows *r)
{
    return fst_thread_start(&r->thread, STACK_BYTES, rows_main, r);
}

/* Until there are rows, or it is known that there are none. */
static enum fst_status wait_first(struct rows *r, struct fst_problem *problem,
                                  struct fst_error *err)
{
    pthread_mutex_lock(&r->lock);
    while (!r->over && r->n == 0)
        pthread_cond_wait(&r->news, &r->lock);
    enum fst_status status = r->n == 0 ? r->status : FST_OK;
    if (status != FST_OK) {
        if (problem)
            *problem = r->problem;
        if (err)
            *err = r->err;
    }
    if (!r->schema)
        r->schema = r->n ? fst_schema_copy(r->queue[0].frame->schema) : fst_schema_new();
    r->reader.schema = r->n ? r->queue[0].frame->schema : r->schema;
    pthread_mutex_unlock(&r->lock);
    return status;
}

static enum fst_status query_rows(struct fst_session *s, const struct fst_work *w, uint64_t limit,
                                  struct fst_reader **out, struct fst_problem *problem,
                                  struct fst_error *err)
{
    struct rows *r = fst_alloc(sizeof(*r));
    r->reader = (struct fst_reader){.ops = &rows_ops, .total_rows = -1};
    r->s = s;
    r->work = w;
    r->limit = limit;
    pthread_mutex_init(&r->lock, NULL);
    pthread_cond_init(&r->news, NULL);
    if (!start_thread(r)) {
        rows_free(r);
        return fst_fail(err, FST_EIO, "cannot start a thread for the query");
    }
    enum fst_status status = wait_first(r, problem, err);
    if (status == FST_OK) {
        struct fst_schema *own = fst_schema_copy(r->reader.schema); /* frames come and go */
        fst_schema_free(r->schema);
        r->reader.schema = r->schema = own;
        *out = &r->reader;
        return FST_OK;
    }
    rows_close(&r->reader);
    if (status == FST_EINVAL)
        connect_blame_input(s, w, problem, err);
    return status;
}

/* A query may give any number of rows; a command (SHOW, SET, DDL) answers shortly. */
static bool is_query(const struct fst_work *w)
{
    static const char *const words[] = {"SELECT", "WITH", "FROM", "VALUES", "TABLE"};
    struct fst_lexer lx = {.text = w->sql, .n = w->sql ? strlen(w->sql) : 0};
    struct fst_token t = fst_sql_next(&lx);
    while (t.kind == FST_TOK_SPACE || t.kind == FST_TOK_COMMENT)
        t = fst_sql_next(&lx);
    if (!w->sql || (t.len == 1 && w->sql[t.offset] == '('))
        return true;
    for (size_t i = 0; i < FST_COUNT(words); i++)
        if (fst_str_is_nocase((struct fst_str){w->sql + t.offset, t.len}, words[i]))
            return true;
    return false;
}

/* Without a limit the rows take the way over files where files can hold them: through the stream
 * the driver collects every task's result whole, and a large one is its end. */
enum fst_status connect_query(struct fst_session *s, const struct fst_work *w, uint64_t limit,
                              struct fst_reader **out, struct fst_problem *problem,
                              struct fst_error *err)
{
    FST_TRY(connect_python_prepare(s, w, problem, err));
    bool files = limit == 0 && is_query(w);
    if (files)
        FST_TRY(connect_fits_files(s, w, &files, problem, err));
    if (files)
        return connect_query_files(s, w, out, problem, err);
    return query_rows(s, w, limit, out, problem, err);
}
