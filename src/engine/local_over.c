/* Aggregates and windows of a plan as SQLite's text. SQLite's own count, min, max and ranking
 * functions mean what Spark's mean on our encoding; the rest are ours. */
#include <string.h>

#include "local_call.h"
#include "local_fn.h"
#include "local_sql.h"
#include "local_table.h"

/* How an aggregate is written: before(args [FILTER] [OVER])after. */
struct form {
    const char *before, *after;
    bool ours; /* a frame that moves needs the other function, name_moving */
    char tail[64];
};

static bool is_kind(const struct fst_expr *e, size_t i, enum fst_kind kind)
{
    return i < e->n_args && (e->args[i]->type.kind == kind || e->args[i]->type.kind == FST_VOID);
}

static bool is_real(const struct fst_expr *e, size_t i)
{
    return is_kind(e, i, FST_DOUBLE) || is_kind(e, i, FST_FLOAT);
}

static bool is_whole(const struct fst_expr *e, size_t i)
{
    enum fst_kind kind = i < e->n_args ? e->args[i]->type.kind : FST_VOID;
    return kind >= FST_BYTE && kind <= FST_LONG;
}

static bool sum_form(const struct fst_expr *e, struct form *f)
{
    f->ours = true;
    if (e->type.kind == FST_LONG || e->type.kind == FST_INTERVAL_DT)
        f->before = "sum_long";
    else if (e->type.kind == FST_DOUBLE)
        f->before = "sum_double";
    else if (e->type.kind == FST_DECIMAL && e->type.scale == e->args[0]->type.scale)
        f->before = "sum_decimal";
    return f->before;
}

static bool avg_form(const struct fst_expr *e, struct form *f)
{
    f->ours = true;
    if (e->type.kind == FST_INTERVAL_YM || e->type.kind == FST_INTERVAL_DT) {
        f->before = "avg_interval";
    } else if (e->type.kind == FST_DOUBLE && (is_real(e, 0) || is_whole(e, 0))) {
        f->before = "avg_double";
    } else if (e->type.kind == FST_DECIMAL && is_kind(e, 0, FST_DECIMAL)) {
        f->before = "avg_of_decimal(sum_and_count";
        snprintf(f->tail, sizeof f->tail, ", %d, %d, %d)", e->args[0]->type.scale,
                 e->type.precision, e->type.scale);
        f->after = f->tail;
    }
    return f->before;
}

static bool ours(struct form *f, const char *name)
{
    f->before = name;
    f->ours = true;
    return true;
}

static bool native(struct form *f, const char *name)
{
    f->before = name;
    return true;
}

/* The same, with NULL for Spark's errors: its name is there with try_ before it. */
static bool tried(struct form *f)
{
    static const struct {
        const char *name, *tried;
    } names[] = {
        {"sum_long", "try_sum_long"},
        {"sum_double", "sum_double"},
        {"sum_decimal", "try_sum_decimal"},
        {"avg_double", "avg_double"},
        {"avg_of_decimal(sum_and_count", "try_avg_of_decimal(try_sum_and_count"},
    };
    for (size_t i = 0; i < FST_COUNT(names); i++)
        if (strcmp(f->before, names[i].name) == 0) {
            f->before = names[i].tried;
            return true;
        }
    return false;
}

static bool first_last_form(const struct fst_expr *e, struct form *f)
{
    bool first = e->fn->id == FST_FN_FIRST;
    if (e->call->ignore_nulls)
        return ours(f, first ? "first_not_null" : "last_not_null");
    if (e->kind == FST_EXPR_WINDOW)
        return native(f, first ? "first_value" : "last_value");
    return ours(f, first ? "first_of" : "last_of");
}

