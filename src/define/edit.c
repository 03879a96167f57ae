/* Bringing one definition of a file's text to what the catalog has. Only lines of its own that
 * differ are replaced, key by key; everything else, comments above all, stays byte for byte. What
 * cannot be done so is refused with its place. */
#include <stdlib.h>
#include <string.h>

#include "define.h"

enum { AT = 4 }; /* column of the keys in what is exported */

struct line {
    const char *p;
    size_t n; /* with its newline */
};
struct edit {
    const char *name;
    struct line *lines;
    size_t n, cap;
    struct fst_error *err;
};
/* The lines of a key in what is exported. */
struct chunk {
    char *key;
    const char *p;
    size_t n;
};
struct chunks {
    char *text;
    struct chunk *items;
    size_t n, cap;
};

/* ---- Lines ----------------------------------------------------------------------------------- */

static void split(struct edit *e, const char *text, size_t n)
{
    while (n) {
        const char *end = memchr(text, '\n', n);
        size_t length = end ? (size_t)(end - text) + 1 : n;
        fst_grow(&e->lines, &e->cap, e->n + 1, sizeof *e->lines);
        e->lines[e->n++] = (struct line){text, length};
        text += length;
        n -= length;
    }
}

static size_t indent_of(const struct line *l)
{
    size_t i = 0;
    while (i < l->n && l->p[i] == ' ')
        i++;
    return i;
}

static bool is_blank(const struct line *l)
{
    size_t i = indent_of(l);
    return i == l->n || l->p[i] == '\n' || l->p[i] == '\r';
}

static bool is_comment(const struct line *l)
{
    size_t i = indent_of(l);
    return i < l->n && l->p[i] == '#';
}

/* Does the value of the key in this line have lines of text, where # is nothing special? */
static bool is_block(const struct line *l)
{
    size_t n = l->n;
    while (n && strchr("\r\n +-0123456789", l->p[n - 1]))
        n--;
    return n > 1 && strchr("|>", l->p[n - 1]) && l->p[n - 2] == ' ';
}

/* Behind the last line of the key that stands in line `from` at `indent`. */
static size_t key_end(const struct edit *e, size_t from, size_t indent)
{
    size_t i = from + 1, end = from + 1;
    bool block = is_block(&e->lines[from]);
    for (; i < e->n; i++) {
        const struct line *l = &e->lines[i];
        size_t at = indent_of(l);
        bool dash = at == indent && at + 1 < l->n && l->p[at] == '-' && l->p[at + 1] == ' ';
        if (is_blank(l))
            continue;
        if (at <= indent && !(dash && !block))
            break;
        if (block || !is_comment(l))
            end = i + 1;
    }
    return end;
}

/* A comment at the end of a line of one value; NULL when there is none. */
static const char *comment_of(const struct line *l, size_t *n)
{
    char quote = 0;
    for (size_t i = 1; i < l->n; i++) {
        char c = l->p[i];
        if (quote)
            quote = c == quote ? 0 : quote;
        else if ((c == '"' || c == '\'') && (l->p[i - 1] == ' ' || l->p[i - 1] == '['))
            quote = c;
        else if (c == '#' && l->p[i - 1] == ' ') {
            while (i > 1 && l->p[i - 2] == ' ')
                i--;
            *n = l->n - (i - 1) - (l->p[l->n - 1] == '\n');
            return l->p + i - 1;
        }
    }
    return NULL;
}

/* ---- What is exported, by key ---------------------------------------------------------------- */

static struct chunks chunks_of(const struct fst_resource *r)
{
    struct fst_buf out = FST_BUF_TEXT;
    struct chunks c = {0};
    fst_define_export(&out, &r, 1);
    c.text = fst_buf_take(&out);
    for (const char *p = c.text; *p;) {
        size_t n = strcspn(p, "\n") + 1;
        bool first = strncmp(p, "  - ", 4) == 0 && c.n == 0;
        bool key = first || (strncmp(p, "    ", AT) == 0 && p[AT] != ' ' && p[AT] != '\n' && c.n);
        if (key) {
            fst_grow(&c.items, &c.cap, c.n + 1, sizeof *c.items);
            c.items[c.n++] =
                (struct chunk){fst_strndup(p + AT, strcspn(p + AT, ":")), p + AT, n - AT};
        } else if (c.n) {
            c.items[c.n - 1].n += n;
        }
        p += n;
    }
    return c;
}

static void chunks_done(struct chunks *c)
{
    for (size_t i = 0; i < c->n; i++)
        free(c->items[i].key);
    free(c->items);
    free(c->text);
}

static const struct chunk *chunk_named(const struct chunks *c, const char *key)
{
    for (size_t i = 0; c && i < c->n; i++)
        if (strcmp(c->items[i].key, key) == 0)
            return &c->items[i];
    return NULL;
}

