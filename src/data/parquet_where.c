/* parquet_where: rows that meet conditions, and little of those that do not.
 *
 * In each row group that may have some, the columns with conditions are searched first, a batch of
 * rows at a time; the other columns are decoded only where rows were found, so pages without any
 * are passed by. Found rows wait here until they are taken. The conditions are hints to begin with,
 * but what comes out of here meets all that could be used, but for columns that cannot be read. */
#include "parquet_read.h"

#include <stdlib.h>
#include <string.h>

#include "frame.h"
#include "project.h"

enum {
    SEARCH_ROWS = 64 << 10, /* at a stretch, when nothing is found */
    PLACES_MAX = 64,        /* stretches of rows that are read together from afar */
    ENOUGH_ROWS = 8 << 10,  /* the same when something was */
    FOUND_MAX = 4 << 10,    /* rows that wait */
    STEP_FIRST = 64,
    STEP_GROWTH = 4,
};

/* A column with conditions. */
struct tested {
    size_t column;
    struct fst_pq_sieve sieve;
    uint64_t *rows; /* of the values that were kept */
    size_t n, cap, at;
    struct fst_frame *kept;
    bool is_broken; /* it failed: what was kept is not whole */
};

struct fst_pq_where {
    struct fst_arena *arena;
    struct fst_pq_ask *asks;
    size_t n_asks;
    struct tested *tested;
    size_t n_tested;
    struct fst_pq_ranges ranges; /* of the open group */
    size_t range;
    uint64_t at;      /* the row of it where the search goes on */
    enum fst_skip by; /* what ruled the whole group out, or FST_N_SKIPS */
    uint64_t *found;  /* rows of the group, and how many of them were taken */
    size_t n_found, found_cap, n_taken;
    uint64_t *numbers;
    size_t numbers_cap;
    size_t step; /* rows for the next frame */
};

/* ---- Making ---------------------------------------------------------------------------------- */

static int file_column(const struct fst_pq_meta *m, const char *name)
{
    for (size_t i = 0; i < m->n_columns; i++)
        if (strcmp(m->columns[i].field.name, name) == 0)
            return (int)i;
    return -1;
}

static int wanted_column(const struct fst_pq_reader *r, size_t file)
{
    for (size_t i = 0; i < r->schema->n; i++)
        if (r->indexes[i] == file)
            return (int)i;
    return -1;
}

static void add_ask(struct fst_pq_reader *r, struct fst_pq_where *w, const struct fst_condition *c)
{
    struct fst_pq_ask *ask = &w->asks[w->n_asks];
    int column = file_column(&r->meta, c->column);
    if (column < 0)
        return;
    const struct fst_pq_column *from = &r->meta.columns[column];
    bool is_flat = from->field.type.kind != FST_VOID && !from->nest && !from->stored &&
                   !from->refusal && from->n_streams == 1;
    if (!is_flat || !fst_test_make(&ask->test, c, &from->field.type, w->arena))
        return;
    ask->condition = c;
    ask->leaf = from->streams[0];
    ask->column = wanted_column(r, (size_t)column);
    ask->use = fst_skipped_use(r->skipped, c);
    ask->hashes = fst_pq_hashes_new(&r->meta.leaves[ask->leaf], &ask->test, c);
    if (ask->use && ask->column >= 0)
        ask->use->can_use |= 1u << FST_SKIP_VALUE;
    w->n_asks++;
}

/* All asks of one column are one sieve. */
static void add_tested(struct fst_pq_reader *r, struct fst_pq_where *w, size_t column)
{
    struct tested *t = &w->tested[w->n_tested];
    struct fst_test *tests = fst_arena_alloc(w->arena, (w->n_asks + 1) * sizeof(*tests));
    size_t n = 0;
    *t = (struct tested){.column = column};
    t->sieve.null_passes = true;
    for (size_t i = 0; i < w->n_asks; i++)
        if (w->asks[i].column == (int)column) {
            tests[n++] = w->asks[i].test;
            t->sieve.null_passes &= w->asks[i].test.null_passes;
        }
    if (!n)
        return;
    t->sieve.tests = tests;
    t->sieve.n_tests = n;
    r->columns[column].is_tested = true;
    w->n_tested++;
}

