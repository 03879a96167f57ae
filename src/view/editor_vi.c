/* The editor with vi's keys: its `:` and `/` ask at the bottom; the rest is the widget's. */
#include <string.h>

#include "editor.h"

static void do_command(struct wb *wb, const char *text)
{
    struct view *v = wb_top(wb);
    struct editor_view *e = is_editor(v) ? v->state : NULL;
    int64_t line;
    if (e && strcmp(text, "q") == 0)
        wb_back(wb);
    else if (e && strcmp(text, "w") == 0)
        wb_action(wb, "editor.save");
    else if (e && fst_parse_int64(text, strlen(text), &line) && line > 0)
        fst_editor_goto(e->editor, line < UINT32_MAX ? (uint32_t)line : UINT32_MAX, 1);
    else
        wb_command(wb, text);
}

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
