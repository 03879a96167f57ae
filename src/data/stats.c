/* stats: figures of rows as they pass, a column at a time.
 *
 * Values are taken in batches: those with an order become keys, and what is counted of them (ends,
 * sums, sketches) is counted of keys. As long as a column has few distinct values, the table of
 * frequent ones knows all there is to know; when values have to be forgotten, what it knew goes
 * into the sketches, and from then on every value goes there, too. */
#include "stats.h"

#include "frame.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { BATCH = 1024, END_BYTES = 4096 };

struct fst_stats {
    const struct fst_schema *schema;
    struct fst_stats_column *columns;
};

/* ---- Keys ------------------------------------------------------------------------------------ */

__int128 fst_stats_key(double v)
{
    int64_t bits;
    double plain = v == 0 ? 0 : v;
    if (isnan(v))
        return INT64_MAX;
    memcpy(&bits, &plain, sizeof(bits));
    return bits < 0 ? bits ^ INT64_MAX : bits;
}

double fst_stats_double(__int128 key)
{
    int64_t bits = (int64_t)key;
    double v;
    if (bits == INT64_MAX)
        return NAN;
    bits = bits < 0 ? bits ^ INT64_MAX : bits;
    memcpy(&v, &bits, sizeof(v));
    return v;
}

/* ---- Counting values ------------------------------------------------------------------------- */

/* Values will be forgotten: from here on sketches go on. */
static void start_sketches(struct fst_stats_column *c)
{
    if (c->distinct)
        return;
    bool has_keys = c->family != FST_STATS_BYTES;
    c->distinct = fst_alloc(sizeof(*c->distinct));
    if (has_keys)
        c->quantiles = fst_alloc(sizeof(*c->quantiles));
    for (size_t i = 0; i < c->frequent.n; i++) {
        const struct fst_frequent_value *v = &c->frequent.values[i];
        fst_distinct_add(c->distinct, v->hash);
        if (has_keys)
            fst_quantiles_add_many(c->quantiles, v->key, v->count);
    }
}

static void count_key(struct fst_stats_column *c, __int128 key)
{
    uint64_t hash = fst_hash_key(key);
    if (!fst_frequent_key(&c->frequent, hash, key)) {
        start_sketches(c);
        fst_frequent_purge(&c->frequent);
        fst_frequent_key(&c->frequent, hash, key);
    }
    if (c->distinct) {
        fst_distinct_add(c->distinct, hash);
        fst_quantiles_add(c->quantiles, key);
    }
}

static void count_text(struct fst_stats_column *c, struct fst_str text)
{
    uint64_t hash = fst_hash_bytes(text.p, text.n, 0);
    if (!fst_frequent_text(&c->frequent, hash, text.p, text.n)) {
        start_sketches(c);
        fst_frequent_purge(&c->frequent);
        fst_frequent_text(&c->frequent, hash, text.p, text.n);
    }
    if (c->distinct)
        fst_distinct_add(c->distinct, hash);
}

static void count_length(struct fst_stats_column *c, uint64_t length)
{
    if (c->n == 0 || length < c->min_length)
        c->min_length = length;
    if (length > c->max_length)
        c->max_length = length;
    fst_sum_add(&c->lengths, (__int128)length);
}

/* ---- Numbers and times ----------------------------------------------------------------------- */

struct batch {
    size_t n;
    __int128 keys[BATCH];
    double values[BATCH]; /* of columns that have a mean */
};

static void add_keys(struct fst_stats_column *c, const struct batch *b)
{
    for (size_t i = 0; i < b->n; i++) {
        if (c->n == 0 || b->keys[i] < c->min)
            c->min = b->keys[i];
        if (c->n == 0 || b->keys[i] > c->max)
            c->max = b->keys[i];
        c->n++;
        count_key(c, b->keys[i]);
    }
    if (c->is_number)
        fst_moments_add(&c->moments, b->values, b->n);
}

static void take_int(struct fst_stats_column *c, struct batch *b, const struct fst_column *from,
                     size_t row)
{
    int64_t v = fst_column_int(from, row);
    fst_sum_add(&c->sum, v);
    b->keys[b->n] = v;
    b->values[b->n++] = (double)v;
}

static void take_decimal(struct fst_stats_column *c, struct batch *b, const struct fst_column *from,
                         size_t row)
{
    __int128 v = fst_column_decimal(from, row);
    fst_sum_add(&c->sum, v);
    b->keys[b->n] = v;
    b->values[b->n++] = (double)v;
}

static void take_double(struct fst_stats_column *c, struct batch *b, const struct fst_column *from,
                        size_t row)
{
    double v = fst_column_double(from, row);
    if (isnan(v)) {
        c->nans++;
        count_key(c, fst_stats_key(v));
        return;
    }
    fst_sum_double_add(&c->sum_double, v);
    b->keys[b->n] = fst_stats_key(v);
    b->values[b->n++] = v;
}

static void add_numbers(struct fst_stats_column *c, const struct fst_column *from,
                        void (*take)(struct fst_stats_column *, struct batch *,
                                     const struct fst_column *, size_t))
{
    struct batch b;
    for (size_t row = 0; row < from->n;) {
        size_t end = from->n - row < BATCH ? from->n : row + BATCH;
        b.n = 0;
        for (; row < end; row++) {
            if (fst_column_is_null(from, row))
                c->nulls++;
            else
                take(c, &b, from, row);
        }
        add_keys(c, &b);
    }
}

/* ---- Text ------------------------------------------------------------------------------------ */

static int compare(struct fst_str a, const struct fst_buf *b)
{
    return fst_str_compare(a, (struct fst_str){fst_buf_text(b), b->n});
}

