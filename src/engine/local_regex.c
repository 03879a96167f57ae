/* Java's regular expressions on PCRE2: a pattern is read once, rewritten where the two differ in
 * spelling, and refused by name where they differ in meaning.
 *
 * Rewritten: `.` and `$` know Java's line ends; (?i) at the front is ASCII only, so letters become
 * classes. PCRE2 runs in UTF mode without Unicode properties, so \w \d \s are ASCII as in Java. */
#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>
#include <stdlib.h>
#include <string.h>

#include "local_nest.h"
#include "local_regex.h"

#define MAX_PATTERN ((size_t)64 << 10)
#define MATCH_LIMIT 2000000
#define DEPTH_LIMIT 20000
#define LINE_ENDS "\\n\\r\\x{85}\\x{2028}\\x{2029}"

/* ---- Rewriting ------------------------------------------------------------------------------- */

struct rewrite {
    struct fst_str in;
    size_t at;
    struct fst_buf out;
    bool nocase, dotall, multiline;
    bool word_edges; /* has \b: then subjects must be ASCII, Javas differ beyond */
    int depth;
    char why[96];
};

static bool refuse(struct rewrite *r, const char *what)
{
    snprintf(r->why, sizeof r->why, "%s", what);
    return false;
}

static char peek(const struct rewrite *r, size_t ahead)
{
    return r->at + ahead < r->in.n ? r->in.p[r->at + ahead] : '\0';
}

static bool is_letter(char ch)
{
    return (ch >= 'a' && ch <= 'z') || (ch >= 'A' && ch <= 'Z');
}

/* \x41, \x{1F600}, \u00e9: the code point; false when malformed. */
static bool hex_escape(struct rewrite *r, uint32_t *cp)
{
    bool braces = peek(r, 0) == 'x' && peek(r, 1) == '{';
    size_t digits = peek(r, 0) == 'u' ? 4 : 2;
    r->at += braces ? 2 : 1;
    *cp = 0;
    for (size_t i = 0; braces ? peek(r, 0) != '}' : i < digits; i++, r->at++) {
        char ch = peek(r, 0);
        int v = ch >= '0' && ch <= '9'                     ? ch - '0'
                : (ch | 0x20) >= 'a' && (ch | 0x20) <= 'f' ? (ch | 0x20) - 'a' + 10
                                                           : -1;
        if (v < 0 || *cp > 0x10FFFF)
            return refuse(r, "a malformed hexadecimal escape");
        *cp = *cp << 4 | (uint32_t)v;
    }
    r->at += braces;
    if (*cp > 0x10FFFF || (*cp >= 0xD800 && *cp < 0xE000))
        return refuse(r, "an escape of half a character");
    return true;
}

static void add_literal(struct rewrite *r, uint32_t cp, bool in_class)
{
    if (r->nocase && cp < 0x80 && is_letter((char)cp))
        fst_buf_printf(&r->out, in_class ? "%c%c" : "[%c%c]", (char)cp, (char)(cp ^ 0x20));
    else if (cp < 0x80 && !(is_letter((char)cp) || (cp >= '0' && cp <= '9')))
        fst_buf_printf(&r->out, "\\x{%x}", cp);
    else {
        char bytes[4];
        fst_buf_add(&r->out, bytes, fst_utf8_encode(cp, bytes));
    }
}

/* An escape that stands for a set of characters; false when `ch` is none. */
static bool add_set(struct rewrite *r, char ch)
{
    static const struct {
        char letter;
        const char *set;
    } sets[] = {
        {'d', "\\d"}, {'D', "\\D"}, {'w', "\\w"}, {'W', "\\W"},
        {'s', "\\s"}, {'S', "\\S"}, {'h', "\\h"}, {'H', "\\H"},
    };
    for (size_t i = 0; i < FST_COUNT(sets); i++)
        if (sets[i].letter == ch) {
            fst_buf_adds(&r->out, sets[i].set);
            return true;
        }
    return false;
}

