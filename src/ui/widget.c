/* What widgets share: moving in a range of rows, names of actions, marking what is found. */
#include <ctype.h>
#include <string.h>

#include "widget.h"

const char *fst__verb(const char *action, const char *prefix)
{
    size_t n = strlen(prefix);
    return strncmp(action, prefix, n) == 0 && action[n] == '.' ? action + n + 1 : NULL;
}

/* ---- Moving ---------------------------------------------------------------------------------- */

static int64_t step_of(const char *verb, int page_rows)
{
    int page = page_rows > 1 ? page_rows - 1 : 1;
    const struct {
        const char *verb;
        int64_t step;
    } steps[] = {{"down", 1},
                 {"up", -1},
                 {"pagedown", page},
                 {"pageup", -page},
                 {"halfdown", page / 2 + 1},
                 {"halfup", -(page / 2 + 1)},
                 {"bottom", INT64_MAX},
                 {"top", INT64_MIN}};
    for (size_t i = 0; i < FST_COUNT(steps); i++)
        if (strcmp(verb, steps[i].verb) == 0)
            return steps[i].step;
    return 0;
}

bool fst__move(const char *verb, uint64_t n, int page_rows, uint64_t *cursor)
{
    int64_t step = step_of(verb, page_rows);
    uint64_t last = n ? n - 1 : 0, at = *cursor < last ? *cursor : last;
    if (step == 0)
        return false;
    if (step > 0)
        *cursor = (uint64_t)step > last - at ? last : at + (uint64_t)step;
    else
        *cursor = step == INT64_MIN || (uint64_t)-step > at ? 0 : at - (uint64_t)-step;
    return true;
}

uint64_t fst__scroll(uint64_t top, uint64_t cursor, uint64_t n, int rows)
{
    uint64_t shown = rows > 0 ? (uint64_t)rows : 1;
    if (top + shown > n)
        top = n > shown ? n - shown : 0;
    if (cursor < top)
        return cursor;
    return cursor >= top + shown ? cursor - shown + 1 : top;
}

/* ---- Finding --------------------------------------------------------------------------------- */

static const struct fst_cell *cell_at(const struct fst_surface *s, int row, int col)
{
    return &s->cells[(size_t)(s->top + row) * (size_t)s->stride + (size_t)(s->left + col)];
}

/* The cell in which byte `offset` of the drawn text lies, counted from `col`. */
static int col_of_offset(const struct fst_surface *s, int row, int col, size_t offset)
{
    size_t n = 0;
    int at = col;
    for (; at < s->cols; at++) {
        n += strlen(cell_at(s, row, at)->text);
        if (n > offset)
            break;
    }
    return at;
}

void fst__mark_matches(struct fst_surface *s, int row, int col, int n_cols,
                       const struct fst_filter *what)
{
    struct fst_buf text = FST_BUF_TEXT;
    size_t from = 0, at, len;
    if (row < 0 || row >= s->rows || col < 0)
        return;
    for (int i = col; i < col + n_cols && i < s->cols; i++)
        fst_buf_adds(&text, cell_at(s, row, i)->text);
    const char *p = fst_buf_text(&text);
    while (from < text.n && fst_filter_find(what, p + from, text.n - from, &at, &len) && len) {
        int first = col_of_offset(s, row, col, from + at);
        int last = col_of_offset(s, row, col, from + at + len - 1);
        fst_draw_role(s, row, first, last - first + 1, FST_ROLE_MATCH);
        from += at + len;
    }
    fst_buf_done(&text);
}
