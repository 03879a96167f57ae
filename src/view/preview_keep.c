/* What is kept of grids while the workbench runs: of each target how its columns are shown, and the
 * conditions that were given. */
#include <stdlib.h>
#include <string.h>

#include "preview.h"

enum { MOST_CONDITIONS = 200 };

/* How columns are shown, by their names: a target's columns may be others the next time. */
struct kept {
    char **names; /* in their order; n 0 = all, as they are */
    size_t n;
    char **wide; /* columns of a width that was set */
    int *widths;
    size_t n_wide;
    size_t n_pinned;
};
struct grids {
    struct fst_map *targets;
    char **conditions;
    size_t n, cap;
};

static struct grids *grids_of(struct wb *wb)
{
    if (!wb->grids) {
        wb->grids = fst_alloc(sizeof *wb->grids);
        wb->grids->targets = fst_map_new();
    }
    return wb->grids;
}

static void free_kept(void *value)
{
    struct kept *k = value;
    for (size_t i = 0; k && i < k->n; i++)
        free(k->names[i]);
    for (size_t i = 0; k && i < k->n_wide; i++)
        free(k->wide[i]);
    if (k) {
        free(k->names);
        free(k->wide);
        free(k->widths);
    }
    free(k);
}

void grids_keep(struct view *v)
{
    const struct preview *p = v->state;
    if (!p->opened)
        return;
    struct kept *k = fst_alloc(sizeof *k);
    k->n = p->grid.order ? p->grid.n_order : 0;
    k->names = fst_alloc((k->n + 1) * sizeof *k->names);
    for (size_t i = 0; i < k->n; i++)
        k->names[i] = fst_strdup(p->schema->fields[p->grid.order[i]].name);
    k->wide = fst_alloc((p->schema->n + 1) * sizeof *k->wide);
    k->widths = fst_alloc((p->schema->n + 1) * sizeof *k->widths);
    for (size_t i = 0; i < p->schema->n; i++)
        if (fst_grid_is_set_by_hand(&p->grid, i)) {
            k->widths[k->n_wide] = p->grid.widths[i];
            k->wide[k->n_wide++] = fst_strdup(p->schema->fields[i].name);
        }
    k->n_pinned = p->grid.n_pinned;
    free_kept(fst_map_set(grids_of(v->wb)->targets, v->target ? v->target : "", k));
}

void grids_recall(struct view *v)
{
    struct preview *p = v->state;
    struct kept *k = fst_map_get(grids_of(v->wb)->targets, v->target ? v->target : "");
    if (!k)
        return;
    size_t *columns = fst_alloc((k->n + 1) * sizeof *columns), n = 0, cursor = p->grid.col;
    for (size_t i = 0; i < k->n; i++) {
        int at = fst_schema_find(p->schema, k->names[i]);
        if (at >= 0)
            columns[n++] = (size_t)at;
    }
    for (size_t i = 0; i < k->n_wide; i++) {
        int at = fst_schema_find(p->schema, k->wide[i]);
        p->grid.col = at >= 0 ? (size_t)at : cursor;
        if (at >= 0)
            fst_grid_set_width(&p->grid, k->widths[i]);
    }
    p->grid.col = cursor;
    p->grid.n_pinned = k->n_pinned;
    if (n)
        fst_grid_arrange(&p->grid, columns, n);
    free(columns);
}

void grids_add_condition(struct wb *wb, const char *text)
{
    struct grids *g = grids_of(wb);
    if (!*text || (g->n && strcmp(g->conditions[g->n - 1], text) == 0))
        return;
    if (g->n == MOST_CONDITIONS) {
        free(g->conditions[0]);
        memmove(g->conditions, g->conditions + 1, (--g->n) * sizeof *g->conditions);
    }
    fst_grow(&g->conditions, &g->cap, g->n + 1, sizeof *g->conditions);
    g->conditions[g->n++] = fst_strdup(text);
}

const char *const *grids_conditions(struct wb *wb, size_t *n)
{
    struct grids *g = grids_of(wb);
    *n = g->n;
    return (const char *const *)g->conditions;
}

void wb_grids_free(struct wb *wb)
{
    struct grids *g = wb->grids;
    if (!g)
        return;
    fst_map_free(g->targets, free_kept);
    for (size_t i = 0; i < g->n; i++)
        free(g->conditions[i]);
    free(g->conditions);
    free(g);
    wb->grids = NULL;
}
