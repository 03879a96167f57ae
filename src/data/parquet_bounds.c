/* parquet_bounds: what a file says of the values of a chunk or a page: the least, the greatest,
 * whether there are NULLs.
 *
 * Writers have been wrong in many ways, so a bound is used only where its order is known: bounds in
 * their present form when the footer tells the order, in the older form for signed numbers, texts
 * not from a parquet-mr before 1.8 (which compared bytes as signed). Bounds never tell of NaN,
 * which is the greatest: without a count of them a greatest real is not known. Bounds of text may
 * be shortened; they bound all the same. */
#include "parquet.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "filter.h"

/* ---- One bound ------------------------------------------------------------------------------- */

bool fst_pq_bound_load(const struct fst_pq_leaf *leaf, struct fst_str s, struct fst_pq_batch *out)
{
    int32_t v32;
    float f32;
    out->n = 1;
    if (leaf->physical == FST_PQ_BOOLEAN ? s.n != 1 : leaf->width && s.n != leaf->width)
        return false;
    switch (leaf->physical) {
    case FST_PQ_BOOLEAN:
        out->i[0] = s.p[0] & 1;
        return true;
    case FST_PQ_INT32:
        memcpy(&v32, s.p, sizeof(v32));
        out->i[0] = v32;
        return true;
    case FST_PQ_INT64:
        memcpy(out->i, s.p, sizeof(out->i[0]));
        return true;
    case FST_PQ_FLOAT:
        memcpy(&f32, s.p, sizeof(f32));
        out->d[0] = (double)f32;
        return !isnan(f32);
    case FST_PQ_DOUBLE:
        memcpy(out->d, s.p, sizeof(out->d[0]));
        return !isnan(out->d[0]);
    default:
        out->s[0] = s;
        return true;
    }
}

/* Types whose order the format does not define, or that do not sort as their bytes. */
bool fst_pq_has_order(const struct fst_pq_leaf *leaf)
{
    return leaf->physical != FST_PQ_INT96 && leaf->put && !leaf->refusal && !leaf->has_no_order &&
           !(leaf->physical == FST_PQ_FIXED && leaf->type.kind == FST_FLOAT);
}

/* ---- Whom to trust --------------------------------------------------------------------------- */

static bool is_text(const struct fst_pq_leaf *leaf)
{
    return leaf->physical == FST_PQ_BYTE_ARRAY || leaf->physical == FST_PQ_FIXED;
}

static bool is_real(const struct fst_pq_leaf *leaf)
{
    return leaf->type.kind == FST_FLOAT || leaf->type.kind == FST_DOUBLE;
}

static bool is_unsigned(const struct fst_pq_leaf *leaf)
{
    return leaf->mask || (leaf->physical == FST_PQ_INT64 && leaf->type.kind == FST_DECIMAL &&
                          leaf->type.precision == 20 && leaf->type.scale == 0);
}

/* "parquet-mr version 1.7.0 ...": before 1.8 bounds of bytes were wrong (PARQUET-251). */
static bool wrote_wrong_bytes(struct fst_str by)
{
    static const char mr[] = "parquet-mr version 1.";
    size_t n = sizeof(mr) - 1;
    if (by.n <= n || memcmp(by.p, mr, n) != 0)
        return false;
    bool one_digit = by.n == n + 1 || by.p[n + 1] < '0' || by.p[n + 1] > '9';
    return one_digit && by.p[n] >= '0' && by.p[n] < '8';
}

static bool is_trusted(const struct fst_pq_meta *m, const struct fst_pq_leaf *leaf)
{
    return fst_pq_has_order(leaf) && !(is_text(leaf) && wrote_wrong_bytes(m->created_by));
}

static struct fst_str none(void)
{
    return (struct fst_str){NULL, 0};
}

