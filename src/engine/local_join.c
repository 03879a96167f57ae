/* Joins.
 *
 * What is searched in is materialized: on a table with values of its own SQLite has an index, on a
 * scan of a file it would read the file again and again. Keys that are expressions over one side
 * are computed where that side is materialized, so that they can be indexed. */
#include <string.h>

#include "local_rel.h"
#include "local_table.h"

/* ---- Keys ------------------------------------------------------------------------------------ */

enum { MAX_KEYS = 8 };

struct key {
    const struct fst_expr *term; /* an equality */
    size_t arg;                  /* which of its sides is the key */
    int side;
};

struct keys {
    struct key items[MAX_KEYS];
    size_t n;
};

int tr_sides_of(const struct fst_expr *e, size_t n_left)
{
    int sides = e->query ? TR_SIDE_OTHER : 0;
    if (e->kind == FST_EXPR_COLUMN)
        return e->depth ? TR_SIDE_OTHER : e->index < n_left ? TR_SIDE_LEFT : TR_SIDE_RIGHT;
    for (size_t i = 0; i < e->n_args; i++)
        sides |= tr_sides_of(e->args[i], n_left);
    return sides;
}

static void find_keys(const struct fst_rel *rel, int wanted, struct keys *out)
{
    const struct fst_expr *terms[TR_MAX_TERMS];
    size_t n = rel->condition ? tr_conjuncts(rel->condition, terms) : 0;
    for (size_t i = 0; i < n && out->n < MAX_KEYS; i++) {
        const struct fst_expr *e = terms[i];
        if (e->kind != FST_EXPR_CALL || e->fn->id != FST_FN_EQ ||
            !fst_type_eq(&e->args[0]->type, &e->args[1]->type))
            continue;
        int a = tr_sides_of(e->args[0], rel->input->n_columns);
        int b = tr_sides_of(e->args[1], rel->input->n_columns);
        size_t arg = b == wanted ? 1 : 0;
        bool crosses =
            (a | b) == (TR_SIDE_LEFT | TR_SIDE_RIGHT) && a != b && (a == wanted || b == wanted);
        if (crosses && e->args[arg]->kind != FST_EXPR_COLUMN)
            out->items[out->n++] = (struct key){e, arg, wanted};
    }
}

/* The columns of one side that equalities compare, bare or as keys: what its index is made of. */
static void index_columns(const struct fst_rel *join, int side, const struct keys *keys,
                          struct fst_buf *out)
{
    const struct fst_expr *terms[TR_MAX_TERMS];
    size_t n_left = join->input->n_columns;
    size_t n = join->condition ? tr_conjuncts(join->condition, terms) : 0;
    for (size_t i = 0; i < keys->n; i++)
        if (keys->items[i].side == side)
            fst_buf_printf(out, "%sk%zu", out->n ? ", " : "", i);
    for (size_t i = 0; i < n && i < MAX_KEYS; i++) {
        const struct fst_expr *e = terms[i];
        if (e->kind != FST_EXPR_CALL || (e->fn->id != FST_FN_EQ && e->fn->id != FST_FN_EQ_NULL))
            continue;
        for (size_t arg = 0; arg < 2; arg++) {
            const struct fst_expr *c = e->args[arg];
            bool other = !(tr_sides_of(e->args[1 - arg], n_left) & side);
            if (other && c->kind == FST_EXPR_COLUMN && tr_sides_of(c, n_left) == side)
                fst_buf_printf(out, "%sc%zu", out->n ? ", " : "",
                               c->index - (side == TR_SIDE_RIGHT ? n_left : 0));
        }
    }
}

/* The place of a name in a list of them; n = not there. */
static size_t place_of(const char *name, size_t length, const char *names)
{
    size_t i = 0;
    for (const char *p = names; *p; i++) {
        size_t n = strcspn(p, ",");
        if (n == length && memcmp(p, name, n) == 0)
            break;
        p += n + strspn(p + n, ", ");
    }
    return i;
}

static size_t names_in(const char *names)
{
    return place_of("", 0, names);
}

/* The columns of the index, each once, as keys of a table. */
static bool set_keys(struct local_table_plan *p, const char *index)
{
    for (const char *at = index; *at;) {
        size_t n = strcspn(at, ","), place = place_of(at, n, p->columns), known = 0;
        while (known < p->n_keys && p->keys[known] != place)
            known++;
        if (known == LOCAL_TABLE_KEYS || place >= p->n_columns)
            return false;
        if (known == p->n_keys)
            p->keys[p->n_keys++] = (uint16_t)place;
        at += n + strspn(at + n, ", ");
    }
    return p->n_keys > 0;
}

