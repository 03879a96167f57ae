/* Definitions from a file or made on a screen: what they would do, and doing it. Both go the way
 * that `apply` goes: read, planned, applied all or nothing. */
#include <stdlib.h>
#include <string.h>

#include "app.h"

#define NAME "the definition" /* in errors of a text that is no file's */

static enum fst_status read(const struct fst_draft *draft, struct fst_definitions *d,
                            struct fst_error *err)
{
    if (!draft->path)
        return fst_define_read(d, NAME, NULL, draft->text, strlen(draft->text), NULL, err);
    char *path = fst_path_expand(draft->path);
    enum fst_status status = fst_define_read_file(d, path, NULL, err);
    free(path);
    return status;
}

/* A definition that was made here was read from no file. */
static void forget_origin(struct fst_definitions *d)
{
    for (size_t i = 0; i < d->n; i++)
        d->resources[i]->origin = NULL;
}

static void add_rows(const struct fst_plan *plan, struct fst_planned *out)
{
    static const char *const words[] = {"new", "there already", "there already", "changes",
                                        "REFUSED: another definition under this variant"};
    struct fst_buf text = FST_BUF_TEXT, labels = FST_BUF_TEXT;
    for (size_t i = 0; i < plan->n; i++) {
        const struct fst_plan_row *row = &plan->rows[i];
        bool changes = row->change == FST_CHANGE_NEW || row->change == FST_CHANGE_UPDATED;
        if (changes)
            fst_buf_printf(&labels, "%s%s %s", labels.n ? ", " : "",
                           fst_kinds[row->resource->kind].name, fst_resource_label(row->resource));
        out->changes += changes;
        fst_buf_printf(&text, "%s %s: %s\n", fst_kinds[row->resource->kind].name,
                       fst_resource_label(row->resource), words[row->change]);
        if (row->diff)
            fst_buf_adds(&text, row->diff);
    }
    out->n = plan->n;
    out->forbidden = plan->forbidden;
    out->summary = fst_buf_take(&text);
    out->labels = fst_buf_take(&labels);
}

static void add_yaml(const struct fst_plan *plan, struct fst_planned *out)
{
    const struct fst_resource **all = fst_alloc((plan->n + 1) * sizeof *all);
    struct fst_buf text = FST_BUF_TEXT;
    size_t n = 0;
    for (size_t i = 0; i < plan->n; i++)
        if (plan->rows[i].change != FST_CHANGE_EQUAL)
            all[n++] = plan->rows[i].resource;
    fst_define_export(&text, all, n);
    out->yaml = fst_buf_take(&text);
    free(all);
}

static enum fst_status plan_or_apply(struct fst_app *a, const struct fst_draft *draft, bool apply,
                                     struct fst_planned *out, struct fst_error *err)
{
    struct fst_definitions d = {0};
    struct fst_catalog *c;
    struct fst_plan plan;
    *out = (struct fst_planned){0};
    if (apply)
        FST_TRY(fst__writable(a, "registering", err));
    enum fst_status status = read(draft, &d, err);
    if (!draft->path)
        forget_origin(&d);
    if (status == FST_OK)
        status = fst_app_take(a, &c, err);
    if (status == FST_OK) {
        status = fst_define_plan(&d, c, fst_now_us(), &plan, err);
        if (status == FST_OK) {
            add_rows(&plan, out);
            add_yaml(&plan, out);
            if (apply)
                status = fst_define_apply(&plan, c, err);
            fst_plan_done(&plan);
        }
        fst_app_give(a, c);
    }
    fst_definitions_done(&d);
    if (status != FST_OK)
        fst_planned_done(out);
    return status;
}

enum fst_status fst_app_plan(struct fst_app *a, const struct fst_draft *draft,
                             struct fst_planned *out, struct fst_error *err)
{
    return plan_or_apply(a, draft, false, out, err);
}

enum fst_status fst_app_apply(struct fst_app *a, const struct fst_draft *draft,
                              struct fst_planned *out, struct fst_error *err)
{
    FST_TRY(plan_or_apply(a, draft, true, out, err));
    fst_app_refresh_sources(a, NULL);
    return FST_OK;
}

void fst_planned_done(struct fst_planned *p)
{
    free(p->summary);
    free(p->labels);
    free(p->yaml);
    *p = (struct fst_planned){0};
}

/* ---- A provider before it is saved ----------------------------------------------------------- */

static enum fst_status ping(struct fst_app *a, struct fst_catalog *c, const struct fst_resource *r,
                            struct fst_buf *line, struct fst_error *err)
{
    const struct fst_engine *engine = fst_engine_named(r->engine);
    struct fst_bind_context cx = fst__bind_context(a, c);
    struct fst_session *session;
    FST_TRY(fst_bind_open(&cx, engine, r->options, &session, err));
    enum fst_status status = engine->ping(session, line, err);
    engine->close(session);
    return status;
}

enum fst_status fst_app_try_provider(struct fst_app *a, const char *text, struct fst_buf *line,
                                     struct fst_error *err)
{
    struct fst_definitions d = {0};
    struct fst_catalog *c;
    enum fst_status status = read(&(struct fst_draft){.text = text}, &d, err);
    if (status == FST_OK && (d.n != 1 || d.resources[0]->kind != FST_PROVIDER))
        status = fst_fail(err, FST_EINVAL, "only a provider can be tried");
    if (status == FST_OK)
        status = fst_app_take(a, &c, err);
    if (status == FST_OK) {
        status = ping(a, c, d.resources[0], line, err);
        fst_app_give(a, c);
    }
    fst_definitions_done(&d);
    return status;
}

/* ---- The demo, where there is a workspace already -------------------------------------------- */

enum fst_status fst_app_demo(struct fst_app *a, void (*say)(void *arg, const char *line), void *arg,
                             struct fst_error *err)
{
    FST_TRY(fst__writable(a, "making the demo", err));
    char *folder = fst_strdup(a->folder), *slash = strrchr(folder, '/');
    if (slash && slash > folder && strcmp(slash, "/.firesteel") == 0)
        *slash = '\0'; /* its data lie beside the workspace */
    enum fst_status status = fst__demo_fill(a, folder, say, arg, err);
    free(folder);
    return status;
}