struct fst_pq_where *fst_pq_where_new(struct fst_pq_reader *r,
                                      const struct fst_read_options *options)
{
    struct fst_pq_where *w = fst_alloc(sizeof(*w));
    w->arena = fst_arena_new();
    w->asks = fst_alloc((options->n_conditions + 1) * sizeof(*w->asks));
    w->tested = fst_alloc((r->schema->n + 1) * sizeof(*w->tested));
    for (size_t i = 0; i < options->n_conditions; i++)
        add_ask(r, w, &options->conditions[i]);
    if (!w->n_asks) {
        fst_pq_where_free(w);
        return NULL;
    }
    for (size_t i = 0; i < r->schema->n; i++)
        add_tested(r, w, i);
    w->step = r->has_lists ? 1 : STEP_FIRST;
    return w;
}

static void forget_kept(struct tested *t)
{
    fst_builder_free(t->sieve.b);
    fst_frame_unref(t->kept);
    t->sieve.b = NULL;
    t->kept = NULL;
    t->n = t->at = 0;
    t->is_broken = false;
}

void fst_pq_where_free(struct fst_pq_where *w)
{
    if (!w)
        return;
    for (size_t i = 0; i < w->n_tested; i++) {
        forget_kept(&w->tested[i]);
        free(w->tested[i].rows);
    }
    for (size_t i = 0; i < w->n_asks; i++)
        free(w->asks[i].hashes);
    free(w->asks);
    free(w->tested);
    free(w->ranges.items);
    free(w->found);
    free(w->numbers);
    fst_arena_free(w->arena);
    free(w);
}

/* ---- Counting -------------------------------------------------------------------------------- */

static uint64_t rows_in(const struct fst_pq_ranges *ranges)
{
    uint64_t n = 0;
    for (size_t i = 0; i < ranges->n; i++)
        n += ranges->items[i].to - ranges->items[i].from;
    return n;
}

/* Pages of a column that have none of the rows. */
static uint64_t pages_outside(const struct fst_pq_pages *pages, const struct fst_pq_ranges *ranges)
{
    uint64_t n = 0;
    size_t k = 0;
    for (size_t i = 0; i < pages->n; i++) {
        while (k < ranges->n && ranges->items[k].to <= pages->places[i].first_row)
            k++;
        n += k == ranges->n || ranges->items[k].from >= fst_pq_pages_end(pages, i);
    }
    return n;
}

/* Once the group was gone through. */
static void count_pages(struct fst_pq_reader *r)
{
    struct fst_skipped *s = r->skipped;
    for (size_t i = 0; s && i < r->schema->n; i++) {
        const struct fst_pq_wanted *c = &r->columns[i];
        if (!c->pages.n || !fst_pq_is_readable(c))
            continue;
        uint64_t outside = pages_outside(&c->pages, &r->where->ranges);
        uint64_t begun = r->streams[c->first].n_begun, left = c->pages.n - outside;
        s->all.pages += c->pages.n;
        s->by[r->where->by == FST_N_SKIPS ? FST_SKIP_PAGES : r->where->by].pages += outside;
        s->by[FST_SKIP_VALUE].pages += begun < left ? left - begun : 0;
    }
}

/* ---- Groups ---------------------------------------------------------------------------------- */

static void close_group(struct fst_pq_reader *r)
{
    count_pages(r);
    fst_pq_group_close(r);
    r->where->ranges.n = r->where->range = 0;
}

