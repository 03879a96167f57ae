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
    size_t cursor;      /* where a yank leaves it */
    bool lines;
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
    e->cursor = p->cursor;
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

static void turn_case(struct fst_editor *e, const struct part *p, char how)
{
    fst__vi_case(e, how, p->from, p->to);
    e->cursor = p->cursor;
}
static void other_case(struct fst_editor *e, const struct part *p)
{
    turn_case(e, p, '~');
}
static void lower_case(struct fst_editor *e, const struct part *p)
{
    turn_case(e, p, 'u');
}
static void upper_case(struct fst_editor *e, const struct part *p)
{
    turn_case(e, p, 'U');
}

static void comment(struct fst_editor *e, const struct part *p)
{
    e->anchor = e->lines[p->first];
    e->cursor = fst__editor_line_end(e, p->last);
    e->selecting = true;
    fst_editor_action(e, "editor.toggle-comment");
    e->selecting = false;
    e->cursor = fst__vi_first_letter(e, e->lines[p->first]);
}

/* At least two lines. */
static void join(struct fst_editor *e, const struct part *p)
{
    fst__editor_join(e);
    for (size_t line = p->first + 1; line < p->last; line++)
        fst__editor_join(e);
}

/* What was kept in place of the part, which is kept instead. Lines stay lines. */
static void put_over(struct fst_editor *e, const struct part *p)
{
    struct fst_buf text = FST_BUF(FST_EDITOR_MAX);
    bool lines = e->vi.clip_lines, first = lines && !p->lines;
    fst_buf_adds(&text, first ? "\n" : "");
    fst_buf_add(&text, e->clip, e->clip_n);
    fst_buf_adds(&text, p->lines && !lines ? "\n" : "");
    if (p->lines && text.n && p->to == e->n && (p->to == 0 || e->text[p->to - 1] != '\n'))
        text.n--;
    keep(e, p);
    fst__vi_change(e, p->from, p->to, text.p, text.n);
    bool stands = lines || p->lines || text.n == 0;
    e->cursor = stands ? fst__vi_first_letter(e, p->from + first)
                       : fst__editor_previous(e, p->from + text.n);
    fst_buf_done(&text);
}

/* ---- The table ------------------------------------------------------------------------------- */

static const struct verb {
    const char *keys;         /* NULL = in visual mode only */
    const char *visual, *all; /* there; `all` takes whole lines. Names parted by spaces */
    void (*act)(struct fst_editor *e, const struct part *p);
    bool by_lines; /* it takes whole lines, whatever was selected, and finds them by number */
} verbs[] = {
    {"d", "d x", "X D", take_away, false},
    {"c", "c s", "C S R", change, false},
    {"y", "y", "Y", yank, false},
    {">", ">", NULL, shift_right, true},
    {"<", "<", NULL, shift_left, true},
    {"g~", "~ g~", NULL, other_case, false},
    {"gu", "u gu", NULL, lower_case, false},
    {"gU", "U gU", NULL, upper_case, false},
    {"gc", "gc", NULL, comment, true},
    {NULL, "J", NULL, join, true},
    {NULL, "p P", NULL, put_over, false},
};

/* Which of the names the keys begin with: bytes of it; VI_WAITS: of one they may. */
static enum vi_result one_of(const char *keys, const char *names, size_t *n)
{
    enum vi_result best = VI_WRONG;
    char name[4];
    for (const char *p = names ? names : ""; *p; p += *n + (p[*n] == ' ')) {
        *n = strcspn(p, " ");
        snprintf(name, sizeof name, "%.*s", (int)*n, p);
        enum vi_result r = fst__vi_named(keys, name);
        if (r == VI_DONE)
            return r;
        best = r == VI_WAITS ? r : best;
    }
    return best;
}

struct found {
    const struct verb *verb;
    bool all;
};

static enum vi_result find(const char **p, bool visual, struct found *out)
{
    enum vi_result best = VI_WRONG, r;
    size_t n;
    for (size_t i = 0; i < FST_COUNT(verbs); i++) {
        *out = (struct found){&verbs[i], false};
        r = one_of(*p, visual ? verbs[i].visual : verbs[i].keys, &n);
        if (r != VI_DONE && visual) {
            best = r == VI_WAITS ? r : best;
            out->all = true;
            r = one_of(*p, verbs[i].all, &n);
        }
        if (r == VI_DONE) {
            *p += n;
            return r;
        }
        best = r == VI_WAITS ? r : best;
    }
    return best;
}

