/* What the text of a plan says of an operator: for servers that tell no operators' own texts, and
 * for paths that those texts cut off. A section of the text begins "(5) SortMergeJoin [codegen id :
 * 5]", its lines say "Left keys [1]: [user_id#1L]". */
#include <ctype.h>
#include <string.h>

#include "profile.h"

/* Is this line the head of a section on `name`? */
static bool is_head(struct fst_str line, const char *name)
{
    size_t i = 1, n = strlen(name);
    if (line.n < 4 || line.p[0] != '(')
        return false;
    while (i < line.n && isdigit((unsigned char)line.p[i]))
        i++;
    if (i == 1 || i + 2 > line.n || line.p[i] != ')' || line.p[i + 1] != ' ')
        return false;
    struct fst_str rest = {line.p + i + 2, line.n - i - 2};
    const char *mark = memmem(rest.p, rest.n, " [codegen", 9);
    if (mark)
        rest.n = (size_t)(mark - rest.p);
    while (rest.n && rest.p[rest.n - 1] == ' ')
        rest.n--;
    bool longer = rest.n > n && strstr(name, "Join") && rest.p[n] == ' '; /* "... Inner" */
    return (rest.n == n || longer) && memcmp(rest.p, name, n) == 0;
}

/* A line of a section, as the operator's own text has it. */
static void add_line(struct fst_buf *out, struct fst_str line)
{
    static const struct {
        const char *begins, *as;
    } kinds[] = {{"Left keys", ""},
                 {"Right keys", ""},
                 {"Keys", "keys="},
                 {"Location: ", "Location: "},
                 {"Arguments: ", ""}};
    for (size_t i = 0; i < FST_COUNT(kinds); i++) {
        size_t n = strlen(kinds[i].begins);
        if (line.n < n || memcmp(line.p, kinds[i].begins, n) != 0)
            continue;
        const char *from = memmem(line.p, line.n, ": ", 2);
        if (!from)
            return;
        fst_buf_printf(out, " %s%.*s", kinds[i].as, (int)(line.p + line.n - from - 2), from + 2);
        return;
    }
}

static const char *past_number(const char *p)
{
    return *p == '#' ? p + 1 + strspn(p + 1, "0123456789") : p;
}

/* The same but for the numbers of columns? */
static bool same_names(const char *a, const char *b)
{
    for (;; a++, b++) {
        a = past_number(a);
        b = past_number(b);
        if (*a != *b)
            return false;
        if (!*a)
            return true;
    }
}

static struct fst_str next_line(const char **p)
{
    struct fst_str line = {*p, strcspn(*p, "\n")};
    *p += line.n + ((*p)[line.n] == '\n');
    return line;
}

const char *plan_described(struct fst_arena *a, const char *description, const char *name)
{
    struct fst_buf found = FST_BUF(MAX_NAME), one = FST_BUF(MAX_NAME);
    bool differ = false;
    for (const char *p = description; p && *p && !differ;) {
        if (!is_head(next_line(&p), name))
            continue;
        fst_buf_clear(&one);
        while (*p && *p != '\n' && *p != '(')
            add_line(&one, next_line(&p));
        if (!found.n)
            fst_buf_adds(&found, fst_buf_text(&one));
        differ = !same_names(fst_buf_text(&found), fst_buf_text(&one));
    }
    const char *text = differ || found.over ? "" : fst_arena_strdup(a, fst_buf_text(&found));
    fst_buf_done(&found);
    fst_buf_done(&one);
    return text;
}
