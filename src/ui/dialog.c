/* A question in a box over the screen: text, perhaps a line of input, choices. The first choice is
 * the safe one, has the focus, and is what Esc takes. */
#include <string.h>

#include "key.h"
#include "widget.h"

#define MAX_COLS 100
#define FRAME_COLS 4 /* border and a space on both sides */

static size_t count_choices(const struct fst_dialog *d)
{
    size_t n = 0;
    while (n < FST_COUNT(d->choices) && d->choices[n])
        n++;
    return n;
}

/* ---- Text wrapped to a width ----------------------------------------------------------------- */

struct text_line {
    const char *p;
    size_t n;
    char first; /* of the line as it was written: tells diffs */
};
struct text_walk {
    const char *p;
    size_t left; /* of the line that was written, not yet shown */
    char first;
};

static bool next_line(struct text_walk *w, int cols, struct text_line *out)
{
    if (!w->p)
        return false;
    if (w->left == 0) {
        w->left = strcspn(w->p, "\n");
        w->first = *w->p;
    }
    size_t n = fst_text_wrap(w->p, w->left, cols);
    *out = (struct text_line){w->p, n, w->first};
    w->p += n;
    w->left -= n;
    if (w->left == 0)
        w->p = *w->p && w->p[1] ? w->p + 1 : NULL;
    return true;
}

static struct text_walk walk_text(const struct fst_dialog *d)
{
    return (struct text_walk){.p = d->text && *d->text ? d->text : NULL};
}

static size_t count_lines(const struct fst_dialog *d, int cols)
{
    struct text_walk w = walk_text(d);
    struct text_line line;
    size_t n = 0;
    while (next_line(&w, cols, &line))
        n++;
    return n;
}

/* ---- Keys ------------------------------------------------------------------------------------ */

static bool move_focus(struct fst_dialog *d, const struct fst_key *key)
{
    size_t n = count_choices(d);
    bool arrows = !d->input;
    bool next = fst__key_is(key, "tab") || (arrows && fst__key_is(key, "right")) ||
                (arrows && fst__key_is(key, "l"));
    bool back = fst__key_is(key, "shift-tab") || (arrows && fst__key_is(key, "left")) ||
                (arrows && fst__key_is(key, "h"));
    if (n > 0 && (next || back))
        d->focus = (d->focus + (next ? 1 : n - 1)) % n;
    return next || back;
}

/* The end is found when drawing, which knows the width. */
static bool scroll_text(struct fst_dialog *d, const struct fst_key *key)
{
    bool letters = !d->input;
    if (fst__key_is(key, "down") || (letters && fst__key_is(key, "j")))
        d->top++;
    else if (fst__key_is(key, "up") || (letters && fst__key_is(key, "k")))
        d->top -= d->top > 0;
    else if (fst__key_is(key, "pgdn"))
        d->top += 10;
    else if (fst__key_is(key, "pgup"))
        d->top = d->top > 10 ? d->top - 10 : 0;
    else
        return false;
    return true;
}

static void type(struct fst_dialog *d, const struct fst_key *key)
{
    enum fst_prompt_result result = fst_prompt_key(d->input, key);
    d->input->open = true;
    if (result == FST_PROMPT_CHANGED && d->focus == 0 && count_choices(d) > 1)
        d->focus = 1;
}

int fst_dialog_key(struct fst_dialog *d, const struct fst_key *key)
{
    if (fst__key_is(key, "esc") || fst__key_is(key, "ctrl-c"))
        return 0;
    if (fst__key_is(key, "enter"))
        return (int)d->focus;
    if (!move_focus(d, key) && !scroll_text(d, key) && d->input)
        type(d, key);
    return -1;
}

/* ---- Drawing --------------------------------------------------------------------------------- */

static int at_least(int a, int b)
{
    return a > b ? a : b;
}

static int choices_cols(const struct fst_dialog *d)
{
    int cols = 0;
    for (size_t i = 0; i < count_choices(d); i++)
        cols += (int)fst_text_width(d->choices[i], strlen(d->choices[i])) + 5;
    return cols;
}

static int text_cols(const struct fst_dialog *d, int most)
{
    struct text_walk w = walk_text(d);
    struct text_line line;
    int cols = 0;
    while (next_line(&w, most, &line))
        cols = at_least(cols, (int)fst_text_width(line.p, line.n));
    return cols;
}

static enum fst_role role_of(const struct text_line *line)
{
    return line->first == '+'   ? FST_ROLE_DIFF_ADD
           : line->first == '-' ? FST_ROLE_DIFF_DEL
                                : FST_ROLE_TEXT;
}

static void draw_text(struct fst_dialog *d, struct fst_surface *s)
{
    struct text_walk w = walk_text(d);
    struct text_line line;
    size_t total = count_lines(d, s->cols),
           most = total > (size_t)s->rows ? total - (size_t)s->rows : 0;
    if (d->top > most)
        d->top = most;
    for (size_t i = 0; i < d->top + (size_t)s->rows && next_line(&w, s->cols, &line); i++)
        if (i >= d->top)
            fst_draw(s, (int)(i - d->top), 0, s->cols, role_of(&line), line.p, line.n);
    if (d->top < most && s->rows > 0 && s->cols > 6)
        fst_draws(s, s->rows - 1, s->cols - 5, FST_ROLE_KEY, s->ascii ? " more" : " ↓…  ");
}

static void draw_choices(const struct fst_dialog *d, struct fst_surface *s, int row)
{
    int col = at_least(0, (s->cols - choices_cols(d)) / 2);
    for (size_t i = 0; i < count_choices(d); i++) {
        enum fst_role role = i == d->focus ? FST_ROLE_CURSOR : FST_ROLE_TEXT;
        col += fst_drawf(s, row, col, role, "[ %s ]", d->choices[i]) + 1;
    }
}

void fst_dialog_draw(struct fst_dialog *d, struct fst_surface *s)
{
    int most = at_least(1, (s->cols < MAX_COLS ? s->cols : MAX_COLS) - FRAME_COLS);
    int cols = at_least(text_cols(d, most), choices_cols(d));
    cols = at_least(cols, d->title ? (int)fst_text_width(d->title, strlen(d->title)) + 6 : 0);
    cols = at_least(cols, d->input ? 50 : 0);
    cols = cols < most ? cols : most;
    int extra = (d->input ? 2 : 0) + 2 + 2; /* input, choices, border */
    int text_rows = (int)count_lines(d, cols);
    int rows = text_rows + extra < s->rows ? text_rows + extra : s->rows;
    struct fst_surface box = fst_surface_window(
        s, (s->rows - rows) / 2, (s->cols - cols - FRAME_COLS) / 2, rows, cols + FRAME_COLS);
    fst_surface_clear(&box, FST_ROLE_TEXT);
    fst_surface_cursor(s, -1, -1);
    fst_draw_box(&box, d->title);
    struct fst_surface in = fst_surface_window(&box, 1, 2, rows - 2, cols);
    struct fst_surface text = fst_surface_window(&in, 0, 0, rows - extra, cols);
    draw_text(d, &text);
    draw_choices(d, &in, in.rows - 1);
    if (!d->input)
        return;
    struct fst_surface line = fst_surface_window(&in, in.rows - 3, 0, 1, cols);
    fst_prompt_draw(d->input, &line);
}
