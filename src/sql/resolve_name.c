/* Names to columns: the query's own columns and aliases in the order that the clause asks for, then
 * those of the queries around it. Also stars, and what Spark suggests for a name it does not know.
 */
#include "resolve.h"

#include <string.h>
#include <strings.h>

static bool same_name(const char *a, const char *b)
{
    return strcasecmp(a, b) == 0;
}

static bool qualified_by(const struct col *c, const char *const *parts, size_t n)
{
    if (n > c->n_quals)
        return false;
    for (size_t i = 0; i < n; i++)
        if (!same_name(parts[n - 1 - i], c->quals[c->n_quals - 1 - i]))
            return false;
    return true;
}

static bool matches(const struct col *c, const char *const *parts, size_t n)
{
    if (!same_name(c->name, parts[n - 1]))
        return false;
    return n == 1 ? !c->hidden : qualified_by(c, parts, n - 1) && !c->merged;
}

static size_t find(const struct scope *s, const char *const *parts, size_t n,
                   const struct col **out)
{
    size_t count = 0;
    for (size_t i = 0; i < s->n; i++)
        if (matches(&s->cols[i], parts, n)) {
            if (count++ == 0)
                *out = &s->cols[i];
        }
    return count;
}

/* ---- Suggestions ----------------------------------------------------------------------------- */

static void quote(struct fst_buf *out, const char *name)
{
    fst_buf_addc(out, '`');
    for (; *name; name++) {
        if (*name == '`')
            fst_buf_addc(out, '`');
        fst_buf_addc(out, *name);
    }
    fst_buf_addc(out, '`');
}

static void quote_parts(struct fst_buf *out, const char *const *parts, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (i)
            fst_buf_addc(out, '.');
        quote(out, parts[i]);
    }
}

void suggest(struct fst_buf *out, const struct scope *scope, const char *const *parts,
             size_t n_parts)
{
    size_t best[5], n = 0;
    size_t distance[5];
    bool several = n_parts > 1;
    for (size_t i = 1; i < scope->n && !several; i++)
        several = scope->cols[i].n_quals && scope->cols[0].n_quals &&
                  scope->cols[i].quals != scope->cols[0].quals;
    for (size_t i = 0; i < scope->n; i++) {
        if (scope->cols[i].hidden || scope->cols[i].apart)
            continue;
        size_t d = fst_text_distance(parts[n_parts - 1], scope->cols[i].name, 64), at = n;
        while (at > 0 && distance[at - 1] > d)
            at--;
        if (at == 5)
            continue;
        size_t last = n < 5 ? n++ : 4;
        memmove(best + at + 1, best + at, (last - at) * sizeof *best);
        memmove(distance + at + 1, distance + at, (last - at) * sizeof *distance);
        best[at] = i;
        distance[at] = d;
    }
    for (size_t i = 0; i < n; i++) {
        const struct col *c = &scope->cols[best[i]];
        if (i)
            fst_buf_adds(out, ", ");
        if (several && c->n_quals) {
            quote(out, c->quals[c->n_quals - 1]);
            fst_buf_addc(out, '.');
        }
        quote(out, c->name);
    }
}

static void *unresolved(struct rx *rx, const struct where *w, const struct sx *s)
{
    /* GROUP BY session_window(...) makes that column in Spark. */
    if (strcasecmp(s->parts[0], "session_window") == 0)
        return rx_refuse(rx, &s->place, "the column session_window");
    struct fst_buf name = FST_BUF_TEXT, near = FST_BUF_TEXT;
    struct scope seen = *w->scope;
    if (w->use == ALIAS_FIRST || w->use == ALIAS_ONLY) {
        seen.n = w->n_aliases;
        seen.cols = fst_arena_alloc(rx->a, (seen.n + 1) * sizeof *seen.cols);
        for (size_t i = 0; i < seen.n; i++)
            seen.cols[i].name = w->aliases[i].name;
    }
    quote_parts(&name, s->parts, s->n_parts);
    suggest(&near, &seen, s->parts, s->n_parts);
    if (near.n)
        rx_fail(rx, &s->place, "UNRESOLVED_COLUMN.WITH_SUGGESTION", "42703",
                "A column, variable, or function parameter with name %s cannot be resolved. Did "
                "you mean one of the following? [%s].",
                fst_buf_text(&name), fst_buf_text(&near));
    else
        rx_fail(rx, &s->place, "UNRESOLVED_COLUMN.WITHOUT_SUGGESTION", "42703",
                "A column, variable, or function parameter with name %s cannot be resolved.",
                fst_buf_text(&name));
    fst_buf_done(&name);
    fst_buf_done(&near);
    return NULL;
}

