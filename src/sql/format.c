/* SQL laid out: a clause a line, lists and conditions one under the other where a line is too
 * short for them, keywords in upper case. Only white space between tokens and the case of words
 * that can be nothing but keywords where they stand are changed; where the tokens would not be the
 * same after it, nothing is.
 *
 * What fits a line is decided by the tokens, not by how they stood, so that a text that was laid
 * out stays as it is. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "firesteel/sql.h"

enum { WIDE = 96, STEP = 4, MOST_DEPTH = 60 };

struct piece {
    struct fst_token t;
    bool spaced, fresh; /* space before it; it began a line */
    size_t close;       /* of an opening bracket: its other end; 0 = has none */
};

struct layout {
    const char *text;
    struct piece *p;
    size_t n, cap;
    struct fst_buf *out;
    size_t col, indent; /* of the line that is written */
    bool begun;         /* something stands in it */
    bool ends;          /* a comment: nothing may follow in this line */
    int depth;
};

/* ---- Reading --------------------------------------------------------------------------------- */

static bool is_comment(const struct layout *l, size_t i)
{
    return l->p[i].t.kind == FST_TOK_COMMENT;
}

static bool is(const struct layout *l, size_t i, const char *word)
{
    if (i >= l->n || strlen(word) != l->p[i].t.len)
        return false;
    if (l->p[i].t.kind != FST_TOK_WORD && l->p[i].t.kind != FST_TOK_OPERATOR)
        return false;
    return strncasecmp(l->text + l->p[i].t.offset, word, l->p[i].t.len) == 0;
}

static bool is_one(const struct layout *l, size_t i, const char *const *words)
{
    for (; *words; words++)
        if (is(l, i, *words))
            return true;
    return false;
}

static bool read_pieces(struct layout *l, size_t n)
{
    struct fst_lexer lx = {.text = l->text, .n = n};
    bool spaced = false, fresh = true;
    for (struct fst_token t; (t = fst_sql_next(&lx)).kind != FST_TOK_END;) {
        if (t.kind == FST_TOK_BAD)
            return false;
        if (t.kind == FST_TOK_SPACE) {
            spaced = true;
            fresh = fresh || memchr(l->text + t.offset, '\n', t.len);
            continue;
        }
        fst_grow(&l->p, &l->cap, l->n + 1, sizeof *l->p);
        l->p[l->n++] = (struct piece){t, spaced, fresh, 0};
        spaced = fresh = false;
        /* a comment of one line may have its end in it */
        fresh = t.len && l->text[t.offset + t.len - 1] == '\n';
    }
    return true;
}

static bool pair_brackets(struct layout *l)
{
    size_t *open = fst_alloc((l->n + 1) * sizeof *open), n = 0;
    bool right = true;
    for (size_t i = 0; i < l->n && right; i++) {
        if (is(l, i, "("))
            open[n++] = i;
        else if (is(l, i, ")") && n > 0)
            l->p[open[--n]].close = i;
        else if (is(l, i, ")"))
            right = false;
        right = right && n < MOST_DEPTH;
    }
    free(open);
    return right && n == 0;
}

/* ---- Keywords -------------------------------------------------------------------------------- */

static const char *const plain_words[] = {
    "SELECT", "FROM", "WHERE", "HAVING", "QUALIFY",   "WITH",     "ON",    "AND",
    "OR",     "NOT",  "IN",    "IS",     "BETWEEN",   "LIKE",     "RLIKE", "WHEN",
    "THEN",   "ELSE", "UNION", "EXCEPT", "INTERSECT", "DISTINCT", "ALL",   "AS",
    "LIMIT",  "CASE", "OVER",  "JOIN",   "USING",     NULL};
static const char *const with_by[] = {"GROUP",   "ORDER",      "PARTITION", "SORT",
                                      "CLUSTER", "DISTRIBUTE", NULL};
static const char *const sides[] = {"LEFT",  "RIGHT", "FULL", "INNER",   "CROSS",
                                    "OUTER", "SEMI",  "ANTI", "NATURAL", NULL};
static const char *const openers[] = {"(", "-", "*", "[", "~", NULL};
static const char *const any_words[] = {"FROM",   "WHERE",     "HAVING", "QUALIFY", "UNION",
                                        "EXCEPT", "INTERSECT", "LIMIT",  "JOIN",    "ON",
                                        "USING",  "GROUP",     "ORDER",  NULL};

/* The next that is no comment; l->n = none. */
static size_t after(const struct layout *l, size_t i)
{
    do
        i++;
    while (i < l->n && is_comment(l, i));
    return i;
}

static bool is_side(const struct layout *l, size_t i)
{
    while (i < l->n && is_one(l, i, sides))
        i = after(l, i);
    return is(l, i, "JOIN");
}

/* A word of these may be a name as well: of a column, of what a SELECT gives. It is none when
 * something stands behind it that can only follow the keyword. */
