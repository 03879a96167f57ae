/* Relations of a plan as common table expressions. See local_sql.h for the idea.
 *
 * The inputs of a join are materialized where SQLite may search in them: on a table with values of
 * its own it builds an index by itself, on a scan of a file it would read the file again and again.
 */
#include "local_sql.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

/* ---- Refusals -------------------------------------------------------------------------------- */

bool tr_failed(const struct tr *t)
{
    return t->status != FST_OK;
}

void tr_refuse(struct tr *t, const struct fst_sql_place *place, const char *fmt, ...)
{
    if (tr_failed(t))
        return;
    char what[512];
    va_list args;
    va_start(args, fmt);
    vsnprintf(what, sizeof what, fmt, args);
    va_end(args);
    if (t->problem) {
        struct fst_problem *p = t->problem;
        *p = (struct fst_problem){
            .unsupported = true, .condition = "UNSUPPORTED_FEATURE", .sqlstate = "0A000"};
        p->line = place->line;
        p->col = place->col;
        p->len = place->line ? (uint32_t)fst_utf8_length(t->text + place->offset, place->len) : 0;
        p->len += place->line && !p->len;
        snprintf(p->message, sizeof p->message, "The local engine does not do %s.", what);
    }
    t->status =
        place->line
            ? fst_fail(t->err, FST_EUNSUPPORTED,
                       "line %u, column %u: the local engine does not do %s; run it on Spark",
                       place->line, place->col, what)
            : fst_fail(t->err, FST_EUNSUPPORTED, "the local engine does not do %s; run it on Spark",
                       what);
}

bool tr_type_ok(const struct fst_type *type)
{
    return !fst_type_is_nested(type) && type->kind != FST_VARIANT && type->kind != FST_UNKNOWN &&
           type->kind != FST_TIME;
}

/* ---- Which columns are needed ---------------------------------------------------------------- */

struct needs {
    bool *of; /* by number of the column */
    size_t n;
};

static void need_rel(const struct fst_rel *rel, uint32_t depth, struct needs *out);

/* Mark the columns that belong `depth` queries further out. */
static void need_expr(const struct fst_expr *e, uint32_t depth, struct needs *out)
{
    if (!e)
        return;
    if (e->kind == FST_EXPR_COLUMN && e->depth == depth && e->index < out->n)
        out->of[e->index] = true;
    for (size_t i = 0; i < e->n_args; i++)
        need_expr(e->args[i], depth, out);
    if (e->query)
        need_rel(e->query, depth + 1, out);
    if (!e->call)
        return;
    need_expr(e->call->filter, depth, out);
    for (size_t i = 0; i < e->call->n_partition; i++)
        need_expr(e->call->partition[i], depth, out);
    for (size_t i = 0; i < e->call->n_order; i++)
        need_expr(e->call->order[i].expr, depth, out);
}

/* The same for all expressions of a relation and below it. */
static void need_rel(const struct fst_rel *rel, uint32_t depth, struct needs *out)
{
    if (!rel)
        return;
    for (size_t i = 0; i < rel->n_exprs; i++)
        need_expr(rel->exprs[i], depth, out);
    for (size_t i = 0; i < rel->n_groups; i++)
        need_expr(rel->groups[i], depth, out);
    for (size_t i = 0; i < rel->n_order; i++)
        need_expr(rel->order[i].expr, depth, out);
    need_expr(rel->condition, depth, out);
    need_rel(rel->input, depth, out);
    need_rel(rel->right, depth, out);
}

static struct needs needs_new(struct tr *t, size_t n)
{
    return (struct needs){fst_arena_alloc(t->arena, n + 1), n};
}

static struct needs needs_all(struct tr *t, size_t n)
{
    struct needs all = needs_new(t, n);
    for (size_t i = 0; i < n; i++)
        all.of[i] = true;
    return all;
}

/* ---- Definitions ----------------------------------------------------------------------------- */

static void body(struct tr *t, struct fst_buf *out, const struct fst_rel *rel,
                 const struct needs *needed, const struct scope *outer);

static void add_definition(struct tr *t, const char *name, bool materialized, struct fst_buf *text)
{
    fst_buf_printf(t->with, "%s%s AS %s(%s)", t->with->n ? ",\n  " : "WITH ", name,
                   materialized ? "MATERIALIZED " : "", fst_buf_text(text));
    fst_buf_done(text);
}

static const char *define_plan(struct tr *t, struct local_source *source);

/* A table that a subquery reads, once for the whole statement: the subquery may run for each row.
 */
static const char *define_once(struct tr *t, const struct fst_rel *rel, const struct needs *needed)
{
    struct fst_buf text = FST_BUF_TEXT;
    struct fst_buf *with = t->with;
    t->with = t->top;
    body(t, &text, rel, needed, NULL);
    char *name = fst_arena_printf(t->arena, "d%u", t->next++);
    add_definition(t, name, true, &text);
    t->with = with;
    return name;
}

