/* What one does in the editor: moving, selecting, changing, and choosing a completion. Each action
 * is a row; moves are functions from a place to a place, and selecting is moving with the anchor
 * left behind. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "editor.h"
#include "widget.h"

const struct fst_action fst_editor_actions[] = {
    {"editor.left", "editor", "left", NULL, "One character to the left", false},
    {"editor.right", "editor", "right", NULL, "One character to the right", false},
    {"editor.up", "editor", "up", NULL, "One line up; in the popup: the candidate before", false},
    {"editor.down", "editor", "down", NULL, "One line down; in the popup: the next candidate",
     false},
    {"editor.wordleft", "editor", "ctrl-left alt-b", NULL, "One word to the left", false},
    {"editor.wordright", "editor", "ctrl-right alt-f", NULL, "One word to the right", false},
    {"editor.home", "editor", "home ctrl-a", NULL, "To the line's first letter; again: its start",
     false},
    {"editor.end", "editor", "end ctrl-e", NULL, "To the end of the line", false},
    {"editor.pageup", "editor", "pgup", NULL, "One page up", false},
    {"editor.pagedown", "editor", "pgdn", NULL, "One page down", false},
    {"editor.top", "editor", "ctrl-home alt-<", NULL, "To the start of the text", false},
    {"editor.bottom", "editor", "ctrl-end alt->", NULL, "To the end of the text", false},
    {"editor.bracket", "editor", "alt-m", NULL, "To the other end of the bracket here", false},
    {"editor.find-next", "editor", "f3 alt-n", NULL, "To the next place of what is looked for",
     false},
    {"editor.find-previous", "editor", "alt-p", NULL, "To the place before of what is looked for",
     false},
    {"editor.newline", "editor", "enter", NULL,
     "A new line, indented as this one; in the popup: take the candidate", false},
    {"editor.backspace", "editor", "backspace", NULL, "Delete to the left", false},
    {"editor.delete", "editor", "delete ctrl-d", NULL, "Delete to the right", false},
    {"editor.deleteword", "editor", "ctrl-w alt-backspace", NULL, "Delete the word to the left",
     false},
    {"editor.killline", "editor", "ctrl-k", NULL,
     "Cut to the end of the line; at the end: join the next line", false},
    {"editor.undo", "editor", "ctrl-z", "undo", "Take back the last change", false},
    {"editor.redo", "editor", "ctrl-y", NULL, "Do again what was taken back", false},
    {"editor.indent", "editor", "tab", NULL, "Indent; in the popup: take the candidate", false},
    {"editor.unindent", "editor", "shift-tab", NULL, "Take back one indent of the lines", false},
    {"editor.toggle-comment", "editor", "ctrl-_ alt-c", NULL,
     "Make the lines comments, or code again", false},
    {"editor.duplicate", "editor", "alt-d", NULL, "Copy the line below itself", false},
    {"editor.line-up", "editor", "alt-up", NULL, "Move the line up", false},
    {"editor.line-down", "editor", "alt-down", NULL, "Move the line down", false},
    {"editor.join", "editor", "alt-j", NULL, "Join the next line to this one", false},
    {"editor.case", "editor", "alt-u", NULL,
     "The word or the selection in upper case; again: in lower case", false},
    {"editor.select-left", "editor", "shift-left", NULL, "Select to the left", false},
    {"editor.select-right", "editor", "shift-right", NULL, "Select to the right", false},
    {"editor.select-up", "editor", "shift-up", NULL, "Select a line up", false},
    {"editor.select-down", "editor", "shift-down", NULL, "Select a line down", false},
    {"editor.select-wordleft", "editor", "ctrl-shift-left", NULL, "Select a word to the left",
     false},
    {"editor.select-wordright", "editor", "ctrl-shift-right", NULL, "Select a word to the right",
     false},
    {"editor.select-home", "editor", "shift-home", NULL, "Select to the start of the line", false},
    {"editor.select-end", "editor", "shift-end", NULL, "Select to the end of the line", false},
    {"editor.select-top", "editor", "ctrl-shift-home", NULL, "Select to the start of the text",
     false},
    {"editor.select-bottom", "editor", "ctrl-shift-end", NULL, "Select to the end of the text",
     false},
    {"editor.select-all", "editor", "alt-a", NULL, "Select all of the text", false},
    {"editor.select-start", "editor", "alt-s", NULL,
     "Begin to select here, for terminals without shift-arrows; again: stop", false},
    {"editor.copy", "editor", "alt-w ctrl-insert", NULL, "Copy the selection, or the line", false},
    {"editor.cut", "editor", "alt-x shift-delete ctrl-u", NULL, "Cut the selection, or the line",
     false},
    {"editor.paste", "editor", "ctrl-v shift-insert", NULL, "Insert what was copied or cut", false},
};
const size_t fst_n_editor_actions = FST_COUNT(fst_editor_actions);

struct range {
    size_t from, to;
};

static struct range selection(const struct fst_editor *e)
{
    if (!e->selecting)
        return (struct range){e->cursor, e->cursor};
    return e->anchor < e->cursor ? (struct range){e->anchor, e->cursor}
                                 : (struct range){e->cursor, e->anchor};
}

/* ---- Moves: from a place to a place ---------------------------------------------------------- */

