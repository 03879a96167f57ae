/* Commands of vi that are neither motions nor operators with one: each is a row, and those that are
 * short for an operator with a motion are rows of a table of their own. */
#include <stdlib.h>
#include <string.h>

#include "editor_vi.h"

/* ---- Putting --------------------------------------------------------------------------------- */

static void put_lines(struct fst_editor *e, bool behind, const char *text, size_t n)
{
    size_t line = fst__editor_line_of(e, e->cursor);
    bool last = behind && line + 1 == e->n_lines;
    size_t at = !behind ? e->lines[line] : last ? e->n : e->lines[line + 1];
    if (last) { /* the last line has no end: the new ones bring theirs before them */
        fst__vi_change(e, at, at, "\n", 1);
        at++;
        n--;
    }
    fst__vi_change(e, at, at, text, n);
    e->cursor = fst__vi_first_letter(e, at);
}

static void put_letters(struct fst_editor *e, bool behind, const char *text, size_t n)
{
    size_t at = behind ? fst__vi_right(e, e->cursor) : e->cursor;
    fst__vi_change(e, at, at, text, n);
    e->cursor = memchr(text, '\n', n) ? at : fst__editor_previous(e, at + n);
}

static void put(struct fst_editor *e, bool behind, size_t times)
{
    struct fst_buf text = FST_BUF(FST_EDITOR_MAX);
    for (size_t i = 0; i < times && e->clip_n && !text.over; i++)
        fst_buf_add(&text, e->clip, e->clip_n);
    if (text.n && !text.over)
        (e->vi.clip_lines ? put_lines : put_letters)(e, behind, fst_buf_text(&text), text.n);
    fst_buf_done(&text);
}

static void put_behind(struct fst_editor *e, size_t times)
{
    put(e, true, times);
}
static void put_before(struct fst_editor *e, size_t times)
{
    put(e, false, times);
}

/* ---- Inserting ------------------------------------------------------------------------------- */

static void insert_times(struct fst_editor *e, size_t times, bool opened)
{
    fst__vi_insert(e);
    e->vi.times = times;
    e->vi.opened = opened;
}

static void insert(struct fst_editor *e, size_t times)
{
    insert_times(e, times, false);
}

static void append(struct fst_editor *e, size_t times)
{
    e->cursor = fst__vi_right(e, e->cursor);
    insert_times(e, times, false);
}

static void insert_at_start(struct fst_editor *e, size_t times)
{
    e->cursor = fst__vi_first_letter(e, e->cursor);
    insert_times(e, times, false);
}

static void append_at_end(struct fst_editor *e, size_t times)
{
    e->cursor = fst__vi_line_end(e, e->cursor);
    insert_times(e, times, false);
}

static void open_below(struct fst_editor *e, size_t times)
{
    size_t start = fst__vi_line_start(e, e->cursor);
    size_t indent = fst__vi_first_letter(e, start) - start, at = fst__vi_line_end(e, start);
    char *text = fst_asprintf("\n%.*s", (int)indent, e->text + start);
    fst__vi_change(e, at, at, text, strlen(text));
    free(text);
    insert_times(e, times, true);
}

static void open_above(struct fst_editor *e, size_t times)
{
    size_t start = fst__vi_line_start(e, e->cursor);
    size_t indent = fst__vi_first_letter(e, start) - start;
    char *text = fst_asprintf("%.*s\n", (int)indent, e->text + start);
    fst__vi_change(e, start, start, text, strlen(text));
    e->cursor = start + indent;
    free(text);
    insert_times(e, times, true);
}

/* ---- The others ------------------------------------------------------------------------------ */

static void join(struct fst_editor *e, size_t times)
{
    for (size_t i = 1; i < (times > 2 ? times : 2); i++)
        fst__editor_join(e);
}

static void turn_case(struct fst_editor *e, size_t times)
{
    size_t to = e->cursor, end = fst__vi_line_end(e, to);
    while (times-- > 0 && to < end)
        to = fst__editor_next(e, to);
    fst__vi_case(e, '~', e->cursor, to);
}

static void select_as(struct fst_editor *e, enum fst_vi_mode mode)
{
    if (e->vi.mode == FST_VI_NORMAL) {
        e->anchor = e->cursor;
        e->selecting = e->keeps_selecting = true;
    } else if (e->vi.mode == mode) {
        e->selecting = e->keeps_selecting = false;
        mode = FST_VI_NORMAL;
    }
    e->vi.mode = mode;
}

static void select_letters(struct fst_editor *e, size_t times)
{
    (void)times;
    select_as(e, FST_VI_VISUAL);
}
static void select_lines(struct fst_editor *e, size_t times)
{
    (void)times;
    select_as(e, FST_VI_LINES);
}

static void select_again(struct fst_editor *e, size_t times)
{
    (void)times;
    if (!e->vi.seen_mode)
        return;
    e->vi.mode = e->vi.seen_mode;
    e->anchor = fst__vi_letter_at(e, e->vi.seen_anchor);
    e->cursor = fst__vi_letter_at(e, e->vi.seen_cursor);
    e->selecting = e->keeps_selecting = true;
}

