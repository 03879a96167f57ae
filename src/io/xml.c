/* A small reader of XML: what S3 and STS send, and no more. It makes no network access, knows no
 * entities but the five and numbers, and each of its sizes has a limit. */
#include "xml.h"

#include <ctype.h>
#include <string.h>

enum { MAX_DEPTH = 32, MAX_NAME = 256 };
#define MAX_ELEMENTS 1000000

struct reader {
    struct fst_arena *arena;
    const char *at, *end;
    struct fst_error *err;
    size_t n_elements;
};

static enum fst_status malformed(struct reader *r, const char *what)
{
    return fst_fail(r->err, FST_EFORMAT, "the XML is malformed: %s", what);
}

static bool starts(const struct reader *r, const char *text)
{
    size_t n = strlen(text);
    return (size_t)(r->end - r->at) >= n && memcmp(r->at, text, n) == 0;
}

static bool skip_past(struct reader *r, const char *text)
{
    const char *found = memmem(r->at, (size_t)(r->end - r->at), text, strlen(text));
    if (found)
        r->at = found + strlen(text);
    return found;
}

/* ---- Text -------------------------------------------------------------------------------------
 */

static uint32_t number_of(const char *p, size_t n)
{
    bool hex = n > 1 && (*p == 'x' || *p == 'X');
    uint32_t value = 0;
    for (size_t i = hex; i < n; i++) {
        int c = tolower((unsigned char)p[i]);
        int digit = isdigit(c) ? c - '0' : hex && c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
        if (digit < 0 || value > 0x10FFFF)
            return 0;
        value = value * (hex ? 16 : 10) + (uint32_t)digit;
    }
    return value <= 0x10FFFF && !(value >= 0xD800 && value < 0xE000) ? value : 0;
}

/* p: what stands between & and ; */
static bool add_entity(struct fst_buf *out, const char *p, size_t n)
{
    static const struct {
        const char *name;
        char c;
    } named[] = {{"lt", '<'}, {"gt", '>'}, {"amp", '&'}, {"quot", '"'}, {"apos", '\''}};
    for (size_t i = 0; i < FST_COUNT(named); i++)
        if (fst_str_is((struct fst_str){p, n}, named[i].name)) {
            fst_buf_addc(out, named[i].c);
            return true;
        }
    uint32_t cp = n > 1 && *p == '#' ? number_of(p + 1, n - 1) : 0;
    char utf8[4];
    if (cp)
        fst_buf_add(out, utf8, fst_utf8_encode(cp, utf8));
    return cp;
}

static enum fst_status add_text(struct reader *r, struct fst_buf *out)
{
    while (r->at < r->end && *r->at != '<') {
        if (*r->at != '&') {
            if (*r->at == '\0')
                return malformed(r, "a NUL in a text");
            fst_buf_addc(out, *r->at++);
            continue;
        }
        size_t left = (size_t)(r->end - r->at);
        const char *semicolon = memchr(r->at, ';', left < 12 ? left : 12);
        if (!semicolon || !add_entity(out, r->at + 1, (size_t)(semicolon - r->at - 1)))
            return malformed(r, "an entity that is not known");
        r->at = semicolon + 1;
    }
    return FST_OK;
}

/* ---- Elements ---------------------------------------------------------------------------------
 */

/* Comments, instructions. */
static enum fst_status skip_misc(struct reader *r)
{
    for (;;) {
        while (r->at < r->end && isspace((unsigned char)*r->at))
            r->at++;
        bool comment = starts(r, "<!--");
        if (!comment && !starts(r, "<?"))
            return FST_OK;
        if (!skip_past(r, comment ? "-->" : "?>"))
            return malformed(r, "a comment without an end");
    }
}

static enum fst_status read_name(struct reader *r, const char **name)
{
    const char *from = r->at;
    while (r->at < r->end && !isspace((unsigned char)*r->at) && !strchr("/>=<", *r->at) && *r->at)
        r->at++;
    size_t n = (size_t)(r->at - from);
    if (n == 0 || n > MAX_NAME)
        return malformed(r, "an element without a name");
    const char *colon = memchr(from, ':', n);
    const char *own = colon ? colon + 1 : from;
    *name = fst_arena_strndup(r->arena, own, (size_t)(r->at - own));
    return FST_OK;
}

