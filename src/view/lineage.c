/* The lineage of a resource: the DAG drawn in layers, every node with its state, walked by keys. */
#include <stdlib.h>
#include <string.h>

#include "lineage.h"

struct lineage {
    int64_t root;
    struct lineage_ask ask;
    int n_groups;
    uint32_t graph_nodes;
    bool loading, again, loaded, map;
    struct lineage_picture pic;
    struct fst_walk walk;
    uint32_t at;
    int64_t at_id, mark_id; /* mark_id 0 = none */
    int left, top, rows, cols;
    bool *way, *edge_way; /* what stands out; made again when `way_of` is not `at` for a while */
    uint32_t way_of, n_way;
    int64_t moved_us;
    struct fst_filter *looked_for;
    uint32_t *hits, n_hits; /* by row */
};

struct lineage_task {
    struct task task;
    char *target;
    struct lineage_ask ask;
    int64_t root;
    struct lineage_picture pic;
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
        t->status = fst_catalog_neighbourhood(c, l->root, l->ask.up, l->ask.down, l->ask.levels,
                                              whole, &l->pic.around, &t->err);
        fst_resource_free(r);
        if (t->status == FST_OK)
            t->status = lineage_picture_make(&l->pic, &l->ask, l->root, &t->err);
    }
    fst_app_give(t->wb->app, c);
}

static void release(struct task *t)
{
    struct lineage_task *l = (struct lineage_task *)t;
    lineage_picture_done(&l->pic);
    free(l->ask.folds);
    free(l->target);
}

static const struct fst_item *item_at(const struct lineage *l, uint32_t node)
{
    return &l->pic.around.nodes.items[l->pic.nodes[node].item];
}

static void go(struct lineage *l, uint32_t to)
{
    l->at = to;
    l->at_id = l->pic.nodes[to].id;
    l->moved_us = fst_monotonic_us();
}

static bool same_nodes(const struct lineage_picture *a, const struct lineage_picture *b)
{
    if (a->graph.n_nodes != b->graph.n_nodes || a->graph.n_edges != b->graph.n_edges)
        return false;
    for (uint32_t i = 0; i < a->graph.n_nodes; i++)
        if (a->nodes[i].id != b->nodes[i].id)
            return false;
    return a->graph.n_edges == 0 ||
           memcmp(a->edges, b->edges, a->graph.n_edges * sizeof *a->edges) == 0;
}

/* ---- What is looked for ---------------------------------------------------------------------- */

static void find_hits(struct lineage *l)
{
    free(l->hits);
    l->hits = NULL;
    l->n_hits = 0;
    if (!l->looked_for || !l->loaded)
        return;
    l->hits = fst_alloc(((size_t)l->graph_nodes + 1) * sizeof *l->hits);
    for (uint32_t k = 0; k < l->graph_nodes; k++) {
        uint32_t i = l->pic.by_row[k];
        const char *text = l->pic.labels[i] + 1;
        if (fst_filter_fits(l->looked_for, &text, 1))
            l->hits[l->n_hits++] = i;
    }
}

static uint32_t hit_of(const struct lineage *l, uint32_t node)
{
    uint32_t k = 0;
    while (k < l->n_hits && l->hits[k] != node)
        k++;
    return k;
}

/* To the next hit, in the order of reading. */
static void next_hit(struct view *v, int step)
{
    struct lineage *l = v->state;
    if (!l->n_hits) {
        wb_say(v->wb, FST_ROLE_WARN, l->looked_for ? "no node fits" : "nothing is looked for: /");
        return;
    }
    uint32_t k = hit_of(l, l->at);
    if (k == l->n_hits) { /* from the cursor on */
        const struct fst_layout_node *n = l->pic.layout.nodes, *here = &n[l->at];
        for (k = 0; k < l->n_hits; k++)
            if (n[l->hits[k]].y > here->y ||
                (n[l->hits[k]].y == here->y && n[l->hits[k]].x > here->x))
                break;
        k = step > 0 ? k % l->n_hits : (k + l->n_hits - 1) % l->n_hits;
    } else {
        k = (k + l->n_hits + (uint32_t)(step + (int)l->n_hits)) % l->n_hits;
    }
    go(l, l->hits[k]);
}

