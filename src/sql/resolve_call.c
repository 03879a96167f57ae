/* Calls of functions by the rows of functions.c: arguments counted, cast to what the row takes,
 * result typed; aggregates and windows dressed with what stands after the parenthesis. */
#include "call.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* ---- Arguments that are not written ---------------------------------------------------------- */

static void append(struct call *c, struct fst_expr *e)
{
    c->args[c->n++] = e;
}

static void add_defaults(struct call *c)
{
    struct fst_sql_place p = c->s->place;
    struct rx *rx = c->rx;
    switch (c->f->id) {
    case FST_FN_LPAD:
    case FST_FN_RPAD:
        if (c->n == 2)
            append(c, string_literal(rx, " ", p));
        break;
    case FST_FN_REPLACE:
        if (c->n == 2)
            append(c, string_literal(rx, "", p));
        break;
    case FST_FN_SUBSTRING:
        if (c->n == 2)
            append(c, int_literal(rx, INT32_MAX, p));
        break;
    case FST_FN_LOCATE:
    case FST_FN_REGEXP_EXTRACT:
    case FST_FN_REGEXP_EXTRACT_ALL:
        if (c->n == 2)
            append(c, int_literal(rx, 1, p));
        break;
    case FST_FN_OVERLAY:
        if (c->n == 3)
            append(c, int_literal(rx, -1, p));
        break;
    case FST_FN_REGEXP_INSTR:
        if (c->n == 2)
            append(c, int_literal(rx, 0, p));
        break;
    case FST_FN_REGEXP_REPLACE:
        if (c->n == 3)
            append(c, int_literal(rx, 1, p));
        break;
    case FST_FN_FROM_UNIXTIME:
        if (c->n == 1)
            append(c, string_literal(rx, "yyyy-MM-dd HH:mm:ss", p));
        break;
    case FST_FN_MONTHS_BETWEEN:
        if (c->n == 2) {
            struct fst_expr *yes =
                make(rx, FST_EXPR_LITERAL, fst_type(FST_BOOLEAN), false, p, "true");
            yes->value.i = 1;
            append(c, yes);
        }
        break;
    case FST_FN_LOG:
        if (c->n == 1) {
            struct fst_expr *e = make(rx, FST_EXPR_LITERAL, fst_type(FST_DOUBLE), false, p, "E()");
            e->value.d = 2.718281828459045;
            c->args[1] = c->args[0];
            c->args[0] = e;
            c->n = 2;
        }
        break;
    default:
        break;
    }
}

static void *wrong_count(struct rx *rx, const struct sx *s, const struct fst_function *f, size_t n)
{
    char wants[32];
    if (f->max_args == 255)
        snprintf(wants, sizeof wants, f->id == FST_FN_COUNT ? " >= %d" : "> %d",
                 f->id == FST_FN_COUNT ? f->min_args : f->min_args - 1);
    else if (f->min_args == f->max_args)
        snprintf(wants, sizeof wants, "%d", f->min_args);
    else
        snprintf(wants, sizeof wants, "[%d, %d]", f->min_args, f->max_args);
    bool nowhere = f->id == FST_FN_COALESCE || f->id == FST_FN_GREATEST || f->id == FST_FN_LEAST;
    return rx_fail(rx, nowhere && f->max_args == 255 ? NULL : &s->place,
                   f->id == FST_FN_COUNT ? "WRONG_NUM_ARGS.WITH_SUGGESTION"
                                         : "WRONG_NUM_ARGS.WITHOUT_SUGGESTION",
                   "42605", "The `%s` requires %s parameters but the actual number is %zu.",
                   f->name, wants, n);
}

