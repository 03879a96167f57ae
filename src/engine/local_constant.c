/* Constants that cannot be computed. Spark computes them before it reads a row, so that one of them
 * stops the statement even where no row needs it, and keeps quiet where a rule of its optimizer
 * took it away before. Here they are tried beforehand, in Spark's order, from the last relation to
 * the first: when one fails and the statement does not, what Spark would say is not known, and the
 * statement is refused; when rows fail as well, the constant was first. */
#include "local_sql.h"

enum { MAX_CONSTANTS = 500 }; /* SQLite knows no more than 2,000 columns */

bool tr_is_constant(const struct fst_expr *e)
{
    switch (e->kind) {
    case FST_EXPR_COLUMN:
    case FST_EXPR_VARIABLE:
    case FST_EXPR_IN_SUBQUERY:
    case FST_EXPR_EXISTS:
    case FST_EXPR_SCALAR:
    case FST_EXPR_AGGREGATE:
    case FST_EXPR_WINDOW:
        return false;
    default:
        break;
    }
    if (e->fn && e->fn->id == FST_FN_RAISE_ERROR) /* Spark keeps it for the rows */
        return false;
    for (size_t i = 0; i < e->n_args; i++)
        if (!tr_is_constant(e->args[i]))
            return false;
    return true;
}

static void of_rel(struct tr *t, const struct fst_rel *rel);

/* With a condition that is a constant Spark leaves one branch, and computes the constants in it. */
bool tr_chooses_ahead(const struct fst_expr *e)
{
    bool is_case = e->kind == FST_EXPR_CASE;
    for (size_t i = 0; i + 1 < e->n_args; i += is_case ? 2 : e->n_args)
        if (tr_is_constant(e->args[i]))
            return true;
    return false;
}

/* The constants among the terms of a sum or product of whole numbers. */
static size_t constant_terms(const struct fst_expr *e, enum fst_fn id, struct fst_expr **out,
                             size_t n, size_t max)
{
    for (size_t i = 0; i < e->n_args; i++) {
        struct fst_expr *a = e->args[i];
        if (tr_is_constant(a) && n < max)
            out[n++] = a;
        else if (a->kind == FST_EXPR_CALL && a->fn->id == id)
            n = constant_terms(a, id, out, n, max);
    }
    return n;
}

/* Spark takes the constants of a sum or product together before anything else. */
static const struct fst_expr *gathered(struct tr *t, const struct fst_expr *e)
{
    struct fst_expr *terms[8];
    enum fst_fn id = e->kind == FST_EXPR_CALL ? e->fn->id : FST_FN_NONE;
    bool gathers = (id == FST_FN_ADD || id == FST_FN_MULTIPLY) && e->type.kind >= FST_BYTE &&
                   e->type.kind <= FST_LONG;
    size_t n = gathers ? constant_terms(e, id, terms, 0, FST_COUNT(terms)) : 0;
    const struct fst_expr *all = n > 1 ? terms[0] : NULL;
    for (size_t i = 1; i < n; i++) {
        struct fst_expr *both = fst_arena_alloc(t->arena, sizeof *both);
        *both = *e;
        both->args = fst_arena_alloc(t->arena, 2 * sizeof *both->args);
        both->args[0] = (struct fst_expr *)all;
        both->args[1] = terms[i];
        all = both;
    }
    return all;
}

static void of_constant(struct tr *t, const struct fst_expr *e)
{
    if (!tr_may_fail(e) || t->n_constants >= MAX_CONSTANTS)
        return;
    fst_buf_adds(t->constants, t->n_constants++ ? ", " : "SELECT ");
    tr_expr(t, t->constants, e, NULL);
}

static void of_expr(struct tr *t, const struct fst_expr *e)
{
    if (!e || t->n_constants >= MAX_CONSTANTS)
        return;
    if (tr_is_constant(e)) {
        of_constant(t, e);
        return;
    }
    const struct fst_expr *together = gathered(t, e);
    if (together)
        of_constant(t, together);
    bool all = !tr_has_branches(e) || tr_chooses_ahead(e);
    for (size_t i = 0; all && i < e->n_args; i++)
        of_expr(t, e->args[i]);
    if (e->query)
        of_rel(t, e->query);
    if (!e->call)
        return;
    of_expr(t, e->call->filter);
    for (size_t i = 0; i < e->call->n_partition; i++)
        of_expr(t, e->call->partition[i]);
    for (size_t i = 0; i < e->call->n_order; i++)
        of_expr(t, e->call->order[i].expr);
}

static void of_rel(struct tr *t, const struct fst_rel *rel)
{
    if (!rel)
        return;
    for (size_t i = 0; i < rel->n_exprs; i++)
        of_expr(t, rel->exprs[i]);
    for (size_t i = 0; i < rel->n_groups; i++)
        of_expr(t, rel->groups[i]);
    for (size_t i = 0; i < rel->n_order; i++)
        of_expr(t, rel->order[i].expr);
    of_expr(t, rel->condition);
    of_rel(t, rel->input);
    of_rel(t, rel->right);
}

void tr_constants(struct tr *t, const struct fst_sql_plan *plan)
{
    t->unsure |= tr_is_unsure(plan);
    of_rel(t, plan->root);
    for (size_t i = 0; i < plan->n_ctes; i++)
        of_rel(t, plan->ctes[i].query);
}
