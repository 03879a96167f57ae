/* Windows: functions over them, partitions, orders, and frames written out as Spark runs them. */
#include "resolve.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

struct over {
    struct rx *rx;
    const struct where *w;
    const struct sx *s;
    const struct sx_window *window;
    struct fst_expr *e;
    struct fst_call *call;
};

static const struct sx_window *named_window(struct rx *rx, const struct where *w,
                                            const struct sx_window *window)
{
    for (int hops = 0; window && window->base; hops++) {
        const struct sx_window *found = NULL;
        for (size_t i = 0; i < w->n_windows; i++)
            if (strcasecmp(w->windows[i].name, window->base) == 0)
                found = w->windows[i].window;
        if (!found)
            return rx_fail(rx, NULL, "MISSING_WINDOW_SPECIFICATION", "42P20",
                           "Window specification is not defined in the WINDOW clause for %s.",
                           window->base);
        if (found->base && hops > 0)
            return rx_refuse(rx, &window->place, "a window named by another twice");
        window = found;
    }
    return window;
}

static bool partitions(struct over *o)
{
    struct where inner = *o->w;
    inner.in_window = true;
    struct fst_call *c = o->call;
    c->n_partition = o->window->n_partition;
    c->partition = fst_arena_alloc(o->rx->a, (c->n_partition + 1) * sizeof *c->partition);
    for (size_t i = 0; i < c->n_partition; i++)
        if (!(c->partition[i] = resolve_expr(o->rx, &inner, o->window->partition[i])))
            return false;
    c->n_order = o->window->n_order;
    c->order = fst_arena_alloc(o->rx->a, (c->n_order + 1) * sizeof *c->order);
    for (size_t i = 0; i < c->n_order; i++) {
        const struct sx_key *k = &o->window->order[i];
        c->order[i] = (struct fst_sort_key){
            .expr = resolve_expr(o->rx, &inner, k->expr),
            .descending = k->descending,
            .nulls_first = k->nulls_given ? k->nulls_first : !k->descending,
        };
        if (!c->order[i].expr)
            return false;
        if (fst_type_is_nested(&c->order[i].expr->type))
            return rx_refuse(o->rx, &k->expr->place, "an order by nested values") != NULL;
    }
    return true;
}

/* ---- Frames ---------------------------------------------------------------------------------- */

static bool needs_order(enum fst_fn id)
{
    return id >= FST_FN_ROW_NUMBER && id <= FST_FN_LEAD;
}

static struct fst_expr *frame_offset(struct over *o, const struct sx *s)
{
    if (!s)
        return NULL;
    bool literal = s->kind == SX_NUMBER || s->kind == SX_INTERVAL;
    if (!literal) {
        if (s->kind != SX_NAME)
            return rx_refuse(o->rx, &s->place, "a frame whose bound is no plain literal");
        return rx_fail(o->rx, &s->place, "INVALID_SQL_SYNTAX.INVALID_WINDOW_FRAME_BOUND", "42000",
                       "Invalid SQL syntax: Frame bound value must be a literal.");
    }
    struct fst_expr *e = resolve_literal(o->rx, s);
    if (e && (e->value.i < 0 || e->value.d < 0 || e->value.decimal < 0))
        return rx_refuse(o->rx, &s->place, "a frame with a negative bound");
    return e;
}

