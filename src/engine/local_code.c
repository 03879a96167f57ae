/* Values as other text: hashes of rows, codes of sounds, URLs, numbers with commas, lists. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "local_chars.h"
#include "local_rowhash.h"

/* (kind, value, kind, value, ...) */
static void row_murmur(const struct local_call *c, sqlite3_value **args)
{
    uint32_t h = 42;
    for (int i = 0; i + 1 < c->n_args; i += 2)
        h = local_murmur(args[i + 1], local_text(args[i]).p[0], h);
    sqlite3_result_int64(c->ctx, (int32_t)h);
}

static void row_xxhash(const struct local_call *c, sqlite3_value **args)
{
    uint64_t h = 42;
    for (int i = 0; i + 1 < c->n_args; i += 2)
        h = local_xxhash(args[i + 1], local_text(args[i]).p[0], h);
    sqlite3_result_int64(c->ctx, (int64_t)h);
}

/* ---- Text ------------------------------------------------------------------------------------ */

static char upper_letter(char ch)
{
    if (ch >= 'a' && ch <= 'z')
        return (char)(ch - 32);
    return ch >= 'A' && ch <= 'Z' ? ch : 0;
}

static void soundex(const struct local_call *c, sqlite3_value **args)
{
    static const char codes[] = "01230127022455012623017202";
    struct fst_str s = local_text(args[0]);
    char first = s.n ? upper_letter(s.p[0]) : 0;
    if (!first) {
        local_give_text(c, s.p, s.n);
        return;
    }
    char out[4] = {first, '0', '0', '0'}, last = codes[first - 'A'];
    for (size_t i = 1, n = 1; i < s.n && n < 4; i++) {
        char letter = upper_letter(s.p[i]), code = letter ? codes[letter - 'A'] : '0';
        if (code == '7')
            continue;
        if (code != '0' && code != last)
            out[n++] = code;
        last = code;
    }
    local_give_text(c, out, 4);
}

static void find_in_set(const struct local_call *c, sqlite3_value **args)
{
    struct fst_str what = local_text(args[0]), set = local_text(args[1]);
    int found = 0, n = 1;
    bool comma = memchr(what.p, ',', what.n) != NULL;
    for (size_t from = 0; !comma && !found && from <= set.n; n++) {
        const char *end = memchr(set.p + from, ',', set.n - from);
        size_t len = end ? (size_t)(end - set.p) - from : set.n - from;
        if (len == what.n && memcmp(set.p + from, what.p, len) == 0)
            found = n;
        from += len + 1;
    }
    sqlite3_result_int(c->ctx, found);
}

static void url_encode(const struct local_call *c, sqlite3_value **args)
{
    struct fst_str s = local_text(args[0]);
    struct fst_buf out = FST_BUF(LOCAL_MAX_TEXT);
    for (size_t i = 0; i < s.n; i++) {
        char ch = s.p[i];
        if (upper_letter(ch) || (ch >= '0' && ch <= '9') || (ch && strchr(".-*_", ch)))
            fst_buf_addc(&out, ch);
        else if (ch == ' ')
            fst_buf_addc(&out, '+');
        else
            fst_buf_printf(&out, "%%%02X", (unsigned char)ch);
    }
    local_give_buf(c, &out);
}

static int hex_value(char ch)
{
    return ch >= '0' && ch <= '9'   ? ch - '0'
           : ch >= 'A' && ch <= 'F' ? ch - 'A' + 10
           : ch >= 'a' && ch <= 'f' ? ch - 'a' + 10
                                    : -1;
}

static void url_decode(const struct local_call *c, sqlite3_value **args)
{
    struct fst_str s = local_text(args[0]);
    struct fst_buf out = FST_BUF(LOCAL_MAX_TEXT);
    bool ok = true, odd = false;
    for (size_t i = 0; i < s.n && ok; i++) {
        if (s.p[i] != '%') {
            fst_buf_addc(&out, (char)(s.p[i] == '+' ? ' ' : s.p[i]));
            continue;
        }
        int high = i + 2 < s.n ? hex_value(s.p[i + 1]) : -1;
        int low = i + 2 < s.n ? hex_value(s.p[i + 2]) : -1;
        odd |= i + 2 < s.n && (unsigned char)s.p[i + 1] >= 0x80;
        odd |= i + 2 < s.n && (s.p[i + 1] == '+' || s.p[i + 1] == '-');
        ok = high >= 0 && low >= 0;
        if (ok)
            fst_buf_addc(&out, (char)(high << 4 | low));
        i += 2;
    }
    odd |= ok && !fst_utf8_valid(fst_buf_text(&out), out.n);
    if (ok && !odd) {
        local_give_buf(c, &out);
        return;
    }
    fst_buf_done(&out);
    if (odd)
        local_raise(c, "UNSUPPORTED_FEATURE", "0A000",
                    "this escaped text is not UTF-8; the local engine does not decode it.");
    else
        local_raise(c, "CANNOT_DECODE_URL", "22546",
                    "The provided URL cannot be decoded: %.*s. Please ensure that the URL is "
                    "properly formatted and try again.",
                    s.n > 500 ? 500 : (int)s.n, s.p);
}