static bool is_key(const struct layout *l, size_t i, size_t before)
{
    size_t next = after(l, i);
    if (l->p[i].t.kind != FST_TOK_WORD || is(l, before, ".") || is(l, before, "AS") ||
        is(l, before, "::"))
        return is(l, i, "SELECT") && is(l, before, "AS"); /* CREATE ... AS SELECT */
    if (is(l, i, "NULL"))
        return !is(l, next, ".") && (is(l, before, "NOT") || is(l, before, "IS"));
    if (is_one(l, i, with_by))
        return is(l, next, "BY");
    if (is(l, i, "BY"))
        return is_one(l, before, with_by);
    if (is_one(l, i, sides))
        return is_side(l, i);
    if (!is_one(l, i, plain_words) || next >= l->n)
        return false;
    if (l->p[next].t.kind == FST_TOK_OPERATOR)
        return is_one(l, next, openers);
    return is(l, i, "AS") || !is_one(l, next, any_words);
}

/* ---- Writing --------------------------------------------------------------------------------- */

static void new_line(struct layout *l, size_t indent)
{
    if (l->begun)
        fst_buf_addc(l->out, '\n');
    l->col = l->indent = indent;
    l->begun = l->ends = false;
}

static size_t before(const struct layout *l, size_t i)
{
    while (i > 0 && is_comment(l, i - 1))
        i--;
    return i > 0 ? i - 1 : l->n;
}

static void write(struct layout *l, size_t i)
{
    const struct piece *p = &l->p[i];
    const char *text = l->text + p->t.offset;
    size_t n = p->t.len;
    bool key = is_key(l, i, before(l, i));
    while (is_comment(l, i) && n && (text[n - 1] == '\n' || text[n - 1] == '\r'))
        n--;
    if (!l->begun)
        fst_buf_repeat(l->out, ' ', l->indent);
    for (size_t k = 0; k < n; k++) {
        char c = text[k];
        fst_buf_addc(l->out, key && c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c);
        l->col = c == '\n' ? 0 : l->col + 1;
    }
    l->begun = true;
    l->ends = is_comment(l, i) && n >= 2 && text[0] == '-';
}

static bool wants_space(const struct layout *l, size_t i)
{
    if (is(l, i, ",") || is(l, i, ")") || is(l, i, ";"))
        return false;
    if (i > 0 && is(l, i - 1, ","))
        return true;
    if (i > 0 && is(l, i - 1, "("))
        return false;
    return l->p[i].spaced || is_comment(l, i) || (i > 0 && is_comment(l, i - 1));
}

/* One token where it comes: in the line, or below a comment. */
static void put(struct layout *l, size_t i, size_t indent)
{
    if (l->ends || (is_comment(l, i) && l->p[i].fresh && l->begun))
        new_line(l, indent);
    if (l->begun && wants_space(l, i)) {
        fst_buf_addc(l->out, ' ');
        l->col++;
    }
    write(l, i);
    if (is_comment(l, i) && l->p[i].fresh)
        l->ends = true;
}

/* How wide it is in one line; more than any line when it cannot be in one. */
static size_t width(const struct layout *l, size_t from, size_t to)
{
    size_t n = 0;
    for (size_t i = from; i < to; i++) {
        if (is_comment(l, i) || memchr(l->text + l->p[i].t.offset, '\n', l->p[i].t.len))
            return SIZE_MAX / 2;
        n += l->p[i].t.len + (i > from && wants_space(l, i));
    }
    return n;
}

/* ---- Clauses --------------------------------------------------------------------------------- */

static void query(struct layout *l, size_t from, size_t to, size_t indent);

static bool is_query(const struct layout *l, size_t open)
{
    size_t i = after(l, open);
    return is(l, i, "SELECT") || is(l, i, "WITH");
}

/* Tokens in their line; a query in brackets that does not fit gets lines of its own. */
static void run(struct layout *l, size_t from, size_t to, size_t indent)
{
    for (size_t i = from; i < to; i++) {
        size_t close = l->p[i].close;
        put(l, i, indent);
        if (close <= i || close >= to || !is_query(l, i) ||
            l->col + width(l, i + 1, close + 1) <= WIDE)
            continue;
        size_t outer = l->indent;
        new_line(l, outer + STEP);
        query(l, i + 1, close, outer + STEP);
        new_line(l, outer);
        put(l, close, outer);
        i = close;
    }
}

static size_t step_over(const struct layout *l, size_t i)
{
    return l->p[i].close > i ? l->p[i].close : i;
}

