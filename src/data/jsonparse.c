/* jsonparse: see the header. Names may repeat (the last one counts), and the depth and the number
 * of values are bounded: a record is a row, not a database. */
#include "jsonparse.h"

#include <stdlib.h>
#include <string.h>

enum { DEPTH_MAX = 200, VALUES_MAX = 200000 };

struct parse {
    struct fst_arena *arena;
    const struct fst_json_options *o;
    const char *p, *end;
    const char *wrong;
    size_t n_values;
    int depth;
    struct fst_doc *stack; /* children of what is open */
    size_t n, cap;
    struct fst_buf text;
};

static bool fail(struct parse *j, const char *why)
{
    if (!j->wrong)
        j->wrong = why;
    return false;
}

static bool skip_comment(struct parse *j)
{
    const char *close = NULL;
    if (j->end - j->p < 2 || *j->p != '/' || !j->o->comments)
        return false;
    if (j->p[1] == '/')
        close = memchr(j->p, '\n', (size_t)(j->end - j->p));
    else if (j->p[1] == '*')
        close = memmem(j->p + 2, (size_t)(j->end - j->p - 2), "*/", 2);
    else
        return false;
    j->p = !close ? j->end : j->p[1] == '/' ? close + 1 : close + 2;
    return true;
}

static void blanks(struct parse *j)
{
    do
        while (j->p < j->end && (*j->p == ' ' || *j->p == '\t' || *j->p == '\n' || *j->p == '\r'))
            j->p++;
    while (skip_comment(j));
}

static bool take(struct parse *j, char c)
{
    blanks(j);
    if (j->p == j->end || *j->p != c)
        return false;
    j->p++;
    return true;
}

/* ---- Texts ----------------------------------------------------------------------------------- */

static bool hex4(const char *p, const char *end, uint32_t *out)
{
    *out = 0;
    for (int i = 0; i < 4; i++, p++) {
        if (p == end)
            return false;
        int digit = *p >= '0' && *p <= '9'   ? *p - '0'
                    : *p >= 'a' && *p <= 'f' ? *p - 'a' + 10
                    : *p >= 'A' && *p <= 'F' ? *p - 'A' + 10
                                             : -1;
        if (digit < 0)
            return false;
        *out = *out * 16 + (uint32_t)digit;
    }
    return true;
}

static bool unicode_escape(struct parse *j)
{
    uint32_t cp, low;
    char bytes[4];
    if (!hex4(j->p, j->end, &cp))
        return fail(j, "\\u wants four hex digits");
    j->p += 4;
    if (cp >= 0xD800 && cp < 0xDC00 && j->end - j->p >= 6 && j->p[0] == '\\' && j->p[1] == 'u' &&
        hex4(j->p + 2, j->end, &low) && low >= 0xDC00 && low < 0xE000) {
        cp = 0x10000 + ((cp - 0xD800) << 10) + (low - 0xDC00);
        j->p += 6;
    }
    fst_buf_add(&j->text, bytes, fst_utf8_encode(cp, bytes));
    return true;
}

static bool escape(struct parse *j)
{
    static const char letters[] = "\"\\/bfnrt'", values[] = "\"\\/\b\f\n\r\t'";
    char c = j->p < j->end ? *j->p++ : '\0';
    if (c == 'u')
        return unicode_escape(j);
    const char *at = c ? strchr(letters, c) : NULL;
    if (!at || (c == '\'' && j->o->no_single_quotes))
        return fail(j, "an escape that there is not");
    fst_buf_addc(&j->text, values[at - letters]);
    return true;
}

static bool string(struct parse *j, struct fst_str *out)
{
    char quote = *j->p++;
    fst_buf_clear(&j->text);
    for (;;) {
        const char *from = j->p;
        while (j->p < j->end && *j->p != quote && *j->p != '\\' && (unsigned char)*j->p >= ' ')
            j->p++;
        fst_buf_add(&j->text, from, (size_t)(j->p - from));
        if (j->p == j->end)
            return fail(j, "a text does not end");
        if (*j->p == quote)
            break;
        if (*j->p != '\\')
            return fail(j, "a control character inside a text");
        j->p++;
        if (!escape(j))
            return false;
    }
    j->p++;
    *out =
        (struct fst_str){fst_arena_strndup(j->arena, fst_buf_text(&j->text), j->text.n), j->text.n};
    return true;
}

static bool is_quote(const struct parse *j)
{
    return j->p < j->end && (*j->p == '"' || (*j->p == '\'' && !j->o->no_single_quotes));
}

static bool is_name_char(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '$' || (unsigned char)c >= 0x80;
}

static bool key(struct parse *j, const char **out)
{
    struct fst_str text;
    blanks(j);
    if (is_quote(j)) {
        if (!string(j, &text))
            return false;
        *out = text.p;
        return strlen(text.p) == text.n || fail(j, "a name with a NUL");
    }
    const char *from = j->p;
    while (j->o->unquoted_names && j->p < j->end && is_name_char(*j->p))
        j->p++;
    *out = fst_arena_strndup(j->arena, from, (size_t)(j->p - from));
    return j->p > from || fail(j, "a name in quotes is expected");
}

/* ---- Numbers and words ----------------------------------------------------------------------- */

