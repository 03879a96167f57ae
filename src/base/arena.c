/* An arena: blocks that grow, everything freed at once. Large pieces get blocks of their own. */
#include <stdlib.h>
#include <string.h>

#include "firesteel/base.h"

#define FIRST_BLOCK 1024
#define LARGEST_BLOCK (256 * 1024)
#define ALIGN 16
#define OWN_BLOCK (16 * 1024)

struct block {
    struct block *next;
    size_t size, used;
    _Alignas(ALIGN) char bytes[];
};

struct fst_arena {
    struct block *blocks; /* the one in use first */
    size_t next_size, total;
};

struct fst_arena *fst_arena_new(void)
{
    struct fst_arena *a = fst_alloc(sizeof *a);
    a->next_size = FIRST_BLOCK;
    return a;
}

void fst_arena_free(struct fst_arena *a)
{
    if (!a)
        return;
    for (struct block *b = a->blocks, *next; b; b = next) {
        next = b->next;
        free(b);
    }
    free(a);
}

static struct block *add_block(struct fst_arena *a, size_t need)
{
    size_t size = need > a->next_size ? need : a->next_size;
    struct block *b = fst_alloc(size < SIZE_MAX / 2 ? sizeof *b + size : SIZE_MAX);
    b->size = size;
    if (a->next_size < LARGEST_BLOCK)
        a->next_size *= 2;
    b->next = a->blocks;
    a->blocks = b;
    return b;
}

void *fst_arena_alloc(struct fst_arena *a, size_t size_bytes)
{
    size_t need = ALIGN;
    if (size_bytes > ALIGN)
        need = size_bytes < SIZE_MAX / 2 ? (size_bytes + ALIGN - 1) & ~(size_t)(ALIGN - 1)
                                         : size_bytes;
    struct block *b = a->blocks;
    if (!b || b->size - b->used < need)
        b = add_block(a, need);
    void *p = b->bytes + b->used;
    b->used += need;
    a->total += need;
    return p;
}

/* A block of its own, behind the one in use. */
void *fst_arena_room(struct fst_arena *a, size_t size_bytes)
{
    if (size_bytes < OWN_BLOCK || !a->blocks)
        return fst_arena_alloc(a, size_bytes);
    struct block *b =
        fst_realloc(NULL, size_bytes < SIZE_MAX / 2 ? sizeof *b + size_bytes : SIZE_MAX);
    b->size = b->used = size_bytes;
    b->next = a->blocks->next;
    a->blocks->next = b;
    a->total += size_bytes;
    return b->bytes;
}

char *fst_arena_strndup(struct fst_arena *a, const char *text, size_t n)
{
    char *copy = fst_arena_alloc(a, n + 1);
    if (n)
        memcpy(copy, text, n);
    return copy;
}

char *fst_arena_strdup(struct fst_arena *a, const char *text)
{
    return text ? fst_arena_strndup(a, text, strlen(text)) : NULL;
}

char *fst_arena_printf(struct fst_arena *a, const char *fmt, ...)
{
    va_list args, again;
    va_start(args, fmt);
    va_copy(again, args);
    int n = vsnprintf(NULL, 0, fmt, args);
    va_end(args);
    char *text = fst_arena_alloc(a, n < 0 ? 1 : (size_t)n + 1);
    if (n > 0)
        vsnprintf(text, (size_t)n + 1, fmt, again);
    va_end(again);
    return text;
}

size_t fst_arena_size(const struct fst_arena *a)
{
    return a->total;
}