static bool begins_clause(const struct layout *l, size_t i)
{
    static const char *const heads[] = {"SELECT",    "FROM",  "WHERE", "HAVING",
                                        "QUALIFY",   "LIMIT", "UNION", "EXCEPT",
                                        "INTERSECT", "JOIN",  NULL};
    size_t last = before(l, i);
    if (is(l, i, "|>") || is(l, i, ";"))
        return true;
    if (is(l, last, "|>") || !is_key(l, i, last))
        return false;
    if (is(l, i, "FROM") && is(l, last, "DISTINCT"))
        return false;
    if (is_one(l, i, sides) || is(l, i, "JOIN"))
        return last == l->n || !is_one(l, last, sides);
    return is_one(l, i, heads) || is_one(l, i, with_by);
}

/* Words of the head: SELECT DISTINCT, GROUP BY, LEFT JOIN. */
static size_t head_end(const struct layout *l, size_t from, size_t to)
{
    size_t i = from;
    while (i < to && (is_one(l, i, sides) || is_one(l, i, with_by)))
        i++;
    i += i < to;
    while (i < to && (is(l, i, "DISTINCT") || is(l, i, "ALL")))
        i++;
    return i;
}

static bool is_list(const struct layout *l, size_t i)
{
    return is(l, i, "SELECT") || is(l, i, "WITH") || is(l, i, "FROM") || is_one(l, i, with_by);
}

/* Where the part that begins at `from` ends: behind a comma, or before AND and OR. */
static size_t part_end(const struct layout *l, size_t from, size_t to, bool list)
{
    int cases = 0;
    bool between = false;
    for (size_t i = from; i < to; i++) {
        i = step_over(l, i);
        cases += is(l, i, "CASE");
        cases -= is(l, i, "END") && cases > 0;
        between = between || is(l, i, "BETWEEN");
        bool and = is(l, i, "AND");
        if (list && is(l, i, ",")) {
            /* a comment behind it is meant for what it follows */
            while (i + 1 < to && is_comment(l, i + 1) && !l->p[i + 1].fresh)
                i++;
            return i + 1;
        }
        if (!list && i > from && cases == 0 && ((and&&!between) || is(l, i, "OR")))
            return i;
        between = between && !and;
    }
    return to;
}

static void clause(struct layout *l, size_t from, size_t to, size_t indent)
{
    size_t head = head_end(l, from, to);
    bool list = is_list(l, from);
    if (indent + width(l, from, to) <= WIDE) {
        run(l, from, to, indent);
        return;
    }
    size_t inner = indent + (list ? width(l, from, head) + 1 : 2);
    run(l, from, head, inner);
    for (size_t i = head, end; i < to; i = end) {
        end = part_end(l, i, to, list);
        if (i > head)
            new_line(l, inner);
        run(l, i, end, inner);
    }
}

static void query(struct layout *l, size_t from, size_t to, size_t indent)
{
    for (size_t i = from, end; i < to; i = end) {
        bool opened = is_comment(l, i) && l->p[i].fresh;
        end = i + 1;
        while (end < to && opened && is_comment(l, end))
            end++;
        if (!opened) {
            for (end = step_over(l, i) + 1; end < to && !begins_clause(l, end);)
                end = step_over(l, end) + 1;
            /* comments on lines of their own are the next clause's */
            while (end < to && end - 1 > i && is_comment(l, end - 1) && l->p[end - 1].fresh)
                end--;
        }
        if (!is(l, i, ";"))
            new_line(l, indent);
        clause(l, i, end, indent);
    }
}

/* ---- The same -------------------------------------------------------------------------------- */

static bool same_piece(const struct layout *a, const struct layout *b, size_t i)
{
    const struct fst_token *x = &a->p[i].t, *y = &b->p[i].t;
    const char *p = a->text + x->offset, *q = b->text + y->offset;
    size_t n = x->len, m = y->len;
    if (x->kind != y->kind)
        return false;
    while (x->kind == FST_TOK_COMMENT && n && (p[n - 1] == '\n' || p[n - 1] == '\r'))
        n--;
    while (y->kind == FST_TOK_COMMENT && m && (q[m - 1] == '\n' || q[m - 1] == '\r'))
        m--;
    if (n != m)
        return false;
    return memcmp(p, q, n) == 0 || (is_key(a, i, before(a, i)) && strncasecmp(p, q, n) == 0);
}

static bool same(const struct layout *a, const char *text, size_t n)
{
    struct layout b = {.text = text};
    bool right = read_pieces(&b, n) && b.n == a->n;
    for (size_t i = 0; i < a->n && right; i++)
        right = same_piece(a, &b, i);
    free(b.p);
    return right;
}

bool fst_sql_format(const char *text, size_t n, struct fst_buf *out)
{
    struct layout l = {.text = text, .out = out};
    size_t start = out->n;
    bool right = read_pieces(&l, n) && l.n > 0 && pair_brackets(&l);
    if (right) {
        query(&l, 0, l.n, 0);
        if (n && text[n - 1] == '\n')
            fst_buf_addc(out, '\n');
        right = !out->over && same(&l, fst_buf_text(out) + start, out->n - start);
    }
    free(l.p);
    return right;
}
