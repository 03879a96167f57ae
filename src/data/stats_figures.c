/* stats_figures: what was counted of a column as figures, each with what it is worth. */
#include "stats.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

const char *const fst_how_names[] = {"not said", "exact", "bound", "approximate"};
const char *const fst_figure_names[FST_N_FIGURES] = {
    [FST_FIGURE_ROWS] = "rows",
    [FST_FIGURE_NULLS] = "nulls",
    [FST_FIGURE_NANS] = "nans",
    [FST_FIGURE_MIN] = "min",
    [FST_FIGURE_MAX] = "max",
    [FST_FIGURE_MEAN] = "mean",
    [FST_FIGURE_STDDEV] = "stddev",
    [FST_FIGURE_MIN_LENGTH] = "min_length",
    [FST_FIGURE_MAX_LENGTH] = "max_length",
    [FST_FIGURE_MEAN_LENGTH] = "mean_length",
    [FST_FIGURE_DISTINCT] = "distinct",
    [FST_FIGURE_P5] = "p5",
    [FST_FIGURE_P25] = "p25",
    [FST_FIGURE_P50] = "p50",
    [FST_FIGURE_P75] = "p75",
    [FST_FIGURE_P95] = "p95",
};

/* ---- Values ---------------------------------------------------------------------------------- */

void fst_stats_say(struct fst_arena *arena, const struct fst_column *value, enum fst_how how,
                   struct fst_figure *out)
{
    struct fst_buf text = FST_BUF_TEXT, json = FST_BUF_TEXT;
    fst_cell_text(&text, value, 0, FST_CELL_PLAIN);
    fst_cell_json(&json, value, 0);
    out->how = how;
    out->text = fst_arena_strndup(arena, fst_buf_text(&text), text.n);
    out->json = fst_arena_strdup(arena, fst_buf_text(&json));
    fst_buf_done(&text);
    fst_buf_done(&json);
}

static struct fst_builder *builder_of(const struct fst_type *type)
{
    struct fst_schema *schema = fst_schema_new();
    fst_schema_add(schema, "value", type, true);
    return fst_builder_new(schema);
}

static void say_built(struct fst_arena *arena, struct fst_builder *b, enum fst_how how,
                      struct fst_figure *out)
{
    struct fst_frame *f = fst_builder_finish(b, 1);
    fst_stats_say(arena, &f->columns[0], how, out);
    fst_frame_unref(f);
}

static void say_key(const struct fst_stats_column *c, struct fst_arena *arena, __int128 key,
                    enum fst_how how, struct fst_figure *out)
{
    struct fst_builder *b = builder_of(&c->type);
    if (c->family == FST_STATS_DOUBLES)
        fst_builder_double(b, 0, fst_stats_double(key));
    else if (c->family == FST_STATS_DECIMALS)
        fst_builder_decimal(b, 0, key);
    else
        fst_builder_int(b, 0, (int64_t)key);
    say_built(arena, b, how, out);
}

/* Not in the middle of a character. */
static size_t whole_characters(const char *p, size_t n)
{
    size_t back = 0;
    while (back < 4 && back < n && ((uint8_t)p[n - 1 - back] & 0xC0) == 0x80)
        back++;
    bool begins = back < n && (uint8_t)p[n - 1 - back] >= 0xC0;
    return begins ? n - 1 - back : n;
}

static void say_text(const struct fst_stats_column *c, struct fst_arena *arena, const char *p,
                     size_t n, bool is_cut, enum fst_how how, struct fst_figure *out)
{
    struct fst_builder *b = builder_of(&c->type);
    fst_builder_bytes(b, 0, p, is_cut && c->type.kind != FST_BINARY ? whole_characters(p, n) : n);
    say_built(arena, b, how, out);
}

static void say_number(const char *text, enum fst_how how, struct fst_figure *out)
{
    *out = (struct fst_figure){.how = how, .text = text, .json = text};
}

static void say_count(struct fst_arena *arena, uint64_t n, enum fst_how how, struct fst_figure *out)
{
    say_number(fst_arena_printf(arena, "%llu", (unsigned long long)n), how, out);
}

static void say_double(struct fst_arena *arena, double v, enum fst_how how, struct fst_figure *out)
{
    struct fst_builder *b = builder_of(&(struct fst_type){.kind = FST_DOUBLE});
    fst_builder_double(b, 0, v);
    say_built(arena, b, how, out);
}

/* ---- Ends ------------------------------------------------------------------------------------ */

static bool has_order(const struct fst_stats_column *c)
{
    return c->type.kind != FST_VARIANT && c->type.kind != FST_UNKNOWN;
}

