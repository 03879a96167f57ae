/* Expressions: precedence climbing for signs, predicates after them, NOT, AND and OR around. Chains
 * of AND and OR are one flat node; every other tree carries its height, so that whoever walks it
 * needs no more stack than the parser allows. */
#include "parse.h"

#include <stdlib.h>
#include <string.h>

/* ---- Names ----------------------------------------------------------------------------------- */

static struct sx *star(struct parser *p, struct fst_sql_place start, struct list *parts)
{
    struct sx *e = px_node(p, SX_STAR, start);
    struct list except = {0};
    e->parts = (const char **)parts->items;
    e->n_parts = parts->n;
    if (px_is(p, "EXCEPT") && px_op_at(p, 1, "(") && px_is_identifier(p, 2) &&
        !px_word_at(p, 2, "SELECT")) {
        px_next(p);
        px_next(p);
        px_exprs(p, &except);
        px_expect_op(p, ")");
    }
    px_set_kids(e, &except);
    return px_finish(p, e);
}

static struct sx *name_expr(struct parser *p)
{
    struct list parts = {0};
    struct fst_sql_place start = px_place(p);
    px_push(p, &parts, (void *)(uintptr_t)px_identifier(p));
    while (px_is_op(p, ".")) {
        px_next(p);
        if (px_accept_op(p, "*"))
            return star(p, start, &parts);
        px_push(p, &parts, (void *)(uintptr_t)px_identifier(p));
    }
    if (px_is_op(p, "(")) {
        if (parts.n > 1)
            px_refuse(p, start, "functions with a qualified name");
        return px_call_named(p, parts.items[0], start);
    }
    if (px_is_op(p, "->"))
        px_refuse(p, start, "lambda functions");
    struct sx *e = px_node(p, SX_NAME, start);
    e->parts = (const char **)parts.items;
    e->n_parts = parts.n;
    return px_finish(p, e);
}

/* ---- Primary --------------------------------------------------------------------------------- */

static struct sx *subquery(struct parser *p, enum sx_kind kind, struct fst_sql_place start)
{
    struct sx *e = px_node(p, kind, start);
    uint16_t outside = p->tallest;
    p->tallest = 0;
    px_expect_op(p, "(");
    e->query = px_query(p);
    px_expect_op(p, ")");
    e->height = p->tallest;
    if (p->tallest < outside)
        p->tallest = outside;
    return px_finish(p, e);
}

static struct sx *parenthesis(struct parser *p)
{
    struct fst_sql_place start = px_place(p);
    if (px_opens_query(p))
        return subquery(p, SX_SUBQUERY, start);
    px_next(p);
    if (px_is_identifier(p, 0) && px_op_at(p, 1, "->"))
        px_refuse(p, start, "lambda functions");
    struct list items = {0};
    px_exprs(p, &items);
    px_expect_op(p, ")");
    if (px_is_op(p, "->"))
        px_refuse(p, start, "lambda functions");
    if (items.n == 1)
        return items.items[0];
    struct sx *e = px_node(p, SX_TUPLE, start);
    px_set_kids(e, &items);
    return px_finish(p, e);
}

static struct sx *constant(struct parser *p, enum sx_kind kind, bool flag)
{
    struct sx *e = px_node(p, kind, px_place(p));
    e->flag = flag;
    px_next(p);
    return px_finish(p, e);
}

static struct sx *typed_literal(struct parser *p)
{
    static const char *const types[] = {"DATE", "TIMESTAMP", "TIMESTAMP_NTZ", "TIMESTAMP_LTZ", "X",
                                        "TIME", NULL};
    const struct fst_token *t = px_peek(p, 0);
    if (!px_any(t, p->text, types) || !px_is_string(p, 1))
        return NULL;
    struct sx *e = px_node(p, SX_TYPED, px_place(p));
    char *name = fst_arena_strndup(p->a, p->text + t->offset, t->len);
    for (char *c = name; *c; c++)
        *c = *c >= 'a' && *c <= 'z' ? (char)(*c - 32) : *c;
    e->name = name;
    px_next(p);
    e->text = px_strings(p);
    return px_finish(p, e);
}

