/* Expressions: precedence climbing for signs, predicates after them, NOT, AND and OR around. Chains
 * of AND and OR are one flat node; every other tree carries its height, so that whoever walks it
 * needs no more stack than the parser allows. */
#include "parse.h"

#include <stdlib.h>
#include <string.h>

/* ---- Nodes -------------------------------------------------------------------------------- */

static struct sx *node(struct parser *p, enum sx_kind kind, struct fst_sql_place start)
{
    struct sx *e = fst_arena_alloc(p->a, sizeof *e);
    e->kind = kind;
    e->place = start;
    return e;
}

static void add_height(struct parser *p, struct sx *e, const struct sx *kid)
{
    if (kid && kid->height >= e->height)
        e->height = (uint16_t)(kid->height + 1);
    if (e->height > p->tallest)
        p->tallest = e->height;
    if (e->height > SX_MAX_DEPTH)
        px_refuse(p, e->place, "nesting this deep");
}

static struct sx *finish(struct parser *p, struct sx *e)
{
    e->place = px_since(p, e->place);
    for (size_t i = 0; i < e->n_kids; i++)
        add_height(p, e, e->kids[i]);
    add_height(p, e, e->filter);
    return e;
}

static void set_kids(struct sx *e, struct list *kids)
{
    e->kids = (struct sx **)kids->items;
    e->n_kids = kids->n;
}

static struct sx *with_kids(struct parser *p, struct sx *e, struct sx *a, struct sx *b,
                            struct sx *c)
{
    struct list kids = {0};
    px_push(p, &kids, a);
    if (b)
        px_push(p, &kids, b);
    if (c)
        px_push(p, &kids, c);
    set_kids(e, &kids);
    return finish(p, e);
}

void px_exprs(struct parser *p, struct list *out)
{
    do
        px_push(p, out, px_expr(p));
    while (px_accept_op(p, ","));
}

/* ---- Literals ----------------------------------------------------------------------------- */

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

static bool is_hex_string(const struct parser *p, size_t ahead)
{
    const struct fst_token *t = px_peek(p, ahead);
    return t->kind == FST_TOK_STRING && (p->text[t->offset] | 32) == 'x';
}

static bool is_string(const struct parser *p, size_t ahead)
{
    return px_peek(p, ahead)->kind == FST_TOK_STRING && !is_hex_string(p, ahead);
}

