/* Motions of vi: each is a row, a step that is done as often as was typed, or a place that the
 * number itself tells. What waits for a letter (f, t, F, T and what does them again) stands beside
 * the table. */
#include <ctype.h>
#include <string.h>

#include "editor_vi.h"

/* As they come in what was pressed. */
#define CTRL_B "\x02"
#define CTRL_D "\x04"
#define CTRL_F "\x06"
#define CTRL_U "\x15"

/* ---- Places that a number tells -------------------------------------------------------------- */

static size_t times(size_t count)
{
    return count ? count : 1;
}

static size_t down(const struct fst_editor *e, size_t at, size_t count)
{
    return fst__vi_by_lines(e, at, (long)times(count));
}
static size_t up(const struct fst_editor *e, size_t at, size_t count)
{
    return fst__vi_by_lines(e, at, -(long)times(count));
}
static size_t down_to_letter(const struct fst_editor *e, size_t at, size_t count)
{
    return fst__vi_first_letter(e, down(e, at, count));
}
static size_t end_of_line(const struct fst_editor *e, size_t at, size_t count)
{
    return fst__vi_line_end(e, fst__vi_by_lines(e, at, (long)times(count) - 1));
}

/* The bracket here, or the next one of the line. */
static size_t other_end(const struct fst_editor *e, size_t at, size_t count)
{
    size_t bracket = at + strcspn(e->text + at, "()[]{}\n");
    (void)count;
    return bracket < fst__vi_line_end(e, at) ? fst__editor_bracket(e, bracket) : at;
}

static size_t up_to_letter(const struct fst_editor *e, size_t at, size_t count)
{
    return fst__vi_first_letter(e, up(e, at, count));
}
static size_t first_letter_below(const struct fst_editor *e, size_t at, size_t count)
{
    return fst__vi_first_letter(e, fst__vi_by_lines(e, at, (long)times(count) - 1));
}
static size_t column(const struct fst_editor *e, size_t at, size_t count)
{
    return fst__editor_at_col(e, fst__editor_line_of(e, at), times(count) - 1);
}

/* What ends with a line's end has no line behind it. */
static size_t line_number(const struct fst_editor *e, size_t line)
{
    size_t last = e->n_lines > 1 && e->lines[e->n_lines - 1] == e->n ? e->n_lines - 1 : e->n_lines;
    line = line > last ? last : line;
    return fst__vi_first_letter(e, e->lines[line > 0 ? line - 1 : 0]);
}
static size_t line_or_last(const struct fst_editor *e, size_t at, size_t count)
{
    (void)at;
    return line_number(e, count ? count : e->n_lines);
}
static size_t line_or_first(const struct fst_editor *e, size_t at, size_t count)
{
    (void)at;
    return line_number(e, times(count));
}

/* ---- What is on the screen ------------------------------------------------------------------- */

static long page(const struct fst_editor *e)
{
    return e->page_rows > 2 ? e->page_rows : 2;
}
static size_t half_down(const struct fst_editor *e, size_t at, size_t count)
{
    return fst__vi_by_lines(e, at, count ? (long)count : page(e) / 2);
}
static size_t half_up(const struct fst_editor *e, size_t at, size_t count)
{
    return fst__vi_by_lines(e, at, -(count ? (long)count : page(e) / 2));
}
static size_t page_down(const struct fst_editor *e, size_t at, size_t count)
{
    return fst__vi_by_lines(e, at, (long)times(count) * (page(e) - 1));
}
static size_t page_up(const struct fst_editor *e, size_t at, size_t count)
{
    return fst__vi_by_lines(e, at, -(long)times(count) * (page(e) - 1));
}

static size_t last_shown(const struct fst_editor *e)
{
    size_t line = e->top + (size_t)page(e);
    return line < e->n_lines ? line : e->n_lines;
}
static size_t high(const struct fst_editor *e, size_t at, size_t count)
{
    (void)at;
    return line_number(e, e->top + times(count));
}
static size_t middle(const struct fst_editor *e, size_t at, size_t count)
{
    (void)at, (void)count;
    return line_number(e, (e->top + 1 + last_shown(e)) / 2);
}
static size_t low(const struct fst_editor *e, size_t at, size_t count)
{
    size_t last = last_shown(e);
    (void)at;
    return line_number(e, last >= times(count) ? last + 1 - times(count) : 1);
}

