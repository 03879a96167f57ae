/* Relations of a plan as bodies of common table expressions: one function a kind. */
#include <string.h>

#include "local_fn.h"
#include "local_rel.h"

/* ---- Columns --------------------------------------------------------------------------------- */

void tr_comma(struct fst_buf *out, bool *first)
{
    fst_buf_adds(out, *first ? "" : ", ");
    *first = false;
}

void tr_no_columns(struct fst_buf *out, bool first)
{
    if (first)
        fst_buf_adds(out, "1 AS one");
}

void tr_pass_columns(struct fst_buf *out, const struct needs *needed, size_t n, unsigned from,
                     size_t shift, bool *first)
{
    for (size_t i = 0; i < n && i + shift < needed->n; i++) {
        if (!needed->of[i + shift])
            continue;
        tr_comma(out, first);
        fst_buf_printf(out, "r%u.c%zu AS c%zu", from, i, i + shift);
    }
}

void tr_name_columns(struct fst_buf *out, const struct needs *needed, bool *first)
{
    for (size_t i = 0; i < needed->n; i++)
        if (needed->of[i]) {
            tr_comma(out, first);
            fst_buf_printf(out, "c%zu", i);
        }
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

/* ---- Rows from below ------------------------------------------------------------------------- */

static void scan_body(struct tr *t, struct fst_buf *out, const struct fst_rel *rel,
                      const struct needs *needed)
{
    unsigned r = t->next++;
    bool first = true;
    const char *from = tr_define(t, rel, needed, false, NULL);
    fst_buf_adds(out, "SELECT ");
    tr_pass_columns(out, needed, rel->n_columns, r, 0, &first);
    tr_no_columns(out, first);
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
        tr_comma(out, &first);
        fst_buf_printf(out, "column%zu AS c%zu", i + 1, i);
    }
    tr_no_columns(out, first);
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
    return input->kind == FST_REL_ONE_ROW ? "" : tr_define(t, input, needed, false, outer);
}

static void project_body(struct tr *t, struct fst_buf *out, const struct fst_rel *rel,
                         const struct needs *needed, const struct scope *outer)
{
    struct needs below = tr_needs_none(t, rel->input->n_columns);
    for (size_t i = 0; i < rel->n_exprs; i++)
        if (needed->of[i])
            tr_need_expr(rel->exprs[i], 0, &below);
    const char *from = define_input(t, rel->input, &below, outer);
    struct scope s = {.left = t->next++, .n_left = rel->input->n_columns, .outer = outer};
    bool first = true;
    fst_buf_adds(out, "SELECT ");
    for (size_t i = 0; i < rel->n_exprs; i++) {
        if (!needed->of[i])
            continue;
        tr_comma(out, &first);
        tr_expr(t, out, rel->exprs[i], &s);
        fst_buf_printf(out, " AS c%zu", i);
    }
    tr_no_columns(out, first);
    add_from(t, out, rel->input, from, s.left);
}

static void filter_body(struct tr *t, struct fst_buf *out, const struct fst_rel *rel,
                        const struct needs *needed, const struct scope *outer)
{
    const struct fst_rel *input = tr_push_where(t, rel->input, rel->condition);
    struct needs below = tr_needs_none(t, input->n_columns);
    memcpy(below.of, needed->of, below.n < needed->n ? below.n : needed->n);
    tr_need_expr(rel->condition, 0, &below);
    const char *from = define_input(t, input, &below, outer);
    struct scope s = {.left = t->next++, .n_left = input->n_columns, .outer = outer};
    bool first = true;
    fst_buf_adds(out, "SELECT ");
    tr_pass_columns(out, needed, rel->n_columns, s.left, 0, &first);
    tr_no_columns(out, first);
    add_from(t, out, input, from, s.left);
    fst_buf_adds(out, " WHERE ");
    tr_condition(t, out, rel->condition, &s);
}

