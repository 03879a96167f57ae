/* csv_write: frames as comma or tab separated text (RFC 4180: quotes are doubled).
 *
 * NULL is nothing and the empty string is "", so that they differ; a reader that wants the text
 * back exactly asks for escape='"'. */
#include "formats.h"
#include "writer.h"

#include <stdlib.h>
#include <string.h>

struct csv_writer {
    struct fst_writer base;
    struct fst_outlet outlet;
    struct fst_buf cell;
    char sep;
};

static bool needs_quotes(const struct csv_writer *w, const char *p, size_t n)
{
    if (!n || p[0] == ' ' || p[n - 1] == ' ')
        return true;
    bool special = false;
    for (size_t i = 0; i < n; i++) /* without a way out in the middle it is done many at once */
        special |= p[i] == w->sep || p[i] == '"' || p[i] == '\n' || p[i] == '\r';
    return special;
}

static void add_value(struct csv_writer *w, const char *p, size_t n)
{
    struct fst_buf *out = &w->outlet.buf;
    if (!needs_quotes(w, p, n)) {
        fst_buf_add(out, p, n);
        return;
    }
    fst_buf_addc(out, '"');
    for (const char *end = p + n; p < end;) {
        const char *quote = memchr(p, '"', (size_t)(end - p));
        size_t run = (size_t)((quote ? quote + 1 : end) - p);
        fst_buf_add(out, p, run);
        if (quote)
            fst_buf_addc(out, '"');
        p += run;
    }
    fst_buf_addc(out, '"');
}

/* Kinds whose text never needs quotes, whatever the separator. */
static bool is_bare(enum fst_kind kind)
{
    return (kind >= FST_BOOLEAN && kind <= FST_DECIMAL) ||
           (kind >= FST_DATE && kind <= FST_TIMESTAMP_NTZ);
}

static void add_row(struct csv_writer *w, const struct fst_frame *f, size_t row)
{
    for (size_t i = 0; i < f->n_columns; i++) {
        if (i)
            fst_buf_addc(&w->outlet.buf, w->sep);
        if (is_bare(f->columns[i].type.kind) && f->n_columns > 1) {
            fst_cell_text(&w->outlet.buf, &f->columns[i], row, FST_CELL_PLAIN);
            continue;
        }
        fst_buf_clear(&w->cell);
        if (fst_cell_text(&w->cell, &f->columns[i], row, FST_CELL_PLAIN))
            add_value(w, fst_buf_text(&w->cell), w->cell.n);
        else if (f->n_columns == 1)
            fst_buf_adds(&w->outlet.buf, "\"\""); /* readers pass over empty lines */
        w->outlet.buf.over |= w->cell.over;
    }
    fst_buf_addc(&w->outlet.buf, '\n');
}

static enum fst_status write_csv(struct fst_writer *base, const struct fst_frame *f,
                                 struct fst_error *err)
{
    struct csv_writer *w = (struct csv_writer *)base;
    for (size_t row = 0; row < f->n_rows; row++) {
        add_row(w, f, row);
        FST_TRY(fst_outlet_row(&w->outlet, err));
    }
    return fst_outlet_flush(&w->outlet, err);
}

static enum fst_status finish_csv(struct fst_writer *base, struct fst_error *err)
{
    return fst_outlet_flush(&((struct csv_writer *)base)->outlet, err);
}

static void free_csv(struct fst_writer *base)
{
    struct csv_writer *w = (struct csv_writer *)base;
    fst_buf_done(&w->outlet.buf);
    fst_buf_done(&w->cell);
    free(w);
}

static struct fst_writer *new_writer(const struct fst_schema *schema, struct fst_sink sink,
                                     char sep, bool header)
{
    static const struct fst_writer_ops ops = {write_csv, finish_csv, free_csv};
    struct csv_writer *w = fst_alloc(sizeof(*w));
    w->base.ops = &ops;
    w->outlet = (struct fst_outlet){sink, FST_BUF_TEXT};
    w->cell = FST_BUF_TEXT;
    w->sep = sep;
    for (size_t i = 0; header && i < schema->n; i++) {
        if (i)
            fst_buf_addc(&w->outlet.buf, sep);
        add_value(w, schema->fields[i].name, strlen(schema->fields[i].name));
    }
    if (header)
        fst_buf_addc(&w->outlet.buf, '\n');
    return &w->base;
}

enum fst_status fst_csv_create(const struct fst_schema *schema, struct fst_sink sink,
                               const struct fst_write_options *options, struct fst_writer **out,
                               struct fst_error *err)
{
    (void)err;
    *out = new_writer(schema, sink, ',', !(options && options->no_header));
    return FST_OK;
}

enum fst_status fst_tsv_create(const struct fst_schema *schema, struct fst_sink sink,
                               const struct fst_write_options *options, struct fst_writer **out,
                               struct fst_error *err)
{
    (void)err;
    *out = new_writer(schema, sink, '\t', !(options && options->no_header));
    return FST_OK;
}
