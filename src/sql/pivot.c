/* PIVOT and UNPIVOT.
 *
 * PIVOT groups by the columns that it does not name and filters each aggregate by the value that it
 * is for. Spark does so in two steps where all aggregates are numbers or booleans: there, a group
 * without a row for a value has NULL, count() too; else in one, where first() and last() see NULLs.
 * UNPIVOT makes a row of each of its columns. */
#include "resolve.h"

#include <string.h>
#include <strings.h>

struct pivot {
    struct rx *rx;
    const struct sx_from *f;
    const struct sx_pivot *p;
    struct scope *in;
    struct fst_rel *input;

    struct fst_expr **columns; /* what is pivoted */
    struct fst_expr **items;
    bool *used; /* columns of the input that are no groups */
    bool two_steps;

    struct fst_expr **calls; /* aggregates with their filters */
    size_t n_calls, cap_calls;
    struct fst_expr *filter; /* of the value at hand */
    size_t n_groups;
};

static bool failed(const struct pivot *v)
{
    return v->rx->status != FST_OK;
}

static struct fst_expr *column(struct rx *rx, const struct fst_rel *r, size_t i)
{
    struct fst_expr *e = make(rx, FST_EXPR_COLUMN, r->columns[i].type, r->columns[i].nullable,
                              r->place, r->columns[i].name);
    e->index = (uint32_t)i;
    return e;
}

/* ---- What is read ---------------------------------------------------------------------------- */

static void mark(const struct fst_expr *e, bool *used)
{
    if (e->kind == FST_EXPR_COLUMN && e->depth == 0)
        used[e->index] = true;
    for (size_t i = 0; i < e->n_args; i++)
        mark(e->args[i], used);
}

static bool plain_calls(struct pivot *v, const struct fst_expr *e)
{
    if (e->query || e->kind == FST_EXPR_WINDOW || (e->call && e->call->filter))
        return rx_refuse(v->rx, &e->place, "this in PIVOT") != NULL;
    for (size_t i = 0; i < e->n_args; i++)
        if (!plain_calls(v, e->args[i]))
            return false;
    return true;
}

/* Types of which Spark keeps the value for each group in a step of its own. */
static bool is_stepped(const struct fst_type *t)
{
    return is_numeric(t) || t->kind == FST_BOOLEAN;
}

static bool sees_nulls(const struct fst_expr *e)
{
    if (e->kind == FST_EXPR_AGGREGATE &&
        (e->fn->id == FST_FN_FIRST || e->fn->id == FST_FN_LAST ||
         e->fn->id == FST_FN_PERCENTILE_APPROX || e->fn->id == FST_FN_PERCENTILE))
        return true;
    for (size_t i = 0; i < e->n_args; i++)
        if (sees_nulls(e->args[i]))
            return true;
    return false;
}

static bool resolve_items(struct pivot *v)
{
    struct where w = {.scope = v->in, .clause = "PIVOT"};
    v->items = fst_arena_alloc(v->rx->a, v->p->n_items * sizeof *v->items);
    v->two_steps = true;
    for (size_t i = 0; i < v->p->n_items; i++) {
        struct fst_expr *e = resolve_expr(v->rx, &w, v->p->items[i].expr);
        if (!e || !plain_calls(v, e))
            return false;
        if (!has_aggregate_call(e))
            return rx_refuse(v->rx, &e->place, "PIVOT without an aggregate") != NULL;
        v->items[i] = e;
        v->two_steps &= is_stepped(&e->type);
        mark(e, v->used);
    }
    for (size_t i = 0; i < v->p->n_items && !v->two_steps; i++)
        if (sees_nulls(v->items[i]))
            return rx_refuse(v->rx, &v->items[i]->place, "PIVOT of %s", v->items[i]->text) != NULL;
    return true;
}

