/* Functions of functions: transform, filter, aggregate, ... The lambda's variables get their types
 * from the arrays and maps, the result its type from the lambda's body. */
#include "call.h"

#include <string.h>
#include <strings.h>

enum { MAX_NESTING = 5 };

/* ---- Variables ------------------------------------------------------------------------------- */

struct fst_expr *resolve_variable(struct rx *rx, const struct where *w, const struct sx *s)
{
    for (const struct variables *v = w->variables; v; v = v->outer)
        for (size_t i = 0; i < v->n; i++) {
            if (strcasecmp(v->names[i], s->parts[0]) != 0)
                continue;
            struct fst_expr *e = v->exprs[i];
            for (size_t k = 1; e && k < s->n_parts; k++)
                e = field_of(rx, e, s->parts[k], s->place);
            return e;
        }
    return NULL;
}

/* A type that a variable of a lambda has. */
struct slot {
    struct fst_type type;
    bool nullable;
};

static struct slot slot_of(const struct fst_field *f)
{
    return (struct slot){f->type, f->nullable};
}

static const char *lambda_text(struct rx *rx, const struct fst_expr *body, size_t n)
{
    struct fst_buf b = FST_BUF_TEXT;
    fst_buf_printf(&b, "lambdafunction(%s", body->text);
    for (size_t i = 0; i < n; i++)
        fst_buf_adds(&b, ", namedlambdavariable()");
    fst_buf_addc(&b, ')');
    const char *text = text_of(rx, "%s", fst_buf_text(&b));
    fst_buf_done(&b);
    return text;
}

static struct fst_expr *lambda_node(struct rx *rx, const struct sx *s, const struct variables *v,
                                    struct fst_expr *body)
{
    struct fst_expr *e =
        make1(rx, FST_EXPR_LAMBDA, body->type, body->nullable, body, lambda_text(rx, body, v->n));
    e->place = s->place;
    e->index = v->first;
    e->depth = (uint32_t)v->n;
    return e;
}

/* The lambda `s` over variables of these types; it may name fewer than `most`, `least` at least. */
static struct fst_expr *lambda(struct rx *rx, const struct where *w, const struct sx *s,
                               const struct slot *slots, size_t least, size_t most)
{
    if (s->kind != SX_LAMBDA)
        return rx_refuse(rx, &s->place, "a function that is not written as one");
    if (s->n_parts < least || s->n_parts > most)
        return rx_fail(rx, &s->place, "INVALID_LAMBDA_FUNCTION_CALL.NUM_ARGS_MISMATCH", "42K0D",
                       "Invalid lambda function call. A higher order function expects %zu "
                       "arguments, but got %zu.",
                       s->n_parts, least);
    struct variables v = {.names = s->parts, .n = s->n_parts, .outer = w->variables};
    size_t nesting = 0;
    for (const struct variables *o = w->variables; o; o = o->outer, nesting++)
        v.first += (uint32_t)o->n;
    if (nesting >= MAX_NESTING)
        return rx_refuse(rx, &s->place, "lambda functions nested this deep");
    v.exprs = fst_arena_alloc(rx->a, v.n * sizeof *v.exprs);
    for (size_t i = 0; i < v.n; i++) {
        for (size_t k = 0; k < i; k++)
            if (strcasecmp(s->parts[i], s->parts[k]) == 0)
                return rx_refuse(rx, &s->place, "a lambda function with a name twice");
        v.exprs[i] = make(rx, FST_EXPR_VARIABLE, slots[i].type, slots[i].nullable, s->place,
                          "namedlambdavariable()");
        v.exprs[i]->index = v.first + (uint32_t)i;
    }
    struct where inner = *w;
    inner.variables = &v;
    struct fst_expr *body = resolve_expr(rx, &inner, s->kids[0]);
    if (body && (has_window(body) || has_aggregate_call(body)))
        return rx_refuse(rx, &s->place, "an aggregate or a window in a lambda function");
    return body ? lambda_node(rx, s, &v, body) : NULL;
}

/* ---- Calls ----------------------------------------------------------------------------------- */

struct ask {
    struct call c;
    const struct where *w;
};

/* Argument `i`, which is no lambda. */
static const struct fst_type *plain(struct ask *a, size_t i, enum fst_kind kind)
{
    struct call *c = &a->c;
    c->args[i] = resolve_expr(c->rx, a->w, c->s->kids[i]);
    if (!c->args[i])
        return NULL;
    if (c->args[i]->type.kind == kind || kind == FST_UNKNOWN)
        return &c->args[i]->type;
    return rx_refuse(c->rx, &c->s->place, "%s of %s", c->f->name,
                     type_sql(c->rx, &c->args[i]->type));
}

