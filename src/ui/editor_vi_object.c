/* Objects of vi: a word, a paragraph, what is in brackets or in quotes, with what is around it or
 * without. */
#include <string.h>

#include "editor_vi.h"

static bool find_pair(const struct fst_editor *e, char open, char close, struct vi_way *w)
{
    size_t from = e->cursor, to, depth = 0;
    if (e->text[from] == close && from > 0)
        from--;
    for (;; from--) {
        if (e->text[from] == open && depth-- == 0)
            break;
        depth += e->text[from] == close;
        if (from == 0)
            return false;
    }
    for (depth = 0, to = from; to < e->n; to++) {
        depth += e->text[to] == open;
        if (e->text[to] == close && --depth == 0)
            break;
    }
    *w = (struct vi_way){.from = from, .to = to + 1};
    return to < e->n;
}

static bool find_quotes(const struct fst_editor *e, char quote, struct vi_way *w)
{
    size_t end = fst__vi_line_end(e, e->cursor);
    for (size_t at = fst__vi_line_start(e, e->cursor); at < end; at++) {
        if (e->text[at] != quote)
            continue;
        size_t close = at + 1;
        while (close < end && e->text[close] != quote)
            close++;
        if (close < end && close >= e->cursor) {
            *w = (struct vi_way){.from = at, .to = close + 1};
            return true;
        }
        at = close;
    }
    return false;
}

/* With the space behind it, or else before it. */
static void add_space(const struct fst_editor *e, struct vi_way *w)
{
    size_t end = fst__vi_line_end(e, w->from), start = fst__vi_line_start(e, w->from), to = w->to;
    while (w->to < end && fst__vi_class(e, w->to) == 0)
        w->to++;
    while (w->to == to && w->from > start && fst__vi_class(e, w->from - 1) == 0)
        w->from--;
}

/* Of a space the object around is with the word behind it. */
static void find_word(const struct fst_editor *e, bool around, vi_class *class_of, struct vi_way *w)
{
    size_t from = e->cursor, to = e->cursor;
    size_t end = fst__vi_line_end(e, to), start = fst__vi_line_start(e, from);
    int class = class_of(e, from);
    while (from > start && class_of(e, from - 1) == class)
        from--;
    while (to < end && class_of(e, to) == class)
        to++;
    int behind = class_of(e, to);
    while (around && class == 0 && to < end && class_of(e, to) == behind)
        to++;
    *w = (struct vi_way){.from = from, .to = to};
    if (around && class)
        add_space(e, w);
}

/* Lines as blank as this one, and around them those that are not. */
static void find_paragraph(const struct fst_editor *e, bool around, struct vi_way *w)
{
    size_t first = fst__editor_line_of(e, e->cursor), last = first;
    bool blank = fst__vi_is_blank(e, first);
    while (first > 0 && fst__vi_is_blank(e, first - 1) == blank)
        first--;
    while (last + 1 < e->n_lines && fst__vi_is_blank(e, last + 1) == blank)
        last++;
    while (around && last + 1 < e->n_lines && fst__vi_is_blank(e, last + 1) != blank)
        last++;
    *w = (struct vi_way){.from = e->lines[first], .to = e->lines[last], .lines = true};
}

/* Brackets by each of their names. */
static const struct {
    const char *names;
    char open, close;
} pairs[] = {{"()b", '(', ')'}, {"[]", '[', ']'}, {"{}B", '{', '}'}};

/* Outside of all, the next ones of the line. */
static bool find_brackets(struct fst_editor *e, char open, char close, struct vi_way *w)
{
    size_t cursor = e->cursor, end = fst__vi_line_end(e, cursor);
    bool found = find_pair(e, open, close, w);
    for (; !found && e->cursor < end; e->cursor++)
        if (e->text[e->cursor] == open) {
            found = find_pair(e, open, close, w);
            break;
        }
    e->cursor = cursor;
    return found;
}

static bool find_delimited(struct fst_editor *e, char key, bool around, struct vi_way *w)
{
    bool quotes = strchr("\"'`", key), found = quotes && find_quotes(e, key, w);
    for (size_t i = 0; i < FST_COUNT(pairs); i++)
        if (strchr(pairs[i].names, key))
            found = find_brackets(e, pairs[i].open, pairs[i].close, w);
    if (found && !around) {
        w->from++;
        w->to--;
    } else if (found && quotes) {
        add_space(e, w);
    }
    return found;
}

enum vi_result fst__vi_object(struct fst_editor *e, const char **p, struct vi_way *w)
{
    bool around = **p == 'a', found = true;
    char key = (*p)[1];
    if (!key)
        return VI_WAITS;
    if (key == 'w' || key == 'W')
        find_word(e, around, key == 'w' ? fst__vi_class : fst__vi_big_class, w);
    else if (key == 'p')
        find_paragraph(e, around, w);
    else
        found = find_delimited(e, key, around, w);
    *p += 2;
    return found ? VI_DONE : VI_WRONG;
}
