/* Pipes: `q |> WHERE c |> SELECT a` is SELECT a FROM q WHERE c. Every step but WHERE and JOIN makes
 * a query of what stands before it; the names of its tables are gone then, while Spark still knows
 * some of them, so that a qualified name is refused until AS or a join gives one. */
#include "parse.h"
#include "resolve.h"

#include <string.h>
#include <strings.h>

enum { QUALIFIERS_MAX = 8 };

struct pipe {
    struct parser *p;
    struct sx_from *from;
    struct sx *where;
    bool lost; /* names of tables are gone */
    const char *known[QUALIFIERS_MAX];
    size_t n_known, height;
};

static struct sx *star(struct pipe *v)
{
    return px_finish(v->p, px_node(v->p, SX_STAR, px_place(v->p)));
}

static void set_item(struct sx_item *item, struct sx *e)
{
    *item = (struct sx_item){.expr = e, .place = e->place};
}

static struct sx_query *query_of(struct pipe *v, struct sx_select *s)
{
    struct sx_query *q = fst_arena_alloc(v->p->a, sizeof *q);
    q->place = px_place(v->p);
    q->body = fst_arena_alloc(v->p->a, sizeof *q->body);
    q->body->kind = SX_BODY_SELECT;
    q->body->place = q->place;
    q->body->select = s;
    return q;
}

/* SELECT of what there is so far, without items. */
static struct sx_select *select_of(struct pipe *v)
{
    struct sx_select *s = fst_arena_alloc(v->p->a, sizeof *s);
    s->from = v->from;
    s->where = v->where;
    return s;
}

static struct sx_query *all_of(struct pipe *v)
{
    struct sx_select *s = select_of(v);
    s->items = fst_arena_alloc(v->p->a, sizeof *s->items);
    s->n_items = 1;
    set_item(s->items, star(v));
    return query_of(v, s);
}

static void becomes(struct pipe *v, struct sx_query *q)
{
    v->from = fst_arena_alloc(v->p->a, sizeof *v->from);
    v->from->kind = SX_FROM_QUERY;
    v->from->place = q->place;
    v->from->query = q;
    v->where = NULL;
    v->lost = true;
    v->n_known = 0;
}

/* ---- Steps ----------------------------------------------------------------------------------- */

/* Aggregates belong into AGGREGATE, numbers in its groups are places; Spark has errors for others.
 */
static void check_items(struct pipe *v, const struct sx_item *items, size_t n, bool aggregates)
{
    for (size_t i = 0; i < n; i++)
        if (has_aggregate(items[i].expr) != aggregates)
            px_refuse(v->p, items[i].place, "this expression in a pipe");
}

static void select_step(struct pipe *v)
{
    struct sx_select *s = select_of(v);
    s->distinct = px_accept(v->p, "DISTINCT");
    s->items = px_items(v->p, &s->n_items);
    check_items(v, s->items, s->n_items, false);
    becomes(v, query_of(v, s));
}

static void extend_step(struct pipe *v)
{
    struct sx_select *s = select_of(v);
    size_t n;
    struct sx_item *items = px_items(v->p, &n);
    check_items(v, items, n, false);
    s->items = fst_arena_alloc(v->p->a, (n + 1) * sizeof *s->items);
    set_item(s->items, star(v));
    memcpy(s->items + 1, items, n * sizeof *items);
    s->n_items = n + 1;
    becomes(v, query_of(v, s));
}

static void drop_step(struct pipe *v)
{
    struct list names = {0};
    do {
        struct sx *name = px_node(v->p, SX_NAME, px_place(v->p));
        name->parts = fst_arena_alloc(v->p->a, sizeof *name->parts);
        name->parts[0] = px_identifier(v->p);
        name->n_parts = 1;
        px_push(v->p, &names, px_finish(v->p, name));
    } while (px_accept_op(v->p, ","));
    struct sx_query *q = all_of(v);
    px_set_kids(q->body->select->items[0].expr, &names);
    becomes(v, q);
}