/* SELECT a FROM (SELECT a, a ...): one column to Spark unless an alias stood between. */
static bool same_source(const struct scope *scope, const struct sx *s)
{
    uint32_t source = 0;
    for (size_t i = 0; i < scope->n; i++) {
        if (!matches(&scope->cols[i], s->parts, s->n_parts))
            continue;
        if (!scope->cols[i].source || (source && source != scope->cols[i].source))
            return false;
        source = scope->cols[i].source;
    }
    return true;
}

static void *ambiguous(struct rx *rx, const struct scope *scope, const struct sx *s)
{
    if (same_source(scope, s))
        return rx_refuse(rx, &s->place, "a name that a column has twice");
    struct fst_buf name = FST_BUF_TEXT, all = FST_BUF_TEXT;
    quote_parts(&name, s->parts, s->n_parts);
    for (size_t i = 0; i < scope->n; i++) {
        if (!matches(&scope->cols[i], s->parts, s->n_parts))
            continue;
        if (all.n)
            fst_buf_adds(&all, ", ");
        quote_parts(&all, scope->cols[i].quals, scope->cols[i].n_quals);
        fst_buf_adds(&all, scope->cols[i].n_quals ? "." : "");
        quote(&all, scope->cols[i].name);
    }
    rx_fail(rx, &s->place, "AMBIGUOUS_REFERENCE", "42704",
            "Reference %s is ambiguous, could be: [%s].", fst_buf_text(&name), fst_buf_text(&all));
    fst_buf_done(&name);
    fst_buf_done(&all);
    return NULL;
}

/* ---- Columns --------------------------------------------------------------------------------- */

static struct fst_expr *column(struct rx *rx, const struct col *c, uint32_t depth,
                               const struct sx *s, const char *text)
{
    if (c->lost)
        return rx_refuse(rx, &s->place, "a side of a column that two full joins merge");
    if (c->type.kind == FST_UNKNOWN)
        return rx_refuse(rx, &s->place, "column %s of a type that is not known here", c->name);
    struct fst_expr *e = make(rx, FST_EXPR_COLUMN, c->type, c->nullable, s->place, text);
    e->depth = depth;
    e->index = c->index;
    return e;
}

/* s.field or t.s.field: the longest prefix that is a column. */
static struct fst_expr *field(struct rx *rx, const struct scope *scope, uint32_t depth,
                              const struct sx *s)
{
    for (size_t n = s->n_parts - 1; n > 0; n--) {
        const struct col *c = NULL;
        size_t count = find(scope, s->parts, n, &c);
        if (count == 0)
            continue;
        if (count > 1) {
            struct sx prefix = *s;
            prefix.n_parts = n;
            return ambiguous(rx, scope, &prefix);
        }
        if (fst_type_is_nested(&c->type) || c->type.kind == FST_VARIANT) {
            struct fst_expr *e = column(rx, c, depth, s, s->parts[n - 1]);
            for (size_t i = n; e && i < s->n_parts; i++)
                e = field_of(rx, e, s->parts[i], s->place);
            return e;
        }
        return rx_fail(rx, &s->place, "INVALID_EXTRACT_BASE_FIELD_TYPE", "42000",
                       "Can't extract a value from \"%s\". Need a complex type [STRUCT, ARRAY, "
                       "MAP] but got \"%s\".",
                       s->parts[n - 1], type_sql(rx, &c->type));
    }
    return NULL;
}

