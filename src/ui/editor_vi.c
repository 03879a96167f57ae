/* The editor's keys as vi has them: normal, insert, visual and visual-line mode. What was pressed
 * since the last command is read as a whole each time a key comes: [count] operator [count] motion,
 * [count] motion, or a command of the table below. A command with all that is typed into it is one
 * undo step, and `.` does it again. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "editor.h"

enum result { WAITS, WRONG, DONE };

/* Where a motion goes, and what an operator takes on the way. */
struct way {
    size_t from, to;
    bool lines, inclusive;
};

/* ---- Places ---------------------------------------------------------------------------------- */

static size_t line_start(const struct fst_editor *e, size_t at)
{
    return e->lines[fst__editor_line_of(e, at)];
}
static size_t line_end(const struct fst_editor *e, size_t at)
{
    return fst__editor_line_end(e, fst__editor_line_of(e, at));
}
static size_t first_letter(const struct fst_editor *e, size_t at)
{
    size_t start = line_start(e, at);
    return start + strspn(e->text + start, " \t");
}

/* 0 = space, 1 = a sign, 2 = of a word. */
static int class_at(const struct fst_editor *e, size_t at)
{
    unsigned char c = (unsigned char)e->text[at];
    if (at >= e->n || isspace(c))
        return 0;
    return isalnum(c) || c == '_' || c >= 0x80 ? 2 : 1;
}

static size_t word_next(const struct fst_editor *e, size_t at)
{
    int class = class_at(e, at);
    while (at < e->n && class && class_at(e, at) == class)
        at++;
    while (at < e->n && class_at(e, at) == 0) {
        at++;
        if (at < e->n && e->text[at] == '\n' && e->text[at - 1] == '\n')
            break; /* an empty line is a word */
    }
    return at;
}

static size_t word_before(const struct fst_editor *e, size_t at)
{
    while (at > 0 && class_at(e, at - 1) == 0)
        at--;
    int class = at > 0 ? class_at(e, at - 1) : 0;
    while (at > 0 && class_at(e, at - 1) == class)
        at--;
    return at;
}

static size_t word_last(const struct fst_editor *e, size_t at)
{
    at = at < e->n ? at + 1 : at;
    while (at < e->n && class_at(e, at) == 0)
        at++;
    int class = class_at(e, at);
    while (at + 1 < e->n && class_at(e, at + 1) == class)
        at++;
    while (at > 0 && at < e->n && ((unsigned char)e->text[at] & 0xC0) == 0x80)
        at--;
    return at;
}

/* ---- Motions --------------------------------------------------------------------------------- */

static size_t by_lines(const struct fst_editor *e, size_t at, long step)
{
    long line = (long)fst__editor_line_of(e, at) + step, last = (long)e->n_lines - 1;
    line = line < 0 ? 0 : line > last ? last : line;
    return fst__editor_at_col(e, (size_t)line, e->goal_col);
}

/* f, t, F and T: a letter of the line, from the cursor on. */
static bool find_letter(const struct fst_editor *e, char kind, const char *letter, size_t n,
                        size_t times, size_t *at)
{
    bool forward = kind == 'f' || kind == 't';
    size_t start = line_start(e, *at), end = line_end(e, *at), now = *at;
    while (times > 0) {
        if (forward ? now >= end : now <= start)
            return false;
        now = forward ? fst__editor_next(e, now) : fst__editor_previous(e, now);
        if (now < end && end - now >= n && memcmp(e->text + now, letter, n) == 0)
            times--;
    }
    *at = kind == 't' ? fst__editor_previous(e, now) : kind == 'T' ? fst__editor_next(e, now) : now;
    return true;
}

