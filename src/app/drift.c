/* Files of definitions and the catalog, side by side: what only one of them has, what differs, and
 * taking one side. A file is only ever changed in the lines of the definition that is written. */
#include <stdlib.h>
#include <string.h>

#include "app.h"

/* ---- What is compared ------------------------------------------------------------------------ */

struct look {
    struct fst_definitions d; /* of all files; each knows its file by `origin` */
    struct fst_plan plan;
    struct fst_items all; /* the catalog's default variants */
    struct fst_catalog *c;
    char **files; /* absolute */
    size_t n, cap;
};

static bool has_file(const struct look *l, const char *path)
{
    for (size_t i = 0; i < l->n; i++)
        if (path && strcmp(l->files[i], path) == 0)
            return true;
    return false;
}

static void add_file(struct look *l, const char *path)
{
    char *own = fst_path_expand(path), *whole = fst_path_absolute(own);
    free(own);
    if (has_file(l, whole)) {
        free(whole);
        return;
    }
    fst_grow(&l->files, &l->cap, l->n + 1, sizeof *l->files);
    l->files[l->n++] = whole;
}

static void look_done(struct look *l)
{
    fst_plan_done(&l->plan);
    fst_definitions_done(&l->d);
    fst_items_done(&l->all);
    for (size_t i = 0; i < l->n; i++)
        free(l->files[i]);
    free(l->files);
}

/* Without files named: those that anything was applied from, and that are still there. */
static enum fst_status files_of_catalog(struct look *l, struct fst_error *err)
{
    for (size_t i = 0; i < l->all.n; i++) {
        struct fst_resource *r;
        FST_TRY(fst_catalog_get(l->c, l->all.items[i].id, &r, err));
        if (r->origin && fst_path_exists(r->origin))
            add_file(l, r->origin);
        fst_resource_free(r);
    }
    return FST_OK;
}

static enum fst_status look(struct look *l, const char *const *paths, size_t n,
                            const char *const *sets, struct fst_error *err)
{
    struct fst_list_query q = {.kind = -1};
    FST_TRY(fst_catalog_list(l->c, &q, &l->all, err));
    for (size_t i = 0; i < n; i++)
        add_file(l, paths[i]);
    if (n == 0)
        FST_TRY(files_of_catalog(l, err));
    for (size_t i = 0; i < l->n; i++)
        FST_TRY(fst_define_read_file(&l->d, l->files[i], sets, err));
    return fst_define_plan(&l->d, l->c, fst_now_us(), &l->plan, err);
}

/* ---- What differs ---------------------------------------------------------------------------- */

static const struct fst_item *default_of(const struct look *l, const struct fst_resource *r)
{
    for (size_t i = 0; i < l->all.n; i++)
        if (l->all.items[i].kind == r->kind && strcmp(l->all.items[i].name, r->name) == 0)
            return &l->all.items[i];
    return NULL;
}

static struct fst_drift *add(struct fst_drifts *out, enum fst_drift_side side,
                             const struct fst_resource *r, const char *file, int64_t id)
{
    size_t cap = out->cap;
    fst_grow(&out->items, &cap, out->n + 1, sizeof *out->items);
    out->cap = cap;
    out->items[out->n] = (struct fst_drift){.side = side,
                                            .kind = r->kind,
                                            .label = fst_strdup(fst_resource_label(r)),
                                            .file = fst_strdup(file),
                                            .id = id};
    return &out->items[out->n++];
}

static char *diff_of(const struct fst_resource *a, const struct fst_resource *b)
{
    struct fst_buf x = FST_BUF_TEXT, y = FST_BUF_TEXT, diff = FST_BUF_TEXT;
    if (a)
        fst_define_export(&x, &a, 1);
    if (b)
        fst_define_export(&y, &b, 1);
    fst_diff_text(&diff, fst_buf_text(&x), fst_buf_text(&y));
    fst_buf_done(&x);
    fst_buf_done(&y);
    return fst_buf_take(&diff);
}

