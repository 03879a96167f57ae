/* Memory: small allocations end the program when memory has ended; those that data asks for may
 * fail. */
#include <malloc.h>
#include <stdlib.h>
#include <string.h>

#include "firesteel/base.h"

enum { THRIFT_BYTES = 32 << 10, FLOW_BYTES = 32 << 20, FLOW_STEP = 1 << 20 };

static void *checked(void *p)
{
    if (!p) {
        fputs("firesteel: out of memory\n", stderr);
        abort();
    }
    return p;
}

void *fst_alloc(size_t size_bytes)
{
    return checked(calloc(1, size_bytes));
}

void *fst_realloc(void *p, size_t size_bytes)
{
    return checked(realloc(p, size_bytes));
}

char *fst_strndup(const char *text, size_t n)
{
    char *copy = checked(malloc(n + 1));
    if (n)
        memcpy(copy, text, n);
    copy[n] = '\0';
    return copy;
}

char *fst_strdup(const char *text)
{
    return text ? fst_strndup(text, strlen(text)) : NULL;
}

char *fst_asprintf(const char *fmt, ...)
{
    char *text = NULL;
    va_list args;
    va_start(args, fmt);
    int n = vasprintf(&text, fmt, args);
    va_end(args);
    return n < 0 ? checked(NULL) : text;
}

void fst_grow(void *items, size_t *cap, size_t need, size_t elem_bytes)
{
    void *old;
    memcpy(&old, items, sizeof old);
    if (need <= *cap)
        return;
    size_t wanted = *cap ? *cap * 2 : 8;
    if (wanted < need)
        wanted = need;
    if (wanted > SIZE_MAX / elem_bytes)
        checked(NULL);
    char *grown = checked(realloc(old, wanted * elem_bytes));
    memset(grown + *cap * elem_bytes, 0, (wanted - *cap) * elem_bytes);
    memcpy(items, &grown, sizeof grown);
    *cap = wanted;
}

void *fst_alloc_data(size_t size_bytes, size_t cap_bytes)
{
    return size_bytes > cap_bytes ? NULL : malloc(size_bytes ? size_bytes : 1);
}

void fst_wipe(void *p, size_t n)
{
    explicit_bzero(p, n);
}

void fst_memory_thrift(void)
{
    mallopt(M_MMAP_THRESHOLD, THRIFT_BYTES); /* else it grows with what was freed */
    mallopt(M_TRIM_THRESHOLD, THRIFT_BYTES);
}

void fst_memory_flow(void)
{
    mallopt(M_MMAP_THRESHOLD, FLOW_BYTES);
    mallopt(M_TRIM_THRESHOLD, 2 * FLOW_BYTES);
    mallopt(M_TOP_PAD, FLOW_STEP);
}

void fst_memory_trim(void)
{
    malloc_trim(0);
}

struct fst_str fst_str(const char *text)
{
    return (struct fst_str){text, text ? strlen(text) : 0};
}

bool fst_str_eq(struct fst_str a, struct fst_str b)
{
    return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

int fst_str_compare(struct fst_str a, struct fst_str b)
{
    size_t n = a.n < b.n ? a.n : b.n;
    int order = n ? memcmp(a.p, b.p, n) : 0;
    return order ? order : (a.n > b.n) - (a.n < b.n);
}

bool fst_str_is(struct fst_str a, const char *text)
{
    return fst_str_eq(a, fst_str(text));
}

bool fst_text_same(const char *a, const char *b)
{
    return a && b ? strcmp(a, b) == 0 : a == b;
}

bool fst_str_is_nocase(struct fst_str a, const char *text)
{
    return a.n == strlen(text) && (a.n == 0 || strncasecmp(a.p, text, a.n) == 0);
}
