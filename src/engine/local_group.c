/* Groups in memory: what GROUP BY of everyday aggregates becomes. A table of the groups is filled
 * by SQLite's scan, row by row, and read like any other; where it does not fit, SQLite groups by
 * sorting into a table of the same name and columns. */
#include <string.h>

#include "local_rel.h"
#include "local_table.h"

struct group {
    const struct fst_rel *rel;
    const struct needs *needed;
    struct tr_group_function *functions; /* one an expression; name NULL = not needed */
    size_t n_args;
};

static bool is_needed(const struct group *g, size_t i)
{
    return g->needed->of[g->rel->n_groups + i];
}

static size_t arguments_of(const struct fst_expr *e)
{
    return e->n_args ? e->n_args : 1;
}

/* Nothing is said before it is sure that all can be done. */
static bool understand(struct tr *t, struct group *g, const struct scope *s)
{
    const struct fst_rel *rel = g->rel;
    bool small = rel->input->kind == FST_REL_ONE_ROW || rel->input->kind == FST_REL_VALUES;
    g->n_args = rel->n_groups;
    g->functions = fst_arena_alloc(t->arena, (rel->n_exprs + 1) * sizeof *g->functions);
    for (size_t i = 0; i < rel->n_exprs; i++)
        g->n_args += is_needed(g, i) ? arguments_of(rel->exprs[i]) : 0;
    if (small || !t->groups || s->outer || t->unread || rel->n_groups == 0 ||
        rel->n_groups > LOCAL_TABLE_KEYS || g->n_args > LOCAL_TABLE_ARGS)
        return false;
    for (size_t i = 0; i < rel->n_exprs; i++)
        if (is_needed(g, i) && !tr_group_function(t, rel->exprs[i], s, &g->functions[i]))
            return false;
    return true;
}

/* The keys, then what `add` makes of each function. */
static void list(struct fst_buf *out, const struct group *g,
                 void (*add)(struct fst_buf *out, const struct tr_group_function *f))
{
    for (size_t i = 0; i < g->rel->n_exprs; i++)
        if (is_needed(g, i))
            add(out, &g->functions[i]);
}

static void add_arguments(struct fst_buf *out, const struct tr_group_function *f)
{
    if (*f->args)
        fst_buf_printf(out, ", %s", f->args);
}

static void add_call(struct fst_buf *out, const struct tr_group_function *f)
{
    fst_buf_printf(out, ", %s(%s)", f->name, *f->args ? f->args : "*");
}

static void add_keys(struct tr *t, struct fst_buf *out, const struct fst_rel *rel,
                     const struct scope *s)
{
    for (size_t i = 0; i < rel->n_groups; i++) {
        fst_buf_adds(out, i ? ", " : "");
        tr_key_expr(t, out, rel->groups[i], s);
    }
}

static void name_columns(struct fst_buf *out, const struct group *g)
{
    for (size_t i = 0; i < g->rel->n_groups; i++)
        fst_buf_printf(out, "%sk%zu", i ? ", " : "", i);
    for (size_t i = 0; i < g->rel->n_exprs; i++)
        if (is_needed(g, i))
            fst_buf_printf(out, ", a%zu", i);
}

static bool has_query(const struct fst_expr *e)
{
    bool has = e && e->query;
    for (size_t i = 0; e && !has && i < e->n_args; i++)
        has = has_query(e->args[i]);
    return has;
}

static bool any_has_query(struct fst_expr **exprs, size_t n)
{
    bool has = false;
    for (size_t i = 0; !has && i < n; i++)
        has = has_query(exprs[i]);
    return has;
}

/* The file that rows come from one by one, or NULL. */
static const struct local_source *source_of(const struct tr *t, const struct fst_rel *rel)
{
    while (rel->kind == FST_REL_PROJECT || rel->kind == FST_REL_FILTER) {
        if (has_query(rel->condition) || any_has_query(rel->exprs, rel->n_exprs))
            return NULL;
        rel = rel->input;
    }
    const struct local_source *source =
        rel->kind == FST_REL_SCAN ? t->plan->tables[rel->table].handle : NULL;
    return source && !source->plan ? source : NULL;
}