/* One or more string tokens: they are put together. */
static struct fst_str strings(struct parser *p)
{
    struct fst_buf out = FST_BUF(SX_MAX_TEXT);
    while (is_string(p, 0)) {
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

static struct sx *hex_literal(struct parser *p)
{
    const struct fst_token *t = px_peek(p, 0);
    struct sx *e = node(p, SX_TYPED, px_place(p));
    e->name = "X";
    px_next(p);
    e->text = (struct fst_str){p->text + t->offset + 2, t->len - 3};
    return finish(p, e);
}

static struct sx *number(struct parser *p, struct fst_sql_place start, bool negative)
{
    const struct fst_token *t = px_peek(p, 0);
    struct sx *e = node(p, SX_NUMBER, start);
    e->name =
        fst_arena_printf(p->a, "%s%.*s", negative ? "-" : "", (int)t->len, p->text + t->offset);
    px_next(p);
    return finish(p, e);
}

/* ---- Intervals ---------------------------------------------------------------------------- */

static const char *const units[] = {
    "YEAR",        "YEARS",        "MONTH",       "MONTHS",       "DAY",     "DAYS", "HOUR",
    "HOURS",       "MINUTE",       "MINUTES",     "SECOND",       "SECONDS", "WEEK", "WEEKS",
    "MILLISECOND", "MILLISECONDS", "MICROSECOND", "MICROSECONDS", NULL};

static struct sx *interval_value(struct parser *p)
{
    struct fst_sql_place start = px_place(p);
    bool negative = false;
    if (px_accept_op(p, "-"))
        negative = true;
    else
        px_accept_op(p, "+");
    if (px_peek(p, 0)->kind == FST_TOK_NUMBER)
        return number(p, start, negative);
    struct sx *e = node(p, SX_STRING, start);
    e->flag = negative;
    if (is_string(p, 0))
        e->text = strings(p);
    else
        px_syntax(p);
    return finish(p, e);
}

/* INTERVAL 1 DAY 2 HOURS: parts = units, kids = values. INTERVAL '1-2' YEAR TO MONTH: flag, one
 * kid, two parts. INTERVAL '1 day': no parts. */
static struct sx *interval(struct parser *p)
{
    struct sx *e = node(p, SX_INTERVAL, px_place(p));
    struct list values = {0}, names = {0};
    px_next(p);
    do {
        px_push(p, &values, interval_value(p));
        const struct fst_token *t = px_peek(p, 0);
        if (!px_any(t, p->text, units)) {
            if (values.n > 1 || ((struct sx *)values.items[0])->kind == SX_NUMBER)
                px_syntax(p);
            break;
        }
        px_push(p, &names, fst_arena_strndup(p->a, p->text + t->offset, t->len));
        px_next(p);
        if (values.n == 1 && px_accept(p, "TO")) {
            e->flag = true;
            t = px_peek(p, 0);
            if (!px_any(t, p->text, units))
                px_syntax(p);
            px_push(p, &names, fst_arena_strndup(p->a, p->text + t->offset, t->len));
            px_next(p);
            break;
        }
    } while (px_peek(p, 0)->kind == FST_TOK_NUMBER || is_string(p, 0));
    e->parts = (const char **)names.items;
    e->n_parts = names.n;
    set_kids(e, &values);
    return finish(p, e);
}

/* ---- Types in casts ----------------------------------------------------------------------- */

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

static struct fst_type type_name(struct parser *p)
{
    static const char *const known[] = {
        "array", "map",  "struct",    "interval",  "variant",  "char",       "varchar",
        "void",  "time", "character", "geography", "geometry", "identifier", NULL};
    struct fst_sql_place start = px_place(p);
    const struct fst_token *t = px_peek(p, 0);
    struct fst_str name = {p->text + t->offset, t->len};
    struct fst_type type = {0};
    if (!px_is_identifier(p, 0)) {
        px_syntax(p);
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

/* ---- Windows and sort keys ---------------------------------------------------------------- */

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

/* ---- Calls -------------------------------------------------------------------------------- */

/* FILTER, IGNORE NULLS and OVER after the closing parenthesis. */
static void call_tail(struct parser *p, struct sx *e)
{
    if (px_is(p, "WITHIN") && px_word_at(p, 1, "GROUP"))
        px_refuse(p, px_place(p), "WITHIN GROUP");
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
            add_height(p, e, e->over->partition[i]);
        for (size_t i = 0; i < e->over->n_order; i++)
            add_height(p, e, e->over->order[i].expr);
    }
}

static void call_argument(struct parser *p, struct list *args)
{
    if (px_is_identifier(p, 0) && (px_op_at(p, 1, "=>") || px_op_at(p, 1, "->")))
        px_refuse(p, px_place(p), px_op_at(p, 1, "->") ? "lambda functions" : "arguments by name");
    px_push(p, args, px_expr(p));
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
            call_argument(p, &args);
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
    set_kids(e, &args);
}

static struct sx *call_named(struct parser *p, const char *name, struct fst_sql_place start)
{
    struct sx *e = node(p, SX_CALL, start);
    e->name = name;
    call_arguments(p, e);
    call_tail(p, e);
    return finish(p, e);
}

static struct sx *case_expr(struct parser *p)
{
    struct sx *e = node(p, SX_CASE, px_place(p));
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
    set_kids(e, &kids);
    return finish(p, e);
}

static struct sx *cast_expr(struct parser *p)
{
    struct sx *e = node(p, SX_CAST, px_place(p));
    e->flag = px_is(p, "TRY_CAST");
    px_next(p);
    px_next(p);
    struct sx *value = px_expr(p);
    px_expect(p, "AS");
    e->type = type_name(p);
    px_expect_op(p, ")");
    return with_kids(p, e, value, NULL, NULL);
}

static struct sx *extract_expr(struct parser *p)
{
    struct sx *e = node(p, SX_EXTRACT, px_place(p));
    px_next(p);
    px_next(p);
    e->name = px_identifier(p);
    if (px_is_op(p, ","))
        px_refuse(p, e->place, "function extract");
    px_expect(p, "FROM");
    struct sx *source = px_expr(p);
    px_expect_op(p, ")");
    return with_kids(p, e, source, NULL, NULL);
}

/* trim(BOTH x FROM s): a call of trim, ltrim or rtrim with the string first; flag = this form. */
static struct sx *trim_expr(struct parser *p)
{
    struct sx *e = node(p, SX_CALL, px_place(p));
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
    return with_kids(p, e, source, characters, NULL);
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
            return call_named(p, name, start);
        }
        return value;
    }
    struct sx *e = node(p, SX_CALL, start);
    e->name = "substring";
    struct sx *from = px_expr(p), *length = px_accept(p, "FOR") ? px_expr(p) : NULL;
    px_expect_op(p, ")");
    return with_kids(p, e, value, from, length);
}

/* position(a IN b): reads a as a value, so that IN stays. */
static struct sx *value_expr(struct parser *p, int level);

static struct sx *position_expr(struct parser *p)
{
    struct fst_sql_place start = px_place(p);
    size_t at = p->at;
    px_next(p);
    px_next(p);
    struct sx *needle = value_expr(p, 0);
    if (!px_accept(p, "IN")) {
        if (p->status == FST_OK) {
            p->at = at;
            return call_named(p, px_identifier(p), start);
        }
        return needle;
    }
    struct sx *e = node(p, SX_CALL, start), *hay = value_expr(p, 0);
    e->name = "locate";
    px_expect_op(p, ")");
    return with_kids(p, e, needle, hay, NULL);
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
static struct sx *special_call(struct parser *p)
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
    if (px_is(p, "OVERLAY") || px_is(p, "IDENTIFIER"))
        px_refuse(p, px_place(p), px_is(p, "OVERLAY") ? "OVERLAY" : "IDENTIFIER()");
    return NULL;
}

/* ---- Names -------------------------------------------------------------------------------- */

static struct sx *star(struct parser *p, struct fst_sql_place start, struct list *parts)
{
    struct sx *e = node(p, SX_STAR, start);
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
    set_kids(e, &except);
    return finish(p, e);
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
        return call_named(p, parts.items[0], start);
    }
    if (px_is_op(p, "->"))
        px_refuse(p, start, "lambda functions");
    struct sx *e = node(p, SX_NAME, start);
    e->parts = (const char **)parts.items;
    e->n_parts = parts.n;
    return finish(p, e);
}

