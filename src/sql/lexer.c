/* Text to tokens, by the rules of SqlBaseLexer.g4: the longest match wins, digits may open an
 * identifier, and what opens nothing is one BAD token, so that every byte is in exactly one token
 * and nothing ever fails. {{references}} are ours. */
#include "firesteel/sql.h"

#include <string.h>

static int peek(const struct fst_lexer *lx, size_t ahead)
{
    size_t at = lx->offset + ahead;
    return at < lx->n ? (unsigned char)lx->text[at] : 0;
}

static bool is_digit(int c)
{
    return c >= '0' && c <= '9';
}

static bool is_letter(int c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* Spark's white space beyond ASCII. */
static bool is_wide_space(uint32_t cp)
{
    return cp == 0xA0 || cp == 0x1680 || (cp >= 0x2000 && cp <= 0x200A) || cp == 0x2028 ||
           cp == 0x202F || cp == 0x205F || cp == 0x3000;
}

/* Bytes of the white space character at `at`, or 0. */
static size_t space_at(const struct fst_lexer *lx, size_t at)
{
    if (at >= lx->n)
        return 0;
    unsigned char c = (unsigned char)lx->text[at];
    if (c == ' ' || (c >= '\t' && c <= '\r'))
        return 1;
    if (c < 0x80)
        return 0;
    uint32_t cp;
    size_t len = fst_utf8_decode(lx->text + at, lx->n - at, &cp);
    return is_wide_space(cp) ? len : 0;
}

/* Letters, digits, the underscore, and any character beyond ASCII that is not white space (Spark
 * wants letters there; only the parser could tell the difference). */
static size_t word_at(const struct fst_lexer *lx, size_t at)
{
    if (at >= lx->n)
        return 0;
    unsigned char c = (unsigned char)lx->text[at];
    if (is_letter(c) || is_digit(c) || c == '_')
        return 1;
    if (c < 0x80)
        return 0;
    uint32_t cp;
    size_t len = fst_utf8_decode(lx->text + at, lx->n - at, &cp);
    return cp == 0xFFFD || is_wide_space(cp) ? 0 : len;
}

static size_t word_length(const struct fst_lexer *lx, size_t at)
{
    size_t start = at;
    for (size_t n; (n = word_at(lx, at)) > 0;)
        at += n;
    return at - start;
}

static size_t digits(const struct fst_lexer *lx, size_t at)
{
    size_t n = 0;
    while (at + n < lx->n && is_digit((unsigned char)lx->text[at + n]))
        n++;
    return n;
}

/* Length of a number at the lexer's place, its suffix included; 0 when it is none. */
static size_t number_length(const struct fst_lexer *lx)
{
    size_t at = lx->offset, n = digits(lx, at);
    bool point = false;
    if (at + n < lx->n && lx->text[at + n] == '.' && (n > 0 || digits(lx, at + 1) > 0)) {
        point = true;
        n += 1 + digits(lx, at + n + 1);
    }
    if (n == 0)
        return 0;

    size_t plain = n;
    if ((peek(lx, n) | 32) == 'e') {
        size_t sign = peek(lx, n + 1) == '+' || peek(lx, n + 1) == '-';
        size_t exponent = digits(lx, at + n + 1 + sign);
        if (exponent > 0)
            n += 1 + sign + exponent;
    }
    int suffix = peek(lx, n) | 32;
    if (suffix == 'b' && (peek(lx, n + 1) | 32) == 'd')
        n += 2;
    else if (suffix == 'f' || suffix == 'd')
        n += 1;
    else if (!point && n == plain && (suffix == 'l' || suffix == 's' || suffix == 'y'))
        n += 1;

    if (word_at(lx, at + n) == 0)
        return n;
    return point ? digits(lx, at) : 0; /* 1.5a is 1 . 5a; 1a is a word */
}

/* Length of a quoted text that opens at `skip` bytes from here; `*closed` tells whether it ends. */
static size_t quoted_length(const struct fst_lexer *lx, size_t skip, bool escapes, bool *closed)
{
    int quote = peek(lx, skip);
    *closed = false;
    for (size_t at = lx->offset + skip + 1; at < lx->n; at++) {
        int c = (unsigned char)lx->text[at];
        if (escapes && c == '\\' && quote != '`') {
            at++;
        } else if (c == quote) {
            if (escapes && at + 1 < lx->n && lx->text[at + 1] == quote) {
                at++;
                continue;
            }
            *closed = true;
            return at + 1 - lx->offset;
        }
    }
    return lx->n - lx->offset;
}

static size_t line_comment_length(const struct fst_lexer *lx)
{
    size_t at = lx->offset + 2;
    while (at < lx->n && lx->text[at] != '\n' && lx->text[at] != '\r') {
        bool continued = lx->text[at] == '\\' && at + 1 < lx->n && lx->text[at + 1] == '\n';
        at += continued ? 2 : 1;
    }
    return at - lx->offset;
}

static size_t block_comment_length(const struct fst_lexer *lx, bool *closed)
{
    size_t depth = 0, at = lx->offset;
    while (at + 1 < lx->n) {
        if (lx->text[at] == '/' && lx->text[at + 1] == '*') {
            depth++;
            at += 2;
        } else if (lx->text[at] == '*' && lx->text[at + 1] == '/') {
            at += 2;
            if (--depth == 0) {
                *closed = true;
                return at - lx->offset;
            }
        } else {
            at++;
        }
    }
    *closed = false;
    return lx->n - lx->offset;
}

/* {{name}}: on one line, without braces and quotes inside. 0 when it does not end so. */
static size_t reference_length(const struct fst_lexer *lx)
{
    for (size_t at = lx->offset + 2; at + 1 < lx->n; at++) {
        char c = lx->text[at];
        if (c == '}' && lx->text[at + 1] == '}')
            return at + 2 - lx->offset;
        if (memchr("{}`'\"\n\r", c, 7))
            return 0;
    }
    return 0;
}

static size_t operator_length(const struct fst_lexer *lx)
{
    static const char *const operators[] = {">>>", "<=>", "<<", ">>", "<=", ">=", "<>", "!=", "!<",
                                            "!>",  "==",  "||", "|>", "->", "=>", "::", ":="};
    int second = peek(lx, 1);
    bool may_be_long = second && strchr("<=>|:", second);
    for (size_t i = 0; may_be_long && i < FST_COUNT(operators); i++) {
        size_t n = strlen(operators[i]);
        if (lx->n - lx->offset >= n && memcmp(lx->text + lx->offset, operators[i], n) == 0)
            return n;
    }
    int c = peek(lx, 0);
    return c && strchr("()[],.;+-*/%=<>&|^~!:{}", c) ? 1 : 0;
}

static size_t bad(struct fst_token *t, size_t len, bool unclosed)
{
    t->kind = FST_TOK_BAD;
    t->unclosed = unclosed;
    return len;
}

static size_t quoted(const struct fst_lexer *lx, struct fst_token *t, size_t skip, bool escapes)
{
    bool closed;
    size_t len = quoted_length(lx, skip, escapes, &closed);
    t->kind = peek(lx, skip) == '`' ? FST_TOK_QUOTED : FST_TOK_STRING;
    return closed ? len : bad(t, len, true);
}

static size_t comment(const struct fst_lexer *lx, struct fst_token *t)
{
    bool closed;
    size_t len = block_comment_length(lx, &closed);
    t->kind = peek(lx, 2) == '+' ? FST_TOK_HINT : FST_TOK_COMMENT;
    return closed ? len : bad(t, len, true);
}

static size_t spaces(const struct fst_lexer *lx, struct fst_token *t)
{
    size_t at = lx->offset;
    for (size_t n; (n = space_at(lx, at)) > 0;)
        at += n;
    t->kind = FST_TOK_SPACE;
    return at - lx->offset;
}

static size_t word(const struct fst_lexer *lx, struct fst_token *t, size_t len)
{
    int first = peek(lx, 0) | 32;
    bool quote = peek(lx, 1) == '\'' || peek(lx, 1) == '"';
    if (len == 1 && quote && (first == 'r' || first == 'x'))
        return quoted(lx, t, 1, false);
    t->kind = FST_TOK_WORD;
    t->keyword = fst_sql_is_keyword(lx->text + lx->offset, len);
    return len;
}

/* Punctuation, parameters, references, and what opens nothing. */
static size_t sign(const struct fst_lexer *lx, struct fst_token *t)
{
    int c = peek(lx, 0);
    if (c == '{' && peek(lx, 1) == '{') {
        size_t len = reference_length(lx);
        t->kind = FST_TOK_REFERENCE;
        return len ? len : bad(t, 2, true);
    }
    if (c == '?' || (c == ':' && word_at(lx, lx->offset + 1) && !is_digit(peek(lx, 1)))) {
        t->kind = FST_TOK_PARAMETER;
        return 1 + (c == ':' ? word_length(lx, lx->offset + 1) : 0);
    }
    size_t len = operator_length(lx);
    t->kind = FST_TOK_OPERATOR;
    if (len)
        return len;
    uint32_t cp;
    return bad(t, fst_utf8_decode(lx->text + lx->offset, lx->n - lx->offset, &cp), false);
}

static size_t scan(const struct fst_lexer *lx, struct fst_token *t)
{
    int c = peek(lx, 0);
    if (space_at(lx, lx->offset))
        return spaces(lx, t);
    if (c == '-' && peek(lx, 1) == '-') {
        t->kind = FST_TOK_COMMENT;
        return line_comment_length(lx);
    }
    if (c == '/' && peek(lx, 1) == '*')
        return comment(lx, t);
    if (c == '\'' || c == '"' || c == '`')
        return quoted(lx, t, 0, true);
    size_t number = is_digit(c) || c == '.' ? number_length(lx) : 0;
    if (number) {
        t->kind = FST_TOK_NUMBER;
        return number;
    }
    size_t len = word_length(lx, lx->offset);
    return len ? word(lx, t, len) : sign(lx, t);
}

/* Move over `len` bytes, counting lines and code points. */
static void advance(struct fst_lexer *lx, size_t len)
{
    size_t end = lx->offset + len;
    while (lx->offset < end) {
        uint32_t cp = (unsigned char)lx->text[lx->offset];
        size_t n = 1;
        if (cp >= 0x80)
            n = fst_utf8_decode(lx->text + lx->offset, end - lx->offset, &cp);
        lx->offset += n ? n : 1;
        if (cp == '\n') {
            lx->line++;
            lx->col = 1;
        } else {
            lx->col++;
        }
    }
}

struct fst_token fst_sql_next(struct fst_lexer *lx)
{
    if (lx->line == 0)
        lx->line = 1;
    if (lx->col == 0)
        lx->col = 1;
    struct fst_token t = {.offset = lx->offset, .line = lx->line, .col = lx->col};
    if (lx->offset >= lx->n)
        return t;
    t.len = scan(lx, &t);
    advance(lx, t.len);
    return t;
}
