/* Chains: runs in the order of what stands on what, each when the one before has ended.
 *
 * A chain is a process of its own, so that closing the terminal costs nothing; whoever asked for it
 * only follows. The process may die at any moment: the next one finds in the chain's file which
 * runs were started, waits for those, and starts the rest. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app.h"

#define LOOK_MS 150
#define START_PATIENCE_US (120 * 1000000LL) /* until the next run of a chain appears */

/* ---- Its own process ------------------------------------------------------------------------- */

static bool is_cancelled(struct fst_app *a, const char *chain_id)
{
    struct fst_chain chain;
    if (fst_chain_read(&a->place, chain_id, &chain, NULL) != FST_OK)
        return false;
    bool cancelled = chain.cancelled;
    fst_chain_done(&chain);
    return cancelled;
}

static enum fst_status note_run(struct fst_app *a, const char *chain_id, struct fst_chain *chain,
                                size_t i, const char *run, struct fst_error *err)
{
    FST_TRY(fst_chain_note_run(&a->place, chain_id, chain->resources[i], run, err));
    chain->runs[i] = fst_arena_strdup(chain->arena, run);
    return FST_OK;
}

/* What cannot be started is a run that failed: nobody may be there to be told. */
static enum fst_status start_step(struct fst_app *a, struct fst_catalog *c, const char *chain_id,
                                  struct fst_chain *chain, size_t i, const struct fst_resource *r,
                                  char **id, struct fst_error *err)
{
    if (is_cancelled(a, chain_id))
        return fst_fail(err, FST_ECANCELLED, "cancelled before %s", fst_resource_label(r));
    enum fst_status status = fst__start_run(a, c, r, chain->provider, 1, id, err);
    if (status == FST_OK)
        return note_run(a, chain_id, chain, i, *id, err);
    if (!*id)
        fst_run_refused(&a->place, c, r, chain->provider, err->text, id, NULL);
    if (*id)
        note_run(a, chain_id, chain, i, *id, NULL);
    fst_while(err, "%s", fst_resource_label(r));
    return status;
}

static enum fst_status chain_step(struct fst_app *a, struct fst_catalog *c, const char *chain_id,
                                  struct fst_chain *chain, size_t i, struct fst_error *err)
{
    struct fst_resource *r = NULL;
    char *id = fst_strdup(chain->runs[i]);
    enum fst_status status = fst_catalog_get(c, chain->resources[i], &r, err);
    if (status == FST_OK && !id)
        status = start_step(a, c, chain_id, chain, i, r, &id, err);
    if (status == FST_OK && is_cancelled(a, chain_id))
        fst_run_cancel(&a->place, c, id, NULL); /* who wished so may not have seen it begin */
    const struct fst_run_request quiet = {.target = chain->target};
    if (status == FST_OK)
        status = fst__follow_run(a, c, id, fst_resource_label(r), &quiet, err);
    fst_resource_free(r);
    free(id);
    return status;
}

/* Every step in turn; `end` tells of the first that failed, or of the wish that it ends. */
static void chain_steps(struct fst_app *a, struct fst_catalog *c, const char *id,
                        struct fst_chain *chain, struct fst_error *end)
{
    size_t failed = 0;
    for (size_t i = 0; i < chain->n; i++) {
        struct fst_error err = {0};
        if (chain->left_out[i])
            continue;
        err.status = chain_step(a, c, id, chain, i, &err);
        if (err.status == FST_OK)
            continue;
        if (failed++ == 0 || err.status == FST_ECANCELLED)
            *end = err;
        /* Whoever follows would wait for a step whose run is written nowhere. */
        if (err.status == FST_ECANCELLED || !chain->runs[i] ||
            !fst__chain_goes_on(a, c, id, chain, i))
            break;
    }
    if (failed > 1 && end->status != FST_ECANCELLED)
        fst_while(end, "%zu runs failed, the first", failed);
}

static enum fst_status chain_work(struct fst_app *a, const char *id, struct fst_error *err)
{
    struct fst_chain chain;
    struct fst_catalog *c;
    struct fst_error end = {.status = FST_OK};
    FST_TRY(fst_chain_read(&a->place, id, &chain, err));
    enum fst_status status = chain.ended ? FST_OK : fst_app_take(a, &c, err);
    if (status == FST_OK && !chain.ended) {
        chain_steps(a, c, id, &chain, &end);
        fst_app_give(a, c);
        status = fst_chain_note_end(&a->place, id, &end, err);
    }
    fst_chain_done(&chain);
    return status;
}

