/* footers: what the footers of many files say together.
 *
 * Columns are matched by their paths. A least value counts when every file that has values of the
 * column says one and all of them can be compared; a file that has no such column has NULLs. */
#include "frame.h"
#include "stats.h"

#include <stdlib.h>
#include <string.h>

/* ---- Comparing ------------------------------------------------------------------------------- */

static bool is_integer(enum fst_kind kind)
{
    return kind >= FST_BYTE && kind <= FST_LONG;
}

static bool is_floating(enum fst_kind kind)
{
    return kind == FST_FLOAT || kind == FST_DOUBLE;
}

static bool can_compare(const struct fst_type *a, const struct fst_type *b)
{
    if (a->kind == FST_DECIMAL)
        return b->kind == FST_DECIMAL && a->scale == b->scale;
    return a->kind == b->kind || (is_integer(a->kind) && is_integer(b->kind)) ||
           (is_floating(a->kind) && is_floating(b->kind));
}

/* ---- Lists of words -------------------------------------------------------------------------- */

enum { LIST_MAX = 2000 };

static bool has_word(const char *list, const char *word, const char *between)
{
    size_t n = strlen(word), gap = strlen(between);
    for (const char *at = list; (at = strstr(at, word)); at++) {
        bool begins =
            at == list || ((size_t)(at - list) >= gap && !strncmp(at - gap, between, gap));
        if (begins && (at[n] == '\0' || strncmp(at + n, between, gap) == 0))
            return true;
    }
    return false;
}

static const char *with_word(struct fst_arena *a, const char *list, const char *word,
                             const char *between)
{
    if (!word || !*word || (list && has_word(list, word, between)))
        return list;
    if (!list || !*list)
        return fst_arena_strdup(a, word);
    return strlen(list) > LIST_MAX ? list : fst_arena_printf(a, "%s%s%s", list, between, word);
}

static const char *with_words(struct fst_arena *a, const char *list, const char *more)
{
    char *copy = fst_strdup(more ? more : ""), *at = copy, *end;
    for (; at && *at; at = end ? end + 2 : NULL) {
        end = strstr(at, ", ");
        if (end)
            *end = '\0';
        list = with_word(a, list, at, ", ");
    }
    free(copy);
    return list;
}

/* ---- Columns --------------------------------------------------------------------------------- */

static const struct fst_column *keep(struct fst_arena *a, const struct fst_column *value)
{
    struct fst_column *copy = fst_arena_alloc(a, sizeof(*copy));
    *copy = fst_column_copy(a, value, 0, 1);
    return copy;
}

/* Take a file's end of the column if it is further out; `sign` is -1 for the least. */
static void widen(struct fst_arena *a, const struct fst_column *value, bool is_exact, int sign,
                  const struct fst_column **kept, bool *kept_is_exact, bool *none)
{
    if (*none)
        return;
    *none = !value || (*kept && !can_compare(&value->type, &(*kept)->type));
    if (*none)
        return;
    int order = *kept ? sign * fst_column_compare(value, 0, *kept, 0) : 1;
    if (order >= 0)
        *kept_is_exact = is_exact || (order == 0 && *kept_is_exact);
    if (order > 0)
        *kept = keep(a, value);
}

static struct fst_footer_column *column_called(struct fst_footers *f,
                                               const struct fst_column_info *info)
{
    uintptr_t at = (uintptr_t)fst_map_get(f->by_name, info->name);
    if (at)
        return &f->columns[at - 1];
    fst_grow(&f->columns, &f->columns_cap, f->n_columns + 1, sizeof(*f->columns));
    struct fst_footer_column *c = &f->columns[f->n_columns++];
    *c = (struct fst_footer_column){.info = {.name = fst_arena_strdup(f->arena, info->name),
                                             .type = fst_arena_strdup(f->arena, info->type),
                                             .physical = fst_arena_strdup(f->arena, info->physical),
                                             .logical = fst_arena_strdup(f->arena, info->logical),
                                             .is_nested = info->is_nested,
                                             .has_no_values = true}};
    fst_map_set(f->by_name, c->info.name, (void *)(uintptr_t)f->n_columns);
    return c;
}

static void add_nulls(struct fst_column_info *c, int64_t n)
{
    if (n < 0 || c->null_count < 0 || __builtin_add_overflow(c->null_count, n, &c->null_count))
        c->null_count = -1;
}

