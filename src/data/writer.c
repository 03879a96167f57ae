/* writer: what all writers share: the three calls, and a buffer in front of the sink. */
#include "writer.h"

enum fst_status fst_writer_write(struct fst_writer *w, const struct fst_frame *f,
                                 struct fst_error *err)
{
    FST_TRY(w->ops->write(w, f, err));
    w->rows += f->n_rows;
    return FST_OK;
}

enum fst_status fst_writer_finish(struct fst_writer *w, struct fst_error *err)
{
    return w->ops->finish(w, err);
}

void fst_writer_free(struct fst_writer *w)
{
    if (w)
        w->ops->free(w);
}

enum { FLUSH_BYTES = 1 << 16 };

enum fst_status fst_outlet_flush(struct fst_outlet *o, struct fst_error *err)
{
    if (o->buf.over)
        return fst_fail(err, FST_ENOMEM, "one row is longer than %zu bytes", o->buf.max);
    if (o->buf.n && !o->sink.write(o->sink.arg, o->buf.p, o->buf.n))
        return fst_fail_errno(err, "writing");
    fst_buf_clear(&o->buf);
    return FST_OK;
}

enum fst_status fst_outlet_row(struct fst_outlet *o, struct fst_error *err)
{
    return o->buf.n >= FLUSH_BYTES || o->buf.over ? fst_outlet_flush(o, err) : FST_OK;
}
