/* The table of stores, and which of them a URI belongs to. */
#include "firesteel/store.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "stores.h"

const struct fst_store *const fst_stores[] = {&fst_store_file, &fst_store_s3, &fst_store_web, NULL};

size_t fst__scheme_length(const char *uri)
{
    size_t n = 0;
    while (isalnum((unsigned char)uri[n]) || (n > 0 && strchr("+-.", uri[n]) && uri[n]))
        n++;
    if (n == 0 || !isalpha((unsigned char)uri[0]))
        return 0;
    if (strncmp(uri + n, "://", 3) == 0 || (n == 4 && strncasecmp(uri, "file:/", 6) == 0))
        return n;
    return 0;
}

static bool has_scheme(const struct fst_store *store, const char *scheme, size_t n)
{
    for (const char *const *s = store->schemes; *s; s++)
        if (strlen(*s) == n && strncasecmp(*s, scheme, n) == 0)
            return true;
    return false;
}

enum fst_status fst_store_of(const char *uri, const struct fst_store **out, struct fst_error *err)
{
    *out = NULL;
    size_t n = fst__scheme_length(uri);
    for (size_t i = 0; fst_stores[i]; i++)
        if (has_scheme(fst_stores[i], uri, n)) {
            *out = fst_stores[i];
            return FST_OK;
        }
    return fst_fail(
        err, FST_EUNSUPPORTED,
        "%s: there is no store for %.*s:// yet; files of this host, s3:// and https:// are read",
        uri, (int)n, uri);
}

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

char *fst__url_decoded(const char *p, size_t n)
{
    struct fst_buf b = FST_BUF(n);
    for (const char *end = p + n; p < end; p++) {
        int high = end - p > 2 && *p == '%' ? hex_digit(p[1]) : -1;
        int low = high >= 0 ? hex_digit(p[2]) : -1;
        fst_buf_addc(&b, (char)(low >= 0 ? high * 16 + low : *p));
        p += low >= 0 ? 2 : 0;
    }
    if (memchr(fst_buf_text(&b), '\0', b.n))
        fst_buf_done(&b);
    return b.p || n == 0 ? fst_buf_take(&b) : NULL;
}

void fst_listing_done(struct fst_listing *l)
{
    fst_arena_free(l->arena);
    *l = (struct fst_listing){0};
}

enum fst_status fst_store_stat(const char *uri, struct fst_entry *out, struct fst_arena *a,
                               struct fst_error *err)
{
    const struct fst_store *store;
    FST_TRY(fst_store_of(uri, &store, err));
    return store->stat(uri, a, out, err);
}

bool fst__is_hidden(const char *name, size_t n)
{
    return n > 0 && (name[0] == '.' || (name[0] == '_' && !memchr(name, '=', n)));
}