enum fst_status fst_app_chain(struct fst_app *a, const char *chain_id, struct fst_error *err)
{
    int lock = fst_chain_take(&a->place, chain_id);
    if (lock < 0)
        return FST_OK; /* it has a process */
    enum fst_status status = chain_work(a, chain_id, err);
    close(lock);
    return status;
}

/* ---- Following one --------------------------------------------------------------------------- */

/* What became of a step of a chain; both NULL = nothing yet. Owned. */
struct became {
    char *run, *left_out;
};

static void became_done(struct became *b)
{
    free(b->run);
    free(b->left_out);
}

static enum fst_status look_at_step(struct fst_app *a, const char *chain_id, size_t i,
                                    struct became *out, struct fst_error *err)
{
    struct fst_chain chain;
    FST_TRY(fst_chain_read(&a->place, chain_id, &chain, err));
    enum fst_status status = FST_OK;
    *out = (struct became){0};
    if (i < chain.n)
        *out = (struct became){fst_strdup(chain.runs[i]), fst_strdup(chain.left_out[i])};
    if (!out->run && !out->left_out && chain.ended) {
        status = chain.end.status ? chain.end.status : FST_EREMOTE;
        fst_fail(err, status, "%s", chain.end.text);
    }
    fst_chain_done(&chain);
    return status;
}

static enum fst_status wait_for_step(struct fst_app *a, struct fst_catalog *c, const char *chain_id,
                                     size_t i, const struct fst_run_request *rq, struct became *out,
                                     struct fst_error *err)
{
    int64_t began = fst_monotonic_us();
    for (int64_t look = 1;; look++) {
        FST_TRY(look_at_step(a, chain_id, i, out, err));
        if (out->run || out->left_out)
            return FST_OK;
        if (rq->cancelled && rq->cancelled(rq->cancel_arg))
            return fst_fail(err, FST_ECANCELLED, "chain %s goes on; firesteel cancel %s ends it",
                            chain_id, chain_id);
        if (fst_monotonic_us() - began > START_PATIENCE_US)
            return fst_fail(err, FST_ETIMEOUT,
                            "the next run of %s does not start; %s/chains/%s.log may tell why",
                            rq->target, a->runs_dir, chain_id);
        if (look % 20 == 0)
            fst_run_revive(&a->place, c);
        fst_pause_ms(LOOK_MS);
    }
}

static enum fst_status follow_step(struct fst_app *a, struct fst_catalog *c, const char *chain_id,
                                   size_t i, const char *label, const struct fst_run_request *rq,
                                   bool *more, struct fst_error *err)
{
    struct became step;
    *more = false;
    FST_TRY(wait_for_step(a, c, chain_id, i, rq, &step, err));
    *more = true;
    enum fst_status status = FST_OK;
    if (!step.run) {
        if (rq->left_out)
            rq->left_out(rq->arg, label, step.left_out);
    } else {
        if (rq->started)
            rq->started(rq->arg, step.run, label);
        status = fst__follow_run(a, c, step.run, label, rq, err);
    }
    became_done(&step);
    return status;
}

/* Whoever follows hears of all of it; the first failure is what it ended with. */
static enum fst_status follow_chain(struct fst_app *a, struct fst_catalog *c, const char *chain_id,
                                    const struct fst_labels *plan, const struct fst_run_request *rq,
                                    struct fst_error *err)
{
    struct fst_error first = {.status = FST_OK};
    bool more = true;
    for (size_t i = 0; more && i < plan->n; i++) {
        struct fst_error own = {.status = FST_OK};
        own.status = follow_step(a, c, chain_id, i, plan->labels[i], rq, &more, &own);
        if (first.status == FST_OK || own.status == FST_ECANCELLED)
            first = own;
        more &= own.status != FST_ECANCELLED;
    }
    if (first.status != FST_OK)
        *err = first;
    return first.status;
}