/* To the end of a start tag. */
static enum fst_status skip_attributes(struct reader *r, bool *empty)
{
    char quote = 0;
    for (; r->at < r->end; r->at++) {
        if (quote)
            quote = *r->at == quote ? 0 : quote;
        else if (*r->at == '"' || *r->at == '\'')
            quote = *r->at;
        else if (*r->at == '>')
            break;
    }
    if (r->at >= r->end)
        return malformed(r, "a tag without an end");
    *empty = r->at[-1] == '/';
    r->at++;
    return FST_OK;
}

static enum fst_status end_tag(struct reader *r, const char *name)
{
    const char *closes;
    r->at += 2;
    FST_TRY(read_name(r, &closes));
    if (strcmp(closes, name) != 0 || !skip_past(r, ">"))
        return malformed(r, "an end tag of another element");
    return FST_OK;
}

static enum fst_status read_element(struct reader *r, int depth, struct xml **out);

static enum fst_status add_cdata(struct reader *r, struct fst_buf *text)
{
    const char *from = r->at + 9;
    if (!skip_past(r, "]]>"))
        return malformed(r, "a CDATA section without an end");
    fst_buf_add(text, from, (size_t)(r->at - 3 - from));
    return FST_OK;
}

static enum fst_status read_content(struct reader *r, int depth, struct xml *x,
                                    struct fst_buf *text)
{
    struct xml **tail = &x->child;
    for (;;) {
        FST_TRY(add_text(r, text));
        if (r->at >= r->end)
            return malformed(r, "it ends in the middle");
        if (starts(r, "</"))
            return end_tag(r, x->name);
        if (starts(r, "<![CDATA[")) {
            FST_TRY(add_cdata(r, text));
        } else if (starts(r, "<!--") || starts(r, "<?")) {
            FST_TRY(skip_misc(r));
        } else {
            FST_TRY(read_element(r, depth + 1, tail));
            tail = &(*tail)->next;
        }
    }
}

static enum fst_status read_element(struct reader *r, int depth, struct xml **out)
{
    if (depth > MAX_DEPTH)
        return fst_fail(r->err, FST_EFORMAT, "the XML is nested over %d deep", MAX_DEPTH);
    if (++r->n_elements > MAX_ELEMENTS)
        return fst_fail(r->err, FST_ENOMEM, "the XML has over %d elements", MAX_ELEMENTS);
    if (!starts(r, "<") || starts(r, "<!"))
        return malformed(r, "an element is expected");
    r->at++;
    struct xml *x = fst_arena_alloc(r->arena, sizeof *x);
    bool empty = false;
    x->text = "";
    FST_TRY(read_name(r, &x->name));
    FST_TRY(skip_attributes(r, &empty));
    struct fst_buf text = FST_BUF((size_t)1 << 20);
    enum fst_status status = empty ? FST_OK : read_content(r, depth, x, &text);
    if (status == FST_OK && !x->child && text.n)
        x->text = fst_arena_strndup(r->arena, text.p, text.n);
    fst_buf_done(&text);
    *out = x;
    return status;
}

enum fst_status xml_parse(struct fst_arena *a, const char *p, size_t n, struct xml **out,
                          struct fst_error *err)
{
    struct reader r = {.arena = a, .at = p, .end = p + n, .err = err};
    *out = NULL;
    if (n >= 3 && memcmp(p, "\xEF\xBB\xBF", 3) == 0)
        r.at += 3;
    FST_TRY(skip_misc(&r));
    FST_TRY(read_element(&r, 0, out));
    FST_TRY(skip_misc(&r));
    return r.at == r.end ? FST_OK : malformed(&r, "bytes after its end");
}

/* ---- Looking things up ------------------------------------------------------------------------
 */

const struct xml *xml_get(const struct xml *x, const char *name)
{
    const struct xml *c = x ? x->child : NULL;
    while (c && strcmp(c->name, name) != 0)
        c = c->next;
    return c;
}

const char *xml_text(const struct xml *x, const char *name)
{
    const struct xml *c = xml_get(x, name);
    return c ? c->text : NULL;
}

const struct xml *xml_find(const struct xml *x, const char *name)
{
    for (; x; x = x->next) {
        if (strcmp(x->name, name) == 0)
            return x;
        const struct xml *deeper = xml_find(x->child, name);
        if (deeper)
            return deeper;
    }
    return NULL;
}
