/* parquet_write_rle: numbers as runs of eight and more, and bit-packed groups of eight between. */
#include "parquet_write.h"

#include <stdlib.h>
#include <string.h>

enum { GROUP = 8 };

unsigned fst_pqw_width(size_t max)
{
    unsigned width = 1;
    while (max >> width)
        width++;
    return width;
}

static void put_varint(struct fst_buf *out, uint64_t v)
{
    for (; v >= 0x80; v >>= 7)
        fst_buf_addc(out, (char)(v | 0x80));
    fst_buf_addc(out, (char)v);
}

static size_t run_length(const uint32_t *values, size_t n)
{
    size_t run = 1;
    while (run < n && values[run] == values[0])
        run++;
    return run;
}

static void put_run(struct fst_buf *out, uint32_t value, size_t n, unsigned width)
{
    put_varint(out, (uint64_t)n << 1);
    for (unsigned bit = 0; bit < width; bit += 8)
        fst_buf_addc(out, (char)(value >> bit));
}

/* Eight values take as many bytes as one has bits. */
static uint8_t *pack_group(uint8_t *to, const uint32_t *values, unsigned width)
{
    uint64_t word = 0;
    unsigned bits = 0;
    for (size_t i = 0; i < GROUP; i++) {
        word |= (uint64_t)values[i] << bits;
        bits += width;
        if (bits >= 32) {
            memcpy(to, &word, 4);
            to += 4;
            word >>= 32;
            bits -= 32;
        }
    }
    memcpy(to, &word, bits / 8);
    return to + bits / 8;
}

static void put_groups(struct fst_buf *out, const uint32_t *values, size_t n, unsigned width)
{
    size_t n_groups = (n + GROUP - 1) / GROUP;
    put_varint(out, n_groups << 1 | 1);
    uint8_t *to = (uint8_t *)fst_pqw_room(out, n_groups * width);
    for (; n >= GROUP; n -= GROUP, values += GROUP)
        to = pack_group(to, values, width);
    uint32_t last[GROUP] = {0};
    if (n) {
        memcpy(last, values, n * sizeof(*values));
        pack_group(to, last, width);
    }
}

/* How many values to bit-pack: whole groups, until a group begins with a run. */
static size_t packed_length(const uint32_t *values, size_t n)
{
    size_t at = GROUP;
    while (at < n && run_length(values + at, n - at < GROUP ? n - at : GROUP) < GROUP)
        at += GROUP;
    return at < n ? at : n;
}

void fst_pqw_rle(struct fst_buf *out, const uint32_t *values, size_t n, unsigned width)
{
    for (size_t at = 0; at < n;) {
        size_t count = run_length(values + at, n - at);
        if (count >= GROUP) {
            put_run(out, values[at], count, width);
        } else {
            count = packed_length(values + at, n - at);
            put_groups(out, values + at, count, width);
        }
        at += count;
    }
}

/* Levels of a V1 page, with their length in front. Most are all the same. */
void fst_pqw_levels(struct fst_buf *out, const uint8_t *levels, size_t n, unsigned max)
{
    unsigned width = fst_pqw_width(max);
    size_t at = out->n;
    fst_pqw_room(out, 4);
    if (n && memcmp(levels, levels + 1, n - 1) == 0) {
        put_run(out, levels[0], n, width);
    } else {
        uint32_t *wide = fst_alloc((n + 1) * sizeof(*wide));
        for (size_t i = 0; i < n; i++)
            wide[i] = levels[i];
        fst_pqw_rle(out, wide, n, width);
        free(wide);
    }
    uint32_t length = (uint32_t)(out->n - at - 4);
    memcpy(out->p + at, &length, sizeof(length));
}
