/* Conditions of joins where Spark computes them: a term over one side stands below the join, and is
 * computed for rows that find no partner, too. Only where one of them may fail does that show; what
 * cannot fail is left to SQLite, which knows better. */
#include <string.h>

#include "local_rel.h"

enum { LEFT, RIGHT };

struct push {
    struct tr *t;
    const struct fst_expr *below[2][TR_MAX_TERMS]; /* of each side, as it is there */
    size_t n[2];
    bool may_fail[2];
};

/* ---- Expressions ----------------------------------------------------------------------------- */

/* Column i of the one is column map[i] of the other. */
static struct fst_expr *moved(struct tr *t, const struct fst_expr *e, const uint32_t *map)
{
    struct fst_expr *copy = fst_arena_alloc(t->arena, sizeof *copy);
    *copy = *e;
    if (e->kind == FST_EXPR_COLUMN)
        copy->index = map[e->index];
    copy->args = fst_arena_alloc(t->arena, (e->n_args + 1) * sizeof *copy->args);
    for (size_t i = 0; i < e->n_args; i++)
        copy->args[i] = moved(t, e->args[i], map);
    return copy;
}

static struct fst_expr *all_of(struct tr *t, const struct fst_expr *const *terms, size_t n)
{
    struct fst_expr *all = NULL;
    for (size_t i = 0; i < n; i++) {
        struct fst_expr *e = (struct fst_expr *)terms[i];
        if (all) {
            struct fst_expr *both = fst_arena_alloc(t->arena, sizeof *both);
            *both = (struct fst_expr){
                .kind = FST_EXPR_AND, .type = all->type, .nullable = true, .place = all->place};
            both->args = fst_arena_alloc(t->arena, 2 * sizeof *both->args);
            both->args[0] = all;
            both->args[1] = e;
            both->n_args = 2;
            e = both;
        }
        all = e;
    }
    return all;
}

/* Is it NULL or false where its columns are NULL? */
static bool rejects_null(const struct fst_expr *e)
{
    bool compares = e->kind == FST_EXPR_CALL && e->fn->id >= FST_FN_EQ &&
                    e->fn->id <= FST_FN_RLIKE && e->fn->id != FST_FN_EQ_NULL;
    for (size_t i = 0; compares && i < e->n_args; i++) {
        const struct fst_expr *a = e->args[i];
        while (a->kind == FST_EXPR_CAST)
            a = a->args[0];
        compares = a->kind == FST_EXPR_COLUMN || tr_is_constant(a);
    }
    return compares;
}

/* ---- Terms ----------------------------------------------------------------------------------- */

static const uint32_t *side_map(struct tr *t, const struct fst_rel *join, int side)
{
    size_t n_left = join->input->n_columns, n = n_left + join->right->n_columns;
    uint32_t *map = fst_arena_alloc(t->arena, (n + 1) * sizeof *map);
    for (size_t i = 0; i < n; i++)
        map[i] = (uint32_t)(side == RIGHT && i >= n_left ? i - n_left : i);
    return map;
}

static int side_of(const struct fst_rel *join, const struct fst_expr *e)
{
    int sides = tr_sides_of(e, join->input->n_columns);
    return sides == TR_SIDE_LEFT ? LEFT : sides == TR_SIDE_RIGHT ? RIGHT : -1;
}

static void take(struct push *p, const struct fst_rel *join, int side, const struct fst_expr *e)
{
    if (p->n[side] == TR_MAX_TERMS)
        return;
    p->below[side][p->n[side]++] = moved(p->t, e, side_map(p->t, join, side));
    p->may_fail[side] |= tr_may_fail(e);
}

/* Which sides a term of ON, or of a WHERE above, may go to: those that lose rows to it alone. */
static bool goes(const struct fst_rel *join, int side, bool above)
{
    switch (join->join) {
    case FST_JOIN_INNER:
        return true;
    case FST_JOIN_LEFT:
        return above ? side == LEFT : side == RIGHT;
    case FST_JOIN_RIGHT:
        return above ? side == RIGHT : side == LEFT;
    case FST_JOIN_SEMI:
    case FST_JOIN_ANTI:
        return above ? side == LEFT : side == RIGHT;
    default:
        return false;
    }
}