static bool is_word(char c)
{
    return isalnum((unsigned char)c) || c == '_' || (unsigned char)c >= 0x80;
}

static size_t word_left(const struct fst_editor *e, size_t at)
{
    while (at > 0 && !is_word(e->text[at - 1]))
        at--;
    while (at > 0 && is_word(e->text[at - 1]))
        at--;
    return at;
}

static size_t word_right(const struct fst_editor *e, size_t at)
{
    while (at < e->n && !is_word(e->text[at]))
        at++;
    while (at < e->n && is_word(e->text[at]))
        at++;
    return at;
}

static size_t by_lines(const struct fst_editor *e, size_t at, long step)
{
    size_t line = fst__editor_line_of(e, at), last = e->n_lines - 1;
    if (step < 0 && (size_t)-step > line)
        return 0;
    if (step > 0 && (size_t)step > last - line)
        return e->n;
    return fst__editor_at_col(e, (size_t)((long)line + step), e->goal_col);
}

static size_t line_up(const struct fst_editor *e, size_t at)
{
    return by_lines(e, at, -1);
}
static size_t line_down(const struct fst_editor *e, size_t at)
{
    return by_lines(e, at, 1);
}
static size_t page_up(const struct fst_editor *e, size_t at)
{
    return by_lines(e, at, e->page_rows > 1 ? 1 - e->page_rows : -1);
}
static size_t page_down(const struct fst_editor *e, size_t at)
{
    return by_lines(e, at, e->page_rows > 1 ? e->page_rows - 1 : 1);
}

static size_t line_home(const struct fst_editor *e, size_t at)
{
    size_t start = e->lines[fst__editor_line_of(e, at)];
    size_t letter = start + strspn(e->text + start, " \t");
    return at == letter ? start : letter;
}
static size_t line_end(const struct fst_editor *e, size_t at)
{
    return fst__editor_line_end(e, fst__editor_line_of(e, at));
}
static size_t text_start(const struct fst_editor *e, size_t at)
{
    (void)e, (void)at;
    return 0;
}
static size_t text_end(const struct fst_editor *e, size_t at)
{
    (void)at;
    return e->n;
}

static const struct move {
    const char *verb;
    size_t (*to)(const struct fst_editor *e, size_t at);
    bool keeps_column;
} moves[] = {
    {"left", fst__editor_previous, false},
    {"right", fst__editor_next, false},
    {"up", line_up, true},
    {"down", line_down, true},
    {"pageup", page_up, true},
    {"pagedown", page_down, true},
    {"wordleft", word_left, false},
    {"wordright", word_right, false},
    {"home", line_home, false},
    {"end", line_end, false},
    {"top", text_start, false},
    {"bottom", text_end, false},
    {"bracket", fst__editor_bracket, false},
};