static bool control_escape(char ch, uint32_t *cp)
{
    static const char letters[] = "tnrfae", values[] = "\t\n\r\f\a\x1b";
    const char *p = ch ? strchr(letters, ch) : NULL;
    if (p)
        *cp = (unsigned char)values[p - letters];
    return p != NULL;
}

/* After a backslash, inside or outside of a class. `*cp` = UINT32_MAX when it was a set. */
static bool common_escape(struct rewrite *r, uint32_t *cp)
{
    char ch = peek(r, 0);
    *cp = UINT32_MAX;
    if (ch == 'x' || ch == 'u')
        return hex_escape(r, cp);
    if (add_set(r, ch) || control_escape(ch, cp)) {
        r->at++;
        return true;
    }
    if (is_letter(ch) || (unsigned char)ch >= 0x80 || ch == '\0' || (ch >= '0' && ch <= '9')) {
        snprintf(r->why, sizeof r->why, "\\%c", ch ? ch : ' ');
        return false;
    }
    *cp = (unsigned char)ch;
    r->at++;
    return true;
}

/* \p{Alpha} and its kin, which are ASCII in Java. */
static bool posix_set(struct rewrite *r, bool in_class)
{
    static const char *const sets[][2] = {
        {"Alpha}", "a-zA-Z"},
        {"Digit}", "0-9"},
        {"Alnum}", "a-zA-Z0-9"},
        {"Upper}", "A-Z"},
        {"Lower}", "a-z"},
        {"Space}", "\\s"},
        {"ASCII}", "\\x{0}-\\x{7f}"},
        {"XDigit}", "0-9a-fA-F"},
        {"Blank}", "\\x{20}\\x{9}"},
        {"Punct}", "\\x{21}-\\x{2f}\\x{3a}-\\x{40}\\x{5b}-\\x{60}\\x{7b}-\\x{7e}"},
    };
    size_t rest = r->in.n - r->at;
    for (size_t i = 0; !r->nocase && peek(r, 1) == '{' && i < FST_COUNT(sets); i++) {
        size_t n = strlen(sets[i][0]);
        if (rest < n + 2 || memcmp(r->in.p + r->at + 2, sets[i][0], n) != 0)
            continue;
        fst_buf_printf(&r->out, in_class ? "%s" : "[%s]", sets[i][1]);
        r->at += n + 2;
        return true;
    }
    return refuse(r, "\\p");
}

static bool class_char(struct rewrite *r, uint32_t *cp)
{
    if (peek(r, 0) == '[')
        return refuse(r, "a class within a class");
    if (peek(r, 0) == '&' && peek(r, 1) == '&')
        return refuse(r, "an intersection of classes (&&)");
    if (peek(r, 0) == '\\') {
        r->at++;
        *cp = UINT32_MAX;
        return peek(r, 0) == 'p' ? posix_set(r, true) : common_escape(r, cp);
    }
    r->at += fst_utf8_decode(r->in.p + r->at, r->in.n - r->at, cp);
    return true;
}

static bool rewrite_range(struct rewrite *r, uint32_t from)
{
    uint32_t to;
    r->at++;
    if (!class_char(r, &to))
        return false;
    if (to == UINT32_MAX || to < from)
        return refuse(r, "a range without an end");
    fst_buf_printf(&r->out, "\\x{%x}-\\x{%x}", from, to);
    for (uint32_t cp = from; r->nocase && cp <= to && cp < 0x80; cp++)
        if (is_letter((char)cp))
            fst_buf_addc(&r->out, (char)(cp ^ 0x20));
    return true;
}

