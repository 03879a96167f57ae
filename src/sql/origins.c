/* Where the columns of an answer come from: each relation of a plan gives, for each of its columns,
 * the set of table columns that it is made of and what they do there. Sets are sorted arrays in the
 * arena; joining two is a merge. */
#include <string.h>

#include "firesteel/sql/tree.h"

struct set {
    struct fst_origin *items;
    size_t n;
};

/* What one relation gives. */
struct flow {
    struct set *columns;
    size_t n;
    struct set rows;
};

struct walk {
    struct fst_arena *arena;
    const struct fst_sql_plan *plan;
    struct flow *ctes;
    size_t spent; /* items of all sets, those on the way included */
};

/* What the columns of an expression number: depth 0, and outwards. */
struct frame {
    const struct flow *in;
    const struct frame *outer;
};

static struct flow flow_of(struct walk *w, const struct fst_rel *rel, const struct frame *outer);

/* ---- Sets ------------------------------------------------------------------------------------ */

unsigned fst_use_through(unsigned inner, unsigned outer)
{
    unsigned out = outer & (FST_USE_FILTER | FST_USE_ORDER);
    if (outer & FST_USE_AS_IS)
        out |= inner;
    if (outer & FST_USE_COMPUTED)
        out |= (inner & ~(unsigned)FST_USE_AS_IS) | (inner & FST_USE_AS_IS ? FST_USE_COMPUTED : 0);
    return out;
}

static int compare(const struct fst_origin *a, const struct fst_origin *b)
{
    if (a->table != b->table)
        return a->table < b->table ? -1 : 1;
    return (a->column > b->column) - (a->column < b->column);
}

static void add(struct walk *w, struct set *to, const struct set *more, enum fst_use how)
{
    if (more->n == 0 || w->spent > FST_MAX_ORIGINS)
        return;
    size_t a = 0, b = 0, n = 0;
    w->spent += to->n + more->n;
    struct fst_origin *all = fst_arena_alloc(w->arena, (to->n + more->n) * sizeof *all);
    while (a < to->n || b < more->n) {
        int c = a == to->n ? 1 : b == more->n ? -1 : compare(&to->items[a], &more->items[b]);
        struct fst_origin *o = &all[n++];
        *o = c <= 0 ? to->items[a++] : more->items[b];
        if (c > 0)
            o->uses = 0;
        if (c >= 0)
            o->uses |= fst_use_through(more->items[b++].uses, how);
    }
    *to = (struct set){all, n};
}

/* ---- Expressions ----------------------------------------------------------------------------- */

static void add_expr(struct walk *w, struct set *to, const struct fst_expr *e, enum fst_use how,
                     const struct frame *f);

static void add_all(struct walk *w, struct set *to, struct fst_expr *const *items, size_t n,
                    enum fst_use how, const struct frame *f)
{
    for (size_t i = 0; i < n; i++)
        add_expr(w, to, items[i], how, f);
}

static void add_keys(struct walk *w, struct set *to, const struct fst_sort_key *order, size_t n,
                     const struct frame *f)
{
    for (size_t i = 0; i < n; i++)
        add_expr(w, to, order[i].expr, FST_USE_ORDER, f);
}

static void add_column(struct walk *w, struct set *to, const struct fst_expr *e, enum fst_use how,
                       const struct frame *f)
{
    for (uint32_t depth = e->depth; f && depth > 0; depth--)
        f = f->outer;
    if (f && e->index < f->in->n)
        add(w, to, &f->in->columns[e->index], how);
}

/* The conditions of a CASE choose, its results are what comes out. */
static void add_case(struct walk *w, struct set *to, const struct fst_expr *e, enum fst_use how,
                     const struct frame *f)
{
    for (size_t i = 0; i < e->n_args; i++) {
        bool is_condition = i % 2 == 0 && i + 1 < e->n_args;
        add_expr(w, to, e->args[i], is_condition ? FST_USE_FILTER : how, f);
    }
}

static void add_query(struct walk *w, struct set *to, const struct fst_rel *query, enum fst_use how,
                      const struct frame *f)
{
    struct flow flow = flow_of(w, query, f);
    for (size_t i = 0; i < flow.n; i++)
        add(w, to, &flow.columns[i], how);
    add(w, to, &flow.rows, how == FST_USE_FILTER ? FST_USE_FILTER : FST_USE_AS_IS);
}