static enum result letter_motion(struct fst_editor *e, const char **p, size_t times, struct way *w)
{
    struct fst_vi *vi = &e->vi;
    char kind = **p;
    if (kind != ';' && kind != ',') {
        size_t n = strlen(*p + 1);
        if (n == 0)
            return WAITS;
        n = fst_text_cluster(*p + 1, n);
        n = n < sizeof vi->letter ? n : sizeof vi->letter - 1;
        memcpy(vi->letter, *p + 1, n);
        vi->letter[n] = '\0';
        vi->letter_kind = kind;
        *p += n;
    } else if (!vi->letter_kind) {
        return WRONG;
    }
    if (kind == ',')
        kind = islower((unsigned char)vi->letter_kind)
                   ? (char)toupper((unsigned char)vi->letter_kind)
                   : (char)tolower((unsigned char)vi->letter_kind);
    else
        kind = vi->letter_kind;
    ++*p;
    w->inclusive = islower((unsigned char)kind);
    return find_letter(e, kind, vi->letter, strlen(vi->letter), times, &w->to) ? DONE : WRONG;
}

static void repeat(const struct fst_editor *e, struct way *w, size_t times,
                   size_t (*step)(const struct fst_editor *e, size_t at))
{
    while (times-- > 0)
        w->to = step(e, w->to);
}

static void left_right(const struct fst_editor *e, struct way *w, size_t times, bool right)
{
    size_t start = line_start(e, w->to), end = line_end(e, w->to);
    while (times-- > 0 && (right ? w->to < end : w->to > start))
        w->to = right ? fst__editor_next(e, w->to) : fst__editor_previous(e, w->to);
}

static size_t line_number(const struct fst_editor *e, size_t line)
{
    line = line > e->n_lines ? e->n_lines : line;
    return first_letter(e, e->lines[line > 0 ? line - 1 : 0]);
}

static enum result motion(struct fst_editor *e, const char **p, size_t count, struct way *w)
{
    size_t times = count ? count : 1;
    w->from = w->to = e->cursor;
    w->lines = **p && strchr("jkG\r", **p);
    w->inclusive = **p && strchr("e$%", **p);
    switch (**p) {
    case '\0':
        return WAITS;
    case 'h':
    case '\b':
        left_right(e, w, times, false);
        break;
    case 'l':
    case ' ':
        left_right(e, w, times, true);
        break;
    case 'j':
        w->to = by_lines(e, w->to, (long)times);
        break;
    case 'k':
        w->to = by_lines(e, w->to, -(long)times);
        break;
    case '\r':
        w->to = first_letter(e, by_lines(e, w->to, (long)times));
        break;
    case 'w':
        repeat(e, w, times, word_next);
        break;
    case 'b':
        repeat(e, w, times, word_before);
        break;
    case 'e':
        repeat(e, w, times, word_last);
        break;
    case '0':
        w->to = line_start(e, w->to);
        break;
    case '^':
        w->to = first_letter(e, w->to);
        break;
    case '$':
        w->to = line_end(e, by_lines(e, w->to, (long)times - 1));
        w->inclusive = false;
        break;
    case '%':
        w->to = fst__editor_bracket(e, w->to);
        break;
    case 'G':
        w->to = line_number(e, count ? count : e->n_lines);
        break;
    case 'g':
        if (!(*p)[1])
            return WAITS;
        if ((*p)[1] != 'g')
            return WRONG;
        w->to = line_number(e, times);
        w->lines = true;
        ++*p;
        break;
    case 'f':
    case 't':
    case 'F':
    case 'T':
    case ';':
    case ',':
        return letter_motion(e, p, times, w);
    default:
        return WRONG;
    }
    ++*p;
    return DONE;
}

/* ---- Objects: iw, a(, i" --------------------------------------------------------------------- */

static bool find_pair(const struct fst_editor *e, char open, char close, struct way *w)
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
    *w = (struct way){from, to + 1, false, false};
    return to < e->n;
}

static bool find_quotes(const struct fst_editor *e, char quote, struct way *w)
{
    size_t end = line_end(e, e->cursor);
    for (size_t at = line_start(e, e->cursor); at < end; at++) {
        if (e->text[at] != quote)
            continue;
        size_t close = at + 1;
        while (close < end && e->text[close] != quote)
            close++;
        if (close < end && close >= e->cursor) {
            *w = (struct way){at, close + 1, false, false};
            return true;
        }
        at = close;
    }
    return false;
}

