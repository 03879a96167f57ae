/* Places of a text as vi counts them: ends of lines, words, runs of signs. */
#include <ctype.h>
#include <string.h>

#include "editor_vi.h"

size_t fst__vi_line_start(const struct fst_editor *e, size_t at)
{
    return e->lines[fst__editor_line_of(e, at)];
}

size_t fst__vi_line_end(const struct fst_editor *e, size_t at)
{
    return fst__editor_line_end(e, fst__editor_line_of(e, at));
}

size_t fst__vi_first_letter(const struct fst_editor *e, size_t at)
{
    size_t start = fst__vi_line_start(e, at);
    return start + strspn(e->text + start, " \t");
}

size_t fst__vi_left(const struct fst_editor *e, size_t at)
{
    return at > fst__vi_line_start(e, at) ? fst__editor_previous(e, at) : at;
}

size_t fst__vi_right(const struct fst_editor *e, size_t at)
{
    return at < fst__vi_line_end(e, at) ? fst__editor_next(e, at) : at;
}

size_t fst__vi_by_lines(const struct fst_editor *e, size_t at, long lines)
{
    long line = (long)fst__editor_line_of(e, at) + lines, last = (long)e->n_lines - 1;
    line = line < 0 ? 0 : line > last ? last : line;
    return fst__editor_at_col(e, (size_t)line, e->goal_col);
}

/* ---- Words ----------------------------------------------------------------------------------- */

int fst__vi_class(const struct fst_editor *e, size_t at)
{
    unsigned char c = (unsigned char)e->text[at];
    if (at >= e->n || isspace(c))
        return 0;
    return isalnum(c) || c == '_' || c >= 0x80 ? 2 : 1;
}

int fst__vi_big_class(const struct fst_editor *e, size_t at)
{
    return fst__vi_class(e, at) > 0;
}

size_t fst__vi_word_next(const struct fst_editor *e, size_t at, vi_class *class_of)
{
    int class = class_of(e, at);
    while (at < e->n && class && class_of(e, at) == class)
        at++;
    while (at < e->n && class_of(e, at) == 0) {
        at++;
        if (at < e->n && e->text[at] == '\n' && e->text[at - 1] == '\n')
            break; /* an empty line is a word */
    }
    return at;
}

size_t fst__vi_word_before(const struct fst_editor *e, size_t at, vi_class *class_of)
{
    while (at > 0 && class_of(e, at - 1) == 0)
        at--;
    int class = at > 0 ? class_of(e, at - 1) : 0;
    while (at > 0 && class_of(e, at - 1) == class)
        at--;
    return at;
}

size_t fst__vi_letter_at(const struct fst_editor *e, size_t at)
{
    at = at < e->n ? at : e->n;
    while (at > 0 && at < e->n && ((unsigned char)e->text[at] & 0xC0) == 0x80)
        at--;
    return at;
}

size_t fst__vi_word_last(const struct fst_editor *e, size_t at, vi_class *class_of)
{
    at = at < e->n ? at + 1 : at;
    while (at < e->n && class_of(e, at) == 0)
        at++;
    int class = class_of(e, at);
    while (at + 1 < e->n && class_of(e, at + 1) == class)
        at++;
    return fst__vi_letter_at(e, at);
}

size_t fst__vi_word_last_before(const struct fst_editor *e, size_t at, vi_class *class_of)
{
    int class = class_of(e, at);
    while (at > 0 && class && class_of(e, at) == class)
        at--;
    while (at > 0 && class_of(e, at) == 0)
        at--;
    return fst__vi_letter_at(e, at);
}

/* ---- Paragraphs ------------------------------------------------------------------------------ */

bool fst__vi_is_blank(const struct fst_editor *e, size_t line)
{
    size_t end = fst__editor_line_end(e, line);
    return e->lines[line] + strspn(e->text + e->lines[line], " \t") >= end;
}

size_t fst__vi_paragraph_next(const struct fst_editor *e, size_t at)
{
    size_t line = fst__editor_line_of(e, at);
    while (line + 1 < e->n_lines && e->lines[line] == fst__editor_line_end(e, line))
        line++;
    while (line < e->n_lines && e->lines[line] != fst__editor_line_end(e, line))
        line++;
    return line < e->n_lines ? e->lines[line] : e->n;
}

size_t fst__vi_paragraph_before(const struct fst_editor *e, size_t at)
{
    size_t line = fst__editor_line_of(e, at);
    while (line > 0 && e->lines[line] == fst__editor_line_end(e, line))
        line--;
    while (line > 0 && e->lines[line] != fst__editor_line_end(e, line))
        line--;
    return e->lines[line];
}
