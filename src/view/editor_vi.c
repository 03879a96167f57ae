/* The editor with vi's keys: its `:` and `/` ask at the bottom; the rest is the widget's. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "editor.h"

/* ---- :s -------------------------------------------------------------------------------------- */

/* The text up to the next `sign`, without the backslashes before it; NULL behind the last part. */
static const char *read_part(const char *p, char sign, struct fst_buf *out)
{
    for (; *p && *p != sign; p++) {
        if (*p == '\\' && p[1] && p[1] != sign)
            fst_buf_addc(out, *p++);
        else if (*p == '\\' && p[1])
            p++;
        fst_buf_addc(out, *p);
    }
    return *p ? p + 1 : NULL;
}

/* vi writes \\1 and & where expressions of the editor have $1 and $0. */
static void as_replacement(const char *p, struct fst_buf *out)
{
    for (; *p; p++)
        if (*p == '$')
            fst_buf_adds(out, "$$");
        else if (*p == '&')
            fst_buf_adds(out, "$0");
        else if (*p == '\\' && isdigit((unsigned char)p[1]))
            fst_buf_addc(out, '$');
        else if (*p == '\\' && p[1])
            fst_buf_addc(out, *++p);
        else
            fst_buf_addc(out, *p);
}

static bool is_substitute(const char *text)
{
    text += *text == '%';
    return *text == 's' && ispunct((unsigned char)text[1]);
}

static void substitute(struct view *v, const char *text)
{
    struct editor_view *e = v->state;
    struct fst_buf what = FST_BUF(sizeof e->looked_for - 1), with = FST_BUF(4096),
                   as = FST_BUF(8192);
    bool all = *text == '%';
    char sign = text[all + 1];
    const char *rest = read_part(text + all + 2, sign, &what);
    if (rest)
        read_part(rest, sign, &with);
    as_replacement(fst_buf_text(&with), &as);
    if (what.n)
        snprintf(e->looked_for, sizeof e->looked_for, "%s", fst_buf_text(&what));
    size_t n = fst_editor_substitute(e->editor, e->looked_for, fst_buf_text(&as), all);
    wb_say(v->wb, n ? FST_ROLE_OK : FST_ROLE_WARN,
           n ? "%zu replaced; undo takes it back" : "nothing was replaced", n);
    editor_after_change(v);
    fst_buf_done(&what);
    fst_buf_done(&with);
    fst_buf_done(&as);
}

/* ---- The others ------------------------------------------------------------------------------ */

static void leave(struct view *v)
{
    wb_back(v->wb);
}

static void save(struct view *v)
{
    wb_action(v->wb, "editor.save");
}

static void forget_found(struct view *v)
{
    editor_forget_found(v->state);
}

static const struct {
    const char *words; /* parted by spaces */
    void (*act)(struct view *v);
} commands[] = {
    {"q", leave}, {"q!", editor_throw_away}, {"w wq x", save}, {"noh nohlsearch", forget_found}};

static bool is_one_of(const char *words, const char *text)
{
    size_t n = strlen(text), len;
    for (const char *p = words; *p; p += len + (p[len] == ' ')) {
        len = strcspn(p, " ");
        if (len == n && memcmp(p, text, n) == 0)
            return true;
    }
    return false;
}

static bool act(struct view *v, const char *text)
{
    struct editor_view *e = v->state;
    int64_t line;
    for (size_t i = 0; i < FST_COUNT(commands); i++)
        if (is_one_of(commands[i].words, text)) {
            commands[i].act(v);
            return true;
        }
    if (is_substitute(text))
        substitute(v, text);
    else if (fst_parse_int64(text, strlen(text), &line) && line > 0)
        fst_editor_goto(e->editor, line < UINT32_MAX ? (uint32_t)line : UINT32_MAX, 1);
    else
        return false;
    return true;
}

static void do_command(struct wb *wb, const char *text)
{
    struct view *v = wb_top(wb);
    if (!is_editor(v) || !act(v, text))
        wb_command(wb, text);
}

/* ---- Keys ------------------------------------------------------------------------------------ */

bool editor_takes(struct view *v, const char *key)
{
    return fst_editor_vi_takes(((struct editor_view *)v->state)->editor, key);
}

bool editor_key(struct view *v, const struct fst_key *key)
{
    struct editor_view *e = v->state;
    if (!e->resource)
        return false;
    fst_editor_set_vi(e->editor, strcmp(fst_app_setting(v->wb->app, "editor.keys"), "vi") == 0);
    const char *mode = fst_editor_vi_mode(e->editor);
    bool at_rest = mode && strcmp(mode, "normal") == 0 && !fst_editor_finds(e->editor);
    enum fst_vi_answer answer = fst_editor_vi_key(e->editor, key);
    if (answer == FST_VI_NOT_MINE)
        return false;
    v->wb->message[0] = '\0';
    if (answer == FST_VI_FIND)
        editor_find(v);
    else if (answer == FST_VI_COMMAND)
        wb_prompt(v->wb, ":", "", do_command);
    else if (strcmp(key->name, "esc") == 0 && fst_editor_finds(e->editor))
        editor_forget_found(e);
    else if (strcmp(key->name, "esc") == 0 && at_rest)
        wb_say(v->wb, FST_ROLE_DIM, "ctrl-q or :q leaves the editor");
    editor_after_change(v);
    return true;
}
