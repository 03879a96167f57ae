/* Running: what a target needs, in order, each run an agent of its own.
 *
 * One run without its upstream is started and left to its agent. Several are a chain (chain.c). */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "app.h"

#define FOLLOW_MS 150

/* ---- What must run --------------------------------------------------------------------------- */

/* Needs a run itself, or stands on what will run. The target's own node always runs when it is
 * built. */
static void mark_needed(const struct fst_neighbourhood *n, const struct fst__ordered *o,
                        int64_t target, bool *fresh, bool *needed)
{
    for (size_t k = 0; k < n->nodes.n; k++) {
        uint32_t i = o->order[k];
        const struct fst_item *item = &n->nodes.items[i];
        bool built = fst__is_built(item->kind), above = false;
        bool own = item->ran_us == 0 || item->stale || item->id == target;
        for (uint32_t e = o->first[i]; e < o->first[i + 1]; e++)
            above |= fresh[o->inputs[e]];
        needed[i] = built && (own || above);
        fresh[i] = needed[i] || (!built && above);
    }
}

static enum fst_status plan_upstream(struct fst_catalog *c, const struct fst_resource *r,
                                     struct fst_labels *out, struct fst_error *err)
{
    struct fst_neighbourhood n;
    FST_TRY(fst_catalog_neighbourhood(c, r->id, true, false, 0, false, &n, err));
    struct fst__ordered ordered;
    bool *fresh = fst_arena_alloc(n.nodes.arena, n.nodes.n + 1);
    bool *needed = fst_arena_alloc(n.nodes.arena, n.nodes.n + 1);
    enum fst_status status = fst__order_nodes(&n, &ordered, err);
    if (status == FST_OK)
        mark_needed(&n, &ordered, r->id, fresh, needed);
    out->labels = fst_alloc((n.nodes.n + 1) * sizeof *out->labels);
    out->ids = fst_alloc((n.nodes.n + 1) * sizeof *out->ids);
    for (size_t k = 0; status == FST_OK && k < n.nodes.n; k++) {
        const struct fst_item *item = &n.nodes.items[ordered.order[k]];
        if (!needed[ordered.order[k]])
            continue;
        out->ids[out->n] = item->id;
        out->labels[out->n++] = fst_asprintf("%s.%s", item->name, item->variant);
    }
    fst_neighbourhood_done(&n);
    return status;
}

/* ---- Sources: looked at again ---------------------------------------------------------------- */

/* A table of Spark's catalog is asked for only when somebody means it: its provider may be far. */
static enum fst_status look_at_table(struct fst_app *a, struct fst_catalog *c,
                                     const struct fst_resource *r, const char *provider,
                                     struct fst_error *err)
{
    struct fst_schema *schema = NULL;
    struct fst_error why = {0};
    struct fst_buf sql = FST_BUF_TEXT;
    enum fst_status found = fst__table_select(r->table, NULL, 0, &sql, &why);
    if (found == FST_OK)
        found = fst_app_check(a, fst_buf_text(&sql), provider ? provider : r->provider, NULL, NULL,
                              &schema, NULL, &why);
    fst_buf_done(&sql);
    fst_schema_free(schema);
    FST_TRY(fst_catalog_set_source_state(c, r->id,
                                         found == FST_OK ? FST_STATE_READY : FST_STATE_FAILED, 0,
                                         found == FST_OK ? NULL : why.text, err));
    if (found != FST_OK && err)
        *err = why;
    return found;
}

static enum fst_status look_at_source(struct fst_catalog *c, const struct fst_resource *r,
                                      struct fst_error *err)
{
    struct fst_table_stat stat = {0};
    if (r->table)
        return FST_OK;
    struct fst_error why = {0};
    enum fst_status found = fst_store_stat_table(r->path, r->format, &stat, &why);
    FST_TRY(fst_catalog_set_source_state(
        c, r->id, found == FST_OK ? FST_STATE_READY : FST_STATE_FAILED,
        found == FST_OK ? stat.modified_us : 0, found == FST_OK ? NULL : why.text, err));
    if (found != FST_OK && err)
        *err = why;
    return found;
}

/* Columns of files on this host that nobody has looked at yet, so that they are found by name. */
static void look_at_columns(struct fst_app *a, struct fst_catalog *c, const struct fst_resource *r)
{
    struct fst_schema *schema = NULL;
    struct fst_problem problem;
    if (!r->path || strstr(r->path, "://") || fst_catalog_knows_columns(c, r->id))
        return;
    char *target = fst_asprintf("source/%s", fst_resource_label(r));
    if (fst_app_schema(a, target, &schema, &problem, NULL) == FST_OK)
        fst_schema_free(schema);
    free(target);
}

