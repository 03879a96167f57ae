/* local_table_rows: the rows of a table in memory and their hash, between the two files of
 * local_table. */
#ifndef ENGINE_LOCAL_TABLE_ROWS_H
#define ENGINE_LOCAL_TABLE_ROWS_H

#include "local_table.h"

/* A decimal of 64 bits, for it lies in its cell; the types of SQLite's values end at 5. */
enum { CELL_DECIMAL = 6, DECIMAL_BYTES = 16 };

/* A value of SQLite's; other bytes lie in the store. */
struct cell {
    union {
        int64_t whole;
        double real;
        const char *bytes;
    };
    uint32_t n;
    uint8_t type; /* SQLITE_INTEGER, ..., or CELL_DECIMAL */
};

/* Rows know each other by number, counted from 1; 0 = none. */
struct row {
    uint32_t next; /* of the same slot */
    union {
        uint32_t hash;
        uint32_t same; /* the next one with the same keys, once all are linked */
    };
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

enum { BLOCK_ROWS = 128 };

struct rows {
    struct store store;
    size_t stride; /* bytes of a row, a multiple of 8 */
    char **blocks; /* of BLOCK_ROWS, in the order in which they came */
    size_t blocks_cap, n;
    uint32_t *slots; /* the first row of each */
    size_t n_slots;
    /* Where the only key is of whole numbers that lie close together, a slot is a number, from the
     * least one on, and the last slot is of NULL. Otherwise slots are by hash, a power of two. */
    bool is_direct;
    int64_t least;
};

static inline struct row *rows_at(const struct rows *r, uint32_t number)
{
    size_t i = number - 1;
    return number ? (struct row *)(r->blocks[i / BLOCK_ROWS] + i % BLOCK_ROWS * r->stride) : NULL;
}

/* Equal values, as SQLite's = and GROUP BY see them, have the same hash. */
uint64_t value_hash(uint64_t hash, sqlite3_value *v);
bool value_is(sqlite3_value *v, const struct cell *c);
/* Order of SQLite's min() and max(). */
int value_order(sqlite3_value *v, const struct cell *c);
bool cell_is(const struct cell *a, const struct cell *b);
int cell_order(const struct cell *a, const struct cell *b);
/* False when there is no room. */
bool cell_take(struct store *s, struct cell *c, sqlite3_value *v);
bool cell_copy(struct store *s, struct cell *c, const struct cell *from);
void cell_give(sqlite3_context *ctx, const struct cell *c);

/* A new row of zeros; NULL when there is no room. */
struct row *rows_add(struct rows *r);
/* The newest row into its slot; slots grow as needed. */
bool rows_link(struct rows *r);
/* Slots for all rows at once; of equal keys only the first is in its slot, the others follow it as
 * `same`, in the order in which they came. */
bool rows_link_all(struct rows *r, const uint16_t *keys, size_t n_keys);
/* The first row in the slot of a hash. */
struct row *rows_slot(const struct rows *r, uint64_t hash);
/* The first row with this only key, where slots are direct. */
struct row *rows_with(const struct rows *r, sqlite3_value *key);
void rows_clear(struct rows *r);

#endif
