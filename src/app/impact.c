/* What must run again when something changes: all that stands on it, in dependency order.
 *
 * Everything here is linear in the edges (but for the sort of the ids): a chain of diamonds has
 * more ways through it than anybody can walk. */
#include <stdlib.h>
#include <string.h>

#include "app.h"
#include "firesteel/graph.h"

/* ---- The order ------------------------------------------------------------------------------- */

struct place_of {
    int64_t id;
    uint32_t at;
};

static int by_id(const void *a, const void *b)
{
    const struct place_of *x = a, *y = b;
    return (x->id > y->id) - (x->id < y->id);
}

static uint32_t find_id(const struct place_of *ids, size_t n, int64_t id)
{
    struct place_of key = {.id = id};
    const struct place_of *found = bsearch(&key, ids, n, sizeof *ids, by_id);
    return found ? found->at : UINT32_MAX;
}

static struct fst_edge *indexed_edges(const struct fst_neighbourhood *n, size_t *n_edges)
{
    struct fst_arena *a = n->nodes.arena;
    struct place_of *ids = fst_arena_alloc(a, (n->nodes.n + 1) * sizeof *ids);
    struct fst_edge *edges = fst_arena_alloc(a, (n->n_edges + 1) * sizeof *edges);
    for (size_t i = 0; i < n->nodes.n; i++)
        ids[i] = (struct place_of){n->nodes.items[i].id, (uint32_t)i};
    if (n->nodes.n)
        qsort(ids, n->nodes.n, sizeof *ids, by_id);
    *n_edges = 0;
    for (size_t e = 0; e < n->n_edges; e++) {
        uint32_t from = find_id(ids, n->nodes.n, n->edges[e].from);
        uint32_t to = find_id(ids, n->nodes.n, n->edges[e].to);
        if (from != UINT32_MAX && to != UINT32_MAX)
            edges[(*n_edges)++] = (struct fst_edge){from, to};
    }
    return edges;
}

/* Edges grouped by where they end, so that each node finds what it stands on. */
static void group_inputs(struct fst__ordered *o, const struct fst_edge *edges, size_t n_edges,
                         size_t n, struct fst_arena *a)
{
    uint32_t *next = fst_arena_alloc(a, (n + 2) * sizeof *next);
    o->first = fst_arena_alloc(a, (n + 2) * sizeof *o->first);
    o->inputs = fst_arena_alloc(a, (n_edges + 1) * sizeof *o->inputs);
    memset(o->first, 0, (n + 2) * sizeof *o->first);
    for (size_t e = 0; e < n_edges; e++)
        o->first[edges[e].to + 1]++;
    for (size_t i = 0; i < n; i++)
        o->first[i + 1] += o->first[i];
    memcpy(next, o->first, (n + 2) * sizeof *next);
    for (size_t e = 0; e < n_edges; e++)
        o->inputs[next[edges[e].to]++] = edges[e].from;
}

enum fst_status fst__order_nodes(const struct fst_neighbourhood *n, struct fst__ordered *out,
                                 struct fst_error *err)
{
    struct fst_arena *a = n->nodes.arena;
    uint32_t *cycle;
    size_t n_cycle, n_edges;
    struct fst_edge *edges = indexed_edges(n, &n_edges);
    struct fst_graph g = {(uint32_t)n->nodes.n, edges, n_edges};
    out->order = fst_arena_alloc(a, (n->nodes.n + 1) * sizeof *out->order);
    group_inputs(out, edges, n_edges, n->nodes.n, a);
    return fst_graph_order(&g, out->order, a, &cycle, &n_cycle, err);
}

bool fst__is_built(enum fst_resource_kind kind)
{
    return kind == FST_TRANSFORMATION || kind == FST_TRAINING_SET || kind == FST_JOB;
}

/* ---- Each of them ---------------------------------------------------------------------------- */

struct impact_work {
    struct fst_catalog *catalog;
    const struct fst_neighbourhood *n;
    const struct fst__ordered *ordered;
    int64_t root;
    struct fst_impact *out;
};

static const char *label_of(struct fst_arena *a, const struct fst_item *it)
{
    return fst_arena_printf(a, "%s%s%s", it->name, *it->variant ? "." : "", it->variant);
}

static bool is_reader(enum fst_resource_kind kind)
{
    return kind == FST_FEATURE || kind == FST_LABEL || kind == FST_TRAINING_SET;
}

static const char *joined(struct fst_arena *a, const char *before, const char *label)
{
    return *before ? fst_arena_printf(a, "%s, %s", before, label) : label;
}

/* Who stands on what: each edge is looked at once. */
static void tell_edges(struct impact_work *w)
{
    const struct fst__ordered *o = w->ordered;
    struct fst_arena *a = w->out->arena;
    const struct fst_item *items = w->n->nodes.items;
    struct fst_impact_node *nodes = fst_arena_alloc(a, (w->n->nodes.n + 1) * sizeof *nodes);
    for (size_t i = 0; i < w->n->nodes.n; i++)
        nodes[i] = (struct fst_impact_node){
            .label = label_of(a, &items[i]), .stands_on = "", .readers = "", .took_us = -1};
    for (size_t k = 0; k < w->n->nodes.n; k++) {
        uint32_t i = o->order[k];
        for (uint32_t e = o->first[i]; e < o->first[i + 1]; e++) {
            struct fst_impact_node *in = &nodes[o->inputs[e]];
            nodes[i].stands_on = joined(a, nodes[i].stands_on, in->label);
            if (is_reader(items[i].kind))
                in->readers = joined(a, in->readers, nodes[i].label);
        }
    }
    w->out->items = nodes;
}

