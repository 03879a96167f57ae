/* Expressions: one function a kind of syntax node, each a typed node or NULL after a failure. */
#include "resolve.h"

#include <string.h>

static void *wrong_type(struct rx *rx, const struct fst_expr *e, enum fst_kind kind, size_t index,
                        struct fst_sql_place place, const char *whole)
{
    static const char *const ordinals[] = {"first", "second", "third", "fourth"};
    struct fst_type type = fst_type(kind);
    return rx_fail(rx, &place, "DATATYPE_MISMATCH.UNEXPECTED_INPUT_TYPE", "42K09",
                   "Cannot resolve \"%s\" due to data type mismatch: The %s parameter requires "
                   "the \"%s\" type, however \"%s\" has the type \"%s\".",
                   whole, ordinals[index < 4 ? index : 3], type_sql(rx, &type), e->text,
                   type_sql(rx, &e->type));
}

struct fst_expr *need_type(struct rx *rx, struct fst_expr *e, enum fst_kind kind, size_t index,
                           struct fst_sql_place place, const char *whole)
{
    struct fst_type type = fst_type(kind);
    if (e->type.kind == kind || e->type.kind == FST_VOID || e->type.kind == FST_STRING)
        return coerce(rx, e, &type);
    return wrong_type(rx, e, kind, index, place, whole);
}

static struct fst_expr **kids(struct rx *rx, const struct where *w, const struct sx *s)
{
    struct fst_expr **out = fst_arena_alloc(rx->a, (s->n_kids + 2) * sizeof *out);
    for (size_t i = 0; i < s->n_kids; i++) {
        if (s->kids[i]->kind == SX_STAR)
            return rx_fail(rx, NULL, "INVALID_USAGE_OF_STAR_OR_REGEX", "42000",
                           "Invalid usage of '*' in expression.");
        out[i] = resolve_expr(rx, w, s->kids[i]);
        if (!out[i])
            return NULL;
    }
    return out;
}

static struct fst_expr *negate_condition(struct rx *rx, struct fst_expr *e,
                                         struct fst_sql_place place, const char *text)
{
    if (e->kind == FST_EXPR_IN_SUBQUERY && !e->negated) {
        struct fst_expr *out = fst_arena_alloc(rx->a, sizeof *out);
        *out = *e;
        out->negated = true;
        out->text = text;
        return out;
    }
    struct fst_expr *out = make1(rx, FST_EXPR_NOT, fst_type(FST_BOOLEAN), e->nullable, e, text);
    out->place = place;
    return out;
}

static struct fst_expr *invert(struct rx *rx, bool really, struct fst_expr *e,
                               struct fst_sql_place place)
{
    return really && e ? negate_condition(rx, e, place, text_of(rx, "(NOT %s)", e->text)) : e;
}

/* ---- Unary ----------------------------------------------------------------------------------- */

static struct fst_expr *minus(struct rx *rx, struct fst_expr *e, const struct sx *s,
                              const char *text)
{
    struct fst_type real = fst_type(FST_DOUBLE);
    if (e->type.kind == FST_STRING || e->type.kind == FST_VOID)
        e = coerce(rx, e, &real);
    if (!is_numeric(&e->type) && !is_interval(&e->type))
        return need_type(rx, e, FST_DOUBLE, 0, s->place, text);
    return operator_call(rx, FST_FN_NEGATE, e->type, e->nullable, e, NULL, s->place, text);
}

static struct fst_expr *plus(struct rx *rx, struct fst_expr *e, const struct sx *s)
{
    struct fst_type real = fst_type(FST_DOUBLE);
    const char *text = text_of(rx, "(+ %s)", e->text);
    if (e->type.kind == FST_STRING || e->type.kind == FST_VOID)
        e = coerce(rx, e, &real);
    bool fine = is_numeric(&e->type) || is_interval(&e->type);
    return fine ? under_text(rx, e, s->place, text) : minus(rx, e, s, text);
}

static struct fst_expr *bit_not(struct rx *rx, struct fst_expr *e, const struct sx *s)
{
    const char *text = text_of(rx, "~%s", e->text);
    if (!is_integral(&e->type))
        return rx_fail(rx, &s->place, "DATATYPE_MISMATCH.UNEXPECTED_INPUT_TYPE", "42K09",
                       "Cannot resolve \"%s\" due to data type mismatch: The first parameter "
                       "requires the \"INTEGRAL\" type, however \"%s\" has the type \"%s\".",
                       text, e->text, type_sql(rx, &e->type));
    return operator_call(rx, FST_FN_BIT_NOT, e->type, e->nullable, e, NULL, s->place, text);
}