/* The name under which a relation can stand in FROM; relations that are not there yet are added to
 * the definitions. */
static const char *define(struct tr *t, const struct fst_rel *rel, const struct needs *needed,
                          bool materialized, const struct scope *outer)
{
    if (outer && (rel->kind == FST_REL_SCAN || rel->kind == FST_REL_CTE))
        return define_once(t, rel, needed);
    if (rel->kind == FST_REL_CTE && !materialized)
        return t->cte_names[rel->cte];
    if (rel->kind == FST_REL_SCAN && !materialized) {
        struct local_source *source = t->plan->tables[rel->table].handle;
        source->wanted = true;
        return source->plan ? define_plan(t, source) : source->name;
    }
    struct fst_buf text = FST_BUF_TEXT;
    body(t, &text, rel, needed, outer);
    char *name = fst_arena_printf(t->arena, "d%u", t->next++);
    add_definition(t, name, materialized, &text);
    return name;
}

/* ---- Bodies ---------------------------------------------------------------------------------- */

/* Comma before all columns but the first. */
static void comma(struct fst_buf *out, bool *first)
{
    fst_buf_adds(out, *first ? "" : ", ");
    *first = false;
}

static void no_columns(struct fst_buf *out, bool first)
{
    if (first)
        fst_buf_adds(out, "1 AS one");
}

/* The needed columns of relation `from`, renamed with `shift` added. */
static void pass_columns(struct fst_buf *out, const struct needs *needed, size_t n, unsigned from,
                         size_t shift, bool *first)
{
    for (size_t i = 0; i < n && i + shift < needed->n; i++) {
        if (!needed->of[i + shift])
            continue;
        comma(out, first);
        fst_buf_printf(out, "r%u.c%zu AS c%zu", from, i, i + shift);
    }
}

static void name_columns(struct fst_buf *out, const struct needs *needed, bool *first)
{
    for (size_t i = 0; i < needed->n; i++)
        if (needed->of[i]) {
            comma(out, first);
            fst_buf_printf(out, "c%zu", i);
        }
}

/* A temporary table, filled by `text` over the definitions so far. Frees `text`. */
static void add_step(struct tr *t, const char *name, const struct fst_buf *columns,
                     struct fst_buf *text, const struct fst_buf *index)
{
    if (t->n_steps == t->cap_steps) {
        size_t cap = t->cap_steps ? t->cap_steps * 2 : 8;
        struct local_step *more = fst_arena_alloc(t->arena, cap * sizeof *more);
        if (t->n_steps)
            memcpy(more, t->steps, t->n_steps * sizeof *more);
        t->steps = more;
        t->cap_steps = cap;
    }
    struct local_step *step = &t->steps[t->n_steps++];
    const char *names = fst_buf_text(columns);
    step->create = fst_arena_printf(t->arena, "CREATE TEMP TABLE %s(%s)", name, names);
    step->fill =
        fst_arena_printf(t->arena, "INSERT INTO %s(%s)\n%s%s%s", name, names, fst_buf_text(t->with),
                         t->with->n ? "\n" : "", fst_buf_text(text));
    if (index->n)
        step->index = fst_arena_printf(t->arena, "CREATE INDEX temp.%s_keys ON %s(%s)", name, name,
                                       fst_buf_text(index));
    fst_buf_done(text);
}

static void check_columns(struct tr *t, const struct fst_rel *rel, const struct needs *needed)
{
    for (size_t i = 0; i < rel->n_columns && i < needed->n; i++) {
        const struct fst_field *f = &rel->columns[i];
        if (!needed->of[i] || tr_type_ok(&f->type))
            continue;
        struct fst_buf type = FST_BUF(200);
        fst_type_text(&type, &f->type);
        tr_refuse(t, &rel->place, "column %s, a value of type %s", f->name, fst_buf_text(&type));
        fst_buf_done(&type);
    }
}

static void scan_body(struct tr *t, struct fst_buf *out, const struct fst_rel *rel,
                      const struct needs *needed)
{
    unsigned r = t->next++;
    bool first = true;
    const char *from = define(t, rel, needed, false, NULL);
    fst_buf_adds(out, "SELECT ");
    pass_columns(out, needed, rel->n_columns, r, 0, &first);
    no_columns(out, first);
    fst_buf_printf(out, " FROM %s AS r%u", from, r);
}

static void values_body(struct tr *t, struct fst_buf *out, const struct fst_rel *rel,
                        const struct needs *needed, const struct scope *outer)
{
    struct scope s = {.outer = outer};
    bool first = true;
    fst_buf_adds(out, "SELECT ");
    for (size_t i = 0; i < rel->n_columns; i++) {
        if (!needed->of[i])
            continue;
        comma(out, &first);
        fst_buf_printf(out, "column%zu AS c%zu", i + 1, i);
    }
    no_columns(out, first);
    fst_buf_adds(out, " FROM (VALUES ");
    for (size_t row = 0; row < rel->n_rows; row++) {
        fst_buf_adds(out, row ? ", (" : "(");
        for (size_t i = 0; i < rel->n_columns; i++) {
            fst_buf_adds(out, i ? ", " : "");
            tr_expr(t, out, rel->exprs[row * rel->n_columns + i], &s);
        }
        fst_buf_addc(out, ')');
    }
    fst_buf_addc(out, ')');
}

