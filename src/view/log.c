/* What a log says, line by line: its level, and whether it is part of a stack trace. A trace is one
 * row with its root cause; a filter leaves rows out. Lines are looked at once, when they come; rows
 * are made anew from them, which takes no time worth saving. */
#include "log.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#define LEVEL_BYTES 160 /* the level stands near the start */
#define CAUSE_BYTES 2000
#define MESSAGE_LINES 8 /* of a cause, before its frames */

enum { PLAIN, DEBUG, INFO, WARN, ERROR };
enum { NONE, BLANK, INDENTED, FRAME, CAUSE, TRACEBACK };

/* ---- Lines ----------------------------------------------------------------------------------- */

static const struct {
    const char *word;
    uint8_t level;
} levels[] = {{"ERROR", ERROR},  {"FATAL", ERROR}, {"SEVERE", ERROR}, {"CRITICAL", ERROR},
              {"FAILED", ERROR}, {"LOST", ERROR},  {"WARN", WARN},    {"WARNING", WARN},
              {"INFO", INFO},    {"DEBUG", DEBUG}, {"TRACE", DEBUG}};

/* The first word that is a level. */
static uint8_t level_of(const char *p, size_t n)
{
    n = n < LEVEL_BYTES ? n : LEVEL_BYTES;
    for (size_t i = 0, len; i < n; i += len) {
        for (len = 0; i + len < n && isupper((unsigned char)p[i + len]);)
            len++;
        bool alone = i + len >= n || !isalnum((unsigned char)p[i + len]);
        for (size_t k = 0; len > 3 && alone && k < FST_COUNT(levels); k++)
            if (strlen(levels[k].word) == len && memcmp(levels[k].word, p + i, len) == 0)
                return levels[k].level;
        if (len == 0 || !alone) { /* the rest of a word that is none */
            len += !len;
            while (i + len < n && isalnum((unsigned char)p[i + len - 1]) &&
                   isalnum((unsigned char)p[i + len]))
                len++;
        }
    }
    return PLAIN;
}

static bool begins(const char *p, size_t n, const char *with)
{
    size_t len = strlen(with);
    return n >= len && memcmp(p, with, len) == 0;
}

static uint8_t part_of(const char *p, size_t n)
{
    static const char traceback[] = "Traceback (most recent call last):";
    size_t at = 0;
    while (at < n && (p[at] == ' ' || p[at] == '\t'))
        at++;
    if (at == n)
        return BLANK;
    if (n >= sizeof traceback - 1 &&
        memcmp(p + n - (sizeof traceback - 1), traceback, sizeof traceback - 1) == 0)
        return TRACEBACK;
    if (begins(p + at, n - at, "Caused by: ") || begins(p + at, n - at, "Suppressed: "))
        return CAUSE;
    if (at && ((begins(p + at, n - at, "at ") && memchr(p + at, '(', n - at)) ||
               begins(p + at, n - at, "... ")))
        return FRAME;
    return at ? INDENTED : NONE;
}

static struct fst_str text_of(const struct log *l, size_t i)
{
    size_t end = i + 1 < l->n_lines ? l->lines[i + 1].at : l->text.n;
    const char *p = l->text.p + l->lines[i].at;
    size_t n = end - l->lines[i].at;
    while (n && (p[n - 1] == '\n' || p[n - 1] == '\r'))
        n--;
    return (struct fst_str){p, n};
}

static bool passes(const struct log *l, struct fst_str s)
{
    size_t at, len;
    bool inverse = l->filter[0] == '!';
    return !l->looked_for || fst_filter_find(l->looked_for, s.p, s.n, &at, &len) != inverse;
}

static void add_line(struct log *l, size_t at, size_t end)
{
    fst_grow(&l->lines, &l->cap, l->n_lines + 1, sizeof *l->lines);
    struct fst_str s = {l->text.p + at, end - at};
    while (s.n && s.p[s.n - 1] == '\r')
        s.n--;
    struct log_line line = {
        .at = at, .level = level_of(s.p, s.n), .part = part_of(s.p, s.n), .hit = passes(l, s)};
    int64_t before = l->n_lines ? l->lines[l->n_lines - 1].time_us : 0;
    if (!log_time_of(s.p, s.n, before ? before : l->began_us, &line.time_us))
        line.time_us = before;
    if (line.time_us > l->newest_us)
        l->newest_us = line.time_us;
    l->lines[l->n_lines++] = line;
}

