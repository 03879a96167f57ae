/* FROM: tables, CTEs, subqueries and joins to one relation and the columns in sight. */
#include "lateral.h"

#include <string.h>
#include <strings.h>

/* ---- Relations ------------------------------------------------------------------------------- */

struct fst_rel *make_rel(struct rx *rx, enum fst_rel_kind kind, struct fst_sql_place place,
                         struct fst_rel *input)
{
    struct fst_rel *r = fst_arena_alloc(rx->a, sizeof *r);
    r->kind = kind;
    r->place = place;
    r->input = input;
    r->limit = -1;
    if (input) {
        r->columns = input->columns;
        r->n_columns = input->n_columns;
    }
    return r;
}

void set_columns(struct rx *rx, struct fst_rel *r, size_t n)
{
    r->columns = fst_arena_alloc(rx->a, (n + 1) * sizeof *r->columns);
    r->n_columns = n;
}

struct fst_rel *project(struct rx *rx, struct fst_rel *input, struct fst_expr **exprs,
                        const char *const *names, size_t n, struct fst_sql_place place)
{
    struct fst_rel *r = make_rel(rx, FST_REL_PROJECT, place, input);
    set_columns(rx, r, n);
    r->exprs = exprs;
    r->n_exprs = n;
    for (size_t i = 0; i < n; i++)
        r->columns[i] = (struct fst_field){names[i], exprs[i]->type, exprs[i]->nullable};
    return r;
}

static struct fst_expr *column_of(struct rx *rx, const struct fst_rel *r, size_t i,
                                  struct fst_sql_place place)
{
    struct fst_expr *e = make(rx, FST_EXPR_COLUMN, r->columns[i].type, r->columns[i].nullable,
                              place, r->columns[i].name);
    e->index = (uint32_t)i;
    return e;
}

struct fst_rel *cast_columns(struct rx *rx, struct fst_rel *r, const struct fst_type *types)
{
    bool any = false;
    size_t n = r->n_columns;
    struct fst_expr **exprs = fst_arena_alloc(rx->a, (n + 1) * sizeof *exprs);
    const char **names = fst_arena_alloc(rx->a, (n + 1) * sizeof *names);
    for (size_t i = 0; i < n; i++) {
        any |= !fst_type_eq(&r->columns[i].type, &types[i]);
        exprs[i] = coerce(rx, column_of(rx, r, i, r->place), &types[i]);
        names[i] = r->columns[i].name;
    }
    return any ? project(rx, r, exprs, names, n, r->place) : r;
}

/* Two output columns with the same source may be one to Spark; 0 when it is no plain column. */
static uint32_t source_of(const struct fst_rel *r, size_t i)
{
    while (r->kind == FST_REL_SORT || r->kind == FST_REL_DISTINCT)
        r = r->input;
    if (r->kind != FST_REL_PROJECT || r->exprs[i]->kind != FST_EXPR_COLUMN)
        return 0;
    return r->exprs[i]->depth ? 0 : r->exprs[i]->index + 1;
}

struct scope output_scope(struct rx *rx, const struct fst_rel *r, const char *alias)
{
    struct scope s = {.n = r->n_columns};
    const char **quals = fst_arena_alloc(rx->a, sizeof *quals);
    quals[0] = alias;
    s.cols = fst_arena_alloc(rx->a, (s.n + 1) * sizeof *s.cols);
    for (size_t i = 0; i < s.n; i++)
        s.cols[i] = (struct col){.name = r->columns[i].name,
                                 .quals = quals,
                                 .n_quals = alias ? 1 : 0,
                                 .type = r->columns[i].type,
                                 .nullable = r->columns[i].nullable,
                                 .source = source_of(r, i),
                                 .index = (uint32_t)i};
    return s;
}

/* ---- Tables ---------------------------------------------------------------------------------- */

static void *no_table(struct rx *rx, const struct sx_from *f)
{
    struct fst_buf b = FST_BUF_TEXT;
    for (size_t i = 0; i < f->n_parts; i++)
        fst_buf_printf(&b, "%s`%s`", i ? "." : "", f->parts[i]);
    rx_fail(rx, &f->place, "TABLE_OR_VIEW_NOT_FOUND", "42P01",
            "The table or view %s cannot be found. Verify the spelling and correctness of the "
            "schema and catalog.",
            fst_buf_text(&b));
    fst_buf_done(&b);
    return NULL;
}