static void find_word(const struct fst_editor *e, bool around, struct way *w)
{
    size_t from = e->cursor, to = e->cursor, end = line_end(e, to), start = line_start(e, from);
    int class = class_at(e, from);
    while (from > start && class_at(e, from - 1) == class)
        from--;
    while (to < end && class_at(e, to) == class)
        to++;
    while (around && to < end && class_at(e, to) == 0)
        to++;
    *w = (struct way){from, to, false, false};
}

static enum result object(struct fst_editor *e, const char **p, struct way *w)
{
    static const char pairs[] = "()[]{}";
    bool around = **p == 'a', found = true;
    char c = (*p)[1];
    if (!c)
        return WAITS;
    c = c == 'b' ? '(' : c;
    const char *pair = strchr(pairs, c);
    if (c == 'w') {
        find_word(e, around, w);
    } else if (pair) {
        size_t i = (size_t)(pair - pairs) & ~(size_t)1;
        found = find_pair(e, pairs[i], pairs[i + 1], w);
    } else if (strchr("\"'`", c)) {
        found = find_quotes(e, c, w);
    } else {
        return WRONG;
    }
    if (found && !around && c != 'w') {
        w->from++;
        w->to--;
    }
    *p += 2;
    return found ? DONE : WRONG;
}

/* ---- Operators ------------------------------------------------------------------------------- */

static void to_insert(struct fst_editor *e)
{
    e->vi.mode = FST_VI_INSERT;
    e->vi.insert_from = e->cursor;
    e->undo.closed = true;
}

static void keep(struct fst_editor *e, size_t from, size_t to, bool lines)
{
    free(e->clip);
    e->clip_n = to - from;
    e->clip = fst_strndup(e->text + from, e->clip_n);
    e->vi.clip_lines = lines;
    if (lines && (e->clip_n == 0 || e->clip[e->clip_n - 1] != '\n')) {
        e->clip = fst_realloc(e->clip, e->clip_n + 2);
        e->clip[e->clip_n++] = '\n';
        e->clip[e->clip_n] = '\0';
    }
}

static void change(struct fst_editor *e, size_t from, size_t to, const char *text, size_t n)
{
    e->undo.closed = true;
    fst__editor_replace(e, from, to, text, n, false);
    e->undo.closed = true;
}

static void shift_lines(struct fst_editor *e, size_t first, size_t last, bool right)
{
    for (size_t line = first; line <= last; line++) {
        size_t at = e->lines[line], n = 0;
        if (right && at < fst__editor_line_end(e, line))
            change(e, at, at, "    ", FST_EDITOR_TAB);
        while (!right && n < FST_EDITOR_TAB && e->text[at + n] == ' ')
            n++;
        n = !right && e->text[at] == '\t' ? 1 : n;
        if (n)
            change(e, at, at + n, NULL, 0);
    }
    e->cursor = first_letter(e, e->lines[first]);
}

static void delete_lines(struct fst_editor *e, size_t from, size_t to)
{
    if (to == e->n && from > 0 && (to == 0 || e->text[to - 1] != '\n'))
        from--;
    change(e, from, to, NULL, 0);
    e->cursor = first_letter(e, from < e->n ? from : e->n);
    if (from < e->n && e->text[from] == '\n' && to > from)
        e->cursor = first_letter(e, from);
}

static void change_case(struct fst_editor *e, char how, size_t from, size_t to)
{
    char *text = fst_strndup(e->text + from, to - from);
    for (size_t i = 0; i < to - from; i++) {
        unsigned char c = (unsigned char)text[i];
        if (c < 0x80 && (how == 'U' || (how == '~' && islower(c))))
            text[i] = (char)toupper(c);
        else if (c < 0x80)
            text[i] = (char)tolower(c);
    }
    change(e, from, to, text, to - from);
    free(text);
}