static struct fst_expr *function(struct ask *a, size_t i, const struct slot *slots, size_t least,
                                 size_t most)
{
    struct call *c = &a->c;
    return c->args[i] = lambda(c->rx, a->w, c->s->kids[i], slots, least, most);
}

static struct fst_expr *finish(struct ask *a, struct fst_type type, bool nullable)
{
    a->c.text = call_text(a->c.rx, a->c.f->name, a->c.args, a->c.n, false);
    return call_finish(&a->c, type, nullable);
}

static struct fst_expr *wrong_lambda(struct ask *a, size_t i, const char *wants)
{
    struct call *c = &a->c;
    static const char *const ordinals[] = {"first", "second", "third", "fourth"};
    c->text = call_text(c->rx, c->f->name, c->args, c->n, false);
    return rx_fail(c->rx, &c->s->place, "DATATYPE_MISMATCH.UNEXPECTED_INPUT_TYPE", "42K09",
                   "Cannot resolve \"%s\" due to data type mismatch: The %s parameter requires "
                   "the \"%s\" type, however \"%s\" has the type \"%s\".",
                   c->text, ordinals[i], wants, c->args[i]->text,
                   type_sql(c->rx, &c->args[i]->type));
}

/* transform, filter, exists, forall */
static struct fst_expr *of_array(struct ask *a)
{
    const struct fst_type *t = plain(a, 0, FST_ARRAY);
    if (!t)
        return NULL;
    enum fst_fn id = a->c.f->id;
    bool counts = id == FST_FN_TRANSFORM || id == FST_FN_FILTER;
    struct slot slots[] = {slot_of(&t->fields[0]), {fst_type(FST_INT), false}};
    struct fst_expr *l = function(a, 1, slots, 1, counts ? 2 : 1);
    bool nullable = a->c.args[0]->nullable;
    if (!l)
        return NULL;
    if (id == FST_FN_TRANSFORM)
        return finish(a, array_of(a->c.rx, l->type, l->nullable), nullable);
    if (l->type.kind == FST_STRING || l->type.kind == FST_VOID)
        return rx_refuse(a->c.rx, &l->place, "a condition that is %s", type_sql(a->c.rx, &l->type));
    if (l->type.kind != FST_BOOLEAN)
        return wrong_lambda(a, 1, "BOOLEAN");
    if (id == FST_FN_FILTER)
        return finish(a, *t, nullable);
    return finish(a, fst_type(FST_BOOLEAN), nullable || l->nullable);
}

/* aggregate, reduce */
static struct fst_expr *fold(struct ask *a)
{
    const struct fst_type *t = plain(a, 0, FST_ARRAY);
    const struct fst_type *zero = t ? plain(a, 1, FST_UNKNOWN) : NULL;
    if (!zero)
        return NULL;
    struct slot slots[] = {{*zero, true}, slot_of(&t->fields[0])};
    struct fst_expr *merge = function(a, 2, slots, 2, 2);
    if (!merge)
        return NULL;
    if (!fst_type_eq(&merge->type, zero) &&
        (fst_type_is_nested(zero) || zero->kind == FST_VOID || merge->type.kind == FST_VOID))
        return rx_refuse(a->c.rx, &merge->place, "aggregate from %s to %s", type_sql(a->c.rx, zero),
                         type_sql(a->c.rx, &merge->type));
    if (a->c.s->n_kids == 4) {
        if (!function(a, 3, slots, 1, 1))
            return NULL;
    } else {
        static const char *const acc[] = {"acc"};
        struct fst_expr *variable =
            make(a->c.rx, FST_EXPR_VARIABLE, *zero, true, a->c.s->place, "namedlambdavariable()");
        struct variables v = {.names = acc, .exprs = &variable, .n = 1};
        for (const struct variables *o = a->w->variables; o; o = o->outer)
            v.first += (uint32_t)o->n;
        variable->index = v.first;
        a->c.args[3] = lambda_node(a->c.rx, a->c.s, &v, variable);
        a->c.n = 4;
    }
    if (!fst_type_eq(&merge->type, zero))
        return wrong_lambda(a, 2, type_sql(a->c.rx, zero));
    const struct fst_expr *last = a->c.args[3];
    return finish(a, last->type, a->c.args[0]->nullable || last->nullable);
}

