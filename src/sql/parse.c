/* Queries: SELECT, set operations, VALUES, FROM with joins, and what surrounds them, after
 * SqlBaseParser.g4 by recursive descent. Spark reserves almost no word, so that a clause's word may
 * also be an alias: one token ahead decides. */
#include "parse.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* Words after an expression or a table that go on with the query rather than name it. */
static const char *const clause_words[] = {"FROM",     "WHERE",   "HAVING",  "LIMIT",  "OFFSET",
                                           "UNION",    "EXCEPT",  "MINUS",   "WINDOW", "INTERSECT",
                                           "SETMINUS", "QUALIFY", "LATERAL", NULL};
static const char *const by_words[] = {"GROUP", "ORDER", "SORT", "CLUSTER", "DISTRIBUTE", NULL};
/* Never a table's alias: strictNonReserved of the grammar. */
static const char *const join_words[] = {
    "ANTI", "CROSS", "EXCEPT", "FULL",    "INNER", "INTERSECT", "JOIN",     "LEFT", "NATURAL",
    "ON",   "RIGHT", "SEMI",   "LATERAL", "UNION", "USING",     "SETMINUS", "ASOF", NULL};

static bool ends_here(const struct parser *p, size_t ahead)
{
    return px_peek(p, ahead)->kind == FST_TOK_END || px_op_at(p, ahead, ",") ||
           px_op_at(p, ahead, ")") || px_op_at(p, ahead, ";");
}

static bool starts_clause(const struct parser *p)
{
    const struct fst_token *t = px_peek(p, 0);
    if (px_any(t, p->text, by_words))
        return px_word_at(p, 1, "BY");
    if (px_is(p, "LIMIT") && px_word_at(p, 1, "FROM"))
        return false;
    return px_any(t, p->text, clause_words) && !ends_here(p, 1);
}

/* ---- SELECT ---------------------------------------------------------------------------------- */

static const char **identifier_list(struct parser *p, size_t *n)
{
    struct list names = {0};
    px_expect_op(p, "(");
    do
        px_push(p, &names, (void *)(uintptr_t)px_identifier(p));
    while (px_accept_op(p, ","));
    px_expect_op(p, ")");
    *n = names.n;
    return (const char **)names.items;
}

static struct sx_item *select_item(struct parser *p)
{
    struct sx_item *item = fst_arena_alloc(p->a, sizeof *item);
    struct fst_sql_place start = px_place(p);
    item->expr = px_expr(p);
    bool named_as =
        px_is(p, "AS") && (ends_here(p, 1) || (px_word_at(p, 1, "FROM") && px_is_identifier(p, 2) &&
                                               !px_word_at(p, 2, "FROM")));
    if (named_as) {
        item->alias = px_identifier(p);
    } else if (px_accept(p, "AS")) {
        if (px_is_op(p, "(") && !(item->expr->kind == SX_CALL))
            px_refuse(p, px_place(p), "several aliases for one expression");
        if (px_is_op(p, "("))
            item->aliases = identifier_list(p, &item->n_aliases);
        else
            item->alias = px_identifier(p);
    } else if (px_is_identifier(p, 0) && !starts_clause(p) &&
               !(px_is(p, "USING") && px_peek(p, 1)->kind == FST_TOK_STRING)) {
        item->alias = px_identifier(p);
    }
    item->place = px_since(p, start);
    return item;
}

static void select_items(struct parser *p, struct sx_select *s)
{
    struct list items = {0};
    do {
        if (items.n && px_is(p, "FROM") && px_is_identifier(p, 1))
            px_fail(p, px_place(p), "TRAILING_COMMA_IN_SELECT", "42601",
                    "Trailing comma detected in SELECT clause. Remove the trailing comma before "
                    "the FROM clause.");
        px_push(p, &items, select_item(p));
    } while (px_accept_op(p, ","));
    s->items = fst_arena_alloc(p->a, items.n * sizeof *s->items);
    s->n_items = items.n;
    for (size_t i = 0; i < items.n; i++)
        s->items[i] = *(struct sx_item *)items.items[i];
}

struct sx_item *px_items(struct parser *p, size_t *n)
{
    struct sx_select s = {0};
    select_items(p, &s);
    *n = s.n_items;
    return s.items;
}

static bool opens_sets(const struct parser *p)
{
    if (px_is(p, "GROUPING"))
        return px_word_at(p, 1, "SETS") && px_op_at(p, 2, "(");
    return (px_is(p, "ROLLUP") || px_is(p, "CUBE")) && px_op_at(p, 1, "(");
}