/* In this scope only; NULL without failure when it is not there. */
static struct fst_expr *in_scope(struct rx *rx, const struct scope *scope, uint32_t depth,
                                 const struct sx *s)
{
    const struct col *c = NULL;
    size_t count = find(scope, s->parts, s->n_parts, &c);
    if (count > 1)
        return ambiguous(rx, scope, s);
    if (count == 1 && !c->aside)
        return column(rx, c, depth, s, s->parts[s->n_parts - 1]);
    struct fst_expr *e = field(rx, scope, depth, s);
    if (e || rx->status != FST_OK || count == 0)
        return e;
    return column(rx, c, depth, s, s->parts[s->n_parts - 1]);
}

static void note_outer(struct rx *rx, struct scope *boundary, const char *name)
{
    boundary->correlated = true;
    for (size_t i = 0; i < boundary->outer_names.n; i++)
        if (same_name(boundary->outer_names.items[i], name))
            return;
    rx_grow(rx, &boundary->outer_names.items, &boundary->outer_names.cap, boundary->outer_names.n,
            boundary->outer_names.n + 1, sizeof(char *));
    boundary->outer_names.items[boundary->outer_names.n++] = name;
}

static struct fst_expr *in_outer(struct rx *rx, const struct where *w, const struct sx *s)
{
    uint32_t depth = 1;
    for (struct scope *o = w->scope->outer; o; o = o->outer, depth++) {
        struct fst_expr *e = in_scope(rx, o, depth, s);
        if (rx->status != FST_OK)
            return NULL;
        if (!e)
            continue;
        if (depth > 1)
            return rx_refuse(rx, &s->place, "a column of a query two levels out");
        bool item =
            o->lateral && strcmp(w->clause, "SELECT") == 0 && !w->in_aggregate && !w->in_window;
        if (strcmp(w->clause, "WHERE") != 0 && !item)
            return rx_refuse(rx, &s->place, "a column of the outer query in %s", w->clause);
        note_outer(rx, o, s->parts[s->n_parts - 1]);
        return e;
    }
    return NULL;
}

/* ---- Aliases --------------------------------------------------------------------------------- */

/* `*count`: different expressions of that name. */
static struct fst_expr *in_aliases(const struct where *w, const char *name, size_t *count)
{
    struct fst_expr *found = NULL;
    *count = 0;
    for (size_t i = 0; i < w->n_aliases; i++)
        if (same_name(w->aliases[i].name, name) &&
            (!found || !same_expr(found, w->aliases[i].expr))) {
            found = found ? found : w->aliases[i].expr;
            ++*count;
        }
    return found;
}

static struct fst_expr *named_copy(struct rx *rx, const struct fst_expr *e, const struct sx *s,
                                   const char *text, bool lateral)
{
    struct fst_expr *copy = fst_arena_alloc(rx->a, sizeof *copy);
    *copy = *e;
    copy->text = text;
    if (lateral)
        copy->place = s->place;
    return copy;
}

static struct fst_expr *lateral(struct rx *rx, const struct where *w, const struct sx *s)
{
    const char *name = s->parts[0];
    size_t count;
    struct fst_expr *found = in_aliases(w, name, &count);
    size_t same = 0;
    for (size_t i = 0; i < w->n_aliases; i++)
        same += same_name(w->aliases[i].name, name);
    if (!found)
        return NULL;
    if (w->lateral && same > 1)
        return rx_fail(rx, NULL, "AMBIGUOUS_LATERAL_COLUMN_ALIAS", "42702",
                       "Lateral column alias `%s` is ambiguous and has %zu matches.", name, same);
    if (count > 1)
        return rx_refuse(rx, &s->place, "a name for several columns");
    if (w->lateral &&
        (w->in_window || w->in_aggregate || (has_window(found) && !w->lateral_windows)))
        return rx_refuse(rx, &s->place, "a lateral alias with a window or an aggregate");
    return named_copy(rx, found, s,
                      w->lateral ? text_of(rx, "lateralAliasReference(%s)", name) : name,
                      w->lateral);
}

/* Is it a path of fields that are there, from one column on? */
static bool reaches_field(const struct scope *scope, const struct sx *s)
{
    const struct col *c = NULL;
    size_t n = s->n_parts - 1;
    while (n > 0 && find(scope, s->parts, n, &c) == 0)
        n--;
    if (n == 0 || find(scope, s->parts, n, &c) != 1)
        return false;
    const struct fst_type *t = &c->type;
    for (; n < s->n_parts && t; n++) {
        const struct fst_type *of = t->kind == FST_STRUCT ? t : NULL;
        t = NULL;
        for (size_t i = 0; of && i < of->n_fields; i++)
            if (same_name(of->fields[i].name, s->parts[n]))
                t = &of->fields[i].type;
    }
    return t;
}