static bool rewrite_class(struct rewrite *r)
{
    fst_buf_addc(&r->out, '[');
    r->at++;
    if (peek(r, 0) == '^') {
        fst_buf_addc(&r->out, '^');
        r->at++;
    }
    if (peek(r, 0) == ']' || (peek(r, 0) == '-' && (peek(r, 1) == '-' || peek(r, 1) == ']')))
        return refuse(r, "a class that begins with ] or is only -");
    while (peek(r, 0) != ']') {
        uint32_t cp;
        if (r->at >= r->in.n)
            return refuse(r, "an unclosed class");
        if (!class_char(r, &cp))
            return false;
        bool range = peek(r, 0) == '-' && peek(r, 1) != ']' && r->at + 1 < r->in.n;
        if (range && cp == UINT32_MAX)
            return refuse(r, "a range that begins with a set");
        if (range && !rewrite_range(r, cp))
            return false;
        if (!range && cp != UINT32_MAX)
            add_literal(r, cp, true);
    }
    r->at++;
    fst_buf_addc(&r->out, ']');
    return true;
}

static bool rewrite_escape(struct rewrite *r)
{
    char ch = peek(r, 1);
    r->at++;
    if (ch == 'b' || ch == 'B' || ch == 'A' || ch == 'z') {
        r->word_edges |= ch == 'b' || ch == 'B';
        fst_buf_printf(&r->out, "\\%c", ch);
        r->at++;
        return true;
    }
    if (ch >= '1' && ch <= '9') {
        if (r->nocase || (peek(r, 1) >= '0' && peek(r, 1) <= '9'))
            return refuse(r, "this back reference");
        fst_buf_printf(&r->out, "\\%c", ch);
        r->at++;
        return true;
    }
    uint32_t cp;
    if (ch == 'p')
        return posix_set(r, false);
    if (!common_escape(r, &cp))
        return false;
    if (cp != UINT32_MAX)
        add_literal(r, cp, false);
    return true;
}

/* (, (?:, (?=, (?!, (?<=, (?<!, (?>, (?<name> */
static bool rewrite_open(struct rewrite *r)
{
    static const char *const openers[] = {"(?:", "(?=", "(?!", "(?<=", "(?<!", "(?>"};
    size_t rest = r->in.n - r->at;
    if (++r->depth > 100)
        return refuse(r, "groups nested over 100 deep");
    if (peek(r, 1) != '?') {
        fst_buf_addc(&r->out, '(');
        r->at++;
        return true;
    }
    for (size_t i = 0; i < FST_COUNT(openers); i++) {
        size_t n = strlen(openers[i]);
        if (rest >= n && memcmp(r->in.p + r->at, openers[i], n) == 0) {
            fst_buf_adds(&r->out, openers[i]);
            r->at += n;
            return true;
        }
    }
    if (peek(r, 2) != '<' || !is_letter(peek(r, 3)))
        return refuse(r, "flags inside of the pattern");
    size_t n = 3;
    while (is_letter(peek(r, n)) || (peek(r, n) >= '0' && peek(r, n) <= '9'))
        n++;
    if (peek(r, n) != '>' || n > 30)
        return refuse(r, "a malformed group name");
    fst_buf_add(&r->out, r->in.p + r->at, n + 1);
    r->at += n + 1;
    return true;
}

/* {2}, {2,}, {2,5} as they are; anything else that opens a brace is an error in Java. */
static bool rewrite_count(struct rewrite *r)
{
    size_t n = 1, digits = 0;
    while (peek(r, n) >= '0' && peek(r, n) <= '9') {
        n++;
        digits++;
    }
    if (peek(r, n) == ',')
        for (n++; peek(r, n) >= '0' && peek(r, n) <= '9';)
            n++;
    if (!digits || peek(r, n) != '}' || n > 12)
        return refuse(r, "a brace that is no count");
    fst_buf_add(&r->out, r->in.p + r->at, n + 1);
    r->at += n + 1;
    return true;
}