static bool resolve_columns(struct pivot *v)
{
    struct where w = {.scope = v->in, .clause = "PIVOT"};
    v->columns = fst_arena_alloc(v->rx->a, v->p->n_columns * sizeof *v->columns);
    for (size_t i = 0; i < v->p->n_columns; i++) {
        struct fst_expr *e = resolve_expr(v->rx, &w, v->p->columns[i]);
        if (!e)
            return false;
        enum fst_kind kind = e->type.kind;
        if (e->kind != FST_EXPR_COLUMN || e->depth || fst_type_is_nested(&e->type) ||
            kind == FST_FLOAT || kind == FST_DOUBLE || kind == FST_VARIANT)
            return rx_refuse(v->rx, &e->place, "PIVOT FOR %s", e->text) != NULL;
        v->columns[i] = e;
        mark(e, v->used);
    }
    return true;
}

/* ---- Values ---------------------------------------------------------------------------------- */

/* The name of a value without an alias: its text as a cast to string gives it. */
static const char *value_name(struct pivot *v, const struct fst_expr *e)
{
    if (e->value.is_null)
        return "null";
    switch (e->type.kind) {
    case FST_BYTE:
    case FST_SHORT:
    case FST_INT:
    case FST_LONG:
        return text_of(v->rx, "%lld", (long long)e->value.i);
    case FST_BOOLEAN:
        return e->value.i ? "true" : "false";
    case FST_STRING:
        return fst_arena_strndup(v->rx->a, e->value.s.p, e->value.s.n);
    case FST_DECIMAL:
        return e->text;
    case FST_DATE: /* DATE '2024-01-01' */
        if (strlen(e->text) == 17 && strncmp(e->text, "DATE '", 6) == 0)
            return fst_arena_strndup(v->rx->a, e->text + 6, 10);
        /* fall through */
    default:
        return rx_refuse(v->rx, &e->place, "PIVOT by a value like %s without a name", e->text);
    }
}

static struct fst_expr *value_of(struct pivot *v, const struct sx *s)
{
    struct scope none = {0};
    struct where w = {.scope = &none, .clause = "PIVOT"};
    struct fst_expr *e = resolve_expr(v->rx, &w, s);
    bool literal = e && e->kind == FST_EXPR_LITERAL;
    if (e && !literal)
        return rx_refuse(v->rx, &s->place, "PIVOT by a value that is no literal");
    return e;
}

/* The value's type has to be the column's, or one that widens to it without a loss. */
static struct fst_expr *equals(struct pivot *v, struct fst_expr *col, struct fst_expr *value)
{
    const struct fst_type *t = &col->type, *given = &value->type;
    struct fst_type common;
    bool narrow =
        is_integral(t) && given->kind == FST_INT && value->value.i >= -128 && value->value.i <= 127;
    bool fits = narrow || fst_type_eq(t, given) || given->kind == FST_VOID ||
                (is_integral(t) && is_integral(given) && t->kind > given->kind) ||
                (t->kind == FST_DECIMAL && is_numeric(given) &&
                 common_type(t, given, false, &common) == COMMON_FOUND && fst_type_eq(t, &common));
    if (!fits)
        return rx_refuse(v->rx, &value->place, "PIVOT of %s by %s", type_sql(v->rx, t),
                         type_sql(v->rx, given));
    return operator_call(v->rx, FST_FN_EQ_NULL, fst_type(FST_BOOLEAN), false, col,
                         coerce(v->rx, value, t), value->place, "pivot");
}

/* The filter of a value, and its name when it has no alias. */
static struct fst_expr *filter_of(struct pivot *v, const struct sx *s, const char **name)
{
    struct fst_buf b = FST_BUF_TEXT;
    struct fst_expr *all = NULL;
    bool tuple = s->kind == SX_TUPLE;
    size_t n = tuple ? s->n_kids : 1;
    if (n != v->p->n_columns)
        return rx_refuse(v->rx, &s->place, "PIVOT by as many values as there are no columns");
    for (size_t i = 0; i < n && !failed(v); i++) {
        struct fst_expr *e = value_of(v, tuple ? s->kids[i] : s);
        const char *one = e && !*name ? value_name(v, e) : "";
        struct fst_expr *eq = e && one ? equals(v, v->columns[i], e) : NULL;
        if (eq)
            fst_buf_printf(&b, "%s%s", i ? ", " : "", one);
        all =
            all && eq ? make2(v->rx, FST_EXPR_AND, fst_type(FST_BOOLEAN), false, all, eq, "") : eq;
    }
    if (!*name)
        *name = text_of(v->rx, n > 1 ? "{%s}" : "%s", fst_buf_text(&b));
    fst_buf_done(&b);
    return failed(v) ? NULL : all;
}

