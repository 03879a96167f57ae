/* The bracket that belongs to the one at the cursor. Brackets in quotes and in comments are text;
 * so the text is read from its start, with the open ones on a stack. */
#include <stdlib.h>
#include <string.h>

#include "editor.h"

/* Behind the quoted text or the comment at `at`; `at` itself when there is none. */
static size_t skip_text(const struct fst_editor *e, size_t at)
{
    const char *p = e->text + at, *end = NULL;
    if (*p == '\'' || *p == '"' || *p == '`') {
        for (size_t i = at + 1; i < e->n; i++)
            if (e->text[i] == '\\' && *p != '`')
                i++;
            else if (e->text[i] == *p)
                return i + 1;
        return e->n;
    }
    if (strncmp(p, "--", 2) == 0)
        end = strchr(p, '\n');
    else if (strncmp(p, "/*", 2) == 0)
        end = strstr(p + 2, "*/") ? strstr(p + 2, "*/") + 2 : NULL;
    else
        return at;
    return end ? (size_t)(end - e->text) : e->n;
}

static bool pairs(char open, char close)
{
    return (open == '(' && close == ')') || (open == '[' && close == ']') ||
           (open == '{' && close == '}');
}

/* The other end of the bracket at `place`; `place` when it has none. */
static size_t other_end(const struct fst_editor *e, size_t place)
{
    size_t *open = NULL, cap = 0, n = 0, found = place;
    if (!e->text[place] || !strchr("()[]{}", e->text[place]))
        return place;
    for (size_t at = 0, behind; at < e->n && found == place; at = behind) {
        behind = skip_text(e, at);
        if (behind > at)
            continue;
        behind = at + 1;
        if (e->text[at] && strchr("([{", e->text[at])) {
            fst_grow(&open, &cap, n + 1, sizeof *open);
            open[n++] = at;
        } else if (e->text[at] && strchr(")]}", e->text[at]) && n > 0 &&
                   pairs(e->text[open[n - 1]], e->text[at])) {
            n--;
            if (at == place || open[n] == place)
                found = at == place ? open[n] : at;
        }
    }
    free(open);
    return found;
}

size_t fst__editor_bracket(const struct fst_editor *e, size_t at)
{
    size_t to = at < e->n ? other_end(e, at) : at;
    if (to == at && at > 0 && other_end(e, at - 1) != at - 1)
        to = other_end(e, at - 1);
    return to;
}