/* ---- Looking --------------------------------------------------------------------------------- */

static void find(struct fst_editor *e, bool backward, size_t times)
{
    for (; times > 0; times--)
        (backward ? fst__editor_find_previous : fst__editor_find_next)(e);
}
static void find_next(struct fst_editor *e, size_t times)
{
    find(e, e->vi.backward, times);
}
static void find_previous(struct fst_editor *e, size_t times)
{
    find(e, !e->vi.backward, times);
}

/* The word under the cursor, or the next one of the line. */
static void find_word(struct fst_editor *e, bool backward)
{
    size_t from = e->cursor, end = fst__vi_line_end(e, from);
    while (from < end && fst__vi_class(e, from) != 2)
        from++;
    while (from > 0 && fst__vi_class(e, from) == 2 && fst__vi_class(e, from - 1) == 2)
        from--;
    size_t to = from;
    while (to < end && fst__vi_class(e, to) == 2)
        to++;
    if (to == from)
        return;
    char *word = fst_asprintf("\\b%.*s\\b", (int)(to - from), e->text + from);
    e->vi.backward = false;
    fst_editor_find(e, word, from);
    e->vi.backward = backward;
    free(word);
}
static void find_word_next(struct fst_editor *e, size_t times)
{
    find_word(e, false);
    find(e, false, times);
}
static void find_word_previous(struct fst_editor *e, size_t times)
{
    find_word(e, true);
    find(e, true, times);
}

/* ---- Steps ----------------------------------------------------------------------------------- */

static void undo(struct fst_editor *e, size_t times)
{
    while (times-- > 0 && fst__undo_back(e)) {
    }
}
static void redo(struct fst_editor *e, size_t times)
{
    while (times-- > 0 && fst__undo_again(e)) {
    }
}

static enum vi_result replace_letter(struct fst_editor *e, const char **p, size_t times)
{
    struct fst_buf text = FST_BUF(FST_EDITOR_MAX);
    if (!(*p)[1])
        return VI_WAITS;
    size_t n = fst_text_cluster(*p + 1, strlen(*p + 1)), end = fst__vi_line_end(e, e->cursor);
    size_t count = 0, to = e->cursor;
    for (; count < times && to < end; count++)
        to = fst__editor_next(e, to);
    for (size_t i = 0; i < count; i++)
        fst_buf_add(&text, (*p)[1] == '\r' ? "\n" : *p + 1, n);
    if (count == times && !text.over) {
        fst__vi_change(e, e->cursor, to, fst_buf_text(&text), text.n);
        e->cursor = (*p)[1] == '\r' ? e->cursor : fst__editor_previous(e, e->cursor);
    }
    fst_buf_done(&text);
    *p += 1 + n;
    return count == times ? VI_DONE : VI_WRONG;
}

/* ---- The tables ------------------------------------------------------------------------------ */

static const struct {
    const char *keys, *means;
} shorts[] = {{"x", "dl"}, {"X", "dh"}, {"D", "d$"}, {"C", "c$"},
              {"s", "cl"}, {"S", "cc"}, {"Y", "yy"}};

static const struct {
    const char *keys;
    void (*act)(struct fst_editor *e, size_t times);
} commands[] = {
    {"i", insert},
    {"a", append},
    {"I", insert_at_start},
    {"A", append_at_end},
    {"o", open_below},
    {"O", open_above},
    {"p", put_behind},
    {"P", put_before},
    {"J", join},
    {"~", turn_case},
    {"v", select_letters},
    {"V", select_lines},
    {"gv", select_again},
    {"n", find_next},
    {"N", find_previous},
    {"*", find_word_next},
    {"#", find_word_previous},
    {"u", undo},
    {"\x12", redo},
};

/* Of what is not there, marks, registers, macros: the letter behind it is no command. */
static const char with_letter[] = "m'`\"q@Zz";

enum vi_result fst__vi_command(struct fst_editor *e, const char **p, size_t count)
{
    size_t times = count ? count : 1;
    enum vi_result best = VI_WRONG;
    if (**p == 'r')
        return replace_letter(e, p, times);
    for (size_t i = 0; i < FST_COUNT(shorts); i++)
        if (fst__vi_named(*p, shorts[i].keys) == VI_DONE) {
            const char *means = shorts[i].means;
            *p += strlen(shorts[i].keys);
            return fst__vi_operator(e, &means, count);
        }
    for (size_t i = 0; i < FST_COUNT(commands); i++) {
        enum vi_result r = fst__vi_named(*p, commands[i].keys);
        if (r == VI_WAITS)
            best = r;
        if (r != VI_DONE)
            continue;
        *p += strlen(commands[i].keys);
        commands[i].act(e, times);
        return r;
    }
    if (strchr(with_letter, **p))
        return (*p)[1] ? VI_DONE : VI_WAITS;
    return best;
}