static void operate(struct fst_editor *e, char op, struct way w)
{
    size_t from = w.from < w.to ? w.from : w.to, to = w.from < w.to ? w.to : w.from;
    size_t first = fst__editor_line_of(e, from), last = fst__editor_line_of(e, to);
    if (w.inclusive && !w.lines)
        to = fst__editor_next(e, to);
    if (op == '>' || op == '<') {
        shift_lines(e, first, last, op == '>');
        return;
    }
    if (w.lines) {
        from = e->lines[first];
        to = last + 1 < e->n_lines ? e->lines[last + 1] : e->n;
    }
    if (strchr("~uU", op)) {
        change_case(e, op, from, to);
        e->cursor = from;
        return;
    }
    keep(e, from, to, w.lines);
    if (op == 'c' && w.lines) {
        from = first_letter(e, from);
        to = fst__editor_line_end(e, last);
    }
    if (op == 'y')
        e->cursor = w.lines && w.from <= w.to ? e->cursor : from;
    else if (op == 'd' && w.lines)
        delete_lines(e, from, to);
    else
        change(e, from, to, NULL, 0);
    if (op == 'c') {
        e->cursor = from;
        to_insert(e);
    }
}

static size_t read_count(const char **p)
{
    size_t n = 0;
    if (**p == '0')
        return 0;
    for (; isdigit((unsigned char)**p); ++*p)
        n = n < 10000 ? n * 10 + (size_t)(**p - '0') : n;
    return n;
}

static enum result operator_keys(struct fst_editor *e, const char **p, size_t count)
{
    struct way w = {0};
    char op = *(*p)++;
    size_t more = read_count(p);
    enum result r;
    count = count && more ? count * more : count ? count : more;
    char verb = **p;
    if (verb == op) {
        w = (struct way){e->cursor, by_lines(e, e->cursor, count ? (long)count - 1 : 0), true,
                         false};
        ++*p;
        r = DONE;
    } else if (verb == 'i' || verb == 'a') {
        r = object(e, p, &w);
    } else {
        if (op == 'c' && verb == 'w' && class_at(e, e->cursor))
            w.inclusive = true; /* a word without the space behind it */
        bool to_end = w.inclusive;
        r = motion(e, p, count, &w);
        if (r == DONE && to_end && !count) {
            w.to = e->cursor;
            while (w.to < e->n && class_at(e, w.to) == class_at(e, e->cursor))
                w.to++;
        }
        if (r == DONE && verb == 'w' && w.to > line_end(e, w.from) && !count)
            w.to = line_end(e, w.from);
        if (r == DONE && verb == 'e' && w.to == w.from)
            w.inclusive = true;
    }
    if (r == DONE)
        operate(e, op, w);
    return r;
}

/* ---- Commands -------------------------------------------------------------------------------- */

static void put(struct fst_editor *e, bool behind, size_t times)
{
    struct fst_buf text = FST_BUF(FST_EDITOR_MAX);
    size_t line = fst__editor_line_of(e, e->cursor), at = e->cursor;
    for (size_t i = 0; i < times && !text.over; i++)
        fst_buf_add(&text, e->clip, e->clip_n);
    if (!e->vi.clip_lines && behind && at < fst__editor_line_end(e, line))
        at = fst__editor_next(e, at);
    if (e->vi.clip_lines)
        at = !behind ? e->lines[line] : line + 1 < e->n_lines ? e->lines[line + 1] : e->n;
    bool last = e->vi.clip_lines && behind && line + 1 == e->n_lines;
    if (text.n && !text.over) {
        if (last) { /* the last line has no end: the new ones bring theirs before them */
            change(e, at, at, "\n", 1);
            at++;
            text.n--;
        }
        change(e, at, at, fst_buf_text(&text), text.n);
        e->cursor = e->vi.clip_lines ? first_letter(e, at) : fst__editor_previous(e, at + text.n);
    }
    fst_buf_done(&text);
}