static void add_call(struct walk *w, struct set *to, const struct fst_call *call,
                     const struct frame *f)
{
    add_expr(w, to, call->filter, FST_USE_FILTER, f);
    add_all(w, to, call->partition, call->n_partition, FST_USE_ORDER, f);
    add_keys(w, to, call->order, call->n_order, f);
}

static void add_expr(struct walk *w, struct set *to, const struct fst_expr *e, enum fst_use how,
                     const struct frame *f)
{
    if (!e)
        return;
    if (e->kind == FST_EXPR_COLUMN) {
        add_column(w, to, e, how, f);
        return;
    }
    how = how == FST_USE_AS_IS ? FST_USE_COMPUTED : how;
    if (e->kind == FST_EXPR_CASE)
        add_case(w, to, e, how, f);
    else
        add_all(w, to, e->args, e->n_args, how, f);
    if (e->query)
        add_query(w, to, e->query, e->kind == FST_EXPR_EXISTS ? FST_USE_FILTER : how, f);
    if (e->call)
        add_call(w, to, e->call, f);
}

/* ---- Relations ------------------------------------------------------------------------------- */

static struct flow new_flow(struct walk *w, size_t n)
{
    return (struct flow){.columns = fst_arena_alloc(w->arena, (n + 1) * sizeof(struct set)),
                         .n = n};
}

static struct flow scan(struct walk *w, const struct fst_rel *rel)
{
    struct flow out = new_flow(w, rel->n_columns);
    w->spent += out.n;
    for (size_t i = 0; i < out.n; i++) {
        struct fst_origin *o = fst_arena_alloc(w->arena, sizeof *o);
        *o = (struct fst_origin){rel->table, i, FST_USE_AS_IS};
        out.columns[i] = (struct set){o, 1};
    }
    return out;
}

/* Columns of the first, then of the second: of a join. */
static struct flow beside(struct walk *w, const struct flow *a, const struct flow *b)
{
    struct flow out = new_flow(w, a->n + b->n);
    for (size_t i = 0; i < out.n; i++)
        out.columns[i] = i < a->n ? a->columns[i] : b->columns[i - a->n];
    add(w, &out.rows, &a->rows, FST_USE_AS_IS);
    add(w, &out.rows, &b->rows, FST_USE_AS_IS);
    return out;
}

static struct flow join(struct walk *w, const struct fst_rel *rel, const struct flow *left,
                        const struct frame *outer)
{
    struct flow right = flow_of(w, rel->right, outer);
    struct flow out = beside(w, left, &right);
    struct frame f = {&out, outer};
    struct set rows = out.rows;
    add_expr(w, &rows, rel->condition, FST_USE_FILTER, &f);
    out.rows = rows;
    out.n = rel->n_columns < out.n ? rel->n_columns : out.n; /* SEMI and ANTI: the left's */
    return out;
}

/* Which rows a UNION gives is left to its sides; INTERSECT and EXCEPT compare. */
static struct flow set_of(struct walk *w, const struct fst_rel *rel, const struct flow *left,
                          const struct frame *outer)
{
    struct flow right = flow_of(w, rel->right, outer), out = new_flow(w, rel->n_columns);
    add(w, &out.rows, &left->rows, FST_USE_AS_IS);
    add(w, &out.rows, &right.rows, FST_USE_AS_IS);
    for (size_t i = 0; i < out.n; i++) {
        add(w, &out.columns[i], &left->columns[i], FST_USE_AS_IS);
        if (rel->set == FST_SET_UNION)
            add(w, &out.columns[i], &right.columns[i], FST_USE_AS_IS);
        else
            add(w, &out.rows, &right.columns[i], FST_USE_FILTER);
    }
    return out;
}

/* Columns that are expressions over the input. */
static struct flow computed(struct walk *w, const struct fst_rel *rel, const struct frame *f)
{
    struct flow out = new_flow(w, rel->n_columns);
    size_t n_groups = rel->kind == FST_REL_AGGREGATE ? rel->n_groups : 0;
    add(w, &out.rows, &f->in->rows, FST_USE_AS_IS);
    for (size_t i = 0; i < out.n; i++) {
        const struct fst_expr *e = i < n_groups ? rel->groups[i] : rel->exprs[i - n_groups];
        add_expr(w, &out.columns[i], e, FST_USE_AS_IS, f);
    }
    for (size_t i = 0; i < n_groups; i++)
        add_expr(w, &out.rows, rel->groups[i], FST_USE_ORDER, f);
    return out;
}

