/* Queries: bodies, set operations, VALUES, CTEs, limits, subqueries in expressions, and the door.
 */
#include "resolve.h"

#include <string.h>
#include <strings.h>

static struct fst_rel *resolve_body(struct rx *rx, const struct sx_query *q,
                                    const struct sx_body *b, struct scope *outer);

/* ---- Set operations -------------------------------------------------------------------------- */

static const char *set_name(const struct sx_body *b)
{
    static const char *const names[] = {"UNION", "INTERSECT", "EXCEPT"};
    return names[b->set];
}

static bool set_types(struct rx *rx, const struct sx_body *b, const struct fst_rel *l,
                      const struct fst_rel *r, struct fst_type *types)
{
    for (size_t i = 0; i < l->n_columns; i++) {
        const struct fst_type *x = &l->columns[i].type, *y = &r->columns[i].type;
        bool nested =
            (fst_type_is_nested(x) && !fst_sql_is_nested_key(x)) || x->kind == FST_VARIANT;
        if (nested && !(b->set == FST_SET_UNION && b->all))
            rx_refuse(rx, &b->place, "%s of %s", set_name(b), type_sql(rx, x));
        enum common found = common_type(x, y, true, &types[i]);
        if (found == COMMON_UNSURE)
            rx_refuse(rx, &b->place, "%s of %s and %s", set_name(b), type_sql(rx, x),
                      type_sql(rx, y));
        if (found == COMMON_NONE)
            rx_fail(rx, &b->place, "INCOMPATIBLE_COLUMN_TYPE", "42825",
                    "%s can only be performed on tables with compatible column types. Column %zu "
                    "of the second table is \"%s\" type which is not compatible with \"%s\" at the "
                    "same column of the first table.",
                    set_name(b), i + 1, type_sql(rx, y), type_sql(rx, x));
        if (rx->status != FST_OK)
            return false;
    }
    return true;
}

static struct fst_rel *set_body(struct rx *rx, const struct sx_body *b, struct scope *outer)
{
    static const struct sx_query plain = {0};
    struct fst_rel *l = resolve_body(rx, &plain, b->left, outer);
    struct fst_rel *r = l ? resolve_body(rx, &plain, b->right, outer) : NULL;
    if (!r)
        return NULL;
    if (l->n_columns != r->n_columns)
        return rx_fail(rx, &b->place, "NUM_COLUMNS_MISMATCH", "42826",
                       "%s can only be performed on inputs with the same number of columns, but "
                       "the first input has %zu columns and the second input has %zu columns.",
                       set_name(b), l->n_columns, r->n_columns);
    struct fst_type *types = fst_arena_alloc(rx->a, (l->n_columns + 1) * sizeof *types);
    if (!set_types(rx, b, l, r, types))
        return NULL;
    l = cast_columns(rx, l, types);
    r = cast_columns(rx, r, types);
    struct fst_rel *set = make_rel(rx, FST_REL_SET, b->place, l);
    set->right = r;
    set->set = b->set;
    set->all = b->all;
    set_columns(rx, set, l->n_columns);
    for (size_t i = 0; i < l->n_columns; i++) {
        bool x = l->columns[i].nullable, y = r->columns[i].nullable;
        set->columns[i] = l->columns[i];
        set->columns[i].nullable = b->set == FST_SET_UNION       ? x || y
                                   : b->set == FST_SET_INTERSECT ? x && y
                                                                 : x;
    }
    return set;
}

/* ---- VALUES ---------------------------------------------------------------------------------- */

static size_t row_width(struct sx **row)
{
    size_t n = 0;
    while (row[n])
        n++;
    return n;
}

