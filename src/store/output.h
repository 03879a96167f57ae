/* What kinds of outputs share. */
#ifndef FIRESTEEL_STORE_OUTPUT_H
#define FIRESTEEL_STORE_OUTPUT_H

#include "stores.h"

/* Each does what the function of the door does. */
struct fst__output_ops {
    struct fst_folder (*folder)(struct fst_output *o);
    enum fst_status (*commit)(struct fst_output *o, struct fst_error *err);
    void (*explain)(const struct fst_output *o, struct fst_error *err); /* may be NULL */
    void (*free)(struct fst_output *o);
};
struct fst_output {
    const struct fst__output_ops *ops;
};
enum fst_status fst__file_output_open(const char *uri, struct fst_output **out,
                                      struct fst_error *err);
/* Takes `far`. */
enum fst_status fst__s3_output_open(const char *uri, struct fst__far *far, struct fst_output **out,
                                    struct fst_error *err);

#endif