/* Output columns first, as ORDER BY, HAVING and QUALIFY look. */
static struct fst_expr *alias_first(struct rx *rx, const struct where *w, const struct sx *s)
{
    size_t count;
    struct fst_expr *found = s->n_parts == 1 ? in_aliases(w, s->parts[0], &count) : NULL;
    if (found && w->in_aggregate && found->kind != FST_EXPR_COLUMN)
        return rx_refuse(rx, &s->place, "an alias inside an aggregate");
    if (found && count == 1)
        return named_copy(rx, found, s, s->parts[0], true);
    const struct col *c = NULL;
    size_t columns = find(w->scope, s->parts, s->n_parts, &c);
    if (columns == 1)
        return column(rx, c, 0, s, s->parts[s->n_parts - 1]);
    for (size_t i = 0; i < w->n_aliases; i++)
        if (s->n_parts > 1 && fst_type_is_nested(&w->aliases[i].expr->type) &&
            (w->aliases[i].expr->kind != FST_EXPR_COLUMN ||
             !same_name(w->aliases[i].expr->text, w->aliases[i].name)))
            return rx_refuse(rx, &s->place, "fields of an alias here");
    if (columns == 0 && s->n_parts > 1 && reaches_field(w->scope, s))
        return field(rx, w->scope, 0, s);
    for (size_t i = 0; columns == 0 && i < w->scope->n; i++)
        if (s->n_parts > 1 && fst_type_is_nested(&w->scope->cols[i].type))
            return rx_refuse(rx, &s->place, "fields of this here");
    return columns > 1 ? unresolved(rx, w, s) : NULL;
}

static struct fst_expr *alias_only(struct rx *rx, const struct where *w, const struct sx *s)
{
    struct fst_expr *e = alias_first(rx, w, s);
    for (size_t i = 0; e && i < w->n_aliases; i++)
        if (same_expr(e, w->aliases[i].expr) &&
            (s->n_parts > 1 || same_name(s->parts[0], w->aliases[i].name)))
            return e;
    return e ? unresolved(rx, w, s) : NULL;
}

struct fst_expr *resolve_name(struct rx *rx, const struct where *w, const struct sx *s)
{
    struct fst_expr *variable = w->variables ? resolve_variable(rx, w, s) : NULL;
    if (variable || rx->status != FST_OK)
        return variable;
    struct fst_expr *e;
    if (w->use == ALIAS_FIRST)
        e = alias_first(rx, w, s);
    else if (w->use == ALIAS_ONLY)
        e = alias_only(rx, w, s);
    else
        e = in_scope(rx, w->scope, 0, s);
    if (!e && rx->status == FST_OK && w->use == ALIAS_LAST && s->n_parts == 1)
        e = lateral(rx, w, s);
    for (size_t i = 0; !e && rx->status == FST_OK && s->n_parts > 1 && i < w->n_aliases; i++)
        if (same_name(w->aliases[i].name, s->parts[0]) &&
            fst_type_is_nested(&w->aliases[i].expr->type))
            return rx_refuse(rx, &s->place, "fields of an alias");
    if (!e && rx->status == FST_OK)
        e = in_outer(rx, w, s);
    if (!e && rx->status == FST_OK)
        return unresolved(rx, w, s);
    return rx->status == FST_OK ? e : NULL;
}

/* A column of the query itself is seen before the function, an alias or an outer column after it.
 */
bool names_column(struct rx *rx, const struct where *w, const struct sx *s)
{
    const struct col *c = NULL;
    size_t count;
    if (find(w->scope, s->parts, 1, &c))
        return true;
    bool alias = in_aliases(w, s->parts[0], &count);
    if (alias && (w->use == ALIAS_FIRST || w->use == ALIAS_ONLY))
        return true;
    if (alias || (w->scope->outer && find(w->scope->outer, s->parts, 1, &c)))
        return rx_refuse(rx, &s->place, "%s, a function and a column", s->parts[0]) == NULL;
    return false;
}