static bool value_cells(struct rx *rx, const struct sx_body *b, struct fst_rel *r, size_t width)
{
    struct scope nothing = {0};
    struct where w = {.scope = &nothing, .clause = "VALUES"};
    for (size_t i = 0; i < b->n_rows; i++) {
        if (row_width(b->rows[i]) != width) {
            rx_fail(rx, &b->place, "INVALID_INLINE_TABLE.NUM_COLUMNS_MISMATCH", "42000",
                    "Invalid inline table. Inline table expected %zu columns but found %zu columns "
                    "in row %zu.",
                    width, row_width(b->rows[i]), i);
            return false;
        }
        for (size_t k = 0; k < width; k++) {
            struct fst_expr *e = resolve_expr(rx, &w, b->rows[i][k]);
            if (e && (has_aggregate_call(e) || has_window(e)))
                rx_refuse(rx, &e->place, "an aggregate in VALUES");
            if (rx->status != FST_OK)
                return false;
            r->exprs[i * width + k] = e;
        }
    }
    return true;
}

static bool value_column(struct rx *rx, const struct sx_body *b, struct fst_rel *r, size_t k)
{
    size_t width = r->n_columns;
    struct fst_type type = fst_type(FST_VOID);
    bool nullable = false;
    for (size_t i = 0; i < b->n_rows; i++) {
        struct fst_type now = type;
        const struct fst_expr *e = r->exprs[i * width + k];
        enum common found = common_type(&now, &e->type, false, &type);
        if (found == COMMON_NONE)
            rx_fail(rx, &b->place, "INVALID_INLINE_TABLE.INCOMPATIBLE_TYPES_IN_INLINE_TABLE",
                    "42000",
                    "Invalid inline table. Found incompatible types in the column `col%zu` for "
                    "inline table.",
                    k + 1);
        if (found == COMMON_UNSURE)
            rx_refuse(rx, &e->place, "VALUES of these types");
        if (rx->status != FST_OK)
            return false;
        nullable |= e->nullable;
    }
    for (size_t i = 0; i < b->n_rows; i++)
        r->exprs[i * width + k] = coerce(rx, r->exprs[i * width + k], &type);
    r->columns[k] = (struct fst_field){text_of(rx, "col%zu", k + 1), type, nullable};
    return true;
}

static struct fst_rel *values_body(struct rx *rx, const struct sx_body *b)
{
    struct fst_rel *r = make_rel(rx, FST_REL_VALUES, b->place, NULL);
    size_t width = row_width(b->rows[0]);
    set_columns(rx, r, width);
    r->n_rows = b->n_rows;
    r->n_exprs = width * b->n_rows;
    r->exprs = fst_arena_alloc(rx->a, (r->n_exprs + 1) * sizeof *r->exprs);
    if (!value_cells(rx, b, r, width))
        return NULL;
    for (size_t k = 0; k < width; k++)
        if (!value_column(rx, b, r, k))
            return NULL;
    return r;
}

/* ---- Limits ---------------------------------------------------------------------------------- */

static bool limit_value(struct rx *rx, const struct sx *s, int64_t *out)
{
    if (!s)
        return true;
    const char *condition = NULL;
    struct scope nothing = {0};
    struct where w = {.scope = &nothing, .clause = "LIMIT"};
    if (s->kind == SX_NAME) {
        rx_refuse(rx, &s->place, "a limit by a column");
        return false;
    }
    struct fst_expr *e = resolve_expr(rx, &w, s);
    if (!e)
        return false;
    bool whole = e->type.kind == FST_INT || e->type.kind == FST_SHORT || e->type.kind == FST_BYTE;
    if (e->type.kind == FST_LONG || (whole && e->kind != FST_EXPR_LITERAL))
        rx_refuse(rx, &s->place, "a limit that is no int literal");
    else if (!whole)
        condition = "INVALID_LIMIT_LIKE_EXPRESSION.DATA_TYPE";
    else if (e->value.i < 0)
        condition = "INVALID_LIMIT_LIKE_EXPRESSION.IS_NEGATIVE";
    else
        *out = e->value.i;
    if (condition)
        rx_fail(rx, &s->place, condition, "42K0E",
                "The limit like expression \"%s\" is invalid. The limit expression must be %s.",
                e->text, whole ? "equal to or greater than 0" : "integer type");
    return rx->status == FST_OK;
}