static void take_terms(struct push *p, const struct fst_rel *join, const struct fst_expr *condition,
                       bool above)
{
    const struct fst_expr *terms[TR_MAX_TERMS];
    size_t n = condition ? tr_conjuncts(condition, terms) : 0;
    for (size_t i = 0; i < n; i++) {
        int side = side_of(join, terms[i]);
        bool outer = join->join == FST_JOIN_LEFT || join->join == FST_JOIN_RIGHT;
        if (side >= 0 && (goes(join, side, above) || (above && outer && rejects_null(terms[i]))))
            take(p, join, side, terms[i]);
    }
}

/* ---- Relations ------------------------------------------------------------------------------- */

static struct fst_rel *filtered(struct push *p, const struct fst_rel *rel, int side)
{
    struct fst_rel *f = fst_arena_alloc(p->t->arena, sizeof *f);
    *f = (struct fst_rel){.kind = FST_REL_FILTER,
                          .place = rel->place,
                          .columns = rel->columns,
                          .n_columns = rel->n_columns,
                          .input = (struct fst_rel *)rel,
                          .condition = all_of(p->t, p->below[side], p->n[side])};
    return f;
}

/* The terms stay where they are, too: what is left of the rows passes them again. */
static const struct fst_rel *pushed(struct tr *t, const struct fst_rel *join,
                                    const struct fst_expr *above)
{
    struct push *p = fst_arena_alloc(t->arena, sizeof *p);
    p->t = t;
    take_terms(p, join, join->condition, false);
    take_terms(p, join, above, true);
    if (!p->may_fail[LEFT] && !p->may_fail[RIGHT])
        return join;
    /* Spark may know more: of equal keys what holds for one holds for the other. */
    t->unsure = true;
    struct fst_rel *copy = fst_arena_alloc(t->arena, sizeof *copy);
    *copy = *join;
    if (p->may_fail[LEFT])
        copy->input = filtered(p, join->input, LEFT);
    if (p->may_fail[RIGHT])
        copy->right = filtered(p, join->right, RIGHT);
    return copy;
}

static bool reads_only(const struct fst_expr *e, const bool *columns)
{
    if (e->kind == FST_EXPR_COLUMN)
        return e->depth == 0 && columns[e->index];
    bool fine = !e->query;
    for (size_t i = 0; i < e->n_args && fine; i++)
        fine = reads_only(e->args[i], columns);
    return fine;
}

/* A condition above a projection of columns, below it. */
static const struct fst_expr *through(struct tr *t, const struct fst_rel *project,
                                      const struct fst_expr *condition)
{
    const struct fst_expr *terms[TR_MAX_TERMS], *kept[TR_MAX_TERMS];
    size_t n = tr_conjuncts(condition, terms), n_kept = 0;
    uint32_t *map = fst_arena_alloc(t->arena, (project->n_columns + 1) * sizeof *map);
    bool *plain = fst_arena_alloc(t->arena, project->n_columns + 1);
    for (size_t i = 0; i < project->n_columns; i++) {
        const struct fst_expr *e = project->exprs[i];
        plain[i] = e->kind == FST_EXPR_COLUMN && e->depth == 0;
        map[i] = plain[i] ? e->index : 0;
    }
    for (size_t i = 0; i < n; i++)
        if (reads_only(terms[i], plain))
            kept[n_kept++] = moved(t, terms[i], map);
    return all_of(t, kept, n_kept);
}

const struct fst_rel *tr_push_on(struct tr *t, const struct fst_rel *join)
{
    return join->condition ? pushed(t, join, NULL) : join;
}

const struct fst_rel *tr_push_where(struct tr *t, const struct fst_rel *rel,
                                    const struct fst_expr *where)
{
    if (!where || !tr_may_fail(where))
        return rel;
    if (rel->kind == FST_REL_JOIN)
        return pushed(t, rel, where);
    if (rel->kind != FST_REL_PROJECT || rel->input->kind != FST_REL_JOIN)
        return rel;
    const struct fst_expr *below = through(t, rel, where);
    const struct fst_rel *input = below ? pushed(t, rel->input, below) : rel->input;
    if (input == rel->input)
        return rel;
    struct fst_rel *copy = fst_arena_alloc(t->arena, sizeof *copy);
    *copy = *rel;
    copy->input = (struct fst_rel *)input;
    return copy;
}
