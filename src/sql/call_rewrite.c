/* Functions that Spark replaces by other expressions, and so do we: the nodes are those of the
 * other expression, the text stays that of the call. */
#include "call.h"

#include <string.h>
#include <strings.h>

static struct fst_expr *named(struct fst_expr *e, const char *text)
{
    if (e)
        e->text = text;
    return e;
}

static struct fst_expr *word(const struct call *c, const char *value)
{
    return named(string_literal(c->rx, value, c->s->place), c->text);
}

static struct fst_expr *current_something(struct call *c)
{
    if (strcmp(c->f->name, "current_catalog") == 0)
        return word(c, "spark_catalog");
    c->text = "current_schema()";
    return word(c, "default");
}

static struct fst_expr *type_of(struct call *c)
{
    if (has_aggregate(c->s)) /* Spark forgets some of these */
        return rx_refuse(c->rx, &c->s->place, "typeof of an aggregate");
    struct fst_buf b = FST_BUF_TEXT;
    fst_type_text(&b, &c->args[0]->type);
    const char *name = text_of(c->rx, "%s", fst_buf_text(&b));
    fst_buf_done(&b);
    if (c->args[0]->type.kind == FST_VARIANT)
        return rx_refuse(c->rx, &c->s->place, "typeof %s", name);
    return word(c, name);
}

static struct fst_expr *equal_null(struct call *c)
{
    return named(comparison(c->rx, FST_FN_EQ_NULL, c->args[0], c->args[1], c->s->place), c->text);
}

static struct fst_expr *null_if_zero(struct call *c)
{
    struct fst_expr *zero = int_literal(c->rx, 0, c->s->place), *x = c->args[0];
    if (!is_numeric(&x->type))
        return rx_refuse(c->rx, &c->s->place, "nullifzero of %s", type_sql(c->rx, &x->type));
    struct fst_expr *same = comparison(c->rx, FST_FN_EQ, x, zero, c->s->place);
    if (!same)
        return NULL;
    struct fst_expr *args[] = {same, null_literal(c->rx, c->s->place), x};
    return case_of(c->rx, args, 3, c->s->place, c->text, "if");
}

static struct fst_expr *zero_if_null(struct call *c)
{
    if (!is_numeric(&c->args[0]->type))
        return rx_refuse(c->rx, &c->s->place, "zeroifnull of %s",
                         type_sql(c->rx, &c->args[0]->type));
    struct fst_expr *args[] = {c->args[0], int_literal(c->rx, 0, c->s->place)};
    struct call inner = {.rx = c->rx, .s = c->s, .args = args, .n = 2, .text = c->text};
    inner.f = fst_sql_function("coalesce", 8);
    return call_special(&inner);
}

static bool is_utf8(const struct fst_expr *set)
{
    return set->kind == FST_EXPR_LITERAL && set->type.kind == FST_STRING && !set->value.is_null &&
           fst_str_is_nocase(set->value.s, "utf-8");
}

/* decode(bytes, 'UTF-8'): what is malformed is an error. */
static struct fst_expr *decode_bytes(struct call *c)
{
    struct fst_type bytes = fst_type(FST_BINARY);
    enum fst_kind kind = c->args[0]->type.kind;
    if (!is_utf8(c->args[1]) || (kind != FST_BINARY && kind != FST_STRING))
        return rx_refuse(c->rx, &c->s->place, "decode with this character set");
    struct fst_expr *e = make1(c->rx, FST_EXPR_CALL, fst_type(FST_STRING), c->args[0]->nullable,
                               coerce(c->rx, c->args[0], &bytes), c->text);
    e->place = c->s->place;
    e->fn = operator_row(FST_FN_DECODE_UTF8);
    return e;
}

/* decode(x, a, b, ..., else): CASE WHEN x <=> a THEN b ... ELSE ... END; without an else it is a
 * NULL of text. */
static struct fst_expr *decode(struct call *c)
{
    if (c->n == 2)
        return decode_bytes(c);
    struct fst_expr **args = fst_arena_alloc(c->rx->a, (c->n + 1) * sizeof *args);
    size_t n = 0;
    for (size_t i = 1; i < c->n; i += 2) {
        if (i + 1 == c->n) {
            args[n++] = c->args[i];
            break;
        }
        args[n] = comparison(c->rx, FST_FN_EQ_NULL, c->args[0], c->args[i], c->s->place);
        if (!args[n])
            return NULL;
        args[n + 1] = c->args[i + 1];
        n += 2;
    }
    if (n % 2 == 0) {
        struct fst_expr *none =
            make(c->rx, FST_EXPR_LITERAL, fst_type(FST_STRING), true, c->s->place, "NULL");
        none->value.is_null = true;
        args[n++] = none;
    }
    return case_of(c->rx, args, n, c->s->place, c->text, "casewhen");
}

/* An error of these words, as a value of no type. */
static struct fst_expr *raise(struct call *c, struct fst_expr *words)
{
    if (words->type.kind != FST_STRING)
        return rx_refuse(c->rx, &words->place, "an error of words that are no text");
    struct fst_expr *e = make1(c->rx, FST_EXPR_CALL, fst_type(FST_VOID), true, words,
                               text_of(c->rx,
                                       "raise_error(USER_RAISED_EXCEPTION, map("
                                       "errorMessage, %s))",
                                       words->text));
    e->place = c->s->place;
    e->fn = fst_sql_function("raise_error", 11);
    return e;
}

struct fst_expr *call_raise(struct call *c)
{
    return c->n == 1 ? raise(c, c->args[0])
                     : rx_refuse(c->rx, &c->s->place, "raise_error with a class");
}