/* Limit and offset go into the sort below, if there is one. */
struct fst_rel *limited(struct rx *rx, const struct sx_query *q, struct fst_rel *r)
{
    int64_t limit = -1, offset = 0;
    if (!limit_value(rx, q->limit, &limit) || !limit_value(rx, q->offset, &offset))
        return NULL;
    if (limit < 0 && offset == 0)
        return r;
    if (r->kind != FST_REL_SORT || r->limit >= 0 || r->offset > 0)
        r = make_rel(rx, FST_REL_SORT, q->place, r);
    r->limit = limit;
    r->offset = offset;
    return r;
}

/* ORDER BY after anything but a SELECT: over the output columns. */
static struct fst_rel *ordered(struct rx *rx, const struct sx_query *q, struct fst_rel *r)
{
    if (!q->n_order)
        return r;
    if (q->order_all)
        return rx_refuse(rx, &q->order_place, "ORDER BY ALL after anything but a SELECT");
    struct scope scope = output_scope(rx, r, NULL);
    struct where w = {.scope = &scope, .clause = "ORDER BY"};
    struct fst_rel *out = make_rel(rx, FST_REL_SORT, q->order_place, r);
    out->order = fst_arena_alloc(rx->a, q->n_order * sizeof *out->order);
    out->n_order = q->n_order;
    for (size_t i = 0; i < q->n_order; i++) {
        const struct sx_key *k = &q->order[i];
        int64_t n = 0;
        bool ordinal =
            k->expr->kind == SX_NUMBER && fst_parse_int64(k->expr->name, strlen(k->expr->name), &n);
        struct fst_expr *e;
        if (!ordinal) {
            e = resolve_expr(rx, &w, k->expr);
        } else if (n < 1 || (uint64_t)n > r->n_columns) {
            return rx_fail(rx, &k->expr->place, "ORDER_BY_POS_OUT_OF_RANGE", "42805",
                           "ORDER BY position %lld is not in select list (valid range is [1, "
                           "%zu]).",
                           (long long)n, r->n_columns);
        } else {
            e = make(rx, FST_EXPR_COLUMN, r->columns[n - 1].type, r->columns[n - 1].nullable,
                     k->expr->place, r->columns[n - 1].name);
            e->index = (uint32_t)(n - 1);
        }
        if (!e)
            return NULL;
        if (has_aggregate_call(e) || has_window(e) || fst_type_is_nested(&e->type))
            return rx_refuse(rx, &k->expr->place, "this ORDER BY after a set operation");
        out->order[i] = (struct fst_sort_key){e, k->descending,
                                              k->nulls_given ? k->nulls_first : !k->descending};
    }
    out->n_order -= q->n_spread;
    return out->n_order ? out : r;
}

/* ---- Bodies ---------------------------------------------------------------------------------- */

static struct fst_rel *resolve_body(struct rx *rx, const struct sx_query *q,
                                    const struct sx_body *b, struct scope *outer)
{
    struct fst_rel *r = NULL;
    struct scope ignored;
    switch (b->kind) {
    case SX_BODY_SELECT:
        return resolve_select(rx, q, b->select, b->place, outer);
    case SX_BODY_SET:
        r = set_body(rx, b, outer);
        break;
    case SX_BODY_VALUES:
        r = values_body(rx, b);
        break;
    case SX_BODY_QUERY:
        r = resolve_query(rx, b->query, outer);
        break;
    case SX_BODY_TABLE:
        r = resolve_from(rx, b->table, &ignored, outer);
        break;
    }
    return r ? ordered(rx, q, r) : NULL;
}

/* ---- CTEs ------------------------------------------------------------------------------------ */

static bool name_columns(struct rx *rx, const struct sx_cte *c, struct cte *out)
{
    size_t n = out->query->n_columns;
    if (c->n_columns && c->n_columns != n) {
        rx_fail(rx, &c->place, "ASSIGNMENT_ARITY_MISMATCH", "42802",
                "The number of columns or variables assigned or aliased: %zu does not match the "
                "number of source expressions: %zu.",
                n, c->n_columns);
        return false;
    }
    out->names = fst_arena_alloc(rx->a, (n + 1) * sizeof *out->names);
    for (size_t i = 0; i < n; i++)
        out->names[i] = c->n_columns ? c->columns[i] : out->query->columns[i].name;
    return true;
}

