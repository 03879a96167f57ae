/* Rows in memory: values packed into cells, found by the hash of their keys. */
#include "local_table_rows.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { CHUNK_BYTES = 1 << 20, FIRST_SLOTS = 1024 };

/* ---- Memory ---------------------------------------------------------------------------------- */

struct chunk {
    struct chunk *next;
    size_t size;
    size_t unused; /* keeps what follows aligned to 8 */
};

static bool take_bytes(struct store *s, size_t n)
{
    if (s->over || n > s->memory->cap - s->memory->used) {
        s->over = true;
        return false;
    }
    s->memory->used += n;
    s->used += n;
    return true;
}

void *store_alloc(struct store *s, size_t n)
{
    n = (n + 7) & ~(size_t)7;
    if (n > s->left) {
        /* small at first, so that small tables are cheap */
        size_t size = s->used < CHUNK_BYTES ? 4096 + s->used : CHUNK_BYTES;
        size = n > size ? n : size;
        if (!take_bytes(s, size + sizeof(struct chunk)))
            return NULL;
        struct chunk *c = fst_alloc(size + sizeof *c);
        *c = (struct chunk){s->chunks, size, 0};
        s->chunks = c;
        s->left = size;
    }
    char *p = (char *)(s->chunks + 1) + s->chunks->size - s->left;
    s->left -= n;
    return p;
}

void store_clear(struct store *s)
{
    while (s->chunks) {
        struct chunk *next = s->chunks->next;
        free(s->chunks);
        s->chunks = next;
    }
    s->memory->used -= s->used;
    s->left = s->used = 0;
}

/* ---- Values ---------------------------------------------------------------------------------- */

static uint64_t mix(uint64_t hash, uint64_t v)
{
    unsigned __int128 p =
        (unsigned __int128)(hash ^ v ^ UINT64_C(0x9E3779B97F4A7C15)) * UINT64_C(0xD6E8FEB86659FD93);
    return (uint64_t)p ^ (uint64_t)(p >> 64);
}

static uint64_t hash_bytes(uint64_t hash, const char *p, size_t n)
{
    uint64_t word;
    hash = mix(hash, n);
    for (; n >= 8; p += 8, n -= 8) {
        memcpy(&word, p, 8);
        hash = mix(hash, word);
    }
    word = 0;
    if (n)
        memcpy(&word, p, n);
    return mix(hash, word);
}

/* A whole number as a double equals the same as an integer. */
static bool is_whole(double v)
{
    return v >= -9223372036854775808.0 && v < 9223372036854775808.0 && v == floor(v);
}

static uint64_t real_bits(double v)
{
    uint64_t bits;
    memcpy(&bits, &v, 8);
    return bits;
}

uint64_t value_hash(uint64_t hash, sqlite3_value *v)
{
    double real;
    switch (sqlite3_value_type(v)) {
    case SQLITE_INTEGER:
        return mix(hash, (uint64_t)sqlite3_value_int64(v));
    case SQLITE_FLOAT:
        real = sqlite3_value_double(v);
        return mix(hash, is_whole(real) ? (uint64_t)(int64_t)real : real_bits(real));
    case SQLITE_NULL:
        return mix(hash, 1);
    default:
        /* as it lies there: sqlite3_value_text would add a terminator */
        return hash_bytes(hash, sqlite3_value_blob(v), (size_t)sqlite3_value_bytes(v));
    }
}

static int order_of(long double a, long double b)
{
    return (a > b) - (a < b);
}

/* The 64 bits of a long double's digits hold every integer. */
static long double number_of(const struct cell *c)
{
    return c->type == SQLITE_INTEGER ? (long double)c->whole : (long double)c->real;
}

static bool is_number(const struct cell *c)
{
    return c->type == SQLITE_INTEGER || c->type == SQLITE_FLOAT;
}

/* The bytes of text, of a blob, or of a decimal, which lie in `room` then. */
static const char *bytes_of(const struct cell *c, unsigned char *room, size_t *n)
{
    *n = c->type == CELL_DECIMAL ? DECIMAL_BYTES : c->n;
    if (c->type != CELL_DECIMAL)
        return c->bytes;
    local_decimal_blob(c->whole, room);
    return (const char *)room;
}

static int bytes_order(const struct cell *a, const struct cell *b)
{
    unsigned char rooms[2][DECIMAL_BYTES];
    size_t n_a, n_b;
    const char *p = bytes_of(a, rooms[0], &n_a), *q = bytes_of(b, rooms[1], &n_b);
    size_t n = n_a < n_b ? n_a : n_b;
    int order = n ? memcmp(p, q, n) : 0;
    return order ? order : (n_a > n_b) - (n_a < n_b);
}