static void add_from(struct tr *t, struct fst_buf *out, const struct fst_rel *input,
                     const char *from, unsigned r)
{
    (void)t;
    if (input->kind != FST_REL_ONE_ROW)
        fst_buf_printf(out, " FROM %s AS r%u", from, r);
}

static const char *define_input(struct tr *t, const struct fst_rel *input,
                                const struct needs *needed, const struct scope *outer)
{
    return input->kind == FST_REL_ONE_ROW ? "" : define(t, input, needed, false, outer);
}

static void project_body(struct tr *t, struct fst_buf *out, const struct fst_rel *rel,
                         const struct needs *needed, const struct scope *outer)
{
    struct needs below = needs_new(t, rel->input->n_columns);
    for (size_t i = 0; i < rel->n_exprs; i++)
        if (needed->of[i])
            need_expr(rel->exprs[i], 0, &below);
    const char *from = define_input(t, rel->input, &below, outer);
    struct scope s = {.left = t->next++, .n_left = rel->input->n_columns, .outer = outer};
    bool first = true;
    fst_buf_adds(out, "SELECT ");
    for (size_t i = 0; i < rel->n_exprs; i++) {
        if (!needed->of[i])
            continue;
        comma(out, &first);
        tr_expr(t, out, rel->exprs[i], &s);
        fst_buf_printf(out, " AS c%zu", i);
    }
    no_columns(out, first);
    add_from(t, out, rel->input, from, s.left);
}

static void filter_body(struct tr *t, struct fst_buf *out, const struct fst_rel *rel,
                        const struct needs *needed, const struct scope *outer)
{
    struct needs below = needs_new(t, rel->input->n_columns);
    memcpy(below.of, needed->of, below.n < needed->n ? below.n : needed->n);
    need_expr(rel->condition, 0, &below);
    const char *from = define_input(t, rel->input, &below, outer);
    struct scope s = {.left = t->next++, .n_left = rel->input->n_columns, .outer = outer};
    bool first = true;
    fst_buf_adds(out, "SELECT ");
    pass_columns(out, needed, rel->n_columns, s.left, 0, &first);
    no_columns(out, first);
    add_from(t, out, rel->input, from, s.left);
    fst_buf_adds(out, " WHERE ");
    tr_condition(t, out, rel->condition, &s);
}

/* ---- Keys of joins: expressions over one side, computed where that side is materialized, so that
 * SQLite can index them. ---- */

enum { SIDE_LEFT = 1, SIDE_RIGHT = 2, SIDE_OTHER = 4, MAX_KEYS = 8 };

struct key {
    const struct fst_expr *term; /* an equality */
    size_t arg;                  /* which of its sides is the key */
    int side;
};

struct keys {
    struct key items[MAX_KEYS];
    size_t n;
};

/* Whose columns an expression reads. */
static int sides_of(const struct fst_expr *e, size_t n_left)
{
    int sides = e->query ? SIDE_OTHER : 0;
    if (e->kind == FST_EXPR_COLUMN)
        return e->depth ? SIDE_OTHER : e->index < n_left ? SIDE_LEFT : SIDE_RIGHT;
    for (size_t i = 0; i < e->n_args; i++)
        sides |= sides_of(e->args[i], n_left);
    return sides;
}

static void find_keys(const struct fst_rel *rel, int wanted, struct keys *out)
{
    const struct fst_expr *terms[TR_MAX_TERMS];
    size_t n = rel->condition ? tr_conjuncts(rel->condition, terms) : 0;
    for (size_t i = 0; i < n && out->n < MAX_KEYS; i++) {
        const struct fst_expr *e = terms[i];
        if (e->kind != FST_EXPR_CALL || e->fn->id != FST_FN_EQ ||
            !fst_type_eq(&e->args[0]->type, &e->args[1]->type))
            continue;
        int a = sides_of(e->args[0], rel->input->n_columns);
        int b = sides_of(e->args[1], rel->input->n_columns);
        size_t arg = b == wanted ? 1 : 0;
        bool crosses =
            (a | b) == (SIDE_LEFT | SIDE_RIGHT) && a != b && (a == wanted || b == wanted);
        if (crosses && e->args[arg]->kind != FST_EXPR_COLUMN)
            out->items[out->n++] = (struct key){e, arg, wanted};
    }
}