enum fst_status fst_app_refresh_sources(struct fst_app *a, struct fst_error *err)
{
    struct fst_catalog *c;
    struct fst_items items;
    struct fst_list_query q = {.kind = FST_SOURCE, .all_variants = true};
    if (a->read_only)
        return FST_OK;
    FST_TRY(fst_app_take(a, &c, err));
    enum fst_status status = fst_catalog_list(c, &q, &items, err);
    for (size_t i = 0; status == FST_OK && i < items.n; i++) {
        struct fst_resource *r;
        status = fst_catalog_get(c, items.items[i].id, &r, err);
        if (status == FST_OK) {
            look_at_source(c, r, NULL); /* a source that is gone is a state, not an error */
            look_at_columns(a, c, r);
            fst_resource_free(r);
        }
    }
    fst_items_done(&items);
    fst_app_give(a, c);
    return status;
}

/* What is there decides what is stale. */
static void look_at_sources_of(struct fst_catalog *c, const struct fst_resource *r)
{
    struct fst_neighbourhood n;
    if (fst_catalog_neighbourhood(c, r->id, true, false, 0, false, &n, NULL) != FST_OK)
        return;
    for (size_t i = 0; i < n.nodes.n; i++) {
        struct fst_resource *source;
        if (n.nodes.items[i].kind != FST_SOURCE ||
            fst_catalog_get(c, n.nodes.items[i].id, &source, NULL) != FST_OK)
            continue;
        look_at_source(c, source, NULL);
        fst_resource_free(source);
    }
    fst_neighbourhood_done(&n);
}

/* ---- Starting and following ------------------------------------------------------------------ */

/* A server that is not there is said before a run is made of it. */
static enum fst_status ask_if_there(struct fst_app *a, const struct fst_bound *bound,
                                    struct fst_error *err)
{
    struct fst_warm *warm;
    struct fst_buf line = FST_BUF(4096);
    if (bound->engine->is_local_host || !bound->engine->ping)
        return FST_OK;
    FST_TRY(fst__warm_take(a, bound, &warm, err));
    enum fst_status status = bound->engine->ping(warm->session, &line, err);
    fst__warm_give(a, warm, status != FST_OK);
    fst_buf_done(&line);
    if (status != FST_OK)
        fst_while(err, "provider %s", bound->provider);
    return status;
}

enum fst_status fst__start_run(struct fst_app *a, struct fst_catalog *c,
                               const struct fst_resource *r, const char *provider, int attempt,
                               char **id, struct fst_error *err)
{
    struct fst_bind_context cx = fst__bind_context(a, c);
    struct fst_bound bound;
    struct fst_problem problem = {0};
    enum fst_status status =
        fst_bind_resource(&cx, r, provider, FST_BIND_RUN, &bound, &problem, err);
    if (status != FST_OK) {
        if (problem.line)
            fst_while(err, "%s, line %u, column %u", fst_resource_label(r), problem.line,
                      problem.col);
        return status;
    }
    status = ask_if_there(a, &bound, err);
    look_at_sources_of(c, r); /* the run writes down which state of them it found */
    if (status == FST_OK)
        status = fst_run_start(&a->place, c, r, &bound, attempt, id, err);
    fst_bound_done(&bound);
    return status;
}

static enum fst_status ended(const struct fst_run_record *run, const struct fst_run_view *view,
                             const char *label, struct fst_error *err)
{
    const char *why = run->error ? run->error : view->error;
    if (run->state == FST_STATE_READY)
        return FST_OK;
    return fst_fail(err, run->state == FST_STATE_CANCELLED ? FST_ECANCELLED : FST_EREMOTE,
                    "%s is %s (run %s)%s%s", label, fst_states[run->state].name, run->id,
                    *why ? ": " : "", why);
}

/* To the run's end, or until the caller has enough of it. An agent that died is replaced on the
 * way. */