struct fst_expr *call_function(struct rx *rx, const struct where *w, const struct sx *s,
                               const struct fst_function *f, struct fst_expr **args, size_t n)
{
    (void)w;
    bool trims = f->id == FST_FN_TRIM || f->id == FST_FN_LTRIM || f->id == FST_FN_RTRIM;
    bool words = trims && n == 2; /* trim(BOTH x FROM y), trim(x, y) */
    if (!words && (n < f->min_args || n > f->max_args))
        return wrong_count(rx, s, f, n);
    struct call c = {.rx = rx, .f = f, .s = s, .n = n};
    c.args = fst_arena_alloc(rx->a, (n + 5) * sizeof *args);
    for (size_t i = 0; i < n; i++)
        c.args[i] = args[i];
    add_defaults(&c);
    const char *shown = strcmp(f->name, "dateadd") == 0   ? "date_add"
                        : strcmp(f->name, "curdate") == 0 ? "current_date"
                                                          : f->name;
    c.text = call_text(rx, shown, c.args, c.n, s->distinct);
    if (call_is_unsure(&c))
        return NULL;
    struct fst_expr *e = call_special(&c);
    if (e || rx->status != FST_OK)
        return e;
    if (!call_cast_arguments(&c))
        return NULL;
    if ((f->id == FST_FN_MIN || f->id == FST_FN_MAX) && !call_orderable(&c, 0))
        return NULL;
    if ((f->id == FST_FN_MIN_BY || f->id == FST_FN_MAX_BY) && !call_orderable(&c, 1))
        return NULL;
    struct fst_type type = c.n ? c.args[0]->type : fst_type(FST_VOID);
    if (f->gives[0] != '0' && fst_type_parse(rx->a, f->gives, &type, NULL) != FST_OK)
        return rx_refuse(rx, &s->place, "%s()", f->name);
    return call_finish(&c, type, call_nullable(&c, f->nulls));
}

/* ---- Timestamps by unit ---------------------------------------------------------------------- */

static const char *unit_of(const struct sx *s)
{
    static const char *const units[] = {"MICROSECOND", "MILLISECOND", "SECOND",    "MINUTE",
                                        "HOUR",        "DAY",         "DAYOFYEAR", "WEEK",
                                        "MONTH",       "QUARTER",     "YEAR"};
    if (s->kind != SX_NAME || s->n_parts != 1)
        return NULL;
    for (size_t i = 0; i < FST_COUNT(units); i++)
        if (strcasecmp(s->parts[0], units[i]) == 0)
            return units[i];
    return NULL;
}

static bool is_unit_call(const struct sx *s, bool *adds)
{
    static const char *const adders[] = {"timestampadd", "dateadd", "date_add"},
                             *const differs[] = {"timestampdiff", "datediff", "date_diff",
                                                 "timediff"};
    if (s->n_kids != 3 || !unit_of(s->kids[0]))
        return false;
    for (size_t i = 0; i < FST_COUNT(adders); i++)
        if (strcasecmp(s->name, adders[i]) == 0)
            return *adds = true;
    for (size_t i = 0; i < FST_COUNT(differs); i++)
        if (strcasecmp(s->name, differs[i]) == 0)
            return !(*adds = false);
    return false;
}

static struct fst_expr *unit_call(struct rx *rx, const struct where *w, const struct sx *s,
                                  bool adds)
{
    struct fst_expr *args[3] = {string_literal(rx, unit_of(s->kids[0]), s->kids[0]->place)};
    for (size_t i = 1; i < 3; i++)
        if (!(args[i] = resolve_expr(rx, w, s->kids[i])))
            return NULL;
    const char *name = adds ? "timestampadd" : "timestampdiff";
    struct call c = {
        .rx = rx, .s = s, .args = args, .n = 3, .f = fst_sql_function(name, strlen(name))};
    c.text =
        text_of(rx, "%s(%s, %s, %s)", name, s->kids[0]->parts[0], args[1]->text, args[2]->text);
    args[1] = adds ? call_argument(&c, 1, 'l') : call_argument(&c, 1, 'T');
    args[2] = args[1] ? call_argument(&c, 2, adds ? 't' : 'T') : NULL;
    if (!args[2])
        return NULL;
    return call_finish(&c, adds ? args[2]->type : fst_type(FST_LONG),
                       args[1]->nullable || args[2]->nullable);
}

static bool is_second(const char *field)
{
    static const char *const names[] = {"second", "seconds", "s", "sec", "secs"};
    for (size_t i = 0; i < FST_COUNT(names); i++)
        if (strcasecmp(field, names[i]) == 0)
            return true;
    return false;
}

