/* ROLLUP, CUBE and GROUPING SETS without a relation of their own: the input is joined with a table
 * of the sets, one row a set, and grouped by what the set has. */
#include "grouping.h"

#include <string.h>

/* ---- Sets ------------------------------------------------------------------------------------ */

#define MAX_SETS 4096

void sets_add(struct rx *rx, struct sets *s, uint64_t bits, const struct fst_sql_place *where)
{
    if (s->n == MAX_SETS) {
        rx_refuse(rx, where, "more than %d grouping sets", MAX_SETS);
        return;
    }
    rx_grow(rx, &s->of, &s->cap, s->n, s->n + 1, sizeof *s->of);
    s->of[s->n++] = bits;
}

void sets_rollup(struct rx *rx, struct sets *s, const uint64_t *parts, size_t n,
                 const struct fst_sql_place *where)
{
    for (size_t keep = n + 1; keep-- > 0 && rx->status == FST_OK;) {
        uint64_t bits = 0;
        for (size_t i = 0; i < keep; i++)
            bits |= parts[i];
        sets_add(rx, s, bits, where);
    }
}

void sets_cube(struct rx *rx, struct sets *s, const uint64_t *parts, size_t n,
               const struct fst_sql_place *where)
{
    if (n > 12) {
        rx_refuse(rx, where, "more than %d grouping sets", MAX_SETS);
        return;
    }
    for (uint64_t in = (uint64_t)1 << n; in-- > 0 && rx->status == FST_OK;) {
        uint64_t bits = 0;
        for (size_t i = 0; i < n; i++)
            bits |= (in >> i & 1) ? parts[i] : 0;
        sets_add(rx, s, bits, where);
    }
}

struct sets sets_product(struct rx *rx, const struct sets *a, const struct sets *b,
                         const struct fst_sql_place *where)
{
    struct sets out = {0};
    for (size_t i = 0; i < a->n; i++)
        for (size_t k = 0; k < b->n && rx->status == FST_OK; k++)
            sets_add(rx, &out, a->of[i] | b->of[k], where);
    return out;
}

bool sets_leave_out(const struct sets *s, size_t group)
{
    for (size_t i = 0; i < s->n; i++)
        if (!(s->of[i] >> group & 1))
            return true;
    return false;
}

/* ---- The table of the sets ------------------------------------------------------------------- */

/* Its columns: the set's number, grouping_id(), then for each group grouping(), then for each group
 * whether the set has it. */
enum { SET_NUMBER, SET_ID, SET_FIRST };

static struct fst_type type_of_column(size_t i, size_t n)
{
    if (i < SET_FIRST)
        return fst_type(FST_LONG);
    return fst_type(i < SET_FIRST + n ? FST_BYTE : FST_BOOLEAN);
}

static int64_t grouping_id(uint64_t bits, size_t n)
{
    int64_t id = 0;
    for (size_t i = 0; i < n; i++)
        id = id * 2 + !(bits >> i & 1);
    return id;
}

static struct fst_rel *table_of(struct rx *rx, const struct sets *sets, size_t n,
                                struct fst_sql_place place)
{
    struct fst_rel *r = make_rel(rx, FST_REL_VALUES, place, NULL);
    set_columns(rx, r, SET_FIRST + 2 * n);
    r->n_rows = sets->n;
    r->n_exprs = sets->n * r->n_columns;
    r->exprs = fst_arena_alloc(rx->a, (r->n_exprs + 1) * sizeof(struct fst_expr *));
    for (size_t i = 0; i < r->n_columns; i++)
        r->columns[i] = (struct fst_field){"set", type_of_column(i, n), false};
    for (size_t row = 0; row < sets->n; row++)
        for (size_t i = 0; i < r->n_columns; i++) {
            bool has = i >= SET_FIRST && (sets->of[row] >> ((i - SET_FIRST) % n) & 1);
            struct fst_expr *e =
                make(rx, FST_EXPR_LITERAL, r->columns[i].type, false, place, "set");
            e->value.i = i == SET_NUMBER     ? (int64_t)row
                         : i == SET_ID       ? grouping_id(sets->of[row], n)
                         : i < SET_FIRST + n ? !has
                                             : has;
            r->exprs[row * r->n_columns + i] = e;
        }
    return r;
}

static struct fst_expr *set_column(struct rx *rx, const struct fst_rel *joined, size_t shift,
                                   size_t i, struct fst_sql_place place)
{
    struct fst_expr *e =
        make(rx, FST_EXPR_COLUMN, joined->columns[shift + i].type, false, place, "set");
    e->index = (uint32_t)(shift + i);
    return e;
}

struct fst_rel *expand_sets(struct rx *rx, struct fst_rel *input, const struct sets *sets,
                            struct fst_expr ***groups, size_t *n_groups, struct fst_sql_place place)
{
    size_t n = *n_groups, shift = input->n_columns, at = n;
    struct fst_rel *table = table_of(rx, sets, n, place);
    struct fst_rel *r = make_rel(rx, FST_REL_JOIN, place, input);
    struct fst_expr **out = fst_arena_alloc(rx->a, (2 * n + 2) * sizeof *out);
    r->right = table;
    r->join = FST_JOIN_INNER;
    set_columns(rx, r, shift + table->n_columns);
    if (shift)
        memcpy(r->columns, input->columns, shift * sizeof *r->columns);
    memcpy(r->columns + shift, table->columns, table->n_columns * sizeof *r->columns);
    for (size_t i = 0; i < n; i++) {
        struct fst_expr *e = (*groups)[i];
        out[i] = make2(rx, FST_EXPR_CASE, e->type, e->nullable || sets_leave_out(sets, i),
                       set_column(rx, r, shift, SET_FIRST + n + i, place), e, e->text);
    }
    out[at++] = set_column(rx, r, shift, SET_ID, place);
    for (size_t i = 0; i < n; i++)
        out[at++] = set_column(rx, r, shift, SET_FIRST + i, place);
    out[at++] = set_column(rx, r, shift, SET_NUMBER, place);
    *groups = out;
    *n_groups = at;
    return r;
}
