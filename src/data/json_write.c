/* json_write: frames as JSON objects, one a line, or all in one array. */
#include "formats.h"
#include "writer.h"

#include <stdlib.h>
#include <string.h>

struct json_writer {
    struct fst_writer base;
    struct fst_outlet outlet;
    bool is_array, has_rows;
};

static void add_row(struct json_writer *w, const struct fst_frame *f, size_t row)
{
    struct fst_buf *out = &w->outlet.buf;
    fst_buf_addc(out, '{');
    for (size_t i = 0; i < f->n_columns; i++) {
        const char *name = f->schema->fields[i].name;
        if (i)
            fst_buf_addc(out, ',');
        fst_json_quote(out, name, strlen(name));
        fst_buf_addc(out, ':');
        fst_cell_json(out, &f->columns[i], row);
    }
    fst_buf_addc(out, '}');
}

static enum fst_status write_json(struct fst_writer *base, const struct fst_frame *f,
                                  struct fst_error *err)
{
    struct json_writer *w = (struct json_writer *)base;
    for (size_t row = 0; row < f->n_rows; row++) {
        if (w->is_array)
            fst_buf_adds(&w->outlet.buf, w->has_rows ? ",\n" : "[\n");
        add_row(w, f, row);
        if (!w->is_array)
            fst_buf_addc(&w->outlet.buf, '\n');
        w->has_rows = true;
        FST_TRY(fst_outlet_row(&w->outlet, err));
    }
    return fst_outlet_flush(&w->outlet, err);
}

static enum fst_status finish_json(struct fst_writer *base, struct fst_error *err)
{
    struct json_writer *w = (struct json_writer *)base;
    if (w->is_array)
        fst_buf_adds(&w->outlet.buf, w->has_rows ? "\n]\n" : "[]\n");
    return fst_outlet_flush(&w->outlet, err);
}

static void free_json(struct fst_writer *base)
{
    struct json_writer *w = (struct json_writer *)base;
    fst_buf_done(&w->outlet.buf);
    free(w);
}

static struct fst_writer *new_writer(struct fst_sink sink, bool is_array)
{
    static const struct fst_writer_ops ops = {write_json, finish_json, free_json};
    struct json_writer *w = fst_alloc(sizeof(*w));
    w->base.ops = &ops;
    w->outlet = (struct fst_outlet){sink, FST_BUF_TEXT};
    w->is_array = is_array;
    return &w->base;
}

enum fst_status fst_json_create(const struct fst_schema *schema, struct fst_sink sink,
                                const struct fst_write_options *options, struct fst_writer **out,
                                struct fst_error *err)
{
    (void)schema, (void)options, (void)err;
    *out = new_writer(sink, true);
    return FST_OK;
}

enum fst_status fst_jsonl_create(const struct fst_schema *schema, struct fst_sink sink,
                                 const struct fst_write_options *options, struct fst_writer **out,
                                 struct fst_error *err)
{
    (void)schema, (void)options, (void)err;
    *out = new_writer(sink, false);
    return FST_OK;
}