struct fst_expr *resolve_extract(struct rx *rx, const struct where *w, const struct sx *s)
{
    static const struct {
        const char *field, *function;
    } rows[] = {
        {"year", "year"},        {"years", "year"},
        {"quarter", "quarter"},  {"month", "month"},
        {"months", "month"},     {"week", "weekofyear"},
        {"weeks", "weekofyear"}, {"day", "day"},
        {"days", "day"},         {"dayofweek", "dayofweek"},
        {"dow", "dayofweek"},    {"doy", "dayofyear"},
        {"hour", "hour"},        {"hours", "hour"},
        {"minute", "minute"},    {"minutes", "minute"},
        {"y", "year"},           {"yr", "year"},
        {"yrs", "year"},         {"qtr", "quarter"},
        {"mon", "month"},        {"mons", "month"},
        {"w", "weekofyear"},     {"d", "day"},
        {"h", "hour"},           {"hr", "hour"},
        {"hrs", "hour"},         {"m", "minute"},
        {"min", "minute"},       {"mins", "minute"},
    };
    struct fst_expr *source = resolve_expr(rx, w, s->kids[0]);
    if (!source)
        return NULL;
    const char *text = text_of(rx, "extract(%s FROM %s)", s->name, source->text);
    if (is_interval(&source->type))
        return interval_extract(rx, source, s->name, s->place, text);
    for (size_t i = 0; i < FST_COUNT(rows); i++) {
        if (strcasecmp(s->name, rows[i].field) != 0)
            continue;
        const struct fst_function *f = fst_sql_function(rows[i].function, strlen(rows[i].function));
        struct fst_expr *e = call_function(rx, w, s, f, &source, 1);
        if (e)
            e->text = text;
        return e;
    }
    if (is_second(s->name)) {
        struct call c = {.rx = rx, .s = s, .args = &source, .n = 1, .text = text};
        c.f = operator_row(FST_FN_SECOND_FRACTION);
        source = call_argument(&c, 0, 't');
        return source ? call_finish(&c, fst_type_decimal(8, 6), source->nullable) : NULL;
    }
    static const struct {
        const char *field;
        enum fst_fn id;
    } iso[] = {{"yearofweek", FST_FN_YEAROFWEEK},
               {"dayofweek_iso", FST_FN_DAYOFWEEK_ISO},
               {"dow_iso", FST_FN_DAYOFWEEK_ISO}};
    for (size_t i = 0; i < FST_COUNT(iso); i++)
        if (strcasecmp(s->name, iso[i].field) == 0) {
            struct call c = {.rx = rx, .s = s, .args = &source, .n = 1, .text = text};
            c.f = operator_row(iso[i].id);
            source = call_argument(&c, 0, 'D');
            return source ? call_finish(&c, fst_type(FST_INT), source->nullable) : NULL;
        }
    return rx_fail(rx, &s->place, "INVALID_EXTRACT_FIELD", "42601",
                   "Cannot extract `%s` from \"%s\".", s->name, source->text);
}

/* date_part('year', x): the field is a literal. */
static struct fst_expr *date_part(struct rx *rx, const struct where *w, const struct sx *s)
{
    struct fst_expr *field = s->n_kids == 2 ? resolve_expr(rx, w, s->kids[0]) : NULL;
    if (rx->status != FST_OK)
        return NULL;
    if (!field || field->kind != FST_EXPR_LITERAL || field->type.kind != FST_STRING ||
        field->value.is_null || s->distinct || s->filter || s->over)
        return rx_refuse(rx, &s->place, "%s without a literal field", s->name);
    struct sx copy = *s;
    copy.kids = s->kids + 1;
    copy.n_kids = 1;
    copy.name = field->text;
    struct fst_expr *e = resolve_extract(rx, w, &copy);
    if (e) {
        const struct fst_expr *source = e->n_args ? e->args[0] : e;
        e->text = strcasecmp(s->name, "datepart") == 0
                      ? text_of(rx, "datepart(%s FROM %s)", field->text, source->text)
                      : text_of(rx, "date_part(%s, %s)", field->text, source->text);
    }
    return e;
}

