/* Column lineage over resources: the origins of one text's columns (room sql), followed through the
 * texts of its inputs down to the sources. Each resource is looked at once. */
#include <stdlib.h>
#include <string.h>

#include "app.h"
#include "firesteel/sql/tree.h"

#define MAX_DEPTH 50
#define MAX_ITEMS 1000000

enum { ROWS = -1 };

struct item {
    int column; /* of the answer, or ROWS */
    const char *from, *from_column;
    unsigned uses;
};

/* What is known of one resource's rows. */
struct followed {
    const char *label;         /* name.variant */
    struct fst_schema *schema; /* NULL = not known here */
    bool is_end;               /* columns are their own origins */
    struct item *items;
    size_t n, cap;
    struct fst_map *seen; /* key of an item -> its place + 1 */
};

struct follower {
    struct fst_app *app;
    struct fst_catalog *catalog;
    struct fst_arena *arena; /* the answer's */
    struct fst_map *done;    /* label -> struct followed */
    struct fst_map *notes;
    bool one_step;                 /* each is made of what is right below it, not of the ends */
    const struct fst_bound *bound; /* what is followed now */
    size_t n_items;
    unsigned depth;
    struct fst_error *err;
};

static struct followed *follow_label(struct follower *w, const char *label);

/* ---- Items ----------------------------------------------------------------------------------- */

static void add_item(struct follower *w, struct followed *to, struct item item)
{
    if (item.column == ROWS)
        item.uses &= FST_USE_FILTER | FST_USE_ORDER;
    if (!item.uses || w->n_items > MAX_ITEMS)
        return;
    char *key = fst_asprintf("%d\n%s\n%s", item.column, item.from, item.from_column);
    size_t at = (size_t)(uintptr_t)fst_map_get(to->seen, key);
    if (at) {
        to->items[at - 1].uses |= item.uses;
    } else {
        fst_grow(&to->items, &to->cap, to->n + 1, sizeof *to->items);
        to->items[to->n++] = item;
        w->n_items++;
        fst_map_set(to->seen, key, (void *)(uintptr_t)to->n);
    }
    free(key);
}

/* Column `column` of `to` is made of column `inner` of another resource's rows. */
static void add_through(struct follower *w, struct followed *to, int column, const char *label,
                        int inner, unsigned uses)
{
    struct followed *f = follow_label(w, label);
    if (f->is_end || w->one_step) {
        const char *name = f->schema && inner >= 0 ? f->schema->fields[inner].name : NULL;
        if (name)
            add_item(w, to,
                     (struct item){column, f->label, fst_arena_strdup(w->arena, name), uses});
        return;
    }
    for (size_t i = 0; i < f->n; i++) {
        struct item item = f->items[i];
        if (item.column != inner)
            continue;
        item.column = column;
        item.uses = fst_use_through(item.uses, uses);
        add_item(w, to, item);
    }
}

/* ---- One text -------------------------------------------------------------------------------- */

/* `{name.variant}` as inputs are called -> name.variant */
static const char *label_of(struct follower *w, const char *input)
{
    size_t n = strlen(input);
    if (n > 2 && input[0] == '{' && input[n - 1] == '}')
        return fst_arena_strndup(w->arena, input + 1, n - 2);
    return fst_arena_strdup(w->arena, input);
}

static enum fst_status find_table(void *arg, const char *const *parts, size_t n_parts,
                                  const struct fst_schema **schema, void **handle,
                                  struct fst_error *err)
{
    struct follower *w = arg;
    const struct fst_work *work = &w->bound->work;
    for (size_t i = 0; n_parts == 1 && i < work->n_inputs; i++) {
        const struct fst_input *in = &work->inputs[i];
        if (strcmp(in->name, parts[0]) != 0)
            continue;
        const char *label = label_of(w, in->name);
        *handle = (void *)label;
        *schema = in->query ? follow_label(w, label)->schema : in->schema;
        return *schema
                   ? FST_OK
                   : fst_fail(err, FST_EUNSUPPORTED, "the columns of %s are not known here", label);
    }
    return fst_fail(err, FST_EUNSUPPORTED, "the columns of table %s are known to Spark only",
                    parts[n_parts - 1]);
}