/* AGGREGATE a, b GROUP BY c AS d: the groups come first. */
static void aggregate_step(struct pipe *v)
{
    struct sx_select *s = select_of(v);
    struct sx_item *items = NULL, *groups = NULL;
    size_t n = 0, n_groups = 0;
    if (!px_is(v->p, "GROUP"))
        items = px_items(v->p, &n);
    if (px_accept(v->p, "GROUP")) {
        px_expect(v->p, "BY");
        groups = px_items(v->p, &n_groups);
    }
    check_items(v, items, n, true);
    check_items(v, groups, n_groups, false);
    s->items = fst_arena_alloc(v->p->a, (n + n_groups + 1) * sizeof *s->items);
    s->groups = fst_arena_alloc(v->p->a, (n_groups + 1) * sizeof *s->groups);
    for (size_t i = 0; i < n_groups; i++) {
        enum sx_kind kind = groups[i].expr->kind;
        if (kind == SX_NUMBER || kind == SX_STAR || kind == SX_TUPLE ||
            (kind == SX_NAME && groups[i].expr->n_parts == 1 &&
             strcasecmp(groups[i].expr->parts[0], "ALL") == 0))
            px_refuse(v->p, groups[i].place, "this group in a pipe");
        s->items[i] = groups[i];
        s->groups[i] = groups[i].expr;
    }
    if (n)
        memcpy(s->items + n_groups, items, n * sizeof *items);
    s->n_items = n + n_groups;
    s->n_groups = n_groups;
    s->has_group = n_groups > 0;
    becomes(v, query_of(v, s));
}

static void where_step(struct pipe *v)
{
    struct sx *e = px_expr(v->p);
    if (has_aggregate(e) || has_over(e))
        px_refuse(v->p, e->place, "this WHERE in a pipe");
    v->where =
        v->where ? px_with_kids(v->p, px_node(v->p, SX_AND, e->place), v->where, e, NULL) : e;
}

static void order_step(struct pipe *v)
{
    struct sx_query *q = all_of(v);
    q->order_place = px_place(v->p);
    px_expect(v->p, "BY");
    q->order = px_keys(v->p, &q->n_order);
    for (size_t i = 0; i < q->n_order; i++)
        if (q->order[i].expr->kind == SX_NUMBER || has_aggregate(q->order[i].expr) ||
            has_over(q->order[i].expr) ||
            (q->order[i].expr->kind == SX_NAME && q->order[i].expr->n_parts == 1 &&
             strcasecmp(q->order[i].expr->parts[0], "ALL") == 0))
            px_refuse(v->p, q->order_place, "ORDER BY this in a pipe");
    if (px_is_op(v->p, "|>") && px_word_at(v->p, 1, "LIMIT")) {
        px_next(v->p);
        px_next(v->p);
        q->limit = px_expr(v->p);
        if (px_accept(v->p, "OFFSET"))
            q->offset = px_expr(v->p);
    }
    becomes(v, q);
}

static void limit_step(struct pipe *v)
{
    struct sx_query *q = all_of(v);
    q->limit = px_expr(v->p);
    if (px_accept(v->p, "OFFSET"))
        q->offset = px_expr(v->p);
    becomes(v, q);
}

static void as_step(struct pipe *v)
{
    becomes(v, all_of(v));
    v->from->alias = px_identifier(v->p);
    v->lost = false;
}

static void knows(struct pipe *v, const struct sx_from *right)
{
    const char *name = right->alias                   ? right->alias
                       : right->kind == SX_FROM_TABLE ? right->parts[right->n_parts - 1]
                                                      : NULL;
    if (name && v->n_known < QUALIFIERS_MAX)
        v->known[v->n_known++] = name;
}

/* A table keeps its name behind its WHERE. */
static void join_step(struct pipe *v)
{
    struct sx_from *left = v->from;
    if (v->where) {
        bool named = left->alias || (left->kind == SX_FROM_TABLE && left->n_parts == 1);
        const char *name = !named ? NULL : left->alias ? left->alias : left->parts[0];
        bool lost = v->lost || !named;
        becomes(v, all_of(v));
        v->from->alias = name;
        v->lost = lost;
    }
    struct sx_from *all = px_join(v->p, v->from);
    if (all == v->from)
        px_refuse(v->p, px_place(v->p), "this step of a pipe");
    else
        knows(v, all->right);
    v->from = all;
}

