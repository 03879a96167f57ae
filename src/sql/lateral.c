/* LATERAL subqueries: for each row of the left, the rows of a query that reads it. One that gives
 * at most one row becomes a scalar subquery of all its columns as a struct; one whose outer columns
 * stand in its conditions and outputs only becomes a join. What else there is is refused. */
#include "lateral.h"

#include <string.h>

/* ---- What reads the left --------------------------------------------------------------------- */

static bool reads_outer(const struct fst_rel *r, uint32_t depth);

static bool expr_reads_outer(const struct fst_expr *e, uint32_t depth)
{
    if (!e)
        return false;
    if (e->kind == FST_EXPR_COLUMN && e->depth > depth)
        return true;
    for (size_t i = 0; i < e->n_args; i++)
        if (expr_reads_outer(e->args[i], depth))
            return true;
    if (e->query && reads_outer(e->query, depth + 1))
        return true;
    if (!e->call)
        return false;
    for (size_t i = 0; i < e->call->n_partition; i++)
        if (expr_reads_outer(e->call->partition[i], depth))
            return true;
    for (size_t i = 0; i < e->call->n_order; i++)
        if (expr_reads_outer(e->call->order[i].expr, depth))
            return true;
    return expr_reads_outer(e->call->filter, depth);
}

static bool reads_outer(const struct fst_rel *r, uint32_t depth)
{
    if (!r)
        return false;
    for (size_t i = 0; i < r->n_exprs; i++)
        if (expr_reads_outer(r->exprs[i], depth))
            return true;
    for (size_t i = 0; i < r->n_groups; i++)
        if (expr_reads_outer(r->groups[i], depth))
            return true;
    for (size_t i = 0; i < r->n_order; i++)
        if (expr_reads_outer(r->order[i].expr, depth))
            return true;
    return expr_reads_outer(r->condition, depth) || reads_outer(r->input, depth) ||
           reads_outer(r->right, depth);
}

/* ---- At most one row ------------------------------------------------------------------------- */

enum rows { ONE, AT_MOST_ONE, MANY };

static enum rows rows_of_query(const struct fst_rel *r)
{
    while (r->kind == FST_REL_PROJECT || r->kind == FST_REL_WINDOW)
        r = r->input;
    if (r->kind == FST_REL_ONE_ROW || (r->kind == FST_REL_AGGREGATE && r->n_groups == 0))
        return ONE;
    if (r->kind == FST_REL_FILTER)
        return rows_of_query(r->input) == MANY ? MANY : AT_MOST_ONE;
    return r->kind == FST_REL_SORT && r->limit >= 0 && r->limit <= 1 ? AT_MOST_ONE : MANY;
}

static struct fst_expr *column(struct rx *rx, const struct fst_rel *r, size_t i, uint32_t depth)
{
    struct fst_expr *e = make(rx, FST_EXPR_COLUMN, r->columns[i].type, r->columns[i].nullable,
                              r->place, r->columns[i].name);
    e->index = (uint32_t)i;
    e->depth = depth;
    return e;
}

static struct fst_expr *as_struct(struct rx *rx, struct fst_rel *r)
{
    struct fst_type type = fst_type(FST_STRUCT);
    struct fst_expr **fields = fst_arena_alloc(rx->a, (r->n_columns + 1) * sizeof *fields);
    type.fields = r->columns;
    type.n_fields = (uint16_t)r->n_columns;
    for (size_t i = 0; i < r->n_columns; i++)
        fields[i] = column(rx, r, i, 0);
    struct fst_expr *row = make(rx, FST_EXPR_CALL, type, false, r->place, "row");
    row->fn = fst_sql_function("struct", 6);
    set_args(rx, row, fields, r->n_columns);
    const char **name = fst_arena_alloc(rx->a, sizeof *name);
    struct fst_expr **only = fst_arena_alloc(rx->a, sizeof *only);
    *name = "row";
    *only = row;
    struct fst_expr *scalar = make(rx, FST_EXPR_SCALAR, type, true, r->place, "row");
    scalar->query = project(rx, r, only, name, 1, r->place);
    return scalar;
}

/* The left's columns and the fields of the struct that stands behind them. */
static struct fst_rel *with_fields(struct rx *rx, struct fst_rel *r, const struct fst_rel *query,
                                   bool outer)
{
    size_t n = r->n_columns - 1, total = n + query->n_columns;
    struct fst_expr **exprs = fst_arena_alloc(rx->a, (total + 1) * sizeof *exprs);
    const char **names = fst_arena_alloc(rx->a, (total + 1) * sizeof *names);
    for (size_t i = 0; i < total; i++) {
        const struct fst_field *f = i < n ? &r->columns[i] : &query->columns[i - n];
        names[i] = f->name;
        exprs[i] = i < n ? column(rx, r, i, 0)
                         : operator_call(
                               rx, FST_FN_FIELD, f->type, outer || f->nullable, column(rx, r, n, 0),
                               int_literal(rx, (int64_t)(i - n), r->place), r->place, f->name);
    }
    return project(rx, r, exprs, names, total, r->place);
}