/* ---- The call as written --------------------------------------------------------------------- */

static void *unknown_function(struct rx *rx, const struct sx *s)
{
    if (is_spark_function(s->name) || strncmp(s->name, "st_", 3) == 0)
        return rx_refuse(rx, &s->place, "function %s", s->name);
    return rx_fail(rx, &s->place, "UNRESOLVED_ROUTINE", "42883",
                   "Cannot resolve routine `%s` on search path [`system`.`builtin`, "
                   "`system`.`session`, `spark_catalog`.`default`].",
                   s->name);
}

/* Arguments with stars spread out; count(*) keeps none. */
static struct fst_expr **arguments(struct rx *rx, const struct where *w, const struct sx *s,
                                   const struct fst_function *f, size_t *n)
{
    struct where inner = *w;
    if (f->kind == FST_FN_AGGREGATE && !s->over)
        inner.in_aggregate = true;
    if (s->over)
        inner.in_window = true;
    struct fst_expr **out = NULL;
    size_t cap = 0;
    *n = 0;
    rx_grow(rx, &out, &cap, 0, s->n_kids + 1, sizeof *out);
    for (size_t i = 0; i < s->n_kids && rx->status == FST_OK; i++) {
        struct fst_expr *one, **many = &one;
        size_t count = 1;
        if (s->kids[i]->kind == SX_STAR)
            expand_star(rx, &inner, s->kids[i], &many, &count);
        else
            one = resolve_expr(rx, &inner, s->kids[i]);
        if (s->kids[i]->kind == SX_STAR && count && rx->status == FST_OK && many[0]->fn)
            rx_refuse(rx, &s->kids[i]->place, "the fields of a struct as arguments");
        rx_grow(rx, &out, &cap, *n, *n + count + 1, sizeof *out);
        for (size_t k = 0; k < count; k++)
            out[(*n)++] = many[k];
    }
    return rx->status == FST_OK ? out : NULL;
}

static bool counts_rows(const struct sx *s, const struct fst_function *f)
{
    return f->id == FST_FN_COUNT && s->n_kids == 1 && s->kids[0]->kind == SX_STAR &&
           s->kids[0]->n_parts == 0 && s->kids[0]->n_kids == 0 && !s->distinct;
}

static struct fst_expr *checked_filter(struct rx *rx, const struct where *w, const struct sx *s)
{
    struct where inner = *w;
    inner.in_aggregate = true;
    struct fst_expr *filter = resolve_expr(rx, &inner, s->filter);
    if (!filter)
        return NULL;
    if (filter->type.kind != FST_BOOLEAN)
        return rx_fail(rx, &s->place, "INVALID_AGGREGATE_FILTER.NOT_BOOLEAN", "42903",
                       "The FILTER expression \"%s\" in an aggregate function is invalid. Expected "
                       "a FILTER expression of the BOOLEAN type.",
                       filter->text);
    if (has_aggregate_call(filter) || has_window(filter))
        return rx_refuse(rx, &s->filter->place, "an aggregate or a window in FILTER");
    return filter;
}

/* DISTINCT, FILTER and IGNORE NULLS of an aggregate. */
static struct fst_expr *dress(struct rx *rx, const struct where *w, const struct sx *s,
                              struct fst_expr *e)
{
    if (!e->call)
        e->call = fst_arena_alloc(rx->a, sizeof *e->call);
    e->call->distinct = s->distinct;
    if (s->distinct &&
        (e->fn->id == FST_FN_FIRST || e->fn->id == FST_FN_LAST || e->fn->id == FST_FN_MEDIAN ||
         e->fn->id == FST_FN_MIN_BY || e->fn->id == FST_FN_MAX_BY))
        return rx_refuse(rx, &s->place, "%s(DISTINCT)", e->fn->name);
    if (s->filter) {
        e->call->filter = checked_filter(rx, w, s);
        if (!e->call->filter)
            return NULL;
        e->text = text_of(rx, "%s FILTER (WHERE %s)", e->text, e->call->filter->text);
    }
    return e;
}