static void take_columns(struct followed *f, const struct fst_sql_plan *plan)
{
    f->schema = fst_schema_new();
    for (size_t i = 0; i < plan->root->n_columns; i++)
        fst_schema_add(f->schema, plan->root->columns[i].name, &plan->root->columns[i].type,
                       plan->root->columns[i].nullable);
}

static void take_origins(struct follower *w, struct followed *f, int column,
                         const struct fst_sql_plan *plan, const struct fst_origins *o)
{
    for (size_t i = 0; i < o->n; i++)
        add_through(w, f, column, plan->tables[o->items[i].table].handle, (int)o->items[i].column,
                    o->items[i].uses);
}

/* What leaves out rows of an input leaves them out here too. */
static enum fst_status follow_text(struct follower *w, struct followed *f, struct fst_arena *a)
{
    const char *sql = w->bound->work.sql;
    struct fst_sql_scope scope = {find_table, w};
    struct fst_sql_tree *tree;
    struct fst_sql_plan *plan;
    struct fst_plan_origins origins;
    FST_TRY(fst_sql_parse(a, sql, strlen(sql), &tree, NULL, w->err));
    FST_TRY(fst_sql_resolve(a, tree, &scope, &plan, NULL, w->err));
    FST_TRY(fst_sql_origins(a, plan, &origins, w->err));
    take_columns(f, plan);
    for (size_t i = 0; i < origins.n_columns; i++)
        take_origins(w, f, (int)i, plan, &origins.columns[i]);
    take_origins(w, f, ROWS, plan, &origins.rows);
    for (size_t i = 0; i < plan->n_tables; i++)
        add_through(w, f, ROWS, plan->tables[i].handle, ROWS, FST_USE_AS_IS);
    return FST_OK;
}

/* ---- Resources ------------------------------------------------------------------------------- */

/* A feature or label is some columns of another's rows. */
static enum fst_status bind_own_columns(struct follower *w, const struct fst_resource *r,
                                        const struct fst_bind_context *cx, struct fst_bound *out)
{
    const char *own[3];
    size_t n = fst__own_columns(r, own);
    struct fst_buf sql = FST_BUF_TEXT;
    fst__select_from(own, n, &sql);
    fst_buf_adds(&sql, "{{");
    fst_ref_text(&sql, &r->from);
    fst_buf_adds(&sql, "}}");
    enum fst_status status =
        fst_bind_text(cx, fst_buf_text(&sql), NULL, FST_BIND_CHECK, out, NULL, w->err);
    fst_buf_done(&sql);
    return status;
}

static enum fst_status follow_bound(struct follower *w, const struct fst_resource *r,
                                    struct followed *f)
{
    struct fst_bind_context cx = fst__bind_context(w->app, w->catalog);
    const struct fst_bound *before = w->bound;
    struct fst_bound bound;
    if (r->python || r->file)
        return fst_fail(w->err, FST_EUNSUPPORTED, "%s", r->file ? "a job" : "a Python function");
    bool picks = r->kind == FST_FEATURE || r->kind == FST_LABEL;
    FST_TRY(picks ? bind_own_columns(w, r, &cx, &bound)
                  : fst_bind_resource(&cx, r, NULL, FST_BIND_CHECK, &bound, NULL, w->err));
    struct fst_arena *a = fst_arena_new();
    w->bound = &bound;
    enum fst_status status = follow_text(w, f, a);
    w->bound = before;
    fst_arena_free(a);
    fst_bound_done(&bound);
    return status;
}

static void note(struct follower *w, const char *label, const char *why)
{
    char *line = fst_asprintf("%s is not looked into: %s", label, why);
    fst_map_set(w->notes, line, w);
    free(line);
}

/* An end: its rows as its place has them, where we can look. */
static void make_end(struct follower *w, struct followed *f)
{
    f->is_end = true;
    f->n = 0;
    fst_schema_free(f->schema);
    f->schema = NULL;
    struct fst_place p;
    if (fst_app_find(w->app, f->label, &p, NULL) != FST_OK)
        return;
    /* what has no rows yet would be asked of its engine */
    if (p.uri && fst_app_schema(w->app, f->label, &f->schema, NULL, NULL) != FST_OK)
        f->schema = NULL;
    fst_place_done(&p);
}