/* The literal of a range bound as a value to add to the order key. */
static struct fst_expr *range_offset(struct over *o, struct fst_expr *e)
{
    const struct fst_type *key = &o->call->order[0].expr->type;
    if (is_interval(&e->type)) {
        if (key->kind != FST_DATE && key->kind != FST_TIMESTAMP && key->kind != FST_TIMESTAMP_NTZ)
            return rx_refuse(o->rx, &e->place, "a range of intervals over %s",
                             type_sql(o->rx, key));
        return e;
    }
    bool days = key->kind == FST_DATE && e->type.kind == FST_INT;
    if (key->kind == FST_DECIMAL && (e->type.kind == FST_DECIMAL || e->type.kind == FST_INT)) {
        struct fst_expr *same = fst_arena_alloc(o->rx->a, sizeof *same);
        *same = *e;
        same->implicit = !fst_type_eq(key, &e->type);
        return same;
    }
    if (days || fst_type_eq(key, &e->type))
        return e;
    bool fits = is_numeric(key) && is_numeric(&e->type) &&
                (key->kind == FST_DOUBLE ||
                 (is_integral(key) && is_integral(&e->type) && key->kind > e->type.kind));
    if (!fits && (key->kind == FST_STRING || key->kind == FST_BOOLEAN))
        return rx_fail(o->rx, &o->window->place,
                       "DATATYPE_MISMATCH.SPECIFIED_WINDOW_FRAME_UNACCEPTED_TYPE", "42K09",
                       "The data type of the bound \"%s\" does not match the expected data type.",
                       type_sql(o->rx, &e->type));
    if (!fits)
        return rx_refuse(o->rx, &e->place, "a range of %s over %s", type_sql(o->rx, &e->type),
                         type_sql(o->rx, key));
    struct fst_expr *literal = fst_arena_alloc(o->rx->a, sizeof *literal);
    *literal = *e;
    literal->type = *key;
    if (key->kind == FST_DOUBLE) {
        double d = e->type.kind == FST_DECIMAL ? strtod(e->text, NULL)
                   : e->type.kind == FST_FLOAT ? e->value.d
                                               : (double)e->value.i;
        literal->value = (struct fst_value){.d = d};
    }
    literal->implicit = true;
    return literal;
}

static bool check_bound(struct over *o, enum fst_window_bound start, enum fst_window_bound end)
{
    if (start == FST_BOUND_UNBOUNDED_FOLLOWING || end == FST_BOUND_UNBOUNDED_PRECEDING ||
        (start > end && o->window->is_range))
        rx_refuse(o->rx, &o->window->place, "a frame that ends before it starts");
    if ((start == FST_BOUND_FOLLOWING && end < start) ||
        (start == FST_BOUND_CURRENT_ROW && end < start))
        rx_refuse(o->rx, &o->window->place, "a frame that ends before it starts");
    return o->rx->status == FST_OK;
}

static struct fst_expr *checked_offset(struct over *o, const struct sx *s)
{
    struct fst_expr *e = frame_offset(o, s);
    if (!e)
        return NULL;
    if (o->window->is_range)
        return range_offset(o, e);
    if (e->type.kind == FST_INT)
        return e;
    return rx_refuse(o->rx, &s->place, "a frame of rows by anything but an int");
}

/* DAY, of INTERVAL '7' DAY */
static const char *unit_of(const struct fst_expr *e)
{
    const char *quote = e && is_interval(&e->type) ? strrchr(e->text, '\'') : NULL;
    return quote ? quote + 2 : NULL;
}

/* Two bounds of intervals have the same units. */
static bool like_intervals(struct over *o, const struct fst_window_frame *f)
{
    const char *start = unit_of(f->start_offset), *end = unit_of(f->end_offset);
    if (!start || !end || strcmp(start, end) == 0)
        return true;
    rx_fail(o->rx, &o->window->place, "DATATYPE_MISMATCH.SPECIFIED_WINDOW_FRAME_DIFF_TYPES",
            "42K09",
            "Window frame bounds do not have the same type: \"INTERVAL %s\" <> \"INTERVAL %s\".",
            start, end);
    return false;
}

/* A date takes days and months. */
static bool days_of_dates(struct over *o, const struct fst_window_frame *f)
{
    const struct fst_expr *both[] = {f->start_offset, f->end_offset};
    if (!f->is_range || o->call->n_order != 1 || o->call->order[0].expr->type.kind != FST_DATE)
        return true;
    for (size_t i = 0; i < 2; i++) {
        const char *unit = unit_of(both[i]);
        if (!unit || both[i]->type.kind != FST_INTERVAL_DT || strcmp(unit, "DAY") == 0)
            continue;
        rx_fail(o->rx, &o->window->place, "DATATYPE_MISMATCH.RANGE_FRAME_INVALID_TYPE", "42K09",
                "The data type \"DATE\" used in the order specification does not support the data "
                "type \"INTERVAL %s\" which is used in the range frame.",
                unit);
        return false;
    }
    return true;
}