/* Was the variant of a row made up because none is written? Then the newest one is what it is. */
static bool is_unwritten(const struct look *l, const struct fst_plan_row *row,
                         const struct fst_item *there)
{
    if (row->change != FST_CHANGE_NEW || !there || !fst_kinds[row->resource->kind].has_variants)
        return false;
    struct fst_resource *r;
    char *text;
    size_t n;
    bool written = true;
    if (fst_catalog_find(l->c, row->resource->kind, row->resource->name, row->resource->variant, &r,
                         NULL) == FST_OK) {
        fst_resource_free(r);
        return false;
    }
    if (fst_file_read(row->resource->origin, 16 << 20, &text, &n, NULL) == FST_OK) {
        written = strstr(text, row->resource->variant) != NULL;
        free(text);
    }
    return !written;
}

/* Equal as definitions: the catalog may have more tags, properties, a description. White space of a
 * text is none of that. */
static enum fst_status add_equal(const struct look *l, const struct fst_plan_row *row,
                                 struct fst_drifts *out, struct fst_error *err)
{
    struct fst_resource *old, *r = fst_resource_copy(row->resource);
    enum fst_status status = fst_catalog_find(l->c, r->kind, r->name, r->variant, &old, err);
    if (status == FST_OK) {
        r->sql = old->sql;
        r->python = old->python;
        char *diff = diff_of(old, r);
        if (*diff) {
            struct fst_drift *d = add(out, FST_DRIFT_BOTH, old, row->resource->origin, old->id);
            d->diff = diff;
            d->has_more = true;
        } else {
            free(diff);
        }
        fst_resource_free(old);
    }
    fst_resource_free(r);
    return status;
}

static enum fst_status add_row(const struct look *l, const struct fst_plan_row *row,
                               struct fst_drifts *out, struct fst_error *err)
{
    const struct fst_resource *r = row->resource;
    const struct fst_item *there = default_of(l, r);
    struct fst_resource *old = NULL;
    if (row->change == FST_CHANGE_EQUAL || row->change == FST_CHANGE_REUSED)
        return add_equal(l, row, out, err);
    bool unwritten = is_unwritten(l, row, there);
    if (row->change == FST_CHANGE_NEW && !unwritten) {
        add(out, FST_DRIFT_FILE, r, r->origin, 0)->diff = diff_of(NULL, r);
        return FST_OK;
    }
    FST_TRY(unwritten ? fst_catalog_get(l->c, there->id, &old, err)
                      : fst_catalog_find(l->c, r->kind, r->name, r->variant, &old, err));
    struct fst_drift *d = add(out, FST_DRIFT_BOTH, old, r->origin, old->id);
    d->diff = diff_of(old, r);
    d->has_variant = !unwritten && fst_kinds[r->kind].has_variants;
    fst_resource_free(old);
    return FST_OK;
}

static bool is_told(const struct fst_drifts *out, int64_t id)
{
    for (size_t i = 0; i < out->n; i++)
        if (out->items[i].id == id)
            return true;
    return false;
}

static bool is_in_files(const struct look *l, const struct fst_resource *r)
{
    for (size_t i = 0; i < l->plan.n; i++) {
        const struct fst_resource *p = l->plan.rows[i].resource;
        if (p->kind == r->kind && strcmp(p->name, r->name) == 0 &&
            strcmp(p->variant, r->variant) == 0)
            return true;
    }
    return false;
}

/* Made on the screen, or gone from the file that it was applied from. */
static enum fst_status add_missing(const struct look *l, struct fst_drifts *out,
                                   struct fst_error *err)
{
    for (size_t i = 0; i < l->all.n; i++) {
        struct fst_resource *r;
        FST_TRY(fst_catalog_get(l->c, l->all.items[i].id, &r, err));
        bool ours = !r->origin || has_file(l, r->origin);
        if (ours && !is_in_files(l, r) && !is_told(out, r->id))
            add(out, FST_DRIFT_CATALOG, r, r->origin, r->id)->diff = diff_of(r, NULL);
        fst_resource_free(r);
    }
    return FST_OK;
}

enum fst_status fst_app_drift(struct fst_app *a, const char *const *paths, size_t n,
                              const char *const *sets, struct fst_drifts *out,
                              struct fst_error *err)
{
    struct look l = {0};
    *out = (struct fst_drifts){0};
    FST_TRY(fst_app_take(a, &l.c, err));
    enum fst_status status = look(&l, paths, n, sets, err);
    for (size_t i = 0; status == FST_OK && i < l.plan.n; i++)
        status = add_row(&l, &l.plan.rows[i], out, err);
    if (status == FST_OK)
        status = add_missing(&l, out, err);
    out->files = l.n;
    look_done(&l);
    fst_app_give(a, l.c);
    if (status != FST_OK)
        fst_drifts_done(out);
    return status;
}

