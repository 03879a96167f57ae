/* Rows of two runs by key: a full join of both outputs, of which only what differs comes back. Keys
 * that come several times are told apart by the order of the rest of their rows. */
#include "compare.h"

#include <string.h>

enum { ROWS_AT_ONCE = 2048, MAX_COLUMNS = 900 };
#define KEEP_BYTES ((size_t)64 << 20)

struct joining {
    struct comparing *x;
    size_t columns[MAX_COLUMNS]; /* that are compared, keys first */
    size_t n;
    size_t kept_bytes;
    size_t kept[FST_ROW_CHANGES_];
    struct fst_input inputs[2];
};

static const char *name_at(const struct joining *j, size_t i)
{
    return j->x->out->columns[j->columns[i]].name;
}

/* ---- The question ---------------------------------------------------------------------------- */

static void add_names(struct fst_buf *sql, const struct joining *j, size_t from, size_t to)
{
    for (size_t i = from; i < to; i++) {
        fst_buf_adds(sql, i > from ? ", " : "");
        fst_sql_quote(sql, name_at(j, i));
    }
}

static void add_side(struct fst_buf *sql, const struct joining *j, const char *table)
{
    size_t n_keys = j->x->out->n_keys;
    fst_buf_adds(sql, "(SELECT 1 AS i");
    for (size_t i = 0; i < j->n; i++) {
        fst_buf_adds(sql, ", ");
        fst_sql_quote(sql, name_at(j, i));
        fst_buf_printf(sql, " AS c%zu", i);
    }
    if (j->x->out->repeated) {
        fst_buf_adds(sql, ", row_number() OVER (PARTITION BY ");
        add_names(sql, j, 0, n_keys);
        fst_buf_adds(sql, " ORDER BY ");
        add_names(sql, j, j->n > n_keys ? n_keys : 0, j->n);
        fst_buf_adds(sql, ") AS nth");
    }
    fst_buf_printf(sql, " FROM `%s`)", table);
}

static void add_equal(struct fst_buf *sql, size_t from, size_t to)
{
    for (size_t i = from; i < to; i++)
        fst_buf_printf(sql, "%sa.c%zu <=> b.c%zu", i > from ? " AND " : "", i, i);
}

static void write_sql(struct fst_buf *sql, const struct joining *j)
{
    size_t n_keys = j->x->out->n_keys;
    fst_buf_adds(sql,
                 "SELECT CASE WHEN b.i IS NULL THEN 1 WHEN a.i IS NULL THEN 2 ELSE 0 END AS d");
    for (int side = 'a'; side <= 'b'; side++)
        for (size_t i = 0; i < j->n; i++)
            fst_buf_printf(sql, ", %c.c%zu AS %c%zu", side, i, side, i);
    fst_buf_adds(sql, " FROM ");
    add_side(sql, j, "before");
    fst_buf_adds(sql, " a FULL OUTER JOIN ");
    add_side(sql, j, "after");
    fst_buf_adds(sql, " b ON ");
    add_equal(sql, 0, n_keys);
    fst_buf_adds(sql, j->x->out->repeated ? " AND a.nth = b.nth" : "");
    fst_buf_adds(sql, " WHERE a.i IS NULL OR b.i IS NULL");
    if (j->n > n_keys) {
        fst_buf_adds(sql, " OR NOT (");
        add_equal(sql, n_keys, j->n);
        fst_buf_addc(sql, ')');
    }
    fst_buf_adds(sql, " ORDER BY d");
    for (size_t i = 0; i < n_keys; i++)
        fst_buf_printf(sql, ", coalesce(a.c%zu, b.c%zu)", i, i);
}

/* ---- The answer ------------------------------------------------------------------------------ */

static const char *cell_text(struct fst_arena *arena, const struct fst_column *c, size_t row,
                             bool json, size_t *bytes)
{
    struct fst_buf text = FST_BUF(1 << 20);
    const char *copy = NULL;
    if (json)
        fst_cell_json(&text, c, row);
    if (json || fst_cell_text(&text, c, row, FST_CELL_PLAIN))
        copy = fst_arena_strdup(arena, fst_buf_text(&text));
    *bytes += text.n + sizeof(char *);
    fst_buf_done(&text);
    return copy;
}

static struct fst_cell_change cell_change(struct joining *j, const struct fst_frame *f, size_t row,
                                          size_t i)
{
    struct fst_arena *arena = j->x->out->arena;
    const struct fst_column *a = &f->columns[1 + i], *b = &f->columns[1 + j->n + i];
    return (struct fst_cell_change){.column = j->columns[i],
                                    .before = cell_text(arena, a, row, false, &j->kept_bytes),
                                    .after = cell_text(arena, b, row, false, &j->kept_bytes),
                                    .before_json = cell_text(arena, a, row, true, &j->kept_bytes),
                                    .after_json = cell_text(arena, b, row, true, &j->kept_bytes)};
}

static bool differs(const struct joining *j, const struct fst_frame *f, size_t row, size_t i)
{
    return fst_column_compare(&f->columns[1 + i], row, &f->columns[1 + j->n + i], row) != 0;
}

static void keep(struct joining *j, const struct fst_frame *f, size_t row,
                 enum fst_row_change change)
{
    struct fst_comparison *out = j->x->out;
    fst_grow(&out->rows, &out->rows_cap, out->n_rows + 1, sizeof *out->rows);
    struct fst_changed_row *r = &out->rows[out->n_rows++];
    *r = (struct fst_changed_row){.change = change};
    r->keys = fst_arena_alloc(out->arena, (out->n_keys + 1) * sizeof *r->keys);
    r->cells = fst_arena_alloc(out->arena, (j->n + 1) * sizeof *r->cells);
    for (size_t i = 0; i < j->n; i++) {
        if (i < out->n_keys)
            r->keys[i] = cell_change(j, f, row, i);
        else if (change != FST_ROW_CHANGED || differs(j, f, row, i))
            r->cells[r->n_cells++] = cell_change(j, f, row, i);
    }
    j->kept[change]++;
}