static bool same_parts(const struct fst_plan_table *t, const struct sx_from *f)
{
    if (t->n_parts != f->n_parts)
        return false;
    for (size_t i = 0; i < t->n_parts; i++)
        if (strcasecmp(t->parts[i], f->parts[i]) != 0)
            return false;
    return true;
}

static const struct fst_plan_table *find_table(struct rx *rx, const struct sx_from *f,
                                               size_t *index)
{
    for (*index = 0; *index < rx->n_tables; ++*index)
        if (same_parts(&rx->tables[*index], f))
            return &rx->tables[*index];
    struct fst_plan_table t = {.parts = f->parts, .n_parts = f->n_parts, .place = f->place};
    struct fst_error err = {0};
    enum fst_status status =
        rx->tables_of->table(rx->tables_of->arg, f->parts, f->n_parts, &t.schema, &t.handle, &err);
    if (status == FST_ENOTFOUND && f->n_parts > 2)
        return rx_refuse(rx, &f->place, "a table's name of %zu parts", f->n_parts);
    if (status == FST_ENOTFOUND)
        return no_table(rx, f);
    if (status != FST_OK) {
        if (rx->err)
            *rx->err = err;
        if (rx->problem) {
            *rx->problem = (struct fst_problem){
                .line = f->place.line,
                .col = f->place.col,
                .len = f->place.len,
                .unsupported = status == FST_EUNSUPPORTED,
            };
            snprintf(rx->problem->message, sizeof rx->problem->message, "%s", err.text);
        }
        rx->status = status;
        return NULL;
    }
    rx_grow(rx, &rx->tables, &rx->cap_tables, rx->n_tables, rx->n_tables + 1, sizeof t);
    rx->tables[rx->n_tables++] = t;
    return &rx->tables[*index];
}

struct cte *find_cte(struct rx *rx, const char *name)
{
    for (struct cte *c = rx->ctes; c; c = c->next)
        if (strcasecmp(c->name, name) == 0)
            return c;
    return NULL;
}

static struct fst_rel *cte_rel(struct rx *rx, const struct sx_from *f, struct cte *c,
                               struct scope *scope)
{
    struct fst_rel *r = make_rel(rx, FST_REL_CTE, f->place, NULL);
    r->cte = c->index;
    set_columns(rx, r, c->query->n_columns);
    for (size_t i = 0; i < r->n_columns; i++) {
        r->columns[i] = c->query->columns[i];
        r->columns[i].name = c->names[i];
    }
    *scope = output_scope(rx, r, f->parts[0]);
    return r;
}

/* parquet.`path`: its columns have no qualifier. */
static bool is_file(const struct sx_from *f)
{
    return f->n_parts == 2 && strcasecmp(f->parts[0], "parquet") == 0;
}

static struct fst_rel *table_rel(struct rx *rx, const struct sx_from *f, struct scope *scope)
{
    struct cte *c = f->n_parts == 1 ? find_cte(rx, f->parts[0]) : NULL;
    if (c)
        return cte_rel(rx, f, c, scope);
    size_t index;
    const struct fst_plan_table *t = find_table(rx, f, &index);
    if (!t)
        return NULL;
    struct fst_rel *r = make_rel(rx, FST_REL_SCAN, f->place, NULL);
    r->table = index;
    set_columns(rx, r, t->schema->n);
    for (size_t i = 0; i < t->schema->n; i++) {
        r->columns[i] = t->schema->fields[i];
        r->columns[i].name = t->schema->fields[i].name ? t->schema->fields[i].name : "";
    }
    *scope = output_scope(rx, r, NULL);
    for (size_t i = 0; i < scope->n; i++) {
        scope->cols[i].quals = f->parts;
        scope->cols[i].n_quals = is_file(f) ? 0 : f->n_parts;
    }
    return r;
}

/* AS t(a, b): the names of columns in sight, and their qualifier. */
static bool rename_scope(struct rx *rx, const struct sx_from *f, struct scope *scope)
{
    const char **quals = fst_arena_alloc(rx->a, sizeof *quals);
    if (!f->alias)
        return true;
    quals[0] = f->alias;
    if (f->n_column_aliases && f->n_column_aliases != scope->n) {
        if (f->query && f->query->body->kind == SX_BODY_VALUES)
            rx_fail(rx, &f->query->place, "INVALID_INLINE_TABLE.NUM_COLUMNS_MISMATCH", "42000",
                    "Invalid inline table. Inline table expected %zu columns but found %zu columns "
                    "in row 0.",
                    f->n_column_aliases, scope->n);
        else
            rx_refuse(rx, &f->place, "as many column aliases as there are no columns");
        return false;
    }
    for (size_t i = 0; i < scope->n; i++) {
        scope->cols[i].quals = quals;
        scope->cols[i].n_quals = 1;
        if (f->n_column_aliases)
            scope->cols[i].name = f->column_aliases[i];
    }
    return true;
}