static bool with_clause(struct rx *rx, const struct sx_query *q)
{
    for (size_t i = 0; i < q->n_ctes; i++) {
        for (size_t k = 0; k < i; k++)
            if (strcasecmp(q->ctes[k].name, q->ctes[i].name) == 0) {
                rx_fail(rx, &q->place, "DUPLICATED_CTE_NAMES", "42602",
                        "CTE definition can't have duplicate names: `%s`.", q->ctes[i].name);
                return false;
            }
        struct cte *c = fst_arena_alloc(rx->a, sizeof *c);
        c->name = q->ctes[i].name;
        c->query = resolve_query(rx, q->ctes[i].query, NULL);
        if (!c->query || !name_columns(rx, &q->ctes[i], c))
            return false;
        rx_grow(rx, &rx->all_ctes, &rx->cap_ctes, rx->n_ctes, rx->n_ctes + 1, sizeof *rx->all_ctes);
        c->index = rx->n_ctes;
        rx->all_ctes[rx->n_ctes++] = c;
        c->next = rx->ctes;
        rx->ctes = c;
    }
    return true;
}

struct fst_rel *resolve_query(struct rx *rx, const struct sx_query *q, struct scope *outer)
{
    struct cte *visible = rx->ctes;
    struct fst_rel *r = with_clause(rx, q) ? resolve_body(rx, q, q->body, outer) : NULL;
    rx->ctes = visible;
    return r ? limited(rx, q, r) : NULL;
}

/* ---- Subqueries in expressions --------------------------------------------------------------- */

static const char *outer_names(struct rx *rx, const struct scope *boundary)
{
    struct fst_buf b = FST_BUF_TEXT;
    for (size_t i = 0; i < boundary->outer_names.n; i++)
        fst_buf_printf(&b, "%s%s", i ? ", " : "", boundary->outer_names.items[i]);
    const char *text = text_of(rx, "%s", fst_buf_text(&b));
    fst_buf_done(&b);
    return text;
}

static bool left_values(struct rx *rx, const struct where *w, const struct sx *s,
                        struct fst_expr ***out, size_t *n)
{
    const struct sx *value = s->kids[0];
    bool tuple = value->kind == SX_TUPLE;
    *n = tuple ? value->n_kids : 1;
    *out = fst_arena_alloc(rx->a, *n * sizeof **out);
    for (size_t i = 0; i < *n; i++)
        if (!((*out)[i] = resolve_expr(rx, w, tuple ? value->kids[i] : value)))
            return false;
    return true;
}

static const char *in_text(struct rx *rx, struct fst_expr **values, size_t n, const char *names)
{
    struct fst_buf b = FST_BUF_TEXT;
    for (size_t i = 0; i < n; i++)
        fst_buf_printf(&b, "%s%s", i ? ", " : "", values[i]->text);
    const char *text =
        n == 1 ? text_of(rx, "(%s IN (listquery(%s)))", fst_buf_text(&b), names)
               : text_of(rx, "(named_struct(%s) IN (listquery(%s)))", fst_buf_text(&b), names);
    fst_buf_done(&b);
    return text;
}

