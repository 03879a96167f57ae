/* The editor's text: bytes, lines, places in them, and the door to it. */
#include <stdlib.h>
#include <string.h>

#include "editor.h"

/* ---- Text and lines -------------------------------------------------------------------------- */

static void find_lines(struct fst_editor *e)
{
    e->n_lines = 0;
    for (size_t at = 0;;) {
        fst_grow(&e->lines, &e->lines_cap, e->n_lines + 1, sizeof *e->lines);
        e->lines[e->n_lines++] = at;
        const char *end = memchr(e->text + at, '\n', e->n - at);
        if (!end)
            return;
        at = (size_t)(end - e->text) + 1;
    }
}

void fst__editor_splice(struct fst_editor *e, size_t from, size_t to, const char *text, size_t n)
{
    fst_grow(&e->text, &e->cap, e->n - (to - from) + n + 1, 1);
    memmove(e->text + from + n, e->text + to, e->n - to);
    if (n)
        memcpy(e->text + from, text, n);
    e->n = e->n - (to - from) + n;
    e->text[e->n] = '\0';
    e->revision++;
    find_lines(e);
}

bool fst__editor_replace(struct fst_editor *e, size_t from, size_t to, const char *text, size_t n,
                         bool with_last)
{
    if (e->n - (to - from) + n > FST_EDITOR_MAX)
        return false;
    if (from == to && n == 0)
        return true;
    fst__undo_note(e, from, to, text, n, with_last);
    fst__editor_splice(e, from, to, text, n);
    e->cursor = from + n;
    return true;
}

size_t fst__editor_line_of(const struct fst_editor *e, size_t offset)
{
    size_t low = 0, high = e->n_lines;
    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;
        if (e->lines[middle] <= offset)
            low = middle;
        else
            high = middle;
    }
    return low;
}

size_t fst__editor_line_end(const struct fst_editor *e, size_t line)
{
    return line + 1 < e->n_lines ? e->lines[line + 1] - 1 : e->n;
}

/* ---- Clusters and columns -------------------------------------------------------------------- */

size_t fst__editor_cluster(const struct fst_editor *e, size_t offset, size_t end, size_t col,
                           size_t *len)
{
    if (e->text[offset] == '\t') {
        *len = 1;
        return FST_EDITOR_TAB - col % FST_EDITOR_TAB;
    }
    *len = fst_text_cluster(e->text + offset, end - offset);
    return fst_text_width(e->text + offset, *len);
}

size_t fst__editor_col_of(const struct fst_editor *e, size_t offset)
{
    size_t line = fst__editor_line_of(e, offset), end = fst__editor_line_end(e, line);
    size_t col = 0, len;
    for (size_t at = e->lines[line]; at < offset; at += len)
        col += fst__editor_cluster(e, at, end, col, &len);
    return col;
}

size_t fst__editor_at_col(const struct fst_editor *e, size_t line, size_t col)
{
    size_t end = fst__editor_line_end(e, line), at = e->lines[line], now = 0, len;
    while (at < end) {
        now += fst__editor_cluster(e, at, end, now, &len);
        if (now > col)
            break;
        at += len;
    }
    return at;
}

size_t fst__editor_next(const struct fst_editor *e, size_t offset)
{
    size_t end = fst__editor_line_end(e, fst__editor_line_of(e, offset)), len;
    if (offset >= end)
        return offset < e->n ? offset + 1 : e->n;
    fst__editor_cluster(e, offset, end, 0, &len);
    return offset + len;
}

size_t fst__editor_previous(const struct fst_editor *e, size_t offset)
{
    size_t line = fst__editor_line_of(e, offset), at = e->lines[line], before = at;
    if (offset == at)
        return offset > 0 ? offset - 1 : 0;
    while (at < offset) {
        before = at;
        at = fst__editor_next(e, at);
    }
    return before;
}

/* ---- The door -------------------------------------------------------------------------------- */

