/* Variants archived and brought back. What something stands on stays. */
#include <stdlib.h>
#include <string.h>

#include "view.h"

struct archiving {
    int64_t *ids;
    size_t n;
};

static void look_again(struct wb *wb)
{
    struct view *v = wb_top(wb);
    if (v->ops->changed)
        v->ops->changed(v);
}

static void remember(struct wb *wb, int64_t id)
{
    if (wb->n_archived == FST_COUNT(wb->archived))
        memmove(wb->archived, wb->archived + 1, --wb->n_archived * sizeof *wb->archived);
    wb->archived[wb->n_archived++] = id;
}

/* What stands on another of them goes first, whatever order they are in. */
static size_t archive_all(struct wb *wb, struct archiving *a, struct fst_error *err)
{
    size_t done = 0;
    for (bool goes_on = true; goes_on;) {
        goes_on = false;
        for (size_t i = 0; i < a->n; i++) {
            if (!a->ids[i] || fst_catalog_archive(wb->catalog, a->ids[i], err) != FST_OK)
                continue;
            remember(wb, a->ids[i]);
            a->ids[i] = 0;
            goes_on = true;
            done++;
        }
    }
    return done;
}

static void chosen(struct wb *wb, int choice, void *arg)
{
    struct archiving *a = arg;
    struct fst_error err = {0};
    if (choice == 1) {
        size_t done = archive_all(wb, a, &err);
        if (done < a->n)
            wb_say(wb, FST_ROLE_WARN, "%zu of %zu archived; %.600s", done, a->n, err.text);
        else
            wb_say(wb, FST_ROLE_INFO, "%zu archived; runs and outputs are kept; u brings %s back",
                   done, done == 1 ? "it" : "them one by one");
        look_again(wb);
    }
    free(a->ids);
    free(a);
}

/* What stands on it directly, one a line. */
static size_t readers(struct wb *wb, int64_t id, struct fst_buf *out)
{
    struct fst_neighbourhood n;
    size_t count = 0;
    if (fst_catalog_neighbourhood(wb->catalog, id, false, true, 1, true, &n, NULL) != FST_OK)
        return 0;
    for (size_t i = 0; i < n.nodes.n; i++) {
        const struct fst_item *it = &n.nodes.items[i];
        if (it->id == id)
            continue;
        count++;
        fst_buf_printf(out, "  %s %s%s%s\n", fst_kinds[it->kind].name, it->name,
                       *it->variant ? "." : "", it->variant);
    }
    fst_neighbourhood_done(&n);
    return count;
}

void wb_archive_many(struct wb *wb, const int64_t *ids, size_t n)
{
    static const char *const choices[] = {"Leave it", "Archive", NULL};
    static const char *const none[] = {"Go back", NULL};
    struct fst_buf text = FST_BUF_TEXT, below = FST_BUF_TEXT;
    for (size_t i = 0; i < n; i++) {
        struct fst_resource *r;
        if (fst_catalog_get(wb->catalog, ids[i], &r, NULL) != FST_OK)
            continue;
        fst_buf_printf(&text, "%s %s\n", fst_kinds[r->kind].name, fst_resource_label(r));
        fst_resource_free(r);
    }
    bool cannot = n == 1 && readers(wb, ids[0], &below) > 0;
    if (cannot)
        fst_buf_printf(&text, "\ncannot be archived: there stand on it\n%s", fst_buf_text(&below));
    else
        fst_buf_adds(&text, n == 1 ? "\nNothing stands on it. Runs and outputs are kept.\n"
                                   : "\nWhat other things stand on stays.\n");
    struct archiving *a = fst_alloc(sizeof *a);
    *a = (struct archiving){fst_alloc((n + 1) * sizeof *ids), n};
    memcpy(a->ids, ids, n * sizeof *ids);
    wb_dialog(wb, "Archive", fst_buf_take(&text), cannot ? none : choices, NULL, NULL, chosen, a);
    fst_buf_done(&below);
}

void wb_archive(struct wb *wb, int64_t id)
{
    wb_archive_many(wb, &id, 1);
}

void wb_act_archive(struct wb *wb, const struct fst_resource *r)
{
    wb_archive(wb, r->id);
}

void wb_restore(struct wb *wb)
{
    struct fst_error err;
    struct fst_resource *r;
    if (!wb->n_archived) {
        wb_say(wb, FST_ROLE_DIM,
               "nothing was archived here; firesteel delete --undo NAME.VARIANT "
               "brings older ones back");
        return;
    }
    int64_t id = wb->archived[--wb->n_archived];
    if (fst_app_restore(wb->app, id, &err) != FST_OK) {
        wb_say_error(wb, &err);
    } else if (fst_catalog_get(wb->catalog, id, &r, &err) == FST_OK) {
        wb_say(wb, FST_ROLE_INFO, "%s is back", fst_resource_label(r));
        fst_resource_free(r);
    }
    look_again(wb);
}