int cell_order(const struct cell *a, const struct cell *b)
{
    if (is_number(a) && is_number(b))
        return order_of(number_of(a), number_of(b));
    if (is_number(a) != is_number(b))
        return is_number(a) ? -1 : 1;
    if ((a->type == SQLITE_TEXT) != (b->type == SQLITE_TEXT))
        return a->type == SQLITE_TEXT ? -1 : 1;
    if (a->type == CELL_DECIMAL && b->type == CELL_DECIMAL)
        return (a->whole > b->whole) - (a->whole < b->whole);
    return bytes_order(a, b);
}

bool cell_is(const struct cell *a, const struct cell *b)
{
    if (a->type == SQLITE_NULL || b->type == SQLITE_NULL)
        return a->type == b->type;
    if (a->type == b->type && (a->type == SQLITE_INTEGER || a->type == CELL_DECIMAL))
        return a->whole == b->whole;
    return cell_order(a, b) == 0;
}

/* A blob that looks like a decimal of 64 bits becomes one; it is given as the bytes it was. */
static void narrow(struct cell *c)
{
    if (c->type != SQLITE_BLOB || c->n != DECIMAL_BYTES)
        return;
    __int128 v = local_decimal_of((const unsigned char *)c->bytes);
    if (v != (int64_t)v)
        return;
    c->type = CELL_DECIMAL;
    c->whole = (int64_t)v;
}

/* The value as a cell whose bytes are still SQLite's. */
static struct cell borrow(sqlite3_value *v)
{
    struct cell c = {.type = (uint8_t)sqlite3_value_type(v)};
    switch (c.type) {
    case SQLITE_INTEGER:
        c.whole = sqlite3_value_int64(v);
        break;
    case SQLITE_FLOAT:
        c.real = sqlite3_value_double(v);
        break;
    case SQLITE_NULL:
        break;
    default:
        c.bytes = sqlite3_value_blob(v);
        c.n = (uint32_t)sqlite3_value_bytes(v);
        narrow(&c);
    }
    return c;
}

bool value_is(sqlite3_value *v, const struct cell *c)
{
    struct cell b = borrow(v);
    return cell_is(&b, c);
}

int value_order(sqlite3_value *v, const struct cell *c)
{
    struct cell b = borrow(v);
    return cell_order(&b, c);
}

bool cell_take(struct store *s, struct cell *c, sqlite3_value *v)
{
    struct cell b = borrow(v);
    return cell_copy(s, c, &b);
}

bool cell_copy(struct store *s, struct cell *c, const struct cell *from)
{
    *c = *from;
    if (c->type != SQLITE_TEXT && c->type != SQLITE_BLOB)
        return true;
    char *copy = store_alloc(s, c->n ? c->n : 1);
    if (copy && c->n)
        memcpy(copy, c->bytes, c->n);
    c->bytes = copy;
    return copy;
}

void cell_give(sqlite3_context *ctx, const struct cell *c)
{
    unsigned char bytes[DECIMAL_BYTES];
    switch (c->type) {
    case SQLITE_INTEGER:
        sqlite3_result_int64(ctx, c->whole);
        break;
    case SQLITE_FLOAT:
        sqlite3_result_double(ctx, c->real);
        break;
    case SQLITE_TEXT:
        sqlite3_result_text64(ctx, c->bytes, c->n, SQLITE_STATIC, SQLITE_UTF8);
        break;
    case SQLITE_BLOB:
        sqlite3_result_blob64(ctx, c->bytes, c->n, SQLITE_STATIC);
        break;
    case CELL_DECIMAL:
        local_decimal_blob(c->whole, bytes);
        sqlite3_result_blob(ctx, bytes, sizeof bytes, SQLITE_TRANSIENT);
        break;
    }
}

/* ---- Rows ------------------------------------------------------------------------------------ */

struct row *rows_add(struct rows *r)
{
    size_t block = r->n / BLOCK_ROWS;
    if (r->n == UINT32_MAX - 1)
        r->store.over = true;
    if (r->n % BLOCK_ROWS == 0) {
        char *bytes = store_alloc(&r->store, BLOCK_ROWS * r->stride);
        if (!bytes)
            return NULL;
        fst_grow(&r->blocks, &r->blocks_cap, block + 1, sizeof *r->blocks);
        r->blocks[block] = bytes;
    }
    return r->store.over ? NULL : rows_at(r, (uint32_t)++r->n);
}

static bool new_slots(struct rows *r, size_t n)
{
    if (!take_bytes(&r->store, (n - r->n_slots) * sizeof *r->slots))
        return false;
    free(r->slots);
    r->slots = fst_alloc(n * sizeof *r->slots);
    r->n_slots = n;
    return true;
}

