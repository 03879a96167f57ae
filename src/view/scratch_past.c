/* What ran before, in the scratch screen: as a shell's lines, each in place of the statement under
 * the cursor, so that undo brings back what stood there. Behind the newest is what was typed. */
#include <stdlib.h>
#include <string.h>

#include "editor.h"
#include "past.h"

struct place {
    size_t from, to;
};

/* The statement without the space around it. */
static struct place statement(struct view *v)
{
    size_t n;
    const char *all = fst_editor_text(((struct editor_view *)v->state)->editor, &n);
    struct fst_str s = editor_statement(v);
    while (s.n && strchr(" \t\n\r", s.p[s.n - 1]))
        s.n--;
    while (s.n && strchr(" \t\n\r", *s.p)) {
        s.p++;
        s.n--;
    }
    size_t from = (size_t)(s.p - all);
    return (struct place){from, from + s.n};
}

static void put(struct view *v, const char *text)
{
    struct editor_view *e = v->state;
    struct place at = statement(v);
    if (!fst_editor_replace(e->editor, at.from, at.to, text))
        wb_say(v->wb, FST_ROLE_WARN, "the text would be too long with it");
    editor_after_change(v);
    e->past.from = statement(v).from;
    e->past.revision = fst_editor_revision(e->editor);
}

void scratch_take(struct view *v, const char *sql)
{
    struct editor_view *e = v->state;
    e->past.at = 0;
    put(v, sql);
}

/* ---- One step -------------------------------------------------------------------------------- */

/* In another statement, or in one that was changed since, the way begins anew. */
static void begin(struct view *v)
{
    struct editor_view *e = v->state;
    struct place at = statement(v);
    size_t n;
    if (e->past.at && e->past.revision == fst_editor_revision(e->editor) && e->past.from == at.from)
        return;
    free(e->past.typed);
    e->past.typed = fst_strndup(fst_editor_text(e->editor, &n) + at.from, at.to - at.from);
    e->past.at = 0;
}

static bool is_there(struct view *v, const char *sql)
{
    struct place at = statement(v);
    size_t n;
    const char *all = fst_editor_text(((struct editor_view *)v->state)->editor, &n);
    return strlen(sql) == at.to - at.from && memcmp(all + at.from, sql, at.to - at.from) == 0;
}

static void show(struct view *v, const struct past *p, size_t at)
{
    struct editor_view *e = v->state;
    struct fst_buf words = FST_BUF(512);
    put(v, at ? p->items[at - 1].sql : e->past.typed);
    e->past.at = at;
    if (at) {
        past_when(&p->items[at - 1], &words);
        fst_buf_adds(&words, "  ");
        past_words(&p->items[at - 1], &words);
        wb_say(v->wb, FST_ROLE_DIM, "%zu of %zu  %s", at, p->n, fst_buf_text(&words));
    }
    fst_buf_done(&words);
}

/* What is the same as what stands there is no step. */
static void step_back(struct view *v, struct past *p)
{
    struct editor_view *e = v->state;
    begin(v);
    size_t at = e->past.at + 1;
    while (at <= p->n && is_there(v, p->items[at - 1].sql))
        at++;
    if (at <= p->n)
        show(v, p, at);
    else
        wb_say(v->wb, FST_ROLE_DIM, p->n ? "nothing ran before that" : "nothing ran here yet");
}

static void step_forward(struct view *v, struct past *p)
{
    struct editor_view *e = v->state;
    begin(v);
    if (e->past.at == 0 || e->past.at > p->n) {
        wb_say(v->wb, FST_ROLE_DIM, "nothing ran after that");
        return;
    }
    size_t at = e->past.at - 1;
    while (at > 0 && is_there(v, p->items[at - 1].sql))
        at--;
    show(v, p, at);
}

void scratch_before(struct view *v)
{
    past_read(v, step_back);
}

void scratch_after(struct view *v)
{
    past_read(v, step_forward);
}

void scratch_past(struct view *v)
{
    wb_open(v->wb, "queries", NULL);
}
