/* SELECT: everything is first resolved over the columns of FROM, aliases put in as what they stand
 * for; then aggregates and windows are lifted out into relations of their own, in the order
 * aggregate, HAVING, windows, QUALIFY, projection, DISTINCT, sort. */
#include "grouping.h"
#include "resolve.h"

#include <string.h>
#include <strings.h>

struct select {
    struct rx *rx;
    const struct sx_query *q;
    const struct sx_select *s;
    struct fst_sql_place place;
    struct scope scope;
    struct fst_rel *rel;

    struct fst_expr **items;
    const char **names;
    struct alias *aliases; /* of all output columns */
    size_t n_items, cap_items;
    struct alias *lateral; /* those with AS */
    size_t n_lateral, cap_lateral;
    bool star;
    bool generates; /* an item makes rows */
    struct {        /* the one that makes them of groups */
        const struct sx *call;
        struct fst_expr **args;
        size_t n;
    } maker;

    struct fst_expr **groups; /* what is grouped by; with sets those of AGGREGATE are more */
    size_t n_groups, cap_groups;
    struct sets sets;
    size_t n_group_columns; /* of AGGREGATE */
    struct fst_expr *having, *qualify;
    struct fst_sort_key *keys;
    size_t n_keys;
    bool aggregated;

    struct fst_expr **aggregates;
    size_t n_aggregates, cap_aggregates;
    struct fst_expr **windows;
    size_t n_windows, cap_windows;
    struct fst_expr **below; /* subqueries that aggregates and groups are over */
    size_t n_below, cap_below;
    bool lifting_item;
    const struct fst_expr *lifted; /* the item */
};

static struct where where_of(struct select *c, const char *clause)
{
    return (struct where){.scope = &c->scope,
                          .clause = clause,
                          .windows = c->s->windows,
                          .n_windows = c->s->n_windows,
                          .query_place = &c->place};
}

static bool failed(const struct select *c)
{
    return c->rx->status != FST_OK;
}

/* ---- Conditions ------------------------------------------------------------------------------ */

/* IN subqueries that are conjuncts of a filter are joins with three-valued logic. */
static void mark_conjuncts(struct fst_expr *e)
{
    if (e->kind == FST_EXPR_AND) {
        mark_conjuncts(e->args[0]);
        mark_conjuncts(e->args[1]);
    } else if (e->kind == FST_EXPR_IN_SUBQUERY) {
        e->existence = false;
    }
}

static struct fst_rel *filter(struct select *c, struct fst_expr *condition)
{
    mark_conjuncts(condition);
    struct fst_rel *r = make_rel(c->rx, FST_REL_FILTER, condition->place, c->rel);
    r->condition = condition;
    return r;
}

static struct fst_expr *boolean(struct select *c, struct fst_expr *e)
{
    struct fst_type type = fst_type(FST_BOOLEAN);
    if (!e || e->type.kind == FST_BOOLEAN)
        return e;
    if (e->type.kind == FST_VOID)
        return coerce(c->rx, e, &type);
    return rx_fail(c->rx, &c->place, "DATATYPE_MISMATCH.FILTER_NOT_BOOLEAN", "42K09",
                   "Cannot resolve \"%s\" due to data type mismatch: Filter expression \"%s\" of "
                   "type \"%s\" is not a boolean.",
                   e->text, e->text, type_sql(c->rx, &e->type));
}

static bool time_window(struct select *c)
{
    struct where w = where_of(c, "SELECT");
    return add_time_window(c->rx, &w, c->s, &c->scope, &c->rel);
}

static bool where_clause(struct select *c)
{
    if (!c->s->where)
        return true;
    struct where w = where_of(c, "WHERE");
    struct fst_expr *e = resolve_expr(c->rx, &w, c->s->where);
    if (e && has_aggregate_call(e))
        return rx_fail(c->rx, &c->place, "INVALID_WHERE_CONDITION", "42903",
                       "The WHERE condition \"%s\" contains invalid expressions. Rewrite the query "
                       "to avoid window functions, aggregate functions, and generator functions in "
                       "the WHERE clause.",
                       e->text) != NULL;
    e = boolean(c, e);
    if (e)
        c->rel = filter(c, e);
    return e != NULL;
}

/* ---- The list -------------------------------------------------------------------------------- */

static const char *item_name(struct select *c, const struct sx_item *item, const struct fst_expr *e)
{
    if (item->alias)
        return item->alias;
    if (item->expr->kind == SX_NAME)
        return item->expr->parts[item->expr->n_parts - 1];
    bool cast = strncmp(e->text, "CAST(", 5) == 0 || strncmp(e->text, "TRY_CAST(", 9) == 0;
    if (e->kind == FST_EXPR_CAST && cast && e->args[0]->kind == FST_EXPR_COLUMN)
        return e->args[0]->text;
    if (strcmp(e->text, "...") == 0)
        rx_refuse(c->rx, &item->place, "the name of so long a column: give it an alias");
    return e->text;
}

static void add_item(struct select *c, struct fst_expr *e, const char *name)
{
    size_t need = c->n_items + 1, cap = c->cap_items, again = c->cap_items;
    rx_grow(c->rx, &c->items, &cap, c->n_items, need, sizeof *c->items);
    cap = again;
    rx_grow(c->rx, &c->names, &cap, c->n_items, need, sizeof *c->names);
    rx_grow(c->rx, &c->aliases, &again, c->n_items, need, sizeof *c->aliases);
    c->cap_items = again;
    c->items[c->n_items] = e;
    c->names[c->n_items] = name;
    c->aliases[c->n_items++] = (struct alias){name, e};
}