/* f(x) AS t(a, b) over the rows of `input`, whose columns are `left`'s: those that it makes come
 * behind. */
static struct fst_rel *made_rows(struct rx *rx, const struct sx_from *f, struct fst_rel *input,
                                 struct scope *left, bool outer, struct scope *scope)
{
    struct where w = {.scope = left, .clause = "FROM"};
    if (!is_generator(f->call))
        return rx_refuse(rx, &f->place, "table function %s()", f->call->name);
    struct fst_rel *r = generate(rx, &w, f->call, input, outer);
    if (!r || !generator_names(rx, &f->place, r->n_columns - input->n_columns, f->column_aliases,
                               f->n_column_aliases))
        return NULL;
    *scope = output_scope(rx, r, f->alias);
    for (size_t i = 0; i < f->n_column_aliases; i++)
        scope->cols[input->n_columns + i].name = f->column_aliases[i];
    scope->cols += input->n_columns;
    scope->n -= input->n_columns;
    return r;
}

static struct fst_rel *leaf(struct rx *rx, const struct sx_from *f, struct scope *scope,
                            struct scope *outer)
{
    struct fst_rel *r;
    bool range = f->kind == SX_FROM_CALL && strcasecmp(f->call->name, "range") == 0;
    if (f->kind == SX_FROM_CALL && !range) {
        struct scope none = {0};
        r = make_rel(rx, FST_REL_ONE_ROW, f->place, NULL);
        r = made_rows(rx, f, r, &none, false, scope);
        scope->outer = outer;
        return r;
    }
    if (f->kind == SX_FROM_QUERY || range) {
        r = range ? range_rel(rx, f->call) : resolve_query(rx, f->query, outer);
        if (r)
            *scope = output_scope(rx, r, NULL);
    } else {
        r = table_rel(rx, f, scope);
    }
    if (!r || !rename_scope(rx, f, scope))
        return NULL;
    scope->outer = outer;
    return r;
}

/* ---- Joins ----------------------------------------------------------------------------------- */

struct join {
    struct rx *rx;
    const struct sx_from *f;
    struct scope left, right;
    struct fst_rel *rel;
};

static struct scope both(struct rx *rx, const struct scope *left, const struct scope *right,
                         size_t shift)
{
    struct scope s = {.n = left->n + right->n, .outer = left->outer};
    s.cols = fst_arena_alloc(rx->a, (s.n + 1) * sizeof *s.cols);
    if (left->n)
        memcpy(s.cols, left->cols, left->n * sizeof *s.cols);
    for (size_t i = 0; i < right->n; i++) {
        s.cols[left->n + i] = right->cols[i];
        s.cols[left->n + i].index += (uint32_t)shift;
    }
    return s;
}

static void make_nullable(struct fst_field *columns, size_t n)
{
    for (size_t i = 0; i < n; i++)
        columns[i].nullable = true;
}

static struct fst_rel *join_rel(struct rx *rx, const struct sx_from *f, struct fst_rel *left,
                                struct fst_rel *right)
{
    struct fst_rel *r = make_rel(rx, FST_REL_JOIN, f->place, left);
    bool half = f->join == FST_JOIN_SEMI || f->join == FST_JOIN_ANTI;
    r->right = right;
    r->join = f->join;
    if (half)
        return r;
    set_columns(rx, r, left->n_columns + right->n_columns);
    if (left->n_columns)
        memcpy(r->columns, left->columns, left->n_columns * sizeof *r->columns);
    if (right->n_columns)
        memcpy(r->columns + left->n_columns, right->columns, right->n_columns * sizeof *r->columns);
    if (f->join == FST_JOIN_RIGHT || f->join == FST_JOIN_FULL)
        make_nullable(r->columns, left->n_columns);
    if (f->join == FST_JOIN_LEFT || f->join == FST_JOIN_FULL)
        make_nullable(r->columns + left->n_columns, right->n_columns);
    return r;
}

