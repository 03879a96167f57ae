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

static bool to_buf(void *arg, const void *p, size_t n)
{
    struct fst_buf *out = arg;
    fst_buf_add(out, p, n);
    return !out->over;
}

static enum fst_status too_much(uint64_t n, struct fst_error *err)
{
    struct fst_buf most = FST_BUF(64);
    fst_count_text(&most, FST_COPY_MAX / 4 * 3);
    fst_fail(err, FST_ENOMEM,
             "not copied: %llu row%s are more than the %s bytes that terminals take",
             (unsigned long long)n, n == 1 ? "" : "s", fst_buf_text(&most));
    fst_buf_done(&most);
    return err->status;
}

/* Rows [from, from + n) of the grid, a frame at a time. */
static enum fst_status write_rows(struct fst_writer *w, const struct fst_grid *g, uint64_t from,
                                  uint64_t n, const struct fst_buf *out, struct fst_error *err)
{
    enum { MOST = FST_COPY_MAX / 4 * 3 };
    for (uint64_t done = 0; done < n && out->n <= MOST;) {
        size_t row;
        struct fst_frame *f = fst_grid_frame_at(g, from + done, &row);
        if (!f)
            return fst_fail(err, FST_ENOTFOUND, "not copied: row %llu is not at hand: select fewer",
                            (unsigned long long)(from + done + 1));
        size_t some = f->n_rows - row < n - done ? f->n_rows - row : (size_t)(n - done);
        struct fst_frame *piece = fst_frame_slice(f, row, some);
        enum fst_status status = fst_writer_write(w, piece, err);
        fst_frame_unref(piece);
        FST_TRY(status);
        done += some;
    }
    return out->n > MOST ? too_much(n, err) : fst_writer_finish(w, err);
}

enum fst_status wb_rows_text(const struct fst_grid *g, uint64_t from, uint64_t n,
                             const char *format, bool header, struct fst_buf *out,
                             struct fst_error *err)
{
    const struct fst_format *f = fst_format_named(format);
    struct fst_sink sink = {.write = to_buf, .arg = out};
    struct fst_write_options options = {.no_header = !header};
    struct fst_writer *w = NULL;
    if (!f || !f->is_lines)
        return fst_fail(err, FST_EINVAL, "rows are copied as tsv, csv or jsonl, not as %s", format);
    if (n > FST_COPY_MAX)
        return too_much(n, err); /* each has a line end at least */
    enum fst_status status = f->create(g->schema, sink, &options, &w, err);
    if (status == FST_OK)
        status = write_rows(w, g, from, n, out, err);
    fst_writer_free(w);
    return status == FST_OK && out->over ? too_much(n, err) : status;
}

bool wb_copy_rows(struct wb *wb, const struct fst_grid *g, uint64_t from, uint64_t n,
                  const char *format)
{
    struct fst_buf text = FST_BUF_TEXT, count = FST_BUF(64);
    struct fst_error err = {0};
    bool is_one = n == 1, is_copied = false;
    fst_count_text(&count, (int64_t)(is_one ? from + 1 : n));
    char *what = is_one ? fst_asprintf("row %s as %s", fst_buf_text(&count), format)
                        : fst_asprintf("%s rows as %s", fst_buf_text(&count), format);
    if (wb_rows_text(g, from, n, format, !is_one, &text, &err) == FST_OK)
        is_copied = wb_copy(wb, what, fst_buf_text(&text), text.n);
    else
        wb_say_error(wb, &err);
    free(what);
    fst_buf_done(&text);
    fst_buf_done(&count);
    return is_copied;
}