/* ROLLUP (...), CUBE (...) or GROUPING SETS (...); sets stand in sets only in the last. */
static struct sx *grouping_sets(struct parser *p)
{
    struct sx *e = px_node(p, SX_SETS, px_place(p));
    bool nests = px_accept(p, "GROUPING");
    struct list kids = {0};
    if (!px_enter(p)) {
        px_leave(p);
        return e;
    }
    e->name = nests ? "SETS" : px_is(p, "CUBE") ? "CUBE" : "ROLLUP";
    px_next(p);
    px_expect_op(p, "(");
    do {
        if (px_is_op(p, "(") && px_op_at(p, 1, ")")) {
            px_push(p, &kids, px_node(p, SX_TUPLE, px_place(p)));
            px_next(p);
            px_next(p);
        } else {
            px_push(p, &kids, nests && opens_sets(p) ? grouping_sets(p) : px_expr(p));
        }
    } while (px_accept_op(p, ","));
    px_expect_op(p, ")");
    px_leave(p);
    px_set_kids(e, &kids);
    return px_finish(p, e);
}

/* a, b WITH ROLLUP is ROLLUP (a, b). */
static void with_sets(struct parser *p, struct list *groups)
{
    struct sx *e = px_node(p, SX_SETS, px_place(p));
    px_next(p);
    e->name = px_is(p, "CUBE") ? "CUBE" : "ROLLUP";
    px_next(p);
    px_set_kids(e, groups);
    *groups = (struct list){0};
    px_push(p, groups, px_finish(p, e));
}

static void group_by(struct parser *p, struct sx_select *s)
{
    px_next(p);
    if (px_peek(p, 1)->kind == FST_TOK_END)
        px_syntax(p);
    px_next(p);
    s->has_group = true;
    if (px_is(p, "ALL") && !px_op_at(p, 1, "(") && !px_op_at(p, 1, ".")) {
        px_next(p);
        s->group_all = true;
        return;
    }
    struct list groups = {0};
    bool sets = false;
    do {
        sets |= opens_sets(p);
        px_push(p, &groups, opens_sets(p) ? grouping_sets(p) : px_expr(p));
    } while (px_accept_op(p, ","));
    bool with = px_is(p, "WITH") && (px_word_at(p, 1, "ROLLUP") || px_word_at(p, 1, "CUBE"));
    bool only = px_is(p, "GROUPING") && opens_sets(p);
    if (sets && (with || only))
        px_refuse(p, px_place(p), "grouping sets after others");
    else if (with)
        with_sets(p, &groups);
    else if (only)
        s->only_sets = grouping_sets(p);
    s->groups = (struct sx **)groups.items;
    s->n_groups = groups.n;
}

static void window_clause(struct parser *p, struct sx_select *s)
{
    struct list windows = {0};
    do {
        struct sx_named_window *w = fst_arena_alloc(p->a, sizeof *w);
        w->name = px_identifier(p);
        px_expect(p, "AS");
        w->window = px_window(p);
        px_push(p, &windows, w);
    } while (px_accept_op(p, ","));
    s->windows = fst_arena_alloc(p->a, windows.n * sizeof *s->windows);
    s->n_windows = windows.n;
    for (size_t i = 0; i < windows.n; i++)
        s->windows[i] = *(struct sx_named_window *)windows.items[i];
}

static struct sx_from *from_clause(struct parser *p);

/* `from` was written before SELECT, or is NULL. */
static struct sx_select *select_query(struct parser *p, struct sx_from *from)
{
    struct sx_select *s = fst_arena_alloc(p->a, sizeof *s);
    px_expect(p, "SELECT");
    if (px_is(p, "DISTINCT") && !ends_here(p, 1)) {
        px_next(p);
        s->distinct = true;
    } else if (px_is(p, "ALL") && !ends_here(p, 1) && !px_op_at(p, 1, ".")) {
        px_next(p);
    }
    select_items(p, s);
    if (px_is(p, "USING"))
        px_refuse(p, px_place(p), "TRANSFORM");
    if (px_is(p, "FROM") && px_word_at(p, 1, "SELECT"))
        px_syntax_at(p, p->at + 1);
    s->from = from;
    if (!from && px_accept(p, "FROM"))
        s->from = from_clause(p);
    if (px_is(p, "WHERE") && px_word_at(p, 1, "SELECT"))
        px_syntax_at(p, p->at + 1);
    if (px_accept(p, "WHERE"))
        s->where = px_expr(p);
    if (px_is(p, "GROUP") && px_word_at(p, 1, "BY"))
        group_by(p, s);
    if (px_accept(p, "HAVING"))
        s->having = px_expr(p);
    if (px_accept(p, "QUALIFY"))
        s->qualify = px_expr(p);
    if (px_accept(p, "WINDOW"))
        window_clause(p, s);
    if (px_accept(p, "QUALIFY"))
        s->qualify = px_expr(p);
    return s;
}