static struct fst_expr *is_not_null(struct rx *rx, struct fst_expr *e)
{
    struct fst_type boolean = fst_type(FST_BOOLEAN);
    struct fst_expr *null = make1(rx, FST_EXPR_IS_NULL, boolean, false, e, "");
    return make1(rx, FST_EXPR_NOT, boolean, false, null, "");
}

static struct fst_rel *one_row(struct rx *rx, struct fst_rel *left, struct fst_rel *query,
                               enum rows rows, bool outer)
{
    size_t n = left->n_columns;
    struct fst_expr **exprs = fst_arena_alloc(rx->a, (n + 1) * sizeof *exprs);
    const char **names = fst_arena_alloc(rx->a, (n + 1) * sizeof *names);
    for (size_t i = 0; i < n; i++) {
        exprs[i] = column(rx, left, i, 0);
        names[i] = left->columns[i].name;
    }
    exprs[n] = as_struct(rx, query);
    names[n] = "row";
    struct fst_rel *r = project(rx, left, exprs, names, n + 1, query->place);
    if (rows == AT_MOST_ONE && !outer) {
        struct fst_rel *kept = make_rel(rx, FST_REL_FILTER, query->place, r);
        kept->condition = is_not_null(rx, column(rx, r, n, 0));
        r = kept;
    }
    return with_fields(rx, r, query, outer);
}

/* ---- Joins ----------------------------------------------------------------------------------- */

struct peel {
    struct rx *rx;
    struct fst_rel *base;    /* reads nothing of the left */
    struct fst_expr **exprs; /* outputs over base and left */
    size_t n;
    struct fst_expr *condition;
};

/* Columns of a projection as what they stand for. */
static struct fst_expr *through(struct rx *rx, struct fst_expr *e, uint32_t level, void *arg)
{
    const struct fst_rel *r = arg;
    if (level == 0 && e->kind == FST_EXPR_COLUMN && e->depth == 0)
        return r->exprs[e->index];
    if (e->query)
        return rx_refuse(rx, &e->place, "a subquery within LATERAL");
    return NULL;
}

static bool below_projection(struct peel *p)
{
    const struct fst_rel *r = p->base;
    for (size_t i = 0; i < r->n_exprs; i++)
        if (r->exprs[i]->query)
            return rx_refuse(p->rx, &r->place, "a subquery within LATERAL") != NULL;
    for (size_t i = 0; i < p->n; i++)
        if (!(p->exprs[i] = rewrite(p->rx, p->exprs[i], through, p->base)))
            return false;
    if (p->condition && !(p->condition = rewrite(p->rx, p->condition, through, p->base)))
        return false;
    p->base = p->base->input;
    return true;
}

static bool peel(struct peel *p)
{
    while (reads_outer(p->base, 0)) {
        if (p->base->kind == FST_REL_PROJECT) {
            if (!below_projection(p))
                return false;
        } else if (p->base->kind == FST_REL_FILTER) {
            struct fst_expr *e = p->base->condition;
            p->condition = p->condition ? make2(p->rx, FST_EXPR_AND, fst_type(FST_BOOLEAN), true, e,
                                                p->condition, "")
                                        : e;
            p->base = p->base->input;
        } else {
            return rx_refuse(p->rx, &p->base->place, "this LATERAL subquery") != NULL;
        }
    }
    return true;
}

/* From the query's point of view to that of the join: columns of the left, then base. */
static struct fst_expr *to_join(struct rx *rx, struct fst_expr *e, uint32_t level, void *arg)
{
    const size_t *n_left = arg;
    if (e->query)
        return rx_refuse(rx, &e->place, "a subquery within LATERAL");
    if (e->kind != FST_EXPR_COLUMN || level)
        return NULL;
    struct fst_expr *out = fst_arena_alloc(rx->a, sizeof *out);
    *out = *e;
    if (e->depth == 0)
        out->index += (uint32_t)*n_left;
    else
        out->depth--;
    return out;
}

