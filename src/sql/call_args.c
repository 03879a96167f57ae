/* The arguments of a call: how it is printed, and the casts that its row asks for. */
#include "call.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* ---- Names of columns ------------------------------------------------------------------------ */

/* Functions that Spark prints in upper case. */
static const char *const upper_names[] = {
    "sqrt",    "power",  "exp", "log",  "log10",      "log2",         "log1p",       "cbrt",
    "expm1",   "signum", "sin", "cos",  "tan",        "asin",         "sinh",        "cosh",
    "tanh",    "hypot",  "sec", "csc",  "acos",       "atan",         "atan2",       "degrees",
    "radians", "pi",     "e",   "rank", "dense_rank", "percent_rank", "regexp_like", NULL};

static const char *shown_name(struct rx *rx, const char *name, size_t n_args)
{
    char *out = fst_arena_strdup(rx->a, name);
    bool upper = (strcmp(name, "ceil") == 0 || strcmp(name, "floor") == 0) && n_args == 1;
    for (size_t i = 0; upper_names[i]; i++)
        upper |= strcmp(name, upper_names[i]) == 0;
    for (char *c = out; *c && upper; c++)
        *c = *c >= 'a' && *c <= 'z' ? (char)(*c - 32) : *c;
    return out;
}

const char *call_text(struct rx *rx, const char *name, struct fst_expr **args, size_t n,
                      bool distinct)
{
    struct fst_buf b = FST_BUF_TEXT;
    fst_buf_printf(&b, "%s(%s", shown_name(rx, name, n), distinct ? "DISTINCT " : "");
    for (size_t i = 0; i < n; i++)
        fst_buf_printf(&b, "%s%s", i ? ", " : "", args[i]->text);
    fst_buf_addc(&b, ')');
    const char *text = text_of(rx, "%s", fst_buf_text(&b));
    fst_buf_done(&b);
    return text;
}

/* ---- Arguments ------------------------------------------------------------------------------- */

void *call_wrong_type(const struct call *c, size_t i, const char *wanted)
{
    static const char *const ordinals[] = {"first", "second", "third", "fourth"};
    struct fst_expr *e = c->args[i];
    if (fst_type_is_nested(&e->type) || is_interval(&e->type) || e->type.kind == FST_VARIANT ||
        e->type.kind == FST_TIME)
        return rx_refuse(c->rx, &c->s->place, "%s of %s", c->f->name, type_sql(c->rx, &e->type));
    return rx_fail(c->rx, &c->s->place, "DATATYPE_MISMATCH.UNEXPECTED_INPUT_TYPE", "42K09",
                   "Cannot resolve \"%s\" due to data type mismatch: The %s parameter requires "
                   "the \"%s\" type, however \"%s\" has the type \"%s\".",
                   c->text, ordinals[i < 4 ? i : 3], wanted, e->text, type_sql(c->rx, &e->type));
}

struct fst_expr *call_as(const struct call *c, size_t i, enum fst_kind kind)
{
    struct fst_type type = fst_type(kind);
    return coerce(c->rx, c->args[i], &type);
}

static struct fst_expr *number_argument(const struct call *c, size_t i, enum fst_kind kind)
{
    const struct fst_type *t = &c->args[i]->type;
    if (!is_numeric(t) && t->kind != FST_STRING && t->kind != FST_VOID)
        return call_wrong_type(c, i,
                               kind == FST_DOUBLE ? "DOUBLE"
                               : kind == FST_INT  ? "INT"
                                                  : "BIGINT");
    return call_as(c, i, kind);
}

static struct fst_expr *time_argument(const struct call *c, size_t i, enum fst_kind kind, bool ntz)
{
    enum fst_kind is = c->args[i]->type.kind;
    if (ntz && is == FST_TIMESTAMP_NTZ)
        return c->args[i];
    if (is != FST_DATE && is != FST_TIMESTAMP && is != FST_TIMESTAMP_NTZ && is != FST_STRING &&
        is != FST_VOID)
        return call_wrong_type(c, i, kind == FST_DATE ? "DATE" : "TIMESTAMP");
    return call_as(c, i, kind);
}

static struct fst_expr *string_argument(const struct call *c, size_t i)
{
    const struct fst_type *t = &c->args[i]->type;
    if (t->kind == FST_BINARY)
        return rx_refuse(c->rx, &c->s->place, "%s of a binary", c->f->name);
    if (fst_type_is_nested(t) || t->kind == FST_VARIANT || t->kind == FST_TIME)
        return rx_refuse(c->rx, &c->s->place, "%s of %s", c->f->name, type_sql(c->rx, t));
    return call_as(c, i, FST_STRING);
}

