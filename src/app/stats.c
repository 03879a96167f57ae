/* Figures of a target's columns, from the footers of its files or from a scan of its rows.
 *
 * Of wide tables so many columns are scanned at a time that memory stays flat. A sample is taken
 * from many places when the table says how many rows it has, else it is the rows at the front. */
#include <stdlib.h>
#include <string.h>

#include "app.h"

enum { COLUMNS_AT_ONCE = 64, FRAME_ROWS = 8192, PLACES = 16 };
#define TABLE_ROWS_CAP 100000 /* of Spark's catalog, as for a preview */

/* A scan under way. */
struct scan {
    struct fst_app *app;
    const char *target;
    const struct fst_stats_options *o;
    struct fst_table_stats *out;
    struct fst_problem *problem;
    uint64_t seen; /* rows, of all groups of columns */
    int64_t to_see;
    struct fst__bins *bins; /* NULL = they are not asked for */
    bool is_second;         /* time that rows are looked at: for the bins */
};

static enum fst_status open_rows(const struct scan *s, const char *const *columns, size_t n,
                                 uint64_t offset, uint64_t limit, struct fst_reader **out,
                                 struct fst_place *place, struct fst_error *err)
{
    struct fst_preview_options o = {.columns = columns,
                                    .n_columns = n,
                                    .offset = offset,
                                    .limit = limit,
                                    .where = s->o->where,
                                    .any_order = true,
                                    .cancelled = s->o->cancelled,
                                    .cancel_arg = s->o->cancel_arg};
    return fst_app_preview(s->app, s->target, &o, out, place, s->problem, err);
}

static void add_frame(struct scan *s, struct fst_stats *stats, const struct fst_frame *f)
{
    if (s->is_second) {
        fst__bins_add(s->bins, &f->columns[0]);
        return;
    }
    fst_stats_add(stats, f);
    if (s->bins)
        fst__bins_look(s->bins, &f->columns[0]);
}

static enum fst_status add_rows(struct scan *s, struct fst_reader *reader, struct fst_stats *stats,
                                uint64_t *rows, struct fst_error *err)
{
    for (;;) {
        struct fst_frame *f;
        if (s->o->cancelled && s->o->cancelled(s->o->cancel_arg))
            return fst_fail(err, FST_ECANCELLED, "%s: cancelled", s->target);
        FST_TRY(fst_reader_next(reader, FRAME_ROWS, &f, err));
        if (!f)
            return FST_OK;
        add_frame(s, stats, f);
        *rows += f->n_rows;
        s->seen += f->n_rows;
        fst_frame_unref(f);
        if (s->o->progress)
            s->o->progress(s->o->arg, s->seen, s->to_see);
    }
}

/* ---- Samples --------------------------------------------------------------------------------- */

/* Which rows to look at. */
struct extent {
    uint64_t offset, rows;
};

/* As many from each of some places, evenly apart. */
static size_t spread(uint64_t sample, uint64_t total, struct extent *out)
{
    size_t n = sample < PLACES ? (size_t)sample : PLACES;
    for (size_t i = 0; i < n; i++)
        out[i] = (struct extent){total / n * i, sample / n + (i < sample % n)};
    return n;
}

static size_t plan(const struct scan *s, bool is_table, struct extent *out)
{
    struct fst_table_stats *t = s->out;
    uint64_t sample = s->o->sample;
    out[0] = (struct extent){0, INT64_MAX};
    if (is_table && (!sample || sample > TABLE_ROWS_CAP))
        sample = TABLE_ROWS_CAP;
    if (!sample || (t->total_rows >= 0 && sample >= (uint64_t)t->total_rows))
        return 1;
    t->source = FST_FROM_SAMPLE;
    if (t->total_rows >= 0 && !is_table) {
        size_t n = spread(sample, (uint64_t)t->total_rows, out);
        t->sampled = fst_arena_printf(t->arena, "%llu rows from %zu places of the table",
                                      (unsigned long long)sample, n);
        return n;
    }
    out[0].rows = sample;
    t->sampled = fst_arena_printf(t->arena, "the first %llu rows", (unsigned long long)sample);
    return 1;
}

/* Those that end before the sample does are all there are. */
static void settle_sample(struct fst_table_stats *t, const struct extent *extents, size_t n)
{
    if (t->source != FST_FROM_SAMPLE || n != 1 || t->rows >= extents[0].rows)
        return;
    t->source = FST_FROM_SCAN;
    t->sampled = NULL;
    t->total_rows = (int64_t)t->rows;
}

/* ---- Scanning -------------------------------------------------------------------------------- */

static void take_figures(struct fst_table_stats *t, const struct fst_stats *stats, size_t n)
{
    for (size_t i = 0; i < n; i++)
        fst_stats_get(stats, i, t->arena, &t->columns[t->n_columns++]);
}