static void star_items(struct select *c, const struct where *w, const struct sx *s)
{
    struct fst_expr **columns;
    size_t n;
    c->star = true;
    expand_star(c->rx, w, s, &columns, &n);
    for (size_t i = 0; i < n; i++)
        add_item(c, columns[i], columns[i]->text);
}

static bool reads_outer_column(const struct fst_expr *e)
{
    if (e->kind == FST_EXPR_COLUMN && e->depth)
        return true;
    for (size_t i = 0; i < e->n_args; i++)
        if (reads_outer_column(e->args[i]))
            return true;
    return false;
}

static void add_lateral(struct select *c, const char *name, struct fst_expr *e)
{
    rx_grow(c->rx, &c->lateral, &c->cap_lateral, c->n_lateral, c->n_lateral + 1,
            sizeof *c->lateral);
    c->lateral[c->n_lateral++] = (struct alias){name, e};
}

static bool is_grouped(const struct sx_select *s)
{
    bool any = s->has_group || s->having;
    for (size_t i = 0; i < s->n_items; i++)
        any = any || has_aggregate(s->items[i].expr);
    return any;
}

/* Columns that the maker of rows gives are numbered from here on until it is there. */
#define MADE_COLUMNS ((uint32_t)1 << 30)

static bool is_made(const struct fst_expr *e)
{
    return e->kind == FST_EXPR_COLUMN && e->depth == 0 && e->index >= MADE_COLUMNS;
}

/* Of groups, rows are made after HAVING; the columns stand for themselves until then. */
static void grouped_maker(struct select *c, const struct sx_item *item)
{
    struct where w = where_of(c, "SELECT");
    const struct sx *call = item->expr;
    if (c->maker.call) {
        rx_refuse(c->rx, &call->place, "two of explode() and its kin beside groups");
        return;
    }
    struct fst_expr **args = generator_arguments(c->rx, &w, call);
    struct fst_rel *none = make_rel(c->rx, FST_REL_ONE_ROW, call->place, NULL);
    struct fst_rel *r = args ? generated(c->rx, call, args, none, false) : NULL;
    const char *const *names = item->alias ? &item->alias : item->aliases;
    size_t n_names = item->alias ? 1 : item->n_aliases;
    if (!r || !generator_names(c->rx, &item->place, r->n_columns, names, n_names))
        return;
    c->maker.call = call;
    c->maker.args = args;
    c->maker.n = r->n_columns;
    for (size_t i = 0; i < r->n_columns; i++) {
        const char *name = n_names ? names[i] : r->columns[i].name;
        struct fst_expr *e = make(c->rx, FST_EXPR_COLUMN, r->columns[i].type,
                                  r->columns[i].nullable, call->place, name);
        e->index = MADE_COLUMNS + (uint32_t)i;
        add_item(c, e, name);
    }
}

/* Rows are made after WHERE and before all else: what the call gives are columns behind FROM's. */
static void generator_items(struct select *c, const struct sx_item *item)
{
    if (is_grouped(c->s)) {
        grouped_maker(c, item);
        return;
    }
    struct where w = where_of(c, "SELECT");
    size_t before = c->rel->n_columns;
    struct fst_rel *r = generate(c->rx, &w, item->expr, c->rel, false);
    const char *const *names = item->alias ? &item->alias : item->aliases;
    size_t n_names = item->alias ? 1 : item->n_aliases;
    if (!r || !generator_names(c->rx, &item->place, r->n_columns - before, names, n_names))
        return;
    c->rel = r;
    c->generates = true;
    for (size_t i = before; i < r->n_columns; i++) {
        const char *name = n_names ? names[i - before] : r->columns[i].name;
        struct fst_expr *e = make(c->rx, FST_EXPR_COLUMN, r->columns[i].type,
                                  r->columns[i].nullable, item->expr->place, name);
        e->index = (uint32_t)i;
        add_item(c, e, name);
        if (n_names)
            add_lateral(c, name, e);
    }
}

/* May an alias with a window be used to its right? Not where groups or conditions come between. */
static bool plain_windows(const struct sx_select *s)
{
    bool plain = !s->has_group && !s->having && !s->qualify && !s->distinct;
    for (size_t i = 0; i < s->n_items; i++)
        plain = plain && !has_aggregate(s->items[i].expr);
    return plain;
}

static bool select_list(struct select *c)
{
    bool windows = plain_windows(c->s);
    for (size_t i = 0; i < c->s->n_items && !failed(c); i++) {
        const struct sx_item *item = &c->s->items[i];
        struct where w = where_of(c, "SELECT");
        w.use = ALIAS_LAST;
        w.lateral = true;
        w.lateral_windows = windows;
        w.aliases = c->lateral;
        w.n_aliases = c->n_lateral;
        if (item->expr->kind == SX_STAR) {
            if (item->alias)
                rx_refuse(c->rx, &item->place, "an alias for a star");
            star_items(c, &w, item->expr);
            continue;
        }
        if (is_generator(item->expr)) {
            generator_items(c, item);
            continue;
        }
        if (item->n_aliases)
            rx_refuse(c->rx, &item->place, "several aliases for one expression");
        struct fst_expr *e = resolve_expr(c->rx, &w, item->expr);
        if (!e)
            return false;
        if (!item->alias && item->expr->kind != SX_NAME && reads_outer_column(e))
            rx_refuse(c->rx, &item->place, "the name of a column from outside: give it an alias");
        add_item(c, e, item_name(c, item, e));
        if (item->alias)
            add_lateral(c, item->alias, e);
    }
    return !failed(c);
}