/* Whoever does not wait for the end still hears whether it began. */
static enum fst_status first_of_chain(struct fst_app *a, struct fst_catalog *c,
                                      const char *chain_id, const struct fst_labels *plan,
                                      const struct fst_run_request *rq, struct fst_error *err)
{
    struct became step;
    FST_TRY(wait_for_step(a, c, chain_id, 0, rq, &step, err));
    if (rq->started && step.run)
        rq->started(rq->arg, step.run, plan->labels[0]);
    became_done(&step);
    return FST_OK;
}

enum fst_status fst__run_chain(struct fst_app *a, struct fst_catalog *c,
                               const struct fst_labels *plan, const struct fst_run_request *rq,
                               struct fst_error *err)
{
    char *id;
    const struct fst_chain chain = {
        .target = rq->target,
        .provider = rq->provider,
        .resources = plan->ids,
        .n = plan->n,
        .made_for = rq->upstream && !rq->downstream ? plan->ids[plan->n - 1] : 0};
    FST_TRY(fst_chain_start(&a->place, &chain, &id, err));
    if (rq->chain)
        rq->chain(rq->arg, id);
    enum fst_status status =
        rq->wait ? follow_chain(a, c, id, plan, rq, err) : first_of_chain(a, c, id, plan, rq, err);
    free(id);
    return status;
}

/* ---- Those that are there -------------------------------------------------------------------- */

static bool has_resource(const struct fst_chain *chain, int64_t id)
{
    bool has = !id;
    for (size_t i = 0; i < chain->n; i++)
        has |= chain->resources[i] == id;
    return has;
}

/* The run under way; NULL = none. */
static const char *run_now(struct fst_catalog *c, const struct fst_chain *chain,
                           struct fst_arena *a)
{
    struct fst_run_record *run;
    size_t started = fst_chain_started(chain);
    if (!started || fst_catalog_get_run(c, chain->runs[started - 1], &run, NULL) != FST_OK)
        return NULL;
    const char *now =
        fst_states[run->state].final ? NULL : fst_arena_printf(a, "%s.%s", run->name, run->variant);
    fst_run_record_free(run);
    return now;
}

static struct fst_chain_row row_of(struct fst_catalog *c, const char *id,
                                   const struct fst_chain *chain, struct fst_arena *a)
{
    return (struct fst_chain_row){
        .id = id,
        .target = fst_arena_strdup(a, fst_target_label(chain->target)),
        .error = *chain->end.text ? fst_arena_strdup(a, chain->end.text) : NULL,
        .state = fst_chain_state(chain),
        .now = run_now(c, chain, a),
        .done = fst_chain_ready(chain, c),
        .n = chain->n,
        .began_us = chain->began_us,
        .ended_us = chain->ended_us,
    };
}

enum fst_status fst_app_chains(struct fst_app *a, int64_t resource_id, size_t limit,
                               struct fst_chain_rows *out, struct fst_error *err)
{
    struct fst_catalog *c;
    struct fst_chain chain;
    size_t n;
    FST_TRY(fst_app_take(a, &c, err));
    *out = (struct fst_chain_rows){.arena = fst_arena_new()};
    const char **ids = fst_chain_ids(&a->place, out->arena, &n);
    out->rows = fst_arena_alloc(out->arena, (n + 1) * sizeof *out->rows);
    for (size_t i = 0; i < n; i++) {
        if (fst_chain_read(&a->place, ids[i], &chain, NULL) != FST_OK)
            continue; /* it was taken away meanwhile */
        bool suits = chain.n && has_resource(&chain, resource_id);
        if (suits && (!limit || out->n < limit))
            out->rows[out->n++] = row_of(c, ids[i], &chain, out->arena);
        out->total += suits;
        fst_chain_done(&chain);
    }
    fst_app_give(a, c);
    return FST_OK;
}

void fst_chain_rows_done(struct fst_chain_rows *r)
{
    fst_arena_free(r->arena);
    *r = (struct fst_chain_rows){0};
}

enum fst_status fst_app_cancel_chain(struct fst_app *a, const char *chain_id, struct fst_error *err)
{
    struct fst_catalog *c;
    char *id;
    FST_TRY(fst__writable(a, "cancelling", err));
    FST_TRY(fst_chain_find(&a->place, chain_id, &id, err));
    enum fst_status status = fst_app_take(a, &c, err);
    if (status == FST_OK) {
        status = fst_chain_cancel(&a->place, c, id, err);
        fst_app_give(a, c);
    }
    free(id);
    return status;
}
