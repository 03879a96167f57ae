/* Questions about a text: its schema, its plan, its rows.
 *
 * Rows are for looking at: a preview is collected whole, up to a bound, before anybody sees it.
 * Spark collects each task's result in its driver, so a large result has no business on this road;
 * runs write files. The operation is reattachable, because the server ends every stream after two
 * minutes and counts on the client to come back for the rest. */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "connect.h"

#define MAX_REPLY ((size_t)64 << 20)
#define MAX_ROWS_BYTES ((size_t)64 << 20)
#define PROGRESS_INTERVAL "500ms"
enum {
    ANALYZE_TIMEOUT_MS = 300000, /* it can wait for a task slot behind running jobs */
    MAX_REATTACH = 100,          /* streams of two minutes each */
    MAX_BROKEN = 3,              /* broken lines in a row */
    BROKEN_WAIT_MS = 300,
};

static struct connect_call call_of(struct fst_session *s, const struct fst_work *w)
{
    return (struct connect_call){.s = s,
                                 .session_id = s->id,
                                 .sql = w->sql,
                                 .python = w->python != NULL,
                                 .cancelled = w->cancelled,
                                 .cancel_arg = w->cancel_arg};
}

/* A live session with the work's settings in it, made when there is none. */
static enum fst_status session_ready(struct fst_session *s, const struct fst_work *w,
                                     struct connect_call *c, struct fst_error *err)
{
    const char *zone = w->time_zone ? w->time_zone : "UTC";
    if (s->id[0] && strcmp(s->zone, zone) == 0)
        return FST_OK;
    if (!s->id[0])
        fst_uuid4(s->id);
    const char *const pairs[] = {"spark.sql.session.timeZone", zone,
                                 "spark.connect.progress.reportInterval", PROGRESS_INTERVAL, NULL};
    c->session_id = s->id;
    enum fst_status status = connect_config_set(c, pairs, err);
    if (status != FST_OK) {
        s->id[0] = 0;
        return status;
    }
    snprintf(s->zone, sizeof(s->zone), "%s", zone);
    return FST_OK;
}

enum fst_status connect_in_session(struct fst_session *s, const struct fst_work *w,
                                   struct fst_problem *problem, connect_ask_fn *ask, void *arg,
                                   struct fst_error *err)
{
    enum fst_status status = FST_OK;
    for (int attempt = 0; attempt < 2; attempt++) {
        struct connect_call c = call_of(s, w);
        status = session_ready(s, w, &c, err);
        c.problem = problem;
        if (status == FST_OK)
            status = ask(&c, w, arg, err);
        if (!c.session_gone)
            return status;
        s->id[0] = 0;
    }
    return status;
}

/* ---- Check -------------------------------------------------------------------------------------
 */

struct question {
    uint32_t field; /* of AnalyzePlanRequest: 4 schema, 5 explain */
    int mode;       /* of explain */
    struct fst_buf reply;
};

/* AnalyzePlanRequest { schema = 4 | explain = 5 { plan = 1 { root = 1 }, explain_mode = 2 } } */
static enum fst_status analyze(struct connect_call *c, const struct fst_work *w, void *arg,
                               struct fst_error *err)
{
    struct question *q = arg;
    struct fst_buf request = FST_BUF_TEXT;
    connect_request(c, &request);
    size_t body = pb_open(&request, q->field);
    size_t plan = pb_open(&request, 1);
    enum fst_status status = connect_plan_write(&request, 1, w, &c->s->relation, 0, err);
    pb_close(&request, plan);
    if (q->mode)
        pb_uint(&request, 2, (uint64_t)q->mode);
    pb_close(&request, body);
    c->timeout_ms = ANALYZE_TIMEOUT_MS;
    fst_buf_clear(&q->reply);
    if (status == FST_OK)
        status = connect_unary(c, "AnalyzePlan", &request, &q->reply, err);
    fst_buf_done(&request);
    return status;
}

static enum fst_status analyze_input(struct connect_call *c, const struct fst_work *w, size_t i,
                                     struct fst_error *err)
{
    struct fst_buf request = FST_BUF_TEXT;
    connect_request(c, &request);
    size_t body = pb_open(&request, 4);
    size_t plan = pb_open(&request, 1);
    enum fst_status status = connect_plan_input(&request, 1, w, i, err);
    pb_close(&request, plan);
    pb_close(&request, body);
    c->sql = w->inputs[i].query;
    if (status == FST_OK)
        status = connect_unary(c, "AnalyzePlan", &request, NULL, err);
    fst_buf_done(&request);
    return status;
}

/* Spark tells a place, not which text it is a place in: when inputs are queries, the first that
 * does not stand by itself is the culprit, and the place is not in the work's own text. */
