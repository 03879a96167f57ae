/* What Spark means to do with a text.
 *
 * Spark's formatted plan is a tree of operators with numbers, and a paragraph for each number. The
 * two are put together here; connect_explain_words.c says each operator in a line or a few. What is
 * not understood is shown as Spark wrote it, and Spark's own text follows in any case. */
#include <stdlib.h>
#include <string.h>

#include "connect_explain.h"

enum { FIELD_EXPLAIN = 5, MODE_EXTENDED = 2, MODE_FORMATTED = 5 };

/* ---- Reading --------------------------------------------------------------------------------- */

struct lines {
    const char *p, *end;
};

static bool next_line(struct lines *l, struct fst_str *out)
{
    if (l->p >= l->end)
        return false;
    const char *stop = memchr(l->p, '\n', (size_t)(l->end - l->p));
    size_t n = (size_t)((stop ? stop : l->end) - l->p);
    *out = (struct fst_str){l->p, n};
    l->p += n + (stop != NULL);
    while (out->n > 0 && (out->p[out->n - 1] == ' ' || out->p[out->n - 1] == '\r'))
        out->n--;
    return true;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* A copy without the numbers of expressions. */
static char *without_ids(struct fst_arena *a, struct fst_str s)
{
    char *out = fst_arena_alloc(a, s.n + 1);
    size_t n = 0;
    for (size_t i = 0; i < s.n; i++) {
        size_t digits = i + 1;
        while (s.p[i] == '#' && i > 0 && !strchr(" =", s.p[i - 1]) && digits < s.n &&
               is_digit(s.p[digits]))
            digits++;
        if (digits == i + 1) {
            out[n++] = s.p[i];
            continue;
        }
        i = digits < s.n && s.p[digits] == 'L' ? digits : digits - 1;
    }
    return out;
}

/* "Sort (13)": the number, and the text before it; false when there is none. */
static bool take_number(struct fst_str *s, int64_t *id)
{
    size_t open = s->n;
    if (s->n < 3 || s->p[s->n - 1] != ')')
        return false;
    while (open > 0 && s->p[open - 1] != '(')
        open--;
    if (open == 0 || !fst_parse_int64(s->p + open, s->n - 1 - open, id))
        return false;
    s->n = open - 1;
    while (s->n > 0 && s->p[s->n - 1] == ' ')
        s->n--;
    return true;
}

static size_t find_parent(const struct plan *p, size_t first, size_t depth)
{
    for (size_t i = p->n; i-- > first;)
        if (p->nodes[i].depth < depth)
            return i + 1;
    return 0;
}

/* A line of the tree: three characters a level, then perhaps "* " for generated code. */
static bool take_tree_line(struct plan *p, size_t first, struct fst_str line)
{
    size_t n = 0;
    int64_t id;
    while (n < line.n && strchr(" :+-", line.p[n]))
        n++;
    size_t depth = n / 3;
    if (n < line.n && line.p[n] == '*')
        n++;
    while (n < line.n && line.p[n] == ' ')
        n++;
    struct fst_str text = {line.p + n, line.n - n};
    if (!take_number(&text, &id) || text.n == 0 || depth > PLAN_MAX_DEPTH || p->n >= PLAN_MAX_NODES)
        return false;
    fst_grow(&p->nodes, &p->cap, p->n + 1, sizeof(*p->nodes));
    struct plan_node *node = &p->nodes[p->n];
    *node = (struct plan_node){
        .id = id, .depth = depth, .title = fst_arena_strndup(p->arena, text.p, text.n)};
    node->parent = find_parent(p, first, depth);
    p->n++;
    return true;
}

/* A tree up to the line that is none of it; its first operator gets `of`. */
static void take_tree(struct plan *p, struct lines *l, const char *of)
{
    struct fst_str line;
    size_t first = p->n;
    struct lines before = *l;
    while (next_line(l, &line) && take_tree_line(p, first, line))
        before = *l;
    *l = before;
    if (p->n > first)
        p->nodes[first].of = of;
}

static struct plan_node *node_of(struct plan *p, int64_t id)
{
    for (size_t i = 0; i < p->n; i++)
        if (p->nodes[i].id == id)
            return &p->nodes[i];
    return NULL;
}

/* "(7) BroadcastHashJoin [codegen id : 1]" opens the paragraph of operator 7. */
static struct plan_node *open_paragraph(struct plan *p, struct fst_str line)
{
    int64_t id;
    size_t close = 1;
    if (line.n < 4 || line.p[0] != '(')
        return NULL;
    while (close < line.n && is_digit(line.p[close]))
        close++;
    if (close + 1 >= line.n || line.p[close] != ')' || line.p[close + 1] != ' ' ||
        !fst_parse_int64(line.p + 1, close - 1, &id))
        return NULL;
    struct plan_node *node = node_of(p, id);
    const char *note = memchr(line.p, '[', line.n);
    if (node && note && !node->note)
        node->note = fst_arena_strndup(p->arena, note, line.n - (size_t)(note - line.p));
    return node;
}

/* "Output [3]: [a, b, c]", "Condition : (a > 1)" */
static void take_value(struct plan *p, struct plan_node *node, struct fst_str line)
{
    const char *colon = memchr(line.p, ':', line.n);
    if (!colon || node->n_lines == PLAN_MAX_LINES)
        return;
    size_t key = (size_t)(colon - line.p), value = key + 1;
    const char *count = memchr(line.p, '[', key);
    if (count)
        key = (size_t)(count - line.p);
    while (key > 0 && line.p[key - 1] == ' ')
        key--;
    while (value < line.n && line.p[value] == ' ')
        value++;
    size_t i = node->n_lines++;
    node->lines[i].key = fst_arena_strndup(p->arena, line.p, key);
    node->lines[i].value = without_ids(p->arena, (struct fst_str){line.p + value, line.n - value});
}

static bool begins(struct fst_str s, const char *head)
{
    size_t n = strlen(head);
    return s.n >= n && memcmp(s.p, head, n) == 0;
}

static void read_plan(struct plan *p, const char *text, size_t n)
{
    struct lines l = {text, text + n};
    struct fst_str line;
    struct plan_node *node = NULL;
    while (next_line(&l, &line)) {
        if (begins(line, "== Physical Plan ==")) {
            take_tree(p, &l, NULL);
        } else if (begins(line, "Subquery:")) {
            take_tree(p, &l, fst_arena_strndup(p->arena, line.p, line.n));
            node = NULL;
        } else if (line.n == 0) {
            node = NULL;
        } else if (!node) {
            node = open_paragraph(p, line);
        } else {
            take_value(p, node, line);
        }
    }
}

const char *plan_value(const struct plan_node *node, const char *key)
{
    for (size_t i = 0; i < node->n_lines; i++)
        if (strcmp(node->lines[i].key, key) == 0)
            return node->lines[i].value;
    return NULL;
}

/* ---- Saying ---------------------------------------------------------------------------------- */

/* A subquery that several operators use is drawn for each of them. */
static bool was_said(const struct plan *p, size_t i)
{
    for (size_t k = 0; k < i; k++)
        if (p->nodes[k].id == p->nodes[i].id)
            return true;
    return false;
}

static size_t indent_of(const struct plan *p, size_t i)
{
    size_t indent = 0;
    for (size_t at = p->nodes[i].parent; at; at = p->nodes[at - 1].parent)
        indent += plan_is_silent(&p->nodes[at - 1]) ? 0 : 2;
    return indent;
}

/* "Subquery:1 Hosting operator id = 2 ..." */
static void say_tree_head(struct fst_buf *out, const struct plan *p, const char *of)
{
    static const char words[] = "Hosting operator id = ";
    const char *at = strstr(of, words);
    int64_t id = 0;
    if (at)
        fst_parse_int64(at + sizeof(words) - 1, strspn(at + sizeof(words) - 1, "0123456789"), &id);
    fst_buf_adds(out, "subquery");
    for (size_t i = 0; i < p->n; i++)
        if (p->nodes[i].id == id) {
            fst_buf_printf(out, " of the %.*s", (int)strcspn(p->nodes[i].title, " "),
                           p->nodes[i].title);
            break;
        }
    fst_buf_adds(out, ":\n");
}

void connect_explain_plan(struct fst_buf *out, const char *text, size_t n)
{
    struct plan p = {.arena = fst_arena_new()};
    bool adaptive = false, skipping = false;
    size_t base = 0;
    read_plan(&p, text, n);
    for (size_t i = 0; i < p.n; i++) {
        const struct plan_node *node = &p.nodes[i];
        if (node->of || node->depth == 0)
            skipping = was_said(&p, i);
        if (skipping)
            continue;
        if (node->of)
            say_tree_head(out, &p, node->of);
        base = node->of ? 2 : node->depth == 0 ? 0 : base;
        adaptive |= strcmp(node->title, "AdaptiveSparkPlan") == 0;
        if (!plan_is_silent(node))
            plan_words(out, &p, i, base + indent_of(&p, i));
    }
    if (adaptive)
        fst_buf_adds(out,
                     "Spark may change this while it runs (adaptive execution): joins, numbers "
                     "of partitions.\n");
    free(p.nodes);
    fst_arena_free(p.arena);
}

/* ---- The slot -------------------------------------------------------------------------------- */

/* Where it lies, without a password in it. */
static void add_place(struct fst_buf *out, const char *uri)
{
    const char *host = strstr(uri, "://");
    size_t n = host ? strcspn(host + 3, "/") : 0;
    const char *at = host ? memchr(host + 3, '@', n) : NULL;
    if (at)
        fst_buf_printf(out, "%.*s***%s", (int)(host + 3 - uri), uri, at);
    else
        fst_buf_adds(out, uri);
}

static void add_sent(struct fst_buf *out, const struct fst_work *w)
{
    const char *text = w->python ? w->python : w->sql ? w->sql : "";
    size_t n = strlen(text);
    fst_buf_adds(out, "== The text that was sent ==\n");
    fst_buf_adds(out, text);
    fst_buf_adds(out, n && text[n - 1] == '\n' ? "" : "\n");
    for (size_t i = 0; i < w->n_inputs; i++) {
        const struct fst_input *in = &w->inputs[i];
        fst_buf_printf(out, "%s%s: ", i ? "" : "with\n", in->name);
        if (in->query)
            fst_buf_printf(out, "the query %s", in->query);
        else if (in->table)
            fst_buf_printf(out, "table %s", in->table);
        else
            add_place(out, in->uri ? in->uri : "?");
        fst_buf_printf(out, "%s%s\n", in->uri && !in->query ? ", " : "",
                       in->uri && !in->query ? in->format ? in->format : "parquet" : "");
    }
}

/* Spark's text in a mode; owned by the buffer. */
static enum fst_status ask_text(struct fst_session *s, const struct fst_work *w, int mode,
                                struct fst_buf *out, struct fst_problem *problem,
                                struct fst_error *err)
{
    struct fst_buf reply;
    struct pb_field f, text;
    enum fst_status status = connect_analyze(s, w, FIELD_EXPLAIN, mode, &reply, problem, err);
    if (status == FST_OK && pb_find(pb_reader(reply.p, reply.n), 3, &f) &&
        pb_find(pb_inside(&f), 1, &text) && text.wire == 2)
        fst_buf_add(out, text.p, text.n);
    fst_buf_done(&reply);
    return status;
}

enum fst_status connect_explain(struct fst_session *s, const struct fst_work *w,
                                struct fst_buf *out, struct fst_problem *problem,
                                struct fst_error *err)
{
    struct fst_buf formatted = FST_BUF_TEXT, extended = FST_BUF_TEXT;
    enum fst_status status = connect_python_prepare(s, w, problem, err);
    if (status == FST_OK)
        status = ask_text(s, w, MODE_FORMATTED, &formatted, problem, err);
    if (status == FST_OK)
        status = ask_text(s, w, MODE_EXTENDED, &extended, problem, err);
    if (status == FST_OK) {
        connect_explain_plan(out, fst_buf_text(&formatted), formatted.n);
        fst_buf_addc(out, '\n');
        add_sent(out, w);
        fst_buf_adds(out, "\n== As Spark says it ==\n");
        fst_buf_add(out, fst_buf_text(&extended), extended.n);
    }
    fst_buf_done(&formatted);
    fst_buf_done(&extended);
    return status;
}
