/* to_number(), to_char() and their kin: the formats that are done are a sign, a dollar, groups of
 * digits and a point: [S|MI][$]999,999[.99][S|MI], with 0 or 9 for digits. */
#include "call.h"

#include <string.h>

struct format {
    const char *plain; /* the same with one spelling: , and . and S or M */
    int before, after;
};

static bool take(const char **p, const char *word)
{
    size_t n = strlen(word);
    if (strncmp(*p, word, n) != 0)
        return false;
    *p += n;
    return true;
}

static bool take_sign(const char **p, struct fst_buf *out)
{
    if (take(p, "S"))
        fst_buf_addc(out, 'S');
    else if (take(p, "MI"))
        fst_buf_addc(out, 'M');
    else
        return false;
    return true;
}

static int take_digits(const char **p, struct fst_buf *out)
{
    int n = 0;
    for (; **p == '0' || **p == '9'; n++)
        fst_buf_addc(out, *(*p)++);
    return n;
}

/* A group without digits, or with zeros behind nines, is not done. */
static bool take_number(const char **p, struct fst_buf *out, struct format *f)
{
    for (;;) {
        int n = take_digits(p, out);
        f->before += n;
        if (!n)
            return false;
        if (!take(p, ",") && !take(p, "G"))
            break;
        fst_buf_addc(out, ',');
    }
    if (!take(p, ".") && !take(p, "D"))
        return true;
    fst_buf_addc(out, '.');
    f->after = take_digits(p, out);
    return f->after > 0;
}

static bool read_format(struct rx *rx, struct fst_str text, struct format *f)
{
    char *upper = fst_arena_strndup(rx->a, text.p, text.n);
    for (size_t i = 0; i < text.n; i++)
        upper[i] = (char)(upper[i] >= 'a' && upper[i] <= 'z' ? upper[i] - 32 : upper[i]);
    const char *p = upper;
    struct fst_buf out = FST_BUF_TEXT;
    *f = (struct format){0};
    bool sign = take_sign(&p, &out);
    if (take(&p, "$"))
        fst_buf_addc(&out, '$');
    bool fine = take_number(&p, &out, f);
    if (!sign)
        take_sign(&p, &out);
    f->plain = text_of(rx, "%s", fst_buf_text(&out));
    fst_buf_done(&out);
    return fine && !*p && strlen(f->plain) <= text.n && f->before + f->after <= 38;
}

/* The format, which is a literal of ours from here on. */
static bool plain_format(struct call *c, struct format *f)
{
    struct fst_expr *e = c->args[1];
    if (e->kind != FST_EXPR_LITERAL || e->type.kind != FST_STRING || e->value.is_null ||
        !read_format(c->rx, e->value.s, f))
        return rx_refuse(c->rx, &e->place, "this format of a number") != NULL;
    c->args[1] = string_literal(c->rx, f->plain, e->place);
    return true;
}

struct fst_expr *call_to_number(struct call *c)
{
    struct format f;
    struct fst_type type = fst_type(FST_DECIMAL);
    if (c->args[0]->type.kind != FST_STRING)
        return rx_refuse(c->rx, &c->s->place, "%s of %s", c->f->name,
                         type_sql(c->rx, &c->args[0]->type));
    if (!plain_format(c, &f))
        return NULL;
    type.precision = (uint8_t)(f.before + f.after);
    type.scale = (int8_t)f.after;
    return call_finish(c, type, true);
}

/* Of days and instants it is date_format(), of bytes hex() and so on: those are not done. */
static struct fst_expr *date_text(struct call *c)
{
    struct call inner = {.rx = c->rx, .s = c->s, .args = c->args, .n = 2};
    inner.f = fst_sql_function("date_format", 11);
    inner.text = call_text(c->rx, "date_format", c->args, 2, false);
    if (!(c->args[0] = call_argument(&inner, 0, 'T')) ||
        !(c->args[1] = call_argument(&inner, 1, 's')))
        return NULL;
    return call_finish(&inner, fst_type(FST_STRING), c->args[0]->nullable || c->args[1]->nullable);
}

struct fst_expr *call_to_char(struct call *c)
{
    struct format f;
    const struct fst_type *t = &c->args[0]->type;
    struct fst_type type = *t;
    if (t->kind == FST_DATE || t->kind == FST_TIMESTAMP)
        return date_text(c);
    if (is_integral(t))
        type = decimal_of(t);
    else if (t->kind == FST_DOUBLE)
        type = (struct fst_type){.kind = FST_DECIMAL, .precision = 30, .scale = 15};
    else if (t->kind != FST_DECIMAL)
        return rx_refuse(c->rx, &c->s->place, "%s of %s", c->f->name, type_sql(c->rx, t));
    c->text = call_text(c->rx, "to_char", c->args, 2, false);
    if (!plain_format(c, &f))
        return NULL;
    c->args[0] = coerce(c->rx, c->args[0], &type);
    return call_finish(c, fst_type(FST_STRING), true);
}