/* The columns of one side that equalities compare, bare or as keys: what its index is made of. */
static void index_columns(const struct fst_rel *join, int side, const struct keys *keys,
                          struct fst_buf *out)
{
    const struct fst_expr *terms[TR_MAX_TERMS];
    size_t n_left = join->input->n_columns;
    size_t n = join->condition ? tr_conjuncts(join->condition, terms) : 0;
    for (size_t i = 0; i < keys->n; i++)
        if (keys->items[i].side == side)
            fst_buf_printf(out, "%sk%zu", out->n ? ", " : "", i);
    for (size_t i = 0; i < n && i < MAX_KEYS; i++) {
        const struct fst_expr *e = terms[i];
        if (e->kind != FST_EXPR_CALL || (e->fn->id != FST_FN_EQ && e->fn->id != FST_FN_EQ_NULL))
            continue;
        for (size_t arg = 0; arg < 2; arg++) {
            const struct fst_expr *c = e->args[arg];
            bool other = !(sides_of(e->args[1 - arg], n_left) & side);
            if (other && c->kind == FST_EXPR_COLUMN && sides_of(c, n_left) == side)
                fst_buf_printf(out, "%sc%zu", out->n ? ", " : "",
                               c->index - (side == SIDE_RIGHT ? n_left : 0));
        }
    }
}

/* One side of a join with its keys as columns k0, k1, ... */
static const char *define_side(struct tr *t, const struct fst_rel *join, int side,
                               const struct needs *needed, const struct keys *keys,
                               const struct scope *outer)
{
    const struct fst_rel *rel = side == SIDE_LEFT ? join->input : join->right;
    const char *from = define(t, rel, needed, false, outer);
    unsigned r = t->next++;
    struct scope s = {r, r, join->input->n_columns, outer};
    struct fst_buf text = FST_BUF_TEXT, names = FST_BUF_TEXT, index = FST_BUF_TEXT;
    bool first = true, first_name = true;
    fst_buf_adds(&text, "SELECT ");
    pass_columns(&text, needed, rel->n_columns, r, 0, &first);
    name_columns(&names, needed, &first_name);
    for (size_t i = 0; i < keys->n; i++) {
        const struct key *k = &keys->items[i];
        if (k->side != side)
            continue;
        comma(&text, &first);
        tr_expr(t, &text, k->term->args[k->arg], &s);
        fst_buf_printf(&text, " AS k%zu", i);
        comma(&names, &first_name);
        fst_buf_printf(&names, "k%zu", i);
    }
    no_columns(&text, first);
    fst_buf_adds(&names, first_name ? "one" : "");
    fst_buf_printf(&text, " FROM %s AS r%u", from, r);
    char *name = fst_arena_printf(t->arena, "d%u", t->next++);
    if (outer) {
        add_definition(t, name, true, &text);
    } else {
        index_columns(join, side, keys, &index);
        add_step(t, name, &names, &text, &index);
    }
    fst_buf_done(&names);
    fst_buf_done(&index);
    return name;
}

static bool add_key_term(struct tr *t, struct fst_buf *out, const struct fst_expr *term,
                         const struct keys *keys, const struct scope *s)
{
    for (size_t i = 0; i < keys->n; i++) {
        const struct key *k = &keys->items[i];
        if (k->term != term)
            continue;
        fst_buf_addc(out, '(');
        tr_expr(t, out, term->args[1 - k->arg], s);
        fst_buf_printf(out, " = r%u.k%zu)", k->side == SIDE_LEFT ? s->left : s->right, i);
        return true;
    }
    return false;
}

static void add_condition(struct tr *t, struct fst_buf *out, const struct fst_rel *rel,
                          const struct keys *keys, const struct scope *s)
{
    const struct fst_expr *terms[TR_MAX_TERMS];
    size_t n = rel->condition ? tr_conjuncts(rel->condition, terms) : 0;
    if (n == 0)
        fst_buf_addc(out, '1');
    for (size_t i = 0; i < n; i++) {
        fst_buf_adds(out, i ? " AND " : "");
        if (!add_key_term(t, out, terms[i], keys, s))
            tr_expr(t, out, terms[i], s);
    }
}

/* What the two sides of a join must give. */
static void join_needs(struct tr *t, const struct fst_rel *rel, const struct needs *needed,
                       struct needs *left, struct needs *right)
{
    size_t n_left = rel->input->n_columns, n_right = rel->right->n_columns;
    struct needs both = needs_new(t, n_left + n_right);
    memcpy(both.of, needed->of, needed->n < both.n ? needed->n : both.n);
    need_expr(rel->condition, 0, &both);
    *left = (struct needs){both.of, n_left};
    *right = (struct needs){both.of + n_left, n_right};
}

static void join_columns(struct fst_buf *out, const struct fst_rel *rel, const struct needs *needed,
                         const struct scope *s)
{
    bool first = true;
    fst_buf_adds(out, "SELECT ");
    pass_columns(out, &(struct needs){needed->of, s->n_left}, s->n_left, s->left, 0, &first);
    pass_columns(out, needed, rel->right->n_columns, s->right, s->n_left, &first);
    no_columns(out, first);
}

