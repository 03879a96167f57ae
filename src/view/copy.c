/* What goes to the clipboard: names, values and rows, exactly as they are and never as the screen
 * shows them, and the words that say what went. Rows become text on a worker. */
#include <stdlib.h>
#include <string.h>

#include "view.h"

bool wb_copy(struct wb *wb, const char *what, const void *bytes, size_t n)
{
    struct fst_error err = {0};
    struct fst_buf size = FST_BUF(64);
    bool is_copied = fst_term_copy(wb->term, bytes, n, &err) == FST_OK;
    fst_count_text(&size, (int64_t)n);
    if (is_copied)
        wb_say(wb, FST_ROLE_INFO, "copied %s: %s byte%s", what, fst_buf_text(&size),
               n == 1 ? "" : "s");
    else
        wb_say_error(wb, &err);
    fst_buf_done(&size);
    return is_copied;
}

void wb_copy_cell(struct wb *wb, const struct fst_grid *g)
{
    const struct fst_column *c;
    size_t row;
    struct fst_buf text = FST_BUF_TEXT, count = FST_BUF(64);
    if (!fst_grid_cell(g, &c, &row))
        return;
    const char *name = g->schema->fields[g->col].name;
    fst_count_text(&count, (int64_t)g->row + 1);
    char *what = fst_asprintf("%s of row %s", name, fst_buf_text(&count));
    if (c->unreadable)
        wb_say(wb, FST_ROLE_WARN, "not copied: %s cannot be read: %s", name, c->unreadable);
    else if (!fst_cell_text(&text, c, row, FST_CELL_PLAIN))
        wb_say(wb, FST_ROLE_WARN, "not copied: %s is NULL", what);
    else if (text.over)
        wb_say(wb, FST_ROLE_WARN, "not copied: %s is too long", what);
    else
        wb_copy(wb, what, fst_buf_text(&text), text.n);
    free(what);
    fst_buf_done(&text);
    fst_buf_done(&count);
}

/* ---- Rows ------------------------------------------------------------------------------------ */

enum { MOST = FST_COPY_MAX / 4 * 3, COUNTED = 8 << 20 };

const char *const wb_copy_formats[] = {"tsv",    "csv",    "jsonl",   "markdown",
                                       "insert", "values", "pyspark", NULL};
const char *const wb_copy_helps[] = {"separated by tabs, with a header",
                                     "separated by commas, with a header",
                                     "a JSON object a line",
                                     "a table of Markdown",
                                     "INSERT INTO of SQL",
                                     "SELECT * FROM VALUES of SQL",
                                     "spark.createDataFrame of Python"};

static bool to_buf(void *arg, const void *p, size_t n)
{
    struct fst_buf *out = arg;
    fst_buf_add(out, p, n);
    return !out->over;
}

static enum fst_status too_much(uint64_t n_rows, const struct fst_buf *out, struct fst_error *err)
{
    struct fst_buf most = FST_BUF(64), size = FST_BUF(64), rows = FST_BUF(64);
    fst_count_text(&most, MOST);
    fst_count_text(&rows, (int64_t)n_rows);
    fst_count_text(&size, out->over ? COUNTED : (int64_t)out->n);
    fst_fail(err, FST_ENOMEM,
             "not copied: %s row%s take %s%s bytes, more than the %s bytes that terminals take; E "
             "writes rows into a file",
             fst_buf_text(&rows), n_rows == 1 ? "" : "s", out->over ? "over " : "",
             fst_buf_text(&size), fst_buf_text(&most));
    fst_buf_done(&most);
    fst_buf_done(&size);
    fst_buf_done(&rows);
    return err->status;
}

/* Where rows go: into a writer of a format, or as code. */
struct target {
    const struct code *code;
    struct fst_writer *writer;
    struct fst_buf *out;
    bool has_rows;
};

static enum fst_status write_piece(struct target *to, const struct fst_frame *f,
                                   struct fst_error *err)
{
    for (size_t i = 0; i < f->n_columns; i++)
        if (f->columns[i].unreadable)
            return fst_fail(err, FST_EUNSUPPORTED, "not copied: column %s cannot be read: %s",
                            f->schema->fields[i].name, f->columns[i].unreadable);
    if (to->writer)
        return fst_writer_write(to->writer, f, err);
    wb_code_rows(to->code, f, !to->has_rows, to->out);
    to->has_rows = true;
    return FST_OK;
}

