/* parquet_meta: the footer, read once; row groups are found in it and parsed when their turn comes.
 *
 * A footer of many columns and row groups is large and most of it is not needed for a preview, so
 * its bytes stay as they are and only the places of row groups are kept. */
#include "parquet.h"

#include <stdlib.h>
#include <string.h>

enum { TAIL_BYTES = 64 << 10, FOOTER_MAX = 256 << 20, END_BYTES = 8 };

/* ---- Shapes ---------------------------------------------------------------------------------- */

struct file_shape_out {
    struct fst_thrift_list schema, groups, key_values, orders;
    int64_t version, rows, is_encrypted;
    struct fst_str created_by;
};
#define FILE_AT(member) offsetof(struct file_shape_out, member)

static const struct fst_thrift_shape file_shape = {
    (const struct fst_thrift_slot[]){
        {1, FST_THRIFT_INT, FILE_AT(version)},
        {2, FST_THRIFT_ITEMS, FILE_AT(schema)},
        {3, FST_THRIFT_INT, FILE_AT(rows)},
        {4, FST_THRIFT_ITEMS, FILE_AT(groups)},
        {5, FST_THRIFT_ITEMS, FILE_AT(key_values)},
        {6, FST_THRIFT_BYTES, FILE_AT(created_by)},
        {7, FST_THRIFT_ITEMS, FILE_AT(orders)},
        {8, FST_THRIFT_PRESENT, FILE_AT(is_encrypted)},
    },
    8};

static const struct fst_thrift_shape group_shape = {
    (const struct fst_thrift_slot[]){
        {1, FST_THRIFT_ITEMS, offsetof(struct fst_pq_group, chunks)},
        {3, FST_THRIFT_INT, offsetof(struct fst_pq_group, rows)},
        {4, FST_THRIFT_ITEMS, offsetof(struct fst_pq_group, sorting)},
    },
    3};

#define CHUNK_AT(member) offsetof(struct fst_pq_chunk, member)
#define STATISTICS_AT(member) offsetof(struct fst_pq_statistics, member)

static const struct fst_thrift_shape statistics_shape = {
    (const struct fst_thrift_slot[]){
        {1, FST_THRIFT_BYTES, STATISTICS_AT(old_max)},
        {2, FST_THRIFT_BYTES, STATISTICS_AT(old_min)},
        {3, FST_THRIFT_INT, STATISTICS_AT(null_count)},
        {5, FST_THRIFT_BYTES, STATISTICS_AT(max_value)},
        {6, FST_THRIFT_BYTES, STATISTICS_AT(min_value)},
        {7, FST_THRIFT_INT, STATISTICS_AT(max_is_exact)},
        {8, FST_THRIFT_INT, STATISTICS_AT(min_is_exact)},
        {9, FST_THRIFT_INT, STATISTICS_AT(nan_count)},
    },
    8};

/* The chunk's metadata are filled into the same structure: the offset of the inner one is 0. */
static const struct fst_thrift_shape chunk_meta_shape = {
    (const struct fst_thrift_slot[]){
        {2, FST_THRIFT_ITEMS, CHUNK_AT(encodings)},
        {4, FST_THRIFT_INT, CHUNK_AT(codec)},
        {5, FST_THRIFT_INT, CHUNK_AT(n_values)},
        {6, FST_THRIFT_INT, CHUNK_AT(uncompressed)},
        {7, FST_THRIFT_INT, CHUNK_AT(compressed)},
        {9, FST_THRIFT_INT, CHUNK_AT(data_page)},
        {11, FST_THRIFT_INT, CHUNK_AT(dictionary_page)},
        {12, FST_THRIFT_INNER, CHUNK_AT(statistics), &statistics_shape},
        {13, FST_THRIFT_ITEMS, CHUNK_AT(encoding_stats)},
        {14, FST_THRIFT_INT, CHUNK_AT(bloom_at)},
        {15, FST_THRIFT_INT, CHUNK_AT(bloom_n)},
    },
    11};
static const struct fst_thrift_shape chunk_shape = {
    (const struct fst_thrift_slot[]){
        {1, FST_THRIFT_BYTES, CHUNK_AT(file_path)},
        {3, FST_THRIFT_INNER, 0, &chunk_meta_shape},
        {4, FST_THRIFT_INT, CHUNK_AT(offset_index_at)},
        {5, FST_THRIFT_INT, CHUNK_AT(offset_index_n)},
        {6, FST_THRIFT_INT, CHUNK_AT(column_index_at)},
        {7, FST_THRIFT_INT, CHUNK_AT(column_index_n)},
        {8, FST_THRIFT_PRESENT, CHUNK_AT(is_encrypted)},
    },
    7};

/* ---- Reading the footer ---------------------------------------------------------------------- */