/* ---- FROM ------------------------------------------------------------------------------------ */

static void grow(struct parser *p, size_t height)
{
    if (height > p->tallest)
        p->tallest = (uint16_t)(height > UINT16_MAX ? UINT16_MAX : height);
    if (p->tallest > SX_MAX_DEPTH)
        px_refuse(p, px_place(p), "nesting this deep");
}

static void refuse_after_table(struct parser *p)
{
    static const char *const after[] = {"TABLESAMPLE", NULL};
    const struct fst_token *t = px_peek(p, 0);
    if (px_any(t, p->text, after) && (px_op_at(p, 1, "(") || px_is_identifier(p, 1)))
        px_refuse(p, px_place(p), fst_arena_strndup(p->a, p->text + t->offset, t->len));
}

static bool opens_pivot(const struct parser *p)
{
    if (px_is(p, "UNPIVOT") && px_word_at(p, 2, "NULLS") &&
        (px_word_at(p, 1, "INCLUDE") || px_word_at(p, 1, "EXCLUDE")))
        return px_op_at(p, 3, "(");
    return (px_is(p, "PIVOT") || px_is(p, "UNPIVOT")) && px_op_at(p, 1, "(");
}

static void table_alias(struct parser *p, struct sx_from *f)
{
    refuse_after_table(p);
    bool as = !ends_here(p, 1) && px_accept(p, "AS");
    const struct fst_token *t = px_peek(p, 0);
    bool named = px_is_identifier(p, 0) && !opens_pivot(p) && !px_any(t, p->text, join_words) &&
                 !starts_clause(p) && !(p->from_first && px_is(p, "SELECT") && !ends_here(p, 1));
    if (named) {
        f->alias = px_identifier(p);
        if (px_is_op(p, "("))
            f->column_aliases = identifier_list(p, &f->n_column_aliases);
        refuse_after_table(p);
    } else if (as) {
        px_syntax(p);
    }
}

static struct sx_query *wrap_body(struct parser *p, struct sx_body *body)
{
    struct sx_query *q = fst_arena_alloc(p->a, sizeof *q);
    q->place = body->place;
    q->body = body;
    return q;
}

static struct sx_body *values(struct parser *p);

static void table_name(struct parser *p, struct sx_from *f)
{
    struct list parts = {0};
    do
        px_push(p, &parts, (void *)(uintptr_t)px_identifier(p));
    while (px_accept_op(p, "."));
    f->parts = (const char **)parts.items;
    f->n_parts = parts.n;
    f->place = px_since(p, f->place);
    if (px_is_op(p, "(") && f->n_parts > 1)
        px_refuse(p, f->place, fst_arena_printf(p->a, "table function %s()", f->parts[0]));
    if (px_is_op(p, "(")) {
        f->kind = SX_FROM_CALL;
        f->call = px_call_named(p, f->parts[0], f->place);
        return;
    }
    static const char *const travel[] = {"FOR", "VERSION", "TIMESTAMP", NULL};
    if (px_any(px_peek(p, 0), p->text, travel) &&
        (px_word_at(p, 1, "AS") || px_word_at(p, 1, "SYSTEM_TIME") || px_word_at(p, 1, "VERSION") ||
         px_word_at(p, 1, "TIMESTAMP") || px_word_at(p, 1, "SYSTEM_VERSION")) &&
        px_is_identifier(p, 2))
        px_refuse(p, px_place(p), "time travel");
}

static struct sx_from *relation(struct parser *p);

