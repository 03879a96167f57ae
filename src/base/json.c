/* A JSON reader (RFC 8259) that keeps numbers as they were written and remembers places. */
#include <stdlib.h>
#include <string.h>

#include "doc.h"

struct json {
    struct fst_doc_parse s;
    const char *p, *end;
    uint32_t line;
    const char
        *counted; /* up to here the columns of the line are counted: a line may be the file */
    uint32_t cols;
};

static uint32_t column(struct json *j)
{
    j->cols += (uint32_t)fst_utf8_length(j->counted, (size_t)(j->p - j->counted));
    j->counted = j->p;
    return j->cols + 1;
}

static enum fst_status fail(struct json *j, const char *what)
{
    if (j->p >= j->end)
        return fst__doc_fail(&j->s, j->line, column(j), "the text ends where %s should be", what);
    return fst__doc_fail(&j->s, j->line, column(j), "expected %s", what);
}

static void blanks(struct json *j)
{
    for (; j->p < j->end && strchr(" \t\r\n", *j->p) && *j->p; j->p++)
        if (*j->p == '\n') {
            j->line++;
            j->counted = j->p + 1;
            j->cols = 0;
        }
}

static bool take(struct json *j, char c)
{
    blanks(j);
    if (j->p >= j->end || *j->p != c)
        return false;
    j->p++;
    return true;
}

/* ---- Scalars --------------------------------------------------------------------------------- */

static bool hex4(const char *p, const char *end, uint32_t *out)
{
    if (end - p < 4)
        return false;
    *out = 0;
    for (int i = 0; i < 4; i++) {
        char c = p[i];
        int digit = c >= '0' && c <= '9'   ? c - '0'
                    : c >= 'a' && c <= 'f' ? c - 'a' + 10
                    : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                           : -1;
        if (digit < 0)
            return false;
        *out = *out * 16 + (uint32_t)digit;
    }
    return true;
}

/* After "\u": one code point, with its low surrogate when it has one. */
static bool unicode_escape(struct json *j, struct fst_buf *out)
{
    uint32_t cp, low;
    char bytes[4];
    if (!hex4(j->p, j->end, &cp))
        return false;
    j->p += 4;
    if (cp >= 0xD800 && cp < 0xDC00 && j->end - j->p >= 6 && j->p[0] == '\\' && j->p[1] == 'u' &&
        hex4(j->p + 2, j->end, &low) && low >= 0xDC00 && low < 0xE000) {
        cp = 0x10000 + ((cp - 0xD800) << 10) + (low - 0xDC00);
        j->p += 6;
    }
    if (cp == 0)
        return false; /* texts end at a NUL here */
    fst_buf_add(out, bytes, fst_utf8_encode(cp, bytes));
    return true;
}

static bool escape(struct json *j, struct fst_buf *out)
{
    static const char letters[] = "\"\\/bfnrt";
    static const char values[] = "\"\\/\b\f\n\r\t";
    char c = j->p < j->end ? *j->p++ : '\0';
    if (c == 'u')
        return unicode_escape(j, out);
    const char *at = c ? strchr(letters, c) : NULL;
    if (at)
        fst_buf_addc(out, values[at - letters]);
    return at != NULL;
}

static const char *first_malformed(const char *p, size_t n)
{
    if (fst_utf8_valid(p, n))
        return NULL;
    for (;;) {
        uint32_t cp;
        size_t used = fst_utf8_decode(p, n, &cp);
        if (!fst_utf8_valid(p, used))
            return p;
        p += used;
        n -= used;
    }
}

static enum fst_status string(struct json *j, struct fst_str *out)
{
    struct fst_buf b = FST_BUF((size_t)(j->end - j->p));
    enum fst_status status = FST_OK;
    for (j->p++; status == FST_OK;) {
        const char *from = j->p;
        while (j->p < j->end && *j->p != '"' && *j->p != '\\' && (unsigned char)*j->p >= 0x20)
            j->p++;
        fst_buf_add(&b, from, (size_t)(j->p - from));
        const char *wrong = first_malformed(from, (size_t)(j->p - from));
        if (wrong) {
            j->p = wrong;
            status = fail(j, "UTF-8");
        } else if (j->p >= j->end || (unsigned char)*j->p < 0x20) {
            status = fail(j, "the end of the string");
        } else if (*j->p++ == '"') {
            break;
        } else if (!escape(j, &b)) {
            status = fail(j, "an escape such as \\n or \\u0041");
        }
    }
    if (status == FST_OK)
        *out = (struct fst_str){fst_arena_strndup(j->s.arena, fst_buf_text(&b), b.n), b.n};
    fst_buf_done(&b);
    return status;
}

static bool digits(struct json *j)
{
    const char *from = j->p;
    while (j->p < j->end && *j->p >= '0' && *j->p <= '9')
        j->p++;
    return j->p > from;
}

