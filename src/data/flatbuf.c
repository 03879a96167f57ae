/* flatbuf: see the header. References are unsigned and count from where they stand; only a table's
 * link to its vtable is signed. */
#include "flatbuf.h"

#include <string.h>

static bool inside(struct fst_fb *b, size_t at, size_t n)
{
    if (b->bad || at > b->n || n > b->n - at)
        b->bad = true;
    return !b->bad;
}

uint64_t fst_fb_load(struct fst_fb *b, size_t at, size_t width)
{
    uint64_t v = 0;
    if (inside(b, at, width))
        for (size_t i = 0; i < width; i++)
            v |= (uint64_t)b->p[at + i] << (8 * i);
    return v;
}

/* Where the reference at `at` leads; 0 when it is bad. */
static size_t follow(struct fst_fb *b, size_t at)
{
    size_t target = at + (size_t)fst_fb_load(b, at, 4);
    return inside(b, target, 4) ? target : 0;
}

static struct fst_fb_table table_of(struct fst_fb *b, size_t at)
{
    struct fst_fb_table none = {0};
    int64_t vtable = (int64_t)at - (int32_t)fst_fb_load(b, at, 4);
    if (vtable < 0 || !inside(b, (size_t)vtable, 4)) {
        b->bad = true;
        return none;
    }
    size_t size = (size_t)fst_fb_load(b, (size_t)vtable, 2);
    if (size < 4 || !inside(b, (size_t)vtable, size)) {
        b->bad = true;
        return none;
    }
    return (struct fst_fb_table){at, (size_t)vtable, (size - 4) / 2};
}

struct fst_fb_table fst_fb_root(struct fst_fb *b)
{
    return table_of(b, follow(b, 0));
}

/* Where the field of a slot is; 0 when it is not there. */
static size_t field_at(struct fst_fb *b, struct fst_fb_table t, size_t slot)
{
    if (!t.at || slot >= t.n_slots)
        return 0;
    size_t offset = (size_t)fst_fb_load(b, t.vtable + 4 + 2 * slot, 2);
    return offset ? t.at + offset : 0;
}

int64_t fst_fb_int(struct fst_fb *b, struct fst_fb_table t, size_t slot, size_t width,
                   int64_t absent)
{
    size_t at = field_at(b, t, slot);
    if (!at)
        return absent;
    uint64_t v = fst_fb_load(b, at, width) << (64 - 8 * width);
    return (int64_t)v >> (64 - 8 * width);
}

struct fst_fb_table fst_fb_table_at(struct fst_fb *b, struct fst_fb_table t, size_t slot)
{
    size_t at = field_at(b, t, slot);
    return at ? table_of(b, follow(b, at)) : (struct fst_fb_table){0};
}

struct fst_fb_vector fst_fb_vector_at(struct fst_fb *b, struct fst_fb_table t, size_t slot,
                                      size_t elem_bytes)
{
    size_t at = field_at(b, t, slot);
    size_t start = at ? follow(b, at) : 0;
    size_t n = start ? (size_t)fst_fb_load(b, start, 4) : 0;
    if (!n || !inside(b, start + 4, n * elem_bytes))
        return (struct fst_fb_vector){0};
    return (struct fst_fb_vector){start + 4, n};
}

struct fst_str fst_fb_string(struct fst_fb *b, struct fst_fb_table t, size_t slot)
{
    struct fst_fb_vector v = fst_fb_vector_at(b, t, slot, 1);
    return v.n ? (struct fst_str){(const char *)b->p + v.at, v.n} : (struct fst_str){"", 0};
}

struct fst_fb_table fst_fb_item(struct fst_fb *b, struct fst_fb_vector v, size_t i)
{
    return i < v.n ? table_of(b, follow(b, v.at + 4 * i)) : (struct fst_fb_table){0};
}
