/* The looks of SQL: a role for each kind of token; a word before a parenthesis is a function. */
#include "editor.h"

#include "firesteel/sql.h"

static const enum fst_role roles[FST_TOK_BAD + 1] = {
    [FST_TOK_COMMENT] = FST_ROLE_SQL_COMMENT,     [FST_TOK_HINT] = FST_ROLE_SQL_KEYWORD,
    [FST_TOK_STRING] = FST_ROLE_SQL_STRING,       [FST_TOK_NUMBER] = FST_ROLE_SQL_NUMBER,
    [FST_TOK_REFERENCE] = FST_ROLE_SQL_REFERENCE, [FST_TOK_PARAMETER] = FST_ROLE_SQL_REFERENCE,
    [FST_TOK_BAD] = FST_ROLE_SQL_ERROR,
};

static enum fst_role role_of_word(const struct fst_token *t, const char *text, size_t n)
{
    size_t end = t->offset + t->len;
    while (end < n && text[end] == ' ')
        end++;
    if (t->keyword)
        return FST_ROLE_SQL_KEYWORD;
    return end < n && text[end] == '(' ? FST_ROLE_SQL_FUNCTION : FST_ROLE_TEXT;
}

/* FST_ROLE_TEXT is 0: kinds that are not in the table are text. */
static enum fst_role role_of(const struct fst_token *t, const char *text, size_t n)
{
    if (t->kind == FST_TOK_WORD)
        return role_of_word(t, text, n);
    return roles[t->kind];
}

void editor_highlight(void *arg, const char *text, size_t n,
                      void (*span)(void *to, struct fst_editor_span s), void *to)
{
    struct fst_lexer lx = {.text = text, .n = n};
    (void)arg;
    for (;;) {
        struct fst_token t = fst_sql_next(&lx);
        if (t.kind == FST_TOK_END)
            return;
        enum fst_role role = role_of(&t, text, n);
        if (role != FST_ROLE_TEXT)
            span(to, (struct fst_editor_span){t.offset, t.len, role});
    }
}
