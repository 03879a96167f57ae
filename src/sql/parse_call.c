/* Calls and what they carry: windows, frames, sort keys, FILTER, and the forms with words inside
 * the parentheses. */
#include "parse.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* ---- Windows and sort keys ------------------------------------------------------------------- */

static struct sx_key sort_key(struct parser *p)
{
    struct sx_key k = {.expr = px_expr(p)};
    if (px_accept(p, "DESC"))
        k.descending = true;
    else
        px_accept(p, "ASC");
    if (px_accept(p, "NULLS")) {
        k.nulls_given = true;
        k.nulls_first = px_accept(p, "FIRST");
        if (!k.nulls_first)
            px_expect(p, "LAST");
    }
    return k;
}

struct sx_key *px_keys(struct parser *p, size_t *n)
{
    struct sx_key *keys = NULL;
    size_t cap = 0, used = 0;
    do {
        fst_grow(&keys, &cap, used + 1, sizeof *keys);
        keys[used++] = sort_key(p);
    } while (px_accept_op(p, ","));
    struct sx_key *out = fst_arena_alloc(p->a, used * sizeof *out);
    memcpy(out, keys, used * sizeof *out);
    free(keys);
    *n = used;
    return out;
}

static enum fst_window_bound frame_bound(struct parser *p, struct sx **offset)
{
    if (px_is(p, "UNBOUNDED") && (px_word_at(p, 1, "PRECEDING") || px_word_at(p, 1, "FOLLOWING"))) {
        px_next(p);
        if (px_accept(p, "PRECEDING"))
            return FST_BOUND_UNBOUNDED_PRECEDING;
        px_next(p);
        return FST_BOUND_UNBOUNDED_FOLLOWING;
    }
    if (px_is(p, "CURRENT") && px_word_at(p, 1, "ROW")) {
        px_next(p);
        px_next(p);
        return FST_BOUND_CURRENT_ROW;
    }
    *offset = px_expr(p);
    if (px_accept(p, "PRECEDING"))
        return FST_BOUND_PRECEDING;
    px_expect(p, "FOLLOWING");
    return FST_BOUND_FOLLOWING;
}

static void window_frame(struct parser *p, struct sx_window *w)
{
    bool rows = px_is(p, "ROWS"), range = px_is(p, "RANGE");
    if (!rows && !range)
        return;
    px_next(p);
    w->has_frame = true;
    w->is_range = range;
    w->end = FST_BOUND_CURRENT_ROW;
    bool between = px_accept(p, "BETWEEN");
    w->start = frame_bound(p, &w->start_offset);
    if (between) {
        px_expect(p, "AND");
        w->end = frame_bound(p, &w->end_offset);
    }
}

static void window_body(struct parser *p, struct sx_window *w)
{
    if (px_is(p, "CLUSTER") && px_word_at(p, 1, "BY"))
        px_refuse(p, px_place(p), "CLUSTER BY in a window");
    if ((px_is(p, "PARTITION") || px_is(p, "DISTRIBUTE")) && px_word_at(p, 1, "BY")) {
        struct list exprs = {0};
        px_next(p);
        px_next(p);
        px_exprs(p, &exprs);
        w->partition = (struct sx **)exprs.items;
        w->n_partition = exprs.n;
    }
    if ((px_is(p, "ORDER") || px_is(p, "SORT")) && px_word_at(p, 1, "BY")) {
        px_next(p);
        px_next(p);
        w->order = px_keys(p, &w->n_order);
    }
    window_frame(p, w);
}

struct sx_window *px_window(struct parser *p)
{
    struct sx_window *w = fst_arena_alloc(p->a, sizeof *w);
    w->place = px_place(p);
    if (!px_is_op(p, "(")) {
        w->base = px_identifier(p);
        return w;
    }
    size_t open = p->at;
    px_next(p);
    if (px_is_identifier(p, 0) && px_op_at(p, 1, ")"))
        w->base = px_identifier(p);
    else
        window_body(p, w);
    if (!px_is_op(p, ")"))
        px_syntax_at(p, open);
    px_expect_op(p, ")");
    w->place = px_since(p, w->place);
    return w;
}