/* ---- Primary ------------------------------------------------------------------------------ */

static struct sx *subquery(struct parser *p, enum sx_kind kind, struct fst_sql_place start)
{
    struct sx *e = node(p, kind, start);
    uint16_t outside = p->tallest;
    p->tallest = 0;
    px_expect_op(p, "(");
    e->query = px_query(p);
    px_expect_op(p, ")");
    e->height = p->tallest;
    if (p->tallest < outside)
        p->tallest = outside;
    return finish(p, e);
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
    struct sx *e = node(p, SX_TUPLE, start);
    set_kids(e, &items);
    return finish(p, e);
}

static struct sx *constant(struct parser *p, enum sx_kind kind, bool flag)
{
    struct sx *e = node(p, kind, px_place(p));
    e->flag = flag;
    px_next(p);
    return finish(p, e);
}

static struct sx *typed_literal(struct parser *p)
{
    static const char *const types[] = {"DATE", "TIMESTAMP", "TIMESTAMP_NTZ", "TIMESTAMP_LTZ", "X",
                                        "TIME", NULL};
    const struct fst_token *t = px_peek(p, 0);
    if (!px_any(t, p->text, types) || !is_string(p, 1))
        return NULL;
    struct sx *e = node(p, SX_TYPED, px_place(p));
    char *name = fst_arena_strndup(p->a, p->text + t->offset, t->len);
    for (char *c = name; *c; c++)
        *c = *c >= 'a' && *c <= 'z' ? (char)(*c - 32) : *c;
    e->name = name;
    px_next(p);
    e->text = strings(p);
    return finish(p, e);
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
           px_any(px_peek(p, 3), p->text, units);
}