void fst_drifts_done(struct fst_drifts *d)
{
    for (size_t i = 0; i < d->n; i++) {
        free(d->items[i].label);
        free(d->items[i].file);
        free(d->items[i].diff);
    }
    free(d->items);
    *d = (struct fst_drifts){0};
}

/* ---- The catalog's side into a file ---------------------------------------------------------- */

struct written {
    char *path, *before, *after;
};

static void written_done(struct written *w)
{
    free(w->path);
    free(w->before);
    free(w->after);
}

static void tell(const struct written *w, struct fst_buf *diff)
{
    if (!w->after || strcmp(w->before, w->after) == 0)
        return;
    fst_buf_printf(diff, "%s\n", w->path);
    fst_diff_text(diff, w->before, w->after);
}

static enum fst_status store(const struct written *w, struct fst_error *err)
{
    if (!w->after || strcmp(w->before, w->after) == 0)
        return FST_OK;
    return fst_file_write(w->path, w->after, strlen(w->after), 0644, err);
}

/* As the file has it; NULL when it has not. With references as they are after planning. */
static const struct fst_resource *in_file(const struct look *l, const struct fst_resource *r,
                                          const struct fst_item *there)
{
    for (size_t i = 0; i < l->plan.n; i++) {
        const struct fst_plan_row *row = &l->plan.rows[i];
        const struct fst_resource *p = row->resource;
        if (p->kind == r->kind && strcmp(p->name, r->name) == 0 &&
            (strcmp(p->variant, r->variant) == 0 || row->change == FST_CHANGE_REUSED ||
             is_unwritten(l, row, there)))
            return p;
    }
    return NULL;
}

/* The SQL or Python of a definition whose text is a file of its own. */
static enum fst_status text_file(const char *file, const char *was, const char *now,
                                 struct written *out, struct fst_error *err)
{
    size_t n;
    if (!file || !now || (was && strcmp(was, now) == 0))
        return FST_OK;
    out->path = fst_strdup(file);
    out->after = fst_asprintf("%s%s", now, *now && now[strlen(now) - 1] == '\n' ? "" : "\n");
    return fst_file_read(file, 16 << 20, &out->before, &n, err);
}

/* What was written reads back as the definition: else nothing is written. Its text may be another
 * file's, which is not written yet (`apart`). */
static enum fst_status check(const struct look *l, const struct written *w,
                             const struct fst_resource *r, bool apart, const char *const *sets,
                             struct fst_error *err)
{
    char *folder = fst_strndup(w->path, (size_t)(fst_path_base(w->path) - w->path));
    struct fst_definitions d = {0};
    struct fst_plan plan = {0};
    bool found = apart;
    enum fst_status status =
        fst_define_read(&d, w->path, folder, w->after, strlen(w->after), sets, err);
    if (status == FST_OK)
        status = fst_define_plan(&d, l->c, fst_now_us(), &plan, err);
    for (size_t i = 0; status == FST_OK && i < plan.n; i++) {
        const struct fst_resource *p = plan.rows[i].resource;
        found |=
            p->kind == r->kind && strcmp(p->name, r->name) == 0 &&
            strcmp(p->variant, r->variant) == 0 &&
            (plan.rows[i].change == FST_CHANGE_EQUAL || plan.rows[i].change == FST_CHANGE_REUSED);
    }
    if (status == FST_OK && !found)
        status = fst_fail(err, FST_EUNSUPPORTED, "%s: %s cannot be written into it: do it by hand",
                          w->path, fst_resource_label(r));
    fst_plan_done(&plan);
    fst_definitions_done(&d);
    free(folder);
    return status;
}

/* Paths below the folder of a file are written as that file says paths. */
static const char *as_written(const char *path, const char *file)
{
    size_t n = (size_t)(fst_path_base(file) - file);
    return path && n > 1 && strncmp(path, file, n) == 0 && path[n] ? path + n : path;
}

