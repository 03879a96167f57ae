/* A plan as one statement of SQLite: its definitions, and the whole. See local_sql.h for the idea.
 */
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "local_rel.h"

/* ---- Refusals -------------------------------------------------------------------------------- */

bool tr_failed(const struct tr *t)
{
    return t->status != FST_OK;
}

void tr_refuse(struct tr *t, const struct fst_sql_place *place, const char *fmt, ...)
{
    if (tr_failed(t))
        return;
    char what[512];
    va_list args;
    va_start(args, fmt);
    vsnprintf(what, sizeof what, fmt, args);
    va_end(args);
    if (t->problem) {
        struct fst_problem *p = t->problem;
        *p = (struct fst_problem){
            .unsupported = true, .condition = "UNSUPPORTED_FEATURE", .sqlstate = "0A000"};
        p->line = place->line;
        p->col = place->col;
        p->len = place->line ? (uint32_t)fst_utf8_length(t->text + place->offset, place->len) : 0;
        p->len += place->line && !p->len;
        snprintf(p->message, sizeof p->message, "The local engine does not do %s.", what);
    }
    t->status =
        place->line
            ? fst_fail(t->err, FST_EUNSUPPORTED,
                       "line %u, column %u: the local engine does not do %s; run it on Spark",
                       place->line, place->col, what)
            : fst_fail(t->err, FST_EUNSUPPORTED, "the local engine does not do %s; run it on Spark",
                       what);
}

bool tr_type_ok(const struct fst_type *type)
{
    for (size_t i = 0; fst_type_is_nested(type) && i < type->n_fields; i++)
        if (!tr_type_ok(&type->fields[i].type))
            return false;
    return type->kind != FST_VARIANT && type->kind != FST_UNKNOWN && type->kind != FST_TIME;
}

/* ---- Definitions ----------------------------------------------------------------------------- */

void tr_add_definition(struct tr *t, const char *name, bool materialized, struct fst_buf *text)
{
    fst_buf_printf(t->with, "%s%s AS %s(%s)", t->with->n ? ",\n  " : "WITH ", name,
                   materialized ? "MATERIALIZED " : "", fst_buf_text(text));
    fst_buf_done(text);
}

char *tr_with(struct tr *t, const char *text)
{
    return fst_arena_printf(t->arena, "%s%s%s", fst_buf_text(t->with), t->with->n ? "\n" : "",
                            text);
}

struct local_step *tr_add_step(struct tr *t, const char *name, const struct fst_buf *columns,
                               struct fst_buf *text, const struct fst_buf *index)
{
    if (t->n_steps == t->cap_steps) {
        size_t cap = t->cap_steps ? t->cap_steps * 2 : 8;
        struct local_step *more = fst_arena_alloc(t->arena, cap * sizeof *more);
        if (t->n_steps)
            memcpy(more, t->steps, t->n_steps * sizeof *more);
        t->steps = more;
        t->cap_steps = cap;
    }
    struct local_step *step = &t->steps[t->n_steps++];
    const char *names = fst_buf_text(columns);
    step->create = fst_arena_printf(t->arena, "CREATE TEMP TABLE %s(%s)", name, names);
    step->fill =
        fst_arena_printf(t->arena, "INSERT INTO %s(%s)\n%s%s%s", name, names, fst_buf_text(t->with),
                         t->with->n ? "\n" : "", fst_buf_text(text));
    if (index->n)
        step->index = fst_arena_printf(t->arena, "CREATE INDEX temp.%s_keys ON %s(%s)", name, name,
                                       fst_buf_text(index));
    fst_buf_done(text);
    return step;
}

static const char *define_plan(struct tr *t, struct local_source *source);

/* A table that a subquery reads, once for the whole statement: the subquery may run for each row.
 */
