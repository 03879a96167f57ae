/* What must run again: when something changes all that stands on it, and in a whole workspace what
 * is out of date with all that stands on that; in dependency order.
 *
 * Everything here is linear in the edges (but for the sort of the ids): a chain of diamonds has
 * more ways through it than anybody can walk. */
#include <stdlib.h>
#include <string.h>

#include "app.h"

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
    out->graph = (struct fst_graph){(uint32_t)n->nodes.n, edges, n_edges};
    out->order = fst_arena_alloc(a, (n->nodes.n + 1) * sizeof *out->order);
    group_inputs(out, edges, n_edges, n->nodes.n, a);
    return fst_graph_order(&out->graph, out->order, a, &cycle, &n_cycle, err);
}

bool fst__is_built(enum fst_resource_kind kind)
{
    return kind == FST_TRANSFORMATION || kind == FST_TRAINING_SET || kind == FST_JOB;
}

/* ---- Each of them ---------------------------------------------------------------------------- */

/* What is told of all of them alike. `nodes` lie as the neighbourhood's do; those that were asked
 * for go to `out`. */
struct impact_work {
    struct fst_catalog *catalog;
    const struct fst_neighbourhood *n;
    const struct fst__ordered *ordered;
    struct fst_impact_node *nodes;
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

static void join(struct fst_buf *out, const char *label)
{
    fst_buf_printf(out, "%s%s", out->n ? ", " : "", label);
}

static const char *kept(struct fst_arena *a, struct fst_buf *text)
{
    const char *copy = fst_arena_strdup(a, fst_buf_text(text));
    fst_buf_done(text);
    return copy;
}

/* What the node stands on, by name; with `marks` only what is marked. */
static const char *inputs_of(const struct impact_work *w, uint32_t i, const bool *marks)
{
    const struct fst__ordered *o = w->ordered;
    struct fst_buf text = FST_BUF_TEXT;
    for (uint32_t e = o->first[i]; e < o->first[i + 1]; e++)
        if (!marks || marks[o->inputs[e]])
            join(&text, w->nodes[o->inputs[e]].label);
    return kept(w->out->arena, &text);
}

/* Who reads whom: each edge is looked at once. */
static void tell_readers(struct impact_work *w)
{
    const struct fst__ordered *o = w->ordered;
    size_t n = w->n->nodes.n;
    struct fst_buf *readers = fst_alloc((n + 1) * sizeof *readers);
    for (size_t i = 0; i < n; i++)
        readers[i] = FST_BUF_TEXT;
    for (size_t k = 0; k < n; k++) {
        uint32_t i = o->order[k];
        for (uint32_t e = o->first[i]; e < o->first[i + 1]; e++)
            if (is_reader(w->n->nodes.items[i].kind))
                join(&readers[o->inputs[e]], w->nodes[i].label);
    }
    for (size_t i = 0; i < n; i++)
        w->nodes[i].readers = kept(w->out->arena, &readers[i]);
    free(readers);
}

static void begin(struct impact_work *w)
{
    size_t n = w->n->nodes.n;
    *w->out = (struct fst_impact){.arena = fst_arena_new()};
    w->out->items = fst_arena_alloc(w->out->arena, (n + 1) * sizeof *w->out->items);
    w->nodes = fst_arena_alloc(w->out->arena, (n + 1) * sizeof *w->nodes);
    for (size_t i = 0; i < n; i++)
        w->nodes[i] = (struct fst_impact_node){
            .label = label_of(w->out->arena, &w->n->nodes.items[i]), .took_us = -1};
    tell_readers(w);
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

/* Of its definition: the SQL, the inputs, everything that makes two variants the same. */
static void tell_hash(struct impact_work *w, int64_t id, char hash[65])
{
    struct fst_resource *r;
    if (fst_catalog_get(w->catalog, id, &r, NULL) != FST_OK)
        return;
    fst_resource_hash(r, hash);
    fst_resource_free(r);
}

/* The next one; it still has to say why. */
static struct fst_impact_node *add(struct impact_work *w, uint32_t i)
{
    const struct fst_item *it = &w->n->nodes.items[i];
    struct fst_impact_node *node = &w->out->items[w->out->n++];
    *node = w->nodes[i];
    node->id = it->id;
    node->kind = it->kind;
    node->state = it->state;
    node->stale = it->stale;
    node->provider = fst_arena_strdup(w->out->arena, it->provider ? it->provider : "");
    node->runs = fst__is_built(it->kind);
    if (node->runs)
        tell_run(w, it, node);
    tell_hash(w, it->id, node->hash);
    return node;
}

/* ---- Of one that changes --------------------------------------------------------------------- */

static const char *why_of(const struct impact_work *w, uint32_t i, bool is_root, bool runs)
{
    struct fst_arena *a = w->out->arena;
    const struct fst_item *it = &w->n->nodes.items[i];
    const char *now = !runs             ? ""
                      : it->ran_us == 0 ? "; never ran"
                      : it->stale       ? "; is stale: an input is newer"
                                        : "";
    if (is_root)
        return fst_arena_printf(a, "changes itself%s", now);
    return fst_arena_printf(a, "%s %s%s", runs ? "stands on" : "shows", inputs_of(w, i, NULL), now);
}

static enum fst_status impact_of(struct fst_catalog *c, const struct fst_resource *r,
                                 struct fst_impact *out, struct fst_error *err)
{
    struct fst_neighbourhood n;
    struct fst__ordered ordered;
    bool whole = r->kind == FST_PROVIDER || r->kind == FST_ENTITY;
    FST_TRY(fst_catalog_neighbourhood(c, r->id, false, true, 0, whole, &n, err));
    enum fst_status status = fst__order_nodes(&n, &ordered, err);
    struct impact_work w = {.catalog = c, .n = &n, .ordered = &ordered, .out = out};
    if (status == FST_OK)
        begin(&w);
    for (size_t k = 0; status == FST_OK && k < n.nodes.n; k++) {
        struct fst_impact_node *node = add(&w, ordered.order[k]);
        node->why = why_of(&w, ordered.order[k], node->id == r->id, node->runs);
    }
    fst_neighbourhood_done(&n);
    return status;
}

/* ---- Of all that is out of date -------------------------------------------------------------- */

static const char *newer_text(const struct impact_work *w, const struct fst_item *it)
{
    char *names = fst_catalog_newer_inputs(w->catalog, it->id);
    const char *text = names ? fst_arena_printf(w->out->arena, "an input is newer: %s", names)
                             : "an input is newer";
    free(names);
    return text;
}

/* A definition changes by being a new variant: the name's newest good run was of another one. */
static const char *changed_text(struct impact_work *w, const struct fst_item *it,
                                struct fst_impact_node *node)
{
    struct fst_resource *before;
    if (!it->is_default || fst_catalog_ran_before(w->catalog, it->id, &before, NULL) != FST_OK)
        return NULL;
    tell_hash(w, it->id, node->hash);
    fst_resource_hash(before, node->hash_ran);
    const char *text = NULL;
    if (strcmp(node->hash, node->hash_ran) != 0)
        text = fst_arena_printf(w->out->arena, "its definition changed since %s ran",
                                fst_resource_label(before));
    fst_resource_free(before);
    return text;
}

/* Why a node is out of date by itself; NULL = it is not. */
static const char *own_reason(struct impact_work *w, uint32_t i, bool is_read)
{
    const struct fst_item *it = &w->n->nodes.items[i];
    if (!fst__is_built(it->kind))
        return NULL;
    if (it->ran_us)
        return it->stale ? newer_text(w, it) : NULL;
    const char *changed = changed_text(w, it, &w->nodes[i]);
    return changed ? changed : is_read ? "never ran, and something reads it" : NULL;
}

/* `own` is why each is out of date by itself, `marks` what is or stands on such a one. */
static void find_stale(struct impact_work *w, const char **own, bool *marks)
{
    const struct fst_graph *g = &w->ordered->graph;
    bool *is_read = fst_arena_alloc(w->n->nodes.arena, (size_t)g->n_nodes + 1);
    for (size_t e = 0; e < g->n_edges; e++)
        is_read[g->edges[e].from] = true;
    for (uint32_t i = 0; i < g->n_nodes; i++) {
        own[i] = own_reason(w, i, is_read[i]);
        marks[i] = own[i] != NULL;
    }
    fst_graph_spread(g, marks);
}

static const char *why_again(const struct impact_work *w, uint32_t i, const char *own,
                             const bool *marks)
{
    const char *inputs = inputs_of(w, i, marks);
    if (!*inputs)
        return own;
    return fst_arena_printf(w->out->arena, "%s%sstands on %s", own ? own : "", own ? "; " : "",
                            inputs);
}

static enum fst_status rebuild_of(struct fst_catalog *c, const struct fst_neighbourhood *n,
                                  struct fst_impact *out, struct fst_error *err)
{
    struct fst__ordered ordered;
    const char **own = fst_arena_alloc(n->nodes.arena, (n->nodes.n + 1) * sizeof *own);
    bool *marks = fst_arena_alloc(n->nodes.arena, n->nodes.n + 1);
    struct impact_work w = {.catalog = c, .n = n, .ordered = &ordered, .out = out};
    FST_TRY(fst__order_nodes(n, &ordered, err));
    begin(&w);
    find_stale(&w, own, marks);
    for (size_t k = 0; k < n->nodes.n; k++) {
        uint32_t i = ordered.order[k];
        if (marks[i] && fst__is_built(n->nodes.items[i].kind))
            add(&w, i)->why = why_again(&w, i, own[i], marks);
    }
    return FST_OK;
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

enum fst_status fst_app_stale(struct fst_app *a, struct fst_impact *out, struct fst_error *err)
{
    struct fst_catalog *c;
    struct fst_neighbourhood n;
    *out = (struct fst_impact){0};
    FST_TRY(fst_app_take(a, &c, err));
    enum fst_status status = fst_catalog_whole(c, &n, err);
    if (status == FST_OK) {
        status = rebuild_of(c, &n, out, err);
        fst_neighbourhood_done(&n);
    }
    fst_app_give(a, c);
    return status;
}

void fst_impact_labels(const struct fst_impact *impact, struct fst_labels *out)
{
    *out = (struct fst_labels){.labels = fst_alloc((impact->n + 1) * sizeof *out->labels),
                               .ids = fst_alloc((impact->n + 1) * sizeof *out->ids)};
    for (size_t i = 0; i < impact->n; i++) {
        if (!impact->items[i].runs)
            continue;
        out->ids[out->n] = impact->items[i].id;
        out->labels[out->n++] = fst_strdup(impact->items[i].label);
    }
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
