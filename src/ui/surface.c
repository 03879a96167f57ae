/* Surfaces: rectangles of cells that are drawn on. A window is the same cells through a smaller
 * frame, so nothing drawn through it can leave it.
 *
 * Wide clusters take two cells. Whoever writes over one half takes the other half away, so that a
 * row always adds up to its width. */
#include <string.h>

#include "firesteel/ui.h"

static int max_int(int a, int b)
{
    return a > b ? a : b;
}
static int min_int(int a, int b)
{
    return a < b ? a : b;
}

struct fst_surface fst_surface_window(const struct fst_surface *s, int top, int left, int rows,
                                      int cols)
{
    struct fst_surface w = *s;
    int first_row = min_int(max_int(top, 0), s->rows),
        first_col = min_int(max_int(left, 0), s->cols);
    w.top = s->top + first_row;
    w.left = s->left + first_col;
    w.rows = max_int(0, min_int(rows, s->rows - first_row));
    w.cols = max_int(0, min_int(cols, s->cols - first_col));
    return w;
}

static struct fst_cell *cell_at(const struct fst_surface *s, int row, int col)
{
    return &s->cells[(size_t)(s->top + row) * (size_t)s->stride + (size_t)(s->left + col)];
}

static void set_cell(struct fst_cell *c, const char *text, size_t n, int width, enum fst_role role)
{
    memset(c, 0, sizeof *c);
    memcpy(c->text, text, n);
    c->width = (uint8_t)width;
    c->role = (uint8_t)role;
}

/* Make cells [col, col + n) free of halves of clusters that reach over their ends. */
static void cut_wide(struct fst_surface *s, int row, int col, int n)
{
    struct fst_cell *first = cell_at(s, row, col), *last = first + n - 1;
    if (first->width == 0 && first->text[0] == '\0' && s->left + col > 0 && first[-1].width == 2)
        set_cell(first - 1, " ", 1, 1, first[-1].role);
    if (last->width == 2 && s->left + col + n < s->stride)
        set_cell(last + 1, " ", 1, 1, last[1].role);
}

static void put(struct fst_surface *s, int row, int col, enum fst_role role, const char *text,
                size_t n, int width)
{
    struct fst_cell *c = cell_at(s, row, col);
    cut_wide(s, row, col, width);
    set_cell(c, text, n, width, role);
    if (width == 2)
        set_cell(c + 1, "", 0, 0, role);
}

void fst_surface_clear(struct fst_surface *s, enum fst_role role)
{
    for (int row = 0; row < s->rows; row++)
        fst_draw_fill(s, row, 0, s->cols, role);
}

void fst_surface_cursor(struct fst_surface *s, int row, int col)
{
    bool inside = row >= 0 && col >= 0 && row < s->rows && col < s->cols;
    if (!s->cursor_row || !s->cursor_col)
        return;
    *s->cursor_row = inside ? s->top + row : -1;
    *s->cursor_col = inside ? s->left + col : -1;
}

/* ---- Text ------------------------------------------------------------------------------------ */

static bool is_plain(const char *p, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if ((unsigned char)p[i] < 0x20 || (unsigned char)p[i] >= 0x7F)
            return false;
    return true;
}

/* A cell holds 23 bytes: what a cluster has beyond that (piles of accents) is left away. */
static size_t cell_bytes(const char *p, size_t n)
{
    size_t fits = 0;
    uint32_t cp;
    while (fits < n) {
        size_t used = fst_utf8_decode(p + fits, n - fits, &cp);
        if (fits + used >= sizeof(((struct fst_cell *)0)->text))
            break;
        fits += used;
    }
    return fits;
}

/* Clusters of safe text, `cols` columns of it at most; a cluster without width joins nothing and is
 * left away. Returns columns. */
static int put_clusters(struct fst_surface *s, int row, int col, int cols, enum fst_role role,
                        const char *p, size_t n)
{
    int used = 0;
    for (size_t i = 0; i < n;) {
        size_t len = fst_text_cluster(p + i, n - i);
        int width = (int)fst_text_width(p + i, len);
        if (used + width > cols)
            break;
        if (width == 1 || width == 2)
            put(s, row, col + used, role, p + i, cell_bytes(p + i, len), width);
        used += width;
        i += len;
    }
    return used;
}

