/* local_table: rows in memory with a hash of their keys, as tables of SQLite: the groups of GROUP
 * BY, and what joins search in. SQLite computes the values and reads the rows as it does any
 * table's; it needs neither a sort nor a tree on disk for them. */
#ifndef ENGINE_LOCAL_TABLE_H
#define ENGINE_LOCAL_TABLE_H

#include "local_fn.h"

enum { LOCAL_TABLE_KEYS = 16, LOCAL_TABLE_ARGS = 100 };

struct local_source;

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
    /* The only table that `fill` reads, once and row by row, where groups of two parts of it can be
     * put together; otherwise NULL. */
    const struct local_source *parted;
};

struct local_table;
/* The table and its function fill_<name>, on `db`; they live as long as it. */
enum fst_status local_table_attach(sqlite3 *db, const struct local_table_plan *plan,
                                   const struct local_env *env, struct local_memory *memory,
                                   struct local_table **out, struct fst_error *err);
/* Did it ask for more than the cap? Then it is empty and stays so. */
bool local_table_is_over(const struct local_table *t);
/* The groups of the rows after those of `t`, filled elsewhere by the same plan. False when there is
 * no room: `t` is over then. */
bool local_table_merge(struct local_table *t, const struct local_table *later);
/* Is there a group that only rows before these could keep in its range? */
bool local_table_is_doubtful(const struct local_table *t);
void local_table_clear(struct local_table *t);
void local_table_free(struct local_table *t); /* after the database was closed; NULL is fine */
/* Can the groups of a table be computed by this function? */
bool local_table_computes(const char *function);
/* And two groups of it be put together? */
bool local_table_merges(const char *function);

#endif