static struct fst_expr *unary(struct rx *rx, const struct where *w, const struct sx *s)
{
    struct fst_expr **k = kids(rx, w, s);
    if (!k)
        return NULL;
    struct fst_expr *e = k[0];
    if (s->name[0] == '-')
        return minus(rx, e, s, text_of(rx, "(- %s)", e->text));
    if (s->name[0] == '+')
        return plus(rx, e, s);
    if (s->name[0] == '~')
        return bit_not(rx, e, s);
    const char *text = text_of(rx, "(NOT %s)", e->text);
    e = need_type(rx, e, FST_BOOLEAN, 0, s->place, text);
    return e ? negate_condition(rx, e, s->place, text) : NULL;
}

/* ---- Binary ---------------------------------------------------------------------------------- */

static struct fst_expr *binary_node(struct rx *rx, const struct where *w, const struct sx *s)
{
    struct fst_expr **k = kids(rx, w, s);
    if (!k)
        return NULL;
    if (strcmp(s->name, "IS DISTINCT FROM") != 0)
        return binary(rx, s->name, k[0], k[1], s->place);
    struct fst_expr *same = comparison(rx, FST_FN_EQ_NULL, k[0], k[1], s->place);
    return invert(rx, !s->flag, same, s->place);
}

/* Balanced, so that a thousand conditions are ten levels. Text as Spark nests it: to the left. */
static struct fst_expr *tree(struct rx *rx, enum fst_expr_kind kind, struct fst_expr **list,
                             size_t n)
{
    if (n == 1)
        return list[0];
    struct fst_expr *a = tree(rx, kind, list, n / 2), *b = tree(rx, kind, list + n / 2, n - n / 2);
    return make2(rx, kind, fst_type(FST_BOOLEAN), a->nullable || b->nullable, a, b, "");
}

static struct fst_expr *chain(struct rx *rx, const struct where *w, const struct sx *s)
{
    const char *word = s->kind == SX_AND ? "AND" : "OR";
    struct fst_expr **k = kids(rx, w, s);
    if (!k)
        return NULL;
    struct fst_buf text = FST_BUF_TEXT;
    fst_buf_repeat(&text, '(', s->n_kids - 1);
    for (size_t i = 0; i < s->n_kids; i++) {
        if (i)
            fst_buf_printf(&text, " %s ", word);
        fst_buf_adds(&text, k[i]->text);
        if (i)
            fst_buf_addc(&text, ')');
    }
    const char *whole = text_of(rx, "%s", fst_buf_text(&text));
    fst_buf_done(&text);
    struct fst_type boolean = fst_type(FST_BOOLEAN);
    for (size_t i = 0; i < s->n_kids; i++) {
        enum fst_kind kind = k[i]->type.kind;
        if (kind != FST_BOOLEAN && kind != FST_STRING && kind != FST_VOID)
            return rx_fail(rx, &s->place, "DATATYPE_MISMATCH.BINARY_OP_DIFF_TYPES", "42K09",
                           "Cannot resolve \"%s\" due to data type mismatch: the left and right "
                           "operands of the binary operator have incompatible types.",
                           whole);
        if (kind == FST_STRING && s->n_kids > 2)
            return rx_refuse(rx, &k[i]->place, "a string as a condition");
        k[i] = coerce(rx, k[i], &boolean);
    }
    struct fst_expr *e = tree(rx, s->kind == SX_AND ? FST_EXPR_AND : FST_EXPR_OR, k, s->n_kids);
    e->text = whole;
    e->place = s->place;
    return e;
}

/* ---- Predicates ------------------------------------------------------------------------------ */

static struct fst_expr *is_null(struct rx *rx, struct fst_expr *e, const struct sx *s, bool negated)
{
    struct fst_type boolean = fst_type(FST_BOOLEAN);
    struct fst_expr *out = make1(rx, FST_EXPR_IS_NULL, boolean, false, e,
                                 text_of(rx, "(%s IS %sNULL)", e->text, negated ? "NOT " : ""));
    out->place = s->place;
    return negated ? negate_condition(rx, out, s->place, out->text) : out;
}

