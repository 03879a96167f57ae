/* parquet_info: what a footer says of its file: sizes, codecs, encodings, NULLs, least and
 * greatest.
 *
 * Statistics are used in their present form only (min_value and max_value); the older fields were
 * written in the wrong order by several writers. A bound counts only when every row group that has
 * values says it. Where a file does not say whether a bound is a value, bytes may be cut. */
#include "parquet.h"

#include "frame.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { SHOWN_BYTES = 64 };

struct bound {
    struct fst_str bytes;
    bool has, broken, is_exact;
};

struct total {
    uint64_t compressed, uncompressed;
    int64_t n_nulls;
    uint32_t codecs, encodings; /* bits */
    bool is_encrypted;          /* in a row group at least */
    bool has_values;
    size_t chunks, offset_indexes, column_indexes, bloom_filters;
    struct bound min, max;
};

/* ---- Bounds ---------------------------------------------------------------------------------- */

static int compare_ints(const struct fst_pq_leaf *leaf, int64_t a, int64_t b)
{
    bool is_unsigned = leaf->mask || (leaf->physical == FST_PQ_INT64 && leaf->type.scale == 0 &&
                                      leaf->type.precision == 20);
    if (is_unsigned)
        return ((uint64_t)a > (uint64_t)b) - ((uint64_t)a < (uint64_t)b);
    return (a > b) - (a < b);
}

static int compare(const struct fst_pq_leaf *leaf, const struct fst_pq_batch *a,
                   const struct fst_pq_batch *b)
{
    __int128 x, y;
    switch (leaf->physical) {
    case FST_PQ_BOOLEAN:
    case FST_PQ_INT32:
    case FST_PQ_INT64:
        return compare_ints(leaf, a->i[0], b->i[0]);
    case FST_PQ_FLOAT:
    case FST_PQ_DOUBLE:
        return (a->d[0] > b->d[0]) - (a->d[0] < b->d[0]);
    default:
        if (leaf->type.kind == FST_DECIMAL && fst_pq_decimal(a->s[0], &x) &&
            fst_pq_decimal(b->s[0], &y))
            return (x > y) - (x < y);
        return fst_str_compare(a->s[0], b->s[0]);
    }
}

static bool is_exact(const struct fst_pq_leaf *leaf, int64_t said)
{
    bool may_be_cut = leaf->physical == FST_PQ_BYTE_ARRAY ||
                      (leaf->physical == FST_PQ_FIXED && leaf->type.kind != FST_DECIMAL);
    return said >= 0 ? said != 0 : !may_be_cut;
}

static void widen(struct bound *bound, const struct fst_pq_leaf *leaf, struct fst_str bytes,
                  int64_t said, int sign)
{
    struct fst_pq_batch fresh, kept;
    bool exact = is_exact(leaf, said);
    if (!bytes.p || !fst_pq_has_order(leaf) || !fst_pq_bound_load(leaf, bytes, &fresh)) {
        bound->broken = true;
        return;
    }
    int order = !bound->has                                    ? 1
                : fst_pq_bound_load(leaf, bound->bytes, &kept) ? sign * compare(leaf, &fresh, &kept)
                                                               : -1;
    if (order > 0)
        bound->bytes = bytes;
    if (order >= 0)
        bound->is_exact = exact || (order == 0 && bound->is_exact);
    bound->has = true;
}

/* A bound as a column of one row. */
static const struct fst_column *bound_value(struct fst_arena *arena, const struct fst_pq_leaf *leaf,
                                            const struct bound *bound)
{
    struct fst_pq_batch batch;
    if (!bound->has || bound->broken || !fst_pq_bound_load(leaf, bound->bytes, &batch))
        return NULL;
    struct fst_schema *schema = fst_schema_new();
    fst_schema_add(schema, "bound", &leaf->type, true);
    struct fst_builder *b = fst_builder_new(schema);
    if (leaf->put(b, 0, leaf, &batch)) {
        fst_builder_free(b);
        return NULL;
    }
    return fst_builder_keep_value(b, arena);
}