static struct fst_resource *for_file(const struct fst_resource *r, const char *file)
{
    struct fst_resource *copy = fst_resource_copy(r);
    copy->path = as_written(copy->path, file);
    copy->file = as_written(copy->file, file);
    copy->output = as_written(copy->output, file);
    return copy;
}

static enum fst_status to_file(struct look *l, const struct fst_resource *r, const char *path,
                               const char *const *sets, bool dry, struct fst_buf *diff,
                               struct fst_error *err)
{
    struct written yaml = {.path = fst_strdup(path)}, text = {0};
    struct fst_buf out = FST_BUF_TEXT;
    const struct fst_resource *was = NULL;
    enum fst_status status = FST_OK;
    size_t n;
    if (fst_path_exists(path)) {
        status = fst_file_read(path, 16 << 20, &yaml.before, &n, err);
        if (status == FST_OK)
            status = look(l, &path, 1, sets, err);
        if (status == FST_OK)
            was = in_file(l, r, default_of(l, r));
    } else {
        yaml.before = fst_strdup("");
    }
    struct fst_resource *put = was ? fst_resource_copy(r) : for_file(r, path);
    if (status == FST_OK)
        status = fst_define_edit(path, yaml.before, was, put, &out, err);
    fst_resource_free(put);
    yaml.after = fst_buf_take(&out);
    if (status == FST_OK)
        status = check(l, &yaml, r, was && (was->sql_file || was->python_file), sets, err);
    if (status == FST_OK && was && was->sql_file)
        status = text_file(was->sql_file, was->sql, r->sql, &text, err);
    if (status == FST_OK && was && was->python_file)
        status = text_file(was->python_file, was->python, r->python, &text, err);
    if (status == FST_OK) {
        tell(&yaml, diff);
        tell(&text, diff);
    }
    if (status == FST_OK && !dry)
        status = store(&text, err);
    if (status == FST_OK && !dry)
        status = store(&yaml, err);
    written_done(&yaml);
    written_done(&text);
    return status;
}

enum fst_status fst_app_write_back(struct fst_app *a, int64_t id, const char *path,
                                   const char *const *sets, bool dry, struct fst_buf *diff,
                                   struct fst_error *err)
{
    struct look l = {0};
    struct fst_resource *r = NULL;
    FST_TRY(fst_app_take(a, &l.c, err));
    enum fst_status status = fst_catalog_get(l.c, id, &r, err);
    if (status == FST_OK && !path && !r->origin)
        status = fst_fail(err, FST_EINVAL, "%s was made here: name a file to write it into",
                          fst_resource_label(r));
    if (status == FST_OK) {
        char *own = fst_path_expand(path ? path : r->origin), *whole = fst_path_absolute(own);
        status = to_file(&l, r, whole, sets, dry, diff, err);
        if (status == FST_OK && !dry && (!r->origin || !fst_path_exists(r->origin)))
            status = fst_catalog_set_origin(l.c, id, whole, err);
        free(whole);
        free(own);
    }
    fst_resource_free(r);
    look_done(&l);
    fst_app_give(a, l.c);
    return status;
}

/* ---- The file's side into the catalog -------------------------------------------------------- */

enum fst_status fst_app_take_file(struct fst_app *a, const char *path, enum fst_resource_kind kind,
                                  const char *name, const char *const *sets, struct fst_error *err)
{
    struct fst_definitions all = {0}, one = {0};
    struct fst_catalog *c;
    int64_t ids[64];
    FST_TRY(fst__writable(a, "applying", err));
    enum fst_status status = fst_define_read_file(&all, path, sets, err);
    for (size_t i = 0; status == FST_OK && i < all.n && one.n < FST_COUNT(ids); i++)
        if (all.resources[i]->kind == kind && strcmp(all.resources[i]->name, name) == 0)
            fst_definitions_add(&one, fst_resource_copy(all.resources[i]));
    if (status == FST_OK && one.n == 0)
        status = fst_fail(err, FST_ENOTFOUND, "%s: %s is not in it any more", path, name);
    if (status == FST_OK)
        status = fst_app_take(a, &c, err);
    if (status == FST_OK) {
        status = fst__apply(&one, c, ids, err);
        fst_app_give(a, c);
    }
    fst_definitions_done(&all);
    fst_definitions_done(&one);
    return status;
}