static enum fst_status look_at(struct scan *s, const char *const *columns, size_t n,
                               struct fst_stats *stats, const struct extent *extents,
                               size_t n_extents, struct fst_error *err)
{
    enum fst_status status = FST_OK;
    s->out->rows = 0;
    for (size_t i = 0; i < n_extents && status == FST_OK; i++) {
        struct fst_reader *reader;
        struct fst_place place;
        FST_TRY(open_rows(s, columns, n, extents[i].offset, extents[i].rows, &reader, &place, err));
        status = add_rows(s, reader, stats, &s->out->rows, err);
        fst_reader_close(reader);
        fst_place_done(&place);
    }
    return status;
}

static enum fst_status spread_bins(struct scan *s, const char *const *columns, size_t n,
                                   const struct extent *extents, size_t n_extents,
                                   struct fst_error *err)
{
    fst__bins_plan(s->bins);
    s->is_second = true;
    if (s->bins->n)
        FST_TRY(look_at(s, columns, n, NULL, extents, n_extents, err));
    fst__bins_take(s->bins, s->out);
    return FST_OK;
}

static enum fst_status scan_extents(struct scan *s, const char *const *columns, size_t n,
                                    const struct fst_schema *schema, const struct extent *extents,
                                    size_t n_extents, struct fst_error *err)
{
    struct fst_stats *stats = fst_stats_new(schema);
    struct fst__bins bins;
    bool spreads = s->o->bins && schema->n == 1 && fst__bins_begin(&bins, &schema->fields[0].type);
    s->bins = spreads ? &bins : NULL;
    if (spreads && s->to_see >= 0)
        s->to_see *= 2;
    enum fst_status status = look_at(s, columns, n, stats, extents, n_extents, err);
    if (status == FST_OK)
        take_figures(s->out, stats, schema->n);
    if (status == FST_OK && spreads)
        status = spread_bins(s, columns, n, extents, n_extents, err);
    s->bins = NULL;
    fst_stats_free(stats);
    return status;
}

static bool names_repeat(const struct fst_schema *schema)
{
    struct fst_map *seen = fst_map_new();
    bool repeat = false;
    for (size_t i = 0; i < schema->n && !repeat; i++)
        repeat = fst_map_set(seen, schema->fields[i].name, seen) != NULL;
    fst_map_free(seen, NULL);
    return repeat;
}

/* Some columns after the others. */
static enum fst_status scan_groups(struct scan *s, const struct fst_schema *schema,
                                   const struct extent *extents, size_t n_extents,
                                   struct fst_error *err)
{
    const char *names[COLUMNS_AT_ONCE];
    for (size_t first = 0; first < schema->n; first += COLUMNS_AT_ONCE) {
        size_t n = schema->n - first < COLUMNS_AT_ONCE ? schema->n - first : COLUMNS_AT_ONCE;
        struct fst_schema part = {.fields = schema->fields + first, .n = n};
        for (size_t i = 0; i < n; i++)
            names[i] = part.fields[i].name;
        FST_TRY(scan_extents(s, names, n, &part, extents, n_extents, err));
    }
    return FST_OK;
}

static void expect_rows(struct scan *s, const struct extent *extents, size_t n, size_t passes)
{
    s->to_see = s->out->total_rows;
    if (s->out->source == FST_FROM_SAMPLE) {
        s->to_see = 0;
        for (size_t i = 0; i < n; i++)
            s->to_see += (int64_t)extents[i].rows;
    }
    if (s->to_see >= 0 && __builtin_mul_overflow(s->to_see, (int64_t)passes, &s->to_see))
        s->to_see = -1;
}

static enum fst_status scan_schema(struct scan *s, const struct fst_schema *schema, bool is_table,
                                   struct fst_error *err)
{
    struct extent extents[PLACES];
    size_t n = plan(s, is_table, extents);
    bool at_once = is_table || schema->n <= COLUMNS_AT_ONCE || names_repeat(schema);
    s->out->columns = fst_arena_alloc(s->out->arena, (schema->n + 1) * sizeof(*s->out->columns));
    expect_rows(s, extents, n, at_once ? 1 : (schema->n + COLUMNS_AT_ONCE - 1) / COLUMNS_AT_ONCE);
    FST_TRY(at_once ? scan_extents(s, s->o->columns, s->o->n_columns, schema, extents, n, err)
                    : scan_groups(s, schema, extents, n, err));
    settle_sample(s->out, extents, n);
    return FST_OK;
}