static const char *define_once(struct tr *t, const struct fst_rel *rel, const struct needs *needed)
{
    struct fst_buf text = FST_BUF_TEXT;
    struct fst_buf *with = t->with;
    t->with = t->top;
    tr_body(t, &text, rel, needed, NULL);
    char *name = fst_arena_printf(t->arena, "d%u", t->next++);
    tr_add_definition(t, name, true, &text);
    t->with = with;
    return name;
}

const char *tr_define(struct tr *t, const struct fst_rel *rel, const struct needs *needed,
                      bool materialized, const struct scope *outer)
{
    if (outer && (rel->kind == FST_REL_SCAN || rel->kind == FST_REL_CTE))
        return define_once(t, rel, needed);
    if (rel->kind == FST_REL_CTE && !materialized)
        return t->cte_names[rel->cte];
    if (rel->kind == FST_REL_SCAN && !materialized) {
        struct local_source *source = t->plan->tables[rel->table].handle;
        source->wanted = true;
        return source->plan ? define_plan(t, source) : source->name;
    }
    struct fst_buf text = FST_BUF_TEXT;
    tr_body(t, &text, rel, needed, outer);
    char *name = fst_arena_printf(t->arena, "d%u", t->next++);
    tr_add_definition(t, name, materialized, &text);
    return name;
}

/* ---- Common tables --------------------------------------------------------------------------- */

static void count_uses(const struct fst_rel *rel, size_t *uses);

static void count_uses_in(const struct fst_expr *e, size_t *uses)
{
    if (!e)
        return;
    count_uses(e->query, uses);
    for (size_t i = 0; i < e->n_args; i++)
        count_uses_in(e->args[i], uses);
}

static void count_uses(const struct fst_rel *rel, size_t *uses)
{
    if (!rel)
        return;
    if (rel->kind == FST_REL_CTE)
        uses[rel->cte]++;
    for (size_t i = 0; i < rel->n_exprs; i++)
        count_uses_in(rel->exprs[i], uses);
    count_uses_in(rel->condition, uses);
    count_uses(rel->input, uses);
    count_uses(rel->right, uses);
}

/* What is read more than once is computed once. */
static const char *add_cte(struct tr *t, struct fst_buf *text, const struct fst_rel *query,
                           size_t uses)
{
    char *name = fst_arena_printf(t->arena, "cte%u", t->next++);
    if (uses < 2 || query->n_columns == 0) {
        tr_add_definition(t, name, false, text);
        return name;
    }
    struct needs all = tr_needs_all(t, query->n_columns);
    struct fst_buf names = FST_BUF_TEXT, none = FST_BUF_TEXT;
    bool first = true;
    tr_name_columns(&names, &all, &first);
    tr_add_step(t, name, &names, text, &none);
    fst_buf_done(&names);
    return name;
}

/* Definitions of a plan's common tables; the names are the plan's own. */
static void define_ctes(struct tr *t, const struct fst_sql_plan *plan)
{
    t->plan = plan;
    t->cte_names = fst_arena_alloc(t->arena, (plan->n_ctes + 1) * sizeof *t->cte_names);
    t->cte_uses = fst_arena_alloc(t->arena, (plan->n_ctes + 1) * sizeof *t->cte_uses);
    count_uses(plan->root, t->cte_uses);
    for (size_t i = 0; i < plan->n_ctes; i++)
        count_uses(plan->ctes[i].query, t->cte_uses);
    for (size_t i = 0; i < plan->n_ctes; i++) {
        const struct fst_rel *query = plan->ctes[i].query;
        struct needs all = tr_needs_all(t, query->n_columns);
        struct fst_buf text = FST_BUF_TEXT;
        t->unread = t->cte_uses[i] == 0;
        tr_body(t, &text, query, &all, NULL);
        t->unread = false;
        t->cte_names[i] = add_cte(t, &text, query, t->cte_uses[i]);
    }
}

