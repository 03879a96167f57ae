/* Expressions of a plan as SQLite's text: literals, columns, logic, conditions, subqueries. */
#include <math.h>
#include <string.h>

#include "local_fn.h"
#include "local_sql.h"

/* ---- Literals -------------------------------------------------------------------------------- */

static struct local_bind *new_bind(struct tr *t, struct fst_buf *out)
{
    if (t->n_binds == t->cap_binds) {
        size_t cap = t->cap_binds ? t->cap_binds * 2 : 16;
        struct local_bind *more = fst_arena_alloc(t->arena, cap * sizeof *more);
        if (t->n_binds)
            memcpy(more, t->binds, t->n_binds * sizeof *more);
        t->binds = more;
        t->cap_binds = cap;
    }
    char name[32];
    snprintf(name, sizeof name, "?%zu", t->n_binds + 1);
    tr_from_outside(t, out, name);
    return &t->binds[t->n_binds++];
}

void tr_bind_real(struct tr *t, struct fst_buf *out, double v)
{
    *new_bind(t, out) = (struct local_bind){.real = v};
}

void tr_bind_text(struct tr *t, struct fst_buf *out, struct fst_str s)
{
    *new_bind(t, out) = (struct local_bind){.is_text = true, .text = s};
}

static void real_literal(struct tr *t, struct fst_buf *out, double v)
{
    if (isnan(v))
        fst_buf_adds(out, "x'4E614E'");
    else if (v == floor(v) && fabs(v) < 1e15 && !(v == 0 && signbit(v)))
        fst_buf_printf(out, "%.1f", v);
    else
        tr_bind_real(t, out, v);
}

static void text_literal(struct tr *t, struct fst_buf *out, struct fst_str s)
{
    if (s.n > 1000 || memchr(s.p, '\0', s.n)) {
        tr_bind_text(t, out, s);
        return;
    }
    fst_buf_addc(out, '\'');
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] == '\'')
            fst_buf_addc(out, '\'');
        fst_buf_addc(out, s.p[i]);
    }
    fst_buf_addc(out, '\'');
}

static void blob_literal(struct fst_buf *out, const void *p, size_t n)
{
    fst_buf_adds(out, "x'");
    fst_hex(out, p, n);
    fst_buf_addc(out, '\'');
}

static void int_literal(struct fst_buf *out, int64_t v)
{
    if (v == INT64_MIN)
        fst_buf_adds(out, "(-9223372036854775807 - 1)");
    else
        fst_buf_printf(out, v < 0 ? "(%lld)" : "%lld", (long long)v);
}

static void literal(struct tr *t, struct fst_buf *out, const struct fst_expr *e)
{
    unsigned char blob[16];
    if (e->value.is_null || e->type.kind == FST_VOID) {
        fst_buf_adds(out, "NULL");
        return;
    }
    switch (e->type.kind) {
    case FST_FLOAT:
    case FST_DOUBLE:
        real_literal(t, out, e->value.d);
        return;
    case FST_DECIMAL:
        local_decimal_blob(e->value.decimal, blob);
        blob_literal(out, blob, sizeof blob);
        return;
    case FST_STRING:
        text_literal(t, out, e->value.s);
        return;
    case FST_BINARY:
        blob_literal(out, e->value.s.p, e->value.s.n);
        return;
    default:
        int_literal(out, e->value.i);
        return;
    }
}

/* ---- Columns --------------------------------------------------------------------------------- */

static void column(struct tr *t, struct fst_buf *out, const struct fst_expr *e,
                   const struct scope *s)
{
    for (uint32_t d = 0; d < e->depth && s; d++)
        s = s->outer;
    if (!s)
        tr_refuse(t, &e->place, "a column from outside of the query");
    if (!s)
        return;
    bool left = e->index < s->n_left;
    char name[64];
    snprintf(name, sizeof name, "r%u.c%zu", left ? s->left : s->right,
             left ? e->index : e->index - s->n_left);
    tr_from_outside(t, out, name);
}

