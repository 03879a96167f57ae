/* parquet_write_shred: rows of a nested column into levels, and the places of the values.
 *
 * Going down from the row to the value, each step keeps a list of what there is: a place in the
 * column of that depth, a repetition level, and the definition level so far. What is NULL or empty
 * stays behind at its level; a list puts its elements in the place of its one entry. Sibling leaves
 * go the way again, each for itself. */
#include "parquet_write.h"

#include <stdlib.h>
#include <string.h>

static void make_room(struct fst_pqw_rows *r, size_t n)
{
    if (n <= r->cap)
        return;
    size_t cap = r->cap;
    fst_grow(&r->places, &cap, n, sizeof(*r->places));
    r->def = fst_realloc(r->def, cap);
    r->rep = fst_realloc(r->rep, cap);
    r->cap = cap;
}

static void make_room2(struct fst_pqw_rows *r, size_t n)
{
    if (n <= r->cap2)
        return;
    size_t cap = r->cap2;
    fst_grow(&r->places2, &cap, n, sizeof(*r->places2));
    r->def2 = fst_realloc(r->def2, cap);
    r->rep2 = fst_realloc(r->rep2, cap);
    r->cap2 = cap;
}

static void swap_lists(struct fst_pqw_rows *r)
{
    uint32_t *places = r->places;
    uint8_t *def = r->def, *rep = r->rep;
    size_t cap = r->cap;
    r->places = r->places2, r->def = r->def2, r->rep = r->rep2, r->cap = r->cap2;
    r->places2 = places, r->def2 = def, r->rep2 = rep, r->cap2 = cap;
}

static bool has_nulls(const struct fst_column *c)
{
    return c->valid || c->type.kind == FST_VOID || c->unreadable;
}

/* Of those at level `def`, what is not NULL rises by one. */
static void pass_nullable(struct fst_pqw_rows *r, const struct fst_column *c, uint8_t def)
{
    bool sure = !has_nulls(c);
    for (size_t i = 0; i < r->n_levels; i++)
        r->def[i] += r->def[i] == def && (sure || !fst_column_is_null(c, r->places[i]));
}

static bool has_null_here(const struct fst_pqw_rows *r, const struct fst_column *c, uint8_t def)
{
    if (!has_nulls(c))
        return false;
    for (size_t i = 0; i < r->n_levels; i++)
        if (r->def[i] == def && fst_column_is_null(c, r->places[i]))
            return true;
    return false;
}

static void add_elements(struct fst_pqw_rows *r, size_t at, uint32_t first, uint32_t n,
                         uint8_t rep_first, uint8_t rep, uint8_t def)
{
    for (uint32_t k = 0; k < n; k++)
        r->places2[at + k] = first + k;
    memset(r->def2 + at, def, n);
    memset(r->rep2 + at, rep, n);
    r->rep2[at] = rep_first;
}

/* Elements of the lists at level `def` rise by one; the rest stays. */
static void pass_repeated(struct fst_pqw_rows *r, const struct fst_column *c, uint8_t def,
                          uint8_t rep)
{
    size_t n = 0;
    for (size_t i = 0; i < r->n_levels; i++) {
        uint32_t first = r->places[i], count = 0;
        if (r->def[i] == def) {
            count = c->offsets[first + 1] - c->offsets[first];
            first = c->offsets[first];
        }
        make_room2(r, n + count + 1);
        if (count) {
            add_elements(r, n, first, count, r->rep[i], rep, (uint8_t)(def + 1));
            n += count;
        } else {
            r->places2[n] = 0;
            r->def2[n] = r->def[i];
            r->rep2[n++] = r->rep[i];
        }
    }
    swap_lists(r);
    r->n_levels = n;
}

/* Keep the places of the values only. */
static void finish(struct fst_pqw_rows *r, uint8_t max_def)
{
    size_t n = 0;
    for (size_t i = 0; i < r->n_levels; i++) {
        r->places[n] = r->places[i];
        n += r->def[i] == max_def;
    }
    r->n_values = n;
    r->at = r->places;
}

static void begin(struct fst_pqw_rows *r, size_t from, size_t n)
{
    make_room(r, n + 1);
    for (size_t i = 0; i < n; i++)
        r->places[i] = (uint32_t)(from + i);
    memset(r->def, 0, n);
    memset(r->rep, 0, n);
}

/* A column that is not nested and has no NULL. */
static void take_all(struct fst_pqw_rows *r, const struct fst_pqw_leaf *leaf, size_t from, size_t n)
{
    make_room(r, n + 1);
    memset(r->def, leaf->max_def, n);
    r->n_values = n;
    r->first = from;
    r->at = NULL;
}

enum fst_status fst_pqw_shred(struct fst_pqw_rows *r, const struct fst_pqw_leaf *leaf,
                              const struct fst_column *column, size_t from, size_t n,
                              struct fst_error *err)
{
    r->n_rows = r->n_levels = n;
    r->values = column;
    if (leaf->n_steps == 1 && !has_nulls(column)) {
        take_all(r, leaf, from, n);
        return FST_OK;
    }
    begin(r, from, n);
    uint8_t def = 0, rep = 0;
    const struct fst_column *c = column;
    for (size_t i = 0; i < leaf->n_steps; i++) {
        const struct fst_pqw_step *step = &leaf->steps[i];
        if (step->is_nullable)
            pass_nullable(r, c, def++);
        else if (has_null_here(r, c, def))
            return fst_fail(err, FST_EINVAL, "column %s: a NULL where none is allowed", leaf->name);
        if (step->is_repeated)
            pass_repeated(r, c, def++, ++rep);
        r->values = c;
        /* A column of nothing but NULL has no children, and nothing is looked for there. */
        if (i + 1 < leaf->n_steps && c->children)
            c = &c->children[step->child];
    }
    finish(r, def);
    return FST_OK;
}

void fst_pqw_rows_done(struct fst_pqw_rows *r)
{
    free(r->places);
    free(r->places2);
    free(r->def);
    free(r->def2);
    free(r->rep);
    free(r->rep2);
}