static int draw_safe(struct fst_surface *s, int row, int col, int cols, enum fst_role role,
                     const char *p, size_t n)
{
    size_t width;
    if (fst_text_fit(p, n, (size_t)cols, &width) == n)
        return put_clusters(s, row, col, cols, role, p, n);
    size_t fits = fst_text_fit(p, n, (size_t)cols - 1, &width);
    int used = put_clusters(s, row, col, cols - 1, role, p, fits);
    const char *mark = s->ascii ? "~" : "…";
    put(s, row, col + used, role, mark, strlen(mark), 1);
    return used + 1;
}

/* More bytes than these cannot be seen in so many columns, unless they are piles of accents. */
static size_t visible_bytes(const char *p, size_t n, int cols)
{
    size_t most = (size_t)cols * 32 + 64;
    if (n <= most)
        return n;
    while (most > 0 && ((unsigned char)p[most] & 0xC0) == 0x80)
        most--;
    return most;
}

int fst_draw(struct fst_surface *s, int row, int col, int max_cols, enum fst_role role,
             const char *text, size_t n)
{
    int cols = min_int(max_cols, s->cols - col);
    if (row < 0 || row >= s->rows || col < 0 || cols <= 0 || n == 0)
        return 0;
    n = visible_bytes(text, n, cols);
    if (is_plain(text, n))
        return draw_safe(s, row, col, cols, role, text, n);
    struct fst_buf safe = FST_BUF_TEXT;
    fst_text_escape(&safe, text, n);
    int used = draw_safe(s, row, col, cols, role, fst_buf_text(&safe), safe.n);
    fst_buf_done(&safe);
    return used;
}

int fst_draws(struct fst_surface *s, int row, int col, enum fst_role role, const char *text)
{
    return fst_draw(s, row, col, s->cols, role, text, strlen(text));
}

int fst_drawf(struct fst_surface *s, int row, int col, enum fst_role role, const char *fmt, ...)
{
    struct fst_buf text = FST_BUF_TEXT;
    va_list args;
    va_start(args, fmt);
    fst_buf_vprintf(&text, fmt, args);
    va_end(args);
    int used = fst_draw(s, row, col, s->cols, role, fst_buf_text(&text), text.n);
    fst_buf_done(&text);
    return used;
}

/* ---- Areas ----------------------------------------------------------------------------------- */

void fst_draw_fill(struct fst_surface *s, int row, int col, int n_cols, enum fst_role role)
{
    int from = max_int(col, 0), to = min_int(col + n_cols, s->cols);
    if (row < 0 || row >= s->rows || from >= to)
        return;
    cut_wide(s, row, from, to - from);
    for (int i = from; i < to; i++)
        set_cell(cell_at(s, row, i), " ", 1, 1, role);
}

void fst_draw_role(struct fst_surface *s, int row, int col, int n_cols, enum fst_role role)
{
    int from = max_int(col, 0), to = min_int(col + n_cols, s->cols);
    if (row < 0 || row >= s->rows)
        return;
    for (int i = from; i < to; i++)
        cell_at(s, row, i)->role = (uint8_t)role;
}

struct box {
    const char *horizontal, *vertical, *top_left, *top_right, *bottom_left, *bottom_right;
};
static const struct box box_lines = {"─", "│", "┌", "┐", "└", "┘"};
static const struct box box_ascii = {"-", "|", "+", "+", "+", "+"};

static void put_line(struct fst_surface *s, int row, const char *left, const char *middle,
                     const char *right)
{
    for (int col = 0; col < s->cols; col++) {
        const char *text = col == 0 ? left : col == s->cols - 1 ? right : middle;
        put(s, row, col, FST_ROLE_BORDER, text, strlen(text), 1);
    }
}

void fst_draw_box(struct fst_surface *s, const char *title)
{
    const struct box *b = s->ascii ? &box_ascii : &box_lines;
    if (s->rows < 2 || s->cols < 2)
        return;
    put_line(s, 0, b->top_left, b->horizontal, b->top_right);
    put_line(s, s->rows - 1, b->bottom_left, b->horizontal, b->bottom_right);
    for (int row = 1; row < s->rows - 1; row++) {
        put(s, row, 0, FST_ROLE_BORDER, b->vertical, strlen(b->vertical), 1);
        put(s, row, s->cols - 1, FST_ROLE_BORDER, b->vertical, strlen(b->vertical), 1);
    }
    if (!title || !*title || s->cols < 7)
        return;
    int used = fst_draw(s, 0, 3, s->cols - 6, FST_ROLE_TITLE, title, strlen(title));
    put(s, 0, 2, FST_ROLE_TITLE, " ", 1, 1);
    put(s, 0, 3 + used, FST_ROLE_TITLE, " ", 1, 1);
}
