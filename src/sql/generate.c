/* Generators: calls that make rows of a value. explode() and its kin are one relation over an array
 * or a map; inline() takes the fields of its elements, stack() and UNPIVOT make the array first;
 * json_tuple() makes one of one row. */
#include "resolve.h"

#include <string.h>
#include <strings.h>

enum form { EXPLODE, INLINE, STACK, TUPLE };

struct generator {
    const char *name;
    enum form form;
    bool pos, outer;
};

static const struct generator generators[] = {
    {"explode", EXPLODE, false, false},   {"explode_outer", EXPLODE, false, true},
    {"posexplode", EXPLODE, true, false}, {"posexplode_outer", EXPLODE, true, true},
    {"inline", INLINE, false, false},     {"inline_outer", INLINE, false, true},
    {"stack", STACK, false, false},       {"json_tuple", TUPLE, false, false},
};

static const struct generator *generator_of(const struct sx *s)
{
    for (size_t i = 0; s->kind == SX_CALL && i < FST_COUNT(generators); i++)
        if (strcasecmp(s->name, generators[i].name) == 0)
            return &generators[i];
    return NULL;
}

bool is_generator(const struct sx *s)
{
    return generator_of(s);
}

void *misplaced_generator(struct rx *rx, const struct where *w, const struct sx *s)
{
    bool item = strcmp(w->clause, "SELECT") == 0;
    if (w->in_aggregate || w->in_window)
        return rx_refuse(rx, &s->place, "%s() in an aggregate or a window", s->name);
    return rx_fail(
        rx, NULL,
        item ? "UNSUPPORTED_GENERATOR.NESTED_IN_EXPRESSIONS"
             : "UNSUPPORTED_GENERATOR.OUTSIDE_SELECT",
        "42K0E", "The generator is not supported: %s %s().",
        item ? "nested in expressions, as here" : "outside the SELECT clause, found:", s->name);
}

/* ---- Relations ------------------------------------------------------------------------------- */

static struct fst_expr *column(struct rx *rx, const struct fst_rel *r, size_t i)
{
    struct fst_expr *e = make(rx, FST_EXPR_COLUMN, r->columns[i].type, r->columns[i].nullable,
                              r->place, r->columns[i].name);
    e->index = (uint32_t)i;
    return e;
}

static struct fst_rel *exploded(struct rx *rx, struct fst_rel *input, struct fst_expr *list,
                                bool pos, bool outer, struct fst_sql_place place)
{
    struct fst_rel *r = make_rel(rx, FST_REL_GENERATE, place, input);
    bool map = list->type.kind == FST_MAP;
    size_t n = input->n_columns;
    set_columns(rx, r, n + pos + 1 + map);
    if (n)
        memcpy(r->columns, input->columns, n * sizeof *r->columns);
    if (pos)
        r->columns[n++] = (struct fst_field){"pos", fst_type(FST_INT), outer};
    const struct fst_field *f = list->type.fields;
    if (map)
        r->columns[n++] = (struct fst_field){"key", f[0].type, outer};
    r->columns[n] =
        (struct fst_field){map ? "value" : "col", f[map].type, outer || f[map].nullable};
    r->exprs = fst_arena_alloc(rx->a, sizeof *r->exprs);
    r->exprs[0] = list;
    r->n_exprs = 1;
    r->with_position = pos;
    r->keeps_empty = outer;
    return r;
}

/* The fields of the structs that the last column holds, in its place. */
static struct fst_rel *fields_of_last(struct rx *rx, struct fst_rel *r)
{
    size_t n = r->n_columns - 1;
    struct fst_expr *item = column(rx, r, n);
    const struct fst_type *type = &item->type;
    struct fst_expr **exprs = fst_arena_alloc(rx->a, (n + type->n_fields + 1) * sizeof *exprs);
    const char **names = fst_arena_alloc(rx->a, (n + type->n_fields + 1) * sizeof *names);
    for (size_t i = 0; i < n; i++) {
        exprs[i] = column(rx, r, i);
        names[i] = r->columns[i].name;
    }
    for (size_t i = 0; i < type->n_fields; i++) {
        const struct fst_field *f = &type->fields[i];
        exprs[n + i] = operator_call(rx, FST_FN_FIELD, f->type, item->nullable || f->nullable, item,
                                     int_literal(rx, (int64_t)i, r->place), r->place, f->name);
        names[n + i] = f->name;
    }
    return project(rx, r, exprs, names, n + type->n_fields, r->place);
}

