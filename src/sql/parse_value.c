/* The leaves of expressions: nodes, literals and their escapes, intervals, type names. */
#include "parse.h"

#include <stdlib.h>
#include <string.h>

/* ---- Nodes ----------------------------------------------------------------------------------- */

struct sx *px_node(struct parser *p, enum sx_kind kind, struct fst_sql_place start)
{
    struct sx *e = fst_arena_alloc(p->a, sizeof *e);
    e->kind = kind;
    e->place = start;
    return e;
}

void px_add_height(struct parser *p, struct sx *e, const struct sx *kid)
{
    if (kid && kid->height >= e->height)
        e->height = (uint16_t)(kid->height + 1);
    if (e->height > p->tallest)
        p->tallest = e->height;
    if (e->height > SX_MAX_DEPTH)
        px_refuse(p, e->place, "nesting this deep");
}

struct sx *px_finish(struct parser *p, struct sx *e)
{
    e->place = px_since(p, e->place);
    for (size_t i = 0; i < e->n_kids; i++)
        px_add_height(p, e, e->kids[i]);
    px_add_height(p, e, e->filter);
    return e;
}

void px_set_kids(struct sx *e, struct list *kids)
{
    e->kids = (struct sx **)kids->items;
    e->n_kids = kids->n;
}

struct sx *px_with_kids(struct parser *p, struct sx *e, struct sx *a, struct sx *b, struct sx *c)
{
    struct list kids = {0};
    px_push(p, &kids, a);
    if (b)
        px_push(p, &kids, b);
    if (c)
        px_push(p, &kids, c);
    px_set_kids(e, &kids);
    return px_finish(p, e);
}

void px_exprs(struct parser *p, struct list *out)
{
    do
        px_push(p, out, px_expr(p));
    while (px_accept_op(p, ","));
}

/* ---- Literals -------------------------------------------------------------------------------- */

static int hex_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c = (char)(c | 32);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* \u0041 and \U00000041 at s[1]; the bytes used, or 0. */
static size_t unicode_escape(const char *s, size_t n, struct fst_buf *out)
{
    size_t digits = s[1] == 'u' ? 4 : s[1] == 'U' ? 8 : 0;
    if (!digits || n < 2 + digits)
        return 0;
    uint32_t cp = 0;
    for (size_t i = 0; i < digits; i++) {
        int v = hex_value(s[2 + i]);
        if (v < 0)
            return 0;
        cp = cp << 4 | (uint32_t)v;
    }
    char utf8[4];
    fst_buf_add(out, utf8, fst_utf8_encode(cp, utf8));
    return 2 + digits;
}

static size_t octal_escape(const char *s, size_t n, struct fst_buf *out)
{
    if (n < 4 || (s[1] != '0' && s[1] != '1'))
        return 0;
    if (s[2] < '0' || s[2] > '7' || s[3] < '0' || s[3] > '7')
        return 0;
    char utf8[4];
    uint32_t cp = (uint32_t)((s[1] - '0') << 6 | (s[2] - '0') << 3 | (s[3] - '0'));
    fst_buf_add(out, utf8, fst_utf8_encode(cp, utf8));
    return 4;
}

/* A backslash and what it escapes; % and _ keep it, for LIKE. */
static size_t escape(const char *s, size_t n, struct fst_buf *out)
{
    size_t used = unicode_escape(s, n, out);
    if (!used)
        used = octal_escape(s, n, out);
    if (used)
        return used;
    switch (s[1]) {
    case '0':
        fst_buf_addc(out, 0);
        break;
    case 'b':
        fst_buf_addc(out, '\b');
        break;
    case 'n':
        fst_buf_addc(out, '\n');
        break;
    case 'r':
        fst_buf_addc(out, '\r');
        break;
    case 't':
        fst_buf_addc(out, '\t');
        break;
    case 'Z':
        fst_buf_addc(out, 26);
        break;
    case '%':
    case '_':
        fst_buf_add(out, s, 2);
        break;
    default:
        fst_buf_addc(out, s[1]);
    }
    return 2;
}

