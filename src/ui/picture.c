/* A screen as SVG: a rectangle where the ground changes, a text for each run of one look. What is
 * in a cell is escaped twice over: for terminals when it was drawn, for XML here. */
#include "picture.h"

#include <string.h>

enum { CELL_W = 9, CELL_H = 19, BASELINE = 14, PAD = 8, SIZE = 15 };

struct look {
    char fg[8], bg[8];
    unsigned attr;
};

/* What a terminal's own colours are in a picture. */
static const char own_fg[] = "#d0d0d0", own_bg[] = "#1c1c1c";

static struct look look_of(const struct fst_theme *theme, uint8_t role)
{
    const struct fst_style *s = &theme->styles[role];
    struct look l = {.attr = s->attr};
    bool turned = s->attr & FST_ATTR_REVERSE;
    char *fg = turned ? l.bg : l.fg, *bg = turned ? l.fg : l.bg;
    memcpy(fg, own_fg, sizeof l.fg);
    memcpy(bg, own_bg, sizeof l.bg);
    if (s->fg != FST_COLOR_DEFAULT)
        fst__color_hex(s->fg, fg);
    if (s->bg != FST_COLOR_DEFAULT)
        fst__color_hex(s->bg, bg);
    return l;
}

static void put_escaped(FILE *to, const char *text)
{
    for (; *text; text++)
        switch (*text) {
        case '&':
            fputs("&amp;", to);
            break;
        case '<':
            fputs("&lt;", to);
            break;
        case '>':
            fputs("&gt;", to);
            break;
        default:
            fputc(*text, to);
        }
}

static bool is_blank(const struct fst_cell *cells, int n)
{
    for (int i = 0; i < n; i++)
        if (cells[i].text[0] && strcmp(cells[i].text, " ") != 0)
            return false;
    return true;
}

static void put_run(FILE *to, const struct fst_cell *cells, int n, int row, int col,
                    const struct look *l)
{
    int x = PAD + col * CELL_W, y = PAD + row * CELL_H;
    if (strcmp(l->bg, own_bg) != 0)
        fprintf(to, "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" fill=\"%s\"/>\n", x, y,
                n * CELL_W, CELL_H, l->bg);
    if (is_blank(cells, n))
        return;
    fprintf(to, "<text x=\"%d\" y=\"%d\" textLength=\"%d\" fill=\"%s\"%s%s%s>", x, y + BASELINE,
            n * CELL_W, l->fg, l->attr & FST_ATTR_BOLD ? " font-weight=\"bold\"" : "",
            l->attr & FST_ATTR_UNDERLINE ? " text-decoration=\"underline\"" : "",
            l->attr & FST_ATTR_DIM ? " opacity=\"0.7\"" : "");
    for (int i = 0; i < n; i++)
        put_escaped(to, cells[i].text);
    fputs("</text>\n", to);
}

static void put_row(FILE *to, const struct fst_cell *cells, int row, int cols,
                    const struct fst_theme *theme)
{
    for (int col = 0; col < cols;) {
        int end = col + 1;
        while (end < cols && cells[end].role == cells[col].role)
            end++;
        struct look l = look_of(theme, cells[col].role);
        put_run(to, cells + col, end - col, row, col, &l);
        col = end;
    }
}

void fst__picture(FILE *to, const struct fst_cell *cells, int rows, int cols,
                  const struct fst_theme *theme)
{
    int width = cols * CELL_W + 2 * PAD, height = rows * CELL_H + 2 * PAD;
    fprintf(to,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" viewBox=\"0 0 %d "
            "%d\" font-family=\"monospace\" font-size=\"%d\" xml:space=\"preserve\">\n"
            "<rect width=\"%d\" height=\"%d\" rx=\"6\" fill=\"%s\"/>\n",
            width, height, width, height, SIZE, width, height, own_bg);
    for (int row = 0; row < rows; row++)
        put_row(to, cells + (size_t)row * (size_t)cols, row, cols, theme);
    fputs("</svg>\n", to);
}