static bool starts_interval(const struct parser *p)
{
    if (!px_is(p, "INTERVAL"))
        return false;
    enum fst_token_kind kind = px_peek(p, 1)->kind;
    if (kind == FST_TOK_STRING || kind == FST_TOK_NUMBER)
        return true;
    return (px_op_at(p, 1, "-") || px_op_at(p, 1, "+")) &&
           (px_peek(p, 2)->kind == FST_TOK_NUMBER || px_peek(p, 2)->kind == FST_TOK_STRING) &&
           px_is_unit(p, 3);
}

static struct sx *word_expr(struct parser *p)
{
    static const char *const moments[] = {"CURRENT_DATE",
                                          "CURRENT_TIMESTAMP",
                                          "CURRENT_USER",
                                          "USER",
                                          "SESSION_USER",
                                          "CURRENT_TIME",
                                          NULL};
    if (px_is(p, "NULL"))
        return constant(p, SX_NULL, false);
    if (px_is(p, "TRUE") || px_is(p, "FALSE"))
        return constant(p, SX_BOOLEAN, px_is(p, "TRUE"));
    if (px_is(p, "CASE") && px_peek(p, 1)->kind != FST_TOK_END && !px_word_at(p, 1, "END") &&
        !px_op_at(p, 1, ",") && !px_op_at(p, 1, "."))
        return px_case_expr(p);
    struct sx *e = typed_literal(p);
    if (e)
        return e;
    if (starts_interval(p))
        return px_interval(p);
    if (px_is(p, "INTERVAL") && px_is_identifier(p, 1) && px_is_unit(p, 2))
        px_refuse(p, px_place(p), "INTERVAL of an expression");
    if (px_any(px_peek(p, 0), p->text, moments) && !px_op_at(p, 1, "(") && !px_op_at(p, 1, ".")) {
        e = px_node(p, SX_CALL, px_place(p));
        e->name = px_identifier(p);
        e->flag = true;
        e->parts = fst_arena_alloc(p->a, sizeof *e->parts);
        e->parts[0] = e->name;
        e->n_parts = 1;
        return px_finish(p, e);
    }
    e = px_special_call(p);
    return e ? e : name_expr(p);
}

static struct sx *primary(struct parser *p)
{
    switch (px_peek(p, 0)->kind) {
    case FST_TOK_NUMBER:
        return px_number(p, px_place(p), false);
    case FST_TOK_STRING: {
        if (px_is_hex_string(p, 0))
            return px_hex_literal(p);
        struct sx *e = px_node(p, SX_STRING, px_place(p));
        e->text = px_strings(p);
        return px_finish(p, e);
    }
    case FST_TOK_WORD:
        return word_expr(p);
    case FST_TOK_QUOTED:
    case FST_TOK_REFERENCE:
        return name_expr(p);
    case FST_TOK_PARAMETER:
        px_refuse(p, px_place(p), "parameters");
        break;
    default:
        if (px_is_op(p, "("))
            return parenthesis(p);
        if (px_is_op(p, "*")) {
            struct fst_sql_place start = px_place(p);
            px_next(p);
            return star(p, start, &(struct list){0});
        }
    }
    px_syntax(p);
    return px_node(p, SX_NULL, px_place(p));
}

/* [index] or .field */
static struct sx *part(struct parser *p, struct sx *of, struct fst_sql_place start)
{
    if (px_accept_op(p, ".")) {
        struct sx *field = px_node(p, SX_FIELD, start);
        field->name = px_identifier(p);
        return px_with_kids(p, field, of, NULL, NULL);
    }
    px_expect_op(p, "[");
    struct sx *element = px_node(p, SX_ELEMENT, start), *index = px_value_expr(p, 0);
    px_expect_op(p, "]");
    return px_with_kids(p, element, of, index, NULL);
}

