/* Expressions that may fail and that Spark may not compute: its optimizer knows the answer without
 * them, or its operators skip rows before them. A statement that has one is still answered; but
 * when it fails here, Spark need not, and it is refused instead. */
#include "local_sql.h"

static bool in_rel(const struct fst_rel *rel, bool maybe);

/* Spark leaves alone what fails in a branch. */
bool tr_has_branches(const struct fst_expr *e)
{
    return e->kind == FST_EXPR_CASE ||
           (e->kind == FST_EXPR_CALL && (e->fn->id == FST_FN_COALESCE || e->fn->id == FST_FN_NVL2 ||
                                         e->fn->id == FST_FN_IF || e->fn->id == FST_FN_NANVL));
}

/* An operand that is always NULL makes the whole NULL, and nothing else is computed; within a
 * branch an operand that happens to be NULL keeps a constant from being computed. */
static bool beside_null(const struct fst_expr *e, size_t i, bool branch)
{
    bool is_constant = tr_is_constant(e->args[i]);
    for (size_t k = 0; k < e->n_args; k++) {
        const struct fst_expr *other = e->args[k];
        bool may_be_null = other->nullable || other->type.kind == FST_VOID;
        if (k != i && may_be_null && (tr_is_constant(other) || (branch && is_constant)))
            return true;
    }
    return false;
}

static bool in_expr(const struct fst_expr *e, bool maybe, bool branch);

static bool may_fail_by_row(const struct fst_expr *e)
{
    return tr_may_fail(e) && !tr_is_constant(e);
}

/* Two that may fail, of which the divisor comes first where it is written once; nanvl() looks at
 * its second argument for what is not a number. */
static bool is_taken_in_turn(const struct fst_expr *e, size_t i)
{
    enum fst_fn id = e->kind == FST_EXPR_CALL ? e->fn->id : FST_FN_NONE;
    bool divides = id >= FST_FN_DIVIDE && id <= FST_FN_PMOD && e->n_args == 2;
    return (id == FST_FN_NANVL && i == 1) ||
           (divides && may_fail_by_row(e->args[0]) && may_fail_by_row(e->args[1]));
}

static bool in_args(const struct fst_expr *e, bool maybe, bool branch)
{
    bool operands = (e->kind == FST_EXPR_CALL && !tr_has_branches(e)) || e->kind == FST_EXPR_IN;
    maybe |= e->kind == FST_EXPR_IN_SUBQUERY; /* a key of a join */
    for (size_t i = 0; i < e->n_args; i++) {
        bool skipped = (operands && beside_null(e, i, branch)) || is_taken_in_turn(e, i);
        if (in_expr(e->args[i], maybe || skipped, branch))
            return true;
    }
    return false;
}

/* count() of what is never NULL counts rows; two arguments wait for each other's NULL. */
static bool in_aggregate(const struct fst_expr *e, bool maybe, bool branch)
{
    bool counts = e->fn->id == FST_FN_COUNT && !e->call->distinct;
    for (size_t i = 0; i < e->n_args; i++) {
        bool skipped = counts ? !e->args[i]->nullable : e->n_args > 1;
        if (in_expr(e->args[i], maybe || skipped, branch))
            return true;
    }
    return false;
}

static bool in_call(const struct fst_call *call, bool maybe, bool branch)
{
    for (size_t i = 0; i < call->n_partition; i++)
        if (in_expr(call->partition[i], maybe || tr_is_constant(call->partition[i]), branch))
            return true;
    for (size_t i = 0; i < call->n_order; i++)
        if (in_expr(call->order[i].expr, maybe, branch))
            return true;
    return in_expr(call->filter, maybe, branch);
}

static bool in_expr(const struct fst_expr *e, bool maybe, bool branch)
{
    if (!e)
        return false;
    if ((maybe && !e->query && tr_fails_itself(e)) || in_rel(e->query, true))
        return true;
    branch |= tr_has_branches(e);
    maybe |= e->kind == FST_EXPR_IS_NULL;
    bool aggregates = (e->kind == FST_EXPR_AGGREGATE || e->kind == FST_EXPR_WINDOW) && e->call;
    if (aggregates && in_call(e->call, maybe, branch))
        return true;
    return aggregates ? in_aggregate(e, maybe, branch) : in_args(e, maybe, branch);
}

static bool in_exprs(struct fst_expr *const *items, size_t n, bool maybe)
{
    for (size_t i = 0; i < n; i++)
        if (in_expr(items[i], maybe, false))
            return true;
    return false;
}

/* A condition that is known without a row may keep everything below it from being read. */
static bool has_constant_term(const struct fst_rel *rel)
{
    const struct fst_expr *terms[TR_MAX_TERMS];
    size_t n = rel->kind == FST_REL_FILTER ? tr_conjuncts(rel->condition, terms) : 0;
    for (size_t i = 0; i < n; i++)
        if (tr_is_constant(terms[i]))
            return true;
    return false;
}

/* INTERSECT and EXCEPT are joins, too. */
static bool compares_sides(const struct fst_rel *rel)
{
    return rel->kind == FST_REL_SET && rel->set != FST_SET_UNION;
}

/* A join may know its rows from one side; of sorted rows that are cut off only those that are left
 * are computed. */
static bool in_rel(const struct fst_rel *rel, bool maybe)
{
    if (!rel)
        return false;
    bool cuts = rel->kind == FST_REL_SORT && rel->limit >= 0 && rel->n_order > 0;
    bool known = has_constant_term(rel) || compares_sides(rel);
    for (size_t i = 0; i < rel->n_order; i++)
        if (in_expr(rel->order[i].expr, maybe, false))
            return true;
    return in_exprs(rel->exprs, rel->n_exprs, maybe) ||
           in_exprs(rel->groups, rel->n_groups, maybe) ||
           in_expr(rel->condition, maybe || rel->kind == FST_REL_JOIN, false) ||
           in_rel(rel->input, maybe || cuts || known) ||
           in_rel(rel->right, maybe || compares_sides(rel));
}

bool tr_is_unsure(const struct fst_sql_plan *plan)
{
    bool unsure = in_rel(plan->root, false);
    for (size_t i = 0; i < plan->n_ctes && !unsure; i++)
        unsure = in_rel(plan->ctes[i].query, false);
    return unsure;
}