/* A table that is a query: its relations are defined where it is first read. */
static const char *define_plan(struct tr *t, struct local_source *source)
{
    const struct fst_sql_plan *plan = t->plan;
    const char **cte_names = t->cte_names;
    size_t *cte_uses = t->cte_uses;
    if (++t->depth > 50)
        tr_refuse(t, &plan->root->place, "queries over queries this deep");
    define_ctes(t, source->plan);
    struct needs all = tr_needs_all(t, source->plan->root->n_columns);
    struct fst_buf text = FST_BUF_TEXT;
    tr_body(t, &text, source->plan->root, &all, NULL);
    tr_constants(t, source->plan);
    t->plan = plan;
    t->cte_names = cte_names;
    t->cte_uses = cte_uses;
    t->depth--;
    char *name = fst_arena_printf(t->arena, "v%u", t->next++);
    tr_add_definition(t, name, false, &text);
    return name;
}

/* ---- Subqueries ------------------------------------------------------------------------------ */

/* Can it give more than one row? */
static bool many_rows(const struct fst_rel *rel)
{
    while (rel && rel->kind == FST_REL_PROJECT)
        rel = rel->input;
    return rel && !(rel->kind == FST_REL_ONE_ROW ||
                    (rel->kind == FST_REL_AGGREGATE && rel->n_groups == 0) ||
                    (rel->kind == FST_REL_SORT && rel->limit >= 0 && rel->limit <= 1));
}

void tr_subquery(struct tr *t, struct fst_buf *out, const struct fst_rel *rel, bool one_row,
                 bool all, const struct scope *outer)
{
    struct fst_buf with = FST_BUF_TEXT, text = FST_BUF_TEXT;
    struct fst_buf *saved = t->with;
    struct needs needed = all ? tr_needs_all(t, rel->n_columns) : tr_needs_none(t, rel->n_columns);
    bool check = one_row && many_rows(rel);
    t->with = &with;
    if (check) {
        const char *from = tr_define(t, rel, &needed, false, outer);
        unsigned r = t->next++;
        fst_buf_printf(&text, "SELECT must_be_one_row(count(*), r%u.c0) FROM %s AS r%u", r, from,
                       r);
    } else {
        tr_body(t, &text, rel, &needed, outer);
    }
    t->with = saved;
    fst_buf_add(out, fst_buf_text(&with), with.n);
    fst_buf_adds(out, with.n ? " " : "");
    fst_buf_add(out, fst_buf_text(&text), text.n);
    fst_buf_done(&with);
    fst_buf_done(&text);
}

/* ---- The whole ------------------------------------------------------------------------------- */

enum fst_status local_translate(struct fst_arena *a, const char *text,
                                const struct fst_sql_plan *plan, struct local_statement *out,
                                struct fst_problem *problem, struct fst_error *err)
{
    struct fst_buf with = FST_BUF_TEXT, main_text = FST_BUF_TEXT, constants = FST_BUF_TEXT;
    struct tr t = {.arena = a,
                   .text = text,
                   .problem = problem,
                   .err = err,
                   .with = &with,
                   .top = &with,
                   .constants = &constants};
    define_ctes(&t, plan);
    struct needs all = tr_needs_all(&t, plan->root->n_columns);
    tr_body(&t, &main_text, plan->root, &all, NULL);
    tr_constants(&t, plan);
    *out = (struct local_statement){.binds = t.binds,
                                    .n_binds = t.n_binds,
                                    .steps = t.steps,
                                    .n_steps = t.n_steps,
                                    .unsure = t.unsure};
    out->sql = fst_arena_printf(a, "%s%s%s", fst_buf_text(&with), with.n ? "\n" : "",
                                fst_buf_text(&main_text));
    if (t.n_constants)
        out->constants = fst_arena_strndup(a, fst_buf_text(&constants), constants.n);
    if (!tr_failed(&t) && (with.over || main_text.over || constants.over))
        t.status = fst_fail(err, FST_ENOMEM, "the statement for SQLite is over 64 MB");
    fst_buf_done(&with);
    fst_buf_done(&main_text);
    fst_buf_done(&constants);
    return t.status;
}