/* ---- GROUP BY -------------------------------------------------------------------------------- */

static bool is_ordinal(const struct sx *s, int64_t *n)
{
    return s->kind == SX_NUMBER && fst_parse_int64(s->name, strlen(s->name), n) &&
           *n >= INT32_MIN && *n <= INT32_MAX;
}

static struct fst_expr *ordinal_group(struct select *c, const struct sx *s, int64_t n)
{
    if (c->star)
        return rx_fail(c->rx, NULL, "STAR_GROUP_BY_POS", "0A000",
                       "Star (*) is not allowed in a select list when GROUP BY an ordinal position "
                       "is used.");
    if (n < 1 || (uint64_t)n > c->n_items)
        return rx_fail(c->rx, &s->place, "GROUP_BY_POS_OUT_OF_RANGE", "42805",
                       "GROUP BY position %lld is not in select list (valid range is [1, %zu]).",
                       (long long)n, c->n_items);
    struct fst_expr *e = c->items[n - 1];
    if (has_aggregate_call(e))
        return rx_fail(c->rx, &s->place, "GROUP_BY_POS_AGGREGATE", "42903",
                       "GROUP BY %lld refers to an expression %s that contains an aggregate "
                       "function. Aggregate functions are not allowed in GROUP BY.",
                       (long long)n, e->text);
    return e;
}

static bool add_group(struct select *c, struct fst_expr *e)
{
    if (!e)
        return false;
    if (is_made(e))
        return rx_refuse(c->rx, &e->place, "GROUP BY rows that are made here") != NULL;
    if (has_aggregate_call(e)) {
        rx_fail(c->rx, &e->place, "GROUP_BY_AGGREGATE", "42903",
                "Aggregate functions are not allowed in GROUP BY, but found %s.", e->text);
        return false;
    }
    bool nested = fst_type_is_nested(&e->type) && !fst_sql_is_nested_key(&e->type);
    if (has_window(e) || nested || e->type.kind == FST_VARIANT) {
        rx_refuse(c->rx, &e->place, "GROUP BY %s",
                  has_window(e) ? "a window" : type_sql(c->rx, &e->type));
        return false;
    }
    rx_grow(c->rx, &c->groups, &c->cap_groups, c->n_groups, c->n_groups + 1, sizeof *c->groups);
    c->groups[c->n_groups++] = e;
    return true;
}

static struct fst_expr *group_expr(struct select *c, const struct sx *s)
{
    int64_t n;
    struct where w = where_of(c, "GROUP BY");
    w.use = ALIAS_LAST;
    w.aliases = c->lateral;
    w.n_aliases = c->n_lateral;
    if (s->kind == SX_TUPLE)
        return rx_refuse(c->rx, &s->place, "GROUP BY (a, b)");
    return is_ordinal(s, &n) ? ordinal_group(c, s, n) : resolve_expr(c->rx, &w, s);
}

/* Which group it is, from 0; a new one unless the groups are all said. */
static uint64_t set_bit(struct select *c, const struct sx *s)
{
    struct fst_expr *e = group_expr(c, s);
    size_t i = 0;
    if (!e)
        return 0;
    while (i < c->n_groups && !same_expr(c->groups[i], e))
        i++;
    if (e->kind == FST_EXPR_LITERAL || i == SETS_MAX_GROUPS ||
        (i == c->n_groups && c->s->only_sets && s != c->s->groups[i]))
        rx_refuse(c->rx, &s->place, "this in grouping sets");
    else if (i == c->n_groups)
        add_group(c, e);
    return (uint64_t)1 << (i % 64);
}

static uint64_t set_bits(struct select *c, const struct sx *s)
{
    uint64_t bits = 0;
    if (s->kind != SX_TUPLE)
        return set_bit(c, s);
    for (size_t i = 0; i < s->n_kids && !failed(c); i++)
        bits |= set_bit(c, s->kids[i]);
    return bits;
}

static struct sets sets_of(struct select *c, const struct sx *s)
{
    struct sets sets = {0};
    if (s->kind != SX_SETS) {
        sets_add(c->rx, &sets, set_bits(c, s), &s->place);
        return sets;
    }
    uint64_t *parts = fst_arena_alloc(c->rx->a, (s->n_kids + 1) * sizeof *parts);
    for (size_t i = 0; i < s->n_kids && !failed(c); i++) {
        if (strcmp(s->name, "SETS") != 0) {
            parts[i] = set_bits(c, s->kids[i]);
            continue;
        }
        struct sets below = sets_of(c, s->kids[i]);
        for (size_t k = 0; k < below.n && !failed(c); k++)
            sets_add(c->rx, &sets, below.of[k], &s->place);
    }
    if (strcmp(s->name, "ROLLUP") == 0)
        sets_rollup(c->rx, &sets, parts, s->n_kids, &s->place);
    else if (strcmp(s->name, "CUBE") == 0)
        sets_cube(c->rx, &sets, parts, s->n_kids, &s->place);
    return sets;
}

