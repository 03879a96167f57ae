/* Completion: inside {{…}} what is registered; elsewhere columns of the inputs (behind `alias.` of
 * that one), columns of the last right answer, functions, keywords. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "editor.h"
#include "firesteel/sql.h"
#include "firesteel/sql/tree.h"

#define MAX_ITEMS 400

static void add(struct editor_view *e, const char *text, const char *detail)
{
    if (e->n_items == MAX_ITEMS)
        return;
    fst_grow(&e->items, &e->cap_items, e->n_items + 1, sizeof *e->items);
    e->items[e->n_items++] = (struct fst_candidate){fst_arena_strdup(e->names, text),
                                                    fst_arena_strdup(e->names, detail)};
}

static bool starts(const char *text, const char *prefix, size_t n)
{
    return strncasecmp(text, prefix, n) == 0;
}

static void add_references(struct view *v, const char *prefix, size_t n)
{
    struct editor_view *e = v->state;
    static const enum fst_resource_kind kinds[] = {FST_SOURCE, FST_TRANSFORMATION};
    for (size_t k = 0; k < FST_COUNT(kinds); k++) {
        struct fst_list_query q = {.kind = (int)kinds[k], .all_variants = true, .limit = 1000};
        struct fst_items items;
        if (fst_catalog_list(v->wb->catalog, &q, &items, NULL) != FST_OK)
            continue;
        for (size_t i = 0; i < items.n; i++) {
            char *label = fst_asprintf("%s.%s}}", items.items[i].name, items.items[i].variant);
            if (starts(label, prefix, n))
                add(e, label, items.items[i].description ? items.items[i].description : "");
            free(label);
        }
        fst_items_done(&items);
    }
}

struct prefix {
    struct editor_view *e;
    const char *p;
    size_t n;
};

static void add_column(void *to, const char *name, const char *detail)
{
    const struct prefix *x = to;
    if (!starts(name, x->p, x->n))
        return;
    for (size_t i = 0; i < x->e->n_items; i++)
        if (strcmp(x->e->items[i].text, name) == 0)
            return;
    add(x->e, name, detail);
}

/* False = the word does not stand behind an alias. */
static bool add_inputs(struct view *v, const char *text, size_t n, size_t from, size_t at)
{
    struct prefix x = {v->state, text + from, at - from};
    struct fst_str alias = {0};
    size_t end = from && text[from - 1] == '.' ? from - 1 : from, start = end;
    while (end < from && start &&
           (isalnum((unsigned char)text[start - 1]) || text[start - 1] == '_'))
        start--;
    if (start < end)
        alias = (struct fst_str){text + start, end - start};
    editor_input_columns(v->wb, text, n, alias, add_column, &x);
    return alias.n && x.e->n_items;
}

static void add_words(struct editor_view *e, const char *prefix, size_t n)
{
    for (size_t i = 0; e->schema && i < e->schema->n; i++)
        add_column(&(struct prefix){e, prefix, n}, e->schema->fields[i].name, "column");
    for (size_t i = 0; i < fst_sql_n_functions; i++)
        if (n && starts(fst_sql_functions[i].name, prefix, n))
            add(e, fst_sql_functions[i].name, fst_sql_functions[i].help);
    for (const char *const *k = fst_sql_keywords(); n && *k; k++)
        if (starts(*k, prefix, n))
            add(e, *k, "keyword");
}

/* Where the word before the cursor begins; `in_reference` when that is inside of {{. */
static size_t word_start(const char *text, size_t at, bool *in_reference)
{
    size_t from = at;
    while (from && (isalnum((unsigned char)text[from - 1]) || strchr("_.-", text[from - 1])))
        from--;
    *in_reference = from >= 2 && text[from - 1] == '{' && text[from - 2] == '{';
    for (size_t i = from; !*in_reference && i < at; i++)
        if (strchr(".-", text[i]))
            from = i + 1;
    return from;
}

void editor_complete(struct view *v)
{
    struct editor_view *e = v->state;
    size_t n, at;
    bool in_reference;
    const char *text = fst_editor_text(e->editor, &n);
    fst_editor_place(e->editor, NULL, NULL, &at);
    size_t from = word_start(text, at, &in_reference);
    fst_editor_complete(e->editor, from, NULL, 0);
    fst_arena_free(e->names);
    e->names = fst_arena_new();
    e->n_items = 0;
    if (in_reference)
        add_references(v, text + from, at - from);
    else if (!add_inputs(v, text, n, from, at))
        add_words(e, text + from, at - from);
    if (e->n_items)
        fst_editor_complete(e->editor, from, e->items, e->n_items);
    else
        wb_say(v->wb, FST_ROLE_DIM, "nothing to complete here");
}

void editor_complete_refresh(struct view *v)
{
    struct editor_view *e = v->state;
    if (fst_editor_completing(e->editor)) {
        editor_complete(v);
        v->wb->message[0] = '\0';
    }
}
