/* vtab: a scan as SQLite asks for it: which columns, which rows. */
#ifndef FIRESTEEL_DATA_VTAB_H
#define FIRESTEEL_DATA_VTAB_H

#include <sqlite3.h>

#include "filter.h"

/* What one scan must give: rows [from, to) that meet the conditions. */
struct vtab_scan {
    struct fst_arena *arena;
    unsigned long long used; /* columns, as SQLite's mask */
    struct fst_condition *conditions;
    struct fst_test *tests;
    bool *can_test;
    size_t *of; /* the condition's column in the table */
    size_t n;
    uint64_t from, to;
    bool is_bounded, is_empty;
};
struct vtab_scan *vtab_scan_new(const struct fst_schema *schema, const char *text, int argc,
                                sqlite3_value **argv);
void vtab_scan_from(struct vtab_scan *s, uint64_t row); /* no row before it */
void vtab_scan_free(struct vtab_scan *s);               /* NULL is fine */
/* Choose what the scan will be told: xBestIndex. */
int vtab_best_index(const struct fst_schema *schema, bool has_conditions, int64_t estimated_rows,
                    sqlite3_index_info *info);

#endif