static void operate(struct fst_editor *e, const struct verb *op, struct vi_way w)
{
    struct part p = {.from = w.from < w.to ? w.from : w.to, .to = w.from < w.to ? w.to : w.from};
    p.first = fst__editor_line_of(e, p.from);
    p.last = fst__editor_line_of(e, p.to);
    p.cursor = p.from;
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
static void to_end_of_word(const struct fst_editor *e, vi_class *class_of, struct vi_way *w)
{
    w->to = e->cursor;
    while (w->to < e->n && class_of(e, w->to) == class_of(e, e->cursor))
        w->to++;
}

/* A motion that ends at the start of a line takes what is before it: the lines, when it began at
 * the start of one as well. */
static void end_in_line_before(const struct fst_editor *e, struct vi_way *w)
{
    size_t line = fst__editor_line_of(e, w->to);
    if (w->lines || w->inclusive || w->to <= w->from || w->to != e->lines[line] ||
        line == fst__editor_line_of(e, w->from))
        return;
    w->to = fst__editor_line_end(e, line - 1);
    w->lines = w->from <= fst__vi_first_letter(e, w->from) && w->to > w->from;
}

static enum vi_result take_motion(struct fst_editor *e, char op, const char **p, size_t count,
                                  struct vi_way *w)
{
    char verb = **p;
    vi_class *class_of = verb == 'W' ? fst__vi_big_class : fst__vi_class;
    enum vi_result r = fst__vi_motion(e, p, count, w);
    if (r != VI_DONE)
        return r;
    bool word = verb == 'w' || verb == 'W';
    if (word && op == 'c' && !count && class_of(e, e->cursor))
        to_end_of_word(e, class_of, w);
    if (word && !count && w->to > fst__vi_line_end(e, w->from))
        w->to = fst__vi_line_end(e, w->from);
    if (!word)
        end_in_line_before(e, w);
    return r;
}

enum vi_result fst__vi_operator(struct fst_editor *e, const char **p, size_t count)
{
    struct vi_way w = {0};
    struct found op;
    enum vi_result r = find(p, false, &op);
    if (r != VI_DONE)
        return r;
    char name = (*p)[-1];
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
        operate(e, op.verb, w);
    return r;
}

/* ---- Visual mode ----------------------------------------------------------------------------- */

/* For `.`: as much from the cursor on, as keys of normal mode; what goes over lines by letters is
 * not done again. */
static void remember(struct fst_editor *e, const struct verb *op, const struct vi_way *w)
{
    char *last = e->vi.last;
    size_t n_lines = fst__editor_line_of(e, w->to) - fst__editor_line_of(e, w->from) + 1;
    size_t letters = 0;
    for (size_t at = w->from; at < w->to; at = fst__editor_next(e, at))
        letters++;
    if (op->act == yank)
        return;
    *last = '\0';
    if (op->act == join)
        snprintf(last, sizeof e->vi.last, "%zuJ", n_lines);
    else if (op->keys && (w->lines || op->by_lines))
        snprintf(last, sizeof e->vi.last, "%zu%s%c", n_lines, op->keys,
                 op->keys[strlen(op->keys) - 1]);
    else if (op->keys && n_lines == 1)
        snprintf(last, sizeof e->vi.last, "%s%zul", op->keys, letters);
}

enum vi_result fst__vi_operator_visual(struct fst_editor *e, const char **p, struct vi_way w)
{
    struct found op;
    enum vi_result r = find(p, true, &op);
    if (r != VI_DONE)
        return r;
    w.lines |= op.all;
    if ((w.lines || op.verb->by_lines) && w.to > w.from)
        w.to = fst__editor_previous(e, w.to);
    fst__vi_leave_visual(e);
    e->cursor = w.from;
    remember(e, op.verb, &w);
    operate(e, op.verb, w);
    return r;
}