static void unquote_string(const char *s, size_t n, struct fst_buf *out)
{
    if (s[0] == 'r' || s[0] == 'R') {
        fst_buf_add(out, s + 2, n - 3);
        return;
    }
    for (size_t i = 1; i + 1 < n;) {
        if (s[i] == '\\' && i + 2 < n) {
            i += escape(s + i, n - 1 - i, out);
        } else {
            fst_buf_addc(out, s[i]);
            i += s[i] == s[0] ? 2 : 1;
        }
    }
}

bool px_is_hex_string(const struct parser *p, size_t ahead)
{
    const struct fst_token *t = px_peek(p, ahead);
    return t->kind == FST_TOK_STRING && (p->text[t->offset] | 32) == 'x';
}

bool px_is_string(const struct parser *p, size_t ahead)
{
    return px_peek(p, ahead)->kind == FST_TOK_STRING && !px_is_hex_string(p, ahead);
}

/* One or more string tokens: they are put together. */
struct fst_str px_strings(struct parser *p)
{
    struct fst_buf out = FST_BUF(SX_MAX_TEXT);
    while (px_is_string(p, 0)) {
        const struct fst_token *t = px_peek(p, 0);
        unquote_string(p->text + t->offset, t->len, &out);
        px_next(p);
    }
    struct fst_str s = {fst_arena_strndup(p->a, fst_buf_text(&out), out.n), out.n};
    if (out.n)
        memcpy((char *)(uintptr_t)s.p, out.p, out.n); /* it may have NULs inside */
    fst_buf_done(&out);
    return s;
}

struct sx *px_hex_literal(struct parser *p)
{
    const struct fst_token *t = px_peek(p, 0);
    struct sx *e = px_node(p, SX_TYPED, px_place(p));
    e->name = "X";
    px_next(p);
    e->text = (struct fst_str){p->text + t->offset + 2, t->len - 3};
    return px_finish(p, e);
}

struct sx *px_number(struct parser *p, struct fst_sql_place start, bool negative)
{
    const struct fst_token *t = px_peek(p, 0);
    struct sx *e = px_node(p, SX_NUMBER, start);
    e->name =
        fst_arena_printf(p->a, "%s%.*s", negative ? "-" : "", (int)t->len, p->text + t->offset);
    px_next(p);
    return px_finish(p, e);
}

/* ---- Intervals ------------------------------------------------------------------------------- */

static const char *const units[] = {
    "YEAR",        "YEARS",        "MONTH",       "MONTHS",       "DAY",     "DAYS", "HOUR",
    "HOURS",       "MINUTE",       "MINUTES",     "SECOND",       "SECONDS", "WEEK", "WEEKS",
    "MILLISECOND", "MILLISECONDS", "MICROSECOND", "MICROSECONDS", NULL};

bool px_is_unit(const struct parser *p, size_t ahead)
{
    return px_any(px_peek(p, ahead), p->text, units);
}

static struct sx *interval_value(struct parser *p)
{
    struct fst_sql_place start = px_place(p);
    bool negative = false;
    if (px_accept_op(p, "-"))
        negative = true;
    else
        px_accept_op(p, "+");
    if (px_peek(p, 0)->kind == FST_TOK_NUMBER)
        return px_number(p, start, negative);
    struct sx *e = px_node(p, SX_STRING, start);
    e->flag = negative;
    if (px_is_string(p, 0))
        e->text = px_strings(p);
    else
        px_syntax(p);
    return px_finish(p, e);
}

/* INTERVAL 1 DAY 2 HOURS: parts = units, kids = values. INTERVAL '1-2' YEAR TO MONTH: flag, one
 * kid, two parts. INTERVAL '1 day': no parts. */
