/* Digests and codes of bytes: MD5, SHA, CRC-32, hexadecimal, base64. */
#include <string.h>
#include <zlib.h>

#include "local_fn.h"

static void give_digest(const struct local_call *c, struct fst_str s, enum fst_digest kind)
{
    uint8_t digest[FST_DIGEST_MAX];
    size_t n = fst_digest(kind, s.p, s.n, digest);
    struct fst_buf text = FST_BUF(256);
    if (!n) {
        sqlite3_result_error(c->ctx, "this host's libcrypto refuses the digest", -1);
        return;
    }
    fst_hex(&text, digest, n);
    local_give_buf(c, &text);
}

static void md5(const struct local_call *c, sqlite3_value **args)
{
    give_digest(c, local_text(args[0]), FST_MD5);
}

static void sha1(const struct local_call *c, sqlite3_value **args)
{
    give_digest(c, local_text(args[0]), FST_SHA1);
}

/* Widths that are none give NULL. */
static void sha2(const struct local_call *c, sqlite3_value **args)
{
    struct fst_str s = local_text(args[0]);
    switch (sqlite3_value_int64(args[1])) {
    case 224:
        give_digest(c, s, FST_SHA224);
        return;
    case 0:
    case 256:
        give_digest(c, s, FST_SHA256);
        return;
    case 384:
        give_digest(c, s, FST_SHA384);
        return;
    case 512:
        give_digest(c, s, FST_SHA512);
        return;
    default:
        return;
    }
}

static void crc(const struct local_call *c, sqlite3_value **args)
{
    struct fst_str s = local_text(args[0]);
    sqlite3_result_int64(c->ctx, (int64_t)crc32_z(crc32(0, NULL, 0), (const Bytef *)s.p, s.n));
}

static void hex(const struct local_call *c, sqlite3_value **args)
{
    static const char digits[] = "0123456789ABCDEF";
    struct fst_buf out = FST_BUF(LOCAL_MAX_TEXT);
    if (sqlite3_value_type(args[0]) == SQLITE_INTEGER) {
        fst_buf_printf(&out, "%llX", (unsigned long long)sqlite3_value_int64(args[0]));
    } else {
        struct fst_str s = local_text(args[0]);
        for (size_t i = 0; i < s.n; i++) {
            fst_buf_addc(&out, digits[(unsigned char)s.p[i] >> 4]);
            fst_buf_addc(&out, digits[(unsigned char)s.p[i] & 15]);
        }
    }
    local_give_buf(c, &out);
}

static int hex_digit(char ch)
{
    if (ch >= '0' && ch <= '9')
        return ch - '0';
    if ((ch >= 'a' && ch <= 'f') || (ch >= 'A' && ch <= 'F'))
        return (ch & ~0x20) - 'A' + 10;
    return -1;
}

static void give_bytes(const struct local_call *c, const struct fst_buf *b)
{
    sqlite3_result_blob64(c->ctx, fst_buf_text(b), b->n, SQLITE_TRANSIENT);
}

/* An odd digit at the front stands alone; anything else than digits is NULL. */
static void unhex(const struct local_call *c, sqlite3_value **args)
{
    struct fst_str s = local_text(args[0]);
    struct fst_buf out = FST_BUF(LOCAL_MAX_TEXT);
    bool ok = true;
    for (size_t i = 0; i < s.n && ok;) {
        int high = i == 0 && s.n % 2 ? 0 : hex_digit(s.p[i++]);
        int low = hex_digit(s.p[i++]);
        ok = high >= 0 && low >= 0;
        if (ok)
            fst_buf_addc(&out, (char)(high << 4 | low));
    }
    if (ok)
        give_bytes(c, &out);
    fst_buf_done(&out);
}

static const char base64_digits[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/* MIME's form: a line break before every 77th character. */
static void base64(const struct local_call *c, sqlite3_value **args)
{
    struct fst_str s = local_text(args[0]);
    const unsigned char *p = (const unsigned char *)s.p;
    struct fst_buf out = FST_BUF(LOCAL_MAX_TEXT);
    for (size_t i = 0; i < s.n; i += 3) {
        size_t left = s.n - i;
        if (i > 0 && i % 57 == 0)
            fst_buf_adds(&out, "\r\n");
        unsigned v = (unsigned)p[i] << 16 | (left > 1 ? (unsigned)p[i + 1] << 8 : 0) |
                     (left > 2 ? p[i + 2] : 0);
        fst_buf_addc(&out, base64_digits[v >> 18]);
        fst_buf_addc(&out, base64_digits[v >> 12 & 63]);
        fst_buf_addc(&out, left > 1 ? base64_digits[v >> 6 & 63] : '=');
        fst_buf_addc(&out, left > 2 ? base64_digits[v & 63] : '=');
    }
    local_give_buf(c, &out);
}

/* Other characters are skipped (MIME); an ending that cannot be is an error of Java's, without a
 * condition. */
static void unbase64(const struct local_call *c, sqlite3_value **args)
{
    struct fst_str s = local_text(args[0]);
    struct fst_buf out = FST_BUF(LOCAL_MAX_TEXT);
    unsigned v = 0;
    int have = 0;
    bool ended = false, ok = true;
    for (size_t i = 0; i < s.n && ok; i++) {
        const char *digit = s.p[i] ? strchr(base64_digits, s.p[i]) : NULL;
        if (s.p[i] == '=') {
            ok = ended || have >= 2;
            ended = true;
        } else if (digit) {
            ok = !ended;
            v = v << 6 | (unsigned)(digit - base64_digits);
            if (++have == 4) {
                char three[3] = {(char)(v >> 16), (char)(v >> 8), (char)v};
                fst_buf_add(&out, three, 3);
                have = 0;
                v = 0;
            }
        }
    }
    if (!ok || have == 1)
        local_raise(c, "UNSUPPORTED_FEATURE", "0A000",
                    "the local engine does not do unbase64 of text that ends within a byte; run it "
                    "on Spark");
    if (have >= 2)
        fst_buf_addc(&out, (char)(have == 2 ? v >> 4 : v >> 10));
    if (have == 3)
        fst_buf_addc(&out, (char)(v >> 2));
    if (ok && have != 1)
        give_bytes(c, &out);
    fst_buf_done(&out);
}

const struct local_function local_hash_functions[] = {
    {"md5_of", 1, true, md5, 0},
    {"sha1_of", 1, true, sha1, 0},
    {"sha2_of", 2, true, sha2, 0},
    {"crc32_of", 1, true, crc, 0},
    {"hex_of", 1, true, hex, 0},
    {"unhex_of", 1, true, unhex, 0},
    {"base64_of", 1, true, base64, 0},
    {"unbase64_of", 1, true, unbase64, 0},
    {0},
};