/* Elements of GROUP BY, one of which at least has sets: all combinations of theirs. */
static bool grouping_sets(struct select *c)
{
    sets_add(c->rx, &c->sets, 0, &c->place);
    for (size_t i = 0; i < c->s->n_groups && !failed(c); i++) {
        struct sets sets = sets_of(c, c->s->groups[i]);
        c->sets = c->s->only_sets ? c->sets : sets_product(c->rx, &c->sets, &sets, &c->place);
    }
    if (c->s->only_sets && !failed(c))
        c->sets = sets_of(c, c->s->only_sets);
    uint64_t any = 0;
    for (size_t i = 0; i < c->sets.n; i++)
        any |= c->sets.of[i];
    if (!failed(c) && !any && (c->sets.n > 1 || c->n_groups))
        rx_refuse(c->rx, &c->place, "grouping sets without a group");
    if (!any)
        c->sets.n = 0; /* one row over everything, even over nothing */
    return !failed(c);
}

static bool group_clause(struct select *c)
{
    bool sets = c->s->only_sets;
    for (size_t i = 0; c->s->group_all && i < c->n_items; i++)
        if (!has_aggregate_call(c->items[i]) && !add_group(c, c->items[i]))
            return false;
    for (size_t i = 0; i < c->s->n_groups; i++)
        sets |= c->s->groups[i]->kind == SX_SETS;
    if (sets)
        return grouping_sets(c);
    for (size_t i = 0; i < c->s->n_groups; i++)
        if (!add_group(c, group_expr(c, c->s->groups[i])))
            return false;
    return true;
}

/* ---- HAVING, QUALIFY, ORDER BY --------------------------------------------------------------- */

static struct fst_expr *over_outputs(struct select *c, const char *clause, const struct sx *s,
                                     enum alias_use use)
{
    struct where w = where_of(c, clause);
    w.use = use;
    w.aliases = c->aliases;
    w.n_aliases = c->n_items;
    return resolve_expr(c->rx, &w, s);
}

static bool conditions(struct select *c)
{
    if (c->s->having) {
        c->having = boolean(c, over_outputs(c, "HAVING", c->s->having, ALIAS_FIRST));
        if (c->having && has_window(c->having))
            rx_refuse(c->rx, &c->having->place, "a window in HAVING");
    }
    if (c->s->qualify && !failed(c) && has_aggregate(c->s->qualify))
        rx_refuse(c->rx, &c->s->qualify->place, "an aggregate in QUALIFY: give it an alias");
    if (c->s->qualify && !failed(c))
        c->qualify = boolean(c, over_outputs(c, "QUALIFY", c->s->qualify, ALIAS_FIRST));
    return !failed(c);
}

static struct fst_expr *ordinal_key(struct select *c, const struct sx *s, int64_t n)
{
    if (n < 1 || (uint64_t)n > c->n_items)
        return rx_fail(c->rx, &s->place, "ORDER_BY_POS_OUT_OF_RANGE", "42805",
                       "ORDER BY position %lld is not in select list (valid range is [1, %zu]).",
                       (long long)n, c->n_items);
    return c->items[n - 1];
}

static bool is_output(const struct select *c, const struct fst_expr *e)
{
    for (size_t i = 0; i < c->n_items; i++)
        if (same_expr(c->items[i], e))
            return true;
    return false;
}

static void sort_of(struct select *c, const struct fst_expr *e)
{
    rx_fail(c->rx, &c->q->order_place, "UNSUPPORTED_EXPR_FOR_OPERATOR", "42K0E",
            "The query operator Sort contains one or more unsupported expressions. Invalid "
            "expressions: [\"%s\"]",
            e->text);
}

static void key_of(struct select *c, const struct sx_key *k, struct fst_sort_key *out)
{
    int64_t n;
    bool distinct = c->s->distinct;
    out->descending = k->descending;
    out->nulls_first = k->nulls_given ? k->nulls_first : !k->descending;
    out->expr = is_ordinal(k->expr, &n)
                    ? ordinal_key(c, k->expr, n)
                    : over_outputs(c, "ORDER BY", k->expr, distinct ? ALIAS_ONLY : ALIAS_FIRST);
    if (out->expr && has_over(k->expr) && is_output(c, out->expr))
        rx_refuse(c->rx, &k->expr->place, "a window in ORDER BY");
    else if (out->expr && has_over(k->expr))
        sort_of(c, out->expr);
    if (out->expr && c->s->having && has_aggregate_call(out->expr) && !is_output(c, out->expr))
        rx_refuse(c->rx, &k->expr->place, "an aggregate in ORDER BY after HAVING");
    bool nested = out->expr && fst_type_is_nested(&out->expr->type) &&
                  !fst_sql_is_nested_key(&out->expr->type);
    if (out->expr && (nested || out->expr->type.kind == FST_VARIANT))
        rx_refuse(c->rx, &k->expr->place, "ORDER BY %s", type_sql(c->rx, &out->expr->type));
}