static enum fst_status write_rows(struct target *to, struct fst_reader *rows, struct fst_error *err)
{
    enum { PIECE = 1000 };
    while (!to->out->over) {
        struct fst_frame *f;
        FST_TRY(fst_reader_next(rows, PIECE, &f, err));
        if (!f)
            break;
        enum fst_status status = write_piece(to, f, err);
        fst_frame_unref(f);
        if (status != FST_OK)
            return to->out->over ? FST_OK : status; /* said by the caller */
    }
    return FST_OK;
}

static enum fst_status all_rows(struct target *to, struct fst_reader *rows, const char *name,
                                struct fst_error *err)
{
    if (to->code)
        FST_TRY(wb_code_begin(to->code, rows->schema, name, to->out, err));
    FST_TRY(write_rows(to, rows, err));
    if (to->code)
        wb_code_end(to->code, rows->schema, name, to->out);
    else if (!to->out->over)
        FST_TRY(fst_writer_finish(to->writer, err));
    return to->out->over || to->out->n > MOST ? too_much((uint64_t)rows->total_rows, to->out, err)
                                              : FST_OK;
}

enum fst_status wb_rows_text(struct fst_reader *rows, const char *name, const char *format,
                             bool header, struct fst_buf *out, struct fst_error *err)
{
    const struct fst_format *f = fst_format_named(format);
    struct target to = {.code = wb_code_named(format), .out = out};
    struct fst_sink sink = {.write = to_buf, .arg = out};
    struct fst_write_options options = {.no_header = !header};
    if (!to.code && (!f || !f->is_lines))
        return fst_fail(err, FST_EINVAL,
                        "rows are copied as tsv, csv, jsonl, markdown, insert, values or pyspark, "
                        "not as %s",
                        format);
    out->max = COUNTED;
    enum fst_status status =
        to.code ? FST_OK : f->create(rows->schema, sink, &options, &to.writer, err);
    if (status == FST_OK)
        status = all_rows(&to, rows, name, err);
    fst_writer_free(to.writer);
    return status;
}

/* ---- Rows of a grid -------------------------------------------------------------------------- */

struct copying {
    struct task task;
    struct fst_reader *rows;
    char *name, *format, *what;
    struct fst_buf text;
    uint64_t view; /* that is told */
    void (*copied)(struct view *v);
};

static void work(struct task *t)
{
    struct copying *c = (struct copying *)t;
    bool has_header = c->rows->total_rows != 1;
    t->status = wb_rows_text(c->rows, c->name, c->format, has_header, &c->text, &t->err);
}

static void done(struct task *t, struct view *none)
{
    const struct copying *c = (struct copying *)t;
    struct view *v = wb_view_by_id(t->wb, c->view);
    (void)none;
    if (t->status == FST_ECANCELLED)
        wb_say(t->wb, FST_ROLE_WARN, "not copied: it was ended");
    else if (t->status != FST_OK)
        wb_say_error(t->wb, &t->err);
    else if (wb_copy(t->wb, c->what, fst_buf_text(&c->text), c->text.n) && v && c->copied)
        c->copied(v);
}

static void release(struct task *t)
{
    struct copying *c = (struct copying *)t;
    fst_reader_close(c->rows);
    free(c->name);
    free(c->format);
    free(c->what);
    fst_buf_done(&c->text);
}

/* "row 7", "3 rows", "2 columns of 3 rows" */
static char *words_for(const struct fst_grid *g, const struct wb_cells *cells, uint64_t n)
{
    struct fst_buf text = FST_BUF(256);
    if (cells->n_columns < g->schema->n) {
        fst_count_text(&text, (int64_t)cells->n_columns);
        fst_buf_printf(&text, " column%s of ", cells->n_columns == 1 ? "" : "s");
    }
    fst_buf_adds(&text, n == 1 ? "row " : "");
    fst_count_text(&text, (int64_t)(n == 1 ? cells->spans[0].from + 1 : n));
    fst_buf_adds(&text, n == 1 ? "" : " rows");
    return fst_buf_take(&text);
}

void wb_copy_rows(struct view *v, const struct fst_grid *g, const struct wb_cells *cells,
                  const char *format, void (*copied)(struct view *v))
{
    struct copying *c = wb_task_new(v->wb, NULL, sizeof *c, work, done, release);
    c->rows = wb_pick(v->wb, g, cells);
    wb_pick_cancel(c->rows, fst_job_cancelled, &c->task.job);
    char *words = words_for(g, cells, (uint64_t)c->rows->total_rows);
    c->what = fst_asprintf("%s as %s", words, format);
    c->name = fst_strdup(cells->name);
    c->format = fst_strdup(format);
    c->text = FST_BUF_TEXT;
    c->view = v->id;
    c->copied = copied;
    wb_task_start(&c->task, "copying rows");
    free(words);
}