static enum fst_status number(struct json *j, struct fst_doc *out)
{
    const char *from = j->p;
    if (*j->p == '-')
        j->p++;
    bool zero = j->p < j->end && *j->p == '0';
    const char *first = j->p;
    if (!digits(j) || (zero && j->p > first + 1))
        return fail(j, "a number");
    if (j->p < j->end && *j->p == '.') {
        j->p++;
        if (!digits(j))
            return fail(j, "a digit");
    }
    if (j->p < j->end && (*j->p == 'e' || *j->p == 'E')) {
        j->p++;
        if (j->p < j->end && (*j->p == '+' || *j->p == '-'))
            j->p++;
        if (!digits(j))
            return fail(j, "a digit");
    }
    out->kind = FST_DOC_NUMBER;
    out->text = (struct fst_str){fst_arena_strndup(j->s.arena, from, (size_t)(j->p - from)),
                                 (size_t)(j->p - from)};
    return FST_OK;
}

static enum fst_status word(struct json *j, struct fst_doc *out)
{
    static const struct {
        const char *text;
        enum fst_doc_kind kind;
    } words[] = {{"null", FST_DOC_NULL}, {"true", FST_DOC_BOOL}, {"false", FST_DOC_BOOL}};
    for (size_t i = 0; i < FST_COUNT(words); i++) {
        size_t n = strlen(words[i].text);
        if ((size_t)(j->end - j->p) >= n && memcmp(j->p, words[i].text, n) == 0) {
            j->p += n;
            out->kind = words[i].kind;
            out->text = fst_str(words[i].text);
            return FST_OK;
        }
    }
    return fail(j, "a value");
}

/* ---- Values ---------------------------------------------------------------------------------- */

static enum fst_status value(struct json *j, struct fst_doc *out);

static enum fst_status key(struct json *j, struct fst_doc *child)
{
    struct fst_str text;
    blanks(j);
    child->key_line = j->line;
    child->key_col = column(j);
    if (j->p >= j->end || *j->p != '"')
        return fail(j, "a key in quotes");
    FST_TRY(string(j, &text));
    child->key = text.p;
    return take(j, ':') ? FST_OK : fail(j, "':'");
}

static enum fst_status children(struct json *j, struct fst_doc *out, char close)
{
    struct fst_doc *items = NULL;
    size_t n = 0, cap = 0;
    enum fst_status status = FST_OK;
    if (take(j, close))
        return FST_OK;
    do {
        fst_grow(&items, &cap, n + 1, sizeof *items);
        struct fst_doc child = {0};
        if (out->kind == FST_DOC_MAP)
            status = key(j, &child);
        if (status == FST_OK)
            status = value(j, &child);
        items[n++] = child;
    } while (status == FST_OK && take(j, ','));
    if (status == FST_OK && !take(j, close))
        status = fail(j, close == '}' ? "',' or '}'" : "',' or ']'");
    if (status == FST_OK)
        status = fst__doc_adopt(&j->s, out, items, n);
    free(items);
    return status;
}

static enum fst_status nested(struct json *j, struct fst_doc *out)
{
    if (j->s.depth_left == 0)
        return fst__doc_fail(&j->s, j->line, column(j), "nested too deep");
    j->s.depth_left--;
    bool map = *j->p++ == '{';
    out->kind = map ? FST_DOC_MAP : FST_DOC_LIST;
    enum fst_status status = children(j, out, map ? '}' : ']');
    j->s.depth_left++;
    return status;
}

static enum fst_status value(struct json *j, struct fst_doc *out)
{
    blanks(j);
    out->line = j->line;
    out->col = column(j);
    FST_TRY(fst__doc_count(&j->s, out->line, out->col, 1));
    if (j->p >= j->end)
        return fail(j, "a value");
    if (*j->p == '{' || *j->p == '[')
        return nested(j, out);
    if (*j->p == '"') {
        out->kind = FST_DOC_STRING;
        out->quoted = true;
        return string(j, &out->text);
    }
    return *j->p == '-' || (*j->p >= '0' && *j->p <= '9') ? number(j, out) : word(j, out);
}

enum fst_status fst_json_parse(struct fst_arena *arena, const char *name, const char *p, size_t n,
                               const struct fst_doc_limits *limits, struct fst_doc **out,
                               struct fst_error *err)
{
    struct json j = {.p = p, .end = p + n, .line = 1, .counted = p};
    *out = NULL;
    FST_TRY(fst__doc_begin(&j.s, arena, name, n, limits, err));
    struct fst_doc *root = fst_arena_alloc(arena, sizeof *root);
    FST_TRY(value(&j, root));
    blanks(&j);
    if (j.p < j.end)
        return fail(&j, "the end of the text");
    *out = root;
    return FST_OK;
}
