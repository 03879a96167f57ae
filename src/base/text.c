/* Small things with text: JSON strings, near misses, numbers, hashes, UUIDs. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "firesteel/base.h"

#define MAX_DISTANCE_LENGTH 128

void fst_json_quote(struct fst_buf *out, const char *p, size_t n)
{
    static const char plain[] = "\"\\\b\f\n\r\t";
    static const char letters[] = "\"\\bfnrt";
    fst_buf_addc(out, '"');
    for (size_t i = 0; i < n;) {
        uint32_t cp;
        char bytes[4];
        size_t used = fst_utf8_decode(p + i, n - i, &cp);
        const char *at = cp && cp < 0x80 ? strchr(plain, (int)cp) : NULL;
        if (at)
            fst_buf_printf(out, "\\%c", letters[at - plain]);
        else if (cp < 0x20 || cp == 0x7F)
            fst_buf_printf(out, "\\u%04x", cp);
        else
            fst_buf_add(out, bytes, fst_utf8_encode(cp, bytes));
        i += used;
    }
    fst_buf_addc(out, '"');
}

size_t fst_text_distance(const char *a, const char *b, size_t cut_off)
{
    size_t n = strlen(a), m = strlen(b), row[MAX_DISTANCE_LENGTH + 1];
    if (n > MAX_DISTANCE_LENGTH || m > MAX_DISTANCE_LENGTH)
        return cut_off + 1;
    for (size_t j = 0; j <= m; j++)
        row[j] = j;
    for (size_t i = 1; i <= n; i++) {
        size_t diagonal = row[0], least = row[0] = i;
        for (size_t j = 1; j <= m; j++) {
            size_t cost = diagonal + (a[i - 1] != b[j - 1]);
            diagonal = row[j];
            row[j] = row[j] + 1 < row[j - 1] + 1 ? row[j] + 1 : row[j - 1] + 1;
            row[j] = cost < row[j] ? cost : row[j];
            least = row[j] < least ? row[j] : least;
        }
        if (least > cut_off)
            return cut_off + 1;
    }
    return row[m];
}

const char *fst_text_nearest(const char *word, const char *const *names, size_t count)
{
    size_t length = strlen(word), best = length <= 3 ? 2 : length / 3 + 2;
    const char *nearest = NULL;
    for (size_t i = 0; i < count; i++) {
        size_t d = fst_text_distance(word, names[i], best);
        if (d < best) {
            best = d;
            nearest = names[i];
        }
    }
    return nearest;
}

bool fst_parse_int64(const char *text, size_t n, int64_t *out)
{
    bool negative = n > 0 && text[0] == '-';
    uint64_t v = 0, limit = negative ? (uint64_t)INT64_MAX + 1 : INT64_MAX;
    size_t i = negative || (n > 0 && text[0] == '+');
    if (i == n)
        return false;
    for (; i < n; i++) {
        if (text[i] < '0' || text[i] > '9')
            return false;
        unsigned digit = (unsigned)(text[i] - '0');
        if (v > (limit - digit) / 10)
            return false;
        v = v * 10 + digit;
    }
    *out = negative ? (int64_t)(0 - v) : (int64_t)v;
    return true;
}

void fst_base64(struct fst_buf *out, const void *bytes, size_t n)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const uint8_t *p = bytes;
    for (size_t i = 0; i < n; i += 3) {
        size_t left = n - i;
        uint32_t v = (uint32_t)p[i] << 16 | (left > 1 ? (uint32_t)p[i + 1] << 8 : 0) |
                     (left > 2 ? p[i + 2] : 0);
        char four[4] = {digits[v >> 18], digits[v >> 12 & 63], left > 1 ? digits[v >> 6 & 63] : '=',
                        left > 2 ? digits[v & 63] : '='};
        fst_buf_add(out, four, sizeof(four));
    }
}

void fst_hex(struct fst_buf *out, const void *bytes, size_t n)
{
    static const char digits[] = "0123456789abcdef";
    const unsigned char *p = bytes;
    for (size_t i = 0; i < n; i++) {
        char pair[2] = {digits[p[i] >> 4], digits[p[i] & 15]};
        fst_buf_add(out, pair, 2);
    }
}

void fst_uuid4(char out[37])
{
    unsigned char r[16];
    for (size_t have = 0; have < sizeof r;) {
        ssize_t got = getrandom(r + have, sizeof r - have, 0);
        if (got < 0 && errno != EINTR) {
            perror("firesteel: getrandom");
            abort();
        }
        have += got > 0 ? (size_t)got : 0;
    }
    r[6] = (unsigned char)((r[6] & 0x0F) | 0x40);
    r[8] = (unsigned char)((r[8] & 0x3F) | 0x80);
    snprintf(out, 37, "%02x%02x%02x%02x-%02x%02x-%02x%02x-%02x%02x-%02x%02x%02x%02x%02x%02x", r[0],
             r[1], r[2], r[3], r[4], r[5], r[6], r[7], r[8], r[9], r[10], r[11], r[12], r[13],
             r[14], r[15]);
}