static enum fst_status read_range(struct fst_bytes *bytes, uint64_t offset, size_t len, void *into,
                                  struct fst_error *err)
{
    struct fst_range range = {.offset = offset, .len = len, .into = into};
    FST_TRY(bytes->ops->read(bytes, &range, 1, err));
    return range.got == len ? FST_OK : fst_fail(err, FST_EFORMAT, "the file became shorter");
}

static enum fst_status check_end(const uint8_t *end, uint64_t size, uint64_t *footer,
                                 struct fst_error *err)
{
    if (memcmp(end + 4, "PARE", 4) == 0)
        return fst_fail(err, FST_EUNSUPPORTED,
                        "an encrypted Parquet file; encrypted files are not read");
    if (memcmp(end + 4, "PAR1", 4) != 0)
        return fst_fail(err, FST_EFORMAT,
                        "not a Parquet file, or not completely written: it does not end in PAR1");
    *footer =
        (uint64_t)end[0] | (uint64_t)end[1] << 8 | (uint64_t)end[2] << 16 | (uint64_t)end[3] << 24;
    if (*footer > size - 12 || *footer > FOOTER_MAX)
        return fst_fail(err, FST_EFORMAT, "a footer of %llu bytes cannot be",
                        (unsigned long long)*footer);
    return FST_OK;
}

/* The tail is one read that usually has all of it; what is missing is a second one. */
static enum fst_status read_footer(struct fst_bytes *bytes, struct fst_pq_meta *m,
                                   struct fst_error *err)
{
    if (bytes->size < 12)
        return fst_fail(err, FST_EFORMAT, "not a Parquet file: it has %llu bytes",
                        (unsigned long long)bytes->size);
    size_t n_tail = bytes->size < TAIL_BYTES ? (size_t)bytes->size : TAIL_BYTES;
    uint64_t n = 0;
    m->footer = fst_alloc(n_tail);
    FST_TRY(read_range(bytes, bytes->size - n_tail, n_tail, m->footer, err));
    FST_TRY(check_end((uint8_t *)m->footer + n_tail - END_BYTES, bytes->size, &n, err));

    m->footer_n = (size_t)n;
    m->footer_at = bytes->size - END_BYTES - n;
    size_t have = n_tail - END_BYTES;
    if (have >= n) {
        memmove(m->footer, m->footer + have - n, (size_t)n);
        return FST_OK;
    }
    char *whole = fst_alloc_data((size_t)n, FOOTER_MAX);
    if (!whole)
        return fst_fail(err, FST_ENOMEM, "no memory for a footer of %llu bytes",
                        (unsigned long long)n);
    memcpy(whole + (n - have), m->footer, have);
    free(m->footer);
    m->footer = whole;
    return read_range(bytes, m->footer_at, (size_t)n - have, whole, err);
}

static enum fst_status damaged(struct fst_error *err)
{
    return fst_fail(err, FST_EFORMAT, "the footer is damaged");
}

static enum fst_status find_groups(struct fst_pq_meta *m, struct fst_thrift_list list,
                                   struct fst_error *err)
{
    struct fst_thrift t = fst_thrift_at(&m->thrift, list);
    size_t cap = 0;
    int64_t rows = 0;
    for (size_t i = 0; i < list.n; i++) {
        fst_grow(&m->groups, &cap, i + 1, sizeof(*m->groups));
        struct fst_pq_group *g = &m->groups[i];
        g->rows = -1;
        if (list.type != FST_THRIFT_STRUCT || !fst_thrift_read(&t, &group_shape, g) || g->rows < 0)
            return damaged(err);
        if (g->chunks.n != m->n_leaves || (g->chunks.n && g->chunks.type != FST_THRIFT_STRUCT))
            return fst_fail(err, FST_EFORMAT, "row group %zu has %zu columns, the schema %zu", i,
                            g->chunks.n, m->n_leaves);
        if (g->rows > INT64_MAX - rows)
            return damaged(err);
        rows += g->rows;
        m->n_groups = i + 1;
    }
    m->rows = rows; /* the file's own count is sometimes wrong */
    return FST_OK;
}

static const struct fst_thrift_shape pair_shape = {
    (const struct fst_thrift_slot[]){
        {1, FST_THRIFT_BYTES, offsetof(struct fst_pq_pair, key)},
        {2, FST_THRIFT_BYTES, offsetof(struct fst_pq_pair, value)},
    },
    2};

bool fst_pq_pair_read(struct fst_thrift *t, struct fst_pq_pair *out)
{
    *out = (struct fst_pq_pair){{"", 0}, {"", 0}};
    return fst_thrift_read(t, &pair_shape, out);
}