void log_add(struct log *l, const char *p, size_t n)
{
    const char *end;
    fst_buf_add(&l->text, p, n);
    l->n_lines = l->n_whole;
    while (l->scanned < l->text.n &&
           (end = memchr(l->text.p + l->scanned, '\n', l->text.n - l->scanned))) {
        add_line(l, l->scanned, (size_t)(end - l->text.p));
        l->scanned = (size_t)(end - l->text.p) + 1;
    }
    l->n_whole = l->n_lines;
    if (l->scanned < l->text.n)
        add_line(l, l->scanned, l->text.n);
    log_build(l);
}

size_t log_drop(struct log *l, size_t keep)
{
    size_t gone = 0;
    if (l->text.n < keep)
        return 0;
    while (gone < l->n_whole && l->lines[gone].at < keep / 2)
        gone++;
    size_t bytes = gone < l->n_lines ? l->lines[gone].at : l->scanned;
    memmove(l->text.p, l->text.p + bytes, l->text.n - bytes + 1);
    l->text.n -= bytes;
    l->scanned -= bytes;
    l->n_lines -= gone;
    l->n_whole -= gone;
    memmove(l->lines, l->lines + gone, l->n_lines * sizeof *l->lines);
    for (size_t i = 0; i < l->n_lines; i++)
        l->lines[i].at -= bytes;
    log_build(l);
    return gone;
}

/* ---- The filter ------------------------------------------------------------------------------ */

void log_set_filter(struct log *l, const char *text)
{
    fst_filter_free(l->looked_for);
    snprintf(l->filter, sizeof l->filter, "%s", text);
    l->looked_for = text[0] && strcmp(text, "!") != 0 ? fst_filter_new(l->filter) : NULL;
    for (size_t i = 0; i < l->n_lines; i++)
        l->lines[i].hit = passes(l, text_of(l, i));
    log_build(l);
}

/* ---- Rows ------------------------------------------------------------------------------------ */

static uint8_t part_at(const struct log *l, size_t i)
{
    return i < l->n_lines ? l->lines[i].part : NONE;
}

/* Behind what a cause says in more than its line, when frames follow; else `i`. */
static size_t skip_message(const struct log *l, size_t i)
{
    for (size_t k = i; k < i + MESSAGE_LINES && k < l->n_lines; k++) {
        if (l->lines[k].part == FRAME)
            return k;
        if (l->lines[k].level != PLAIN || l->lines[k].part == CAUSE)
            return i;
    }
    return i;
}

/* Python's: the frames are indented, and what follows them tells why. */
static size_t skip_traceback(const struct log *l, size_t i, size_t *root)
{
    for (i++; part_at(l, i) == INDENTED || part_at(l, i) == FRAME;)
        i++;
    if (i < l->n_lines && l->lines[i].level == PLAIN)
        *root = i++;
    return part_at(l, i) == BLANK && part_at(l, i + 1) == FRAME ? i + 1 : i;
}

/* Behind the trace that begins at line i, or i when none does. */
static size_t trace_end(const struct log *l, size_t i, size_t *root)
{
    bool by_frames = part_at(l, i) != FRAME && part_at(l, i + 1) == FRAME;
    size_t k = i, next;
    *root = i;
    if (part_at(l, i) != TRACEBACK && (!by_frames || part_at(l, i) == BLANK))
        return i;
    while (k < l->n_lines) {
        struct fst_str s = text_of(l, k);
        bool cause = begins(s.p, s.n, "Caused by: ");
        if (cause)
            *root = k;
        if (part_at(l, k) == TRACEBACK && (k == i || cause))
            next = skip_traceback(l, k, root);
        else if (part_at(l, k) == CAUSE)
            next = skip_message(l, k + 1);
        else
            next = k + (k == i || part_at(l, k) == FRAME);
        if (next == k)
            break;
        k = next;
    }
    return k;
}