static struct sx_from *primary_relation(struct parser *p)
{
    struct sx_from *f = fst_arena_alloc(p->a, sizeof *f);
    f->place = px_place(p);
    f->lateral = px_accept(p, "LATERAL");
    if (f->lateral && !px_is_op(p, "(") && !px_op_at(p, 1, "("))
        px_refuse(p, f->place, "LATERAL");
    if (px_is_op(p, "(") && px_opens_query(p)) {
        px_next(p);
        f->kind = SX_FROM_QUERY;
        f->query = px_query(p);
        px_expect_op(p, ")");
    } else if (!f->lateral && px_accept_op(p, "(")) {
        struct sx_from *inner = relation(p);
        px_expect_op(p, ")");
        struct sx_from named = {0};
        table_alias(p, &named);
        if (named.alias)
            px_refuse(p, f->place, "an alias for a join in parentheses");
        return inner;
    } else if (px_is(p, "VALUES") && !ends_here(p, 1) && !px_word_at(p, 1, "AS")) {
        f->kind = SX_FROM_QUERY;
        f->query = wrap_body(p, values(p));
    } else {
        f->kind = SX_FROM_TABLE;
        table_name(p, f);
    }
    table_alias(p, f);
    return f;
}

/* The words of a join up to JOIN; false when there is none here. */
static bool join_kind(struct parser *p, struct sx_from *j)
{
    size_t start = p->at;
    j->natural = px_accept(p, "NATURAL");
    j->join = FST_JOIN_INNER;
    if (px_accept(p, "LEFT")) {
        j->join = px_accept(p, "SEMI")   ? FST_JOIN_SEMI
                  : px_accept(p, "ANTI") ? FST_JOIN_ANTI
                                         : FST_JOIN_LEFT;
        if (j->join == FST_JOIN_LEFT)
            px_accept(p, "OUTER");
    } else if (px_accept(p, "RIGHT")) {
        j->join = FST_JOIN_RIGHT;
        px_accept(p, "OUTER");
    } else if (px_accept(p, "FULL")) {
        j->join = FST_JOIN_FULL;
        px_accept(p, "OUTER");
    } else if (px_accept(p, "SEMI")) {
        j->join = FST_JOIN_SEMI;
    } else if (px_accept(p, "ANTI")) {
        j->join = FST_JOIN_ANTI;
    } else if (!px_accept(p, "INNER")) {
        px_accept(p, "CROSS");
    }
    bool any = p->at != start;
    if (px_accept(p, "JOIN"))
        return true;
    if (any)
        px_syntax(p);
    return false;
}

static void using_columns(struct parser *p, struct sx_from *j)
{
    struct list names = {0};
    struct fst_sql_place places[64];
    px_expect_op(p, "(");
    do {
        if (names.n == FST_COUNT(places))
            px_refuse(p, px_place(p), "USING with so many columns");
        else
            places[names.n] = px_place(p);
        px_push(p, &names, (void *)(uintptr_t)px_identifier(p));
    } while (px_accept_op(p, ","));
    px_expect_op(p, ")");
    if (p->status != FST_OK)
        return;
    j->using_names = (const char **)names.items;
    j->n_using = names.n;
    j->using_places = fst_arena_alloc(p->a, names.n * sizeof *places);
    memcpy(j->using_places, places, names.n * sizeof *places);
}

static struct sx_from *joined(struct parser *p, struct sx_from *left, struct sx_from *j)
{
    j->kind = SX_FROM_JOIN;
    j->left = left;
    j->right = primary_relation(p);
    if (j->natural) {
        /* no criteria */
    } else if (px_accept(p, "ON")) {
        j->on = px_expr(p);
    } else if (px_accept(p, "USING")) {
        using_columns(p, j);
    }
    return j;
}

/* expression [[AS] alias], by commas. */
static struct sx_item *named_items(struct parser *p, size_t *n, bool strings)
{
    struct list items = {0};
    do {
        struct sx_item *item = fst_arena_alloc(p->a, sizeof *item);
        item->place = px_place(p);
        item->expr = px_expr(p);
        bool as = px_accept(p, "AS");
        if (strings && px_is_string(p, 0))
            px_refuse(p, px_place(p), "a string as an alias");
        else if (as || (px_is_identifier(p, 0) && !px_is(p, "FOR")))
            item->alias = px_identifier(p);
        px_push(p, &items, item);
    } while (px_accept_op(p, ","));
    struct sx_item *out = fst_arena_alloc(p->a, items.n * sizeof *out);
    for (size_t i = 0; i < items.n; i++)
        out[i] = *(struct sx_item *)items.items[i];
    *n = items.n;
    return out;
}