/* ---- Aggregates ------------------------------------------------------------------------------ */

static struct fst_expr *call_column(struct pivot *v, const struct fst_expr *e)
{
    struct fst_expr *call = fst_arena_alloc(v->rx->a, sizeof *call);
    struct fst_call *how = fst_arena_alloc(v->rx->a, sizeof *how);
    *call = *e;
    if (e->call)
        *how = *e->call;
    how->filter = v->filter;
    call->call = how;
    rx_grow(v->rx, &v->calls, &v->cap_calls, v->n_calls, v->n_calls + 1, sizeof(struct fst_expr *));
    v->calls[v->n_calls] = call;
    struct fst_expr *out = make(v->rx, FST_EXPR_COLUMN, e->type, e->nullable, e->place, e->text);
    out->index = (uint32_t)(v->n_groups + v->n_calls++);
    return out;
}

static struct fst_expr *lift(struct rx *rx, struct fst_expr *e, uint32_t level, void *arg)
{
    if (e->kind == FST_EXPR_AGGREGATE)
        return call_column(arg, e);
    if (e->kind == FST_EXPR_COLUMN && !level)
        return rx_refuse(rx, &e->place, "a column beside aggregates in PIVOT");
    return NULL;
}

static struct fst_expr *count_of_value(struct pivot *v)
{
    static const struct fst_function count = {
        "count", FST_FN_COUNT_ALL, FST_FN_AGGREGATE, 0, 0, "", "bigint", 'n', "count(*)", "rows"};
    struct fst_expr *e =
        make(v->rx, FST_EXPR_AGGREGATE, fst_type(FST_LONG), false, v->f->place, "count(1)");
    e->fn = &count;
    return call_column(v, e);
}

/* One output: the aggregate over the rows of a value. */
static struct fst_expr *output_of(struct pivot *v, struct fst_expr *item)
{
    struct fst_expr *e = rewrite(v->rx, item, lift, v);
    if (!e || !v->two_steps)
        return e;
    struct fst_expr *zero = make(v->rx, FST_EXPR_LITERAL, fst_type(FST_LONG), false, e->place, "0");
    struct fst_expr *any = operator_call(v->rx, FST_FN_GT, fst_type(FST_BOOLEAN), false,
                                         count_of_value(v), zero, e->place, "pivot");
    return make2(v->rx, FST_EXPR_CASE, e->type, true, any, e, e->text);
}

