/* Verbs that read the catalog: list, search, show, lineage. */
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "firesteel/graph.h"

static const char *age(struct fst_buf *b, int64_t us)
{
    fst_buf_clear(b);
    if (us)
        fst_timestamp_iso(b, us);
    return us ? fst_buf_text(b) : NULL;
}

static const char *state_word(const struct fst_item *item)
{
    if (item->kind == FST_PROVIDER || item->kind == FST_ENTITY)
        return NULL;
    return fst_states[item->state].name;
}

static int print_items(struct fst_cli *c, const struct fst_items *items)
{
    static const struct cli_column columns[] = {
        {"type", FST_STRING},  {"name", FST_STRING},  {"variant", FST_STRING},
        {"state", FST_STRING}, {"stale", FST_STRING}, {"owner", FST_STRING},
        {"tags", FST_STRING},  {"ready", FST_STRING}, {"description", FST_STRING}};
    struct cli_rows *rows = cli_rows_new(c, columns, FST_COUNT(columns));
    struct fst_buf when = FST_BUF(64);
    for (size_t i = 0; i < items->n; i++) {
        const struct fst_item *it = &items->items[i];
        cli_row(rows, (const char *const[]){fst_kinds[it->kind].name, it->name,
                                            *it->variant ? it->variant : NULL, state_word(it),
                                            it->stale ? "stale" : NULL, it->owner, it->tags,
                                            age(&when, it->ran_us),
                                            it->found && *it->found ? it->found : it->description});
    }
    fst_buf_done(&when);
    int code = cli_rows_finish(c, rows);
    if (items->total > (int64_t)items->n)
        cli_note("%zu of %lld", items->n, (long long)items->total);
    return code;
}

int cli_list(struct fst_cli *c)
{
    enum fst_resource_kind kind = FST_SOURCE;
    struct fst_catalog *catalog;
    struct fst_items items;
    struct fst_error err;
    uint64_t limit = 0;
    if (c->n_operands && !fst_kind_named(c->operands[0], &kind)) {
        const char *names[FST_RESOURCE_KINDS_];
        for (size_t i = 0; i < FST_RESOURCE_KINDS_; i++)
            names[i] = fst_kinds[i].plural;
        const char *nearest = fst_text_nearest(c->operands[0], names, FST_RESOURCE_KINDS_);
        return cli_usage(c, "there is no type %s%s%s", c->operands[0],
                         nearest ? "; did you mean " : "", nearest ? nearest : "");
    }
    if (!cli_count(c, "--limit", &limit))
        return 2;
    struct fst_list_query q = {.kind = c->n_operands ? (int)kind : -1,
                               .filter = cli_option(c, "--filter"),
                               .tag = cli_option(c, "--tag"),
                               .all_variants = cli_option(c, "--all") != NULL,
                               .limit = (int64_t)limit};
    if (fst_app_take(c->app, &catalog, &err) != FST_OK)
        return cli_fail(&err);
    enum fst_status status = fst_catalog_list(catalog, &q, &items, &err);
    fst_app_give(c->app, catalog);
    if (status != FST_OK)
        return cli_fail(&err);
    int code = print_items(c, &items);
    fst_items_done(&items);
    return code;
}

int cli_search(struct fst_cli *c)
{
    struct fst_buf text = FST_BUF(4096);
    struct fst_catalog *catalog;
    struct fst_items items;
    struct fst_error err;
    uint64_t limit = 50;
    if (!cli_count(c, "--limit", &limit))
        return 2;
    for (size_t i = 0; i < c->n_operands; i++)
        fst_buf_printf(&text, "%s%s", i ? " " : "", c->operands[i]);
    enum fst_status status = fst_app_take(c->app, &catalog, &err);
    if (status == FST_OK) {
        status = fst_catalog_search(catalog, fst_buf_text(&text), (int64_t)limit, &items, &err);
        fst_app_give(c->app, catalog);
    }
    fst_buf_done(&text);
    if (status != FST_OK)
        return cli_fail(&err);
    int code = print_items(c, &items);
    fst_items_done(&items);
    return code;
}

/* ---- show ------------------------------------------------------------------------------------ */

static void show_list(struct fst_cli *c, const char *key, char *const *words, size_t n, bool json,
                      struct fst_json_writer *w)
{
    (void)c;
    if (json) {
        fst_jw_list(w, key);
        for (size_t i = 0; i < n; i++)
            fst_jw_string(w, NULL, words[i]);
        fst_jw_end(w, ']');
    } else if (n) {
        struct fst_buf line = FST_BUF_TEXT;
        for (size_t i = 0; i < n; i++)
            fst_buf_printf(&line, "%s%s", i ? " " : "", words[i]);
        fst_buf_printf(w->out, "%-12s %s\n", key, fst_buf_text(&line));
        fst_buf_done(&line);
    }
}