static struct sx *word_expr(struct parser *p)
{
    static const char *const moments[] = {
        "CURRENT_DATE", "CURRENT_TIMESTAMP", "LOCALTIMESTAMP", "CURRENT_USER",
        "USER",         "SESSION_USER",      "CURRENT_TIME",   NULL};
    if (px_is(p, "NULL"))
        return constant(p, SX_NULL, false);
    if (px_is(p, "TRUE") || px_is(p, "FALSE"))
        return constant(p, SX_BOOLEAN, px_is(p, "TRUE"));
    if (px_is(p, "CASE") && px_peek(p, 1)->kind != FST_TOK_END && !px_word_at(p, 1, "END") &&
        !px_op_at(p, 1, ",") && !px_op_at(p, 1, "."))
        return case_expr(p);
    struct sx *e = typed_literal(p);
    if (e)
        return e;
    if (starts_interval(p))
        return interval(p);
    if (px_is(p, "INTERVAL") && px_is_identifier(p, 1) && px_any(px_peek(p, 2), p->text, units))
        px_refuse(p, px_place(p), "INTERVAL of an expression");
    if (px_any(px_peek(p, 0), p->text, moments) && !px_op_at(p, 1, "(") && !px_op_at(p, 1, ".")) {
        e = node(p, SX_CALL, px_place(p));
        e->name = px_identifier(p);
        e->flag = true;
        return finish(p, e);
    }
    e = special_call(p);
    return e ? e : name_expr(p);
}

