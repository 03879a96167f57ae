/* Inside of comparing two runs. */
#ifndef FIRESTEEL_APP_COMPARE_H
#define FIRESTEEL_APP_COMPARE_H

#include "app.h"

#include <stdlib.h>

struct comparing {
    struct fst_app *app;
    const struct fst_compare_options *o;
    struct fst_comparison *out;
    int64_t resource_id;
    uint64_t seen; /* rows */
    struct fst_arena *kept[2];
};
/* Rows by key (compare_rows.c). */
enum fst_status fst__compare_rows(struct comparing *x, struct fst_error *err);

#endif