static struct fst_rel *joined(struct peel *p, struct fst_rel *left, bool outer)
{
    struct rx *rx = p->rx;
    size_t n = left->n_columns, n_base = p->base->n_columns;
    struct fst_rel *j = make_rel(rx, FST_REL_JOIN, p->base->place, left);
    j->right = p->base;
    j->join = outer ? FST_JOIN_LEFT : FST_JOIN_INNER;
    set_columns(rx, j, n + n_base);
    if (n)
        memcpy(j->columns, left->columns, n * sizeof *j->columns);
    for (size_t i = 0; i < n_base; i++) {
        j->columns[n + i] = p->base->columns[i];
        j->columns[n + i].nullable |= outer;
    }
    j->condition = p->condition ? rewrite(rx, p->condition, to_join, &n) : NULL;
    return rx->status == FST_OK ? j : NULL;
}

/* Outputs that are computed stand below a join that fills up with NULLs. */
static bool computed_below(struct peel *p)
{
    struct rx *rx = p->rx;
    size_t n = p->base->n_columns, total = n + p->n;
    struct fst_expr **exprs = fst_arena_alloc(rx->a, (total + 1) * sizeof *exprs);
    const char **names = fst_arena_alloc(rx->a, (total + 1) * sizeof *names);
    for (size_t i = 0; i < total; i++) {
        exprs[i] = i < n ? column(rx, p->base, i, 0) : p->exprs[i - n];
        names[i] = i < n ? p->base->columns[i].name : exprs[i]->text;
        if (expr_reads_outer(exprs[i], 0))
            return rx_refuse(rx, &p->base->place,
                             "LEFT JOIN LATERAL of columns computed from the left") != NULL;
    }
    p->base = project(rx, p->base, exprs, names, total, p->base->place);
    for (size_t i = 0; i < p->n; i++)
        p->exprs[i] = column(rx, p->base, n + i, 0);
    return true;
}

struct on_join {
    const struct peel *p;
    size_t n_left;
};

/* ON is over the outputs; the join's condition over what they are made of. */
static struct fst_expr *on_to_join(struct rx *rx, struct fst_expr *e, uint32_t level, void *arg)
{
    struct on_join *o = arg;
    if (e->query)
        return rx_refuse(rx, &e->place, "a subquery within LATERAL");
    if (level || e->kind != FST_EXPR_COLUMN || e->depth || e->index < o->n_left)
        return NULL;
    return rewrite(rx, o->p->exprs[e->index - o->n_left], to_join, &o->n_left);
}

static struct fst_rel *as_join(struct rx *rx, struct fst_rel *left, struct fst_rel *query,
                               struct fst_expr *on, bool outer)
{
    struct peel p = {.rx = rx, .base = query, .n = query->n_columns};
    p.exprs = fst_arena_alloc(rx->a, (p.n + 1) * sizeof *p.exprs);
    for (size_t i = 0; i < p.n; i++)
        p.exprs[i] = column(rx, query, i, 0);
    if (!peel(&p))
        return NULL;
    if (outer && !computed_below(&p))
        return NULL;
    struct on_join o = {&p, left->n_columns};
    if (on && !(on = rewrite(rx, on, on_to_join, &o)))
        return NULL;
    struct fst_rel *j = joined(&p, left, outer);
    if (!j)
        return NULL;
    if (on)
        j->condition = j->condition ? make2(rx, FST_EXPR_AND, fst_type(FST_BOOLEAN), true,
                                            j->condition, on, "")
                                    : on;
    size_t n = left->n_columns, total = n + p.n;
    struct fst_expr **exprs = fst_arena_alloc(rx->a, (total + 1) * sizeof *exprs);
    const char **names = fst_arena_alloc(rx->a, (total + 1) * sizeof *names);
    for (size_t i = 0; i < total; i++) {
        exprs[i] = i < n ? column(rx, j, i, 0) : rewrite(rx, p.exprs[i - n], to_join, &n);
        names[i] = i < n ? j->columns[i].name : query->columns[i - n].name;
        if (!exprs[i])
            return NULL;
        if (outer && i >= n)
            exprs[i] = column(rx, j, exprs[i]->index, 0);
    }
    return project(rx, j, exprs, names, total, query->place);
}

struct fst_rel *lateral_query(struct rx *rx, struct fst_rel *left, struct fst_rel *query,
                              struct fst_expr *on, bool outer)
{
    enum rows rows = rows_of_query(query);
    if (rows == MANY)
        return as_join(rx, left, query, on, outer);
    if (on && outer)
        return rx_refuse(rx, &query->place, "LEFT JOIN LATERAL of one row with a condition");
    struct fst_rel *r = one_row(rx, left, query, rows, outer);
    if (!on || !r)
        return r;
    struct fst_rel *kept = make_rel(rx, FST_REL_FILTER, query->place, r);
    kept->condition = on;
    return kept;
}
