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

enum { FLUSH_BYTES = 1 << 16, TAKE_BYTES = 1 << 21 };

static bool pass_on(struct fst_outlet *o)
{
    if (o->sink.take)
        return o->sink.take(o->sink.arg, &o->buf);
    return o->sink.write(o->sink.arg, o->buf.p, o->buf.n);
}

enum fst_status fst_outlet_flush(struct fst_outlet *o, struct fst_error *err)
{
    if (o->buf.over)
        return fst_fail(err, FST_ENOMEM, "one row is longer than %zu bytes", o->buf.max);
    if (o->buf.n && !pass_on(o))
        return fst_fail_errno(err, "writing");
    fst_buf_clear(&o->buf);
    return FST_OK;
}

enum fst_status fst_outlet_row(struct fst_outlet *o, struct fst_error *err)
{
    size_t enough = o->sink.take ? TAKE_BYTES : FLUSH_BYTES;
    return o->buf.n >= enough || o->buf.over ? fst_outlet_flush(o, err) : FST_OK;
}
