/* Where one is, in words: a view, its target, filter and cursor. So a view that was closed comes
 * back (forward), and where one was when the workbench was left is found again. */
#include <stdlib.h>
#include <string.h>

#include "view.h"

#define MAX_BYTES (64 * 1024)

static void place_done(struct wb_place *p)
{
    free(p->view);
    free(p->target);
    free(p->filter);
    free(p->cursor);
    *p = (struct wb_place){0};
}

/* What was handed to a view is gone with it; of help there is always more. */
static bool place_of(struct view *v, struct wb_place *out)
{
    struct fst_buf cursor = FST_BUF(4096);
    if (v->ops->is_handed || v->ops == &view_help)
        return false;
    if (v->ops->place)
        v->ops->place(v, &cursor);
    *out = (struct wb_place){fst_strdup(v->ops->name), fst_strdup(v->target), fst_strdup(v->filter),
                             cursor.n ? fst_strdup(fst_buf_text(&cursor)) : NULL};
    fst_buf_done(&cursor);
    return true;
}

static void go_to(struct wb *wb, const struct wb_place *p)
{
    struct view *v = wb_open(wb, p->view, p->target);
    if (v && p->filter)
        wb_filter(v, p->filter);
    if (v && p->cursor && v->ops->go_to)
        v->ops->go_to(v, p->cursor);
}

/* ---- Forward --------------------------------------------------------------------------------- */

void places_forget(struct wb *wb)
{
    while (wb->n_ahead)
        place_done(&wb->ahead[--wb->n_ahead]);
}

void places_closing(struct view *v)
{
    struct wb *wb = v->wb;
    struct wb_place p;
    if (!place_of(v, &p))
        return;
    if (wb->n_ahead == WB_MAX_VIEWS) {
        place_done(&wb->ahead[0]);
        memmove(&wb->ahead[0], &wb->ahead[1], (WB_MAX_VIEWS - 1) * sizeof wb->ahead[0]);
        wb->n_ahead--;
    }
    wb->ahead[wb->n_ahead++] = p;
}

/* Opening another view forgets what lay ahead; this one is not another. */
void places_forward(struct wb *wb)
{
    if (wb->n_ahead == 0) {
        wb_say(wb, FST_ROLE_DIM, "nothing was closed that could come back");
        return;
    }
    struct wb_place p = wb->ahead[--wb->n_ahead], kept[WB_MAX_VIEWS];
    size_t n = wb->n_ahead;
    memcpy(kept, wb->ahead, n * sizeof kept[0]);
    wb->n_ahead = 0;
    go_to(wb, &p);
    memcpy(wb->ahead, kept, n * sizeof kept[0]);
    wb->n_ahead = n;
    place_done(&p);
}

/* ---- The next time --------------------------------------------------------------------------- */

static char *file_of(const struct wb *wb, bool make)
{
    char id[65];
    const char *folder = fst_app_folder(wb->app);
    fst_sha256_hex(folder, strlen(folder), id);
    char *places = fst_path_join(fst_app_state_dir(wb->app), "places");
    if (make)
        fst_mkdirs(places, 0700, NULL);
    char *path = fst_asprintf("%s/%.12s", places, id);
    free(places);
    return path;
}

static bool is_plain(const char *text)
{
    for (; text && *text; text++)
        if ((unsigned char)*text < 0x20)
            return false;
    return true;
}

/* A query that an engine is asked for is not asked again before anyone wants to know. */
static bool is_kept(const struct wb_place *p)
{
    const char *target = p->target ? p->target : "";
    return strncmp(target, "sql:", 4) != 0 && strncmp(target, "table:", 6) != 0 &&
           is_plain(p->target) && is_plain(p->filter) && is_plain(p->cursor);
}

static bool is_wanted(const struct wb *wb)
{
    return strcmp(fst_app_setting(wb->app, "restore"), "true") == 0;
}

void places_save(const struct wb *wb)
{
    struct fst_buf text = FST_BUF(MAX_BYTES);
    struct wb_place p;
    if (!is_wanted(wb))
        return;
    fst_buf_printf(&text, "panes\t%d\t\t\n", wb->upper);
    for (size_t i = 0; i < wb->n_views; i++) {
        if (!place_of(wb->stack[i], &p))
            continue;
        if (is_kept(&p))
            fst_buf_printf(&text, "%s\t%s\t%s\t%s\n", p.view, p.target ? p.target : "",
                           p.filter ? p.filter : "", p.cursor ? p.cursor : "");
        place_done(&p);
    }
    char *path = file_of(wb, true);
    fst_file_write(path, fst_buf_text(&text), text.n, 0600, NULL);
    free(path);
    fst_buf_done(&text);
}

static void restore_line(struct wb *wb, char *line)
{
    char *field[4] = {0};
    for (size_t i = 0; i < FST_COUNT(field) && line; i++)
        field[i] = strsep(&line, "\t");
    if (!field[3] || wb->n_views == WB_MAX_VIEWS)
        return;
    const struct wb_place p = {field[0], *field[1] ? field[1] : NULL, *field[2] ? field[2] : NULL,
                               *field[3] ? field[3] : NULL};
    int64_t upper;
    if (strcmp(p.view, "panes") == 0) {
        if (p.target && fst_parse_int64(p.target, strlen(p.target), &upper) && upper >= 10 &&
            upper <= 90)
            wb->upper = (int)upper;
    } else if (strcmp(p.view, "home") != 0)
        go_to(wb, &p);
    else if (p.cursor)
        wb->stack[0]->ops->go_to(wb->stack[0], p.cursor);
}

/* After home was opened. */
void places_restore(struct wb *wb)
{
    char *path = file_of(wb, false), *text, *line;
    size_t n;
    if (is_wanted(wb) && fst_file_read(path, MAX_BYTES, &text, &n, NULL) == FST_OK) {
        char *rest = text;
        while ((line = strsep(&rest, "\n")))
            restore_line(wb, line);
        free(text);
    }
    free(path);
}
