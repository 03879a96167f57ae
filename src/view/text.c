/* A text to read: plans, records, errors in full. The target is the title; the text comes with
 * wb_open_text. */
#include <stdlib.h>
#include <string.h>

#include "view.h"

struct text {
    struct fst_pager pager;
    char *text;
    char *exact, *what; /* what is copied instead, and its name */
    struct fst_str *lines;
    size_t cap;
};

static struct fst_pager_line line(void *arg, size_t i)
{
    const struct text *t = arg;
    return (struct fst_pager_line){t->lines[i].p, t->lines[i].n, FST_ROLE_TEXT};
}

static void split(struct text *t)
{
    const char *p = t->text;
    while (*p) {
        size_t n = strcspn(p, "\n");
        fst_grow(&t->lines, &t->cap, t->pager.n_lines + 1, sizeof *t->lines);
        t->lines[t->pager.n_lines++] = (struct fst_str){p, n};
        p += n + (p[n] == '\n');
    }
}

/* Where one was in the one before stays. */
void text_set(struct view *v, char *text)
{
    struct text *t = v->state;
    if (t->text && strcmp(t->text, text) == 0) {
        free(text);
        return;
    }
    free(t->text);
    t->text = text;
    t->pager.n_lines = 0;
    split(t);
    if (t->pager.top >= t->pager.n_lines)
        t->pager.top = 0;
}

void wb_open_text(struct wb *wb, const char *title, char *text)
{
    text_set(wb_open(wb, "text", title), text);
}

void wb_text_copies(struct wb *wb, const char *what, char *exact)
{
    struct text *t = wb_top(wb)->state;
    t->exact = exact;
    t->what = fst_strdup(what);
}

static void copy(struct view *v)
{
    const struct text *t = v->state;
    const char *text = t->exact ? t->exact : t->text;
    const char *what = t->what ? t->what : v->target ? v->target : "the text";
    wb_copy(v->wb, what, text, strlen(text));
}

static void open(struct view *v)
{
    struct text *t = v->state;
    t->pager = (struct fst_pager){.line = line, .arg = t};
}

static void close(struct view *v)
{
    struct text *t = v->state;
    free(t->text);
    free(t->exact);
    free(t->what);
    free(t->lines);
}

static bool action(struct view *v, const char *name)
{
    if (strcmp(name, "text.copy") == 0) {
        copy(v);
        return true;
    }
    return wb_pager_action(v->wb, &((struct text *)v->state)->pager, name);
}

static void filter(struct view *v, const char *text)
{
    struct text *t = v->state;
    wb_pager_find(v->wb, &t->pager, text);
}

static void title(struct view *v, struct fst_buf *out)
{
    const struct text *t = v->state;
    fst_buf_printf(out, "%s  %zu/%zu", v->target ? v->target : "",
                   t->pager.n_lines ? t->pager.top + 1 : 0, t->pager.n_lines);
}

static void draw(struct view *v, struct fst_surface *s)
{
    fst_pager_draw(&((struct text *)v->state)->pager, s);
}

const struct view_ops view_text = {
    .name = "text",
    .is_handed = true,
    .help = "a text to read",
    .scopes = {"text", "pager", NULL},
    .state_size = sizeof(struct text),
    .open = open,
    .close = close,
    .action = action,
    .filter = filter,
    .title = title,
    .draw = draw,
};