static void link_row(struct rows *r, uint32_t number)
{
    struct row *row = rows_at(r, number);
    uint32_t *slot = &r->slots[row->hash & (r->n_slots - 1)];
    row->next = *slot;
    *slot = number;
}

bool rows_link(struct rows *r)
{
    if (r->n <= r->n_slots) {
        link_row(r, (uint32_t)r->n);
        return true;
    }
    if (!new_slots(r, r->n_slots ? r->n_slots * 2 : FIRST_SLOTS))
        return false;
    for (size_t i = r->n; i > 0; i--)
        link_row(r, (uint32_t)i);
    return true;
}

/* ---- All at once ----------------------------------------------------------------------------- */

/* Are the keys whole numbers, with few gaps? Then the number of slots for them, otherwise 0. */
static size_t direct_slots(struct rows *r, uint16_t key)
{
    int64_t least = INT64_MAX, most = INT64_MIN;
    for (size_t i = 1; i <= r->n; i++) {
        const struct cell *c = &rows_at(r, (uint32_t)i)->cells[key];
        if (c->type == SQLITE_NULL)
            continue;
        if (c->type != SQLITE_INTEGER)
            return 0;
        least = c->whole < least ? c->whole : least;
        most = c->whole > most ? c->whole : most;
    }
    uint64_t range = (uint64_t)most - (uint64_t)least;
    r->least = least;
    return least <= most && range < r->n * 4 ? (size_t)range + 2 : 0;
}

static size_t direct_slot(const struct rows *r, int64_t key)
{
    uint64_t place = (uint64_t)key - (uint64_t)r->least;
    return key >= r->least && place < r->n_slots - 1 ? (size_t)place : SIZE_MAX;
}

struct row *rows_with(const struct rows *r, sqlite3_value *key)
{
    struct cell c = borrow(key);
    size_t slot = c.type == SQLITE_NULL                        ? r->n_slots - 1
                  : c.type == SQLITE_INTEGER                   ? direct_slot(r, c.whole)
                  : c.type == SQLITE_FLOAT && is_whole(c.real) ? direct_slot(r, (int64_t)c.real)
                                                               : SIZE_MAX;
    return slot == SIZE_MAX ? NULL : rows_at(r, r->slots[slot]);
}

static void link_direct(struct rows *r, uint16_t key)
{
    r->is_direct = true;
    for (size_t i = r->n; i > 0; i--) {
        struct row *row = rows_at(r, (uint32_t)i);
        const struct cell *c = &row->cells[key];
        bool is_null = c->type == SQLITE_NULL;
        uint32_t *slot = &r->slots[is_null ? r->n_slots - 1 : direct_slot(r, c->whole)];
        row->same = *slot;
        *slot = (uint32_t)i;
    }
}

static bool same_keys(const struct row *a, const struct row *b, const uint16_t *keys, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (!cell_is(&a->cells[keys[i]], &b->cells[keys[i]]))
            return false;
    return true;
}

/* From the last row to the first: each takes the place of the next one with its keys. */
static void link_by_hash(struct rows *r, const uint16_t *keys, size_t n_keys)
{
    for (size_t i = r->n; i > 0; i--) {
        struct row *row = rows_at(r, (uint32_t)i);
        uint32_t *slot = &r->slots[row->hash & (r->n_slots - 1)];
        while (*slot && !same_keys(rows_at(r, *slot), row, keys, n_keys))
            slot = &rows_at(r, *slot)->next;
        row->same = *slot;
        row->next = *slot ? rows_at(r, *slot)->next : 0;
        *slot = (uint32_t)i;
    }
}

bool rows_link_all(struct rows *r, const uint16_t *keys, size_t n_keys)
{
    size_t direct = n_keys == 1 ? direct_slots(r, keys[0]) : 0, n = 16;
    while (n < r->n * 2)
        n *= 2;
    if (!new_slots(r, direct ? direct : n))
        return false;
    if (direct)
        link_direct(r, keys[0]);
    else
        link_by_hash(r, keys, n_keys);
    return true;
}

struct row *rows_slot(const struct rows *r, uint64_t hash)
{
    return r->n_slots ? rows_at(r, r->slots[(uint32_t)hash & (r->n_slots - 1)]) : NULL;
}

void rows_clear(struct rows *r)
{
    free(r->blocks);
    free(r->slots);
    r->blocks = NULL;
    r->slots = NULL;
    r->n = r->blocks_cap = r->n_slots = 0;
    r->is_direct = false;
    store_clear(&r->store);
}
