/* Acts on many: what is marked in a list is run, tagged, copied together. What makes no sense for
 * many (opening, editing) is done to the one under the cursor as ever. */
#include <stdlib.h>
#include <string.h>

#include "view.h"

struct many {
    const char *action; /* of the table below */
    int64_t *ids;
    size_t n;
};

int wb_compare_ids(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

static void each(struct wb *wb, const struct many *m)
{
    for (size_t i = 0; i < m->n; i++)
        wb_act(wb, m->action, m->ids[i]);
    wb_say(wb, FST_ROLE_INFO, "%s of %zu", m->action + strlen("act."), m->n);
}

static void chosen(struct wb *wb, int choice, void *arg)
{
    struct many *m = arg;
    if (choice == 1)
        each(wb, m);
    free(m->ids);
    free(m);
}

/* The names, one a line; long lists are cut and say so. */
static char *names_of(struct wb *wb, const int64_t *ids, size_t n, size_t most)
{
    struct fst_buf out = FST_BUF_TEXT;
    for (size_t i = 0; i < n && i < most; i++) {
        struct fst_resource *r;
        if (fst_catalog_get(wb->catalog, ids[i], &r, NULL) != FST_OK)
            continue;
        fst_buf_printf(&out, "%s\n", fst_resource_label(r));
        fst_resource_free(r);
    }
    if (n > most)
        fst_buf_printf(&out, "and %zu more\n", n - most);
    return fst_buf_take(&out);
}

static void run(struct wb *wb, const char *action, const int64_t *ids, size_t n)
{
    static const char *const choices[] = {"Leave it", "Run them", NULL};
    struct many *m = fst_alloc(sizeof *m);
    *m = (struct many){action, fst_alloc(n * sizeof *ids), n};
    memcpy(m->ids, ids, n * sizeof *ids);
    wb_dialog(wb, "Run all that are marked", names_of(wb, ids, n, 12), choices, NULL, NULL, chosen,
              m);
}

static void copy(struct wb *wb, const char *action, const int64_t *ids, size_t n)
{
    char *names = names_of(wb, ids, n, n), what[64];
    (void)action;
    snprintf(what, sizeof what, "%zu names", n);
    wb_copy(wb, what, names, strlen(names));
    free(names);
}

static void tags_given(struct wb *wb, const char *text)
{
    struct view *v = wb_top(wb);
    size_t n = 0, done = 0;
    const int64_t *ids = v->ops->marked ? v->ops->marked(v, &n) : NULL;
    for (size_t i = 0; i < n; i++)
        done += wb_tag(wb, ids[i], text);
    if (done == n)
        wb_say(wb, FST_ROLE_INFO, "tags of %zu changed", n);
    if (v->ops->changed)
        v->ops->changed(v);
}

static void tag(struct wb *wb, const char *action, const int64_t *ids, size_t n)
{
    char label[96];
    (void)action;
    (void)ids;
    snprintf(label, sizeof label, "tags of %zu to add, or -tag to take away: ", n);
    wb_prompt(wb, label, "", tags_given);
}

static void archive(struct wb *wb, const char *action, const int64_t *ids, size_t n)
{
    (void)action;
    wb_archive_many(wb, ids, n);
}

static const struct {
    const char *name;
    void (*act)(struct wb *wb, const char *action, const int64_t *ids, size_t n);
} acts[] = {{"act.run", run},
            {"act.run-upstream", run},
            {"act.copy", copy},
            {"act.tag", tag},
            {"act.archive", archive}};

bool wb_act_on_marked(struct wb *wb, const char *action)
{
    struct view *v = wb_top(wb);
    size_t n = 0;
    const int64_t *ids = v->ops->marked ? v->ops->marked(v, &n) : NULL;
    for (size_t i = 0; n && i < FST_COUNT(acts); i++)
        if (strcmp(acts[i].name, action) == 0) {
            acts[i].act(wb, acts[i].name, ids, n);
            return true;
        }
    return false;
}
