/* One value, whole: text with its own line ends, wrapped; nested values, and text that is JSON, as
 * a tree that folds; binary as hex; others with what they are stored as. It holds its row, so that
 * the grid may go on. */
#include <stdlib.h>
#include <string.h>

#include "value.h"

struct value {
    struct fst_frame *row; /* of one row */
    size_t column;
    struct fst_arena *arena; /* of a document */
    struct value_tree tree;
    bool has_tree, as_text; /* as_text: of a text that is JSON */
    struct fst_str *lines;  /* of text, as wide as the screen */
    size_t n_lines, lines_cap;
    int wrapped_for;
    struct fst_buf scratch, facts, plain;
    struct fst_str *fact_lines;
    size_t n_facts, facts_cap;
    size_t cursor; /* among the lines of a tree */
    bool ascii;
    struct fst_pager pager;
};

static const struct fst_column *column_of(const struct value *x)
{
    return &x->row->columns[x->column];
}

static bool is_tree(const struct value *x)
{
    return x->has_tree && !x->as_text;
}

static bool is_hex(const struct value *x)
{
    const struct fst_column *c = column_of(x);
    return c->type.kind == FST_BINARY && !fst_column_is_null(c, 0);
}

/* ---- Lines ----------------------------------------------------------------------------------- */

static void split(const char *p, size_t n, struct fst_str **lines, size_t *n_lines, size_t *cap,
                  int cols)
{
    *n_lines = 0;
    while (n > 0) {
        const char *end = memchr(p, '\n', n);
        size_t line = end ? (size_t)(end - p) : n, at = 0;
        do {
            size_t take = fst_text_wrap(p + at, line - at, cols);
            bool ends_in_space = at + take < line && take > 1 && p[at + take - 1] == ' ';
            fst_grow(lines, cap, *n_lines + 1, sizeof **lines);
            (*lines)[(*n_lines)++] = (struct fst_str){p + at, take - ends_in_space};
            at += take;
        } while (at < line);
        p += line + (end != NULL);
        n -= line + (end != NULL);
    }
}

static struct fst_str text_of(const struct value *x)
{
    const struct fst_column *c = column_of(x);
    if (c->type.kind == FST_STRING && !fst_column_is_null(c, 0))
        return fst_column_bytes(c, 0);
    return (struct fst_str){fst_buf_text(&x->plain), x->plain.n};
}

static size_t body_lines(const struct value *x)
{
    if (is_tree(x))
        return x->tree.n_shown;
    if (is_hex(x))
        return (fst_column_bytes(column_of(x), 0).n + VALUE_HEX_BYTES - 1) / VALUE_HEX_BYTES;
    return x->n_lines;
}

static void lay_out(struct value *x, int cols)
{
    if (!is_tree(x) && !is_hex(x) && x->wrapped_for != cols) {
        struct fst_str text = text_of(x);
        split(text.p, text.n, &x->lines, &x->n_lines, &x->lines_cap, cols);
        x->wrapped_for = cols;
    }
    x->pager.n_lines = x->n_facts + 1 + body_lines(x);
    x->pager.mark = is_tree(x) ? x->n_facts + 2 + x->cursor : 0;
}

static struct fst_pager_line line(void *arg, size_t i)
{
    struct value *x = arg;
    const struct fst_column *c = column_of(x);
    if (i < x->n_facts)
        return (struct fst_pager_line){x->fact_lines[i].p, x->fact_lines[i].n, FST_ROLE_DIM};
    if (i == x->n_facts)
        return (struct fst_pager_line){"", 0, FST_ROLE_TEXT};
    i -= x->n_facts + 1;
    enum fst_role role = FST_ROLE_TEXT;
    if (is_tree(x)) {
        role = value_node_text(&x->tree, x->tree.shown[i], x->ascii, &x->scratch);
    } else if (is_hex(x)) {
        fst_buf_clear(&x->scratch);
        value_hex_line(&x->scratch, fst_column_bytes(c, 0), i);
    } else {
        role = c->unreadable                         ? FST_ROLE_WARN
               : fst_column_is_null(c, 0)            ? FST_ROLE_NULL
               : fst_type_is_right_aligned(&c->type) ? FST_ROLE_NUMBER
                                                     : FST_ROLE_TEXT;
        return (struct fst_pager_line){x->lines[i].p, x->lines[i].n, role};
    }
    return (struct fst_pager_line){fst_buf_text(&x->scratch), x->scratch.n, role};
}

