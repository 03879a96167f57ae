/* Text in more than one line. */
#include "widget.h"

size_t fst_text_wrap(const char *p, size_t n, int cols)
{
    size_t fit = fst_text_fit(p, n, (size_t)(cols > 0 ? cols : 1), NULL);
    if (fit == n)
        return n;
    if (fit == 0)
        return fst_text_cluster(p, n);
    for (size_t i = fit; i > fit / 2; i--)
        if (p[i] == ' ')
            return i + 1;
    return fit;
}

int fst_text_rows(const char *p, size_t n, int cols, int max_rows)
{
    int rows = 0;
    while (n > 0 && rows < max_rows) {
        size_t take = fst_text_wrap(p, n, cols);
        p += take;
        n -= take;
        rows++;
    }
    return rows > 0 ? rows : 1;
}

int fst_draw_wrapped(struct fst_surface *s, int row, int col, int max_rows, enum fst_role role,
                     const char *text, size_t n)
{
    int used = 0, cols = s->cols - col - 1;
    while (n > 0 && used < max_rows) {
        bool last = used + 1 == max_rows;
        size_t take = last ? n : fst_text_wrap(text, n, cols);
        bool ends_in_space = take < n && text[take - 1] == ' '; /* it takes no column */
        fst_draw(s, row + used++, col, cols, role, text, take - ends_in_space);
        text += take;
        n -= take;
    }
    return used;
}