static struct fst_expr *condition(struct join *j, const struct scope *pair)
{
    struct scope scope = *pair;
    struct where w = {.scope = &scope, .clause = "ON"};
    struct fst_expr *e = resolve_expr(j->rx, &w, j->f->on);
    if (!e)
        return NULL;
    if (has_aggregate_call(e) || has_window(e))
        return rx_fail(j->rx, &j->f->place, "UNSUPPORTED_EXPR_FOR_OPERATOR", "42K0E",
                       "The query operator Join contains one or more unsupported expressions.");
    struct fst_type boolean = fst_type(FST_BOOLEAN);
    if (e->type.kind == FST_VOID)
        return coerce(j->rx, e, &boolean);
    if (e->type.kind != FST_BOOLEAN)
        return rx_fail(j->rx, &j->f->place, "JOIN_CONDITION_IS_NOT_BOOLEAN_TYPE", "42K0E",
                       "The join condition \"%s\" has the invalid type \"%s\", expected "
                       "\"BOOLEAN\".",
                       e->text, type_sql(j->rx, &e->type));
    return e;
}

static struct col *visible(struct rx *rx, struct scope *s, const char *name,
                           const struct fst_sql_place *place, bool *several)
{
    struct col *found = NULL;
    *several = false;
    for (size_t i = 0; i < s->n; i++)
        if (!s->cols[i].hidden && strcasecmp(s->cols[i].name, name) == 0) {
            if (found)
                *several = true;
            found = &s->cols[i];
        }
    if (*several)
        rx_refuse(rx, place, "USING a column that a side has twice");
    return found;
}

static void *no_using(struct join *j, size_t i, bool left)
{
    return rx_fail(j->rx, NULL, "UNRESOLVED_USING_COLUMN_FOR_JOIN", "42703",
                   "USING column `%s` cannot be resolved on the %s side of the join.",
                   j->f->using_names[i], left ? "left" : "right");
}

static struct fst_expr *side(struct rx *rx, const struct fst_rel *r, uint32_t index,
                             struct fst_sql_place place)
{
    return column_of(rx, r, index, place);
}

/* The names that both sides have, for NATURAL. */
static void natural_names(struct rx *rx, const struct scope *left, const struct scope *right,
                          const char ***names, size_t *n)
{
    *names = fst_arena_alloc(rx->a, (left->n + 1) * sizeof **names);
    *n = 0;
    for (size_t i = 0; i < left->n; i++)
        for (size_t k = 0; k < right->n && !left->cols[i].hidden; k++)
            if (!right->cols[k].hidden &&
                strcasecmp(left->cols[i].name, right->cols[k].name) == 0) {
                (*names)[(*n)++] = left->cols[i].name;
                break;
            }
}

struct pair {
    struct col *left, *right;
    const char *name;
};

static struct pair *pairs(struct join *j, const char **names, size_t n)
{
    struct pair *out = fst_arena_alloc(j->rx->a, (n + 1) * sizeof *out);
    for (size_t i = 0; i < n; i++) {
        bool twice;
        const struct fst_sql_place *p = j->f->using_places ? &j->f->using_places[i] : &j->f->place;
        out[i].name = names[i];
        out[i].left = visible(j->rx, &j->left, names[i], p, &twice);
        out[i].right = visible(j->rx, &j->right, names[i], p, &twice);
        if (j->rx->status == FST_OK && (!out[i].left || !out[i].right))
            no_using(j, i, !out[i].left);
        if (j->rx->status != FST_OK)
            return NULL;
    }
    return out;
}

static struct fst_expr *equalities(struct join *j, const struct fst_rel *left,
                                   const struct fst_rel *right, const struct pair *p, size_t n)
{
    struct fst_expr *all = NULL;
    for (size_t i = 0; i < n; i++) {
        struct fst_expr *a = side(j->rx, left, p[i].left->index, j->f->place);
        struct fst_expr *b = side(j->rx, right, p[i].right->index, j->f->place);
        b->index += (uint32_t)left->n_columns;
        struct fst_expr *eq = comparison(j->rx, FST_FN_EQ, a, b, j->f->place);
        if (!eq)
            return NULL;
        all = all ? make2(j->rx, FST_EXPR_AND, fst_type(FST_BOOLEAN), all->nullable || eq->nullable,
                          all, eq, "")
                  : eq;
    }
    return all;
}