static void blame_input(struct fst_session *s, const struct fst_work *w,
                        struct fst_problem *problem, struct fst_error *err)
{
    for (size_t i = 0; i < w->n_inputs; i++) {
        struct fst_error why = {.status = FST_OK};
        struct fst_problem inside = {.line = 0};
        struct connect_call c = call_of(s, w);
        c.problem = &inside;
        if (!w->inputs[i].query || analyze_input(&c, w, i, &why) != FST_EINVAL)
            continue;
        fst_while(&why, "the query behind `%s`", w->inputs[i].name);
        inside.line = inside.col = inside.len = 0;
        if (problem)
            *problem = inside;
        if (err)
            *err = why;
        return;
    }
}

enum fst_status connect_analyze(struct fst_session *s, const struct fst_work *w, uint32_t field,
                                int mode, struct fst_buf *reply, struct fst_problem *problem,
                                struct fst_error *err)
{
    struct question q = {.field = field, .mode = mode, .reply = FST_BUF(MAX_REPLY)};
    enum fst_status status = connect_in_session(s, w, problem, analyze, &q, err);
    if (status == FST_EINVAL)
        blame_input(s, w, problem, err);
    *reply = q.reply;
    return status;
}

enum fst_status connect_check(struct fst_session *s, const struct fst_work *w,
                              struct fst_schema **out, struct fst_problem *problem,
                              struct fst_error *err)
{
    struct fst_buf reply;
    struct pb_field f, type;
    FST_TRY(connect_python_prepare(s, w, problem, err));
    enum fst_status status = connect_analyze(s, w, 4, 0, &reply, problem, err);
    if (status == FST_OK) {
        if (pb_find(pb_reader(reply.p, reply.n), 2, &f) && pb_find(pb_inside(&f), 1, &type))
            status = connect_schema_read(pb_inside(&type), out, err);
        else
            status = fst_fail(err, FST_EFORMAT, "Spark answered a check without a schema");
    }
    fst_buf_done(&reply);
    return status;
}

/* ---- Rows ------------------------------------------------------------------------------------ */

/* Frames that came, in order. Becomes the reader. */
struct rows {
    struct fst_reader reader;
    struct fst_schema *schema; /* told before the rows */
    struct fst_frame **frames;
    size_t n, cap, at, at_row;
};

struct stream {
    struct rows *rows;
    size_t bytes;
    char *last_id; /* of the last response */
    bool complete;
    enum fst_status status; /* of decoding */
    struct fst_error err;
};

static void rows_close(struct fst_reader *r)
{
    struct rows *rows = (struct rows *)r;
    for (size_t i = 0; i < rows->n; i++)
        fst_frame_unref(rows->frames[i]);
    free(rows->frames);
    fst_schema_free(rows->schema);
    free(rows);
}

static enum fst_status rows_next(struct fst_reader *r, size_t max_rows, struct fst_frame **out,
                                 struct fst_error *err)
{
    struct rows *rows = (struct rows *)r;
    (void)err;
    *out = NULL;
    while (rows->at < rows->n && rows->at_row >= rows->frames[rows->at]->n_rows) {
        rows->at++;
        rows->at_row = 0;
    }
    if (rows->at == rows->n || max_rows == 0)
        return FST_OK;
    struct fst_frame *f = rows->frames[rows->at];
    size_t left = f->n_rows - rows->at_row, n = left < max_rows ? left : max_rows;
    *out = n == f->n_rows ? fst_frame_ref(f) : fst_frame_slice(f, rows->at_row, n);
    rows->at_row += n;
    return FST_OK;
}

static const struct fst_reader_ops rows_ops = {rows_next, rows_close};

/* ArrowBatch { row_count = 1, data = 2 } */
static enum fst_status take_batch(struct stream *x, struct pb batch)
{
    struct pb_field data;
    struct fst_frame **frames = NULL;
    size_t n = 0;
    if (!pb_find(batch, 2, &data) || data.wire != 2)
        return fst_fail(&x->err, FST_EFORMAT, "Spark sent a batch without data");
    x->bytes += data.n;
    if (x->bytes > MAX_ROWS_BYTES)
        return fst_fail(&x->err, FST_ENOMEM,
                        "the result is larger than %zu MB: add a LIMIT, or run it and look at "
                        "the output",
                        MAX_ROWS_BYTES >> 20);
    FST_TRY(fst_arrow_decode(data.p, data.n, &frames, &n, &x->err));
    struct rows *rows = x->rows;
    fst_grow(&rows->frames, &rows->cap, rows->n + n + 1, sizeof(*rows->frames));
    for (size_t i = 0; i < n; i++)
        rows->frames[rows->n++] = frames[i];
    free(frames);
    return FST_OK;
}

static enum fst_status take_response(struct stream *x, struct pb r)
{
    struct pb_field f;
    enum fst_status status = FST_OK;
    while (status == FST_OK && pb_next(&r, &f)) {
        if (f.number == 2) {
            status = take_batch(x, pb_inside(&f));
        } else if (f.number == 7 && !x->rows->schema) {
            status = connect_schema_read(pb_inside(&f), &x->rows->schema, &x->err);
        } else if (f.number == 13) {
            free(x->last_id);
            x->last_id = pb_strdup(&f);
        } else if (f.number == 14) {
            x->complete = true;
        }
    }
    return status == FST_OK && r.bad ? fst_fail(&x->err, FST_EFORMAT, "Spark's answer is damaged")
                                     : status;
}

