/* The lineage of a resource: the DAG drawn in layers, every node with its state, walked by keys. */
#include <stdlib.h>
#include <string.h>

#include "firesteel/graph.h"
#include "view.h"

struct lineage {
    int64_t root;
    bool up, down, loading, again;
    struct fst_neighbourhood around;
    struct fst_edge *edges;
    const char **labels;
    struct fst_graph graph;
    struct fst_layout layout;
    bool loaded;
    uint32_t at;
    int64_t at_id;
    int left, top;
};

struct lineage_task {
    struct task task;
    char *target;
    bool up, down;
    int64_t root;
    struct fst_neighbourhood around;
};

/* ---- Loading --------------------------------------------------------------------------------- */

static void work(struct task *t)
{
    struct lineage_task *l = (struct lineage_task *)t;
    struct fst_place p;
    struct fst_catalog *c;
    if (!fst_parse_int64(l->target, strlen(l->target), &l->root)) {
        t->status = fst_app_find(t->wb->app, l->target, &p, &t->err);
        if (t->status != FST_OK)
            return;
        l->root = p.resource ? p.resource->id : 0;
        fst_place_done(&p);
    }
    t->status = fst_app_take(t->wb->app, &c, &t->err);
    if (t->status != FST_OK)
        return;
    struct fst_resource *r;
    t->status = fst_catalog_get(c, l->root, &r, &t->err);
    if (t->status == FST_OK) {
        bool whole = !fst_kinds[r->kind].has_variants; /* a provider's or an entity's own edges */
        t->status =
            fst_catalog_neighbourhood(c, l->root, l->up, l->down, 0, whole, &l->around, &t->err);
        fst_resource_free(r);
    }
    fst_app_give(t->wb->app, c);
}

static void release(struct task *t)
{
    struct lineage_task *l = (struct lineage_task *)t;
    fst_neighbourhood_done(&l->around);
    free(l->target);
}

static uint32_t index_of(const struct fst_items *items, int64_t id)
{
    uint32_t i = 0;
    while (i < items->n && items->items[i].id != id)
        i++;
    return i;
}

static const char *label_of(struct fst_arena *a, const struct fst_item *it)
{
    if (!fst_kinds[it->kind].has_variants)
        return fst_arena_printf(a, " %s", it->name);
    return fst_arena_printf(a, "%c %s.%s",
                            wb_is_outdated(it->state, it->stale) ? '!' : fst_states[it->state].mark,
                            it->name, it->variant);
}

static void lay_out(struct lineage *l)
{
    struct fst_arena *a = l->around.nodes.arena;
    size_t n = l->around.nodes.n;
    int *widths = fst_arena_alloc(a, (n + 1) * sizeof *widths);
    l->edges = fst_arena_alloc(a, (l->around.n_edges + 1) * sizeof *l->edges);
    l->labels = fst_arena_alloc(a, (n + 1) * sizeof *l->labels);
    for (size_t i = 0; i < l->around.n_edges; i++)
        l->edges[i] = (struct fst_edge){index_of(&l->around.nodes, l->around.edges[i].from),
                                        index_of(&l->around.nodes, l->around.edges[i].to)};
    for (size_t i = 0; i < n; i++) {
        l->labels[i] = label_of(a, &l->around.nodes.items[i]);
        widths[i] = (int)fst_text_width(l->labels[i], strlen(l->labels[i]));
    }
    l->graph = (struct fst_graph){(uint32_t)n, l->edges, l->around.n_edges};
    fst_layout_done(&l->layout);
    l->loaded = fst_graph_layout(&l->graph, widths, &l->layout, NULL) == FST_OK;
    l->at = index_of(&l->around.nodes, l->at_id);
    if (l->at >= n)
        l->at = index_of(&l->around.nodes, l->root);
}

static void load(struct view *v);

static void done(struct task *t, struct view *v)
{
    struct lineage_task *lt = (struct lineage_task *)t;
    if (!v)
        return;
    struct lineage *l = v->state;
    l->loading = false;
    if (t->status != FST_OK) {
        wb_say_error(t->wb, &t->err);
    } else {
        fst_neighbourhood_done(&l->around);
        l->around = lt->around;
        lt->around = (struct fst_neighbourhood){0};
        l->root = lt->root;
        l->at_id = l->at_id ? l->at_id : l->root;
        lay_out(l);
        v->live = false;
        for (size_t i = 0; i < l->around.nodes.n; i++) {
            enum fst_state s = l->around.nodes.items[i].state;
            v->live |= s != FST_STATE_NONE && !fst_states[s].final;
        }
    }
    if (l->again)
        load(v);
}