/* The side as a table in memory with a hash of what its index would be of; NULL = on disk. `text`
 * is SELECT columns FROM ... */
static const struct local_table_plan *in_memory(struct tr *t, const char *name,
                                                const struct fst_buf *columns, struct fst_buf *text,
                                                const struct fst_buf *index)
{
    struct local_table_plan *p = fst_arena_alloc(t->arena, sizeof *p);
    const char *names = fst_arena_strdup(t->arena, fst_buf_text(columns));
    *p = (struct local_table_plan){.name = name, .columns = names, .n_columns = names_in(names)};
    if (index->n == 0 || t->unread || p->n_columns > LOCAL_TABLE_ARGS ||
        !set_keys(p, fst_arena_strdup(t->arena, fst_buf_text(index))))
        return NULL;
    char *fill =
        fst_arena_printf(t->arena, "SELECT fill_%s(%s) FROM (%s)", name, names, fst_buf_text(text));
    p->fill = tr_with(t, fill);
    return p;
}

/* One side of a join with its keys as columns k0, k1, ... */
static const char *define_side(struct tr *t, const struct fst_rel *join, int side,
                               const struct needs *needed, const struct keys *keys,
                               const struct scope *outer)
{
    const struct fst_rel *rel = side == TR_SIDE_LEFT ? join->input : join->right;
    const char *from = tr_define(t, rel, needed, false, outer);
    unsigned r = t->next++;
    struct scope s = {r, r, join->input->n_columns, outer};
    struct fst_buf text = FST_BUF_TEXT, names = FST_BUF_TEXT, index = FST_BUF_TEXT;
    bool first = true, first_name = true;
    fst_buf_adds(&text, "SELECT ");
    tr_pass_columns(&text, needed, rel->n_columns, r, 0, &first);
    tr_name_columns(&names, needed, &first_name);
    for (size_t i = 0; i < keys->n; i++) {
        const struct key *k = &keys->items[i];
        if (k->side != side)
            continue;
        tr_comma(&text, &first);
        tr_expr(t, &text, k->term->args[k->arg], &s);
        fst_buf_printf(&text, " AS k%zu", i);
        tr_comma(&names, &first_name);
        fst_buf_printf(&names, "k%zu", i);
    }
    tr_no_columns(&text, first);
    fst_buf_adds(&names, first_name ? "one" : "");
    fst_buf_printf(&text, " FROM %s AS r%u", from, r);
    char *name = fst_arena_printf(t->arena, "d%u", t->next++);
    if (outer) {
        tr_add_definition(t, name, true, &text);
    } else {
        index_columns(join, side, keys, &index);
        const struct local_table_plan *memory = in_memory(t, name, &names, &text, &index);
        tr_add_step(t, name, &names, &text, &index)->memory = memory;
    }
    fst_buf_done(&names);
    fst_buf_done(&index);
    return name;
}

static bool add_key_term(struct tr *t, struct fst_buf *out, const struct fst_expr *term,
                         const struct keys *keys, const struct scope *s)
{
    for (size_t i = 0; i < keys->n; i++) {
        const struct key *k = &keys->items[i];
        if (k->term != term)
            continue;
        fst_buf_addc(out, '(');
        tr_expr(t, out, term->args[1 - k->arg], s);
        fst_buf_printf(out, " = r%u.k%zu)", k->side == TR_SIDE_LEFT ? s->left : s->right, i);
        return true;
    }
    return false;
}

static void add_condition(struct tr *t, struct fst_buf *out, const struct fst_rel *rel,
                          const struct keys *keys, const struct scope *s)
{
    const struct fst_expr *terms[TR_MAX_TERMS];
    size_t n = rel->condition ? tr_conjuncts(rel->condition, terms) : 0;
    if (n == 0)
        fst_buf_addc(out, '1');
    for (size_t i = 0; i < n; i++) {
        fst_buf_adds(out, i ? " AND " : "");
        const struct fst_expr *e = terms[i];
        bool searches =
            e->kind == FST_EXPR_CALL && (e->fn->id == FST_FN_EQ || e->fn->id == FST_FN_EQ_NULL);
        if (add_key_term(t, out, e, keys, s))
            continue;
        if (searches)
            tr_call_at_once(t, out, e, s);
        else
            tr_expr(t, out, e, s);
    }
}

/* ---- Bodies ---------------------------------------------------------------------------------- */

/* What the two sides of a join must give. */
static void join_needs(struct tr *t, const struct fst_rel *rel, const struct needs *needed,
                       struct needs *left, struct needs *right)
{
    size_t n_left = rel->input->n_columns, n_right = rel->right->n_columns;
    struct needs both = tr_needs_none(t, n_left + n_right);
    memcpy(both.of, needed->of, needed->n < both.n ? needed->n : both.n);
    tr_need_expr(rel->condition, 0, &both);
    *left = (struct needs){both.of, n_left};
    *right = (struct needs){both.of + n_left, n_right};
}