static void *bad_syntax(struct rx *rx, const struct sx *s, const char *what)
{
    return rx_fail(rx, &s->place, "INVALID_SQL_SYNTAX.FUNCTION_WITH_UNSUPPORTED_SYNTAX", "42000",
                   "Invalid SQL syntax: The function `%s` does not support %s.", s->name, what);
}

static struct fst_expr *scalar_call(struct rx *rx, const struct where *w, const struct sx *s,
                                    const struct fst_function *f)
{
    size_t n;
    if (s->distinct)
        return bad_syntax(rx, s, "DISTINCT");
    if (s->filter)
        return bad_syntax(rx, s, "FILTER CLAUSE");
    if (s->nulls_given)
        return bad_syntax(rx, s, s->ignore_nulls ? "IGNORE NULLS" : "RESPECT NULLS");
    struct fst_expr **args = arguments(rx, w, s, f, &n);
    struct fst_expr *e = args ? call_function(rx, w, s, f, args, n) : NULL;
    if (e && s->over)
        return rx_fail(rx, &s->place, "UNSUPPORTED_EXPR_FOR_WINDOW", "42P20",
                       "Expression \"%s\" not supported within a window function.", e->text);
    return e;
}

static bool check_nesting(struct rx *rx, const struct where *w, const struct sx *s,
                          struct fst_expr **args, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (has_window(args[i]))
            rx_refuse(rx, &args[i]->place, "a window inside an aggregate or a window");
        if (has_aggregate_call(args[i]) && !s->over)
            rx_fail(rx, &args[i]->place, "NESTED_AGGREGATE_FUNCTION", "42607",
                    "It is not allowed to use an aggregate function in the argument of another "
                    "aggregate function. Please use the inner aggregate function in a sub-query.");
    }
    (void)w;
    return rx->status == FST_OK;
}

/* percentile(x, array(p, q)) and its kin. */
static bool takes_shares(const struct fst_function *f, struct fst_expr **args, size_t n)
{
    return (f->id == FST_FN_PERCENTILE || f->id == FST_FN_PERCENTILE_APPROX) && n >= 2 &&
           args[1]->kind == FST_EXPR_CALL && args[1]->n_args &&
           strcmp(args[1]->fn->name, "array") == 0;
}

/* Spark takes decimals through doubles, which hold 15 digits exactly. (Alone, not in an array, they
 * come with as many digits as they need, whatever the type says: refused.) */
static bool goes_through_double(const struct sx *s, const struct fst_function *f,
                                const struct fst_expr *arg)
{
    return f->id == FST_FN_PERCENTILE_APPROX && !s->over && arg->type.kind == FST_DECIMAL &&
           arg->type.precision <= 15;
}

static struct fst_expr *through_double(struct rx *rx, const struct where *w, const struct sx *s,
                                       const struct fst_function *f, struct fst_expr **args,
                                       size_t n)
{
    struct fst_type type = args[0]->type, real = fst_type(FST_DOUBLE);
    args[0] = coerce(rx, args[0], &real);
    struct fst_expr *e = call_function(rx, w, s, f, args, n);
    e = e ? dress(rx, w, s, e) : NULL;
    return e ? coerce(rx, e, &type) : NULL;
}

static struct fst_expr *share_of(struct rx *rx, const struct where *w, const struct sx *s,
                                 const struct fst_function *f, struct fst_expr **args, size_t n,
                                 struct fst_expr *share)
{
    struct fst_expr *one[3] = {args[0], share->kind == FST_EXPR_CAST ? share->args[0] : share,
                               n > 2 ? args[2] : NULL};
    if (goes_through_double(s, f, one[0]))
        return through_double(rx, w, s, f, one, n);
    struct fst_expr *e = call_function(rx, w, s, f, one, n);
    return e ? dress(rx, w, s, e) : NULL;
}