static void load(struct view *v)
{
    struct lineage *l = v->state;
    l->again = l->loading;
    if (l->loading)
        return;
    struct lineage_task *t = wb_task_new(v->wb, v, sizeof *t, work, done, release);
    t->target =
        l->root ? fst_asprintf("%lld", (long long)l->root) : fst_strdup(v->target ? v->target : "");
    t->up = l->up;
    t->down = l->down;
    l->loading = true;
    wb_task_start(&t->task, "walking the lineage");
}

/* ---- Drawing --------------------------------------------------------------------------------- */

/* Keep the node under the cursor on the screen, with some room around it. */
static void scroll_to(struct lineage *l, int rows, int cols)
{
    const struct fst_layout_node *n = &l->layout.nodes[l->at];
    if (l->layout.width <= cols)
        l->left = 0;
    else if (n->x < l->left + 2)
        l->left = n->x > 4 ? n->x - 4 : 0;
    else if (n->x + n->width > l->left + cols - 2)
        l->left = n->x + n->width - cols + 4;
    if (l->layout.height <= rows)
        l->top = 0;
    else if (n->y < l->top + 1)
        l->top = n->y > 2 ? n->y - 2 : 0;
    else if (n->y > l->top + rows - 2)
        l->top = n->y - rows + 3;
}

static void draw_edges(const struct lineage *l, struct fst_surface *s)
{
    bool *near = fst_alloc(l->graph.n_edges + 1);
    uint32_t *cells = fst_alloc((size_t)s->rows * (size_t)s->cols * sizeof *cells);
    for (size_t i = 0; i < l->graph.n_edges; i++)
        near[i] = l->edges[i].from == l->at || l->edges[i].to == l->at;
    fst_layout_edges(&l->layout, &l->graph, l->left, l->top, s->cols, s->rows, s->ascii, near,
                     cells);
    for (int y = 0; y < s->rows; y++)
        for (int x = 0; x < s->cols; x++) {
            uint32_t cell = cells[y * s->cols + x], cp = cell & 0x7FFFFFFF;
            char text[4];
            if (cp)
                fst_draw(s, y, x, 1, cell >> 31 ? FST_ROLE_KEY : FST_ROLE_BORDER, text,
                         fst_utf8_encode(cp, text));
        }
    free(cells);
    free(near);
}

static void draw_node(const struct lineage *l, uint32_t i, struct fst_surface *s)
{
    const struct fst_layout_node *n = &l->layout.nodes[i];
    const struct fst_item *it = &l->around.nodes.items[i];
    int x = n->x - l->left, y = n->y - l->top;
    const char *text = l->labels[i];
    size_t len = strlen(text);
    if (y < 0 || y >= s->rows || x >= s->cols || x + n->width <= 0)
        return;
    if (x < 0) { /* cut at the left edge */
        size_t used;
        size_t skip = fst_text_fit(text, len, (size_t)-x, &used);
        text += skip;
        len -= skip;
        x = 0;
    }
    enum fst_role role =
        fst_kinds[it->kind].has_variants ? wb_state_role(it->state, it->stale) : FST_ROLE_TEXT;
    fst_draw(s, y, x, s->cols - x, i == l->at ? FST_ROLE_CURSOR : role, text, len);
}

/* The node under the cursor in words, below the drawing. */
static void draw_legend(const struct lineage *l, struct fst_surface *s)
{
    const struct fst_item *it = &l->around.nodes.items[l->at];
    bool states = fst_kinds[it->kind].has_variants;
    fst_draw_fill(s, s->rows - 1, 0, s->cols, FST_ROLE_TEXT);
    int col = 1 + fst_drawf(s, s->rows - 1, 1, FST_ROLE_HEADER, "%s ", fst_kinds[it->kind].name);
    if (states)
        col += fst_drawf(s, s->rows - 1, col, wb_state_role(it->state, it->stale), "%s%s  ",
                         wb_state_word(it->state),
                         wb_is_outdated(it->state, it->stale) ? ", stale" : "");
    fst_draws(s, s->rows - 1, col, FST_ROLE_DIM, it->description ? it->description : "");
}