struct sx *px_interval(struct parser *p)
{
    struct sx *e = px_node(p, SX_INTERVAL, px_place(p));
    struct list values = {0}, names = {0};
    px_next(p);
    do {
        px_push(p, &values, interval_value(p));
        const struct fst_token *t = px_peek(p, 0);
        if (!px_is_unit(p, 0)) {
            if (values.n > 1 || ((struct sx *)values.items[0])->kind == SX_NUMBER)
                px_syntax(p);
            break;
        }
        px_push(p, &names, fst_arena_strndup(p->a, p->text + t->offset, t->len));
        px_next(p);
        if (values.n == 1 && px_accept(p, "TO")) {
            e->flag = true;
            t = px_peek(p, 0);
            if (!px_is_unit(p, 0))
                px_syntax(p);
            px_push(p, &names, fst_arena_strndup(p->a, p->text + t->offset, t->len));
            px_next(p);
            break;
        }
    } while (px_peek(p, 0)->kind == FST_TOK_NUMBER || px_is_string(p, 0));
    e->parts = (const char **)names.items;
    e->n_parts = names.n;
    px_set_kids(e, &values);
    return px_finish(p, e);
}

/* ---- Types in casts -------------------------------------------------------------------------- */

static bool named_type(struct fst_str name, struct fst_type *out)
{
    static const struct {
        const char *name;
        enum fst_kind kind;
    } rows[] = {
        {"boolean", FST_BOOLEAN},
        {"tinyint", FST_BYTE},
        {"byte", FST_BYTE},
        {"smallint", FST_SHORT},
        {"short", FST_SHORT},
        {"int", FST_INT},
        {"integer", FST_INT},
        {"bigint", FST_LONG},
        {"long", FST_LONG},
        {"float", FST_FLOAT},
        {"real", FST_FLOAT},
        {"double", FST_DOUBLE},
        {"date", FST_DATE},
        {"timestamp", FST_TIMESTAMP},
        {"timestamp_ltz", FST_TIMESTAMP},
        {"string", FST_STRING},
        {"binary", FST_BINARY},
        {"timestamp_ntz", FST_TIMESTAMP_NTZ},
        {"decimal", FST_DECIMAL},
        {"dec", FST_DECIMAL},
        {"numeric", FST_DECIMAL},
    };
    for (size_t i = 0; i < FST_COUNT(rows); i++)
        if (fst_str_is_nocase(name, rows[i].name)) {
            *out = rows[i].kind == FST_DECIMAL ? fst_type_decimal(10, 0) : fst_type(rows[i].kind);
            return true;
        }
    return false;
}

static int64_t type_number(struct parser *p)
{
    const struct fst_token *t = px_peek(p, 0);
    int64_t v = 0;
    if (t->kind != FST_TOK_NUMBER || !fst_parse_int64(p->text + t->offset, t->len, &v))
        px_syntax(p);
    px_next(p);
    return v;
}

static struct fst_type decimal_type(struct parser *p, struct fst_sql_place start)
{
    int64_t precision = type_number(p), scale = 0;
    if (px_accept_op(p, ","))
        scale = type_number(p);
    px_expect_op(p, ")");
    if (precision > 38)
        px_fail(p, start, "DECIMAL_PRECISION_EXCEEDS_MAX_PRECISION", "22003",
                fst_arena_printf(p->a, "Decimal precision %lld exceeds max precision 38.",
                                 (long long)precision));
    else if (precision < 1 || scale < 0 || scale > precision)
        px_refuse(p, start, "a decimal of this precision and scale");
    if (p->status != FST_OK)
        return fst_type_decimal(10, 0);
    return fst_type_decimal((int)precision, (int)scale);
}

/* Takes one ">", which may be the first sign of ">>". */
static void close_type(struct parser *p)
{
    struct fst_token *t = &p->tokens[p->at];
    if (px_is_op(p, ">>") || px_is_op(p, ">>>")) {
        t->offset++;
        t->len--;
        t->col++;
    } else {
        px_expect_op(p, ">");
    }
}

