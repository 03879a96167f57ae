/* What goes to the clipboard: names, values and rows, exactly as they are and never as the screen
 * shows them, and the words that say what went. */
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

static enum fst_status too_much(const struct wb_cells *cells, const struct fst_buf *out,
                                struct fst_error *err)
{
    struct fst_buf most = FST_BUF(64), size = FST_BUF(64), rows = FST_BUF(64);
    fst_count_text(&most, MOST);
    fst_count_text(&rows, (int64_t)cells->n);
    fst_count_text(&size, out->over ? COUNTED : (int64_t)out->n);
    fst_fail(err, FST_ENOMEM,
             "not copied: %s row%s take %s%s bytes, more than the %s bytes that terminals take; E "
             "writes rows into a file",
             fst_buf_text(&rows), cells->n == 1 ? "" : "s", out->over ? "over " : "",
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

/* Rows of a frame, and of them the columns that are wanted. */
static enum fst_status write_some(struct target *to, struct fst_frame *f, size_t row, size_t n,
                                  const struct wb_cells *cells, const struct fst_schema *schema,
                                  struct fst_error *err)
{
    struct fst_frame *piece = fst_frame_slice(f, row, n);
    struct fst_column *columns = fst_alloc((cells->n_columns + 1) * sizeof *columns);
    for (size_t i = 0; i < cells->n_columns; i++)
        columns[i] = piece->columns[cells->columns[i]];
    struct fst_frame some = {.schema = schema,
                             .n_rows = piece->n_rows,
                             .n_columns = cells->n_columns,
                             .columns = columns};
    enum fst_status status = write_piece(to, &some, err);
    free(columns);
    fst_frame_unref(piece);
    return status;
}

static enum fst_status write_rows(struct target *to, const struct fst_grid *g,
                                  const struct wb_cells *cells, const struct fst_schema *schema,
                                  struct fst_error *err)
{
    enum { PIECE = 1000 };
    for (uint64_t done = 0; done < cells->n && !to->out->over;) {
        size_t row;
        struct fst_frame *f = fst_grid_frame_at(g, cells->from + done, &row);
        if (!f)
            return fst_fail(err, FST_ENOTFOUND, "not copied: row %llu is not at hand: select fewer",
                            (unsigned long long)(cells->from + done + 1));
        uint64_t some = f->n_rows - row < cells->n - done ? f->n_rows - row : cells->n - done;
        some = some < PIECE ? some : PIECE;
        enum fst_status status = write_some(to, f, row, (size_t)some, cells, schema, err);
        if (status != FST_OK)
            return to->out->over ? FST_OK : status; /* said by the caller */
        done += some;
    }
    return FST_OK;
}

static enum fst_status all_rows(struct target *to, const struct fst_grid *g,
                                const struct wb_cells *cells, const struct fst_schema *schema,
                                struct fst_error *err)
{
    const char *name = cells->name ? cells->name : "rows";
    if (to->code)
        FST_TRY(wb_code_begin(to->code, schema, name, to->out, err));
    FST_TRY(write_rows(to, g, cells, schema, err));
    if (to->code)
        wb_code_end(to->code, schema, name, to->out);
    else if (!to->out->over)
        FST_TRY(fst_writer_finish(to->writer, err));
    return to->out->over || to->out->n > MOST ? too_much(cells, to->out, err) : FST_OK;
}

enum fst_status wb_rows_text(const struct fst_grid *g, const struct wb_cells *cells,
                             const char *format, bool header, struct fst_buf *out,
                             struct fst_error *err)
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
    struct fst_schema *schema = fst_schema_new();
    for (size_t i = 0; i < cells->n_columns; i++) {
        const struct fst_field *field = &g->schema->fields[cells->columns[i]];
        fst_schema_add(schema, field->name, &field->type, field->nullable);
    }
    out->max = COUNTED;
    enum fst_status status = to.code ? FST_OK : f->create(schema, sink, &options, &to.writer, err);
    if (status == FST_OK)
        status = all_rows(&to, g, cells, schema, err);
    fst_writer_free(to.writer);
    fst_schema_free(schema);
    return status;
}

/* "row 7", "3 rows", "2 columns of 3 rows" */
static char *words_for(const struct fst_grid *g, const struct wb_cells *cells)
{
    struct fst_buf text = FST_BUF(256);
    if (cells->n_columns < g->schema->n) {
        fst_count_text(&text, (int64_t)cells->n_columns);
        fst_buf_printf(&text, " column%s of ", cells->n_columns == 1 ? "" : "s");
    }
    fst_buf_adds(&text, cells->n == 1 ? "row " : "");
    fst_count_text(&text, (int64_t)(cells->n == 1 ? cells->from + 1 : cells->n));
    fst_buf_adds(&text, cells->n == 1 ? "" : " rows");
    return fst_buf_take(&text);
}

bool wb_copy_rows(struct wb *wb, const struct fst_grid *g, const struct wb_cells *cells,
                  const char *format)
{
    struct fst_buf text = FST_BUF_TEXT;
    struct fst_error err = {0};
    bool is_copied = false;
    char *words = words_for(g, cells), *what = fst_asprintf("%s as %s", words, format);
    if (wb_rows_text(g, cells, format, cells->n != 1, &text, &err) == FST_OK)
        is_copied = wb_copy(wb, what, fst_buf_text(&text), text.n);
    else
        wb_say_error(wb, &err);
    free(words);
    free(what);
    fst_buf_done(&text);
    return is_copied;
}