/* Rows of the left with a partner (or without). */
static void semi_body(struct tr *t, struct fst_buf *out, const struct fst_rel *rel,
                      const struct needs *needed, const char *left, const char *right,
                      const struct keys *keys, const struct scope *s)
{
    bool first = true;
    fst_buf_adds(out, "SELECT ");
    pass_columns(out, needed, rel->n_columns, s->left, 0, &first);
    no_columns(out, first);
    fst_buf_printf(out, " FROM %s AS r%u WHERE %sEXISTS (SELECT 1 FROM %s AS r%u WHERE ", left,
                   s->left, rel->join == FST_JOIN_ANTI ? "NOT " : "", right, s->right);
    add_condition(t, out, rel, keys, s);
    fst_buf_addc(out, ')');
}

/* The rows of the right that have no partner, with NULLs on the left. */
static void lonely_right(struct tr *t, struct fst_buf *out, const struct fst_rel *rel,
                         const struct needs *needed, const char *left, const char *right,
                         const struct keys *keys, const struct scope *s)
{
    bool first = true;
    fst_buf_adds(out, " UNION ALL SELECT ");
    for (size_t i = 0; i < s->n_left; i++)
        if (needed->of[i]) {
            comma(out, &first);
            fst_buf_adds(out, "NULL");
        }
    pass_columns(out, needed, rel->right->n_columns, s->right, s->n_left, &first);
    no_columns(out, first);
    fst_buf_printf(out, " FROM %s AS r%u WHERE NOT EXISTS (SELECT 1 FROM %s AS r%u WHERE ", right,
                   s->right, left, s->left);
    add_condition(t, out, rel, keys, s);
    fst_buf_addc(out, ')');
}

/* CROSS JOIN keeps SQLite from changing the order: the left side streams, the right is searched.
 * SQLite makes no index for the right side of RIGHT and FULL joins, so a right join is a left join
 * the other way round, and a full one has its second half apart. */
static void join_body(struct tr *t, struct fst_buf *out, const struct fst_rel *rel,
                      const struct needs *needed, const struct scope *outer)
{
    enum fst_join_kind kind = rel->join;
    bool search_left = kind == FST_JOIN_RIGHT || kind == FST_JOIN_FULL;
    bool search_right = kind != FST_JOIN_RIGHT;
    struct needs left_needs, right_needs;
    struct keys keys = {.n = 0};
    join_needs(t, rel, needed, &left_needs, &right_needs);
    if (kind != FST_JOIN_FULL)
        find_keys(rel, search_left ? SIDE_LEFT : SIDE_RIGHT, &keys);
    const char *left = search_left ? define_side(t, rel, SIDE_LEFT, &left_needs, &keys, outer)
                                   : define(t, rel->input, &left_needs, false, outer);
    const char *right = search_right ? define_side(t, rel, SIDE_RIGHT, &right_needs, &keys, outer)
                                     : define(t, rel->right, &right_needs, false, outer);
    struct scope s = {t->next, t->next + 1, rel->input->n_columns, outer};
    t->next += 2;
    if (kind == FST_JOIN_SEMI || kind == FST_JOIN_ANTI) {
        semi_body(t, out, rel, needed, left, right, &keys, &s);
        return;
    }
    join_columns(out, rel, needed, &s);
    if (kind == FST_JOIN_RIGHT)
        fst_buf_printf(out, " FROM %s AS r%u LEFT JOIN %s AS r%u ON ", right, s.right, left,
                       s.left);
    else
        fst_buf_printf(out, " FROM %s AS r%u %sJOIN %s AS r%u ON ", left, s.left,
                       kind == FST_JOIN_INNER ? "CROSS " : "LEFT ", right, s.right);
    add_condition(t, out, rel, &keys, &s);
    if (kind == FST_JOIN_FULL)
        lonely_right(t, out, rel, needed, left, right, &keys, &s);
}

/* Keys of groups have one zero. */
static void key_expr(struct tr *t, struct fst_buf *out, const struct fst_expr *e,
                     const struct scope *s)
{
    bool real = e->type.kind == FST_FLOAT || e->type.kind == FST_DOUBLE;
    fst_buf_adds(out, real ? "real_key(" : "");
    tr_expr(t, out, e, s);
    fst_buf_adds(out, real ? ")" : "");
}