/* What a list makes stands beside the rows it comes from: pos, item, value of nest_rows(). */
static void generate_body(struct tr *t, struct fst_buf *out, const struct fst_rel *rel,
                          const struct needs *needed, const struct scope *outer)
{
    static const char *const names[] = {"pos", "item", "value"};
    size_t n_input = rel->input->n_columns;
    const struct fst_expr *list = rel->exprs[0];
    struct needs below = tr_needs_none(t, n_input);
    memcpy(below.of, needed->of, n_input < needed->n ? n_input : needed->n);
    tr_need_expr(list, 0, &below);
    const char *from = define_input(t, rel->input, &below, outer);
    struct scope s = {.left = t->next++, .n_left = n_input, .outer = outer};
    unsigned made = t->next++;
    bool first = true;
    fst_buf_adds(out, "SELECT ");
    tr_pass_columns(out, needed, n_input, s.left, 0, &first);
    for (size_t i = n_input; i < rel->n_columns && i < needed->n; i++) {
        if (!needed->of[i])
            continue;
        tr_comma(out, &first);
        fst_buf_printf(out, "r%u.%s AS c%zu", made, names[i - n_input + !rel->with_position], i);
    }
    tr_no_columns(out, first);
    add_from(t, out, rel->input, from, s.left);
    fst_buf_adds(out, rel->input->kind == FST_REL_ONE_ROW ? " FROM nest_rows('"
                                                          : " CROSS JOIN nest_rows('");
    local_nest_signature(out, &list->type);
    fst_buf_adds(out, "', ");
    tr_expr(t, out, list, &s);
    fst_buf_printf(out, ", %d) AS r%u", rel->keeps_empty, made);
}

/* ---- Groups and windows ---------------------------------------------------------------------- */

/* Keys of groups have one zero. */
void tr_key_expr(struct tr *t, struct fst_buf *out, const struct fst_expr *e, const struct scope *s)
{
    bool real = e->type.kind == FST_FLOAT || e->type.kind == FST_DOUBLE;
    if (fst_type_is_nested(&e->type) && !fst_sql_is_nested_key(&e->type))
        tr_refuse(t, &e->place, "groups of nested values");
    fst_buf_adds(out, real ? "real_key(" : "");
    tr_expr(t, out, e, s);
    fst_buf_adds(out, real ? ")" : "");
}