static void add_row(struct log *l, struct log_row row)
{
    fst_grow(&l->rows, &l->rows_cap, l->n_rows + 1, sizeof *l->rows);
    l->rows[l->n_rows++] = row;
}

static bool any_hit(const struct log *l, size_t from, size_t to)
{
    for (; from < to; from++)
        if (l->lines[from].hit)
            return true;
    return l->everything;
}

static bool in_time(const struct log *l, const struct log_line *line)
{
    const struct log_time *t = &l->time;
    int64_t from = t->last_us ? l->newest_us - t->last_us : t->from_us;
    return line->time_us >= from && (!t->to_us || line->time_us <= t->to_us);
}

void log_build(struct log *l)
{
    l->n_rows = 0;
    for (size_t i = 0, end; i < l->n_lines; i = end) {
        size_t root;
        end = trace_end(l, i, &root);
        bool trace = end > i + 1;
        end = trace ? end : i + 1;
        if (!any_hit(l, i, end) || !in_time(l, &l->lines[i]))
            continue;
        bool open = l->lines[i].open || l->all_open;
        if (trace)
            add_row(l, (struct log_row){root, i, end - i, open});
        for (size_t k = i; k < end && (!trace || open); k++)
            add_row(l, (struct log_row){.line = k, .head = i});
    }
}

/* A folded trace stands for each of its lines. */
static bool is_before(const struct log_row *r, size_t line)
{
    if (r->n && !r->open)
        return r->head + r->n <= line;
    return (r->n ? r->head : r->line) < line;
}

/* The row of a line, or the first behind it. */
size_t log_row_of(const struct log *l, size_t line)
{
    size_t low = 0, high = l->n_rows;
    while (low < high) {
        size_t mid = (low + high) / 2;
        if (is_before(&l->rows[mid], line))
            low = mid + 1;
        else
            high = mid;
    }
    return low;
}

bool log_is_error(const struct log *l, size_t row)
{
    const struct log_row *r = &l->rows[row];
    return r->n || (l->lines[r->line].level == ERROR && part_at(l, r->line) != FRAME);
}

static enum fst_role role_of(const struct log_line *line)
{
    static const enum fst_role roles[] = {
        [PLAIN] = FST_ROLE_TEXT, [DEBUG] = FST_ROLE_DIM,   [INFO] = FST_ROLE_TEXT,
        [WARN] = FST_ROLE_WARN,  [ERROR] = FST_ROLE_ERROR,
    };
    if (line->part == CAUSE || line->part == TRACEBACK)
        return FST_ROLE_ERROR;
    return line->part == FRAME ? FST_ROLE_DIM : roles[line->level];
}

struct fst_pager_line log_draw_row(struct log *l, size_t row)
{
    const struct log_row *r = &l->rows[row];
    struct fst_str s = text_of(l, r->line);
    if (!r->n)
        return (struct fst_pager_line){s.p, s.n, role_of(&l->lines[r->line])};
    size_t skip = begins(s.p, s.n, "Caused by: ") ? strlen("Caused by: ") : 0;
    size_t n = s.n - skip < CAUSE_BYTES ? s.n - skip : CAUSE_BYTES;
    fst_buf_clear(&l->shown);
    fst_buf_printf(&l->shown, "%s [%zu lines] ", r->open ? "-" : "+", r->n);
    fst_buf_add(&l->shown, s.p + skip, n);
    return (struct fst_pager_line){fst_buf_text(&l->shown), l->shown.n, FST_ROLE_ERROR};
}

/* ---- Opening --------------------------------------------------------------------------------- */

void log_open(struct log *l, size_t max)
{
    l->text = FST_BUF(max);
    l->shown = FST_BUF(2 * CAUSE_BYTES);
}

void log_close(struct log *l)
{
    fst_filter_free(l->looked_for);
    fst_buf_done(&l->text);
    fst_buf_done(&l->shown);
    free(l->lines);
    free(l->rows);
}
