/* Expressions are never changed once made: a rewrite copies the path to what it replaces. Queries
 * below are copied only when they refer outwards. */
#include "resolve.h"

#include <string.h>

struct pass {
    struct rx *rx;
    rewriter fn;
    void *arg;
};

static struct fst_expr *walk(const struct pass *p, struct fst_expr *e, uint32_t level);
static struct fst_rel *walk_rel(const struct pass *p, struct fst_rel *r, uint32_t level);

static struct fst_expr **walk_list(const struct pass *p, struct fst_expr **list, size_t n,
                                   uint32_t level)
{
    if (!n)
        return list;
    struct fst_expr **out = fst_arena_alloc(p->rx->a, n * sizeof *out);
    for (size_t i = 0; i < n; i++)
        out[i] = walk(p, list[i], level);
    return out;
}

static struct fst_sort_key *walk_keys(const struct pass *p, struct fst_sort_key *keys, size_t n,
                                      uint32_t level)
{
    if (!n)
        return keys;
    struct fst_sort_key *out = fst_arena_alloc(p->rx->a, n * sizeof *out);
    for (size_t i = 0; i < n; i++) {
        out[i] = keys[i];
        out[i].expr = walk(p, keys[i].expr, level);
    }
    return out;
}

static struct fst_call *walk_call(const struct pass *p, const struct fst_call *c, uint32_t level)
{
    struct fst_call *out = fst_arena_alloc(p->rx->a, sizeof *out);
    *out = *c;
    if (c->filter)
        out->filter = walk(p, c->filter, level);
    out->partition = walk_list(p, c->partition, c->n_partition, level);
    out->order = walk_keys(p, c->order, c->n_order, level);
    return out;
}

static struct fst_expr *walk(const struct pass *p, struct fst_expr *e, uint32_t level)
{
    struct fst_expr *stands = p->fn(p->rx, e, level, p->arg);
    if (stands || p->rx->status != FST_OK)
        return stands ? stands : e;
    if (!e->n_args && !e->call && !e->query)
        return e;
    struct fst_expr *out = fst_arena_alloc(p->rx->a, sizeof *out);
    *out = *e;
    out->args = walk_list(p, e->args, e->n_args, level);
    if (e->call)
        out->call = walk_call(p, e->call, level);
    if (e->query)
        out->query = walk_rel(p, e->query, level + 1);
    return out;
}

static struct fst_rel *walk_rel(const struct pass *p, struct fst_rel *r, uint32_t level)
{
    struct fst_rel *out = fst_arena_alloc(p->rx->a, sizeof *out);
    *out = *r;
    if (r->input)
        out->input = walk_rel(p, r->input, level);
    if (r->right)
        out->right = walk_rel(p, r->right, level);
    out->exprs = walk_list(p, r->exprs, r->n_exprs, level);
    out->groups = walk_list(p, r->groups, r->n_groups, level);
    if (r->condition)
        out->condition = walk(p, r->condition, level);
    out->order = walk_keys(p, r->order, r->n_order, level);
    return out;
}

struct fst_expr *rewrite(struct rx *rx, struct fst_expr *e, rewriter fn, void *arg)
{
    struct pass p = {rx, fn, arg};
    struct fst_expr *out = walk(&p, e, 0);
    return rx->status == FST_OK ? out : NULL;
}

/* ---- Sameness -------------------------------------------------------------------------------- */

static bool same_value(const struct fst_expr *a, const struct fst_expr *b)
{
    const struct fst_value *x = &a->value, *y = &b->value;
    if (x->is_null || y->is_null)
        return x->is_null == y->is_null;
    if (a->type.kind == FST_STRING || a->type.kind == FST_BINARY)
        return fst_str_eq(x->s, y->s);
    return x->i == y->i && x->decimal == y->decimal && memcmp(&x->d, &y->d, sizeof x->d) == 0;
}

static bool same_call(const struct fst_call *a, const struct fst_call *b)
{
    if (!a || !b)
        return a == b;
    if (a->distinct != b->distinct || a->ignore_nulls != b->ignore_nulls ||
        a->n_partition != b->n_partition || a->n_order != b->n_order || !a->filter != !b->filter)
        return false;
    if (a->filter && !same_expr(a->filter, b->filter))
        return false;
    for (size_t i = 0; i < a->n_partition; i++)
        if (!same_expr(a->partition[i], b->partition[i]))
            return false;
    for (size_t i = 0; i < a->n_order; i++)
        if (a->order[i].descending != b->order[i].descending ||
            a->order[i].nulls_first != b->order[i].nulls_first ||
            !same_expr(a->order[i].expr, b->order[i].expr))
            return false;
    const struct fst_window_frame *f = &a->frame, *g = &b->frame;
    if (f->is_range != g->is_range || f->start != g->start || f->end != g->end ||
        !f->start_offset != !g->start_offset || !f->end_offset != !g->end_offset)
        return false;
    return (!f->start_offset || same_expr(f->start_offset, g->start_offset)) &&
           (!f->end_offset || same_expr(f->end_offset, g->end_offset));
}

bool same_expr(const struct fst_expr *a, const struct fst_expr *b)
{
    if (a == b)
        return true;
    if (a->kind != b->kind || !fst_type_eq(&a->type, &b->type) || a->n_args != b->n_args ||
        (a->fn ? a->fn->id : 0) != (b->fn ? b->fn->id : 0) || a->is_try != b->is_try ||
        a->depth != b->depth || a->index != b->index || a->negated != b->negated ||
        a->query != b->query)
        return false;
    if (a->kind == FST_EXPR_LITERAL && !same_value(a, b))
        return false;
    for (size_t i = 0; i < a->n_args; i++)
        if (!same_expr(a->args[i], b->args[i]))
            return false;
    return same_call(a->call, b->call);
}