static struct fst_expr *zip(struct ask *a)
{
    const struct fst_type *x = plain(a, 0, FST_ARRAY), *y = x ? plain(a, 1, FST_ARRAY) : NULL;
    if (!y)
        return NULL;
    struct slot slots[] = {{x->fields[0].type, true}, {y->fields[0].type, true}};
    struct fst_expr *l = function(a, 2, slots, 2, 2);
    return l ? finish(a, array_of(a->c.rx, l->type, l->nullable),
                      a->c.args[0]->nullable || a->c.args[1]->nullable)
             : NULL;
}

/* map_filter, transform_keys, transform_values */
static struct fst_expr *of_map(struct ask *a)
{
    const struct fst_type *t = plain(a, 0, FST_MAP);
    if (!t)
        return NULL;
    struct slot slots[] = {slot_of(&t->fields[0]), slot_of(&t->fields[1])};
    struct fst_expr *l = function(a, 1, slots, 2, 2);
    bool nullable = a->c.args[0]->nullable;
    if (!l)
        return NULL;
    switch (a->c.f->id) {
    case FST_FN_TRANSFORM_KEYS:
        if (fst_type_is_nested(&l->type) || !fst_sql_is_nested_key(&l->type))
            return rx_refuse(a->c.rx, &l->place, "keys of %s", type_sql(a->c.rx, &l->type));
        return finish(a, map_of(a->c.rx, l->type, t->fields[1].type, t->fields[1].nullable),
                      nullable);
    case FST_FN_TRANSFORM_VALUES:
        return finish(a, map_of(a->c.rx, t->fields[0].type, l->type, l->nullable), nullable);
    default:
        if (l->type.kind == FST_STRING || l->type.kind == FST_VOID)
            return rx_refuse(a->c.rx, &l->place, "a condition that is %s",
                             type_sql(a->c.rx, &l->type));
        return l->type.kind == FST_BOOLEAN ? finish(a, *t, nullable)
                                           : wrong_lambda(a, 1, "BOOLEAN");
    }
}

static struct fst_expr *sort(struct ask *a)
{
    const struct fst_type *t = plain(a, 0, FST_ARRAY);
    if (!t)
        return NULL;
    struct slot slots[] = {slot_of(&t->fields[0]), slot_of(&t->fields[0])};
    struct fst_expr *l = function(a, 1, slots, 2, 2);
    if (!l)
        return NULL;
    if (l->type.kind != FST_INT)
        return rx_refuse(a->c.rx, &l->place, "a comparison that is %s",
                         type_sql(a->c.rx, &l->type));
    return finish(a, *t, a->c.args[0]->nullable);
}

static const struct {
    enum fst_fn id;
    struct fst_expr *(*make)(struct ask *a);
} makers[] = {
    {FST_FN_TRANSFORM, of_array},
    {FST_FN_FILTER, of_array},
    {FST_FN_EXISTS_IN, of_array},
    {FST_FN_FORALL, of_array},
    {FST_FN_FOLD, fold},
    {FST_FN_ZIP_WITH, zip},
    {FST_FN_MAP_FILTER, of_map},
    {FST_FN_TRANSFORM_KEYS, of_map},
    {FST_FN_TRANSFORM_VALUES, of_map},
    {FST_FN_ARRAY_SORT, sort},
};

bool takes_lambda(const struct sx *s, const struct fst_function *f)
{
    for (size_t i = 0; i < FST_COUNT(makers); i++)
        if (makers[i].id == f->id)
            return f->id != FST_FN_ARRAY_SORT || s->n_kids == 2;
    return false;
}

struct fst_expr *resolve_lambda_call(struct rx *rx, const struct where *w, const struct sx *s,
                                     const struct fst_function *f)
{
    if (s->n_kids < f->min_args || s->n_kids > f->max_args || s->distinct || s->filter ||
        s->nulls_given || s->over)
        return rx_refuse(rx, &s->place, "%s called like this", f->name);
    struct ask a = {.c = {.rx = rx, .f = f, .s = s, .n = s->n_kids}, .w = w};
    a.c.args = fst_arena_alloc(rx->a, 4 * sizeof *a.c.args);
    for (size_t i = 0; i < FST_COUNT(makers); i++)
        if (makers[i].id == f->id)
            return makers[i].make(&a);
    return NULL;
}
