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
    if (r == VI_DONE && w.to > w.from) {
        e->anchor = w.from;
        e->cursor = fst__editor_previous(e, w.to);
    }
    return r;
}

static void swap_ends(struct fst_editor *e)
{
    size_t cursor = e->cursor;
    e->cursor = e->anchor;
    e->anchor = cursor;
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
    fst__vi_selection(e, &w.from, &w.to);
    return fst__vi_operator_visual(e, p, w);
}