static const struct fst_thrift_shape sorting_shape = {
    (const struct fst_thrift_slot[]){
        {1, FST_THRIFT_INT, offsetof(struct fst_pq_sorting, column)},
        {2, FST_THRIFT_INT, offsetof(struct fst_pq_sorting, is_descending)},
        {3, FST_THRIFT_INT, offsetof(struct fst_pq_sorting, nulls_first)},
    },
    3};

bool fst_pq_sorting_read(struct fst_thrift *t, struct fst_pq_sorting *out)
{
    *out = (struct fst_pq_sorting){.column = -1};
    return fst_thrift_read(t, &sorting_shape, out);
}

static bool has_spark_variants(const struct fst_pq_meta *m)
{
    static const char spark[] = "org.apache.spark.sql.parquet.row.metadata",
                      variant[] = "\"variant\"";
    struct fst_thrift t = fst_thrift_at(&m->thrift, m->key_values);
    struct fst_pq_pair pair;
    for (size_t i = 0; i < m->key_values.n && m->key_values.type == FST_THRIFT_STRUCT; i++) {
        if (!fst_pq_pair_read(&t, &pair))
            return false;
        if (fst_str_is(pair.key, spark))
            return memmem(pair.value.p, pair.value.n, variant, sizeof(variant) - 1) != NULL;
    }
    return false;
}

/* Orders that bounds are used by: that of the type, and IEEE 754's total one, which differs from it
 * in zeros and NaN alone. */
struct order {
    int64_t by_type, total;
};
static const struct fst_thrift_shape order_shape = {
    (const struct fst_thrift_slot[]){
        {1, FST_THRIFT_PRESENT, offsetof(struct order, by_type)},
        {2, FST_THRIFT_PRESENT, offsetof(struct order, total)},
    },
    2};

static void set_orders(struct fst_pq_meta *m, struct fst_thrift_list list)
{
    struct fst_thrift t = fst_thrift_at(&m->thrift, list);
    if (list.type != FST_THRIFT_STRUCT || list.n != m->n_leaves)
        return;
    for (size_t i = 0; i < list.n; i++) {
        struct order order = {0};
        if (!fst_thrift_read(&t, &order_shape, &order))
            return;
        m->leaves[i].order_is_known = order.by_type || order.total;
    }
}

static enum fst_status load(struct fst_bytes *bytes, struct fst_pq_meta *m, struct fst_error *err)
{
    FST_TRY(read_footer(bytes, m, err));
    m->thrift = (struct fst_thrift){.p = (const uint8_t *)m->footer, .n = m->footer_n};
    struct file_shape_out file = {.version = -1, .rows = -1};
    struct fst_thrift t = m->thrift;
    if (!fst_thrift_read(&t, &file_shape, &file))
        return damaged(err);
    m->version = file.version;
    m->created_by = file.created_by;
    m->key_values = file.key_values;
    m->has_spark_variants = has_spark_variants(m);
    FST_TRY(fst_pq_schema(m, file.schema, err));
    set_orders(m, file.orders);
    return find_groups(m, file.groups, err);
}

enum fst_status fst_pq_meta_load(struct fst_bytes *bytes, struct fst_pq_meta *out,
                                 struct fst_error *err)
{
    *out = (struct fst_pq_meta){.arena = fst_arena_new()};
    enum fst_status status = load(bytes, out, err);
    if (status != FST_OK)
        fst_while(err, "%s", bytes->name);
    return status;
}

void fst_pq_meta_done(struct fst_pq_meta *m)
{
    fst_arena_free(m->arena);
    free(m->footer);
    free(m->groups);
    free(m->leaves);
    free(m->columns);
    memset(m, 0, sizeof(*m));
}

/* ---- Chunks ---------------------------------------------------------------------------------- */

enum fst_status fst_pq_group_places(const struct fst_pq_meta *m, size_t group, size_t *places,
                                    struct fst_error *err)
{
    struct fst_thrift t = fst_thrift_at(&m->thrift, m->groups[group].chunks);
    for (size_t i = 0; i < m->n_leaves; i++) {
        places[i] = t.at;
        if (!fst_thrift_skip(&t, FST_THRIFT_STRUCT))
            return damaged(err);
    }
    return FST_OK;
}

enum fst_status fst_pq_chunk_load(const struct fst_pq_meta *m, size_t place,
                                  struct fst_pq_chunk *out, struct fst_error *err)
{
    *out = (struct fst_pq_chunk){.codec = -1, .n_values = -1, .compressed = -1, .data_page = -1};
    out->statistics.null_count = out->statistics.nan_count = -1;
    out->statistics.min_is_exact = out->statistics.max_is_exact = -1;
    struct fst_thrift t = m->thrift;
    t.at = place;
    return fst_thrift_read(&t, &chunk_shape, out) ? FST_OK : damaged(err);
}
