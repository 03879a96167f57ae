/* The parser's hands: tokens in sight, places, failures. */
#include "parse.h"

#include <stdlib.h>
#include <string.h>

void px_push(struct parser *p, struct list *l, void *item)
{
    if (l->n == l->cap) {
        size_t cap = l->cap ? l->cap * 2 : 4;
        void **items = fst_arena_alloc(p->a, cap * sizeof *items);
        if (l->n)
            memcpy(items, l->items, l->n * sizeof *items);
        l->items = items;
        l->cap = cap;
    }
    l->items[l->n++] = item;
}

/* ---- Failures -------------------------------------------------------------------------------- */

static void say(struct fst_problem *problem, struct fst_error *err, enum fst_status status,
                const struct fst_sql_place *where, const char *message)
{
    if (where && where->line)
        fst_fail(err, status, "line %u, column %u: %s", where->line, where->col, message);
    else
        fst_fail(err, status, "%s", message);
    if (!problem)
        return;
    snprintf(problem->message, sizeof problem->message, "%s", message);
    if (where && where->line) {
        problem->line = where->line;
        problem->col = where->col;
        problem->len = where->len ? where->len : 1;
    }
}

enum fst_status sx_fail(struct fst_problem *problem, struct fst_error *err,
                        const struct fst_sql_place *where, const char *condition,
                        const char *sqlstate, const char *fmt, ...)
{
    char message[900];
    va_list args;
    va_start(args, fmt);
    vsnprintf(message, sizeof message, fmt, args);
    va_end(args);

    struct fst_problem now = {0};
    snprintf(now.condition, sizeof now.condition, "%s", condition);
    snprintf(now.sqlstate, sizeof now.sqlstate, "%s", sqlstate);
    if (problem)
        *problem = now;
    say(problem, err, FST_EINVAL, where, message);
    return FST_EINVAL;
}

enum fst_status sx_unsupported(struct fst_problem *problem, struct fst_error *err,
                               const struct fst_sql_place *where, const char *fmt, ...)
{
    char what[400], message[500];
    va_list args;
    va_start(args, fmt);
    vsnprintf(what, sizeof what, fmt, args);
    va_end(args);

    snprintf(message, sizeof message, "%s: not done here, Spark can", what);
    if (problem)
        *problem = (struct fst_problem){.unsupported = true};
    say(problem, err, FST_EUNSUPPORTED, where, message);
    return FST_EUNSUPPORTED;
}

static void stop(struct parser *p, enum fst_status status)
{
    p->status = status;
    p->at = p->n_tokens - 1;
}

void px_refuse(struct parser *p, struct fst_sql_place where, const char *what)
{
    if (p->status == FST_OK)
        stop(p, sx_unsupported(p->problem, p->err, &where, "%s", what));
}

void px_fail(struct parser *p, struct fst_sql_place where, const char *condition,
             const char *sqlstate, const char *message)
{
    if (p->status == FST_OK)
        stop(p, sx_fail(p->problem, p->err, &where, condition, sqlstate, "%s", message));
}

void px_syntax(struct parser *p)
{
    if (p->status != FST_OK)
        return;
    const struct fst_token *t = px_peek(p, 0);
    struct fst_sql_place where = px_place(p);
    char message[200];
    if (t->kind == FST_TOK_END)
        snprintf(message, sizeof message, "Syntax error at or near end of input.");
    else
        snprintf(message, sizeof message, "Syntax error at or near '%.*s'.",
                 (int)(t->unclosed   ? 1
                       : t->len > 60 ? 60
                                     : t->len),
                 p->text + t->offset);
    if (t->kind == FST_TOK_BAD && t->unclosed && p->text[t->offset] == '/')
        px_fail(p, where, "UNCLOSED_BRACKETED_COMMENT", "42601",
                "Found an unclosed bracketed comment. Please, append */ at the end.");
    else
        px_fail(p, where, "PARSE_SYNTAX_ERROR", "42601", message);
}

void px_syntax_at(struct parser *p, size_t at)
{
    if (p->status != FST_OK)
        return;
    p->at = at;
    px_syntax(p);
}

bool px_enter(struct parser *p)
{
    if (++p->depth > SX_MAX_DEPTH)
        px_refuse(p, px_place(p), "nesting this deep");
    return p->status == FST_OK;
}

void px_leave(struct parser *p)
{
    p->depth--;
}

/* ---- Tokens ---------------------------------------------------------------------------------- */

const struct fst_token *px_peek(const struct parser *p, size_t ahead)
{
    size_t at = p->at + ahead;
    return &p->tokens[at < p->n_tokens ? at : p->n_tokens - 1];
}

static bool same_word(const struct parser *p, const struct fst_token *t, const char *word)
{
    struct fst_str s = {p->text + t->offset, t->len};
    return t->kind == FST_TOK_WORD && fst_str_is_nocase(s, word);
}

bool px_word_at(const struct parser *p, size_t ahead, const char *word)
{
    return same_word(p, px_peek(p, ahead), word);
}