static bool rewrite_one(struct rewrite *r)
{
    uint32_t cp;
    switch (peek(r, 0)) {
    case '[':
        return rewrite_class(r);
    case '\\':
        return rewrite_escape(r);
    case '(':
        return rewrite_open(r);
    case '{':
        return rewrite_count(r);
    case '.':
        fst_buf_adds(&r->out, r->dotall ? "(?s:.)" : "[^" LINE_ENDS "]");
        break;
    case '^':
        fst_buf_adds(&r->out, "\\A");
        break;
    case '$':
        fst_buf_adds(&r->out, "(?=(?:(?<!\\r)\\n|\\r\\n?|[\\x{85}\\x{2028}\\x{2029}])?\\z)");
        break;
    case ')':
        r->depth--;
        fst_buf_addc(&r->out, ')');
        break;
    case '|':
    case '*':
    case '+':
    case '?':
        fst_buf_addc(&r->out, peek(r, 0));
        break;
    default:
        r->at += fst_utf8_decode(r->in.p + r->at, r->in.n - r->at, &cp);
        add_literal(r, cp, false);
        return true;
    }
    r->at++;
    return true;
}

/* (?i), (?s) or both at the front. */
static bool read_flags(struct rewrite *r)
{
    if (peek(r, 0) != '(' || peek(r, 1) != '?' || !(peek(r, 2) == 'i' || peek(r, 2) == 's'))
        return true;
    for (r->at += 2; peek(r, 0) != ')'; r->at++) {
        if (peek(r, 0) == 'i')
            r->nocase = true;
        else if (peek(r, 0) == 's')
            r->dotall = true;
        else
            return refuse(r, "flags other than (?i) and (?s)");
    }
    r->at++;
    return true;
}

static bool rewrite(struct rewrite *r)
{
    if (r->in.n > MAX_PATTERN)
        return refuse(r, "a pattern over 64 kB");
    if (!fst_utf8_valid(r->in.p, r->in.n) || memchr(r->in.p, '\0', r->in.n))
        return refuse(r, "a pattern that is not text");
    bool ok = read_flags(r);
    while (ok && r->at < r->in.n)
        ok = rewrite_one(r);
    return ok;
}

static pcre2_code *compile(struct fst_str pattern, bool *word_edges, char *why, size_t why_bytes)
{
    struct rewrite r = {.in = pattern, .out = FST_BUF(MAX_PATTERN * 24)};
    bool ok = rewrite(&r);
    int code;
    PCRE2_SIZE offset;
    pcre2_code *re = NULL;
    snprintf(why, why_bytes, "%s", r.why);
    if (ok) {
        re = pcre2_compile((PCRE2_SPTR)fst_buf_text(&r.out), r.out.n,
                           PCRE2_UTF | PCRE2_NEVER_BACKSLASH_C, &code, &offset, NULL);
        if (!re)
            pcre2_get_error_message(code, (PCRE2_UCHAR *)why, why_bytes);
    }
    *word_edges = r.word_edges;
    fst_buf_done(&r.out);
    return re;
}

bool local_regex_ok(struct fst_str pattern, char *why, size_t why_bytes)
{
    bool word_edges;
    pcre2_code *re = compile(pattern, &word_edges, why, why_bytes);
    pcre2_code_free(re);
    return re != NULL;
}

/* ---- Matching -------------------------------------------------------------------------------- */

struct regex {
    pcre2_code *code;
    pcre2_match_data *match;
    pcre2_match_context *limits;
    bool word_edges;
};

static void regex_free(void *p)
{
    struct regex *re = p;
    pcre2_match_data_free(re->match);
    pcre2_match_context_free(re->limits);
    pcre2_code_free(re->code);
    free(re);
}

struct regex *local_regex_at(const struct local_call *c, sqlite3_value **args, int i)
{
    struct regex *re = sqlite3_get_auxdata(c->ctx, i);
    if (re)
        return re;
    struct fst_str pattern = local_text(args[i]);
    char why[160];
    bool word_edges;
    pcre2_code *code = compile(pattern, &word_edges, why, sizeof why);
    if (!code) {
        local_raise(c, "UNSUPPORTED_FEATURE", "0A000",
                    "the regular expression '%.*s' is invalid, or not one that the local engine "
                    "does (%s).",
                    pattern.n > 500 ? 500 : (int)pattern.n, pattern.p, why);
        return NULL;
    }
    re = fst_alloc(sizeof *re);
    re->code = code;
    re->word_edges = word_edges;
    re->match = pcre2_match_data_create_from_pattern(code, NULL);
    re->limits = pcre2_match_context_create(NULL);
    pcre2_set_match_limit(re->limits, MATCH_LIMIT);
    pcre2_set_depth_limit(re->limits, DEPTH_LIMIT);
    sqlite3_set_auxdata(c->ctx, i, re, regex_free);
    return sqlite3_get_auxdata(c->ctx, i) ? re : NULL;
}

