/* A nested value as a tree of lines: structs, lists and maps with what is in them below, indented,
 * and a count; documents (variants, text that is JSON) the same. Nodes lie in the order in which
 * they are shown; folding passes over those of a subtree. */
#include <stdlib.h>
#include <string.h>

#include "value.h"

#define MOST_NODES 100000
#define INDENT 2

static struct value_node *add(struct value_tree *t, uint32_t depth, const char *name)
{
    fst_grow(&t->nodes, &t->cap, t->n + 1, sizeof *t->nodes);
    struct value_node *node = &t->nodes[t->n++];
    *node = (struct value_node){.depth = depth, .name = name, .end = t->n};
    return node;
}

/* One line says so for all that is left out. */
static bool is_full(struct value_tree *t, uint32_t depth)
{
    if (t->n < MOST_NODES)
        return false;
    if (!t->is_cut)
        add(t, depth, NULL)->is_rest = true;
    t->is_cut = true;
    return true;
}

static const char *number_name(struct value_tree *t, size_t i)
{
    return fst_arena_printf(t->arena, "[%zu]", i);
}

/* ---- Of columns ------------------------------------------------------------------------------ */

static void add_column(struct value_tree *t, const struct fst_column *c, size_t row, uint32_t depth,
                       const char *name);

static const char *key_name(struct value_tree *t, const struct fst_column *keys, size_t i)
{
    struct fst_buf text = FST_BUF(4096);
    if (!fst_cell_text(&text, keys, i, FST_CELL_SCREEN))
        fst_buf_adds(&text, "NULL");
    const char *name = fst_arena_strdup(t->arena, fst_buf_text(&text));
    fst_buf_done(&text);
    return name;
}

static void add_items(struct value_tree *t, const struct fst_column *c, size_t row, uint32_t depth)
{
    bool is_map = c->type.kind == FST_MAP;
    size_t from = c->offsets[row], end = c->offsets[row + 1];
    for (size_t i = from; i < end && !is_full(t, depth); i++)
        add_column(t, &c->children[is_map], i, depth,
                   is_map ? key_name(t, &c->children[0], i) : number_name(t, i - from));
}

static void add_fields(struct value_tree *t, const struct fst_column *c, size_t row, uint32_t depth)
{
    for (size_t i = 0; i < c->type.n_fields && !is_full(t, depth); i++)
        add_column(t, &c->children[i], row, depth, c->type.fields[i].name);
}

static void add_column(struct value_tree *t, const struct fst_column *c, size_t row, uint32_t depth,
                       const char *name)
{
    size_t at = t->n;
    struct value_node *node = add(t, depth, name);
    node->column = c;
    node->row = row;
    if (!fst_type_is_nested(&c->type) || fst_column_is_null(c, row))
        return;
    bool is_struct = c->type.kind == FST_STRUCT;
    node->n = is_struct ? c->type.n_fields : c->offsets[row + 1] - c->offsets[row];
    node->folds = true;
    if (is_struct)
        add_fields(t, c, row, depth + 1);
    else
        add_items(t, c, row, depth + 1);
    t->nodes[at].end = t->n;
}

void value_tree_of_column(struct value_tree *t, const struct fst_column *c, size_t row)
{
    t->arena = fst_arena_new();
    add_column(t, c, row, 0, NULL);
    value_tree_show(t);
}

/* ---- Of documents ---------------------------------------------------------------------------- */

static void add_doc(struct value_tree *t, const struct fst_doc *doc, uint32_t depth,
                    const char *name)
{
    size_t at = t->n;
    struct value_node *node = add(t, depth, name);
    bool is_list = doc->kind == FST_DOC_LIST;
    node->doc = doc;
    node->n = doc->n;
    node->folds = is_list || doc->kind == FST_DOC_MAP;
    for (size_t i = 0; i < doc->n && !is_full(t, depth + 1); i++)
        add_doc(t, &doc->items[i], depth + 1, is_list ? number_name(t, i) : doc->items[i].key);
    t->nodes[at].end = t->n;
}