static struct fst_expr *merged_expr(struct join *j, const struct pair *p, size_t shift)
{
    struct rx *rx = j->rx;
    struct fst_expr *a = side(rx, j->rel, p->left->index, j->f->place);
    struct fst_expr *b = side(rx, j->rel, p->right->index + (uint32_t)shift, j->f->place);
    a->text = b->text = p->left->name;
    if (j->f->join == FST_JOIN_RIGHT)
        return b;
    if (j->f->join != FST_JOIN_FULL)
        return a;
    struct fst_type type;
    if (common_type(&a->type, &b->type, true, &type) != COMMON_FOUND)
        return rx_refuse(rx, &j->f->place, "USING columns of these types");
    struct fst_expr *e = operator_call(rx, FST_FN_COALESCE, type, true, coerce(rx, a, &type),
                                       coerce(rx, b, &type), j->f->place, p->left->name);
    e->fn = fst_sql_function("coalesce", 8);
    return e;
}

/* Merged columns first, then both sides, whose own sides of the pairs are hidden. */
static struct fst_rel *merge(struct join *j, struct pair *p, size_t n, size_t shift,
                             struct scope *scope)
{
    struct rx *rx = j->rx;
    for (size_t i = 0; i < n; i++) {
        p[i].left->hidden = p[i].right->hidden = true;
        p[i].left->aside = j->f->join == FST_JOIN_RIGHT || j->f->join == FST_JOIN_FULL;
        p[i].right->aside = j->f->join != FST_JOIN_RIGHT;
    }
    for (size_t i = 0; i < n && j->f->join == FST_JOIN_FULL; i++)
        for (size_t k = 0; k < j->left.n && p[i].left->merged; k++)
            j->left.cols[k].lost |= strcasecmp(j->left.cols[k].name, p[i].name) == 0;
    struct scope pair = both(rx, &j->left, &j->right, shift);
    size_t total = n + pair.n;
    struct fst_expr **exprs = fst_arena_alloc(rx->a, (total + 1) * sizeof *exprs);
    const char **names = fst_arena_alloc(rx->a, (total + 1) * sizeof *names);
    *scope = (struct scope){.n = total, .outer = pair.outer};
    scope->cols = fst_arena_alloc(rx->a, (total + 1) * sizeof *scope->cols);
    for (size_t i = 0; i < total; i++) {
        exprs[i] = i < n ? merged_expr(j, &p[i], shift)
                         : side(rx, j->rel, pair.cols[i - n].index, j->f->place);
        if (!exprs[i])
            return NULL;
        if (i >= n)
            scope->cols[i] = pair.cols[i - n];
        else
            scope->cols[i] = (struct col){.name = p[i].left->name, .merged = true};
        names[i] = scope->cols[i].name;
        scope->cols[i].type = exprs[i]->type;
        scope->cols[i].nullable = exprs[i]->nullable;
        scope->cols[i].index = (uint32_t)i;
    }
    return project(rx, j->rel, exprs, names, total, j->f->place);
}

static struct fst_rel *joined_by_names(struct join *j, struct fst_rel *left, struct fst_rel *right,
                                       struct scope *scope)
{
    const char **names = j->f->using_names;
    size_t n = j->f->n_using;
    if (j->f->natural)
        natural_names(j->rx, &j->left, &j->right, &names, &n);
    struct pair *p = pairs(j, names, n);
    if (!p)
        return NULL;
    j->rel = join_rel(j->rx, j->f, left, right);
    j->rel->condition = equalities(j, left, right, p, n);
    if (j->rx->status != FST_OK)
        return NULL;
    if (j->f->join == FST_JOIN_SEMI || j->f->join == FST_JOIN_ANTI) {
        *scope = j->left;
        return j->rel;
    }
    return merge(j, p, n, left->n_columns, scope);
}

static bool is_true(const struct sx *s)
{
    return !s || (s->kind == SX_BOOLEAN && s->flag);
}

/* t JOIN LATERAL f(t.x) [ON ...]: rows made of the left's. */
static struct fst_rel *lateral_call(struct join *j, struct fst_rel *left, struct scope *scope)
{
    struct rx *rx = j->rx;
    const struct sx_from *f = j->f;
    bool outer = f->join == FST_JOIN_LEFT;
    if (outer && !is_true(f->on))
        return rx_refuse(rx, &f->place, "LEFT JOIN LATERAL with a condition");
    struct fst_rel *r = made_rows(rx, f->right, left, &j->left, outer, &j->right);
    if (!r)
        return NULL;
    *scope = both(rx, &j->left, &j->right, 0);
    if (is_true(f->on))
        return r;
    struct fst_expr *e = condition(j, scope);
    struct fst_rel *kept = make_rel(rx, FST_REL_FILTER, f->place, r);
    kept->condition = e;
    return e ? kept : NULL;
}