enum fst_status fst__follow_run(struct fst_app *a, struct fst_catalog *c, const char *id,
                                const char *label, const struct fst_run_request *rq,
                                struct fst_error *err)
{
    struct fst_run_view view = {0};
    for (int64_t look = 1;; look++) {
        struct fst_run_record *run;
        fst_run_read_events(&a->place, id, &view, NULL);
        if (rq->progress)
            rq->progress(rq->arg, id, &view);
        FST_TRY(fst_catalog_get_run(c, id, &run, err));
        bool final = fst_states[run->state].final;
        enum fst_status status = final ? ended(run, &view, label, err) : FST_OK;
        fst_run_record_free(run);
        if (final)
            return status;
        if (rq->cancelled && rq->cancelled(rq->cancel_arg))
            return fst_fail(err, FST_ECANCELLED, "run %s goes on; firesteel cancel %s ends it", id,
                            id);
        if (look % 20 == 0 && !fst_run_is_held(&a->place, id))
            fst_run_revive(&a->place, c);
        fst_pause_ms(FOLLOW_MS);
    }
}

/* Start, tell, and follow where that is wanted. */
static enum fst_status run_one(struct fst_app *a, struct fst_catalog *c,
                               const struct fst_resource *r, const struct fst_run_request *rq,
                               bool wait, struct fst_error *err)
{
    char *id;
    const char *label = fst_resource_label(r);
    FST_TRY(fst__start_run(a, c, r, rq->provider, 1, &id, err));
    if (rq->started)
        rq->started(rq->arg, id, label);
    enum fst_status status = wait ? fst__follow_run(a, c, id, label, rq, err) : FST_OK;
    free(id);
    return status;
}

static enum fst_status run_upstream(struct fst_app *a, struct fst_catalog *c,
                                    const struct fst_resource *r, const struct fst_run_request *rq,
                                    struct fst_error *err)
{
    struct fst_labels plan = {0};
    look_at_sources_of(c, r);
    enum fst_status status = plan_upstream(c, r, &plan, err);
    if (status == FST_OK && plan.n > 1)
        status = fst__run_chain(a, c, &plan, rq, err);
    else if (status == FST_OK)
        status = run_one(a, c, r, rq, rq->wait, err);
    fst_labels_free(&plan);
    return status;
}

static void add_plan(struct fst_labels *to, struct fst_labels *more)
{
    to->ids = realloc(to->ids, (to->n + more->n + 1) * sizeof *to->ids);
    to->labels = realloc(to->labels, (to->n + more->n + 1) * sizeof *to->labels);
    if (!to->ids || !to->labels)
        abort();
    for (size_t i = 0; i < more->n; i++) {
        bool is_there = false;
        for (size_t k = 0; k < to->n && !is_there; k++)
            is_there = to->ids[k] == more->ids[i];
        if (is_there)
            continue;
        to->ids[to->n] = more->ids[i];
        to->labels[to->n++] = fst_strdup(more->labels[i]);
    }
}

/* What runs for `r`, in order: what it needs, and then all that stands on it. */
static enum fst_status plan_both(struct fst_catalog *c, const struct fst_resource *r, bool upstream,
                                 bool downstream, struct fst_labels *out, struct fst_error *err)
{
    struct fst_labels below = {0};
    enum fst_status status = upstream ? plan_upstream(c, r, out, err) : FST_OK;
    if (status == FST_OK && downstream)
        status = fst__plan_downstream(c, r, &below, err);
    if (status == FST_OK)
        add_plan(out, &below);
    fst_labels_free(&below);
    return status;
}

static enum fst_status run_only(struct fst_app *a, struct fst_catalog *c, int64_t id,
                                const struct fst_run_request *rq, struct fst_error *err)
{
    struct fst_resource *one;
    FST_TRY(fst_catalog_get(c, id, &one, err));
    enum fst_status status = run_one(a, c, one, rq, rq->wait, err);
    fst_resource_free(one);
    return status;
}

static enum fst_status run_plan(struct fst_app *a, struct fst_catalog *c,
                                const struct fst_labels *plan, const struct fst_run_request *rq,
                                struct fst_error *err)
{
    return plan->n > 1 ? fst__run_chain(a, c, plan, rq, err)
                       : run_only(a, c, plan->ids[0], rq, err);
}

static enum fst_status run_downstream(struct fst_app *a, struct fst_catalog *c,
                                      const struct fst_resource *r,
                                      const struct fst_run_request *rq, struct fst_error *err)
{
    struct fst_labels plan = {0};
    look_at_sources_of(c, r);
    if (r->kind == FST_SOURCE)
        FST_TRY(look_at_source(c, r, err));
    enum fst_status status = plan_both(c, r, rq->upstream, true, &plan, err);
    if (status == FST_OK && plan.n == 0)
        status = fst_fail(err, FST_EINVAL, "nothing that runs stands on %s", fst_resource_label(r));
    else if (status == FST_OK)
        status = run_plan(a, c, &plan, rq, err);
    fst_labels_free(&plan);
    return status;
}