static struct followed *new_followed(struct follower *w, const char *key, const char *label)
{
    struct followed *f = fst_alloc(sizeof *f);
    f->label = fst_arena_strdup(w->arena, label);
    f->seen = fst_map_new();
    f->is_end = true; /* until it is looked into: a resource that reads itself ends there */
    fst_map_set(w->done, key, f);
    return f;
}

/* `key` is how it is asked for. */
static struct followed *follow(struct follower *w, const struct fst_resource *r, const char *key)
{
    struct followed *f = new_followed(w, key, fst_resource_label(r));
    if (r->kind == FST_SOURCE || w->depth >= MAX_DEPTH) {
        make_end(w, f);
        return f;
    }
    w->depth++;
    f->is_end = false;
    if (follow_bound(w, r, f) != FST_OK) {
        note(w, f->label, w->err->text);
        make_end(w, f);
    }
    w->depth--;
    return f;
}

static enum fst_status find_rows(struct follower *w, const char *label, struct fst_resource **out)
{
    static const enum fst_resource_kind kinds[] = {FST_SOURCE, FST_TRANSFORMATION,
                                                   FST_TRAINING_SET};
    struct fst_ref ref;
    FST_TRY(fst_ref_parse(w->arena, "input", label, &ref, w->err));
    enum fst_status status = FST_ENOTFOUND;
    for (size_t i = 0; status == FST_ENOTFOUND && i < FST_COUNT(kinds); i++)
        status = fst_catalog_find(w->catalog, kinds[i], ref.name, ref.variant, out, w->err);
    return status;
}

static struct followed *follow_label(struct follower *w, const char *label)
{
    struct followed *f = fst_map_get(w->done, label);
    struct fst_resource *r = NULL;
    if (f)
        return f;
    if (find_rows(w, label, &r) != FST_OK) {
        f = new_followed(w, label, label);
        note(w, label, w->err->text);
        return f;
    }
    f = follow(w, r, label);
    fst_resource_free(r);
    return f;
}

/* ---- The way of one column --------------------------------------------------------------------
 */

struct walk {
    struct follower *w;
    struct fst_column_way *out;
    struct fst_map *seen; /* label and column -> the row of it, + 1 */
    size_t cap;
};

static struct fst_column_step *add_step(struct walk *k, struct fst_column_step step)
{
    fst_grow(&k->out->items, &k->cap, k->out->n + 1, sizeof *k->out->items);
    k->out->items[k->out->n] = step;
    return &k->out->items[k->out->n++];
}

static size_t seen_at(struct walk *k, const char *label, const char *column, size_t now)
{
    char *key = fst_asprintf("%s\n%s", label, column ? column : "");
    size_t at = (size_t)(uintptr_t)fst_map_get(k->seen, key);
    if (!at && now)
        fst_map_set(k->seen, key, (void *)(uintptr_t)now);
    free(key);
    return at;
}

static int column_of(const struct followed *f, const char *name)
{
    for (size_t i = 0; f->schema && i < f->schema->n; i++)
        if (strcmp(f->schema->fields[i].name, name) == 0)
            return (int)i;
    return -2;
}

/* What `column` of f is made of, and what decides its rows; each column is opened once. */
static void walk_up(struct walk *k, const struct followed *f, int column, unsigned depth)
{
    for (size_t i = 0; i < f->n && !f->is_end && depth < MAX_DEPTH; i++) {
        const struct item *item = &f->items[i];
        if (item->column != column && item->column != ROWS)
            continue;
        const struct followed *in = fst_map_get(k->w->done, item->from);
        struct fst_column_step *step =
            add_step(k, (struct fst_column_step){depth, "", item->from, item->from_column, f->label,
                                                 item->uses, item->column == ROWS, false});
        step->again = seen_at(k, item->from, item->from_column, k->out->n) != 0;
        if (!step->again && !step->rows && in && in != f)
            walk_up(k, in, column_of(in, item->from_column), depth + 1);
    }
}

