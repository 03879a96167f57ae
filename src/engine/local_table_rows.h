/* local_table_rows: the rows of a table in memory and their hash, between the two files of
 * local_table. */
#ifndef ENGINE_LOCAL_TABLE_ROWS_H
#define ENGINE_LOCAL_TABLE_ROWS_H

#include "local_table.h"

/* A value of SQLite's; bytes lie in the store. */
struct cell {
    union {
        int64_t whole;
        double real;
        const char *bytes;
    };
    uint32_t n;
    uint8_t type; /* SQLITE_INTEGER, ... */
};

struct row {
    struct row *next; /* of the same slot */
    struct row *same; /* the next one with the same keys, once all are linked */
    uint64_t hash;
    struct cell cells[]; /* then the states of the functions */
};

/* Memory that is given back all at once, within what the job may hold. */
struct store {
    struct local_memory *memory;
    struct chunk *chunks;
    size_t left, used; /* of the newest chunk; of all */
    bool over;
};
void *store_alloc(struct store *s, size_t n); /* of zeros, aligned to 8; NULL = over the cap */
void store_clear(struct store *s);

struct rows {
    struct store store;
    struct row **all; /* in the order in which they came */
    size_t n, cap;
    struct row **slots;
    size_t n_slots; /* a power of two, or 0 */
};

/* Equal values, as SQLite's = and GROUP BY see them, have the same hash. */
uint64_t value_hash(uint64_t hash, sqlite3_value *v);
bool value_is(sqlite3_value *v, const struct cell *c);
/* Order of SQLite's min() and max(). */
int value_order(sqlite3_value *v, const struct cell *c);
/* False when there is no room. */
bool cell_take(struct store *s, struct cell *c, sqlite3_value *v);
void cell_give(sqlite3_context *ctx, const struct cell *c);

/* A new row with room for cells and `more` bytes; NULL when there is none. */
struct row *rows_add(struct rows *r, size_t n_cells, size_t more);
/* Into its slot; slots grow as needed. */
bool rows_link(struct rows *r, struct row *row);
/* Slots for all rows at once; of equal keys only the first is in its slot, the others follow it as
 * `same`, in the order in which they came. */
bool rows_link_all(struct rows *r, const uint16_t *keys, size_t n_keys);
struct row *rows_slot(const struct rows *r, uint64_t hash);
void rows_clear(struct rows *r);

#endif