void value_tree_of_doc(struct value_tree *t, const struct fst_doc *doc)
{
    t->arena = fst_arena_new();
    add_doc(t, doc, 0, NULL);
    value_tree_show(t);
}

/* ---- What is shown --------------------------------------------------------------------------- */

void value_tree_show(struct value_tree *t)
{
    t->n_shown = 0;
    for (size_t i = 0; i < t->n; i = t->nodes[i].is_folded ? t->nodes[i].end : i + 1) {
        fst_grow(&t->shown, &t->shown_cap, t->n_shown + 1, sizeof *t->shown);
        t->shown[t->n_shown++] = i;
    }
}

static const char *word_of(const struct value_node *node)
{
    if (node->doc)
        return node->doc->kind == FST_DOC_LIST ? "list" : "map";
    return node->column->type.kind == FST_ARRAY ? "list"
           : node->column->type.kind == FST_MAP ? "map"
                                                : "struct";
}

static void add_count(struct fst_buf *out, const struct value_node *node)
{
    const char *word = word_of(node);
    fst_buf_printf(out, "%s of ", word);
    fst_count_text(out, (int64_t)node->n);
    if (strcmp(word, "struct") == 0)
        fst_buf_adds(out, node->n == 1 ? " field" : " fields");
}

static enum fst_role doc_text(const struct fst_doc *doc, struct fst_buf *out)
{
    if (doc->kind == FST_DOC_NULL)
        fst_buf_adds(out, "null");
    else if (doc->kind == FST_DOC_STRING)
        fst_json_quote(out, doc->text.p, doc->text.n);
    else
        fst_buf_add(out, doc->text.p, doc->text.n);
    return doc->kind == FST_DOC_NULL     ? FST_ROLE_NULL
           : doc->kind == FST_DOC_NUMBER ? FST_ROLE_NUMBER
                                         : FST_ROLE_TEXT;
}

static enum fst_role leaf_text(const struct value_node *node, struct fst_buf *out)
{
    const struct fst_column *c = node->column;
    if (c->unreadable) {
        fst_buf_printf(out, "(%s)", c->unreadable);
        return FST_ROLE_WARN;
    }
    if (fst_column_is_null(c, node->row)) {
        fst_buf_adds(out, "NULL");
        return FST_ROLE_NULL;
    }
    if (c->type.kind == FST_STRING) {
        struct fst_str text = fst_column_bytes(c, node->row);
        fst_json_quote(out, text.p, text.n);
        return FST_ROLE_TEXT;
    }
    fst_cell_text(out, c, node->row, FST_CELL_PLAIN);
    return fst_type_is_right_aligned(&c->type) ? FST_ROLE_NUMBER : FST_ROLE_TEXT;
}

/* Raw: whoever draws it makes it safe. */
enum fst_role value_node_text(const struct value_tree *t, size_t i, bool ascii, struct fst_buf *out)
{
    const struct value_node *node = &t->nodes[i];
    enum fst_role role = FST_ROLE_TEXT;
    fst_buf_clear(out);
    fst_buf_repeat(out, ' ', node->depth * INDENT);
    if (node->is_rest) {
        fst_buf_printf(out, "... not shown: more than %d values; copying takes all", MOST_NODES);
        return FST_ROLE_WARN;
    }
    if (node->folds)
        fst_buf_adds(out, node->is_folded ? ascii ? "+ " : "▸ " : ascii ? "- " : "▾ ");
    else
        fst_buf_adds(out, "  ");
    if (node->name)
        fst_buf_printf(out, "%s: ", node->name);
    if (node->folds)
        add_count(out, node);
    else
        role = node->doc ? doc_text(node->doc, out) : leaf_text(node, out);
    return role;
}

void value_tree_done(struct value_tree *t)
{
    fst_arena_free(t->arena);
    free(t->nodes);
    free(t->shown);
    *t = (struct value_tree){0};
}