static struct fst_expr *in_subquery(struct rx *rx, const struct where *w, const struct sx *s,
                                    struct fst_rel *r, const char *names)
{
    struct fst_expr **values;
    size_t n;
    if (!left_values(rx, w, s, &values, &n))
        return NULL;
    const char *text = in_text(rx, values, n, names);
    if (n != r->n_columns)
        return rx_fail(rx, &s->place, "DATATYPE_MISMATCH.IN_SUBQUERY_LENGTH_MISMATCH", "42K09",
                       "Cannot resolve \"%s\" due to data type mismatch: The number of columns in "
                       "the left hand side of an IN subquery (%zu) does not match the number of "
                       "columns in the output of subquery (%zu).",
                       text, n, r->n_columns);
    struct fst_type *types = fst_arena_alloc(rx->a, n * sizeof *types);
    bool nullable = false;
    for (size_t i = 0; i < n; i++) {
        enum common found = common_type(&values[i]->type, &r->columns[i].type, true, &types[i]);
        if (found == COMMON_UNSURE || fst_type_is_nested(&r->columns[i].type))
            return rx_refuse(rx, &s->place, "IN of these types");
        if (found == COMMON_NONE)
            return rx_fail(rx, &s->place, "DATATYPE_MISMATCH.IN_SUBQUERY_DATA_TYPE_MISMATCH",
                           "42K09",
                           "Cannot resolve \"%s\" due to data type mismatch: The data type of one "
                           "or more elements in the left hand side of an IN subquery is not "
                           "compatible with the data type of the output of the subquery.",
                           text);
        values[i] = coerce(rx, values[i], &types[i]);
        nullable |= values[i]->nullable || r->columns[i].nullable;
    }
    struct fst_expr *e = make(rx, FST_EXPR_IN_SUBQUERY, fst_type(FST_BOOLEAN), nullable, s->place,
                              s->flag ? text_of(rx, "(NOT %s)", text) : text);
    set_args(rx, e, values, n);
    e->query = cast_columns(rx, r, types);
    e->existence = true;
    e->negated = s->flag;
    return e;
}

static struct fst_expr *scalar_subquery(struct rx *rx, const struct sx *s, struct fst_rel *r,
                                        const char *names)
{
    if (r->n_columns != 1)
        return rx_fail(
            rx, &s->place,
            "INVALID_SUBQUERY_EXPRESSION.SCALAR_SUBQUERY_RETURN_MORE_THAN_ONE_OUTPUT_COLUMN",
            "42823", "Invalid subquery: Scalar subquery must return only one column, but got %zu.",
            r->n_columns);
    struct fst_expr *e = make(rx, FST_EXPR_SCALAR, r->columns[0].type, true, s->place,
                              text_of(rx, "scalarsubquery(%s)", names));
    e->query = r;
    return e;
}

struct fst_expr *resolve_subquery(struct rx *rx, const struct where *w, const struct sx *s)
{
    static const char *const clauses[] = {"SELECT", "WHERE", "HAVING"};
    bool allowed = false;
    for (size_t i = 0; i < FST_COUNT(clauses); i++)
        allowed |= strcmp(w->clause, clauses[i]) == 0;
    if (!allowed || w->in_window)
        return rx_refuse(rx, &s->place, "a subquery in %s", allowed ? "a window" : w->clause);
    struct scope boundary = *w->scope;
    boundary.outer_names = (struct list_of_text){0};
    struct fst_rel *r = resolve_query(rx, s->query, &boundary);
    if (!r)
        return NULL;
    const char *names = outer_names(rx, &boundary);
    if (s->kind == SX_IN)
        return in_subquery(rx, w, s, r, names);
    if (s->kind == SX_SUBQUERY)
        return scalar_subquery(rx, s, r, names);
    struct fst_expr *e = make(rx, FST_EXPR_EXISTS, fst_type(FST_BOOLEAN), false, s->place,
                              text_of(rx, "exists(%s)", names));
    e->query = r;
    return e;
}

/* ---- The door -------------------------------------------------------------------------------- */

enum fst_status fst_sql_resolve(struct fst_arena *a, const struct fst_sql_tree *tree,
                                const struct fst_sql_scope *scope, struct fst_sql_plan **out,
                                struct fst_problem *problem, struct fst_error *err)
{
    struct rx rx = {.a = a, .tables_of = scope, .problem = problem, .err = err};
    *out = NULL;
    struct fst_rel *root = resolve_query(&rx, tree->query, NULL);
    if (!root || rx.status != FST_OK)
        return rx.status;
    struct fst_sql_plan *plan = fst_arena_alloc(a, sizeof *plan);
    plan->root = root;
    plan->tables = rx.tables;
    plan->n_tables = rx.n_tables;
    plan->ctes = fst_arena_alloc(a, (rx.n_ctes + 1) * sizeof *plan->ctes);
    plan->n_ctes = rx.n_ctes;
    for (size_t i = 0; i < rx.n_ctes; i++)
        plan->ctes[i] = (struct fst_plan_cte){rx.all_ctes[i]->name, rx.all_ctes[i]->query};
    *out = plan;
    return FST_OK;
}