static void aggregate_body(struct tr *t, struct fst_buf *out, const struct fst_rel *rel,
                           const struct needs *needed, const struct scope *outer)
{
    struct needs below = needs_new(t, rel->input->n_columns);
    for (size_t i = 0; i < rel->n_groups; i++)
        need_expr(rel->groups[i], 0, &below);
    for (size_t i = 0; i < rel->n_exprs; i++)
        if (needed->of[rel->n_groups + i])
            need_expr(rel->exprs[i], 0, &below);
    const char *from = define_input(t, rel->input, &below, outer);
    struct scope s = {.left = t->next++, .n_left = rel->input->n_columns, .outer = outer};
    bool first = true;
    fst_buf_adds(out, "SELECT ");
    for (size_t i = 0; i < rel->n_groups; i++) {
        comma(out, &first);
        key_expr(t, out, rel->groups[i], &s);
        fst_buf_printf(out, " AS c%zu", i);
    }
    for (size_t i = 0; i < rel->n_exprs; i++) {
        if (!needed->of[rel->n_groups + i])
            continue;
        comma(out, &first);
        tr_expr(t, out, rel->exprs[i], &s);
        fst_buf_printf(out, " AS c%zu", rel->n_groups + i);
    }
    if (rel->n_groups == 0 && first)
        fst_buf_adds(out, "count(*) AS one");
    add_from(t, out, rel->input, from, s.left);
    for (size_t i = 0; i < rel->n_groups; i++)
        fst_buf_printf(out, i ? ", %zu" : " GROUP BY %zu", i + 1);
}

static void window_body(struct tr *t, struct fst_buf *out, const struct fst_rel *rel,
                        const struct needs *needed, const struct scope *outer)
{
    size_t n_input = rel->input->n_columns;
    struct needs below = needs_new(t, n_input);
    memcpy(below.of, needed->of, n_input);
    for (size_t i = 0; i < rel->n_exprs; i++)
        if (needed->of[n_input + i])
            need_expr(rel->exprs[i], 0, &below);
    const char *from = define_input(t, rel->input, &below, outer);
    struct scope s = {.left = t->next++, .n_left = n_input, .outer = outer};
    bool first = true;
    fst_buf_adds(out, "SELECT ");
    pass_columns(out, &(struct needs){needed->of, n_input}, n_input, s.left, 0, &first);
    for (size_t i = 0; i < rel->n_exprs; i++) {
        if (!needed->of[n_input + i])
            continue;
        comma(out, &first);
        tr_expr(t, out, rel->exprs[i], &s);
        fst_buf_printf(out, " AS c%zu", n_input + i);
    }
    no_columns(out, first);
    add_from(t, out, rel->input, from, s.left);
}

/* All columns as keys; whole rows are compared, so all are needed. */
static void key_columns(struct fst_buf *out, const struct fst_rel *rel, unsigned r)
{
    for (size_t i = 0; i < rel->n_columns; i++) {
        enum fst_kind kind = rel->columns[i].type.kind;
        bool real = kind == FST_FLOAT || kind == FST_DOUBLE;
        fst_buf_printf(out, real ? "%sreal_key(r%u.c%zu) AS c%zu" : "%sr%u.c%zu AS c%zu",
                       i ? ", " : "", r, i, i);
    }
}

static void distinct_body(struct tr *t, struct fst_buf *out, const struct fst_rel *rel,
                          const struct scope *outer)
{
    struct needs all = needs_all(t, rel->n_columns);
    check_columns(t, rel, &all);
    const char *from = define_input(t, rel->input, &all, outer);
    unsigned r = t->next++;
    fst_buf_adds(out, "SELECT DISTINCT ");
    if (rel->n_columns)
        key_columns(out, rel, r);
    else
        fst_buf_adds(out, "1 AS one");
    add_from(t, out, rel->input, from, r);
}

/* One side of INTERSECT ALL or EXCEPT ALL: copies are numbered, so that they differ. */
static void numbered_side(struct fst_buf *out, const struct fst_rel *rel, const char *from,
                          unsigned r, bool number)
{
    fst_buf_adds(out, "SELECT ");
    key_columns(out, rel, r);
    if (number) {
        fst_buf_adds(out, ", row_number() OVER (PARTITION BY ");
        for (size_t i = 0; i < rel->n_columns; i++)
            fst_buf_printf(out, "%sr%u.c%zu", i ? ", " : "", r, i);
        fst_buf_adds(out, ") AS copy");
    }
    fst_buf_printf(out, " FROM %s AS r%u", from, r);
}

static void union_all_side(struct fst_buf *out, const struct needs *needed,
                           const struct fst_rel *rel, const char *from, unsigned r)
{
    bool first = true;
    fst_buf_adds(out, "SELECT ");
    pass_columns(out, needed, rel->n_columns, r, 0, &first);
    no_columns(out, first);
    fst_buf_printf(out, " FROM %s AS r%u", from, r);
}

static void set_body(struct tr *t, struct fst_buf *out, const struct fst_rel *rel,
                     const struct needs *needed, const struct scope *outer)
{
    bool union_all = rel->set == FST_SET_UNION && rel->all;
    struct needs all = needs_all(t, rel->n_columns);
    const struct needs *use = union_all ? needed : &all;
    check_columns(t, rel, use);
    const char *left = define(t, rel->input, use, false, outer);
    const char *right = define(t, rel->right, use, false, outer);
    unsigned a = t->next++, b = t->next++;
    if (union_all) {
        union_all_side(out, needed, rel, left, a);
        fst_buf_adds(out, " UNION ALL ");
        union_all_side(out, needed, rel, right, b);
        return;
    }
    bool number = rel->all;
    if (number) {
        fst_buf_adds(out, "SELECT ");
        for (size_t i = 0; i < rel->n_columns; i++)
            fst_buf_printf(out, "%sc%zu", i ? ", " : "", i);
        fst_buf_adds(out, " FROM (");
    }
    numbered_side(out, rel, left, a, number);
    fst_buf_adds(out, rel->set == FST_SET_UNION       ? " UNION "
                      : rel->set == FST_SET_INTERSECT ? " INTERSECT "
                                                      : " EXCEPT ");
    numbered_side(out, rel, right, b, number);
    fst_buf_adds(out, number ? ")" : "");
}