/* A feature or label runs what it stands on. */
static enum fst_status run_origin(struct fst_app *a, struct fst_catalog *c,
                                  const struct fst_resource *r, const struct fst_run_request *rq,
                                  struct fst_error *err);

static enum fst_status run_resource(struct fst_app *a, struct fst_catalog *c,
                                    const struct fst_resource *r, const struct fst_run_request *rq,
                                    struct fst_error *err)
{
    switch (r->kind) {
    case FST_TRANSFORMATION:
    case FST_TRAINING_SET:
    case FST_JOB:
        return rq->upstream ? run_upstream(a, c, r, rq, err) : run_one(a, c, r, rq, rq->wait, err);
    case FST_SOURCE:
        return r->table ? look_at_table(a, c, r, rq->provider, err) : look_at_source(c, r, err);
    case FST_FEATURE:
    case FST_LABEL:
        return run_origin(a, c, r, rq, err);
    default:
        return fst_fail(err, FST_EINVAL, "%s: a %s has nothing to run", fst_resource_label(r),
                        fst_kinds[r->kind].name);
    }
}

static enum fst_status run_origin(struct fst_app *a, struct fst_catalog *c,
                                  const struct fst_resource *r, const struct fst_run_request *rq,
                                  struct fst_error *err)
{
    struct fst_resource *from;
    enum fst_status status =
        fst_catalog_find(c, FST_TRANSFORMATION, r->from.name, r->from.variant, &from, NULL);
    if (status != FST_OK)
        FST_TRY(fst_catalog_find(c, FST_SOURCE, r->from.name, r->from.variant, &from, err));
    struct fst_run_request own = *rq;
    char *target = fst_strdup(fst_resource_label(from));
    own.target = target;
    status = run_resource(a, c, from, &own, err);
    free(target);
    fst_resource_free(from);
    return status;
}

enum fst_status fst_app_run(struct fst_app *a, const struct fst_run_request *rq,
                            struct fst_error *err)
{
    struct fst_catalog *c;
    struct fst_place p;
    FST_TRY(fst__writable(a, "running", err));
    FST_TRY(fst_app_find(a, rq->target, &p, err));
    if (!p.resource) {
        fst_place_done(&p);
        return fst_fail(err, FST_EINVAL, "%s is a path; what runs is registered", rq->target);
    }
    enum fst_status status = fst_app_take(a, &c, err);
    if (status == FST_OK) {
        status = rq->downstream ? run_downstream(a, c, p.resource, rq, err)
                                : run_resource(a, c, p.resource, rq, err);
        fst_app_give(a, c);
    }
    fst_place_done(&p);
    return status;
}

enum fst_status fst_app_run_planned(struct fst_app *a, const struct fst_labels *plan,
                                    const struct fst_run_request *rq, struct fst_error *err)
{
    struct fst_catalog *c;
    struct fst_run_request own = *rq;
    own.target = "the rebuild";
    FST_TRY(fst__writable(a, "running", err));
    FST_TRY(fst_app_take(a, &c, err));
    enum fst_status status = run_plan(a, c, plan, &own, err);
    fst_app_give(a, c);
    return status;
}

/* ---- What would be sent ---------------------------------------------------------------------- */

static enum fst_status command_of(struct fst_app *a, const struct fst_resource *r,
                                  struct fst_bound *bound, struct fst_buf *out,
                                  struct fst_error *err)
{
    const struct fst_engine *engine = bound->engine;
    struct fst_session *session;
    struct fst_bind_context cx = fst__bind_context(a, NULL);
    char *folder = fst_path_join(a->runs_dir, "RUN");
    bound->work.folder = fst_arena_strdup(bound->arena, folder);
    free(folder);
    bound->work.output_uri =
        bound->work.program ? NULL
                            : fst_arena_printf(bound->arena, "%s/%s/%s/%s/RUN", bound->output_base,
                                               fst_kinds[r->kind].plural, r->name, r->variant);
    bound->work.operation_id = "00000000-0000-0000-0000-000000000000";
    if (!engine->command)
        return fst_fail(err, FST_EUNSUPPORTED, "the %s engine has no command to show",
                        engine->name);
    FST_TRY(fst_bind_open(&cx, engine, bound->options, &session, err));
    enum fst_status status = engine->command(session, &bound->work, out, err);
    engine->close(session);
    return status;
}

