/* Looking for something in the editor's text, putting something else in for it, going to a line. */
#include <stdlib.h>
#include <string.h>

#include "editor.h"

#include "firesteel/sql.h"

static struct editor_view *editor_on_top(struct wb *wb)
{
    struct view *v = wb_top(wb);
    struct editor_view *e = is_editor(v) ? v->state : NULL;
    return e && e->resource ? e : NULL;
}

void editor_say_found(struct view *v)
{
    struct editor_view *e = v->state;
    size_t which, n = fst_editor_found(e->editor, &which);
    if (!fst_editor_finds(e->editor))
        return;
    if (n == 0)
        wb_say(v->wb, FST_ROLE_WARN, "“%s” is not in the text", e->looked_for);
    else if (which)
        wb_say(v->wb, FST_ROLE_INFO, "%zu of %zu  f3 next  alt-p before  alt-r replace all", which,
               n);
    else
        wb_say(v->wb, FST_ROLE_INFO, "%zu in the text", n);
}

static void look(struct wb *wb, const char *text)
{
    struct editor_view *e = editor_on_top(wb);
    if (!e)
        return;
    snprintf(e->looked_for, sizeof e->looked_for, "%s", text ? text : "");
    fst_editor_find(e->editor, e->looked_for, e->find_from);
    editor_say_found(wb_top(wb));
}

/* For the title: seen while it is typed. */
void editor_found_words(const struct editor_view *e, struct fst_buf *out)
{
    size_t which, n;
    if (!fst_editor_finds(e->editor))
        return;
    n = fst_editor_found(e->editor, &which);
    if (which)
        fst_buf_printf(out, "  %zu of %zu", which, n);
    else
        fst_buf_printf(out, "  %zu found", n);
}

void editor_forget_found(struct editor_view *e)
{
    size_t offset;
    fst_editor_place(e->editor, NULL, NULL, &offset);
    fst_editor_find(e->editor, "", offset);
}

void editor_find(struct view *v)
{
    struct editor_view *e = v->state;
    fst_editor_place(e->editor, NULL, NULL, &e->find_from);
    wb_prompt(v->wb, "find: ", "", look);
    v->wb->prompt_changed = look;
}

static void replace(struct wb *wb, const char *with)
{
    struct editor_view *e = editor_on_top(wb);
    if (!e)
        return;
    size_t n = fst_editor_replace_found(e->editor, with);
    wb_say(wb, n ? FST_ROLE_OK : FST_ROLE_WARN,
           n ? "%zu replaced; undo takes it back" : "nothing was replaced", n);
    editor_after_change(wb_top(wb));
}

void editor_replace(struct view *v)
{
    struct editor_view *e = v->state;
    size_t which, n = fst_editor_found(e->editor, &which);
    char label[64];
    if (n == 0) {
        wb_say(v->wb, FST_ROLE_WARN,
               "nothing is found that could be replaced; ctrl-f looks for it");
        return;
    }
    if (fst_editor_selects(e->editor))
        snprintf(label, sizeof label, "in the selection replace with: ");
    else
        snprintf(label, sizeof label, "replace all %zu with: ", n);
    wb_prompt(v->wb, label, "", replace);
}

void editor_format(struct view *v)
{
    struct editor_view *e = v->state;
    struct fst_buf out = FST_BUF(1 << 20);
    size_t n;
    const char *text = fst_editor_text(e->editor, &n);
    if (!fst_sql_format(text, n, &out))
        wb_say(v->wb, FST_ROLE_WARN, "left as it is: something in it is not closed");
    else if (out.n == n && memcmp(fst_buf_text(&out), text, n) == 0)
        wb_say(v->wb, FST_ROLE_INFO, "it is laid out already");
    else {
        fst_editor_set_text(e->editor, fst_buf_text(&out));
        wb_say(v->wb, FST_ROLE_OK, "laid out; undo takes it back");
    }
    fst_buf_done(&out);
    editor_after_change(v);
}

static void go_to_line(struct wb *wb, const char *text)
{
    struct editor_view *e = editor_on_top(wb);
    int64_t line;
    if (!e)
        return;
    if (!fst_parse_int64(text, strlen(text), &line) || line < 1)
        wb_say(wb, FST_ROLE_WARN, "“%s” is no line", text);
    else
        fst_editor_goto(e->editor, line < UINT32_MAX ? (uint32_t)line : UINT32_MAX, 1);
}

void editor_line(struct view *v)
{
    wb_prompt(v->wb, "line: ", "", go_to_line);
}