static bool given_frame(struct over *o)
{
    const struct sx_window *w = o->window;
    struct fst_window_frame *f = &o->call->frame;
    *f = (struct fst_window_frame){.is_range = w->is_range, .start = w->start, .end = w->end};
    if (w->is_range && (w->start_offset || w->end_offset)) {
        if (o->call->n_order == 0)
            rx_fail(o->rx, &w->place, "DATATYPE_MISMATCH.RANGE_FRAME_WITHOUT_ORDER", "42K09",
                    "A range window frame cannot be used in an unordered window specification.");
        else if (o->call->n_order > 1)
            rx_fail(o->rx, &w->place, "DATATYPE_MISMATCH.RANGE_FRAME_MULTI_ORDER", "42K09",
                    "A range window frame with value boundaries cannot be used in a window "
                    "specification with multiple order by expressions.");
    } else if (w->is_range && o->call->n_order == 0) {
        rx_refuse(o->rx, &w->place, "a range without an order");
    }
    if (o->rx->status != FST_OK || !check_bound(o, w->start, w->end))
        return false;
    f->start_offset = checked_offset(o, w->start_offset);
    f->end_offset = o->rx->status == FST_OK ? checked_offset(o, w->end_offset) : NULL;
    return o->rx->status == FST_OK && like_intervals(o, f) && days_of_dates(o, f);
}

static void default_frame(struct over *o)
{
    enum fst_fn id = o->e->fn->id;
    struct fst_window_frame *f = &o->call->frame;
    bool ordered = o->call->n_order > 0;
    f->start = FST_BOUND_UNBOUNDED_PRECEDING;
    f->end = ordered ? FST_BOUND_CURRENT_ROW : FST_BOUND_UNBOUNDED_FOLLOWING;
    f->is_range = ordered && (!needs_order(id) || id == FST_FN_CUME_DIST);
}

static void bound_text(struct fst_buf *b, enum fst_window_bound bound, const struct fst_expr *e)
{
    switch (bound) {
    case FST_BOUND_UNBOUNDED_PRECEDING:
        fst_buf_adds(b, "UNBOUNDED PRECEDING");
        break;
    case FST_BOUND_CURRENT_ROW:
        fst_buf_adds(b, "CURRENT ROW");
        break;
    case FST_BOUND_UNBOUNDED_FOLLOWING:
        fst_buf_adds(b, "UNBOUNDED FOLLOWING");
        break;
    case FST_BOUND_PRECEDING:
        /* Spark folds the minus into the literal unless a cast stands between. */
        fst_buf_printf(b, e->implicit ? "(- %s) FOLLOWING" : "%s PRECEDING", e->text);
        break;
    case FST_BOUND_FOLLOWING:
        fst_buf_printf(b, "%s FOLLOWING", e->text);
        break;
    }
}

static void shift_frame_text(struct fst_buf *b, const struct fst_expr *e)
{
    int64_t n = e->args[1]->value.i;
    if (e->fn->id == FST_FN_LAG)
        n = -n;
    fst_buf_printf(b, "ROWS BETWEEN %lld FOLLOWING AND %lld FOLLOWING", (long long)n, (long long)n);
}

static const char *over_text(struct over *o)
{
    struct fst_buf b = FST_BUF_TEXT;
    const struct fst_call *c = o->call;
    bool nth = o->e->fn->id == FST_FN_NTH_VALUE && c->ignore_nulls;
    fst_buf_printf(&b, "%s%s OVER (", o->e->text, nth ? " ignore nulls" : "");
    for (size_t i = 0; i < c->n_partition; i++)
        fst_buf_printf(&b, "%s%s", i ? ", " : "PARTITION BY ", c->partition[i]->text);
    if (c->n_partition)
        fst_buf_addc(&b, ' ');
    for (size_t i = 0; i < c->n_order; i++)
        fst_buf_printf(&b, "%s%s %s NULLS %s", i ? ", " : "ORDER BY ", c->order[i].expr->text,
                       c->order[i].descending ? "DESC" : "ASC",
                       c->order[i].nulls_first ? "FIRST" : "LAST");
    if (c->n_order)
        fst_buf_addc(&b, ' ');
    if (o->e->fn->id == FST_FN_LAG || o->e->fn->id == FST_FN_LEAD) {
        shift_frame_text(&b, o->e);
    } else {
        fst_buf_printf(&b, "%s BETWEEN ", c->frame.is_range ? "RANGE" : "ROWS");
        bound_text(&b, c->frame.start, c->frame.start_offset);
        fst_buf_adds(&b, " AND ");
        bound_text(&b, c->frame.end, c->frame.end_offset);
    }
    fst_buf_addc(&b, ')');
    const char *text = text_of(o->rx, "%s", fst_buf_text(&b));
    fst_buf_done(&b);
    return text;
}

