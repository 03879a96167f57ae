/* What the two halves of the parser share: tokens in sight, and failing once.
 *
 * After a failure the parser stands at the end of the text for ever, so that every loop ends and
 * nobody has to ask. */
#ifndef FST_SQL_PARSE_H
#define FST_SQL_PARSE_H

#include "syntax.h"

struct parser {
    struct fst_arena *a;
    const char *text;
    size_t n;
    struct fst_token *tokens; /* without spaces, comments and hints; END last */
    size_t n_tokens, at;
    unsigned depth;
    bool from_first;  /* SELECT after a table is a clause, not its alias */
    uint16_t tallest; /* highest tree of the query being read */
    enum fst_status status;
    struct fst_problem *problem;
    struct fst_error *err;
};

/* A list that grows in the arena. */
struct list {
    void **items;
    size_t n, cap;
};
void px_push(struct parser *p, struct list *l, void *item);

const struct fst_token *px_peek(const struct parser *p, size_t ahead);
bool px_word_at(const struct parser *p, size_t ahead, const char *word);
bool px_op_at(const struct parser *p, size_t ahead, const char *op);
bool px_is(const struct parser *p, const char *word);
bool px_is_op(const struct parser *p, const char *op);
bool px_accept(struct parser *p, const char *word);
bool px_accept_op(struct parser *p, const char *op);
void px_expect(struct parser *p, const char *word);
void px_expect_op(struct parser *p, const char *op);
bool px_any(const struct fst_token *t, const char *text, const char *const *words);
bool px_at_end(const struct parser *p);
void px_next(struct parser *p);

struct fst_sql_place px_place(const struct parser *p);
/* From `start` to the last token taken. */
struct fst_sql_place px_since(const struct parser *p, struct fst_sql_place start);
void px_syntax(struct parser *p);
/* As if the token at `at` were the wrong one: where ANTLR gives up depends on what it saw after. */
void px_syntax_at(struct parser *p, size_t at);
void px_refuse(struct parser *p, struct fst_sql_place where, const char *what);
void px_fail(struct parser *p, struct fst_sql_place where, const char *condition,
             const char *sqlstate, const char *message);
bool px_enter(struct parser *p); /* false when nested too deep; always px_leave after it */
void px_leave(struct parser *p);

bool px_is_identifier(const struct parser *p, size_t ahead);
const char *px_identifier(struct parser *p);
bool px_opens_query(const struct parser *p); /* at "(": is what it encloses a query? */

/* Nodes, literals, types (parse_value.c); `finish` sets place and height. */
struct sx *px_node(struct parser *p, enum sx_kind kind, struct fst_sql_place start);
void px_add_height(struct parser *p, struct sx *e, const struct sx *kid);
struct sx *px_finish(struct parser *p, struct sx *e);
void px_set_kids(struct sx *e, struct list *kids);
struct sx *px_with_kids(struct parser *p, struct sx *e, struct sx *a, struct sx *b, struct sx *c);
bool px_is_hex_string(const struct parser *p, size_t ahead);
bool px_is_string(const struct parser *p, size_t ahead);
struct fst_str px_strings(struct parser *p);
struct sx *px_hex_literal(struct parser *p);
struct sx *px_number(struct parser *p, struct fst_sql_place start, bool negative);
bool px_is_unit(const struct parser *p, size_t ahead);
struct sx *px_interval(struct parser *p);
struct fst_type px_type_name(struct parser *p);

/* Calls (parse_call.c). */
struct sx *px_case_expr(struct parser *p);
struct sx *px_call_named(struct parser *p, const char *name, struct fst_sql_place start);
struct sx *px_special_call(struct parser *p); /* NULL when no special form opens here */

/* Operators that bind at `level` or tighter; 0 = all. Leaves IN, BETWEEN and their like alone. */
struct sx *px_value_expr(struct parser *p, int level);
struct sx *px_expr(struct parser *p);
void px_exprs(struct parser *p, struct list *out); /* one or more, by commas */
struct sx_key *px_keys(struct parser *p, size_t *n);
struct sx_window *px_window(struct parser *p);
struct sx_query *px_query(struct parser *p);
struct sx_item *px_items(struct parser *p, size_t *n);
/* The join that begins here, or `left` when none does. */
struct sx_from *px_join(struct parser *p, struct sx_from *left);
struct sx_from *px_pivots(struct parser *p, struct sx_from *left);
struct sx_body *px_primary_body(struct parser *p);
/* What follows `q`, at |> (parse_pipe.c). */
struct sx_query *px_pipes(struct parser *p, struct sx_query *q);

#endif
