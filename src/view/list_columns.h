/* The columns that a list of resources or of runs can show, chosen by their names. */
#ifndef FIRESTEEL_VIEW_LIST_COLUMNS_H
#define FIRESTEEL_VIEW_LIST_COLUMNS_H

#include "view.h"

struct list_column {
    struct fst_list_column shape;
    union { /* a resource's, or a run's */
        enum fst_role (*cell)(const struct fst_item *it, struct fst_buf *out);
        enum fst_role (*run)(const struct fst_run_record *run, struct fst_buf *out);
    };
    int64_t (*number)(const struct fst_item *it); /* what it sorts by; NULL = its text */
    const char *help;                             /* NULL = its name says it */
};
extern const struct list_column list_columns[]; /* of resources; the last one has no name */

#define MOST_LIST_COLUMNS 16
/* The columns called so ("name,state"), at most MOST_LIST_COLUMNS, and their shapes: how many.
 * Names that are none are left out. */
size_t list_columns_named(const struct list_column *of, const char *names,
                          const struct list_column **out, struct fst_list_column *shapes);
const struct list_column *list_column_named(const struct list_column *of, const char *name,
                                            size_t n);
/* The prompt that is open completes them. */
void list_columns_complete(struct wb *wb, const struct list_column *of);

#endif