static void draw(struct view *v, struct fst_surface *s)
{
    struct lineage *l = v->state;
    if (!l->loaded || s->rows < 2)
        return;
    struct fst_surface body = fst_surface_window(s, 0, 0, s->rows - 1, s->cols);
    scroll_to(l, body.rows, body.cols);
    draw_edges(l, &body);
    for (uint32_t i = 0; i < l->graph.n_nodes; i++)
        draw_node(l, i, &body);
    draw_legend(l, s);
}

/* ---- The view -------------------------------------------------------------------------------- */

static void open(struct view *v)
{
    struct lineage *l = v->state;
    l->up = l->down = true;
    load(v);
}

static void close(struct view *v)
{
    struct lineage *l = v->state;
    fst_layout_done(&l->layout);
    fst_neighbourhood_done(&l->around);
}

static const struct {
    const char *action;
    enum fst_direction direction;
} moves[] = {{"lineage.left", FST_LEFT},
             {"lineage.right", FST_RIGHT},
             {"lineage.up", FST_UP},
             {"lineage.down", FST_DOWN}};

static bool move(struct lineage *l, const char *name)
{
    for (size_t i = 0; i < FST_COUNT(moves); i++)
        if (strcmp(moves[i].action, name) == 0) {
            l->at = fst_layout_move(&l->layout, &l->graph, l->at, moves[i].direction);
            l->at_id = l->around.nodes.items[l->at].id;
            return true;
        }
    return false;
}

static bool show_only(struct view *v, bool up, bool down)
{
    struct lineage *l = v->state;
    l->up = up;
    l->down = down;
    load(v);
    return true;
}

static bool action(struct view *v, const char *name)
{
    struct lineage *l = v->state;
    if (strncmp(name, "lineage.", 8) != 0 || !l->loaded)
        return false;
    if (move(l, name))
        return true;
    if (strcmp(name, "lineage.upstream") == 0)
        return show_only(v, true, false);
    if (strcmp(name, "lineage.downstream") == 0)
        return show_only(v, false, true);
    if (strcmp(name, "lineage.both") == 0)
        return show_only(v, true, true);
    char *id = fst_asprintf("%lld", (long long)l->around.nodes.items[l->at].id);
    if (strcmp(name, "lineage.open") == 0)
        wb_open(v->wb, "page", id);
    else if (strcmp(name, "lineage.root") == 0) {
        l->root = l->around.nodes.items[l->at].id;
        load(v);
    }
    free(id);
    return true;
}

/* `/` jumps to the first node whose name contains the text. */
static void filter(struct view *v, const char *text)
{
    struct lineage *l = v->state;
    for (uint32_t i = 0; *text && l->loaded && i < l->graph.n_nodes; i++)
        if (strcasestr(l->around.nodes.items[i].name, text)) {
            l->at = i;
            l->at_id = l->around.nodes.items[i].id;
            return;
        }
}

static void title(struct view *v, struct fst_buf *out)
{
    const struct lineage *l = v->state;
    fst_buf_adds(out, "lineage");
    if (!l->loaded)
        return;
    const struct fst_item *it = &l->around.nodes.items[index_of(&l->around.nodes, l->root)];
    fst_buf_printf(out, " of %s%s%s  %u nodes%s", it->name, *it->variant ? "." : "", it->variant,
                   l->graph.n_nodes,
                   !l->down ? "  upstream"
                   : !l->up ? "  downstream"
                            : "");
}

static int64_t selected(struct view *v)
{
    const struct lineage *l = v->state;
    return l->loaded ? l->around.nodes.items[l->at].id : 0;
}

const struct view_ops view_lineage = {
    .name = "lineage",
    .help = "what a resource stands on and what stands on it, drawn",
    .scopes = {"lineage", "resource", NULL},
    .state_size = sizeof(struct lineage),
    .open = open,
    .close = close,
    .action = action,
    .changed = load,
    .filter = filter,
    .title = title,
    .draw = draw,
    .selected = selected,
};