struct fst_pq_extent fst_pq_chunk_extent(const struct fst_pq_meta *m,
                                         const struct fst_pq_leaf *leaf,
                                         const struct fst_pq_chunk *chunk)
{
    const struct fst_pq_statistics *s = &chunk->statistics;
    struct fst_pq_extent e = {.has_nulls = leaf->max_def > 0 && s->null_count != 0,
                              .has_values = s->null_count < 0 || s->null_count != chunk->n_values};
    if (!is_trusted(m, leaf))
        return e;
    if (leaf->order_is_known) {
        e.min = s->min_value;
        e.max = s->max_value;
    }
    bool old = !is_text(leaf) && !is_unsigned(leaf) && !e.min.p && !e.max.p;
    if (old) {
        e.min = s->old_min.p ? s->old_min : s->min_value;
        e.max = s->old_max.p ? s->old_max : s->max_value;
    }
    if (is_real(leaf) && s->nan_count != 0)
        e.max = none();
    return e;
}

/* ---- Pages ----------------------------------------------------------------------------------- */

/* Items of a list of booleans are a byte each: 1 is true. */
static bool next_flag(struct fst_thrift *t)
{
    if (t->at >= t->n) {
        t->bad = true;
        return false;
    }
    return t->p[t->at++] == 1;
}

bool fst_pq_page_extents(const struct fst_pq_meta *m, const struct fst_pq_leaf *leaf,
                         const struct fst_pq_bounds *bounds, struct fst_pq_extent *out)
{
    struct fst_thrift empty = fst_thrift_at(&bounds->thrift, bounds->null_pages);
    struct fst_thrift min = fst_thrift_at(&bounds->thrift, bounds->min);
    struct fst_thrift max = fst_thrift_at(&bounds->thrift, bounds->max);
    struct fst_thrift nulls = fst_thrift_at(&bounds->thrift, bounds->null_counts);
    struct fst_thrift nans = fst_thrift_at(&bounds->thrift, bounds->nan_counts);
    bool trusted =
        is_trusted(m, leaf) && (leaf->order_is_known || !(is_text(leaf) || is_unsigned(leaf)));
    for (size_t i = 0; i < bounds->n; i++) {
        bool is_empty = next_flag(&empty);
        struct fst_str low = fst_thrift_bytes(&min), high = fst_thrift_bytes(&max);
        int64_t n_nulls = bounds->null_counts.n ? fst_thrift_zigzag(&nulls) : -1;
        int64_t n_nans = bounds->nan_counts.n ? fst_thrift_zigzag(&nans) : -1;
        bool use = trusted && !is_empty;
        out[i] = (struct fst_pq_extent){.min = use ? low : none(),
                                        .max = use && !(is_real(leaf) && n_nans) ? high : none(),
                                        .has_nulls = leaf->max_def > 0 && (is_empty || n_nulls),
                                        .has_values = !is_empty};
    }
    return !(empty.bad || min.bad || min.cut || max.bad || max.cut || nulls.bad || nulls.cut ||
             nans.bad || nans.cut);
}

/* ---- Tests ----------------------------------------------------------------------------------- */

static void append(struct fst_builder *b, size_t col, const struct fst_pq_leaf *leaf,
                   struct fst_str s)
{
    struct fst_pq_batch batch;
    if (!s.p || !fst_pq_bound_load(leaf, s, &batch) || leaf->put(b, col, leaf, &batch))
        fst_builder_null(b, col);
}

void fst_pq_extents_test(const struct fst_pq_leaf *leaf, const struct fst_pq_extent *extents,
                         size_t n, const struct fst_test *test, bool *may)
{
    struct fst_schema *schema = fst_schema_new();
    fst_schema_add(schema, "min", &leaf->type, true);
    fst_schema_add(schema, "max", &leaf->type, true);
    struct fst_builder *b = fst_builder_new(schema);
    for (size_t i = 0; i < n; i++) {
        append(b, 0, leaf, extents[i].min);
        append(b, 1, leaf, extents[i].max);
    }
    struct fst_frame *f = fst_builder_finish(b, n);
    for (size_t i = 0; i < n; i++)
        may[i] = may[i] && fst_test_may(test, &f->columns[0], &f->columns[1], i,
                                        extents[i].has_nulls, extents[i].has_values);
    fst_frame_unref(f);
}
