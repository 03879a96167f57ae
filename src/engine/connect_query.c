/* Questions about a text that run nothing: the session they are asked in, its schema, its plan. */
#include <stdlib.h>
#include <string.h>

#include "connect.h"

#define MAX_REPLY ((size_t)64 << 20)
#define PROGRESS_INTERVAL "500ms"
enum { ANALYZE_TIMEOUT_MS = 300000 /* it can wait for a task slot behind running jobs */ };

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

/* A plan that Spark refuses without a condition may hold what it does not know: is it too old to
 * bind inputs in plans? Then they are views from now on. */
static bool is_too_old(struct connect_call *c, const struct fst_work *w, enum fst_status status)
{
    bool nameless = status != FST_OK && status != FST_ENET && status != FST_ETIMEOUT &&
                    status != FST_ECANCELLED && status != FST_EAUTH && !c->condition[0] &&
                    !c->session_gone;
    if (!connect_has_bound(w) || c->s->binding != CONNECT_BIND_UNKNOWN)
        return false;
    if (status == FST_OK)
        c->s->binding = CONNECT_BIND_PLAN;
    return nameless && connect_learn_binding(c, NULL) == FST_OK &&
           c->s->binding == CONNECT_BIND_VIEWS;
}

static enum fst_status ask_bound(struct connect_call *c, const struct fst_work *w,
                                 connect_ask_fn *ask, void *arg, struct fst_error *err)
{
    struct fst_work bound;
    FST_TRY(connect_bind_views(c, w, &bound, err));
    enum fst_status status = ask(c, &bound, arg, err);
    connect_drop_views(c, w, &bound);
    return status;
}

enum fst_status connect_in_session(struct fst_session *s, const struct fst_work *w,
                                   struct fst_problem *problem, connect_ask_fn *ask, void *arg,
                                   struct fst_error *err)
{
    enum fst_status status = FST_OK;
    for (int attempt = 0; attempt < 3; attempt++) {
        struct connect_call c = call_of(s, w);
        status = session_ready(s, w, &c, err);
        c.problem = problem;
        if (status == FST_OK)
            status = ask_bound(&c, w, ask, arg, err);
        if (is_too_old(&c, w, status)) {
            if (err)
                *err = (struct fst_error){.status = FST_OK};
            if (problem)
                *problem = (struct fst_problem){.line = 0};
            continue;
        }
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
void connect_blame_input(struct fst_session *s, const struct fst_work *w,
                         struct fst_problem *problem, struct fst_error *err)
{
    if (s->binding == CONNECT_BIND_VIEWS)
        return; /* it was named when it was bound */
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
        connect_blame_input(s, w, problem, err);
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
