/* A tree that opens and closes: sources with their columns, databases with their tables and theirs,
 * one thing's columns with their fields. What is inside is asked for when it is opened.
 *
 * Targets: none = all sources; "tables:[PROVIDER]"; else whatever can be looked at. */
#include <stdlib.h>
#include <string.h>

#include "view.h"

enum { MOST_SOURCES = 10000 };

struct node {
    char *name, *type;
    char *target; /* its columns can be asked for; NULL = they cannot */
    struct node **children;
    size_t n, cap;
    unsigned depth;
    bool open, asked, nullable;
    enum fst_role role;
};

struct tree {
    struct fst_list list;
    struct node *root;
    struct node **shown;
    size_t shown_cap;
    bool loading;
};

struct tree_task {
    struct task task;
    struct node *node; /* of the view; looked for again when the answer is there */
    char *target, *provider;
    bool tables;
    struct fst_schema *schema;
    struct fst_spark_tables found;
};

/* ---- Nodes ----------------------------------------------------------------------------------- */

static void free_node(struct node *n)
{
    if (!n)
        return;
    for (size_t i = 0; i < n->n; i++)
        free_node(n->children[i]);
    free(n->children);
    free(n->name);
    free(n->type);
    free(n->target);
    free(n);
}

static struct node *add_node(struct node *parent, const char *name, const char *type,
                             const char *target)
{
    struct node *n = fst_alloc(sizeof *n);
    *n = (struct node){.name = fst_strdup(name),
                       .type = fst_strdup(type),
                       .target = fst_strdup(target),
                       .depth = parent->depth + 1};
    fst_grow(&parent->children, &parent->cap, parent->n + 1, sizeof *parent->children);
    parent->children[parent->n++] = n;
    return n;
}

static void add_field(struct node *parent, const struct fst_field *f)
{
    struct fst_buf type = FST_BUF_TEXT;
    fst_type_text(&type, &f->type);
    if (f->type.n_fields) /* the rest are the nodes below it */
        type.p[type.n = strcspn(fst_buf_text(&type), "<")] = '\0';
    struct node *n = add_node(parent, f->name, fst_buf_text(&type), NULL);
    n->nullable = f->nullable;
    fst_buf_done(&type);
    for (size_t i = 0; i < f->type.n_fields; i++)
        add_field(n, &f->type.fields[i]);
}

static void add_tables(struct node *root, const struct fst_spark_tables *t, const char *provider)
{
    struct node *database = NULL;
    for (size_t i = 0; i < t->n; i++) {
        const struct fst_spark_table *it = &t->items[i];
        if (!database || strcmp(database->name, it->database) != 0)
            database = add_node(root, it->database, "database", NULL);
        if (!*it->name)
            continue;
        char *target = fst_asprintf("table:%s%s%s.%s", provider ? provider : "",
                                    provider ? "/" : "", it->database, it->name);
        add_node(database, it->name, it->temporary ? "temporary view" : "table", target);
        free(target);
    }
    for (size_t i = 0; i < root->n; i++)
        root->children[i]->open = root->n < 4;
}

static bool is_in(const struct node *tree, const struct node *n)
{
    if (tree == n)
        return true;
    for (size_t i = 0; i < tree->n; i++)
        if (is_in(tree->children[i], n))
            return true;
    return false;
}

/* ---- What is in sight ------------------------------------------------------------------------ */

/* With a filter: what fits, and what it is in. */
static bool fits(const struct node *n, const struct fst_filter *filter)
{
    const char *texts[] = {n->name, n->type};
    if (fst_filter_fits(filter, texts, FST_COUNT(texts)))
        return true;
    for (size_t i = 0; i < n->n; i++)
        if (fits(n->children[i], filter))
            return true;
    return false;
}

static void show(struct tree *t, struct node *n, const struct fst_filter *filter, bool all)
{
    for (size_t i = 0; i < n->n; i++) {
        struct node *child = n->children[i];
        if (!fits(child, filter))
            continue;
        fst_grow(&t->shown, &t->shown_cap, t->list.n_rows + 1, sizeof *t->shown);
        t->shown[t->list.n_rows++] = child;
        if (child->open || all)
            show(t, child, filter, all);
    }
}