/* ---- Stars ----------------------------------------------------------------------------------- */

static bool in_star(const struct col *c, const struct sx *s)
{
    if (s->n_parts == 0)
        return !c->hidden && !c->apart;
    return !c->merged && qualified_by(c, s->parts, s->n_parts);
}

static bool excepted(const struct col *c, const struct sx *s)
{
    for (size_t i = 0; i < s->n_kids; i++)
        if (s->kids[i]->kind == SX_NAME && matches(c, s->kids[i]->parts, s->kids[i]->n_parts))
            return true;
    return false;
}

static void *no_such_table(struct rx *rx, const struct where *w, const struct sx *s)
{
    const struct col *c = NULL;
    size_t count = find(w->scope, s->parts, s->n_parts, &c);
    if (count > 1) {
        struct sx name = *s;
        return ambiguous(rx, w->scope, &name);
    }
    if (count == 1 && (c->type.kind != FST_STRUCT || s->n_kids))
        return rx_refuse(rx, &s->place, "the fields of this");
    struct fst_buf all = FST_BUF_TEXT, name = FST_BUF_TEXT;
    for (size_t i = 0; i < w->scope->n; i++) {
        fst_buf_adds(&all, i ? ", " : "");
        quote(&all, w->scope->cols[i].name);
    }
    quote_parts(&name, s->parts, s->n_parts);
    rx_fail(rx, &s->place, "CANNOT_RESOLVE_STAR_EXPAND", "42704",
            "Cannot resolve %s.* given input columns %s. Please check that the specified table or "
            "struct exists and is accessible in the input columns.",
            fst_buf_text(&name), fst_buf_text(&all));
    fst_buf_done(&all);
    fst_buf_done(&name);
    return NULL;
}

static void check_except(struct rx *rx, const struct where *w, const struct sx *s)
{
    for (size_t i = 0; i < s->n_kids; i++) {
        const struct col *c = NULL;
        if (s->kids[i]->kind != SX_NAME)
            rx_refuse(rx, &s->kids[i]->place, "EXCEPT of anything but names");
        else if (find(w->scope, s->kids[i]->parts, s->kids[i]->n_parts, &c) == 0) {
            struct sx named = *s->kids[i];
            named.place = s->place;
            unresolved(rx, w, &named);
        }
    }
}

/* The fields of a struct. */
static bool struct_star(struct rx *rx, const struct where *w, const struct sx *s,
                        struct fst_expr ***out, size_t *n)
{
    const struct col *c = NULL;
    if (s->n_kids || find(w->scope, s->parts, s->n_parts, &c) != 1 || c->type.kind != FST_STRUCT)
        return false;
    struct fst_expr *base = column(rx, c, 0, s, s->parts[s->n_parts - 1]);
    *out = fst_arena_alloc(rx->a, (c->type.n_fields + 1u) * sizeof **out);
    for (size_t i = 0; base && i < c->type.n_fields; i++) {
        struct fst_expr *e = field_of(rx, base, c->type.fields[i].name, s->place);
        if (!e)
            return true;
        e->text = c->type.fields[i].name;
        (*out)[(*n)++] = e;
    }
    return true;
}

void expand_star(struct rx *rx, const struct where *w, const struct sx *s, struct fst_expr ***out,
                 size_t *n)
{
    const struct scope *scope = w->scope;
    *out = fst_arena_alloc(rx->a, (scope->n + 1) * sizeof **out);
    *n = 0;
    size_t seen = 0;
    check_except(rx, w, s);
    for (size_t i = 0; i < scope->n && rx->status == FST_OK; i++) {
        const struct col *c = &scope->cols[i];
        if (!in_star(c, s))
            continue;
        seen++;
        if (excepted(c, s))
            continue;
        struct fst_expr *e = make(rx, FST_EXPR_COLUMN, c->type, c->nullable, s->place, c->name);
        e->index = c->index;
        (*out)[(*n)++] = e;
    }
    if (seen == 0 && rx->status == FST_OK && (s->n_parts || scope->n == 0) &&
        !struct_star(rx, w, s, out, n))
        no_such_table(rx, w, s);
}
