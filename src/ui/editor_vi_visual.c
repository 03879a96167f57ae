/* Visual mode of vi: an operator takes the selection, an object becomes it, motions move its end.
 */
#include <string.h>

#include "editor_vi.h"

bool fst__vi_selects(const struct fst_editor *e)
{
    return e->vi.mode == FST_VI_VISUAL || e->vi.mode == FST_VI_LINES;
}

void fst__vi_selection(const struct fst_editor *e, size_t *from, size_t *to)
{
    *from = e->anchor < e->cursor ? e->anchor : e->cursor;
    *to = e->anchor < e->cursor ? e->cursor : e->anchor;
    if (e->vi.mode == FST_VI_LINES) {
        *from = fst__vi_line_start(e, *from);
        *to = fst__vi_line_end(e, *to);
    }
    if (fst__vi_selects(e))
        *to = fst__editor_next(e, *to);
}

static enum vi_result select_object(struct fst_editor *e, const char **p)
{
    struct vi_way w;
    enum vi_result r = fst__vi_object(e, p, &w);
    if (r == VI_DONE && w.lines)
        e->vi.mode = FST_VI_LINES;
    if (r == VI_DONE && (w.to > w.from || w.lines)) {
        e->anchor = w.from;
        e->cursor = w.lines ? w.to : fst__editor_previous(e, w.to);
    }
    return r;
}

static void swap_ends(struct fst_editor *e)
{
    size_t cursor = e->cursor;
    e->cursor = e->anchor;
    e->anchor = cursor;
}

void fst__vi_leave_visual(struct fst_editor *e)
{
    struct fst_vi *vi = &e->vi;
    if (fst__vi_selects(e)) {
        vi->seen_anchor = e->anchor;
        vi->seen_cursor = e->cursor;
        vi->seen_mode = vi->mode;
    }
    vi->mode = FST_VI_NORMAL;
    e->selecting = e->keeps_selecting = false;
}

/* All letters by one; ends of lines stay. */
static enum vi_result replace_letters(struct fst_editor *e, const char **p)
{
    struct fst_buf text = FST_BUF(FST_EDITOR_MAX);
    size_t from, to, n = strlen(*p + 1);
    if (n == 0)
        return VI_WAITS;
    fst__vi_selection(e, &from, &to);
    for (size_t at = from; at < to; at = fst__editor_next(e, at))
        fst_buf_add(&text, e->text[at] == '\n' ? "\n" : *p + 1, e->text[at] == '\n' ? 1 : n);
    fst__vi_leave_visual(e);
    if (!text.over)
        fst__vi_change(e, from, to, fst_buf_text(&text), text.n);
    e->cursor = from;
    fst_buf_done(&text);
    *p += 1 + n;
    return VI_DONE;
}

enum vi_result fst__vi_visual(struct fst_editor *e, const char **p)
{
    struct vi_way w = {.lines = e->vi.mode == FST_VI_LINES};
    if (**p == 'i' || **p == 'a')
        return select_object(e, p);
    if (**p == 'v' || **p == 'V')
        return fst__vi_command(e, p, 0);
    if (**p == 'o') {
        swap_ends(e);
        ++*p;
        return VI_DONE;
    }
    if (**p == 'r')
        return replace_letters(e, p);
    fst__vi_selection(e, &w.from, &w.to);
    return fst__vi_operator_visual(e, p, w);
}