static void in_values(struct parser *p, struct sx_pivot *v)
{
    px_expect(p, "IN");
    px_expect_op(p, "(");
    v->values = named_items(p, &v->n_values, true);
    px_expect_op(p, ")");
    px_expect_op(p, ")");
}

/* PIVOT (sum(a) AS s, ... FOR b IN (1 AS one, ...)) */
static void pivot_clause(struct parser *p, struct sx_pivot *v)
{
    struct list columns = {0};
    px_expect_op(p, "(");
    v->items = named_items(p, &v->n_items, false);
    px_expect(p, "FOR");
    bool several = px_accept_op(p, "(");
    do
        px_push(p, &columns, px_value_expr(p, 0));
    while (several && px_accept_op(p, ","));
    if (several)
        px_expect_op(p, ")");
    v->columns = (struct sx **)columns.items;
    v->n_columns = columns.n;
    in_values(p, v);
}

/* UNPIVOT [INCLUDE NULLS] (a FOR name IN (b, c AS d, ...)) [[AS] alias] */
static void unpivot_clause(struct parser *p, struct sx_pivot *v)
{
    v->include_nulls = px_is(p, "INCLUDE");
    if (!px_is_op(p, "(")) {
        px_next(p);
        px_next(p);
    }
    px_expect_op(p, "(");
    if (px_is_op(p, "(")) {
        v->value_names = identifier_list(p, &v->n_value_names);
    } else {
        v->value_names = fst_arena_alloc(p->a, sizeof *v->value_names);
        v->value_names[0] = px_identifier(p);
        v->n_value_names = 1;
    }
    px_expect(p, "FOR");
    v->name_column = px_identifier(p);
    in_values(p, v);
}

static struct sx_from *pivots(struct parser *p, struct sx_from *left)
{
    for (size_t height = 1; opens_pivot(p); height++) {
        struct sx_from *f = fst_arena_alloc(p->a, sizeof *f);
        f->kind = px_is(p, "PIVOT") ? SX_FROM_PIVOT : SX_FROM_UNPIVOT;
        f->place = px_place(p);
        f->left = left;
        f->pivot = fst_arena_alloc(p->a, sizeof *f->pivot);
        px_next(p);
        if (f->kind == SX_FROM_PIVOT) {
            pivot_clause(p, f->pivot);
        } else {
            unpivot_clause(p, f->pivot);
            table_alias(p, f);
            if (f->n_column_aliases)
                px_syntax(p);
        }
        left = f;
        grow(p, height);
    }
    return left;
}

static struct sx_from *relation(struct parser *p)
{
    if (!px_enter(p)) {
        px_leave(p);
        return fst_arena_alloc(p->a, sizeof(struct sx_from));
    }
    struct sx_from *left = pivots(p, primary_relation(p));
    for (size_t height = 1;; height++) {
        struct sx_from *j = fst_arena_alloc(p->a, sizeof *j);
        j->place = px_place(p);
        if (px_is(p, "ASOF"))
            px_refuse(p, px_place(p), "ASOF JOIN");
        if (p->status != FST_OK || !join_kind(p, j))
            break;
        left = pivots(p, joined(p, left, j));
        grow(p, height);
    }
    px_leave(p);
    return left;
}

/* LATERAL VIEW [OUTER] f(x) t [[AS] a, b], as many as there are. */
static struct sx_from *lateral_views(struct parser *p, struct sx_from *left)
{
    for (size_t height = 1; px_is(p, "LATERAL") && px_word_at(p, 1, "VIEW"); height++) {
        struct sx_from *v = fst_arena_alloc(p->a, sizeof *v);
        struct list names = {0};
        v->kind = SX_FROM_VIEW;
        v->left = left;
        px_next(p);
        px_next(p);
        v->outer = px_accept(p, "OUTER");
        v->place = px_place(p);
        v->call = px_call_named(p, px_identifier(p), v->place);
        v->alias = px_identifier(p);
        bool as = px_accept(p, "AS");
        if (as || (px_is_identifier(p, 0) && !starts_clause(p) &&
                   !px_any(px_peek(p, 0), p->text, join_words)))
            do
                px_push(p, &names, (void *)(uintptr_t)px_identifier(p));
            while (px_accept_op(p, ","));
        v->column_aliases = (const char **)names.items;
        v->n_column_aliases = names.n;
        left = v;
        grow(p, height);
    }
    return left;
}