static void sort_body(struct tr *t, struct fst_buf *out, const struct fst_rel *rel,
                      const struct needs *needed, const struct scope *outer)
{
    struct needs below = needs_new(t, rel->input->n_columns);
    memcpy(below.of, needed->of, needed->n < below.n ? needed->n : below.n);
    for (size_t i = 0; i < rel->n_order; i++)
        need_expr(rel->order[i].expr, 0, &below);
    const char *from = define_input(t, rel->input, &below, outer);
    struct scope s = {.left = t->next++, .n_left = rel->input->n_columns, .outer = outer};
    bool first = true, ordered = false;
    fst_buf_adds(out, "SELECT ");
    pass_columns(out, needed, rel->n_columns, s.left, 0, &first);
    no_columns(out, first);
    add_from(t, out, rel->input, from, s.left);
    for (size_t i = 0; i < rel->n_order; i++) {
        const struct fst_sort_key *k = &rel->order[i];
        if (k->expr->kind == FST_EXPR_LITERAL)
            continue; /* a number would be taken for a column's place */
        fst_buf_adds(out, ordered ? ", " : " ORDER BY ");
        ordered = true;
        tr_expr(t, out, k->expr, &s);
        fst_buf_adds(out, k->descending ? " DESC" : "");
        if (k->nulls_first == k->descending)
            fst_buf_adds(out, k->nulls_first ? " NULLS FIRST" : " NULLS LAST");
    }
    if (rel->limit >= 0 || rel->offset > 0)
        fst_buf_printf(out, " LIMIT %lld", (long long)(rel->limit >= 0 ? rel->limit : -1));
    if (rel->offset > 0)
        fst_buf_printf(out, " OFFSET %lld", (long long)rel->offset);
}

static void body(struct tr *t, struct fst_buf *out, const struct fst_rel *rel,
                 const struct needs *needed, const struct scope *outer)
{
    if (tr_failed(t))
        return;
    if (++t->depth > 400)
        tr_refuse(t, &rel->place, "a query nested this deep");
    check_columns(t, rel, needed);
    switch (rel->kind) {
    case FST_REL_ONE_ROW:
        fst_buf_adds(out, "SELECT 1 AS one");
        break;
    case FST_REL_SCAN:
    case FST_REL_CTE:
        scan_body(t, out, rel, needed);
        break;
    case FST_REL_VALUES:
        values_body(t, out, rel, needed, outer);
        break;
    case FST_REL_PROJECT:
        project_body(t, out, rel, needed, outer);
        break;
    case FST_REL_FILTER:
        filter_body(t, out, rel, needed, outer);
        break;
    case FST_REL_JOIN:
        join_body(t, out, rel, needed, outer);
        break;
    case FST_REL_AGGREGATE:
        aggregate_body(t, out, rel, needed, outer);
        break;
    case FST_REL_WINDOW:
        window_body(t, out, rel, needed, outer);
        break;
    case FST_REL_DISTINCT:
        distinct_body(t, out, rel, outer);
        break;
    case FST_REL_SORT:
        sort_body(t, out, rel, needed, outer);
        break;
    case FST_REL_SET:
        set_body(t, out, rel, needed, outer);
        break;
    }
    t->depth--;
}

/* ---- Subqueries ------------------------------------------------------------------------------ */

/* Can it give more than one row? */
static bool many_rows(const struct fst_rel *rel)
{
    while (rel && rel->kind == FST_REL_PROJECT)
        rel = rel->input;
    return rel && !(rel->kind == FST_REL_ONE_ROW ||
                    (rel->kind == FST_REL_AGGREGATE && rel->n_groups == 0) ||
                    (rel->kind == FST_REL_SORT && rel->limit >= 0 && rel->limit <= 1));
}

void tr_subquery(struct tr *t, struct fst_buf *out, const struct fst_rel *rel, bool one_row,
                 bool all, const struct scope *outer)
{
    struct fst_buf with = FST_BUF_TEXT, text = FST_BUF_TEXT;
    struct fst_buf *saved = t->with;
    struct needs needed = all ? needs_all(t, rel->n_columns) : needs_new(t, rel->n_columns);
    bool check = one_row && many_rows(rel);
    t->with = &with;
    if (check) {
        const char *from = define(t, rel, &needed, false, outer);
        unsigned r = t->next++;
        fst_buf_printf(&text, "SELECT must_be_one_row(count(*), r%u.c0) FROM %s AS r%u", r, from,
                       r);
    } else {
        body(t, &text, rel, &needed, outer);
    }
    t->with = saved;
    fst_buf_add(out, fst_buf_text(&with), with.n);
    fst_buf_adds(out, with.n ? " " : "");
    fst_buf_add(out, fst_buf_text(&text), text.n);
    fst_buf_done(&with);
    fst_buf_done(&text);
}