/* ---- Logic ----------------------------------------------------------------------------------- */

static size_t collect(const struct fst_expr *e, enum fst_expr_kind kind,
                      const struct fst_expr **terms, size_t n, size_t max)
{
    if (e->kind != kind || n + 2 > max) {
        terms[n] = e;
        return n + 1;
    }
    n = collect(e->args[0], kind, terms, n, max - 1);
    return collect(e->args[1], kind, terms, n, max);
}

/* Functions that have an answer to whatever they are given. */
static bool never_fails(enum fst_fn id)
{
    static const enum fst_fn ids[] = {FST_FN_EQ,
                                      FST_FN_NE,
                                      FST_FN_LT,
                                      FST_FN_LE,
                                      FST_FN_GT,
                                      FST_FN_GE,
                                      FST_FN_EQ_NULL,
                                      FST_FN_LIKE,
                                      FST_FN_ILIKE,
                                      FST_FN_COALESCE,
                                      FST_FN_NVL2,
                                      FST_FN_NULLIF,
                                      FST_FN_IF,
                                      FST_FN_ISNAN,
                                      FST_FN_NANVL,
                                      FST_FN_GREATEST,
                                      FST_FN_LEAST,
                                      FST_FN_UPPER,
                                      FST_FN_LOWER,
                                      FST_FN_LENGTH,
                                      FST_FN_OCTET_LENGTH,
                                      FST_FN_BIT_LENGTH,
                                      FST_FN_TRIM,
                                      FST_FN_LTRIM,
                                      FST_FN_RTRIM,
                                      FST_FN_SUBSTRING,
                                      FST_FN_LEFT,
                                      FST_FN_RIGHT,
                                      FST_FN_CONCAT,
                                      FST_FN_CONCAT_WS,
                                      FST_FN_REPLACE,
                                      FST_FN_REVERSE,
                                      FST_FN_INSTR,
                                      FST_FN_LOCATE,
                                      FST_FN_SUBSTRING_INDEX,
                                      FST_FN_INITCAP,
                                      FST_FN_STARTSWITH,
                                      FST_FN_ENDSWITH,
                                      FST_FN_CONTAINS,
                                      FST_FN_TRANSLATE,
                                      FST_FN_ASCII,
                                      FST_FN_MD5,
                                      FST_FN_SHA1,
                                      FST_FN_CRC32,
                                      FST_FN_HEX,
                                      FST_FN_SOUNDEX,
                                      FST_FN_LEVENSHTEIN,
                                      FST_FN_YEAR,
                                      FST_FN_QUARTER,
                                      FST_FN_MONTH,
                                      FST_FN_DAY,
                                      FST_FN_DAYOFWEEK,
                                      FST_FN_WEEKDAY,
                                      FST_FN_DAYOFYEAR,
                                      FST_FN_WEEKOFYEAR,
                                      FST_FN_DAYNAME,
                                      FST_FN_MONTHNAME,
                                      FST_FN_HOUR,
                                      FST_FN_MINUTE,
                                      FST_FN_SECOND,
                                      FST_FN_SECOND_FRACTION,
                                      FST_FN_DATE_DIFF,
                                      FST_FN_TRUNC,
                                      FST_FN_DATE_TRUNC,
                                      FST_FN_DATE_FORMAT,
                                      FST_FN_UNIX_DATE,
                                      FST_FN_UNIX_SECONDS,
                                      FST_FN_UNIX_MILLIS,
                                      FST_FN_UNIX_MICROS,
                                      FST_FN_HASH,
                                      FST_FN_XXHASH64,
                                      FST_FN_SIGN,
                                      FST_FN_SQRT,
                                      FST_FN_CBRT,
                                      FST_FN_POW,
                                      FST_FN_EXP,
                                      FST_FN_LN,
                                      FST_FN_LOG,
                                      FST_FN_LOG10,
                                      FST_FN_LOG2,
                                      FST_FN_DEGREES,
                                      FST_FN_RADIANS,
                                      FST_FN_PI,
                                      FST_FN_E,
                                      FST_FN_CURRENT_DATE,
                                      FST_FN_CURRENT_TIMESTAMP,
                                      FST_FN_SIZE,
                                      FST_FN_ARRAY,
                                      FST_FN_STRUCT,
                                      FST_FN_NAMED_STRUCT,
                                      FST_FN_FIELD,
                                      FST_FN_GET,
                                      FST_FN_MAP_VALUE,
                                      FST_FN_ARRAY_CONTAINS,
                                      FST_FN_MAP_HAS};
    for (size_t i = 0; i < FST_COUNT(ids); i++)
        if (ids[i] == id)
            return true;
    return false;
}

