/* Upper and lower case, and words that begin with a capital, as Java's root locale has them. */
#include <utf8proc.h>

#include "local_case.h"
#include "local_chars.h"

static const uint16_t *special_upper(uint32_t letter)
{
    size_t low = 0, high = FST_COUNT(local_case_specials);
    while (low < high) {
        size_t mid = (low + high) / 2;
        if (local_case_specials[mid].letter == letter)
            return local_case_specials[mid].upper;
        if (local_case_specials[mid].letter < letter)
            low = mid + 1;
        else
            high = mid;
    }
    return NULL;
}

/* Letters that Unicode 14 gave a case: Javas differ. */
static bool is_young(uint32_t cp)
{
    return cp == 0x2C2F || cp == 0x2C5F || (cp >= 0xA7C0 && cp <= 0xA7C1) ||
           (cp >= 0xA7D0 && cp <= 0xA7D9) || (cp >= 0x10570 && cp <= 0x105BC);
}

static bool is_cased(uint32_t cp)
{
    utf8proc_category_t category = utf8proc_category((utf8proc_int32_t)cp);
    return category == UTF8PROC_CATEGORY_LU || category == UTF8PROC_CATEGORY_LL ||
           category == UTF8PROC_CATEGORY_LT;
}

static void add_char(struct fst_buf *out, uint32_t cp)
{
    char bytes[4];
    fst_buf_add(out, bytes, fst_utf8_encode(cp, bytes));
}

static void add_upper(struct fst_buf *out, uint32_t cp)
{
    const uint16_t *several = special_upper(cp);
    if (!several) {
        add_char(out, (uint32_t)utf8proc_toupper((utf8proc_int32_t)cp));
        return;
    }
    for (int i = 0; i < 3 && several[i]; i++)
        add_char(out, several[i]);
}

/* A sigma is final after a letter with case and before none. */
static bool sigma_is_final(struct fst_str s, size_t at, uint32_t before)
{
    uint32_t after = 0;
    size_t next = at + 2;
    if (next < s.n)
        fst_utf8_decode(s.p + next, s.n - next, &after);
    return is_cased(before) && !is_cased(after);
}

static void add_lower(struct fst_buf *out, struct fst_str s, size_t at, uint32_t cp,
                      uint32_t before)
{
    if (cp == 0x0130)
        fst_buf_adds(out, "i\xCC\x87");
    else if (cp == 0x03A3)
        add_char(out, sigma_is_final(s, at, before) ? 0x03C2 : 0x03C3);
    else
        add_char(out, (uint32_t)utf8proc_tolower((utf8proc_int32_t)cp));
}

void local_case_text(struct fst_buf *out, struct fst_str s, bool upper)
{
    uint32_t before = 0, cp;
    for (size_t at = 0, n; at < s.n; at += n) {
        unsigned char byte = (unsigned char)s.p[at];
        n = 1;
        if (byte < 0x80) {
            cp = byte;
            bool turn = upper ? byte >= 'a' && byte <= 'z' : byte >= 'A' && byte <= 'Z';
            fst_buf_addc(out, (char)(turn ? byte ^ 0x20 : byte));
        } else {
            n = fst_utf8_decode(s.p + at, s.n - at, &cp);
            if (upper)
                add_upper(out, cp);
            else
                add_lower(out, s, at, cp, before);
        }
        before = cp;
    }
}

bool local_refuse_case(const struct local_call *c, struct fst_str s)
{
    uint32_t cp;
    for (size_t at = 0; at < s.n;) {
        at += fst_utf8_decode(s.p + at, s.n - at, &cp);
        if (cp >= 0x2C2F && is_young(cp)) {
            local_raise(c, "UNSUPPORTED_FEATURE", "0A000",
                        "upper and lower case of U+%04X depend on the version of Java; the local "
                        "engine does not do them.",
                        cp);
            return true;
        }
    }
    return false;
}

static void change_case(const struct local_call *c, sqlite3_value **args)
{
    struct fst_str s = local_text(args[0]);
    struct fst_buf out = FST_BUF(LOCAL_MAX_TEXT);
    if (local_refuse_case(c, s))
        return;
    local_case_text(&out, s, c->row->mode);
    local_give_buf(c, &out);
}

/* Words begin after a blank, and nowhere else. */
static void initcap(const struct local_call *c, sqlite3_value **args)
{
    struct fst_str s = local_text(args[0]);
    struct fst_buf lower = FST_BUF(LOCAL_MAX_TEXT), out = FST_BUF(LOCAL_MAX_TEXT);
    if (local_refuse_case(c, s))
        return;
    local_case_text(&lower, s, false);
    s = (struct fst_str){fst_buf_text(&lower), lower.n};
    bool begins = true;
    uint32_t cp;
    for (size_t at = 0, n; at < s.n; at += n) {
        n = fst_utf8_decode(s.p + at, s.n - at, &cp);
        if (begins && cp == 0xDF)
            fst_buf_adds(&out, "Ss");
        else if (begins && special_upper(cp))
            local_raise(c, "UNSUPPORTED_FEATURE", "0A000",
                        "initcap of U+%04X is not something the local engine does.", cp);
        else if (begins)
            add_char(&out, (uint32_t)utf8proc_totitle((utf8proc_int32_t)cp));
        else
            fst_buf_add(&out, s.p + at, n);
        if (begins && cp != 0xDF && special_upper(cp)) {
            fst_buf_done(&out);
            fst_buf_done(&lower);
            return;
        }
        begins = cp == ' ';
    }
    fst_buf_done(&lower);
    local_give_buf(c, &out);
}

const struct local_function local_case_functions[] = {
    {"text_upper", 1, true, change_case, 1},
    {"text_lower", 1, true, change_case, 0},
    {"text_initcap", 1, true, initcap, 0},
    {0},
};