static struct fst_rel *lateral_subquery(struct join *j, struct fst_rel *left, struct scope *scope)
{
    struct rx *rx = j->rx;
    const struct sx_from *f = j->f;
    bool outer = f->join == FST_JOIN_LEFT;
    struct scope boundary = j->left;
    boundary.lateral = true;
    struct fst_rel *query = resolve_query(rx, f->right->query, &boundary);
    if (!query)
        return NULL;
    j->right = output_scope(rx, query, NULL);
    if (!rename_scope(rx, f->right, &j->right))
        return NULL;
    *scope = both(rx, &j->left, &j->right, left->n_columns);
    struct fst_expr *on = is_true(f->on) ? NULL : condition(j, scope);
    if (rx->status != FST_OK)
        return NULL;
    struct fst_rel *r = lateral_query(rx, left, query, on, outer);
    for (size_t i = 0; r && i < scope->n; i++)
        scope->cols[i].nullable = r->columns[scope->cols[i].index].nullable;
    return r;
}

static struct fst_rel *lateral_join(struct join *j, struct fst_rel *left, struct scope *scope)
{
    const struct sx_from *f = j->f;
    if (f->natural || f->n_using || (f->join != FST_JOIN_INNER && f->join != FST_JOIN_LEFT))
        return rx_refuse(j->rx, &f->place, "this join with LATERAL");
    if (f->right->kind == SX_FROM_CALL)
        return lateral_call(j, left, scope);
    return lateral_subquery(j, left, scope);
}

static struct fst_rel *join_of(struct rx *rx, const struct sx_from *f, struct scope *scope,
                               struct scope *outer)
{
    struct join j = {.rx = rx, .f = f};
    struct fst_rel *left = resolve_from(rx, f->left, &j.left, outer);
    if (left && f->right->lateral)
        return lateral_join(&j, left, scope);
    struct fst_rel *right = left ? resolve_from(rx, f->right, &j.right, outer) : NULL;
    if (!right)
        return NULL;
    if (f->natural || f->n_using)
        return joined_by_names(&j, left, right, scope);
    j.rel = join_rel(rx, f, left, right);
    struct scope pair = both(rx, &j.left, &j.right, left->n_columns);
    if (f->on && !(j.rel->condition = condition(&j, &pair)))
        return NULL;
    bool half = f->join == FST_JOIN_SEMI || f->join == FST_JOIN_ANTI;
    *scope = half ? j.left : pair;
    for (size_t i = 0; i < scope->n; i++)
        scope->cols[i].nullable = j.rel->columns[scope->cols[i].index].nullable;
    return j.rel;
}

static struct fst_rel *view_of(struct rx *rx, const struct sx_from *f, struct scope *scope,
                               struct scope *outer)
{
    struct scope left, made;
    struct fst_rel *input = resolve_from(rx, f->left, &left, outer);
    struct fst_rel *r = input ? made_rows(rx, f, input, &left, f->outer, &made) : NULL;
    if (r)
        *scope = both(rx, &left, &made, 0);
    return r;
}

static struct fst_rel *pivoted(struct rx *rx, const struct sx_from *f, struct scope *scope,
                               struct scope *outer)
{
    struct scope in;
    struct fst_rel *input = resolve_from(rx, f->left, &in, outer);
    if (!input)
        return NULL;
    return (f->kind == SX_FROM_PIVOT ? pivot : unpivot)(rx, f, input, &in, scope);
}

struct fst_rel *resolve_from(struct rx *rx, const struct sx_from *f, struct scope *scope,
                             struct scope *outer)
{
    *scope = (struct scope){.outer = outer};
    switch (f->kind) {
    case SX_FROM_JOIN:
        return join_of(rx, f, scope, outer);
    case SX_FROM_VIEW:
        return view_of(rx, f, scope, outer);
    case SX_FROM_PIVOT:
    case SX_FROM_UNPIVOT:
        return pivoted(rx, f, scope, outer);
    default:
        return leaf(rx, f, scope, outer);
    }
}
