/* Operators of vi: what is done to what a motion, an object or the selection takes. Each is a row;
 * some have another name, or a meaning at all, in visual mode only. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "editor_vi.h"

/* What an operator takes, the places in order. */
struct part {
    size_t from, to;    /* whole lines with their ends, when `lines` */
    size_t first, last; /* the lines that it touches */
    bool lines, back;   /* back: the motion went to the left or up */
};

void fst__vi_change(struct fst_editor *e, size_t from, size_t to, const char *text, size_t n)
{
    e->undo.closed = true;
    fst__editor_replace(e, from, to, text, n, false);
    e->undo.closed = true;
}

void fst__vi_insert(struct fst_editor *e)
{
    e->vi.mode = FST_VI_INSERT;
    e->vi.insert_from = e->cursor;
    e->undo.closed = true;
}

/* ---- What they do ---------------------------------------------------------------------------- */

static void keep(struct fst_editor *e, const struct part *p)
{
    free(e->clip);
    e->clip_n = p->to - p->from;
    e->clip = fst_strndup(e->text + p->from, e->clip_n);
    e->vi.clip_lines = p->lines;
    if (p->lines && (e->clip_n == 0 || e->clip[e->clip_n - 1] != '\n')) {
        e->clip = fst_realloc(e->clip, e->clip_n + 2);
        e->clip[e->clip_n++] = '\n';
        e->clip[e->clip_n] = '\0';
    }
}

static void yank(struct fst_editor *e, const struct part *p)
{
    keep(e, p);
    e->cursor = p->lines && !p->back ? e->cursor : p->from;
}

static void delete_lines(struct fst_editor *e, size_t from, size_t to)
{
    if (to == e->n && from > 0 && (to == 0 || e->text[to - 1] != '\n'))
        from--;
    fst__vi_change(e, from, to, NULL, 0);
    e->cursor = fst__vi_first_letter(e, from < e->n ? from : e->n);
}

static void take_away(struct fst_editor *e, const struct part *p)
{
    keep(e, p);
    if (p->lines)
        delete_lines(e, p->from, p->to);
    else
        fst__vi_change(e, p->from, p->to, NULL, 0);
}

static void change(struct fst_editor *e, const struct part *p)
{
    keep(e, p);
    size_t from = p->lines ? fst__vi_first_letter(e, p->from) : p->from;
    size_t to = p->lines ? fst__editor_line_end(e, p->last) : p->to;
    fst__vi_change(e, from, to, NULL, 0);
    e->cursor = from;
    fst__vi_insert(e);
}

static void shift_right(struct fst_editor *e, const struct part *p)
{
    for (size_t line = p->first; line <= p->last; line++) {
        size_t at = e->lines[line];
        if (at < fst__editor_line_end(e, line))
            fst__vi_change(e, at, at, "    ", FST_EDITOR_TAB);
    }
    e->cursor = fst__vi_first_letter(e, e->lines[p->first]);
}

static void shift_left(struct fst_editor *e, const struct part *p)
{
    for (size_t line = p->first; line <= p->last; line++) {
        size_t at = e->lines[line], n = 0;
        while (n < FST_EDITOR_TAB && e->text[at + n] == ' ')
            n++;
        n = e->text[at] == '\t' ? 1 : n;
        if (n)
            fst__vi_change(e, at, at + n, NULL, 0);
    }
    e->cursor = fst__vi_first_letter(e, e->lines[p->first]);
}

static char letter_in_case(char letter, char how)
{
    unsigned char c = (unsigned char)letter;
    if (c >= 0x80)
        return letter;
    return (char)(how == 'U' || (how == '~' && islower(c)) ? toupper(c) : tolower(c));
}

void fst__vi_case(struct fst_editor *e, char how, size_t from, size_t to)
{
    char *text = fst_strndup(e->text + from, to - from);
    for (size_t i = 0; i < to - from; i++)
        text[i] = letter_in_case(text[i], how);
    fst__vi_change(e, from, to, text, to - from);
    free(text);
}

static void other_case(struct fst_editor *e, const struct part *p)
{
    fst__vi_case(e, '~', p->from, p->to);
    e->cursor = p->from;
}
static void lower_case(struct fst_editor *e, const struct part *p)
{
    fst__vi_case(e, 'u', p->from, p->to);
    e->cursor = p->from;
}
static void upper_case(struct fst_editor *e, const struct part *p)
{
    fst__vi_case(e, 'U', p->from, p->to);
    e->cursor = p->from;
}