/* ":int" looks like a parameter to the lexer. */
static void skip_colon(struct parser *p)
{
    struct fst_token *t = &p->tokens[p->at];
    if (px_accept_op(p, ":") || t->len < 2 || p->text[t->offset] != ':')
        return;
    t->offset++;
    t->len--;
    t->col++;
    t->kind = FST_TOK_WORD;
}

/* array<t>, map<k, v>, struct<name: t, ...>, after the word. */
static struct fst_type nested_type_name(struct parser *p, enum fst_kind kind)
{
    struct list fields = {0};
    px_expect_op(p, "<");
    if (!px_enter(p))
        return fst_type(kind);
    do {
        static const char *const names[] = {"element", "key", "value"};
        struct fst_field *f = fst_arena_alloc(p->a, sizeof *f);
        size_t at = (kind == FST_MAP) + fields.n;
        f->name = kind == FST_STRUCT ? px_identifier(p) : names[at < 2 ? at : 2];
        if (kind == FST_STRUCT)
            skip_colon(p);
        f->type = px_type_name(p);
        f->nullable = kind != FST_MAP || fields.n == 1;
        if (px_is(p, "NOT") || px_is(p, "COMMENT"))
            px_refuse(p, px_place(p), "a field with more than a type");
        px_push(p, &fields, f);
    } while (p->status == FST_OK && px_accept_op(p, ","));
    px_leave(p);
    if (kind != FST_STRUCT && fields.n != (kind == FST_MAP ? 2 : 1))
        px_syntax(p);
    close_type(p);
    struct fst_type type = fst_type(kind);
    struct fst_field *all = fst_arena_alloc(p->a, (fields.n + 1) * sizeof *all);
    for (size_t i = 0; i < fields.n; i++)
        all[i] = *(struct fst_field *)fields.items[i];
    type.fields = all;
    type.n_fields = (uint16_t)fields.n;
    return type;
}

static bool nested_kind(struct fst_str name, enum fst_kind *out)
{
    static const struct {
        const char *name;
        enum fst_kind kind;
    } rows[] = {{"array", FST_ARRAY}, {"map", FST_MAP}, {"struct", FST_STRUCT}};
    for (size_t i = 0; i < FST_COUNT(rows); i++)
        if (fst_str_is_nocase(name, rows[i].name)) {
            *out = rows[i].kind;
            return true;
        }
    return false;
}

struct fst_type px_type_name(struct parser *p)
{
    enum fst_kind nested;
    static const char *const known[] = {
        "array", "map",  "struct",    "interval",  "variant",  "char",       "varchar",
        "void",  "time", "character", "geography", "geometry", "identifier", NULL};
    struct fst_sql_place start = px_place(p);
    const struct fst_token *t = px_peek(p, 0);
    struct fst_str name = {p->text + t->offset, t->len};
    struct fst_type type = {0};
    if (!px_is_identifier(p, 0)) {
        px_syntax(p);
    } else if (px_op_at(p, 1, "<") && nested_kind(name, &nested)) {
        px_next(p);
        type = nested_type_name(p, nested);
    } else if (named_type(name, &type)) {
        px_next(p);
        if (px_is(p, "COLLATE"))
            px_refuse(p, px_place(p), "COLLATE");
        if (type.kind == FST_DECIMAL && px_accept_op(p, "("))
            type = decimal_type(p, start);
        else if (px_is_op(p, "(") || px_is_op(p, "<"))
            px_refuse(p, start, "a type with parameters");
    } else if (px_any(t, p->text, known)) {
        px_refuse(p, start, fst_arena_printf(p->a, "type %.*s", (int)name.n, name.p));
    } else {
        px_fail(p, start, "UNSUPPORTED_DATATYPE", "0A000",
                fst_arena_printf(p->a, "Unsupported data type \"%.*s\".", (int)name.n, name.p));
    }
    return type;
}
