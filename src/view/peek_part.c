/* The part of a text that the cursor is in: a statement among several, a CTE, a subquery. Tokens
 * are enough for it; what comes out may be wrong where the text is, and the engine says so. */
#include "peek.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "firesteel/sql.h"

enum { MOST_DEPTH = 64 };

static struct fst_token next(struct fst_lexer *lx)
{
    struct fst_token t;
    do
        t = fst_sql_next(lx);
    while (t.kind == FST_TOK_SPACE || t.kind == FST_TOK_COMMENT);
    return t;
}

static bool is_word(const char *text, const struct fst_token *t, const char *word)
{
    return t->kind == FST_TOK_WORD && t->len == strlen(word) &&
           strncasecmp(text + t->offset, word, t->len) == 0;
}

static bool is_sign(const char *text, const struct fst_token *t, char sign)
{
    return t->kind == FST_TOK_OPERATOR && t->len == 1 && text[t->offset] == sign;
}

struct fst_str peek_statement(const char *text, size_t n, size_t at)
{
    struct fst_lexer lx = {.text = text, .n = n};
    size_t from = 0;
    for (struct fst_token t = next(&lx); t.kind != FST_TOK_END; t = next(&lx)) {
        if (text[t.offset] != ';' || t.len != 1)
            continue;
        if (t.offset >= at)
            return (struct fst_str){text + from, t.offset - from};
        from = t.offset + 1;
    }
    return (struct fst_str){text + from, n - from};
}

/* What is open at the cursor. */
struct open {
    size_t from;           /* behind the parenthesis */
    struct fst_token name; /* of a CTE; len 0 = it is none */
    bool is_query;
};

static bool begins_query(const char *text, struct fst_lexer lx)
{
    static const char *const words[] = {"SELECT", "WITH", "FROM", "VALUES"};
    struct fst_token t = next(&lx);
    for (size_t i = 0; i < FST_COUNT(words); i++)
        if (is_word(text, &t, words[i]))
            return true;
    return false;
}

/* Where the parenthesis that was opened before `lx` is closed; n when nowhere. */
static size_t end_of(const char *text, size_t n, struct fst_lexer lx)
{
    int depth = 1;
    for (struct fst_token t = next(&lx); t.kind != FST_TOK_END; t = next(&lx)) {
        depth += is_sign(text, &t, '(') - is_sign(text, &t, ')');
        if (depth == 0)
            return t.offset;
    }
    return n;
}

struct found {
    struct open open[MOST_DEPTH];
    size_t depth, end;     /* end: of the innermost query */
    size_t with, with_end; /* the list of CTEs: its WITH, and the end of the last one before `at` */
    bool has_with;
};

static void look(const char *text, size_t n, size_t at, struct found *f)
{
    struct fst_lexer lx = {.text = text, .n = n};
    struct fst_token before = {0}, before_that = {0};
    for (struct fst_token t = next(&lx); t.kind != FST_TOK_END && t.offset < at; t = next(&lx)) {
        if (f->depth == 0 && is_word(text, &t, "WITH")) {
            f->with = t.offset;
            f->has_with = true;
        } else if (is_sign(text, &t, '(') && f->depth < MOST_DEPTH) {
            bool is_cte = f->has_with && f->depth == 0 && is_word(text, &before, "AS");
            f->open[f->depth] = (struct open){t.offset + 1, {0}, begins_query(text, lx)};
            if (is_cte)
                f->open[f->depth].name = before_that;
            f->depth++;
        } else if (is_sign(text, &t, ')') && f->depth) {
            f->depth--;
            if (f->depth == 0 && f->open[0].name.len)
                f->with_end = t.offset + 1;
        }
        before_that = before;
        before = t;
    }
    while (f->depth && !f->open[f->depth - 1].is_query)
        f->depth--;
    if (f->depth)
        f->end =
            end_of(text, n,
                   (struct fst_lexer){.text = text, .n = n, .offset = f->open[f->depth - 1].from});
}

char *peek_query_at(const char *text, size_t n, size_t at, char **what)
{
    struct found f = {0};
    look(text, n, at, &f);
    const struct open *o = f.depth ? &f.open[f.depth - 1] : NULL;
    if (!o) {
        *what = fst_strdup("the text");
        return fst_strndup(text, n);
    }
    if (o->name.len) {
        *what = fst_asprintf("the CTE %.*s", (int)o->name.len, text + o->name.offset);
        return fst_asprintf("%.*s) SELECT * FROM %.*s", (int)(f.end - f.with), text + f.with,
                            (int)o->name.len, text + o->name.offset);
    }
    *what = fst_strdup("the subquery");
    return fst_asprintf("%.*s %.*s", f.with_end ? (int)(f.with_end - f.with) : 0, text + f.with,
                        (int)(f.end - o->from), text + o->from);
}