/* ---- Calls ----------------------------------------------------------------------------------- */

static void within_group(struct parser *p, struct sx *e)
{
    px_next(p);
    px_next(p);
    px_expect_op(p, "(");
    px_expect(p, "ORDER");
    px_expect(p, "BY");
    e->within = px_keys(p, &e->n_within);
    for (size_t i = 0; i < e->n_within; i++)
        px_add_height(p, e, e->within[i].expr);
    px_expect_op(p, ")");
}

/* FILTER, IGNORE NULLS and OVER after the closing parenthesis. */
static void call_tail(struct parser *p, struct sx *e)
{
    if (px_is(p, "WITHIN") && px_word_at(p, 1, "GROUP"))
        within_group(p, e);
    if (px_is(p, "FILTER") && px_op_at(p, 1, "(")) {
        size_t open = p->at + 1;
        px_next(p);
        px_next(p);
        if (!px_is(p, "WHERE"))
            px_syntax_at(p, open);
        px_expect(p, "WHERE");
        e->filter = px_expr(p);
        px_expect_op(p, ")");
    }
    bool ignore = px_is(p, "IGNORE");
    if ((ignore || px_is(p, "RESPECT")) && px_word_at(p, 1, "NULLS")) {
        px_next(p);
        px_next(p);
        e->nulls_given = true;
        e->ignore_nulls = ignore;
    }
    if (px_is(p, "OVER") && (px_op_at(p, 1, "(") || px_is_identifier(p, 1))) {
        px_next(p);
        e->over = px_window(p);
        for (size_t i = 0; i < e->over->n_partition; i++)
            px_add_height(p, e, e->over->partition[i]);
        for (size_t i = 0; i < e->over->n_order; i++)
            px_add_height(p, e, e->over->order[i].expr);
    }
}

/* value AS name, in a struct */
static struct sx *named_argument(struct parser *p, struct sx *value)
{
    struct sx *e = px_node(p, SX_NAMED, value->place);
    px_next(p);
    e->name = px_identifier(p);
    return px_with_kids(p, e, value, NULL, NULL);
}

/* x -> value or (x, y) -> value: how many tokens stand before the arrow, 0 when it is none. */
static size_t names_of_lambda(const struct parser *p)
{
    if (px_is_identifier(p, 0) && px_op_at(p, 1, "->"))
        return 1;
    if (!px_op_at(p, 0, "("))
        return 0;
    size_t n = 1;
    while (px_is_identifier(p, n) && px_op_at(p, n + 1, ","))
        n += 2;
    return n > 1 && px_is_identifier(p, n) && px_op_at(p, n + 1, ")") && px_op_at(p, n + 2, "->")
               ? n + 2
               : 0;
}

static struct sx *lambda(struct parser *p)
{
    struct sx *e = px_node(p, SX_LAMBDA, px_place(p));
    struct list names = {0};
    px_accept_op(p, "(");
    do
        px_push(p, &names, (void *)(uintptr_t)px_identifier(p));
    while (px_accept_op(p, ","));
    px_accept_op(p, ")");
    px_expect_op(p, "->");
    e->parts = (const char **)names.items;
    e->n_parts = names.n;
    return px_with_kids(p, e, px_expr(p), NULL, NULL);
}

static void call_argument(struct parser *p, const struct sx *call, struct list *args)
{
    if (names_of_lambda(p)) {
        px_push(p, args, lambda(p));
        return;
    }
    if (px_is_identifier(p, 0) && px_op_at(p, 1, "=>"))
        px_refuse(p, px_place(p), "arguments by name");
    struct sx *value = px_expr(p);
    if (px_is(p, "AS") && call->name && strcasecmp(call->name, "struct") == 0)
        value = named_argument(p, value);
    px_push(p, args, value);
    if (px_is(p, "AS"))
        px_refuse(p, px_place(p), "AS in an argument");
}