/* ORDER BY ALL: every output column, in the direction of the word. */
static bool order_all(struct select *c)
{
    static const char *const all[] = {"all"};
    if (names_column(c->rx, &(struct where){.scope = &c->scope, .clause = "ORDER BY"},
                     &(struct sx){.parts = (const char **)all, .n_parts = 1}))
        return rx_refuse(c->rx, &c->q->order_place, "ORDER BY ALL beside a column all") != NULL;
    const struct sx_key *k = &c->q->order[0];
    c->n_keys = c->n_items;
    c->keys = fst_arena_alloc(c->rx->a, (c->n_keys + 1) * sizeof *c->keys);
    for (size_t i = 0; i < c->n_keys; i++) {
        const struct fst_type *type = &c->items[i]->type;
        if (fst_type_is_nested(type) || type->kind == FST_VARIANT ||
            strcasecmp(c->names[i], "all") == 0)
            rx_refuse(c->rx, &k->expr->place, "ORDER BY ALL over %s", c->names[i]);
        c->keys[i] =
            (struct fst_sort_key){.expr = c->items[i],
                                  .descending = k->descending,
                                  .nulls_first = k->nulls_given ? k->nulls_first : !k->descending};
    }
    return !failed(c);
}

static bool order_clause(struct select *c)
{
    if (c->q->order_all)
        return order_all(c);
    c->n_keys = c->q->n_order;
    c->keys = fst_arena_alloc(c->rx->a, (c->n_keys + 1) * sizeof *c->keys);
    for (size_t i = 0; i < c->n_keys && !failed(c); i++)
        key_of(c, &c->q->order[i], &c->keys[i]);
    return !failed(c);
}

/* ---- Lifting aggregates ---------------------------------------------------------------------- */

static struct fst_expr *group_column(struct select *c, const struct fst_expr *e, size_t i,
                                     uint32_t level)
{
    bool nullable = c->groups[i]->nullable || sets_leave_out(&c->sets, i);
    if (nullable && !c->groups[i]->nullable && e != c->lifted)
        return rx_refuse(c->rx, &e->place, "grouping sets over a column that is never NULL, here");
    struct fst_expr *out =
        make(c->rx, FST_EXPR_COLUMN, c->groups[i]->type, nullable, e->place, e->text);
    out->index = (uint32_t)i;
    out->depth = level;
    return out;
}

static void *no_grouping(struct select *c, const struct fst_expr *e)
{
    if (c->sets.n == 0 && c->s->has_group && c->n_groups == 0)
        return rx_refuse(c->rx, &e->place, "%s() without a group", e->fn->name);
    if (c->sets.n == 0)
        return rx_fail(c->rx, &e->place, "UNSUPPORTED_GROUPING_EXPRESSION", "42K0E",
                       "grouping()/grouping_id() can only be used with GroupingSets/Cube/Rollup.");
    struct fst_buf all = FST_BUF_TEXT, mine = FST_BUF_TEXT;
    for (size_t i = 0; i < c->n_groups; i++)
        fst_buf_printf(&all, "%s%s", i ? "," : "", c->groups[i]->text);
    for (size_t i = 0; i < e->n_args; i++)
        fst_buf_printf(&mine, "%s%s", i ? "," : "", e->args[i]->text);
    if (e->fn->id == FST_FN_GROUPING)
        rx_fail(c->rx, NULL, "GROUPING_COLUMN_MISMATCH", "42803",
                "Column of grouping (%s) can't be found in grouping columns %s.",
                fst_buf_text(&mine), fst_buf_text(&all));
    else
        rx_fail(c->rx, NULL, "GROUPING_ID_COLUMN_MISMATCH", "42803",
                "Columns of grouping_id (%s) does not match grouping columns (%s).",
                fst_buf_text(&mine), fst_buf_text(&all));
    fst_buf_done(&all);
    fst_buf_done(&mine);
    return NULL;
}

/* grouping() and grouping_id() are columns that the sets bring along. */
static struct fst_expr *grouping_column(struct select *c, const struct fst_expr *e)
{
    bool whole = e->fn->id == FST_FN_GROUPING_ID, matches = e->n_args == c->n_groups;
    size_t at = 0;
    for (size_t i = 0; whole && matches && i < e->n_args; i++)
        matches = same_expr(c->groups[i], e->args[i]);
    while (!whole && at < c->n_groups && !same_expr(c->groups[at], e->args[0]))
        at++;
    bool found = whole ? matches || e->n_args == 0 : at < c->n_groups;
    if (c->sets.n == 0 || !found)
        return no_grouping(c, e);
    struct fst_expr *out = make(c->rx, FST_EXPR_COLUMN, e->type, false, e->place, e->text);
    out->index = (uint32_t)(c->n_groups + (whole ? 0 : 1 + at));
    return out;
}

