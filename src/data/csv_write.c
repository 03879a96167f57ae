/* csv_write: frames as comma or tab separated text (RFC 4180: quotes are doubled).
 *
 * NULL is nothing and the empty string is "", so that they differ; a reader that wants the text
 * back exactly asks for escape='"'. */
#include "formats.h"
#include "writer.h"

#include <stdlib.h>
#include <string.h>

/* How the values of a column are put. */
enum manner {
    LONG,  /* text of any length, which may need quotes */
    CLEAN, /* text that needs none for what is inside of it */
    SHORT, /* see fst_cell_is_short */
};

struct csv_writer {
    struct fst_writer base;
    struct fst_outlet outlet;
    struct fst_buf cell;
    char sep;
    enum manner *manners; /* by column of the frame */
    size_t n_manners;
};

static bool is_special_inside(char sep, const char *p, size_t n)
{
    bool special = false;
    for (size_t i = 0; i < n; i++) /* without a way out in the middle it is done many at once */
        special |= p[i] == sep || p[i] == '"' || p[i] == '\n' || p[i] == '\r';
    return special;
}

static bool needs_quotes(char sep, const char *p, size_t n, bool is_clean)
{
    return !n || p[0] == ' ' || p[n - 1] == ' ' || (!is_clean && is_special_inside(sep, p, n));
}

static void add_value(struct csv_writer *w, const char *p, size_t n, bool is_clean)
{
    struct fst_buf *out = &w->outlet.buf;
    if (!needs_quotes(w->sep, p, n, is_clean)) {
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

/* All the text of a column in one go: most has nothing that needs quotes. */
static bool has_clean_text(char sep, const struct fst_column *c)
{
    if (c->type.kind != FST_STRING || c->unreadable || !c->n)
        return false;
    const char *p = (const char *)c->values + c->offsets[0];
    size_t n = c->offsets[c->n] - c->offsets[0];
    return !n ||
           (!memchr(p, sep, n) && !memchr(p, '"', n) && !memchr(p, '\n', n) && !memchr(p, '\r', n));
}

static void look_at(struct csv_writer *w, const struct fst_frame *f)
{
    if (w->n_manners < f->n_columns) {
        w->manners = fst_realloc(w->manners, f->n_columns * sizeof(*w->manners));
        w->n_manners = f->n_columns;
    }
    for (size_t i = 0; i < f->n_columns; i++) {
        const struct fst_column *c = &f->columns[i];
        w->manners[i] = fst_cell_is_short(c) ? SHORT : has_clean_text(w->sep, c) ? CLEAN : LONG;
    }
}

/* Text that is as short as other values and needs no quotes; false when it is not. */
static bool put_text(char **p, const struct fst_column *c, size_t row)
{
    enum { PIECE = 16 };
    const char *text = (const char *)c->values + c->offsets[row];
    size_t n = c->offsets[row + 1] - c->offsets[row];
    if (n > FST_PUT_MAX || needs_quotes(',', text, n, true))
        return false;
    size_t behind = c->offsets[c->n] - c->offsets[row];
    if (n <= PIECE && behind >= PIECE) /* one length is quicker than any */
        memcpy(*p, text, PIECE);
    else
        memcpy(*p, text, n);
    *p += n;
    return true;
}

static bool put_value(const struct csv_writer *w, char **p, const struct fst_column *c, size_t i,
                      size_t row)
{
    if (w->manners[i] == SHORT)
        *p = fst_cell_put(*p, c, row);
    return w->manners[i] == SHORT || (w->manners[i] == CLEAN && put_text(p, c, row));
}

/* Text of any length: into the buffer by way of `cell`, or as it lies there. */
static void add_long(struct csv_writer *w, const struct fst_column *c, size_t row, bool is_clean)
{
    if (c->type.kind == FST_STRING) {
        struct fst_str text = fst_column_bytes(c, row);
        add_value(w, text.p, text.n, is_clean);
        return;
    }
    fst_buf_clear(&w->cell);
    fst_cell_text(&w->cell, c, row, FST_CELL_PLAIN);
    add_value(w, fst_buf_text(&w->cell), w->cell.n, false);
    w->outlet.buf.over |= w->cell.over;
}

/* A place for so many short values, and the signs between them. */
static char *room_for(struct csv_writer *w, size_t n_values)
{
    return fst_buf_room(&w->outlet.buf, n_values * (FST_PUT_MAX + 1) + 1);
}

static void add_row(struct csv_writer *w, const struct fst_frame *f, size_t row)
{
    struct fst_buf *out = &w->outlet.buf;
    char *p = room_for(w, f->n_columns);
    for (size_t i = 0; p && i < f->n_columns; i++) {
        const struct fst_column *c = &f->columns[i];
        bool is_null = fst_column_is_null(c, row);
        if (i)
            *p++ = w->sep;
        if (is_null ? f->n_columns > 1 : put_value(w, &p, c, i, row))
            continue;
        fst_buf_took(out, p);
        if (is_null)
            fst_buf_adds(out, "\"\""); /* readers pass over empty lines */
        else
            add_long(w, c, row, w->manners[i] == CLEAN);
        p = room_for(w, f->n_columns - i);
    }
    if (!p)
        return;
    *p++ = '\n';
    fst_buf_took(out, p);
}

static enum fst_status write_csv(struct fst_writer *base, const struct fst_frame *f,
                                 struct fst_error *err)
{
    struct csv_writer *w = (struct csv_writer *)base;
    look_at(w, f);
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
    free(w->manners);
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
        add_value(w, schema->fields[i].name, strlen(schema->fields[i].name), false);
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