static void call_arguments(struct parser *p, struct sx *e)
{
    struct list args = {0};
    px_expect_op(p, "(");
    bool quantified = !px_op_at(p, 1, ")") && !px_op_at(p, 1, ",") && !px_op_at(p, 1, ".");
    if (quantified && px_is(p, "DISTINCT")) {
        px_next(p);
        e->distinct = true;
    } else if (quantified && px_is(p, "ALL")) {
        px_next(p);
    }
    if (!px_is_op(p, ")")) {
        do
            call_argument(p, e, &args);
        while (px_accept_op(p, ","));
        bool ignore = px_is(p, "IGNORE");
        if ((ignore || px_is(p, "RESPECT")) && px_word_at(p, 1, "NULLS")) {
            px_next(p);
            px_next(p);
            e->nulls_given = true;
            e->ignore_nulls = ignore;
        }
    }
    px_expect_op(p, ")");
    px_set_kids(e, &args);
}

struct sx *px_call_named(struct parser *p, const char *name, struct fst_sql_place start)
{
    struct sx *e = px_node(p, SX_CALL, start);
    e->name = name;
    call_arguments(p, e);
    call_tail(p, e);
    return px_finish(p, e);
}

struct sx *px_case_expr(struct parser *p)
{
    struct sx *e = px_node(p, SX_CASE, px_place(p));
    struct list kids = {0};
    px_next(p);
    size_t condition = p->at + 1;
    bool simple = !px_is(p, "WHEN");
    if (simple)
        e->filter = px_expr(p);
    if (!px_is(p, "WHEN"))
        px_syntax(p);
    while (px_accept(p, "WHEN")) {
        px_push(p, &kids, px_expr(p));
        if (!px_is(p, "THEN") && !simple)
            px_syntax_at(p, condition);
        px_expect(p, "THEN");
        px_push(p, &kids, px_expr(p));
    }
    if (px_accept(p, "ELSE"))
        px_push(p, &kids, px_expr(p));
    if (!px_is(p, "END") && !simple)
        px_syntax_at(p, condition);
    px_expect(p, "END");
    px_set_kids(e, &kids);
    return px_finish(p, e);
}

static struct sx *cast_expr(struct parser *p)
{
    struct sx *e = px_node(p, SX_CAST, px_place(p));
    e->flag = px_is(p, "TRY_CAST");
    px_next(p);
    px_next(p);
    struct sx *value = px_expr(p);
    px_expect(p, "AS");
    e->type = px_type_name(p);
    px_expect_op(p, ")");
    return px_with_kids(p, e, value, NULL, NULL);
}

static struct sx *extract_expr(struct parser *p)
{
    struct sx *e = px_node(p, SX_EXTRACT, px_place(p));
    px_next(p);
    px_next(p);
    e->name = px_identifier(p);
    if (px_is_op(p, ","))
        px_refuse(p, e->place, "function extract");
    px_expect(p, "FROM");
    struct sx *source = px_expr(p);
    px_expect_op(p, ")");
    return px_with_kids(p, e, source, NULL, NULL);
}

/* trim(BOTH x FROM s): a call of trim, ltrim or rtrim with the string first; flag = this form. */
static struct sx *trim_expr(struct parser *p)
{
    struct sx *e = px_node(p, SX_CALL, px_place(p));
    px_next(p);
    px_next(p);
    e->name = "trim";
    e->flag = true;
    if (px_accept(p, "LEADING"))
        e->name = "ltrim";
    else if (px_accept(p, "TRAILING"))
        e->name = "rtrim";
    else
        px_accept(p, "BOTH");
    struct sx *characters = px_is(p, "FROM") ? NULL : px_expr(p);
    px_expect(p, "FROM");
    struct sx *source = px_expr(p);
    px_expect_op(p, ")");
    return px_with_kids(p, e, source, characters, NULL);
}

/* trim(x) and substring(x, 1) are calls; with the words inside they are not. Reads the first
 * argument; when the word follows, goes on in that form. */