static bool on_response(void *arg, const void *p, size_t n)
{
    struct stream *x = arg;
    x->status = take_response(x, pb_reader(p, n));
    return x->status == FST_OK;
}

/* ExecutePlanRequest { plan = 3 { root = 1 }, request_options = 5 { reattach = 1 { true } },
 * operation_id = 6 } */
static enum fst_status execute_request(const struct connect_call *c, const struct fst_work *w,
                                       uint64_t limit, const char *operation,
                                       struct fst_buf *request, struct fst_error *err)
{
    connect_request(c, request);
    size_t plan = pb_open(request, 3);
    FST_TRY(connect_plan_write(request, 1, w, &c->s->relation, limit, err));
    pb_close(request, plan);
    pb_text(request, 4, "firesteel");
    size_t options = pb_open(request, 5);
    size_t reattach = pb_open(request, 1);
    pb_uint(request, 1, 1);
    pb_close(request, reattach);
    pb_close(request, options);
    pb_text(request, 6, operation);
    return FST_OK;
}

static void reattach_request(const struct connect_call *c, const struct stream *x,
                             const char *operation, struct fst_buf *request)
{
    connect_request(c, request);
    pb_text(request, 3, operation);
    pb_text(request, 5, x->last_id);
}

static void wait_a_little(const struct connect_call *c, int ms)
{
    const struct timespec step = {.tv_nsec = 50 * 1000000};
    for (int waited = 0; waited < ms; waited += 50) {
        if (c->cancelled && c->cancelled(c->cancel_arg))
            return;
        nanosleep(&step, NULL);
    }
}

/* Come back for the rest until the server says that it was all. */
static enum fst_status read_stream(struct connect_call *c, struct fst_buf *request,
                                   const char *operation, struct stream *x, struct fst_error *err)
{
    const char *method = "ExecutePlan";
    int broken = 0;
    for (int i = 0; i < MAX_REATTACH; i++) {
        size_t before = x->bytes;
        enum fst_status status = connect_stream(c, method, request, on_response, x, err);
        if (x->status != FST_OK) {
            if (err)
                *err = x->err;
            return x->status;
        }
        if (status == FST_OK && x->complete)
            return FST_OK;
        bool again = status == FST_OK || (x->last_id && err && err->retry) ||
                     strcmp(c->condition, "INVALID_CURSOR.DISCONNECTED") == 0;
        broken = status == FST_OK || x->bytes > before ? 0 : broken + 1;
        if (!again || broken > MAX_BROKEN)
            return status;
        if (broken)
            wait_a_little(c, BROKEN_WAIT_MS << broken);
        fst_buf_clear(request);
        reattach_request(c, x, operation, request);
        method = "ReattachExecute";
    }
    return fst_fail(err, FST_ETIMEOUT, "Spark's stream of rows does not come to its end");
}

struct rows_wanted {
    uint64_t limit;
    struct rows *rows;
};

static enum fst_status fetch(struct connect_call *c, const struct fst_work *w, void *arg,
                             struct fst_error *err)
{
    struct rows_wanted *wanted = arg;
    struct stream x = {.rows = wanted->rows};
    struct fst_error why = {.status = FST_OK};
    struct fst_buf request = FST_BUF_TEXT;
    char operation[37];
    fst_uuid4(operation);
    c->running = true;
    enum fst_status status = execute_request(c, w, wanted->limit, operation, &request, &why);
    if (status == FST_OK) {
        status = read_stream(c, &request, operation, &x, &why);
        if (!c->session_gone)
            connect_release_execute(c, operation);
    }
    if (status != FST_OK && err)
        *err = why;
    fst_buf_done(&request);
    free(x.last_id);
    return status;
}

enum fst_status connect_query(struct fst_session *s, const struct fst_work *w, uint64_t limit,
                              struct fst_reader **out, struct fst_problem *problem,
                              struct fst_error *err)
{
    FST_TRY(connect_python_prepare(s, w, problem, err));
    struct rows *rows = fst_alloc(sizeof(*rows));
    struct rows_wanted wanted = {.limit = limit, .rows = rows};
    rows->reader = (struct fst_reader){.ops = &rows_ops, .total_rows = -1};
    enum fst_status status = connect_in_session(s, w, problem, fetch, &wanted, err);
    if (status == FST_OK && rows->n > 0)
        rows->reader.schema = rows->frames[0]->schema;
    else if (status == FST_OK && rows->schema)
        rows->reader.schema = rows->schema;
    else if (status == FST_OK)
        rows->reader.schema = rows->schema = fst_schema_new();
    else {
        rows_close(&rows->reader);
        if (status == FST_EINVAL)
            blame_input(s, w, problem, err);
        return status;
    }
    rows->reader.total_rows = 0;
    for (size_t i = 0; i < rows->n; i++)
        rows->reader.total_rows += (int64_t)rows->frames[i]->n_rows;
    *out = &rows->reader;
    return FST_OK;
}
