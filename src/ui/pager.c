/* The pager: lines to read, with sideways scrolling and finding. What comes at the end does not
 * move what is being read, neither up nor sideways, unless `follow` is on. */
#include <string.h>

#include "widget.h"

#define TAB_COLS 8
#define SIDE_COLS 16
#define MAX_LEFT 100000
#define MAX_COUNTED 200000 /* lines that are looked at to count hits */

const struct fst_action fst_pager_actions[] = {
    {"pager.down", "pager", "j down", NULL, "One line down", false},
    {"pager.up", "pager", "k up", NULL, "One line up", false},
    {"pager.pagedown", "pager", "pgdn space ctrl-f", NULL, "One page down", false},
    {"pager.pageup", "pager", "pgup ctrl-b", NULL, "One page up", false},
    {"pager.halfdown", "pager", "ctrl-d", NULL, "Half a page down", false},
    {"pager.halfup", "pager", "ctrl-u", NULL, "Half a page up", false},
    {"pager.top", "pager", "g home", NULL, "To the first line", false},
    {"pager.bottom", "pager", "G end", NULL, "To the last line", false},
    {"pager.left", "pager", "left <", NULL, "Sideways to the left", false},
    {"pager.right", "pager", "right >", NULL, "Sideways to the right", false},
    {"pager.start", "pager", "^", NULL, "Sideways to the start of the lines", false},
    {"pager.next", "pager", "n", NULL, "To the next line with what was searched", false},
    {"pager.previous", "pager", "N", NULL, "To the line before with what was searched", false},
    {"pager.follow", "pager", "F", NULL, "Stay at the end as lines come, or stop doing so", false},
};
const size_t fst_n_pager_actions = FST_COUNT(fst_pager_actions);

/* A line as it is shown: tabs as spaces, no line end, the rest safe. */
static void show_line(struct fst_buf *out, const struct fst_pager_line *line)
{
    size_t n = line->n, col = 0;
    while (n > 0 && (line->p[n - 1] == '\n' || line->p[n - 1] == '\r'))
        n--;
    for (size_t i = 0; i < n;) {
        const char *tab = memchr(line->p + i, '\t', n - i);
        size_t len = tab ? (size_t)(tab - line->p) - i : n - i;
        fst_text_escape(out, line->p + i, len);
        if (!tab)
            break;
        col += fst_text_width(line->p + i, len);
        size_t spaces = TAB_COLS - col % TAB_COLS;
        fst_buf_repeat(out, ' ', spaces);
        col += spaces;
        i += len + 1;
    }
}

/* What can be in sight of a line; what is behind it need not be made safe. */
static struct fst_pager_line visible(const struct fst_pager *p, size_t i)
{
    struct fst_pager_line line = p->line(p->arg, i);
    size_t rows = p->wrap && p->page_rows > 0 ? (size_t)p->page_rows : 1;
    size_t most = ((size_t)p->left + (size_t)p->page_cols * rows) * 8 + 4096;
    if (line.n > most)
        line.n = most;
    return line;
}

/* Rows that a line takes. */
static int rows_of(const struct fst_pager *p, size_t i, struct fst_buf *text)
{
    if (!p->wrap || p->page_rows < 2)
        return 1;
    struct fst_pager_line line = visible(p, i);
    fst_buf_clear(text);
    show_line(text, &line);
    return fst_text_rows(fst_buf_text(text), text->n, p->page_cols - 1, p->page_rows);
}

/* The top line with which the last one is in sight. */
static size_t last_top(const struct fst_pager *p)
{
    size_t page = p->page_rows > 0 ? (size_t)p->page_rows : 1, top = p->n_lines;
    if (!p->wrap)
        return p->n_lines > page ? p->n_lines - page : 0;
    struct fst_buf text = FST_BUF_TEXT;
    for (size_t rows = 0; top > 0 && (rows += (size_t)rows_of(p, top - 1, &text)) <= page;)
        top--;
    fst_buf_done(&text);
    return top < p->n_lines || top == 0 ? top : top - 1;
}

/* ---- Finding --------------------------------------------------------------------------------- */

static bool line_matches(const struct fst_pager *p, const struct fst_filter *what, size_t i)
{
    size_t at, len;
    struct fst_pager_line line = p->line(p->arg, i);
    return fst_filter_find(what, line.p, line.n, &at, &len);
}

static void count_hits(struct fst_pager *p, const struct fst_filter *what)
{
    size_t n = p->n_lines < MAX_COUNTED ? p->n_lines : MAX_COUNTED;
    p->hits = p->hit = 0;
    p->hits_cut = n < p->n_lines;
    for (size_t i = 0; i < n; i++)
        if (line_matches(p, what, i)) {
            p->hits++;
            p->hit = i == p->match ? p->hits : p->hit;
        }
}