/* ---- Opening --------------------------------------------------------------------------------- */

static bool is_json_like(struct fst_str text)
{
    size_t i = 0;
    while (i < text.n && strchr(" \t\r\n", text.p[i]) && text.p[i])
        i++;
    return i < text.n && (text.p[i] == '{' || text.p[i] == '[');
}

static void read_tree(struct value *x)
{
    const struct fst_column *c = column_of(x);
    struct fst_doc *doc;
    if (fst_column_is_null(c, 0))
        return;
    if (fst_type_is_nested(&c->type)) {
        value_tree_of_column(&x->tree, c, 0);
        x->has_tree = true;
        return;
    }
    struct fst_str text = text_of(x);
    if ((c->type.kind != FST_STRING && c->type.kind != FST_VARIANT) || !is_json_like(text))
        return;
    x->arena = fst_arena_new();
    if (fst_json_parse(x->arena, "value", text.p, text.n, NULL, &doc, NULL) != FST_OK)
        return;
    value_tree_of_doc(&x->tree, doc);
    x->has_tree = true;
}

static void read_value(struct value *x)
{
    const struct fst_column *c = column_of(x);
    if (c->unreadable)
        fst_buf_printf(&x->plain, "it cannot be read: %s", c->unreadable);
    else if (fst_column_is_null(c, 0))
        fst_buf_adds(&x->plain,
                     c->absent ? "NULL: the file of this row has no such column" : "NULL");
    else if (!fst_type_is_nested(&c->type) && c->type.kind != FST_STRING)
        fst_cell_text(&x->plain, c, 0, FST_CELL_PLAIN);
    read_tree(x);
    value_facts(&x->facts, c, 0);
    if (x->has_tree && !fst_type_is_nested(&c->type))
        fst_buf_printf(&x->facts, "%-10s %s\n", "note", "it is JSON: t shows its text as it is");
    if (x->plain.over)
        fst_buf_printf(&x->facts, "%-10s %s\n", "note", "only its first 64 MB are shown");
    split(fst_buf_text(&x->facts), x->facts.n, &x->fact_lines, &x->n_facts, &x->facts_cap, 1000);
}

void wb_open_value(struct wb *wb, struct fst_frame *row, size_t column, const char *title)
{
    struct value *x = wb_open(wb, "value", title)->state;
    x->row = row;
    x->column = column;
    read_value(x);
}

static void open(struct view *v)
{
    struct value *x = v->state;
    x->scratch = x->plain = x->facts = FST_BUF_TEXT;
    x->pager = (struct fst_pager){.line = line, .arg = x, .wrap = true};
}

static void close(struct view *v)
{
    struct value *x = v->state;
    value_tree_done(&x->tree);
    fst_arena_free(x->arena);
    fst_frame_unref(x->row);
    fst_buf_done(&x->scratch);
    fst_buf_done(&x->plain);
    fst_buf_done(&x->facts);
    free(x->lines);
    free(x->fact_lines);
}

/* ---- Acts ------------------------------------------------------------------------------------ */

static void copy(struct view *v)
{
    struct value *x = v->state;
    const struct fst_column *c = column_of(x);
    struct fst_buf text = FST_BUF_TEXT;
    const char *name = x->row->schema->fields[x->column].name;
    if (c->unreadable)
        wb_say(v->wb, FST_ROLE_WARN, "not copied: it cannot be read: %s", c->unreadable);
    else if (!fst_cell_text(&text, c, 0, FST_CELL_PLAIN))
        wb_say(v->wb, FST_ROLE_WARN, "not copied: it is NULL");
    else
        wb_copy(v->wb, name, fst_buf_text(&text), text.n);
    fst_buf_done(&text);
}