static bool is_real(const struct fst_type *type)
{
    return type->kind == FST_FLOAT || type->kind == FST_DOUBLE;
}

/* Arithmetic that neither overflows nor divides by zero. */
static bool never_fails_here(const struct fst_expr *e)
{
    const struct fst_expr *last = e->n_args ? e->args[e->n_args - 1] : NULL;
    switch (e->fn->id) {
    case FST_FN_ADD:
    case FST_FN_SUBTRACT:
    case FST_FN_MULTIPLY:
    case FST_FN_NEGATE:
    case FST_FN_ABS:
    case FST_FN_ROUND:
    case FST_FN_BROUND:
        return is_real(&e->type);
    case FST_FN_DIVIDE:
        return is_real(&e->type) && last->kind == FST_EXPR_LITERAL && !last->value.is_null &&
               last->value.d != 0;
    case FST_FN_LIKE:
    case FST_FN_ILIKE: /* an escape at the end is an error */
    case FST_FN_RLIKE: /* and a malformed expression */
        return e->args[1]->kind == FST_EXPR_LITERAL;
    case FST_FN_MOD:
    case FST_FN_PMOD:
        return last->kind == FST_EXPR_LITERAL && !last->value.is_null && e->type.kind >= FST_BYTE &&
               e->type.kind <= FST_LONG && last->value.i > 0;
    default:
        return never_fails(e->fn->id);
    }
}

/* Has every value of a column a place in the wider type? */
static bool widens(const struct fst_type *from, const struct fst_type *to)
{
    static const int digits[] = {[FST_BYTE] = 3, [FST_SHORT] = 5, [FST_INT] = 10, [FST_LONG] = 19};
    bool is_whole = from->kind >= FST_BYTE && from->kind <= FST_LONG;
    int whole = is_whole ? digits[from->kind] : from->precision - from->scale;
    if (to->kind == FST_DECIMAL)
        return (is_whole || (from->kind == FST_DECIMAL && from->scale <= to->scale)) &&
               whole <= to->precision - to->scale;
    if (to->kind == FST_DOUBLE)
        return is_whole || from->kind == FST_FLOAT || from->kind == FST_DECIMAL;
    return is_whole && to->kind >= from->kind && to->kind <= FST_LONG;
}

/* Does a cast take every value? */
static bool never_fails_cast(const struct fst_type *from, const struct fst_type *to)
{
    if (from->kind == FST_VOID || fst_type_eq(from, to) || widens(from, to))
        return true;
    bool is_number = from->kind >= FST_BYTE && from->kind <= FST_DECIMAL;
    return (to->kind == FST_STRING && !fst_type_is_nested(from)) ||
           (is_number && (to->kind == FST_FLOAT || to->kind == FST_BOOLEAN)) ||
           (from->kind == FST_BOOLEAN && to->kind >= FST_BYTE && to->kind <= FST_DOUBLE);
}