static struct sx *substring_expr(struct parser *p)
{
    struct fst_sql_place start = px_place(p);
    size_t at = p->at;
    px_next(p);
    px_next(p);
    struct sx *value = px_expr(p);
    if (!px_accept(p, "FROM")) {
        if (p->status == FST_OK) {
            p->at = at;
            const char *name = px_identifier(p);
            return px_call_named(p, name, start);
        }
        return value;
    }
    struct sx *e = px_node(p, SX_CALL, start);
    e->name = "substring";
    struct sx *from = px_expr(p), *length = px_accept(p, "FOR") ? px_expr(p) : NULL;
    px_expect_op(p, ")");
    return px_with_kids(p, e, value, from, length);
}

/* position(a IN b): reads a as a value, so that IN stays. */
static struct sx *position_expr(struct parser *p)
{
    struct fst_sql_place start = px_place(p);
    size_t at = p->at;
    px_next(p);
    px_next(p);
    struct sx *needle = px_value_expr(p, 0);
    if (!px_accept(p, "IN")) {
        if (p->status == FST_OK) {
            p->at = at;
            return px_call_named(p, px_identifier(p), start);
        }
        return needle;
    }
    struct sx *e = px_node(p, SX_CALL, start), *hay = px_value_expr(p, 0);
    e->name = "locate";
    px_expect_op(p, ")");
    return px_with_kids(p, e, needle, hay, NULL);
}

/* overlay(a PLACING b FROM c [FOR d]) and overlay(a, b, c[, d]) */
static struct sx *overlay_expr(struct parser *p)
{
    struct sx *e = px_node(p, SX_CALL, px_place(p));
    struct list kids = {0};
    static const char *const words[] = {"PLACING", "FROM", "FOR"};
    e->name = "overlay";
    px_next(p);
    px_expect_op(p, "(");
    px_push(p, &kids, px_expr(p));
    bool worded = px_is(p, "PLACING");
    for (size_t i = 0; i < 3; i++) {
        bool more = worded ? px_accept(p, words[i]) : px_accept_op(p, ",");
        if (more)
            px_push(p, &kids, worded ? px_value_expr(p, 0) : px_expr(p));
        else if (i < 2)
            px_syntax(p);
    }
    px_expect_op(p, ")");
    px_set_kids(e, &kids);
    return px_finish(p, e);
}

static bool is_trim_form(const struct parser *p)
{
    static const char *const sides[] = {"BOTH", "LEADING", "TRAILING", "FROM", NULL};
    if (px_any(px_peek(p, 2), p->text, sides) && !px_op_at(p, 3, ")") && !px_op_at(p, 3, ",") &&
        !px_op_at(p, 3, "("))
        return true;
    size_t depth = 0;
    for (size_t ahead = 1; px_peek(p, ahead)->kind != FST_TOK_END; ahead++) {
        if (px_op_at(p, ahead, "("))
            depth++;
        else if (px_op_at(p, ahead, ")") && --depth == 0)
            return false;
        else if (depth == 1 && (px_op_at(p, ahead, ",")))
            return false;
        else if (depth == 1 && px_word_at(p, ahead, "FROM"))
            return true;
    }
    return false;
}

/* Words that open a form of their own when a parenthesis follows. */
struct sx *px_special_call(struct parser *p)
{
    if (!px_op_at(p, 1, "("))
        return NULL;
    if (px_is(p, "CAST") || px_is(p, "TRY_CAST"))
        return cast_expr(p);
    if (px_is(p, "EXTRACT"))
        return extract_expr(p);
    if (px_is(p, "TRIM") && is_trim_form(p))
        return trim_expr(p);
    if ((px_is(p, "SUBSTRING") || px_is(p, "SUBSTR")) && !px_op_at(p, 2, ")"))
        return substring_expr(p);
    if (px_is(p, "POSITION") && !px_op_at(p, 2, ")"))
        return position_expr(p);
    if (px_is(p, "OVERLAY") && !px_op_at(p, 2, ")"))
        return overlay_expr(p);
    if (px_is(p, "IDENTIFIER"))
        px_refuse(p, px_place(p), "IDENTIFIER()");
    return NULL;
}