static void go_to_match(struct fst_pager *p, size_t i)
{
    size_t page = p->page_rows > 0 ? (size_t)p->page_rows : 1;
    p->match = i;
    p->follow = false;
    if (i < p->top || i >= p->top + page)
        p->top = i > page / 3 ? i - page / 3 : 0;
    if (p->top > last_top(p))
        p->top = last_top(p);
}

/* A new word is looked for from what is in sight on; the same one from behind its last place. At
 * the end the search goes on at the start. */
static bool find(struct fst_pager *p, int step)
{
    bool again = strcmp(p->found, p->find) == 0;
    size_t n = p->n_lines;
    if (!p->find[0] || n == 0)
        return true;
    memcpy(p->found, p->find, sizeof p->found);
    struct fst_filter *what = fst_filter_new(p->find);
    size_t from = again && p->match < n ? p->match + n + (size_t)step : p->top + n;
    for (size_t k = 0; k < n; k++) {
        size_t i = (step > 0 ? from + k : from + n - k) % n;
        if (line_matches(p, what, i)) {
            go_to_match(p, i);
            break;
        }
    }
    count_hits(p, what);
    fst_filter_free(what);
    return true;
}

/* ---- Actions --------------------------------------------------------------------------------- */

static bool move_sideways(struct fst_pager *p, const char *verb)
{
    if (strcmp(verb, "left") == 0)
        p->left = p->left > SIDE_COLS ? p->left - SIDE_COLS : 0;
    else if (strcmp(verb, "right") == 0)
        p->left = p->left < MAX_LEFT ? p->left + SIDE_COLS : p->left;
    else if (strcmp(verb, "start") == 0)
        p->left = 0;
    else
        return false;
    return true;
}

bool fst_pager_action(struct fst_pager *p, const char *action)
{
    const char *verb = fst__verb(action, "pager");
    uint64_t top = p->top;
    if (!verb)
        return false;
    if (strcmp(verb, "next") == 0)
        return find(p, 1);
    if (strcmp(verb, "previous") == 0)
        return find(p, -1);
    if (strcmp(verb, "follow") == 0)
        return p->follow = !p->follow, true;
    if (move_sideways(p, verb))
        return true;
    int page = p->wrap ? (int)p->page_lines : p->page_rows;
    if (!fst__move(verb, last_top(p) + 1, page, &top))
        return false;
    p->follow = p->follow && top >= p->top;
    p->top = (size_t)top;
    return true;
}

/* ---- Drawing --------------------------------------------------------------------------------- */

static int draw_line(const struct fst_pager *p, struct fst_surface *s, int row, size_t i,
                     const struct fst_filter *what, struct fst_buf *text)
{
    struct fst_pager_line line = visible(p, i);
    enum fst_role role = p->mark == i + 1 ? FST_ROLE_CURSOR : line.role;
    size_t width;
    int rows = 1;
    fst_buf_clear(text);
    show_line(text, &line);
    const char *shown = fst_buf_text(text);
    if (p->mark == i + 1)
        fst_draw_fill(s, row, 0, s->cols, FST_ROLE_CURSOR);
    if (p->wrap) {
        rows = fst_draw_wrapped(s, row, 0, s->rows - row, role, shown, text->n);
    } else {
        size_t skip = fst_text_fit(shown, text->n, (size_t)p->left, &width);
        fst_draw(s, row, 0, s->cols, role, shown + skip, text->n - skip);
    }
    for (int k = 0; what && k < rows; k++)
        fst__mark_matches(s, row + k, 0, s->cols, what);
    return rows > 0 ? rows : 1;
}

void fst_pager_draw(struct fst_pager *p, struct fst_surface *s)
{
    struct fst_buf text = FST_BUF_TEXT;
    p->page_rows = s->rows;
    p->page_cols = s->cols;
    size_t last =
        p->follow || p->wrap || p->top + (size_t)s->rows > p->n_lines ? last_top(p) : p->top;
    if (p->follow || p->top > last)
        p->top = last;
    for (int row = 0; row < s->rows; row++)
        fst_draw_fill(s, row, 0, s->cols, FST_ROLE_TEXT);
    struct fst_filter *what = p->find[0] ? fst_filter_new(p->find) : NULL;
    size_t i = p->top;
    for (int row = 0; row < s->rows && i < p->n_lines; i++)
        row += draw_line(p, s, row, i, what, &text);
    fst_filter_free(what);
    p->page_lines = i - p->top > 1 && p->wrap ? i - p->top - 1 : i - p->top;
    fst_buf_done(&text);
}