static void open_line(struct fst_editor *e, bool below)
{
    size_t start = line_start(e, e->cursor), indent = first_letter(e, start) - start;
    size_t at = below ? line_end(e, start) : start;
    char *text = below ? fst_asprintf("\n%.*s", (int)indent, e->text + start)
                       : fst_asprintf("%.*s\n", (int)indent, e->text + start);
    change(e, at, at, text, strlen(text));
    e->cursor = below ? e->cursor : at + indent;
    free(text);
    to_insert(e);
}

static enum result replace_letter(struct fst_editor *e, const char **p, size_t times)
{
    struct way w = {.from = e->cursor, .to = e->cursor};
    struct fst_buf text = FST_BUF(FST_EDITOR_MAX);
    if (!(*p)[1])
        return WAITS;
    size_t n = fst_text_cluster(*p + 1, strlen(*p + 1)), end = line_end(e, e->cursor);
    size_t count = 0;
    for (; count < times && w.to < end; count++)
        w.to = fst__editor_next(e, w.to);
    for (size_t i = 0; i < count; i++)
        fst_buf_add(&text, (*p)[1] == '\r' ? "\n" : *p + 1, n);
    if (count == times && !text.over) {
        change(e, w.from, w.to, fst_buf_text(&text), text.n);
        e->cursor = fst__editor_previous(e, e->cursor);
    }
    fst_buf_done(&text);
    *p += 1 + n;
    return count == times ? DONE : WRONG;
}

static void visual(struct fst_editor *e, enum fst_vi_mode mode)
{
    if (e->vi.mode == FST_VI_NORMAL) {
        e->anchor = e->cursor;
        e->selecting = e->keeps_selecting = true;
    } else if (e->vi.mode == mode) {
        e->selecting = e->keeps_selecting = false;
        mode = FST_VI_NORMAL;
    }
    e->vi.mode = mode;
}

/* Short for an operator with a motion. */
static const struct {
    char key;
    const char *means;
} shorts[] = {{'x', "dl"}, {'X', "dh"}, {'D', "d$"}, {'C', "c$"},
              {'s', "cl"}, {'S', "cc"}, {'Y', "yy"}};

static enum result command(struct fst_editor *e, const char **p, size_t count)
{
    size_t times = count ? count : 1;
    for (size_t i = 0; i < FST_COUNT(shorts); i++)
        if (**p == shorts[i].key) {
            const char *means = shorts[i].means;
            ++*p;
            return operator_keys(e, &means, count);
        }
    switch (**p) {
    case 'r':
        return replace_letter(e, p, times);
    case 'a':
        if (e->cursor < line_end(e, e->cursor))
            e->cursor = fst__editor_next(e, e->cursor);
        to_insert(e);
        break;
    case 'A':
        e->cursor = line_end(e, e->cursor);
        to_insert(e);
        break;
    case 'I':
        e->cursor = first_letter(e, e->cursor);
        to_insert(e);
        break;
    case 'i':
        to_insert(e);
        break;
    case 'o':
    case 'O':
        open_line(e, **p == 'o');
        break;
    case 'p':
    case 'P':
        put(e, **p == 'p', times);
        break;
    case 'J':
        for (size_t i = 1; i < (times > 2 ? times : 2); i++)
            fst__editor_join(e);
        break;
    case '~': {
        struct way w = {.from = e->cursor, .to = e->cursor};
        left_right(e, &w, times, true);
        change_case(e, '~', w.from, w.to);
        break;
    }
    case 'v':
        visual(e, FST_VI_VISUAL);
        break;
    case 'V':
        visual(e, FST_VI_LINES);
        break;
    case 'n':
        fst__editor_find_next(e);
        break;
    case 'N':
        fst__editor_find_previous(e);
        break;
    case 'u':
    case '\x12':
        while (times-- > 0 && (**p == 'u' ? fst__undo_back(e) : fst__undo_again(e))) {
        }
        break;
    default:
        return WRONG;
    }
    ++*p;
    return DONE;
}