/* Rows of expressions, n_rows times width, as an array of structs. */
static struct fst_expr *array_of_rows(struct rx *rx, struct fst_expr **cells, size_t n_rows,
                                      struct fst_field *fields, size_t width,
                                      struct fst_sql_place place)
{
    struct fst_type row = fst_type(FST_STRUCT), list = fst_type(FST_ARRAY);
    struct fst_field *element = fst_arena_alloc(rx->a, sizeof *element);
    row.fields = fields;
    row.n_fields = (uint16_t)width;
    *element = (struct fst_field){"element", row, false};
    list.fields = element;
    list.n_fields = 1;
    struct fst_expr *all = make(rx, FST_EXPR_CALL, list, false, place, "rows");
    struct fst_expr **rows = fst_arena_alloc(rx->a, (n_rows + 1) * sizeof *rows);
    all->fn = fst_sql_function("array", 5);
    for (size_t i = 0; i < n_rows; i++) {
        rows[i] = make(rx, FST_EXPR_CALL, row, false, place, "row");
        rows[i]->fn = fst_sql_function("struct", 6);
        set_args(rx, rows[i], cells + i * width, width);
    }
    set_args(rx, all, rows, n_rows);
    return all;
}

struct fst_rel *rows_of(struct rx *rx, struct fst_rel *input, struct fst_expr **cells,
                        size_t n_rows, struct fst_field *fields, size_t width,
                        struct fst_sql_place place)
{
    struct fst_expr *all = array_of_rows(rx, cells, n_rows, fields, width, place);
    return fields_of_last(rx, exploded(rx, input, all, false, false, place));
}

/* ---- Calls ----------------------------------------------------------------------------------- */

static void *wrong_type(struct rx *rx, const struct sx *s, const struct fst_expr *e,
                        const char *wanted)
{
    return rx_fail(rx, &s->place, "DATATYPE_MISMATCH.UNEXPECTED_INPUT_TYPE", "42K09",
                   "Cannot resolve \"%s(%s)\" due to data type mismatch: The first parameter "
                   "requires the %s type, however \"%s\" has the type \"%s\".",
                   s->name, e->text, wanted, e->text, type_sql(rx, &e->type));
}

static struct fst_rel *of_list(struct rx *rx, const struct sx *s, const struct generator *g,
                               struct fst_rel *input, struct fst_expr *list, bool outer)
{
    enum fst_kind kind = list->type.kind;
    bool structs = kind == FST_ARRAY && list->type.fields[0].type.kind == FST_STRUCT;
    if (g->form == INLINE && !structs)
        return wrong_type(rx, s, list, "\"ARRAY<STRUCT>\"");
    if (kind != FST_ARRAY && kind != FST_MAP)
        return wrong_type(rx, s, list, "(\"ARRAY\" or \"MAP\")");
    struct fst_rel *r = exploded(rx, input, list, g->pos, outer || g->outer, s->place);
    return g->form == INLINE ? fields_of_last(rx, r) : r;
}

static const struct fst_expr *first_typed(struct fst_expr **args, size_t n, size_t at, size_t width)
{
    for (size_t i = at; i < n; i += width)
        if (args[i]->type.kind != FST_VOID)
            return args[i];
    return args[at];
}

