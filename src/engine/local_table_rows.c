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

static int cell_order(const struct cell *a, const struct cell *b)
{
    if (is_number(a) && is_number(b))
        return order_of(number_of(a), number_of(b));
    if (is_number(a) != is_number(b))
        return is_number(a) ? -1 : 1;
    if (a->type != b->type)
        return a->type == SQLITE_TEXT ? -1 : 1;
    uint32_t n = a->n < b->n ? a->n : b->n;
    int order = n ? memcmp(a->bytes, b->bytes, n) : 0;
    return order ? order : (a->n > b->n) - (a->n < b->n);
}

static bool cell_is(const struct cell *a, const struct cell *b)
{
    if (a->type == SQLITE_NULL || b->type == SQLITE_NULL)
        return a->type == b->type;
    if (a->type == SQLITE_INTEGER && b->type == SQLITE_INTEGER)
        return a->whole == b->whole;
    return cell_order(a, b) == 0;
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
    *c = borrow(v);
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
    }
}

/* ---- Rows ------------------------------------------------------------------------------------ */

struct row *rows_add(struct rows *r, size_t n_cells, size_t more)
{
    if (r->n == r->cap) {
        size_t cap = r->cap ? r->cap * 2 : 256;
        if (!take_bytes(&r->store, (cap - r->cap) * sizeof *r->all))
            return NULL;
        fst_grow(&r->all, &r->cap, cap, sizeof *r->all);
    }
    struct row *row = store_alloc(&r->store, sizeof *row + n_cells * sizeof *row->cells + more);
    if (row)
        r->all[r->n++] = row;
    return row;
}

static bool set_slots(struct rows *r, size_t n)
{
    if (!take_bytes(&r->store, (n - r->n_slots) * sizeof(struct row *)))
        return false;
    free(r->slots);
    r->slots = fst_alloc(n * sizeof *r->slots);
    r->n_slots = n;
    for (size_t i = r->n; i-- > 0;) {
        struct row **slot = &r->slots[r->all[i]->hash & (n - 1)];
        r->all[i]->next = *slot;
        *slot = r->all[i];
    }
    return true;
}

bool rows_link(struct rows *r, struct row *row)
{
    if (r->n > r->n_slots) /* links all, this one too */
        return set_slots(r, r->n_slots ? r->n_slots * 2 : FIRST_SLOTS);
    struct row **slot = &r->slots[row->hash & (r->n_slots - 1)];
    row->next = *slot;
    *slot = row;
    return true;
}

static bool same_keys(const struct row *a, const struct row *b, const uint16_t *keys, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (!cell_is(&a->cells[keys[i]], &b->cells[keys[i]]))
            return false;
    return a->hash == b->hash;
}

/* From the last row to the first: each takes the place of the next one with its keys. */
bool rows_link_all(struct rows *r, const uint16_t *keys, size_t n_keys)
{
    size_t n = 16;
    while (n < r->n * 2)
        n *= 2;
    if (!take_bytes(&r->store, n * sizeof(struct row *)))
        return false;
    r->slots = fst_alloc(n * sizeof(struct row *));
    r->n_slots = n;
    for (size_t i = r->n; i-- > 0;) {
        struct row *row = r->all[i], **slot = &r->slots[row->hash & (n - 1)];
        while (*slot && !same_keys(*slot, row, keys, n_keys))
            slot = &(*slot)->next;
        row->same = *slot;
        row->next = *slot ? (*slot)->next : NULL;
        *slot = row;
    }
    return true;
}

struct row *rows_slot(const struct rows *r, uint64_t hash)
{
    return r->n_slots ? r->slots[hash & (r->n_slots - 1)] : NULL;
}

void rows_clear(struct rows *r)
{
    free(r->all);
    free(r->slots);
    r->all = NULL;
    r->slots = NULL;
    r->n = r->cap = r->n_slots = 0;
    store_clear(&r->store);
}