static bool same(const struct chunk *a, const struct chunk *b)
{
    return a && b ? a->n == b->n && memcmp(a->p, b->p, a->n) == 0 : a == b;
}

/* Its first line begins where it is put, the others at `indent`. */
static void put_chunk(struct fst_buf *out, const struct chunk *c, size_t indent)
{
    const char *p = c->p, *end = c->p + c->n;
    while (p < end) {
        size_t n = (size_t)((const char *)memchr(p, '\n', (size_t)(end - p)) - p) + 1;
        size_t skip = p > c->p ? AT : 0;
        if (p > c->p && n > AT)
            fst_buf_repeat(out, ' ', indent);
        fst_buf_add(out, n > skip ? p + skip : "\n", n > skip ? n - skip : 1);
        p += n;
    }
}

/* ---- The definition in the file -------------------------------------------------------------- */

struct place {
    const struct fst_doc *list; /* of its kind; the last one */
    const struct fst_doc *item; /* itself */
    const struct fst_doc *near; /* the last of its name, else of its kind */
};

static bool is_it(const struct fst_doc *item, const struct fst_resource *r)
{
    const char *variant = fst_doc_string(item, "variant", NULL);
    return strcmp(fst_doc_string(item, "name", ""), r->name) == 0 &&
           (!variant || strcmp(variant, r->variant) == 0);
}

static struct place find(const struct fst_doc *docs, const struct fst_resource *r)
{
    struct place p = {0};
    bool by_name = false;
    for (size_t i = 0; i < docs->n; i++) {
        const struct fst_doc *doc = &docs->items[i];
        for (size_t k = 0; doc->kind == FST_DOC_MAP && k < doc->n; k++) {
            const struct fst_doc *list = &doc->items[k];
            if (strcmp(list->key, fst_kinds[r->kind].plural) != 0)
                continue;
            p.list = list;
            for (size_t m = 0; list->kind == FST_DOC_LIST && m < list->n; m++) {
                const struct fst_doc *item = &list->items[m];
                bool named = strcmp(fst_doc_string(item, "name", ""), r->name) == 0;
                if (is_it(item, r))
                    p.item = item;
                if (named || !by_name)
                    p.near = item;
                by_name |= named;
            }
        }
    }
    return p;
}

static enum fst_status refuse(const struct edit *e, uint32_t line, const char *why)
{
    return fst_fail(e->err, FST_EUNSUPPORTED, "%s:%u: %s: change it by hand", e->name, line, why);
}

/* Every key stands in a line of its own, with nothing but blanks and a dash before it. */
static enum fst_status check_lines(const struct edit *e, const struct fst_doc *item)
{
    if (item->kind != FST_DOC_MAP || item->n == 0)
        return refuse(e, item->line, "this is no definition");
    for (size_t i = 0; i < item->n; i++) {
        const struct fst_doc *v = &item->items[i];
        if (v->key_line == 0 || v->key_line > e->n)
            return refuse(e, v->line, "its lines are not known");
        const struct line *l = &e->lines[v->key_line - 1];
        for (uint32_t c = 0; c + 1 < v->key_col && c < l->n; c++)
            if (l->p[c] != ' ' && l->p[c] != '-')
                return refuse(e, v->key_line, "several keys stand in one line");
        if (i && v->key_line == item->items[i - 1].key_line)
            return refuse(e, v->key_line, "several keys stand in one line");
    }
    return FST_OK;
}

static size_t indent_of_item(const struct fst_doc *item)
{
    return item->items[0].key_col - 1;
}

static size_t end_of_item(const struct edit *e, const struct fst_doc *item)
{
    return key_end(e, item->items[item->n - 1].key_line - 1, indent_of_item(item));
}

/* ---- Replacing ------------------------------------------------------------------------------- */

/* What is in lines [from, to) may go: no comment is in them. */
static enum fst_status check_comments(const struct edit *e, size_t from, size_t to, bool one_line)
{
    bool block = is_block(&e->lines[from]);
    size_t n;
    for (size_t i = from; i < to; i++)
        if ((i > from && !block && is_comment(&e->lines[i])) ||
            ((!block || i == from) && !one_line && comment_of(&e->lines[i], &n)))
            return refuse(e, (uint32_t)i + 1, "a comment stands in what changes");
    return FST_OK;
}

static enum fst_status put_key(const struct edit *e, const struct fst_doc *v, size_t indent,
                               const struct chunk *now, bool first, struct fst_buf *out)
{
    size_t from = v->key_line - 1, to = key_end(e, from, indent), n = 0;
    const struct line *l = &e->lines[from];
    bool one_line = now && to == from + 1 && memchr(now->p, '\n', now->n) == now->p + now->n - 1;
    FST_TRY(check_comments(e, from, to, one_line));
    if (!now)
        return first ? refuse(e, v->key_line, "its first key would go") : FST_OK;
    fst_buf_add(out, l->p, indent); /* blanks and the dash, as they are */
    put_chunk(out, now, indent);
    const char *comment = one_line ? comment_of(l, &n) : NULL;
    if (comment) {
        out->n--;
        fst_buf_add(out, comment, n);
        fst_buf_addc(out, '\n');
    }
    return FST_OK;
}