bool px_op_at(const struct parser *p, size_t ahead, const char *op)
{
    const struct fst_token *t = px_peek(p, ahead);
    return t->kind == FST_TOK_OPERATOR && strlen(op) == t->len &&
           memcmp(p->text + t->offset, op, t->len) == 0;
}

bool px_is(const struct parser *p, const char *word)
{
    return px_word_at(p, 0, word);
}

bool px_is_op(const struct parser *p, const char *op)
{
    return px_op_at(p, 0, op);
}

bool px_at_end(const struct parser *p)
{
    return px_peek(p, 0)->kind == FST_TOK_END;
}

void px_next(struct parser *p)
{
    if (p->at + 1 < p->n_tokens)
        p->at++;
}

bool px_accept(struct parser *p, const char *word)
{
    bool is = px_is(p, word);
    if (is)
        px_next(p);
    return is;
}

bool px_accept_op(struct parser *p, const char *op)
{
    bool is = px_is_op(p, op);
    if (is)
        px_next(p);
    return is;
}

void px_expect(struct parser *p, const char *word)
{
    if (!px_accept(p, word))
        px_syntax(p);
}

void px_expect_op(struct parser *p, const char *op)
{
    if (!px_accept_op(p, op))
        px_syntax(p);
}

bool px_any(const struct fst_token *t, const char *text, const char *const *words)
{
    struct fst_str s = {text + t->offset, t->len};
    if (t->kind != FST_TOK_WORD)
        return false;
    for (; *words; words++)
        if (fst_str_is_nocase(s, *words))
            return true;
    return false;
}

struct fst_sql_place px_place(const struct parser *p)
{
    const struct fst_token *t = px_peek(p, 0);
    return (struct fst_sql_place){(uint32_t)t->offset, (uint32_t)t->len, t->line, t->col};
}

struct fst_sql_place px_since(const struct parser *p, struct fst_sql_place start)
{
    if (p->at > 0) {
        const struct fst_token *last = &p->tokens[p->at - 1];
        size_t end = last->offset + last->len;
        if (end > start.offset)
            start.len = (uint32_t)(end - start.offset);
    }
    return start;
}

/* ---- Identifiers ----------------------------------------------------------------------------- */

bool px_is_identifier(const struct parser *p, size_t ahead)
{
    enum fst_token_kind kind = px_peek(p, ahead)->kind;
    return kind == FST_TOK_WORD || kind == FST_TOK_QUOTED || kind == FST_TOK_REFERENCE;
}

static const char *unquote(struct parser *p, const char *s, size_t n)
{
    char *out = fst_arena_alloc(p->a, n + 1);
    size_t used = 0;
    for (size_t i = 1; i + 1 < n; i++) {
        out[used++] = s[i];
        if (s[i] == '`')
            i++;
    }
    return out;
}

const char *px_identifier(struct parser *p)
{
    const struct fst_token *t = px_peek(p, 0);
    const char *s = p->text + t->offset;
    if (!px_is_identifier(p, 0)) {
        px_syntax(p);
        return "";
    }
    px_next(p);
    if (t->kind == FST_TOK_QUOTED)
        return unquote(p, s, t->len);
    if (t->kind == FST_TOK_REFERENCE)
        return fst_arena_strndup(p->a, s + 1, t->len - 2);
    return fst_arena_strndup(p->a, s, t->len);
}

static size_t matching_paren(const struct parser *p, size_t ahead)
{
    for (size_t depth = 0;; ahead++) {
        if (px_peek(p, ahead)->kind == FST_TOK_END)
            return ahead;
        if (px_op_at(p, ahead, "("))
            depth++;
        else if (px_op_at(p, ahead, ")") && --depth == 0)
            return ahead;
    }
}

/* ((select 1) union ...) is a query, ((select 1) t join u) is not: what follows the inner closing
 * parenthesis tells them apart. */
bool px_opens_query(const struct parser *p)
{
    static const char *const starters[] = {"SELECT", "WITH", "VALUES", "FROM", "TABLE", NULL};
    static const char *const followers[] = {"UNION", "EXCEPT", "MINUS",  "INTERSECT", "SETMINUS",
                                            "ORDER", "LIMIT",  "OFFSET", NULL};
    size_t first = 0;
    while (px_op_at(p, first, "("))
        first++;
    if (first == 0 || !px_any(px_peek(p, first), p->text, starters))
        return false;
    if (!px_word_at(p, first, "SELECT") && !px_word_at(p, first, "WITH") &&
        !px_is_identifier(p, first + 1) && !px_op_at(p, first + 1, "(") &&
        px_peek(p, first + 1)->kind != FST_TOK_NUMBER &&
        px_peek(p, first + 1)->kind != FST_TOK_STRING)
        return false;
    if (first == 1)
        return !px_op_at(p, 2, ")") && !px_op_at(p, 2, ",");
    size_t after = matching_paren(p, 1) + 1;
    return px_op_at(p, after, ")") || px_any(px_peek(p, after), p->text, followers);
}