/* An array of what each share gives; NULL where there is no value. */
static struct fst_expr *shares_call(struct rx *rx, const struct where *w, const struct sx *s,
                                    const struct fst_function *f, struct fst_expr **args, size_t n)
{
    struct fst_expr *list = args[1];
    size_t n_shares = list->n_args;
    if (s->distinct || s->over || n > 3 || (f->id == FST_FN_PERCENTILE && n > 2))
        return rx_refuse(rx, &s->place, "this form of %s at several shares", f->name);
    struct fst_expr **values = fst_arena_alloc(rx->a, n_shares * sizeof *values);
    for (size_t i = 0; i < n_shares; i++)
        if (!(values[i] = share_of(rx, w, s, f, args, n, list->args[i])))
            return NULL;
    struct fst_field *element = fst_arena_alloc(rx->a, sizeof *element);
    *element = (struct fst_field){"element", values[0]->type, false};
    struct fst_type type = {.kind = FST_ARRAY, .n_fields = 1, .fields = element};
    struct fst_expr *all = make(rx, FST_EXPR_CALL, type, false, s->place, "shares");
    all->fn = list->fn;
    set_args(rx, all, values, n_shares);
    struct fst_expr *none =
        make1(rx, FST_EXPR_IS_NULL, fst_type(FST_BOOLEAN), false, values[0], "shares");
    const char *text = f->id == FST_FN_PERCENTILE
                           ? text_of(rx, "%s(%s, %s, 1)", f->name, args[0]->text, list->text)
                           : text_of(rx, "%s(%s, %s, %s)", f->name, args[0]->text, list->text,
                                     n > 2 ? args[2]->text : "10000");
    const struct fst_expr *first =
        values[0]->kind == FST_EXPR_CAST ? values[0]->args[0] : values[0];
    if (s->filter)
        text = text_of(rx, "%s FILTER (WHERE %s)", text, first->call->filter->text);
    struct fst_expr *e = make(rx, FST_EXPR_CALL, type, true, s->place, text);
    struct fst_expr *branches[] = {none, coerce(rx, null_literal(rx, s->place), &type), all};
    set_args(rx, e, branches, 3);
    e->fn = fst_sql_function("if", 2);
    return e;
}

static struct fst_expr *aggregate_call(struct rx *rx, const struct where *w, const struct sx *s,
                                       const struct fst_function *f)
{
    struct fst_expr **args = NULL;
    size_t n = 0;
    if (is_ordered_set(s, f)) {
        struct fst_expr *e = ordered_set(rx, w, s, f);
        e = e ? dress(rx, w, s, e) : NULL;
        return e && s->over ? window_call(rx, w, s, e) : e;
    }
    if (s->ignore_nulls && f->id != FST_FN_FIRST && f->id != FST_FN_LAST)
        return rx_refuse(rx, &s->place, "%s with IGNORE NULLS", f->name);
    if (f->id == FST_FN_COUNT && s->n_kids == 1 && s->kids[0]->kind == SX_STAR &&
        s->kids[0]->n_parts && !s->distinct)
        return rx_fail(rx, NULL, "INVALID_USAGE_OF_STAR_WITH_TABLE_IDENTIFIER_IN_COUNT", "42000",
                       "count(%s.*) is not allowed. Use count(*) or expand the columns manually.",
                       s->kids[0]->parts[0]);
    if (counts_rows(s, f)) {
        n = 1;
        args = fst_arena_alloc(rx->a, 2 * sizeof *args);
        args[0] = int_literal(rx, 1, s->place);
    } else if (!(args = arguments(rx, w, s, f, &n))) {
        return NULL;
    }
    if (!check_nesting(rx, w, s, args, n))
        return NULL;
    if (takes_shares(f, args, n))
        return shares_call(rx, w, s, f, args, n);
    struct fst_expr *e = call_function(rx, w, s, f, args, n);
    if (e && e->kind != FST_EXPR_AGGREGATE)
        return rx_refuse(rx, &s->place, "%s here", f->name);
    if (e && e->fn->id == FST_FN_COUNT && e->n_args == 0) {
        static const struct fst_function all = {
            "count", FST_FN_COUNT_ALL, FST_FN_AGGREGATE, 0, 0, "", "bigint",
            'n',     "count(*)",       "number of rows"};
        e->fn = &all;
    }
    if (e && s->nulls_given && s->ignore_nulls && strcmp(f->name, "any_value") != 0)
        e->text = text_of(rx, "%s(%s)", f->id == FST_FN_FIRST ? "first" : "last", args[0]->text);
    e = e ? dress(rx, w, s, e) : NULL;
    return e && s->over ? window_call(rx, w, s, e) : e;
}