/* stack(rows, a, b, ...): what is missing in the last row is NULL. */
static struct fst_rel *stacked(struct rx *rx, const struct sx *s, struct fst_rel *input,
                               struct fst_expr **args, size_t n)
{
    if (args[0]->kind != FST_EXPR_LITERAL || args[0]->type.kind != FST_INT ||
        args[0]->value.is_null || args[0]->value.i < 1 || args[0]->value.i > 10000)
        return rx_refuse(rx, &s->place, "a number of rows that is no positive int literal");
    size_t n_rows = (size_t)args[0]->value.i, width = (n - 1 + n_rows - 1) / n_rows;
    struct fst_expr **cells = fst_arena_alloc(rx->a, (n_rows * width + 1) * sizeof *cells);
    struct fst_field *fields = fst_arena_alloc(rx->a, (width + 1) * sizeof *fields);
    for (size_t k = 0; k < width; k++)
        fields[k] = (struct fst_field){text_of(rx, "col%zu", k),
                                       first_typed(args + 1, n - 1, k, width)->type, true};
    for (size_t i = 0; i < n_rows * width; i++) {
        const struct fst_type *type = &fields[i % width].type;
        struct fst_expr *e = i + 1 < n ? args[i + 1] : null_literal(rx, s->place);
        if (e->type.kind != FST_VOID && !fst_type_eq(&e->type, type))
            return rx_fail(rx, &s->place, "DATATYPE_MISMATCH.STACK_COLUMN_DIFF_TYPES", "42K09",
                           "Cannot resolve \"stack\" due to data type mismatch: The data type of "
                           "the column (%zu) do not have the same type: \"%s\" <> \"%s\".",
                           i % width, type_sql(rx, type), type_sql(rx, &e->type));
        cells[i] = coerce(rx, e, type);
    }
    return rows_of(rx, input, cells, n_rows, fields, width, s->place);
}

/* json_tuple(text, name, ...): one row, a column a name. */
static struct fst_rel *tuple(struct rx *rx, const struct sx *s, struct fst_rel *input,
                             struct fst_expr **args, size_t n)
{
    struct fst_expr **cells = fst_arena_alloc(rx->a, n * sizeof *cells);
    struct fst_field *fields = fst_arena_alloc(rx->a, n * sizeof *fields);
    for (size_t i = 0; i < n; i++)
        if (args[i]->type.kind != FST_STRING)
            return args[i]->type.kind == FST_VOID
                       ? rx_refuse(rx, &s->place, "json_tuple() of NULL")
                       : rx_fail(rx, &s->place, "DATATYPE_MISMATCH.NON_STRING_TYPE", "42K09",
                                 "Cannot resolve \"json_tuple(%s)\" due to data type mismatch: all "
                                 "arguments of the function `json_tuple` must be strings.",
                                 args[i]->text);
    for (size_t i = 1; i < n; i++) {
        const char *name = text_of(rx, "c%zu", i - 1);
        fields[i - 1] = (struct fst_field){name, fst_type(FST_STRING), true};
        cells[i - 1] = operator_call(rx, FST_FN_JSON_TUPLE, fst_type(FST_STRING), true, args[0],
                                     args[i], s->place, name);
    }
    return rows_of(rx, input, cells, 1, fields, n - 1, s->place);
}

struct fst_expr **generator_arguments(struct rx *rx, const struct where *w, const struct sx *s)
{
    const struct generator *g = generator_of(s);
    if (s->distinct || s->filter || s->over || s->nulls_given)
        return rx_refuse(rx, &s->place, "words around %s()", s->name);
    bool many = g->form == STACK || g->form == TUPLE;
    if (s->n_kids < (many ? 2u : 1u) || (!many && s->n_kids > 1))
        return rx_fail(rx, &s->place, "WRONG_NUM_ARGS.WITHOUT_SUGGESTION", "42605",
                       "The `%s` requires %s parameters but the actual number is %zu.", g->name,
                       many ? "> 1" : "1", s->n_kids);
    struct fst_expr **args = fst_arena_alloc(rx->a, s->n_kids * sizeof *args);
    for (size_t i = 0; i < s->n_kids; i++) {
        if (!(args[i] = resolve_expr(rx, w, s->kids[i])))
            return NULL;
        if (has_window(args[i]))
            return rx_refuse(rx, &s->place, "%s() of a window", g->name);
    }
    return args;
}

struct fst_rel *generated(struct rx *rx, const struct sx *s, struct fst_expr **args,
                          struct fst_rel *input, bool outer)
{
    const struct generator *g = generator_of(s);
    if (g->form == TUPLE)
        return tuple(rx, s, input, args, s->n_kids);
    if (g->form == STACK)
        return outer ? rx_refuse(rx, &s->place, "OUTER stack()")
                     : stacked(rx, s, input, args, s->n_kids);
    return of_list(rx, s, g, input, args[0], outer);
}