/* As a cell would show it; long text is cut. */
static const char *bound_text(struct fst_arena *arena, const struct fst_column *value)
{
    struct fst_buf text = FST_BUF_TEXT;
    if (!value || !fst_cell_text(&text, value, 0, FST_CELL_PLAIN)) {
        fst_buf_done(&text);
        return NULL;
    }
    size_t shown = value->type.kind == FST_BINARY ? 2 * SHOWN_BYTES : SHOWN_BYTES;
    const char *copy =
        fst_arena_strndup(arena, fst_buf_text(&text), text.n < shown ? text.n : shown);
    fst_buf_done(&text);
    return copy;
}

/* ---- Totals ---------------------------------------------------------------------------------- */

static void add_encodings(const struct fst_pq_meta *m, struct fst_thrift_list list,
                          struct total *total)
{
    struct fst_thrift t = fst_thrift_at(&m->thrift, list);
    for (size_t i = 0; i < list.n; i++) {
        int64_t id = fst_thrift_zigzag(&t);
        if (id >= 0 && id < 32)
            total->encodings |= 1u << id;
    }
}

static void add_chunk(const struct fst_pq_meta *m, const struct fst_pq_leaf *leaf,
                      const struct fst_pq_chunk *c, struct total *total)
{
    total->compressed += c->compressed > 0 ? (uint64_t)c->compressed : 0;
    total->uncompressed += c->uncompressed > 0 ? (uint64_t)c->uncompressed : 0;
    if (c->codec >= 0 && c->codec < 32)
        total->codecs |= 1u << c->codec;
    total->chunks++;
    total->offset_indexes += c->offset_index_at > 0;
    total->column_indexes += c->column_index_at > 0;
    total->bloom_filters += c->bloom_at > 0;
    add_encodings(m, c->encodings, total);
    total->is_encrypted |= c->is_encrypted != 0;

    int64_t n_nulls = leaf->max_def ? c->statistics.null_count : 0;
    if (n_nulls < 0 || total->n_nulls < 0 || n_nulls > INT64_MAX - total->n_nulls)
        total->n_nulls = -1;
    else
        total->n_nulls += n_nulls;
    if (n_nulls >= 0 && n_nulls == c->n_values)
        return; /* only NULLs: nothing to bound */
    total->has_values = true;
    widen(&total->min, leaf, c->statistics.min_value, c->statistics.min_is_exact, -1);
    widen(&total->max, leaf, c->statistics.max_value, c->statistics.max_is_exact, 1);
}

static enum fst_status add_groups(const struct fst_pq_meta *m, struct total *totals,
                                  struct fst_error *err)
{
    size_t *places = fst_alloc((m->n_leaves + 1) * sizeof(*places));
    enum fst_status status = FST_OK;
    for (size_t g = 0; g < m->n_groups && status == FST_OK; g++) {
        status = fst_pq_group_places(m, g, places, err);
        for (size_t i = 0; i < m->n_leaves && status == FST_OK; i++) {
            struct fst_pq_chunk chunk;
            status = fst_pq_chunk_load(m, places[i], &chunk, err);
            if (status == FST_OK)
                add_chunk(m, &m->leaves[i], &chunk, &totals[i]);
        }
    }
    free(places);
    return status;
}

/* ---- Answers --------------------------------------------------------------------------------- */

static const char *names_of(struct fst_arena *arena, uint32_t bits,
                            const char *(*name_of)(int64_t id))
{
    struct fst_buf text = FST_BUF_TEXT;
    for (int64_t id = 0; id < 32; id++) {
        if (!(bits >> id & 1))
            continue;
        const char *name = name_of(id);
        fst_buf_adds(&text, text.n ? ", " : "");
        if (name)
            fst_buf_adds(&text, name);
        else
            fst_buf_printf(&text, "%lld", (long long)id);
    }
    const char *copy = fst_arena_strdup(arena, fst_buf_text(&text));
    fst_buf_done(&text);
    return copy;
}

const char *fst_pq_type_text(struct fst_arena *arena, const struct fst_type *type)
{
    struct fst_buf text = FST_BUF_TEXT;
    fst_type_text(&text, type);
    const char *copy = fst_arena_strdup(arena, fst_buf_text(&text));
    fst_buf_done(&text);
    return copy;
}