static enum fst_status scan(struct scan *s, struct fst_error *err)
{
    struct fst_reader *reader;
    struct fst_place place;
    FST_TRY(open_rows(s, s->o->columns, s->o->n_columns, 0, 1, &reader, &place, err));
    struct fst_schema *schema = fst_schema_copy(reader->schema);
    bool is_table = place.table != NULL;
    s->out->total_rows = is_table ? reader->total_rows : fst_reader_total(reader);
    if (s->o->where && *s->o->where)
        s->out->total_rows = -1; /* that of all rows is not that of these */
    s->out->label = fst_arena_strdup(s->out->arena, place.label);
    s->out->source = FST_FROM_SCAN;
    fst_reader_close(reader);
    fst_place_done(&place);
    enum fst_status status = scan_schema(s, schema, is_table, err);
    fst_schema_free(schema);
    return status;
}

/* ---- Footers --------------------------------------------------------------------------------- */

struct footers {
    struct fst_footers all;
    const struct fst_stats_options *o;
};

static enum fst_status add_footer(void *arg, const char *name, const struct fst_file_info *info,
                                  struct fst_error *err)
{
    struct footers *f = arg;
    if (f->o->cancelled && f->o->cancelled(f->o->cancel_arg))
        return fst_fail(err, FST_ECANCELLED, "%s: cancelled", name);
    if (info)
        fst_footers_add(&f->all, info);
    else
        fst_footers_add_bad(&f->all, name, err->text);
    return FST_OK;
}

/* A column, or a leaf below it. */
static bool is_of(const char *path, const char *column)
{
    size_t n = strlen(column);
    return strncmp(path, column, n) == 0 && (path[n] == '\0' || path[n] == '.');
}

static size_t take_column(struct fst_table_stats *t, const struct fst_footers *all,
                          const char *column)
{
    size_t found = 0;
    for (size_t i = 0; i < all->n_columns; i++)
        if (!column || is_of(all->columns[i].info.name, column)) {
            fst_footers_get(all, i, t->arena, &t->columns[t->n_columns++]);
            found++;
        }
    return found;
}

static enum fst_status take_footers(struct fst_table_stats *t, const struct fst_footers *all,
                                    const char *const *columns, size_t n, struct fst_error *err)
{
    t->rows = (uint64_t)all->rows;
    t->total_rows = all->rows;
    t->files = all->files;
    t->n_bad = all->n_bad;
    for (size_t i = 0; i < all->n_bad && i < FST_BAD_FOOTERS; i++)
        t->bad[i] = (struct fst_bad_footer){fst_arena_strdup(t->arena, all->bad[i].name),
                                            fst_arena_strdup(t->arena, all->bad[i].why)};
    t->columns =
        fst_arena_alloc(t->arena, (all->n_columns + 1) * (n ? n : 1) * sizeof(*t->columns));
    if (!n)
        take_column(t, all, NULL);
    for (size_t i = 0; i < n; i++)
        if (!take_column(t, all, columns[i]))
            return fst_fail(err, FST_EINVAL, "%s: the footers know no column %s", t->label,
                            columns[i]);
    return FST_OK;
}

static enum fst_status read_footers(struct footers *f, const struct fst_place *p,
                                    struct fst_table_stats *out, struct fst_error *err)
{
    const char *own[3];
    size_t n_own = fst__own_columns(p->resource, own);
    struct fst_table_stat stat;
    if (!p->uri)
        return fst__nothing_there(p, err);
    out->label = fst_arena_strdup(out->arena, p->label);
    enum fst_status status = fst_store_each_info(p->uri, p->format, add_footer, f, &stat, err);
    FST_TRY(status);
    bool is_asked = f->o->n_columns > 0;
    return take_footers(out, &f->all, is_asked ? f->o->columns : own,
                        is_asked ? f->o->n_columns : n_own, err);
}

static enum fst_status footers(struct fst_app *a, const char *target,
                               const struct fst_stats_options *o, struct fst_table_stats *out,
                               struct fst_error *err)
{
    struct footers f = {.o = o};
    struct fst_place p;
    FST_TRY(fst_app_find(a, target, &p, err));
    enum fst_status status = read_footers(&f, &p, out, err);
    if (status == FST_EUNSUPPORTED && err)
        fst_while(err, "no footers to look at (--scan reads the rows)");
    fst_footers_done(&f.all);
    fst_place_done(&p);
    return status;
}

enum fst_status fst_app_stats(struct fst_app *a, const char *target,
                              const struct fst_stats_options *o, struct fst_table_stats *out,
                              struct fst_problem *problem, struct fst_error *err)
{
    *out = (struct fst_table_stats){.arena = fst_arena_new(), .total_rows = -1};
    struct scan s = {.app = a, .target = target, .o = o, .out = out, .problem = problem};
    enum fst_status status = o->scan ? scan(&s, err) : footers(a, target, o, out, err);
    if (status != FST_OK)
        fst_table_stats_done(out);
    return status;
}

void fst_table_stats_done(struct fst_table_stats *t)
{
    fst_arena_free(t->arena);
    *t = (struct fst_table_stats){0};
}
