/* Lines of pieces with roles, and a cursor over them. */
#include "facts.h"

#include <stdlib.h>
#include <string.h>

void facts_lines_clear(struct facts_lines *l)
{
    for (size_t i = 0; i < l->n; i++) {
        for (size_t k = 0; k < l->items[i].n; k++)
            free(l->items[i].pieces[k].text);
        free(l->items[i].pieces);
    }
    l->n = 0;
}

void facts_lines_done(struct facts_lines *l)
{
    facts_lines_clear(l);
    free(l->items);
    *l = (struct facts_lines){0};
}

void facts_add_line(struct facts_lines *l, size_t item)
{
    fst_grow(&l->items, &l->cap, l->n + 1, sizeof *l->items);
    l->items[l->n++] = (struct facts_line){.item = item};
}

static void add_piece(struct facts_lines *l, enum fst_role role, char *text)
{
    struct facts_line *line = &l->items[l->n - 1];
    fst_grow(&line->pieces, &line->cap, line->n + 1, sizeof *line->pieces);
    line->pieces[line->n++] = (struct facts_piece){text, role};
}

void facts_add(struct facts_lines *l, enum fst_role role, const char *fmt, ...)
{
    struct fst_buf text = FST_BUF_TEXT;
    va_list args;
    va_start(args, fmt);
    fst_buf_vprintf(&text, fmt, args);
    va_end(args);
    add_piece(l, role, fst_buf_take(&text));
}

void facts_add_filled(struct facts_lines *l, enum fst_role role, int cols, const char *text)
{
    struct fst_buf filled = FST_BUF_TEXT;
    int width = (int)fst_text_width(text, strlen(text));
    fst_buf_adds(&filled, text);
    if (width < cols)
        fst_buf_repeat(&filled, ' ', (size_t)(cols - width));
    add_piece(l, role, fst_buf_take(&filled));
}

bool facts_lines_move(struct facts_lines *l, const char *action)
{
    struct fst_list list = {.n_rows = l->n, .cursor = l->cursor, .page_rows = l->page};
    if (!fst_list_action(&list, action))
        return false;
    l->cursor = list.cursor;
    return true;
}

/* Where the last piece of a line begins. */
static int last_col(const struct facts_line *line)
{
    int col = 1;
    for (size_t i = 0; i + 1 < line->n; i++)
        col += (int)fst_text_width(line->pieces[i].text, strlen(line->pieces[i].text));
    return col;
}

static int height(const struct facts_lines *l, size_t i, int cols)
{
    const struct facts_line *line = &l->items[i];
    int col = last_col(line);
    if (!l->wraps || line->n == 0 || col + 1 >= cols)
        return 1;
    const char *text = line->pieces[line->n - 1].text;
    int rows = fst_text_rows(text, strlen(text), cols - col - 1, FACTS_WRAPPED);
    return rows > 0 ? rows : 1;
}

static void draw_line(const struct facts_line *line, struct fst_surface *s, int row, int rows)
{
    int col = 1;
    for (size_t i = 0; i < line->n && col < s->cols; i++) {
        const struct facts_piece *piece = &line->pieces[i];
        if (rows > 1 && i + 1 == line->n)
            fst_draw_wrapped(s, row, col, rows, piece->role, piece->text, strlen(piece->text));
        else
            col +=
                fst_draw(s, row, col, s->cols - col, piece->role, piece->text, strlen(piece->text));
    }
}

/* The first line moves on until the cursor's is on the screen, whole where it fits. */
static void scroll(struct facts_lines *l, const struct fst_surface *s)
{
    facts_scroll(l->cursor, l->n, s->rows, &l->top);
    int rows = 0;
    for (size_t i = l->top; i <= l->cursor && i < l->n; i++)
        rows += height(l, i, s->cols);
    for (; rows > s->rows && l->top < l->cursor; l->top++)
        rows -= height(l, l->top, s->cols);
}

void facts_lines_draw(struct facts_lines *l, struct fst_surface *s)
{
    l->page = s->rows;
    if (l->cursor >= l->n)
        l->cursor = l->n ? l->n - 1 : 0;
    scroll(l, s);
    int rows = 0;
    for (size_t i = l->top, row = 0; i < l->n && row < (size_t)s->rows; i++, row += (size_t)rows) {
        rows = height(l, i, s->cols);
        draw_line(&l->items[i], s, (int)row, rows);
        for (int k = 0; i == l->cursor && k < rows; k++)
            fst_draw_role(s, (int)row + k, 0, l->items[i].item != SIZE_MAX ? s->cols : 1,
                          FST_ROLE_CURSOR);
    }
}

size_t facts_lines_item(const struct facts_lines *l)
{
    return l->cursor < l->n ? l->items[l->cursor].item : SIZE_MAX;
}