bool tr_fails_itself(const struct fst_expr *e)
{
    switch (e->kind) {
    case FST_EXPR_CALL:
        return !never_fails_here(e);
    case FST_EXPR_CAST:
        return !e->is_try && !never_fails_cast(&e->args[0]->type, &e->type);
    case FST_EXPR_SCALAR:
    case FST_EXPR_EXISTS:
    case FST_EXPR_IN_SUBQUERY:
        return true;
    default:
        return false;
    }
}

bool tr_may_fail(const struct fst_expr *e)
{
    bool fails = tr_fails_itself(e);
    for (size_t i = 0; i < e->n_args && !fails; i++)
        fails = tr_may_fail(e->args[i]);
    return fails;
}

static void joined(struct tr *t, struct fst_buf *out, const struct fst_expr **terms, size_t n,
                   const char *word, const struct scope *s)
{
    fst_buf_addc(out, '(');
    for (size_t i = 0; i < n; i++) {
        if (i)
            fst_buf_printf(out, " %s ", word);
        tr_expr(t, out, terms[i], s);
    }
    fst_buf_addc(out, ')');
}

/* SQLite evaluates both sides of AND and OR where their value is asked for; Spark stops at the
 * first that decides, and what it skips must not fail. */
static void logic(struct tr *t, struct fst_buf *out, const struct fst_expr *e,
                  const struct scope *s)
{
    const struct fst_expr *terms[TR_MAX_TERMS];
    size_t n = collect(e, e->kind, terms, 0, TR_MAX_TERMS);
    bool is_and = e->kind == FST_EXPR_AND, lazy = false;
    for (size_t i = 1; i < n; i++)
        lazy |= tr_may_fail(terms[i]);
    if (!lazy) {
        joined(t, out, terms, n, is_and ? "AND" : "OR", s);
        return;
    }
    fst_buf_adds(out, "(CASE");
    for (size_t i = 0; i + 1 < n; i++) {
        fst_buf_adds(out, is_and ? " WHEN NOT " : " WHEN ");
        tr_expr(t, out, terms[i], s);
        fst_buf_adds(out, is_and ? " THEN 0" : " THEN 1");
    }
    fst_buf_adds(out, " ELSE ");
    joined(t, out, terms, n, is_and ? "AND" : "OR", s);
    fst_buf_adds(out, " END)");
}

size_t tr_conjuncts(const struct fst_expr *e, const struct fst_expr **terms)
{
    return collect(e, FST_EXPR_AND, terms, 0, TR_MAX_TERMS);
}

/* ---- Conditions that scans can use ----------------------------------------------------------- */

/* What a pattern demands of the front of a text: up to its first wildcard. */
static struct fst_str front_of(const struct fst_expr *e)
{
    struct fst_str front = e->args[1]->value.s;
    if (e->fn->id == FST_FN_STARTSWITH)
        return front;
    char escape = e->n_args > 2 && e->args[2]->value.s.n ? e->args[2]->value.s.p[0] : '\\';
    for (size_t i = 0; i < front.n; i++)
        if (front.p[i] == '%' || front.p[i] == '_' || front.p[i] == escape)
            front.n = i;
    return front;
}

static bool is_pattern_on_column(const struct fst_expr *e)
{
    return e->kind == FST_EXPR_CALL &&
           (e->fn->id == FST_FN_LIKE || e->fn->id == FST_FN_STARTSWITH) &&
           e->args[0]->kind == FST_EXPR_COLUMN && e->args[0]->type.kind == FST_STRING &&
           e->args[1]->kind == FST_EXPR_LITERAL && !e->args[1]->value.is_null;
}