static struct fst_expr *is_node(struct rx *rx, const struct where *w, const struct sx *s)
{
    struct fst_expr **k = kids(rx, w, s);
    if (!k)
        return NULL;
    if (s->name[0] == 'U' && (k[0]->type.kind != FST_BOOLEAN || k[0]->kind != FST_EXPR_COLUMN))
        return rx_refuse(rx, &s->place, "IS UNKNOWN of anything but a boolean column");
    if (s->name[0] == 'N' || s->name[0] == 'U')
        return is_null(rx, k[0], s, s->flag);
    bool yes = s->name[0] == 'T';
    struct fst_expr *truth =
        make(rx, FST_EXPR_LITERAL, fst_type(FST_BOOLEAN), false, s->place, yes ? "true" : "false");
    truth->value.i = yes;
    return invert(rx, s->flag, comparison(rx, FST_FN_EQ_NULL, k[0], truth, s->place), s->place);
}

static struct fst_expr *between(struct rx *rx, const struct where *w, const struct sx *s)
{
    struct fst_expr **k = kids(rx, w, s);
    struct fst_expr *low = k ? comparison(rx, FST_FN_GE, k[0], k[1], s->place) : NULL;
    struct fst_expr *high = low ? comparison(rx, FST_FN_LE, k[0], k[2], s->place) : NULL;
    if (!high)
        return NULL;
    struct fst_expr *both =
        make2(rx, FST_EXPR_AND, fst_type(FST_BOOLEAN), low->nullable || high->nullable, low, high,
              text_of(rx, "between(%s, %s, %s)", k[0]->text, k[1]->text, k[2]->text));
    both->place = s->place;
    return invert(rx, s->flag, both, s->place);
}

static const char *joined(struct rx *rx, struct fst_expr *const *list, size_t n)
{
    struct fst_buf b = FST_BUF_TEXT;
    for (size_t i = 0; i < n; i++)
        fst_buf_printf(&b, "%s%s", i ? ", " : "", list[i]->text);
    const char *text = text_of(rx, "%s", fst_buf_text(&b));
    fst_buf_done(&b);
    return text;
}

static void *data_diff_types(struct rx *rx, struct fst_expr *const *args, size_t n,
                             struct fst_sql_place place, const char *text, const char *function)
{
    struct fst_buf b = FST_BUF_TEXT;
    for (size_t i = 0; i < n; i++)
        fst_buf_printf(&b, "%s\"%s\"", i ? ", " : "", type_sql(rx, &args[i]->type));
    rx_fail(rx, &place, "DATATYPE_MISMATCH.DATA_DIFF_TYPES", "42K09",
            "Cannot resolve \"%s\" due to data type mismatch: Input to `%s` should all be the "
            "same type, but it's [%s].",
            text, function, fst_buf_text(&b));
    fst_buf_done(&b);
    return NULL;
}

enum { TUPLE_MAX = 16 };

/* Values of a tuple as the fields of a struct. */
static struct fst_expr *tuple_struct(struct rx *rx, struct fst_expr **values, const char *text,
                                     size_t n, struct fst_sql_place place)
{
    struct fst_field *f = fst_arena_alloc(rx->a, n * sizeof *f);
    for (size_t i = 0; i < n; i++)
        f[i] = (struct fst_field){
            .name = text_of(rx, "col%zu", i + 1), .type = values[i]->type, .nullable = true};
    struct fst_type type = fst_type(FST_STRUCT);
    type.fields = f;
    type.n_fields = (uint16_t)n;
    struct fst_expr *e = make(rx, FST_EXPR_CALL, type, false, place, text);
    e->fn = fst_sql_function("struct", 6);
    set_args(rx, e, values, n);
    return e;
}

static const char *tuple_text(struct rx *rx, const struct sx *s, struct fst_expr **values)
{
    struct fst_buf b = FST_BUF_TEXT;
    for (size_t i = 0; i < s->n_kids; i++) {
        const struct sx *kid = s->kids[i];
        const char *name =
            kid->kind == SX_NAME ? kid->parts[kid->n_parts - 1] : text_of(rx, "col%zu", i + 1);
        fst_buf_printf(&b, "%s%s, %s", i ? ", " : "named_struct(", name, values[i]->text);
    }
    const char *text = text_of(rx, "%s)", fst_buf_text(&b));
    fst_buf_done(&b);
    return text;
}

