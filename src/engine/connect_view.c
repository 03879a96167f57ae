/* Inputs as temporary views, for a Spark that cannot bind them in the plan (before 4.0).
 *
 * A view is named as its input is in the text, so places in errors are those of the text, and an
 * input that is a query sees the views before it. Views of questions are dropped after the answer;
 * those of a run go with the run's session. Which Spark it is, is asked when one refuses a plan for
 * no reason that it can name, and before a run. */
#include <stdlib.h>
#include <string.h>

#include "connect.h"

enum { FIRST_THAT_BINDS = 4 };

bool connect_has_bound(const struct fst_work *w)
{
    return w->sql && w->n_inputs > 0;
}

enum fst_status connect_learn_binding(struct connect_call *c, struct fst_error *err)
{
    char *version = NULL;
    struct connect_call quiet = *c;
    quiet.problem = NULL;
    quiet.causes = NULL;
    if (c->s->binding != CONNECT_BIND_UNKNOWN)
        return FST_OK;
    enum fst_status status = connect_version(&quiet, &version, err);
    c->session_gone = quiet.session_gone;
    if (status == FST_OK)
        c->s->binding =
            strtol(version, NULL, 10) < FIRST_THAT_BINDS ? CONNECT_BIND_VIEWS : CONNECT_BIND_PLAN;
    free(version);
    return status;
}

static bool skip(void *arg, const void *p, size_t n)
{
    (void)arg, (void)p, (void)n;
    return true;
}

/* ExecutePlanRequest { plan = 3 } */
static enum fst_status execute(struct connect_call *c, const struct fst_buf *plan,
                               struct fst_error *err)
{
    struct fst_buf request = FST_BUF_TEXT;
    connect_request(c, &request);
    size_t body = pb_open(&request, 3);
    fst_buf_add(&request, plan->p, plan->n);
    pb_close(&request, body);
    pb_text(&request, 4, "firesteel");
    enum fst_status status = connect_stream(c, "ExecutePlan", &request, skip, NULL, err);
    fst_buf_done(&request);
    return status;
}

/* Plan { command = 2 { create_dataframe_view = 3 { input = 1, name = 2, replace = 4 } } } */
static enum fst_status create_view(struct connect_call *c, const struct fst_work *w, size_t i,
                                   struct fst_error *err)
{
    struct fst_work alone = {.inputs = &w->inputs[i], .n_inputs = 1}; /* the rest are views */
    struct fst_buf plan = FST_BUF_TEXT, name = FST_BUF_TEXT;
    size_t command = pb_open(&plan, 2);
    size_t view = pb_open(&plan, 3);
    size_t input = pb_open(&plan, 1);
    enum fst_status status = connect_plan_source(&plan, &alone, 0, err);
    pb_close(&plan, input);
    fst_sql_quote(&name, w->inputs[i].name);
    pb_text(&plan, 2, fst_buf_text(&name));
    pb_uint(&plan, 4, 1);
    pb_close(&plan, view);
    pb_close(&plan, command);
    if (status == FST_OK)
        status = execute(c, &plan, err);
    if (status != FST_OK && w->inputs[i].query)
        fst_while(err, "the query behind `%s`", w->inputs[i].name);
    fst_buf_done(&plan);
    fst_buf_done(&name);
    return status;
}

/* Plan { root = 1 { sql = 10 { query = 1 } } } */
static void drop_view(struct connect_call *c, const struct fst_input *in)
{
    struct fst_buf plan = FST_BUF_TEXT, sql = FST_BUF_TEXT;
    fst_buf_adds(&sql, "DROP VIEW IF EXISTS ");
    fst_sql_quote(&sql, in->name);
    size_t root = pb_open(&plan, 1);
    size_t relation = pb_open(&plan, 10);
    pb_text(&plan, 1, fst_buf_text(&sql));
    pb_close(&plan, relation);
    pb_close(&plan, root);
    execute(c, &plan, NULL);
    fst_buf_done(&plan);
    fst_buf_done(&sql);
}

static void drop_views(const struct connect_call *c, const struct fst_work *w, size_t n)
{
    struct connect_call quiet = *c;
    quiet.problem = NULL;
    quiet.causes = NULL;
    quiet.cancelled = NULL;
    while (n-- > 0)
        drop_view(&quiet, &w->inputs[n]);
}

enum fst_status connect_bind_views(struct connect_call *c, const struct fst_work *w,
                                   struct fst_work *bound, struct fst_error *err)
{
    struct connect_call creating = *c;
    enum fst_status status = FST_OK;
    size_t n = 0;
    *bound = *w;
    if (c->s->binding != CONNECT_BIND_VIEWS || !connect_has_bound(w))
        return FST_OK;
    creating.sql = NULL; /* no place of the text */
    while (status == FST_OK && n < w->n_inputs) {
        status = create_view(&creating, w, n, err);
        n += status == FST_OK;
    }
    c->session_gone = creating.session_gone;
    memcpy(c->condition, creating.condition, sizeof(c->condition));
    if (status == FST_OK)
        bound->n_inputs = 0;
    else
        drop_views(c, w, n);
    return status;
}

void connect_drop_views(const struct connect_call *c, const struct fst_work *w,
                        const struct fst_work *bound)
{
    if (bound->n_inputs < w->n_inputs)
        drop_views(c, w, w->n_inputs);
}