static void move_to(struct fst_editor *e, const struct move *m, bool select)
{
    bool first_step_leaves = e->selecting && !select && !m->keeps_column;
    struct range r = selection(e);
    if (select && !e->selecting)
        e->anchor = e->cursor;
    /* left and right of a selection are its ends */
    if (first_step_leaves && m->to == fst__editor_previous)
        e->cursor = r.from;
    else if (first_step_leaves && m->to == fst__editor_next)
        e->cursor = r.to;
    else
        e->cursor = m->to(e, e->cursor);
    e->selecting = select;
    e->undo.closed = true;
    if (!m->keeps_column)
        e->goal_col = fst__editor_col_of(e, e->cursor);
}

static bool do_move(struct fst_editor *e, const char *verb)
{
    bool select = strncmp(verb, "select-", 7) == 0;
    const char *name = select ? verb + 7 : verb;
    for (size_t i = 0; i < FST_COUNT(moves); i++)
        if (strcmp(name, moves[i].verb) == 0) {
            move_to(e, &moves[i], select || e->keeps_selecting);
            return true;
        }
    return false;
}

/* ---- Changes --------------------------------------------------------------------------------- */

static void replace(struct fst_editor *e, struct range r, const char *text, size_t n)
{
    fst__editor_replace(e, r.from, r.to, text, n, false);
    e->selecting = e->keeps_selecting = false;
    e->goal_col = fst__editor_col_of(e, e->cursor);
}

static void do_select_all(struct fst_editor *e)
{
    e->anchor = 0;
    e->cursor = e->n;
    e->selecting = e->n > 0;
}

static void do_select_start(struct fst_editor *e)
{
    e->keeps_selecting = !e->keeps_selecting;
    e->selecting = e->keeps_selecting;
    e->anchor = e->cursor;
}

static void do_newline(struct fst_editor *e)
{
    size_t start = e->lines[fst__editor_line_of(e, selection(e).from)];
    size_t indent = strspn(e->text + start, " \t"), before = selection(e).from - start;
    char *text = fst_asprintf("\n%.*s", (int)(indent < before ? indent : before), e->text + start);
    replace(e, selection(e), text, strlen(text));
    free(text);
}

/* The selection, or what a move from the cursor goes over. */
static void delete_to(struct fst_editor *e, size_t other)
{
    struct range r = selection(e);
    if (r.from == r.to)
        r = other < e->cursor ? (struct range){other, e->cursor} : (struct range){e->cursor, other};
    replace(e, r, NULL, 0);
}

static void do_backspace(struct fst_editor *e)
{
    delete_to(e, fst__editor_previous(e, e->cursor));
}
static void do_delete(struct fst_editor *e)
{
    delete_to(e, fst__editor_next(e, e->cursor));
}
static void do_deleteword(struct fst_editor *e)
{
    delete_to(e, word_left(e, e->cursor));
}

static void keep_clip(struct fst_editor *e, struct range r)
{
    free(e->clip);
    e->clip = fst_strndup(e->text + r.from, r.to - r.from);
    e->clip_n = r.to - r.from;
}

static void do_killline(struct fst_editor *e)
{
    size_t end = line_end(e, e->cursor);
    struct range r = {e->cursor, end > e->cursor ? end : fst__editor_next(e, end)};
    keep_clip(e, r);
    replace(e, r, NULL, 0);
}

static void after_undo(struct fst_editor *e)
{
    e->selecting = e->keeps_selecting = false;
    e->goal_col = fst__editor_col_of(e, e->cursor);
}
static void do_undo(struct fst_editor *e)
{
    fst__undo_back(e);
    after_undo(e);
}
static void do_redo(struct fst_editor *e)
{
    fst__undo_again(e);
    after_undo(e);
}

/* The selection; without one the line with its end. */
static struct range selection_or_line(const struct fst_editor *e)
{
    size_t line = fst__editor_line_of(e, e->cursor);
    if (e->selecting && e->anchor != e->cursor)
        return selection(e);
    return (struct range){e->lines[line], line + 1 < e->n_lines ? e->lines[line + 1] : e->n};
}