/* (a, b) IN ((1, 2), ...): structs, in which NULL equals NULL. */
static struct fst_expr *in_tuples(struct rx *rx, const struct where *w, const struct sx *s)
{
    size_t n = s->kids[0]->n_kids;
    struct fst_expr **values[TUPLE_MAX] = {0}, **k;
    const char **texts = fst_arena_alloc(rx->a, s->n_kids * sizeof *texts);
    k = fst_arena_alloc(rx->a, s->n_kids * sizeof(struct fst_expr *));
    for (size_t i = 0; i < n && i < TUPLE_MAX; i++)
        values[i] = fst_arena_alloc(rx->a, s->n_kids * sizeof **values);
    for (size_t r = 0; r < s->n_kids; r++) {
        if (s->kids[r]->kind != SX_TUPLE || s->kids[r]->n_kids != n || n > TUPLE_MAX)
            return rx_refuse(rx, &s->kids[r]->place, "IN with such values");
        struct fst_expr **row = kids(rx, w, s->kids[r]);
        for (size_t i = 0; row && i < n; i++)
            values[i][r] = row[i];
        if (!row)
            return NULL;
        texts[r] = tuple_text(rx, s->kids[r], row);
    }
    for (size_t i = 0; i < n; i++) {
        struct fst_type type = values[i][0]->type;
        bool fits = !fst_type_is_nested(&type) && fst_sql_is_nested_key(&type);
        for (size_t r = 1; r < s->n_kids && fits; r++)
            fits = fst_type_eq(&values[i][r]->type, &type);
        if (!fits)
            return rx_refuse(rx, &s->place, "IN with values of these types");
    }
    for (size_t r = 0; r < s->n_kids; r++) {
        struct fst_expr *row[TUPLE_MAX];
        for (size_t i = 0; i < n; i++)
            row[i] = values[i][r];
        k[r] = tuple_struct(rx, row, texts[r], n, s->kids[r]->place);
    }
    const char *text = text_of(rx, "(%s IN (%s))", k[0]->text, joined(rx, k + 1, s->n_kids - 1));
    struct fst_expr *e = make(rx, FST_EXPR_IN, fst_type(FST_BOOLEAN), false, s->place, text);
    set_args(rx, e, k, s->n_kids);
    return invert(rx, s->flag, e, s->place);
}

static struct fst_expr *in_list(struct rx *rx, const struct where *w, const struct sx *s)
{
    if (s->kids[0]->kind == SX_TUPLE)
        return in_tuples(rx, w, s);
    struct fst_expr **k = kids(rx, w, s);
    if (!k)
        return NULL;
    const char *text = text_of(rx, "(%s IN (%s))", k[0]->text, joined(rx, k + 1, s->n_kids - 1));
    struct fst_sql_place place = s->place;
    struct fst_type type;
    enum common found = common_of(k, s->n_kids, true, &type);
    if (found == COMMON_NONE)
        return data_diff_types(rx, k, s->n_kids, place, text, "in");
    if (found == COMMON_UNSURE)
        return rx_refuse(rx, &place, "IN with values of these types");
    bool nullable = false;
    for (size_t i = 0; i < s->n_kids; i++) {
        k[i] = coerce(rx, k[i], &type);
        nullable |= k[i]->nullable;
    }
    struct fst_expr *e = make(rx, FST_EXPR_IN, fst_type(FST_BOOLEAN), nullable, place, text);
    set_args(rx, e, k, s->n_kids);
    return invert(rx, s->flag, e, place);
}

static const char *like_text(struct rx *rx, const struct sx *s, struct fst_expr **k)
{
    if (s->name[0] == 'R')
        return text_of(rx, "RLIKE(%s, %s)", k[0]->text, k[1]->text);
    const char *mark = s->n_kids > 2 ? k[2]->text : NULL;
    if (s->name[0] == 'I')
        return mark ? text_of(rx, "ilike(%s, %s, %s)", k[0]->text, k[1]->text, mark)
                    : text_of(rx, "ilike(%s, %s)", k[0]->text, k[1]->text);
    return mark ? text_of(rx, "%s LIKE %s ESCAPE '%s'", k[0]->text, k[1]->text, mark)
                : text_of(rx, "%s LIKE %s", k[0]->text, k[1]->text);
}

static struct fst_expr *like(struct rx *rx, const struct where *w, const struct sx *s);

