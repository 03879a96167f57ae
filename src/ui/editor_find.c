/* What is looked for in the text: its places, the way from one to the next, and something else put
 * in for them. An expression is looked for line by line; one that is nowhere is looked for as it
 * was typed, since SQL is full of the signs that expressions use. */
#include <stdlib.h>
#include <string.h>

#include "editor.h"

enum { MOST_HITS = 20000 };

/* ---- Places ---------------------------------------------------------------------------------- */

static void find_in_line(struct fst_editor *e, size_t line)
{
    size_t start = e->lines[line], n = fst__editor_line_end(e, line) - start, at, len;
    for (size_t from = 0; from <= n && e->n_hits < MOST_HITS;) {
        if (!fst_filter_find_from(e->find, e->text + start, n, from, &at, &len))
            return;
        from = len ? at + len : at + 1;
        if (len == 0)
            continue;
        fst_grow(&e->hits, &e->hits_cap, e->n_hits + 1, sizeof *e->hits);
        e->hits[e->n_hits++] = (struct fst_editor_hit){start + at, len};
    }
}

void fst__editor_look(struct fst_editor *e)
{
    if (!e->find || e->hits_revision == e->revision)
        return;
    e->n_hits = 0;
    for (size_t line = 0; line < e->n_lines; line++)
        find_in_line(e, line);
    e->hits_revision = e->revision;
}

/* The first hit that ends behind `offset`. */
size_t fst__editor_hit_from(const struct fst_editor *e, size_t offset)
{
    size_t low = 0, high = e->n_hits;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (e->hits[middle].at + e->hits[middle].len <= offset)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static void look_for(struct fst_editor *e, const char *text, bool expression)
{
    fst_filter_free(e->find);
    e->find = *text ? fst_filter_look(text, expression) : NULL;
    e->n_hits = 0;
    e->hits_revision = 0;
    fst__editor_look(e);
}

/* ---- From one to the next -------------------------------------------------------------------- */

static void go_to(struct fst_editor *e, size_t place)
{
    e->cursor = place;
    e->goal_col = fst__editor_col_of(e, place);
    e->undo.closed = true;
    if (!e->keeps_selecting)
        e->selecting = false;
}

/* The first hit at `offset` or behind it; over the end, the first of all. */
static void go_from(struct fst_editor *e, size_t offset)
{
    size_t i = fst__editor_hit_from(e, offset);
    if (i < e->n_hits && e->hits[i].at < offset)
        i++;
    if (e->n_hits)
        go_to(e, e->hits[i < e->n_hits ? i : 0].at);
}

void fst__editor_find_next(struct fst_editor *e)
{
    fst__editor_look(e);
    go_from(e, e->cursor + 1);
}

static void go_back_from(struct fst_editor *e, size_t offset)
{
    size_t i = fst__editor_hit_from(e, offset);
    while (i < e->n_hits && e->hits[i].at < offset)
        i++;
    if (e->n_hits)
        go_to(e, e->hits[i > 0 ? i - 1 : e->n_hits - 1].at);
}

void fst__editor_find_previous(struct fst_editor *e)
{
    fst__editor_look(e);
    go_back_from(e, e->cursor);
}

void fst_editor_find(struct fst_editor *e, const char *text, size_t from)
{
    look_for(e, text, true);
    if (e->n_hits == 0 && e->find && fst_filter_is_expression(e->find))
        look_for(e, text, false);
    if (e->n_hits && e->vi.backward)
        go_back_from(e, from);
    else if (e->n_hits)
        go_from(e, from);
    else
        go_to(e, from < e->n ? from : e->n);
}

bool fst_editor_finds(const struct fst_editor *e)
{
    return e->find;
}

size_t fst_editor_found(struct fst_editor *e, size_t *which)
{
    fst__editor_look(e);
    size_t i = fst__editor_hit_from(e, e->cursor);
    *which = i < e->n_hits && e->hits[i].at <= e->cursor ? i + 1 : 0;
    return e->n_hits;
}

/* ---- Something else -------------------------------------------------------------------------- */

/* Expressions are matched again where they were found, for what their groups took. */
static void put_in(struct fst_editor *e, struct fst_editor_hit h, const char *with,
                   struct fst_buf *out)
{
    size_t line = fst__editor_line_of(e, h.at), start = e->lines[line], at, len;
    size_t n = fst__editor_line_end(e, line) - start;
    if (fst_filter_find_from(e->find, e->text + start, n, h.at - start, &at, &len))
        fst_filter_expand(e->find, e->text + start, with, out);
}

struct span {
    size_t from, to;
};

static size_t replace_in(struct fst_editor *e, struct span in, const char *with)
{
    struct fst_buf out = FST_BUF(FST_EDITOR_MAX);
    size_t done = 0, count = 0, first = 0;
    fst__editor_look(e);
    for (size_t i = 0; i < e->n_hits && e->hits[i].at + e->hits[i].len <= in.to; i++) {
        struct fst_editor_hit h = e->hits[i];
        if (h.at < in.from)
            continue;
        first = count++ ? first : h.at;
        done = count == 1 ? h.at : done;
        fst_buf_add(&out, e->text + done, h.at - done);
        put_in(e, h, with, &out);
        done = h.at + h.len;
    }
    e->undo.closed = true;
    if (count &&
        (out.over || !fst__editor_replace(e, first, done, fst_buf_text(&out), out.n, false)))
        count = 0;
    e->undo.closed = true;
    if (count)
        e->cursor = first;
    e->selecting = e->keeps_selecting = false;
    e->goal_col = fst__editor_col_of(e, e->cursor);
    fst_buf_done(&out);
    return count;
}

static struct span selection(const struct fst_editor *e)
{
    return e->anchor < e->cursor ? (struct span){e->anchor, e->cursor}
                                 : (struct span){e->cursor, e->anchor};
}

size_t fst_editor_replace_found(struct fst_editor *e, const char *with)
{
    bool some = e->selecting && e->anchor != e->cursor;
    return replace_in(e, some ? selection(e) : (struct span){0, e->n}, with);
}

/* As an expression in any case, so that groups are known, and with the case as it is. */
static void look_for_exactly(struct fst_editor *e, const char *what, bool quoted)
{
    char *text = fst_asprintf(quoted ? "(?-i:\\Q%s\\E)" : "(?-i:%s)", what);
    look_for(e, *what ? text : "", true);
    free(text);
}

size_t fst_editor_substitute(struct fst_editor *e, const char *what, const char *with, bool all)
{
    struct span in = e->selecting ? selection(e) : (struct span){e->cursor, e->cursor};
    in.from = all ? 0 : e->lines[fst__editor_line_of(e, in.from)];
    in.to = all ? e->n : fst__editor_line_end(e, fst__editor_line_of(e, in.to));
    if (e->vi.on)
        e->vi.mode = FST_VI_NORMAL;
    look_for_exactly(e, what, false);
    if (e->n_hits == 0)
        look_for_exactly(e, what, true);
    size_t n = replace_in(e, in, with);
    fst__vi_settle(e);
    return n;
}