static void say_end(const struct fst_stats_column *c, struct fst_arena *arena,
                    const struct fst_stats_end *end, struct fst_figure *out)
{
    say_text(c, arena, fst_buf_text(&end->bytes), end->bytes.n, end->is_cut,
             end->is_cut ? FST_BOUND : FST_EXACT, out);
    if (end->is_cut)
        out->error = "the first 4,095 bytes of it";
}

/* NaN is greater than all. */
static void say_ends(const struct fst_stats_column *c, struct fst_arena *arena,
                     struct fst_figure *figures)
{
    __int128 nan = fst_stats_key(NAN);
    if (c->family == FST_STATS_BYTES && c->n && has_order(c)) {
        say_end(c, arena, &c->least, &figures[FST_FIGURE_MIN]);
        say_end(c, arena, &c->greatest, &figures[FST_FIGURE_MAX]);
    } else if (c->family != FST_STATS_BYTES && c->n + c->nans) {
        say_key(c, arena, c->n ? c->min : nan, FST_EXACT, &figures[FST_FIGURE_MIN]);
        say_key(c, arena, c->nans ? nan : c->max, FST_EXACT, &figures[FST_FIGURE_MAX]);
    }
}

/* ---- Means ----------------------------------------------------------------------------------- */

static void say_mean(const struct fst_stats_column *c, struct fst_arena *arena,
                     struct fst_figure *out)
{
    struct fst_buf text = FST_BUF(256);
    if (c->family == FST_STATS_DECIMALS) {
        fst_sum_mean_text(&text, &c->sum, c->n, c->type.scale);
        say_number(fst_arena_strdup(arena, fst_buf_text(&text)), FST_EXACT, out);
    } else if (c->family == FST_STATS_DOUBLES) {
        say_double(arena, fst_sum_double_get(&c->sum_double) / (double)c->n, FST_EXACT, out);
    } else {
        say_double(arena, fst_sum_mean(&c->sum, c->n), FST_EXACT, out);
    }
    fst_buf_done(&text);
}

static void say_stddev(const struct fst_stats_column *c, struct fst_arena *arena,
                       struct fst_figure *out)
{
    double v = fst_moments_stddev(&c->moments);
    if (c->family == FST_STATS_DECIMALS)
        v /= pow(10, c->type.scale);
    say_double(arena, v, FST_EXACT, out);
}

/* ---- Distinct values and quantiles ----------------------------------------------------------- */

static void say_distinct(const struct fst_stats_column *c, struct fst_arena *arena,
                         struct fst_figure *out)
{
    if (!c->distinct) {
        say_count(arena, c->frequent.n, FST_EXACT, out);
        return;
    }
    double estimate = fst_distinct_estimate(c->distinct), all = (double)(c->n + c->nans);
    say_count(arena, (uint64_t)(estimate < all ? estimate + 0.5 : all), FST_APPROXIMATE, out);
    out->error = fst_arena_printf(arena, "%.1f %%", FST_DISTINCT_ERROR * 100);
}

static const double shares[] = {0.05, 0.25, 0.5, 0.75, 0.95};
enum { SHARES = FST_FIGURE_P95 - FST_FIGURE_P5 + 1 };

static int by_key(const void *a, const void *b)
{
    const struct fst_frequent_value *x = *(const struct fst_frequent_value *const *)a,
                                    *y = *(const struct fst_frequent_value *const *)b;
    return (x->key > y->key) - (x->key < y->key);
}

/* All values are known with their counts. */
static void exact_quantiles(const struct fst_stats_column *c, __int128 *keys)
{
    size_t n = c->frequent.n, at = 0;
    const struct fst_frequent_value **sorted = fst_alloc(n * sizeof(*sorted));
    for (size_t i = 0; i < n; i++)
        sorted[i] = &c->frequent.values[i];
    qsort(sorted, n, sizeof(*sorted), by_key);
    uint64_t upto = sorted[0]->count, all = c->n + c->nans;
    for (size_t i = 0; i < SHARES; i++) {
        while (at + 1 < n && (double)upto < shares[i] * (double)all)
            upto += sorted[++at]->count;
        keys[i] = sorted[at]->key;
    }
    free(sorted);
}

static void say_quantiles(const struct fst_stats_column *c, struct fst_arena *arena,
                          struct fst_figure *figures)
{
    __int128 keys[SHARES];
    bool is_exact = !c->quantiles;
    if (is_exact)
        exact_quantiles(c, keys);
    else
        fst_quantiles_get(c->quantiles, shares, keys, SHARES);
    for (size_t i = 0; i < SHARES; i++) {
        struct fst_figure *figure = &figures[FST_FIGURE_P5 + i];
        say_key(c, arena, keys[i], is_exact ? FST_EXACT : FST_APPROXIMATE, figure);
        if (!is_exact)
            figure->error =
                fst_arena_printf(arena, "%.2f %% of the ranks", FST_QUANTILE_ERROR * 100);
    }
}

