/* parquet_nest: lists, maps and structs out of the levels of their leaves.
 *
 * Every leaf of a column repeats what lists and structs above it look like. One of them, the first,
 * says it for each node, and the others must agree with it up to where they part; so the children
 * of a node always have as many rows as the node says, whatever the levels are. */
#include "parquet.h"

#include "frame.h"

static bool is_list(const struct fst_pq_nest *nest)
{
    return nest->kind == FST_ARRAY || nest->kind == FST_MAP;
}

static bool is_leaf(const struct fst_pq_nest *nest)
{
    return !is_list(nest) && nest->kind != FST_STRUCT;
}

void fst_pq_nest_bind(const struct fst_pq_nest *nest, struct fst_builder *b, size_t col,
                      struct fst_pq_entries *entries)
{
    if (nest->is_missing)
        return;
    if (is_leaf(nest)) {
        struct fst_pq_entries *e = &entries[nest->stream];
        e->b = b;
        e->col = col;
        e->slot_def = nest->slot_def;
    }
    for (size_t i = 0; i < nest->n; i++)
        fst_pq_nest_bind(&nest->children[i], b, fst_builder_child(b, col, i), entries);
}

/* ---- Agreement ------------------------------------------------------------------------------- */

static enum fst_status contradiction(struct fst_error *err)
{
    return fst_fail(err, FST_EFORMAT, "its levels contradict each other");
}

/* The next entry that the nodes up to repetition level `rep` see. */
static size_t next_entry(const struct fst_pq_entries *e, size_t at, unsigned rep)
{
    while (at < e->n && e->rep[at] > rep)
        at++;
    return at;
}

/* Do two leaves say the same up to these levels? */
static bool agree(const struct fst_pq_entries *a, const struct fst_pq_entries *b, unsigned rep,
                  unsigned def)
{
    size_t i = next_entry(a, 0, rep), k = next_entry(b, 0, rep);
    for (; i < a->n && k < b->n; i = next_entry(a, i + 1, rep), k = next_entry(b, k + 1, rep)) {
        unsigned def_a = a->def[i] < def ? a->def[i] : def;
        unsigned def_b = b->def[k] < def ? b->def[k] : def;
        if (a->rep[i] != b->rep[k] || def_a != def_b)
            return false;
    }
    return i == a->n && k == b->n;
}

static enum fst_status check_children(const struct fst_pq_nest *nest,
                                      const struct fst_pq_entries *entries, struct fst_error *err)
{
    unsigned rep = is_list(nest) ? nest->element_rep : nest->slot_rep;
    unsigned def = is_list(nest) ? nest->element_def : nest->def;
    for (size_t i = 0; i < nest->n; i++)
        if (!nest->children[i].is_missing &&
            !agree(&entries[nest->stream], &entries[nest->children[i].stream], rep, def))
            return contradiction(err);
    return FST_OK;
}

/* ---- Rows ------------------------------------------------------------------------------------ */

static void append_struct(const struct fst_pq_nest *nest, struct fst_builder *b, size_t col,
                          const struct fst_pq_entries *e)
{
    for (size_t i = 0; i < e->n; i++)
        if (e->rep[i] <= nest->slot_rep && e->def[i] >= nest->slot_def)
            fst_builder_slot(b, col, e->def[i] >= nest->def, 0);
}

/* Elements of the list that begins with entry `at`; false when one goes on that has ended. */
static bool count_elements(const struct fst_pq_nest *nest, const struct fst_pq_entries *e,
                           size_t at, size_t *end, size_t *n)
{
    bool has_elements = e->def[at] >= nest->element_def;
    *n = has_elements;
    for (*end = at + 1; *end < e->n && e->rep[*end] > nest->slot_rep; (*end)++) {
        if (!has_elements || e->def[*end] < nest->element_def)
            return false;
        *n += e->rep[*end] == nest->element_rep;
    }
    return true;
}

static enum fst_status append_list(const struct fst_pq_nest *nest, struct fst_builder *b,
                                   size_t col, const struct fst_pq_entries *e,
                                   struct fst_error *err)
{
    for (size_t i = 0, end; i < e->n; i = end) {
        size_t n;
        if (!count_elements(nest, e, i, &end, &n))
            return contradiction(err);
        if (e->rep[i] <= nest->slot_rep && e->def[i] >= nest->slot_def)
            fst_builder_slot(b, col, e->def[i] >= nest->def, n);
    }
    return FST_OK;
}

/* A NULL wherever there is a place for one. */
static void append_missing(const struct fst_pq_nest *nest, struct fst_builder *b, size_t col,
                           const struct fst_pq_entries *e)
{
    for (size_t i = 0; i < e->n; i++)
        if (e->rep[i] <= nest->slot_rep && e->def[i] >= nest->slot_def)
            fst_builder_null(b, col);
}

enum fst_status fst_pq_nest_append(const struct fst_pq_nest *nest, struct fst_builder *b,
                                   size_t col, const struct fst_pq_entries *entries,
                                   struct fst_error *err)
{
    const struct fst_pq_entries *first = &entries[nest->stream];
    if (is_leaf(nest))
        return FST_OK;
    FST_TRY(check_children(nest, entries, err));
    if (is_list(nest))
        FST_TRY(append_list(nest, b, col, first, err));
    else
        append_struct(nest, b, col, first);
    for (size_t i = 0; i < nest->n; i++) {
        size_t child = fst_builder_child(b, col, i);
        if (nest->children[i].is_missing)
            append_missing(&nest->children[i], b, child, first);
        else
            FST_TRY(fst_pq_nest_append(&nest->children[i], b, child, entries, err));
    }
    return FST_OK;
}