static struct flow values(struct walk *w, const struct fst_rel *rel, const struct frame *outer)
{
    struct flow none = {0}, out = new_flow(w, rel->n_columns);
    struct frame f = {&none, outer};
    for (size_t i = 0; i < rel->n_rows * rel->n_columns; i++)
        add_expr(w, &out.columns[i % rel->n_columns], rel->exprs[i], FST_USE_COMPUTED, &f);
    return out;
}

/* The input's columns, then what an array or map is taken apart into: it decides how many rows. */
static struct flow generate(struct walk *w, const struct fst_rel *rel, const struct frame *f)
{
    struct flow made = new_flow(w, rel->n_columns - f->in->n);
    for (size_t i = 0; i < made.n; i++)
        add_expr(w, &made.columns[i], rel->exprs[0], FST_USE_COMPUTED, f);
    add_expr(w, &made.rows, rel->exprs[0], FST_USE_FILTER, f);
    return beside(w, f->in, &made);
}

/* The input's columns, then one for each window call. */
static struct flow window(struct walk *w, const struct fst_rel *rel, const struct frame *f)
{
    struct flow calls = new_flow(w, rel->n_exprs);
    for (size_t i = 0; i < calls.n; i++)
        add_expr(w, &calls.columns[i], rel->exprs[i], FST_USE_AS_IS, f);
    return beside(w, f->in, &calls);
}

/* Rows are left out by what stands in the condition, among the keys, or in all columns. */
static struct flow narrowed(struct walk *w, const struct fst_rel *rel, const struct frame *f)
{
    struct flow out = *f->in;
    add_expr(w, &out.rows, rel->condition, FST_USE_FILTER, f);
    if (rel->limit >= 0 || rel->offset > 0)
        add_keys(w, &out.rows, rel->order, rel->n_order, f);
    for (size_t i = 0; rel->kind == FST_REL_DISTINCT && i < out.n; i++)
        add(w, &out.rows, &out.columns[i], FST_USE_ORDER);
    out.n = rel->n_columns < out.n ? rel->n_columns : out.n;
    return out;
}

static struct flow flow_of(struct walk *w, const struct fst_rel *rel, const struct frame *outer)
{
    struct flow in = {0};
    struct frame f = {&in, outer};
    if (rel->input)
        in = flow_of(w, rel->input, outer);
    switch (rel->kind) {
    case FST_REL_SCAN:
        return scan(w, rel);
    case FST_REL_CTE:
        return w->ctes[rel->cte];
    case FST_REL_ONE_ROW:
        return new_flow(w, rel->n_columns);
    case FST_REL_VALUES:
        return values(w, rel, outer);
    case FST_REL_PROJECT:
    case FST_REL_AGGREGATE:
        return computed(w, rel, &f);
    case FST_REL_WINDOW:
        return window(w, rel, &f);
    case FST_REL_GENERATE:
        return generate(w, rel, &f);
    case FST_REL_JOIN:
        return join(w, rel, &in, outer);
    case FST_REL_SET:
        return set_of(w, rel, &in, outer);
    case FST_REL_FILTER:
    case FST_REL_DISTINCT:
    case FST_REL_SORT:
        return narrowed(w, rel, &f);
    }
    return in;
}

/* ---- The plan -------------------------------------------------------------------------------- */

enum fst_status fst_sql_origins(struct fst_arena *a, const struct fst_sql_plan *plan,
                                struct fst_plan_origins *out, struct fst_error *err)
{
    struct walk w = {.arena = a, .plan = plan};
    w.ctes = fst_arena_alloc(a, (plan->n_ctes + 1) * sizeof *w.ctes);
    for (size_t i = 0; i < plan->n_ctes; i++)
        w.ctes[i] = flow_of(&w, plan->ctes[i].query, NULL);
    struct flow root = flow_of(&w, plan->root, NULL);
    if (w.spent > FST_MAX_ORIGINS)
        return fst_fail(err, FST_ENOMEM, "over %d origins of columns: the query is too wide",
                        FST_MAX_ORIGINS);
    struct fst_origins *columns = fst_arena_alloc(a, (root.n + 1) * sizeof *columns);
    for (size_t i = 0; i < root.n; i++)
        columns[i] = (struct fst_origins){root.columns[i].items, root.columns[i].n};
    *out = (struct fst_plan_origins){columns, root.n, {root.rows.items, root.rows.n}};
    return FST_OK;
}