/* No entry of a dictionary meets the conditions, and nothing but its entries is there. */
static enum fst_status dictionaries_may(struct fst_pq_reader *r, bool *may, struct fst_error *err)
{
    struct fst_pq_where *w = r->where;
    *may = true;
    for (size_t i = 0; i < w->n_tested && *may; i++) {
        struct tested *t = &w->tested[i];
        const struct fst_pq_wanted *c = &r->columns[t->column];
        struct fst_pq_chunk chunk;
        if (!fst_pq_is_readable(c) || t->sieve.null_passes)
            continue;
        FST_TRY(fst_pq_chunk_load(&r->meta, r->places[c->from->streams[0]], &chunk, err));
        if (!fst_pq_is_all_dictionary(&r->meta, &chunk))
            continue;
        r->active = c->first;
        enum fst_status status =
            fst_pq_stream_dictionary_may(&r->streams[c->first], &t->sieve, may, err);
        r->active = r->n_streams;
        *may |= status != FST_OK;
        FST_TRY(fst_pq_give_up(r, t->column, status, err));
        for (size_t k = 0; k < w->n_asks; k++)
            if (w->asks[k].use && w->asks[k].column == (int)t->column)
                w->asks[k].use->can_use |= 1u << FST_SKIP_DICTIONARY;
    }
    return FST_OK;
}

/* Open the next group, unless all of it can be left out; then w->by says why. */
static enum fst_status open_group(struct fst_pq_reader *r, struct fst_error *err)
{
    struct fst_pq_where *w = r->where;
    uint64_t rows = fst_pq_group_rows(r);
    fst_grow(&w->ranges.items, &w->ranges.cap, 1, sizeof(*w->ranges.items));
    w->ranges.items[0] = (struct fst_pq_rows){r->to_skip, rows};
    w->ranges.n = 1;
    w->range = 0;
    w->at = r->to_skip;
    r->to_skip = 0;
    FST_TRY(fst_pq_group_begin(r, err));
    FST_TRY(fst_pq_prune(r, w->asks, w->n_asks, &w->ranges, &w->by, err));
    if (w->by != FST_N_SKIPS)
        return FST_OK;

    bool may;
    FST_TRY(fst_pq_group_start(r, err));
    FST_TRY(fst_pq_read_far(r, FST_PQ_TESTED, w->ranges.items, w->ranges.n, err));
    FST_TRY(dictionaries_may(r, &may, err));
    if (!may)
        w->by = FST_SKIP_DICTIONARY;
    else if (r->skipped)
        r->skipped->by[FST_SKIP_PAGES].rows += rows - rows_in(&w->ranges);
    return FST_OK;
}

/* Make a group with rows to search the open one; false at the end. */
static enum fst_status reach_rows(struct fst_pq_reader *r, bool *more, struct fst_error *err)
{
    struct fst_pq_where *w = r->where;
    for (;;) {
        if (fst_read_cancelled(&r->options))
            return fst_fail(err, FST_ECANCELLED, "cancelled");
        *more = r->is_open && w->range < w->ranges.n;
        if (*more)
            return FST_OK;
        if (r->is_open)
            close_group(r);
        if (r->group >= r->meta.n_groups)
            return FST_OK;
        uint64_t rows = fst_pq_group_rows(r);
        if (rows <= r->to_skip) {
            r->to_skip -= rows;
            r->group_first += rows;
            r->group++;
            continue;
        }
        FST_TRY(open_group(r, err));
        fst_pq_count_group(r, w->by);
        if (w->by != FST_N_SKIPS)
            w->ranges.n = 0;
    }
}

/* ---- Searching ------------------------------------------------------------------------------- */

/* Clear pass[i] of rows from `at` on that one column rules out. When the column fails, it rules
 * out nothing. */