/* LIKE ANY and LIKE ALL: as many LIKEs; with literals only it is a function by its name. */
static struct fst_expr *like_many(struct rx *rx, const struct where *w, const struct sx *s)
{
    struct fst_expr **k = kids(rx, w, s), *all = NULL;
    bool any = strcmp(s->parts[0], "ANY") == 0, ilike = s->name[0] == 'I', literals = true;
    for (size_t i = 1; k && i < s->n_kids; i++) {
        literals &= k[i]->kind == FST_EXPR_LITERAL && k[i]->type.kind == FST_STRING;
        struct sx *kids[] = {s->kids[0], s->kids[i]};
        struct sx one = *s;
        one.kids = kids;
        one.n_kids = 2;
        one.n_parts = 0;
        struct fst_expr *e = like(rx, w, &one);
        if (!e)
            return NULL;
        all = !all ? e
                   : make2(rx, any ? FST_EXPR_OR : FST_EXPR_AND, e->type,
                           all->nullable || e->nullable, all, e,
                           text_of(rx, "(%s %s %s)", all->text, any ? "OR" : "AND", e->text));
    }
    if (!all)
        return NULL;
    all->place = s->place;
    if (!literals)
        return all;
    all->text = text_of(rx, "%slike%s(%s%s%s)", s->flag ? "not" : "", any ? "any" : "all",
                        ilike ? "lower(" : "", k[0]->text, ilike ? ")" : "");
    all->nullable = true;
    return all;
}

static struct fst_expr *like(struct rx *rx, const struct where *w, const struct sx *s)
{
    if (s->n_parts)
        return like_many(rx, w, s);
    struct fst_expr **k = kids(rx, w, s);
    if (!k)
        return NULL;
    const char *text = like_text(rx, s, k);
    struct fst_type string = fst_type(FST_STRING);
    for (size_t i = 0; i < 2; i++) {
        if (k[i]->type.kind == FST_BINARY || fst_type_is_nested(&k[i]->type) ||
            is_interval(&k[i]->type))
            return rx_refuse(rx, &s->place, "%s of %s", s->name, type_sql(rx, &k[i]->type));
        k[i] = coerce(rx, k[i], &string);
    }
    bool is_regex = s->name[0] == 'R';
    if (!is_regex && s->n_kids == 2)
        k[2] = string_literal(rx, "\\", s->place);
    if (!is_regex && fst_utf8_length(k[2]->value.s.p, k[2]->value.s.n) != 1)
        return rx_refuse(rx, &s->place, "an escape that is not one character");
    enum fst_fn id = is_regex ? FST_FN_RLIKE : s->name[0] == 'I' ? FST_FN_ILIKE : FST_FN_LIKE;
    struct fst_expr *e = make(rx, FST_EXPR_CALL, fst_type(FST_BOOLEAN),
                              k[0]->nullable || k[1]->nullable, s->place, text);
    e->fn = operator_row(id);
    set_args(rx, e, k, is_regex ? 2 : 3);
    return invert(rx, s->flag, e, s->place);
}

/* ---- CASE ------------------------------------------------------------------------------------ */

static bool case_types(struct rx *rx, struct fst_expr **args, size_t n, struct fst_type *type,
                       struct fst_sql_place place, const char *text, const char *function)
{
    struct fst_expr **values = fst_arena_alloc(rx->a, (n + 1) * sizeof *values);
    size_t n_values = 0;
    for (size_t i = 0; i < n; i++)
        if (i % 2 == 1 || i == n - 1)
            values[n_values++] = args[i];
    enum common found = common_of(values, n_values, true, type);
    if (found == COMMON_NONE)
        data_diff_types(rx, values, n_values, place, text, function);
    if (found == COMMON_UNSURE)
        rx_refuse(rx, &place, "values of these types together");
    return found == COMMON_FOUND;
}

struct fst_expr *case_of(struct rx *rx, struct fst_expr **args, size_t n,
                         struct fst_sql_place place, const char *text, const char *function)
{
    struct fst_type type;
    if (!case_types(rx, args, n, &type, place, text, function))
        return NULL;
    bool nullable = n % 2 == 0;
    for (size_t i = 0; i < n; i++) {
        if (i % 2 == 1 || i == n - 1) {
            args[i] = coerce(rx, args[i], &type);
            nullable |= args[i]->nullable;
        } else if (!(args[i] = need_type(rx, args[i], FST_BOOLEAN, i, place, text))) {
            return NULL;
        }
    }
    struct fst_expr *e = make(rx, FST_EXPR_CASE, type, nullable, place, text);
    set_args(rx, e, args, n);
    return e;
}