static void *not_grouped(struct select *c, const struct fst_expr *e)
{
    if (!c->lifting_item && c->n_groups) {
        struct scope outputs = {.n = c->n_items};
        outputs.cols = fst_arena_alloc(c->rx->a, (c->n_items + 1) * sizeof *outputs.cols);
        for (size_t i = 0; i < c->n_items; i++)
            outputs.cols[i].name = c->names[i];
        struct fst_buf near = FST_BUF_TEXT;
        suggest(&near, &outputs, (const char *const[]){e->text}, 1);
        rx_fail(c->rx, &e->place, "UNRESOLVED_COLUMN.WITH_SUGGESTION", "42703",
                "A column, variable, or function parameter with name `%s` cannot be resolved. Did "
                "you mean one of the following? [%s].",
                e->text, fst_buf_text(&near));
        fst_buf_done(&near);
        return NULL;
    }
    if (!c->lifting_item)
        return rx_refuse(c->rx, &e->place, "a column outside of aggregates here");
    if (c->s->group_all)
        return rx_refuse(c->rx, &e->place, "GROUP BY ALL with columns beside aggregates");
    if (!c->s->has_group)
        return rx_fail(c->rx, &c->place, "MISSING_GROUP_BY", "42803",
                       "The query does not include a GROUP BY clause. Add GROUP BY or turn it into "
                       "the window functions using OVER clauses.");
    return rx_fail(c->rx, c->sets.n ? NULL : &e->place, "MISSING_AGGREGATION", "42803",
                   "The non-aggregating expression \"%s\" is based on columns which are not "
                   "participating in the GROUP BY clause.\nAdd the columns or the expression to "
                   "the GROUP BY, aggregate the expression, or use \"any_value(%s)\" if you do not "
                   "care which of the values within a group is returned.",
                   e->text, e->text);
}

static struct fst_expr *aggregate_column(struct select *c, struct fst_expr *e)
{
    size_t i = 0;
    while (i < c->n_aggregates && !same_expr(c->aggregates[i], e))
        i++;
    if (i == c->n_aggregates) {
        rx_grow(c->rx, &c->aggregates, &c->cap_aggregates, i, i + 1, sizeof *c->aggregates);
        c->aggregates[c->n_aggregates++] = e;
    }
    struct fst_expr *out = make(c->rx, FST_EXPR_COLUMN, e->type, e->nullable, e->place, e->text);
    out->index = (uint32_t)(c->n_group_columns + i);
    return out;
}

static bool is_grouping(const struct fst_expr *e)
{
    return e->fn->id == FST_FN_GROUPING || e->fn->id == FST_FN_GROUPING_ID;
}

static struct fst_expr *note_outward(struct rx *rx, struct fst_expr *e, uint32_t level, void *arg)
{
    (void)rx;
    if (level && e->kind == FST_EXPR_COLUMN && e->depth == level)
        *(bool *)arg = true;
    return NULL;
}

/* Spark has a scalar subquery over columns of groups only where it is grouped by, or in HAVING. */
static struct fst_expr *grouped_scalar(struct select *c, struct fst_expr *e)
{
    bool outward = false;
    if (!c->lifting_item)
        return NULL;
    rewrite(c->rx, e, note_outward, &outward);
    return !outward ? NULL
                    : rx_fail(c->rx, &e->place,
                              "SCALAR_SUBQUERY_IS_IN_GROUP_BY_OR_AGGREGATE_FUNCTION", "0A000",
                              "The correlated scalar subquery '\"%s\"' is neither present in GROUP "
                              "BY, nor in an aggregate function.\nAdd it to GROUP BY using ordinal "
                              "position or wrap it in `first()` (or `first_value`) if you don't "
                              "care which value you get.",
                              e->text);
}

/* A column of FROM that a subquery reads: one that is grouped by. */
static struct fst_expr *outward_column(struct select *c, const struct fst_expr *e, uint32_t level)
{
    for (size_t i = 0; i < c->n_groups && !c->sets.n; i++)
        if (c->groups[i]->kind == FST_EXPR_COLUMN && c->groups[i]->depth == 0 &&
            c->groups[i]->index == e->index)
            return group_column(c, e, i, level);
    return rx_refuse(c->rx, &e->place, "a column of an outer query that has aggregates");
}

static struct fst_expr *lift_aggregate(struct rx *rx, struct fst_expr *e, uint32_t level, void *arg)
{
    struct select *c = arg;
    (void)rx;
    if (level == 0) {
        for (size_t i = 0; i < c->n_groups; i++)
            if (same_expr(c->groups[i], e))
                return group_column(c, e, i, 0);
        if (is_made(e))
            return e;
        if (e->kind == FST_EXPR_AGGREGATE)
            return is_grouping(e) ? grouping_column(c, e) : aggregate_column(c, e);
        if (e->kind == FST_EXPR_SCALAR)
            return grouped_scalar(c, e);
        return e->kind == FST_EXPR_COLUMN && e->depth == 0 ? not_grouped(c, e) : NULL;
    }
    return e->kind == FST_EXPR_COLUMN && e->depth == level ? outward_column(c, e, level) : NULL;
}

static void lift_all(struct select *c, rewriter fn)
{
    c->lifting_item = true;
    for (size_t i = 0; i < c->n_items && !failed(c); i++) {
        c->lifted = c->items[i];
        c->items[i] = rewrite(c->rx, c->items[i], fn, c);
    }
    c->lifted = NULL;
    for (size_t i = 0; c->maker.call && i < c->maker.call->n_kids && !failed(c); i++)
        c->maker.args[i] = rewrite(c->rx, c->maker.args[i], fn, c);
    c->lifting_item = false;
    if (c->having && !failed(c) && fn == lift_aggregate)
        c->having = rewrite(c->rx, c->having, fn, c);
    if (c->qualify && !failed(c))
        c->qualify = rewrite(c->rx, c->qualify, fn, c);
    for (size_t i = 0; i < c->n_keys && !failed(c); i++)
        c->keys[i].expr = rewrite(c->rx, c->keys[i].expr, fn, c);
}