static struct fst_expr *assert_true(struct call *c)
{
    struct fst_type condition = fst_type(FST_BOOLEAN);
    if (c->args[0]->type.kind != FST_BOOLEAN)
        return rx_refuse(c->rx, &c->s->place, "assert_true of %s",
                         type_sql(c->rx, &c->args[0]->type));
    if (c->n == 1) {
        const char *words = text_of(c->rx, "'%s' is not true!", c->args[0]->text);
        c->args[1] = string_literal(c->rx, words, c->s->place);
        c->text = text_of(c->rx, "assert_true(%s, %s)", c->args[0]->text, words);
    }
    struct fst_expr *error = raise(c, c->args[1]), *args[3];
    if (!error)
        return NULL;
    args[0] = coerce(c->rx, c->args[0], &condition);
    args[1] = null_literal(c->rx, c->s->place);
    args[2] = error;
    return case_of(c->rx, args, 3, c->s->place, c->text, "if");
}

/* encode(str, 'UTF-8'): the bytes as they are. */
static struct fst_expr *encode(struct call *c)
{
    if (c->args[0]->type.kind != FST_STRING || !is_utf8(c->args[1]))
        return rx_refuse(c->rx, &c->s->place, "encode to anything else than UTF-8");
    struct fst_expr *e = make1(c->rx, FST_EXPR_CAST, fst_type(FST_BINARY), c->args[0]->nullable,
                               c->args[0], c->text);
    e->place = c->s->place;
    return e;
}

static bool is_text(const struct call *c, size_t i)
{
    return c->args[i]->type.kind == FST_STRING;
}

static struct fst_expr *pattern(struct call *c, enum fst_fn id, const char *text)
{
    if (c->n != 2 || !is_text(c, 0) || !is_text(c, 1))
        return rx_refuse(c->rx, &c->s->place, "%s of %s and %s", c->f->name,
                         type_sql(c->rx, &c->args[0]->type), type_sql(c->rx, &c->args[1]->type));
    bool nullable = c->args[0]->nullable || c->args[1]->nullable;
    if (id != FST_FN_RLIKE)
        c->args[c->n++] = string_literal(c->rx, "\\", c->s->place);
    struct fst_expr *e =
        make(c->rx, FST_EXPR_CALL, fst_type(FST_BOOLEAN), nullable, c->s->place, text);
    e->fn = operator_row(id);
    set_args(c->rx, e, c->args, c->n);
    return e;
}

static struct fst_expr *any_pattern(struct call *c)
{
    const char *a = c->args[0]->text, *b = c->args[1]->text;
    if (strcmp(c->f->name, "like") == 0)
        return pattern(c, FST_FN_LIKE, text_of(c->rx, "%s LIKE %s", a, b));
    if (strcmp(c->f->name, "ilike") == 0)
        return pattern(c, FST_FN_ILIKE, c->text);
    return pattern(c, FST_FN_RLIKE,
                   text_of(c->rx, "%s(%s, %s)",
                           c->f->name[0] == 'r' && c->f->name[1] == 'l' ? "RLIKE" : "REGEXP", a,
                           b));
}

/* ---- Arithmetic that gives NULL -------------------------------------------------------------- */

static const struct tries {
    const char *name, *sign;
    enum fst_fn id, is;
} tries[] = {
    {"try_add", "+", FST_FN_TRY_ADD, FST_FN_ADD},
    {"try_subtract", "-", FST_FN_TRY_SUBTRACT, FST_FN_SUBTRACT},
    {"try_multiply", "*", FST_FN_TRY_MULTIPLY, FST_FN_MULTIPLY},
    {"try_divide", "/", FST_FN_TRY_DIVIDE, FST_FN_DIVIDE},
    {"try_mod", "%", FST_FN_TRY_MOD, FST_FN_MOD},
};

static struct fst_expr *try_call(struct call *c, const struct tries *t)
{
    bool first = is_numeric(&c->args[0]->type), second = is_numeric(&c->args[1]->type);
    if (!(first && (second || c->args[1]->type.kind == FST_VOID)) &&
        !(second && c->args[0]->type.kind == FST_VOID))
        return rx_refuse(c->rx, &c->s->place, "%s of %s and %s", t->name,
                         type_sql(c->rx, &c->args[0]->type), type_sql(c->rx, &c->args[1]->type));
    struct fst_expr *e = binary(c->rx, t->sign, c->args[0], c->args[1], c->s->place);
    if (!e)
        return NULL;
    if (e->kind != FST_EXPR_CALL || e->fn->id != t->is)
        return rx_refuse(c->rx, &c->s->place, "%s of these", t->name);
    struct fst_function *row = fst_arena_alloc(c->rx->a, sizeof *row);
    *row = *c->f;
    row->id = t->id;
    e->fn = row;
    e->nullable = true;
    return named(e, c->text);
}

struct fst_expr *call_rewritten(struct call *c)
{
    static const struct {
        const char *name;
        struct fst_expr *(*make)(struct call *c);
    } rows[] = {
        {"current_catalog", current_something},
        {"current_database", current_something},
        {"current_schema", current_something},
        {"typeof", type_of},
        {"equal_null", equal_null},
        {"nullifzero", null_if_zero},
        {"zeroifnull", zero_if_null},
        {"assert_true", assert_true},
        {"encode", encode},
        {"decode", decode},
        {"like", any_pattern},
        {"ilike", any_pattern},
        {"rlike", any_pattern},
        {"regexp", any_pattern},
    };
    for (size_t i = 0; i < FST_COUNT(tries); i++)
        if (strcmp(c->f->name, tries[i].name) == 0)
            return try_call(c, &tries[i]);
    for (size_t i = 0; i < FST_COUNT(rows); i++)
        if (strcmp(c->f->name, rows[i].name) == 0)
            return rows[i].make(c);
    return rx_refuse(c->rx, &c->s->place, "%s()", c->f->name);
}