/* grouping() stands only where the groups are known, and by itself. */
static bool no_grouping_here(const struct where *w, const struct sx *s)
{
    return w->in_aggregate || s->distinct || s->filter || s->over ||
           (strcmp(w->clause, "SELECT") != 0 && strcmp(w->clause, "HAVING") != 0 &&
            strcmp(w->clause, "ORDER BY") != 0);
}

struct fst_expr *resolve_call(struct rx *rx, const struct where *w, const struct sx *s)
{
    bool adds;
    if (s->n_parts && names_column(rx, w, s))
        return rx->status == FST_OK ? resolve_name(rx, w, s) : NULL;
    if (is_unit_call(s, &adds))
        return unit_call(rx, w, s, adds);
    if (strcasecmp(s->name, "window") == 0 && !s->over)
        return time_window_call(rx, w, s);
    if (is_generator(s))
        return misplaced_generator(rx, w, s);
    const struct fst_function *f = fst_sql_function(s->name, strlen(s->name));
    if (!f || f->id == FST_FN_TIMESTAMP_ADD || f->id == FST_FN_TIMESTAMP_DIFF)
        return f ? rx_fail(rx, &s->place, "UNRESOLVED_ROUTINE", "42883",
                           "Cannot resolve routine `%s`.", s->name)
                 : unknown_function(rx, s);
    if ((f->id == FST_FN_GROUPING || f->id == FST_FN_GROUPING_ID) && no_grouping_here(w, s))
        return rx_refuse(rx, &s->place, "%s() here", f->name);
    if (takes_lambda(s, f))
        return resolve_lambda_call(rx, w, s, f);
    if (f->id == FST_FN_REWRITTEN && strncmp(f->name, "date", 4) == 0)
        return date_part(rx, w, s);
    if (f->kind == FST_FN_AGGREGATE)
        return aggregate_call(rx, w, s, f);
    if (f->kind == FST_FN_WINDOW)
        return window_call(rx, w, s, NULL);
    return scalar_call(rx, w, s, f);
}

/* ---- What is below an expression ------------------------------------------------------------- */

static bool has_kind(const struct fst_expr *e, enum fst_expr_kind kind)
{
    if (e->kind == kind)
        return true;
    for (size_t i = 0; i < e->n_args; i++)
        if (has_kind(e->args[i], kind))
            return true;
    if (!e->call)
        return false;
    for (size_t i = 0; i < e->call->n_partition; i++)
        if (has_kind(e->call->partition[i], kind))
            return true;
    for (size_t i = 0; i < e->call->n_order; i++)
        if (has_kind(e->call->order[i].expr, kind))
            return true;
    return e->call->filter && has_kind(e->call->filter, kind);
}

bool has_window(const struct fst_expr *e)
{
    return has_kind(e, FST_EXPR_WINDOW);
}

bool has_aggregate_call(const struct fst_expr *e)
{
    return has_kind(e, FST_EXPR_AGGREGATE);
}

bool has_aggregate(const struct sx *s)
{
    if (s->kind == SX_CALL && !s->over) {
        const struct fst_function *f = fst_sql_function(s->name, strlen(s->name));
        if (f && f->kind == FST_FN_AGGREGATE)
            return true;
    }
    for (size_t i = 0; i < s->n_kids; i++)
        if (has_aggregate(s->kids[i]))
            return true;
    for (size_t i = 0; s->over && i < s->over->n_partition; i++)
        if (has_aggregate(s->over->partition[i]))
            return true;
    for (size_t i = 0; s->over && i < s->over->n_order; i++)
        if (has_aggregate(s->over->order[i].expr))
            return true;
    return s->filter && has_aggregate(s->filter);
}

bool has_over(const struct sx *s)
{
    if (s->kind == SX_CALL && s->over)
        return true;
    for (size_t i = 0; i < s->n_kids; i++)
        if (has_over(s->kids[i]))
            return true;
    return s->filter && has_over(s->filter);
}