static void tell_run(struct impact_work *w, const struct fst_item *it, struct fst_impact_node *node)
{
    struct fst_run_record *run;
    if (fst_catalog_ready_run(w->catalog, it->id, &run, NULL) == FST_OK) {
        int64_t began = run->started_us ? run->started_us : run->created_us;
        node->took_us = run->finished_us > began ? run->finished_us - began : 0;
        fst_run_record_free(run);
    }
    if (node->took_us >= 0)
        w->out->total_us += node->took_us;
    else
        w->out->n_unknown++;
    w->out->n_runs++;
}

static const char *why_of(const struct impact_work *w, const struct fst_item *it,
                          const struct fst_impact_node *node)
{
    struct fst_arena *a = w->out->arena;
    const char *now = it->ran_us == 0 ? "; never ran"
                      : it->stale     ? "; is stale: an input is newer"
                                      : "";
    if (it->id == w->root)
        return fst_arena_printf(a, "changes itself%s", node->runs ? now : "");
    return fst_arena_printf(a, "%s %s%s", node->runs ? "stands on" : "shows", node->stands_on,
                            node->runs ? now : "");
}

/* Of its definition: the SQL, the inputs, everything that makes two variants the same. */
static void tell_hash(struct impact_work *w, struct fst_impact_node *node)
{
    struct fst_resource *r;
    if (fst_catalog_get(w->catalog, node->id, &r, NULL) != FST_OK)
        return;
    fst_resource_hash(r, node->hash);
    fst_resource_free(r);
}

static void tell_nodes(struct impact_work *w)
{
    struct fst_impact *out = w->out;
    struct fst_impact_node *unordered = out->items;
    out->items = fst_arena_alloc(out->arena, (w->n->nodes.n + 1) * sizeof *out->items);
    for (size_t k = 0; k < w->n->nodes.n; k++) {
        const struct fst_item *it = &w->n->nodes.items[w->ordered->order[k]];
        struct fst_impact_node *node = &out->items[out->n++];
        *node = unordered[w->ordered->order[k]];
        node->id = it->id;
        node->kind = it->kind;
        node->state = it->state;
        node->stale = it->stale;
        node->provider = fst_arena_strdup(out->arena, it->provider ? it->provider : "");
        node->runs = fst__is_built(it->kind);
        if (node->runs)
            tell_run(w, it, node);
        tell_hash(w, node);
        node->why = why_of(w, it, node);
    }
}

static enum fst_status impact_of(struct fst_catalog *c, const struct fst_resource *r,
                                 struct fst_impact *out, struct fst_error *err)
{
    struct fst_neighbourhood n;
    struct fst__ordered ordered;
    bool whole = r->kind == FST_PROVIDER || r->kind == FST_ENTITY;
    FST_TRY(fst_catalog_neighbourhood(c, r->id, false, true, 0, whole, &n, err));
    enum fst_status status = fst__order_nodes(&n, &ordered, err);
    if (status == FST_OK) {
        *out = (struct fst_impact){.arena = fst_arena_new()};
        struct impact_work w = {c, &n, &ordered, r->id, out};
        tell_edges(&w);
        tell_nodes(&w);
    }
    fst_neighbourhood_done(&n);
    return status;
}

/* ---- The door -------------------------------------------------------------------------------- */

enum fst_status fst_app_impact(struct fst_app *a, const char *target, struct fst_impact *out,
                               struct fst_error *err)
{
    struct fst_catalog *c;
    struct fst_place p;
    *out = (struct fst_impact){0};
    FST_TRY(fst_app_find(a, target, &p, err));
    enum fst_status status = p.resource
                                 ? fst_app_take(a, &c, err)
                                 : fst_fail(err, FST_ENOTFOUND, "%s is not registered", target);
    if (status == FST_OK) {
        status = impact_of(c, p.resource, out, err);
        fst_app_give(a, c);
    }
    fst_place_done(&p);
    return status;
}

void fst_impact_done(struct fst_impact *impact)
{
    fst_arena_free(impact->arena);
    *impact = (struct fst_impact){0};
}

void fst_impact_total(const struct fst_impact *impact, struct fst_buf *out)
{
    fst_buf_printf(out, "%zu %s", impact->n_runs, impact->n_runs == 1 ? "run" : "runs");
    if (impact->n_runs > impact->n_unknown) {
        fst_buf_adds(out, ", ");
        fst_duration_text(out, impact->total_us);
        fst_buf_adds(out, " by the last ones");
    }
    if (impact->n_unknown)
        fst_buf_printf(out, ", %zu of unknown length", impact->n_unknown);
}

enum fst_status fst__plan_downstream(struct fst_catalog *c, const struct fst_resource *r,
                                     struct fst_labels *out, struct fst_error *err)
{
    struct fst_neighbourhood n;
    struct fst__ordered ordered;
    bool whole = r->kind == FST_PROVIDER || r->kind == FST_ENTITY;
    FST_TRY(fst_catalog_neighbourhood(c, r->id, false, true, 0, whole, &n, err));
    enum fst_status status = fst__order_nodes(&n, &ordered, err);
    out->labels = fst_alloc((n.nodes.n + 1) * sizeof *out->labels);
    out->ids = fst_alloc((n.nodes.n + 1) * sizeof *out->ids);
    for (size_t k = 0; status == FST_OK && k < n.nodes.n; k++) {
        const struct fst_item *item = &n.nodes.items[ordered.order[k]];
        if (!fst__is_built(item->kind))
            continue;
        out->ids[out->n] = item->id;
        out->labels[out->n++] = fst_asprintf("%s.%s", item->name, item->variant);
    }
    fst_neighbourhood_done(&n);
    return status;
}