static const char *case_text(struct rx *rx, struct fst_expr **k, size_t n)
{
    struct fst_buf b = FST_BUF_TEXT;
    fst_buf_adds(&b, "CASE");
    for (size_t i = 0; i + 1 < n; i += 2)
        fst_buf_printf(&b, " WHEN %s THEN %s", k[i]->text, k[i + 1]->text);
    if (n % 2)
        fst_buf_printf(&b, " ELSE %s", k[n - 1]->text);
    fst_buf_adds(&b, " END");
    const char *text = text_of(rx, "%s", fst_buf_text(&b));
    fst_buf_done(&b);
    return text;
}

static struct fst_expr *case_node(struct rx *rx, const struct where *w, const struct sx *s)
{
    struct fst_expr *base = s->filter ? resolve_expr(rx, w, s->filter) : NULL;
    if (s->filter && !base)
        return NULL;
    struct fst_expr **k = kids(rx, w, s);
    if (!k)
        return NULL;
    for (size_t i = 0; base && i + 1 < s->n_kids; i += 2)
        if (!(k[i] = comparison(rx, FST_FN_EQ, base, k[i], s->place)))
            return NULL;
    const char *text = case_text(rx, k, s->n_kids);
    for (size_t i = 0; i + 1 < s->n_kids; i += 2) /* nothing is cast here, not even NULL */
        if (k[i]->type.kind != FST_BOOLEAN)
            return wrong_type(rx, k[i], FST_BOOLEAN, i, s->place, text);
    return case_of(rx, k, s->n_kids, s->place, text, "casewhen");
}

/* ---- All ------------------------------------------------------------------------------------- */

static struct fst_expr *cast_node(struct rx *rx, const struct where *w, const struct sx *s)
{
    struct fst_expr **k = kids(rx, w, s);
    return k ? explicit_cast(rx, k[0], s->type, s->flag, s->place) : NULL;
}

struct fst_expr *resolve_expr(struct rx *rx, const struct where *w, const struct sx *s)
{
    if (rx->status != FST_OK)
        return NULL;
    switch (s->kind) {
    case SX_NULL:
    case SX_BOOLEAN:
    case SX_NUMBER:
    case SX_STRING:
    case SX_TYPED:
    case SX_INTERVAL:
        return resolve_literal(rx, s);
    case SX_NAME:
        return resolve_name(rx, w, s);
    case SX_STAR:
        return rx_fail(rx, NULL, "INVALID_USAGE_OF_STAR_OR_REGEX", "42000",
                       "Invalid usage of '*'.");
    case SX_UNARY:
        return unary(rx, w, s);
    case SX_BINARY:
        return binary_node(rx, w, s);
    case SX_AND:
    case SX_OR:
        return chain(rx, w, s);
    case SX_IS:
        return is_node(rx, w, s);
    case SX_BETWEEN:
        return between(rx, w, s);
    case SX_IN:
        if (s->query && w->variables)
            return rx_refuse(rx, &s->place, "a subquery in a lambda function");
        return s->query ? resolve_subquery(rx, w, s) : in_list(rx, w, s);
    case SX_LIKE:
        return like(rx, w, s);
    case SX_CASE:
        return case_node(rx, w, s);
    case SX_CAST:
        return cast_node(rx, w, s);
    case SX_CALL:
        return resolve_call(rx, w, s);
    case SX_EXTRACT:
        return resolve_extract(rx, w, s);
    case SX_EXISTS:
    case SX_SUBQUERY:
        if (w->variables)
            return rx_refuse(rx, &s->place, "a subquery in a lambda function");
        return resolve_subquery(rx, w, s);
    case SX_FIELD: {
        struct fst_expr *base = resolve_expr(rx, w, s->kids[0]);
        return base ? field_of(rx, base, s->name, s->place) : NULL;
    }
    case SX_ELEMENT: {
        struct fst_expr **k = kids(rx, w, s);
        return k ? element_of(rx, k[0], k[1], s->place) : NULL;
    }
    case SX_NAMED: {
        struct fst_expr *value = resolve_expr(rx, w, s->kids[0]);
        return value ? named_value(rx, value, s->name) : NULL;
    }
    case SX_LAMBDA:
        return rx_refuse(rx, &s->place, "a lambda function here");
    case SX_SETS:
    case SX_TUPLE:
        return rx_refuse(rx, &s->place, "structs");
    }
    return NULL;
}
