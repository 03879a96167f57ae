/* What can be said of a text from its tokens alone: references and the text as sent, statements,
 * sameness, and places. */
#include "firesteel/sql.h"

#include <stdlib.h>
#include <string.h>

/* ---- Places ---------------------------------------------------------------------------------- */

void fst_sql_place(const char *text, size_t n, size_t offset, uint32_t *line, uint32_t *col)
{
    *line = *col = 1;
    if (offset > n)
        offset = n;
    for (size_t at = 0; at < offset;) {
        uint32_t cp;
        size_t len = fst_utf8_decode(text + at, n - at, &cp);
        if (at + len > offset)
            return;
        at += len ? len : 1;
        if (cp == '\n') {
            ++*line;
            *col = 1;
        } else {
            ++*col;
        }
    }
}

size_t fst_sql_offset(const char *text, size_t n, uint32_t line, uint32_t col)
{
    size_t at = 0;
    for (uint32_t l = 1; l < line; l++) {
        const char *end = memchr(text + at, '\n', n - at);
        if (!end)
            return n;
        at = (size_t)(end - text) + 1;
    }
    for (uint32_t c = 1; c < col && at < n && text[at] != '\n'; c++) {
        uint32_t cp;
        at += fst_utf8_decode(text + at, n - at, &cp);
    }
    return at;
}

/* ---- References ------------------------------------------------------------------------------ */

static void trim(const char **p, size_t *n)
{
    while (*n && (**p == ' ' || **p == '\t'))
        ++*p, --*n;
    while (*n && ((*p)[*n - 1] == ' ' || (*p)[*n - 1] == '\t'))
        --*n;
}

static enum fst_status bad_reference(const struct fst_token *t, const char *what,
                                     struct fst_problem *problem, struct fst_error *err)
{
    if (problem) {
        *problem = (struct fst_problem){.line = t->line, .col = t->col, .len = (uint32_t)t->len};
        snprintf(problem->message, sizeof problem->message, "%s", what);
    }
    return fst_fail(err, FST_EFORMAT, "line %u, column %u: %s", t->line, t->col, what);
}

static enum fst_status read_reference(struct fst_arena *a, const char *text,
                                      const struct fst_token *t, struct fst_reference *out,
                                      struct fst_problem *problem, struct fst_error *err)
{
    const char *name = text + t->offset + 2, *variant = NULL;
    size_t name_len = t->len - 4, variant_len = 0;
    const char *dot = memchr(name, '.', name_len);
    if (dot) {
        variant = dot + 1;
        variant_len = name_len - (size_t)(dot - name) - 1;
        name_len = (size_t)(dot - name);
        trim(&variant, &variant_len);
    }
    trim(&name, &name_len);
    if (name_len == 0 || (dot && variant_len == 0))
        return bad_reference(t, "empty reference: write {{name}} or {{name.variant}}", problem,
                             err);

    *out =
        (struct fst_reference){.offset = t->offset, .len = t->len, .line = t->line, .col = t->col};
    out->name = fst_arena_strndup(a, name, name_len);
    out->variant = variant ? fst_arena_strndup(a, variant, variant_len) : NULL;
    return FST_OK;
}

enum fst_status fst_sql_references(struct fst_arena *a, const char *text, size_t n,
                                   struct fst_reference **out, size_t *count,
                                   struct fst_problem *problem, struct fst_error *err)
{
    struct fst_reference *found = NULL;
    size_t cap = 0, used = 0;
    enum fst_status status = FST_OK;
    struct fst_lexer lx = {.text = text, .n = n};
    struct fst_token t;
    while (status == FST_OK && (t = fst_sql_next(&lx)).kind != FST_TOK_END) {
        if (t.kind == FST_TOK_BAD && text[t.offset] == '{')
            status = bad_reference(&t, "this {{ is not closed by }} on its line", problem, err);
        if (t.kind != FST_TOK_REFERENCE || status != FST_OK)
            continue;
        fst_grow(&found, &cap, used + 1, sizeof *found);
        status = read_reference(a, text, &t, &found[used++], problem, err);
    }
    *out = NULL;
    *count = 0;
    if (status == FST_OK && used) {
        *out = fst_arena_alloc(a, used * sizeof **out);
        memcpy(*out, found, used * sizeof **out);
        *count = used;
    }
    free(found);
    return status;
}

char *fst_sql_bound_text(const char *text, size_t n)
{
    char *copy = fst_strndup(text, n);
    struct fst_lexer lx = {.text = text, .n = n};
    for (struct fst_token t; (t = fst_sql_next(&lx)).kind != FST_TOK_END;) {
        if (t.kind != FST_TOK_REFERENCE)
            continue;
        copy[t.offset] = '`';
        copy[t.offset + t.len - 1] = '`';
    }
    return copy;
}

char *fst_sql_bound_name(const char *reference, size_t len)
{
    return len < 2 ? fst_strdup("") : fst_strndup(reference + 1, len - 2);
}

/* ---- Statements ------------------------------------------------------------------------------ */

size_t fst_sql_split(struct fst_arena *a, const char *text, size_t n, struct fst_statement **out)
{
    struct fst_statement *found = NULL, now = {0};
    size_t cap = 0, used = 0, end = 0;
    bool open = false;
    struct fst_lexer lx = {.text = text, .n = n};
    for (struct fst_token t = {.kind = FST_TOK_SPACE}; t.kind != FST_TOK_END;) {
        t = fst_sql_next(&lx);
        bool ends = t.kind == FST_TOK_END || (t.kind == FST_TOK_OPERATOR && text[t.offset] == ';');
        if (ends && open) {
            now.len = end - now.offset;
            fst_grow(&found, &cap, used + 1, sizeof *found);
            found[used++] = now;
            open = false;
        } else if (!ends && t.kind != FST_TOK_SPACE && t.kind != FST_TOK_COMMENT) {
            if (!open)
                now = (struct fst_statement){.offset = t.offset, .line = t.line, .col = t.col};
            open = true;
            end = t.offset + t.len;
        }
    }
    *out = fst_arena_alloc(a, (used ? used : 1) * sizeof **out);
    if (used)
        memcpy(*out, found, used * sizeof **out);
    free(found);
    return used;
}

/* The next token that is not white space; `*spaced` tells whether some stood before it. */
static struct fst_token next_dense(struct fst_lexer *lx, bool *spaced)
{
    struct fst_token t = fst_sql_next(lx);
    *spaced = t.kind == FST_TOK_SPACE;
    return *spaced ? fst_sql_next(lx) : t;
}

bool fst_sql_same(const char *a, const char *b)
{
    struct fst_lexer la = {.text = a, .n = strlen(a)}, lb = {.text = b, .n = strlen(b)};
    for (bool first = true;; first = false) {
        bool space_a, space_b;
        struct fst_token ta = next_dense(&la, &space_a), tb = next_dense(&lb, &space_b);
        if (ta.kind == FST_TOK_END || tb.kind == FST_TOK_END)
            return ta.kind == tb.kind;
        if (!first && space_a != space_b)
            return false;
        if (ta.len != tb.len || memcmp(a + ta.offset, b + tb.offset, ta.len) != 0)
            return false;
    }
}

void fst_sql_quote(struct fst_buf *sql, const char *name)
{
    fst_buf_addc(sql, '`');
    for (; *name; name++) {
        if (*name == '`')
            fst_buf_addc(sql, '`');
        fst_buf_addc(sql, *name);
    }
    fst_buf_addc(sql, '`');
}
