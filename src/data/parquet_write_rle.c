/* parquet_write_rle: numbers as runs of eight and more, and bit-packed groups of eight between. */
#include "parquet_write.h"

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

static void put_group(struct fst_buf *out, const uint32_t *values, size_t n, unsigned width)
{
    uint64_t word = 0;
    unsigned bits = 0;
    for (size_t i = 0; i < GROUP; i++) {
        word |= (uint64_t)(i < n ? values[i] : 0) << bits;
        for (bits += width; bits >= 8; bits -= 8, word >>= 8)
            fst_buf_addc(out, (char)word);
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
            put_varint(out, ((count + GROUP - 1) / GROUP) << 1 | 1);
            for (size_t i = 0; i < count; i += GROUP)
                put_group(out, values + at + i, count - i, width);
        }
        at += count;
    }
}