static void show_json(struct fst_buf *out, const struct fst_resource *r)
{
    struct fst_json_writer w = fst_json_writer(out);
    struct fst_buf created = FST_BUF(64);
    char *spec = fst_resource_spec(r);
    fst_jw_object(&w, NULL);
    fst_jw_string(&w, "type", fst_kinds[r->kind].name);
    fst_jw_string(&w, "name", r->name);
    fst_jw_string(&w, "variant", *r->variant ? r->variant : NULL);
    fst_jw_string(&w, "owner", r->owner);
    fst_jw_string(&w, "description", r->description);
    show_list(NULL, "tags", (char *const *)r->tags, r->n_tags, true, &w);
    fst_jw_object(&w, "properties");
    for (size_t i = 0; i < r->n_properties; i++)
        fst_jw_string(&w, r->properties[i].key, r->properties[i].value);
    fst_jw_end(&w, '}');
    fst_jw_string(&w, "created", age(&created, r->created_us));
    fst_jw_bool(&w, "default", r->is_default);
    fst_jw_bool(&w, "archived", r->archived);
    fst_jw_raw(&w, "definition", spec);
    fst_jw_end(&w, '}');
    fst_buf_addc(out, '\n');
    free(spec);
    fst_buf_done(&created);
}

int cli_show(struct fst_cli *c)
{
    struct fst_place p;
    struct fst_error err;
    struct fst_buf out = FST_BUF_TEXT;
    if (fst_app_find(c->app, c->operands[0], &p, &err) != FST_OK)
        return cli_fail(&err);
    if (!p.resource) {
        fst_place_done(&p);
        return cli_usage(c, "%s is a path: see preview, schema and info", c->operands[0]);
    }
    if (cli_is_json(c)) {
        show_json(&out, p.resource);
    } else {
        struct fst_buf created = FST_BUF(64);
        fst_buf_printf(&out, "# %s %s, created %s%s\n", fst_kinds[p.resource->kind].name,
                       fst_resource_label(p.resource), age(&created, p.resource->created_us),
                       p.resource->is_default ? ", the default variant" : "");
        if (p.why)
            fst_buf_printf(&out, "# %s\n", p.why);
        else if (p.table)
            fst_buf_printf(&out, "# rows: table %s at %s\n", p.table,
                           p.provider ? p.provider : "the default provider");
        else if (p.uri)
            fst_buf_printf(&out, "# rows: %s\n", p.uri);
        fst_buf_done(&created);
        fst_define_export(&out, (const struct fst_resource *const *)&p.resource, 1);
    }
    cli_text(fst_buf_text(&out));
    fst_buf_done(&out);
    fst_place_done(&p);
    return 0;
}

/* ---- lineage --------------------------------------------------------------------------------- */

static uint32_t index_of(const struct fst_items *items, int64_t id)
{
    uint32_t i = 0;
    while (i < items->n && items->items[i].id != id)
        i++;
    return i;
}

static const char *label_of(struct fst_arena *a, const struct fst_item *it)
{
    const char *stale = it->stale ? " stale" : "";
    if (it->kind == FST_PROVIDER || it->kind == FST_ENTITY)
        return it->name;
    return fst_arena_printf(a, "%s.%s [%s%s]", it->name, it->variant, fst_states[it->state].name,
                            stale);
}

static int draw(struct fst_cli *c, const struct fst_neighbourhood *n)
{
    struct fst_arena *a = n->nodes.arena;
    struct fst_edge *edges = fst_arena_alloc(a, (n->n_edges + 1) * sizeof *edges);
    const char **labels = fst_arena_alloc(a, (n->nodes.n + 1) * sizeof *labels);
    int *widths = fst_arena_alloc(a, (n->nodes.n + 1) * sizeof *widths);
    for (size_t i = 0; i < n->n_edges; i++)
        edges[i] = (struct fst_edge){index_of(&n->nodes, n->edges[i].from),
                                     index_of(&n->nodes, n->edges[i].to)};
    for (size_t i = 0; i < n->nodes.n; i++) {
        labels[i] = label_of(a, &n->nodes.items[i]);
        widths[i] = (int)fst_text_width(labels[i], strlen(labels[i]));
    }
    struct fst_graph g = {(uint32_t)n->nodes.n, edges, n->n_edges};
    struct fst_layout layout;
    struct fst_error err;
    if (fst_graph_layout(&g, widths, &layout, &err) != FST_OK)
        return cli_fail(&err);
    struct fst_buf out = FST_BUF_TEXT;
    fst_layout_text(&layout, &g, labels, cli_option(c, "--ascii") != NULL, &out);
    cli_text(fst_buf_text(&out));
    fst_buf_done(&out);
    fst_layout_done(&layout);
    return 0;
}