/* "raw:name" looks like a value and a parameter to the lexer. */
static bool at_parameter(const struct parser *p)
{
    const struct fst_token *t = px_peek(p, 0);
    return t->kind == FST_TOK_PARAMETER && p->text[t->offset] == ':';
}

/* What may follow a primary: ::type, [index], .field. */
static struct sx *postfix(struct parser *p)
{
    struct fst_sql_place start = px_place(p);
    struct sx *e;
    if (px_is_op(p, "-") && px_peek(p, 1)->kind == FST_TOK_NUMBER) {
        px_next(p);
        e = px_number(p, start, true);
    } else {
        e = primary(p);
    }
    for (;;) {
        if (px_is_op(p, "[") || px_is_op(p, ".")) {
            e = part(p, e, start);
            continue;
        }
        if (px_is(p, "COLLATE") && px_is_identifier(p, 1))
            px_refuse(p, px_place(p), "COLLATE");
        if (px_is_op(p, ":") || at_parameter(p))
            px_refuse(p, px_place(p), "paths into variants");
        if (!px_accept_op(p, "::"))
            return e;
        struct sx *cast = px_node(p, SX_CAST, start);
        cast->type = px_type_name(p);
        e = px_with_kids(p, cast, e, NULL, NULL);
    }
}

/* ---- Operators ------------------------------------------------------------------------------- */

static const struct {
    const char *sign, *name;
    int level;
} binary_operators[] = {
    {"=", "=", 1},   {"==", "=", 1},    {"<=>", "<=>", 1}, {"<>", "<>", 1}, {"!=", "<>", 1},
    {"<", "<", 1},   {"<=", "<=", 1},   {"!>", "<=", 1},   {">", ">", 1},   {">=", ">=", 1},
    {"!<", ">=", 1}, {"|", "|", 2},     {"^", "^", 3},     {"&", "&", 4},   {"<<", "<<", 5},
    {">>", ">>", 5}, {">>>", ">>>", 5}, {"+", "+", 6},     {"-", "-", 6},   {"||", "||", 6},
    {"*", "*", 7},   {"/", "/", 7},     {"%", "%", 7},
};

static const char *binary_operator(const struct parser *p, int level)
{
    if (level == 7 && px_is(p, "DIV"))
        return "div";
    if (px_peek(p, 0)->kind != FST_TOK_OPERATOR)
        return NULL;
    for (size_t i = 0; i < FST_COUNT(binary_operators); i++)
        if (binary_operators[i].level == level && px_is_op(p, binary_operators[i].sign))
            return binary_operators[i].name;
    return NULL;
}

static struct sx *unary(struct parser *p)
{
    struct fst_sql_place start = px_place(p);
    bool literal = px_is_op(p, "-") && px_peek(p, 1)->kind == FST_TOK_NUMBER;
    if (literal || (!px_is_op(p, "-") && !px_is_op(p, "+") && !px_is_op(p, "~")))
        return postfix(p);
    struct sx *e = px_node(p, SX_UNARY, start);
    e->name = px_is_op(p, "-") ? "-" : px_is_op(p, "+") ? "+" : "~";
    px_next(p);
    struct sx *kid = px_enter(p) ? unary(p) : px_node(p, SX_NULL, start);
    px_leave(p);
    return px_with_kids(p, e, kid, NULL, NULL);
}

static bool any_operator(const struct parser *p, int level, const char **name, int *found)
{
    for (int l = 7; l >= level && l > 0; l--)
        if ((*name = binary_operator(p, l))) {
            *found = l;
            return true;
        }
    return false;
}