/* ---- What stands out ------------------------------------------------------------------------- */

/* Both ways from the cursor; with a mark, what lies between it and the cursor. */
static void find_way(struct lineage *l)
{
    const struct fst_graph *g = &l->pic.graph;
    uint32_t mark = l->mark_id ? lineage_picture_find(&l->pic, l->mark_id) : g->n_nodes;
    bool marked = mark < g->n_nodes, *up = fst_alloc((size_t)g->n_nodes + 1),
         *down = fst_alloc((size_t)g->n_nodes + 1);
    l->way_of = l->at;
    l->n_way = 0;
    memset(up, 0, g->n_nodes);
    memset(down, 0, g->n_nodes);
    fst_graph_reach(g, l->at, false, up);
    fst_graph_reach(g, l->at, true, down);
    if (marked) {
        bool above = up[mark], *other = fst_alloc((size_t)g->n_nodes + 1);
        memset(other, 0, g->n_nodes);
        fst_graph_reach(g, mark, above, other);
        for (uint32_t i = 0; i < g->n_nodes; i++)
            up[i] = down[i] = i == mark || i == l->at || (other[i] && (above ? up[i] : down[i]));
        free(other);
    }
    for (uint32_t i = 0; i < g->n_nodes; i++)
        l->n_way += l->way[i] = up[i] || down[i];
    for (size_t i = 0; i < g->n_edges; i++) {
        const struct fst_edge *e = &g->edges[i];
        l->edge_way[i] = (up[e->from] && up[e->to]) || (down[e->from] && down[e->to]);
    }
    free(up);
    free(down);
}

/* Moving costs few bytes: what stands out is drawn when the cursor rests. */
static void follow_cursor(struct view *v)
{
    struct lineage *l = v->state;
    int64_t rested_us = l->moved_us + WB_REST_US;
    if (l->way_of == l->at)
        return;
    if (l->way_of == UINT32_MAX || fst_monotonic_us() >= rested_us)
        find_way(l);
    else
        v->draw_us = rested_us;
}