static bool moments_form(const struct fst_expr *e, struct form *f)
{
    static const struct {
        enum fst_fn id;
        const char *name;
    } names[] = {
        {FST_FN_STDDEV_SAMP, "stddev_samp_of"},
        {FST_FN_STDDEV_POP, "stddev_pop_of"},
        {FST_FN_VAR_SAMP, "var_samp_of"},
        {FST_FN_VAR_POP, "var_pop_of"},
        {FST_FN_COVAR_SAMP, "covar_samp_of"},
        {FST_FN_COVAR_POP, "covar_pop_of"},
        {FST_FN_CORR, "corr_of"},
        {FST_FN_SKEWNESS, "skewness_of"},
        {FST_FN_KURTOSIS, "kurtosis_of"},
        {FST_FN_REGR_COUNT, "regr_count_of"},
        {FST_FN_REGR_AVGX, "regr_avgx_of"},
        {FST_FN_REGR_AVGY, "regr_avgy_of"},
        {FST_FN_REGR_SXX, "regr_sxx_of"},
        {FST_FN_REGR_SYY, "regr_syy_of"},
        {FST_FN_REGR_SXY, "regr_sxy_of"},
        {FST_FN_REGR_SLOPE, "regr_slope_of"},
        {FST_FN_REGR_INTERCEPT, "regr_intercept_of"},
        {FST_FN_REGR_R2, "regr_r2_of"},
    };
    for (size_t i = 0; i < FST_COUNT(names); i++)
        if (names[i].id == e->fn->id)
            return is_real(e, 0) && (e->n_args == 1 || is_real(e, 1)) && ours(f, names[i].name);
    return false;
}

static bool aggregate_form(const struct fst_expr *e, struct form *f)
{
    switch (e->fn->id) {
    case FST_FN_COUNT_ALL:
    case FST_FN_COUNT:
    case FST_FN_COUNT_IF:
        return native(f, "count");
    case FST_FN_MIN:
    case FST_FN_BOOL_AND:
        return native(f, "min");
    case FST_FN_MAX:
    case FST_FN_BOOL_OR:
        return native(f, "max");
    case FST_FN_SUM:
        return sum_form(e, f);
    case FST_FN_AVG:
        return avg_form(e, f);
    case FST_FN_COLLECT_LIST:
        return ours(f, "nest_collect");
    case FST_FN_COLLECT_SET:
        return ours(f, "nest_set");
    case FST_FN_COLLECT_SET_ANY:
        return ours(f, "nest_set_any");
    case FST_FN_MIN_BY:
        return ours(f, "min_by_of");
    case FST_FN_MAX_BY:
        return ours(f, "max_by_of");
    case FST_FN_FIRST:
    case FST_FN_LAST:
        return first_last_form(e, f);
    case FST_FN_APPROX_COUNT_DISTINCT:
        return ours(f, "hll_of");
    case FST_FN_PERCENTILE:
        return is_real(e, 0) && (e->n_args < 3 || e->args[2]->kind == FST_EXPR_LITERAL) &&
               ours(f, e->n_args > 2 ? "percentile_desc_of" : "percentile_of");
    case FST_FN_PERCENTILE_DISC:
        return is_real(e, 0) && ours(f, "percentile_disc_of");
    case FST_FN_LISTAGG:
        return ours(f, "listagg_of");
    case FST_FN_PERCENTILE_APPROX:
        return ours(f, "percentile_approx_of");
    case FST_FN_MODE:
        return ours(f, "mode_of");
    case FST_FN_BIT_AND_OF:
        return is_whole(e, 0) && ours(f, "bit_and_all");
    case FST_FN_BIT_OR_OF:
        return is_whole(e, 0) && ours(f, "bit_or_all");
    case FST_FN_BIT_XOR_OF:
        return is_whole(e, 0) && ours(f, "bit_xor_all");
    case FST_FN_TRY_SUM:
        return sum_form(e, f) && tried(f);
    case FST_FN_TRY_AVG:
        return avg_form(e, f) && tried(f);
    case FST_FN_MEDIAN:
        return e->type.kind == FST_DOUBLE && (is_real(e, 0) || is_whole(e, 0)) &&
               ours(f, "median_of");
    default:
        return moments_form(e, f);
    }
}

static bool rank_form(const struct fst_expr *e, struct form *f)
{
    static const struct {
        enum fst_fn id;
        const char *name;
    } names[] = {
        {FST_FN_ROW_NUMBER, "row_number"},
        {FST_FN_RANK, "rank"},
        {FST_FN_DENSE_RANK, "dense_rank"},
        {FST_FN_PERCENT_RANK, "percent_rank"},
        {FST_FN_CUME_DIST, "cume_dist"},
        {FST_FN_NTILE, "ntile"},
        {FST_FN_LAG, "lag"},
        {FST_FN_LEAD, "lead"},
        {FST_FN_NTH_VALUE, "nth_value"},
    };
    for (size_t i = 0; i < FST_COUNT(names); i++)
        if (names[i].id == e->fn->id)
            return !e->call->ignore_nulls && native(f, names[i].name);
    return false;
}

