/* local_table: rows in memory with a hash of their keys, as tables of SQLite: the groups of GROUP
 * BY, and what joins search in. SQLite computes the values and reads the rows as it does any
 * table's; it needs neither a sort nor a tree on disk for them. */
#ifndef ENGINE_LOCAL_TABLE_H
#define ENGINE_LOCAL_TABLE_H

#include "local_fn.h"

enum { LOCAL_TABLE_KEYS = 16, LOCAL_TABLE_ARGS = 100 };

/* As the translation wants it: columns, then one of each function. */
struct local_table_plan {
    const char *name, *columns; /* "c0, c1, a0" */
    const char *fill;           /* SELECT fill_<name>(columns..., arguments...) FROM ... */
    size_t n_columns;
    uint16_t keys[LOCAL_TABLE_KEYS]; /* which columns; all of them where n_functions > 0 */
    size_t n_keys;
    bool grouped;                 /* one row a key; without, every row stays */
    const char *const *functions; /* SQLite's count, min, max, or one of ours (or try_<ours>) */
    size_t n_functions;
};

/* What the tables of one job hold together. */
struct local_memory {
    uint64_t used, cap;
};

struct local_table;
/* The table and its function fill_<name>, on `db`; they live as long as it. */
enum fst_status local_table_attach(sqlite3 *db, const struct local_table_plan *plan,
                                   const struct local_env *env, struct local_memory *memory,
                                   struct local_table **out, struct fst_error *err);
/* Did it ask for more than the cap? Then it is empty and stays so. */
bool local_table_is_over(const struct local_table *t);
void local_table_clear(struct local_table *t);
void local_table_free(struct local_table *t); /* after the database was closed; NULL is fine */
/* Can the groups of a table be computed by this function? */
bool local_table_computes(const char *function);

#endif