/* A picture that was read takes the place of the one that is shown. */
static void take(struct lineage *l, struct lineage_task *lt)
{
    bool same = l->loaded && same_nodes(&l->pic, &lt->pic);
    lineage_picture_done(&l->pic);
    l->pic = lt->pic;
    lt->pic = (struct lineage_picture){0};
    l->graph_nodes = l->pic.graph.n_nodes;
    l->loaded = l->graph_nodes > 0;
    l->root = lt->root;
    l->at_id = l->at_id ? l->at_id : l->root;
    l->at = lineage_picture_find(&l->pic, l->at_id);
    if (l->at >= l->graph_nodes)
        l->at = lineage_picture_find(&l->pic, l->root);
    if (l->at >= l->graph_nodes)
        l->at = 0;
    if (l->loaded && !l->again) /* else it may be in the picture that comes */
        l->at_id = l->pic.nodes[l->at].id;
    if (!same)
        fst_walk_begin(&l->walk, l->graph_nodes);
    free(l->way);
    free(l->edge_way);
    l->way = fst_alloc((size_t)l->graph_nodes + 1);
    l->edge_way = fst_alloc(l->pic.graph.n_edges + 1);
    l->way_of = UINT32_MAX;
    find_hits(l);
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
        take(l, lt);
        if (l->pic.none_bad) {
            l->ask.bad = false;
            wb_say(v->wb, FST_ROLE_OK, "nothing here failed or is stale: all is shown");
        }
        if (l->pic.unfolded)
            l->ask.n_folds = 0;
        if (l->pic.too_many)
            wb_say(v->wb, FST_ROLE_WARN, "%u nodes are too many to draw (%d): a list; - for less",
                   l->graph_nodes, LINEAGE_MAX);
        v->live = false;
        for (size_t i = 0; i < l->pic.around.nodes.n; i++) {
            enum fst_state s = l->pic.around.nodes.items[i].state;
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
    t->ask = l->ask;
    t->ask.folds = fst_alloc((l->ask.n_folds + 1) * sizeof *t->ask.folds);
    if (l->ask.n_folds)
        memcpy(t->ask.folds, l->ask.folds, l->ask.n_folds * sizeof *t->ask.folds);
    l->loading = true;
    wb_task_start(&t->task, "walking the lineage");
}

/* ---- Drawing --------------------------------------------------------------------------------- */

/* As little as needed for the node under the cursor to be on the screen. */
static int scrolled(int from, int lo, int hi, int size, int whole)
{
    if (whole <= size)
        return 0;
    if (hi > from + size)
        from = hi - size;
    if (lo < from)
        from = lo;
    return from > whole - size ? whole - size : from < 0 ? 0 : from;
}

static void scroll_to(struct lineage *l, int rows, int cols)
{
    const struct fst_layout_node *n = &l->pic.layout.nodes[l->at];
    l->rows = rows;
    l->cols = cols;
    l->left = scrolled(l->left, n->x, n->x + n->width, cols, l->pic.layout.width);
    l->top = scrolled(l->top, n->y, n->y + 1, rows, l->pic.layout.height);
}

static void draw_edges(const struct lineage *l, struct fst_surface *s)
{
    if (l->pic.too_many)
        return;
    uint32_t *cells = fst_alloc((size_t)s->rows * (size_t)s->cols * sizeof *cells);
    fst_layout_edges(&l->pic.layout, &l->pic.graph, l->left, l->top, s->cols, s->rows, s->ascii,
                     l->edge_way, cells);
    for (int y = 0; y < s->rows; y++)
        for (int x = 0; x < s->cols; x++) {
            uint32_t cell = cells[y * s->cols + x], cp = cell & 0x7FFFFFFF;
            char text[4];
            if (cp)
                fst_draw(s, y, x, 1, cell >> 31 ? FST_ROLE_KEY : FST_ROLE_DIM, text,
                         fst_utf8_encode(cp, text));
        }
    free(cells);
}

static enum fst_role role_of(const struct lineage *l, uint32_t i)
{
    const struct fst_item *it = item_at(l, i);
    if (i == l->at)
        return FST_ROLE_CURSOR;
    if (l->pic.nodes[i].id == l->mark_id)
        return FST_ROLE_SELECTED;
    if (hit_of(l, i) < l->n_hits)
        return FST_ROLE_MATCH;
    if (!l->way[i])
        return FST_ROLE_DIM;
    return fst_kinds[it->kind].has_variants ? wb_state_role(it->state, it->stale) : FST_ROLE_TEXT;
}

static void draw_node(const struct lineage *l, uint32_t i, struct fst_surface *s)
{
    const struct fst_layout_node *n = &l->pic.layout.nodes[i];
    int x = n->x - l->left, y = n->y - l->top;
    const char *text = l->pic.labels[i];
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
    fst_draw(s, y, x, s->cols - x, role_of(l, i), text, len);
}

static bool in_sight(const struct lineage *l, uint32_t i)
{
    const struct fst_layout_node *n = &l->pic.layout.nodes[i];
    return n->y >= l->top && n->y < l->top + l->rows && n->x < l->left + l->cols &&
           n->x + n->width > l->left;
}

/* The ends of its edges that are off the screen. */
static int draw_ends(const struct lineage *l, struct fst_surface *s, int col, bool before)
{
    const char *sign = before ? (s->ascii ? "<-" : "←") : s->ascii ? "->" : "→";
    for (size_t i = 0; i < l->pic.graph.n_edges && col < s->cols; i++) {
        const struct fst_edge *e = &l->pic.edges[i];
        uint32_t here = before ? e->to : e->from, there = before ? e->from : e->to;
        if (here != l->at || in_sight(l, there))
            continue;
        col += fst_drawf(s, s->rows - 1, col, FST_ROLE_KEY, "%s %s  ", sign,
                         l->pic.labels[there] + 1 + (l->pic.labels[there][1] == ' '));
    }
    return col;
}

/* The node under the cursor in words, below the drawing. */
static void draw_legend(const struct lineage *l, struct fst_surface *s)
{
    const struct fst_item *it = item_at(l, l->at);
    bool states = fst_kinds[it->kind].has_variants;
    fst_draw_fill(s, s->rows - 1, 0, s->cols, FST_ROLE_TEXT);
    int col = 1 + fst_drawf(s, s->rows - 1, 1, FST_ROLE_HEADER, "%s ", fst_kinds[it->kind].name);
    if (l->pic.nodes[l->at].count > 1)
        col += fst_drawf(s, s->rows - 1, col, FST_ROLE_TEXT, "%u folded, one of them ",
                         l->pic.nodes[l->at].count);
    col += fst_drawf(s, s->rows - 1, col, FST_ROLE_TEXT, "%s%s%s ", it->name,
                     *it->variant ? "." : "", it->variant);
    if (states)
        col += fst_drawf(s, s->rows - 1, col, wb_state_role(it->state, it->stale), "%s%s  ",
                         wb_state_word(it->state),
                         wb_is_outdated(it->state, it->stale) ? ", stale" : "");
    col = draw_ends(l, s, col, true);
    col = draw_ends(l, s, col, false);
    if (col < s->cols)
        fst_draws(s, s->rows - 1, col, FST_ROLE_DIM, it->description ? it->description : "");
}

/* The whole graph in blocks, the part that the screen would show in the role of what is selected.
 */
static int scale(int at, int whole, int size)
{
    return whole <= size ? at : (int)((int64_t)at * size / whole);
}

static void draw_map(const struct lineage *l, struct fst_surface *s)
{
    const struct fst_layout *o = &l->pic.layout;
    int x1 = scale(l->left + s->cols - 1, o->width, s->cols),
        y1 = scale(l->top + s->rows - 1, o->height, s->rows);
    for (int y = scale(l->top, o->height, s->rows); y <= y1 && y < s->rows; y++)
        for (int x = scale(l->left, o->width, s->cols); x <= x1 && x < s->cols; x++)
            fst_draws(s, y, x, FST_ROLE_SELECTED, " ");
    for (uint32_t i = 0; i <= o->n_nodes; i++) { /* the one under the cursor over all others */
        uint32_t k = i < o->n_nodes ? i : l->at;
        const struct fst_layout_node *n = &o->nodes[k];
        int y = scale(n->y, o->height, s->rows), x = scale(n->x, o->width, s->cols);
        int end = scale(n->x + n->width - 1, o->width, s->cols);
        for (; x <= end; x++)
            fst_draws(s, y, x, role_of(l, k), s->ascii ? "#" : "■");
    }
}

static void draw(struct view *v, struct fst_surface *s)
{
    struct lineage *l = v->state;
    if (!l->loaded || s->rows < 2)
        return;
    struct fst_surface body = fst_surface_window(s, 0, 0, s->rows - 1, s->cols);
    scroll_to(l, body.rows, body.cols);
    follow_cursor(v);
    if (l->map) {
        draw_map(l, &body);
    } else {
        draw_edges(l, &body);
        int end = l->top + body.rows;
        end = end < l->pic.layout.height ? end : l->pic.layout.height;
        for (uint32_t k = l->pic.row_start[l->top]; k < l->pic.row_start[end]; k++)
            draw_node(l, l->pic.by_row[k], &body);
    }
    draw_legend(l, s);
}

/* ---- The view -------------------------------------------------------------------------------- */

static void open(struct view *v)
{
    struct lineage *l = v->state;
    l->ask.up = l->ask.down = true;
    load(v);
}

static void close(struct view *v)
{
    struct lineage *l = v->state;
    lineage_picture_done(&l->pic);
    fst_walk_done(&l->walk);
    fst_filter_free(l->looked_for);
    free(l->ask.folds);
    free(l->hits);
    free(l->way);
    free(l->edge_way);
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
            go(l,
               fst_layout_walk(&l->pic.layout, &l->pic.graph, &l->walk, l->at, moves[i].direction));
            return true;
        }
    return false;
}