/* The columns of a resource below that are made of what was reached. */
static void walk_down(struct walk *k, const struct followed *f, const char *kind, const char *own)
{
    for (size_t i = 0; i < f->n; i++) {
        const struct item *item = &f->items[i];
        size_t from = seen_at(k, item->from, item->from_column, 0);
        if (!from)
            continue;
        const char *name = item->column == ROWS ? NULL : f->schema->fields[item->column].name;
        struct fst_column_step step = {
            k->out->items[from - 1].depth + 1,
            kind,
            f->label,
            fst_arena_strdup(k->w->arena, name),
            fst_arena_printf(k->w->arena, "%s.%s", item->from, item->from_column),
            item->uses,
            !name,
            false};
        add_step(k, step);
        if (name)
            seen_at(k, own, name, k->out->n);
    }
}

static enum fst_status walk_all_down(struct walk *k, const struct fst_resource *root)
{
    struct fst_neighbourhood n;
    struct fst__ordered o;
    struct follower *w = k->w;
    FST_TRY(fst_catalog_neighbourhood(w->catalog, root->id, false, true, 0, false, &n, w->err));
    enum fst_status status = fst__order_nodes(&n, &o, w->err);
    for (size_t i = 0; status == FST_OK && i < n.nodes.n; i++) {
        const struct fst_item *it = &n.nodes.items[o.order[i]];
        struct fst_resource *r;
        if (it->id == root->id || it->kind == FST_JOB ||
            fst_catalog_get(w->catalog, it->id, &r, NULL) != FST_OK)
            continue;
        /* nobody reads a feature by its label: it may be called like what is below it */
        bool picks = it->kind == FST_FEATURE || it->kind == FST_LABEL;
        char *key = fst_asprintf("%s%s", picks ? "\n" : "", fst_resource_label(r));
        struct followed *f = fst_map_get(w->done, key);
        walk_down(k, f ? f : follow(w, r, key), fst_kinds[it->kind].name, key);
        free(key);
        fst_resource_free(r);
    }
    fst_neighbourhood_done(&n);
    return status;
}

static void take_notes(struct follower *w, struct fst_column_way *out)
{
    out->notes = fst_arena_alloc(w->arena, (fst_map_size(w->notes) + 1) * sizeof *out->notes);
    for (size_t i = 0; i < fst_map_size(w->notes); i++)
        out->notes[out->n_notes++] = fst_arena_strdup(w->arena, fst_map_key_at(w->notes, i));
}

/* ---- The door -------------------------------------------------------------------------------- */

static void free_followed(void *value)
{
    struct followed *f = value;
    fst_schema_free(f->schema);
    fst_map_free(f->seen, NULL);
    free(f->items);
    free(f);
}

static int by_column(const void *a, const void *b)
{
    const struct item *x = a, *y = b;
    unsigned c = (unsigned)x->column, d = (unsigned)y->column; /* ROWS last */
    int order = (c > d) - (c < d);
    if (order == 0)
        order = strcmp(x->from, y->from);
    return order ? order : strcmp(x->from_column, y->from_column);
}

static void take_items(struct follower *w, const struct followed *f, struct fst_column_origins *out)
{
    out->items = fst_arena_alloc(w->arena, (f->n + 1) * sizeof *out->items);
    if (f->n)
        qsort(f->items, f->n, sizeof *f->items, by_column);
    for (size_t i = 0; i < f->n; i++) {
        const struct item *item = &f->items[i];
        const char *column = item->column == ROWS ? NULL : f->schema->fields[item->column].name;
        out->items[out->n++] = (struct fst_column_origin){
            fst_arena_strdup(w->arena, column), item->from, item->from_column, item->uses};
    }
    out->notes = fst_arena_alloc(w->arena, (fst_map_size(w->notes) + 1) * sizeof *out->notes);
    for (size_t i = 0; i < fst_map_size(w->notes); i++)
        out->notes[out->n_notes++] = fst_arena_strdup(w->arena, fst_map_key_at(w->notes, i));
}