static struct regex *regex_of(const struct local_call *c, sqlite3_value **args)
{
    return local_regex_at(c, args, 1);
}

static bool is_ascii(struct fst_str s)
{
    for (size_t i = 0; i < s.n; i++)
        if ((unsigned char)s.p[i] >= 0x80)
            return false;
    return true;
}

/* 1 found, 0 not, -1 the statement is stopped. */
static int search(const struct local_call *c, struct regex *re, struct fst_str s, size_t from)
{
    if (re->word_edges && !is_ascii(s)) {
        local_raise(c, "UNSUPPORTED_FEATURE", "0A000",
                    "\\b on text that is not ASCII depends on the version of Java; the local "
                    "engine does not do it.");
        return -1;
    }
    if (local_is_cancelled(c))
        return -1;
    int n = pcre2_match(re->code, (PCRE2_SPTR)s.p, s.n, from, 0, re->match, re->limits);
    if (n > 0)
        return 1;
    if (n == PCRE2_ERROR_NOMATCH)
        return 0;
    char text[160];
    pcre2_get_error_message(n, (PCRE2_UCHAR *)text, sizeof text);
    local_raise(c, "UNSUPPORTED_FEATURE", "0A000",
                "the local engine stopped a regular expression (%s); simplify the pattern.", text);
    return -1;
}

static void rlike(const struct local_call *c, sqlite3_value **args)
{
    struct regex *re = regex_of(c, args);
    int found = re ? search(c, re, local_text(args[0]), 0) : -1;
    if (found >= 0)
        local_give_bool(c, found);
}

static uint32_t groups_of(const struct regex *re)
{
    uint32_t n = 0;
    pcre2_pattern_info(re->code, PCRE2_INFO_CAPTURECOUNT, &n);
    return n;
}

static struct fst_str group(const struct regex *re, struct fst_str s, uint32_t i)
{
    PCRE2_SIZE *at = pcre2_get_ovector_pointer(re->match);
    if (at[i * 2] == PCRE2_UNSET)
        return fst_str("");
    return (struct fst_str){s.p + at[i * 2], at[i * 2 + 1] - at[i * 2]};
}

/* (text, regex, group) */
static void regexp_extract(const struct local_call *c, sqlite3_value **args)
{
    struct regex *re = regex_of(c, args);
    struct fst_str s = local_text(args[0]);
    if (!re)
        return;
    int found = search(c, re, s, 0);
    int64_t want = sqlite3_value_int64(args[2]);
    if (found == 1 && (want < 0 || want > groups_of(re))) {
        local_raise(c, "INVALID_PARAMETER_VALUE.REGEX_GROUP_INDEX", "22023",
                    "The value of parameter(s) `idx` in `regexp_extract` is invalid: Expects group "
                    "index between 0 and %u, but got %lld.",
                    groups_of(re), (long long)want);
        return;
    }
    struct fst_str part = found == 1 ? group(re, s, (uint32_t)want) : fst_str("");
    if (found >= 0)
        local_give_text(c, part.p, part.n);
}

/* (text, regex): the first match, NULL when it is empty or there is none */
static void regexp_substr(const struct local_call *c, sqlite3_value **args)
{
    struct regex *re = regex_of(c, args);
    struct fst_str s = local_text(args[0]);
    if (!re || search(c, re, s, 0) != 1)
        return;
    struct fst_str part = group(re, s, 0);
    if (part.n)
        local_give_text(c, part.p, part.n);
}