/* Operators that bind at `level` or tighter; level 0 means all (1 is the loosest). */
struct sx *px_value_expr(struct parser *p, int level)
{
    struct fst_sql_place start = px_place(p);
    struct sx *left = unary(p);
    const char *name;
    int found = 0;
    while (any_operator(p, level ? level : 1, &name, &found)) {
        struct sx *e = px_node(p, SX_BINARY, start);
        e->name = name;
        px_next(p);
        struct sx *right = found == 7 ? unary(p) : px_value_expr(p, found + 1);
        left = px_with_kids(p, e, left, right, NULL);
    }
    return left;
}

/* ---- Predicates ------------------------------------------------------------------------------ */

static struct sx *is_predicate(struct parser *p, struct sx *value, struct fst_sql_place start)
{
    static const char *const words[] = {"NULL", "TRUE", "FALSE", "UNKNOWN"};
    struct sx *e = px_node(p, SX_IS, start);
    px_next(p);
    e->flag = px_accept(p, "NOT");
    if (px_is(p, "DISTINCT")) {
        px_next(p);
        px_expect(p, "FROM");
        e->kind = SX_BINARY;
        e->name = "IS DISTINCT FROM";
        return px_with_kids(p, e, value, px_value_expr(p, 0), NULL);
    }
    for (size_t i = 0; i < FST_COUNT(words); i++)
        if (px_accept(p, words[i])) {
            e->name = words[i];
            return px_with_kids(p, e, value, NULL, NULL);
        }
    px_syntax(p);
    return e;
}

static struct sx *in_predicate(struct parser *p, struct sx *value, struct sx *e)
{
    struct list kids = {0};
    e->kind = SX_IN;
    px_push(p, &kids, value);
    if (px_is_op(p, "(") && px_op_at(p, 1, ")"))
        px_fail(p, e->place, "INVALID_SQL_SYNTAX.EMPTY_IN_PREDICATE", "42000",
                "Invalid SQL syntax: IN predicate requires at least one value.");
    if (px_is_op(p, "(") && px_opens_query(p)) {
        struct sx *q = subquery(p, SX_SUBQUERY, px_place(p));
        e->query = q->query;
        e->height = (uint16_t)(q->height + 1);
    } else {
        px_expect_op(p, "(");
        px_exprs(p, &kids);
        px_expect_op(p, ")");
    }
    px_set_kids(e, &kids);
    return px_finish(p, e);
}

/* LIKE ANY (a, b): parts[0] is the word, kids are the value and the patterns. */
static struct sx *like_many(struct parser *p, struct sx *value, struct sx *e)
{
    struct list kids = {0};
    if (strcmp(e->name, "RLIKE") == 0)
        px_syntax(p);
    e->parts = fst_arena_alloc(p->a, sizeof *e->parts);
    e->parts[0] = px_is(p, "ALL") ? "ALL" : "ANY";
    e->n_parts = 1;
    px_next(p);
    px_push(p, &kids, value);
    px_expect_op(p, "(");
    px_exprs(p, &kids);
    px_expect_op(p, ")");
    px_set_kids(e, &kids);
    return px_finish(p, e);
}

static struct sx *like_predicate(struct parser *p, struct sx *value, struct sx *e)
{
    static const char *const many[] = {"ANY", "SOME", "ALL", NULL};
    e->kind = SX_LIKE;
    if (px_any(px_peek(p, 0), p->text, many) && px_op_at(p, 1, "("))
        return like_many(p, value, e);
    struct sx *pattern = px_value_expr(p, 0), *mark = NULL;
    if (strcmp(e->name, "RLIKE") != 0 && px_accept(p, "ESCAPE")) {
        if (!px_is_string(p, 0))
            px_syntax(p);
        mark = primary(p);
    }
    return px_with_kids(p, e, value, pattern, mark);
}

static struct sx *between_predicate(struct parser *p, struct sx *value, struct sx *e)
{
    e->kind = SX_BETWEEN;
    struct sx *low = px_value_expr(p, 0);
    px_expect(p, "AND");
    return px_with_kids(p, e, value, low, px_value_expr(p, 0));
}

