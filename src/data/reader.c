/* reader: what all readers share, and the reader over one frame. */
#include "firesteel/data.h"

#include <stdlib.h>

enum fst_status fst_reader_next(struct fst_reader *r, size_t max_rows, struct fst_frame **out,
                                struct fst_error *err)
{
    *out = NULL;
    return r->ops->next(r, max_rows, out, err);
}

void fst_reader_close(struct fst_reader *r)
{
    if (r)
        r->ops->close(r);
}

int64_t fst_reader_total(struct fst_reader *r)
{
    if (r->total_rows < 0 && r->ops->total)
        r->total_rows = r->ops->total(r);
    return r->total_rows;
}

struct frame_reader {
    struct fst_reader base;
    struct fst_frame *frame;
    size_t at;
};

static enum fst_status next_frame(struct fst_reader *base, size_t max_rows, struct fst_frame **out,
                                  struct fst_error *err)
{
    (void)err;
    struct frame_reader *r = (struct frame_reader *)base;
    size_t left = r->frame->n_rows - r->at;
    if (!left || !max_rows)
        return FST_OK;

    size_t n = left < max_rows ? left : max_rows;
    bool whole = n == r->frame->n_rows;
    *out = whole ? fst_frame_ref(r->frame) : fst_frame_slice(r->frame, r->at, n);
    r->at += n;
    return FST_OK;
}

static void close_frame(struct fst_reader *base)
{
    struct frame_reader *r = (struct frame_reader *)base;
    fst_frame_unref(r->frame);
    free(r);
}

struct fst_reader *fst_reader_of_frame(struct fst_frame *f)
{
    static const struct fst_reader_ops ops = {next_frame, close_frame};
    struct frame_reader *r = fst_alloc(sizeof(*r));
    r->base = (struct fst_reader){&ops, f->schema, (int64_t)f->n_rows};
    r->frame = fst_frame_ref(f);
    return &r->base;
}