static struct sx_from *from_clause(struct parser *p)
{
    struct sx_from *left = relation(p);
    for (size_t height = 1; px_accept_op(p, ","); height++) {
        struct sx_from *j = fst_arena_alloc(p->a, sizeof *j);
        j->kind = SX_FROM_JOIN;
        j->place = left->place;
        j->left = left;
        j->right = relation(p);
        left = j;
        grow(p, height);
    }
    return pivots(p, lateral_views(p, left));
}

struct sx_from *px_join(struct parser *p, struct sx_from *left)
{
    struct sx_from *j = fst_arena_alloc(p->a, sizeof *j);
    j->place = px_place(p);
    return join_kind(p, j) ? joined(p, left, j) : left;
}

struct sx_from *px_pivots(struct parser *p, struct sx_from *left)
{
    return pivots(p, left);
}

/* ---- Query bodies ---------------------------------------------------------------------------- */

/* One row of VALUES: (1, 2) or 1. A single value in parentheses is a row of one. */
static struct sx **values_row(struct parser *p)
{
    struct list row = {0};
    struct sx *e = px_expr(p);
    if (e->kind == SX_TUPLE)
        for (size_t i = 0; i < e->n_kids; i++)
            px_push(p, &row, e->kids[i]);
    else
        px_push(p, &row, e);
    px_push(p, &row, NULL);
    return (struct sx **)row.items;
}

static struct sx_body *values(struct parser *p)
{
    struct sx_body *b = fst_arena_alloc(p->a, sizeof *b);
    struct list rows = {0};
    b->kind = SX_BODY_VALUES;
    b->place = px_place(p);
    px_expect(p, "VALUES");
    do
        px_push(p, &rows, values_row(p));
    while (px_accept_op(p, ","));
    b->rows = (struct sx ***)rows.items;
    b->n_rows = rows.n;
    b->place = px_since(p, b->place);
    return b;
}

/* FROM t SELECT a, or FROM t: all of it. */
static struct sx_select *from_first(struct parser *p)
{
    struct fst_sql_place start = px_place(p);
    bool outside = p->from_first;
    px_next(p);
    p->from_first = true;
    struct sx_from *from = from_clause(p);
    p->from_first = outside;
    if (px_is(p, "SELECT")) {
        struct sx_select *s = select_query(p, from);
        if (px_is(p, "SELECT"))
            px_refuse(p, px_place(p), "FROM before several SELECTs");
        return s;
    }
    struct sx_select *s = fst_arena_alloc(p->a, sizeof *s);
    s->from = from;
    s->items = fst_arena_alloc(p->a, sizeof *s->items);
    s->items->expr = px_node(p, SX_STAR, start);
    s->items->place = start;
    s->n_items = 1;
    return s;
}

static struct sx_body *primary_body(struct parser *p)
{
    struct sx_body *b = fst_arena_alloc(p->a, sizeof *b);
    b->place = px_place(p);
    if (px_accept_op(p, "(")) {
        b->kind = SX_BODY_QUERY;
        b->query = px_query(p);
        px_expect_op(p, ")");
    } else if (px_is(p, "VALUES")) {
        return values(p);
    } else if (px_accept(p, "TABLE")) {
        b->kind = SX_BODY_TABLE;
        b->table = fst_arena_alloc(p->a, sizeof *b->table);
        b->table->place = px_place(p);
        table_name(p, b->table);
    } else if (px_is(p, "FROM")) {
        b->kind = SX_BODY_SELECT;
        b->select = from_first(p);
    } else if (px_is(p, "SELECT")) {
        b->kind = SX_BODY_SELECT;
        b->select = select_query(p, NULL);
    } else {
        px_syntax(p);
    }
    b->place = px_since(p, b->place);
    return b;
}

struct sx_body *px_primary_body(struct parser *p)
{
    return primary_body(p);
}

static struct sx_body *set_operation(struct parser *p, struct sx_body *left, enum fst_set_kind set)
{
    struct sx_body *b = fst_arena_alloc(p->a, sizeof *b);
    b->kind = SX_BODY_SET;
    b->place = left->place;
    b->set = set;
    b->left = left;
    px_next(p);
    b->all = px_accept(p, "ALL");
    if (!b->all)
        px_accept(p, "DISTINCT");
    b->height = (uint16_t)(left->height + 1);
    grow(p, b->height);
    return b;
}

static struct sx_body *intersections(struct parser *p)
{
    struct sx_body *left = primary_body(p);
    while (px_is(p, "INTERSECT")) {
        struct sx_body *b = set_operation(p, left, FST_SET_INTERSECT);
        b->right = primary_body(p);
        left = b;
    }
    return left;
}

