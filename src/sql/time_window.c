/* window(time, duration[, slide[, start]]): as Spark does it, a column `window` beside those of
 * FROM, that stars leave out. Rows without a time are not there; with a slide, a row is there once
 * for each window that it is in. */
#include "resolve.h"

#include <string.h>
#include <strings.h>

enum { WINDOWS_MAX = 1000 };

struct time_window {
    struct fst_expr *time;
    int64_t duration, slide, start;
};

static bool is_window(const struct sx *s)
{
    return s->kind == SX_CALL && !s->over && s->n_kids >= 2 && s->n_kids <= 4 &&
           strcasecmp(s->name, "window") == 0;
}

static const struct sx *find_in(const struct sx *s)
{
    if (!s)
        return NULL;
    if (is_window(s))
        return s;
    for (size_t i = 0; i < s->n_kids; i++) {
        const struct sx *found = find_in(s->kids[i]);
        if (found)
            return found;
    }
    return NULL;
}

static const struct sx *find_window(const struct sx_select *s)
{
    const struct sx *found = NULL;
    for (size_t i = 0; i < s->n_items && !found; i++)
        found = find_in(s->items[i].expr);
    for (size_t i = 0; i < s->n_groups && !found; i++)
        found = find_in(s->groups[i]);
    return found;
}

/* '1 hour 30 minutes' or microseconds. */
static bool span_of(struct rx *rx, const struct where *w, const struct sx *s, int64_t *us)
{
    struct fst_expr *e = resolve_expr(rx, w, s);
    if (!e)
        return false;
    bool literal = e->kind == FST_EXPR_LITERAL && !e->value.is_null;
    if (literal && is_integral(&e->type)) {
        *us = e->value.i;
        return true;
    }
    if (literal && e->type.kind == FST_STRING && interval_micros(rx, e->value.s, us))
        return true;
    return rx_refuse(rx, &s->place, "this span of a window") != NULL;
}

static bool read_window(struct rx *rx, const struct where *w, const struct sx *s,
                        struct time_window *out)
{
    int64_t spans[3] = {0};
    if (!(out->time = resolve_expr(rx, w, s->kids[0])))
        return false;
    for (size_t i = 1; i < s->n_kids; i++)
        if (!span_of(rx, w, s->kids[i], &spans[i - 1]))
            return false;
    out->duration = spans[0];
    out->slide = s->n_kids > 2 ? spans[1] : spans[0];
    out->start = spans[2];
    struct fst_type clock = fst_type(FST_TIMESTAMP);
    if (out->time->type.kind == FST_DATE)
        out->time = coerce(rx, out->time, &clock);
    bool timed = out->time->type.kind == FST_TIMESTAMP || out->time->type.kind == FST_TIMESTAMP_NTZ;
    if (!timed || out->duration <= 0 || out->slide <= 0 || out->slide > out->duration ||
        out->start <= -out->slide || out->start >= out->slide ||
        (out->duration - 1) / out->slide >= WINDOWS_MAX || has_aggregate_call(out->time) ||
        has_window(out->time))
        return rx_refuse(rx, &s->place, "this form of window()") != NULL;
    return true;
}

/* ---- The relation with its column ------------------------------------------------------------ */

static struct fst_expr *column(struct rx *rx, const struct fst_rel *r, size_t i,
                               struct fst_sql_place place)
{
    struct fst_expr *e = make(rx, FST_EXPR_COLUMN, r->columns[i].type, r->columns[i].nullable,
                              place, r->columns[i].name);
    e->index = (uint32_t)i;
    return e;
}

static struct fst_expr *long_literal(struct rx *rx, int64_t v, struct fst_type type,
                                     struct fst_sql_place place)
{
    struct fst_expr *e = make(rx, FST_EXPR_LITERAL, type, false, place, "window");
    e->value.i = v;
    return e;
}

static struct fst_rel *with_time(struct rx *rx, struct fst_rel *input, const struct time_window *v,
                                 struct fst_sql_place place)
{
    if (!v->time->nullable)
        return input;
    struct fst_expr *none =
        make1(rx, FST_EXPR_IS_NULL, fst_type(FST_BOOLEAN), false, v->time, "window");
    struct fst_rel *r = make_rel(rx, FST_REL_FILTER, place, input);
    r->condition = make1(rx, FST_EXPR_NOT, fst_type(FST_BOOLEAN), false, none, "window");
    return r;
}

/* Every row once for each window that may hold it; the last column is how far back that starts. */
static struct fst_rel *slid(struct rx *rx, struct fst_rel *input, const struct time_window *v,
                            size_t n, struct fst_sql_place place)
{
    struct fst_type type = fst_type(FST_INTERVAL_DT);
    struct fst_rel *table = make_rel(rx, FST_REL_VALUES, place, NULL);
    set_columns(rx, table, 1);
    table->columns[0] = (struct fst_field){"back", type, false};
    table->n_rows = table->n_exprs = n;
    table->exprs = fst_arena_alloc(rx->a, n * sizeof *table->exprs);
    for (size_t i = 0; i < n; i++)
        table->exprs[i] = long_literal(rx, -(int64_t)i * v->slide, type, place);
    struct fst_rel *r = make_rel(rx, FST_REL_JOIN, place, input);
    r->right = table;
    r->join = FST_JOIN_INNER;
    set_columns(rx, r, input->n_columns + 1);
    if (input->n_columns)
        memcpy(r->columns, input->columns, input->n_columns * sizeof *r->columns);
    r->columns[input->n_columns] = table->columns[0];
    return r;
}

