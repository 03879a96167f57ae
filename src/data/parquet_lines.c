/* parquet_lines: the schema of a file as lines, in the format's own words with Spark's types beside
 * them, and the order that its rows are said to be in. */
#include "parquet.h"

/* ---- Lines ----------------------------------------------------------------------------------- */

static size_t count(const struct fst_pq_node *node)
{
    size_t n = 1;
    for (size_t i = 0; i < node->n; i++)
        n += count(&node->children[i]);
    return n;
}

static const char *logical_of(const struct fst_pq_meta *m, const struct fst_pq_node *node)
{
    enum { CONVERTED_MAP = 1, CONVERTED_MAP_KEY_VALUE = 2, CONVERTED_LIST = 3 };
    if (!node->n)
        return node->is_empty ? NULL : m->leaves[node->leaf].logical;
    if (node->e.logical.variant)
        return "VARIANT";
    if (node->e.logical.list || node->e.converted == CONVERTED_LIST)
        return "LIST";
    if (node->e.logical.map || node->e.converted == CONVERTED_MAP)
        return "MAP";
    return node->e.converted == CONVERTED_MAP_KEY_VALUE ? "MAP_KEY_VALUE" : NULL;
}

static const char *physical_of(const struct fst_pq_meta *m, const struct fst_pq_node *node,
                               struct fst_arena *arena)
{
    if (node->n || node->is_empty)
        return NULL;
    const struct fst_pq_leaf *leaf = &m->leaves[node->leaf];
    const char *name = fst_pq_physical_name(leaf->physical);
    return leaf->physical == FST_PQ_FIXED ? fst_arena_printf(arena, "%s(%zu)", name, leaf->width)
                                          : name;
}

/* `type` is the column's, NULL below it. */
static void add_lines(const struct fst_pq_meta *m, const struct fst_pq_node *node, unsigned depth,
                      const struct fst_type *type, struct fst_file_info *out)
{
    static const char *const repetitions[] = {"required", "optional", "repeated"};
    const char *logical = logical_of(m, node);
    if (!type && !node->n && !node->is_empty)
        type = &node->type;
    out->lines[out->n_lines++] = (struct fst_schema_line){
        .name = fst_arena_strdup(out->arena, node->name),
        .depth = depth,
        .repetition = repetitions[node->e.repetition],
        .physical = physical_of(m, node, out->arena),
        .logical = fst_arena_strdup(out->arena, logical),
        .type = type ? fst_pq_type_text(out->arena, type) : NULL,
    };
    for (size_t i = 0; i < node->n; i++)
        add_lines(m, &node->children[i], depth + 1, NULL, out);
}

void fst_pq_lines(const struct fst_pq_meta *m, struct fst_file_info *out)
{
    out->lines = fst_arena_alloc(out->arena, count(m->root) * sizeof(*out->lines));
    for (size_t i = 0; i < m->root->n; i++)
        add_lines(m, &m->root->children[i], 0, &m->columns[i].field.type, out);
}

/* ---- Order ----------------------------------------------------------------------------------- */

/* What a row group says; false when it is damaged or not said. */
static bool add_sorted(const struct fst_pq_meta *m, const struct fst_pq_group *group,
                       struct fst_buf *out)
{
    struct fst_thrift t = fst_thrift_at(&m->thrift, group->sorting);
    for (size_t i = 0; i < group->sorting.n; i++) {
        struct fst_pq_sorting s;
        if (group->sorting.type != FST_THRIFT_STRUCT || !fst_pq_sorting_read(&t, &s) ||
            s.column < 0 || (uint64_t)s.column >= m->n_leaves)
            return false;
        fst_buf_printf(out, "%s%s%s NULLS %s", i ? ", " : "", m->leaves[s.column].path,
                       s.is_descending > 0 ? " DESC" : "", s.nulls_first > 0 ? "FIRST" : "LAST");
    }
    return out->n > 0;
}

const char *fst_pq_sorted(const struct fst_pq_meta *m, struct fst_arena *arena)
{
    struct fst_buf first = FST_BUF_TEXT, other = FST_BUF_TEXT;
    bool same = m->n_groups > 0 && add_sorted(m, &m->groups[0], &first);
    for (size_t g = 1; g < m->n_groups && same; g++) {
        fst_buf_clear(&other);
        same = add_sorted(m, &m->groups[g], &other) &&
               fst_str_is((struct fst_str){other.p, other.n}, fst_buf_text(&first));
    }
    const char *copy = same ? fst_arena_strdup(arena, fst_buf_text(&first)) : NULL;
    fst_buf_done(&first);
    fst_buf_done(&other);
    return copy;
}
