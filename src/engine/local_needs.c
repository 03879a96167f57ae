/* Which columns of a relation are needed: the others are never named, so never read. */
#include "local_rel.h"

static void need_rel(const struct fst_rel *rel, uint32_t depth, struct needs *out);

void tr_need_expr(const struct fst_expr *e, uint32_t depth, struct needs *out)
{
    if (!e)
        return;
    if (e->kind == FST_EXPR_COLUMN && e->depth == depth && e->index < out->n)
        out->of[e->index] = true;
    for (size_t i = 0; i < e->n_args; i++)
        tr_need_expr(e->args[i], depth, out);
    if (e->query)
        need_rel(e->query, depth + 1, out);
    if (!e->call)
        return;
    tr_need_expr(e->call->filter, depth, out);
    for (size_t i = 0; i < e->call->n_partition; i++)
        tr_need_expr(e->call->partition[i], depth, out);
    for (size_t i = 0; i < e->call->n_order; i++)
        tr_need_expr(e->call->order[i].expr, depth, out);
}

/* The same for all expressions of a relation and below it. */
static void need_rel(const struct fst_rel *rel, uint32_t depth, struct needs *out)
{
    if (!rel)
        return;
    for (size_t i = 0; i < rel->n_exprs; i++)
        tr_need_expr(rel->exprs[i], depth, out);
    for (size_t i = 0; i < rel->n_groups; i++)
        tr_need_expr(rel->groups[i], depth, out);
    for (size_t i = 0; i < rel->n_order; i++)
        tr_need_expr(rel->order[i].expr, depth, out);
    tr_need_expr(rel->condition, depth, out);
    need_rel(rel->input, depth, out);
    need_rel(rel->right, depth, out);
}

struct needs tr_needs_none(struct tr *t, size_t n)
{
    return (struct needs){fst_arena_alloc(t->arena, n + 1), n};
}

struct needs tr_needs_all(struct tr *t, size_t n)
{
    struct needs all = tr_needs_none(t, n);
    for (size_t i = 0; i < n; i++)
        all.of[i] = true;
    return all;
}