static struct fst_expr *struct_of(struct rx *rx, struct fst_expr *start, struct fst_expr *end,
                                  struct fst_sql_place place)
{
    struct fst_field *fields = fst_arena_alloc(rx->a, 2 * sizeof *fields);
    fields[0] = (struct fst_field){"start", start->type, true};
    fields[1] = (struct fst_field){"end", end->type, true};
    struct fst_type type = {.kind = FST_STRUCT, .n_fields = 2, .fields = fields};
    struct fst_expr *e = make(rx, FST_EXPR_CALL, type, false, place, "window");
    struct fst_expr *args[] = {start, end};
    set_args(rx, e, args, 2);
    e->fn = fst_sql_function("named_struct", 12);
    return e;
}

static struct fst_rel *with_window(struct rx *rx, struct fst_rel *input,
                                   const struct time_window *v, struct fst_sql_place place)
{
    struct fst_type span = fst_type(FST_INTERVAL_DT), whole = fst_type(FST_LONG);
    size_t n = input->n_columns, times = (size_t)((v->duration - 1) / v->slide) + 1;
    struct fst_rel *r = with_time(rx, input, v, place);
    if (times > 1)
        r = slid(rx, r, v, times, place);
    struct fst_expr *start =
        make(rx, FST_EXPR_CALL, v->time->type, v->time->nullable, place, "window");
    struct fst_expr *args[] = {v->time, long_literal(rx, v->slide, whole, place),
                               long_literal(rx, v->start, whole, place)};
    set_args(rx, start, args, 3);
    start->fn = operator_row(FST_FN_WINDOW_START);
    if (times > 1)
        start = operator_call(rx, FST_FN_TIMESTAMP_ADD_DT, start->type, start->nullable, start,
                              column(rx, r, n, place), place, "window");
    struct fst_expr *end =
        operator_call(rx, FST_FN_TIMESTAMP_ADD_DT, start->type, start->nullable, start,
                      long_literal(rx, v->duration, span, place), place, "window");
    if (times > 1) {
        struct fst_rel *held = make_rel(rx, FST_REL_FILTER, place, r);
        held->condition = comparison(rx, FST_FN_LT, v->time, end, place);
        r = held;
    }
    struct fst_expr **exprs = fst_arena_alloc(rx->a, (n + 1) * sizeof(struct fst_expr *));
    const char **names = fst_arena_alloc(rx->a, (n + 1) * sizeof *names);
    for (size_t i = 0; i < n; i++) {
        exprs[i] = column(rx, input, i, place);
        names[i] = input->columns[i].name;
    }
    exprs[n] = struct_of(rx, start, end, place);
    names[n] = "window";
    return project(rx, r, exprs, names, n + 1, place);
}

/* ---- Where it is asked for ------------------------------------------------------------------- */

bool add_time_window(struct rx *rx, const struct where *w, const struct sx_select *s,
                     struct scope *scope, struct fst_rel **rel)
{
    const struct sx *call = find_window(s);
    struct time_window *v = fst_arena_alloc(rx->a, sizeof *v);
    if (!call)
        return true;
    for (size_t i = 0; i < scope->n; i++)
        if (strcasecmp(scope->cols[i].name, "window") == 0)
            return rx_refuse(rx, &call->place, "window() beside a column window") != NULL;
    if (!read_window(rx, w, call, v))
        return false;
    *rel = with_window(rx, *rel, v, call->place);
    struct col *cols = fst_arena_alloc(rx->a, (scope->n + 1) * sizeof *cols);
    if (scope->n)
        memcpy(cols, scope->cols, scope->n * sizeof *cols);
    size_t last = (*rel)->n_columns - 1;
    cols[scope->n++] = (struct col){.name = "window",
                                    .type = (*rel)->columns[last].type,
                                    .apart = true,
                                    .index = (uint32_t)last};
    scope->cols = cols;
    scope->window = v;
    return true;
}

struct fst_expr *time_window_call(struct rx *rx, const struct where *w, const struct sx *s)
{
    const struct time_window *v = w->scope->window;
    struct time_window mine;
    if (!v || !is_window(s))
        return rx_refuse(rx, &s->place, "window() here");
    if (!read_window(rx, w, s, &mine))
        return NULL;
    if (!same_expr(v->time, mine.time) || v->duration != mine.duration || v->slide != mine.slide ||
        v->start != mine.start)
        return rx_refuse(rx, &s->place, "two window()s in one SELECT");
    const struct col *c = &w->scope->cols[w->scope->n - 1];
    struct fst_expr *e = make(rx, FST_EXPR_COLUMN, c->type, false, s->place, "window");
    e->index = c->index;
    return e;
}
