/* A buffer that knows its maximum from birth, and drops what goes over it: one check at the end
 * suffices. */
#include <stdlib.h>
#include <string.h>

#include "digits.h"
#include "firesteel/base.h"

/* Room for n more bytes and a NUL; false when that is over the maximum. */
static bool reserve(struct fst_buf *b, size_t n)
{
    if (n > b->max || b->n > b->max - n) {
        b->over = true;
        return false;
    }
    size_t need = b->n + n + 1;
    if (need <= b->cap)
        return true;
    size_t cap = b->cap ? b->cap * 2 : 64;
    b->cap = cap < need ? need : cap;
    b->p = fst_realloc(b->p, b->cap);
    return true;
}

void fst_buf_add(struct fst_buf *b, const void *bytes, size_t n)
{
    if (!reserve(b, n))
        return;
    if (n)
        memcpy(b->p + b->n, bytes, n);
    b->n += n;
    b->p[b->n] = '\0';
}

void fst_buf_adds(struct fst_buf *b, const char *text)
{
    fst_buf_add(b, text, strlen(text));
}

void fst_buf_addc(struct fst_buf *b, char c)
{
    if ((b->n >= b->max || b->n + 2 > b->cap) && !reserve(b, 1))
        return;
    b->p[b->n++] = c;
    b->p[b->n] = '\0';
}

void fst_buf_repeat(struct fst_buf *b, char c, size_t n)
{
    if (!reserve(b, n))
        return;
    memset(b->p + b->n, c, n);
    b->n += n;
    b->p[b->n] = '\0';
}

char *fst_buf_room(struct fst_buf *b, size_t n)
{
    return reserve(b, n) ? b->p + b->n : NULL;
}

void fst_buf_took(struct fst_buf *b, char *end)
{
    b->n = (size_t)(end - b->p);
    *end = '\0';
}

char *fst_put_int(char *p, int64_t v)
{
    uint64_t size = v < 0 ? 0 - (uint64_t)v : (uint64_t)v;
    if (v < 0)
        *p++ = '-';
    return size < 100000000 ? put_up_to_eight(p, (uint32_t)size)
                            : put_digits(p, count_digits(size), size);
}

void fst_buf_int(struct fst_buf *b, int64_t v, int width)
{
    uint64_t size = v < 0 ? 0 - (uint64_t)v : (uint64_t)v;
    size_t digits = count_digits(size);
    size_t n = width > 0 && (size_t)width > digits ? (size_t)width : digits;
    char *p = fst_buf_room(b, n + (v < 0));
    if (!p)
        return;
    if (v < 0)
        *p++ = '-';
    fst_buf_took(b, put_digits(p, n, size));
}

void fst_buf_vprintf(struct fst_buf *b, const char *fmt, va_list args)
{
    char small[256];
    va_list again;
    va_copy(again, args);
    int n = vsnprintf(small, sizeof small, fmt, args);
    if (n >= 0 && (size_t)n < sizeof small) {
        fst_buf_add(b, small, (size_t)n);
    } else if (n >= 0 && reserve(b, (size_t)n)) {
        vsnprintf(b->p + b->n, (size_t)n + 1, fmt, again);
        b->n += (size_t)n;
    }
    va_end(again);
}

void fst_buf_printf(struct fst_buf *b, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    fst_buf_vprintf(b, fmt, args);
    va_end(args);
}

const char *fst_buf_text(const struct fst_buf *b)
{
    return b->p ? b->p : "";
}

void fst_buf_clear(struct fst_buf *b)
{
    b->n = 0;
    b->over = false;
    if (b->p)
        b->p[0] = '\0';
}

char *fst_buf_take(struct fst_buf *b)
{
    char *text = b->p ? b->p : fst_strdup("");
    *b = FST_BUF(b->max);
    return text;
}

void fst_buf_done(struct fst_buf *b)
{
    free(b->p);
    *b = FST_BUF(b->max);
}
