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

size_t fst__vi_word_next(const struct fst_editor *e, size_t at)
{
    int class = fst__vi_class(e, at);
    while (at < e->n && class && fst__vi_class(e, at) == class)
        at++;
    while (at < e->n && fst__vi_class(e, at) == 0) {
        at++;
        if (at < e->n && e->text[at] == '\n' && e->text[at - 1] == '\n')
            break; /* an empty line is a word */
    }
    return at;
}

size_t fst__vi_word_before(const struct fst_editor *e, size_t at)
{
    while (at > 0 && fst__vi_class(e, at - 1) == 0)
        at--;
    int class = at > 0 ? fst__vi_class(e, at - 1) : 0;
    while (at > 0 && fst__vi_class(e, at - 1) == class)
        at--;
    return at;
}

size_t fst__vi_word_last(const struct fst_editor *e, size_t at)
{
    at = at < e->n ? at + 1 : at;
    while (at < e->n && fst__vi_class(e, at) == 0)
        at++;
    int class = fst__vi_class(e, at);
    while (at + 1 < e->n && fst__vi_class(e, at + 1) == class)
        at++;
    while (at > 0 && at < e->n && ((unsigned char)e->text[at] & 0xC0) == 0x80)
        at--;
    return at;
}