/* ---- Arguments ------------------------------------------------------------------------------- */

static bool has_outer(const struct fst_expr *e)
{
    if (e->kind == FST_EXPR_COLUMN && e->depth > 0)
        return true;
    if (e->query)
        return true;
    for (size_t i = 0; i < e->n_args; i++)
        if (has_outer(e->args[i]))
            return true;
    return false;
}

static void arguments(struct tr *t, struct fst_buf *out, const struct fst_expr *e,
                      const struct scope *s)
{
    bool tuple = e->fn->id == FST_FN_COUNT && e->n_args > 1;
    fst_buf_adds(out, e->call->distinct ? "(DISTINCT " : "(");
    fst_buf_adds(out, tuple ? "tuple_of(" : e->fn->id == FST_FN_COUNT_IF ? "CASE WHEN " : "");
    if (e->fn->id >= FST_FN_COLLECT_SET && e->fn->id <= FST_FN_COLLECT_LIST) {
        fst_buf_addc(out, '\'');
        local_nest_signature(out, &e->args[0]->type);
        fst_buf_adds(out, "', ");
    }
    for (size_t i = 0; i < e->n_args; i++) {
        fst_buf_adds(out, i ? ", " : "");
        if (e->fn->id == FST_FN_APPROX_COUNT_DISTINCT)
            fst_buf_printf(out, "'%c', ", tr_hash_kind(&e->args[i]->type));
        tr_expr(t, out, e->args[i], s);
    }
    if (e->fn->id == FST_FN_COUNT_ALL)
        fst_buf_addc(out, '*');
    fst_buf_adds(out, tuple ? "))" : e->fn->id == FST_FN_COUNT_IF ? " THEN 1 END)" : ")");
    if (e->call->filter) {
        fst_buf_adds(out, " FILTER (WHERE ");
        tr_expr(t, out, e->call->filter, s);
        fst_buf_addc(out, ')');
    }
}

static void refuse(struct tr *t, const struct fst_expr *e)
{
    struct fst_buf type = FST_BUF(200);
    if (e->n_args)
        fst_type_text(&type, &e->args[0]->type);
    tr_refuse(t, &e->place, "%s%s(%s%s)%s", e->fn->name,
              e->call->ignore_nulls ? " ... IGNORE NULLS" : "",
              e->call->distinct ? "DISTINCT " : "", fst_buf_text(&type),
              e->kind == FST_EXPR_WINDOW ? " OVER" : "");
    fst_buf_done(&type);
}

void tr_aggregate(struct tr *t, struct fst_buf *out, const struct fst_expr *e,
                  const struct scope *s)
{
    struct form f = {.after = ""};
    bool one = e->n_args == 1 || e->fn->id == FST_FN_COUNT;
    if (!aggregate_form(e, &f) || (e->call->distinct && !one)) {
        refuse(t, e);
        return;
    }
    for (size_t i = 0; i < e->n_args; i++)
        if (has_outer(e->args[i])) {
            tr_refuse(t, &e->place, "a subquery or an outer column within an aggregate");
            return;
        }
    fst_buf_adds(out, f.before);
    arguments(t, out, e, s);
    fst_buf_adds(out, f.after);
}

/* Its arguments, one a comma; a FILTER gives NULL where it is not true, which these functions skip.
 */
static void group_arguments(struct tr *t, struct fst_buf *out, const struct fst_expr *e,
                            const struct scope *s)
{
    bool all = e->fn->id == FST_FN_COUNT_ALL, tuple = e->fn->id == FST_FN_COUNT && e->n_args > 1;
    const struct fst_expr *filter = e->call->filter;
    for (size_t i = 0; i < (all || tuple ? 1 : e->n_args); i++) {
        fst_buf_adds(out, i ? ", " : "");
        if (filter) {
            fst_buf_adds(out, "CASE WHEN ");
            tr_expr(t, out, filter, s);
            fst_buf_adds(out, " THEN ");
        }
        fst_buf_adds(out, tuple ? "tuple_of(" : e->fn->id == FST_FN_COUNT_IF ? "CASE WHEN " : "");
        for (size_t k = i; k < (tuple ? e->n_args : i + !all); k++) {
            fst_buf_adds(out, k > i ? ", " : "");
            tr_expr(t, out, e->args[k], s);
        }
        fst_buf_adds(out, all && filter ? "1" : "");
        fst_buf_adds(out, tuple ? ")" : e->fn->id == FST_FN_COUNT_IF ? " THEN 1 END" : "");
        fst_buf_adds(out, filter ? " END" : "");
    }
}

