/* Objects of vi: a word, what is in brackets or in quotes, with what is around it or without. */
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
    *w = (struct vi_way){from, to + 1, false, false};
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
            *w = (struct vi_way){at, close + 1, false, false};
            return true;
        }
        at = close;
    }
    return false;
}

static void find_word(const struct fst_editor *e, bool around, struct vi_way *w)
{
    size_t from = e->cursor, to = e->cursor;
    size_t end = fst__vi_line_end(e, to), start = fst__vi_line_start(e, from);
    int class = fst__vi_class(e, from);
    while (from > start && fst__vi_class(e, from - 1) == class)
        from--;
    while (to < end && fst__vi_class(e, to) == class)
        to++;
    while (around && to < end && fst__vi_class(e, to) == 0)
        to++;
    *w = (struct vi_way){from, to, false, false};
}

/* Brackets by each of their names. */
static const struct {
    char key, open, close;
} pairs[] = {{'(', '(', ')'}, {')', '(', ')'}, {'b', '(', ')'}, {'[', '[', ']'},
             {']', '[', ']'}, {'{', '{', '}'}, {'}', '{', '}'}};

static bool find_delimited(const struct fst_editor *e, char key, struct vi_way *w)
{
    for (size_t i = 0; i < FST_COUNT(pairs); i++)
        if (pairs[i].key == key)
            return find_pair(e, pairs[i].open, pairs[i].close, w);
    return strchr("\"'`", key) && find_quotes(e, key, w);
}

enum vi_result fst__vi_object(struct fst_editor *e, const char **p, struct vi_way *w)
{
    bool around = **p == 'a', found = true;
    char key = (*p)[1];
    if (!key)
        return VI_WAITS;
    if (key == 'w')
        find_word(e, around, w);
    else
        found = find_delimited(e, key, w);
    if (found && !around && key != 'w') {
        w->from++;
        w->to--;
    }
    *p += 2;
    return found ? VI_DONE : VI_WRONG;
}