static enum fst_status test_column(struct fst_pq_reader *r, struct tested *t, uint64_t at, size_t n,
                                   uint8_t *pass, struct fst_error *err)
{
    uint8_t before[FST_PQ_BATCH];
    struct fst_pq_wanted *c = &r->columns[t->column];
    if (!fst_pq_is_readable(c))
        return FST_OK;
    memcpy(before, pass, n);
    enum fst_status status = fst_pq_pass_to(r, t->column, at, err);
    r->active = c->first;
    if (status == FST_OK)
        status = fst_pq_stream_sift(&r->streams[c->first], n, &t->sieve, pass, err);
    r->active = r->n_streams;
    if (status != FST_OK) {
        memcpy(pass, before, n);
        t->is_broken = true;
        return fst_pq_give_up(r, t->column, status, err);
    }
    c->at = at + n;
    for (size_t i = 0; i < n; i++)
        if (pass[i]) {
            fst_grow(&t->rows, &t->cap, t->n + 1, sizeof(*t->rows));
            t->rows[t->n++] = at + i;
        }
    return FST_OK;
}

static enum fst_status search_batch(struct fst_pq_reader *r, uint64_t at, size_t n,
                                    struct fst_error *err)
{
    struct fst_pq_where *w = r->where;
    uint8_t pass[FST_PQ_BATCH];
    memset(pass, 1, n);
    for (size_t i = 0; i < w->n_tested; i++) {
        FST_TRY(test_column(r, &w->tested[i], at, n, pass, err));
        if (!memchr(pass, 1, n))
            return FST_OK;
    }
    fst_grow(&w->found, &w->found_cap, w->n_found + n, sizeof(*w->found));
    for (size_t i = 0; i < n; i++)
        if (pass[i])
            w->found[w->n_found++] = at + i;
    return FST_OK;
}

static void begin_search(struct fst_pq_reader *r)
{
    struct fst_pq_where *w = r->where;
    w->n_found = w->n_taken = 0;
    for (size_t i = 0; i < w->n_tested; i++) {
        struct tested *t = &w->tested[i];
        const struct fst_field *f = &r->schema->fields[t->column];
        struct fst_schema *schema = fst_schema_new();
        fst_schema_add(schema, f->name, &f->type, true);
        forget_kept(t);
        t->sieve.b = fst_builder_new(schema);
        t->is_broken = !fst_pq_is_readable(&r->columns[t->column]);
    }
}

/* A column that failed, be it before it was searched, has not kept all that it should have. */
static void end_search(struct fst_pq_reader *r)
{
    struct fst_pq_where *w = r->where;
    for (size_t i = 0; i < w->n_tested; i++) {
        struct tested *t = &w->tested[i];
        t->is_broken |= !fst_pq_is_readable(&r->columns[t->column]);
        if (!t->is_broken)
            t->kept = fst_builder_finish(t->sieve.b, t->n);
        else
            fst_builder_free(t->sieve.b);
        t->sieve.b = NULL;
    }
}

static bool has_enough(const struct fst_pq_reader *r, uint64_t searched)
{
    const struct fst_pq_where *w = r->where;
    size_t kept = 0;
    for (size_t i = 0; i < w->n_tested; i++)
        kept += fst_builder_bytes_used(w->tested[i].sieve.b);
    return searched >= SEARCH_ROWS || (w->n_found && searched >= ENOUGH_ROWS) ||
           w->n_found >= FOUND_MAX || kept >= r->frame_cap / 4;
}

static enum fst_status search_ranges(struct fst_pq_reader *r, uint64_t *searched,
                                     struct fst_error *err)
{
    struct fst_pq_where *w = r->where;
    for (*searched = 0; w->range < w->ranges.n && !has_enough(r, *searched);) {
        const struct fst_pq_rows *range = &w->ranges.items[w->range];
        w->at = w->at > range->from ? w->at : range->from;
        uint64_t left = range->to - w->at;
        size_t n = left < FST_PQ_BATCH ? (size_t)left : FST_PQ_BATCH;
        FST_TRY(search_batch(r, w->at, n, err));
        *searched += n;
        w->at += n;
        w->range += w->at == range->to;
    }
    return FST_OK;
}