static enum fst_status bind_to_run(struct fst_app *a, const char *target, const char *provider,
                                   struct fst_place *p, struct fst_bound *out,
                                   struct fst_error *err)
{
    struct fst_catalog *c;
    FST_TRY(fst_app_find(a, target, p, err));
    enum fst_status status = p->resource
                                 ? fst_app_take(a, &c, err)
                                 : fst_fail(err, FST_EINVAL, "%s is not registered", target);
    if (status == FST_OK) {
        struct fst_bind_context cx = fst__bind_context(a, c);
        status = fst_bind_resource(&cx, p->resource, provider, FST_BIND_RUN, out, NULL, err);
        fst_app_give(a, c);
    }
    if (status != FST_OK)
        fst_place_done(p);
    return status;
}

enum fst_status fst_app_command(struct fst_app *a, const char *target, const char *provider,
                                struct fst_buf *out, struct fst_error *err)
{
    struct fst_place p;
    struct fst_bound bound;
    FST_TRY(bind_to_run(a, target, provider, &p, &bound, err));
    enum fst_status status = command_of(a, p.resource, &bound, out, err);
    fst_bound_done(&bound);
    fst_place_done(&p);
    return status;
}

enum fst_status fst_app_run_plan(struct fst_app *a, const char *target, bool upstream,
                                 bool downstream, struct fst_labels *out, struct fst_error *err)
{
    struct fst_catalog *c;
    struct fst_place p;
    *out = (struct fst_labels){0};
    FST_TRY(fst_app_find(a, target, &p, err));
    enum fst_status status =
        p.resource ? fst_app_take(a, &c, err) : fst_fail(err, FST_EINVAL, "%s is a path", target);
    if (status == FST_OK) {
        status = plan_both(c, p.resource, upstream, downstream, out, err);
        fst_app_give(a, c);
    }
    fst_place_done(&p);
    return status;
}

/* ---- Runs that are there --------------------------------------------------------------------- */

static enum fst_status retry(struct fst_app *a, struct fst_catalog *c,
                             const struct fst_run_record *run, char **new_id, struct fst_error *err)
{
    struct fst_resource *r;
    if (!fst_states[run->state].final)
        return fst_fail(err, FST_EINVAL, "run %s is still %s", run->id,
                        fst_states[run->state].name);
    FST_TRY(fst_catalog_get(c, run->resource_id, &r, err));
    const char *provider = *run->provider ? run->provider : "local";
    enum fst_status status = fst__start_run(a, c, r, provider, run->attempt + 1, new_id, err);
    fst_resource_free(r);
    return status;
}

enum fst_status fst_app_retry(struct fst_app *a, const char *run_id, char **new_id,
                              struct fst_error *err)
{
    struct fst_catalog *c;
    struct fst_run_record *run;
    *new_id = NULL;
    FST_TRY(fst__writable(a, "running", err));
    FST_TRY(fst_app_take(a, &c, err));
    enum fst_status status = fst_catalog_get_run(c, run_id, &run, err);
    if (status == FST_OK) {
        status = retry(a, c, run, new_id, err);
        fst_run_record_free(run);
    }
    fst_app_give(a, c);
    return status;
}

enum fst_status fst_app_cancel(struct fst_app *a, const char *run_id, struct fst_error *err)
{
    struct fst_catalog *c;
    FST_TRY(fst__writable(a, "cancelling", err));
    FST_TRY(fst_app_take(a, &c, err));
    enum fst_status status = fst_run_cancel(&a->place, c, run_id, err);
    fst_app_give(a, c);
    return status;
}

enum fst_status fst_app_look_again(struct fst_app *a, const char *run_id, struct fst_error *err)
{
    struct fst_catalog *c;
    FST_TRY(fst__writable(a, "looking for a run", err));
    FST_TRY(fst_app_take(a, &c, err));
    enum fst_status status = fst_run_look_again(&a->place, c, run_id, err);
    fst_app_give(a, c);
    return status;
}

void fst_app_revive(struct fst_app *a)
{
    struct fst_catalog *c;
    if (a->read_only || fst_app_take(a, &c, NULL) != FST_OK)
        return;
    fst_run_revive(&a->place, c);
    fst_app_give(a, c);
}
