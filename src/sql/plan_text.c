/* A plan as text: one relation a line, inputs indented below it; every cast can be seen. */
#include "firesteel/sql/tree.h"

static void list(struct fst_buf *out, struct fst_expr *const *items, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        fst_buf_adds(out, i ? ", " : "");
        fst_expr_text(out, items[i]);
    }
}

static void literal(struct fst_buf *out, const struct fst_expr *e)
{
    if (e->type.kind == FST_STRING && !e->value.is_null)
        fst_json_quote(out, e->value.s.p, e->value.s.n);
    else
        fst_buf_adds(out, e->value.is_null ? "NULL" : e->text);
}

static void keys(struct fst_buf *out, const struct fst_sort_key *order, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        fst_buf_adds(out, i ? ", " : "");
        fst_expr_text(out, order[i].expr);
        fst_buf_printf(out, " %s NULLS %s", order[i].descending ? "DESC" : "ASC",
                       order[i].nulls_first ? "FIRST" : "LAST");
    }
}

static void bound(struct fst_buf *out, enum fst_window_bound b, const struct fst_expr *offset)
{
    static const char *const names[] = {"UNBOUNDED PRECEDING", "PRECEDING", "CURRENT ROW",
                                        "FOLLOWING", "UNBOUNDED FOLLOWING"};
    if (offset) {
        fst_expr_text(out, offset);
        fst_buf_addc(out, ' ');
    }
    fst_buf_adds(out, names[b]);
}

static void call(struct fst_buf *out, const struct fst_expr *e)
{
    const struct fst_call *c = e->call;
    fst_buf_printf(out, "%s(%s", e->fn->name, c && c->distinct ? "DISTINCT " : "");
    list(out, e->args, e->n_args);
    fst_buf_adds(out, ")");
    if (c && c->ignore_nulls)
        fst_buf_adds(out, " IGNORE NULLS");
    if (c && c->filter) {
        fst_buf_adds(out, " FILTER ");
        fst_expr_text(out, c->filter);
    }
    if (e->kind != FST_EXPR_WINDOW || !c)
        return;
    fst_buf_adds(out, " OVER (");
    list(out, c->partition, c->n_partition);
    fst_buf_adds(out, "; ");
    keys(out, c->order, c->n_order);
    fst_buf_adds(out, c->frame.is_range ? "; RANGE " : "; ROWS ");
    bound(out, c->frame.start, c->frame.start_offset);
    fst_buf_adds(out, " .. ");
    bound(out, c->frame.end, c->frame.end_offset);
    fst_buf_adds(out, ")");
}

static void relation(struct fst_buf *out, const struct fst_sql_plan *plan, const struct fst_rel *r,
                     size_t depth);

static void function_like(struct fst_buf *out, const char *name, const struct fst_expr *e)
{
    fst_buf_printf(out, "%s(", name);
    list(out, e->args, e->n_args);
    fst_buf_addc(out, ')');
}

static void subquery(struct fst_buf *out, const char *name, const struct fst_expr *e)
{
    fst_buf_printf(out, "%s%s%s(", e->negated ? "not " : "", name,
                   e->kind == FST_EXPR_IN_SUBQUERY && e->existence ? " as existence" : "");
    list(out, e->args, e->n_args);
    fst_buf_adds(out, ") {\n");
    relation(out, NULL, e->query, 4);
    fst_buf_adds(out, "}");
}