struct fst_rel *generate(struct rx *rx, const struct where *w, const struct sx *s,
                         struct fst_rel *input, bool outer)
{
    struct fst_expr **args = generator_arguments(rx, w, s);
    for (size_t i = 0; args && i < s->n_kids; i++)
        if (has_aggregate_call(args[i]))
            return rx_refuse(rx, &s->place, "%s() of an aggregate here", s->name);
    return args ? generated(rx, s, args, input, outer) : NULL;
}

/* ---- range() --------------------------------------------------------------------------------- */

enum { RANGE_MAX = 1000000 };

static bool range_bounds(struct rx *rx, const struct sx *s, int64_t *out)
{
    struct scope nothing = {0};
    struct where w = {.scope = &nothing, .clause = "FROM"};
    if (s->n_kids < 1 || s->n_kids > 4 || s->distinct || s->filter || s->over)
        return false;
    for (size_t i = 0; i < s->n_kids; i++) {
        struct fst_expr *e = resolve_expr(rx, &w, s->kids[i]);
        if (!e || e->kind != FST_EXPR_LITERAL || e->value.is_null || !is_integral(&e->type))
            return false;
        out[s->n_kids > 1 ? i : 1] = e->value.i;
    }
    return true;
}

static struct fst_expr *long_of(struct rx *rx, int64_t v, struct fst_sql_place place)
{
    struct fst_expr *e = make(rx, FST_EXPR_LITERAL, fst_type(FST_LONG), false, place, "range");
    e->value.i = v;
    return e;
}

/* range([start,] end[, step[, parts]]): sequence() over one row; nothing, where it is empty. */
struct fst_rel *range_rel(struct rx *rx, const struct sx *s)
{
    int64_t b[] = {0, 0, 1, 1}, span;
    bool whole = range_bounds(rx, s, b) && b[2] != 0 && !__builtin_sub_overflow(b[1], b[0], &span);
    if (rx->status != FST_OK)
        return NULL;
    bool small = whole && span / b[2] <= RANGE_MAX;
    if (!small)
        return rx_refuse(rx, &s->place, "range() by what is no int literal, or this long");
    bool empty = b[2] > 0 ? b[0] >= b[1] : b[0] <= b[1];
    int64_t last = empty ? b[0] : b[0] + (span - (b[2] > 0 ? 1 : -1)) / b[2] * b[2];
    struct fst_type list = fst_type(FST_ARRAY);
    struct fst_field *element = fst_arena_alloc(rx->a, sizeof *element);
    *element = (struct fst_field){"element", fst_type(FST_LONG), false};
    list.fields = element;
    list.n_fields = 1;
    struct fst_expr *all = make(rx, FST_EXPR_CALL, list, false, s->place, "range");
    struct fst_expr *args[] = {long_of(rx, b[0], s->place), long_of(rx, last, s->place),
                               long_of(rx, b[2], s->place)};
    set_args(rx, all, args, 3);
    all->fn = fst_sql_function("sequence", 8);
    struct fst_rel *r =
        exploded(rx, make_rel(rx, FST_REL_ONE_ROW, s->place, NULL), all, false, false, s->place);
    r->columns[0].name = "id";
    if (!empty)
        return r;
    struct fst_rel *none = make_rel(rx, FST_REL_FILTER, s->place, r);
    none->condition = make(rx, FST_EXPR_LITERAL, fst_type(FST_BOOLEAN), false, s->place, "false");
    return none;
}

bool generator_names(struct rx *rx, const struct fst_sql_place *place, size_t n,
                     const char *const *aliases, size_t n_aliases)
{
    if (!n_aliases || n_aliases == n)
        return true;
    struct fst_buf got = FST_BUF_TEXT;
    for (size_t i = 0; i < n_aliases; i++)
        fst_buf_printf(&got, "%s%s", i ? "," : "", aliases[i]);
    rx_fail(rx, place, "UDTF_ALIAS_NUMBER_MISMATCH", "42802",
            "The number of aliases supplied in the AS clause does not match the number of columns "
            "output by the UDTF. Expected %zu aliases, but got %s.",
            n, fst_buf_text(&got));
    fst_buf_done(&got);
    return false;
}