static struct sx_body *query_body(struct parser *p)
{
    struct sx_body *left = intersections(p);
    for (;;) {
        bool is_union = px_is(p, "UNION");
        if (!is_union && !px_is(p, "EXCEPT") && !px_is(p, "MINUS") && !px_is(p, "SETMINUS"))
            return left;
        struct sx_body *b = set_operation(p, left, is_union ? FST_SET_UNION : FST_SET_EXCEPT);
        b->right = intersections(p);
        left = b;
    }
}

/* ---- Queries --------------------------------------------------------------------------------- */

static void with_clause(struct parser *p, struct sx_query *q)
{
    struct list ctes = {0};
    if (px_is(p, "RECURSIVE") && px_is_identifier(p, 1))
        px_refuse(p, px_place(p), "WITH RECURSIVE");
    do {
        struct sx_cte *c = fst_arena_alloc(p->a, sizeof *c);
        c->place = px_place(p);
        c->name = px_identifier(p);
        if (px_is_op(p, "(") && !px_opens_query(p))
            c->columns = identifier_list(p, &c->n_columns);
        if (px_is(p, "MAX"))
            px_refuse(p, px_place(p), "MAX RECURSION LEVEL");
        px_accept(p, "AS");
        px_expect_op(p, "(");
        c->query = px_query(p);
        px_expect_op(p, ")");
        c->place = px_since(p, c->place);
        px_push(p, &ctes, c);
    } while (px_accept_op(p, ","));
    q->ctes = fst_arena_alloc(p->a, ctes.n * sizeof *q->ctes);
    q->n_ctes = ctes.n;
    for (size_t i = 0; i < ctes.n; i++)
        q->ctes[i] = *(struct sx_cte *)ctes.items[i];
}

static bool names_all(const struct sx *e)
{
    return e->kind == SX_NAME && e->n_parts == 1 && strcasecmp(e->parts[0], "ALL") == 0;
}

static bool accept_by(struct parser *p, const char *word)
{
    if (!px_is(p, word) || !px_word_at(p, 1, "BY"))
        return false;
    px_next(p);
    px_next(p);
    return true;
}

/* DISTRIBUTE BY a SORT BY b, either alone, or CLUSTER BY a: within each part of the rows, and here
 * they are one part. Which rows a LIMIT takes of many parts is Spark's affair. */
static bool part_clause(struct parser *p, struct sx_query *q)
{
    struct list spread = {0};
    q->order_place = px_place(p);
    if (accept_by(p, "DISTRIBUTE"))
        px_exprs(p, &spread);
    bool cluster = !spread.n && accept_by(p, "CLUSTER");
    bool sort = !cluster && accept_by(p, "SORT");
    struct sx_key *keys = cluster || sort ? px_keys(p, &q->n_order) : NULL;
    if (!keys && !spread.n)
        return false;
    for (size_t i = 0; i < q->n_order; i++)
        if (names_all(keys[i].expr) || (cluster && keys[i].expr->kind == SX_NUMBER))
            px_refuse(p, q->order_place, "SORT BY or CLUSTER BY this");
    q->order = fst_arena_alloc(p->a, (q->n_order + spread.n) * sizeof *q->order);
    if (keys)
        memcpy(q->order, keys, q->n_order * sizeof *q->order);
    for (size_t i = 0; i < spread.n; i++)
        q->order[q->n_order++] = (struct sx_key){.expr = spread.items[i]};
    q->n_spread = spread.n;
    for (size_t i = 0; i < spread.n; i++)
        if (((struct sx *)spread.items[i])->kind == SX_NUMBER)
            px_refuse(p, q->order_place, "DISTRIBUTE BY a number");
    if (px_is(p, "LIMIT") || px_is(p, "OFFSET"))
        px_refuse(p, px_place(p), "LIMIT after SORT BY, DISTRIBUTE BY or CLUSTER BY");
    return true;
}

static void order_clause(struct parser *p, struct sx_query *q)
{
    if (part_clause(p, q))
        return;
    if (px_is(p, "ORDER") && px_word_at(p, 1, "BY")) {
        q->order_place = px_place(p);
        px_next(p);
        if (px_peek(p, 1)->kind == FST_TOK_END)
            px_syntax(p);
        px_next(p);
        bool all = px_is(p, "ALL") && !px_op_at(p, 1, "(") && !px_op_at(p, 1, ".");
        q->order = px_keys(p, &q->n_order);
        q->order_all = all && q->n_order == 1 && q->order->expr->kind == SX_NAME &&
                       q->order->expr->n_parts == 1;
        if (all && !q->order_all)
            px_refuse(p, q->order_place, "ORDER BY ALL and more");
    }
}