static void fold(struct value *x)
{
    size_t at = x->tree.shown[x->cursor];
    while (!x->tree.nodes[at].folds && at > 0) /* a leaf: what it is in */
        at--;
    x->tree.nodes[at].is_folded = !x->tree.nodes[at].is_folded;
    value_tree_show(&x->tree);
    for (x->cursor = 0; x->tree.shown[x->cursor] != at;)
        x->cursor++;
}

/* All below the first level, or nothing. */
static void fold_all(struct value *x)
{
    bool any = false;
    for (size_t i = 1; i < x->tree.n; i++)
        any |= x->tree.nodes[i].folds && !x->tree.nodes[i].is_folded;
    for (size_t i = 1; i < x->tree.n; i++)
        x->tree.nodes[i].is_folded = x->tree.nodes[i].folds && any;
    value_tree_show(&x->tree);
    x->cursor = 0;
}

static void keep_in_sight(struct value *x)
{
    size_t at = x->n_facts + 1 + x->cursor;
    size_t page = x->pager.page_rows > 0 ? (size_t)x->pager.page_rows : 1;
    if (at < x->pager.top || x->cursor == 0)
        x->pager.top = x->cursor == 0 ? 0 : at;
    if (at >= x->pager.top + page)
        x->pager.top = at - page + 1;
}

static bool move(struct value *x, const char *name)
{
    size_t n = x->tree.n_shown, page = x->pager.page_rows > 1 ? (size_t)x->pager.page_rows - 1 : 1;
    if (strcmp(name, "pager.down") == 0)
        x->cursor += x->cursor + 1 < n;
    else if (strcmp(name, "pager.up") == 0)
        x->cursor -= x->cursor > 0;
    else if (strcmp(name, "pager.top") == 0)
        x->cursor = 0;
    else if (strcmp(name, "pager.bottom") == 0)
        x->cursor = n ? n - 1 : 0;
    else if (strcmp(name, "pager.pagedown") == 0)
        x->cursor = x->cursor + page < n ? x->cursor + page : n ? n - 1 : 0;
    else if (strcmp(name, "pager.pageup") == 0)
        x->cursor = x->cursor > page ? x->cursor - page : 0;
    else
        return false;
    keep_in_sight(x);
    return true;
}

static void follow_match(struct value *x)
{
    size_t at = x->pager.match;
    if (is_tree(x) && x->pager.find[0] && at > x->n_facts && at - x->n_facts - 1 < x->tree.n_shown)
        x->cursor = at - x->n_facts - 1;
}

static bool action(struct view *v, const char *name)
{
    struct value *x = v->state;
    if (!x->row)
        return false;
    if (strcmp(name, "text.copy") == 0)
        copy(v);
    else if (strcmp(name, "value.fold") == 0 && is_tree(x))
        fold(x);
    else if (strcmp(name, "value.fold-all") == 0 && is_tree(x))
        fold_all(x);
    else if (strcmp(name, "value.text") == 0 && x->arena && x->has_tree)
        x->as_text = !x->as_text;
    else if (is_tree(x) && move(x, name))
        return true;
    else if (!fst_pager_action(&x->pager, name))
        return false;
    else
        follow_match(x);
    return true;
}

static void filter(struct view *v, const char *text)
{
    struct value *x = v->state;
    if (!x->row)
        return;
    snprintf(x->pager.find, sizeof x->pager.find, "%s", text);
    fst_pager_action(&x->pager, "pager.next");
    follow_match(x);
}

static void title(struct view *v, struct fst_buf *out)
{
    const struct value *x = v->state;
    const char *name = x->row ? x->row->schema->fields[x->column].name : "nothing";
    fst_text_escape(out, name, strlen(name));
    fst_buf_printf(out, " of %s", v->target ? v->target : "");
}

static void draw(struct view *v, struct fst_surface *s)
{
    struct value *x = v->state;
    if (!x->row)
        return;
    x->ascii = s->ascii;
    lay_out(x, s->cols - 1);
    fst_pager_draw(&x->pager, s);
}

const struct view_ops view_value = {
    .name = "value",
    .help = "one value, whole",
    .scopes = {"value", "text", "pager", NULL},
    .state_size = sizeof(struct value),
    .open = open,
    .close = close,
    .action = action,
    .filter = filter,
    .title = title,
    .draw = draw,
};