static bool show_only(struct view *v, bool up, bool down)
{
    struct lineage *l = v->state;
    l->ask.up = up;
    l->ask.down = down;
    load(v);
    return true;
}

/* ---- Folding --------------------------------------------------------------------------------- */

static void fold(struct lineage *l, int64_t id)
{
    l->ask.folds = fst_realloc(l->ask.folds, (l->ask.n_folds + 1) * sizeof *l->ask.folds);
    l->ask.folds[l->ask.n_folds++] = (struct lineage_fold){id, l->n_groups};
}

/* As the node under the cursor: in its layer, of its kind, and with `n` bytes of its name. */
static uint32_t fold_alike(struct lineage *l, size_t n, bool really)
{
    const struct fst_item *here = item_at(l, l->at);
    uint32_t alike = 0;
    for (uint32_t i = 0; i < l->graph_nodes; i++) {
        const struct fst_item *it = item_at(l, i);
        if (l->pic.nodes[i].count > 1 || it->kind != here->kind ||
            l->pic.layout.nodes[i].layer != l->pic.layout.nodes[l->at].layer ||
            strncmp(it->name, here->name, n) != 0)
            continue;
        alike++;
        if (really)
            fold(l, it->id);
    }
    return alike;
}

static void fold_here(struct view *v)
{
    struct lineage *l = v->state;
    const char *name = item_at(l, l->at)->name;
    size_t prefix = strcspn(name, "_-.");
    prefix += name[prefix] != 0;
    if (l->pic.nodes[l->at].count > 1)
        return;
    if (fold_alike(l, prefix, false) < 2)
        prefix = 0;
    if (fold_alike(l, prefix, false) < 2) {
        wb_say(v->wb, FST_ROLE_INFO, "nothing of its kind is in this layer to fold it with");
        return;
    }
    fold_alike(l, prefix, true);
    l->at_id = -(int64_t)l->n_groups++ - 1;
    load(v);
}