static void add_column(struct fst_footers *f, const struct fst_column_info *from, int64_t rows)
{
    struct fst_footer_column *c = column_called(f, from);
    c->files++;
    c->rows += rows;
    c->info.compressed += from->compressed;
    c->info.uncompressed += from->uncompressed;
    c->info.codec = with_words(f->arena, c->info.codec, from->codec);
    c->info.encodings = with_words(f->arena, c->info.encodings, from->encodings);
    c->info.is_encrypted |= from->is_encrypted;
    c->info.chunks += from->chunks;
    c->info.offset_indexes += from->offset_indexes;
    c->info.column_indexes += from->column_indexes;
    c->info.bloom_filters += from->bloom_filters;
    add_nulls(&c->info, from->null_count);
    if (from->has_no_values)
        return;
    c->info.has_no_values = false;
    widen(f->arena, from->least, from->least_is_exact, -1, &c->info.least, &c->info.least_is_exact,
          &c->no_least);
    widen(f->arena, from->greatest, from->greatest_is_exact, 1, &c->info.greatest,
          &c->info.greatest_is_exact, &c->no_greatest);
}

static bool has_encrypted(const struct fst_file_info *info)
{
    for (size_t i = 0; i < info->n_columns; i++)
        if (info->columns[i].is_encrypted)
            return true;
    return false;
}

static void begin(struct fst_footers *f)
{
    if (f->arena)
        return;
    f->arena = fst_arena_new();
    f->by_name = fst_map_new();
}

void fst_footers_add_bad(struct fst_footers *f, const char *name, const char *why)
{
    begin(f);
    if (f->n_bad < FST_BAD_FOOTERS)
        f->bad[f->n_bad] = (struct fst_bad_footer){fst_arena_strdup(f->arena, name),
                                                   fst_arena_strdup(f->arena, why)};
    f->n_bad++;
}

void fst_footers_add(struct fst_footers *f, const struct fst_file_info *info)
{
    begin(f);
    int64_t rows = info->rows > 0 ? info->rows : 0;
    f->files++;
    f->rows = f->rows > INT64_MAX - rows ? INT64_MAX : f->rows + rows;
    f->row_groups += info->row_groups;
    f->size += info->size;
    f->footer_bytes += info->footer_bytes;
    f->encrypted_files += has_encrypted(info);
    f->writers = with_word(f->arena, f->writers, info->writer, "; ");
    f->sorted = with_word(f->arena, f->sorted, info->sorted ? info->sorted : "not said", "; ");
    for (size_t i = 0; i < info->n_columns; i++)
        add_column(f, &info->columns[i], rows);
}

/* ---- Answers --------------------------------------------------------------------------------- */

static void say_end(struct fst_arena *arena, const struct fst_column *value, bool is_exact,
                    struct fst_figure *out)
{
    fst_stats_say(arena, value, is_exact ? FST_EXACT : FST_BOUND, out);
    if (is_floating(value->type.kind))
        out->error = "NaN is not counted";
}

static void say_count(struct fst_arena *arena, int64_t n, struct fst_figure *out)
{
    const char *text = fst_arena_printf(arena, "%lld", (long long)n);
    *out = (struct fst_figure){.how = FST_EXACT, .text = text, .json = text};
}

void fst_footers_get(const struct fst_footers *f, size_t col, struct fst_arena *arena,
                     struct fst_column_stats *out)
{
    const struct fst_footer_column *c = &f->columns[col];
    *out = (struct fst_column_stats){.name = fst_arena_strdup(arena, c->info.name),
                                     .type = fst_arena_strdup(arena, c->info.type)};
    bool is_everywhere = c->files == f->files;
    say_count(arena, f->rows, &out->figures[FST_FIGURE_ROWS]);
    if (c->info.null_count >= 0 && (is_everywhere || !c->info.is_nested))
        say_count(arena, c->info.null_count + (f->rows - c->rows), &out->figures[FST_FIGURE_NULLS]);
    if (c->info.least && !c->no_least)
        say_end(arena, c->info.least, c->info.least_is_exact, &out->figures[FST_FIGURE_MIN]);
    if (c->info.greatest && !c->no_greatest)
        say_end(arena, c->info.greatest, c->info.greatest_is_exact, &out->figures[FST_FIGURE_MAX]);
}

void fst_footers_done(struct fst_footers *f)
{
    if (!f->arena)
        return;
    fst_map_free(f->by_name, NULL);
    fst_arena_free(f->arena);
    free(f->columns);
    *f = (struct fst_footers){0};
}