/* ---- Functions that only windows have -------------------------------------------------------- */

static struct fst_expr *pure(struct over *o, const struct fst_function *f, struct fst_type type,
                             bool nullable, struct fst_expr **args, size_t n, const char *text)
{
    struct fst_expr *e = make(o->rx, FST_EXPR_WINDOW, type, nullable, o->s->place, text);
    e->fn = f;
    set_args(o->rx, e, args, n);
    return e;
}

static bool whole_literal(struct over *o, const struct fst_expr *e, const char *what)
{
    if (e->kind == FST_EXPR_LITERAL && e->type.kind == FST_INT && !e->value.is_null)
        return true;
    rx_refuse(o->rx, &e->place, "%s that is no int literal", what);
    return false;
}

static struct fst_expr *shift(struct over *o, const struct fst_function *f, struct fst_expr **args,
                              size_t n)
{
    struct rx *rx = o->rx;
    if (n < 2)
        args[1] = int_literal(rx, 1, o->s->place);
    if (n < 3)
        args[2] = null_literal(rx, o->s->place);
    if (!whole_literal(o, args[1], "an offset"))
        return NULL;
    const char *text =
        text_of(rx, "%s(%s, %s, %s)", f->name, args[0]->text, args[1]->text, args[2]->text);
    struct fst_type type = args[0]->type, *given = &args[2]->type;
    bool same = fst_type_eq(&type, given) || given->kind == FST_VOID ||
                (type.kind == FST_STRING && !fst_type_is_nested(given) && !is_interval(given) &&
                 given->kind != FST_BINARY) ||
                (is_numeric(&type) && is_numeric(given));
    if (!same || (n > 2 && type.kind == FST_VOID))
        return rx_refuse(rx, &o->s->place, "a default of another type");
    args[2] = coerce(rx, args[2], &type);
    return pure(o, f, type, n < 3 || args[0]->nullable || args[2]->nullable, args, 3, text);
}

static struct fst_expr *bucket(struct over *o, const struct fst_function *f, struct fst_expr **args,
                               size_t n)
{
    if (n == 0)
        args[0] = int_literal(o->rx, 1, o->s->place);
    if (!whole_literal(o, args[0], "a number of buckets"))
        return NULL;
    const char *text = text_of(o->rx, "ntile(%s)", args[0]->text);
    if (args[0]->value.i < 1)
        return rx_fail(o->rx, &o->s->place, "DATATYPE_MISMATCH.VALUE_OUT_OF_RANGE", "42K09",
                       "Cannot resolve \"%s\" due to data type mismatch: The buckets must be "
                       "between (0, 2147483647] (current value = %lld).",
                       text, (long long)args[0]->value.i);
    return pure(o, f, fst_type(FST_INT), false, args, 1, text);
}

static struct fst_expr *nth(struct over *o, const struct fst_function *f, struct fst_expr **args)
{
    if (!whole_literal(o, args[1], "a position"))
        return NULL;
    const char *text = text_of(o->rx, "nth_value(%s, %s)", args[0]->text, args[1]->text);
    if (args[1]->value.i < 1)
        return rx_fail(o->rx, &o->s->place, "DATATYPE_MISMATCH.VALUE_OUT_OF_RANGE", "42K09",
                       "Cannot resolve \"%s\" due to data type mismatch: The offset must be "
                       "between (0, 9223372036854775807] (current value = %lldL).",
                       text, (long long)args[1]->value.i);
    return pure(o, f, args[0]->type, true, args, 2, text);
}

