/* Values of Spark's plans.
 *
 * Lists are Spark's own, "[a, f(b, c)]": they are taken apart by counting brackets, and a value
 * that is not what it should be is shown as it is. */
#include <string.h>

#include "connect_explain_say.h"

enum { VALUE_MAX = 400 };

void plan_say_cut(struct fst_buf *out, const char *p, size_t n)
{
    size_t take = n < VALUE_MAX ? n : VALUE_MAX;
    while (take < n && take > 0 && ((unsigned char)p[take] & 0xc0) == 0x80)
        take--;
    fst_buf_add(out, p, take);
    if (take < n)
        fst_buf_adds(out, "…");
}

void plan_say_value(const struct plan_say *s, const char *text)
{
    plan_say_cut(s->out, text, strlen(text));
}

/* The end of the piece at p: a comma outside of brackets, or the end. */
static size_t piece_length(const char *p, size_t n)
{
    size_t depth = 0, i = 0;
    for (; i < n && (depth > 0 || p[i] != ','); i++) {
        if (strchr("([<{", p[i]))
            depth++;
        else if (strchr(")]>}", p[i]) && depth > 0 && !(p[i] == '>' && i > 0 && p[i - 1] == '-'))
            depth--;
    }
    return i;
}

size_t plan_split(const char *p, size_t n, struct fst_str *out)
{
    size_t count = 0;
    while (n > 0 && count < PLAN_LIST_MAX) {
        size_t len = piece_length(p, n), lead = 0;
        while (lead < len && p[lead] == ' ')
            lead++;
        out[count++] = (struct fst_str){p + lead, len - lead};
        size_t step = len < n ? len + 1 : len;
        p += step;
        n -= step;
    }
    return count;
}

size_t plan_split_inside(struct fst_str s, struct fst_str *out)
{
    size_t open = 0;
    while (open < s.n && s.p[open] != '[' && s.p[open] != '(')
        open++;
    if (open < s.n && s.n - open >= 2 && (s.p[s.n - 1] == ']' || s.p[s.n - 1] == ')'))
        return plan_split(s.p + open + 1, s.n - open - 2, out);
    return plan_split(s.p, s.n, out);
}

void plan_say_list(const struct plan_say *s, const struct fst_str *items, size_t n)
{
    struct fst_buf text = FST_BUF_TEXT;
    for (size_t i = 0; i < n; i++) {
        fst_buf_adds(&text, i ? ", " : "");
        fst_buf_add(&text, items[i].p, items[i].n);
    }
    plan_say_value(s, fst_buf_text(&text));
    fst_buf_done(&text);
}

bool plan_say_list_of(const struct plan_say *s, const char *before, const char *key)
{
    const char *value = plan_value(s->node, key);
    struct fst_str items[PLAN_LIST_MAX];
    size_t n = value ? plan_split_inside(fst_str(value), items) : 0;
    if (n == 0)
        return false;
    fst_buf_adds(s->out, before);
    plan_say_list(s, items, n);
    return true;
}

/* Arguments, taken apart. */
size_t plan_arguments(const struct plan_say *s, struct fst_str *out)
{
    const char *value = plan_value(s->node, "Arguments");
    return value ? plan_split(value, strlen(value), out) : 0;
}

void plan_say_condition(const struct plan_say *s, const char *text)
{
    size_t n = strlen(text);
    if (n > 2 && text[0] == '(') {
        size_t depth = 1, i = 1;
        for (; i < n && depth > 0; i++)
            depth += text[i] == '(' ? 1u : text[i] == ')' ? (size_t)-1 : 0u;
        if (i == n) {
            text++;
            n -= 2;
        }
    }
    plan_say_cut(s->out, text, n);
}

bool plan_title_has(const struct plan_node *node, const char *word)
{
    const char *at = strstr(node->title, word);
    size_t n = strlen(word);
    return at && (at == node->title || at[-1] == ' ') && (at[n] == 0 || at[n] == ' ');
}