/* ---- Numbers with commas --------------------------------------------------------------------- */

/* "-1234.50" with commas. */
static void give_commas(const struct local_call *c, const char *text)
{
    struct fst_buf out = FST_BUF(4096);
    const char *p = text + (*text == '-');
    size_t whole = strcspn(p, ".");
    if (*text == '-')
        fst_buf_addc(&out, '-');
    for (size_t i = 0; i < whole; i++) {
        fst_buf_addc(&out, p[i]);
        if (i + 1 < whole && (whole - i - 1) % 3 == 0)
            fst_buf_addc(&out, ',');
    }
    fst_buf_adds(&out, p + whole);
    local_give_buf(c, &out);
}

static void refuse_number(const struct local_call *c)
{
    local_raise(c, "UNSUPPORTED_FEATURE", "0A000",
                "format_number of so large a number or with so many places is not something the "
                "local engine does.");
}

/* Digits beyond the shortest text of a double are zeros; halves go by the exact value. */
static void format_real(const struct local_call *c, double v, int places)
{
    struct local_wide w;
    char text[128];
    int scale;
    if (isnan(v)) {
        local_give_text(c, "NaN", 3);
    } else if (isinf(v)) {
        local_give_text(c, v < 0 ? "-\u221e" : "\u221e", v < 0 ? 4 : 3);
    } else if (fabs(v) >= 1e15 || !local_wide_of_double(v, false, &w, &scale)) {
        refuse_number(c);
    } else if (scale <= places) {
        int have = scale > 0 ? scale : 0;
        snprintf(text, sizeof text, "%.*f%s%0*d", have, v, have || !places ? "" : ".",
                 places - have, 0);
        if (places == have)
            text[strlen(text) - 1] = 0;
        give_commas(c, text);
    } else {
        snprintf(text, sizeof text, "%.*f", places, v);
        give_commas(c, text);
    }
}

/* (kind, value, scale, places) */
static void format_number(const struct local_call *c, sqlite3_value **args)
{
    char kind = local_text(args[0]).p[0];
    int64_t places = sqlite3_value_int64(args[3]);
    if (places < 0)
        return;
    if (places > 40) {
        refuse_number(c);
        return;
    }
    if (kind == 'd') {
        format_real(c, local_double(args[1]), (int)places);
        return;
    }
    int scale = sqlite3_value_int(args[2]), have = (int)places;
    struct local_wide w = local_wide_of(kind == 'm' ? local_decimal(args[1])
                                                    : (__int128)sqlite3_value_int64(args[1]));
    bool negative = w.negative;
    w = scale > have ? local_wide_drop(&w, scale - have, true) : local_wide_shift(&w, have - scale);
    w.negative = false;
    struct fst_buf text = FST_BUF(512);
    fst_buf_adds(&text, negative ? "-" : "");
    local_wide_text(&text, &w, have);
    give_commas(c, fst_buf_text(&text));
    fst_buf_done(&text);
}

/* Java stops at what is no UTF-8. */
static void decode_utf8(const struct local_call *c, sqlite3_value **args)
{
    const char *p = sqlite3_value_blob(args[0]);
    size_t n = (size_t)sqlite3_value_bytes(args[0]);
    if (n == 0 || fst_utf8_valid(p, n))
        local_give_text(c, n ? p : "", n);
    else
        local_raise(c, "MALFORMED_CHARACTER_CODING", "22000",
                    "Invalid value found when performing `decode` with UTF-8");
}

static void raise_error(const struct local_call *c, sqlite3_value **args)
{
    struct fst_str words = local_text(args[0]);
    local_raise(c, "USER_RAISED_EXCEPTION", "P0001", "%.*s", words.n > 1000 ? 1000 : (int)words.n,
                words.p ? words.p : "null");
}

const struct local_function local_code_functions[] = {
    {"raise_error_of", 1, false, raise_error, 0, "raise_error"},
    {"decode_utf8_of", 1, true, decode_utf8, 0, "decode"},
    {"murmur_of", -1, false, row_murmur, 0},
    {"xxhash_of", -1, false, row_xxhash, 0},
    {"soundex_of", 1, true, soundex, 0},
    {"find_in_set_of", 2, true, find_in_set, 0},
    {"url_encode_of", 1, true, url_encode, 0},
    {"url_decode_of", 1, true, url_decode, 0},
    {"format_number_of", 4, true, format_number, 0},
    {0},
};
