/* copy: rows from a reader to a writer, and who is told of them. */
#include "firesteel/data.h"

/* Enough that a batch of Spark's comes over whole, and less of wide tables. */
static size_t rows_at_once(const struct fst_schema *schema)
{
    enum { CELLS = 1 << 20, MOST = 16384, LEAST = 256 };
    size_t n = CELLS / (schema->n ? schema->n : 1);
    return n > MOST ? MOST : n < LEAST ? LEAST : n;
}

static enum fst_status copy_frame(const struct fst_frame *f, struct fst_writer *w,
                                  struct fst_copy *copy, struct fst_error *err)
{
    if (copy->tell && !copy->tell(copy->arg, f))
        return fst_fail(err, FST_ECANCELLED, "cancelled");
    copy->is_writers = true;
    FST_TRY(fst_writer_write(w, f, err));
    copy->is_writers = false;
    copy->rows += f->n_rows;
    return FST_OK;
}

enum fst_status fst_copy_rows(struct fst_reader *reader, struct fst_writer *w,
                              struct fst_copy *copy, struct fst_error *err)
{
    size_t most = rows_at_once(reader->schema);
    copy->rows = 0;
    copy->is_writers = false;
    for (;;) {
        struct fst_frame *frame;
        FST_TRY(fst_reader_next(reader, most, &frame, err));
        if (!frame)
            break;
        enum fst_status status = copy_frame(frame, w, copy, err);
        fst_frame_unref(frame);
        FST_TRY(status);
    }
    copy->is_writers = true;
    return fst_writer_finish(w, err);
}