void fst__vi_selection(const struct fst_editor *e, size_t *from, size_t *to)
{
    *from = e->anchor < e->cursor ? e->anchor : e->cursor;
    *to = e->anchor < e->cursor ? e->cursor : e->anchor;
    if (e->vi.mode == FST_VI_LINES) {
        *from = line_start(e, *from);
        *to = line_end(e, *to);
    }
    if (e->vi.mode == FST_VI_VISUAL || e->vi.mode == FST_VI_LINES)
        *to = fst__editor_next(e, *to);
}

/* In visual mode: an operator takes the selection, an object becomes it. */
static enum result visual_keys(struct fst_editor *e, const char **p)
{
    struct way w = {.lines = e->vi.mode == FST_VI_LINES};
    char op = **p == 'x' ? 'd' : **p == 's' ? 'c' : **p;
    if (op == 'i' || op == 'a') {
        enum result r = object(e, p, &w);
        if (r == DONE && w.to > w.from) {
            e->anchor = w.from;
            e->cursor = fst__editor_previous(e, w.to);
        }
        return r;
    }
    if (op == 'o') {
        size_t cursor = e->cursor;
        e->cursor = e->anchor;
        e->anchor = cursor;
        ++*p;
        return DONE;
    }
    if (op == 'v' || op == 'V')
        return command(e, p, 0);
    if (!op || !strchr("dcy><~uUJ", op))
        return WRONG;
    fst__vi_selection(e, &w.from, &w.to);
    if (w.lines || op == '>' || op == '<')
        w.to = w.to > w.from ? fst__editor_previous(e, w.to) : w.to;
    e->selecting = e->keeps_selecting = false;
    e->vi.mode = FST_VI_NORMAL;
    e->cursor = w.from;
    ++*p;
    if (op != 'J') {
        operate(e, op, w);
        return DONE;
    }
    for (size_t i = fst__editor_line_of(e, w.from), to = fst__editor_line_of(e, w.to); i < to; i++)
        fst__editor_join(e);
    return DONE;
}

static enum result run(struct fst_editor *e, const char *keys)
{
    const char *p = keys;
    size_t count = read_count(&p);
    struct way w;
    if (!*p)
        return WAITS;
    bool selects = e->vi.mode == FST_VI_VISUAL || e->vi.mode == FST_VI_LINES;
    enum result r = selects ? visual_keys(e, &p) : WRONG;
    if (r == WRONG && !selects)
        r = strchr("dcy><", *p) ? operator_keys(e, &p, count) : command(e, &p, count);
    if (r != WRONG)
        return r;
    p = keys;
    count = read_count(&p);
    bool keeps = *p == 'j' || *p == 'k';
    r = motion(e, &p, count, &w);
    if (r == DONE) {
        e->cursor = w.to;
        if (!keeps)
            e->goal_col = *keys && p[-1] == '$' ? (size_t)1 << 30 : fst__editor_col_of(e, w.to);
    }
    return r;
}

/* ---- Keys ------------------------------------------------------------------------------------ */

/* All changes since the command began are one step. */
static void join_steps(struct fst_editor *e)
{
    struct fst_undo *u = &e->undo;
    for (size_t i = e->vi.undo_from + 1; i < u->done; i++)
        u->changes[i].with_last = true;
    u->closed = true;
}

/* In normal mode the cursor is on a letter, not behind the last one. */
static void settle(struct fst_editor *e)
{
    if (e->vi.mode == FST_VI_NORMAL && e->cursor == line_end(e, e->cursor) &&
        e->cursor > line_start(e, e->cursor))
        e->cursor = fst__editor_previous(e, e->cursor);
}

static void end_insert(struct fst_editor *e)
{
    struct fst_vi *vi = &e->vi;
    free(vi->typed);
    bool goes_on = e->cursor >= vi->insert_from;
    vi->typed = goes_on ? fst_strndup(e->text + vi->insert_from, e->cursor - vi->insert_from)
                        : fst_strdup("");
    vi->mode = FST_VI_NORMAL;
    join_steps(e);
    if (e->cursor > line_start(e, e->cursor))
        e->cursor = fst__editor_previous(e, e->cursor);
    e->goal_col = fst__editor_col_of(e, e->cursor);
}