/* ---- The whole ------------------------------------------------------------------------------- */

static void count_uses(const struct fst_rel *rel, size_t *uses);

static void count_uses_in(const struct fst_expr *e, size_t *uses)
{
    if (!e)
        return;
    count_uses(e->query, uses);
    for (size_t i = 0; i < e->n_args; i++)
        count_uses_in(e->args[i], uses);
}

static void count_uses(const struct fst_rel *rel, size_t *uses)
{
    if (!rel)
        return;
    if (rel->kind == FST_REL_CTE)
        uses[rel->cte]++;
    for (size_t i = 0; i < rel->n_exprs; i++)
        count_uses_in(rel->exprs[i], uses);
    count_uses_in(rel->condition, uses);
    count_uses(rel->input, uses);
    count_uses(rel->right, uses);
}

/* What is read more than once is computed once. */
static const char *add_cte(struct tr *t, struct fst_buf *text, const struct fst_rel *query,
                           size_t uses)
{
    char *name = fst_arena_printf(t->arena, "cte%u", t->next++);
    if (uses < 2 || query->n_columns == 0) {
        add_definition(t, name, false, text);
        return name;
    }
    struct needs all = needs_all(t, query->n_columns);
    struct fst_buf names = FST_BUF_TEXT, none = FST_BUF_TEXT;
    bool first = true;
    name_columns(&names, &all, &first);
    add_step(t, name, &names, text, &none);
    fst_buf_done(&names);
    return name;
}

/* Definitions of a plan's common tables; the names are the plan's own. */
static void define_ctes(struct tr *t, const struct fst_sql_plan *plan)
{
    t->plan = plan;
    t->cte_names = fst_arena_alloc(t->arena, (plan->n_ctes + 1) * sizeof *t->cte_names);
    t->cte_uses = fst_arena_alloc(t->arena, (plan->n_ctes + 1) * sizeof *t->cte_uses);
    count_uses(plan->root, t->cte_uses);
    for (size_t i = 0; i < plan->n_ctes; i++)
        count_uses(plan->ctes[i].query, t->cte_uses);
    for (size_t i = 0; i < plan->n_ctes; i++) {
        const struct fst_rel *query = plan->ctes[i].query;
        struct needs all = needs_all(t, query->n_columns);
        struct fst_buf text = FST_BUF_TEXT;
        body(t, &text, query, &all, NULL);
        t->cte_names[i] = add_cte(t, &text, query, t->cte_uses[i]);
    }
}

/* A table that is a query: its relations are defined where it is first read. */
static const char *define_plan(struct tr *t, struct local_source *source)
{
    const struct fst_sql_plan *plan = t->plan;
    const char **cte_names = t->cte_names;
    size_t *cte_uses = t->cte_uses;
    if (++t->depth > 50)
        tr_refuse(t, &plan->root->place, "queries over queries this deep");
    define_ctes(t, source->plan);
    struct needs all = needs_all(t, source->plan->root->n_columns);
    struct fst_buf text = FST_BUF_TEXT;
    body(t, &text, source->plan->root, &all, NULL);
    t->plan = plan;
    t->cte_names = cte_names;
    t->cte_uses = cte_uses;
    t->depth--;
    char *name = fst_arena_printf(t->arena, "v%u", t->next++);
    add_definition(t, name, false, &text);
    return name;
}

enum fst_status local_translate(struct fst_arena *a, const char *text,
                                const struct fst_sql_plan *plan, struct local_statement *out,
                                struct fst_problem *problem, struct fst_error *err)
{
    struct fst_buf with = FST_BUF_TEXT, main_text = FST_BUF_TEXT;
    struct tr t = {
        .arena = a, .text = text, .problem = problem, .err = err, .with = &with, .top = &with};
    define_ctes(&t, plan);
    struct needs all = needs_all(&t, plan->root->n_columns);
    body(&t, &main_text, plan->root, &all, NULL);
    *out = (struct local_statement){
        .binds = t.binds, .n_binds = t.n_binds, .steps = t.steps, .n_steps = t.n_steps};
    out->sql = fst_arena_printf(a, "%s%s%s", fst_buf_text(&with), with.n ? "\n" : "",
                                fst_buf_text(&main_text));
    if (!tr_failed(&t) && (with.over || main_text.over))
        t.status = fst_fail(err, FST_ENOMEM, "the statement for SQLite is over 64 MB");
    fst_buf_done(&with);
    fst_buf_done(&main_text);
    return t.status;
}