/* ---- Words ----------------------------------------------------------------------------------- */

static size_t word(const struct fst_editor *e, size_t at)
{
    return fst__vi_word_next(e, at, fst__vi_class);
}
static size_t big_word(const struct fst_editor *e, size_t at)
{
    return fst__vi_word_next(e, at, fst__vi_big_class);
}
static size_t back(const struct fst_editor *e, size_t at)
{
    return fst__vi_word_before(e, at, fst__vi_class);
}
static size_t big_back(const struct fst_editor *e, size_t at)
{
    return fst__vi_word_before(e, at, fst__vi_big_class);
}
static size_t end(const struct fst_editor *e, size_t at)
{
    return fst__vi_word_last(e, at, fst__vi_class);
}
static size_t big_end(const struct fst_editor *e, size_t at)
{
    return fst__vi_word_last(e, at, fst__vi_big_class);
}
static size_t end_before(const struct fst_editor *e, size_t at)
{
    return fst__vi_word_last_before(e, at, fst__vi_class);
}
static size_t big_end_before(const struct fst_editor *e, size_t at)
{
    return fst__vi_word_last_before(e, at, fst__vi_big_class);
}

/* ---- The table ------------------------------------------------------------------------------- */

static const struct motion {
    const char *keys;
    size_t (*step)(const struct fst_editor *e, size_t at);
    size_t (*to)(const struct fst_editor *e, size_t at, size_t count);
    bool lines, inclusive, keeps_col;
} motions[] = {
    {.keys = "h", .step = fst__vi_left},
    {.keys = "\b", .step = fst__vi_left},
    {.keys = "l", .step = fst__vi_right},
    {.keys = " ", .step = fst__vi_right},
    {.keys = "j", .to = down, .lines = true, .keeps_col = true},
    {.keys = "k", .to = up, .lines = true, .keeps_col = true},
    {.keys = "gj", .to = down, .lines = true, .keeps_col = true},
    {.keys = "gk", .to = up, .lines = true, .keeps_col = true},
    {.keys = CTRL_D, .to = half_down, .lines = true, .keeps_col = true},
    {.keys = CTRL_U, .to = half_up, .lines = true, .keeps_col = true},
    {.keys = CTRL_F, .to = page_down, .lines = true, .keeps_col = true},
    {.keys = CTRL_B, .to = page_up, .lines = true, .keeps_col = true},
    {.keys = "\r", .to = down_to_letter, .lines = true},
    {.keys = "+", .to = down_to_letter, .lines = true},
    {.keys = "-", .to = up_to_letter, .lines = true},
    {.keys = "_", .to = first_letter_below, .lines = true},
    {.keys = "H", .to = high, .lines = true},
    {.keys = "M", .to = middle, .lines = true},
    {.keys = "L", .to = low, .lines = true},
    {.keys = "w", .step = word},
    {.keys = "W", .step = big_word},
    {.keys = "b", .step = back},
    {.keys = "B", .step = big_back},
    {.keys = "e", .step = end, .inclusive = true},
    {.keys = "E", .step = big_end, .inclusive = true},
    {.keys = "ge", .step = end_before, .inclusive = true},
    {.keys = "gE", .step = big_end_before, .inclusive = true},
    {.keys = "}", .step = fst__vi_paragraph_next},
    {.keys = "{", .step = fst__vi_paragraph_before},
    {.keys = "0", .step = fst__vi_line_start},
    {.keys = "^", .step = fst__vi_first_letter},
    {.keys = "$", .to = end_of_line},
    {.keys = "|", .to = column},
    {.keys = "%", .to = other_end, .inclusive = true},
    {.keys = "G", .to = line_or_last, .lines = true},
    {.keys = "gg", .to = line_or_first, .lines = true},
};