/* Bounds that follow from a pattern, beside it. */
static void bounds_of_pattern(struct tr *t, struct fst_buf *out, const struct fst_expr *e,
                              const struct scope *s)
{
    struct fst_str front = front_of(e);
    if (!front.n)
        return;
    fst_buf_adds(out, " AND (");
    tr_expr(t, out, e->args[0], s);
    fst_buf_adds(out, " >= ");
    text_literal(t, out, front);
    fst_buf_addc(out, ')');
    unsigned char last = (unsigned char)front.p[front.n - 1];
    if (last >= 0x7F)
        return;
    char *after = fst_arena_strndup(t->arena, front.p, front.n);
    after[front.n - 1] = (char)(last + 1);
    fst_buf_adds(out, " AND (");
    tr_expr(t, out, e->args[0], s);
    fst_buf_adds(out, " < ");
    text_literal(t, out, (struct fst_str){after, front.n});
    fst_buf_addc(out, ')');
}

/* A column or a constant. (One that cannot be computed stops the statement whoever comes first.) */
static bool is_plain(const struct fst_expr *e)
{
    const struct fst_expr *inner = e->kind == FST_EXPR_CAST ? e->args[0] : e;
    if (inner->kind == FST_EXPR_LITERAL || inner == e)
        return inner->kind == FST_EXPR_LITERAL || inner->kind == FST_EXPR_COLUMN;
    return inner->kind == FST_EXPR_COLUMN && widens(&inner->type, &e->type);
}

/* Can a term of a condition stop the statement for one row and not for another? */
static bool may_stop(const struct fst_expr *e)
{
    bool is_comparison =
        e->kind == FST_EXPR_IN ||
        (e->kind == FST_EXPR_CALL && e->fn->id >= FST_FN_EQ && e->fn->id <= FST_FN_EQ_NULL);
    for (size_t i = 0; is_comparison && i < e->n_args; i++)
        is_comparison = is_plain(e->args[i]);
    return !is_comparison && tr_may_fail(e);
}

static bool is_flag(const struct fst_expr *e)
{
    return e->kind == FST_EXPR_COLUMN && e->type.kind == FST_BOOLEAN;
}

/* A term of a WHERE, where NULL is as good as false; as a comparison where it can be one. */
static void term(struct tr *t, struct fst_buf *out, const struct fst_expr *e, const struct scope *s)
{
    bool negated = e->kind == FST_EXPR_NOT && is_flag(e->args[0]);
    if (negated || is_flag(e)) {
        fst_buf_addc(out, '(');
        tr_expr(t, out, negated ? e->args[0] : e, s);
        fst_buf_adds(out, negated ? " = 0)" : " = 1)");
        return;
    }
    tr_expr(t, out, e, s);
    if (is_pattern_on_column(e))
        bounds_of_pattern(t, out, e, s);
}

/* What stands behind a term that may stop the statement must not keep rows from it: the sign hides
 * it from scans. */
void tr_condition(struct tr *t, struct fst_buf *out, const struct fst_expr *e,
                  const struct scope *s)
{
    const struct fst_expr *terms[TR_MAX_TERMS];
    size_t n = tr_conjuncts(e, terms);
    bool failed = false;
    fst_buf_addc(out, '(');
    for (size_t i = 0; i < n; i++) {
        fst_buf_adds(out, i ? " AND " : "");
        if (failed) {
            fst_buf_addc(out, '+');
            tr_expr(t, out, terms[i], s);
        } else {
            term(t, out, terms[i], s);
        }
        failed |= may_stop(terms[i]);
    }
    fst_buf_addc(out, ')');
}

/* ---- CASE and IN ----------------------------------------------------------------------------- */

/* Zero as a constant: -1 or 1 by its sign; 0 = it is none. */
static int zero_of(const struct fst_expr *e)
{
    if (e->kind == FST_EXPR_CAST)
        return zero_of(e->args[0]);
    if (e->kind == FST_EXPR_CALL && e->fn->id == FST_FN_NEGATE)
        return -zero_of(e->args[0]);
    bool is_zero = e->kind == FST_EXPR_LITERAL && !e->value.is_null && e->value.i == 0 &&
                   e->value.d == 0 && e->value.decimal == 0 && e->type.kind >= FST_BYTE &&
                   e->type.kind <= FST_DECIMAL;
    return !is_zero ? 0 : signbit(e->value.d) ? -1 : 1;
}