static struct node *node_at(const struct tree *t, size_t row)
{
    return row < t->list.n_rows ? t->shown[row] : NULL;
}

static void reshow(struct tree *t)
{
    const struct node *keep = node_at(t, t->list.cursor);
    struct fst_filter *filter = fst_filter_new(t->list.filter);
    t->list.n_rows = 0;
    show(t, t->root, filter, t->list.filter[0] && t->list.filter[0] != '!');
    fst_filter_free(filter);
    for (size_t i = 0; i < t->list.n_rows; i++)
        if (t->shown[i] == keep)
            t->list.cursor = i;
    fst_list_clamp(&t->list);
}

static const struct fst_list_column columns[] = {
    {"name", 24, 60, false}, {"type", 16, 0, false}, {"nullable", 8, 8, false}};

static enum fst_role cell(void *arg, size_t row, size_t col, struct fst_buf *out)
{
    const struct node *n = node_at(arg, row);
    if (!n)
        return FST_ROLE_TEXT;
    if (col == 0) {
        bool opens = n->n > 0 || (n->target && !n->asked);
        for (unsigned i = 1; i < n->depth; i++)
            fst_buf_adds(out, "  ");
        fst_buf_printf(out, "%s%s", opens ? n->open ? "- " : "+ " : "  ", n->name);
        return n->role;
    }
    if (col == 1)
        fst_buf_adds(out, n->type ? n->type : "");
    else if (n->nullable)
        fst_buf_adds(out, "yes");
    return FST_ROLE_DIM;
}

/* ---- Asking ---------------------------------------------------------------------------------- */

static void work(struct task *t)
{
    struct tree_task *a = (struct tree_task *)t;
    struct fst_problem problem = {0};
    if (a->tables)
        t->status = fst_app_tables(t->wb->app, a->provider, NULL, fst_job_cancelled, &t->job,
                                   &a->found, &t->err);
    else
        t->status = fst_app_schema(t->wb->app, a->target, &a->schema, &problem, &t->err);
}

static void done(struct task *t, struct view *v)
{
    struct tree_task *a = (struct tree_task *)t;
    if (!v)
        return;
    struct tree *tree = v->state;
    tree->loading = false;
    if (!is_in(tree->root, a->node))
        return;
    if (t->status != FST_OK) {
        a->node->asked = a->node->open = false;
        wb_say_error(t->wb, &t->err);
    } else if (a->tables) {
        add_tables(a->node, &a->found, a->provider);
    } else {
        for (size_t i = 0; i < a->schema->n; i++)
            add_field(a->node, &a->schema->fields[i]);
    }
    reshow(tree);
}

static void release(struct task *t)
{
    struct tree_task *a = (struct tree_task *)t;
    free(a->target);
    free(a->provider);
    fst_schema_free(a->schema);
    fst_spark_tables_done(&a->found);
}

static void ask(struct view *v, struct node *n, const char *target)
{
    struct tree *tree = v->state;
    struct tree_task *t = wb_task_new(v->wb, v, sizeof *t, work, done, release);
    t->node = n;
    t->tables = strncmp(target, "tables:", 7) == 0;
    t->target = fst_strdup(target);
    t->provider = t->tables && target[7] ? fst_strdup(target + 7) : NULL;
    n->asked = true;
    tree->loading = true;
    wb_task_start(&t->task, t->tables ? "listing tables" : "looking at columns");
}

static void add_sources(struct view *v, struct node *root)
{
    struct fst_list_query q = {.kind = FST_SOURCE, .limit = MOST_SOURCES};
    struct fst_items items;
    struct fst_error err;
    if (fst_catalog_list(v->wb->catalog, &q, &items, &err) != FST_OK) {
        wb_say_error(v->wb, &err);
        return;
    }
    for (size_t i = 0; i < items.n; i++) {
        char *label = fst_asprintf("%s.%s", items.items[i].name, items.items[i].variant);
        char *target = fst_asprintf("source/%s", label);
        add_node(root, label, "source", target);
        free(target);
        free(label);
    }
    fst_items_done(&items);
}