struct fst_rel *pivot(struct rx *rx, const struct sx_from *f, struct fst_rel *input,
                      const struct scope *in, struct scope *scope)
{
    struct scope seen = *in;
    struct pivot v = {.rx = rx, .f = f, .p = f->pivot, .in = &seen, .input = input};
    v.used = fst_arena_alloc(rx->a, (input->n_columns + 1) * sizeof *v.used);
    if (!resolve_items(&v) || !resolve_columns(&v))
        return NULL;

    struct fst_rel *r = make_rel(rx, FST_REL_AGGREGATE, f->place, input);
    size_t n_out = v.p->n_values * v.p->n_items, n = 0;
    struct fst_expr **exprs = fst_arena_alloc(rx->a, (in->n + n_out + 1) * sizeof *exprs);
    const char **names = fst_arena_alloc(rx->a, (in->n + n_out + 1) * sizeof *names);
    struct col *cols = fst_arena_alloc(rx->a, (in->n + n_out + 1) * sizeof *cols);
    r->groups = fst_arena_alloc(rx->a, (in->n + 1) * sizeof *r->groups);
    for (size_t i = 0; i < in->n; i++) {
        const struct col *c = &in->cols[i];
        if (c->hidden || v.used[c->index])
            continue;
        if (fst_type_is_nested(&c->type) && !fst_sql_is_nested_key(&c->type))
            return rx_refuse(rx, &f->place, "PIVOT beside a column of %s", type_sql(rx, &c->type));
        r->groups[n] = column(rx, input, c->index);
        cols[n] = *c;
        names[n++] = c->name;
    }
    v.n_groups = r->n_groups = n;
    for (size_t i = 0; i < v.p->n_values; i++) {
        const char *name = v.p->values[i].alias;
        if (!(v.filter = filter_of(&v, v.p->values[i].expr, &name)))
            return NULL;
        for (size_t k = 0; k < v.p->n_items; k++) {
            const char *item = v.p->items[k].alias ? v.p->items[k].alias : v.items[k]->text;
            if (!(exprs[n] = output_of(&v, v.items[k])))
                return NULL;
            names[n] = v.p->n_items > 1 ? text_of(rx, "%s_%s", name, item) : name;
            cols[n] = (struct col){.name = names[n]};
            n++;
        }
    }
    r->exprs = v.calls;
    r->n_exprs = v.n_calls;
    set_columns(rx, r, r->n_groups + v.n_calls);
    for (size_t i = 0; i < r->n_columns; i++) {
        const struct fst_expr *e = i < r->n_groups ? r->groups[i] : v.calls[i - r->n_groups];
        r->columns[i] = (struct fst_field){e->text, e->type, e->nullable};
    }
    for (size_t i = 0; i < r->n_groups; i++)
        exprs[i] = column(rx, r, i);
    for (size_t i = 0; i < n; i++) {
        cols[i].type = exprs[i]->type;
        cols[i].nullable = exprs[i]->nullable;
        cols[i].index = (uint32_t)i;
    }
    *scope = (struct scope){.cols = cols, .n = n, .outer = in->outer};
    return project(rx, r, exprs, names, n, f->place);
}

/* ---- UNPIVOT --------------------------------------------------------------------------------- */

/* The type that the values of one new column share; all of them must have one. */
static bool common_cells(struct rx *rx, const struct sx_from *f, struct fst_expr **cells, size_t n,
                         size_t width, size_t at, struct fst_field *out)
{
    struct fst_type type = cells[at]->type;
    bool nullable = false;
    for (size_t i = 0; i < n; i++) {
        const struct fst_expr *e = cells[i * width + at];
        struct fst_type now = type;
        enum common found = common_type(&now, &e->type, false, &type);
        if (found == COMMON_UNSURE)
            return rx_refuse(rx, &f->place, "UNPIVOT of these types") != NULL;
        if (found == COMMON_NONE)
            return rx_fail(rx, NULL, "UNPIVOT_VALUE_DATA_TYPE_MISMATCH", "42K09",
                           "Unpivot value columns must share a least common type, some types do "
                           "not.") != NULL;
        nullable |= e->nullable;
    }
    for (size_t i = 0; i < n; i++)
        cells[i * width + at] = coerce(rx, cells[i * width + at], &type);
    out->type = type;
    out->nullable = nullable;
    return true;
}

static const char *unpivot_name(struct rx *rx, const struct sx_item *item)
{
    const struct sx *s = item->expr;
    struct fst_buf b = FST_BUF_TEXT;
    for (size_t i = 0; i < (s->kind == SX_TUPLE ? s->n_kids : 1); i++) {
        const struct sx *one = s->kind == SX_TUPLE ? s->kids[i] : s;
        fst_buf_printf(&b, "%s%s", i ? "_" : "", one->parts[one->n_parts - 1]);
    }
    const char *name = item->alias ? item->alias : text_of(rx, "%s", fst_buf_text(&b));
    fst_buf_done(&b);
    return name;
}