static void query_tail(struct parser *p, struct sx_query *q)
{
    order_clause(p, q);
    if (px_is(p, "WINDOW"))
        px_refuse(p, px_place(p), "WINDOW after ORDER BY");
    if (px_accept(p, "LIMIT")) {
        if (!px_accept(p, "ALL"))
            q->limit = px_expr(p);
    }
    if (px_accept(p, "OFFSET"))
        q->offset = px_expr(p);
}

struct sx_query *px_query(struct parser *p)
{
    struct sx_query *q = fst_arena_alloc(p->a, sizeof *q);
    q->place = px_place(p);
    q->body = fst_arena_alloc(p->a, sizeof *q->body);
    uint16_t outside = p->tallest;
    p->tallest = 0;
    if (px_enter(p)) {
        if (px_accept(p, "WITH"))
            with_clause(p, q);
        if (px_is(p, "INSERT") || px_is(p, "UPDATE") || px_is(p, "DELETE") || px_is(p, "MERGE"))
            px_refuse(p, px_place(p), "statements that change tables");
        q->body = query_body(p);
        query_tail(p, q);
        q = px_pipes(p, q);
    }
    px_leave(p);
    q->place = px_since(p, q->place);
    uint16_t inside = (uint16_t)(p->tallest + 1);
    p->tallest = outside;
    grow(p, inside);
    return q;
}

/* ---- The whole text -------------------------------------------------------------------------- */

static const char *const statements[] = {
    "INSERT",   "CREATE", "DROP",     "ALTER",   "UPDATE",  "DELETE",  "MERGE", "SHOW",
    "DESCRIBE", "DESC",   "EXPLAIN",  "SET",     "RESET",   "USE",     "CACHE", "UNCACHE",
    "REFRESH",  "CLEAR",  "TRUNCATE", "ANALYZE", "MSCK",    "REPAIR",  "LOAD",  "ADD",
    "LIST",     "GRANT",  "REVOKE",   "BEGIN",   "DECLARE", "EXECUTE", "CALL",  "COMMENT",
    "MAP",      "REDUCE", "REPLACE",  "DFS",     NULL};

static bool tokenize(struct parser *p)
{
    struct fst_lexer lx = {.text = p->text, .n = p->n};
    struct fst_token *found = NULL, t;
    size_t cap = 0, n = 0;
    do {
        t = fst_sql_next(&lx);
        if (t.kind == FST_TOK_SPACE || t.kind == FST_TOK_COMMENT || t.kind == FST_TOK_HINT)
            continue;
        fst_grow(&found, &cap, n + 1, sizeof *found);
        found[n++] = t;
    } while (t.kind != FST_TOK_END);
    p->tokens = fst_arena_alloc(p->a, n * sizeof *found);
    memcpy(p->tokens, found, n * sizeof *found);
    p->n_tokens = n;
    free(found);
    return n > 1;
}

static void refuse_statement(struct parser *p)
{
    const struct fst_token *t = px_peek(p, 0);
    if (px_any(t, p->text, statements) && px_is_identifier(p, 1))
        px_refuse(p, px_place(p), fst_arena_strndup(p->a, p->text + t->offset, t->len));
}

enum fst_status fst_sql_parse(struct fst_arena *a, const char *text, size_t n,
                              struct fst_sql_tree **out, struct fst_problem *problem,
                              struct fst_error *err)
{
    struct parser p = {.a = a, .text = text, .n = n, .problem = problem, .err = err};
    *out = NULL;
    if (n > SX_MAX_TEXT)
        return sx_unsupported(problem, err, NULL, "a text over 1 MB");
    if (!tokenize(&p)) {
        px_syntax(&p);
        return p.status;
    }
    refuse_statement(&p);
    struct sx_query *query = px_query(&p);
    while (px_accept_op(&p, ";"))
        ;
    if (!px_at_end(&p))
        px_syntax(&p);
    if (p.status != FST_OK)
        return p.status;

    *out = fst_arena_alloc(a, sizeof **out);
    **out = (struct fst_sql_tree){.text = text, .n = n, .query = query};
    return FST_OK;
}
