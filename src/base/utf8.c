/* UTF-8: code points, grapheme clusters, columns on a terminal, and data made safe to show. */
#include <string.h>
#include <utf8proc.h>

#include "firesteel/base.h"

#define REPLACEMENT 0xFFFD

size_t fst_utf8_decode(const char *p, size_t n, uint32_t *cp)
{
    const unsigned char *u = (const unsigned char *)p;
    *cp = 0;
    if (n == 0)
        return 0;
    *cp = u[0];
    if (u[0] < 0x80)
        return 1;
    utf8proc_int32_t point;
    utf8proc_ssize_t used = utf8proc_iterate(u, n > 4 ? 4 : (utf8proc_ssize_t)n, &point);
    *cp = used > 0 ? (uint32_t)point : REPLACEMENT;
    return used > 0 ? (size_t)used : 1;
}

size_t fst_utf8_encode(uint32_t cp, char out[4])
{
    if (cp > 0x10FFFF || (cp >= 0xD800 && cp <= 0xDFFF))
        cp = REPLACEMENT;
    return (size_t)utf8proc_encode_char((utf8proc_int32_t)cp, (utf8proc_uint8_t *)out);
}

bool fst_utf8_valid(const char *p, size_t n)
{
    utf8proc_int32_t cp;
    for (size_t i = 0; i < n;) {
        utf8proc_ssize_t used = utf8proc_iterate((const utf8proc_uint8_t *)p + i,
                                                 n - i > 4 ? 4 : (utf8proc_ssize_t)(n - i), &cp);
        if (used <= 0)
            return false;
        i += (size_t)used;
    }
    return true;
}

size_t fst_utf8_length(const char *p, size_t n)
{
    size_t count = 0;
    uint32_t cp;
    for (size_t i = 0; i < n; count++)
        i += fst_utf8_decode(p + i, n - i, &cp);
    return count;
}

/* ---- Showing --------------------------------------------------------------------------------- */

/* Bidirectional controls reorder what stands on the line; a line or paragraph separator ends it. */
static bool is_dangerous(uint32_t cp)
{
    return cp < 0x20 || (cp >= 0x7F && cp <= 0x9F) || (cp >= 0x202A && cp <= 0x202E) ||
           (cp >= 0x2066 && cp <= 0x2069) || cp == 0x200E || cp == 0x200F || cp == 0x061C ||
           cp == 0x2028 || cp == 0x2029 || cp == 0xFEFF || (cp >= 0xE0000 && cp <= 0xE007F);
}

/* The visible form of a character that must not reach a terminal; false when it may as it is. */
static bool escape_of(uint32_t cp, bool malformed, unsigned char byte, char out[16])
{
    static const char named[] = "\n\r\t\033";
    static const char letters[] = "nrte";
    if (malformed) {
        snprintf(out, 16, "\\x%02X", byte);
        return true;
    }
    if (!is_dangerous(cp))
        return false;
    const char *at = cp && cp < 0x80 ? strchr(named, (int)cp) : NULL;
    if (at)
        snprintf(out, 16, "\\%c", letters[at - named]);
    else if (cp < 0x100)
        snprintf(out, 16, "\\x%02X", cp);
    else
        snprintf(out, 16, "\\u{%04X}", cp);
    return true;
}

static bool is_malformed(const char *p, size_t n, uint32_t cp, size_t used)
{
    return cp == REPLACEMENT && !(used == 3 && n >= 3 && memcmp(p, "\xEF\xBF\xBD", 3) == 0);
}

/* What does not fit is cut at a character. */
static void add_clean(struct fst_buf *out, const char *p, size_t n)
{
    size_t room = out->max - out->n;
    if (n <= room) {
        fst_buf_add(out, p, n);
        return;
    }
    while (room && ((unsigned char)p[room] & 0xC0) == 0x80)
        room--;
    fst_buf_add(out, p, room);
    out->over = true;
}