static void put_quoted(const char *text)
{
    putchar('"');
    for (; *text; text++) {
        if (*text == '"' || *text == '\\')
            putchar('\\');
        putchar(*text);
    }
    putchar('"');
}

/* For Graphviz: a box each, named by its label, with its kind as class. */
static int print_dot(const struct fst_neighbourhood *n)
{
    puts("digraph lineage {\n  rankdir=LR;\n  node [shape=box];");
    for (size_t i = 0; i < n->nodes.n; i++) {
        const struct fst_item *it = &n->nodes.items[i];
        printf("  n%zu [label=", i);
        put_quoted(label_of(n->nodes.arena, it));
        printf(", class=\"%s\"];\n", fst_kinds[it->kind].name);
    }
    for (size_t i = 0; i < n->n_edges; i++)
        printf("  n%u -> n%u;\n", index_of(&n->nodes, n->edges[i].from),
               index_of(&n->nodes, n->edges[i].to));
    puts("}");
    return 0;
}

static int edge_rows(struct fst_cli *c, const struct fst_neighbourhood *n)
{
    static const struct cli_column columns[] = {{"from", FST_STRING},
                                                {"from_type", FST_STRING},
                                                {"to", FST_STRING},
                                                {"to_type", FST_STRING},
                                                {"role", FST_STRING}};
    struct cli_rows *rows = cli_rows_new(c, columns, FST_COUNT(columns));
    if (n->n_edges == 0 && n->nodes.n == 1) { /* a picture of one box has one row */
        const struct fst_item *it = n->nodes.items;
        char *label = fst_asprintf("%s%s%s", it->name, *it->variant ? "." : "", it->variant);
        cli_row(rows, (const char *const[]){label, fst_kinds[it->kind].name, NULL, NULL, NULL});
        free(label);
    }
    for (size_t i = 0; i < n->n_edges; i++) {
        const struct fst_item *from = &n->nodes.items[index_of(&n->nodes, n->edges[i].from)];
        const struct fst_item *to = &n->nodes.items[index_of(&n->nodes, n->edges[i].to)];
        char *a = fst_asprintf("%s%s%s", from->name, *from->variant ? "." : "", from->variant);
        char *b = fst_asprintf("%s%s%s", to->name, *to->variant ? "." : "", to->variant);
        cli_row(rows, (const char *const[]){a, fst_kinds[from->kind].name, b,
                                            fst_kinds[to->kind].name, n->edges[i].role});
        free(a);
        free(b);
    }
    return cli_rows_finish(c, rows);
}

static int column_rows(struct fst_cli *c, const struct fst_column_origins *o)
{
    static const struct cli_column columns[] = {{"column", FST_STRING},
                                                {"from", FST_STRING},
                                                {"from_column", FST_STRING},
                                                {"use", FST_STRING}};
    struct cli_rows *rows = cli_rows_new(c, columns, FST_COUNT(columns));
    for (size_t i = 0; i < o->n; i++) {
        const struct fst_column_origin *it = &o->items[i];
        struct fst_buf uses = FST_BUF(128);
        fst_column_uses_text(&uses, it->uses);
        cli_row(rows, (const char *const[]){it->column ? it->column : "(rows)", it->from,
                                            it->from_column, fst_buf_text(&uses)});
        fst_buf_done(&uses);
    }
    int code = cli_rows_finish(c, rows);
    for (size_t i = 0; i < o->n_notes; i++)
        cli_note("firesteel: %s", o->notes[i]);
    return code;
}

static int lineage_of_columns(struct fst_cli *c)
{
    struct fst_place p;
    struct fst_column_origins origins;
    struct fst_error err;
    enum fst_status status = fst_app_find(c->app, c->operands[0], &p, &err);
    if (status != FST_OK)
        return cli_fail(&err);
    status = p.resource ? fst_app_column_origins(c->app, p.resource, &origins, &err)
                        : fst_fail(&err, FST_ENOTFOUND, "%s is not registered", c->operands[0]);
    fst_place_done(&p);
    if (status != FST_OK)
        return cli_fail(&err);
    int code = column_rows(c, &origins);
    fst_column_origins_done(&origins);
    return code;
}