/* The same, where groups of two parts of it can be put together. */
static const struct local_source *parted(const struct tr *t, const struct group *g)
{
    const struct fst_rel *rel = g->rel;
    bool can = !any_has_query(rel->groups, rel->n_groups);
    for (size_t i = 0; can && i < rel->n_exprs; i++)
        can = !is_needed(g, i) ||
              (local_table_merges(g->functions[i].name) && !has_query(rel->exprs[i]) &&
               !(rel->exprs[i]->call && has_query(rel->exprs[i]->call->filter)));
    return can ? source_of(t, rel->input) : NULL;
}

/* What fills the table in memory. */
static const struct local_table_plan *plan_of(struct tr *t, const struct group *g, const char *name,
                                              const char *columns, const char *fill)
{
    struct local_table_plan *p = fst_arena_alloc(t->arena, sizeof *p);
    const char **functions = fst_arena_alloc(t->arena, (g->rel->n_exprs + 1) * sizeof *functions);
    *p = (struct local_table_plan){.name = name,
                                   .columns = fst_arena_strdup(t->arena, columns),
                                   .fill = tr_with(t, fill),
                                   .n_columns = g->rel->n_groups,
                                   .n_keys = g->rel->n_groups,
                                   .grouped = true,
                                   .parted = parted(t, g),
                                   .functions = functions};
    for (size_t i = 0; i < p->n_keys; i++)
        p->keys[i] = (uint16_t)i;
    for (size_t i = 0; i < g->rel->n_exprs; i++)
        if (is_needed(g, i))
            functions[p->n_functions++] = *g->functions[i].args ? g->functions[i].name : "count/0";
    return p;
}

static void add_table(struct tr *t, const struct group *g, const char *name, const char *from,
                      const struct scope *s)
{
    struct fst_buf keys = FST_BUF_TEXT, fill = FST_BUF_TEXT, text = FST_BUF_TEXT;
    struct fst_buf columns = FST_BUF_TEXT, none = FST_BUF_TEXT;
    add_keys(t, &keys, g->rel, s);
    name_columns(&columns, g);
    fst_buf_printf(&fill, "SELECT fill_%s(%s", name, fst_buf_text(&keys));
    list(&fill, g, add_arguments);
    fst_buf_printf(&fill, ") FROM %s AS r%u", from, s->left);
    fst_buf_printf(&text, "SELECT %s", fst_buf_text(&keys));
    list(&text, g, add_call);
    fst_buf_printf(&text, " FROM %s AS r%u", from, s->left);
    for (size_t i = 0; i < g->rel->n_groups; i++)
        fst_buf_printf(&text, i ? ", %zu" : " GROUP BY %zu", i + 1);
    const struct local_table_plan *plan =
        plan_of(t, g, name, fst_buf_text(&columns), fst_buf_text(&fill));
    tr_add_step(t, name, &columns, &text, &none)->memory = plan;
    fst_buf_done(&keys);
    fst_buf_done(&fill);
    fst_buf_done(&columns);
}

bool tr_groups(struct tr *t, struct fst_buf *out, const struct fst_rel *rel,
               const struct needs *needed, const char *from, const struct scope *s)
{
    struct group g = {.rel = rel, .needed = needed};
    if (!understand(t, &g, s))
        return false;
    char *name = fst_arena_printf(t->arena, "g%u", t->next++);
    unsigned r = t->next++;
    add_table(t, &g, name, from, s);
    for (size_t i = 0; i < rel->n_groups; i++)
        fst_buf_printf(out, "%sr%u.k%zu AS c%zu", i ? ", " : "SELECT ", r, i, i);
    for (size_t i = 0; i < rel->n_exprs; i++)
        if (is_needed(&g, i))
            fst_buf_printf(out, ", %sr%u.a%zu%s AS c%zu", g.functions[i].before, r, i,
                           g.functions[i].after, rel->n_groups + i);
    fst_buf_printf(out, " FROM %s AS r%u", name, r);
    return true;
}
