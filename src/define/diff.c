/* A unified diff of two texts: the longest common subsequence of their lines, after what they
 * share at both ends is set aside. Texts that differ in very many lines are shown as wholly
 * replaced. */
#include "firesteel/define.h"

#include <stdlib.h>
#include <string.h>

enum { CONTEXT = 3, MAX_CELLS = 4000000 };

struct lines {
    struct fst_str *at;
    size_t n;
};
/* One line of the result: ' ' in both, '-' in a, '+' in b. */
struct edit {
    char sign;
    struct fst_str line;
};
struct script {
    struct edit *edits;
    size_t n, cap;
};

/* Lines keep their newline, so that its absence at the end is a difference. */
static struct lines split(const char *text)
{
    struct lines lines = {NULL, 0};
    size_t cap = 0;

    while (*text) {
        size_t n = strcspn(text, "\n");
        n += text[n] == '\n';
        fst_grow(&lines.at, &cap, lines.n + 1, sizeof *lines.at);
        lines.at[lines.n++] = (struct fst_str){text, n};
        text += n;
    }
    return lines;
}

static void add(struct script *s, char sign, const struct fst_str *lines, size_t n)
{
    fst_grow(&s->edits, &s->cap, s->n + n + 1, sizeof *s->edits);
    for (size_t i = 0; i < n; i++)
        s->edits[s->n++] = (struct edit){sign, lines[i]};
}

/* lengths[i][j] = common lines of a[i..) and b[j..), row by row. */
static uint32_t *common_lengths(struct lines a, struct lines b)
{
    size_t width = b.n + 1;
    uint32_t *lengths = fst_alloc((a.n + 1) * width * sizeof *lengths);

    for (size_t i = a.n; i-- > 0;)
        for (size_t j = b.n; j-- > 0;) {
            uint32_t *cell = &lengths[i * width + j];
            uint32_t down = cell[width], right = cell[1];
            *cell = fst_str_eq(a.at[i], b.at[j]) ? cell[width + 1] + 1
                    : down > right               ? down
                                                 : right;
        }
    return lengths;
}

static void compare(struct script *s, struct lines a, struct lines b)
{
    uint32_t *lengths = common_lengths(a, b);
    size_t i = 0, j = 0, width = b.n + 1;

    while (i < a.n && j < b.n) {
        if (fst_str_eq(a.at[i], b.at[j])) {
            add(s, ' ', &a.at[i++], 1);
            j++;
        } else if (lengths[(i + 1) * width + j] >= lengths[i * width + j + 1]) {
            add(s, '-', &a.at[i++], 1);
        } else {
            add(s, '+', &b.at[j++], 1);
        }
    }
    add(s, '-', a.at + i, a.n - i);
    add(s, '+', b.at + j, b.n - j);
    free(lengths);
}

static void make_script(struct script *s, struct lines a, struct lines b)
{
    size_t head = 0, tail = 0;

    while (head < a.n && head < b.n && fst_str_eq(a.at[head], b.at[head]))
        head++;
    while (tail < a.n - head && tail < b.n - head &&
           fst_str_eq(a.at[a.n - 1 - tail], b.at[b.n - 1 - tail]))
        tail++;
    struct lines x = {a.at + head, a.n - head - tail}, y = {b.at + head, b.n - head - tail};
    add(s, ' ', a.at, head);
    if (x.n && y.n && x.n < MAX_CELLS / y.n) {
        compare(s, x, y);
    } else {
        add(s, '-', x.at, x.n);
        add(s, '+', y.at, y.n);
    }
    add(s, ' ', a.at + a.n - tail, tail);
}

/* ---- Hunks ----------------------------------------------------------------------------------- */

static void write_line(struct fst_buf *out, const struct edit *e)
{
    fst_buf_addc(out, e->sign);
    fst_buf_add(out, e->line.p, e->line.n);
    if (e->line.p[e->line.n - 1] != '\n')
        fst_buf_adds(out, "\n\\ No newline at end of file\n");
}

static size_t count(const struct script *s, size_t from, size_t to, char other)
{
    size_t n = 0;

    for (size_t i = from; i < to; i++)
        n += s->edits[i].sign == ' ' || s->edits[i].sign == other;
    return n;
}

/* Where the hunk ends that begins its changes at `i`: after CONTEXT equal lines behind the last
 * change that is not further than twice that from the one before. */
static size_t hunk_end(const struct script *s, size_t i)
{
    size_t last = i;

    for (; i < s->n && i - last <= 2 * CONTEXT + 1; i++)
        if (s->edits[i].sign != ' ')
            last = i;
    return last + 1 + CONTEXT < s->n ? last + 1 + CONTEXT : s->n;
}

static void write_range(struct fst_buf *out, char sign, size_t before, size_t n)
{
    fst_buf_printf(out, "%c%zu,%zu ", sign, n ? before + 1 : before, n);
}

static void write_hunk(struct fst_buf *out, const struct script *s, size_t from, size_t to)
{
    fst_buf_adds(out, "@@ ");
    write_range(out, '-', count(s, 0, from, '-'), count(s, from, to, '-'));
    write_range(out, '+', count(s, 0, from, '+'), count(s, from, to, '+'));
    fst_buf_adds(out, "@@\n");
    for (size_t i = from; i < to; i++)
        write_line(out, &s->edits[i]);
}

void fst_diff_text(struct fst_buf *out, const char *a, const char *b)
{
    struct lines x = split(a), y = split(b);
    struct script s = {NULL, 0, 0};

    make_script(&s, x, y);
    for (size_t i = 0; i < s.n;) {
        if (s.edits[i].sign == ' ') {
            i++;
            continue;
        }
        size_t end = hunk_end(&s, i);
        write_hunk(out, &s, i > CONTEXT ? i - CONTEXT : 0, end);
        i = end;
    }
    free(s.edits);
    free(x.at);
    free(y.at);
}