/* (text, regex, group): the group of every match, empty where it takes no part */
static void regexp_extract_all(const struct local_call *c, sqlite3_value **args)
{
    struct regex *re = regex_of(c, args);
    struct fst_str s = local_text(args[0]), whole;
    int64_t want = sqlite3_value_int64(args[2]), at = 0;
    struct fst_buf out = FST_BUF(LOCAL_MAX_TEXT);
    int found = re ? 0 : -1;
    while (re && at >= 0 && at <= (int64_t)s.n &&
           (found = local_regex_search(c, re, s, (size_t)at, &whole)) == 1) {
        if (want < 0 || want > groups_of(re)) {
            local_raise(c, "INVALID_PARAMETER_VALUE.REGEX_GROUP_INDEX", "22023",
                        "The value of parameter(s) `idx` in `regexp_extract_all` is invalid: "
                        "Expects group index between 0 and %u, but got %lld.",
                        groups_of(re), (long long)want);
            found = -1;
            break;
        }
        struct fst_literal v = {.s = group(re, s, (uint32_t)want)};
        fst_buf_addc(&out, FST_NEST_VALUE);
        fst_nest_put_scalar(&out, FST_STRING, &v);
        at = local_regex_after(c, s, whole);
    }
    if (found >= 0 && at >= 0) {
        fst_buf_addc(&out, FST_NEST_END);
        nest_give_bytes(c, &out);
    }
    fst_buf_done(&out);
}

static void regexp_instr(const struct local_call *c, sqlite3_value **args)
{
    struct regex *re = regex_of(c, args);
    struct fst_str s = local_text(args[0]);
    int found = re ? search(c, re, s, 0) : -1;
    if (found < 0)
        return;
    int64_t chars = 0;
    size_t end = found ? (size_t)(group(re, s, 0).p - s.p) : 0;
    for (size_t at = 0; at < end; chars++) {
        uint32_t cp;
        at += fst_utf8_decode(s.p + at, s.n - at, &cp);
    }
    sqlite3_result_int64(c->ctx, found ? chars + 1 : 0);
}

/* Append a replacement: $1 and \x as Java; false when it names no group. */
static bool add_replacement(struct fst_buf *out, const struct regex *re, struct fst_str s,
                            struct fst_str with)
{
    for (size_t i = 0; i < with.n; i++) {
        if (with.p[i] == '\\') {
            if (++i >= with.n)
                return false;
            fst_buf_addc(out, with.p[i]);
        } else if (with.p[i] == '$') {
            if (i + 1 >= with.n || with.p[i + 1] < '0' || with.p[i + 1] > '9')
                return false;
            uint32_t want = (uint32_t)(with.p[++i] - '0');
            if (want > groups_of(re))
                return false;
            while (i + 1 < with.n && with.p[i + 1] >= '0' && with.p[i + 1] <= '9' &&
                   want * 10 + (uint32_t)(with.p[i + 1] - '0') <= groups_of(re))
                want = want * 10 + (uint32_t)(with.p[++i] - '0');
            struct fst_str part = group(re, s, want);
            fst_buf_add(out, part.p, part.n);
        } else {
            fst_buf_addc(out, with.p[i]);
        }
    }
    return true;
}

static void bad_replacement(const struct local_call *c, sqlite3_value **args)
{
    struct fst_str s = local_text(args[0]), p = local_text(args[1]), w = local_text(args[2]);
    int width = 200;
    local_raise(c, "INVALID_REGEXP_REPLACE", "22023",
                "Could not perform regexp_replace for source = \"%.*s\", pattern = \"%.*s\", "
                "replacement = \"%.*s\" and position = %d.",
                s.n > 200 ? width : (int)s.n, s.p, p.n > 200 ? width : (int)p.n, p.p,
                w.n > 200 ? width : (int)w.n, w.p, sqlite3_value_int(args[3]));
}

/* Bytes before the character at `position`, counted from 1. */
static size_t skip_chars(struct fst_str s, int64_t position)
{
    size_t at = 0;
    uint32_t cp;
    for (; position > 1 && at < s.n; position--)
        at += fst_utf8_decode(s.p + at, s.n - at, &cp);
    return at;
}

