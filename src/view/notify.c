/* The end of a run, told to those who do not look: the bell, a notification of the terminal, a
 * command of one's own. The setting `notify` says which, `notify.after` how long a run takes that
 * is worth it. */
#include <stdlib.h>
#include <string.h>

#include "view.h"

enum { MOST_BYTES = 1 << 20 };

struct notify_task {
    struct task task;
    char **argv; /* NULL-ended; owned */
    struct fst_buf out;
    int exit_status;
};

static void work(struct task *t)
{
    struct notify_task *n = (struct notify_task *)t;
    t->status = fst_app_run_own(n->argv, MOST_BYTES, &n->out, &n->exit_status, &t->err);
}

static void done(struct task *t, struct view *v)
{
    const struct notify_task *n = (struct notify_task *)t;
    (void)v;
    if (t->status != FST_OK)
        wb_say(t->wb, FST_ROLE_WARN, "notify.command: %s", t->err.text);
    else if (n->exit_status)
        wb_say(t->wb, FST_ROLE_WARN, "notify.command: %s ended with %d", n->argv[0],
               n->exit_status);
}

static void release(struct task *t)
{
    struct notify_task *n = (struct notify_task *)t;
    for (size_t i = 0; n->argv[i]; i++)
        free(n->argv[i]);
    free(n->argv);
    fst_buf_done(&n->out);
}

/* What is no known word in braces stays as it is. */
static char *fill(const char *text, const struct run_end *e, const char *took)
{
    const struct {
        const char *word, *value;
    } all[] = {{"{name}", e->name}, {"{state}", e->state}, {"{took}", took}, {"{run}", e->run}};
    struct fst_buf out = FST_BUF_TEXT;
    while (*text) {
        size_t i = 0;
        while (i < FST_COUNT(all) && strncmp(text, all[i].word, strlen(all[i].word)) != 0)
            i++;
        if (i < FST_COUNT(all))
            fst_buf_adds(&out, all[i].value);
        else
            fst_buf_addc(&out, *text);
        text += i < FST_COUNT(all) ? strlen(all[i].word) : 1;
    }
    return fst_buf_take(&out);
}

static void start_command(struct wb *wb, const struct run_end *e)
{
    size_t n;
    const char *const *words = fst_app_notify_command(wb->app, &n);
    struct fst_buf took = FST_BUF(64);
    if (!n)
        return;
    struct notify_task *t = wb_task_new(wb, NULL, sizeof *t, work, done, release);
    t->argv = fst_alloc((n + 1) * sizeof *t->argv);
    t->out = FST_BUF(MOST_BYTES);
    fst_duration_text(&took, e->took_us);
    for (size_t i = 0; i < n; i++)
        t->argv[i] = fill(words[i], e, fst_buf_text(&took));
    fst_buf_done(&took);
    wb_task_start(&t->task, "notify.command");
}

void wb_notify(struct wb *wb, const struct run_end *e)
{
    const char *how = fst_app_setting(wb->app, "notify");
    if (e->took_us < fst_app_setting_int(wb->app, "notify.after") * 1000000)
        return;
    if (strcmp(how, "bell") == 0)
        fst_term_bell(wb->term);
    else if (strcmp(how, "osc9") == 0)
        fst_term_notify(wb->term, e->text);
    start_command(wb, e);
}