static size_t digits(struct parse *j)
{
    const char *from = j->p;
    while (j->p < j->end && *j->p >= '0' && *j->p <= '9')
        j->p++;
    return (size_t)(j->p - from);
}

static bool number(struct parse *j, struct fst_doc *out)
{
    const char *from = j->p;
    j->p += *j->p == '-';
    const char *first = j->p;
    size_t n = digits(j);
    if (!n || (n > 1 && *first == '0' && !j->o->leading_zeros))
        return fail(j, "no number");
    size_t zeros = 0;
    while (zeros + 1 < n && first[zeros] == '0')
        zeros++;
    if (j->p < j->end && *j->p == '.' && (j->p++, !digits(j)))
        return fail(j, "a number that ends with its point");
    if (j->p < j->end && (*j->p == 'e' || *j->p == 'E')) {
        j->p++;
        j->p += j->p < j->end && (*j->p == '+' || *j->p == '-');
        if (!digits(j))
            return fail(j, "a number without its exponent");
    }
    if (j->p < j->end && is_name_char(*j->p))
        return fail(j, "a number that goes on with letters");
    out->kind = FST_DOC_NUMBER;
    out->text.p = fst_arena_printf(j->arena, "%.*s%.*s", (int)(first - from), from,
                                   (int)(j->p - first - (ptrdiff_t)zeros), first + zeros);
    out->text.n = strlen(out->text.p);
    return true;
}

static bool word(struct parse *j, struct fst_doc *out)
{
    static const struct {
        const char *word, *text;
        enum fst_doc_kind kind;
    } words[] = {
        {"null", "null", FST_DOC_NULL},           {"true", "true", FST_DOC_BOOL},
        {"false", "false", FST_DOC_BOOL},         {"NaN", "NaN", FST_DOC_STRING},
        {"Infinity", "Infinity", FST_DOC_STRING}, {"-Infinity", "-Infinity", FST_DOC_STRING},
        {"INF", "Infinity", FST_DOC_STRING},      {"-INF", "-Infinity", FST_DOC_STRING},
    };
    for (size_t i = 0; i < FST_COUNT(words); i++) {
        size_t n = strlen(words[i].word);
        bool odd = words[i].kind == FST_DOC_STRING;
        if ((size_t)(j->end - j->p) < n || memcmp(j->p, words[i].word, n) != 0 ||
            (odd && j->o->no_odd_numbers) || (j->p + n < j->end && is_name_char(j->p[n])))
            continue;
        j->p += n;
        out->kind = words[i].kind;
        out->quoted = odd;
        out->text = fst_str(words[i].text);
        return true;
    }
    return *j->p == '-' || (*j->p >= '0' && *j->p <= '9') ? number(j, out)
                                                          : fail(j, "no JSON value");
}

/* ---- Values ---------------------------------------------------------------------------------- */

static bool value(struct parse *j, struct fst_doc *out);

static bool push(struct parse *j, const struct fst_doc *child)
{
    if (++j->n_values > VALUES_MAX)
        return fail(j, "more than 200,000 values in one record");
    fst_grow(&j->stack, &j->cap, j->n + 1, sizeof(*j->stack));
    j->stack[j->n++] = *child;
    return true;
}

static bool child(struct parse *j, bool is_map)
{
    struct fst_doc item = {0};
    if (is_map && !key(j, &item.key))
        return false;
    if (is_map && !take(j, ':'))
        return fail(j, "a : is expected behind a name");
    return value(j, &item) && push(j, &item);
}

/* Behind the bracket. */
static bool children(struct parse *j, struct fst_doc *out, char close)
{
    const char *from = j->p - 1;
    size_t base = j->n;
    if (++j->depth > DEPTH_MAX)
        return fail(j, "nested over 200 deep");
    bool more = !take(j, close);
    while (more) {
        if (!child(j, close == '}'))
            return false;
        more = !take(j, close);
        if (more && !take(j, ','))
            return fail(j, j->p == j->end ? "it ends in the middle" : "a comma is expected");
    }
    j->depth--;
    out->n = j->n - base;
    out->items = fst_arena_alloc(j->arena, (out->n + 1) * sizeof(*out->items));
    if (out->n)
        memcpy(out->items, j->stack + base, out->n * sizeof(*out->items));
    j->n = base;
    out->text = (struct fst_str){from, (size_t)(j->p - from)};
    return true;
}

static bool value(struct parse *j, struct fst_doc *out)
{
    blanks(j);
    if (j->p == j->end)
        return fail(j, "it ends in the middle");
    if (is_quote(j)) {
        out->kind = FST_DOC_STRING;
        return string(j, &out->text);
    }
    if (*j->p != '{' && *j->p != '[')
        return word(j, out);
    bool is_map = *j->p++ == '{';
    out->kind = is_map ? FST_DOC_MAP : FST_DOC_LIST;
    return children(j, out, is_map ? '}' : ']');
}

const char *fst_json_record(struct fst_arena *arena, const struct fst_json_options *options,
                            const char *p, size_t n, struct fst_doc **out)
{
    struct parse j = {.arena = arena, .o = options, .p = p, .end = p + n, .text = FST_BUF(n)};
    *out = fst_arena_alloc(arena, sizeof(**out));
    value(&j, *out);
    free(j.stack);
    fst_buf_done(&j.text);
    return j.wrong;
}