static void unfold(struct view *v)
{
    struct lineage *l = v->state;
    int group = (int)(-l->at_id - 1);
    size_t kept = 0;
    l->at_id = item_at(l, l->at)->id;
    for (size_t i = 0; i < l->ask.n_folds; i++)
        if (l->ask.folds[i].group != group)
            l->ask.folds[kept++] = l->ask.folds[i];
    l->ask.n_folds = kept;
    load(v);
}

/* ---- Acts ------------------------------------------------------------------------------------ */

/* How many steps the farthest node is from the root, up or down. */
static int farthest(const struct lineage *l)
{
    uint32_t n = l->graph_nodes, root = lineage_picture_find(&l->pic, l->root);
    int *steps = fst_alloc(((size_t)n + 1) * sizeof *steps), far = 0;
    for (int down = 0; down < 2 && root < n; down++) {
        bool more = true;
        for (uint32_t i = 0; i < n; i++)
            steps[i] = i == root ? 0 : -1;
        for (int step = 1; more; step++) {
            more = false;
            for (size_t i = 0; i < l->pic.graph.n_edges; i++) {
                uint32_t from = down ? l->pic.edges[i].from : l->pic.edges[i].to;
                uint32_t to = down ? l->pic.edges[i].to : l->pic.edges[i].from;
                if (steps[from] != step - 1 || steps[to] >= 0)
                    continue;
                steps[to] = step;
                more = true;
                far = step > far ? step : far;
            }
        }
    }
    free(steps);
    return far;
}

