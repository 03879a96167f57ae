/* tail: the last rows of a reader, which is read to its end for them. Of what comes on the way no
 * more is kept than the rows that may be the last. */
#include <stdlib.h>
#include <string.h>

#include "frame.h"

enum { FRAME_ROWS = 4096, BYTES_MAX = 256 << 20 };

struct tail_reader {
    struct fst_reader base;
    struct fst_reader *inner;
    uint64_t wanted;
    bool is_read;
    struct fst_frame **frames; /* from `first` on; their rows are all but `extra` those wanted */
    size_t first, n, cap;
    uint64_t rows;
    size_t bytes;
};

static void drop_first(struct tail_reader *r)
{
    struct fst_frame *f = r->frames[r->first++];
    r->rows -= f->n_rows;
    r->bytes -= fst_frame_size(f);
    fst_frame_unref(f);
}

static void add(struct tail_reader *r, struct fst_frame *f)
{
    if (r->first > 64 && r->first > r->n / 2) {
        memmove(r->frames, r->frames + r->first, (r->n - r->first) * sizeof(*r->frames));
        r->n -= r->first;
        r->first = 0;
    }
    fst_grow(&r->frames, &r->cap, r->n + 1, sizeof(*r->frames));
    r->frames[r->n++] = f;
    r->rows += f->n_rows;
    r->bytes += fst_frame_size(f);
    while (r->rows - r->frames[r->first]->n_rows >= r->wanted)
        drop_first(r);
}

/* What the first frame has too much. */
static void cut_first(struct tail_reader *r)
{
    if (r->rows <= r->wanted || r->first == r->n)
        return;
    struct fst_frame *f = r->frames[r->first];
    size_t extra = (size_t)(r->rows - r->wanted);
    r->frames[r->first] = fst_frame_slice(f, extra, f->n_rows - extra);
    r->rows -= extra;
    fst_frame_unref(f);
}

static enum fst_status read_all(struct tail_reader *r, struct fst_error *err)
{
    for (struct fst_frame *f;;) {
        FST_TRY(fst_reader_next(r->inner, FRAME_ROWS, &f, err));
        if (!f)
            break;
        add(r, f);
        if (r->bytes > BYTES_MAX)
            return fst_fail(err, FST_ENOMEM,
                            "the last %llu rows take more than %d MB; ask for fewer, or columns",
                            (unsigned long long)r->wanted, BYTES_MAX >> 20);
    }
    cut_first(r);
    r->is_read = true;
    return FST_OK;
}

static enum fst_status next_rows(struct fst_reader *base, size_t max_rows, struct fst_frame **out,
                                 struct fst_error *err)
{
    struct tail_reader *r = (struct tail_reader *)base;
    if (!r->is_read)
        FST_TRY(read_all(r, err));
    if (r->first == r->n || !r->wanted || !max_rows)
        return FST_OK;
    struct fst_frame *f = r->frames[r->first];
    if (f->n_rows <= max_rows) {
        *out = f;
        r->first++;
        return FST_OK;
    }
    *out = fst_frame_slice(f, 0, max_rows);
    r->frames[r->first] = fst_frame_slice(f, max_rows, f->n_rows - max_rows);
    fst_frame_unref(f);
    return FST_OK;
}

static void close_tail(struct fst_reader *base)
{
    struct tail_reader *r = (struct tail_reader *)base;
    while (r->first < r->n)
        fst_frame_unref(r->frames[r->first++]);
    fst_reader_close(r->inner);
    free(r->frames);
    free(r);
}

struct fst_reader *fst_reader_last(struct fst_reader *inner, uint64_t n)
{
    static const struct fst_reader_ops ops = {.next = next_rows, .close = close_tail};
    struct tail_reader *r = fst_alloc(sizeof(*r));
    r->base =
        (struct fst_reader){.ops = &ops, .schema = inner->schema, .total_rows = inner->total_rows};
    r->inner = inner;
    r->wanted = n;
    return &r->base;
}