struct fst_editor *fst_editor_new(const char *text)
{
    struct fst_editor *e = fst_alloc(sizeof *e);
    size_t n = strlen(text);
    fst__editor_splice(e, 0, 0, text, n < FST_EDITOR_MAX ? n : FST_EDITOR_MAX);
    e->revision = 1;
    return e;
}

void fst_editor_free(struct fst_editor *e)
{
    if (!e)
        return;
    fst__undo_done(&e->undo);
    free(e->text);
    free(e->lines);
    free(e->clip);
    free(e->spans);
    free(e->hits);
    free(e->vi.typed);
    fst_filter_free(e->find);
    free(e);
}

const char *fst_editor_text(struct fst_editor *e, size_t *n)
{
    *n = e->n;
    return e->text;
}

bool fst_editor_replace(struct fst_editor *e, size_t from, size_t to, const char *text)
{
    e->undo.closed = true;
    bool done = fst__editor_replace(e, from, to, text, strlen(text), false);
    e->undo.closed = true;
    e->selecting = e->keeps_selecting = false;
    e->n_items = 0;
    fst__vi_settle(e);
    e->goal_col = fst__editor_col_of(e, e->cursor);
    return done;
}

void fst_editor_set_text(struct fst_editor *e, const char *text)
{
    size_t cursor = e->cursor;
    fst_editor_replace(e, 0, e->n, text);
    e->cursor = e->lines[fst__editor_line_of(e, cursor < e->n ? cursor : e->n)];
}

uint64_t fst_editor_revision(const struct fst_editor *e)
{
    return e->revision;
}

bool fst_editor_selects(const struct fst_editor *e)
{
    return e->selecting && e->anchor != e->cursor;
}

void fst_editor_end_step(struct fst_editor *e)
{
    e->undo.closed = true;
    if (e->vi.on)
        fst__vi_end_step(e);
}

void fst_editor_set_highlight(struct fst_editor *e,
                              void (*highlight)(void *arg, const char *text, size_t n,
                                                void (*span)(void *to, struct fst_editor_span s),
                                                void *to),
                              void *arg)
{
    e->highlight = highlight;
    e->highlight_arg = arg;
    e->spans_revision = 0;
}

void fst_editor_mark(struct fst_editor *e, uint32_t line, uint32_t col, uint32_t len)
{
    e->mark_line = line;
    e->mark_col = col;
    e->mark_len = len;
}

/* Bytes of `n` code points of a line. */
static size_t skip_points(const struct fst_editor *e, size_t at, size_t end, uint32_t n)
{
    uint32_t cp;
    for (; n > 0 && at < end; n--)
        at += fst_utf8_decode(e->text + at, end - at, &cp);
    return at;
}

void fst_editor_goto(struct fst_editor *e, uint32_t line, uint32_t col)
{
    size_t at = line > 0 ? line - 1 : 0;
    if (at >= e->n_lines)
        at = e->n_lines - 1;
    e->cursor = skip_points(e, e->lines[at], fst__editor_line_end(e, at), col > 0 ? col - 1 : 0);
    e->goal_col = fst__editor_col_of(e, e->cursor);
    e->selecting = false;
    e->undo.closed = true;
}

void fst_editor_place(const struct fst_editor *e, uint32_t *line, uint32_t *col, size_t *offset)
{
    size_t at = fst__editor_line_of(e, e->cursor);
    if (line)
        *line = (uint32_t)at + 1;
    if (col)
        *col = (uint32_t)fst_utf8_length(e->text + e->lines[at], e->cursor - e->lines[at]) + 1;
    if (offset)
        *offset = e->cursor;
}

void fst_editor_complete(struct fst_editor *e, size_t from_offset,
                         const struct fst_candidate *items, size_t n)
{
    e->items = items;
    e->n_items = from_offset <= e->cursor ? n : 0;
    e->from = from_offset;
    e->item = 0;
}

bool fst_editor_completing(const struct fst_editor *e)
{
    return e->n_items > 0;
}