/* To Spark branches with zeros of both signs are alike: one of them is left. */
void tr_refuse_zeros(struct tr *t, const struct fst_expr *e)
{
    bool is_float = e->type.kind == FST_FLOAT || e->type.kind == FST_DOUBLE;
    unsigned signs = 0;
    for (size_t i = 0; is_float && i < e->n_args; i++)
        signs |= zero_of(e->args[i]) ? 1u << (zero_of(e->args[i]) > 0) : 0;
    if (signs == 3)
        tr_refuse(t, &e->place, "branches of 0.0 and -0.0");
}

static void case_when(struct tr *t, struct fst_buf *out, const struct fst_expr *e,
                      const struct scope *s)
{
    tr_refuse_zeros(t, e);
    fst_buf_adds(out, "(CASE");
    for (size_t i = 0; i + 1 < e->n_args; i += 2) {
        fst_buf_adds(out, " WHEN ");
        tr_expr(t, out, e->args[i], s);
        fst_buf_adds(out, " THEN ");
        tr_expr(t, out, e->args[i + 1], s);
    }
    if (e->n_args % 2) {
        fst_buf_adds(out, " ELSE ");
        tr_expr(t, out, e->args[e->n_args - 1], s);
    }
    fst_buf_adds(out, " END)");
}

static void list(struct tr *t, struct fst_buf *out, struct fst_expr **args, size_t n,
                 const struct scope *s)
{
    for (size_t i = 0; i < n; i++) {
        fst_buf_adds(out, i ? ", " : "");
        tr_expr(t, out, args[i], s);
    }
}

static void in_list(struct tr *t, struct fst_buf *out, const struct fst_expr *e,
                    const struct scope *s)
{
    for (size_t i = 1; i < e->n_args; i++)
        if (e->args[i]->type.kind == FST_DECIMAL &&
            e->args[i]->type.scale != e->args[0]->type.scale)
            tr_refuse(t, &e->place, "IN over decimals of unlike scales");
    bool unsure = false, fails = false;
    const struct fst_expr *value = e->args[0];
    for (size_t i = 1; i < e->n_args; i++)
        fails |= tr_may_fail(e->args[i]) && !tr_is_constant(e->args[i]);
    if (fails && value->nullable)
        unsure = tr_unsure_from(t, out, &value, 1, s);
    fst_buf_addc(out, '(');
    tr_expr(t, out, value, s);
    fst_buf_adds(out, " IN (");
    list(t, out, e->args + 1, e->n_args - 1, s);
    fst_buf_adds(out, unsure ? ")))" : "))");
}

/* ---- Subqueries ------------------------------------------------------------------------------ */

static void in_subquery(struct tr *t, struct fst_buf *out, const struct fst_expr *e,
                        const struct scope *s)
{
    fst_buf_adds(out, e->existence ? "coalesce((" : "((");
    list(t, out, e->args, e->n_args, s);
    fst_buf_adds(out, e->negated ? ") NOT IN (" : ") IN (");
    tr_subquery(t, out, e->query, false, true, s);
    fst_buf_adds(out, e->existence ? "), 0)" : "))");
}

static void wrapped_subquery(struct tr *t, struct fst_buf *out, const struct fst_expr *e,
                             const struct scope *s)
{
    bool scalar = e->kind == FST_EXPR_SCALAR;
    fst_buf_adds(out, scalar ? "(" : "EXISTS (");
    tr_subquery(t, out, e->query, scalar, scalar, s);
    fst_buf_addc(out, ')');
}

static void unary(struct tr *t, struct fst_buf *out, const struct fst_expr *e, const char *before,
                  const char *after, const struct scope *s)
{
    fst_buf_adds(out, before);
    tr_expr(t, out, e->args[0], s);
    fst_buf_adds(out, after);
}