static bool set_step(struct pipe *v)
{
    static const struct {
        const char *word;
        enum fst_set_kind kind;
    } sets[] = {{"UNION", FST_SET_UNION},
                {"EXCEPT", FST_SET_EXCEPT},
                {"MINUS", FST_SET_EXCEPT},
                {"INTERSECT", FST_SET_INTERSECT}};
    size_t i = 0;
    while (i < FST_COUNT(sets) && !px_accept(v->p, sets[i].word))
        i++;
    if (i == FST_COUNT(sets))
        return false;
    struct sx_query *q = fst_arena_alloc(v->p->a, sizeof *q);
    struct sx_body *b = fst_arena_alloc(v->p->a, 2 * sizeof *b);
    b->kind = SX_BODY_SET;
    b->set = sets[i].kind;
    b->all = px_accept(v->p, "ALL");
    if (!b->all)
        px_accept(v->p, "DISTINCT");
    b->left = b + 1;
    b->left->kind = SX_BODY_QUERY;
    b->left->query = all_of(v);
    b->right = px_primary_body(v->p);
    b->height = 1;
    q->place = b->place = b->left->place = b->left->query->place;
    q->body = b;
    becomes(v, q);
    return true;
}

/* ---- All of them ----------------------------------------------------------------------------- */

/* False when it reads no names of what stands before it. */
static bool step(struct pipe *v)
{
    static const struct {
        const char *word;
        void (*take)(struct pipe *);
    } steps[] = {{"SELECT", select_step},       {"EXTEND", extend_step}, {"DROP", drop_step},
                 {"AGGREGATE", aggregate_step}, {"WHERE", where_step},   {"ORDER", order_step},
                 {"LIMIT", limit_step},         {"AS", as_step}};
    for (size_t i = 0; i < FST_COUNT(steps); i++)
        if (px_accept(v->p, steps[i].word)) {
            steps[i].take(v);
            return true;
        }
    if (set_step(v))
        return false;
    if (px_is(v->p, "PIVOT") || px_is(v->p, "UNPIVOT")) {
        becomes(v, all_of(v));
        v->from = px_pivots(v->p, v->from);
        return true;
    }
    join_step(v);
    return true;
}

static bool is_known(const struct pipe *v, const struct fst_token *t)
{
    for (size_t i = 0; i < v->n_known; i++)
        if (strlen(v->known[i]) == t->len &&
            strncasecmp(v->known[i], v->p->text + t->offset, t->len) == 0)
            return true;
    return false;
}

/* A name with a qualifier between two tokens, where the qualifiers are gone; subqueries, too. */
static bool asks_for_lost(const struct pipe *v, size_t from, size_t to)
{
    struct parser at = *v->p;
    for (at.at = from; at.at < to; at.at++) {
        if (at.at > from && (px_is(&at, "SELECT") || px_is(&at, "FROM")))
            return true;
        if (px_op_at(&at, 1, ".") && px_is_identifier(&at, 0) && !is_known(v, px_peek(&at, 0)))
            return true;
    }
    return false;
}

/* FROM t, and nothing else: its names live on. */
static bool is_bare(const struct sx_query *q)
{
    const struct sx_select *s = q->body->kind == SX_BODY_SELECT ? q->body->select : NULL;
    return s && !q->n_ctes && !q->n_order && !q->limit && !q->offset && s->from && !s->where &&
           !s->distinct && !s->has_group && !s->having && !s->qualify && !s->n_windows &&
           s->n_items == 1 && s->items->expr->kind == SX_STAR && !s->items->expr->n_parts &&
           !s->items->expr->n_kids && !s->items->alias;
}

struct sx_query *px_pipes(struct parser *p, struct sx_query *q)
{
    struct pipe v = {.p = p};
    if (!px_is_op(p, "|>"))
        return q;
    struct sx_cte *ctes = q->ctes;
    size_t n_ctes = q->n_ctes;
    q->ctes = NULL;
    q->n_ctes = 0;
    if (is_bare(q))
        v.from = q->body->select->from;
    else
        becomes(&v, q);
    while (px_is_op(p, "|>")) {
        struct fst_sql_place place = px_place(p);
        bool lost = v.lost;
        px_next(p);
        size_t start = p->at;
        if (++v.height > 40)
            px_refuse(p, place, "a pipe of this many steps");
        bool reads = step(&v);
        if (lost && reads && p->status == FST_OK && asks_for_lost(&v, start, p->at))
            px_refuse(p, place, "a qualified name or a subquery this late in a pipe");
        p->tallest = (uint16_t)(p->tallest + 1);
    }
    struct sx_query *out = all_of(&v);
    out->place = q->place;
    out->ctes = ctes;
    out->n_ctes = n_ctes;
    return out;
}