static bool is_aggregated(struct select *c)
{
    bool any = c->s->has_group || c->s->having || c->maker.call;
    for (size_t i = 0; i < c->n_items; i++)
        any |= has_aggregate_call(c->items[i]);
    if (any)
        return true;
    if (c->qualify && has_aggregate_call(c->qualify))
        rx_refuse(c->rx, &c->qualify->place, "an aggregate only in QUALIFY");
    for (size_t i = 0; i < c->n_keys && !failed(c); i++)
        if (has_aggregate_call(c->keys[i].expr))
            sort_of(c, c->keys[i].expr);
    return false;
}

/* Subqueries below aggregates and groups become columns of a relation of their own. */
static struct fst_expr *lift_subquery(struct rx *rx, struct fst_expr *e, uint32_t level, void *arg)
{
    struct select *c = arg;
    if (level || !e->query)
        return level ? e : NULL;
    size_t i = 0;
    while (i < c->n_below && !same_expr(c->below[i], e))
        i++;
    if (i == c->n_below) {
        rx_grow(rx, &c->below, &c->cap_below, i, i + 1, sizeof *c->below);
        c->below[c->n_below++] = e;
    }
    struct fst_expr *out = make(rx, FST_EXPR_COLUMN, e->type, e->nullable, e->place, e->text);
    out->index = (uint32_t)(c->rel->n_columns + i);
    return out;
}

static void subqueries_below(struct select *c, struct fst_expr **groups)
{
    struct fst_rel *in = c->rel;
    for (size_t i = 0; i < c->n_group_columns; i++)
        groups[i] = rewrite(c->rx, groups[i], lift_subquery, c);
    for (size_t i = 0; i < c->n_aggregates; i++)
        c->aggregates[i] = rewrite(c->rx, c->aggregates[i], lift_subquery, c);
    if (!c->n_below || failed(c))
        return;
    size_t n = in->n_columns + c->n_below;
    struct fst_expr **exprs = fst_arena_alloc(c->rx->a, n * sizeof *exprs);
    const char **names = fst_arena_alloc(c->rx->a, n * sizeof *names);
    for (size_t i = 0; i < n; i++) {
        const struct fst_field *f = &in->columns[i];
        exprs[i] = i < in->n_columns
                       ? make(c->rx, FST_EXPR_COLUMN, f->type, f->nullable, c->place, f->name)
                       : c->below[i - in->n_columns];
        exprs[i]->index = i < in->n_columns ? (uint32_t)i : exprs[i]->index;
        names[i] = exprs[i]->text;
    }
    c->rel = project(c->rx, in, exprs, names, n, c->place);
}

static struct fst_expr *place_made(struct rx *rx, struct fst_expr *e, uint32_t level, void *arg)
{
    if (level || !is_made(e))
        return NULL;
    struct fst_expr *out = make(rx, e->kind, e->type, e->nullable, e->place, e->text);
    out->index = e->index - MADE_COLUMNS + *(uint32_t *)arg;
    return out;
}

/* Rows of groups; their columns come behind those of the groups. */
static bool make_rows(struct select *c)
{
    uint32_t before = (uint32_t)c->rel->n_columns;
    for (size_t i = 0; i < c->n_items; i++) {
        if (has_window(c->items[i]))
            return rx_refuse(c->rx, &c->place, "a window beside rows made of groups") != NULL;
        c->items[i] = rewrite(c->rx, c->items[i], place_made, &before);
    }
    for (size_t i = 0; i < c->n_keys; i++)
        c->keys[i].expr = rewrite(c->rx, c->keys[i].expr, place_made, &before);
    if (c->having || c->qualify)
        return rx_refuse(c->rx, &c->place, "HAVING or QUALIFY beside rows made of groups") != NULL;
    c->rel = generated(c->rx, c->maker.call, c->maker.args, c->rel, false);
    return c->rel != NULL;
}

static bool aggregate(struct select *c)
{
    if (!is_aggregated(c))
        return !failed(c);
    struct fst_expr **groups = c->groups;
    c->n_group_columns = c->n_groups;
    if (c->sets.n)
        c->rel = expand_sets(c->rx, c->rel, &c->sets, &groups, &c->n_group_columns, c->place);
    lift_all(c, lift_aggregate);
    if (failed(c))
        return false;
    subqueries_below(c, groups);
    if (failed(c))
        return false;
    struct fst_rel *r = make_rel(c->rx, FST_REL_AGGREGATE, c->place, c->rel);
    set_columns(c->rx, r, c->n_group_columns + c->n_aggregates);
    r->groups = groups;
    r->n_groups = c->n_group_columns;
    r->exprs = c->aggregates;
    r->n_exprs = c->n_aggregates;
    for (size_t i = 0; i < r->n_columns; i++) {
        const struct fst_expr *e = i < r->n_groups ? groups[i] : c->aggregates[i - r->n_groups];
        r->columns[i] = (struct fst_field){e->text, e->type, e->nullable};
    }
    c->rel = r;
    if (c->having)
        c->rel = filter(c, c->having);
    return !c->maker.call || make_rows(c);
}