static bool starts_predicate(const struct parser *p, size_t ahead)
{
    static const char *const words[] = {"BETWEEN", "IN", "LIKE", "ILIKE", "RLIKE", "REGEXP", NULL};
    return px_any(px_peek(p, ahead), p->text, words) &&
           !(px_word_at(p, ahead, "IN") && !px_op_at(p, ahead + 1, "("));
}

static struct sx *predicate(struct parser *p)
{
    struct sx *value = px_value_expr(p, 0);
    if ((px_is(p, "IS") || px_is(p, "NOT")) && (px_word_at(p, 1, "FROM") || px_op_at(p, 1, ",")))
        return value; /* an alias */
    if (px_is(p, "IS"))
        return is_predicate(p, value, px_place(p));
    bool negated = px_is(p, "NOT");
    if (px_is_op(p, "!") && starts_predicate(p, 1))
        px_fail(p, px_place(p), "SYNTAX_DISCONTINUED.BANG_EQUALS_NOT", "42601",
                "Support of the clause or keyword: ! has been discontinued in this context.");
    if (!starts_predicate(p, negated)) {
        if (negated) {
            px_next(p);
            px_syntax(p);
        }
        return value;
    }
    struct sx *e = px_node(p, SX_LIKE, px_place(p));
    e->flag = px_accept(p, "NOT");
    if (px_accept(p, "BETWEEN"))
        return between_predicate(p, value, e);
    if (px_accept(p, "IN"))
        return in_predicate(p, value, e);
    e->name = px_is(p, "LIKE") ? "LIKE" : px_is(p, "ILIKE") ? "ILIKE" : "RLIKE";
    px_next(p);
    return like_predicate(p, value, e);
}

/* ---- Conditions ------------------------------------------------------------------------------ */

static bool negation(const struct parser *p)
{
    return px_is_op(p, "!") || (px_is(p, "NOT") && !px_op_at(p, 1, ",") && !px_op_at(p, 1, ")"));
}

static struct sx *not_expr(struct parser *p)
{
    struct fst_sql_place start = px_place(p);
    if (negation(p)) {
        struct sx *e = px_node(p, SX_UNARY, start);
        e->name = "NOT";
        px_next(p);
        struct sx *kid = px_enter(p) ? not_expr(p) : px_node(p, SX_NULL, start);
        px_leave(p);
        return px_with_kids(p, e, kid, NULL, NULL);
    }
    if (px_is(p, "EXISTS") && px_op_at(p, 1, "(")) {
        px_next(p);
        if (px_opens_query(p))
            return subquery(p, SX_EXISTS, start);
        return px_call_named(p, "exists", start);
    }
    return predicate(p);
}

static struct sx *chain(struct parser *p, enum sx_kind kind)
{
    const char *word = kind == SX_OR ? "OR" : "AND";
    struct fst_sql_place start = px_place(p);
    struct sx *first = kind == SX_OR ? chain(p, SX_AND) : not_expr(p);
    if (!px_is(p, word))
        return first;
    struct sx *e = px_node(p, kind, start);
    struct list kids = {0};
    px_push(p, &kids, first);
    while (px_accept(p, word))
        px_push(p, &kids, kind == SX_OR ? chain(p, SX_AND) : not_expr(p));
    px_set_kids(e, &kids);
    e->height = 10; /* it becomes a balanced tree of two-sided nodes */
    for (size_t i = 0; i < kids.n; i++)
        if (((struct sx *)kids.items[i])->height + 12 > e->height)
            e->height = (uint16_t)(((struct sx *)kids.items[i])->height + 12);
    return px_finish(p, e);
}

struct sx *px_expr(struct parser *p)
{
    struct sx *e = px_enter(p) ? chain(p, SX_OR) : px_node(p, SX_NULL, px_place(p));
    px_leave(p);
    return e;
}