static enum vi_result find(const char **p, const struct motion **out)
{
    enum vi_result best = VI_WRONG;
    for (size_t i = 0; i < FST_COUNT(motions); i++) {
        enum vi_result r = fst__vi_named(*p, motions[i].keys);
        if (r == VI_WAITS)
            best = r;
        if (r != VI_DONE)
            continue;
        *out = &motions[i];
        *p += strlen(motions[i].keys);
        return r;
    }
    return best;
}

static size_t go(const struct fst_editor *e, const struct motion *m, size_t at, size_t count)
{
    if (m->to)
        return m->to(e, at, count);
    for (size_t n = times(count), before = at + 1; n > 0 && at != before; n--) {
        before = at;
        at = m->step(e, at);
    }
    return at;
}

/* ---- Letters of the line: f, t, F, T --------------------------------------------------------- */

static bool find_letter(const struct fst_editor *e, char kind, const char *letter, size_t count,
                        size_t *at)
{
    bool forward = kind == 'f' || kind == 't';
    size_t start = fst__vi_line_start(e, *at), end = fst__vi_line_end(e, *at), now = *at;
    size_t n = strlen(letter);
    while (count > 0) {
        if (forward ? now >= end : now <= start)
            return false;
        now = forward ? fst__editor_next(e, now) : fst__editor_previous(e, now);
        if (now < end && end - now >= n && memcmp(e->text + now, letter, n) == 0)
            count--;
    }
    *at = kind == 't' ? fst__editor_previous(e, now) : kind == 'T' ? fst__editor_next(e, now) : now;
    return true;
}

/* The letter that f and its kin wait for; it is remembered for `;` and `,`. */
static enum vi_result read_letter(struct fst_vi *vi, const char **p)
{
    size_t n = strlen(*p + 1);
    if (n == 0)
        return VI_WAITS;
    n = fst_text_cluster(*p + 1, n);
    size_t kept = n < sizeof vi->letter ? n : sizeof vi->letter - 1;
    memcpy(vi->letter, *p + 1, kept);
    vi->letter[kept] = '\0';
    vi->letter_kind = **p;
    *p += 1 + n;
    return VI_DONE;
}

static char turned(char kind)
{
    unsigned char c = (unsigned char)kind;
    return (char)(islower(c) ? toupper(c) : tolower(c));
}

/* Again: t and T stand beside the letter that they found, which is not to be found once more. */
static void leave_letter(const struct fst_editor *e, char kind, size_t *at)
{
    if (kind == 't')
        *at = fst__vi_right(e, *at);
    else if (kind == 'T')
        *at = fst__vi_left(e, *at);
}

static enum vi_result letter_motion(struct fst_editor *e, const char **p, size_t count,
                                    struct vi_way *w)
{
    struct fst_vi *vi = &e->vi;
    char key = **p;
    if (key == ';' || key == ',')
        ++*p;
    else if (read_letter(vi, p) == VI_WAITS)
        return VI_WAITS;
    if (!vi->letter_kind)
        return VI_WRONG;
    char kind = key == ',' ? turned(vi->letter_kind) : vi->letter_kind;
    if (key == ';' || key == ',')
        leave_letter(e, kind, &w->to);
    w->inclusive = islower((unsigned char)kind);
    return find_letter(e, kind, vi->letter, times(count), &w->to) ? VI_DONE : VI_WRONG;
}

enum vi_result fst__vi_motion(struct fst_editor *e, const char **p, size_t count, struct vi_way *w)
{
    const struct motion *m;
    *w = (struct vi_way){.from = e->cursor, .to = e->cursor};
    if (!**p)
        return VI_WAITS;
    if (strchr("ftFT;,", **p))
        return letter_motion(e, p, count, w);
    enum vi_result r = find(p, &m);
    if (r != VI_DONE)
        return r;
    w->to = go(e, m, e->cursor, count);
    w->lines = m->lines;
    w->inclusive = m->inclusive;
    w->keeps_col = m->keeps_col;
    w->to_end = m->to == end_of_line;
    return VI_DONE;
}