bool tr_group_function(struct tr *t, const struct fst_expr *e, const struct scope *s,
                       struct tr_group_function *out)
{
    struct form f = {.after = ""};
    if (e->kind != FST_EXPR_AGGREGATE || !aggregate_form(e, &f) || e->call->distinct)
        return false;
    const char *inner = strrchr(f.before, '(');
    const char *name = inner ? inner + 1 : f.before;
    if (!local_table_computes(name))
        return false;
    for (size_t i = 0; i < e->n_args; i++)
        if (has_outer(e->args[i]))
            return false;
    if (e->call->filter && has_outer(e->call->filter))
        return false;
    struct fst_buf args = FST_BUF_TEXT;
    group_arguments(t, &args, e, s);
    *out = (struct tr_group_function){
        .name = fst_arena_strdup(t->arena, name),
        .before = fst_arena_strndup(t->arena, f.before, (size_t)(name - f.before)),
        .after = fst_arena_strdup(t->arena, f.after),
        .args = fst_arena_strdup(t->arena, fst_buf_text(&args))};
    fst_buf_done(&args);
    return true;
}

/* ---- Windows --------------------------------------------------------------------------------- */

/* What an offset adds to a key as we keep it: days, microseconds, units of the last digit. */
static int64_t steps_of(const struct fst_expr *key, const struct fst_expr *offset)
{
    int64_t n = offset->value.i;
    if (offset->type.kind == FST_INTERVAL_DT && key->type.kind == FST_DATE)
        return n / LOCAL_DAY_US;
    if (key->type.kind != FST_DECIMAL)
        return n;
    int from = 0;
    if (offset->type.kind == FST_DECIMAL) {
        n = (int64_t)offset->value.decimal;
        from = offset->type.scale;
    }
    return n * (int64_t)local_pow10(key->type.scale - from);
}

/* How far a frame reaches from its row to smaller keys, or to greater ones. */
static int64_t reach(const struct fst_call *call, bool down)
{
    const struct fst_window_frame *f = &call->frame;
    const struct fst_expr *key = call->order[0].expr;
    enum fst_window_bound wanted =
        down == call->order[0].descending ? FST_BOUND_FOLLOWING : FST_BOUND_PRECEDING;
    int64_t start = f->start == wanted && f->start_offset ? steps_of(key, f->start_offset) : 0;
    int64_t end = f->end == wanted && f->end_offset ? steps_of(key, f->end_offset) : 0;
    return start > end ? start : end;
}

static void range_key(struct tr *t, struct fst_buf *out, const struct fst_call *call,
                      const struct scope *s)
{
    static const struct {
        enum fst_kind kind;
        const char *least, *greatest;
    } limits[] = {
        {FST_BYTE, "-128", "127"},
        {FST_SHORT, "-32768", "32767"},
        {FST_INT, "-2147483648", "2147483647"},
        {FST_DATE, "-2147483648", "2147483647"},
        {FST_LONG, "-9223372036854775808", "9223372036854775807"},
        {FST_TIMESTAMP, "-9223372036854775808", "9223372036854775807"},
        {FST_TIMESTAMP_NTZ, "-9223372036854775808", "9223372036854775807"},
    };
    const struct fst_expr *key = call->order[0].expr;
    size_t i = 0;
    while (i < FST_COUNT(limits) && limits[i].kind != key->type.kind)
        i++;
    fst_buf_adds(out, key->type.kind == FST_DECIMAL ? "range_decimal("
                      : i < FST_COUNT(limits)       ? "range_key("
                                                    : "(");
    tr_expr(t, out, key, s);
    if (i < FST_COUNT(limits))
        fst_buf_printf(out, ", %lld, %lld, %s, %s", (long long)reach(call, true),
                       (long long)reach(call, false), limits[i].least, limits[i].greatest);
    fst_buf_addc(out, ')');
}