static void add_row(struct joining *j, const struct fst_frame *f, size_t row)
{
    struct fst_comparison *out = j->x->out;
    enum fst_row_change change = (enum fst_row_change)fst_column_int(&f->columns[0], row);
    out->counts[change]++;
    for (size_t i = out->n_keys; change == FST_ROW_CHANGED && i < j->n; i++)
        out->columns[j->columns[i]].changed += differs(j, f, row, i);
    if (j->kept[change] < j->x->o->limit && j->kept_bytes < KEEP_BYTES)
        keep(j, f, row, change);
}

static enum fst_status read_all(struct joining *j, struct fst_reader *reader, struct fst_error *err)
{
    const struct fst_compare_options *o = j->x->o;
    for (;;) {
        struct fst_frame *f;
        if (o->cancelled && o->cancelled(o->cancel_arg))
            return fst_fail(err, FST_ECANCELLED, "comparing was cancelled");
        FST_TRY(fst_reader_next(reader, ROWS_AT_ONCE, &f, err));
        if (!f)
            return FST_OK;
        for (size_t row = 0; row < f->n_rows; row++)
            add_row(j, f, row);
        fst_frame_unref(f);
    }
}

static enum fst_status ask(struct joining *j, const char *sql, struct fst_reader **out,
                           struct fst_error *err)
{
    struct fst_preview_options o = {.cancelled = j->x->o->cancelled,
                                    .cancel_arg = j->x->o->cancel_arg};
    return fst__query_over(j->x->app, j->inputs, 2, sql, &o, INT64_MAX, out, NULL, err);
}

static enum fst_status ask_number(struct joining *j, const char *sql, uint64_t *out,
                                  struct fst_error *err)
{
    struct fst_reader *reader;
    struct fst_frame *f;
    *out = 0;
    FST_TRY(ask(j, sql, &reader, err));
    enum fst_status status = fst_reader_next(reader, 1, &f, err);
    if (status == FST_OK && f) {
        *out = (uint64_t)fst_column_int(&f->columns[0], 0);
        fst_frame_unref(f);
    }
    fst_reader_close(reader);
    return status;
}

/* Keys with several rows, and rows where nobody counted them. */
static enum fst_status count(struct joining *j, struct fst_error *err)
{
    struct fst_comparison *out = j->x->out;
    struct fst_compared_run *runs[] = {&out->before, &out->after};
    out->repeated = 0;
    for (size_t i = 0; i < 2; i++) {
        uint64_t n;
        struct fst_buf sql = FST_BUF_TEXT;
        fst_buf_adds(&sql, "SELECT count(*) FROM (SELECT 1 FROM ");
        fst_sql_quote(&sql, j->inputs[i].name);
        fst_buf_adds(&sql, " GROUP BY ");
        add_names(&sql, j, 0, out->n_keys);
        fst_buf_adds(&sql, " HAVING count(*) > 1)");
        enum fst_status status = ask_number(j, fst_buf_text(&sql), &n, err);
        fst_buf_done(&sql);
        FST_TRY(status);
        out->repeated = n > out->repeated ? n : out->repeated;
        if (out->has_figures)
            continue;
        char *all = fst_asprintf("SELECT count(*) FROM `%s`", j->inputs[i].name);
        status = ask_number(j, all, &n, err);
        free(all);
        FST_TRY(status);
        runs[i]->rows = (int64_t)n;
    }
    return FST_OK;
}

static enum fst_status join(struct joining *j, struct fst_error *err)
{
    struct fst_comparison *out = j->x->out;
    struct fst_reader *reader;
    struct fst_buf sql = FST_BUF_TEXT;
    FST_TRY(count(j, err));
    write_sql(&sql, j);
    enum fst_status status = ask(j, fst_buf_text(&sql), &reader, err);
    fst_buf_done(&sql);
    FST_TRY(status);
    status = read_all(j, reader, err);
    fst_reader_close(reader);
    FST_TRY(status);
    out->same =
        (uint64_t)out->before.rows - out->counts[FST_ROW_CHANGED] - out->counts[FST_ROW_GONE];
    out->has_rows = true;
    return FST_OK;
}

static void choose_columns(struct joining *j)
{
    const struct fst_comparison *out = j->x->out;
    for (size_t i = 0; i < out->n_keys; i++)
        j->columns[j->n++] = out->keys[i];
    for (size_t i = 0; i < out->n_columns && j->n < MAX_COLUMNS; i++)
        if (out->columns[i].is_compared && !out->columns[i].is_key)
            j->columns[j->n++] = i;
}

enum fst_status fst__compare_rows(struct comparing *x, struct fst_error *err)
{
    static const char *const names[] = {"before", "after"};
    const char *const targets[] = {x->out->before.target, x->out->after.target};
    struct joining *j = fst_alloc(sizeof *j);
    struct fst_place places[2] = {{0}};
    enum fst_status status = FST_OK;
    j->x = x;
    choose_columns(j);
    for (size_t i = 0; i < 2 && status == FST_OK; i++) {
        status = fst_app_find(x->app, targets[i], &places[i], err);
        if (status == FST_OK)
            j->inputs[i] = (struct fst_input){.name = names[i],
                                              .uri = places[i].uri,
                                              .format = places[i].format,
                                              .options = places[i].options};
    }
    if (status == FST_OK)
        status = join(j, err);
    for (size_t i = 0; i < 2; i++)
        if (places[i].arena)
            fst_place_done(&places[i]);
    free(j);
    return status;
}