/* ---- The view -------------------------------------------------------------------------------- */

static void open(struct view *v)
{
    struct tree *t = v->state;
    t->list = (struct fst_list){
        .columns = columns, .n_columns = FST_COUNT(columns), .cell = cell, .arg = t};
    t->root = fst_alloc(sizeof *t->root);
    if (v->target && *v->target)
        ask(v, t->root, v->target);
    else
        add_sources(v, t->root);
    reshow(t);
}

static void close(struct view *v)
{
    struct tree *t = v->state;
    free_node(t->root);
    free(t->shown);
}

static void open_node(struct view *v, struct node *n)
{
    struct tree *t = v->state;
    n->open = true;
    if (n->target && !n->asked)
        ask(v, n, n->target);
    reshow(t);
}

/* To the left: close it, or go to what it is in. */
static void leave_node(struct tree *t, struct node *n)
{
    if (n->open && n->n) {
        n->open = false;
        reshow(t);
        return;
    }
    while (t->list.cursor > 0 && node_at(t, t->list.cursor)->depth >= n->depth)
        t->list.cursor--;
}

static void open_all(struct node *n, bool is_open)
{
    for (size_t i = 0; i < n->n; i++) {
        n->children[i]->open = is_open && n->children[i]->n;
        open_all(n->children[i], is_open);
    }
}

static void look_at(struct view *v, const struct node *n)
{
    if (n->target)
        wb_open(v->wb, "preview", n->target);
    else
        wb_say(v->wb, FST_ROLE_DIM, "%s has no rows of its own", n->name);
}

static bool action(struct view *v, const char *name)
{
    struct tree *t = v->state;
    struct node *n = node_at(t, t->list.cursor);
    if (fst_list_action(&t->list, name))
        return true;
    if (!n || strncmp(name, "tree.", 5) != 0)
        return false;
    if (strcmp(name, "tree.open") == 0 && !n->open)
        open_node(v, n);
    else if (strcmp(name, "tree.close") == 0 || strcmp(name, "tree.open") == 0)
        leave_node(t, n);
    else if (strcmp(name, "tree.in") == 0 && !n->open)
        open_node(v, n);
    else if (strcmp(name, "tree.preview") == 0)
        look_at(v, n);
    else if (strcmp(name, "tree.copy") == 0)
        wb_copy(v->wb, n->name, n->name, strlen(n->name));
    else if (strcmp(name, "tree.all") == 0 || strcmp(name, "tree.none") == 0) {
        open_all(t->root, strcmp(name, "tree.all") == 0);
        reshow(t);
    }
    return true;
}

static void filter(struct view *v, const char *text)
{
    struct tree *t = v->state;
    snprintf(t->list.filter, sizeof t->list.filter, "%s", text);
    reshow(t);
}

static void title(struct view *v, struct fst_buf *out)
{
    const struct tree *t = v->state;
    if (!v->target || !*v->target)
        fst_buf_adds(out, "Tree of sources");
    else if (strncmp(v->target, "tables:", 7) == 0)
        fst_buf_printf(out, "Tables of %s", v->target[7] ? v->target + 7 : "the default provider");
    else
        fst_buf_printf(out, "columns of %s", v->target);
    fst_buf_printf(out, "  %zu/%zu", t->list.n_rows ? t->list.cursor + 1 : 0, t->list.n_rows);
    if (t->list.filter[0])
        fst_buf_printf(out, "  filter: %s", t->list.filter);
}

static void draw(struct view *v, struct fst_surface *s)
{
    struct tree *t = v->state;
    fst_list_draw(&t->list, s);
    if (!t->loading && t->list.n_rows == 0 && s->rows > 3)
        fst_draws(s, 2, 2, FST_ROLE_DIM, t->list.filter[0] ? "nothing found" : "nothing in it");
}

const struct view_ops view_tree = {
    .name = "tree",
    .help = "sources, or what is in one thing, as a tree that opens: tree [TARGET]",
    .scopes = {"tree", "list", NULL},
    .state_size = sizeof(struct tree),
    .open = open,
    .close = close,
    .action = action,
    .filter = filter,
    .title = title,
    .draw = draw,
};