static struct fst_expr *own_function(struct over *o)
{
    const struct sx *s = o->s;
    const struct fst_function *f = fst_sql_function(s->name, strlen(s->name));
    struct fst_expr *args[4] = {0};
    struct where inner = *o->w;
    inner.in_window = true;
    if (s->distinct || s->filter)
        return rx_fail(o->rx, &s->place, "INVALID_SQL_SYNTAX.FUNCTION_WITH_UNSUPPORTED_SYNTAX",
                       "42000", "Invalid SQL syntax: The function `%s` does not support %s.",
                       s->name, s->distinct ? "DISTINCT" : "FILTER CLAUSE");
    bool loose = f->id != FST_FN_ROW_NUMBER && f->id != FST_FN_NTILE && f->id != FST_FN_NTH_VALUE;
    if (loose && (s->n_kids < f->min_args || s->n_kids > f->max_args))
        return rx_refuse(o->rx, &s->place, "%s with %zu arguments", f->name, s->n_kids);
    if (s->n_kids < f->min_args || s->n_kids > f->max_args)
        return call_function(o->rx, o->w, s, f, args, s->n_kids);
    for (size_t i = 0; i < s->n_kids; i++)
        if (!(args[i] = resolve_expr(o->rx, &inner, s->kids[i])))
            return NULL;
    switch (f->id) {
    case FST_FN_LAG:
    case FST_FN_LEAD:
        return shift(o, f, args, s->n_kids);
    case FST_FN_NTILE:
        return bucket(o, f, args, s->n_kids);
    case FST_FN_NTH_VALUE:
        return nth(o, f, args);
    default: {
        bool share = f->id == FST_FN_PERCENT_RANK || f->id == FST_FN_CUME_DIST;
        bool loud =
            f->id == FST_FN_RANK || f->id == FST_FN_DENSE_RANK || f->id == FST_FN_PERCENT_RANK;
        char *name = fst_arena_printf(o->rx->a, "%s()", f->name);
        for (char *c = name; *c && loud; c++)
            *c = *c >= 'a' && *c <= 'z' ? (char)(*c - 32) : *c;
        return pure(o, f, fst_type(share ? FST_DOUBLE : FST_INT), false, NULL, 0, name);
    }
    }
}

static bool frame(struct over *o)
{
    enum fst_fn id = o->e->fn->id;
    if (needs_order(id) && o->call->n_order == 0) {
        rx_fail(o->rx, NULL, "WINDOW_FUNCTION_FRAME_NOT_ORDERED", "42601",
                "Window function %s requires the window to be ordered. You need to add an ORDER BY "
                "clause.",
                o->e->fn->name);
        return false;
    }
    if (o->window->has_frame && needs_order(id)) {
        rx_refuse(o->rx, &o->window->place, "a frame for %s", o->e->fn->name);
        return false;
    }
    if (o->window->has_frame)
        return given_frame(o);
    default_frame(o);
    return true;
}

/* `aggregate`: the call already resolved, or NULL for a function of windows alone. */
struct fst_expr *window_call(struct rx *rx, const struct where *w, const struct sx *s,
                             struct fst_expr *aggregate)
{
    struct over o = {.rx = rx, .w = w, .s = s, .e = aggregate};
    if (w->in_window || w->in_aggregate)
        return rx_refuse(rx, &s->place, "a window inside an aggregate or a window");
    if (strcmp(w->clause, "WHERE") == 0 && s->over)
        return rx_fail(rx, NULL, "WINDOW_FUNCTION_NOT_ALLOWED_IN_CLAUSE", "42601",
                       "It is not allowed to use window functions inside WHERE clause.");
    if (!aggregate && !(o.e = own_function(&o)))
        return NULL;
    if (!s->over)
        return rx_fail(rx, w->query_place, "WINDOW_FUNCTION_WITHOUT_OVER_CLAUSE", "42601",
                       "Window function \"%s\" requires an OVER clause.", o.e->text);
    if (!(o.window = named_window(rx, w, s->over)))
        return NULL;
    o.call = fst_arena_alloc(rx->a, sizeof *o.call);
    if (o.e->call)
        *o.call = *o.e->call;
    o.call->ignore_nulls |= s->ignore_nulls;
    if (!partitions(&o) || !frame(&o))
        return NULL;
    const char *text = over_text(&o);
    if (o.call->distinct)
        return rx_fail(rx, &s->place, "DISTINCT_WINDOW_FUNCTION_UNSUPPORTED", "0A000",
                       "Distinct window functions are not supported: \"%s\".", text);
    struct fst_expr *e = fst_arena_alloc(rx->a, sizeof *e);
    *e = *o.e;
    e->kind = FST_EXPR_WINDOW;
    e->call = o.call;
    e->text = text;
    return e;
}
