/* Lambdas of a plan: each body is a statement of its own, "SELECT body", whose first parameters are
 * the lambda's variables; then come the values that it takes from outside, as further arguments of
 * the function that runs it (local_lambda.c). */
#include <string.h>

#include "local_call.h"
#include "local_fn.h"

enum { MAX_CAPTURES = 40, OWN_VARIABLES = 1000000 };

struct tr_lambda {
    uint32_t first, n; /* its variables, by number */
    char *captures[MAX_CAPTURES];
    size_t n_captures;
    struct tr_lambda *outer;
};

/* ---- From outside ---------------------------------------------------------------------------- */

static void capture(struct tr *t, struct fst_buf *out, struct tr_lambda *l, const char *text)
{
    size_t i = 0;
    while (i < l->n_captures && strcmp(l->captures[i], text) != 0)
        i++;
    if (i == MAX_CAPTURES) {
        struct fst_sql_place place = {.line = 1, .col = 1};
        tr_refuse(t, &place, "a lambda function over so many columns");
        return;
    }
    if (i == l->n_captures)
        l->captures[l->n_captures++] = fst_arena_strdup(t->arena, text);
    fst_buf_printf(out, "?%zu", l->n + i + 1);
}

void tr_from_outside(struct tr *t, struct fst_buf *out, const char *text)
{
    struct tr_lambda *l = t->lambda;
    if (!l) {
        fst_buf_adds(out, text);
        return;
    }
    struct fst_buf outer = FST_BUF_TEXT;
    t->lambda = l->outer;
    tr_from_outside(t, &outer, text);
    t->lambda = l;
    capture(t, out, l, fst_buf_text(&outer));
    fst_buf_done(&outer);
}

void tr_variable(struct tr *t, struct fst_buf *out, uint32_t number)
{
    struct tr_lambda *l = t->lambda;
    if (!l)
        return;
    if (number >= l->first && number < l->first + l->n) {
        fst_buf_printf(out, "?%u", number - l->first + 1);
        return;
    }
    struct fst_buf outer = FST_BUF_TEXT;
    t->lambda = l->outer;
    tr_variable(t, &outer, number);
    t->lambda = l;
    capture(t, out, l, fst_buf_text(&outer));
    fst_buf_done(&outer);
}

/* ---- Statements ------------------------------------------------------------------------------ */

static void quoted(struct fst_buf *out, const char *before, const struct fst_buf *text)
{
    fst_buf_printf(out, "'%s", before);
    for (size_t i = 0; i < text->n; i++) {
        if (text->p[i] == '\'')
            fst_buf_addc(out, '\'');
        fst_buf_addc(out, text->p[i]);
    }
    fst_buf_addc(out, '\'');
}

static void captures(struct fst_buf *out, const struct tr_lambda *l)
{
    for (size_t i = 0; i < l->n_captures; i++)
        fst_buf_printf(out, ", %s", l->captures[i]);
}

/* 'SELECT body', n: what every function of lambdas begins with. */
static void statement(struct tr *t, struct fst_buf *out, struct tr_lambda *l,
                      const struct fst_expr *body, const struct scope *s)
{
    struct fst_buf text = FST_BUF((size_t)4 << 20);
    l->outer = t->lambda;
    t->lambda = l;
    tr_expr(t, &text, body, s);
    t->lambda = l->outer;
    quoted(out, "SELECT ", &text);
    fst_buf_printf(out, ", %u, ", l->n);
    fst_buf_done(&text);
}

static void signature(struct fst_buf *out, const struct fst_type *type)
{
    fst_buf_addc(out, '\'');
    local_nest_signature(out, type);
    fst_buf_adds(out, "', ");
}

/* ---- Calls ----------------------------------------------------------------------------------- */

static const struct {
    enum fst_fn id;
    const char *name;
    uint8_t values; /* arguments before the lambda, each with its signature */
} calls[] = {
    {FST_FN_TRANSFORM, "nest_transform", 1},
    {FST_FN_FILTER, "nest_filter", 1},
    {FST_FN_EXISTS_IN, "nest_exists", 1},
    {FST_FN_FORALL, "nest_forall", 1},
    {FST_FN_ZIP_WITH, "nest_zip_with", 2},
    {FST_FN_MAP_FILTER, "nest_map_filter", 1},
    {FST_FN_TRANSFORM_KEYS, "nest_transform_keys", 1},
    {FST_FN_TRANSFORM_VALUES, "nest_transform_values", 1},
    {FST_FN_ARRAY_SORT, "nest_sort_by", 1},
};

static void values(struct tr *t, struct fst_buf *out, const struct fst_expr *e, size_t n,
                   const struct scope *s)
{
    for (size_t i = 0; i < n; i++) {
        fst_buf_adds(out, i ? ", " : "");
        tr_expr(t, out, e->args[i], s);
    }
}