static void do_copy(struct fst_editor *e)
{
    keep_clip(e, selection_or_line(e));
    e->selecting = e->keeps_selecting = false;
}
static void do_cut(struct fst_editor *e)
{
    struct range r = selection_or_line(e);
    keep_clip(e, r);
    replace(e, r, NULL, 0);
}
static void do_paste(struct fst_editor *e)
{
    e->undo.closed = true;
    if (e->clip_n)
        replace(e, selection(e), e->clip, e->clip_n);
    e->undo.closed = true;
}

static void do_duplicate(struct fst_editor *e)
{
    size_t line = fst__editor_line_of(e, e->cursor), column = e->cursor - e->lines[line];
    size_t end = fst__editor_line_end(e, line);
    char *text = fst_asprintf("\n%.*s", (int)(end - e->lines[line]), e->text + e->lines[line]);
    e->undo.closed = true;
    replace(e, (struct range){end, end}, text, strlen(text));
    free(text);
    if (line + 1 < e->n_lines)
        e->cursor = e->lines[line + 1] + column;
}

/* ---- Changes of lines ------------------------------------------------------------------------ */

/* Lines that the selection touches; one that it only reaches the start of is not meant. */
static struct range lines_of(const struct fst_editor *e)
{
    struct range r = selection(e);
    size_t first = fst__editor_line_of(e, r.from), last = fst__editor_line_of(e, r.to);
    if (last > first && r.to == e->lines[last])
        last--;
    return (struct range){first, last};
}

/* Rewrite whole lines as one undo step, the cursor and the anchor staying in their lines. */
static void rewrite_lines(struct fst_editor *e, struct range lines,
                          void (*one)(struct fst_buf *out, const char *p, size_t n, bool flag),
                          bool flag)
{
    struct fst_buf text = FST_BUF(FST_EDITOR_MAX);
    size_t from = e->lines[lines.from], to = fst__editor_line_end(e, lines.to);
    size_t from_end = e->n - e->cursor, anchor_from_end = e->n - e->anchor;
    bool selecting = e->selecting, anchor_first = e->anchor < e->cursor;
    for (size_t i = lines.from; i <= lines.to; i++) {
        one(&text, e->text + e->lines[i], fst__editor_line_end(e, i) - e->lines[i], flag);
        if (i < lines.to)
            fst_buf_addc(&text, '\n');
    }
    bool same = text.n == to - from && memcmp(fst_buf_text(&text), e->text + from, text.n) == 0;
    if (!text.over && !same) {
        e->undo.closed = true;
        fst__editor_replace(e, from, to, fst_buf_text(&text), text.n, false);
        e->undo.closed = true;
        e->cursor = from_end < e->n - from ? e->n - from_end : from;
        e->anchor = anchor_from_end < e->n - from ? e->n - anchor_from_end : from;
        if (selecting && lines.to > lines.from)
            *(anchor_first ? &e->anchor : &e->cursor) = from;
    }
    e->goal_col = fst__editor_col_of(e, e->cursor);
    fst_buf_done(&text);
}

static void indent_line(struct fst_buf *out, const char *p, size_t n, bool flag)
{
    (void)flag;
    fst_buf_repeat(out, ' ', n ? FST_EDITOR_TAB : 0);
    fst_buf_add(out, p, n);
}

static void unindent_line(struct fst_buf *out, const char *p, size_t n, bool flag)
{
    size_t skip = 0;
    (void)flag;
    if (n && *p == '\t')
        skip = 1;
    else
        while (skip < FST_EDITOR_TAB && skip < n && p[skip] == ' ')
            skip++;
    fst_buf_add(out, p + skip, n - skip);
}

static void do_indent(struct fst_editor *e)
{
    struct range lines = lines_of(e);
    if (e->selecting && lines.to > lines.from) {
        rewrite_lines(e, lines, indent_line, false);
        return;
    }
    size_t n = FST_EDITOR_TAB - fst__editor_col_of(e, selection(e).from) % FST_EDITOR_TAB;
    replace(e, selection(e), "        ", n);
}

