/* Ordered sets: listagg, percentile_cont and percentile_disc with WITHIN GROUP (ORDER BY x). */
#include "call.h"

#include <string.h>

struct within {
    struct rx *rx;
    struct where inner;
    const struct sx *s;
    const struct fst_function *f;
};

static struct fst_expr *argument(struct within *w, const struct sx *s)
{
    struct fst_expr *e = resolve_expr(w->rx, &w->inner, s);
    if (e && (has_window(e) || has_aggregate_call(e)))
        return rx_refuse(w->rx, &s->place, "this in %s()", w->f->name);
    return e;
}

static struct fst_expr *percentile(struct within *w)
{
    struct rx *rx = w->rx;
    const struct sx_key *k = w->s->within;
    if (w->s->n_kids != 1 || w->s->n_within != 1 || k->nulls_given || w->s->distinct)
        return rx_refuse(rx, &w->s->place, "%s() like this", w->f->name);
    struct fst_expr *args[2] = {argument(w, k->expr), NULL};
    struct fst_expr *share = args[0] ? argument(w, w->s->kids[0]) : NULL;
    if (!share)
        return NULL;
    args[1] = share;
    struct fst_expr *e =
        call_function(rx, &w->inner, w->s, fst_sql_function("percentile", 10), args, 2);
    if (!e)
        return NULL;
    const struct fst_expr *p = e->args[1];
    if (e->kind != FST_EXPR_AGGREGATE || p->kind != FST_EXPR_LITERAL ||
        p->type.kind != FST_DOUBLE || p->value.is_null || e->type.kind != FST_DOUBLE)
        return rx_refuse(rx, &w->s->place, "%s() like this", w->f->name);
    bool disc = w->f->id == FST_FN_PERCENTILE_DISC;
    struct fst_expr *all[3] = {e->args[0], e->args[1], int_literal(rx, k->descending, w->s->place)};
    e->fn = w->f;
    set_args(rx, e, all, disc || k->descending ? 3 : 2);
    e->text = text_of(rx, "%s(%s) WITHIN GROUP (ORDER BY %s%s)", w->f->name, share->text,
                      args[0]->text, k->descending ? " DESC" : "");
    return e;
}

static bool is_separator(const struct fst_expr *e)
{
    return e->kind == FST_EXPR_LITERAL && (e->type.kind == FST_STRING || e->value.is_null);
}

/* Arguments: value, separator, key, how the key is sorted (1 descending, 2 NULL first). */
static struct fst_expr *listagg(struct within *w)
{
    struct rx *rx = w->rx;
    const struct sx *s = w->s;
    struct fst_type text = fst_type(FST_STRING);
    if (s->n_kids < 1 || s->n_kids > 2 || s->n_within > 1 || s->distinct || s->over)
        return rx_refuse(rx, &s->place, "%s() like this", w->f->name);
    struct fst_expr *value = argument(w, s->kids[0]);
    struct fst_expr *sep = !value          ? NULL
                           : s->n_kids > 1 ? argument(w, s->kids[1])
                                           : null_literal(rx, s->place);
    struct fst_expr *key = !sep          ? NULL
                           : s->n_within ? argument(w, s->within->expr)
                                         : null_literal(rx, s->place);
    if (!key)
        return NULL;
    if ((value->type.kind != FST_STRING && !is_integral(&value->type)) || !is_separator(sep) ||
        fst_type_is_nested(&key->type))
        return rx_refuse(rx, &s->place, "%s() of these types", w->f->name);
    const struct sx_key *k = s->within;
    bool descending = k && k->descending;
    bool nulls_first = k && k->nulls_given ? k->nulls_first : !descending;
    struct fst_expr *e = make(rx, FST_EXPR_AGGREGATE, text, true, s->place,
                              text_of(rx, "%s(%s, %s)", w->f->name, value->text, sep->text));
    if (k)
        e->text = text_of(rx, "listagg(%s, %s) WITHIN GROUP (ORDER BY %s %s NULLS %s)", value->text,
                          sep->text, key->text, descending ? "DESC" : "ASC",
                          nulls_first ? "FIRST" : "LAST");
    struct fst_expr *args[4] = {coerce(rx, value, &text),
                                sep->value.is_null ? string_literal(rx, "", s->place) : sep, key,
                                int_literal(rx, descending + 2 * nulls_first, s->place)};
    e->fn = w->f;
    set_args(rx, e, args, 4);
    return e;
}

bool is_ordered_set(const struct sx *s, const struct fst_function *f)
{
    return s->within || f->id == FST_FN_LISTAGG || f->id == FST_FN_PERCENTILE_DISC ||
           strcmp(f->name, "percentile_cont") == 0;
}

struct fst_expr *ordered_set(struct rx *rx, const struct where *w, const struct sx *s,
                             const struct fst_function *f)
{
    struct within c = {.rx = rx, .inner = *w, .s = s, .f = f};
    c.inner.in_aggregate = true;
    if (f->id == FST_FN_LISTAGG)
        return listagg(&c);
    bool shares = f->id == FST_FN_PERCENTILE_DISC || strcmp(f->name, "percentile_cont") == 0;
    if (!s->within || !shares || (s->over && (s->over->n_order || s->over->has_frame)))
        return rx_refuse(rx, &s->place, "%s() %s WITHIN GROUP", f->name,
                         s->within ? "with this" : "without");
    return percentile(&c);
}