static void order_keys(struct tr *t, struct fst_buf *out, const struct fst_call *call,
                       const struct scope *s)
{
    const struct fst_window_frame *f = &call->frame;
    bool ranges = f->is_range && call->n_order == 1 && (f->start_offset || f->end_offset);
    for (size_t i = 0; i < call->n_order; i++) {
        const struct fst_sort_key *k = &call->order[i];
        fst_buf_adds(out, i ? ", " : " ORDER BY ");
        if (ranges)
            range_key(t, out, call, s);
        else
            tr_expr(t, out, k->expr, s);
        fst_buf_adds(out, k->descending ? " DESC" : "");
        if (k->nulls_first == k->descending)
            fst_buf_adds(out, k->nulls_first ? " NULLS FIRST" : " NULLS LAST");
    }
}

static bool is_whole_days(const struct fst_expr *offset)
{
    return offset->type.kind == FST_INTERVAL_DT && offset->value.i % LOCAL_DAY_US == 0;
}

/* Without rounding, and far from the limits of 64 bits. */
static bool decimal_ok(const struct fst_type *key, const struct fst_expr *offset)
{
    const struct fst_type *type = &offset->type;
    if (key->precision > 18)
        return false;
    if (type->kind == FST_DECIMAL)
        return type->precision - type->scale <= key->precision - key->scale &&
               type->scale <= key->scale;
    return type->kind == FST_INT &&
           offset->value.i < (int64_t)local_pow10(key->precision - key->scale);
}

/* Offsets of a RANGE are added to the key by SQLite itself: to whole numbers, days, microseconds
 * and doubles. */
static bool offset_ok(const struct fst_expr *e, const struct fst_expr *offset)
{
    const struct fst_window_frame *frame = &e->call->frame;
    enum fst_kind kind = offset->type.kind;
    if (offset->kind != FST_EXPR_LITERAL || offset->value.is_null)
        return false;
    if (!frame->is_range)
        return kind >= FST_BYTE && kind <= FST_LONG && offset->value.i >= 0;
    if (e->call->n_order != 1 || offset->value.i < 0)
        return false;
    const struct fst_type *type = &e->call->order[0].expr->type;
    enum fst_kind key = type->kind;
    if (key == FST_DOUBLE)
        return kind == FST_DOUBLE && offset->value.d >= 0;
    if (key == FST_DECIMAL)
        return decimal_ok(type, offset);
    if (key == FST_DATE && is_whole_days(offset))
        return true;
    bool whole = kind >= FST_BYTE && kind <= FST_LONG;
    bool instants = key == FST_TIMESTAMP || key == FST_TIMESTAMP_NTZ;
    return (whole && (key == FST_DATE || (key >= FST_BYTE && key <= FST_LONG))) ||
           (kind == FST_INTERVAL_DT && instants);
}

static void bound(struct tr *t, struct fst_buf *out, const struct fst_expr *e,
                  enum fst_window_bound b, const struct fst_expr *offset)
{
    static const char *const texts[] = {
        [FST_BOUND_UNBOUNDED_PRECEDING] = "UNBOUNDED PRECEDING",
        [FST_BOUND_PRECEDING] = " PRECEDING",
        [FST_BOUND_CURRENT_ROW] = "CURRENT ROW",
        [FST_BOUND_FOLLOWING] = " FOLLOWING",
        [FST_BOUND_UNBOUNDED_FOLLOWING] = "UNBOUNDED FOLLOWING",
    };
    if (b == FST_BOUND_PRECEDING || b == FST_BOUND_FOLLOWING) {
        if (!offset || !offset_ok(e, offset)) {
            tr_refuse(t, &e->place, "a window frame with this offset and order");
            return;
        }
        if (e->call->frame.is_range && offset->type.kind == FST_DOUBLE)
            fst_buf_printf(out, "%.17e", offset->value.d);
        else
            fst_buf_printf(out, "%lld",
                           (long long)(e->call->frame.is_range
                                           ? steps_of(e->call->order[0].expr, offset)
                                           : offset->value.i));
    }
    fst_buf_adds(out, texts[b]);
}

static bool has_frame(const struct fst_expr *e)
{
    return e->fn->kind == FST_FN_AGGREGATE || e->fn->id == FST_FN_NTH_VALUE;
}

