/* What the files of a target say of themselves: of each, and together. */
#include <stdlib.h>
#include <string.h>

#include "app.h"

/* ---- All files ------------------------------------------------------------------------------- */

struct facts {
    struct fst_table_info *out;
    bool (*cancelled)(void *);
    void *cancel_arg;
    size_t files_cap;
};

static struct fst_schema_line *copy_lines(struct fst_arena *a, const struct fst_file_info *info)
{
    struct fst_schema_line *lines = fst_arena_alloc(a, (info->n_lines + 1) * sizeof(*lines));
    for (size_t i = 0; i < info->n_lines; i++) {
        const struct fst_schema_line *from = &info->lines[i];
        lines[i] = (struct fst_schema_line){.name = fst_arena_strdup(a, from->name),
                                            .depth = from->depth,
                                            .repetition = from->repetition,
                                            .physical = fst_arena_strdup(a, from->physical),
                                            .logical = fst_arena_strdup(a, from->logical),
                                            .type = fst_arena_strdup(a, from->type)};
    }
    return lines;
}

static void take_first(struct fst_table_info *t, const struct fst_file_info *info)
{
    t->first_writer = fst_arena_strdup(t->arena, info->writer);
    t->first_version = fst_arena_strdup(t->arena, info->version);
    t->first_rows = info->rows;
    t->first_row_groups = info->row_groups;
    t->lines = copy_lines(t->arena, info);
    t->n_lines = info->n_lines;
    t->key_values = fst_arena_alloc(t->arena, (info->n_key_values + 1) * sizeof(*t->key_values));
    for (size_t i = 0; i < info->n_key_values; i++) {
        t->key_values[i].key = fst_arena_strdup(t->arena, info->key_values[i].key);
        t->key_values[i].value = fst_arena_strdup(t->arena, info->key_values[i].value);
        t->n_key_values++;
    }
}

static enum fst_status add_file(void *arg, const char *name, const struct fst_file_info *info,
                                struct fst_error *err)
{
    struct facts *f = arg;
    struct fst_table_info *t = f->out;
    if (f->cancelled && f->cancelled(f->cancel_arg))
        return fst_fail(err, FST_ECANCELLED, "%s: cancelled", name);
    if (!info) {
        fst_footers_add_bad(&t->all, name, err->text);
        return FST_OK;
    }
    if (t->all.files == 0)
        take_first(t, info);
    fst_footers_add(&t->all, info);
    if (t->n_files == FST_INFO_FILES)
        return FST_OK;
    fst_grow(&t->files, &f->files_cap, t->n_files + 1, sizeof(*t->files));
    t->files[t->n_files++] = (struct fst_file_facts){.name = fst_arena_strdup(t->arena, name),
                                                     .rows = info->rows,
                                                     .size = info->size,
                                                     .row_groups = info->row_groups};
    return FST_OK;
}

static enum fst_status read_all(struct facts *f, const struct fst_place *p, struct fst_error *err)
{
    if (!p->uri)
        return fst__nothing_there(p, err);
    f->out->label = fst_arena_strdup(f->out->arena, p->label);
    return fst_store_each_info(p->uri, p->format, add_file, f, &f->out->stat, err);
}

enum fst_status fst_app_info(struct fst_app *a, const char *target, bool (*cancelled)(void *),
                             void *cancel_arg, struct fst_table_info *out, struct fst_error *err)
{
    struct facts f = {.out = out, .cancelled = cancelled, .cancel_arg = cancel_arg};
    struct fst_place p;
    *out = (struct fst_table_info){0};
    FST_TRY(fst_app_find(a, target, &p, err));
    out->arena = fst_arena_new();
    enum fst_status status = read_all(&f, &p, err);
    fst_place_done(&p);
    if (status != FST_OK)
        fst_table_info_done(out);
    return status;
}

void fst_table_info_done(struct fst_table_info *t)
{
    fst_footers_done(&t->all);
    fst_arena_free(t->arena);
    free(t->files);
    *t = (struct fst_table_info){0};
}

/* ---- The first file's schema ----------------------------------------------------------------- */

static enum fst_status take_lines(void *arg, const char *name, const struct fst_file_info *info,
                                  struct fst_error *err)
{
    struct fst_schema_lines *out = arg;
    (void)name;
    (void)err;
    if (!info)
        return FST_OK;
    out->arena = fst_arena_new();
    out->lines = copy_lines(out->arena, info);
    out->n = info->n_lines;
    return FST_ECANCELLED; /* one is enough */
}

enum fst_status fst_app_schema_lines(struct fst_app *a, const char *target,
                                     struct fst_schema_lines *out, struct fst_error *err)
{
    struct fst_table_stat stat;
    struct fst_place p;
    *out = (struct fst_schema_lines){0};
    FST_TRY(fst_app_find(a, target, &p, err));
    enum fst_status status =
        p.uri ? fst_store_each_info(p.uri, p.format, take_lines, out, &stat, err) : FST_OK;
    fst_place_done(&p);
    return out->arena || status == FST_EUNSUPPORTED ? FST_OK : status;
}

void fst_schema_lines_done(struct fst_schema_lines *l)
{
    if (l->arena)
        fst_arena_free(l->arena);
    *l = (struct fst_schema_lines){0};
}