/* nest_x(statement, n, signature of the body, signatures, values, captures) */
static void plain_call(struct tr *t, struct fst_buf *out, const char *name,
                       const struct fst_expr *e, size_t n, const struct scope *s)
{
    const struct fst_expr *lambda = e->args[n];
    struct tr_lambda l = {.first = lambda->index, .n = lambda->depth};
    fst_buf_printf(out, "%s(", name);
    statement(t, out, &l, lambda->args[0], s);
    signature(out, &lambda->type);
    for (size_t i = 0; i < n; i++)
        signature(out, &e->args[i]->type);
    values(t, out, e, n, s);
    captures(out, &l);
    fst_buf_addc(out, ')');
}

/* The last step is not taken where there was no array. */
static void fold(struct tr *t, struct fst_buf *out, const struct fst_expr *e, const struct scope *s)
{
    const struct fst_expr *merge = e->args[2], *last = e->args[3];
    struct tr_lambda m = {.first = merge->index, .n = merge->depth};
    struct tr_lambda l = {.first = last->index, .n = last->depth};
    bool finishes = last->args[0]->kind != FST_EXPR_VARIABLE;
    if (finishes) {
        fst_buf_adds(out, "(CASE WHEN ");
        tr_expr(t, out, e->args[0], s);
        fst_buf_adds(out, " IS NOT NULL THEN nest_apply(");
        statement(t, out, &l, last->args[0], s);
    }
    fst_buf_adds(out, "nest_fold(");
    statement(t, out, &m, merge->args[0], s);
    signature(out, &e->args[0]->type);
    values(t, out, e, 2, s);
    captures(out, &m);
    fst_buf_addc(out, ')');
    if (finishes) {
        captures(out, &l);
        fst_buf_adds(out, ") END)");
    }
}

bool tr_lambda_call(struct tr *t, struct fst_buf *out, const struct fst_expr *e,
                    const struct scope *s)
{
    if (e->fn->id == FST_FN_FOLD) {
        fold(t, out, e, s);
        return true;
    }
    for (size_t i = 0; i < FST_COUNT(calls); i++) {
        size_t n = calls[i].values;
        if (calls[i].id != e->fn->id || e->n_args <= n || e->args[n]->kind != FST_EXPR_LAMBDA)
            continue;
        plain_call(t, out, calls[i].name, e, n, s);
        return true;
    }
    return false;
}

/* ---- Casts ----------------------------------------------------------------------------------- */

static bool has_text(const struct fst_type *from)
{
    if (from->kind == FST_BINARY || from->kind == FST_INTERVAL_YM || from->kind == FST_INTERVAL_DT)
        return false;
    for (size_t i = 0; fst_type_is_nested(from) && i < from->n_fields; i++)
        if (!has_text(&from->fields[i].type))
            return false;
    return true;
}

static bool casts(const struct fst_type *from, const struct fst_type *to)
{
    if (!fst_type_is_nested(from))
        return !fst_type_is_nested(to) || from->kind == FST_VOID;
    if (to->kind == FST_STRING)
        return has_text(from);
    if (from->kind != to->kind || from->n_fields != to->n_fields || from->kind == FST_MAP)
        return fst_type_eq(from, to);
    for (size_t i = 0; i < from->n_fields; i++)
        if (!casts(&from->fields[i].type, &to->fields[i].type))
            return false;
    return true;
}

bool tr_nested_cast(const struct fst_expr *e)
{
    return casts(&e->args[0]->type, &e->type) && !e->is_try;
}

/* A lambda of our own: the number of its first variable is beyond those of the plan. */
static struct tr_lambda own_lambda(const struct tr *t, uint32_t n)
{
    uint32_t first = OWN_VARIABLES;
    for (const struct tr_lambda *l = t->lambda; l; l = l->outer)
        if (l->first >= OWN_VARIABLES)
            first += l->n;
    return (struct tr_lambda){.first = first, .n = n};
}

static struct fst_expr *cast_of(struct tr *t, struct fst_expr *value, const struct fst_type *to,
                                const struct fst_expr *whole)
{
    if (fst_type_eq(&value->type, to))
        return value;
    struct fst_expr *e = fst_arena_alloc(t->arena, sizeof *e);
    *e = (struct fst_expr){.kind = FST_EXPR_CAST, .type = *to, .place = whole->place, .text = ""};
    e->args = fst_arena_alloc(t->arena, sizeof *e->args);
    e->args[0] = value;
    e->n_args = 1;
    return e;
}