static struct sx *primary(struct parser *p)
{
    switch (px_peek(p, 0)->kind) {
    case FST_TOK_NUMBER:
        return number(p, px_place(p), false);
    case FST_TOK_STRING: {
        if (is_hex_string(p, 0))
            return hex_literal(p);
        struct sx *e = node(p, SX_STRING, px_place(p));
        e->text = strings(p);
        return finish(p, e);
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
    return node(p, SX_NULL, px_place(p));
}

/* What may follow a primary: ::type, [index], .field. */
static struct sx *postfix(struct parser *p)
{
    struct fst_sql_place start = px_place(p);
    struct sx *e;
    if (px_is_op(p, "-") && px_peek(p, 1)->kind == FST_TOK_NUMBER) {
        px_next(p);
        e = number(p, start, true);
    } else {
        e = primary(p);
    }
    for (;;) {
        if (px_is_op(p, "["))
            px_refuse(p, px_place(p), "elements of arrays and maps");
        if (px_is_op(p, ".") && e->kind != SX_NAME)
            px_refuse(p, px_place(p), "fields of structs");
        if (px_is(p, "COLLATE") && px_is_identifier(p, 1))
            px_refuse(p, px_place(p), "COLLATE");
        if (px_is_op(p, ":"))
            px_refuse(p, px_place(p), "paths into variants");
        if (!px_accept_op(p, "::"))
            return e;
        struct sx *cast = node(p, SX_CAST, start);
        cast->type = type_name(p);
        e = with_kids(p, cast, e, NULL, NULL);
    }
}

/* ---- Operators ---------------------------------------------------------------------------- */

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
    struct sx *e = node(p, SX_UNARY, start);
    e->name = px_is_op(p, "-") ? "-" : px_is_op(p, "+") ? "+" : "~";
    px_next(p);
    struct sx *kid = px_enter(p) ? unary(p) : node(p, SX_NULL, start);
    px_leave(p);
    return with_kids(p, e, kid, NULL, NULL);
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
static struct sx *value_expr(struct parser *p, int level)
{
    struct fst_sql_place start = px_place(p);
    struct sx *left = unary(p);
    const char *name;
    int found = 0;
    while (any_operator(p, level ? level : 1, &name, &found)) {
        struct sx *e = node(p, SX_BINARY, start);
        e->name = name;
        px_next(p);
        struct sx *right = found == 7 ? unary(p) : value_expr(p, found + 1);
        left = with_kids(p, e, left, right, NULL);
    }
    return left;
}

/* ---- Predicates --------------------------------------------------------------------------- */

static struct sx *is_predicate(struct parser *p, struct sx *value, struct fst_sql_place start)
{
    static const char *const words[] = {"NULL", "TRUE", "FALSE", "UNKNOWN"};
    struct sx *e = node(p, SX_IS, start);
    px_next(p);
    e->flag = px_accept(p, "NOT");
    if (px_is(p, "DISTINCT")) {
        px_next(p);
        px_expect(p, "FROM");
        e->kind = SX_BINARY;
        e->name = "IS DISTINCT FROM";
        return with_kids(p, e, value, value_expr(p, 0), NULL);
    }
    for (size_t i = 0; i < FST_COUNT(words); i++)
        if (px_accept(p, words[i])) {
            e->name = words[i];
            return with_kids(p, e, value, NULL, NULL);
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
    set_kids(e, &kids);
    return finish(p, e);
}

static struct sx *like_predicate(struct parser *p, struct sx *value, struct sx *e)
{
    static const char *const many[] = {"ANY", "SOME", "ALL", NULL};
    e->kind = SX_LIKE;
    if (px_any(px_peek(p, 0), p->text, many) && px_op_at(p, 1, "("))
        px_refuse(p, px_place(p), "LIKE ANY and LIKE ALL");
    struct sx *pattern = value_expr(p, 0), *mark = NULL;
    if (strcmp(e->name, "RLIKE") != 0 && px_accept(p, "ESCAPE")) {
        if (!is_string(p, 0))
            px_syntax(p);
        mark = primary(p);
    }
    return with_kids(p, e, value, pattern, mark);
}

static struct sx *between_predicate(struct parser *p, struct sx *value, struct sx *e)
{
    e->kind = SX_BETWEEN;
    struct sx *low = value_expr(p, 0);
    px_expect(p, "AND");
    return with_kids(p, e, value, low, value_expr(p, 0));
}

static bool starts_predicate(const struct parser *p, size_t ahead)
{
    static const char *const words[] = {"BETWEEN", "IN", "LIKE", "ILIKE", "RLIKE", "REGEXP", NULL};
    return px_any(px_peek(p, ahead), p->text, words) &&
           !(px_word_at(p, ahead, "IN") && !px_op_at(p, ahead + 1, "("));
}

static struct sx *predicate(struct parser *p)
{
    struct sx *value = value_expr(p, 0);
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
    struct sx *e = node(p, SX_LIKE, px_place(p));
    e->flag = px_accept(p, "NOT");
    if (px_accept(p, "BETWEEN"))
        return between_predicate(p, value, e);
    if (px_accept(p, "IN"))
        return in_predicate(p, value, e);
    e->name = px_is(p, "LIKE") ? "LIKE" : px_is(p, "ILIKE") ? "ILIKE" : "RLIKE";
    px_next(p);
    return like_predicate(p, value, e);
}

/* ---- Conditions --------------------------------------------------------------------------- */

static bool negation(const struct parser *p)
{
    return px_is_op(p, "!") || (px_is(p, "NOT") && !px_op_at(p, 1, ",") && !px_op_at(p, 1, ")"));
}

static struct sx *not_expr(struct parser *p)
{
    struct fst_sql_place start = px_place(p);
    if (negation(p)) {
        struct sx *e = node(p, SX_UNARY, start);
        e->name = "NOT";
        px_next(p);
        struct sx *kid = px_enter(p) ? not_expr(p) : node(p, SX_NULL, start);
        px_leave(p);
        return with_kids(p, e, kid, NULL, NULL);
    }
    if (px_is(p, "EXISTS") && px_op_at(p, 1, "(")) {
        px_next(p);
        if (px_opens_query(p))
            return subquery(p, SX_EXISTS, start);
        return call_named(p, "exists", start);
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
    struct sx *e = node(p, kind, start);
    struct list kids = {0};
    px_push(p, &kids, first);
    while (px_accept(p, word))
        px_push(p, &kids, kind == SX_OR ? chain(p, SX_AND) : not_expr(p));
    set_kids(e, &kids);
    e->height = 10; /* it becomes a balanced tree of two-sided nodes */
    for (size_t i = 0; i < kids.n; i++)
        if (((struct sx *)kids.items[i])->height + 12 > e->height)
            e->height = (uint16_t)(((struct sx *)kids.items[i])->height + 12);
    return finish(p, e);
}

struct sx *px_expr(struct parser *p)
{
    struct sx *e = px_enter(p) ? chain(p, SX_OR) : node(p, SX_NULL, px_place(p));
    px_leave(p);
    return e;
}