static void put_lines(const struct edit *e, size_t from, size_t to, struct fst_buf *out)
{
    for (size_t i = from; i < to; i++)
        fst_buf_add(out, e->lines[i].p, e->lines[i].n);
    if (from < to && out->n && out->p[out->n - 1] != '\n')
        fst_buf_addc(out, '\n');
}

/* Its text is another file's, or its variant is the time: these stay as they are. */
static bool stays(const struct fst_doc *item, const char *key)
{
    return (strcmp(key, "sql") == 0 && fst_doc_get(item, "sql_file")) ||
           (strcmp(key, "python") == 0 && fst_doc_get(item, "python_file")) ||
           (strcmp(key, "variant") == 0 && !fst_doc_get(item, "variant"));
}

static enum fst_status replace(const struct edit *e, const struct fst_doc *item,
                               const struct chunks *was, const struct chunks *now,
                               struct fst_buf *out)
{
    size_t indent = indent_of_item(item), done = 0;
    for (size_t i = 0; i < item->n; i++) {
        const struct fst_doc *v = &item->items[i];
        const struct chunk *a = chunk_named(was, v->key), *b = chunk_named(now, v->key);
        if (same(a, b) || strstr(v->key, "_file"))
            continue;
        put_lines(e, done, v->key_line - 1, out);
        FST_TRY(put_key(e, v, indent, b, i == 0, out));
        done = key_end(e, v->key_line - 1, indent);
    }
    size_t end = end_of_item(e, item);
    put_lines(e, done, end > done ? end : done, out);
    for (size_t i = 0; i < now->n; i++) {
        const struct chunk *c = &now->items[i];
        if (fst_doc_get(item, c->key) || stays(item, c->key))
            continue;
        fst_buf_repeat(out, ' ', indent);
        put_chunk(out, c, indent);
    }
    put_lines(e, end > done ? end : done, e->n, out);
    return FST_OK;
}

/* ---- Adding ---------------------------------------------------------------------------------- */

static void put_item(const struct chunks *now, size_t dash, struct fst_buf *out)
{
    for (size_t i = 0; i < now->n; i++) {
        fst_buf_repeat(out, ' ', dash);
        fst_buf_adds(out, i ? "  " : "- ");
        put_chunk(out, &now->items[i], dash + 2);
    }
}

static enum fst_status insert(const struct edit *e, const struct place *p, const struct chunks *now,
                              const struct fst_resource *r, struct fst_buf *out)
{
    size_t at = e->n, dash = AT - 2;
    if (p->near) {
        FST_TRY(check_lines(e, p->near));
        const struct line *l = &e->lines[p->near->items[0].key_line - 1];
        const char *sign = memchr(l->p, '-', indent_of_item(p->near));
        if (!sign)
            return refuse(e, p->near->line, "the dash stands in a line of its own");
        dash = (size_t)(sign - l->p);
        at = end_of_item(e, p->near);
    } else if (p->list && p->list->kind != FST_DOC_NULL) {
        return refuse(e, p->list->key_line, "the list stands in one line");
    } else if (p->list) {
        at = p->list->key_line;
    }
    put_lines(e, 0, at, out);
    if (!p->list)
        fst_buf_printf(out, "%s%s:\n", out->n ? "\n" : "", fst_kinds[r->kind].plural);
    put_item(now, dash, out);
    put_lines(e, at, e->n, out);
    return FST_OK;
}

enum fst_status fst_define_edit(const char *name, const char *text, const struct fst_resource *was,
                                const struct fst_resource *r, struct fst_buf *out,
                                struct fst_error *err)
{
    struct fst_arena *a = fst_arena_new();
    struct fst_doc *docs = NULL;
    struct edit e = {.name = name, .err = err};
    enum fst_status status = fst_yaml_parse(a, name, text, strlen(text), NULL, &docs, err);
    if (status == FST_OK) {
        struct place p = find(docs, r);
        struct chunks now = chunks_of(r), old = {0};
        split(&e, text, strlen(text));
        if (was)
            old = chunks_of(was);
        if (p.item && was)
            status = check_lines(&e, p.item);
        if (status == FST_OK)
            status =
                p.item && was ? replace(&e, p.item, &old, &now, out) : insert(&e, &p, &now, r, out);
        chunks_done(&now);
        chunks_done(&old);
    }
    free(e.lines);
    fst_arena_free(a);
    return status;
}