static void remember(struct fst_editor *e, uint64_t revision)
{
    char verb = e->vi.keys[strspn(e->vi.keys, "0123456789")];
    bool changes = e->revision != revision || e->vi.mode == FST_VI_INSERT;
    if (changes && verb != 'u' && verb != '\x12' && !e->vi.was_visual)
        snprintf(e->vi.last, sizeof e->vi.last, "%s", e->vi.keys);
}

static void again(struct fst_editor *e)
{
    struct fst_vi *vi = &e->vi;
    vi->undo_from = e->undo.done;
    if (!vi->last[0] || run(e, vi->last) != DONE)
        return;
    if (vi->mode == FST_VI_INSERT) {
        change(e, e->cursor, e->cursor, vi->typed, vi->typed ? strlen(vi->typed) : 0);
        end_insert(e);
    }
    join_steps(e);
}

static void normal_key(struct fst_editor *e, const char *text)
{
    struct fst_vi *vi = &e->vi;
    uint64_t revision = e->revision;
    size_t n = strlen(vi->keys);
    if (n == 0 && strcmp(text, ".") == 0) {
        again(e);
        settle(e);
        return;
    }
    snprintf(vi->keys + n, sizeof vi->keys - n, "%s", text);
    vi->was_visual = vi->mode != FST_VI_NORMAL;
    vi->undo_from = e->undo.done;
    e->undo.closed = true;
    enum result r = run(e, vi->keys);
    if (r == WAITS && strlen(vi->keys) + 8 < sizeof vi->keys)
        return;
    if (r == DONE) {
        bool undone = e->undo.done < vi->undo_from;
        remember(e, revision);
        if (vi->mode != FST_VI_INSERT && !undone && !strchr("u\x12", vi->keys[n]))
            join_steps(e);
    }
    vi->keys[0] = '\0';
    if (vi->mode != FST_VI_VISUAL && vi->mode != FST_VI_LINES)
        e->selecting = e->keeps_selecting = false;
    if (e->revision != revision)
        e->goal_col = fst__editor_col_of(e, e->cursor);
    settle(e);
}

static const char *text_of(const struct fst_key *key)
{
    static const struct {
        const char *name, *text;
    } named[] = {{"enter", "\r"}, {"backspace", "\b"}, {"ctrl-r", "\x12"}};
    for (size_t i = 0; i < FST_COUNT(named); i++)
        if (strcmp(key->name, named[i].name) == 0)
            return named[i].text;
    return key->text;
}

enum fst_vi_answer fst_editor_vi_key(struct fst_editor *e, const struct fst_key *key)
{
    struct fst_vi *vi = &e->vi;
    const char *text = text_of(key);
    bool esc = strcmp(key->name, "esc") == 0;
    if (!vi->on || (vi->mode == FST_VI_INSERT && (!esc || e->n_items)))
        return FST_VI_NOT_MINE;
    if (esc) {
        if (vi->mode == FST_VI_INSERT)
            end_insert(e);
        vi->mode = FST_VI_NORMAL;
        vi->keys[0] = '\0';
        e->selecting = e->keeps_selecting = false;
        return FST_VI_TAKEN;
    }
    if (!*text || fst_text_cluster(text, strlen(text)) != strlen(text))
        return FST_VI_NOT_MINE;
    if (!vi->keys[0] && *text == '/')
        return FST_VI_FIND;
    if (!vi->keys[0] && *text == ':')
        return FST_VI_COMMAND;
    normal_key(e, text);
    return FST_VI_TAKEN;
}

void fst_editor_set_vi(struct fst_editor *e, bool on)
{
    if (on == e->vi.on)
        return;
    e->vi.on = on;
    e->vi.mode = on ? FST_VI_NORMAL : FST_VI_INSERT;
    e->vi.keys[0] = '\0';
}

const char *fst_editor_vi_mode(const struct fst_editor *e)
{
    static const char *const names[] = {"normal", "insert", "visual", "visual line"};
    return e->vi.on ? names[e->vi.mode] : NULL;
}