enum fst_status fst_app_column_origins(struct fst_app *a, const struct fst_resource *r,
                                       struct fst_column_origins *out, struct fst_error *err)
{
    struct fst_error why = {0};
    struct follower w = {.app = a, .err = &why};
    if (r->kind == FST_PROVIDER || r->kind == FST_ENTITY || r->kind == FST_JOB)
        return fst_fail(err, FST_EINVAL, "%s: a %s has no columns", fst_resource_label(r),
                        fst_kinds[r->kind].name);
    FST_TRY(fst_app_take(a, &w.catalog, err));
    w.arena = fst_arena_new();
    w.done = fst_map_new();
    w.notes = fst_map_new();
    *out = (struct fst_column_origins){.arena = w.arena};
    /* a feature may be called like the transformation below it */
    struct followed *f = follow(&w, r, "");
    fst_app_give(a, w.catalog);
    take_items(&w, f, out);
    fst_map_free(w.done, free_followed);
    fst_map_free(w.notes, NULL);
    if (w.n_items <= MAX_ITEMS)
        return FST_OK;
    fst_column_origins_done(out);
    return fst_fail(err, FST_ENOMEM, "over %d origins of columns", MAX_ITEMS);
}

enum fst_status fst_app_column_way(struct fst_app *a, const struct fst_resource *r,
                                   const char *column, bool down, struct fst_column_way *out,
                                   struct fst_error *err)
{
    struct fst_error why = {0};
    struct follower w = {.app = a, .err = &why, .one_step = true};
    *out = (struct fst_column_way){0};
    if (r->kind == FST_PROVIDER || r->kind == FST_ENTITY || r->kind == FST_JOB)
        return fst_fail(err, FST_EINVAL, "%s: a %s has no columns", fst_resource_label(r),
                        fst_kinds[r->kind].name);
    FST_TRY(fst_app_take(a, &w.catalog, err));
    out->arena = w.arena = fst_arena_new();
    w.done = fst_map_new();
    w.notes = fst_map_new();
    struct walk k = {.w = &w, .out = out, .seen = fst_map_new()};
    bool picks = r->kind == FST_FEATURE || r->kind == FST_LABEL;
    struct followed *f = follow(&w, r, picks ? "" : fst_resource_label(r));
    int at = column_of(f, column);
    enum fst_status status = FST_OK;
    if (at < 0)
        status =
            fst_fail(err, FST_ENOTFOUND, "%s has no column %s that is known", f->label, column);
    if (status == FST_OK) {
        add_step(&k,
                 (struct fst_column_step){0, fst_kinds[r->kind].name, f->label,
                                          fst_arena_strdup(w.arena, column), "", 0, false, false});
        seen_at(&k, f->label, column, 1);
        if (!down)
            walk_up(&k, f, at, 1);
        else if ((status = walk_all_down(&k, r)) != FST_OK && err)
            *err = why;
    }
    fst_app_give(a, w.catalog);
    take_notes(&w, out);
    fst_map_free(w.done, free_followed);
    fst_map_free(w.notes, NULL);
    fst_map_free(k.seen, NULL);
    if (status != FST_OK)
        fst_column_way_done(out);
    return status;
}

void fst_column_way_done(struct fst_column_way *way)
{
    free(way->items);
    if (way->arena)
        fst_arena_free(way->arena);
    *way = (struct fst_column_way){0};
}

void fst_column_step_text(struct fst_buf *out, const struct fst_column_step *step)
{
    if (step->rows)
        fst_buf_adds(out, "decides rows: ");
    if (step->uses)
        fst_column_uses_text(out, step->uses);
    if (step->again)
        fst_buf_adds(out, ", as above");
}

void fst_column_origins_done(struct fst_column_origins *o)
{
    fst_arena_free(o->arena);
    *o = (struct fst_column_origins){0};
}

void fst_column_uses_text(struct fst_buf *out, unsigned uses)
{
    static const char *const words[] = {"as is", "computed", "filter", "order"};
    size_t n = 0;
    for (size_t i = 0; i < FST_COUNT(words); i++)
        if (uses & 1u << i)
            fst_buf_printf(out, "%s%s", n++ ? ", " : "", words[i]);
}