/* At least two lines. */
static void join(struct fst_editor *e, const struct part *p)
{
    fst__editor_join(e);
    for (size_t line = p->first + 1; line < p->last; line++)
        fst__editor_join(e);
}

/* ---- The table ------------------------------------------------------------------------------- */

static const struct verb {
    const char *keys, *visual; /* NULL = none there */
    void (*act)(struct fst_editor *e, const struct part *p);
    bool by_lines; /* it takes whole lines, whatever was selected */
} verbs[] = {
    {"d", "d", take_away, false},   {NULL, "x", take_away, false},  {"c", "c", change, false},
    {NULL, "s", change, false},     {"y", "y", yank, false},        {">", ">", shift_right, true},
    {"<", "<", shift_left, true},   {NULL, "~", other_case, false}, {NULL, "u", lower_case, false},
    {NULL, "U", upper_case, false}, {NULL, "J", join, true},
};

static const struct verb *find(const char **p, bool visual)
{
    for (size_t i = 0; i < FST_COUNT(verbs); i++) {
        const char *keys = visual ? verbs[i].visual : verbs[i].keys;
        if (keys && fst__vi_named(*p, keys) == VI_DONE) {
            *p += strlen(keys);
            return &verbs[i];
        }
    }
    return NULL;
}

static void operate(struct fst_editor *e, const struct verb *op, struct vi_way w)
{
    struct part p = {.from = w.from < w.to ? w.from : w.to, .to = w.from < w.to ? w.to : w.from};
    p.first = fst__editor_line_of(e, p.from);
    p.last = fst__editor_line_of(e, p.to);
    p.back = w.to < w.from;
    p.lines = w.lines;
    if (w.lines && !op->by_lines) {
        p.from = e->lines[p.first];
        p.to = p.last + 1 < e->n_lines ? e->lines[p.last + 1] : e->n;
    } else if (w.inclusive) {
        p.to = fst__editor_next(e, p.to);
    }
    op->act(e, &p);
}

/* ---- What they take -------------------------------------------------------------------------- */

/* The operator's own key again: as many lines. */
static struct vi_way whole_lines(const struct fst_editor *e, size_t count)
{
    long more = count ? (long)count - 1 : 0;
    return (struct vi_way){e->cursor, fst__vi_by_lines(e, e->cursor, more), true, false};
}

/* `cw` on a word is the word without the space behind it. */
static void to_end_of_word(const struct fst_editor *e, struct vi_way *w)
{
    w->to = e->cursor;
    while (w->to < e->n && fst__vi_class(e, w->to) == fst__vi_class(e, e->cursor))
        w->to++;
}

static enum vi_result take_motion(struct fst_editor *e, char op, const char **p, size_t count,
                                  struct vi_way *w)
{
    char verb = **p;
    enum vi_result r = fst__vi_motion(e, p, count, w);
    if (r != VI_DONE || verb != 'w' || count)
        return r;
    if (op == 'c' && fst__vi_class(e, e->cursor))
        to_end_of_word(e, w);
    if (w->to > fst__vi_line_end(e, w->from))
        w->to = fst__vi_line_end(e, w->from);
    return r;
}

enum vi_result fst__vi_operator(struct fst_editor *e, const char **p, size_t count)
{
    struct vi_way w = {0};
    char name = **p;
    const struct verb *op = find(p, false);
    enum vi_result r = VI_DONE;
    if (!op)
        return VI_WRONG;
    size_t more = fst__vi_count(p);
    count = count && more ? count * more : count ? count : more;
    if (**p == name) {
        w = whole_lines(e, count);
        ++*p;
    } else if (**p == 'i' || **p == 'a') {
        r = fst__vi_object(e, p, &w);
    } else {
        r = take_motion(e, name, p, count, &w);
    }
    if (r == VI_DONE)
        operate(e, op, w);
    return r;
}

enum vi_result fst__vi_operator_visual(struct fst_editor *e, const char **p, struct vi_way w)
{
    const struct verb *op = find(p, true);
    if (!op)
        return VI_WRONG;
    if ((w.lines || op->by_lines) && w.to > w.from)
        w.to = fst__editor_previous(e, w.to);
    e->selecting = e->keeps_selecting = false;
    e->vi.mode = FST_VI_NORMAL;
    e->cursor = w.from;
    operate(e, op, w);
    return VI_DONE;
}