static enum fst_status search(struct fst_pq_reader *r, struct fst_error *err)
{
    struct fst_pq_where *w = r->where;
    uint64_t searched = 0;
    begin_search(r);
    FST_TRY(fst_pq_read_wave(r, FST_PQ_TESTED, SEARCH_ROWS, err));
    enum fst_status status = search_ranges(r, &searched, err);
    end_search(r);
    if (r->skipped)
        r->skipped->by[FST_SKIP_VALUE].rows += searched - w->n_found;
    fst_pq_grant(r, (size_t)searched);
    return status;
}

/* ---- Taking ---------------------------------------------------------------------------------- */

/* The values of a tested column at the rows found, of what was kept. */
static struct fst_column take_kept(struct tested *t, struct fst_arena *arena, const uint64_t *rows,
                                   size_t n)
{
    uint32_t *at = fst_arena_alloc(arena, (n + 1) * sizeof(*at));
    for (size_t i = 0; i < n; i++) {
        while (t->rows[t->at] != rows[i])
            t->at++;
        at[i] = (uint32_t)t->at;
    }
    return fst_column_take(arena, &t->kept->columns[0], at, n);
}

/* Rows of a column that has no conditions, run by run. */
static enum fst_status take_rows(struct fst_pq_reader *r, size_t i, const uint64_t *rows, size_t n,
                                 struct fst_builder *b, size_t col, struct fst_error *err)
{
    for (size_t at = 0; at < n;) {
        size_t run = 1;
        while (at + run < n && rows[at + run] == rows[at] + run)
            run++;
        FST_TRY(fst_pq_pass_to(r, i, rows[at], err));
        FST_TRY(fst_pq_take_column(r, i, run, b, col, err));
        at += run;
    }
    return FST_OK;
}

static struct fst_schema *schema_of_others(const struct fst_pq_reader *r)
{
    struct fst_schema *schema = fst_schema_new();
    for (size_t i = 0; i < r->schema->n; i++) {
        const struct fst_field *f = &r->schema->fields[i];
        if (!r->columns[i].is_tested)
            fst_schema_add(schema, f->name, &f->type, f->nullable);
    }
    return schema;
}

static void set_unreadable(const struct fst_pq_wanted *c, struct fst_builder *b, size_t col)
{
    if (!fst_pq_is_readable(c))
        fst_builder_unreadable(b, col, c->refusal ? c->refusal : c->failed);
}

/* What the other columns need for some rows: those places, or where these are many what lies
 * between them as well. */
static enum fst_status read_others(struct fst_pq_reader *r, const uint64_t *rows, size_t n,
                                   struct fst_error *err)
{
    struct fst_pq_rows ranges[PLACES_MAX];
    size_t k = 0, i = 0;
    for (; i < n; i++) {
        if (k && ranges[k - 1].to == rows[i])
            ranges[k - 1].to++;
        else if (k < PLACES_MAX)
            ranges[k++] = (struct fst_pq_rows){rows[i], rows[i] + 1};
        else
            break;
    }
    FST_TRY(fst_pq_read_far(r, FST_PQ_OTHERS, ranges, k, err));
    return i == n ? FST_OK : fst_pq_read_wave(r, FST_PQ_OTHERS, rows[n - 1] - rows[0] + 1, err);
}

static enum fst_status take_others(struct fst_pq_reader *r, const uint64_t *rows, size_t n,
                                   struct fst_builder *b, struct fst_error *err)
{
    FST_TRY(read_others(r, rows, n, err));
    for (size_t i = 0; i < r->schema->n; i++)
        if (fst_pq_is_readable(&r->columns[i]) && !r->columns[i].is_tested)
            FST_TRY(fst_pq_give_up(r, i, fst_pq_pass_to(r, i, rows[0], err), err));
    for (size_t i = 0, col = 0; i < r->schema->n; i++) {
        const struct fst_pq_wanted *c = &r->columns[i];
        if (c->is_tested)
            continue;
        if (fst_pq_is_readable(c))
            FST_TRY(fst_pq_give_up(r, i, take_rows(r, i, rows, n, b, col, err), err));
        set_unreadable(c, b, col++);
    }
    r->active = r->n_streams;
    return fst_pq_check_any(r, err);
}