/* ---- Frequent values ------------------------------------------------------------------------- */

static int compare_values(const struct fst_stats_column *c, const struct fst_frequent_value *a,
                          const struct fst_frequent_value *b)
{
    if (c->family != FST_STATS_BYTES)
        return (a->key > b->key) - (a->key < b->key);
    size_t n = a->text.n < b->text.n ? a->text.n : b->text.n;
    int order = n ? memcmp(c->frequent.bytes + a->text.at, c->frequent.bytes + b->text.at, n) : 0;
    return order ? order : (a->text.whole > b->text.whole) - (a->text.whole < b->text.whole);
}

static bool is_before(const struct fst_stats_column *c, const struct fst_frequent_value *a,
                      const struct fst_frequent_value *b)
{
    return a->count != b->count ? a->count > b->count : compare_values(c, a, b) < 0;
}

/* Those of which it is certain that they come more often than all that are not there. */
static size_t choose_top(const struct fst_stats_column *c, const struct fst_frequent_value **top)
{
    size_t n = 0;
    for (size_t i = 0; i < c->frequent.n; i++) {
        const struct fst_frequent_value *v = &c->frequent.values[i];
        size_t at = n;
        while (at > 0 && is_before(c, v, top[at - 1]))
            at--;
        if (v->count <= c->frequent.lost || at == FST_TOP_VALUES)
            continue;
        n += n < FST_TOP_VALUES;
        memmove(top + at + 1, top + at, (n - at - 1) * sizeof(*top));
        top[at] = v;
    }
    return n;
}

static void say_top(const struct fst_stats_column *c, struct fst_arena *arena,
                    struct fst_column_stats *out)
{
    const struct fst_frequent_value *top[FST_TOP_VALUES];
    size_t n = choose_top(c, top);
    if (n && top[0]->count == 1 && c->frequent.n > FST_TOP_VALUES)
        return; /* no value comes twice */
    for (size_t i = 0; i < n; i++) {
        struct fst_figure value;
        bool is_text = c->family == FST_STATS_BYTES;
        bool is_cut = is_text && top[i]->text.n < top[i]->text.whole;
        if (is_text)
            say_text(c, arena, c->frequent.bytes + top[i]->text.at, top[i]->text.n, is_cut,
                     FST_EXACT, &value);
        else
            say_key(c, arena, top[i]->key, FST_EXACT, &value);
        out->top[i] = (struct fst_top_value){.text = value.text,
                                             .json = value.json,
                                             .is_cut = is_cut,
                                             .count = top[i]->count,
                                             .at_most = top[i]->count + c->frequent.lost};
    }
    out->n_top = n;
}

/* ---- All of it ------------------------------------------------------------------------------- */

static void say_lengths(const struct fst_stats_column *c, struct fst_arena *arena,
                        struct fst_figure *figures)
{
    say_count(arena, c->min_length, FST_EXACT, &figures[FST_FIGURE_MIN_LENGTH]);
    say_count(arena, c->max_length, FST_EXACT, &figures[FST_FIGURE_MAX_LENGTH]);
    say_double(arena, fst_sum_mean(&c->lengths, c->n), FST_EXACT, &figures[FST_FIGURE_MEAN_LENGTH]);
}

void fst_stats_figures(const struct fst_stats_column *c, struct fst_arena *arena,
                       struct fst_column_stats *out)
{
    struct fst_figure *figures = out->figures;
    say_count(arena, c->rows, FST_EXACT, &figures[FST_FIGURE_ROWS]);
    if (c->unreadable)
        return;
    say_count(arena, c->nulls, FST_EXACT, &figures[FST_FIGURE_NULLS]);
    if (c->family == FST_STATS_DOUBLES)
        say_count(arena, c->nans, FST_EXACT, &figures[FST_FIGURE_NANS]);
    bool has_lengths = c->family == FST_STATS_BYTES || c->family == FST_STATS_LISTS;
    if (has_lengths && c->n)
        say_lengths(c, arena, figures);
    if (c->family == FST_STATS_NONE || c->family == FST_STATS_LISTS)
        return;
    say_ends(c, arena, figures);
    if (c->is_number && c->n)
        say_mean(c, arena, &figures[FST_FIGURE_MEAN]);
    if (c->is_number && c->moments.n > 1)
        say_stddev(c, arena, &figures[FST_FIGURE_STDDEV]);
    say_distinct(c, arena, &figures[FST_FIGURE_DISTINCT]);
    if (c->family != FST_STATS_BYTES && c->n + c->nans)
        say_quantiles(c, arena, figures);
    say_top(c, arena, out);
}