static void join_columns(struct fst_buf *out, const struct fst_rel *rel, const struct needs *needed,
                         const struct scope *s)
{
    bool first = true;
    fst_buf_adds(out, "SELECT ");
    tr_pass_columns(out, &(struct needs){needed->of, s->n_left}, s->n_left, s->left, 0, &first);
    tr_pass_columns(out, needed, rel->right->n_columns, s->right, s->n_left, &first);
    tr_no_columns(out, first);
}

/* Rows of the left with a partner (or without). */
static void semi_body(struct tr *t, struct fst_buf *out, const struct fst_rel *rel,
                      const struct needs *needed, const char *left, const char *right,
                      const struct keys *keys, const struct scope *s)
{
    bool first = true;
    fst_buf_adds(out, "SELECT ");
    tr_pass_columns(out, needed, rel->n_columns, s->left, 0, &first);
    tr_no_columns(out, first);
    fst_buf_printf(out, " FROM %s AS r%u WHERE %sEXISTS (SELECT 1 FROM %s AS r%u WHERE ", left,
                   s->left, rel->join == FST_JOIN_ANTI ? "NOT " : "", right, s->right);
    add_condition(t, out, rel, keys, s);
    fst_buf_addc(out, ')');
}

/* The rows of the right that have no partner, with NULLs on the left. */
static void lonely_right(struct tr *t, struct fst_buf *out, const struct fst_rel *rel,
                         const struct needs *needed, const char *left, const char *right,
                         const struct keys *keys, const struct scope *s)
{
    bool first = true;
    fst_buf_adds(out, " UNION ALL SELECT ");
    for (size_t i = 0; i < s->n_left; i++)
        if (needed->of[i]) {
            tr_comma(out, &first);
            fst_buf_adds(out, "NULL");
        }
    tr_pass_columns(out, needed, rel->right->n_columns, s->right, s->n_left, &first);
    tr_no_columns(out, first);
    fst_buf_printf(out, " FROM %s AS r%u WHERE NOT EXISTS (SELECT 1 FROM %s AS r%u WHERE ", right,
                   s->right, left, s->left);
    add_condition(t, out, rel, keys, s);
    fst_buf_addc(out, ')');
}

/* CROSS JOIN keeps SQLite from changing the order: the left side streams, the right is searched.
 * SQLite makes no index for the right side of RIGHT and FULL joins, so a right join is a left join
 * the other way round, and a full one has its second half apart. */
void tr_join(struct tr *t, struct fst_buf *out, const struct fst_rel *rel,
             const struct needs *needed, const struct scope *outer)
{
    rel = tr_push_on(t, rel);
    enum fst_join_kind kind = rel->join;
    bool search_left = kind == FST_JOIN_RIGHT || kind == FST_JOIN_FULL;
    bool search_right = kind != FST_JOIN_RIGHT;
    struct needs left_needs, right_needs;
    struct keys keys = {.n = 0};
    join_needs(t, rel, needed, &left_needs, &right_needs);
    if (kind != FST_JOIN_FULL)
        find_keys(rel, search_left ? TR_SIDE_LEFT : TR_SIDE_RIGHT, &keys);
    const char *left = search_left ? define_side(t, rel, TR_SIDE_LEFT, &left_needs, &keys, outer)
                                   : tr_define(t, rel->input, &left_needs, false, outer);
    const char *right = search_right
                            ? define_side(t, rel, TR_SIDE_RIGHT, &right_needs, &keys, outer)
                            : tr_define(t, rel->right, &right_needs, false, outer);
    struct scope s = {t->next, t->next + 1, rel->input->n_columns, outer};
    t->next += 2;
    if (kind == FST_JOIN_SEMI || kind == FST_JOIN_ANTI) {
        semi_body(t, out, rel, needed, left, right, &keys, &s);
        return;
    }
    join_columns(out, rel, needed, &s);
    if (kind == FST_JOIN_RIGHT)
        fst_buf_printf(out, " FROM %s AS r%u LEFT JOIN %s AS r%u ON ", right, s.right, left,
                       s.left);
    else
        fst_buf_printf(out, " FROM %s AS r%u %sJOIN %s AS r%u ON ", left, s.left,
                       kind == FST_JOIN_INNER ? "CROSS " : "LEFT ", right, s.right);
    add_condition(t, out, rel, &keys, &s);
    if (kind == FST_JOIN_FULL)
        lonely_right(t, out, rel, needed, left, right, &keys, &s);
}
