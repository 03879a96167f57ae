/* What was said at the bottom line: kept for a while, for who looked away when it came. */
#include <stdlib.h>
#include <string.h>

#include "view.h"

struct messages {
    struct fst_pager pager;
};

/* ---- Keeping --------------------------------------------------------------------------------- */

static void forget(struct said *s)
{
    free(s->line);
    *s = (struct said){0};
}

/* What is said again at once takes the place of the one before. */
static struct said *room(struct wb *wb, const char *text)
{
    struct said *last = wb->n_said ? &wb->said[wb->n_said - 1] : NULL;
    if (last && strcmp(last->line + last->text_at, text) == 0) {
        forget(last);
        return last;
    }
    if (wb->n_said == FST_COUNT(wb->said)) {
        forget(&wb->said[0]);
        memmove(&wb->said[0], &wb->said[1], --wb->n_said * sizeof wb->said[0]);
    }
    return &wb->said[wb->n_said++];
}

/* What is dim only says why a key did nothing, or counts hits. */
void messages_keep(struct wb *wb, enum fst_role role, const char *text)
{
    if (role == FST_ROLE_DIM)
        return;
    struct fst_buf line = FST_BUF(2048);
    fst_timestamp_text(&line, fst_now_us() / 1000000 * 1000000);
    fst_buf_adds(&line, " UTC  ");
    struct said *s = room(wb, text);
    *s = (struct said){.text_at = line.n, .role = role};
    fst_buf_adds(&line, text);
    s->line = fst_strdup(fst_buf_text(&line));
    fst_buf_done(&line);
}

void messages_done(struct wb *wb)
{
    while (wb->n_said)
        forget(&wb->said[--wb->n_said]);
}

/* ---- The view -------------------------------------------------------------------------------- */

static struct fst_pager_line line(void *arg, size_t i)
{
    const struct said *s = &((const struct view *)arg)->wb->said[i];
    return (struct fst_pager_line){s->line, strlen(s->line), s->role};
}

static void open(struct view *v)
{
    struct messages *m = v->state;
    m->pager = (struct fst_pager){.line = line, .arg = v, .wrap = true, .follow = true};
    m->pager.n_lines = v->wb->n_said;
}

static void copy(struct view *v)
{
    struct fst_buf text = FST_BUF_TEXT;
    for (size_t i = 0; i < v->wb->n_said; i++)
        fst_buf_printf(&text, "%s\n", v->wb->said[i].line);
    wb_copy(v->wb, "the messages", fst_buf_text(&text), text.n);
    fst_buf_done(&text);
}

static bool action(struct view *v, const char *name)
{
    if (strcmp(name, "text.copy") == 0) {
        copy(v);
        return true;
    }
    return wb_pager_action(v->wb, &((struct messages *)v->state)->pager, name);
}

static void filter(struct view *v, const char *text)
{
    wb_pager_find(v->wb, &((struct messages *)v->state)->pager, text);
}

static void title(struct view *v, struct fst_buf *out)
{
    fst_buf_printf(out, "messages  %zu", v->wb->n_said);
}

static void draw(struct view *v, struct fst_surface *s)
{
    struct messages *m = v->state;
    m->pager.n_lines = v->wb->n_said;
    if (v->wb->n_said)
        fst_pager_draw(&m->pager, s);
    else
        fst_draws(s, 1, 2, FST_ROLE_DIM, "nothing was said yet");
}

const struct view_ops view_messages = {
    .name = "messages",
    .help = "what was said at the bottom line, the newest last",
    .scopes = {"text", "pager", NULL},
    .state_size = sizeof(struct messages),
    .open = open,
    .action = action,
    .filter = filter,
    .title = title,
    .draw = draw,
};
