/* The editor's keys as vi has them: normal, insert, visual and visual-line mode. What was pressed
 * since the last command is read as a whole each time a key comes: [count] operator [count] motion,
 * [count] motion, or a command. A command with all that is typed into it is one undo step, and `.`
 * does it again. What keys mean stands in tables: of motions, operators and commands. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "editor_vi.h"

size_t fst__vi_count(const char **p)
{
    size_t n = 0;
    if (**p == '0')
        return 0;
    for (; isdigit((unsigned char)**p); ++*p)
        n = n < 10000 ? n * 10 + (size_t)(**p - '0') : n;
    return n;
}

enum vi_result fst__vi_named(const char *keys, const char *name)
{
    size_t n = strlen(name), typed = strlen(keys);
    if (strncmp(keys, name, n < typed ? n : typed) != 0)
        return VI_WRONG;
    return typed < n ? VI_WAITS : VI_DONE;
}

static enum vi_result move(struct fst_editor *e, const char **p, size_t count)
{
    struct vi_way w;
    enum vi_result r = fst__vi_motion(e, p, count, &w);
    if (r != VI_DONE)
        return r;
    e->cursor = w.to;
    if (w.to_end)
        e->goal_col = (size_t)1 << 30;
    else if (!w.keeps_col)
        e->goal_col = fst__editor_col_of(e, w.to);
    return r;
}

static enum vi_result select_with(struct fst_editor *e, const char **p, size_t count)
{
    (void)count;
    return fst__vi_visual(e, p);
}

/* Each reader is asked from the same key on; one that waits is heard when none is done. */
static enum vi_result run(struct fst_editor *e, const char *keys)
{
    static enum vi_result (*const normal[])(struct fst_editor *, const char **, size_t) = {
        fst__vi_operator, fst__vi_command, move, NULL};
    static enum vi_result (*const visual[])(struct fst_editor *, const char **,
                                            size_t) = {select_with, move, NULL};
    enum vi_result best = VI_WRONG;
    const char *verb = keys;
    size_t count = fst__vi_count(&verb);
    if (!*verb)
        return VI_WAITS;
    for (size_t i = 0, n = fst__vi_selects(e); (n ? visual : normal)[i]; i++) {
        const char *p = verb;
        enum vi_result r = (n ? visual : normal)[i](e, &p, count);
        if (r == VI_DONE)
            return r;
        best = r == VI_WAITS ? r : best;
    }
    return best;
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

void fst__vi_end_step(struct fst_editor *e)
{
    if (e->vi.mode == FST_VI_INSERT)
        join_steps(e);
    e->vi.undo_from = e->undo.done;
}

void fst__vi_settle(struct fst_editor *e)
{
    if (e->vi.on && e->vi.mode == FST_VI_NORMAL && e->cursor == fst__vi_line_end(e, e->cursor) &&
        e->cursor > fst__vi_line_start(e, e->cursor))
        e->cursor = fst__editor_previous(e, e->cursor);
}

/* The other times of what was inserted; in lines of their own where a line was opened for it. */
static void insert_again(struct fst_editor *e)
{
    struct fst_vi *vi = &e->vi;
    struct fst_buf text = FST_BUF(FST_EDITOR_MAX);
    size_t start = fst__vi_line_start(e, vi->insert_from);
    size_t indent = fst__vi_first_letter(e, start) - start;
    for (; vi->times > 1 && !text.over; vi->times--) {
        if (vi->opened)
            fst_buf_printf(&text, "\n%.*s", (int)indent, e->text + start);
        fst_buf_adds(&text, vi->typed);
    }
    if (text.n && !text.over)
        fst__vi_change(e, e->cursor, e->cursor, fst_buf_text(&text), text.n);
    fst_buf_done(&text);
    vi->times = 1;
}

static void end_insert(struct fst_editor *e)
{
    struct fst_vi *vi = &e->vi;
    free(vi->typed);
    bool goes_on = e->cursor >= vi->insert_from;
    vi->typed = goes_on ? fst_strndup(e->text + vi->insert_from, e->cursor - vi->insert_from)
                        : fst_strdup("");
    insert_again(e);
    vi->mode = FST_VI_NORMAL;
    join_steps(e);
    if (e->cursor > fst__vi_line_start(e, e->cursor))
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
    if (!vi->last[0] || run(e, vi->last) != VI_DONE)
        return;
    if (vi->mode == FST_VI_INSERT) {
        fst__vi_change(e, e->cursor, e->cursor, vi->typed, vi->typed ? strlen(vi->typed) : 0);
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
        fst__vi_settle(e);
        return;
    }
    snprintf(vi->keys + n, sizeof vi->keys - n, "%s", text);
    vi->was_visual = vi->mode != FST_VI_NORMAL;
    vi->undo_from = e->undo.done;
    e->undo.closed = true;
    enum vi_result r = run(e, vi->keys);
    if (r == VI_WAITS && strlen(vi->keys) + 8 < sizeof vi->keys)
        return;
    if (r == VI_DONE) {
        bool undone = e->undo.done < vi->undo_from;
        remember(e, revision);
        if (vi->mode != FST_VI_INSERT && !undone && !strchr("u\x12", vi->keys[n]))
            join_steps(e);
    }
    vi->keys[0] = '\0';
    if (!fst__vi_selects(e))
        e->selecting = e->keeps_selecting = false;
    if (e->revision != revision)
        e->goal_col = fst__editor_col_of(e, e->cursor);
    fst__vi_settle(e);
}

/* Keys without a text of their own that vi has. */
static const struct {
    const char *name, *text;
} named[] = {
    {"enter", "\r"},    {"backspace", "\b"}, {"tab", "\t"},      {"ctrl-b", "\x02"},
    {"ctrl-d", "\x04"}, {"ctrl-f", "\x06"},  {"ctrl-r", "\x12"}, {"ctrl-u", "\x15"},
};

static const char *text_named(const char *name)
{
    for (size_t i = 0; i < FST_COUNT(named); i++)
        if (strcmp(name, named[i].name) == 0)
            return named[i].text;
    return NULL;
}

bool fst_editor_vi_takes(const struct fst_editor *e, const char *name)
{
    return e->vi.on &&
           (strcmp(name, "esc") == 0 || (e->vi.mode != FST_VI_INSERT && text_named(name)));
}

/* Also behind an operator, which goes no further than motions: it is forgotten. */
static bool begins_find(const struct fst_vi *vi, char key)
{
    const char *p = vi->keys;
    fst__vi_count(&p);
    return (key == '/' || key == '?') && (!*p || (strchr("dcy<>", *p) && !p[1]));
}

/* ctrl-c as well, where it has something to leave. */
static bool leaves(const struct fst_vi *vi, const char *name)
{
    bool rests = vi->mode == FST_VI_NORMAL && !vi->keys[0];
    return strcmp(name, "esc") == 0 || (strcmp(name, "ctrl-c") == 0 && !rests);
}

enum fst_vi_answer fst_editor_vi_key(struct fst_editor *e, const struct fst_key *key)
{
    struct fst_vi *vi = &e->vi;
    const char *text = text_named(key->name) ? text_named(key->name) : key->text;
    bool esc = leaves(vi, key->name);
    if (!vi->on || (vi->mode == FST_VI_INSERT && !esc))
        return FST_VI_NOT_MINE;
    if (esc) {
        e->n_items = 0;
        if (vi->mode == FST_VI_INSERT)
            end_insert(e);
        fst__vi_leave_visual(e);
        vi->keys[0] = '\0';
        return FST_VI_TAKEN;
    }
    if (!*text || fst_text_cluster(text, strlen(text)) != strlen(text))
        return FST_VI_NOT_MINE;
    if (begins_find(vi, *text)) {
        vi->backward = *text == '?';
        vi->keys[0] = '\0';
        return FST_VI_FIND;
    }
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
    e->vi.backward = false;
    e->vi.keys[0] = '\0';
}

const char *fst_editor_vi_mode(const struct fst_editor *e)
{
    static const char *const names[] = {"normal", "insert", "visual", "visual line"};
    return e->vi.on ? names[e->vi.mode] : NULL;
}