/* Expressions that carry a nested value whole, whatever is in it. */
static bool carries_nested(const struct fst_expr *e)
{
    switch (e->kind) {
    case FST_EXPR_COLUMN:
    case FST_EXPR_VARIABLE:
    case FST_EXPR_IS_NULL:
    case FST_EXPR_CASE:
    case FST_EXPR_SCALAR:
        return true;
    case FST_EXPR_LITERAL:
        return e->value.is_null;
    case FST_EXPR_IN:
        for (size_t i = 0; i < e->n_args; i++)
            if (!fst_sql_is_nested_key(&e->args[i]->type) ||
                !fst_type_eq(&e->args[i]->type, &e->args[0]->type))
                return false;
        return true;
    case FST_EXPR_CAST:
        return tr_nested_cast(e);
    default:
        return e->fn && tr_nested_call(e);
    }
}

static bool sorts_nested(const struct fst_expr *e)
{
    for (size_t i = 0; e->call && i < e->call->n_partition; i++)
        if (fst_type_is_nested(&e->call->partition[i]->type))
            return true;
    for (size_t i = 0; e->call && i < e->call->n_order; i++)
        if (fst_type_is_nested(&e->call->order[i].expr->type))
            return true;
    return false;
}

static bool nested_ok(struct tr *t, const struct fst_expr *e)
{
    bool nested = fst_type_is_nested(&e->type);
    for (size_t i = 0; i < e->n_args; i++)
        nested |= fst_type_is_nested(&e->args[i]->type);
    bool fine = (!nested || carries_nested(e)) && !sorts_nested(e);
    if (!fine)
        tr_refuse(t, &e->place, "%s of nested values",
                  e->fn && e->fn->name ? e->fn->name : "this use");
    return fine;
}

void tr_expr(struct tr *t, struct fst_buf *out, const struct fst_expr *e, const struct scope *s)
{
    if (tr_failed(t) || !nested_ok(t, e))
        return;
    if (!tr_type_ok(&e->type)) {
        struct fst_buf type = FST_BUF(200);
        fst_type_text(&type, &e->type);
        tr_refuse(t, &e->place, "a value of type %s", fst_buf_text(&type));
        fst_buf_done(&type);
        return;
    }
    if (++t->depth > 400)
        tr_refuse(t, &e->place, "an expression nested this deep");
    switch (e->kind) {
    case FST_EXPR_LITERAL:
        literal(t, out, e);
        break;
    case FST_EXPR_COLUMN:
        column(t, out, e, s);
        break;
    case FST_EXPR_VARIABLE:
        tr_variable(t, out, e->index);
        break;
    case FST_EXPR_LAMBDA:
        tr_refuse(t, &e->place, "a lambda function here");
        break;
    case FST_EXPR_CALL:
        tr_call(t, out, e, s);
        break;
    case FST_EXPR_CAST:
        tr_cast(t, out, e, s);
        break;
    case FST_EXPR_AND:
    case FST_EXPR_OR:
        logic(t, out, e, s);
        break;
    case FST_EXPR_NOT:
        unary(t, out, e, "(NOT ", ")", s);
        break;
    case FST_EXPR_IS_NULL:
        unary(t, out, e, "(", " IS NULL)", s);
        break;
    case FST_EXPR_CASE:
        case_when(t, out, e, s);
        break;
    case FST_EXPR_IN:
        in_list(t, out, e, s);
        break;
    case FST_EXPR_IN_SUBQUERY:
        in_subquery(t, out, e, s);
        break;
    case FST_EXPR_EXISTS:
    case FST_EXPR_SCALAR:
        wrapped_subquery(t, out, e, s);
        break;
    case FST_EXPR_AGGREGATE:
        tr_aggregate(t, out, e, s);
        break;
    case FST_EXPR_WINDOW:
        tr_window(t, out, e, s);
        break;
    }
    t->depth--;
}