static void set_end(struct fst_stats_end *end, struct fst_str text)
{
    fst_buf_clear(&end->bytes);
    end->bytes.max = END_BYTES;
    fst_buf_add(&end->bytes, text.p, text.n < END_BYTES - 1 ? text.n : END_BYTES - 1);
    end->is_cut = end->bytes.n < text.n;
}

static bool is_ascii(struct fst_str text)
{
    uint64_t word, all = 0;
    size_t i = 0;
    for (; i + sizeof(word) <= text.n; i += sizeof(word)) {
        memcpy(&word, text.p + i, sizeof(word));
        all |= word;
    }
    for (; i < text.n; i++)
        all |= (uint8_t)text.p[i];
    return !(all & 0x8080808080808080u);
}

static void add_text(struct fst_stats_column *c, struct fst_str text)
{
    bool is_plain = c->type.kind == FST_BINARY || is_ascii(text);
    count_length(c, is_plain ? text.n : fst_utf8_length(text.p, text.n));
    if (c->n == 0 || compare(text, &c->least.bytes) < 0)
        set_end(&c->least, text);
    if (c->n == 0 || compare(text, &c->greatest.bytes) > 0)
        set_end(&c->greatest, text);
    c->n++;
    count_text(c, text);
}

static void add_texts(struct fst_stats_column *c, const struct fst_column *from)
{
    for (size_t row = 0; row < from->n; row++) {
        if (fst_column_is_null(from, row))
            c->nulls++;
        else
            add_text(c, fst_column_bytes(from, row));
    }
}

/* ---- The rest -------------------------------------------------------------------------------- */

static void add_lists(struct fst_stats_column *c, const struct fst_column *from)
{
    for (size_t row = 0; row < from->n; row++) {
        if (fst_column_is_null(from, row)) {
            c->nulls++;
            continue;
        }
        count_length(c, from->offsets[row + 1] - from->offsets[row]);
        c->n++;
    }
}

static void add_nulls(struct fst_stats_column *c, const struct fst_column *from)
{
    for (size_t row = 0; row < from->n; row++)
        c->nulls += fst_column_is_null(from, row);
}

static void add_column(struct fst_stats_column *c, const struct fst_column *from)
{
    c->rows += from->n;
    if (from->unreadable && !c->unreadable)
        c->unreadable = fst_strdup(from->unreadable);
    if (c->unreadable)
        return;
    switch (c->family) {
    case FST_STATS_INTS:
        add_numbers(c, from, take_int);
        return;
    case FST_STATS_DOUBLES:
        add_numbers(c, from, take_double);
        return;
    case FST_STATS_DECIMALS:
        add_numbers(c, from, take_decimal);
        return;
    case FST_STATS_BYTES:
        add_texts(c, from);
        return;
    case FST_STATS_LISTS:
        add_lists(c, from);
        return;
    case FST_STATS_NONE:
        add_nulls(c, from);
        return;
    }
}

/* ---- Begin and end --------------------------------------------------------------------------- */

static enum fst_stats_family family_of(enum fst_kind kind)
{
    if (kind == FST_VOID || kind == FST_STRUCT)
        return FST_STATS_NONE;
    if (kind == FST_FLOAT || kind == FST_DOUBLE)
        return FST_STATS_DOUBLES;
    if (kind == FST_DECIMAL)
        return FST_STATS_DECIMALS;
    if (kind == FST_ARRAY || kind == FST_MAP)
        return FST_STATS_LISTS;
    return fst_kind_is_bytes(kind) ? FST_STATS_BYTES : FST_STATS_INTS;
}

struct fst_stats *fst_stats_new(const struct fst_schema *schema)
{
    struct fst_stats *s = fst_alloc(sizeof(*s));
    s->schema = schema;
    s->columns = fst_alloc((schema->n + 1) * sizeof(*s->columns));
    for (size_t i = 0; i < schema->n; i++) {
        s->columns[i].type = schema->fields[i].type;
        s->columns[i].family = family_of(schema->fields[i].type.kind);
        s->columns[i].is_number = fst_type_is_right_aligned(&schema->fields[i].type);
    }
    return s;
}

void fst_stats_add(struct fst_stats *s, const struct fst_frame *f)
{
    for (size_t i = 0; i < s->schema->n && i < f->n_columns; i++)
        add_column(&s->columns[i], &f->columns[i]);
}

void fst_stats_get(const struct fst_stats *s, size_t col, struct fst_arena *arena,
                   struct fst_column_stats *out)
{
    struct fst_buf type = FST_BUF_TEXT;
    fst_type_text(&type, &s->schema->fields[col].type);
    *out = (struct fst_column_stats){
        .name = fst_arena_strdup(arena, s->schema->fields[col].name),
        .type = fst_arena_strdup(arena, fst_buf_text(&type)),
        .unreadable = fst_arena_strdup(arena, s->columns[col].unreadable),
    };
    fst_buf_done(&type);
    fst_stats_figures(&s->columns[col], arena, out);
}

static void column_done(struct fst_stats_column *c)
{
    fst_buf_done(&c->least.bytes);
    fst_buf_done(&c->greatest.bytes);
    fst_frequent_done(&c->frequent);
    if (c->quantiles)
        fst_quantiles_done(c->quantiles);
    free(c->quantiles);
    free(c->distinct);
    free(c->unreadable);
}

void fst_stats_free(struct fst_stats *s)
{
    if (!s)
        return;
    for (size_t i = 0; i < s->schema->n; i++)
        column_done(&s->columns[i]);
    free(s->columns);
    free(s);
}
