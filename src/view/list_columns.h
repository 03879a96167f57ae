/* The columns that a list of resources can show, and their values. */
#ifndef FIRESTEEL_VIEW_LIST_COLUMNS_H
#define FIRESTEEL_VIEW_LIST_COLUMNS_H

#include "view.h"

struct list_column {
    struct fst_list_column shape;
    enum fst_role (*cell)(const struct fst_item *it, struct fst_buf *out);
    int64_t (*number)(const struct fst_item *it); /* what it sorts by; NULL = its text */
    const char *help;
};
extern const struct list_column list_columns[];
extern const size_t n_list_columns;

#define MOST_LIST_COLUMNS 16
/* The columns called so ("name,state"), at most MOST_LIST_COLUMNS: how many. Names that are none
 * are left out. */
size_t list_columns_named(const char *names, const struct list_column **out);
const struct list_column *list_column_named(const char *name, size_t n);

#endif