static int way_rows(struct fst_cli *c, const struct fst_column_way *way)
{
    static const struct cli_column columns[] = {{"depth", FST_LONG},  {"name", FST_STRING},
                                                {"type", FST_STRING}, {"column", FST_STRING},
                                                {"use", FST_STRING},  {"of", FST_STRING}};
    struct cli_rows *rows = cli_rows_new(c, columns, FST_COUNT(columns));
    for (size_t i = 0; i < way->n; i++) {
        const struct fst_column_step *it = &way->items[i];
        struct fst_buf use = FST_BUF(256);
        char depth[16];
        snprintf(depth, sizeof depth, "%u", it->depth);
        fst_column_step_text(&use, it);
        cli_row(rows,
                (const char *const[]){depth, it->label, *it->kind ? it->kind : NULL,
                                      it->column ? it->column : "(rows)",
                                      use.n ? fst_buf_text(&use) : NULL, *it->of ? it->of : NULL});
        fst_buf_done(&use);
    }
    int code = cli_rows_finish(c, rows);
    for (size_t i = 0; i < way->n_notes; i++)
        cli_note("firesteel: %s", way->notes[i]);
    return code;
}

static int lineage_of_column(struct fst_cli *c)
{
    struct fst_place p;
    struct fst_column_way way;
    struct fst_error err;
    enum fst_status status = fst_app_find(c->app, c->operands[0], &p, &err);
    if (status != FST_OK)
        return cli_fail(&err);
    status = p.resource ? fst_app_column_way(c->app, p.resource, cli_option(c, "--column"),
                                             cli_option(c, "--down") != NULL, &way, &err)
                        : fst_fail(&err, FST_ENOTFOUND, "%s is not registered", c->operands[0]);
    fst_place_done(&p);
    if (status != FST_OK)
        return cli_fail(&err);
    int code = way_rows(c, &way);
    fst_column_way_done(&way);
    return code;
}

/* What must run again, in order. */
static int lineage_impact(struct fst_cli *c)
{
    static const struct cli_column columns[] = {
        {"name", FST_STRING},  {"type", FST_STRING},    {"state", FST_STRING},
        {"stale", FST_STRING}, {"runs", FST_STRING},    {"took_ms", FST_LONG},
        {"why", FST_STRING},   {"readers", FST_STRING}, {"hash", FST_STRING}};
    struct fst_impact impact;
    struct fst_error err;
    struct fst_buf total = FST_BUF(256);
    if (fst_app_impact(c->app, c->operands[0], &impact, &err) != FST_OK)
        return cli_fail(&err);
    struct cli_rows *rows = cli_rows_new(c, columns, FST_COUNT(columns));
    for (size_t i = 0; i < impact.n; i++) {
        const struct fst_impact_node *it = &impact.items[i];
        char took[32], hash[13];
        snprintf(took, sizeof took, "%lld", (long long)(it->took_us / 1000));
        snprintf(hash, sizeof hash, "%.12s", it->hash);
        cli_row(rows, (const char *const[]){it->label, fst_kinds[it->kind].name,
                                            fst_states[it->state].name, it->stale ? "stale" : NULL,
                                            it->runs ? "runs" : NULL,
                                            it->runs && it->took_us >= 0 ? took : NULL, it->why,
                                            *it->readers ? it->readers : NULL, hash});
    }
    int code = cli_rows_finish(c, rows);
    fst_impact_total(&impact, &total);
    cli_note("%s", fst_buf_text(&total));
    fst_buf_done(&total);
    fst_impact_done(&impact);
    return code;
}

int cli_lineage(struct fst_cli *c)
{
    if (cli_option(c, "--impact"))
        return lineage_impact(c);
    if (cli_option(c, "--column"))
        return lineage_of_column(c);
    if (cli_option(c, "--columns"))
        return lineage_of_columns(c);
    struct fst_place p;
    struct fst_catalog *catalog;
    struct fst_neighbourhood n;
    struct fst_error err;
    bool up = cli_option(c, "--up") != NULL, down = cli_option(c, "--down") != NULL;
    enum fst_status status = fst_app_find(c->app, c->operands[0], &p, &err);
    if (status != FST_OK)
        return cli_fail(&err);
    if (!p.resource)
        status = fst_fail(&err, FST_ENOTFOUND, "%s is not registered", c->operands[0]);
    if (status == FST_OK)
        status = fst_app_take(c->app, &catalog, &err);
    if (status == FST_OK) {
        bool whole = p.resource->kind == FST_PROVIDER || p.resource->kind == FST_ENTITY;
        status = fst_catalog_neighbourhood(catalog, p.resource->id, up || !down, down || !up, 0,
                                           whole, &n, &err);
        fst_app_give(c->app, catalog);
    }
    fst_place_done(&p);
    if (status != FST_OK)
        return cli_fail(&err);
    int code = strcmp(c->output, "table") == 0 ? draw(c, &n)
               : strcmp(c->output, "dot") == 0 ? print_dot(&n)
                                               : edge_rows(c, &n);
    fst_neighbourhood_done(&n);
    return code;
}