/* Cells of the new rows: the name, then the values. */
static struct fst_expr **unpivot_cells(struct rx *rx, const struct sx_from *f, struct scope *in,
                                       bool *used)
{
    const struct sx_pivot *p = f->pivot;
    size_t width = p->n_value_names + 1;
    struct where w = {.scope = in, .clause = "UNPIVOT"};
    struct fst_expr **cells = fst_arena_alloc(rx->a, (p->n_values * width + 1) * sizeof *cells);
    for (size_t i = 0; i < p->n_values; i++) {
        const struct sx *s = p->values[i].expr;
        bool tuple = s->kind == SX_TUPLE;
        if ((tuple ? s->n_kids : 1) != width - 1)
            return rx_refuse(rx, &s->place, "UNPIVOT of as many columns as there are no values");
        for (size_t k = 0; k + 1 < width; k++) {
            const struct sx *one = tuple ? s->kids[k] : s;
            struct fst_expr *e = one->kind == SX_NAME
                                     ? resolve_expr(rx, &w, one)
                                     : rx_refuse(rx, &one->place, "UNPIVOT of an expression");
            if (!e)
                return NULL;
            if (e->kind != FST_EXPR_COLUMN || e->depth)
                return rx_refuse(rx, &one->place, "UNPIVOT of a field");
            used[e->index] = true;
            cells[i * width + k + 1] = e;
        }
        cells[i * width] = string_literal(rx, unpivot_name(rx, &p->values[i]), s->place);
    }
    return cells;
}

static struct fst_expr *any_value(struct rx *rx, const struct fst_rel *r, size_t first, size_t n)
{
    struct fst_type boolean = fst_type(FST_BOOLEAN);
    struct fst_expr *all = NULL;
    for (size_t i = 0; i < n; i++) {
        struct fst_expr *null =
            make1(rx, FST_EXPR_IS_NULL, boolean, false, column(rx, r, first + i), "");
        struct fst_expr *some = make1(rx, FST_EXPR_NOT, boolean, false, null, "");
        all = all ? make2(rx, FST_EXPR_OR, boolean, false, all, some, "") : some;
    }
    return all;
}

struct fst_rel *unpivot(struct rx *rx, const struct sx_from *f, struct fst_rel *input,
                        const struct scope *in, struct scope *scope)
{
    const struct sx_pivot *p = f->pivot;
    size_t width = p->n_value_names + 1, shift = input->n_columns, n = 0;
    struct scope seen = *in;
    bool *used = fst_arena_alloc(rx->a, (shift + 1) * sizeof *used);
    struct fst_expr **cells = unpivot_cells(rx, f, &seen, used);
    struct fst_field *fields = fst_arena_alloc(rx->a, (width + 1) * sizeof *fields);
    if (!cells)
        return NULL;
    fields[0] = (struct fst_field){p->name_column, fst_type(FST_STRING), false};
    for (size_t k = 1; k < width; k++) {
        fields[k].name = p->value_names[k - 1];
        if (!common_cells(rx, f, cells, p->n_values, width, k, &fields[k]))
            return NULL;
    }
    struct fst_rel *r = rows_of(rx, input, cells, p->n_values, fields, width, f->place);
    *scope = (struct scope){.outer = in->outer};
    scope->cols = fst_arena_alloc(rx->a, (in->n + width + 1) * sizeof *scope->cols);
    const char **quals = fst_arena_alloc(rx->a, sizeof *quals);
    quals[0] = f->alias;
    for (size_t i = 0; i < in->n; i++)
        if (!in->cols[i].hidden && !used[in->cols[i].index])
            scope->cols[n++] = in->cols[i];
    for (size_t k = 0; k < width; k++)
        scope->cols[n++] = (struct col){.name = fields[k].name,
                                        .type = fields[k].type,
                                        .nullable = fields[k].nullable,
                                        .index = (uint32_t)(shift + k)};
    for (size_t i = 0; i < n && f->alias; i++) {
        scope->cols[i].quals = quals;
        scope->cols[i].n_quals = 1;
    }
    scope->n = n;
    if (p->include_nulls)
        return r;
    struct fst_rel *kept = make_rel(rx, FST_REL_FILTER, f->place, r);
    kept->condition = any_value(rx, r, shift + 1, width - 1);
    return kept;
}
