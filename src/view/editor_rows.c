/* Rows of what is written, below it: of the text, of a part of it, and what was sent for them.
 * Nothing is saved by any of it. */
#include <stdlib.h>
#include <string.h>

#include "editor.h"

static struct peek *peek_of(struct view *v)
{
    return &((struct editor_view *)v->state)->peek;
}

static void ask(struct view *v, const char *what, char *sql)
{
    struct editor_view *e = v->state;
    e->past.at = 0; /* it is the newest now */
    peek_ask(v, peek_of, wb_provider(v->wb) ? wb_provider(v->wb) : e->resource->provider, what,
             sql);
}

void editor_peek(struct view *v)
{
    const struct editor_view *e = v->state;
    struct fst_str text = editor_statement(v);
    if (editor_is_blank(text))
        wb_say(v->wb, FST_ROLE_DIM, "there is nothing to run here");
    else
        ask(v, e->is_scratch ? "the statement" : "the text", fst_strndup(text.p, text.n));
}

void editor_peek_part(struct view *v)
{
    const struct editor_view *e = v->state;
    struct fst_str text = editor_statement(v);
    size_t n, at;
    const char *all = fst_editor_text(e->editor, &n);
    fst_editor_place(e->editor, NULL, NULL, &at);
    char *what, *sql = peek_query_at(text.p, text.n, at - (size_t)(text.p - all), &what);
    ask(v, what, sql);
    free(what);
}

void editor_show_sent(struct view *v)
{
    const struct editor_view *e = v->state;
    if (e->peek.sent)
        wb_open_text(v->wb, "the text that was sent", fst_strdup(e->peek.sent));
    else
        wb_say(v->wb, FST_ROLE_DIM,
               "nothing was sent yet, or it is on its way: ctrl-r sends the text");
}

void editor_enter_rows(struct view *v)
{
    struct editor_view *e = v->state;
    e->peek.focus = e->peek.open;
}
