/* writer: a buffer in front of a sink, for the writers of text formats. */
#ifndef FIRESTEEL_DATA_WRITER_H
#define FIRESTEEL_DATA_WRITER_H

#include "firesteel/data.h"

/* Text goes into `buf`; after each row fst_outlet_row writes it when there is enough of it. */
struct fst_outlet {
    struct fst_sink sink;
    struct fst_buf buf;
};
enum fst_status fst_outlet_row(struct fst_outlet *o, struct fst_error *err);
enum fst_status fst_outlet_flush(struct fst_outlet *o, struct fst_error *err);

#endif