void fst_text_escape(struct fst_buf *out, const char *p, size_t n)
{
    size_t clean = 0; /* bytes before i that go out as they are */
    for (size_t i = 0; i < n && i - clean <= out->max;) {
        unsigned char byte = (unsigned char)p[i];
        if (byte >= 0x20 && byte < 0x7F) {
            i++;
            continue;
        }
        uint32_t cp;
        char shown[16];
        size_t used = fst_utf8_decode(p + i, n - i, &cp);
        if (escape_of(cp, is_malformed(p + i, n - i, cp, used), byte, shown)) {
            add_clean(out, p + clean, i - clean);
            fst_buf_adds(out, shown);
            if (out->over)
                return;
            clean = i + used;
        }
        i += used;
    }
    add_clean(out, p + clean, n - clean);
}

/* Where glibc's wcwidth, which terminals and curses follow, and utf8proc do not agree. Besides
 * these glibc gives every spacing mark (Mc) a column. */
static const struct {
    uint32_t first, last;
    uint8_t cols;
} widths[] = {
    {0x0600, 0x0605, 1},   {0x06DD, 0x06DD, 1},   {0x070F, 0x070F, 1}, {0x0890, 0x0891, 1},
    {0x08E2, 0x08E2, 1},   {0x1160, 0x11FF, 0},   {0x302E, 0x302F, 2}, {0x3248, 0x324F, 2},
    {0x4DC0, 0x4DFF, 2},   {0xD7B0, 0xD7C6, 0},   {0xD7CB, 0xD7FB, 0}, {0x110BD, 0x110BD, 1},
    {0x110CD, 0x110CD, 1}, {0x16FF0, 0x16FF1, 2},
};

static size_t wcwidth_of(uint32_t cp)
{
    for (size_t i = 0; i < FST_COUNT(widths) && cp >= widths[i].first; i++)
        if (cp <= widths[i].last)
            return widths[i].cols;
    if (utf8proc_category((utf8proc_int32_t)cp) == UTF8PROC_CATEGORY_MC)
        return 1;
    int width = utf8proc_charwidth((utf8proc_int32_t)cp);
    return width < 0 ? 0 : (size_t)width;
}

static size_t point_width(const char *p, size_t n, uint32_t cp, size_t used)
{
    char shown[16];
    if (cp >= 0x20 && cp < 0x7F)
        return 1;
    if (escape_of(cp, is_malformed(p, n, cp, used), (unsigned char)*p, shown))
        return strlen(shown);
    return wcwidth_of(cp);
}

size_t fst_text_cluster(const char *p, size_t n)
{
    uint32_t cp, next;
    size_t used = fst_utf8_decode(p, n, &cp);
    utf8proc_int32_t state = 0;
    if (used == 0 || is_dangerous(cp) || is_malformed(p, n, cp, used))
        return used;
    if (used == 1 && (n == 1 || (unsigned char)p[1] < 0x80))
        return 1;
    while (used < n) {
        size_t more = fst_utf8_decode(p + used, n - used, &next);
        if (is_dangerous(next) || is_malformed(p + used, n - used, next, more) ||
            utf8proc_grapheme_break_stateful((utf8proc_int32_t)cp, (utf8proc_int32_t)next, &state))
            break;
        used += more;
        cp = next;
    }
    return used;
}

/* As wide as its characters together, and two columns at most when it is several: one character to
 * the eye takes one cell or two. */
static size_t cluster_width(const char *p, size_t n)
{
    uint32_t cp;
    size_t used = fst_utf8_decode(p, n, &cp), width = point_width(p, n, cp, used);
    if (used == n)
        return width;
    for (size_t i = used; i < n && width < 2; i += used) {
        used = fst_utf8_decode(p + i, n - i, &cp);
        width += point_width(p + i, n - i, cp, used);
    }
    return width < 2 ? width : 2;
}

size_t fst_text_width(const char *p, size_t n)
{
    size_t width = 0;
    for (size_t i = 0; i < n;) {
        size_t len = fst_text_cluster(p + i, n - i);
        width += len == 1 && p[i] >= 0x20 && p[i] < 0x7F ? 1 : cluster_width(p + i, len);
        i += len;
    }
    return width;
}

size_t fst_text_fit(const char *p, size_t n, size_t cols, size_t *used_cols)
{
    size_t i = 0, width = 0;
    while (i < n) {
        size_t len = fst_text_cluster(p + i, n - i), w = cluster_width(p + i, len);
        if (width + w > cols)
            break;
        width += w;
        i += len;
    }
    if (used_cols)
        *used_cols = width;
    return i;
}
