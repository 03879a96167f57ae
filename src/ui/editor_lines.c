/* Small changes that people know from other editors: a line goes up or down, the next line joins
 * this one, a word changes its case. Each is one undo step. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "editor.h"

static void change(struct fst_editor *e, size_t from, size_t to, const struct fst_buf *text,
                   size_t cursor)
{
    e->undo.closed = true;
    if (!text->over && fst__editor_replace(e, from, to, fst_buf_text(text), text->n, false))
        e->cursor = cursor < e->n ? cursor : e->n;
    e->undo.closed = true;
    e->selecting = e->keeps_selecting = false;
    e->goal_col = fst__editor_col_of(e, e->cursor);
}

/* Line `first` and the one below it change places; the cursor stays in the line it is in. */
static void swap_lines(struct fst_editor *e, size_t first, bool cursor_first)
{
    struct fst_buf text = FST_BUF(FST_EDITOR_MAX);
    size_t a = e->lines[first], a_n = fst__editor_line_end(e, first) - a;
    size_t b = e->lines[first + 1], b_n = fst__editor_line_end(e, first + 1) - b;
    size_t cursor = cursor_first ? e->cursor + b_n + 1 : e->cursor - a_n - 1;
    fst_buf_add(&text, e->text + b, b_n);
    fst_buf_addc(&text, '\n');
    fst_buf_add(&text, e->text + a, a_n);
    change(e, a, b + b_n, &text, cursor);
    fst_buf_done(&text);
}

void fst__editor_line_up(struct fst_editor *e)
{
    size_t line = fst__editor_line_of(e, e->cursor);
    if (line > 0)
        swap_lines(e, line - 1, false);
}

void fst__editor_line_down(struct fst_editor *e)
{
    size_t line = fst__editor_line_of(e, e->cursor);
    if (line + 1 < e->n_lines)
        swap_lines(e, line, true);
}

/* A line that ends in a comment would swallow the next one: it is left alone. So is any with two
 * dashes in it, as a string may have. */
static bool has_comment(const char *p, size_t n)
{
    for (size_t i = 0; i + 1 < n; i++)
        if (p[i] == '-' && p[i + 1] == '-')
            return true;
    return false;
}

void fst__editor_join(struct fst_editor *e)
{
    struct fst_buf text = FST_BUF(8);
    size_t line = fst__editor_line_of(e, e->cursor), start = e->lines[line];
    size_t from = fst__editor_line_end(e, line), to = from;
    if (line + 1 >= e->n_lines || has_comment(e->text + start, from - start))
        return;
    to += 1 + strspn(e->text + from + 1, " \t");
    while (from > start && (e->text[from - 1] == ' ' || e->text[from - 1] == '\t'))
        from--;
    if (from > start && to < e->n && e->text[to] != '\n')
        fst_buf_addc(&text, ' ');
    change(e, from, to, &text, from);
    fst_buf_done(&text);
}

static bool in_word(char c)
{
    return isalnum((unsigned char)c) || c == '_' || (unsigned char)c >= 0x80;
}

/* The selection, or the word that the cursor is in or just behind. */
static void what_is_meant(const struct fst_editor *e, size_t *from, size_t *to)
{
    *from = *to = e->cursor;
    if (e->selecting) {
        *(e->anchor < e->cursor ? from : to) = e->anchor;
        return;
    }
    while (*from > 0 && in_word(e->text[*from - 1]))
        --*from;
    while (*to < e->n && in_word(e->text[*to]))
        ++*to;
}

/* Upper case, unless all of it is: then lower case. Letters outside ASCII stay as they are. */
void fst__editor_case(struct fst_editor *e)
{
    struct fst_buf text = FST_BUF(FST_EDITOR_MAX);
    size_t from, to;
    bool has_lower = false;
    what_is_meant(e, &from, &to);
    for (size_t i = from; i < to; i++)
        has_lower = has_lower || (e->text[i] >= 'a' && e->text[i] <= 'z');
    for (size_t i = from; i < to; i++) {
        char c = e->text[i];
        if (has_lower && c >= 'a' && c <= 'z')
            c = (char)(c - 'a' + 'A');
        else if (!has_lower && c >= 'A' && c <= 'Z')
            c = (char)(c - 'A' + 'a');
        fst_buf_addc(&text, c);
    }
    if (to > from && memcmp(fst_buf_text(&text), e->text + from, to - from) != 0)
        change(e, from, to, &text, e->cursor);
    fst_buf_done(&text);
}