/* The frame: tested columns from what was kept, the others as they were read. */
static struct fst_frame *join(struct fst_pq_reader *r, const uint64_t *rows, size_t n,
                              struct fst_frame *others)
{
    struct fst_pq_where *w = r->where;
    struct fst_arena *arena = fst_arena_new();
    struct fst_schema *schema = fst_schema_copy(r->schema);
    struct fst_column *columns = fst_arena_alloc(arena, (schema->n + 1) * sizeof(*columns));
    for (size_t i = 0, other = 0, k = 0; i < schema->n; i++) {
        const struct fst_pq_wanted *c = &r->columns[i];
        if (!c->is_tested)
            columns[i] = others->columns[other++];
        else if (w->tested[k].is_broken)
            columns[i] = (struct fst_column){
                .n = n, .unreadable = fst_arena_strdup(arena, c->refusal ? c->refusal : c->failed)};
        else
            columns[i] = take_kept(&w->tested[k], arena, rows, n);
        k += c->is_tested;
        columns[i].type = schema->fields[i].type;
    }
    struct fst_frame *f = fst_frame_of_arena(schema, arena, columns, n);
    fst_frame_keep(f, others);
    fst_frame_unref(others);
    return f;
}

static void number_rows(struct fst_pq_reader *r, const uint64_t *rows, size_t n)
{
    struct fst_pq_where *w = r->where;
    fst_grow(&w->numbers, &w->numbers_cap, n, sizeof(*w->numbers));
    for (size_t i = 0; i < n; i++)
        w->numbers[i] = r->group_first + rows[i];
    r->base.numbers = w->numbers;
}

/* Rows for the next frame, so that a frame of wide values stays within its memory. */
static void set_step(struct fst_pq_reader *r, size_t used, size_t n)
{
    double per_row = (double)used / (double)n + 1;
    size_t fits = (size_t)((double)r->frame_cap / 2 / per_row) + 1;
    size_t step = r->where->step * STEP_GROWTH;
    r->where->step = step < fits ? step : fits;
}

static enum fst_status take(struct fst_pq_reader *r, size_t max_rows, struct fst_frame **out,
                            struct fst_error *err)
{
    struct fst_pq_where *w = r->where;
    size_t n = w->n_found - w->n_taken;
    n = n < max_rows ? n : max_rows;
    n = n < w->step ? n : w->step;
    n = n < r->wanted ? n : (size_t)r->wanted;
    const uint64_t *rows = w->found + w->n_taken;
    struct fst_builder *b = fst_builder_new(schema_of_others(r));
    enum fst_status status = take_others(r, rows, n, b, err);
    if (status != FST_OK) {
        fst_builder_free(b);
        return status;
    }
    size_t used = fst_builder_bytes_used(b);
    number_rows(r, rows, n);
    *out = join(r, rows, n, fst_builder_finish(b, n));
    w->n_taken += n;
    r->wanted -= n;
    set_step(r, used, n);
    fst_pq_grant(r, used);
    return FST_OK;
}

enum fst_status fst_pq_where_next(struct fst_pq_reader *r, size_t max_rows, struct fst_frame **out,
                                  struct fst_error *err)
{
    struct fst_pq_where *w = r->where;
    while (max_rows && r->wanted) {
        bool more;
        if (w->n_taken < w->n_found)
            return take(r, max_rows, out, err);
        FST_TRY(reach_rows(r, &more, err));
        if (!more)
            return FST_OK;
        FST_TRY(search(r, err));
    }
    return FST_OK;
}