static void levels(struct view *v, int step)
{
    struct lineage *l = v->state;
    int far = farthest(l), n = l->ask.levels ? l->ask.levels : far;
    n = n + step < 1 ? 1 : n + step;
    l->ask.levels = step > 0 && (!l->ask.levels || far < l->ask.levels) ? 0 : n;
    load(v);
}

static void set_mark(struct lineage *l)
{
    l->mark_id = l->mark_id ? 0 : l->at_id;
    l->way_of = UINT32_MAX;
}

static void act_on_node(struct view *v, const char *name)
{
    struct lineage *l = v->state;
    if (l->pic.nodes[l->at].count > 1) {
        if (strcmp(name, "lineage.open") == 0)
            unfold(v);
        return;
    }
    char *id = fst_asprintf("%lld", (long long)l->at_id);
    if (strcmp(name, "lineage.open") == 0)
        wb_open(v->wb, "page", id);
    else if (strcmp(name, "lineage.runs") == 0)
        wb_act(v->wb, "act.runs", l->at_id);
    else if (strcmp(name, "lineage.root") == 0) {
        l->root = l->at_id;
        load(v);
    }
    free(id);
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
    if (strcmp(name, "lineage.next") == 0)
        next_hit(v, 1);
    else if (strcmp(name, "lineage.previous") == 0)
        next_hit(v, -1);
    else if (strcmp(name, "lineage.mark") == 0)
        set_mark(l);
    else if (strcmp(name, "lineage.bad") == 0) {
        l->ask.bad = !l->ask.bad;
        load(v);
    } else if (strcmp(name, "lineage.more") == 0)
        levels(v, 1);
    else if (strcmp(name, "lineage.less") == 0)
        levels(v, -1);
    else if (strcmp(name, "lineage.fold") == 0)
        fold_here(v);
    else if (strcmp(name, "lineage.map") == 0 || (l->map && strcmp(name, "lineage.open") == 0))
        l->map = !l->map;
    else
        act_on_node(v, name);
    return true;
}

/* `/` goes to what fits while one types; n and N to the others. */
static void filter(struct view *v, const char *text)
{
    struct lineage *l = v->state;
    fst_filter_free(l->looked_for);
    l->looked_for = *text ? fst_filter_new(text) : NULL;
    find_hits(l);
    if (l->n_hits && hit_of(l, l->at) == l->n_hits)
        next_hit(v, 1);
}

static void title(struct view *v, struct fst_buf *out)
{
    struct lineage *l = v->state;
    fst_buf_adds(out, "lineage");
    if (!l->loaded)
        return;
    follow_cursor(v);
    const struct fst_item *it = item_at(l, l->at);
    for (size_t i = 0; i < l->pic.around.nodes.n; i++)
        if (l->pic.around.nodes.items[i].id == l->root)
            it = &l->pic.around.nodes.items[i];
    fst_buf_printf(out, " of %s%s%s  %u nodes%s", it->name, *it->variant ? "." : "", it->variant,
                   l->graph_nodes,
                   !l->ask.down ? "  upstream"
                   : !l->ask.up ? "  downstream"
                                : "");
    if (l->ask.levels)
        fst_buf_printf(out, "  %d level%s", l->ask.levels, l->ask.levels == 1 ? "" : "s");
    if (l->ask.bad)
        fst_buf_adds(out, "  failed or stale");
    if (l->mark_id)
        fst_buf_printf(out, "  %u nodes between", l->n_way);
    if (l->looked_for && hit_of(l, l->at) < l->n_hits)
        fst_buf_printf(out, "  %u of %u", hit_of(l, l->at) + 1, l->n_hits);
    else if (l->looked_for)
        fst_buf_printf(out, "  %u fit", l->n_hits);
    if (l->map)
        fst_buf_adds(out, "  map");
}

static int64_t selected(struct view *v)
{
    const struct lineage *l = v->state;
    return l->loaded && l->pic.nodes[l->at].count == 1 ? l->pic.nodes[l->at].id : 0;
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
