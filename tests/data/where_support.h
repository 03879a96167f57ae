/* Reading with conditions beside reading everything: the same rows must come. */
#ifndef WHERE_SUPPORT_H
#define WHERE_SUPPORT_H

#include <math.h>

#include "filter.h"
#include "frame.h"
#include "parquet_support.h"

static uint64_t dice_state = 1;

static inline uint64_t dice(uint64_t n)
{
    dice_state = dice_state * 6364136223846793005u + 1442695040888963407u;
    return (dice_state >> 33) % n;
}

enum { CONDITIONS_MAX = 3, VALUES_MAX = 4 };

struct question {
    struct fst_condition conditions[CONDITIONS_MAX];
    struct fst_literal values[CONDITIONS_MAX][VALUES_MAX];
    size_t n;
};

/* A value near one that is there. */
static inline struct fst_literal literal_near(const struct fst_column *c, size_t row)
{
    struct fst_literal v = {0};
    int64_t step = (int64_t)dice(3) - 1;
    if (fst_kind_is_bytes(c->type.kind)) {
        v.s = fst_column_bytes(c, row);
        v.s.n -= v.s.n && step < 0 ? 1 : 0;
    } else if (c->type.kind == FST_DECIMAL) {
        v.n = fst_column_decimal(c, row) + step;
    } else if (c->type.kind == FST_FLOAT || c->type.kind == FST_DOUBLE) {
        v.d = fst_column_double(c, row);
        if (step < 0)
            v.d = v.d == 0 ? -v.d : v.d / 2;
    } else {
        v.n = fst_column_int(c, row) + (c->type.kind == FST_BOOLEAN ? 0 : step);
    }
    return v;
}

static inline struct question ask(const struct fst_frame *f, const size_t *columns, size_t n)
{
    struct question q = {.n = 1 + dice(CONDITIONS_MAX)};
    for (size_t i = 0; i < q.n; i++) {
        const struct fst_column *c = &f->columns[columns[dice(n)]];
        struct fst_condition *k = &q.conditions[i];
        *k = (struct fst_condition){.column = f->schema->fields[c - f->columns].name,
                                    .op = (enum fst_condition_op)dice(8),
                                    .type = c->type};
        k->n_values = k->op == FST_IS_IN ? 1 + dice(VALUES_MAX) : k->op < FST_IS_IN ? 1 : 0;
        for (size_t v = 0; v < k->n_values; v++)
            q.values[i][v] = literal_near(c, dice(f->n_rows));
    }
    return q;
}

static inline void aim(struct question *q)
{
    for (size_t i = 0; i < q->n; i++)
        q->conditions[i].values = q->values[i];
}

/* Which rows of the whole table meet it. */
static inline uint8_t *answer(const struct fst_frame *f, const struct question *q)
{
    struct fst_arena *arena = fst_arena_new();
    uint8_t *pass = fst_alloc(f->n_rows + 1);
    memset(pass, 1, f->n_rows);
    for (size_t i = 0; i < q->n; i++) {
        struct fst_test t;
        int column = fst_schema_find(f->schema, q->conditions[i].column);
        assert_true(fst_test_make(&t, &q->conditions[i], &q->conditions[i].type, arena));
        fst_test_column(&t, &f->columns[column], pass);
    }
    fst_arena_free(arena);
    return pass;
}

static inline void same_row(const struct fst_frame *f, size_t row, const struct fst_frame *all,
                            size_t number)
{
    struct fst_buf a = FST_BUF_TEXT, b = FST_BUF_TEXT;
    for (size_t i = 0; i < f->n_columns; i++) {
        int column = fst_schema_find(all->schema, f->schema->fields[i].name);
        fst_cell_json(&a, &f->columns[i], row);
        fst_cell_json(&b, &all->columns[column], number);
    }
    assert_string_equal(fst_buf_text(&a), fst_buf_text(&b));
    fst_buf_done(&a);
    fst_buf_done(&b);
}

static inline void tell_question(const struct question *q)
{
    for (size_t i = 0; i < q->n; i++) {
        struct fst_buf b = FST_BUF_TEXT;
        fst_condition_text(&b, &q->conditions[i]);
        print_message("  %s\n", fst_buf_text(&b));
        fst_buf_done(&b);
    }
}

/* Read with conditions: exactly the rows that meet them, from `offset` on, in their order. */
static inline void check_rows(struct fst_bytes *bytes, const struct fst_frame *all,
                              const struct question *q, uint64_t offset, size_t step,
                              struct fst_skipped *skipped)
{
    struct fst_read_options options = {.conditions = q->conditions,
                                       .n_conditions = q->n,
                                       .offset_rows = offset,
                                       .skipped = skipped};
    struct fst_error err = {0};
    struct fst_reader *r;
    uint8_t *pass = answer(all, q);
    assert_int_equal(fst_format_parquet.open(bytes, &options, &r, &err), FST_OK);
    size_t next = (size_t)offset;
    for (;;) {
        struct fst_frame *f;
        enum fst_status status = fst_reader_next(r, step, &f, &err);
        if (status != FST_OK)
            fail_msg("%s", err.text);
        if (!f)
            break;
        for (size_t row = 0; row < f->n_rows; row++, next++) {
            while (next < all->n_rows && !pass[next])
                next++;
            if (r->numbers[row] != next) {
                tell_question(q);
                fail_msg("row %llu came, not %zu", (unsigned long long)r->numbers[row], next);
            }
            if (row % 7 == 0)
                same_row(f, row, all, next);
        }
        fst_frame_unref(f);
    }
    for (; next < all->n_rows; next++)
        if (pass[next]) {
            tell_question(q);
            fail_msg("row %zu did not come", next);
        }
    fst_reader_close(r);
    free(pass);
}

/* A file that is far away: round trips are counted. */
struct far {
    struct fst_bytes base;
    const struct fst_buf *file;
    size_t *trips;
};

static inline enum fst_status far_read(struct fst_bytes *b, struct fst_range *ranges, size_t n,
                                       struct fst_error *err)
{
    (void)err;
    const struct far *f = (const struct far *)b;
    ++*f->trips;
    for (size_t i = 0; i < n; i++) {
        size_t left = ranges[i].offset < f->file->n ? f->file->n - (size_t)ranges[i].offset : 0;
        ranges[i].got = ranges[i].len < left ? ranges[i].len : left;
        memcpy(ranges[i].into, f->file->p + ranges[i].offset, ranges[i].got);
        b->bytes_read += ranges[i].got;
    }
    return FST_OK;
}

static inline void far_close(struct fst_bytes *b)
{
    free(b);
}

static inline struct fst_bytes *far_bytes(const struct fst_buf *file, size_t *trips)
{
    static const struct fst_bytes_ops ops = {far_read, far_close};
    struct far *f = fst_alloc(sizeof *f);
    *f = (struct far){.base = {.ops = &ops, .name = "far.parquet", .size = file->n},
                      .file = file,
                      .trips = trips};
    return &f->base;
}

/* All rows of a file as one frame. */
static inline struct fst_frame *all_rows(struct fst_bytes *bytes)
{
    struct fst_reader *r;
    struct fst_frame *f;
    struct fst_read_options options = {.memory_cap = (size_t)1 << 30};
    assert_int_equal(fst_format_parquet.open(bytes, &options, &r, NULL), FST_OK);
    assert_int_equal(fst_reader_next(r, 1 << 24, &f, NULL), FST_OK);
    assert_non_null(f);
    assert_int_equal(f->n_rows, r->total_rows);
    fst_reader_close(r);
    return f;
}

#endif