static struct fst_expr *whole_argument(const struct call *c, size_t i)
{
    enum fst_kind kind = c->args[i]->type.kind;
    if (kind == FST_LONG || kind == FST_DECIMAL || kind == FST_FLOAT || kind == FST_DOUBLE)
        return call_wrong_type(c, i, "INT");
    return number_argument(c, i, FST_INT);
}

struct fst_expr *call_argument(const struct call *c, size_t i, char letter)
{
    const struct fst_type *t = &c->args[i]->type;
    switch (letter) {
    case 's':
        return string_argument(c, i);
    case 'b':
        if (t->kind != FST_BINARY && t->kind != FST_STRING && t->kind != FST_VOID)
            return call_wrong_type(c, i, "BINARY");
        return call_as(c, i, FST_BINARY);
    case 'i':
        return number_argument(c, i, FST_INT);
    case 'I':
        return whole_argument(c, i);
    case 'l':
        return number_argument(c, i, FST_LONG);
    case 'd':
        return number_argument(c, i, FST_DOUBLE);
    case 'v':
        return is_numeric(t) || is_interval(t) ? c->args[i] : number_argument(c, i, FST_DOUBLE);
    case 'n':
        return is_numeric(t) ? c->args[i] : number_argument(c, i, FST_DOUBLE);
    case 'N':
        return is_numeric(t) ? c->args[i] : call_wrong_type(c, i, "NUMERIC");
    case 'D':
        return time_argument(c, i, FST_DATE, false);
    case 'T':
        return time_argument(c, i, FST_TIMESTAMP, false);
    case 't':
        return time_argument(c, i, FST_TIMESTAMP, true);
    case 'B':
        if (t->kind != FST_BOOLEAN && t->kind != FST_STRING && t->kind != FST_VOID)
            return call_wrong_type(c, i, "BOOLEAN");
        return call_as(c, i, FST_BOOLEAN);
    default:
        return c->args[i];
    }
}

bool call_cast_arguments(struct call *c)
{
    const char *letter = c->f->takes;
    for (size_t i = 0; i < c->n; i++) {
        if (!(c->args[i] = call_argument(c, i, *letter)))
            return false;
        if (letter[0] && letter[1])
            letter++;
    }
    return true;
}

static void *diff_types(const struct call *c)
{
    struct fst_buf b = FST_BUF_TEXT;
    for (size_t i = 0; i < c->n; i++)
        fst_buf_printf(&b, "%s\"%s\"", i ? ", " : "", type_sql(c->rx, &c->args[i]->type));
    rx_fail(c->rx, &c->s->place, "DATATYPE_MISMATCH.DATA_DIFF_TYPES", "42K09",
            "Cannot resolve \"%s\" due to data type mismatch: Input to `%s` should all be the same "
            "type, but it's [%s].",
            c->text, c->f->name, fst_buf_text(&b));
    fst_buf_done(&b);
    return NULL;
}

bool call_common_arguments(struct call *c, bool strings, struct fst_type *type)
{
    enum common found = common_of(c->args, c->n, strings, type);
    if (found == COMMON_NONE)
        diff_types(c);
    if (found == COMMON_UNSURE)
        rx_refuse(c->rx, &c->s->place, "%s of these types", c->f->name);
    for (size_t i = 0; found == COMMON_FOUND && i < c->n; i++)
        c->args[i] = coerce(c->rx, c->args[i], type);
    return found == COMMON_FOUND;
}

bool call_nullable(const struct call *c, char rule)
{
    size_t nullable = 0;
    for (size_t i = 0; i < c->n; i++)
        nullable += c->args[i]->nullable;
    switch (rule) {
    case 'n':
        return false;
    case 'a':
        return nullable > 0;
    case 'e':
        return nullable == c->n;
    case '1':
        return c->n && c->args[0]->nullable;
    case '*': /* timestamp_seconds: whole numbers are safe, fractions are not said to be */
        return nullable > 0 || (c->n && (c->args[0]->type.kind == FST_FLOAT ||
                                         c->args[0]->type.kind == FST_DOUBLE));
    default:
        return true;
    }
}

struct fst_expr *call_finish(const struct call *c, struct fst_type type, bool nullable)
{
    struct fst_expr *e =
        make(c->rx, c->f->kind == FST_FN_AGGREGATE ? FST_EXPR_AGGREGATE : FST_EXPR_CALL, type,
             nullable, c->s->place, c->text);
    e->fn = c->f;
    set_args(c->rx, e, c->args, c->n);
    return e;
}