static void aggregate_body(struct tr *t, struct fst_buf *out, const struct fst_rel *rel,
                           const struct needs *needed, const struct scope *outer)
{
    struct needs below = tr_needs_none(t, rel->input->n_columns);
    for (size_t i = 0; i < rel->n_groups; i++)
        tr_need_expr(rel->groups[i], 0, &below);
    for (size_t i = 0; i < rel->n_exprs; i++)
        if (needed->of[rel->n_groups + i])
            tr_need_expr(rel->exprs[i], 0, &below);
    const char *from = define_input(t, rel->input, &below, outer);
    struct scope s = {.left = t->next++, .n_left = rel->input->n_columns, .outer = outer};
    if (tr_groups(t, out, rel, needed, from, &s))
        return;
    bool first = true;
    fst_buf_adds(out, "SELECT ");
    for (size_t i = 0; i < rel->n_groups; i++) {
        tr_comma(out, &first);
        tr_key_expr(t, out, rel->groups[i], &s);
        fst_buf_printf(out, " AS c%zu", i);
    }
    for (size_t i = 0; i < rel->n_exprs; i++) {
        if (!needed->of[rel->n_groups + i])
            continue;
        tr_comma(out, &first);
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
    struct needs below = tr_needs_none(t, n_input);
    memcpy(below.of, needed->of, n_input);
    for (size_t i = 0; i < rel->n_exprs; i++)
        if (needed->of[n_input + i])
            tr_need_expr(rel->exprs[i], 0, &below);
    const char *from = define_input(t, rel->input, &below, outer);
    struct scope s = {.left = t->next++, .n_left = n_input, .outer = outer};
    bool first = true;
    fst_buf_adds(out, "SELECT ");
    tr_pass_columns(out, &(struct needs){needed->of, n_input}, n_input, s.left, 0, &first);
    for (size_t i = 0; i < rel->n_exprs; i++) {
        if (!needed->of[n_input + i])
            continue;
        tr_comma(out, &first);
        tr_expr(t, out, rel->exprs[i], &s);
        fst_buf_printf(out, " AS c%zu", n_input + i);
    }
    tr_no_columns(out, first);
    add_from(t, out, rel->input, from, s.left);
}

/* ---- Whole rows as keys ---------------------------------------------------------------------- */

/* All columns as keys; whole rows are compared, so all are needed. */
static void key_columns(struct tr *t, struct fst_buf *out, const struct fst_rel *rel, unsigned r)
{
    for (size_t i = 0; i < rel->n_columns; i++) {
        enum fst_kind kind = rel->columns[i].type.kind;
        if (fst_type_is_nested(&rel->columns[i].type) &&
            !fst_sql_is_nested_key(&rel->columns[i].type))
            tr_refuse(t, &rel->place, "comparing nested values");
        bool real = kind == FST_FLOAT || kind == FST_DOUBLE;
        fst_buf_printf(out, real ? "%sreal_key(r%u.c%zu) AS c%zu" : "%sr%u.c%zu AS c%zu",
                       i ? ", " : "", r, i, i);
    }
}

static void distinct_body(struct tr *t, struct fst_buf *out, const struct fst_rel *rel,
                          const struct scope *outer)
{
    struct needs all = tr_needs_all(t, rel->n_columns);
    check_columns(t, rel, &all);
    const char *from = define_input(t, rel->input, &all, outer);
    unsigned r = t->next++;
    fst_buf_adds(out, "SELECT DISTINCT ");
    if (rel->n_columns)
        key_columns(t, out, rel, r);
    else
        fst_buf_adds(out, "1 AS one");
    add_from(t, out, rel->input, from, r);
}

/* One side of INTERSECT ALL or EXCEPT ALL: copies are numbered, so that they differ. */
static void numbered_side(struct tr *t, struct fst_buf *out, const struct fst_rel *rel,
                          const char *from, unsigned r, bool number)
{
    fst_buf_adds(out, "SELECT ");
    key_columns(t, out, rel, r);
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
    tr_pass_columns(out, needed, rel->n_columns, r, 0, &first);
    tr_no_columns(out, first);
    fst_buf_printf(out, " FROM %s AS r%u", from, r);
}

static void set_body(struct tr *t, struct fst_buf *out, const struct fst_rel *rel,
                     const struct needs *needed, const struct scope *outer)
{
    bool union_all = rel->set == FST_SET_UNION && rel->all;
    struct needs all = tr_needs_all(t, rel->n_columns);
    const struct needs *use = union_all ? needed : &all;
    check_columns(t, rel, use);
    const char *left = tr_define(t, rel->input, use, false, outer);
    const char *right = tr_define(t, rel->right, use, false, outer);
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
    numbered_side(t, out, rel, left, a, number);
    fst_buf_adds(out, rel->set == FST_SET_UNION       ? " UNION "
                      : rel->set == FST_SET_INTERSECT ? " INTERSECT "
                                                      : " EXCEPT ");
    numbered_side(t, out, rel, right, b, number);
    fst_buf_adds(out, number ? ")" : "");
}

/* ---- Order, and all kinds -------------------------------------------------------------------- */

static void sort_body(struct tr *t, struct fst_buf *out, const struct fst_rel *rel,
                      const struct needs *needed, const struct scope *outer)
{
    struct needs below = tr_needs_none(t, rel->input->n_columns);
    memcpy(below.of, needed->of, needed->n < below.n ? needed->n : below.n);
    for (size_t i = 0; i < rel->n_order; i++)
        tr_need_expr(rel->order[i].expr, 0, &below);
    const char *from = define_input(t, rel->input, &below, outer);
    struct scope s = {.left = t->next++, .n_left = rel->input->n_columns, .outer = outer};
    bool first = true, ordered = false;
    fst_buf_adds(out, "SELECT ");
    tr_pass_columns(out, needed, rel->n_columns, s.left, 0, &first);
    tr_no_columns(out, first);
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

void tr_body(struct tr *t, struct fst_buf *out, const struct fst_rel *rel,
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
        tr_join(t, out, rel, needed, outer);
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
    case FST_REL_GENERATE:
        generate_body(t, out, rel, needed, outer);
        break;
    case FST_REL_SET:
        set_body(t, out, rel, needed, outer);
        break;
    }
    t->depth--;
}