static void do_unindent(struct fst_editor *e)
{
    rewrite_lines(e, lines_of(e), unindent_line, false);
}

static void comment_line(struct fst_buf *out, const char *p, size_t n, bool comment)
{
    size_t i = 0;
    while (i < n && (p[i] == ' ' || p[i] == '\t'))
        i++;
    fst_buf_add(out, p, i);
    if (comment)
        fst_buf_adds(out, i < n ? "-- " : "");
    else if (n - i >= 2 && memcmp(p + i, "--", 2) == 0)
        i += n - i > 2 && p[i + 2] == ' ' ? 3 : 2;
    fst_buf_add(out, p + i, n - i);
}

static bool is_comment(const struct fst_editor *e, size_t line)
{
    const char *p = e->text + e->lines[line];
    p += strspn(p, " \t");
    return strncmp(p, "--", 2) == 0 || *p == '\n' || *p == '\0';
}

static void do_toggle_comment(struct fst_editor *e)
{
    struct range lines = lines_of(e);
    bool all = true;
    for (size_t i = lines.from; i <= lines.to; i++)
        all = all && is_comment(e, i);
    rewrite_lines(e, lines, comment_line, !all);
}

/* ---- Completion ------------------------------------------------------------------------------ */

static void take_candidate(struct fst_editor *e)
{
    const char *text = e->items[e->item].text;
    size_t from = e->from;
    e->n_items = 0;
    e->undo.closed = true;
    if (from <= e->cursor)
        replace(e, (struct range){from, e->cursor}, text, strlen(text));
    e->undo.closed = true;
}

/* The popup has the keys that choose; any other one is the editor's. */
static bool choose(struct fst_editor *e, const char *verb)
{
    if (e->n_items == 0)
        return false;
    if (strcmp(verb, "down") == 0)
        e->item = (e->item + 1) % e->n_items;
    else if (strcmp(verb, "up") == 0)
        e->item = (e->item + e->n_items - 1) % e->n_items;
    else if (strcmp(verb, "newline") == 0 || strcmp(verb, "indent") == 0)
        take_candidate(e);
    else
        return false;
    return true;
}

/* ---- The door -------------------------------------------------------------------------------- */

static const struct {
    const char *verb;
    void (*act)(struct fst_editor *e);
} acts[] = {
    {"newline", do_newline},
    {"backspace", do_backspace},
    {"delete", do_delete},
    {"deleteword", do_deleteword},
    {"killline", do_killline},
    {"undo", do_undo},
    {"redo", do_redo},
    {"indent", do_indent},
    {"unindent", do_unindent},
    {"toggle-comment", do_toggle_comment},
    {"duplicate", do_duplicate},
    {"line-up", fst__editor_line_up},
    {"line-down", fst__editor_line_down},
    {"join", fst__editor_join},
    {"find-next", fst__editor_find_next},
    {"find-previous", fst__editor_find_previous},
    {"case", fst__editor_case},
    {"select-all", do_select_all},
    {"select-start", do_select_start},
    {"copy", do_copy},
    {"cut", do_cut},
    {"paste", do_paste},
};

static bool do_act(struct fst_editor *e, const char *verb)
{
    for (size_t i = 0; i < FST_COUNT(acts); i++)
        if (strcmp(verb, acts[i].verb) == 0) {
            acts[i].act(e);
            return true;
        }
    return false;
}

bool fst_editor_action(struct fst_editor *e, const char *action)
{
    const char *verb = fst__verb(action, "editor");
    if (!verb)
        return false;
    if (choose(e, verb))
        return true;
    bool shortens = strcmp(verb, "backspace") == 0;
    bool done = do_act(e, verb) || do_move(e, verb);
    if (done && !(shortens && e->cursor >= e->from))
        e->n_items = 0;
    fst__vi_settle(e);
    return done;
}

void fst_editor_insert(struct fst_editor *e, const char *text, size_t n)
{
    bool goes_on = e->n_items > 0 && n > 0 && (is_word(*text) || *text == '.');
    replace(e, selection(e), text, n);
    if (!goes_on)
        e->n_items = 0;
}