static struct fst_expr *variable_of(struct tr *t, const struct fst_type *type, uint32_t number,
                                    const struct fst_expr *whole)
{
    struct fst_expr *e = fst_arena_alloc(t->arena, sizeof *e);
    *e = (struct fst_expr){.kind = FST_EXPR_VARIABLE,
                           .type = *type,
                           .nullable = true,
                           .place = whole->place,
                           .index = number,
                           .text = ""};
    return e;
}

/* Begins nest_x('SELECT <text>', n, ...) with a body that is written by hand: `text` is what
 * tr_expr() wrote with `l` as the lambda. */
static void hand_made(struct fst_buf *out, const char *name, const struct tr_lambda *l,
                      struct fst_buf *text)
{
    fst_buf_printf(out, "%s(", name);
    quoted(out, "SELECT ", text);
    fst_buf_printf(out, ", %u, ", l->n);
    fst_buf_done(text);
}

static void array_cast(struct tr *t, struct fst_buf *out, const struct fst_expr *e,
                       const struct scope *s)
{
    const struct fst_type *from = &e->args[0]->type;
    struct tr_lambda l = own_lambda(t, 1);
    struct fst_type text = fst_type(FST_STRING);
    bool to_text = e->type.kind == FST_STRING;
    const struct fst_type *to = to_text ? &text : &e->type.fields[0].type;
    struct fst_expr *x = variable_of(t, &from->fields[0].type, l.first, e);
    fst_buf_adds(out, to_text ? "nest_array_text(" : "nest_transform(");
    statement(t, out, &l, cast_of(t, x, to, e), s);
    signature(out, to);
    signature(out, from);
    tr_expr(t, out, e->args[0], s);
    captures(out, &l);
    fst_buf_addc(out, ')');
}

static void map_cast(struct tr *t, struct fst_buf *out, const struct fst_expr *e,
                     const struct scope *s)
{
    const struct fst_type *from = &e->args[0]->type;
    struct tr_lambda l = own_lambda(t, 2);
    struct fst_buf text = FST_BUF_TEXT;
    l.outer = t->lambda;
    t->lambda = &l;
    for (uint32_t i = 0; i < 2; i++) {
        struct fst_expr *x = variable_of(t, &from->fields[i].type, l.first + i, e);
        fst_buf_adds(&text, i ? " || ' ->' || coalesce(' ' || " : "");
        tr_expr(t, &text, cast_of(t, x, &e->type, e), s);
        fst_buf_adds(&text, i ? ", ' null')" : "");
    }
    t->lambda = l.outer;
    hand_made(out, "nest_map_text", &l, &text);
    signature(out, &e->type);
    signature(out, from);
    tr_expr(t, out, e->args[0], s);
    captures(out, &l);
    fst_buf_addc(out, ')');
}

/* The fields of ?1, each cast: put together as a struct or as text. */
static void struct_cast(struct tr *t, struct fst_buf *out, const struct fst_expr *e,
                        const struct scope *s)
{
    const struct fst_type *from = &e->args[0]->type;
    struct tr_lambda l = own_lambda(t, (uint32_t)from->n_fields);
    struct fst_buf text = FST_BUF_TEXT;
    bool to_text = e->type.kind == FST_STRING;
    l.outer = t->lambda;
    t->lambda = &l;
    if (to_text) {
        fst_buf_adds(&text, "'{'");
    } else {
        fst_buf_adds(&text, "nest_make(");
        signature(&text, &e->type);
        text.n -= 2;
    }
    for (uint32_t i = 0; i < from->n_fields; i++) {
        struct fst_expr *x = variable_of(t, &from->fields[i].type, l.first + i, e);
        fst_buf_adds(&text, !to_text ? ", " : i ? " || ', ' || coalesce(" : " || coalesce(");
        tr_expr(t, &text, cast_of(t, x, to_text ? &e->type : &e->type.fields[i].type, e), s);
        fst_buf_adds(&text, to_text ? ", 'null')" : "");
    }
    fst_buf_adds(&text, to_text ? " || '}'" : ")");
    t->lambda = l.outer;
    hand_made(out, "nest_of_fields", &l, &text);
    signature(out, from);
    tr_expr(t, out, e->args[0], s);
    captures(out, &l);
    fst_buf_addc(out, ')');
}

void tr_cast_nested(struct tr *t, struct fst_buf *out, const struct fst_expr *e,
                    const struct scope *s)
{
    switch (fst_type_eq(&e->args[0]->type, &e->type) ? FST_VOID : e->args[0]->type.kind) {
    case FST_ARRAY:
        array_cast(t, out, e, s);
        break;
    case FST_MAP:
        map_cast(t, out, e, s);
        break;
    case FST_STRUCT:
        struct_cast(t, out, e, s);
        break;
    default:
        tr_expr(t, out, e->args[0], s);
        break;
    }
}
