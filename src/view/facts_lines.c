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

static void draw_line(const struct facts_line *line, struct fst_surface *s, int row)
{
    int col = 1;
    for (size_t i = 0; i < line->n && col < s->cols; i++)
        col += fst_draw(s, row, col, s->cols - col, line->pieces[i].role, line->pieces[i].text,
                        strlen(line->pieces[i].text));
}

void facts_lines_draw(struct facts_lines *l, struct fst_surface *s)
{
    l->page = s->rows;
    if (l->cursor >= l->n)
        l->cursor = l->n ? l->n - 1 : 0;
    facts_scroll(l->cursor, l->n, s->rows, &l->top);
    for (size_t i = l->top; i < l->n && i - l->top < (size_t)s->rows; i++) {
        int row = (int)(i - l->top);
        draw_line(&l->items[i], s, row);
        if (i == l->cursor)
            fst_draw_role(s, row, 0, 1, FST_ROLE_CURSOR);
        if (i == l->cursor && l->items[i].item != SIZE_MAX)
            fst_draw_role(s, row, 0, s->cols, FST_ROLE_CURSOR);
    }
}

size_t facts_lines_item(const struct facts_lines *l)
{
    return l->cursor < l->n ? l->items[l->cursor].item : SIZE_MAX;
}