/* Java also finds nothing between the two halves of such a character, and cuts it there. */
static int refuse_halves(const struct local_call *c)
{
    local_raise(c, "UNSUPPORTED_FEATURE", "0A000",
                "empty matches in text with characters beyond U+FFFF is not something the "
                "local engine does.");
    return -1;
}

int local_regex_search(const struct local_call *c, struct regex *re, struct fst_str s, size_t from,
                       struct fst_str *match)
{
    int found = search(c, re, s, from);
    if (found == 1)
        *match = group(re, s, 0);
    return found;
}

int64_t local_regex_after(const struct local_call *c, struct fst_str s, struct fst_str match)
{
    size_t at = (size_t)(match.p - s.p) + match.n;
    uint32_t cp = 0;
    if (match.n == 0)
        at += at < s.n ? fst_utf8_decode(s.p + at, s.n - at, &cp) : 1;
    return cp > 0xFFFF ? refuse_halves(c) : (int64_t)at;
}

/* (text, regex, replacement, position) */
static void regexp_replace(const struct local_call *c, sqlite3_value **args)
{
    struct regex *re = regex_of(c, args);
    struct fst_str s = local_text(args[0]), with = local_text(args[2]);
    if (!re)
        return;
    struct fst_buf out = FST_BUF(LOCAL_MAX_TEXT);
    size_t at = skip_chars(s, sqlite3_value_int64(args[3])), copied = 0;
    bool start_over = at >= s.n && s.n > 0; /* beyond the end: nothing to do */
    int found = 0;
    while (!start_over && at <= s.n && (found = search(c, re, s, at)) == 1) {
        struct fst_str whole = group(re, s, 0);
        size_t begin = (size_t)(whole.p - s.p);
        fst_buf_add(&out, s.p + copied, begin - copied);
        if (!add_replacement(&out, re, s, with)) {
            bad_replacement(c, args);
            fst_buf_done(&out);
            return;
        }
        copied = begin + whole.n;
        at = copied;
        if (whole.n == 0) {
            uint32_t cp = 0;
            at += at < s.n ? fst_utf8_decode(s.p + at, s.n - at, &cp) : 1;
            found = cp > 0xFFFF ? refuse_halves(c) : found;
        }
        if (out.over || found < 0)
            break;
    }
    if (found < 0) {
        fst_buf_done(&out);
        return;
    }
    fst_buf_add(&out, s.p + copied, s.n - copied);
    local_give_buf(c, &out);
}

/* (text, regex) */
static void regexp_count(const struct local_call *c, sqlite3_value **args)
{
    struct regex *re = regex_of(c, args);
    struct fst_str s = local_text(args[0]);
    int found = re ? 0 : -1;
    int64_t n = 0;
    for (size_t at = 0; re && at <= s.n && (found = search(c, re, s, at)) == 1; n++) {
        struct fst_str whole = group(re, s, 0);
        at = (size_t)(whole.p - s.p) + whole.n;
        if (whole.n == 0) {
            uint32_t cp = 0;
            at += at < s.n ? fst_utf8_decode(s.p + at, s.n - at, &cp) : 1;
            if (cp > 0xFFFF && (found = refuse_halves(c)) < 0)
                break;
        }
    }
    if (found >= 0)
        sqlite3_result_int64(c->ctx, n);
}

const struct local_function local_regex_functions[] = {
    {"regexp_substr_of", 2, true, regexp_substr, 0},
    {"regexp_extract_all_of", 3, true, regexp_extract_all, 0},
    {"regexp_instr_of", 3, true, regexp_instr, 0},
    {"regexp_count_of", 2, true, regexp_count, 0},
    {"text_rlike", 2, true, rlike, 0},
    {"regexp_extract_of", 3, true, regexp_extract, 0},
    {"regexp_replace_of", 4, true, regexp_replace, 0},
    {0},
};