/* ---- Lifting windows ------------------------------------------------------------------------- */

static struct fst_expr *lift_window(struct rx *rx, struct fst_expr *e, uint32_t level, void *arg)
{
    struct select *c = arg;
    if (level || e->kind != FST_EXPR_WINDOW)
        return level ? e : NULL;
    size_t i = 0;
    while (i < c->n_windows && !same_expr(c->windows[i], e))
        i++;
    if (i == c->n_windows) {
        rx_grow(rx, &c->windows, &c->cap_windows, i, i + 1, sizeof *c->windows);
        c->windows[c->n_windows++] = e;
    }
    struct fst_expr *out = make(rx, FST_EXPR_COLUMN, e->type, e->nullable, e->place, e->text);
    out->index = (uint32_t)(c->rel->n_columns + i);
    return out;
}

static bool window(struct select *c)
{
    lift_all(c, lift_window);
    if (failed(c))
        return false;
    if (c->n_windows) {
        struct fst_rel *in = c->rel, *r = make_rel(c->rx, FST_REL_WINDOW, c->place, in);
        set_columns(c->rx, r, in->n_columns + c->n_windows);
        if (in->n_columns)
            memcpy(r->columns, in->columns, in->n_columns * sizeof *r->columns);
        for (size_t i = 0; i < c->n_windows; i++)
            r->columns[in->n_columns + i] = (struct fst_field){
                c->windows[i]->text, c->windows[i]->type, c->windows[i]->nullable};
        r->exprs = c->windows;
        r->n_exprs = c->n_windows;
        c->rel = r;
    }
    if (c->qualify)
        c->rel = filter(c, c->qualify);
    return true;
}

/* ---- Output and order ------------------------------------------------------------------------ */

static struct fst_expr *to_output(struct rx *rx, struct fst_expr *e, uint32_t level, void *arg)
{
    struct select *c = arg;
    for (size_t i = 0; i < c->n_items && level == 0; i++)
        if (same_expr(c->items[i], e)) {
            struct fst_expr *out =
                make(rx, FST_EXPR_COLUMN, e->type, e->nullable, e->place, e->text);
            out->index = (uint32_t)i;
            return out;
        }
    if (e->kind == FST_EXPR_COLUMN && e->depth == level)
        return rx_refuse(rx, &e->place, "ORDER BY a column that DISTINCT leaves out");
    return NULL;
}

static struct fst_rel *project_items(struct select *c, size_t n)
{
    return project(c->rx, c->rel, c->items, c->names, n, c->place);
}

static struct fst_rel *distinct(struct select *c)
{
    for (size_t i = 0; i < c->n_items; i++)
        if ((fst_type_is_nested(&c->items[i]->type) &&
             !fst_sql_is_nested_key(&c->items[i]->type)) ||
            c->items[i]->type.kind == FST_VARIANT)
            return rx_refuse(c->rx, &c->place, "DISTINCT of %s",
                             type_sql(c->rx, &c->items[i]->type));
    struct fst_rel *r = project_items(c, c->n_items);
    return make_rel(c->rx, FST_REL_DISTINCT, c->place, r);
}

/* Keys that are no output column become columns after them. */
static void hide_keys(struct select *c)
{
    for (size_t k = 0; k < c->n_keys; k++) {
        struct fst_expr *e = c->keys[k].expr;
        size_t i = 0;
        while (i < c->n_items && !same_expr(c->items[i], e))
            i++;
        if (i == c->n_items)
            add_item(c, e, e->text);
        struct fst_expr *out =
            make(c->rx, FST_EXPR_COLUMN, e->type, e->nullable, e->place, e->text);
        out->index = (uint32_t)i;
        c->keys[k].expr = out;
    }
}

static struct fst_rel *output(struct select *c)
{
    size_t visible = c->n_items;
    if (c->s->distinct) {
        for (size_t i = 0; i < c->n_keys && !failed(c); i++)
            c->keys[i].expr = rewrite(c->rx, c->keys[i].expr, to_output, c);
        c->n_keys -= c->q->n_spread;
        c->rel = failed(c) ? NULL : distinct(c);
    } else {
        c->n_keys -= c->q->n_spread;
        hide_keys(c);
        c->rel = project_items(c, c->n_items);
    }
    if (!c->rel || !c->n_keys)
        return c->rel;
    struct fst_rel *r = make_rel(c->rx, FST_REL_SORT, c->q->order_place, c->rel);
    r->n_columns = visible;
    r->order = c->keys;
    r->n_order = c->n_keys;
    return r;
}

struct fst_rel *resolve_select(struct rx *rx, const struct sx_query *q, const struct sx_select *s,
                               struct fst_sql_place place, struct scope *outer)
{
    struct select c = {.rx = rx, .q = q, .s = s, .place = place};
    if (s->from) {
        c.rel = resolve_from(rx, s->from, &c.scope, outer);
    } else {
        c.rel = make_rel(rx, FST_REL_ONE_ROW, place, NULL);
        c.scope.outer = outer;
    }
    if (!c.rel || !where_clause(&c) || !time_window(&c) || !select_list(&c) || !group_clause(&c) ||
        !conditions(&c) || !order_clause(&c) || !aggregate(&c) || !window(&c))
        return NULL;
    return output(&c);
}
