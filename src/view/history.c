/* The lines given at the `:` prompt, kept from one start to the next. */
#include <stdlib.h>
#include <string.h>

#include "view.h"

enum { MOST = 500, FILE_BYTES = 1 << 20 };

static char *path_of(const struct wb *wb)
{
    return fst_path_join(fst_app_state_dir(wb->app), "history");
}

static void add(struct wb *wb, char *line)
{
    fst_grow(&wb->history, &wb->history_cap, wb->n_history + 1, sizeof *wb->history);
    wb->history[wb->n_history++] = line;
}

static void drop_oldest(struct wb *wb)
{
    size_t extra = wb->n_history > MOST ? wb->n_history - MOST : 0;
    for (size_t i = 0; i < extra; i++)
        free(wb->history[i]);
    if (extra)
        memmove(wb->history, wb->history + extra, MOST * sizeof *wb->history);
    wb->n_history -= extra;
}

void history_load(struct wb *wb)
{
    char *path = path_of(wb), *text = NULL;
    size_t n;
    if (fst_file_read(path, FILE_BYTES, &text, &n, NULL) == FST_OK)
        for (char *p = text, *end; (end = strchr(p, '\n')); p = end + 1)
            if (end > p)
                add(wb, fst_strndup(p, (size_t)(end - p)));
    drop_oldest(wb);
    free(text);
    free(path);
}

/* ---- Keeping --------------------------------------------------------------------------------- */

struct keep_task {
    struct task task;
    char *path, *text;
};

static void keep_work(struct task *t)
{
    struct keep_task *k = (struct keep_task *)t;
    t->status = fst_mkdirs(fst_app_state_dir(t->wb->app), 0700, &t->err);
    if (t->status == FST_OK)
        t->status = fst_file_write(k->path, k->text, strlen(k->text), 0600, &t->err);
}

/* Nobody waits for it, and who types next need not hear of a full disk. */
static void keep_done(struct task *t, struct view *v)
{
    (void)t;
    (void)v;
}

static void keep_release(struct task *t)
{
    struct keep_task *k = (struct keep_task *)t;
    free(k->path);
    free(k->text);
}

void history_add(struct wb *wb, const char *line)
{
    if (!*line || (wb->n_history && strcmp(wb->history[wb->n_history - 1], line) == 0))
        return;
    add(wb, fst_strdup(line));
    drop_oldest(wb);
    struct fst_buf text = FST_BUF_TEXT;
    for (size_t i = 0; i < wb->n_history; i++)
        fst_buf_printf(&text, "%s\n", wb->history[i]);
    struct keep_task *k = wb_task_new(wb, NULL, sizeof *k, keep_work, keep_done, keep_release);
    k->path = path_of(wb);
    k->text = fst_buf_take(&text);
    k->task.stays = true;
    wb_task_start(&k->task, "keeping the history");
}