/* `frame` is written as it is, with the closing parenthesis. */
static void over_with(struct tr *t, struct fst_buf *out, const struct fst_expr *e,
                      const char *frame, const struct scope *s)
{
    const struct fst_call *call = e->call;
    fst_buf_adds(out, " OVER (");
    for (size_t i = 0; i < call->n_partition; i++) {
        fst_buf_adds(out, i ? ", " : "PARTITION BY ");
        tr_expr(t, out, call->partition[i], s);
    }
    order_keys(t, out, call, s);
    if (frame) {
        fst_buf_adds(out, frame);
        return;
    }
    if (has_frame(e)) {
        fst_buf_adds(out, call->frame.is_range ? " RANGE BETWEEN " : " ROWS BETWEEN ");
        bound(t, out, e, call->frame.start, call->frame.start_offset);
        fst_buf_adds(out, " AND ");
        bound(t, out, e, call->frame.end, call->frame.end_offset);
    }
    fst_buf_addc(out, ')');
}

static void over(struct tr *t, struct fst_buf *out, const struct fst_expr *e, const struct scope *s)
{
    over_with(t, out, e, NULL, s);
}

static bool step_is_known(const struct fst_expr *e)
{
    bool steps = e->fn->id == FST_FN_LAG || e->fn->id == FST_FN_LEAD;
    if (!steps || e->n_args < 2)
        return true;
    const struct fst_expr *n = e->args[1];
    return n->kind == FST_EXPR_LITERAL && !n->value.is_null;
}

/* A negative step is a step the other way. */
static void step_back(struct tr *t, struct fst_buf *out, const struct fst_expr *e,
                      const struct scope *s)
{
    fst_buf_adds(out, e->fn->id == FST_FN_LAG ? "lead(" : "lag(");
    tr_expr(t, out, e->args[0], s);
    fst_buf_printf(out, ", %lld, ", -(long long)e->args[1]->value.i);
    tr_expr(t, out, e->args[2], s);
    fst_buf_addc(out, ')');
    over(t, out, e, s);
}

enum { MAX_NTH = 100000 };

/* IGNORE NULLS with a step: the n-th value of a frame that is not NULL, or the default. */
static void nth_of_values(struct tr *t, struct fst_buf *out, const struct fst_expr *e,
                          const struct scope *s)
{
    bool nth = e->fn->id == FST_FN_NTH_VALUE, lag = e->fn->id == FST_FN_LAG;
    struct fst_call call = *e->call;
    struct fst_expr framed = *e;
    const struct fst_expr *n = e->args[1];
    if (n->kind != FST_EXPR_LITERAL || n->value.is_null || n->value.i < 1 || n->value.i > MAX_NTH) {
        refuse(t, e);
        return;
    }
    framed.call = &call;
    fst_buf_adds(out, nth ? "" : "ifnull(");
    fst_buf_adds(out, lag ? "nth_last_not_null" : "nth_not_null");
    fst_buf_adds(
        out, lag || (nth && call.frame.start == FST_BOUND_UNBOUNDED_PRECEDING) ? "(" : "_moving(");
    tr_expr(t, out, e->args[0], s);
    fst_buf_printf(out, ", %lld)", (long long)n->value.i);
    if (nth) {
        over(t, out, &framed, s);
        return;
    }
    over_with(t, out, &framed,
              lag ? " ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)"
                  : " ROWS BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING)",
              s);
    fst_buf_adds(out, ", ");
    tr_expr(t, out, e->args[2], s);
    fst_buf_addc(out, ')');
}

void tr_window(struct tr *t, struct fst_buf *out, const struct fst_expr *e, const struct scope *s)
{
    struct form f = {.after = ""};
    bool steps = e->fn->id == FST_FN_LAG || e->fn->id == FST_FN_LEAD;
    if (e->call->ignore_nulls && (steps || e->fn->id == FST_FN_NTH_VALUE)) {
        nth_of_values(t, out, e, s);
        return;
    }
    if (steps && step_is_known(e) && e->args[1]->value.i < 0) {
        step_back(t, out, e, s);
        return;
    }
    bool known = e->fn->kind == FST_FN_AGGREGATE ? aggregate_form(e, &f) : rank_form(e, &f);
    if (!known || e->call->distinct || !step_is_known(e)) {
        refuse(t, e);
        return;
    }
    fst_buf_adds(out, f.before);
    if (f.ours && e->call->frame.start != FST_BOUND_UNBOUNDED_PRECEDING)
        fst_buf_adds(out, "_moving");
    arguments(t, out, e, s);
    over(t, out, e, s);
    fst_buf_adds(out, f.after);
}