void fst_expr_text(struct fst_buf *out, const struct fst_expr *e)
{
    static const char *const names[] = {
        [FST_EXPR_AND] = "and",         [FST_EXPR_OR] = "or",     [FST_EXPR_NOT] = "not",
        [FST_EXPR_IS_NULL] = "is_null", [FST_EXPR_CASE] = "case", [FST_EXPR_IN] = "in",
        [FST_EXPR_LAMBDA] = "lambda",
    };
    switch (e->kind) {
    case FST_EXPR_LITERAL:
        literal(out, e);
        break;
    case FST_EXPR_COLUMN:
        for (uint32_t i = 0; i < e->depth; i++)
            fst_buf_adds(out, "outer.");
        fst_buf_printf(out, "#%u", e->index);
        break;
    case FST_EXPR_VARIABLE:
        fst_buf_printf(out, "$%u", e->index);
        break;
    case FST_EXPR_CAST:
        fst_buf_adds(out, e->is_try ? "try_cast(" : e->implicit ? "cast(" : "CAST(");
        list(out, e->args, 1);
        fst_buf_adds(out, " as ");
        fst_type_text(out, &e->type);
        fst_buf_addc(out, ')');
        break;
    case FST_EXPR_CALL:
    case FST_EXPR_AGGREGATE:
    case FST_EXPR_WINDOW:
        call(out, e);
        break;
    case FST_EXPR_IN_SUBQUERY:
        subquery(out, "in", e);
        break;
    case FST_EXPR_EXISTS:
        subquery(out, "exists", e);
        break;
    case FST_EXPR_SCALAR:
        subquery(out, "scalar", e);
        break;
    default:
        function_like(out, names[e->kind], e);
    }
}

static void columns(struct fst_buf *out, const struct fst_rel *r)
{
    fst_buf_adds(out, " -> ");
    for (size_t i = 0; i < r->n_columns; i++) {
        fst_buf_printf(out, "%s%s ", i ? ", " : "", r->columns[i].name);
        fst_type_text(out, &r->columns[i].type);
        fst_buf_adds(out, r->columns[i].nullable ? "" : "!");
    }
}

static void details(struct fst_buf *out, const struct fst_sql_plan *plan, const struct fst_rel *r)
{
    static const char *const joins[] = {"inner", "left", "right", "full", "semi", "anti"};
    static const char *const sets[] = {"union", "intersect", "except"};
    if (r->kind == FST_REL_SCAN && plan)
        fst_buf_printf(out, " %s",
                       plan->tables[r->table].parts[plan->tables[r->table].n_parts - 1]);
    if (r->kind == FST_REL_CTE)
        fst_buf_printf(out, " %zu", r->cte);
    if (r->kind == FST_REL_JOIN)
        fst_buf_printf(out, " %s", joins[r->join]);
    if (r->kind == FST_REL_SET)
        fst_buf_printf(out, " %s%s", sets[r->set], r->all ? " all" : "");
    if (r->n_groups) {
        fst_buf_adds(out, " by ");
        list(out, r->groups, r->n_groups);
    }
    if (r->kind == FST_REL_GENERATE && r->keeps_empty)
        fst_buf_adds(out, " outer");
    if (r->n_exprs) {
        fst_buf_adds(out, " [");
        list(out, r->exprs, r->n_exprs);
        fst_buf_adds(out, "]");
    }
    if (r->condition) {
        fst_buf_adds(out, " on ");
        fst_expr_text(out, r->condition);
    }
    if (r->n_order) {
        fst_buf_adds(out, " by ");
        keys(out, r->order, r->n_order);
    }
    if (r->kind == FST_REL_SORT && (r->limit >= 0 || r->offset))
        fst_buf_printf(out, " limit %lld offset %lld", (long long)r->limit, (long long)r->offset);
}

static void relation(struct fst_buf *out, const struct fst_sql_plan *plan, const struct fst_rel *r,
                     size_t depth)
{
    static const char *const names[] = {"scan",   "one_row", "values",    "cte",    "project",
                                        "filter", "join",    "aggregate", "window", "distinct",
                                        "sort",   "set",     "generate"};
    fst_buf_repeat(out, ' ', depth);
    fst_buf_adds(out, names[r->kind]);
    details(out, plan, r);
    columns(out, r);
    fst_buf_addc(out, '\n');
    if (r->input)
        relation(out, plan, r->input, depth + 2);
    if (r->right)
        relation(out, plan, r->right, depth + 2);
}

void fst_plan_text(struct fst_buf *out, const struct fst_sql_plan *plan)
{
    for (size_t i = 0; i < plan->n_ctes; i++) {
        fst_buf_printf(out, "with %zu %s\n", i, plan->ctes[i].name);
        relation(out, plan, plan->ctes[i].query, 2);
    }
    relation(out, plan, plan->root, 0);
}