static void fill_column(struct fst_arena *arena, const struct fst_pq_leaf *leaf,
                        const struct total *total, struct fst_column_info *out)
{
    const char *codec = names_of(arena, total->codecs, fst_codec_name);
    const struct fst_column *least = bound_value(arena, leaf, &total->min),
                            *greatest = bound_value(arena, leaf, &total->max);
    *out = (struct fst_column_info){
        .name = fst_arena_strdup(arena, leaf->path),
        .type = fst_pq_type_text(arena, &leaf->type),
        .physical = fst_pq_physical_name(leaf->physical),
        .logical = fst_arena_strdup(arena, leaf->logical),
        .codec = total->is_encrypted
                     ? fst_arena_printf(arena, "%s%sencrypted", codec, *codec ? ", " : "")
                     : codec,
        .encodings = names_of(arena, total->encodings, fst_pq_encoding_name),
        .compressed = total->compressed,
        .uncompressed = total->uncompressed,
        .null_count = total->n_nulls,
        .min = bound_text(arena, least),
        .max = bound_text(arena, greatest),
        .least = least,
        .greatest = greatest,
        .least_is_exact = total->min.is_exact,
        .greatest_is_exact = total->max.is_exact,
        .has_no_values = !total->has_values,
        .is_nested = leaf->is_nested,
        .is_encrypted = total->is_encrypted,
        .chunks = total->chunks,
        .offset_indexes = total->offset_indexes,
        .column_indexes = total->column_indexes,
        .bloom_filters = total->bloom_filters,
    };
}

static enum fst_status fill_pairs(const struct fst_pq_meta *m, struct fst_file_info *out,
                                  struct fst_error *err)
{
    struct fst_thrift t = fst_thrift_at(&m->thrift, m->key_values);
    size_t n = m->key_values.type == FST_THRIFT_STRUCT ? m->key_values.n : 0;
    out->key_values = fst_arena_alloc(out->arena, (n + 1) * sizeof(*out->key_values));
    for (size_t i = 0; i < n; i++) {
        struct fst_pq_pair pair;
        if (!fst_pq_pair_read(&t, &pair))
            return fst_fail(err, FST_EFORMAT, "the footer is damaged");
        out->key_values[i].key = fst_arena_strndup(out->arena, pair.key.p, pair.key.n);
        out->key_values[i].value = fst_arena_strndup(out->arena, pair.value.p, pair.value.n);
        out->n_key_values++;
    }
    return FST_OK;
}

static enum fst_status fill_info(const struct fst_pq_meta *m, struct fst_file_info *out,
                                 struct fst_error *err)
{
    out->format = "parquet";
    out->writer =
        m->created_by.p ? fst_arena_strndup(out->arena, m->created_by.p, m->created_by.n) : NULL;
    out->rows = m->rows;
    out->row_groups = m->n_groups;
    out->footer_bytes = m->footer_n;
    out->version = fst_arena_printf(out->arena, "%lld", (long long)m->version);
    out->sorted = fst_pq_sorted(m, out->arena);
    fst_pq_lines(m, out);
    out->n_columns = m->n_leaves;
    out->columns = fst_arena_alloc(out->arena, (m->n_leaves + 1) * sizeof(*out->columns));

    struct total *totals = fst_alloc((m->n_leaves + 1) * sizeof(*totals));
    enum fst_status status = add_groups(m, totals, err);
    for (size_t i = 0; i < m->n_leaves && status == FST_OK; i++)
        fill_column(out->arena, &m->leaves[i], &totals[i], &out->columns[i]);
    free(totals);
    return status == FST_OK ? fill_pairs(m, out, err) : status;
}

enum fst_status fst_pq_info(struct fst_bytes *bytes, struct fst_file_info *out,
                            struct fst_error *err)
{
    *out = (struct fst_file_info){.arena = fst_arena_new(), .size = bytes->size};
    struct fst_pq_meta m;
    enum fst_status status = fst_pq_meta_load(bytes, &m, err);
    if (status == FST_OK) {
        status = fill_info(&m, out, err);
        if (status != FST_OK)
            fst_while(err, "%s", bytes->name);
    }
    fst_pq_meta_done(&m);
    if (status != FST_OK)
        fst_file_info_done(out);
    return status;
}
